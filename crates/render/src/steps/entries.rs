//! The entries, one section each: what is done, by whom, and the commands.

use std::collections::BTreeMap;

use blueprint::Step;
use blueprint::ids::ClusterId;
use blueprint::step::Needed;

use super::Site;
use super::agenda::{Entry, Work};
use super::script::{Helper, Script};
use super::waits;
use super::{shared, users};
use crate::assigned;
use crate::names;
use crate::settings;
use crate::target::Target;
use crate::unit::{Source, Unit};
use crate::value::{NOT_KNOWN_YET, Switch};

/// Terraform's file of values from the first time on; it reads such files in the order of their
/// names, and the last one counts.
const FIRST_VALUES: &str = "first.auto.tfvars";

/// The section of an entry.
pub(super) fn section(
    site: &Site<'_>,
    number: usize,
    entry: &Entry<'_>,
    script: &mut Script<'_, '_>,
) -> String {
    let text = match &entry.work {
        Work::Apply(unit) => apply(site, unit, script),
        Work::Again(unit, switch, step) => again(site, unit, switch, step, script),
        Work::Commands(steps) => commands(site, steps, script),
        Work::Brokers(cluster, brokers) => give(site, cluster, brokers),
        Work::Told(cluster, step) => told(site, cluster, step, script),
        Work::Users(cluster) => shared::users(site, cluster, script),
        Work::Policy(cluster) => shared::policy(site, cluster, script),
        Work::Clients(step) => clients(site, step, script),
    };
    let (title, text) = text;
    format!(
        "### {number}. {title}\n\nAccount {}, {}.\n\n{text}",
        entry.account, entry.region
    )
}

type Section = (String, String);

fn apply(site: &Site<'_>, unit: &Unit, script: &mut Script<'_, '_>) -> Section {
    let made = format!("Makes {}.", inventory(unit));
    let values = values(site.target, unit, script);
    let secrets = users::without_value(unit);
    match site.target {
        Target::CloudFormation => {
            deploy(unit, &values, script);
            users::give_passwords(unit, &secrets, script);
        }
        Target::Terraform => {
            let file = format!("{}/{FIRST_VALUES}", unit.path);
            write_values(&file, &values, script);
            terraform(unit, "init", script);
            if !secrets.is_empty() {
                terraform(unit, &users::first(&secrets), script);
                users::give_passwords(unit, &secrets, script);
            }
            terraform(unit, "apply", script);
        }
    }
    let title = match site.target {
        Target::CloudFormation => format!("Deploy stack `{}`", unit.stack),
        Target::Terraform => format!("Apply `{}`", unit.path),
    };
    let later = later(site.target, unit);
    let secret = match secrets.is_empty() {
        true => "",
        false => users::ABOUT,
    };
    (
        title,
        format!("{made}{later}{secret}\n\n{}", script.block()),
    )
}

/// What is said of values that only the unit's own cluster will say.
fn later(target: Target, unit: &Unit) -> String {
    let own = unit
        .inputs
        .iter()
        .filter(|(_, source)| unit.says_itself(source));
    let own: Vec<_> = own
        .map(|(name, _)| format!("`{}`", target.written(name)))
        .collect();
    if own.is_empty() {
        return String::new();
    }
    let own = own.join(", ");
    match target {
        Target::CloudFormation => format!(
            " {own} stays `{NOT_KNOWN_YET}` by default until a later step gives what this cluster says; do not name it here, so that running this once more keeps it."
        ),
        Target::Terraform => format!(
            " {own} is `{NOT_KNOWN_YET}`: this cluster will say it; a later step gives it in a file that goes before this one."
        ),
    }
}

/// The values of a unit's inputs when it is applied first. Switches are off by default, and so is
/// in a template what the unit's own cluster will say: a parameter that is not named keeps what a
/// later step has given it, whereas Terraform's later file goes before the first.
fn values(target: Target, unit: &Unit, script: &mut Script<'_, '_>) -> Vec<(String, String)> {
    let has_default = |source: &Source| match target {
        Target::CloudFormation => unit.says_itself(source),
        Target::Terraform => false,
    };
    let inputs = unit.inputs.iter();
    let inputs = inputs.filter(|(_, source)| !is_switch(source) && !has_default(source));
    let values = inputs.map(|(name, source)| {
        let value = if unit.says_itself(source) {
            NOT_KNOWN_YET.to_owned()
        } else {
            script.input(unit, name, source)
        };
        (name.clone(), value)
    });
    values.collect()
}

fn is_switch(source: &Source) -> bool {
    match source {
        Source::Switch(_) => true,
        Source::Output { .. } | Source::Outside(_) => false,
    }
}

