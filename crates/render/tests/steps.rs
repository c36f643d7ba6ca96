//! `STEPS.md` of whole estates: as text, line by line, and run in a shell. `UPDATE=1` writes the
//! texts anew.
#![expect(clippy::expect_used, reason = "a test fails by panicking")]

#[path = "steps/estates.rs"]
mod estates;

use std::collections::BTreeMap;
use std::fs;
use std::path::Path;

use blueprint::Blueprint;
use estates::{EXISTING, PEERING, SERVERLESS, SHARED, USERS, ZOOKEEPER};
use render::Target;

fn blueprint(spec: &str) -> Blueprint {
    let path = Path::new(env!("CARGO_MANIFEST_DIR"))
        .join("../../examples")
        .join(spec);
    let text = fs::read_to_string(path).expect("an example");
    blueprint_of(&text)
}

fn blueprint_of(text: &str) -> Blueprint {
    let (spec, _, faults) = blueprint::read(text);
    let (blueprint, _) = plan::build(&spec.unwrap_or_else(|| panic!("{faults:#?}")));
    blueprint
}

fn files(blueprint: &Blueprint, target: Target) -> BTreeMap<String, String> {
    render::render(blueprint, target, &[]).0.files
}

fn steps(blueprint: &Blueprint, target: Target) -> String {
    let mut files = files(blueprint, target);
    files.remove("STEPS.md").expect("the steps")
}

/// Compares a text with the one that is written down.
fn golden(name: &str, text: &str) {
    let path = Path::new(env!("CARGO_MANIFEST_DIR"))
        .join("tests/steps")
        .join(name);
    if std::env::var_os("UPDATE").is_some_and(|value| value == "1") {
        fs::write(&path, text).expect("the golden file is written");
    }
    let known = fs::read_to_string(&path).unwrap_or_default();
    assert!(
        known == text,
        "{name} differs; `UPDATE=1 cargo test -p render --test steps` writes it"
    );
}

/// An example, the target, and the file with its steps.
const TEXTS: [(&str, Target, &str); 6] = [
    ("shop/breezeway.yaml", Target::CloudFormation, "shop.md"),
    (
        "shop/breezeway.yaml",
        Target::Terraform,
        "shop-terraform.md",
    ),
    (
        "patterns/transit-gateway.yaml",
        Target::CloudFormation,
        "transit-gateway.md",
    ),
    (
        "patterns/msk-multi-vpc.yaml",
        Target::CloudFormation,
        "msk-multi-vpc.md",
    ),
    (
        "patterns/privatelink-per-broker-aligned.yaml",
        Target::Terraform,
        "privatelink-per-broker.md",
    ),
    (
        "broker-service/breezeway.yaml",
        Target::CloudFormation,
        "ec2.md",
    ),
];

#[test]
fn steps_are_as_written_down() {
    for (spec, target, file) in TEXTS {
        golden(file, &steps(&blueprint(spec), target));
    }
}

/// Every example, and estates that the examples lack.
fn estates() -> Vec<(String, Blueprint)> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../examples");
    let mut estates = Vec::new();
    for entry in fs::read_dir(&folder).expect("the examples") {
        let folder = entry.expect("an entry").path();
        if !folder.is_dir() {
            continue;
        }
        for spec in fs::read_dir(&folder).expect("a folder") {
            let spec = spec.expect("an entry").path();
            if spec.extension().is_some_and(|ending| ending == "yaml") {
                let text = fs::read_to_string(&spec).expect("a spec");
                estates.push((spec.display().to_string(), blueprint_of(&text)));
            }
        }
    }
    assert!(20 < estates.len(), "{}", estates.len());
    for text in [EXISTING, SHARED, ZOOKEEPER, USERS, SERVERLESS, PEERING] {
        estates.push((text.to_owned(), blueprint_of(text)));
    }
    estates
}

#[test]
fn every_value_is_read_before_it_is_used_and_from_what_is_there() {
    for (name, blueprint) in estates() {
        for target in [Target::CloudFormation, Target::Terraform] {
            let text = steps(&blueprint, target);
            for block in text.split("```sh\n").skip(1) {
                let block = block.split("```").next().unwrap_or_default();
                read_before_use(&name, block);
            }
            for what in ["<id of", "<ARN of", "<version of", "<invitation"] {
                assert!(!text.contains(what), "{name}: {what}\n{text}");
            }
            units_in_order(&name, &text, target);
        }
    }
}

