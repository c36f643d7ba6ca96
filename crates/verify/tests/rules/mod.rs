//! The rules that came with further patterns, one file per kind of object.

mod acl;
mod endpoints;
mod gateways;
mod names;
mod preserved;
mod survey;
mod transit;
