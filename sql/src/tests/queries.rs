//! Batch plans: names, types, hidden columns, and what arithmetic and casts give.

use std::sync::Arc;

use arrow::array::{Array, ArrayRef, RecordBatch, TimestampMicrosecondArray};
use arrow::datatypes::DataType;
use arrow::util::display::array_value_to_string;
use datafusion::catalog::MemTable;
use datafusion::datasource::provider_as_source;
use datafusion::execution::SessionStateBuilder;
use datafusion::execution::context::SessionContext;
use datafusion::logical_expr::TableSource;
use datafusion::prelude::SessionConfig;
use millstream_catalog::{Definition, Kind, Object};

use super::{FUNCTIONS, catalog, columns, plan, query};
use crate::bind::{Binder, Relations};
use crate::error::{SqlResult, from_datafusion};
use crate::functions::configuration;
use crate::windows::exec::WindowQueryPlanner;

#[test]
fn columns_are_named_as_postgres_names_them() {
    assert_eq!(
        columns(
            "SELECT 1, 'x', count(*), sum(n), n::bigint, 'x'::text, CASE WHEN n > 1 THEN 2 END, upper(url), -n, \
             n + 1, '5'::int FROM clicks GROUP BY n, url"
        ),
        "?column? integer, ?column? text, count bigint, sum bigint, n bigint, text text, case integer, upper text, \
         ?column? integer, ?column? integer, int4 integer"
    );
    assert_eq!(
        columns(
            "SELECT exists(SELECT 1), (SELECT max(n) FROM clicks), coalesce(n, 0), substring(url from 1 for 2), \
             trim(url), position('a' in url), extract(hour from at), min(url), bool_and(n > 1), stddev(n) \
             FROM clicks GROUP BY n, url, at"
        ),
        "exists boolean, max integer, coalesce integer, substring text, btrim text, position integer, \
         extract numeric, min text, bool_and boolean, stddev numeric"
    );
    assert_eq!(columns("SELECT 1, 1, 1"), "?column? integer, ?column? integer, ?column? integer");
    assert_eq!(columns("SELECT n, n FROM clicks"), "n integer, n integer");
    assert_eq!(columns("SELECT n AS a, url AS a FROM clicks"), "a integer, a text");
    assert_eq!(
        columns("SELECT *, n FROM clicks"),
        "url text, at timestamp with time zone, n integer, n integer"
    );
    assert_eq!(columns("SELECT * FROM (SELECT count(*), max(n) FROM clicks) x"), "count bigint, max integer");
    assert_eq!(columns("SELECT g FROM generate_series(1, 3) g"), "g integer");
    assert_eq!(columns("TABLE clicks"), "url text, at timestamp with time zone, n integer");
    assert_eq!(columns("SELECT \"Weird Name\" FROM (SELECT 1 AS \"Weird Name\") x"), "Weird Name integer");
}

#[test]
fn types_are_storable_and_postgres_like() {
    assert_eq!(
        columns(
            "SELECT now(), current_date, at - at, at + interval '1 day', date_trunc('hour', at) FROM clicks"
        ),
        "now timestamp with time zone, current_date date, ?column? interval, ?column? timestamp with time zone, \
         date_trunc timestamp with time zone"
    );
    assert_eq!(
        columns("SELECT 1.5, 1e3, n / 2, row_number() OVER (ORDER BY n), NULL FROM clicks"),
        "?column? numeric, ?column? numeric, ?column? integer, row_number bigint, ?column? text"
    );
    assert_eq!(
        columns("SELECT TIMESTAMP '2013-01-01', DATE '2013-01-01'"),
        "timestamp timestamp without time zone, date date"
    );
}

