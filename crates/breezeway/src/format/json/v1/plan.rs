//! What `plan` prints: the whole blueprint, object by object under its id.

use std::collections::BTreeMap;

use serde::Serialize;

use super::carriers::{
    Endpoint, EndpointService, Gateway, LoadBalancer, ResourceConfiguration, ResourceGateway,
    TargetGroup, TransitAttachment, TransitGateway, TransitPeering, TransitTable,
};
use super::forms::{forms, list, map, text};
use super::kafka::{Client, Cluster, HostedZone, PublicName, ResolverRule};
use super::network::{Denial, Eni, NetworkAcl, Peering, RouteTable, SecurityGroup, Subnet, Vpc};
use super::{Finding, Suppressed};

/// What `plan` prints.
#[derive(Clone, Debug, Serialize)]
pub struct Plan {
    /// 1.
    pub version: u32,
    /// The spec's path as it was given.
    pub file: String,
    /// Findings of reader and plan in the order of their places.
    pub findings: Vec<Finding>,
    /// Findings that a comment allows.
    pub suppressed: Vec<Suppressed>,
    /// Every object; none if the spec itself has errors.
    pub blueprint: Option<Blueprint>,
}

forms! {
    /// Every object of the settled network by its id.
    Blueprint of blueprint::Blueprint {
        /// Name of the spec.
        name: String = name.clone(),
        /// AWS Region of whatever says none of its own.
        region: String = region.clone(),
        /// VPCs.
        vpcs: BTreeMap<String, Vpc> = map(vpcs),
        /// Subnets.
        subnets: BTreeMap<String, Subnet> = map(subnets),
        /// Route tables.
        route_tables: BTreeMap<String, RouteTable> = map(route_tables),
        /// Elastic network interfaces.
        enis: BTreeMap<String, Eni> = map(enis),
        /// Security groups.
        security_groups: BTreeMap<String, SecurityGroup> = map(security_groups),
        /// Network ACLs besides AWS's default one.
        network_acls: BTreeMap<String, NetworkAcl> = map(network_acls),
        /// VPC peering connections.
        peerings: BTreeMap<String, Peering> = map(peerings),
        /// Transit gateways.
        transit_gateways: BTreeMap<String, TransitGateway> = map(transit_gateways),
        /// Attachments of VPCs to transit gateways.
        transit_attachments: BTreeMap<String, TransitAttachment> = map(transit_attachments),
        /// Route tables of transit gateways.
        transit_tables: BTreeMap<String, TransitTable> = map(transit_tables),
        /// Peerings of transit gateways.
        transit_peerings: BTreeMap<String, TransitPeering> = map(transit_peerings),
        /// Network Load Balancers.
        balancers: BTreeMap<String, LoadBalancer> = map(balancers),
        /// Target groups.
        target_groups: BTreeMap<String, TargetGroup> = map(target_groups),
        /// VPC endpoint services.
        services: BTreeMap<String, EndpointService> = map(services),
        /// Interface VPC endpoints and resource endpoints.
        endpoints: BTreeMap<String, Endpoint> = map(endpoints),
        /// VPC Lattice resource gateways.
        resource_gateways: BTreeMap<String, ResourceGateway> = map(resource_gateways),
        /// VPC Lattice resource configurations.
        resource_configurations: BTreeMap<String, ResourceConfiguration> = map(resource_configurations),
        /// Kafka-aware gateways.
        gateways: BTreeMap<String, Gateway> = map(gateways),
        /// Private hosted zones.
        zones: BTreeMap<String, HostedZone> = map(zones),
        /// Route 53 Resolver rules.
        resolver_rules: BTreeMap<String, ResolverRule> = map(resolver_rules),
        /// What public DNS answers for AWS's own names.
        public_names: BTreeMap<String, PublicName> = map(public_names),
        /// Kafka clusters.
        clusters: BTreeMap<String, Cluster> = map(clusters),
        /// Clients.
        clients: BTreeMap<String, Client> = map(clients),
        /// Connection attempts that are expected to be denied.
        denials: Vec<Denial> = list(denials),
        /// What must be done by hand, in order.
        steps: Vec<Step> = list(steps),
        /// Every value the spec left open and what it became.
        defaults: Vec<FilledIn> = list(defaults),
        /// The key of the spec that each object comes from.
        origins: Vec<Origin> = origins.iter().map(|(object, key)| Origin::new(object, key)).collect(),
        /// AWS's ids of objects that exist already.
        existing: Vec<Existing> = existing.iter().map(|(object, id)| Existing::new(object, id)).collect(),
    }

    /// One step that is not an object.
    Step of blueprint::Step {
        /// Account that takes the step.
        account: String = account.clone(),
        /// Region in which it is taken.
        region: String = region.clone(),
        /// The stage of objects, of whatever account, that are there before it.
        after: String = text(after),
        /// When: steps of lower phases come first, whoever takes them.
        phase: u32 = *phase,
        /// What its lines are.
        kind: String = text(kind),
        /// What is done and why.
        title: String = title.clone(),
        /// Exact commands or settings, one per line.
        lines: Vec<String> = lines.clone(),
        /// Whose value each text in the lines stands for that is not known yet.
        values: BTreeMap<String, Needed> = values.iter().map(|(text, needed)| (text.clone(), Needed::from(needed))).collect(),
    }

    /// A value that the plan filled in.
    FilledIn of blueprint::FilledIn {
        /// The key a user would write to say otherwise.
        key: String = text(key),
        /// The value that was chosen.
        value: String = value.clone(),
        /// Why this value.
        because: String = because.clone(),
    }
}

