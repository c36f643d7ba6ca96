//! A raised network: its evidence, its names, and places to work in.

use std::collections::BTreeMap;
use std::io;
use std::net::{Ipv4Addr, SocketAddr, SocketAddrV4, TcpListener};
use std::os::unix::process::CommandExt;
use std::process::{Child, Command};
use std::sync::Arc;
use std::time::Duration;

use blueprint::Blueprint;
use blueprint::ids::{EniId, VpcId};
use blueprint::network::EniOwner;
use nix::sys::socket::{AddressFamily, SockFlag, SockType, socket};
use tokio::net::{TcpSocket, UdpSocket};
use tokio::task::JoinHandle;

use crate::error::LabError;
use crate::evidence::Evidence;
use crate::kernel::Room;
use crate::mounts::{self, HostFiles};
use crate::names::{self, View};
use crate::steps::{Owner, Role, Steps};

/// Where a broker whose service gives it names of its own asks for them.
const SERVICE_RESOLVER: Ipv4Addr = Ipv4Addr::new(127, 0, 0, 53);

const DNS_PORT: u16 = 53;

/// How long a question to a resolver may take; it is answered by this very process.
const RESOLVE_TIMEOUT: Duration = Duration::from_secs(2);

/// A raised network. Its namespaces stand until the lab ends.
#[derive(Debug)]
pub struct Network {
    blueprint: Arc<Blueprint>,
    rooms: BTreeMap<String, Room>,
    routers: BTreeMap<VpcId, String>,
    hosts: BTreeMap<EniId, Host>,
    evidence: Evidence,
}

/// An interface's place in the network.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Host {
    /// Its namespace's name below `/run/netns`.
    pub namespace: String,
    /// Its address.
    pub address: Ipv4Addr,
    /// The resolver that its programs ask.
    pub resolver: Ipv4Addr,
    /// What it does with packets.
    pub role: Role,
}

/// The resolvers at work; dropping it ends them.
#[derive(Debug)]
pub struct Resolvers {
    tasks: Vec<JoinHandle<()>>,
}

impl Drop for Resolvers {
    fn drop(&mut self) {
        for task in &self.tasks {
            task.abort();
        }
    }
}

impl Network {
    pub(crate) fn new(
        blueprint: Arc<Blueprint>,
        steps: &Steps,
        rooms: BTreeMap<String, Room>,
        evidence: Evidence,
    ) -> Result<Self, LabError> {
        let (mut routers, mut hosts) = (BTreeMap::new(), BTreeMap::new());
        for (name, namespace) in &steps.namespaces {
            match &namespace.stands_for {
                Owner::Router(vpc) => {
                    routers.insert(vpc.clone(), name.clone());
                }
                Owner::Transit(_) => {}
                Owner::Eni(eni) => {
                    if let Some(host) = host(&blueprint, eni, name, namespace.role) {
                        let made = mounts::furnish_host(eni.as_str(), name, host.resolver);
                        made.map_err(|source| LabError::File {
                            operation: "write the resolver configuration of",
                            path: name.into(),
                            source,
                        })?;
                        hosts.insert(eni.clone(), host);
                    }
                }
            }
        }
        Ok(Self {
            blueprint,
            rooms,
            routers,
            hosts,
            evidence,
        })
    }

    /// The blueprint that was raised.
    pub fn blueprint(&self) -> &Blueprint {
        &self.blueprint
    }

    /// Every interface's place.
    pub fn hosts(&self) -> &BTreeMap<EniId, Host> {
        &self.hosts
    }

    /// Names of all namespaces, routers included.
    pub fn namespaces(&self) -> impl Iterator<Item = &str> {
        self.rooms.keys().map(String::as_str)
    }

    /// What the kernel saw of connection attempts.
    pub fn evidence(&self) -> &Evidence {
        &self.evidence
    }

