//! CREATE STREAM, CREATE SINK, views: what is refused, and the text that is kept.

use arrow::datatypes::DataType;
use millstream_catalog::{Catalog, Definition, QualifiedName};

use super::{FUNCTIONS, catalog, create_stream, create_view, query, with_materialized_view, with_view};
use crate::define::{
    define_materialized_view, define_sink, define_stream, define_view, duration_option, watermark_expression,
};
use crate::error::SqlError;
use crate::text::statement::{CreateSink, CreateView, SinkTarget};

fn shown(error: SqlError) -> String {
    format!("{} {error}", error.state.code())
}

fn stream_error(columns: &str, watermark: Option<&str>, options: &[(&str, &str)]) -> String {
    let mut create = create_stream("s", columns, watermark);
    for (name, value) in options {
        create.options.insert((*name).to_owned(), (*value).to_owned());
    }
    shown(define_stream(&catalog(), &create, &FUNCTIONS).unwrap_err())
}

#[test]
fn streams_are_checked_when_they_are_created() {
    assert_eq!(stream_error("a int, a text", None, &[]), "42701 column \"a\" specified more than once");
    assert_eq!(
        stream_error("_offset int", None, &[]),
        "42701 column name \"_offset\" conflicts with a hidden column of streams"
    );
    assert_eq!(stream_error("a nix", None, &[]), "42704 type \"nix\" does not exist");
    assert!(stream_error("a money", None, &[]).starts_with("0A000"));
    assert_eq!(
        stream_error("a int", Some("t AS t - INTERVAL '1 second'"), &[]),
        "42703 column \"t\" of stream \"s\" does not exist"
    );
    assert_eq!(
        stream_error("a int", Some("a AS a"), &[]),
        "42P17 the event-time column must be a timestamp, but \"a\" is of type integer"
    );
    assert_eq!(
        stream_error("t timestamp, a int", Some("t AS a + 1"), &[]),
        "42P17 the watermark of \"t\" must be of type timestamp without time zone, but its expression is of type integer"
    );
    assert_eq!(stream_error("t timestamp", Some("t AS nix"), &[]), "42703 column \"nix\" does not exist");
    assert_eq!(
        stream_error("t timestamp", Some("t AS now()::timestamp"), &[]),
        "0A000 function now() cannot be used in a materialized view or a watermark"
    );
    assert_eq!(
        stream_error("a int", None, &[("partitions", "0")]),
        "22023 partitions must be a number from 1 to 1024, not \"0\""
    );
    assert_eq!(
        stream_error("a int", None, &[("partitons", "4")]),
        "22023 unrecognized option \"partitons\" of a stream"
    );
    assert_eq!(
        stream_error("a int", None, &[("idle_timeout", "7 days")]),
        "0A000 option \"idle_timeout\" of a stream is not built yet"
    );
    for text in ["0 days", "-1 day", "1 month", "soon", "7"] {
        assert!(
            stream_error("a int", None, &[("retention", text)])
                .starts_with("22023 option \"retention\" must be a positive length of time"),
            "{text}"
        );
    }
    for text in ["0", "-1", "", "GB", "1.5", "10 XB", "1e9", "99999999999 TB", "1.2.3 GB", "0.0 GB"] {
        assert_eq!(
            stream_error("a int", None, &[("retention_bytes", text)]),
            format!("22023 option \"retention_bytes\" must be a positive size, not \"{text}\"")
        );
    }
    assert_eq!(
        stream_error("a int DEFAULT 'x'", None, &[]),
        "22P02 invalid input syntax for type integer: \"x\""
    );
    let mut taken = create_stream("bids", "a int", None);
    assert_eq!(
        shown(define_stream(&catalog(), &taken, &FUNCTIONS).unwrap_err()),
        "42P07 relation \"bids\" already exists"
    );
    taken.name = QualifiedName::new("nix", "bids");
    assert_eq!(
        shown(define_stream(&catalog(), &taken, &FUNCTIONS).unwrap_err()),
        "3F000 schema \"nix\" does not exist"
    );
}

fn stream_with(options: &[(&str, &str)]) -> millstream_catalog::Object {
    let mut create = create_stream("kept", "a int", None);
    create.options = options.iter().map(|(name, value)| (name.to_string(), value.to_string())).collect();
    define_stream(&catalog(), &create, &FUNCTIONS).unwrap()
}

