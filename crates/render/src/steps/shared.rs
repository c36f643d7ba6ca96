//! What a cluster that exists shares with others: its list of users and its one policy. A text
//! that made either would take it over and remove what others rely on, so both are added to.

use std::collections::BTreeSet;

use blueprint::ids::ClusterId;
use blueprint::kafka::Cluster;

use super::Site;
use super::script::Script;
use crate::msk;
use crate::object::{Attribute, Object};
use crate::policies;
use crate::value::Value;

/// Secrets in one call of `BatchAssociateScramSecret` (Amazon MSK developer guide, "Limitations
/// when using SCRAM secrets").
const MAX_SECRETS_A_CALL: usize = 10;

/// Title and text of a section.
type Section = (String, String);

/// Clusters that exist, in order.
fn existing<'a>(site: &Site<'a>) -> impl Iterator<Item = (&'a ClusterId, &'a Cluster)> {
    let blueprint = site.blueprint;
    let clusters = blueprint.clusters.iter();
    clusters.filter(move |(id, cluster)| {
        cluster.kind.is_msk() && blueprint.existing.contains_key(&(*id).into())
    })
}

/// Clusters whose lists of users grow.
pub(super) fn with_users<'a>(site: &Site<'a>) -> Vec<(&'a ClusterId, &'a Cluster)> {
    let blueprint = site.blueprint;
    let clusters = existing(site).filter(|(id, _)| !msk::users(blueprint, id).is_empty());
    clusters.collect()
}

/// Clusters whose policies grow.
pub(super) fn with_policy<'a>(site: &Site<'a>) -> Vec<(&'a ClusterId, &'a Cluster)> {
    let blueprint = site.blueprint;
    let clusters = existing(site).filter(|(id, _)| !msk::policy_accounts(blueprint, id).is_empty());
    clusters.collect()
}

/// Account and Region as options of the AWS CLI, and the cluster's ARN.
fn place<'a>(site: &Site<'a>, id: &ClusterId) -> Option<(String, &'a str)> {
    let cluster = site.blueprint.clusters.get(id)?;
    let home = site.blueprint.vpcs.get(&cluster.vpc)?;
    let arn = site.blueprint.existing.get(&id.into())?;
    let at = format!("--profile {} --region {}", home.account, home.region);
    Some((at, arn))
}

/// How users are added to a cluster.
pub(super) fn users(site: &Site<'_>, id: &ClusterId, script: &mut Script<'_, '_>) -> Section {
    let title = format!("Add users to `{id}`");
    let Some((at, arn)) = place(site, id) else {
        return (title, String::new());
    };
    let mut secrets = Vec::new();
    for user in msk::users(site.blueprint, id) {
        let secret = Object::ScramSecret(user.client.clone());
        if let Some((path, name)) = site.given(|held| *held == secret, Attribute::Arn) {
            secrets.push(script.output(&path, &name));
        }
    }
    for batch in secrets.chunks(MAX_SECRETS_A_CALL) {
        script.line(format!(
            "aws kafka batch-associate-scram-secret {at} --cluster-arn {arn} --secret-arn-list {}",
            batch.join(" ")
        ));
    }
    script.line(format!(
        "aws kafka list-scram-secrets {at} --cluster-arn {arn}"
    ));
    let text = "The cluster exists already and may have other users, whom a resource of a template or module would remove: this adds to them. SASL/SCRAM must be on. `UnprocessedScramSecrets` of the answer must be empty; the last command shows every user. Before the secrets are ever deleted, take them from the cluster with `aws kafka batch-disassociate-scram-secret` and the same options.";
    (title, format!("{text}\n\n{}", script.block()))
}

/// What is merged into the policy of a cluster.
pub(super) fn policy(site: &Site<'_>, id: &ClusterId, script: &mut Script<'_, '_>) -> Section {
    let title = format!("Merge statements into the policy of `{id}`");
    let (Some((at, arn)), Some(policy)) =
        (place(site, id), policies::of_cluster(site.blueprint, id))
    else {
        return (title, String::new());
    };
    let accounts: BTreeSet<_> = msk::policy_accounts(site.blueprint, id);
    let accounts: Vec<_> = accounts.iter().map(String::as_str).collect();
    script.line(format!(
        "aws kafka get-cluster-policy {at} --cluster-arn {arn}"
    ));
    let look = script.block();
    let statements = json(site, &policy, 0);
    let text = format!(
        "The cluster exists already and has one policy at most, so no template or module here holds it: putting one replaces all that others were allowed. Look at what it has; `NotFoundException` says that it has none:\n\n{look}\nThese statements let clients of {} in. Add them to those that stand there:\n\n```json\n{statements}\n```\n\nPutting the result is the cluster's owner's own decision: `aws kafka put-cluster-policy {at} --cluster-arn {arn} --current-version VERSION --policy file://MERGED.json`, where `VERSION` is `CurrentVersion` of what was shown, and left out if there was none.\n",
        accounts.join(", ")
    );
    (title, text)
}

/// A policy as JSON; ARNs of what exists are known.
fn json(site: &Site<'_>, value: &Value, depth: usize) -> String {
    let inner = "  ".repeat(depth + 1);
    let outer = "  ".repeat(depth);
    match value {
        Value::List(values) => {
            let items: Vec<_> = values.iter().map(|v| json(site, v, depth + 1)).collect();
            let items = items.join(&format!(",\n{inner}"));
            format!("[\n{inner}{items}\n{outer}]")
        }
        Value::Map(entries) | Value::Block(entries) => {
            let items = entries
                .iter()
                .map(|(key, value)| format!("{}: {}", quoted(key), json(site, value, depth + 1)));
            let items: Vec<_> = items.collect();
            let items = items.join(&format!(",\n{inner}"));
            format!("{{\n{inner}{items}\n{outer}}}")
        }
        Value::Of(object, _) => {
            let noun = object.noun();
            let known = noun.and_then(|noun| site.blueprint.existing.get(&noun));
            quoted(known.map_or("", String::as_str))
        }
        Value::Text(text) => quoted(text),
        Value::Number(number) => number.to_string(),
        Value::Flag(flag) => flag.to_string(),
        // No policy holds these.
        Value::Input(_) | Value::Parameter(_) | Value::Joined(_) | Value::Switched { .. } => {
            quoted("")
        }
    }
}

fn quoted(text: &str) -> String {
    format!("\"{}\"", text.replace('\\', "\\\\").replace('"', "\\\""))
}
