//! What no template can say: clusters that Amazon MSK makes in no such way, texts that
//! CloudFormation does not take.

use std::collections::{BTreeMap, BTreeSet};

use blueprint::Blueprint;
use blueprint::diagnostic::{At, Diagnostic};
use blueprint::ids::{ClusterId, HostedZoneId};
use blueprint::kafka::Cluster;
use blueprint::key::SpecKey;
use blueprint::network::EniOwner;
use blueprint::spec::ClusterKind;

use crate::unit::Unit;
use crate::{msk, parts};

/// Bytes a template may have that is given to CloudFormation itself (CloudFormation quotas; 1 MB
/// where it lies in S3).
const MAX_TEMPLATE_BYTES: usize = 51_200;

/// Resources a template may have (CloudFormation quotas).
const MAX_RESOURCES: usize = 500;

/// Parameters, and outputs, a template may have (CloudFormation quotas).
const MAX_PARAMETERS: usize = 200;

/// Zones in which Amazon MSK places brokers: two or three (Amazon MSK developer guide, "Create a
/// cluster").
const MSK_ZONES: std::ops::RangeInclusive<usize> = 2..=3;

macro_rules! faults {
    ($($name:literal),+ $(,)?) => {
        &[$(($name, include_str!(concat!("../pages/", $name, ".md")))),+]
    };
}

/// The faults that rendering itself finds, each with its page in Markdown.
pub fn faults() -> &'static [(&'static str, &'static str)] {
    faults!["homeless-zone", "oversized-template", "unmakeable-cluster"]
}

/// What of a blueprint AWS makes in no such way.
pub(crate) fn of_blueprint(blueprint: &Blueprint) -> Vec<Diagnostic> {
    let clusters = blueprint.clusters.iter();
    let made = clusters.filter(|(id, cluster)| {
        cluster.kind.is_msk() && !blueprint.existing.contains_key(&(*id).into())
    });
    let faults = made.flat_map(|(id, cluster)| {
        let key = SpecKey::root().key("clusters").key(id.as_str());
        [
            broker_ids(id, cluster, &key),
            broker_zones(blueprint, id, cluster, &key),
            ports(id, cluster, &key),
            unadvertised(id, cluster, &key),
            certificates(blueprint, id, cluster, &key),
            express_settings(blueprint, id, cluster, &key),
        ]
    });
    let homeless = parts::homeless_zones(blueprint);
    let homeless = homeless.map(|id| homeless_zone(blueprint, id));
    faults.flatten().chain(homeless).collect()
}

fn unmakeable(title: String, at: SpecKey) -> Diagnostic {
    Diagnostic::error("unmakeable-cluster", title, At::Value(at))
}

fn broker_ids(id: &ClusterId, cluster: &Cluster, key: &SpecKey) -> Option<Diagnostic> {
    let counted = (1..).zip(cluster.brokers.keys());
    let misnumbered = counted.into_iter().find(|(nth, broker)| nth != *broker);
    misnumbered.map(|_| {
        unmakeable(
            format!("Amazon MSK numbers the brokers of `{id}` from 1"),
            key.key("brokers"),
        )
        .help(format!("write `brokers: {}`", cluster.brokers.len()))
    })
}

fn broker_zones(
    blueprint: &Blueprint,
    id: &ClusterId,
    cluster: &Cluster,
    key: &SpecKey,
) -> Option<Diagnostic> {
    let zones: BTreeSet<_> = subnets(blueprint, id).into_iter().collect();
    let is_provisioned = matches!(cluster.kind, ClusterKind::Msk | ClusterKind::MskExpress);
    (is_provisioned && !MSK_ZONES.contains(&zones.len())).then(|| {
        unmakeable(
            format!("the brokers of `{id}` stand in {} zones", zones.len()),
            key.key("vpc"),
        )
        .label("Amazon MSK takes subnets in two or three zones")
        .help("give the VPC two or three `zones`")
    })
}

fn subnets<'b>(blueprint: &'b Blueprint, id: &ClusterId) -> Vec<&'b str> {
    let enis = blueprint.enis.values();
    let own =
        enis.filter(|eni| matches!(&eni.owner, EniOwner::Broker { cluster, .. } if cluster == id));
    let subnets = own.filter_map(|eni| blueprint.subnets.get(&eni.subnet));
    subnets.map(|subnet| subnet.zone.as_str()).collect()
}

/// Every broker is looked at: Amazon MSK binds one port on all of them.
fn ports(id: &ClusterId, cluster: &Cluster, key: &SpecKey) -> Option<Diagnostic> {
    let brokers = cluster.brokers.iter();
    let mut bound = brokers.flat_map(|(broker, held)| {
        let listeners = msk::client_listeners(cluster, held);
        listeners.map(move |(name, listener)| (broker, name, listener))
    });
    let (broker, name, listener) =
        bound.find(|(_, _, listener)| listener.port != msk::port(listener.auth))?;
    Some(
        unmakeable(
            format!(
                "the listener {name} of broker {broker} of `{id}` binds port {}",
                listener.port
            ),
            key.key("listeners").key(name.as_str()),
        )
        .label(format!("Amazon MSK binds {}", msk::port(listener.auth)))
        .help("leave the port out"),
    )
}

