//! What a property refers to: a resource of the text, or an object that exists under an id of
//! AWS's.

use blueprint::ids::ObjectId;

use super::Draft;
use crate::graph::{Node, Prop};

/// Each kind that is understood, and which of its values stand for the resource itself: what
/// `Ref` returns and the attributes that hold its id or ARN ("Return values" of each type in the
/// CloudFormation template reference).
const IDENTITIES: [(&str, &[&str]); 53] = [
    ("AWS::EC2::VPC", &["Ref", "VpcId"]),
    ("AWS::EC2::VPCCidrBlock", &["Ref", "Id"]),
    ("AWS::EC2::Subnet", &["Ref", "SubnetId"]),
    ("AWS::EC2::RouteTable", &["Ref", "RouteTableId"]),
    ("AWS::EC2::SubnetRouteTableAssociation", &["Ref", "Id"]),
    ("AWS::EC2::Route", &["Ref"]),
    ("AWS::EC2::NetworkAcl", &["Ref", "Id"]),
    ("AWS::EC2::NetworkAclEntry", &["Ref", "Id"]),
    (
        "AWS::EC2::SubnetNetworkAclAssociation",
        &["Ref", "AssociationId"],
    ),
    ("AWS::EC2::SecurityGroup", &["Ref", "GroupId", "Id"]),
    ("AWS::EC2::SecurityGroupIngress", &["Ref", "Id"]),
    ("AWS::EC2::SecurityGroupEgress", &["Ref", "Id"]),
    ("AWS::EC2::NetworkInterface", &["Ref", "Id"]),
    ("AWS::EC2::VPCPeeringConnection", &["Ref", "Id"]),
    (
        "AWS::EC2::TransitGateway",
        &["Ref", "Id", "TransitGatewayArn"],
    ),
    (
        "AWS::EC2::TransitGatewayRouteTable",
        &["Ref", "TransitGatewayRouteTableId"],
    ),
    ("AWS::EC2::TransitGatewayAttachment", &["Ref", "Id"]),
    ("AWS::EC2::TransitGatewayVpcAttachment", &["Ref", "Id"]),
    (
        "AWS::EC2::TransitGatewayPeeringAttachment",
        &["Ref", "TransitGatewayAttachmentId"],
    ),
    ("AWS::EC2::TransitGatewayRouteTableAssociation", &["Ref"]),
    ("AWS::EC2::TransitGatewayRouteTablePropagation", &["Ref"]),
    ("AWS::EC2::TransitGatewayRoute", &["Ref"]),
    (
        "AWS::EC2::VPCEndpointService",
        &["Ref", "ServiceId", "ServiceName"],
    ),
    ("AWS::EC2::VPCEndpointServicePermissions", &["Ref"]),
    ("AWS::EC2::VPCEndpoint", &["Ref", "Id"]),
    ("AWS::RAM::ResourceShare", &["Ref", "Arn"]),
    (
        "AWS::ElasticLoadBalancingV2::LoadBalancer",
        &["Ref", "LoadBalancerArn"],
    ),
    (
        "AWS::ElasticLoadBalancingV2::TargetGroup",
        &["Ref", "TargetGroupArn"],
    ),
    (
        "AWS::ElasticLoadBalancingV2::Listener",
        &["Ref", "ListenerArn"],
    ),
    ("AWS::VpcLattice::ResourceGateway", &["Ref", "Id", "Arn"]),
    (
        "AWS::VpcLattice::ResourceConfiguration",
        &["Ref", "Id", "Arn"],
    ),
    ("AWS::Route53::HostedZone", &["Ref", "Id"]),
    ("AWS::Route53::RecordSet", &["Ref"]),
    (
        "AWS::Route53Resolver::ResolverRule",
        &["Ref", "ResolverRuleId"],
    ),
    ("AWS::Route53Resolver::ResolverRuleAssociation", &["Ref"]),
    ("AWS::MSK::Cluster", &["Ref", "Arn"]),
    ("AWS::MSK::ServerlessCluster", &["Ref", "Arn"]),
    ("AWS::MSK::Configuration", &["Ref", "Arn"]),
    ("AWS::MSK::ClusterPolicy", &["Ref"]),
    ("AWS::MSK::VpcConnection", &["Ref", "Arn"]),
    ("AWS::MSK::BatchScramSecret", &["Ref"]),
    // Of no weight for who reaches whom: keys, secrets and roles.
    ("AWS::KMS::Key", &["Ref", "Arn"]),
    ("AWS::KMS::Alias", &["Ref"]),
    ("AWS::SecretsManager::Secret", &["Ref", "Id"]),
    ("AWS::SecretsManager::ResourcePolicy", &["Ref"]),
    ("AWS::IAM::Role", &["Ref", "Arn"]),
    ("AWS::IAM::Policy", &["Ref"]),
    ("AWS::IAM::ManagedPolicy", &["Ref", "PolicyArn"]),
    ("AWS::Logs::LogGroup", &["Ref", "Arn"]),
    ("AWS::SSM::Parameter", &["Ref"]),
    // Terraform has resources for accepting; a blueprint holds requests.
    ("AWS::EC2::VPCPeeringConnectionAccepter", &["Ref"]),
    (
        "AWS::EC2::TransitGatewayPeeringAttachmentAccepter",
        &["Ref"],
    ),
    ("AWS::EC2::VPCEndpointConnectionAccepter", &["Ref"]),
];

