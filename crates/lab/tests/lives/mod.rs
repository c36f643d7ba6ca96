//! Lives and deaths of labs: side by side, in a row, and what is left of them.

use std::io::{BufRead, BufReader, Read, Write};
use std::net::Ipv4Addr;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::time::{Duration, Instant};

use lab::state::{HostEntry, LabState};
use lab::{LabError, Network, Options};
use nix::sys::signal::{Signal, kill};
use nix::unistd::Pid;

use crate::estate::Estate;
use crate::{TIED, told};

/// Argument by which this program becomes the caller of a lab that stays.
pub(crate) const STAY: &str = "--stay";

/// How long the kernel may take to end everything.
const GONE_LIMIT: Duration = Duration::from_secs(2);

fn small() -> Estate {
    Estate::default()
        .vpc("v", "10.0.0.0/16", &[("z1", "10.0.1.0/24")])
        .eni("a/1", "v/z1", "10.0.1.10", &[])
        .eni("b/1", "v/z1", "10.0.1.11", &[])
}

/// Raises the small estate and calls `then` while it stands.
fn within(inside: lab::Inside, then: impl FnOnce(&Network)) -> u8 {
    let runtime = tokio::runtime::Builder::new_current_thread()
        .enable_all()
        .build()
        .unwrap();
    runtime.block_on(async {
        let network = match inside.raise(&small().0).await {
            Ok(network) => network,
            Err(error) => {
                told(&error);
                return 1;
            }
        };
        then(&network);
        0
    })
}

pub(crate) fn two_labs_side_by_side() -> bool {
    let start = || {
        let (heard, mut say) = std::io::pipe().unwrap();
        let (go, mut wait) = {
            let (wait, go) = std::io::pipe().unwrap();
            (go, wait)
        };
        let contained = lab::contain(&TIED, |inside| {
            within(inside, |network| {
                let _listener = network.listen(&"a/1".into(), 9092).unwrap();
                say.write_all(b"up").unwrap();
                // The other lab stands by the time this one is told to go.
                let _ = wait.read(&mut [0]);
            })
        });
        (contained.unwrap(), heard, go)
    };
    let (first, second) = (start(), start());
    let mut good = first.0.init() != second.0.init();
    for (contained, mut heard, mut go) in [first, second] {
        let mut word = [0; 2];
        good &= heard.read_exact(&mut word).is_ok();
        go.write_all(b".").unwrap();
        good &= contained.wait().unwrap() == 0;
    }
    good
}

pub(crate) fn a_hundred_labs_in_a_row() -> bool {
    let began = Instant::now();
    let all = (0..100_u8).all(|code| {
        let contained = lab::contain(&TIED, move |_| code).unwrap();
        contained.wait().unwrap() == code
    });
    println!("  one lab in and out takes {:.2?}", began.elapsed() / 100);
    all
}

/// What `--stay` does: a lab with programs that would rather live on.
pub(crate) fn stay() -> i32 {
    let contained = lab::contain(&TIED, |inside| {
        within(inside, |network| {
            let sleepers = (0..3).map(|_| {
                let mut command = Command::new("setsid");
                command.args(["nohup", "sleep", "1000"]);
                command.stdout(Stdio::null()).stderr(Stdio::null());
                network.spawn(&"a/1".into(), command).unwrap()
            });
            let _sleepers: Vec<_> = sleepers.collect();
            println!("standing");
            loop {
                std::thread::park();
            }
        })
    });
    let contained = contained.unwrap();
    println!("{} {}", contained.init().pid, contained.supervisor_pid());
    i32::from(contained.wait().unwrap())
}

/// A lab in a process of its own: that process, the lab's first process, its supervisor and its
/// process namespace.
struct Standing {
    caller: Child,
    init: i32,
    supervisor: i32,
    namespace: PathBuf,
}

fn standing() -> Standing {
    let mut command = Command::new(std::env::current_exe().unwrap());
    let mut caller = command.arg(STAY).stdout(Stdio::piped()).spawn().unwrap();
    let mut lines = BufReader::new(caller.stdout.take().unwrap())
        .lines()
        .map(Result::unwrap);
    let (mut numbers, mut stands) = (None, false);
    while numbers.is_none() || !stands {
        match lines.next().unwrap().split_once(' ') {
            Some((init, supervisor)) => {
                numbers = Some((init.parse().unwrap(), supervisor.parse().unwrap()));
            }
            None => stands = true,
        }
    }
    let (init, supervisor) = numbers.unwrap();
    let namespace = std::fs::read_link(format!("/proc/{init}/ns/pid")).unwrap();
    Standing {
        caller,
        init,
        supervisor,
        namespace,
    }
}

/// The processes of a process namespace, as this process sees them.
fn inhabitants(namespace: &Path) -> Vec<String> {
    let entries = std::fs::read_dir("/proc").unwrap().filter_map(Result::ok);
    let theirs = entries.filter(|entry| {
        let own = std::fs::read_link(entry.path().join("ns/pid"));
        let status = std::fs::read_to_string(entry.path().join("status"));
        // A zombie is gone; the machine's first process may take its time to notice.
        let lives = status.is_ok_and(|status| !status.contains("State:\tZ"));
        lives && own.is_ok_and(|own| own == namespace)
    });
    theirs
        .map(|entry| entry.file_name().to_string_lossy().into_owned())
        .collect()
}

