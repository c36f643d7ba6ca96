//! Languages that are rendered to, and how each of them writes the names of inputs and outputs.

use std::fmt;

/// A language that is rendered to.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Target {
    /// AWS CloudFormation.
    CloudFormation,
    /// Terraform.
    Terraform,
}

impl Target {
    /// Its word on the command line.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::CloudFormation => "cloudformation",
            Self::Terraform => "terraform",
        }
    }

    /// A name in kebab-case as the texts of this target write it.
    pub fn written(self, name: &str) -> String {
        match self {
            Self::CloudFormation => name.split('-').map(capital).collect(),
            Self::Terraform => identifier(name),
        }
    }
}

/// A name of Terraform: no digit comes first.
fn identifier(name: &str) -> String {
    let name = name.replace('-', "_");
    match name.starts_with(|first: char| first.is_ascii_digit()) {
        true => format!("_{name}"),
        false => name,
    }
}

fn capital(word: &str) -> String {
    let mut letters = word.chars();
    let first = letters.next().map(|first| first.to_ascii_uppercase());
    first.into_iter().chain(letters).collect()
}

impl fmt::Display for Target {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(self.as_str())
    }
}

#[cfg(test)]
mod tests {
    use super::Target;

    #[test]
    fn names_are_written_in_the_target_s_case() {
        let name = "orders-broker-1-address";
        let written = Target::CloudFormation.written(name);
        assert_eq!(written, "OrdersBroker1Address");
        assert_eq!(Target::Terraform.written(name), "orders_broker_1_address");
        assert_eq!(Target::Terraform.written("9-lives"), "_9_lives");
    }
}
