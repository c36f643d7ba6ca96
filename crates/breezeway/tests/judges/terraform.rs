//! Terraform on copies of rendered modules: formatting, validation, plans without an account.
//!
//! A run is one root. It is a copy of one module with an override beside it that keeps the
//! provider from asking AWS, or it is a root of ours that calls many modules, whose copies lack
//! the file that configures the provider: so hundreds of modules take one run of one provider.

use std::cell::OnceCell;
use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use std::process::Command;
use std::time::Duration;

use anyhow::{Context, bail};
use serde_json::{Map, Value, json};

use super::process::{Ended, Scratch, run, succeed};
use super::real::{Real, newest_minimum};
use super::standin::StandIn;
use super::tools::Tools;
use super::{Finding, Skipped};

/// Longest run: a plan of fifty modules takes ten seconds on a quiet machine.
const RUN_LIMIT: Duration = Duration::from_secs(10 * 60);

/// The file of a rendered module that configures the provider.
const PROVIDER_FILE: &str = "provider.tf";

/// Region of a root that calls modules of several Regions: no attribute that we render depends on
/// the provider's own Region, and one configuration means one process.
const REGION: &str = "eu-central-1";

const SETTINGS_FILE: &str = "terraform.rc";
const PLAN_FILE: &str = "judged.tfplan";

/// Makes the stand-in answer for AWS.
const ANSWERS: &str = "BREEZEWAY_STANDIN_ANSWERS";

/// Who answers for AWS's resource types.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Provider {
    /// HashiCorp's own: judges attributes, closed sets of values, ranges.
    Real,
    /// Ours: judges types, attributes and blocks of a newer version.
    StandIn,
}

impl Provider {
    pub(crate) const ALL: [Self; 2] = [Self::Real, Self::StandIn];
}

/// A rendered module to be called by a root of ours.
#[derive(Clone, Debug)]
pub(crate) struct Module {
    /// Its name among the modules of the root, such as its path.
    pub(crate) name: String,
    pub(crate) folder: PathBuf,
    /// A value for each of its variables.
    pub(crate) inputs: BTreeMap<String, Input>,
}

/// A value of a module's variable.
#[derive(Clone, Debug)]
pub(crate) enum Input {
    Given(Value),
    /// An output of another module of the same root.
    Output {
        module: String,
        output: String,
    },
}

/// What came of a plan.
#[derive(Clone, Debug)]
pub(crate) enum Planned {
    /// What `terraform show -json` says of it.
    Plan(Box<Value>),
    /// Why there is none.
    Refused(Vec<Finding>),
}

/// Terraform and the providers it can use.
pub(crate) struct Terraform {
    version: String,
    real: Result<Real, Skipped>,
    standin: Result<StandIn, Skipped>,
}

/// A folder that Terraform can be run in, gone when dropped.
pub(crate) struct Root {
    folder: Scratch,
    provider: Provider,
    answers: bool,
    /// What initializing objected to, once it was tried.
    initialized: OnceCell<Option<Finding>>,
}

impl Terraform {
    pub(super) fn of(tools: &Result<Tools, Skipped>) -> Result<Self, Skipped> {
        let version = version().map_err(|error| Skipped::because("Terraform", &error))?;
        Ok(Self {
            version,
            real: Real::find(),
            standin: StandIn::of(tools),
        })
    }

    pub(super) fn describe(&self) -> Vec<String> {
        let mut lines = vec![self.version.clone()];
        lines.extend(self.real.as_ref().ok().map(Real::describe));
        lines.extend(self.standin.as_ref().ok().map(StandIn::describe));
        lines
    }

    /// Whether a provider can be had.
    pub(crate) fn has(&self, provider: Provider) -> Result<(), &Skipped> {
        match provider {
            Provider::Real => self.real.as_ref().map(drop),
            Provider::StandIn => self.standin.as_ref().map(drop),
        }
    }

