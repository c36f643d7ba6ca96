//! The facets of clusters, clients and gateways.

use std::collections::BTreeSet;

use blueprint::Blueprint;
use blueprint::gateway::Gateway;
use blueprint::kafka::{AdvertisedBy, BrokerListener, Client, Cluster};

use super::facets::Facets;
use super::values::{Facet, many, one, pairs};

impl Facets for Cluster {
    fn facets(&self, within: &Blueprint) -> Vec<Facet> {
        let Self {
            kind,
            vpc,
            kafka_version,
            instance_type,
            zookeeper,
            bootstrap_names,
            vpc_connectivity,
            suffix,
            brokers,
            inter_broker_listener,
            controller_listener,
            controllers,
            settings,
            advertised_by,
            service_names: _,
        } = self;
        let listeners = brokers.iter().flat_map(|(id, broker)| {
            let listeners = broker.listeners.iter();
            listeners.map(move |(name, at)| (format!("broker {id} {name}"), listener(at)))
        });
        let connectivity = vpc_connectivity.iter().flat_map(|(auth, accounts)| {
            let none = accounts.is_empty().then_some((auth, "nobody"));
            accounts
                .iter()
                .map(move |account| (auth, account.as_str()))
                .chain(none)
        });
        let voters = controllers.iter();
        let voters = voters.map(|(id, (address, port))| (id, format!("{address}:{port}")));
        let mut facets = vec![
            one("kind", kind),
            one("vpc", vpc),
            one("Kafka version", kafka_version),
            many("instance type", instance_type),
            one("ZooKeeper", zookeeper),
            many("bootstrap names", bootstrap_names),
            pairs("VPC connectivity", connectivity),
            one("suffix", suffix),
            pairs(
                "brokers",
                brokers.iter().map(|(id, broker)| (id, &broker.eni)),
            ),
            pairs("listeners", listeners),
            one("inter-broker listener", inter_broker_listener),
            one("controller listener", controller_listener),
            pairs("voters", voters),
            pairs("settings", settings),
            many("advertised by", advertised_by.iter().flat_map(told)),
        ];
        if kind.is_msk() {
            let enis = || {
                brokers
                    .values()
                    .filter_map(|broker| within.enis.get(&broker.eni))
            };
            let subnets: BTreeSet<_> = enis().map(|eni| &eni.subnet).collect();
            let groups: BTreeSet<_> = enis().flat_map(|eni| &eni.security_groups).collect();
            facets.push(many("client subnets", subnets));
            facets.push(many("security groups", groups));
        }
        facets
    }
}

fn told(by: &AdvertisedBy) -> Vec<String> {
    match by {
        AdvertisedBy::Property(value) => {
            let rules = value.split(',');
            let rule = |rule| format!("custom.advertised.listeners={rule}");
            rules.map(rule).collect()
        }
        AdvertisedBy::PerBroker(values) => {
            let values = values.iter();
            let value = |(id, value)| format!("broker {id} advertised.listeners={value}");
            values.map(value).collect()
        }
        AdvertisedBy::ServerProperties => vec!["server.properties".to_owned()],
    }
}

fn listener(listener: &BrokerListener) -> String {
    let BrokerListener {
        port,
        advertised,
        protocol,
        auth,
        certificate_names,
    } = listener;
    let told = advertised
        .as_ref()
        .map_or_else(|| "not advertised".to_owned(), ToString::to_string);
    let names: Vec<_> = certificate_names.iter().map(String::as_str).collect();
    format!(
        "{protocol} {auth} {port}, {told}, certificate [{}]",
        names.join(" ")
    )
}

impl Facets for Client {
    fn facets(&self, _: &Blueprint) -> Vec<Facet> {
        let Self {
            kind,
            vpc,
            cluster,
            auth,
            enis,
            bootstrap,
            listener,
            settings,
            traffic,
            lambda,
        } = self;
        vec![
            one("kind", kind),
            one("vpc", vpc),
            one("cluster", cluster),
            one("authentication", auth),
            many("interfaces", enis),
            many("bootstrap servers", bootstrap),
            one("listener", listener),
            pairs("settings", settings),
            many(
                "traffic",
                traffic.iter().map(|traffic| format!("{traffic:?}")),
            ),
            many(
                "event source mapping",
                lambda.iter().map(|lambda| format!("{lambda:?}")),
            ),
        ]
    }
}

impl Facets for Gateway {
    fn facets(&self, _: &Blueprint) -> Vec<Facet> {
        let Self {
            cluster,
            vpc,
            mode,
            instances,
            port,
            slots,
            names,
            bootstrap_names,
            advertised,
            listener,
            certificate_names,
        } = self;
        vec![
            one("cluster", cluster),
            one("vpc", vpc),
            one("mode", mode),
            many("instances", instances),
            one("port", port),
            pairs("slots", slots),
            pairs("names", names),
            many("bootstrap names", bootstrap_names),
            pairs("advertised", advertised),
            one("listener", listener),
            many("certificate", certificate_names),
        ]
    }
}
