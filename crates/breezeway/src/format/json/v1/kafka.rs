//! Names, clusters and clients in their frozen forms.

use std::collections::BTreeMap;
use std::net::Ipv4Addr;

use serde::Serialize;

use blueprint::{dns, kafka, spec};

use super::forms::{forms, list, map, text, texts, texts_by};

forms! {
    /// A Route 53 private hosted zone.
    HostedZone of dns::HostedZone {
        /// Domain.
        name: String = name.clone(),
        /// Owning account.
        account: String = account.clone(),
        /// VPCs it is associated with.
        vpcs: Vec<String> = texts(vpcs),
        /// Records by full name.
        records: BTreeMap<String, Record> = map(records),
        /// Whether AWS makes and keeps it.
        managed: bool = *managed,
    }

    /// A Route 53 Resolver rule.
    ResolverRule of dns::ResolverRule {
        /// Domain.
        domain: String = domain.clone(),
        /// VPCs it is associated with.
        vpcs: Vec<String> = texts(vpcs),
        /// Servers that are asked.
        servers: Vec<String> = texts(servers),
    }

    /// What public DNS answers for a name of AWS.
    PublicName of dns::PublicName {
        /// Private addresses, in the order of zones.
        addresses: Vec<String> = texts(addresses),
    }

    /// A Kafka cluster.
    Cluster of kafka::Cluster {
        /// Who runs it.
        kind: String = text(kind),
        /// The VPC of its brokers.
        vpc: String = text(vpc),
        /// Version as written in the spec.
        kafka_version: String = kafka_version.clone(),
        /// Instance type of its brokers, if it was said.
        instance_type: Option<String> = instance_type.clone(),
        /// Whether metadata is kept by ZooKeeper.
        zookeeper: bool = *zookeeper,
        /// Names that lead to any broker.
        bootstrap_names: Vec<String> = bootstrap_names.clone(),
        /// Accounts that may connect by MSK multi-VPC, by scheme.
        vpc_connectivity: BTreeMap<String, Vec<String>> = vpc_connectivity.iter().map(|(auth, accounts)| (text(auth), texts(accounts))).collect(),
        /// Domain under which its brokers are named.
        suffix: String = suffix.clone(),
        /// Brokers by Kafka id.
        brokers: BTreeMap<String, Broker> = map(brokers),
        /// The listener brokers use among themselves.
        inter_broker_listener: String = inter_broker_listener.clone(),
        /// The listener of KRaft controllers.
        controller_listener: String = controller_listener.clone(),
        /// KRaft voters by node id.
        controllers: BTreeMap<String, Controller> = map(controllers),
        /// Settings that are the same on every broker.
        settings: BTreeMap<String, String> = settings.clone(),
        /// How the brokers are told what to advertise; none where they do what they always do.
        advertised_by: Option<AdvertisedBy> = advertised_by.as_ref().map(AdvertisedBy::from),
        /// The addresses brokers see for each other's names, where the service gives them a
        /// resolver of their own.
        service_names: BTreeMap<String, String> = texts_by(service_names),
    }

    /// A broker.
    Broker of kafka::Broker {
        /// Its interface.
        eni: String = text(eni),
        /// Its listeners by name.
        listeners: BTreeMap<String, BrokerListener> = map(listeners),
    }

    /// A broker's listener.
    BrokerListener of kafka::BrokerListener {
        /// Port it binds.
        port: u16 = *port,
        /// What metadata gives to its clients.
        advertised: Option<HostPort> = advertised.as_ref().map(HostPort::from),
        /// Security protocol.
        protocol: String = protocol.clone(),
        /// How its clients authenticate.
        auth: String = text(auth),
        /// Names of its certificate; empty for plaintext.
        certificate_names: Vec<String> = texts(certificate_names),
    }

    /// A host name and a TCP port.
    HostPort of kafka::HostPort {
        /// Host name or address.
        host: String = host.clone(),
        /// TCP port.
        port: u16 = *port,
    }

    /// A client application.
    Client of kafka::Client {
        /// What it is.
        kind: String = text(kind),
        /// Its VPC.
        vpc: String = text(vpc),
        /// The cluster it was promised.
        cluster: String = text(cluster),
        /// How it authenticates.
        auth: String = text(auth),
        /// Its interfaces.
        enis: Vec<String> = texts(enis),
        /// The bootstrap servers it is given.
        bootstrap: Vec<HostPort> = list(bootstrap),
        /// The brokers' listener it is meant to arrive on.
        listener: String = listener.clone(),
        /// Its Kafka client settings.
        settings: BTreeMap<String, String> = settings.clone(),
        /// What it carries, if that was said.
        traffic: Option<Traffic> = traffic.as_ref().map(Traffic::from),
        /// How its event source mapping is set, for a Lambda client.
        lambda: Option<Lambda> = lambda.as_ref().map(Lambda::from),
    }

    /// What a client carries.
    Traffic of spec::Traffic {
        /// Bytes per second.
        rate: u64 = *rate,
        /// `produce` or `consume`.
        direction: String = text(direction),
        /// Whether it reads from a replica in its own zone.
        rack_aware: bool = *rack_aware,
    }

    /// How an event source mapping is set.
    Lambda of spec::Lambda {
        /// Whether pollers are in provisioned mode.
        provisioned: bool = *provisioned,
        /// Where reading starts.
        starting_position: Option<String> = starting_position.clone(),
        /// Records per call.
        batch_size: Option<u32> = *batch_size,
        /// The function's time-out in seconds.
        function_timeout_s: Option<u32> = *function_timeout_s,
    }
}

/// A KRaft voter.
#[derive(Clone, Debug, Serialize)]
pub struct Controller {
    /// Its address.
    pub address: String,
    /// Its controller port.
    pub port: u16,
}

impl From<&(Ipv4Addr, u16)> for Controller {
    fn from((address, port): &(Ipv4Addr, u16)) -> Self {
        Self {
            address: text(address),
            port: *port,
        }
    }
}

/// What a name is answered with.
#[derive(Clone, Debug, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum Record {
    /// A records.
    A(Vec<String>),
    /// An alias of an AWS name.
    Alias(String),
}

impl From<&dns::Record> for Record {
    fn from(record: &dns::Record) -> Self {
        match record {
            dns::Record::A(addresses) => Self::A(texts(addresses)),
            dns::Record::Alias(name) => Self::Alias(name.clone()),
        }
    }
}

/// How brokers are told what to advertise.
#[derive(Clone, Debug, Serialize)]
#[serde(tag = "kind", content = "value", rename_all = "kebab-case")]
pub enum AdvertisedBy {
    /// The value of `custom.advertised.listeners`.
    Property(String),
    /// The value of `advertised.listeners` by broker.
    PerBroker(BTreeMap<u32, String>),
    /// Each broker's `server.properties`.
    ServerProperties,
}

impl From<&kafka::AdvertisedBy> for AdvertisedBy {
    fn from(by: &kafka::AdvertisedBy) -> Self {
        match by {
            kafka::AdvertisedBy::Property(value) => Self::Property(value.clone()),
            kafka::AdvertisedBy::PerBroker(values) => Self::PerBroker(values.clone()),
            kafka::AdvertisedBy::ServerProperties => Self::ServerProperties,
        }
    }
}