    /// The resolver that programs on an interface's host ask.
    ///
    /// # Errors
    /// If the lab has no such interface.
    pub fn resolver_of(&self, eni: &EniId) -> Result<SocketAddr, LabError> {
        let resolver = self.host(eni)?.resolver;
        Ok(SocketAddrV4::new(resolver, DNS_PORT).into())
    }

    /// Starts every VPC's resolver and those that services give their brokers, as tasks of the
    /// caller's runtime.
    ///
    /// # Errors
    /// If a socket cannot be bound.
    pub fn serve_names(&self) -> Result<Resolvers, LabError> {
        let mut resolvers = Resolvers { tasks: Vec::new() };
        let mut serve = |namespace: &str, address, view| -> Result<(), LabError> {
            let socket = self.udp(namespace, SocketAddrV4::new(address, DNS_PORT))?;
            resolvers
                .tasks
                .push(tokio::spawn(names::serve(socket, view)));
            Ok(())
        };
        for (vpc, namespace) in &self.routers {
            if let Some(settled) = self.blueprint.vpcs.get(vpc) {
                let view = View::of_vpc(&self.blueprint, vpc);
                serve(namespace, settled.resolver, view)?;
            }
        }
        for cluster in self.blueprint.clusters.values() {
            for broker in cluster.brokers.values() {
                if let Some(host) = self.hosts.get(&broker.eni)
                    && host.resolver == SERVICE_RESOLVER
                {
                    let names = &cluster.service_names;
                    let view = View::of_service(&self.blueprint, &cluster.vpc, names);
                    serve(&host.namespace, SERVICE_RESOLVER, view)?;
                }
            }
        }
        Ok(resolvers)
    }

    /// Asks an interface's resolver for the addresses of a name, from that interface. An empty
    /// list means that the name has none.
    ///
    /// # Errors
    /// If the socket cannot be made or no answer comes.
    pub async fn resolve(&self, eni: &EniId, name: &str) -> Result<Vec<Ipv4Addr>, LabError> {
        let resolver = self.resolver_of(eni)?;
        let socket = self.udp_socket(eni)?;
        let failed = |source| LabError::Resolve {
            eni: eni.clone(),
            name: name.to_owned(),
            source,
        };
        let asked = ask(&socket, resolver, name);
        let answer = tokio::time::timeout(RESOLVE_TIMEOUT, asked).await;
        answer
            .unwrap_or_else(|late| Err(late.into()))
            .map_err(failed)
    }

    /// Listens on an interface's address. Connections are accepted by whoever holds the result.
    ///
    /// # Errors
    /// If the lab has no such interface or the port is taken.
    pub fn listen(&self, eni: &EniId, port: u16) -> Result<TcpListener, LabError> {
        let host = self.host(eni)?;
        let address = SocketAddrV4::new(host.address, port);
        self.socket_in(&host.namespace, address, || TcpListener::bind(address))
    }

    /// A TCP socket on an interface's host, not yet bound or connected. Needs a tokio runtime.
    ///
    /// # Errors
    /// If the lab has no such interface or no socket can be made.
    pub fn tcp_socket(&self, eni: &EniId) -> Result<TcpSocket, LabError> {
        let host = self.host(eni)?;
        let address = SocketAddrV4::new(host.address, 0);
        let flags = SockFlag::SOCK_CLOEXEC | SockFlag::SOCK_NONBLOCK;
        let socket = self.socket_in(&host.namespace, address, || {
            socket(AddressFamily::Inet, SockType::Stream, flags, None).map_err(io::Error::from)
        })?;
        Ok(TcpSocket::from_std_stream(socket.into()))
    }

    /// A UDP socket on an interface's host, bound to any port. Needs a tokio runtime.
    ///
    /// # Errors
    /// If the lab has no such interface or no socket can be made.
    pub fn udp_socket(&self, eni: &EniId) -> Result<UdpSocket, LabError> {
        let host = self.host(eni)?;
        self.udp(&host.namespace, SocketAddrV4::new(Ipv4Addr::UNSPECIFIED, 0))
    }

