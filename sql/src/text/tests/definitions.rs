//! CREATE, ALTER and what is refused of them.

use super::*;

#[test]
fn streams_have_columns_a_watermark_partitions_and_options() {
    reads(&[
        (
            "CREATE STREAM bids (auction BIGINT NOT NULL, \"Price\" NUMERIC(10, 2) DEFAULT 1 + 2 NOT NULL, at TIMESTAMP WITH TIME ZONE,
             WATERMARK FOR at AS at - INTERVAL '4 seconds') PARTITION BY (auction, \"Price\") WITH (Partitions = 4, retention = '7 days', x = on, y)",
            "stream bids false [auction BIGINT not null, Price NUMERIC(10,2) not null default 1 + 2, at TIMESTAMP WITH TIME ZONE] \
             Some(\"at as at - INTERVAL '4 seconds'\") [\"auction\", \"Price\"] \
             {\"partitions\": \"4\", \"retention\": \"7 days\", \"x\": \"on\", \"y\": \"true\"}",
        ),
        (
            "create stream if not exists s.t (watermark for ts, ts timestamp(3), watermark int null, tags text[]) with (a = interval '1' day, b = -5)",
            "stream s.t true [ts TIMESTAMP(3), watermark INT, tags TEXT[]] Some(\"ts as ts\") [] {\"a\": \"1 day\", \"b\": \"-5\"}",
        ),
    ]);
}

#[test]
fn broken_streams_are_refused_where_they_break() {
    let keys = "streams have no keys and no such constraints";
    fails(&[
        ("CREATE STREAM s", "42601", 16, "syntax error at end of input"),
        ("CREATE STREAM s ()", "42601", 18, "syntax error at or near \")\""),
        ("CREATE STREAM s (a)", "42601", 19, "syntax error at or near \")\""),
        ("CREATE STREAM s (a INT,)", "42601", 24, "syntax error at or near \")\""),
        ("CREATE STREAM s (a INT", "42601", 23, "syntax error at end of input"),
        ("CREATE STREAM s (select INT)", "42601", 18, "syntax error at or near \"select\""),
        ("CREATE STREAM s (a INT PRIMARY KEY)", "0A000", 35, keys),
        ("CREATE STREAM s (a INT, PRIMARY KEY (a))", "0A000", 25, keys),
        ("CREATE STREAM s (a INT, CHECK (a > 1))", "0A000", 25, keys),
        ("CREATE STREAM s (WATERMARK FOR a AS a)", "42P17", 38, "a stream needs at least one column"),
        (
            "CREATE STREAM s (a INT, WATERMARK FOR a AS a, WATERMARK FOR a AS a)",
            "42P17",
            47,
            "a stream has one watermark",
        ),
        ("CREATE STREAM s (a INT) WITH (x = 1, X = 2)", "42601", 38, "option \"x\" is given twice"),
        ("CREATE STREAM s (a INT) WITH ()", "42601", 31, "syntax error at or near \")\""),
        (
            "CREATE STREAM a.b.c (a INT)",
            "0A000",
            15,
            "cross-database references are not implemented: \"a.b.c\"",
        ),
        ("CREATE STREAM s AS SELECT 1", "0A000", 17, "CREATE STREAM … AS is not supported"),
        ("CREATE OR REPLACE STREAM s (a INT)", "0A000", 19, "OR REPLACE is for views"),
    ]);
}

