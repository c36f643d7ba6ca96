//! The cache folder: where it lies, and how its parts appear complete or not at all.

use std::ffi::OsString;
use std::fs::{File, TryLockError};
use std::path::{Path, PathBuf};
use std::time::{Duration, Instant, UNIX_EPOCH};

use super::error::{KafkaError, at};
use super::settings::hash;
use super::version::Version;

/// Raised when the contents of a version's folder change meaning, so that folders made by another
/// Breezeway are not mistaken for ours.
const LAYOUT: &str = "kafka-1";

/// Longest wait for another process that fetches and prepares: Maven's own limit and some more.
const CLAIM_LIMIT: Duration = Duration::from_secs(15 * 60);

/// Pause between two tries for the lock; short against the ten seconds of a fetch.
const CLAIM_PAUSE: Duration = Duration::from_millis(100);

/// The folder below which everything fetched and prepared is kept.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Cache {
    root: PathBuf,
}

impl Cache {
    /// Finds the cache: `$BREEZEWAY_CACHE`, else `breezeway` in `$XDG_CACHE_HOME`, else
    /// `.cache/breezeway` in `$HOME`. Nothing is created yet.
    ///
    /// # Errors
    /// When none of the three is set.
    pub fn locate() -> Result<Self, KafkaError> {
        Self::locate_by(&|name| std::env::var_os(name))
    }

    fn locate_by(variable: &dyn Fn(&str) -> Option<OsString>) -> Result<Self, KafkaError> {
        let folder = |name| {
            variable(name)
                .filter(|value| !value.is_empty())
                .map(PathBuf::from)
        };
        let root = folder("BREEZEWAY_CACHE")
            .or_else(|| folder("XDG_CACHE_HOME").map(|folder| folder.join("breezeway")))
            .or_else(|| folder("HOME").map(|folder| folder.join(".cache/breezeway")))
            .ok_or(KafkaError::NoCache)?;
        Self::at(&root)
    }

    /// The cache in a folder of the caller's choice.
    ///
    /// # Errors
    /// When the path is relative and the working directory is gone.
    pub fn at(root: &Path) -> Result<Self, KafkaError> {
        let root = std::path::absolute(root).map_err(at("find", root))?;
        Ok(Self { root })
    }

    /// The folder itself, an absolute path.
    pub fn root(&self) -> &Path {
        &self.root
    }

    /// Where the jars and prepared files of a version lie.
    pub(super) fn folder_of_version(&self, version: Version) -> PathBuf {
        self.root.join(LAYOUT).join(version.to_string())
    }

    /// Where files prepared for an installation lie that is not the cache's own.
    pub(super) fn folder_of_installation(&self, version: Version, jars: &[PathBuf]) -> PathBuf {
        self.root
            .join(LAYOUT)
            .join(format!("{version}-at-{}", fingerprint(jars)))
    }

    /// Takes the right to change `folder`, waiting while another process or thread has it;
    /// `waiting` is called once if that is so.
    pub(super) fn claim(
        &self,
        folder: &Path,
        waiting: &mut dyn FnMut(),
    ) -> Result<Claim, KafkaError> {
        let above = folder.parent().unwrap_or(&self.root);
        std::fs::create_dir_all(above).map_err(at("create", above))?;
        let path = folder.with_added_extension("lock");
        let lock = File::options()
            .create(true)
            .append(true)
            .open(&path)
            .map_err(at("open", &path))?;
        let began = Instant::now();
        let mut told = false;
        loop {
            match lock.try_lock() {
                Ok(()) => {
                    return Ok(Claim {
                        _lock: lock,
                        folder: folder.to_owned(),
                    });
                }
                Err(TryLockError::Error(source)) => return Err(at("lock", path)(source)),
                Err(TryLockError::WouldBlock) if CLAIM_LIMIT < began.elapsed() => {
                    return Err(KafkaError::Locked {
                        path,
                        limit: CLAIM_LIMIT,
                    });
                }
                Err(TryLockError::WouldBlock) => {
                    if !told {
                        waiting();
                    }
                    told = true;
                    std::thread::sleep(CLAIM_PAUSE);
                }
            }
        }
    }
}

/// The right of one process to change a folder of the cache; given back when dropped, or by the
/// kernel when the process dies.
pub(super) struct Claim {
    _lock: File,
    folder: PathBuf,
}

impl Claim {
    /// Makes the folder unless it is there: `fill` fills a sibling, which is renamed last.
    /// Says whether it was made.
    pub(super) fn fill(
        &self,
        fill: &mut dyn FnMut(&Path) -> Result<(), KafkaError>,
    ) -> Result<bool, KafkaError> {
        if self.folder.is_dir() {
            return Ok(false);
        }
        let part = self.folder.with_added_extension("part");
        recreate(&part)?;
        fill(&part)?;
        std::fs::rename(&part, &self.folder).map_err(at("create", &self.folder))?;
        Ok(true)
    }

    /// Makes one file of the folder: `make` works in an empty folder of its own and gives the path
    /// of what it made there, which is renamed last. A file that is there is left alone.
    pub(super) fn make_file<E: From<KafkaError>>(
        &self,
        file: &Path,
        make: &mut dyn FnMut(&Path) -> Result<PathBuf, E>,
    ) -> Result<(), E> {
        if file.exists() {
            return Ok(());
        }
        let work = self.folder.join("making");
        recreate(&work)?;
        let made = make(&work).and_then(|made| {
            std::fs::rename(made, file).map_err(|source| at("create", file)(source).into())
        });
        let cleared = std::fs::remove_dir_all(&work).map_err(at("remove", work));
        made?;
        Ok(cleared?)
    }
}

