//! Depth, length and nonsense.

use super::*;

#[test]
fn deep_statements_are_54001_and_never_overflow_the_stack() {
    let nested = |open: &str, middle: &str, close: &str, times: usize| {
        format!("SELECT {}{middle}{}", open.repeat(times), close.repeat(times))
    };
    with_planning_stack(move || {
        for text in [
            nested("(", "1", ")", 100_000),
            nested("(", "", "", 100_000),
            nested("NOT ", "a", "", 100_000),
            nested("- ", "1", "", 100_000),
            nested("", "1", "+1", 100_000),
            nested("", "a", " OR a", 100_000),
            nested("CASE WHEN a THEN ", "1", " END", 100_000),
            nested("abs(", "1", ")", 100_000),
            nested("(SELECT ", "1", ")", 100_000),
            nested("ARRAY[", "1", "]", 100_000),
            nested("", "1", "::int", 100_000),
            nested("", "a", " IS NULL", 100_000),
            nested("INTERVAL ", "'1'", "", 100_000),
            nested("EXISTS (SELECT * FROM ", "t", ")", 100_000),
            format!("SELECT 1{}", " UNION SELECT 1".repeat(100_000)),
            format!("SELECT * FROM t{}", " JOIN t ON true".repeat(100_000)),
            format!("SELECT * FROM t{}", ", t".repeat(100_000)),
            format!("CREATE STREAM s (a INT{})", "[]".repeat(100_000)),
            "EXPLAIN ".repeat(100_000),
        ] {
            let shown: String = text.chars().take(40).collect();
            match parse(&text) {
                Err(error) if error.state == SqlState::StatementTooComplex => {}
                other => panic!("{shown}: {:?}", other.map(|parsed| parsed.len())),
            }
        }
    });
}

#[test]
fn statements_just_within_the_limits_are_read() {
    with_planning_stack(|| {
        for text in [
            format!("SELECT {}1{}", "(".repeat(120), ")".repeat(120)),
            format!("SELECT 1{}", "+1".repeat(200)),
            format!("SELECT {} a", "NOT ".repeat(200)),
            format!("SELECT a = 1{} FROM t", " OR a = 1".repeat(390)),
            format!("SELECT {}1 FROM t WHERE a = 1{}", "1+".repeat(150), "+1".repeat(150)),
            format!("SELECT * FROM t WHERE a IN ({}1)", "1, ".repeat(100_000)),
            format!("SELECT CASE {} END", "WHEN a = 1 AND b = 2 THEN 'x' ".repeat(5_000)),
            format!("SELECT {}a + b FROM t", "a + b * c AS d, ".repeat(1_000)),
            format!("SELECT 1 FROM t{}", ", t".repeat(200)),
        ] {
            let shown: String = text.chars().take(40).collect();
            let parsed = parse(&text).unwrap_or_else(|error| panic!("{shown}: {error:?}"));
            assert_eq!(parsed.len(), 1);
        }
    });
}

#[test]
fn nested_errors_do_not_take_exponential_time() {
    with_planning_stack(|| {
        for (open, close) in
            [("CAST(", " AS INT)"), ("NOT (", ")"), ("EXTRACT(YEAR FROM ", ")"), ("TRIM(", ")")]
        {
            let text = format!("SELECT {}1 x y z {}", open.repeat(60), close.repeat(60));
            let started = std::time::Instant::now();
            let error = parse(&text).unwrap_err();
            assert!(matches!(error.state.code(), "54001" | "42601"), "{open}: {error:?}");
            assert!(started.elapsed().as_secs() < 10, "{open}: {:?}", started.elapsed());
        }
        let text =
            format!("SELECT * FROM {} t {}", "((SELECT FROM ".repeat(40), ") x JOIN y ON true)".repeat(40));
        let started = std::time::Instant::now();
        let _ = parse(&text);
        assert!(started.elapsed().as_secs() < 10, "{:?}", started.elapsed());
    });
}

