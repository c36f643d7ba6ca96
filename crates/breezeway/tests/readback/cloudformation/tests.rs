//! Templates written by hand from AWS's documents.

use std::collections::BTreeMap;

use super::super::wiring::FILE;
use super::*;

const PATH: &str = "111111111111/eu-central-1/1-network-data.yaml";

fn unit() -> Unit {
    serde_json::from_value(serde_json::json!({
        "path": PATH, "stack": "orders-network-data", "account": "111111111111",
        "region": "eu-central-1", "stage": "network", "inputs": [], "outputs": [],
    }))
    .expect("a unit")
}

fn read(text: &str, inputs: &[(&str, Prop)]) -> Result<Stack, Vec<String>> {
    let inputs = inputs
        .iter()
        .map(|(name, value)| ((*name).to_owned(), value.clone()));
    stack(&unit(), text, &inputs.collect())
}

fn text(text: &str) -> Prop {
    Prop::Text(text.to_owned())
}

fn to(name: &str, attribute: &str) -> Prop {
    let id = NodeId {
        unit: PATH.to_owned(),
        name: name.to_owned(),
    };
    Prop::Ref(id, attribute.to_owned())
}

/// What a record's `Name` is read as, beside an endpoint, a service, a balancer and a group.
fn value(written: &str) -> Result<Prop, Vec<String>> {
    let template = format!(
        "
Parameters:
  Suffix: {{ Type: String }}
  Later: {{ Type: String, Default: after, AllowedValues: [before, after] }}
  Zones: {{ Type: CommaDelimitedList, Default: 'a,b' }}
Conditions:
  IsLater: !Equals [!Ref Later, after]
  IsNot: !Not [Condition: IsLater]
  Both: !And [!Condition IsLater, Fn::Or: [!Condition IsNot, !Equals [a, a]]]
Resources:
  Gateway: {{ Type: AWS::EC2::TransitGateway, Condition: IsNot }}
  Endpoint: {{ Type: AWS::EC2::VPCEndpoint }}
  Service: {{ Type: AWS::EC2::VPCEndpointService }}
  Group: {{ Type: AWS::EC2::SecurityGroup }}
  Balancer: {{ Type: AWS::ElasticLoadBalancingV2::LoadBalancer }}
  Record:
    Type: AWS::Route53::RecordSet
    Properties:
      Tags: [{{ Key: a, Value: b }}]
      Name: {written}
"
    );
    let stack = read(&template, &[("Suffix", text("c2.kafka"))])?;
    let record = stack.nodes.iter().find(|node| node.id.name == "Record");
    let name = record.and_then(|node| node.get("Name")).cloned();
    Ok(name.unwrap_or(text("nothing")))
}

#[test]
fn intrinsic_functions_in_both_forms() {
    for (written, meant) in [
        ("!Ref Suffix", text("c2.kafka")),
        ("{ Ref: Suffix }", text("c2.kafka")),
        ("!Ref AWS::Region", text("eu-central-1")),
        ("!Ref AWS::NoValue", text("nothing")),
        ("!Ref Group", to("Group", "Ref")),
        ("!GetAtt Group.GroupId", to("Group", "Ref")),
        (
            "{ Fn::GetAtt: [Balancer, DNSName] }",
            to("Balancer", "DNSName"),
        ),
        ("!GetAtt [Balancer, DNSName]", to("Balancer", "DNSName")),
        ("!Sub 'b-1.${Suffix}.${!x}'", text("b-1.c2.kafka.${x}")),
        (
            "!Sub ['${AWS::AccountId}/${a}', { a: !Ref Suffix }]",
            text("111111111111/c2.kafka"),
        ),
        ("!Sub '${Balancer.DNSName}'", to("Balancer", "DNSName")),
        ("!Join ['-', [a, 1, !Ref Suffix]]", text("a-1-c2.kafka")),
        ("!Join ['+', !Ref Zones]", text("a+b")),
        ("!Select [1, !Ref Zones]", text("b")),
        ("!Select [1, !Split ['.', !Ref Suffix]]", text("kafka")),
        ("!If [IsLater, x, z]", text("x")),
        ("!If [IsNot, !Ref AWS::NoValue, z]", text("z")),
        ("!If [Both, x, z]", text("x")),
        (
            "[a, !If [IsNot, b, !Ref AWS::NoValue]]",
            Prop::List(vec![text("a")]),
        ),
    ] {
        assert_eq!(value(written), Ok(meant), "{written}");
    }
}

