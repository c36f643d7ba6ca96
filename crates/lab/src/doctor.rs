//! What this machine allows, found by trying it, and the remedy where it does not.

use std::io::{self, Read, Write};
use std::net::{Ipv4Addr, SocketAddrV4};
use std::time::{Duration, Instant};

use blueprint::Blueprint;
use blueprint::ids::EniId;
use blueprint::network::{Eni, EniOwner, Route, RouteTable, RouteTarget, Subnet, Vpc};
use blueprint::verdict::Class;

use crate::contain::{Inside, Options, contain};
use crate::error::{LabError, Stage};
use crate::steps::{Operation, steps};

/// One thing the lab needs of the machine.
#[derive(Debug)]
pub struct Capability {
    /// What it is.
    pub name: &'static str,
    /// What was found when it was tried, or why it failed.
    pub found: Result<String, String>,
    /// What to do where it is missing.
    pub remedy: &'static str,
}

const USER_NAMESPACES: &str = "user namespaces";
const MOUNTS: &str = "mounts";
const NAMES: [&str; 5] = [
    "network namespaces",
    "links and routes",
    "packet rules",
    "packet log",
    "evidence",
];

/// How long one dial of the trial may take.
const DIAL_LIMIT: Duration = Duration::from_secs(2);

/// Tries everything that the lab needs. The caller must have one thread, as for [`contain`].
pub fn doctor() -> Vec<Capability> {
    let (mut findings, report) = match io::pipe() {
        Ok(pipe) => pipe,
        Err(error) => return vec![capability(USER_NAMESPACES, Err(error.to_string()))],
    };
    let options = Options {
        tie_to_caller: true,
    };
    match contain(&options, move |inside| examine(&inside, report)) {
        Err(error) => entering(&error),
        Ok(contained) => {
            let mut text = String::new();
            let _ = findings.read_to_string(&mut text);
            let _ = contained.wait();
            let mut all = vec![
                capability(USER_NAMESPACES, Ok(user_namespaces())),
                capability(MOUNTS, Ok("`/proc` and `/run` of its own".to_owned())),
            ];
            all.extend(
                NAMES
                    .iter()
                    .zip(lines(&text))
                    .map(|(name, found)| capability(name, found)),
            );
            all
        }
    }
}

/// What a failure to enter says: what came before it is there.
fn entering(error: &LabError) -> Vec<Capability> {
    let found = Err(chain(error));
    if let LabError::Contain { stage, .. } = error {
        return match stage {
            Stage::MountPrivate | Stage::MountProc | Stage::MountRun => vec![
                capability(USER_NAMESPACES, Ok(user_namespaces())),
                capability(MOUNTS, found),
            ],
            Stage::Fork
            | Stage::Unshare
            | Stage::DenyGroups
            | Stage::MapUser
            | Stage::MapGroup
            | Stage::Tie => vec![capability(USER_NAMESPACES, found)],
        };
    }
    vec![capability(USER_NAMESPACES, found)]
}

fn user_namespaces() -> String {
    let user = nix::unistd::getuid();
    format!("uid {user} becomes root of its own")
}

fn capability(name: &'static str, found: Result<String, String>) -> Capability {
    let remedy = remedy(name);
    Capability {
        name,
        found,
        remedy,
    }
}

fn remedy(name: &str) -> &'static str {
    match name {
        USER_NAMESPACES => {
            "Ubuntu: an AppArmor profile with `userns,` for this program, or \
             `sudo sysctl kernel.apparmor_restrict_unprivileged_userns=0`; old Debian: \
             `sudo sysctl kernel.unprivileged_userns_clone=1`; Docker: `--privileged`, or \
             `--security-opt seccomp=unconfined --security-opt apparmor=unconfined \
             --security-opt systempaths=unconfined`; or run it with `sudo`"
        }
        MOUNTS => {
            "Ubuntu: an AppArmor profile with `userns,` for this program; Docker: \
             `--security-opt systempaths=unconfined --security-opt apparmor=unconfined`"
        }
        "network namespaces" | "links and routes" => {
            "a kernel with `CONFIG_NET_NS`, `CONFIG_VETH` and `CONFIG_IP_MULTIPLE_TABLES`; \
             `sudo modprobe veth` where it is a module"
        }
        _ => {
            "a kernel with nftables, connection tracking, NAT and NFLOG; \
             `sudo modprobe -a nf_tables nft_ct nft_nat nft_numgen nft_log nfnetlink_log` where \
             they are modules"
        }
    }
}

