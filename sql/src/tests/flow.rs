//! Streaming plans.

use super::flow;

macro_rules! show {
    ($($text:expr),* $(,)?) => { $( println!("--- {}\n{}\n", $text, flow($text)); )* };
}

#[test]
fn scratch() {
    show!(
        "SELECT auction, price FROM bids WHERE price > 100",
        "SELECT * FROM bids",
        "SELECT auction, count(*) AS n, sum(price), avg(price), min(price), max(price), count(DISTINCT bidder) FILTER (WHERE price > 5) FROM bids GROUP BY auction HAVING count(*) > 2",
        "SELECT window_start, window_end, auction, count(*) AS bids, max(price) AS top FROM HOP(bids, date_time, INTERVAL '2 seconds', INTERVAL '10 seconds') GROUP BY window_start, window_end, auction",
        "SELECT window_end, origin, count(*) AS n, avg(dep_delay) FROM TUMBLE(flights, sched_dep, INTERVAL '1 hour') WHERE NOT canceled GROUP BY window_end, origin EMIT ON WINDOW CLOSE",
        "SELECT window_start, origin, count(*) AS n FROM TUMBLE(flights, sched_dep, INTERVAL '1 hour') GROUP BY window_start, origin EMIT ON WINDOW CLOSE",
        "SELECT date_trunc('day', window_start) AS day, count(*) FROM TUMBLE(flights, sched_dep, INTERVAL '1 hour') GROUP BY 1",
        "SELECT *, _offset FROM bids",
        "SELECT origin, window_end FROM TUMBLE(flights, sched_dep, INTERVAL '1 hour') WHERE window_end > _watermark AND dep_delay > 0",
        "SELECT DISTINCT auction FROM bids",
        "SELECT auction FROM bids UNION ALL SELECT bidder FROM bids",
        "SELECT auction FROM bids UNION SELECT n FROM clicks",
        "SELECT 1 AS one, 'x' AS two",
        "SELECT count(*) FROM bids",
        "VALUES (1, 'a'), (2, NULL)",
        "SELECT window_end, max(n) FROM (SELECT window_end, auction, count(*) AS n FROM TUMBLE(bids, date_time, INTERVAL '10 seconds') GROUP BY window_end, auction) x GROUP BY window_end EMIT ON WINDOW CLOSE",
        "SELECT window_end, max(n) FROM (SELECT window_end, auction, count(*) AS n FROM TUMBLE(bids, date_time, INTERVAL '10 seconds') GROUP BY window_end, auction) x GROUP BY window_end",
    );
}
