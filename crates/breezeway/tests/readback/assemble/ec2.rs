//! Brokers on EC2: interfaces of the text, listeners of the brokers' settings.

use std::collections::{BTreeMap, BTreeSet};
use std::net::Ipv4Addr;

use blueprint::ids::{ClusterId, EniId};
use blueprint::kafka::{Broker, BrokerListener, Cluster, HostPort};
use blueprint::network::EniOwner;
use blueprint::spec::Auth;

use super::props::domain;
use super::settings::{listeners, properties};
use super::{Draft, network};
use crate::wiring::BrokerSettings;

/// Writes a cluster from the settings of its brokers.
pub(super) fn write(draft: &mut Draft<'_>, id: &ClusterId, said: &Cluster) -> Result<(), String> {
    let mut cluster = Cluster {
        vpc: draft.places.get(&said.vpc).unwrap_or(&said.vpc).clone(),
        brokers: BTreeMap::new(),
        controllers: BTreeMap::new(),
        ..said.clone()
    };
    let reading = draft.reading;
    let files = reading.settings.iter();
    for file in files.filter(|file| file.cluster == id.as_str()) {
        let what = format!("settings of broker {} of {id}", file.broker);
        draft.attempt(&what, |draft| write_broker(draft, id, &mut cluster, file));
    }
    draft.made.clusters.insert(id.clone(), cluster);
    Ok(())
}

fn write_broker(
    draft: &mut Draft<'_>,
    id: &ClusterId,
    cluster: &mut Cluster,
    file: &BrokerSettings,
) -> Result<(), String> {
    let settings = properties(&file.text);
    let node_id = settings
        .get("node.id")
        .or_else(|| settings.get("broker.id"));
    let node_id = node_id.ok_or("node.id is missing")?;
    let node_id: u32 = node_id.parse().map_err(|_| format!("node.id={node_id}"))?;
    let bound = listeners(settings.get("listeners").ok_or("listeners is missing")?)?;
    let address: BTreeSet<&String> = bound.iter().map(|(_, host, _)| host).collect();
    let [address] = address.into_iter().collect::<Vec<_>>()[..] else {
        return Err("listeners bind several addresses, or none".to_owned());
    };
    let address: Ipv4Addr = address
        .parse()
        .map_err(|_| format!("bound to `{address}`"))?;
    let eni = interface(draft, cluster, file, address)?;
    let subnet = draft.made.enis.get(&eni).map(|eni| eni.subnet.clone());
    cluster.vpc = network::vpc_of(draft, &subnet.ok_or("no interface")?)?;
    if let Some(eni) = draft.made.enis.get_mut(&eni) {
        eni.owner = EniOwner::Broker {
            cluster: id.clone(),
            id: node_id,
        };
    }
    if let Some(name) = settings.get("inter.broker.listener.name") {
        cluster.inter_broker_listener.clone_from(name);
    }
    let controllers = settings.get("controller.listener.names");
    let controllers: Vec<_> = controllers.into_iter().flat_map(|n| n.split(',')).collect();
    let mut broker = Broker {
        eni,
        listeners: BTreeMap::new(),
    };
    for (name, _, port) in &bound {
        let port: u16 = port.parse().map_err(|_| format!("port `{port}`"))?;
        if controllers.contains(&name.as_str()) {
            cluster.controllers.insert(node_id, (address, port));
        } else {
            let listener = listener(&settings, name, port)?;
            broker.listeners.insert(name.clone(), listener);
        }
    }
    cluster.brokers.insert(node_id, broker);
    Ok(())
}

/// The interface with an address in the settings' account and Region; of several the one in the
/// cluster's VPC.
fn interface(
    draft: &Draft<'_>,
    cluster: &Cluster,
    file: &BrokerSettings,
    address: Ipv4Addr,
) -> Result<EniId, String> {
    let vpc = |eni: &EniId| {
        let eni = draft.made.enis.get(eni)?;
        network::vpc_of(draft, &eni.subnet).ok()
    };
    let is_near = |id: &EniId| {
        let vpc = vpc(id).and_then(|vpc| draft.made.vpcs.get(&vpc));
        vpc.is_some_and(|vpc| vpc.account == file.account && vpc.region == file.region)
    };
    let holders = draft.made.enis.iter();
    let holders = holders.filter(|(id, eni)| eni.address == address && is_near(id));
    let holders: Vec<_> = holders.map(|(id, _)| id).collect();
    let home = holders
        .iter()
        .find(|id| vpc(id).as_ref() == Some(&cluster.vpc));
    match (home, &holders[..]) {
        (Some(eni), _) => Ok((*eni).clone()),
        (None, [only]) => Ok((*only).clone()),
        (None, several) => Err(format!("{} interfaces hold {address}", several.len())),
    }
}

fn listener(
    settings: &BTreeMap<String, String>,
    name: &str,
    port: u16,
) -> Result<BrokerListener, String> {
    let map = settings.get("listener.security.protocol.map");
    let mut protocols = map.into_iter().flat_map(|map| map.split(','));
    let protocol = protocols.find_map(|item| item.trim().strip_prefix(name)?.strip_prefix(':'));
    // Without a map a listener is named for its protocol (`listener.security.protocol.map` in
    // Kafka's documentation).
    let protocol = protocol.unwrap_or(name).to_owned();
    // Without `advertised.listeners` the bound ones are advertised (the same).
    let told = settings
        .get("advertised.listeners")
        .or_else(|| settings.get("listeners"));
    let told = listeners(told.map_or("", String::as_str))?;
    let told = told.iter().find(|(known, _, _)| known == name);
    let told = told.map(|(_, host, port)| {
        let port = port.parse().map_err(|_| format!("port `{port}`"))?;
        let host = domain(host);
        Ok::<_, String>(HostPort { host, port })
    });
    Ok(BrokerListener {
        port,
        advertised: told.transpose()?,
        auth: auth(settings, name, &protocol),
        certificate_names: BTreeSet::new(),
        protocol,
    })
}

fn auth(settings: &BTreeMap<String, String>, name: &str, protocol: &str) -> Auth {
    let own = |key: &str| {
        let prefix = format!("listener.name.{}.", name.to_lowercase());
        settings
            .get(&format!("{prefix}{key}"))
            .or_else(|| settings.get(key))
    };
    let is = |key: &str, value: &str| own(key).is_some_and(|said| said.contains(value));
    match protocol {
        "PLAINTEXT" => Auth::None,
        "SASL_SSL" if is("sasl.enabled.mechanisms", "AWS_MSK_IAM") => Auth::Iam,
        "SASL_SSL" | "SASL_PLAINTEXT" => Auth::Scram,
        _ if is("ssl.client.auth", "required") => Auth::Mtls,
        _ => Auth::Tls,
    }
}
