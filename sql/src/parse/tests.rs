//! The parser through its front door: text in, statement or error out.

use datafusion::sql::sqlparser::ast::{Expr, SetExpr, TableFactor};
use millstream_catalog::Emit;

use super::*;
use crate::limits::PLANNING_STACK_BYTES;
use crate::statement::*;

/// A statement in one line: our own words, with sqlparser's trees printed as SQL.
fn shown(statement: &Statement) -> String {
    match statement {
        Statement::Query(query) => format!("query {query}"),
        Statement::Insert(insert) => {
            let source = insert.source.as_ref().map_or("defaults".to_owned(), |source| source.to_string());
            let returning: Vec<String> = insert.returning.iter().map(|item| item.to_string()).collect();
            format!("insert {} {:?} {source} {returning:?}", insert.target, insert.columns)
        }
        Statement::CreateStream(stream) => {
            let columns: Vec<String> = stream.columns.iter().map(column).collect();
            let watermark =
                stream.watermark.as_ref().map(|(name, expression)| format!("{name} as {expression}"));
            format!(
                "stream {} {} [{}] {watermark:?} {:?} {:?}",
                stream.name,
                stream.if_not_exists,
                columns.join(", "),
                stream.partition_by,
                stream.options
            )
        }
        Statement::CreateView(view) => {
            format!(
                "view {} {} {} {:?} {}",
                view.name, view.or_replace, view.if_not_exists, view.columns, view.query
            )
        }
        Statement::CreateMaterializedView(view) => materialized(view),
        Statement::Subscribe(subscribe) => subscription(subscribe),
        Statement::CopyTo(copy) => {
            let source = match &copy.source {
                CopySource::Query(query) => query.to_string(),
                CopySource::Subscribe(subscribe) => subscription(subscribe),
            };
            format!("copy to: {source} {}", options(&copy.options))
        }
        Statement::CopyFrom(copy) => {
            let matched = if copy.options.header_match { " match" } else { "" };
            format!("copy from: {} {:?} {}{matched}", copy.target, copy.columns, options(&copy.options))
        }
        Statement::Declare { name, source, hold } => {
            let source = match source {
                CursorSource::Query(query) => query.to_string(),
                CursorSource::Subscribe(subscribe) => subscription(subscribe),
            };
            format!("declare {name} {hold}: {source}")
        }
        Statement::Explain(Explain::Query { query, analyze, verbose }) => {
            format!("explain {analyze} {verbose} {query}")
        }
        Statement::Explain(Explain::Create(view)) => format!("explain {}", materialized(view)),
        Statement::Execute { name, arguments } => {
            let arguments: Vec<String> = arguments.iter().map(|argument| argument.to_string()).collect();
            format!("execute {name} {arguments:?}")
        }
        Statement::Prepare { name, prepared, types } => format!("prepare {name} {types:?} {}", prepared.text),
        other => format!("{other:?}"),
    }
}

fn column(column: &ColumnDefinition) -> String {
    let default = column.default.as_ref().map_or(String::new(), |default| format!(" default {default}"));
    let not_null = if column.not_null { " not null" } else { "" };
    format!("{} {}{not_null}{default}", column.name, column.data_type)
}

fn materialized(view: &CreateMaterializedView) -> String {
    let emit = if view.emit == Emit::OnUpdate { "update" } else { "close" };
    let flags = format!("{} {}", view.or_replace, view.if_not_exists);
    format!("mv {} {flags} {:?} {:?} {emit} {}", view.name, view.columns, view.options, view.query)
}

fn subscription(subscribe: &Subscribe) -> String {
    let source = match &subscribe.source {
        SubscribeSource::Relation(name) => name.to_string(),
        SubscribeSource::Query(query) => format!("({query})"),
    };
    let Subscribe { snapshot, progress, as_of, up_to, .. } = subscribe;
    format!("subscribe {source} {snapshot} {progress} {as_of:?} {up_to:?}")
}

fn options(options: &CopyOptions) -> String {
    let CopyOptions { format, header, delimiter, null, quote, escape, .. } = options;
    let [delimiter, quote, escape] = [delimiter, quote, escape].map(|byte| char::from(*byte));
    format!("{format:?} {header} {delimiter:?} {null:?} {quote:?} {escape:?}")
}

fn one(text: &str) -> Parsed {
    let mut statements = parse(text).unwrap_or_else(|error| panic!("{text}: {error:?}"));
    assert_eq!(statements.len(), 1, "{text}");
    statements.remove(0)
}

#[track_caller]
fn reads(cases: &[(&str, &str)]) {
    for (text, expected) in cases {
        assert_eq!(shown(&one(text).statement), *expected, "{text}");
    }
}

/// Each text fails with the SQLSTATE, at the position (0 for none), with the message.
#[track_caller]
fn fails(cases: &[(&str, &str, usize, &str)]) {
    for (text, state, position, message) in cases {
        let error = match parse(text) {
            Ok(statements) => panic!("{text}: {}", shown(&statements[0].statement)),
            Err(error) => error,
        };
        let found = (error.state.code(), error.position.unwrap_or(0), error.message.as_str());
        assert_eq!(found, (*state, *position, *message), "{text}: {error:?}");
        // PostgreSQL's own errors of options of COPY have no hint.
        let of_copy = text.starts_with("COPY ") && !message.ends_with("built");
        assert!(*state != "0A000" || error.hint.is_some() || of_copy, "{text}: no hint");
    }
}

/// Runs on a thread with the stack that the limits are made for.
fn with_planning_stack(work: impl FnOnce() + Send + 'static) {
    let thread = std::thread::Builder::new().stack_size(PLANNING_STACK_BYTES).spawn(work);
    thread.expect("a thread").join().expect("no panic");
}

#[test]
fn a_text_is_cut_at_its_semicolons_and_each_statement_keeps_its_own_text() {
    let text = " SELECT 'a;b' ; -- ; no\n ;; /* ; /* nested ; */ */ INSERT INTO t VALUES ($$;$$), ($x$ $$;$$ $x$) ;COMMIT";
    let texts: Vec<String> = parse(text).unwrap().into_iter().map(|parsed| parsed.text).collect();
    assert_eq!(texts, ["SELECT 'a;b'", "INSERT INTO t VALUES ($$;$$), ($x$ $$;$$ $x$)", "COMMIT"]);
}

#[test]
fn a_text_with_nothing_in_it_is_the_empty_statement() {
    for text in ["", "  \n\t", ";", " ; ;; ", "-- only a comment", "/* a */;"] {
        assert!(matches!(one(text).statement, Statement::Empty), "{text:?}");
    }
}

#[test]
fn names_are_folded_unless_quoted() {
    reads(&[
        (
            "DROP STREAM Bids",
            "Drop(Drop { kind: Stream, if_exists: false, names: [QualifiedName { schema: \"public\", name: \"bids\" }], cascade: false })",
        ),
        (
            "DROP VIEW IF EXISTS \"Bids\", X.\"Y z\" CASCADE",
            "Drop(Drop { kind: View, if_exists: true, names: [QualifiedName { schema: \"public\", name: \"Bids\" }, QualifiedName { schema: \"x\", name: \"Y z\" }], cascade: true })",
        ),
        (
            "drop materialized view \"a\"\"b\" restrict",
            "Drop(Drop { kind: MaterializedView, if_exists: false, names: [QualifiedName { schema: \"public\", name: \"a\\\"b\" }], cascade: false })",
        ),
        (
            "DROP SINK Ärger",
            "Drop(Drop { kind: Sink, if_exists: false, names: [QualifiedName { schema: \"public\", name: \"Ärger\" }], cascade: false })",
        ),
    ]);
}

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
            "CREATE MATERIALIZED VIEW v AS SELECT EMIT ON UPDATE",
            "42601",
            38,
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
        ("CREATE TEMP VIEW v AS SELECT 1", "0A000", 8, "temporary and recursive objects are not supported"),
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

