//! Every type through every driver, on a server here and on PostgreSQL: what the drivers print must be the same.

use std::io::{Read, Write};
use std::path::PathBuf;

use flate2::Compression;
use flate2::read::GzDecoder;
use flate2::write::GzEncoder;

use super::capture::Proxy;
use super::programs::{Program, millstream, output, source, tools};
use super::recorded::record;
use crate::harness::Server;
use crate::postgres::servers::Postgres;

/// Lines that the programs print at least: fewer would say that one ended early.
const LINES: usize = 1_500;

fn same_as_postgresql(test: &str, program: Program) {
    let Some(tools) = tools(test) else { return };
    let run = |address, kind| {
        let mut command = tools.program(program, &address);
        output(command.arg(kind).arg(source("types.tsv")))
    };
    let path = source(&format!("recorded/{test}.txt.gz"));
    let expected = match Postgres::start() {
        Ok(postgres) => {
            let is_recording = std::env::var_os("MILLSTREAM_RECORD").is_some();
            // This driver's statements have all values in binary, as parameters and in answers.
            if !is_recording || test != "asyncpg_types" {
                let said = run(postgres.address(), "TABLE");
                if is_recording {
                    keep(&path, &said);
                }
                said
            } else {
                let proxy = Proxy::before(&postgres.address());
                let said = run(proxy.address.clone(), "TABLE");
                keep(&path, &said);
                let (theirs, ours) = (Postgres::start().unwrap(), Server::start());
                record(test, &proxy.sent(), &theirs.address(), &millstream(&ours));
                said
            }
        }
        Err(_) => kept(&path),
    };
    let server = Server::start();
    let found = run(millstream(&server), "STREAM");
    assert!(expected.lines().count() >= LINES, "{test} printed {} lines", expected.lines().count());
    let differing: Vec<String> = expected
        .lines()
        .zip(found.lines())
        .enumerate()
        .filter(|(_, (expected, found))| expected != found)
        .map(|(number, (expected, found))| format!("{}: {found}\n    PostgreSQL: {expected}", number + 1))
        .collect();
    assert!(differing.is_empty(), "{} lines differ:\n{}", differing.len(), differing.join("\n"));
    assert_eq!(expected.lines().count(), found.lines().count());
}

fn keep(path: &PathBuf, text: &str) {
    let mut encoder = GzEncoder::new(Vec::new(), Compression::best());
    encoder.write_all(text.as_bytes()).unwrap();
    std::fs::write(path, encoder.finish().unwrap()).unwrap();
}

fn kept(path: &PathBuf) -> String {
    let mut text = String::new();
    GzDecoder::new(std::fs::File::open(path).unwrap()).read_to_string(&mut text).unwrap();
    text
}

#[test]
fn psycopg_types() {
    same_as_postgresql("psycopg_types", Program::Python("psycopg_types.py"));
}

#[test]
fn asyncpg_types() {
    same_as_postgresql("asyncpg_types", Program::Python("asyncpg_types.py"));
}

#[test]
fn node_types() {
    same_as_postgresql("node_types", Program::Node("node_types.js"));
}

#[test]
fn jdbc_types() {
    same_as_postgresql("jdbc_types", Program::Java("JdbcTypes.java"));
}
