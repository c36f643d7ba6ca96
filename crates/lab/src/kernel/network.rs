//! Links, addresses, neighbours, routes and policy rules of one namespace, by rtnetlink.

use std::collections::BTreeMap;
use std::os::fd::AsFd;
use std::time::{Duration, Instant};

use nlink::netlink::addr::Ipv4Address;
use nlink::netlink::link::VethLink;
use nlink::netlink::neigh::Neighbor;
use nlink::netlink::route::Ipv4Route;
use nlink::netlink::rule::RuleBuilder;
use nlink::netlink::types::link::OperState;
use nlink::netlink::types::route::{RouteScope, RouteType};
use nlink::{Connection, Route};

use super::{Room, rules};
use crate::error::LabError;
use crate::steps::{Cable, Operation, Way};

/// How long links may take to carry packets: link watch runs once a second at the latest.
const LINK_LIMIT: Duration = Duration::from_secs(3);

/// How often a link is looked at that does not carry packets yet.
const LOOK_AGAIN: Duration = Duration::from_millis(1);

/// Carries out operations in one namespace.
pub(crate) struct Configurator<'r> {
    room: &'r Room,
    route: Connection<Route>,
    links: BTreeMap<String, u32>,
}

impl<'r> Configurator<'r> {
    /// Opens the namespace for changes. Needs a tokio runtime.
    pub(crate) fn open(room: &'r Room) -> Result<Self, LabError> {
        let route = Connection::new_in(room.file().as_fd());
        let route = route.map_err(|source| LabError::Netlink {
            operation: format!("ip -n {}", room.name()),
            source: Box::new(source),
        })?;
        Ok(Self {
            room,
            route,
            links: BTreeMap::new(),
        })
    }

    /// Lays a cable whose first end is here and whose second is in `peer`.
    pub(crate) async fn lay(&self, cable: &Cable, peer: &Room) -> Result<(), LabError> {
        let [here, there] = &cable.ends;
        let veth = VethLink::new(&here.link, &there.link)
            .mtu(cable.mtu)
            .address(here.mac.0)
            .peer_address(there.mac.0)
            .peer_netns_fd(peer.file());
        let laid = self.route.add_link(veth).await;
        laid.map_err(|e| refused(&Operation::Cable(cable.clone()), e))
    }

    /// Learns the numbers of the links that exist by now.
    pub(crate) async fn learn_links(&mut self) -> Result<(), LabError> {
        let links = self.route.get_links().await;
        let links = links.map_err(|source| LabError::Netlink {
            operation: format!("ip -n {} link show", self.room.name()),
            source: Box::new(source),
        })?;
        let named = links
            .iter()
            .filter_map(|link| Some((link.name()?.to_owned(), link.ifindex())));
        self.links = named.collect();
        Ok(())
    }

    /// Waits until every link carries packets. A veth is brought up before its far end, and until
    /// the kernel's link watch has run it drops what it is given; asking for one link by number
    /// makes newer kernels catch up, older ones need a moment.
    pub(crate) async fn await_links(&self) -> Result<(), LabError> {
        let deadline = Instant::now() + LINK_LIMIT;
        for (link, index) in self.links.iter().filter(|(link, _)| *link != "lo") {
            loop {
                let found = self.route.get_link_by_index(*index).await;
                let carries = found.is_ok_and(|found| {
                    found.is_some_and(|found| found.operstate() == Some(OperState::Up))
                });
                if carries {
                    break;
                }
                if deadline <= Instant::now() {
                    return Err(LabError::LinkDown {
                        namespace: self.room.name().to_owned(),
                        link: link.clone(),
                    });
                }
                tokio::time::sleep(LOOK_AGAIN).await;
            }
        }
        Ok(())
    }

    /// The links' names by number, as packet logs give them.
    pub(crate) fn links_by_number(&self) -> BTreeMap<u32, String> {
        let links = self.links.iter();
        links
            .map(|(name, number)| (*number, name.clone()))
            .collect()
    }

    /// Carries out an operation within this namespace.
    pub(crate) async fn carry_out(&self, operation: &Operation) -> Result<(), LabError> {
        let result = match operation {
            Operation::Namespace { .. } | Operation::Sysctl { .. } | Operation::Cable(_) => Ok(()),
            Operation::Up { link, .. } => {
                let index = self.index(link, operation)?;
                self.route.set_link_up_by_index(index).await
            }
            Operation::Address { link, address, .. } => {
                let index = self.index(link, operation)?;
                let address = Ipv4Address::with_index(index, *address, 32);
                self.route.add_address(address).await
            }
            Operation::Neighbour {
                link, address, mac, ..
            } => {
                let index = self.index(link, operation)?;
                let neighbour = Neighbor::with_index_v4(index, *address);
                let neighbour = neighbour.lladdr(mac.0).permanent();
                self.route.add_neighbor(neighbour).await
            }
            Operation::Route {
                table,
                destination,
                way,
                ..
            } => {
                let route = Ipv4Route::new(destination.addr(), destination.prefix_len());
                let route = self.towards(route.table(*table), way, operation)?;
                self.route.add_route(route).await
            }
            Operation::Rule {
                preference,
                from_link,
                table,
                ..
            } => {
                let rule = policy(*preference, from_link.as_deref(), *table);
                self.route.add_rule(rule).await
            }
            Operation::Ruleset { table, .. } => rules::load(self.room, table).await,
        };
        result.map_err(|e| refused(operation, e))
    }

    fn towards(
        &self,
        route: Ipv4Route,
        way: &Way,
        operation: &Operation,
    ) -> Result<Ipv4Route, LabError> {
        Ok(match way {
            Way::Link(link) => {
                let index = self.index(link, operation)?;
                route.dev_index(index).scope(RouteScope::Link)
            }
            Way::Via { gateway, link } => {
                let index = self.index(link, operation)?;
                route.gateway(*gateway).dev_index(index).onlink()
            }
            Way::Blackhole => route.route_type(RouteType::Blackhole),
            Way::Throw => route.route_type(RouteType::Throw),
        })
    }

    fn index(&self, link: &str, operation: &Operation) -> Result<u32, LabError> {
        let index = self.links.get(link).copied();
        index.ok_or_else(|| LabError::Dangling {
            operation: operation.to_string(),
        })
    }
}

fn policy(preference: u32, from_link: Option<&str>, table: Option<u32>) -> RuleBuilder {
    let rule = RuleBuilder::v4().priority(preference);
    let rule = match from_link {
        Some(link) => rule.iif(link),
        None => rule,
    };
    match table {
        Some(table) => rule.table(table),
        None => rule.blackhole(),
    }
}

fn refused(operation: &Operation, source: nlink::Error) -> LabError {
    LabError::Netlink {
        operation: operation.to_string(),
        source: Box::new(source),
    }
}