/// A query as it prints once it is parsed; a moment for all that it reads comes last, after a bar.
fn travelled(text: &str) -> String {
    let mut query = crate::parse::parse_query(text).unwrap_or_else(|error| panic!("{text}: {error:?}"));
    match super::time_travel::take_clause(&mut query) {
        Some(version) => format!("{query} | {version}"),
        None => query.to_string(),
    }
}

#[test]
fn a_moment_of_the_past_is_of_a_relation_or_of_a_whole_query() {
    for (text, expected) in [
        ("SELECT * FROM t AS OF LSN 5", "SELECT * FROM t | VERSION AS OF 5"),
        ("SELECT * FROM s.t as of lsn $1 x", "SELECT * FROM s.t x VERSION AS OF $1"),
        (
            "SELECT * FROM t AS OF LSN 5 AS x WHERE x.a > 1",
            "SELECT * FROM t AS x VERSION AS OF 5 WHERE x.a > 1",
        ),
        ("SELECT * FROM a, b AS OF LSN 5", "SELECT * FROM a, b | VERSION AS OF 5"),
        ("SELECT * FROM a, b AS OF LSN 5, c", "SELECT * FROM a, b VERSION AS OF 5, c"),
        (
            "SELECT * FROM a JOIN b AS OF LSN 5 ON a.x = b.x JOIN c AS OF LSN 6 USING (x)",
            "SELECT * FROM a JOIN b VERSION AS OF 5 ON a.x = b.x JOIN c VERSION AS OF 6 USING(x)",
        ),
        (
            "SELECT a FROM t ORDER BY a, b LIMIT 3 AS OF LSN 5",
            "SELECT a FROM t ORDER BY a, b LIMIT 3 | VERSION AS OF 5",
        ),
        (
            "SELECT count(*) FROM t WHERE a IS DISTINCT FROM b AS OF LSN 5",
            "SELECT count(*) FROM t WHERE a IS DISTINCT FROM b | VERSION AS OF 5",
        ),
        (
            "SELECT * FROM t FOR SYSTEM_TIME AS OF TIMESTAMP '2020-01-01'",
            "SELECT * FROM t FOR SYSTEM_TIME AS OF TIMESTAMP '2020-01-01'",
        ),
        (
            "SELECT * FROM a, t FOR SYSTEM_TIME AS OF now() - INTERVAL '1 hour' AS x ORDER BY 1",
            "SELECT * FROM a, t AS x FOR SYSTEM_TIME AS OF now() - INTERVAL '1 hour' ORDER BY 1",
        ),
        (
            "SELECT * FROM t x (a, b) AS OF LSN 5, s.u AS y FOR SYSTEM_TIME AS OF '2020-01-01'",
            "SELECT * FROM t x (a, b) VERSION AS OF 5, s.u AS y FOR SYSTEM_TIME AS OF '2020-01-01'",
        ),
        ("SELECT 1 AS OF LSN 5", "SELECT 1 | VERSION AS OF 5"),
        (
            "SELECT * FROM t WHERE a > 1 FOR SYSTEM_TIME AS OF '2020-01-01'",
            "SELECT * FROM t WHERE a > 1 | FOR SYSTEM_TIME AS OF '2020-01-01'",
        ),
        (
            "SELECT * FROM t AS OF TIMESTAMP '2020-01-01'",
            "SELECT * FROM t | FOR SYSTEM_TIME AS OF TIMESTAMP '2020-01-01'",
        ),
        ("SELECT * FROM t AS OF TIMESTAMP now()", "SELECT * FROM t | FOR SYSTEM_TIME AS OF now()"),
        (
            "SELECT * FROM t AS OF TIMESTAMP WITH TIME ZONE '2020-01-01'",
            "SELECT * FROM t | FOR SYSTEM_TIME AS OF TIMESTAMP WITH TIME ZONE '2020-01-01'",
        ),
        ("TABLE t AS OF LSN 5", "SELECT * FROM t | VERSION AS OF 5"),
        ("SELECT * FROM t VERSION AS OF 5", "SELECT * FROM t VERSION AS OF 5"),
        (
            "SELECT * FROM TUMBLE(t AS OF LSN 5, at, INTERVAL '1 day')",
            "SELECT * FROM TUMBLE((SELECT * FROM t VERSION AS OF 5), at, INTERVAL '1 day')",
        ),
        (
            "SELECT * FROM TABLE(TUMBLE(TABLE t FOR SYSTEM_TIME AS OF '2020-01-01', DESCRIPTOR(at), INTERVAL '1' DAY))",
            "SELECT * FROM TUMBLE((SELECT * FROM t FOR SYSTEM_TIME AS OF '2020-01-01'), DESCRIPTOR(at), INTERVAL '1' DAY)",
        ),
        // What is no clause of ours stays what it was.
        ("SELECT a AS of FROM t", "SELECT a AS of FROM t"),
        ("SELECT * FROM t at, t before, t version", "SELECT * FROM t at, t before, t version"),
    ] {
        assert_eq!(travelled(text), expected, "{text}");
    }
    let Statement::Query(query) = one("SELECT * FROM (SELECT 1 FROM t AS OF LSN 5) AS x").statement else {
        panic!()
    };
    assert!(query.settings.is_none(), "the moment is that of the inner query");
    fails(&[
        ("SELECT * FROM t AS OF LSN", "42601", 26, "syntax error at end of input"),
        ("SELECT * FROM t AS OF LSN -1", "42601", 27, "syntax error at or near \"-\""),
        (
            "SELECT * FROM t WHERE FOR SYSTEM_TIME AS OF '2020-01-01', y",
            "42601",
            23,
            "syntax error at or near \"FOR\"",
        ),
        ("SELECT a AS OF LSN 5 FROM t", "42601", 10, "syntax error at or near \"AS\""),
        ("SELECT b, a AS OF LSN 5 FROM t", "42601", 13, "syntax error at or near \"AS\""),
        ("SELECT * FROM t FOR SYSTEM_TIME AS OF", "42601", 38, "syntax error at end of input"),
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

#[test]
fn inserts_take_values_queries_defaults_and_returning() {
    reads(&[
        (
            "INSERT INTO t VALUES (1, -2.5, 'x''y', NULL, TRUE, false, $1)",
            "insert t [] VALUES (1, -2.5, 'x''y', NULL, true, false, $1) []",
        ),
        (
            "INSERT INTO s.T (A, \"B\") VALUES (1 + 2, now()), (DEFAULT, DATE '2020-01-01')",
            "insert s.t [\"a\", \"B\"] VALUES (1 + 2, now()), (DEFAULT, DATE '2020-01-01') []",
        ),
        ("INSERT INTO t SELECT * FROM u", "insert t [] SELECT * FROM u []"),
        ("INSERT INTO t (SELECT * FROM u)", "insert t [] (SELECT * FROM u) []"),
        ("INSERT INTO t (values) VALUES (1)", "insert t [\"values\"] VALUES (1) []"),
        ("INSERT INTO t TABLE u", "insert t [] SELECT * FROM u []"),
        (
            "INSERT INTO t (a) WITH x AS (SELECT 1) SELECT * FROM x",
            "insert t [\"a\"] WITH x AS (SELECT 1) SELECT * FROM x []",
        ),
        (
            "WITH x AS (SELECT 1) INSERT INTO t (a) SELECT * FROM x RETURNING a",
            "insert t [\"a\"] WITH x AS (SELECT 1) SELECT * FROM x [\"a\"]",
        ),
        ("INSERT INTO t DEFAULT VALUES", "insert t [] defaults []"),
        (
            "INSERT INTO t AS x VALUES (1) RETURNING *, a + 1 AS b",
            "insert t [] VALUES (1) [\"*\", \"a + 1 AS b\"]",
        ),
        ("INSERT INTO t VALUES (1) UNION ALL VALUES (2)", "insert t [] VALUES (1) UNION ALL VALUES (2) []"),
        (
            "INSERT INTO t VALUES (2), (1) ORDER BY 1 LIMIT 1",
            "insert t [] VALUES (2), (1) ORDER BY 1 LIMIT 1 []",
        ),
        (
            "UPDATE t SET a = 1 WHERE b = 2",
            "Mutate { verb: \"UPDATE\", target: QualifiedName { schema: \"public\", name: \"t\" } }",
        ),
        (
            "DELETE FROM s.\"T\" WHERE a IN (1)",
            "Mutate { verb: \"DELETE\", target: QualifiedName { schema: \"s\", name: \"T\" } }",
        ),
    ]);
    fails(&[
        ("INSERT t VALUES (1)", "42601", 8, "syntax error at or near \"t\""),
        ("INSERT INTO t VALUES", "42601", 21, "syntax error at end of input"),
        ("INSERT INTO t VALUES (1", "42601", 24, "syntax error at end of input"),
        ("INSERT INTO t VALUES (1,)", "42601", 25, "syntax error at or near \")\""),
        ("INSERT INTO t VALUES (1) (2)", "42601", 26, "syntax error at or near \"(\""),
        ("INSERT INTO t VALUES ()", "42601", 23, "syntax error at or near \")\""),
        ("INSERT INTO t VALUES (1 2)", "42601", 25, "syntax error at or near \"2\""),
        ("INSERT INTO t VALUES (1);\nINSERT INTO t VALUES (;", "42601", 49, "syntax error at or near \";\""),
        ("INSERT INTO t VALUES (1) ON CONFLICT DO NOTHING", "0A000", 26, "ON CONFLICT is not supported"),
        ("UPDATE t SET", "42601", 13, "syntax error at end of input"),
        ("DELETE t", "42601", 8, "syntax error at or near \"t\""),
    ]);
}

#[test]
fn copy_options_are_read_in_the_new_and_the_old_syntax() {
    let csv = "copy from: t [] Csv true ',' \"NA\" '\"' '\"'";
    let text = "copy from: t [] Text false '\\t' \"\\\\N\" '\"' '\"'";
    reads(&[
        ("COPY t FROM STDIN", text),
        ("COPY  t FROM STDIN ", text),
        ("COPY t FROM STDIN WITH (FORMAT csv, HEADER, NULL 'NA', DELIMITER ',')", csv),
        ("COPY t FROM STDIN (format 'CSV', header true, null 'NA')", csv),
        ("COPY t FROM STDIN WITH CSV HEADER NULL 'NA'", csv),
        ("COPY  t FROM STDIN csv header null as 'NA' delimiter as ','", csv),
        (
            "COPY t FROM STDIN WITH (FORMAT csv, HEADER match, NULL 'NA', ENCODING utf8)",
            "copy from: t [] Csv true ',' \"NA\" '\"' '\"' match",
        ),
        ("COPY t FROM STDIN WITH (FORMAT csv, HEADER false)", "copy from: t [] Csv false ',' \"\" '\"' '\"'"),
        (
            "COPY t (A, \"B\") FROM STDIN DELIMITER '|' ENCODING 'UTF-8'",
            "copy from: t [\"a\", \"B\"] Text false '|' \"\\\\N\" '\"' '\"'",
        ),
        (
            "COPY t FROM STDIN CSV QUOTE '''' ESCAPE E'\\\\' FREEZE",
            "copy from: t [] Csv false ',' \"\" '\\'' '\\\\'",
        ),
        ("COPY t FROM STDIN CSV QUOTE ''''", "copy from: t [] Csv false ',' \"\" '\\'' '\\''"),
        ("COPY t FROM STDIN (DELIMITER E'\\t')", text),
    ]);
    fails(&[
        ("COPY t FROM STDIN WITH", "42601", 23, "syntax error at end of input"),
        ("COPY t FROM STDIN WITH (", "42601", 25, "syntax error at end of input"),
        ("COPY t FROM STDIN WITH (FORMAT xml)", "22023", 25, "COPY format \"xml\" not recognized"),
        (
            "COPY t FROM STDIN WITH (FORMAT binary, DELIMITER ',')",
            "42601",
            19,
            "cannot specify DELIMITER in BINARY mode",
        ),
        ("COPY t FROM STDIN (FORMAT binary, HEADER)", "0A000", 19, "cannot specify HEADER in BINARY mode"),
        ("COPY t TO STDOUT (FORCE_QUOTE *)", "0A000", 18, "COPY force quote available only in CSV mode"),
        ("COPY t FROM STDIN (NULL 'a', NULL 'b')", "42601", 30, "conflicting or redundant options"),
        ("COPY t FROM STDIN CSV CSV", "42601", 23, "conflicting or redundant options"),
        ("COPY t FROM STDIN (bogus)", "42601", 20, "option \"bogus\" not recognized"),
        (
            "COPY t FROM STDIN (DELIMITER 'ab')",
            "0A000",
            19,
            "COPY delimiter must be a single one-byte character",
        ),
        (
            "COPY t FROM STDIN (DELIMITER '€')",
            "0A000",
            19,
            "COPY delimiter must be a single one-byte character",
        ),
        ("COPY t FROM STDIN (DELIMITER 'a')", "22023", 19, "COPY delimiter cannot be \"a\""),
        ("COPY t FROM STDIN (QUOTE 'a')", "0A000", 19, "COPY quote available only in CSV mode"),
        ("COPY t FROM STDIN CSV DELIMITER '\"'", "22023", 19, "COPY delimiter and quote must be different"),
        ("COPY t FROM STDIN (HEADER maybe)", "42601", 20, "header requires a Boolean value or \"match\""),
        (
            "COPY t FROM STDIN (FORMAT csv, FORCE_QUOTE (a))",
            "0A000",
            19,
            "COPY force quote only available using COPY TO",
        ),
        ("COPY t FROM STDIN ENCODING 'latin1'", "0A000", 19, "COPY encoding \"latin1\" is not supported"),
        (
            "COPY t FROM '/etc/passwd'",
            "0A000",
            13,
            "COPY with a file or program of the server is not supported",
        ),
        ("COPY t TO PROGRAM 'rm'", "0A000", 11, "COPY with a file or program of the server is not supported"),
        ("COPY t FROM STDIN WHERE a > 1", "0A000", 19, "COPY FROM … WHERE is not supported"),
        ("COPY t TO STDOUT (HEADER match)", "0A000", 18, "cannot use \"match\" with HEADER in COPY TO"),
        ("COPY t", "42601", 7, "syntax error at end of input"),
        (
            "COPY (INSERT INTO t VALUES (1)) TO STDOUT",
            "0A000",
            7,
            "COPY of a statement that changes data is not supported",
        ),
        ("COPY (SELECT 1) FROM STDIN", "42601", 17, "syntax error at or near \"FROM\""),
    ]);
}

#[test]
fn copy_to_takes_queries_relations_and_subscriptions() {
    let text = "Text false '\\t' \"\\\\N\" '\"' '\"'";
    for (copy, source) in [
        ("COPY (SELECT a FROM t ORDER BY 1) TO STDOUT", "SELECT a FROM t ORDER BY 1"),
        ("COPY ((SELECT 1) UNION ALL (SELECT 2)) TO STDOUT", "(SELECT 1) UNION ALL (SELECT 2)"),
        ("COPY (VALUES (1), (2)) TO STDOUT", "VALUES (1), (2)"),
        ("COPY (TABLE t) TO STDOUT", "SELECT * FROM t"),
        ("COPY S.\"T\" TO STDOUT", "SELECT * FROM s.\"T\""),
        ("COPY t (A, \"B c\") TO STDOUT", "SELECT a, \"B c\" FROM public.t"),
        ("COPY (SUBSCRIBE TO v) TO STDOUT", "subscribe v true false None None"),
        ("COPY (SUBSCRIBE v WITH (progress)) TO STDOUT", "subscribe v true true None None"),
    ] {
        assert_eq!(shown(&one(copy).statement), format!("copy to: {source} {text}"), "{copy}");
    }
    reads(&[(
        "COPY t TO STDOUT WITH (FORMAT csv, HEADER)",
        "copy to: SELECT * FROM public.t Csv true ',' \"\" '\"' '\"'",
    )]);
}

#[test]
fn subscriptions_take_options_and_bounds() {
    reads(&[
        ("SUBSCRIBE v", "subscribe v true false None None"),
        (
            "SUBSCRIBE TO s.V WITH (snapshot = false, progress = true) AS OF LSN 5 UP TO LSN 9",
            "subscribe s.v false true Some(5) Some(9)",
        ),
        ("SUBSCRIBE (SELECT a FROM t) UP TO LSN 1", "subscribe (SELECT a FROM t) true false None Some(1)"),
        ("SUBSCRIBE TO (TABLE t) WITH (SNAPSHOT 'off')", "subscribe (SELECT * FROM t) false false None None"),
    ]);
    fails(&[
        ("SUBSCRIBE", "42601", 10, "syntax error at end of input"),
        ("SUBSCRIBE SELECT 1", "42601", 11, "syntax error at or near \"SELECT\""),
        ("SUBSCRIBE v AS OF 5", "42601", 19, "syntax error at or near \"5\""),
        ("SUBSCRIBE v AS OF LSN -1", "42601", 23, "syntax error at or near \"-\""),
        (
            "SUBSCRIBE v AS OF LSN 99999999999999999999",
            "42601",
            23,
            "syntax error at or near \"99999999999999999999\"",
        ),
        ("SUBSCRIBE v WITH (progress = 5)", "22023", 13, "parameter \"progress\" requires a Boolean value"),
        ("SUBSCRIBE v WITH (bogus)", "42601", 13, "option \"bogus\" not recognized"),
    ]);
}

#[test]
fn cursors_are_declared_fetched_and_closed() {
    reads(&[
        ("DECLARE c CURSOR FOR SELECT 1", "declare c false: SELECT 1"),
        ("DECLARE \"C\" NO SCROLL CURSOR WITH HOLD FOR TABLE t", "declare C true: SELECT * FROM t"),
        (
            "DECLARE c CURSOR WITHOUT HOLD FOR SUBSCRIBE v UP TO LSN 4",
            "declare c false: subscribe v true false None Some(4)",
        ),
        ("FETCH c", "Fetch { name: \"c\", count: Some(1), timeout_ms: None }"),
        ("FETCH next", "Fetch { name: \"next\", count: Some(1), timeout_ms: None }"),
        ("FETCH NEXT FROM c", "Fetch { name: \"c\", count: Some(1), timeout_ms: None }"),
        ("FETCH FROM c", "Fetch { name: \"c\", count: Some(1), timeout_ms: None }"),
        ("FETCH 10 c", "Fetch { name: \"c\", count: Some(10), timeout_ms: None }"),
        ("FETCH FORWARD 10 FROM c", "Fetch { name: \"c\", count: Some(10), timeout_ms: None }"),
        ("FETCH FORWARD c", "Fetch { name: \"c\", count: Some(1), timeout_ms: None }"),
        (
            "FETCH ALL IN c WITH (timeout = '1s')",
            "Fetch { name: \"c\", count: None, timeout_ms: Some(1000) }",
        ),
        (
            "FETCH FORWARD ALL FROM c WITH (timeout = 250)",
            "Fetch { name: \"c\", count: None, timeout_ms: Some(250) }",
        ),
        ("CLOSE c", "Close(Some(\"c\"))"),
        ("CLOSE ALL", "Close(None)"),
    ]);
    fails(&[
        ("FETCH -1 FROM c", "55000", 7, "cursor can only scan forward"),
        ("FETCH BACKWARD 5 FROM c", "55000", 7, "cursor can only scan forward"),
        ("FETCH", "42601", 6, "syntax error at end of input"),
        ("FETCH 5", "42601", 7, "syntax error at or near \"5\""),
        (
            "FETCH 1 FROM c WITH (timeout = 'soon')",
            "22023",
            16,
            "invalid value for option \"timeout\": \"soon\"",
        ),
        ("DECLARE c SCROLL CURSOR FOR SELECT 1", "0A000", 11, "SCROLL and BINARY cursors are not supported"),
        ("DECLARE c CURSOR FOR", "42601", 21, "syntax error at end of input"),
    ]);
}

#[test]
fn explain_tells_queries_from_views() {
    reads(&[
        ("EXPLAIN SELECT 1", "explain false false SELECT 1"),
        ("EXPLAIN ANALYZE VERBOSE SELECT 1", "explain true true SELECT 1"),
        (
            "EXPLAIN (ANALYZE, VERBOSE false, COSTS off, FORMAT text) (SELECT 1)",
            "explain true false (SELECT 1)",
        ),
        ("EXPLAIN (SELECT 1)", "explain false false (SELECT 1)"),
        ("EXPLAIN TABLE t", "explain false false SELECT * FROM t"),
        (
            "EXPLAIN CREATE MATERIALIZED VIEW v AS SELECT 1 EMIT ON WINDOW CLOSE",
            "explain mv v false false [] {} close SELECT 1",
        ),
        (
            "EXPLAIN MATERIALIZED VIEW v",
            "Explain(MaterializedView { name: QualifiedName { schema: \"public\", name: \"v\" }, analyze: false })",
        ),
    ]);
    reads(&[(
        "EXPLAIN ANALYZE MATERIALIZED VIEW v",
        "Explain(MaterializedView { name: QualifiedName { schema: \"public\", name: \"v\" }, analyze: true })",
    )]);
    fails(&[
        ("EXPLAIN", "42601", 8, "syntax error at end of input"),
        ("EXPLAIN INSERT INTO t VALUES (1)", "0A000", 9, "EXPLAIN of this statement is not supported"),
        ("EXPLAIN (FORMAT json) SELECT 1", "0A000", 10, "EXPLAIN in format json is not supported"),
        ("EXPLAIN (bogus) SELECT 1", "42601", 10, "unrecognized EXPLAIN option \"bogus\""),
        ("EXPLAIN CREATE VIEW v AS SELECT 1", "0A000", 16, "EXPLAIN of this statement is not supported"),
    ]);
}

#[test]
fn show_knows_lists_definitions_columns_and_settings() {
    reads(&[
        ("SHOW STREAMS", "Show(Streams)"),
        ("SHOW TABLES;", "Show(Tables)"),
        ("SHOW VIEWS", "Show(Views)"),
        ("SHOW MATERIALIZED VIEWS", "Show(MaterializedViews)"),
        ("SHOW SINKS", "Show(Sinks)"),
        ("SHOW JOBS", "Show(Jobs)"),
        ("SHOW ALL", "Show(All)"),
        ("SHOW CREATE STREAM S", "Show(Create(QualifiedName { schema: \"public\", name: \"s\" }))"),
        ("SHOW CREATE MATERIALIZED VIEW a.b", "Show(Create(QualifiedName { schema: \"a\", name: \"b\" }))"),
        ("SHOW CREATE stream", "Show(Create(QualifiedName { schema: \"public\", name: \"stream\" }))"),
        ("SHOW COLUMNS FROM t", "Show(Columns(QualifiedName { schema: \"public\", name: \"t\" }))"),
        ("DESCRIBE t", "Show(Columns(QualifiedName { schema: \"public\", name: \"t\" }))"),
        ("DESCRIBE STREAM t", "Show(Columns(QualifiedName { schema: \"public\", name: \"t\" }))"),
        ("SHOW TIME ZONE", "Show(Setting(\"timezone\"))"),
        ("SHOW transaction isolation level", "Show(Setting(\"transaction_isolation\"))"),
        ("SHOW Server_Version", "Show(Setting(\"server_version\"))"),
        ("SHOW millstream.read_consistency", "Show(Setting(\"millstream.read_consistency\"))"),
    ]);
    fails(&[
        ("SHOW", "42601", 5, "syntax error at end of input"),
        ("SHOW STREAMS LIKE 'x'", "42601", 14, "syntax error at or near \"LIKE\""),
    ]);
}

#[test]
fn settings_are_set_in_all_spellings() {
    let set = |name: &str, value: &str, local: bool| {
        format!("Set {{ name: \"{name}\", value: {value}, local: {local} }}")
    };
    for (text, expected) in [
        ("SET statement_timeout = 500", set("statement_timeout", "Some(\"500\")", false)),
        ("SET Statement_Timeout TO '1s'", set("statement_timeout", "Some(\"1s\")", false)),
        ("SET LOCAL x.y = off", set("x.y", "Some(\"off\")", true)),
        ("SET SESSION x = DEFAULT", set("x", "None", false)),
        ("SET extra_float_digits = -3", set("extra_float_digits", "Some(\"-3\")", false)),
        ("SET application_name = 'My \"App\"'", set("application_name", "Some(\"My \\\"App\\\"\")", false)),
        (
            "SET search_path = \"$user\", Public, 'C'",
            set("search_path", "Some(\"\\\"$user\\\", public, \\\"C\\\"\")", false),
        ),
        ("SET datestyle TO ISO, MDY", set("datestyle", "Some(\"iso, mdy\")", false)),
        ("SET TIME ZONE 'Europe/Berlin'", set("timezone", "Some(\"Europe/Berlin\")", false)),
        ("SET TIME ZONE LOCAL", set("timezone", "None", false)),
        (
            "SET TIME ZONE INTERVAL '+00:00' HOUR TO MINUTE",
            set("timezone", "Some(\"INTERVAL '+00:00'\")", false),
        ),
        ("SET LOCAL TIME ZONE UTC", set("timezone", "Some(\"utc\")", true)),
        ("SET NAMES 'UTF8'", set("client_encoding", "Some(\"UTF8\")", false)),
        ("SET SCHEMA 'x'", set("search_path", "Some(\"x\")", false)),
        (
            "SET SESSION CHARACTERISTICS AS TRANSACTION ISOLATION LEVEL READ COMMITTED",
            set("default_transaction_isolation", "Some(\"read committed\")", false),
        ),
        (
            "SET SESSION CHARACTERISTICS AS TRANSACTION READ ONLY",
            set("default_transaction_read_only", "Some(\"on\")", false),
        ),
        (
            "SET TRANSACTION ISOLATION LEVEL SERIALIZABLE, READ WRITE",
            set("transaction_read_only", "Some(\"off\")", true),
        ),
        (
            "SET TRANSACTION ISOLATION LEVEL REPEATABLE READ",
            set("transaction_isolation", "Some(\"repeatable read\")", true),
        ),
        ("SET ROLE NONE", "Ignored(\"SET\")".to_owned()),
        ("SET SESSION AUTHORIZATION DEFAULT", "Ignored(\"SET\")".to_owned()),
        ("RESET ALL", "Reset(None)".to_owned()),
        ("RESET Search_Path", "Reset(Some(\"search_path\"))".to_owned()),
        ("RESET TIME ZONE", "Reset(Some(\"timezone\"))".to_owned()),
    ] {
        assert_eq!(shown(&one(text).statement), expected, "{text}");
    }
    fails(&[
        ("SET", "42601", 4, "syntax error at end of input"),
        ("SET x", "42601", 6, "syntax error at end of input"),
        ("SET x =", "42601", 8, "syntax error at end of input"),
        ("SET x = 1,", "42601", 11, "syntax error at end of input"),
        ("SET x = (1)", "42601", 9, "syntax error at or near \"(\""),
        ("SET ROLE admin", "0A000", 10, "roles are not supported"),
    ]);
}

#[test]
fn transactions_take_modes_and_savepoints() {
    reads(&[
        ("BEGIN", "Begin { read_only: false }"),
        (
            "BEGIN TRANSACTION ISOLATION LEVEL SERIALIZABLE READ ONLY, NOT DEFERRABLE",
            "Begin { read_only: true }",
        ),
        ("START TRANSACTION READ WRITE", "Begin { read_only: false }"),
        ("COMMIT WORK", "Commit"),
        ("END", "Commit"),
        ("COMMIT AND NO CHAIN", "Commit"),
        ("ROLLBACK", "Rollback"),
        ("ABORT TRANSACTION", "Rollback"),
        ("SAVEPOINT A", "Savepoint(\"a\")"),
        ("RELEASE a", "Release(\"a\")"),
        ("RELEASE SAVEPOINT a", "Release(\"a\")"),
        ("RELEASE savepoint", "Release(\"savepoint\")"),
        ("ROLLBACK TO SAVEPOINT a", "RollbackTo(\"a\")"),
        ("ROLLBACK WORK TO a", "RollbackTo(\"a\")"),
    ]);
    fails(&[
        ("BEGIN ISOLATION LEVEL SNAPSHOT", "42601", 23, "syntax error at or near \"SNAPSHOT\""),
        ("COMMIT AND CHAIN", "0A000", 8, "AND CHAIN is not supported"),
        ("COMMIT PREPARED 'x'", "0A000", 8, "two-phase commit is not supported"),
        ("START", "42601", 6, "syntax error at end of input"),
        ("COMMIT x", "42601", 8, "syntax error at or near \"x\""),
    ]);
}

#[test]
fn statements_are_prepared_with_their_text_and_types() {
    reads(&[
        ("PREPARE p AS  SELECT $1 ;", "prepare p [] SELECT $1"),
        (
            "PREPARE p (int, text) AS INSERT INTO t VALUES ($1, $2)",
            "prepare p [Int(None), Text] INSERT INTO t VALUES ($1, $2)",
        ),
        ("EXECUTE p", "execute p []"),
        ("EXECUTE p (1, 'x', -2)", "execute p [\"1\", \"'x'\", \"-2\"]"),
        ("DEALLOCATE p", "Deallocate(Some(\"p\"))"),
        ("DEALLOCATE PREPARE p", "Deallocate(Some(\"p\"))"),
        ("DEALLOCATE ALL", "Deallocate(None)"),
        ("DISCARD ALL", "Discard"),
        ("DISCARD TEMP", "Ignored(\"DISCARD\")"),
        ("FLUSH", "Flush"),
        ("CHECKPOINT", "Checkpoint"),
        (
            "COMMENT ON COLUMN s.t.c IS 'x'",
            "Comment(Comment { on: Column(QualifiedName { schema: \"s\", name: \"t\" }, \"c\"), text: Some(\"x\") })",
        ),
        (
            "COMMENT ON STREAM t IS NULL",
            "Comment(Comment { on: Relation(Stream, QualifiedName { schema: \"public\", name: \"t\" }), text: None })",
        ),
        ("MOVE c", "Move { name: \"c\", count: Some(1) }"),
        ("MOVE FORWARD ALL IN c", "Move { name: \"c\", count: None }"),
        (
            "ALTER VIEW v RENAME TO w",
            "Rename(Rename { kind: View, if_exists: false, name: QualifiedName { schema: \"public\", name: \"v\" }, to: \"w\" })",
        ),
        ("LISTEN x", "Ignored(\"LISTEN\")"),
        ("UNLISTEN *", "Ignored(\"UNLISTEN\")"),
    ]);
    fails(&[
        ("PREPARE p AS", "42601", 13, "syntax error at end of input"),
        ("PREPARE p AS DROP STREAM t", "42601", 14, "syntax error at or near \"DROP\""),
        ("PREPARE p AS SELECT 1 +", "42601", 24, "syntax error at end of input"),
        ("COMMENT ON t 'x'", "42601", 17, "syntax error at end of input"),
    ]);
}

#[test]
fn parameters_are_counted_by_the_highest() {
    assert_eq!(one("SELECT $2 + $1, '$9', $$ $8 $$ -- $7").parameters, 2);
    assert_eq!(one("INSERT INTO t VALUES ($1, $12)").parameters, 12);
    assert_eq!(one("PREPARE p AS SELECT $3").parameters, 0);
    assert_eq!(one("SELECT $4, $2").unnamed_parameters, [1, 3]);
    fails(&[
        ("SELECT $0", "42P02", 8, "there is no parameter $0"),
        ("SELECT $99999", "42P02", 8, "there is no parameter $99999"),
        ("SELECT $1a", "42601", 8, "trailing junk after parameter at or near \"$1a\""),
    ]);
}

#[test]
fn window_functions_come_in_one_form_from_both_spellings() {
    for (text, expected) in [
        (
            "SELECT * FROM TUMBLE(bids, date_time, INTERVAL '10 seconds') AS w",
            "TUMBLE|bids, date_time, INTERVAL '10 seconds'|AS w",
        ),
        (
            "SELECT * FROM TABLE(TUMBLE(TABLE bids, DESCRIPTOR(date_time), INTERVAL '10' SECOND)) w",
            "TUMBLE|bids, DESCRIPTOR(date_time), INTERVAL '10' SECOND|w",
        ),
        (
            "SELECT * FROM hop(s.\"Bids\", t, INTERVAL '1' MINUTE, INTERVAL '1 hour', INTERVAL '5 s')",
            "hop|s.\"Bids\", t, INTERVAL '1' MINUTE, INTERVAL '1 hour', INTERVAL '5 s'|",
        ),
        (
            "SELECT * FROM TABLE(HOP(TABLE s.bids, DESCRIPTOR(t), INTERVAL '1' MINUTE, INTERVAL '1' HOUR))",
            "HOP|s.bids, DESCRIPTOR(t), INTERVAL '1' MINUTE, INTERVAL '1' HOUR|",
        ),
        (
            "SELECT * FROM TUMBLE((SELECT * FROM bids WHERE a > 1), t, INTERVAL '1 s')",
            "TUMBLE|(SELECT * FROM bids WHERE a > 1), t, INTERVAL '1 s'|",
        ),
        (
            "SELECT * FROM TABLE(TUMBLE(DATA => TABLE bids, TIMECOL => DESCRIPTOR(t), SIZE => INTERVAL '1' DAY))",
            "TUMBLE|DATA => bids, TIMECOL => DESCRIPTOR(t), SIZE => INTERVAL '1' DAY|",
        ),
        (
            "SELECT * FROM TUMBLE((TABLE bids), t, INTERVAL '1 s')",
            "TUMBLE|(SELECT * FROM bids), t, INTERVAL '1 s'|",
        ),
    ] {
        let Statement::Query(query) = one(text).statement else { panic!("{text}") };
        let SetExpr::Select(select) = query.body.as_ref() else { panic!("{text}") };
        let TableFactor::Table { name, args: Some(args), alias, .. } = &select.from[0].relation else {
            panic!("{text}: {:?}", select.from[0].relation)
        };
        let args: Vec<String> = args.args.iter().map(|argument| argument.to_string()).collect();
        let alias = alias.as_ref().map_or(String::new(), |alias| alias.to_string());
        assert_eq!(format!("{name}|{}|{alias}", args.join(", ")), expected, "{text}");
    }
}

#[test]
fn the_word_table_stands_for_a_query_where_one_may_stand() {
    reads(&[
        ("TABLE t", "query SELECT * FROM t"),
        (
            "(TABLE s.\"T\") UNION ALL TABLE u LIMIT 3",
            "query (SELECT * FROM s.\"T\") UNION ALL SELECT * FROM u LIMIT 3",
        ),
        (
            "SELECT a IN (TABLE t) FROM (TABLE u) x",
            "query SELECT a IN (SELECT * FROM t) FROM (SELECT * FROM u) x",
        ),
        ("WITH x AS (TABLE t) TABLE x", "query WITH x AS (SELECT * FROM t) SELECT * FROM x"),
    ]);
    fails(&[("TABLE", "42601", 6, "syntax error at end of input")]);
}

#[test]
fn operators_are_cut_as_postgres_cuts_them() {
    for (text, expected) in [
        ("a>=-1", "a >= -1"),
        ("a<-1", "a < -1"),
        ("a>-1", "a > -1"),
        ("5% -2", "5 % -2"),
        ("1--1\n", "1"),
        ("2*/* x */3", "2 * 3"),
        ("a!=b", "a <> b"),
        ("a->>'b'", "a ->> 'b'"),
        ("'a' || -1::text", "'a' || -1::TEXT"),
        ("- - 1", "--1"),
        ("a.b.c", "a.b.c"),
        ("x[1:2]", "x[1:2]"),
        ("a::int::text", "a::INT::TEXT"),
        ("a ~* 'x' AND b !~ 'y'", "a ~* 'x' AND b !~ 'y'"),
        ("NOT a = b", "NOT a = b"),
        ("a IS NOT DISTINCT FROM b", "a IS NOT DISTINCT FROM b"),
        ("count(*) FILTER (WHERE a>1)", "count(*) FILTER (WHERE a > 1)"),
        ("CASE WHEN a THEN 1 ELSE -1 END", "CASE WHEN a THEN 1 ELSE -1 END"),
        (
            "a OPERATOR(pg_catalog.~) 'x' COLLATE pg_catalog.default",
            "a OPERATOR(pg_catalog.~) 'x' COLLATE pg_catalog.default",
        ),
    ] {
        let expression = parse_expression(text).unwrap_or_else(|error| panic!("{text}: {error:?}"));
        assert_eq!(expression.to_string(), expected, "{text}");
    }
}

#[test]
fn literals_come_out_with_their_escapes_undone() {
    for (text, expected) in [
        ("'it''s'", "it's"),
        ("''", ""),
        ("''''", "'"),
        ("'a\\n'", "a\\n"),
        ("E'a\\n\\t\\'b\\\\ \\x41\\101\\u00e9\\U0001F600'", "a\n\t'b\\ AAé😀"),
        ("e'\\ud83d\\ude00'", "😀"),
        ("E'\\q'", "q"),
        ("E'\\xc3\\xa9'", "é"),
        ("U&'d\\0061t\\+000061 \\\\'", "data \\"),
        ("N'x'", "x"),
        ("$$a'b$$", "a'b"),
        ("$t$a $$ b $t$", "a $$ b "),
        ("'a'\n  'b' -- c\n 'd'", "abd"),
        ("E'a\\n'\n'\\n'", "a\n\n"),
        ("'ö ; -- /*'", "ö ; -- /*"),
    ] {
        let Ok(Expr::Value(value)) = parse_expression(text) else {
            panic!("{text}: {:?}", parse_expression(text))
        };
        assert_eq!(value.into_string().as_deref(), Some(expected), "{text}");
    }
    for (text, expected) in [
        ("1_000", "1000"),
        ("0x1F", "31"),
        ("0b101", "5"),
        ("0o17", "15"),
        ("1.5e-3", "1.5e-3"),
        (".5", ".5"),
        ("5.", "5."),
    ] {
        assert_eq!(parse_expression(text).unwrap().to_string(), expected);
    }
}

#[test]
fn lexical_errors_say_what_does_not_end_and_where() {
    fails(&[
        ("SELECT 'abc", "42601", 8, "unterminated quoted string at or near \"'abc\""),
        ("SELECT E'abc\\'", "42601", 8, "unterminated quoted string at or near \"E'abc\\'\""),
        ("SELECT \"abc", "42601", 8, "unterminated quoted identifier at or near \"\"abc\""),
        ("SELECT \"\"", "42601", 8, "zero-length delimited identifier at or near \"\"\"\""),
        ("SELECT $a$ $b$", "42601", 8, "unterminated dollar-quoted string at or near \"$a$ $b$\""),
        ("SELECT /* a /* b */", "42601", 8, "unterminated /* comment at or near \"/* a /* b */\""),
        ("SELECT 1a", "42601", 8, "trailing junk after numeric literal at or near \"1a\""),
        ("SELECT 1__0", "42601", 8, "trailing junk after numeric literal at or near \"1__0\""),
        ("SELECT 0xZZ", "42601", 8, "invalid number at or near \"0xZZ\""),
        ("SELECT {", "42601", 8, "syntax error at or near \"{\""),
        ("SELECT \\", "42601", 8, "syntax error at or near \"\\\""),
        ("SELECT 'a' 'b'", "42601", 12, "syntax error at or near \"'b'\""),
        ("SELECT E'\\u12'", "22025", 8, "invalid Unicode escape"),
        ("SELECT E'\\xff'", "22021", 8, "invalid byte sequence for encoding \"UTF8\": 0xff"),
        ("SELECT E'\\000'", "22021", 8, "invalid byte sequence for encoding \"UTF8\": 0x00"),
        ("SELECT 'ab\0c'", "22021", 11, "invalid byte sequence for encoding \"UTF8\": 0x00"),
        ("SELECT \0", "22021", 8, "invalid byte sequence for encoding \"UTF8\": 0x00"),
        ("SELECT 1 -- \0", "22021", 13, "invalid byte sequence for encoding \"UTF8\": 0x00"),
    ]);
}

#[test]
fn positions_count_characters_of_the_whole_text() {
    fails(&[
        ("SELECT 'äöü', 1 +", "42601", 18, "syntax error at end of input"),
        ("SELECT 1;\n SELECT 'ä' FROM;", "42601", 27, "syntax error at or near \";\""),
        ("SELECT 1; SELEC 2", "42601", 11, "syntax error at or near \"SELEC\""),
        ("SELECT a FROM t WHERE", "42601", 22, "syntax error at end of input"),
        ("SELECT a, FROM t", "42601", 11, "syntax error at or near \"FROM\""),
        ("SELECT (1", "42601", 10, "syntax error at end of input"),
        ("SELECT 1)", "42601", 9, "syntax error at or near \")\""),
        ("SELECT * FROM t WHERE a = AND b", "42601", 27, "syntax error at or near \"AND\""),
        ("SELECT * FROM t GROUP a", "42601", 17, "syntax error at or near \"GROUP\""),
        ("SELECT 1 2", "42601", 10, "syntax error at or near \"2\""),
        ("'x'", "42601", 1, "syntax error at or near \"'x'\""),
        ("\"SELECT\" 1", "42601", 1, "syntax error at or near \"\"SELECT\"\""),
        ("hello", "42601", 1, "syntax error at or near \"hello\""),
    ]);
}

#[test]
fn identifiers_in_trees_carry_their_position() {
    let Statement::Query(query) = one("SELECT 'é',\n  abc FROM t").statement else { panic!() };
    let SetExpr::Select(select) = query.body.as_ref() else { panic!() };
    let ast::SelectItem::UnnamedExpr(Expr::Identifier(identifier)) = &select.projection[1] else { panic!() };
    assert_eq!(identifier.span.start.column, 15);
}

#[test]
fn queries_that_tools_send_are_read() {
    for text in [
        "SELECT n.nspname as \"Schema\", c.relname as \"Name\", CASE c.relkind WHEN 'r' THEN 'table' WHEN 'v' THEN 'view' END as \"Type\", pg_catalog.pg_get_userbyid(c.relowner) as \"Owner\" FROM pg_catalog.pg_class c LEFT JOIN pg_catalog.pg_namespace n ON n.oid = c.relnamespace LEFT JOIN pg_catalog.pg_am am ON am.oid = c.relam WHERE c.relkind IN ('r','p','v','m','S','f','') AND n.nspname <> 'pg_catalog' AND n.nspname !~ '^pg_toast' AND n.nspname <> 'information_schema' AND pg_catalog.pg_table_is_visible(c.oid) ORDER BY 1,2;",
        "SELECT c.oid, n.nspname, c.relname FROM pg_catalog.pg_class c LEFT JOIN pg_catalog.pg_namespace n ON n.oid = c.relnamespace WHERE c.relname OPERATOR(pg_catalog.~) '^(bids)$' COLLATE pg_catalog.default AND pg_catalog.pg_table_is_visible(c.oid) ORDER BY 2, 3;",
        "SELECT c.relchecks, c.relkind, '', c.reloftype, CASE WHEN c.reloftype = 0 THEN '' ELSE c.reloftype::pg_catalog.regtype::pg_catalog.text END FROM pg_catalog.pg_class c WHERE c.oid = '16384'",
        "SELECT a.attname, pg_catalog.format_type(a.atttypid, a.atttypmod), (SELECT pg_catalog.pg_get_expr(d.adbin, d.adrelid, true) FROM pg_catalog.pg_attrdef d WHERE d.adrelid = a.attrelid AND d.adnum = a.attnum AND a.atthasdef), a.attnotnull, (SELECT c.collname FROM pg_catalog.pg_collation c, pg_catalog.pg_type t WHERE c.oid = a.attcollation AND t.oid = a.atttypid AND a.attcollation <> t.typcollation) AS attcollation FROM pg_catalog.pg_attribute a WHERE a.attrelid = '16384' AND a.attnum > 0 AND NOT a.attisdropped ORDER BY a.attnum;",
        "SELECT true as sametable, conname, pg_catalog.pg_get_constraintdef(r.oid, true) as condef, conrelid::pg_catalog.regclass AS ontable FROM pg_catalog.pg_constraint r WHERE r.conrelid = '1' AND r.contype = 'f' ORDER BY conname;",
        "SELECT pubname, NULL, NULL FROM pg_catalog.pg_publication p JOIN pg_catalog.pg_publication_rel pr ON p.oid = pr.prpubid WHERE pr.prrelid = '1' UNION ALL SELECT pubname, NULL, NULL FROM pg_catalog.pg_publication p WHERE p.puballtables ORDER BY 1;",
        "SELECT EXISTS (SELECT FROM pg_tables WHERE schemaname = 'public')",
        "select current_schema(), current_user, session_user, version()",
        "SELECT t.typname, ARRAY(SELECT e.enumlabel FROM pg_enum e) FROM pg_type t WHERE t.oid = ANY($1::oid[]) AND x = any (current_schemas(true))",
        "SELECT a, sum(b) OVER (PARTITION BY c ORDER BY d ROWS BETWEEN UNBOUNDED PRECEDING AND CURRENT ROW) FROM t",
        "SELECT DISTINCT ON (a) a, b FROM t ORDER BY a, b DESC NULLS LAST OFFSET 5 ROWS FETCH FIRST 3 ROWS ONLY",
        "SELECT extract(epoch FROM ts), date_trunc('hour', ts), ts AT TIME ZONE 'UTC', position('a' IN b), substring(a FROM 1 FOR 2), trim(BOTH ' ' FROM x), overlay(a PLACING 'b' FROM 1) FROM t",
        "SELECT * FROM generate_series(1, 10) AS g(i), LATERAL (SELECT i * 2) AS x(j)",
        "SELECT a FROM t GROUP BY GROUPING SETS ((a), ()) HAVING count(*) > 1",
        "WITH RECURSIVE r AS (SELECT 1 AS n UNION ALL SELECT n + 1 FROM r WHERE n < 5) SELECT * FROM r",
        "SELECT interval '1 day' * 2, INTERVAL '1' YEAR, '1 day'::interval, date '2020-01-01', timestamp with time zone '2020-01-01 00:00:00+00'",
        "SELECT CAST(a AS numeric(10,2)), a::varchar(5), b::double precision FROM t LIMIT ALL",
        "SELECT \"value\", name, type, year FROM t WHERE key = 'x' AND date > '2020-01-01'",
        "VALUES (1, 'a'), (2, 'b') ORDER BY 1 DESC",
        "SELECT x NOT IN (1, 2), y NOT BETWEEN 1 AND 2, z NOT LIKE 'a%' ESCAPE '!', a IS NOT NULL, b ILIKE 'x' FROM t",
    ] {
        let parsed = parse(text);
        assert!(
            matches!(parsed.as_deref(), Ok([Parsed { statement: Statement::Query(_), .. }])),
            "{text}: {parsed:?}"
        );
    }
}

#[test]
fn deep_statements_are_54001_and_never_overflow_the_stack() {
    let nested = |open: &str, middle: &str, close: &str, times: usize| {
        format!("SELECT {}{middle}{}", open.repeat(times), close.repeat(times))
    };
    with_planning_stack(move || {
        for text in [
            nested("(", "1", ")", 100_000),
            nested("(", "", "", 100_000),
            nested("NOT ", "a", "", 100_000),
            nested("- ", "1", "", 100_000),
            nested("", "1", "+1", 100_000),
            nested("", "a", " OR a", 100_000),
            nested("CASE WHEN a THEN ", "1", " END", 100_000),
            nested("abs(", "1", ")", 100_000),
            nested("(SELECT ", "1", ")", 100_000),
            nested("ARRAY[", "1", "]", 100_000),
            nested("", "1", "::int", 100_000),
            nested("", "a", " IS NULL", 100_000),
            nested("INTERVAL ", "'1'", "", 100_000),
            nested("EXISTS (SELECT * FROM ", "t", ")", 100_000),
            format!("SELECT 1{}", " UNION SELECT 1".repeat(100_000)),
            format!("SELECT * FROM t{}", " JOIN t ON true".repeat(100_000)),
            format!("SELECT * FROM t{}", ", t".repeat(100_000)),
            format!("CREATE STREAM s (a INT{})", "[]".repeat(100_000)),
            "EXPLAIN ".repeat(100_000),
        ] {
            let shown: String = text.chars().take(40).collect();
            match parse(&text) {
                Err(error) if error.state == SqlState::StatementTooComplex => {}
                other => panic!("{shown}: {:?}", other.map(|parsed| parsed.len())),
            }
        }
    });
}

#[test]
fn statements_just_within_the_limits_are_read() {
    with_planning_stack(|| {
        for text in [
            format!("SELECT {}1{}", "(".repeat(120), ")".repeat(120)),
            format!("SELECT 1{}", "+1".repeat(200)),
            format!("SELECT {} a", "NOT ".repeat(200)),
            format!("SELECT a = 1{} FROM t", " OR a = 1".repeat(390)),
            format!("SELECT {}1 FROM t WHERE a = 1{}", "1+".repeat(150), "+1".repeat(150)),
            format!("SELECT * FROM t WHERE a IN ({}1)", "1, ".repeat(100_000)),
            format!("SELECT CASE {} END", "WHEN a = 1 AND b = 2 THEN 'x' ".repeat(5_000)),
            format!("SELECT {}a + b FROM t", "a + b * c AS d, ".repeat(1_000)),
            format!("SELECT 1 FROM t{}", ", t".repeat(200)),
        ] {
            let shown: String = text.chars().take(40).collect();
            let parsed = parse(&text).unwrap_or_else(|error| panic!("{shown}: {error:?}"));
            assert_eq!(parsed.len(), 1);
        }
    });
}

#[test]
fn nested_errors_do_not_take_exponential_time() {
    with_planning_stack(|| {
        for (open, close) in
            [("CAST(", " AS INT)"), ("NOT (", ")"), ("EXTRACT(YEAR FROM ", ")"), ("TRIM(", ")")]
        {
            let text = format!("SELECT {}1 x y z {}", open.repeat(60), close.repeat(60));
            let started = std::time::Instant::now();
            let error = parse(&text).unwrap_err();
            assert!(matches!(error.state.code(), "54001" | "42601"), "{open}: {error:?}");
            assert!(started.elapsed().as_secs() < 10, "{open}: {:?}", started.elapsed());
        }
        let text =
            format!("SELECT * FROM {} t {}", "((SELECT FROM ".repeat(40), ") x JOIN y ON true)".repeat(40));
        let started = std::time::Instant::now();
        let _ = parse(&text);
        assert!(started.elapsed().as_secs() < 10, "{:?}", started.elapsed());
    });
}

#[test]
fn wide_inserts_pass_and_are_read_in_one_go() {
    let mut text = String::from("INSERT INTO t (a, b, c, d, e, f, g, h, i, j) VALUES ");
    let rows = 100_000;
    for row in 0..rows {
        let comma = if row == 0 { "" } else { ", " };
        let cells =
            format!("{row}, 'name {row}', {row}.5, NULL, TRUE, '2013-01-01 00:00:00', {row}, -{row}, 'x', 1");
        text.push_str(&format!("{comma}({cells})"));
    }
    let started = std::time::Instant::now();
    let Statement::Insert(insert) = one(&text).statement else { panic!() };
    let elapsed = started.elapsed();
    println!(
        "{rows} rows, {} bytes: {elapsed:?}, {:.0} rows/s",
        text.len(),
        f64::from(rows) / elapsed.as_secs_f64()
    );
    let source = insert.source.expect("rows");
    let SetExpr::Values(values) = source.body.as_ref() else { panic!() };
    assert_eq!(values.rows.len(), rows as usize);
    assert!(values.rows.iter().all(|row| row.content.len() == 10));
    let last: Vec<String> = values.rows[99_999].content.iter().map(|cell| cell.to_string()).collect();
    assert_eq!(
        last.join(" "),
        "99999 'name 99999' 99999.5 NULL true '2013-01-01 00:00:00' 99999 -99999 'x' 1"
    );
}

#[test]
fn texts_over_the_limit_are_54001() {
    let text = format!("SELECT '{}'", "x".repeat(limits::MAX_TEXT_BYTES));
    assert_eq!(parse(&text).unwrap_err().state.code(), "54001");
}

#[test]
fn whole_expressions_and_queries_leave_nothing_over() {
    assert_eq!(parse_expression("a + 1").unwrap().to_string(), "a + 1");
    assert_eq!(parse_query("TABLE t").unwrap().to_string(), "SELECT * FROM t");
    assert_eq!(parse_expression("a + 1 b").unwrap_err().position, Some(7));
    assert_eq!(parse_expression("").unwrap_err().position, Some(1));
    assert_eq!(parse_query("SELECT 1;").unwrap_err().position, Some(9));
    assert_eq!(parse_query("DROP STREAM t").unwrap_err().position, Some(1));
}

/// Texts cut and spliced at random places give a statement or an error, never a panic.
#[test]
fn mangled_texts_never_panic() {
    with_planning_stack(|| {
        let seeds = [
            "CREATE STREAM bids (a BIGINT, ts TIMESTAMP, WATERMARK FOR ts AS ts - INTERVAL '4 s') PARTITION BY (a) WITH (x = 'y')",
            "CREATE MATERIALIZED VIEW v WITH (a = 1) AS SELECT w, count(*) FROM TABLE(TUMBLE(TABLE b, DESCRIPTOR(t), INTERVAL '1' SECOND)) GROUP BY 1 EMIT ON WINDOW CLOSE",
            "INSERT INTO t (a, b) VALUES (1, -2), ('ä''b', E'\\n'), ($1, $$x$$) RETURNING *",
            "COPY (SUBSCRIBE TO v WITH (progress) AS OF LSN 5) TO STDOUT WITH (FORMAT csv, HEADER, NULL 'NA')",
            "DECLARE c CURSOR FOR SUBSCRIBE v; FETCH FORWARD 10 FROM c WITH (timeout = '1s'); CLOSE ALL",
            "EXPLAIN (ANALYZE, VERBOSE) SELECT CASE WHEN a THEN (SELECT 1) END FROM t JOIN u USING (x) /* c */ -- d",
            "SET SESSION CHARACTERISTICS AS TRANSACTION READ ONLY; SET search_path = \"$user\", public; PREPARE p (int) AS SELECT $1",
        ];
        let mut state = 0x2545_f491_4f6c_dd1du64;
        let mut random = |below: usize| {
            state ^= state << 13;
            state ^= state >> 7;
            state ^= state << 17;
            (state % below as u64) as usize
        };
        for _ in 0..20_000 {
            let a: Vec<char> = seeds[random(seeds.len())].chars().collect();
            let b: Vec<char> = seeds[random(seeds.len())].chars().collect();
            let mut text: String = a[..random(a.len() + 1)].iter().collect();
            text.extend(&b[random(b.len())..]);
            if let Err(error) = parse(&text) {
                let length = text.chars().count();
                assert!(
                    error.position.is_none_or(|position| (1..=length + 1).contains(&position)),
                    "{text}: {error:?}"
                );
                assert_ne!(error.state, SqlState::InternalError, "{text}: {error:?}");
            }
        }
    });
}