#[test]
fn views_of_both_kinds_take_names_options_and_emit() {
    reads(&[
        (
            "CREATE OR REPLACE VIEW v (A, \"B\") AS SELECT 1, 2;",
            "view v true false [\"a\", \"B\"] SELECT 1, 2",
        ),
        ("CREATE VIEW IF NOT EXISTS v AS VALUES (1), (-2)", "view v false true [] VALUES (1), (-2)"),
        ("CREATE VIEW v AS TABLE s.t", "view v false false [] SELECT * FROM s.t"),
        ("CREATE MATERIALIZED VIEW v AS SELECT a FROM t", "mv v false false [] {} update SELECT a FROM t"),
        (
            "CREATE MATERIALIZED VIEW v AS SELECT a FROM t EMIT ON WINDOW CLOSE",
            "mv v false false [] {} close SELECT a FROM t",
        ),
        (
            "CREATE MATERIALIZED VIEW v AS SELECT a emit FROM t AS emit emit on update ;",
            "mv v false false [] {} update SELECT a AS emit FROM t AS emit",
        ),
        (
            "CREATE MATERIALIZED VIEW v EMIT ON WINDOW CLOSE AS SELECT a FROM t",
            "mv v false false [] {} close SELECT a FROM t",
        ),
        (
            "CREATE OR REPLACE MATERIALIZED VIEW IF NOT EXISTS s.v (x, y) WITH (allowed_lateness = '5 s') AS (SELECT 1, 2) EMIT ON WINDOW CLOSE",
            "mv s.v true true [\"x\", \"y\"] {\"allowed_lateness\": \"5 s\"} close (SELECT 1, 2)",
        ),
        ("CREATE MATERIALIZED VIEW v AS SELECT 1 WITH DATA", "mv v false false [] {} update SELECT 1"),
        (
            "CREATE MATERIALIZED VIEW v AS SELECT 1 FROM a JOIN b emit ON emit.x = a.x",
            "mv v false false [] {} update SELECT 1 FROM a JOIN b emit ON emit.x = a.x",
        ),
        (
            "CREATE MATERIALIZED VIEW v AS WITH x AS (SELECT 1) SELECT * FROM x EMIT ON UPDATE",
            "mv v false false [] {} update WITH x AS (SELECT 1) SELECT * FROM x",
        ),
    ]);
    fails(&[
        (
            "CREATE MATERIALIZED VIEW v AS SELECT 1 EMIT ON WINDOW",
            "42601",
            48,
            "syntax error at or near \"WINDOW\"",
        ),
        (
            "CREATE MATERIALIZED VIEW v AS SELECT 1, EMIT ON UPDATE",
            "42601",
            41,
            "syntax error at or near \"EMIT\"",
        ),
        (
            "CREATE MATERIALIZED VIEW v AS SELECT 1 EMIT ON UPDATE x",
            "42601",
            45,
            "syntax error at or near \"ON\"",
        ),
        (
            "CREATE MATERIALIZED VIEW v EMIT ON UPDATE AS SELECT 1 EMIT ON UPDATE",
            "42601",
            55,
            "syntax error at or near \"EMIT\"",
        ),
        ("CREATE VIEW v AS SELECT 1 EMIT ON UPDATE", "42601", 27, "syntax error at or near \"EMIT\""),
        ("SELECT a FROM t EMIT ON WINDOW CLOSE", "42601", 17, "syntax error at or near \"EMIT\""),
        ("CREATE MATERIALIZED VIEW v AS SELECT 1 WITH NO DATA", "0A000", 40, "WITH NO DATA is not supported"),
        (
            "CREATE MATERIALIZED VIEW v AS INSERT INTO t VALUES (1)",
            "42601",
            31,
            "syntax error at or near \"INSERT\"",
        ),
        ("CREATE MATERIALIZED VIEW v", "42601", 27, "syntax error at end of input"),
        ("CREATE MATERIALIZED VIEW v AS", "42601", 30, "syntax error at end of input"),
        ("CREATE TEMP VIEW v AS SELECT 1", "0A000", 8, "temporary objects are not supported"),
    ]);
}

#[test]
fn sinks_go_into_a_relation_or_a_url_in_either_order() {
    let relation = |from: &str, options: &str| {
        format!(
            "CreateSink(CreateSink {{ name: QualifiedName {{ schema: \"public\", name: \"s\" }}, if_not_exists: false, \
             from: QualifiedName {{ schema: \"public\", name: \"{from}\" }}, into: Relation(QualifiedName {{ schema: \
             \"public\", name: \"t\" }}), options: {{{options}}} }})"
        )
    };
    for (text, expected) in [
        ("CREATE SINK s INTO t FROM v", relation("v", "")),
        ("CREATE SINK s FROM V INTO t WITH (a = b)", relation("v", "\"a\": \"b\"")),
    ] {
        assert_eq!(shown(&one(text).statement), expected);
    }
    let Statement::CreateSink(sink) = one("CREATE SINK s FROM v INTO 's3://b/x'").statement else { panic!() };
    assert!(matches!(sink.into, SinkTarget::External(url) if url == "s3://b/x"));
    fails(&[
        ("CREATE SINK s INTO t", "42601", 21, "syntax error at end of input"),
        ("CREATE SINK s INTO t FROM (SELECT 1)", "0A000", 27, "a sink of a query is not supported"),
        ("CREATE SINK s AS SELECT 1", "0A000", 15, "a sink of a query is not supported"),
    ]);
}