#[test]
fn retention_is_read_in_units_of_time_and_size() {
    for (text, bytes) in [
        ("10000000", 10_000_000),
        ("10 GB", 10 << 30),
        ("10GB", 10 << 30),
        ("1.5 kb", 1536),
        ("3 MB", 3 << 20),
        ("2TB", 2 << 40),
        ("7 B", 7),
    ] {
        let object = stream_with(&[("retention_bytes", text), ("retention", "7 days 1 hour")]);
        let Definition::Stream(stream) = &object.definition else { panic!() };
        assert_eq!(stream.retention_bytes(), Some(bytes), "{text}");
        assert_eq!(stream.retention_us(), Some((7 * 24 + 1) * 3_600_000_000));
    }
    let Definition::Stream(stream) = stream_with(&[]).definition else { panic!() };
    assert_eq!((stream.retention_us(), stream.retention_bytes()), (None, None));
}

#[test]
fn altered_options_become_part_of_the_statement_that_makes_the_stream() {
    let object = stream_with(&[("retention", "7 days"), ("partitions", "2")]);
    let set = |options: &[(&str, &str)], reset: &[&str]| {
        let options = options.iter().map(|(name, value)| (name.to_string(), value.to_string())).collect();
        let reset: Vec<String> = reset.iter().map(ToString::to_string).collect();
        match crate::define::altered(&object, &options, &reset)? {
            crate::Statement::CreateStream(create) => define_stream(&catalog(), &create, &FUNCTIONS),
            other => panic!("{other:?}"),
        }
    };
    assert_eq!(
        set(&[("retention_bytes", "1 GB")], &["retention"]).unwrap().sql,
        "CREATE STREAM kept (a INT) WITH (partitions = '2', retention_bytes = '1 GB')"
    );
    assert_eq!(
        set(&[("retention", "1 day")], &[]).unwrap().sql,
        "CREATE STREAM kept (a INT) WITH (partitions = '2', retention = '1 day')"
    );
    assert_eq!(
        shown(set(&[("partitions", "4")], &[]).unwrap_err()),
        "0A000 option \"partitions\" of a stream cannot be altered"
    );
    assert_eq!(shown(set(&[], &["colour"]).unwrap_err()), "22023 unrecognized option \"colour\" of a stream");
    assert!(shown(set(&[("retention", "never")], &[]).unwrap_err()).starts_with("22023"));
}

#[test]
fn a_stream_keeps_its_canonical_text_and_its_event_time_is_not_null() {
    let mut create = create_stream(
        "S2",
        "\"Key\" bigint NOT NULL, t timestamp, n numeric(5,2) DEFAULT 1.5",
        Some("t AS t - INTERVAL '4 seconds'"),
    );
    create.partition_by = vec!["Key".into()];
    create.options.insert("partitions".into(), "4".into());
    let object = define_stream(&Catalog::default(), &create, &FUNCTIONS).unwrap();
    assert_eq!(
        object.sql,
        "CREATE STREAM \"S2\" (\"Key\" BIGINT NOT NULL, t TIMESTAMP, n NUMERIC(5,2) DEFAULT 1.5, \
         WATERMARK FOR t AS t - INTERVAL '4 seconds') PARTITION BY (\"Key\") WITH (partitions = '4')"
    );
    let Definition::Stream(stream) = &object.definition else { panic!() };
    assert!(!stream.columns[1].nullable);
    assert_eq!(stream.columns[2].data_type, DataType::Decimal128(5, 2));
    assert_eq!((stream.partitions, stream.partition_by.as_slice()), (4, &[0][..]));
    let watermark = watermark_expression(stream, &FUNCTIONS).unwrap().unwrap();
    assert_eq!(watermark.data_type(&stream.schema()).unwrap(), stream.columns[1].data_type);
}

#[test]
fn a_stream_has_as_many_columns_as_postgres_lets_a_table_have() {
    let columns = |count: usize| (0..count).map(|n| format!("c{n} int")).collect::<Vec<_>>().join(", ");
    assert!(define_stream(&catalog(), &create_stream("s", &columns(1600), None), &FUNCTIONS).is_ok());
    assert_eq!(stream_error(&columns(1601), None, &[]), "54011 streams can have at most 1600 columns");
}

