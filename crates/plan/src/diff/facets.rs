//! The facets of the network's objects. Every field of a noun is named, so that a new one cannot
//! be forgotten; names AWS derives by itself are left out.

use blueprint::Blueprint;
use blueprint::balancing::{
    Endpoint, EndpointService, EndpointTarget, LoadBalancer, ResourceConfiguration,
    ResourceGateway, TargetGroup,
};
use blueprint::dns::{HostedZone, Record, ResolverRule};
use blueprint::network::{
    AclEntry, Eni, NetworkAcl, Peer, Peering, RouteTable, RouteTarget, Rule, SecurityGroup, Subnet,
    Vpc,
};
use blueprint::transit::{
    TransitAttachment, TransitGateway, TransitPeering, TransitTable, TransitTarget,
};

use super::values::{Facet, Value, many, one, pairs};

/// An object seen as facets.
pub(super) trait Facets {
    /// Its facets within its blueprint.
    fn facets(&self, within: &Blueprint) -> Vec<Facet>;
}

impl Facets for Vpc {
    fn facets(&self, _: &Blueprint) -> Vec<Facet> {
        let Self {
            account,
            region,
            cidrs,
            ipv6_cidrs,
            resolver: _,
            mtu,
            dns,
            nat,
            service_endpoints,
        } = self;
        vec![
            one("account", account),
            one("region", region),
            many("primary range", cidrs.first()),
            many("ranges", cidrs.iter().skip(1)),
            many("IPv6 ranges", ipv6_cidrs),
            one("packet size", mtu),
            one("DNS", dns),
            one("NAT", nat),
            many("service endpoints", service_endpoints),
        ]
    }
}

impl Facets for Subnet {
    fn facets(&self, _: &Blueprint) -> Vec<Facet> {
        let Self {
            vpc,
            zone,
            cidr,
            route_table,
            network_acl,
        } = self;
        vec![
            one("vpc", vpc),
            one("zone", zone),
            one("range", cidr),
            one("route table", route_table),
            many("network ACL", network_acl),
        ]
    }
}

impl Facets for RouteTable {
    fn facets(&self, _: &Blueprint) -> Vec<Facet> {
        let Self { vpc, routes } = self;
        let routes = routes.iter().map(|route| {
            let target = match &route.target {
                RouteTarget::Local => "local".to_owned(),
                RouteTarget::Peering(id) => format!("peering {id}"),
                RouteTarget::TransitGateway(id) => format!("transit gateway {id}"),
                RouteTarget::Outside(id) => id.clone(),
            };
            (route.destination, target)
        });
        vec![one("vpc", vpc), pairs("routes", routes)]
    }
}

impl Facets for NetworkAcl {
    fn facets(&self, _: &Blueprint) -> Vec<Facet> {
        let Self {
            vpc,
            ingress,
            egress,
        } = self;
        let entry = |entry: &AclEntry| {
            let AclEntry {
                number,
                allow,
                cidr,
                from_port,
                to_port,
            } = entry;
            let verb = if *allow { "allow" } else { "deny" };
            format!("{number} {verb} {from_port}-{to_port} {cidr}")
        };
        vec![
            one("vpc", vpc),
            many("ingress", ingress.iter().map(entry)),
            many("egress", egress.iter().map(entry)),
        ]
    }
}

impl Facets for Peering {
    fn facets(&self, _: &Blueprint) -> Vec<Facet> {
        let Self {
            requester,
            accepter,
            mtu: _,
        } = self;
        vec![one("sides", format!("{requester}, {accepter}"))]
    }
}

impl Facets for TransitGateway {
    fn facets(&self, _: &Blueprint) -> Vec<Facet> {
        let Self {
            account,
            region,
            mtu: _,
            shared_with,
        } = self;
        vec![
            one("account", account),
            one("region", region),
            many("shared with", shared_with),
        ]
    }
}

impl Facets for TransitAttachment {
    fn facets(&self, _: &Blueprint) -> Vec<Facet> {
        let Self {
            gateway,
            vpc,
            subnets,
            table,
        } = self;
        vec![
            one("ends", format!("{vpc}, {gateway}")),
            pairs("subnets", subnets),
            many("table", table),
        ]
    }
}

impl Facets for TransitTable {
    fn facets(&self, _: &Blueprint) -> Vec<Facet> {
        let Self {
            gateway,
            propagations,
            routes,
        } = self;
        let routes = routes.iter().map(|route| {
            let target = match &route.target {
                TransitTarget::Attachment(id) => format!("attachment {id}"),
                TransitTarget::Peering(id) => format!("peering {id}"),
                TransitTarget::Blackhole => "nowhere".to_owned(),
            };
            (route.destination, target)
        });
        vec![
            one("gateway", gateway),
            many("propagations", propagations),
            pairs("routes", routes),
        ]
    }
}

impl Facets for TransitPeering {
    fn facets(&self, _: &Blueprint) -> Vec<Facet> {
        let Self {
            requester,
            accepter,
            tables,
            mtu: _,
        } = self;
        vec![
            one("sides", format!("{requester}, {accepter}")),
            pairs("tables", tables),
        ]
    }
}

impl Facets for Eni {
    fn facets(&self, _: &Blueprint) -> Vec<Facet> {
        let Self {
            subnet,
            address,
            security_groups,
            owner: _,
        } = self;
        vec![
            one("subnet", subnet),
            one("address", address),
            many("security groups", security_groups),
        ]
    }
}

impl Facets for SecurityGroup {
    fn facets(&self, _: &Blueprint) -> Vec<Facet> {
        let Self {
            vpc,
            ingress,
            egress,
        } = self;
        let rules = |name, rules: &[Rule]| Facet {
            name,
            values: rules.iter().map(rule).collect(),
        };
        vec![
            one("vpc", vpc),
            rules("ingress", ingress),
            rules("egress", egress),
        ]
    }
}

