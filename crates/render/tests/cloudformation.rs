//! Templates of CloudFormation as text: those of small estates against what is written down, and
//! those of all examples as YAML. `UPDATE=1` writes the texts anew.

use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::path::{Path, PathBuf};

use granit_parser::Parser;
use render::{Target, render};

/// Estates whose templates are written down, all of them together holding every kind of object.
const ESTATES: [(&str, &str); 6] = [
    ("peering", include_str!("estates/peering.yaml")),
    ("privatelink", include_str!("estates/privatelink.yaml")),
    ("lattice", include_str!("estates/lattice.yaml")),
    ("multi-vpc", include_str!("estates/multi-vpc.yaml")),
    ("transit", include_str!("estates/transit.yaml")),
    ("existing", include_str!("estates/existing.yaml")),
];

fn here(path: &str) -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join(path)
}

fn templates(spec: &str) -> BTreeMap<String, String> {
    let (spec, _, found) = blueprint::read(spec);
    let (blueprint, _) = plan::build(&spec.unwrap_or_else(|| panic!("{found:#?}")));
    let (rendered, found) = render(&blueprint, Target::CloudFormation, &[]);
    assert!(found.is_empty(), "{found:#?}");
    let files = rendered.files.into_iter();
    files.filter(|(path, _)| path.ends_with(".yaml")).collect()
}

fn files_below(folder: &Path, found: &mut Vec<PathBuf>) {
    let Ok(entries) = fs::read_dir(folder) else {
        return;
    };
    for entry in entries {
        let path = entry.expect("readable").path();
        if path.is_dir() {
            files_below(&path, found);
        } else {
            found.push(path);
        }
    }
    found.sort();
}

#[test]
fn templates_are_as_written_down() {
    let is_update = std::env::var_os("UPDATE").is_some_and(|value| value == "1");
    for (name, spec) in ESTATES {
        let folder = here("tests/golden/cloudformation").join(name);
        let templates = templates(spec);
        if is_update {
            let _ = fs::remove_dir_all(&folder);
            for (path, text) in &templates {
                let path = folder.join(path);
                fs::create_dir_all(path.parent().unwrap()).unwrap();
                fs::write(path, text).unwrap();
            }
        }
        let mut known = Vec::new();
        files_below(&folder, &mut known);
        let known = known.into_iter().map(|path| {
            let text = fs::read_to_string(&path).unwrap();
            let path = path.strip_prefix(&folder).unwrap();
            (path.to_str().unwrap().replace('\\', "/"), text)
        });
        let known: BTreeMap<String, String> = known.collect();
        let paths = |texts: &BTreeMap<String, String>| texts.keys().cloned().collect::<Vec<_>>();
        assert_eq!(paths(&known), paths(&templates), "{name}");
        for (path, text) in &templates {
            assert!(
                known[path] == *text,
                "{name}/{path} differs; `UPDATE=1 cargo test -p render --test cloudformation` writes it"
            );
        }
    }
}

/// Every type that is ever written.
const TYPES: [&str; 43] = [
    "AWS::EC2::NetworkAcl",
    "AWS::EC2::NetworkAclEntry",
    "AWS::EC2::NetworkInterface",
    "AWS::EC2::Route",
    "AWS::EC2::RouteTable",
    "AWS::EC2::SecurityGroup",
    "AWS::EC2::SecurityGroupEgress",
    "AWS::EC2::SecurityGroupIngress",
    "AWS::EC2::Subnet",
    "AWS::EC2::SubnetNetworkAclAssociation",
    "AWS::EC2::SubnetRouteTableAssociation",
    "AWS::EC2::TransitGateway",
    "AWS::EC2::TransitGatewayAttachment",
    "AWS::EC2::TransitGatewayPeeringAttachment",
    "AWS::EC2::TransitGatewayRoute",
    "AWS::EC2::TransitGatewayRouteTable",
    "AWS::EC2::TransitGatewayRouteTableAssociation",
    "AWS::EC2::TransitGatewayRouteTablePropagation",
    "AWS::EC2::VPC",
    "AWS::EC2::VPCCidrBlock",
    "AWS::EC2::VPCEndpoint",
    "AWS::EC2::VPCEndpointService",
    "AWS::EC2::VPCEndpointServicePermissions",
    "AWS::EC2::VPCPeeringConnection",
    "AWS::ElasticLoadBalancingV2::Listener",
    "AWS::ElasticLoadBalancingV2::LoadBalancer",
    "AWS::ElasticLoadBalancingV2::TargetGroup",
    "AWS::KMS::Key",
    "AWS::MSK::BatchScramSecret",
    "AWS::MSK::Cluster",
    "AWS::MSK::ClusterPolicy",
    "AWS::MSK::Configuration",
    "AWS::MSK::ServerlessCluster",
    "AWS::MSK::VpcConnection",
    "AWS::RAM::ResourceShare",
    "AWS::Route53::HostedZone",
    "AWS::Route53::RecordSet",
    "AWS::Route53Resolver::ResolverRule",
    "AWS::Route53Resolver::ResolverRuleAssociation",
    "AWS::SecretsManager::ResourcePolicy",
    "AWS::SecretsManager::Secret",
    "AWS::VpcLattice::ResourceConfiguration",
    "AWS::VpcLattice::ResourceGateway",
];

