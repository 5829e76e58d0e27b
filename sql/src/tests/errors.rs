//! Errors of queries: SQLSTATE, position, and Postgres's words.

use super::plan;

#[test]
fn errors_are_postgres_errors() {
    let mut wrong = vec![];
    for (text, expected) in [
        ("SELECT * FROM nix", "42P01@15 relation \"nix\" does not exist"),
        ("SELECT * FROM foo.nix", "42P01@15 relation \"foo.nix\" does not exist"),
        ("SELECT * FROM \"Clicks\"", "42P01@15 relation \"Clicks\" does not exist"),
        ("SELECT nix FROM clicks", "42703@8 column \"nix\" does not exist"),
        ("SELECT c.nix FROM clicks c", "42703@8 column c.nix does not exist"),
        ("SELECT d.n FROM clicks c", "42P01@8 missing FROM-clause entry for table \"d\""),
        ("SELECT n FROM clicks a, clicks b", "42702@8 column reference \"n\" is ambiguous"),
        ("SELECT n FROM clicks ORDER BY nix", "42703@31 column \"nix\" does not exist"),
        ("SELECT 1 WHERE EXISTS (SELECT * FROM nix)", "42P01@38 relation \"nix\" does not exist"),
        ("SELECT nix(1)", "42883@8 function nix(integer) does not exist"),
        ("SELECT sum(url) FROM clicks", "42883@8 function sum(text) does not exist"),
        ("SELECT upper(1, 2)", "42883@8 function upper(integer, integer) does not exist"),
        ("SELECT url + 1 FROM clicks", "42883 operator does not exist: text + integer"),
        ("SELECT url = 1 FROM clicks", "42883 operator does not exist: text = integer"),
        ("SELECT n FROM clicks WHERE n = 'x'", "22P02 invalid input syntax for type integer: \"x\""),
        (
            "SELECT url, count(*) FROM clicks",
            "42803 column \"clicks.url\" must appear in the GROUP BY clause or be used in an aggregate function",
        ),
        ("SELECT n FROM clicks WHERE n", "42804 argument of WHERE must be type boolean, not type integer"),
        ("SELECT n FROM clicks WHERE count(*) > 1", "42803 aggregate functions are not allowed in WHERE"),
        ("SELECT count(count(*)) FROM clicks", "42803 aggregate function calls cannot be nested"),
        ("SELECT 1 UNION SELECT 1, 2", "42601 each UNION query must have the same number of columns"),
        (
            "SELECT n FROM clicks UNION SELECT at FROM clicks",
            "42804 UNION types integer and timestamp with time zone cannot be matched",
        ),
        ("SELECT * FROM clicks ORDER BY 9", "42P10 ORDER BY position 9 is not in select list"),
        ("SELECT *", "42601 SELECT * with no tables specified is not valid"),
        ("SELECT 1::timestamp", "42846 cannot cast type integer to timestamp without time zone"),
        ("SELECT 'x'::nix", "42704 type \"nix\" does not exist"),
        ("SELECT * FROM nofunc(1)", "42883 function nofunc(integer) does not exist"),
    ] {
        let found = plan(text);
        if found != expected {
            wrong.push(format!("{text}: {found}, not {expected}"));
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

#[test]
fn common_table_expressions_that_double_are_refused_before_they_are_planned() {
    let doubling = |levels: usize| {
        let ctes = (0..levels)
            .map(|n| format!(", c{} AS (SELECT x.a FROM c{n} x, c{n} y)", n + 1))
            .collect::<String>();
        format!("WITH c0 AS (SELECT 1 AS a){ctes} SELECT * FROM c{levels}")
    };
    assert_eq!(plan(&doubling(24)), "54001 statement is too complex");
    assert!(plan(&doubling(4)).starts_with("Projection"));
    // A recursive query reads itself once.
    assert!(
        plan("WITH RECURSIVE r AS (SELECT 1 AS n UNION ALL SELECT n + 1 FROM r WHERE n < 5) SELECT * FROM r")
            .starts_with("Projection")
    );
}

#[test]
fn positions_are_those_in_the_whole_text() {
    let mut wrong = vec![];
    for (text, expected) in [
        ("SELECT 'ü', nix FROM clicks", "42703@13 column \"nix\" does not exist"),
        ("SELECT n\n  FROM\nnix", "42P01@17 relation \"nix\" does not exist"),
        ("-- ünï\nSELECT nix(n) FROM clicks", "42883@15 function nix(integer) does not exist"),
    ] {
        let found = plan(text);
        if found != expected {
            wrong.push(format!("{text}: {found}, not {expected}"));
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

#[test]
fn window_arguments_are_checked() {
    for (text, expected) in [
        ("TUMBLE(nix, t, INTERVAL '1 hour')", "42P01@22 relation \"nix\" does not exist"),
        ("TUMBLE(bids, nix, INTERVAL '1 hour')", "42703@28 column \"nix\" does not exist"),
        (
            "TUMBLE(bids, price, INTERVAL '1 hour')",
            "42804 the time column of TUMBLE must be a timestamp, but \"price\" is of type bigint",
        ),
        ("TUMBLE(bids, date_time)", "42883 function tumble does not exist with 2 arguments"),
        (
            "TUMBLE(bids, date_time, INTERVAL '1 month')",
            "0A000 TUMBLE takes no months or years, whose lengths differ",
        ),
        ("TUMBLE(bids, date_time, INTERVAL '0 seconds')", "22023 the size of TUMBLE must be positive"),
        ("TUMBLE(bids, date_time, INTERVAL '-5 seconds')", "22023 the size of TUMBLE must be positive"),
        ("TUMBLE(bids, date_time, 5)", "42883 the lengths of TUMBLE must be constant intervals, not integer"),
        (
            "TUMBLE(bids, date_time, price)",
            "42883 the lengths of TUMBLE must be constant intervals, not \"price\"",
        ),
        (
            "HOP(bids, date_time, INTERVAL '2 hours', INTERVAL '1 hour')",
            "22023 the slide of HOP must not be greater than its size",
        ),
        (
            "HOP(bids, date_time, INTERVAL '1 microsecond', INTERVAL '1 day')",
            "54000 HOP would put each row into more than 10000 windows",
        ),
        ("CUMULATE(bids, date_time, INTERVAL '1 hour', INTERVAL '1 day')", "0A000 CUMULATE is not built yet"),
        ("SESSION(bids, date_time, INTERVAL '2 hours')", "0A000 SESSION is not built yet"),
        (
            "TUMBLE((SELECT at, n AS window_end FROM clicks), at, INTERVAL '1 hour')",
            "42701 TUMBLE would give two columns named \"window_end\"",
        ),
    ] {
        assert_eq!(plan(&format!("SELECT * FROM {text}")), expected, "{text}");
    }
}
