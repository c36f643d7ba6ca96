//! What surrounds the plan's own objects as it was said: network ACLs, private hosted zones that
//! are there already, and rules that forward names.

use std::collections::{BTreeMap, BTreeSet};

use blueprint::diagnostic::{At, Diagnostic};
use blueprint::dns::{HostedZone, Record, ResolverRule};
use blueprint::ids::{HostedZoneId, ObjectId, VpcId};
use blueprint::key::SpecKey;
use blueprint::network::{AclEntry, NetworkAcl};
use blueprint::spec;

use crate::draft::Draft;
use crate::intent::Vpc;
use crate::naming;
use crate::settled::Settled;

/// Steps between the numbers of an ACL's entries: room for others between them.
const ENTRY_STEP: u16 = 10;

/// Largest number of an ACL's entry that is not AWS's own.
const LAST_ENTRY: u16 = 32_766;

/// Writes network ACLs and resolver rules.
pub(crate) fn write(settled: &Settled<'_>, draft: &mut Draft) {
    for vpc in &settled.asked.vpcs {
        for (index, acl) in vpc.asked.network_acls.iter().enumerate() {
            write_acl(vpc, index, acl, settled, draft);
        }
        for (index, rule) in vpc.asked.resolver_rules.iter().enumerate() {
            let domain = naming::domain(&rule.domain);
            let id = naming::resolver_rule(vpc.name, &domain);
            draft.origin(&id, &vpc.key.key("resolver_rules").index(index));
            let written = ResolverRule {
                domain,
                vpcs: BTreeSet::from([VpcId::from(vpc.name)]),
                servers: rule.to.clone(),
            };
            draft.blueprint.resolver_rules.insert(id, written);
        }
    }
}

fn write_acl(
    vpc: &Vpc<'_>,
    index: usize,
    acl: &spec::NetworkAcl,
    settled: &Settled<'_>,
    draft: &mut Draft,
) {
    let id = naming::network_acl(vpc.name, index + 1);
    let key = vpc.key.key("network_acls").index(index);
    for plot in settled.plots.of(vpc.name) {
        if !acl.zones.is_empty() && !acl.zones.contains(&plot.zone) {
            continue;
        }
        let Some(subnet) = draft.blueprint.subnets.get_mut(&plot.id) else {
            continue;
        };
        let held = subnet.network_acl.get_or_insert_with(|| id.clone()).clone();
        if held != id {
            let title = format!("`{}` has two network ACLs", plot.id);
            let fault = Diagnostic::error("contradicting-settings", title, At::Key(key.clone()))
                .label("this one does not count there")
                .note(format!("`{held}` is the subnet's"))
                .help("name each zone in one of them");
            draft.report(fault);
        }
    }
    let written = NetworkAcl {
        vpc: VpcId::from(vpc.name),
        ingress: entries(&acl.ingress),
        egress: entries(&acl.egress),
    };
    draft.origin(&id, &key);
    draft.blueprint.network_acls.insert(id, written);
}

fn entries(said: &[spec::AclEntry]) -> Vec<AclEntry> {
    let numbers = (1..).map(|n: u16| n.saturating_mul(ENTRY_STEP).min(LAST_ENTRY));
    let entries = said.iter().zip(numbers).map(|(entry, number)| AclEntry {
        number,
        allow: entry.allow,
        cidr: entry.cidr.trunc(),
        from_port: entry.from_port,
        to_port: entry.to_port,
    });
    entries.collect()
}

/// Writes the hosted zones that were said. Where the plan needs one of the same name on the same
/// VPC, its records are added to the one that is there, since AWS takes no second one.
pub(crate) fn write_zones(settled: &Settled<'_>, draft: &mut Draft) {
    let mut by_aws_id: BTreeMap<(&str, String), HostedZoneId> = BTreeMap::new();
    let mut said_ids = BTreeSet::new();
    for vpc in &settled.asked.vpcs {
        for (index, said) in vpc.asked.hosted_zones.iter().enumerate() {
            let name = naming::domain(&said.name);
            let own = naming::said_zone(vpc.name, &name);
            let id = match &said.id {
                Some(aws) => by_aws_id.entry((aws, name.clone())).or_insert(own).clone(),
                None => own,
            };
            let key = vpc.key.key("hosted_zones").index(index);
            write_zone(vpc, &id, &name, said, &key, draft);
            said_ids.insert(id.clone());
            merge(vpc, &id, &said_ids, &key, draft);
        }
    }
}

fn write_zone(
    vpc: &Vpc<'_>,
    id: &HostedZoneId,
    name: &str,
    said: &spec::HostedZone,
    key: &SpecKey,
    draft: &mut Draft,
) {
    if !draft.blueprint.zones.contains_key(id) {
        draft.origin(id, key);
    }
    let zones = &mut draft.blueprint.zones;
    let zone = zones.entry(id.clone()).or_insert_with(|| HostedZone {
        name: name.to_owned(),
        account: vpc.asked.account.clone(),
        vpcs: BTreeSet::new(),
        records: BTreeMap::new(),
        managed: false,
    });
    zone.vpcs.insert(VpcId::from(vpc.name));
    for (host, addresses) in &said.records {
        let record = zone.records.entry(naming::domain(host));
        record.or_insert_with(|| Record::A(addresses.clone()));
    }
}

/// Moves the records of the plan's zones of one name on a VPC into the zone that is there.
fn merge(
    vpc: &Vpc<'_>,
    id: &HostedZoneId,
    said_ids: &BTreeSet<HostedZoneId>,
    key: &SpecKey,
    draft: &mut Draft,
) {
    let here = VpcId::from(vpc.name);
    let zones = &mut draft.blueprint.zones;
    let Some(mut target) = zones.remove(id) else {
        return;
    };
    let mut occupied = Vec::new();
    for (other, zone) in zones.iter_mut() {
        let is_own = !zone.managed && !said_ids.contains(other);
        if !is_own || zone.name != target.name || !zone.vpcs.remove(&here) {
            continue;
        }
        for (host, record) in &zone.records {
            let held = target.records.entry(host.clone());
            if held.or_insert_with(|| record.clone()) != record {
                occupied.push(host.clone());
            }
        }
    }
    zones.retain(|_, zone| !zone.vpcs.is_empty());
    zones.insert(id.clone(), target);
    let kept: BTreeSet<ObjectId> = zones.keys().map(ObjectId::from).collect();
    let zone_kind = ObjectId::from(id).kind;
    let origins = &mut draft.blueprint.origins;
    origins.retain(|object, _| object.kind != zone_kind || kept.contains(object));
    for host in occupied {
        let title = format!("`{host}` is answered otherwise already");
        let fault = Diagnostic::error("unfit-existing-object", title, At::Key(key.clone()))
            .label("this zone's own record stays as it is")
            .help(format!(
                "remove `{host}` from this zone, or say a `zone_name` of its own for the connection"
            ));
        draft.report(fault);
    }
}
