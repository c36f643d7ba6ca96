//! What a target must say: the resources of an object, the text of a unit, the values that AWS
//! gives an object.

use blueprint::Blueprint;

use crate::object::Object;
use crate::part::Resource;
use crate::unit::Unit;

/// One of the languages that are rendered to.
pub(crate) trait Dialect {
    /// The resources of an object, the one that others refer to first.
    ///
    /// Values refer to other objects wherever they are, existing ones included: what lies in
    /// another unit or exists already is replaced when units are divided.
    fn resources(&self, blueprint: &Blueprint, object: &Object) -> Vec<Resource>;

    /// The files of a unit: path below the output folder, and text.
    fn print(&self, blueprint: &Blueprint, unit: &Unit) -> Vec<(String, String)>;
}
