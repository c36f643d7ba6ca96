//! `breezeway bench-design`: how many promised paths are surveyed per second, at what memory, and
//! how long plan, check and compare take for large connections.

mod estates;
mod specs;

use std::time::{Duration, Instant};

use anyhow::{Context, bail};
use blueprint::Blueprint;
use blueprint::facts::{Decimal, Facts};
use blueprint::kafka::PromiseId;
use blueprint::spec::Spec;
use blueprint::verdict::{Class, Summary};

use crate::cli::BenchDesignArgs;
use crate::comparison;
use crate::format::columns::columns;
use crate::output;

/// Groups of clients, [`estates::N_ALIKE`] in each: 10³ to 10⁶ paths.
const GROUPS: [u32; 4] = [1, 10, 100, 1_000];

/// Paths of one run at least: a smaller estate is surveyed several times, since the kernel counts
/// the time on a core by ticks of some milliseconds.
const PATHS_PER_RUN: usize = 200_000;

/// Traffic of a compared connection in a month; its size changes no amount of work.
const GB: u64 = 10_000;

pub(crate) fn run(args: &BenchDesignArgs) -> anyhow::Result<u8> {
    if let Some(n_groups) = args.once {
        let blueprint = estates::of(n_groups);
        let (n_paths, n_walks) = if args.estate_only {
            (0, 0)
        } else {
            let found = survey(&blueprint)?;
            (found.n_paths, found.n_walks)
        };
        output::data(&format!("{n_paths} {n_walks}\n"))?;
        return Ok(crate::FINE);
    }
    let mut rows = vec![head(&[
        "paths",
        "groups",
        "walks",
        "runs",
        "s on a core",
        "least",
        "most",
        "paths/s",
        "walks/s",
        "MB before",
        "MB peak",
        "one path and its traces, µs",
    ])];
    for n_groups in GROUPS {
        rows.push(measure(n_groups, args.runs)?);
    }
    output::data(&columns(&rows))?;
    let mut rows = vec![head(&[
        "connections",
        "runs",
        "plan ms",
        "least",
        "most",
        "check ms",
        "least",
        "most",
        "compare all ms",
        "least",
        "most",
        "sum of medians",
    ])];
    rows.push(pattern("transit-gateway", 60, 50, args.runs)?);
    rows.push(pattern("privatelink-per-broker", 40, 50, args.runs)?);
    output::data(&columns(&rows))?;
    Ok(crate::FINE)
}

fn head(names: &[&str]) -> Vec<String> {
    names.iter().map(ToString::to_string).collect()
}

/// What a survey found.
struct Found {
    n_paths: usize,
    n_groups: usize,
    n_walks: usize,
}

/// Surveys an estate and looks at every path's summary.
fn survey(blueprint: &Blueprint) -> anyhow::Result<Found> {
    let survey = verify::survey(blueprint);
    let delivered = Summary::All(Class::Delivered);
    let n_delivered = survey
        .summaries()
        .filter(|path| path.summary == delivered)
        .count();
    if n_delivered != survey.n_paths() {
        bail!("the estate is meant to be sound, and {n_delivered} of its paths are");
    }
    Ok(Found {
        n_paths: survey.n_paths(),
        n_groups: survey.n_groups(),
        n_walks: survey.n_walks(),
    })
}

fn measure(n_groups: u32, n_runs: u32) -> anyhow::Result<Vec<String>> {
    let blueprint = estates::of(n_groups);
    let before = memory("VmRSS")?;
    forget_peak()?;
    let found = survey(&blueprint)?;
    let peak = memory("VmHWM")?;
    let rounds = u32::try_from(PATHS_PER_RUN.div_ceil(found.n_paths))?;
    let mut seconds = Vec::new();
    for _ in 0..n_runs {
        let start = on_core()?;
        for _ in 0..rounds {
            survey(&blueprint)?;
        }
        let passed = on_core()?.saturating_sub(start);
        seconds.push(passed.as_secs_f64() / f64::from(rounds));
    }
    seconds.sort_by(f64::total_cmp);
    let (median, least, most) = spread(&seconds);
    let rate = |n: usize| format!("{:.0}", n as f64 / median);
    Ok(vec![
        found.n_paths.to_string(),
        found.n_groups.to_string(),
        found.n_walks.to_string(),
        n_runs.to_string(),
        format!("{median:.4}"),
        format!("{least:.4}"),
        format!("{most:.4}"),
        rate(found.n_paths),
        rate(found.n_walks),
        before.to_string(),
        peak.to_string(),
        format!("{:.0}", ask_for_one(&blueprint)?),
    ])
}

