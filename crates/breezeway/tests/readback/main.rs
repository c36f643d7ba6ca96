//! Reads rendered text back as AWS would take it, by AWS's documents and not by the renderer:
//! text → graph of resources → blueprint, whose verdicts are compared with the original's.
#![allow(
    dead_code,
    reason = "the layers land one by one; each is used by its own tests first"
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
