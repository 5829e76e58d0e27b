//! The library: a database in one's own process.

use std::sync::Arc;

use arrow::array::{Decimal128Array, Int64Array, RecordBatch};
use arrow::datatypes::{DataType, Field, Schema};
use futures::StreamExt;
use millstream::{Config, Database};

#[tokio::test(flavor = "multi_thread")]
async fn batches_go_in_and_come_out_and_survive_a_reopen() {
    let directory = tempfile::TempDir::new().unwrap();
    let database = Database::open(Config::new(directory.path())).await.unwrap();
    database.execute("CREATE STREAM s (k BIGINT, v BIGINT)").await.unwrap();
    database
        .execute("CREATE MATERIALIZED VIEW t AS SELECT k, sum(v) AS total FROM s GROUP BY k")
        .await
        .unwrap();
    let mut changes = database.subscribe("t").await.unwrap();
    let schema = Arc::new(Schema::new(vec![
        Field::new("k", DataType::Int64, true),
        Field::new("v", DataType::Int64, true),
    ]));
    let columns: Vec<arrow::array::ArrayRef> =
        vec![Arc::new(Int64Array::from(vec![1, 1, 2])), Arc::new(Int64Array::from(vec![10, 20, 5]))];
    let lsn = database.append("s", RecordBatch::try_new(schema, columns).unwrap()).await.unwrap();
    let change = changes.next().await.unwrap().unwrap();
    assert_eq!(change.num_rows(), 2);
    assert_eq!(change.column(0).as_any().downcast_ref::<Int64Array>().unwrap().value(0), lsn as i64);
    drop(changes);
    database.close().await;

    let database = Database::open(Config::new(directory.path())).await.unwrap();
    assert_eq!(database.report().views[0].2, 0, "a clean stop leaves nothing to replay");
    let batches = database.execute("SELECT total FROM t ORDER BY k").await.unwrap();
    let totals = batches[0].column(0).as_any().downcast_ref::<Decimal128Array>().unwrap();
    assert_eq!(totals.values(), &[30, 5]);
    database.close().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_directory_is_open_only_once() {
    let directory = tempfile::TempDir::new().unwrap();
    let database = Database::open(Config::new(directory.path())).await.unwrap();
    assert!(Database::open(Config::new(directory.path())).await.is_err());
    database.close().await;
}
