//! Endpoints as settled, whatever pattern they belong to: what they lead to and the zones in
//! which they have an interface.

use blueprint::balancing::EndpointTarget;
use blueprint::ids::{EndpointId, ZoneId};

use crate::addresses::Band;
use crate::draft::Draft;
use crate::intent::{Link, Means};
use crate::layout::Plots;
use crate::settled::{self, Choices};
use crate::{front, naming, sets};

/// An endpoint.
pub(crate) struct Entrance {
    pub(crate) id: EndpointId,
    pub(crate) target: EndpointTarget,
    pub(crate) dns_name: String,
    /// Zones in which it has an interface, in order.
    pub(crate) zones: Vec<ZoneId>,
    pub(crate) band: Band,
    /// The broker it leads to, if it is one broker's.
    pub(crate) broker: Option<u32>,
}

/// The endpoints of a connection.
pub(crate) fn settle(
    link: &Link<'_>,
    choices: &Choices,
    plots: &Plots,
    draft: &mut Draft,
) -> Vec<Entrance> {
    let patterns = &choices.patterns;
    match link.means {
        Means::Peering | Means::TransitGateway => Vec::new(),
        Means::Privatelink => {
            let target = EndpointTarget::Service(naming::service(link.to.name));
            let zones = choices.front.as_ref().map_or(&[][..], |front| &front.zones);
            vec![single(link, target, zones, plots, draft)]
        }
        Means::Gateway => {
            let target = EndpointTarget::Service(naming::gateway_service(link.to.name));
            let own = patterns.gateways.as_ref();
            let zones = own.map_or(&[][..], |own| &own.zones);
            vec![single(link, target, zones, plots, draft)]
        }
        Means::PrivatelinkPerBroker => per_broker(link, choices, plots, draft),
        Means::MskMultiVpc => multi_vpc(link, choices, plots, draft),
        Means::ResourceEndpoint => resources(link, choices, plots, draft),
    }
}

/// The one endpoint of a connection.
fn single(
    link: &Link<'_>,
    target: EndpointTarget,
    balanced: &[ZoneId],
    plots: &Plots,
    draft: &mut Draft,
) -> Entrance {
    let account = &link.to.vpc.asked.account;
    let service = match &target {
        EndpointTarget::Service(service) => service.as_str(),
        EndpointTarget::Resource(resource) => resource.as_str(),
    };
    Entrance {
        id: naming::endpoint(link.holder.name, link.to.name),
        dns_name: naming::endpoint_host(link.holder.name, service, account, link.holder.region),
        zones: zones(link, balanced, "the balancer", plots, draft),
        band: Band::Endpoint(link.ordinal),
        broker: None,
        target,
    }
}

/// One of several endpoints of a connection.
fn one_of(link: &Link<'_>, target: EndpointTarget, label: &str, nth: usize) -> Entrance {
    let account = &link.to.vpc.asked.account;
    let (vpc, region) = (link.holder.name, link.holder.region);
    let dns_name = match &target {
        EndpointTarget::Service(service) => {
            naming::endpoint_host(vpc, service.as_str(), account, region)
        }
        EndpointTarget::Resource(resource) => {
            naming::resource_host(vpc, resource.as_str(), account, region)
        }
    };
    Entrance {
        id: naming::endpoint_beside(vpc, link.to.name, label),
        target,
        dns_name,
        zones: Vec::new(),
        band: Band::EndpointOf {
            link: link.ordinal,
            nth,
        },
        broker: None,
    }
}

