//! The rules that are broken, and how: one edit of one file for each rule and side. The edits
//! are exact text, so that a change of that text is noticed at once.

use std::collections::BTreeSet;
use std::fmt;

use crate::repo::File;
use crate::tidy::Fault;

const HERE: &str = "xtask/src/sabotage/table.rs";

/// Rules that the table must break at least, each on both sides.
const RULES_MIN: usize = 10;

/// Which of the two readings of the network is broken.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Side {
    Lab,
    Verify,
}

impl Side {
    const ALL: [Self; 2] = [Self::Lab, Self::Verify];

    fn folder(self) -> &'static str {
        match self {
            Self::Lab => "crates/lab/src/",
            Self::Verify => "crates/verify/src/",
        }
    }
}

impl fmt::Display for Side {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(match self {
            Self::Lab => "lab",
            Self::Verify => "verify",
        })
    }
}

/// One break.
#[derive(Debug)]
pub(super) struct Entry {
    /// The rule of the network, in kebab-case; the same on both sides.
    pub(super) rule: &'static str,
    pub(super) side: Side,
    /// Path below the root.
    pub(super) file: &'static str,
    /// Exact text that occurs once.
    pub(super) find: &'static str,
    pub(super) replace: &'static str,
}

pub(super) const ENTRIES: [Entry; 66] = [
    verify(
        "longest-prefix",
        "crates/verify/src/prefixes.rs",
        "lengths.find_map(|(Reverse(length), ranges)| ranges.get(&masked(address, *length)))",
        "lengths.rev().find_map(|(Reverse(length), ranges)| ranges.get(&masked(address, *length)))",
    ),
    lab(
        "longest-prefix",
        "crates/lab/src/steps/routers.rs",
        "if listed.insert(route.destination.trunc()) {",
        "if !listed.iter().any(|known: &Ipv4Net| known.contains(&route.destination)) \
         && listed.insert(route.destination.trunc()) {",
    ),
    verify(
        "peering-one-hop",
        "crates/verify/src/routing.rs",
        "let holder = network.holder(there, to);",
        "let anywhere = || network.blueprint.vpcs.keys().find_map(|vpc| network.holder(vpc, to)); \
         let holder = network.holder(there, to).or_else(anywhere);",
    ),
    lab(
        "peering-one-hop",
        "crates/lab/src/steps/routers.rs",
        "self.rule(router, LAST_PREFERENCE, None, None);",
        "self.rule(router, LAST_PREFERENCE, None, Some(FIRST_TABLE));",
    ),
    verify(
        "peering-overlap",
        "crates/verify/src/network.rs",
        "if !routing::overlaps(self.blueprint, requester, accepter).is_empty() {",
        "if requester == accepter {",
    ),
    lab(
        "peering-overlap",
        "crates/lab/src/steps/draft.rs",
        "&& !any_pair(&left.cidrs, &right.cidrs, overlap)",
        "&& (true || !any_pair(&left.cidrs, &right.cidrs, overlap))",
    ),
    verify(
        "return-route",
        "crates/verify/src/routing.rs",
        "leg.from.vpc() == leg.to.vpc()",
        "true",
    ),
    lab(
        "return-route",
        "crates/lab/src/steps/routers.rs",
        "self.route(router, number, everything, Way::Blackhole);",
        "let brokers = self.blueprint.clusters.values().any(|cluster| cluster.vpc == *vpc); \
         let any = peerings.values().next().filter(|_| brokers).map(|(here, _)| here.link.clone()); \
         let way = any.map(|link| Way::Via { gateway: FAR_ROUTER, link }); \
         self.route(router, number, everything, way.unwrap_or(Way::Blackhole));",
    ),
    verify(
        "leaves-blueprint",
        "crates/verify/src/routing.rs",
        "return Err(Stop::Outside { route, gateway })",
        "return Err(Stop::Nowhere { at: crate::journey::Router::Vpc(here), why: NoRoute::Outside(gateway) })",
    ),
    lab(
        "leaves-blueprint",
        "crates/lab/src/steps/routers.rs",
        "RouteTarget::Outside(_) => return Way::Link(OUTSIDE_LINK.to_owned())",
        "RouteTarget::Outside(_) => return Way::Blackhole",
    ),
    verify(
        "security-group-egress",
        "crates/verify/src/walk.rs",
        "self.pass(trip, Some(security::leave(network, from, to)))?;",
        "let _ = security::leave(network, from, to);",
    ),
    lab(
        "security-group-egress",
        "crates/lab/src/steps/routers.rs",
        "Rule::new([Test::FromLink(link.clone())], [Act::Goto(chain)])",
        "Rule::new([Test::FromLink(chain)], [Act::Accept])",
    ),
    verify(
        "security-group-ingress",
        "crates/verify/src/walk.rs",
        "self.pass(trip, Some(security::enter(network, at, source, port)))?;",
        "let _ = security::enter(network, at, source, port);",
    ),
    lab(
        "security-group-ingress",
        "crates/lab/src/steps/routers.rs",
        "Rule::new([Test::ToLink(link.clone())], [Act::Goto(chain)])",
        "Rule::new([Test::ToLink(chain)], [Act::Accept])",
    ),
    verify(
        "statefulness",
        "crates/verify/src/walk.rs",
        "let routed = routing::back(network, leg);",
        "let ephemeral = SocketAddrV4::new(leg.from.address(), 50_000); \
         self.pass(trip, Some(security::leave(network, leg.to, ephemeral)))?; \
         let routed = routing::back(network, leg);",
    ),
    lab(
        "statefulness",
        "crates/lab/src/steps/routers.rs",
        "Rule::new([Test::Established], [Act::Accept]),\n        Rule::new([Test::NotTcp], [Act::Accept]),",
        "Rule::new([Test::NotTcp], [Act::Accept]),",
    ),
    verify(
        "group-as-peer",
        "crates/verify/src/security.rs",
        "network.carries(group, asked.other, asked.at.vpc())",
        "group.as_str() == asked.other.to_string()",
    ),
    lab(
        "group-as-peer",
        "crates/lab/src/steps/draft.rs",
        "members.map(|eni| eni.address).collect()",
        "members.map(|eni| eni.address).skip(1).collect()",
    ),
    verify(
        "no-groups-no-filter",
        "crates/verify/src/security.rs",
        "if at.eni.security_groups.is_empty() {",
        "if asked.other.is_unspecified() {",
    ),
    lab(
        "no-groups-no-filter",
        "crates/lab/src/steps/routers.rs",
        ".filter(|(_, eni, _)| !eni.security_groups.is_empty())",
        ".filter(|(_, eni, _)| !eni.address.is_unspecified())",
    ),
    verify(
        "port-range",
        "crates/verify/src/security.rs",
        "port <= rule.to_port",
        "port < rule.to_port",
    ),
    lab(
        "port-range",
        "crates/lab/src/steps/routers.rs",
        "Test::Ports(rule.from_port, rule.to_port)",
        "Test::Ports(rule.from_port, rule.from_port)",
    ),
    verify(
        "zone-precedence",
        "crates/verify/src/names.rs",
        "    parents(host).find_map(|parent| {\n        let rule",
        "    parents(host).collect::<Vec<_>>().into_iter().rev().find_map(|parent| {\n        let rule",
    ),
    lab(
        "zone-precedence",
        "crates/lab/src/names/mod.rs",
        "mine.rev().max_by_key(|zone| zone.name.len())",
        "mine.rev().min_by_key(|zone| zone.name.len())",
    ),
    verify(
        "no-fall-through",
        "crates/verify/src/names.rs",
        "None => Err(NoName::NotInZone(zone)),",
        "None => from_public_dns(network, host).ok_or(NoName::NotInZone(zone)),",
    ),
    lab(
        "no-fall-through",
        "crates/lab/src/names/mod.rs",
        "let zone = self.zone_for(name);",
        "let zone = self.zone_for(name).filter(|zone| zone.records.contains_key(name));",
    ),
    verify(
        "split-horizon",
        "crates/verify/src/network.rs",
        "for vpc in &zone.zone.vpcs {",
        "for vpc in self.blueprint.vpcs.keys() {",
    ),
    lab(
        "split-horizon",
        "crates/lab/src/names/mod.rs",
        "zone.vpcs.contains(&self.vpc) && covers(&zone.name, name)",
        "covers(&zone.name, name)",
    ),
    verify(
        "listener-port",
        "crates/verify/src/balancing.rs",
        "balancer.listeners.get(&port)?",
        "balancer.listeners.get(&port).or(balancer.listeners.values().next())?",
    ),
    lab(
        "listener-port",
        "crates/lab/src/steps/balancing.rs",
        "gate.push(Rule::dropping([], dropped(Class::NoListener, id)));",
        "let all = self.blueprint.target_groups.values().flat_map(|group| &group.targets); \
         let first = all.take(1).map(|target| Act::Dnat(target.address, Some(target.port))); \
         translate.extend(first.map(|act| Rule::new([Test::Tcp], [act]))); \
         gate.push(Rule::new([], [Act::Accept]));",
    ),
    verify(
        "listener-target-group",
        "crates/verify/src/balancing.rs",
        ".get(&listener.target_group)",
        ".values().next()",
    ),
    lab(
        "listener-target-group",
        "crates/lab/src/steps/balancing.rs",
        ".get(&listener.target_group)",
        ".values().next()",
    ),
    verify(
        "target-port",
        "crates/verify/src/walk.rs",
        "SocketAddrV4::new(target.address, target.port)",
        "SocketAddrV4::new(target.address, at.port)",
    ),
    lab(
        "target-port",
        "crates/lab/src/steps/balancing.rs",
        "Act::Dnat(only.address, Some(only.port))",
        "Act::Dnat(only.address, None)",
    ),
    verify(
        "cross-zone",
        "crates/verify/src/balancing.rs",
        "balancer.cross_zone || network.zone_of",
        "true || network.zone_of",
    ),
    lab(
        "cross-zone",
        "crates/lab/src/steps/balancing.rs",
        "balancer.cross_zone || near",
        "true || near",
    ),
    verify(
        "endpoint-zone",
        "crates/verify/src/balancing.rs",
        "None => balancer.nodes.get(zone).into_iter().collect(),",
        "None => balancer.nodes.values().take(1).collect(),",
    ),
    lab(
        "endpoint-zone",
        "crates/lab/src/steps/privatelink.rs",
        "nodes.filter(|(of, _)| *of == zone).collect()",
        "nodes.filter(|(of, _)| of.as_str() <= zone.as_str()).take(1).collect()",
    ),
    verify(
        "privatelink-enforcement",
        "crates/verify/src/balancing.rs",
        "balancer.enforce_on_privatelink;",
        "!balancer.nodes.is_empty();",
    ),
    lab(
        "privatelink-enforcement",
        "crates/lab/src/steps/privatelink.rs",
        "groups.filter(|_| balancer.enforce_on_privatelink)",
        "groups.filter(|_| !balancer.nodes.is_empty())",
    ),
    verify(
        "source-address",
        "crates/verify/src/walk.rs",
        "let (source, port) = (leg.source(), to.port());",
        "let first = trip.legs.first().map_or(leg.source(), |first| first.source()); \
         let (source, port) = (first, to.port());",
    ),
    lab(
        "source-address",
        "crates/lab/src/steps/balancing.rs",
        "[Act::Snat(eni.address)]",
        "[Act::Count]",
    ),
    verify(
        "acl-order",
        "crates/verify/src/network.rs",
        "entries.sort_by_key(|entry| entry.number);",
        "entries.sort_by_key(|entry| std::cmp::Reverse(entry.number));",
    ),
    lab(
        "acl-order",
        "crates/lab/src/steps/acls.rs",
        "entries.sort_by_key(|entry| entry.number);",
        "entries.sort_by_key(|entry| std::cmp::Reverse(entry.number));",
    ),
    verify(
        "acl-answers",
        "crates/verify/src/acl.rs",
        "let asked = || answer_leaves(network, leg.to, leg.source());",
        "let asked = || answer_leaves(network, leg.to, leg.source()).and_then(|_| None);",
    ),
    lab(
        "acl-answers",
        "crates/lab/src/steps/acls.rs",
        "rules.push(Rule::new([link(), Test::Reply], to(Judged::Answers)));",
        "rules.push(Rule::new([link(), Test::Reply], [Act::Accept]));",
    ),
    verify(
        "group-across-regions",
        "crates/verify/src/network.rs",
        "holders.any(|holder| *holder == vpc || is_near(holder))",
        "holders.any(|holder| is_near(holder) || !holder.as_str().is_empty())",
    ),
    lab(
        "group-across-regions",
        "crates/lab/src/steps/draft.rs",
        "filtered == member\n            || region",
        "!filtered.as_str().is_empty()\n            || region",
    ),
    verify(
        "transit-zone",
        "crates/verify/src/transit.rs",
        "if !attachment.subnets.contains_key(from.zone()) {",
        "if attachment.subnets.is_empty() {",
    ),
    lab(
        "transit-zone",
        "crates/lab/src/steps/transit.rs",
        "attachment.subnets.contains_key(zone).then_some(here)",
        "(attachment.subnets.contains_key(zone) || !attachment.subnets.is_empty()).then_some(here)",
    ),
    verify(
        "transit-association",
        "crates/verify/src/transit.rs",
        "attachment.table.as_ref().ok_or(",
        "attachment.table.as_ref().or(network.blueprint.transit_tables.keys().next()).ok_or(",
    ),
    lab(
        "transit-association",
        "crates/lab/src/steps/transit.rs",
        "table: attachment.table.clone(),",
        "table: attachment.table.clone() \
         .or(self.blueprint.transit_tables.keys().next().cloned()),",
    ),
    verify(
        "transit-propagation",
        "crates/verify/src/network.rs",
        "for id in &table.propagations {",
        "for id in blueprint.transit_attachments.keys() {",
    ),
    lab(
        "transit-propagation",
        "crates/lab/src/steps/transit.rs",
        "for id in &table.propagations {",
        "for id in blueprint.transit_attachments.keys() {",
    ),
    verify(
        "transit-blackhole",
        "crates/verify/src/network.rs",
        "    for route in &table.routes {\n        add(",
        "    for route in table.routes.iter().filter(|r| r.target != TransitTarget::Blackhole) {\n        add(",
    ),
    lab(
        "transit-blackhole",
        "crates/lab/src/steps/transit.rs",
        "for route in &table.routes {",
        "for route in table.routes.iter().filter(|r| r.target != TransitTarget::Blackhole) {",
    ),
    verify(
        "transit-peering-table",
        "crates/verify/src/transit.rs",
        "table.ok_or(",
        "table.or(network.blueprint.transit_tables.iter() \
         .find(|(_, table)| table.gateway == *gateway).map(|(id, _)| id)).ok_or(",
    ),
    lab(
        "transit-peering-table",
        "crates/lab/src/steps/transit.rs",
        "table: peering.tables.get(gateway).cloned(),",
        "table: self.blueprint.transit_tables.iter() \
         .find(|(_, table)| table.gateway == *gateway).map(|(id, _)| id.clone()),",
    ),
    verify(
        "resolver-rule",
        "crates/verify/src/names.rs",
        "rule.or_else(|| network.zone(vpc, parent).map(Cover::Zone))",
        "network.zone(vpc, parent).map(Cover::Zone).or(rule.filter(|_| host.is_empty()))",
    ),
    lab(
        "resolver-rule",
        "crates/lab/src/names/mod.rs",
        "is_some_and(|len| zone_len <= len)",
        "is_some_and(|len| name.len() < len)",
    ),
    verify(
        "dns-support",
        "crates/verify/src/names.rs",
        "known.is_some_and(|vpc| !vpc.dns)",
        "known.is_some_and(|vpc| vpc.account.is_empty())",
    ),
    lab(
        "dns-support",
        "crates/lab/src/names/mod.rs",
        ".is_some_and(|vpc| !vpc.dns)",
        ".is_some_and(|vpc| vpc.account.is_empty())",
    ),
    verify(
        "resource-ports",
        "crates/verify/src/balancing.rs",
        "if !known.ports.contains(&port) {",
        "if known.ports.is_empty() && port == 0 {",
    ),
    lab(
        "resource-ports",
        "crates/lab/src/steps/privatelink.rs",
        "gate.push(Rule::dropping([], dropped(Class::NoListener, id)));",
        "gate.push(Rule::new([], [Act::Accept]));",
    ),
    verify(
        "supported-regions",
        "crates/verify/src/balancing.rs",
        "Some(region) if !service.supported_regions.contains(region) => {",
        "Some(region) if region.is_empty() => {",
    ),
    lab(
        "supported-regions",
        "crates/lab/src/steps/privatelink.rs",
        "} else if service.supported_regions.contains(here) {",
        "} else if !here.is_empty() {",
    ),
];

