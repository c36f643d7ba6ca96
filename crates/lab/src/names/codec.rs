//! DNS messages: questions in, answers out, no sockets.

use std::net::Ipv4Addr;

use hickory_proto::op::{Message, MessageType, OpCode, Query, ResponseCode};
use hickory_proto::rr::rdata::A;
use hickory_proto::rr::{Name, RData, Record, RecordType};

use super::View;

/// How long an answer may be kept, in seconds.
const TTL_S: u32 = 60;

/// Answers a question; none for what is not one.
pub(super) fn answer(view: &View, question: &[u8]) -> Option<Vec<u8>> {
    let question = Message::from_vec(question).ok()?;
    let query = question.queries.first()?;
    if question.metadata.message_type != MessageType::Query {
        return None;
    }
    let mut answer = Message::response(question.metadata.id, question.metadata.op_code);
    answer.metadata.recursion_desired = question.metadata.recursion_desired;
    answer.metadata.recursion_available = true;
    answer.add_query(query.clone());
    match view.addresses(&plain(query.name())) {
        None => answer.metadata.response_code = ResponseCode::NXDomain,
        Some(addresses) if query.query_type() == RecordType::A => {
            for address in addresses {
                let data = RData::A(A(address));
                answer.add_answer(Record::from_rdata(query.name().clone(), TTL_S, data));
            }
        }
        Some(_) => {}
    }
    answer.to_vec().ok()
}

/// A question for the addresses of a name.
pub(crate) fn query(id: u16, name: &str) -> Option<Vec<u8>> {
    let mut name = Name::from_ascii(name).ok()?;
    name.set_fqdn(true);
    let mut message = Message::new(id, MessageType::Query, OpCode::Query);
    message.metadata.recursion_desired = true;
    message.add_query(Query::query(name, RecordType::A));
    message.to_vec().ok()
}

/// The addresses in the answer to the question with this id; none if it is another answer.
pub(crate) fn read_answer(id: u16, message: &[u8]) -> Option<Vec<Ipv4Addr>> {
    let message = Message::from_vec(message).ok()?;
    if message.metadata.id != id || message.metadata.message_type != MessageType::Response {
        return None;
    }
    let addresses = message.answers.iter().filter_map(|record| {
        if let RData::A(A(address)) = &record.data {
            Some(*address)
        } else {
            None
        }
    });
    Some(addresses.collect())
}

fn plain(name: &Name) -> String {
    let text = name.to_ascii().to_ascii_lowercase();
    text.strip_suffix('.').unwrap_or(&text).to_owned()
}