/// Every `${NAME:?}` of a block is assigned, or asked for, above.
fn read_before_use(name: &str, block: &str) {
    for (at, rest) in block
        .match_indices("${")
        .map(|(at, _)| (at, &block[at + 2..]))
    {
        let Some((variable, _)) = rest.split_once(":?}") else {
            continue;
        };
        let above = &block[..at];
        let is_read = above
            .lines()
            .any(|line| line.starts_with(&format!("{variable}=")));
        let is_asked = above.contains(&format!("# first set {variable}:"));
        assert!(is_read || is_asked, "{name}: {variable}\n{block}");
    }
}

/// What a unit gives is read only behind the section that makes it.
fn units_in_order(name: &str, text: &str, target: Target) {
    let sections: Vec<_> = text.split("\n### ").skip(1).collect();
    let mut made: Vec<&str> = Vec::new();
    for section in sections {
        for line in section.lines() {
            let Some((_, call)) = line.split_once("=$(output ") else {
                continue;
            };
            let words: Vec<_> = call.trim_end_matches(')').split(' ').collect();
            let of = match target {
                Target::CloudFormation => words[2],
                Target::Terraform => words[1],
            };
            let is_last = section.contains("## Yours");
            assert!(is_last || made.contains(&of), "{name}: {of}\n{section}");
        }
        let title = section.lines().next().unwrap_or_default();
        if let Some((_, unit)) = title.split_once("stack `").or(title.split_once("Apply `")) {
            let unit = unit.trim_end_matches('`');
            assert!(!made.contains(&unit), "{name}: {unit} twice");
            made.push(unit);
        }
    }
    assert!(!made.is_empty(), "{name}");
}

/// An estate, the target, and lines that its steps hold.
const LINES: [(&str, Target, &[&str]); 9] = [
    (
        SHARED,
        Target::CloudFormation,
        &[
            "aws kafka batch-associate-scram-secret --profile 111111111111 --region eu-central-1 --cluster-arn arn:aws:kafka:eu-central-1:111111111111:cluster/orders-live/0abc --secret-arn-list \"${BillingSecretArn:?}\" \"${CheckoutSecretArn:?}\"",
            "aws kafka list-scram-secrets --profile 111111111111 --region eu-central-1 --cluster-arn arn:aws:kafka:eu-central-1:111111111111:cluster/orders-live/0abc",
            "aws kafka get-cluster-policy --profile 111111111111 --region eu-central-1 --cluster-arn arn:aws:kafka:eu-central-1:111111111111:cluster/orders-live/0abc",
            "      \"Resource\": \"arn:aws:kafka:eu-central-1:111111111111:cluster/orders-live/0abc\"",
            "      \"Resource\": \"arn:aws:kafka:eu-central-1:111111111111:topic/orders-live/*\"",
        ],
    ),
    (
        SHARED,
        Target::Terraform,
        &[
            "aws kafka batch-associate-scram-secret --profile 111111111111 --region eu-central-1 --cluster-arn arn:aws:kafka:eu-central-1:111111111111:cluster/orders-live/0abc --secret-arn-list \"${billing_secret_arn:?}\" \"${checkout_secret_arn:?}\"",
        ],
    ),
    (
        EXISTING,
        Target::CloudFormation,
        &[
            "OrdersServiceId=$(output 111111111111 eu-central-1 test-front-orders OrdersServiceId)",
            "aws ec2 accept-vpc-endpoint-connections --region eu-central-1 --service-id \"${OrdersServiceId:?}\" --vpc-endpoint-ids \"${ShopOrdersEndpointId:?}\" --profile 111111111111",
            "echo \"custom.advertised.listeners=CLIENT://b-{broker_id}.orders.0abc.c2.kafka.eu-central-1.amazonaws.com:9000+{broker_id}\" >> orders.properties",
            "aws kafka update-cluster-configuration --profile 111111111111 --region eu-central-1 --cluster-arn arn:aws:kafka:eu-central-1:111111111111:cluster/orders/0abc --current-version \"${version:?}\" --configuration-info Arn=\"${configuration:?}\",Revision=\"${newest:?}\"",
        ],
    ),
    (
        ZOOKEEPER,
        Target::Terraform,
        &[
            "kafka-configs.sh --bootstrap-server b-2.${orders_domain:?}:9092 --entity-type brokers --entity-name 2 --alter --add-config \"advertised.listeners=[CLIENT://b-2.${orders_domain:?}:9012,REPLICATION://b-2-internal.${orders_domain:?}:9093]\"",
        ],
    ),
    (
        USERS,
        Target::CloudFormation,
        &[
            "    OrdersVpcConnectivity=true",
            "- the hosts of client `checkout` in VPC `shop`, in security group `checkout` (output `CheckoutGroupId` of `test-network-shop`), user and password in secret `AmazonMSK_test_checkout` of account 111111111111",
        ],
    ),
    (
        USERS,
        Target::Terraform,
        &[
            "AWS_PROFILE=111111111111 terraform -chdir=111111111111/eu-central-1/2-cluster apply -target=aws_secretsmanager_secret.checkout",
            "    | aws secretsmanager put-secret-value --profile 111111111111 --region eu-central-1 --secret-id AmazonMSK_test_checkout --secret-string file:///dev/stdin",
        ],
    ),
    (
        SERVERLESS,
        Target::Terraform,
        &[
            "orders_domain=$(own_domain 111111111111 eu-central-1 \"${orders_cluster_arn:?}\")",
            "bootstrap.servers=boot-${orders_domain:?}:9098",
        ],
    ),
    (
        PEERING,
        Target::CloudFormation,
        &[
            "ShopDataAccepterRoleArn=arn:aws:iam::111111111111:role/test-shop-data-accepter",
            "    ShopDataAccepterRoleArn=\"${ShopDataAccepterRoleArn:?}\" \\",
            "aws route53 create-vpc-association-authorization --hosted-zone-id \"${OrdersOrdersInternalZoneId:?}\" --vpc VPCRegion=eu-central-1,VPCId=\"${ShopVpcId:?}\" --profile 111111111111",
            "- broker 2: `111111111111/eu-central-1/settings/orders/broker-2.server.properties`",
        ],
    ),
    (
        PEERING,
        Target::Terraform,
        &[
            "aws ec2 accept-vpc-peering-connection --region eu-central-1 --vpc-peering-connection-id \"${shop_data_peering_id:?}\" --profile 111111111111",
        ],
    ),
];

