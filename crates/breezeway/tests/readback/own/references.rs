//! Ids of the wrong kind: to the other judges an id is a text, whosever it is.

use super::super::graph::{Graph, Prop};
use super::{Objections, reach, shown};

/// What a property names: types of resources with the attribute that is meant, and how the text of
/// such an id or ARN begins where the object exists already.
struct Kind {
    made: &'static [(&'static str, &'static str)],
    begins: &'static [&'static str],
}

const VPC: Kind = Kind {
    made: &[("EC2::VPC", "Ref")],
    begins: &["vpc-"],
};
const SUBNET: Kind = Kind {
    made: &[("EC2::Subnet", "Ref")],
    begins: &["subnet-"],
};
const GROUP: Kind = Kind {
    made: &[
        ("EC2::SecurityGroup", "Ref"),
        ("EC2::VPC", "DefaultSecurityGroup"),
    ],
    begins: &["sg-"],
};
const ROUTE_TABLE: Kind = Kind {
    made: &[("EC2::RouteTable", "Ref")],
    begins: &["rtb-"],
};
const ACL: Kind = Kind {
    made: &[
        ("EC2::NetworkAcl", "Ref"),
        ("EC2::VPC", "DefaultNetworkAcl"),
    ],
    begins: &["acl-"],
};
const INTERFACE: Kind = Kind {
    made: &[("EC2::NetworkInterface", "Ref")],
    begins: &["eni-"],
};
const TRANSIT_GATEWAY: Kind = Kind {
    made: &[("EC2::TransitGateway", "Ref")],
    // An id of today begins with a zero; those of attachments and tables begin with a letter.
    begins: &["tgw-0"],
};
const ATTACHMENT: Kind = Kind {
    made: &[
        ("EC2::TransitGatewayAttachment", "Ref"),
        ("EC2::TransitGatewayVpcAttachment", "Ref"),
        ("EC2::TransitGatewayPeeringAttachment", "Ref"),
    ],
    begins: &["tgw-attach-"],
};
const TRANSIT_TABLE: Kind = Kind {
    made: &[("EC2::TransitGatewayRouteTable", "Ref")],
    begins: &["tgw-rtb-"],
};
const PEERING: Kind = Kind {
    made: &[("EC2::VPCPeeringConnection", "Ref")],
    begins: &["pcx-"],
};
const BALANCER: Kind = Kind {
    made: &[("ElasticLoadBalancingV2::LoadBalancer", "Ref")],
    begins: &["arn:aws:elasticloadbalancing:"],
};
const TARGET_GROUP: Kind = Kind {
    made: &[("ElasticLoadBalancingV2::TargetGroup", "Ref")],
    begins: &["arn:aws:elasticloadbalancing:"],
};
const SERVICE: Kind = Kind {
    made: &[("EC2::VPCEndpointService", "Ref")],
    begins: &["vpce-svc-"],
};
const ENDPOINT_ZONE: Kind = Kind {
    made: &[
        (
            "ElasticLoadBalancingV2::LoadBalancer",
            "CanonicalHostedZoneID",
        ),
        ("EC2::VPCEndpoint", "DnsEntries.0.ZoneId"),
    ],
    begins: &["Z"],
};
const ZONE: Kind = Kind {
    made: &[("Route53::HostedZone", "Ref")],
    begins: &["Z"],
};
const RESOLVER_RULE: Kind = Kind {
    made: &[("Route53Resolver::ResolverRule", "Ref")],
    begins: &["rslvr-rr-"],
};
const RESOLVER_ENDPOINT: Kind = Kind {
    made: &[],
    begins: &["rslvr-out-"],
};
const KEY: Kind = Kind {
    made: &[("KMS::Key", "Ref"), ("KMS::Key", "Arn")],
    begins: &["arn:aws:kms:"],
};
const SECRET: Kind = Kind {
    made: &[("SecretsManager::Secret", "Ref")],
    begins: &["arn:aws:secretsmanager:"],
};
const CLUSTER: Kind = Kind {
    made: &[("MSK::Cluster", "Ref"), ("MSK::ServerlessCluster", "Ref")],
    begins: &["arn:aws:kafka:"],
};
const CONFIGURATION: Kind = Kind {
    made: &[("MSK::Configuration", "Ref")],
    begins: &["arn:aws:kafka:"],
};
const RESOURCE_GATEWAY: Kind = Kind {
    made: &[
        ("VpcLattice::ResourceGateway", "Id"),
        ("VpcLattice::ResourceGateway", "Ref"),
    ],
    begins: &["rgw-", "arn:aws:vpc-lattice:"],
};
const RESOURCE_CONFIGURATION: Kind = Kind {
    made: &[("VpcLattice::ResourceConfiguration", "Ref")],
    begins: &["arn:aws:vpc-lattice:"],
};
const SHARED: Kind = Kind {
    made: &[
        ("EC2::TransitGateway", "TransitGatewayArn"),
        ("VpcLattice::ResourceConfiguration", "Ref"),
        ("Route53Resolver::ResolverRule", "Arn"),
    ],
    begins: &["arn:aws:"],
};

