//! Both dialects of every example.

use render::Target;

use super::{Used, differences};
use crate::cloudformation;
use crate::judges::{Judges, Provider};
use crate::terraform::{self, Rendering};
use crate::whole::Example;
use crate::wiring::Reading;

/// Both readings of each example, or none where Terraform cannot be had.
fn both(all: &[Example]) -> Option<Vec<[Reading; 2]>> {
    let terraform = Judges::ready().with(Provider::StandIn)?;
    let files: Vec<_> = all
        .iter()
        .map(|example| example.files(Target::Terraform))
        .collect();
    let renderings = all.iter().zip(&files).map(|(example, files)| Rendering {
        files,
        known: &example.known,
    });
    let read = terraform::read(terraform, &renderings.collect::<Vec<_>>()).expect("it runs");
    let both = all.iter().zip(read).map(|(example, theirs)| {
        let ours = cloudformation::read(&example.files(Target::CloudFormation), &example.known);
        [ours.expect("templates"), theirs.expect("modules")]
    });
    Some(both.collect())
}

#[test]
fn cloudformation_and_terraform_of_every_example_say_the_same() {
    let all = Example::all();
    let Some(both) = both(&all) else { return };
    let mut used = Used::default();
    let mut told = Vec::new();
    let mut n_objects = 0;
    for (example, [ours, theirs]) in all.iter().zip(&both) {
        n_objects += ours.graph.nodes.len();
        let lines = differences(ours, theirs, &mut used);
        if !lines.is_empty() {
            told.push(format!(
                "{}:\n  {}",
                example.spec.display(),
                lines.join("\n  ")
            ));
        }
    }
    assert!(told.is_empty(), "{}", told.join("\n"));
    assert_eq!(used.stale(), Vec::<String>::new());
    assert!(1000 < n_objects, "{n_objects} objects");
}
