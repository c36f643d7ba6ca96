//! Findings about transit gateways: packets they do not take, or do not hand on. They are part of
//! `missing-route`, whose other half judges the route tables of VPCs.

use blueprint::diagnostic::Diagnostic;
use blueprint::ids::{TransitAttachmentId, TransitGatewayId};
use blueprint::key::SpecKey;
use blueprint::verdict::Direction;

use crate::evidence::{Blocked, Evidence, Finding, by_cause, value};
use crate::journey::{Astray, End, NoRoute, NoTransit, Router};
use crate::network::{TransitEntry, TransitOrigin};
use crate::words;

/// What one would edit, and the finding's words: two attempts with the same ones have one cause.
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord)]
struct Cause {
    key: SpecKey,
    title: String,
    label: String,
    help: String,
    direction: Direction,
}

/// One finding for each thing about a transit gateway that stops attempts.
pub(crate) fn findings(evidence: &Evidence<'_, '_>) -> Vec<Finding> {
    let lost = evidence.blocked().filter_map(|blocked| {
        let cause = cause(evidence, astray(&blocked)?)?;
        Some((cause, blocked))
    });
    let causes = by_cause(lost);
    causes
        .iter()
        .map(|(cause, blocked)| finding(evidence, cause, blocked))
        .collect()
}

fn astray<'n, 'a>(blocked: &Blocked<'n, 'a>) -> Option<&'n Astray<'a>> {
    if let End::NoRoute(astray) = &blocked.journey.end {
        Some(astray)
    } else {
        None
    }
}

fn finding(evidence: &Evidence<'_, '_>, cause: &Cause, blocked: &[Blocked<'_, '_>]) -> Finding {
    let mut diagnostic = Diagnostic::error(
        "missing-route",
        cause.title.clone(),
        value(cause.key.clone()),
    )
    .label(cause.label.clone())
    .help(cause.help.clone());
    if cause.direction == Direction::Return {
        diagnostic = diagnostic.note("the connection gets there; it is the answer that is lost");
    }
    evidence.finding(diagnostic, blocked)
}

fn cause(evidence: &Evidence<'_, '_>, astray: &Astray<'_>) -> Option<Cause> {
    let NoRoute::Transit(why) = &astray.why else {
        return unattached(evidence, astray);
    };
    let said = match why {
        NoTransit::NotAttached(gateway) => not_attached(evidence, astray, gateway),
        NoTransit::NoAttachmentInZone(attachment) => no_zone(evidence, astray, attachment),
        NoTransit::Unassociated(attachment) => {
            let gateway = gateway_of(evidence, attachment);
            (
                tables(evidence, gateway),
                format!("no table of the transit gateway routes what comes from `{attachment}`"),
                "the attachment is associated with none".to_owned(),
                "add its VPC to `associate` of one table, or leave `tables` out".to_owned(),
            )
        }
        NoTransit::PeeringUnassociated(peering) => {
            let gateway = at_gateway(astray);
            (
                tables(evidence, gateway),
                format!("no table routes what comes over peering `{peering}`"),
                "the peering is associated with none".to_owned(),
                "add the other transit gateway to `associate` of one table".to_owned(),
            )
        }
        NoTransit::NoEntry(table) => {
            let to = place_of(evidence, astray);
            (
                tables(evidence, at_gateway(astray)),
                format!("transit table `{table}` has no route to {to}"),
                "neither propagated nor static".to_owned(),
                format!(
                    "add the VPC that holds {} to `propagate` of `{table}`, or a static route where it is behind a peering",
                    astray.to
                ),
            )
        }
        NoTransit::Blackhole { table, entry } => {
            dropped(evidence, astray, table.as_str(), entry, "drops on purpose")
        }
        NoTransit::NotOfGateway { table, entry } => dropped(
            evidence,
            astray,
            table.as_str(),
            entry,
            "sends to what is not its gateway's",
        ),
    };
    let (key, title, label, help) = said;
    Some(Cause {
        key,
        title,
        label,
        help,
        direction: astray.direction,
    })
}