/// How the value of an input begins that only the user has.
const GIVEN: [&str; 2] = ["given:", "rtb-of-"];

/// Type, property, what it names: from the type's page in the CloudFormation template reference.
const PROPERTIES: &[(&str, &str, &Kind)] = &[
    ("EC2::Subnet", "VpcId", &VPC),
    ("EC2::VPCCidrBlock", "VpcId", &VPC),
    ("EC2::RouteTable", "VpcId", &VPC),
    ("EC2::Route", "RouteTableId", &ROUTE_TABLE),
    ("EC2::Route", "TransitGatewayId", &TRANSIT_GATEWAY),
    ("EC2::Route", "VpcPeeringConnectionId", &PEERING),
    ("EC2::Route", "NetworkInterfaceId", &INTERFACE),
    ("EC2::SubnetRouteTableAssociation", "SubnetId", &SUBNET),
    (
        "EC2::SubnetRouteTableAssociation",
        "RouteTableId",
        &ROUTE_TABLE,
    ),
    ("EC2::NetworkAcl", "VpcId", &VPC),
    ("EC2::NetworkAclEntry", "NetworkAclId", &ACL),
    ("EC2::SubnetNetworkAclAssociation", "SubnetId", &SUBNET),
    ("EC2::SubnetNetworkAclAssociation", "NetworkAclId", &ACL),
    ("EC2::SecurityGroup", "VpcId", &VPC),
    ("EC2::SecurityGroupIngress", "GroupId", &GROUP),
    ("EC2::SecurityGroupIngress", "SourceSecurityGroupId", &GROUP),
    ("EC2::SecurityGroupEgress", "GroupId", &GROUP),
    (
        "EC2::SecurityGroupEgress",
        "DestinationSecurityGroupId",
        &GROUP,
    ),
    ("EC2::NetworkInterface", "SubnetId", &SUBNET),
    ("EC2::NetworkInterface", "GroupSet", &GROUP),
    ("EC2::VPCPeeringConnection", "VpcId", &VPC),
    ("EC2::VPCPeeringConnection", "PeerVpcId", &VPC),
    (
        "EC2::TransitGatewayAttachment",
        "TransitGatewayId",
        &TRANSIT_GATEWAY,
    ),
    ("EC2::TransitGatewayAttachment", "VpcId", &VPC),
    ("EC2::TransitGatewayAttachment", "SubnetIds", &SUBNET),
    (
        "EC2::TransitGatewayVpcAttachment",
        "TransitGatewayId",
        &TRANSIT_GATEWAY,
    ),
    ("EC2::TransitGatewayVpcAttachment", "VpcId", &VPC),
    ("EC2::TransitGatewayVpcAttachment", "SubnetIds", &SUBNET),
    (
        "EC2::TransitGatewayPeeringAttachment",
        "TransitGatewayId",
        &TRANSIT_GATEWAY,
    ),
    (
        "EC2::TransitGatewayPeeringAttachment",
        "PeerTransitGatewayId",
        &TRANSIT_GATEWAY,
    ),
    (
        "EC2::TransitGatewayRouteTable",
        "TransitGatewayId",
        &TRANSIT_GATEWAY,
    ),
    (
        "EC2::TransitGatewayRoute",
        "TransitGatewayAttachmentId",
        &ATTACHMENT,
    ),
    (
        "EC2::TransitGatewayRoute",
        "TransitGatewayRouteTableId",
        &TRANSIT_TABLE,
    ),
    (
        "EC2::TransitGatewayRouteTableAssociation",
        "TransitGatewayAttachmentId",
        &ATTACHMENT,
    ),
    (
        "EC2::TransitGatewayRouteTableAssociation",
        "TransitGatewayRouteTableId",
        &TRANSIT_TABLE,
    ),
    (
        "EC2::TransitGatewayRouteTablePropagation",
        "TransitGatewayAttachmentId",
        &ATTACHMENT,
    ),
    (
        "EC2::TransitGatewayRouteTablePropagation",
        "TransitGatewayRouteTableId",
        &TRANSIT_TABLE,
    ),
    ("RAM::ResourceShare", "ResourceArns", &SHARED),
    ("KMS::Alias", "TargetKeyId", &KEY),
    ("SecretsManager::Secret", "KmsKeyId", &KEY),
    ("SecretsManager::ResourcePolicy", "SecretId", &SECRET),
    ("MSK::Cluster", "BrokerNodeGroupInfo.ClientSubnets", &SUBNET),
    ("MSK::Cluster", "BrokerNodeGroupInfo.SecurityGroups", &GROUP),
    ("MSK::Cluster", "ConfigurationInfo.Arn", &CONFIGURATION),
    (
        "MSK::Cluster",
        "EncryptionInfo.EncryptionAtRest.DataVolumeKMSKeyId",
        &KEY,
    ),
    ("MSK::ServerlessCluster", "VpcConfigs.SubnetIds", &SUBNET),
    (
        "MSK::ServerlessCluster",
        "VpcConfigs.SecurityGroups",
        &GROUP,
    ),
    ("MSK::BatchScramSecret", "ClusterArn", &CLUSTER),
    ("MSK::BatchScramSecret", "SecretArnList", &SECRET),
    ("MSK::ClusterPolicy", "ClusterArn", &CLUSTER),
    ("MSK::VpcConnection", "TargetClusterArn", &CLUSTER),
    ("MSK::VpcConnection", "VpcId", &VPC),
    ("MSK::VpcConnection", "ClientSubnets", &SUBNET),
    ("MSK::VpcConnection", "SecurityGroups", &GROUP),
    ("ElasticLoadBalancingV2::LoadBalancer", "Subnets", &SUBNET),
    (
        "ElasticLoadBalancingV2::LoadBalancer",
        "SubnetMappings.SubnetId",
        &SUBNET,
    ),
    (
        "ElasticLoadBalancingV2::LoadBalancer",
        "SecurityGroups",
        &GROUP,
    ),
    ("ElasticLoadBalancingV2::TargetGroup", "VpcId", &VPC),
    (
        "ElasticLoadBalancingV2::Listener",
        "LoadBalancerArn",
        &BALANCER,
    ),
    (
        "ElasticLoadBalancingV2::Listener",
        "DefaultActions.TargetGroupArn",
        &TARGET_GROUP,
    ),
    (
        "ElasticLoadBalancingV2::Listener",
        "DefaultActions.ForwardConfig.TargetGroups.TargetGroupArn",
        &TARGET_GROUP,
    ),
    (
        "EC2::VPCEndpointService",
        "NetworkLoadBalancerArns",
        &BALANCER,
    ),
    ("EC2::VPCEndpointServicePermissions", "ServiceId", &SERVICE),
    ("EC2::VPCEndpoint", "VpcId", &VPC),
    ("EC2::VPCEndpoint", "SubnetIds", &SUBNET),
    ("EC2::VPCEndpoint", "SecurityGroupIds", &GROUP),
    (
        "EC2::VPCEndpoint",
        "ResourceConfigurationArn",
        &RESOURCE_CONFIGURATION,
    ),
    ("VpcLattice::ResourceGateway", "VpcIdentifier", &VPC),
    ("VpcLattice::ResourceGateway", "SubnetIds", &SUBNET),
    ("VpcLattice::ResourceGateway", "SecurityGroupIds", &GROUP),
    (
        "VpcLattice::ResourceConfiguration",
        "ResourceGatewayId",
        &RESOURCE_GATEWAY,
    ),
    (
        "VpcLattice::ResourcePolicy",
        "ResourceArn",
        &RESOURCE_CONFIGURATION,
    ),
    ("Route53::HostedZone", "VPCs.VPCId", &VPC),
    ("Route53::RecordSet", "HostedZoneId", &ZONE),
    (
        "Route53::RecordSet",
        "AliasTarget.HostedZoneId",
        &ENDPOINT_ZONE,
    ),
    (
        "Route53Resolver::ResolverRule",
        "ResolverEndpointId",
        &RESOLVER_ENDPOINT,
    ),
    (
        "Route53Resolver::ResolverRuleAssociation",
        "ResolverRuleId",
        &RESOLVER_RULE,
    ),
    ("Route53Resolver::ResolverRuleAssociation", "VPCId", &VPC),
];

pub(super) fn judge(graph: &Graph, found: &mut Objections) {
    for (kind, path, named) in PROPERTIES {
        for node in graph.of_kind(&format!("AWS::{kind}")) {
            for prop in reach(node, path) {
                if !named.fits(graph, prop) {
                    found.at(
                        node,
                        "id-of-the-wrong-kind",
                        format!("{path} is {}", shown(prop)),
                    );
                }
            }
        }
    }
}

impl Kind {
    fn fits(&self, graph: &Graph, prop: &Prop) -> bool {
        match prop {
            Prop::Ref(id, attribute) => {
                let short = graph
                    .node(id)
                    .and_then(|node| node.kind.strip_prefix("AWS::"));
                let made = |(kind, meant): &(&str, &str)| short == Some(kind) && meant == attribute;
                self.made.iter().any(made)
            }
            Prop::Text(text) => {
                let mut begins = self.begins.iter().chain(&GIVEN);
                begins.any(|begin| text.starts_with(begin))
            }
            Prop::Number(_) | Prop::Flag(_) | Prop::List(_) | Prop::Map(_) | Prop::Joined(_) => {
                false
            }
        }
    }
}
