//! Forms that several sections share.

use super::{Bare, Form};
use crate::read::{MAX_ADMITTED, MAX_CERTIFICATE_NAMES, MAX_SETTINGS, MAX_ZONES_PER_VPC};

const fn text(what: &'static str, pattern: &'static str) -> Form {
    Form::Text {
        what,
        pattern,
        bare: Bare::Text,
    }
}

/// A name of a VPC, cluster, client, table or group.
pub(super) const NAME: Form = text("a name", "^[a-z][a-z0-9-]{0,30}$");

/// A Region.
pub(super) const REGION: Form = text(
    "an AWS Region",
    "^[a-z]{2}(-gov)?-(north|south|east|west|central|northeast|northwest|southeast|southwest)-[1-9]$",
);

/// An account id.
pub(super) const ACCOUNT: Form = Form::Text {
    what: "an account id, twelve digits",
    pattern: "^[0-9]{12}$",
    bare: Bare::Number,
};

/// A zone id.
pub(super) const ZONE: Form = text("a zone id", "^[a-z]{2,5}[0-9]-az[1-9][0-9]?$");

/// Zone ids.
pub(super) const ZONES: Form = Form::List {
    item: &ZONE,
    max: MAX_ZONES_PER_VPC,
    may_be_empty: true,
};

/// A range.
pub(super) const CIDR: Form = text("an IPv4 range", "^[0-9]{1,3}(\\.[0-9]{1,3}){3}/[0-9]{1,2}$");

/// An IPv6 range.
pub(super) const IPV6_CIDR: Form = text("an IPv6 range", "^[0-9a-fA-F:]+/[0-9]{1,3}$");

/// Ranges; none admit nobody.
pub(super) const CIDRS: Form = Form::List {
    item: &CIDR,
    max: MAX_ADMITTED,
    may_be_empty: true,
};

/// An address.
pub(super) const ADDRESS: Form = text("an IPv4 address", "^[0-9]{1,3}(\\.[0-9]{1,3}){3}$");

/// A zone to an address in it.
pub(super) const ADDRESS_BY_ZONE: Form = Form::Map {
    keys: &ZONE,
    values: &ADDRESS,
    max: MAX_ZONES_PER_VPC,
    may_be_empty: true,
};

/// A broker's id as a key.
pub(super) const BROKER_ID: Form = text("a broker's id", "^(0|[1-9][0-9]{0,4})$");

/// A domain of two labels and more.
pub(super) const DOMAIN: Form = text(
    "a domain",
    "^[A-Za-z0-9_]([A-Za-z0-9_-]*[A-Za-z0-9_])?(\\.[A-Za-z0-9_]([A-Za-z0-9_-]*[A-Za-z0-9_])?)+$",
);

/// A domain that may be a single label.
pub(super) const ANY_DOMAIN: Form = text(
    "a domain",
    "^[A-Za-z0-9_]([A-Za-z0-9_-]*[A-Za-z0-9_])?(\\.[A-Za-z0-9_]([A-Za-z0-9_-]*[A-Za-z0-9_])?)*$",
);

/// A host and its port.
pub(super) const HOST_PORT: Form = text("`host:port`", "^[A-Za-z0-9._-]+:[1-9][0-9]{0,4}$");

/// A host and port with the broker's id in them.
pub(super) const HOST_PORT_TEMPLATE: Form = text(
    "`host:port`, in which `{id}` and `{9000+id}` may stand",
    "^([A-Za-z0-9._-]|\\{([0-9]{1,5}\\+)?id\\})+:([1-9][0-9]{0,4}|\\{[1-9][0-9]{0,4}\\+id\\})$",
);

/// A listener's name.
pub(super) const LISTENER: Form = text("a listener's name", "^[A-Z0-9_-]+$");

/// A TCP port.
pub(super) const PORT: Form = Form::Number { min: 1, max: 65535 };

/// What a certificate is made out to.
pub(super) const CERTIFICATE_NAMES: Form = Form::List {
    item: &text(
        "a host name, in which `*.` may lead and `{id}` may stand",
        "^(\\*\\.)?([A-Za-z0-9._-]|\\{id\\})+$",
    ),
    max: MAX_CERTIFICATE_NAMES,
    may_be_empty: true,
};

/// Settings of Kafka.
pub(super) const SETTINGS: Form = Form::Map {
    keys: &text("a setting's name", "^[A-Za-z0-9._-]+$"),
    values: &Form::Text {
        what: "a single value",
        pattern: "^[^\\u0000-\\u001f\\u007f]*$",
        bare: Bare::Any,
    },
    max: MAX_SETTINGS,
    may_be_empty: true,
};

/// An id of something that exists in AWS.
macro_rules! existing {
    ($name:ident, $what:literal, $prefix:literal) => {
        #[doc = concat!("The id of ", $what, " that exists.")]
        pub(super) const $name: Form = text(
            concat!(
                "the id of ",
                $what,
                ", `",
                $prefix,
                "` and hexadecimal digits"
            ),
            concat!("^", $prefix, "[0-9a-f]{1,17}$"),
        );
    };
}

existing!(VPC_ID, "a VPC", "vpc-");
existing!(SUBNET_ID, "a subnet", "subnet-");
existing!(GROUP_ID, "a security group", "sg-");
existing!(TRANSIT_ID, "a transit gateway", "tgw-");

/// The id of a hosted zone that exists.
pub(super) const HOSTED_ZONE_ID: Form = text(
    "the id of a hosted zone, `Z` and capitals or digits",
    "^Z[0-9A-Z]{1,31}$",
);
