//! Private hosted zones with their records, and resolver rules.

use blueprint::Blueprint;
use blueprint::dns::{HostedZone, Record};
use blueprint::ids::HostedZoneId;
use render::object::Object;

use super::{Case, Change, Row, of_each, row};

pub(super) const ROWS: &[Row] = &[
    row("record removed", remove_record),
    row("record for another name", rename_record),
    row("records' aliases swapped", swap_aliases),
    row("record with another address", record_address),
    row("zone removed", remove_zone),
    row("zone for its parent domain", widen_zone),
    row("zone without one of its VPCs", drop_vpc),
    row("zone not associated across accounts", dissociate),
    row("resolver rule for another domain", rule_domain),
    row("resolver rule not associated", dissociate_rule),
    row("resolver rule removed", remove_rule),
];

fn zones(case: &Case) -> Vec<(HostedZoneId, HostedZone)> {
    let zones = case.blueprint.zones.clone().into_iter();
    zones
        .filter(|(id, _)| case.text.has(&Object::HostedZone(id.clone())))
        .collect()
}

/// A record of the text: its zone, its name, what it says.
#[derive(Clone)]
struct Site {
    zone: HostedZoneId,
    name: String,
    record: Record,
}

impl Site {
    fn object(&self) -> Object {
        Object::Record(self.zone.clone(), self.name.clone())
    }

    fn set(&self, blueprint: &mut Blueprint, record: &Record) {
        let zone = blueprint.zones.get_mut(&self.zone).expect("it");
        zone.records.insert(self.name.clone(), record.clone());
    }
}

fn records(case: &Case) -> Vec<Site> {
    let all = zones(case).into_iter().flat_map(|(id, zone)| {
        let records = zone.records.into_iter();
        records.map(move |(name, record)| Site {
            zone: id.clone(),
            name,
            record,
        })
    });
    all.filter(|site| case.text.has(&site.object())).collect()
}

fn remove_record(case: &Case) -> Vec<Change> {
    of_each(records(case), |site| {
        let object = site.object();
        Some(Change::new(
            format!("{} {}", site.zone, site.name),
            move |blueprint| {
                let zone = blueprint.zones.get_mut(&site.zone).expect("it");
                zone.records.remove(&site.name);
            },
            move |text| text.remove(&object),
        ))
    })
}

fn rename_record(case: &Case) -> Vec<Change> {
    of_each(records(case), |site| {
        let object = site.object();
        let new = format!("other.{}", site.name);
        let value = new.clone();
        Some(Change::new(
            format!("{} {}", site.zone, site.name),
            move |blueprint| {
                let zone = blueprint.zones.get_mut(&site.zone).expect("it");
                zone.records.remove(&site.name);
                zone.records.insert(new.clone(), site.record.clone());
            },
            move |text| text.set(&object, "Name", &value),
        ))
    })
}

/// Exchanges what a record leads to with the next one of its template that leads elsewhere.
fn swap_aliases(case: &Case) -> Vec<Change> {
    let all = records(case);
    let is_alias = |site: &Site, place: &str| case.text.value(&site.object(), place).is_ok();
    let aliases: Vec<_> = all
        .iter()
        .filter(|site| is_alias(site, "AliasTarget/DNSName"))
        .collect();
    of_each(aliases.iter().enumerate(), |(at, one)| {
        let other = aliases[at + 1..].iter().find(|other| {
            other.record != one.record && case.text.together(&one.object(), &other.object())
        })?;
        let (one, other) = ((*one).clone(), (*other).clone());
        let (first, second) = (one.object(), other.object());
        Some(Change::new(
            format!("{} and {}", one.name, other.name),
            move |blueprint| {
                one.set(blueprint, &other.record);
                other.set(blueprint, &one.record);
            },
            move |text| {
                for place in ["AliasTarget/DNSName", "AliasTarget/HostedZoneId"] {
                    text.swap((&first, place), (&second, place))?;
                }
                Ok(())
            },
        ))
    })
}

fn record_address(case: &Case) -> Vec<Change> {
    let new = "10.99.0.9".parse().expect("an address");
    let sites = records(case).into_iter().flat_map(|site| {
        let addresses = match &site.record {
            Record::A(addresses) => addresses.clone(),
            Record::Alias(_) => Vec::new(),
        };
        let positions = 0..addresses.len();
        positions.map(move |at| (site.clone(), addresses.clone(), at))
    });
    of_each(sites, |(site, mut addresses, at)| {
        let object = site.object();
        addresses[at] = new;
        let record = Record::A(addresses);
        Some(Change::new(
            format!("{} {}, {at}", site.zone, site.name),
            move |blueprint| site.set(blueprint, &record),
            move |text| text.set(&object, &format!("ResourceRecords/{at}"), new),
        ))
    })
}

