//! Templates of advertised addresses, such as `b-{id}.orders.internal:{9000+id}`.

use blueprint::kafka::HostPort;

/// What a template says for one broker, or what is wrong with it in words.
pub(crate) fn fill(template: &str, id: u32) -> Result<HostPort, String> {
    let text = substitute(template, id)?;
    let (host, port) = text
        .rsplit_once(':')
        .ok_or_else(|| format!("`{text}` has no port"))?;
    if host.is_empty() {
        return Err(format!("`{text}` has no host"));
    }
    let port = port
        .parse()
        .ok()
        .filter(|port| *port != 0)
        .ok_or_else(|| format!("`{port}` is not a port from 1 to 65535"))?;
    Ok(HostPort {
        host: host.trim_end_matches('.').to_lowercase(),
        port,
    })
}

fn substitute(template: &str, id: u32) -> Result<String, String> {
    let mut text = String::new();
    let mut rest = template;
    while let Some((before, after)) = rest.split_once('{') {
        let (inside, behind) = after
            .split_once('}')
            .ok_or_else(|| format!("`{template}` opens a brace and does not close it"))?;
        text.push_str(before);
        text.push_str(&value(inside, id)?.to_string());
        rest = behind;
    }
    text.push_str(rest);
    Ok(text)
}

/// `id`, or a sum of a number and `id`.
fn value(inside: &str, id: u32) -> Result<u64, String> {
    let terms = inside.split('+').map(|term| match term.trim() {
        "id" => Some(u64::from(id)),
        number => number.parse::<u32>().ok().map(u64::from),
    });
    terms.sum::<Option<u64>>().ok_or_else(|| {
        format!("`{{{inside}}}` is neither `{{id}}` nor a sum such as `{{9000+id}}`")
    })
}

#[cfg(test)]
mod tests {
    use super::fill;

    #[test]
    fn templates() {
        let cases = [
            (
                "b-{id}.orders.internal:{9000+id}",
                "b-7.orders.internal:9007",
            ),
            ("Kafka.example.com.:{id+100}", "kafka.example.com:107"),
            ("10.0.0.{id}:9092", "10.0.0.7:9092"),
        ];
        for (template, expected) in cases {
            assert_eq!(fill(template, 7).unwrap().to_string(), expected);
        }
    }

    #[test]
    fn malformed_templates() {
        let cases = [
            ("b-{id}.orders.internal", "has no port"),
            (":9092", "has no host"),
            ("b-{id:9092", "does not close"),
            ("b-{name}:9092", "neither"),
            ("b-{id}:{65530+id}", "not a port"),
            ("b-{id}:0", "not a port"),
            ("b:{4294967295+4294967295+id}", "not a port"),
        ];
        for (template, expected) in cases {
            let message = fill(template, 7).unwrap_err();
            assert!(message.contains(expected), "{template}: {message}");
        }
    }
}