#[test]
fn hidden_columns_are_shown_only_when_named() {
    let bids =
        "auction bigint, bidder bigint, price bigint, channel text, date_time timestamp without time zone";
    assert_eq!(columns("SELECT * FROM bids"), bids);
    assert_eq!(
        columns("SELECT *, _offset, _commit_time FROM bids"),
        format!("{bids}, _offset bigint, _commit_time timestamp with time zone")
    );
    assert_eq!(columns("SELECT b.*, b._lsn FROM bids b"), format!("{bids}, _lsn bigint"));
    assert_eq!(columns("SELECT * FROM bids ORDER BY _offset"), bids);
    assert_eq!(columns("SELECT * FROM bids WHERE _partition = 0"), bids);
    let window = "window_start timestamp without time zone, window_end timestamp without time zone";
    assert_eq!(
        columns("SELECT * FROM TUMBLE(bids, date_time, INTERVAL '10 seconds') WHERE window_end > _watermark"),
        format!("{bids}, {window}")
    );
    assert_eq!(
        columns("SELECT * FROM bids b JOIN clicks c ON b.auction = c.n WHERE b._offset > 3"),
        format!("{bids}, url text, at timestamp with time zone, n integer")
    );
    assert_eq!(
        columns("SELECT * FROM (SELECT price, _offset FROM bids) x WHERE x._offset > 3"),
        "price bigint, _offset bigint"
    );
    assert_eq!(
        columns("SELECT _offset FROM (SELECT * FROM bids) x"),
        "42703 column \"_offset\" does not exist"
    );
    assert_eq!(
        columns("WITH bids AS (SELECT 1 AS a) SELECT * FROM bids WHERE a IN (SELECT _offset FROM clicks)"),
        "a integer"
    );
    assert_eq!(columns("SELECT _watermark FROM clicks"), "42703 column \"_watermark\" does not exist");
}

#[test]
fn both_spellings_of_windows_are_planned() {
    assert_eq!(
        columns(
            "SELECT window_start, window_end, window_time FROM TABLE(TUMBLE(bids, DESCRIPTOR(date_time), INTERVAL '10' SECOND))"
        ),
        "window_start timestamp without time zone, window_end timestamp without time zone, \
         window_time timestamp without time zone"
    );
    assert_eq!(
        columns(
            "SELECT w.window_end FROM HOP((SELECT at FROM clicks), at, INTERVAL '1 hour', INTERVAL '1 day') w"
        ),
        "window_end timestamp with time zone"
    );
    assert_eq!(
        columns("WITH c AS (SELECT at FROM clicks) SELECT window_end FROM TUMBLE(c, at, INTERVAL '1 hour')"),
        "window_end timestamp with time zone"
    );
    assert_eq!(
        columns("SELECT window_time FROM TUMBLE(bids, date_time, INTERVAL '1 hour')"),
        "42703 column \"window_time\" does not exist"
    );
}

#[test]
fn string_constants_take_the_type_that_they_stand_beside() {
    let found = plan("SELECT n FROM clicks WHERE n = '5' AND at > '2013-01-01' AND n IN ('1', '2')");
    assert!(found.contains("clicks.n = Int32(5)"), "{found}");
    assert!(found.contains("clicks.n IN ([Int32(1), Int32(2)])"), "{found}");
    assert!(found.contains("TimestampMicrosecond(1356998400000000"), "{found}");
}

#[test]
fn order_by_finds_expressions_under_distinct_and_group_by() {
    for text in [
        "SELECT DISTINCT upper(url) FROM clicks ORDER BY upper(url)",
        "SELECT upper(url), count(*) FROM clicks GROUP BY upper(url) ORDER BY count(*) DESC, 1",
        "SELECT upper(url), count(*) FROM clicks GROUP BY 1 HAVING count(*) > 1 ORDER BY 2",
        "SELECT n::text FROM clicks ORDER BY n",
        "SELECT n FROM clicks ORDER BY url",
        "SELECT n::text, count(*) FROM clicks GROUP BY n HAVING n > 5",
        "SELECT url, count(*) AS c FROM clicks GROUP BY url ORDER BY c, url",
        "SELECT count(*) FROM clicks HAVING count(*) > 0 ORDER BY count",
    ] {
        let found = plan(text);
        assert!(found.contains("TableScan"), "{text}: {found}");
    }
}

