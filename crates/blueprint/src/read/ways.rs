//! Reads what a connection says of its way: through which VPC, by what carrier, and how what
//! stands before the brokers is set. Keys that have no effect on the way are warned of.

use super::connections::{Ends, IDLE_TIMEOUT_S, MAX_GATEWAYS, PRIVATE_DNS_PREFERENCES};
use super::fields::{Fields, Item, Reader};
use super::nearest::quoted;
use super::scalars::short;
use crate::diagnostic::Diagnostic;
use crate::language::{self, Section};
use crate::source::Value;
use crate::spec::{Carrier, Connection, GatewayMode, Spec, Via, Vpc};

impl Reader {
    /// Reads through which VPC and transit gateway a connection leads; yields the VPC of its
    /// endpoints.
    pub(super) fn connection_way<'s>(
        &mut self,
        fields: &Fields<'_>,
        ends: Ends<'s>,
        spec: &'s Spec,
        connection: &mut Connection,
    ) -> Option<(&'s str, &'s Vpc)> {
        let carrier = fields.get("carrier");
        connection.carrier = carrier
            .and_then(|item| self.word_of(&item, "a carrier", Carrier::WORDS, Carrier::from_word));
        let gateway = fields.get("transit_gateway");
        connection.transit_gateway =
            gateway.and_then(|item| self.transit_reference(&item, ends.from, spec));
        let Some(item) = fields.get("through") else {
            return ends.from;
        };
        let through = self.through(&item, ends)?;
        let held = spec.vpcs.iter().find(|(name, _)| *name == through);
        connection.through = Some(through);
        held.map(|(name, vpc)| (name.as_str(), vpc))
    }

    fn through(&mut self, item: &Item<'_>, ends: Ends<'_>) -> Option<String> {
        let through = self.vpc_reference(item)?;
        let is = |end: Option<(&str, &Vpc)>| end.is_some_and(|(name, _)| name == through);
        let what = match (is(ends.from), is(ends.cluster_vpc)) {
            (true, _) => "the clients' own VPC",
            (false, true) => "the cluster's own VPC",
            (false, false) => return Some(through),
        };
        self.push(
            Diagnostic::error(
                "idle-detour",
                format!("a connection leads through {what} `{through}`"),
                item.at(),
            )
            .label("no other VPC")
            .help("remove `through`, or name a third VPC"),
        );
        None
    }

    /// Reads the name of a transit gateway to which a VPC can be attached.
    fn transit_reference(
        &mut self,
        item: &Item<'_>,
        from: Option<(&str, &Vpc)>,
        spec: &Spec,
    ) -> Option<String> {
        let names = std::mem::take(&mut self.transit_names);
        let found = self.reference(item, "transit gateway", &names);
        self.transit_names = names;
        let name = found?;
        let gateway = spec.transit_gateways.iter().find(|(n, _)| *n == name);
        if let (Some((_, gateway)), Some((vpc_name, vpc))) = (gateway, from) {
            self.same_region(item, (&name, &gateway.region), (vpc_name, &vpc.region))?;
        }
        Some(name)
    }

    /// Reports a VPC in another Region than the transit gateway it is to be attached to.
    pub(super) fn same_region(
        &mut self,
        item: &Item<'_>,
        (gateway, there): (&str, &str),
        (vpc, here): (&str, &str),
    ) -> Option<()> {
        if here == there || here.is_empty() || there.is_empty() {
            return Some(());
        }
        self.push(
            Diagnostic::error(
                "foreign-gateway",
                format!("VPC `{vpc}` lies in {here}, transit gateway `{gateway}` in {there}"),
                item.at(),
            )
            .label("a VPC is attached to transit gateways of its own Region only")
            .help(format!(
                "name a transit gateway of {here}; gateways of two Regions are peered"
            )),
        );
        None
    }

    /// Reads how what stands before the brokers is set.
    pub(super) fn connection_front(&mut self, fields: &Fields<'_>, connection: &mut Connection) {
        let mut flag = |key: &str| fields.get(key).and_then(|item| self.flag(&item));
        connection.cross_zone = flag("cross_zone");
        connection.zone_aligned = flag("zone_aligned");
        connection.terminate_tls = flag("terminate_tls");
        connection.preserve_client_ip = flag("preserve_client_ip");
        connection.enforce_on_privatelink = flag("enforce_on_privatelink");
        connection.acceptance_required = flag("acceptance_required");
        let group = fields.get("group");
        connection.group = group.and_then(|item| {
            let text = self.text(&item, "a name", "`group: partners`")?;
            self.name(text, item.at()).then(|| text.to_owned())
        });
        let names = fields.get("certificate_names");
        connection.certificate_names = names.and_then(|item| self.certificate_names(&item));
        let mode = fields.get("mode");
        connection.mode = mode.and_then(|item| {
            let words = GatewayMode::WORDS;
            self.word_of(
                &item,
                "a mode of the gateway",
                words,
                GatewayMode::from_word,
            )
        });
        let instances = fields.get("instances");
        connection.instances =
            instances.and_then(|item| self.number(&item, "bad-number", 1..=MAX_GATEWAYS, "`2`"));
        let timeout = fields.get("idle_timeout_s");
        connection.idle_timeout_s =
            timeout.and_then(|item| self.number(&item, "bad-number", IDLE_TIMEOUT_S, "`3600`"));
        let preference = fields.get("private_dns_preference");
        connection.private_dns_preference = preference.and_then(|item| {
            let words = PRIVATE_DNS_PREFERENCES;
            let known = |text: &str| words.contains(&text).then(|| text.to_owned());
            self.word_of(&item, "a preference", words, known)
        });
    }

    /// Warns of keys of a connection that have no effect on its way.
    pub(super) fn idle_keys(&mut self, fields: &Fields<'_>, via: Option<Via>) {
        let Some(via) = via else { return };
        self.keys_without_effect(fields, &language::CONNECTION, via);
        let says_or_lacks = |key: &str, word: &str| {
            let value = fields.get(key).map(|item| &item.node.value);
            value.is_none_or(|value| matches!(value, Value::Scalar { text, .. } if text == word))
        };
        if fields.get("through").is_none() {
            self.idle_without(fields, "carrier", via, "through", "`through`");
        }
        let by_gateway = via == Via::TransitGateway || via == Via::Auto;
        if !by_gateway && says_or_lacks("carrier", "peering") {
            let lacks = "`carrier: transit-gateway`";
            self.idle_without(fields, "transit_gateway", via, "carrier", lacks);
        }
        let is_bare = via == Via::Privatelink || via == Via::PrivatelinkPerBroker;
        if is_bare && says_or_lacks("terminate_tls", "false") {
            let lacks = "`terminate_tls: true`";
            self.idle_without(fields, "certificate_names", via, "terminate_tls", lacks);
        }
    }

    /// Warns of the keys of a section that have no effect on a way.
    pub(super) fn keys_without_effect(&mut self, fields: &Fields<'_>, section: &Section, via: Via) {
        for key in section.keys {
            let Some(item) = fields.get(key.name).filter(|_| !key.works_with(via)) else {
                continue;
            };
            let ways: Vec<&str> = key.with.iter().map(|via| via.as_str()).collect();
            let help = match ways.as_slice() {
                [only] => format!("remove `{}`, or use `via: {only}`", key.name),
                _ => format!("remove `{}`, or choose another `via`", key.name),
            };
            self.push(
                Diagnostic::warning(
                    "idle-key",
                    format!("`{}` has no effect with `via: {via}`", key.name),
                    item.head(),
                )
                .label(format!("has one with {}", quoted(&ways)))
                .help(help),
            );
        }
    }

    /// Warns of a key that has no effect where another one does not say something. Silent where
    /// the way alone makes it idle, which is said already.
    fn idle_without(&mut self, fields: &Fields<'_>, key: &str, via: Via, other: &str, lacks: &str) {
        let works = |name: &str| {
            let known = language::CONNECTION.key(name);
            known.is_some_and(|known| known.works_with(via))
        };
        let Some(item) = fields.get(key).filter(|_| works(key) && works(other)) else {
            return;
        };
        self.push(
            Diagnostic::warning(
                "idle-key",
                format!("`{}` has no effect without {lacks}", short(key)),
                item.head(),
            )
            .label(format!("{lacks} is not said"))
            .help(format!("remove `{key}`, or say {lacks}")),
        );
    }
}
