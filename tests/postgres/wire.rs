//! A small client of the PostgreSQL protocol, for comparing two servers to the byte.
//!
//! Drivers hide what is compared here (the type OIDs of a simple query, a value's own text), so this one keeps it:
//! a query gives its [`Answer`] as it came. Promises: every read has a time limit, a server that goes away or does not
//! answer is an [`Answer`] with a SQLSTATE of its own ([`LOST`], [`LATE`]), never a panic.

use std::io::{self, BufReader, Read, Write};
use std::net::TcpStream;
use std::time::Duration;

/// The SQLSTATE given here to a query during which the connection was lost.
pub const LOST: &str = "08006";
/// The SQLSTATE given here to a query that was not answered in time.
pub const LATE: &str = "LATE!";

/// A column of an answer.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Column {
    pub name: String,
    pub type_oid: u32,
}

/// An error as a server sent it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Failure {
    pub state: String,
    pub message: String,
}

/// A row: each value's bytes, None for NULL.
pub type Row = Vec<Option<Vec<u8>>>;

/// What a server said to one statement.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Answer {
    /// None for a statement that returns no rows.
    pub columns: Option<Vec<Column>>,
    pub rows: Vec<Row>,
    pub tag: String,
    pub failure: Option<Failure>,
    /// The lines of COPY … TO STDOUT.
    pub copied: Vec<u8>,
}

impl Answer {
    /// The SQLSTATE, empty for success.
    pub fn state(&self) -> &str {
        self.failure.as_ref().map_or("", |failure| failure.state.as_str())
    }

    /// An answer that is an error made here.
    pub fn failed(state: &str, message: &str) -> Answer {
        let failure = Failure { state: state.to_owned(), message: message.to_owned() };
        Answer { failure: Some(failure), ..Answer::default() }
    }

    /// The value at a place as text, NULL as None.
    pub fn text(&self, row: usize, column: usize) -> Option<String> {
        Some(String::from_utf8_lossy(self.rows.get(row)?.get(column)?.as_deref()?).into_owned())
    }
}

/// A parameter of [`Connection::extended`]: its type (0: the server infers it), its bytes, and whether they are binary.
#[derive(Clone, Debug)]
pub struct Parameter {
    pub type_oid: u32,
    pub value: Option<Vec<u8>>,
    pub binary: bool,
}

/// Where a server listens, and as whom to log in.
#[derive(Clone, Debug)]
pub struct Address {
    pub host_port: String,
    pub user: String,
    pub database: String,
}

/// A connection; made anew by itself after it was lost.
pub struct Connection {
    address: Address,
    timeout: Duration,
    stream: Option<BufReader<TcpStream>>,
    /// Sent again after a reconnection: the session's settings.
    preamble: Vec<String>,
    /// The transaction status of the newest ReadyForQuery: `I`, `T` or `E`.
    pub status: u8,
}

impl Connection {
    /// A connection, once the server answers.
    pub fn open(address: &Address, timeout: Duration) -> io::Result<Connection> {
        let mut connection = Connection {
            address: address.clone(),
            timeout,
            stream: None,
            preamble: Vec::new(),
            status: b'I',
        };
        connection.connect()?;
        Ok(connection)
    }

    /// Runs a statement now and after each reconnection.
    pub fn prepare_session(&mut self, sql: &str) -> Answer {
        self.preamble.push(sql.to_owned());
        self.simple(sql)
    }

    /// The answer to one statement, through a simple query.
    pub fn simple(&mut self, sql: &str) -> Answer {
        self.simple_with_copy(sql, b"")
    }

    /// The answer to one statement; this data is sent if the server asks for some (COPY … FROM STDIN).
    pub fn simple_with_copy(&mut self, sql: &str, data: &[u8]) -> Answer {
        self.guarded(|connection| {
            connection.send(&query(sql))?;
            connection.receive(data)
        })
    }

    /// The answers to statements that are sent in one go, each a simple query of its own.
    pub fn pipelined(&mut self, statements: &[String]) -> Vec<Answer> {
        let mut answers = Vec::with_capacity(statements.len());
        while answers.len() < statements.len() {
            let mut bytes = Vec::new();
            let begun = answers.len();
            let mut end = begun;
            while end < statements.len() && bytes.len() < 1 << 14 {
                bytes.extend(query(&statements[end]));
                end += 1;
            }
            let sent = self.guarded(|connection| connection.send(&bytes).map(|()| Answer::default()));
            if sent.failure.is_some() {
                answers.push(sent);
                continue;
            }
            while answers.len() < end {
                let answer = self.guarded(|connection| connection.receive(b""));
                let lost = matches!(answer.state(), LOST | LATE);
                answers.push(answer);
                if lost {
                    // What was sent behind it is sent again.
                    break;
                }
            }
        }
        answers
    }

