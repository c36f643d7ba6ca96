//! Which VPC of the text is which of the spec: the one whose group a client of it wears, else the
//! one with the same account, Region and ranges.

use std::collections::BTreeSet;

use blueprint::ids::{SecurityGroupId, VpcId};

use super::{Draft, groups};
use crate::known::VpcFacts;

/// Finds the place of every VPC of the spec.
pub(super) fn write(draft: &mut Draft<'_>) {
    let said = &draft.known.said;
    for vpc in said.vpcs.keys() {
        draft.places.insert(vpc.clone(), vpc.clone());
    }
    for (id, client) in &said.clients {
        if let Some(vpc) = worn_in(draft, id.as_str()) {
            let place = draft.places.entry(client.vpc.clone());
            place.or_insert(vpc);
        }
    }
    let mut taken: BTreeSet<VpcId> = draft.places.values().cloned().collect();
    for (id, facts) in &draft.known.vpcs {
        if draft.places.contains_key(id) {
            continue;
        }
        if let Some(vpc) = alike(draft, facts, &taken) {
            taken.insert(vpc.clone());
            draft.places.insert(id.clone(), vpc);
        }
    }
}

/// The VPC of the group that a client wears.
fn worn_in(draft: &Draft<'_>, client: &str) -> Option<VpcId> {
    let group = draft.reading.clients.get(client)?;
    let group: SecurityGroupId = draft.object(group, &[groups::GROUP]).ok()?;
    let group = draft.made.security_groups.get(&group)?;
    Some(group.vpc.clone())
}

fn alike(draft: &Draft<'_>, facts: &VpcFacts, taken: &BTreeSet<VpcId>) -> Option<VpcId> {
    let mut vpcs = draft.made.vpcs.iter();
    let is_alike = |vpc: &blueprint::network::Vpc| {
        vpc.account == facts.account && vpc.region == facts.region && vpc.cidrs == facts.cidrs
    };
    let found = vpcs.find(|(id, vpc)| !taken.contains(*id) && is_alike(vpc));
    found.map(|(id, _)| id.clone())
}