/// `custom.advertised.listeners` moves the listeners it names, and the others stay as they are
/// (Amazon MSK developer guide, "Custom domain names").
fn unadvertised(id: &ClusterId, cluster: &Cluster, key: &SpecKey) -> Option<Diagnostic> {
    let brokers = cluster.brokers.values();
    let mut listeners = brokers.flat_map(|broker| msk::client_listeners(cluster, broker));
    let (name, _) = listeners.find(|(_, listener)| listener.advertised.is_none())?;
    Some(
        unmakeable(
            format!("the listener {name} of `{id}` is not advertised"),
            key.key("advertised"),
        )
        .label("Amazon MSK's brokers advertise every listener for clients")
        .help(format!(
            "add {name} to `advertised`, or leave `advertised` out"
        )),
    )
}

fn express_settings(
    blueprint: &Blueprint,
    id: &ClusterId,
    cluster: &Cluster,
    key: &SpecKey,
) -> Option<Diagnostic> {
    let config = key.key("config");
    let is_said = |key: &SpecKey| !blueprint.defaults.iter().any(|filled| filled.key == *key);
    let settings = cluster.settings.keys();
    let mut ours = settings.filter(|name| msk::is_set_by_service(cluster, name));
    let name = ours.find(|name| is_said(&config.key(name.as_str())))?;
    Some(
        unmakeable(
            format!("`{name}` of `{id}` cannot be set"),
            config.key(name.as_str()),
        )
        .label("Express brokers set it themselves")
        .help(format!(
            "leave `{name}` out, or take `kind: msk`, whose brokers let you set it"
        )),
    )
}

fn homeless_zone(blueprint: &Blueprint, id: &HostedZoneId) -> Diagnostic {
    let zone = blueprint.zones.get(id);
    let key = blueprint.origins.get(&id.into());
    let vpcs = zone.into_iter().flat_map(|zone| &zone.vpcs);
    let vpcs: Vec<_> = vpcs.map(|vpc| format!("`{vpc}`")).collect();
    Diagnostic::error(
        "homeless-zone",
        format!(
            "the private zone `{id}` has no VPC of its own account {}",
            zone.map_or("", |zone| zone.account.as_str())
        ),
        At::Value(key.cloned().unwrap_or_default()),
    )
    .label(format!("it serves {}", vpcs.join(", ")))
    .note("AWS makes a private zone only together with a VPC of the account that owns the zone")
    .help("give the zone to the account of one of its VPCs, or a VPC of its account to the zone")
}

fn certificates(
    blueprint: &Blueprint,
    id: &ClusterId,
    cluster: &Cluster,
    key: &SpecKey,
) -> Option<Diagnostic> {
    let said = key.key("certificate_names");
    let is_default = blueprint.defaults.iter().any(|filled| filled.key == said);
    let brokers = cluster.brokers.values();
    let listeners = brokers.flat_map(|broker| msk::client_listeners(cluster, broker));
    let mut names = listeners.flat_map(|(_, listener)| &listener.certificate_names);
    let foreign = names.find(|name| !name.ends_with(&cluster.suffix));
    foreign.filter(|_| !is_default).map(|name| {
        unmakeable(
            format!("the brokers of `{id}` present a certificate for {name}"),
            said,
        )
        .label("Amazon MSK's brokers present AWS's certificate for their own names")
        .help("leave it out; a balancer that ends TLS can present another (`terminate_tls`)")
    })
}

/// Which texts CloudFormation does not take.
pub(crate) fn of_templates(units: &[Unit], texts: &BTreeMap<String, String>) -> Vec<Diagnostic> {
    let faults = units.iter().filter_map(|unit| {
        let n_bytes = texts.get(&unit.path).map_or(0, String::len);
        let resources = unit.items.iter().map(|item| item.resources.len());
        let n_resources: usize = resources.sum();
        let over = [
            (n_bytes, MAX_TEMPLATE_BYTES, "bytes"),
            (n_resources, MAX_RESOURCES, "resources"),
            (unit.inputs.len(), MAX_PARAMETERS, "parameters"),
            (unit.outputs.len(), MAX_PARAMETERS, "outputs"),
        ];
        let (n, limit, what) = over.into_iter().find(|(n, limit, _)| n > limit)?;
        let title = format!("the template {} would have {n} {what}", unit.path);
        let at = At::Value(SpecKey::root().key("vpcs"));
        Some(
            Diagnostic::error("oversized-template", title, at)
                .note(format!("CloudFormation takes {limit} {what}"))
                .help("render to Terraform, or split the spec"),
        )
    });
    faults.collect()
}
