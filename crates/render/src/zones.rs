//! What the texts of both targets say about names: how long answers are kept, and resolver rules.

use blueprint::dns::ResolverRule;
use blueprint::ids::ResolverRuleId;

use crate::names;
use crate::value::{Input, Value};

/// Seconds for which an answer may be kept: what Route 53 itself gives for aliases of balancers
/// (Route 53 guide, "Choosing between alias and non-alias records").
pub(crate) const TTL_S: u32 = 60;

/// Most characters of the name of a resolver rule (Route 53 Resolver API, `Name`).
const MAX_RULE_NAME_CHARS: usize = 64;

/// The name of a resolver rule.
pub(crate) fn rule_name(id: &ResolverRuleId) -> String {
    names::short(id.as_str(), MAX_RULE_NAME_CHARS)
}

/// The resolver endpoint that a rule sends questions from: one that exists.
pub(crate) fn resolver_endpoint(id: &ResolverRuleId, rule: &ResolverRule) -> Value {
    Value::Input(Input::Given {
        name: format!("{}-resolver-endpoint-id", names::kebab(id.as_str())),
        what: format!(
            "ID of the outbound resolver endpoint that asks for names under {}",
            rule.domain
        ),
    })
}
