//! Labs from outside: what the built binary raises, lists, enters and ends, and that whatever is
//! killed leaves nothing. Every test is a user of its own, with a runtime directory and a cache of
//! its own; the built-in responder stands in for Kafka.

#![expect(clippy::print_stdout, reason = "a test says on stdout what it skipped")]

use std::collections::BTreeSet;
use std::fs;
use std::io::{self, BufRead, BufReader, ErrorKind, Write};
use std::os::fd::OwnedFd;
use std::os::unix::net::UnixStream;
use std::os::unix::process::CommandExt;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, ExitStatus, Output, Stdio};
use std::sync::OnceLock;
use std::sync::mpsc::{Receiver, channel};
use std::time::{Duration, Instant};

/// The spec that is raised; two VPCs of it hold the same range.
const SHOP: &str = "examples/shop/breezeway.yaml";

/// The shop's lab.
const NAME: &str = "orders";

/// How long anything may take that needs milliseconds: the machine may be busy with other tests.
const LIMIT: Duration = Duration::from_secs(20);

/// How long `lab down` may take.
const DOWN_LIMIT: Duration = Duration::from_secs(2);

/// How often a state is looked at that is waited for.
const LOOK_AGAIN: Duration = Duration::from_millis(2);

#[test]
fn a_lab_is_listed_asked_entered_and_ended() {
    let Some(user) = User::new("life") else {
        return;
    };
    let bootstrap = user.up(SHOP);
    let listed = user.run(&["lab", "ls"]);
    listed.ended(0);
    assert!(
        listed.stdout.starts_with("orders  "),
        "{}",
        listed.described
    );
    let status = user.run(&["lab", "status"]);
    status.ended(0);
    for broker in 1..=3 {
        let answer = format!("as broker {broker} of 3 brokers");
        assert!(status.stdout.contains(&answer), "{}", status.described);
    }
    user.reaches(NAME, "checkout", &bootstrap);
    user.exec("checkout", "exit 7").ended(7);
    user.exec("orders/1", "exit 0").ended(0);
    assert!(first_process(&user.members()).is_some());
    let began = Instant::now();
    let down = user.run(&["lab", "down"]);
    assert!(began.elapsed() <= DOWN_LIMIT, "{:?}", began.elapsed());
    down.ended(0);
    down.says("lab `orders` is down in ");
    assert_eq!(user.members(), BTreeSet::new());
    user.has_no_lab();
}

#[test]
fn two_labs_of_the_same_ranges_stand_side_by_side() {
    let Some(user) = User::new("two") else {
        return;
    };
    let text = fs::read_to_string(repository().join(SHOP)).expect("the example is there");
    let twin = user.folder.join("twin.yaml");
    let renamed = text.replace("name: orders\n", "name: twin\n");
    assert_ne!(text, renamed);
    fs::write(&twin, renamed).expect("the spec is written");
    let bootstrap = user.up(SHOP);
    let of_twin = user.up(twin.to_str().expect("UTF-8"));
    user.reaches(NAME, "checkout", &bootstrap);
    user.reaches("twin", "checkout", &of_twin);
    let unclear = user.run(&["lab", "down"]);
    unclear.ended(2);
    unclear.says("several labs are up: `orders`, `twin`");
    user.run(&["lab", "down", "--lab", NAME]).ended(0);
    let listed = user.run(&["lab", "ls"]);
    assert!(listed.stdout.starts_with("twin  "), "{}", listed.described);
    user.reaches("twin", "checkout", &of_twin);
    user.run(&["lab", "down"]).ended(0);
    user.has_no_lab();
}

#[test]
fn a_second_lab_of_a_name_is_refused_and_the_first_stays() {
    let Some(user) = User::new("second") else {
        return;
    };
    let bootstrap = user.up(SHOP);
    let second = user.run(&["lab", "up", "--brokers", "responder", SHOP]);
    second.ended(2);
    second.says("error: a lab `orders` runs already");
    second.says("hint: `breezeway lab down --lab orders` ends it");
    user.reaches(NAME, "checkout", &bootstrap);
    user.run(&["lab", "down"]).ended(0);
}

