//! Parameters of a template: types, patterns and descriptions that tell people what is asked, and
//! descriptions of what a template tells others.

use blueprint::Blueprint;

use super::yaml::Yaml;
use crate::assigned;
use crate::names;
use crate::object::{Attribute, Object};
use crate::part::Place;
use crate::unit::{Source, Unit};
use crate::value::{Input, NOT_KNOWN_YET, Switch};

/// What kind of value a name stands for, by its end: the type that CloudFormation checks against
/// the account and Region of the stack, the pattern that anything of this kind fits, and a word
/// for people. An earlier line goes before a later one.
const KINDS: &[(&str, Option<&str>, &str, &str)] = &[
    (
        "-vpc-id",
        Some("AWS::EC2::VPC::Id"),
        "vpc-[0-9a-f]+",
        "ID of the VPC",
    ),
    (
        "-subnet-id",
        Some("AWS::EC2::Subnet::Id"),
        "subnet-[0-9a-f]+",
        "ID of the subnet",
    ),
    (
        "-route-table-id",
        None,
        "rtb-[0-9a-f]+",
        "ID of the route table",
    ),
    (
        "-network-acl-id",
        None,
        "acl-[0-9a-f]+",
        "ID of the network ACL",
    ),
    (
        "-target-group-id",
        None,
        "arn:.+",
        "ARN of the target group",
    ),
    (
        "-group-id",
        Some("AWS::EC2::SecurityGroup::Id"),
        "sg-[0-9a-f]+",
        "ID of the security group",
    ),
    (
        "-interface-id",
        None,
        "eni-[0-9a-f]+",
        "ID of the network interface",
    ),
    (
        "-transit-peering-id",
        None,
        "tgw-attach-[0-9a-f]+",
        "ID of the peering of transit gateways",
    ),
    (
        "-peering-id",
        None,
        "pcx-[0-9a-f]+",
        "ID of the VPC peering connection",
    ),
    (
        "-transit-gateway-id",
        None,
        "tgw-[0-9a-f]+",
        "ID of the transit gateway",
    ),
    (
        "-transit-table-id",
        None,
        "tgw-rtb-[0-9a-f]+",
        "ID of the transit gateway's route table",
    ),
    (
        "-attachment-id",
        None,
        "tgw-attach-[0-9a-f]+",
        "ID of the attachment to the transit gateway",
    ),
    ("-balancer-id", None, "arn:.+", "ARN of the balancer"),
    (
        "-balancer-dns-name",
        None,
        "[A-Za-z0-9.-]+",
        "DNS name of balancer",
    ),
    (
        "-balancer-dns-zone",
        None,
        "Z[0-9A-Z]+",
        "hosted zone of the DNS name of balancer",
    ),
    (
        "-service-name",
        None,
        "(cn\\.)?com\\.amazonaws\\.vpce\\..+",
        "name of the endpoint service",
    ),
    (
        "-service-id",
        None,
        "vpce-svc-[0-9a-f]+",
        "ID of the endpoint service",
    ),
    (
        "-resource-gateway-id",
        None,
        "rgw-[0-9a-f]+",
        "ID of the resource gateway",
    ),
    ("-endpoint-id", None, "vpce-[0-9a-f]+", "ID of the endpoint"),
    (
        "-endpoint-dns-name",
        None,
        "[A-Za-z0-9.-]+",
        "DNS name of endpoint",
    ),
    (
        "-endpoint-dns-zone",
        None,
        "Z[0-9A-Z]+",
        "hosted zone of the DNS name of endpoint",
    ),
    (
        "-zone-id",
        Some("AWS::Route53::HostedZone::Id"),
        "Z[0-9A-Z]+",
        "ID of the private hosted zone",
    ),
    (
        "-resolver-rule-id",
        None,
        "rslvr-rr-[0-9a-z]+",
        "ID of the resolver rule",
    ),
    (
        "-resource-arn",
        None,
        "arn:.+",
        "ARN of the resource configuration",
    ),
    ("-cluster-arn", None, "arn:.+", "ARN of the cluster"),
    ("-secret-arn", None, "arn:.+", "ARN of the secret of client"),
    (
        "-transit-share-arn",
        None,
        "arn:.+",
        "ARN of the share of transit gateway",
    ),
    (
        "-resource-share-arn",
        None,
        "arn:.+",
        "ARN of the share of the resources behind",
    ),
];

/// What a resolver or a name's domain is made of.
const NAME: &str = "[A-Za-z0-9.-]+";

/// An IPv4 address, or a word where it is not known yet.
const ADDRESS: &str = "[0-9a-z.-]+";