fn per_broker(
    link: &Link<'_>,
    choices: &Choices,
    plots: &Plots,
    draft: &mut Draft,
) -> Vec<Entrance> {
    let Some(own) = &choices.patterns.per_broker else {
        return Vec::new();
    };
    let spread = own.zones.values().next().map_or(&[][..], Vec::as_slice);
    let spread = (!own.is_aligned).then(|| zones(link, spread, "each balancer", plots, draft));
    if own.is_aligned {
        let because = "an endpoint in its broker's zone only";
        draft.fill(link.key.key("endpoint_zones"), "each broker's own", because);
    }
    let brokers = link.to.brokers.iter().enumerate();
    let entrances = brokers.map(|(nth, id)| {
        let service = naming::service_of_broker(link.to.name, *id);
        let target = EndpointTarget::Service(service);
        let of_broker = own.zones.get(id).map_or(&[][..], Vec::as_slice);
        let zones = spread
            .clone()
            .unwrap_or_else(|| shared(link, of_broker, plots));
        Entrance {
            zones,
            broker: Some(*id),
            ..one_of(link, target, &id.to_string(), nth)
        }
    });
    entrances.collect()
}

fn multi_vpc(
    link: &Link<'_>,
    choices: &Choices,
    plots: &Plots,
    draft: &mut Draft,
) -> Vec<Entrance> {
    let Some(own) = &choices.patterns.multi_vpc else {
        return Vec::new();
    };
    let zones = zones(link, &own.zones, "the cluster", plots, draft);
    let holder = link.holder.name;
    let schemes = own.schemes.iter();
    let schemes = schemes.filter(|scheme| scheme.holders.contains(holder));
    let entrances = schemes.map(|scheme| {
        let service = naming::managed_service(link.to.name, scheme.label);
        let target = EndpointTarget::Service(service);
        let entrance = one_of(link, target, scheme.label, scheme.nth);
        let is_first = sets::position(&link.to, scheme.auth) == 0;
        let plain = naming::endpoint(holder, link.to.name);
        Entrance {
            zones: zones.clone(),
            id: if is_first { plain } else { entrance.id.clone() },
            ..entrance
        }
    });
    entrances.collect()
}

fn resources(
    link: &Link<'_>,
    choices: &Choices,
    plots: &Plots,
    draft: &mut Draft,
) -> Vec<Entrance> {
    let Some(own) = &choices.patterns.resources else {
        return Vec::new();
    };
    let zones = zones(link, &own.zones, "the resource gateway", plots, draft);
    let brokers = link.to.brokers.iter().enumerate();
    let entrances = brokers.map(|(nth, id)| {
        let resource = naming::resource(link.to.name, *id);
        let target = EndpointTarget::Resource(resource);
        Entrance {
            zones: zones.clone(),
            broker: Some(*id),
            ..one_of(link, target, &id.to_string(), nth)
        }
    });
    entrances.collect()
}

/// The zones of a connection's endpoints: as said, or those of its VPC in which there is
/// something to reach.
fn zones(
    link: &Link<'_>,
    balanced: &[ZoneId],
    what: &str,
    plots: &Plots,
    draft: &mut Draft,
) -> Vec<ZoneId> {
    let key = link.key.key("endpoint_zones");
    let vpc = link.holder.name;
    if let Some(said) = &link.asked.endpoint_zones {
        return settled::zones_with_subnets(said, vpc, plots, &key, draft);
    }
    let shared = shared(link, balanced, plots);
    let because = if is_near(link) {
        let cluster = link.to.name;
        match what {
            "the cluster" => format!("the zones of `{vpc}` in which `{cluster}` has brokers"),
            what => format!("the zones of `{vpc}` in which {what} of `{cluster}` has a node"),
        }
    } else {
        format!("every zone of `{vpc}`: zones are not matched across Regions")
    };
    draft.fill(key, front::list(&shared), because);
    shared
}

/// The zones of the holder's VPC that are among these; all of them from another Region.
fn shared(link: &Link<'_>, balanced: &[ZoneId], plots: &Plots) -> Vec<ZoneId> {
    let zones = plots.zones(link.holder.name).into_iter();
    let shared = zones.filter(|zone| !is_near(link) || balanced.contains(zone));
    shared.cloned().collect()
}

fn is_near(link: &Link<'_>) -> bool {
    link.holder.region == link.to.vpc.region
}
