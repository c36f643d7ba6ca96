//! A random spec, settled, perhaps with a fault put into its blueprint.

use std::collections::BTreeMap;
use std::rc::Rc;

use blueprint::Blueprint;
use blueprint::diagnostic::Diagnostic;

use crate::{faults, generate};

/// Drafts of an estate until its fault fits one: two VPCs that are peered and a third that could
/// be are rare, about one draft in thirty.
const N_DRAFTS: u64 = 1_000;

/// An estate that is settled.
pub(crate) struct Settled {
    /// What it was settled to, faults included.
    pub(crate) blueprint: Rc<Blueprint>,
    /// What it was settled to before faults were put in.
    #[allow(dead_code, reason = "only the read-back run compares with it")]
    pub(crate) before: Blueprint,
    /// What the faults are called that were put into the blueprint.
    pub(crate) faults: Vec<&'static str>,
    /// Whether every path must be delivered.
    pub(crate) sound: bool,
    /// By which pattern each client reaches its cluster.
    pub(crate) patterns: BTreeMap<String, String>,
    /// What the reader and the plan found.
    pub(crate) diagnostics: Vec<Diagnostic>,
}

/// Takes the first draft that the estate's fault fits.
pub(crate) fn settle(seed: u64, index: u64) -> anyhow::Result<Settled> {
    for n_draft in 0..N_DRAFTS {
        let estate = generate::estate(seed, index, n_draft);
        let (spec, _, mut diagnostics) = blueprint::read(&estate.text);
        let Some(spec) = spec else {
            anyhow::bail!("the generated spec was refused: {:?}", diagnostics.first());
        };
        let (mut settled, found) = plan::build(&spec);
        diagnostics.extend(found);
        let before = settled.clone();
        let draw = estate.blueprint_faults;
        let faults = draw.map_or(Ok(Vec::new()), |draw| faults::apply(&mut settled, draw));
        if let Ok(faults) = faults {
            return Ok(Settled {
                before,
                faults,
                blueprint: Rc::new(settled),
                sound: estate.sound,
                patterns: estate.patterns,
                diagnostics,
            });
        }
    }
    anyhow::bail!("its fault fits no draft")
}
