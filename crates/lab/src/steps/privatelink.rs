//! Endpoints and what they lead to over private links: a balancer's nodes or a resource
//! gateway's interface, with address translation at both ends.

use std::collections::BTreeSet;
use std::net::Ipv4Addr;

use blueprint::balancing::{EndpointTarget, LoadBalancer, ResourceConfiguration};
use blueprint::ids::{EniId, SecurityGroupId, VpcId, ZoneId};
use blueprint::network::{Eni, EniOwner};
use blueprint::verdict::Class;
use ipnet::Ipv4Net;

use super::balancing::{dropped, passing, relay};
use super::draft::Draft;
use super::hosts::MAIN_TABLE;
use super::nft::{Act, Chain, Rule, Table, Test};
use super::routers::Side;
use super::{Plug, Way};

/// Largest packet through an interface endpoint, in bytes (AWS PrivateLink guide).
const MTU: u32 = 8500;

/// Far ends of an endpoint's private links count down from here. They are translated on arrival,
/// so no link holds them.
const FIRST_FAR_END: Ipv4Addr = Ipv4Addr::new(169, 254, 255, 254);

/// The chain that sends connections on by the node they take.
const TAKE: &str = "take";

/// A private link between an endpoint's interface and what it leads to.
#[derive(Clone)]
pub(super) struct Bridge {
    /// The endpoint's end and the far one.
    pub(super) ends: [Plug; 2],
    /// The address by which the far end knows this endpoint.
    source: Ipv4Addr,
    /// The address by which the endpoint knows the far end.
    far: Ipv4Addr,
    /// The interface at the far end.
    to: EniId,
    /// The only address that this link leads to, behind a resource gateway.
    resource: Option<Ipv4Addr>,
}

/// What an endpoint's interface leads to.
enum Behind<'a> {
    /// Nodes of a balancer; each connection takes one.
    Nodes(&'a LoadBalancer, Vec<&'a EniId>),
    /// A resource, by a resource gateway's interface.
    Resource(&'a ResourceConfiguration, Option<&'a EniId>),
    /// Nothing.
    Nothing,
}

