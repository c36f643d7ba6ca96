//! Random estates, some of them broken, rendered to both targets, read back and walked again: each
//! path must end alike, and both targets must say the same.

use std::collections::BTreeMap;
use std::time::Instant;

use render::{Target, render};

use crate::dialects::{Used, differences};
use crate::judges::{Judges, Provider, Terraform};
use crate::settled::settle;
use crate::uncarried::uncarried;
use crate::whole::Example;

/// Says how many estates are tried instead of `N_ESTATES`, and from which seed.
const ESTATES: &str = "BREEZEWAY_READBACK_ESTATES";
const SEED: &str = "BREEZEWAY_READBACK_SEED";

/// Estates tried otherwise: half a minute on two busy cores.
const N_ESTATES: u64 = 24;

/// Estates in one run of Terraform, which holds a plan of all of them in memory.
const N_TOGETHER: usize = 30;

fn asked(name: &str, default: u64) -> u64 {
    let said = std::env::var(name).ok();
    said.map_or(default, |said| said.parse().expect("a number"))
}

/// A title without what it says of one spec.
fn without_names(title: &str) -> String {
    let words = title.split(['`', '"']).step_by(2);
    let words = words.collect::<Vec<_>>().join("…");
    words.replace(|c: char| c.is_ascii_digit(), "#")
}

/// What came of estates.
#[derive(Debug, Default)]
struct Tally {
    n_agreeing: usize,
    n_paths: usize,
    n_objects: usize,
    /// Estates that cannot be made as they are, by why.
    left_out: BTreeMap<String, usize>,
    told: Vec<String>,
}

impl Tally {
    fn leave_out(&mut self, why: &str) {
        *self.left_out.entry(why.to_owned()).or_default() += 1;
    }

    /// An estate that texts can carry.
    fn estate(&mut self, seed: u64, index: u64) -> Option<Example> {
        let settled = match settle(seed, index) {
            Ok(settled) => settled,
            Err(why) => {
                self.leave_out(&format!("generator: {why}"));
                return None;
            }
        };
        if let Some(why) = uncarried(&settled.blueprint).first() {
            self.leave_out(why);
            return None;
        }
        let blueprint = settled.blueprint.as_ref().clone();
        Some(Example::of(
            &format!("seed {seed} estate {index}"),
            blueprint,
        ))
    }

    fn add(&mut self, all: &[Example], terraform: Option<&Terraform>) {
        let theirs = terraform.map(|terraform| Example::read_modules(all, terraform));
        for (index, one) in all.iter().enumerate() {
            let ours = one.read_templates();
            let mut faults = one.faults(&ours, Target::CloudFormation);
            if let Some(theirs) = theirs.as_ref().map(|theirs| &theirs[index]) {
                faults.extend(one.faults(theirs, Target::Terraform));
                if let (Ok(ours), Ok(theirs)) = (&ours, theirs) {
                    faults.extend(differences(ours, theirs, &mut Used::default()));
                }
            }
            self.n_objects += ours.map_or(0, |ours| ours.graph.nodes.len());
            self.n_paths += verify::paths(&one.blueprint).len();
            let (_, refused) = render(&one.blueprint, Target::CloudFormation, &[]);
            if faults.is_empty() {
                self.n_agreeing += 1;
            } else if let Some(first) = refused.first() {
                // It is rendered all the same, and differs where it cannot be made.
                self.leave_out(&format!("refused: {}", without_names(&first.title)));
            } else {
                self.told
                    .push(format!("{}:\n  {}", one.name, faults.join("\n  ")));
            }
        }
    }
}

#[test]
fn random_estates_read_back_from_both() {
    let (n_estates, seed) = (asked(ESTATES, N_ESTATES), asked(SEED, 11));
    let terraform = Judges::ready().with(Provider::StandIn);
    let began = Instant::now();
    let mut tally = Tally::default();
    let mut all: Vec<Example> = Vec::new();
    for index in 0..n_estates {
        all.extend(tally.estate(seed, index));
        if N_TOGETHER <= all.len() {
            tally.add(&std::mem::take(&mut all), terraform);
        }
    }
    tally.add(&all, terraform);
    println!(
        "{} of {n_estates} estates read back alike: {} paths, {} objects in templates; Terraform \
         {}; left out {:?}; {} s",
        tally.n_agreeing,
        tally.n_paths,
        tally.n_objects,
        if terraform.is_some() {
            "too"
        } else {
            "skipped"
        },
        tally.left_out,
        began.elapsed().as_secs()
    );
    assert!(tally.told.is_empty(), "{}", tally.told.join("\n"));
    let n_agreeing = u64::try_from(tally.n_agreeing).expect("a number");
    assert!(2 * n_estates <= 3 * n_agreeing, "most estates can be made");
}