#[test]
fn what_is_not_there_is_refused_by_name() {
    let Some(user) = User::new("unknown") else {
        return;
    };
    let nothing = user.run(&["lab", "down"]);
    nothing.ended(2);
    nothing.says("no lab is up");
    let nothing = user.run(&["lab", "down", "--lab", "ordres"]);
    nothing.ended(2);
    nothing.says("lab `ordres` is not up");
    user.up(SHOP);
    let other = user.run(&["lab", "down", "--lab", "ordres"]);
    other.ended(2);
    other.says("lab `ordres` is not up; up are `orders`");
    let host = user.exec("checkout/euc1-az9", "true");
    host.ended(2);
    host.says("no host `checkout/euc1-az9`; did you mean `checkout/euc1-az1`?");
    let client = user.exec("chekout", "true");
    client.ended(2);
    client.says("no host `chekout`; did you mean `checkout`?");
    let program = user.run(&["lab", "exec", "checkout", "--", "no-such-program"]);
    program.ended(127);
    program.says("could not start `no-such-program`");
    user.run(&["lab", "down"]).ended(0);
}

#[test]
fn down_ends_what_runs_inside() {
    let Some(user) = User::new("inside") else {
        return;
    };
    user.up(SHOP);
    let script = "echo inside >&2; exec tail -f /dev/null";
    let mut running = user.start(&["lab", "exec", "checkout", "--", "sh", "-c", script]);
    running.until("inside");
    user.run(&["lab", "down"]).ended(0);
    assert_eq!(running.end().code(), Some(137));
    user.nothing_is_left(&BTreeSet::new());
}

#[test]
fn a_killed_exec_takes_its_program_along() {
    let Some(user) = User::new("exec") else {
        return;
    };
    user.up(SHOP);
    let before = user.members();
    let script = "echo inside >&2; exec tail -f /dev/null";
    let mut running = user.start(&["lab", "exec", "checkout", "--", "sh", "-c", script]);
    running.until("inside");
    assert!(before.len() < user.members().len());
    signal("KILL", running.pid());
    running.end();
    wait_until("the program is gone", || user.members() == before);
    user.run(&["lab", "down"]).ended(0);
}

#[test]
fn a_lab_whose_keepers_are_killed_is_gone_and_its_name_free() {
    let Some(user) = User::new("keepers") else {
        return;
    };
    for keeper in ["first process", "supervisor"] {
        let bootstrap = user.up(SHOP);
        let members = user.members();
        let first = first_process(&members).expect("a lab has a first process");
        let victim = match keeper {
            "supervisor" => parent(first).expect("the first process has a parent"),
            _ => first,
        };
        assert!(members.iter().any(|member| member.pid == victim));
        signal("KILL", victim);
        user.nothing_is_left(&members);
        user.has_no_lab();
        assert_eq!(user.up(SHOP), bootstrap);
        user.run(&["lab", "down"]).ended(0);
    }
}

#[test]
fn an_ended_up_leaves_no_half_raised_lab() {
    let Some(user) = User::new("half") else {
        return;
    };
    for (name, code) in [("KILL", None), ("INT", Some(130)), ("TERM", Some(130))] {
        // Nobody reads what it says, so it cannot become ready before it is ended.
        let (unread, stuck) = stuck().expect("a socket can be filled");
        let mut command = user.command(&["lab", "up", "--brokers", "responder", SHOP]);
        let mut up = command.stderr(stuck).spawn().expect("the binary starts");
        let pid = up.id().cast_signed();
        wait_until("a lab is raised and its starter listens", || {
            first_process(&user.members()).is_some() && catches_interrupts(pid)
        });
        let members = user.members();
        let first = first_process(&members).expect("it was seen");
        signal(name, pid);
        if code.is_some() {
            wait_until("the lab is gone", || parent(first).is_none());
        }
        drop(unread);
        assert_eq!(up.wait().expect("it was started here").code(), code);
        user.nothing_is_left(&members);
        user.has_no_lab();
    }
    user.up(SHOP);
    user.run(&["lab", "down"]).ended(0);
}

#[test]
fn a_killed_prove_leaves_nothing() {
    let Some(user) = User::new("kill") else {
        return;
    };
    for moment in ["", "network", "brokers"] {
        let mut running = user.start(&["prove", "--brokers", "responder", SHOP]);
        wait_until("a first process", || {
            first_process(&user.members()).is_some()
        });
        if !moment.is_empty() {
            running.until(moment);
        }
        let members = user.members();
        signal("KILL", running.pid());
        running.end();
        user.nothing_is_left(&members);
    }
}

