//! The reference page of the spec, written from the table of the language.

use blueprint::language::{Form, Key, Need, SECTIONS, Section};

/// What stands before the tables.
const HEAD: &str = "\
# The spec, key by key

One YAML file. Keys are snake_case; Kafka's own settings keep Kafka's spelling. A key that is not listed here is an error with a suggestion. What has a default may be left out; `breezeway plan` prints every value that was filled in, and why.

A name is lower-case letters, digits and hyphens, up to 31, beginning with a letter.

`breezeway schema > breezeway.schema.json` writes the same as a JSON Schema. An editor that knows YAML's language server completes and judges keys by it once the spec's first line names the file: `# yaml-language-server: $schema=breezeway.schema.json`. The schema judges forms only; `breezeway check` judges everything.

This page and the schema are written from the table by which specs are read; `UPDATE=1 cargo test -p breezeway --test language` writes them anew.
";

/// What stands behind them.
const TAIL: &str = "\
## What connections share

Connections to one cluster by `privatelink` share its balancer: what one of them says of `ports`, `advertise`, `cross_zone` and `balancer_zones` holds for all, and two that contradict each other are an error. Connections of another `group` have listeners of their own.
";

/// The page.
pub fn page() -> String {
    let sections: String = SECTIONS.iter().map(|section| chapter(section)).collect();
    format!("{HEAD}\n{sections}{TAIL}")
}

fn chapter(section: &Section) -> String {
    let title = title(section);
    let rows: String = section.keys.iter().map(row).collect();
    format!(
        "## {title}\n\n{}\n\n| key | what it says | value | without it |\n|---|---|---|---|\n{rows}\n",
        section.doc
    )
}

fn title(section: &Section) -> String {
    let parts = section.path.split(" and ").filter(|path| !path.is_empty());
    let parts: Vec<String> = parts.map(|path| format!("`{path}`")).collect();
    if parts.is_empty() {
        "Top".to_owned()
    } else {
        parts.join(" and ")
    }
}

fn row(key: &Key) -> String {
    let ways: Vec<String> = key.with.iter().map(|via| format!("`{via}`")).collect();
    let ways = if ways.is_empty() {
        String::new()
    } else {
        format!(" With {}.", ways.join(", "))
    };
    let value = format!("{}, such as `{}`", words(&key.form), key.example);
    let cells = [
        format!("`{}`", key.name),
        format!("{}{ways}", key.doc),
        value,
        without(key),
    ];
    format!(
        "| {} |\n",
        cells.map(|cell| cell.replace('|', "\\|")).join(" | ")
    )
}

fn without(key: &Key) -> String {
    match key.need {
        Need::Required => "required".to_owned(),
        Need::Unless(other) => format!("required, unless `{other}`"),
        Need::UnlessSays { key, word, default } => {
            format!("{default} for `{key}: {word}`, else required")
        }
        Need::Default(default) => default.to_owned(),
    }
}

/// A form in words.
fn words(form: &Form) -> String {
    match form {
        Form::Text { what, .. } => (*what).to_owned(),
        Form::Word(words) => {
            let words: Vec<String> = words.iter().map(|word| format!("`{word}`")).collect();
            words.join(", ")
        }
        Form::Flag => "`true` or `false`".to_owned(),
        Form::Number { min, max } => format!("a number from {min} to {max}"),
        Form::List {
            item,
            max,
            may_be_empty,
        } => {
            let least = if *may_be_empty { "" } else { "at least one, " };
            format!("a list ({least}at most {max}) of {}", inner(item))
        }
        Form::Map {
            keys, values, max, ..
        } => format!(
            "a mapping (at most {max}) from {} to {}",
            inner(keys),
            inner(values)
        ),
        Form::Mapping(section) => format!("a mapping, see {}", title(section)),
        Form::Either(forms) => {
            let forms: Vec<String> = forms.iter().map(words).collect();
            forms.join("; or ")
        }
    }
}

/// A form in words inside another one's.
fn inner(form: &Form) -> String {
    match form {
        Form::Either(_) | Form::Word(_) => format!("({})", words(form)),
        Form::Mapping(_)
        | Form::Text { .. }
        | Form::Flag
        | Form::Number { .. }
        | Form::List { .. }
        | Form::Map { .. } => words(form),
    }
}
