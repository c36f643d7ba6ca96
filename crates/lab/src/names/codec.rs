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

#[cfg(test)]
mod tests {
    use std::sync::Arc;

    use blueprint::Blueprint;
    use blueprint::dns::PublicName;

    use super::*;

    fn asked(name: &str, kind: RecordType) -> Message {
        let mut blueprint = Blueprint::default();
        let addresses = vec![Ipv4Addr::new(10, 0, 0, 1), Ipv4Addr::new(10, 0, 0, 2)];
        let known = PublicName { addresses };
        blueprint.public_names.insert("nlb.aws".to_owned(), known);
        let view = View::of_vpc(&Arc::new(blueprint), &"v".into());
        let mut question = Message::from_vec(&query(7, name).unwrap()).unwrap();
        for query in &mut question.queries {
            query.set_query_type(kind);
        }
        let answer = answer(&view, &question.to_vec().unwrap()).unwrap();
        Message::from_vec(&answer).unwrap()
    }

    #[test]
    fn a_known_name_has_addresses_of_version_four_alone() {
        let answer = asked("NLB.aws", RecordType::A);
        let addresses = read_answer(7, &answer.to_vec().unwrap()).unwrap();
        assert_eq!(
            addresses,
            [Ipv4Addr::new(10, 0, 0, 1), Ipv4Addr::new(10, 0, 0, 2)]
        );
        let answer = asked("nlb.aws", RecordType::AAAA);
        assert_eq!(answer.metadata.response_code, ResponseCode::NoError);
        assert_eq!(answer.answers, []);
    }

    #[test]
    fn an_unknown_name_does_not_exist() {
        let answer = asked("nlb.example", RecordType::AAAA);
        assert_eq!(answer.metadata.response_code, ResponseCode::NXDomain);
    }

    #[test]
    fn what_is_no_question_gets_no_answer() {
        let view = View::of_vpc(&Arc::new(Blueprint::default()), &"v".into());
        let question = query(7, "nlb.aws").unwrap();
        let reply = answer(&view, &question).unwrap();
        assert_eq!(answer(&view, &reply), None);
        for len in 0..question.len() {
            let cut = question.get(..len).unwrap();
            assert_eq!(answer(&view, cut), None, "{len} bytes");
        }
        assert_eq!(read_answer(8, &reply), None);
    }
}
