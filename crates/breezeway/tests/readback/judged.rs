//! Every sound example, rendered to both targets, is accepted by every judge: cfn-lint, Terraform
//! with the providers that can be had, and our own.

use std::collections::BTreeMap;
use std::fs;
use std::path::{Path, PathBuf};
use std::sync::OnceLock;

use crate::judges::{Finding, Judges, Module, Planned, Provider, Rendering, Template};
use crate::known::Known;
use crate::whole::examples;
use crate::{cloudformation, own};

const CLOUDFORMATION: &str = "cloudformation";
const TERRAFORM: &str = "terraform";

/// The folder of specs that are broken on purpose.
const BROKEN: &str = "broken-";

/// Specs of articles whose errors `check` tells: what they describe does not work.
const REFUSED: [&str; 3] = [
    "broker-service-article.yaml",
    "cross-account-stream-article.yaml",
    "multi-vpc-nlb-article.yaml",
];

#[test]
fn cfn_lint_has_no_finding() {
    let cfn_lint = match Judges::ready().cfn_lint() {
        Ok(cfn_lint) => cfn_lint,
        Err(why) => return println!("skipped: {why}"),
    };
    let renderings = renderings(CLOUDFORMATION).iter();
    let templates: Vec<Template> = renderings.flat_map(Rendering::templates).collect();
    assert_eq!(shown(cfn_lint.judge(&templates).expect("it runs")), "");
    println!("{} templates, no finding of cfn-lint", templates.len());
}

#[test]
fn our_own_judge_has_no_objection() {
    let mut found = Vec::new();
    for rendering in renderings(CLOUDFORMATION) {
        let files = rendering.files().expect("files");
        let known = Known::of(&blueprint(&rendering.name));
        match cloudformation::read(&files, &known) {
            Ok(reading) => found.extend(
                own::of_graph(&reading.graph)
                    .iter()
                    .map(ToString::to_string),
            ),
            Err(faults) => found.extend(faults),
        }
        found.extend(own::of_texts(&files).iter().map(ToString::to_string));
    }
    for rendering in renderings(TERRAFORM) {
        let files = rendering.files().expect("files");
        found.extend(own::of_texts(&files).iter().map(ToString::to_string));
    }
    assert_eq!(found.join("\n"), "");
}

#[test]
fn terraform_accepts_every_module() {
    let terraform = match Judges::ready().terraform() {
        Ok(terraform) => terraform,
        Err(why) => return println!("skipped: {why}"),
    };
    let mut found = String::new();
    let mut by_provider: BTreeMap<Provider, Vec<Module>> = BTreeMap::new();
    for rendering in renderings(TERRAFORM) {
        for file in terraform.unformatted(&rendering.folder).expect("it runs") {
            found += &format!("{}: {} is not canonical\n", rendering.name, file.display());
        }
        // The stand-in has the newer schema, the real provider knows values; modules of one
        // rendering refer to each other, so they are judged together.
        let texts = rendering.files().expect("files");
        let texts = texts.values().map(String::as_str);
        let best = terraform.best_for(texts).ok();
        let providers = Provider::ALL
            .into_iter()
            .filter(|provider| best == Some(*provider) || *provider == Provider::StandIn);
        for provider in providers {
            match terraform.has(provider) {
                Ok(()) => {
                    let modules = by_provider.entry(provider).or_default();
                    modules.extend(rendering.modules());
                }
                Err(why) => println!("skipped: {why}"),
            }
        }
    }
    if let Err(why) = terraform.has(Provider::Real) {
        println!("skipped: {why}");
    }
    for (provider, modules) in by_provider {
        let root = terraform
            .composed(&modules, provider)
            .expect("it is written");
        found += &shown(root.validate().expect("it runs"));
        if let Planned::Refused(refused) = root.plan().expect("it runs") {
            found += &shown(refused);
        }
        println!("{} modules judged with {provider:?}", modules.len());
    }
    assert_eq!(found, "");
}

fn shown(findings: Vec<Finding>) -> String {
    findings
        .iter()
        .map(|finding| format!("{finding}\n"))
        .collect()
}

/// What the sound examples were rendered to, once.
fn renderings(target: &'static str) -> &'static [Rendering] {
    static CLOUDFORMATION_RENDERED: OnceLock<Vec<Rendering>> = OnceLock::new();
    static TERRAFORM_RENDERED: OnceLock<Vec<Rendering>> = OnceLock::new();
    let rendered = match target {
        CLOUDFORMATION => &CLOUDFORMATION_RENDERED,
        _ => &TERRAFORM_RENDERED,
    };
    rendered.get_or_init(|| {
        let folder = Path::new(env!("CARGO_TARGET_TMPDIR"))
            .join("judged")
            .join(target);
        let _ = fs::remove_dir_all(&folder);
        fs::create_dir_all(&folder).expect("a folder is created");
        let of = |(name, spec): (String, PathBuf)| {
            Rendering::of(&spec, target, &folder.join(name)).expect("a sound spec is rendered")
        };
        specs().into_iter().map(of).collect()
    })
}

/// Specs that are rendered, each with a name for its folder.
fn specs() -> BTreeMap<String, PathBuf> {
    let named = examples().into_iter().map(|path| {
        let parts = path.iter().rev().take(2).map(|part| part.to_string_lossy());
        let mut parts: Vec<_> = parts.collect();
        parts.reverse();
        (parts.join("-"), path)
    });
    named
        .filter(|(name, _)| !name.starts_with(BROKEN) && !REFUSED.contains(&name.as_str()))
        .collect()
}

fn blueprint(name: &str) -> blueprint::Blueprint {
    let text = fs::read_to_string(&specs()[name]).expect("a spec");
    let (spec, _, _) = blueprint::read(&text);
    plan::build(&spec.expect("it is sound")).0
}
