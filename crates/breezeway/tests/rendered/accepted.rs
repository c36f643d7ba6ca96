//! Whether others accept what was rendered: cfn-lint every template, the real Terraform every
//! module, with the real AWS provider where it is there and knows all attributes.

use std::fs;
use std::path::Path;

use anyhow::Context;

use crate::judges::{Finding, Judges, Planned, Provider, Rendering, Scratch};
use crate::subject::Subject;
use crate::tally::Tally;
use crate::wiring::{FILE, Files};

/// Judges the sound ones of a batch.
pub(crate) fn judge(batch: &[Subject], tally: &mut Tally) {
    let sound: Vec<_> = batch.iter().filter(|subject| subject.is_sound).collect();
    if sound.is_empty() {
        return;
    }
    for judged in [lint, plan] {
        if let Err(error) = judged(&sound, tally) {
            tally.complain("a batch", "a judge", vec![format!("{error:#}")]);
        }
    }
}

fn lint(batch: &[&Subject], tally: &mut Tally) -> anyhow::Result<()> {
    let cfn_lint = match Judges::ready().cfn_lint() {
        Ok(cfn_lint) => cfn_lint,
        Err(why) => {
            tally.skip(why.to_string());
            return Ok(());
        }
    };
    let scratch = Scratch::new()?;
    let renderings = written(batch, |subject| &subject.cloudformation, scratch.path())?;
    let templates: Vec<_> = renderings.iter().flat_map(Rendering::templates).collect();
    let findings = cfn_lint.judge(&templates)?;
    tally.count("templates judged by cfn-lint", templates.len());
    tally.count("specs judged by cfn-lint", batch.len());
    tally.complain("a batch", "cfn-lint", told(findings));
    Ok(())
}

fn plan(batch: &[&Subject], tally: &mut Tally) -> anyhow::Result<()> {
    let terraform = match Judges::ready().terraform() {
        Ok(terraform) => terraform,
        Err(why) => {
            tally.skip(why.to_string());
            return Ok(());
        }
    };
    if let Err(why) = terraform.has(Provider::Real) {
        tally.skip(why.to_string());
        return Ok(());
    }
    let scratch = Scratch::new()?;
    let renderings = written(batch, |subject| &subject.terraform, scratch.path())?;
    for file in terraform.unformatted(scratch.path())? {
        let line = format!("{} is not canonical", file.display());
        tally.complain("a batch", "terraform fmt", vec![line]);
    }
    let mut modules = Vec::new();
    for (subject, rendering) in batch.iter().zip(&renderings) {
        let texts = subject.terraform.values().map(String::as_str);
        match terraform.best_for(texts) {
            Ok(Provider::Real) => modules.extend(rendering.modules()),
            Ok(Provider::StandIn) | Err(_) => {
                tally.count("specs newer than the real provider", 1);
            }
        }
    }
    if modules.is_empty() {
        return Ok(());
    }
    let root = terraform.composed(&modules, Provider::Real)?;
    tally.complain("a batch", "terraform validate", told(root.validate()?));
    if let Planned::Refused(findings) = root.plan()? {
        tally.complain("a batch", "terraform plan", told(findings));
    }
    tally.count("modules planned with the real provider", modules.len());
    Ok(())
}

fn told(findings: Vec<Finding>) -> Vec<String> {
    findings.iter().map(ToString::to_string).collect()
}

/// Writes the texts of each subject into a folder of its own.
fn written<'s>(
    batch: &[&'s Subject],
    files: impl Fn(&'s Subject) -> &'s Files,
    below: &Path,
) -> anyhow::Result<Vec<Rendering>> {
    let written = batch.iter().map(|subject| {
        let files = files(subject);
        let name = subject.name.replace(' ', "-");
        let folder = below.join(&name);
        for (path, text) in files {
            let path = folder.join(path);
            let parent = path.parent().context("a file lies in a folder")?;
            fs::create_dir_all(parent)?;
            fs::write(path, text)?;
        }
        let wiring = files.get(FILE).context("the wiring is rendered")?;
        Ok(Rendering {
            wiring: serde_json::from_str(wiring)?,
            name,
            folder,
        })
    });
    written.collect()
}
