//! Keys of the spec's objects.

use blueprint::key::SpecKey;

/// `vpcs.NAME`
pub(crate) fn vpc(name: &str) -> SpecKey {
    SpecKey::root().key("vpcs").key(name)
}

/// `transit_gateways.NAME`
pub(crate) fn transit_gateway(name: &str) -> SpecKey {
    SpecKey::root().key("transit_gateways").key(name)
}

/// `clusters.NAME`
pub(crate) fn cluster(name: &str) -> SpecKey {
    SpecKey::root().key("clusters").key(name)
}

/// `clients.NAME`
pub(crate) fn client(name: &str) -> SpecKey {
    SpecKey::root().key("clients").key(name)
}

/// `connections[INDEX]`
pub(crate) fn connection(index: usize) -> SpecKey {
    SpecKey::root().key("connections").index(index)
}
