//! Readers of ranges and addresses.

use std::net::Ipv4Addr;

use ipnet::{Ipv4Net, Ipv6Net};

use super::fields::{Item, Reader};
use super::scalars::short;
use crate::diagnostic::Diagnostic;

/// Shortest prefix AWS takes for a VPC or subnet.
const MIN_PREFIX: u8 = 16;

/// Longest prefix AWS takes for a VPC or subnet.
const MAX_PREFIX: u8 = 28;

/// Prefixes AWS takes for a VPC's IPv6 range (VPC guide, "IPv6 VPC CIDR blocks": /44 to /60 in
/// steps of four).
const IPV6_PREFIXES: [u8; 5] = [44, 48, 52, 56, 60];

impl Reader {
    /// Reads a range of any size, without host bits.
    pub(super) fn cidr(&mut self, item: &Item<'_>) -> Option<Ipv4Net> {
        let text = self.text(item, "a range", "`10.0.0.0/16`")?;
        let (why, help) = match text.parse::<Ipv4Net>() {
            Ok(net) if net.trunc() == net => return Some(net),
            Ok(net) => (
                format!("bits below /{} are set", net.prefix_len()),
                format!("write `{}`", net.trunc()),
            ),
            Err(_) => not_a_range(text),
        };
        self.push(
            Diagnostic::error(
                "bad-cidr",
                format!("`{}` is no IPv4 range", short(text)),
                item.at(),
            )
            .label(why)
            .help(help),
        );
        None
    }

    /// Reads a range that AWS takes for a VPC or a subnet.
    pub(super) fn aws_cidr(&mut self, item: &Item<'_>) -> Option<Ipv4Net> {
        let net = self.cidr(item)?;
        let length = net.prefix_len();
        let mut problem = None;
        if !(MIN_PREFIX..=MAX_PREFIX).contains(&length) {
            let nearest = length.clamp(MIN_PREFIX, MAX_PREFIX);
            let same = Ipv4Net::new(net.addr(), nearest).map_or(net, |net| net.trunc());
            problem = Some((
                format!("AWS takes /{MIN_PREFIX} to /{MAX_PREFIX}, not /{length}"),
                format!("write `{same}`"),
            ));
        } else if is_reserved(&net) {
            let label = "AWS refuses this range for a VPC".to_owned();
            problem = Some((
                label,
                "use a private range such as `10.0.0.0/16`".to_owned(),
            ));
        }
        let Some((label, help)) = problem else {
            self.warn_public(item, &net);
            return Some(net);
        };
        self.push(
            Diagnostic::error("bad-cidr", format!("`{net}` fits no VPC"), item.at())
                .label(label)
                .help(help),
        );
        None
    }

    /// Reads a list of ranges.
    pub(super) fn cidrs(&mut self, item: &Item<'_>, limit: usize) -> Option<Vec<Ipv4Net>> {
        let items = self.list(item, "`[10.0.0.0/16]`, or `[]` for none", limit)?;
        Some(items.iter().filter_map(|item| self.cidr(item)).collect())
    }

    /// Reads an address that must lie in one of a VPC's ranges, if those are known.
    pub(super) fn address(
        &mut self,
        item: &Item<'_>,
        vpc: &str,
        ranges: &[Ipv4Net],
    ) -> Option<Ipv4Addr> {
        let address = self.any_address(item)?;
        if ranges.is_empty() || ranges.iter().any(|net| net.contains(&address)) {
            return Some(address);
        }
        self.outside(item, &address.to_string(), vpc, ranges);
        None
    }

    /// Reads an address anywhere.
    pub(super) fn any_address(&mut self, item: &Item<'_>) -> Option<Ipv4Addr> {
        let text = self.text(item, "an address", "`10.0.0.10`")?;
        let address = text.parse::<Ipv4Addr>().ok();
        if address.is_none() {
            self.push(
                Diagnostic::error(
                    "bad-address",
                    format!("`{}` is no IPv4 address", short(text)),
                    item.at(),
                )
                .label("expected four numbers from 0 to 255")
                .help("write it as `10.0.0.10`"),
            );
        }
        address
    }

