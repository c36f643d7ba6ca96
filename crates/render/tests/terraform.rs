//! Modules of Terraform as text: those of small estates against what is written down, those of all
//! examples for what holds of every module. `UPDATE=1` writes the texts anew.

use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

use render::{Target, render};

/// Estates whose modules are written down, all of them together holding every type of resource.
const ESTATES: [(&str, &str); 6] = [
    ("peering", include_str!("estates/peering.yaml")),
    ("privatelink", include_str!("estates/privatelink.yaml")),
    ("lattice", include_str!("estates/lattice.yaml")),
    ("existing", include_str!("estates/existing.yaml")),
    ("users", include_str!("estates/users.yaml")),
    ("hub", include_str!("estates/hub.yaml")),
];

/// Every type that is ever written.
const TYPES: [&str; 46] = [
    "aws_ec2_transit_gateway",
    "aws_ec2_transit_gateway_peering_attachment",
    "aws_ec2_transit_gateway_route",
    "aws_ec2_transit_gateway_route_table",
    "aws_ec2_transit_gateway_route_table_association",
    "aws_ec2_transit_gateway_route_table_propagation",
    "aws_ec2_transit_gateway_vpc_attachment",
    "aws_kms_key",
    "aws_lb",
    "aws_lb_listener",
    "aws_lb_target_group",
    "aws_lb_target_group_attachment",
    "aws_msk_cluster",
    "aws_msk_cluster_policy",
    "aws_msk_configuration",
    "aws_msk_scram_secret_association",
    "aws_msk_serverless_cluster",
    "aws_msk_vpc_connection",
    "aws_network_acl",
    "aws_network_acl_association",
    "aws_network_acl_rule",
    "aws_network_interface",
    "aws_ram_principal_association",
    "aws_ram_resource_association",
    "aws_ram_resource_share",
    "aws_route",
    "aws_route53_record",
    "aws_route53_resolver_rule",
    "aws_route53_resolver_rule_association",
    "aws_route53_zone",
    "aws_route_table",
    "aws_route_table_association",
    "aws_secretsmanager_secret",
    "aws_secretsmanager_secret_policy",
    "aws_security_group",
    "aws_subnet",
    "aws_vpc",
    "aws_vpc_endpoint",
    "aws_vpc_endpoint_service",
    "aws_vpc_ipv4_cidr_block_association",
    "aws_vpc_peering_connection",
    "aws_vpc_security_group_egress_rule",
    "aws_vpc_security_group_ingress_rule",
    "aws_vpclattice_resource_configuration",
    "aws_vpclattice_resource_gateway",
    "provider",
];

fn here(path: &str) -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join(path)
}

/// The files of all modules of a spec.
fn modules(spec: &str) -> BTreeMap<String, String> {
    let (spec, _, found) = blueprint::read(spec);
    let (blueprint, _) = plan::build(&spec.unwrap_or_else(|| panic!("{found:#?}")));
    let (rendered, _) = render(&blueprint, Target::Terraform, &[]);
    let files = rendered.files.into_iter();
    files.filter(|(path, _)| path.ends_with(".tf")).collect()
}

fn files_below(folder: &Path, found: &mut Vec<PathBuf>) {
    let Ok(entries) = fs::read_dir(folder) else {
        return;
    };
    for entry in entries {
        let path = entry.expect("an entry").path();
        if path.is_dir() {
            files_below(&path, found);
        } else {
            found.push(path);
        }
    }
    found.sort();
}

/// The modules of all examples and estates, by the name of the spec.
fn everything() -> BTreeMap<String, BTreeMap<String, String>> {
    let mut specs = Vec::new();
    for folder in ["../../examples", "tests/estates"] {
        files_below(&here(folder), &mut specs);
    }
    let is_spec = |path: &PathBuf| path.extension().is_some_and(|ending| ending == "yaml");
    let specs: Vec<_> = specs.into_iter().filter(is_spec).collect();
    assert!(specs.len() > 20, "{specs:?}");
    let texts = specs.into_iter().map(|path| {
        let text = fs::read_to_string(&path).expect("a spec");
        let name = path.strip_prefix(here("")).expect("a path below the crate");
        let name = name.to_str().expect("a path in UTF-8").replace("../", "");
        (name.replace('/', "-"), modules(&text))
    });
    texts.collect()
}

