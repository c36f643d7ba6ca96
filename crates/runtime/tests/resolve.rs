//! Lookups against name servers made for each case, over loopback.

use std::error::Error;
use std::io;
use std::net::{Ipv4Addr, SocketAddr};
use std::time::{Duration, Instant};

use hickory_proto::op::{Message, MessageType, OpCode, Query, ResponseCode};
use hickory_proto::rr::rdata::{A, CNAME};
use hickory_proto::rr::{Name, RData, Record, RecordType};
use runtime::resolve::{Resolution, ResolveError, lookup_a};
use tokio::net::UdpSocket;

/// Enough on a busy machine for what takes a millisecond on an idle one.
const PATIENCE: Duration = Duration::from_secs(20);

fn name(text: &str) -> Name {
    Name::from_ascii(text).expect("a name")
}

fn a(owner: &str, last: u8) -> Record {
    Record::from_rdata(name(owner), 60, RData::A(A(Ipv4Addr::new(10, 0, 1, last))))
}

fn alias(owner: &str, target: &str) -> Record {
    Record::from_rdata(name(owner), 60, RData::CNAME(CNAME(name(target))))
}

fn answer(question: &Message, code: ResponseCode, answers: Vec<Record>) -> Message {
    let mut message = Message::new(question.metadata.id, MessageType::Response, OpCode::Query);
    message.metadata.response_code = code;
    message.add_queries(question.queries.clone());
    message.insert_answers(answers);
    message
}

/// A name server that sends what the script makes of each question, numbered from 0.
async fn server(
    script: impl Fn(usize, Message) -> Vec<Vec<u8>> + Send + 'static,
) -> io::Result<SocketAddr> {
    let socket = UdpSocket::bind("127.0.0.1:0").await?;
    let address = socket.local_addr()?;
    tokio::spawn(async move {
        let mut datagram = [0; 512];
        for n_questions in 0.. {
            let (n_bytes, from) = socket.recv_from(&mut datagram).await?;
            let question = Message::from_vec(&datagram[..n_bytes]).expect("a question");
            for bytes in script(n_questions, question) {
                socket.send_to(&bytes, from).await?;
            }
        }
        io::Result::Ok(())
    });
    Ok(address)
}

async fn ask(server: SocketAddr, patience: Duration) -> Result<Resolution, ResolveError> {
    let socket = UdpSocket::bind("127.0.0.1:0").await.expect("a socket");
    let deadline = Instant::now() + patience;
    lookup_a(&socket, server, "b-1.orders.internal", deadline).await
}

#[tokio::test]
async fn every_kind_of_answer_has_its_meaning() -> Result<(), Box<dyn Error>> {
    let own = "b-1.orders.internal.";
    let addresses = |last: &[u8]| {
        let address = |&last: &u8| Ipv4Addr::new(10, 0, 1, last);
        Resolution::Addresses(last.iter().map(address).collect())
    };
    let ok = ResponseCode::NoError;
    let cases = [
        (ok, vec![a(own, 7)], addresses(&[7])),
        (ok, vec![a(own, 9), a(own, 7)], addresses(&[9, 7])),
        (ok, vec![a("B-1.Orders.Internal.", 7)], addresses(&[7])),
        (ok, vec![a("b-2.orders.internal.", 7)], Resolution::NoData),
        (ok, vec![], Resolution::NoData),
        (
            ok,
            vec![
                a("lb.aws.", 8),
                alias("vpce.aws.", "lb.aws."),
                alias(own, "vpce.aws."),
            ],
            addresses(&[8]),
        ),
        (ok, vec![alias(own, "vpce.aws.")], Resolution::NoData),
        (ResponseCode::NXDomain, vec![], Resolution::NoSuchName),
        (ResponseCode::ServFail, vec![], Resolution::Failed(2)),
        (ResponseCode::Refused, vec![], Resolution::Failed(5)),
    ];
    for (code, answers, expected) in cases {
        let server = server(move |_, question| {
            let asked = Query::query(name("b-1.orders.internal."), RecordType::A);
            assert_eq!(question.queries, [asked]);
            let message = answer(&question, code, answers.clone());
            vec![message.to_vec().expect("an answer")]
        });
        assert_eq!(ask(server.await?, PATIENCE).await?, expected);
    }
    Ok(())
}

