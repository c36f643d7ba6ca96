//! Types of CloudFormation that are read, what their `Ref` is, and their attributes: from AWS's
//! registry schemas (`primaryIdentifier`, `readOnlyProperties`), as of December 2025.

/// Type without `AWS::`, the attribute that is the same as `Ref` if there is one, and others.
const KINDS: &[(&str, &str, &[&str])] = &[
    (
        "EC2::VPC",
        "VpcId",
        &["CidrBlock", "DefaultNetworkAcl", "DefaultSecurityGroup"],
    ),
    ("EC2::VPCCidrBlock", "Id", &[]),
    (
        "EC2::Subnet",
        "SubnetId",
        &[
            "AvailabilityZone",
            "AvailabilityZoneId",
            "CidrBlock",
            "VpcId",
        ],
    ),
    ("EC2::RouteTable", "RouteTableId", &[]),
    ("EC2::Route", "", &[]),
    ("EC2::SubnetRouteTableAssociation", "Id", &[]),
    ("EC2::NetworkAcl", "Id", &[]),
    ("EC2::NetworkAclEntry", "Id", &[]),
    ("EC2::SubnetNetworkAclAssociation", "AssociationId", &[]),
    ("EC2::SecurityGroup", "GroupId", &["VpcId"]),
    ("EC2::SecurityGroupIngress", "Id", &[]),
    ("EC2::SecurityGroupEgress", "Id", &[]),
    (
        "EC2::NetworkInterface",
        "Id",
        &["PrimaryPrivateIpAddress", "VpcId"],
    ),
    ("EC2::VPCPeeringConnection", "Id", &[]),
    ("EC2::TransitGateway", "Id", &["TransitGatewayArn"]),
    ("EC2::TransitGatewayAttachment", "Id", &[]),
    ("EC2::TransitGatewayVpcAttachment", "Id", &[]),
    (
        "EC2::TransitGatewayRouteTable",
        "TransitGatewayRouteTableId",
        &[],
    ),
    ("EC2::TransitGatewayRouteTableAssociation", "", &[]),
    ("EC2::TransitGatewayRouteTablePropagation", "", &[]),
    ("EC2::TransitGatewayRoute", "", &[]),
    (
        "EC2::TransitGatewayPeeringAttachment",
        "TransitGatewayAttachmentId",
        &[],
    ),
    ("RAM::ResourceShare", "Arn", &[]),
    ("KMS::Key", "KeyId", &["Arn"]),
    ("KMS::Alias", "", &[]),
    ("SecretsManager::Secret", "Id", &[]),
    ("SecretsManager::ResourcePolicy", "Id", &[]),
    ("MSK::BatchScramSecret", "", &[]),
    ("MSK::Configuration", "Arn", &["LatestRevision.Revision"]),
    ("MSK::Cluster", "Arn", &["CurrentVersion"]),
    ("MSK::ServerlessCluster", "Arn", &[]),
    ("MSK::ClusterPolicy", "", &["CurrentVersion"]),
    ("MSK::VpcConnection", "Arn", &[]),
    (
        "ElasticLoadBalancingV2::LoadBalancer",
        "LoadBalancerArn",
        &[
            "CanonicalHostedZoneID",
            "DNSName",
            "LoadBalancerFullName",
            "LoadBalancerName",
        ],
    ),
    (
        "ElasticLoadBalancingV2::TargetGroup",
        "TargetGroupArn",
        &["TargetGroupFullName", "TargetGroupName"],
    ),
    ("ElasticLoadBalancingV2::Listener", "ListenerArn", &[]),
    ("EC2::VPCEndpointService", "ServiceId", &[]),
    ("EC2::VPCEndpointServicePermissions", "", &[]),
    (
        "EC2::VPCEndpoint",
        "Id",
        &["CreationTimestamp", "DnsEntries", "NetworkInterfaceIds"],
    ),
    ("VpcLattice::ResourceGateway", "Arn", &["Id"]),
    ("VpcLattice::ResourceConfiguration", "Arn", &["Id"]),
    ("VpcLattice::ResourcePolicy", "", &[]),
    ("Route53::HostedZone", "Id", &[]),
    ("Route53::RecordSet", "", &[]),
    ("Route53::RecordSetGroup", "Id", &[]),
    (
        "Route53Resolver::ResolverRule",
        "ResolverRuleId",
        &["Arn", "ResolverEndpointId"],
    ),
    (
        "Route53Resolver::ResolverRuleAssociation",
        "ResolverRuleAssociationId",
        &[],
    ),
];

/// Attributes that are lists.
const LISTS: [&str; 2] = ["DnsEntries", "NetworkInterfaceIds"];

/// Types of parameters that are ids, and the type of resource whose `Ref` they take.
const ID_PARAMETERS: [(&str, &str); 4] = [
    ("AWS::EC2::VPC::Id", "AWS::EC2::VPC"),
    ("AWS::EC2::Subnet::Id", "AWS::EC2::Subnet"),
    ("AWS::EC2::SecurityGroup::Id", "AWS::EC2::SecurityGroup"),
    ("AWS::Route53::HostedZone::Id", "AWS::Route53::HostedZone"),
];

/// Whether resources of this type are read.
pub(crate) fn is_kind(kind: &str) -> bool {
    find(kind).is_some()
}

/// How a graph names an attribute: `Ref` for the one that is the same as `Ref`, none if resources
/// of this type have no such attribute.
pub(crate) fn attribute(kind: &str, name: &str) -> Option<&'static str> {
    let (_, same_as_ref, others) = find(kind)?;
    if *same_as_ref == name || (kind == "AWS::EC2::SecurityGroup" && name == "Id") {
        return Some("Ref");
    }
    others.iter().find(|known| **known == name).copied()
}

/// Whether an attribute is a list.
pub(crate) fn is_list(attribute: &str) -> bool {
    LISTS.contains(&attribute)
}

/// The type of resource whose `Ref` a parameter of an id's type takes.
pub(crate) fn kind_of_id(parameter_type: &str) -> Option<&'static str> {
    let mut known = ID_PARAMETERS.iter();
    known
        .find(|(known, _)| *known == parameter_type)
        .map(|(_, kind)| *kind)
}

fn find(kind: &str) -> Option<&'static (&'static str, &'static str, &'static [&'static str])> {
    let short = kind.strip_prefix("AWS::")?;
    KINDS.iter().find(|(known, ..)| *known == short)
}
