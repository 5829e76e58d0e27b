//! Every clause that parses is obeyed or refused: the fields of sqlparser's tree, each with a text that fills it.
//!
//! The lists of fields are checked by the compiler (a pattern without `..`): a field that a new version of sqlparser
//! brings has to be given a text here. A clause counts as obeyed when the plan with it is another than the plan without
//! it, or when the plan without it is an error.

use datafusion::sql::sqlparser::ast;

use super::plan;

/// What becomes of a field.
enum Field {
    /// A text without the clause and one with it.
    Clause(&'static str, &'static str),
    /// A clause that changes no answer, and why.
    Silent(&'static str),
}

use Field::{Clause, Silent};

/// Fields of structs and of variants, each with what becomes of it; does not compile while one is missing.
macro_rules! fields {
    ($($owner:ty => $shape:path { $($field:ident: $what:expr,)* })*) => {
        fn fields() -> Vec<(&'static str, Field)> {
            $({
                #[allow(irrefutable_let_patterns, dead_code)]
                fn all_are_named(value: &$owner) {
                    if let $shape { $($field: _),* } = value {}
                }
            })*
            vec![$($((concat!(stringify!($shape), ".", stringify!($field)), $what),)*)*]
        }
    };
}

const PLACE: Field = Silent("where it stands in the text");

fields! {
    ast::Query => ast::Query {
        with: Clause("SELECT * FROM clicks", "WITH clicks AS (SELECT 1) SELECT * FROM clicks"),
        body: Clause("SELECT 1", "VALUES (1)"),
        order_by: Clause("SELECT n FROM clicks", "SELECT n FROM clicks ORDER BY n"),
        limit_clause: Clause("SELECT n FROM clicks", "SELECT n FROM clicks LIMIT 1"),
        fetch: Clause("SELECT n FROM clicks", "SELECT n FROM clicks FETCH FIRST ROW ONLY"),
        locks: Clause("SELECT n FROM clicks", "SELECT n FROM clicks FOR UPDATE"),
        for_clause: Clause("SELECT n FROM clicks", "SELECT n FROM clicks FOR JSON AUTO"),
        settings: Clause("SELECT n FROM clicks", "SELECT n FROM clicks SETTINGS a = 1"),
        format_clause: Clause("SELECT n FROM clicks", "SELECT n FROM clicks FORMAT JSON"),
        pipe_operators: Clause("SELECT n FROM clicks", "SELECT n FROM clicks |> LIMIT 1"),
    }
    ast::With => ast::With {
        with_token: PLACE,
        recursive: Clause(
            "WITH q(a) AS (SELECT 1 UNION ALL SELECT a FROM q) SELECT * FROM q",
            "WITH RECURSIVE q(a) AS (SELECT 1 UNION ALL SELECT a FROM q) SELECT * FROM q",
        ),
        cte_tables: Clause("SELECT * FROM q", "WITH q AS (SELECT 1) SELECT * FROM q"),
    }
    ast::Cte => ast::Cte {
        alias: Clause("WITH q AS (SELECT 1) SELECT a FROM q", "WITH q(a) AS (SELECT 1) SELECT a FROM q"),
        query: Clause("WITH q AS (SELECT 1) SELECT * FROM q", "WITH q AS (SELECT 2) SELECT * FROM q"),
        from: Clause("WITH q AS (SELECT 1) SELECT * FROM q", "WITH q AS (SELECT 1) FROM x SELECT * FROM q"),
        materialized: Silent("a query of WITH gives the same rows however it is computed"),
        closing_paren_token: PLACE,
    }
    ast::TableAlias => ast::TableAlias {
        explicit: Silent("AS is a word of the grammar"),
        name: Clause("SELECT a.n FROM clicks", "SELECT a.n FROM clicks a"),
        columns: Clause("SELECT x FROM clicks a", "SELECT x FROM clicks a(x)"),
        at: Clause("SELECT n FROM clicks AS a", "SELECT n FROM clicks AS a AT i"),
    }
    ast::TableAliasColumnDef => ast::TableAliasColumnDef {
        name: Clause("SELECT x FROM clicks a", "SELECT x FROM clicks a(x)"),
        data_type: Clause("SELECT x FROM clicks a(x)", "SELECT x FROM clicks a(x int)"),
    }
    ast::Setting => ast::Setting {
        key: Silent("AS OF alone makes one, see `time_travel`"),
        value: Silent("as the key"),
    }
    ast::Fetch => ast::Fetch {
        with_ties: Clause(
            "SELECT n FROM clicks ORDER BY n FETCH FIRST 2 ROWS ONLY",
            "SELECT n FROM clicks ORDER BY n FETCH FIRST 2 ROWS WITH TIES",
        ),
        percent: Clause(
            "SELECT n FROM clicks ORDER BY n FETCH FIRST 2 ROWS ONLY",
            "SELECT n FROM clicks ORDER BY n FETCH FIRST 2 PERCENT ROWS ONLY",
        ),
        quantity: Clause(
            "SELECT n FROM clicks ORDER BY n FETCH FIRST ROW ONLY",
            "SELECT n FROM clicks ORDER BY n FETCH FIRST 2 ROWS ONLY",
        ),
    }
    ast::LimitClause => ast::LimitClause::LimitOffset {
        limit: Clause("SELECT n FROM clicks", "SELECT n FROM clicks LIMIT 2"),
        offset: Clause("SELECT n FROM clicks", "SELECT n FROM clicks OFFSET 2"),
        limit_by: Clause("SELECT n FROM clicks LIMIT 1", "SELECT n FROM clicks LIMIT 1 BY url"),
    }
    ast::LimitClause => ast::LimitClause::OffsetCommaLimit {
        offset: Clause("SELECT n FROM clicks LIMIT 1", "SELECT n FROM clicks LIMIT 1, 2"),
        limit: Clause("SELECT n FROM clicks LIMIT 1", "SELECT n FROM clicks LIMIT 1, 2"),
    }
    ast::Offset => ast::Offset {
        value: Clause("SELECT n FROM clicks OFFSET 1", "SELECT n FROM clicks OFFSET 2"),
        rows: Silent("ROW and ROWS are words of the grammar"),
    }
    ast::LockClause => ast::LockClause {
        lock_type: Clause("SELECT n FROM clicks", "SELECT n FROM clicks FOR SHARE"),
        of: Clause("SELECT n FROM clicks", "SELECT n FROM clicks FOR UPDATE OF clicks"),
        nonblock: Clause("SELECT n FROM clicks", "SELECT n FROM clicks FOR UPDATE NOWAIT"),
    }
    ast::OrderBy => ast::OrderBy {
        kind: Clause("SELECT n FROM clicks ORDER BY n", "SELECT n FROM clicks ORDER BY ALL"),
        interpolate: Clause("SELECT n FROM clicks ORDER BY n", "SELECT n FROM clicks ORDER BY n INTERPOLATE"),
    }
    ast::OrderByExpr => ast::OrderByExpr {
        expr: Clause("SELECT n FROM clicks ORDER BY n", "SELECT n FROM clicks ORDER BY url"),
        options: Clause("SELECT n FROM clicks ORDER BY n", "SELECT n FROM clicks ORDER BY n DESC"),
        with_fill: Clause("SELECT n FROM clicks ORDER BY n", "SELECT n FROM clicks ORDER BY n WITH FILL"),
    }
    ast::OrderByOptions => ast::OrderByOptions {
        asc: Clause("SELECT n FROM clicks ORDER BY n", "SELECT n FROM clicks ORDER BY n DESC"),
        nulls_first: Clause("SELECT n FROM clicks ORDER BY n", "SELECT n FROM clicks ORDER BY n NULLS FIRST"),
    }
    ast::Select => ast::Select {
        select_token: PLACE,
        optimizer_hints: Silent("a comment"),
        distinct: Clause("SELECT n FROM clicks", "SELECT DISTINCT n FROM clicks"),
        select_modifiers: Clause("SELECT n FROM clicks", "SELECT HIGH_PRIORITY n FROM clicks"),
        top: Clause("SELECT n FROM clicks", "SELECT TOP 1 n FROM clicks"),
        top_before_distinct: Clause("SELECT DISTINCT n FROM clicks", "SELECT TOP 1 DISTINCT n FROM clicks"),
        projection: Clause("SELECT n FROM clicks", "SELECT n, url FROM clicks"),
        exclude: Clause("SELECT * FROM clicks", "SELECT * EXCLUDE n FROM clicks"),
        into: Clause("SELECT n FROM clicks", "SELECT n INTO x FROM clicks"),
        from: Clause("SELECT 1", "SELECT 1 FROM clicks"),
        lateral_views: Clause("SELECT n FROM clicks", "SELECT n FROM clicks LATERAL VIEW explode(n) x AS y"),
        prewhere: Clause("SELECT n FROM clicks", "SELECT n FROM clicks PREWHERE n > 1"),
        selection: Clause("SELECT n FROM clicks", "SELECT n FROM clicks WHERE n > 1"),
        connect_by: Clause("SELECT n FROM clicks", "SELECT n FROM clicks START WITH n = 1 CONNECT BY n = n"),
        group_by: Clause("SELECT max(n) FROM clicks", "SELECT max(n) FROM clicks GROUP BY url"),
        cluster_by: Clause("SELECT n FROM clicks", "SELECT n FROM clicks CLUSTER BY n"),
        distribute_by: Clause("SELECT n FROM clicks", "SELECT n FROM clicks DISTRIBUTE BY n"),
        sort_by: Clause("SELECT n FROM clicks", "SELECT n FROM clicks SORT BY n"),
        having: Clause("SELECT max(n) FROM clicks", "SELECT max(n) FROM clicks HAVING max(n) > 1"),
        named_window: Clause(
            "SELECT sum(n) OVER w FROM clicks",
            "SELECT sum(n) OVER w FROM clicks WINDOW w AS (ORDER BY n)",
        ),
        qualify: Clause(
            "SELECT n FROM clicks",
            "SELECT n FROM clicks QUALIFY row_number() OVER (ORDER BY n) = 1",
        ),
        window_before_qualify: Silent("the order of two clauses"),
        value_table_mode: Clause("SELECT n FROM clicks", "SELECT AS VALUE n FROM clicks"),
        flavor: Clause("SELECT n FROM clicks", "FROM clicks SELECT n"),
    }
    ast::WildcardAdditionalOptions => ast::WildcardAdditionalOptions {
        wildcard_token: PLACE,
        opt_ilike: Clause("SELECT * FROM clicks", "SELECT * ILIKE 'n%' FROM clicks"),
        opt_exclude: Clause("SELECT * FROM clicks", "SELECT * EXCLUDE (n) FROM clicks"),
        opt_except: Clause("SELECT * FROM clicks", "SELECT * EXCEPT (n) FROM clicks"),
        opt_replace: Clause("SELECT * FROM clicks", "SELECT * REPLACE (1 AS n) FROM clicks"),
        opt_rename: Clause("SELECT * FROM clicks", "SELECT * RENAME n AS m FROM clicks"),
        opt_alias: Clause("SELECT * FROM clicks", "SELECT * AS x FROM clicks"),
    }
    ast::TableWithJoins => ast::TableWithJoins {
        relation: Clause("SELECT 1 FROM clicks", "SELECT 1 FROM bids"),
        joins: Clause("SELECT 1 FROM clicks", "SELECT 1 FROM clicks CROSS JOIN bids"),
    }
    ast::Join => ast::Join {
        relation: Clause("SELECT 1 FROM clicks, bids", "SELECT 1 FROM clicks, flights"),
        global: Clause(
            "SELECT 1 FROM clicks JOIN bids ON true",
            "SELECT 1 FROM clicks GLOBAL JOIN bids ON true",
        ),
        join_operator: Clause(
            "SELECT 1 FROM clicks JOIN bids ON n = price",
            "SELECT 1 FROM clicks LEFT JOIN bids ON n = price",
        ),
    }
    ast::JoinOperator => ast::JoinOperator::AsOf {
        match_condition: Clause(
            "SELECT 1 FROM clicks JOIN bids ON n = price",
            "SELECT 1 FROM clicks ASOF JOIN bids MATCH_CONDITION (n > price) ON n = price",
        ),
        constraint: Clause(
            "SELECT 1 FROM clicks JOIN bids ON n = price",
            "SELECT 1 FROM clicks ASOF JOIN bids MATCH_CONDITION (n > price)",
        ),
    }
    ast::TableFactor => ast::TableFactor::Table {
        name: Clause("SELECT 1 FROM clicks", "SELECT 1 FROM bids"),
        alias: Clause("SELECT a.n FROM clicks", "SELECT a.n FROM clicks a"),
        args: Clause("SELECT 1 FROM clicks", "SELECT 1 FROM clicks(1)"),
        with_hints: Clause("SELECT 1 FROM clicks", "SELECT 1 FROM clicks WITH (NOLOCK)"),
        version: Clause("SELECT 1 FROM clicks", "SELECT 1 FROM clicks AS OF LSN 5"),
        with_ordinality: Clause("SELECT n FROM clicks", "SELECT n FROM clicks WITH ORDINALITY"),
        partitions: Clause("SELECT n FROM clicks", "SELECT n FROM clicks PARTITION (p0)"),
        json_path: Clause("SELECT n FROM clicks", "SELECT n FROM clicks:a.b"),
        sample: Clause("SELECT n FROM clicks", "SELECT n FROM clicks TABLESAMPLE SYSTEM (1)"),
        index_hints: Clause("SELECT n FROM clicks", "SELECT n FROM clicks USE INDEX (i)"),
    }
    ast::TableFactor => ast::TableFactor::Derived {
        lateral: Clause(
            "SELECT 1 FROM clicks c, (SELECT c.n) s",
            "SELECT 1 FROM clicks c, LATERAL (SELECT c.n) s",
        ),
        subquery: Clause("SELECT 1 FROM (SELECT 1) s", "SELECT 1 FROM (SELECT 2) s"),
        alias: Clause("SELECT s.x FROM (SELECT 1 AS x)", "SELECT s.x FROM (SELECT 1 AS x) s"),
        sample: Clause("SELECT 1 FROM (SELECT 1) s", "SELECT 1 FROM (SELECT 1) s TABLESAMPLE SYSTEM (1)"),
    }
    ast::TableFactor => ast::TableFactor::TableFunction {
        expr: Clause("SELECT 1 FROM TABLE(generate_series(1, 2))", "SELECT 1 FROM TABLE(generate_series(1, 3))"),
        alias: Clause("SELECT s FROM TABLE(generate_series(1, 2))", "SELECT s FROM TABLE(generate_series(1, 2)) s"),
    }
    ast::TableFactor => ast::TableFactor::Function {
        lateral: Silent("functions in FROM always see what stands before them"),
        name: Clause("SELECT 1 FROM LATERAL generate_series(1, 2)", "SELECT 1 FROM LATERAL nix(1, 2)"),
        args: Clause("SELECT 1 FROM LATERAL generate_series(1, 2)", "SELECT 1 FROM LATERAL generate_series(1, 3)"),
        with_ordinality: Clause(
            "SELECT * FROM LATERAL generate_series(1, 2)",
            "SELECT * FROM LATERAL generate_series(1, 2) WITH ORDINALITY",
        ),
        alias: Clause("SELECT s FROM LATERAL generate_series(1, 2)", "SELECT s FROM LATERAL generate_series(1, 2) s"),
    }
    ast::TableFactor => ast::TableFactor::UNNEST {
        alias: Clause("SELECT s FROM unnest(ARRAY[1])", "SELECT s FROM unnest(ARRAY[1]) s"),
        array_exprs: Clause("SELECT * FROM unnest(ARRAY[1])", "SELECT * FROM unnest(ARRAY[1], ARRAY[2])"),
        with_offset: Clause("SELECT * FROM unnest(ARRAY[1])", "SELECT * FROM unnest(ARRAY[1]) WITH OFFSET"),
        with_offset_alias: Clause("SELECT * FROM unnest(ARRAY[1])", "SELECT * FROM unnest(ARRAY[1]) WITH OFFSET o"),
        with_ordinality: Clause("SELECT * FROM unnest(ARRAY[1])", "SELECT * FROM unnest(ARRAY[1]) WITH ORDINALITY"),
    }
    ast::TableFactor => ast::TableFactor::NestedJoin {
        table_with_joins: Clause("SELECT 1 FROM (clicks CROSS JOIN bids)", "SELECT 1 FROM (clicks CROSS JOIN flights)"),
        alias: Clause("SELECT j.n FROM (clicks CROSS JOIN bids)", "SELECT j.n FROM (clicks CROSS JOIN bids) j"),
    }
    ast::Function => ast::Function {
        name: Clause("SELECT max(n) FROM clicks", "SELECT min(n) FROM clicks"),
        uses_odbc_syntax: Silent("`{fn f(x)}` is no token of the dialect"),
        parameters: Clause("SELECT max(n) FROM clicks", "SELECT max(1)(n) FROM clicks"),
        args: Clause("SELECT max(n) FROM clicks", "SELECT max(url) FROM clicks"),
        filter: Clause("SELECT max(n) FROM clicks", "SELECT max(n) FILTER (WHERE n > 1) FROM clicks"),
        null_treatment: Clause(
            "SELECT first_value(n) OVER (ORDER BY n) FROM clicks",
            "SELECT first_value(n) IGNORE NULLS OVER (ORDER BY n) FROM clicks",
        ),
        over: Clause("SELECT max(n) FROM clicks", "SELECT max(n) OVER () FROM clicks"),
        within_group: Clause(
            "SELECT percentile_cont(0.5) FROM clicks",
            "SELECT percentile_cont(0.5) WITHIN GROUP (ORDER BY n) FROM clicks",
        ),
    }
    ast::FunctionArgumentList => ast::FunctionArgumentList {
        duplicate_treatment: Clause("SELECT sum(n) FROM clicks", "SELECT sum(DISTINCT n) FROM clicks"),
        args: Clause("SELECT sum(n) FROM clicks", "SELECT sum(n + 1) FROM clicks"),
        clauses: Clause("SELECT array_agg(n) FROM clicks", "SELECT array_agg(n ORDER BY url) FROM clicks"),
    }
    ast::TableFunctionArgs => ast::TableFunctionArgs {
        args: Clause("SELECT * FROM generate_series(1, 2)", "SELECT * FROM generate_series(1, 3)"),
        settings: Clause("SELECT * FROM generate_series(1, 2)", "SELECT * FROM generate_series(1, 2, SETTINGS a = 1)"),
    }
    ast::WindowSpec => ast::WindowSpec {
        window_name: Clause(
            "SELECT sum(n) OVER (ORDER BY n) FROM clicks WINDOW w AS (PARTITION BY url)",
            "SELECT sum(n) OVER (w ORDER BY n) FROM clicks WINDOW w AS (PARTITION BY url)",
        ),
        partition_by: Clause("SELECT sum(n) OVER () FROM clicks", "SELECT sum(n) OVER (PARTITION BY url) FROM clicks"),
        order_by: Clause("SELECT sum(n) OVER () FROM clicks", "SELECT sum(n) OVER (ORDER BY url) FROM clicks"),
        window_frame: Clause(
            "SELECT sum(n) OVER (ORDER BY url) FROM clicks",
            "SELECT sum(n) OVER (ORDER BY url ROWS 1 PRECEDING) FROM clicks",
        ),
    }
    ast::WindowFrame => ast::WindowFrame {
        units: Clause(
            "SELECT sum(n) OVER (ORDER BY n ROWS 1 PRECEDING) FROM clicks",
            "SELECT sum(n) OVER (ORDER BY n RANGE 1 PRECEDING) FROM clicks",
        ),
        start_bound: Clause(
            "SELECT sum(n) OVER (ORDER BY n ROWS 1 PRECEDING) FROM clicks",
            "SELECT sum(n) OVER (ORDER BY n ROWS 2 PRECEDING) FROM clicks",
        ),
        end_bound: Clause(
            "SELECT sum(n) OVER (ORDER BY n ROWS 1 PRECEDING) FROM clicks",
            "SELECT sum(n) OVER (ORDER BY n ROWS BETWEEN 1 PRECEDING AND 1 FOLLOWING) FROM clicks",
        ),
    }
}

/// Clauses that are variants: one text for each.
const VARIANTS: [(&str, &str); 24] = [
    ("SELECT array_agg(n) FROM clicks", "SELECT array_agg(n LIMIT 1) FROM clicks"),
    ("SELECT array_agg(n) FROM clicks", "SELECT array_agg(n HAVING MAX url) FROM clicks"),
    ("SELECT string_agg(url, ',') FROM clicks", "SELECT string_agg(url, ',' SEPARATOR ';') FROM clicks"),
    (
        "SELECT string_agg(url, ',') FROM clicks",
        "SELECT string_agg(url, ',' ON OVERFLOW TRUNCATE) FROM clicks",
    ),
    ("SELECT string_agg(url, ',') FROM clicks", "SELECT string_agg(url, ',' IGNORE NULLS) FROM clicks"),
    ("SELECT first_value(n) OVER () FROM clicks", "SELECT first_value(n IGNORE NULLS) OVER () FROM clicks"),
    ("SELECT json_build_object('a', 1)", "SELECT json_build_object('a', 1 NULL ON NULL)"),
    ("SELECT json_build_object('a', 1)", "SELECT json_build_object('a', 1 RETURNING jsonb)"),
    ("SELECT upper('a')", "SELECT upper(DISTINCT 'a')"),
    ("SELECT upper('a')", "SELECT upper('a' ORDER BY 1)"),
    ("SELECT upper('a')", "SELECT upper('a') FILTER (WHERE true)"),
    ("SELECT upper('a')", "SELECT upper('a') WITHIN GROUP (ORDER BY 1)"),
    ("SELECT n FROM clicks GROUP BY n", "SELECT n FROM clicks GROUP BY ALL"),
    ("SELECT n FROM clicks GROUP BY n", "SELECT n FROM clicks GROUP BY n WITH ROLLUP"),
    (
        "SELECT n FROM clicks UNION SELECT n FROM clicks",
        "SELECT n FROM clicks UNION BY NAME SELECT n FROM clicks",
    ),
    ("SELECT 1 FROM clicks JOIN bids ON n = price", "SELECT 1 FROM clicks LEFT SEMI JOIN bids ON n = price"),
    ("SELECT 1 FROM clicks JOIN bids ON n = price", "SELECT 1 FROM clicks ANTI JOIN bids ON n = price"),
    ("SELECT 1 FROM clicks CROSS JOIN bids", "SELECT 1 FROM clicks CROSS APPLY bids"),
    ("SELECT 1 FROM clicks CROSS JOIN bids", "SELECT 1 FROM clicks STRAIGHT_JOIN bids"),
    ("SELECT 1 FROM clicks", "SELECT 1 FROM clicks PIVOT (max(n) FOR url IN ('a')) AS p"),
    ("SELECT 1 FROM clicks", "SELECT 1 FROM clicks UNPIVOT (v FOR k IN (n)) AS p"),
    ("SELECT 1 FROM clicks", "SELECT 1 FROM clicks MATCH_RECOGNIZE (PATTERN (a) DEFINE a AS true) AS p"),
    ("SELECT 'a' LIKE 'a'", "SELECT 'a' LIKE ANY ('a')"),
    ("SELECT CAST('1' AS int)", "SELECT CAST('1' AS int FORMAT 'x')"),
];

/// What is wrong with a clause, if it is neither obeyed nor refused.
fn ignored(without: &str, with: &str) -> Option<String> {
    let read = |text: &str| crate::text::parse_query(text).map(|_| plan(text));
    // A clause that does not parse is refused.
    let Ok(with_plan) = read(with) else { return None };
    let without_plan = read(without).expect("a text without the clause parses");
    (with_plan == without_plan).then(|| format!("{with}: the clause has no effect\n{with_plan}"))
}

#[test]
fn every_clause_that_parses_is_obeyed_or_refused() {
    let mut found = vec![];
    for (name, field) in fields() {
        match field {
            Clause(without, with) => {
                found.extend(ignored(without, with).map(|text| format!("{name}: {text}")))
            }
            Silent(why) => assert!(!why.is_empty(), "{name}"),
        }
    }
    found.extend(VARIANTS.iter().filter_map(|(without, with)| ignored(without, with)));
    assert!(found.is_empty(), "{}", found.join("\n"));
}
