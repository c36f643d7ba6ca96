//! Folders on a disk: what is written, kept and refused, and what an interruption leaves.

use std::collections::BTreeMap;
use std::fs;
use std::os::unix::fs::symlink;
use std::path::{Path, PathBuf};

use super::{Fate, JOURNAL, Obstructed, TEMPORARY, WIRING, Wanted, digest, is_below, work, write};
use crate::format::wiring::FORMAT;

/// A folder that goes with its owner.
struct Scratch(PathBuf);

impl Scratch {
    fn new(name: &str) -> Self {
        let name = format!("breezeway-folder-{name}-{}", std::process::id());
        let folder = std::env::temp_dir().join(name);
        let _ = fs::remove_dir_all(&folder);
        fs::create_dir_all(&folder).unwrap();
        Self(folder)
    }

    fn put(&self, path: &str, text: &str) {
        let at = self.0.join(path);
        fs::create_dir_all(at.parent().unwrap()).unwrap();
        fs::write(at, text).unwrap();
    }
}

impl Drop for Scratch {
    fn drop(&mut self) {
        let _ = fs::remove_dir_all(&self.0);
    }
}

/// A rendering: its files and the wiring that lists them.
struct Rendering {
    name: &'static str,
    target: &'static str,
    files: BTreeMap<String, String>,
    wiring: String,
    discard_edits: bool,
}

fn rendering(files: &[(&str, &str)]) -> Rendering {
    named("orders", "cloudformation", files)
}

fn named(name: &'static str, target: &'static str, files: &[(&str, &str)]) -> Rendering {
    let own = |(path, text): &(&str, &str)| ((*path).to_owned(), (*text).to_owned());
    let files: BTreeMap<_, _> = files.iter().map(own).collect();
    let digests: BTreeMap<_, _> = files
        .iter()
        .map(|(path, text)| (path, digest(text.as_bytes())))
        .collect();
    let units: Vec<_> = files.keys().map(|path| unit(path)).collect();
    let wiring = serde_json::json!({
        "format": FORMAT, "name": name, "target": target, "files": digests, "units": units
    });
    Rendering {
        name,
        target,
        files,
        wiring: wiring.to_string(),
        discard_edits: false,
    }
}

fn unit(path: &str) -> serde_json::Value {
    let stack = path.replace('/', "-");
    serde_json::json!({ "path": path, "stack": stack, "account": "1", "region": "eu" })
}

impl Rendering {
    fn wanted(&self) -> Wanted<'_> {
        Wanted {
            name: self.name,
            target: self.target,
            files: &self.files,
            wiring: &self.wiring,
            discard_edits: self.discard_edits,
        }
    }

    /// Writes it and says what became of each file, `path fate`.
    fn written(&self, folder: &Path) -> Vec<String> {
        let fates = write(folder, &self.wanted()).unwrap().fates;
        let line = |(path, fate): (&String, &Fate)| format!("{path} {}", fate.as_str());
        fates.iter().map(line).collect()
    }

    fn refusal(&self, folder: &Path) -> String {
        let before = tree(folder);
        let error = write(folder, &self.wanted()).expect_err("it is refused");
        assert_eq!(tree(folder), before, "something was written");
        format!("{error:#}").replace(&folder.display().to_string(), "out")
    }

    /// What a folder holds that nothing but this rendering was written to.
    fn alone(&self) -> BTreeMap<String, String> {
        let mut files = self.files.clone();
        files.insert(WIRING.to_owned(), self.wiring.clone());
        files
    }
}

/// Everything below a folder; folders end in `/`, links show where they lead.
fn tree(folder: &Path) -> BTreeMap<String, String> {
    let mut tree = BTreeMap::new();
    let mut folders = vec![folder.to_owned()];
    while let Some(at) = folders.pop() {
        for entry in fs::read_dir(&at).unwrap() {
            let path = entry.unwrap().path();
            let below = path.strip_prefix(folder).unwrap().display().to_string();
            if path.is_symlink() {
                let to = fs::read_link(&path).unwrap();
                tree.insert(below, format!("-> {}", to.display()));
            } else if path.is_dir() {
                folders.push(path);
            } else {
                tree.insert(below, fs::read_to_string(&path).unwrap());
            }
        }
    }
    tree
}

const FIRST: &[(&str, &str)] = &[
    ("1/eu/network.yaml", "network"),
    ("1/eu/cluster.yaml", "cluster"),
    ("2/eu/network.yaml", "shop"),
    ("STEPS.md", "steps"),
];

