//! Folders and files that are made once and kept for all runs: they appear by one rename, so that
//! what can be seen is complete, and one process makes them while others wait.

use std::fs::{File, TryLockError};
use std::path::{Path, PathBuf};
use std::time::{Duration, Instant};

use anyhow::{Context, bail};
use sha2::{Digest, Sha256};

use super::progress;

/// Raised when what is kept changes its layout.
const LAYOUT: &str = "judges-1";

/// Longest wait for another process: what it fetches has limits of its own that add up to less.
const WAIT_LIMIT: Duration = Duration::from_secs(20 * 60);

/// Pause between two tries for the lock; short against the seconds of a fetch.
const WAIT_PAUSE: Duration = Duration::from_millis(100);

/// Digits of a fingerprint in a name: enough that two are never the same by chance.
const FINGERPRINT_DIGITS: usize = 12;

/// Where everything of the judges is kept, below the cache that Kafka is kept in.
pub(super) fn folder() -> anyhow::Result<PathBuf> {
    let cache = runtime::kafka::Cache::locate()?;
    Ok(cache.root().join(LAYOUT))
}

/// Gives `path`, made by `make` at a path beside it unless it is there.
pub(super) fn kept(
    path: &Path,
    make: impl FnOnce(&Path) -> anyhow::Result<()>,
) -> anyhow::Result<PathBuf> {
    if path.exists() {
        return Ok(path.to_owned());
    }
    let above = path.parent().context("a path in the cache")?;
    std::fs::create_dir_all(above)
        .with_context(|| format!("could not create `{}`", above.display()))?;
    let _lock = lock(&path.with_added_extension("lock"))?;
    if path.exists() {
        return Ok(path.to_owned());
    }
    let part = path.with_added_extension("part");
    clear(&part)?;
    make(&part)?;
    std::fs::rename(&part, path)
        .with_context(|| format!("could not create `{}`", path.display()))?;
    Ok(path.to_owned())
}

/// Digits that change when one of the texts does.
pub(super) fn fingerprint(texts: &[&str]) -> String {
    let mut hash = Sha256::new();
    for text in texts {
        hash.update(text.len().to_le_bytes());
        hash.update(text);
    }
    let digits = hash
        .finalize()
        .into_iter()
        .map(|byte| format!("{byte:02x}"));
    digits.collect::<String>()[..FINGERPRINT_DIGITS].to_owned()
}

fn lock(path: &Path) -> anyhow::Result<File> {
    let shown = path.display();
    let file = File::options().create(true).append(true).open(path);
    let file = file.with_context(|| format!("could not open `{shown}`"))?;
    let began = Instant::now();
    let mut told = false;
    loop {
        match file.try_lock() {
            Ok(()) => return Ok(file),
            Err(TryLockError::Error(error)) => {
                return Err(error).with_context(|| format!("could not lock `{shown}`"));
            }
            Err(TryLockError::WouldBlock) if WAIT_LIMIT < began.elapsed() => {
                bail!(
                    "another process kept `{shown}` for {} s",
                    WAIT_LIMIT.as_secs()
                );
            }
            Err(TryLockError::WouldBlock) => {
                if !told {
                    progress("waiting for another process that fetches the same");
                }
                told = true;
                std::thread::sleep(WAIT_PAUSE);
            }
        }
    }
}

/// Removes what a process left that died, as the caller holds the lock.
fn clear(path: &Path) -> anyhow::Result<()> {
    let removed = if path.is_dir() {
        std::fs::remove_dir_all(path)
    } else if path.exists() {
        std::fs::remove_file(path)
    } else {
        return Ok(());
    };
    removed.with_context(|| format!("could not remove `{}`", path.display()))
}

#[cfg(test)]
mod tests {
    use std::sync::Barrier;
    use std::sync::atomic::{AtomicUsize, Ordering};

    use super::super::process::Scratch;
    use super::*;

    #[test]
    fn two_at_once_make_once_and_see_only_the_whole() {
        let scratch = Scratch::new().expect("a folder");
        let path = scratch.path().join("made");
        let (n_made, start) = (AtomicUsize::new(0), Barrier::new(2));
        let both = || {
            start.wait();
            let made = kept(&path, |part| {
                n_made.fetch_add(1, Ordering::SeqCst);
                assert!(!path.exists(), "seen before it was whole");
                std::fs::create_dir(part)?;
                Ok(std::fs::write(part.join("a"), "a")?)
            });
            assert!(made.expect("it is made").join("a").is_file());
        };
        std::thread::scope(|scope| {
            scope.spawn(both);
            scope.spawn(both);
        });
        assert_eq!(n_made.load(Ordering::SeqCst), 1);
    }

    #[test]
    fn what_failed_leaves_nothing_to_be_mistaken() {
        let scratch = Scratch::new().expect("a folder");
        let path = scratch.path().join("made");
        let failed = kept(&path, |part| {
            std::fs::create_dir(part)?;
            std::fs::write(part.join("half"), "")?;
            bail!("no network")
        });
        assert!(failed.is_err() && !path.exists());
        let made = kept(&path, |part| {
            assert!(!part.exists(), "what was left is gone");
            Ok(std::fs::create_dir(part)?)
        });
        assert!(made.expect("it is made").is_dir());
    }

    #[test]
    fn fingerprints_tell_texts_apart() {
        assert_eq!(fingerprint(&["a", "b"]).len(), FINGERPRINT_DIGITS);
        assert_ne!(fingerprint(&["a", "b"]), fingerprint(&["ab", ""]));
    }
}
