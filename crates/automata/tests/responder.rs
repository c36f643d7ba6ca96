//! The responder's session: what it answers, and what it closes on.

use std::error::Error;
use std::sync::Arc;

use automata::responder::{Identity, SETTING, Session};
use wire::api::Api;
use wire::message::{Request, Response};
use wire::metadata::Advertised;
use wire::{Bytes, api_versions, describe_configs, frame, metadata};

fn session() -> Session {
    let broker = |id, port| Advertised {
        id,
        host: format!("b-{id}.orders.internal"),
        port,
    };
    Session::new(Arc::new(Identity {
        cluster_id: "lkc-orders".to_owned(),
        node_id: 2,
        controller_id: 1,
        brokers: vec![broker(1, 9001), broker(2, 9002)],
    }))
}

fn ask(request: &Request, version: i16) -> Response {
    let mut session = session();
    let question = request.encode(version, 5, "test").expect("a question");
    session.handle_input(&question).expect("no reason to close");
    let answer = session.poll_output().expect("an answer");
    assert!(session.poll_output().is_none(), "one answer to one request");
    let (correlation_id, response) = read(request.api(), version, &answer);
    assert_eq!(correlation_id, 5);
    response
}

fn read(api: Api, version: i16, answer: &Bytes) -> (i32, Response) {
    Response::decode(api, version, answer.slice(4..)).expect("a response")
}

#[test]
fn offers_what_it_answers_and_nothing_else() {
    for version in Api::ApiVersions.versions() {
        let question = Request::ApiVersions(api_versions::Request::default());
        let Response::ApiVersions(answer) = ask(&question, version) else {
            panic!("another API");
        };
        let offered: Vec<_> = answer.apis.iter().map(|range| range.key).collect();
        assert_eq!((answer.error_code, offered), (0, vec![3, 18, 32]));
    }
}

#[test]
fn refuses_a_later_api_versions_as_kafka_does() {
    let mut session = session();
    let request = [
        0, 18, 0, 99, 0, 0, 0, 6, 0, 1, b'k', 0, b'w', b'h', b'a', b't',
    ];
    let question = frame::encode(&request).expect("short");
    session.handle_input(&question).expect("no reason to close");
    let answer = session.poll_output().expect("an answer");
    let expected = [0, 0, 0, 6, 0, 35, 0, 0, 0, 1, 0, 18, 0, 0, 0, 4];
    assert_eq!(answer.slice(4..), expected[..]);
}

#[test]
fn metadata_has_the_brokers_and_no_topic() {
    for version in Api::Metadata.versions() {
        let question = Request::Metadata(metadata::Request {
            topics: Some(vec!["orders".to_owned()]),
        });
        let Response::Metadata(answer) = ask(&question, version) else {
            panic!("another API");
        };
        let hosts: Vec<_> = answer.brokers.iter().map(|b| (&*b.host, b.port)).collect();
        let expected = [("b-1.orders.internal", 9001), ("b-2.orders.internal", 9002)];
        assert_eq!(hosts, expected);
        let topics: Vec<_> = answer.topics.iter().map(|t| t.error_code).collect();
        assert_eq!(topics, [3]);
    }
}

#[test]
fn describes_itself_alone() {
    let resource = |kind, name: &str| describe_configs::Resource {
        kind,
        name: name.to_owned(),
        keys: None,
    };
    let broker = describe_configs::BROKER;
    let topic = 2;
    let question = Request::DescribeConfigs(describe_configs::Request {
        resources: vec![
            resource(broker, "1"),
            resource(broker, "2"),
            resource(broker, ""),
            resource(topic, "2"),
        ],
    });
    for version in Api::DescribeConfigs.versions() {
        let Response::DescribeConfigs(answer) = ask(&question, version) else {
            panic!("another API");
        };
        let codes: Vec<_> = answer.results.iter().map(|r| r.error_code).collect();
        assert_eq!(codes, [42, 0, 42, 42]);
        assert_eq!(answer.results[1].entries[0].name, SETTING);
    }
}

#[test]
fn requests_in_a_row_are_answered_in_order() {
    let question = Request::Metadata(metadata::Request::without_topics());
    let stream: Vec<u8> = (0..20)
        .flat_map(|id| question.encode(12, id, "test").expect("a question"))
        .collect();
    for piece_bytes in [1, 7, 64, stream.len()] {
        let mut session = session();
        for piece in stream.chunks(piece_bytes) {
            session.handle_input(piece).expect("no reason to close");
        }
        let ids: Vec<i32> = std::iter::from_fn(|| session.poll_output())
            .map(|answer| read(Api::Metadata, 12, &answer).0)
            .collect();
        assert_eq!(ids, (0..20).collect::<Vec<_>>());
    }
}

#[test]
fn closes_on_anything_else_and_says_on_what() {
    let produce: &[u8] = &[0, 0, 0, 9, 0, 0, 0, 1, 0xff, 0xff, 0];
    let late_metadata: &[u8] = &[0, 3, 0, 99, 0, 0, 0, 1, 0xff, 0xff, 0];
    let bomb: &[u8] = &[0, 3, 0, 1, 0, 0, 0, 1, 0xff, 0xff, 0x7f, 0xff, 0xff, 0xff];
    let cases = [
        (
            produce,
            "API key 0 in version 9 is not answered by the responder",
            None,
        ),
        (
            late_metadata,
            "could not read a request",
            Some("version 99 of Metadata is unknown"),
        ),
        (
            bomb,
            "could not read a request",
            Some("malformed Metadata in version 1"),
        ),
        (
            &[0, 3],
            "could not read a request",
            Some("malformed header in a frame of 2 bytes"),
        ),
    ];
    for (request, message, cause) in cases {
        let question = frame::encode(request).expect("short");
        let error = session().handle_input(&question).expect_err(message);
        assert_eq!(error.to_string(), message);
        assert_eq!(error.source().map(ToString::to_string).as_deref(), cause);
    }
    let error = session()
        .handle_input(b"GET / HTTP/1.1\r\n")
        .expect_err("text");
    assert_eq!(error.to_string(), "could not cut a request from the stream");
}

#[test]
fn answers_made_before_a_fault_are_still_sent() {
    let question = Request::Metadata(metadata::Request::without_topics());
    let mut stream = question.encode(12, 1, "test").expect("a question").to_vec();
    stream.extend([0xff; 4]);
    let mut session = session();
    assert!(session.handle_input(&stream).is_err());
    assert!(session.poll_output().is_some());
}
