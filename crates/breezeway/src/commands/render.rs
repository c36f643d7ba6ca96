//! `breezeway render`: texts for CloudFormation or Terraform, listed, shown or written to a folder.

use std::path::Path;

use anyhow::bail;
use blueprint::diagnostic::{Diagnostic, Level};
use blueprint::facts::Facts;
use render::{Rendered, Target, render};

use super::check;
use crate::cli::{PlanFormat, RenderArgs};
use crate::estate::{self, Estate, Judged};
use crate::folder::{self, Done, Fate, Wanted};
use crate::format::count::count;
use crate::format::rendering;
use crate::{format, output};

/// Errors that a file names before it counts the rest: enough to find them by `check`.
const MAX_NAMED: usize = 20;

/// What was rendered of a spec, if anything was.
struct Rendering<'e> {
    estate: &'e Estate,
    target: Target,
    judged: Judged,
    texts: Option<Texts>,
}

/// The texts.
struct Texts {
    /// Name of the spec.
    name: String,
    rendered: Rendered,
    /// Text of the wiring file.
    wiring: String,
    despite_findings: bool,
}

pub(crate) fn run(args: &RenderArgs) -> anyhow::Result<u8> {
    if args.out.as_deref() == Some(Path::new("-")) {
        bail!("`--out` takes a folder; `--show FILE` prints one file");
    }
    let estate = Estate::load(&args.spec.spec)?;
    let (facts, sound) = estate::facts(args.facts.as_deref())?;
    if !sound {
        return Ok(crate::FINDINGS);
    }
    let rendering = Rendering::of(&estate, &facts, args)?;
    if args.format == PlanFormat::Full {
        rendering.tell_findings();
    }
    match (&rendering.texts, &args.show) {
        (Some(texts), Some(file)) => output::data(texts.file(file)?)?,
        (Some(_), None) | (None, _) => rendering.deliver(args)?,
    }
    Ok(match rendering.texts {
        Some(_) => crate::FINE,
        None => crate::FINDINGS,
    })
}

impl<'e> Rendering<'e> {
    /// Renders, unless there are errors that the user does not allow.
    fn of(estate: &'e Estate, facts: &Facts, args: &RenderArgs) -> anyhow::Result<Self> {
        let target = Target::from(args.to);
        let Some(blueprint) = &estate.blueprint else {
            return Ok(Self {
                estate,
                target,
                judged: estate.judged(None),
                texts: None,
            });
        };
        let (rendered, found) = render(blueprint, target, &header(&blueprint.name, &[]));
        let judged = check::examined_with(estate, facts, found).judged;
        let errors: Vec<_> = errors(&judged).collect();
        let rendered = match (errors.is_empty(), args.despite_findings) {
            (true, _) => Some(rendered),
            (false, true) => Some(render(blueprint, target, &header(&blueprint.name, &errors)).0),
            (false, false) => None,
        };
        let despite_findings = !errors.is_empty();
        let texts = rendered.map(|rendered| Texts::of(&blueprint.name, rendered, despite_findings));
        Ok(Self {
            estate,
            target,
            texts: texts.transpose()?,
            judged,
        })
    }

    /// Draws the findings and says what they mean for the rendering.
    fn tell_findings(&self) {
        let Self {
            estate,
            judged,
            texts,
            ..
        } = self;
        if !judged.findings.is_empty() {
            output::talk(&check::drawn(estate, &judged.findings));
            output::talk("");
        }
        check::tell_suppressed(judged);
        let n_errors = count(errors(judged).count(), "error");
        match texts {
            Some(texts) if texts.despite_findings => output::talk(&format!(
                "rendered despite {n_errors}, and every file says so"
            )),
            Some(_) => {}
            None if estate.blueprint.is_some() => output::talk(&format!(
                "nothing was rendered: {n_errors}; `--despite-findings` renders all the same and says so in every file"
            )),
            None => output::talk(&format!(
                "nothing was rendered: {n_errors}, and a spec that cannot be read settles to nothing, so `--despite-findings` would not help"
            )),
        }
    }

