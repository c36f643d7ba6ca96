//! Round trips in every version, and bytes that are no message.

use kafka_protocol::messages::api_versions_response::{
    ApiVersion, FinalizedFeatureKey, SupportedFeatureKey,
};
use kafka_protocol::messages::describe_configs_response::{
    DescribeConfigsResourceResult, DescribeConfigsResult, DescribeConfigsSynonym,
};
use kafka_protocol::messages::metadata_response::{
    MetadataResponseBroker, MetadataResponsePartition, MetadataResponseTopic,
};
use kafka_protocol::messages::{
    ApiVersionsResponse, BrokerId, DescribeConfigsResponse, MetadataResponse, TopicName,
};

use super::*;
use crate::api::ApiRange;
use crate::metadata::Advertised;

const LENGTH_BYTES: usize = 4;

fn requests() -> Vec<Request> {
    let resource = |name: &str, keys: Option<Vec<String>>| describe_configs::Resource {
        kind: describe_configs::BROKER,
        name: name.to_owned(),
        keys,
    };
    vec![
        Request::ApiVersions(api_versions::Request {
            software_name: "breezeway".to_owned(),
            software_version: "0.1.0".to_owned(),
        }),
        Request::Metadata(metadata::Request::without_topics()),
        Request::Metadata(metadata::Request { topics: None }),
        Request::Metadata(metadata::Request {
            topics: Some(vec!["orders".to_owned(), "refunds".to_owned()]),
        }),
        Request::DescribeConfigs(describe_configs::Request {
            resources: vec![
                resource("1", None),
                resource("2", Some(vec!["node.id".to_owned()])),
            ],
        }),
    ]
}

fn responses() -> Vec<Response> {
    let broker = |id, host: &str, port| Advertised {
        id,
        host: host.to_owned(),
        port,
    };
    vec![
        Response::ApiVersions(api_versions::Response {
            error_code: 0,
            apis: Api::ALL.map(Api::range).to_vec(),
        }),
        Response::Metadata(metadata::Response {
            error_code: 0,
            cluster_id: Some("lkc-1".to_owned()),
            controller_id: 2,
            brokers: vec![
                broker(1, "b-1.orders.internal", 9001),
                broker(2, "10.0.1.7", 65_535),
            ],
            topics: vec![metadata::Topic {
                name: Some("orders".to_owned()),
                error_code: error_code::UNKNOWN_TOPIC_OR_PARTITION,
            }],
        }),
        Response::DescribeConfigs(describe_configs::Response {
            results: vec![
                described("1", 0, None),
                described("2", 42, Some("Unexpected broker id")),
            ],
        }),
    ]
}

fn described(name: &str, error_code: i16, message: Option<&str>) -> describe_configs::Described {
    let entry = |name: &str, value: Option<&str>| describe_configs::Entry {
        name: name.to_owned(),
        value: value.map(str::to_owned),
    };
    describe_configs::Described {
        kind: describe_configs::BROKER,
        name: name.to_owned(),
        error_code,
        error_message: message.map(str::to_owned),
        entries: vec![entry("node.id", Some("1")), entry("ssl.keystore", None)],
    }
}

/// Responses with everything in them that Kafka may send, as the bytes of their bodies.
fn full_bodies() -> Vec<(Api, i16, Vec<u8>)> {
    let mut bodies = Vec::new();
    let mut add = |api: Api, version: i16, write: &dyn Fn(&mut BytesMut)| {
        let mut body = BytesMut::new();
        write(&mut body);
        bodies.push((api, version, body.to_vec()));
    };
    for version in Api::ApiVersions.versions() {
        let message = full_api_versions(version);
        add(Api::ApiVersions, version, &|body| {
            message.encode(body, version).unwrap();
        });
    }
    for version in Api::Metadata.versions() {
        let message = full_metadata(version);
        add(Api::Metadata, version, &|body| {
            message.encode(body, version).unwrap();
        });
    }
    for version in Api::DescribeConfigs.versions() {
        let message = full_configs();
        add(Api::DescribeConfigs, version, &|body| {
            message.encode(body, version).unwrap();
        });
    }
    bodies
}

fn full_api_versions(version: i16) -> ApiVersionsResponse {
    let message = ApiVersionsResponse::default()
        .with_api_keys(vec![ApiVersion::default().with_api_key(3); 3])
        .with_throttle_time_ms(i32::from(version != 0));
    if version < 3 {
        return message;
    }
    let name = || StrBytes::from_static_str("metadata.version");
    message
        .with_supported_features(vec![SupportedFeatureKey::default().with_name(name()); 2])
        .with_finalized_features_epoch(7)
        .with_finalized_features(vec![FinalizedFeatureKey::default().with_name(name())])
        .with_zk_migration_ready(true)
        .with_unknown_tagged_field(9, Bytes::from_static(b"later"))
}

