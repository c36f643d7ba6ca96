//! The same mutations made to Terraform's modules: those whose change of text is a value's or that
//! of a resource nobody refers to. All of them are read with one run of Terraform.

use blueprint::Blueprint;
use render::Target;

use super::text::Text;
use super::{Case, rows};
use crate::assemble::assemble;
use crate::judges::Terraform;
use crate::known::Known;
use crate::same::{Fixed, disagreements};
use crate::terraform::{Read, Rendering, read};
use crate::wiring::Files;

/// Kinds that are tried.
const KINDS: [&str; 22] = [
    "listener on another port",
    "listener removed",
    "listeners' target groups swapped",
    "target on another port",
    "target at another broker",
    "target group's targets swapped",
    "cross-zone turned around",
    "balancer's rules judge PrivateLink",
    "ingress rule for another port",
    "egress rule removed",
    "rule's group replaced",
    "endpoints' services swapped",
    "route removed",
    "route to another range",
    "subnet in another zone",
    "subnet without its route table",
    "network ACL entry flipped",
    "VPC without DNS",
    "propagation removed",
    "static route removed",
    "record removed",
    "resolver rule for another domain",
];

/// A mutation that changes a verdict.
struct Mutated {
    /// Which, for people.
    name: String,
    blueprint: Blueprint,
    files: Files,
    known: Known,
}

/// What came of it.
pub(crate) struct Outcome {
    pub(crate) n_made: usize,
    pub(crate) faults: Vec<String>,
}

/// Makes one mutation of each kind, in the first case where one changes a verdict.
pub(crate) fn run(terraform: &Terraform, cases: &[Case]) -> Outcome {
    let mut faults = Vec::new();
    let mut made = Vec::new();
    for kind in KINDS {
        match mutated(cases, kind) {
            Ok(mutated) => made.push(mutated),
            Err(why) => faults.push(format!("{kind}: {why}")),
        }
    }
    let renderings = made.iter().map(|one| Rendering {
        files: &one.files,
        known: &one.known,
    });
    let read = match read(terraform, &renderings.collect::<Vec<_>>()) {
        Ok(read) => read,
        Err(why) => {
            faults.push(format!("{why:#}"));
            Vec::new()
        }
    };
    for (one, read) in made.iter().zip(&read) {
        let found = one.faults(read).into_iter();
        faults.extend(found.map(|fault| format!("{}: {fault}", one.name)));
    }
    Outcome {
        n_made: read.len(),
        faults,
    }
}

fn mutated(cases: &[Case], kind: &str) -> Result<Mutated, String> {
    let row = rows().find(|row| row.name == kind).ok_or("no such kind")?;
    let mut last = "no change of it changes a verdict".to_owned();
    for case in cases {
        for change in (row.changes)(case) {
            let mut blueprint = case.blueprint.clone();
            (change.blueprint)(&mut blueprint);
            if !case.tells(&blueprint) {
                continue;
            }
            let mut text = Text::of(&case.blueprint, Target::Terraform)?;
            if let Err(why) = (change.text)(&mut text) {
                last = why;
                continue;
            }
            return Ok(Mutated {
                name: format!("{}: {kind}: {}", case.name, change.site),
                files: text.files(),
                known: Known::of(&case.blueprint),
                blueprint,
            });
        }
    }
    Err(last)
}

impl Mutated {
    fn faults(&self, read: &Read) -> Vec<String> {
        let reading = match read {
            Ok(reading) => reading,
            Err(faults) => return faults.clone(),
        };
        let made = assemble(reading, &self.known);
        let fixed = Fixed {
            endpoint_addresses: true,
        };
        let mut faults = made.trouble;
        faults.extend(disagreements(&self.blueprint, &made.blueprint, fixed));
        faults
    }
}