#[test]
fn commands_are_exact() {
    for (spec, target, lines) in LINES {
        let text = steps(&blueprint_of(spec), target);
        for line in lines {
            assert!(text.lines().any(|known| known == *line), "{line}\n{text}");
        }
    }
    let users = blueprint_of(USERS);
    let files = files(&users, Target::Terraform);
    let secret = "resource \"aws_secretsmanager_secret\" \"checkout\" {";
    assert!(
        files.values().any(|text| text.contains(secret)),
        "{files:#?}"
    );
    let text = steps(&users, Target::CloudFormation);
    assert!(!text.contains("put-secret-value"), "the template does it");
    let text = steps(&blueprint_of(PEERING), Target::CloudFormation);
    assert!(!text.contains("accept-vpc-peering-connection"), "{text}");
}

/// What others' users and statements would be lost to.
const EXCLUSIVE: [&str; 4] = [
    "AWS::MSK::BatchScramSecret",
    "AWS::MSK::ClusterPolicy",
    "aws_msk_scram_secret_association",
    "aws_msk_cluster_policy",
];

#[test]
fn what_a_cluster_shares_is_made_for_a_new_one_and_added_to_for_one_that_exists() {
    let fresh = SHARED.lines().filter(|line| {
        let keys = ["    id:", "    suffix:", "    addresses:"];
        !keys.iter().any(|key| line.starts_with(key))
    });
    let fresh = fresh.collect::<Vec<_>>().join("\n");
    for target in [Target::CloudFormation, Target::Terraform] {
        let made = |spec: &str| {
            let mut files = files(&blueprint_of(spec), target);
            let steps = files.remove("STEPS.md").expect("the steps");
            let kinds = EXCLUSIVE
                .iter()
                .filter(|kind| files.values().any(|text| text.contains(*kind)));
            (kinds.count(), steps)
        };
        let (kinds, steps) = made(SHARED);
        assert_eq!(kinds, 0, "{target:?}");
        let put = "`aws kafka put-cluster-policy --profile 111111111111 --region eu-central-1 --cluster-arn arn:aws:kafka:eu-central-1:111111111111:cluster/orders-live/0abc --current-version VERSION --policy file://MERGED.json`";
        assert!(steps.contains(put), "{steps}");
        let ran = steps
            .split("```sh\n")
            .skip(1)
            .filter_map(|block| block.split("```").next());
        assert!(
            ran.into_iter()
                .all(|block| !block.contains("put-cluster-policy")),
            "{steps}"
        );
        let (kinds, steps) = made(&fresh);
        assert_eq!(kinds, 2, "{target:?}");
        for by_hand in ["batch-associate-scram-secret", "cluster-policy "] {
            assert!(!steps.contains(by_hand), "{steps}");
        }
    }
}