fn write_below(folder: &Path, files: &BTreeMap<String, String>) {
    for (path, text) in files {
        let path = folder.join(path);
        fs::create_dir_all(path.parent().expect("a folder")).expect("the folder is made");
        fs::write(path, text).expect("the file is written");
    }
}

#[test]
fn modules_are_as_written_down() {
    let is_update = std::env::var_os("UPDATE").is_some_and(|value| value == "1");
    for (name, spec) in ESTATES {
        let folder = here("tests/golden/terraform").join(name);
        let modules = modules(spec);
        if is_update {
            let _ = fs::remove_dir_all(&folder);
            write_below(&folder, &modules);
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
        assert_eq!(paths(&known), paths(&modules), "{name}");
        for (path, text) in &modules {
            assert!(
                known[path] == *text,
                "{name}/{path} differs; `UPDATE=1 cargo test -p render --test terraform` writes it"
            );
        }
    }
}

/// The words between quotes at the head of blocks of a kind: of resources type and name.
fn heads<'t>(texts: &'t BTreeMap<String, String>, kind: &str) -> BTreeSet<(&'t str, Vec<&'t str>)> {
    let lines = texts.iter().flat_map(|(path, text)| {
        let folder = path.rsplit_once('/').map_or("", |(folder, _)| folder);
        text.lines().map(move |line| (folder, line))
    });
    let heads = lines.filter_map(|(folder, line)| {
        let rest = line.strip_prefix(kind)?.strip_suffix(" {")?;
        let words = rest.split('"').skip(1).step_by(2);
        Some((folder, words.collect()))
    });
    heads.collect()
}

#[test]
fn estates_hold_every_type_of_resource() {
    let mut found = BTreeSet::from(["provider".to_owned()]);
    for (_, spec) in ESTATES {
        let modules = modules(spec);
        let heads = heads(&modules, "resource ");
        found.extend(heads.into_iter().map(|(_, words)| words[0].to_owned()));
    }
    assert_eq!(found, TYPES.map(str::to_owned).into());
}

/// The references in a line, such as `var.x` and `aws_vpc.shop`: the word before the first dot,
/// the word behind it.
fn references(line: &str) -> Vec<(&str, &str)> {
    let is_word = |c: char| c.is_ascii_alphanumeric() || c == '_' || c == '.';
    let words = line.split(|c: char| !is_word(c));
    let words = words.filter_map(|word| {
        let mut parts = word.split('.');
        let (first, second) = (parts.next()?, parts.next()?);
        (first == "var" || first.starts_with("aws_")).then_some((first, second))
    });
    words.collect()
}

#[test]
fn every_reference_has_a_target_and_every_variable_a_use() {
    for (name, modules) in everything() {
        let resources = heads(&modules, "resource ");
        let variables = heads(&modules, "variable ");
        let mut used = BTreeSet::new();
        for (path, text) in &modules {
            let (folder, file) = path.rsplit_once('/').unwrap();
            for (first, second) in text.lines().flat_map(references) {
                let declared = match first {
                    "var" => variables.contains(&(folder, vec![second])),
                    _ => resources.contains(&(folder, vec![first, second])),
                };
                assert!(declared, "{name}/{path}: {first}.{second}");
                if first == "var" && file != "variables.tf" {
                    used.insert((folder, vec![second]));
                }
            }
        }
        assert_eq!(used, variables, "{name}");
    }
}

