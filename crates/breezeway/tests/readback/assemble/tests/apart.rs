//! One broker on EC2 and a client in another VPC: peerings, transit gateways, network ACLs, zones
//! of another account, settings of brokers.

use super::{Template, assembled, ends, ends_of, settled, with, without};
use crate::graph::Prop;
use crate::known::Known;
use crate::wiring::{BrokerSettings, Reading};

const SPEC: &str = "
name: apart
region: eu-central-1
vpcs:
  data: { account: '111111111111', cidr: 10.1.0.0/16, zones: [euc1-az1] }
  shop: { account: '222222222222', cidr: 10.2.0.0/16, zones: [euc1-az1] }
clusters:
  orders: { kind: ec2, vpc: data, brokers: 1, auth: [none], addresses: { 1: 10.1.0.10 } }
clients:
  checkout: { vpc: shop, cluster: orders, addresses: { euc1-az1: 10.2.0.20 } }
connections:
  - { from: shop, to: orders, via: peering }
";

const DATA: &str = "
Resources:
  Vpc:
    Type: AWS::EC2::VPC
    Properties: { CidrBlock: 10.1.0.0/16, EnableDnsHostnames: true }
  Subnet:
    Type: AWS::EC2::Subnet
    Properties: { VpcId: !Ref Vpc, CidrBlock: 10.1.0.0/20, AvailabilityZoneId: euc1-az1 }
  Table:
    Type: AWS::EC2::RouteTable
    Properties: { VpcId: !Ref Vpc }
  Use:
    Type: AWS::EC2::SubnetRouteTableAssociation
    Properties: { SubnetId: !Ref Subnet, RouteTableId: !Ref Table }
  Brokers:
    Type: AWS::EC2::SecurityGroup
    Properties: { GroupDescription: brokers, VpcId: !Ref Vpc }
  Broker:
    Type: AWS::EC2::NetworkInterface
    Properties: { SubnetId: !Ref Subnet, PrivateIpAddress: 10.1.0.10, GroupSet: [!GetAtt Brokers.GroupId] }
  Zone:
    Type: AWS::Route53::HostedZone
    Properties: { Name: orders.internal, VPCs: [{ VPCId: !Ref Vpc, VPCRegion: eu-central-1 }] }
  Record:
    Type: AWS::Route53::RecordSet
    Properties: { HostedZoneId: !Ref Zone, Name: B-1.orders.internal., Type: A, TTL: '60', ResourceRecords: [10.1.0.10] }
Outputs:
  DataVpc: { Value: !Ref Vpc }
  DataTable: { Value: !Ref Table }
  DataSubnet: { Value: !Ref Subnet }
  BrokersGroup: { Value: !GetAtt Brokers.GroupId }
  OrdersZone: { Value: !Ref Zone }
";

const SHOP: &str = "
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
  Checkout:
    Type: AWS::EC2::SecurityGroup
    Properties: { GroupDescription: checkout, VpcId: !Ref Vpc }
Outputs:
  ShopVpc: { Value: !Ref Vpc }
  ShopTable: { Value: !Ref Table }
  ShopSubnet: { Value: !Ref Subnet }
  checkout: { Value: !GetAtt Checkout.GroupId }
";

const PEERING: &str = "
Parameters:
  DataVpc: { Type: String }
  ShopVpc: { Type: String }
  ShopTable: { Type: String }
Resources:
  Peering:
    Type: AWS::EC2::VPCPeeringConnection
    Properties: { VpcId: !Ref ShopVpc, PeerVpcId: !Ref DataVpc, PeerOwnerId: '111111111111' }
  There:
    Type: AWS::EC2::Route
    Properties: { RouteTableId: !Ref ShopTable, DestinationCidrBlock: 10.1.0.0/16, VpcPeeringConnectionId: !Ref Peering }
Outputs:
  Peering: { Value: !Ref Peering }
";

const PEERED: &str = "
Parameters:
  DataTable: { Type: String }
  BrokersGroup: { Type: String }
  Peering: { Type: String }
  checkout: { Type: String }
