//! Runs a job inside a fresh lab and waits for it, tearing the lab down on Ctrl-C.

use std::future::Future;
use std::rc::Rc;

use anyhow::Context;

/// Runs `job` as the first process of a lab that lives no longer than this command.
///
/// # Errors
/// When the lab cannot be entered.
pub(crate) fn run<J, F>(job: J) -> anyhow::Result<u8>
where
    J: FnOnce(Rc<lab::Inside>) -> F,
    F: Future<Output = anyhow::Result<u8>>,
{
    let options = lab::Options { tie_to_caller: true };
    let contained = lab::contain(&options, |inside| drive(job, inside)).context("could not enter the lab")?;
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
    tokio::runtime::Builder::new_current_thread().enable_all().build().context("could not start the runtime")
}

/// Waits for a lab's end; Ctrl-C or SIGTERM ends it at once.
pub(crate) fn wait(contained: lab::Contained) -> anyhow::Result<u8> {
    let killer = contained.killer();
    let waiting = std::thread::spawn(move || contained.wait());
    runtime()?.block_on(async {
        let ended = tokio::task::spawn_blocking(move || waiting.join());
        let mut terminate = tokio::signal::unix::signal(tokio::signal::unix::SignalKind::terminate())?;
        tokio::select! {
            ended = ended => {
                let code = ended.ok().and_then(Result::ok).context("the lab's keeper panicked")?;
                Ok(code.context("could not wait for the lab")?)
            }
            () = async { tokio::select! { _ = tokio::signal::ctrl_c() => (), _ = terminate.recv() => () } } => {
                killer.kill();
                crate::output::talk("interrupted; the lab is down, nothing left behind");
                Ok(crate::INTERRUPTED)
            }
        }
    })
}
