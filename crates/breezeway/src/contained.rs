//! Runs a job inside a fresh lab and waits for it, tearing the lab down on Ctrl-C.

use std::future::Future;
use std::io::BufRead;
use std::rc::Rc;

use anyhow::Context;

/// What is said after an interruption.
const TORN_DOWN: &str = "interrupted; the lab is down, nothing left behind";

/// Runs `job` as the first process of a lab that lives no longer than this command.
///
/// # Errors
/// When the lab cannot be entered.
pub(crate) fn run<J, F>(job: J) -> anyhow::Result<u8>
where
    J: FnOnce(Rc<lab::Inside>) -> F,
    F: Future<Output = anyhow::Result<u8>>,
{
    let options = lab::Options {
        tie_to_caller: true,
    };
    let contained =
        lab::contain(&options, |inside| drive(job, inside)).context("could not enter the lab")?;
    wait(contained)
}

/// Drives a job to its end on a runtime of one thread; its failure becomes an exit code.
pub(crate) fn drive<J, F>(job: J, inside: lab::Inside) -> u8
where
    J: FnOnce(Rc<lab::Inside>) -> F,
    F: Future<Output = anyhow::Result<u8>>,
{
    let ran = runtime()
        .and_then(|runtime| tokio::task::LocalSet::new().block_on(&runtime, job(Rc::new(inside))));
    ran.unwrap_or_else(|error| {
        crate::output::failure(&error);
        crate::COULD_NOT_RUN
    })
}

fn runtime() -> anyhow::Result<tokio::runtime::Runtime> {
    tokio::runtime::Builder::new_current_thread()
        .enable_all()
        .build()
        .context("could not start the runtime")
}

/// Waits for a lab's end; Ctrl-C or SIGTERM ends it at once.
pub(crate) fn wait(contained: lab::Contained) -> anyhow::Result<u8> {
    let killer = contained.killer();
    let waiting = std::thread::spawn(move || contained.wait());
    runtime()?.block_on(async {
        let ended = tokio::task::spawn_blocking(move || waiting.join());
        tokio::pin!(ended);
        tokio::select! {
            ended = &mut ended => {
                let code = ended.ok().and_then(Result::ok).context("the lab's keeper panicked")?;
                code.context("could not wait for the lab")
            }
            () = interrupted() => {
                killer.kill();
                let _ = ended.await;
                crate::output::talk(TORN_DOWN);
                Ok(crate::INTERRUPTED)
            }
        }
    })
}

/// Waits for the first line a lab says, empty if it ends without a word; none if it was
/// interrupted, and then killed.
pub(crate) fn first_line(
    heard: std::io::PipeReader,
    killer: lab::Killer,
) -> anyhow::Result<Option<String>> {
    runtime()?.block_on(async {
        let listening = tokio::task::spawn_blocking(move || {
            let mut line = String::new();
            std::io::BufReader::new(heard)
                .read_line(&mut line)
                .map(|_| line.trim().to_owned())
        });
        tokio::select! {
            line = listening => Ok(Some(line?.context("could not hear from the lab")?)),
            () = interrupted() => {
                killer.kill();
                crate::output::talk(TORN_DOWN);
                Ok(None)
            }
        }
    })
}

/// Returns when the user or the system asks this process to end.
async fn interrupted() {
    use tokio::signal::unix::{SignalKind, signal};
    let (Ok(mut interrupt), Ok(mut terminate)) = (
        signal(SignalKind::interrupt()),
        signal(SignalKind::terminate()),
    ) else {
        return std::future::pending().await;
    };
    tokio::select! {
        _ = interrupt.recv() => (),
        _ = terminate.recv() => (),
    }
}
