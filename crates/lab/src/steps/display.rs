//! Operations as text, close to what a person would type to `ip`, `sysctl` and `nft`.

use std::fmt;

use super::{Cable, Mac, Operation, Steps, Way};

impl fmt::Display for Steps {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for operation in &self.operations {
            writeln!(f, "{operation}")?;
        }
        Ok(())
    }
}

impl fmt::Display for Operation {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Namespace { name } => write!(f, "ip netns add {name}"),
            Self::Sysctl {
                namespace,
                key,
                value,
            } => write!(f, "sysctl in {namespace}: {key}={value}"),
            Self::Cable(cable) => write!(f, "{cable}"),
            Self::Neighbour {
                namespace,
                link,
                address,
                mac,
            } => write!(
                f,
                "ip -n {namespace} neigh add {address} lladdr {mac} dev {link} nud permanent"
            ),
            Self::Address {
                namespace,
                link,
                address,
            } => write!(f, "ip -n {namespace} addr add {address}/32 dev {link}"),
            Self::Up { namespace, link } => write!(f, "ip -n {namespace} link set {link} up"),
            Self::Route {
                namespace,
                table,
                destination,
                way,
            } => write_route(f, namespace, *table, &destination.to_string(), way),
            Self::Rule {
                namespace,
                preference,
                from_link,
                table,
            } => {
                write!(f, "ip -n {namespace} rule add pref {preference}")?;
                if let Some(link) = from_link {
                    write!(f, " iif {link}")?;
                }
                match table {
                    Some(table) => write!(f, " lookup {table}"),
                    None => f.write_str(" blackhole"),
                }
            }
            Self::Ruleset { namespace, table } => write!(f, "nft in {namespace}: {table}"),
        }
    }
}

fn write_route(
    f: &mut fmt::Formatter<'_>,
    namespace: &str,
    table: u32,
    destination: &str,
    way: &Way,
) -> fmt::Result {
    write!(f, "ip -n {namespace} route add ")?;
    match way {
        Way::Link(link) => write!(f, "{destination} dev {link}")?,
        Way::Via { gateway, link } => write!(f, "{destination} via {gateway} dev {link} onlink")?,
        Way::Blackhole => write!(f, "blackhole {destination}")?,
        Way::Throw => write!(f, "throw {destination}")?,
    }
    write!(f, " table {table}")
}

impl fmt::Display for Cable {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let [a, b] = &self.ends;
        write!(
            f,
            "ip link add {} netns {} mtu {} address {} type veth peer {} netns {} mtu {} address {}",
            a.link, a.namespace, self.mtu, a.mac, b.link, b.namespace, self.mtu, b.mac
        )
    }
}

impl fmt::Display for Mac {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let [a, b, c, d, e, g] = self.0;
        write!(f, "{a:02x}:{b:02x}:{c:02x}:{d:02x}:{e:02x}:{g:02x}")
    }
}
