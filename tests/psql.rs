//! psql, as a person uses it.

use crate::harness::Server;

#[test]
fn backslash_commands_list_what_is_there() {
    let server = Server::start();
    server.psql(&[
        "CREATE STREAM bids (auction BIGINT NOT NULL, price NUMERIC(10,2), at TIMESTAMP, WATERMARK FOR at AS at)",
        "CREATE VIEW dear AS SELECT * FROM bids WHERE price > 100",
        "CREATE MATERIALIZED VIEW totals AS SELECT auction, sum(price) AS total FROM bids GROUP BY auction",
    ]);
    let all = server.psql(&["\\d"]);
    for name in ["bids", "dear", "totals"] {
        assert!(all.contains(name), "\\d lists {name}: {all}");
    }
    let tables = server.psql(&["\\dt"]);
    assert!(tables.contains("bids") && !tables.contains("dear"), "{tables}");
    let views = server.psql(&["\\dv"]);
    assert!(views.contains("dear") && !views.contains("bids"), "{views}");
    assert!(server.psql(&["\\dm"]).contains("totals"));
    assert!(server.psql(&["\\dn"]).contains("public"));
}

const OBJECTS: [&str; 3] = [
    "CREATE STREAM bids (auction BIGINT NOT NULL, price NUMERIC(10,2) DEFAULT 1.5, at TIMESTAMP, WATERMARK FOR at AS at)
     WITH (partitions = 2)",
    "CREATE VIEW dear AS SELECT * FROM bids WHERE price > 100",
    "CREATE MATERIALIZED VIEW totals AS SELECT auction, sum(price) AS total FROM bids GROUP BY auction",
];

/// What psql prints as a person sees it.
fn printed(server: &Server, command: &str) -> String {
    let output = server.psql_command(&["-X"], &[command]).output().unwrap();
    let text = [output.stdout, output.stderr].concat();
    String::from_utf8(text).unwrap().lines().map(|line| format!("{}\n", line.trim_end())).collect()
}

#[test]
fn backslash_d_describes_a_relation() {
    let server = Server::start();
    server.psql(&OBJECTS);
    let golden = [
        (
            "\\d bids",
            r#"                          Table "public.bids"
 Column  |            Type             | Collation | Nullable | Default
---------+-----------------------------+-----------+----------+---------
 auction | bigint                      |           | not null |
 price   | numeric(10,2)               |           |          | 1.5
 at      | timestamp without time zone |           | not null |

"#,
        ),
        (
            "\\d+ dear",
            r#"                                       View "public.dear"
 Column  |            Type             | Collation | Nullable | Default | Storage | Description
---------+-----------------------------+-----------+----------+---------+---------+-------------
 auction | bigint                      |           |          |         | plain   |
 price   | numeric(10,2)               |           |          |         | main    |
 at      | timestamp without time zone |           |          |         | plain   |
View definition:
 SELECT * FROM bids WHERE price > 100;

"#,
        ),
        (
            "\\d+ totals",
            r#"                                    Materialized view "public.totals"
 Column  |  Type   | Collation | Nullable | Default | Storage | Compression | Stats target | Description
---------+---------+-----------+----------+---------+---------+-------------+--------------+-------------
 auction | bigint  |           |          |         | plain   |             |              |
 total   | numeric |           |          |         | main    |             |              |
View definition:
 SELECT auction, sum(price) AS total FROM bids GROUP BY auction;
Access method: heap

"#,
        ),
        (
            "\\d public.to*",
            r#"         Materialized view "public.totals"
 Column  |  Type   | Collation | Nullable | Default
---------+---------+-----------+----------+---------
 auction | bigint  |           |          |
 total   | numeric |           |          |

"#,
        ),
        (
            "\\d millstream.late_rows",
            r#"              Table "millstream.late_rows"
    Column    |  Type  | Collation | Nullable | Default
--------------+--------+-----------+----------+---------
 view         | text   |           |          |
 count        | bigint |           |          |
 rows         | bigint |           |          |
 last_offsets | text   |           |          |

"#,
        ),
        ("\\d nosuch", "Did not find any relation named \"nosuch\".\n"),
        ("\\sv dear", "CREATE OR REPLACE VIEW public.dear AS\n SELECT * FROM bids WHERE price > 100\n"),
        ("\\sf nosuch", "ERROR:  function \"nosuch\" does not exist\n"),
        ("\\di", "Did not find any relations.\n"),
        ("\\ds", "Did not find any relations.\n"),
    ];
    for (command, expected) in golden {
        assert_eq!(printed(&server, command), expected, "{command}");
    }
    assert!(printed(&server, "\\d+ bids").contains("Options: partitions=2"));
}

