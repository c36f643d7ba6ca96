//! Terraform's types of resources by CloudFormation's: arguments that are only named otherwise,
//! those that say nothing, and what remains to be done for each type.

use super::arguments::{Arguments, Properties};
use super::{balancing, endpoints, msk, names, network};
use crate::wiring::Unit;

/// What remains to be done after renaming.
type Rest = fn(&mut Arguments, &mut Properties, &Unit) -> Result<(), String>;

/// A type of resource.
pub(super) struct Kind {
    terraform: &'static str,
    cloudformation: &'static str,
    renamed: &'static [(&'static str, &'static str)],
    ignored: &'static [&'static str],
    rest: Option<Rest>,
}

const fn kind(
    terraform: &'static str,
    cloudformation: &'static str,
    renamed: &'static [(&'static str, &'static str)],
) -> Kind {
    Kind {
        terraform,
        cloudformation,
        renamed,
        ignored: &[],
        rest: None,
    }
}

impl Kind {
    const fn ignoring(self, ignored: &'static [&'static str]) -> Self {
        Self { ignored, ..self }
    }

    const fn with(self, rest: Rest) -> Self {
        Self {
            rest: Some(rest),
            ..self
        }
    }

    /// CloudFormation's type, or Terraform's where the resource is only a part of another.
    pub(super) fn name(&self) -> &'static str {
        self.cloudformation
    }

    /// The properties that arguments stand for.
    pub(super) fn properties(
        &self,
        mut arguments: Arguments,
        unit: &Unit,
    ) -> Result<Properties, String> {
        let mut properties = Properties::new();
        arguments.rename(self.renamed, &mut properties);
        if let Some(rest) = self.rest {
            rest(&mut arguments, &mut properties, unit)?;
        }
        arguments.end(self.ignored)?;
        Ok(properties)
    }
}

/// The type of this name of Terraform.
pub(super) fn find(terraform: &str) -> Option<&'static Kind> {
    let tables = [NETWORK, TRANSIT, FRONT, NAMES, MSK];
    let mut kinds = tables.into_iter().flatten();
    kinds.find(|kind| kind.terraform == terraform)
}

/// CloudFormation's name of a type of Terraform.
pub(super) fn cloudformation(terraform: &str) -> Option<&'static str> {
    find(terraform).map(Kind::name)
}

const NETWORK: &[Kind] = &[
    kind(
        "aws_vpc",
        "AWS::EC2::VPC",
        &[
            ("cidr_block", "CidrBlock"),
            ("enable_dns_hostnames", "EnableDnsHostnames"),
            ("enable_dns_support", "EnableDnsSupport"),
            ("instance_tenancy", "InstanceTenancy"),
        ],
    ),
    kind(
        "aws_vpc_ipv4_cidr_block_association",
        "AWS::EC2::VPCCidrBlock",
        &[("vpc_id", "VpcId"), ("cidr_block", "CidrBlock")],
    ),
    kind(
        "aws_subnet",
        "AWS::EC2::Subnet",
        &[
            ("availability_zone", "AvailabilityZone"),
            ("availability_zone_id", "AvailabilityZoneId"),
            ("cidr_block", "CidrBlock"),
            ("map_public_ip_on_launch", "MapPublicIpOnLaunch"),
            ("vpc_id", "VpcId"),
        ],
    ),
    kind(
        "aws_route_table",
        "AWS::EC2::RouteTable",
        &[("vpc_id", "VpcId")],
    ),
    kind(
        "aws_route",
        "AWS::EC2::Route",
        &[
            ("destination_cidr_block", "DestinationCidrBlock"),
            ("gateway_id", "GatewayId"),
            ("nat_gateway_id", "NatGatewayId"),
            ("network_interface_id", "NetworkInterfaceId"),
            ("route_table_id", "RouteTableId"),
            ("transit_gateway_id", "TransitGatewayId"),
            ("vpc_endpoint_id", "VpcEndpointId"),
            ("vpc_peering_connection_id", "VpcPeeringConnectionId"),
        ],
    ),
    kind(
        "aws_route_table_association",
        "AWS::EC2::SubnetRouteTableAssociation",
        &[
            ("route_table_id", "RouteTableId"),
            ("subnet_id", "SubnetId"),
        ],
    ),
    kind(
        "aws_network_acl",
        "AWS::EC2::NetworkAcl",
        &[("vpc_id", "VpcId")],
    ),
    kind(
        "aws_network_acl_rule",
        "AWS::EC2::NetworkAclEntry",
        &[
            ("cidr_block", "CidrBlock"),
            ("network_acl_id", "NetworkAclId"),
            ("rule_action", "RuleAction"),
            ("rule_number", "RuleNumber"),
        ],
    )
    .with(network::entry),
    kind(
        "aws_network_acl_association",
        "AWS::EC2::SubnetNetworkAclAssociation",
        &[
            ("network_acl_id", "NetworkAclId"),
            ("subnet_id", "SubnetId"),
        ],
    ),
    kind(
        "aws_security_group",
        "AWS::EC2::SecurityGroup",
        &[("name", "GroupName"), ("vpc_id", "VpcId")],
    )
    .ignoring(&["revoke_rules_on_delete"])
    .with(network::group),
    kind(
        "aws_vpc_security_group_ingress_rule",
        "AWS::EC2::SecurityGroupIngress",
        RULE,
    )
    .with(network::ingress),
    kind(
        "aws_vpc_security_group_egress_rule",
        "AWS::EC2::SecurityGroupEgress",
        RULE,
    )
    .with(network::egress),
    kind(
        "aws_network_interface",
        "AWS::EC2::NetworkInterface",
        &[
            ("private_ip", "PrivateIpAddress"),
            ("security_groups", "GroupSet"),
            ("source_dest_check", "SourceDestCheck"),
            ("subnet_id", "SubnetId"),
        ],
    )
    .with(network::interface),
    kind(
        "aws_vpc_peering_connection",
        "AWS::EC2::VPCPeeringConnection",
        &[
            ("peer_owner_id", "PeerOwnerId"),
            ("peer_region", "PeerRegion"),
            ("peer_vpc_id", "PeerVpcId"),
            ("vpc_id", "VpcId"),
        ],
    )
    .ignoring(&["auto_accept"]),
];

