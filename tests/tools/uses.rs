//! What tools do first: connect, look around, query, insert. What they print must be what they print of PostgreSQL.

use std::path::{Path, PathBuf};
use std::process::Command;

use super::capture::Proxy;
use super::programs::{Program, Tools, make_schema, millstream, output, source, tools};
use super::recorded::record;
use crate::harness::Server;
use crate::postgres::servers::Postgres;
use crate::postgres::wire::Address;

fn is_recording() -> bool {
    std::env::var_os("MILLSTREAM_RECORD").is_some()
}

/// A server with the schema of the tools.
fn server() -> Server {
    let server = Server::start();
    make_schema(&millstream(&server), "STREAM");
    server
}

fn postgres() -> Result<Postgres, String> {
    let postgres = Postgres::start()?;
    make_schema(&postgres.address(), "TABLE");
    Ok(postgres)
}

/// Where what a program printed of PostgreSQL is kept.
fn kept(test: &str) -> PathBuf {
    source(&format!("recorded/{test}.txt"))
}

/// What `run` gives on PostgreSQL, with the statements that it sends recorded if that is asked for; what was kept of it
/// where there is no PostgreSQL.
fn said_by_postgresql(test: &str, run: impl Fn(&Address) -> String) -> String {
    let Ok(server) = postgres() else { return std::fs::read_to_string(kept(test)).unwrap() };
    let address = server.address();
    if !is_recording() {
        return run(&address);
    }
    let proxy = Proxy::before(&address);
    let said = run(&proxy.address);
    record_sent(test, &proxy);
    said
}

fn record_sent(test: &str, proxy: &Proxy) {
    let (theirs, ours) = (postgres().unwrap(), self::server());
    record(test, &proxy.sent(), &theirs.address(), &millstream(&ours));
}

/// Runs a program on PostgreSQL and here, and compares what it prints.
fn same_as_postgresql(test: &str, program: Program, least_lines: usize) {
    let Some(tools) = tools(test) else { return };
    let run = |address: &Address| output(&mut tools.program(program, address));
    let expected = said_by_postgresql(test, run);
    if is_recording() {
        std::fs::write(kept(test), &expected).unwrap();
    }
    let server = server();
    let found = run(&millstream(&server));
    assert!(expected.lines().count() >= least_lines, "{expected}");
    for (expected, found) in expected.lines().zip(found.lines()) {
        assert_eq!(found, expected, "{test}: PostgreSQL's is on the right");
    }
    assert_eq!(found.lines().count(), expected.lines().count());
}

#[test]
fn sequelize() {
    same_as_postgresql("sequelize", Program::Node("sequelize.js"), 10);
}

#[test]
fn typeorm() {
    same_as_postgresql("typeorm", Program::Node("typeorm.js"), 8);
}

#[test]
fn query_builders() {
    same_as_postgresql("query_builders", Program::Node("query_builders.js"), 13);
}

#[test]
fn sqlalchemy_pandas() {
    same_as_postgresql("sqlalchemy_pandas", Program::Python("sqlalchemy_pandas.py"), 60);
}

#[test]
fn arrow_drivers() {
    same_as_postgresql("arrow_drivers", Program::Python("arrow_drivers.py"), 70);
}

#[test]
fn django_models() {
    same_as_postgresql("django_models", Program::Python("django_models.py"), 40);
}

#[test]
fn jdbc() {
    same_as_postgresql("jdbc", Program::Java("Jdbc.java"), 30);
}

#[test]
fn pgcli() {
    let Some(tools) = tools("pgcli") else { return };
    let run = |address: &Address| output(&mut tools.program(Program::Cli("pgcli_session.py"), address));
    if is_recording() {
        said_by_postgresql("pgcli", run);
    }
    let screen = run(&millstream(&server()));
    for word in ["rror:", "does not exist", "not supported"] {
        assert!(!screen.contains(word), "{screen}");
    }
}

/// dbt with a project of two views, its outputs in a directory of its own.
fn dbt(tools: &Tools, address: &Address, outputs: &Path, arguments: &[&str]) -> String {
    let (host, port) = address.host_port.split_once(':').unwrap();
    let mut dbt = tools.installed("cli/bin/dbt");
    dbt.arg("--no-use-colors").args(arguments);
    dbt.arg("--project-dir").arg(source("dbt")).arg("--profiles-dir").arg(source("dbt"));
    dbt.envs([("SHOP_HOST", host), ("SHOP_PORT", port)]);
    dbt.envs([("SHOP_USER", &address.user), ("SHOP_DATABASE", &address.database)]);
    dbt.env("DBT_TARGET_PATH", outputs.join("target")).env("DBT_LOG_PATH", outputs.join("log"));
    output(dbt.current_dir(outputs))
}

