//! A first spec: what is chosen for it, whether it can work, and its text with comments.

use blueprint::diagnostic::{Diagnostic, Level};
use blueprint::patterns::{Cell, Pattern, Relation, State, Table};
use blueprint::read::zone_prefix;
use blueprint::spec::{Auth, ClusterKind, GatewayMode, Via};

/// What a first spec says.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Choices {
    /// Name of the estate.
    pub name: String,
    /// AWS Region.
    pub region: String,
    /// Kind of cluster.
    pub kind: ClusterKind,
    /// How many brokers.
    pub brokers: u32,
    /// How clients connect.
    pub via: Via,
    /// How clients authenticate.
    pub auth: Auth,
    /// Account of the cluster.
    pub owner: String,
    /// Account of the clients.
    pub client: String,
}

impl Default for Choices {
    fn default() -> Self {
        let (kind, via) = (ClusterKind::Msk, Via::Privatelink);
        Self {
            name: "first".to_owned(),
            region: "eu-central-1".to_owned(),
            kind,
            brokers: 3,
            via,
            auth: default_auth(kind, via),
            owner: "111111111111".to_owned(),
            client: "222222222222".to_owned(),
        }
    }
}

/// The way to connect that a kind of cluster is given: the first of the usual ones that the table
/// of patterns does not refuse.
pub fn default_via(kind: ClusterKind) -> Via {
    let usual = [Via::Privatelink, Via::PrivatelinkPerBroker, Via::Gateway];
    let routed = [Via::TransitGateway, Via::Peering];
    let works = |via: &Via| {
        let auth = default_auth(kind, *via);
        refusal(kind, auth, *via, Relation::Other).is_none()
    };
    let mut order = usual.into_iter().chain(routed);
    order.find(works).unwrap_or(Via::Auto)
}

/// The scheme that a kind of cluster is given with a way to connect: the first that the table of
/// patterns does not refuse.
pub fn default_auth(kind: ClusterKind, via: Via) -> Auth {
    let usual = match kind {
        ClusterKind::Msk | ClusterKind::Ec2 => Auth::None,
        ClusterKind::MskExpress | ClusterKind::MskServerless => Auth::Iam,
    };
    let further = [Auth::Iam, Auth::Scram, Auth::Mtls, Auth::Tls, Auth::None];
    let mut order = std::iter::once(usual).chain(further);
    let found = order.find(|auth| refusal(kind, *auth, via, Relation::Other).is_none());
    found.unwrap_or(usual)
}

impl Choices {
    /// Why no spec that says this can work, in words; none if one can.
    pub fn fault(&self) -> Option<String> {
        let account = Relation::between(&self.owner, self.client_account());
        refusal(self.kind, self.auth, self.via, account).or_else(|| self.finding())
    }

    /// The account of the clients: the cluster's own where they share its VPC.
    fn client_account(&self) -> &str {
        if self.via == Via::SameVpc {
            &self.owner
        } else {
            &self.client
        }
    }

    /// The first error that `breezeway check` would find.
    fn finding(&self) -> Option<String> {
        let (spec, _, mut findings) = blueprint::read(&self.text("breezeway.schema.json"));
        if !blueprint::read::has_errors(&findings) {
            let (blueprint, found) = plan::build(&spec?);
            findings.extend(found);
            let beyond = verify::check(&blueprint).beyond(&findings);
            findings.extend(beyond);
        }
        let error = findings
            .into_iter()
            .find(|found| found.level == Level::Error)?;
        Some(in_words(error))
    }

    /// The spec, whose first line names a schema for editors.
    pub fn text(&self, schema: &str) -> String {
        [
            self.head(schema),
            self.vpcs(),
            self.cluster(),
            self.clients(),
            self.connections(),
        ]
        .concat()
    }