fn outlives(victim: impl FnOnce(&Standing) -> i32) -> bool {
    let mounts = || std::fs::read_to_string("/proc/self/mountinfo").unwrap();
    let before = mounts();
    let mut lab = standing();
    let n_living = inhabitants(&lab.namespace).len();
    kill(Pid::from_raw(victim(&lab)), Signal::SIGKILL).unwrap();
    let began = Instant::now();
    let mut left = inhabitants(&lab.namespace);
    while !left.is_empty() && began.elapsed() < GONE_LIMIT {
        std::thread::yield_now();
        left = inhabitants(&lab.namespace);
    }
    println!(
        "  {n_living} processes gone after {:.0?}, {} left",
        began.elapsed(),
        left.len()
    );
    lab.caller.wait().unwrap();
    // A first process, a worker and three sleepers that had left their session.
    5 <= n_living && left.is_empty() && mounts() == before
}

pub(crate) fn nothing_outlives_the_caller() -> bool {
    outlives(|lab| lab.caller.id().cast_signed())
}

pub(crate) fn nothing_outlives_the_supervisor() -> bool {
    outlives(|lab| lab.supervisor)
}

pub(crate) fn nothing_outlives_the_first_process() -> bool {
    outlives(|lab| lab.init)
}

pub(crate) fn up_exec_connect_down() -> bool {
    let name = format!("test-{}", std::process::id());
    let lock = lab::state::lock(&name).unwrap();
    let (mut heard, mut say) = std::io::pipe().unwrap();
    let contained = lab::contain(
        &Options {
            tie_to_caller: false,
        },
        |inside| {
            within(inside, |network| {
                let listener = network.listen(&"b/1".into(), 9092).unwrap();
                say.write_all(b"up").unwrap();
                loop {
                    let (mut stream, from) = listener.accept().unwrap();
                    write!(stream, "hello {from}").unwrap();
                }
            })
        },
    );
    let contained = contained.unwrap();
    heard.read_exact(&mut [0; 2]).unwrap();
    let host = |id: &str, last: u8| HostEntry {
        host: id.to_owned(),
        address: Ipv4Addr::new(10, 0, 1, last),
        ports: vec![9092],
    };
    let state = LabState {
        name: name.clone(),
        init: contained.init(),
        spec: "/nowhere.yaml".into(),
        logs: "/nowhere".into(),
        hosts: vec![host("a/1", 10), host("b/1", 11)],
    };
    lab::state::write(&state).unwrap();
    drop(lock);
    let checks = [
        (
            "the lab holds its name",
            matches!(lab::state::lock(&name), Err(LabError::Taken { .. })),
        ),
        (
            "it is found",
            lab::state::find(&name).unwrap().as_ref() == Some(&state),
        ),
        ("it is listed", lab::state::list().unwrap().contains(&state)),
        ("a program runs inside", runs_inside(&state)),
        ("a connection is opened from inside", connects(&state)),
        ("it goes down", goes_down(&state)),
        (
            "it is forgotten",
            lab::state::find(&name).unwrap().is_none(),
        ),
        ("its name is free", lab::state::lock(&name).is_ok()),
    ];
    let _ = contained.wait();
    for (what, holds) in checks {
        println!("  {what}: {holds}");
    }
    checks.iter().all(|(_, holds)| *holds)
}

fn runs_inside(state: &LabState) -> bool {
    let script = "grep -q '^nameserver 10.0.0.2' /etc/resolv.conf \
        && grep -q 10.0.1.10 /proc/net/fib_trie && test $$ -gt 1 && test -e /run/netns/a.1 && exit 7";
    let argv = ["sh", "-c", script].map(str::to_owned);
    let began = Instant::now();
    let code = lab::join::exec(state, "a/1", &argv);
    println!("  exec took {:.1?}, code {code:?}", began.elapsed());
    let absent = lab::join::exec(state, "a/1", &["no-such-program".to_owned()]);
    let killed = lab::join::exec(state, "a/1", &["sh", "-c", "kill -9 $$"].map(str::to_owned));
    matches!(code, Ok(7))
        && matches!(absent, Err(LabError::Spawn { .. }))
        && matches!(killed, Ok(137))
}

fn connects(state: &LabState) -> bool {
    let connect =
        |port| lab::join::connect(state, "a/1", (Ipv4Addr::new(10, 0, 1, 11), port).into());
    let mut said = String::new();
    connect(9092).unwrap().read_to_string(&mut said).unwrap();
    said.starts_with("hello 10.0.1.10:") && matches!(connect(9093), Err(LabError::Connect { .. }))
}

fn goes_down(state: &LabState) -> bool {
    let began = Instant::now();
    let down = lab::down(state);
    println!("  down took {:.1?}", began.elapsed());
    down.is_ok() && began.elapsed() < GONE_LIMIT && !state.init.is_alive()
}

pub(crate) fn threads_are_refused() -> bool {
    std::thread::scope(|scope| {
        let (go, wait) = std::sync::mpsc::channel::<()>();
        scope.spawn(move || wait.recv());
        let refused = lab::contain(&TIED, |_| 0);
        drop(go);
        matches!(refused, Err(LabError::NotSingleThreaded { n_threads: 2 }))
    })
}

pub(crate) fn doctor_finds_what_raising_needs() -> bool {
    let capabilities = lab::doctor();
    for part in &capabilities {
        println!("  {}: {:?}", part.name, part.found);
    }
    capabilities.len() == 7 && capabilities.iter().all(|part| part.found.is_ok())
}
