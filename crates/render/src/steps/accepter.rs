//! The role by which CloudFormation accepts a peering for the other account: no template makes it,
//! because it is there before the stack that asks.

use std::collections::BTreeMap;

use blueprint::network::Vpc;

use super::Site;
use crate::names;
use crate::policies;
use crate::unit::Source;
use crate::value::Input;

/// How the name of the input ends that takes the role.
const ACCEPTER_ROLE: &str = "-accepter-role-arn";

/// Characters of a role's name (IAM quotas).
const MAX_ROLE_NAME: usize = 64;

/// Its one policy.
pub(super) const POLICY: &str = "accept";

/// Seconds that a new role takes to be known everywhere: IAM is eventually consistent.
const ROLE_SPREADS_S: u32 = 15;

/// The role of a peering.
pub(super) struct Role<'a> {
    /// The account that accepts and has the role.
    pub(super) account: &'a str,
    pub(super) name: String,
    /// The VPC for which it accepts.
    pub(super) vpc: &'a Vpc,
    pub(super) vpc_id: &'a blueprint::ids::VpcId,
    requester: &'a str,
}

/// The role that an input takes, by the input's name.
pub(super) fn of<'a>(site: &Site<'a>, input: &str) -> Option<Role<'a>> {
    let blueprint = site.blueprint;
    let mut peerings = blueprint.peerings.iter();
    let (id, peering) =
        peerings.find(|(id, _)| names::kebab(&format!("{id}{ACCEPTER_ROLE}")) == input)?;
    let requester = blueprint.vpcs.get(&peering.requester)?;
    let vpc = blueprint.vpcs.get(&peering.accepter)?;
    Some(Role {
        account: &vpc.account,
        name: names::short(&format!("{}-{id}-accepter", blueprint.name), MAX_ROLE_NAME),
        vpc,
        vpc_id: &peering.accepter,
        requester: &requester.account,
    })
}

/// Every role, by account and name.
pub(super) fn all<'a>(site: &Site<'a>) -> Vec<Role<'a>> {
    let inputs = site.units.iter().flat_map(|unit| unit.inputs.values());
    let roles = inputs.filter_map(|source| match source {
        Source::Outside(Input::Given { name, .. }) => of(site, name),
        Source::Outside(_) | Source::Output { .. } | Source::Switch(_) => None,
    });
    let roles: BTreeMap<_, _> = roles
        .map(|role| ((role.account, role.name.clone()), role))
        .collect();
    roles.into_values().collect()
}

impl Role<'_> {
    fn partition(&self) -> &'static str {
        policies::partition(&self.vpc.region)
    }

    pub(super) fn arn(&self) -> String {
        format!(
            "arn:{}:iam::{}:role/{}",
            self.partition(),
            self.account,
            self.name
        )
    }

    /// The commands that make it, unless it is there. A VPC is how a shell writes its id.
    pub(super) fn commands(&self, vpc: &str) -> Vec<String> {
        let Self {
            account,
            name,
            requester,
            ..
        } = self;
        let (partition, region) = (self.partition(), &self.vpc.region);
        let trust = format!(
            r#"{{"Version":"2012-10-17","Statement":[{{"Effect":"Allow","Principal":{{"AWS":"arn:{partition}:iam::{requester}:root"}},"Action":"sts:AssumeRole"}}]}}"#
        );
        let may = format!(
            r#"{{"Version":"2012-10-17","Statement":[{{"Effect":"Allow","Action":"ec2:AcceptVpcPeeringConnection","Resource":["arn:{partition}:ec2:{region}:{account}:vpc/'{vpc}'","arn:{partition}:ec2:*:{account}:vpc-peering-connection/*"]}}]}}"#
        );
        let at = format!("--profile {account} --role-name {name}");
        vec![
            format!(
                "# by this role of {account}, {requester} accepts the peering that it asks for"
            ),
            format!(
                "aws iam get-role {at} > /dev/null 2>&1 || aws iam create-role {at} --assume-role-policy-document '{trust}'"
            ),
            format!(
                "aws iam put-role-policy {at} --policy-name {POLICY} --policy-document '{may}'"
            ),
            format!("aws iam wait role-exists {at} && sleep {ROLE_SPREADS_S}"),
        ]
    }
}
