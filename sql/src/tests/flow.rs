//! Streaming plans, and what a view cannot be.

use super::{catalog, flow, flow_over, with_materialized_view, with_view};

/// Compares a plan with its golden text, whose lines may be indented as the code is.
fn golden(text: &str, expected: &str) {
    compare(&flow(text), expected);
}

fn compare(found: &str, expected: &str) {
    let lines: Vec<&str> = expected.trim_matches('\n').lines().collect();
    let indent = lines.first().map_or(0, |line| line.len() - line.trim_start().len());
    let expected: Vec<&str> = lines.iter().map(|line| line.get(indent..).unwrap_or("").trim_end()).collect();
    let expected = expected.join("\n");
    assert_eq!(found, expected.trim_end(), "\n{found}\n");
}

#[test]
fn sources_read_only_the_columns_that_are_needed() {
    golden(
        "SELECT auction, price FROM bids WHERE price > 100",
        "
        Filter: price > 100 [append-only]
          Source: bids (auction, price) [append-only]
        ",
    );
    golden(
        "SELECT count(*) FROM bids",
        "
        Aggregate: count(*) [updating; key (); state: one group]
          Source: bids (auction) [append-only]
        ",
    );
}

#[test]
fn star_leaves_hidden_columns_out_and_names_let_them_in() {
    golden(
        "SELECT * FROM bids",
        "
        Source: bids (auction, bidder, price, channel, date_time) [append-only; watermark date_time]
        ",
    );
    golden(
        "SELECT *, _offset FROM bids",
        "
        Source: bids (auction, bidder, price, channel, date_time, _offset) [append-only; watermark date_time]
        ",
    );
}

#[test]
fn plain_aggregates_are_updating_and_keyed_by_their_groups() {
    golden(
        "SELECT auction, count(*) AS n, sum(price), avg(price), min(price), max(price), \
         count(DISTINCT bidder) FILTER (WHERE price > 5) FROM bids GROUP BY auction HAVING count(*) > 2",
        "
        Project: auction, count(*) AS n, sum(price) AS sum, /(numeric(sum(price)), CASE WHEN key(numeric(cast_numeric(count(price)))) = 60 THEN NULL ELSE numeric(cast_numeric(count(price))) END) AS avg, min(price) AS min, max(price) AS max, count(DISTINCT bidder) FILTER (WHERE price > 5) AS count [updating; key (auction)]
          Filter: count(*) > 2 [updating; key (auction)]
            Aggregate: count(*), sum(price), count(price), min(price), max(price), count(DISTINCT bidder) FILTER (WHERE price > 5) by auction [updating; key (auction); state: groups with their values]
              Source: bids (auction, bidder, price) [append-only]
        ",
    );
}

#[test]
fn unused_aggregates_and_dropped_keys() {
    golden(
        "SELECT n FROM (SELECT auction, count(*) AS n, sum(price) AS s FROM bids GROUP BY auction) x",
        "
        Project: n [updating]
          Aggregate: count(*) by auction [updating; key (auction); state: groups]
            Source: bids (auction) [append-only]
        ",
    );
}

#[test]
fn a_window_goes_into_the_aggregate_that_groups_by_it() {
    golden(
        "SELECT window_start, window_end, auction, count(*) AS bids, max(price) AS top \
         FROM HOP(bids, date_time, INTERVAL '2 seconds', INTERVAL '10 seconds') \
         GROUP BY window_start, window_end, auction",
        "
        Aggregate: count(*), max(price) by window_start, window_end, auction; slices of HOP(slide=2s, size=10s) on date_time, late rows left out [updating; key (window_start, window_end, auction); state: groups by slice]
          Source: bids (auction, price, date_time) [append-only; watermark date_time]
        ",
    );
}

