//! Statements of tools, kept with what PostgreSQL answered, and played to a server here.
//!
//! ```text
//!  -- connection             the next statements come by another connection
//!  -- simple | extended | extended binary
//!  SELECT …                  the statement, on any number of lines
//!  -- $ 23 text 1            a parameter: its type's number, its format, its value; NULL has no format
//!  -- columns a:23 b:25      names and types of PostgreSQL's answer
//!  -- row 1<tab>x            its first row, where both servers gave the same when this was recorded
//!  -- end
//! ```
//!
//! Values are text as COPY escapes it, binary ones hexadecimal digits.

use std::collections::HashMap;
use std::fmt::Write;
use std::path::PathBuf;
use std::time::Duration;

use super::capture::Sent;
use crate::harness::Server;
use crate::postgres::wire::{Address, Answer, Connection, Parameter};

/// A statement and what PostgreSQL answered.
#[derive(Debug)]
pub struct Kept {
    pub new_connection: bool,
    pub sent: Sent,
    pub columns: Vec<(String, u32)>,
    pub row: Option<String>,
}

/// Where the recording of a tool is.
pub fn path(tool: &str) -> PathBuf {
    PathBuf::from(env!("CARGO_MANIFEST_DIR")).join(format!("tests/tools/recorded/{tool}.sql"))
}

/// Asks a PostgreSQL and a Millstream, both with the schema of the tools, and keeps what they say.
pub fn record(tool: &str, sent: &[Sent], postgres: &Address, millstream: &Address) {
    let ours = play(&sent.iter().map(as_stream).collect::<Vec<_>>(), millstream);
    let mut text = String::new();
    let mut connection = None;
    let mut long: HashMap<&str, usize> = HashMap::new();
    for ((sent, theirs), ours) in sent.iter().zip(play(sent, postgres)).zip(ours) {
        // A long question about a catalog that a driver asks of every type is kept a few times only.
        let times = long.entry(sent.sql.as_str()).or_default();
        *times += 1;
        if theirs.failure.is_some() || sent.sql.len() > 1_000 && *times > 3 {
            continue;
        }
        if connection.replace(sent.connection) != Some(sent.connection) {
            text.push_str("-- connection\n");
        }
        text.push_str(&written(sent, &theirs, first_row(&theirs) == first_row(&ours)));
    }
    std::fs::write(path(tool), text).unwrap();
}

fn written(sent: &Sent, answer: &Answer, same_row: bool) -> String {
    let mut text = String::from(match (&sent.parameters, sent.binary_result) {
        (None, _) => "-- simple\n",
        (Some(_), false) => "-- extended\n",
        (Some(_), true) => "-- extended binary\n",
    });
    text.push_str(sent.sql.trim_end());
    text.push('\n');
    for parameter in sent.parameters.iter().flatten() {
        let value = match &parameter.value {
            None => "NULL".to_owned(),
            Some(value) if parameter.binary => format!("binary {}", hex(value)),
            Some(value) => format!("text {}", escaped(value)),
        };
        writeln!(text, "-- $ {} {value}", parameter.type_oid).unwrap();
    }
    if let Some(columns) = &answer.columns {
        let columns: Vec<String> =
            columns.iter().map(|column| format!("{}:{}", column.name, column.type_oid)).collect();
        writeln!(text, "-- columns {}", columns.join("\t")).unwrap();
    }
    if let Some(row) = first_row(answer).filter(|_| same_row) {
        writeln!(text, "-- row {row}").unwrap();
    }
    text.push_str("-- end\n");
    text
}

/// Whether a value is kept as text: a binary one seldom is.
fn is_plain(text: &str) -> bool {
    text.chars().all(|character| !character.is_control() || "\n\r\t".contains(character))
}

/// The first row of an answer in one line.
fn first_row(answer: &Answer) -> Option<String> {
    let row = answer.rows.first()?;
    let cell = |value: &Option<Vec<u8>>| match value {
        None => "\\N".to_owned(),
        Some(value) if std::str::from_utf8(value).is_ok_and(is_plain) => escaped(value),
        Some(value) => format!("\\x{}", hex(value)),
    };
    Some(row.iter().map(cell).collect::<Vec<_>>().join("\t"))
}

