//! Packet rules as data: the part of nftables that the lab needs, in its words and its text.

use std::collections::BTreeSet;
use std::fmt;
use std::net::Ipv4Addr;

use ipnet::Ipv4Net;

use super::Note;

/// Name of the one table in every namespace, family `ip`.
pub const TABLE: &str = "lab";

/// Netfilter log group that carries evidence, the same in every namespace.
pub const LOG_GROUP: u16 = 7;

/// Bytes of a packet that a log entry keeps: IPv4 and TCP headers without options.
pub const LOG_SNAPLEN: u32 = 40;

/// Longest log prefix in bytes; the kernel's limit is 127.
const MAX_PREFIX_LEN: usize = 120;

/// A table of packet rules.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Table {
    /// Sets of addresses.
    pub sets: Vec<Set>,
    /// Chains in the order they are made: before those that go to them.
    pub chains: Vec<Chain>,
}

impl Table {
    /// What its log entries can say, by prefix.
    pub fn notes(&self) -> impl Iterator<Item = (String, &Note)> {
        let rules = self.chains.iter().flat_map(|chain| &chain.rules);
        rules
            .flat_map(|rule| &rule.then)
            .filter_map(|act| match act {
                Act::Log(note) => Some((prefix(note), note)),
                Act::Count
                | Act::Accept
                | Act::Drop
                | Act::Return
                | Act::Jump(_)
                | Act::Goto(_)
                | Act::MarkInTurn(_)
                | Act::Dnat(..)
                | Act::Snat(_) => None,
            })
    }
}

/// A set of addresses.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Set {
    /// Its name.
    pub name: String,
    /// Its elements.
    pub addresses: BTreeSet<Ipv4Addr>,
}

/// A chain of rules.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Chain {
    /// Its name.
    pub name: String,
    /// Where packets enter it, unless another chain sends them.
    pub base: Option<Base>,
    /// Its rules, in order.
    pub rules: Vec<Rule>,
}

/// Where a base chain is hooked in; what its rules do not drop passes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Base {
    /// The chain's type.
    pub kind: Kind,
    /// The hook.
    pub hook: Hook,
    /// Lower ones come first.
    pub priority: i32,
}

/// Type of a base chain.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Kind {
    /// Judges packets.
    Filter,
    /// Translates the first packet of a flow, and thereby the flow.
    Nat,
}

/// Where in a packet's way a chain is asked.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Hook {
    /// Before routing.
    Prerouting,
    /// On delivery to the host.
    Input,
    /// Between two links.
    Forward,
    /// On leaving the host's own stack.
    Output,
    /// After routing.
    Postrouting,
}

/// A rule: if all tests hold, the acts follow.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Rule {
    /// The tests.
    pub when: Vec<Test>,
    /// The acts.
    pub then: Vec<Act>,
}

/// A test of a packet.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Test {
    /// It came in by this link.
    FromLink(String),
    /// It goes out by this link.
    ToLink(String),
    /// It belongs to a connection that was let through before.
    Established,
    /// It goes from a connection's answering end to its asking one.
    Reply,
    /// It fits no connection, and opens none.
    Invalid,
    /// It is not TCP.
    NotTcp,
    /// It is TCP.
    Tcp,
    /// It carries these TCP flags, among others.
    Flags(Flags),
    /// Its TCP destination port lies in this range.
    Ports(u16, u16),
    /// Its source lies in a range.
    Source(Ipv4Net),
    /// Its destination lies in a range.
    Destination(Ipv4Net),
    /// Its source is in a set.
    SourceIn(String),
    /// Its destination is in a set.
    DestinationIn(String),
    /// It carries this mark.
    Mark(u32),
}

/// A choice of TCP flags.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Flags {
    /// SYN.
    Syn,
    /// RST.
    Rst,
    /// SYN and ACK.
    SynAck,
}

/// What a rule does.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Act {
    /// Counts the packet.
    Count,
    /// Logs the packet's head.
    Log(Note),
    /// Ends this hook's chain; the packet passes it.
    Accept,
    /// Drops the packet.
    Drop,
    /// Goes back to the chain that asked.
    Return,
    /// Asks another chain and comes back.
    Jump(String),
    /// Hands over to another chain.
    Goto(String),
    /// Marks packets 0, 1, … n-1, 0, … in turn.
    MarkInTurn(u32),
    /// Sends the flow to another address, and port if given.
    Dnat(Ipv4Addr, Option<u16>),
    /// Makes the flow come from another address.
    Snat(Ipv4Addr),
}

impl Rule {
    /// A rule of tests and acts.
    pub fn new(when: impl Into<Vec<Test>>, then: impl Into<Vec<Act>>) -> Self {
        Self {
            when: when.into(),
            then: then.into(),
        }
    }

    /// Counts, logs as `note` and drops what fulfils the tests.
    pub fn dropping(when: impl Into<Vec<Test>>, note: Note) -> Self {
        Self::new(when, [Act::Count, Act::Log(note), Act::Drop])
    }
}

