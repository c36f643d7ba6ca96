//! Reads ids of what exists in AWS already.

use super::fields::{Item, Reader};
use super::scalars::short;
use crate::diagnostic::Diagnostic;
use crate::spec::Vpc;

/// Most hexadecimal digits behind an id's prefix: AWS gives seventeen, older objects have eight.
const MAX_ID_DIGITS: usize = 17;

/// Most characters of a hosted zone's id (Route 53 API, `ResourceId`).
const MAX_ZONE_ID_CHARS: usize = 32;

/// A kind of object that a spec can name by its id.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Existing {
    Vpc,
    Subnet,
    SecurityGroup,
    TransitGateway,
    HostedZone,
}

impl Existing {
    fn word(self) -> &'static str {
        match self {
            Self::Vpc => "VPC",
            Self::Subnet => "subnet",
            Self::SecurityGroup => "security group",
            Self::TransitGateway => "transit gateway",
            Self::HostedZone => "hosted zone",
        }
    }

    fn example(self) -> &'static str {
        match self {
            Self::Vpc => "vpc-0abc",
            Self::Subnet => "subnet-0abc",
            Self::SecurityGroup => "sg-0abc",
            Self::TransitGateway => "tgw-0abc",
            Self::HostedZone => "Z0ABC",
        }
    }

    /// Whether several parts of a spec may name the same one.
    fn is_shared(self) -> bool {
        match self {
            Self::SecurityGroup | Self::HostedZone => true,
            Self::Vpc | Self::Subnet | Self::TransitGateway => false,
        }
    }

    fn has_form(self, text: &str) -> bool {
        let prefix = match self {
            Self::Vpc => "vpc-",
            Self::Subnet => "subnet-",
            Self::SecurityGroup => "sg-",
            Self::TransitGateway => "tgw-",
            Self::HostedZone => return is_zone_id(text),
        };
        let is_hex = |c: char| c.is_ascii_digit() || ('a'..='f').contains(&c);
        text.strip_prefix(prefix).is_some_and(|digits| {
            (1..=MAX_ID_DIGITS).contains(&digits.len()) && digits.chars().all(is_hex)
        })
    }
}

impl Reader {
    /// Reads the id of an object that exists.
    pub(super) fn existing(&mut self, item: &Item<'_>, kind: Existing) -> Option<String> {
        let (word, example) = (kind.word(), kind.example());
        let text = self.text(item, &format!("a {word}'s id"), &format!("`{example}`"))?;
        if !kind.has_form(text) {
            let title = format!("`{}` is no id of a {word}", short(text));
            let finding = Diagnostic::error("bad-id", title, item.at())
                .label(format!("expected the form of `{example}`"))
                .help("write the id that AWS shows, in full, or remove this key to have one made");
            self.push(finding);
            return None;
        }
        (kind.is_shared() || self.id_is_new(item, text)).then(|| text.to_owned())
    }

    /// Reads the id of a cluster of Amazon MSK in a VPC, if that is known.
    pub(super) fn cluster_arn(&mut self, item: &Item<'_>, vpc: Option<&Vpc>) -> Option<String> {
        let example = "`id: arn:aws:kafka:eu-central-1:111111111111:cluster/orders/0abc-1`";
        let text = self.text(item, "a cluster's ARN", example)?;
        let Some((region, account)) = region_and_account(text) else {
            let title = format!("`{}` is no ARN of a cluster", short(text));
            let finding = Diagnostic::error("bad-id", title, item.at())
                .label("not of the form of an ARN of Amazon MSK")
                .help(format!("write the whole ARN, such as {example}"));
            self.push(finding);
            return None;
        };
        let known = vpc.filter(|vpc| !vpc.region.is_empty());
        if let Some(vpc) = known.filter(|vpc| vpc.region != region || vpc.account != account) {
            let title = format!("the ARN is of account {account} in {region}");
            let finding = Diagnostic::error("bad-id", title, item.at())
                .label(format!(
                    "the cluster's VPC is of account {} in {}",
                    vpc.account, vpc.region
                ))
                .help("write the ARN of the cluster in this VPC, or mend the VPC");
            self.push(finding);
            return None;
        }
        self.id_is_new(item, text).then(|| text.to_owned())
    }

    /// Reads the name of a cluster on EC2.
    pub(super) fn cluster_word(&mut self, item: &Item<'_>) -> Option<String> {
        let text = self.text(item, "a cluster's name", "`id: orders`")?;
        let is_word = |c: char| c.is_ascii_alphanumeric() || "._-".contains(c);
        if text.is_empty() || !text.chars().all(is_word) {
            let title = format!("`{}` is no name of a cluster", short(text));
            let finding = Diagnostic::error("bad-id", title, item.at())
                .label("expected letters, digits, `.`, `_` and `-`")
                .help("write the name under which the cluster is known, such as `id: orders`");
            self.push(finding);
            return None;
        }
        self.id_is_new(item, text).then(|| text.to_owned())
    }

    fn id_is_new(&mut self, item: &Item<'_>, text: &str) -> bool {
        let Some(first) = self.ids.get(text).cloned() else {
            self.ids.insert(text.to_owned(), item.at());
            return true;
        };
        self.push(
            Diagnostic::error(
                "duplicate-id",
                format!("`{}` is given twice", short(text)),
                item.at(),
            )
            .label("given again")
            .related(first, "first given here")
            .help("give each the id of its own"),
        );
        false
    }
}

fn is_zone_id(text: &str) -> bool {
    let is_digit = |c: char| c.is_ascii_uppercase() || c.is_ascii_digit();
    (2..=MAX_ZONE_ID_CHARS).contains(&text.len())
        && text.starts_with('Z')
        && text.chars().all(is_digit)
}

/// Region and account of an ARN such as `arn:aws:kafka:REGION:ACCOUNT:cluster/NAME/UUID`.
fn region_and_account(arn: &str) -> Option<(&str, &str)> {
    let parts: Vec<&str> = arn.splitn(6, ':').collect();
    let [
        "arn",
        "aws" | "aws-cn" | "aws-us-gov",
        "kafka",
        region,
        account,
        resource,
    ] = parts.as_slice()
    else {
        return None;
    };
    let is_word = |part: &str| {
        let inner = |c: char| c.is_ascii_alphanumeric() || c == '-';
        !part.is_empty() && part.chars().all(inner)
    };
    let path: Vec<&str> = resource.split('/').collect();
    let is_cluster = match path.as_slice() {
        ["cluster", name, uuid] => is_word(name) && is_word(uuid),
        _ => false,
    };
    let is_account = account.len() == 12 && account.chars().all(|c| c.is_ascii_digit());
    (is_word(region) && is_account && is_cluster).then_some((*region, *account))
}
