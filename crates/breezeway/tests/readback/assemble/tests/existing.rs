//! Objects that exist already, whose ids stand in the text; a Serverless cluster; an endpoint in
//! another Region.

use std::collections::BTreeMap;

use super::{Template, ends, ends_of, reading, settled, with, without};
use crate::graph::Prop;
use crate::known::Known;

const SPEC: &str = "
name: existing
region: eu-central-1
vpcs:
  data: { account: '111111111111', id: vpc-0da7a, cidr: 10.1.0.0/16, subnets: [{ zone: euc1-az1, cidr: 10.1.0.0/20, id: subnet-0da7a }] }
  shop: { account: '111111111111', cidr: 10.2.0.0/16, zones: [euc1-az1] }
clusters:
  orders:
    kind: msk
    id: arn:aws:kafka:eu-central-1:111111111111:cluster/orders/a1
    vpc: data
    kafka_version: '3.9'
    brokers: 1
    auth: [tls]
    suffix: orders.a1.c2.kafka.eu-central-1.amazonaws.com
    addresses: { 1: 10.1.0.10 }
    security_group: sg-0b0c
clients:
  billing: { vpc: data, cluster: orders, security_group: sg-0b111 }
  checkout: { vpc: shop, cluster: orders }
connections:
  - { from: shop, to: orders, via: peering }
";

const TEXT: &str = "
Parameters:
  TableOfSubnet: { Type: String, Default: rtb-of-subnet-0da7a }
Resources:
  Vpc:
    Type: AWS::EC2::VPC
    Properties: { CidrBlock: 10.2.0.0/16, EnableDnsHostnames: true }
  Subnet:
    Type: AWS::EC2::Subnet
    Properties: { VpcId: !Ref Vpc, CidrBlock: 10.2.0.0/20, AvailabilityZoneId: euc1-az1 }
  Table:
    Type: AWS::EC2::RouteTable
    Properties: { VpcId: !Ref Vpc }
  Use:
    Type: AWS::EC2::SubnetRouteTableAssociation
    Properties: { SubnetId: !Ref Subnet, RouteTableId: !Ref Table }
  Peering:
    Type: AWS::EC2::VPCPeeringConnection
    Properties: { VpcId: !Ref Vpc, PeerVpcId: vpc-0da7a }
  There:
    Type: AWS::EC2::Route
    Properties: { RouteTableId: !Ref Table, DestinationCidrBlock: 10.1.0.0/16, VpcPeeringConnectionId: !Ref Peering }
  Back:
    Type: AWS::EC2::Route
    Properties: { RouteTableId: !Ref TableOfSubnet, DestinationCidrBlock: 10.2.0.0/16, VpcPeeringConnectionId: !Ref Peering }
  Checkout:
    Type: AWS::EC2::SecurityGroup
    Properties: { GroupDescription: checkout, VpcId: !Ref Vpc }
  Admit:
    Type: AWS::EC2::SecurityGroupIngress
    Properties: { GroupId: sg-0b0c, IpProtocol: tcp, FromPort: 9094, ToPort: 9094, CidrIp: 10.2.0.0/16 }
  AdmitBilling:
    Type: AWS::EC2::SecurityGroupIngress
    Properties: { GroupId: sg-0b0c, IpProtocol: tcp, FromPort: 9094, ToPort: 9094, SourceSecurityGroupId: sg-0b111 }
  Let:
    Type: AWS::EC2::SecurityGroupEgress
    Properties: { GroupId: sg-0b111, IpProtocol: tcp, FromPort: 9094, ToPort: 9094, CidrIp: 10.1.0.0/16 }
Outputs:
  checkout: { Value: !GetAtt Checkout.GroupId }
";

