//! Names that objects have already: a second object of one name is reported and left out.

use std::collections::BTreeMap;

use blueprint::diagnostic::{At, Diagnostic};
use blueprint::key::SpecKey;
use blueprint::read::MAX_NAME_CHARS;

use crate::draft::Draft;

/// Names of interfaces, security groups and what they belong to, and who has them. They share
/// one space: a trace that says `orders` must not leave open which one is meant.
#[derive(Default)]
pub(crate) struct Claims(BTreeMap<String, SpecKey>);

impl Claims {
    /// Takes all the names, or reports the first that is taken and takes none. `renamed` is the
    /// kind and name of what the user would rename.
    pub(crate) fn claim(
        &mut self,
        names: Vec<String>,
        (kind, renamed): (&str, &str),
        key: &SpecKey,
        draft: &mut Draft,
    ) -> bool {
        let taken = names
            .iter()
            .find_map(|name| Some((name, self.0.get(name)?)));
        if let Some((name, holder)) = taken {
            let title = format!("two objects would be called `{name}`");
            let fault = Diagnostic::error("ambiguous-name", title, At::Key(key.clone()))
                .label(format!("`{key}` is left out"))
                .related(At::Key(holder.clone()), format!("`{name}` is taken here"))
                .note("clusters, clients and what is made for them (`CLUSTER-nlb`, `CLUSTER-brokers`, `VPC-CLUSTER`) share one space of names")
                .help(format!(
                    "call {kind} `{renamed}` otherwise, such as `{}`",
                    with_suffix(renamed, kind)
                ));
            draft.report(fault);
            return false;
        }
        for name in names {
            self.0.insert(name, key.clone());
        }
        true
    }
}

/// A name that says what it is of, within the length of names.
fn with_suffix(name: &str, kind: &str) -> String {
    let room = MAX_NAME_CHARS.saturating_sub(kind.len() + 1);
    let cut: String = name.chars().take(room).collect();
    format!("{}-{kind}", cut.trim_end_matches('-'))
}
