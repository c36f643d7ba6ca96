//! Objects of a blueprint by what they are and not by their ids: whose, where, in front of what.

use std::collections::{BTreeMap, BTreeSet};
use std::net::Ipv4Addr;

use blueprint::Blueprint;
use blueprint::balancing::{EndpointTarget, LoadBalancer};
use blueprint::ids::{BalancerId, EndpointId, EniId, TransitGatewayId, VpcId};
use blueprint::network::{Eni, EniOwner};

use super::Fixed;

/// A blueprint with the descriptions of its interfaces and of the names that AWS makes.
pub(super) struct Described<'b> {
    pub(super) blueprint: &'b Blueprint,
    fixed: Fixed,
    balancers: BTreeMap<&'b BalancerId, String>,
    enis: BTreeMap<&'b EniId, String>,
    by_address: BTreeMap<Ipv4Addr, Vec<&'b EniId>>,
    names: BTreeMap<&'b str, String>,
}

impl<'b> Described<'b> {
    pub(super) fn new(blueprint: &'b Blueprint, fixed: Fixed) -> Self {
        let mut described = Self {
            blueprint,
            fixed,
            balancers: BTreeMap::new(),
            enis: BTreeMap::new(),
            by_address: BTreeMap::new(),
            names: BTreeMap::new(),
        };
        for (id, eni) in &blueprint.enis {
            let known = described.by_address.entry(eni.address).or_default();
            known.push(id);
        }
        described.balancers = described.balancers();
        let enis = blueprint.enis.iter();
        described.enis = enis
            .map(|(id, eni)| (id, described.describe(eni)))
            .collect();
        described.names = described.made_names();
        described
    }

    /// An interface.
    pub(super) fn eni(&self, id: &EniId) -> &str {
        self.enis
            .get(id)
            .map_or("an unknown interface", String::as_str)
    }

