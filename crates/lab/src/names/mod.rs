//! Names as AWS answers them, from the blueprint: the most specific private zone of the VPC
//! wins, and a name it does not hold does not exist.

mod codec;
mod server;

use std::collections::BTreeMap;
use std::net::Ipv4Addr;
use std::sync::Arc;

use blueprint::Blueprint;
use blueprint::dns::{HostedZone, Record};
use blueprint::ids::VpcId;

pub(crate) use codec::{query, read_answer};
pub(crate) use server::serve;

/// What one resolver answers.
#[derive(Clone, Debug)]
pub(crate) struct View {
    blueprint: Arc<Blueprint>,
    vpc: VpcId,
    /// Names that go before all others, by which a service shows its brokers to each other.
    service_names: BTreeMap<String, Ipv4Addr>,
}

impl View {
    pub(crate) fn of_vpc(blueprint: &Arc<Blueprint>, vpc: &VpcId) -> Self {
        Self::of_service(blueprint, vpc, &BTreeMap::new())
    }

    pub(crate) fn of_service(
        blueprint: &Arc<Blueprint>,
        vpc: &VpcId,
        service_names: &BTreeMap<String, Ipv4Addr>,
    ) -> Self {
        Self {
            blueprint: blueprint.clone(),
            vpc: vpc.clone(),
            service_names: service_names.clone(),
        }
    }

    /// The addresses of a name, in lower case without a trailing dot; none if it does not exist.
    pub(crate) fn addresses(&self, name: &str) -> Option<Vec<Ipv4Addr>> {
        if let Some(address) = self.service_names.get(name) {
            return Some(vec![*address]);
        }
        if self
            .blueprint
            .vpcs
            .get(&self.vpc)
            .is_some_and(|vpc| !vpc.dns)
        {
            return None;
        }
        let zone = self.zone_for(name);
        let zone_len = zone.map_or(0, |zone| zone.name.len());
        if self.longest_rule(name).is_some_and(|len| zone_len <= len) {
            // The servers it is forwarded to are not here.
            return None;
        }
        match zone {
            None => self.public(name),
            Some(zone) => match zone.records.get(name)? {
                Record::A(addresses) => Some(addresses.clone()),
                Record::Alias(target) => self.public(target),
            },
        }
    }

    fn public(&self, name: &str) -> Option<Vec<Ipv4Addr>> {
        let addresses = &self.blueprint.public_names.get(name)?.addresses;
        (!addresses.is_empty()).then(|| addresses.clone())
    }

    /// The most specific zone of the VPC that covers a name; of equals the first.
    fn zone_for(&self, name: &str) -> Option<&HostedZone> {
        let zones = self.blueprint.zones.values();
        let mine = zones.filter(|zone| zone.vpcs.contains(&self.vpc) && covers(&zone.name, name));
        mine.rev().max_by_key(|zone| zone.name.len())
    }

    /// Length of the longest domain with a forwarding rule of the VPC that covers a name.
    fn longest_rule(&self, name: &str) -> Option<usize> {
        let rules = self.blueprint.resolver_rules.values();
        let mine = rules.filter(|r| r.vpcs.contains(&self.vpc) && covers(&r.domain, name));
        mine.map(|rule| rule.domain.len()).max()
    }
}

fn covers(zone: &str, name: &str) -> bool {
    match name.strip_suffix(zone) {
        Some("") => true,
        Some(rest) => rest.ends_with('.'),
        None => false,
    }
}

#[cfg(test)]
mod tests {
    use blueprint::dns::PublicName;

    use super::*;

