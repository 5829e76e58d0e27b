//! The demo: real flights out of New York, streamed in the order in which they left, into windowed views that
//! change live in the terminal. It is a client like any other and goes through the front door.

use std::collections::BTreeMap;
use std::io::{IsTerminal, Read, Write};
use std::net::SocketAddr;
use std::path::PathBuf;
use std::sync::Arc;
use std::time::{Duration, Instant};

use chrono::{NaiveDateTime, TimeDelta};
use futures::{SinkExt, StreamExt};
use parking_lot::Mutex;
use tokio_postgres::{Client, NoTls};

use crate::{Error, Result};

/// The January extract: see `examples/data/README.md`.
const FLIGHTS: &[u8] = include_bytes!("../examples/data/flights-january.csv.gz");

/// Rows of one COPY.
const PIECE_ROWS: usize = 250;

const SETUP: &str = "
DROP STREAM IF EXISTS flights CASCADE;
CREATE STREAM flights (
  scheduled TIMESTAMP,
  origin    TEXT,
  dest      TEXT,
  carrier   TEXT,
  flight    INT,
  delay     DOUBLE PRECISION,
  WATERMARK FOR scheduled AS scheduled - INTERVAL '2 hours'
);
CREATE MATERIALIZED VIEW hourly AS
SELECT window_start, origin, count(*) AS flights, count(delay) AS departed, avg(delay) AS mean_delay, max(delay) AS worst
FROM TUMBLE(flights, scheduled, INTERVAL '1 hour')
GROUP BY window_start, window_end, origin;
CREATE MATERIALIZED VIEW daily_final AS
SELECT window_start, origin, count(*) AS flights, avg(delay) AS mean_delay
FROM TUMBLE(flights, scheduled, INTERVAL '1 day')
GROUP BY window_start, window_end, origin
EMIT ON WINDOW CLOSE;
";

/// Streams the flights in at `rate` rows a second (0: as fast as it goes) and shows the view change.
pub async fn run(address: SocketAddr, rate: u32, file: Option<PathBuf>, exit: bool) -> Result<()> {
    let text = flights_text(file)?;
    let rows = rows_of(&text)?;
    let client = connect(address).await?;
    println!("demo: making the stream `flights` and the views `hourly` and `daily_final`");
    client.batch_execute(SETUP).await.map_err(client_error)?;

    let board = Arc::new(Mutex::new(Board::default()));
    let watching = tokio::spawn(watch(connect(address).await?, board.clone()));
    let begun = Instant::now();
    let mut sent = 0;
    for piece in rows.chunks(PIECE_ROWS) {
        let sink = client.copy_in("COPY flights FROM STDIN").await.map_err(client_error)?;
        let mut sink = std::pin::pin!(sink);
        sink.send(bytes::Bytes::from(piece.concat())).await.map_err(client_error)?;
        sink.finish().await.map_err(client_error)?;
        sent += piece.len();
        if rate > 0 {
            let due = Duration::from_secs_f64(sent as f64 / f64::from(rate));
            tokio::time::sleep(due.saturating_sub(begun.elapsed())).await;
        }
        board.lock().draw(sent, rows.len(), begun.elapsed());
    }
    tokio::time::sleep(Duration::from_millis(200)).await;
    board.lock().finish(sent, rows.len(), begun.elapsed());
    watching.abort();
    summary(&client, sent, begun.elapsed()).await?;
    if !exit {
        println!(
            "\nlook for yourself:  psql -h {} -p {} -U millstream millstream -c 'SELECT * FROM hourly ORDER BY 1 DESC, 2 LIMIT 12'",
            address.ip(),
            address.port()
        );
        println!("the server goes on; Ctrl-C stops it");
    }
    Ok(())
}

async fn summary(client: &Client, sent: usize, time: Duration) -> Result<()> {
    let row = client
        .query_one(
            "SELECT count(*), (SELECT count(*) FROM hourly), (SELECT count(*) FROM daily_final) FROM flights",
            &[],
        )
        .await
        .map_err(client_error)?;
    let (flights, hourly, daily): (i64, i64, i64) = (row.get(0), row.get(1), row.get(2));
    println!(
        "streamed {sent} rows in {:.1} s: {flights} in the stream, {hourly} rows in `hourly`, {daily} final days in `daily_final`",
        time.as_secs_f64()
    );
    for row in client
        .query("SELECT view, count FROM millstream.late_rows ORDER BY view", &[])
        .await
        .map_err(client_error)?
    {
        let (view, count): (String, i64) = (row.get(0), row.get(1));
        println!("rows that came after their window had closed: {count} in `{view}`");
    }
    Ok(())
}

/// Follows `hourly` and keeps the newest windows on the board.
async fn watch(client: Client, board: Arc<Mutex<Board>>) -> Result<()> {
    let changes = client.copy_out("COPY (SUBSCRIBE TO hourly) TO STDOUT").await.map_err(client_error)?;
    let mut changes = std::pin::pin!(changes);
    let mut rest = String::new();
    while let Some(piece) = changes.next().await {
        rest.push_str(&String::from_utf8_lossy(&piece.map_err(client_error)?));
        while let Some(end) = rest.find('\n') {
            board.lock().take(rest[..end].split('\t').collect::<Vec<_>>().as_slice());
            rest.drain(..=end);
        }
    }
    Ok(())
}

/// What the terminal shows: the newest windows by origin.
#[derive(Default)]
struct Board {
    windows: BTreeMap<(String, String), String>,
    changes: u64,
    drawn_lines: usize,
    drawn: Option<Instant>,
}