    fn head(&self, schema: &str) -> String {
        format!(
            "\
# yaml-language-server: $schema={schema}
# Editors complete and judge keys by the schema that this line names, once
# `breezeway schema > {schema}` has written it.
#
# A first spec. `breezeway check` follows every client to every broker; `breezeway prove`
# raises the network on this machine and shows that the kernel agrees.
# Every key left out has a default, which `breezeway plan` prints.
name: {}
region: {}

",
            self.name, self.region
        )
    }

    fn vpcs(&self) -> String {
        let data = format!(
            "\
vpcs:
  # The VPC of the cluster. One private subnet is laid out per zone, or list `subnets:`.
  # Zones are zone *ids* (euc1-az1): zone names mean another place in another account.
  data:
    account: \"{}\"
    cidr: 10.0.0.0/16
    zones: [{}]
",
            self.owner,
            self.zones(self.n_zones())
        );
        if self.via == Via::SameVpc {
            return format!("{data}\n");
        }
        let (cidr, why) = match self.via {
            Via::Auto | Via::SameVpc | Via::Peering | Via::TransitGateway => (
                "10.1.0.0/16",
                "Packets are routed between both VPCs, so their ranges must differ.",
            ),
            Via::Privatelink
            | Via::PrivatelinkPerBroker
            | Via::MskMultiVpc
            | Via::ResourceEndpoint
            | Via::Gateway => (
                "10.0.0.0/16",
                "Its range may be the same: endpoints carry no routes.",
            ),
        };
        let n_zones = match self.via {
            Via::MskMultiVpc => self.n_zones(),
            Via::Auto
            | Via::SameVpc
            | Via::Peering
            | Via::TransitGateway
            | Via::Privatelink
            | Via::PrivatelinkPerBroker
            | Via::ResourceEndpoint
            | Via::Gateway => self.n_zones().min(2),
        };
        format!(
            "\
{data}  # The VPC of the application. {why}
  app:
    account: \"{}\"
    cidr: {cidr}
    zones: [{}]

",
            self.client,
            self.zones(n_zones)
        )
    }

    /// Zones that the brokers divide into evenly, at most three.
    fn n_zones(&self) -> u32 {
        let even = (2..=3).rev().find(|n| self.brokers.is_multiple_of(*n));
        even.unwrap_or(self.brokers.clamp(1, 3))
    }

    fn zones(&self, n: u32) -> String {
        let prefix = zone_prefix(&self.region).unwrap_or_else(|| "euc1".to_owned());
        let zones: Vec<String> = (1..=n).map(|zone| format!("{prefix}-az{zone}")).collect();
        zones.join(", ")
    }

    fn cluster(&self) -> String {
        let others: Vec<&str> = ClusterKind::WORDS
            .iter()
            .copied()
            .filter(|word| *word != self.kind.as_str())
            .collect();
        let mut lines = vec![
            "clusters:".to_owned(),
            "  events:".to_owned(),
            said(
                &format!("kind: {}", self.kind),
                &format!("or {}", others.join(", ")),
            ),
            "    vpc: data".to_owned(),
        ];
        match self.kind {
            ClusterKind::MskServerless => {}
            ClusterKind::Msk | ClusterKind::MskExpress => {
                lines.push("    kafka_version: \"3.9\"".to_owned());
            }
            ClusterKind::Ec2 => lines.push("    kafka_version: \"4.3\"".to_owned()),
        }
        lines.push(said(
            &format!("brokers: {}", self.brokers),
            "ids from 1; or list ids: [1, 2, 5]",
        ));
        let others: Vec<&str> = Auth::WORDS
            .iter()
            .copied()
            .filter(|word| *word != self.auth.as_str())
            .collect();
        lines.push(said(
            &format!("auth: [{}]", self.auth),
            &format!("{}: any that the kind offers", others.join(", ")),
        ));
        lines.extend(self.settings());
        lines.join("\n") + "\n\n"
    }