/// Gives a stream `bids` of the test catalog its rows; all other relations are empty.
struct Rows;

impl Relations for Rows {
    fn source(&self, object: &Arc<Object>, with_hidden: bool) -> SqlResult<Arc<dyn TableSource>> {
        let Definition::Stream(stream) = &object.definition else { panic!("no rows of a {}", object.kind()) };
        let schema = if with_hidden { stream.schema_with_hidden() } else { stream.schema() };
        let columns: Vec<ArrayRef> = schema
            .fields()
            .iter()
            .map(|field| -> ArrayRef {
                match field.name().as_str() {
                    "date_time" => Arc::new(TimestampMicrosecondArray::from(vec![0, 9_000_000, 10_000_000])),
                    "price" => Arc::new(arrow::array::Int64Array::from(vec![i64::MAX, 1, 0])),
                    "_watermark" => {
                        Arc::new(TimestampMicrosecondArray::from(vec![None, Some(0), Some(20_000_000)]))
                    }
                    _ => arrow::array::new_null_array(field.data_type(), 3),
                }
            })
            .collect();
        let fields: Vec<_> =
            schema.fields().iter().map(|field| field.as_ref().clone().with_nullable(true)).collect();
        let schema = Arc::new(arrow::datatypes::Schema::new(fields));
        let batch = RecordBatch::try_new(Arc::clone(&schema), columns).unwrap();
        Ok(provider_as_source(Arc::new(MemTable::try_new(schema, vec![vec![batch]]).unwrap())))
    }

    fn system(&self, _schema: &str, _name: &str) -> Option<Arc<dyn TableSource>> {
        None
    }
}

/// The rows of a query, columns separated by `|`, or its error.
fn run(text: &str) -> Vec<String> {
    let catalog = catalog();
    let config = configuration();
    let path = ["public".to_owned()];
    let binder = Binder {
        catalog: &catalog,
        relations: &Rows,
        search_path: &path,
        parameter_types: &[],
        environment: &Default::default(),
        functions: &FUNCTIONS,
        config: &config,
        located: true,
    };
    let plan = match binder.query(&query(text)) {
        Ok(plan) => plan,
        Err(error) => return vec![format!("{} {error}", error.state.code())],
    };
    let session = SessionConfig::from(config.clone()).with_target_partitions(1);
    let state = SessionStateBuilder::new_with_default_features()
        .with_config(session)
        .with_optimizer_rules(crate::analyze::guard::optimizer_rules())
        .with_query_planner(Arc::new(WindowQueryPlanner))
        .build();
    let context = SessionContext::new_with_state(state);
    let result =
        futures::executor::block_on(async { context.execute_logical_plan(plan).await?.collect().await });
    match result {
        Ok(batches) => batches.iter().flat_map(lines).collect(),
        Err(error) => {
            let error = from_datafusion(&error);
            vec![format!("{} {error}", error.state.code())]
        }
    }
}

fn lines(batch: &RecordBatch) -> Vec<String> {
    let cell = |column: &ArrayRef, row: usize| {
        if column.is_null(row) {
            return "NULL".to_owned();
        }
        if column.data_type() != &DataType::Binary {
            return array_value_to_string(column, row).unwrap();
        }
        // A numeric in its wide form.
        let mut text = String::new();
        let environment = Default::default();
        crate::types::print::print(&Kind::Numeric.into(), column.as_ref(), row, &environment, &mut text)
            .unwrap();
        text
    };
    let line = |row| batch.columns().iter().map(|column| cell(column, row)).collect::<Vec<_>>().join("|");
    (0..batch.num_rows()).map(line).collect()
}

fn one(text: &str) -> String {
    run(text).join("\n")
}

