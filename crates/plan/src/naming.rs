//! Ids of objects and names of hosts: functions of names in the spec only, so that nothing is
//! renamed when the spec grows.

use blueprint::ids::{
    BalancerId, EndpointId, EniId, GatewayId, HostedZoneId, NetworkAclId, PeeringId,
    ResolverRuleId, ResourceConfigurationId, ResourceGatewayId, SecurityGroupId, ServiceId,
    SubnetId, TargetGroupId, TransitAttachmentId, TransitGatewayId, TransitPeeringId,
    TransitTableId, ZoneId,
};
use blueprint::spec::Auth;

use crate::intent::{Link, Means};

/// The `nth` subnet, from 1, that a VPC has in a zone.
pub(crate) fn subnet(vpc: &str, zone: &ZoneId, nth: usize) -> SubnetId {
    SubnetId(if nth < 2 {
        format!("{vpc}/{zone}")
    } else {
        format!("{vpc}/{zone}/{nth}")
    })
}

pub(crate) fn broker_eni(cluster: &str, id: u32) -> EniId {
    EniId(format!("{cluster}/{id}"))
}

pub(crate) fn balancer(cluster: &str) -> BalancerId {
    BalancerId(format!("{cluster}-nlb"))
}

/// What a connection's own objects are named after.
pub(crate) fn link(vpc: &str, cluster: &str) -> String {
    format!("{vpc}-{cluster}")
}

pub(crate) fn endpoint(vpc: &str, cluster: &str) -> EndpointId {
    EndpointId(link(vpc, cluster))
}

pub(crate) fn client_eni(client: &str, zone: &ZoneId) -> EniId {
    EniId(format!("{client}/{zone}"))
}

pub(crate) fn witness_eni(vpc: &str) -> EniId {
    EniId(witness(vpc))
}

pub(crate) fn witness_group(vpc: &str) -> SecurityGroupId {
    SecurityGroupId(witness(vpc))
}

/// Name of the stranger in a VPC.
pub(crate) fn witness(vpc: &str) -> String {
    format!("stranger.{vpc}")
}

pub(crate) fn brokers_group(cluster: &str) -> SecurityGroupId {
    SecurityGroupId(format!("{cluster}-brokers"))
}

pub(crate) fn balancer_group(cluster: &str) -> SecurityGroupId {
    SecurityGroupId(format!("{cluster}-nlb"))
}

pub(crate) fn endpoint_group(vpc: &str, cluster: &str) -> SecurityGroupId {
    SecurityGroupId(format!("{vpc}-{cluster}-endpoint"))
}

pub(crate) fn client_group(client: &str) -> SecurityGroupId {
    SecurityGroupId::from(client)
}

pub(crate) fn peering(requester: &str, accepter: &str) -> PeeringId {
    PeeringId(format!("{requester}-{accepter}"))
}

/// The transit gateway of a Region in a spec without one; `is_taken` knows the spec's own.
pub(crate) fn transit_gateway(region: &str, is_taken: impl Fn(&str) -> bool) -> TransitGatewayId {
    let mut name = format!("tgw-{region}");
    while is_taken(&name) {
        name.push_str("-own");
    }
    TransitGatewayId(name)
}

pub(crate) fn transit_attachment(vpc: &str, gateway: &TransitGatewayId) -> TransitAttachmentId {
    TransitAttachmentId(format!("{vpc}@{gateway}"))
}

pub(crate) fn transit_table(gateway: &TransitGatewayId, name: &str) -> TransitTableId {
    TransitTableId(format!("{gateway}/{name}"))
}

pub(crate) fn transit_peering(
    requester: &TransitGatewayId,
    accepter: &TransitGatewayId,
) -> TransitPeeringId {
    TransitPeeringId(format!("{requester}@{accepter}"))
}

/// Targets of one broker's listener in the set of a label, which is empty for the first.
pub(crate) fn broker_targets(cluster: &str, id: u32, label: &str) -> TargetGroupId {
    TargetGroupId(labelled(format!("{cluster}-{id}"), label))
}

pub(crate) fn bootstrap_targets(cluster: &str, label: &str) -> TargetGroupId {
    TargetGroupId(labelled(format!("{cluster}-bootstrap"), label))
}

/// A dot is in no name of the spec, so what stands behind it makes no two ids alike.
fn labelled(id: String, label: &str) -> String {
    if label.is_empty() {
        id
    } else {
        format!("{id}.{label}")
    }
}

/// The balancer of one broker.
pub(crate) fn balancer_of_broker(cluster: &str, id: u32) -> BalancerId {
    BalancerId(format!("{cluster}-nlb-{id}"))
}

/// The balancer MSK runs for the VPC connections of a scheme.
pub(crate) fn managed_balancer(cluster: &str, label: &str) -> BalancerId {
    BalancerId(format!("{cluster}-vpce-{label}"))
}

