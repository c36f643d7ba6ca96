//! `breezeway init`: a commented first spec, from flags or from answers.

use std::io::{BufRead, IsTerminal, Write};

use anyhow::{Context, bail};
use blueprint::spec::{Auth, ClusterKind, Via};

use crate::cli::{InitArgs, Said};
use crate::first::{Choices, default_auth, default_via};
use crate::output;

pub(crate) fn run(args: &InitArgs) -> anyhow::Result<u8> {
    let shown = args.file.display();
    if !args.force && args.file.exists() {
        bail!("`{shown}` exists; `--force` overwrites it");
    }
    let terminals = std::io::stdin().is_terminal() && std::io::stderr().is_terminal();
    let choices = if terminals && args.said.is_silent() {
        let mut questions = Questions {
            input: std::io::stdin().lock(),
            output: std::io::stderr(),
        };
        questions.choices()?
    } else {
        args.said.choices()?
    };
    write(args, &choices.text(&args.schema))?;
    output::talk(&format!("wrote `{shown}`; next: `breezeway check {shown}`"));
    Ok(crate::FINE)
}

fn write(args: &InitArgs, text: &str) -> anyhow::Result<()> {
    let shown = args.file.display();
    let mut options = std::fs::OpenOptions::new();
    if args.force {
        options.write(true).create(true).truncate(true);
    } else {
        options.write(true).create_new(true);
    }
    let mut file = options
        .open(&args.file)
        .with_context(|| format!("could not create `{shown}`; `init` makes no folder"))?;
    file.write_all(text.as_bytes())
        .with_context(|| format!("could not write `{shown}`"))
}

impl Said {
    /// Whether no flag says anything about the spec.
    fn is_silent(&self) -> bool {
        let Self {
            defaults,
            name,
            region,
            kind,
            via,
            auth,
            brokers,
            owner,
            client,
        } = self;
        let texts = [name, region, owner, client];
        let words = kind.is_none() && via.is_none() && auth.is_none() && brokers.is_none();
        !defaults && words && texts.iter().all(|text| text.is_none())
    }

    fn choices(&self) -> anyhow::Result<Choices> {
        let usual = Choices::default();
        let kind = self.kind.unwrap_or(usual.kind);
        let via = self.via.unwrap_or_else(|| default_via(kind));
        let choices = Choices {
            name: self.name.clone().unwrap_or(usual.name),
            region: self.region.clone().unwrap_or(usual.region),
            kind,
            via,
            brokers: self.brokers.unwrap_or(usual.brokers),
            auth: self.auth.unwrap_or_else(|| default_auth(kind, via)),
            owner: self.owner.clone().unwrap_or(usual.owner),
            client: self.client.clone().unwrap_or(usual.client),
        };
        match choices.fault() {
            Some(fault) => bail!("{fault}"),
            None => Ok(choices),
        }
    }
}

/// A question about the first spec.
struct Question {
    text: &'static str,
    /// The words that may be answered; empty for a free answer.
    words: &'static [&'static str],
    default: fn(&Choices) -> String,
    /// Takes an answer, with what follows from it; none if it is no answer at all.
    set: fn(&mut Choices, &str) -> Option<()>,
}

const QUESTIONS: [Question; 8] = [
    Question {
        text: "name of the estate",
        words: &[],
        default: |choices| choices.name.clone(),
        set: |choices, answer| {
            choices.name = answer.to_owned();
            Some(())
        },
    },
    Question {
        text: "AWS Region",
        words: &[],
        default: |choices| choices.region.clone(),
        set: |choices, answer| {
            choices.region = answer.to_owned();
            Some(())
        },
    },
    Question {
        text: "account of the cluster",
        words: &[],
        default: |choices| choices.owner.clone(),
        set: |choices, answer| {
            choices.owner = answer.to_owned();
            Some(())
        },
    },
    Question {
        text: "account of the clients",
        words: &[],
        default: |choices| choices.client.clone(),
        set: |choices, answer| {
            choices.client = answer.to_owned();
            Some(())
        },
    },
    Question {
        text: "kind of cluster",
        words: ClusterKind::WORDS,
        default: |choices| choices.kind.to_string(),
        set: |choices, answer| {
            choices.kind = ClusterKind::from_word(answer)?;
            choices.via = default_via(choices.kind);
            choices.auth = default_auth(choices.kind, choices.via);
            Some(())
        },
    },
    Question {
        text: "how many brokers",
        words: &[],
        default: |choices| choices.brokers.to_string(),
        set: |choices, answer| {
            choices.brokers = answer.parse().ok()?;
            Some(())
        },
    },
    Question {
        text: "way to connect",
        words: Via::WORDS,
        default: |choices| choices.via.to_string(),
        set: |choices, answer| {
            choices.via = Via::from_word(answer)?;
            choices.auth = default_auth(choices.kind, choices.via);
            Some(())
        },
    },
    Question {
        text: "how clients authenticate",
        words: Auth::WORDS,
        default: |choices| choices.auth.to_string(),
        set: |choices, answer| {
            choices.auth = Auth::from_word(answer)?;
            Some(())
        },
    },
];

