//! What AWS sets only when an object is made: to change it, the object is replaced.

/// When a facet's difference means a replacement.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum When {
    /// Whenever it differs.
    Differs,
    /// When it loses a value: more can be added in place.
    Loses,
}

/// Why an object is replaced.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Reason {
    /// Kind of the objects, such as `TargetGroupId`.
    pub kind: &'static str,
    /// The field of the object.
    pub field: &'static str,
    when: When,
    /// The property of AWS.
    pub property: &'static str,
    /// Why it is not changed in place, one fragment.
    pub because: &'static str,
    /// Who says so.
    pub source: &'static str,
}

const SCHEMAS: &str =
    "CloudFormation's registry schemas in aws-cloudformation/cfn-lint (createOnlyProperties), 2025";
const LATTICE_API: &str =
    "https://docs.aws.amazon.com/vpc-lattice/latest/APIReference/API_UpdateResourceGateway.html";
const BALANCER_GUIDE: &str = "AWS, Network Load Balancer guide, text of June 2023";
const ENDPOINT_SCHEMA: &str = "CloudFormation's registry schema of AWS::EC2::VPCEndpoint in aws-cloudformation/cfn-lint, 2025";
const RESOURCE_GUIDE: &str =
    "AWS PrivateLink and VPC Lattice guides on resource endpoints, as noted by the project";
const TRANSIT_SCHEMA: &str = "CloudFormation's registry schema of AWS::EC2::TransitGatewayVpcAttachment in aws-cloudformation/cfn-lint, 2025";
const INFERRED: &str = "inferred: AWS moves no object between accounts or Regions";

const fn fixed(
    kind: &'static str,
    field: &'static str,
    property: &'static str,
    because: &'static str,
    source: &'static str,
) -> Reason {
    Reason {
        kind,
        field,
        when: When::Differs,
        property,
        because,
        source,
    }
}

const fn growing(
    kind: &'static str,
    field: &'static str,
    property: &'static str,
    because: &'static str,
    source: &'static str,
) -> Reason {
    Reason {
        kind,
        field,
        when: When::Loses,
        property,
        because,
        source,
    }
}

const ELSEWHERE: &str = "nothing moves to another account or Region";
const ANOTHER_VPC: &str = "nothing moves to another VPC";

