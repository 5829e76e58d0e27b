//! Queries: moments of the past, windows, what tools send.

use super::*;

/// A query as it prints once it is parsed; a moment for all that it reads comes last, after a bar.
fn travelled(text: &str) -> String {
    let mut query = crate::text::parse_query(text).unwrap_or_else(|error| panic!("{text}: {error:?}"));
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
fn whole_expressions_and_queries_leave_nothing_over() {
    assert_eq!(parse_expression("a + 1").unwrap().to_string(), "a + 1");
    assert_eq!(parse_query("TABLE t").unwrap().to_string(), "SELECT * FROM t");
    assert_eq!(parse_expression("a + 1 b").unwrap_err().position, Some(7));
    assert_eq!(parse_expression("").unwrap_err().position, Some(1));
    assert_eq!(parse_query("SELECT 1;").unwrap_err().position, Some(9));
    assert_eq!(parse_query("DROP STREAM t").unwrap_err().position, Some(1));
}