/// The balancer before the instances of a gateway.
pub(crate) fn gateway_balancer(cluster: &str) -> BalancerId {
    BalancerId(format!("{cluster}-gateway-nlb"))
}

pub(crate) fn gateway_balancer_group(cluster: &str) -> SecurityGroupId {
    SecurityGroupId(format!("{cluster}-gateway-nlb"))
}

pub(crate) fn gateway_group(cluster: &str) -> SecurityGroupId {
    SecurityGroupId(format!("{cluster}-gateway"))
}

/// The gateway of a scheme, by the position of its listener.
pub(crate) fn gateway(cluster: &str, position: usize, auth: Auth) -> GatewayId {
    GatewayId(match position {
        0 => format!("{cluster}-gateway"),
        _ => format!("{cluster}-gateway-{auth}"),
    })
}

/// The `nth` instance of a gateway, from 1.
pub(crate) fn gateway_eni(gateway: &GatewayId, nth: usize) -> EniId {
    EniId(format!("{gateway}/{nth}"))
}

/// Domain of a gateway's own names.
pub(crate) fn gateway_domain(cluster: &str) -> String {
    format!("{cluster}.kafka.internal")
}

pub(crate) fn resource_gateway(cluster: &str) -> ResourceGatewayId {
    ResourceGatewayId(format!("{cluster}-resources"))
}

pub(crate) fn resource_gateway_eni(cluster: &str, zone: &ZoneId) -> EniId {
    EniId(format!("{cluster}-resources/{zone}"))
}

pub(crate) fn resource_gateway_group(cluster: &str) -> SecurityGroupId {
    SecurityGroupId(format!("{cluster}-resources"))
}

/// The resource that stands for a broker.
pub(crate) fn resource(cluster: &str, id: u32) -> ResourceConfigurationId {
    ResourceConfigurationId(format!("{cluster}-{id}"))
}

/// The node of a balancer in a zone.
pub(crate) fn node_of(balancer: &BalancerId, zone: &ZoneId) -> EniId {
    EniId(format!("{balancer}/{zone}"))
}

/// A target group that is called after its balancer.
pub(crate) fn targets_beside(balancer: &BalancerId, label: Option<&str>) -> TargetGroupId {
    TargetGroupId(labelled(balancer.0.clone(), label.unwrap_or_default()))
}

pub(crate) fn service_of_broker(cluster: &str, id: u32) -> ServiceId {
    ServiceId(format!("{cluster}-{id}"))
}

pub(crate) fn managed_service(cluster: &str, label: &str) -> ServiceId {
    ServiceId(format!("{cluster}-vpce-{label}"))
}

pub(crate) fn gateway_service(cluster: &str) -> ServiceId {
    ServiceId(format!("{cluster}-gateway"))
}

/// One of several endpoints that a VPC has to a cluster.
pub(crate) fn endpoint_beside(vpc: &str, cluster: &str, label: &str) -> EndpointId {
    EndpointId(format!("{}-{label}", link(vpc, cluster)))
}

/// The part of an endpoint in a zone.
pub(crate) fn eni_of_endpoint(endpoint: &EndpointId, zone: &ZoneId) -> EniId {
    EniId(format!("{endpoint}/{zone}"))
}

/// Names of what is made for a connection: its endpoints and their group, and if it is the first
/// of its means to its cluster, what stands before the brokers.
pub(crate) fn made_for(of: &Link<'_>, is_first: bool) -> Vec<String> {
    let (vpc, cluster) = (of.holder.name, of.to.name);
    let ids = || of.to.brokers.iter();
    let labels = || ["iam", "scram", "tls"].into_iter();
    let mut names = vec![link(vpc, cluster), endpoint_group(vpc, cluster).0];
    let mut before = Vec::new();
    match of.means {
        Means::Peering | Means::TransitGateway | Means::Privatelink => {}
        Means::PrivatelinkPerBroker => {
            names.extend(ids().map(|id| endpoint_beside(vpc, cluster, &id.to_string()).0));
            before.extend(ids().map(|id| service_of_broker(cluster, *id).0));
            before.extend(ids().map(|id| balancer_of_broker(cluster, *id).0));
        }
        Means::MskMultiVpc => {
            names.extend(labels().map(|label| endpoint_beside(vpc, cluster, label).0));
            before.extend(labels().map(|label| managed_balancer(cluster, label).0));
        }
        Means::ResourceEndpoint => {
            names.extend(ids().map(|id| endpoint_beside(vpc, cluster, &id.to_string()).0));
            before.push(resource_gateway(cluster).0);
        }
        Means::Gateway => {
            before.push(gateway_balancer(cluster).0);
            let schemes = Auth::ALL.iter().enumerate();
            before.extend(schemes.map(|(position, auth)| gateway(cluster, position, *auth).0));
        }
    }
    names.extend(before.into_iter().filter(|_| is_first));
    names
}

pub(crate) fn service(cluster: &str) -> ServiceId {
    ServiceId::from(cluster)
}