/// The programs of the drivers make their relation themselves: a table of PostgreSQL is a stream here. And dbt names the
/// database.
fn as_stream(sent: &Sent) -> Sent {
    let sql = sent.sql.replacen("CREATE TABLE types", "CREATE STREAM types", 1);
    Sent { sql: sql.replace("\"postgres\".", "\"millstream\"."), ..sent.clone() }
}

/// The type that a column has here for one of PostgreSQL's: `aclitem` is text, and so are an expression's tree and
/// `attmissingval`.
fn type_here(oid: u32) -> u32 {
    match oid {
        1034 => 1009,
        1033 | 194 | 2277 => 25,
        other => other,
    }
}

/// Whether the first row of an answer is the same each time.
fn is_ordered(sent: &Sent, answer: &Answer) -> bool {
    answer.rows.len() == 1 || sent.sql.to_uppercase().contains("ORDER BY")
}

/// The answers to statements, a connection for each number.
fn play(sent: &[Sent], address: &Address) -> Vec<Answer> {
    let mut open: Option<(usize, Connection)> = None;
    let mut answers = Vec::with_capacity(sent.len());
    for sent in sent {
        if open.as_ref().is_none_or(|(number, _)| *number != sent.connection) {
            open = Some((sent.connection, Connection::open(address, Duration::from_secs(60)).unwrap()));
        }
        let (_, connection) = open.as_mut().unwrap();
        answers.push(answer(connection, sent));
    }
    answers
}

fn answer(connection: &mut Connection, sent: &Sent) -> Answer {
    match &sent.parameters {
        None => connection.simple(&sent.sql),
        Some(parameters) => connection.extended(&sent.sql, parameters, sent.binary_result),
    }
}

/// The statements of a recording.
pub fn read(text: &str) -> Vec<Kept> {
    let mut found: Vec<Kept> = vec![];
    let (mut connection, mut new_connection) = (0, false);
    let mut open = false;
    for line in text.lines() {
        if !open {
            let (parameters, binary_result) = match line {
                "-- connection" => {
                    (connection, new_connection) = (connection + 1, true);
                    continue;
                }
                "-- simple" => (None, false),
                "-- extended" => (Some(vec![]), false),
                "-- extended binary" => (Some(vec![]), true),
                other => panic!("a recording has the line {other}"),
            };
            let sent = Sent { connection, sql: String::new(), parameters, binary_result };
            found.push(Kept { new_connection, sent, columns: vec![], row: None });
            (open, new_connection) = (true, false);
            continue;
        }
        let kept = found.last_mut().unwrap();
        if line == "-- end" {
            open = false;
        } else if let Some(parameter) = line.strip_prefix("-- $ ") {
            kept.sent.parameters.as_mut().unwrap().push(parameter_of(parameter));
        } else if let Some(columns) = line.strip_prefix("-- columns ") {
            let column = |part: &str| {
                let (name, oid) = part.rsplit_once(':').unwrap();
                (name.to_owned(), oid.parse().unwrap())
            };
            kept.columns = columns.split('\t').map(column).collect();
        } else if let Some(row) = line.strip_prefix("-- row ") {
            kept.row = Some(row.to_owned());
        } else {
            if !kept.sent.sql.is_empty() {
                kept.sent.sql.push('\n');
            }
            kept.sent.sql.push_str(line);
        }
    }
    found
}

fn parameter_of(line: &str) -> Parameter {
    let mut words = line.splitn(3, ' ');
    let type_oid = words.next().unwrap().parse().unwrap();
    let format = words.next().unwrap();
    let value = words.next().unwrap_or_default();
    match format {
        "NULL" => Parameter { type_oid, value: None, binary: false },
        "text" => Parameter { type_oid, value: Some(unescaped(value)), binary: false },
        _ => Parameter { type_oid, value: Some(bytes_of(value)), binary: true },
    }
}

fn escaped(value: &[u8]) -> String {
    let text = String::from_utf8_lossy(value);
    text.replace('\\', "\\\\").replace('\n', "\\n").replace('\r', "\\r").replace('\t', "\\t")
}

fn unescaped(text: &str) -> Vec<u8> {
    let mut value = String::new();
    let mut characters = text.chars();
    while let Some(character) = characters.next() {
        value.push(match character {
            '\\' => match characters.next() {
                Some('n') => '\n',
                Some('r') => '\r',
                Some('t') => '\t',
                other => other.unwrap_or('\\'),
            },
            other => other,
        });
    }
    value.into_bytes()
}