#[test]
fn a_window_whose_columns_are_computed_with_stays_a_window() {
    golden(
        "SELECT date_trunc('day', window_start) AS day, count(*) \
         FROM TUMBLE(flights, sched_dep, INTERVAL '1 hour') GROUP BY 1",
        "
        Aggregate: count(*) by date_trunc(day, window_start) [updating; key (day); state: groups]
          Window: TUMBLE(size=1h) on sched_dep, late rows left out [append-only; watermark sched_dep, window_start - 1h, window_end]
            Source: flights (sched_dep) [append-only; watermark sched_dep]
        ",
    );
    golden(
        "SELECT window_end, max(window_start) FROM TUMBLE(flights, sched_dep, INTERVAL '1 hour') GROUP BY window_end",
        "
        Aggregate: max(window_start) by window_end [updating; key (window_end); state: groups]
          Window: TUMBLE(size=1h) on sched_dep, late rows left out [append-only; watermark sched_dep, window_start - 1h, window_end]
            Source: flights (sched_dep) [append-only; watermark sched_dep]
        ",
    );
}

#[test]
fn predicates_go_below_windows_unless_they_read_the_window() {
    golden(
        "SELECT origin, window_end FROM TUMBLE(flights, sched_dep, INTERVAL '1 hour') \
         WHERE window_end > _watermark AND dep_delay > 0",
        "
        Project: origin, window_end [append-only; watermark window_end]
          Filter: window_end > _watermark [append-only; watermark sched_dep, window_start - 1h, window_end]
            Window: TUMBLE(size=1h) on sched_dep, late rows left out [append-only; watermark sched_dep, window_start - 1h, window_end]
              Filter: key(dep_delay) > 0 [append-only; watermark sched_dep]
                Source: flights (origin, sched_dep, dep_delay, _watermark) [append-only; watermark sched_dep]
        ",
    );
}

#[test]
fn emit_on_window_close_makes_the_view_append_only() {
    golden(
        "SELECT window_end, origin, count(*) AS n, avg(dep_delay) \
         FROM TUMBLE(flights, sched_dep, INTERVAL '1 hour') WHERE NOT canceled \
         GROUP BY window_end, origin EMIT ON WINDOW CLOSE",
        "
        Aggregate: count(*), avg(dep_delay) by window_end, origin; slices of TUMBLE(size=1h) on sched_dep, late rows left out; once watermark >= window_end [append-only; key (window_end, origin); watermark window_end; state: groups by slice, until they close]
          Filter: NOT canceled [append-only; watermark sched_dep]
            Source: flights (origin, sched_dep, dep_delay, canceled) [append-only; watermark sched_dep]
        ",
    );
    golden(
        "SELECT window_start, origin, count(*) AS n FROM TUMBLE(flights, sched_dep, INTERVAL '1 hour') \
         GROUP BY window_start, origin EMIT ON WINDOW CLOSE",
        "
        Aggregate: count(*) by window_start, origin; slices of TUMBLE(size=1h) on sched_dep, late rows left out; once watermark >= window_start + 1h [append-only; key (window_start, origin); watermark window_start - 1h; state: groups by slice, until they close]
          Source: flights (origin, sched_dep) [append-only; watermark sched_dep]
        ",
    );
    golden(
        "SELECT window_end, max(n) FROM (SELECT window_end, auction, count(*) AS n \
         FROM TUMBLE(bids, date_time, INTERVAL '10 seconds') GROUP BY window_end, auction) x \
         GROUP BY window_end EMIT ON WINDOW CLOSE",
        "
        Aggregate: max(n) by window_end; once watermark >= window_end [append-only; key (window_end); watermark window_end; state: groups, until they close]
          Aggregate: count(*) by window_end, auction; slices of TUMBLE(size=10s) on date_time, late rows left out; once watermark >= window_end [append-only; key (window_end, auction); watermark window_end; state: groups by slice, until they close]
            Source: bids (auction, date_time) [append-only; watermark date_time]
        ",
    );
}

