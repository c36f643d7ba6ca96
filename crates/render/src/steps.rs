//! The order in which everything is applied, for people: `STEPS.md`. Each command can be copied as
//! it stands; where a value comes from stands in the line before.

mod accepter;
mod agenda;
mod entries;
mod picture;
mod script;
mod shared;
mod undo;
mod users;
mod waits;
mod yours;

use std::collections::BTreeSet;
use std::fmt::Write;

use blueprint::Blueprint;
use blueprint::kafka::AdvertisedBy;
use blueprint::stage::Stage;

use crate::object::{Attribute, Object};
use crate::target::Target;
use crate::unit::Unit;
use agenda::Entry;
use script::{Helper, Script};

/// How to see that everything works.
const CHECKED: &str = "## Does it work?\n\n`breezeway check` has followed every path of the spec. The running network is as good when a client's host prints every broker here, not only the first:\n\n```sh\nkafka-broker-api-versions.sh --bootstrap-server \"$BOOTSTRAP\" --command-config client.properties | grep 'id: '\n```\n\n";

/// Finds a subnet's route table: AWS lists none for a subnet that uses its VPC's main one.
const ROUTE_TABLE: &str = "# the route table of a subnet, its VPC's main one unless it has its own: route_table ACCOUNT REGION SUBNET\nroute_table() {\n  table=$(aws ec2 describe-route-tables --profile \"$1\" --region \"$2\" --filters \"Name=association.subnet-id,Values=$3\" --query 'RouteTables[].RouteTableId' --output text)\n  if [ -z \"$table\" ]; then\n    vpc=$(aws ec2 describe-subnets --profile \"$1\" --region \"$2\" --subnet-ids \"$3\" --query 'Subnets[0].VpcId' --output text)\n    table=$(aws ec2 describe-route-tables --profile \"$1\" --region \"$2\" --filters \"Name=vpc-id,Values=$vpc\" Name=association.main,Values=true --query 'RouteTables[].RouteTableId' --output text)\n  fi\n  [ -n \"$table\" ] || echo \"no route table found for $3: is it a subnet of account $1 in $2?\" >&2\n  echo \"$table\"\n}";

/// What is written about.
struct Site<'a> {
    blueprint: &'a Blueprint,
    units: &'a [Unit],
    target: Target,
}

impl<'a> Site<'a> {
    fn unit(&self, path: &str) -> Option<&'a Unit> {
        self.units.iter().find(|unit| unit.path == path)
    }

    /// The output with what AWS gives an object: its unit's path and its name.
    fn given(
        &self,
        is_it: impl Fn(&Object) -> bool,
        attribute: Attribute,
    ) -> Option<(String, String)> {
        let outputs = self.units.iter().flat_map(|unit| {
            let outputs = unit.outputs.iter();
            outputs.map(move |(name, given)| (unit, name, given))
        });
        let mut found = outputs.filter(|(_, _, (object, of))| *of == attribute && is_it(object));
        let (unit, name, _) = found.next()?;
        Some((unit.path.clone(), name.clone()))
    }
}

/// The text of `STEPS.md`.
pub(crate) fn text(blueprint: &Blueprint, units: &[Unit], target: Target) -> String {
    let site = Site {
        blueprint,
        units,
        target,
    };
    let entries = agenda::of(&site);
    let mut helpers = BTreeSet::new();
    let sections = sections(&site, &entries, &mut helpers);
    let yours = yours::text(&site);
    let mut text = format!("# From files to a running `{}`\n\n", blueprint.name);
    text.push_str(
        "Who does what, by number, from left to right; what stands in brackets no file does.\n\n",
    );
    let _ = write!(text, "```text\n{}```\n\n", picture::draw(&entries));
    text.push_str(&before(&site, &helpers));
    text.push_str(&sections);
    text.push_str(CHECKED);
    text.push_str(&undo::text(&site));
    let _ = write!(text, "## Yours\n\nWhat these files do not make:\n\n{yours}");
    text
}

fn sections(site: &Site<'_>, entries: &[Entry<'_>], helpers: &mut BTreeSet<Helper>) -> String {
    let mut text = String::new();
    let mut stage = None;
    for (at, entry) in entries.iter().enumerate() {
        if stage != Some(entry.stage) {
            stage = Some(entry.stage);
            let _ = write!(
                text,
                "## Stage {}\n\n{}{}\n\n",
                entry.stage,
                about(entry.stage),
                interruptions(site, entry.stage)
            );
        }
        let mut script = Script::new(site);
        text.push_str(&entries::section(site, at + 1, entry, &mut script));
        text.push('\n');
        helpers.append(&mut script.helpers);
    }
    text
}