type Said = (SpecKey, String, String, String);

/// A VPC without any route to the gateway that both ends are attached to.
fn unattached(evidence: &Evidence<'_, '_>, astray: &Astray<'_>) -> Option<Cause> {
    let (NoRoute::NoEntry, Router::Vpc(vpc)) = (&astray.why, astray.at) else {
        return None;
    };
    let mut attachments = evidence.blueprint().transit_attachments.values();
    let attachment = attachments.find(|attachment| attachment.vpc == *vpc)?;
    let key = evidence.origin(vpc).key("routes");
    Some(Cause {
        title: format!("`{vpc}` has no route to {}", place_of(evidence, astray)),
        label: "its routes were said, and none covers that".to_owned(),
        help: format!(
            "add `{{ to: {}/32, via: {} }}` or a wider range",
            astray.to, attachment.gateway
        ),
        key,
        direction: astray.direction,
    })
}

fn not_attached(
    evidence: &Evidence<'_, '_>,
    astray: &Astray<'_>,
    gateway: &TransitGatewayId,
) -> Said {
    let vpc = astray.from.vpc();
    (
        evidence.origin(vpc).key("routes"),
        format!("`{vpc}` routes to `{gateway}` without an attachment to it"),
        "no attachment of this VPC".to_owned(),
        format!("connect `{vpc}` by `via: transit-gateway`, or remove the route"),
    )
}

fn no_zone(
    evidence: &Evidence<'_, '_>,
    astray: &Astray<'_>,
    attachment: &TransitAttachmentId,
) -> Said {
    let (vpc, zone) = (astray.from.vpc(), astray.from.zone());
    let settled = evidence.blueprint().transit_attachments.get(attachment);
    let zones = settled.map_or_else(Vec::new, |settled| settled.subnets.keys().collect());
    (
        evidence.origin(vpc).key("transit_zones"),
        format!("`{vpc}` cannot reach the transit gateway from {zone}"),
        format!("the attachment has subnets in {}", words::list(zones)),
        format!("add {zone} to `transit_zones` of `{vpc}`, or leave it out"),
    )
}

fn dropped(
    evidence: &Evidence<'_, '_>,
    astray: &Astray<'_>,
    table: &str,
    entry: &TransitEntry<'_>,
    verb: &str,
) -> Said {
    let how = match entry.origin {
        TransitOrigin::Static(_) => "a static route",
        TransitOrigin::Propagated(_) => "a propagated route",
    };
    (
        tables(evidence, at_gateway(astray)),
        format!(
            "transit table `{table}` {verb}: {}",
            place_of(evidence, astray)
        ),
        format!("{how} for {}", entry.range),
        "remove that route, or say where it leads".to_owned(),
    )
}

fn gateway_of<'a>(
    evidence: &Evidence<'_, 'a>,
    attachment: &TransitAttachmentId,
) -> Option<&'a TransitGatewayId> {
    let settled = evidence.blueprint().transit_attachments.get(attachment);
    settled.map(|attachment| &attachment.gateway)
}

fn at_gateway<'a>(astray: &Astray<'a>) -> Option<&'a TransitGatewayId> {
    match astray.at {
        Router::TransitGateway(gateway) => Some(gateway),
        Router::Vpc(_) => None,
    }
}

/// Where the tables of a gateway are said.
fn tables(evidence: &Evidence<'_, '_>, gateway: Option<&TransitGatewayId>) -> SpecKey {
    gateway.map_or_else(SpecKey::root, |gateway| {
        evidence.origin(gateway).key("tables")
    })
}

/// The address with the VPC that holds it, where it is known.
fn place_of(evidence: &Evidence<'_, '_>, astray: &Astray<'_>) -> String {
    let vpcs = evidence.blueprint().vpcs.keys();
    let mut holders = vpcs.filter(|vpc| evidence.network.holder(vpc, astray.to).is_some());
    match holders.next() {
        Some(vpc) => format!("{} of `{vpc}`", astray.to),
        None => astray.to.to_string(),
    }
}
