//! The identifiers of a source file, in order and with their lines: what the guards search, so
//! that comments and strings cannot be mistaken for code.

use proc_macro2::{TokenStream, TokenTree};

use super::Fault;
use crate::repo::File;

/// An identifier or keyword.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct Word {
    pub(super) text: String,
    /// Line, counted from 1.
    pub(super) line: usize,
}

/// Guards that every source can be read, since the others see nothing in one that cannot.
pub(super) fn check(files: &[File]) -> Vec<Fault> {
    let rust = files.iter().filter(|file| file.is_rust());
    rust.filter_map(|file| {
        let error = syn::parse_file(&file.text).err()?;
        let line = error.span().start().line;
        Some(Fault::new(
            &file.path,
            line,
            format!("is not Rust: {error}"),
        ))
    })
    .collect()
}

/// Lists the identifiers and keywords of a source; none if it cannot be read.
pub(super) fn of(source: &str) -> Vec<Word> {
    let mut words = Vec::new();
    if let Ok(tokens) = source.parse() {
        collect(tokens, &mut words);
    }
    words
}

fn collect(tokens: TokenStream, words: &mut Vec<Word>) {
    for token in tokens {
        match token {
            TokenTree::Group(group) => collect(group.stream(), words),
            TokenTree::Ident(ident) => words.push(Word {
                text: ident.to_string(),
                line: ident.span().start().line,
            }),
            TokenTree::Punct(_) | TokenTree::Literal(_) => {}
        }
    }
}

#[cfg(test)]
mod tests {
    use super::super::testing::{files, told};
    use super::*;

    #[test]
    fn comments_and_strings_hold_no_words() {
        let source = "// unsafe\n/// unsafe\nfn f() { let s = \"unsafe\"; }\n";
        let words: Vec<_> = of(source).into_iter().map(|word| word.text).collect();
        assert_eq!(words, ["doc", "fn", "f", "let", "s"]);
    }

    #[test]
    fn macros_are_searched_too() {
        let words = of("macro_rules! m {\n    () => { unsafe {} };\n}\n");
        assert!(
            words
                .iter()
                .any(|word| word.text == "unsafe" && word.line == 2)
        );
    }

    #[test]
    fn a_source_that_is_not_rust_is_told() {
        let files = files([("crates/lab/src/broken.rs", "//! Broken.\nfn f( {}\n")]);
        let told = told(check(&files));
        assert_eq!(told.len(), 1, "{told:?}");
        assert!(told[0].contains("is not Rust"), "{told:?}");
    }
}
