//! Endpoints and the resources behind VPC Lattice.

use super::arguments::{Arguments, Properties};
use crate::graph::Prop;
use crate::wiring::Unit;

/// Addresses that Terraform can choose; CloudFormation has no word for them, the EC2 API calls
/// them `SubnetConfigurations`.
pub(super) fn endpoint(
    arguments: &mut Arguments,
    to: &mut Properties,
    _: &Unit,
) -> Result<(), String> {
    let options = arguments.renamed_block(
        "dns_options",
        &[
            ("dns_record_ip_type", "DnsRecordIpType"),
            ("private_dns_preference", "PrivateDnsPreference"),
            (
                "private_dns_specified_domains",
                "PrivateDnsSpecifiedDomains",
            ),
            (
                "private_dns_only_for_inbound_resolver_endpoint",
                "PrivateDnsOnlyForInboundResolverEndpoint",
            ),
        ],
    )?;
    to.extend(options.map(|options| ("DnsOptions".to_owned(), options)));
    let mut configurations = Vec::new();
    for mut block in arguments.blocks("subnet_configuration")? {
        let mut configuration = Properties::new();
        block.rename(
            &[("ipv4", "Ipv4"), ("subnet_id", "SubnetId")],
            &mut configuration,
        );
        block.end(&[])?;
        configurations.push(Prop::Map(configuration));
    }
    if !configurations.is_empty() {
        to.insert(
            "SubnetConfigurations".to_owned(),
            Prop::List(configurations),
        );
    }
    Ok(())
}

/// A resource configuration is a single one if nothing is said, and what it leads to stands in
/// blocks; CloudFormation wants the type said, and the address or ARN as plain text.
pub(super) fn configuration(
    arguments: &mut Arguments,
    to: &mut Properties,
    _: &Unit,
) -> Result<(), String> {
    to.entry("ResourceConfigurationType".to_owned())
        .or_insert_with(|| Prop::Text("SINGLE".to_owned()));
    let Some(mut definition) = arguments.block("resource_configuration_definition")? else {
        return Ok(());
    };
    let mut properties = Properties::new();
    let dns = definition.renamed_block(
        "dns_resource",
        &[
            ("domain_name", "DomainName"),
            ("ip_address_type", "IpAddressType"),
        ],
    )?;
    properties.extend(dns.map(|dns| ("DnsResource".to_owned(), dns)));
    for (block, argument, name) in [
        ("ip_resource", "ip_address", "IpResource"),
        ("arn_resource", "arn", "ArnResource"),
    ] {
        if let Some(mut block) = definition.block(block)? {
            properties.insert(name.to_owned(), block.need(argument)?);
            block.end(&[])?;
        }
    }
    definition.end(&[])?;
    to.insert(
        "ResourceConfigurationDefinition".to_owned(),
        Prop::Map(properties),
    );
    Ok(())
}
