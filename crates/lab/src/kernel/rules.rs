//! Packet rules of one namespace, by nftables netlink: one table, one transaction.

use std::os::fd::AsFd;

use nlink::netlink::nftables::{
    BaseChain, Chain, ChainName, CtDirection, CtState, Expr, Family, FilterHook, Generated,
    LogExpr, MetaKey, NatHook, NumgenKind, PacketField, Priority, Rule, Set, SetElement,
    SetKeyType, TcpFlags, Transaction, Verdict,
};
use nlink::{Connection, Nftables};

use super::Room;
use crate::steps::nft;
use crate::steps::nft::{Act, Flags, Hook, Kind, Test};

const FAMILY: Family = Family::Ip;

/// Protocol number of TCP.
const TCP: u8 = 6;

/// Loads a table into a namespace.
pub(super) async fn load(room: &Room, table: &nft::Table) -> nlink::Result<()> {
    let connection = Connection::<Nftables>::new_in(room.file().as_fd())?;
    let mut transaction = connection.transaction().add_table(nft::TABLE, FAMILY);
    for set in &table.sets {
        transaction = add_set(transaction, set);
    }
    for chain in &table.chains {
        transaction = transaction.add_chain(chain_of(chain)?);
    }
    for chain in &table.chains {
        for rule in &chain.rules {
            transaction = transaction.add_rule(rule_of(&chain.name, rule)?);
        }
    }
    transaction.commit(&connection).await
}

fn add_set(transaction: Transaction, set: &nft::Set) -> Transaction {
    let named = Set::new(nft::TABLE, &set.name).family(FAMILY);
    let named = named.key_type(SetKeyType::Ipv4Addr);
    let elements: Vec<_> = set.addresses.iter().map(|a| SetElement::ipv4(*a)).collect();
    let transaction = transaction.add_set(named.clone());
    if elements.is_empty() {
        transaction
    } else {
        transaction.add_set_elements(&named, &elements)
    }
}

fn chain_of(chain: &nft::Chain) -> nlink::Result<Chain> {
    let named = Chain::new(nft::TABLE, chain.name.as_str())?.family(FAMILY);
    Ok(match chain.base {
        None => named,
        Some(base) => named.base(base_of(base)),
    })
}

fn base_of(base: nft::Base) -> BaseChain {
    let priority = Priority::Custom(base.priority);
    match base.kind {
        Kind::Filter => {
            let hook = match base.hook {
                Hook::Prerouting => FilterHook::Prerouting,
                Hook::Input => FilterHook::Input,
                Hook::Forward => FilterHook::Forward,
                Hook::Output => FilterHook::Output,
                Hook::Postrouting => FilterHook::Postrouting,
            };
            BaseChain::filter(hook, priority)
        }
        Kind::Nat => {
            let hook = match base.hook {
                Hook::Prerouting => NatHook::Prerouting,
                Hook::Input | Hook::Forward => NatHook::Input,
                Hook::Output => NatHook::Output,
                Hook::Postrouting => NatHook::Postrouting,
            };
            BaseChain::nat(hook, priority)
        }
    }
}

fn rule_of(chain: &str, rule: &nft::Rule) -> nlink::Result<Rule> {
    let mut built = Rule::new(nft::TABLE, chain).family(FAMILY);
    for test in &rule.when {
        built = with_test(built, test);
    }
    for act in &rule.then {
        built = with_act(built, act)?;
    }
    Ok(built)
}

fn with_test(rule: Rule, test: &Test) -> Rule {
    match test {
        Test::FromLink(link) => rule.match_iif(link),
        Test::ToLink(link) => rule.match_oif(link),
        Test::Established => rule.match_ct_state(CtState::ESTABLISHED | CtState::RELATED),
        Test::Reply => rule.match_ct_direction(CtDirection::Reply),
        Test::Invalid => rule.match_ct_state(CtState::INVALID),
        Test::NotTcp => rule.match_l4proto_not(TCP),
        Test::Tcp => rule.match_l4proto(TCP),
        Test::Flags(flags) => {
            let flags = tcp_flags(*flags);
            rule.match_tcp_flags(flags, flags)
        }
        Test::Ports(first, last) if first == last => rule.match_tcp_dport(*first),
        Test::Ports(first, last) => rule.match_range(PacketField::TcpDport, *first, *last),
        Test::Source(range) if range.prefix_len() == 0 => rule,
        Test::Source(range) => rule.match_saddr_v4(range.addr(), range.prefix_len()),
        Test::Destination(range) if range.prefix_len() == 0 => rule,
        Test::Destination(range) => rule.match_daddr_v4(range.addr(), range.prefix_len()),
        Test::SourceIn(set) => rule.match_saddr_in_set(set),
        Test::DestinationIn(set) => rule.match_daddr_in_set(set),
        Test::Mark(mark) => rule.match_mark(*mark),
    }
}

fn tcp_flags(flags: Flags) -> TcpFlags {
    match flags {
        Flags::Syn => TcpFlags::SYN,
        Flags::Rst => TcpFlags::RST,
        Flags::SynAck => TcpFlags::SYN | TcpFlags::ACK,
    }
}

fn with_act(rule: Rule, act: &Act) -> nlink::Result<Rule> {
    Ok(match act {
        Act::Count => rule.counter(),
        Act::Log(note) => {
            let log = LogExpr::new()
                .prefix(nft::prefix(note))
                .group(nft::LOG_GROUP)
                .snaplen(nft::LOG_SNAPLEN)
                .queue_threshold(1);
            rule.expr(log)
        }
        Act::Accept => rule.accept(),
        Act::Drop => rule.drop(),
        Act::Return => rule.expr(Expr::Verdict(Verdict::Return)),
        Act::Jump(chain) => rule.jump(ChainName::new(chain.as_str())?),
        Act::Goto(chain) => rule.goto(ChainName::new(chain.as_str())?),
        Act::MarkInTurn(n) => {
            let turn = Generated::Numgen {
                kind: NumgenKind::Incremental,
                modulus: *n,
                offset: 0,
            };
            rule.generate(turn).set_meta_from(MetaKey::Mark)
        }
        Act::Dnat(address, port) => rule.dnat(*address, *port),
        Act::Snat(address) => rule.snat(*address, None),
    })
}