#[tokio::test]
async fn a_loop_of_aliases_ends() -> Result<(), Box<dyn Error>> {
    let server = server(|_, question| {
        let there = alias("b-1.orders.internal.", "b-2.orders.internal.");
        let back = alias("b-2.orders.internal.", "b-1.orders.internal.");
        let message = answer(&question, ResponseCode::NoError, vec![there, back]);
        vec![message.to_vec().expect("an answer")]
    });
    let error = ask(server.await?, PATIENCE).await.expect_err("a loop");
    assert_eq!(
        error.to_string(),
        "`b-1.orders.internal` is an alias through more than 8 names"
    );
    Ok(())
}

#[tokio::test]
async fn a_lost_question_is_sent_again() -> Result<(), Box<dyn Error>> {
    let server = server(|n_questions, question| {
        let message = answer(&question, ResponseCode::NXDomain, vec![]);
        let answered = (n_questions == 1).then(|| message.to_vec().expect("an answer"));
        answered.into_iter().collect()
    });
    let resolution = ask(server.await?, Duration::from_secs(2)).await?;
    assert_eq!(resolution, Resolution::NoSuchName);
    Ok(())
}

#[tokio::test]
async fn silence_ends_at_the_deadline() -> Result<(), Box<dyn Error>> {
    let server = server(|_, _| vec![]).await?;
    let error = ask(server, Duration::from_millis(200)).await;
    assert_eq!(
        error.expect_err("silence").to_string(),
        format!("{server} did not answer for `b-1.orders.internal`")
    );
    Ok(())
}

#[tokio::test]
async fn answers_to_others_are_ignored() -> Result<(), Box<dyn Error>> {
    let server = server(|_, question| {
        let mut foreign = answer(&question, ResponseCode::NXDomain, vec![]);
        foreign.metadata.id = question.metadata.id.wrapping_add(1);
        let own = answer(&question, ResponseCode::NoError, vec![]);
        let bytes = |message: &Message| message.to_vec().expect("an answer");
        vec![vec![], vec![0xff], bytes(&foreign), bytes(&own)]
    });
    assert_eq!(ask(server.await?, PATIENCE).await?, Resolution::NoData);
    Ok(())
}

#[tokio::test]
async fn an_answer_that_is_none_is_named() -> Result<(), Box<dyn Error>> {
    let garbage = server(|_, question| {
        let mut bytes = question.metadata.id.to_be_bytes().to_vec();
        bytes.extend([0xff; 30]);
        vec![bytes]
    });
    let garbage = garbage.await?;
    let error = ask(garbage, PATIENCE).await.expect_err("garbage");
    assert!(matches!(error, ResolveError::Malformed { .. }), "{error}");

    let cut = server(|_, question| {
        let mut message = answer(&question, ResponseCode::NoError, vec![]);
        message.metadata.truncation = true;
        vec![message.to_vec().expect("an answer")]
    });
    let error = ask(cut.await?, PATIENCE).await.expect_err("truncated");
    assert!(matches!(error, ResolveError::Truncated { .. }), "{error}");

    let socket = UdpSocket::bind("127.0.0.1:0").await?;
    let long = "a".repeat(64);
    let error = lookup_a(&socket, garbage, &long, Instant::now()).await;
    assert!(matches!(error, Err(ResolveError::Name { .. })));
    Ok(())
}

#[tokio::test]
async fn a_connected_socket_hears_a_refusal() -> Result<(), Box<dyn Error>> {
    let closed = UdpSocket::bind("127.0.0.1:0").await?;
    let server = closed.local_addr()?;
    drop(closed);
    let socket = UdpSocket::bind("127.0.0.1:0").await?;
    socket.connect(server).await?;
    let error = lookup_a(
        &socket,
        server,
        "b-1.orders.internal",
        Instant::now() + PATIENCE,
    )
    .await
    .expect_err("nobody is there");
    assert_eq!(error.to_string(), format!("could not hear from {server}"));
    Ok(())
}
