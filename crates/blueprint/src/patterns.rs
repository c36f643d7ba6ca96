//! The table of patterns: which way to connect serves which kind of cluster, by which
//! authentication, across accounts and Regions, and who says so. It is data, read from
//! `facts/patterns.yaml`; what depends on the numbers of a spec is for checks.

use std::collections::BTreeMap;
use std::sync::LazyLock;

use crate::facts::Confidence;
use crate::read::patterns::read_rows;
use crate::spec::{Auth, ClusterKind, GatewayMode, Via};
use crate::words::words;

/// Faults by which a cell may be refused.
pub const REFUSALS: [&str; 3] = [
    "unready-multi-vpc",
    "unsupported-auth",
    "unsupported-pattern",
];

const TEXT: &str = include_str!("../facts/patterns.yaml");

static TABLE: LazyLock<Table> = LazyLock::new(|| Table::of(&read_rows(TEXT).0));

words! {
    /// A way to connect, the gateway's modes each for itself.
    Pattern {
        /// Client and brokers in one VPC.
        SameVpc = "same-vpc",
        /// VPC peering.
        Peering = "peering",
        /// Transit Gateway.
        TransitGateway = "transit-gateway",
        /// One balancer and endpoint service, one port per broker.
        Privatelink = "privatelink",
        /// A balancer, endpoint service and endpoint per broker.
        PrivatelinkPerBroker = "privatelink-per-broker",
        /// PrivateLink run by MSK.
        MskMultiVpc = "msk-multi-vpc",
        /// VPC Lattice resource gateway and resource endpoints.
        ResourceEndpoint = "resource-endpoint",
        /// The gateway, brokers told apart by port.
        GatewayPort = "gateway-port",
        /// The gateway, brokers told apart by name, TLS ended.
        GatewaySni = "gateway-sni",
        /// The gateway, brokers told apart by name, nothing decrypted.
        GatewaySniPassthrough = "gateway-sni-passthrough",
    }
}

words! {
    /// Whether the client's VPC has the account or Region of the cluster's.
    Relation {
        /// The same.
        Same = "same",
        /// Another.
        Other = "other",
    }
}

impl Pattern {
    /// The pattern of a connection; none while the plan has still to choose.
    pub fn of(via: Via, mode: GatewayMode) -> Option<Self> {
        match (via, mode) {
            (Via::Auto, _) => None,
            (Via::SameVpc, _) => Some(Self::SameVpc),
            (Via::Peering, _) => Some(Self::Peering),
            (Via::TransitGateway, _) => Some(Self::TransitGateway),
            (Via::Privatelink, _) => Some(Self::Privatelink),
            (Via::PrivatelinkPerBroker, _) => Some(Self::PrivatelinkPerBroker),
            (Via::MskMultiVpc, _) => Some(Self::MskMultiVpc),
            (Via::ResourceEndpoint, _) => Some(Self::ResourceEndpoint),
            (Via::Gateway, GatewayMode::Port) => Some(Self::GatewayPort),
            (Via::Gateway, GatewayMode::Sni) => Some(Self::GatewaySni),
            (Via::Gateway, GatewayMode::SniPassthrough) => Some(Self::GatewaySniPassthrough),
        }
    }
}

impl Relation {
    /// Compares two accounts, or two Regions.
    pub fn between(one: &str, other: &str) -> Self {
        if one == other {
            Self::Same
        } else {
            Self::Other
        }
    }
}

/// One question to the table.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Cell {
    /// The way to connect.
    pub pattern: Pattern,
    /// The kind of cluster.
    pub kind: ClusterKind,
    /// How clients authenticate.
    pub auth: Auth,
    /// The client's account beside the cluster's.
    pub account: Relation,
    /// The client's Region beside the cluster's.
    pub region: Relation,
}

/// The answer to a cell.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Ruling {
    /// Whether it works.
    pub state: State,
    /// Why, one lower-case fragment that stands alone.
    pub because: String,
    /// The document that says so, by title or address.
    pub source: String,
    /// How sure it is.
    pub confidence: Confidence,
}