/// What a stage is for.
fn about(stage: Stage) -> &'static str {
    match stage {
        Stage::Network => "VPCs and what is inside them. Nothing leads out yet.",
        Stage::Cluster => "Kafka itself. Making a cluster takes a while.",
        Stage::Front => "What the clusters' owners offer to others.",
        Stage::Entrance => "What the clients' owners make of the offer.",
        Stage::Routes => "What leads there, then the brokers' settings, then the clients'.",
    }
}

/// Whom a stage cuts off until its end: the names of moved listeners lead to the balancer before
/// the brokers know.
fn interruptions(site: &Site<'_>, stage: Stage) -> String {
    let is_last = stage == Stage::Routes;
    let clusters = site.blueprint.clusters.iter().filter(|_| is_last);
    let moved = clusters.filter(|(_, cluster)| match cluster.advertised_by {
        Some(AdvertisedBy::Property(_) | AdvertisedBy::PerBroker(_)) => true,
        Some(AdvertisedBy::ServerProperties) | None => false,
    });
    let texts = moved.map(|(id, cluster)| {
        format!(
            " **Clients of `{id}` in `{}` that already run are cut off** from the moment its names lead to the balancer until brokers and clients have their new settings: do this stage in one go.",
            cluster.vpc
        )
    });
    texts.collect()
}

/// What is set up before the first step.
fn before(site: &Site<'_>, helpers: &BTreeSet<Helper>) -> String {
    let tool = match site.target {
        Target::CloudFormation => "the AWS CLI",
        Target::Terraform => "Terraform and the AWS CLI",
    };
    let mut text = format!(
        "## Before\n\nYou need {tool} and for each account a profile that is called by its number: `aws configure --profile NUMBER`, or `sso`. This prints the number again if it is the right one:\n\n```sh\n"
    );
    let places = site.units.iter().map(|unit| &unit.place.account);
    let steps = site.blueprint.steps.iter().map(|step| &step.account);
    for account in places.chain(steps).collect::<BTreeSet<_>>() {
        let _ = writeln!(
            text,
            "aws sts get-caller-identity --profile {account} --query Account --output text"
        );
    }
    text.push_str("```\n\nCommands are run in this folder, in one order whatever the account. ");
    match site.target {
        Target::CloudFormation => {}
        Target::Terraform => text.push_str(
            "Each folder keeps its own state, beside the files unless you configure a backend. ",
        ),
    }
    text.push_str("`${NAME:?}` stops a command whose value could not be read.\n");
    if !helpers.is_empty() {
        text.push_str("\nThe commands use these functions:\n\n```sh\n");
        for helper in helpers {
            let _ = writeln!(text, "{}", definition(*helper, site.target));
        }
        text.push_str("```\n");
    }
    text.push('\n');
    text
}

fn definition(helper: Helper, target: Target) -> &'static str {
    match (helper, target) {
        (Helper::Output, Target::CloudFormation) => {
            "# what a stack gave: output ACCOUNT REGION STACK NAME\noutput() { aws cloudformation describe-stacks --profile \"$1\" --region \"$2\" --stack-name \"$3\" --query \"Stacks[0].Outputs[?OutputKey=='$4'].OutputValue\" --output text; }"
        }
        (Helper::Output, Target::Terraform) => {
            "# what a folder gave: output ACCOUNT FOLDER NAME\noutput() { AWS_PROFILE=\"$1\" terraform -chdir=\"$2\" output -raw \"$3\"; }"
        }
        (Helper::BrokerAddress, _) => {
            "# the address of a broker: broker_address ACCOUNT REGION CLUSTER BROKER\nbroker_address() { aws kafka list-nodes --profile \"$1\" --region \"$2\" --cluster-arn \"$3\" --query \"NodeInfoList[?BrokerNodeInfo.BrokerId==\\`$4\\`].BrokerNodeInfo.ClientVpcIpAddress\" --output text; }"
        }
        (Helper::RouteTable, _) => ROUTE_TABLE,
        (Helper::Until, _) => waits::FUNCTION,
        (Helper::OwnDomain, _) => {
            "# what a Serverless cluster's names end in: own_domain ACCOUNT REGION CLUSTER\nown_domain() { aws kafka get-bootstrap-brokers --profile \"$1\" --region \"$2\" --cluster-arn \"$3\" --query BootstrapBrokerStringSaslIam --output text | cut -d: -f1 | cut -s -d- -f2-; }"
        }
        (Helper::Domain, _) => {
            "# the domain of the brokers' names: domain ACCOUNT REGION CLUSTER FIELD\ndomain() { aws kafka get-bootstrap-brokers --profile \"$1\" --region \"$2\" --cluster-arn \"$3\" --query \"$4\" --output text | cut -d: -f1 | cut -s -d. -f2-; }"
        }
    }
}