/// Makes `folder` an empty folder; leftovers are those of a process that died, as the caller holds
/// the claim.
fn recreate(folder: &Path) -> Result<(), KafkaError> {
    match std::fs::remove_dir_all(folder) {
        Err(source) if source.kind() != std::io::ErrorKind::NotFound => {
            return Err(at("remove", folder)(source));
        }
        Ok(()) | Err(_) => {}
    }
    std::fs::create_dir_all(folder).map_err(at("create", folder))
}

/// Sixteen hexadecimal digits that change when one of the files does: by path, size and time.
pub(super) fn fingerprint(files: &[PathBuf]) -> String {
    let described = files.iter().map(|file| {
        let (size, time) = std::fs::metadata(file).map_or((0, 0), |data| {
            let age = data
                .modified()
                .ok()
                .and_then(|time| time.duration_since(UNIX_EPOCH).ok());
            (data.len(), age.map_or(0, |age| age.as_nanos()))
        });
        format!("{}|{size}|{time}\n", file.display())
    });
    format!("{:016x}", hash(described.collect::<String>().as_bytes(), 0))
}

#[cfg(test)]
mod tests {
    use std::sync::Barrier;
    use std::sync::atomic::{AtomicUsize, Ordering};

    use super::*;

    /// A folder of this test alone, removed at the end.
    struct Scratch(PathBuf);

    impl Scratch {
        fn new(name: &str) -> Self {
            let path =
                std::env::temp_dir().join(format!("breezeway-cache-{name}-{}", std::process::id()));
            recreate(&path).unwrap();
            Self(path)
        }
    }

    impl Drop for Scratch {
        fn drop(&mut self) {
            let _ = std::fs::remove_dir_all(&self.0);
        }
    }

    type Variables = &'static [(&'static str, &'static str)];

    #[test]
    fn the_first_variable_that_is_set_names_the_folder() {
        let cases: [(Variables, Option<&str>); 5] = [
            (
                &[
                    ("BREEZEWAY_CACHE", "/b"),
                    ("XDG_CACHE_HOME", "/x"),
                    ("HOME", "/h"),
                ],
                Some("/b"),
            ),
            (
                &[("XDG_CACHE_HOME", "/x"), ("HOME", "/h")],
                Some("/x/breezeway"),
            ),
            (&[("HOME", "/h")], Some("/h/.cache/breezeway")),
            (
                &[("BREEZEWAY_CACHE", ""), ("HOME", "/h")],
                Some("/h/.cache/breezeway"),
            ),
            (&[], None),
        ];
        for (set, expected) in cases {
            let variable = |name: &str| {
                let found = set.iter().find(|(key, _)| *key == name);
                found.map(|(_, value)| OsString::from(value))
            };
            let located = Cache::locate_by(&variable).ok();
            assert_eq!(
                located.as_ref().map(Cache::root),
                expected.map(Path::new),
                "{set:?}"
            );
        }
    }

    #[test]
    fn two_at_once_fetch_once_and_see_only_the_whole() {
        let scratch = Scratch::new("once");
        let cache = Cache::at(&scratch.0).unwrap();
        let folder = cache.folder_of_version(Version::DEFAULT);
        let (n_fetches, start) = (AtomicUsize::new(0), Barrier::new(2));
        let both = |_| {
            start.wait();
            let claim = cache.claim(&folder, &mut || {}).unwrap();
            let made = claim.fill(&mut |part| {
                n_fetches.fetch_add(1, Ordering::SeqCst);
                assert!(!folder.exists(), "seen before it was whole");
                std::fs::write(part.join("a.jar"), "a").unwrap();
                std::fs::write(part.join("b.jar"), "b").unwrap();
                Ok(())
            });
            assert_eq!(std::fs::read_dir(&folder).unwrap().count(), 2);
            made.unwrap()
        };
        let made: Vec<bool> = std::thread::scope(|scope| {
            let threads: Vec<_> = [0, 1]
                .map(|n| scope.spawn(move || both(n)))
                .into_iter()
                .collect();
            threads.into_iter().map(|t| t.join().unwrap()).collect()
        });
        assert_eq!(n_fetches.load(Ordering::SeqCst), 1);
        assert_eq!(made.iter().filter(|made| **made).count(), 1);
    }

    #[test]
    fn a_fetch_that_fails_leaves_nothing_to_be_mistaken() {
        let scratch = Scratch::new("failed");
        let cache = Cache::at(&scratch.0).unwrap();
        let folder = cache.folder_of_version(Version::DEFAULT);
        let claim = cache.claim(&folder, &mut || {}).unwrap();
        let failed = claim.fill(&mut |part| {
            std::fs::write(part.join("half.jar"), "").unwrap();
            Err(KafkaError::NoCache)
        });
        assert!(failed.is_err() && !folder.exists());
        let made = claim.fill(&mut |part| {
            assert_eq!(std::fs::read_dir(part).unwrap().count(), 0);
            Ok(())
        });
        assert!(made.unwrap() && folder.is_dir());
    }

    #[test]
    fn a_file_appears_by_rename_and_is_made_once() {
        let scratch = Scratch::new("file");
        let cache = Cache::at(&scratch.0).unwrap();
        let claim = cache.claim(&scratch.0.join("k"), &mut || {}).unwrap();
        claim.fill(&mut |_| Ok(())).unwrap();
        let file = scratch.0.join("k/checkpoint");
        for text in ["first", "second"] {
            let made = claim.make_file::<KafkaError>(&file, &mut |work| {
                assert!(!file.exists());
                std::fs::write(work.join("x"), text).unwrap();
                Ok(work.join("x"))
            });
            made.unwrap();
        }
        assert_eq!(std::fs::read_to_string(&file).unwrap(), "first");
        assert_eq!(std::fs::read_dir(scratch.0.join("k")).unwrap().count(), 1);
    }
}
