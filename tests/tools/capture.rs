//! A proxy between a client and a server that writes down the statements that pass, with their parameters.

use std::collections::HashMap;
use std::io::{Read, Write};
use std::net::{Shutdown, TcpListener, TcpStream};
use std::sync::{Arc, Mutex};

use crate::postgres::wire::{Address, Parameter};

/// A statement as a client sent it.
#[derive(Clone, Debug)]
pub struct Sent {
    /// The number of the connection that it came by.
    pub connection: usize,
    pub sql: String,
    /// None for a simple query.
    pub parameters: Option<Vec<Parameter>>,
    pub binary_result: bool,
}

/// A port whose connections are passed on.
pub struct Proxy {
    /// Where it listens; user and database are the server's.
    pub address: Address,
    sent: Arc<Mutex<Vec<Sent>>>,
}

impl Proxy {
    /// Passes connections on to a server for as long as the tests run.
    pub fn before(server: &Address) -> Proxy {
        let listener = TcpListener::bind("127.0.0.1:0").unwrap();
        let address = Address { host_port: listener.local_addr().unwrap().to_string(), ..server.clone() };
        let server = server.host_port.clone();
        let sent = Arc::new(Mutex::new(Vec::new()));
        let into = Arc::clone(&sent);
        std::thread::spawn(move || {
            for (number, client) in listener.incoming().enumerate() {
                let (Ok(client), Ok(server)) = (client, TcpStream::connect(&server)) else {
                    continue;
                };
                let (mut answers, mut back) = (server.try_clone().unwrap(), client.try_clone().unwrap());
                std::thread::spawn(move || {
                    let _ = std::io::copy(&mut answers, &mut back);
                    let _ = back.shutdown(Shutdown::Both);
                });
                let into = Arc::clone(&into);
                std::thread::spawn(move || {
                    let mut reader =
                        Statements { number, prepared: HashMap::new(), portals: HashMap::new(), into };
                    let _ = reader.pass(client, &server);
                    let _ = server.shutdown(Shutdown::Both);
                });
            }
        });
        Proxy { address, sent }
    }

    /// The statements so far, those of a connection together.
    pub fn sent(&self) -> Vec<Sent> {
        let mut sent = self.sent.lock().unwrap().clone();
        sent.sort_by_key(|statement| statement.connection);
        sent
    }
}

/// What one connection has prepared.
struct Statements {
    number: usize,
    prepared: HashMap<String, (String, Vec<u32>)>,
    portals: HashMap<String, Sent>,
    into: Arc<Mutex<Vec<Sent>>>,
}

impl Statements {
    fn pass(&mut self, mut client: TcpStream, mut server: &TcpStream) -> std::io::Result<()> {
        server.set_nodelay(true)?;
        client.set_nodelay(true)?;
        let mut started = false;
        loop {
            let mut head = vec![0; if started { 5 } else { 4 }];
            client.read_exact(&mut head)?;
            let length = u32::from_be_bytes(head[head.len() - 4..].try_into().unwrap()) as usize;
            let mut body = vec![0; length - 4];
            client.read_exact(&mut body)?;
            if started {
                self.note(head[0], &mut Body(&body));
            } else {
                // A request for TLS or a cancellation comes in the place of the start, and has a number of its own.
                started = body.starts_with(&196_608u32.to_be_bytes());
            }
            head.extend(body);
            server.write_all(&head)?;
        }
    }

    fn note(&mut self, kind: u8, body: &mut Body<'_>) {
        match kind {
            b'Q' => {
                let sql = body.text();
                let sent = Sent { connection: self.number, sql, parameters: None, binary_result: false };
                self.into.lock().unwrap().push(sent);
            }
            b'P' => {
                let (name, sql) = (body.text(), body.text());
                let types = (0..body.u16()).map(|_| body.u32()).collect();
                self.prepared.insert(name, (sql, types));
            }
            b'B' => {
                let (portal, name) = (body.text(), body.text());
                let formats: Vec<u16> = (0..body.u16()).map(|_| body.u16()).collect();
                let values: Vec<Option<Vec<u8>>> = (0..body.u16()).map(|_| body.value()).collect();
                let results: Vec<u16> = (0..body.u16()).map(|_| body.u16()).collect();
                let Some((sql, types)) = self.prepared.get(&name) else { return };
                let format = |index: usize| match formats.as_slice() {
                    [] => 0,
                    [one] => *one,
                    each => each[index],
                };
                let parameter = |(index, value): (usize, Option<Vec<u8>>)| Parameter {
                    type_oid: types.get(index).copied().unwrap_or(0),
                    value,
                    binary: format(index) == 1,
                };
                let sent = Sent {
                    connection: self.number,
                    sql: sql.clone(),
                    parameters: Some(values.into_iter().enumerate().map(parameter).collect()),
                    binary_result: results.first() == Some(&1),
                };
                self.portals.insert(portal, sent);
            }
            b'E' => {
                // A portal that is executed again gives its next rows: that is no new statement.
                if let Some(sent) = self.portals.remove(&body.text()) {
                    self.into.lock().unwrap().push(sent);
                }
            }
            _ => {}
        }
    }
}

/// A message's body, read from the front.
struct Body<'a>(&'a [u8]);

impl Body<'_> {
    fn take(&mut self, length: usize) -> &[u8] {
        let (taken, rest) = self.0.split_at(length.min(self.0.len()));
        self.0 = rest;
        taken
    }

    fn text(&mut self) -> String {
        let end = self.0.iter().position(|byte| *byte == 0).unwrap_or(self.0.len());
        let text = String::from_utf8_lossy(self.take(end)).into_owned();
        self.take(1);
        text
    }

    fn u16(&mut self) -> u16 {
        self.take(2).try_into().map_or(0, u16::from_be_bytes)
    }

    fn u32(&mut self) -> u32 {
        self.take(4).try_into().map_or(0, u32::from_be_bytes)
    }

    fn value(&mut self) -> Option<Vec<u8>> {
        let length = usize::try_from(self.u32() as i32).ok()?;
        Some(self.take(length).to_vec())
    }
}
