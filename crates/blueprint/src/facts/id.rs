//! The names of all facts, so that code cannot ask for one that does not exist.

use std::fmt;

/// The name of a fact: its subject, a dot, and what it is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct FactId(&'static str);

impl FactId {
    /// The name, such as `prices.nlb-hour`.
    pub fn as_str(self) -> &'static str {
        self.0
    }

    /// The subject, which is the file it stands in, such as `prices`.
    pub fn subject(self) -> &'static str {
        self.0
            .split_once('.')
            .map_or(self.0, |(subject, _)| subject)
    }

    /// What it is, one sentence.
    pub fn what(self) -> &'static str {
        let at = position(self.0);
        at.and_then(|at| WHATS.get(at)).copied().unwrap_or_default()
    }
}

impl fmt::Display for FactId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(self.0)
    }
}

/// The id of a name, if there is one.
pub fn named(name: &str) -> Option<FactId> {
    position(name).and_then(|at| ALL.get(at)).copied()
}

fn position(name: &str) -> Option<usize> {
    ALL.binary_search_by(|id| id.0.cmp(name)).ok()
}

/// Declares each name once, as a constant and in the list of all.
macro_rules! ids {
    ($($constant:ident = $name:literal, $what:literal;)+) => {
        $(
            #[doc = $what]
            pub const $constant: FactId = FactId($name);
        )+

        /// All of them, in the order of their names.
        pub const ALL: &[FactId] = &[$($constant),+];

        /// What each of them is.
        const WHATS: &[&str] = &[$($what),+];
    };
}