fn remove_zone(case: &Case) -> Vec<Change> {
    of_each(zones(case), |(id, _)| {
        let object = Object::HostedZone(id.clone());
        Some(Change::new(
            id.clone(),
            move |blueprint| drop(blueprint.zones.remove(&id)),
            move |text| text.remove(&object),
        ))
    })
}

fn widen_zone(case: &Case) -> Vec<Change> {
    of_each(zones(case), |(id, zone)| {
        let object = Object::HostedZone(id.clone());
        let (_, parent) = zone.name.split_once('.')?;
        let parent = parent.to_owned();
        parent.contains('.').then_some(())?;
        let value = parent.clone();
        Some(Change::new(
            format!("{id} to {parent}"),
            move |blueprint| {
                let zone = blueprint.zones.get_mut(&id).expect("it");
                zone.name.clone_from(&parent);
            },
            move |text| text.set(&object, "Name", &value),
        ))
    })
}

fn drop_vpc(case: &Case) -> Vec<Change> {
    let own = zones(case).into_iter().flat_map(|(id, zone)| {
        let vpcs = zone.vpcs.iter().filter(|vpc| {
            let vpc = case.blueprint.vpcs.get(vpc);
            vpc.is_some_and(|vpc| vpc.account == zone.account)
        });
        let vpcs: Vec<_> = vpcs.cloned().enumerate().collect();
        vpcs.into_iter().map(move |(at, vpc)| (id.clone(), at, vpc))
    });
    of_each(own, |(id, at, vpc)| {
        let object = Object::HostedZone(id.clone());
        (1 < case.text.len(&object, "VPCs")).then_some(())?;
        Some(Change::new(
            format!("{id} on {vpc}"),
            move |blueprint| {
                blueprint.zones.get_mut(&id).expect("it").vpcs.remove(&vpc);
            },
            move |text| text.cut(&object, &format!("VPCs/{at}")),
        ))
    })
}

fn dissociate(case: &Case) -> Vec<Change> {
    let foreign = zones(case).into_iter().flat_map(|(id, zone)| {
        let vpcs = zone.vpcs.iter().filter(|vpc| {
            let vpc = case.blueprint.vpcs.get(vpc);
            vpc.is_some_and(|vpc| vpc.account != zone.account)
        });
        let vpcs: Vec<_> = vpcs.cloned().collect();
        vpcs.into_iter().map(move |vpc| (id.clone(), vpc))
    });
    of_each(foreign, |(id, vpc)| {
        let (object, used) = (Object::HostedZone(id.clone()), Object::Vpc(vpc.clone()));
        case.text.has(&used).then_some(())?;
        Some(Change::new(
            format!("{id} on {vpc}"),
            move |blueprint| {
                blueprint.zones.get_mut(&id).expect("it").vpcs.remove(&vpc);
            },
            move |text| text.dissociate(&object, &used),
        ))
    })
}

fn rule_domain(case: &Case) -> Vec<Change> {
    of_each(case.blueprint.resolver_rules.keys().cloned(), |id| {
        let object = Object::ResolverRule(id.clone());
        case.text.has(&object).then_some(())?;
        let new = "elsewhere.example";
        Some(Change::new(
            id.clone(),
            move |blueprint| {
                let rule = blueprint.resolver_rules.get_mut(&id).expect("it");
                rule.domain = new.to_owned();
            },
            move |text| text.set(&object, "DomainName", new),
        ))
    })
}

fn dissociate_rule(case: &Case) -> Vec<Change> {
    let rules = case.blueprint.resolver_rules.iter();
    let uses =
        rules.flat_map(|(id, rule)| rule.vpcs.iter().map(move |vpc| (id.clone(), vpc.clone())));
    of_each(uses, |(id, vpc)| {
        let object = Object::ResolverRuleAssociation(id.clone(), vpc.clone());
        case.text.has(&object).then_some(())?;
        Some(Change::new(
            format!("{id} in {vpc}"),
            move |blueprint| {
                let rule = blueprint.resolver_rules.get_mut(&id).expect("it");
                rule.vpcs.remove(&vpc);
            },
            move |text| text.remove(&object),
        ))
    })
}

fn remove_rule(case: &Case) -> Vec<Change> {
    of_each(case.blueprint.resolver_rules.keys().cloned(), |id| {
        let object = Object::ResolverRule(id.clone());
        case.text.has(&object).then_some(())?;
        Some(Change::new(
            id.clone(),
            move |blueprint| drop(blueprint.resolver_rules.remove(&id)),
            move |text| text.remove(&object),
        ))
    })
}