#[test]
fn windows_run_in_batch() {
    assert_eq!(
        run(
            "SELECT date_time, window_start, window_end FROM HOP(bids, date_time, INTERVAL '5 seconds', INTERVAL '10 seconds') ORDER BY 1, 2"
        ),
        [
            "1970-01-01T00:00:00|1969-12-31T23:59:55|1970-01-01T00:00:05",
            "1970-01-01T00:00:00|1970-01-01T00:00:00|1970-01-01T00:00:10",
            "1970-01-01T00:00:09|1970-01-01T00:00:00|1970-01-01T00:00:10",
            "1970-01-01T00:00:09|1970-01-01T00:00:05|1970-01-01T00:00:15",
            "1970-01-01T00:00:10|1970-01-01T00:00:05|1970-01-01T00:00:15",
            "1970-01-01T00:00:10|1970-01-01T00:00:10|1970-01-01T00:00:20",
        ]
    );
    assert_eq!(
        run(
            "SELECT window_start, count(*) FROM TUMBLE(bids, date_time, INTERVAL '10 seconds') GROUP BY 1 ORDER BY 1"
        ),
        ["1970-01-01T00:00:00|2", "1970-01-01T00:00:10|1"]
    );
    assert_eq!(
        run("SELECT date_time FROM TUMBLE(bids, date_time, INTERVAL '10 seconds') \
             WHERE window_end > _watermark OR _watermark IS NULL"),
        ["1970-01-01T00:00:00", "1970-01-01T00:00:09"]
    );
    assert_eq!(
        run("SELECT window_start FROM TUMBLE(bids, date_time, INTERVAL '10 seconds', INTERVAL '3 seconds') \
             WHERE price = 1 AND window_end > TIMESTAMP '1970-01-01 00:00:11'"),
        ["1970-01-01T00:00:03"]
    );
    assert_eq!(run("SELECT count(*) FROM TUMBLE(bids, date_time, INTERVAL '10 seconds')"), ["3"]);
}

#[test]
fn integer_arithmetic_is_checked() {
    assert_eq!(one("SELECT 9223372036854775807 + 1"), "22003 bigint out of range");
    assert_eq!(one("SELECT price + 1 FROM bids"), "22003 bigint out of range");
    assert_eq!(one("SELECT price * 2 FROM bids"), "22003 bigint out of range");
    assert_eq!(one("SELECT -2147483648::int - 1::int"), "22003 integer out of range");
    assert_eq!(one("SELECT -(-9223372036854775807 - 1)"), "22003 bigint out of range");
    assert_eq!(one("SELECT 1 / price FROM bids"), "22012 division by zero");
    assert_eq!(one("SELECT 1 % 0"), "22012 division by zero");
    assert_eq!(one("SELECT 1.0 / 0"), "22012 division by zero");
    assert_eq!(one("SELECT 1.0::float8 / 0.0::float8"), "22012 division by zero");
    assert_eq!(one("SELECT -7 / 2, -7 % 3, 7 / 2"), "-3|-1|3");
    assert_eq!(one("SELECT 9223372036854775806 + 1"), "9223372036854775807");
    assert_eq!(
        one("SELECT sum(price), sum(price) OVER () FROM bids GROUP BY price ORDER BY 1 LIMIT 1"),
        "0|9223372036854775808"
    );
    assert_eq!(one("SELECT sum(price) FROM bids"), "9223372036854775808");
    assert_eq!(one("SELECT sum(CASE WHEN price > 0 THEN 1 ELSE 0 END) * 10 / count(*) FROM bids"), "6");
    assert_eq!(
        one("SELECT CASE WHEN price = 0 THEN 0 ELSE 10 / price END FROM bids WHERE price < 2"),
        "10\n0"
    );
}

