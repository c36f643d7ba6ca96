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
}
