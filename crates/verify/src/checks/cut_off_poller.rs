//! # cut-off-poller
//!
//! A Lambda event source mapping polls from where it cannot reach Lambda, STS or the secrets it
//! needs, or it is set so that records are lost or batches never end.
//!
//! ## Why it is bad
//!
//! The pollers of a mapping are no part of the function: AWS puts their interfaces into the
//! cluster's subnets, or those named for self-managed Kafka, without a public address. In
//! on-demand mode they call Lambda and STS from there, and Secrets Manager where they need a
//! secret, so those subnets need a NAT gateway or endpoints. What one sees is `PROBLEM: Connection
//! error. Your VPC must be able to connect to Lambda and STS`, although Kafka is reachable. Other
//! settings fail in silence: starting at `LATEST` loses what arrives while the mapping starts.
//!
//! ## Example
//!
//! ```yaml
//! vpcs:
//!   data: { account: "111111111111", cidr: 10.0.0.0/16, zones: [euc1-az1] }     # nothing leads out
//! clients:
//!   averages: { kind: lambda, vpc: data, cluster: orders }
//! ```
//!
//! ## Remedy
//!
//! Give the VPC `service_endpoints: [lambda, sts, secretsmanager]` or `nat: true`, or let the
//! mapping poll in provisioned mode, which needs neither (`lambda: { provisioned: true }`).

use std::collections::BTreeSet;

use blueprint::diagnostic::Diagnostic;
use blueprint::facts::id;
use blueprint::ids::{ClientId, VpcId};
use blueprint::kafka::Client;
use blueprint::spec::{Auth, Lambda};

use crate::evidence::{Evidence, Finding, value};
use crate::words;

pub(super) fn run(evidence: &Evidence<'_, '_>) -> Vec<Finding> {
    let clients = evidence.blueprint().clients.iter();
    let mappings = clients.filter_map(|(id, client)| Some((id, client, client.lambda.as_ref()?)));
    let found = mappings.flat_map(|(id, client, lambda)| {
        let cut_off = cut_off(evidence, id, client, lambda);
        cut_off.into_iter().chain(settings(evidence, id, lambda))
    });
    found.map(Finding::of_structure).collect()
}

/// The VPCs in which pollers stand.
fn homes<'a>(evidence: &Evidence<'_, 'a>, client: &Client) -> BTreeSet<&'a VpcId> {
    let enis = client.enis.iter();
    enis.filter_map(|eni| Some(evidence.network.interface(eni)?.vpc()))
        .collect()
}

/// The services that on-demand pollers call.
fn needs(client: &Client) -> Vec<&'static str> {
    let mut needs = vec!["lambda", "sts"];
    match client.auth {
        Auth::Mtls | Auth::Scram => needs.push("secretsmanager"),
        Auth::None | Auth::Tls | Auth::Iam => {}
    }
    needs
}

fn cut_off(
    evidence: &Evidence<'_, '_>,
    id: &ClientId,
    client: &Client,
    lambda: &Lambda,
) -> Vec<Diagnostic> {
    if lambda.provisioned {
        return Vec::new();
    }
    let homes = homes(evidence, client).into_iter();
    let found = homes.filter_map(|home| {
        let vpc = evidence.blueprint().vpcs.get(home)?;
        let missing = needs(client)
            .into_iter()
            .filter(|service| !vpc.service_endpoints.contains(*service));
        let missing: Vec<_> = missing.collect();
        (!vpc.nat && !missing.is_empty()).then(|| {
            let services = words::code_list(&missing);
            let title = format!("the pollers of `{id}` cannot reach {services} from `{home}`");
            let key = evidence.origin(home).key("service_endpoints");
            Diagnostic::error("cut-off-poller", title, value(key))
                .label("no endpoint here, and no NAT gateway")
                .related(value(evidence.origin(id).key("kind")), "its pollers stand there")
                .note("on-demand pollers call these services themselves; without them: `PROBLEM: Connection error`")
                .help(format!(
                    "add {services} to `service_endpoints` of `{home}`, say `nat: true`, or `lambda: {{ provisioned: true }}`"
                ))
        })
    });
    found.collect()
}

/// What of the mapping's own settings AWS refuses, or loses records by.
fn settings(evidence: &Evidence<'_, '_>, id: &ClientId, lambda: &Lambda) -> Vec<Diagnostic> {
    let key = |name: &str| value(evidence.origin(id).key("lambda").key(name));
    let mut found = Vec::new();
    let asked = lambda.function_timeout_s.map(u64::from);
    let asked = asked.zip(function_seconds(evidence));
    if let Some((said, most)) = asked.filter(|(said, most)| most < said) {
        let title =
            format!("the function of `{id}` runs up to {said} s, and a Kafka source waits {most}");
        found.push(
            Diagnostic::error("cut-off-poller", title, key("function_timeout_s"))
                .help(format!("say `function_timeout_s: {most}` or less")),
        );
    }
    if lambda.starting_position.as_deref() == Some("LATEST") {
        let title = format!("`{id}` starts at LATEST and misses what arrives while it starts");
        found.push(
            Diagnostic::warning("cut-off-poller", title, key("starting_position"))
                .note("a consumer group that exists already goes on where it was, whatever is said here")
                .help("say `starting_position: TRIM_HORIZON`"),
        );
    }
    found
}

/// The longest run of a function behind a Kafka source, in seconds.
fn function_seconds(evidence: &Evidence<'_, '_>) -> Option<u64> {
    const SECONDS_PER_MINUTE: u64 = 60;
    let minutes = evidence.fact(id::QUOTAS_LAMBDA_FUNCTION_TIMEOUT)?;
    minutes.checked_mul(SECONDS_PER_MINUTE)
}