#[test]
fn emit_on_window_close_needs_a_window_to_close() {
    let refused = "0A000 EMIT ON WINDOW CLOSE cannot be used with";
    for text in [
        "SELECT auction, count(*) FROM bids GROUP BY auction EMIT ON WINDOW CLOSE",
        "SELECT * FROM bids EMIT ON WINDOW CLOSE",
        "SELECT * FROM TUMBLE(bids, date_time, INTERVAL '1 hour') EMIT ON WINDOW CLOSE",
        // Without a watermark nothing closes.
        "SELECT window_end, count(*) FROM TUMBLE((SELECT date_time + INTERVAL '1 second' AS t FROM bids), t, \
         INTERVAL '1 hour') GROUP BY window_end EMIT ON WINDOW CLOSE",
        "SELECT window_end, count(*) FROM TUMBLE(clicks, at, INTERVAL '1 hour') GROUP BY window_end EMIT ON WINDOW CLOSE",
    ] {
        let found = flow(text);
        assert!(found.starts_with(refused), "{text}: {found}");
    }
}

#[test]
fn distinct_over_append_only_rows_is_append_only() {
    golden(
        "SELECT DISTINCT auction FROM bids",
        "
        Distinct: auction [append-only; key (auction); state: groups]
          Source: bids (auction) [append-only]
        ",
    );
}

#[test]
fn unions_match_types_and_keep_watermarks_of_one_stream_only() {
    golden(
        "SELECT auction FROM bids UNION SELECT n FROM clicks",
        "
        Distinct: auction [append-only; key (auction); state: groups]
          Union [append-only]
            Source: bids (auction) [append-only]
            Project: CAST(n AS Int64) AS auction [append-only]
              Source: clicks (n) [append-only]
        ",
    );
    golden(
        "SELECT window_end, count(*) FROM TUMBLE((SELECT date_time FROM bids WHERE price > 5 UNION ALL \
         SELECT date_time FROM bids WHERE bidder = 1), date_time, INTERVAL '1 hour') GROUP BY window_end",
        "
        Aggregate: count(*) by window_end; slices of TUMBLE(size=1h) on date_time, late rows left out [updating; key (window_end); state: groups by slice]
          Union [append-only; watermark date_time]
            Project: date_time [append-only; watermark date_time]
              Filter: price > 5 [append-only; watermark date_time]
                Source: bids (price, date_time) [append-only; watermark date_time]
            Project: date_time [append-only; watermark date_time]
              Filter: bidder = 1 [append-only; watermark date_time]
                Source: bids (bidder, date_time) [append-only; watermark date_time]
        ",
    );
    golden(
        "SELECT window_end, count(*) FROM TUMBLE((SELECT date_time FROM bids UNION ALL \
         SELECT sched_dep FROM flights), date_time, INTERVAL '1 hour') GROUP BY window_end",
        "
        Aggregate: count(*) by window_end; slices of TUMBLE(size=1h) on date_time [updating; key (window_end); state: groups by slice]
          Union [append-only]
            Source: bids (date_time) [append-only; watermark date_time]
            Project: sched_dep AS date_time [append-only; watermark date_time]
              Source: flights (sched_dep) [append-only; watermark sched_dep]
        ",
    );
}

#[test]
fn constants_are_computed_when_the_plan_is_made() {
    golden("SELECT 1 AS one, 'x' AS two", "Values: 1 rows (one, two) [append-only]");
    golden("VALUES (1, 'a'), (2, NULL)", "Values: 2 rows (column1, column2) [append-only]");
    golden(
        "SELECT price + (2 * 3) AS p FROM bids",
        "
        Project: +(price, 6) AS p [append-only]
          Source: bids (price) [append-only]
        ",
    );
}

#[test]
fn a_view_is_planned_where_it_is_used() {
    let catalog = with_view(&catalog(), "dear", "SELECT auction, price AS p FROM bids WHERE price > 100");
    compare(
        &flow_over(&catalog, "SELECT p FROM dear WHERE auction = 1"),
        "
        Project: price AS p [append-only]
          Filter: price > 100 AND auction = 1 [append-only]
            Source: bids (auction, price) [append-only]
        ",
    );
}