    /// The first interface of this description.
    pub(super) fn eni_like(&self, said: &str) -> Option<&'b EniId> {
        let mut enis = self.enis.iter();
        enis.find(|(_, other)| *other == said).map(|(id, _)| *id)
    }

    /// An address that an interface dials: who holds it, in the interface's VPC before others.
    pub(super) fn address(&self, address: Ipv4Addr, from: &EniId) -> String {
        let holders = self.by_address.get(&address).map_or(&[][..], Vec::as_slice);
        let home = self.blueprint.enis.get(from);
        let home = home.and_then(|eni| self.vpc_of(eni));
        let near = home.map(|home| self.around(home)).unwrap_or_default();
        let of = |holder: &EniId| self.blueprint.enis.get(holder).and_then(|e| self.vpc_of(e));
        let at_home = |holder: &&&EniId| of(holder) == home;
        let nearby = |holder: &&&EniId| of(holder).is_some_and(|vpc| near.contains(vpc));
        let mut chosen: Vec<&&EniId> = holders.iter().filter(at_home).collect();
        if chosen.is_empty() {
            chosen = holders.iter().filter(nearby).collect();
        }
        if chosen.is_empty() {
            chosen = holders.iter().collect();
        }
        let said: BTreeSet<&str> = chosen.into_iter().map(|id| self.eni(id)).collect();
        if said.is_empty() {
            return address.to_string();
        }
        said.into_iter().collect::<Vec<_>>().join(" or ")
    }

    /// Whether anybody holds this address because AWS chose it, and no text did.
    pub(super) fn is_chosen_by_aws(&self, address: Ipv4Addr) -> bool {
        let mut holders = self.by_address.get(&address).into_iter().flatten();
        holders.any(|id| !self.fixes(&self.blueprint.enis[*id].owner))
    }

    /// What a name stands for that AWS makes; none for names that somebody chose.
    pub(super) fn made_name(&self, name: &str) -> Option<&str> {
        self.names.get(name).map(String::as_str)
    }

    /// The name that AWS makes for what is described so.
    pub(super) fn made_name_like(&self, said: &str) -> Option<&'b str> {
        let mut names = self.names.iter();
        names
            .find(|(_, other)| *other == said)
            .map(|(name, _)| *name)
    }

    /// A VPC: whose, where, and its ranges, the primary one first.
    pub(super) fn vpc(&self, id: &VpcId) -> String {
        let Some(vpc) = self.blueprint.vpcs.get(id) else {
            return "an unknown VPC".to_owned();
        };
        let (primary, secondary) = vpc
            .cidrs
            .split_first()
            .map_or((None, &[][..]), |(p, s)| (Some(p), s));
        let primary = primary.map_or_else(String::new, ToString::to_string);
        let secondary: BTreeSet<_> = secondary.iter().map(ToString::to_string).collect();
        let ranges: Vec<_> = std::iter::once(primary).chain(secondary).collect();
        format!("VPC {}/{}/{}", vpc.account, vpc.region, ranges.join("+"))
    }

    /// A transit gateway: whose, where, and the VPCs attached to it.
    pub(super) fn transit_gateway(&self, id: &TransitGatewayId) -> String {
        let Some(gateway) = self.blueprint.transit_gateways.get(id) else {
            return "an unknown transit gateway".to_owned();
        };
        let attachments = self.blueprint.transit_attachments.values();
        let attached = attachments.filter(|attachment| attachment.gateway == *id);
        let vpcs: BTreeSet<_> = attached
            .map(|attachment| self.vpc(&attachment.vpc))
            .collect();
        let vpcs: Vec<_> = vpcs.into_iter().collect();
        format!(
            "transit gateway {}/{} of [{}]",
            gateway.account,
            gateway.region,
            vpcs.join(", ")
        )
    }

    fn describe(&self, eni: &Eni) -> String {
        let owner = match &eni.owner {
            EniOwner::Broker { cluster, id } => format!("broker {cluster}/{id}"),
            EniOwner::BalancerNode(id) => format!("node of {}", self.balancer(id)),
            EniOwner::Endpoint(id) => self.endpoint(id),
            EniOwner::ResourceGateway(_) => "resource gateway".to_owned(),
            EniOwner::Gateway(id) => format!("instance of gateway {id}"),
            EniOwner::Client(id) => format!("client {id}"),
            EniOwner::Witness => "stranger".to_owned(),
        };
        let zone = self.blueprint.subnets.get(&eni.subnet);
        let zone = zone.map_or("no zone", |subnet| subnet.zone.as_str());
        let vpc = self.vpc_of(eni);
        let vpc = vpc.map_or_else(|| "no VPC".to_owned(), |vpc| self.vpc(vpc));
        let address = if self.fixes(&eni.owner) {
            format!(" {}", eni.address)
        } else {
            String::new()
        };
        format!("{owner} in {zone} of {vpc}{address}")
    }

    /// Whether the text says the addresses of such interfaces.
    fn fixes(&self, owner: &EniOwner) -> bool {
        match owner {
            EniOwner::Broker { .. }
            | EniOwner::Gateway(_)
            | EniOwner::Client(_)
            | EniOwner::Witness => true,
            EniOwner::BalancerNode(id) => {
                let balancer = self.blueprint.balancers.get(id);
                balancer.is_some_and(|balancer| !balancer.managed)
            }
            EniOwner::Endpoint(id) => {
                self.fixed.endpoint_addresses && self.is_own_interface_endpoint(id)
            }
            EniOwner::ResourceGateway(_) => false,
        }
    }

    /// Whether the text makes an endpoint of a service: Amazon MSK makes those for VPC connections,
    /// and AWS alone chooses the addresses of resource endpoints.
    fn is_own_interface_endpoint(&self, endpoint: &EndpointId) -> bool {
        let endpoint = self.blueprint.endpoints.get(endpoint);
        match endpoint.map(|endpoint| &endpoint.target) {
            Some(EndpointTarget::Service(id)) => {
                let service = self.blueprint.services.get(id);
                let balancer = service.and_then(|s| self.blueprint.balancers.get(&s.balancer));
                balancer.is_none_or(|balancer| !balancer.managed)
            }
            Some(EndpointTarget::Resource(_)) | None => false,
        }
    }

    fn balancer(&self, id: &BalancerId) -> &str {
        let known = self.balancers.get(id);
        known.map_or("an unknown balancer", String::as_str)
    }

    /// Balancers: their VPCs and who is behind their listeners; those that are alike in this also
    /// by their listeners' ports.
    fn balancers(&self) -> BTreeMap<&'b BalancerId, String> {
        let balancers = self.blueprint.balancers.iter();
        let told: BTreeMap<_, _> = balancers
            .map(|(id, balancer)| (id, self.front(balancer)))
            .collect();
        let alike = |said: &String| 1 < told.values().filter(|other| *other == said).count();
        let with_ports = told.iter().map(|(id, said)| {
            let Some(balancer) = self.blueprint.balancers.get(*id).filter(|_| alike(said)) else {
                return (*id, said.clone());
            };
            let ports: Vec<_> = balancer.listeners.keys().map(u16::to_string).collect();
            (*id, format!("{said} on [{}]", ports.join(", ")))
        });
        with_ports.collect()
    }

    fn front(&self, balancer: &LoadBalancer) -> String {
        let groups = balancer.listeners.values();
        let groups = groups.filter_map(|l| self.blueprint.target_groups.get(&l.target_group));
        let behind: BTreeSet<String> = groups
            .flat_map(|group| group.targets.iter().map(move |target| (group, target)))
            .map(|(group, target)| self.host(target.address, &group.vpc))
            .collect();
        let behind: Vec<_> = behind.into_iter().collect();
        let managed = if balancer.managed { "managed " } else { "" };
        format!(
            "{managed}balancer of {} for [{}]",
            self.vpc(&balancer.vpc),
            behind.join(", ")
        )
    }

    /// An endpoint: what it leads to.
    fn endpoint(&self, id: &EndpointId) -> String {
        let target = self
            .blueprint
            .endpoints
            .get(id)
            .map(|endpoint| &endpoint.target);
        let to = match target {
            None => "nothing".to_owned(),
            Some(EndpointTarget::Service(id)) => {
                let service = self.blueprint.services.get(id);
                let balancer = service.map(|service| self.balancer(&service.balancer));
                balancer.unwrap_or("an unknown service").to_owned()
            }
            Some(EndpointTarget::Resource(id)) => {
                let resource = self.blueprint.resource_configurations.get(id);
                resource.map_or_else(
                    || "an unknown resource".to_owned(),
                    |resource| {
                        let gateway = self.blueprint.resource_gateways.get(&resource.gateway);
                        let vpc = gateway.map(|gateway| self.host(resource.address, &gateway.vpc));
                        let host = vpc.unwrap_or_else(|| resource.address.to_string());
                        format!(
                            "resource {} for [{host}] on {:?}",
                            resource.name, resource.ports
                        )
                    },
                )
            }
        };
        format!("endpoint to {to}")
    }

    /// Who holds an address in a VPC: a broker or an instance by name, else the address.
    fn host(&self, address: Ipv4Addr, vpc: &VpcId) -> String {
        let holders = self.by_address.get(&address).map_or(&[][..], Vec::as_slice);
        let held = holders.iter().find_map(|id| {
            let eni = self.blueprint.enis.get(*id)?;
            let here = self.vpc_of(eni) == Some(vpc);
            match &eni.owner {
                EniOwner::Broker { cluster, id } if here => Some(format!("{cluster}/{id}")),
                EniOwner::Gateway(id) if here => Some(format!("gateway {id}")),
                EniOwner::Broker { .. }
                | EniOwner::Gateway(_)
                | EniOwner::BalancerNode(_)
                | EniOwner::Endpoint(_)
                | EniOwner::ResourceGateway(_)
                | EniOwner::Client(_)
                | EniOwner::Witness => None,
            }
        });
        held.unwrap_or_else(|| address.to_string())
    }

    /// Names that AWS makes for balancers and endpoints, those of their zones included: public
    /// names whose addresses all belong to one of them, and that no broker bears.
    fn made_names(&self) -> BTreeMap<&'b str, String> {
        let mut names = BTreeMap::new();
        for (name, public) in &self.blueprint.public_names {
            let of_cluster = self
                .blueprint
                .clusters
                .values()
                .any(|cluster| !cluster.suffix.is_empty() && name.ends_with(&cluster.suffix));
            let addresses = public.addresses.iter();
            let owned: BTreeSet<String> = addresses
                .filter_map(|address| self.by_address.get(address))
                .flatten()
                .filter_map(|id| self.blueprint.enis.get(*id))
                .filter_map(|eni| self.public_owner(eni, name))
                .collect();
            if !of_cluster && !owned.is_empty() {
                let owned: Vec<_> = owned.into_iter().collect();
                names.insert(name.as_str(), format!("the name of {}", owned.join(" or ")));
            }
        }
        names
    }

    /// What an interface belongs to, if AWS can have made that name for it.
    fn public_owner(&self, eni: &Eni, name: &str) -> Option<String> {
        let is_of = |made: &str| {
            let label = made.split('.').next().unwrap_or_default();
            !label.is_empty() && name.starts_with(label)
        };
        match &eni.owner {
            EniOwner::BalancerNode(id) => {
                let balancer = self.blueprint.balancers.get(id)?;
                let regional = balancer.dns_name == name;
                let said = if regional {
                    self.balancer(id).to_owned()
                } else {
                    self.describe(eni)
                };
                is_of(&balancer.dns_name).then_some(said)
            }
            EniOwner::Endpoint(id) => {
                let endpoint = self.blueprint.endpoints.get(id)?;
                let regional = endpoint.dns_name == name;
                let said = if regional {
                    format!("{} in {}", self.endpoint(id), self.vpc(&endpoint.vpc))
                } else {
                    self.describe(eni)
                };
                is_of(&endpoint.dns_name).then_some(said)
            }
            EniOwner::Broker { .. }
            | EniOwner::ResourceGateway(_)
            | EniOwner::Gateway(_)
            | EniOwner::Client(_)
            | EniOwner::Witness => None,
        }
    }

    /// VPCs that share a peering or a transit gateway with one.
    fn around(&self, vpc: &VpcId) -> BTreeSet<&'b VpcId> {
        let peers = self.blueprint.peerings.values().filter_map(|peering| {
            if peering.requester == *vpc {
                Some(&peering.accepter)
            } else {
                (peering.accepter == *vpc).then_some(&peering.requester)
            }
        });
        let attachments = &self.blueprint.transit_attachments;
        let hubs: BTreeSet<_> = attachments
            .values()
            .filter(|attachment| attachment.vpc == *vpc)
            .map(|attachment| &attachment.gateway)
            .collect();
        let attached = attachments
            .values()
            .filter(|attachment| hubs.contains(&attachment.gateway))
            .map(|attachment| &attachment.vpc);
        peers.chain(attached).collect()
    }

    fn vpc_of(&self, eni: &Eni) -> Option<&'b VpcId> {
        let subnet = self.blueprint.subnets.get(&eni.subnet);
        subnet.map(|subnet| &subnet.vpc)
    }
}
