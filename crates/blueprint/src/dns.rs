//! Names: private hosted zones and what public DNS says of AWS's own names.

use std::collections::{BTreeMap, BTreeSet};
use std::net::Ipv4Addr;

use crate::ids::VpcId;

/// A Route 53 private hosted zone. A VPC whose zone matches a name but has no record for it
/// answers NXDOMAIN: there is no fall-through to a wider zone or to public DNS.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct HostedZone {
    /// Domain, lower case, no trailing dot.
    pub name: String,
    /// Account that owns it, twelve digits.
    pub account: String,
    /// VPCs it is associated with.
    pub vpcs: BTreeSet<VpcId>,
    /// Records by full name, lower case, no trailing dot; the apex is the zone's own name.
    pub records: BTreeMap<String, Record>,
    /// Whether AWS makes and keeps it (for an MSK VPC connection, or a resource endpoint with
    /// private DNS), so that its owner sees none of it.
    pub managed: bool,
}

/// A Route 53 Resolver rule that forwards a domain's names to other servers. Of rules and
/// private zones that cover a name the longest domain decides, and a rule before a zone. What
/// the servers answer is not known here, so a forwarded name counts as unanswered.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ResolverRule {
    /// Domain, lower case, no trailing dot.
    pub domain: String,
    /// VPCs it is associated with.
    pub vpcs: BTreeSet<VpcId>,
    /// Servers that are asked.
    pub servers: Vec<Ipv4Addr>,
}

/// What a name is answered with.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Record {
    /// A records.
    A(Vec<Ipv4Addr>),
    /// An alias of an AWS name, which must be one of [`crate::Blueprint::public_names`].
    Alias(String),
}

/// Addresses that public DNS gives for an AWS name.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PublicName {
    /// Private addresses, in the order of zones.
    pub addresses: Vec<Ipv4Addr>,
}
