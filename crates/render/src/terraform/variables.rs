//! The variables of a root module.

use blueprint::Blueprint;

use super::hcl::{self, Entry, Expression};
use super::print::snake;
use crate::assigned;
use crate::unit::{Source, Unit};
use crate::value::{Input, Switch};

/// The variables of a module, each with where its value comes from.
pub(super) fn text(blueprint: &Blueprint, unit: &Unit) -> String {
    let variables = unit.inputs.iter().map(|(name, source)| {
        let (kind, what) = match source {
            Source::Switch(switch) => ("bool", switched(switch)),
            Source::Output { unit, name } => {
                ("string", format!("output `{}` of {unit}", snake(name)))
            }
            Source::Outside(input) => ("string", outside(blueprint, input)),
        };
        let mut body = vec![
            Entry::argument("description", Expression::text(&what)),
            Entry::argument("type", Expression::Raw(kind.to_owned())),
        ];
        match source {
            Source::Switch(_) => body.push(Entry::argument(
                "default",
                Expression::Raw("false".to_owned()),
            )),
            Source::Outside(input) => body.extend(validation(&snake(name), input)),
            Source::Output { .. } => {}
        }
        Entry::block(format!("variable \"{}\"", snake(name)), body)
    });
    hcl::text(&variables.collect::<Vec<_>>())
}

fn switched(switch: &Switch) -> String {
    match switch {
        Switch::Advertised { cluster } => {
            format!("whether the brokers of `{cluster}` advertise what the network leads to")
        }
        Switch::VpcConnectivity { cluster } => {
            format!("whether VPC connectivity of `{cluster}` is on")
        }
    }
}

fn outside(blueprint: &Blueprint, input: &Input) -> String {
    match input {
        Input::BrokerAddress { cluster, broker } => {
            format!("private IPv4 address of broker {broker} of `{cluster}`")
        }
        Input::Suffix { cluster } => {
            format!("domain under which Amazon MSK names the brokers of `{cluster}`")
        }
        Input::RouteTableOf { subnet } => format!("id of the route table that {subnet} uses"),
        Input::Certificate { of, names } => {
            let names = assigned::told_all(blueprint, names);
            format!("ARN of the certificate (ACM) that `{of}` presents for {names}")
        }
        Input::Given { what, .. } => what.clone(),
    }
}

/// What can be told of an input's form before AWS sees it.
fn validation(variable: &str, input: &Input) -> Option<Entry> {
    let (condition, message) = match input {
        Input::BrokerAddress { .. } => (
            format!("can(cidrhost(\"${{var.{variable}}}/32\", 0))"),
            "expected an IPv4 address.",
        ),
        Input::Suffix { .. } => (
            format!("!startswith(var.{variable}, \".\") && !endswith(var.{variable}, \".\")"),
            "expected a domain without a dot at either end.",
        ),
        Input::RouteTableOf { .. } => (
            format!("startswith(var.{variable}, \"rtb-\")"),
            "expected the id of a route table, rtb-0abc.",
        ),
        Input::Certificate { .. } => (
            format!("startswith(var.{variable}, \"arn:\")"),
            "expected an ARN.",
        ),
        Input::Given { .. } => return None,
    };
    let message = message.to_owned();
    let body = vec![
        Entry::argument("condition", Expression::Raw(condition)),
        Entry::argument("error_message", Expression::text(&message)),
    ];
    Some(Entry::block("validation", body))
}