fn full_metadata(version: i16) -> MetadataResponse {
    let ids = || vec![BrokerId(1), BrokerId(2)];
    let partition = MetadataResponsePartition::default()
        .with_replica_nodes(ids())
        .with_isr_nodes(ids())
        .with_offline_replicas(if 5 <= version { ids() } else { Vec::new() });
    let topic = MetadataResponseTopic::default()
        .with_name(Some(TopicName(StrBytes::from_static_str("orders"))))
        .with_partitions(vec![partition; 2]);
    let broker = MetadataResponseBroker::default()
        .with_node_id(BrokerId(1))
        .with_host(StrBytes::from_static_str("b-1.orders.internal"))
        .with_port(9001)
        .with_rack((1 <= version).then(|| StrBytes::from_static_str("euc1-az1")));
    let message = MetadataResponse::default()
        .with_brokers(vec![broker; 3])
        .with_topics(vec![topic; 2])
        .with_cluster_id(Some(StrBytes::from_static_str("lkc-1")));
    if version < 9 {
        return message;
    }
    message.with_unknown_tagged_field(4, Bytes::from_static(b"later"))
}

fn full_configs() -> DescribeConfigsResponse {
    let synonym = DescribeConfigsSynonym::default()
        .with_name(StrBytes::from_static_str("broker.id"))
        .with_value(None);
    let entry = DescribeConfigsResourceResult::default()
        .with_name(StrBytes::from_static_str("node.id"))
        .with_synonyms(vec![synonym; 2]);
    let result = DescribeConfigsResult::default()
        .with_resource_name(StrBytes::from_static_str("1"))
        .with_configs(vec![entry; 2]);
    DescribeConfigsResponse::default().with_results(vec![result; 2])
}

#[test]
fn requests_survive_the_wire_in_every_version() {
    for request in requests() {
        let api = request.api();
        for version in api.versions() {
            let Ok(mut frame) = request.encode(version, 77, "breezeway") else {
                assert_eq!((api, version), (Api::Metadata, 0), "{request:?}");
                continue;
            };
            let _ = frame.split_to(LENGTH_BYTES);
            let head = RequestHead::take(&mut frame).unwrap();
            let expected_head = RequestHead {
                api_key: api.key(),
                api_version: version,
                correlation_id: 77,
                client_id: Some("breezeway".to_owned()),
            };
            assert_eq!(head, expected_head);
            let read = Request::decode(api, version, frame).unwrap();
            assert_eq!(read, as_version_carries(request.clone(), version));
        }
    }
}

fn as_version_carries(request: Request, version: i16) -> Request {
    match request {
        Request::ApiVersions(_) if version < 3 => {
            Request::ApiVersions(api_versions::Request::default())
        }
        Request::Metadata(metadata) if version == 0 => Request::Metadata(metadata::Request {
            topics: metadata.topics.filter(|topics| !topics.is_empty()),
        }),
        Request::ApiVersions(_) | Request::Metadata(_) | Request::DescribeConfigs(_) => request,
    }
}

#[test]
fn responses_survive_the_wire_in_every_version() {
    for response in responses() {
        let api = response.api();
        for version in api.versions() {
            let mut frame = response.encode(version, -5).unwrap();
            let _ = frame.split_to(LENGTH_BYTES);
            let (correlation_id, read) = Response::decode(api, version, frame).unwrap();
            assert_eq!(correlation_id, -5);
            match (read, response.clone()) {
                (Response::Metadata(read), Response::Metadata(mut sent)) => {
                    sent.cluster_id = sent.cluster_id.filter(|_| 2 <= version);
                    sent.controller_id = if version == 0 { -1 } else { sent.controller_id };
                    assert_eq!(read, sent, "version {version}");
                }
                (read, sent) => assert_eq!(read, sent, "version {version}"),
            }
        }
    }
}

#[test]
fn a_layout_covers_all_that_kafka_may_send() {
    for (api, version, body) in full_bodies() {
        let layout = match api {
            Api::ApiVersions => &api_versions::RESPONSE,
            Api::Metadata => &metadata::RESPONSE,
            Api::DescribeConfigs => &describe_configs::RESPONSE,
        };
        assert_eq!(
            layout.measure(version, &body),
            Ok(body.len()),
            "{api} {version}"
        );
    }
}

#[test]
fn an_unknown_api_versions_version_is_answered_in_version_0() {
    let own_range = Api::ApiVersions.range();
    let refusal = Response::ApiVersions(api_versions::Response {
        error_code: error_code::UNSUPPORTED_VERSION,
        apis: vec![ApiRange {
            max: 2,
            ..own_range
        }],
    });
    for version in Api::ApiVersions.versions() {
        let mut frame = refusal.encode(0, 1).unwrap();
        let _ = frame.split_to(LENGTH_BYTES);
        let read = Response::decode(Api::ApiVersions, version, frame).unwrap();
        assert_eq!(read, (1, refusal.clone()), "asked in version {version}");
    }
    let stump = Bytes::from_static(&[0, 0, 0, 1, 0, 35, 0]);
    let (_, read) = Response::decode(Api::ApiVersions, 3, stump).unwrap();
    let empty = api_versions::Response {
        error_code: error_code::UNSUPPORTED_VERSION,
        apis: Vec::new(),
    };
    assert_eq!(read, Response::ApiVersions(empty));
}

