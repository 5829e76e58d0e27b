//! Where drivers and tools are, how their programs are run, and the schema that they find.

use std::path::{Path, PathBuf};
use std::process::Command;
use std::time::Duration;

use crate::harness::Server;
use crate::postgres::wire::{Address, Connection};

/// What `install.sh` installed.
pub struct Tools {
    directory: PathBuf,
}

/// The tools, if `MILLSTREAM_TOOLS` says where they are; else the test says that it is skipped.
pub fn tools(test: &str) -> Option<Tools> {
    match std::env::var_os("MILLSTREAM_TOOLS") {
        Some(directory) => Some(Tools { directory: directory.into() }),
        None => {
            eprintln!(
                "SKIPPED {test}: MILLSTREAM_TOOLS is not set (tests/tools/install.sh makes the directory)"
            );
            None
        }
    }
}

/// A program in one of the languages of `tests/tools/`.
#[derive(Clone, Copy)]
pub enum Program {
    Python(&'static str),
    /// Python with the command line tools.
    Cli(&'static str),
    Node(&'static str),
    Java(&'static str),
}

impl Tools {
    /// A program of `tests/tools/`, to be run on a server; more arguments may follow.
    pub fn program(&self, program: Program, address: &Address) -> Command {
        let mut command = match program {
            Program::Python(script) => {
                let mut python = self.installed("python/bin/python");
                // The sources stay as they are.
                python.arg("-B").arg(source(script));
                python
            }
            Program::Cli(script) => {
                let mut python = self.installed("cli/bin/python");
                python.arg("-B").arg(source(script));
                python
            }
            Program::Node(script) => {
                let mut node = Command::new("node");
                node.env("NODE_PATH", self.there("node/node_modules")).arg(source(script));
                node
            }
            Program::Java(script) => {
                let mut java = Command::new("java");
                java.arg("-cp").arg(self.there("java/postgresql.jar")).arg(source(script));
                java
            }
        };
        let (host, port) = address.host_port.split_once(':').unwrap();
        command.args([host, port, &address.user, &address.database]);
        command
    }

    /// A command that was installed.
    pub fn installed(&self, path: &str) -> Command {
        Command::new(self.there(path))
    }

    fn there(&self, path: &str) -> PathBuf {
        let path = self.directory.join(path);
        assert!(path.exists(), "{} is not there: run tests/tools/install.sh", path.display());
        path
    }
}

/// A file of `tests/tools/`.
pub fn source(name: &str) -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/tools").join(name)
}

/// What a command prints; it must end well.
pub fn output(command: &mut Command) -> String {
    let name = format!("{command:?}");
    let output = command.output().unwrap_or_else(|error| panic!("{name}: {error}"));
    let (printed, errors) =
        (String::from_utf8_lossy(&output.stdout), String::from_utf8_lossy(&output.stderr));
    assert!(output.status.success(), "{name}: {}\n{printed}\n{errors}", output.status);
    printed.into_owned()
}

/// Where a server listens.
pub fn millstream(server: &Server) -> Address {
    Address {
        host_port: format!("127.0.0.1:{}", server.port),
        user: "tester".to_owned(),
        database: "millstream".to_owned(),
    }
}

/// What the tools find: a relation, a view and a materialized view. `kind` is STREAM or TABLE.
pub fn make_schema(address: &Address, kind: &str) {
    let watermark = if kind == "STREAM" { ", WATERMARK FOR at AS at" } else { "" };
    let statements = [
        format!(
            "CREATE {kind} bids (auction BIGINT NOT NULL, price NUMERIC(10,2), tag VARCHAR(20) DEFAULT 'none',
             at TIMESTAMP NOT NULL{watermark})"
        ),
        "INSERT INTO bids VALUES (1, 1.50, 'a', '2024-01-02 03:04:05'), (2, NULL, NULL, '2024-01-02 03:04:06')"
            .to_owned(),
        "CREATE VIEW dear AS SELECT auction, price FROM bids WHERE price > 1".to_owned(),
        "CREATE MATERIALIZED VIEW totals AS SELECT auction, count(*) AS n FROM bids GROUP BY auction".to_owned(),
    ];
    let mut connection = Connection::open(address, Duration::from_secs(60)).unwrap();
    for sql in &statements {
        let answer = connection.simple(sql);
        assert!(answer.failure.is_none(), "{sql}: {:?}", answer.failure);
    }
}