/// Whether a cell works.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum State {
    /// It works, if the rest of the spec is right.
    Allowed,
    /// It cannot work, whatever the rest of the spec.
    Refused {
        /// The fault that says so, one of [`REFUSALS`].
        check: &'static str,
    },
    /// No source settles it: it is planned with a warning.
    Unknown,
}

impl State {
    /// The word of the table.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Allowed => "allowed",
            Self::Refused { .. } => "refused",
            Self::Unknown => "unknown",
        }
    }
}

/// A row of the file: the cells it fits, and what it says of those that no row above fits.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Row {
    pub(crate) patterns: Vec<Pattern>,
    pub(crate) kinds: Vec<ClusterKind>,
    pub(crate) auths: Vec<Auth>,
    pub(crate) accounts: Vec<Relation>,
    pub(crate) regions: Vec<Relation>,
    pub(crate) ruling: Ruling,
}

impl Row {
    fn fits(&self, cell: Cell) -> bool {
        self.patterns.contains(&cell.pattern)
            && self.kinds.contains(&cell.kind)
            && self.auths.contains(&cell.auth)
            && self.accounts.contains(&cell.account)
            && self.regions.contains(&cell.region)
    }
}

/// The whole table.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Table {
    rulings: BTreeMap<Cell, Ruling>,
    uncovered: Ruling,
}

impl Table {
    /// The table Breezeway comes with.
    pub fn embedded() -> &'static Self {
        &TABLE
    }

    /// What the table says of a cell.
    pub fn ruling(&self, cell: Cell) -> &Ruling {
        self.rulings.get(&cell).unwrap_or(&self.uncovered)
    }

    /// Every cell with its ruling: by pattern, kind, authentication, account and Region.
    pub fn cells(&self) -> impl Iterator<Item = (Cell, &Ruling)> {
        cells().map(|cell| (cell, self.ruling(cell)))
    }

    fn of(rows: &[Row]) -> Self {
        let ruled = cells().filter_map(|cell| {
            let row = rows.iter().find(|row| row.fits(cell))?;
            Some((cell, row.ruling.clone()))
        });
        Self {
            rulings: ruled.collect(),
            uncovered: Ruling {
                state: State::Unknown,
                because: "the table of patterns has no row for it".to_owned(),
                source: "none".to_owned(),
                confidence: Confidence::Unverified,
            },
        }
    }
}

/// Every question there is.
fn cells() -> impl Iterator<Item = Cell> {
    let relations = || {
        let pairs = |account: &'static Relation| Relation::ALL.iter().map(move |r| (account, r));
        Relation::ALL.iter().flat_map(pairs)
    };
    let patterns = Pattern::ALL.iter();
    let kinds = patterns.flat_map(|pattern| ClusterKind::ALL.iter().map(move |k| (pattern, k)));
    let auths = kinds.flat_map(|(p, kind)| Auth::ALL.iter().map(move |auth| (p, kind, auth)));
    auths.flat_map(move |(pattern, kind, auth)| {
        relations().map(move |(account, region)| Cell {
            pattern: *pattern,
            kind: *kind,
            auth: *auth,
            account: *account,
            region: *region,
        })
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_cell_is_ruled_and_every_row_rules() {
        let (rows, source, findings) = read_rows(TEXT);
        let told: Vec<String> = findings
            .iter()
            .map(|f| format!("{:?} {}", source.span(&f.primary.at), f.title))
            .collect();
        assert_eq!(told, Vec::<String>::new());
        let mut n_ruled = vec![0; rows.len()];
        for cell in cells() {
            let row = rows.iter().position(|row| row.fits(cell));
            n_ruled[row.unwrap_or_else(|| panic!("no row for {cell:?}"))] += 1;
        }
        for (row, n) in rows.iter().zip(&n_ruled) {
            assert!(0 < *n, "rules no cell: {row:?}");
            assert!(row.ruling.source.len() > 10, "{row:?}");
        }
        assert_eq!(n_ruled.iter().sum::<usize>(), 800);
        assert_eq!(Table::embedded().rulings.len(), 800);
    }
}
