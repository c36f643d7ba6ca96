//! Every promised path, walked once for all clients that fare alike and kept small: who fares
//! how is a number, and a path is put into words when it is asked for.

use std::collections::{BTreeMap, BTreeSet};
use std::net::Ipv4Addr;

use blueprint::Blueprint;
use blueprint::diagnostic::Trace;
use blueprint::ids::{ClientId, ClusterId, EniId};
use blueprint::kafka::{Client, Goal, HostPort, PromiseId};
use blueprint::network::EniOwner;
use blueprint::verdict::{Attempt, PathVerdict, Place, Summary, Verdict};

use crate::asked::Asked;
use crate::journey::Journey;
use crate::network::Network;
use crate::promises::{self, AskedBy, Path};
use crate::trace;

/// Groups of one stand that a client is compared with before it is walked by itself: where rules
/// tell every client's address from every other's, comparing would cost more than walking.
const MAX_COMPARED: usize = 8;

/// How every promised path of a blueprint ends.
pub struct Survey<'a> {
    network: Network<'a>,
    /// By id.
    members: Vec<Member<'a>>,
    groups: Vec<Group<'a>>,
    verdicts: Vec<Verdict>,
    n_walks: usize,
}

/// A promised path and what its cell of the matrix says.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Surveyed<'s> {
    /// Whose path.
    pub client: &'s ClientId,
    /// The cluster it leads to.
    pub cluster: &'s ClusterId,
    /// What of the cluster.
    pub goal: Goal,
    /// How it ends.
    pub summary: Summary,
}

/// A client and the group it belongs to.
struct Member<'a> {
    id: &'a ClientId,
    client: &'a Client,
    group: usize,
}

/// How all clients of a group fare.
struct Group<'a> {
    /// Bootstrap first, then each broker by id.
    goals: Vec<Ended>,
    /// The attempts of all goals.
    attempts: Vec<Tried<'a>>,
}

/// How a goal ends.
struct Ended {
    goal: Goal,
    summary: Summary,
    /// The number of attempts up to its last one, earlier goals' included.
    up_to: usize,
}

/// How an attempt ends.
struct Tried<'a> {
    /// Which of the client's interfaces it starts from.
    eni: u32,
    /// Which of the verdicts.
    verdict: u32,
    /// Whether it ended where it starts, which the verdict then leaves out.
    at_start: bool,
    address: Option<Ipv4Addr>,
    /// What was dialled; none if nothing is advertised.
    to: Option<&'a HostPort>,
}

/// Surveys every promised path.
pub fn survey(blueprint: &Blueprint) -> Survey<'_> {
    let mut surveyor = Surveyor {
        survey: Survey {
            network: Network::new(blueprint),
            members: Vec::with_capacity(blueprint.clients.len()),
            groups: Vec::new(),
            verdicts: Vec::new(),
            n_walks: 0,
        },
        known: BTreeMap::new(),
        verdicts: BTreeMap::new(),
    };
    for (id, client) in &blueprint.clients {
        surveyor.add(id, client);
    }
    surveyor.survey
}

impl<'a> Survey<'a> {
    /// The number of promised paths.
    pub fn n_paths(&self) -> usize {
        let members = self.members.iter();
        members.map(|member| self.goals_of(member).len()).sum()
    }

    /// The number of groups of clients that fare alike.
    pub fn n_groups(&self) -> usize {
        self.groups.len()
    }

    /// The number of attempts that were walked: those of one client of each group.
    pub fn n_walks(&self) -> usize {
        self.n_walks
    }

