//! Brokers of Amazon MSK that another account reaches by VPC connections or by resource endpoints,
//! and a Serverless cluster.

use super::{Template, ends_of, settled, with, without};

const VPCS: &str = "
name: served
region: eu-central-1
vpcs:
  data: { account: '111111111111', cidr: 10.1.0.0/16, zones: [euc1-az1, euc1-az2] }
  shop: { account: '222222222222', cidr: 10.1.0.0/16, zones: [euc1-az1, euc1-az2] }
clients:
  checkout: { vpc: shop, cluster: orders }
";

const CLUSTER: &str = "
clusters:
  orders: { kind: msk, vpc: data, kafka_version: '3.9', brokers: 2, auth: [iam], instance_type: kafka.m7g.large, suffix: orders.a1.c2.kafka.eu-central-1.amazonaws.com, addresses: { 1: 10.1.0.10, 2: 10.1.16.10 } }
";

const DATA: &str = "
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
    Properties: { GroupDescription: brokers, VpcId: !Ref Vpc }
  Own:
    Type: AWS::EC2::SecurityGroupIngress
    Properties: { GroupId: !Ref Brokers, IpProtocol: '-1', SourceSecurityGroupId: !Ref Brokers }
  Cluster:
    Type: AWS::MSK::Cluster
    Properties:
      ClusterName: orders
      KafkaVersion: 3.9.x
      NumberOfBrokerNodes: 2
      BrokerNodeGroupInfo:
        InstanceType: kafka.m7g.large
        ClientSubnets: [!Ref One, !Ref Two]
        SecurityGroups: [!GetAtt Brokers.GroupId]
        ConnectivityInfo: { VpcConnectivity: { ClientAuthentication: { Sasl: { Iam: { Enabled: true } } } } }
      ClientAuthentication: { Sasl: { Iam: { Enabled: true } }, Unauthenticated: { Enabled: false } }
  Policy:
    Type: AWS::MSK::ClusterPolicy
    Properties:
      ClusterArn: !GetAtt Cluster.Arn
      Policy:
        Version: '2012-10-17'
        Statement: [{ Effect: Allow, Principal: { AWS: '222222222222' }, Action: ['kafka:CreateVpcConnection'], Resource: !GetAtt Cluster.Arn }]
Outputs:
  DataVpc: { Value: !Ref Vpc }
  DataOne: { Value: !Ref One }
  DataTwo: { Value: !Ref Two }
  BrokersGroup: { Value: !Ref Brokers }
  orders: { Value: !GetAtt Cluster.Arn }
";

const SHOP: &str = "
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
  Checkout:
    Type: AWS::EC2::SecurityGroup
    Properties: { GroupDescription: checkout, VpcId: !Ref Vpc }
  Door:
    Type: AWS::EC2::SecurityGroup
    Properties:
      GroupDescription: door
      VpcId: !Ref Vpc
      SecurityGroupIngress:
        - { IpProtocol: tcp, FromPort: 14001, ToPort: 14100, SourceSecurityGroupId: !Ref Checkout }
        - { IpProtocol: TCP, FromPort: 9098, ToPort: 9098, SourceSecurityGroupId: !Ref Checkout }
Outputs:
  ShopVpc: { Value: !Ref Vpc }
  ShopOne: { Value: !Ref One }
  ShopTwo: { Value: !Ref Two }
  DoorGroup: { Value: !Ref Door }
  checkout: { Value: !GetAtt Checkout.GroupId }
";

const CONNECTION: &str = "
Parameters:
  ShopVpc: { Type: String }
  ShopOne: { Type: String }
  ShopTwo: { Type: String }
  DoorGroup: { Type: String }
  orders: { Type: String }
Resources:
  Connection:
    Type: AWS::MSK::VpcConnection
    Properties:
      Authentication: SASL_IAM
      TargetClusterArn: !Ref orders
      VpcId: !Ref ShopVpc
      ClientSubnets: [!Ref ShopOne, !Ref ShopTwo]
      SecurityGroups: [!Ref DoorGroup]
";

