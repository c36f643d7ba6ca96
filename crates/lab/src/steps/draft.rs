//! The drawing board: who gets which namespace, link and hardware address.

use std::collections::{BTreeMap, BTreeSet};
use std::net::Ipv4Addr;

use blueprint::Blueprint;
use blueprint::balancing::{EndpointTarget, LoadBalancer};
use blueprint::ids::{EniId, PeeringId, VpcId};
use blueprint::network::{Eni, EniOwner, Subnet};

use super::nft;
use super::{Cable, Mac, Namespace, Operation, Owner, Plug, Role, Steps};

/// Largest packet through an interface endpoint, in bytes (AWS PrivateLink guide).
const PRIVATELINK_MTU: u32 = 8500;

/// Settings of every namespace: nothing of the host's may shine through, and IPv6 is off before
/// any link comes up.
const SYSCTLS: [(&str, &str); 11] = [
    ("net.ipv6.conf.all.disable_ipv6", "1"),
    ("net.ipv6.conf.default.disable_ipv6", "1"),
    ("net.ipv4.conf.all.rp_filter", "0"),
    ("net.ipv4.conf.default.rp_filter", "0"),
    ("net.ipv4.conf.all.send_redirects", "0"),
    ("net.ipv4.conf.default.send_redirects", "0"),
    ("net.ipv4.conf.all.proxy_arp", "0"),
    ("net.ipv4.conf.default.proxy_arp", "0"),
    ("net.ipv4.ip_unprivileged_port_start", "0"),
    // BBR, if the host prefers it, collapses on veth links under contention; reno is always there.
    ("net.ipv4.tcp_congestion_control", "reno"),
    ("net.ipv4.ip_forward", "1"),
];

/// A drawing in progress.
pub(super) struct Draft<'a> {
    pub(super) blueprint: &'a Blueprint,
    names: BTreeMap<Owner, String>,
    /// Per interface: the router's end and the interface's own.
    ports: BTreeMap<EniId, [Plug; 2]>,
    /// Per carried peering: the requester's end and the accepter's.
    pub(super) peerings: BTreeMap<PeeringId, [Plug; 2]>,
    /// Per endpoint interface with a node behind it: its own end and the node's.
    pub(super) bridges: BTreeMap<EniId, Bridge>,
    n_plugs: u32,
    steps: Steps,
}

/// The private link between an endpoint's interface and the balancer's node of its zone.
pub(super) struct Bridge {
    /// The endpoint's end and the node's.
    pub(super) ends: [Plug; 2],
    /// The address by which the node knows this endpoint.
    pub(super) source: Ipv4Addr,
}

impl<'a> Draft<'a> {
    pub(super) fn new(blueprint: &'a Blueprint) -> Self {
        Self {
            blueprint,
            names: BTreeMap::new(),
            ports: BTreeMap::new(),
            peerings: BTreeMap::new(),
            bridges: BTreeMap::new(),
            n_plugs: 0,
            steps: Steps::default(),
        }
    }

    pub(super) fn finish(self) -> Steps {
        self.steps
    }

    pub(super) fn push(&mut self, operation: Operation) {
        self.steps.operations.push(operation);
    }

    /// Names every namespace and sets its kernel parameters.
    pub(super) fn namespaces(&mut self) {
        let routers = self.blueprint.vpcs.keys().map(|vpc| {
            let name = format!("vpc.{vpc}");
            (name, Owner::Router(vpc.clone()), Role::Router)
        });
        let enis = self.blueprint.enis.iter().filter_map(|(id, eni)| {
            self.vpc_of(eni)?;
            let name = id.as_str().replace('/', ".");
            Some((name, Owner::Eni(id.clone()), role(eni)))
        });
        let all: Vec<_> = routers.chain(enis).collect();
        for (wanted, stands_for, role) in all {
            let name = self.free_name(&wanted);
            self.names.insert(stands_for.clone(), name.clone());
            self.push(Operation::Namespace { name: name.clone() });
            self.sysctls(&name, role);
            let namespace = Namespace { stands_for, role };
            self.steps.namespaces.insert(name, namespace);
        }
    }