const REASONS: &[Reason] = &[
    fixed("VpcId", "account", "the account", ELSEWHERE, INFERRED),
    fixed("VpcId", "region", "the Region", ELSEWHERE, INFERRED),
    fixed(
        "VpcId",
        "primary range",
        "AWS::EC2::VPC CidrBlock",
        "a VPC keeps its primary range; ranges beside it can be added",
        SCHEMAS,
    ),
    fixed(
        "SubnetId",
        "vpc",
        "AWS::EC2::Subnet VpcId",
        ANOTHER_VPC,
        SCHEMAS,
    ),
    fixed(
        "SubnetId",
        "zone",
        "AWS::EC2::Subnet AvailabilityZone",
        "a subnet stays in its zone",
        SCHEMAS,
    ),
    fixed(
        "SubnetId",
        "range",
        "AWS::EC2::Subnet CidrBlock",
        "a subnet keeps its range",
        SCHEMAS,
    ),
    fixed(
        "RouteTableId",
        "vpc",
        "AWS::EC2::RouteTable VpcId",
        ANOTHER_VPC,
        SCHEMAS,
    ),
    fixed(
        "NetworkAclId",
        "vpc",
        "AWS::EC2::NetworkAcl VpcId",
        ANOTHER_VPC,
        SCHEMAS,
    ),
    fixed(
        "SecurityGroupId",
        "vpc",
        "AWS::EC2::SecurityGroup VpcId",
        ANOTHER_VPC,
        SCHEMAS,
    ),
    fixed(
        "EniId",
        "subnet",
        "AWS::EC2::NetworkInterface SubnetId",
        "an interface stays in its subnet",
        SCHEMAS,
    ),
    fixed(
        "EniId",
        "address",
        "AWS::EC2::NetworkInterface PrivateIpAddress",
        "an interface keeps its primary address",
        SCHEMAS,
    ),
    fixed(
        "PeeringId",
        "sides",
        "AWS::EC2::VPCPeeringConnection VpcId, PeerVpcId",
        "a peering joins the two VPCs it was asked for",
        SCHEMAS,
    ),
    fixed(
        "TransitGatewayId",
        "account",
        "the account",
        ELSEWHERE,
        INFERRED,
    ),
    fixed(
        "TransitGatewayId",
        "region",
        "the Region",
        ELSEWHERE,
        INFERRED,
    ),
    fixed(
        "TransitAttachmentId",
        "ends",
        "AWS::EC2::TransitGatewayVpcAttachment TransitGatewayId, VpcId",
        "an attachment stays between its VPC and its gateway",
        TRANSIT_SCHEMA,
    ),
    growing(
        "TransitAttachmentId",
        "subnets",
        "AWS::EC2::TransitGatewayVpcAttachment SubnetIds",
        "the subnets are set when it is made; others are added by AddSubnetIds",
        TRANSIT_SCHEMA,
    ),
    fixed(
        "TransitTableId",
        "gateway",
        "AWS::EC2::TransitGatewayRouteTable TransitGatewayId",
        "a table stays with its gateway",
        SCHEMAS,
    ),
    fixed(
        "TransitPeeringId",
        "sides",
        "AWS::EC2::TransitGatewayPeeringAttachment TransitGatewayId, PeerTransitGatewayId",
        "a peering joins the two gateways it was asked for",
        SCHEMAS,
    ),
    fixed(
        "BalancerId",
        "vpc",
        "AWS::ElasticLoadBalancingV2::LoadBalancer Scheme, Type, Name",
        "a balancer stays in its VPC, with the name and scheme it was made with",
        SCHEMAS,
    ),
    growing(
        "BalancerId",
        "nodes",
        "AWS::ElasticLoadBalancingV2::LoadBalancer Subnets",
        "zones are added to a Network Load Balancer, none is removed and no subnet changed",
        BALANCER_GUIDE,
    ),
    fixed(
        "TargetGroupId",
        "vpc",
        "AWS::ElasticLoadBalancingV2::TargetGroup VpcId",
        ANOTHER_VPC,
        SCHEMAS,
    ),
    fixed(
        "TargetGroupId",
        "port",
        "AWS::ElasticLoadBalancingV2::TargetGroup Port",
        "a target group keeps its port and protocol",
        SCHEMAS,
    ),
    fixed(
        "EndpointId",
        "vpc",
        "AWS::EC2::VPCEndpoint VpcId",
        ANOTHER_VPC,
        ENDPOINT_SCHEMA,
    ),
    fixed(
        "EndpointId",
        "service",
        "AWS::EC2::VPCEndpoint ServiceName",
        "an endpoint stays with its service",
        ENDPOINT_SCHEMA,
    ),
    fixed(
        "EndpointId",
        "service region",
        "AWS::EC2::VPCEndpoint ServiceRegion",
        "an endpoint stays with its service and the Region of it",
        ENDPOINT_SCHEMA,
    ),
    fixed(
        "EndpointId",
        "resource",
        "AWS::EC2::VPCEndpoint ResourceConfigurationArn",
        "an endpoint stays with its resource",
        ENDPOINT_SCHEMA,
    ),
    fixed(
        "EndpointId",
        "interfaces of a VPC connection",
        "AWS::MSK::VpcConnection ClientSubnets",
        "every property of a VPC connection is set when it is made",
        SCHEMAS,
    ),
    fixed(
        "EndpointId",
        "interfaces of a resource endpoint",
        "AWS::EC2::VPCEndpoint SubnetIds",
        "a resource endpoint changes its groups and tags only",
        RESOURCE_GUIDE,
    ),
    fixed(
        "ResourceGatewayId",
        "vpc",
        "AWS::VpcLattice::ResourceGateway VpcIdentifier",
        ANOTHER_VPC,
        SCHEMAS,
    ),
    fixed(
        "ResourceGatewayId",
        "interfaces",
        "AWS::VpcLattice::ResourceGateway SubnetIds",
        "only its security groups are changed in place",
        LATTICE_API,
    ),
    fixed(
        "ResourceConfigurationId",
        "gateway",
        "AWS::VpcLattice::ResourceConfiguration ResourceGatewayId",
        "a resource configuration stays with its gateway",
        SCHEMAS,
    ),
    fixed(
        "ResourceConfigurationId",
        "name",
        "AWS::VpcLattice::ResourceConfiguration CustomDomainName",
        "a custom domain name is set when it is made",
        RESOURCE_GUIDE,
    ),
    fixed(
        "HostedZoneId",
        "name",
        "AWS::Route53::HostedZone Name",
        "a zone keeps its name",
        SCHEMAS,
    ),
    fixed(
        "HostedZoneId",
        "account",
        "the account",
        ELSEWHERE,
        INFERRED,
    ),
    fixed(
        "ClusterId",
        "kind",
        "AWS::MSK::Cluster, AWS::MSK::ServerlessCluster",
        "one kind of cluster does not become another",
        INFERRED,
    ),
    fixed(
        "ClusterId",
        "vpc",
        "AWS::MSK::Cluster ClientSubnets",
        ANOTHER_VPC,
        SCHEMAS,
    ),
    fixed(
        "ClusterId",
        "client subnets",
        "AWS::MSK::Cluster ClientSubnets",
        "a cluster keeps the subnets, and so the zones, it was made with",
        SCHEMAS,
    ),
    fixed(
        "ClusterId",
        "security groups",
        "AWS::MSK::Cluster SecurityGroups",
        "a cluster keeps the security groups it was made with",
        SCHEMAS,
    ),
];

/// Every property that is set only when an object is made.
pub fn reasons() -> &'static [Reason] {
    REASONS
}

/// Why an object is replaced whose field differs, if it is.
pub(super) fn reason(kind: &str, field: &str, loses: bool) -> Option<&'static Reason> {
    let found = REASONS
        .iter()
        .find(|reason| reason.kind == kind && reason.field == field)?;
    match found.when {
        When::Differs => Some(found),
        When::Loses => loses.then_some(found),
    }
}
