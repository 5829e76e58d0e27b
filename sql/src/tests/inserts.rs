//! INSERT: rows of exactly the stream's columns.

use millstream_catalog::{Catalog, Kind, QualifiedName, SqlType};

use super::{FUNCTIONS, create_stream, query};
use crate::bind::{Binder, SchemaOnly};
use crate::define::define_stream;
use crate::error::SqlResult;
use crate::functions::configuration;
use crate::text::statement::Insert;

fn with_binder<T>(
    text: &str,
    parameter_types: &[Option<SqlType>],
    then: impl FnOnce(&Binder<'_>, &Insert) -> T,
) -> T {
    let create = create_stream(
        "s",
        "a int, b text DEFAULT 'none', t timestamp, n numeric(5,2), big bigint, ok boolean",
        None,
    );
    let object = define_stream(&Catalog::default(), &create, &FUNCTIONS).unwrap();
    let catalog = Catalog::default().with(object).unwrap();
    let config = configuration();
    let path = ["public".to_owned()];
    let binder = Binder {
        catalog: &catalog,
        relations: &SchemaOnly,
        search_path: &path,
        parameter_types,
        environment: &Default::default(),
        functions: &FUNCTIONS,
        config: &config,
        located: true,
    };
    let (columns, source) = match text.strip_prefix('(') {
        Some(rest) => {
            let (names, rest) = rest.split_once(") ").unwrap();
            (names.split(", ").map(str::to_owned).collect(), rest)
        }
        None => (vec![], text),
    };
    let source = (source != "DEFAULT VALUES").then(|| query(source));
    let insert = Insert { target: QualifiedName::public("s"), columns, source, returning: vec![] };
    then(&binder, &insert)
}

fn insert(text: &str) -> String {
    let planned: SqlResult<_> = with_binder(text, &[], |binder, insert| binder.insert(insert));
    match planned {
        Ok((object, plan)) => {
            let have: Vec<_> = plan.schema().fields().iter().map(|field| field.data_type().clone()).collect();
            let want: Vec<_> = object.columns().iter().map(|column| column.data_type.clone()).collect();
            assert_eq!(have, want);
            plan.display_indent().to_string().lines().next().unwrap_or_default().to_owned()
        }
        Err(error) => format!("{} {error}", error.state.code()),
    }
}

#[test]
fn columns_that_are_not_named_get_their_default_or_null() {
    assert_eq!(
        insert("(a) VALUES (1)"),
        "Projection: column1 AS a, Utf8(\"none\") AS b, TimestampMicrosecond(NULL, None) AS t, Decimal128(NULL,5,2) AS n, Int64(NULL) AS big, Boolean(NULL) AS ok"
    );
    assert!(insert("DEFAULT VALUES").contains("Utf8(\"none\") AS b"));
    assert!(insert("VALUES (1)").contains("Int64(NULL) AS big"));
    assert!(insert("(t, a) VALUES ('2013-01-01 05:00', 1), (NULL, DEFAULT)").contains("column2 AS a"));
}

#[test]
fn values_are_typed_by_their_columns() {
    for good in [
        "VALUES (1, 'x', '2013-01-01 05:00', 1.234, 9223372036854775807, true)",
        "VALUES ('1', 2, '2013-01-01', '1.5', -5, 'yes'), (1 + 1, upper('x'), TIMESTAMP '2013-01-01', 7, 3, false)",
        "(a, big) SELECT big, a FROM s",
        "(a, t) SELECT 1, '2013-01-01'",
        "(n, ok) VALUES (5, NULL)",
        "(b) SELECT a FROM s",
        "(a) VALUES (1.5)",
    ] {
        let found = insert(good);
        assert!(found.starts_with("Projection"), "{good}: {found}");
    }
}

#[test]
fn values_that_do_not_fit_are_refused() {
    for (text, expected) in [
        ("VALUES ('x')", "22P02 invalid input syntax for type integer: \"x\""),
        ("(t) VALUES ('nix')", "22007 invalid input syntax for type timestamp: \"nix\""),
        (
            "(t) VALUES (5)",
            "42804 column \"t\" is of type timestamp without time zone but expression is of type integer",
        ),
        ("(ok) VALUES (1)", "42804 column \"ok\" is of type boolean but expression is of type integer"),
        ("(a) VALUES (upper('x'))", "42804 column \"a\" is of type integer but expression is of type text"),
        ("(a) SELECT b FROM s", "42804 column \"a\" is of type integer but expression is of type text"),
        ("(nix) VALUES (1)", "42703 column \"nix\" of stream \"s\" does not exist"),
        ("(a, a) VALUES (1, 2)", "42701 column \"a\" specified more than once"),
        ("(a) VALUES (1, 2)", "42601 INSERT has more expressions than target columns"),
        ("(a, b) VALUES (1)", "42601 INSERT has more target columns than expressions"),
        ("(a) VALUES (1), (1, 2)", "42601 VALUES lists must all be the same length"),
        ("(a) SELECT 'x'", "22P02 invalid input syntax for type integer: \"x\""),
    ] {
        assert_eq!(insert(text), expected, "{text}");
    }
}

#[test]
fn parameters_take_the_types_of_their_columns() {
    let types = with_binder("(a, t, n) VALUES ($1, $2, $3::numeric + 1)", &[], |binder, insert| {
        binder.insert_parameter_types(insert, 3).unwrap()
    });
    assert_eq!(types[0], Some(Kind::Int4.into()));
    assert_eq!(types[1], Some(Kind::Timestamp.into()));
    assert_eq!(types[2], Some(Kind::Numeric.into()));
    assert!(insert("(a, t) VALUES ($1, $2)").starts_with("Projection"));
    let types = with_binder("SELECT 1", &[], |binder, _| {
        binder.parameter_types(&query("SELECT a FROM s WHERE b = $1 AND big > $2 LIMIT $3"), 3).unwrap()
    });
    assert_eq!(types, [Some(Kind::Text.into()), Some(Kind::Int8.into()), Some(Kind::Int8.into())]);
}
