//! Carrying the steps out: namespaces first, then cables, then everything within.

use std::collections::BTreeMap;
use std::sync::Arc;
use std::thread;

use blueprint::Blueprint;

use crate::contain::Inside;
use crate::error::LabError;
use crate::evidence::Evidence;
use crate::kernel::{Configurator, PacketLog, Room};
use crate::network::Network;
use crate::steps::{Operation, Steps, steps};

/// Threads that make namespaces side by side: the kernel works on a few at a time.
const N_MAKERS: usize = 4;

impl Inside {
    /// Raises the network of a blueprint. Needs a tokio runtime with IO and time.
    ///
    /// # Errors
    /// An object that a lab does not raise, or the first operation that the kernel refuses.
    pub async fn raise(&self, blueprint: &Blueprint) -> Result<Network, LabError> {
        let steps = steps(blueprint)?;
        let rooms = self.make_rooms(&steps)?;
        let logs = configure(&steps, &rooms).await?;
        let evidence = Evidence::gather(&steps, logs)?;
        Network::new(Arc::new(blueprint.clone()), &steps, rooms, evidence)
    }

    fn make_rooms(&self, steps: &Steps) -> Result<BTreeMap<String, Room>, LabError> {
        let mut sysctls: BTreeMap<&str, Vec<_>> = BTreeMap::new();
        for operation in &steps.operations {
            if let Operation::Sysctl {
                namespace,
                key,
                value,
            } = operation
            {
                sysctls.entry(namespace).or_default().push((*key, *value));
            }
        }
        let wanted: Vec<_> = sysctls.into_iter().collect();
        let share = wanted.len().div_ceil(N_MAKERS).max(1);
        let made = thread::scope(|scope| {
            let makers = wanted.chunks(share).map(|share| {
                scope.spawn(|| -> Result<Vec<_>, LabError> {
                    let rooms = share.iter().map(|(name, sysctls)| {
                        let room = Room::make(name, self.host, sysctls)?;
                        Ok(((*name).to_owned(), room))
                    });
                    rooms.collect()
                })
            });
            let makers: Vec<_> = makers.collect();
            makers
                .into_iter()
                .map(thread::ScopedJoinHandle::join)
                .collect::<Vec<_>>()
        });
        let mut rooms = BTreeMap::new();
        for share in made {
            let panicked = |_| LabError::Namespace {
                operation: "make",
                namespace: "any".to_owned(),
                source: std::io::Error::other("thread panicked"),
            };
            rooms.extend(share.map_err(panicked)??);
        }
        Ok(rooms)
    }
}

type OpenLogs = Vec<(PacketLog, BTreeMap<u32, String>)>;

async fn configure(steps: &Steps, rooms: &BTreeMap<String, Room>) -> Result<OpenLogs, LabError> {
    let mut hands = BTreeMap::new();
    for (name, room) in rooms {
        hands.insert(name.as_str(), Configurator::open(room)?);
    }
    for operation in &steps.operations {
        if let Operation::Cable(cable) = operation {
            let [here, there] = &cable.ends;
            let dangling = || LabError::Dangling {
                operation: operation.to_string(),
            };
            let hand = hands.get(here.namespace.as_str()).ok_or_else(dangling)?;
            let peer = rooms.get(&there.namespace).ok_or_else(dangling)?;
            hand.lay(cable, peer).await?;
        }
    }
    let mut logs = Vec::new();
    for (name, hand) in &mut hands {
        hand.learn_links().await?;
        if let Some(room) = rooms.get(*name) {
            logs.push((PacketLog::open(room)?, hand.links_by_number()));
        }
    }
    for operation in &steps.operations {
        if let Some(namespace) = operation.within() {
            let hand = hands.get(namespace);
            let hand = hand.ok_or_else(|| LabError::Dangling {
                operation: operation.to_string(),
            })?;
            hand.carry_out(operation).await?;
        }
    }
    for hand in hands.values() {
        hand.await_links().await?;
    }
    Ok(logs)
}