    /// The answer to a statement with parameters, through Parse, Bind, Describe, Execute.
    pub fn extended(&mut self, sql: &str, parameters: &[Parameter], binary_result: bool) -> Answer {
        let bytes = extended(sql, parameters, binary_result);
        self.guarded(|connection| {
            connection.send(&bytes)?;
            connection.receive(b"")
        })
    }

    /// The answers to many statements with parameters, sent in one go.
    pub fn pipelined_extended(&mut self, statements: &[(String, Vec<Parameter>)]) -> Vec<Answer> {
        let mut answers = Vec::with_capacity(statements.len());
        while answers.len() < statements.len() {
            let begun = answers.len();
            let end = (begun + 50).min(statements.len());
            let bytes: Vec<u8> =
                statements[begun..end].iter().flat_map(|(sql, own)| extended(sql, own, false)).collect();
            let sent = self.guarded(|connection| connection.send(&bytes).map(|()| Answer::default()));
            if sent.failure.is_some() {
                answers.push(sent);
                continue;
            }
            while answers.len() < end {
                let answer = self.guarded(|connection| connection.receive(b""));
                let lost = matches!(answer.state(), LOST | LATE);
                answers.push(answer);
                if lost {
                    break;
                }
            }
        }
        answers
    }

    /// Ends the connection; the next statement makes another.
    pub fn close(&mut self) {
        if let Some(stream) = self.stream.as_mut() {
            // A server that is gone already needs no goodbye.
            let _ = stream.get_mut().write_all(b"X\0\0\0\x04");
        }
        self.stream = None;
    }

    fn guarded(&mut self, run: impl FnOnce(&mut Connection) -> io::Result<Answer>) -> Answer {
        if self.stream.is_none()
            && let Err(error) = self.connect()
        {
            return Answer::failed(LOST, &format!("cannot connect: {error}"));
        }
        run(self).unwrap_or_else(|error| {
            self.stream = None;
            match error.kind() {
                io::ErrorKind::WouldBlock | io::ErrorKind::TimedOut => {
                    Answer::failed(LATE, "not answered in time")
                }
                _ => Answer::failed(LOST, &format!("the connection was lost: {error}")),
            }
        })
    }

    fn connect(&mut self) -> io::Result<()> {
        let stream = TcpStream::connect(&self.address.host_port)?;
        stream.set_nodelay(true)?;
        stream.set_read_timeout(Some(self.timeout))?;
        stream.set_write_timeout(Some(self.timeout))?;
        self.stream = Some(BufReader::with_capacity(1 << 16, stream));
        let mut body = 196_608u32.to_be_bytes().to_vec();
        let settings = [
            ("user", self.address.user.as_str()),
            ("database", self.address.database.as_str()),
            ("client_encoding", "UTF8"),
        ];
        for (name, value) in settings {
            text(&mut body, name);
            text(&mut body, value);
        }
        body.push(0);
        let mut bytes = length(body.len()).to_vec();
        bytes.extend(body);
        self.send(&bytes)?;
        let answer = self.receive(b"")?;
        if let Some(failure) = answer.failure {
            self.stream = None;
            return Err(io::Error::other(failure.message));
        }
        for sql in self.preamble.clone() {
            self.send(&query(&sql))?;
            self.receive(b"")?;
        }
        Ok(())
    }

    fn send(&mut self, bytes: &[u8]) -> io::Result<()> {
        let stream = self.stream.as_mut().ok_or(io::ErrorKind::NotConnected)?;
        stream.get_mut().write_all(bytes)
    }

    fn message(&mut self) -> io::Result<(u8, Vec<u8>)> {
        let stream = self.stream.as_mut().ok_or(io::ErrorKind::NotConnected)?;
        let mut head = [0; 5];
        stream.read_exact(&mut head)?;
        let size = u32::from_be_bytes([head[1], head[2], head[3], head[4]]) as usize;
        let mut body = vec![0; size.saturating_sub(4)];
        stream.read_exact(&mut body)?;
        Ok((head[0], body))
    }

