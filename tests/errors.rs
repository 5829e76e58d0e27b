//! Bad input: the SQLSTATE that Postgres gives, and nothing half done.

use crate::harness::{Server, copy, execute, failure, value};

const STREAM: &str = "CREATE STREAM s (k BIGINT NOT NULL, small SMALLINT, name TEXT, at TIMESTAMP,
    WATERMARK FOR at AS at - INTERVAL '1 second')";

/// Statements and the SQLSTATEs that they fail with.
const CASES: &[(&str, &str)] = &[
    ("SELEC 1", "42601"),
    ("SELECT 1 FROM", "42601"),
    ("CREATE STREAM x (k BIGINT", "42601"),
    ("SELECT * FROM nowhere", "42P01"),
    ("INSERT INTO nowhere VALUES (1)", "42P01"),
    ("DROP STREAM nowhere", "42P01"),
    ("SELECT nothing FROM s", "42703"),
    ("INSERT INTO s (k, nothing) VALUES (1, 2)", "42703"),
    ("CREATE MATERIALIZED VIEW x AS SELECT nothing FROM s", "42703"),
    ("SELECT no_such_function(1)", "42883"),
    ("SELECT k || at FROM s WHERE k + at > 1", "42883"),
    ("INSERT INTO s (k, at) VALUES (1, true)", "42804"),
    ("INSERT INTO s (k, at) VALUES ('abc', '2024-01-01')", "22P02"),
    ("SELECT 'abc'::BIGINT", "22P02"),
    ("INSERT INTO s (k, at) VALUES (1, 'yesterday-ish')", "22007"),
    ("INSERT INTO s (k, small, at) VALUES (1, 70000, '2024-01-01')", "22003"),
    ("SELECT 9223372036854775807 + 1", "22003"),
    ("SELECT 9223372036854775807 * 2", "22003"),
    ("SELECT 1 / 0", "22012"),
    ("SELECT (SELECT v FROM (VALUES (1), (2)) AS t(v))", "21000"),
    ("SELECT 1 LIMIT -1", "2201W"),
    ("SELECT 1 OFFSET -1", "2201X"),
    ("SELECT * FROM generate_series(1, 3, 0)", "22023"),
    ("SELECT 'x' ~ '('", "2201B"),
    ("SELECT regexp_replace('x', '(', 'y')", "2201B"),
    ("SELECT name ~ name FROM (VALUES ('[')) AS t(name)", "2201B"),
    ("SELECT chr(0)", "54000"),
    ("SELECT chr(-1)", "22023"),
    ("SELECT interval '1 dog'", "22007"),
    ("SELECT '1 dog'::interval", "22007"),
    ("SELECT interval '300000000000 hours'", "22015"),
    ("SELECT 'infinity'::timestamp", "0A000"),
    ("INSERT INTO s VALUES (1, 2), (2)", "42601"),
    ("INSERT INTO s (k, at) VALUES (1, '2024-01-01'), (2, '2024-01-01', 3)", "42601"),
    ("SELECT k / 0 FROM (VALUES (1::bigint)) AS t(k)", "22012"),
    ("INSERT INTO s (k, at) VALUES (NULL, '2024-01-01')", "23502"),
    ("INSERT INTO s (k) VALUES (1)", "23502"),
    ("INSERT INTO s (k, at) VALUES (1, '2024-01-01'), (2, NULL)", "23502"),
    ("INSERT INTO s VALUES (1, 2, 'x', '2024-01-01', 5)", "42601"),
    ("UPDATE s SET k = 2", "42809"),
    ("DELETE FROM s", "42809"),
    ("DROP VIEW s", "42809"),
    (STREAM, "42P07"),
    ("CREATE STREAM d (a BIGINT, a BIGINT)", "42701"),
    ("CREATE STREAM d (a NOSUCHTYPE)", "42704"),
    ("CREATE STREAM d (a BIGINT, WATERMARK FOR b AS b)", "42703"),
    ("CREATE STREAM d (a BIGINT) WITH (nonsense = 1)", "22023"),
    ("SELECT k, count(*) FROM s", "42803"),
    ("CREATE MATERIALIZED VIEW x AS SELECT k FROM s ORDER BY k LIMIT 3", "0A000"),
    ("CREATE MATERIALIZED VIEW x AS SELECT random() AS r FROM s", "0A000"),
    ("CREATE MATERIALIZED VIEW x AS SELECT k, count(*) AS n FROM s GROUP BY k EMIT ON WINDOW CLOSE", "0A000"),
    ("CREATE TABLE t (a BIGINT)", "0A000"),
    ("SELECT * FROM TUMBLE(s, at, INTERVAL '1 month')", "0A000"),
    ("SELECT * FROM TUMBLE(s, at, INTERVAL '0 seconds')", "22023"),
    ("SELECT * FROM TUMBLE(s, k, INTERVAL '1 second')", "42804"),
    ("SELECT * FROM s AS OF LSN 999999", "22023"),
    ("SELECT * FROM s AS OF LSN", "42601"),
    ("SELECT * FROM s FOR SYSTEM_TIME AS OF '2999-01-01'", "22023"),
    ("SELECT * FROM s FOR SYSTEM_TIME AS OF s.at", "0A000"),
    ("SELECT * FROM nowhere AS OF LSN 1", "42P01"),
    ("CREATE MATERIALIZED VIEW x AS SELECT k FROM s AS OF LSN 1", "0A000"),
    ("SHOW SNAPSHOTS FROM nowhere", "42P01"),
    ("SHOW SNAPSHOTS FROM s", "42809"),
    ("ALTER STREAM s SET (retention = '-1 day')", "22023"),
    ("ALTER STREAM s SET (partitions = 2)", "0A000"),
    ("ALTER STREAM nowhere RESET (retention)", "42P01"),
    ("SELECT repeat('x', 2000000000)", "54000"),
    ("SELECT array_repeat(1, 2000000000)", "54000"),
    ("SET no_such_setting = 1", "42704"),
    ("SET statement_timeout = 'soon'", "22023"),
    ("FETCH 1 FROM nothing", "34000"),
    ("EXECUTE nothing", "26000"),
    ("SAVEPOINT a", "25P01"),
];