fn deploy(unit: &Unit, values: &[(String, String)], script: &mut Script<'_, '_>) {
    let mut command = format!(
        "aws cloudformation deploy --profile {} --region {} \\\n  --stack-name {} \\\n  --template-file {} \\\n  --no-fail-on-empty-changeset",
        unit.place.account, unit.place.region, unit.stack, unit.path
    );
    if !values.is_empty() {
        command.push_str(" \\\n  --parameter-overrides");
    }
    for (name, value) in values {
        let name = Target::CloudFormation.written(name);
        command.push_str(&format!(" \\\n    {name}={value}"));
    }
    script.line(command);
}

/// Writes a file of values; a value that is missing stops it.
fn write_values(file: &str, values: &[(String, String)], script: &mut Script<'_, '_>) {
    if values.is_empty() {
        return;
    }
    let lines = values.iter().map(|(name, value)| {
        let name = Target::Terraform.written(name);
        format!("{name} = \"{}\"", value.trim_matches('"'))
    });
    let lines: Vec<_> = lines.collect();
    script.line(format!(
        "cat > {file} <<VALUES\n{}\nVALUES",
        lines.join("\n")
    ));
}

fn terraform(unit: &Unit, verb: &str, script: &mut Script<'_, '_>) {
    script.line(format!(
        "AWS_PROFILE={} terraform -chdir={} {verb}",
        unit.place.account, unit.path
    ));
}

/// How many of what a unit makes.
fn inventory(unit: &Unit) -> String {
    let mut counts: BTreeMap<&str, usize> = BTreeMap::new();
    let mut kinds: Vec<&str> = Vec::new();
    for item in &unit.items {
        let kind = names::kind(&item.part.object);
        if !kinds.contains(&kind) {
            kinds.push(kind);
        }
        *counts.entry(kind).or_default() += 1;
    }
    let made = kinds.into_iter().map(|kind| {
        let n = counts.get(kind).copied().unwrap_or_default();
        let kind = kind.replace('-', " ").replace("vpc", "VPC");
        match (n, kind.strip_suffix('y')) {
            (1, _) => format!("1 {kind}"),
            (_, Some(stem)) if !kind.ends_with("ey") => format!("{n} {stem}ies"),
            (_, _) if kind.ends_with('s') => format!("{n} {kind}"),
            (_, _) => format!("{n} {kind}s"),
        }
    });
    made.collect::<Vec<_>>().join(", ")
}

fn again(
    site: &Site<'_>,
    unit: &Unit,
    switch: &Switch,
    step: &Step,
    script: &mut Script<'_, '_>,
) -> Section {
    let switch = names::of_switch(switch);
    let mut values = Vec::new();
    let inputs = unit.inputs.iter();
    for (name, source) in inputs.filter(|(_, source)| unit.says_itself(source)) {
        values.push((name.clone(), script.input(unit, name, source)));
    }
    values.push((switch.clone(), "true".to_owned()));
    let others = match site.target {
        Target::CloudFormation => {
            deploy(unit, &values, script);
            "Parameters that are not named keep their values."
        }
        Target::Terraform => {
            let file = format!("{}/second-{switch}.auto.tfvars", unit.path);
            write_values(&file, &values, script);
            terraform(unit, "apply", script);
            "Keep the file: without it the next `apply` turns the switch off."
        }
    };
    let title = title(site, step);
    (title, format!("{others}\n\n{}", script.block()))
}

fn commands(site: &Site<'_>, steps: &[&Step], script: &mut Script<'_, '_>) -> Section {
    for step in steps {
        if 1 < steps.len() {
            script.line(format!(
                "# {}",
                assigned::told_in(site.blueprint, &step.title)
            ));
        }
        for line in &step.lines {
            let line = filled(line, step, script, true);
            match line.starts_with("aws ") {
                true => {
                    script.line(format!("{line} --profile {}", step.account));
                    if let Some(wait) = waits::behind(&line, &step.account) {
                        script.helpers.insert(Helper::Until);
                        script.line(wait);
                    }
                }
                false => script.line(line),
            }
        }
    }
    let title = match steps {
        [one] => title(site, one),
        [first, ..] => format!("{}, and {} more", title(site, first), steps.len() - 1),
        [] => String::new(),
    };
    (title, script.block())
}

/// A line in which every text that stands for a value is its variable.
fn filled(line: &str, step: &Step, script: &mut Script<'_, '_>, is_quoted: bool) -> String {
    let held = step
        .values
        .iter()
        .filter(|(text, _)| line.contains(text.as_str()));
    let held: Vec<(&String, &Needed)> = held.collect();
    held.into_iter()
        .fold(line.to_owned(), |line, (text, needed)| {
            let value = script.needed(needed, &step.account, &step.region);
            let value = value.unwrap_or_else(|| script.named_by_user(text));
            match is_quoted && text.starts_with('<') {
                true => line.replace(text, &value),
                false => line.replace(text, value.trim_matches('"')),
            }
        })
}