    /// The provider that judges most of those that a module can be used with: the real one where
    /// it is as new as the module's texts ask for, else the stand-in.
    ///
    /// # Errors
    /// When neither can be had.
    pub(crate) fn best_for<'t>(
        &self,
        texts: impl IntoIterator<Item = &'t str>,
    ) -> Result<Provider, &Skipped> {
        let minimum = newest_minimum(texts);
        match &self.real {
            Ok(real) if minimum.is_none_or(|minimum| minimum <= real.version) => Ok(Provider::Real),
            Ok(_) | Err(_) => self.has(Provider::StandIn).map(|()| Provider::StandIn),
        }
    }

    /// Files at and below a folder that `terraform fmt` would write otherwise.
    ///
    /// # Errors
    /// When Terraform cannot be run or cannot read a file.
    pub(crate) fn unformatted(&self, folder: &Path) -> anyhow::Result<Vec<PathBuf>> {
        let mut command = Command::new("terraform");
        command
            .current_dir(folder)
            .args(["fmt", "-check", "-recursive", "-list=true"]);
        let ended = run(&mut alone(command), RUN_LIMIT)?;
        if !ended.success && ended.stdout.trim().is_empty() {
            bail!("`terraform fmt` failed:\n{}", ended.last_lines());
        }
        Ok(ended.stdout.lines().map(PathBuf::from).collect())
    }

    /// A root that is a copy of one module, its variables given.
    ///
    /// # Errors
    /// When the provider cannot be had or the module cannot be copied.
    pub(crate) fn single(
        &self,
        folder: &Path,
        inputs: &BTreeMap<String, Value>,
        provider: Provider,
    ) -> anyhow::Result<Root> {
        let root = self.root(provider)?;
        copy(folder, root.folder.path(), |_| true)?;
        root.write(
            "judges_override.tf.json",
            &json!({"provider": {"aws": without_aws()}}),
        )?;
        root.write("judges.auto.tfvars.json", &json!(inputs))?;
        Ok(root)
    }

    /// A root that calls modules, each with its inputs.
    ///
    /// # Errors
    /// When the provider cannot be had, a module cannot be copied, or two have one name.
    pub(crate) fn composed(&self, modules: &[Module], provider: Provider) -> anyhow::Result<Root> {
        let root = self.root(provider)?;
        let mut calls = Map::new();
        for module in modules {
            let name = module_name(&module.name);
            let to = root.folder.path().join("modules").join(&name);
            std::fs::create_dir_all(&to)?;
            copy(&module.folder, &to, |file| file != PROVIDER_FILE)?;
            let mut call = Map::new();
            call.insert("source".to_owned(), json!(format!("./modules/{name}")));
            for (variable, input) in &module.inputs {
                call.insert(variable.clone(), input.expression());
            }
            if calls.insert(name, Value::Object(call)).is_some() {
                bail!("two modules are called `{}`", module.name);
            }
        }
        let mut aws = without_aws();
        aws["region"] = json!(REGION);
        let required = json!({"aws": {"source": "hashicorp/aws"}});
        root.write(
            "main.tf.json",
            &json!({
                "terraform": {"required_providers": required},
                "provider": {"aws": aws},
                "module": calls,
            }),
        )?;
        Ok(root)
    }

    fn root(&self, provider: Provider) -> anyhow::Result<Root> {
        let installation = match provider {
            Provider::Real => self.real.as_ref().map(Real::installation),
            Provider::StandIn => self.standin.as_ref().map(StandIn::installation),
        };
        let installation = installation.map_err(|reason| anyhow::anyhow!("{reason}"))?;
        let folder = Scratch::new()?;
        let settings = format!("provider_installation {{\n  {installation}\n}}\n");
        std::fs::write(folder.path().join(SETTINGS_FILE), settings)?;
        Ok(Root {
            folder,
            provider,
            answers: false,
            initialized: OnceCell::new(),
        })
    }
}

