//! Reads rendered text back as AWS would take it, by AWS's documents and not by the renderer:
//! text → graph of resources → blueprint, whose verdicts are compared with the original's.
#![allow(
    dead_code,
    reason = "what the read-back run needs as well is used there"
)]

mod assemble;
mod cloudformation;
mod dialects;
mod graph;
mod judged;
#[path = "../judges/mod.rs"]
mod judges;
mod known;
mod mutations;
mod own;
mod same;
mod terraform;
mod uncarried;
mod vocabulary;
mod whole;
mod wiring;
mod yaml;
