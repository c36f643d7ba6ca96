//! The dependencies between our crates are exactly those that ARCHITECTURE.md draws, in a block
//! `edges` for what is built and a block `dev-edges` for what tests use besides.

use std::collections::{BTreeMap, BTreeSet};

use anyhow::{Context, bail};
use serde_json::Value;

use super::Fault;
use crate::command;
use crate::repo::File;

const DRAWING: &str = "ARCHITECTURE.md";

/// What each crate depends on, of ours.
type Edges = BTreeMap<String, BTreeSet<String>>;

pub(super) fn check(files: &[File]) -> anyhow::Result<Vec<Fault>> {
    let Some(drawing) = files.iter().find(|file| file.path == DRAWING) else {
        return Ok(vec![Fault::new(DRAWING, 0, "is not there")]);
    };
    let metadata = metadata()?;
    let mut faults = Vec::new();
    for (block, is_dev) in [("edges", false), ("dev-edges", true)] {
        let manifests = from_metadata(&metadata, is_dev);
        match from_drawing(&drawing.text, block) {
            Ok(drawn) => faults.extend(compare(&drawn, &manifests, block)),
            Err(message) => faults.push(Fault::new(DRAWING, 0, message)),
        }
    }
    Ok(faults)
}

fn compare(drawn: &Edges, manifests: &Edges, block: &str) -> Vec<Fault> {
    let mut faults = Vec::new();
    for (from, to) in pairs(manifests) {
        if !drawn.get(from).is_some_and(|drawn| drawn.contains(to)) {
            let message = format!("lacks `{from} -> {to}` among its {block}");
            faults.push(Fault::new(DRAWING, 0, message));
        }
    }
    for (from, to) in pairs(drawn) {
        if !manifests.get(from).is_some_and(|built| built.contains(to)) {
            let message =
                format!("draws `{from} -> {to}` among its {block}, which no manifest has");
            faults.push(Fault::new(DRAWING, 0, message));
        }
    }
    if block == "edges" {
        let missing = manifests.keys().filter(|name| !drawn.contains_key(*name));
        faults.extend(
            missing.map(|name| Fault::new(DRAWING, 0, format!("does not list the crate `{name}`"))),
        );
    }
    faults
}

fn pairs(edges: &Edges) -> impl Iterator<Item = (&String, &String)> {
    edges
        .iter()
        .flat_map(|(from, to)| to.iter().map(move |to| (from, to)))
}

/// Reads the lines `from -> to, to` of a fenced block.
fn from_drawing(text: &str, block: &str) -> Result<Edges, String> {
    let fence = format!("```{block}");
    let mut lines = text.lines().skip_while(|line| *line != fence);
    if lines.next().is_none() {
        return Err(format!("has no block `{block}`"));
    }
    let mut edges = Edges::new();
    for line in lines.take_while(|line| *line != "```") {
        let (from, to) = line
            .split_once("->")
            .ok_or_else(|| format!("draws `{line}`, which is no edge"))?;
        let names = to.split(',').map(str::trim).filter(|name| !name.is_empty());
        edges.insert(from.trim().to_owned(), names.map(str::to_owned).collect());
    }
    Ok(edges)
}

/// Reads the edges between workspace members, of tests alone or of all that is built.
fn from_metadata(metadata: &Value, is_dev: bool) -> Edges {
    let packages = metadata["packages"]
        .as_array()
        .map_or(&[][..], Vec::as_slice);
    let names: BTreeSet<_> = packages.iter().filter_map(|p| p["name"].as_str()).collect();
    let mut edges = Edges::new();
    for package in packages {
        let Some(name) = package["name"].as_str() else {
            continue;
        };
        let dependencies = package["dependencies"].as_array().into_iter().flatten();
        let ours = dependencies
            .filter(|dependency| (dependency["kind"] == "dev") == is_dev)
            .filter_map(|dependency| dependency["name"].as_str())
            .filter(|dependency| names.contains(dependency));
        edges.insert(name.to_owned(), ours.map(str::to_owned).collect());
    }
    edges
}

fn metadata() -> anyhow::Result<Value> {
    let mut cargo = command::cargo(["metadata", "--format-version", "1", "--no-deps"]);
    let output = command::captured(&mut cargo)?;
    if !output.success {
        bail!("`cargo metadata` failed: {}", output.stderr.trim());
    }
    serde_json::from_str(&output.stdout).context("failed to read what `cargo metadata` printed")
}

#[cfg(test)]
mod tests {
    use super::super::testing::told;
    use super::*;

    const DRAWN: &str = "# A\n```edges\nlab  -> blueprint\nblueprint ->\n```\n";

    fn metadata_of(lab: Value) -> Value {
        serde_json::json!({ "packages": [
            { "name": "blueprint", "dependencies": [{ "name": "serde", "kind": null }] },
            { "name": "lab", "dependencies": lab },
        ]})
    }

    fn faults(metadata: &Value) -> Vec<String> {
        let drawn = from_drawing(DRAWN, "edges").unwrap();
        told(compare(&drawn, &from_metadata(metadata, false), "edges"))
    }

    #[test]
    fn edges_as_drawn_are_fine() {
        let lab = serde_json::json!([{ "name": "blueprint", "kind": null }]);
        assert_eq!(faults(&metadata_of(lab)), [] as [&str; 0]);
    }

    #[test]
    fn an_edge_too_many_and_one_too_few_are_told() {
        let lab = serde_json::json!([{ "name": "lab", "kind": "build" }]);
        assert_eq!(
            faults(&metadata_of(lab)),
            [
                "ARCHITECTURE.md: draws `lab -> blueprint` among its edges, which no manifest has",
                "ARCHITECTURE.md: lacks `lab -> lab` among its edges",
            ]
        );
    }

    #[test]
    fn tests_edges_are_apart() {
        let lab = serde_json::json!([{ "name": "blueprint", "kind": "dev" }]);
        let edges = from_metadata(&metadata_of(lab), true);
        assert_eq!(pairs(&edges).count(), 1);
    }

    #[test]
    fn a_crate_that_is_not_drawn_is_told() {
        let manifests = Edges::from([("wire".to_owned(), BTreeSet::new())]);
        assert_eq!(
            told(compare(&Edges::new(), &manifests, "edges")),
            ["ARCHITECTURE.md: does not list the crate `wire`"]
        );
    }

    #[test]
    fn a_drawing_without_the_block_is_told() {
        assert_eq!(
            from_drawing(DRAWN, "dev-edges"),
            Err("has no block `dev-edges`".to_owned())
        );
    }
}
