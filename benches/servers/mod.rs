//! The servers that are measured: the real binary, and PostgreSQL where it is installed.

use std::io::{BufRead, BufReader};
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};

use tokio_postgres::{Client, NoTls};

/// A Millstream server; killed when dropped.
pub struct Millstream {
    child: Child,
    port: u16,
}

impl Millstream {
    /// Starts the binary on a directory.
    pub fn start(directory: &Path) -> Self {
        let mut child = Command::new(env!("CARGO_BIN_EXE_millstream"))
            .args(["--listen", "127.0.0.1:0", "--data-directory"])
            .arg(directory)
            .stdout(Stdio::piped())
            .spawn()
            .unwrap();
        let mut lines = BufReader::new(child.stdout.take().unwrap()).lines();
        let ready = lines.find_map(|line| line.ok().filter(|line| line.contains(" -p "))).unwrap();
        let port = ready.split(" -p ").nth(1).unwrap().split_whitespace().next().unwrap().parse().unwrap();
        std::thread::spawn(move || lines.for_each(drop));
        Self { child, port }
    }

    /// A connection.
    pub async fn connect(&self) -> Client {
        connect(&format!("host=127.0.0.1 port={} user=bench dbname=millstream", self.port)).await
    }
}

impl Drop for Millstream {
    fn drop(&mut self) {
        // It may have ended already.
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

/// A PostgreSQL server of one's own with default settings (fsync on), on a socket in a temporary directory.
pub struct Postgres {
    directory: tempfile::TempDir,
    binaries: PathBuf,
    as_user: Vec<&'static str>,
}

impl Postgres {
    /// Starts it; None where PostgreSQL is not installed.
    pub fn start() -> Option<Self> {
        let binaries = postgres_binaries()?;
        let directory = tempfile::TempDir::new().ok()?;
        // PostgreSQL refuses to run as root; its package makes a user for it.
        let root = Command::new("id").arg("-u").output().ok()?.stdout == b"0\n";
        let as_user = match root {
            true => vec!["setpriv", "--reuid=postgres", "--regid=postgres", "--clear-groups"],
            false => Vec::new(),
        };
        if root {
            Command::new("chown").arg("postgres:postgres").arg(directory.path()).status().ok()?;
        }
        let server = Self { directory, binaries, as_user };
        let data = server.directory.path().join("data");
        server.run("initdb", &["-A", "trust", "-U", "bench", "-D", data.to_str()?])?;
        let options = format!("-k {} -c listen_addresses=''", server.directory.path().display());
        let log = server.directory.path().join("log");
        server.run("pg_ctl", &["-w", "-D", data.to_str()?, "-l", log.to_str()?, "-o", &options, "start"])?;
        Some(server)
    }

    /// A connection.
    pub async fn connect(&self) -> Client {
        connect(&format!("host={} user=bench dbname=postgres", self.directory.path().display())).await
    }

    fn run(&self, program: &str, arguments: &[&str]) -> Option<()> {
        let program = self.binaries.join(program);
        let mut words = self.as_user.clone();
        words.push(program.to_str()?);
        words.extend(arguments);
        let quiet = || Stdio::null();
        let status =
            Command::new(words[0]).args(&words[1..]).stdout(quiet()).stderr(quiet()).status().ok()?;
        status.success().then_some(())
    }
}

impl Drop for Postgres {
    fn drop(&mut self) {
        let data = self.directory.path().join("data");
        self.run("pg_ctl", &["-D", &data.display().to_string(), "-m", "immediate", "stop"]);
    }
}

async fn connect(settings: &str) -> Client {
    let (client, connection) = tokio_postgres::connect(settings, NoTls).await.unwrap();
    tokio::spawn(connection);
    client
}

/// The directory that holds PostgreSQL's programs: on the path, or where Debian puts them.
fn postgres_binaries() -> Option<PathBuf> {
    let path = std::env::var_os("PATH")?;
    let versions = std::fs::read_dir("/usr/lib/postgresql").into_iter().flatten().flatten();
    let mut places = std::env::split_paths(&path).chain(versions.map(|entry| entry.path().join("bin")));
    places.find(|place| place.join("initdb").exists() && place.join("postgres").exists())
}
