//! The command line's grammar and its help.

use std::path::PathBuf;

use blueprint::spec::{Auth, ClusterKind, Via};
use clap::builder::{PossibleValuesParser, TypedValueParser};
use clap::{Args, Parser, Subcommand, ValueEnum};

/// Name of the spec looked for when none is given.
pub(crate) const DEFAULT_SPEC: &str = "breezeway.yaml";

/// What the help of `render` ends with.
const RENDER_EXAMPLES: &str = "\
Examples:
  breezeway render --to terraform                       list what would be written
  breezeway render --to terraform --show STEPS.md       read what is to be done, and in which order
  breezeway render --to cloudformation --out infra      write every file below `infra/`
  breezeway render orders.yaml --to terraform --out infra/orders
                                                        one folder for each spec and target

Exit codes: 0 rendered, 1 refused for errors of the spec, 2 could not run, such as when files in
the folder are not Breezeway's.";

/// Private Kafka across VPCs and accounts: check it, raise it on this machine, prove it
///
/// One file says which clients must reach which Kafka clusters and by what connection.
/// Breezeway settles every address, route, rule, name and port from it, follows each client
/// to each broker, and shows on this machine that the kernel agrees.
///
/// Exit codes: 0 nothing at error level, 1 findings or a live disagreement, 2 could not run,
/// 101 a bug of ours, 130 interrupted.
#[derive(Debug, Parser)]
#[command(
    name = "breezeway",
    version,
    propagate_version = true,
    max_term_width = 100
)]
pub(crate) struct Cli {
    /// What to do.
    #[command(subcommand)]
    pub(crate) command: Command,
}

#[derive(Debug, Subcommand)]
pub(crate) enum Command {
    /// Write a commented first spec
    ///
    /// Asks on a terminal if nothing is said by flags. Enter takes what stands in brackets.
    Init(InitArgs),
    /// Print every object, address and port that the spec settles to
    Plan(PlanArgs),
    /// Follow every client to every broker, before anything exists
    ///
    /// Prints a matrix of verdicts and, for each fault, where to edit the spec.
    /// `breezeway explain NAME` tells more about a check or a verdict.
    Check(CheckArgs),
    /// Compare the ways to connect: which work, what each costs, takes and moves
    ///
    /// Every VPC and cluster that a connection or a client names is planned once for each way,
    /// and again with one broker and one client VPC more; what can be counted is counted there.
    /// Prices and quotas are dated facts (`breezeway explain facts`). A comparison is no verdict:
    /// the exit code is 0 unless the spec or the facts have errors (1) or cannot be read (2).
    Compare(CompareArgs),
    /// Write CloudFormation or Terraform for every account, and the steps from one to the next
    ///
    /// A spec with errors is refused, as `check` finds them, unless `--despite-findings` is given.
    /// Without `--out` the files are listed in the order in which they are applied and nothing is
    /// written. With it, files that Breezeway did not write or that were edited since are never
    /// overwritten; what is rendered no more is removed, and a second run changes only what differs.
    #[command(after_long_help = RENDER_EXAMPLES)]
    Render(RenderArgs),
    /// Raise the network on this machine with real Kafka and compare it with the checked verdicts
    Prove(ProveArgs),
    /// Raise the network and work in it
    Lab(LabArgs),
    /// Tell what a check, a verdict or a fault in a spec means
    Explain(ExplainArgs),
    /// Try what this machine can do: namespaces, nftables, Java, Maven, Kafka, Terraform
    Doctor,
    /// Print the JSON Schema of the spec, by which editors complete and judge it
    ///
    /// `breezeway schema > breezeway.schema.json`, and in the spec's first line
    /// `# yaml-language-server: $schema=breezeway.schema.json`.
    Schema,
    /// Print shell completions
    Completions {
        /// The shell to complete for.
        shell: clap_complete::Shell,
    },
    /// Create a topic, produce records and read them back, from where this process runs
    #[command(hide = true)]
    Messages(MessagesArgs),
    /// Measure the lab against the same brokers without it
    #[command(hide = true)]
    BenchLab(BenchArgs),
    /// Measure the survey of paths, and plan, check and compare of large connections
    #[command(hide = true)]
    BenchDesign(BenchDesignArgs),
}

