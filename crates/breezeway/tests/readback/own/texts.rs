//! Texts: how large a template is, what must stand in no file, what keeps data from being deleted.

use super::super::wiring::Files;
use super::super::yaml::Yaml;
use super::Objections;

/// AWS's quotas of a template (CloudFormation user guide, quotas): inline body, bytes; resources;
/// parameters; outputs.
const MAX_BYTES: usize = 51_200;
const SECTIONS: [(&str, usize); 3] = [("Resources", 500), ("Parameters", 200), ("Outputs", 200)];

/// Resources that hold data or what makes data readable.
const DATA: [&str; 4] = [
    "AWS::KMS::Key",
    "AWS::MSK::Cluster",
    "AWS::MSK::ServerlessCluster",
    "AWS::SecretsManager::Secret",
];

/// What a secret looks like wherever it stands.
const SECRETS: [&str; 3] = [
    "PRIVATE KEY-----",
    "aws_secret_access_key",
    "aws_session_token",
];

/// Names whose value in a file is a secret.
const SECRET_NAMES: [&str; 5] = [
    "password",
    "secretstring",
    "secret_string",
    "passwd",
    "token",
];

/// How a value begins that is not written there.
const ELSEWHERE: [&str; 9] = [
    // A shell's quote ends here, and what is printed next comes from a command.
    "; ",
    "!",
    "{{resolve:",
    "${",
    "var.",
    "aws_",
    "local.",
    "file:",
    "<",
];

/// An access key's first letters and its length.
const ACCESS_KEYS: [&str; 2] = ["AKIA", "ASIA"];
const ACCESS_KEY_LENGTH: usize = 20;

pub(super) fn judge(files: &Files, found: &mut Objections) {
    for (path, text) in files {
        secrets(path, text, found);
        let is_code = [".yaml", ".tf", ".properties"]
            .iter()
            .any(|end| path.ends_with(end));
        if is_code && (text.contains("0.0.0.0/0") || text.contains("::/0")) {
            found.add(path, "whole-world", "an open range stands in the text");
        }
        if path.ends_with(".yaml") {
            template(path, text, found);
        }
    }
}

fn secrets(path: &str, text: &str, found: &mut Objections) {
    for (number, line) in text.lines().enumerate() {
        let words = line.split(|c: char| !c.is_ascii_alphanumeric());
        let is_key = words.into_iter().any(|word| {
            word.len() == ACCESS_KEY_LENGTH && ACCESS_KEYS.iter().any(|key| word.starts_with(key))
        });
        let is_secret = SECRETS.iter().any(|secret| line.contains(secret));
        if is_key || is_secret || is_value_of_secret(line) {
            found.add(
                format!("{path}:{}", number + 1),
                "secret-in-text",
                line.trim(),
            );
        }
    }
}

/// Whether a line gives something of a secret's name a value that is written there.
fn is_value_of_secret(line: &str) -> bool {
    let is_of_name = |c: char| c.is_ascii_alphanumeric() || c == '_';
    line.match_indices([':', '=']).any(|(at, _)| {
        let before = line[..at].trim_end_matches(['"', '\'', ' ']);
        let name = before.rsplit(|c| !is_of_name(c)).next().unwrap_or_default();
        let value = line[at + 1..]
            .trim_start_matches(['"', '\'', ' '])
            .trim_end();
        let is_elsewhere = ELSEWHERE.iter().any(|begin| value.starts_with(begin));
        let is_secret = SECRET_NAMES.contains(&name.to_ascii_lowercase().as_str());
        is_secret && !value.is_empty() && !is_elsewhere
    })
}

fn template(path: &str, text: &str, found: &mut Objections) {
    if MAX_BYTES <= text.len() {
        found.add(path, "large-template", format!("{} bytes", text.len()));
    }
    let root = match Yaml::read(text) {
        Ok(root) => root,
        Err(why) => return found.add(path, "no-template", why),
    };
    for (section, most) in SECTIONS {
        let entries = root
            .get(section)
            .and_then(Yaml::entries)
            .unwrap_or_default();
        if most <= entries.len() {
            found.add(
                path,
                "large-template",
                format!("{} {section}", entries.len()),
            );
        }
    }
    let resources = root
        .get("Resources")
        .and_then(Yaml::entries)
        .unwrap_or_default();
    for (name, resource) in resources {
        let text = |key: &str| resource.get(key).and_then(Yaml::text);
        let is_data = text("Type").is_some_and(|kind| DATA.contains(&kind));
        let kept = ["DeletionPolicy", "UpdateReplacePolicy"].map(|key| text(key) == Some("Retain"));
        if is_data && kept != [true, true] {
            found.add(
                format!("{path}: {name}"),
                "data-not-retained",
                "deletion policies",
            );
        }
    }
}
