//! The probe against the responder and against peers that misbehave, in memory and in made-up time.

use std::sync::Arc;
use std::time::{Duration, Instant};

use automata::probe::{Answer, Limits, Probe, ProbeError};
use automata::responder::{Identity, Session};
use wire::api::{Api, ApiRange};
use wire::frame::{self, FrameDecoder};
use wire::message::{Request, RequestHead, Response};
use wire::metadata::Advertised;
use wire::{Bytes, api_versions, describe_configs, metadata};

fn identity(node_id: i32) -> Identity {
    let broker = |id: i32| Advertised {
        id,
        host: format!("b-{id}.orders.internal"),
        port: 9000 + u16::try_from(id).expect("small ids"),
    };
    Identity {
        cluster_id: "lkc-orders".to_owned(),
        node_id,
        controller_id: 1,
        brokers: vec![broker(3), broker(1), broker(2)],
    }
}

/// Lets the probe talk to a peer that answers one frame at a time, in pieces of so many bytes.
fn converse(
    mut probe: Probe,
    now: Instant,
    piece_bytes: usize,
    mut peer: impl FnMut(&[u8]) -> Vec<u8>,
) -> Result<Answer, ProbeError> {
    const ROUNDS_MAX: usize = 10;
    for _ in 0..ROUNDS_MAX {
        let Some(question) = probe.poll_output() else {
            break;
        };
        for piece in peer(&question).chunks(piece_bytes) {
            probe.handle_input(now, piece);
        }
    }
    probe.poll_outcome().expect("the conversation ends")
}

fn ask_responder(node_id: i32, expected_ids: &[i32], piece_bytes: usize) -> Answer {
    let now = Instant::now();
    let probe = Probe::new(now, Limits::default(), expected_ids.iter().copied());
    let mut session = Session::new(Arc::new(identity(node_id)));
    converse(probe, now, piece_bytes, |question| {
        for piece in question.chunks(piece_bytes) {
            session.handle_input(piece).expect("the responder answers");
        }
        std::iter::from_fn(|| session.poll_output())
            .flatten()
            .collect()
    })
    .expect("an answer")
}

#[test]
fn learns_who_answers_however_the_bytes_are_cut() {
    for piece_bytes in [1, 2, 3, 5, 8, 13, 1000] {
        let answer = ask_responder(2, &[], piece_bytes);
        assert_eq!(answer.cluster_id.as_deref(), Some("lkc-orders"));
        assert_eq!(answer.controller_id, 1);
        assert_eq!(answer.answered_by, Some(2));
        assert!(answer.by_responder);
        let mut brokers = identity(2).brokers;
        brokers.sort();
        assert_eq!(answer.brokers, brokers);
    }
}

#[test]
fn sees_the_wrong_broker() {
    assert_eq!(ask_responder(3, &[1], 1000).answered_by, Some(3));
}

#[test]
fn a_broker_outside_metadata_is_known_only_when_expected() {
    assert_eq!(ask_responder(9, &[], 1000).answered_by, None);
    assert_eq!(ask_responder(9, &[8, 9], 1000).answered_by, Some(9));
}

/// A peer made of answers by API; what it is asked in is passed on.
fn scripted(mut script: impl FnMut(Api, i16) -> Script) -> Result<Answer, ProbeError> {
    let now = Instant::now();
    let probe = Probe::new(now, Limits::default(), [1]);
    converse(probe, now, 1000, |question| {
        let mut decoder = FrameDecoder::new();
        decoder.feed(question);
        let mut frame = decoder
            .next_frame()
            .expect("a frame")
            .expect("a whole frame");
        let head = RequestHead::take(&mut frame).expect("a head");
        let api = Api::from_key(head.api_key).expect("a known API");
        Request::decode(api, head.api_version, frame).expect("a request");
        match script(api, head.api_version) {
            Script::Answer(version, response) => response
                .encode(version, head.correlation_id)
                .expect("an answer")
                .to_vec(),
            Script::Bytes(bytes) => bytes,
        }
    })
}

