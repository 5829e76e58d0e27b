//! Batch plans: names, types, hidden columns.

use super::{columns, plan};

#[test]
fn scratch() {
    for text in [
        "SELECT 1, 'x', count(*), sum(n), n::bigint, 'x'::text, CASE WHEN n > 1 THEN 2 END, upper(url), -n, n + 1, '5'::int FROM clicks GROUP BY n, url",
        "SELECT 1, 1, 1",
        "SELECT n, n FROM clicks",
        "SELECT *, n FROM clicks",
        "SELECT *, _offset, _commit_time FROM bids",
        "SELECT b.*, _offset FROM bids b",
        "SELECT * FROM bids b JOIN clicks c ON b.auction = c.n WHERE b._offset > 3",
        "SELECT * FROM TUMBLE(bids, date_time, INTERVAL '10 seconds') WHERE window_end > _watermark",
        "SELECT * FROM TABLE(TUMBLE(bids, DESCRIPTOR(date_time), INTERVAL '10' SECOND))",
        "SELECT * FROM bids ORDER BY _offset",
        "SELECT 1.5, 1e3, 1.5 + 1, n / 2, n / 2.0, avg(n) over (), row_number() over (order by n) FROM clicks",
        "SELECT now(), current_date, at - at, at + interval '1 day', date_trunc('hour', at), extract(hour from at) FROM clicks",
        "SELECT * FROM generate_series(1, 3)",
        "SELECT g FROM generate_series(1, 3) g",
        "SELECT * FROM (SELECT count(*), max(n) FROM clicks) x",
        "TABLE clicks",
        "SELECT DISTINCT upper(url) FROM clicks ORDER BY upper(url)",
        "SELECT upper(url), count(*) FROM clicks GROUP BY upper(url) ORDER BY count(*) DESC, 1",
        "SELECT upper(url), count(*) FROM clicks GROUP BY 1 HAVING count(*) > 1 ORDER BY 2",
        "WITH w AS (SELECT * FROM clicks) SELECT * FROM w",
        "SELECT n FROM clicks WHERE n = '5' AND at > '2013-01-01' AND n IN ('1', '2')",
        "SELECT exists(SELECT 1), (SELECT max(n) FROM clicks), ARRAY[1,2], coalesce(n, 0), nullif(n, 1), greatest(n, 2), substring(url from 1 for 2), trim(url), position('a' in url) FROM clicks",
    ] {
        println!("--- {text}\n{}", columns(text));
        println!("{}\n", plan(text));
    }
}
