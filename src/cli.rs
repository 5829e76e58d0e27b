//! The command line: flags, their environment variables, and what the program prints.

use std::net::SocketAddr;
use std::path::PathBuf;
use std::sync::Arc;
use std::time::Duration;

use clap::{Args, Parser, Subcommand};
use tokio::net::TcpListener;

use crate::config::{Config, DEFAULT_TAIL_BYTES};
use crate::database::Database;
use crate::env::Machine;
use crate::verify::{Outcome, Verify};
use crate::{Error, Result};

/// Millstream: a SQL streaming database in one binary.
///
/// Without a command it starts the server. Connect with psql, create streams and materialized views, insert, and
/// read the views: they are always up to date.
#[derive(Debug, Parser)]
#[command(name = "millstream", version)]
pub struct Cli {
    /// What to do; the default is to serve.
    #[command(subcommand)]
    command: Option<Command>,
    #[command(flatten)]
    server: ServerFlags,
}

#[derive(Debug, Subcommand)]
enum Command {
    /// Start the server (the default).
    Serve,
    /// Stream real flights out of New York into a windowed view, live in the terminal, and keep serving.
    Demo {
        /// Rows a second to stream in; 0 for as fast as it goes.
        #[arg(long, default_value_t = 3_000)]
        rate: u32,
        /// A CSV file of flights; the default is the January extract that the program carries.
        #[arg(long)]
        file: Option<PathBuf>,
        /// Stop when the rows are in, instead of serving on.
        #[arg(long)]
        exit: bool,
    },
    /// Check the data directory that no server has open: log files and checkpoints. Exits with 1 when there is damage.
    Verify {
        /// Cut off what is damaged, after telling what that costs; the bytes go to lost+found/ in the data directory.
        #[arg(long)]
        repair: bool,
    },
}

/// The flags that every command takes.
#[derive(Debug, Clone, Args)]
pub struct ServerFlags {
    /// Address and port to listen on.
    #[arg(long, env = "MILLSTREAM_LISTEN", default_value = "127.0.0.1:7654", global = true)]
    listen: SocketAddr,
    /// Directory that holds the database; made if it is not there [default: ./millstream-data, ./millstream-demo for
    /// the demo].
    #[arg(long, env = "MILLSTREAM_DATA_DIRECTORY", global = true)]
    data_directory: Option<PathBuf>,
    /// Where segments and checkpoints go: file:///path, s3://bucket/prefix, gs://bucket/prefix or az://container/prefix; the
    /// default is inside the data directory.
    #[arg(long, env = "MILLSTREAM_OBJECT_STORE_URL", global = true)]
    object_store_url: Option<String>,
    /// Threads for views, and as many for queries; the default is the number of cores.
    #[arg(long, env = "MILLSTREAM_WORKERS", global = true)]
    workers: Option<usize>,
    /// Memory for queries, and as much for views, in MiB; a query that wants more fails with 53200, and a view that grows
    /// past it stops with 53200.
    #[arg(long, env = "MILLSTREAM_MEMORY_MIB", default_value_t = 2048, global = true)]
    memory_mib: usize,
    /// Memory for the newest rows of streams, in MiB, before they are sealed into segments [default: half of
    /// --memory-mib, at most 512].
    #[arg(long, env = "MILLSTREAM_TAIL_MIB", global = true)]
    tail_mib: Option<f64>,
    /// Seconds between checkpoints of a view that changes.
    #[arg(long, env = "MILLSTREAM_CHECKPOINT_SECONDS", default_value_t = 10.0, global = true)]
    checkpoint_seconds: f64,
    /// Connections at once.
    #[arg(long, env = "MILLSTREAM_MAX_CONNECTIONS", default_value_t = 200, global = true)]
    max_connections: usize,
}

impl ServerFlags {
    fn config(&self, data_directory: &str) -> Config {
        let memory_budget_bytes = self.memory_mib.max(16) << 20;
        let defaults = Config::new(self.data_directory.clone().unwrap_or_else(|| data_directory.into()));
        Config {
            object_store_url: self.object_store_url.clone(),
            workers: self.workers.unwrap_or(defaults.workers).max(1),
            memory_budget_bytes,
            tail_bytes: match self.tail_mib {
                Some(mib) => (mib.clamp(0.0625, 1_048_576.0) * f64::from(1 << 20)) as usize,
                None => DEFAULT_TAIL_BYTES.min(memory_budget_bytes / 2),
            },
            checkpoint_interval: Duration::from_secs_f64(self.checkpoint_seconds.clamp(0.05, 86_400.0)),
            max_connections: self.max_connections.max(1),
            ..defaults
        }
    }
}

