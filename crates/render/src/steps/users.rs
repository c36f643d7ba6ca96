//! Passwords of users of SASL/SCRAM: random, in no file, neither printed nor kept in the shell's
//! history. Amazon MSK takes a secret only when it has one.

use blueprint::ids::ClientId;

use super::script::Script;
use crate::object::Object;
use crate::target::Target;
use crate::unit::{Item, Unit};
use crate::value::Value;

/// What people are told.
pub(super) const ABOUT: &str = " Each user's password is made at random and goes straight into its secret, where whoever runs the client reads it; one that is there already stays.";

/// A secret that the texts leave empty.
pub(super) struct Secret<'u> {
    user: String,
    name: &'u str,
    item: &'u Item,
}

/// The secrets of a unit to which no text gives a value.
pub(super) fn without_value(unit: &Unit) -> Vec<Secret<'_>> {
    let secrets = unit.items.iter().filter_map(|item| {
        let Object::ScramSecret(user) = &item.part.object else {
            return None;
        };
        let mut properties = item.resources.iter().flat_map(|held| &held.properties);
        if properties.any(|(name, _)| name == "GenerateSecretString") {
            return None;
        }
        Some(Secret {
            user: user.to_string(),
            name: name(item)?,
            item,
        })
    });
    secrets.collect()
}

/// What Secrets Manager calls a secret.
fn name(item: &Item) -> Option<&str> {
    let mut properties = item.resources.first()?.properties.iter();
    let (_, value) = properties.find(|(name, _)| name.eq_ignore_ascii_case("name"))?;
    if let Value::Text(name) = value {
        return Some(name);
    }
    None
}

/// Where the host of a client finds its user and password.
pub(super) fn whereabouts(units: &[Unit], client: &ClientId) -> Option<String> {
    let secret = Object::ScramSecret(client.clone());
    let mut found = units
        .iter()
        .filter_map(|unit| Some((unit, unit.item(&secret)?)));
    let (unit, item) = found.next()?;
    Some(format!(
        ", user and password in secret `{}` of account {}",
        name(item)?,
        unit.place.account
    ))
}

/// How Terraform makes the secrets and nothing that needs them.
pub(super) fn first(secrets: &[Secret<'_>]) -> String {
    let targets = secrets.iter().filter_map(|secret| {
        let kind = secret.item.resources.first()?.kind;
        let name = Target::Terraform.written(&secret.item.name);
        Some(format!(" -target={kind}.{name}"))
    });
    let targets: String = targets.collect();
    format!("apply{targets}")
}

/// Gives each secret a random password.
pub(super) fn give_passwords(unit: &Unit, secrets: &[Secret<'_>], script: &mut Script<'_, '_>) {
    let at = format!(
        "--profile {} --region {}",
        unit.place.account, unit.place.region
    );
    for Secret { user, name, .. } in secrets {
        // A password that is there stays: clients use it.
        script.line(format!(
            "known=$(aws secretsmanager list-secret-version-ids {at} --secret-id {name} --query \"length(Versions[?contains(VersionStages, 'AWSCURRENT')] || '')\" --output text)"
        ));
        script.line(format!(
            "if [ \"${{known:?}}\" = 0 ]; then\n  {{ printf '{{\"username\":\"{user}\",\"password\":\"'; aws secretsmanager get-random-password {at} --password-length 32 --exclude-punctuation --query RandomPassword --output text | tr -d '\\n'; printf '\"}}'; }} \\\n    | aws secretsmanager put-secret-value {at} --secret-id {name} --secret-string file:///dev/stdin\nfi"
        ));
    }
}
