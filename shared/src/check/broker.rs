//! Can the broker be used.

use std::error::Error;
use std::time::Duration;

use lapin::ErrorKind;
use lapin::uri::AMQPUri;
use tokio::time::timeout;

use super::{Row, Trouble};
use crate::broker;
use crate::config::BrokerConfig;
use crate::topology;

pub const SUBJECT: &str = "broker";
const SETTING: &str = "AMQP_URL";

/// Connects to every address and declares the queues there, as every start does.
pub async fn broker(config: &BrokerConfig, limit: Duration) -> Vec<Row> {
    let mut rows = Vec::new();
    for address in config.addresses() {
        let place = format!("{}:{}", address.authority.host, address.authority.port);
        rows.push(match timeout(limit, try_out(address)).await {
            Ok(Ok(())) => Row::works(SUBJECT, format!("RabbitMQ at {place}, the queues are there")),
            Ok(Err(error)) => row(&place, address, &error, limit),
            Err(_) => fails(&place, Trouble::NoAnswer(limit)),
        });
    }
    rows
}

async fn try_out(address: &AMQPUri) -> Result<(), lapin::Error> {
    let connection = broker::open(address.clone(), "check-config").await?;
    let channel = connection.create_channel().await?;
    topology::declare(&channel).await?;
    connection.close(200, "checked".into()).await
}

fn fails(place: &str, trouble: Trouble) -> Row {
    Row::fails(SUBJECT, format!("{place} {trouble}"), trouble.advice(SETTING))
}

/// The broker's own words are left out: they might quote what it was sent.
fn row(place: &str, address: &AMQPUri, error: &lapin::Error, limit: Duration) -> Row {
    let ErrorKind::ProtocolError(refusal) = error.kind() else {
        let cause: &(dyn Error + 'static) = match error.kind() {
            ErrorKind::IOError(cause) => cause.as_ref(),
            _ => error,
        };
        return fails(place, Trouble::of(cause, limit));
    };
    let text = refusal.get_message().as_str();
    let (found, advice) = match refusal.get_id() {
        403 if text.contains("Login was refused") => (
            "refused the user or the password".to_owned(),
            "Is the password in AMQP_URL the broker's? In compose BROKER_PASSWORD counts only when the broker's \
             volume is made.",
        ),
        403 => (
            "lets the user in, but not make or use the queues".to_owned(),
            "Give the user of AMQP_URL all rights on the virtual host: rabbitmqctl set_permissions.",
        ),
        406 => (
            "holds a queue or exchange of ours with other arguments".to_owned(),
            "Another version made it. Let the queue run empty, delete it, and start again.",
        ),
        530 => (
            format!("has no virtual host `{}` for this user", address.vhost),
            "The part of AMQP_URL after the last / names it; %2f is the default one.",
        ),
        id => (format!("refused us with {id}"), "Its log says more."),
    };
    Row::fails(SUBJECT, format!("{place} {found}"), advice)
}

#[cfg(test)]
mod tests {
    use lapin::protocol::{AMQPError, AMQPErrorKind, AMQPHardError, AMQPSoftError};

    use super::*;

    fn said(kind: AMQPErrorKind, text: &str) -> String {
        let address: AMQPUri = "amqp://zamer:brokersecret@rabbitmq/zamer".parse().unwrap();
        let error = ErrorKind::ProtocolError(AMQPError::new(kind, text.into())).into();
        row("rabbitmq:5672", &address, &error, Duration::from_secs(5)).to_string()
    }

    #[test]
    fn a_refusal_of_the_broker_is_told_without_its_words() {
        let soft = |error, text| said(AMQPErrorKind::Soft(error), text);
        let login = "ACCESS_REFUSED - Login was refused using authentication mechanism PLAIN";
        let refused = soft(AMQPSoftError::ACCESSREFUSED, login);
        assert!(refused.starts_with("FAILS  broker  rabbitmq:5672 refused the user or the password\n"));
        let rights = soft(AMQPSoftError::ACCESSREFUSED, "ACCESS_REFUSED - configure access to exchange");
        assert!(rights.starts_with("FAILS  broker  rabbitmq:5672 lets the user in, but not make"));
        let other = soft(AMQPSoftError::PRECONDITIONFAILED, "PRECONDITION_FAILED - inequivalent arg");
        assert!(other.contains("with other arguments"));
        let host =
            said(AMQPErrorKind::Hard(AMQPHardError::NOTALLOWED), "NOT_ALLOWED - vhost zamer not found");
        assert!(host.contains("has no virtual host `zamer` for this user"));
        let all = [refused, rights, other, host].concat();
        assert!(!all.contains("brokersecret") && !all.contains("inequivalent"));
    }
}
