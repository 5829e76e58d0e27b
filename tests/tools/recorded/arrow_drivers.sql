-- connection
-- simple
SELECT version();
-- columns version:25
-- end
-- simple

SELECT
    attrelid,
    attname,
    atttypid
FROM
    pg_catalog.pg_attribute
ORDER BY
    attrelid, attnum
-- columns attrelid:26	attname:19	atttypid:26
-- end
-- simple
SELECT oid, typname, typreceive, typbasetype, typrelid, typarray FROM pg_catalog.pg_type WHERE (typreceive != 0 OR typsend != 0) AND typtype != 'r' AND typreceive::TEXT != 'array_recv'
-- columns oid:26	typname:19	typreceive:24	typbasetype:26	typrelid:26	typarray:26
-- row 16	bool	boolrecv	0	0	1000
-- end
-- simple
SELECT oid, typname, typreceive, typbasetype, typrelid, typarray FROM pg_catalog.pg_type WHERE (typreceive != 0 OR typsend != 0) AND typtype != 'r' AND typreceive::TEXT != 'array_recv'
-- columns oid:26	typname:19	typreceive:24	typbasetype:26	typrelid:26	typarray:26
-- row 16	bool	boolrecv	0	0	1000
-- end
-- simple
SELECT oid, typname, typreceive, typbasetype, typrelid, typarray FROM pg_catalog.pg_type WHERE (typreceive != 0 OR typsend != 0) AND typtype != 'r' AND typreceive::TEXT != 'array_recv'
-- columns oid:26	typname:19	typreceive:24	typbasetype:26	typrelid:26	typarray:26
-- row 16	bool	boolrecv	0	0	1000
-- end
-- connection
-- extended binary
COPY (SELECT true AS b, 1::int2 AS i2, 1 AS i4, 1::int8 AS i8, 1.5::float4 AS f4, 1.5::float8 AS f8, 1.10 AS n, 'a' AS t, 'ab'::varchar(3) AS vc, 'ab'::char(3) AS ch, 'nm'::name AS nm, '\x00ff'::bytea AS ba, date '2024-02-29' AS d, time '01:02:03' AS tm, timestamp '2024-02-29 01:02:03' AS ts, timestamptz '2024-02-29 01:02:03+00' AS tz, 'a0eebc99-9c0b-4ef8-bb6d-6bb9bd380a11'::uuid AS u, '{"a": 1}'::json AS j, '{"a": 1}'::jsonb AS jb, interval '1 mon 2 days 3 s' AS iv, 5::oid AS o, '{1,2,NULL}'::int[] AS ia, '{a,NULL}'::text[] AS ta, '{1.5}'::float8[] AS fa) TO STDOUT (FORMAT binary)
-- end
-- extended binary
SELECT true AS b, 1::int2 AS i2, 1 AS i4, 1::int8 AS i8, 1.5::float4 AS f4, 1.5::float8 AS f8, 1.10 AS n, 'a' AS t, 'ab'::varchar(3) AS vc, 'ab'::char(3) AS ch, 'nm'::name AS nm, '\x00ff'::bytea AS ba, date '2024-02-29' AS d, time '01:02:03' AS tm, timestamp '2024-02-29 01:02:03' AS ts, timestamptz '2024-02-29 01:02:03+00' AS tz, 'a0eebc99-9c0b-4ef8-bb6d-6bb9bd380a11'::uuid AS u, '{"a": 1}'::json AS j, '{"a": 1}'::jsonb AS jb, interval '1 mon 2 days 3 s' AS iv, 5::oid AS o, '{1,2,NULL}'::int[] AS ia, '{a,NULL}'::text[] AS ta, '{1.5}'::float8[] AS fa
-- columns b:16	i2:21	i4:23	i8:20	f4:700	f8:701	n:1700	t:25	vc:1043	ch:1042	nm:19	ba:17	d:1082	tm:1083	ts:1114	tz:1184	u:2950	j:114	jb:3802	iv:1186	o:26	ia:1007	ta:1009	fa:1022
-- row \x01	\x0001	\x00000001	\x0000000000000001	\x3fc00000	\x3ff8000000000000	\x0002000000000002000103e8	a	ab	ab 	nm	\x00ff	\x00002279	\x00000000dde878c0	\x0002b5799374d8c0	\x0002b5799374d8c0	\xa0eebc999c0b4ef8bb6d6bb9bd380a11	{"a": 1}	\x017b2261223a20317d	\x00000000002dc6c00000000200000001	\x00000005	\x000000010000000100000017000000030000000100000004000000010000000400000002ffffffff	\x00000001000000010000001900000002000000010000000161ffffffff	\x0000000100000000000002bd0000000100000001000000083ff8000000000000
-- end
-- extended binary
SELECT * FROM bids ORDER BY auction
-- columns auction:20	price:1700	tag:1043	at:1114
-- row \x0000000000000001	\x000200000000000200011388	a	\x0002b0ec8515f340
-- end
-- extended binary
SELECT $1::int8 + 1, $2::text, $3::float8
-- $ 20 binary 0000000000000001
-- $ 25 binary 78
-- $ 701 binary 3ff8000000000000
-- columns ?column?:20	text:25	float8:701
-- row \x0000000000000002	x	\x3ff8000000000000
-- end
-- extended binary
INSERT INTO bids (auction, at) VALUES ($1, $2)
-- $ 20 binary 0000000000000003
-- $ 1114 binary 0002b0fe10980000
-- end
-- simple
SELECT CURRENT_SCHEMA()
-- columns current_schema:19
-- row public
-- end
-- extended
SELECT attr.attname, attr.atttypid FROM pg_catalog.pg_attribute AS attr WHERE attr.attrelid = $1::regclass::oid AND attr.attnum > 0 AND NOT attr.attisdropped
-- $ 0 text "public" . "bids"
-- columns attname:19	atttypid:26
-- row auction	20
-- end
-- extended binary
SELECT auction, tag FROM bids ORDER BY auction
-- columns auction:20	tag:1043
-- row \x0000000000000001	a
-- end
-- extended
SELECT attname, atttypid FROM pg_catalog.pg_class AS cls INNER JOIN pg_catalog.pg_attribute AS attr ON cls.oid = attr.attrelid INNER JOIN pg_catalog.pg_type AS typ ON attr.atttypid = typ.oid WHERE attr.attnum >= 0 AND cls.oid = $1::regclass::oid ORDER BY attr.attnum
-- $ 0 text "bids"
-- columns attname:19	atttypid:26
-- row auction	20
-- end
-- extended
SELECT datname FROM pg_catalog.pg_database WHERE datname = $1
-- $ 0 text postgres
-- columns datname:19
-- end
-- extended
SELECT nspname FROM pg_catalog.pg_namespace WHERE (nspname !~ '^pg_' OR oid = pg_my_temp_schema()) AND nspname <> 'information_schema' AND nspname = $1
-- $ 0 text public
-- columns nspname:19
-- row public
-- end
-- extended
SELECT c.relname, CASE c.relkind WHEN 'r' THEN 'table' WHEN 'v' THEN 'view' WHEN 'm' THEN 'materialized view' WHEN 't' THEN 'TOAST table' WHEN 'f' THEN 'foreign table' WHEN 'p' THEN 'partitioned table' END AS reltype FROM pg_catalog.pg_class c LEFT JOIN pg_catalog.pg_namespace n ON n.oid = c.relnamespace WHERE n.nspname = $1 AND c.relkind = ANY($2)
-- $ 0 text public
-- $ 0 text {"p", "f", "t", "m", "v", "r"}
-- columns relname:19	reltype:25
-- row bids	table
-- end
-- extended
SELECT attr.attname, attr.attnum, pg_catalog.col_description(cls.oid, attr.attnum), typ.typname FROM pg_catalog.pg_attribute AS attr INNER JOIN pg_catalog.pg_class AS cls ON attr.attrelid = cls.oid INNER JOIN pg_catalog.pg_namespace AS nsp ON nsp.oid = cls.relnamespace INNER JOIN pg_catalog.pg_type AS typ ON attr.atttypid = typ.oid WHERE attr.attnum > 0 AND NOT attr.attisdropped AND nsp.nspname LIKE $1 AND cls.relname LIKE $2
-- $ 0 text public
-- $ 0 text bids
-- columns attname:19	attnum:21	col_description:25	typname:19
-- row auction	1	\N	int8
-- end
-- extended
WITH fk_unnest AS (     SELECT         con.conname,         'FOREIGN KEY' AS contype,         conrelid,         UNNEST(con.conkey) AS conkey,         confrelid,         UNNEST(con.confkey) AS confkey     FROM pg_catalog.pg_constraint AS con     INNER JOIN pg_catalog.pg_class AS cls ON cls.oid = conrelid     INNER JOIN pg_catalog.pg_namespace AS nsp ON nsp.oid = cls.relnamespace     WHERE con.contype = 'f' AND nsp.nspname = $1     AND cls.relname = $2 ), fk_names AS (     SELECT         fk_unnest.conname,         fk_unnest.contype,         fk_unnest.conkey,         fk_unnest.confkey,         attr.attname,         fnsp.nspname AS fschema,         fcls.relname AS ftable,         fattr.attname AS fattname     FROM fk_unnest     INNER JOIN pg_catalog.pg_class AS cls ON cls.oid = fk_unnest.conrelid     INNER JOIN pg_catalog.pg_class AS fcls ON fcls.oid = fk_unnest.confrelid     INNER JOIN pg_catalog.pg_namespace AS fnsp ON fnsp.oid = fcls.relnamespace    INNER JOIN pg_catalog.pg_attribute AS attr ON attr.attnum = fk_unnest.conkey         AND attr.attrelid = fk_unnest.conrelid     LEFT JOIN pg_catalog.pg_attribute AS fattr ON fattr.attnum =  fk_unnest.confkey         AND fattr.attrelid = fk_unnest.confrelid ), fkeys AS (     SELECT         conname,         contype,         ARRAY_AGG(attname ORDER BY conkey) AS colnames,         fschema,         ftable,         ARRAY_AGG(fattname ORDER BY confkey) AS fcolnames     FROM fk_names     GROUP BY         conname,         contype,         fschema,         ftable ), other_constraints AS (     SELECT con.conname, CASE con.contype WHEN 'c' THEN 'CHECK' WHEN 'u' THEN      'UNIQUE' WHEN 'p' THEN 'PRIMARY KEY' END AS contype,     ARRAY_AGG(attr.attname) AS colnames     FROM pg_catalog.pg_constraint AS con      CROSS JOIN UNNEST(conkey) AS conkeys      INNER JOIN pg_catalog.pg_class AS cls ON cls.oid = con.conrelid      INNER JOIN pg_catalog.pg_namespace AS nsp ON nsp.oid = cls.relnamespace      INNER JOIN pg_catalog.pg_attribute AS attr ON attr.attnum = conkeys      AND cls.oid = attr.attrelid      WHERE con.contype IN ('c', 'u', 'p') AND nsp.nspname = $1     AND cls.relname = $2     GROUP BY conname, contype ) SELECT     conname, contype, colnames, fschema, ftable, fcolnames FROM fkeys UNION ALL SELECT     conname, contype, colnames, NULL, NULL, NULL FROM other_constraints
-- $ 0 text public
-- $ 0 text bids
-- columns conname:19	contype:25	colnames:1003	fschema:19	ftable:19	fcolnames:1003
-- end
-- extended
SELECT attr.attname, attr.attnum, pg_catalog.col_description(cls.oid, attr.attnum), typ.typname FROM pg_catalog.pg_attribute AS attr INNER JOIN pg_catalog.pg_class AS cls ON attr.attrelid = cls.oid INNER JOIN pg_catalog.pg_namespace AS nsp ON nsp.oid = cls.relnamespace INNER JOIN pg_catalog.pg_type AS typ ON attr.atttypid = typ.oid WHERE attr.attnum > 0 AND NOT attr.attisdropped AND nsp.nspname LIKE $1 AND cls.relname LIKE $2
-- $ 0 text public
-- $ 0 text dear
-- columns attname:19	attnum:21	col_description:25	typname:19
-- row auction	1	\N	int8
-- end
-- extended
WITH fk_unnest AS (     SELECT         con.conname,         'FOREIGN KEY' AS contype,         conrelid,         UNNEST(con.conkey) AS conkey,         confrelid,         UNNEST(con.confkey) AS confkey     FROM pg_catalog.pg_constraint AS con     INNER JOIN pg_catalog.pg_class AS cls ON cls.oid = conrelid     INNER JOIN pg_catalog.pg_namespace AS nsp ON nsp.oid = cls.relnamespace     WHERE con.contype = 'f' AND nsp.nspname = $1     AND cls.relname = $2 ), fk_names AS (     SELECT         fk_unnest.conname,         fk_unnest.contype,         fk_unnest.conkey,         fk_unnest.confkey,         attr.attname,         fnsp.nspname AS fschema,         fcls.relname AS ftable,         fattr.attname AS fattname     FROM fk_unnest     INNER JOIN pg_catalog.pg_class AS cls ON cls.oid = fk_unnest.conrelid     INNER JOIN pg_catalog.pg_class AS fcls ON fcls.oid = fk_unnest.confrelid     INNER JOIN pg_catalog.pg_namespace AS fnsp ON fnsp.oid = fcls.relnamespace    INNER JOIN pg_catalog.pg_attribute AS attr ON attr.attnum = fk_unnest.conkey         AND attr.attrelid = fk_unnest.conrelid     LEFT JOIN pg_catalog.pg_attribute AS fattr ON fattr.attnum =  fk_unnest.confkey         AND fattr.attrelid = fk_unnest.confrelid ), fkeys AS (     SELECT         conname,         contype,         ARRAY_AGG(attname ORDER BY conkey) AS colnames,         fschema,         ftable,         ARRAY_AGG(fattname ORDER BY confkey) AS fcolnames     FROM fk_names     GROUP BY         conname,         contype,         fschema,         ftable ), other_constraints AS (     SELECT con.conname, CASE con.contype WHEN 'c' THEN 'CHECK' WHEN 'u' THEN      'UNIQUE' WHEN 'p' THEN 'PRIMARY KEY' END AS contype,     ARRAY_AGG(attr.attname) AS colnames     FROM pg_catalog.pg_constraint AS con      CROSS JOIN UNNEST(conkey) AS conkeys      INNER JOIN pg_catalog.pg_class AS cls ON cls.oid = con.conrelid      INNER JOIN pg_catalog.pg_namespace AS nsp ON nsp.oid = cls.relnamespace      INNER JOIN pg_catalog.pg_attribute AS attr ON attr.attnum = conkeys      AND cls.oid = attr.attrelid      WHERE con.contype IN ('c', 'u', 'p') AND nsp.nspname = $1     AND cls.relname = $2     GROUP BY conname, contype ) SELECT     conname, contype, colnames, fschema, ftable, fcolnames FROM fkeys UNION ALL SELECT     conname, contype, colnames, NULL, NULL, NULL FROM other_constraints
-- $ 0 text public
-- $ 0 text dear
-- columns conname:19	contype:25	colnames:1003	fschema:19	ftable:19	fcolnames:1003
-- end
-- extended
SELECT attr.attname, attr.attnum, pg_catalog.col_description(cls.oid, attr.attnum), typ.typname FROM pg_catalog.pg_attribute AS attr INNER JOIN pg_catalog.pg_class AS cls ON attr.attrelid = cls.oid INNER JOIN pg_catalog.pg_namespace AS nsp ON nsp.oid = cls.relnamespace INNER JOIN pg_catalog.pg_type AS typ ON attr.atttypid = typ.oid WHERE attr.attnum > 0 AND NOT attr.attisdropped AND nsp.nspname LIKE $1 AND cls.relname LIKE $2
-- $ 0 text public
-- $ 0 text totals
-- columns attname:19	attnum:21	col_description:25	typname:19
-- row auction	1	\N	int8
-- end
-- extended
WITH fk_unnest AS (     SELECT         con.conname,         'FOREIGN KEY' AS contype,         conrelid,         UNNEST(con.conkey) AS conkey,         confrelid,         UNNEST(con.confkey) AS confkey     FROM pg_catalog.pg_constraint AS con     INNER JOIN pg_catalog.pg_class AS cls ON cls.oid = conrelid     INNER JOIN pg_catalog.pg_namespace AS nsp ON nsp.oid = cls.relnamespace     WHERE con.contype = 'f' AND nsp.nspname = $1     AND cls.relname = $2 ), fk_names AS (     SELECT         fk_unnest.conname,         fk_unnest.contype,         fk_unnest.conkey,         fk_unnest.confkey,         attr.attname,         fnsp.nspname AS fschema,         fcls.relname AS ftable,         fattr.attname AS fattname     FROM fk_unnest     INNER JOIN pg_catalog.pg_class AS cls ON cls.oid = fk_unnest.conrelid     INNER JOIN pg_catalog.pg_class AS fcls ON fcls.oid = fk_unnest.confrelid     INNER JOIN pg_catalog.pg_namespace AS fnsp ON fnsp.oid = fcls.relnamespace    INNER JOIN pg_catalog.pg_attribute AS attr ON attr.attnum = fk_unnest.conkey         AND attr.attrelid = fk_unnest.conrelid     LEFT JOIN pg_catalog.pg_attribute AS fattr ON fattr.attnum =  fk_unnest.confkey         AND fattr.attrelid = fk_unnest.confrelid ), fkeys AS (     SELECT         conname,         contype,         ARRAY_AGG(attname ORDER BY conkey) AS colnames,         fschema,         ftable,         ARRAY_AGG(fattname ORDER BY confkey) AS fcolnames     FROM fk_names     GROUP BY         conname,         contype,         fschema,         ftable ), other_constraints AS (     SELECT con.conname, CASE con.contype WHEN 'c' THEN 'CHECK' WHEN 'u' THEN      'UNIQUE' WHEN 'p' THEN 'PRIMARY KEY' END AS contype,     ARRAY_AGG(attr.attname) AS colnames     FROM pg_catalog.pg_constraint AS con      CROSS JOIN UNNEST(conkey) AS conkeys      INNER JOIN pg_catalog.pg_class AS cls ON cls.oid = con.conrelid      INNER JOIN pg_catalog.pg_namespace AS nsp ON nsp.oid = cls.relnamespace      INNER JOIN pg_catalog.pg_attribute AS attr ON attr.attnum = conkeys      AND cls.oid = attr.attrelid      WHERE con.contype IN ('c', 'u', 'p') AND nsp.nspname = $1     AND cls.relname = $2     GROUP BY conname, contype ) SELECT     conname, contype, colnames, fschema, ftable, fcolnames FROM fkeys UNION ALL SELECT     conname, contype, colnames, NULL, NULL, NULL FROM other_constraints
-- $ 0 text public
-- $ 0 text totals
-- columns conname:19	contype:25	colnames:1003	fschema:19	ftable:19	fcolnames:1003
-- end
-- simple
SHOW server_version_num
-- columns server_version_num:25
-- end
-- connection
-- simple