/// A VPC whose name Terraform gives a meaning of its own, and settings full of its marks.
const AWKWARD: &str = "name: awkward
region: eu-central-1
vpcs:
  provider: { account: \"111111111111\", cidr: 10.0.0.0/16, zones: [euc1-az1, euc1-az2] }
  override: { account: \"111111111111\", cidr: 10.1.0.0/16, zones: [euc1-az1, euc1-az2] }
clusters:
  internal:
    kind: msk
    vpc: provider
    kafka_version: \"3.9\"
    brokers: 2
    config: { sasl.oauthbearer.note: '${x} %{if} \"quoted\" \\' }
clients:
  sg-checkout: { vpc: override, cluster: internal }
connections:
  - { from: override, to: internal, via: privatelink }
";

#[test]
fn what_means_something_to_terraform_is_text() {
    let modules = modules(AWKWARD);
    let of = |file: &str| &modules[&format!("111111111111/eu-central-1/{file}")];
    assert!(of("1-network/provider.tf").contains("required_version"));
    assert!(of("1-network/provider-objects.tf").contains("resource \"aws_vpc\" \"provider\""));
    assert!(of("1-network/override-objects.tf").contains("name        = \"group-sg-checkout\""));
    assert!(of("3-front/internal.tf").contains("= \"nlb-internal-nlb\""));
    let setting = r#"    sasl.oauthbearer.note=$${x} %%{if} "quoted" \"#;
    let settings = of("2-cluster/internal.tf");
    assert!(settings.lines().any(|line| line == setting), "{settings}");
}

#[test]
fn no_module_says_a_secret_or_does_what_only_loops_do() {
    for (name, modules) in everything() {
        for (path, text) in &modules {
            for word in [
                "secret_string",
                "for_each",
                "count ",
                "dynamic ",
                "password",
            ] {
                assert!(!text.contains(word), "{name}/{path}: {word}");
            }
        }
    }
}

/// What keeps records or secrets is not removed by taking it out of the text.
#[test]
fn what_keeps_data_cannot_be_destroyed() {
    let keeping = [
        "aws_msk_cluster",
        "aws_msk_serverless_cluster",
        "aws_kms_key",
        "aws_secretsmanager_secret",
    ];
    let mut n_keeping = 0;
    for (name, modules) in everything() {
        for (path, text) in &modules {
            for block in text.split("\nresource \"").skip(1) {
                let kind = block.split('"').next().unwrap();
                let block = block.split("\n}\n").next().unwrap();
                let is_kept = block.contains("prevent_destroy = true");
                assert_eq!(is_kept, keeping.contains(&kind), "{name}/{path}: {kind}");
                n_keeping += usize::from(is_kept);
            }
        }
    }
    assert!(n_keeping > 20, "{n_keeping}");
}

#[test]
fn modules_are_in_the_form_that_terraform_gives_them() {
    let mut terraform = Command::new("terraform");
    terraform.env("CHECKPOINT_DISABLE", "1");
    if terraform.arg("version").output().is_err() {
        println!("skipped: form of Terraform's text: no `terraform` in PATH");
        return;
    }
    let folder = Path::new(env!("CARGO_TARGET_TMPDIR")).join("terraform-fmt");
    let _ = fs::remove_dir_all(&folder);
    for (name, modules) in everything() {
        write_below(&folder.join(name), &modules);
    }
    write_below(&folder.join("awkward"), &modules(AWKWARD));
    let mut terraform = Command::new("terraform");
    terraform.env("CHECKPOINT_DISABLE", "1");
    terraform.args(["fmt", "-check", "-diff", "-recursive"]);
    let told = terraform.arg(&folder).output().unwrap();
    let text = String::from_utf8_lossy(&told.stdout);
    let error = String::from_utf8_lossy(&told.stderr);
    assert!(told.status.success(), "{text}{error}");
    let _ = fs::remove_dir_all(&folder);
}

#[test]
fn a_module_requires_the_oldest_provider_that_has_what_it_says() {
    let versions = |spec: &str| {
        let texts = modules(spec).into_iter();
        let texts = texts.filter(|(path, _)| path.ends_with("provider.tf"));
        let versions = texts.map(|(path, text)| {
            let (_, rest) = text.split_once("version = \">= ").unwrap();
            let (_, rest) = rest.split_once("version = \">= ").unwrap();
            let stage = path.rsplit('/').nth(1).unwrap().to_owned();
            (stage, rest.split('"').next().unwrap().to_owned())
        });
        versions.collect::<BTreeSet<_>>()
    };
    let of = |stage: &str, version: &str| (stage.to_owned(), version.to_owned());
    assert_eq!(
        versions(include_str!("estates/lattice.yaml")),
        BTreeSet::from([
            of("1-network", "4.56.0"),
            of("2-cluster", "4.56.0"),
            of("3-front", "6.22.0"),
            of("4-entrance", "6.28.0"),
        ])
    );
    assert_eq!(
        versions(include_str!("estates/privatelink.yaml")),
        BTreeSet::from([
            of("1-network", "4.56.0"),
            of("2-cluster", "5.13.0"),
            of("3-front", "5.80.0"),
            of("4-entrance", "5.54.0"),
            of("4-entrance", "5.83.0"),
            of("5-routes", "4.56.0"),
        ])
    );
}