Resources:
  Back:
    Type: AWS::EC2::Route
    Properties: { RouteTableId: !Ref DataTable, DestinationCidrBlock: 10.2.0.0/16, VpcPeeringConnectionId: !Ref Peering }
  Admit:
    Type: AWS::EC2::SecurityGroupIngress
    Properties:
      GroupId: !Ref BrokersGroup
      IpProtocol: tcp
      FromPort: 9092
      ToPort: 9092
      SourceSecurityGroupId: !Ref checkout
      SourceSecurityGroupOwnerId: '222222222222'
";

const ACL: &str = "
Parameters:
  ShopVpc: { Type: String }
  ShopSubnet: { Type: String }
Resources:
  Acl:
    Type: AWS::EC2::NetworkAcl
    Properties: { VpcId: !Ref ShopVpc }
  AclUse:
    Type: AWS::EC2::SubnetNetworkAclAssociation
    Properties: { SubnetId: !Ref ShopSubnet, NetworkAclId: !Ref Acl }
  There:
    Type: AWS::EC2::NetworkAclEntry
    Properties: { NetworkAclId: !Ref Acl, RuleNumber: 100, Protocol: 6, RuleAction: allow, Egress: true, CidrBlock: 10.1.0.0/16, PortRange: { From: 9092, To: 9092 } }
  Back:
    Type: AWS::EC2::NetworkAclEntry
    Properties: { NetworkAclId: !Ref Acl, RuleNumber: 100, Protocol: 6, RuleAction: allow, CidrBlock: 10.1.0.0/16, PortRange: { From: 1024, To: 65535 } }
";

const SETTINGS: &str = "
process.roles=broker,controller
node.id=1
controller.quorum.voters=1@10.1.0.10:9093
controller.listener.names=CONTROLLER
inter.broker.listener.name=CLIENT
listeners=CLIENT://10.1.0.10:9092,CONTROLLER://10.1.0.10:9093
advertised.listeners=CLIENT://b-1.orders.internal:9092
listener.security.protocol.map=CLIENT:PLAINTEXT,CONTROLLER:PLAINTEXT
";

const ONE: (&str, &str) = ("111111111111", "eu-central-1");
const TWO: (&str, &str) = ("222222222222", "eu-central-1");

fn settings(text: &str) -> Vec<BrokerSettings> {
    vec![BrokerSettings {
        account: ONE.0.to_owned(),
        region: ONE.1.to_owned(),
        cluster: "orders".to_owned(),
        broker: 1,
        text: text.to_owned(),
    }]
}

fn at<'t>((account, region): (&'t str, &'t str), text: &'t str) -> Template<'t> {
    (account, region, text)
}

fn named(reading: &Reading, account: &str, name: &str) -> Prop {
    let mut nodes = reading.graph.nodes.iter();
    let node = nodes.find(|node| node.account == account && node.id.name == name);
    Prop::Ref(node.expect("a node").id.clone(), "Ref".to_owned())
}

