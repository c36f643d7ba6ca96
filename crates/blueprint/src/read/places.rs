//! Readers of where things are: Regions, zone ids, ranges and addresses.

use std::net::Ipv4Addr;

use ipnet::Ipv4Net;

use super::fields::{Item, Reader};
use super::nearest::nearest;
use super::scalars::{parse_number, short};
use crate::diagnostic::{At, Diagnostic};
use crate::ids::ZoneId;

/// Most zones a VPC can have subnets in: us-east-1 has six, no Region has more.
pub const MAX_ZONES_PER_VPC: usize = 6;

/// Shortest prefix AWS takes for a VPC or subnet.
const MIN_PREFIX: u8 = 16;

/// Longest prefix AWS takes for a VPC or subnet.
const MAX_PREFIX: u8 = 28;

/// Regions that suggestions are drawn from; any other of the right form is accepted as well.
const REGIONS: [&str; 34] = [
    "us-east-1",
    "us-east-2",
    "us-west-1",
    "us-west-2",
    "us-gov-east-1",
    "us-gov-west-1",
    "ca-central-1",
    "ca-west-1",
    "mx-central-1",
    "sa-east-1",
    "eu-central-1",
    "eu-central-2",
    "eu-west-1",
    "eu-west-2",
    "eu-west-3",
    "eu-north-1",
    "eu-south-1",
    "eu-south-2",
    "af-south-1",
    "me-south-1",
    "me-central-1",
    "il-central-1",
    "ap-south-1",
    "ap-south-2",
    "ap-east-1",
    "ap-northeast-1",
    "ap-northeast-2",
    "ap-northeast-3",
    "ap-southeast-1",
    "ap-southeast-2",
    "ap-southeast-3",
    "ap-southeast-4",
    "cn-north-1",
    "cn-northwest-1",
];

impl Reader {
    /// Reads a Region.
    pub(super) fn region(&mut self, item: &Item<'_>) -> Option<String> {
        let text = self.text(item, "a Region", "`region: eu-central-1`")?;
        if zone_prefix(text).is_some() {
            return Some(text.to_owned());
        }
        let help = nearest(text, REGIONS).map_or_else(
            || "write a Region such as `eu-central-1`".to_owned(),
            |near| format!("write `{near}`"),
        );
        let mut finding = Diagnostic::error(
            "bad-region",
            format!("`{}` is no AWS Region", short(text)),
            item.at(),
        )
        .label("not of the form of a Region");
        if zone_name(text).is_some() {
            finding = finding.note(format!("`{text}` is the name of a zone in a Region"));
        }
        self.push(finding.help(help));
        None
    }

    /// Reads a zone id of the spec's Region.
    pub(super) fn zone(&mut self, item: &Item<'_>) -> Option<ZoneId> {
        let text = self.text(item, "a zone id", "`euc1-az1`")?;
        let Some((prefix, number)) = split_zone_id(text) else {
            let finding = self.bad_zone(item, text);
            self.push(finding);
            return None;
        };
        let region = self.region.clone().unwrap_or_default();
        match zone_prefix(&region) {
            Some(expected) if expected != prefix => {
                if !REGIONS.contains(&region.as_str()) {
                    self.unknown_region(&region, item, text);
                    return Some(ZoneId(text.to_owned()));
                }
                self.push(
                    Diagnostic::error(
                        "foreign-zone",
                        format!("zone `{text}` is not in {region}"),
                        item.at(),
                    )
                    .label("a zone of another Region")
                    .note(format!("zone ids of {region} start with `{expected}-`"))
                    .help(format!("write `{expected}-az{number}`, or change `region`")),
                );
                None
            }
            Some(_) | None => Some(ZoneId(text.to_owned())),
        }
    }