#[test]
fn definitions_are_kept_as_text_that_reads_back() {
    let mut create = create_stream(
        "order",
        "\"select\" bigint DEFAULT - -1, \"Ünï\" text DEFAULT 'it''s', t timestamp",
        Some("t AS t - - interval '1 second'"),
    );
    create.partition_by = vec!["select".into()];
    let stream = define_stream(&Catalog::default(), &create, &FUNCTIONS).unwrap();
    assert_eq!(
        stream.sql,
        "CREATE STREAM \"order\" (\"select\" BIGINT DEFAULT -(-1), \"Ünï\" TEXT DEFAULT 'it''s', t TIMESTAMP, \
         WATERMARK FOR t AS t - -INTERVAL '1 second') PARTITION BY (\"select\")"
    );
    let catalog = Catalog::default().with(stream).unwrap();
    let view = |text: &str| {
        let create = CreateView {
            name: QualifiedName::public("user"),
            or_replace: true,
            if_not_exists: false,
            columns: vec!["limit".into()],
            query: query(text),
        };
        define_view(&catalog, &create, &FUNCTIONS).unwrap().sql
    };
    assert_eq!(view("SELECT - -1 AS a"), "CREATE VIEW \"user\" (\"limit\") AS SELECT -(-1) AS a");
    assert_eq!(
        view("SELECT CASE WHEN true THEN - - -\"select\" END FROM \"order\""),
        "CREATE VIEW \"user\" (\"limit\") AS SELECT CASE WHEN true THEN -(-(-\"select\")) END FROM \"order\""
    );
    let create = create_view("v", "SELECT - - \"select\" AS a FROM \"order\"");
    let (object, _) = define_materialized_view(&catalog, &create, &FUNCTIONS).unwrap();
    assert_eq!(object.sql, "CREATE MATERIALIZED VIEW v AS SELECT -(-\"select\") AS a FROM \"order\"");
}

#[test]
fn views_that_read_one_another_twice_do_not_double_for_ever() {
    let mut catalog = with_view(&catalog(), "v0", "SELECT 1 AS a");
    let mut refused = None;
    for n in 0..70 {
        let mut create = CreateView {
            name: QualifiedName::public(format!("v{}", n + 1)),
            or_replace: false,
            if_not_exists: false,
            columns: vec![],
            query: query(&format!("SELECT x.a FROM v{n} x, v{n} y")),
        };
        if n > 3 {
            create.query = query(&format!("SELECT x.a FROM v{n} x, v{n} y, v{n} z, v{n} w"));
        }
        match define_view(&catalog, &create, &FUNCTIONS) {
            Ok(object) => catalog = catalog.with(object).unwrap(),
            Err(error) => {
                refused = Some((n, shown(error)));
                break;
            }
        }
    }
    assert_eq!(refused, Some((7, "54001 statement is too complex".to_owned())));
    let mut streaming = super::catalog();
    let mut name = "bids".to_owned();
    let mut refused = None;
    for n in 0..20 {
        let text = format!("SELECT auction FROM {name} UNION ALL SELECT auction FROM {name}");
        let create = create_view(&format!("m{n}"), &text);
        match define_materialized_view(&streaming, &create, &FUNCTIONS) {
            Ok((object, _)) => streaming = streaming.with(object).unwrap(),
            Err(error) => {
                refused = Some((n, shown(error)));
                break;
            }
        }
        name = format!("m{n}");
    }
    assert_eq!(refused, Some((11, "54001 statement is too complex".to_owned())));
}

#[test]
fn a_long_chain_of_views_is_refused_before_the_stack_ends() {
    // Half of what planning has, as a statement on a stack that is partly used finds it.
    let stack = std::thread::Builder::new().stack_size(crate::text::limits::PLANNING_STACK_BYTES / 2);
    stack.spawn(chain_views).unwrap().join().unwrap();
}

fn chain_views() {
    let mut catalog = with_view(&catalog(), "v0", "SELECT 1 AS a");
    let mut refused = None;
    for n in 0..80 {
        let create = CreateView {
            name: QualifiedName::public(format!("v{}", n + 1)),
            or_replace: false,
            if_not_exists: false,
            columns: vec![],
            query: query(&format!("SELECT a FROM v{n}")),
        };
        match define_view(&catalog, &create, &FUNCTIONS) {
            Ok(object) => catalog = catalog.with(object).unwrap(),
            Err(error) => {
                refused = Some((n, error.state.code()));
                break;
            }
        }
    }
    assert_eq!(refused, Some((64, "54001")));
}

#[test]
fn views_are_checked_and_say_what_they_read() {
    let catalog = with_view(&catalog(), "dear", "SELECT auction FROM bids");
    let mut create = CreateView {
        name: QualifiedName::public("v"),
        or_replace: false,
        if_not_exists: false,
        columns: vec![],
        query: query("SELECT n, n FROM clicks"),
    };
    let error = |create: &CreateView| shown(define_view(&catalog, create, &FUNCTIONS).unwrap_err());
    assert_eq!(error(&create), "42701 column \"n\" specified more than once");
    create.columns = vec!["a".into(), "b".into()];
    let object = define_view(&catalog, &create, &FUNCTIONS).unwrap();
    assert_eq!(object.sql, "CREATE VIEW v (a, b) AS SELECT n, n FROM clicks");
    assert_eq!(object.columns()[1].name, "b");
    create.columns = vec!["a".into(), "b".into(), "c".into()];
    assert_eq!(error(&create), "42601 CREATE VIEW specifies more column names than columns");
    create.columns = vec![];
    create.query = query("SELECT count(*) AS n FROM dear CROSS JOIN clicks");
    let object = define_view(&catalog, &create, &FUNCTIONS).unwrap();
    let dear = catalog.get(&QualifiedName::public("dear")).unwrap().id;
    let clicks = catalog.get(&QualifiedName::public("clicks")).unwrap().id;
    assert_eq!(object.depends_on, [clicks, dear]);
    create.query = query("SELECT * FROM clicks WHERE n = $1");
    assert_eq!(error(&create), "42P02 there is no parameter $1 in a view");
    create.query = query("SELECT _offset FROM dear");
    assert_eq!(error(&create), "42703 column \"_offset\" does not exist");
}

