//! The table of the language: every key is met by a sound spec, sections are told apart by their
//! names, and what a key has an effect on is in the documents' order.

use std::collections::BTreeSet;

use blueprint::language::{Form, SECTIONS, SPEC, Section};
use blueprint::source::{Node, Source, Value};

const SPECS: [&str; 3] = [
    include_str!("specs/shop.yaml"),
    include_str!("specs/estate.yaml"),
    include_str!("specs/reach.yaml"),
];

/// Notes every key of the table that a value uses.
fn walk(node: &Node, form: &Form, met: &mut BTreeSet<(&'static str, &'static str)>) {
    match (form, &node.value) {
        (Form::Mapping(section), Value::Map(_)) => walk_section(node, section, met),
        (Form::List { item, .. }, Value::List(nodes)) => {
            nodes.iter().for_each(|node| walk(node, item, met));
        }
        (Form::Map { values, .. }, Value::Map(entries)) => {
            entries
                .iter()
                .for_each(|entry| walk(&entry.value, values, met));
        }
        (Form::Either(forms), _) => forms.iter().for_each(|form| walk(node, form, met)),
        (
            Form::Text { .. } | Form::Word(_) | Form::Flag | Form::Number { .. },
            Value::Scalar { .. },
        )
        | (
            _,
            Value::Null | Value::Scalar { .. } | Value::List(_) | Value::Map(_) | Value::Refused,
        ) => {}
    }
}

fn walk_section(node: &Node, section: &Section, met: &mut BTreeSet<(&'static str, &'static str)>) {
    let Value::Map(entries) = &node.value else {
        return;
    };
    for entry in entries {
        let key = section.keys.iter().find(|key| key.name == entry.key.text);
        let key = key.unwrap_or_else(|| panic!("{} has no {}", section.name, entry.key.text));
        met.insert((section.name, key.name));
        walk(&entry.value, &key.form, met);
    }
}

#[test]
fn every_key_is_met_by_a_sound_spec() {
    let mut met = BTreeSet::new();
    for text in SPECS {
        let (source, findings) = Source::parse(text);
        assert_eq!(findings, []);
        walk_section(source.root(), &SPEC, &mut met);
    }
    for section in SECTIONS {
        for key in section.keys {
            let is_met = met.contains(&(section.name, key.name));
            assert!(is_met, "no spec says `{}` of {}", key.name, section.name);
        }
    }
}

#[test]
fn sections_and_keys_are_named_once() {
    let names: BTreeSet<&str> = SECTIONS.iter().map(|section| section.name).collect();
    assert_eq!(names.len(), SECTIONS.len());
    for section in SECTIONS {
        let keys: BTreeSet<&str> = section.names().into_iter().collect();
        assert_eq!(keys.len(), section.keys.len(), "{}", section.name);
        assert!(section.doc.ends_with('.'), "{}", section.name);
        for key in section.keys {
            assert!(key.doc.ends_with('.'), "{} {}", section.name, key.name);
            assert!(!key.example.is_empty(), "{} {}", section.name, key.name);
        }
    }
}