/// One line per finding, `ok` or `no` first. What was not reached is missing.
fn lines(text: &str) -> impl Iterator<Item = Result<String, String>> {
    let unreached = std::iter::repeat(Err("not tried: what it needs is missing".to_owned()));
    let told = text.lines().map(|line| match line.split_once(' ') {
        Some(("ok", found)) => Ok(found.to_owned()),
        Some((_, found)) => Err(found.to_owned()),
        None => Err(line.to_owned()),
    });
    told.collect::<Vec<_>>().into_iter().chain(unreached)
}

/// Runs inside: raises a network of two hosts and reports how far it came.
fn examine(inside: &Inside, mut report: impl Write) -> u8 {
    let runtime = tokio::runtime::Builder::new_current_thread()
        .enable_all()
        .build();
    let findings = match runtime {
        Ok(runtime) => runtime.block_on(trial(inside)),
        Err(error) => vec![Err(error.to_string())],
    };
    for finding in findings {
        let (mark, text) = match finding {
            Ok(text) => ("ok", text),
            Err(text) => ("no", text),
        };
        let text = text.replace('\n', " ");
        let _ = writeln!(report, "{mark} {text}");
    }
    0
}

async fn trial(inside: &Inside) -> Vec<Result<String, String>> {
    let blueprint = two_hosts();
    let began = Instant::now();
    let network = match inside.raise(&blueprint).await {
        Ok(network) => network,
        Err(error) => return unraised(&error),
    };
    let took = began.elapsed();
    let operations = steps(&blueprint).map_or_else(|_| Vec::new(), |drawn| drawn.operations);
    let n_rules = operations
        .iter()
        .filter(|o| matches!(o, Operation::Ruleset { .. }))
        .count();
    let mut findings = vec![
        Ok(format!(
            "{} made in {took:.0?}",
            network.namespaces().count()
        )),
        Ok("veth pairs and policy rules".to_owned()),
        Ok(format!(
            "{n_rules} tables with connection tracking and logs"
        )),
        Ok("bound in every namespace".to_owned()),
    ];
    let to = SocketAddrV4::new(Ipv4Addr::new(10, 0, 0, 11), 9);
    let dialled = network
        .dial(&"a".into(), to, Instant::now() + DIAL_LIMIT)
        .await;
    findings.push(match dialled {
        Ok(dialled) => match dialled.trail.end() {
            Some(end) if end.class == Class::Refused => Ok(format!(
                "a refusal was followed over {} sightings",
                dialled.trail.sightings.len()
            )),
            Some(end) => Err(format!("a refusal was read as `{}`", end.class)),
            None => Err("the packet log stayed empty".to_owned()),
        },
        Err(error) => Err(chain(&error)),
    });
    findings
}

/// How far a raise came that failed.
fn unraised(error: &LabError) -> Vec<Result<String, String>> {
    let n_passed = if let LabError::Netlink { operation, .. } = error {
        if operation.starts_with("nft") { 2 } else { 1 }
    } else if let LabError::Log { .. } = error {
        3
    } else {
        0
    };
    let passed = std::iter::repeat_n(Ok("there".to_owned()), n_passed);
    passed.chain([Err(chain(error))]).collect()
}

fn chain(error: &dyn std::error::Error) -> String {
    let mut text = error.to_string();
    let mut cause = error.source();
    while let Some(inner) = cause {
        text.push_str(": ");
        text.push_str(&inner.to_string());
        cause = inner.source();
    }
    text
}

/// A VPC with two hosts, and a group so that rules are loaded.
fn two_hosts() -> Blueprint {
    let range = ipnet::Ipv4Net::new_assert(Ipv4Addr::new(10, 0, 0, 0), 24);
    let mut blueprint = Blueprint::default();
    let vpc = Vpc {
        account: String::new(),
        region: String::new(),
        cidrs: vec![range],
        ipv6_cidrs: Vec::new(),
        resolver: Ipv4Addr::new(10, 0, 0, 2),
        mtu: 9001,
        dns: true,
        nat: false,
        service_endpoints: Default::default(),
    };
    let subnet = Subnet {
        vpc: "v".into(),
        zone: "z".into(),
        cidr: range,
        route_table: "v".into(),
        network_acl: None,
    };
    let local = Route {
        destination: range,
        target: RouteTarget::Local,
    };
    let table = RouteTable {
        vpc: "v".into(),
        routes: vec![local],
    };
    blueprint.vpcs.insert("v".into(), vpc);
    blueprint.subnets.insert("v/z".into(), subnet);
    blueprint.route_tables.insert("v".into(), table);
    for (id, last) in [("a", 10), ("b", 11)] {
        let eni = Eni {
            subnet: "v/z".into(),
            address: Ipv4Addr::new(10, 0, 0, last),
            security_groups: Vec::new(),
            owner: EniOwner::Witness,
        };
        blueprint.enis.insert(EniId::from(id), eni);
    }
    blueprint
}