#[test]
fn estates_hold_every_type() {
    let texts = ESTATES.iter().flat_map(|(_, spec)| templates(spec));
    let mut types = BTreeSet::new();
    for (_, text) in texts {
        let lines = text
            .lines()
            .filter_map(|line| line.strip_prefix("    Type: "));
        types.extend(
            lines
                .filter(|kind| kind.matches("::").count() == 2)
                .map(str::to_owned),
        );
    }
    let types: Vec<_> = types.into_iter().collect();
    assert_eq!(types, TYPES);
}

/// Texts that YAML reads as text, unquoted, though they look like more.
fn is_read_as_text(scalar: &str) -> bool {
    let flags = [
        "true", "false", "yes", "no", "on", "off", "null", "~", "y", "n",
    ];
    let is_flag = flags.contains(&scalar.to_ascii_lowercase().as_str());
    let is_number = scalar.replace('_', "").parse::<f64>().is_ok();
    !is_flag && !is_number && !scalar.is_empty()
}

/// Keys of mappings whose values stand unquoted and are not read as text.
fn unquoted_values(text: &str) -> BTreeSet<String> {
    let lines = text.lines().map(|line| line.trim_start_matches([' ', '-']));
    let entries = lines.filter(|line| !line.starts_with('#'));
    let entries = entries.filter_map(|line| line.split_once(": "));
    let unquoted = entries.filter(|(_, value)| !is_read_as_text(value));
    unquoted.map(|(key, _)| key.to_owned()).collect()
}

/// Where a number or flag is meant; whatever else looks like one is quoted.
const NUMBERS_AND_FLAGS: [&str; 24] = [
    "AcceptanceRequired",
    "AllowExternalPrincipals",
    "BlockPublicPolicy",
    "Egress",
    "EnableDnsHostnames",
    "EnableDnsSupport",
    "EnableKeyRotation",
    "Enabled",
    "ExcludePunctuation",
    "From",
    "FromPort",
    "HealthCheckIntervalSeconds",
    "HealthyThresholdCount",
    "InCluster",
    "NumberOfBrokerNodes",
    "PasswordLength",
    "Port",
    "PrivateDnsEnabled",
    "Protocol",
    "RuleNumber",
    "To",
    "ToPort",
    "UnhealthyThresholdCount",
    "VolumeSize",
];

#[test]
fn what_is_text_is_read_as_text() {
    let mut specs = Vec::new();
    files_below(&here("../../examples"), &mut specs);
    let specs = specs
        .iter()
        .filter(|path| path.extension().is_some_and(|end| end == "yaml"));
    let texts = specs.map(|path| fs::read_to_string(path).unwrap());
    let texts = texts.chain(ESTATES.iter().map(|(_, spec)| (*spec).to_owned()));
    let mut keys = BTreeSet::new();
    for text in texts.flat_map(|spec| templates(&spec).into_values()) {
        let faults = Parser::new_from_str(&text).filter_map(Result::err);
        assert_eq!(faults.count(), 0, "{text}");
        keys.extend(unquoted_values(&text));
    }
    let keys: Vec<_> = keys.into_iter().collect();
    assert_eq!(keys, NUMBERS_AND_FLAGS);
}
