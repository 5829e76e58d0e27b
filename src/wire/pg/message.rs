//! Messages from clients, decoded with every length checked.
//!
//! ```text
//!  ┌ tag: u8 ┬ length: i32, itself included ┬ body ┐
//! ```
//! A frame is cut out by its length before its body is looked at, so a body can be wrong without
//! desynchronising anything; a wrong length ends the connection. Nothing here panics, whatever the bytes.

use bytes::{Buf, Bytes, BytesMut};

use super::error::{Failure, Outcome};
use super::types::Format;

/// The largest message that is taken. COPY may send any number of them.
pub(super) const MESSAGE_LIMIT: usize = 64 << 20;

/// A message from the client.
#[derive(Debug, PartialEq)]
pub(super) enum Message {
    /// Statements of the simple protocol.
    Query(String),
    /// Prepare a statement.
    Parse { name: String, sql: String, types: Vec<u32> },
    /// Make a portal of a statement.
    Bind(Bind),
    /// Describe a statement or portal.
    Describe(Target),
    /// Run a portal; 0 rows means all.
    Execute { portal: String, limit: usize },
    /// Forget a statement or portal.
    Close(Target),
    /// Send what is buffered.
    Flush,
    /// The end of a unit of the extended protocol.
    Sync,
    /// Some bytes of COPY data.
    CopyData(Bytes),
    /// The end of COPY data.
    CopyDone,
    /// The client gives its COPY up.
    CopyFail(String),
    /// The old function-call interface.
    FunctionCall,
    /// The client leaves.
    Terminate,
}

/// A Bind message.
#[derive(Debug, PartialEq)]
pub(super) struct Bind {
    /// The portal to make.
    pub portal: String,
    /// The statement it runs.
    pub statement: String,
    /// None for all text, one for all, or one each.
    pub parameter_formats: Vec<Format>,
    /// None is NULL.
    pub parameters: Vec<Option<Bytes>>,
    /// None for all text, one for all, or one each.
    pub result_formats: Vec<Format>,
}

/// What Describe and Close name.
#[derive(Debug, PartialEq)]
pub(super) enum Target {
    /// A prepared statement.
    Statement(String),
    /// A portal.
    Portal(String),
}

/// Cuts the next whole frame off the buffer: its tag and body. None when more bytes are needed.
pub(super) fn take_frame(buffer: &mut BytesMut) -> Outcome<Option<(u8, Bytes)>> {
    let Some(frame) = frame_length(buffer)? else { return Ok(None) };
    if buffer.len() < frame {
        return Ok(None);
    }
    let mut frame = buffer.split_to(frame).freeze();
    let tag = frame.get_u8();
    frame.advance(4);
    Ok(Some((tag, frame)))
}

/// The length of the frame at the start of some bytes, tag included. None when the length is not there yet.
pub(super) fn frame_length(bytes: &[u8]) -> Outcome<Option<usize>> {
    let Some(tag) = bytes.first() else { return Ok(None) };
    if !b"QPBDECHSdcfFXp".contains(tag) {
        return Err(Failure::protocol(format!("invalid frontend message type {tag}")));
    }
    let Some(length) = bytes.get(1..5).and_then(|bytes| bytes.try_into().ok()).map(i32::from_be_bytes) else {
        return Ok(None);
    };
    match usize::try_from(length) {
        Ok(length @ 4..=MESSAGE_LIMIT) => Ok(Some(length + 1)),
        Ok(length) if length > MESSAGE_LIMIT => Err(Failure::protocol(format!(
            "invalid message length: {length} bytes is over the limit of {MESSAGE_LIMIT}"
        ))),
        _ => Err(Failure::protocol("invalid message length")),
    }
}

/// Decodes a frame's body.
pub(super) fn decode(tag: u8, body: Bytes) -> Outcome<Message> {
    let mut body = Body(body);
    let message = match tag {
        b'Q' => Message::Query(body.text()?),
        b'P' => {
            let (name, sql) = (body.text()?, body.text()?);
            let types = body.list(Body::u32)?;
            Message::Parse { name, sql, types }
        }
        b'B' => Message::Bind(body.bind()?),
        b'D' => Message::Describe(body.target()?),
        b'E' => {
            let portal = body.text()?;
            // Zero and less mean no limit.
            let limit = usize::try_from(body.u32()? as i32).unwrap_or(0);
            Message::Execute { portal, limit }
        }
        b'C' => Message::Close(body.target()?),
        b'H' => Message::Flush,
        b'S' => Message::Sync,
        b'd' => Message::CopyData(std::mem::take(&mut body.0)),
        b'c' => Message::CopyDone,
        b'f' => Message::CopyFail(String::from_utf8_lossy(&body.bytes_to_zero()?).into_owned()),
        b'F' => {
            body.0.clear();
            Message::FunctionCall
        }
        b'X' => Message::Terminate,
        _ => return Err(Failure::protocol(format!("invalid frontend message type {tag}"))),
    };
    if !body.0.is_empty() {
        return Err(Failure::protocol("invalid message format: bytes are left over"));
    }
    Ok(message)
}

/// What is left of a message's body.
struct Body(Bytes);

impl Body {
    fn take(&mut self, count: usize) -> Outcome<Bytes> {
        if count > self.0.len() {
            return Err(Failure::protocol("insufficient data left in message"));
        }
        Ok(self.0.split_to(count))
    }

    fn u16(&mut self) -> Outcome<u16> {
        Ok(self.take(2)?.get_u16())
    }

    fn u32(&mut self) -> Outcome<u32> {
        Ok(self.take(4)?.get_u32())
    }