    /// Every promised path in brief: by client, bootstrap first, then each broker by id.
    pub fn summaries(&self) -> impl Iterator<Item = Surveyed<'_>> {
        self.members.iter().flat_map(|member| {
            let goals = self.goals_of(member).iter();
            goals.map(|ended| Surveyed {
                client: member.id,
                cluster: &member.client.cluster,
                goal: ended.goal,
                summary: ended.summary,
            })
        })
    }

    /// Every promised path in full, in the order of [`crate::paths`].
    pub fn paths(&self) -> impl Iterator<Item = PathVerdict> {
        self.members.iter().flat_map(|member| {
            let goals = 0..self.goals_of(member).len();
            goals.filter_map(|position| self.expand(member, position))
        })
    }

    /// One path in full; none if no client was promised it.
    pub fn path(&self, promise: &PromiseId) -> Option<PathVerdict> {
        let by_id = |member: &Member<'_>| member.id.cmp(&promise.client);
        let member = self.members.binary_search_by(by_id).ok()?;
        let member = self.members.get(member)?;
        if member.client.cluster != promise.cluster {
            return None;
        }
        let mut goals = self.goals_of(member).iter();
        let position = goals.position(|ended| ended.goal == promise.goal)?;
        self.expand(member, position)
    }

    /// Traces a promise: one trace per attempt of its path, as [`crate::traces`] does.
    pub fn traces(&self, promise: &PromiseId) -> Vec<Trace> {
        trace::of_promise(&self.network, promise)
    }

    fn goals_of(&self, member: &Member<'_>) -> &[Ended] {
        let group = self.groups.get(member.group);
        group.map_or(&[][..], |group| &group.goals)
    }

    fn expand(&self, member: &Member<'a>, position: usize) -> Option<PathVerdict> {
        let group = self.groups.get(member.group)?;
        let ended = group.goals.get(position)?;
        let before = position.checked_sub(1).and_then(|at| group.goals.get(at));
        let from = before.map_or(0, |before| before.up_to);
        let tried = group.attempts.get(from..ended.up_to)?;
        Some(PathVerdict {
            promise: PromiseId {
                client: member.id.clone(),
                cluster: member.client.cluster.clone(),
                goal: ended.goal,
            },
            attempts: tried
                .iter()
                .filter_map(|tried| self.attempt(member.client, tried))
                .collect(),
        })
    }

    fn attempt(&self, client: &Client, tried: &Tried<'a>) -> Option<Attempt> {
        let from = client.enis.get(usize::try_from(tried.eni).ok()?)?.clone();
        let mut verdict = self
            .verdicts
            .get(usize::try_from(tried.verdict).ok()?)?
            .clone();
        if tried.at_start {
            verdict.place = Some(Place::Eni(from.clone()));
        }
        Some(Attempt {
            from,
            to: tried.to.cloned().unwrap_or_else(promises::nothing),
            address: tried.address,
            verdict,
        })
    }
}

/// All that decides a client's walks but its addresses. None for what says nothing of others.
type Stand<'a> = (
    &'a ClusterId,
    &'a str,
    &'a [HostPort],
    Vec<Option<(u32, u32)>>,
);

/// A group and what its walks asked about the addresses of its first client.
struct Known<'a> {
    group: usize,
    asked: Vec<Told<'a>>,
}

/// What was asked about an interface, with the answers; none for one that the blueprint does not
/// hold.
type Told<'a> = Option<(Asked<'a>, Vec<Option<Verdict>>)>;

/// A survey under way.
struct Surveyor<'a> {
    survey: Survey<'a>,
    known: BTreeMap<Stand<'a>, Vec<Known<'a>>>,
    verdicts: BTreeMap<Verdict, u32>,
}

impl<'a> Surveyor<'a> {
    fn add(&mut self, id: &'a ClientId, client: &'a Client) {
        let stand = self.stand(client);
        let known = stand.as_ref().and_then(|stand| self.known.get(stand));
        let known = known.map_or(&[][..], |known| known);
        let alike = known.iter().find(|known| self.fits(client, known));
        let group = match alike {
            Some(known) => known.group,
            None => self.walk(id, client, stand),
        };
        self.survey.members.push(Member { id, client, group });
    }

