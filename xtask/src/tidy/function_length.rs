//! No function is longer than a screen, from its signature to its closing brace, tests
//! included.

use syn::spanned::Spanned;
use syn::visit::{self, Visit};

use super::Fault;
use crate::repo::File;

/// A screen of code: the limit that TigerBeetle argues for, which the tail of praised
/// codebases keeps as well.
const LINES_MAX: usize = 70;

/// A function and its extent.
struct Function {
    name: String,
    /// Line of its signature, counted from 1.
    line: usize,
    n_lines: usize,
}

pub(super) fn check(files: &[File]) -> Vec<Fault> {
    let mut faults = Vec::new();
    for file in files {
        for function in functions(file) {
            if LINES_MAX < function.n_lines {
                let message = format!(
                    "`{}` has {} lines; {LINES_MAX} is the most",
                    function.name, function.n_lines
                );
                faults.push(Fault::new(&file.path, function.line, message));
            }
        }
    }
    faults
}

/// Says how long functions are, for a person who watches the tail.
pub(super) fn measure(files: &[File]) -> String {
    let mut lengths: Vec<usize> = files
        .iter()
        .flat_map(functions)
        .map(|function| function.n_lines)
        .collect();
    lengths.sort_unstable();
    let at = |percent: usize| lengths.get(lengths.len() * percent / 100).copied();
    format!(
        "{} functions; lines: median {}, p90 {}, longest {}",
        lengths.len(),
        at(50).unwrap_or(0),
        at(90).unwrap_or(0),
        lengths.last().copied().unwrap_or(0)
    )
}

fn functions(file: &File) -> Vec<Function> {
    let mut found = Found(Vec::new());
    if file.is_rust()
        && let Ok(source) = syn::parse_file(&file.text)
    {
        found.visit_file(&source);
    }
    found.0
}

struct Found(Vec<Function>);

impl Found {
    fn add(&mut self, signature: &syn::Signature, body: &syn::Block) {
        let line = signature.span().start().line;
        let end = body.brace_token.span.close().end().line;
        self.0.push(Function {
            name: signature.ident.to_string(),
            line,
            n_lines: end + 1 - line,
        });
    }
}

impl<'ast> Visit<'ast> for Found {
    fn visit_item_fn(&mut self, function: &'ast syn::ItemFn) {
        self.add(&function.sig, &function.block);
        visit::visit_item_fn(self, function);
    }

    fn visit_impl_item_fn(&mut self, function: &'ast syn::ImplItemFn) {
        self.add(&function.sig, &function.block);
        visit::visit_impl_item_fn(self, function);
    }

    fn visit_trait_item_fn(&mut self, function: &'ast syn::TraitItemFn) {
        if let Some(body) = &function.default {
            self.add(&function.sig, body);
        }
        visit::visit_trait_item_fn(self, function);
    }
}

#[cfg(test)]
mod tests {
    use super::super::testing::{files, told};
    use super::*;

    fn function(n_lines: usize) -> String {
        format!("fn long() {{\n{}}}\n", "    g();\n".repeat(n_lines - 2))
    }

    #[test]
    fn seventy_lines_are_the_most() {
        let just = format!("//! M.\n{}", function(70));
        let more = format!("//! M.\n#[test]\n{}", function(71));
        let files = files([("crates/lab/src/a.rs", &just), ("xtask/src/b.rs", &more)]);
        assert_eq!(
            told(check(&files)),
            ["xtask/src/b.rs:3: `long` has 71 lines; 70 is the most"]
        );
    }

    #[test]
    fn methods_and_nested_functions_count() {
        let text = format!(
            "//! M.\nimpl S {{\n{}}}\ntrait T {{\n{}}}\nmod m {{\n{}}}\n",
            function(71),
            function(72),
            format_args!("fn outer() {{\n{}}}\n", function(73)),
        );
        let told = told(check(&files([("crates/lab/src/a.rs", &text)])));
        assert_eq!(told.len(), 4, "{told:?}");
    }

    #[test]
    fn lengths_are_measured() {
        let text = format!("{}{}", function(4), function(9));
        let files = files([("crates/lab/src/a.rs", &text)]);
        assert_eq!(
            measure(&files),
            "2 functions; lines: median 9, p90 9, longest 9"
        );
    }
}
