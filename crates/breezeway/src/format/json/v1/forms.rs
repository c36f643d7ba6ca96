//! How a noun of the blueprint becomes its frozen form: field by field, none left out.

use std::collections::BTreeMap;

/// Defines forms of nouns. Every field of a noun must be named, so that one that is added to the
/// blueprint cannot be forgotten here; behind `=` stands its value in the form.
macro_rules! forms {
    ($($(#[$doc:meta])* $form:ident of $($noun:ident)::+ {
        $($(#[$field_doc:meta])* $field:ident: $type:ty = $value:expr),+ $(,)?
    })+) => {$(
        $(#[$doc])*
        #[derive(Clone, Debug, Serialize)]
        pub struct $form {
            $($(#[$field_doc])* pub $field: $type),+
        }

        impl From<&$($noun)::+> for $form {
            fn from(noun: &$($noun)::+) -> Self {
                let $($noun)::+ { $($field),+ } = noun;
                Self { $($field: $value),+ }
            }
        }
    )+};
}
pub(super) use forms;

/// A value as its text.
pub(super) fn text(value: &impl ToString) -> String {
    value.to_string()
}

/// Values as their texts, in their order.
pub(super) fn texts<T: ToString>(values: impl IntoIterator<Item = T>) -> Vec<String> {
    values.into_iter().map(|value| value.to_string()).collect()
}

/// An optional value as its text.
pub(super) fn maybe<T: ToString>(value: &Option<T>) -> Option<String> {
    value.as_ref().map(ToString::to_string)
}

/// Values in their forms.
pub(super) fn list<'n, N: 'n, F: From<&'n N>>(nouns: &'n [N]) -> Vec<F> {
    nouns.iter().map(F::from).collect()
}

/// A mapping whose values take their forms.
pub(super) fn map<'n, K: ToString, N, F: From<&'n N>>(
    nouns: &'n BTreeMap<K, N>,
) -> BTreeMap<String, F> {
    let entry = |(key, noun): (&K, &'n N)| (key.to_string(), F::from(noun));
    nouns.iter().map(entry).collect()
}

/// A mapping of texts.
pub(super) fn texts_by<K: ToString, V: ToString>(map: &BTreeMap<K, V>) -> BTreeMap<String, String> {
    let entry = |(key, value): (&K, &V)| (key.to_string(), value.to_string());
    map.iter().map(entry).collect()
}