    fn settings(&self) -> Vec<String> {
        let mut settings = Vec::new();
        if self.kind != ClusterKind::MskServerless && 3 <= self.brokers {
            settings.push("      min.insync.replicas: 2".to_owned());
        }
        let wants_acls = self.auth == Auth::Scram || self.auth == Auth::Mtls;
        if self.via == Via::MskMultiVpc && wants_acls {
            settings.push("      allow.everyone.if.no.acl.found: false".to_owned());
        }
        if !settings.is_empty() {
            settings.insert(0, said("config:", "Kafka's own settings, Kafka's spelling"));
        }
        settings
    }

    fn clients(&self) -> String {
        let vpc = if self.via == Via::SameVpc {
            "data"
        } else {
            "app"
        };
        format!(
            "\
clients:                       # promises: each must reach every broker of its cluster
  reader: {{ vpc: {vpc}, cluster: events }}

"
        )
    }

    fn connections(&self) -> String {
        if self.via == Via::SameVpc {
            return "\
# Clients in the cluster's own VPC need no connection; those of another VPC do:
# connections:
#   - { from: app, to: events, via: privatelink }
"
            .to_owned();
        }
        let via = self.via;
        let others = match via {
            Via::Auto => "the first that works, by usual price; or privatelink, peering and others",
            Via::SameVpc
            | Via::Peering
            | Via::TransitGateway
            | Via::Privatelink
            | Via::PrivatelinkPerBroker
            | Via::MskMultiVpc
            | Via::ResourceEndpoint
            | Via::Gateway => "or auto: the first that works, by usual price",
        };
        let mut text = format!(
            "\
connections:                   # means: how a VPC reaches a cluster
  - from: app
    to: events
{}
",
            said(&format!("via: {via}"), others)
        );
        for (key, doc) in optional(via) {
            text.push_str(&said(&format!("# {key}"), doc));
            text.push('\n');
        }
        text
    }
}

/// Keys that a connection may say besides, and what they mean.
fn optional(via: Via) -> &'static [(&'static str, &'static str)] {
    match via {
        Via::Auto | Via::SameVpc | Via::Peering => &[],
        Via::TransitGateway => &[("transit_gateway: core", "one of `transit_gateways:`")],
        Via::Privatelink => &[
            (
                "cross_zone: false",
                "each balancer node serves its own zone's brokers only",
            ),
            ("ports: 9000", "bootstrap at 9000, broker n at 9000 + n"),
            ("endpoint_zones: […]", "zones in which the endpoint stands"),
        ],
        Via::PrivatelinkPerBroker => &[(
            "zone_aligned: true",
            "each broker's balancer in the broker's zone only",
        )],
        Via::MskMultiVpc => &[("endpoint_zones: […]", "the same zones as the cluster's")],
        Via::ResourceEndpoint => &[(
            "private_dns_preference: SPECIFIED_DOMAINS_ONLY",
            "ALL_DOMAINS if absent",
        )],
        Via::Gateway => &[
            ("mode: sni", "brokers told apart by name, not by port"),
            ("instances: 2", "gateways behind the balancer"),
        ],
    }
}

/// A line of a mapping with a comment in the column of comments.
fn said(line: &str, comment: &str) -> String {
    format!("    {line:<26} # {comment}")
}

/// Why the table of patterns refuses a combination, in words; none if it does not.
fn refusal(kind: ClusterKind, auth: Auth, via: Via, account: Relation) -> Option<String> {
    let pattern = Pattern::of(via, GatewayMode::default()).unwrap_or(Pattern::SameVpc);
    let account = if pattern == Pattern::SameVpc {
        Relation::Same
    } else {
        account
    };
    let ruling = Table::embedded().ruling(Cell {
        pattern,
        kind,
        auth,
        account,
        region: Relation::Same,
    });
    match ruling.state {
        State::Allowed | State::Unknown => None,
        State::Refused { check } => Some(format!(
            "`kind: {kind}` with `auth: {auth}` cannot be reached `via: {via}`: {} ({check})",
            ruling.because
        )),
    }
}

fn in_words(found: Diagnostic) -> String {
    match found.help {
        Some(help) => format!("{}; {help} ({})", found.title, found.name),
        None => format!("{} ({})", found.title, found.name),
    }
}