/// The microseconds that the last path in full, its traces included, takes of a survey that is
/// done.
fn ask_for_one(blueprint: &Blueprint) -> anyhow::Result<f64> {
    let survey = verify::survey(blueprint);
    let last = survey.summaries().last().context("the estate is empty")?;
    let promise = PromiseId {
        client: last.client.clone(),
        cluster: last.cluster.clone(),
        goal: last.goal,
    };
    let start = Instant::now();
    let path = survey.path(&promise).context("the path is there")?;
    let traces = survey.traces(&promise);
    let passed = start.elapsed();
    if traces.len() != path.attempts.len() {
        bail!("every attempt is meant to have a trace");
    }
    Ok(passed.as_secs_f64() * 1e6)
}

/// Plans, checks and compares a large spec.
fn pattern(via: &str, n_brokers: u32, n_vpcs: u32, n_runs: u32) -> anyhow::Result<Vec<String>> {
    let text = specs::of(via, n_brokers, n_vpcs);
    let (spec, _, findings) = blueprint::read(&text);
    let (Some(spec), []) = (spec, &findings[..]) else {
        bail!("the spec of the benchmark is meant to be sound: {findings:?}");
    };
    let (mut plans, mut checks, mut compares) = (Vec::new(), Vec::new(), Vec::new());
    for _ in 0..n_runs {
        let start = Instant::now();
        let (blueprint, _) = plan::build(&spec);
        plans.push(millis(start));
        let start = Instant::now();
        let checked = verify::check(&blueprint);
        checks.push(millis(start));
        if checked.paths.is_empty() {
            bail!("nobody was promised anything");
        }
        let start = Instant::now();
        compare_all(&spec);
        compares.push(millis(start));
    }
    let mut row = vec![
        format!("{via}, {n_brokers} brokers × {n_vpcs} VPCs"),
        n_runs.to_string(),
    ];
    let mut sum = 0.0;
    for figures in [&mut plans, &mut checks, &mut compares] {
        figures.sort_by(f64::total_cmp);
        let (median, least, most) = spread(figures);
        sum += median;
        row.extend([median, least, most].map(|figure| format!("{figure:.1}")));
    }
    row.push(format!("{sum:.1}"));
    Ok(row)
}

/// Compares every connection by every way, judged, as `breezeway compare` does.
fn compare_all(spec: &Spec) {
    let gb = Decimal::from_whole(GB);
    std::hint::black_box(comparison::compare(spec, Facts::embedded(), Some(gb)));
}

fn millis(start: Instant) -> f64 {
    start.elapsed().as_secs_f64() * 1e3
}

/// Median, least and most of sorted figures.
fn spread(sorted: &[f64]) -> (f64, f64, f64) {
    let at = |position: usize| sorted.get(position).copied().unwrap_or(0.0);
    (
        at(sorted.len() / 2),
        at(0),
        at(sorted.len().saturating_sub(1)),
    )
}

/// The time this process has spent on a core, which others on the machine do not stretch.
fn on_core() -> anyhow::Result<Duration> {
    let path = "/proc/self/schedstat";
    let text = std::fs::read_to_string(path).with_context(|| format!("could not read {path}"))?;
    let nanos = text.split_whitespace().next().unwrap_or_default();
    let nanos = nanos
        .parse()
        .context("the kernel counts no time on a core")?;
    Ok(Duration::from_nanos(nanos))
}

/// A figure of the kernel's about this process's memory, in MB.
fn memory(name: &str) -> anyhow::Result<u64> {
    let path = "/proc/self/status";
    let text = std::fs::read_to_string(path).with_context(|| format!("could not read {path}"))?;
    let line = text.lines().find_map(|line| line.strip_prefix(name));
    let figure = line.and_then(|line| line.split_whitespace().nth(1));
    let kilobytes: u64 = figure
        .and_then(|figure| figure.parse().ok())
        .with_context(|| format!("{path} has no {name}"))?;
    Ok(kilobytes.div_ceil(1024))
}

/// Lets the kernel count the peak of memory from here on.
fn forget_peak() -> anyhow::Result<()> {
    let path = "/proc/self/clear_refs";
    std::fs::write(path, "5").with_context(|| format!("could not write {path}"))
}