const RULE: &[(&str, &str)] = &[
    ("cidr_ipv4", "CidrIp"),
    ("from_port", "FromPort"),
    ("ip_protocol", "IpProtocol"),
    ("security_group_id", "GroupId"),
    ("to_port", "ToPort"),
];

const TRANSIT: &[Kind] = &[
    kind(
        "aws_ec2_transit_gateway",
        "AWS::EC2::TransitGateway",
        &[
            ("amazon_side_asn", "AmazonSideAsn"),
            (
                "auto_accept_shared_attachments",
                "AutoAcceptSharedAttachments",
            ),
            (
                "default_route_table_association",
                "DefaultRouteTableAssociation",
            ),
            (
                "default_route_table_propagation",
                "DefaultRouteTablePropagation",
            ),
            ("dns_support", "DnsSupport"),
            ("multicast_support", "MulticastSupport"),
            (
                "security_group_referencing_support",
                "SecurityGroupReferencingSupport",
            ),
            ("vpn_ecmp_support", "VpnEcmpSupport"),
        ],
    ),
    kind(
        "aws_ec2_transit_gateway_route_table",
        "AWS::EC2::TransitGatewayRouteTable",
        &[("transit_gateway_id", "TransitGatewayId")],
    ),
    // Whether Terraform takes a default association back is of no account where the gateway makes
    // none, and CloudFormation has no word for it.
    kind(
        "aws_ec2_transit_gateway_vpc_attachment",
        "AWS::EC2::TransitGatewayVpcAttachment",
        &[
            ("subnet_ids", "SubnetIds"),
            ("transit_gateway_id", "TransitGatewayId"),
            ("vpc_id", "VpcId"),
        ],
    )
    .ignoring(&[
        "transit_gateway_default_route_table_association",
        "transit_gateway_default_route_table_propagation",
    ])
    .with(network::attachment),
    kind(
        "aws_ec2_transit_gateway_peering_attachment",
        "AWS::EC2::TransitGatewayPeeringAttachment",
        &[
            ("peer_account_id", "PeerAccountId"),
            ("peer_region", "PeerRegion"),
            ("peer_transit_gateway_id", "PeerTransitGatewayId"),
            ("transit_gateway_id", "TransitGatewayId"),
        ],
    )
    .with(network::transit_peering),
    kind(
        "aws_ec2_transit_gateway_route_table_association",
        "AWS::EC2::TransitGatewayRouteTableAssociation",
        ATTACHED,
    )
    .ignoring(&["replace_existing_association"]),
    kind(
        "aws_ec2_transit_gateway_route_table_propagation",
        "AWS::EC2::TransitGatewayRouteTablePropagation",
        ATTACHED,
    ),
    kind(
        "aws_ec2_transit_gateway_route",
        "AWS::EC2::TransitGatewayRoute",
        &[
            ("blackhole", "Blackhole"),
            ("destination_cidr_block", "DestinationCidrBlock"),
            (
                "transit_gateway_attachment_id",
                "TransitGatewayAttachmentId",
            ),
            (
                "transit_gateway_route_table_id",
                "TransitGatewayRouteTableId",
            ),
        ],
    ),
    kind(
        "aws_ram_resource_share",
        "AWS::RAM::ResourceShare",
        &[("name", "Name")],
    )
    .with(network::share),
    kind(
        "aws_ram_resource_association",
        "aws_ram_resource_association",
        &[("resource_arn", "item"), ("resource_share_arn", "whole")],
    ),
    kind(
        "aws_ram_principal_association",
        "aws_ram_principal_association",
        &[("principal", "item"), ("resource_share_arn", "whole")],
    ),
];