const SHOWN: usize = 9;

impl Board {
    /// A change: lsn, op, progressed, window_start, origin, flights, departed, mean_delay, worst.
    fn take(&mut self, fields: &[&str]) {
        let [_, op, _, window, origin, flights, departed, mean, worst] = fields else { return };
        self.changes += 1;
        let key = ((*window).to_owned(), (*origin).to_owned());
        match *op {
            "insert" | "update_after" => {
                let number =
                    |text: &str| text.parse::<f64>().map_or("-".to_owned(), |value| format!("{value:.1}"));
                let line = format!("{flights:>8}{departed:>10}{:>12}{:>9}", number(mean), number(worst));
                self.windows.insert(key, line);
            }
            "delete" => drop(self.windows.remove(&key)),
            _ => {}
        }
    }

    fn draw(&mut self, sent: usize, all: usize, time: Duration) {
        let every = if std::io::stdout().is_terminal() { 100 } else { 1_000 };
        if self.drawn.is_none_or(|drawn| drawn.elapsed() >= Duration::from_millis(every)) {
            self.finish(sent, all, time);
        }
    }

    fn finish(&mut self, sent: usize, all: usize, time: Duration) {
        self.drawn = Some(Instant::now());
        let rate = sent as f64 / time.as_secs_f64().max(1e-9);
        let progress = format!(
            "{:>3} %  {sent} of {all} flights, {rate:.0} rows/s, {} view changes",
            sent * 100 / all.max(1),
            self.changes
        );
        let mut lines = vec![progress];
        if std::io::stdout().is_terminal() {
            lines.push(format!(
                "{:<21}{:<7}{:>8}{:>10}{:>12}{:>9}",
                "hour (UTC)", "origin", "flights", "departed", "mean delay", "worst"
            ));
            let newest = self.windows.iter().rev().take(SHOWN);
            lines.extend(newest.map(|((window, origin), line)| format!("{window:<21}{origin:<7}{line}")));
            if self.drawn_lines > 0 {
                print!("\x1b[{}A", self.drawn_lines);
            }
            self.drawn_lines = lines.len();
            lines.iter().for_each(|line| println!("\x1b[2K{line}"));
        } else {
            lines.iter().for_each(|line| println!("{line}"));
        }
        // A closed terminal is no reason to stop the demo's server.
        let _ = std::io::stdout().flush();
    }
}

fn flights_text(file: Option<PathBuf>) -> Result<String> {
    let (bytes, name) = match file {
        Some(path) => (std::fs::read(&path).map_err(|error| Error::io("reading", &path, &error))?, path),
        None => (FLIGHTS.to_vec(), PathBuf::from("the flights that the program carries")),
    };
    let mut text = String::new();
    let read = match bytes.starts_with(&[0x1f, 0x8b]) {
        true => flate2::read::GzDecoder::new(bytes.as_slice()).read_to_string(&mut text),
        false => bytes.as_slice().read_to_string(&mut text),
    };
    read.map_err(|error| Error::io("reading", name, &error))?;
    Ok(text)
}

/// The file's rows as lines of COPY text, in the order of real departure: scheduled departure (`time_hour` plus `minute`), origin, dest, carrier,
/// flight, delay.
fn rows_of(text: &str) -> Result<Vec<String>> {
    let mut lines = text.lines();
    let header: Vec<_> = lines.next().unwrap_or_default().split(',').collect();
    let place = |name: &str| {
        let place = header.iter().position(|column| *column == name);
        place.ok_or_else(|| Error::internal(format!("the flights file has no column {name}")))
    };
    let (hour, minute, origin, dest) =
        (place("time_hour")?, place("minute")?, place("origin")?, place("dest")?);
    let (carrier, flight, delay) = (place("carrier")?, place("flight")?, place("dep_delay")?);
    let row = |line: &str| {
        let fields: Vec<_> = line.split(',').collect();
        let time = fields[hour].trim_end_matches('Z').replace('T', " ");
        let scheduled = format!("{}:{:0>2}:00", &time[..time.len().min(13)], fields[minute]);
        let delay = if fields[delay] == "NA" { "\\N" } else { fields[delay] };
        let left = left(&scheduled, delay);
        (
            left,
            [&scheduled, fields[origin], fields[dest], fields[carrier], fields[flight], delay].join("\t")
                + "\n",
        )
    };
    let mut rows: Vec<_> = lines.filter(|line| line.split(',').count() == header.len()).map(row).collect();
    rows.sort_by_key(|(left, _)| *left);
    Ok(rows.into_iter().map(|(_, row)| row).collect())
}

/// When a plane really left: its scheduled departure and the delay in minutes. A cancelled flight is known at the
/// time when it should have left.
fn left(scheduled: &str, delay: &str) -> Option<NaiveDateTime> {
    let scheduled = NaiveDateTime::parse_from_str(scheduled, "%Y-%m-%d %H:%M:%S").ok()?;
    scheduled.checked_add_signed(TimeDelta::minutes(delay.parse().unwrap_or(0)))
}

async fn connect(address: SocketAddr) -> Result<Client> {
    let settings = format!("host={} port={} user=millstream dbname=millstream", address.ip(), address.port());
    let (client, connection) = tokio_postgres::connect(&settings, NoTls).await.map_err(client_error)?;
    tokio::spawn(connection);
    Ok(client)
}

fn client_error(error: tokio_postgres::Error) -> Error {
    let message = error.as_db_error().map_or_else(|| error.to_string(), ToString::to_string);
    Error::internal(format!("the demo's client: {message}"))
}
