//! Nothing is left over from writing: no mark for later, no path of somebody's machine, no
//! host of a package registry (those belong to each user's own configuration).

use super::Fault;
use crate::repo::File;

/// Marks for later. In two halves, or this file would break its own rule.
const MARKS: [&str; 3] = [
    concat!("TO", "DO"),
    concat!("FIX", "ME"),
    concat!("X", "XX"),
];

/// Where people and build machines keep their files.
const MACHINE_PATHS: [&str; 3] = [
    concat!("/ro", "ot/"),
    concat!("/wo", "rk/"),
    concat!("/ho", "me/"),
];

const REGISTRY_HOSTS: [&str; 8] = [
    concat!("static.", "crates.io"),
    concat!("index.", "crates.io"),
    concat!("repo1.", "maven.org"),
    concat!("repo.", "maven.apache.org"),
    concat!("registry.", "npmjs.org"),
    concat!("proxy.", "golang.org"),
    concat!("py", "pi.org"),
    concat!("docker", ".io"),
];

/// The one source that every package of Cargo.lock has.
const LOCK_SOURCE: &str = "source = \"registry+https://github.com/rust-lang/crates.io-index\"";

pub(super) fn check(files: &[File]) -> Vec<Fault> {
    files.iter().flat_map(in_file).collect()
}

fn in_file(file: &File) -> Vec<Fault> {
    let judge = if file.path == "Cargo.lock" {
        in_lock
    } else {
        in_line
    };
    let lines = file.text.lines().enumerate();
    lines
        .flat_map(|(index, line)| judge(line).into_iter().map(move |told| (index + 1, told)))
        .map(|(line, told)| Fault::new(&file.path, line, told))
        .collect()
}

fn in_lock(line: &str) -> Vec<String> {
    let is_foreign = line.starts_with("source = ") && line != LOCK_SOURCE;
    let fault = is_foreign.then(|| "a package from elsewhere than crates.io".to_owned());
    fault.into_iter().collect()
}

fn in_line(line: &str) -> Vec<String> {
    let marks = MARKS.iter().filter(|mark| has_word(line, mark));
    let paths = MACHINE_PATHS.iter().filter(|path| has_path(line, path));
    let hosts = REGISTRY_HOSTS.iter().filter(|host| line.contains(**host));
    marks
        .map(|mark| format!("`{mark}` is left over"))
        .chain(paths.map(|path| format!("`{path}` is a path of one machine")))
        .chain(hosts.map(|host| format!("`{host}` is the host of a registry")))
        .collect()
}

fn has_word(line: &str, word: &str) -> bool {
    line.match_indices(word).any(|(start, _)| {
        let before = line[..start].chars().next_back();
        let after = line[start + word.len()..].chars().next();
        !before.is_some_and(is_of_word) && !after.is_some_and(is_of_word)
    })
}

/// True if the path begins there, and is not the middle of a longer one.
fn has_path(line: &str, path: &str) -> bool {
    line.match_indices(path).any(|(start, _)| {
        let before = line[..start].chars().next_back();
        !before.is_some_and(|c| is_of_word(c) || ".-}*".contains(c))
    })
}

fn is_of_word(c: char) -> bool {
    c.is_alphanumeric() || c == '_'
}

#[cfg(test)]
mod tests {
    use super::super::testing::{files, told};
    use super::*;

    #[test]
    fn marks_paths_and_hosts_are_found() {
        let [mark, ..] = MARKS;
        let [path, ..] = MACHINE_PATHS;
        let [host, ..] = REGISTRY_HOSTS;
        let text = format!("fine\n// {mark}: later\ncd {path}x\nhttps://{host}/y\n");
        assert_eq!(
            told(check(&files([("docs/a.md", &text)]))),
            [
                format!("docs/a.md:2: `{mark}` is left over"),
                format!("docs/a.md:3: `{path}` is a path of one machine"),
                format!("docs/a.md:4: `{host}` is the host of a registry"),
            ]
        );
    }

    #[test]
    fn longer_words_and_paths_are_not() {
        let [mark, ..] = MARKS;
        let [path, ..] = MACHINE_PATHS;
        let text = format!("{mark}S {}x target{path}x\n", mark.to_lowercase());
        assert_eq!(told(check(&files([("docs/a.md", &text)]))), [] as [&str; 0]);
    }

    #[test]
    fn the_lock_knows_one_source() {
        let text = format!("{LOCK_SOURCE}\nsource = \"git+https://example.org/x\"\n");
        assert_eq!(
            told(check(&files([("Cargo.lock", &text)]))),
            ["Cargo.lock:2: a package from elsewhere than crates.io"]
        );
    }
}
