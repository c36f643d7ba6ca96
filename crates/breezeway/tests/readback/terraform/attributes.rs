//! Attributes of Terraform's resources, as the AWS provider's pages list them, by the names that
//! CloudFormation has for the same.

use super::kinds;
use crate::vocabulary;

/// Attributes that are named otherwise, or that are not CloudFormation's.
const OTHERS: &[(&str, &str, &str)] = &[
    ("aws_ec2_transit_gateway", "arn", "TransitGatewayArn"),
    ("aws_kms_key", "arn", "Arn"),
    ("aws_kms_key", "key_id", "Ref"),
    ("aws_lb", "dns_name", "DNSName"),
    ("aws_lb", "zone_id", "CanonicalHostedZoneID"),
    ("aws_msk_cluster", "current_version", "CurrentVersion"),
    (
        "aws_msk_configuration",
        "latest_revision",
        "LatestRevision.Revision",
    ),
    ("aws_route53_zone", "zone_id", "Ref"),
    ("aws_vpc", "default_network_acl_id", "DefaultNetworkAcl"),
    (
        "aws_vpc",
        "default_security_group_id",
        "DefaultSecurityGroup",
    ),
    ("aws_vpc_endpoint_service", "service_name", "ServiceName"),
    ("aws_vpclattice_resource_configuration", "id", "Id"),
    ("aws_vpclattice_resource_gateway", "id", "Id"),
];

/// Types whose `id` is their ARN, which is what CloudFormation's `Ref` is.
const BY_ARN: &[&str] = &[
    "aws_lb",
    "aws_lb_listener",
    "aws_lb_target_group",
    "aws_msk_cluster",
    "aws_msk_configuration",
    "aws_msk_serverless_cluster",
    "aws_msk_vpc_connection",
    "aws_ram_resource_share",
    "aws_secretsmanager_secret",
    "aws_vpclattice_resource_configuration",
    "aws_vpclattice_resource_gateway",
];

/// CloudFormation's name of an attribute; none if it has none that a reader knows.
pub(super) fn known(kind: &str, attribute: &str) -> Option<String> {
    let other = OTHERS
        .iter()
        .find(|(of, name, _)| *of == kind && *name == attribute);
    if let Some((.., name)) = other {
        return Some((*name).to_owned());
    }
    if kind == "aws_vpc_endpoint"
        && let Some(entry) = attribute.strip_prefix("dns_entry.")
    {
        return dns_entry(entry);
    }
    match attribute {
        "arn" if BY_ARN.contains(&kind) => Some("Ref".to_owned()),
        "id" => Some("Ref".to_owned()),
        "arn" => {
            let found = vocabulary::attribute(kinds::cloudformation(kind)?, "Arn")?;
            Some(found.to_owned())
        }
        _ => None,
    }
}

/// An entry of an endpoint's DNS names: the first is the regional one.
fn dns_entry(entry: &str) -> Option<String> {
    let (number, attribute) = entry.split_once('.')?;
    let attribute = match attribute {
        "dns_name" => "Name",
        "hosted_zone_id" => "ZoneId",
        _ => return None,
    };
    Some(format!("DnsEntries.{number}.{attribute}"))
}