#[test]
fn what_aws_gives_stays_a_reference_within_text() {
    let service = value("!Sub 'com.amazonaws.vpce.${AWS::Region}.${Service}'");
    let parts = vec![
        text("com.amazonaws.vpce.eu-central-1."),
        to("Service", "Ref"),
    ];
    assert_eq!(service, Ok(Prop::Joined(parts)));
    let dns = "!Split [':', !Select [0, !GetAtt Endpoint.DnsEntries]]";
    for (written, meant) in [
        (format!("!Select [1, {dns}]"), "DnsEntries.0.Name"),
        (format!("!Select [0, {dns}]"), "DnsEntries.0.ZoneId"),
    ] {
        assert_eq!(value(&written), Ok(to("Endpoint", meant)), "{written}");
    }
}

#[test]
fn what_is_not_understood_is_an_error_that_names_its_place() {
    for (written, cause) in [
        ("!Ref Nothing", "Nothing is no parameter and no resource"),
        ("!Ref Gateway", "Gateway is no parameter and no resource"),
        (
            "!GetAtt Balancer.Address",
            "LoadBalancer has no attribute Address",
        ),
        ("!ImportValue x", "Fn::ImportValue: not understood"),
        ("!Cidr [a, 1, 2]", "Fn::Cidr: not understood"),
        ("!Ref AWS::StackId", "Ref: AWS::StackId is not understood"),
        ("!Select [2, !Ref Zones]", "index 2 of 2 items"),
        (
            "!Select [0, !GetAtt Balancer.DNSName]",
            "DNSName of 111111111111/eu-central-1/1-network-data.yaml: Balancer is no list",
        ),
        (
            "!Join ['', [!GetAtt Endpoint.DnsEntries]]",
            "DnsEntries of 111111111111/eu-central-1/1-network-data.yaml: Endpoint is a list",
        ),
        (
            "!Split ['.', !GetAtt Balancer.DNSName]",
            "DNSName of 111111111111/eu-central-1/1-network-data.yaml: Balancer cannot be split",
        ),
        ("!If [Never, a, b]", "no condition Never"),
        ("{ Ref: Suffix, b: 1 }", "Ref beside other keys"),
        ("!Sub '${Suffix'", "never closed"),
        ("", "no value"),
    ] {
        let faults = value(written).expect_err(written);
        let place = format!("{PATH}: Record: Name: ");
        let found = faults
            .iter()
            .any(|fault| fault.starts_with(&place) && fault.contains(cause));
        assert!(found, "{written}: {faults:?}");
    }
}

/// Asserts that a template is refused with a fault that names its file and this cause.
fn assert_refused(template: &str, cause: &str) {
    let faults = read(template, &[]).expect_err(template);
    let found = faults
        .iter()
        .any(|fault| fault.starts_with(PATH) && fault.contains(cause));
    assert!(found, "{template}: {faults:?}");
}

#[test]
fn resources_that_cloudformation_refuses_are_refused() {
    for (resources, cause) in [
        (
            "my-vpc: { Type: AWS::EC2::VPC }",
            "my-vpc is not alphanumeric",
        ),
        ("V: { Properties: {} }", "V: no Type"),
        (
            "V: { Type: AWS::EC2::Instance }",
            "AWS::EC2::Instance is not understood",
        ),
        (
            "V: { Type: AWS::EC2::VPC, UpdatePolicy: {} }",
            "UpdatePolicy is not understood",
        ),
        ("V: { Type: AWS::EC2::VPC, DependsOn: W }", "DependsOn W"),
        ("V: { Type: AWS::EC2::VPC, Condition: C }", "no condition C"),
        (
            "V: { Type: AWS::EC2::VPC, DependsOn: W }, W: { Type: AWS::EC2::VPC, \
             Properties: { CidrBlock: !GetAtt V.CidrBlock } }",
            "circular: V, W",
        ),
    ] {
        assert_refused(&format!("Resources: {{ {resources} }}"), cause);
    }
    assert_refused("Outputs: {}", "no Resources");
}

#[test]
fn sections_that_cloudformation_refuses_are_refused() {
    for (section, cause) in [
        ("Transform: x", "Transform is not understood"),
        ("Mappings: {}", "Mappings is not understood"),
        (
            "Parameters: { P: { Type: String } }",
            "P: no value and no Default",
        ),
        (
            "Parameters: { V: { Type: String, Default: a } }",
            "V is a parameter and a resource",
        ),
        (
            "Parameters: { P: { Type: AWS::EC2::VPC::Id, Default: sg-1 } }",
            "no id of an AWS::EC2::VPC",
        ),
        (
            "Parameters: { P: { Type: String, Default: c, AllowedValues: [a, b] } }",
            "not among AllowedValues",
        ),
        (
            "Conditions: { A: !Condition B, B: !Condition A }",
            "a circle of conditions",
        ),
        (
            "Outputs: { O: { Value: a, Export: { Name: x } } }",
            "Export is not understood",
        ),
        ("Outputs: { O: { Value: [a] } }", "an output is text"),
    ] {
        let template = format!("{section}\nResources: {{ V: {{ Type: AWS::EC2::VPC }} }}");
        assert_refused(&template, cause);
    }
    let template = "Resources: { V: { Type: AWS::EC2::VPC } }";
    assert!(read(template, &[("P", text("x"))]).is_err());
    let comment = "#".repeat(MAX_TEMPLATE_BYTES);
    assert_refused(&format!("{template}\n{comment}"), "bytes");
}