const fn verify(
    rule: &'static str,
    file: &'static str,
    find: &'static str,
    replace: &'static str,
) -> Entry {
    let side = Side::Verify;
    Entry {
        rule,
        side,
        file,
        find,
        replace,
    }
}

const fn lab(
    rule: &'static str,
    file: &'static str,
    find: &'static str,
    replace: &'static str,
) -> Entry {
    let side = Side::Lab;
    Entry {
        rule,
        side,
        file,
        find,
        replace,
    }
}

/// Finds entries that cannot be applied, rules that are broken on one side only, and a table
/// that is too short.
pub(super) fn faults(entries: &[Entry], files: &[File]) -> Vec<Fault> {
    let mut faults: Vec<_> = entries
        .iter()
        .filter_map(|entry| {
            let message = misfit(entry, files)?;
            let message = format!("`{}` in {}: {message}", entry.rule, entry.side);
            Some(Fault::new(HERE, 0, message))
        })
        .collect();
    faults.extend(missing_sides(entries));
    let n_rules = rules(entries).len();
    if n_rules < RULES_MIN {
        let message = format!("{n_rules} rules; {RULES_MIN} are the least");
        faults.push(Fault::new(HERE, 0, message));
    }
    faults
}

fn misfit(entry: &Entry, files: &[File]) -> Option<String> {
    let (file, find) = (entry.file, entry.find);
    if !file.starts_with(entry.side.folder()) {
        return Some(format!("`{file}` is not of that side"));
    }
    if find.is_empty() || find == entry.replace {
        return Some("it changes nothing".to_owned());
    }
    let Some(text) = files.iter().find(|known| known.path == file) else {
        return Some(format!("`{file}` is not there"));
    };
    match text.text.matches(find).count() {
        1 => None,
        n => Some(format!("its text occurs {n} times in `{file}`")),
    }
}

