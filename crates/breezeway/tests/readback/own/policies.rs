//! Whom policies, services and shares let in, and secrets in resources.

use super::super::graph::{Graph, Node, Prop};
use super::{Objections, reach, shown, walk};

/// Digits of an account.
const N_ACCOUNT_DIGITS: usize = 12;

pub(super) fn judge(graph: &Graph, found: &mut Objections) {
    for node in graph.of_kind("AWS::EC2::VPCEndpointServicePermissions") {
        for principal in reach(node, "AllowedPrincipals") {
            if !principal.text().is_some_and(is_identity) {
                found.at(node, "no-principal", shown(principal));
            }
        }
    }
    for node in graph.of_kind("AWS::RAM::ResourceShare") {
        for principal in reach(node, "Principals") {
            let is_fit =
                |text: &str| is_account(text) || text.starts_with("arn:aws:organizations:");
            if !principal.text().is_some_and(is_fit) {
                found.at(node, "no-principal", shown(principal));
            }
        }
    }
    for node in graph.of_kind("AWS::SecretsManager::Secret") {
        if node.get("SecretString").is_some() {
            found.at(node, "secret-in-text", "SecretString");
        }
    }
    for node in &graph.nodes {
        for prop in node.properties.values() {
            walk(prop, &mut |inner| statements(node, inner, found));
        }
    }
}

/// The statements of a policy, if that is what a value is.
fn statements(node: &Node, policy: &Prop, found: &mut Objections) {
    // Terraform's policies are texts of JSON.
    let text = policy.text().filter(|text| text.starts_with('{'));
    let parsed = text.and_then(|text| serde_json::from_str(text).ok());
    let parsed = parsed.map(from_json);
    let policy = parsed.as_ref().unwrap_or(policy);
    let Some(statements) = policy.get("Statement") else {
        return;
    };
    for statement in super::items(statements) {
        if statement.get("Effect").and_then(Prop::text) == Some("Allow") {
            allowed(node, statement, found);
        }
    }
}

fn allowed(node: &Node, statement: &Prop, found: &mut Objections) {
    let actions = statement
        .get("Action")
        .map(super::items)
        .unwrap_or_default();
    if actions.iter().any(|action| action.text() == Some("*")) {
        found.at(node, "every-action", "a statement allows `*`");
    }
    let Some(principal) = statement.get("Principal") else {
        return;
    };
    let Some(kinds) = principal.map() else {
        return found.at(node, "no-principal", shown(principal));
    };
    for (kind, principals) in kinds {
        for principal in super::items(principals) {
            let text = principal.text().unwrap_or_default();
            let is_fit = match kind.as_str() {
                "AWS" => is_identity(text) || is_account(text) || is_made(principal),
                "Service" => text.ends_with(".amazonaws.com"),
                _ => false,
            };
            if !is_fit {
                found.at(
                    node,
                    "no-principal",
                    format!("{kind}: {}", shown(principal)),
                );
            }
        }
    }
}

/// Whether it is a value that another resource gives.
fn is_made(prop: &Prop) -> bool {
    prop.reference().is_some()
}

/// Whether it is an account's root, a role or a user, as an ARN.
fn is_identity(text: &str) -> bool {
    let Some(rest) = text.strip_prefix("arn:aws:iam::") else {
        return false;
    };
    let Some((account, identity)) = rest.split_once(':') else {
        return false;
    };
    let named = ["role/", "user/"]
        .iter()
        .filter_map(|kind| identity.strip_prefix(kind));
    let is_named = named
        .into_iter()
        .any(|name| !name.is_empty() && !name.contains('*'));
    is_account(account) && (identity == "root" || is_named)
}

fn is_account(text: &str) -> bool {
    text.len() == N_ACCOUNT_DIGITS && text.bytes().all(|byte| byte.is_ascii_digit())
}

fn from_json(value: serde_json::Value) -> Prop {
    match value {
        serde_json::Value::Null => Prop::Text(String::new()),
        serde_json::Value::Bool(flag) => Prop::Flag(flag),
        serde_json::Value::Number(number) => match number.as_i64() {
            Some(number) => Prop::Number(number),
            None => Prop::Text(number.to_string()),
        },
        serde_json::Value::String(text) => Prop::Text(text),
        serde_json::Value::Array(items) => Prop::List(items.into_iter().map(from_json).collect()),
        serde_json::Value::Object(entries) => {
            let entries = entries
                .into_iter()
                .map(|(name, value)| (name, from_json(value)));
            Prop::Map(entries.collect())
        }
    }
}
