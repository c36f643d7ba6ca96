//! A survey says of every path what a walk of its own says, however clients are grouped.

use blueprint::Blueprint;
use blueprint::ids::{EniId, SecurityGroupId, SubnetId};
use blueprint::network::{EniOwner, Peer, RouteTarget, Rule};

use super::{acl, endpoints, gateways, preserved, transit};
use crate::estate::{self, at, ip, linked, peered, route};

const N_ESTATES: u64 = 600;
const N_CLIENTS: u32 = 12;

/// Estates of every pattern, crowded with clients that share subnets and security groups, and
/// then changed at random in ways that tell some of their addresses from others.
fn crowded(seed: u64) -> Blueprint {
    let mut chance = fastrand::Rng::with_seed(seed);
    let bases: [fn() -> Blueprint; 8] = [
        peered,
        linked,
        transit::attached,
        transit::apart,
        gateways::by_port,
        gateways::by_name,
        endpoints::shared,
        preserved::direct,
    ];
    let mut blueprint = bases[chance.usize(..bases.len())]();
    let b = &mut blueprint;
    if chance.bool() {
        preserved::preserve(b);
    }
    for balancer in b.balancers.values_mut() {
        balancer.enforce_on_privatelink = chance.bool();
    }
    for group in b.security_groups.values_mut() {
        open(group.ingress.as_mut(), &mut chance);
        open(group.egress.as_mut(), &mut chance);
    }
    for number in 0..N_CLIENTS {
        add_client(b, number, &mut chance);
    }
    for _ in 0..chance.u32(..4) {
        change(b, &mut chance);
    }
    blueprint
}

/// Widens rules, so that not all walks end early.
fn open(rules: &mut [Rule], chance: &mut fastrand::Rng) {
    for rule in rules.iter_mut().filter(|_| 0 < chance.u32(..4)) {
        rule.peer = Peer::Cidr("0.0.0.0/0".parse().expect("a range"));
    }
}

fn add_client(b: &mut Blueprint, number: u32, chance: &mut fastrand::Rng) {
    let first = b.clients[&"checkout".into()].clone();
    let eni = b.enis[&first.enis[0]].clone();
    let name = format!("client-{number:02}");
    let mut client = first;
    client.enis.clear();
    let home = b.subnets[&eni.subnet].vpc.clone();
    let homes = b.subnets.iter().filter(|(_, subnet)| subnet.vpc == home);
    let homes: Vec<SubnetId> = homes.map(|(id, _)| id.clone()).collect();
    for part in 0..chance.u32(1..3) {
        let mut eni = eni.clone();
        eni.subnet = homes[chance.usize(..homes.len())].clone();
        let range = b.subnets[&eni.subnet].cidr;
        let offset = chance.u32(1..80);
        eni.address = (u32::from(range.network()) + offset).into();
        eni.owner = EniOwner::Client(name.as_str().into());
        if chance.u32(..6) == 0 {
            eni.security_groups =
                [vec![], vec!["checkout".into(), "orders".into()]][chance.usize(..2)].clone();
        }
        let id = EniId::from(format!("{name}/{part}"));
        b.enis.insert(id.clone(), eni);
        client.enis.push(id);
    }
    if chance.u32(..12) == 0 {
        client.enis.push("nowhere".into());
    }
    b.clients.insert(name.into(), client);
}

fn change(b: &mut Blueprint, chance: &mut fastrand::Rng) {
    let subnets: Vec<_> = b.subnets.keys().cloned().collect();
    let subnet = &subnets[chance.usize(..subnets.len())];
    let home = b.subnets[&b.enis[&"checkout/a".into()].subnet].cidr;
    let part = u32::from(home.network()) + chance.u32(..80);
    let part = ipnet::Ipv4Net::new(part.into(), chance.u8(25..=32)).expect("a range");
    let groups: Vec<SecurityGroupId> = b.security_groups.keys().cloned().collect();
    let group = groups[chance.usize(..groups.len())].clone();
    let rules = b.security_groups.get_mut(&group).expect("it");
    match chance.u32(..9) {
        0 => rules
            .ingress
            .iter_mut()
            .for_each(|rule| rule.peer = Peer::Cidr(part)),
        1 => rules
            .ingress
            .iter_mut()
            .for_each(|rule| rule.peer = Peer::Group("checkout".into())),
        2 => route(
            b,
            &subnet.0,
            &part.to_string(),
            RouteTarget::Outside("igw".to_owned()),
        ),
        3 => b
            .route_tables
            .get_mut(&subnet.0.as_str().into())
            .expect("it")
            .routes
            .truncate(1),
        4 => {
            let text: &'static str = Box::leak(part.to_string().into_boxed_str());
            let entries = [(false, text, 0, 65_535), (true, "0.0.0.0/0", 0, 65_535)];
            let all = &entries[1..];
            let (ingress, egress) = [(&entries[..], all), (all, &entries[..])][chance.usize(..2)];
            acl::acl(b, &subnet.0, ingress, egress);
        }
        5 => {
            let address = b.enis[&"client-00/0".into()].address;
            let targets = b
                .target_groups
                .values_mut()
                .flat_map(|group| &mut group.targets);
            targets.for_each(|target| target.address = address);
        }
        6 => {
            let address = b.enis[&"client-01/0".into()].address;
            let client = b.clients.values_mut().next_back().expect("a client");
            client.bootstrap = vec![at(&format!("{address}:9092"))];
        }
        7 => {
            let twin = b.enis[&"client-02/0".into()].clone();
            b.enis.insert("a twin".into(), twin);
        }
        _ => {
            estate::add_vpc(b, "twin", "10.1.0.0/16", &[("a", "10.1.0.0/24")]);
            let groups = ["checkout"];
            let address = ip("10.1.0.40").to_string();
            estate::eni(b, "twin", "twin/a", &address, EniOwner::Witness, &groups);
            estate::peer(b, "twin", "data");
        }
    }
}

#[test]
fn groups_fare_as_their_members_do() {
    let (mut n_clients, mut n_groups) = (0, 0);
    for seed in 0..N_ESTATES {
        let blueprint = crowded(seed);
        let walked = verify::paths(&blueprint);
        let survey = verify::survey(&blueprint);
        let surveyed: Vec<_> = survey.paths().collect();
        assert_eq!(survey.n_paths(), walked.len(), "estate {seed}");
        for (path, alone) in surveyed.iter().zip(&walked) {
            assert_eq!(path, alone, "estate {seed}");
        }
        let summaries: Vec<_> = survey.summaries().map(|brief| brief.summary).collect();
        let expected: Vec<_> = walked.iter().map(|path| path.summary()).collect();
        assert_eq!(summaries, expected, "estate {seed}");
        let path = &walked[chance_of(seed, walked.len())];
        assert_eq!(survey.path(&path.promise).as_ref(), Some(path));
        let traces = verify::traces(&blueprint, &path.promise);
        assert_eq!(survey.traces(&path.promise), traces);
        n_clients += blueprint.clients.len();
        n_groups += survey.n_groups();
    }
    assert!(
        n_groups * 5 < n_clients * 4,
        "{n_groups} groups of {n_clients} clients"
    );
}

fn chance_of(seed: u64, n: usize) -> usize {
    fastrand::Rng::with_seed(seed).usize(..n)
}

#[test]
fn a_promise_that_was_not_given_has_no_path() {
    let blueprint = peered();
    let survey = verify::survey(&blueprint);
    let mut promise = verify::paths(&blueprint)[0].promise.clone();
    assert!(survey.path(&promise).is_some());
    promise.client = "nobody".into();
    assert_eq!(survey.path(&promise), None);
}