enum Script {
    Answer(i16, Response),
    Bytes(Vec<u8>),
}

fn versions(error_code: i16, apis: &[(i16, i16, i16)]) -> Response {
    let range = |&(key, min, max): &(i16, i16, i16)| ApiRange { key, min, max };
    Response::ApiVersions(api_versions::Response {
        error_code,
        apis: apis.iter().map(range).collect(),
    })
}

fn brokers(n_brokers: i32, error_code: i16) -> Response {
    let broker = |id| Advertised {
        id,
        host: "b".to_owned(),
        port: 9092,
    };
    Response::Metadata(metadata::Response {
        error_code,
        cluster_id: None,
        controller_id: -1,
        brokers: (0..n_brokers).map(broker).collect(),
        topics: Vec::new(),
    })
}

fn described(ids: &[(i32, i16)]) -> Response {
    let result = |&(id, error_code): &(i32, i16)| describe_configs::Described {
        kind: describe_configs::BROKER,
        name: id.to_string(),
        error_code,
        error_message: None,
        entries: Vec::new(),
    };
    Response::DescribeConfigs(describe_configs::Response {
        results: ids.iter().map(result).collect(),
    })
}

#[test]
fn speaks_to_old_brokers_in_their_versions() {
    for (refusal, lower) in [
        (versions(35, &[(18, 0, 2)]), 2),
        (versions(35, &[]), 0),
        (versions(35, &[(18, 0, 4)]), 0),
    ] {
        let mut asked = Vec::new();
        let answer = scripted(|api, version| {
            asked.push((api.key(), version));
            match api {
                Api::ApiVersions if version == 4 => Script::Answer(0, refusal.clone()),
                Api::ApiVersions => {
                    Script::Answer(version, versions(0, &[(3, 0, 5), (32, 0, 1), (18, 0, 2)]))
                }
                Api::Metadata => Script::Answer(version, brokers(2, 0)),
                Api::DescribeConfigs => Script::Answer(version, described(&[(0, 42), (1, 0)])),
            }
        })
        .expect("an answer");
        assert_eq!(asked, [(18, 4), (18, lower), (3, 5), (32, 1)]);
        assert_eq!(answer.answered_by, Some(1));
        assert!(!answer.by_responder);
    }
}

#[test]
fn a_peer_without_describe_configs_stays_unidentified() {
    let answer = scripted(|api, version| match api {
        Api::ApiVersions => Script::Answer(version, versions(0, &[(3, 0, 12)])),
        Api::Metadata => Script::Answer(version, brokers(1, 0)),
        Api::DescribeConfigs => unreachable!("it is not offered"),
    });
    assert_eq!(answer.expect("an answer").answered_by, None);
}

/// A fault in place of an answer, or none where the peer still behaves.
type Fault = fn(Api, i16) -> Option<Script>;

const FAULTS: [(&str, Fault); 11] = [
    (
        "ApiVersions was refused with error 31 (ClusterAuthorizationFailed)",
        |_, version| Some(Script::Answer(version, versions(31, &[]))),
    ),
    (
        "ApiVersions was refused with error 35 (UnsupportedVersion)",
        |_, _| Some(Script::Answer(0, versions(35, &[]))),
    ),
    (
        "the peer offers no known version of Metadata",
        |_, version| Some(Script::Answer(version, versions(0, &[(3, 0, 0)]))),
    ),
    (
        "the peer offers no known version of Metadata",
        |_, version| Some(Script::Answer(version, versions(0, &[(3, 14, 20)]))),
    ),
    (
        "could not cut the answer to ApiVersions from the stream",
        |_, _| Some(Script::Bytes(b"HTTP/1.1 400 Bad Request\r\n".to_vec())),
    ),
    ("could not read the answer to ApiVersions", |_, _| {
        Some(framed(&[0, 0, 0, 1, 0, 0, 0xff, 0xff]))
    }),
    (
        "the answer to ApiVersions has correlation id 7, not 1",
        |_, _| Some(framed(&[0, 0, 0, 7, 0, 0, 1, 0, 0, 0, 0, 0])),
    ),
    (
        "Metadata was refused with error 129 (RebootstrapRequired)",
        |api, version| (api == Api::Metadata).then(|| Script::Answer(version, brokers(0, 129))),
    ),
    (
        "metadata names 1001 brokers, more than the limit of 1000",
        |api, version| (api == Api::Metadata).then(|| Script::Answer(version, brokers(1001, 0))),
    ),
    ("could not read the answer to Metadata", |api, _| {
        (api == Api::Metadata).then(|| framed(&[0, 0, 0, 2]))
    }),
    (
        "the peer answers both as broker 1 and as broker 2",
        |api, version| {
            let both = described(&[(1, 0), (2, 0), (0, 42)]);
            (api == Api::DescribeConfigs).then_some(Script::Answer(version, both))
        },
    ),
];

