//! What to do about a failure, where that is known.

use lab::LabError;

use crate::estate::UnreadableSpec;
use crate::folder::Obstructed;

/// The hint for a failure, by the first of its causes that has one.
pub(crate) fn of(error: &anyhow::Error) -> Option<String> {
    if error.downcast_ref::<UnreadableSpec>().is_some() {
        return Some("give the spec's path, or write a first one with `breezeway init`".to_owned());
    }
    if let Some(obstructed) = error.downcast_ref::<Obstructed>() {
        return Some(of_obstructed(obstructed).to_owned());
    }
    error
        .chain()
        .find_map(|cause| of_lab(cause.downcast_ref::<LabError>()?))
}

fn of_obstructed(obstructed: &Obstructed) -> &'static str {
    if obstructed.is_only_edits() {
        "say in the spec what you changed, then delete these files or give `--discard-edits`; or give `--out` another folder"
    } else {
        "move these away, or give `--out` another folder"
    }
}

fn of_lab(error: &LabError) -> Option<String> {
    let hint = match error {
        LabError::Contain { .. }
        | LabError::EndedEarly
        | LabError::Namespace { .. }
        | LabError::Sysctl { .. }
        | LabError::Netlink { .. }
        | LabError::LinkDown { .. }
        | LabError::Log { .. } => {
            "the lab needs user namespaces and nftables; `breezeway doctor` shows what this machine allows".to_owned()
        }
        LabError::Taken { name } => {
            format!("`breezeway lab down --lab {name}` ends it, or give this spec another `name`")
        }
        LabError::Unsafe { .. } => {
            "set `XDG_RUNTIME_DIR` to a folder that belongs to you alone".to_owned()
        }
        LabError::NotRaised { .. } => {
            "`breezeway check` follows its paths without raising it".to_owned()
        }
        LabError::NotSingleThreaded { .. }
        | LabError::Process { .. }
        | LabError::HostNamespace { .. }
        | LabError::Dangling { .. }
        | LabError::NoSuchEni { .. }
        | LabError::Socket { .. }
        | LabError::Resolve { .. }
        | LabError::Spawn { .. }
        | LabError::Connect { .. }
        | LabError::File { .. }
        | LabError::Abandoned { .. }
        | LabError::Lingers { .. } => return None,
    };
    Some(hint)
}