#[test]
fn backslash_lists_of_what_is_not_there_are_empty_and_those_of_the_server_are_not() {
    let server = Server::start();
    server.psql(&OBJECTS);
    let is_empty = |command| server.psql(&[command]).is_empty();
    for command in ["\\df", "\\df+", "\\dT", "\\dT+", "\\da", "\\do", "\\dRp", "\\dy", "\\des"] {
        assert!(is_empty(command), "{command}");
    }
    for (command, has) in [
        ("\\l", "millstream|tester|UTF8"),
        ("\\l+", "pg_default"),
        ("\\du", "tester|Superuser"),
        ("\\dn+", "public|tester"),
        ("\\dx", "millstream|0.1.0|millstream"),
        ("\\dn", "millstream|tester"),
        ("\\d+", "public|dear|view|tester|permanent"),
        ("\\dm+", "public|totals|materialized view|tester|permanent"),
        ("\\dt millstream.*", "millstream|streams|table|tester"),
        ("\\dtS pg_cl*", "pg_catalog|pg_class|table|tester"),
        ("\\z bids", "public|bids|table"),
        ("\\dp", "public|dear|view"),
        ("\\db", "pg_default|tester"),
        ("\\dconfig server_version", "server_version|15."),
    ] {
        let text = server.psql(&[command]);
        assert!(text.contains(has), "{command}: {text}");
    }
}

#[test]
fn backslash_copy_loads_a_file_and_copy_out_gives_it_back() {
    let server = Server::start();
    let file = server.directory().join("input.csv");
    std::fs::write(&file, "k,name\n1,one\n2,\"two, \"\"quoted\"\"\"\n3,NA\n").unwrap();
    let load = format!("\\copy s FROM '{}' WITH (FORMAT csv, HEADER, NULL 'NA')", file.display());
    let printed = server.psql(&["CREATE STREAM s (k BIGINT, name TEXT)", &load]);
    assert!(printed.contains("COPY 3"), "{printed}");
    let out = server.psql(&["COPY (SELECT k, name FROM s ORDER BY k) TO STDOUT WITH (FORMAT csv, HEADER)"]);
    assert_eq!(out, "k,name\n1,one\n2,\"two, \"\"quoted\"\"\"\n3,\n");
    assert_eq!(
        server.psql(&["COPY (SELECT k, name FROM s WHERE k <> 2 ORDER BY k) TO STDOUT"]),
        "1\tone\n3\t\\N\n"
    );
}

#[test]
fn show_and_explain_answer() {
    let server = Server::start();
    server.psql(&[
        "CREATE STREAM bids (auction BIGINT, at TIMESTAMP, WATERMARK FOR at AS at - INTERVAL '4 seconds')",
        "CREATE MATERIALIZED VIEW v AS SELECT window_start, count(*) AS n FROM TUMBLE(TABLE bids, DESCRIPTOR(at), INTERVAL '10' SECOND)
         GROUP BY window_start, window_end",
    ]);
    assert!(server.psql(&["SHOW STREAMS"]).contains("bids"));
    assert!(server.psql(&["SHOW VIEWS"]).contains('v'));
    assert!(server.psql(&["SHOW JOBS"]).contains("running"));
    assert!(server.psql(&["SHOW CREATE v"]).contains("CREATE MATERIALIZED VIEW"));
    assert!(server.psql(&["DESCRIBE bids"]).contains("auction|bigint"));
    assert!(server.psql(&["SHOW server_version"]).starts_with("15."));
    let plan = server.psql(&["EXPLAIN MATERIALIZED VIEW v"]).to_lowercase();
    assert!(plan.contains("aggregate") && plan.contains("watermark"), "{plan}");
    assert!(server.psql(&["EXPLAIN ANALYZE MATERIALIZED VIEW v"]).contains("rows in"));
    assert!(
        server
            .psql(&["EXPLAIN SELECT auction, count(*) FROM bids GROUP BY auction"])
            .contains("AggregateExec")
    );
}