#[test]
fn numeric_division_rounds_as_postgres_rounds() {
    assert_eq!(
        one("SELECT 2.00::numeric(3,2) / 3, -2.00::numeric(3,2) / 3, 1.00::numeric(3,2) / 3"),
        "0.66666666666666666667|-0.66666666666666666667|0.33333333333333333333"
    );
    assert_eq!(
        one("SELECT 0.5::numeric(38,1) / 100000, NULL::numeric / 0, 1::numeric(38,0) / 0.1"),
        "0.000005000000000000000000|NULL|10.0000000000000000"
    );
    assert_eq!(one("SELECT 1::numeric / 0"), "22012 division by zero");
    assert_eq!(one("SELECT sum(price) / 3 FROM bids WHERE price < 5"), "0.33333333333333333333");
    // The dividend with the digits of the result is longer than a numeric.
    assert_eq!(
        one(
            "SELECT 20000000000000000000000000000000000::numeric(38,0) / 30000000000000000000000000000000000::numeric(38,0)"
        ),
        "0.66666666666666666667"
    );
}

#[test]
fn casts_are_postgres_casts() {
    assert_eq!(one("SELECT 'x'::int"), "22P02 invalid input syntax for type integer: \"x\"");
    assert_eq!(
        one("SELECT '99999999999'::int"),
        "22003 value \"99999999999\" is out of range for type integer"
    );
    assert_eq!(one("SELECT price::int FROM bids"), "22003 integer out of range");
    assert_eq!(
        one("SELECT 1.5::int, 2.5::float8::int, (-1.5)::int, ' 7 '::int, 'yes'::boolean"),
        "2|2|-2|7|true"
    );
    assert_eq!(
        one("SELECT (date_time + interval '1.5 seconds')::text FROM bids LIMIT 1"),
        "1970-01-01 00:00:01.5"
    );
    assert_eq!(
        one("SELECT 1.0::float8::text, true::text, 12::text, DATE '2013-01-01'::text"),
        "1|true|12|2013-01-01"
    );
    assert_eq!(one("SELECT '2013-02-30'::date"), "22008 date/time field value out of range: \"2013-02-30\"");
    assert_eq!(one("SELECT 'nix'::timestamp"), "22007 invalid input syntax for type timestamp: \"nix\"");
    assert_eq!(one("SELECT 123.456::numeric(5,2), 2::numeric(3,1)"), "123.46|2.0");
    assert_eq!(one("SELECT 12345::numeric(3,1)"), "22003 numeric field overflow");
}

#[test]
fn a_numeric_beside_a_float_is_a_double_precision() {
    assert_eq!(
        one("SELECT 'NaN'::float8 > 1.5, 1e20::float8 < 0.5, 1e300 > 1.5, 2.5 < '-Infinity'::float8"),
        "true|false|true|false"
    );
    assert_eq!(one("SELECT 1e20::float8 BETWEEN 0.5 AND 1e300, 1e20::float8 IN (0.5, 1.5)"), "true|false");
    assert_eq!(
        one("SELECT CASE WHEN true THEN 'NaN'::float8 ELSE 0.5 END, coalesce(1e25::float8, 0.5)"),
        "NaN|1e25"
    );
    assert_eq!(one("SELECT 'NaN'::float8 + 1.5, 1e20::float8 / 0.5"), "NaN|2e20");
}

#[test]
fn functions_cannot_fill_the_memory() {
    assert_eq!(one("SELECT repeat('x', 2000000000)"), "54000 requested length too large");
    assert_eq!(one("SELECT lpad('x', 2000000000)"), "54000 requested length too large");
    assert_eq!(one("SELECT array_repeat(1, 2000000000)"), "54000 the result of array_repeat() is too large");
    assert_eq!(one("SELECT generate_series(1, 2000000000)"), "54000 a value would take more than 64 MiB");
    assert_eq!(one("SELECT repeat('ab', 3), lpad('x', 3, '-')"), "ababab|--x");
}