-- end
-- simple

-- end
-- extended binary
COPY (SELECT true AS b, 1::int2 AS i2, 1 AS i4, 1::int8 AS i8, 1.5::float4 AS f4, 1.5::float8 AS f8, 1.10 AS n, 'a' AS t, 'ab'::varchar(3) AS vc, 'ab'::char(3) AS ch, 'nm'::name AS nm, '\x00ff'::bytea AS ba, date '2024-02-29' AS d, time '01:02:03' AS tm, timestamp '2024-02-29 01:02:03' AS ts, timestamptz '2024-02-29 01:02:03+00' AS tz, 'a0eebc99-9c0b-4ef8-bb6d-6bb9bd380a11'::uuid AS u, '{"a": 1}'::json AS j, '{"a": 1}'::jsonb AS jb) TO STDOUT WITH BINARY
-- end
-- connection
-- simple

-- end
-- simple

-- end
-- extended binary
COPY (SELECT auction, price, tag, at FROM bids) TO STDOUT WITH BINARY
-- end
-- connection
-- simple

-- end
-- simple

-- end
-- extended binary
COPY (SELECT true AS b, 1::int2 AS i2, 1 AS i4, 1::int8 AS i8, 1.5::float4 AS f4, 1.5::float8 AS f8, 1.10 AS n, 'a' AS t, 'ab'::varchar(3) AS vc, 'ab'::char(3) AS ch, 'nm'::name AS nm, '\x00ff'::bytea AS ba, date '2024-02-29' AS d, time '01:02:03' AS tm, timestamp '2024-02-29 01:02:03' AS ts, timestamptz '2024-02-29 01:02:03+00' AS tz, 'a0eebc99-9c0b-4ef8-bb6d-6bb9bd380a11'::uuid AS u, '{"a": 1}'::json AS j, '{"a": 1}'::jsonb AS jb) TO STDOUT WITH CSV
-- end
-- connection
-- simple