#[test]
fn what_is_not_built_is_0a000_with_a_hint_and_nonsense_is_42601() {
    fails(&[
        ("CREATE TABLE t (a INT)", "0A000", 8, "CREATE TABLE is not supported"),
        ("CREATE SCHEMA x", "0A000", 8, "CREATE SCHEMA is not supported"),
        ("CREATE UNIQUE INDEX ON t (a)", "0A000", 8, "CREATE UNIQUE is not supported"),
        ("TRUNCATE t", "0A000", 1, "TRUNCATE is not supported"),
        ("TRUNCATE TABLE t", "0A000", 1, "TRUNCATE is not supported"),
        ("GRANT ALL ON t TO x", "0A000", 1, "GRANT is not supported"),
        ("NOTIFY x", "0A000", 1, "NOTIFY is not supported"),
        ("ALTER TABLE t ADD COLUMN a INT", "0A000", 15, "this ALTER is not supported"),
        ("ALTER STREAM s RENAME COLUMN a TO b", "0A000", 16, "this ALTER is not supported"),
        ("REFRESH MATERIALIZED VIEW v WITH NO DATA", "0A000", 29, "REFRESH … WITH NO DATA is not supported"),
        ("REFRESH v", "42601", 9, "syntax error at or near \"v\""),
        ("DROP SCHEMA x", "0A000", 6, "DROP SCHEMA is not supported"),
        ("SELECT * FROM SESSION(t PARTITION BY a, b, c)", "0A000", 25, "SESSION windows are not built yet"),
        ("CREATE", "42601", 7, "syntax error at end of input"),
        ("CREATE NONSENSE x", "42601", 8, "syntax error at or near \"NONSENSE\""),
        ("CREATE \"STREAM\" x", "42601", 8, "syntax error at or near \"\"STREAM\"\""),
        ("DROP", "42601", 5, "syntax error at end of input"),
        ("DROP STREAM", "42601", 12, "syntax error at end of input"),
        ("DROP STREAM a,", "42601", 15, "syntax error at end of input"),
        ("DROP STREAM a b", "42601", 15, "syntax error at or near \"b\""),
        ("ALTER STREAM s ADVANCE", "42601", 23, "syntax error at end of input"),
        ("ALTER STREAM s SET (retention = )", "42601", 33, "syntax error at or near \")\""),
        ("ALTER STREAM s RESET ()", "42601", 23, "syntax error at or near \")\""),
    ]);
}

#[test]
fn watermarks_are_advanced_with_and_without_a_timestamp() {
    reads(&[
        (
            "ALTER STREAM s ADVANCE WATERMARK",
            "AdvanceWatermark { stream: QualifiedName { schema: \"public\", name: \"s\" }, to: None }",
        ),
        (
            "ALTER STREAM s ADVANCE WATERMARK TO '2013-01-01';",
            "AdvanceWatermark { stream: QualifiedName { schema: \"public\", name: \"s\" }, to: Some(\"'2013-01-01'\") }",
        ),
        (
            "ALTER STREAM s ADVANCE WATERMARK TO TIMESTAMP '2013-01-01 00:00'",
            "AdvanceWatermark { stream: QualifiedName { schema: \"public\", name: \"s\" }, to: Some(\"TIMESTAMP '2013-01-01 00:00'\") }",
        ),
    ]);
}

#[test]
fn options_are_set_and_reset() {
    let name = "name: QualifiedName { schema: \"public\", name: \"s\" }";
    for (text, expected) in [
        (
            "ALTER STREAM s SET (Retention = '7 days', retention_bytes = 10)",
            format!(
                "AlterOptions(AlterOptions {{ kind: Stream, if_exists: false, {name}, \
                 set: {{\"retention\": \"7 days\", \"retention_bytes\": \"10\"}}, reset: [] }})"
            ),
        ),
        (
            "ALTER MATERIALIZED VIEW IF EXISTS s RESET (a, b.c)",
            format!(
                "AlterOptions(AlterOptions {{ kind: MaterializedView, if_exists: true, {name}, \
                 set: {{}}, reset: [\"a\", \"b.c\"] }})"
            ),
        ),
    ] {
        assert_eq!(shown(&one(text).statement), expected, "{text}");
    }
}
