//! Clients, strangers and Kafka-aware gateways: what the spec says of them, in the VPCs of the
//! text and with the groups of the wiring.

use blueprint::ids::{EniId, GatewayId, SecurityGroupId, VpcId};
use blueprint::kafka::Client;
use blueprint::network::{Eni, EniOwner};

use super::{Draft, groups, network};

/// Writes them.
pub(super) fn write(draft: &mut Draft<'_>) {
    let said = &draft.known.said;
    for (id, client) in &said.clients {
        draft.attempt(&format!("client {id}"), |draft| {
            let vpc = place(draft, &client.vpc)?;
            let group = draft.reading.clients.get(id.as_str());
            let group = group.ok_or("the wiring names no group of it")?;
            let group: SecurityGroupId = draft.object(group, &[groups::GROUP])?;
            for eni in &client.enis {
                insert(draft, eni, &vpc, vec![group.clone()])?;
            }
            let client = Client {
                vpc,
                ..client.clone()
            };
            draft.made.clients.insert(id.clone(), client);
            Ok(())
        });
    }
    for (id, eni) in &said.enis {
        if eni.owner == EniOwner::Witness {
            draft.attempt(&format!("stranger {id}"), |draft| {
                write_stranger(draft, id, eni)
            });
        }
    }
    for id in said.gateways.keys() {
        draft.attempt(&format!("gateway {id}"), |draft| write_gateway(draft, id));
    }
    draft.made.denials.clone_from(&said.denials);
}

fn place(draft: &Draft<'_>, vpc: &VpcId) -> Result<VpcId, String> {
    let place = draft.places.get(vpc).cloned();
    place.ok_or_else(|| format!("the text has no VPC like {vpc}"))
}

/// Adds an interface of the spec, in whichever subnet its address lies.
fn insert(
    draft: &mut Draft<'_>,
    id: &EniId,
    vpc: &VpcId,
    security_groups: Vec<SecurityGroupId>,
) -> Result<(), String> {
    let eni = draft.known.said.enis.get(id);
    let eni = eni.ok_or_else(|| format!("nobody said {id}"))?;
    let subnet = network::subnet_of(draft, vpc, eni.address);
    let subnet = subnet.ok_or_else(|| format!("{} is in no subnet of {vpc}", eni.address))?;
    let eni = Eni {
        subnet,
        security_groups,
        ..eni.clone()
    };
    draft.made.enis.insert(id.clone(), eni);
    Ok(())
}

fn write_stranger(draft: &mut Draft<'_>, id: &EniId, eni: &Eni) -> Result<(), String> {
    let facts = draft.known.subnets.get(&eni.subnet);
    let facts = facts.ok_or("nobody said its subnet")?;
    let vpc = place(draft, &facts.vpc)?;
    for group in &eni.security_groups {
        if let Some(said) = draft.known.said.security_groups.get(group) {
            let mut said = said.clone();
            said.vpc = vpc.clone();
            draft.made.security_groups.insert(group.clone(), said);
        }
    }
    insert(draft, id, &vpc, eni.security_groups.clone())
}

/// A gateway's instances are the interfaces of the text with the addresses that the spec gives
/// them, in the VPC it stands in.
fn write_gateway(draft: &mut Draft<'_>, id: &GatewayId) -> Result<(), String> {
    let said = draft.known.said.gateways.get(id).ok_or("nobody said it")?;
    let mut gateway = said.clone();
    gateway.vpc = place(draft, &said.vpc)?;
    gateway.instances.clear();
    for instance in &said.instances {
        let address = draft.known.instances.get(instance);
        let address = address.ok_or_else(|| format!("nobody said {instance}"))?;
        let mut enis = draft.made.enis.iter_mut();
        let found = enis.find(|(_, eni)| {
            let subnet = draft.made.subnets.get(&eni.subnet);
            eni.address == *address && subnet.is_some_and(|subnet| subnet.vpc == gateway.vpc)
        });
        let (eni_id, eni) = found.ok_or_else(|| format!("no interface holds {address}"))?;
        eni.owner = EniOwner::Gateway(id.clone());
        gateway.instances.push(eni_id.clone());
    }
    draft.made.gateways.insert(id.clone(), gateway);
    Ok(())
}