#[test]
fn a_predicate_that_can_fail_sees_only_the_rows_that_the_others_leave() {
    golden(
        "SELECT n FROM clicks WHERE 10 / n > 1 AND n <> 0 AND n::smallint < 5",
        "
        Filter: cast_smallint(n) < 5 [append-only]
          Filter: /(10, n) > 1 [append-only]
            Filter: n != 0 [append-only]
              Source: clicks (n) [append-only]
        ",
    );
    let catalog = with_view(&catalog(), "parsed", "SELECT n, url::int AS number FROM clicks");
    compare(
        &flow_over(&catalog, "SELECT number FROM parsed WHERE number > 5 AND n = 1"),
        "
        Project: cast_integer(url) AS number [append-only]
          Filter: cast_integer(url) > 5 [append-only]
            Filter: n = 1 [append-only]
              Source: clicks (url, n) [append-only]
        ",
    );
    // What the projection computes on all rows, OR does not come to compute on some.
    compare(
        &flow_over(&catalog, "SELECT number FROM parsed WHERE n = 1 OR number > 5"),
        "
        Project: number [append-only]
          Filter: n = 1 OR number > 5 [append-only]
            Project: n, cast_integer(url) AS number [append-only]
              Source: clicks (url, n) [append-only]
        ",
    );
}

#[test]
fn predicates_go_into_every_branch_of_a_union() {
    golden(
        "SELECT a FROM (SELECT auction AS a FROM bids UNION ALL SELECT bidder FROM bids WHERE price > 5) x WHERE a > 1",
        "
        Union [append-only]
          Project: auction AS a [append-only]
            Filter: auction > 1 [append-only]
              Source: bids (auction) [append-only]
          Project: bidder AS a [append-only]
            Filter: price > 5 AND bidder > 1 [append-only]
              Source: bids (bidder, price) [append-only]
        ",
    );
}

