//! In how many turns a means is deployed: whose turn it is, what is done in it, and how often the
//! work passes from one account to another.

use blueprint::Blueprint;
use blueprint::balancing::EndpointTarget;

use super::{Ends, Listeners};

/// One account's turn.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Phase {
    /// The account, twelve digits.
    pub account: String,
    /// What is done, in order, lower-case fragments.
    pub work: Vec<&'static str>,
}

/// The turns of a deployment, in order.
pub(super) fn of(
    without: &Blueprint,
    with: &Blueprint,
    listeners: &Listeners,
    ends: &Ends<'_>,
) -> Vec<Phase> {
    let mut turns = Turns::default();
    let (owner, client) = (ends.owner, ends.client);
    front(&mut turns, with, owner);
    routed(&mut turns, with, ends);
    entrance(&mut turns, with, owner, client);
    let associated = with.zones.iter().any(|(id, zone)| {
        let was = without.zones.get(id);
        !zone.managed
            && zone.account == owner
            && owner != client
            && zone.vpcs.contains(&ends.from)
            && was.is_none_or(|was| !was.vpcs.contains(&ends.from))
    });
    if associated {
        turns.take(owner, "authorise the use of the brokers' zone");
        turns.take(client, "associate the zone");
    }
    if !listeners.moved.is_empty() {
        turns.take(
            owner,
            "set the brokers' listeners, which restarts them one by one",
        );
    } else if !listeners.added.is_empty() && with.balancers.values().all(|b| !b.managed) {
        turns.take(
            owner,
            "add a listener to the brokers, which restarts them one by one",
        );
    }
    turns.0
}

/// What the owner puts in front of the brokers.
fn front(turns: &mut Turns, with: &Blueprint, owner: &str) {
    if with.balancers.values().any(|balancer| balancer.managed) {
        turns.take(
            owner,
            "update the cluster: VPC connectivity for the scheme, 30 minutes or more",
        );
        turns.take(owner, "set the cluster's policy");
        return;
    }
    if !with.gateways.is_empty() {
        turns.take(owner, "start the gateways");
    }
    if !with.balancers.is_empty() {
        turns.take(owner, "balancers, target groups and endpoint services");
    }
    if !with.resource_gateways.is_empty() {
        turns.take(owner, "resource gateway and configurations, shared by RAM");
    }
}

/// What joins two VPCs by routes.
fn routed(turns: &mut Turns, with: &Blueprint, ends: &Ends<'_>) {
    let accounts = |vpc| with.vpcs.get(vpc).map(|vpc| vpc.account.as_str());
    for peering in with.peerings.values() {
        let sides = accounts(&peering.requester).zip(accounts(&peering.accepter));
        let Some((requester, accepter)) = sides else {
            continue;
        };
        turns.take(requester, "ask for the peering");
        if requester != accepter {
            turns.take(accepter, "accept the peering");
        }
        turns.take(accepter, "routes to the other side");
        turns.take(requester, "routes to the other side");
    }
    if with.transit_attachments.is_empty() {
        return;
    }
    for gateway in with.transit_gateways.values() {
        turns.take(&gateway.account, "transit gateway and its tables");
        if !gateway.shared_with.is_empty() {
            turns.take(&gateway.account, "share it by RAM");
        }
    }
    for peering in with.transit_peerings.values() {
        if let Some(gateway) = with.transit_gateways.get(&peering.accepter) {
            turns.take(
                &gateway.account,
                "accept the peering of the transit gateways",
            );
        }
    }
    turns.take(ends.owner, "attach the VPC and route to the gateway");
    turns.take(ends.client, "attach the VPC and route to the gateway");
}

/// What the client's side adds to enter.
fn entrance(turns: &mut Turns, with: &Blueprint, owner: &str, client: &str) {
    let mut targets = with.endpoints.values().map(|endpoint| &endpoint.target);
    match targets.next() {
        None => return,
        Some(EndpointTarget::Resource(_)) if owner != client => {
            turns.take(client, "accept the share");
        }
        Some(EndpointTarget::Resource(_) | EndpointTarget::Service(_)) => {}
    }
    turns.take(client, "endpoints and names");
    if with
        .services
        .values()
        .any(|service| service.acceptance_required)
    {
        turns.take(owner, "accept the endpoints");
    }
}

#[derive(Default)]
struct Turns(Vec<Phase>);

impl Turns {
    /// Work joins the turn of its account if that one is on, else a turn begins.
    fn take(&mut self, account: &str, work: &'static str) {
        match self.0.last_mut() {
            Some(turn) if turn.account == account => turn.work.push(work),
            Some(_) | None => self.0.push(Phase {
                account: account.to_owned(),
                work: vec![work],
            }),
        }
    }
}