    /// Where a client stands; none if it is known by more than where it stands.
    fn stand(&self, client: &'a Client) -> Option<Stand<'a>> {
        let distinct: BTreeSet<_> = client.enis.iter().collect();
        if distinct.len() != client.enis.len() {
            return None;
        }
        let mut places = Vec::with_capacity(client.enis.len());
        for eni in &client.enis {
            let interface = self.survey.network.interface(eni);
            places.push(match interface {
                Some(interface) if matches!(interface.eni.owner, EniOwner::Client(_)) => {
                    Some((interface.place, interface.guard))
                }
                Some(_) => return None,
                None => None,
            });
        }
        Some((&client.cluster, &client.listener, &client.bootstrap, places))
    }

    fn fits(&self, client: &Client, known: &Known<'a>) -> bool {
        let network = &self.survey.network;
        let mut both = client.enis.iter().zip(&known.asked);
        both.all(|(eni, known)| match (network.interface(eni), known) {
            (Some(interface), Some((asked, answers))) => asked.fits(network, interface, answers),
            (None, None) => true,
            (Some(_), None) | (None, Some(_)) => false,
        })
    }

    /// Walks a client, who is then the first of a new group.
    fn walk(&mut self, id: &'a ClientId, client: &'a Client, stand: Option<Stand<'a>>) -> usize {
        let mut asked = AskedBy::new();
        let paths = promises::walk_client(&self.survey.network, id, client, &mut asked);
        let group = self.group(client, &paths);
        let number = self.survey.groups.len();
        self.survey.groups.push(group);
        if let (Some(stand), Some(asked)) = (stand, self.told(client, asked)) {
            let known = self.known.entry(stand).or_default();
            if known.len() < MAX_COMPARED {
                let group = number;
                known.push(Known { group, asked });
            }
        }
        number
    }

    /// What was asked about each interface, with the answers; none if that says nothing of others.
    fn told(&self, client: &Client, mut asked: AskedBy<'a>) -> Option<Vec<Told<'a>>> {
        let network = &self.survey.network;
        let told = client.enis.iter().map(|eni| {
            let Some(interface) = network.interface(eni) else {
                return Some(None);
            };
            let asked = asked.remove(eni).unwrap_or_default();
            let answers = asked.answers(network, interface);
            asked
                .is_telling(interface)
                .then_some(Some((asked, answers)))
        });
        told.collect()
    }

    fn group(&mut self, client: &Client, paths: &[Path<'a>]) -> Group<'a> {
        let numbers = (0..).zip(&client.enis).map(|(n, eni)| (eni, n));
        let numbers: BTreeMap<&EniId, u32> = numbers.collect();
        let mut group = Group {
            goals: Vec::with_capacity(paths.len()),
            attempts: Vec::new(),
        };
        for path in paths {
            let tried = path.journeys.iter();
            let tried = tried.map(|journey| self.tried(&numbers, journey));
            group.attempts.extend(tried);
            group.goals.push(Ended {
                goal: path.promise.goal,
                summary: path.verdict().summary(),
                up_to: group.attempts.len(),
            });
        }
        self.survey.n_walks += group.attempts.len();
        group
    }

    fn tried(&mut self, numbers: &BTreeMap<&EniId, u32>, journey: &Journey<'a>) -> Tried<'a> {
        let at_start = matches!(&journey.verdict.place, Some(Place::Eni(at)) if at == journey.from);
        let mut verdict = journey.verdict.clone();
        if at_start {
            verdict.place = None;
        }
        Tried {
            eni: numbers.get(journey.from).copied().unwrap_or(0),
            verdict: self.number(verdict),
            at_start,
            address: journey.address,
            to: journey.advertised(),
        }
    }

    fn number(&mut self, verdict: Verdict) -> u32 {
        if let Some(number) = self.verdicts.get(&verdict) {
            return *number;
        }
        let number = u32::try_from(self.survey.verdicts.len()).unwrap_or(u32::MAX);
        self.survey.verdicts.push(verdict.clone());
        self.verdicts.insert(verdict, number);
        number
    }
}
