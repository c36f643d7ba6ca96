//! Specs beyond the examples, rendered to CloudFormation and read back: every path must end alike.

use blueprint::Blueprint;
use render::{Target, render};

use super::settled;
use crate::assemble::assemble;
use crate::cloudformation;
use crate::known::Known;
use crate::same::{Fixed, disagreements};
use crate::uncarried::uncarried;
use crate::wiring::FILE;

const SPECS: [(&str, &str); 6] = [
    ("existing", include_str!("specs/existing.yaml")),
    (
        "existing-shared",
        include_str!("specs/existing-shared.yaml"),
    ),
    ("gateways", include_str!("specs/gateways.yaml")),
    ("same-ranges", include_str!("specs/same-ranges.yaml")),
    (
        "serverless-and-express",
        include_str!("specs/serverless-and-express.yaml"),
    ),
    ("zookeeper", include_str!("specs/zookeeper.yaml")),
];

/// What differs between a blueprint and its rendering, a line each.
fn faults(spec: &Blueprint) -> Vec<String> {
    let (rendered, refusals) = render(spec, Target::CloudFormation, &[]);
    let wiring = breezeway::format::wiring::text(&spec.name, false, &rendered);
    let mut files = rendered.files;
    files.insert(FILE.to_owned(), wiring.expect("the wiring"));
    let known = Known::of(spec);
    let reading = match cloudformation::read(&files, &known) {
        Ok(reading) => reading,
        Err(faults) => return faults,
    };
    let made = assemble(&reading, &known);
    let refused = refusals.into_iter().map(|refusal| refusal.title);
    let differing = disagreements(spec, &made.blueprint, Fixed::default());
    refused.chain(made.trouble).chain(differing).collect()
}

#[test]
fn wider_specs_read_back_to_the_same_verdicts() {
    let mut told = Vec::new();
    for (name, text) in SPECS {
        let spec = settled(text);
        assert!(6 <= verify::paths(&spec).len(), "{name}");
        told.extend(
            faults(&spec)
                .into_iter()
                .map(|fault| format!("{name}: {fault}")),
        );
    }
    assert!(told.is_empty(), "{}", told.join("\n"));
}

#[test]
fn what_no_text_carries_is_told() {
    for (name, text) in SPECS {
        let mut spec = settled(text);
        assert_eq!(uncarried(&spec), Vec::<&str>::new(), "{name}");
        for eni in spec.enis.values_mut() {
            eni.security_groups.clear();
        }
        assert_eq!(uncarried(&spec).len(), 1, "{name}");
        spec.public_names
            .values_mut()
            .for_each(|name| name.addresses.clear());
        let n_told = 1 + usize::from(!spec.endpoints.is_empty());
        assert_eq!(uncarried(&spec).len(), n_told, "{name}");
    }
}