#[test]
fn what_can_fail_is_computed_only_where_its_guard_lets_it() {
    // `price` is 2^63 - 1, 1, 0.
    for guarded in [
        "price <> 0 AND 10 / price > 1",
        "10 / price > 1 AND price <> 0",
        "price < 5 AND price > 0 AND 10 / price > 1 AND price + 1 > 1",
        "NOT (price = 0 OR 10 / price < 2)",
        "NOT (price = 0 OR 10 / price < 2 OR price = 5)",
        "CASE WHEN price <> 0 THEN 10 / price > 1 ELSE false END",
        "CASE WHEN price::text::bigint = 0 THEN false WHEN 10 / price > 1 THEN true ELSE false END",
        "CASE price WHEN 0 THEN false ELSE 10 / price > 1 END",
        "coalesce(NULLIF(price = 0, false), 10 / price < 2) = false",
        "price IN (SELECT p.price FROM bids p WHERE p.price <> 0 AND 10 / p.price > 1)",
    ] {
        assert_eq!(one(&format!("SELECT price FROM bids WHERE {guarded}")), "1", "{guarded}");
        let filtered = format!(
            "SELECT count(*) FILTER (WHERE {guarded}), sum(10 / price) FILTER (WHERE {guarded}), max(10 / price) FILTER (WHERE {guarded}) FROM bids"
        );
        if !guarded.contains("SELECT") {
            assert_eq!(one(&filtered), "1|10|10", "{guarded}");
        }
    }
    let nested = "SELECT price FROM (SELECT price FROM bids WHERE price <> 0) x WHERE 10 / price > 1 AND 10 / price < 50";
    assert_eq!(one(nested), "1");
    let named = "SELECT price FROM (SELECT price, 10 / price AS q FROM bids) x WHERE price <> 0 AND q > 1";
    assert_eq!(one(named), "1");
    let joined =
        "SELECT b.price FROM bids a JOIN bids b ON a.price = b.price AND b.price <> 0 AND 10 / b.price > 1";
    assert_eq!(one(joined), "1");
}

#[test]
fn guards_keep_three_valued_logic() {
    let truths = "(VALUES (true), (false), (NULL::boolean)) l(a) CROSS JOIN (VALUES (true), (false), (NULL::boolean)) r(b)";
    let fallible = "(CASE WHEN b THEN 1 WHEN NOT b THEN 0 END + 0 = 1)";
    for op in ["AND", "OR"] {
        for third in ["true", "false", "NULL::boolean", "a", "(10 / (CASE WHEN b THEN 1 ELSE 2 END) = 10)"] {
            let plain = format!("SELECT a {op} b {op} {third} FROM {truths} ORDER BY a, b");
            let guarded = format!("SELECT a {op} {fallible} {op} {third} FROM {truths} ORDER BY a, b");
            assert_eq!(run(&plain), run(&guarded), "{guarded}");
        }
    }
}

#[test]
fn parentheses_and_casts_tell_expressions_apart() {
    assert_eq!(
        columns("SELECT sum((n + n) * n) AS a, sum(n + n * n) AS b FROM clicks"),
        "a bigint, b bigint"
    );
    let values = "(VALUES (1, 2, 3, '7'), (4, 5, 6, '8')) n(a, b, c, x)";
    assert_eq!(one(&format!("SELECT sum((a + b) * c), sum(a + b * c) FROM {values}")), "63|41");
    assert_eq!(one(&format!("SELECT max(a - (b - c)), max(a - b - c) FROM {values}")), "5|-4");
    assert_eq!(one(&format!("SELECT sum(x::int), sum(x::numeric(10,1)) FROM {values}")), "15|15.0");
    assert_eq!(
        run(&format!(
            "SELECT x::int, x::numeric(10,1), count(*) FROM {values} GROUP BY x::int, x::numeric(10,1) ORDER BY x::int"
        )),
        ["7|7.0|1", "8|8.0|1"]
    );
    assert_eq!(
        run(&format!(
            "SELECT a - (b - c), a - b - c, count(*) FROM {values} GROUP BY a - (b - c), (a - b) - c \
             HAVING a - (b - c) > 0 ORDER BY a - b - c DESC"
        )),
        ["2|-4|1", "5|-7|1"]
    );
}

#[test]
fn differences_of_times_are_intervals_in_aggregates() {
    assert_eq!(
        columns("SELECT max(at - at), min(at - at), count(DISTINCT at - at), min(NULL) FROM clicks"),
        "max interval, min interval, count bigint, min text"
    );
}
