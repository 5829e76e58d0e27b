//! A database inside a program: batches in, a live view, changes out.
//!
//! `cargo run --release --example embedded`

use futures::StreamExt;
use millstream::{Config, Database, Result};

#[tokio::main]
async fn main() -> Result<()> {
    let directory = std::env::temp_dir().join(format!("millstream-example-{}", std::process::id()));
    let database = Database::open(Config::new(&directory)).await?;
    database
        .execute("CREATE STREAM readings (sensor BIGINT, celsius DOUBLE PRECISION, at TIMESTAMP, WATERMARK FOR at AS at)")
        .await?;
    database
        .execute(
            "CREATE MATERIALIZED VIEW per_minute AS
             SELECT window_start, sensor, avg(celsius) AS mean, count(*) AS readings
             FROM TUMBLE(readings, at, INTERVAL '1 minute') GROUP BY window_start, window_end, sensor",
        )
        .await?;
    let mut changes = database.subscribe("per_minute").await?;
    database
        .execute(
            "INSERT INTO readings VALUES (1, 20.0, '2024-01-01 10:00:05'), (1, 22.0, '2024-01-01 10:00:35')",
        )
        .await?;
    if let Some(batch) = changes.next().await {
        println!("{}", arrow::util::pretty::pretty_format_batches(&[batch?])?);
    }
    let rows = database.execute("SELECT * FROM per_minute").await?;
    println!("{}", arrow::util::pretty::pretty_format_batches(&rows)?);
    database.close().await;
    Ok(())
}
