//! Hosted zones, records, resolver rules.

use super::arguments::{Arguments, Properties};
use crate::graph::Prop;
use crate::wiring::Unit;

const VPC: &[(&str, &str)] = &[("vpc_id", "VPCId"), ("vpc_region", "VPCRegion")];

/// The Region of a VPC is the provider's if nothing is said; CloudFormation wants it said.
fn vpc(arguments: &mut Arguments, unit: &Unit) -> Prop {
    let mut properties = Properties::new();
    arguments.rename(VPC, &mut properties);
    properties
        .entry("VPCRegion".to_owned())
        .or_insert_with(|| Prop::Text(unit.region.clone()));
    Prop::Map(properties)
}

pub(super) fn zone(
    arguments: &mut Arguments,
    to: &mut Properties,
    unit: &Unit,
) -> Result<(), String> {
    let mut vpcs = Vec::new();
    for mut block in arguments.blocks("vpc")? {
        vpcs.push(vpc(&mut block, unit));
        block.end(&[])?;
    }
    if !vpcs.is_empty() {
        to.insert("VPCs".to_owned(), Prop::List(vpcs));
    }
    Ok(())
}

/// One of a zone's `VPCs`.
pub(super) fn association(
    arguments: &mut Arguments,
    to: &mut Properties,
    unit: &Unit,
) -> Result<(), String> {
    to.insert("item".to_owned(), vpc(arguments, unit));
    Ok(())
}

pub(super) fn record(
    arguments: &mut Arguments,
    to: &mut Properties,
    _: &Unit,
) -> Result<(), String> {
    let alias = arguments.renamed_block(
        "alias",
        &[
            ("evaluate_target_health", "EvaluateTargetHealth"),
            ("name", "DNSName"),
            ("zone_id", "HostedZoneId"),
        ],
    )?;
    to.extend(alias.map(|alias| ("AliasTarget".to_owned(), alias)));
    Ok(())
}

pub(super) fn rule(arguments: &mut Arguments, to: &mut Properties, _: &Unit) -> Result<(), String> {
    let mut targets = Vec::new();
    for mut block in arguments.blocks("target_ip")? {
        let mut target = Properties::new();
        block.rename(
            &[("ip", "Ip"), ("port", "Port"), ("protocol", "Protocol")],
            &mut target,
        );
        block.end(&[])?;
        targets.push(Prop::Map(target));
    }
    if !targets.is_empty() {
        to.insert("TargetIps".to_owned(), Prop::List(targets));
    }
    Ok(())
}