/// One file less, one changed, one more, two as they were.
const SECOND: &[(&str, &str)] = &[
    ("1/eu/network.yaml", "network with a broker more"),
    ("1/eu/cluster.yaml", "cluster"),
    ("3/us/network.yaml", "another shop"),
    ("STEPS.md", "steps"),
];

#[test]
fn a_second_run_changes_nothing_and_a_third_only_what_differs() {
    let scratch = Scratch::new("runs");
    let first = rendering(FIRST);
    let folder = scratch.0.join("not/there/yet");
    assert_eq!(
        first.written(&folder),
        [
            "1/eu/cluster.yaml written",
            "1/eu/network.yaml written",
            "2/eu/network.yaml written",
            "STEPS.md written"
        ]
    );
    assert_eq!(tree(&folder), first.alone());
    assert!(work(&folder, &first.wanted()).unwrap().steps.is_empty());
    let second = rendering(SECOND);
    assert_eq!(
        second.written(&folder),
        [
            "1/eu/cluster.yaml unchanged",
            "1/eu/network.yaml changed",
            "2/eu/network.yaml removed",
            "3/us/network.yaml written",
            "STEPS.md unchanged"
        ]
    );
    assert_eq!(tree(&folder), second.alone());
    assert!(!folder.join("2").exists(), "an empty folder stays");
}

#[test]
fn files_of_the_user_stay_as_they_are() {
    let scratch = Scratch::new("users");
    rendering(FIRST).written(&scratch.0);
    let own = [
        "2/eu/.terraform/providers/lock",
        "2/eu/terraform.tfstate",
        "2/eu/.terraform.lock.hcl",
        "1/eu/terraform.tfvars",
        "notes.txt",
        ".git/config",
    ];
    for path in own {
        scratch.put(path, "mine");
    }
    let second = rendering(SECOND);
    second.written(&scratch.0);
    let mut expected = second.alone();
    let needed = ("2/eu/network.yaml".to_owned(), "shop".to_owned());
    expected.extend([needed]);
    expected.extend(own.map(|path| (path.to_owned(), "mine".to_owned())));
    assert_eq!(tree(&scratch.0), expected);
}

#[test]
fn what_terraform_needs_to_destroy_stays() {
    let module = |files: &[(&str, &str)]| named("orders", "terraform", files);
    let before = module(&[("2/a.tf", "a"), ("2/b.tf", "b"), ("3/c.tf", "c")]);
    let after = module(&[("2/a.tf", "a")]);
    for state in [".terraform/lock", "terraform.tfstate"] {
        let scratch = Scratch::new("destroy");
        before.written(&scratch.0);
        scratch.put(&format!("2/{state}"), "state");
        scratch.put(&format!("3/{state}"), "state");
        let expected = ["2/a.tf unchanged", "2/b.tf removed", "3/c.tf kept"];
        assert_eq!(after.written(&scratch.0), expected);
        assert_eq!(after.written(&scratch.0), ["2/a.tf unchanged"]);
        let expected = ["2/a.tf unchanged", "2/b.tf written", "3/c.tf unchanged"];
        assert_eq!(before.written(&scratch.0), expected);
    }
}

#[test]
fn units_that_are_gone_are_named_last_ones_first() {
    let scratch = Scratch::new("gone");
    rendering(FIRST).written(&scratch.0);
    let rest = rendering(&[("STEPS.md", "steps")]);
    let gone = write(&scratch.0, &rest.wanted()).unwrap().gone;
    let stacks: Vec<_> = gone.iter().map(|unit| unit.stack.as_str()).collect();
    let expected = [
        "2-eu-network.yaml",
        "1-eu-network.yaml",
        "1-eu-cluster.yaml",
    ];
    assert_eq!(stacks, expected);
}

