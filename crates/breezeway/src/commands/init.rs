//! `breezeway init`: a commented first spec.

use std::io::Write;

use anyhow::Context;

use crate::cli::InitArgs;
use crate::output;

/// The starter spec, the same file that ships beside the examples.
const STARTER: &str = include_str!("../../../../examples/starter.yaml");

pub(crate) fn run(args: &InitArgs) -> anyhow::Result<u8> {
    let shown = args.file.display();
    let created = std::fs::OpenOptions::new()
        .write(true)
        .create_new(true)
        .open(&args.file);
    let mut file = created.with_context(|| {
        format!("could not create `{shown}`; `init` overwrites nothing and makes no folder")
    })?;
    file.write_all(STARTER.as_bytes())
        .with_context(|| format!("could not write `{shown}`"))?;
    output::talk(&format!("wrote `{shown}`; next: `breezeway check {shown}`"));
    Ok(crate::FINE)
}
