//! The blueprint while it is being written, and what was found on the way.

use std::collections::BTreeSet;

use blueprint::Blueprint;
use blueprint::FilledIn;
use blueprint::diagnostic::Diagnostic;
use blueprint::ids::{EniId, ObjectId};
use blueprint::key::SpecKey;
use blueprint::spec::Spec;

/// A blueprint under construction.
pub(crate) struct Draft {
    pub(crate) blueprint: Blueprint,
    diagnostics: Vec<Diagnostic>,
    chosen_addresses: BTreeSet<EniId>,
}

impl Draft {
    pub(crate) fn new(spec: &Spec) -> Self {
        let blueprint = Blueprint {
            name: spec.name.clone(),
            region: spec.region.clone(),
            defaults: spec.filled.clone(),
            ..Blueprint::default()
        };
        Self {
            blueprint,
            diagnostics: Vec::new(),
            chosen_addresses: BTreeSet::new(),
        }
    }

    /// Adds a finding.
    pub(crate) fn report(&mut self, diagnostic: Diagnostic) {
        self.diagnostics.push(diagnostic);
    }

    /// Records a value that the spec left open.
    pub(crate) fn fill(&mut self, key: SpecKey, value: impl ToString, because: impl Into<String>) {
        self.blueprint.defaults.push(FilledIn {
            key,
            value: value.to_string(),
            because: because.into(),
        });
    }

    /// Remembers that an interface's address was chosen.
    pub(crate) fn choose_address(&mut self, eni: &EniId) {
        self.chosen_addresses.insert(eni.clone());
    }

    /// The interfaces whose address was chosen.
    pub(crate) fn chosen_addresses(&self) -> &BTreeSet<EniId> {
        &self.chosen_addresses
    }

    /// Says which key of the spec an object comes from.
    pub(crate) fn origin(&mut self, id: impl Into<ObjectId>, key: &SpecKey) {
        self.blueprint.origins.insert(id.into(), key.clone());
    }

    /// The blueprint and the findings, in the order they were made.
    pub(crate) fn finish(self) -> (Blueprint, Vec<Diagnostic>) {
        (self.blueprint, self.diagnostics)
    }
}
