//! What drivers do beside plain queries: typed parameters, cursors, questions about types.

use crate::harness::{Server, execute, rows, value};

#[tokio::test]
async fn parameters_are_oids_arrays_and_what_they_are_compared_with() {
    let server = Server::start();
    let client = server.connect().await;
    execute(&client, "CREATE STREAM bids (auction BIGINT NOT NULL, tag TEXT)").await;
    execute(&client, "INSERT INTO bids VALUES (1, 'a'), (2, 'b'), (3, NULL)").await;

    let by_name = client.query_one("SELECT oid FROM pg_class WHERE relname = $1", &[&"bids"]).await.unwrap();
    let oid: u32 = by_name.get(0);
    let by_oid = "SELECT attname FROM pg_attribute WHERE attrelid = $1 AND attnum > 0 ORDER BY attnum";
    let columns = client.query(by_oid, &[&oid]).await.unwrap();
    assert_eq!(columns.iter().map(|row| row.get(0)).collect::<Vec<String>>(), ["auction", "tag"]);
    let by_cast = client.query_one("SELECT $1::text::regclass::oid", &[&"public.bids"]).await.unwrap();
    assert_eq!(by_cast.get::<_, u32>(0), oid);

    let any = "SELECT auction FROM bids WHERE auction = ANY($1) ORDER BY 1";
    let found = client.query(any, &[&vec![1i64, 3, 9]]).await.unwrap();
    assert_eq!(found.iter().map(|row| row.get(0)).collect::<Vec<i64>>(), [1, 3]);
    let arrays = client
        .query_one("SELECT $1::text[], $2::int[]", &[&vec!["a", "b c"], &vec![Some(1i32), None]])
        .await
        .unwrap();
    assert_eq!(arrays.get::<_, Vec<String>>(0), ["a", "b c"]);
    assert_eq!(arrays.get::<_, Vec<Option<i32>>>(1), [Some(1), None]);
    let page = client
        .query("SELECT auction FROM bids ORDER BY 1 LIMIT $1 OFFSET $2", &[&1i64, &1i64])
        .await
        .unwrap();
    assert_eq!(page[0].get::<_, i64>(0), 2);
}

#[tokio::test]
async fn a_setting_can_be_set_by_a_query() {
    let server = Server::start();
    let client = server.connect().await;
    assert_eq!(value(&client, "SELECT set_config('application_name', 'report', false)").await, "report");
    assert_eq!(value(&client, "SELECT current_setting('application_name')").await, "report");
    assert_eq!(value(&client, "SHOW application_name").await, "report");
    let failed = client.simple_query("SELECT set_config('no_such', 'x', false)").await.unwrap_err();
    assert_eq!(failed.code().unwrap().code(), "42704");
    execute(&client, "SELECT pg_advisory_unlock_all(); CLOSE ALL; UNLISTEN *; RESET ALL").await;
    assert_eq!(value(&client, "SELECT current_setting('application_name')").await, "");
}

#[tokio::test]
async fn new_objects_are_in_the_catalogs_at_once() {
    let server = Server::start();
    let client = server.connect().await;
    let names = "SELECT relname FROM pg_class WHERE relnamespace = 'public'::regnamespace ORDER BY 1";
    for count in 1..=3 {
        execute(&client, &format!("CREATE STREAM s{count} (k BIGINT)")).await;
        assert_eq!(rows(&client, names).await.len(), count);
    }
    execute(&client, "DROP STREAM s2").await;
    assert_eq!(rows(&client, names).await, [["s1"], ["s3"]]);
}

#[tokio::test]
async fn now_is_the_time_at_which_a_statement_begins() {
    let server = Server::start();
    let client = server.connect().await;
    execute(&client, "CREATE STREAM s (k BIGINT, at TIMESTAMPTZ DEFAULT now())").await;
    execute(&client, "INSERT INTO s (k) VALUES (1)").await;
    client.execute("INSERT INTO s VALUES ($1, current_timestamp)", &[&2i64]).await.unwrap();
    let near = "SELECT count(*) FROM s WHERE at BETWEEN now() - INTERVAL '1 minute' AND now()";
    assert_eq!(value(&client, near).await, "2");
    assert_eq!(value(&client, "SELECT now() = now()").await, "t");
}
