//! Resources of Terraform that are parts of others in CloudFormation: targets of their group, what
//! a share holds and for whom, a service's permissions, a zone's VPCs.

use super::arguments::Properties;
use crate::graph::{Graph, Node, NodeId, Prop};
use crate::wiring::Reading;

/// Terraform's type, and the property that lists such parts.
const PARTS: [(&str, &str); 3] = [
    ("aws_lb_target_group_attachment", "Targets"),
    ("aws_ram_principal_association", "Principals"),
    ("aws_ram_resource_association", "ResourceArns"),
];

const PERMISSION: &str = "aws_vpc_endpoint_service_allowed_principal";
const ASSOCIATION: &str = "aws_route53_zone_association";

/// Consent that no template can give; a step gives it.
const AUTHORIZATION: &str = "aws_route53_vpc_association_authorization";

/// Puts parts into what they are parts of.
pub(super) fn merge(reading: &mut Reading) -> Result<(), Vec<String>> {
    let nodes = std::mem::take(&mut reading.graph.nodes);
    let is_part = |node: &Node| node.kind.starts_with("aws_");
    let (parts, whole): (Vec<_>, Vec<_>) = nodes.into_iter().partition(is_part);
    reading.graph.nodes = whole;
    let graph = &mut reading.graph;
    let mut faults = Vec::new();
    for mut part in parts {
        let at = part.id.clone();
        let merged = match part.kind.as_str() {
            AUTHORIZATION => Ok(()),
            PERMISSION => permit(graph, &mut part),
            ASSOCIATION => associate(graph, &mut part, &mut reading.zone_associations),
            kind => match PARTS.iter().find(|(known, _)| *known == kind) {
                Some((_, list)) => add(graph, &mut part, list),
                None => Err(format!("a {kind} is a part of nothing")),
            },
        };
        faults.extend(merged.err().map(|why| format!("{at}: {why}")));
    }
    let services = graph.nodes.iter_mut();
    let permissions: Vec<Node> = services.filter_map(permissions).collect();
    graph.nodes.extend(permissions);
    if faults.is_empty() {
        Ok(())
    } else {
        Err(faults)
    }
}

fn taken(part: &mut Node, name: &str) -> Result<Prop, String> {
    let missing = format!("no {name}");
    part.properties.remove(name).ok_or(missing)
}

fn add(graph: &mut Graph, part: &mut Node, list: &str) -> Result<(), String> {
    let (whole, item) = (taken(part, "whole")?, taken(part, "item")?);
    let (id, _) = whole
        .reference()
        .ok_or_else(|| format!("{whole:?} is not made here"))?;
    let mut nodes = graph.nodes.iter_mut();
    let node = nodes.find(|node| node.id == *id);
    let node = node.ok_or_else(|| format!("there is no {id}"))?;
    push(&mut node.properties, list, item);
    Ok(())
}

fn push(properties: &mut Properties, list: &str, item: Prop) {
    let empty = || Prop::List(Vec::new());
    if let Prop::List(items) = properties.entry(list.to_owned()).or_insert_with(empty) {
        items.push(item);
    }
}

/// A zone's VPC; of a zone that exists it is told beside the graph.
fn associate(
    graph: &mut Graph,
    part: &mut Node,
    told: &mut Vec<(Prop, Prop)>,
) -> Result<(), String> {
    let zone = part.properties.get("whole").cloned().ok_or("no zone")?;
    if zone.reference().is_some() {
        return add(graph, part, "VPCs");
    }
    let item = taken(part, "item")?;
    let vpc = item.get("VPCId").ok_or("no VPC")?;
    told.push((zone, vpc.clone()));
    Ok(())
}

/// A permission of its own, of a service that exists or is made here.
fn permit(graph: &mut Graph, part: &mut Node) -> Result<(), String> {
    let (service, principal) = (taken(part, "whole")?, taken(part, "item")?);
    if service.reference().is_some() {
        part.properties.insert("whole".to_owned(), service);
        part.properties.insert("item".to_owned(), principal);
        return add(graph, part, "AllowedPrincipals");
    }
    let node = Node {
        kind: "AWS::EC2::VPCEndpointServicePermissions".to_owned(),
        properties: Properties::from([
            ("ServiceId".to_owned(), service),
            ("AllowedPrincipals".to_owned(), Prop::List(vec![principal])),
        ]),
        ..part.clone()
    };
    graph.nodes.push(node);
    Ok(())
}

/// Permissions are a resource of their own in CloudFormation.
fn permissions(service: &mut Node) -> Option<Node> {
    if service.kind != "AWS::EC2::VPCEndpointService" {
        return None;
    }
    let allowed = service.properties.remove("AllowedPrincipals")?;
    let reference = Prop::Ref(service.id.clone(), "Ref".to_owned());
    Some(Node {
        id: NodeId {
            unit: service.id.unit.clone(),
            name: format!("{}.allowed_principals", service.id.name),
        },
        account: service.account.clone(),
        region: service.region.clone(),
        kind: "AWS::EC2::VPCEndpointServicePermissions".to_owned(),
        properties: Properties::from([
            ("ServiceId".to_owned(), reference),
            ("AllowedPrincipals".to_owned(), allowed),
        ]),
    })
}
