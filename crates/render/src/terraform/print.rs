//! The files of a root module: the provider, variables, outputs, and a file for each subject.

use std::collections::{BTreeMap, BTreeSet};

use blueprint::Blueprint;

use super::hcl::{self, Entry, Expression};
use super::{expression, variables, versions};
use crate::names;
use crate::object::{Attribute, Object};
use crate::part::Resource;
use crate::target::Target;
use crate::unit::Unit;
use crate::value::Value;

/// The oldest Terraform with `startswith` and `endswith`, by which inputs are validated (its
/// changelog, 1.3.0).
const TERRAFORM_VERSION: &str = ">= 1.3";

/// Files of every module, which no subject may be named like; `override.tf` is read by Terraform
/// as a change of other files.
const RESERVED: [&str; 4] = ["provider", "variables", "outputs", "override"];

/// The files of a unit: path below the output folder, and text.
pub(super) fn files(blueprint: &Blueprint, unit: &Unit) -> Vec<(String, String)> {
    let module = Module::new(unit);
    let mut texts: BTreeMap<String, String> = BTreeMap::new();
    texts.insert("provider".to_owned(), provider(blueprint, unit));
    if !unit.inputs.is_empty() {
        texts.insert("variables".to_owned(), variables::text(blueprint, unit));
    }
    let outputs = module.outputs();
    if !outputs.is_empty() {
        texts.insert("outputs".to_owned(), hcl::text(&outputs));
    }
    for item in unit.items.iter().filter(|item| !item.resources.is_empty()) {
        let mut text = hcl::comment(&item.part.because);
        let names = module.resources.get(&item.part.object);
        let blocks = item.resources.iter().zip(names.into_iter().flatten());
        let blocks: Vec<_> = blocks.map(|(r, name)| module.block(r, name)).collect();
        text.push_str(&hcl::text(&blocks));
        let file = texts.entry(file(&item.part.place.subject)).or_default();
        if !file.is_empty() {
            file.push('\n');
        }
        file.push_str(&text);
    }
    let files = texts.into_iter();
    let files = files.map(|(name, text)| (format!("{}/{name}.tf", unit.path), text));
    files.collect()
}

/// The file of a subject, without its ending.
fn file(subject: &str) -> String {
    let name = names::kebab(subject);
    match name.as_str() {
        "" => "main".to_owned(),
        name if RESERVED.contains(&name) => format!("{name}-objects"),
        _ => name,
    }
}

/// A name as Terraform's language has it.
pub(super) fn snake(name: &str) -> String {
    match name {
        "" => "this".to_owned(),
        name => Target::Terraform.written(name),
    }
}

/// A root module, and what its resources are called.
pub(super) struct Module<'u> {
    unit: &'u Unit,
    /// The names of each object's resources, in their order.
    resources: BTreeMap<&'u Object, Vec<String>>,
}

impl<'u> Module<'u> {
    pub(super) fn new(unit: &'u Unit) -> Self {
        let mut taken = BTreeSet::new();
        let mut resources = BTreeMap::new();
        for item in &unit.items {
            let named = item.resources.iter().map(|resource| {
                let mut name = snake(&match resource.suffix.is_empty() {
                    true => item.name.clone(),
                    false => format!("{}-{}", item.name, resource.suffix),
                });
                while !taken.insert((resource.kind, name.clone())) {
                    name.push_str("_again");
                }
                name
            });
            let named: Vec<String> = named.collect();
            resources.insert(&item.part.object, named);
        }
        Self { unit, resources }
    }

    /// The address of an object's first resource, such as `aws_vpc.shop`.
    fn address(&self, object: &Object) -> Option<String> {
        let resource = self.unit.item(object)?.resources.first()?;
        let name = self.resources.get(object)?.first()?;
        Some(format!("{}.{name}", resource.kind))
    }

    /// A reference to what AWS gives an object of this module.
    pub(super) fn reference(&self, object: &Object, attribute: Attribute) -> String {
        // A value of an object that has no resource is none that any resource takes.
        let address = self.address(object);
        address.map_or_else(
            || "null".to_owned(),
            |address| format!("{address}.{}", attribute_of(object, attribute)),
        )
    }

    /// A reference to an input.
    pub(super) fn input(&self, name: &str) -> String {
        format!("var.{}", snake(name))
    }

    fn block(&self, resource: &Resource, name: &str) -> Entry {
        let mut body = expression::entries(&resource.properties, self);
        let after = self.after(resource);
        if !after.is_empty() {
            let after = after.into_iter().map(Expression::Raw).collect();
            body.push(Entry::argument("depends_on", Expression::List(after)));
        }
        if resource.keeps_data {
            let keep = Entry::argument("prevent_destroy", Expression::Raw("true".to_owned()));
            body.push(Entry::block("lifecycle", vec![keep]));
        }
        Entry::block(format!("resource \"{}\" \"{name}\"", resource.kind), body)
    }

