//! One balancer and endpoint service before brokers of Amazon MSK, clients on both sides.

use super::{Template, ends_of, spec, with, without};

const PROVIDER: &str = include_str!("shop-provider.yaml");
const CONSUMER: &str = include_str!("shop-consumer.yaml");

const PATHS: [&str; 8] = [
    "billing/bootstrap",
    "billing/1",
    "billing/2",
    "billing/3",
    "checkout/bootstrap",
    "checkout/1",
    "checkout/2",
    "checkout/3",
];

/// How the paths end that are not delivered.
fn lost(provider: &str, consumer: &str) -> Vec<String> {
    let templates: [Template<'_>; 2] = [
        ("111111111111", "eu-central-1", provider),
        ("222222222222", "eu-central-1", consumer),
    ];
    let ends = ends_of(&templates, &spec("shop/breezeway.yaml"), &[]);
    let paths: Vec<_> = ends
        .iter()
        .filter_map(|end| end.split(' ').next())
        .collect();
    assert_eq!(paths, PATHS);
    let lost = ends.into_iter().filter(|end| !end.ends_with(" delivered"));
    lost.collect()
}

fn all(client: &str, end: &str) -> Vec<String> {
    let own = PATHS.iter().filter(|path| path.starts_with(client));
    own.map(|path| format!("{path} {end}")).collect()
}

#[test]
fn every_path_is_delivered() {
    assert_eq!(lost(PROVIDER, CONSUMER), Vec::<String>::new());
}

#[test]
fn what_the_provider_loses() {
    let broker_2 = |end: &str| vec![format!("billing/2 {end}"), format!("checkout/2 {end}")];
    let everybody = |end: &str| [all("billing", end), all("checkout", end)].concat();
    let partly = |path: &str| format!("{path} partly 1/2");
    for (provider, expected) in [
        (without(PROVIDER, "OnSecond"), broker_2("no-listener")),
        (without(PROVIDER, "FromBalancer"), everybody("denied-in")),
        (without(PROVIDER, "ToBrokers"), everybody("denied-out")),
        (
            without(PROVIDER, "B2"),
            vec!["billing/2 no-name".to_owned()],
        ),
        (
            with(PROVIDER, "[{ Id: 10.0.16.10 }]", "[{ Id: 10.0.0.10 }]"),
            broker_2("wrong-broker"),
        ),
        (
            with(
                PROVIDER,
                "[{ Id: 10.0.16.10 }]",
                "[{ Id: 10.0.16.10, Port: 9093 }]",
            ),
            broker_2("denied-out"),
        ),
        (
            with(
                PROVIDER,
                "EnableDnsHostnames: true",
                "EnableDnsHostnames: false",
            ),
            all("billing", "no-name"),
        ),
        (
            with(PROVIDER, "ClientBroker: PLAINTEXT", "ClientBroker: TLS"),
            // No plaintext listener: nothing is bound, and nothing advertised.
            ["billing", "checkout"]
                .map(|client| {
                    let mut ends = all(client, "no-listener");
                    ends[0] = format!("{client}/bootstrap refused");
                    ends
                })
                .concat(),
        ),
        (
            // The endpoint has no part in the third zone; the two it has keep to their own.
            with(PROVIDER, "Value: \"true\"", "Value: \"false\""),
            vec![
                "billing/1 partly 1/3".to_owned(),
                "billing/2 partly 1/3".to_owned(),
                "billing/3 partly 1/3".to_owned(),
                partly("checkout/1"),
                partly("checkout/2"),
                "checkout/3 no-target".to_owned(),
            ],
        ),
    ] {
        assert_eq!(lost(&provider, CONSUMER), expected);
    }
}

#[test]
fn a_balancer_judges_what_comes_by_privatelink_unless_told_otherwise() {
    const SAID: &str = "      EnforceSecurityGroupInboundRulesOnPrivateLinkTraffic: \"off\"\n";
    let from_billing = "SourceSecurityGroupId: !GetAtt Billing.GroupId }\n      SecurityGroupE";
    // Both VPCs have the same range, so addresses of a subnet of neither client are admitted.
    let shut = "CidrIp: 10.0.48.0/20 }\n      SecurityGroupE";
    let shut = with(PROVIDER, from_billing, shut);
    assert_eq!(lost(&shut, CONSUMER), all("billing", "denied-in"));
    let both = [all("billing", "denied-in"), all("checkout", "denied-in")].concat();
    assert_eq!(lost(&with(&shut, SAID, ""), CONSUMER), both);
    assert_eq!(lost(&with(&shut, "\"off\"", "\"on\""), CONSUMER), both);
}

#[test]
fn what_the_consumer_loses() {
    for (consumer, expected) in [
        (without(CONSUMER, "Out"), all("checkout", "denied-out")),
        (
            without(CONSUMER, "B3"),
            vec!["checkout/3 no-name".to_owned()],
        ),
        (
            with(CONSUMER, "ToPort: 9003, SourceS", "ToPort: 9002, SourceS"),
            vec!["checkout/3 denied-in".to_owned()],
        ),
        (
            // A group without outbound rules of its own has AWS's, which lets everything out.
            with(
                &without(CONSUMER, "Out"),
                "      SecurityGroupEgress: [{ IpProtocol: \"-1\", CidrIp: 127.0.0.1/32 }]\n",
                "",
            ),
            Vec::new(),
        ),
        (
            // An endpoint without groups has the default one of its VPC, which admits its members.
            with(
                CONSUMER,
                "      SecurityGroupIds: [!GetAtt EndpointGroup.GroupId]\n",
                "",
            ),
            all("checkout", "denied-out"),
        ),
        (
            with(
                CONSUMER,
                "EnableDnsHostnames: true",
                "EnableDnsSupport: true",
            ),
            all("checkout", "no-name"),
        ),
    ] {
        assert_eq!(lost(PROVIDER, &consumer), expected);
    }
}