#[test]
fn wide_inserts_pass_and_are_read_in_one_go() {
    let mut text = String::from("INSERT INTO t (a, b, c, d, e, f, g, h, i, j) VALUES ");
    let rows = 100_000;
    for row in 0..rows {
        let comma = if row == 0 { "" } else { ", " };
        let cells =
            format!("{row}, 'name {row}', {row}.5, NULL, TRUE, '2013-01-01 00:00:00', {row}, -{row}, 'x', 1");
        text.push_str(&format!("{comma}({cells})"));
    }
    let started = std::time::Instant::now();
    let Statement::Insert(insert) = one(&text).statement else { panic!() };
    let elapsed = started.elapsed();
    println!(
        "{rows} rows, {} bytes: {elapsed:?}, {:.0} rows/s",
        text.len(),
        f64::from(rows) / elapsed.as_secs_f64()
    );
    let source = insert.source.expect("rows");
    let SetExpr::Values(values) = source.body.as_ref() else { panic!() };
    assert_eq!(values.rows.len(), rows as usize);
    assert!(values.rows.iter().all(|row| row.content.len() == 10));
    let last: Vec<String> = values.rows[99_999].content.iter().map(|cell| cell.to_string()).collect();
    assert_eq!(
        last.join(" "),
        "99999 'name 99999' 99999.5 NULL true '2013-01-01 00:00:00' 99999 -99999 'x' 1"
    );
}

#[test]
fn texts_over_the_limit_are_54001() {
    let text = format!("SELECT '{}'", "x".repeat(limits::MAX_TEXT_BYTES));
    assert_eq!(parse(&text).unwrap_err().state.code(), "54001");
}

/// Texts cut and spliced at random places give a statement or an error, never a panic.
#[test]
fn mangled_texts_never_panic() {
    with_planning_stack(|| {
        let seeds = [
            "CREATE STREAM bids (a BIGINT, ts TIMESTAMP, WATERMARK FOR ts AS ts - INTERVAL '4 s') PARTITION BY (a) WITH (x = 'y')",
            "CREATE MATERIALIZED VIEW v WITH (a = 1) AS SELECT w, count(*) FROM TABLE(TUMBLE(TABLE b, DESCRIPTOR(t), INTERVAL '1' SECOND)) GROUP BY 1 EMIT ON WINDOW CLOSE",
            "INSERT INTO t (a, b) VALUES (1, -2), ('ä''b', E'\\n'), ($1, $$x$$) RETURNING *",
            "COPY (SUBSCRIBE TO v WITH (progress) AS OF LSN 5) TO STDOUT WITH (FORMAT csv, HEADER, NULL 'NA')",
            "DECLARE c CURSOR FOR SUBSCRIBE v; FETCH FORWARD 10 FROM c WITH (timeout = '1s'); CLOSE ALL",
            "EXPLAIN (ANALYZE, VERBOSE) SELECT CASE WHEN a THEN (SELECT 1) END FROM t JOIN u USING (x) /* c */ -- d",
            "SET SESSION CHARACTERISTICS AS TRANSACTION READ ONLY; SET search_path = \"$user\", public; PREPARE p (int) AS SELECT $1",
        ];
        let mut state = 0x2545_f491_4f6c_dd1du64;
        let mut random = |below: usize| {
            state ^= state << 13;
            state ^= state >> 7;
            state ^= state << 17;
            (state % below as u64) as usize
        };
        for _ in 0..20_000 {
            let a: Vec<char> = seeds[random(seeds.len())].chars().collect();
            let b: Vec<char> = seeds[random(seeds.len())].chars().collect();
            let mut text: String = a[..random(a.len() + 1)].iter().collect();
            text.extend(&b[random(b.len())..]);
            if let Err(error) = parse(&text) {
                let length = text.chars().count();
                assert!(
                    error.position.is_none_or(|position| (1..=length + 1).contains(&position)),
                    "{text}: {error:?}"
                );
                assert_ne!(error.state, SqlState::InternalError, "{text}: {error:?}");
            }
        }
    });
}
