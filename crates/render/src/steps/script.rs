//! Commands of one entry: values are read into variables first, each once, and a command refuses
//! to run without one (`${NAME:?}`).

use std::collections::BTreeSet;

use blueprint::ids::{ClusterId, ObjectId};
use blueprint::spec::{Auth, ClusterKind};
use blueprint::step::{Needed, What};

use super::Site;
use super::accepter::{self, Role};
use crate::assigned;
use crate::names;
use crate::object::{Attribute, Object};
use crate::target::Target;
use crate::unit::{Source, Unit};
use crate::value::Input;

/// A shell function that the commands use.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Helper {
    /// What a stack or module gave.
    Output,
    /// The address of a broker of Amazon MSK.
    BrokerAddress,
    /// The domain under which Amazon MSK names a cluster's brokers.
    Domain,
    /// What follows `boot-` in the name of a Serverless cluster.
    OwnDomain,
    /// The route table of a subnet that exists.
    RouteTable,
    /// Waits for a state.
    Until,
}

/// The lines of one entry.
pub(super) struct Script<'s, 'a> {
    site: &'s Site<'a>,
    lines: Vec<String>,
    pub(super) helpers: BTreeSet<Helper>,
}

impl<'s, 'a> Script<'s, 'a> {
    pub(super) fn new(site: &'s Site<'a>) -> Self {
        Self {
            site,
            lines: Vec::new(),
            helpers: BTreeSet::new(),
        }
    }

    /// Adds a line.
    pub(super) fn line(&mut self, line: impl Into<String>) {
        self.lines.push(line.into());
    }

    /// The block of code.
    pub(super) fn block(&self) -> String {
        format!("```sh\n{}\n```\n", self.lines.join("\n"))
    }

    /// Reads a value into a variable, unless it has been read; returns its use.
    fn read(&mut self, name: &str, command: &str) -> String {
        let line = format!("{name}={command}");
        if !self.lines.contains(&line) {
            self.lines.push(line);
        }
        used(name)
    }

    /// The value of a unit's input when it is applied first, or later.
    pub(super) fn input(&mut self, unit: &Unit, name: &str, source: &Source) -> String {
        let variable = self.site.target.written(name);
        match source {
            Source::Output { unit, name } => self.output(unit, name),
            Source::Switch(_) => "true".to_owned(),
            Source::Outside(input) => match input {
                Input::BrokerAddress { cluster, broker } => {
                    self.broker_address(&variable, cluster, *broker)
                }
                Input::Suffix { cluster } => self.domain(&variable, cluster),
                Input::RouteTableOf { subnet } => {
                    self.helpers.insert(Helper::RouteTable);
                    let command = format!(
                        "$(route_table {} {} {subnet})",
                        unit.place.account, unit.place.region
                    );
                    self.read(&variable, &command)
                }
                Input::Certificate { of, names } => {
                    let names = assigned::told_all(self.site.blueprint, names);
                    let what = format!("ARN of a certificate for `{of}` with {names}");
                    self.asked(&variable, &what)
                }
                Input::Given { name, what } => match accepter::of(self.site, name) {
                    Some(role) => self.role(&variable, &role),
                    None => self.asked(&variable, what),
                },
            },
        }
    }

    /// Makes the role by which CloudFormation accepts a peering for the other account.
    fn role(&mut self, variable: &str, role: &Role<'_>) -> String {
        let vpc = self.value(&role.vpc_id.into(), Attribute::Id);
        for line in role.commands(vpc.as_deref().unwrap_or("*")) {
            self.line(line);
        }
        self.read(variable, &role.arn())
    }

    /// A value that only the user has.
    fn asked(&mut self, variable: &str, what: &str) -> String {
        let line = format!("# first set {variable}: {what}");
        if !self.lines.contains(&line) {
            self.lines.push(line);
        }
        used(variable)
    }

    /// A value that nothing here tells, by the text that stands for it in a step.
    pub(super) fn named_by_user(&mut self, text: &str) -> String {
        let variable = self.site.target.written(&names::kebab(text));
        self.asked(&variable, text.trim_matches(['<', '>']))
    }

    /// An output of a unit.
    pub(super) fn output(&mut self, path: &str, name: &str) -> String {
        let name = self.site.target.written(name);
        let command = self.output_command(path, &name);
        self.read(&name, &command)
    }

    fn output_command(&mut self, path: &str, name: &str) -> String {
        let Some(unit) = self.site.unit(path) else {
            return String::new();
        };
        self.helpers.insert(Helper::Output);
        match self.site.target {
            Target::CloudFormation => format!(
                "$(output {} {} {} {name})",
                unit.place.account, unit.place.region, unit.stack
            ),
            Target::Terraform => format!("$(output {} {path} {name})", unit.place.account),
        }
    }

    /// The value of an object: AWS's id of one that exists, else what its unit gives.
    pub(super) fn value(&mut self, object: &ObjectId, attribute: Attribute) -> Option<String> {
        if let Some(known) = self.site.blueprint.existing.get(object) {
            return Some(known.clone());
        }
        let (path, name) = self
            .site
            .given(|held| held.noun().as_ref() == Some(object), attribute)?;
        Some(self.output(&path, &name))
    }

