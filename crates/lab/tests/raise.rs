//! Networks raised for real: every way a connection can end, and that nothing outlives a lab.
//!
//! Its `main` is the only thread, as the lab needs it, hence no test harness.

#![expect(
    clippy::unwrap_used,
    clippy::print_stdout,
    reason = "a test program without a harness"
)]

mod dials;
mod estate;
mod lives;

use std::time::Instant;

use lab::{Inside, Options};

const TIED: Options = Options {
    tie_to_caller: true,
};

type Test = (&'static str, fn() -> bool);

const TESTS: &[Test] = &[
    ("within_one_vpc", dials::within_one_vpc),
    ("through_privatelink", dials::through_privatelink),
    (
        "judged_behind_the_balancer",
        dials::judged_behind_the_balancer,
    ),
    ("over_a_peering", dials::over_a_peering),
    ("an_answer_gone_astray", dials::an_answer_gone_astray),
    ("a_balancer_per_broker", dials::ways::a_balancer_per_broker),
    (
        "through_a_resource_gateway",
        dials::ways::through_a_resource_gateway,
    ),
    ("from_another_region", dials::ways::from_another_region),
    ("network_acls", dials::acls::network_acls),
    (
        "over_a_transit_gateway",
        dials::transit::over_a_transit_gateway,
    ),
    (
        "overlapping_at_a_transit_gateway",
        dials::transit::overlapping_at_a_transit_gateway,
    ),
    (
        "groups_across_a_peering",
        dials::transit::groups_across_a_peering,
    ),
    (
        "over_peered_transit_gateways",
        dials::transit::over_peered_transit_gateways,
    ),
    ("names_and_programs", dials::names_and_programs),
    ("sixty_namespaces", dials::sixty_namespaces),
    ("two_labs_side_by_side", lives::two_labs_side_by_side),
    ("a_hundred_labs_in_a_row", lives::a_hundred_labs_in_a_row),
    (
        "nothing_outlives_the_caller",
        lives::nothing_outlives_the_caller,
    ),
    (
        "nothing_outlives_the_supervisor",
        lives::nothing_outlives_the_supervisor,
    ),
    (
        "nothing_outlives_the_first_process",
        lives::nothing_outlives_the_first_process,
    ),
    ("up_exec_connect_down", lives::up_exec_connect_down),
    (
        "doctor_finds_what_raising_needs",
        lives::doctor_finds_what_raising_needs,
    ),
    ("threads_are_refused", lives::threads_are_refused),
];

fn main() {
    if std::env::args().any(|arg| arg == lives::STAY) {
        std::process::exit(lives::stay());
    }
    if let Some(missing) = lab::doctor().into_iter().find(|part| part.found.is_err()) {
        println!("skipped: {} missing: {:?}", missing.name, missing.found);
        println!("{} skipped", TESTS.len());
        return;
    }
    let began = Instant::now();
    let only = std::env::args().nth(1).filter(|arg| !arg.starts_with('-'));
    let (mut n_run, mut n_failed) = (0, 0);
    for (name, test) in TESTS {
        if only.as_deref().is_none_or(|only| name.contains(only)) {
            let passed = test();
            println!("{name}: {}", if passed { "ok" } else { "FAILED" });
            n_run += 1;
            n_failed += usize::from(!passed);
        }
    }
    println!(
        "{n_run} run, {n_failed} failed, 0 skipped; took {:.1?}",
        began.elapsed()
    );
    if 0 < n_failed {
        std::process::exit(1);
    }
}

fn inside<F>(work: impl FnOnce(Inside) -> F) -> bool
where
    F: Future<Output = bool>,
{
    let contained = lab::contain(&TIED, |inside| {
        let runtime = tokio::runtime::Builder::new_current_thread()
            .enable_all()
            .build();
        let good = runtime.unwrap().block_on(work(inside));
        u8::from(!good)
    });
    match contained {
        Ok(lab) => lab.wait().unwrap() == 0,
        Err(error) => told(&error),
    }
}

fn told(error: &dyn std::error::Error) -> bool {
    println!("  {error}");
    let mut cause = error.source();
    while let Some(inner) = cause {
        println!("    caused by: {inner}");
        cause = inner.source();
    }
    false
}
