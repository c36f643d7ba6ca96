//! The live walk: from each client's interfaces, through its resolver, to what the brokers'
//! metadata says, judged by who answered or by where the kernel saw the packet end.

use std::collections::BTreeMap;
use std::net::{Ipv4Addr, SocketAddrV4};
use std::rc::Rc;
use std::time::{Duration, Instant};

use automata::probe::{Answer, Limits};
use blueprint::Blueprint;
use blueprint::ids::{ClientId, ClusterId, EniId};
use blueprint::kafka::{Client, Goal, HostPort, PromiseId};
use blueprint::network::{Denial, DenialTarget};
use blueprint::verdict::{Attempt, Class, Direction, PathVerdict, Place, Verdict};
use runtime::resolve::Resolution;
use tokio::task::JoinSet;

use crate::format::count::count;
use crate::format::matrix::Live;
use crate::ways;

/// Longest wait for a connection or for evidence of where it ended. Evidence takes
/// milliseconds; this bounds what has none, which then counts as `unknown`.
const DIAL_LIMIT: Duration = Duration::from_secs(4);

/// What a broker may take to say who it is: a JVM that has just started needs a second.
const ASKING: Limits = Limits {
    answer_time: Duration::from_secs(10),
    n_brokers: 1000,
};

/// Longest wait for the VPC's resolver.
const RESOLVE_LIMIT: Duration = Duration::from_secs(3);

/// Pause between two lines that say how far a long walk is.
const PROGRESS_PAUSE: Duration = Duration::from_secs(3);

/// Says now and then how far a walk is; a short one passes in silence.
pub struct Progress<'s> {
    say: Box<dyn FnMut(String) + 's>,
    last: Instant,
}

impl<'s> Progress<'s> {
    /// Begins to count.
    pub fn new(say: impl FnMut(String) + 's) -> Self {
        Self {
            say: Box::new(say),
            last: Instant::now(),
        }
    }

    fn walked(&mut self, n_paths: usize) {
        if PROGRESS_PAUSE <= self.last.elapsed() {
            self.last = Instant::now();
            (self.say)(format!("{} walked so far", count(n_paths, "path")));
        }
    }
}

/// A raised network with its brokers, ready to be walked.
pub struct Walk {
    blueprint: Rc<Blueprint>,
    network: Rc<lab::Network>,
}

/// What one dial came to.
struct Dial {
    verdict: Verdict,
    took: Option<Duration>,
    answer: Option<Answer>,
    /// The nodes and endpoints it passed: the next connection may end elsewhere.
    relays: Vec<EniId>,
}

impl Dial {
    /// A dial that no broker answered.
    fn judged(verdict: Verdict, relays: Vec<EniId>) -> Self {
        Self {
            verdict,
            took: None,
            answer: None,
            relays,
        }
    }
}

/// Whom a dial is meant to reach.
#[derive(Clone)]
struct Meant {
    cluster: ClusterId,
    /// None for bootstrap: any broker of the cluster will do.
    broker: Option<u32>,
}

impl Walk {
    /// Prepares to walk `network`, which was raised from `blueprint`.
    pub fn new(blueprint: Rc<Blueprint>, network: Rc<lab::Network>) -> Rc<Self> {
        Rc::new(Self { blueprint, network })
    }

    /// Walks every promised path: bootstrap first, then each broker as metadata names it.
    /// Must run inside a [`tokio::task::LocalSet`].
    pub async fn paths(self: &Rc<Self>, progress: &mut Progress<'_>) -> Vec<Live> {
        let mut live = Vec::new();
        for (id, client) in &self.blueprint.clients {
            live.extend(self.client(id, client).await);
            progress.walked(live.len());
        }
        live
    }

    /// Tries every connection that is expected to be denied, in the blueprint's order.
    /// Must run inside a [`tokio::task::LocalSet`].
    pub async fn denials(self: &Rc<Self>) -> Vec<Vec<Attempt>> {
        let mut all = Vec::new();
        for denial in &self.blueprint.denials {
            all.push(self.denial(denial).await);
        }
        all
    }