fn framed(payload: &[u8]) -> Script {
    Script::Bytes(frame::encode(payload).expect("short").to_vec())
}

#[test]
fn a_peer_that_misbehaves_is_named() {
    for (message, fault) in FAULTS {
        let outcome = scripted(|api, version| {
            let offered = [(3, 0, 13), (18, 0, 4), (32, 1, 4)];
            fault(api, version).unwrap_or_else(|| match api {
                Api::ApiVersions => Script::Answer(version, versions(0, &offered)),
                Api::Metadata => Script::Answer(version, brokers(3, 0)),
                Api::DescribeConfigs => Script::Answer(version, described(&[])),
            })
        });
        assert_eq!(outcome.expect_err(message).to_string(), message);
    }
}

#[test]
fn every_question_has_its_own_deadline() {
    let start = Instant::now();
    let limits = Limits {
        answer_time: Duration::from_secs(2),
        ..Limits::default()
    };
    let mut probe = Probe::new(start, limits, []);
    let due = start + Duration::from_secs(2);
    assert_eq!(probe.poll_timeout(), Some((due, "answer to ApiVersions")));
    let mut session = Session::new(Arc::new(identity(1)));
    let question = probe.poll_output().expect("a question");
    session.handle_input(&question).expect("an answer");

    let later = start + Duration::from_secs(1);
    let answer = session.poll_output().expect("an answer");
    probe.handle_input(later, &answer);
    let due = later + Duration::from_secs(2);
    assert_eq!(probe.poll_timeout(), Some((due, "answer to Metadata")));

    probe.handle_input(later + Duration::from_secs(1), &[0, 0]);
    assert_eq!(probe.poll_timeout(), Some((due, "answer to Metadata")));
    probe.handle_timeout(due - Duration::from_nanos(1));
    assert!(probe.poll_outcome().is_none());
    probe.handle_timeout(due);
    let error = probe.poll_outcome().expect("an outcome").expect_err("late");
    assert_eq!(error.to_string(), "no answer to Metadata within 2000 ms");
    assert_eq!(probe.poll_timeout(), None);
    assert!(probe.poll_output().is_none());
    probe.handle_close();
    assert!(probe.poll_outcome().is_none(), "the outcome comes once");
}

#[test]
fn an_early_close_names_the_open_question() {
    let mut probe = Probe::new(Instant::now(), Limits::default(), []);
    probe.handle_close();
    let error = probe
        .poll_outcome()
        .expect("an outcome")
        .expect_err("closed");
    assert_eq!(
        error.to_string(),
        "the peer closed the connection before it answered ApiVersions"
    );
}

#[test]
fn answers_after_the_end_are_ignored() {
    let now = Instant::now();
    let mut probe = Probe::new(now, Limits::default(), []);
    probe.handle_close();
    probe.handle_input(now, &Bytes::from_static(&[0xff; 64]));
    let error = probe
        .poll_outcome()
        .expect("an outcome")
        .expect_err("closed");
    assert!(matches!(error, ProbeError::ClosedEarly { .. }));
}