#[test]
fn what_cannot_be_is_named() {
    let head = |bytes: &'static [u8]| RequestHead::take(&mut Bytes::from_static(bytes));
    let error = head(&[0, 3]).unwrap_err();
    assert_eq!(error.to_string(), "malformed header in a frame of 2 bytes");

    let error = Request::decode(Api::Metadata, 99, Bytes::new()).unwrap_err();
    assert_eq!(error.to_string(), "version 99 of Metadata is unknown");

    let mut frame = responses()[1].encode(1, 0).unwrap().to_vec();
    let port = frame
        .windows(4)
        .position(|bytes| bytes == [0, 0, 0x23, 0x29]);
    frame[port.unwrap() + 1] = 1;
    let error = Response::decode(Api::Metadata, 1, frame.split_off(LENGTH_BYTES).into());
    let message = error.unwrap_err().to_string();
    assert_eq!(message, "broker 1 is advertised at port 74537");
}

#[test]
fn a_head_of_an_unknown_api_is_still_read() {
    let mut frame = Bytes::from_static(&[0, 0, 0, 9, 0, 0, 0, 4, 0, 1, b'k', 0, 0]);
    let head = RequestHead::take(&mut frame).unwrap();
    assert_eq!((head.api_key, head.api_version), (0, 9));
    assert_eq!(head.client_id.as_deref(), Some("k"));
}

/// Every message in every version, each with a decoder for its frame without the length.
fn all_frames() -> Vec<(Api, i16, bool, Vec<u8>)> {
    let mut frames = Vec::new();
    for request in requests() {
        for version in request.api().versions() {
            if let Ok(frame) = request.encode(version, 77, "breezeway") {
                frames.push((request.api(), version, true, frame[LENGTH_BYTES..].to_vec()));
            }
        }
    }
    for (api, version, body) in full_bodies() {
        let head_bytes = if api.response_header_version(version) == 0 {
            4
        } else {
            5
        };
        let mut frame = vec![0; head_bytes];
        frame.extend(body);
        frames.push((api, version, false, frame));
    }
    frames
}

/// Reads as the other side would, and must come back whatever the bytes are.
fn read(api: Api, version: i16, is_request: bool, frame: Vec<u8>) {
    let mut frame = Bytes::from(frame);
    if is_request {
        if RequestHead::take(&mut frame).is_ok() {
            let _ = Request::decode(api, version, frame);
        }
    } else {
        let _ = Response::decode(api, version, frame);
    }
}

#[test]
fn an_enormous_count_anywhere_reserves_nothing() {
    let bombs: [&[u8]; 3] = [
        &[0x7f, 0xff, 0xff, 0xff],
        &[0xff, 0xff, 0xff, 0xff, 0x0f],
        &[0xff, 0xff, 0xff, 0xff, 0x7f],
    ];
    for (api, version, is_request, frame) in all_frames() {
        for place in 0..frame.len() {
            for bomb in bombs {
                let mut broken = frame[..place].to_vec();
                broken.extend_from_slice(bomb);
                broken.extend_from_slice(&frame[place..]);
                read(api, version, is_request, broken);
            }
        }
    }
}

#[test]
fn mutated_messages_never_panic() {
    const ROUNDS_PER_MESSAGE: usize = 500;
    let mut chance = Chance(0x5eed);
    for (api, version, is_request, frame) in all_frames() {
        for _ in 0..ROUNDS_PER_MESSAGE {
            let mut broken = frame.clone();
            for _ in 0..=chance.below(4) {
                chance.break_one(&mut broken);
            }
            read(api, version, is_request, broken);
        }
    }
}

/// A small generator of repeatable chance (xorshift).
struct Chance(u64);

impl Chance {
    fn below(&mut self, limit: usize) -> usize {
        self.0 ^= self.0 << 13;
        self.0 ^= self.0 >> 7;
        self.0 ^= self.0 << 17;
        (self.0 >> 11) as usize % limit.max(1)
    }

    fn break_one(&mut self, bytes: &mut Vec<u8>) {
        let place = self.below(bytes.len());
        match self.below(4) {
            0 => bytes.truncate(place),
            1 => bytes.insert(place, [0, 1, 0x7f, 0x80, 0xff][self.below(5)]),
            2 if !bytes.is_empty() => bytes[place] = [0, 1, 0x7f, 0x80, 0xff][self.below(5)],
            _ if !bytes.is_empty() => bytes[place] ^= 1 << self.below(8),
            _ => {}
        }
    }
}