    async fn client(self: &Rc<Self>, id: &ClientId, client: &Client) -> Vec<Live> {
        let (bootstrap, metadata) = self.bootstrap(client).await;
        let promise = |goal| PromiseId {
            client: id.clone(),
            cluster: client.cluster.clone(),
            goal,
        };
        let mut paths = vec![live(promise(Goal::Bootstrap), bootstrap)];
        let named = self.named(client, metadata.as_ref());
        let mut by_port: BTreeMap<Option<u16>, Vec<(u32, Option<HostPort>)>> = BTreeMap::new();
        for (broker, at) in named {
            by_port
                .entry(at.as_ref().map(|at| at.port))
                .or_default()
                .push((broker, at));
        }
        let mut walks = JoinSet::new();
        for brokers in by_port.into_values() {
            let (walk, client) = (Rc::clone(self), client.clone());
            walks.spawn_local(async move { walk.brokers(&client, brokers).await });
        }
        let mut by_broker: BTreeMap<u32, Vec<(Attempt, Option<Duration>)>> = BTreeMap::new();
        while let Some(done) = walks.join_next().await {
            by_broker.extend(done.into_iter().flatten());
        }
        paths.extend(
            by_broker
                .into_iter()
                .map(|(broker, attempts)| live(promise(Goal::Broker(broker)), attempts)),
        );
        paths
    }

    /// Dials every bootstrap server from every interface, and gives the first metadata received.
    async fn bootstrap(
        &self,
        client: &Client,
    ) -> (Vec<(Attempt, Option<Duration>)>, Option<Answer>) {
        let meant = Meant {
            cluster: client.cluster.clone(),
            broker: None,
        };
        let mut attempts = Vec::new();
        let mut metadata = None;
        for from in &client.enis {
            for to in &client.bootstrap {
                for (attempt, took, answer) in self.name_and_dial(from, to, &meant).await {
                    if attempt.verdict.class == Class::Delivered && metadata.is_none() {
                        metadata = answer;
                    }
                    attempts.push((attempt, took));
                }
            }
        }
        (attempts, metadata)
    }

    /// Where each broker is to be found: as metadata says, or as the blueprint's listener does
    /// when no bootstrap server answered.
    fn named(&self, client: &Client, metadata: Option<&Answer>) -> Vec<(u32, Option<HostPort>)> {
        let Some(cluster) = self.blueprint.clusters.get(&client.cluster) else {
            return Vec::new();
        };
        let said = |id: u32| {
            let Some(answer) = metadata else {
                return cluster
                    .brokers
                    .get(&id)?
                    .listeners
                    .get(&client.listener)?
                    .advertised
                    .clone();
            };
            let named = answer
                .brokers
                .iter()
                .find(|named| u32::try_from(named.id) == Ok(id))?;
            Some(HostPort {
                host: named.host.to_ascii_lowercase(),
                port: named.port,
            })
        };
        cluster.brokers.keys().map(|id| (*id, said(*id))).collect()
    }

    /// Walks to brokers one after the other: they share a port, hence perhaps a balancer's
    /// listener, whose targets are taken in turn only while nobody else dials it.
    async fn brokers(
        &self,
        client: &Client,
        brokers: Vec<(u32, Option<HostPort>)>,
    ) -> Vec<(u32, Vec<(Attempt, Option<Duration>)>)> {
        let mut walked = Vec::new();
        for (broker, at) in brokers {
            let meant = Meant {
                cluster: client.cluster.clone(),
                broker: Some(broker),
            };
            let mut attempts = Vec::new();
            for from in &client.enis {
                attempts.extend(self.broker(from, at.clone(), &meant).await);
            }
            walked.push((broker, attempts));
        }
        walked
    }

