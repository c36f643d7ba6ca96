//! What lies between VPCs and within their subnets besides: resource gateways, transit gateways,
//! network ACLs, Regions.

use blueprint::balancing::{ResourceConfiguration, ResourceGateway};
use blueprint::network::{AclEntry, EniOwner, NetworkAcl};
use blueprint::transit::{
    TransitAttachment, TransitGateway, TransitPeering, TransitRoute, TransitTable, TransitTarget,
};

use super::{Estate, parsed};

impl Estate {
    /// Puts a VPC into another Region.
    pub fn in_region(mut self, vpc: &str, region: &str) -> Self {
        region.clone_into(&mut self.0.vpcs.get_mut(&vpc.into()).unwrap().region);
        self
    }

    /// Lets endpoints of another Region lead to a service.
    pub fn supporting(mut self, service: &str, region: &str) -> Self {
        let service = self.0.services.get_mut(&service.into()).unwrap();
        service.supported_regions.insert(region.to_owned());
        self
    }

    /// A resource gateway with interfaces `NAME/zone`.
    pub fn resource_gateway(
        mut self,
        name: &str,
        vpc: &str,
        enis: &[(&str, &str)],
        groups: &[&str],
    ) -> Self {
        let owner = || EniOwner::ResourceGateway(name.into());
        let gateway = ResourceGateway {
            vpc: vpc.into(),
            enis: self.parts(name, enis, groups, owner),
        };
        self.0.resource_gateways.insert(name.into(), gateway);
        self
    }

    pub fn resource(mut self, name: &str, gateway: &str, address: &str, ports: &[u16]) -> Self {
        let configuration = ResourceConfiguration {
            gateway: gateway.into(),
            name: format!("{name}.kafka"),
            address: parsed(address),
            ports: ports.iter().copied().collect(),
            allowed_accounts: Default::default(),
        };
        let configurations = &mut self.0.resource_configurations;
        configurations.insert(name.into(), configuration);
        self
    }

    /// A network ACL of some subnets, with entries `NUMBER allow|deny PORTS RANGE`.
    pub fn acl(mut self, id: &str, subnets: &[&str], ingress: &[&str], egress: &[&str]) -> Self {
        let entries = |texts: &[&str]| texts.iter().map(|text| entry(text)).collect();
        for subnet in subnets {
            let subnet = self.0.subnets.get_mut(&(*subnet).into()).unwrap();
            subnet.network_acl = Some(id.into());
        }
        let acl = NetworkAcl {
            vpc: "any".into(),
            ingress: entries(ingress),
            egress: entries(egress),
        };
        self.0.network_acls.insert(id.into(), acl);
        self
    }

    pub fn transit_gateway(mut self, id: &str) -> Self {
        let gateway = TransitGateway {
            account: "111111111111".to_owned(),
            region: "eu-central-1".to_owned(),
            mtu: 8500,
            shared_with: Default::default(),
        };
        self.0.transit_gateways.insert(id.into(), gateway);
        self
    }

    /// The attachment `VPC@GATEWAY`, in some of the VPC's subnets.
    pub fn attach(mut self, vpc: &str, gateway: &str, subnets: &[&str], table: &str) -> Self {
        let zones = subnets.iter().map(|subnet| {
            let zone = &self.0.subnets.get(&(*subnet).into()).unwrap().zone;
            (zone.clone(), (*subnet).into())
        });
        let attachment = TransitAttachment {
            gateway: gateway.into(),
            vpc: vpc.into(),
            subnets: zones.collect(),
            table: (!table.is_empty()).then(|| table.into()),
        };
        let id = format!("{vpc}@{gateway}");
        self.0.transit_attachments.insert(id.into(), attachment);
        self
    }

    /// A table with propagations and static routes `RANGE to ATTACHMENT`, `RANGE over PEERING` or
    /// `RANGE nowhere`.
    pub fn transit_table(
        mut self,
        id: &str,
        gateway: &str,
        propagations: &[&str],
        routes: &[&str],
    ) -> Self {
        let table = TransitTable {
            gateway: gateway.into(),
            propagations: propagations.iter().map(|id| (*id).into()).collect(),
            routes: routes.iter().map(|text| route(text)).collect(),
        };
        self.0.transit_tables.insert(id.into(), table);
        self
    }

    /// A peering of two gateways with the tables of those sides that have one.
    pub fn transit_peering(mut self, id: &str, sides: [&str; 2], tables: &[(&str, &str)]) -> Self {
        let [requester, accepter] = sides;
        let peering = TransitPeering {
            requester: requester.into(),
            accepter: accepter.into(),
            tables: tables
                .iter()
                .map(|(side, table)| ((*side).into(), (*table).into()))
                .collect(),
            mtu: 8500,
        };
        self.0.transit_peerings.insert(id.into(), peering);
        self
    }
}

fn route(text: &str) -> TransitRoute {
    let words: Vec<_> = text.split(' ').collect();
    let (range, target) = match words.as_slice() {
        [range, "to", id] => (range, TransitTarget::Attachment((*id).into())),
        [range, "over", id] => (range, TransitTarget::Peering((*id).into())),
        [range, "nowhere"] => (range, TransitTarget::Blackhole),
        _ => panic!("{text}"),
    };
    TransitRoute {
        destination: parsed(range),
        target,
    }
}

fn entry(text: &str) -> AclEntry {
    let [number, verb, ports, range] = text.split(' ').collect::<Vec<_>>()[..] else {
        panic!("{text}");
    };
    let (from, to) = ports.split_once('-').unwrap_or((ports, ports));
    AclEntry {
        number: parsed(number),
        allow: verb == "allow",
        cidr: parsed(range),
        from_port: parsed(from),
        to_port: parsed(to),
    }
}
