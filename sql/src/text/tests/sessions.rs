//! Statements about rows, cursors, settings and transactions.

use super::*;

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
            "Explain(Explain { what: MaterializedView { name: QualifiedName { schema: \"public\", name: \"v\" }, analyze: false }, json: false })",
        ),
    ]);
    reads(&[(
        "EXPLAIN ANALYZE MATERIALIZED VIEW v",
        "Explain(Explain { what: MaterializedView { name: QualifiedName { schema: \"public\", name: \"v\" }, analyze: true }, json: false })",
    )]);
    fails(&[
        ("EXPLAIN", "42601", 8, "syntax error at end of input"),
        ("EXPLAIN INSERT INTO t VALUES (1)", "0A000", 9, "EXPLAIN of this statement is not supported"),
        ("EXPLAIN (FORMAT xml) SELECT 1", "0A000", 10, "EXPLAIN in format xml is not supported"),
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