#[derive(Debug, Args)]
pub(crate) struct InitArgs {
    /// File to write
    #[arg(default_value = DEFAULT_SPEC)]
    pub(crate) file: PathBuf,
    /// Overwrite the file if there is one
    #[arg(long)]
    pub(crate) force: bool,
    /// What the first line names as the schema, for editors
    #[arg(long, value_name = "PATH", default_value = "breezeway.schema.json")]
    pub(crate) schema: String,
    /// What the spec says, where the questions of a terminal are not wanted.
    #[command(flatten)]
    pub(crate) said: Said,
}

/// Answers to the questions of `init`, given beforehand.
#[derive(Debug, Args)]
pub(crate) struct Said {
    /// Take the default of whatever is not said, and ask nothing
    #[arg(long)]
    pub(crate) defaults: bool,
    /// Name of the estate [default: first]
    #[arg(long)]
    pub(crate) name: Option<String>,
    /// AWS Region [default: eu-central-1]
    #[arg(long)]
    pub(crate) region: Option<String>,
    /// Kind of cluster [default: msk]
    #[arg(long, value_parser = words(ClusterKind::WORDS, ClusterKind::from_word))]
    pub(crate) kind: Option<ClusterKind>,
    /// Way to connect [default: privatelink]
    #[arg(long, value_parser = words(Via::WORDS, Via::from_word))]
    pub(crate) via: Option<Via>,
    /// How clients authenticate [default: the first that kind and way take]
    #[arg(long, value_parser = words(Auth::WORDS, Auth::from_word))]
    pub(crate) auth: Option<Auth>,
    /// How many brokers [default: 3]
    #[arg(long, value_name = "N")]
    pub(crate) brokers: Option<u32>,
    /// Account of the cluster [default: 111111111111]
    #[arg(long, value_name = "ACCOUNT")]
    pub(crate) owner: Option<String>,
    /// Account of the clients [default: 222222222222]
    #[arg(long, value_name = "ACCOUNT")]
    pub(crate) client: Option<String>,
}

/// Takes the words of the spec's language for an argument.
fn words<T: Clone + Default + Send + Sync + 'static>(
    words: &'static [&'static str],
    of: fn(&str) -> Option<T>,
) -> impl TypedValueParser<Value = T> {
    PossibleValuesParser::new(words).map(move |word| of(&word).unwrap_or_default())
}

#[derive(Debug, Args)]
pub(crate) struct SpecArg {
    /// The spec to read
    #[arg(value_name = "SPEC", default_value = DEFAULT_SPEC)]
    pub(crate) spec: PathBuf,
}

#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, ValueEnum)]
pub(crate) enum Format {
    /// Drawn for people
    #[default]
    Full,
    /// One line each, still true alone
    Concise,
    /// A frozen, versioned form for machines
    Json,
}

/// The forms of findings: those of a [`Format`] and what code hosts read.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, ValueEnum)]
pub(crate) enum FindingsFormat {
    /// Drawn for people
    #[default]
    Full,
    /// One line each, still true alone
    Concise,
    /// A frozen, versioned form for machines
    Json,
    /// SARIF 2.1.0, for code hosts and editors
    Sarif,
}

impl From<Format> for FindingsFormat {
    fn from(format: Format) -> Self {
        match format {
            Format::Full => Self::Full,
            Format::Concise => Self::Concise,
            Format::Json => Self::Json,
        }
    }
}

/// The forms of a blueprint, and of what is rendered of it.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, ValueEnum)]
pub(crate) enum PlanFormat {
    /// Drawn for people
    #[default]
    Full,
    /// A frozen, versioned form for machines
    Json,
}