    /// Lists the files, or writes them and says what became of each.
    fn deliver(&self, args: &RenderArgs) -> anyhow::Result<()> {
        let out = args.out.as_deref();
        let done = match (&self.texts, out) {
            (Some(texts), Some(folder)) => Some(texts.write(folder, self.target, args)?),
            (Some(_), None) | (None, _) => None,
        };
        match (args.format, &self.texts) {
            (PlanFormat::Json, _) => output::data(&self.json(out, done.as_ref())?),
            (PlanFormat::Full, None) => Ok(()),
            (PlanFormat::Full, Some(texts)) => match (out, done) {
                (Some(folder), Some(done)) => told(folder, &texts.rendered, &done),
                (Some(_) | None, _) => {
                    output::data(&rendering::list(&texts.rendered))?;
                    output::talk(
                        "nothing was written; `--show FILE` prints a file, `--out DIR` writes all of them",
                    );
                    Ok(())
                }
            },
        }
    }

    fn json(&self, out: Option<&Path>, done: Option<&Done>) -> anyhow::Result<String> {
        let out = out.map(|folder| folder.display().to_string());
        let rendered = self.texts.as_ref().map(|texts| &texts.rendered);
        Ok(format::json::render(
            &self.estate.file,
            &self.estate.source,
            &self.judged.findings,
            &self.judged.suppressed,
            &format::json::v1::render::Of {
                target: self.target,
                out,
                rendered,
                fates: done.map(|done| &done.fates),
            },
        )?)
    }
}

impl Texts {
    fn of(name: &str, rendered: Rendered, despite_findings: bool) -> anyhow::Result<Self> {
        Ok(Self {
            name: name.to_owned(),
            wiring: format::wiring::text(name, despite_findings, &rendered)?,
            rendered,
            despite_findings,
        })
    }

    /// The text of a file.
    fn file(&self, path: &str) -> anyhow::Result<&str> {
        if path == folder::WIRING {
            return Ok(&self.wiring);
        }
        let files = &self.rendered.files;
        let Some(text) = files.get(path.trim_start_matches("./")) else {
            let near = blueprint::nearest(path, files.keys().map(String::as_str));
            let near = near.map_or_else(String::new, |near| format!("; did you mean `{near}`?"));
            bail!("no file is called `{path}`{near} (without `--show` all are listed)");
        };
        Ok(text)
    }

    fn write(&self, folder: &Path, target: Target, args: &RenderArgs) -> anyhow::Result<Done> {
        let wanted = Wanted {
            name: &self.name,
            target: target.as_str(),
            files: &self.rendered.files,
            wiring: &self.wiring,
            discard_edits: args.discard_edits,
        };
        folder::write(folder, &wanted)
    }
}

fn errors(judged: &Judged) -> impl Iterator<Item = &Diagnostic> {
    let findings = judged.findings.iter();
    findings.filter(|finding| finding.level == Level::Error)
}

/// What every file begins with.
fn header(name: &str, errors: &[&Diagnostic]) -> Vec<String> {
    let mut lines = vec![format!(
        "rendered by Breezeway from the spec `{name}`: edit the spec, not this file"
    )];
    if errors.is_empty() {
        return lines;
    }
    lines.push(format!(
        "rendered despite {} of the spec, so that not all of it works:",
        count(errors.len(), "error")
    ));
    let named = errors.iter().take(MAX_NAMED);
    lines.extend(named.map(|error| format!("error[{}]: {}", error.name, error.title)));
    if let n_more @ 1.. = errors.len().saturating_sub(MAX_NAMED) {
        lines.push(format!("and {}", count(n_more, "more error")));
    }
    lines
}

/// Says what became of the files, and what that does not do.
fn told(folder: &Path, rendered: &Rendered, done: &Done) -> anyhow::Result<()> {
    output::data(&rendering::fates(rendered, &done.fates))?;
    if done.fates.values().any(|fate| *fate == Fate::Kept) {
        output::talk(
            "what is kept is yours from now on: it is rendered no more, but was edited or applied; destroy what it made before you delete it",
        );
    }
    if !done.gone.is_empty() {
        output::talk(
            "stacks of removed templates stay in AWS until you delete them, in this order:",
        );
    }
    for unit in &done.gone {
        output::talk(&format!(
            "  aws cloudformation delete-stack --profile {} --region {} --stack-name {}",
            unit.account, unit.region, unit.stack
        ));
    }
    output::talk(&format!(
        "next: `{}` says what to do, and in which order",
        folder.join("STEPS.md").display()
    ));
    Ok(())
}