impl<'a> Draft<'a> {
    fn behind(&self, eni: &Eni) -> Behind<'a> {
        self.service_behind(eni)
            .or_else(|| self.resource_behind(eni))
            .unwrap_or(Behind::Nothing)
    }

    fn service_behind(&self, eni: &Eni) -> Option<Behind<'a>> {
        let blueprint = self.blueprint;
        let EndpointTarget::Service(service) = self.target_of(eni)? else {
            return None;
        };
        let service = blueprint.services.get(service)?;
        let balancer = blueprint.balancers.get(&service.balancer)?;
        let here = self.region_of(&self.vpc_of(eni)?)?;
        let nodes = balancer.nodes.iter();
        let nodes: Vec<_> = if self.region_of(&balancer.vpc)? == here {
            let zone = self.zone_of(eni)?;
            nodes.filter(|(of, _)| *of == zone).collect()
        } else if service.supported_regions.contains(here) {
            nodes.collect()
        } else {
            Vec::new()
        };
        let standing = nodes.into_iter().map(|(_, node)| node);
        let standing = standing.filter(|node| self.stands(node)).collect();
        Some(Behind::Nodes(balancer, standing))
    }

    fn resource_behind(&self, eni: &Eni) -> Option<Behind<'a>> {
        let blueprint = self.blueprint;
        let EndpointTarget::Resource(resource) = self.target_of(eni)? else {
            return None;
        };
        let resource = blueprint.resource_configurations.get(resource)?;
        let interface = || {
            let gateway = blueprint.resource_gateways.get(&resource.gateway)?;
            let near = self.region_of(&self.vpc_of(eni)?)? == self.region_of(&gateway.vpc)?;
            let interface = gateway.enis.get(self.zone_of(eni)?)?;
            (near && self.stands(interface)).then_some(interface)
        };
        Some(Behind::Resource(resource, interface()))
    }

    fn target_of(&self, eni: &Eni) -> Option<&'a EndpointTarget> {
        let EniOwner::Endpoint(endpoint) = &eni.owner else {
            return None;
        };
        Some(&self.blueprint.endpoints.get(endpoint)?.target)
    }

    fn region_of(&self, vpc: &VpcId) -> Option<&'a String> {
        Some(&self.blueprint.vpcs.get(vpc)?.region)
    }

    fn zone_of(&self, eni: &Eni) -> Option<&'a ZoneId> {
        self.subnet_of(eni).map(|subnet| &subnet.zone)
    }

    /// Lays the cables between endpoints and what they lead to.
    pub(super) fn lay_bridges(&mut self) {
        let mut n_links = 0;
        for (id, eni) in &self.blueprint.enis {
            let (far_ends, resource) = match self.behind(eni) {
                Behind::Nodes(_, nodes) => (nodes, None),
                Behind::Resource(resource, gateway) => {
                    (gateway.into_iter().collect(), Some(resource.address))
                }
                Behind::Nothing => continue,
            };
            let mut bridges = Vec::new();
            for (n_before, to) in (0..).zip(far_ends) {
                n_links += 1;
                let ends = [
                    (self.namespace_of(id), numbered("privatelink", n_before)),
                    (self.namespace_of(to), format!("vpce{n_links}")),
                ];
                let ends = self.lay(ends, MTU);
                let number = n_links & 0xffff;
                bridges.push(Bridge {
                    ends,
                    source: Ipv4Addr::from(u32::from(Ipv4Addr::new(169, 254, 0, 0)) | number),
                    far: Ipv4Addr::from(u32::from(FIRST_FAR_END).saturating_sub(n_before)),
                    to: to.clone(),
                    resource,
                });
            }
            self.bridges.insert(id.clone(), bridges);
        }
    }

    /// Links, neighbours and routes of every private link.
    pub(super) fn bridge_ends(&mut self) {
        let bridges: Vec<_> = self.bridges.values().flatten().cloned().collect();
        for Bridge {
            ends: [endpoint, far],
            source,
            far: address,
            ..
        } in bridges
        {
            for (here, there, address) in [(&endpoint, &far, address), (&far, &endpoint, source)] {
                self.up(&here.namespace, &here.link);
                self.neighbour(here, address, there.mac);
                let way = Way::Link(here.link.clone());
                self.route(&here.namespace, MAIN_TABLE, Ipv4Net::from(address), way);
            }
        }
    }

    /// An endpoint for a service passes every TCP port on to a node, which judges; one for a
    /// resource passes the resource's ports.
    pub(super) fn endpoint_ruleset(&self, id: &EniId, eni: &Eni) -> Table {
        let mut gate = passing();
        let (mut forks, mut sets) = (Vec::new(), Vec::new());
        match self.behind(eni) {
            Behind::Nothing => gate.push(Rule::dropping([], dropped(Class::NoTarget, id))),
            Behind::Nodes(_, nodes) if nodes.is_empty() => {
                gate.push(Rule::dropping([], dropped(Class::NoTarget, id)));
            }
            Behind::Nodes(balancer, nodes) => {
                let groups = nodes.iter().flat_map(|node| self.enforced(node, balancer));
                let groups: BTreeSet<_> = groups.collect();
                sets = self.sets(self.groups_named_by(&groups), &balancer.vpc);
                if let [only] = nodes.as_slice() {
                    gate.extend(self.enforcement(only, balancer));
                } else {
                    let mut take = Vec::new();
                    for (mark, node) in (0..).zip(&nodes) {
                        let name = numbered("node", mark);
                        let act = Act::Goto(name.clone());
                        take.push(Rule::new([Test::Mark(mark)], [act]));
                        forks.push(Chain::plain(name, self.enforcement(node, balancer)));
                    }
                    forks.push(Chain::plain(TAKE, take));
                    gate.extend(fork(balancer, nodes.len()));
                }
            }
            Behind::Resource(resource, gateway) => {
                gate.extend(resource.ports.iter().map(|port| {
                    let here = Test::Ports(*port, *port);
                    match gateway {
                        Some(_) => Rule::new([here], [Act::Accept]),
                        None => Rule::dropping([here], dropped(Class::NoTarget, id)),
                    }
                }));
                gate.push(Rule::dropping([], dropped(Class::NoListener, id)));
            }
        }
        let bridges = self.bridges.get(id).map_or(&[][..], Vec::as_slice);
        let (translate, disguise) = crossing(bridges);
        relay(sets, forks, gate, translate, disguise)
    }

    /// Judgement by a node's groups of what arrives by PrivateLink; empty where they are not
    /// asked.
    fn enforcement(&self, node: &EniId, balancer: &LoadBalancer) -> Vec<Rule> {
        let groups = self.enforced(node, balancer);
        if groups.is_empty() {
            return Vec::new();
        }
        let admissions = groups
            .iter()
            .flat_map(|group| self.admissions(Side::In, group));
        let refusal = Rule::dropping([], dropped(Class::DeniedIn, node));
        admissions.chain([refusal]).collect()
    }

    /// The node's groups, where they judge what arrives by PrivateLink.
    fn enforced(&self, node: &EniId, balancer: &LoadBalancer) -> BTreeSet<SecurityGroupId> {
        let groups = self
            .blueprint
            .enis
            .get(node)
            .map(|eni| &eni.security_groups);
        let groups = groups.filter(|_| balancer.enforce_on_privatelink);
        groups.into_iter().flatten().cloned().collect()
    }

    /// A resource gateway's interface sends what comes by each private link to that link's
    /// resource, and as a host refuses what is sent to itself.
    pub(super) fn resource_gateway_ruleset(&self, id: &EniId, eni: &Eni) -> Table {
        let here = self.bridges.values().flatten();
        let here = here.filter(|bridge| bridge.to == *id);
        let translate = here.filter_map(|bridge| {
            let [_, far] = &bridge.ends;
            let from = Test::FromLink(far.link.clone());
            let act = Act::Dnat(bridge.resource?, None);
            Some(Rule::new([from, Test::Tcp], [act]))
        });
        let translate = translate.collect();
        let to = Test::ToLink("eth0".to_owned());
        let disguise = vec![Rule::new([to], [Act::Snat(eni.address)])];
        relay(Vec::new(), Vec::new(), passing(), translate, disguise)
    }
}