#[test]
fn foreign_and_edited_files_are_refused_before_anything_is_written() {
    let scratch = Scratch::new("foreign");
    scratch.put("STEPS.md", "my own steps");
    scratch.put("1/eu/cluster.yaml/file", "in a folder");
    scratch.put("2", "a file where a folder is wanted");
    assert_eq!(
        rendering(FIRST).refusal(&scratch.0),
        "nothing was written to `out`, for these are in the way:\n  \
           1/eu/cluster.yaml: `1/eu/cluster.yaml` is a folder\n  \
           2/eu/network.yaml: `2` is no folder\n  \
           STEPS.md: not written by Breezeway"
    );
    let scratch = Scratch::new("edited");
    rendering(FIRST).written(&scratch.0);
    scratch.put("1/eu/network.yaml", "network, edited");
    scratch.put("2/eu/network.yaml", "shop, edited");
    scratch.put("3/us/network.yaml", "not from here");
    let mut second = rendering(SECOND);
    let refusal = "nothing was written to `out`, for these are in the way:\n  \
           1/eu/network.yaml: edited since Breezeway wrote it\n  \
           3/us/network.yaml: not written by Breezeway";
    assert_eq!(second.refusal(&scratch.0), refusal);
    second.discard_edits = true;
    let refusal = "nothing was written to `out`, for these are in the way:\n  \
           3/us/network.yaml: not written by Breezeway";
    assert_eq!(
        second.refusal(&scratch.0),
        refusal,
        "edits alone are discarded"
    );
    fs::remove_file(scratch.0.join("3/us/network.yaml")).unwrap();
    assert_eq!(
        second.written(&scratch.0),
        [
            "1/eu/cluster.yaml unchanged",
            "1/eu/network.yaml changed",
            "2/eu/network.yaml kept",
            "3/us/network.yaml written",
            "STEPS.md unchanged"
        ]
    );
    scratch.put("STEPS.md", "steps, edited");
    let error = write(&scratch.0, &rendering(SECOND).wanted()).expect_err("it is edited");
    let obstructed = error
        .downcast_ref::<Obstructed>()
        .expect("it is obstructed");
    assert!(obstructed.is_only_edits());
}

#[test]
fn a_file_that_stayed_is_the_users_from_then_on() {
    let scratch = Scratch::new("kept");
    rendering(FIRST).written(&scratch.0);
    scratch.put("2/eu/network.yaml", "shop, edited");
    rendering(SECOND).written(&scratch.0);
    let refusal = rendering(FIRST).refusal(&scratch.0);
    assert!(
        refusal.ends_with("2/eu/network.yaml: not written by Breezeway"),
        "{refusal}"
    );
}

#[test]
fn a_lost_wiring_file_is_no_loss_while_nothing_was_edited() {
    let scratch = Scratch::new("lost");
    let first = rendering(FIRST);
    first.written(&scratch.0);
    fs::remove_file(scratch.0.join(WIRING)).unwrap();
    first.written(&scratch.0);
    assert_eq!(tree(&scratch.0), first.alone());
}

#[test]
fn another_spec_or_target_needs_another_folder() {
    let scratch = Scratch::new("others");
    rendering(FIRST).written(&scratch.0);
    for other in [
        named("orders", "terraform", FIRST),
        named("billing", "cloudformation", FIRST),
    ] {
        let refusal = other.refusal(&scratch.0);
        assert!(
            refusal.starts_with("`out` holds `orders` for cloudformation, "),
            "{refusal}"
        );
    }
}

#[test]
fn links_are_not_followed() {
    let scratch = Scratch::new("links");
    let elsewhere = Scratch::new("elsewhere");
    elsewhere.put("network.yaml", "network");
    fs::create_dir(scratch.0.join("1")).unwrap();
    symlink(&elsewhere.0, scratch.0.join("1/eu")).unwrap();
    symlink(elsewhere.0.join("nothing"), scratch.0.join("STEPS.md")).unwrap();
    assert_eq!(
        rendering(FIRST).refusal(&scratch.0),
        "nothing was written to `out`, for these are in the way:\n  \
           1/eu/cluster.yaml: `1/eu` is a symbolic link, which is not followed\n  \
           1/eu/network.yaml: `1/eu` is a symbolic link, which is not followed\n  \
           STEPS.md: `STEPS.md` is a symbolic link, which is not followed"
    );
    let scratch = Scratch::new("linked-temporary");
    elsewhere.put("precious", "precious");
    symlink(elsewhere.0.join("precious"), scratch.0.join(TEMPORARY)).unwrap();
    let first = rendering(FIRST);
    first.written(&scratch.0);
    assert_eq!(tree(&scratch.0), first.alone());
    let precious = fs::read_to_string(elsewhere.0.join("precious"));
    assert_eq!(precious.unwrap(), "precious");
}