    fn sysctls(&mut self, namespace: &str, role: Role) {
        for (key, value) in SYSCTLS {
            let forwards = role != Role::Host || key != "net.ipv4.ip_forward";
            self.push(Operation::Sysctl {
                namespace: namespace.to_owned(),
                key,
                value: if forwards { value } else { "0" },
            });
        }
    }

    fn free_name(&self, wanted: &str) -> String {
        let taken = &self.steps.namespaces;
        let numbered = (2..).map(|n: usize| format!("{wanted}.{n}"));
        let mut names = std::iter::once(wanted.to_owned()).chain(numbered);
        let free = names.find(|name| !taken.contains_key(name));
        free.unwrap_or_else(|| wanted.to_owned())
    }

    /// Lays every cable: interfaces, peerings that AWS would grant, private links.
    pub(super) fn cables(&mut self) {
        let mut n_ports: BTreeMap<VpcId, usize> = BTreeMap::new();
        for (id, eni) in &self.blueprint.enis {
            let Some(vpc) = self.vpc_of(eni) else {
                continue;
            };
            let (router, host) = (self.router(&vpc), self.namespace_of(id));
            let n = n_ports.entry(vpc.clone()).or_default();
            *n += 1;
            let ends = [(router, format!("eni{n}")), (host, "eth0".to_owned())];
            let mtu = self.blueprint.vpcs.get(&vpc).map_or(1500, |v| v.mtu);
            let ends = self.lay(ends, mtu);
            self.ports.insert(id.clone(), ends);
        }
        self.lay_peerings();
        self.lay_bridges();
    }

    fn lay_peerings(&mut self) {
        for (n, (id, peering)) in (1..).zip(&self.blueprint.peerings) {
            if !self.granted(&peering.requester, &peering.accepter) {
                continue;
            }
            let link = format!("pcx{n}");
            let ends = [&peering.requester, &peering.accepter];
            let ends = ends.map(|vpc| (self.router(vpc), link.clone()));
            let ends = self.lay(ends, peering.mtu);
            self.peerings.insert(id.clone(), ends);
        }
    }

    fn lay_bridges(&mut self) {
        for (id, eni) in &self.blueprint.enis {
            let Some((node, _)) = self.node_behind(eni) else {
                continue;
            };
            let node = node.clone();
            let n = self.bridges.len() + 1;
            let link = format!("vpce{n}");
            let ends = [
                (self.namespace_of(id), "privatelink".to_owned()),
                (self.namespace_of(&node), link),
            ];
            let ends = self.lay(ends, PRIVATELINK_MTU);
            let number = u32::try_from(n).unwrap_or(u32::MAX) & 0xffff;
            let source = Ipv4Addr::from(u32::from(Ipv4Addr::new(169, 254, 0, 0)) | number);
            let bridge = Bridge { ends, source };
            self.bridges.insert(id.clone(), bridge);
        }
    }

    fn lay(&mut self, ends: [(String, String); 2], mtu: u32) -> [Plug; 2] {
        let ends = ends.map(|(namespace, link)| {
            self.n_plugs += 1;
            let [a, b, c, d] = self.n_plugs.to_be_bytes();
            Plug {
                namespace,
                link,
                mac: Mac([2, 0, a, b, c, d]),
            }
        });
        let cable = Cable {
            ends: ends.clone(),
            mtu,
        };
        self.push(Operation::Cable(cable));
        ends
    }

    /// Whether AWS grants a peering: two different VPCs of which no ranges overlap.
    fn granted(&self, a: &VpcId, b: &VpcId) -> bool {
        let vpcs = &self.blueprint.vpcs;
        let (Some(left), Some(right)) = (vpcs.get(a), vpcs.get(b)) else {
            return false;
        };
        let overlaps = |x: &ipnet::Ipv4Net| {
            let mut others = right.cidrs.iter();
            others.any(|y| x.contains(&y.network()) || y.contains(&x.network()))
        };
        a != b && !left.cidrs.iter().any(overlaps)
    }

