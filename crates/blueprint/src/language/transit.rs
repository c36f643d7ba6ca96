//! The language of `transit_gateways`.

use super::forms::{ACCOUNT, CIDR, NAME, REGION, TRANSIT_ID};
use super::{Form, Key, Need, Section};
use crate::read::{MAX_ATTACHMENTS_PER_TABLE, MAX_TABLES_PER_TRANSIT_GATEWAY, MAX_TRANSIT_ROUTES};

const NAMES: Form = Form::List {
    item: &NAME,
    max: MAX_ATTACHMENTS_PER_TABLE,
    may_be_empty: true,
};

/// A transit gateway.
pub const TRANSIT_GATEWAY: Section = Section {
    name: "transit_gateway",
    path: "transit_gateways.NAME",
    doc: "A transit gateway.",
    keys: &[
        Key::new(
            "account",
            ACCOUNT,
            Need::Required,
            "\"111111111111\"",
            "The AWS account that owns it; it is shared with the others by AWS RAM.",
        ),
        Key::new(
            "region",
            REGION,
            Need::Default("the spec's `region`"),
            "us-east-1",
            "The AWS Region it lies in.",
        ),
        Key::new(
            "id",
            TRANSIT_ID,
            Need::Default("the transit gateway is made"),
            "tgw-0abc",
            "The transit gateway exists under this id.",
        ),
        Key::new(
            "tables",
            Form::Map {
                keys: &NAME,
                values: &Form::Mapping(&TRANSIT_TABLE),
                max: MAX_TABLES_PER_TRANSIT_GATEWAY,
                may_be_empty: true,
            },
            Need::Default("one table that every attachment is associated with and propagates into"),
            "{ shared: { associate: [shop], propagate: [data] } }",
            "Its route tables by name.",
        ),
    ],
};

/// A route table of a transit gateway.
pub const TRANSIT_TABLE: Section = Section {
    name: "transit_table",
    path: "transit_gateways.NAME.tables.NAME",
    doc: "A route table of a transit gateway.",
    keys: &[
        Key::new(
            "associate",
            NAMES,
            Need::Default("none"),
            "[shop]",
            "VPCs, or peered transit gateways, whose packets it routes; each has one table.",
        ),
        Key::new(
            "propagate",
            NAMES,
            Need::Default("none"),
            "[data]",
            "VPCs whose ranges it learns.",
        ),
        Key::new(
            "routes",
            Form::List {
                item: &Form::Mapping(&TRANSIT_ROUTE),
                max: MAX_TRANSIT_ROUTES,
                may_be_empty: true,
            },
            Need::Default("none"),
            "[{ to: 10.9.0.0/16, via: blackhole }]",
            "Static routes.",
        ),
    ],
};

/// A static route of a transit gateway's table.
pub const TRANSIT_ROUTE: Section = Section {
    name: "transit_route",
    path: "transit_gateways.NAME.tables.NAME.routes[]",
    doc: "A static route of a transit gateway's table.",
    keys: &[
        Key::new(
            "to",
            CIDR,
            Need::Required,
            "10.1.0.0/16",
            "Its destination.",
        ),
        Key::new(
            "via",
            NAME,
            Need::Required,
            "shop",
            "A VPC, a peered transit gateway, or `blackhole`, which drops.",
        ),
    ],
};
