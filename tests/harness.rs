//! A server of one's own: the real binary on a data directory in a temporary place, started, killed, started again.

use std::io::{BufRead, BufReader};
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::time::{Duration, Instant};

use tempfile::TempDir;
use tokio_postgres::{Client, NoTls, SimpleQueryMessage};

/// A running server; it is killed when dropped.
pub struct Server {
    child: Child,
    directory: TempDir,
    pub port: u16,
    flags: Vec<String>,
    environment: Vec<(String, String)>,
    /// What the server printed before it was ready.
    pub greeting: Vec<String>,
}

impl Server {
    /// A server on an empty directory.
    pub fn start() -> Server {
        Server::with_flags(&[])
    }

    /// A server with more flags.
    pub fn with_flags(flags: &[&str]) -> Server {
        Server::with_environment(flags, &[])
    }

    /// A server with more flags and environment variables.
    pub fn with_environment(flags: &[&str], environment: &[(&str, &str)]) -> Server {
        let directory = TempDir::new().unwrap();
        let flags: Vec<String> = flags.iter().map(ToString::to_string).collect();
        let mut program = Command::new(env!("CARGO_BIN_EXE_millstream"));
        program.envs(environment.iter().copied());
        let (child, port, greeting) = spawn(program, directory.path(), &flags);
        let own = |(name, value): &(&str, &str)| (name.to_string(), value.to_string());
        let environment = environment.iter().map(own).collect();
        Server { child, directory, port, flags, environment, greeting }
    }

    /// A server whose data directory is a file system of its own, of so many MiB; None where this machine lets nobody
    /// mount one. It is gone with the server.
    pub fn on_small_disk(mib: u32, flags: &[&str]) -> Option<Server> {
        let directory = TempDir::new().unwrap();
        let script =
            format!("mount -t tmpfs -o size={mib}m tmpfs '{}' && exec \"$@\"", directory.path().display());
        let mounted = |program: &[&str]| {
            let mut command = Command::new("unshare");
            command.args(["--user", "--map-root-user", "--mount", "sh", "-c", &script, "sh"]).args(program);
            command
        };
        if !mounted(&["true"]).stderr(Stdio::null()).status().is_ok_and(|status| status.success()) {
            return None;
        }
        let flags: Vec<String> = flags.iter().map(ToString::to_string).collect();
        let (child, port, greeting) =
            spawn(mounted(&[env!("CARGO_BIN_EXE_millstream")]), directory.path(), &flags);
        Some(Server { child, directory, port, flags, environment: Vec::new(), greeting })
    }

    /// What it is started with the next time.
    pub fn set_flags(&mut self, flags: &[&str]) {
        self.flags = flags.iter().map(ToString::to_string).collect();
    }

    /// A path in the data directory as the server sees it.
    pub fn seen_by_server(&self, file: &str) -> PathBuf {
        let root = PathBuf::from(format!("/proc/{}/root", self.child.id()));
        root.join(self.directory.path().strip_prefix("/").unwrap()).join(file)
    }

    /// Where its data is.
    pub fn directory(&self) -> &Path {
        self.directory.path()
    }

    /// kill -9.
    pub fn kill(&mut self) {
        self.child.kill().unwrap();
        self.child.wait().unwrap();
    }

    /// Starts again on the same directory; answers how long it took to be ready.
    pub fn start_again(&mut self) -> Duration {
        let begun = Instant::now();
        let mut program = Command::new(env!("CARGO_BIN_EXE_millstream"));
        program.envs(self.environment.iter().map(|(name, value)| (name, value)));
        let (child, port, greeting) = spawn(program, self.directory.path(), &self.flags);
        (self.child, self.port, self.greeting) = (child, port, greeting);
        begun.elapsed()
    }

    /// kill -9 and start again.
    pub fn crash(&mut self) -> Duration {
        self.kill();
        self.start_again()
    }

    /// SIGTERM, and wait for the end.
    pub fn stop(&mut self) {
        let pid = self.child.id().to_string();
        assert!(Command::new("kill").args(["-TERM", &pid]).status().unwrap().success());
        assert!(self.child.wait().unwrap().success(), "a clean stop exits with 0");
    }

