//! What a lab does not raise: found before anything is drawn, so that no network stands that
//! would quietly be another one.

use blueprint::Blueprint;

use crate::error::LabError;

/// Refuses a blueprint of which some object cannot be raised, and names the first such object.
pub(super) fn raisable(blueprint: &Blueprint) -> Result<(), LabError> {
    let first = gateways(blueprint)
        .or_else(|| listeners(blueprint))
        .or_else(|| target_groups(blueprint));
    match first {
        None => Ok(()),
        Some((object, pattern)) => Err(LabError::NotRaised { object, pattern }),
    }
}

type Unraised = Option<(String, &'static str)>;

fn gateways(blueprint: &Blueprint) -> Unraised {
    let id = blueprint.gateways.keys().next()?;
    Some((id.to_string(), "a Kafka-aware gateway"))
}

fn listeners(blueprint: &Blueprint) -> Unraised {
    blueprint.balancers.iter().find_map(|(id, balancer)| {
        let mut listeners = balancer.listeners.iter();
        let (port, _) = listeners.find(|(_, listener)| listener.certificate_names.is_some())?;
        Some((format!("{id}:{port}"), "a listener that ends TLS"))
    })
}

fn target_groups(blueprint: &Blueprint) -> Unraised {
    blueprint.target_groups.iter().find_map(|(id, group)| {
        let preserves = "a target group that preserves client addresses";
        let announces = "a target group that sends PROXY headers";
        let pattern = match (group.preserve_client_ip, group.proxy_protocol) {
            (true, _) => preserves,
            (false, true) => announces,
            (false, false) => return None,
        };
        Some((id.to_string(), pattern))
    })
}
