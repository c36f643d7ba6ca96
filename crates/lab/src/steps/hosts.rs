//! Interfaces: the part every ENI's namespace has, and the ruleset of those that are hosts.

use blueprint::ids::EniId;
use blueprint::network::{Eni, EniOwner};
use ipnet::Ipv4Net;

use super::draft::Draft;
use super::nft::{Hook, Table};
use super::routers::{FIRST, gateway, watch};
use super::{Note, Operation, Way};

/// The kernel's ordinary routing table.
pub(super) const MAIN_TABLE: u32 = 254;

impl Draft<'_> {
    pub(super) fn enis(&mut self) {
        for (id, eni) in &self.blueprint.enis {
            self.interface(id, eni);
        }
        self.bridge_ends();
        for (id, eni) in &self.blueprint.enis {
            if self.port_of(id).is_none() {
                continue;
            }
            let table = match &eni.owner {
                EniOwner::Broker { .. }
                | EniOwner::Gateway(_)
                | EniOwner::Client(_)
                | EniOwner::Witness => host_ruleset(),
                EniOwner::BalancerNode(balancer) => self.node_ruleset(id, eni, balancer),
                EniOwner::ResourceGateway(_) => self.resource_gateway_ruleset(id, eni),
                EniOwner::Endpoint(_) => self.endpoint_ruleset(id, eni),
            };
            let namespace = self.namespace_of(id);
            self.push(Operation::Ruleset { namespace, table });
        }
    }

    /// Address and default route. The address is a /32 and the gateway a fixed neighbour, so no
    /// packet waits for ARP and no broadcast address takes one out of the subnet.
    fn interface(&mut self, id: &EniId, eni: &Eni) {
        let (Some([router, host]), Some(subnet)) = (self.port_of(id), self.subnet_of(eni)) else {
            return;
        };
        let gateway = gateway(subnet.cidr);
        self.up(&host.namespace, "lo");
        self.push(Operation::Address {
            namespace: host.namespace.clone(),
            link: host.link.clone(),
            address: eni.address,
        });
        self.up(&host.namespace, &host.link);
        self.neighbour(&host, gateway, router.mac);
        let way = Way::Via {
            gateway,
            link: host.link,
        };
        self.route(&host.namespace, MAIN_TABLE, Ipv4Net::default(), way);
    }
}

fn host_ruleset() -> Table {
    Table {
        sets: Vec::new(),
        chains: vec![
            watch("left", Hook::Output, FIRST, &Note::Left),
            watch("entered", Hook::Input, 0, &Note::Entered),
        ],
    }
}