    /// Where a cluster is and its ARN.
    fn cluster(&mut self, cluster: &str) -> Option<(String, String)> {
        let id = ClusterId::from(cluster);
        let vpc = &self.site.blueprint.clusters.get(&id)?.vpc;
        let vpc = self.site.blueprint.vpcs.get(vpc)?;
        let place = format!("{} {}", vpc.account, vpc.region);
        let arn = self.value(&id.into(), Attribute::Arn)?;
        Some((place, arn))
    }

    fn broker_address(&mut self, variable: &str, cluster: &str, broker: u32) -> String {
        let Some((place, arn)) = self.cluster(cluster) else {
            return self.asked(
                variable,
                &format!("address of broker {broker} of `{cluster}`"),
            );
        };
        self.helpers.insert(Helper::BrokerAddress);
        self.read(
            variable,
            &format!("$(broker_address {place} {arn} {broker})"),
        )
    }

    /// The domain of a cluster's names.
    pub(super) fn domain(&mut self, variable: &str, cluster: &str) -> String {
        let Some((place, arn)) = self.cluster(cluster) else {
            return self.asked(variable, &format!("domain of the brokers of `{cluster}`"));
        };
        self.helpers.insert(Helper::Domain);
        let field = bootstrap_field(self.site, cluster);
        self.read(variable, &format!("$(domain {place} {arn} {field})"))
    }

    fn is_serverless(&self, cluster: &str) -> bool {
        let clusters = &self.site.blueprint.clusters;
        let cluster = clusters.get(&ClusterId::from(cluster));
        cluster.is_some_and(|cluster| cluster.kind == ClusterKind::MskServerless)
    }

    /// The part of a Serverless cluster's names that is its own.
    fn own_domain(&mut self, variable: &str, cluster: &str) -> String {
        let Some((place, arn)) = self.cluster(cluster) else {
            return self.asked(
                variable,
                &format!("what follows `boot-` in `{cluster}`'s name"),
            );
        };
        self.helpers.insert(Helper::OwnDomain);
        self.read(variable, &format!("$(own_domain {place} {arn})"))
    }

    /// What stands for a needed value in a command of an account in a Region.
    pub(super) fn needed(
        &mut self,
        needed: &Needed,
        account: &str,
        region: &str,
    ) -> Option<String> {
        let Needed { object, what } = needed;
        let named = |what: &str| {
            let name = names::kebab(&format!("{}-{what}", object.id));
            self.site.target.written(&name)
        };
        match what {
            What::Id => self.value(object, Attribute::Id),
            What::Arn => self.value(object, Attribute::Arn),
            What::Version => {
                let variable = named("version");
                let arn = self.value(object, Attribute::Arn)?;
                let command = format!(
                    "$(aws kafka describe-cluster-v2 --profile {account} --region {region} --cluster-arn {arn} --query ClusterInfo.CurrentVersion --output text)"
                );
                Some(self.read(&variable, &command))
            }
            What::Domain => {
                let variable = named("domain");
                Some(match self.is_serverless(&object.id) {
                    true => self.own_domain(&variable, &object.id),
                    false => self.domain(&variable, &object.id),
                })
            }
            What::Invitation => {
                let variable = named("invitation");
                let is_share = |held: &Object| held.shares().as_ref() == Some(object);
                let (path, name) = self.site.given(is_share, Attribute::Arn)?;
                let share = self.output(&path, &name);
                let command = format!(
                    "$(aws ram get-resource-share-invitations --profile {account} --region {region} --resource-share-arns {share} --query \"resourceShareInvitations[?status=='PENDING'].resourceShareInvitationArn\" --output text)"
                );
                Some(self.read(&variable, &command))
            }
        }
    }
}

/// A variable's value, without which the command stops.
fn used(variable: &str) -> String {
    format!("\"${{{variable}:?}}\"")
}

/// The field of `get-bootstrap-brokers` that a cluster has, by a scheme its clients use.
fn bootstrap_field(site: &Site<'_>, cluster: &str) -> &'static str {
    let cluster = site.blueprint.clusters.get(&ClusterId::from(cluster));
    let listeners = cluster.into_iter().flat_map(|cluster| {
        let brokers = cluster
            .brokers
            .values()
            .flat_map(|broker| &broker.listeners);
        brokers.filter(|(name, _)| **name != cluster.inter_broker_listener)
    });
    let schemes: BTreeSet<Auth> = listeners.map(|(_, listener)| listener.auth).collect();
    match schemes.first() {
        None | Some(Auth::None) => "BootstrapBrokerString",
        Some(Auth::Tls | Auth::Mtls) => "BootstrapBrokerStringTls",
        Some(Auth::Scram) => "BootstrapBrokerStringSaslScram",
        Some(Auth::Iam) => "BootstrapBrokerStringSaslIam",
    }
}