const RESOURCES: &str = "
Parameters:
  DataVpc: { Type: String }
  DataOne: { Type: String }
  DataTwo: { Type: String }
  BrokersGroup: { Type: String }
Resources:
  Gateway:
    Type: AWS::VpcLattice::ResourceGateway
    Properties: { Name: orders, VpcIdentifier: !Ref DataVpc, SubnetIds: [!Ref DataOne, !Ref DataTwo], SecurityGroupIds: [!Ref BrokersGroup] }
  First:
    Type: AWS::VpcLattice::ResourceConfiguration
    Properties:
      Name: orders-1
      ResourceConfigurationType: SINGLE
      ResourceGatewayId: !Ref Gateway
      ProtocolType: TCP
      PortRanges: ['9098']
      CustomDomainName: b-1.orders.a1.c2.kafka.eu-central-1.amazonaws.com
      ResourceConfigurationDefinition: { IpResource: 10.1.0.10 }
  Group:
    Type: AWS::VpcLattice::ResourceConfiguration
    Properties: { Name: orders, ResourceConfigurationType: GROUP, ResourceGatewayId: !Ref Gateway, GroupDomain: orders.a1.c2.kafka.eu-central-1.amazonaws.com }
  Second:
    Type: AWS::VpcLattice::ResourceConfiguration
    Properties:
      Name: orders-2
      ResourceConfigurationType: CHILD
      ResourceConfigurationGroupId: !GetAtt Group.Id
      PortRanges: [9090-9100]
      CustomDomainName: b-2.orders.a1.c2.kafka.eu-central-1.amazonaws.com
      ResourceConfigurationDefinition: { DnsResource: { DomainName: b-2.orders.a1.c2.kafka.eu-central-1.amazonaws.com, IpAddressType: IPV4 } }
  Share:
    Type: AWS::RAM::ResourceShare
    Properties: { Name: orders, ResourceArns: [!GetAtt First.Arn, !GetAtt Group.Arn], Principals: ['222222222222'] }
Outputs:
  FirstArn: { Value: !GetAtt First.Arn }
  SecondArn: { Value: !GetAtt Second.Arn }
";

const ENDPOINTS: &str = "
Parameters:
  ShopVpc: { Type: String }
  ShopOne: { Type: String }
  ShopTwo: { Type: String }
  DoorGroup: { Type: String }
  FirstArn: { Type: String }
  SecondArn: { Type: String }
Resources:
  First:
    Type: AWS::EC2::VPCEndpoint
    Properties:
      VpcEndpointType: Resource
      VpcId: !Ref ShopVpc
      ResourceConfigurationArn: !Ref FirstArn
      SubnetIds: [!Ref ShopOne, !Ref ShopTwo]
      SecurityGroupIds: [!Ref DoorGroup]
      PrivateDnsEnabled: true
      DnsOptions: { PrivateDnsPreference: ALL_DOMAINS }
  Second:
    Type: AWS::EC2::VPCEndpoint
    Properties:
      VpcEndpointType: Resource
      VpcId: !Ref ShopVpc
      ResourceConfigurationArn: !Ref SecondArn
      SubnetIds: [!Ref ShopOne, !Ref ShopTwo]
      SecurityGroupIds: [!Ref DoorGroup]
      PrivateDnsEnabled: true
      DnsOptions:
        PrivateDnsPreference: SPECIFIED_DOMAINS_ONLY
        PrivateDnsSpecifiedDomains: [orders.a1.c2.kafka.eu-central-1.amazonaws.com]
";

/// How the paths end, bootstrap first.
fn paths(via: &str, cluster: &str, texts: &[(&str, &str)]) -> Vec<String> {
    let spec =
        format!("{VPCS}{cluster}connections:\n  - {{ from: shop, to: orders, via: {via} }}\n");
    let templates: Vec<Template<'_>> = texts
        .iter()
        .map(|(account, text)| (*account, "eu-central-1", *text))
        .collect();
    let ends = ends_of(&templates, &settled(&spec), &[]);
    let ends = ends.iter().map(|end| {
        let (_, told) = end.split_once(' ').expect("a path and its end");
        told.to_owned()
    });
    ends.collect()
}