    /// Starts a program on an interface's host, which sees that host's resolver and `hosts` file
    /// and ends with the lab at the latest.
    ///
    /// # Errors
    /// If the lab has no such interface or the program cannot be started.
    pub fn spawn(&self, eni: &EniId, mut command: Command) -> Result<Child, LabError> {
        let host = self.host(eni)?;
        let program = command.get_program().to_string_lossy().into_owned();
        let failed = |source| LabError::Spawn {
            namespace: host.namespace.clone(),
            program,
            source,
        };
        let prepared = HostFiles::of(eni.as_str())
            .and_then(|files| Ok((files, self.room(&host.namespace)?.file().try_clone()?)));
        let (files, namespace) = match prepared {
            Ok(prepared) => prepared,
            Err(source) => return Err(failed(source)),
        };
        // SAFETY: between fork and exec only system calls are made, with what was prepared above.
        #[expect(unsafe_code, reason = "the child enters its host before exec")]
        unsafe {
            command.pre_exec(move || files.enter(&namespace));
        }
        command.spawn().map_err(failed)
    }

    fn host(&self, eni: &EniId) -> Result<&Host, LabError> {
        let host = self.hosts.get(eni);
        host.ok_or_else(|| LabError::NoSuchEni { eni: eni.clone() })
    }

    fn room(&self, namespace: &str) -> io::Result<&Room> {
        let room = self.rooms.get(namespace);
        room.ok_or_else(|| io::ErrorKind::NotFound.into())
    }

    fn udp(&self, namespace: &str, address: SocketAddrV4) -> Result<UdpSocket, LabError> {
        let socket = self.socket_in(namespace, address, || {
            let socket = std::net::UdpSocket::bind(address)?;
            socket.set_nonblocking(true)?;
            Ok(socket)
        })?;
        UdpSocket::from_std(socket).map_err(|source| LabError::Socket {
            namespace: namespace.to_owned(),
            address,
            source,
        })
    }

    /// Only the making of a socket must happen inside; it is used anywhere.
    fn socket_in<T: Send>(
        &self,
        namespace: &str,
        address: SocketAddrV4,
        make: impl FnOnce() -> io::Result<T> + Send,
    ) -> Result<T, LabError> {
        let made = self.room(namespace).and_then(|room| room.run(make)?);
        made.map_err(|source| LabError::Socket {
            namespace: namespace.to_owned(),
            address,
            source,
        })
    }
}

fn host(blueprint: &Blueprint, eni: &EniId, namespace: &str, role: Role) -> Option<Host> {
    let settled = blueprint.enis.get(eni)?;
    let vpc = &blueprint.subnets.get(&settled.subnet)?.vpc;
    let served = match &settled.owner {
        EniOwner::Broker { cluster, .. } => {
            let cluster = blueprint.clusters.get(cluster);
            cluster.is_some_and(|cluster| !cluster.service_names.is_empty())
        }
        EniOwner::BalancerNode(_)
        | EniOwner::Endpoint(_)
        | EniOwner::ResourceGateway(_)
        | EniOwner::Gateway(_)
        | EniOwner::Client(_)
        | EniOwner::Witness => false,
    };
    Some(Host {
        namespace: namespace.to_owned(),
        address: settled.address,
        resolver: if served {
            SERVICE_RESOLVER
        } else {
            blueprint.vpcs.get(vpc)?.resolver
        },
        role,
    })
}

async fn ask(socket: &UdpSocket, resolver: SocketAddr, name: &str) -> io::Result<Vec<Ipv4Addr>> {
    // The port is random and the network closed, so any constant tells answers apart.
    const ID: u16 = 1;
    let question = names::query(ID, name).ok_or(io::ErrorKind::InvalidInput)?;
    socket.send_to(&question, resolver).await?;
    let mut buffer = [0; 4096];
    loop {
        let (len, from) = socket.recv_from(&mut buffer).await?;
        let answer = names::read_answer(ID, buffer.get(..len).unwrap_or_default());
        if let Some(addresses) = answer
            && from == resolver
        {
            return Ok(addresses);
        }
    }
}