fn existing(text: &str) -> Vec<String> {
    let known = Known::of(&settled(SPEC));
    let templates: [Template<'_>; 1] = [("111111111111", "eu-central-1", text)];
    let mut reading = reading(&templates, &known);
    let billing = Prop::Text("sg-0b111".to_owned());
    reading.clients.insert("billing".to_owned(), billing);
    let made = super::assemble(&reading, &known);
    assert_eq!(made.trouble, Vec::<String>::new());
    let paths: BTreeMap<_, _> = ends(&made.blueprint)
        .into_iter()
        .filter_map(|end| {
            let (path, end) = end.split_once("/1 ")?;
            Some((path.to_owned(), end.to_owned()))
        })
        .collect();
    paths.into_values().collect()
}

#[test]
fn what_exists_is_found_by_its_id_and_keeps_only_the_rules_of_the_text() {
    assert_eq!(existing(TEXT), ["delivered", "delivered"]);
    assert_eq!(existing(&without(TEXT, "Back")), ["delivered", "no-route"]);
    assert_eq!(
        existing(&without(TEXT, "Admit")),
        ["delivered", "denied-in"]
    );
    assert_eq!(
        existing(&without(TEXT, "AdmitBilling")),
        ["denied-in", "delivered"]
    );
    assert_eq!(existing(&without(TEXT, "Let")), ["denied-out", "delivered"]);
}

const SERVERLESS: &str = "
name: serverless
region: eu-central-1
vpcs:
  data: { account: '111111111111', cidr: 10.1.0.0/16, zones: [euc1-az1, euc1-az2] }
clusters:
  orders: { kind: msk-serverless, vpc: data, auth: [iam] }
clients:
  billing: { vpc: data, cluster: orders }
";

const SERVERLESS_TEXT: &str = "
Resources:
  Vpc:
    Type: AWS::EC2::VPC
    Properties: { CidrBlock: 10.1.0.0/16, EnableDnsHostnames: true }
  One:
    Type: AWS::EC2::Subnet
    Properties: { VpcId: !Ref Vpc, CidrBlock: 10.1.0.0/20, AvailabilityZoneId: euc1-az1 }
  Two:
    Type: AWS::EC2::Subnet
    Properties: { VpcId: !Ref Vpc, CidrBlock: 10.1.16.0/20, AvailabilityZoneId: euc1-az2 }
  Brokers:
    Type: AWS::EC2::SecurityGroup
    Properties:
      GroupDescription: brokers
      VpcId: !Ref Vpc
      SecurityGroupIngress: [{ IpProtocol: tcp, FromPort: 9098, ToPort: 9098, SourceSecurityGroupId: !Ref Billing }]
  Billing:
    Type: AWS::EC2::SecurityGroup
    Properties: { GroupDescription: billing, VpcId: !Ref Vpc }
  Cluster:
    Type: AWS::MSK::ServerlessCluster
    Properties:
      ClusterName: orders
      VpcConfigs: [{ SubnetIds: [!Ref One, !Ref Two], SecurityGroups: [!Ref Brokers] }]
      ClientAuthentication: { Sasl: { Iam: { Enabled: true } } }
Outputs:
  billing: { Value: !Ref Billing }
  orders: { Value: !GetAtt Cluster.Arn }
";

#[test]
fn serverless_brokers_have_the_names_of_the_service() {
    let ends = |text: &str| {
        let template: Template<'_> = ("111111111111", "eu-central-1", text);
        ends_of(&[template], &settled(SERVERLESS), &[])
    };
    let delivered = ends(SERVERLESS_TEXT);
    assert_eq!(delivered.len(), 4, "{delivered:?}");
    assert!(
        delivered.iter().all(|end| end.ends_with(" delivered")),
        "{delivered:?}"
    );
    let shut = with(SERVERLESS_TEXT, "ToPort: 9098", "ToPort: 9097")
        .replace("FromPort: 9098", "FromPort: 9097");
    let denied = ends(&shut);
    assert!(
        denied.iter().all(|end| end.ends_with(" denied-in")),
        "{denied:?}"
    );
}
