//! kill -9 in a loop under concurrent writers, with a ledger of what was acknowledged. Nothing acknowledged is
//! lost, nothing is there twice, and every view equals its batch query. `MILLSTREAM_KILLS` sets how many kills.

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::Duration;

use rand::{Rng, SeedableRng};
use tokio_postgres::NoTls;

use crate::harness::{Server, execute, rows, value};

const WRITERS: i64 = 8;

/// What a writer knows: rows up to `acknowledged` are durable; the one after it may be.
#[derive(Default, Clone, Copy)]
struct Ledger {
    acknowledged: i64,
    sent: i64,
}

async fn write(port: u16, writer: i64, mut ledger: Ledger, stop: Arc<AtomicBool>) -> Ledger {
    let settings = format!("host=127.0.0.1 port={port} user=tester dbname=millstream");
    let Ok((client, connection)) = tokio_postgres::connect(&settings, NoTls).await else { return ledger };
    tokio::spawn(connection);
    while !stop.load(Ordering::Acquire) {
        // Between one and five rows a statement: each is whole or not there.
        let first = ledger.sent + 1;
        let last = ledger.sent + 1 + first % 5;
        let values: Vec<_> = (first..=last)
            .map(|n| format!("({writer}, {n}, '2024-01-01'::timestamp + INTERVAL '{n} seconds')"))
            .collect();
        ledger.sent = last;
        match client.batch_execute(&format!("INSERT INTO ledger VALUES {}", values.join(", "))).await {
            Ok(()) => ledger.acknowledged = last,
            Err(_) => break,
        }
    }
    ledger
}