    /// The balancer's node that an endpoint's interface leads to.
    pub(super) fn node_behind(&self, eni: &Eni) -> Option<(&'a EniId, &'a LoadBalancer)> {
        let blueprint = self.blueprint;
        let EniOwner::Endpoint(endpoint) = &eni.owner else {
            return None;
        };
        let EndpointTarget::Service(service) = &blueprint.endpoints.get(endpoint)?.target else {
            return None;
        };
        let balancer = &blueprint.services.get(service)?.balancer;
        let balancer = blueprint.balancers.get(balancer)?;
        let zone = &blueprint.subnets.get(&eni.subnet)?.zone;
        let node = balancer.nodes.get(zone)?;
        self.names.get(&Owner::Eni(node.clone()))?;
        Some((node, balancer))
    }

    pub(super) fn subnet_of(&self, eni: &Eni) -> Option<&'a Subnet> {
        self.blueprint.subnets.get(&eni.subnet)
    }

    pub(super) fn vpc_of(&self, eni: &Eni) -> Option<VpcId> {
        let vpc = &self.subnet_of(eni)?.vpc;
        self.blueprint.vpcs.contains_key(vpc).then(|| vpc.clone())
    }

    /// The interfaces of a VPC with the router's and their own ends of the cable.
    pub(super) fn ports_of(&self, vpc: &VpcId) -> Vec<(&'a EniId, &'a Eni, [Plug; 2])> {
        let enis = self.blueprint.enis.iter();
        enis.filter(|(_, eni)| self.vpc_of(eni).as_ref() == Some(vpc))
            .filter_map(|(id, eni)| Some((id, eni, self.ports.get(id)?.clone())))
            .collect()
    }

    pub(super) fn port_of(&self, eni: &EniId) -> Option<[Plug; 2]> {
        self.ports.get(eni).cloned()
    }

    pub(super) fn router(&self, vpc: &VpcId) -> String {
        let name = self.names.get(&Owner::Router(vpc.clone()));
        name.cloned().unwrap_or_default()
    }

    pub(super) fn namespace_of(&self, eni: &EniId) -> String {
        let name = self.names.get(&Owner::Eni(eni.clone()));
        name.cloned().unwrap_or_default()
    }

    pub(super) fn up(&mut self, namespace: &str, link: &str) {
        self.push(Operation::Up {
            namespace: namespace.to_owned(),
            link: link.to_owned(),
        });
    }

    pub(super) fn neighbour(&mut self, from: &Plug, address: Ipv4Addr, mac: Mac) {
        self.push(Operation::Neighbour {
            namespace: from.namespace.clone(),
            link: from.link.clone(),
            address,
            mac,
        });
    }

    /// Sets of the addresses that carry each group, for rules that name groups.
    pub(super) fn sets(&self, groups: BTreeSet<String>) -> Vec<nft::Set> {
        let members = |group: &str| {
            let enis = self.blueprint.enis.values();
            let members =
                enis.filter(|eni| eni.security_groups.iter().any(|g| g.as_str() == group));
            members.map(|eni| eni.address).collect()
        };
        let set = |group: String| nft::Set {
            addresses: members(&group),
            name: group,
        };
        groups.into_iter().map(set).collect()
    }
}

fn role(eni: &Eni) -> Role {
    match eni.owner {
        EniOwner::BalancerNode(_) | EniOwner::Endpoint(_) => Role::Relay,
        EniOwner::Broker { .. }
        | EniOwner::ResourceGateway(_)
        | EniOwner::Gateway(_)
        | EniOwner::Client(_)
        | EniOwner::Witness => Role::Host,
    }
}
