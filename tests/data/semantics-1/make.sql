-- What the kept directory was made with: the binary of the last commit of semantics 1, server flags of make.sh.
CREATE STREAM every_type (
  id bigint NOT NULL, flag boolean, small smallint, medium integer, single real, double double precision,
  plain numeric, exact numeric(10, 2), label text, short varchar(3), bytes bytea, day date, hour time,
  at timestamp, at_zone timestamptz, span interval
);
CREATE STREAM bids (
  auction bigint, bidder bigint, price numeric(10, 2), at timestamp,
  WATERMARK FOR at AS at - INTERVAL '4 seconds'
) PARTITION BY (auction) WITH (partitions = 2);
CREATE STREAM trimmed (k bigint, v bigint);
CREATE STREAM copied (auction bigint, price numeric(10, 2));
CREATE VIEW cheap AS SELECT auction, bidder, price FROM bids WHERE price < 50;
CREATE MATERIALIZED VIEW all_types AS SELECT * FROM every_type WHERE id >= 0;
CREATE MATERIALIZED VIEW by_plain AS
  SELECT plain, count(*) AS n, sum(exact) AS total, avg(exact) AS mean FROM every_type GROUP BY plain;
CREATE MATERIALIZED VIEW by_span AS SELECT span, count(*) AS n FROM every_type GROUP BY span;
CREATE MATERIALIZED VIEW by_bidder AS
  SELECT bidder, count(*) AS n, sum(price) AS total, min(at) AS first, avg(price) AS mean FROM bids GROUP BY bidder;
CREATE MATERIALIZED VIEW tumbled AS
  SELECT window_start, window_end, auction, count(*) AS n, max(price) AS top
  FROM TUMBLE(bids, at, INTERVAL '10 seconds') GROUP BY window_start, window_end, auction;
CREATE MATERIALIZED VIEW hopped AS
  SELECT window_start, window_end, auction, count(*) AS n, max(price) AS top
  FROM HOP(bids, at, INTERVAL '5 seconds', INTERVAL '15 seconds') GROUP BY window_start, window_end, auction;
CREATE MATERIALIZED VIEW closed AS
  SELECT window_end, count(*) AS n, sum(price) AS total
  FROM TUMBLE(bids, at, INTERVAL '10 seconds') GROUP BY window_start, window_end EMIT ON WINDOW CLOSE;
CREATE MATERIALIZED VIEW upper AS SELECT bidder, total / n AS mean FROM by_bidder WHERE n > 1;
CREATE MATERIALIZED VIEW dear WITH (snapshot_interval = '1 hour') AS
  SELECT auction, price FROM bids WHERE price >= 50;
CREATE MATERIALIZED VIEW from_cheap AS SELECT auction, count(*) AS n FROM cheap GROUP BY auction;
CREATE MATERIALIZED VIEW of_trimmed AS SELECT k, count(*) AS n, sum(v) AS total FROM trimmed GROUP BY k;
CREATE MATERIALIZED VIEW rows_of_trimmed AS SELECT k, v * 2 AS twice FROM trimmed WHERE k = 3;
CREATE SINK dear_copied INTO copied FROM dear;
INSERT INTO every_type VALUES
  (1, true, -32768, -2147483648, -1.5, 2.5e300, 1.5, 12.34, 'text', 'abc', '\x00ff', '2020-02-29', '23:59:59.999999',
   '2020-02-29 12:34:56.789', '2020-02-29 12:34:56.789+02', '1 day'),
  (2, false, 32767, 2147483647, 'NaN', 'Infinity', 1.50, -0.01, '', '', '', '1970-01-01', '00:00:00',
   '1970-01-01 00:00:00', '1970-01-01 00:00:00+00', '24 hours'),
  (3, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL);
INSERT INTO bids VALUES
  (1, 10, 5.25, '2024-01-01 00:00:01'), (2, 11, 60.00, '2024-01-01 00:00:04'), (1, 10, 75.5, '2024-01-01 00:00:09');
INSERT INTO trimmed SELECT value % 7, value FROM generate_series(1, 500) AS t(value);
CHECKPOINT;
\! sleep 1
INSERT INTO every_type VALUES
  (4, true, 1, 2, 3, 4, 0.3333333333, 99999999.99, 'ünïcode 🜁', 'äöü', '\xdeadbeef', '1999-12-31', '12:00',
   '1999-12-31 23:59:59.5', '1999-12-31 23:59:59.5-05:30', '1 year 2 months 3 days 04:05:06.5');
INSERT INTO bids VALUES
  (2, 12, 49.99, '2024-01-01 00:00:12'), (1, 11, 50.01, '2024-01-01 00:00:21'), (3, 10, 1.00, '2024-01-01 00:00:02');
INSERT INTO trimmed SELECT value % 7, value FROM generate_series(501, 1000) AS t(value);
CHECKPOINT;
\! sleep 1
INSERT INTO bids VALUES (1, 12, 10.00, '2024-01-01 00:00:25'), (3, 13, 88.88, '2024-01-01 00:00:31');
INSERT INTO trimmed SELECT value % 7, value FROM generate_series(1001, 1500) AS t(value);
CHECKPOINT;
\! sleep 1
ALTER STREAM trimmed SET (retention_bytes = '3500');
INSERT INTO trimmed SELECT value % 7, value FROM generate_series(1501, 1510) AS t(value);
CHECKPOINT;
\! sleep 1
INSERT INTO trimmed VALUES (3, 4000);
CHECKPOINT;
\! sleep 8
-- Not sealed, and after the last checkpoint but that of the clean stop.
INSERT INTO every_type VALUES
  (5, false, 7, 8, 9.5, 10.25, 1234567890123456789.0000000001, 0, 'unsealed', 'x', '\x01', '2024-12-31', '01:02:03',
   '2024-12-31 01:02:03', '2024-12-31 01:02:03+00', '-1 day');
INSERT INTO bids VALUES (4, 10, 7.77, '2024-01-01 00:00:33');
INSERT INTO trimmed VALUES (6, 5000), (100, 1);
