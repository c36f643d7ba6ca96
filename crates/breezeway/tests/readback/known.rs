//! What a reader may take from the spec because no rendered text says it: clients, strangers,
//! Amazon MSK's addresses and names, objects that exist already.

use std::collections::{BTreeMap, BTreeSet};
use std::net::Ipv4Addr;

use blueprint::Blueprint;
use blueprint::dns::PublicName;
use blueprint::ids::{
    ClusterId, EniId, ObjectId, RouteTableId, SecurityGroupId, SubnetId, VpcId, ZoneId,
};
use blueprint::kafka::Cluster;
use blueprint::network::{Eni, EniOwner, RouteTable, RouteTarget, SecurityGroup};
use ipnet::Ipv4Net;

/// What the spec says beside the rendering.
#[derive(Clone, Debug, Default)]
pub(crate) struct Known {
    /// The blueprint without whatever is rendered. It holds objects that exist already, groups
    /// without their rules and the tables of existing subnets with their local routes, because
    /// whatever the blueprint knows of those is rendered; clients with their interfaces; strangers
    /// with theirs and with their groups; brokers' interfaces of Amazon MSK, without groups unless
    /// the cluster exists; every cluster, without listeners and settings unless it exists;
    /// Kafka-aware gateways. Ids are the spec's: `vpcs` and `subnets` say what those of rendered
    /// objects stand for.
    pub(crate) said: Blueprint,
    /// Objects that exist already, by AWS's id.
    pub(crate) existing: BTreeMap<String, ObjectId>,
    /// What each VPC is, rendered or not.
    pub(crate) vpcs: BTreeMap<VpcId, VpcFacts>,
    /// What each subnet is, rendered or not.
    pub(crate) subnets: BTreeMap<SubnetId, SubnetFacts>,
    /// Brokers' addresses.
    pub(crate) brokers: BTreeMap<(ClusterId, u32), Ipv4Addr>,
    /// Addresses of gateways' instances.
    pub(crate) instances: BTreeMap<EniId, Ipv4Addr>,
    /// What brokers of Amazon MSK bind for VPC connections, by listener, which no document says.
    pub(crate) private_ports: BTreeMap<(ClusterId, String), u16>,
}

/// By what a VPC is told from others.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) struct VpcFacts {
    /// Owning account, twelve digits.
    pub(crate) account: String,
    /// AWS Region.
    pub(crate) region: String,
    /// Ranges, the primary one first.
    pub(crate) cidrs: Vec<Ipv4Net>,
}

/// By what a subnet is told from others.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) struct SubnetFacts {
    /// Its VPC, as the spec names it.
    pub(crate) vpc: VpcId,
    /// Its zone.
    pub(crate) zone: ZoneId,
    /// Its range.
    pub(crate) cidr: Ipv4Net,
}

impl Known {
    /// Takes from a spec's blueprint what a reader may know.
    pub(crate) fn of(spec: &Blueprint) -> Self {
        let vpcs = spec.vpcs.iter().map(|(id, vpc)| {
            let facts = VpcFacts {
                account: vpc.account.clone(),
                region: vpc.region.clone(),
                cidrs: vpc.cidrs.clone(),
            };
            (id.clone(), facts)
        });
        let subnets = spec.subnets.iter().map(|(id, subnet)| {
            let facts = SubnetFacts {
                vpc: subnet.vpc.clone(),
                zone: subnet.zone.clone(),
                cidr: subnet.cidr,
            };
            (id.clone(), facts)
        });
        let existing = spec.existing.iter();
        Self {
            said: unrendered(spec),
            existing: existing
                .map(|(object, id)| (id.clone(), object.clone()))
                .collect(),
            vpcs: vpcs.collect(),
            subnets: subnets.collect(),
            brokers: brokers(spec),
            instances: instances(spec),
            private_ports: private_ports(spec),
        }
    }