#[test]
fn an_interrupted_prove_tears_down_and_says_so_by_its_code() {
    let Some(user) = User::new("interrupt") else {
        return;
    };
    for (name, whole_group) in [("INT", false), ("INT", true), ("TERM", false)] {
        let mut running = user.start(&["prove", "--brokers", "responder", SHOP]);
        running.until("brokers");
        wait_until("signals are caught", || catches_interrupts(running.pid()));
        let members = user.members();
        let pid = running.pid();
        signal(name, if whole_group { -pid } else { pid });
        assert_eq!(running.end().code(), Some(130), "{name} {whole_group}");
        user.nothing_is_left(&members);
    }
}

fn repository() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../..")
}

/// What `doctor` says if no lab can be raised here.
fn impossible() -> Option<&'static str> {
    static DOCTOR: OnceLock<Option<String>> = OnceLock::new();
    let doctor = DOCTOR.get_or_init(|| {
        let mut command = Command::new(env!("CARGO_BIN_EXE_breezeway"));
        let output = command.arg("doctor").output().expect("the binary starts");
        let said = String::from_utf8_lossy(&output.stdout).into_owned();
        (!output.status.success()).then_some(said)
    });
    doctor.as_deref()
}

/// A user of the command line, with directories of its own. What is left of it is killed with it.
struct User {
    folder: PathBuf,
}

/// A process, told apart from later ones of the same number by its start.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
struct Member {
    pid: i32,
    started: u64,
}

impl User {
    /// None, with a word on stdout, where no lab is possible.
    fn new(name: &str) -> Option<Self> {
        if let Some(why) = impossible() {
            println!("skipped: no lab can be raised here:\n{why}");
            return None;
        }
        let name = format!("lab-{name}-{}", std::process::id());
        let folder = Path::new(env!("CARGO_TARGET_TMPDIR")).join(name);
        fs::create_dir_all(folder.join("run")).expect("a folder is made");
        Some(Self { folder })
    }

    fn command(&self, arguments: &[&str]) -> Command {
        let mut command = Command::new(env!("CARGO_BIN_EXE_breezeway"));
        command
            .args(arguments)
            .current_dir(repository())
            .env("XDG_RUNTIME_DIR", self.folder.join("run"))
            .env("BREEZEWAY_CACHE", self.folder.join("cache"))
            .env("NO_COLOR", "1")
            .stdin(Stdio::null());
        command
    }

    fn run(&self, arguments: &[&str]) -> Ran {
        let output = self.command(arguments).output();
        Ran::new(arguments, &output.expect("the binary starts"))
    }

    /// Starts a command in a process group of its own, whose stdout takes nothing: what prints its
    /// result does not end by itself.
    fn start(&self, arguments: &[&str]) -> Running {
        let (unread, stuck) = stuck().expect("a socket can be filled");
        let mut command = self.command(arguments);
        command
            .process_group(0)
            .stdout(stuck)
            .stderr(Stdio::piped());
        let mut child = command.spawn().expect("the binary starts");
        let stderr = child.stderr.take().expect("it is piped");
        let (say, lines) = channel();
        std::thread::spawn(move || {
            for line in BufReader::new(stderr).lines().map_while(Result::ok) {
                if say.send(line).is_err() {
                    break;
                }
            }
        });
        Running {
            child,
            lines,
            _unread: unread,
        }
    }

    /// Raises a lab and returns the bootstrap server it names.
    fn up(&self, spec: &str) -> String {
        let up = self.run(&["lab", "up", "--brokers", "responder", spec]);
        up.ended(0);
        let server = up.stderr.split_once(" -b ");
        let server = server.and_then(|(_, rest)| rest.split_whitespace().next());
        server.expect(&up.described).to_owned()
    }

    fn exec(&self, host: &str, script: &str) -> Ran {
        self.run(&["lab", "exec", host, "--", "sh", "-c", script])
    }

