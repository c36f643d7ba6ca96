//! The language of `vpcs`.

use super::forms::{
    ACCOUNT, ADDRESS, ANY_DOMAIN, CIDR, DOMAIN, HOSTED_ZONE_ID, IPV6_CIDR, REGION, SUBNET_ID,
    VPC_ID, ZONE, ZONES,
};
use super::{Bare, Form, Key, Need, Section};
use crate::read::{
    MAX_ACL_ENTRIES, MAX_CIDRS_PER_VPC, MAX_HOSTED_ZONES_PER_VPC, MAX_NETWORK_ACLS,
    MAX_RECORD_ADDRESSES, MAX_RECORDS_PER_ZONE, MAX_RESOLVER_RULES, MAX_ROUTES_PER_VPC,
    MAX_RULE_TARGETS, MAX_SERVICE_ENDPOINTS, MAX_SUBNETS_PER_VPC, MTU_BYTES,
};

const fn sections(section: &'static Form, max: usize) -> Form {
    Form::List {
        item: section,
        max,
        may_be_empty: true,
    }
}

/// A VPC.
pub const VPC: Section = Section {
    name: "vpc",
    path: "vpcs.NAME",
    doc: "A VPC.",
    keys: &[
        Key::new(
            "account",
            ACCOUNT,
            Need::Required,
            "\"111111111111\"",
            "The AWS account that owns it; quotes keep a leading zero.",
        ),
        Key::new(
            "region",
            REGION,
            Need::Default("the spec's `region`"),
            "us-east-1",
            "The AWS Region it lies in.",
        ),
        Key::new(
            "id",
            VPC_ID,
            Need::Default("the VPC is made"),
            "vpc-0abc",
            "The VPC exists under this id: the plan adds to it and never makes it again.",
        ),
        Key::new(
            "cidr",
            CIDR,
            Need::Unless("cidrs"),
            "10.0.0.0/16",
            "Its range, /16 to /28; ranges of different VPCs may overlap.",
        ),
        Key::new(
            "cidrs",
            Form::List {
                item: &CIDR,
                max: MAX_CIDRS_PER_VPC,
                may_be_empty: false,
            },
            Need::Unless("cidr"),
            "[10.0.0.0/16, 10.1.0.0/16]",
            "Its ranges, the primary one first.",
        ),
        Key::new(
            "ipv6_cidrs",
            sections(&IPV6_CIDR, MAX_CIDRS_PER_VPC),
            Need::Default("none"),
            "[\"2001:db8:0:aa00::/56\"]",
            "Its IPv6 ranges, /44 to /60 in steps of four; they count for overlaps only.",
        ),
        Key::new(
            "zones",
            Form::List {
                item: &ZONE,
                max: crate::read::MAX_ZONES_PER_VPC,
                may_be_empty: false,
            },
            Need::Unless("subnets"),
            "[euc1-az1, euc1-az2]",
            "Zone ids, not zone names; one subnet is laid out in each.",
        ),
        Key::new(
            "subnets",
            Form::List {
                item: &Form::Mapping(&SUBNET),
                max: MAX_SUBNETS_PER_VPC,
                may_be_empty: false,
            },
            Need::Unless("zones"),
            "[{ zone: euc1-az1, cidr: 10.0.0.0/24 }]",
            "Its subnets, where they are not to be laid out.",
        ),
        Key::new(
            "routes",
            sections(&Form::Mapping(&ROUTE), MAX_ROUTES_PER_VPC),
            Need::Default("what the connections need"),
            "[{ to: 10.1.0.0/16, via: shop }]",
            "All its routes beside the local ones.",
        ),
        Key::new(
            "transit_zones",
            ZONES,
            Need::Default("every zone of the VPC"),
            "[euc1-az1]",
            "Zones in which a transit gateway's attachment has a subnet.",
        ),
        Key::new(
            "network_acls",
            sections(&Form::Mapping(&NETWORK_ACL), MAX_NETWORK_ACLS),
            Need::Default("AWS's default one, which lets everything through"),
            "[{ ingress: […], egress: […] }]",
            "Network ACLs of its subnets.",
        ),
        Key::new(
            "hosted_zones",
            sections(&Form::Mapping(&HOSTED_ZONE), MAX_HOSTED_ZONES_PER_VPC),
            Need::Default("none"),
            "[{ name: corp.internal, records: { … } }]",
            "Private hosted zones on this VPC beside the plan's.",
        ),
        Key::new(
            "resolver_rules",
            sections(&Form::Mapping(&RESOLVER_RULE), MAX_RESOLVER_RULES),
            Need::Default("none"),
            "[{ domain: corp.internal, to: [10.9.0.2] }]",
            "Domains whose names are asked of other servers.",
        ),
        Key::new(
            "dns",
            Form::Flag,
            Need::Default("`true`"),
            "false",
            "Whether `enableDnsSupport` and `enableDnsHostnames` are both on.",
        ),
        Key::new(
            "mtu",
            Form::Number {
                min: *MTU_BYTES.start(),
                max: *MTU_BYTES.end(),
            },
            Need::Default("9001, AWS's jumbo frames"),
            "1500",
            "The largest packet its hosts send, in bytes.",
        ),
        Key::new(
            "nat",
            Form::Flag,
            Need::Default("`false`"),
            "true",
            "Whether its subnets reach the internet through a NAT gateway.",
        ),
        Key::new(
            "service_endpoints",
            sections(
                &Form::Text {
                    what: "an AWS service's name",
                    pattern: "^[a-z0-9][a-z0-9.-]*$",
                    bare: Bare::Text,
                },
                MAX_SERVICE_ENDPOINTS,
            ),
            Need::Default("none"),
            "[lambda, sts, secretsmanager]",
            "AWS services that have an interface endpoint in this VPC.",
        ),
    ],
};

