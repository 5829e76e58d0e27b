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
    assert_eq!(server.psql(&["COPY (SELECT k, name FROM s WHERE k <> 2 ORDER BY k) TO STDOUT"]), "1\tone\n3\t\\N\n");
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
    assert!(server.psql(&["EXPLAIN SELECT auction, count(*) FROM bids GROUP BY auction"]).contains("AggregateExec"));
}