impl Root {
    /// What `terraform validate` objects to, warnings too.
    ///
    /// # Errors
    /// When Terraform cannot be run or does not answer with findings.
    pub(crate) fn validate(&self) -> anyhow::Result<Vec<Finding>> {
        if let Some(refused) = self.initialized()? {
            return Ok(vec![refused.clone()]);
        }
        let ended = self.run(&["validate", "-json"])?;
        let said: Value = serde_json::from_str(&ended.stdout).with_context(|| {
            format!(
                "`terraform validate` did not answer in JSON:\n{}",
                ended.last_lines()
            )
        })?;
        let said = said["diagnostics"].as_array();
        Ok(said.into_iter().flatten().filter_map(finding).collect())
    }

    /// Lets the stand-in answer for AWS, each value unlike all others, so that a plan shows where
    /// it goes.
    pub(crate) fn answered(mut self) -> Self {
        self.answers = true;
        self
    }

    /// Lets a plan show outputs of modules, by module and output, under these names.
    ///
    /// # Errors
    /// When that cannot be written.
    pub(crate) fn show(&self, outputs: &BTreeMap<String, (String, String)>) -> anyhow::Result<()> {
        let shown = outputs.iter().map(|(name, (module, output))| {
            let value = format!("${{module.{}.{output}}}", module_name(module));
            (name.clone(), json!({"value": value}))
        });
        let shown: Map<String, Value> = shown.collect();
        self.write("shown.tf.json", &json!({"output": shown}))
    }

    /// A plan, made without an account.
    ///
    /// # Errors
    /// When Terraform cannot be run or does not say why it refuses.
    pub(crate) fn plan(&self) -> anyhow::Result<Planned> {
        if let Some(refused) = self.initialized()? {
            return Ok(Planned::Refused(vec![refused.clone()]));
        }
        let out = format!("-out={PLAN_FILE}");
        let ended = self.run(&["plan", "-json", "-input=false", "-lock=false", &out])?;
        if !ended.success {
            let lines = ended.stdout.lines();
            let said = lines.filter_map(|line| serde_json::from_str::<Value>(line).ok());
            let found: Vec<Finding> = said
                .filter_map(|said| finding(&said["diagnostic"]))
                .collect();
            if found.is_empty() {
                bail!("`terraform plan` failed:\n{}", ended.last_lines());
            }
            return Ok(Planned::Refused(found));
        }
        let shown = succeed(&mut self.command(&["show", "-json", PLAN_FILE]), RUN_LIMIT)?;
        let plan = serde_json::from_str(&shown.stdout).context("a plan is shown as JSON")?;
        Ok(Planned::Plan(plan))
    }

    /// Installs modules, and the provider where it is not ours; what stood in the way if it was
    /// the text.
    fn initialized(&self) -> anyhow::Result<Option<&Finding>> {
        if self.initialized.get().is_none() {
            // Ours needs no installation, and `init` would look for it in the registry.
            let arguments: &[&str] = match self.provider {
                Provider::Real => &["init", "-input=false", "-no-color", "-backend=false"],
                Provider::StandIn => &["get", "-no-color"],
            };
            let ended = self.run(arguments)?;
            let refused = (!ended.success).then(|| Finding {
                file: PathBuf::new(),
                line: None,
                rule: "initialization".to_owned(),
                message: ended.last_lines(),
            });
            let _ = self.initialized.set(refused);
        }
        Ok(self.initialized.get().and_then(Option::as_ref))
    }

    fn run(&self, arguments: &[&str]) -> anyhow::Result<Ended> {
        run(&mut self.command(arguments), RUN_LIMIT)
    }

    fn command(&self, arguments: &[&str]) -> Command {
        let mut command = Command::new("terraform");
        command.current_dir(self.folder.path()).args(arguments);
        let mut command = alone(command);
        command.env("TF_CLI_CONFIG_FILE", self.folder.path().join(SETTINGS_FILE));
        if self.provider == Provider::StandIn {
            // It speaks no TLS; both ends are on this host.
            command.env("TF_DISABLE_PLUGIN_TLS", "1");
        }
        if self.answers {
            command.env(ANSWERS, "1");
        }
        command
    }

