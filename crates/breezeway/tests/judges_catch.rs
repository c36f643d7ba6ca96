//! The judges judged: each accepts a text that is right and catches what is made wrong in it, so
//! that "no findings" elsewhere means something. One that cannot be had says so.

#![expect(clippy::print_stdout, reason = "a test says on stdout what it skipped")]

mod judges;

use std::collections::BTreeMap;
use std::fs;
use std::path::{Path, PathBuf};

use serde_json::{Value, json};

use judges::{
    Finding, Input, Judges, Module, Planned, Provider, Template, Terraform, module_name,
    newest_minimum,
};

/// A text, a part of it, what stands there in its place, and what a judge says then.
type Mutation = (&'static str, &'static str, &'static str);

const TEMPLATE: &str = include_str!("judges/right/network.yaml");

/// What our own judge is judged by; cfn-lint must not find it wrong.
const ONE_OF_EACH: &str = include_str!("readback/own/right.yaml");

const TEMPLATE_MUTATIONS: [Mutation; 9] = [
    ("VpcId: !Ref Data", "VpcIdd: !Ref Data", "VpcIdd"),
    ("10.0.1.0/24", "10.0.1.0/240", "10.0.1.0/240"),
    ("!Ref Data\n", "!Ref Dada\n", "Dada"),
    ("AWS::EC2::Subnet", "AWS::EC2::Subnett", "AWS::EC2::Subnett"),
    ("Type: network", "Type: networkk", "networkk"),
    ("Protocol: TCP", "Protocol: TPC", "TPC"),
    ("TargetType: ip", "TargetType: ipp", "ipp"),
    ("ToPort: 9094", "ToPort: many", "many"),
    (
        "!GetAtt Clients.GroupId",
        "!GetAtt Clients.GroupName",
        "GroupName",
    ),
];

const MODULE: &str = include_str!("judges/right/main.tf");

/// One of each kind that is rendered, as far as provider 5.100 knows them.
const KINDS: &str = include_str!("judges/right/kinds.tf");

const MODULE_FILES: [(&str, &str); 3] = [
    ("main.tf", MODULE),
    ("variables.tf", include_str!("judges/right/variables.tf")),
    ("provider.tf", include_str!("judges/right/provider.tf")),
];

/// What both providers know.
const SCHEMA_MUTATIONS: [Mutation; 6] = [
    ("cidr_block ", "cidr_blok ", "cidr_blok"),
    ("\"aws_subnet\"", "\"aws_subnett\"", "aws_subnett"),
    ("  vpc_id               = aws_vpc.data.id\n", "", "vpc_id"),
    (
        "  default_action {",
        "  default_actions {",
        "default_actions",
    ),
    ("aws_vpc.data.id", "aws_vpc.dada.id", "dada"),
    ("= 9094", "= \"many\"", "number"),
];

/// What only the real one knows.
const VALUE_MUTATIONS: [Mutation; 5] = [
    ("\"10.0.1.0/24\"", "\"10.0.1.0/240\"", "10.0.1.0/240"),
    ("\"10.0.1.0/24\"", "\"10.0.1.9/24\"", "10.0.1.9/24"),
    ("\"network\"", "\"networkk\"", "networkk"),
    ("\"TCP\"", "\"TPC\"", "TPC"),
    ("= 9094", "= 909400", "65535"),
];

#[test]
fn what_is_there() {
    let judges = Judges::ready();
    for line in judges.inventory() {
        println!("{line}");
    }
    for skipped in judges.skipped() {
        println!("skipped: {skipped}");
    }
}

#[test]
fn cfn_lint_catches_what_is_wrong_in_a_template() {
    let cfn_lint = match Judges::ready().cfn_lint() {
        Ok(cfn_lint) => cfn_lint,
        Err(why) => return println!("skipped: {why}"),
    };
    let folder = folder("templates");
    let write = |number: usize, text: &str| {
        let file = folder.join(format!("{number}.yaml"));
        fs::write(&file, text).expect("a template is written");
        // Findings are for the Region that each template is for.
        let region = ["eu-central-1", "us-east-1"][number % 2].to_owned();
        Template { file, region }
    };
    let right = write(TEMPLATE_MUTATIONS.len() + 1, ONE_OF_EACH);
    let mut templates = vec![write(0, TEMPLATE)];
    let mutated = TEMPLATE_MUTATIONS.iter().zip(1..);
    templates
        .extend(mutated.map(|(mutation, number)| write(number, &mutated_text(TEMPLATE, mutation))));
    templates.push(right);
    let findings = cfn_lint.judge(&templates).expect("cfn-lint runs");
    let of = |template: &Template| -> Vec<String> {
        let of = findings
            .iter()
            .filter(|finding| finding.file == template.file);
        of.map(Finding::to_string).collect()
    };
    assert_eq!(of(&templates[0]), [] as [&str; 0]);
    assert_eq!(
        templates.last().map(of).unwrap_or_default(),
        [] as [&str; 0]
    );
    for (template, (_, to, says)) in templates[1..].iter().zip(&TEMPLATE_MUTATIONS) {
        let found = of(template);
        assert!(
            found.iter().any(|found| found.contains(says)),
            "{to}: {found:?}"
        );
    }
    println!(
        "{} mutations of a template, all caught",
        TEMPLATE_MUTATIONS.len()
    );
}

#[test]
fn terraform_catches_what_is_wrong_in_a_module() {
    each_provider("module", |terraform, provider, folder| {
        let right = module(&folder.join("right"), MODULE);
        assert_eq!(
            terraform.unformatted(&right).expect("it runs"),
            [] as [PathBuf; 0]
        );
        let root = terraform
            .single(&right, &values(), provider)
            .expect("it is copied");
        assert_eq!(root.validate().expect("it runs"), []);
        let planned = plan(root.plan().expect("it runs"));
        assert_eq!(
            subnet_range(&planned["planned_values"]["root_module"]),
            "10.0.1.0/24"
        );
        let mut mutations = SCHEMA_MUTATIONS.to_vec();
        if provider == Provider::Real {
            mutations.extend(VALUE_MUTATIONS);
        }
        let wrong: Vec<Module> = mutations
            .iter()
            .enumerate()
            .map(|(number, mutation)| {
                let name = format!("wrong-{number}-");
                let text = mutated_text(MODULE, mutation);
                call(&name, &module(&folder.join(&name), &text), values())
            })
            .collect();
        let root = terraform.composed(&wrong, provider).expect("it is written");
        let found = root.validate().expect("it runs");
        for (wrong, mutation) in wrong.iter().zip(&mutations) {
            let of = Path::new("modules").join(module_name(&wrong.name));
            let mut of = found.iter().filter(|found| found.file.starts_with(&of));
            let says = of.any(|found| found.to_string().contains(mutation.2));
            assert!(says, "{mutation:?}: {found:?}");
        }
        println!(
            "{} mutations of a module, all caught by {provider:?}",
            mutations.len()
        );
    });
}

#[test]
fn what_is_not_canonical_is_named() {
    each_provider("format", |terraform, _, folder| {
        let text = MODULE.replace("cidr_block = var.range", "cidr_block   = var.range");
        let folder = module(folder, &text);
        let unformatted = terraform.unformatted(&folder).expect("it runs");
        assert_eq!(unformatted, [PathBuf::from("main.tf")]);
        fs::write(folder.join("main.tf"), "resource {").expect("a module is written");
        assert!(terraform.unformatted(&folder).is_err());
    });
}

#[test]
fn modules_of_one_root_are_judged_together() {
    each_provider("composed", |terraform, provider, folder| {
        let folder = module(folder, MODULE);
        let first = call("111111111111/eu-central-1/1-network", &folder, values());
        let mut second = call("222222222222/eu-central-1/1-network", &folder, values());
        let output = Input::Output {
            module: first.name.clone(),
            output: "name".to_owned(),
        };
        second.inputs.insert("name".to_owned(), output);
        second
            .inputs
            .insert("zone".to_owned(), Input::Given(json!("${not}.a.template")));
        let both = [first.clone(), second.clone()];
        let root = terraform.composed(&both, provider).expect("it is written");
        assert_eq!(root.validate().expect("it runs"), []);
        let planned = plan(root.plan().expect("it runs"));
        let children = &planned["planned_values"]["root_module"]["child_modules"];
        let names: Vec<&Value> = [&children[0], &children[1]]
            .iter()
            .flat_map(|child| child["resources"].as_array().into_iter().flatten())
            .filter(|resource| resource["type"] == "aws_lb")
            .map(|resource| &resource["values"]["name"])
            .collect();
        assert_eq!(names, ["first", "next-first"]);
        second.inputs.remove("zone");
        let root = terraform
            .composed(&[first, second], provider)
            .expect("it is written");
        let Planned::Refused(found) = root.plan().expect("it runs") else {
            panic!("a variable was not given");
        };
        assert!(found[0].message.contains("\"zone\""), "{found:?}");
    });
}

/// Where both can plan, what the stand-in plans is what the real one plans, except where it leaves
/// to AWS what it cannot know; so readers of plans may use either.
#[test]
fn the_stand_in_plans_what_the_real_provider_plans() {
    let mut plans = Vec::new();
    each_provider("kinds", |terraform, provider, folder| {
        let folder = module(folder, KINDS);
        assert_eq!(
            terraform.unformatted(&folder).expect("it runs"),
            [] as [PathBuf; 0]
        );
        let root = terraform
            .single(&folder, &values(), provider)
            .expect("it is copied");
        assert_eq!(root.validate().expect("it runs"), []);
        plans.push(plan(root.plan().expect("it runs")));
    });
    let [real, standin] = plans.as_slice() else {
        return;
    };
    let changes = [real, standin].map(|plan| plan["resource_changes"].as_array());
    let [Some(real), Some(standin)] = changes else {
        panic!("plans have changes");
    };
    assert_eq!(real.len(), standin.len());
    let mut n_compared = 0;
    for (real, standin) in real.iter().zip(standin) {
        assert_eq!(real["address"], standin["address"]);
        let [real, standin] = [real, standin].map(|resource| &resource["change"]);
        let known = standin["after"].as_object().expect("attributes");
        for (name, value) in known.iter().filter(|(_, value)| !is_nothing(value)) {
            n_compared += 1;
            let alike = agree(value, &real["after"][name], &real["after_unknown"][name]);
            assert!(alike, "{name}: {value} {real}");
        }
        let unknown = real["after_unknown"].as_object().expect("attributes");
        for name in unknown.keys().filter(|name| unknown[*name] == true) {
            let unknown = &standin["after_unknown"][name];
            // Of a block that nobody gave, the schema does not tell that AWS fills it.
            let is_left = is_unknown(unknown) || is_nothing(&standin["after"][name]);
            assert!(is_left, "{name}: {standin}");
        }
    }
    println!("{n_compared} attributes planned alike by both providers");
}

/// Whether everything that the stand-in says the real one says as well, or leaves to AWS: it does
/// not know a set, for example, of which it does not know an element.
fn agree(standin: &Value, real: &Value, left: &Value) -> bool {
    if *left == true || is_nothing(standin) {
        return true;
    }
    match (standin, real) {
        (Value::Object(standin), Value::Object(_)) => {
            let mut members = standin.iter();
            members.all(|(name, value)| agree(value, &real[name], &left[name]))
        }
        (Value::Array(standin), Value::Array(found)) => {
            let mut items = standin.iter().zip(found).enumerate();
            standin.len() == found.len() && items.all(|(at, (s, r))| agree(s, r, &left[at]))
        }
        (Value::Null | Value::Bool(_) | Value::Number(_) | Value::String(_), _)
        | (Value::Array(_) | Value::Object(_), _) => standin == real,
    }
}

/// Whether it is what an attribute is that nobody gave, also one of a newer version.
fn is_nothing(value: &Value) -> bool {
    value.is_null() || *value == json!([])
}

/// Whether a plan leaves a part of an attribute to AWS.
fn is_unknown(part: &Value) -> bool {
    match part {
        Value::Bool(unknown) => *unknown,
        Value::Array(parts) => parts.iter().any(is_unknown),
        Value::Object(parts) => parts.values().any(is_unknown),
        Value::Null | Value::Number(_) | Value::String(_) => false,
    }
}

/// The stand-in knows what is newer than its schema, and the values of it.
#[test]
fn the_stand_in_knows_cited_newer_attributes() {
    const ENDPOINT: &str = "resource \"aws_vpc_endpoint\" \"topic\" {\n  vpc_id = \"vpc-1\"\n  \
        dns_options {\n    private_dns_preference = \"SPECIFIED_DOMAINS_ONLY\"\n    \
        private_dns_specified_domains = [\"kafka.example\"]\n  }\n}\n";
    let terraform = match standin() {
        Ok(terraform) => terraform,
        Err(why) => return println!("skipped: {why}"),
    };
    let folder = folder("newer");
    let cases = [
        ("SPECIFIED_DOMAINS_ONLY", None),
        ("THE_DOMAINS", Some("THE_DOMAINS")),
    ];
    for (value, says) in cases {
        let text = ENDPOINT.replace("SPECIFIED_DOMAINS_ONLY", value);
        let root = terraform
            .single(&module(&folder, &text), &values(), Provider::StandIn)
            .expect("it is copied");
        let found = root.validate().expect("it runs");
        let told = found.first().map(|finding| &finding.rule);
        assert_eq!(told.is_some(), says.is_some(), "{found:?}");
        assert!(
            told.is_none_or(|told| says.is_some_and(|says| told.contains(says))),
            "{told:?}"
        );
    }
}

#[test]
fn a_module_says_which_provider_it_needs() {
    let stated = newest_minimum(MODULE_FILES.iter().map(|(_, text)| *text));
    let stated = stated.expect("it says so").to_string();
    assert_eq!(stated, "5.60.0");
    let terraform = match standin() {
        Ok(terraform) => terraform,
        Err(why) => return println!("skipped: {why}"),
    };
    let newest = ["version = \">= 999.0\""];
    let best = terraform.best_for(newest).map_err(ToString::to_string);
    assert_eq!(best, Ok(Provider::StandIn));
}

fn standin() -> Result<&'static Terraform, String> {
    let terraform = Judges::ready().terraform().map_err(ToString::to_string)?;
    terraform
        .has(Provider::StandIn)
        .map_err(ToString::to_string)?;
    Ok(terraform)
}