    async fn broker(
        &self,
        from: &EniId,
        at: Option<HostPort>,
        meant: &Meant,
    ) -> Vec<(Attempt, Option<Duration>)> {
        let Some(at) = at else {
            return vec![(self.unadvertised(from, meant), None)];
        };
        let dialled = self.name_and_dial(from, &at, meant).await;
        dialled
            .into_iter()
            .map(|(attempt, took, _)| (attempt, took))
            .collect()
    }

    /// The attempt that cannot be made: metadata does not name the broker.
    fn unadvertised(&self, from: &EniId, meant: &Meant) -> Attempt {
        let cluster = self.blueprint.clusters.get(&meant.cluster);
        let broker = meant.broker.and_then(|id| cluster?.brokers.get(&id));
        let place = broker.map(|broker| Place::Eni(broker.eni.clone()));
        let verdict = Verdict {
            class: Class::NoListener,
            place,
            direction: Direction::Forward,
            broker: None,
        };
        Attempt {
            from: from.clone(),
            to: HostPort {
                host: String::new(),
                port: 0,
            },
            address: None,
            verdict,
        }
    }

    async fn denial(&self, denial: &Denial) -> Vec<Attempt> {
        let host = match &denial.to {
            DenialTarget::Name(name) => name.clone(),
            DenialTarget::Address(address) => address.to_string(),
        };
        let to = HostPort {
            host,
            port: denial.port,
        };
        let addresses = match self.resolve(&denial.from, &to.host).await {
            Ok(addresses) => addresses,
            Err(verdict) => {
                return vec![Attempt {
                    from: denial.from.clone(),
                    to,
                    address: None,
                    verdict,
                }];
            }
        };
        let mut attempts = Vec::new();
        for address in addresses {
            for dial in self
                .dial_all(&denial.from, SocketAddrV4::new(address, to.port), None)
                .await
            {
                attempts.push(Attempt {
                    from: denial.from.clone(),
                    to: to.clone(),
                    address: Some(address),
                    verdict: dial.verdict,
                });
            }
        }
        attempts
    }

    async fn name_and_dial(
        &self,
        from: &EniId,
        to: &HostPort,
        meant: &Meant,
    ) -> Vec<(Attempt, Option<Duration>, Option<Answer>)> {
        let attempt = |address, verdict| Attempt {
            from: from.clone(),
            to: to.clone(),
            address,
            verdict,
        };
        let addresses = match self.resolve(from, &to.host).await {
            Ok(addresses) => addresses,
            Err(verdict) => return vec![(attempt(None, verdict), None, None)],
        };
        let mut attempts = Vec::new();
        for address in addresses {
            for dial in self
                .dial_all(from, SocketAddrV4::new(address, to.port), Some(meant))
                .await
            {
                attempts.push((attempt(Some(address), dial.verdict), dial.took, dial.answer));
            }
        }
        attempts
    }

    async fn resolve(&self, from: &EniId, host: &str) -> Result<Vec<Ipv4Addr>, Verdict> {
        if let Ok(address) = host.parse() {
            return Ok(vec![address]);
        }
        let (Ok(socket), Ok(server)) = (
            self.network.udp_socket(from),
            self.network.resolver_of(from),
        ) else {
            return Err(unknown());
        };
        match runtime::resolve::lookup_a(&socket, server, host, Instant::now() + RESOLVE_LIMIT)
            .await
        {
            Ok(Resolution::Addresses(addresses)) if !addresses.is_empty() => Ok(addresses),
            Ok(Resolution::Addresses(_) | Resolution::NoSuchName | Resolution::NoData) => {
                Err(self.no_name(from))
            }
            Ok(Resolution::Failed(_)) | Err(_) => Err(unknown()),
        }
    }

    fn no_name(&self, from: &EniId) -> Verdict {
        let eni = self.blueprint.enis.get(from);
        let subnet = eni.and_then(|eni| self.blueprint.subnets.get(&eni.subnet));
        let place = subnet.map(|subnet| Place::Resolver(subnet.vpc.clone()));
        Verdict {
            class: Class::NoName,
            place,
            direction: Direction::Forward,
            broker: None,
        }
    }