#[test]
fn going_back_removes_what_commands_made_and_says_what_stays() {
    let back = |text: &str, target| {
        let text = steps(&blueprint_of(text), target);
        let (_, back) = text.split_once("## Going back").expect("the section");
        back.split("## Yours").next().unwrap_or_default().to_owned()
    };
    let peering = back(PEERING, Target::CloudFormation);
    for line in [
        "aws iam delete-role-policy --profile 111111111111 --role-name test-shop-data-accepter --policy-name accept",
        "aws iam delete-role --profile 111111111111 --role-name test-shop-data-accepter",
    ] {
        let known = peering.lines().map(|known| known.trim_end_matches(" &&"));
        assert_eq!(known.filter(|known| *known == line).count(), 1);
    }
    assert!(!peering.contains("holds data"), "{peering}");
    assert!(!back(PEERING, Target::Terraform).contains("aws iam"));

    let users = back(USERS, Target::Terraform);
    for line in [
        "- cluster `orders`: `aws_msk_cluster.orders` in `111111111111/eu-central-1/2-cluster`",
        "- key `orders-users`: `aws_kms_key.orders_users` in `111111111111/eu-central-1/2-cluster`",
        "- secret `checkout`: `aws_secretsmanager_secret.checkout` in `111111111111/eu-central-1/2-cluster`",
    ] {
        assert!(users.lines().any(|known| known == line), "{line}\n{users}");
    }
    assert!(users.contains("`prevent_destroy` stops `terraform destroy`"));
    let users = back(USERS, Target::CloudFormation);
    assert!(users.contains("What holds data is kept: ") && !users.contains("prevent_destroy"));
    let commands = |text: &str| text.split("```").nth(1).unwrap_or_default().to_owned();
    assert!(!commands(&users).contains("test-network-data"), "{users}");
    assert!(commands(&users).contains("test-network-shop"), "{users}");
    let users = commands(&back(USERS, Target::Terraform));
    assert!(
        !users.contains("chdir=111111111111/eu-central-1/"),
        "{users}"
    );
}

#[test]
fn brokers_on_ec2_get_their_settings() {
    let settings = |spec: &str| {
        let mut files = files(&blueprint_of(spec), Target::Terraform);
        files.retain(|path, _| path.ends_with(".properties"));
        files
    };
    let of_brokers = settings(PEERING);
    let path = |broker: u32| {
        format!("111111111111/eu-central-1/settings/orders/broker-{broker}.server.properties")
    };
    assert_eq!(
        of_brokers.keys().collect::<Vec<_>>(),
        [&path(1), &path(2), &path(3)]
    );
    golden("broker-2.server.properties", &of_brokers[&path(2)]);
    assert!(settings(USERS).is_empty(), "MSK has none");
}

/// Stands in for the tools: each call is written down, each question has an answer. A stack keeps
/// parameters that are not named, and one that it never had takes its template's default. Both ends
/// of a pipe run at once, so the end that reads writes nothing before the other is done.
const TOOLS: &str = r#"set -eu
aws() {
  local read=
  case "$*" in *put-secret-value*) read=$(cat) ;; esac
  printf '%s\n' "aws $*" ${read:+"$read"} >> calls
  case "$*" in
    *"cloudformation deploy"*) deploy "$@" ;;
    *"iam get-role "*) [ -e "role-$6" ] ;;
    *create-role*) touch "role-$6" ;;
    *describe-transit-gateway-*|*describe-vpc-endpoint-connections*) echo available ;;
    *describe-vpc-peering-connections*) [ -e asked ] && echo active || { touch asked; echo pending; } ;;
    *association.subnet-id*) ;;
    *list-secret-version-ids*) [ ! -e "secret-$8" ] && echo 0 || echo 1 ;;
    *put-secret-value*) touch "secret-$8" ;;
    *get-bootstrap-brokers*) echo b-1.orders.0abc.example:9094,b-2.orders.0abc.example:9094 ;;
    *) echo answer ;;
  esac
}
deploy() {
  local stack= file= name
  while [ $# != 0 ]; do
    case "$1" in
      --stack-name) stack=$2 ;;
      --template-file) file=$2 ;;
      *=not-known-yet) echo "$1 is named" >&2 ;;
      *=*) echo "${1#*=}" > "parameter-$stack-${1%%=*}" ;;
    esac
    shift
  done
  for name in $(grep -B4 'Default: not-known-yet' "$file" | grep -E '^  [A-Za-z0-9]+:' | tr -d ' :'); do
    [ -e "parameter-$stack-$name" ] || echo not-known-yet > "parameter-$stack-$name"
  done
}
terraform() { echo "terraform $*" >> calls; case "$*" in *output*) printf answer ;; esac; }
kafka-configs.sh() { echo "kafka-configs.sh $*" >> calls; echo "advertised.listeners=CLIENT://x:1"; }
kafka-broker-api-versions.sh() { echo "x:1 (id: 1 rack: null)"; }
sleep() { :; }
base64() { cat; }
BOOTSTRAP=x
"#;