impl Chain {
    /// A chain that others send packets to.
    pub fn plain(name: impl Into<String>, rules: Vec<Rule>) -> Self {
        Self {
            name: name.into(),
            base: None,
            rules,
        }
    }

    /// A chain at a hook.
    pub fn base(name: &str, kind: Kind, hook: Hook, priority: i32, rules: Vec<Rule>) -> Self {
        Self {
            name: name.to_owned(),
            base: Some(Base {
                kind,
                hook,
                priority,
            }),
            rules,
        }
    }
}

/// The text by which a log entry is known again: unique within a namespace as long as ids are
/// shorter than the kernel's limit.
pub fn prefix(note: &Note) -> String {
    let mut text = match note {
        Note::Entered => "in".to_owned(),
        Note::Taken => "taken".to_owned(),
        Note::Left => "out".to_owned(),
        Note::Dropped(class, place) => format!("{class} {place}"),
    };
    while MAX_PREFIX_LEN < text.len() {
        text.pop();
    }
    text
}

impl fmt::Display for Table {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        writeln!(f, "table ip {TABLE} {{")?;
        for set in &self.sets {
            let elements: Vec<_> = set.addresses.iter().map(ToString::to_string).collect();
            let elements = elements.join(", ");
            writeln!(
                f,
                "  set {} {{ type ipv4_addr; elements = {{ {elements} }}; }}",
                set.name
            )?;
        }
        for chain in &self.chains {
            write!(f, "{chain}")?;
        }
        writeln!(f, "}}")
    }
}

impl fmt::Display for Chain {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        writeln!(f, "  chain {} {{", self.name)?;
        if let Some(base) = self.base {
            let (kind, hook) = (base.kind.as_str(), base.hook.as_str());
            let priority = base.priority;
            writeln!(
                f,
                "    type {kind} hook {hook} priority {priority}; policy accept;"
            )?;
        }
        for rule in &self.rules {
            writeln!(f, "    {rule}")?;
        }
        writeln!(f, "  }}")
    }
}

impl Kind {
    fn as_str(self) -> &'static str {
        match self {
            Self::Filter => "filter",
            Self::Nat => "nat",
        }
    }
}

impl Hook {
    fn as_str(self) -> &'static str {
        match self {
            Self::Prerouting => "prerouting",
            Self::Input => "input",
            Self::Forward => "forward",
            Self::Output => "output",
            Self::Postrouting => "postrouting",
        }
    }
}

impl Flags {
    fn as_str(self) -> &'static str {
        match self {
            Self::Syn => "syn",
            Self::Rst => "rst",
            Self::SynAck => "syn | ack",
        }
    }
}

impl fmt::Display for Rule {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let parts = self.when.iter().map(ToString::to_string);
        let parts: Vec<_> = parts
            .chain(self.then.iter().map(ToString::to_string))
            .collect();
        f.write_str(&parts.join(" "))
    }
}

impl fmt::Display for Test {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::FromLink(link) => write!(f, "iifname \"{link}\""),
            Self::ToLink(link) => write!(f, "oifname \"{link}\""),
            Self::Established => f.write_str("ct state established,related"),
            Self::Reply => f.write_str("ct direction reply"),
            Self::Invalid => f.write_str("ct state invalid"),
            Self::NotTcp => f.write_str("meta l4proto != tcp"),
            Self::Tcp => f.write_str("meta l4proto tcp"),
            Self::Flags(flags) => write!(f, "tcp flags & ({0}) == {0}", flags.as_str()),
            Self::Ports(first, last) if first == last => write!(f, "tcp dport {first}"),
            Self::Ports(first, last) => write!(f, "tcp dport {first}-{last}"),
            Self::Source(range) => write!(f, "ip saddr {range}"),
            Self::Destination(range) => write!(f, "ip daddr {range}"),
            Self::SourceIn(set) => write!(f, "ip saddr @{set}"),
            Self::DestinationIn(set) => write!(f, "ip daddr @{set}"),
            Self::Mark(mark) => write!(f, "meta mark {mark}"),
        }
    }
}

impl fmt::Display for Act {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Count => f.write_str("counter"),
            Self::Log(note) => write!(
                f,
                "log prefix \"{}\" group {LOG_GROUP} snaplen {LOG_SNAPLEN} queue-threshold 1",
                prefix(note)
            ),
            Self::Accept => f.write_str("accept"),
            Self::Drop => f.write_str("drop"),
            Self::Return => f.write_str("return"),
            Self::Jump(chain) => write!(f, "jump {chain}"),
            Self::Goto(chain) => write!(f, "goto {chain}"),
            Self::MarkInTurn(n) => write!(f, "meta mark set numgen inc mod {n}"),
            Self::Dnat(address, Some(port)) => write!(f, "dnat to {address}:{port}"),
            Self::Dnat(address, None) => write!(f, "dnat to {address}"),
            Self::Snat(address) => write!(f, "snat to {address}"),
        }
    }
}