/// What stands for a resource in other words than CloudFormation's, whose reader refuses attributes
/// that a type does not have.
const EVERYWHERE: [&str; 3] = ["Ref", "Id", "Arn"];

/// A resource that nobody here understands might do anything.
pub(super) fn refuse_unknown_kinds(draft: &mut Draft<'_>) {
    for node in &draft.graph.nodes {
        if identities(&node.kind).is_none() {
            let told = format!("{}: kind {} is not understood", node.id, node.kind);
            draft.trouble.push(told);
        }
    }
}

fn identities(kind: &str) -> Option<&'static [&'static str]> {
    let known = IDENTITIES.iter().find(|(known, _)| *known == kind);
    known.map(|(_, attributes)| *attributes)
}

/// The id of a resource in the blueprint.
pub(super) fn own<I: From<String>>(node: &Node) -> I {
    I::from(node.id.to_string())
}

impl<'g> Draft<'g> {
    /// The resource that a value stands for, if it is one of these kinds.
    pub(super) fn resource(&self, prop: &Prop, kinds: &[&str]) -> Option<&'g Node> {
        let (id, attribute) = prop.reference()?;
        let node = self.graph.node(id)?;
        let known = identities(&node.kind).is_some_and(|known| known.contains(&attribute));
        let stands = known || EVERYWHERE.contains(&attribute);
        (stands && kinds.contains(&node.kind.as_str())).then_some(node)
    }

    /// The object that a value stands for: a resource of one of these kinds, or one that exists.
    pub(super) fn object<I>(&self, prop: &Prop, kinds: &[&str]) -> Result<I, String>
    where
        I: From<String> + Into<ObjectId>,
    {
        if let Some(node) = self.resource(prop, kinds) {
            return Ok(own(node));
        }
        let literal = prop.text();
        let existing = literal.and_then(|id| self.existing(id));
        existing.ok_or_else(|| format!("{prop:?} is no {}", kinds.join(" or ")))
    }

    /// The object that exists under an id of AWS's, if it is of this kind.
    pub(super) fn existing<I>(&self, id: &str) -> Option<I>
    where
        I: From<String> + Into<ObjectId>,
    {
        let object = self.known.existing.get(id)?;
        let kind = I::from(String::new()).into().kind;
        (object.kind == kind).then(|| I::from(object.id.clone()))
    }

    /// The same for a property that must be there.
    pub(super) fn needed<I>(&self, node: &Node, name: &str, kinds: &[&str]) -> Result<I, String>
    where
        I: From<String> + Into<ObjectId>,
    {
        let prop = node.need(name)?;
        let object = self.object(prop, kinds);
        object.map_err(|why| format!("{name}: {why}"))
    }

    /// The same for every item of a list.
    pub(super) fn each_of<I>(
        &self,
        node: &Node,
        name: &str,
        kinds: &[&str],
    ) -> Result<Vec<I>, String>
    where
        I: From<String> + Into<ObjectId>,
    {
        let items = node.list(name)?.iter();
        let objects = items.map(|item| self.object(item, kinds));
        let objects: Result<_, _> = objects.collect();
        objects.map_err(|why: String| format!("{name}: {why}"))
    }
}