#[test]
fn a_resource_without_its_condition_is_not_made() {
    let template = "
Parameters:
  Later: { Type: String, AllowedValues: [before, after] }
Conditions:
  IsLater: !Equals [!Ref Later, after]
Resources:
  Always: { Type: AWS::EC2::VPC, DeletionPolicy: Retain, Properties: { CidrBlock: 10.0.0.0/16 } }
  Then: { Type: AWS::EC2::VPC, Condition: IsLater, Properties: { CidrBlock: 10.1.0.0/16 } }
Outputs:
  Then: { Condition: IsLater, Value: !Ref Then }
";
    for (later, n_nodes, n_outputs) in [("before", 1, 0), ("after", 2, 1)] {
        let stack = read(template, &[("Later", text(later))]).expect("reads");
        assert_eq!(
            (stack.nodes.len(), stack.outputs.len()),
            (n_nodes, n_outputs),
            "{later}"
        );
    }
}

#[test]
fn lists_come_in_as_text_with_references_in_it() {
    let template = "
Parameters:
  Groups: { Type: 'List<AWS::EC2::SecurityGroup::Id>' }
Resources:
  Eni: { Type: AWS::EC2::NetworkInterface, Properties: { GroupSet: !Ref Groups } }
";
    let groups = Prop::joined([text("sg-1,"), to("Group", "Ref")]);
    let stack = read(template, &[("Groups", groups)]).expect("reads");
    let read_back = stack.nodes[0].list("GroupSet").expect("a list");
    assert_eq!(read_back, [text("sg-1"), to("Group", "Ref")]);
}

const NETWORK: &str = "
Resources:
  Vpc:
    Type: AWS::EC2::VPC
    Properties: { CidrBlock: 10.0.0.0/16, EnableDnsHostnames: true }
  Group:
    Type: AWS::EC2::SecurityGroup
    Properties: { VpcId: !Ref Vpc, GroupDescription: brokers }
Outputs:
  VpcId: { Value: !Ref Vpc }
  GroupId: { Value: !GetAtt Group.GroupId }
";

const FRONT: &str = "
Parameters:
  VpcId: { Type: AWS::EC2::VPC::Id }
  Broker: { Type: String }
  Suffix: { Type: String }
  Certificate: { Type: String }
  Listeners: { Type: String, AllowedValues: [before, after] }
  Table: { Type: String }
  Resolver: { Type: String }
Resources:
  Targets:
    Type: AWS::ElasticLoadBalancingV2::TargetGroup
    Properties:
      VpcId: !Ref VpcId
      Port: 9098
      Name: !Join ['|', [!Ref Suffix, !Ref Certificate, !Ref Listeners, !Ref Table, !Ref Resolver]]
      Targets: [{ Id: !Ref Broker, Port: 9098 }]
";

/// A rendering of two stacks, with its wiring.
fn rendering(inputs: serde_json::Value) -> Files {
    let front = "111111111111/eu-central-1/3-front-orders.yaml";
    let settings = "111111111111/eu-central-1/settings/orders/broker-1.server.properties";
    let mut files: Files = [(PATH, NETWORK), (front, FRONT), (settings, "node.id=1\n")]
        .into_iter()
        .map(|(path, text)| (path.to_owned(), text.to_owned()))
        .collect();
    let sums: BTreeMap<_, _> = files
        .iter()
        .map(|(path, text)| (path.clone(), crate::wiring::sha256(text)))
        .collect();
    let unit = |path: &str, inputs: serde_json::Value, outputs: &[&str]| {
        serde_json::json!({
            "path": path, "stack": "s", "account": "111111111111", "region": "eu-central-1",
            "stage": "network", "inputs": inputs, "outputs": outputs,
        })
    };
    let wiring = serde_json::json!({
        "format": "breezeway-render/1", "name": "orders", "target": "cloudformation",
        "despite_findings": false, "files": sums,
        "units": [
            unit(PATH, serde_json::json!([]), &["VpcId", "GroupId"]),
            unit(front, inputs, &[]),
        ],
        "clients": { "checkout": { "security_group": { "output": { "unit": PATH, "name": "GroupId" } } } },
        "clusters": { "orders": { "arn": { "existing": "arn:aws:kafka:x" } } },
    });
    files.insert(FILE.to_owned(), wiring.to_string());
    files
}

