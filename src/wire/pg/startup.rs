//! How a connection begins: requests for encryption (declined), cancel requests, and the startup message.
//!
//! Authentication is trust: whoever reaches the port is let in under the name that they give. Bind the port to
//! where that is acceptable; the default is 127.0.0.1.

use bytes::{Buf, BufMut, Bytes};
use millstream_sql::{SqlError, SqlState};
use pgwire::messages::startup::NegotiateProtocolVersion;

use super::client::{Input, Output};
use super::error::{Failure, Outcome};

/// The largest first message, as in Postgres.
const STARTUP_LIMIT: usize = 10_000;
const CANCEL_REQUEST: u32 = 80_877_102;
const SSL_REQUEST: u32 = 80_877_103;
const GSS_REQUEST: u32 = 80_877_104;

/// What a client came for.
#[derive(Debug, PartialEq)]
pub(super) enum Opening {
    /// A session.
    Session(Startup),
    /// To cancel what another connection is running.
    Cancel {
        /// The other connection's number.
        process: i32,
        /// The secret that it was given.
        secret: i32,
    },
    /// Nothing: it left.
    Nothing,
}

/// A startup message.
#[derive(Debug, PartialEq)]
pub(super) struct Startup {
    pub(super) user: String,
    pub(super) database: String,
    /// All parameters but these two, in order.
    pub(super) parameters: Vec<(String, String)>,
}

/// Reads first messages until one says what the client came for.
pub(super) async fn open(input: &mut Input, output: &mut Output) -> Outcome<Opening> {
    loop {
        let Some(mut head) = input.bytes(8).await? else { return Ok(Opening::Nothing) };
        let (length, code) = (head.get_u32() as usize, head.get_u32());
        if !(8..=STARTUP_LIMIT).contains(&length) {
            return Err(Failure::protocol("invalid length of startup packet"));
        }
        let Some(mut body) = input.bytes(length - 8).await? else { return Ok(Opening::Nothing) };
        match code {
            SSL_REQUEST | GSS_REQUEST => {
                // No: the client goes on in the clear, or leaves.
                output.buffer.put_u8(b'N');
                output.flush().await?;
            }
            CANCEL_REQUEST if body.len() == 8 => {
                return Ok(Opening::Cancel { process: body.get_i32(), secret: body.get_i32() });
            }
            CANCEL_REQUEST => return Err(Failure::protocol("invalid length of cancel request")),
            version if version >> 16 == 3 => return session(version, body, output).map(Opening::Session),
            version => {
                let (major, minor) = (version >> 16, version & 0xffff);
                let message =
                    format!("unsupported frontend protocol {major}.{minor}: server supports 3.0 to 3.0");
                return Err(Failure::Fatal(SqlError::new(SqlState::FeatureNotSupported, message).into()));
            }
        }
    }
}

fn session(version: u32, body: Bytes, output: &mut Output) -> Outcome<Startup> {
    let mut startup = Startup { user: String::new(), database: String::new(), parameters: Vec::new() };
    let mut unknown = Vec::new();
    for (name, value) in pairs(&body)? {
        match name.as_str() {
            "user" => startup.user = value,
            "database" => startup.database = value,
            _ if name.starts_with("_pq_.") => unknown.push(name),
            _ => startup.parameters.push((name, value)),
        }
    }
    if startup.user.is_empty() {
        let message = "no PostgreSQL user name specified in startup packet";
        return Err(Failure::Fatal(SqlError::new(SqlState::InvalidAuthorization, message).into()));
    }
    if startup.database.is_empty() {
        startup.database.clone_from(&startup.user);
    }
    if version & 0xffff > 0 || !unknown.is_empty() {
        // We speak 3.0 and no extensions; a client that asked for more is told so.
        output.put(&NegotiateProtocolVersion::new(0, unknown));
    }
    Ok(startup)
}

/// Zero-terminated names and values, up to an empty name.
fn pairs(body: &[u8]) -> Outcome<Vec<(String, String)>> {
    let invalid = || Failure::protocol("invalid startup packet layout: expected terminator as last byte");
    let texts = body.strip_suffix(b"\0").ok_or_else(invalid)?;
    let mut pairs = Vec::new();
    let mut parts = texts.split(|byte| *byte == 0);
    // A text before each zero, so that the last part is what follows the last zero: nothing.
    while let Some(name) = parts.next().filter(|name| !name.is_empty()) {
        let value = parts.next().ok_or_else(invalid)?;
        let text = |bytes: &[u8]| String::from_utf8_lossy(bytes).into_owned();
        pairs.push((text(name), text(value)));
    }
    Ok(pairs)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn parameters_are_pairs_up_to_an_empty_name() {
        assert_eq!(
            pairs(b"user\0a\0database\0\0\0").unwrap(),
            [("user".into(), "a".into()), ("database".into(), String::new())]
        );
        assert_eq!(pairs(b"\0").unwrap(), []);
        assert!(pairs(b"").is_err());
        assert!(pairs(b"user\0a").is_err());
    }
}