fn rule(rule: &Rule) -> Value {
    let Rule {
        from_port,
        to_port,
        peer,
        because: _,
    } = rule;
    let peer = match peer {
        Peer::Cidr(range) => range.to_string(),
        Peer::Group(group) => group.to_string(),
    };
    Value::Ports {
        peer,
        from: *from_port,
        to: *to_port,
    }
}

impl Facets for LoadBalancer {
    fn facets(&self, within: &Blueprint) -> Vec<Facet> {
        let Self {
            vpc,
            dns_name: _,
            nodes,
            cross_zone,
            enforce_on_privatelink,
            listeners,
            managed,
        } = self;
        let subnets = nodes.iter().filter_map(|(zone, eni)| {
            let eni = within.enis.get(eni)?;
            Some((zone, &eni.subnet))
        });
        let listeners = listeners.iter().map(|(port, listener)| {
            let tls = listener.certificate_names.as_ref().map(|names| {
                let names: Vec<_> = names.iter().map(String::as_str).collect();
                format!(", TLS {}", names.join(" "))
            });
            let (group, idle) = (&listener.target_group, listener.idle_timeout_s);
            (
                port,
                format!("{group}, idle {idle} s{}", tls.unwrap_or_default()),
            )
        });
        vec![
            one("vpc", vpc),
            pairs("nodes", subnets),
            one("cross-zone", cross_zone),
            one("groups judge PrivateLink", enforce_on_privatelink),
            pairs("listeners", listeners),
            one("run by MSK", managed),
        ]
    }
}

impl Facets for TargetGroup {
    fn facets(&self, _: &Blueprint) -> Vec<Facet> {
        let Self {
            vpc,
            port,
            targets,
            health_check,
            preserve_client_ip,
            proxy_protocol,
        } = self;
        let check = format!(
            "every {} s, {} up, {} down",
            health_check.interval_s,
            health_check.healthy_threshold,
            health_check.unhealthy_threshold
        );
        let targets = targets.iter().map(|target| (target.address, target.port));
        vec![
            one("vpc", vpc),
            one("port", port),
            pairs("targets", targets),
            one("health check", check),
            one("client address", preserve_client_ip),
            one("PROXY protocol", proxy_protocol),
        ]
    }
}

impl Facets for EndpointService {
    fn facets(&self, _: &Blueprint) -> Vec<Facet> {
        let Self {
            balancer,
            name: _,
            acceptance_required,
            allowed_accounts,
            supported_regions,
        } = self;
        vec![
            one("balancer", balancer),
            one("acceptance", acceptance_required),
            many("allowed accounts", allowed_accounts),
            many("supported Regions", supported_regions),
        ]
    }
}

impl Facets for Endpoint {
    fn facets(&self, within: &Blueprint) -> Vec<Facet> {
        let Self {
            target,
            vpc,
            dns_name: _,
            enis,
        } = self;
        let subnets = enis.iter().filter_map(|(zone, eni)| {
            let eni = within.enis.get(eni)?;
            Some((zone, &eni.subnet))
        });
        let mut facets = vec![one("vpc", vpc)];
        match target {
            EndpointTarget::Service(service) => {
                let balancer = within.services.get(service);
                let balancer = balancer.and_then(|service| within.balancers.get(&service.balancer));
                let provider = balancer.and_then(|balancer| within.vpcs.get(&balancer.vpc));
                let is_managed = balancer.is_some_and(|balancer| balancer.managed);
                facets.push(one("service", service));
                facets.push(many("service region", provider.map(|vpc| &vpc.region)));
                facets.push(if is_managed {
                    pairs("interfaces of a VPC connection", subnets)
                } else {
                    pairs("interfaces", subnets)
                });
            }
            EndpointTarget::Resource(resource) => {
                facets.push(one("resource", resource));
                facets.push(pairs("interfaces of a resource endpoint", subnets));
            }
        }
        facets
    }
}

impl Facets for ResourceGateway {
    fn facets(&self, within: &Blueprint) -> Vec<Facet> {
        let Self { vpc, enis } = self;
        let subnets = enis.iter().filter_map(|(zone, eni)| {
            let eni = within.enis.get(eni)?;
            Some((zone, &eni.subnet))
        });
        vec![one("vpc", vpc), pairs("interfaces", subnets)]
    }
}

impl Facets for ResourceConfiguration {
    fn facets(&self, _: &Blueprint) -> Vec<Facet> {
        let Self {
            gateway,
            name,
            address,
            ports,
            allowed_accounts,
        } = self;
        vec![
            one("gateway", gateway),
            one("name", name),
            one("address", address),
            many("ports", ports),
            many("shared with", allowed_accounts),
        ]
    }
}

impl Facets for HostedZone {
    fn facets(&self, _: &Blueprint) -> Vec<Facet> {
        let Self {
            name,
            account,
            vpcs,
            records,
            managed,
        } = self;
        let records = records.iter().map(|(host, record)| {
            let answer = match record {
                Record::A(addresses) => {
                    let addresses: Vec<_> = addresses.iter().map(ToString::to_string).collect();
                    addresses.join(" ")
                }
                Record::Alias(target) => format!("alias {target}"),
            };
            (host, answer)
        });
        vec![
            one("name", name),
            one("account", account),
            many("vpcs", vpcs),
            pairs("records", records),
            one("run by AWS", managed),
        ]
    }
}

impl Facets for ResolverRule {
    fn facets(&self, _: &Blueprint) -> Vec<Facet> {
        let Self {
            domain,
            vpcs,
            servers,
        } = self;
        vec![
            one("domain", domain),
            many("vpcs", vpcs),
            many("servers", servers),
        ]
    }
}
