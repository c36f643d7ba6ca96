//! Rules of security groups, and what a group has without any.

use blueprint::Blueprint;
use blueprint::ids::SecurityGroupId;
use blueprint::network::{Peer, Rule};
use ipnet::Ipv4Net;
use render::object::{Object, Way};

use super::balancing::MOVED;
use super::{Case, Change, Row, of_each, row};

pub(super) const ROWS: &[Row] = &[
    row("ingress rule for another port", ingress_port),
    row("egress rule for another port", egress_port),
    row("ingress rule removed", remove_ingress),
    row("egress rule removed", remove_egress),
    row("rule's group replaced", replace_peer),
    row("rule's group replaced by a range", peer_to_range),
    row("rule's range narrowed", narrow),
    row("rule moved to another group", move_rule),
    row("group's only inline egress removed", open),
];

/// A rule of the text: whose, which way, which.
#[derive(Clone)]
struct Site {
    group: SecurityGroupId,
    way: Way,
    at: usize,
    rule: Rule,
}

impl Site {
    fn object(&self) -> Object {
        Object::Rule(self.group.clone(), self.way, self.at)
    }

    fn name(&self) -> String {
        let Rule {
            from_port,
            to_port,
            peer,
            ..
        } = &self.rule;
        format!(
            "{} {:?} {from_port}-{to_port} {peer:?}",
            self.group, self.way
        )
    }

    /// The property that names the other side's group.
    fn peer(&self) -> &'static str {
        match self.way {
            Way::Ingress => "SourceSecurityGroupId",
            Way::Egress => "DestinationSecurityGroupId",
        }
    }

    /// Rules of the same group and way, and this rule wherever it stands among them: the text says
    /// it once.
    fn among<'b>(&self, blueprint: &'b mut Blueprint) -> impl Iterator<Item = &'b mut Rule> {
        let reach = reach(&self.rule);
        let rules = rules(blueprint, &self.group, self.way).iter_mut();
        rules.filter(move |rule| self::reach(rule) == reach)
    }
}

fn reach(rule: &Rule) -> (u16, u16, Peer) {
    (rule.from_port, rule.to_port, rule.peer.clone())
}

fn rules<'b>(blueprint: &'b mut Blueprint, group: &SecurityGroupId, way: Way) -> &'b mut Vec<Rule> {
    let group = blueprint.security_groups.get_mut(group).expect("it");
    match way {
        Way::Ingress => &mut group.ingress,
        Way::Egress => &mut group.egress,
    }
}

fn sites(case: &Case) -> Vec<Site> {
    let mut sites = Vec::new();
    for (group, content) in &case.blueprint.security_groups {
        for (way, rules) in [
            (Way::Ingress, &content.ingress),
            (Way::Egress, &content.egress),
        ] {
            for (at, rule) in rules.iter().enumerate() {
                sites.push(Site {
                    group: group.clone(),
                    way,
                    at,
                    rule: rule.clone(),
                });
            }
        }
    }
    sites.retain(|site| case.text.has(&site.object()));
    sites
}

fn sites_of(case: &Case, way: Way) -> Vec<Site> {
    let mut sites = sites(case);
    sites.retain(|site| site.way == way);
    sites
}

fn port(case: &Case, way: Way) -> Vec<Change> {
    of_each(sites_of(case, way), |site| {
        let object = site.object();
        Some(Change::new(
            site.name(),
            move |blueprint| {
                for rule in site.among(blueprint) {
                    (rule.from_port, rule.to_port) = (MOVED, MOVED);
                }
            },
            move |text| {
                text.set(&object, "FromPort", MOVED)?;
                text.set(&object, "ToPort", MOVED)
            },
        ))
    })
}

fn ingress_port(case: &Case) -> Vec<Change> {
    port(case, Way::Ingress)
}

fn egress_port(case: &Case) -> Vec<Change> {
    port(case, Way::Egress)
}

fn remove(case: &Case, way: Way) -> Vec<Change> {
    of_each(sites_of(case, way), |site| {
        let object = site.object();
        Some(Change::new(
            site.name(),
            move |blueprint| drop(take(blueprint, &site)),
            move |text| text.remove(&object),
        ))
    })
}

/// Takes a rule out of its group.
fn take(blueprint: &mut Blueprint, site: &Site) -> Rule {
    let gone = reach(&site.rule);
    rules(blueprint, &site.group, site.way).retain(|rule| reach(rule) != gone);
    site.rule.clone()
}