const ATTACHED: &[(&str, &str)] = &[
    (
        "transit_gateway_attachment_id",
        "TransitGatewayAttachmentId",
    ),
    (
        "transit_gateway_route_table_id",
        "TransitGatewayRouteTableId",
    ),
];

const FRONT: &[Kind] = &[
    kind(
        "aws_lb",
        "AWS::ElasticLoadBalancingV2::LoadBalancer",
        &[
            ("ip_address_type", "IpAddressType"),
            ("load_balancer_type", "Type"),
            ("name", "Name"),
            ("security_groups", "SecurityGroups"),
            ("subnets", "Subnets"),
        ],
    )
    .with(balancing::balancer),
    kind(
        "aws_lb_target_group",
        "AWS::ElasticLoadBalancingV2::TargetGroup",
        &[
            ("ip_address_type", "IpAddressType"),
            ("name", "Name"),
            ("port", "Port"),
            ("protocol", "Protocol"),
            ("target_type", "TargetType"),
            ("vpc_id", "VpcId"),
        ],
    )
    .with(balancing::target_group),
    kind(
        "aws_lb_target_group_attachment",
        "aws_lb_target_group_attachment",
        &[("target_group_arn", "whole")],
    )
    .with(balancing::target),
    kind(
        "aws_lb_listener",
        "AWS::ElasticLoadBalancingV2::Listener",
        &[
            ("load_balancer_arn", "LoadBalancerArn"),
            ("port", "Port"),
            ("protocol", "Protocol"),
            ("ssl_policy", "SslPolicy"),
        ],
    )
    .with(balancing::listener),
    kind(
        "aws_vpc_endpoint_service",
        "AWS::EC2::VPCEndpointService",
        &[
            ("acceptance_required", "AcceptanceRequired"),
            ("allowed_principals", "AllowedPrincipals"),
            ("network_load_balancer_arns", "NetworkLoadBalancerArns"),
            ("supported_ip_address_types", "SupportedIpAddressTypes"),
            ("supported_regions", "SupportedRegions"),
        ],
    ),
    kind(
        "aws_vpc_endpoint_service_allowed_principal",
        "aws_vpc_endpoint_service_allowed_principal",
        &[
            ("principal_arn", "item"),
            ("vpc_endpoint_service_id", "whole"),
        ],
    ),
    kind(
        "aws_vpc_endpoint",
        "AWS::EC2::VPCEndpoint",
        &[
            ("ip_address_type", "IpAddressType"),
            ("policy", "PolicyDocument"),
            ("private_dns_enabled", "PrivateDnsEnabled"),
            ("resource_configuration_arn", "ResourceConfigurationArn"),
            ("security_group_ids", "SecurityGroupIds"),
            ("service_name", "ServiceName"),
            ("service_region", "ServiceRegion"),
            ("subnet_ids", "SubnetIds"),
            ("vpc_endpoint_type", "VpcEndpointType"),
            ("vpc_id", "VpcId"),
        ],
    )
    .with(endpoints::endpoint),
    kind(
        "aws_vpclattice_resource_gateway",
        "AWS::VpcLattice::ResourceGateway",
        &[
            ("ip_address_type", "IpAddressType"),
            ("ipv4_addresses_per_eni", "Ipv4AddressesPerEni"),
            ("name", "Name"),
            ("security_group_ids", "SecurityGroupIds"),
            ("subnet_ids", "SubnetIds"),
            ("vpc_id", "VpcIdentifier"),
        ],
    ),
    kind(
        "aws_vpclattice_resource_configuration",
        "AWS::VpcLattice::ResourceConfiguration",
        &[
            (
                "allow_association_to_shareable_service_network",
                "AllowAssociationToSharableServiceNetwork",
            ),
            ("custom_domain_name", "CustomDomainName"),
            ("name", "Name"),
            ("port_ranges", "PortRanges"),
            ("protocol", "ProtocolType"),
            (
                "resource_configuration_group_id",
                "ResourceConfigurationGroupId",
            ),
            ("resource_gateway_identifier", "ResourceGatewayId"),
            ("type", "ResourceConfigurationType"),
        ],
    )
    .with(endpoints::configuration),
];