/// Runs a test with each provider that can be had, in a folder of its own.
fn each_provider(name: &str, mut test: impl FnMut(&Terraform, Provider, &Path)) {
    let terraform = match Judges::ready().terraform() {
        Ok(terraform) => terraform,
        Err(why) => return println!("skipped: {why}"),
    };
    for provider in Provider::ALL {
        match terraform.has(provider) {
            Ok(()) => test(
                terraform,
                provider,
                &folder(&format!("{name}-{provider:?}")),
            ),
            Err(why) => println!("skipped: {why}"),
        }
    }
}

fn mutated_text(text: &str, (from, to, _): &Mutation) -> String {
    assert!(text.contains(from), "{from:?} is not in the text");
    text.replacen(from, to, 1)
}

/// An empty folder of a test.
fn folder(name: &str) -> PathBuf {
    let folder = Path::new(env!("CARGO_TARGET_TMPDIR"))
        .join("judges-catch")
        .join(name);
    let _ = fs::remove_dir_all(&folder);
    fs::create_dir_all(&folder).expect("a folder is created");
    folder
}

/// Writes the module with another main file.
fn module(folder: &Path, main: &str) -> PathBuf {
    fs::create_dir_all(folder).expect("a folder is created");
    for (name, text) in MODULE_FILES {
        let text = if name == "main.tf" { main } else { text };
        fs::write(folder.join(name), text).expect("a module is written");
    }
    folder.to_owned()
}

fn values() -> BTreeMap<String, Value> {
    let values = [
        ("name", "first"),
        ("range", "10.0.0.0/16"),
        ("zone", "kafka.example"),
    ];
    values
        .map(|(name, value)| (name.to_owned(), json!(value)))
        .into()
}

fn call(name: &str, folder: &Path, values: BTreeMap<String, Value>) -> Module {
    Module {
        name: name.to_owned(),
        folder: folder.to_owned(),
        inputs: values
            .into_iter()
            .map(|(name, value)| (name, Input::Given(value)))
            .collect(),
    }
}

fn plan(planned: Planned) -> Value {
    match planned {
        Planned::Plan(plan) => *plan,
        Planned::Refused(found) => panic!("refused: {found:?}"),
    }
}

fn subnet_range(module: &Value) -> &Value {
    let resources = module["resources"].as_array().into_iter().flatten();
    let mut subnets = resources.filter(|resource| resource["type"] == "aws_subnet");
    &subnets.next().expect("a subnet is planned")["values"]["cidr_block"]
}