/// Questions and answers, line by line: the terminal's own editing and interrupt hold, and
/// nothing is written before the last answer.
struct Questions<R, W> {
    input: R,
    output: W,
}

impl<R: BufRead, W: Write> Questions<R, W> {
    fn choices(&mut self) -> anyhow::Result<Choices> {
        let mut choices = Choices::default();
        for question in &QUESTIONS {
            choices = self.ask(question, &choices)?;
        }
        Ok(choices)
    }

    /// Asks until an answer is one, and yields the choices with it.
    fn ask(&mut self, question: &Question, choices: &Choices) -> anyhow::Result<Choices> {
        if !question.words.is_empty() {
            writeln!(self.output, "  {}", question.words.join(", "))?;
        }
        loop {
            let default = (question.default)(choices);
            write!(self.output, "{} [{default}]: ", question.text)?;
            self.output.flush()?;
            let mut line = String::new();
            if self.input.read_line(&mut line)? == 0 {
                bail!("the answers ended before the questions; nothing was written");
            }
            let answer = if line.trim().is_empty() {
                default.as_str()
            } else {
                line.trim()
            };
            let mut changed = choices.clone();
            let fault = match (question.set)(&mut changed, answer) {
                Some(()) => changed.fault(),
                None => Some(no_answer(question, answer)),
            };
            let Some(fault) = fault else {
                return Ok(changed);
            };
            writeln!(self.output, "  {fault}")?;
        }
    }
}

fn no_answer(question: &Question, answer: &str) -> String {
    if question.words.is_empty() {
        return format!("`{answer}` is no number");
    }
    let near = blueprint::nearest(answer, question.words.iter().copied());
    near.map_or_else(
        || format!("`{answer}` is none of these words"),
        |near| format!("`{answer}` is none of these words; did you mean `{near}`?"),
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The choices that answers lead to, and what was asked and said.
    fn answered(answers: &str) -> (anyhow::Result<Choices>, String) {
        let mut questions = Questions {
            input: answers.as_bytes(),
            output: Vec::new(),
        };
        let choices = questions.choices();
        let said = String::from_utf8(questions.output).expect("UTF-8");
        (choices, said)
    }

    #[test]
    fn enter_takes_every_default() {
        let (choices, said) = answered(&"\n".repeat(QUESTIONS.len()));
        assert_eq!(choices.expect("answered"), Choices::default());
        assert!(said.starts_with("name of the estate [first]: AWS Region [eu-central-1]: "));
        assert!(
            said.ends_with("how clients authenticate [none]: "),
            "{said}"
        );
    }

    #[test]
    fn bad_answers_are_asked_again_with_the_reason() {
        let answers = "Orders\norders\neu-central-1a\neu-west-1\n1\n\n\nkafka\nec2\n\n\niam\ntls\n";
        let (choices, said) = answered(answers);
        let choices = choices.expect("answered");
        assert_eq!(
            (choices.name.as_str(), choices.region.as_str()),
            ("orders", "eu-west-1")
        );
        assert_eq!((choices.kind, choices.auth), (ClusterKind::Ec2, Auth::Tls));
        for reason in [
            "`Orders` is no name",
            "`eu-central-1a` is no AWS Region",
            "`1` is no AWS account id",
            "`kafka` is none of these words",
            "IAM is a listener of Amazon MSK",
        ] {
            assert!(said.contains(reason), "{reason} is not in:\n{said}");
        }
    }

    #[test]
    fn answers_that_end_early_are_a_failure() {
        for answers in ["", "orders\n", "orders\neu-west-1"] {
            let (choices, _) = answered(answers);
            let error = choices.expect_err("too few answers");
            assert!(error.to_string().contains("nothing was written"));
        }
    }
}