fn remove_ingress(case: &Case) -> Vec<Change> {
    remove(case, Way::Ingress)
}

fn remove_egress(case: &Case) -> Vec<Change> {
    remove(case, Way::Egress)
}

/// Another rule of the same template whose value at a place can be taken.
fn donor(case: &Case, site: &Site, differs: impl Fn(&Site) -> bool) -> Option<Site> {
    let mut others = sites_of(case, site.way).into_iter();
    others.find(|other| differs(other) && case.text.together(&site.object(), &other.object()))
}

fn replace_peer(case: &Case) -> Vec<Change> {
    of_each(sites(case), |site| {
        let is_other = |other: &Site| {
            matches!(other.rule.peer, Peer::Group(_)) && other.rule.peer != site.rule.peer
        };
        matches!(site.rule.peer, Peer::Group(_)).then_some(())?;
        let donor = donor(case, &site, is_other)?;
        let (object, place) = (site.object(), site.peer());
        case.text.value(&donor.object(), place).ok()?;
        Some(Change::new(
            site.name(),
            {
                let peer = donor.rule.peer.clone();
                move |blueprint| {
                    for rule in site.among(blueprint) {
                        rule.peer = peer.clone();
                    }
                }
            },
            move |text| {
                let value = text.value(&donor.object(), place)?;
                text.set(&object, place, value)
            },
        ))
    })
}

fn peer_to_range(case: &Case) -> Vec<Change> {
    let nowhere: Ipv4Net = "10.99.0.0/16".parse().expect("a range");
    of_each(sites(case), |site| {
        matches!(site.rule.peer, Peer::Group(_)).then_some(())?;
        let (object, place) = (site.object(), site.peer());
        Some(Change::new(
            site.name(),
            move |blueprint| {
                for rule in site.among(blueprint) {
                    rule.peer = Peer::Cidr(nowhere);
                }
            },
            move |text| {
                text.cut(&object, place)?;
                if text.value(&object, "SourceSecurityGroupOwnerId").is_ok() {
                    text.cut(&object, "SourceSecurityGroupOwnerId")?;
                }
                text.add(&object, &format!("CidrIp: {nowhere}"))
            },
        ))
    })
}

/// Both halves of a range, since somebody may dial from either.
fn narrow(case: &Case) -> Vec<Change> {
    let halves = sites(case).into_iter().flat_map(|site| {
        let range = match &site.rule.peer {
            Peer::Cidr(range) => range.subnets(range.prefix_len() + 1).ok(),
            Peer::Group(_) => None,
        };
        let halves = range.into_iter().flatten();
        halves.map(move |half| (site.clone(), half))
    });
    of_each(halves, |(site, half)| {
        let object = site.object();
        Some(Change::new(
            format!("{} to {half}", site.name()),
            move |blueprint| {
                for rule in site.among(blueprint) {
                    rule.peer = Peer::Cidr(half);
                }
            },
            move |text| text.set(&object, "CidrIp", half),
        ))
    })
}

fn move_rule(case: &Case) -> Vec<Change> {
    of_each(sites(case), |site| {
        let donor = donor(case, &site, |other| other.group != site.group)?;
        let object = site.object();
        let value = case.text.value(&donor.object(), "GroupId").ok()?;
        Some(Change::new(
            format!("{} to {}", site.name(), donor.group),
            move |blueprint| {
                let rule = take(blueprint, &site);
                rules(blueprint, &donor.group, site.way).push(rule);
            },
            move |text| text.set(&object, "GroupId", &value),
        ))
    })
}

/// A group without inline egress keeps AWS's own rule, which allows everything (`AWS::EC2::
/// SecurityGroup` in the template reference).
fn open(case: &Case) -> Vec<Change> {
    of_each(case.blueprint.security_groups.keys().cloned(), |id| {
        let object = Object::SecurityGroup(id.clone());
        case.text.has(&object).then_some(())?;
        Some(Change::new(
            id.clone(),
            move |blueprint| rules(blueprint, &id, Way::Egress).push(everything()),
            move |text| text.cut(&object, "SecurityGroupEgress"),
        ))
    })
}

/// A rule for whatever.
pub(super) fn everything() -> Rule {
    Rule {
        from_port: 0,
        to_port: u16::MAX,
        peer: Peer::Cidr(Ipv4Net::default()),
        because: String::new(),
    }
}
