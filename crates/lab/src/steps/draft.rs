//! The drawing board: who gets which namespace, link and hardware address.

use std::collections::{BTreeMap, BTreeSet};
use std::net::Ipv4Addr;

use blueprint::Blueprint;
use blueprint::ids::{
    EniId, PeeringId, TransitAttachmentId, TransitGatewayId, TransitPeeringId, VpcId,
};
use blueprint::network::{Eni, EniOwner, Subnet};
use ipnet::{Ipv4Net, Ipv6Net};

use super::nft;
use super::privatelink::Bridge;
use super::{Cable, Mac, Namespace, Operation, Owner, Plug, Role, Steps};

/// Settings of every namespace: nothing of the host's may shine through, and IPv6 is off before
/// any link comes up.
const SYSCTLS: [(&str, &str); 12] = [
    ("net.ipv6.conf.all.disable_ipv6", "1"),
    ("net.ipv6.conf.default.disable_ipv6", "1"),
    ("net.ipv4.conf.all.rp_filter", "0"),
    ("net.ipv4.conf.default.rp_filter", "0"),
    // A host elsewhere may have an address that a router here holds: ranges may overlap.
    ("net.ipv4.conf.all.accept_local", "1"),
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
    /// Per attachment: the VPC's end and the transit gateway's.
    pub(super) attachments: BTreeMap<TransitAttachmentId, [Plug; 2]>,
    /// Per peering of transit gateways: the requester's end and the accepter's.
    pub(super) transit_peerings: BTreeMap<TransitPeeringId, [Plug; 2]>,
    /// Per endpoint interface: its private links.
    pub(super) bridges: BTreeMap<EniId, Vec<Bridge>>,
    n_plugs: u32,
    steps: Steps,
}

impl<'a> Draft<'a> {
    pub(super) fn new(blueprint: &'a Blueprint) -> Self {
        Self {
            blueprint,
            names: BTreeMap::new(),
            ports: BTreeMap::new(),
            peerings: BTreeMap::new(),
            attachments: BTreeMap::new(),
            transit_peerings: BTreeMap::new(),
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
        let gateways = self.blueprint.transit_gateways.keys().map(|gateway| {
            let name = format!("tgw.{gateway}");
            (name, Owner::Transit(gateway.clone()), Role::Router)
        });
        let enis = self.blueprint.enis.iter().filter_map(|(id, eni)| {
            self.vpc_of(eni)?;
            let name = id.as_str().replace('/', ".");
            Some((name, Owner::Eni(id.clone()), role(eni)))
        });
        let all: Vec<_> = routers.chain(gateways).chain(enis).collect();
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

    /// Lays every cable: interfaces, peerings that AWS would grant, transit
    /// gateways, private links.
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
        self.lay_transit();
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

    pub(super) fn lay(&mut self, ends: [(String, String); 2], mtu: u32) -> [Plug; 2] {
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
        let overlap = |x: &Ipv4Net, y: &Ipv4Net| x.contains(y) || y.contains(x);
        let overlap6 = |x: &Ipv6Net, y: &Ipv6Net| x.contains(y) || y.contains(x);
        a != b
            && !any_pair(&left.cidrs, &right.cidrs, overlap)
            && !any_pair(&left.ipv6_cidrs, &right.ipv6_cidrs, overlap6)
    }

    /// Whether rules of one VPC see the groups of another's interfaces: in that VPC itself, and
    /// across a peering within a Region.
    fn sees_groups(&self, filtered: &VpcId, member: &VpcId) -> bool {
        let vpcs = &self.blueprint.vpcs;
        let region = |vpc| vpcs.get(vpc).map(|vpc| &vpc.region);
        let joined = || {
            let mut peerings = self.blueprint.peerings.values();
            peerings.any(|peering| {
                let sides = (&peering.requester, &peering.accepter);
                sides == (filtered, member) || sides == (member, filtered)
            })
        };
        filtered == member
            || region(filtered) == region(member) && joined() && self.granted(filtered, member)
    }

    /// Whether an interface has a namespace.
    pub(super) fn stands(&self, eni: &EniId) -> bool {
        self.names.contains_key(&Owner::Eni(eni.clone()))
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

    pub(super) fn transit(&self, gateway: &TransitGatewayId) -> String {
        let name = self.names.get(&Owner::Transit(gateway.clone()));
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

    /// Sets of the addresses that carry each group, for rules of a VPC that name groups: only of
    /// interfaces whose groups that VPC sees, as elsewhere the same address may be another's.
    pub(super) fn sets(&self, groups: BTreeSet<String>, filtered: &VpcId) -> Vec<nft::Set> {
        let seen = self.blueprint.vpcs.keys();
        let seen: BTreeSet<_> = seen.filter(|vpc| self.sees_groups(filtered, vpc)).collect();
        let enis = self.blueprint.enis.values();
        let seen = enis.filter(|eni| self.vpc_of(eni).is_some_and(|vpc| seen.contains(&vpc)));
        let seen: Vec<_> = seen.collect();
        let members = |group: &str| {
            let carries = |eni: &&&Eni| eni.security_groups.iter().any(|g| g.as_str() == group);
            let members = seen.iter().filter(carries);
            members.map(|eni| eni.address).collect()
        };
        let set = |group: String| nft::Set {
            addresses: members(&group),
            name: group,
        };
        groups.into_iter().map(set).collect()
    }
}

/// Whether any of some things and any of others are so.
fn any_pair<T>(left: &[T], right: &[T], so: impl Fn(&T, &T) -> bool) -> bool {
    left.iter().any(|x| right.iter().any(|y| so(x, y)))
}

fn role(eni: &Eni) -> Role {
    match eni.owner {
        EniOwner::BalancerNode(_) | EniOwner::Endpoint(_) | EniOwner::ResourceGateway(_) => {
            Role::Relay
        }
        EniOwner::Broker { .. }
        | EniOwner::Gateway(_)
        | EniOwner::Client(_)
        | EniOwner::Witness => Role::Host,
    }
}
