//! The tests beside PostgreSQL: its regression scripts, generated expressions, recorded answers.
//!
//! Where no PostgreSQL 15 or no source package is found, a test says that it is skipped; `MILLSTREAM_POSTGRES=1` makes
//! that a failure. `MILLSTREAM_EXPRESSIONS` is the number of generated expressions, `MILLSTREAM_SEED` their seed. Reports
//! are written to `postgres/` below the target directory.

use std::path::{Path, PathBuf};
use std::time::{Duration, Instant};

use super::generate::{self, Mode, Plan, Servers};
use super::regress::{self, Run};
use super::servers::{self, Postgres};
use super::wire::{Address, Connection};
use super::{catalogs, report, source};
use crate::harness::Server;

/// Of the queries in scope, the part that must be equal, in percent.
const EQUAL: f64 = 99.0;
/// The queries that must be in scope.
const IN_SCOPE: usize = 3_900;

fn millstream(server: &Server) -> Address {
    Address {
        host_port: format!("127.0.0.1:{}", server.port),
        user: "tester".to_owned(),
        database: "millstream".to_owned(),
    }
}

/// A directory below the target directory, for what is fetched and reported.
fn directory(name: &str) -> PathBuf {
    let directory = PathBuf::from(env!("CARGO_TARGET_TMPDIR")).join("postgres").join(name);
    std::fs::create_dir_all(&directory).unwrap();
    directory
}

fn number(variable: &str, default: u64) -> u64 {
    std::env::var(variable).ok().and_then(|value| value.parse().ok()).unwrap_or(default)
}

#[test]
fn regression_scripts_of_postgresql() {
    let name = "regression_scripts_of_postgresql";
    let postgres = match Postgres::start() {
        Ok(postgres) => postgres,
        Err(reason) => return servers::skipped(name, &reason),
    };
    let scripts = match source::fetched(&directory("source")) {
        Ok(scripts) => scripts,
        Err(reason) => return servers::skipped(name, &reason),
    };
    let mut found = regress::Found::default();
    for script in regress::SCRIPTS {
        let server = Server::start();
        let run = Run {
            postgres: postgres.address(),
            millstream: millstream(&server),
            scripts: &scripts,
            stream: "STREAM",
        };
        if found.compared.is_empty() {
            run.set_up().unwrap();
        }
        run.script(script, &mut found).unwrap();
    }
    let reports = directory("regress");
    let summary = report::summary(&found);
    std::fs::write(reports.join("summary.txt"), &summary).unwrap();
    std::fs::write(reports.join("differences.txt"), report::differences(&found)).unwrap();
    std::fs::write(reports.join("out_of_scope.txt"), report::out_of_scope(&found)).unwrap();
    let totals = report::totals(&found);
    assert!(totals.in_scope >= IN_SCOPE, "{} queries are in scope\n{summary}", totals.in_scope);
    assert!(totals.percent() >= EQUAL, "{:.1} % are equal\n{summary}", totals.percent());
}

#[test]
fn generated_expressions_equal_postgresql() {
    let postgres = match Postgres::start() {
        Ok(postgres) => postgres,
        Err(reason) => return servers::skipped("generated_expressions_equal_postgresql", &reason),
    };
    let server = Server::start();
    let mut servers = Servers::open(&postgres.address(), &millstream(&server)).unwrap();
    let seed = number("MILLSTREAM_SEED", 1);
    println!("seed {seed}");
    let plan = Plan {
        seed,
        expressions: number("MILLSTREAM_EXPRESSIONS", 2_000) as usize,
        modes: vec![Mode::Batch, Mode::View, Mode::TextParameters, Mode::BinaryParameters],
        only: None,
    };
    let begun = Instant::now();
    let found = generate::run(&mut servers, &plan, |_, _| {});
    let report = generate::report(&found, begun);
    std::fs::write(directory("generate").join("report.txt"), &report).unwrap();
    assert!(found.differing.is_empty(), "{}", report.lines().take(200).collect::<Vec<_>>().join("\n"));
}

/// What is recorded beside these tests is what a server says. `MILLSTREAM_RECORD=1` writes it anew, the answers to
/// expressions too.
#[test]
fn recorded_catalogs_of_postgresql() {
    let postgres = match Postgres::start() {
        Ok(postgres) => postgres,
        Err(reason) => return servers::skipped("recorded_catalogs_of_postgresql", &reason),
    };
    let mut connection = Connection::open(&postgres.address(), Duration::from_secs(30)).unwrap();
    let recorded = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/postgres/recorded");
    let record = std::env::var_os("MILLSTREAM_RECORD").is_some();
    for catalog in &catalogs::CATALOGS {
        let path = recorded.join(format!("{}.tsv", catalog.name));
        let found = catalogs::dump(&mut connection, catalog).unwrap();
        if record {
            std::fs::write(&path, &found).unwrap();
        }
        assert!(std::fs::read_to_string(&path).unwrap() == found, "{} is another", catalog.name);
    }
    if record {
        let answers = generate::record(&mut connection, number("MILLSTREAM_SEED", 1), 5_000);
        std::fs::write(recorded.join("expressions.tsv"), answers).unwrap();
    }
}

#[test]
fn recorded_answers_of_postgresql() {
    let server = Server::start();
    let mut connection = Connection::open(&millstream(&server), Duration::from_secs(30)).unwrap();
    let found = generate::replay(&mut connection, include_str!("recorded/expressions.tsv"));
    let report = generate::report(&found, Instant::now());
    assert_eq!(found.compared, 5_000);
    assert!(found.differing.is_empty(), "{}", report.lines().take(200).collect::<Vec<_>>().join("\n"));
}
