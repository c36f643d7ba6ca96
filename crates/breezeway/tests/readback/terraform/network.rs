//! VPCs' objects: what Terraform says otherwise than CloudFormation.

use std::collections::BTreeMap;

use super::arguments::{Arguments, Properties};
use crate::graph::Prop;
use crate::wiring::Unit;

/// Protocols that `aws_network_acl_rule` takes by name, by the number that CloudFormation wants.
const PROTOCOLS: [(&str, i64); 4] = [("tcp", 6), ("udp", 17), ("icmp", 1), ("all", -1)];

/// Terraform removes the rule by which AWS lets a new group send everything (`aws_security_group`);
/// in a template a group without a rule of its own keeps that rule, so it is given one that lets
/// nothing pass.
pub(super) fn group(_: &mut Arguments, to: &mut Properties, _: &Unit) -> Result<(), String> {
    let nothing = BTreeMap::from([
        ("CidrIp".to_owned(), Prop::Text("127.0.0.1/32".to_owned())),
        ("IpProtocol".to_owned(), Prop::Text("-1".to_owned())),
    ]);
    let rules = Prop::List(vec![Prop::Map(nothing)]);
    to.insert("SecurityGroupEgress".to_owned(), rules);
    Ok(())
}

pub(super) fn ingress(
    arguments: &mut Arguments,
    to: &mut Properties,
    _: &Unit,
) -> Result<(), String> {
    other_side(arguments, to, "Source")
}

pub(super) fn egress(
    arguments: &mut Arguments,
    to: &mut Properties,
    _: &Unit,
) -> Result<(), String> {
    other_side(arguments, to, "Destination")
}

/// A group as the other side; one of another account stands behind that account's number.
fn other_side(arguments: &mut Arguments, to: &mut Properties, side: &str) -> Result<(), String> {
    let Some(group) = arguments.take("referenced_security_group_id") else {
        return Ok(());
    };
    let (owner, group) = match &group {
        Prop::Text(text) => match text.split_once('/') {
            Some((owner, id)) => (Some(owner.to_owned()), Prop::Text(id.to_owned())),
            None => (None, group),
        },
        Prop::Joined(parts) => match &parts[..] {
            [Prop::Text(owner), id] if owner.ends_with('/') => {
                (Some(owner.trim_end_matches('/').to_owned()), id.clone())
            }
            _ => return Err(format!("{group:?} is no group")),
        },
        Prop::Ref(..) => (None, group),
        Prop::Number(_) | Prop::Flag(_) | Prop::List(_) | Prop::Map(_) => {
            return Err(format!("{group:?} is no group"));
        }
    };
    if let Some(owner) = owner {
        to.insert(format!("{side}SecurityGroupOwnerId"), Prop::Text(owner));
    }
    to.insert(format!("{side}SecurityGroupId"), group);
    Ok(())
}

pub(super) fn entry(
    arguments: &mut Arguments,
    to: &mut Properties,
    _: &Unit,
) -> Result<(), String> {
    to.insert(
        "Egress".to_owned(),
        Prop::Flag(arguments.flag("egress", false)?),
    );
    let said = arguments.need("protocol")?;
    let by_name = |name: &str| PROTOCOLS.iter().find(|(known, _)| *known == name);
    let number = match said.text().and_then(by_name) {
        Some((_, number)) => *number,
        None => said
            .number()
            .ok_or_else(|| format!("the protocol {said:?}"))?,
    };
    to.insert("Protocol".to_owned(), Prop::Number(number));
    let mut range = Properties::new();
    arguments.rename(&[("from_port", "From"), ("to_port", "To")], &mut range);
    // Of any protocol all ports are meant, and Terraform wants ports nevertheless.
    if !range.is_empty() && number != -1 {
        to.insert("PortRange".to_owned(), Prop::Map(range));
    }
    Ok(())
}

pub(super) fn interface(
    arguments: &mut Arguments,
    to: &mut Properties,
    _: &Unit,
) -> Result<(), String> {
    match arguments.take("private_ips") {
        None => Ok(()),
        Some(Prop::List(mut items)) if items.len() == 1 => {
            to.extend(
                items
                    .pop()
                    .map(|item| ("PrivateIpAddress".to_owned(), item)),
            );
            Ok(())
        }
        Some(other) => Err(format!("the addresses {other:?}")),
    }
}

/// Options of an attachment, a mapping in CloudFormation.
pub(super) fn attachment(
    arguments: &mut Arguments,
    to: &mut Properties,
    _: &Unit,
) -> Result<(), String> {
    let mut options = Properties::new();
    arguments.rename(
        &[
            ("appliance_mode_support", "ApplianceModeSupport"),
            ("dns_support", "DnsSupport"),
            ("ipv6_support", "Ipv6Support"),
            (
                "security_group_referencing_support",
                "SecurityGroupReferencingSupport",
            ),
        ],
        &mut options,
    );
    if !options.is_empty() {
        to.insert("Options".to_owned(), Prop::Map(options));
    }
    Ok(())
}

/// Terraform shares with nobody outside of an organization unless it is told to, CloudFormation
/// unless it is told not to (`allow_external_principals`, `AllowExternalPrincipals`).
pub(super) fn share(
    arguments: &mut Arguments,
    to: &mut Properties,
    _: &Unit,
) -> Result<(), String> {
    let others = arguments.flag("allow_external_principals", false)?;
    to.insert("AllowExternalPrincipals".to_owned(), Prop::Flag(others));
    Ok(())
}

/// The account of the other transit gateway, which is the provider's own unless it is said
/// (provider's page of `aws_ec2_transit_gateway_peering_attachment`).
pub(super) fn transit_peering(
    _: &mut Arguments,
    to: &mut Properties,
    unit: &Unit,
) -> Result<(), String> {
    let own = || Prop::Text(unit.account.clone());
    to.entry("PeerAccountId".to_owned()).or_insert_with(own);
    Ok(())
}