#[derive(Debug, Args)]
pub(crate) struct PlanArgs {
    #[command(flatten)]
    pub(crate) spec: SpecArg,
    /// How to print
    #[arg(long, value_enum, default_value_t)]
    pub(crate) format: PlanFormat,
    /// Print what changes against an older spec: objects added, changed, replaced and removed
    #[arg(long, value_name = "OLD")]
    pub(crate) diff: Option<PathBuf>,
}

#[derive(Debug, Args)]
pub(crate) struct CheckArgs {
    #[command(flatten)]
    pub(crate) spec: SpecArg,
    /// Follow one path only, such as `checkout:orders/3` or `checkout:orders/bootstrap`
    #[arg(long, value_name = "CLIENT:CLUSTER/BROKER", conflicts_with = "format")]
    pub(crate) path: Option<String>,
    /// How to print
    #[arg(long, value_enum, default_value_t)]
    pub(crate) format: FindingsFormat,
    /// Facts to lay over those Breezeway comes with, such as quotas that were raised for you
    #[arg(long, value_name = "FILE")]
    pub(crate) facts: Option<PathBuf>,
}

/// What is rendered to.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub(crate) enum To {
    /// YAML templates, one for each part of the estate that grows on its own
    Cloudformation,
    /// Root modules, one for each account, Region and stage
    Terraform,
}

impl From<To> for render::Target {
    fn from(to: To) -> Self {
        match to {
            To::Cloudformation => Self::CloudFormation,
            To::Terraform => Self::Terraform,
        }
    }
}

#[derive(Debug, Args)]
pub(crate) struct RenderArgs {
    #[command(flatten)]
    pub(crate) spec: SpecArg,
    /// What to render to
    #[arg(long, value_enum, value_name = "TARGET")]
    pub(crate) to: To,
    /// Folder to write to; it is made if it is not there
    #[arg(long, value_name = "DIR")]
    pub(crate) out: Option<PathBuf>,
    /// Print one of the files and write nothing
    #[arg(long, value_name = "FILE", conflicts_with_all = ["out", "format"])]
    pub(crate) show: Option<String>,
    /// Render a spec with errors all the same; every file then names them
    #[arg(long)]
    pub(crate) despite_findings: bool,
    /// Overwrite files that were edited since Breezeway wrote them, and no others
    #[arg(long, requires = "out")]
    pub(crate) discard_edits: bool,
    /// How to print
    #[arg(long, value_enum, default_value_t)]
    pub(crate) format: PlanFormat,
    /// Facts to lay over those Breezeway comes with, as for `check`
    #[arg(long, value_name = "FILE")]
    pub(crate) facts: Option<PathBuf>,
}

#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, ValueEnum)]
pub(crate) enum CompareFormat {
    /// For a terminal, at most 100 columns wide
    #[default]
    Table,
    /// A frozen, versioned form for machines
    Json,
    /// A table of all columns for each pair
    Markdown,
    /// A line for each way of each pair
    Csv,
}

#[derive(Debug, Args)]
pub(crate) struct CompareArgs {
    #[command(flatten)]
    pub(crate) spec: SpecArg,
    /// Print every column, one block for each way
    #[arg(long)]
    pub(crate) wide: bool,
    /// How to print
    #[arg(long, value_enum, default_value_t)]
    pub(crate) format: CompareFormat,
    /// Also write a page that needs nothing else, with a picture of each way's path
    #[arg(long, value_name = "FILE")]
    pub(crate) html: Option<PathBuf>,
    /// Facts to lay over those Breezeway comes with, in the same form
    #[arg(long, value_name = "FILE")]
    pub(crate) facts: Option<PathBuf>,
    /// GB a month that each pair carries, in place of its clients' `traffic`
    #[arg(long, value_name = "N")]
    pub(crate) gb_per_month: Option<u64>,
}