    /// Resident memory in MiB.
    pub fn resident_mib(&self) -> u64 {
        let status = std::fs::read_to_string(format!("/proc/{}/status", self.child.id())).unwrap();
        let line = status.lines().find(|line| line.starts_with("VmRSS:")).unwrap();
        line.split_whitespace().nth(1).unwrap().parse::<u64>().unwrap() / 1024
    }

    /// A connection.
    pub async fn connect(&self) -> Client {
        let settings = format!("host=127.0.0.1 port={} user=tester dbname=millstream", self.port);
        let (client, connection) = tokio_postgres::connect(&settings, NoTls).await.unwrap();
        tokio::spawn(connection);
        client
    }

    /// Runs psql with one `-c` for each command, unaligned and without headers; answers what it printed.
    pub fn psql(&self, commands: &[&str]) -> String {
        let output = self.psql_command(&["-AtX"], commands).output().unwrap();
        let errors = String::from_utf8_lossy(&output.stderr);
        assert!(output.status.success() && !errors.contains("ERROR"), "psql {commands:?} failed: {errors}");
        String::from_utf8(output.stdout).unwrap()
    }

    /// A psql to be run.
    pub fn psql_command(&self, flags: &[&str], commands: &[&str]) -> Command {
        let mut psql = Command::new("psql");
        psql.args(["-h", "127.0.0.1", "-U", "tester", "-d", "millstream", "-p", &self.port.to_string()]);
        psql.args(["-v", "ON_ERROR_STOP=1"]).args(flags);
        psql.args(commands.iter().flat_map(|command| ["-c", command]));
        psql
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        // It may have been killed or stopped already.
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

#[expect(clippy::zombie_processes, reason = "who asks for the server waits for it")]
fn spawn(mut program: Command, directory: &Path, flags: &[String]) -> (Child, u16, Vec<String>) {
    let mut child = program
        .args(["--listen", "127.0.0.1:0", "--data-directory"])
        .arg(directory)
        .args(flags)
        .stdout(Stdio::piped())
        .spawn()
        .unwrap();
    let mut greeting = Vec::new();
    let mut lines = BufReader::new(child.stdout.take().unwrap()).lines();
    loop {
        let line = lines.next().expect("the server ended before it was ready").unwrap();
        greeting.push(line.clone());
        if let Some(at) = line.find(" -p ") {
            let port = line[at + 4..].split_whitespace().next().unwrap().parse().unwrap();
            // Keeps the pipe open, so that the server's later lines do not fail.
            std::thread::spawn(move || lines.for_each(drop));
            return (child, port, greeting);
        }
    }
}

/// The rows of a query as text, NULL as `NULL`.
pub async fn rows(client: &Client, sql: &str) -> Vec<Vec<String>> {
    let messages = client.simple_query(sql).await.unwrap_or_else(|error| panic!("{sql}: {error:?}"));
    let row = |message: SimpleQueryMessage| match message {
        SimpleQueryMessage::Row(row) => {
            Some((0..row.len()).map(|column| row.get(column).unwrap_or("NULL").to_owned()).collect())
        }
        _ => None,
    };
    messages.into_iter().filter_map(row).collect()
}

/// The first field of the first row.
pub async fn value(client: &Client, sql: &str) -> String {
    rows(client, sql).await[0][0].clone()
}

/// Runs statements that must succeed.
pub async fn execute(client: &Client, sql: &str) {
    client.batch_execute(sql).await.unwrap_or_else(|error| panic!("{sql}: {error:?}"));
}

/// The SQLSTATE that a statement fails with.
pub async fn failure(client: &Client, sql: &str) -> (String, String) {
    match client.batch_execute(sql).await {
        Ok(()) => panic!("{sql} succeeded"),
        Err(error) => {
            let error = error.as_db_error().unwrap_or_else(|| panic!("{sql}: {error:?}"));
            (error.code().code().to_owned(), error.message().to_owned())
        }
    }
}

/// COPY … FROM STDIN with this data.
pub async fn copy(client: &Client, sql: &str, data: &[u8]) -> Result<u64, tokio_postgres::Error> {
    use futures::SinkExt;
    let sink = client.copy_in(sql).await?;
    let mut sink = std::pin::pin!(sink);
    for piece in data.chunks(1 << 16) {
        sink.send(bytes::Bytes::copy_from_slice(piece)).await?;
    }
    sink.finish().await
}