/// Marks connections with the node they take, in turn for each listener's port.
fn fork(balancer: &LoadBalancer, n_nodes: usize) -> Vec<Rule> {
    let n_nodes = u32::try_from(n_nodes).unwrap_or(u32::MAX);
    let turn = |when| Rule::new(when, [Act::MarkInTurn(n_nodes), Act::Goto(TAKE.to_owned())]);
    let ports = balancer.listeners.keys();
    let by_port = ports.map(|port| turn(vec![Test::Ports(*port, *port)]));
    by_port.chain([turn(Vec::new())]).collect()
}

/// Translation onto an endpoint's private links.
fn crossing(bridges: &[Bridge]) -> (Vec<Rule>, Vec<Rule>) {
    let (mut translate, mut disguise) = (Vec::new(), Vec::new());
    for (mark, bridge) in (0..).zip(bridges) {
        let mut when = vec![Test::FromLink("eth0".to_owned()), Test::Tcp];
        if 1 < bridges.len() {
            when.push(Test::Mark(mark));
        }
        translate.push(Rule::new(when, [Act::Dnat(bridge.far, None)]));
        let [here, _] = &bridge.ends;
        let to = Test::ToLink(here.link.clone());
        disguise.push(Rule::new([to], [Act::Snat(bridge.source)]));
    }
    (translate, disguise)
}

/// A name, and from the second on its number.
fn numbered(name: &str, n_before: u32) -> String {
    match n_before {
        0 => name.to_owned(),
        _ => format!("{name}{}", n_before + 1),
    }
}