    /// Reads an IPv6 range that AWS takes for a VPC.
    pub(super) fn ipv6_cidr(&mut self, item: &Item<'_>) -> Option<Ipv6Net> {
        let example = "`\"2001:db8:0:aa00::/56\"`";
        let text = self.text(item, "an IPv6 range", example)?;
        let (label, help) = match text.parse::<Ipv6Net>() {
            Ok(net) if !IPV6_PREFIXES.contains(&net.prefix_len()) => (
                format!(
                    "AWS takes /44, /48, /52, /56 and /60, not /{}",
                    net.prefix_len()
                ),
                "write the range as AWS gave it, mostly a /56".to_owned(),
            ),
            Ok(net) if net.trunc() == net => return Some(net),
            Ok(net) => (
                format!("bits below /{} are set", net.prefix_len()),
                format!("write `\"{}\"`", net.trunc()),
            ),
            Err(_) => (
                "expected `ADDRESS/LENGTH`".to_owned(),
                format!("write it as {example}"),
            ),
        };
        let title = format!("`{}` is no IPv6 range of a VPC", short(text));
        let finding = Diagnostic::error("bad-cidr", title, item.at());
        self.push(finding.label(label).help(help));
        None
    }

    /// Reports an address or range outside the VPC it is said to be in.
    pub(super) fn outside(&mut self, item: &Item<'_>, what: &str, vpc: &str, ranges: &[Ipv4Net]) {
        let held: Vec<String> = ranges.iter().map(Ipv4Net::to_string).collect();
        let held = held.join(" and ");
        self.push(
            Diagnostic::error(
                "outside-vpc",
                format!("`{what}` does not lie in VPC `{vpc}`"),
                item.at(),
            )
            .label(format!("`{vpc}` holds {held}"))
            .help(format!("choose from {held}")),
        );
    }

    fn warn_public(&mut self, item: &Item<'_>, net: &Ipv4Net) {
        const PRIVATE: [([u8; 4], u8); 5] = [
            ([10, 0, 0, 0], 8),
            ([172, 16, 0, 0], 12),
            ([192, 168, 0, 0], 16),
            ([100, 64, 0, 0], 10),
            ([198, 18, 0, 0], 15),
        ];
        if lies_in(net, &PRIVATE) {
            return;
        }
        self.push(
            Diagnostic::warning(
                "public-range",
                format!("`{net}` belongs to the public Internet"),
                item.at(),
            )
            .label("not a private range")
            .note("inside the VPC the owners of these addresses cannot be reached")
            .help("use a range inside `10.0.0.0/8`, `172.16.0.0/12` or `192.168.0.0/16`"),
        );
    }
}

/// Ranges AWS refuses for VPCs.
fn is_reserved(net: &Ipv4Net) -> bool {
    const RESERVED: [([u8; 4], u8); 4] = [
        ([0, 0, 0, 0], 8),
        ([127, 0, 0, 0], 8),
        ([169, 254, 0, 0], 16),
        ([224, 0, 0, 0], 4),
    ];
    lies_in(net, &RESERVED)
}

fn lies_in(net: &Ipv4Net, ranges: &[([u8; 4], u8)]) -> bool {
    ranges.iter().any(|(base, length)| {
        Ipv4Net::new(Ipv4Addr::from(*base), *length).is_ok_and(|range| range.contains(net))
    })
}

fn not_a_range(text: &str) -> (String, String) {
    if text.contains(':') {
        return (
            "an IPv6 range".to_owned(),
            "write an IPv4 range such as `10.0.0.0/16`; a VPC's IPv6 ranges belong to `ipv6_cidrs`"
                .to_owned(),
        );
    }
    if text.parse::<Ipv4Addr>().is_ok() {
        return (
            "an address without a prefix length".to_owned(),
            format!("write `{text}/32` for this address alone, or a range such as `10.0.0.0/16`"),
        );
    }
    (
        "expected `ADDRESS/LENGTH`".to_owned(),
        "write it as `10.0.0.0/16`".to_owned(),
    )
}
