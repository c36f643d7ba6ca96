//! The nouns of Breezeway: the spec as asked, the blueprint as settled, the words of
//! verdicts and diagnostics. It answers no question about traffic: whatever admits, looks up
//! or chooses belongs to a verb crate, or agreement between the verbs would prove nothing.
#![warn(missing_docs)]
#![warn(
    clippy::disallowed_methods,
    reason = "pure crate: no clock, file system, environment or chance"
)]

pub mod balancing;
pub mod diagnostic;
pub mod dns;
pub mod facts;
pub mod gateway;
pub mod ids;
pub mod kafka;
pub mod key;
pub mod language;
pub mod network;
pub mod patterns;
pub mod read;
pub mod source;
pub mod spec;
pub mod stage;
pub mod step;
pub mod suppression;
pub mod transit;
pub mod verdict;
mod words;

use std::collections::BTreeMap;

pub use read::{faults, nearest, read};
pub use step::Step;

use balancing::{
    Endpoint, EndpointService, LoadBalancer, ResourceConfiguration, ResourceGateway, TargetGroup,
};
use dns::{HostedZone, PublicName, ResolverRule};
use gateway::Gateway;
use ids::{
    BalancerId, ClientId, ClusterId, EndpointId, EniId, GatewayId, HostedZoneId, NetworkAclId,
    PeeringId, ResolverRuleId, ResourceConfigurationId, ResourceGatewayId, RouteTableId,
    SecurityGroupId, ServiceId, SubnetId, TargetGroupId, TransitAttachmentId, TransitGatewayId,
    TransitPeeringId, TransitTableId, VpcId,
};
use kafka::{Client, Cluster};
use key::SpecKey;
use network::{Denial, Eni, NetworkAcl, Peering, RouteTable, SecurityGroup, Subnet, Vpc};
use transit::{TransitAttachment, TransitGateway, TransitPeering, TransitTable};

/// Every object of the settled network: names, addresses and ports included, nothing left to
/// choose. Maps are ordered, so the same spec yields the same bytes in every text form.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Blueprint {
    /// Name of the spec.
    pub name: String,
    /// AWS Region of whatever says none of its own, such as `eu-central-1`.
    pub region: String,
    /// VPCs.
    pub vpcs: BTreeMap<VpcId, Vpc>,
    /// Subnets, each in one zone.
    pub subnets: BTreeMap<SubnetId, Subnet>,
    /// Route tables with every route, the local ones included.
    pub route_tables: BTreeMap<RouteTableId, RouteTable>,
    /// Elastic network interfaces with their addresses.
    pub enis: BTreeMap<EniId, Eni>,
    /// Security groups with their rules.
    pub security_groups: BTreeMap<SecurityGroupId, SecurityGroup>,
    /// Network ACLs of subnets that have one beside AWS's default.
    pub network_acls: BTreeMap<NetworkAclId, NetworkAcl>,
    /// VPC peering connections as requested; AWS refuses those whose ranges overlap.
    pub peerings: BTreeMap<PeeringId, Peering>,
    /// Transit gateways.
    pub transit_gateways: BTreeMap<TransitGatewayId, TransitGateway>,
    /// Attachments of VPCs to transit gateways.
    pub transit_attachments: BTreeMap<TransitAttachmentId, TransitAttachment>,
    /// Route tables of transit gateways.
    pub transit_tables: BTreeMap<TransitTableId, TransitTable>,
    /// Peerings of transit gateways.
    pub transit_peerings: BTreeMap<TransitPeeringId, TransitPeering>,
    /// Network Load Balancers.
    pub balancers: BTreeMap<BalancerId, LoadBalancer>,
    /// Target groups of the balancers.
    pub target_groups: BTreeMap<TargetGroupId, TargetGroup>,
    /// VPC endpoint services.
    pub services: BTreeMap<ServiceId, EndpointService>,
    /// Interface VPC endpoints and resource endpoints.
    pub endpoints: BTreeMap<EndpointId, Endpoint>,
    /// VPC Lattice resource gateways.
    pub resource_gateways: BTreeMap<ResourceGatewayId, ResourceGateway>,
    /// VPC Lattice resource configurations.
    pub resource_configurations: BTreeMap<ResourceConfigurationId, ResourceConfiguration>,
    /// Kafka-aware gateways.
    pub gateways: BTreeMap<GatewayId, Gateway>,
    /// Private hosted zones.
    pub zones: BTreeMap<HostedZoneId, HostedZone>,
    /// Rules that forward names out of VPCs.
    pub resolver_rules: BTreeMap<ResolverRuleId, ResolverRule>,
    /// What public DNS answers for AWS's own names (brokers, balancers, endpoints), by name in
    /// lower case without a trailing dot.
    pub public_names: BTreeMap<String, PublicName>,
    /// Kafka clusters with their brokers and listeners.
    pub clusters: BTreeMap<ClusterId, Cluster>,
    /// Clients: each promises that it reaches every broker of its cluster.
    pub clients: BTreeMap<ClientId, Client>,
    /// Connection attempts that are expected to be denied, tried as evidence.
    pub denials: Vec<Denial>,
    /// What must be done by hand, in order, because no object stands for it.
    pub steps: Vec<Step>,
    /// Every value the spec left open and what it became.
    pub defaults: Vec<FilledIn>,
    /// Where in the spec an object comes from: the key a user would edit.
    pub origins: BTreeMap<ids::ObjectId, SpecKey>,
    /// AWS's ids of objects that exist already: they are referred to and never made again.
    pub existing: BTreeMap<ids::ObjectId, String>,
}

/// A value that the plan filled in.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct FilledIn {
    /// The key a user would write to say otherwise.
    pub key: SpecKey,
    /// The value that was chosen.
    pub value: String,
    /// Why this value, one lower-case fragment.
    pub because: String,
}
