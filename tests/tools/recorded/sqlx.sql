-- connection
-- extended binary
SELECT NOT attnotnull FROM ( ( SELECT $1::int4 AS idx, $2::int4 AS table_id, $3::int2 AS col_idx ) UNION ALL ( SELECT $4::int4, $5::int4, $6::int2 ) UNION ALL ( SELECT $7::int4, $8::int4, $9::int2 ) UNION ALL ( SELECT $10::int4, $11::int4, $12::int2 ) ) AS col LEFT JOIN pg_catalog.pg_attribute ON table_id IS NOT NULL AND attrelid = table_id AND attnum = col_idx ORDER BY idx
-- $ 23 binary 00000000
-- $ 26 binary 00004000
-- $ 21 binary 0001
-- $ 23 binary 00000001
-- $ 26 binary 00004000
-- $ 21 binary 0002
-- $ 23 binary 00000002
-- $ 26 binary 00004000
-- $ 21 binary 0003
-- $ 23 binary 00000003
-- $ 26 binary 00004000
-- $ 21 binary 0004
-- columns ?column?:16
-- row \x00
-- end
-- extended binary
SELECT NOT attnotnull FROM ( ( SELECT $1::int4 AS idx, $2::int4 AS table_id, $3::int2 AS col_idx ) UNION ALL ( SELECT $4::int4, $5::int4, $6::int2 ) ) AS col LEFT JOIN pg_catalog.pg_attribute ON table_id IS NOT NULL AND attrelid = table_id AND attnum = col_idx ORDER BY idx
-- $ 23 binary 00000000
-- $ 26 binary 00004000
-- $ 21 binary 0001
-- $ 23 binary 00000001
-- $ 26 NULL
-- $ 21 NULL
-- columns ?column?:16
-- row \x00
-- end
-- extended binary
SELECT auction, price, at FROM bids WHERE auction = $1
-- $ 20 binary 0000000000000001
-- columns auction:20	price:1700	at:1114
-- row \x0000000000000001	\x000200000000000200011388	\x0002b0ec8515f340
-- end
-- extended binary
SELECT $1::uuid, $2::jsonb, $3::int4[], $4::timestamptz
-- $ 2950 binary 00000000000000000000000000000000
-- $ 3802 binary 017b2261223a317d
-- $ 1007 binary 000000010000000000000017000000020000000100000004000000010000000400000002
-- $ 1184 binary fffca2fec4c82000
-- columns uuid:2950	jsonb:3802	int4:1007	timestamptz:1184
-- row \x00000000000000000000000000000000	\x017b2261223a20317d	\x000000010000000000000017000000020000000100000004000000010000000400000002	\xfffca2fec4c82000
-- end
-- extended binary
INSERT INTO bids (auction, price, at) VALUES ($1, $2, $3)
-- $ 20 binary 0000000000000005
-- $ 1700 binary 000200000000000200011388
-- $ 1114 binary fffca2fec4c82000
-- end
-- simple
BEGIN
-- end
-- extended binary
INSERT INTO bids (auction, at) VALUES (6, now()::timestamp)
-- end
-- simple
COMMIT
-- end
-- extended binary
SELECT count(*) FROM bids
-- columns count:20
-- row \x0000000000000004
-- end
-- extended binary
SELECT current_database()
-- columns current_database:19
-- end
-- extended binary
SELECT pg_advisory_lock($1)
-- $ 20 binary 051e9f9b8b23ab36
-- columns pg_advisory_lock:2278
-- row 
-- end
-- simple
BEGIN
-- end
-- simple
SELECT 1;
-- columns ?column?:23
-- row 1
-- end
-- simple
COMMIT
-- end
-- extended binary
SELECT current_database()
-- columns current_database:19
-- end
-- extended binary
SELECT pg_advisory_unlock($1)
-- $ 20 binary 051e9f9b8b23ab36
-- columns pg_advisory_unlock:16
-- row \x01
-- end
