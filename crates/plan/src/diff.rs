//! What changes between two blueprints: objects added, changed, replaced and removed. Each object
//! is seen as facets, named sets of values; what AWS sets only when an object is made is a table
//! (`create_only`), and a facet of that table which differs makes a replacement.

mod create_only;
mod facets;
mod kafka;
mod values;

use std::collections::{BTreeMap, BTreeSet};

use blueprint::Blueprint;
use blueprint::ids::ObjectId;
use blueprint::network::EniOwner;

pub use create_only::{Reason, reasons};

use facets::Facets;
use values::{Facet, lacking};

/// What becomes of one object.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Change {
    /// The object.
    pub object: ObjectId,
    /// What becomes of it.
    pub kind: ChangeKind,
}

/// What becomes of an object.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum ChangeKind {
    /// It is new.
    Added,
    /// It is changed in place.
    Changed {
        /// What differs.
        fields: Vec<FieldChange>,
    },
    /// It is made anew, since AWS does not change what differs.
    Replaced {
        /// Why, one for each property that is set only when it is made.
        because: Vec<&'static Reason>,
        /// What differs.
        fields: Vec<FieldChange>,
    },
    /// It is gone.
    Removed,
}

/// What differs in one field of an object.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct FieldChange {
    /// Name of the field, in words.
    pub field: &'static str,
    /// Values it gains.
    pub gained: Vec<String>,
    /// Values it loses.
    pub lost: Vec<String>,
}

impl Change {
    /// Whether nothing that was there is touched: the object is new, or a list of it is longer.
    pub fn only_adds(&self) -> bool {
        match &self.kind {
            ChangeKind::Added => true,
            ChangeKind::Changed { fields } => fields.iter().all(|field| field.lost.is_empty()),
            ChangeKind::Replaced { .. } | ChangeKind::Removed => false,
        }
    }
}

/// Every object that differs between two blueprints, kind by kind.
pub fn diff(old: &Blueprint, new: &Blueprint) -> Vec<Change> {
    let mut sides = Sides {
        old,
        new,
        changes: Vec::new(),
    };
    sides.compare(|b| &b.vpcs);
    sides.compare(|b| &b.subnets);
    sides.compare(|b| &b.route_tables);
    sides.compare(|b| &b.network_acls);
    sides.compare(|b| &b.peerings);
    sides.compare(|b| &b.transit_gateways);
    sides.compare(|b| &b.transit_attachments);
    sides.compare(|b| &b.transit_tables);
    sides.compare(|b| &b.transit_peerings);
    sides.compare(|b| &b.enis);
    sides.compare(|b| &b.security_groups);
    sides.compare(|b| &b.balancers);
    sides.compare(|b| &b.target_groups);
    sides.compare(|b| &b.services);
    sides.compare(|b| &b.endpoints);
    sides.compare(|b| &b.resource_gateways);
    sides.compare(|b| &b.resource_configurations);
    sides.compare(|b| &b.gateways);
    sides.compare(|b| &b.zones);
    sides.compare(|b| &b.resolver_rules);
    sides.compare(|b| &b.clusters);
    sides.compare(|b| &b.clients);
    let strangers: BTreeSet<ObjectId> = [old, new].into_iter().flat_map(strangers).collect();
    let mut changes = sides.changes;
    changes.retain(|change| !strangers.contains(&change.object));
    changes
}

/// What stands for nothing on AWS: strangers' interfaces and groups.
fn strangers(blueprint: &Blueprint) -> impl Iterator<Item = ObjectId> {
    let witnesses = blueprint.enis.iter();
    let witnesses = witnesses.filter(|(_, eni)| eni.owner == EniOwner::Witness);
    witnesses.flat_map(|(id, eni)| {
        let groups = eni.security_groups.iter().map(ObjectId::from);
        std::iter::once(ObjectId::from(id)).chain(groups)
    })
}

/// Both blueprints, and what was found.
struct Sides<'b> {
    old: &'b Blueprint,
    new: &'b Blueprint,
    changes: Vec<Change>,
}

impl<'b> Sides<'b> {
    fn compare<K, V>(&mut self, pick: impl Fn(&'b Blueprint) -> &'b BTreeMap<K, V>)
    where
        K: Ord + 'b,
        V: Facets + 'b,
        ObjectId: From<&'b K>,
    {
        let (before, after) = (pick(self.old), pick(self.new));
        for (id, value) in after {
            let kind = match before.get(id) {
                None => Some(ChangeKind::Added),
                Some(other) => {
                    let object = ObjectId::from(id);
                    judge(&object, &other.facets(self.old), &value.facets(self.new))
                }
            };
            let object = ObjectId::from(id);
            self.changes
                .extend(kind.map(|kind| Change { object, kind }));
        }
        let gone = before.keys().filter(|id| !after.contains_key(id));
        let gone = gone.map(|id| Change {
            object: ObjectId::from(id),
            kind: ChangeKind::Removed,
        });
        self.changes.extend(gone);
    }
}

/// What becomes of an object with these facets before and after; none if they are alike.
fn judge(object: &ObjectId, before: &[Facet], after: &[Facet]) -> Option<ChangeKind> {
    let mut fields = Vec::new();
    let mut because = Vec::new();
    let nothing = Vec::new();
    let values = |facets: &'_ [Facet], name: &str| {
        let found = facets.iter().find(|facet| facet.name == name);
        found.map_or_else(|| nothing.clone(), |facet| facet.values.clone())
    };
    let only_before = before
        .iter()
        .filter(|facet| after.iter().all(|other| other.name != facet.name));
    for facet in after.iter().chain(only_before) {
        let (was, is) = (values(before, facet.name), values(after, facet.name));
        let (gained, lost) = (lacking(&is, &was), lacking(&was, &is));
        if gained.is_empty() && lost.is_empty() {
            continue;
        }
        because.extend(create_only::reason(
            object.kind,
            facet.name,
            !lost.is_empty(),
        ));
        fields.push(FieldChange {
            field: facet.name,
            gained,
            lost,
        });
    }
    if fields.is_empty() {
        None
    } else if because.is_empty() {
        Some(ChangeKind::Changed { fields })
    } else {
        Some(ChangeKind::Replaced { because, fields })
    }
}
