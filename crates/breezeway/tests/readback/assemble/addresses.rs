//! Addresses of AWS's choice: the last free ones of a subnet. Specs tend to say the first ones, and
//! where ranges overlap the same address in another VPC would make another path of one that leads
//! astray.

use std::collections::{BTreeMap, BTreeSet};
use std::net::Ipv4Addr;

use blueprint::ids::{EniId, VpcId};
use ipnet::Ipv4Net;

use super::Draft;

/// Addresses at the start of each subnet that AWS keeps, and at its end ("Subnet CIDR blocks").
const KEPT_FIRST: u32 = 4;
const KEPT_LAST: u32 = 1;

/// Gives an address to every interface that waits for one. Until then nobody knows which are
/// taken.
pub(super) fn assign(draft: &mut Draft<'_>) {
    let mut taken = taken(draft);
    for id in std::mem::take(&mut draft.unaddressed) {
        let address = choose(draft, &id, &mut taken);
        match (draft.made.enis.get_mut(&id), address) {
            (Some(eni), Some(address)) => eni.address = address,
            (_, _) => draft
                .trouble
                .push(format!("{id}: its subnet has no address left")),
        }
    }
}

fn taken(draft: &Draft<'_>) -> BTreeMap<VpcId, BTreeSet<Ipv4Addr>> {
    let mut taken: BTreeMap<VpcId, BTreeSet<_>> = BTreeMap::new();
    for eni in draft.made.enis.values() {
        if let Some(subnet) = draft.made.subnets.get(&eni.subnet) {
            let addresses = taken.entry(subnet.vpc.clone()).or_default();
            addresses.insert(eni.address);
        }
    }
    taken
}

fn choose(
    draft: &Draft<'_>,
    id: &EniId,
    taken: &mut BTreeMap<VpcId, BTreeSet<Ipv4Addr>>,
) -> Option<Ipv4Addr> {
    let subnet = draft.made.subnets.get(&draft.made.enis.get(id)?.subnet)?;
    let taken = taken.entry(subnet.vpc.clone()).or_default();
    let free = usable(subnet.cidr).find(|address| !taken.contains(address))?;
    taken.insert(free);
    Some(free)
}

fn usable(range: Ipv4Net) -> impl Iterator<Item = Ipv4Addr> {
    let first = u32::from(range.network()).saturating_add(KEPT_FIRST);
    let end = u32::from(range.broadcast()).saturating_sub(KEPT_LAST);
    (first..=end).rev().map(Ipv4Addr::from)
}