#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, ValueEnum)]
pub(crate) enum Brokers {
    /// Apache Kafka if Java 17+ and Maven (or `KAFKA_HOME`) are there, else the responder
    #[default]
    Auto,
    /// Real Apache Kafka, one JVM per broker
    Apache,
    /// A built-in stand-in that answers who it is and nothing else; it is not Kafka
    Responder,
}

#[derive(Debug, Args)]
pub(crate) struct ProveArgs {
    #[command(flatten)]
    pub(crate) spec: SpecArg,
    /// What runs as brokers
    #[arg(long, value_enum, default_value_t)]
    pub(crate) brokers: Brokers,
    /// Records each promised client produces and reads back (Apache Kafka only); 0 for none
    #[arg(long, value_name = "N", default_value_t = 3000)]
    pub(crate) messages: usize,
    /// How to print
    #[arg(long, value_enum, default_value_t)]
    pub(crate) format: Format,
}

#[derive(Debug, Args)]
pub(crate) struct LabArgs {
    /// What to do with the lab.
    #[command(subcommand)]
    pub(crate) command: LabCommand,
}

#[derive(Debug, Subcommand)]
pub(crate) enum LabCommand {
    /// Raise the network of a spec, start its brokers and return
    Up {
        #[command(flatten)]
        spec: SpecArg,
        /// What runs as brokers
        #[arg(long, value_enum, default_value_t)]
        brokers: Brokers,
    },
    /// End a lab: every process, namespace and mount of it
    Down(LabName),
    /// List the labs that are up
    Ls,
    /// Show a lab's hosts and ask each broker who it is
    Status(LabName),
    /// Run a program with the network and names of a host
    Exec {
        #[command(flatten)]
        lab: LabName,
        /// A client, or a host as `breezeway lab status` lists it
        host: String,
        /// The program and its arguments
        #[arg(last = true, required = true)]
        command: Vec<String>,
    },
    /// Open a shell with the network and names of a host
    Shell {
        #[command(flatten)]
        lab: LabName,
        /// A client, or a host as `breezeway lab status` lists it
        host: String,
    },
}

#[derive(Debug, Args)]
pub(crate) struct LabName {
    /// Which lab, if several are up
    #[arg(long = "lab", value_name = "NAME")]
    pub(crate) name: Option<String>,
}

#[derive(Debug, Args)]
pub(crate) struct ExplainArgs {
    /// A check, verdict or fault, such as `overlapping-ranges`; without it all are listed
    pub(crate) name: Option<String>,
}

#[derive(Debug, Args)]
pub(crate) struct MessagesArgs {
    /// Bootstrap servers
    #[arg(long)]
    pub(crate) bootstrap: String,
    /// Topic to create
    #[arg(long)]
    pub(crate) topic: String,
    /// Records to produce; 0 waits for the first acknowledged record only
    #[arg(long)]
    pub(crate) records: usize,
    /// Copies of each record
    #[arg(long)]
    pub(crate) replication_factor: i32,
    /// Copies that must be in step for a record to be acknowledged
    #[arg(long)]
    pub(crate) min_insync_replicas: i32,
}

#[derive(Debug, Args)]
pub(crate) struct BenchArgs {
    /// The spec to raise
    #[arg(value_name = "SPEC", default_value = "examples/shop/breezeway.yaml")]
    pub(crate) spec: PathBuf,
    /// Measured pairs
    #[arg(long, default_value_t = 5)]
    pub(crate) pairs: u32,
}

#[derive(Debug, Args)]
pub(crate) struct BenchDesignArgs {
    /// Measured runs of each size
    #[arg(long, default_value_t = 5)]
    pub(crate) runs: u32,
    /// Survey an estate of this many groups of clients once and print its paths and walks
    #[arg(long, value_name = "GROUPS")]
    pub(crate) once: Option<u32>,
    /// Make that estate and survey nothing, to know what making it takes
    #[arg(long, requires = "once")]
    pub(crate) estate_only: bool,
}