/// A subnet.
pub const SUBNET: Section = Section {
    name: "subnet",
    path: "vpcs.NAME.subnets[]",
    doc: "A subnet.",
    keys: &[
        Key::new("zone", ZONE, Need::Required, "euc1-az1", "Its zone's id."),
        Key::new(
            "cidr",
            CIDR,
            Need::Required,
            "10.0.0.0/24",
            "Its range, a part of one of the VPC's.",
        ),
        Key::new(
            "id",
            SUBNET_ID,
            Need::Default("the subnet is made"),
            "subnet-0abc",
            "The subnet exists under this id.",
        ),
    ],
};

/// A route.
pub const ROUTE: Section = Section {
    name: "route",
    path: "vpcs.NAME.routes[]",
    doc: "A route of the VPC's tables.",
    keys: &[
        Key::new(
            "to",
            CIDR,
            Need::Required,
            "10.1.0.0/16",
            "Its destination.",
        ),
        Key::new(
            "via",
            Form::Text {
                what: "the name of a peered VPC or of a transit gateway, or a gateway's id",
                pattern: "^[a-z][a-z0-9-]*$",
                bare: Bare::Text,
            },
            Need::Required,
            "shop",
            "A peered VPC, a transit gateway, or a gateway's id such as `igw-0abc` or `nat-0abc`.",
        ),
        Key::new(
            "zones",
            ZONES,
            Need::Default("every zone of the VPC"),
            "[euc1-az1]",
            "Only the tables of these zones' subnets have it.",
        ),
    ],
};

/// A network ACL.
pub const NETWORK_ACL: Section = Section {
    name: "network_acl",
    path: "vpcs.NAME.network_acls[]",
    doc: "A network ACL: stateless, asked in both directions; the first entry that matches decides, and what none matches is dropped.",
    keys: &[
        Key::new(
            "zones",
            ZONES,
            Need::Default("every subnet of the VPC"),
            "[euc1-az1]",
            "Zones whose subnets it stands before.",
        ),
        Key::new(
            "ingress",
            sections(&Form::Mapping(&ACL_ENTRY), MAX_ACL_ENTRIES),
            Need::Required,
            "[{ allow: 10.0.0.0/8 }]",
            "Entries for packets into its subnets, in order; `[]` drops all.",
        ),
        Key::new(
            "egress",
            sections(&Form::Mapping(&ACL_ENTRY), MAX_ACL_ENTRIES),
            Need::Required,
            "[{ allow: 10.0.0.0/8, ports: 1024-65535 }]",
            "Entries for packets out of its subnets, in order; `[]` drops all.",
        ),
    ],
};

/// An entry of a network ACL.
pub const ACL_ENTRY: Section = Section {
    name: "acl_entry",
    path: "vpcs.NAME.network_acls[].ingress[] and .egress[]",
    doc: "An entry of a network ACL, for TCP.",
    keys: &[
        Key::new(
            "allow",
            CIDR,
            Need::Unless("deny"),
            "10.0.0.0/16",
            "The other side's range, which is let through.",
        ),
        Key::new(
            "deny",
            CIDR,
            Need::Unless("allow"),
            "10.0.9.0/24",
            "The other side's range, which is dropped.",
        ),
        Key::new(
            "ports",
            Form::Either(&[
                Form::Number { min: 1, max: 65535 },
                Form::Text {
                    what: "a range of ports",
                    pattern: "^[0-9]{1,5}-[0-9]{1,5}$",
                    bare: Bare::Text,
                },
            ]),
            Need::Default("every port"),
            "1024-65535",
            "The destination port, or the first and last of them.",
        ),
    ],
};

/// A private hosted zone.
pub const HOSTED_ZONE: Section = Section {
    name: "hosted_zone",
    path: "vpcs.NAME.hosted_zones[]",
    doc: "A private hosted zone on the VPC: it answers for every name of its domain, known or not.",
    keys: &[
        Key::new(
            "name",
            DOMAIN,
            Need::Required,
            "kafka.eu-central-1.amazonaws.com",
            "Its domain.",
        ),
        Key::new(
            "id",
            HOSTED_ZONE_ID,
            Need::Default("the zone is made"),
            "Z0ABC",
            "The zone exists under this id.",
        ),
        Key::new(
            "records",
            Form::Map {
                keys: &DOMAIN,
                values: &Form::Either(&[
                    ADDRESS,
                    Form::List {
                        item: &ADDRESS,
                        max: MAX_RECORD_ADDRESSES,
                        may_be_empty: false,
                    },
                ]),
                max: MAX_RECORDS_PER_ZONE,
                may_be_empty: true,
            },
            Need::Default("none"),
            "{ b-1.corp.internal: [10.0.0.11] }",
            "Full name to its addresses.",
        ),
    ],
};

/// A resolver rule.
pub const RESOLVER_RULE: Section = Section {
    name: "resolver_rule",
    path: "vpcs.NAME.resolver_rules[]",
    doc: "A rule of Route 53 Resolver that forwards a domain.",
    keys: &[
        Key::new(
            "domain",
            ANY_DOMAIN,
            Need::Required,
            "corp.internal",
            "The domain, which covers all below it.",
        ),
        Key::new(
            "to",
            Form::List {
                item: &ADDRESS,
                max: MAX_RULE_TARGETS,
                may_be_empty: false,
            },
            Need::Required,
            "[10.9.0.2]",
            "The servers that are asked.",
        ),
    ],
};