    /// The addresses of what must be there before a resource and is not referred to by it.
    fn after(&self, resource: &Resource) -> Vec<String> {
        let mut referred = BTreeSet::new();
        for (_, value) in &resource.properties {
            value.walk(&mut |value| {
                if let Value::Of(object, _) = value {
                    referred.extend(self.address(object));
                }
            });
        }
        let after = resource.after.iter();
        let after = after.flat_map(|object| self.addresses(object));
        after
            .filter(|address| !referred.contains(address))
            .collect()
    }

    /// The addresses of all resources of an object.
    fn addresses(&self, object: &Object) -> Vec<String> {
        let Some(item) = self.unit.item(object) else {
            return Vec::new();
        };
        let names = self.resources.get(object).into_iter().flatten();
        let resources = item.resources.iter().zip(names);
        let addresses = resources.map(|(resource, name)| format!("{}.{name}", resource.kind));
        addresses.collect()
    }

    fn outputs(&self) -> Vec<Entry> {
        let outputs = self.unit.outputs.iter();
        let outputs = outputs.filter_map(|(name, (object, attribute))| {
            self.address(object)?;
            let item = self.unit.item(object)?;
            let what = format!(
                "{} of {} `{}`",
                word(*attribute),
                names::kind(object).replace('-', " "),
                item.name
            );
            let body = vec![
                Entry::argument("description", Expression::text(&what)),
                Entry::argument("value", Expression::Raw(self.reference(object, *attribute))),
            ];
            Some(Entry::block(format!("output \"{}\"", snake(name)), body))
        });
        outputs.collect()
    }
}

fn word(attribute: Attribute) -> &'static str {
    match attribute {
        Attribute::Id => "id",
        Attribute::Arn => "ARN",
        Attribute::DnsName => "DNS name",
        Attribute::DnsZone => "hosted zone of the DNS name",
        Attribute::ServiceName => "service name",
        Attribute::Revision => "newest revision",
    }
}

/// The provider's name for what AWS gives an object.
fn attribute_of(object: &Object, attribute: Attribute) -> &'static str {
    let is_endpoint = matches!(object, Object::Endpoint(_));
    match attribute {
        Attribute::Id if is_known_by_arn(object) => "arn",
        Attribute::Id if matches!(object, Object::HostedZone(_)) => "zone_id",
        Attribute::Id => "id",
        Attribute::Arn => "arn",
        Attribute::DnsName if is_endpoint => "dns_entry[0].dns_name",
        Attribute::DnsName => "dns_name",
        Attribute::DnsZone if is_endpoint => "dns_entry[0].hosted_zone_id",
        Attribute::DnsZone => "zone_id",
        Attribute::ServiceName => "service_name",
        Attribute::Revision => "latest_revision",
    }
}

/// Whether others refer to an object by its ARN only.
fn is_known_by_arn(object: &Object) -> bool {
    matches!(
        object,
        Object::Balancer(_)
            | Object::TargetGroup(_)
            | Object::Listener(..)
            | Object::Cluster(_)
            | Object::Configuration(_)
            | Object::ScramKey(_)
            | Object::ScramSecret(_)
            | Object::TransitShare(_)
            | Object::ResourceShare(_)
            | Object::VpcConnection(_)
    )
}

fn provider(blueprint: &Blueprint, unit: &Unit) -> String {
    let resources = unit.items.iter().flat_map(|item| &item.resources);
    let version = versions::needed(resources);
    let aws = Expression::Object(vec![
        ("source".to_owned(), Expression::text("hashicorp/aws")),
        (
            "version".to_owned(),
            Expression::text(&format!(">= {version}")),
        ),
    ]);
    let account = Expression::text(&unit.place.account);
    let tags = vec![("breezeway".to_owned(), Expression::text(&blueprint.name))];
    let terraform = vec![
        Entry::argument("required_version", Expression::text(TERRAFORM_VERSION)),
        Entry::block("required_providers", vec![Entry::argument("aws", aws)]),
    ];
    let provider = vec![
        Entry::argument("region", Expression::text(&unit.place.region)),
        Entry::argument("allowed_account_ids", Expression::List(vec![account])),
        Entry::block(
            "default_tags",
            vec![Entry::argument("tags", Expression::Object(tags))],
        ),
    ];
    hcl::text(&[
        Entry::block("terraform", terraform),
        Entry::block("provider \"aws\"", provider),
    ])
}