/// A value that AWS gives an object when it makes it.
#[derive(Clone, Debug, Serialize)]
pub struct Needed {
    /// The mapping of the blueprint that holds the object.
    pub kind: &'static str,
    /// The object's id.
    pub id: String,
    /// Which value of it.
    pub what: String,
}

impl From<&blueprint::step::Needed> for Needed {
    fn from(needed: &blueprint::step::Needed) -> Self {
        let blueprint::step::Needed { object, what } = needed;
        Self {
            kind: kind(object.kind),
            id: object.id.clone(),
            what: text(what),
        }
    }
}

/// Where in the spec an object comes from.
#[derive(Clone, Debug, Serialize)]
pub struct Origin {
    /// The mapping of the blueprint that holds the object, such as `endpoints`.
    pub kind: &'static str,
    /// The object's id.
    pub id: String,
    /// The key a user would edit.
    pub key: String,
}

/// An object that exists already.
#[derive(Clone, Debug, Serialize)]
pub struct Existing {
    /// The mapping of the blueprint that holds the object.
    pub kind: &'static str,
    /// The object's id.
    pub id: String,
    /// AWS's id of it.
    pub aws_id: String,
}

impl Origin {
    fn new(object: &blueprint::ids::ObjectId, key: &blueprint::key::SpecKey) -> Self {
        Self {
            kind: kind(object.kind),
            id: object.id.clone(),
            key: text(key),
        }
    }
}

impl Existing {
    fn new(object: &blueprint::ids::ObjectId, aws_id: &str) -> Self {
        Self {
            kind: kind(object.kind),
            id: object.id.clone(),
            aws_id: aws_id.to_owned(),
        }
    }
}

/// Types of ids and the mappings of the blueprint that they are keys of.
pub const KINDS: [(&str, &str); 22] = [
    ("VpcId", "vpcs"),
    ("SubnetId", "subnets"),
    ("RouteTableId", "route_tables"),
    ("EniId", "enis"),
    ("SecurityGroupId", "security_groups"),
    ("PeeringId", "peerings"),
    ("NetworkAclId", "network_acls"),
    ("TransitGatewayId", "transit_gateways"),
    ("TransitAttachmentId", "transit_attachments"),
    ("TransitTableId", "transit_tables"),
    ("TransitPeeringId", "transit_peerings"),
    ("BalancerId", "balancers"),
    ("TargetGroupId", "target_groups"),
    ("ServiceId", "services"),
    ("EndpointId", "endpoints"),
    ("ResourceGatewayId", "resource_gateways"),
    ("ResourceConfigurationId", "resource_configurations"),
    ("GatewayId", "gateways"),
    ("HostedZoneId", "zones"),
    ("ResolverRuleId", "resolver_rules"),
    ("ClusterId", "clusters"),
    ("ClientId", "clients"),
];

fn kind(id_type: &'static str) -> &'static str {
    let known = KINDS.iter().find(|(name, _)| *name == id_type);
    known.map_or(id_type, |(_, mapping)| mapping)
}