/// Runs every block of a rendered estate's steps in one shell, below a folder of its own: what leads
/// to a running estate twice, as on another day, then what goes back. Returns the calls of tools
/// and what the stacks' parameters are before going back.
fn run(name: &str, files: &BTreeMap<String, String>) -> (String, String) {
    let folder =
        std::env::temp_dir().join(format!("breezeway-steps-{}-{name}", std::process::id()));
    for (path, text) in files {
        let path = folder.join(path);
        fs::create_dir_all(path.parent().expect("a folder")).expect("a folder");
        fs::write(path, text).expect("a file");
    }
    let text = &files["STEPS.md"];
    let (there, back) = text.split_once("## Going back").expect("both ways");
    let blocks = |text: &str| -> String {
        let blocks = text.split("```sh\n").skip(1);
        blocks
            .filter_map(|block| block.split("```").next())
            .collect()
    };
    let asked = text
        .lines()
        .filter_map(|line| line.strip_prefix("# first set "));
    let asked = asked.filter_map(|line| Some(format!("{}=answer\n", line.split_once(':')?.0)));
    let (there, back) = (blocks(there), blocks(back));
    let script = format!(
        "{TOOLS}{}{there}{there}grep -s . parameter-* > parameters || true\n{back}",
        asked.collect::<String>(),
    );
    let ran = std::process::Command::new("bash")
        .args(["-c", &script])
        .current_dir(&folder)
        .output()
        .expect("bash runs");
    let read = |file: &str| fs::read_to_string(folder.join(file)).unwrap_or_default();
    let (calls, parameters) = (read("calls"), read("parameters"));
    fs::remove_dir_all(&folder).expect("the folder is removed");
    let errors = String::from_utf8_lossy(&ran.stderr);
    assert!(
        ran.status.success() && errors.is_empty(),
        "{name}: {errors}\n{text}"
    );
    (calls, parameters)
}

#[test]
fn commands_run_in_a_shell_and_once_more_on_another_day() {
    let mut n_known = 0;
    for (nth, (spec, target, _)) in LINES.iter().enumerate() {
        let (calls, parameters) = run(&nth.to_string(), &files(&blueprint_of(spec), *target));
        assert!(calls.contains("--profile 222222222222") || calls.contains("terraform"));
        assert!(!calls.contains('$'), "a value is not filled in: {calls}");
        assert!(!parameters.contains("not-known-yet"), "{parameters}");
    }
    for (spec, target, file) in TEXTS {
        let (calls, parameters) = run(file, &files(&blueprint(spec), target));
        assert!(!calls.contains('$'), "a value is not filled in: {calls}");
        assert!(!parameters.contains("not-known-yet"), "{parameters}");
        n_known += parameters
            .matches("cluster-orders-OrdersDomain:orders.0abc.example")
            .count();
    }
    assert!(n_known > 0, "the domain is a parameter that is kept");
    let (calls, _) = run("users", &files(&blueprint_of(USERS), Target::Terraform));
    let password = r#"{"username":"checkout","password":"answer"}"#;
    assert_eq!(calls.matches(password).count(), 1, "{calls}");
    assert_eq!(calls.matches("put-secret-value").count(), 1, "{calls}");
    let (calls, _) = run(
        "role",
        &files(&blueprint_of(PEERING), Target::CloudFormation),
    );
    assert_eq!(calls.matches("create-role").count(), 1, "{calls}");
}

#[test]
fn a_shell_leaves_what_a_clients_setting_holds() {
    let body = USERS.replace(
        "auth: scram }",
        "auth: scram, config: { client.id: 'a\\b`c`', sasl.jaas.config: '${file:/a:b} $(d)' } }",
    );
    for target in [Target::CloudFormation, Target::Terraform] {
        let text = steps(&blueprint_of(&body), target);
        for line in [
            r"sasl.jaas.config=\${file:/a:b} \$(d)",
            r"client.id=a\\b\`c\`",
        ] {
            assert!(text.lines().any(|known| known == line), "{line}: {text}");
        }
    }
}