    /// The address of a broker.
    pub(crate) fn broker_address(&self, cluster: &str, broker: u32) -> Option<Ipv4Addr> {
        self.brokers.get(&(cluster.into(), broker)).copied()
    }

    /// The domain below which a cluster's brokers are named.
    pub(crate) fn suffix(&self, cluster: &str) -> Option<&str> {
        let cluster = self.said.clusters.get(&cluster.into())?;
        Some(&cluster.suffix)
    }

    /// Every account in which something stands.
    pub(crate) fn accounts(&self) -> BTreeSet<&str> {
        self.vpcs.values().map(|vpc| vpc.account.as_str()).collect()
    }
}

fn brokers(spec: &Blueprint) -> BTreeMap<(ClusterId, u32), Ipv4Addr> {
    let addresses = spec.clusters.iter().flat_map(|(cluster, content)| {
        let brokers = content.brokers.iter();
        brokers.filter_map(move |(id, broker)| {
            let eni = spec.enis.get(&broker.eni)?;
            Some(((cluster.clone(), *id), eni.address))
        })
    });
    addresses.collect()
}

fn instances(spec: &Blueprint) -> BTreeMap<EniId, Ipv4Addr> {
    let enis = spec.enis.iter();
    let gateways = enis.filter(|(_, eni)| matches!(eni.owner, EniOwner::Gateway(_)));
    gateways
        .map(|(id, eni)| (id.clone(), eni.address))
        .collect()
}

fn private_ports(spec: &Blueprint) -> BTreeMap<(ClusterId, String), u16> {
    let clusters = spec.clusters.iter();
    let brokers = clusters.flat_map(|(id, cluster)| cluster.brokers.values().map(move |b| (id, b)));
    let listeners = brokers.flat_map(|(id, broker)| broker.listeners.iter().map(move |l| (id, l)));
    let private = listeners.filter(|(_, (name, _))| name.ends_with("_VPCE"));
    private
        .map(|(id, (name, listener))| ((id.clone(), name.clone()), listener.port))
        .collect()
}

/// What public DNS answers for the bootstrap names that Amazon MSK gives.
fn bootstrap_answers(spec: &Blueprint) -> BTreeMap<String, PublicName> {
    let names = spec.clusters.values().flat_map(|c| &c.bootstrap_names);
    let answers = names.filter_map(|name| Some((name, spec.public_names.get(name)?)));
    answers
        .map(|(name, answer)| (name.clone(), answer.clone()))
        .collect()
}

/// The blueprint without what is rendered and without what AWS or Kafka derive from that.
fn unrendered(spec: &Blueprint) -> Blueprint {
    let existing = &spec.existing;
    Blueprint {
        name: spec.name.clone(),
        region: spec.region.clone(),
        vpcs: kept(&spec.vpcs, existing),
        subnets: kept(&spec.subnets, existing),
        route_tables: tables(spec),
        enis: interfaces(spec),
        security_groups: groups(spec),
        network_acls: kept(&spec.network_acls, existing),
        peerings: kept(&spec.peerings, existing),
        transit_gateways: kept(&spec.transit_gateways, existing),
        transit_attachments: kept(&spec.transit_attachments, existing),
        transit_tables: kept(&spec.transit_tables, existing),
        transit_peerings: kept(&spec.transit_peerings, existing),
        balancers: kept(&spec.balancers, existing),
        target_groups: kept(&spec.target_groups, existing),
        services: kept(&spec.services, existing),
        endpoints: kept(&spec.endpoints, existing),
        resource_gateways: kept(&spec.resource_gateways, existing),
        resource_configurations: kept(&spec.resource_configurations, existing),
        gateways: spec.gateways.clone(),
        zones: kept(&spec.zones, existing),
        resolver_rules: kept(&spec.resolver_rules, existing),
        clusters: spec
            .clusters
            .iter()
            .map(|(id, cluster)| (id.clone(), bare(cluster, existing.contains_key(&id.into()))))
            .collect(),
        public_names: bootstrap_answers(spec),
        clients: spec.clients.clone(),
        denials: spec.denials.clone(),
        existing: existing.clone(),
        ..Blueprint::default()
    }
}

