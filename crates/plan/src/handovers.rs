//! Steps in which one account waits for another, or AWS for a person: shares and attachments
//! accepted, peerings accepted, zones associated, endpoints let in.

use std::collections::BTreeSet;

use blueprint::balancing::EndpointTarget;
use blueprint::ids::{HostedZoneId, ObjectId, VpcId};
use blueprint::network::Vpc;
use blueprint::step::{StepKind, What};
use blueprint::{Blueprint, Step};

use crate::steps::{Needs, Phase, Turn};

/// Every step of one account for another.
pub(crate) fn steps(blueprint: &Blueprint) -> Vec<Step> {
    let mut steps = transit_shares(blueprint);
    steps.extend(resource_shares(blueprint));
    steps.extend(attachments(blueprint));
    steps.extend(transit_peerings(blueprint));
    steps.extend(peerings(blueprint));
    steps.extend(endpoints(blueprint));
    steps.extend(peering_options(blueprint));
    steps.extend(associations(blueprint));
    steps
}

/// A share is accepted once by each account it is for.
fn transit_shares(blueprint: &Blueprint) -> Vec<Step> {
    let gateways = blueprint.transit_gateways.iter();
    let shares = gateways.flat_map(|(id, gateway)| {
        let accounts = gateway.shared_with.iter();
        accounts.map(move |account| {
            let turn = Turn {
                account,
                region: &gateway.region,
                phase: Phase::TransitShares,
                kind: StepKind::Handover,
                title: format!(
                    "accept the share of transit gateway `{id}`, unless the organisation shares by itself"
                ),
            };
            invited(turn, "transit gateway", id.into(), blueprint)
        })
    });
    shares.collect()
}

/// The step that accepts an invitation to the share of an object.
fn invited(turn: Turn<'_>, noun: &str, object: ObjectId, blueprint: &Blueprint) -> Step {
    let mut needs = Needs::of(blueprint);
    let line = format!(
        "aws ram accept-resource-share-invitation --region {} --resource-share-invitation-arn {}",
        turn.region,
        needs.unknown(What::Invitation, "invitation to the share", noun, object)
    );
    turn.step(vec![line], needs)
}

fn resource_shares(blueprint: &Blueprint) -> Vec<Step> {
    let configurations = blueprint.resource_configurations.values();
    let shares = configurations.flat_map(|configuration| {
        let accounts = configuration.allowed_accounts.iter();
        accounts.map(|account| (&configuration.gateway, account))
    });
    let shares: BTreeSet<_> = shares.collect();
    let steps = shares.into_iter().filter_map(|(id, account)| {
        let gateway = blueprint.resource_gateways.get(id)?;
        let vpc = blueprint.vpcs.get(&gateway.vpc)?;
        let turn = Turn {
            account,
            region: &vpc.region,
            phase: Phase::ResourceShares,
            kind: StepKind::Handover,
            title: format!(
                "accept the share of the resources behind `{id}`, unless the organisation shares by itself"
            ),
        };
        let is_foreign = vpc.account != *account;
        is_foreign.then(|| invited(turn, "resource gateway", id.into(), blueprint))
    });
    steps.collect()
}

/// A turn in which one side accepts what another asked for.
fn acceptance<'a>(account: &'a str, region: &'a str, title: String) -> Turn<'a> {
    Turn {
        account,
        region,
        phase: Phase::Joining,
        kind: StepKind::Handover,
        title,
    }
}

/// An attachment of another account waits for the gateway's owner.
fn attachments(blueprint: &Blueprint) -> Vec<Step> {
    let across = blueprint
        .transit_attachments
        .iter()
        .filter_map(|(id, attachment)| {
            let gateway = blueprint.transit_gateways.get(&attachment.gateway)?;
            let vpc = blueprint.vpcs.get(&attachment.vpc)?;
            (gateway.account != vpc.account).then_some((id, gateway))
        });
    let steps = across.map(|(id, gateway)| {
        let mut needs = Needs::of(blueprint);
        let line = format!(
            "aws ec2 accept-transit-gateway-vpc-attachment --region {} --transit-gateway-attachment-id {}",
            gateway.region,
            needs.id("attachment", id)
        );
        let title = format!("accept attachment `{id}` of another account");
        acceptance(&gateway.account, &gateway.region, title).step(vec![line], needs)
    });
    steps.collect()
}

/// A peering of two transit gateways waits for its other side, whoever owns it.
fn transit_peerings(blueprint: &Blueprint) -> Vec<Step> {
    let peerings = blueprint.transit_peerings.iter();
    let steps = peerings.filter_map(|(id, peering)| {
        let accepter = blueprint.transit_gateways.get(&peering.accepter)?;
        let mut needs = Needs::of(blueprint);
        let line = format!(
            "aws ec2 accept-transit-gateway-peering-attachment --region {} --transit-gateway-attachment-id {}",
            accepter.region,
            needs.id("transit gateway peering", id)
        );
        let title = format!("accept the peering of transit gateways `{id}`: no template does it");
        Some(acceptance(&accepter.account, &accepter.region, title).step(vec![line], needs))
    });
    steps.collect()
}