fn missing_sides(entries: &[Entry]) -> Vec<Fault> {
    let mut faults = Vec::new();
    for rule in rules(entries) {
        for side in Side::ALL {
            let of_both = |entry: &&Entry| entry.rule == rule && entry.side == side;
            let n_entries = entries.iter().filter(of_both).count();
            if n_entries != 1 {
                let message = format!("`{rule}` is broken {n_entries} times in {side}, not once");
                faults.push(Fault::new(HERE, 0, message));
            }
        }
    }
    faults
}

fn rules(entries: &[Entry]) -> BTreeSet<&'static str> {
    entries.iter().map(|entry| entry.rule).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    const TEXT: &str = "let route = routes.max();\n";

    fn files() -> Vec<File> {
        let file = |path: &str| File {
            path: path.to_owned(),
            text: TEXT.to_owned(),
        };
        vec![file("crates/lab/src/a.rs"), file("crates/verify/src/a.rs")]
    }

    const LAB: Entry = Entry {
        rule: "longest-prefix",
        side: Side::Lab,
        file: "crates/lab/src/a.rs",
        find: "max()",
        replace: "min()",
    };

    #[test]
    fn an_edit_that_fits_is_fine() {
        assert_eq!(misfit(&LAB, &files()), None);
    }

    #[test]
    fn edits_that_do_not_fit_are_told() {
        let wrong = [
            (
                Entry {
                    find: "sum()",
                    ..LAB
                },
                "its text occurs 0 times in `crates/lab/src/a.rs`",
            ),
            (
                Entry {
                    find: "route",
                    ..LAB
                },
                "its text occurs 2 times in `crates/lab/src/a.rs`",
            ),
            (
                Entry {
                    replace: "max()",
                    ..LAB
                },
                "it changes nothing",
            ),
            (
                Entry {
                    file: "crates/lab/src/b.rs",
                    ..LAB
                },
                "`crates/lab/src/b.rs` is not there",
            ),
            (
                Entry {
                    side: Side::Verify,
                    ..LAB
                },
                "`crates/lab/src/a.rs` is not of that side",
            ),
        ];
        for (entry, told) in wrong {
            assert_eq!(misfit(&entry, &files()).as_deref(), Some(told));
        }
    }

    #[test]
    fn a_rule_is_broken_once_on_each_side() {
        let told: Vec<_> = missing_sides(&[LAB, LAB])
            .iter()
            .map(Fault::to_string)
            .collect();
        assert_eq!(
            told,
            [
                format!("{HERE}: `longest-prefix` is broken 2 times in lab, not once"),
                format!("{HERE}: `longest-prefix` is broken 0 times in verify, not once"),
            ]
        );
    }

    #[test]
    fn an_empty_table_is_a_fault() {
        let told = faults(&[], &files())[0].to_string();
        assert_eq!(told, format!("{HERE}: 0 rules; 10 are the least"));
    }
}
