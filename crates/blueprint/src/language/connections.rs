//! The language of `connections`, with the ways to connect that each key has an effect on.

use super::forms::{ADDRESS_BY_ZONE, CERTIFICATE_NAMES, CIDRS, DOMAIN, NAME, PORT, ZONES};
use super::{Bare, Form, Key, Need, Section};
use crate::read::{IDLE_TIMEOUT_S, MAX_GATEWAYS, MAX_PORTS, PRIVATE_DNS_PREFERENCES};
use crate::spec::{Carrier, GatewayMode, Via};

/// Where endpoints stand in the client's VPC.
const ENDPOINTS: &[Via] = &[
    Via::Privatelink,
    Via::PrivatelinkPerBroker,
    Via::MskMultiVpc,
    Via::ResourceEndpoint,
    Via::Gateway,
];

/// Where packets go through a transit gateway, by themselves or to the endpoint's VPC.
const TRANSIT: &[Via] = &[
    Via::TransitGateway,
    Via::Privatelink,
    Via::PrivatelinkPerBroker,
    Via::MskMultiVpc,
    Via::ResourceEndpoint,
    Via::Gateway,
];

/// Where the plan makes a balancer and an endpoint service.
const BALANCERS: &[Via] = &[Via::Privatelink, Via::PrivatelinkPerBroker, Via::Gateway];

/// Where one balancer has a port for each broker.
const SHARED_BALANCERS: &[Via] = &[Via::Privatelink, Via::Gateway];

/// Where the balancer leads to the brokers themselves.
const BARE_BALANCERS: &[Via] = &[Via::Privatelink, Via::PrivatelinkPerBroker];

/// Where the plan chooses zones on the cluster's side.
const FRONTS: &[Via] = &[
    Via::Privatelink,
    Via::PrivatelinkPerBroker,
    Via::ResourceEndpoint,
    Via::Gateway,
];

/// Where the plan's own zones, and not AWS's, lead clients to the brokers' names.
const OWN_ZONES: &[Via] = &[
    Via::Peering,
    Via::TransitGateway,
    Via::Privatelink,
    Via::PrivatelinkPerBroker,
    Via::Gateway,
];

const PORTS: Form = Form::Either(&[
    PORT,
    Form::Map {
        keys: &Form::Text {
            what: "`bootstrap` or a broker's id",
            pattern: "^(bootstrap|0|[1-9][0-9]{0,4})$",
            bare: Bare::Text,
        },
        values: &PORT,
        max: MAX_PORTS,
        may_be_empty: true,
    },
]);