/// A zone of `name` that serves `owner`: a cluster, or a connection.
pub(crate) fn hosted_zone(owner: &str, name: &str) -> HostedZoneId {
    HostedZoneId(format!("{owner}/{name}"))
}

/// A private hosted zone that was said for a VPC.
pub(crate) fn said_zone(vpc: &str, name: &str) -> HostedZoneId {
    HostedZoneId(format!("{vpc}/zones/{name}"))
}

pub(crate) fn resolver_rule(vpc: &str, domain: &str) -> ResolverRuleId {
    ResolverRuleId(format!("{vpc}/{domain}"))
}

/// The `nth` network ACL, from 1, of a VPC.
pub(crate) fn network_acl(vpc: &str, nth: usize) -> NetworkAclId {
    NetworkAclId(format!("{vpc}-acl-{nth}"))
}

/// A name as the blueprint writes it.
pub(crate) fn domain(said: &str) -> String {
    said.trim_end_matches('.').to_lowercase()
}

/// What MSK would draw for a cluster's names.
pub(crate) fn cluster_hash(cluster: &str, account: &str) -> String {
    hash(&["msk", account, cluster])
}

/// First label of the `nth` bootstrap name of an Express cluster, in the form MSK gives it.
pub(crate) fn boot_label(cluster: &str, account: &str, nth: usize) -> String {
    let hash = hash(&["boot", account, cluster, &nth.to_string()]);
    format!("boot-{hash}")
}

/// Domain of the names of every Serverless cluster of a Region.
pub(crate) fn serverless_suffix(region: &str) -> String {
    format!("c3.kafka-serverless.{region}.amazonaws.com")
}

/// Domain of an MSK cluster's brokers, in the form MSK gives it.
pub(crate) fn msk_suffix(cluster: &str, account: &str, region: &str) -> String {
    let hash = cluster_hash(cluster, account);
    format!("{cluster}.{hash}.c2.kafka.{region}.amazonaws.com").to_lowercase()
}

pub(crate) fn broker_host(suffix: &str, id: u32) -> String {
    format!("b-{id}.{suffix}")
}

/// The name brokers give each other.
pub(crate) fn internal_host(suffix: &str, id: u32) -> String {
    format!("b-{id}-internal.{suffix}")
}

pub(crate) fn bootstrap_host(suffix: &str) -> String {
    format!("bootstrap.{suffix}")
}

/// DNS name of a cluster's balancer.
pub(crate) fn balancer_host(cluster: &str, account: &str, region: &str) -> String {
    let hash = hash(&["elb", account, cluster]);
    format!("{cluster}-nlb-{hash}.elb.{region}.amazonaws.com").to_lowercase()
}

/// DNS name of a balancer beside the cluster's shared one.
pub(crate) fn host_of_balancer(balancer: &BalancerId, account: &str, region: &str) -> String {
    let hash = hash(&["elb", account, balancer.as_str()]);
    format!("{balancer}-{hash}.elb.{region}.amazonaws.com").to_lowercase()
}

/// DNS name of a resource endpoint, in the form VPC Lattice gives it.
pub(crate) fn resource_host(vpc: &str, resource: &str, account: &str, region: &str) -> String {
    let hash = hash(&["rcfg", account, vpc, resource]);
    format!("vpce-{vpc}-{hash}.rcfg-{resource}.vpc-lattice-rsc.{region}.on.aws").to_lowercase()
}

/// The id AWS would give the service, `vpce-svc-…`.
fn service_label(cluster: &str, account: &str) -> String {
    let hash = hash(&["vpce-svc", account, cluster]);
    format!("vpce-svc-{cluster}-{hash}").to_lowercase()
}

/// Name of the endpoint service in front of a cluster.
pub(crate) fn service_name(cluster: &str, account: &str, region: &str) -> String {
    let label = service_label(cluster, account);
    format!("com.amazonaws.vpce.{region}.{label}")
}

/// Regional DNS name of the endpoint that `vpc` has to a cluster's service.
pub(crate) fn endpoint_host(vpc: &str, cluster: &str, account: &str, region: &str) -> String {
    let hash = hash(&["vpce", account, vpc, cluster]);
    let service = service_label(cluster, account);
    format!("vpce-{vpc}-{hash}.{service}.{region}.vpce.amazonaws.com").to_lowercase()
}

/// Six hexadecimal digits that stand for what AWS would draw by chance: FNV-1a of 64 bits,
/// folded to 24.
fn hash(parts: &[&str]) -> String {
    const OFFSET: u64 = 0xcbf2_9ce4_8422_2325;
    const PRIME: u64 = 0x0000_0100_0000_01b3;
    let text = parts.join("/");
    let full = text.bytes().fold(OFFSET, |hash, byte| {
        (hash ^ u64::from(byte)).wrapping_mul(PRIME)
    });
    let folded = (full ^ (full >> 24) ^ (full >> 48)) & 0x00ff_ffff;
    format!("{folded:06x}")
}