/// How the way to the broker ends, the zone associated by a command.
fn end(templates: &[Template<'_>], text: &str) -> String {
    let spec = settled(SPEC);
    let known = Known::of(&spec);
    let mut reading = super::reading(templates, &known);
    reading.settings = settings(text);
    let zone = named(&reading, ONE.0, "Zone");
    let vpc = named(&reading, TWO.0, "Vpc");
    reading.zone_associations = vec![(zone, vpc)];
    let made = super::assemble(&reading, &known);
    assert_eq!(made.trouble, Vec::<String>::new());
    let mut ends = ends(&made.blueprint);
    assert_eq!(ends.len(), 2, "{ends:?}");
    let broker = ends.remove(1);
    broker
        .strip_prefix("checkout/1 ")
        .expect("the broker")
        .to_owned()
}

fn peered(peering: &str, peered: &str) -> String {
    let templates = [
        at(ONE, DATA),
        at(TWO, SHOP),
        at(TWO, peering),
        at(ONE, peered),
    ];
    end(&templates, SETTINGS)
}

#[test]
fn a_peering_needs_routes_both_ways_and_a_rule() {
    assert_eq!(peered(PEERING, PEERED), "delivered");
    assert_eq!(peered(&without(PEERING, "There"), PEERED), "no-route");
    assert_eq!(peered(PEERING, &without(PEERED, "Back")), "no-route");
    assert_eq!(peered(PEERING, &without(PEERED, "Admit")), "denied-in");
    let outside = with(
        PEERING,
        "VpcPeeringConnectionId: !Ref Peering",
        "NatGatewayId: nat-0abc",
    );
    assert_eq!(peered(&outside, PEERED), "leaves-blueprint");
}

#[test]
fn a_request_must_name_its_peer_rightly() {
    let own = with(PEERING, ", PeerOwnerId: '111111111111'", "");
    let templates = [at(ONE, DATA), at(TWO, SHOP), at(TWO, own.as_str())];
    let made = assembled(&templates, &settled(SPEC), &settings(SETTINGS));
    assert!(
        made.trouble[0].contains("is not in 222222222222"),
        "{:?}",
        made.trouble
    );
}

#[test]
fn a_network_acl_is_asked_both_ways() {
    let acl = |text: &str| {
        let templates = [
            at(ONE, DATA),
            at(TWO, SHOP),
            at(TWO, PEERING),
            at(ONE, PEERED),
            at(TWO, text),
        ];
        end(&templates, SETTINGS)
    };
    assert_eq!(acl(ACL), "delivered");
    assert_eq!(acl(&without(ACL, "There")), "denied-out");
    assert_eq!(acl(&without(ACL, "Back")), "denied-in");
    assert_eq!(acl(&with(ACL, "From: 1024", "From: 32768")), "denied-in");
    assert_eq!(acl(&without(&without(ACL, "There"), "AclUse")), "delivered");
    let udp = ACL.replace("Protocol: 6", "Protocol: 17");
    assert_eq!(acl(&udp), "denied-out");
    // Ports beside "any protocol" mean nothing.
    let any = with(
        ACL,
        "100, Protocol: 6, RuleAction: allow, Egress",
        "100, Protocol: -1, RuleAction: allow, Egress",
    );
    assert_eq!(
        acl(&with(&any, "From: 9092, To: 9092", "From: 1, To: 1")),
        "delivered"
    );
    let denied = with(
        ACL,
        "RuleNumber: 100, Protocol: 6, RuleAction: allow, CidrBlock",
        "RuleNumber: 100, Protocol: 6, RuleAction: deny, CidrBlock",
    );
    assert_eq!(acl(&denied), "denied-in");
}

#[test]
fn brokers_are_what_their_settings_say() {
    let told = |text: &str| {
        let templates = [
            at(ONE, DATA),
            at(TWO, SHOP),
            at(TWO, PEERING),
            at(ONE, PEERED),
        ];
        end(&templates, text)
    };
    let advertised = "advertised.listeners=CLIENT://b-1.orders.internal:9092";
    let moved = with(
        SETTINGS,
        advertised,
        "advertised.listeners=CLIENT://b-2.orders.internal:9092",
    );
    assert_eq!(told(&moved), "no-name");
    let moved = with(
        SETTINGS,
        advertised,
        "advertised.listeners=CLIENT://b-1.orders.internal:9093",
    );
    assert_eq!(told(&moved), "denied-in");
    // What is bound is advertised where nothing is said.
    assert_eq!(told(&with(SETTINGS, advertised, "")), "delivered");
    let other = with(SETTINGS, advertised, "advertised.listeners=");
    assert_eq!(told(&other), "no-listener");
}

const HUB: &str = "
Parameters:
  DataVpc: { Type: String }
  DataSubnet: { Type: String }
  DataTable: { Type: String }
  ShopVpc: { Type: String }
  ShopSubnet: { Type: String }
  ShopTable: { Type: String }
  BrokersGroup: { Type: String }
Resources:
  Hub:
    Type: AWS::EC2::TransitGateway
    Properties: { DefaultRouteTableAssociation: disable, DefaultRouteTablePropagation: disable }
  HubTable:
    Type: AWS::EC2::TransitGatewayRouteTable
    Properties: { TransitGatewayId: !Ref Hub }
  Share:
    Type: AWS::RAM::ResourceShare
    Properties:
      Name: hub
      ResourceArns: [!Sub 'arn:aws:ec2:eu-central-1:111111111111:transit-gateway/${Hub}']
      Principals: ['222222222222']
  DataAttachment:
    Type: AWS::EC2::TransitGatewayAttachment
    Properties: { TransitGatewayId: !Ref Hub, VpcId: !Ref DataVpc, SubnetIds: [!Ref DataSubnet] }
  ShopAttachment:
    Type: AWS::EC2::TransitGatewayVpcAttachment
    Properties: { TransitGatewayId: !Ref Hub, VpcId: !Ref ShopVpc, SubnetIds: [!Ref ShopSubnet] }
  DataAssociation:
    Type: AWS::EC2::TransitGatewayRouteTableAssociation
    Properties: { TransitGatewayAttachmentId: !Ref DataAttachment, TransitGatewayRouteTableId: !Ref HubTable }
  ShopAssociation:
    Type: AWS::EC2::TransitGatewayRouteTableAssociation
    Properties: { TransitGatewayAttachmentId: !Ref ShopAttachment, TransitGatewayRouteTableId: !Ref HubTable }
  DataPropagation:
    Type: AWS::EC2::TransitGatewayRouteTablePropagation
    Properties: { TransitGatewayAttachmentId: !Ref DataAttachment, TransitGatewayRouteTableId: !Ref HubTable }
  ShopRoute:
    Type: AWS::EC2::TransitGatewayRoute
    Properties: { TransitGatewayAttachmentId: !Ref ShopAttachment, TransitGatewayRouteTableId: !Ref HubTable, DestinationCidrBlock: 10.2.0.0/16 }
  There:
    Type: AWS::EC2::Route
    Properties: { RouteTableId: !Ref ShopTable, DestinationCidrBlock: 10.1.0.0/16, TransitGatewayId: !Ref Hub }
  Back:
    Type: AWS::EC2::Route
    Properties: { RouteTableId: !Ref DataTable, DestinationCidrBlock: 10.2.0.0/16, TransitGatewayId: !Ref Hub }
  Admit:
    Type: AWS::EC2::SecurityGroupIngress
    Properties: { GroupId: !Ref BrokersGroup, IpProtocol: tcp, FromPort: 9092, ToPort: 9092, CidrIp: 10.2.0.0/16 }
";

#[test]
fn a_transit_gateway_needs_attachments_associations_and_routes() {
    let hub = |text: &str| end(&[at(ONE, DATA), at(TWO, SHOP), at(ONE, text)], SETTINGS);
    assert_eq!(hub(HUB), "delivered");
    for resource in [
        "ShopAssociation",
        "DataAssociation",
        "DataPropagation",
        "ShopRoute",
        "There",
        "Back",
    ] {
        assert_eq!(hub(&without(HUB, resource)), "no-route", "{resource}");
    }
    let blackhole = with(
        HUB,
        "{ TransitGatewayAttachmentId: !Ref ShopAttachment, TransitGatewayRouteTableId: !Ref HubTable, D",
        "{ Blackhole: true, TransitGatewayRouteTableId: !Ref HubTable, D",
    );
    assert_eq!(hub(&blackhole), "no-route");
    // AWS associates and propagates by itself unless told not to.
    let alone = [
        "ShopAssociation",
        "DataAssociation",
        "DataPropagation",
        "ShopRoute",
        "HubTable",
    ];
    let alone = alone
        .iter()
        .fold(HUB.to_owned(), |text, name| without(&text, name));
    assert_eq!(hub(&alone), "no-route");
    let alone = alone.replace("disable", "enable");
    assert_eq!(hub(&alone), "delivered");
}

#[test]
fn kinds_and_attributes_that_are_not_understood_are_told() {
    let odd = with(
        DATA,
        "VpcId: !Ref Vpc, CidrBlock",
        "VpcId: !GetAtt Vpc.DefaultSecurityGroup, CidrBlock",
    );
    let templates = [at(ONE, odd.as_str()), at(TWO, SHOP)];
    let made = assembled(&templates, &settled(SPEC), &settings(SETTINGS));
    assert!(
        made.trouble[0].contains("is no AWS::EC2::VPC"),
        "{:?}",
        made.trouble
    );
    let made = ends_of(
        &[at(ONE, DATA), at(TWO, SHOP)],
        &settled(SPEC),
        &settings(SETTINGS),
    );
    assert_eq!(made, ["checkout/bootstrap no-name", "checkout/1 no-name"]);
}
