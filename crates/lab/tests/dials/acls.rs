//! Network ACLs: requests and answers, both subnets, the order of entries.

use super::dials;
use crate::estate::Estate;

/// A client in one subnet and a broker in another, each subnet with an ACL.
fn fenced(client: [&[&str]; 2], broker: [&[&str]; 2]) -> Estate {
    Estate::default()
        .vpc(
            "v",
            "10.0.0.0/16",
            &[("z1", "10.0.1.0/24"), ("z2", "10.0.2.0/24")],
        )
        .eni("client", "v/z1", "10.0.1.10", &[])
        .eni("other", "v/z1", "10.0.1.200", &[])
        .eni("broker", "v/z2", "10.0.2.20", &[])
        .eni("broker2", "v/z2", "10.0.2.21", &[])
        .acl("client-acl", &["v/z1"], client[0], client[1])
        .acl("broker-acl", &["v/z2"], broker[0], broker[1])
}

const OPEN: &[&str] = &["100 allow 0-65535 0.0.0.0/0"];

const ANSWERS: &[&str] = &["100 allow 1024-65535 0.0.0.0/0"];

pub(crate) fn network_acls() -> bool {
    let requests = requests();
    let answers = answers();
    requests && answers
}

fn requests() -> bool {
    let first_decides: &[&str] = &[
        "200 deny 9093 10.0.0.0/8",
        "100 allow 9092-9093 10.0.1.0/25",
        "300 allow 9092-9095 0.0.0.0/0",
        "250 deny 9092 10.0.1.128/25",
    ];
    let listening = [("broker", 9092), ("broker", 9093), ("broker2", 9092)];
    let into_brokers = dials(
        fenced([ANSWERS, OPEN], [first_decides, ANSWERS]),
        &listening,
        &[
            ("client", "10.0.2.20:9092", "delivered by broker"),
            ("client", "10.0.2.20:9093", "delivered by broker"),
            ("other", "10.0.2.20:9092", "denied-in at broker"),
            ("other", "10.0.2.20:9093", "denied-in at broker"),
            ("other", "10.0.2.20:9094", "refused at broker"),
            ("other", "10.0.2.20:9096", "denied-in at broker"),
            // Within a subnet no network ACL is asked.
            ("broker2", "10.0.2.20:9096", "refused at broker"),
            ("client", "10.0.1.200:22", "refused at other"),
        ],
    );
    let out_of_clients = dials(
        fenced([ANSWERS, &["1 allow 9092 10.0.2.20/32"]], [OPEN, ANSWERS]),
        &listening,
        &[
            ("client", "10.0.2.20:9092", "delivered by broker"),
            ("client", "10.0.2.20:9093", "denied-out at client"),
            ("client", "10.0.2.21:9092", "denied-out at client"),
            ("client", "10.0.3.3:9092", "denied-out at client"),
            ("client", "10.0.1.99:9093", "no-route at routing of v"),
            ("client", "192.0.2.1:9092", "denied-out at client"),
        ],
    );
    into_brokers && out_of_clients
}

/// An answer's port is chosen by chance, so one closed port among those it may be is too many.
fn answers() -> bool {
    let listening = [("broker", 9092)];
    let narrow: &[&str] = &["100 allow 32768-60999 0.0.0.0/0"];
    let pieced: &[&str] = &[
        "300 allow 1-2000 10.0.0.0/8",
        "100 allow 2001-65535 10.0.1.0/24",
        "50 deny 3000 10.0.1.128/25",
        "400 deny 0-65535 0.0.0.0/0",
    ];
    let cases: [(_, &[(&str, &str)]); 4] = [
        (
            fenced([ANSWERS, OPEN], [OPEN, narrow]),
            &[
                ("10.0.2.20:9092", "denied-out at broker, return"),
                ("10.0.2.20:9093", "denied-out at broker, return"),
            ],
        ),
        (
            fenced([narrow, OPEN], [OPEN, ANSWERS]),
            &[
                ("10.0.2.20:9092", "denied-in at client, return"),
                ("10.0.2.20:9093", "denied-in at client, return"),
            ],
        ),
        (
            fenced([narrow, OPEN], [OPEN, &[]]),
            &[("10.0.2.20:9092", "denied-out at broker, return")],
        ),
        (
            fenced([OPEN, OPEN], [OPEN, pieced]),
            &[("10.0.2.20:9092", "delivered by broker")],
        ),
    ];
    let good = cases.into_iter().map(|(estate, ends)| {
        let ends: Vec<_> = ends.iter().map(|(to, end)| ("client", *to, *end)).collect();
        dials(estate, &listening, &ends)
    });
    let good: Vec<_> = good.collect();
    let pieced = dials(
        fenced([OPEN, OPEN], [OPEN, pieced]),
        &listening,
        &[("other", "10.0.2.20:9092", "denied-out at broker, return")],
    );
    good.into_iter().all(|good| good) && pieced
}
