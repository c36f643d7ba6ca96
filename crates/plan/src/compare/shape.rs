//! When two pairs of a spec are alike: they differ in names, accounts and ranges only, and these
//! play no part. Alike pairs have one canonical spec, under stand-ins that no spec can hold, and
//! what is found for it is told of each of them in its own names.

use blueprint::spec::{Admit, Client, Connection, Spec, Vpc};
use ipnet::Ipv4Net;

use super::{Listeners, Pair, Phase, Row, effects, n_client_vpcs, reduce};

/// Code points that no spec holds, so that they stand for its names and are found again.
const FIRST_STAND_IN: u32 = 0xE000;

/// A pair under stand-ins.
pub struct Shape {
    /// The canonical spec. Equal ones mean that the pairs are alike.
    pub spec: Spec,
    /// The pair in it.
    pub pair: Pair,
    /// What stands for what.
    names: Vec<(String, String)>,
    /// Ranges that stand for the client VPC's, which texts may name as a whole only.
    ranges: Vec<(Ipv4Net, Ipv4Net)>,
}

impl Shape {
    /// Brings a pair into its canonical form; none if places of the spec say more of the client
    /// VPC than a stand-in could.
    pub fn of(spec: &Spec, pair: &Pair) -> Option<Self> {
        let mut bare = reduce::bare(spec, pair)?;
        let asked = pair.connection.and_then(|at| spec.connections.get(at));
        let asked = asked.cloned().unwrap_or_else(|| Connection {
            from: pair.from.clone(),
            to: pair.to.clone(),
            ..Connection::default()
        });
        let owner = bare.clusters.first()?.1.vpc.clone();
        let (_, vpc) = bare.vpcs.iter().find(|(name, _)| *name == pair.from)?;
        let clients = bare
            .clients
            .iter()
            .filter(|(_, client)| client.vpc == pair.from);
        let plain =
            is_plain(vpc) && is_plain_connection(&asked) && clients.clone().all(is_plain_client);
        if !plain || owner == pair.from {
            return None;
        }
        let owners = bare.vpcs.iter().find(|(name, _)| *name == owner)?;
        let foreign = (owners.1.account != vpc.account).then(|| vpc.account.clone());
        let known = [pair.from.clone()].into_iter();
        let known = known
            .chain(clients.map(|(name, _)| name.clone()))
            .chain(foreign);
        let stand_in = |at: usize| char::from_u32(FIRST_STAND_IN + u32::try_from(at).ok()?);
        let names: Option<Vec<_>> = known
            .enumerate()
            .map(|(at, name)| Some((stand_in(at)?.to_string(), name)))
            .collect();
        let names = names?;
        let ranges = apart(vpc, &bare, pair)?;
        let pair = rename(&mut bare, asked, &names, &ranges, pair);
        Some(Self {
            spec: bare,
            pair,
            names,
            ranges,
        })
    }

    /// A text about the canonical pair in the pair's own words; none if it speaks of an address
    /// that only the canonical one has.
    pub fn told(&self, text: &str) -> Option<String> {
        let mut text = text.to_owned();
        for (stand_in, own) in &self.ranges {
            text = text.replace(&stand_in.to_string(), &own.to_string());
        }
        for (stand_in, own) in &self.names {
            text = text.replace(stand_in, own);
        }
        let words = text.split(|c: char| !c.is_ascii_digit() && c != '.');
        let mut addresses = words.filter_map(|word| word.trim_matches('.').parse().ok());
        let strange = addresses.any(|address: std::net::Ipv4Addr| {
            self.ranges
                .iter()
                .any(|(stand_in, own)| stand_in != own && stand_in.contains(&address))
        });
        (!strange).then_some(text)
    }

    /// The canonical pair's row as the pair's own.
    pub fn row(&self, row: &Row, spec: &Spec, pair: &Pair) -> Row {
        let name = |text: &String| self.told(text).unwrap_or_else(|| text.clone());
        let phases = row.phases.iter().map(|phase| Phase {
            account: name(&phase.account),
            work: phase.work.clone(),
        });
        let client_vpcs = row.client_vpcs.map(|limit| super::Limit {
            now: n_client_vpcs(spec, pair),
            ..limit
        });
        Row {
            phases: phases.collect(),
            client_vpcs,
            listeners: Listeners {
                others: effects::others(spec, pair, &row.listeners.schemes),
                ..row.listeners.clone()
            },
            ..row.clone()
        }
    }
}

fn is_plain(vpc: &Vpc) -> bool {
    let Vpc {
        account: _,
        region: _,
        cidrs: _,
        zones: _,
        transit_zones: _,
        dns: _,
        mtu: _,
        nat: _,
        service_endpoints: _,
        id,
        ipv6_cidrs,
        subnets,
        routes,
        network_acls,
        hosted_zones,
        resolver_rules,
    } = vpc;
    id.is_none()
        && ipv6_cidrs.is_empty()
        && subnets.is_empty()
        && routes.is_none()
        && network_acls.is_empty()
        && hosted_zones.is_empty()
        && resolver_rules.is_empty()
}

fn is_plain_connection(asked: &Connection) -> bool {
    asked.endpoint_addresses.is_empty() && asked.admit == Admit::default()
}

fn is_plain_client((_, client): &(String, Client)) -> bool {
    client.addresses.is_empty()
        && client.egress.is_none()
        && client.bootstrap.is_none()
        && client.security_group.is_none()
}

/// The ranges that stand for a VPC's own; none if one of these meets another VPC's, because then
/// it matters which it is.
fn apart(vpc: &Vpc, spec: &Spec, pair: &Pair) -> Option<Vec<(Ipv4Net, Ipv4Net)>> {
    let others = spec.vpcs.iter().filter(|(name, _)| *name != pair.from);
    let mut taken: Vec<Ipv4Net> = others.flat_map(|(_, other)| other.cidrs.clone()).collect();
    let meets = |range: &Ipv4Net| {
        taken
            .iter()
            .any(|other| other.contains(range) || range.contains(other))
    };
    if vpc.cidrs.iter().any(meets) {
        return None;
    }
    let mut ranges = Vec::new();
    for own in &vpc.cidrs {
        let stand_in = reduce::free_range(own.prefix_len(), &taken)?;
        taken.push(stand_in);
        ranges.push((stand_in, *own));
    }
    Some(ranges)
}

fn rename(
    spec: &mut Spec,
    mut asked: Connection,
    names: &[(String, String)],
    ranges: &[(Ipv4Net, Ipv4Net)],
    pair: &Pair,
) -> Pair {
    let stand_in = |name: &str| {
        let mut known = names.iter();
        let found = known.find(|(_, own)| own == name);
        found.map_or_else(|| name.to_owned(), |(stand_in, _)| stand_in.clone())
    };
    for (name, vpc) in &mut spec.vpcs {
        if *name == pair.from {
            *name = stand_in(name);
            vpc.account = stand_in(&vpc.account);
            vpc.cidrs = ranges.iter().map(|(stand_in, _)| *stand_in).collect();
        }
    }
    for (name, client) in &mut spec.clients {
        if client.vpc == pair.from {
            client.vpc = stand_in(&client.vpc);
            *name = stand_in(name);
        }
    }
    asked.from = stand_in(&asked.from);
    let renamed = Pair {
        from: asked.from.clone(),
        to: pair.to.clone(),
        connection: pair.connection.map(|_| 0),
    };
    spec.connections = vec![asked];
    renamed
}