/// A peering across accounts or Regions waits for its other side.
fn peerings(blueprint: &Blueprint) -> Vec<Step> {
    let across = blueprint.peerings.iter().filter_map(|(id, peering)| {
        let requester = blueprint.vpcs.get(&peering.requester)?;
        let accepter = blueprint.vpcs.get(&peering.accepter)?;
        let title = if requester.account != accepter.account {
            format!("accept peering `{id}` of another account, unless a role has done so")
        } else if requester.region != accepter.region {
            format!("accept peering `{id}` in its other Region, unless it is active already")
        } else {
            return None;
        };
        Some((id, accepter, title))
    });
    let steps = across.map(|(id, accepter, title)| {
        let mut needs = Needs::of(blueprint);
        let line = format!(
            "aws ec2 accept-vpc-peering-connection --region {} --vpc-peering-connection-id {}",
            accepter.region,
            needs.id("peering", id)
        );
        let turn = Turn {
            account: &accepter.account,
            region: &accepter.region,
            phase: Phase::Joining,
            kind: StepKind::PeeringAcceptance(id.clone()),
            title,
        };
        turn.step(vec![line], needs)
    });
    steps.collect()
}

/// Each side has public names of the other's instances answered with their private addresses;
/// AWS takes the setting once a peering is active.
fn peering_options(blueprint: &Blueprint) -> Vec<Step> {
    let sides = blueprint.peerings.iter().flat_map(|(id, peering)| {
        [
            (id, &peering.requester, &peering.accepter, "requester"),
            (id, &peering.accepter, &peering.requester, "accepter"),
        ]
    });
    let steps = sides.filter_map(|(id, here, there, side)| {
        let vpc = blueprint.vpcs.get(here)?;
        let mut needs = Needs::of(blueprint);
        let line = format!(
            "aws ec2 modify-vpc-peering-connection-options --region {} --vpc-peering-connection-id {} --{side}-peering-connection-options AllowDnsResolutionFromRemoteVpc=true",
            vpc.region,
            needs.id("peering", id)
        );
        let turn = Turn {
            account: &vpc.account,
            region: &vpc.region,
            phase: Phase::Names,
            kind: StepKind::Handover,
            title: format!(
                "let `{there}` resolve instances' public names in `{here}` to private addresses"
            ),
        };
        Some(turn.step(vec![line], needs))
    });
    steps.collect()
}

/// The endpoints that a service's owner lets in one by one.
fn endpoints(blueprint: &Blueprint) -> Vec<Step> {
    let waiting = blueprint.endpoints.iter().filter_map(|(id, endpoint)| {
        let EndpointTarget::Service(name) = &endpoint.target else {
            return None;
        };
        let service = blueprint.services.get(name)?;
        let balancer = blueprint.balancers.get(&service.balancer)?;
        let vpc = blueprint.vpcs.get(&balancer.vpc)?;
        service.acceptance_required.then_some((id, name, vpc))
    });
    let steps = waiting.map(|(id, name, vpc)| {
        let mut needs = Needs::of(blueprint);
        let line = format!(
            "aws ec2 accept-vpc-endpoint-connections --region {} --service-id {} --vpc-endpoint-ids {}",
            vpc.region,
            needs.id("endpoint service", name),
            needs.id("endpoint", id)
        );
        let turn = Turn {
            account: &vpc.account,
            region: &vpc.region,
            phase: Phase::Endpoints,
            kind: StepKind::Handover,
            title: format!("accept endpoint `{id}`, which waits for the owner of `{name}`"),
        };
        turn.step(vec![line], needs)
    });
    steps.collect()
}

/// Each VPC that uses a zone of another account.
fn associations(blueprint: &Blueprint) -> Vec<Step> {
    let zones = blueprint.zones.iter().filter(|(_, zone)| !zone.managed);
    let uses = zones.flat_map(|(id, zone)| zone.vpcs.iter().map(move |vpc| (id, zone, vpc)));
    let across = uses.filter_map(|(id, zone, name)| {
        let vpc = blueprint.vpcs.get(name)?;
        let is_foreign = vpc.account != zone.account;
        is_foreign.then(|| association(id, &zone.account, name, vpc, blueprint))
    });
    // Each account does the same for all zones in one turn.
    let (mut steps, mut second, mut third) = (Vec::new(), Vec::new(), Vec::new());
    for [authorise, associate, withdraw] in across {
        steps.push(authorise);
        second.push(associate);
        third.push(withdraw);
    }
    steps.extend(second);
    steps.extend(third);
    steps
}

/// A zone is shared across accounts in three calls that no template has.
fn association(
    zone: &HostedZoneId,
    owner: &str,
    name: &VpcId,
    vpc: &Vpc,
    blueprint: &Blueprint,
) -> [Step; 3] {
    let step = |account: &str, title: String, verb: &str| {
        let mut needs = Needs::of(blueprint);
        let line = format!(
            "aws route53 {verb} --hosted-zone-id {} --vpc VPCRegion={},VPCId={}",
            needs.id("zone", zone),
            vpc.region,
            needs.id("VPC", name)
        );
        let turn = Turn {
            account,
            region: &vpc.region,
            phase: Phase::Names,
            kind: StepKind::Handover,
            title,
        };
        turn.step(vec![line], needs)
    };
    [
        step(
            owner,
            format!("authorise `{name}` to use zone `{zone}`"),
            "create-vpc-association-authorization",
        ),
        step(
            &vpc.account,
            format!("associate `{name}` with zone `{zone}`"),
            "associate-vpc-with-hosted-zone",
        ),
        step(
            owner,
            format!("withdraw the authorisation of `{name}`, which is used up"),
            "delete-vpc-association-authorization",
        ),
    ]
}
