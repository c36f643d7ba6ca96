//! What is paid by the hour, and by whom.

use blueprint::Blueprint;
use blueprint::balancing::EndpointTarget;
use blueprint::facts::{Decimal, FactId, Facts, id};
use blueprint::ids::VpcId;

use super::Ends;
use super::money::Figure;

/// What is paid for each month, whatever the traffic.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Fixed {
    /// By the cluster's owner.
    pub owner: Figure,
    /// By the client's account.
    pub client: Figure,
}

impl Fixed {
    /// Both together.
    pub fn sum(self) -> Figure {
        self.owner.plus(self.client)
    }
}

/// Adds up what a blueprint's objects cost by the hour, over a month.
pub(super) fn of(blueprint: &Blueprint, ends: &Ends<'_>, facts: &Facts) -> Fixed {
    let mut bill = Bill {
        blueprint,
        ends,
        facts,
        fixed: Fixed::default(),
    };
    for balancer in blueprint.balancers.values() {
        let id = if balancer.managed {
            id::PRICES_MSK_MULTI_VPC_SCHEME_HOUR
        } else {
            id::PRICES_NLB_HOUR
        };
        bill.in_vpc(id, &balancer.vpc, 1);
    }
    for service in blueprint.services.values() {
        let n_remote = service.supported_regions.len();
        if let Some(balancer) = blueprint.balancers.get(&service.balancer) {
            bill.in_vpc(
                id::PRICES_ENDPOINT_SERVICE_REMOTE_REGION_HOUR,
                &balancer.vpc,
                n_remote,
            );
        }
    }
    for endpoint in blueprint.endpoints.values() {
        match endpoint.target {
            EndpointTarget::Service(_) => {
                bill.in_vpc(
                    id::PRICES_ENDPOINT_ZONE_HOUR,
                    &endpoint.vpc,
                    endpoint.enis.len(),
                );
            }
            EndpointTarget::Resource(_) => {
                bill.in_vpc(id::PRICES_RESOURCE_ENDPOINT_HOUR, &endpoint.vpc, 1);
            }
        }
    }
    for peering in blueprint.peerings.values() {
        bill.in_vpc(id::PRICES_PEERING_HOUR, &peering.requester, 1);
    }
    for attachment in blueprint.transit_attachments.values() {
        bill.in_vpc(
            id::PRICES_TRANSIT_GATEWAY_ATTACHMENT_HOUR,
            &attachment.vpc,
            1,
        );
    }
    for peering in blueprint.transit_peerings.values() {
        bill.sides_of(peering);
    }
    for _ in blueprint
        .gateways
        .values()
        .flat_map(|gateway| &gateway.instances)
    {
        bill.fixed.owner = bill.fixed.owner.plus(Figure::UNKNOWN);
    }
    bill.fixed
}

struct Bill<'a> {
    blueprint: &'a Blueprint,
    ends: &'a Ends<'a>,
    facts: &'a Facts,
    fixed: Fixed,
}

impl Bill<'_> {
    fn in_vpc(&mut self, id: FactId, vpc: &VpcId, n: usize) {
        let Some(known) = self.blueprint.vpcs.get(vpc) else {
            return;
        };
        let (by_client, region) = (self.ends.is_clients(vpc, &known.account), &known.region);
        self.add(id, region, n, by_client);
    }

    /// Each side of a peering of transit gateways is an attachment of its gateway's owner.
    fn sides_of(&mut self, peering: &blueprint::transit::TransitPeering) {
        for side in [&peering.requester, &peering.accepter] {
            let Some(gateway) = self.blueprint.transit_gateways.get(side) else {
                continue;
            };
            let by_client = gateway.account != self.ends.owner;
            self.add(
                id::PRICES_TRANSIT_GATEWAY_ATTACHMENT_HOUR,
                &gateway.region,
                1,
                by_client,
            );
        }
    }

    fn add(&mut self, id: FactId, region: &str, n: usize, by_client: bool) {
        let hours = self.facts.fact(id::PRICES_HOURS_PER_MONTH, region);
        let Some(hours) = hours.and_then(|found| found.number()) else {
            return;
        };
        let amount = hours.times(Decimal::from_whole(n as u64));
        let cost = Figure::of(self.facts, id, region, amount);
        let side = if by_client {
            &mut self.fixed.client
        } else {
            &mut self.fixed.owner
        };
        *side = side.plus(cost);
    }
}