-- end
-- simple

-- end
-- extended binary
COPY (SELECT auction, price, tag, at FROM bids) TO STDOUT WITH CSV
-- end
-- connection
-- simple

-- end
-- simple

-- end
-- extended binary
SELECT true AS b, 1::int2 AS i2, 1 AS i4, 1::int8 AS i8, 1.5::float4 AS f4, 1.5::float8 AS f8, 1.10 AS n, 'a' AS t, 'ab'::varchar(3) AS vc, 'ab'::char(3) AS ch, 'nm'::name AS nm, '\x00ff'::bytea AS ba, date '2024-02-29' AS d, time '01:02:03' AS tm, timestamp '2024-02-29 01:02:03' AS ts, timestamptz '2024-02-29 01:02:03+00' AS tz, 'a0eebc99-9c0b-4ef8-bb6d-6bb9bd380a11'::uuid AS u, '{"a": 1}'::json AS j, '{"a": 1}'::jsonb AS jb
-- columns b:16	i2:21	i4:23	i8:20	f4:700	f8:701	n:1700	t:25	vc:1043	ch:1042	nm:19	ba:17	d:1082	tm:1083	ts:1114	tz:1184	u:2950	j:114	jb:3802
-- row \x01	\x0001	\x00000001	\x0000000000000001	\x3fc00000	\x3ff8000000000000	\x0002000000000002000103e8	a	ab	ab 	nm	\x00ff	\x00002279	\x00000000dde878c0	\x0002b5799374d8c0	\x0002b5799374d8c0	\xa0eebc999c0b4ef8bb6d6bb9bd380a11	{"a": 1}	\x017b2261223a20317d
-- end
-- connection
-- simple

