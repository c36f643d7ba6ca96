//! `breezeway doctor`: what this machine can do, found by trying it.

use crate::format::columns::columns;
use crate::output;

pub(crate) fn run() -> anyhow::Result<u8> {
    let mut rows = Vec::new();
    let mut remedies = Vec::new();
    let mut sound = true;
    for capability in lab::doctor() {
        let (mark, found) = match capability.found {
            Ok(found) => ("ok", found),
            Err(found) => {
                sound = false;
                remedies.push(format!("{}: {}", capability.name, capability.remedy));
                ("missing", found)
            }
        };
        rows.push(vec![capability.name.to_owned(), mark.to_owned(), found]);
    }
    for part in runtime::kafka::doctor() {
        let mark = if part.present { "ok" } else { "missing" };
        rows.push(vec![part.name.to_owned(), mark.to_owned(), part.found]);
        remedies.extend(part.remedy.map(|remedy| format!("{}: {remedy}", part.name)));
    }
    output::data(&columns(&rows))?;
    for remedy in &remedies {
        output::data(&format!("remedy for {remedy}"))?;
    }
    Ok(if sound { crate::FINE } else { crate::FINDINGS })
}