fn hex(bytes: &[u8]) -> String {
    bytes.iter().fold(String::new(), |mut text, byte| {
        write!(text, "{byte:02x}").unwrap();
        text
    })
}

fn bytes_of(digits: &str) -> Vec<u8> {
    (0..digits.len() / 2).map(|at| u8::from_str_radix(&digits[2 * at..2 * at + 2], 16).unwrap()).collect()
}

/// What differs from a recording: one line for each statement that fails or whose columns or first row are others.
pub fn differences(kept: &[Kept], server: &Server) -> Vec<String> {
    let address = super::programs::millstream(server);
    let mut connection = Connection::open(&address, Duration::from_secs(60)).unwrap();
    let mut found = vec![];
    for kept in kept {
        if kept.new_connection {
            connection = Connection::open(&address, Duration::from_secs(60)).unwrap();
        }
        let answer = answer(&mut connection, &as_stream(&kept.sent));
        let columns: Vec<(String, u32)> =
            answer.columns.iter().flatten().map(|column| (column.name.clone(), column.type_oid)).collect();
        let wanted: Vec<(String, u32)> =
            kept.columns.iter().map(|(name, oid)| (name.clone(), type_here(*oid))).collect();
        let what = match &answer.failure {
            Some(failure) => format!("{} {}", failure.state, failure.message),
            None if columns != wanted => format!("columns {columns:?}, PostgreSQL: {:?}", kept.columns),
            None if kept.row.is_some()
                && is_ordered(&kept.sent, &answer)
                && first_row(&answer) != kept.row =>
            {
                format!("first row {:?}, PostgreSQL: {:?}", first_row(&answer), kept.row)
            }
            None => continue,
        };
        found.push(format!("{what}\n    in {}", kept.sent.sql));
    }
    found
}

/// No statement of a recording may fail, and columns have PostgreSQL's names and types.
fn plays(tool: &str) {
    let text = std::fs::read_to_string(path(tool)).unwrap();
    let kept = read(&text);
    assert!(!kept.is_empty(), "{tool}: nothing is recorded");
    let server = Server::start();
    super::programs::make_schema(&super::programs::millstream(&server), "STREAM");
    let found = differences(&kept, &server);
    assert!(
        found.is_empty(),
        "{} of {} statements of {tool}:\n{}",
        found.len(),
        kept.len(),
        found.join("\n")
    );
}

macro_rules! recordings {
    ($($tool:ident)*) => {
        $(#[test]
        fn $tool() {
            plays(stringify!($tool));
        })*

        /// Every recording has its test.
        #[test]
        fn every_recording_is_played() {
            let directory = path("x").parent().unwrap().read_dir().unwrap();
            let names = directory.map(|entry| entry.unwrap().path());
            let mut there: Vec<String> = names
                .filter(|path| path.extension().is_some_and(|extension| extension == "sql"))
                .map(|path| path.file_stem().unwrap().to_string_lossy().into_owned())
                .collect();
            there.sort();
            let mut played: Vec<&str> = vec![$(stringify!($tool)),*];
            played.sort();
            assert_eq!(there, played);
        }
    };
}

recordings! {
    arrow_drivers asyncpg_types dbt_views django_models jdbc pg_dump pgcli prisma query_builders sequelize
    sqlalchemy_pandas sqlx typeorm
}

#[test]
fn a_recording_is_read_as_it_was_written() {
    let parameters = vec![
        Parameter { type_oid: 25, value: Some("a\tb\\\n".as_bytes().to_vec()), binary: false },
        Parameter { type_oid: 0, value: None, binary: false },
        Parameter { type_oid: 23, value: Some(vec![0, 0, 0, 7]), binary: true },
    ];
    let sent = Sent {
        connection: 1,
        sql: "SELECT $1,\n\n $2, $3".to_owned(),
        parameters: Some(parameters),
        binary_result: true,
    };
    let text = written(&sent, &Answer::default(), true);
    let kept = read(&text);
    assert_eq!(kept.len(), 1);
    assert_eq!(written(&kept[0].sent, &Answer::default(), true), text);
    assert_eq!(kept[0].sent.sql, sent.sql);
}