    /// Resolves and dials a server from inside a lab, with the programs of the system.
    fn reaches(&self, lab: &str, host: &str, server: &str) {
        let (name, port) = server.rsplit_once(':').expect("a name and a port");
        let script = format!("getent ahostsv4 {name} && exec 3<>/dev/tcp/{name}/{port}");
        let inside = ["--lab", lab, host, "--", "bash", "-c", &script];
        let ran = self.run(&[&["lab", "exec"], &inside[..]].concat());
        ran.ended(0);
        assert!(ran.stdout.contains("10.0."), "{}", ran.described);
    }

    fn has_no_lab(&self) {
        let listed = self.run(&["lab", "ls"]);
        listed.ended(0);
        listed.says("no lab is up");
        assert_eq!(listed.stdout, "");
    }

    /// The processes that this user's commands left running: those with its runtime directory in
    /// their environment, and those that share a namespace of the lab with one of them.
    fn members(&self) -> BTreeSet<Member> {
        let own = namespaces("self");
        let mark = format!("XDG_RUNTIME_DIR={}", self.folder.join("run").display());
        let (marked, others): (Vec<_>, Vec<_>) =
            processes().into_iter().partition(|(_, process)| {
                let environment = fs::read(process.join("environ")).unwrap_or_default();
                environment
                    .split(|byte| *byte == 0)
                    .any(|variable| variable == mark.as_bytes())
            });
        let of = |path: &Path| namespaces(path.file_name().and_then(|n| n.to_str()).unwrap_or(""));
        let labs: BTreeSet<_> = marked.iter().flat_map(|(_, path)| of(path)).collect();
        let labs: BTreeSet<_> = labs.difference(&own).collect();
        let inside = others
            .iter()
            .filter(|(_, path)| of(path).iter().any(|namespace| labs.contains(namespace)));
        inside.chain(&marked).map(|(member, _)| *member).collect()
    }

    /// Waits until no process is left that was a member before or is one. A namespace lives by a
    /// process, a descriptor of one or a mount, so that no namespace is left either, if none is
    /// mounted out here.
    fn nothing_is_left(&self, before: &BTreeSet<Member>) {
        wait_until("every process is gone", || {
            let alive: BTreeSet<_> = processes().into_iter().map(|(member, _)| member).collect();
            before.is_disjoint(&alive) && self.members().is_empty()
        });
        let mounts = fs::read_to_string("/proc/self/mountinfo").expect("mounts are listed");
        let folder = self.folder.display().to_string();
        let left = mounts.lines().find(|line| line.contains(&folder));
        assert_eq!(left, None);
    }
}

impl Drop for User {
    fn drop(&mut self) {
        for member in self.members() {
            signalled("KILL", member.pid);
        }
        let _ = fs::remove_dir_all(&self.folder);
    }
}

/// A command that ended.
struct Ran {
    code: Option<i32>,
    stdout: String,
    stderr: String,
    described: String,
}

impl Ran {
    fn new(arguments: &[&str], output: &Output) -> Self {
        let stdout = String::from_utf8_lossy(&output.stdout).into_owned();
        let stderr = String::from_utf8_lossy(&output.stderr).into_owned();
        let described = format!(
            "breezeway {}: {}\n{stdout}{stderr}",
            arguments.join(" "),
            output.status
        );
        Self {
            code: output.status.code(),
            stdout,
            stderr,
            described,
        }
    }

    fn ended(&self, code: i32) {
        assert_eq!(self.code, Some(code), "{}", self.described);
    }

    fn says(&self, words: &str) {
        assert!(
            self.stderr.contains(words),
            "{words}\nin {}",
            self.described
        );
    }
}

/// A command that runs, heard on stderr.
struct Running {
    child: Child,
    lines: Receiver<String>,
    _unread: UnixStream,
}

impl Running {
    fn pid(&self) -> i32 {
        self.child.id().cast_signed()
    }

    /// Waits for a line that begins so.
    fn until(&self, beginning: &str) {
        let deadline = Instant::now() + LIMIT;
        let mut heard = Vec::new();
        while heard
            .last()
            .is_none_or(|line: &String| !line.starts_with(beginning))
        {
            let left = deadline.saturating_duration_since(Instant::now());
            match self.lines.recv_timeout(left) {
                Ok(line) => heard.push(line),
                Err(error) => panic!("{error}: no `{beginning}` after {heard:#?}"),
            }
        }
    }