async fn seal_now_and_then(port: u16, stop: Arc<AtomicBool>) {
    let settings = format!("host=127.0.0.1 port={port} user=tester dbname=millstream");
    let Ok((client, connection)) = tokio_postgres::connect(&settings, NoTls).await else { return };
    tokio::spawn(connection);
    while !stop.load(Ordering::Acquire) && client.batch_execute("CHECKPOINT").await.is_ok() {
        tokio::time::sleep(Duration::from_millis(60)).await;
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn nothing_acknowledged_is_lost_and_nothing_is_there_twice() {
    let kills = std::env::var("MILLSTREAM_KILLS").map_or(6, |kills| kills.parse().unwrap());
    // Little stays in memory, so that kills hit sealing and manifests, too.
    kill_loop(Server::with_flags(&["--checkpoint-seconds", "0.2", "--tail-mib", "0.25"]), kills).await;
}

/// The loop, over an empty server of any store.
pub async fn kill_loop(mut server: Server, kills: usize) {
    let seed: u64 =
        std::env::var("MILLSTREAM_SEED").map_or_else(|_| rand::random(), |seed| seed.parse().unwrap());
    println!("MILLSTREAM_SEED={seed} MILLSTREAM_KILLS={kills}");
    let mut random = rand::rngs::StdRng::seed_from_u64(seed);
    let client = server.connect().await;
    execute(
        &client,
        "CREATE STREAM ledger (writer BIGINT, n BIGINT, at TIMESTAMP, WATERMARK FOR at AS at - INTERVAL '10 seconds')",
    )
    .await;
    execute(&client, "CREATE STREAM copies (writer BIGINT, n BIGINT, at TIMESTAMP)").await;
    for view in [
        "CREATE MATERIALIZED VIEW by_writer AS SELECT writer, count(*) AS rows, sum(n) AS total, max(n) AS last
         FROM ledger GROUP BY writer",
        "CREATE MATERIALIZED VIEW by_minute AS SELECT window_start, writer, count(*) AS rows, count(DISTINCT n) AS ns
         FROM TUMBLE(ledger, at, INTERVAL '1 minute') GROUP BY window_start, window_end, writer",
        "CREATE MATERIALIZED VIEW odd AS SELECT writer, n, at FROM ledger WHERE n % 2 = 1",
    ] {
        execute(&client, view).await;
    }
    execute(&client, "CREATE SINK odd_copies INTO copies FROM odd").await;
    drop(client);
    let mut ledgers = [Ledger::default(); WRITERS as usize];
    let mut slowest = Duration::ZERO;
    for kill in 0..kills {
        let stop = Arc::new(AtomicBool::new(false));
        let writers: Vec<_> = ledgers
            .iter()
            .enumerate()
            .map(|(index, ledger)| tokio::spawn(write(server.port, index as i64, *ledger, stop.clone())))
            .collect();
        // Sealing and checkpoints come at random moments, too.
        let port = server.port;
        let sealing = tokio::spawn(seal_now_and_then(port, stop.clone()));
        tokio::time::sleep(Duration::from_millis(random.random_range(20..400))).await;
        server.kill();
        sealing.abort();
        stop.store(true, Ordering::Release);
        for (index, writer) in writers.into_iter().enumerate() {
            ledgers[index] = writer.await.unwrap();
        }
        slowest = slowest.max(server.start_again());
        let client = server.connect().await;
        let stored = rows(
            &client,
            "SELECT writer, count(*), count(DISTINCT n), max(n) FROM ledger GROUP BY writer ORDER BY writer",
        )
        .await;
        let written = ledgers.iter().filter(|ledger| ledger.acknowledged > 0).count();
        assert!(stored.len() >= written, "kill {kill}: {} of {written} writers have rows", stored.len());
        for row in &stored {
            let [writer, count, distinct, last] =
                [0, 1, 2, 3].map(|field| row[field].parse::<i64>().unwrap());
            let ledger = &mut ledgers[writer as usize];
            assert!(
                last >= ledger.acknowledged,
                "kill {kill}: writer {writer} lost rows after {last}, {} was acknowledged",
                ledger.acknowledged
            );
            assert!(last <= ledger.sent);
            assert_eq!((count, distinct), (last, last), "kill {kill}: writer {writer} has gaps or doubles");
            (ledger.acknowledged, ledger.sent) = (last, last);
        }
        for (view, oracle) in [
            (
                "SELECT writer, rows, total, last FROM by_writer ORDER BY 1",
                "SELECT writer, count(*), sum(n), max(n) FROM ledger GROUP BY writer ORDER BY 1",
            ),
            (
                "SELECT window_start, writer, rows, ns FROM by_minute ORDER BY 1, 2",
                "SELECT window_start, writer, count(*), count(DISTINCT n) FROM TUMBLE(ledger, at, INTERVAL '1 minute')
                 WHERE _watermark IS NULL OR window_end > _watermark GROUP BY window_start, window_end, writer ORDER BY 1, 2",
            ),
            ("SELECT writer, n FROM odd ORDER BY 1, 2", "SELECT writer, n FROM ledger WHERE n % 2 = 1 ORDER BY 1, 2"),
        ] {
            assert_eq!(rows(&client, view).await, rows(&client, oracle).await, "kill {kill}: {view}");
        }
    }
    let client = server.connect().await;
    let wanted = value(&client, "SELECT count(*) FROM odd").await;
    for _ in 0..200 {
        if value(&client, "SELECT count(*) FROM copies").await == wanted {
            break;
        }
        tokio::time::sleep(Duration::from_millis(50)).await;
    }
    let copied = rows(&client, "SELECT writer, n FROM copies ORDER BY 1, 2").await;
    assert_eq!(
        copied,
        rows(&client, "SELECT writer, n FROM odd ORDER BY 1, 2").await,
        "the sink copied each row once"
    );
    let sealed = rows(&client, "SELECT name, rows, segments FROM millstream.streams ORDER BY 1").await;
    println!("streams with their rows and segments: {sealed:?}");
    let total: i64 = ledgers.iter().map(|ledger| ledger.acknowledged).sum();
    println!("{kills} kills, {total} rows acknowledged, 0 lost, 0 twice; slowest restart {slowest:?}");
    assert!(total > 0);
}
