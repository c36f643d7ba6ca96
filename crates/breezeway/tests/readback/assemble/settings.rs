//! Kafka's settings as text: `server.properties` of brokers and the properties of Amazon MSK's
//! configurations.

use std::collections::BTreeMap;

use blueprint::kafka::HostPort;

use super::props::domain;

/// Settings by key. Of a key that stands twice the last counts, as for Java's properties.
pub(super) fn properties(text: &str) -> BTreeMap<String, String> {
    let lines = text.lines().map(str::trim);
    let lines = lines.filter(|line| !line.starts_with(['#', '!']));
    let pairs = lines.filter_map(|line| line.split_once('='));
    pairs
        .map(|(key, value)| (key.trim().to_owned(), value.trim().to_owned()))
        .collect()
}

/// Listeners `NAME://HOST:PORT,…` with the port as text.
pub(super) fn listeners(value: &str) -> Result<Vec<(String, String, String)>, String> {
    let items = value
        .split(',')
        .map(str::trim)
        .filter(|item| !item.is_empty());
    let parts = items.map(|item| {
        let (name, rest) = item.split_once("://")?;
        let (host, port) = rest.rsplit_once(':')?;
        Some((name.to_owned(), host.to_owned(), port.to_owned()))
    });
    let parts: Option<_> = parts.collect();
    parts.ok_or_else(|| format!("`{value}` are no listeners"))
}

/// What a pattern of `custom.advertised.listeners` is for one broker: `{broker_id}` stands for its
/// id, and a port may be a sum with it, `9000+{broker_id}` ("Custom domain names" in the Amazon
/// MSK guide).
pub(super) fn advertised(host: &str, port: &str, broker: u32) -> Result<HostPort, String> {
    let id = broker.to_string();
    let port = port.replace("{broker_id}", &id);
    let mut sum = port.split('+').map(|term| term.trim().parse::<u16>().ok());
    let sum = sum.try_fold(0_u16, |sum, term| sum.checked_add(term?));
    Ok(HostPort {
        host: domain(&host.replace("{broker_id}", &id)),
        port: sum.ok_or_else(|| format!("`{port}` is no port"))?,
    })
}

/// What each broker of a cluster is told to advertise by commands, listener by listener: the
/// dynamic setting `advertised.listeners` of `kafka-configs.sh`, which repeats every listener. The
/// section that names the cluster holds them. Where the brokers' domain stands as a variable of the
/// shell, it is this one.
pub(super) fn commanded(
    steps: &str,
    cluster: &str,
    suffix: &str,
) -> Result<BTreeMap<u32, BTreeMap<String, HostPort>>, String> {
    let mut told = BTreeMap::new();
    let mut is_ours = false;
    let named = format!("`{cluster}`");
    for line in steps.lines() {
        if line.starts_with('#') {
            is_ours = line.contains(&named);
        }
        if !(is_ours && line.contains("kafka-configs.sh")) {
            continue;
        }
        let value = line.split_once("advertised.listeners=[");
        let value = value.and_then(|(_, rest)| rest.split_once(']'));
        let Some((value, _)) = value else { continue };
        let broker = line.split_once("--entity-name ");
        let broker = broker.and_then(|(_, rest)| rest.split(' ').next()?.parse().ok());
        let broker: u32 = broker.ok_or_else(|| format!("`{line}` is for no broker"))?;
        let listeners = listeners(&expanded(value, suffix))?.into_iter();
        let listeners =
            listeners.map(|(name, host, port)| Ok((name, advertised(&host, &port, broker)?)));
        told.insert(broker, listeners.collect::<Result<_, String>>()?);
    }
    Ok(told)
}

/// A text with its variables replaced, `${NAME}` or `${NAME:?}`, quoted or not.
fn expanded(text: &str, value: &str) -> String {
    let mut parts = text.split("${");
    let first = parts.next().unwrap_or_default().to_owned();
    let rest = parts.map(|part| match part.split_once('}') {
        Some((_, rest)) => format!("{value}{rest}"),
        None => part.to_owned(),
    });
    let whole = rest.fold(first, |whole, part| whole + &part);
    whole.replace(['"', '\''], "")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn patterns_are_filled_in() {
        let all = listeners("CLIENT_IAM://b-{broker_id}.example.com:9000+{broker_id}");
        let (name, host, port) = all.expect("listeners").remove(0);
        assert_eq!(name, "CLIENT_IAM");
        let told = advertised(&host, &port, 12).expect("an address");
        assert_eq!(told.to_string(), "b-12.example.com:9012");
        let fixed = advertised("B.example.com.", "9094", 1).expect("an address");
        assert_eq!(fixed.to_string(), "b.example.com:9094");
        assert!(advertised("b", "9000-{broker_id}", 1).is_err());
        assert!(advertised("b", "65535+1", 1).is_err());
        assert!(listeners("CLIENT").is_err());
    }

    #[test]
    fn the_last_of_a_key_counts() {
        let read = properties("# a=1\na=2\n a = 3 \n\nb=c=d\n");
        assert_eq!(read["a"], "3");
        assert_eq!(read["b"], "c=d");
    }

    #[test]
    fn commands_say_what_each_broker_advertises() {
        let steps = "
### 7. Set the listeners of `orders` broker by broker
kafka-configs.sh --bootstrap-server b-1.x:9092 --entity-type brokers --entity-name 1 --describe --all | grep advertised.listeners
kafka-configs.sh --bootstrap-server b-1.x:9092 --entity-type brokers --entity-name 1 --alter --add-config 'advertised.listeners=[CLIENT://b-1.'\"${Domain:?}\"':9001,REPLICATION://b-1-internal.x:9093]'
### 8. Set the listeners of `billing` broker by broker
kafka-configs.sh --bootstrap-server b-1.y:9092 --entity-type brokers --entity-name 1 --alter --add-config 'advertised.listeners=[CLIENT://b-1.y:9001]'
";
        let told = commanded(steps, "orders", "x").expect("commands");
        let told: Vec<_> = told[&1].iter().map(|(n, at)| format!("{n} {at}")).collect();
        assert_eq!(
            told,
            ["CLIENT b-1.x:9001", "REPLICATION b-1-internal.x:9093"]
        );
        assert_eq!(commanded(steps, "nobody", "x"), Ok(BTreeMap::new()));
    }
}