    fn end(&mut self) -> ExitStatus {
        let mut status = None;
        wait_until("the command ends", || {
            status = self.child.try_wait().expect("it was started here");
            status.is_some()
        });
        status.expect("it has ended")
    }
}

impl Drop for Running {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

/// An output that takes not one byte more, and the end that keeps it open.
fn stuck() -> io::Result<(UnixStream, Stdio)> {
    let (unread, mut full) = UnixStream::pair()?;
    full.set_nonblocking(true)?;
    for block in [&[b'\n'; 4096][..], b"\n"] {
        while match full.write(block) {
            Ok(_) => true,
            Err(error) if error.kind() == ErrorKind::WouldBlock => false,
            Err(error) => return Err(error),
        } {}
    }
    full.set_nonblocking(false)?;
    Ok((unread, OwnedFd::from(full).into()))
}

/// Sends a signal to a process, or to a group of them by its negative number.
fn signal(name: &str, pid: i32) {
    assert!(signalled(name, pid), "{name} {pid}");
}

/// Sends a signal and says whether there was anybody to take it.
fn signalled(name: &str, pid: i32) -> bool {
    let script = "kill -s \"$1\" -- \"$2\" 2>/dev/null";
    let mut kill = Command::new("sh");
    kill.args(["-c", script, "kill", name, &pid.to_string()]);
    kill.status().expect("`sh` starts").success()
}

fn wait_until(what: &str, mut so: impl FnMut() -> bool) {
    let deadline = Instant::now() + LIMIT;
    while !so() {
        assert!(Instant::now() < deadline, "waited too long until {what}");
        std::thread::sleep(LOOK_AGAIN);
    }
}

/// Every process that has not ended, and its folder in `/proc`.
fn processes() -> Vec<(Member, PathBuf)> {
    let entries = fs::read_dir("/proc").expect("`/proc` is there");
    let pids = entries.filter_map(|entry| entry.ok()?.file_name().to_str()?.parse().ok());
    let known = pids.filter_map(|pid: i32| {
        let path = Path::new("/proc").join(pid.to_string());
        let started = started(&path)?;
        Some((Member { pid, started }, path))
    });
    known.collect()
}

/// When a process started, in clock ticks since boot; none if it has ended.
fn started(process: &Path) -> Option<u64> {
    let stat = fs::read_to_string(process.join("stat")).ok()?;
    let mut fields = stat.rsplit_once(')')?.1.split_whitespace();
    let state = fields.next()?;
    let ended = ["Z", "X"].contains(&state);
    fields.nth(18)?.parse().ok().filter(|_| !ended)
}

/// The namespaces a process is in.
fn namespaces(process: &str) -> BTreeSet<PathBuf> {
    let Ok(entries) = fs::read_dir(Path::new("/proc").join(process).join("ns")) else {
        return BTreeSet::new();
    };
    let links = entries.filter_map(|entry| fs::read_link(entry.ok()?.path()).ok());
    links.collect()
}

/// The value of a line of a process's `status`.
fn status_of(pid: i32, key: &str) -> Option<String> {
    let text = fs::read_to_string(format!("/proc/{pid}/status")).ok()?;
    let mut values = text.lines().filter_map(|line| line.strip_prefix(key));
    Some(values.next()?.trim_start_matches(':').trim().to_owned())
}

/// The member that is the first process of a process namespace.
fn first_process(members: &BTreeSet<Member>) -> Option<i32> {
    let first = members.iter().find(|member| {
        let numbers = status_of(member.pid, "NSpid").unwrap_or_default();
        let numbers: Vec<_> = numbers.split_whitespace().collect();
        numbers.len() == 2 && numbers[1] == "1"
    });
    first.map(|member| member.pid)
}

fn parent(pid: i32) -> Option<i32> {
    status_of(pid, "PPid")?.parse().ok()
}

/// Whether a process has handlers for both SIGINT and SIGTERM.
fn catches_interrupts(pid: i32) -> bool {
    let caught = status_of(pid, "SigCgt").and_then(|mask| u64::from_str_radix(&mask, 16).ok());
    caught.is_some_and(|mask| mask & (1 << 1) != 0 && mask & (1 << 14) != 0)
}