fn give(site: &Site<'_>, cluster: &ClusterId, brokers: &[u32]) -> Section {
    let settled = site.blueprint.clusters.get(cluster);
    let vpc = settled.and_then(|settled| site.blueprint.vpcs.get(&settled.vpc));
    let files = brokers.iter().filter_map(|broker| {
        let path = settings::path(vpc?, cluster, *broker);
        Some(format!("- broker {broker}: `{path}`\n"))
    });
    let files: String = files.collect();
    let title = format!("Give brokers of `{cluster}` their settings");
    let text = format!(
        "Add these lines to each broker's `server.properties` and restart the brokers one by one, each once the one before is back in sync.\n\n{files}"
    );
    (title, text)
}

fn told(site: &Site<'_>, cluster: &ClusterId, step: &Step, script: &mut Script<'_, '_>) -> Section {
    let title = title(site, step);
    let is_property = step.lines.iter().any(|line| line.starts_with("custom."));
    if !is_property {
        for line in &step.lines {
            let line = filled(line, step, script, false);
            script.line(line);
        }
        let text = "Run them where Kafka's tools are and the brokers can be reached, such as a host in the cluster's VPC. If the brokers ask who you are, `admin.properties` holds the settings of a user who may alter them.";
        return (title, format!("{text}\n\n{}", script.block()));
    }
    let Step {
        account, region, ..
    } = step;
    let arn = site.blueprint.existing.get(&cluster.into());
    let arn = arn.map_or("", String::as_str);
    let at = format!("--profile {account} --region {region}");
    script.line(format!(
        "describe() {{ aws kafka describe-cluster-v2 {at} --cluster-arn {arn} --query \"ClusterInfo.$1\" --output text; }}"
    ));
    for line in [
        "configuration=$(describe Provisioned.CurrentBrokerSoftwareInfo.ConfigurationArn)"
            .to_owned(),
        "revision=$(describe Provisioned.CurrentBrokerSoftwareInfo.ConfigurationRevision)"
            .to_owned(),
        "version=$(describe CurrentVersion)".to_owned(),
        format!(
            "aws kafka describe-configuration-revision {at} --arn \"${{configuration:?}}\" --revision \"${{revision:?}}\" --query ServerProperties --output text | base64 --decode > {cluster}.properties"
        ),
    ] {
        script.line(line);
    }
    for line in &step.lines {
        let line = filled(line, step, script, false);
        script.line(format!("echo \"{line}\" >> {cluster}.properties"));
    }
    script.line(format!(
        "newest=$(aws kafka update-configuration {at} --arn \"${{configuration:?}}\" --server-properties fileb://{cluster}.properties --query LatestRevision.Revision --output text)"
    ));
    script.line(format!(
        "aws kafka update-cluster-configuration {at} --cluster-arn {arn} --current-version \"${{version:?}}\" --configuration-info Arn=\"${{configuration:?}}\",Revision=\"${{newest:?}}\""
    ));
    let text = "The cluster exists already, so its configuration gains a revision. Look at the file before the last two commands: a property must stand in it once. If the cluster has no configuration of its own, make one first (`aws kafka create-configuration`).";
    (title, format!("{text}\n\n{}", script.block()))
}

fn clients(site: &Site<'_>, step: &Step, script: &mut Script<'_, '_>) -> Section {
    let mut settings = Vec::new();
    for line in &step.lines {
        settings.push(filled(&literal(line), step, script, false));
    }
    script.line(format!("cat <<SETTINGS\n{}\nSETTINGS", settings.join("\n")));
    let text = "What this prints is theirs.";
    (title(site, step), format!("{text}\n\n{}", script.block()))
}

/// What a step is called.
fn title(site: &Site<'_>, step: &Step) -> String {
    sentence(&assigned::told_in(site.blueprint, &step.title))
}

/// A line that a shell leaves as it is in a here-document: a client's settings may hold what
/// Kafka replaces, such as `${file:…}`.
fn literal(line: &str) -> String {
    let characters = line.chars().flat_map(|c| {
        let escape = "\\$`".contains(c).then_some('\\');
        escape.into_iter().chain([c])
    });
    characters.collect()
}

/// A fragment as a title.
fn sentence(fragment: &str) -> String {
    let mut letters = fragment.chars();
    let first = letters.next().map(|first| first.to_ascii_uppercase());
    first.into_iter().chain(letters).collect()
}
