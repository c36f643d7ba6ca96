//! Our judge judged: a template with one of each resource is right, and each wrong line of the
//! tables is objected to by the name of its fault.

use super::super::cloudformation::stack;
use super::super::graph::Graph;
use super::super::wiring::{Files, Unit, Values};
use super::{Objection, of_graph, of_texts};

const RIGHT: &str = include_str!("right.yaml");

const PATH: &str = "111111111111/eu-central-1/1-network-data.yaml";

/// A part of the template, what stands there in its place, and the fault.
type Mutation = (&'static str, &'static str, &'static str);

/// Of these cfn-lint 1.58 objects to twelve (ids written out, ranges, ports of listeners); they are
/// here because resources of Terraform are judged by the same code.
const MUTATIONS: &[Mutation] = &[
    (
        "TransitGatewayId: !Ref Hub\n  Hub:",
        "TransitGatewayId: !Ref Data\n  Hub:",
        "id-of-the-wrong-kind",
    ),
    (
        "TransitGatewayAttachmentId: !Ref HubToData",
        "TransitGatewayAttachmentId: !Ref Hub",
        "id-of-the-wrong-kind",
    ),
    (
        "TransitGatewayRouteTableId: !Ref HubTable",
        "TransitGatewayRouteTableId: !Ref DataRoutes",
        "id-of-the-wrong-kind",
    ),
    (
        "RouteTableId: !Ref DataRoutes",
        "RouteTableId: !Ref HubTable",
        "id-of-the-wrong-kind",
    ),
    (
        "- !GetAtt Hub.TransitGatewayArn",
        "- !Ref Hub",
        "id-of-the-wrong-kind",
    ),
    (
        "NetworkAclId: !Ref DataAcl",
        "NetworkAclId: !Ref Brokers",
        "id-of-the-wrong-kind",
    ),
    (
        "LoadBalancerArn: !Ref Front",
        "LoadBalancerArn: !Ref FrontTarget1",
        "id-of-the-wrong-kind",
    ),
    (
        "TargetGroupArn: !Ref FrontTarget1",
        "TargetGroupArn: !Ref Front",
        "id-of-the-wrong-kind",
    ),
    (
        "- !Ref Front\n",
        "- !Ref FrontTarget1\n",
        "id-of-the-wrong-kind",
    ),
    (
        "ServiceId: !Ref Service",
        "ServiceId: !Ref Entrance",
        "id-of-the-wrong-kind",
    ),
    ("- !Ref Credentials", "- !Ref Key", "id-of-the-wrong-kind"),
    (
        "TargetClusterArn: !Ref Orders",
        "TargetClusterArn: !Ref Front",
        "id-of-the-wrong-kind",
    ),
    (
        "sg-0123456789abcdef0",
        "vpc-0123456789abcdef0",
        "id-of-the-wrong-kind",
    ),
    (
        "HostedZoneId: !GetAtt Front.CanonicalHostedZoneID",
        "HostedZoneId: !Ref Names",
        "id-of-the-wrong-kind",
    ),
    (
        "CidrBlock: 10.0.2.0/24",
        "CidrBlock: 10.2.2.0/24",
        "range-outside-its-vpc",
    ),
    (
        "CidrBlock: 10.0.2.0/24",
        "CidrBlock: 10.0.1.128/25",
        "overlapping-ranges",
    ),
    (
        "CidrBlock: 10.0.2.0/24",
        "CidrBlock: 10.0.2.7/24",
        "host-bits",
    ),
    (
        "DestinationCidrBlock: 10.1.0.0/16",
        "DestinationCidrBlock: 10.1.2.0/16",
        "host-bits",
    ),
    (
        "PrivateIpAddress: 10.0.1.20",
        "PrivateIpAddress: 10.0.2.20",
        "address-outside-its-subnet",
    ),
    (
        "PrivateIpAddress: 10.0.1.20",
        "PrivateIpAddress: 10.0.1.3",
        "address-outside-its-subnet",
    ),
    (
        "PrivateIpAddress: 10.0.1.20",
        "PrivateIpAddress: 10.0.1.10",
        "address-taken",
    ),
    (
        "PrivateIPv4Address: 10.0.2.10",
        "PrivateIPv4Address: 10.0.1.11",
        "address-outside-its-subnet",
    ),
    (
        "PrivateIPv4Address: 10.0.2.10",
        "PrivateIPv4Address: 10.0.2.255",
        "address-outside-its-subnet",
    ),
    ("IpProtocol: tcp", "IpProtocol: banana", "no-protocol"),
    ("IpProtocol: tcp", "IpProtocol: \"256\"", "no-protocol"),
    ("Protocol: 17", "Protocol: 1700", "no-protocol"),
    ("FromPort: 9094", "FromPort: 9097", "no-ports"),
    ("      ToPort: 9096\n", "      ToPort: 90960\n", "no-ports"),
    ("From: 9094", "From: 9097", "no-ports"),
    ("RuleNumber: 110", "RuleNumber: 100", "rule-number"),
    ("RuleNumber: 110", "RuleNumber: 40000", "rule-number"),
    ("CidrIp: 10.1.1.0/24", "CidrIp: 0.0.0.0/0", "whole-world"),
    (
        "DestinationCidrBlock: 10.1.0.0/16",
        "DestinationCidrBlock: 0.0.0.0/0",
        "whole-world",
    ),
    ("      CidrIp: 10.1.1.0/24\n", "", "peers-of-a-rule"),
    (
        "      SecurityGroupEgress:\n        - CidrIp: 127.0.0.1/32\n          IpProtocol: \"-1\"\n",
        "",
        "open-egress",
    ),
    (
        "Scheme: internal",
        "Scheme: internet-facing",
        "public-balancer",
    ),
    (
        "AvailabilityZoneId: euc1-az2",
        "AvailabilityZoneId: euc1-az1",
        "zone-twice",
    ),
    (
        "Protocol: TCP\n      Port: 9095",
        "Protocol: HTTP\n      Port: 9095",
        "no-protocol-of-a-network-balancer",
    ),
    ("Port: 9095", "Port: 909500", "no-port"),
    ("Port: 9095", "Port: 9096", "port-taken"),
    ("Protocol: TLS", "Protocol: TCP", "certificates"),
    (
        "Protocol: TCP\n      Port: 9094",
        "Protocol: UDP\n      Port: 9094",
        "unlike-protocols",
    ),
    (
        "VpcId: !Ref Data\n      Protocol: TCP",
        "VpcId: !Ref Other\n      Protocol: TCP",
        "target-group-of-another-vpc",
    ),
    (
        "- Id: 10.0.1.20",
        "- Id: 10.9.1.20",
        "target-outside-its-vpc",
    ),
    (
        "- Id: 10.0.1.20",
        "- Id: b-1.kafka.example",
        "target-outside-its-vpc",
    ),
    (
        "      NetworkLoadBalancerArns:\n        - !Ref Front\n",
        "      NetworkLoadBalancerArns: []\n",
        "service-without-balancer",
    ),
    (
        "- arn:aws:iam::222222222222:root",
        "- everybody",
        "no-principal",
    ),
    (
        "- arn:aws:iam::222222222222:root",
        "- \"*\"",
        "no-principal",
    ),
    (
        "- arn:aws:iam::222222222222:root",
        "- arn:aws:iam::2222:root",
        "no-principal",
    ),
    ("- \"222222222222\"", "- \"22222222222\"", "no-principal"),
    ("AWS: \"222222222222\"", "AWS: \"*\"", "no-principal"),
    (
        "AWS: arn:aws:iam::222222222222:root",
        "AWS: arn:aws:iam::222222222222:role/*",
        "no-principal",
    ),
    ("Action: kms:*", "Action: \"*\"", "every-action"),
    (
        "- !Ref OtherSubnet1\n  Names:",
        "- !Ref DataSubnet1\n  Names:",
        "subnet-of-another-vpc",
    ),
    ("Type: A\n", "Type: ALIAS\n", "no-type-of-a-record"),
    (
        "- 10.0.1.20\n  NameOfFront",
        "- front.example\n  NameOfFront",
        "no-value-of-its-type",
    ),
    ("      TTL: \"60\"\n", "", "time-to-live"),
    (
        "      ResourceRecords:\n        - 10.0.1.20\n",
        "",
        "alias-or-values",
    ),
    (
        "Name: b-1.kafka.example",
        "Name: b-1.kafka.exampel",
        "name-outside-its-zone",
    ),
    (
        "NumberOfBrokerNodes: 4",
        "NumberOfBrokerNodes: 3",
        "brokers-of-a-zone",
    ),
    (
        "          - !Ref DataSubnet2\n        SecurityGroups",
        "        SecurityGroups",
        "zones-of-a-cluster",
    ),
    (
        "KafkaVersion: 3.9.x",
        "KafkaVersion: 3.99.0",
        "no-version-of-msk",
    ),
    (
        "KafkaVersion: 3.9.x",
        "KafkaVersion: \"3.9\"",
        "no-version-of-msk",
    ),
    ("kafka.m7g.large", "kafka.m7g.huge", "no-size-of-a-broker"),
    ("kafka.m7g.large", "kafka.t3.large", "no-size-of-a-broker"),
    ("kafka.m7g.large", "express.m7g.large", "volumes"),
    ("VolumeSize: 100", "VolumeSize: 100000", "volumes"),
    (
        "      KmsKeyId: !GetAtt Key.Arn\n",
        "",
        "secret-without-key",
    ),
    (
        "AmazonMSK_orders_checkout",
        "orders_checkout",
        "name-of-a-secret",
    ),
    (
        "      GenerateSecretString:\n        GenerateStringKey: password\n        SecretStringTemplate: '{\"username\": \"checkout\"}'\n",
        "      SecretString: hunter2\n",
        "secret-in-text",
    ),
    (
        "    DeletionPolicy: Retain\n    UpdateReplacePolicy: Retain\n    Properties:\n      ClusterName",
        "    Properties:\n      ClusterName",
        "data-not-retained",
    ),
    (
        "Description: One",
        "# AKIAIOSFODNN7EXAMPLE\nDescription: One",
        "secret-in-text",
    ),
    (
        "Description: One",
        "# password: hunter2\nDescription: One",
        "secret-in-text",
    ),
];

#[test]
fn a_right_template_has_no_objection() {
    assert_eq!(judge(RIGHT), []);
}

#[test]
fn every_mutation_is_objected_to_by_name() {
    for (from, to, fault) in MUTATIONS {
        assert!(RIGHT.contains(from), "{from:?} is not in the text");
        let found = judge(&RIGHT.replacen(from, to, 1));
        let is_named = found.iter().any(|objection| objection.fault == *fault);
        assert!(is_named, "{from:?} as {to:?}: {found:#?}");
    }
}

#[test]
fn a_template_at_a_quota_is_large() {
    let resource = "    Type: AWS::EC2::VPC\n    Properties: { CidrBlock: 10.0.0.0/16 }\n";
    let resources = |count: usize| {
        let each = (0..count).map(|n| format!("  R{n}:\n{resource}"));
        format!("Resources:\n{}", each.collect::<String>())
    };
    let parameters = |count: usize| {
        let each = (0..count).map(|n| format!("  P{n}: {{ Type: String }}\n"));
        format!("Parameters:\n{}{}", each.collect::<String>(), resources(1))
    };
    let padded = |bytes: usize| {
        let text = resources(1);
        format!("{text}#{}\n", "-".repeat(bytes - text.len() - 2))
    };
    for (text, is_large) in [
        (resources(499), false),
        (resources(500), true),
        (parameters(199), false),
        (parameters(200), true),
        (padded(51_199), false),
        (padded(51_200), true),
    ] {
        let found = of_texts(&Files::from([(PATH.to_owned(), text)]));
        let large = found
            .iter()
            .any(|objection| objection.fault == "large-template");
        assert_eq!(large, is_large, "{found:?}");
    }
}

#[test]
fn names_and_references_of_secrets_are_no_secrets() {
    for (line, is_secret) in [
        ("password = var.password", false),
        ("secret_string = aws_secretsmanager_secret.a.id", false),
        ("GenerateStringKey: password", false),
        ("password = \"hunter2\"", true),
        ("sasl.password=hunter2", true),
        (
            "sasl.jaas.config=a required username=\"u\" password=\"p\";",
            true,
        ),
        (
            "sasl.jaas.config=a required password=\"${file:/a}\";",
            false,
        ),
        ("-----BEGIN PRIVATE KEY-----", true),
    ] {
        let files = Files::from([("a/main.tf".to_owned(), line.to_owned())]);
        assert_eq!(!of_texts(&files).is_empty(), is_secret, "{line}");
    }
}

fn judge(text: &str) -> Vec<Objection> {
    let unit: Unit = serde_json::from_value(serde_json::json!({
        "path": PATH, "stack": "orders-network-data", "account": "111111111111",
        "region": "eu-central-1", "stage": "network", "inputs": [], "outputs": [],
    }))
    .expect("a unit");
    let stack = stack(&unit, text, &Values::new()).expect("a template that can be read");
    let mut found = of_graph(&Graph { nodes: stack.nodes });
    found.extend(of_texts(&Files::from([(PATH.to_owned(), text.to_owned())])));
    found
}