    fn bytes_to_zero(&mut self) -> Outcome<Bytes> {
        let Some(end) = memchr::memchr(0, &self.0) else {
            return Err(Failure::protocol("invalid string in message"));
        };
        let bytes = self.take(end)?;
        self.0.advance(1);
        Ok(bytes)
    }

    fn text(&mut self) -> Outcome<String> {
        let bytes = self.bytes_to_zero()?;
        match std::str::from_utf8(&bytes) {
            Ok(text) => Ok(text.to_owned()),
            Err(error) => Err(invalid_utf8(&bytes[error.valid_up_to()..])),
        }
    }

    /// A count, taken as unsigned, and as many items. Nothing is reserved on a count's word.
    fn list<T>(&mut self, item: impl Fn(&mut Self) -> Outcome<T>) -> Outcome<Vec<T>> {
        let count = self.u16()?;
        (0..count).map(|_| item(self)).collect()
    }

    fn format(&mut self) -> Outcome<Format> {
        match self.u16()? {
            0 => Ok(Format::Text),
            1 => Ok(Format::Binary),
            other => Err(Failure::protocol(format!("unsupported format code: {}", other as i16))),
        }
    }

    fn parameter(&mut self) -> Outcome<Option<Bytes>> {
        match self.u32()? as i32 {
            -1 => Ok(None),
            length => match usize::try_from(length) {
                Ok(length) => self.take(length).map(Some),
                Err(_) => Err(Failure::protocol("insufficient data left in message")),
            },
        }
    }

    fn bind(&mut self) -> Outcome<Bind> {
        Ok(Bind {
            portal: self.text()?,
            statement: self.text()?,
            parameter_formats: self.list(Self::format)?,
            parameters: self.list(Self::parameter)?,
            result_formats: self.list(Self::format)?,
        })
    }

    fn target(&mut self) -> Outcome<Target> {
        let kind = self.take(1)?[0];
        let name = self.text()?;
        match kind {
            b'S' => Ok(Target::Statement(name)),
            b'P' => Ok(Target::Portal(name)),
            other => Err(Failure::protocol(format!("invalid message subtype {other}"))),
        }
    }
}

/// 22021 for bytes that are no UTF-8, naming those that begin the trouble.
pub(super) fn invalid_utf8(bytes: &[u8]) -> Failure {
    Failure::Statement(crate::wire::copy::invalid_utf8(bytes).into())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn bind_body(parameters: &[u8]) -> Bytes {
        [b"\0\0\0\0", parameters, b"\0\0"].concat().into()
    }

    #[test]
    fn a_frame_waits_for_its_bytes() {
        let mut buffer = BytesMut::from(&b"Q\0\0\0\x07ab"[..]);
        assert!(take_frame(&mut buffer).unwrap().is_none());
        buffer.extend_from_slice(b"\0S");
        let (tag, body) = take_frame(&mut buffer).unwrap().unwrap();
        assert_eq!(decode(tag, body).unwrap(), Message::Query("ab".into()));
        assert_eq!(&buffer[..], b"S");
        assert!(take_frame(&mut buffer).unwrap().is_none());
    }

    #[test]
    fn wrong_lengths_and_tags_are_refused() {
        for bytes in [&b"Q\0\0\0\x03"[..], b"Q\xff\xff\xff\xff", b"Q\x7f\xff\xff\xff", b"!\0\0\0\x04", b"\0"]
        {
            assert!(matches!(take_frame(&mut BytesMut::from(bytes)), Err(Failure::Fatal(_))), "{bytes:?}");
        }
    }

    #[test]
    fn bind_checks_counts_and_lengths() {
        let good = decode(b'B', bind_body(b"\0\x02\xff\xff\xff\xff\0\0\0\x01x")).unwrap();
        let Message::Bind(bind) = good else { panic!() };
        assert_eq!(bind.parameters, [None, Some(Bytes::from_static(b"x"))]);
        for bad in [
            &b"\xff\xff"[..],          // 65535 parameters and none there
            b"\0\x01\0\0\0\x09x",      // longer than the message
            b"\0\x01\xff\xff\xff\xfe", // length -2
            b"\0\x01\x7f\xff\xff\xff", // 2 GiB
            b"\0\x01",                 // nothing there
        ] {
            assert!(matches!(decode(b'B', bind_body(bad)), Err(Failure::Fatal(_))), "{bad:?}");
        }
        for bad in [&b""[..], b"\0", b"\0\0", b"\0\0\0", b"\0\0\0\x01\0\x07\0\0\0\0"] {
            assert!(matches!(decode(b'B', Bytes::copy_from_slice(bad)), Err(Failure::Fatal(_))), "{bad:?}");
        }
    }

    #[test]
    fn text_that_is_no_utf8_fails_the_statement_only() {
        let failure = decode(b'Q', Bytes::from_static(b"select '\xff'\0")).unwrap_err();
        let Failure::Statement(error) = failure else { panic!("{failure:?}") };
        assert_eq!(error.state().code(), "22021");
        assert_eq!(error.to_string(), "invalid byte sequence for encoding \"UTF8\": 0xff");
    }

    #[test]
    fn random_bodies_never_panic() {
        use rand::{Rng, SeedableRng, rngs::StdRng};
        let seed = 20_130_101;
        println!("seed {seed}");
        let mut random = StdRng::seed_from_u64(seed);
        for _ in 0..20_000 {
            let tag = b"QPBDECHSdcfFXp"[random.random_range(0..14)];
            let length = random.random_range(0..40);
            let body: Vec<u8> =
                (0..length).map(|_| if random.random_bool(0.5) { 0 } else { random.random() }).collect();
            let _ = decode(tag, body.into());
        }
    }
}
