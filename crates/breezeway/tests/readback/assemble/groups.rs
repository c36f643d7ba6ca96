//! Security groups and their rules.

use blueprint::ids::{SecurityGroupId, VpcId};
use blueprint::network::{Peer, Rule, SecurityGroup};
use ipnet::Ipv4Net;

use super::Draft;
use super::network::{ANY_PROTOCOL, TCP, VPC};
use super::props::{port, range, spelled};
use super::references::own;
use crate::graph::{Node, Prop};

pub(super) const GROUP: &str = "AWS::EC2::SecurityGroup";

#[derive(Clone, Copy, PartialEq, Eq)]
enum Way {
    In,
    Out,
}

/// Writes every group with its rules, those that stand by themselves included.
pub(super) fn write(draft: &mut Draft<'_>) {
    take_existing(draft);
    draft.each(GROUP, write_group);
    draft.each(GROUP, write_inline);
    draft.each("AWS::EC2::SecurityGroupIngress", |draft, node| {
        write_standalone(draft, node, Way::In)
    });
    draft.each("AWS::EC2::SecurityGroupEgress", |draft, node| {
        write_standalone(draft, node, Way::Out)
    });
}

/// Groups that exist: what rules they have nobody said, so only those of the text count.
fn take_existing(draft: &mut Draft<'_>) {
    let said = &draft.known.said;
    for object in draft.known.existing.values() {
        let id = SecurityGroupId::from(object.id.as_str());
        let group = said.security_groups.get(&id);
        if let (true, Some(group)) = (object.kind == "SecurityGroupId", group) {
            let group = empty(group.vpc.clone());
            draft.made.security_groups.insert(id, group);
        }
    }
}

fn empty(vpc: VpcId) -> SecurityGroup {
    SecurityGroup {
        vpc,
        ingress: Vec::new(),
        egress: Vec::new(),
    }
}

fn write_group(draft: &mut Draft<'_>, node: &Node) -> Result<(), String> {
    let vpc = draft.needed(node, "VpcId", &[VPC])?;
    draft.made.security_groups.insert(own(node), empty(vpc));
    Ok(())
}

fn write_inline(draft: &mut Draft<'_>, node: &Node) -> Result<(), String> {
    let ingress = rules(draft, node.list("SecurityGroupIngress")?, Way::In)?;
    let egress = node.list("SecurityGroupEgress")?;
    // AWS's rule that allows everything goes only when the group is made with a rule
    // ("SecurityGroupEgress" of the type in the CloudFormation template reference).
    let egress = if egress.is_empty() {
        vec![everything()]
    } else {
        rules(draft, egress, Way::Out)?
    };
    if let Some(group) = draft.made.security_groups.get_mut(&own(node)) {
        group.ingress.extend(ingress);
        group.egress.extend(egress);
    }
    Ok(())
}

fn everything() -> Rule {
    Rule {
        from_port: 0,
        to_port: u16::MAX,
        peer: Peer::Cidr(Ipv4Net::default()),
        because: String::new(),
    }
}

fn rules(draft: &Draft<'_>, items: &[Prop], way: Way) -> Result<Vec<Rule>, String> {
    let rules = items
        .iter()
        .map(|item| rule(draft, way, &|name| item.get(name)));
    let rules: Result<Vec<_>, _> = rules.collect();
    Ok(rules?.into_iter().flatten().collect())
}

fn write_standalone(draft: &mut Draft<'_>, node: &Node, way: Way) -> Result<(), String> {
    let id: SecurityGroupId = draft.needed(node, "GroupId", &[GROUP])?;
    let rule = rule(draft, way, &|name| node.get(name))?;
    let group = draft.made.security_groups.get_mut(&id);
    let group = group.ok_or_else(|| format!("no group {id}"))?;
    match way {
        Way::In => group.ingress.extend(rule),
        Way::Out => group.egress.extend(rule),
    }
    Ok(())
}

/// A rule; none where it is about another protocol than TCP, or about IPv6.
fn rule<'p>(
    draft: &Draft<'_>,
    way: Way,
    get: &dyn Fn(&str) -> Option<&'p Prop>,
) -> Result<Option<Rule>, String> {
    let protocol = get("IpProtocol").and_then(spelled);
    let protocol = protocol.ok_or("a rule has no IpProtocol")?.to_lowercase();
    let (from_port, to_port) = if protocol == ANY_PROTOCOL {
        // Of any protocol all ports are meant, whatever ports are given beside it.
        (0, u16::MAX)
    } else if TCP.contains(&protocol.as_str()) {
        let end = |name| port(get(name).ok_or("a TCP rule has no ports")?);
        (end("FromPort")?, end("ToPort")?)
    } else {
        return Ok(None);
    };
    let Some(peer) = peer(draft, way, get)? else {
        return Ok(None);
    };
    Ok(Some(Rule {
        from_port,
        to_port,
        peer,
        because: String::new(),
    }))
}

fn peer<'p>(
    draft: &Draft<'_>,
    way: Way,
    get: &dyn Fn(&str) -> Option<&'p Prop>,
) -> Result<Option<Peer>, String> {
    let group = get(match way {
        Way::In => "SourceSecurityGroupId",
        Way::Out => "DestinationSecurityGroupId",
    });
    match (get("CidrIp"), group, get("CidrIpv6")) {
        (Some(cidr), None, None) => Ok(Some(Peer::Cidr(range(cidr)?))),
        (None, Some(group), None) => Ok(Some(Peer::Group(draft.object(group, &[GROUP])?))),
        (None, None, Some(_)) => Ok(None),
        (_, _, _) => Err("a rule needs one other side".to_owned()),
    }
}

/// The groups an interface wears: those said, or its VPC's default group, which admits its own
/// members and may dial everything ("Default security groups for your VPCs").
pub(super) fn worn(
    draft: &mut Draft<'_>,
    node: &Node,
    name: &str,
    vpc: &VpcId,
) -> Result<Vec<SecurityGroupId>, String> {
    let said = draft.each_of(node, name, &[GROUP])?;
    if !said.is_empty() {
        return Ok(said);
    }
    let id = SecurityGroupId::from(format!("default group of {vpc}"));
    let own = Rule {
        peer: Peer::Group(id.clone()),
        ..everything()
    };
    let group = SecurityGroup {
        vpc: vpc.clone(),
        ingress: vec![own],
        egress: vec![everything()],
    };
    draft.made.security_groups.insert(id.clone(), group);
    Ok(vec![id])
}