const ONE: &str = "111111111111";
const TWO: &str = "222222222222";

fn connected(data: &str, shop: &str, connection: &str) -> Vec<String> {
    paths(
        "msk-multi-vpc",
        CLUSTER,
        &[(ONE, data), (TWO, shop), (TWO, connection)],
    )
}

#[test]
fn vpc_connections_lead_to_the_private_listeners() {
    assert_eq!(connected(DATA, SHOP, CONNECTION), ["delivered"; 3]);
    let off = with(
        DATA,
        "Sasl: { Iam: { Enabled: true } } } } }",
        "Sasl: { Iam: { Enabled: false } } } } }",
    );
    assert_eq!(connected(&off, SHOP, CONNECTION), ["no-listener"; 3]);
    assert_eq!(
        connected(&without(DATA, "Own"), SHOP, CONNECTION),
        ["denied-in"; 3]
    );
    let narrow = with(SHOP, "ToPort: 14100", "ToPort: 14001");
    assert_eq!(
        connected(DATA, &narrow, CONNECTION),
        ["partly 2/4", "delivered", "denied-in"]
    );
    // One zone of the cluster's two: its own balancer crosses zones.
    let one = with(CONNECTION, "[!Ref ShopOne, !Ref ShopTwo]", "[!Ref ShopOne]");
    assert_eq!(connected(DATA, SHOP, &one), ["delivered"; 3]);
    let scram = with(CONNECTION, "SASL_IAM", "SASL_SCRAM");
    assert_eq!(connected(DATA, SHOP, &scram), ["no-name"; 3]);
}

fn served(resources: &str, endpoints: &str) -> Vec<String> {
    let texts = [(ONE, DATA), (TWO, SHOP), (ONE, resources), (TWO, endpoints)];
    paths("resource-endpoint", CLUSTER, &texts)
}

#[test]
fn resource_endpoints_lead_through_the_gateway_to_one_broker_each() {
    assert_eq!(served(RESOURCES, ENDPOINTS), ["delivered"; 3]);
    let second = |bootstrap: &str, end: &str| [bootstrap, "delivered", end].map(str::to_owned);
    // The public answer is an address that no route leads to here: the range is the client's own.
    let none = with(ENDPOINTS, "SPECIFIED_DOMAINS_ONLY", "VERIFIED_DOMAINS_ONLY");
    assert_eq!(served(RESOURCES, &none), second("partly 2/3", "no-route"));
    let none = with(ENDPOINTS, "[orders.a1.c2", "[billing.a1.c2");
    assert_eq!(served(RESOURCES, &none), second("partly 2/3", "no-route"));
    let proved = with(
        RESOURCES,
        "GroupDomain:",
        "DomainVerificationId: dv-0abc, GroupDomain:",
    );
    let verified = with(ENDPOINTS, "SPECIFIED_DOMAINS_ONLY", "VERIFIED_DOMAINS_ONLY");
    assert_eq!(served(&proved, &verified), ["delivered"; 3]);
    let closed = with(RESOURCES, "9090-9100", "9090-9097");
    assert_eq!(
        served(&closed, ENDPOINTS),
        second("partly 2/4", "no-listener")
    );
    let elsewhere = with(
        RESOURCES,
        "SubnetIds: [!Ref DataOne, !Ref DataTwo]",
        "SubnetIds: [!Ref DataOne]",
    );
    assert_eq!(
        served(&elsewhere, ENDPOINTS),
        ["partly 2/4", "partly 1/2", "partly 1/2"]
    );
    let swapped = with(RESOURCES, "IpResource: 10.1.0.10", "IpResource: 10.1.16.10");
    assert_eq!(served(&swapped, ENDPOINTS)[1], "wrong-broker");
}

#[test]
fn without_private_dns_there_is_no_zone() {
    let off = ENDPOINTS.replace("      PrivateDnsEnabled: true\n", "");
    assert_eq!(served(RESOURCES, &off), ["no-route"; 3]);
}