    /// Dials once, and again while a balancer or an endpoint may choose another way: as often as
    /// there are ways, since they are taken in turn.
    async fn dial_all(&self, from: &EniId, to: SocketAddrV4, meant: Option<&Meant>) -> Vec<Dial> {
        let mut dials = vec![self.dial(from, to, meant).await];
        let n_ways = |dial: &Dial| ways::count(&self.blueprint, &dial.relays, to.port());
        while dials.len() < dials.iter().map(n_ways).max().unwrap_or(1) {
            dials.push(self.dial(from, to, meant).await);
        }
        dials
    }

    async fn dial(&self, from: &EniId, to: SocketAddrV4, meant: Option<&Meant>) -> Dial {
        let began = Instant::now();
        let Ok(dialled) = self.network.dial(from, to, began + DIAL_LIMIT).await else {
            return Dial::judged(unknown(), Vec::new());
        };
        let relays = dialled.trail.relays();
        let Some(mut stream) = dialled.stream else {
            return Dial::judged(ended(&dialled.trail), relays);
        };
        let asked = runtime::probe::ask(&mut stream, ASKING, &self.broker_ids(meant)).await;
        let Ok(answer) = asked else {
            return Dial::judged(unknown(), relays);
        };
        Dial {
            verdict: self.answered(&answer, meant),
            took: Some(began.elapsed()),
            answer: Some(answer),
            relays,
        }
    }

    fn broker_ids(&self, meant: Option<&Meant>) -> Vec<i32> {
        let clusters = self
            .blueprint
            .clusters
            .iter()
            .filter(|(id, _)| meant.is_none_or(|meant| meant.cluster == **id));
        clusters
            .flat_map(|(_, cluster)| {
                cluster
                    .brokers
                    .keys()
                    .filter_map(|id| i32::try_from(*id).ok())
            })
            .collect()
    }

    /// Judges by who answered: the cluster's id and the broker that described itself.
    fn answered(&self, answer: &Answer, meant: Option<&Meant>) -> Verdict {
        let cluster = self.blueprint.clusters.keys().find(|id| {
            answer.cluster_id.as_deref()
                == Some(crate::brokers::cluster_id(&self.blueprint, id).as_str())
        });
        let broker = answer.answered_by.and_then(|id| u32::try_from(id).ok());
        let (Some(cluster), Some(broker)) = (cluster, broker) else {
            return unknown();
        };
        let right = meant.is_none_or(|meant| {
            meant.cluster == *cluster && meant.broker.is_none_or(|id| id == broker)
        });
        let (class, place) = if right {
            (Class::Delivered, None)
        } else {
            let eni = self
                .blueprint
                .clusters
                .get(cluster)
                .and_then(|cluster| cluster.brokers.get(&broker));
            (
                Class::WrongBroker,
                eni.map(|broker| Place::Eni(broker.eni.clone())),
            )
        };
        Verdict {
            class,
            place,
            direction: Direction::Forward,
            broker: Some(broker),
        }
    }
}

fn live(promise: PromiseId, attempts: Vec<(Attempt, Option<Duration>)>) -> Live {
    let took = attempts.iter().filter_map(|(_, took)| *took).min();
    let attempts = attempts.into_iter().map(|(attempt, _)| attempt).collect();
    Live {
        verdict: PathVerdict { promise, attempts },
        took,
    }
}

/// The verdict on a connection that was not opened: what the kernel saw of it, or `unknown`.
fn ended(trail: &lab::evidence::Trail) -> Verdict {
    let seen = trail.end().filter(|end| end.class != Class::Delivered);
    seen.map_or_else(unknown, |end| Verdict {
        class: end.class,
        place: end.place,
        direction: end.direction,
        broker: None,
    })
}

fn unknown() -> Verdict {
    Verdict {
        class: Class::Unknown,
        place: None,
        direction: Direction::Forward,
        broker: None,
    }
}