fn kept<I, V>(objects: &BTreeMap<I, V>, existing: &BTreeMap<ObjectId, String>) -> BTreeMap<I, V>
where
    I: Clone + Ord + Into<ObjectId>,
    V: Clone,
{
    let objects = objects.iter();
    objects
        .filter(|(id, _)| existing.contains_key(&(*id).clone().into()))
        .map(|(id, content)| (id.clone(), content.clone()))
        .collect()
}

fn interfaces(spec: &Blueprint) -> BTreeMap<EniId, Eni> {
    let exists = |object: ObjectId| spec.existing.contains_key(&object);
    let known = |id: &EniId, eni: &Eni| -> Option<Eni> {
        match &eni.owner {
            _ if exists(id.into()) => Some(eni.clone()),
            EniOwner::Client(_) | EniOwner::Witness => Some(eni.clone()),
            EniOwner::Broker { cluster, .. } if exists(cluster.into()) => Some(eni.clone()),
            EniOwner::Broker { cluster, .. } => {
                let content = spec.clusters.get(cluster);
                let bare = Eni {
                    security_groups: Vec::new(),
                    ..eni.clone()
                };
                content.is_some_and(|c| c.kind.is_msk()).then_some(bare)
            }
            EniOwner::BalancerNode(id) => exists(id.into()).then(|| eni.clone()),
            EniOwner::Endpoint(id) => exists(id.into()).then(|| eni.clone()),
            EniOwner::ResourceGateway(id) => exists(id.into()).then(|| eni.clone()),
            EniOwner::Gateway(_) => None,
        }
    };
    let enis = spec.enis.iter();
    enis.filter_map(|(id, eni)| Some((id.clone(), known(id, eni)?)))
        .collect()
}

/// Tables of subnets that exist, with their local routes.
fn tables(spec: &Blueprint) -> BTreeMap<RouteTableId, RouteTable> {
    let subnets = spec.subnets.iter();
    let subnets = subnets.filter(|(id, _)| spec.existing.contains_key(&(*id).into()));
    let tables = subnets.filter_map(|(_, subnet)| {
        let mut table = spec.route_tables.get(&subnet.route_table)?.clone();
        table
            .routes
            .retain(|route| route.target == RouteTarget::Local);
        Some((subnet.route_table.clone(), table))
    });
    tables.collect()
}

/// Groups that exist, without rules, and those that none but strangers wear.
fn groups(spec: &Blueprint) -> BTreeMap<SecurityGroupId, SecurityGroup> {
    let strange = |id| {
        let mut wearers = spec
            .enis
            .values()
            .filter(|eni| eni.security_groups.contains(id))
            .peekable();
        wearers.peek().is_some() && wearers.all(|eni| eni.owner == EniOwner::Witness)
    };
    let groups = spec.security_groups.iter();
    let groups = groups.filter_map(|(id, group)| {
        if strange(id) {
            return Some((id.clone(), group.clone()));
        }
        let ruleless = SecurityGroup {
            vpc: group.vpc.clone(),
            ingress: Vec::new(),
            egress: Vec::new(),
        };
        let exists = spec.existing.contains_key(&id.into());
        exists.then(|| (id.clone(), ruleless))
    });
    groups.collect()
}

/// A cluster without what its text or its brokers' settings say, unless it exists.
fn bare(cluster: &Cluster, exists: bool) -> Cluster {
    let mut bare = cluster.clone();
    if !exists {
        bare.settings.clear();
        bare.advertised_by = None;
        bare.vpc_connectivity.clear();
        let brokers = bare.brokers.values_mut();
        brokers.for_each(|broker| broker.listeners.clear());
    }
    bare
}
