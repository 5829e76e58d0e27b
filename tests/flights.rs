//! Real data: the flights of January 2013 (all of 2013 where `MILLSTREAM_FLIGHTS` names the full file), loaded in
//! every way that a user may, must give the same views: those of the batch query.

use std::io::Read;

use crate::harness::{Server, copy, execute, rows, value};

pub const STREAM: &str = "CREATE STREAM flights (year INT, month INT, day INT, dep_time INT, sched_dep_time INT,
    dep_delay DOUBLE PRECISION, arr_time INT, sched_arr_time INT, arr_delay DOUBLE PRECISION, carrier TEXT, flight INT,
    tailnum TEXT, origin TEXT, dest TEXT, air_time DOUBLE PRECISION, distance DOUBLE PRECISION, hour INT, minute INT,
    time_hour TIMESTAMP, WATERMARK FOR time_hour AS time_hour - INTERVAL '2 hours')";

const VIEWS: [&str; 3] = [
    "CREATE MATERIALIZED VIEW hourly AS SELECT window_start, window_end, origin, count(*) AS flights,
     count(dep_delay) AS departed, avg(dep_delay) AS mean_delay, min(dep_delay) AS least, max(dep_delay) AS worst
     FROM TUMBLE(flights, time_hour, INTERVAL '1 hour') GROUP BY window_start, window_end, origin",
    "CREATE MATERIALIZED VIEW three_hours AS SELECT window_start, window_end, origin, count(*) AS flights,
     avg(dep_delay) AS mean_delay, count(DISTINCT carrier) AS carriers
     FROM HOP(flights, time_hour, INTERVAL '1 hour', INTERVAL '3 hours') GROUP BY window_start, window_end, origin",
    "CREATE MATERIALIZED VIEW final_hours AS SELECT window_start, window_end, origin, count(*) AS flights
     FROM TUMBLE(flights, time_hour, INTERVAL '1 hour') GROUP BY window_start, window_end, origin EMIT ON WINDOW CLOSE",
];

/// Batch queries, each beside the view that it must equal.
const ORACLES: [(&str, &str); 2] = [
    (
        "SELECT window_start, window_end, origin, flights, departed, round(mean_delay::numeric, 6), least, worst FROM hourly ORDER BY 1, 3",
        "SELECT window_start, window_end, origin, count(*), count(dep_delay), round(avg(dep_delay)::numeric, 6), min(dep_delay), max(dep_delay)
         FROM TUMBLE(flights, time_hour, INTERVAL '1 hour') WHERE _watermark IS NULL OR window_end > _watermark
         GROUP BY window_start, window_end, origin ORDER BY 1, 3",
    ),
    (
        "SELECT window_start, window_end, origin, flights, round(mean_delay::numeric, 6), carriers FROM three_hours ORDER BY 1, 3",
        "SELECT window_start, window_end, origin, count(*), round(avg(dep_delay)::numeric, 6), count(DISTINCT carrier)
         FROM HOP(flights, time_hour, INTERVAL '1 hour', INTERVAL '3 hours') WHERE _watermark IS NULL OR window_end > _watermark
         GROUP BY window_start, window_end, origin ORDER BY 1, 3",
    ),
];

#[derive(Clone, Copy, PartialEq, Debug)]
enum Load {
    OneCopy,
    Pieces,
    PiecesWithACrash,
}

/// The CSV text, header included.
pub fn flights_csv() -> String {
    let default = concat!(env!("CARGO_MANIFEST_DIR"), "/examples/data/flights-january.csv.gz");
    let path = std::env::var("MILLSTREAM_FLIGHTS").unwrap_or_else(|_| default.to_owned());
    let mut text = String::new();
    flate2::read::GzDecoder::new(std::fs::File::open(path).unwrap()).read_to_string(&mut text).unwrap();
    text
}

async fn load(server: &mut Server, way: Load, csv: &str) {
    let sql = "COPY flights FROM STDIN WITH (FORMAT csv, HEADER, NULL 'NA')";
    let (header, body) = csv.split_once('\n').unwrap();
    if way == Load::OneCopy {
        let client = server.connect().await;
        let count = copy(&client, sql, csv.as_bytes()).await.unwrap();
        assert_eq!(count as usize, body.lines().count());
        return;
    }
    let lines: Vec<_> = body.lines().collect();
    let pieces: Vec<_> = lines.chunks(1000).collect();
    let mut client = server.connect().await;
    for (index, piece) in pieces.iter().enumerate() {
        if way == Load::PiecesWithACrash && index == pieces.len() / 2 {
            server.crash();
            client = server.connect().await;
        }
        let data = format!("{header}\n{}\n", piece.join("\n"));
        copy(&client, sql, data.as_bytes()).await.unwrap();
    }
}

async fn check(server: &Server, way: &str) {
    let client = server.connect().await;
    for (view, oracle) in ORACLES {
        let (view, oracle) = (rows(&client, view).await, rows(&client, oracle).await);
        assert_eq!(view.len(), oracle.len(), "{way}: as many rows");
        for (view, oracle) in view.iter().zip(&oracle) {
            assert_eq!(view, oracle, "{way}");
        }
    }
    for (view, function) in [
        ("hourly", "TUMBLE(flights, time_hour, INTERVAL '1 hour')"),
        ("three_hours", "HOP(flights, time_hour, INTERVAL '1 hour', INTERVAL '3 hours')"),
    ] {
        let counted =
            value(&client, &format!("SELECT count FROM millstream.late_rows WHERE view = '{view}'")).await;
        let oracle =
            value(&client, &format!("SELECT count(*) FROM {function} WHERE window_end <= _watermark")).await;
        assert_eq!(counted, oracle, "{way}: late rows of {view}");
        assert_ne!(counted, "0", "the data has late rows");
    }
    let closed = "SELECT window_start, origin, flights FROM final_hours ORDER BY 1, 2";
    let oracle = "SELECT window_start, origin, flights FROM hourly
        WHERE window_end <= (SELECT watermark FROM millstream.streams WHERE name = 'flights')::timestamp ORDER BY 1, 2";
    assert_eq!(rows(&client, closed).await, rows(&client, oracle).await, "{way}: closed windows");
}

async fn run(way: Load, views_first: bool) {
    let csv = flights_csv();
    let mut server = Server::with_flags(&["--checkpoint-seconds", "0.2"]);
    let client = server.connect().await;
    execute(&client, STREAM).await;
    if views_first {
        for view in VIEWS {
            execute(&client, view).await;
        }
    }
    drop(client);
    load(&mut server, way, &csv).await;
    if !views_first {
        let client = server.connect().await;
        for view in VIEWS {
            execute(&client, view).await;
        }
    }
    check(&server, &format!("{way:?}, views first: {views_first}")).await;
    server.crash();
    check(&server, &format!("{way:?}, views first: {views_first}, after a crash")).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn one_copy_into_views_that_stand() {
    run(Load::OneCopy, true).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn views_over_a_stream_that_is_full() {
    run(Load::OneCopy, false).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn pieces_of_a_thousand_rows() {
    run(Load::Pieces, true).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn pieces_with_a_crash_in_the_middle() {
    run(Load::PiecesWithACrash, true).await;
}
