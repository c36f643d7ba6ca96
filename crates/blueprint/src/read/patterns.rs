//! Reader of the table of patterns: rows that name a value, several or all of each dimension.

use super::fields::{Fields, Item, Reader};
use crate::diagnostic::Diagnostic;
use crate::facts::Confidence;
use crate::patterns::{Pattern, REFUSALS, Relation, Row, Ruling, State};
use crate::source::{Node, Source, Value as Written};
use crate::spec::{Auth, ClusterKind};

/// Most rows of the table: as many as it has cells.
const MAX_ROWS: usize = 800;

const FILE: &str = "the table of patterns";
const FILE_KEYS: [&str; 3] = ["subject", "read", "rows"];
const ROW_KEYS: [&str; 10] = [
    "pattern",
    "kind",
    "auth",
    "account",
    "region",
    "state",
    "check",
    "because",
    "source",
    "confidence",
];
const STATES: [State; 3] = [State::Allowed, State::Refused { check: "" }, State::Unknown];

/// Reads the rows in order, those at fault left out.
pub(crate) fn read_rows(text: &str) -> (Vec<Row>, Source, Vec<Diagnostic>) {
    let (source, findings) = Source::parse(text);
    let mut reader = Reader::default();
    findings
        .into_iter()
        .for_each(|finding| reader.push(finding));
    let rows = reader.rows(source.root());
    let findings = reader.in_order(&source);
    (rows, source, findings)
}

impl Reader {
    fn rows(&mut self, root: &Node) -> Vec<Row> {
        let mut item = Item::root(root);
        FILE.clone_into(&mut item.name);
        let Some(fields) = self.fields_of(&item, FILE, &FILE_KEYS) else {
            return Vec::new();
        };
        let rows = fields.require(self, "rows", "`rows:` with at least one row");
        let items = rows.and_then(|rows| self.list(&rows, "`- state: …` lines below it", MAX_ROWS));
        let items = items.unwrap_or_default();
        items.iter().filter_map(|item| self.row(item)).collect()
    }

    fn row(&mut self, item: &Item<'_>) -> Option<Row> {
        let fields = self.fields_of(item, "a row", &ROW_KEYS)?;
        let patterns = self.dimension(&fields, "pattern", Pattern::ALL, Pattern::as_str);
        let kinds = self.dimension(&fields, "kind", ClusterKind::ALL, ClusterKind::as_str);
        let auths = self.dimension(&fields, "auth", Auth::ALL, Auth::as_str);
        let accounts = self.dimension(&fields, "account", Relation::ALL, Relation::as_str);
        let regions = self.dimension(&fields, "region", Relation::ALL, Relation::as_str);
        let ruling = self.row_ruling(&fields);
        Some(Row {
            patterns: patterns?,
            kinds: kinds?,
            auths: auths?,
            accounts: accounts?,
            regions: regions?,
            ruling: ruling?,
        })
    }

    /// Reads one word or a list of them; all where nothing is said.
    fn dimension<T: Copy>(
        &mut self,
        fields: &Fields<'_>,
        key: &str,
        all: &[T],
        word: fn(T) -> &'static str,
    ) -> Option<Vec<T>> {
        let Some(item) = fields.get(key) else {
            return Some(all.to_vec());
        };
        if !matches!(item.node.value, Written::List(_)) {
            return Some(vec![self.word(&item, all, word)?]);
        }
        let items = self.list(&item, "`[msk, ec2]`", all.len())?;
        items
            .iter()
            .map(|item| self.word(item, all, word))
            .collect()
    }

    fn word<T: Copy>(
        &mut self,
        item: &Item<'_>,
        all: &[T],
        word: fn(T) -> &'static str,
    ) -> Option<T> {
        let text = self.text(item, "a word", "one of the known words")?;
        self.one_of(item, text, all, word)
    }

    fn row_ruling(&mut self, fields: &Fields<'_>) -> Option<Ruling> {
        let state = self.state(fields);
        let because = self.required_text(fields, "because");
        let source = self.required_text(fields, "source");
        let confidence = fields.require(self, "confidence", "`confidence: read`")?;
        let confidence = self.word(&confidence, &Confidence::ALL, Confidence::as_str);
        Some(Ruling {
            state: state?,
            because: because?,
            source: source?,
            confidence: confidence?,
        })
    }

    /// Reads `state` with `check`, which belongs to refused rows and to no others.
    fn state(&mut self, fields: &Fields<'_>) -> Option<State> {
        let state = fields.require(self, "state", "`state: allowed`")?;
        let state = self.word(&state, &STATES, State::as_str)?;
        match state {
            State::Allowed | State::Unknown => {
                if let Some(check) = fields.get("check") {
                    self.wrong_type(&check, "nothing in a row that refuses nothing", "remove it");
                    return None;
                }
                Some(state)
            }
            State::Refused { .. } => {
                let check = fields.require(self, "check", "`check: unsupported-pattern`")?;
                let check = self.word(&check, &REFUSALS, |name| name)?;
                Some(State::Refused { check })
            }
        }
    }

    fn required_text(&mut self, fields: &Fields<'_>, key: &str) -> Option<String> {
        let item = fields.require(self, key, &format!("`{key}:` with a text"))?;
        let text = self.text(&item, "a text", &format!("`{key}:` with a text"))?;
        Some(text.to_owned())
    }
}
