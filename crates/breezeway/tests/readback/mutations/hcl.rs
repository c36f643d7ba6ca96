//! Blocks of Terraform's modules, by the words that stand for CloudFormation's.

use std::ops::Range;

/// Arguments by places among CloudFormation's properties. What stands for a list's item is another
/// resource of the object.
const PLACES: [(&str, &str); 21] = [
    ("AcceptanceRequired", "acceptance_required"),
    ("AvailabilityZoneId", "availability_zone_id"),
    ("CidrIp", "cidr_ipv4"),
    ("DefaultActions/0/TargetGroupArn", "target_group_arn"),
    ("DestinationCidrBlock", "destination_cidr_block"),
    ("DestinationSecurityGroupId", "referenced_security_group_id"),
    ("DomainName", "domain_name"),
    ("EnableDnsHostnames", "enable_dns_hostnames"),
    ("EnableDnsSupport", "enable_dns_support"),
    (
        "EnforceSecurityGroupInboundRulesOnPrivateLinkTraffic",
        "enforce_security_group_inbound_rules_on_private_link_traffic",
    ),
    ("FromPort", "from_port"),
    (
        "LoadBalancerAttributes/0/Value",
        "enable_cross_zone_load_balancing",
    ),
    ("Name", "name"),
    ("Port", "port"),
    ("RuleAction", "rule_action"),
    ("ServiceName", "service_name"),
    ("SourceSecurityGroupId", "referenced_security_group_id"),
    ("Targets/*/Id", "target_id"),
    ("Targets/*/Port", "port"),
    ("TargetGroupAttributes/0/Value", "preserve_client_ip"),
    ("ToPort", "to_port"),
];

/// Which of an object's resources has what stands for a place, and in which argument.
pub(super) fn place(place: &str) -> Option<(usize, &'static str)> {
    let parts: Vec<&str> = place.split('/').collect();
    let (nth, general) = match parts[..] {
        ["Targets", at, key] => (at.parse::<usize>().ok()? + 1, format!("Targets/*/{key}")),
        _ => (0, place.to_owned()),
    };
    let found = PLACES.iter().find(|(known, _)| *known == general);
    found.map(|(_, argument)| (nth, *argument))
}

/// The lines of a block.
pub(super) fn extent(lines: &[String], head: &str) -> Option<Range<usize>> {
    let head = format!("{head} {{");
    let start = lines.iter().position(|line| *line == head)?;
    let n = lines[start..].iter().position(|line| line == "}")?;
    Some(start..start + n + 1)
}

/// The line that gives an argument its value.
fn argument<'l>(lines: &'l mut [String], head: &str, name: &str) -> Result<&'l mut String, String> {
    let at = extent(lines, head).ok_or_else(|| format!("no {head}"))?;
    let is_it = |line: &&mut String| {
        let words = line.split_once('=').map(|(name, _)| name.trim());
        words == Some(name)
    };
    let found = lines[at].iter_mut().find(is_it);
    found.ok_or_else(|| format!("{head} has no {name}"))
}

/// An argument's value.
pub(super) fn value(lines: &[String], head: &str, name: &str) -> Result<String, String> {
    let mut lines = lines.to_vec();
    let line = argument(&mut lines, head, name)?;
    let value = line.split_once("= ").map(|(_, value)| value.to_owned());
    value.ok_or_else(|| format!("{head} has no value of {name}"))
}

/// Gives an argument another value. Numbers, flags and references stand bare.
pub(super) fn set(lines: &mut [String], head: &str, name: &str, value: &str) -> Result<(), String> {
    let line = argument(lines, head, name)?;
    let (front, old) = line.split_once("= ").ok_or("no value")?;
    let plain = value.trim_matches('"');
    let is_bare = plain.parse::<u32>().is_ok()
        || ["true", "false"].contains(&plain)
        || plain.starts_with("var.")
        || plain.starts_with("aws_");
    let new = match is_bare {
        true => plain.to_owned(),
        false => format!("\"{plain}\""),
    };
    if old == new {
        return Err(format!("{head}: {name} is {new} already"));
    }
    *line = format!("{front}= {new}");
    Ok(())
}

/// Removes a block and the comment before it.
pub(super) fn remove(lines: &mut Vec<String>, head: &str) -> Result<(), String> {
    let at = extent(lines, head).ok_or_else(|| format!("no {head}"))?;
    let before = lines[..at.start].iter().rev();
    let is_ours = |line: &&String| line.is_empty() || line.starts_with('#');
    let start = at.start - before.take_while(is_ours).count();
    lines.drain(start..at.end);
    Ok(())
}

/// The address of a resource, from the head of its block.
pub(super) fn address(head: &str) -> String {
    let words = head.split('"').collect::<Vec<_>>();
    match words[..] {
        [_, kind, _, name, ..] => format!("{kind}.{name}"),
        _ => head.to_owned(),
    }
}