fn inputs() -> serde_json::Value {
    serde_json::json!([
        { "name": "VpcId", "from": { "output": { "unit": PATH, "name": "VpcId" } } },
        { "name": "Broker", "from": { "broker_address": { "cluster": "orders", "broker": 1 } } },
        { "name": "Suffix", "from": { "suffix": { "cluster": "orders" } } },
        { "name": "Certificate", "from": { "certificate": { "of": "orders-nlb", "names": ["a.b", "*.c"] } } },
        { "name": "Listeners", "from": { "switch": { "first": "before", "then": "after", "when": "later" } } },
        { "name": "Table", "from": { "route_table": { "subnet": "subnet-0abc" } } },
        { "name": "Resolver", "from": { "given": { "what": "outbound endpoint of `data`" } } },
    ])
}

const SPEC: &str = "
name: orders
region: eu-central-1
vpcs:
  data: { account: '111111111111', cidr: 10.0.0.0/16, zones: [euc1-az1] }
clusters:
  orders: { kind: msk, vpc: data, kafka_version: '3.9', brokers: 1, auth: [iam] }
clients:
  checkout: { vpc: data, cluster: orders }
";

fn spec() -> blueprint::Blueprint {
    let (spec, ..) = blueprint::read(SPEC);
    plan::build(&spec.expect("a spec")).0
}

fn known() -> Known {
    Known::of(&spec())
}

#[test]
fn outputs_of_one_stack_are_inputs_of_another() {
    let reading = super::read(&rendering(inputs()), &known()).expect("reads");
    let targets = reading
        .graph
        .of_kind("AWS::ElasticLoadBalancingV2::TargetGroup")
        .next()
        .expect("a target group");
    let vpc = targets
        .get("VpcId")
        .and_then(|prop| reading.graph.target(prop, "AWS::EC2::VPC"));
    assert_eq!(
        vpc.map(|vpc| vpc.text("CidrBlock")),
        Some(Ok("10.0.0.0/16"))
    );
    assert_eq!(
        targets.text("Name"),
        Ok(format!(
            "{}|certificate:*.c,a.b|after|rtb-of-subnet-0abc|given:outbound-endpoint-of-data",
            known().suffix("orders").expect("a suffix")
        )
        .as_str())
    );
    let target = &targets.list("Targets").expect("targets")[0];
    let address = known().broker_address("orders", 1).expect("an address");
    assert_eq!(target.get("Id"), Some(&text(&address.to_string())));
    assert_eq!(reading.clients.get("checkout"), Some(&to("Group", "Ref")));
    assert_eq!(
        reading.clusters.get("orders"),
        Some(&text("arn:aws:kafka:x"))
    );
    let settings: Vec<_> = reading
        .settings
        .iter()
        .map(|s| (s.cluster.as_str(), s.broker, s.text.as_str()))
        .collect();
    assert_eq!(settings, [("orders", 1, "node.id=1\n")]);
}

#[test]
fn wiring_that_does_not_fit_is_refused() {
    let of = |position: usize, from: serde_json::Value| {
        let mut changed = inputs();
        changed[position]["from"] = from;
        super::read(&rendering(changed), &known()).expect_err("a fault")
    };
    let later = serde_json::json!({ "output": { "unit": "later.yaml", "name": "VpcId" } });
    assert!(of(0, later)[0].contains("no unit before it"));
    let stranger = serde_json::json!({ "broker_address": { "cluster": "orders", "broker": 2 } });
    assert!(of(1, stranger)[0].contains("no broker 2 of orders"));
    let mut short = inputs();
    short.as_array_mut().expect("a list").pop();
    let faults = super::read(&rendering(short), &known()).expect_err("a fault");
    assert!(
        faults[0].contains("parameter Resolver: no value"),
        "{faults:?}"
    );
    let mut files = rendering(inputs());
    files.insert("STEPS.md".to_owned(), String::new());
    assert!(super::read(&files, &known()).is_err());
    let mut files = rendering(inputs());
    files.insert(PATH.to_owned(), format!("{NETWORK}# more\n"));
    assert!(super::read(&files, &known()).is_err());
}

#[test]
fn what_is_rendered_is_not_known_from_the_spec() {
    let (spec, known) = (spec(), known());
    let said = &known.said;
    let broker = said.enis.get(&"orders/1".into()).expect("MSK's interface");
    assert!(broker.security_groups.is_empty());
    assert!(said.vpcs.is_empty() && said.subnets.is_empty() && said.route_tables.is_empty());
    assert_eq!(known.subnets.len(), spec.subnets.len());
    let strange = |id: &str| id.contains("stranger") || id.contains("witness");
    assert!(said.security_groups.keys().all(|id| strange(id.as_str())));
    let clusters: Vec<_> = said.clusters.values().collect();
    assert!(clusters.iter().all(|cluster| cluster.settings.is_empty()));
    assert_eq!(said.clients, spec.clients);
}