    /// Reports a Region that is not among the known ones and has other zones than the spec. No
    /// further zone is measured by it.
    fn unknown_region(&mut self, region: &str, item: &Item<'_>, zone: &str) {
        self.region = None;
        let its = |known: &&str| {
            let prefix = zone_prefix(known);
            prefix.is_some_and(|prefix| zone.split_once("-az").is_some_and(|(of, _)| of == prefix))
        };
        let meant = REGIONS
            .into_iter()
            .find(its)
            .or_else(|| nearest(region, REGIONS));
        let help = meant.map_or_else(
            || "write the Region of the zones".to_owned(),
            |meant| format!("write `{meant}`"),
        );
        let at = self.region_at.clone().unwrap_or_else(|| item.at());
        let title = format!("`{}` is no known AWS Region", short(region));
        self.push(
            Diagnostic::error("bad-region", title, at)
                .label("not the Region of the spec's zones")
                .related(item.at(), "a zone of another Region")
                .help(help),
        );
    }

    /// Reads a list of zone ids.
    pub(super) fn zones(&mut self, item: &Item<'_>) -> Option<Vec<ZoneId>> {
        let zones = self.zone_items(item)?;
        Some(zones.into_iter().map(|(zone, _)| zone).collect())
    }

    /// Reads a list of zone ids without repetition, each with its item.
    pub(super) fn zone_items<'n>(&mut self, item: &Item<'n>) -> Option<Vec<(ZoneId, Item<'n>)>> {
        let example = self.zones_example();
        let items = self.list(item, &example, MAX_ZONES_PER_VPC)?;
        let mut seen: Vec<(ZoneId, Item<'_>)> = Vec::new();
        for item in items {
            let Some(zone) = self.zone(&item) else {
                continue;
            };
            match seen.iter().find(|(other, _)| *other == zone) {
                Some((_, first)) => self.repeated(zone.as_str(), &item, first),
                None => seen.push((zone, item)),
            }
        }
        Some(seen)
    }

    /// What a list of zones of the spec's Region looks like.
    pub(super) fn zones_example(&self) -> String {
        let prefix = self.region.as_deref().and_then(zone_prefix);
        let prefix = prefix.unwrap_or_else(|| "euc1".to_owned());
        format!("`zones: [{prefix}-az1, {prefix}-az2]`")
    }

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
        let text = self.text(item, "an address", "`10.0.0.10`")?;
        let Ok(address) = text.parse::<Ipv4Addr>() else {
            self.push(
                Diagnostic::error(
                    "bad-address",
                    format!("`{}` is no IPv4 address", short(text)),
                    item.at(),
                )
                .label("expected four numbers from 0 to 255")
                .help("write it as `10.0.0.10`"),
            );
            return None;
        };
        if ranges.is_empty() || ranges.iter().any(|net| net.contains(&address)) {
            return Some(address);
        }
        self.outside(item, &address.to_string(), vpc, ranges);
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

    /// Reports an item that a list holds twice.
    pub(super) fn repeated(&mut self, text: &str, item: &Item<'_>, first: &Item<'_>) {
        self.push(
            Diagnostic::error(
                "repeated-item",
                format!("`{text}` is listed twice"),
                item.at(),
            )
            .label("listed again")
            .related(first.at(), "first listed here")
            .help("remove one of the two"),
        );
    }

    /// Reports a zone in which a VPC has no subnet.
    pub(super) fn unknown_zone(&mut self, item: &Item<'_>, zone: &ZoneId, vpc: &str, at: At) {
        self.push(
            Diagnostic::error(
                "unknown-zone",
                format!("VPC `{vpc}` has no subnet in `{zone}`"),
                at,
            )
            .label(format!("{} needs a subnet of `{vpc}` there", item.name))
            .help(format!(
                "choose one of the zones of `{vpc}`, or add `{zone}` to them"
            )),
        );
    }

    fn bad_zone(&self, item: &Item<'_>, text: &str) -> Diagnostic {
        let own = self.region.as_deref().and_then(zone_prefix);
        let finding = Diagnostic::error(
            "bad-zone",
            format!("`{}` is no zone id", short(text)),
            item.at(),
        );
        if let Some((prefix, number)) = zone_name(text) {
            return finding
                .label("the name of a zone, not its id")
                .note("zone names mean another place in each account; zone ids are the same everywhere")
                .help(format!(
                    "write the id, such as `{prefix}-az{number}`; `aws ec2 describe-availability-zones` of that account lists both"
                ));
        }
        let prefix = own.unwrap_or_else(|| "euc1".to_owned());
        finding
            .label("not of the form of a zone id")
            .help(format!("write an id such as `{prefix}-az1`"))
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
            "IPv6 ranges are not available".to_owned(),
            "write an IPv4 range such as `10.0.0.0/16`".to_owned(),
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

/// What a Region's zone ids start with, such as `euc1` for eu-central-1; none if the text has
/// not the form of a Region.
fn zone_prefix(region: &str) -> Option<String> {
    let (rest, number) = region.rsplit_once('-')?;
    let (area, direction) = rest.rsplit_once('-')?;
    let (area, partition) = area.split_once('-').unwrap_or((area, ""));
    let direction = match direction {
        "north" => "n",
        "south" => "s",
        "east" => "e",
        "west" => "w",
        "central" => "c",
        "northeast" => "ne",
        "northwest" => "nw",
        "southeast" => "se",
        "southwest" => "sw",
        _ => return None,
    };
    let partition = match partition {
        "" => "",
        "gov" => "g",
        _ => return None,
    };
    let known_form = area.len() == 2
        && area.chars().all(|c| c.is_ascii_lowercase())
        && number.len() == 1
        && number.chars().all(|c| c.is_ascii_digit() && c != '0');
    known_form.then(|| format!("{area}{partition}{direction}{number}"))
}

/// Prefix and number of a zone id such as `euc1-az1`.
fn split_zone_id(text: &str) -> Option<(&str, u32)> {
    let (prefix, number) = text.split_once("-az")?;
    let letters = prefix.trim_end_matches(|c: char| c.is_ascii_digit());
    let known_form = (3..=6).contains(&prefix.len())
        && letters.len() + 1 == prefix.len()
        && letters.chars().all(|c| c.is_ascii_lowercase());
    let number = parse_number(number).filter(|number| (1..=99).contains(number))?;
    known_form.then_some((prefix, number))
}

/// For a zone *name* such as `eu-central-1a`: its Region's prefix and its letter's position.
fn zone_name(text: &str) -> Option<(String, u32)> {
    let letter = text.chars().last().filter(char::is_ascii_lowercase)?;
    let prefix = zone_prefix(text.strip_suffix(letter)?)?;
    Some((prefix, u32::from(letter) - u32::from('a') + 1))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn zone_ids_start_with_the_region_in_short() {
        let cases = [
            ("eu-central-1", Some("euc1")),
            ("us-east-1", Some("use1")),
            ("us-gov-west-1", Some("usgw1")),
            ("ap-southeast-2", Some("apse2")),
            ("cn-northwest-1", Some("cnnw1")),
            ("eu-central", None),
            ("eu-central-1a", None),
            ("eu-middle-1", None),
            ("europe-west-1", None),
            ("--", None),
        ];
        for (region, expected) in cases {
            assert_eq!(zone_prefix(region).as_deref(), expected, "{region}");
        }
    }

    #[test]
    fn every_suggested_region_has_the_form_of_one() {
        for region in REGIONS {
            assert!(zone_prefix(region).is_some(), "{region}");
        }
    }

    #[test]
    fn zone_names_are_told_from_zone_ids() {
        assert_eq!(split_zone_id("euc1-az1"), Some(("euc1", 1)));
        assert_eq!(split_zone_id("usgw1-az10"), Some(("usgw1", 10)));
        assert_eq!(split_zone_id("eu-central-1a"), None);
        assert_eq!(split_zone_id("euc1-az01"), None);
        assert_eq!(split_zone_id("euc1-az"), None);
        assert_eq!(zone_name("eu-central-1b"), Some(("euc1".to_owned(), 2)));
        assert_eq!(zone_name("euc1-az1"), None);
        assert_eq!(zone_name(""), None);
    }
}
