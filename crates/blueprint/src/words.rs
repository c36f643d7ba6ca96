//! Closed sets of words: what a file may say and what a program matches on, declared in one place.

/// Declares an enum of words: a variant, its documentation and its word each.
macro_rules! words {
    ($(#[$meta:meta])* $name:ident { $($(#[$variant_doc:meta])* $variant:ident = $word:literal),+ $(,)? }) => {
        $(#[$meta])*
        #[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
        pub enum $name { $($(#[$variant_doc])* $variant),+ }

        impl $name {
            /// Every word, in the order of the documents.
            pub const ALL: &[Self] = &[$(Self::$variant),+];

            /// The words, in the same order.
            pub const WORDS: &[&str] = &[$($word),+];

            /// What a word means.
            pub fn from_word(text: &str) -> Option<Self> {
                Self::ALL.iter().copied().find(|known| known.as_str() == text)
            }

            /// Its word.
            pub const fn as_str(self) -> &'static str {
                match self { $(Self::$variant => $word),+ }
            }
        }

        impl std::fmt::Display for $name {
            fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
                f.pad(self.as_str())
            }
        }
    };
}

pub(crate) use words;
