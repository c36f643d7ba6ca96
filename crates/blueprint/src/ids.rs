//! Names of objects. An id is unique within its kind, stable as the spec grows, and readable:
//! it is what traces, the lab and findings print.

use std::fmt;

macro_rules! ids {
    ($($(#[$doc:meta])* $name:ident),+ $(,)?) => {$(
        $(#[$doc])*
        #[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
        pub struct $name(pub String);

        impl $name {
            /// The id as text.
            pub fn as_str(&self) -> &str {
                &self.0
            }
        }

        impl From<&str> for $name {
            fn from(text: &str) -> Self {
                Self(text.to_owned())
            }
        }

        impl From<String> for $name {
            fn from(text: String) -> Self {
                Self(text)
            }
        }

        impl fmt::Display for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str(&self.0)
            }
        }

        impl From<$name> for ObjectId {
            fn from(id: $name) -> Self {
                ObjectId { kind: stringify!($name), id: id.0 }
            }
        }

        impl From<&$name> for ObjectId {
            fn from(id: &$name) -> Self {
                ObjectId { kind: stringify!($name), id: id.0.clone() }
            }
        }
    )+};
}

ids! {
    /// A VPC: its key in the spec.
    VpcId,
    /// A subnet: `VPC/ZONE`, or `VPC/ZONE/N` for further subnets of one zone.
    SubnetId,
    /// A route table: the id of the subnet it serves.
    RouteTableId,
    /// An elastic network interface, such as `orders/1`, `checkout/euc1-az1` or `shop-orders/euc1-az1`.
    EniId,
    /// A security group.
    SecurityGroupId,
    /// A VPC peering connection.
    PeeringId,
    /// A network ACL.
    NetworkAclId,
    /// A transit gateway: its key in the spec, or `tgw-REGION`.
    TransitGatewayId,
    /// A VPC's attachment to a transit gateway.
    TransitAttachmentId,
    /// A route table of a transit gateway.
    TransitTableId,
    /// A peering of two transit gateways.
    TransitPeeringId,
    /// A Network Load Balancer.
    BalancerId,
    /// A target group.
    TargetGroupId,
    /// A VPC endpoint service.
    ServiceId,
    /// An interface VPC endpoint or resource endpoint.
    EndpointId,
    /// A VPC Lattice resource gateway.
    ResourceGatewayId,
    /// A VPC Lattice resource configuration.
    ResourceConfigurationId,
    /// A Kafka-aware gateway.
    GatewayId,
    /// A private hosted zone.
    HostedZoneId,
    /// A Route 53 Resolver rule.
    ResolverRuleId,
    /// A Kafka cluster: its key in the spec.
    ClusterId,
    /// A client: its key in the spec.
    ClientId,
}

/// An id together with its kind, for tables over all objects.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct ObjectId {
    /// Name of the id's type, such as `EndpointId`.
    pub kind: &'static str,
    /// The id as text.
    pub id: String,
}

/// An availability zone id such as `euc1-az1`: the same place in every account, unlike a zone name.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct ZoneId(pub String);

impl ZoneId {
    /// The id as text.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl From<&str> for ZoneId {
    fn from(text: &str) -> Self {
        Self(text.to_owned())
    }
}

impl fmt::Display for ZoneId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}