-- end
-- simple

-- end
-- extended binary
SELECT auction, price, tag, at FROM bids
-- columns auction:20	price:1700	tag:1043	at:1114
-- row \x0000000000000001	\x000200000000000200011388	a	\x0002b0ec8515f340
-- end
-- connection
-- simple

-- end
-- simple

-- end
-- simple
SELECT 1 AS i4, 1::int8 AS i8, 1.5::float8 AS f8, 'a' AS t
-- columns i4:23	i8:20	f8:701	t:25
-- row 1	1	1.5	a
-- end
-- connection
-- simple

-- end
-- simple

-- end
-- simple
SELECT auction, price, tag, at FROM bids
-- columns auction:20	price:1700	tag:1043	at:1114
-- row 1	1.50	a	2024-01-02 03:04:05
-- end
-- connection
-- extended binary
SELECT min(CXTMPTAB_RANGE.auction), max(CXTMPTAB_RANGE.auction) FROM (SELECT auction FROM bids) AS CXTMPTAB_RANGE
-- columns min:20	max:20
-- row \x0000000000000001	\x0000000000000003
-- end
-- connection
-- simple

-- end
-- extended binary
COPY (SELECT * FROM (SELECT auction FROM bids) AS CXTMPTAB_PART WHERE 3 <= CXTMPTAB_PART.auction AND CXTMPTAB_PART.auction < 5) TO STDOUT WITH BINARY
-- end
-- connection
-- simple