#[test]
fn a_wiring_file_that_is_not_ours_is_refused() {
    let listing = |path: &str| {
        let wiring = serde_json::json!({
            "format": FORMAT, "name": "orders", "target": "cloudformation",
            "files": { path: digest(b"secret") }, "units": []
        });
        wiring.to_string()
    };
    let texts = [
        "not JSON".to_owned(),
        "{}".to_owned(),
        listing("a").replace(FORMAT, "breezeway-render/2"),
        listing("../outside"),
        listing("/etc/passwd"),
        listing("a/../../outside"),
        listing("a//b"),
        listing(WIRING),
    ];
    for text in texts {
        for file in [WIRING, JOURNAL] {
            let scratch = Scratch::new("not-ours");
            scratch.put(file, &text);
            let refusal = rendering(FIRST).refusal(&scratch.0);
            assert!(
                refusal.contains("is not as this version of Breezeway writes it"),
                "{refusal}"
            );
        }
    }
}

#[test]
fn paths_stay_below_the_folder() {
    for path in ["a", "a/b.c", "..a/b"] {
        assert!(is_below(path), "{path}");
    }
    for path in [
        "", "/a", "a/", "a//b", "./a", "a/./b", "..", "a/../b", TEMPORARY,
    ] {
        assert!(!is_below(path), "{path}");
    }
    let scratch = Scratch::new("below");
    assert_eq!(
        rendering(&[("../a", "")]).refusal(&scratch.0),
        "`../a` leads out of the folder"
    );
}

#[test]
fn two_runs_at_once_do_not_mix() {
    let scratch = Scratch::new("locked");
    let _lock = super::locked(&scratch.0).unwrap();
    let refusal = rendering(FIRST).refusal(&scratch.0);
    assert!(
        refusal.starts_with("another `breezeway render` is writing to `out`"),
        "{refusal}"
    );
}

/// What a run leaves that ends before its step `n`: half of what it would have written, unnamed.
fn interrupted(folder: &Path, wanted: &Wanted<'_>, n: usize) -> bool {
    let steps = work(folder, wanted).unwrap().steps;
    for step in steps.iter().take(n) {
        step.take(folder).unwrap();
    }
    if n < steps.len() {
        fs::write(folder.join(TEMPORARY), "half of a te").unwrap();
    }
    n < steps.len()
}

#[test]
fn an_interruption_anywhere_is_no_obstacle_for_the_next_run() {
    let (first, second) = (rendering(FIRST), rendering(SECOND));
    let third = rendering(&[("STEPS.md", "other steps"), ("3/us/network.yaml", "third")]);
    let befores = [None, Some(&first)];
    let nexts = [&first, &second, &third];
    let mut n_interruptions = 0;
    for before in befores {
        for next in nexts {
            for n in 0.. {
                let scratch = Scratch::new("interrupted");
                if let Some(before) = before {
                    before.written(&scratch.0);
                }
                let is_cut = interrupted(&scratch.0, &second.wanted(), n);
                next.written(&scratch.0);
                assert_eq!(tree(&scratch.0), next.alone(), "after {n} steps");
                if !is_cut {
                    break;
                }
                n_interruptions += 1;
            }
        }
    }
    assert!(40 <= n_interruptions, "{n_interruptions}");
}

#[test]
fn two_interruptions_in_a_row_are_no_obstacle_either() {
    let (first, second) = (rendering(FIRST), rendering(SECOND));
    let third = rendering(&[("STEPS.md", "other steps"), ("3/us/network.yaml", "third")]);
    let scratch = Scratch::new("twice");
    first.written(&scratch.0);
    let n_steps = work(&scratch.0, &second.wanted()).unwrap().steps.len();
    assert!(5 < n_steps, "{n_steps}");
    for n in 0..=n_steps {
        for m in 0.. {
            let scratch = Scratch::new("twice");
            first.written(&scratch.0);
            interrupted(&scratch.0, &second.wanted(), n);
            let is_cut_again = interrupted(&scratch.0, &third.wanted(), m);
            first.written(&scratch.0);
            assert_eq!(tree(&scratch.0), first.alone(), "after {n} and {m} steps");
            if !is_cut_again {
                break;
            }
        }
    }
}

#[test]
fn what_was_edited_after_an_interruption_is_still_refused() {
    let second = rendering(SECOND);
    for n in 0..8 {
        let scratch = Scratch::new("edited-later");
        rendering(FIRST).written(&scratch.0);
        interrupted(&scratch.0, &second.wanted(), n);
        scratch.put("STEPS.md", "steps, edited");
        let refusal = second.refusal(&scratch.0);
        assert!(
            refusal.ends_with("STEPS.md: edited since Breezeway wrote it"),
            "{refusal}"
        );
    }
}
