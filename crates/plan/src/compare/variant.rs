//! The rows of a comparison: every way to connect, some of them in several forms.

use std::fmt;

use blueprint::spec::{GatewayMode, Via};

/// A way to connect in one of its forms.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Variant {
    /// Client and brokers in one VPC.
    SameVpc,
    /// VPC peering.
    Peering,
    /// Transit Gateway.
    TransitGateway,
    /// One NLB and endpoint service.
    Privatelink,
    /// An NLB, service and endpoint per broker, each in every zone.
    PerBrokerSpread,
    /// An NLB, service and endpoint per broker, each in the broker's zone only.
    PerBrokerAligned,
    /// PrivateLink run by MSK.
    MskMultiVpc,
    /// VPC Lattice.
    ResourceEndpoint,
    /// The gateway telling brokers apart by port.
    GatewayPort,
    /// The gateway ending TLS.
    GatewaySni,
    /// The gateway reading names from the handshake only.
    GatewaySniPassthrough,
}

impl Variant {
    /// All of them, in the order of the documents.
    pub const ALL: [Self; 11] = [
        Self::SameVpc,
        Self::Peering,
        Self::TransitGateway,
        Self::Privatelink,
        Self::PerBrokerSpread,
        Self::PerBrokerAligned,
        Self::MskMultiVpc,
        Self::ResourceEndpoint,
        Self::GatewayPort,
        Self::GatewaySni,
        Self::GatewaySniPassthrough,
    ];

    /// The ways between two VPCs: all but [`Variant::SameVpc`].
    pub const BETWEEN: &'static [Self] = Self::ALL.split_at(1).1;

    /// The only way inside one VPC.
    pub const INSIDE: &'static [Self] = Self::ALL.split_at(1).0;

    /// The row's name: the word of the spec, and the form where there are several.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::SameVpc => "same-vpc",
            Self::Peering => "peering",
            Self::TransitGateway => "transit-gateway",
            Self::Privatelink => "privatelink",
            Self::PerBrokerSpread => "privatelink-per-broker",
            Self::PerBrokerAligned => "privatelink-per-broker, aligned",
            Self::MskMultiVpc => "msk-multi-vpc",
            Self::ResourceEndpoint => "resource-endpoint",
            Self::GatewayPort => "gateway, port",
            Self::GatewaySni => "gateway, sni",
            Self::GatewaySniPassthrough => "gateway, sni-passthrough",
        }
    }

    /// The word of the spec.
    pub fn via(self) -> Via {
        match self {
            Self::SameVpc => Via::SameVpc,
            Self::Peering => Via::Peering,
            Self::TransitGateway => Via::TransitGateway,
            Self::Privatelink => Via::Privatelink,
            Self::PerBrokerSpread | Self::PerBrokerAligned => Via::PrivatelinkPerBroker,
            Self::MskMultiVpc => Via::MskMultiVpc,
            Self::ResourceEndpoint => Via::ResourceEndpoint,
            Self::GatewayPort | Self::GatewaySni | Self::GatewaySniPassthrough => Via::Gateway,
        }
    }

    /// `mode` of a gateway.
    pub(crate) fn mode(self) -> Option<GatewayMode> {
        match self {
            Self::GatewayPort => Some(GatewayMode::Port),
            Self::GatewaySni => Some(GatewayMode::Sni),
            Self::GatewaySniPassthrough => Some(GatewayMode::SniPassthrough),
            Self::SameVpc
            | Self::Peering
            | Self::TransitGateway
            | Self::Privatelink
            | Self::PerBrokerSpread
            | Self::PerBrokerAligned
            | Self::MskMultiVpc
            | Self::ResourceEndpoint => None,
        }
    }

    /// `zone_aligned` of balancers per broker.
    pub(crate) fn zone_aligned(self) -> Option<bool> {
        match self {
            Self::PerBrokerSpread => Some(false),
            Self::PerBrokerAligned => Some(true),
            Self::SameVpc
            | Self::Peering
            | Self::TransitGateway
            | Self::Privatelink
            | Self::MskMultiVpc
            | Self::ResourceEndpoint
            | Self::GatewayPort
            | Self::GatewaySni
            | Self::GatewaySniPassthrough => None,
        }
    }

    /// Whether the two VPCs route to each other.
    pub fn is_routed(self) -> bool {
        matches!(self, Self::SameVpc | Self::Peering | Self::TransitGateway)
    }

    /// The lines of the spec that choose it.
    pub fn lines(self) -> String {
        let mut text = format!("via: {}", self.via());
        if let Some(mode) = self.mode() {
            text.push_str(&format!(", mode: {mode}"));
        }
        if self == Self::PerBrokerAligned {
            text.push_str(", zone_aligned: true");
        }
        text
    }
}

impl fmt::Display for Variant {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(self.as_str())
    }
}
