//! A PostgreSQL 15 of the test's own, where its binaries are found, and what is done where they are not.

use std::fs::File;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::time::{Duration, Instant};

use super::wire::{Address, Connection};

/// A PostgreSQL on a temporary directory; it ends when dropped.
pub struct Postgres {
    child: Child,
    directory: PathBuf,
    port: u16,
}

/// Whether a PostgreSQL that is not found is a failure and no reason to skip.
pub fn required() -> bool {
    std::env::var("MILLSTREAM_POSTGRES").is_ok_and(|value| value == "1")
}

/// Says aloud that a test is skipped, or fails if PostgreSQL is required.
pub fn skipped(test: &str, reason: &str) {
    assert!(!required(), "{test}: {reason}, and MILLSTREAM_POSTGRES=1");
    eprintln!("SKIPPED {test}: {reason} (MILLSTREAM_POSTGRES=1 makes this a failure)");
}

impl Postgres {
    /// A server on an empty directory, with UTF-8: order by code points, letters as Unicode has them.
    pub fn start() -> Result<Postgres, String> {
        let binaries = binaries().ok_or("no PostgreSQL 15 is installed")?;
        let port = free_port()?;
        let directory =
            std::env::temp_dir().join(format!("millstream-postgres-{}-{port}", std::process::id()));
        std::fs::create_dir_all(&directory).map_err(|error| error.to_string())?;
        if is_root() {
            finish(Command::new("chown").arg("postgres").arg(&directory))?;
        }
        let data = directory.join("data");
        finish(
            as_plain_user(&binaries.join("initdb"), &directory)
                .args([
                    "--username=postgres",
                    "--auth=trust",
                    "--encoding=UTF8",
                    "--locale=C",
                    "--lc-ctype=C.UTF-8",
                    "--no-sync",
                    "-D",
                ])
                .arg(&data),
        )?;
        // Its log goes beside its data: a pipe that nobody reads would stop it.
        let log = File::create(directory.join("log")).map_err(|error| error.to_string())?;
        let child = as_plain_user(&binaries.join("postgres"), &directory)
            .arg("-D")
            .arg(&data)
            .args([
                "-p",
                &port.to_string(),
                "-h",
                "127.0.0.1",
                "-k",
                "",
                "-c",
                "fsync=off",
                "-c",
                "timezone=UTC",
            ])
            .args(["-c", "max_parallel_workers_per_gather=0", "-c", "jit=off"])
            .stdout(Stdio::null())
            .stderr(log)
            .spawn()
            .map_err(|error| error.to_string())?;
        let server = Postgres { child, directory, port };
        let begun = Instant::now();
        while Connection::open(&server.address(), Duration::from_secs(5)).is_err() {
            if begun.elapsed() > Duration::from_secs(60) {
                return Err("PostgreSQL did not start within a minute".to_owned());
            }
            std::thread::sleep(Duration::from_millis(50));
        }
        Ok(server)
    }

    /// Where it listens.
    pub fn address(&self) -> Address {
        Address {
            host_port: format!("127.0.0.1:{}", self.port),
            user: "postgres".to_owned(),
            database: "postgres".to_owned(),
        }
    }
}

impl Drop for Postgres {
    fn drop(&mut self) {
        // Its own main process ends its children; the one started here may be `runuser`, which passes the signal on.
        let pid = self.child.id().to_string();
        let _ = Command::new("kill").args(["-INT", &pid]).status();
        let _ = self.child.wait();
        let _ = std::fs::remove_dir_all(&self.directory);
    }
}

/// The directory of PostgreSQL 15's binaries: Debian's, or that of the `postgres` on the path.
fn binaries() -> Option<PathBuf> {
    let debian = PathBuf::from("/usr/lib/postgresql/15/bin");
    if debian.join("initdb").is_file() {
        return Some(debian);
    }
    let path = std::env::var_os("PATH")?;
    let directory = std::env::split_paths(&path).find(|directory| directory.join("initdb").is_file())?;
    let version = Command::new(directory.join("postgres")).arg("--version").output().ok()?;
    String::from_utf8_lossy(&version.stdout).contains(") 15").then_some(directory)
}

/// PostgreSQL refuses to run as root.
fn as_plain_user(program: &Path, directory: &Path) -> Command {
    let mut command = if is_root() {
        let mut command = Command::new("setpriv");
        command.args(["--reuid=postgres", "--regid=postgres", "--clear-groups"]).arg(program);
        command
    } else {
        Command::new(program)
    };
    command.current_dir(directory);
    command
}

fn is_root() -> bool {
    let status = std::fs::read_to_string("/proc/self/status").unwrap_or_default();
    status.lines().any(|line| line.starts_with("Uid:") && line.split_whitespace().nth(2) == Some("0"))
}

fn free_port() -> Result<u16, String> {
    let listener = std::net::TcpListener::bind("127.0.0.1:0").map_err(|error| error.to_string())?;
    Ok(listener.local_addr().map_err(|error| error.to_string())?.port())
}

fn finish(command: &mut Command) -> Result<(), String> {
    let name = command.get_program().to_string_lossy().into_owned();
    let output = command.output().map_err(|error| format!("{name}: {error}"))?;
    if output.status.success() {
        return Ok(());
    }
    Err(format!("{name}: {}", String::from_utf8_lossy(&output.stderr).trim()))
}