-- end
-- simple

-- end
-- extended binary
COPY (SELECT * FROM (SELECT auction FROM bids) AS CXTMPTAB_PART WHERE 1 <= CXTMPTAB_PART.auction AND CXTMPTAB_PART.auction < 3) TO STDOUT WITH BINARY
-- end
-- connection
-- simple

-- end
-- simple

-- end
-- extended binary
COPY (SELECT '{1,2}'::int4[] AS a, '{1.5}'::float8[] AS f, '{a,b}'::text[] AS t, '{t}'::bool[] AS b) TO STDOUT WITH BINARY
-- end
-- connection
-- simple

-- end
-- simple

-- end
-- extended binary
COPY (SELECT auction, price, at FROM bids ORDER BY auction) TO STDOUT WITH BINARY
-- end
-- connection
-- simple
SELECT version();
-- columns version:25
-- end
-- simple

SELECT
    attrelid,
    attname,
    atttypid
FROM
    pg_catalog.pg_attribute
ORDER BY
    attrelid, attnum
-- columns attrelid:26	attname:19	atttypid:26
-- end
-- simple
SELECT oid, typname, typreceive, typbasetype, typrelid, typarray FROM pg_catalog.pg_type WHERE (typreceive != 0 OR typsend != 0) AND typtype != 'r' AND typreceive::TEXT != 'array_recv'
-- columns oid:26	typname:19	typreceive:24	typbasetype:26	typrelid:26	typarray:26
-- row 16	bool	boolrecv	0	0	1000
-- end
-- simple
SELECT oid, typname, typreceive, typbasetype, typrelid, typarray FROM pg_catalog.pg_type WHERE (typreceive != 0 OR typsend != 0) AND typtype != 'r' AND typreceive::TEXT != 'array_recv'
-- columns oid:26	typname:19	typreceive:24	typbasetype:26	typrelid:26	typarray:26
-- row 16	bool	boolrecv	0	0	1000
-- end
-- simple
SELECT oid, typname, typreceive, typbasetype, typrelid, typarray FROM pg_catalog.pg_type WHERE (typreceive != 0 OR typsend != 0) AND typtype != 'r' AND typreceive::TEXT != 'array_recv'
-- columns oid:26	typname:19	typreceive:24	typbasetype:26	typrelid:26	typarray:26
-- row 16	bool	boolrecv	0	0	1000
-- end
-- connection
-- simple
BEGIN TRANSACTION
-- end
-- extended binary
COPY (SELECT auction, price FROM bids ORDER BY auction) TO STDOUT (FORMAT binary)
-- end
-- connection
-- simple
SELECT version();
-- columns version:25
-- end
-- simple