#[test]
fn dbt_views() {
    let Some(tools) = tools("dbt_views") else { return };
    let outputs = tempfile::TempDir::new().unwrap();
    let run = |address: &Address| {
        let debug = dbt(&tools, address, outputs.path(), &["debug"]);
        assert!(debug.contains("All checks passed!"), "{debug}");
        // The second run replaces the views while one reads the other.
        for _ in 0..2 {
            let ran = dbt(&tools, address, outputs.path(), &["run"]);
            assert!(ran.contains("PASS=2 WARN=0 ERROR=0 SKIP=0"), "{ran}");
        }
        let tested = dbt(&tools, address, outputs.path(), &["test"]);
        assert!(tested.contains("PASS=2 WARN=0 ERROR=0 SKIP=0"), "{tested}");
        dbt(&tools, address, outputs.path(), &["docs", "generate"]);
        let listed =
            dbt(&tools, address, outputs.path(), &["show", "--inline", "select * from {{ ref('summary') }}"]);
        assert!(listed.contains("1.5"), "{listed}");
        String::new()
    };
    if is_recording() {
        said_by_postgresql("dbt_views", run);
    }
    let server = server();
    run(&millstream(&server));
    let columns = server.psql(&["\\d summary"]);
    assert!(columns.contains("n|bigint") && columns.contains("total|numeric"), "{columns}");
}

#[test]
fn pg_dump_gives_the_schema() {
    let run = |address: &Address| {
        let (host, port) = address.host_port.split_once(':').unwrap();
        let mut dump = Command::new("pg_dump");
        dump.args(["-s", "-h", host, "-p", port, "-U", &address.user, &address.database]);
        output(&mut dump)
    };
    if Command::new("pg_dump").arg("--version").output().is_err() {
        assert!(!crate::postgres::servers::required(), "pg_dump is not installed, and MILLSTREAM_POSTGRES=1");
        return eprintln!("SKIPPED pg_dump_gives_the_schema: pg_dump is not installed");
    }
    if is_recording() {
        said_by_postgresql("pg_dump", run);
    }
    let schema = run(&millstream(&server()));
    let wanted = [
        "CREATE TABLE public.bids (\n    auction bigint NOT NULL,\n    price numeric(10,2),\n    \
         tag character varying(20) DEFAULT 'none'::character varying,\n    \
         at timestamp without time zone NOT NULL\n);",
        "CREATE VIEW public.dear AS\n SELECT auction, price FROM ",
        "CREATE MATERIALIZED VIEW public.totals AS\n SELECT auction, count(*) AS n FROM ",
    ];
    for wanted in wanted {
        assert!(schema.contains(wanted), "{schema}");
    }
}

/// Records a tool that is not installed by `install.sh`: `MILLSTREAM_RECORD_AS` is the recording's name and
/// `MILLSTREAM_RECORD_RUN` a shell command that finds the server in PGHOST, PGPORT, PGUSER and PGDATABASE. Without a
/// command the statements that are recorded are answered anew.
#[test]
fn recording_of_another_tool() {
    let Ok(name) = std::env::var("MILLSTREAM_RECORD_AS") else { return };
    let theirs = postgres().unwrap();
    let Ok(run) = std::env::var("MILLSTREAM_RECORD_RUN") else {
        let kept = super::recorded::read(&std::fs::read_to_string(super::recorded::path(&name)).unwrap());
        let sent: Vec<_> = kept.into_iter().map(|kept| kept.sent).collect();
        return record(&name, &sent, &theirs.address(), &millstream(&server()));
    };
    let proxy = Proxy::before(&theirs.address());
    let (host, port) = proxy.address.host_port.split_once(':').unwrap();
    let mut command = Command::new("sh");
    command.args(["-c", &run]).envs([("PGHOST", host), ("PGPORT", port)]);
    command.envs([("PGUSER", &proxy.address.user), ("PGDATABASE", &proxy.address.database)]);
    output(&mut command);
    record_sent(&name, &proxy);
}
