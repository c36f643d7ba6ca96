//! The oldest release of the provider that a module needs.

use crate::part::Resource;
use crate::value::Value;

/// A release of the provider `hashicorp/aws`.
type Release = (u32, u32, u32);

/// Rules of security groups as resources of their own, which every module may have (changelog,
/// 4.56.0).
const FLOOR: Release = (4, 56, 0);

/// The release that first had a resource, or an argument of one: the provider's changelog of that
/// release, unless something else is named.
const SINCE: &[(&str, Option<&str>, Release)] = &[
    ("aws_msk_vpc_connection", None, (5, 12, 0)),
    // Pull request 31062, which brought VPC connections as well.
    ("aws_msk_cluster", Some("vpc_connectivity"), (5, 12, 0)),
    ("aws_msk_cluster_policy", None, (5, 13, 0)),
    (
        "aws_lb",
        Some("enforce_security_group_inbound_rules_on_private_link_traffic"),
        (5, 30, 0),
    ),
    // Issue 1163 of the module terraform-aws-modules/vpc/aws.
    ("aws_vpc_endpoint", Some("subnet_configuration"), (5, 54, 0)),
    (
        "aws_lb_listener",
        Some("tcp_idle_timeout_seconds"),
        (5, 73, 0),
    ),
    // Issue 40522 of the provider.
    (
        "aws_vpc_endpoint_service",
        Some("supported_regions"),
        (5, 80, 0),
    ),
    // Pull request 1161 of the module terraform-aws-modules/vpc/aws.
    ("aws_vpc_endpoint", Some("service_region"), (5, 83, 0)),
    (
        "aws_vpclattice_resource_configuration",
        Some("custom_domain_name"),
        (6, 22, 0),
    ),
    // A resource of release 5; nothing is behind a gateway without a custom domain name.
    ("aws_vpclattice_resource_gateway", None, (6, 22, 0)),
    (
        "aws_vpc_endpoint",
        Some("private_dns_preference"),
        (6, 28, 0),
    ),
];

/// The oldest release with everything that resources say.
pub(super) fn needed<'r>(resources: impl Iterator<Item = &'r Resource>) -> String {
    let needed = resources.flat_map(|resource| {
        let since = SINCE.iter();
        let since = since.filter(|(kind, argument, _)| {
            *kind == resource.kind && argument.is_none_or(|argument| says(resource, argument))
        });
        since.map(|(.., release)| *release)
    });
    let (major, minor, patch) = needed.fold(FLOOR, Release::max);
    format!("{major}.{minor}.{patch}")
}

/// Whether a resource says an argument, in a nested block or not.
fn says(resource: &Resource, argument: &str) -> bool {
    let mut found = false;
    for (key, value) in &resource.properties {
        found |= key == argument;
        value.walk(&mut |value| {
            if let Value::Block(entries) = value {
                found |= entries.iter().any(|(key, _)| key == argument);
            }
        });
    }
    found
}
