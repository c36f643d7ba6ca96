//! How a command by which something is accepted is waited for: AWS answers before what is accepted
//! carries packets, and what comes next needs it to.

/// What a command accepts: the command, how its state is asked for, and the state that is waited
/// for. `{}` stands for what the command's own options say, one by one.
struct Wait {
    accepts: &'static str,
    options: &'static [&'static str],
    asks: &'static str,
    state: &'static str,
}

const WAITS: [Wait; 4] = [
    Wait {
        accepts: "aws ec2 accept-transit-gateway-vpc-attachment ",
        options: &["--transit-gateway-attachment-id"],
        asks: "aws ec2 describe-transit-gateway-vpc-attachments --transit-gateway-attachment-ids {} --query 'TransitGatewayVpcAttachments[0].State'",
        state: "available",
    },
    Wait {
        accepts: "aws ec2 accept-transit-gateway-peering-attachment ",
        options: &["--transit-gateway-attachment-id"],
        asks: "aws ec2 describe-transit-gateway-peering-attachments --transit-gateway-attachment-ids {} --query 'TransitGatewayPeeringAttachments[0].State'",
        state: "available",
    },
    Wait {
        accepts: "aws ec2 accept-vpc-peering-connection ",
        options: &["--vpc-peering-connection-id"],
        asks: "aws ec2 describe-vpc-peering-connections --vpc-peering-connection-ids {} --query 'VpcPeeringConnections[0].Status.Code'",
        state: "active",
    },
    Wait {
        accepts: "aws ec2 accept-vpc-endpoint-connections ",
        options: &["--service-id", "--vpc-endpoint-ids"],
        asks: "aws ec2 describe-vpc-endpoint-connections --filters Name=service-id,Values={} Name=vpc-endpoint-id,Values={} --query 'VpcEndpointConnections[0].VpcEndpointState'",
        state: "available",
    },
];

/// The shell function that waits; at most 60 times 10 seconds, which is longer than any of these
/// takes.
pub(super) const FUNCTION: &str = "# waits until a command prints a word, ten minutes at most: until_is WORD COMMAND ...\nuntil_is() {\n  word=$1; shift; tries=0\n  until [ \"$(\"$@\")\" = \"$word\" ]; do\n    tries=$((tries + 1))\n    [ \"$tries\" -lt 60 ] || { echo \"not $word after ten minutes: $*\" >&2; return 1; }\n    sleep 10\n  done\n}";

/// The line that waits for what a command of an account accepts.
pub(super) fn behind(line: &str, account: &str) -> Option<String> {
    let wait = WAITS.iter().find(|wait| line.starts_with(wait.accepts))?;
    let mut asks = wait.asks.to_owned();
    for option in wait.options {
        asks = asks.replacen("{}", value(line, option)?, 1);
    }
    let region = value(line, "--region")?;
    Some(format!(
        "until_is {} {asks} --output text --region {region} --profile {account}",
        wait.state
    ))
}

/// What stands behind an option.
fn value<'l>(line: &'l str, option: &str) -> Option<&'l str> {
    let mut words = line.split(' ').skip_while(|word| *word != option);
    words.nth(1)
}