#[test]
fn materialized_views_keep_their_options_and_text() {
    let mut create = create_view(
        "v",
        "SELECT window_end, count(*) FROM TUMBLE(bids, date_time, INTERVAL '1 hour') GROUP BY window_end EMIT ON WINDOW CLOSE",
    );
    create.options.insert("allowed_lateness".into(), "10 minutes".into());
    let (object, plan) = define_materialized_view(&catalog(), &create, &FUNCTIONS).unwrap();
    assert_eq!(
        object.sql,
        "CREATE MATERIALIZED VIEW v WITH (allowed_lateness = '10 minutes') AS SELECT window_end, count(*) FROM \
         TUMBLE(bids, date_time, INTERVAL '1 hour') GROUP BY window_end EMIT ON WINDOW CLOSE"
    );
    let Definition::MaterializedView(view) = &object.definition else { panic!() };
    assert!(view.append_only);
    assert_eq!((view.key.as_slice(), view.allowed_lateness_us), (&[0][..], 600_000_000));
    assert_eq!(plan.root.schema, object.schema());
    assert_eq!(object.columns()[1].name, "count");
    create.options.insert("nix".into(), "1".into());
    assert_eq!(
        shown(define_materialized_view(&catalog(), &create, &FUNCTIONS).unwrap_err()),
        "22023 unrecognized option \"nix\" of a materialized view"
    );
    assert_eq!(duration_option("x", "1 day"), Ok(86_400_000_000));
    assert_eq!(shown(duration_option("x", "1 month").unwrap_err()).split(' ').next(), Some("22023"));
}

#[test]
fn sinks_need_an_append_only_source_and_columns_that_fit() {
    let catalog =
        with_materialized_view(&catalog(), "counts", "SELECT auction, count(*) AS n FROM bids GROUP BY 1");
    let catalog = with_materialized_view(&catalog, "dear", "SELECT auction, price FROM bids WHERE price > 5");
    let catalog = ["two:a bigint, b bigint", "one:a bigint", "wrong:a bigint, b timestamp"].iter().fold(
        catalog,
        |catalog, text| {
            let (name, columns) = text.split_once(':').unwrap();
            let object = define_stream(&catalog, &create_stream(name, columns, None), &FUNCTIONS).unwrap();
            catalog.with(object).unwrap()
        },
    );
    let sink = |catalog: &Catalog, from: &str, into: &str| {
        let create = CreateSink {
            name: QualifiedName::public("k"),
            if_not_exists: false,
            from: QualifiedName::public(from),
            into: SinkTarget::Relation(QualifiedName::public(into)),
            options: Default::default(),
        };
        define_sink(catalog, &create).map(|object| object.sql).map_err(shown)
    };
    assert_eq!(sink(&catalog, "dear", "two"), Ok("CREATE SINK k INTO two FROM dear".into()));
    assert_eq!(sink(&catalog, "bids", "nix"), Err("42P01 relation \"nix\" does not exist".into()));
    assert_eq!(
        sink(&catalog, "counts", "two"),
        Err("0A000 materialized view \"counts\" changes rows that it gave before; a stream only takes new ones".into())
    );
    assert_eq!(
        sink(&catalog, "dear", "one"),
        Err("42804 materialized view \"dear\" has 2 columns, stream \"one\" has 1".into())
    );
    assert_eq!(
        sink(&catalog, "dear", "wrong"),
        Err("42804 column \"b\" is of type timestamp without time zone but expression is of type bigint"
            .into())
    );
    assert_eq!(
        sink(&catalog, "dear", "dear"),
        Err("42809 \"dear\" is a materialized view, not a stream".into())
    );
    assert_eq!(sink(&catalog, "bids", "bids"), Err("42P17 stream \"bids\" cannot feed itself".into()));
    assert_eq!(
        sink(&catalog, "dear", "bids"),
        Err("42P17 \"dear\" is made from \"bids\"; a sink back into it would never end".into())
    );
}