    /// Everything up to ReadyForQuery, as the answer to one statement (of several, the last).
    fn receive(&mut self, copy_data: &[u8]) -> io::Result<Answer> {
        let mut answer = Answer::default();
        let mut told = false;
        loop {
            let (kind, body) = self.message()?;
            let mut body = Reader(&body);
            match kind {
                b'R' if body.u32() != 0 => return Err(io::Error::other("a password is asked for")),
                b'T' => {
                    if told {
                        answer = Answer::default();
                    }
                    answer.columns = Some(columns(&mut body));
                }
                b'D' => answer.rows.push(row(&mut body)),
                b'C' => {
                    answer.tag = body.text();
                    told = true;
                }
                b'E' => answer.failure = Some(failure(&mut body)),
                b'G' => {
                    for piece in copy_data.chunks(1 << 15) {
                        self.send(&message(b'd', piece))?;
                    }
                    self.send(&message(b'c', b""))?;
                }
                b'd' => answer.copied.extend(body.0),
                b'Z' => {
                    self.status = body.0.first().copied().unwrap_or(b'I');
                    return Ok(answer);
                }
                _ => {}
            }
        }
    }
}

impl Drop for Connection {
    fn drop(&mut self) {
        self.close();
    }
}

fn query(sql: &str) -> Vec<u8> {
    let mut body = Vec::new();
    text(&mut body, sql);
    message(b'Q', &body)
}

fn extended(sql: &str, parameters: &[Parameter], binary_result: bool) -> Vec<u8> {
    let count = (parameters.len() as u16).to_be_bytes();
    let mut parse = vec![0];
    text(&mut parse, sql);
    parse.extend(count);
    parse.extend(parameters.iter().flat_map(|parameter| parameter.type_oid.to_be_bytes()));
    let mut bind = vec![0, 0];
    bind.extend(count);
    bind.extend(parameters.iter().flat_map(|parameter| u16::from(parameter.binary).to_be_bytes()));
    bind.extend(count);
    for parameter in parameters {
        match &parameter.value {
            None => bind.extend((-1i32).to_be_bytes()),
            Some(value) => {
                bind.extend((value.len() as u32).to_be_bytes());
                bind.extend(value);
            }
        }
    }
    bind.extend(1u16.to_be_bytes());
    bind.extend(u16::from(binary_result).to_be_bytes());
    let mut bytes = message(b'P', &parse);
    bytes.extend(message(b'B', &bind));
    bytes.extend(message(b'D', b"P\0"));
    bytes.extend(message(b'E', &[0, 0, 0, 0, 0]));
    bytes.extend(message(b'S', b""));
    bytes
}

fn message(kind: u8, body: &[u8]) -> Vec<u8> {
    let mut bytes = vec![kind];
    bytes.extend(length(body.len()));
    bytes.extend(body);
    bytes
}

fn length(body: usize) -> [u8; 4] {
    (body as u32 + 4).to_be_bytes()
}

fn text(bytes: &mut Vec<u8>, value: &str) {
    bytes.extend(value.bytes().filter(|byte| *byte != 0));
    bytes.push(0);
}

/// What is left of a message's body; reads past its end give zeros, as a broken server deserves.
struct Reader<'a>(&'a [u8]);

impl<'a> Reader<'a> {
    fn take(&mut self, size: usize) -> &'a [u8] {
        let (taken, left) = self.0.split_at(size.min(self.0.len()));
        self.0 = left;
        taken
    }

    fn u16(&mut self) -> u16 {
        self.take(2).try_into().map_or(0, u16::from_be_bytes)
    }

    fn u32(&mut self) -> u32 {
        self.take(4).try_into().map_or(0, u32::from_be_bytes)
    }

    fn text(&mut self) -> String {
        let end = self.0.iter().position(|byte| *byte == 0).unwrap_or(self.0.len());
        let text = String::from_utf8_lossy(self.take(end)).into_owned();
        self.take(1);
        text
    }
}

fn columns(body: &mut Reader) -> Vec<Column> {
    let count = body.u16();
    let column = |_| {
        let name = body.text();
        body.take(6);
        let type_oid = body.u32();
        body.take(8);
        Column { name, type_oid }
    };
    (0..count).map(column).collect()
}

fn row(body: &mut Reader) -> Row {
    let count = body.u16();
    let value = |_| {
        let size = body.u32() as i32;
        usize::try_from(size).ok().map(|size| body.take(size).to_vec())
    };
    (0..count).map(value).collect()
}

fn failure(body: &mut Reader) -> Failure {
    let mut failure = Failure { state: String::new(), message: String::new() };
    while let Some(kind) = body.take(1).first().copied().filter(|kind| *kind != 0) {
        let value = body.text();
        match kind {
            b'C' => failure.state = value,
            b'M' => failure.message = value,
            _ => {}
        }
    }
    failure
}