#[tokio::test(flavor = "multi_thread")]
async fn bad_statements_fail_with_the_right_code_and_change_nothing() {
    let server = Server::start();
    let client = server.connect().await;
    execute(&client, STREAM).await;
    let mut wrong = Vec::new();
    for (sql, wanted) in CASES {
        let outcome = client.batch_execute(sql).await;
        let got = match &outcome {
            Ok(()) => "success".to_owned(),
            Err(error) => error
                .as_db_error()
                .map_or_else(|| error.to_string(), |e| format!("{} {}", e.code().code(), e.message())),
        };
        if !got.starts_with(wanted) {
            wrong.push(format!("{sql}: wanted {wanted}, got {got}"));
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
    assert_eq!(value(&client, "SELECT count(*) FROM s").await, "0");
    assert_eq!(value(&client, "SELECT count(*) FROM millstream.views").await, "0");
    assert_eq!(value(&client, "SELECT count(*) FROM millstream.streams").await, "1");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_syntax_error_says_where() {
    let server = Server::start();
    let client = server.connect().await;
    let error = client.batch_execute("SELECT 1 2 3").await.unwrap_err();
    let position = error.as_db_error().unwrap().position();
    assert_eq!(position, Some(&tokio_postgres::error::ErrorPosition::Original(10)));
}

#[tokio::test(flavor = "multi_thread")]
async fn a_bad_line_aborts_the_whole_copy_and_is_named() {
    let server = Server::start();
    let client = server.connect().await;
    execute(&client, STREAM).await;
    let cases: &[(&[u8], &str)] = &[
        (b"1\t1\ta\t2024-01-01\n2\t2\n", "22P04"),
        (b"1\t1\ta\t2024-01-01\n2\t2\tb\t2024-01-01\textra\n", "22P04"),
        (b"1\t1\ta\t2024-01-01\nx\t2\tb\t2024-01-01\n", "22P02"),
        (b"1\t1\ta\t2024-01-01\n2\t99999\tb\t2024-01-01\n", "22003"),
        (b"1\t1\ta\t2024-01-01\n2\t2\tb\tnever\n", "22007"),
        (b"1\t1\ta\t2024-01-01\n2\t2\t\xff\xfe\t2024-01-01\n", "22021"),
        (b"1\t1\ta\t2024-01-01\n\\N\t2\tb\t2024-01-01\n", "23502"),
    ];
    for (data, wanted) in cases {
        let error = copy(&client, "COPY s FROM STDIN", data).await.unwrap_err();
        let error = error.as_db_error().unwrap();
        assert_eq!(error.code().code(), *wanted, "{error:?}");
        if *wanted == "22P04" || *wanted == "22P02" {
            assert!(error.where_().unwrap_or_default().contains("line 2"), "{error:?}");
        }
    }
    assert_eq!(value(&client, "SELECT count(*) FROM s").await, "0");
    assert_eq!(copy(&client, "COPY s FROM STDIN", b"1\t1\ta\t2024-01-01\n").await.unwrap(), 1);
}

#[tokio::test(flavor = "multi_thread")]
async fn deep_and_long_statements_are_refused_and_the_server_lives() {
    let server = Server::start();
    let client = server.connect().await;
    let deep = format!("SELECT {}1{}", "(".repeat(20_000), ")".repeat(20_000));
    let flat = format!("SELECT 1{}", "+1".repeat(200_000));
    let nots = format!("SELECT {} true", "NOT ".repeat(100_000));
    let ctes: String = (0..24).map(|n| format!(", c{} AS (SELECT x.a FROM c{n} x, c{n} y)", n + 1)).collect();
    let doubling = format!("WITH c0 AS (SELECT 1 AS a){ctes} SELECT * FROM c24");
    let chain = format!("SELECT 1{}", "+1".repeat(201));
    for sql in [deep, flat, nots, doubling, chain] {
        assert_eq!(failure(&client, &sql).await.0, "54001");
    }
    assert_eq!(value(&client, "SELECT 1").await, "1");
}

#[tokio::test(flavor = "multi_thread")]
async fn what_the_limits_permit_is_answered_soon() {
    let server = Server::start();
    let client = server.connect().await;
    execute(&client, "CREATE STREAM t (k BIGINT)").await;
    execute(&client, "INSERT INTO t VALUES (7)").await;
    let any = (0..390).map(|n| format!("k = {n}")).collect::<Vec<_>>().join(" OR ");
    let sum = format!("SELECT k{} FROM t", "+1".repeat(190));
    let begun = std::time::Instant::now();
    assert_eq!(value(&client, &format!("SELECT count(*) FROM t WHERE {any}")).await, "1");
    let of_any = begun.elapsed();
    assert_eq!(value(&client, &sum).await, "197");
    println!("390 terms of OR took {of_any:?}, 190 additions {:?}", begun.elapsed() - of_any);
    assert!(begun.elapsed().as_secs() < 60);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_definition_that_prints_as_a_comment_does_not_keep_the_database_closed() {
    let mut server = Server::start();
    let client = server.connect().await;
    execute(&client, "CREATE STREAM \"order\" (\"select\" BIGINT DEFAULT - -3, at TIMESTAMP, WATERMARK FOR at AS at - - interval '1 second')").await;
    execute(&client, "CREATE VIEW bad AS SELECT - -1 AS a").await;
    execute(&client, "CREATE MATERIALIZED VIEW worse AS SELECT - - - \"select\" AS a FROM \"order\"").await;
    execute(&client, "INSERT INTO \"order\" (at) VALUES ('2024-01-01')").await;
    server.crash();
    let client = server.connect().await;
    assert_eq!(value(&client, "SELECT a FROM bad").await, "1");
    assert_eq!(value(&client, "SELECT a FROM worse").await, "-3");
    execute(&client, "DROP VIEW bad").await;
    server.crash();
    assert_eq!(value(&server.connect().await, "SELECT a FROM worse").await, "-3");
}

#[tokio::test(flavor = "multi_thread")]
async fn names_that_are_not_there_are_pointed_at() {
    let server = Server::start();
    let client = server.connect().await;
    execute(&client, "CREATE STREAM t (k BIGINT)").await;
    for (sql, place) in [
        ("SELECT nope FROM t", 8),
        ("SELECT * FROM nope", 15),
        ("SELECT nope(1)", 8),
        ("SELECT 1; SELECT nope FROM t", 18),
        ("SELECT 'ünï';\n\nSELECT * FROM t\nWHERE nope = 1", 38),
        ("PREPARE p AS SELECT nope FROM t", 21),
        ("CREATE VIEW v AS SELECT k, nope FROM t", 28),
        ("CREATE MATERIALIZED VIEW v AS SELECT k FROM nope", 45),
        ("SELECT interval '1 dog'", 17),
    ] {
        let error = client.batch_execute(sql).await.unwrap_err();
        let error = error.as_db_error().unwrap();
        assert_eq!(
            error.position(),
            Some(&tokio_postgres::error::ErrorPosition::Original(place)),
            "{sql}: {error:?}"
        );
    }
    let error = client.prepare("SELECT 'ü', nope FROM t").await.unwrap_err();
    assert_eq!(
        error.as_db_error().unwrap().position(),
        Some(&tokio_postgres::error::ErrorPosition::Original(13))
    );
    let output = server.psql_command(&["-X"], &["SELECT k,\n  nope FROM t"]).output().unwrap();
    let shown = String::from_utf8(output.stderr).unwrap();
    assert!(shown.contains("LINE 2:   nope FROM t\n          ^"), "{shown}");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_failed_transaction_takes_nothing_until_it_ends() {
    let server = Server::start();
    let client = server.connect().await;
    execute(&client, "CREATE STREAM t (k BIGINT)").await;
    execute(&client, "BEGIN").await;
    execute(&client, "INSERT INTO t VALUES (1)").await;
    assert_eq!(failure(&client, "SELECT 1/0").await.0, "22012");
    assert_eq!(failure(&client, "SELECT 1").await.0, "25P02");
    execute(&client, "COMMIT").await;
    assert_eq!(value(&client, "SELECT count(*) FROM t").await, "0");
    assert!(client.batch_execute("INSERT INTO t VALUES (1); SELECT 1/0").await.is_err());
    assert_eq!(value(&client, "SELECT count(*) FROM t").await, "0", "one simple query is one transaction");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_running_query_is_cancelled_and_a_timeout_ends_it() {
    let server = Server::start();
    let client = server.connect().await;
    execute(&client, "CREATE STREAM t (k BIGINT)").await;
    execute(&client, "INSERT INTO t SELECT v FROM generate_series(1, 20000) AS g(v)").await;
    let slow = "SELECT count(*) FROM t a, t b, t c WHERE a.k + b.k + c.k = 7";
    let token = client.cancel_token();
    let cancelling = tokio::spawn(async move {
        tokio::time::sleep(std::time::Duration::from_millis(300)).await;
        token.cancel_query(tokio_postgres::NoTls).await.unwrap();
    });
    assert_eq!(failure(&client, slow).await.0, "57014");
    cancelling.await.unwrap();
    execute(&client, "SET statement_timeout = '200ms'").await;
    assert_eq!(failure(&client, slow).await.0, "57014");
    execute(&client, "RESET statement_timeout").await;
    assert_eq!(value(&client, "SELECT 1").await, "1");
}

#[tokio::test(flavor = "multi_thread")]
async fn too_many_connections_are_refused_and_memory_has_a_budget() {
    let server = Server::with_flags(&["--max-connections", "3", "--memory-mib", "16"]);
    let clients = [server.connect().await, server.connect().await, server.connect().await];
    let settings = format!("host=127.0.0.1 port={} user=tester dbname=millstream", server.port);
    let refused = tokio_postgres::connect(&settings, tokio_postgres::NoTls).await.err().unwrap();
    assert_eq!(refused.as_db_error().unwrap().code().code(), "53300");
    execute(&clients[0], "CREATE STREAM t (k BIGINT, v TEXT)").await;
    // A transaction, too, is held within the budget.
    for first in (1..300_000).step_by(50_000) {
        let rows = format!("generate_series({first}, {})", first + 49_999);
        execute(&clients[0], &format!("INSERT INTO t SELECT v, repeat('x', 100) FROM {rows} AS g(v)")).await;
    }
    let hungry = "SELECT count(*) FROM t a JOIN t b USING (k) WHERE a.v <> b.v || 'x'";
    assert_eq!(failure(&clients[0], hungry).await.0, "53200");
    assert_eq!(value(&clients[0], "SELECT count(*) FROM t").await, "300000");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_row_that_overflows_is_an_error_of_its_view_alone() {
    let server = Server::start();
    let client = server.connect().await;
    execute(&client, "CREATE STREAM t (k BIGINT)").await;
    execute(&client, "CREATE MATERIALIZED VIEW total AS SELECT sum(k + 1) AS total FROM t").await;
    execute(&client, "CREATE MATERIALIZED VIEW n AS SELECT count(*) AS n FROM t").await;
    execute(&client, "INSERT INTO t VALUES (9223372036854775807), (1)").await;
    assert_eq!(failure(&client, "SELECT * FROM total").await.0, "22003");
    assert_eq!(value(&client, "SELECT n FROM n").await, "2");
    execute(&client, "DROP MATERIALIZED VIEW total").await;
}
