//! Reads rendered text back as AWS would take it, by AWS's documents and not by the renderer:
//! text → graph of resources → blueprint, whose verdicts are compared with the original's.

mod assemble;
mod cloudformation;
mod dialects;
#[path = "../agree/faults/mod.rs"]
mod faults;
#[path = "../agree/generate/mod.rs"]
mod generate;
mod generated;
mod graph;
mod judged;
#[path = "../judges/mod.rs"]
mod judges;
mod known;
mod mutations;
mod own;
mod same;
#[path = "../agree/settled.rs"]
mod settled;
mod terraform;
mod uncarried;
mod vocabulary;
mod whole;
mod wiring;
mod yaml;
