//! What cannot be added up: ceilings, packet sizes, silences, hops, exposure.

use blueprint::Blueprint;
use blueprint::balancing::EndpointTarget;
use blueprint::facts::{FactId, Facts, id};

use super::{Ends, Variant};

/// A whole number that is a fact.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Measure {
    /// The number.
    pub value: u64,
    /// Whether the fact is unverified.
    pub unverified: bool,
}

/// Bandwidth, in Gbps.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Ceiling {
    /// Of one connection.
    pub flow: Option<Measure>,
    /// Of what enters in one zone; none if nothing but the instances limits it.
    pub zone: Option<Measure>,
    /// Of everything; none if nothing but the instances limits it.
    pub total: Option<Measure>,
}

/// How long a connection may be silent.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Idle {
    /// After how many seconds the way cuts a silent connection; none if it never does.
    pub limit: Option<Measure>,
    /// After how many milliseconds the client closes it itself (`connections.max.idle.ms`).
    pub client_ms: u64,
}

impl Idle {
    /// Whether connections are reset under a client that still counts on them.
    pub fn resets(&self) -> bool {
        self.limit
            .is_some_and(|limit| limit.value.saturating_mul(1000) <= self.client_ms)
    }
}

/// A fact about interface endpoints, for the endpoints of a blueprint: of resource endpoints
/// nobody says that they are alike.
fn of_endpoints(blueprint: &Blueprint, facts: &Facts, id: FactId, region: &str) -> Option<Measure> {
    let targets = blueprint
        .endpoints
        .values()
        .map(|endpoint| &endpoint.target);
    let guessed = targets.map(|target| matches!(target, EndpointTarget::Resource(_)));
    let guessed = guessed.max()?;
    measure(facts, id, region).map(|measure| Measure {
        unverified: measure.unverified || guessed,
        ..measure
    })
}

fn measure(facts: &Facts, id: FactId, region: &str) -> Option<Measure> {
    let found = facts.fact(id, region)?;
    Some(Measure {
        value: found.whole()?,
        unverified: found.is_unverified(),
    })
}

/// The ceilings of a blueprint's connection.
pub(super) fn ceiling(blueprint: &Blueprint, ends: &Ends<'_>, facts: &Facts) -> Ceiling {
    let flow = measure(facts, id::BANDWIDTH_FLOW, ends.region);
    let endpoint = of_endpoints(
        blueprint,
        facts,
        id::BANDWIDTH_ENDPOINT_PER_ZONE_MAX,
        ends.region,
    );
    if let Some(endpoint) = endpoint {
        let n_enis: usize = blueprint
            .endpoints
            .values()
            .map(|endpoint| endpoint.enis.len())
            .sum();
        return Ceiling {
            flow,
            zone: Some(endpoint),
            total: Some(Measure {
                value: endpoint.value.saturating_mul(n_enis as u64),
                ..endpoint
            }),
        };
    }
    let total = if blueprint.transit_attachments.is_empty() {
        None
    } else {
        measure(facts, id::BANDWIDTH_TRANSIT_GATEWAY_ATTACHMENT, ends.region)
    };
    Ceiling {
        flow,
        zone: None,
        total,
    }
}

/// The largest packet that passes everywhere, in bytes.
pub(super) fn mtu(blueprint: &Blueprint, ends: &Ends<'_>, facts: &Facts) -> Option<Measure> {
    let mut ids = vec![id::MTU_VPC];
    if !blueprint.transit_attachments.is_empty() {
        ids.push(id::MTU_TRANSIT_GATEWAY);
    }
    if !blueprint.peerings.is_empty() {
        ids.push(if ends.is_one_region() {
            id::MTU_PEERING
        } else {
            id::MTU_PEERING_OTHER_REGION
        });
    }
    let sizes = ids
        .into_iter()
        .filter_map(|id| measure(facts, id, ends.region));
    let endpoint = of_endpoints(blueprint, facts, id::MTU_ENDPOINT, ends.region);
    sizes.chain(endpoint).min_by_key(|size| size.value)
}

/// The shortest silence that is cut on the way, beside the most patient client.
pub(super) fn idle(blueprint: &Blueprint, ends: &Ends<'_>, facts: &Facts) -> Idle {
    let endpoint = of_endpoints(blueprint, facts, id::IDLE_TIMEOUTS_ENDPOINT, ends.region);
    let listeners = blueprint.balancers.values();
    let listeners = listeners.flat_map(|balancer| balancer.listeners.values());
    let listeners = listeners.map(|listener| Measure {
        value: u64::from(listener.idle_timeout_s),
        unverified: false,
    });
    let clients = blueprint.clients.values();
    let clients = clients.filter(|client| client.vpc == ends.from && client.cluster == ends.to);
    let default = measure(facts, id::IDLE_TIMEOUTS_KAFKA_CLIENT, ends.region);
    let default = default.map_or(0, |seconds| seconds.value.saturating_mul(1000));
    let patience = clients.filter_map(|client| {
        let said = client.settings.get("connections.max.idle.ms");
        said.map_or(Some(default), |text| text.trim().parse().ok())
    });
    Idle {
        limit: endpoint
            .into_iter()
            .chain(listeners)
            .min_by_key(|limit| limit.value),
        client_ms: patience.max().unwrap_or(default),
    }
}

/// What stands between client and broker, in the order it is passed.
pub(super) fn hops(blueprint: &Blueprint) -> Vec<&'static str> {
    let mut hops = Vec::new();
    hops.extend(
        blueprint
            .transit_gateways
            .keys()
            .map(|_| "transit gateway")
            .take(if blueprint.transit_attachments.is_empty() {
                0
            } else if blueprint.transit_peerings.is_empty() {
                1
            } else {
                2
            }),
    );
    let mut targets = blueprint
        .endpoints
        .values()
        .map(|endpoint| &endpoint.target);
    match targets.next() {
        None => {}
        Some(EndpointTarget::Service(_)) => hops.extend(["endpoint", "load balancer"]),
        Some(EndpointTarget::Resource(_)) => hops.extend(["resource endpoint", "resource gateway"]),
    }
    if !blueprint.gateways.is_empty() {
        hops.push("gateway");
    }
    hops
}

/// Who can dial whom.
pub(super) fn direction(variant: Variant) -> &'static str {
    if variant.is_routed() {
        "both ways"
    } else {
        "client to broker only"
    }
}

/// What the client's side sees of the provider's.
pub(super) fn exposure(variant: Variant) -> &'static str {
    match variant {
        Variant::SameVpc => "the VPC, as far as security groups allow",
        Variant::Peering | Variant::TransitGateway => {
            "both VPCs' ranges, as far as security groups allow"
        }
        Variant::Privatelink
        | Variant::PerBrokerSpread
        | Variant::PerBrokerAligned
        | Variant::MskMultiVpc
        | Variant::ResourceEndpoint => "the brokers' ports",
        Variant::GatewayPort | Variant::GatewaySni | Variant::GatewaySniPassthrough => {
            "the gateway's ports"
        }
    }
}

/// Whose address a broker sees.
pub(super) fn seen_as(variant: Variant) -> &'static str {
    match variant {
        Variant::SameVpc | Variant::Peering | Variant::TransitGateway => "the client's own",
        Variant::Privatelink
        | Variant::PerBrokerSpread
        | Variant::PerBrokerAligned
        | Variant::MskMultiVpc => "a balancer node's",
        Variant::ResourceEndpoint => "the resource gateway's",
        Variant::GatewayPort | Variant::GatewaySni | Variant::GatewaySniPassthrough => {
            "the gateway's"
        }
    }
}
