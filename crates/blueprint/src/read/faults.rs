//! Every fault the reader reports, with the page that `breezeway explain` prints.

/// Puts a page together; all have the same shape.
macro_rules! page {
    ($name:literal, $what:literal, $example:literal, $remedy:literal) => {
        (
            $name,
            concat!(
                "# ",
                $name,
                "\n\n",
                $what,
                "\n\n## Example\n\n```yaml\n",
                $example,
                "\n```\n\n## Remedy\n\n",
                $remedy,
                "\n",
            ),
        )
    };
}

/// Names and pages of the reader's faults, in alphabetical order.
pub fn faults() -> &'static [(&'static str, &'static str)] {
    FAULTS
}

const FAULTS: &[(&str, &str)] = &[
    page!(
        "bad-account",
        "An account is not an AWS account id: twelve digits.",
        "account: 12345",
        "Write all twelve digits, leading zeros included. Quotes are not needed, and help other YAML tools to keep a leading zero."
    ),
    page!(
        "bad-address",
        "An address is not an IPv4 address.",
        "addresses: { 1: 10.0.0.300 }",
        "Write four numbers from 0 to 255 without leading zeros, such as `10.0.0.30`."
    ),
    page!(
        "bad-brokers",
        "A count of brokers or a broker id is out of bounds. Ids start at 1, because a balancer's listener is a base port plus the id and the base itself is the bootstrap's.",
        "brokers: 0",
        "Write a count such as `brokers: 3`, which gives ids 1 to 3, or list the ids: `brokers: [1, 2, 7]`."
    ),
    page!(
        "bad-cidr",
        "A range is not an IPv4 range, has bits set below its prefix length, or is one that AWS takes for no VPC or subnet: they are /16 to /28 and lie outside `0.0.0.0/8`, `127.0.0.0/8`, `169.254.0.0/16` and `224.0.0.0/4`. The same for a range of `ipv6_cidrs`: /44 to /60 in steps of four.",
        "cidr: 10.0.3.7/16",
        "Write the network's own address: `10.0.0.0/16`."
    ),
    page!(
        "bad-fact",
        "A fact of a file for `--facts` has not the form of what it replaces: a number that is not plain digits, a text that is not in quotes, another unit, tiers out of order, a date that is none.",
        "- { id: prices.nlb-hour, value: 2.25 ct }",
        "Write the number in the fact's own unit, such as `value: 0.0225`. `breezeway explain facts` lists every fact with its unit."
    ),
    page!(
        "bad-host",
        "A domain or a `host:port` has not the form of one. A host is labels of letters, digits, `-` and `_` with dots between; a port is a number. In `advertised`, `{id}` stands for the broker's id and `{9000+id}` for a sum. A record of a hosted zone lies below the zone's domain.",
        "zone_name: .orders.internal",
        "Write it without outer dots, scheme or path: `orders.internal`, `b-1.orders.internal:9092`."
    ),
    page!(
        "bad-id",
        "An id of something that exists in AWS has not the form of one, or is the ARN of a cluster in another account or Region than its VPC.",
        "vpcs: { data: { id: data-vpc, … } }",
        "Write the id that AWS shows: `vpc-`, `subnet-`, `sg-` or `tgw-` and hexadecimal digits, `Z…` for a hosted zone, the whole ARN for a cluster of Amazon MSK. Without the key the plan makes the object."
    ),
    page!(
        "bad-instance-type",
        "An instance type is not in the spelling of its kind of cluster: `kafka.m7g.large` for `msk`, `express.m7g.large` for `msk-express`, `m7g.large` for `ec2`.",
        "kind: msk\ninstance_type: m7g.large",
        "Write it as the finding shows."
    ),
    page!(
        "bad-name",
        "A name is not of the spec's form. Names become parts of DNS names, interfaces and files, so they are lower-case letters, digits and `-`, start with a letter and have at most 31 characters. Names of Kafka listeners are upper-case letters, digits, `_` and `-`; names of AWS services may hold dots.",
        "vpcs: { My_Shop: … }",
        "Write `my-shop`."
    ),
    page!(
        "bad-number",
        "A number is out of bounds, or is none: a balancer's idle time-out is 60 to 6000 seconds, a batch up to 10,000 records, a function's time-out up to 900 seconds.",
        "idle_timeout_s: 10",
        "Write a number within the bounds that are shown."
    ),
    page!(
        "bad-port",
        "A port is not a number from 1 to 65535, or a base port leaves no room for the largest broker id above it, or a range of ports is none.",
        "ports: 65535",
        "Write a base such as `ports: 9000`, which gives broker n port 9000 + n, or one port for each: `ports: { bootstrap: 9000, 1: 9001 }`."
    ),
    page!(
        "bad-region",
        "The Region is not of the form of an AWS Region, or it is one that Breezeway does not know and the spec's zone ids lie in another.",
        "region: eu-central-1a",
        "Write the Region, not a zone of it: `eu-central-1`."
    ),
    page!(
        "bad-setting",
        "A Kafka setting's name or value cannot stand in `server.properties`, or one that checks reckon with is no whole number above zero: `min.insync.replicas`, the replication factors, `transaction.state.log.min.isr`.",
        "config: { min.insync.replicas: two }",
        "Write names as Kafka spells them and each value in one line: `min.insync.replicas: 2`."
    ),
    page!(
        "bad-traffic",
        "A rate of traffic is not a number with a unit. Only the comparison uses it.",
        "traffic: 40 megabytes",
        "Write bytes per second with `B/s`, `KB/s`, `MB/s` or `GB/s`: `40 MB/s`."
    ),
    page!(
        "bad-version",
        "A version of Kafka is not of the form `MAJOR.MINOR` or `MAJOR.MINOR.PATCH`, nor one of Amazon MSK's such as `3.7.x`.",
        "kafka_version: 4",
        "Write `kafka_version: \"4.0\"`. Without quotes the text counts as well: `3.10` is not taken for `3.1`."
    ),
    page!(
        "bad-yaml",
        "The file cannot be read as YAML, so nothing of it is judged.",
        "vpcs: { data: { cidr: 10.0.0.0/16 }",
        "Mend the place that is shown, or the line above it: a bracket or quote that is never closed, a tab in the indentation, text with `: ` in it that wants quotes."
    ),
    page!(
        "bad-zone",
        "A zone is not given by its zone id. Zone *names* such as `eu-central-1a` mean another place in each account, so two accounts cannot be aligned by them; zone *ids* are the same everywhere.",
        "zones: [eu-central-1a]",
        "Write ids such as `euc1-az1`. `aws ec2 describe-availability-zones` lists the id of each name of your account."
    ),
    page!(
        "conflicting-acl",
        "Two network ACLs stand before one subnet, which has exactly one. An ACL without `zones` stands before every subnet of its VPC. The first one is read.",
        "network_acls:\n  - { ingress: […], egress: […] }\n  - { zones: [euc1-az1], ingress: […], egress: […] }",
        "Give each `zones` of its own, or put the entries into one."
    ),
    page!(
        "conflicting-keys",
        "Two keys that say the same thing in two ways are both given. The first of them is read.",
        "cidr: 10.0.0.0/16\ncidrs: [10.1.0.0/16]",
        "Keep one of the two."
    ),
    page!(
        "conflicting-route",
        "A route cannot stand beside another in one table of a VPC or a transit gateway: both have the same destination, or the destination is the VPC's own range, which is local everywhere. A part of that range can be led to a NAT gateway, an interface or a Gateway Load Balancer's endpoint, and nowhere else. The first route counts.",
        "cidr: 10.0.0.0/16\nroutes:\n  - { to: 10.0.0.0/16, via: shop }",
        "Remove the route, or give each of the two `zones` of its own. A wider destination such as `0.0.0.0/0` is fine: the local route wins inside the VPC."
    ),
    page!(
        "duplicate-address",
        "Two interfaces are given the same address.",
        "addresses: { 1: 10.0.0.11, 2: 10.0.0.11 }",
        "Give each its own."
    ),
    page!(
        "duplicate-connection",
        "One VPC is connected to one cluster twice. The first connection is read.",
        "- { from: shop, to: orders, via: peering }\n- { from: shop, to: orders, via: privatelink }",
        "Keep one of the two. A connection carries all clients of its VPC."
    ),
    page!(
        "duplicate-domain",
        "A VPC is given two hosted zones, or two resolver rules, of one domain. AWS associates the second with no VPC that has the first.",
        "hosted_zones:\n  - { name: corp.internal, records: { a.corp.internal: 10.0.0.1 } }\n  - { name: corp.internal, records: { b.corp.internal: 10.0.0.2 } }",
        "Put all records into one zone, and all servers into one rule."
    ),
    page!(
        "duplicate-id",
        "Two objects are said to exist under the same id of AWS. Security groups and hosted zones may be shared; VPCs, subnets, transit gateways and clusters are one each.",
        "vpcs:\n  data: { id: vpc-0abc, … }\n  shop: { id: vpc-0abc, … }",
        "Give each the id of its own."
    ),
    page!(
        "duplicate-key",
        "A mapping has the same key twice. The first one is read; other YAML tools take the last, or either.",
        "vpcs:\n  data: { … }\n  data: { … }",
        "Remove one, or rename it if both are meant."
    ),
    page!(
        "duplicate-name",
        "A client and a cluster have the same name, which stand side by side in tables and on the command line; or a VPC and a transit gateway have, which routes name alike.",
        "clusters: { orders: … }\nclients: { orders: … }",
        "Rename one of the two."
    ),
    page!(
        "duplicate-port",
        "Two listeners have the same port on one balancer or one broker.",
        "ports: { 1: 9001, 2: 9001 }",
        "Give each its own port; a base such as `ports: 9000` does so by itself."
    ),
    page!(
        "empty-spec",
        "The file holds no value: it is empty, or all of it is comments.",
        "# name: orders",
        "Write a spec. It has `name`, `region`, `vpcs` and `clusters`, and mostly `clients` and `connections`."
    ),
    page!(
        "exceeded-limit",
        "The spec is larger than Breezeway reads: the file, its nesting, the number of its values, or the items of one section. The surplus is left out.",
        "brokers: [1, 2, …, 500]",
        "Split the spec into several, each of which is checked for itself."
    ),
    page!(
        "foreign-gateway",
        "A VPC is to be attached to a transit gateway of another Region. AWS attaches VPCs to transit gateways of their own Region only; gateways of two Regions are peered.",
        "region: eu-central-1\ntransit_gateways: { west: { region: eu-west-1, … } }\nconnections: [{ from: shop, via: transit-gateway, transit_gateway: west, … }]",
        "Name a transit gateway of the VPC's Region; in `associate`, name the other gateway in place of its VPC."
    ),
    page!(
        "foreign-zone",
        "A zone lies in another Region than its VPC.",
        "region: eu-central-1\nzones: [use1-az1]",
        "Write a zone id of the VPC's Region, or say the VPC's own `region`; without one it lies in the spec's."
    ),
    page!(
        "idle-detour",
        "`through` names the VPC that a connection starts from, or the cluster's own one. It is for a third VPC that holds the endpoints.",
        "from: shop\nthrough: shop",
        "Remove `through`, or name the VPC whose endpoints are to be used."
    ),
    page!(
        "idle-key",
        "A key has no effect with the chosen way to connect, with the kind of its cluster or client, or without another key: a peering has neither a balancer nor an endpoint, and only a balancer that ends TLS has a certificate.",
        "via: peering\ncross_zone: true",
        "Remove the key, or say what the finding names."
    ),
    page!(
        "malformed-suppression",
        "A comment begins with `breezeway:` and does not go on with `allow` and the name of a finding. It is not obeyed.",
        "via: privatelink # breezeway: ignore cross-zone-off",
        "Write `# breezeway: allow NAME -- REASON`. A comment that is for people only begins with another word."
    ),
    page!(
        "missing-key",
        "A key that has no default is not given.",
        "clusters: { orders: { kind: msk, vpc: data } }",
        "Add it; the finding shows how."
    ),
    page!(
        "outside-vpc",
        "An address or a subnet does not lie in a range of its VPC.",
        "cidr: 10.0.0.0/16\nsubnets: [{ zone: euc1-az1, cidr: 10.9.0.0/24 }]",
        "Choose from the VPC's ranges, or give the VPC a further one by `cidrs`."
    ),
    page!(
        "overlapping-cidrs",
        "Two ranges of one VPC share addresses. Ranges of *different* VPCs may overlap.",
        "cidrs: [10.0.0.0/16, 10.0.128.0/20]",
        "Remove the inner range, or choose one apart."
    ),
    page!(
        "overlapping-subnets",
        "Two subnets of one VPC share addresses; AWS refuses the second.",
        "subnets:\n  - { zone: euc1-az1, cidr: 10.0.0.0/23 }\n  - { zone: euc1-az2, cidr: 10.0.1.0/24 }",
        "Give one of the two another range."
    ),
    page!(
        "public-range",
        "A VPC uses addresses that belong to somebody on the public Internet. AWS allows it, and everything between the VPCs works; the rightful owners cannot be reached from inside.",
        "cidr: 52.10.0.0/16",
        "Use a range inside `10.0.0.0/8`, `172.16.0.0/12` or `192.168.0.0/16`."
    ),
    page!(
        "repeated-item",
        "A list holds the same item twice.",
        "zones: [euc1-az1, euc1-az1]",
        "Remove one. Further subnets in one zone are given by `subnets`."
    ),
    page!(
        "same-vpc-connection",
        "A connection leads from a VPC to a cluster in the same VPC, or says so by `via: same-vpc`.",
        "clusters: { orders: { vpc: data, … } }\nconnections: [{ from: data, to: orders }]",
        "Remove it: clients in the cluster's own VPC reach the brokers without one."
    ),
    page!(
        "second-association",
        "An attachment is associated with two tables of one transit gateway. AWS routes what comes from it by one table. The first association is read.",
        "tables:\n  one: { associate: [shop] }\n  two: { associate: [shop] }",
        "Keep one of the two. Propagation into several tables is fine."
    ),
    page!(
        "settled-setting",
        "A Kafka setting is given that follows from the rest of the spec: identity, roles, listeners and their addresses, folders. A second value would contradict the first on some broker.",
        "config: { advertised.listeners: \"CLIENT://kafka.example.com:9092\" }",
        "Remove it and say the same by the key that is shown, such as `advertised: { CLIENT: \"kafka.example.com:9092\" }`."
    ),
    page!(
        "unknown-broker",
        "A mapping from broker ids has an id that the cluster has not.",
        "brokers: 3\naddresses: { 4: 10.0.0.14 }",
        "Use the ids of `brokers`; a count of 3 gives ids 1 to 3."
    ),
    page!(
        "unknown-check",
        "A comment allows a finding whose name does not exist, so it allows nothing.",
        "via: privatelink # breezeway: allow crosszone-off -- the zones are paid for elsewhere",
        "Write the name that is suggested, or one that `breezeway explain` lists."
    ),
    page!(
        "unknown-fact",
        "A file for `--facts` names a fact that Breezeway does not have, so nothing would use it.",
        "- { id: prices.nlb-hours, value: 0.02 }",
        "Write the name that is suggested. `breezeway explain facts` lists all of them."
    ),
    page!(
        "unknown-key",
        "A mapping has a key that means nothing there. It may be misspelt, or stand too deep or not deep enough.",
        "vpcs: { data: { cdir: 10.0.0.0/16 } }",
        "Write the key that is suggested, or one of those listed."
    ),
    page!(
        "unknown-reference",
        "A name refers to a VPC, a cluster or a transit gateway that the spec does not have.",
        "clients: { checkout: { vpc: shopp, cluster: orders } }",
        "Write one of the names listed, or add what is missing."
    ),
    page!(
        "unknown-value",
        "A word is none of those a key takes.",
        "via: private-link",
        "Write one of the words listed. Flags are `true` and `false`; `yes` and `no` are not taken."
    ),
    page!(
        "unknown-zone",
        "A zone is named in which the VPC has no subnet, so no interface can stand there.",
        "zones: [euc1-az1]\nendpoint_zones: [euc1-az2]",
        "Choose one of the VPC's zones, or add the zone to the VPC."
    ),
    page!(
        "unoffered-auth",
        "A client authenticates by a scheme that its cluster does not offer, so no listener takes it.",
        "clusters: { orders: { auth: [iam], … } }\nclients: { checkout: { cluster: orders, auth: scram, … } }",
        "Choose one of the cluster's schemes, or add the scheme to the cluster's `auth`."
    ),
    page!(
        "unreasoned-suppression",
        "A comment allows a finding and does not say why. It is not obeyed: who meets it later could not tell whether it still holds.",
        "via: privatelink # breezeway: allow cross-zone-off",
        "Add the reason: `# breezeway: allow cross-zone-off -- the zones are paid for in another budget`."
    ),
    page!(
        "unsupported-yaml",
        "The file uses a form of YAML that a spec does without: anchors, aliases, merge keys, tags, further documents, keys that are not words. They would give one value two places, and a finding could not show where to edit.",
        "data: &base { account: \"111111111111\" }\nshop: *base",
        "Write the value out at each place."
    ),
    page!(
        "unused-suppression",
        "A comment allows a finding that does not occur on its line or, if it stands alone, on the line below. Left in place it would hide the finding should it come back. An error of the spec itself cannot be allowed, because what it concerns was not read.",
        "via: peering # breezeway: allow cross-zone-off -- the zones are paid for elsewhere",
        "Remove the name, or move the comment to the line that the finding points at."
    ),
    page!(
        "wrong-type",
        "A value is of another form than expected: a list where one value belongs, nothing where something must be.",
        "brokers: { count: 3 }",
        "Write the form that is shown."
    ),
];