ids! {
    BANDWIDTH_ENDPOINT_PER_ZONE = "bandwidth.endpoint-per-zone", "Bandwidth of an endpoint in one zone before it scales.";
    BANDWIDTH_ENDPOINT_PER_ZONE_MAX = "bandwidth.endpoint-per-zone-max", "Bandwidth to which an endpoint in one zone scales.";
    BANDWIDTH_FLOW = "bandwidth.flow", "Bandwidth of one flow.";
    BANDWIDTH_FLOW_IN_PLACEMENT_GROUP = "bandwidth.flow-in-placement-group", "Bandwidth of one flow inside a placement group.";
    BANDWIDTH_OTHER_REGION_SHARE = "bandwidth.other-region-share", "Share of its bandwidth that an instance with 32 vCPUs or more has to other Regions.";
    BANDWIDTH_OTHER_REGION_SMALL_INSTANCE = "bandwidth.other-region-small-instance", "Bandwidth of an instance with fewer than 32 vCPUs to other Regions.";
    BANDWIDTH_TRANSIT_GATEWAY_ATTACHMENT = "bandwidth.transit-gateway-attachment", "Bandwidth of one VPC attachment.";
    BANDWIDTH_TRANSIT_GATEWAY_PACKETS = "bandwidth.transit-gateway-packets", "Packets of one VPC attachment.";
    BANDWIDTH_TRANSIT_GATEWAY_PER_ZONE = "bandwidth.transit-gateway-per-zone", "Bandwidth of one VPC attachment in one zone.";
    DEFAULTS_HEALTH_CHECK_INTERVAL = "defaults.health-check-interval", "Interval of the article's health checks.";
    DEFAULTS_HEALTH_CHECK_THRESHOLD = "defaults.health-check-threshold", "Answers after which the article's health checks change their mind.";
    DEFAULTS_MSK_CERTIFICATE_MONTHS = "defaults.msk-certificate-months", "Life of a broker's certificate, which AWS renews.";
    DEFAULTS_MSK_CUSTOM_LISTENERS_SINCE = "defaults.msk-custom-listeners-since", "Since when MSK advertises names of one's own.";
    DEFAULTS_MSK_EXPRESS_VERSION = "defaults.msk-express-version", "Oldest Kafka on Express brokers.";
    DEFAULTS_MSK_MIN_INSYNC_THREE_ZONES = "defaults.msk-min-insync-three-zones", "Default min.insync.replicas of MSK in three zones.";
    DEFAULTS_MSK_MIN_INSYNC_TWO_ZONES = "defaults.msk-min-insync-two-zones", "Default min.insync.replicas of MSK in two zones.";
    DEFAULTS_MSK_MULTI_VPC_MINUTES = "defaults.msk-multi-vpc-minutes", "Time it took to turn on multi-VPC connectivity.";
    DEFAULTS_MSK_MULTI_VPC_VERSION = "defaults.msk-multi-vpc-version", "Oldest Kafka with multi-VPC connectivity.";
    DEFAULTS_MSK_REPLICATION_THREE_ZONES = "defaults.msk-replication-three-zones", "Default replication factor of MSK in three zones.";
    DEFAULTS_MSK_REPLICATION_TWO_ZONES = "defaults.msk-replication-two-zones", "Default replication factor of MSK in two zones.";
    DEFAULTS_NLB_CROSS_ZONE = "defaults.nlb-cross-zone", "Cross-zone setting of a new balancer.";
    DEFAULTS_NLB_ENFORCE_ON_PRIVATELINK = "defaults.nlb-enforce-on-privatelink", "Whether a new balancer's security groups judge PrivateLink clients.";
    DEFAULTS_NLB_SECURITY_GROUPS_SINCE = "defaults.nlb-security-groups-since", "Since when a Network Load Balancer may have security groups, if given at creation.";
    DEFAULTS_PRIVATELINK_OTHER_REGION_SINCE = "defaults.privatelink-other-region-since", "Since when an endpoint may be in another Region than its service.";
    DEFAULTS_RESOURCE_CUSTOM_DOMAIN_SINCE = "defaults.resource-custom-domain-since", "Since when a resource configuration may have a domain of one's own.";
    IDLE_TIMEOUTS_ENDPOINT = "idle-timeouts.endpoint", "Idle timeout of an interface endpoint.";
    IDLE_TIMEOUTS_KAFKA_BROKER = "idle-timeouts.kafka-broker", "Default of connections.max.idle.ms of a Kafka broker.";
    IDLE_TIMEOUTS_KAFKA_CLIENT = "idle-timeouts.kafka-client", "Default of connections.max.idle.ms of a Kafka client.";
    IDLE_TIMEOUTS_NLB_TCP = "idle-timeouts.nlb-tcp", "Idle timeout of a balancer's TCP listener, if not said otherwise.";
    IDLE_TIMEOUTS_NLB_TCP_MAX = "idle-timeouts.nlb-tcp-max", "Longest idle timeout a TCP listener can be given.";
    IDLE_TIMEOUTS_NLB_TCP_MIN = "idle-timeouts.nlb-tcp-min", "Shortest idle timeout a TCP listener can be given.";
    IDLE_TIMEOUTS_NLB_TLS = "idle-timeouts.nlb-tls", "Idle timeout of a balancer's TLS listener.";
    IDLE_TIMEOUTS_NLB_UDP = "idle-timeouts.nlb-udp", "Idle timeout of a balancer's UDP listener.";
    MTU_ENDPOINT = "mtu.endpoint", "Largest packet through a VPC endpoint.";
    MTU_INTERNET = "mtu.internet", "Largest packet through an Internet gateway or a VPN.";
    MTU_PEERING = "mtu.peering", "Largest packet through a peering in one Region.";
    MTU_PEERING_OTHER_REGION = "mtu.peering-other-region", "Largest packet through a peering between Regions.";
    MTU_TRANSIT_GATEWAY = "mtu.transit-gateway", "Largest packet through a transit gateway, peering attachments included.";
    MTU_VPC = "mtu.vpc", "Largest packet inside a VPC.";
    NAMES_ENDPOINT_ALIAS_ZONE = "names.endpoint-alias-zone", "The zone that an alias to an endpoint names.";
    NAMES_ENDPOINT_REGIONAL = "names.endpoint-regional", "An endpoint, all its zones.";
    NAMES_ENDPOINT_SERVICE = "names.endpoint-service", "An endpoint service.";
    NAMES_ENDPOINT_ZONAL = "names.endpoint-zonal", "An endpoint in one zone.";
    NAMES_MSK_BROKER = "names.msk-broker", "A broker of MSK.";
    NAMES_MSK_BROKER_MULTI_VPC = "names.msk-broker-multi-vpc", "A broker of MSK in a multi-VPC client's VPC; the scheme is iam, scram or tls.";
    NAMES_MSK_BROKER_PUBLIC = "names.msk-broker-public", "A broker of MSK with public access.";
    NAMES_MSK_BROKER_REPLICATION = "names.msk-broker-replication", "A broker of MSK for its peers.";
    NAMES_MSK_EXPRESS_BOOTSTRAP = "names.msk-express-bootstrap", "A bootstrap name of Express and newer clusters, which is no broker's.";
    NAMES_MSK_SCRAM_SECRET_PREFIX = "names.msk-scram-secret-prefix", "What the name of a secret with SCRAM credentials starts with.";
    NAMES_MSK_SERVERLESS_BOOTSTRAP = "names.msk-serverless-bootstrap", "The bootstrap name of MSK Serverless.";
    NAMES_MSK_SERVERLESS_BROKER = "names.msk-serverless-broker", "A broker of MSK Serverless.";
    NAMES_NLB_ALIAS_ZONE = "names.nlb-alias-zone", "The zone that an alias to a Network Load Balancer names.";
    NAMES_NLB_NAME_MAX = "names.nlb-name-max", "Longest name of a balancer or a target group.";
    PORTS_EPHEMERAL_FIRST = "ports.ephemeral-first", "First port an answer may go to, which network ACLs must admit.";
    PORTS_EPHEMERAL_LAST = "ports.ephemeral-last", "Last port an answer may go to, which network ACLs must admit.";
    PORTS_MSK_IAM = "ports.msk-iam", "MSK with IAM, provisioned and Serverless.";
    PORTS_MSK_IPV6_IAM = "ports.msk-ipv6-iam", "MSK with IAM over IPv6.";
    PORTS_MSK_IPV6_PLAINTEXT = "ports.msk-ipv6-plaintext", "MSK without encryption over IPv6.";
    PORTS_MSK_IPV6_SCRAM = "ports.msk-ipv6-scram", "MSK with SASL/SCRAM over IPv6.";
    PORTS_MSK_IPV6_TLS = "ports.msk-ipv6-tls", "MSK with TLS over IPv6.";
    PORTS_MSK_JMX_BROKER = "ports.msk-jmx-broker", "Metrics of an MSK broker's JMX exporter.";
    PORTS_MSK_JMX_NODE = "ports.msk-jmx-node", "Metrics of an MSK broker's node exporter.";
    PORTS_MSK_MULTI_VPC_BASE = "ports.msk-multi-vpc-base", "Multi-VPC's base: broker n is at this port plus n.";
    PORTS_MSK_MULTI_VPC_FIRST = "ports.msk-multi-vpc-first", "First port the group of a VPC connection admits.";
    PORTS_MSK_MULTI_VPC_LAST = "ports.msk-multi-vpc-last", "Last port the group of a VPC connection admits.";
    PORTS_MSK_PLAINTEXT = "ports.msk-plaintext", "MSK without encryption.";
    PORTS_MSK_PUBLIC_IAM = "ports.msk-public-iam", "MSK's public IAM.";
    PORTS_MSK_PUBLIC_SCRAM = "ports.msk-public-scram", "MSK's public SASL/SCRAM.";
    PORTS_MSK_PUBLIC_TLS = "ports.msk-public-tls", "MSK's public TLS.";
    PORTS_MSK_REPLICATION = "ports.msk-replication", "MSK's replication without encryption.";
    PORTS_MSK_REPLICATION_TLS = "ports.msk-replication-tls", "MSK's replication with TLS.";
    PORTS_MSK_SCRAM = "ports.msk-scram", "MSK with SASL/SCRAM.";
    PORTS_MSK_TLS = "ports.msk-tls", "MSK with TLS, with or without client certificates.";
    PORTS_MSK_ZOOKEEPER = "ports.msk-zookeeper", "ZooKeeper of MSK.";
    PORTS_MSK_ZOOKEEPER_TLS = "ports.msk-zookeeper-tls", "ZooKeeper of MSK with TLS.";
    PRICES_CROSS_ZONE_GB = "prices.cross-zone-gb", "Bytes that leave a zone for another, each of the two sides.";
    PRICES_ENDPOINT_CROSS_ZONE_GB = "prices.endpoint-cross-zone-gb", "Bytes between a client and an endpoint in another zone.";
    PRICES_ENDPOINT_GB = "prices.endpoint-gb", "Bytes through interface endpoints in a month, both directions.";
    PRICES_ENDPOINT_SERVICE_REMOTE_REGION_HOUR = "prices.endpoint-service-remote-region-hour", "What the owner of an endpoint service pays for each remote Region.";
    PRICES_ENDPOINT_ZONE_HOUR = "prices.endpoint-zone-hour", "An interface endpoint in one zone for an hour.";
    PRICES_HOURS_PER_MONTH = "prices.hours-per-month", "Hours by which a monthly price is reckoned.";
    PRICES_MSK_CUSTOM_DOMAIN_HOUR = "prices.msk-custom-domain-hour", "Advertising names of one's own on MSK for an hour.";
    PRICES_MSK_MULTI_VPC_GB = "prices.msk-multi-vpc-gb", "Bytes through multi-VPC connectivity.";
    PRICES_MSK_MULTI_VPC_SCHEME_HOUR = "prices.msk-multi-vpc-scheme-hour", "Multi-VPC connectivity of one scheme of one cluster for an hour.";
    PRICES_NLB_CAPACITY_UNIT_GB = "prices.nlb-capacity-unit-gb", "Bytes in one capacity unit.";
    PRICES_NLB_CAPACITY_UNIT_HOUR = "prices.nlb-capacity-unit-hour", "A capacity unit of a Network Load Balancer for an hour.";
    PRICES_NLB_CAPACITY_UNIT_TCP_ACTIVE = "prices.nlb-capacity-unit-tcp-active", "Active TCP connections in one capacity unit.";
    PRICES_NLB_CAPACITY_UNIT_TCP_NEW = "prices.nlb-capacity-unit-tcp-new", "New TCP connections in one capacity unit.";
    PRICES_NLB_CAPACITY_UNIT_TLS_ACTIVE = "prices.nlb-capacity-unit-tls-active", "Active TLS connections in one capacity unit.";
    PRICES_NLB_CAPACITY_UNIT_TLS_NEW = "prices.nlb-capacity-unit-tls-new", "New TLS connections in one capacity unit.";
    PRICES_NLB_HOUR = "prices.nlb-hour", "A Network Load Balancer for an hour.";
    PRICES_OTHER_REGION_GB = "prices.other-region-gb", "Bytes sent to another Region.";
    PRICES_PEERING_HOUR = "prices.peering-hour", "A peering for an hour.";
    PRICES_PEERING_SAME_ZONE_GB = "prices.peering-same-zone-gb", "Bytes through a peering inside one zone.";
    PRICES_RESOURCE_ENDPOINT_GB = "prices.resource-endpoint-gb", "Bytes through resource endpoints in a month.";
    PRICES_RESOURCE_ENDPOINT_HOUR = "prices.resource-endpoint-hour", "A resource endpoint for an hour.";
    PRICES_TRANSIT_GATEWAY_ATTACHMENT_HOUR = "prices.transit-gateway-attachment-hour", "An attachment of a transit gateway for an hour.";
    PRICES_TRANSIT_GATEWAY_CROSS_ZONE_GB = "prices.transit-gateway-cross-zone-gb", "Bytes through a transit gateway that leave a zone for another.";
    PRICES_TRANSIT_GATEWAY_GB = "prices.transit-gateway-gb", "Bytes sent into a transit gateway.";
    PRICES_TRANSIT_GATEWAY_PEERING_GB = "prices.transit-gateway-peering-gb", "Bytes that arrive at a transit gateway from its peer.";
    QUOTAS_CLOUD_MAP_INSTANCES_PER_NAMESPACE = "quotas.cloud-map-instances-per-namespace", "Instances of one Cloud Map DNS namespace.";
    QUOTAS_CLOUD_MAP_INSTANCES_PER_SERVICE = "quotas.cloud-map-instances-per-service", "Instances of one Cloud Map service.";
    QUOTAS_CLOUD_MAP_NAMESPACES = "quotas.cloud-map-namespaces", "Cloud Map namespaces of one account and Region.";
    QUOTAS_CLOUDFORMATION_ANSWER_BYTES = "quotas.cloudformation-answer-bytes", "Size of the answer of a custom resource, and of a signal's data.";
    QUOTAS_CLOUDFORMATION_INLINE_BYTES = "quotas.cloudformation-inline-bytes", "Size of a CloudFormation template passed inline.";
    QUOTAS_CLOUDFORMATION_OUTPUTS = "quotas.cloudformation-outputs", "Outputs of one CloudFormation template.";
    QUOTAS_CLOUDFORMATION_PARAMETERS = "quotas.cloudformation-parameters", "Parameters of one CloudFormation template.";
    QUOTAS_CLOUDFORMATION_RESOURCES = "quotas.cloudformation-resources", "Resources of one CloudFormation template.";
    QUOTAS_CLOUDFORMATION_RESOURCES_PER_BROKER_PER_BROKER = "quotas.cloudformation-resources-per-broker-per-broker", "CloudFormation resources that each broker adds with privatelink-per-broker.";
    QUOTAS_CLOUDFORMATION_RESOURCES_PER_BROKER_PRIVATELINK = "quotas.cloudformation-resources-per-broker-privatelink", "CloudFormation resources that each broker adds with privatelink.";
    QUOTAS_CLOUDFORMATION_S3_BYTES = "quotas.cloudformation-s3-bytes", "Size of a CloudFormation template in S3.";
    QUOTAS_DNS_PACKETS_PER_INTERFACE = "quotas.dns-packets-per-interface", "DNS packets of one interface to the resolver of its VPC.";
    QUOTAS_ENDPOINTS_PER_VPC = "quotas.endpoints-per-vpc", "Interface and Gateway Load Balancer endpoints of one VPC, those of AWS services included.";
    QUOTAS_HOSTED_ZONE_AUTHORIZATIONS = "quotas.hosted-zone-authorizations", "Pending authorizations to associate VPCs with one private hosted zone.";
    QUOTAS_HOSTED_ZONES_PER_ACCOUNT = "quotas.hosted-zones-per-account", "Hosted zones of one account.";
    QUOTAS_LAMBDA_ACCESS_CONFIGURATIONS = "quotas.lambda-access-configurations", "Source access configurations of one event source mapping.";
    QUOTAS_LAMBDA_BATCH_RECORDS = "quotas.lambda-batch-records", "Records of one batch of an event source mapping, if not said otherwise.";
    QUOTAS_LAMBDA_BATCH_RECORDS_MAX = "quotas.lambda-batch-records-max", "Most records of one batch of an event source mapping.";
    QUOTAS_LAMBDA_BATCHING_WINDOW = "quotas.lambda-batching-window", "Time a batch is gathered, if not said otherwise.";
    QUOTAS_LAMBDA_BATCHING_WINDOW_MAX = "quotas.lambda-batching-window-max", "Longest time a batch is gathered.";
    QUOTAS_LAMBDA_FUNCTION_TIMEOUT = "quotas.lambda-function-timeout", "Longest run of a function behind a Kafka event source mapping.";
    QUOTAS_LAMBDA_PAYLOAD = "quotas.lambda-payload", "Size of one batch of an event source mapping.";
    QUOTAS_LAMBDA_POLLERS_MAX = "quotas.lambda-pollers-max", "Most pollers of a provisioned mapping.";
    QUOTAS_LAMBDA_POLLERS_MIN = "quotas.lambda-pollers-min", "Most pollers that can be set as the least of a provisioned mapping.";
    QUOTAS_MSK_BROKERS_PER_ACCOUNT = "quotas.msk-brokers-per-account", "Brokers of one account.";
    QUOTAS_MSK_BROKERS_PER_CLUSTER_KRAFT = "quotas.msk-brokers-per-cluster-kraft", "Brokers of one cluster with KRaft.";
    QUOTAS_MSK_BROKERS_PER_CLUSTER_ZOOKEEPER = "quotas.msk-brokers-per-cluster-zookeeper", "Brokers of one cluster with ZooKeeper.";
    QUOTAS_MSK_CONFIGURATION_REVISIONS = "quotas.msk-configuration-revisions", "Revisions of one MSK configuration.";
    QUOTAS_MSK_CONFIGURATIONS = "quotas.msk-configurations", "MSK configurations of one account.";
    QUOTAS_MSK_IAM_CONNECTIONS_PER_BROKER = "quotas.msk-iam-connections-per-broker", "IAM connections of one broker.";
    QUOTAS_MSK_IAM_NEW_CONNECTIONS = "quotas.msk-iam-new-connections", "New IAM connections of one broker of type M5 or M7g.";
    QUOTAS_MSK_IAM_NEW_CONNECTIONS_T3 = "quotas.msk-iam-new-connections-t3", "New IAM connections of one broker of type T3.";
    QUOTAS_MSK_SERVERLESS_CLIENT_VPCS = "quotas.msk-serverless-client-vpcs", "VPCs of the owner's account that one MSK Serverless cluster puts interfaces into.";
    QUOTAS_NETWORK_ACL_RULES = "quotas.network-acl-rules", "Rules of one direction of one network ACL.";
    QUOTAS_NETWORK_ACL_RULES_MAX = "quotas.network-acl-rules-max", "Rules to which one direction of a network ACL can be raised.";
    QUOTAS_NLB_BALANCERS_PER_REGION = "quotas.nlb-balancers-per-region", "Network Load Balancers of one account and Region.";
    QUOTAS_NLB_CERTIFICATES_PER_BALANCER = "quotas.nlb-certificates-per-balancer", "Certificates of one balancer.";
    QUOTAS_NLB_FLOWS_PER_TARGET = "quotas.nlb-flows-per-target", "Flows to one target when client addresses are not preserved, or through PrivateLink.";
    QUOTAS_NLB_INTERFACES_PER_VPC = "quotas.nlb-interfaces-per-vpc", "Interfaces of balancers in one VPC, one for each zone of each.";
    QUOTAS_NLB_LISTENERS_PER_BALANCER = "quotas.nlb-listeners-per-balancer", "Listeners of one Network Load Balancer.";
    QUOTAS_NLB_NEW_FLOWS_PER_TARGET = "quotas.nlb-new-flows-per-target", "New flows to one target when client addresses are not preserved, or through PrivateLink.";
    QUOTAS_NLB_TARGET_GROUPS_PER_REGION = "quotas.nlb-target-groups-per-region", "Target groups of one account and Region.";
    QUOTAS_NLB_TARGETS_PER_BALANCER = "quotas.nlb-targets-per-balancer", "Targets of one balancer.";
    QUOTAS_NLB_TARGETS_PER_GROUP = "quotas.nlb-targets-per-group", "Targets of one target group.";
    QUOTAS_NLB_TARGETS_PER_ZONE = "quotas.nlb-targets-per-zone", "Targets in one zone of one balancer.";
    QUOTAS_NLB_TARGETS_WITH_CROSS_ZONE = "quotas.nlb-targets-with-cross-zone", "Targets of one balancer whose cross-zone setting is on.";
    QUOTAS_PEERING_REQUEST_EXPIRY = "quotas.peering-request-expiry", "Days after which a peering request expires.";
    QUOTAS_PEERING_REQUESTS_OUTSTANDING = "quotas.peering-requests-outstanding", "Peering requests that wait for an answer.";
    QUOTAS_PEERINGS_PER_VPC = "quotas.peerings-per-vpc", "Active peerings of one VPC.";
    QUOTAS_PEERINGS_PER_VPC_MAX = "quotas.peerings-per-vpc-max", "Active peerings to which one VPC can be raised.";
    QUOTAS_RECORDS_PER_HOSTED_ZONE = "quotas.records-per-hosted-zone", "Records of one hosted zone.";
    QUOTAS_RESOURCE_CONFIGURATION_CHILDREN = "quotas.resource-configuration-children", "Children of one group resource configuration: brokers it can hold.";
    QUOTAS_RESOURCE_CONFIGURATIONS_PER_REGION = "quotas.resource-configurations-per-region", "Resource configurations of one account and Region.";
    QUOTAS_RESOURCE_ENDPOINTS_PER_VPC = "quotas.resource-endpoints-per-vpc", "Resource endpoints of one VPC.";
    QUOTAS_RESOURCE_GATEWAY_ADDRESSES = "quotas.resource-gateway-addresses", "IPv4 addresses of an interface of a resource gateway, if not said otherwise.";
    QUOTAS_RESOURCE_GATEWAY_ADDRESSES_MAX = "quotas.resource-gateway-addresses-max", "Most IPv4 addresses of an interface of a resource gateway.";
    QUOTAS_RESOURCE_GATEWAYS_PER_VPC = "quotas.resource-gateways-per-vpc", "Resource gateways of one VPC.";
    QUOTAS_ROUTES_PER_TABLE = "quotas.routes-per-table", "Routes of one route table.";
    QUOTAS_ROUTES_PER_TABLE_MAX = "quotas.routes-per-table-max", "Routes to which one route table can be raised.";
    QUOTAS_SECURITY_GROUP_RULES = "quotas.security-group-rules", "Rules of one direction of one security group.";
    QUOTAS_SECURITY_GROUP_RULES_PER_INTERFACE = "quotas.security-group-rules-per-interface", "Rules that all groups of one interface may have together.";
    QUOTAS_SECURITY_GROUPS_PER_INTERFACE = "quotas.security-groups-per-interface", "Security groups of one interface.";
    QUOTAS_SERVICE_NETWORK_ENDPOINTS_PER_VPC = "quotas.service-network-endpoints-per-vpc", "Service-network endpoints of one VPC.";
    QUOTAS_SERVICES_PER_BALANCER = "quotas.services-per-balancer", "Endpoint services that one balancer backs.";
    QUOTAS_TRANSIT_GATEWAY_ATTACHMENTS = "quotas.transit-gateway-attachments", "Attachments of one transit gateway.";
    QUOTAS_TRANSIT_GATEWAY_PEERINGS = "quotas.transit-gateway-peerings", "Peering attachments of one transit gateway.";
    QUOTAS_TRANSIT_GATEWAY_PEERINGS_OF_A_PAIR = "quotas.transit-gateway-peerings-of-a-pair", "Peering attachments between two transit gateways.";
    QUOTAS_TRANSIT_GATEWAY_ROUTE_TABLES = "quotas.transit-gateway-route-tables", "Route tables of one transit gateway.";
    QUOTAS_TRANSIT_GATEWAY_ROUTES = "quotas.transit-gateway-routes", "Routes of one transit gateway.";
    QUOTAS_TRANSIT_GATEWAYS_PER_ACCOUNT = "quotas.transit-gateways-per-account", "Transit gateways of one account and Region.";
    QUOTAS_TRANSIT_GATEWAYS_PER_VPC = "quotas.transit-gateways-per-vpc", "Transit gateways one VPC is attached to.";
    QUOTAS_VPCS_PER_HOSTED_ZONE = "quotas.vpcs-per-hosted-zone", "VPCs associated with one private hosted zone.";
    VERSIONS_MSK_EXPRESS_INSTANCE_FAMILIES = "versions.msk-express-instance-families", "Instance families of Express brokers.";
    VERSIONS_MSK_INSTANCE_FAMILIES = "versions.msk-instance-families", "Instance families of Standard brokers.";
    VERSIONS_MSK_NEWEST_LISTED = "versions.msk-newest-listed", "Newest Kafka that MSK lists.";
    VERSIONS_MSK_OLDEST_SUPPORTED = "versions.msk-oldest-supported", "Oldest Kafka that MSK supports.";
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_are_found_and_in_order() {
        assert!(ALL.is_sorted_by(|one, other| one < other));
        for id in ALL {
            assert_eq!(named(id.as_str()), Some(*id));
        }
        assert_eq!(named("prices.nlb-hours"), None);
        assert_eq!(PRICES_NLB_HOUR.subject(), "prices");
        assert_eq!(MTU_VPC.what(), "Largest packet inside a VPC.");
    }
}