/// A parameter's declaration in a unit's template.
pub(super) fn declaration(blueprint: &Blueprint, name: &str, source: &Source, unit: &Unit) -> Yaml {
    let place = &unit.place;
    match source {
        Source::Output { unit: of_unit, .. } => {
            let found = KINDS.iter().find(|(end, ..)| name.ends_with(end));
            let Some((end, checked, pattern, word)) = found else {
                return parameter("String", None, format!("`{name}` (output of {of_unit})"));
            };
            let of = name.strip_suffix(end).unwrap_or(name);
            let what = format!("{word} `{of}` (output of {of_unit})");
            // CloudFormation looks for what a type names in the stack's own account and Region.
            match checked.filter(|_| is_near(of_unit, place)) {
                Some(checked) => parameter(checked, None, what),
                None => parameter("String", Some(pattern), what),
            }
        }
        Source::Outside(input) => match (outside(blueprint, input), unit.says_itself(source)) {
            (Yaml::Map(mut entries), true) => {
                entries.push(("Default".to_owned(), Yaml::Text(NOT_KNOWN_YET.to_owned())));
                Yaml::Map(entries)
            }
            (declared, _) => declared,
        },
        Source::Switch(switch) => switched(switch),
    }
}

/// What an output is, for people.
pub(super) fn description(name: &str, object: &Object, attribute: Attribute) -> String {
    let found = KINDS.iter().find(|(end, ..)| name.ends_with(end));
    match found {
        Some((end, _, _, word)) => {
            let of = name.strip_suffix(end).unwrap_or(name);
            format!("{word} `{of}`")
        }
        None => {
            let what = match attribute {
                Attribute::Id => "ID",
                Attribute::Arn => "ARN",
                Attribute::DnsName => "DNS name",
                Attribute::DnsZone => "hosted zone of the DNS name",
                Attribute::ServiceName => "name",
                Attribute::Revision => "newest revision",
            };
            format!(
                "{what} of the {} `{name}`",
                names::kind(object).replace('-', " ")
            )
        }
    }
}

/// Whether a unit belongs to the account and Region of a place.
fn is_near(unit: &str, place: &Place) -> bool {
    unit.starts_with(&format!("{}/{}/", place.account, place.region))
}

fn outside(blueprint: &Blueprint, input: &Input) -> Yaml {
    match input {
        Input::BrokerAddress { cluster, broker } => parameter(
            "String",
            Some(ADDRESS),
            format!("private address of broker {broker} of `{cluster}` (aws kafka list-nodes)"),
        ),
        Input::Suffix { cluster } => parameter(
            "String",
            Some(NAME),
            format!(
                "domain of the brokers of `{cluster}` (what follows `b-1.` in its bootstrap string)"
            ),
        ),
        Input::RouteTableOf { subnet } => parameter(
            "String",
            Some("rtb-[0-9a-f]+"),
            format!("ID of the route table of {subnet}"),
        ),
        Input::Certificate { of, names } => {
            let names = assigned::told_all(blueprint, names);
            let what = format!(
                "ARN of the certificate in AWS Certificate Manager that `{of}` presents, for {names}"
            );
            parameter("String", Some("arn:.+"), what)
        }
        Input::Given { what, .. } => parameter("String", None, what.clone()),
    }
}

fn switched(switch: &Switch) -> Yaml {
    let what = match switch {
        Switch::Advertised { cluster } => format!(
            "whether the brokers of `{cluster}` advertise what the network leads to (true once it leads there)"
        ),
        Switch::VpcConnectivity { cluster } => format!(
            "whether VPC connectivity of `{cluster}` is on (true once the cluster is there)"
        ),
    };
    let flag = |flag: &str| Yaml::Text(flag.to_owned());
    Yaml::Map(vec![
        ("Type".to_owned(), Yaml::Text("String".to_owned())),
        ("Description".to_owned(), Yaml::Text(sentence(&what))),
        (
            "AllowedValues".to_owned(),
            Yaml::Row(vec![flag("false"), flag("true")]),
        ),
        ("Default".to_owned(), flag("false")),
    ])
}

fn parameter(kind: &str, pattern: Option<&str>, what: String) -> Yaml {
    let text = |text: &str| Yaml::Text(text.to_owned());
    let mut entries = vec![
        ("Type".to_owned(), text(kind)),
        ("Description".to_owned(), Yaml::Text(sentence(&what))),
    ];
    if let Some(pattern) = pattern {
        entries.push(("AllowedPattern".to_owned(), text(pattern)));
    }
    Yaml::Map(entries)
}

/// A description as a template's reader expects it: with a capital letter and no marks.
pub(super) fn sentence(text: &str) -> String {
    let mut letters = text.chars().filter(|letter| *letter != '`');
    let first = letters.next().map(|first| first.to_ascii_uppercase());
    first.into_iter().chain(letters).collect()
}
