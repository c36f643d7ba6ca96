//! How to go back: what is removed in which order, and what stays because it holds data or carries
//! what does.

use std::collections::BTreeSet;

use super::Site;
use super::accepter;
use crate::names;
use crate::target::Target;
use crate::unit::{Item, Source, Unit};

/// Removes a stack and waits for it.
const REMOVE_STACK: &str = "remove() {\n  aws cloudformation delete-stack --profile \"$1\" --region \"$2\" --stack-name \"$3\" &&\n    aws cloudformation wait stack-delete-complete --profile \"$1\" --region \"$2\" --stack-name \"$3\"\n}\n";

/// The section.
pub(super) fn text(site: &Site<'_>) -> String {
    let staying = staying(site);
    let mut lines = Vec::new();
    for unit in site.units.iter().rev() {
        if !staying.contains(unit.path.as_str()) {
            lines.push(removal(site, unit));
        }
    }
    for role in accepter::all(site) {
        let at = format!("--profile {} --role-name {}", role.account, role.name);
        lines.push(format!(
            "aws iam delete-role-policy {at} --policy-name {}",
            accepter::POLICY
        ));
        lines.push(format!("aws iam delete-role {at}"));
    }
    let mut text = "## Going back\n\nFirst give clients and brokers their former settings and turn switches off, as above with `false`. Then remove in reverse order; what fails stops the rest:\n\n```sh\n".to_owned();
    text.push_str(match site.target {
        Target::CloudFormation => REMOVE_STACK,
        Target::Terraform => "",
    });
    text.push_str(&format!("{}\n```\n\n", lines.join(" &&\n")));
    text.push_str(&kept(site, &staying));
    text
}

fn removal(site: &Site<'_>, unit: &Unit) -> String {
    let place = &unit.place;
    match site.target {
        Target::CloudFormation => {
            format!("remove {} {} {}", place.account, place.region, unit.stack)
        }
        Target::Terraform => format!(
            "AWS_PROFILE={} terraform -chdir={} destroy",
            place.account, unit.path
        ),
    }
}

fn holds_data(unit: &Unit) -> bool {
    let mut held = unit.items.iter().flat_map(|item| &item.resources);
    held.any(|held| held.keeps_data)
}

/// The paths of the units that stay: those which what is kept stands on, and with Terraform, which
/// refuses to destroy any of it, those which hold it too.
fn staying<'a>(site: &Site<'a>) -> BTreeSet<&'a str> {
    let mut staying: BTreeSet<&str> = BTreeSet::new();
    // Units stand in the order in which they are applied, so what one reads comes before it.
    for unit in site.units.iter().rev() {
        let holds = holds_data(unit);
        let is_refused = match site.target {
            Target::CloudFormation => false,
            Target::Terraform => holds,
        };
        if is_refused {
            staying.insert(&unit.path);
        }
        if holds || staying.contains(unit.path.as_str()) {
            staying.extend(unit.inputs.values().filter_map(|source| match source {
                Source::Output { unit, .. } => site.unit(unit).map(|unit| unit.path.as_str()),
                Source::Outside(_) | Source::Switch(_) => None,
            }));
        }
    }
    staying
}

/// What outlives the removal of its unit, and what is therefore left.
fn kept(site: &Site<'_>, staying: &BTreeSet<&str>) -> String {
    let items = site
        .units
        .iter()
        .flat_map(|unit| unit.items.iter().map(move |item| (unit, item)));
    let kept: Vec<_> = items
        .filter_map(|(unit, item)| {
            let held = item.resources.iter().find(|held| held.keeps_data)?;
            Some((unit, item, held.kind))
        })
        .collect();
    if kept.is_empty() {
        return String::new();
    }
    let left = left(site, staying);
    match site.target {
        Target::CloudFormation => {
            let kept: Vec<_> = kept.into_iter().map(|(_, item, _)| told(item)).collect();
            format!("What holds data is kept: {}.{left}\n\n", kept.join(", "))
        }
        Target::Terraform => {
            let kept = kept.into_iter().map(|(unit, item, kind)| {
                let name = site.target.written(&item.name);
                format!("- {}: `{kind}.{name}` in `{}`\n", told(item), unit.path)
            });
            let kept: String = kept.collect();
            format!(
                "Where something holds data, `prevent_destroy` stops `terraform destroy`, which then removes nothing of that folder:\n\n{kept}\nTo give it up with its data, take that line out of its file. To keep it and remove the rest of its folder, take it out of the state first: `terraform -chdir=FOLDER state rm ADDRESS`.{left}\n\n"
            )
        }
    }
}

/// What stays because what is kept needs it.
fn left(site: &Site<'_>, staying: &BTreeSet<&str>) -> String {
    let left = site.units.iter().rev();
    let left = left.filter(|unit| staying.contains(unit.path.as_str()));
    let left: Vec<_> = left
        .map(|unit| format!("`{}`", removal(site, unit)))
        .collect();
    if left.is_empty() {
        return String::new();
    }
    let why = match site.target {
        Target::CloudFormation => "A cluster that is kept stands in its network, which",
        Target::Terraform => "That, and the network in which a kept cluster stands,",
    };
    format!(
        " {why} is therefore not removed above. Once you have deleted yourself what is kept: {}.",
        left.join(", then ")
    )
}

/// What an item is, for people.
fn told(item: &Item) -> String {
    let kind = names::kind(&item.part.object).replace('-', " ");
    format!("{kind} `{}`", item.name)
}