const NAMES: &[Kind] = &[
    kind(
        "aws_route53_zone",
        "AWS::Route53::HostedZone",
        &[("name", "Name")],
    )
    .ignoring(&["comment", "force_destroy"])
    .with(names::zone),
    kind(
        "aws_route53_zone_association",
        "aws_route53_zone_association",
        &[("zone_id", "whole")],
    )
    .with(names::association),
    kind(
        "aws_route53_vpc_association_authorization",
        "aws_route53_vpc_association_authorization",
        &[
            ("vpc_id", "VPCId"),
            ("vpc_region", "VPCRegion"),
            ("zone_id", "HostedZoneId"),
        ],
    ),
    kind(
        "aws_route53_record",
        "AWS::Route53::RecordSet",
        &[
            ("name", "Name"),
            ("records", "ResourceRecords"),
            ("ttl", "TTL"),
            ("type", "Type"),
            ("zone_id", "HostedZoneId"),
        ],
    )
    .ignoring(&["allow_overwrite"])
    .with(names::record),
    kind(
        "aws_route53_resolver_rule",
        "AWS::Route53Resolver::ResolverRule",
        &[
            ("domain_name", "DomainName"),
            ("name", "Name"),
            ("resolver_endpoint_id", "ResolverEndpointId"),
            ("rule_type", "RuleType"),
        ],
    )
    .with(names::rule),
    kind(
        "aws_route53_resolver_rule_association",
        "AWS::Route53Resolver::ResolverRuleAssociation",
        &[("resolver_rule_id", "ResolverRuleId"), ("vpc_id", "VPCId")],
    )
    .ignoring(&["name"]),
];

const MSK: &[Kind] = &[
    kind(
        "aws_kms_key",
        "AWS::KMS::Key",
        &[
            ("deletion_window_in_days", "PendingWindowInDays"),
            ("enable_key_rotation", "EnableKeyRotation"),
            ("policy", "KeyPolicy"),
        ],
    ),
    kind(
        "aws_kms_alias",
        "AWS::KMS::Alias",
        &[("name", "AliasName"), ("target_key_id", "TargetKeyId")],
    ),
    kind(
        "aws_secretsmanager_secret",
        "AWS::SecretsManager::Secret",
        &[("kms_key_id", "KmsKeyId"), ("name", "Name")],
    )
    .ignoring(&["recovery_window_in_days"]),
    kind(
        "aws_secretsmanager_secret_policy",
        "AWS::SecretsManager::ResourcePolicy",
        &[
            ("block_public_policy", "BlockPublicPolicy"),
            ("policy", "ResourcePolicy"),
            ("secret_arn", "SecretId"),
        ],
    ),
    kind(
        "aws_msk_scram_secret_association",
        "AWS::MSK::BatchScramSecret",
        &[
            ("cluster_arn", "ClusterArn"),
            ("secret_arn_list", "SecretArnList"),
        ],
    ),
    kind(
        "aws_msk_configuration",
        "AWS::MSK::Configuration",
        &[
            ("kafka_versions", "KafkaVersionsList"),
            ("name", "Name"),
            ("server_properties", "ServerProperties"),
        ],
    ),
    kind(
        "aws_msk_cluster",
        "AWS::MSK::Cluster",
        &[
            ("cluster_name", "ClusterName"),
            ("enhanced_monitoring", "EnhancedMonitoring"),
            ("kafka_version", "KafkaVersion"),
            ("number_of_broker_nodes", "NumberOfBrokerNodes"),
            ("storage_mode", "StorageMode"),
        ],
    )
    .with(msk::cluster),
    kind(
        "aws_msk_serverless_cluster",
        "AWS::MSK::ServerlessCluster",
        &[("cluster_name", "ClusterName")],
    )
    .with(msk::serverless),
    kind(
        "aws_msk_cluster_policy",
        "AWS::MSK::ClusterPolicy",
        &[("cluster_arn", "ClusterArn"), ("policy", "Policy")],
    ),
    kind(
        "aws_msk_vpc_connection",
        "AWS::MSK::VpcConnection",
        &[
            ("authentication", "Authentication"),
            ("client_subnets", "ClientSubnets"),
            ("security_groups", "SecurityGroups"),
            ("target_cluster_arn", "TargetClusterArn"),
            ("vpc_id", "VpcId"),
        ],
    ),
];
