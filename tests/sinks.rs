//! Sinks into streams: exactly once, across restarts, and the target is a stream like any other.

use std::time::Duration;

use crate::harness::{Server, execute, rows, value};

#[tokio::test(flavor = "multi_thread")]
async fn closed_windows_flow_into_a_stream_that_is_windowed_again() {
    let mut server = Server::with_flags(&["--checkpoint-seconds", "0.1"]);
    let client = server.connect().await;
    for sql in [
        "CREATE STREAM s (k BIGINT, at TIMESTAMP, WATERMARK FOR at AS at)",
        "CREATE STREAM minutes (at TIMESTAMP, k BIGINT, n BIGINT, WATERMARK FOR at AS at)",
        "CREATE MATERIALIZED VIEW by_minute AS SELECT window_start, k, count(*) AS n
         FROM TUMBLE(s, at, INTERVAL '1 minute') GROUP BY window_start, window_end, k EMIT ON WINDOW CLOSE",
        "CREATE SINK copy_minutes INTO minutes FROM by_minute",
        "CREATE MATERIALIZED VIEW by_hour AS SELECT window_start, sum(n) AS n
         FROM TUMBLE(minutes, at, INTERVAL '1 hour') GROUP BY window_start, window_end",
    ] {
        execute(&client, sql).await;
    }
    drop(client);
    for hour in 0..4 {
        let client = server.connect().await;
        for minute in 0..60 {
            let sql = format!(
                "INSERT INTO s VALUES (1, '2024-01-01 0{hour}:{minute:02}:00'), (2, '2024-01-01 0{hour}:{minute:02}:30')"
            );
            execute(&client, &sql).await;
        }
        drop(client);
        server.crash();
    }
    let client = server.connect().await;
    execute(&client, "ALTER STREAM s ADVANCE WATERMARK").await;
    let wanted = value(&client, "SELECT count(*) FROM by_minute").await;
    assert_eq!(wanted, "480");
    for _ in 0..200 {
        if value(&client, "SELECT count(*) FROM minutes").await == wanted {
            break;
        }
        tokio::time::sleep(Duration::from_millis(50)).await;
    }
    assert_eq!(
        rows(&client, "SELECT count(*), count(DISTINCT (at::text || k::text)) FROM minutes").await,
        [["480", "480"]]
    );
    let hours = rows(&client, "SELECT n FROM by_hour ORDER BY window_start").await;
    assert_eq!(hours, [["120"], ["120"], ["120"], ["120"]]);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_view_that_takes_rows_back_cannot_feed_a_stream() {
    let server = Server::start();
    let client = server.connect().await;
    execute(&client, "CREATE STREAM s (k BIGINT)").await;
    execute(&client, "CREATE STREAM t (n BIGINT)").await;
    execute(&client, "CREATE MATERIALIZED VIEW v AS SELECT count(*) AS n FROM s").await;
    assert_eq!(crate::harness::failure(&client, "CREATE SINK x INTO t FROM v").await.0, "0A000");
    execute(&client, "CREATE SINK ok INTO t FROM s").await;
    assert_eq!(crate::harness::failure(&client, "CREATE SINK back INTO s FROM t").await.0, "42P17");
    assert_eq!(crate::harness::failure(&client, "DROP STREAM t").await.0, "2BP01");
}
