//! Errors of queries, with SQLSTATE and position.

use super::plan;

#[test]
fn scratch() {
    for text in [
        "SELECT * FROM nix",
        "SELECT * FROM foo.nix",
        "SELECT nix FROM clicks",
        "SELECT c.nix FROM clicks c",
        "SELECT d.n FROM clicks c",
        "SELECT n FROM clicks a, clicks b",
        "SELECT nix(1)",
        "SELECT uppr('x')",
        "SELECT sum(url) FROM clicks",
        "SELECT url + 1 FROM clicks",
        "SELECT url = 1 FROM clicks",
        "SELECT n FROM clicks WHERE n = 'x'",
        "SELECT url, count(*) FROM clicks",
        "SELECT n FROM clicks WHERE n",
        "SELECT n FROM clicks WHERE count(*) > 1",
        "SELECT n FROM clicks GROUP BY n HAVING url = 'x'",
        "SELECT 1 UNION SELECT 1, 2",
        "SELECT n FROM clicks UNION SELECT at FROM clicks",
        "SELECT * FROM TUMBLE(nix, t, INTERVAL '1 hour')",
        "SELECT * FROM TUMBLE(bids, nix, INTERVAL '1 hour')",
        "SELECT * FROM TUMBLE(bids, price, INTERVAL '1 hour')",
        "SELECT * FROM TUMBLE(bids, date_time)",
        "SELECT * FROM TUMBLE(bids, date_time, INTERVAL '1 month')",
        "SELECT * FROM TUMBLE(bids, date_time, INTERVAL '0 seconds')",
        "SELECT * FROM TUMBLE(bids, date_time, 5)",
        "SELECT * FROM TUMBLE(bids, date_time, price)",
        "SELECT * FROM HOP(bids, date_time, INTERVAL '2 hours', INTERVAL '1 hour')",
        "SELECT * FROM CUMULATE(bids, date_time, INTERVAL '2 hours', INTERVAL '1 hour')",
        "SELECT * FROM SESSION(bids, date_time, INTERVAL '2 hours')",
        "SELECT * FROM nofunc(1)",
        "SELECT 'x'::int",
        "SELECT '99999999999'::int",
        "SELECT 1::timestamp",
        "SELECT 'x'::nix",
        "SELECT '{}'::jsonb",
        "SELECT upper(1, 2)",
        "SELECT 1 LIMIT -1",
        "SELECT *",
        "SELECT * FROM clicks ORDER BY 9",
        "SELECT count(count(*)) FROM clicks",
        "SELECT $1",
        "SELECT n FROM clicks ORDER BY nix",
        "SELECT 1 WHERE EXISTS (SELECT * FROM nix)",
    ] {
        println!("--- {text}\n{}", plan(text));
    }
}