    fn write(&self, name: &str, value: &Value) -> anyhow::Result<()> {
        let path = self.folder.path().join(name);
        std::fs::write(&path, value.to_string())
            .with_context(|| format!("could not write `{}`", path.display()))
    }
}

impl Input {
    fn expression(&self) -> Value {
        match self {
            Self::Given(value) => escaped(value),
            Self::Output { module, output } => {
                json!(format!("${{module.{}.{output}}}", module_name(module)))
            }
        }
    }
}

/// The name of a module in a root that calls it.
pub(crate) fn module_name(name: &str) -> String {
    let valid = |c: char| c.is_ascii_alphanumeric() || c == '_' || c == '-';
    let kept = name.chars().map(|c| if valid(c) { c } else { '-' });
    // A name must not begin with a digit, and that of an account does.
    format!("m-{}", kept.collect::<String>())
}

/// A value whose texts are not read as templates.
fn escaped(value: &Value) -> Value {
    match value {
        Value::String(text) => json!(text.replace("${", "$${").replace("%{", "%%{")),
        Value::Array(values) => values.iter().map(escaped).collect(),
        Value::Object(members) => {
            let members = members
                .iter()
                .map(|(key, value)| (key.clone(), escaped(value)));
            Value::Object(members.collect())
        }
        Value::Null | Value::Bool(_) | Value::Number(_) => value.clone(),
    }
}

/// Settings that keep the provider from asking AWS. The account is not known then, so that none
/// can be allowed.
fn without_aws() -> Value {
    json!({
        "access_key": "none",
        "secret_key": "none",
        "allowed_account_ids": null,
        "skip_credentials_validation": true,
        "skip_metadata_api_check": "true",
        "skip_region_validation": true,
        "skip_requesting_account_id": true,
    })
}

/// Keeps the user's own settings away.
fn alone(mut command: Command) -> Command {
    let set = std::env::vars_os().map(|(name, _)| name);
    for name in set.filter(|name| is_setting(&name.to_string_lossy())) {
        command.env_remove(name);
    }
    command
        .env("CHECKPOINT_DISABLE", "1")
        .env("TF_IN_AUTOMATION", "1");
    command
}

fn is_setting(name: &str) -> bool {
    name.starts_with("TF_") || name.starts_with("AWS_")
}

fn copy(from: &Path, to: &Path, is_wanted: impl Fn(&str) -> bool) -> anyhow::Result<()> {
    let shown = from.display();
    let entries = std::fs::read_dir(from).with_context(|| format!("could not list `{shown}`"))?;
    for entry in entries {
        let entry = entry?;
        let name = entry.file_name();
        let is_text = entry
            .path()
            .extension()
            .is_some_and(|extension| extension == "tf");
        if is_text && is_wanted(&name.to_string_lossy()) {
            std::fs::copy(entry.path(), to.join(name))?;
        }
    }
    Ok(())
}

/// A diagnostic of Terraform, unless it is one about how we run it.
fn finding(said: &Value) -> Option<Finding> {
    let summary = said["summary"].as_str()?;
    if summary == "Provider development overrides are in effect" {
        return None;
    }
    let detail = said["detail"].as_str().unwrap_or_default();
    Some(Finding {
        file: said["range"]["filename"]
            .as_str()
            .unwrap_or_default()
            .into(),
        line: said["range"]["start"]["line"].as_u64(),
        rule: summary.to_owned(),
        message: detail.split_whitespace().collect::<Vec<_>>().join(" "),
    })
}

fn version() -> anyhow::Result<String> {
    let mut command = Command::new("terraform");
    command.args(["version", "-json"]);
    let said =
        succeed(&mut alone(command), RUN_LIMIT).context("Terraform 1.9 or newer is needed")?;
    let said: Value = serde_json::from_str(&said.stdout).context("`terraform version` is JSON")?;
    let version = said["terraform_version"]
        .as_str()
        .context("Terraform tells its version")?;
    Ok(format!("terraform {version}"))
}