SELECT
    attrelid,
    attname,
    atttypid
FROM
    pg_catalog.pg_attribute
ORDER BY
    attrelid, attnum
-- columns attrelid:26	attname:19	atttypid:26
-- end
-- simple
SELECT oid, typname, typreceive, typbasetype, typrelid, typarray FROM pg_catalog.pg_type WHERE (typreceive != 0 OR typsend != 0) AND typtype != 'r' AND typreceive::TEXT != 'array_recv'
-- columns oid:26	typname:19	typreceive:24	typbasetype:26	typrelid:26	typarray:26
-- row 16	bool	boolrecv	0	0	1000
-- end
-- simple
SELECT oid, typname, typreceive, typbasetype, typrelid, typarray FROM pg_catalog.pg_type WHERE (typreceive != 0 OR typsend != 0) AND typtype != 'r' AND typreceive::TEXT != 'array_recv'
-- columns oid:26	typname:19	typreceive:24	typbasetype:26	typrelid:26	typarray:26
-- row 16	bool	boolrecv	0	0	1000
-- end
-- simple
SELECT oid, typname, typreceive, typbasetype, typrelid, typarray FROM pg_catalog.pg_type WHERE (typreceive != 0 OR typsend != 0) AND typtype != 'r' AND typreceive::TEXT != 'array_recv'
-- columns oid:26	typname:19	typreceive:24	typbasetype:26	typrelid:26	typarray:26
-- row 16	bool	boolrecv	0	0	1000
-- end
-- connection
-- simple
BEGIN TRANSACTION
-- end
-- extended
SELECT attname, atttypid FROM pg_catalog.pg_class AS cls INNER JOIN pg_catalog.pg_attribute AS attr ON cls.oid = attr.attrelid INNER JOIN pg_catalog.pg_type AS typ ON attr.atttypid = typ.oid WHERE attr.attnum >= 0 AND cls.oid = $1::regclass::oid ORDER BY attr.attnum
-- $ 0 text "bids"
-- columns attname:19	atttypid:26
-- row auction	20
-- end
-- simple
SELECT CURRENT_SCHEMA()
-- columns current_schema:19
-- row public
-- end
-- extended
SELECT attr.attname, attr.atttypid FROM pg_catalog.pg_attribute AS attr WHERE attr.attrelid = $1::regclass::oid AND attr.attnum > 0 AND NOT attr.attisdropped
-- $ 0 text "public" . "bids"
-- columns attname:19	atttypid:26
-- row auction	20
-- end
-- simple
COMMIT
-- end