/// Runs the program to its end; false when it found damage.
pub fn run(cli: Cli) -> Result<bool> {
    let runtime = tokio::runtime::Builder::new_multi_thread()
        .thread_name("millstream network")
        .thread_stack_size(8 << 20)
        .enable_all()
        .build()
        .map_err(|error| Error::io("starting threads for", "the network", &error))?;
    // The demo makes its streams anew each time: not among somebody's data.
    let config = cli.server.config(match cli.command {
        Some(Command::Demo { .. }) => "./millstream-demo",
        _ => "./millstream-data",
    });
    if let Some(Command::Verify { repair }) = cli.command {
        let verify = Verify { config, env: Arc::new(Machine), repair };
        let outcome = runtime.block_on(verify.run(&mut |line| say(format_args!("{line}"))))?;
        return Ok(outcome != Outcome::Damaged);
    }
    let served: Result<()> = runtime.block_on(async {
        let server = Server::start(config, cli.server.listen).await?;
        match cli.command {
            None | Some(Command::Serve | Command::Verify { .. }) => server.until_stopped().await,
            Some(Command::Demo { rate, file, exit }) => {
                let outcome = crate::demo::run(server.address, rate, file, exit).await;
                if outcome.is_err() || exit {
                    server.stop().await?;
                    return outcome;
                }
                server.until_stopped().await
            }
        }
    });
    served.map(|()| true)
}

/// A running server.
struct Server {
    database: Database,
    address: SocketAddr,
    shutdown: tokio::sync::watch::Sender<bool>,
    serving: tokio::task::JoinHandle<Result<()>>,
}

impl Server {
    async fn start(config: Config, listen: SocketAddr) -> Result<Server> {
        let database = Database::open(config).await?;
        let listening = |error: std::io::Error| Error::io("listening on", listen.to_string(), &error);
        let listener = TcpListener::bind(listen).await.map_err(listening)?;
        let address = listener.local_addr().map_err(listening)?;
        let (shutdown, stopping) = tokio::sync::watch::channel(false);
        let serving = tokio::spawn(crate::wire::pg::serve(listener, Arc::new(database.clone()), stopping));
        print_report(&database);
        say(format_args!(
            "millstream is ready: connect with  psql -h {} -p {} -U millstream millstream",
            address.ip(),
            address.port()
        ));
        Ok(Server { database, address, shutdown, serving })
    }

    async fn until_stopped(mut self) -> Result<()> {
        tokio::select! {
            () = stop_signal() => {}
            outcome = &mut self.serving => {
                outcome.map_err(|error| Error::internal(format!("the listener failed: {error}")))??;
            }
        }
        self.stop().await
    }

    async fn stop(self) -> Result<()> {
        say(format_args!("stopping: writing checkpoints"));
        // No receiver is left when the listener has ended by itself.
        let _ = self.shutdown.send(true);
        self.database.close().await;
        say(format_args!("stopped"));
        Ok(())
    }
}

/// A line for whoever started the server. That nobody reads it any more is no reason to stop.
fn say(line: std::fmt::Arguments<'_>) {
    use std::io::Write;
    let _ = writeln!(std::io::stdout(), "{line}");
}

/// What recovery did, when there was something to recover.
fn print_report(database: &Database) {
    let report = database.report();
    if report.lsn == 0 {
        return;
    }
    say(format_args!(
        "recovered {} rows through LSN {} in {:.2} s (log read in {:.2} s)",
        report.rows,
        report.lsn,
        report.time.as_secs_f64(),
        report.log_time.as_secs_f64()
    ));
    for (name, restored, replay) in &report.views {
        match restored {
            0 => say(format_args!(
                "  view {name}: no checkpoint, {replay} rows to compute from the start of the log"
            )),
            lsn => say(format_args!("  view {name}: state restored at LSN {lsn}, {replay} rows to replay")),
        }
    }
}

async fn stop_signal() {
    use tokio::signal::unix::{SignalKind, signal};
    let (Ok(mut interrupt), Ok(mut terminate)) =
        (signal(SignalKind::interrupt()), signal(SignalKind::terminate()))
    else {
        tracing::error!("signals cannot be watched: stop the server with kill -9, nothing is lost");
        return std::future::pending().await;
    };
    tokio::select! {
        _ = interrupt.recv() => {}
        _ = terminate.recv() => {}
    }
}
