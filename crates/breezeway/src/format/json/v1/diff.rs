//! What `plan --diff --format json` prints.

use serde::Serialize;

use crate::format::changes;

/// What changes between two specs.
#[derive(Clone, Debug, Serialize)]
pub struct Diff {
    /// 1.
    pub version: u32,
    /// The old spec's path as it was given.
    pub old: String,
    /// The new spec's path as it was given.
    pub new: String,
    /// Whether nothing that exists is touched.
    pub only_adds: bool,
    /// What becomes of each object that differs.
    pub changes: Vec<Change>,
}

/// What becomes of one object.
#[derive(Clone, Debug, Serialize)]
pub struct Change {
    /// `added`, `changed`, `replaced` or `removed`.
    pub change: &'static str,
    /// What it is, in words.
    pub kind: String,
    /// Its id.
    pub id: String,
    /// What differs in it.
    pub fields: Vec<Field>,
    /// Why it is made anew.
    pub because: Vec<Reason>,
}

/// What differs in one field.
#[derive(Clone, Debug, Serialize)]
pub struct Field {
    /// Name of the field, in words.
    pub field: &'static str,
    /// Values it loses.
    pub lost: Vec<String>,
    /// Values it gains.
    pub gained: Vec<String>,
}

/// Why an object is made anew.
#[derive(Clone, Debug, Serialize)]
pub struct Reason {
    /// AWS's property.
    pub property: &'static str,
    /// Why it is not changed in place.
    pub because: &'static str,
    /// Who says so.
    pub source: &'static str,
}

impl From<&plan::diff::Change> for Change {
    fn from(change: &plan::diff::Change) -> Self {
        use plan::diff::ChangeKind;
        let (fields, because) = match &change.kind {
            ChangeKind::Added | ChangeKind::Removed => (&[][..], &[][..]),
            ChangeKind::Changed { fields } => (&fields[..], &[][..]),
            ChangeKind::Replaced { fields, because } => (&fields[..], &because[..]),
        };
        Self {
            change: changes::word(&change.kind),
            kind: changes::kind_in_words(change.object.kind),
            id: change.object.id.clone(),
            fields: fields.iter().map(Field::from).collect(),
            because: because.iter().map(|reason| Reason::from(*reason)).collect(),
        }
    }
}

impl From<&plan::diff::FieldChange> for Field {
    fn from(field: &plan::diff::FieldChange) -> Self {
        Self {
            field: field.field,
            lost: field.lost.clone(),
            gained: field.gained.clone(),
        }
    }
}

impl From<&plan::diff::Reason> for Reason {
    fn from(reason: &plan::diff::Reason) -> Self {
        Self {
            property: reason.property,
            because: reason.because,
            source: reason.source,
        }
    }
}