    type Records<'a> = &'a [(&'a str, Record)];

    fn view(zones: &[(&str, &str, Records)]) -> View {
        let mut blueprint = Blueprint::default();
        for (id, name, records) in zones {
            let zone = HostedZone {
                name: (*name).to_owned(),
                account: String::new(),
                vpcs: ["shop".into()].into(),
                records: records
                    .iter()
                    .map(|(n, r)| ((*n).to_owned(), r.clone()))
                    .collect(),
                managed: false,
            };
            blueprint.zones.insert((*id).into(), zone);
        }
        let addresses = vec![Ipv4Addr::new(10, 9, 0, 1)];
        let public = PublicName { addresses };
        blueprint.public_names.insert("nlb.aws".to_owned(), public);
        View::of_vpc(&Arc::new(blueprint), &"shop".into())
    }

    fn a(last: u8) -> Record {
        Record::A(vec![Ipv4Addr::new(10, 0, 0, last)])
    }

    fn shown(view: &View, name: &str) -> String {
        view.addresses(name)
            .map_or("-".to_owned(), |found| format!("{found:?}"))
    }

    #[test]
    fn the_most_specific_zone_answers_alone() {
        let view = view(&[
            (
                "a",
                "kafka",
                &[("b-1.orders.kafka", a(1)), ("x.kafka", a(2))],
            ),
            ("b", "orders.kafka", &[("b-2.orders.kafka", a(3))]),
        ]);
        assert_eq!(shown(&view, "x.kafka"), "[10.0.0.2]");
        assert_eq!(shown(&view, "b-2.orders.kafka"), "[10.0.0.3]");
        assert_eq!(
            shown(&view, "b-1.orders.kafka"),
            "-",
            "no fall-through to a wider zone"
        );
        assert_eq!(shown(&view, "notkafka"), "-");
    }

    #[test]
    fn of_equal_zones_the_first_id_answers() {
        let view = view(&[
            ("a", "kafka", &[("k.kafka", a(1))]),
            ("b", "kafka", &[("k.kafka", a(2))]),
        ]);
        assert_eq!(shown(&view, "k.kafka"), "[10.0.0.1]");
    }

    #[test]
    fn aliases_and_public_names_are_followed() {
        let alias = |to: &str| Record::Alias(to.to_owned());
        let view = view(&[(
            "a",
            "kafka",
            &[
                ("k.kafka", alias("nlb.aws")),
                ("l.kafka", alias("gone.aws")),
            ],
        )]);
        assert_eq!(shown(&view, "k.kafka"), "[10.9.0.1]");
        assert_eq!(shown(&view, "l.kafka"), "-");
        assert_eq!(shown(&view, "nlb.aws"), "[10.9.0.1]");
    }

    /// A view of `b-1.orders.kafka`, with rules of the asking VPC and of others.
    fn ruled(own: &[&str], others: &[&str]) -> View {
        let mut view = view(&[
            ("a", "kafka", &[("x.kafka", a(2))]),
            ("b", "orders.kafka", &[("b-1.orders.kafka", a(1))]),
        ]);
        let blueprint = Arc::make_mut(&mut view.blueprint);
        for (vpc, domains) in [("shop", own), ("mart", others)] {
            for domain in domains {
                let rule = blueprint::dns::ResolverRule {
                    domain: (*domain).to_owned(),
                    vpcs: [vpc.into()].into(),
                    servers: Vec::new(),
                };
                let id = format!("{vpc}-{domain}");
                blueprint.resolver_rules.insert(id.as_str().into(), rule);
            }
        }
        view
    }

    #[test]
    fn the_longest_rule_or_zone_decides_and_of_equals_the_rule() {
        let name = "b-1.orders.kafka";
        for (own, others, expected) in [
            (&["kafka"][..], &[][..], "[10.0.0.1]"),
            (&["orders.kafka"], &[], "-"),
            (&["b-1.orders.kafka"], &[], "-"),
            (&["rders.kafka"], &[], "[10.0.0.1]"),
            (&[], &["orders.kafka"], "[10.0.0.1]"),
        ] {
            assert_eq!(shown(&ruled(own, others), name), expected, "{own:?}");
        }
        assert_eq!(shown(&ruled(&["kafka"], &[]), "x.kafka"), "-");
        assert_eq!(shown(&ruled(&["aws"], &[]), "nlb.aws"), "-");
        assert_eq!(shown(&ruled(&["elsewhere"], &[]), "nlb.aws"), "[10.9.0.1]");
    }

    #[test]
    fn a_vpc_without_dns_answers_nothing_but_its_service_does() {
        let mut view = ruled(&[], &[]);
        let vpc = blueprint::network::Vpc {
            account: String::new(),
            region: String::new(),
            cidrs: Vec::new(),
            ipv6_cidrs: Vec::new(),
            resolver: Ipv4Addr::LOCALHOST,
            mtu: 9001,
            dns: false,
            nat: false,
            service_endpoints: Default::default(),
        };
        let blueprint = Arc::make_mut(&mut view.blueprint);
        blueprint.vpcs.insert("shop".into(), vpc);
        let own = Ipv4Addr::new(10, 0, 0, 9);
        view.service_names.insert("b-1.msk".to_owned(), own);
        assert_eq!(shown(&view, "x.kafka"), "-");
        assert_eq!(shown(&view, "nlb.aws"), "-");
        assert_eq!(shown(&view, "b-1.msk"), "[10.0.0.9]");
    }
}
