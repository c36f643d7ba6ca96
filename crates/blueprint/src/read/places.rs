//! Readers of where things are: Regions and zone ids.

use super::fields::{Item, Reader};
use super::nearest::nearest;
use super::scalars::{parse_number, short};
use crate::diagnostic::{At, Diagnostic};
use crate::ids::ZoneId;

/// Most zones a VPC can have subnets in: us-east-1 has six, no Region has more.
pub const MAX_ZONES_PER_VPC: usize = 6;

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
            let at = self.regions_at.entry(text.to_owned());
            at.or_insert_with(|| item.at());
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

    /// Reads a zone id of a Region; an empty one measures nothing.
    pub(super) fn zone(&mut self, item: &Item<'_>, region: &str) -> Option<ZoneId> {
        let text = self.text(item, "a zone id", "`euc1-az1`")?;
        let Some((prefix, number)) = split_zone_id(text) else {
            self.push(bad_zone(item, text, region));
            return None;
        };
        let measured = !self.doubted_regions.contains(region);
        match zone_prefix(region) {
            Some(expected) if measured && expected != prefix => {
                if !REGIONS.contains(&region) {
                    self.unknown_region(region, item, text);
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
                    .help(format!(
                        "write `{expected}-az{number}`, or say the VPC's own `region`"
                    )),
                );
                None
            }
            Some(_) | None => Some(ZoneId(text.to_owned())),
        }
    }

    /// Reports a Region that is not among the known ones and has other zones than the spec. No
    /// further zone is measured by it.
    fn unknown_region(&mut self, region: &str, item: &Item<'_>, zone: &str) {
        self.doubted_regions.insert(region.to_owned());
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
        let at = self.regions_at.get(region).cloned();
        let at = at.unwrap_or_else(|| item.at());
        let title = format!("`{}` is no known AWS Region", short(region));
        self.push(
            Diagnostic::error("bad-region", title, at)
                .label("not the Region of the zones")
                .related(item.at(), "a zone of another Region")
                .help(help),
        );
    }

    /// Reads a list of zone ids of a Region.
    pub(super) fn zones(&mut self, item: &Item<'_>, region: &str) -> Option<Vec<ZoneId>> {
        let zones = self.zone_items(item, region)?;
        Some(zones.into_iter().map(|(zone, _)| zone).collect())
    }

    /// Reads a list of zone ids without repetition, each with its item.
    pub(super) fn zone_items<'n>(
        &mut self,
        item: &Item<'n>,
        region: &str,
    ) -> Option<Vec<(ZoneId, Item<'n>)>> {
        let example = zones_example(region);
        let items = self.list(item, &example, MAX_ZONES_PER_VPC)?;
        let mut seen: Vec<(ZoneId, Item<'_>)> = Vec::new();
        for item in items {
            let Some(zone) = self.zone(&item, region) else {
                continue;
            };
            match seen.iter().find(|(other, _)| *other == zone) {
                Some((_, first)) => self.repeated(zone.as_str(), &item, first),
                None => seen.push((zone, item)),
            }
        }
        Some(seen)
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
}

/// What a list of zones of a Region looks like.
pub(super) fn zones_example(region: &str) -> String {
    let prefix = zone_prefix(region).unwrap_or_else(|| "euc1".to_owned());
    format!("`zones: [{prefix}-az1, {prefix}-az2]`")
}

fn bad_zone(item: &Item<'_>, text: &str, region: &str) -> Diagnostic {
    let title = format!("`{}` is no zone id", short(text));
    let finding = Diagnostic::error("bad-zone", title, item.at());
    if let Some((prefix, number)) = zone_name(text) {
        return finding
            .label("the name of a zone, not its id")
            .note("zone names mean another place in each account; zone ids are the same everywhere")
            .help(format!(
                "write the id, such as `{prefix}-az{number}`; `aws ec2 describe-availability-zones` of that account lists both"
            ));
    }
    let prefix = zone_prefix(region).unwrap_or_else(|| "euc1".to_owned());
    finding
        .label("not of the form of a zone id")
        .help(format!("write an id such as `{prefix}-az1`"))
}

/// What a Region's zone ids start with, such as `euc1` for eu-central-1; none if the text has
/// not the form of a Region.
pub fn zone_prefix(region: &str) -> Option<String> {
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
