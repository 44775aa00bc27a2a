//! Why a server cannot be reached, in words that say what to do.

use std::error::Error;
use std::fmt;
use std::io;
use std::time::Duration;

/// What became of a connection.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Trouble {
    /// No such host.
    Unknown,
    /// Nobody listens.
    Refused,
    NoAnswer(Duration),
    /// The connection is there, but not a trusted one.
    Untrusted,
    Broken,
}

impl Trouble {
    /// Looks for the cause behind an error of a client library.
    pub fn of(error: &(dyn Error + 'static), limit: Duration) -> Self {
        let mut next = Some(error);
        while let Some(error) = next {
            if let Some(trouble) = Self::of_one(error, limit) {
                return trouble;
            }
            next = error.source();
        }
        Self::Broken
    }

    fn of_one(error: &(dyn Error + 'static), limit: Duration) -> Option<Self> {
        let text = error.to_string();
        if text.contains("failed to lookup address") {
            return Some(Self::Unknown);
        }
        if text.contains("certificate") || text.contains("received corrupt message") {
            return Some(Self::Untrusted);
        }
        match error.downcast_ref::<io::Error>()?.kind() {
            io::ErrorKind::ConnectionRefused => Some(Self::Refused),
            io::ErrorKind::TimedOut | io::ErrorKind::HostUnreachable | io::ErrorKind::NetworkUnreachable => {
                Some(Self::NoAnswer(limit))
            }
            _ => None,
        }
    }

    /// What to look at; `setting` holds the address.
    pub fn advice(self, setting: &str) -> String {
        match self {
            Self::Unknown => {
                format!("Is the name in {setting} written right? In compose it is the service's name.")
            }
            Self::Refused => format!("Does the server run, and is the port in {setting} right?"),
            Self::NoAnswer(_) => {
                format!("Is the address in {setting} right, and does a firewall let it through?")
            }
            Self::Untrusted => format!("Is {setting} the server's own name, and is the port one for TLS?"),
            Self::Broken => format!("Is it this kind of server that listens at the address in {setting}?"),
        }
    }
}

/// Reads on after the name of the server.
impl fmt::Display for Trouble {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Unknown => f.write_str("is not known: there is no such host"),
            Self::Refused => f.write_str("refused the connection"),
            Self::NoAnswer(limit) => write!(f, "did not answer within {} s", limit.as_secs()),
            Self::Untrusted => f.write_str("shows no certificate that can be trusted"),
            Self::Broken => f.write_str("broke the connection off"),
        }
    }
}

#[cfg(test)]
mod tests {
    use tokio::net::TcpStream;

    use super::*;

    const LIMIT: Duration = Duration::from_secs(5);

    #[derive(Debug, thiserror::Error)]
    #[error("outer")]
    struct Outer(#[source] io::Error);

    #[tokio::test]
    async fn the_cause_is_found_behind_the_error() {
        let refused = TcpStream::connect("127.0.0.1:1").await.unwrap_err();
        assert_eq!(Trouble::of(&Outer(refused), LIMIT), Trouble::Refused);
        let unknown = TcpStream::connect("nobody.invalid:1").await.unwrap_err();
        assert_eq!(Trouble::of(&Outer(unknown), LIMIT), Trouble::Unknown);
        let late = io::Error::from(io::ErrorKind::TimedOut);
        assert_eq!(Trouble::of(&Outer(late), LIMIT).to_string(), "did not answer within 5 s");
        let reset = io::Error::from(io::ErrorKind::ConnectionReset);
        assert_eq!(Trouble::of(&Outer(reset), LIMIT), Trouble::Broken);
    }
}