#[test]
fn a_view_over_a_materialized_view_is_one_plan_down_to_streams() {
    let hourly = "SELECT window_end, origin, count(*) AS n FROM TUMBLE(flights, sched_dep, INTERVAL '1 hour') \
                  GROUP BY window_end, origin";
    let catalog = with_materialized_view(&catalog(), "hourly", hourly);
    compare(&flow_over(&catalog, "SELECT origin, sum(n) AS n FROM hourly GROUP BY origin"), "
        Aggregate: sum(n) by origin [updating; key (origin); state: groups]
          Aggregate: count(*) by window_end, origin; slices of TUMBLE(size=1h) on sched_dep, late rows left out [updating; key (window_end, origin); state: groups by slice]
            Source: flights (origin, sched_dep) [append-only; watermark sched_dep]
        ");
    assert!(
        flow_over(&catalog, "SELECT window_end, sum(n) FROM hourly GROUP BY window_end EMIT ON WINDOW CLOSE")
            .starts_with(
                "0A000 EMIT ON WINDOW CLOSE cannot be used with an aggregate over rows that can change"
            )
    );
}

#[test]
fn a_closing_view_carries_its_watermark_on() {
    let hourly = "SELECT window_end, origin, count(*) AS n FROM TUMBLE(flights, sched_dep, INTERVAL '1 hour') \
                  GROUP BY window_end, origin EMIT ON WINDOW CLOSE";
    let catalog = with_materialized_view(&catalog(), "hourly", hourly);
    let daily = "SELECT tumble.window_end, sum(n) AS n FROM TUMBLE((SELECT window_end AS hour, n FROM hourly), hour, \
                 INTERVAL '1 day') GROUP BY tumble.window_end EMIT ON WINDOW CLOSE";
    compare(&flow_over(&catalog, daily), "
        Aggregate: sum(n) by window_end; slices of TUMBLE(size=1d) on hour, late rows left out; once watermark >= window_end [append-only; key (window_end); watermark window_end; state: groups by slice, until they close]
          Project: window_end AS hour, n [append-only; watermark hour]
            Aggregate: count(*) by window_end, origin; slices of TUMBLE(size=1h) on sched_dep, late rows left out; once watermark >= window_end [append-only; key (window_end, origin); watermark window_end; state: groups by slice, until they close]
              Source: flights (origin, sched_dep) [append-only; watermark sched_dep]
        ");
    compare(&flow_over(&catalog, "SELECT * FROM hourly WHERE n > 5 EMIT ON WINDOW CLOSE"), "
        Filter: n > 5 [append-only; key (window_end, origin); watermark window_end]
          Aggregate: count(*) by window_end, origin; slices of TUMBLE(size=1h) on sched_dep, late rows left out; once watermark >= window_end [append-only; key (window_end, origin); watermark window_end; state: groups by slice, until they close]
            Source: flights (origin, sched_dep) [append-only; watermark sched_dep]
        ");
}

/// A catalog with a view of windows under a grace of its own.
fn with_windows_of_grace(text: &str, grace: &str) -> millstream_catalog::Catalog {
    let mut create = super::create_view("windowed", text);
    create.options.insert("allowed_lateness".into(), grace.into());
    let (object, _) =
        crate::define::define_materialized_view(&catalog(), &create, &super::FUNCTIONS).unwrap();
    catalog().with(object).unwrap()
}

#[test]
fn the_window_of_another_view_keeps_its_own_lateness() {
    let catalog =
        with_windows_of_grace("SELECT * FROM TUMBLE(flights, sched_dep, INTERVAL '1 hour')", "10 minutes");
    compare(
        &flow_over(
            &catalog,
            "SELECT window_end, count(*) FROM windowed GROUP BY window_end EMIT ON WINDOW CLOSE",
        ),
        "
        Aggregate: count(*) by window_end; once watermark - 10m >= window_end [append-only; key (window_end); watermark window_end - 10m; state: groups, until they close]
          Window: TUMBLE(size=1h) on sched_dep, rows later than 10m left out [append-only; watermark sched_dep, window_start - 1h10m, window_end - 10m]
            Source: flights (origin, sched_dep, dep_delay, fare, canceled) [append-only; watermark sched_dep]
        ",
    );
}

#[test]
fn a_window_over_changing_rows_of_another_view_does_not_close() {
    let hourly = "SELECT * FROM TUMBLE((SELECT window_end AS e, origin, count(*) AS n FROM \
                  TUMBLE(flights, sched_dep, INTERVAL '1 minute') GROUP BY window_end, origin), e, INTERVAL '10 minutes')";
    let catalog = with_windows_of_grace(hourly, "1 hour");
    let found = flow_over(
        &catalog,
        "SELECT window_end, sum(n) FROM windowed GROUP BY window_end EMIT ON WINDOW CLOSE",
    );
    assert!(
        found.starts_with(
            "0A000 EMIT ON WINDOW CLOSE cannot be used with an aggregate over rows that can change"
        ),
        "{found}"
    );
}

#[test]
fn what_a_view_cannot_keep_up_to_date_is_refused_with_a_hint() {
    for (text, message) in [
        ("SELECT n FROM clicks ORDER BY n", "0A000 ORDER BY in a materialized view is not built"),
        ("SELECT n FROM clicks LIMIT 5", "0A000 LIMIT in a materialized view is not built"),
        (
            "SELECT a.n FROM clicks a JOIN clicks b ON a.n = b.n",
            "0A000 JOIN in a materialized view is not built",
        ),
        (
            "SELECT row_number() OVER (ORDER BY n) FROM clicks",
            "0A000 window functions (OVER) in a materialized view are not built",
        ),
        (
            "SELECT now() AS t FROM clicks",
            "0A000 function now() cannot be used in a materialized view or a watermark",
        ),
        (
            "SELECT random() AS r FROM clicks",
            "0A000 function random() cannot be used in a materialized view or a watermark",
        ),
        (
            "SELECT n FROM clicks WHERE n IN (SELECT auction FROM bids)",
            "0A000 a subquery in an expression of a materialized view is not built",
        ),
        (
            "SELECT median(n) AS m FROM clicks",
            "0A000 aggregate function median in a materialized view is not built",
        ),
        ("SELECT n, count(*) FROM clicks GROUP BY ROLLUP(n)", "0A000 GROUPING SETS, ROLLUP and CUBE"),
        (
            "SELECT DISTINCT ON (n) n, url FROM clicks",
            "0A000 window functions (OVER) in a materialized view are not built",
        ),
    ] {
        let found = flow(text);
        assert!(found.starts_with(message), "{text}: {found}");
    }
}