/// A connection.
pub const CONNECTION: Section = Section {
    name: "connection",
    path: "connections[]",
    doc: "A connection: how the clients of a VPC reach a cluster.",
    keys: &[
        Key::new("from", NAME, Need::Required, "shop", "The clients' VPC."),
        Key::new("to", NAME, Need::Required, "orders", "The cluster."),
        Key::new(
            "via",
            Form::Word(VIAS),
            Need::Default("`auto`: the first that works, in the usual order of price (`breezeway compare` prices an estate)"),
            "privatelink",
            "The way to connect; clients in the cluster's own VPC need none.",
        ),
        Key::new(
            "through",
            NAME,
            Need::Default("`from` itself"),
            "hub",
            "Another VPC, which holds the endpoints that this connection uses.",
        )
        .with(ENDPOINTS),
        Key::new(
            "carrier",
            Form::Word(Carrier::WORDS),
            Need::Default("`peering`"),
            "transit-gateway",
            "What joins `from` to the VPC of `through`.",
        )
        .with(ENDPOINTS),
        Key::new(
            "transit_gateway",
            NAME,
            Need::Default("the plan's own"),
            "core",
            "The transit gateway that `from` is attached to.",
        )
        .with(TRANSIT),
        Key::new(
            "group",
            NAME,
            Need::Default("the cluster's common listeners"),
            "partners",
            "Connections of one group share the balancer's listeners and the brokers' listeners behind them.",
        )
        .with(SHARED_BALANCERS),
        Key::new(
            "zone_aligned",
            Form::Flag,
            Need::Default("`false`"),
            "true",
            "Whether each broker's balancer and endpoint stand in the broker's zone only.",
        )
        .with(&[Via::PrivatelinkPerBroker]),
        Key::new(
            "terminate_tls",
            Form::Flag,
            Need::Default("`false`: TLS passes through"),
            "true",
            "Whether the balancer's listeners are TLS listeners with a certificate of their own.",
        )
        .with(BARE_BALANCERS),
        Key::new(
            "certificate_names",
            CERTIFICATE_NAMES,
            Need::Default("the names that are dialled"),
            "[\"*.orders.internal\"]",
            "What the certificate of the balancer's TLS listeners, or of the gateway, is made out to.",
        )
        .with(BALANCERS),
        Key::new(
            "mode",
            Form::Word(GatewayMode::WORDS),
            Need::Default("`port`"),
            "sni",
            "How the gateway tells brokers apart.",
        )
        .with(&[Via::Gateway]),
        Key::new(
            "instances",
            Form::Number {
                min: 1,
                max: MAX_GATEWAYS,
            },
            Need::Default("two"),
            "2",
            "How many gateways stand behind the balancer.",
        )
        .with(&[Via::Gateway]),
        Key::new(
            "cross_zone",
            Form::Flag,
            Need::Default("`true`; `false` where balancers are zone-aligned"),
            "false",
            "Whether the balancer's nodes use targets of other zones.",
        )
        .with(BALANCERS),
        Key::new(
            "preserve_client_ip",
            Form::Flag,
            Need::Default("`false`"),
            "true",
            "Whether targets see the address of who dialled the balancer itself.",
        )
        .with(BALANCERS),
        Key::new(
            "idle_timeout_s",
            Form::Number {
                min: *IDLE_TIMEOUT_S.start(),
                max: *IDLE_TIMEOUT_S.end(),
            },
            Need::Default("350"),
            "3600",
            "Idle time-out of the balancer's TCP listeners, in seconds.",
        )
        .with(BALANCERS),
        Key::new(
            "enforce_on_privatelink",
            Form::Flag,
            Need::Default("`false`, because they would judge by addresses of another VPC"),
            "false",
            "Whether the balancer's security groups also judge what comes by PrivateLink.",
        )
        .with(BALANCERS),
        Key::new(
            "acceptance_required",
            Form::Flag,
            Need::Default("`false`"),
            "true",
            "Whether the service's owner accepts each endpoint.",
        )
        .with(BALANCERS),
        Key::new(
            "ports",
            PORTS,
            Need::Default(
                "`9000`, moved on for further groups and schemes; of a gateway by name one port",
            ),
            "9000",
            "A base (bootstrap at it, broker n at base + n), or ports one by one.",
        )
        .with(SHARED_BALANCERS),
        Key::new(
            "advertise",
            PORTS,
            Need::Default("as `ports`"),
            "{ 1: 9001, 2: 9002 }",
            "The ports that brokers' metadata gives, in the same two forms.",
        )
        .with(SHARED_BALANCERS),
        Key::new(
            "balancer_zones",
            ZONES,
            Need::Default("every zone of the cluster's VPC"),
            "[euc1-az1, euc1-az2]",
            "Zones in which the balancer has nodes, or the resource gateway interfaces.",
        )
        .with(FRONTS),
        Key::new(
            "endpoint_zones",
            ZONES,
            Need::Default("the zones shared with the balancer"),
            "[euc1-az1]",
            "Zones in which the endpoint has an interface.",
        )
        .with(ENDPOINTS),
        Key::new(
            "endpoint_addresses",
            ADDRESS_BY_ZONE,
            Need::Default("chosen"),
            "{ euc1-az1: 10.0.9.10 }",
            "Zone to the endpoint's address in it.",
        )
        .with(SHARED_BALANCERS),
        Key::new(
            "zone_name",
            DOMAIN,
            Need::Default("a zone for each name, which hides nothing else"),
            "orders.internal",
            "The domain of one private hosted zone in the client VPC.",
        )
        .with(OWN_ZONES),
        Key::new(
            "private_dns_preference",
            Form::Word(PRIVATE_DNS_PREFERENCES),
            Need::Default("`ALL_DOMAINS`"),
            "SPECIFIED_DOMAINS_ONLY",
            "For which domains a resource endpoint makes private names.",
        )
        .with(&[Via::ResourceEndpoint]),
        Key::new(
            "admit",
            Form::Mapping(&ADMIT),
            Need::Default("the groups that the promises need"),
            "{ endpoint: [10.0.0.0/16] }",
            "What security groups admit, in place of the plan's choice.",
        ),
    ],
};

/// The words of `via`; `same-vpc` names no connection.
const VIAS: &[&str] = &[
    Via::Auto.as_str(),
    Via::Peering.as_str(),
    Via::TransitGateway.as_str(),
    Via::Privatelink.as_str(),
    Via::PrivatelinkPerBroker.as_str(),
    Via::MskMultiVpc.as_str(),
    Via::ResourceEndpoint.as_str(),
    Via::Gateway.as_str(),
];

/// What security groups of a connection admit.
pub const ADMIT: Section = Section {
    name: "admit",
    path: "connections[].admit",
    doc: "Ranges that security groups admit, in place of the plan's choice; `[]` admits nobody.",
    keys: &[
        Key::new(
            "brokers",
            CIDRS,
            Need::Default("the plan's choice"),
            "[10.0.0.0/16]",
            "Who may dial the brokers because of this connection.",
        ),
        Key::new(
            "balancer",
            CIDRS,
            Need::Default("the plan's choice"),
            "[]",
            "Who may dial the balancer's nodes.",
        )
        .with(BALANCERS),
        Key::new(
            "endpoint",
            CIDRS,
            Need::Default("the plan's choice"),
            "[10.0.0.0/16]",
            "Who may dial the endpoint.",
        )
        .with(ENDPOINTS),
    ],
};
