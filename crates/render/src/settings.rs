//! Settings of brokers on `ec2`: a `server.properties` for each.

use blueprint::Blueprint;
use blueprint::ids::ClusterId;
use blueprint::kafka;
use blueprint::network::Vpc;
use blueprint::spec::ClusterKind;

/// The settings of every broker on `ec2`: path below the output folder, and text.
pub(crate) fn files(blueprint: &Blueprint) -> Vec<(String, String)> {
    let clusters = blueprint.clusters.iter();
    let own = clusters.filter(|(_, cluster)| cluster.kind == ClusterKind::Ec2);
    let files = own.flat_map(|(id, cluster)| {
        let brokers = cluster.brokers.iter();
        brokers.filter_map(move |(broker, held)| {
            let vpc = blueprint.vpcs.get(&cluster.vpc)?;
            let eni = blueprint.enis.get(&held.eni)?;
            let lines = kafka::properties(cluster, *broker, eni.address);
            Some((path(vpc, id, *broker), text(id, *broker, &lines)))
        })
    });
    files.collect()
}

/// Where a broker's settings lie below the output folder.
pub(crate) fn path(vpc: &Vpc, cluster: &ClusterId, broker: u32) -> String {
    format!(
        "{}/{}/settings/{cluster}/broker-{broker}.server.properties",
        vpc.account, vpc.region
    )
}

fn text(cluster: &ClusterId, broker: u32, lines: &[(String, String)]) -> String {
    let mut text = format!(
        "# Broker {broker} of `{cluster}`: what the network needs of it. Yours are `log.dirs`, key stores,\n# users and whatever else the broker is to do.\n"
    );
    for (name, value) in lines {
        text.push_str(&format!(
            "{}={}\n",
            escaped(name, true),
            escaped(value, false)
        ));
    }
    text
}

/// A name or value as Java reads it from a properties file.
fn escaped(text: &str, is_name: bool) -> String {
    let mut out = String::with_capacity(text.len());
    for (at, letter) in text.chars().enumerate() {
        match letter {
            '\n' => out.push_str("\\n"),
            '\r' => out.push_str("\\r"),
            '\\' => out.push_str("\\\\"),
            ' ' if at == 0 || is_name => out.push_str("\\ "),
            '=' | ':' | '#' | '!' if is_name => {
                out.push('\\');
                out.push(letter);
            }
            other => out.push(other),
        }
    }
    out
}

#[cfg(test)]
mod tests {
    use super::escaped;

    #[test]
    fn properties_are_escaped_as_java_reads_them() {
        assert_eq!(escaped("a b=c", true), "a\\ b\\=c");
        assert_eq!(escaped(" a\\b\nc:d=e", false), "\\ a\\\\b\\nc:d=e");
    }
}
