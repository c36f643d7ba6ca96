//! What a walk asked about the very address it starts from. Everything else that decides a walk
//! is the same for all interfaces of a subnet that carry the same security groups, so where these
//! few questions have the same answers, one walk tells how all of them fare.

use std::collections::{BTreeMap, BTreeSet};
use std::net::Ipv4Addr;

use blueprint::verdict::Verdict;

use crate::journey::End;
use crate::network::{Interface, Network};
use crate::routing::{self, Leg};
use crate::verdict::{self, Meant};
use crate::{acl, security};

/// A question about the address of who dials, to all that stand like one receiver.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Question {
    /// Whether the receiver's security groups admit it on a port.
    Admits(u16),
    /// Whether the ACL of the receiver's subnet lets it in on a port.
    LetsIn(u16),
    /// Whether the ACL of the receiver's subnet lets answers to it out.
    LetsOut,
    /// Whether routes lead from the receiver back to it.
    LeadsBack,
}

/// The questions about one interface.
#[derive(Debug, Default)]
pub(crate) struct Asked<'a> {
    /// One of the receivers that a question was put to, by the question and by what tells
    /// receivers apart in it: their groups or their subnet.
    questions: BTreeMap<(Question, u32), Interface<'a>>,
    /// Whether it was asked if it is itself who was dialled.
    dialled: BTreeSet<Ipv4Addr>,
    /// Whether a walk came back to the interface itself as a receiver.
    met_itself: bool,
}

impl<'a> Asked<'a> {
    /// Notes that an address was dialled.
    pub(crate) fn note_dialled(&mut self, address: Ipv4Addr) {
        self.dialled.insert(address);
    }

    /// Notes the receiver of a leg.
    pub(crate) fn note_receiver(&mut self, from: Interface<'_>, to: Interface<'_>) {
        self.met_itself |= from.id == to.id;
    }

    /// Notes a question that is put to a receiver.
    pub(crate) fn note(&mut self, question: Question, to: Interface<'a>) {
        let number = match question {
            Question::Admits(_) => to.guard,
            Question::LetsIn(_) | Question::LetsOut | Question::LeadsBack => to.place,
        };
        self.questions.entry((question, number)).or_insert(to);
    }

    /// Whether walks from an interface say anything about others.
    pub(crate) fn is_telling(&self, from: Interface<'_>) -> bool {
        !self.met_itself && !self.dialled.contains(&from.address())
    }

    /// The answers for an interface in the order of questions; none passes.
    pub(crate) fn answers(
        &self,
        network: &Network<'a>,
        from: Interface<'a>,
    ) -> Vec<Option<Verdict>> {
        let questions = self.questions.iter();
        questions
            .map(|((question, _), at)| answer(network, *question, from, *at))
            .collect()
    }

    /// Whether walks from an interface would go as those did that gave these answers.
    pub(crate) fn fits(
        &self,
        network: &Network<'a>,
        from: Interface<'a>,
        answers: &[Option<Verdict>],
    ) -> bool {
        let mut both = self.questions.iter().zip(answers);
        !self.dialled.contains(&from.address())
            && both
                .all(|(((question, _), at), known)| answer(network, *question, from, *at) == *known)
    }
}

/// How an answer ends a walk; none if the walk goes on.
fn answer<'a>(
    network: &Network<'a>,
    question: Question,
    from: Interface<'a>,
    at: Interface<'a>,
) -> Option<Verdict> {
    let source = from.address();
    let leg = Leg {
        from,
        to: at,
        preserved: None,
    };
    let end = match question {
        Question::Admits(port) => security::enter(network, at, source, port).err(),
        Question::LetsIn(port) => acl::enter(network, at, source, port).and_then(Result::err),
        Question::LetsOut => acl::answer_leaves(network, at, source).and_then(Result::err),
        Question::LeadsBack => routing::back(network, leg).end.err(),
    };
    end.as_ref().map(of)
}

fn of(end: &End<'_>) -> Verdict {
    verdict::of(end, Meant::Anybody)
}
