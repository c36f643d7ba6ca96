//! Clusters of Amazon MSK: blocks where CloudFormation has mappings, flags where it has mappings of
//! `Enabled`.

use std::collections::BTreeMap;

use super::arguments::{Arguments, Properties};
use crate::graph::Prop;
use crate::wiring::Unit;

pub(super) fn cluster(
    arguments: &mut Arguments,
    to: &mut Properties,
    _: &Unit,
) -> Result<(), String> {
    if let Some(block) = arguments.block("broker_node_group_info")? {
        to.insert("BrokerNodeGroupInfo".to_owned(), nodes(block)?);
    }
    if let Some(block) = arguments.block("client_authentication")? {
        to.insert("ClientAuthentication".to_owned(), authentication(block)?);
    }
    let configuration = arguments.renamed_block(
        "configuration_info",
        &[("arn", "Arn"), ("revision", "Revision")],
    )?;
    to.extend(configuration.map(|info| ("ConfigurationInfo".to_owned(), info)));
    if let Some(block) = arguments.block("encryption_info")? {
        to.insert("EncryptionInfo".to_owned(), encryption(block)?);
    }
    Ok(())
}

pub(super) fn serverless(
    arguments: &mut Arguments,
    to: &mut Properties,
    _: &Unit,
) -> Result<(), String> {
    if let Some(mut clients) = arguments.block("client_authentication")? {
        if let Some(mut sasl) = clients.block("sasl")? {
            let iam = sasl.renamed_block("iam", &[("enabled", "Enabled")])?;
            sasl.end(&[])?;
            let schemes = iam.map(|iam| map("Sasl", map("Iam", iam)));
            to.extend(schemes.map(|schemes| ("ClientAuthentication".to_owned(), schemes)));
        }
        clients.end(&[])?;
    }
    let mut places = Vec::new();
    for mut block in arguments.blocks("vpc_config")? {
        let mut place = Properties::new();
        let names = [
            ("security_group_ids", "SecurityGroups"),
            ("subnet_ids", "SubnetIds"),
        ];
        block.rename(&names, &mut place);
        block.end(&[])?;
        places.push(Prop::Map(place));
    }
    to.insert("VpcConfigs".to_owned(), Prop::List(places));
    Ok(())
}

fn nodes(mut block: Arguments) -> Result<Prop, String> {
    let mut properties = Properties::new();
    block.rename(
        &[
            ("az_distribution", "BrokerAZDistribution"),
            ("client_subnets", "ClientSubnets"),
            ("instance_type", "InstanceType"),
            ("security_groups", "SecurityGroups"),
        ],
        &mut properties,
    );
    if let Some(mut storage) = block.block("storage_info")? {
        let volume = storage.renamed_block("ebs_storage_info", &[("volume_size", "VolumeSize")])?;
        storage.end(&[])?;
        if let Some(volume) = volume {
            properties.insert("StorageInfo".to_owned(), map("EBSStorageInfo", volume));
        }
    }
    if let Some(mut connectivity) = block.block("connectivity_info")? {
        let mut info = Properties::new();
        let public = connectivity.renamed_block("public_access", &[("type", "Type")])?;
        info.extend(public.map(|public| ("PublicAccess".to_owned(), public)));
        if let Some(mut private) = connectivity.block("vpc_connectivity")? {
            if let Some(schemes) = private.block("client_authentication")? {
                let schemes = map("ClientAuthentication", authentication(schemes)?);
                info.insert("VpcConnectivity".to_owned(), schemes);
            }
            private.end(&[])?;
        }
        connectivity.end(&[])?;
        properties.insert("ConnectivityInfo".to_owned(), Prop::Map(info));
    }
    block.end(&[])?;
    Ok(Prop::Map(properties))
}

/// Schemes, of clients in the cluster's own network or of VPC connections: there `tls` is a flag,
/// here a block.
fn authentication(mut block: Arguments) -> Result<Prop, String> {
    let mut properties = Properties::new();
    if let Some(mut sasl) = block.block("sasl")? {
        let mut schemes = Properties::new();
        for (name, to) in [("iam", "Iam"), ("scram", "Scram")] {
            schemes.extend(enabled(&mut sasl, name, to));
        }
        sasl.end(&[])?;
        properties.insert("Sasl".to_owned(), Prop::Map(schemes));
    }
    match block.take("tls") {
        None => {}
        Some(flag @ Prop::Flag(_)) => {
            properties.insert("Tls".to_owned(), map("Enabled", flag));
        }
        Some(Prop::List(items)) => properties.extend(tls(items)?),
        Some(other) => return Err(format!("tls is {other:?}")),
    }
    properties.extend(enabled(&mut block, "unauthenticated", "Unauthenticated"));
    block.end(&[])?;
    Ok(Prop::Map(properties))
}

/// Mutual TLS is on where the block names authorities (`client_authentication.tls`).
fn tls(mut items: Vec<Prop>) -> Result<Option<(String, Prop)>, String> {
    let Some(Prop::Map(mut block)) = items.pop() else {
        return Ok(None);
    };
    let mut properties = Properties::new();
    if let Some(authorities) = block.remove("certificate_authority_arns") {
        properties.insert("CertificateAuthorityArnList".to_owned(), authorities);
        properties.insert("Enabled".to_owned(), Prop::Flag(true));
    }
    match (items.is_empty(), block.keys().next()) {
        (true, None) if properties.is_empty() => Ok(None),
        (true, None) => Ok(Some(("Tls".to_owned(), Prop::Map(properties)))),
        (_, name) => Err(format!("several blocks tls, or {name:?} in it")),
    }
}

fn encryption(mut block: Arguments) -> Result<Prop, String> {
    let mut properties = Properties::new();
    if let Some(key) = block.take("encryption_at_rest_kms_key_arn") {
        properties.insert(
            "EncryptionAtRest".to_owned(),
            map("DataVolumeKMSKeyId", key),
        );
    }
    let in_transit = block.renamed_block(
        "encryption_in_transit",
        &[
            ("client_broker", "ClientBroker"),
            ("in_cluster", "InCluster"),
        ],
    )?;
    properties.extend(in_transit.map(|found| ("EncryptionInTransit".to_owned(), found)));
    block.end(&[])?;
    Ok(Prop::Map(properties))
}

fn enabled(block: &mut Arguments, name: &str, to: &str) -> Option<(String, Prop)> {
    let flag = block.take(name)?;
    Some((to.to_owned(), map("Enabled", flag)))
}

fn map(name: &str, prop: Prop) -> Prop {
    Prop::Map(BTreeMap::from([(name.to_owned(), prop)]))
}
