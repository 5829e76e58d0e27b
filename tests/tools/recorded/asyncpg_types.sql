-- connection
-- simple
CREATE TABLE types (bool boolean, bool_a boolean[], i2 smallint, i2_a smallint[], i4 integer, i4_a integer[], i8 bigint, i8_a bigint[], f4 real, f4_a real[], f8 double precision, f8_a double precision[], num numeric, num_a numeric[], num_10_2 numeric(10,2), num_10_2_a numeric(10,2)[], num_38_10 numeric(38,10), num_38_10_a numeric(38,10)[], txt text, txt_a text[], vc varchar, vc_a varchar[], vc3 varchar(3), vc3_a varchar(3)[], ch char, ch_a char[], ch5 char(5), ch5_a char(5)[], qch "char", qch_a "char"[], nm name, nm_a name[], ba bytea, ba_a bytea[], dt date, dt_a date[], tm time, tm_a time[], tm0 time(0), tm0_a time(0)[], tmz timetz, tmz_a timetz[], ts timestamp, ts_a timestamp[], ts3 timestamp(3), ts3_a timestamp(3)[], tsz timestamptz, tsz_a timestamptz[], iv interval, iv_a interval[], uu uuid, uu_a uuid[], js json, js_a json[], jb jsonb, jb_a jsonb[], od oid, od_a oid[])
-- end
-- extended binary
SELECT 1, 1.0, 'a', NULL, 3000000000, 1.5e0, TRUE, ROW(1, 'x', NULL)
-- columns ?column?:23	?column?:1700	?column?:25	?column?:25	?column?:20	?column?:1700	?column?:16	row:2249
-- end
-- simple
COPY (SELECT 't'::boolean) TO STDOUT (FORMAT 'text')
-- end
-- simple
COPY (SELECT 't'::boolean) TO STDOUT (FORMAT 'csv')
-- end
-- simple
COPY (SELECT 't'::boolean) TO STDOUT (FORMAT 'binary')
-- end
-- extended binary
SELECT 't'::boolean
-- columns bool:16
-- row \x01
-- end
-- extended binary
SELECT 't'::boolean
-- columns bool:16
-- row \x01
-- end
-- extended binary
SELECT $1::boolean, ($1::boolean)::text
-- $ 0 binary 01
-- columns bool:16	text:25
-- row \x01	true
-- end
-- extended binary
SELECT count(*) FROM types WHERE bool = $1
-- $ 0 binary 01
-- columns count:20
-- row \x0000000000000000
-- end
-- extended binary
INSERT INTO types (bool) VALUES ($1)
-- $ 0 binary 01
-- end
-- simple
COPY (SELECT bool FROM types WHERE bool IS NULL LIMIT 1) TO STDOUT (FORMAT 'binary')
-- end
-- extended binary
INSERT INTO types (bool) VALUES ($1)
-- $ 0 binary 01
-- end
-- extended binary
INSERT INTO types (bool) VALUES ($1)
-- $ 0 NULL
-- end
-- simple
COPY (SELECT 'f'::boolean) TO STDOUT (FORMAT 'text')
-- end
-- simple
COPY (SELECT 'f'::boolean) TO STDOUT (FORMAT 'csv')
-- end
-- simple
COPY (SELECT 'f'::boolean) TO STDOUT (FORMAT 'binary')
-- end
-- extended binary
SELECT 'f'::boolean
-- columns bool:16
-- row \x00
-- end
-- extended binary
SELECT 'f'::boolean
-- columns bool:16
-- row \x00
-- end
-- extended binary
SELECT $1::boolean, ($1::boolean)::text
-- $ 0 binary 00
-- columns bool:16	text:25
-- row \x00	false
-- end
-- extended binary
SELECT count(*) FROM types WHERE bool = $1
-- $ 0 binary 00
-- columns count:20
-- row \x0000000000000000
-- end
-- extended binary
INSERT INTO types (bool) VALUES ($1)
-- $ 0 binary 00
-- end
-- simple
COPY (SELECT bool FROM types WHERE bool IS NULL LIMIT 1) TO STDOUT (FORMAT 'binary')
-- end
-- extended binary
INSERT INTO types (bool) VALUES ($1)
-- $ 0 binary 00
-- end
-- extended binary
INSERT INTO types (bool) VALUES ($1)
-- $ 0 NULL
-- end
-- simple
COPY (SELECT NULL::boolean) TO STDOUT (FORMAT 'text')
-- end
-- simple
COPY (SELECT NULL::boolean) TO STDOUT (FORMAT 'csv')
-- end
-- simple
COPY (SELECT NULL::boolean) TO STDOUT (FORMAT 'binary')
-- end
-- extended binary
SELECT NULL::boolean
-- columns bool:16
-- row \N
-- end
-- extended binary
SELECT NULL::boolean
-- columns bool:16
-- row \N
-- end
-- extended binary
SELECT $1::boolean, ($1::boolean)::text
-- $ 0 NULL
-- columns bool:16	text:25
-- row \N	\N
-- end
-- extended binary
SELECT count(*) FROM types WHERE bool = $1
-- $ 0 NULL
-- columns count:20
-- row \x0000000000000000
-- end
-- extended binary
INSERT INTO types (bool) VALUES ($1)
-- $ 0 NULL
-- end
-- simple
COPY (SELECT bool FROM types WHERE bool IS NULL LIMIT 1) TO STDOUT (FORMAT 'binary')
-- end
-- extended binary
INSERT INTO types (bool) VALUES ($1)
-- $ 0 NULL
-- end
-- extended binary
INSERT INTO types (bool) VALUES ($1)
-- $ 0 NULL
-- end
-- extended binary
SELECT bool::text FROM types WHERE bool IS NOT NULL
-- columns bool:25
-- row true
-- end
-- extended binary

                    SELECT
                        current_setting('jit') AS cur,
                        set_config('jit', 'off', false) AS new
-- columns cur:25	new:25
-- row off	off
-- end
-- extended binary
WITH RECURSIVE typeinfo_tree(
    oid, ns, name, kind, basetype, elemtype, elemdelim,
    range_subtype, attrtypoids, attrnames, depth)
AS (
    SELECT
        ti.oid, ti.ns, ti.name, ti.kind, ti.basetype,
        ti.elemtype, ti.elemdelim, ti.range_subtype,
        ti.attrtypoids, ti.attrnames, 0
    FROM
            (
        SELECT
            t.oid                           AS oid,
            ns.nspname                      AS ns,
            t.typname                       AS name,
            t.typtype                       AS kind,
            (CASE WHEN t.typtype = 'd' THEN
                (WITH RECURSIVE typebases(oid, depth) AS (
                    SELECT
                        t2.typbasetype      AS oid,
                        0                   AS depth
                    FROM
                        pg_type t2
                    WHERE
                        t2.oid = t.oid

                    UNION ALL

                    SELECT
                        t2.typbasetype      AS oid,
                        tb.depth + 1        AS depth
                    FROM
                        pg_type t2,
                        typebases tb
                    WHERE
                       tb.oid = t2.oid
                       AND t2.typbasetype != 0
               ) SELECT oid FROM typebases ORDER BY depth DESC LIMIT 1)

               ELSE NULL
            END)                            AS basetype,
            t.typelem                       AS elemtype,
            elem_t.typdelim                 AS elemdelim,
            COALESCE(
                range_t.rngsubtype,
                multirange_t.rngsubtype)    AS range_subtype,
            (CASE WHEN t.typtype = 'c' THEN
                (SELECT
                    array_agg(ia.atttypid ORDER BY ia.attnum)
                FROM
                    pg_attribute ia
                    INNER JOIN pg_class c
                        ON (ia.attrelid = c.oid)
                WHERE
                    ia.attnum > 0 AND NOT ia.attisdropped
                    AND c.reltype = t.oid)

                ELSE NULL
            END)                            AS attrtypoids,
            (CASE WHEN t.typtype = 'c' THEN
                (SELECT
                    array_agg(ia.attname::text ORDER BY ia.attnum)
                FROM
                    pg_attribute ia
                    INNER JOIN pg_class c
                        ON (ia.attrelid = c.oid)
                WHERE
                    ia.attnum > 0 AND NOT ia.attisdropped
                    AND c.reltype = t.oid)

                ELSE NULL
            END)                            AS attrnames
        FROM
            pg_catalog.pg_type AS t
            INNER JOIN pg_catalog.pg_namespace ns ON (
                ns.oid = t.typnamespace)
            LEFT JOIN pg_type elem_t ON (
                t.typlen = -1 AND
                t.typelem != 0 AND
                t.typelem = elem_t.oid
            )
            LEFT JOIN pg_range range_t ON (
                t.oid = range_t.rngtypid
            )
            LEFT JOIN pg_range multirange_t ON (
                t.oid = multirange_t.rngmultitypid
            )
    )
 AS ti
    WHERE
        ti.oid = any($1::oid[])

    UNION ALL

    SELECT
        ti.oid, ti.ns, ti.name, ti.kind, ti.basetype,
        ti.elemtype, ti.elemdelim, ti.range_subtype,
        ti.attrtypoids, ti.attrnames, tt.depth + 1
    FROM
            (
        SELECT
            t.oid                           AS oid,
            ns.nspname                      AS ns,
            t.typname                       AS name,
            t.typtype                       AS kind,
            (CASE WHEN t.typtype = 'd' THEN
                (WITH RECURSIVE typebases(oid, depth) AS (
                    SELECT
                        t2.typbasetype      AS oid,
                        0                   AS depth
                    FROM
                        pg_type t2
                    WHERE
                        t2.oid = t.oid

                    UNION ALL

                    SELECT
                        t2.typbasetype      AS oid,
                        tb.depth + 1        AS depth
                    FROM
                        pg_type t2,
                        typebases tb
                    WHERE
                       tb.oid = t2.oid
                       AND t2.typbasetype != 0
               ) SELECT oid FROM typebases ORDER BY depth DESC LIMIT 1)

               ELSE NULL
            END)                            AS basetype,
            t.typelem                       AS elemtype,
            elem_t.typdelim                 AS elemdelim,
            COALESCE(
                range_t.rngsubtype,
                multirange_t.rngsubtype)    AS range_subtype,
            (CASE WHEN t.typtype = 'c' THEN
                (SELECT
                    array_agg(ia.atttypid ORDER BY ia.attnum)
                FROM
                    pg_attribute ia
                    INNER JOIN pg_class c
                        ON (ia.attrelid = c.oid)
                WHERE
                    ia.attnum > 0 AND NOT ia.attisdropped
                    AND c.reltype = t.oid)

                ELSE NULL
            END)                            AS attrtypoids,
            (CASE WHEN t.typtype = 'c' THEN
                (SELECT
                    array_agg(ia.attname::text ORDER BY ia.attnum)
                FROM
                    pg_attribute ia
                    INNER JOIN pg_class c
                        ON (ia.attrelid = c.oid)
                WHERE
                    ia.attnum > 0 AND NOT ia.attisdropped
                    AND c.reltype = t.oid)

                ELSE NULL
            END)                            AS attrnames
        FROM
            pg_catalog.pg_type AS t
            INNER JOIN pg_catalog.pg_namespace ns ON (
                ns.oid = t.typnamespace)
            LEFT JOIN pg_type elem_t ON (
                t.typlen = -1 AND
                t.typelem != 0 AND
                t.typelem = elem_t.oid
            )
            LEFT JOIN pg_range range_t ON (
                t.oid = range_t.rngtypid
            )
            LEFT JOIN pg_range multirange_t ON (
                t.oid = multirange_t.rngmultitypid
            )
    )
 ti,
        typeinfo_tree tt
    WHERE
        (tt.elemtype IS NOT NULL AND ti.oid = tt.elemtype)
        OR (tt.attrtypoids IS NOT NULL AND ti.oid = any(tt.attrtypoids))
        OR (tt.range_subtype IS NOT NULL AND ti.oid = tt.range_subtype)
        OR (tt.basetype IS NOT NULL AND ti.oid = tt.basetype)
)

SELECT DISTINCT
    *,
    basetype::regtype::text AS basetype_name,
    elemtype::regtype::text AS elemtype_name,
    range_subtype::regtype::text AS range_subtype_name
FROM
    typeinfo_tree
ORDER BY
    depth DESC
-- $ 0 binary 00000001000000000000001a000000010000000100000004000003e8
-- columns oid:26	ns:19	name:19	kind:18	basetype:26	elemtype:26	elemdelim:18	range_subtype:26	attrtypoids:1028	attrnames:1009	depth:23	basetype_name:25	elemtype_name:25	range_subtype_name:25
-- row \x00000010	pg_catalog	bool	b	\N	\x00000000	\N	\N	\N	\N	\x00000001	\N	-	\N
-- end
-- simple
COPY (SELECT '{}'::boolean[]) TO STDOUT (FORMAT 'text')
-- end
-- simple
COPY (SELECT '{}'::boolean[]) TO STDOUT (FORMAT 'csv')
-- end
-- simple
COPY (SELECT '{}'::boolean[]) TO STDOUT (FORMAT 'binary')
-- end
-- extended binary
SELECT '{}'::boolean[]
-- columns bool:1000
-- row \x000000000000000000000010
-- end
-- extended binary
SELECT '{}'::boolean[]
-- columns bool:1000
-- row \x000000000000000000000010
-- end
-- extended binary
SELECT $1::boolean[], ($1::boolean[])::text
-- $ 0 binary 0000000100000000000000100000000000000001
-- columns bool:1000	text:25
-- row \x000000000000000000000010	{}
-- end
-- extended binary
SELECT count(*) FROM types WHERE bool_a = $1
-- $ 0 binary 0000000100000000000000100000000000000001
-- columns count:20
-- row \x0000000000000000
-- end
-- extended binary
INSERT INTO types (bool_a) VALUES ($1)
-- $ 0 binary 0000000100000000000000100000000000000001
-- end
-- simple
COPY (SELECT bool_a FROM types WHERE bool_a IS NULL LIMIT 1) TO STDOUT (FORMAT 'binary')
-- end
-- extended binary
INSERT INTO types (bool_a) VALUES ($1)
-- $ 0 binary 0000000100000000000000100000000000000001
-- end
-- extended binary
INSERT INTO types (bool_a) VALUES ($1)
-- $ 0 NULL
-- end
-- simple
COPY (SELECT '{"t","f",NULL}'::boolean[]) TO STDOUT (FORMAT 'text')
-- end
-- simple
COPY (SELECT '{"t","f",NULL}'::boolean[]) TO STDOUT (FORMAT 'csv')
-- end
-- simple
COPY (SELECT '{"t","f",NULL}'::boolean[]) TO STDOUT (FORMAT 'binary')
-- end
-- extended binary
SELECT '{"t","f",NULL}'::boolean[]
-- columns bool:1000
-- row \x000000010000000100000010000000030000000100000001010000000100ffffffff
-- end
-- extended binary
SELECT '{"t","f",NULL}'::boolean[]
-- columns bool:1000
-- row \x000000010000000100000010000000030000000100000001010000000100ffffffff
-- end
-- extended binary
SELECT $1::boolean[], ($1::boolean[])::text
-- $ 0 binary 000000010000000000000010000000030000000100000001010000000100ffffffff
-- columns bool:1000	text:25
-- row \x000000010000000100000010000000030000000100000001010000000100ffffffff	{t,f,NULL}
-- end
-- extended binary
SELECT count(*) FROM types WHERE bool_a = $1
-- $ 0 binary 000000010000000000000010000000030000000100000001010000000100ffffffff
-- columns count:20
-- row \x0000000000000000
-- end
-- extended binary
INSERT INTO types (bool_a) VALUES ($1)
-- $ 0 binary 000000010000000000000010000000030000000100000001010000000100ffffffff
-- end
-- simple
COPY (SELECT bool_a FROM types WHERE bool_a IS NULL LIMIT 1) TO STDOUT (FORMAT 'binary')
-- end
-- extended binary
INSERT INTO types (bool_a) VALUES ($1)
-- $ 0 binary 000000010000000000000010000000030000000100000001010000000100ffffffff
-- end
-- extended binary
INSERT INTO types (bool_a) VALUES ($1)
-- $ 0 NULL
-- end
-- extended binary
SELECT bool_a::text FROM types WHERE bool_a IS NOT NULL
-- columns bool_a:25
-- end
-- simple
COPY (SELECT '-32768'::smallint) TO STDOUT (FORMAT 'text')
-- end
-- simple
COPY (SELECT '-32768'::smallint) TO STDOUT (FORMAT 'csv')
-- end
-- simple
COPY (SELECT '-32768'::smallint) TO STDOUT (FORMAT 'binary')
-- end
-- extended binary
SELECT '-32768'::smallint
-- columns int2:21
-- row \x8000
-- end
-- extended binary
SELECT '-32768'::smallint
-- columns int2:21
-- row \x8000
-- end
-- extended binary
SELECT $1::smallint, ($1::smallint)::text
-- $ 0 binary 8000
-- columns int2:21	text:25
-- row \x8000	-32768
-- end
-- extended binary
SELECT count(*) FROM types WHERE i2 = $1
-- $ 0 binary 8000
-- columns count:20
-- row \x0000000000000000
-- end
-- extended binary
INSERT INTO types (i2) VALUES ($1)
-- $ 0 binary 8000
-- end
-- simple
COPY (SELECT i2 FROM types WHERE i2 IS NULL LIMIT 1) TO STDOUT (FORMAT 'binary')
-- end
-- extended binary
INSERT INTO types (i2) VALUES ($1)
-- $ 0 binary 8000
-- end
-- extended binary
INSERT INTO types (i2) VALUES ($1)
-- $ 0 NULL
-- end
-- simple
COPY (SELECT '0'::smallint) TO STDOUT (FORMAT 'text')
-- end
-- simple
COPY (SELECT '0'::smallint) TO STDOUT (FORMAT 'csv')
-- end
-- simple
COPY (SELECT '0'::smallint) TO STDOUT (FORMAT 'binary')
-- end
-- extended binary
SELECT '0'::smallint
-- columns int2:21
-- row \x0000
-- end
-- extended binary
SELECT '0'::smallint
-- columns int2:21
-- row \x0000
-- end
-- extended binary
SELECT $1::smallint, ($1::smallint)::text
-- $ 0 binary 0000
-- columns int2:21	text:25
-- row \x0000	0
-- end
-- extended binary
SELECT count(*) FROM types WHERE i2 = $1
-- $ 0 binary 0000
-- columns count:20
-- row \x0000000000000000
-- end
-- extended binary
INSERT INTO types (i2) VALUES ($1)
-- $ 0 binary 0000
-- end
-- simple
COPY (SELECT i2 FROM types WHERE i2 IS NULL LIMIT 1) TO STDOUT (FORMAT 'binary')
-- end
-- extended binary
INSERT INTO types (i2) VALUES ($1)
-- $ 0 binary 0000
-- end
-- extended binary
INSERT INTO types (i2) VALUES ($1)
-- $ 0 NULL
-- end
-- simple
COPY (SELECT '32767'::smallint) TO STDOUT (FORMAT 'text')
-- end
-- simple
COPY (SELECT '32767'::smallint) TO STDOUT (FORMAT 'csv')
-- end
-- simple
COPY (SELECT '32767'::smallint) TO STDOUT (FORMAT 'binary')
-- end
-- extended binary
SELECT '32767'::smallint
-- columns int2:21
-- row \x7fff
-- end
-- extended binary
SELECT '32767'::smallint
-- columns int2:21
-- row \x7fff
-- end
-- extended binary
SELECT $1::smallint, ($1::smallint)::text
-- $ 0 binary 7fff
-- columns int2:21	text:25
-- row \x7fff	32767
-- end
-- extended binary
SELECT count(*) FROM types WHERE i2 = $1
-- $ 0 binary 7fff
-- columns count:20
-- row \x0000000000000000
-- end
-- extended binary
INSERT INTO types (i2) VALUES ($1)
-- $ 0 binary 7fff
-- end
-- simple
COPY (SELECT i2 FROM types WHERE i2 IS NULL LIMIT 1) TO STDOUT (FORMAT 'binary')
-- end
-- extended binary
INSERT INTO types (i2) VALUES ($1)
-- $ 0 binary 7fff
-- end
-- extended binary
INSERT INTO types (i2) VALUES ($1)
-- $ 0 NULL
-- end
-- simple
COPY (SELECT NULL::smallint) TO STDOUT (FORMAT 'text')
-- end
-- simple
COPY (SELECT NULL::smallint) TO STDOUT (FORMAT 'csv')
-- end
-- simple
COPY (SELECT NULL::smallint) TO STDOUT (FORMAT 'binary')
-- end
-- extended binary
SELECT NULL::smallint
-- columns int2:21
-- row \N
-- end
-- extended binary
SELECT NULL::smallint
-- columns int2:21
-- row \N
-- end
-- extended binary
SELECT $1::smallint, ($1::smallint)::text
-- $ 0 NULL
-- columns int2:21	text:25
-- row \N	\N
-- end
-- extended binary
SELECT count(*) FROM types WHERE i2 = $1
-- $ 0 NULL
-- columns count:20
-- row \x0000000000000000
-- end
-- extended binary
INSERT INTO types (i2) VALUES ($1)
-- $ 0 NULL
-- end
-- simple
COPY (SELECT i2 FROM types WHERE i2 IS NULL LIMIT 1) TO STDOUT (FORMAT 'binary')
-- end
-- extended binary
INSERT INTO types (i2) VALUES ($1)
-- $ 0 NULL
-- end
-- extended binary
INSERT INTO types (i2) VALUES ($1)
-- $ 0 NULL
-- end
-- extended binary
SELECT i2::text FROM types WHERE i2 IS NOT NULL
-- columns i2:25
-- row -32768
-- end
-- extended binary

                    SELECT
                        current_setting('jit') AS cur,
                        set_config('jit', 'off', false) AS new
-- columns cur:25	new:25
-- row off	off
-- end
-- extended binary
WITH RECURSIVE typeinfo_tree(
    oid, ns, name, kind, basetype, elemtype, elemdelim,
    range_subtype, attrtypoids, attrnames, depth)
AS (
    SELECT
        ti.oid, ti.ns, ti.name, ti.kind, ti.basetype,
        ti.elemtype, ti.elemdelim, ti.range_subtype,
        ti.attrtypoids, ti.attrnames, 0
    FROM
            (
        SELECT
            t.oid                           AS oid,
            ns.nspname                      AS ns,
            t.typname                       AS name,
            t.typtype                       AS kind,
            (CASE WHEN t.typtype = 'd' THEN
                (WITH RECURSIVE typebases(oid, depth) AS (
                    SELECT
                        t2.typbasetype      AS oid,
                        0                   AS depth
                    FROM
                        pg_type t2
                    WHERE
                        t2.oid = t.oid

                    UNION ALL

                    SELECT
                        t2.typbasetype      AS oid,
                        tb.depth + 1        AS depth
                    FROM
                        pg_type t2,
                        typebases tb
                    WHERE
                       tb.oid = t2.oid
                       AND t2.typbasetype != 0
               ) SELECT oid FROM typebases ORDER BY depth DESC LIMIT 1)

               ELSE NULL
            END)                            AS basetype,
            t.typelem                       AS elemtype,
            elem_t.typdelim                 AS elemdelim,
            COALESCE(
                range_t.rngsubtype,
                multirange_t.rngsubtype)    AS range_subtype,
            (CASE WHEN t.typtype = 'c' THEN
                (SELECT
                    array_agg(ia.atttypid ORDER BY ia.attnum)
                FROM
                    pg_attribute ia
                    INNER JOIN pg_class c
                        ON (ia.attrelid = c.oid)
                WHERE
                    ia.attnum > 0 AND NOT ia.attisdropped
                    AND c.reltype = t.oid)

                ELSE NULL
            END)                            AS attrtypoids,
            (CASE WHEN t.typtype = 'c' THEN
                (SELECT
                    array_agg(ia.attname::text ORDER BY ia.attnum)
                FROM
                    pg_attribute ia
                    INNER JOIN pg_class c
                        ON (ia.attrelid = c.oid)
                WHERE
                    ia.attnum > 0 AND NOT ia.attisdropped
                    AND c.reltype = t.oid)

                ELSE NULL
            END)                            AS attrnames
        FROM
            pg_catalog.pg_type AS t
            INNER JOIN pg_catalog.pg_namespace ns ON (
                ns.oid = t.typnamespace)
            LEFT JOIN pg_type elem_t ON (
                t.typlen = -1 AND
                t.typelem != 0 AND
                t.typelem = elem_t.oid
            )
            LEFT JOIN pg_range range_t ON (
                t.oid = range_t.rngtypid
            )
            LEFT JOIN pg_range multirange_t ON (
                t.oid = multirange_t.rngmultitypid
            )
    )
 AS ti
    WHERE
        ti.oid = any($1::oid[])

    UNION ALL

    SELECT
        ti.oid, ti.ns, ti.name, ti.kind, ti.basetype,
        ti.elemtype, ti.elemdelim, ti.range_subtype,
        ti.attrtypoids, ti.attrnames, tt.depth + 1
    FROM
            (
        SELECT
            t.oid                           AS oid,
            ns.nspname                      AS ns,
            t.typname                       AS name,
            t.typtype                       AS kind,
            (CASE WHEN t.typtype = 'd' THEN
                (WITH RECURSIVE typebases(oid, depth) AS (
                    SELECT
                        t2.typbasetype      AS oid,
                        0                   AS depth
                    FROM
                        pg_type t2
                    WHERE
                        t2.oid = t.oid

                    UNION ALL

                    SELECT
                        t2.typbasetype      AS oid,
                        tb.depth + 1        AS depth
                    FROM
                        pg_type t2,
                        typebases tb
                    WHERE
                       tb.oid = t2.oid
                       AND t2.typbasetype != 0
               ) SELECT oid FROM typebases ORDER BY depth DESC LIMIT 1)

               ELSE NULL
            END)                            AS basetype,
            t.typelem                       AS elemtype,
            elem_t.typdelim                 AS elemdelim,
            COALESCE(
                range_t.rngsubtype,
                multirange_t.rngsubtype)    AS range_subtype,
            (CASE WHEN t.typtype = 'c' THEN
                (SELECT
                    array_agg(ia.atttypid ORDER BY ia.attnum)
                FROM
                    pg_attribute ia
                    INNER JOIN pg_class c
                        ON (ia.attrelid = c.oid)
                WHERE
                    ia.attnum > 0 AND NOT ia.attisdropped
                    AND c.reltype = t.oid)

                ELSE NULL
            END)                            AS attrtypoids,
            (CASE WHEN t.typtype = 'c' THEN
                (SELECT
                    array_agg(ia.attname::text ORDER BY ia.attnum)
                FROM
                    pg_attribute ia
                    INNER JOIN pg_class c
                        ON (ia.attrelid = c.oid)
                WHERE
                    ia.attnum > 0 AND NOT ia.attisdropped
                    AND c.reltype = t.oid)

                ELSE NULL
            END)                            AS attrnames
        FROM
            pg_catalog.pg_type AS t
            INNER JOIN pg_catalog.pg_namespace ns ON (
                ns.oid = t.typnamespace)
            LEFT JOIN pg_type elem_t ON (
                t.typlen = -1 AND
                t.typelem != 0 AND
                t.typelem = elem_t.oid
            )
            LEFT JOIN pg_range range_t ON (
                t.oid = range_t.rngtypid
            )
            LEFT JOIN pg_range multirange_t ON (
                t.oid = multirange_t.rngmultitypid
            )
    )
 ti,
        typeinfo_tree tt
    WHERE
        (tt.elemtype IS NOT NULL AND ti.oid = tt.elemtype)
        OR (tt.attrtypoids IS NOT NULL AND ti.oid = any(tt.attrtypoids))
        OR (tt.range_subtype IS NOT NULL AND ti.oid = tt.range_subtype)
        OR (tt.basetype IS NOT NULL AND ti.oid = tt.basetype)
)

SELECT DISTINCT
    *,
    basetype::regtype::text AS basetype_name,
    elemtype::regtype::text AS elemtype_name,
    range_subtype::regtype::text AS range_subtype_name
FROM
    typeinfo_tree
ORDER BY
    depth DESC
-- $ 0 binary 00000001000000000000001a000000010000000100000004000003ed
-- columns oid:26	ns:19	name:19	kind:18	basetype:26	elemtype:26	elemdelim:18	range_subtype:26	attrtypoids:1028	attrnames:1009	depth:23	basetype_name:25	elemtype_name:25	range_subtype_name:25
-- row \x00000015	pg_catalog	int2	b	\N	\x00000000	\N	\N	\N	\N	\x00000001	\N	-	\N
-- end
-- simple
COPY (SELECT '{}'::smallint[]) TO STDOUT (FORMAT 'text')
-- end
-- simple
COPY (SELECT '{}'::smallint[]) TO STDOUT (FORMAT 'csv')
-- end
-- simple
COPY (SELECT '{}'::smallint[]) TO STDOUT (FORMAT 'binary')
-- end
-- extended binary
SELECT '{}'::smallint[]
-- columns int2:1005
-- row \x000000000000000000000015
-- end
-- extended binary
SELECT '{}'::smallint[]
-- columns int2:1005
-- row \x000000000000000000000015
-- end
-- extended binary
SELECT $1::smallint[], ($1::smallint[])::text
-- $ 0 binary 0000000100000000000000150000000000000001
-- columns int2:1005	text:25
-- row \x000000000000000000000015	{}
-- end
-- extended binary
SELECT count(*) FROM types WHERE i2_a = $1
-- $ 0 binary 0000000100000000000000150000000000000001
-- columns count:20
-- row \x0000000000000000
-- end
-- extended binary
INSERT INTO types (i2_a) VALUES ($1)
-- $ 0 binary 0000000100000000000000150000000000000001
-- end
-- simple
COPY (SELECT i2_a FROM types WHERE i2_a IS NULL LIMIT 1) TO STDOUT (FORMAT 'binary')
-- end
-- extended binary
INSERT INTO types (i2_a) VALUES ($1)
-- $ 0 binary 0000000100000000000000150000000000000001
-- end
-- extended binary
INSERT INTO types (i2_a) VALUES ($1)
-- $ 0 NULL
-- end
-- simple
COPY (SELECT '{"-32768","0","32767",NULL}'::smallint[]) TO STDOUT (FORMAT 'text')
-- end
-- simple
COPY (SELECT '{"-32768","0","32767",NULL}'::smallint[]) TO STDOUT (FORMAT 'csv')
-- end
-- simple
COPY (SELECT '{"-32768","0","32767",NULL}'::smallint[]) TO STDOUT (FORMAT 'binary')
-- end
-- extended binary
SELECT '{"-32768","0","32767",NULL}'::smallint[]
-- columns int2:1005
-- row \x0000000100000001000000150000000400000001000000028000000000020000000000027fffffffffff
-- end
-- extended binary
SELECT '{"-32768","0","32767",NULL}'::smallint[]
-- columns int2:1005
-- row \x0000000100000001000000150000000400000001000000028000000000020000000000027fffffffffff
-- end
-- extended binary
SELECT $1::smallint[], ($1::smallint[])::text
-- $ 0 binary 0000000100000000000000150000000400000001000000028000000000020000000000027fffffffffff
-- columns int2:1005	text:25
-- row \x0000000100000001000000150000000400000001000000028000000000020000000000027fffffffffff	{-32768,0,32767,NULL}
-- end
-- extended binary
SELECT count(*) FROM types WHERE i2_a = $1
-- $ 0 binary 0000000100000000000000150000000400000001000000028000000000020000000000027fffffffffff
-- columns count:20
-- row \x0000000000000000
-- end
-- extended binary
INSERT INTO types (i2_a) VALUES ($1)
-- $ 0 binary 0000000100000000000000150000000400000001000000028000000000020000000000027fffffffffff
-- end
-- simple
COPY (SELECT i2_a FROM types WHERE i2_a IS NULL LIMIT 1) TO STDOUT (FORMAT 'binary')
-- end
-- extended binary
INSERT INTO types (i2_a) VALUES ($1)
-- $ 0 binary 0000000100000000000000150000000400000001000000028000000000020000000000027fffffffffff
-- end
-- extended binary
INSERT INTO types (i2_a) VALUES ($1)
-- $ 0 NULL
-- end
-- extended binary
SELECT i2_a::text FROM types WHERE i2_a IS NOT NULL
-- columns i2_a:25
-- row {}
-- end
-- simple
COPY (SELECT '-2147483648'::integer) TO STDOUT (FORMAT 'text')
-- end
-- simple
COPY (SELECT '-2147483648'::integer) TO STDOUT (FORMAT 'csv')
-- end
-- simple
COPY (SELECT '-2147483648'::integer) TO STDOUT (FORMAT 'binary')
-- end
-- extended binary
SELECT '-2147483648'::integer
-- columns int4:23
-- row \x80000000
-- end
-- extended binary
SELECT '-2147483648'::integer
-- columns int4:23
-- row \x80000000
-- end
-- extended binary
SELECT $1::integer, ($1::integer)::text
-- $ 0 binary 80000000
-- columns int4:23	text:25
-- row \x80000000	-2147483648
-- end
-- extended binary
SELECT count(*) FROM types WHERE i4 = $1
-- $ 0 binary 80000000
-- columns count:20
-- row \x0000000000000000
-- end
-- extended binary
INSERT INTO types (i4) VALUES ($1)
-- $ 0 binary 80000000
-- end
-- simple
COPY (SELECT i4 FROM types WHERE i4 IS NULL LIMIT 1) TO STDOUT (FORMAT 'binary')
-- end
-- extended binary
INSERT INTO types (i4) VALUES ($1)
-- $ 0 binary 80000000
-- end
-- extended binary
INSERT INTO types (i4) VALUES ($1)
-- $ 0 NULL
-- end
-- simple
COPY (SELECT '1'::integer) TO STDOUT (FORMAT 'text')
-- end
-- simple
COPY (SELECT '1'::integer) TO STDOUT (FORMAT 'csv')
-- end
-- simple
COPY (SELECT '1'::integer) TO STDOUT (FORMAT 'binary')
-- end
-- extended binary
SELECT '1'::integer
-- columns int4:23
-- row \x00000001
-- end
-- extended binary
SELECT '1'::integer
-- columns int4:23
-- row \x00000001
-- end
-- extended binary
SELECT $1::integer, ($1::integer)::text
-- $ 0 binary 00000001
-- columns int4:23	text:25
-- row \x00000001	1
-- end
-- extended binary
SELECT count(*) FROM types WHERE i4 = $1
-- $ 0 binary 00000001
-- columns count:20
-- row \x0000000000000000
-- end
-- extended binary
INSERT INTO types (i4) VALUES ($1)
-- $ 0 binary 00000001
-- end
-- simple
COPY (SELECT i4 FROM types WHERE i4 IS NULL LIMIT 1) TO STDOUT (FORMAT 'binary')
-- end
-- extended binary
INSERT INTO types (i4) VALUES ($1)
-- $ 0 binary 00000001
-- end
-- extended binary
INSERT INTO types (i4) VALUES ($1)
-- $ 0 NULL
-- end
-- simple
COPY (SELECT '2147483647'::integer) TO STDOUT (FORMAT 'text')
-- end
-- simple
COPY (SELECT '2147483647'::integer) TO STDOUT (FORMAT 'csv')
-- end
-- simple
COPY (SELECT '2147483647'::integer) TO STDOUT (FORMAT 'binary')
-- end
-- extended binary
SELECT '2147483647'::integer
-- columns int4:23
-- row \x7fffffff
-- end
-- extended binary
SELECT '2147483647'::integer
-- columns int4:23
-- row \x7fffffff
-- end
-- extended binary
SELECT $1::integer, ($1::integer)::text
-- $ 0 binary 7fffffff
-- columns int4:23	text:25
-- row \x7fffffff	2147483647
-- end
-- extended binary
SELECT count(*) FROM types WHERE i4 = $1
-- $ 0 binary 7fffffff
-- columns count:20
-- row \x0000000000000000
-- end
-- extended binary
INSERT INTO types (i4) VALUES ($1)
-- $ 0 binary 7fffffff
-- end
-- simple
COPY (SELECT i4 FROM types WHERE i4 IS NULL LIMIT 1) TO STDOUT (FORMAT 'binary')
-- end
-- extended binary
INSERT INTO types (i4) VALUES ($1)
-- $ 0 binary 7fffffff
-- end
-- extended binary
INSERT INTO types (i4) VALUES ($1)
-- $ 0 NULL
-- end
-- simple
COPY (SELECT NULL::integer) TO STDOUT (FORMAT 'text')
-- end
-- simple
COPY (SELECT NULL::integer) TO STDOUT (FORMAT 'csv')
-- end
-- simple
COPY (SELECT NULL::integer) TO STDOUT (FORMAT 'binary')
-- end
-- extended binary
SELECT NULL::integer
-- columns int4:23
-- row \N
-- end
-- extended binary
SELECT NULL::integer
-- columns int4:23
-- row \N
-- end
-- extended binary
SELECT $1::integer, ($1::integer)::text
-- $ 0 NULL
-- columns int4:23	text:25
-- row \N	\N
-- end
-- extended binary
SELECT count(*) FROM types WHERE i4 = $1
-- $ 0 NULL
-- columns count:20
-- row \x0000000000000000
-- end
-- extended binary
INSERT INTO types (i4) VALUES ($1)
-- $ 0 NULL
-- end
-- simple
COPY (SELECT i4 FROM types WHERE i4 IS NULL LIMIT 1) TO STDOUT (FORMAT 'binary')
-- end
-- extended binary
INSERT INTO types (i4) VALUES ($1)
-- $ 0 NULL
-- end
-- extended binary
INSERT INTO types (i4) VALUES ($1)
-- $ 0 NULL
-- end
-- extended binary
SELECT i4::text FROM types WHERE i4 IS NOT NULL
-- columns i4:25
-- end
-- extended binary

                    SELECT
                        current_setting('jit') AS cur,
                        set_config('jit', 'off', false) AS new
-- columns cur:25	new:25
-- row off	off
-- end
-- extended binary
WITH RECURSIVE typeinfo_tree(
    oid, ns, name, kind, basetype, elemtype, elemdelim,
    range_subtype, attrtypoids, attrnames, depth)
AS (
    SELECT
        ti.oid, ti.ns, ti.name, ti.kind, ti.basetype,
        ti.elemtype, ti.elemdelim, ti.range_subtype,
        ti.attrtypoids, ti.attrnames, 0
    FROM
            (
        SELECT
            t.oid                           AS oid,
            ns.nspname                      AS ns,
            t.typname                       AS name,
            t.typtype                       AS kind,
            (CASE WHEN t.typtype = 'd' THEN
                (WITH RECURSIVE typebases(oid, depth) AS (
                    SELECT
                        t2.typbasetype      AS oid,
                        0                   AS depth
                    FROM
                        pg_type t2
                    WHERE
                        t2.oid = t.oid

                    UNION ALL

                    SELECT
                        t2.typbasetype      AS oid,
                        tb.depth + 1        AS depth
                    FROM
                        pg_type t2,
                        typebases tb
                    WHERE
                       tb.oid = t2.oid
                       AND t2.typbasetype != 0
               ) SELECT oid FROM typebases ORDER BY depth DESC LIMIT 1)

               ELSE NULL
            END)                            AS basetype,
            t.typelem                       AS elemtype,
            elem_t.typdelim                 AS elemdelim,
            COALESCE(
                range_t.rngsubtype,
                multirange_t.rngsubtype)    AS range_subtype,
            (CASE WHEN t.typtype = 'c' THEN
                (SELECT
                    array_agg(ia.atttypid ORDER BY ia.attnum)
                FROM
                    pg_attribute ia
                    INNER JOIN pg_class c
                        ON (ia.attrelid = c.oid)
                WHERE
                    ia.attnum > 0 AND NOT ia.attisdropped
                    AND c.reltype = t.oid)

                ELSE NULL
            END)                            AS attrtypoids,
            (CASE WHEN t.typtype = 'c' THEN
                (SELECT
                    array_agg(ia.attname::text ORDER BY ia.attnum)
                FROM
                    pg_attribute ia
                    INNER JOIN pg_class c
                        ON (ia.attrelid = c.oid)
                WHERE
                    ia.attnum > 0 AND NOT ia.attisdropped
                    AND c.reltype = t.oid)

                ELSE NULL
            END)                            AS attrnames
        FROM
            pg_catalog.pg_type AS t
            INNER JOIN pg_catalog.pg_namespace ns ON (
                ns.oid = t.typnamespace)
            LEFT JOIN pg_type elem_t ON (
                t.typlen = -1 AND
                t.typelem != 0 AND
                t.typelem = elem_t.oid
            )
            LEFT JOIN pg_range range_t ON (
                t.oid = range_t.rngtypid
            )
            LEFT JOIN pg_range multirange_t ON (
                t.oid = multirange_t.rngmultitypid
            )
    )
 AS ti
    WHERE
        ti.oid = any($1::oid[])

    UNION ALL

    SELECT
        ti.oid, ti.ns, ti.name, ti.kind, ti.basetype,
        ti.elemtype, ti.elemdelim, ti.range_subtype,
        ti.attrtypoids, ti.attrnames, tt.depth + 1
    FROM
            (
        SELECT
            t.oid                           AS oid,
            ns.nspname                      AS ns,
            t.typname                       AS name,
            t.typtype                       AS kind,
            (CASE WHEN t.typtype = 'd' THEN
                (WITH RECURSIVE typebases(oid, depth) AS (
                    SELECT
                        t2.typbasetype      AS oid,
                        0                   AS depth
                    FROM
                        pg_type t2
                    WHERE
                        t2.oid = t.oid

                    UNION ALL

                    SELECT
                        t2.typbasetype      AS oid,
                        tb.depth + 1        AS depth
                    FROM
                        pg_type t2,
                        typebases tb
                    WHERE
                       tb.oid = t2.oid
                       AND t2.typbasetype != 0
               ) SELECT oid FROM typebases ORDER BY depth DESC LIMIT 1)

               ELSE NULL
            END)                            AS basetype,
            t.typelem                       AS elemtype,
            elem_t.typdelim                 AS elemdelim,
            COALESCE(
                range_t.rngsubtype,
                multirange_t.rngsubtype)    AS range_subtype,
            (CASE WHEN t.typtype = 'c' THEN
                (SELECT
                    array_agg(ia.atttypid ORDER BY ia.attnum)
                FROM
                    pg_attribute ia
                    INNER JOIN pg_class c
                        ON (ia.attrelid = c.oid)
                WHERE
                    ia.attnum > 0 AND NOT ia.attisdropped
                    AND c.reltype = t.oid)

                ELSE NULL
            END)                            AS attrtypoids,
            (CASE WHEN t.typtype = 'c' THEN
                (SELECT
                    array_agg(ia.attname::text ORDER BY ia.attnum)
                FROM
                    pg_attribute ia
                    INNER JOIN pg_class c
                        ON (ia.attrelid = c.oid)
                WHERE
                    ia.attnum > 0 AND NOT ia.attisdropped
                    AND c.reltype = t.oid)

                ELSE NULL
            END)                            AS attrnames
        FROM
            pg_catalog.pg_type AS t
            INNER JOIN pg_catalog.pg_namespace ns ON (
                ns.oid = t.typnamespace)
            LEFT JOIN pg_type elem_t ON (
                t.typlen = -1 AND
                t.typelem != 0 AND
                t.typelem = elem_t.oid
            )
            LEFT JOIN pg_range range_t ON (
                t.oid = range_t.rngtypid
            )
            LEFT JOIN pg_range multirange_t ON (
                t.oid = multirange_t.rngmultitypid
            )
    )
 ti,
        typeinfo_tree tt
    WHERE
        (tt.elemtype IS NOT NULL AND ti.oid = tt.elemtype)
        OR (tt.attrtypoids IS NOT NULL AND ti.oid = any(tt.attrtypoids))
        OR (tt.range_subtype IS NOT NULL AND ti.oid = tt.range_subtype)
        OR (tt.basetype IS NOT NULL AND ti.oid = tt.basetype)
)

SELECT DISTINCT
    *,
    basetype::regtype::text AS basetype_name,
    elemtype::regtype::text AS elemtype_name,
    range_subtype::regtype::text AS range_subtype_name
FROM
    typeinfo_tree
ORDER BY
    depth DESC
-- $ 0 binary 00000001000000000000001a000000010000000100000004000003ef
-- columns oid:26	ns:19	name:19	kind:18	basetype:26	elemtype:26	elemdelim:18	range_subtype:26	attrtypoids:1028	attrnames:1009	depth:23	basetype_name:25	elemtype_name:25	range_subtype_name:25
-- row \x00000017	pg_catalog	int4	b	\N	\x00000000	\N	\N	\N	\N	\x00000001	\N	-	\N
-- end
-- simple
COPY (SELECT '{}'::integer[]) TO STDOUT (FORMAT 'text')
-- end
-- simple
COPY (SELECT '{}'::integer[]) TO STDOUT (FORMAT 'csv')
-- end
-- simple
COPY (SELECT '{}'::integer[]) TO STDOUT (FORMAT 'binary')
-- end
-- extended binary
SELECT '{}'::integer[]
-- columns int4:1007
-- row \x000000000000000000000017
-- end
-- extended binary
SELECT '{}'::integer[]
-- columns int4:1007
-- row \x000000000000000000000017
-- end
-- extended binary
SELECT $1::integer[], ($1::integer[])::text
-- $ 0 binary 0000000100000000000000170000000000000001
-- columns int4:1007	text:25
-- row \x000000000000000000000017	{}
-- end
-- extended binary
SELECT count(*) FROM types WHERE i4_a = $1
-- $ 0 binary 0000000100000000000000170000000000000001
-- columns count:20
-- row \x0000000000000000
-- end
-- extended binary
INSERT INTO types (i4_a) VALUES ($1)
-- $ 0 binary 0000000100000000000000170000000000000001
-- end
-- simple
COPY (SELECT i4_a FROM types WHERE i4_a IS NULL LIMIT 1) TO STDOUT (FORMAT 'binary')
-- end
-- extended binary
INSERT INTO types (i4_a) VALUES ($1)
-- $ 0 binary 0000000100000000000000170000000000000001
-- end
-- extended binary
INSERT INTO types (i4_a) VALUES ($1)
-- $ 0 NULL
-- end
-- simple
COPY (SELECT '{"-2147483648","1","2147483647",NULL}'::integer[]) TO STDOUT (FORMAT 'text')
-- end
-- simple
COPY (SELECT '{"-2147483648","1","2147483647",NULL}'::integer[]) TO STDOUT (FORMAT 'csv')
-- end
-- simple
COPY (SELECT '{"-2147483648","1","2147483647",NULL}'::integer[]) TO STDOUT (FORMAT 'binary')
-- end
-- extended binary
SELECT '{"-2147483648","1","2147483647",NULL}'::integer[]
-- columns int4:1007
-- row \x000000010000000100000017000000040000000100000004800000000000000400000001000000047fffffffffffffff
-- end
-- extended binary
SELECT '{"-2147483648","1","2147483647",NULL}'::integer[]
-- columns int4:1007
-- row \x000000010000000100000017000000040000000100000004800000000000000400000001000000047fffffffffffffff
-- end
-- extended binary
SELECT $1::integer[], ($1::integer[])::text
-- $ 0 binary 000000010000000000000017000000040000000100000004800000000000000400000001000000047fffffffffffffff
-- columns int4:1007	text:25
-- row \x000000010000000100000017000000040000000100000004800000000000000400000001000000047fffffffffffffff	{-2147483648,1,2147483647,NULL}
-- end
-- extended binary
SELECT count(*) FROM types WHERE i4_a = $1
-- $ 0 binary 000000010000000000000017000000040000000100000004800000000000000400000001000000047fffffffffffffff
-- columns count:20
-- row \x0000000000000000
-- end
-- extended binary
INSERT INTO types (i4_a) VALUES ($1)
-- $ 0 binary 000000010000000000000017000000040000000100000004800000000000000400000001000000047fffffffffffffff
-- end
-- simple
COPY (SELECT i4_a FROM types WHERE i4_a IS NULL LIMIT 1) TO STDOUT (FORMAT 'binary')
-- end
-- extended binary
INSERT INTO types (i4_a) VALUES ($1)
-- $ 0 binary 000000010000000000000017000000040000000100000004800000000000000400000001000000047fffffffffffffff
-- end
-- extended binary
INSERT INTO types (i4_a) VALUES ($1)
-- $ 0 NULL
-- end
-- extended binary
SELECT i4_a::text FROM types WHERE i4_a IS NOT NULL
-- columns i4_a:25
-- end
-- simple
COPY (SELECT '-9223372036854775808'::bigint) TO STDOUT (FORMAT 'text')
-- end
-- simple
COPY (SELECT '-9223372036854775808'::bigint) TO STDOUT (FORMAT 'csv')
-- end
-- simple
COPY (SELECT '-9223372036854775808'::bigint) TO STDOUT (FORMAT 'binary')
-- end
-- extended binary
SELECT '-9223372036854775808'::bigint
-- columns int8:20
-- row \x8000000000000000
-- end
-- extended binary
SELECT '-9223372036854775808'::bigint
-- columns int8:20
-- row \x8000000000000000
-- end
-- extended binary
SELECT $1::bigint, ($1::bigint)::text
-- $ 0 binary 8000000000000000
-- columns int8:20	text:25
-- row \x8000000000000000	-9223372036854775808
-- end
-- extended binary
SELECT count(*) FROM types WHERE i8 = $1
-- $ 0 binary 8000000000000000
-- columns count:20
-- row \x0000000000000000
-- end
-- extended binary
INSERT INTO types (i8) VALUES ($1)
-- $ 0 binary 8000000000000000
-- end
-- simple
COPY (SELECT i8 FROM types WHERE i8 IS NULL LIMIT 1) TO STDOUT (FORMAT 'binary')
-- end
-- extended binary
INSERT INTO types (i8) VALUES ($1)
-- $ 0 binary 8000000000000000
-- end
-- extended binary
INSERT INTO types (i8) VALUES ($1)
-- $ 0 NULL
-- end
-- simple
COPY (SELECT '1'::bigint) TO STDOUT (FORMAT 'text')
-- end
-- simple
COPY (SELECT '1'::bigint) TO STDOUT (FORMAT 'csv')
-- end
-- simple
COPY (SELECT '1'::bigint) TO STDOUT (FORMAT 'binary')
-- end
-- extended binary
SELECT '1'::bigint
-- columns int8:20
-- row \x0000000000000001
-- end
-- extended binary
SELECT '1'::bigint
-- columns int8:20
-- row \x0000000000000001
-- end
-- extended binary
SELECT $1::bigint, ($1::bigint)::text
-- $ 0 binary 0000000000000001
-- columns int8:20	text:25
-- row \x0000000000000001	1
-- end
-- extended binary
SELECT count(*) FROM types WHERE i8 = $1
-- $ 0 binary 0000000000000001
-- columns count:20
-- row \x0000000000000000
-- end
-- extended binary
INSERT INTO types (i8) VALUES ($1)
-- $ 0 binary 0000000000000001
-- end
-- simple
COPY (SELECT i8 FROM types WHERE i8 IS NULL LIMIT 1) TO STDOUT (FORMAT 'binary')
-- end
-- extended binary
INSERT INTO types (i8) VALUES ($1)
-- $ 0 binary 0000000000000001
-- end
-- extended binary
INSERT INTO types (i8) VALUES ($1)
-- $ 0 NULL
-- end
-- simple
COPY (SELECT '9223372036854775807'::bigint) TO STDOUT (FORMAT 'text')
-- end
-- simple
COPY (SELECT '9223372036854775807'::bigint) TO STDOUT (FORMAT 'csv')
-- end
-- simple
COPY (SELECT '9223372036854775807'::bigint) TO STDOUT (FORMAT 'binary')
-- end
-- extended binary
SELECT '9223372036854775807'::bigint
-- columns int8:20
-- row \x7fffffffffffffff
-- end
-- extended binary
SELECT '9223372036854775807'::bigint
-- columns int8:20
-- row \x7fffffffffffffff
-- end
-- extended binary
SELECT $1::bigint, ($1::bigint)::text
-- $ 0 binary 7fffffffffffffff
-- columns int8:20	text:25
-- row \x7fffffffffffffff	9223372036854775807
-- end
-- extended binary
SELECT count(*) FROM types WHERE i8 = $1
-- $ 0 binary 7fffffffffffffff
-- columns count:20
-- row \x0000000000000000
-- end
-- extended binary
INSERT INTO types (i8) VALUES ($1)
-- $ 0 binary 7fffffffffffffff
-- end
-- simple
COPY (SELECT i8 FROM types WHERE i8 IS NULL LIMIT 1) TO STDOUT (FORMAT 'binary')
-- end
-- extended binary
INSERT INTO types (i8) VALUES ($1)
-- $ 0 binary 7fffffffffffffff
-- end
-- extended binary
INSERT INTO types (i8) VALUES ($1)
-- $ 0 NULL
-- end
-- simple
COPY (SELECT NULL::bigint) TO STDOUT (FORMAT 'text')
-- end
-- simple
COPY (SELECT NULL::bigint) TO STDOUT (FORMAT 'csv')
-- end
-- simple
COPY (SELECT NULL::bigint) TO STDOUT (FORMAT 'binary')
-- end
-- extended binary
SELECT NULL::bigint
-- columns int8:20
-- row \N
-- end
-- extended binary
SELECT NULL::bigint
-- columns int8:20
-- row \N
-- end
-- extended binary
SELECT $1::bigint, ($1::bigint)::text
-- $ 0 NULL
-- columns int8:20	text:25
-- row \N	\N
-- end
-- extended binary
SELECT count(*) FROM types WHERE i8 = $1
-- $ 0 NULL
-- columns count:20
-- row \x0000000000000000
-- end
-- extended binary
INSERT INTO types (i8) VALUES ($1)
-- $ 0 NULL
-- end
-- simple
COPY (SELECT i8 FROM types WHERE i8 IS NULL LIMIT 1) TO STDOUT (FORMAT 'binary')
-- end
-- extended binary
INSERT INTO types (i8) VALUES ($1)
-- $ 0 NULL
-- end
-- extended binary
INSERT INTO types (i8) VALUES ($1)
-- $ 0 NULL
-- end
-- extended binary
SELECT i8::text FROM types WHERE i8 IS NOT NULL
-- columns i8:25
-- row -9223372036854775808
-- end
-- extended binary

                    SELECT
                        current_setting('jit') AS cur,
                        set_config('jit', 'off', false) AS new
-- columns cur:25	new:25
-- row off	off
-- end
-- simple
COPY (SELECT '{}'::bigint[]) TO STDOUT (FORMAT 'text')
-- end
-- simple
COPY (SELECT '{}'::bigint[]) TO STDOUT (FORMAT 'csv')
-- end
-- simple
COPY (SELECT '{}'::bigint[]) TO STDOUT (FORMAT 'binary')
-- end
-- extended binary
SELECT '{}'::bigint[]
-- columns int8:1016
-- row \x000000000000000000000014
-- end
-- extended binary
SELECT '{}'::bigint[]
-- columns int8:1016
-- row \x000000000000000000000014
-- end
-- extended binary
SELECT $1::bigint[], ($1::bigint[])::text
-- $ 0 binary 0000000100000000000000140000000000000001
-- columns int8:1016	text:25
-- row \x000000000000000000000014	{}
-- end
-- extended binary
SELECT count(*) FROM types WHERE i8_a = $1
-- $ 0 binary 0000000100000000000000140000000000000001
-- columns count:20
-- row \x0000000000000000
-- end
-- extended binary
INSERT INTO types (i8_a) VALUES ($1)
-- $ 0 binary 0000000100000000000000140000000000000001
-- end
-- simple
COPY (SELECT i8_a FROM types WHERE i8_a IS NULL LIMIT 1) TO STDOUT (FORMAT 'binary')
-- end
-- extended binary
INSERT INTO types (i8_a) VALUES ($1)
-- $ 0 binary 0000000100000000000000140000000000000001
-- end
-- extended binary
INSERT INTO types (i8_a) VALUES ($1)
-- $ 0 NULL
-- end
-- simple
COPY (SELECT '{"-9223372036854775808","1","9223372036854775807",NULL}'::bigint[]) TO STDOUT (FORMAT 'text')
-- end
-- simple
COPY (SELECT '{"-9223372036854775808","1","9223372036854775807",NULL}'::bigint[]) TO STDOUT (FORMAT 'csv')
-- end
-- simple
COPY (SELECT '{"-9223372036854775808","1","9223372036854775807",NULL}'::bigint[]) TO STDOUT (FORMAT 'binary')
-- end
-- extended binary
SELECT '{"-9223372036854775808","1","9223372036854775807",NULL}'::bigint[]
-- columns int8:1016
-- row \x0000000100000001000000140000000400000001000000088000000000000000000000080000000000000001000000087fffffffffffffffffffffff
-- end
-- extended binary
SELECT '{"-9223372036854775808","1","9223372036854775807",NULL}'::bigint[]
-- columns int8:1016
-- row \x0000000100000001000000140000000400000001000000088000000000000000000000080000000000000001000000087fffffffffffffffffffffff
-- end
-- extended binary
SELECT $1::bigint[], ($1::bigint[])::text
-- $ 0 binary 0000000100000000000000140000000400000001000000088000000000000000000000080000000000000001000000087fffffffffffffffffffffff
-- columns int8:1016	text:25
-- row \x0000000100000001000000140000000400000001000000088000000000000000000000080000000000000001000000087fffffffffffffffffffffff	{-9223372036854775808,1,9223372036854775807,NULL}
-- end
-- extended binary
SELECT count(*) FROM types WHERE i8_a = $1
-- $ 0 binary 0000000100000000000000140000000400000001000000088000000000000000000000080000000000000001000000087fffffffffffffffffffffff
-- columns count:20
-- row \x0000000000000000
-- end
-- extended binary
INSERT INTO types (i8_a) VALUES ($1)
-- $ 0 binary 0000000100000000000000140000000400000001000000088000000000000000000000080000000000000001000000087fffffffffffffffffffffff
-- end
-- simple
COPY (SELECT i8_a FROM types WHERE i8_a IS NULL LIMIT 1) TO STDOUT (FORMAT 'binary')
-- end
-- extended binary
INSERT INTO types (i8_a) VALUES ($1)
-- $ 0 binary 0000000100000000000000140000000400000001000000088000000000000000000000080000000000000001000000087fffffffffffffffffffffff
-- end
-- extended binary
INSERT INTO types (i8_a) VALUES ($1)
-- $ 0 NULL
-- end
-- extended binary
SELECT i8_a::text FROM types WHERE i8_a IS NOT NULL
-- columns i8_a:25
-- row {}
-- end
-- simple
COPY (SELECT '1.5'::real) TO STDOUT (FORMAT 'text')
-- end
-- simple
COPY (SELECT '1.5'::real) TO STDOUT (FORMAT 'csv')
-- end
-- simple
COPY (SELECT '1.5'::real) TO STDOUT (FORMAT 'binary')
-- end
-- extended binary
SELECT '1.5'::real
-- columns float4:700
-- row \x3fc00000
-- end
-- extended binary
SELECT '1.5'::real
-- columns float4:700
-- row \x3fc00000
-- end
-- extended binary
SELECT $1::real, ($1::real)::text
-- $ 0 binary 3fc00000
-- columns float4:700	text:25
-- row \x3fc00000	1.5
-- end
-- extended binary
SELECT count(*) FROM types WHERE f4 = $1
-- $ 0 binary 3fc00000
-- columns count:20
-- row \x0000000000000000
-- end
-- extended binary
INSERT INTO types (f4) VALUES ($1)
-- $ 0 binary 3fc00000
-- end
-- simple
COPY (SELECT f4 FROM types WHERE f4 IS NULL LIMIT 1) TO STDOUT (FORMAT 'binary')
-- end
-- extended binary
INSERT INTO types (f4) VALUES ($1)
-- $ 0 binary 3fc00000
-- end
-- extended binary
INSERT INTO types (f4) VALUES ($1)
-- $ 0 NULL
-- end
-- simple
COPY (SELECT '-0'::real) TO STDOUT (FORMAT 'text')
-- end
-- simple
COPY (SELECT '-0'::real) TO STDOUT (FORMAT 'csv')
-- end
-- simple
COPY (SELECT '-0'::real) TO STDOUT (FORMAT 'binary')
-- end
-- extended binary
SELECT '-0'::real
-- columns float4:700
-- row \x80000000
-- end
-- extended binary
SELECT '-0'::real
-- columns float4:700
-- row \x80000000
-- end
-- extended binary
SELECT $1::real, ($1::real)::text
-- $ 0 binary 80000000
-- columns float4:700	text:25
-- row \x80000000	-0
-- end
-- extended binary
SELECT count(*) FROM types WHERE f4 = $1
-- $ 0 binary 80000000
-- columns count:20
-- row \x0000000000000000
-- end
-- extended binary
INSERT INTO types (f4) VALUES ($1)
-- $ 0 binary 80000000
-- end
-- simple
COPY (SELECT f4 FROM types WHERE f4 IS NULL LIMIT 1) TO STDOUT (FORMAT 'binary')
-- end
-- extended binary
INSERT INTO types (f4) VALUES ($1)
-- $ 0 binary 80000000
-- end
-- extended binary
INSERT INTO types (f4) VALUES ($1)
-- $ 0 NULL
-- end
-- simple
COPY (SELECT 'NaN'::real) TO STDOUT (FORMAT 'text')
-- end
-- simple
COPY (SELECT 'NaN'::real) TO STDOUT (FORMAT 'csv')
-- end
-- simple
COPY (SELECT 'NaN'::real) TO STDOUT (FORMAT 'binary')
-- end
-- extended binary
SELECT 'NaN'::real
-- columns float4:700
-- row \x7fc00000
-- end
-- extended binary
SELECT 'NaN'::real
-- columns float4:700
-- row \x7fc00000
-- end
-- extended binary
SELECT $1::real, ($1::real)::text
-- $ 0 binary 7fc00000
-- columns float4:700	text:25
-- row \x7fc00000	NaN
-- end
-- extended binary
SELECT count(*) FROM types WHERE f4 = $1
-- $ 0 binary 7fc00000
-- columns count:20
-- row \x0000000000000000
-- end
-- extended binary
INSERT INTO types (f4) VALUES ($1)
-- $ 0 binary 7fc00000
-- end
-- simple
COPY (SELECT f4 FROM types WHERE f4 IS NULL LIMIT 1) TO STDOUT (FORMAT 'binary')
-- end
-- extended binary
INSERT INTO types (f4) VALUES ($1)
-- $ 0 binary 7fc00000
-- end
-- extended binary
INSERT INTO types (f4) VALUES ($1)
-- $ 0 NULL
-- end
-- simple
COPY (SELECT 'Infinity'::real) TO STDOUT (FORMAT 'text')
-- end
-- simple
COPY (SELECT 'Infinity'::real) TO STDOUT (FORMAT 'csv')
-- end
-- simple
COPY (SELECT 'Infinity'::real) TO STDOUT (FORMAT 'binary')
-- end
-- extended binary
SELECT 'Infinity'::real
-- columns float4:700
-- row \x7f800000
-- end
-- extended binary
SELECT 'Infinity'::real
-- columns float4:700
-- row \x7f800000
-- end
-- extended binary
SELECT $1::real, ($1::real)::text
-- $ 0 binary 7f800000
-- columns float4:700	text:25
-- row \x7f800000	Infinity
-- end
-- extended binary
SELECT count(*) FROM types WHERE f4 = $1
-- $ 0 binary 7f800000
-- columns count:20
-- row \x0000000000000000
-- end
-- extended binary
INSERT INTO types (f4) VALUES ($1)
-- $ 0 binary 7f800000
-- end
-- simple
COPY (SELECT f4 FROM types WHERE f4 IS NULL LIMIT 1) TO STDOUT (FORMAT 'binary')
-- end
-- extended binary
INSERT INTO types (f4) VALUES ($1)
-- $ 0 binary 7f800000
-- end
-- extended binary
INSERT INTO types (f4) VALUES ($1)
-- $ 0 NULL
-- end
-- simple
COPY (SELECT '-Infinity'::real) TO STDOUT (FORMAT 'text')
-- end
-- simple
COPY (SELECT '-Infinity'::real) TO STDOUT (FORMAT 'csv')
-- end
-- simple
COPY (SELECT '-Infinity'::real) TO STDOUT (FORMAT 'binary')
-- end
-- extended binary
SELECT '-Infinity'::real
-- columns float4:700
-- row \xff800000
-- end
-- extended binary
SELECT '-Infinity'::real
-- columns float4:700
-- row \xff800000
-- end
-- extended binary
SELECT $1::real, ($1::real)::text
-- $ 0 binary ff800000
-- columns float4:700	text:25
-- row \xff800000	-Infinity
-- end
-- extended binary
SELECT count(*) FROM types WHERE f4 = $1
-- $ 0 binary ff800000
-- columns count:20
-- row \x0000000000000000
-- end
-- extended binary
INSERT INTO types (f4) VALUES ($1)
-- $ 0 binary ff800000
-- end
-- simple
COPY (SELECT f4 FROM types WHERE f4 IS NULL LIMIT 1) TO STDOUT (FORMAT 'binary')
-- end
-- extended binary
INSERT INTO types (f4) VALUES ($1)
-- $ 0 binary ff800000
-- end
-- extended binary
INSERT INTO types (f4) VALUES ($1)
-- $ 0 NULL
-- end
-- simple
COPY (SELECT '3.4028235e38'::real) TO STDOUT (FORMAT 'text')
-- end
-- simple
COPY (SELECT '3.4028235e38'::real) TO STDOUT (FORMAT 'csv')
-- end
-- simple
COPY (SELECT '3.4028235e38'::real) TO STDOUT (FORMAT 'binary')
-- end
-- extended binary
SELECT '3.4028235e38'::real
-- columns float4:700
-- row \x7f7fffff
-- end
-- extended binary
SELECT '3.4028235e38'::real
-- columns float4:700
-- row \x7f7fffff
-- end
-- extended binary
SELECT $1::real, ($1::real)::text
-- $ 0 binary 7f7fffff
-- columns float4:700	text:25
-- row \x7f7fffff	3.4028235e+38
-- end
-- extended binary
SELECT count(*) FROM types WHERE f4 = $1
-- $ 0 binary 7f7fffff
-- columns count:20
-- row \x0000000000000000
-- end
-- extended binary
INSERT INTO types (f4) VALUES ($1)
-- $ 0 binary 7f7fffff
-- end
-- simple
COPY (SELECT f4 FROM types WHERE f4 IS NULL LIMIT 1) TO STDOUT (FORMAT 'binary')
-- end
-- extended binary
INSERT INTO types (f4) VALUES ($1)
-- $ 0 binary 7f7fffff
-- end
-- extended binary
INSERT INTO types (f4) VALUES ($1)
-- $ 0 NULL
-- end
-- simple
COPY (SELECT '0.1'::real) TO STDOUT (FORMAT 'text')
-- end
-- simple
COPY (SELECT '0.1'::real) TO STDOUT (FORMAT 'csv')
-- end
-- simple
COPY (SELECT '0.1'::real) TO STDOUT (FORMAT 'binary')
-- end
-- extended binary
SELECT '0.1'::real
-- columns float4:700
-- row \x3dcccccd
-- end
-- extended binary
SELECT '0.1'::real
-- columns float4:700
-- row \x3dcccccd
-- end
-- extended binary
SELECT $1::real, ($1::real)::text
-- $ 0 binary 3dcccccd
-- columns float4:700	text:25
-- row \x3dcccccd	0.1
-- end
-- extended binary
SELECT count(*) FROM types WHERE f4 = $1
-- $ 0 binary 3dcccccd
-- columns count:20
-- row \x0000000000000000
-- end
-- extended binary
INSERT INTO types (f4) VALUES ($1)
-- $ 0 binary 3dcccccd
-- end
-- simple
COPY (SELECT f4 FROM types WHERE f4 IS NULL LIMIT 1) TO STDOUT (FORMAT 'binary')
-- end
-- extended binary
INSERT INTO types (f4) VALUES ($1)
-- $ 0 binary 3dcccccd
-- end
-- extended binary
INSERT INTO types (f4) VALUES ($1)
-- $ 0 NULL
-- end
-- simple
COPY (SELECT NULL::real) TO STDOUT (FORMAT 'text')
-- end
-- simple
COPY (SELECT NULL::real) TO STDOUT (FORMAT 'csv')
-- end
-- simple
COPY (SELECT NULL::real) TO STDOUT (FORMAT 'binary')
-- end
-- extended binary
SELECT NULL::real
-- columns float4:700
-- row \N
-- end
-- extended binary
SELECT NULL::real
-- columns float4:700
-- row \N
-- end
-- extended binary
SELECT $1::real, ($1::real)::text
-- $ 0 NULL
-- columns float4:700	text:25
-- row \N	\N
-- end
-- extended binary
SELECT count(*) FROM types WHERE f4 = $1
-- $ 0 NULL
-- columns count:20
-- row \x0000000000000000
-- end
-- extended binary
INSERT INTO types (f4) VALUES ($1)
-- $ 0 NULL
-- end
-- simple
COPY (SELECT f4 FROM types WHERE f4 IS NULL LIMIT 1) TO STDOUT (FORMAT 'binary')
-- end
-- extended binary
INSERT INTO types (f4) VALUES ($1)
-- $ 0 NULL
-- end
-- extended binary
INSERT INTO types (f4) VALUES ($1)
-- $ 0 NULL
-- end
-- extended binary
SELECT f4::text FROM types WHERE f4 IS NOT NULL
-- columns f4:25
-- end
-- extended binary

                    SELECT
                        current_setting('jit') AS cur,
                        set_config('jit', 'off', false) AS new
-- columns cur:25	new:25
-- row off	off
-- end
-- simple
COPY (SELECT '{}'::real[]) TO STDOUT (FORMAT 'text')
-- end
-- simple
COPY (SELECT '{}'::real[]) TO STDOUT (FORMAT 'csv')
-- end
-- simple
COPY (SELECT '{}'::real[]) TO STDOUT (FORMAT 'binary')
-- end
-- extended binary
SELECT '{}'::real[]
-- columns float4:1021
-- row \x0000000000000000000002bc
-- end
-- extended binary
SELECT '{}'::real[]
-- columns float4:1021
-- row \x0000000000000000000002bc
-- end
-- extended binary
SELECT $1::real[], ($1::real[])::text
-- $ 0 binary 0000000100000000000002bc0000000000000001
-- columns float4:1021	text:25
-- row \x0000000000000000000002bc	{}
-- end
-- extended binary
SELECT count(*) FROM types WHERE f4_a = $1
-- $ 0 binary 0000000100000000000002bc0000000000000001
-- columns count:20
-- row \x0000000000000000
-- end
-- extended binary
INSERT INTO types (f4_a) VALUES ($1)
-- $ 0 binary 0000000100000000000002bc0000000000000001
-- end
-- simple
COPY (SELECT f4_a FROM types WHERE f4_a IS NULL LIMIT 1) TO STDOUT (FORMAT 'binary')
-- end
-- extended binary
INSERT INTO types (f4_a) VALUES ($1)
-- $ 0 binary 0000000100000000000002bc0000000000000001
-- end
-- extended binary
INSERT INTO types (f4_a) VALUES ($1)
-- $ 0 NULL
-- end
-- simple
COPY (SELECT '{"1.5","-0","NaN","Infinity","-Infinity","3.4028235e38","0.1",NULL}'::real[]) TO STDOUT (FORMAT 'text')
-- end
-- simple
COPY (SELECT '{"1.5","-0","NaN","Infinity","-Infinity","3.4028235e38","0.1",NULL}'::real[]) TO STDOUT (FORMAT 'csv')
-- end
-- simple
COPY (SELECT '{"1.5","-0","NaN","Infinity","-Infinity","3.4028235e38","0.1",NULL}'::real[]) TO STDOUT (FORMAT 'binary')
-- end
-- extended binary
SELECT '{"1.5","-0","NaN","Infinity","-Infinity","3.4028235e38","0.1",NULL}'::real[]
-- columns float4:1021
-- row \x0000000100000001000002bc0000000800000001000000043fc000000000000480000000000000047fc00000000000047f80000000000004ff800000000000047f7fffff000000043dcccccdffffffff
-- end
-- extended binary
SELECT '{"1.5","-0","NaN","Infinity","-Infinity","3.4028235e38","0.1",NULL}'::real[]
-- columns float4:1021
-- row \x0000000100000001000002bc0000000800000001000000043fc000000000000480000000000000047fc00000000000047f80000000000004ff800000000000047f7fffff000000043dcccccdffffffff
-- end
-- extended binary
SELECT $1::real[], ($1::real[])::text
-- $ 0 binary 0000000100000000000002bc0000000800000001000000043fc000000000000480000000000000047fc00000000000047f80000000000004ff800000000000047f7fffff000000043dcccccdffffffff
-- columns float4:1021	text:25
-- row \x0000000100000001000002bc0000000800000001000000043fc000000000000480000000000000047fc00000000000047f80000000000004ff800000000000047f7fffff000000043dcccccdffffffff	{1.5,-0,NaN,Infinity,-Infinity,3.4028235e+38,0.1,NULL}
-- end
-- extended binary
SELECT count(*) FROM types WHERE f4_a = $1
-- $ 0 binary 0000000100000000000002bc0000000800000001000000043fc000000000000480000000000000047fc00000000000047f80000000000004ff800000000000047f7fffff000000043dcccccdffffffff
-- columns count:20
-- row \x0000000000000000
-- end
-- extended binary
INSERT INTO types (f4_a) VALUES ($1)
-- $ 0 binary 0000000100000000000002bc0000000800000001000000043fc000000000000480000000000000047fc00000000000047f80000000000004ff800000000000047f7fffff000000043dcccccdffffffff
-- end
-- simple
COPY (SELECT f4_a FROM types WHERE f4_a IS NULL LIMIT 1) TO STDOUT (FORMAT 'binary')
-- end
-- extended binary
INSERT INTO types (f4_a) VALUES ($1)
-- $ 0 binary 0000000100000000000002bc0000000800000001000000043fc000000000000480000000000000047fc00000000000047f80000000000004ff800000000000047f7fffff000000043dcccccdffffffff
-- end
-- extended binary
INSERT INTO types (f4_a) VALUES ($1)
-- $ 0 NULL
-- end
-- extended binary
SELECT f4_a::text FROM types WHERE f4_a IS NOT NULL
-- columns f4_a:25
-- end
-- simple
COPY (SELECT '1.5'::double precision) TO STDOUT (FORMAT 'text')
-- end
-- simple
COPY (SELECT '1.5'::double precision) TO STDOUT (FORMAT 'csv')
-- end
-- simple
COPY (SELECT '1.5'::double precision) TO STDOUT (FORMAT 'binary')
-- end
-- extended binary
SELECT '1.5'::double precision
-- columns float8:701
-- row \x3ff8000000000000
-- end
-- extended binary
SELECT '1.5'::double precision
-- columns float8:701
-- row \x3ff8000000000000
-- end
-- extended binary
SELECT $1::double precision, ($1::double precision)::text
-- $ 0 binary 3ff8000000000000
-- columns float8:701	text:25
-- row \x3ff8000000000000	1.5
-- end
-- extended binary
SELECT count(*) FROM types WHERE f8 = $1
-- $ 0 binary 3ff8000000000000
-- columns count:20
-- row \x0000000000000000
-- end
-- extended binary
INSERT INTO types (f8) VALUES ($1)
-- $ 0 binary 3ff8000000000000
-- end
-- simple
COPY (SELECT f8 FROM types WHERE f8 IS NULL LIMIT 1) TO STDOUT (FORMAT 'binary')
-- end
-- extended binary
INSERT INTO types (f8) VALUES ($1)
-- $ 0 binary 3ff8000000000000
-- end
-- extended binary
INSERT INTO types (f8) VALUES ($1)
-- $ 0 NULL
-- end
-- simple
COPY (SELECT '-0'::double precision) TO STDOUT (FORMAT 'text')
-- end
-- simple
COPY (SELECT '-0'::double precision) TO STDOUT (FORMAT 'csv')
-- end
-- simple
COPY (SELECT '-0'::double precision) TO STDOUT (FORMAT 'binary')
-- end
-- extended binary
SELECT '-0'::double precision
-- columns float8:701
-- row \x8000000000000000
-- end
-- extended binary
SELECT '-0'::double precision
-- columns float8:701
-- row \x8000000000000000
-- end
-- extended binary
SELECT $1::double precision, ($1::double precision)::text
-- $ 0 binary 8000000000000000
-- columns float8:701	text:25
-- row \x8000000000000000	-0
-- end
-- extended binary
SELECT count(*) FROM types WHERE f8 = $1
-- $ 0 binary 8000000000000000
-- columns count:20
-- row \x0000000000000000
-- end
-- extended binary
INSERT INTO types (f8) VALUES ($1)
-- $ 0 binary 8000000000000000
-- end
-- simple
COPY (SELECT f8 FROM types WHERE f8 IS NULL LIMIT 1) TO STDOUT (FORMAT 'binary')
-- end
-- extended binary
INSERT INTO types (f8) VALUES ($1)
-- $ 0 binary 8000000000000000
-- end
-- extended binary
INSERT INTO types (f8) VALUES ($1)
-- $ 0 NULL
-- end
-- simple
COPY (SELECT 'NaN'::double precision) TO STDOUT (FORMAT 'text')
-- end
-- simple
COPY (SELECT 'NaN'::double precision) TO STDOUT (FORMAT 'csv')
-- end
-- simple
COPY (SELECT 'NaN'::double precision) TO STDOUT (FORMAT 'binary')
-- end
-- extended binary
SELECT 'NaN'::double precision
-- columns float8:701
-- row \x7ff8000000000000
-- end
-- extended binary
SELECT 'NaN'::double precision
-- columns float8:701
-- row \x7ff8000000000000
-- end
-- extended binary
SELECT $1::double precision, ($1::double precision)::text
-- $ 0 binary 7ff8000000000000
-- columns float8:701	text:25
-- row \x7ff8000000000000	NaN
-- end
-- extended binary
SELECT count(*) FROM types WHERE f8 = $1
-- $ 0 binary 7ff8000000000000
-- columns count:20
-- row \x0000000000000000
-- end
-- extended binary
INSERT INTO types (f8) VALUES ($1)
-- $ 0 binary 7ff8000000000000
-- end
-- simple
COPY (SELECT f8 FROM types WHERE f8 IS NULL LIMIT 1) TO STDOUT (FORMAT 'binary')
-- end
-- extended binary
INSERT INTO types (f8) VALUES ($1)
-- $ 0 binary 7ff8000000000000
-- end
-- extended binary
INSERT INTO types (f8) VALUES ($1)
-- $ 0 NULL
-- end
-- simple
COPY (SELECT 'Infinity'::double precision) TO STDOUT (FORMAT 'text')
-- end
-- simple
COPY (SELECT 'Infinity'::double precision) TO STDOUT (FORMAT 'csv')
-- end
-- simple
COPY (SELECT 'Infinity'::double precision) TO STDOUT (FORMAT 'binary')
-- end
-- extended binary
SELECT 'Infinity'::double precision
-- columns float8:701
-- row \x7ff0000000000000
-- end
-- extended binary
SELECT 'Infinity'::double precision
-- columns float8:701
-- row \x7ff0000000000000
-- end
-- extended binary
SELECT $1::double precision, ($1::double precision)::text
-- $ 0 binary 7ff0000000000000
-- columns float8:701	text:25
-- row \x7ff0000000000000	Infinity
-- end
-- extended binary
SELECT count(*) FROM types WHERE f8 = $1
-- $ 0 binary 7ff0000000000000
-- columns count:20
-- row \x0000000000000000
-- end
-- extended binary
INSERT INTO types (f8) VALUES ($1)
-- $ 0 binary 7ff0000000000000
-- end
-- simple
COPY (SELECT f8 FROM types WHERE f8 IS NULL LIMIT 1) TO STDOUT (FORMAT 'binary')
-- end
-- extended binary
INSERT INTO types (f8) VALUES ($1)
-- $ 0 binary 7ff0000000000000
-- end
-- extended binary
INSERT INTO types (f8) VALUES ($1)
-- $ 0 NULL
-- end
-- simple
COPY (SELECT '-Infinity'::double precision) TO STDOUT (FORMAT 'text')
-- end
-- simple
COPY (SELECT '-Infinity'::double precision) TO STDOUT (FORMAT 'csv')
-- end
-- simple
COPY (SELECT '-Infinity'::double precision) TO STDOUT (FORMAT 'binary')
-- end
-- extended binary
SELECT '-Infinity'::double precision
-- columns float8:701
-- row \xfff0000000000000
-- end
-- extended binary
SELECT '-Infinity'::double precision
-- columns float8:701
-- row \xfff0000000000000
-- end
-- extended binary
SELECT $1::double precision, ($1::double precision)::text
-- $ 0 binary fff0000000000000
-- columns float8:701	text:25
-- row \xfff0000000000000	-Infinity
-- end
-- extended binary
SELECT count(*) FROM types WHERE f8 = $1
-- $ 0 binary fff0000000000000
-- columns count:20
-- row \x0000000000000000
-- end
-- extended binary
INSERT INTO types (f8) VALUES ($1)
-- $ 0 binary fff0000000000000
-- end
-- simple
COPY (SELECT f8 FROM types WHERE f8 IS NULL LIMIT 1) TO STDOUT (FORMAT 'binary')
-- end
-- extended binary
INSERT INTO types (f8) VALUES ($1)
-- $ 0 binary fff0000000000000
-- end
-- extended binary
INSERT INTO types (f8) VALUES ($1)
-- $ 0 NULL
-- end
-- simple
COPY (SELECT '1.7976931348623157e308'::double precision) TO STDOUT (FORMAT 'text')
-- end
-- simple
COPY (SELECT '1.7976931348623157e308'::double precision) TO STDOUT (FORMAT 'csv')
-- end
-- simple
COPY (SELECT '1.7976931348623157e308'::double precision) TO STDOUT (FORMAT 'binary')
-- end
-- extended binary
SELECT '1.7976931348623157e308'::double precision
-- columns float8:701
-- row \x7fefffffffffffff
-- end
-- extended binary
SELECT '1.7976931348623157e308'::double precision
-- columns float8:701
-- row \x7fefffffffffffff
-- end
-- extended binary
SELECT $1::double precision, ($1::double precision)::text
-- $ 0 binary 7fefffffffffffff
-- columns float8:701	text:25
-- row \x7fefffffffffffff	1.7976931348623157e+308
-- end
-- extended binary
SELECT count(*) FROM types WHERE f8 = $1
-- $ 0 binary 7fefffffffffffff
-- columns count:20
-- row \x0000000000000000
-- end
-- extended binary
INSERT INTO types (f8) VALUES ($1)
-- $ 0 binary 7fefffffffffffff
-- end
-- simple
COPY (SELECT f8 FROM types WHERE f8 IS NULL LIMIT 1) TO STDOUT (FORMAT 'binary')
-- end
-- extended binary
INSERT INTO types (f8) VALUES ($1)
-- $ 0 binary 7fefffffffffffff
-- end
-- extended binary
INSERT INTO types (f8) VALUES ($1)
-- $ 0 NULL
-- end
-- simple
COPY (SELECT '0.1'::double precision) TO STDOUT (FORMAT 'text')
-- end
-- simple
COPY (SELECT '0.1'::double precision) TO STDOUT (FORMAT 'csv')
-- end
-- simple
COPY (SELECT '0.1'::double precision) TO STDOUT (FORMAT 'binary')
-- end
-- extended binary
SELECT '0.1'::double precision
-- columns float8:701
-- row \x3fb999999999999a
-- end
-- extended binary
SELECT '0.1'::double precision
-- columns float8:701
-- row \x3fb999999999999a
-- end
-- extended binary
SELECT $1::double precision, ($1::double precision)::text
-- $ 0 binary 3fb999999999999a
-- columns float8:701	text:25
-- row \x3fb999999999999a	0.1
-- end
-- extended binary
SELECT count(*) FROM types WHERE f8 = $1
-- $ 0 binary 3fb999999999999a
-- columns count:20
-- row \x0000000000000000
-- end
-- extended binary
INSERT INTO types (f8) VALUES ($1)
-- $ 0 binary 3fb999999999999a
-- end
-- simple
COPY (SELECT f8 FROM types WHERE f8 IS NULL LIMIT 1) TO STDOUT (FORMAT 'binary')
-- end
-- extended binary
INSERT INTO types (f8) VALUES ($1)
-- $ 0 binary 3fb999999999999a
-- end
-- extended binary
INSERT INTO types (f8) VALUES ($1)
-- $ 0 NULL
-- end
-- simple
COPY (SELECT NULL::double precision) TO STDOUT (FORMAT 'text')
-- end
-- simple
COPY (SELECT NULL::double precision) TO STDOUT (FORMAT 'csv')
-- end
-- simple
COPY (SELECT NULL::double precision) TO STDOUT (FORMAT 'binary')
-- end
-- extended binary
SELECT NULL::double precision
-- columns float8:701
-- row \N
-- end
-- extended binary
SELECT NULL::double precision
-- columns float8:701
-- row \N
-- end
-- extended binary
SELECT $1::double precision, ($1::double precision)::text
-- $ 0 NULL
-- columns float8:701	text:25
-- row \N	\N
-- end
-- extended binary
SELECT count(*) FROM types WHERE f8 = $1
-- $ 0 NULL
-- columns count:20
-- row \x0000000000000000
-- end
-- extended binary
INSERT INTO types (f8) VALUES ($1)
-- $ 0 NULL
-- end
-- simple
COPY (SELECT f8 FROM types WHERE f8 IS NULL LIMIT 1) TO STDOUT (FORMAT 'binary')
-- end
-- extended binary
INSERT INTO types (f8) VALUES ($1)
-- $ 0 NULL
-- end
-- extended binary
INSERT INTO types (f8) VALUES ($1)
-- $ 0 NULL
-- end
-- extended binary
SELECT f8::text FROM types WHERE f8 IS NOT NULL
-- columns f8:25
-- row 1.5
-- end
-- extended binary

                    SELECT
                        current_setting('jit') AS cur,
                        set_config('jit', 'off', false) AS new
-- columns cur:25	new:25
-- row off	off
-- end
-- simple
COPY (SELECT '{}'::double precision[]) TO STDOUT (FORMAT 'text')
-- end
-- simple
COPY (SELECT '{}'::double precision[]) TO STDOUT (FORMAT 'csv')
-- end
-- simple
COPY (SELECT '{}'::double precision[]) TO STDOUT (FORMAT 'binary')
-- end
-- extended binary
SELECT '{}'::double precision[]
-- columns float8:1022
-- row \x0000000000000000000002bd
-- end
-- extended binary
SELECT '{}'::double precision[]
-- columns float8:1022
-- row \x0000000000000000000002bd
-- end
-- extended binary
SELECT $1::double precision[], ($1::double precision[])::text
-- $ 0 binary 0000000100000000000002bd0000000000000001
-- columns float8:1022	text:25
-- row \x0000000000000000000002bd	{}
-- end
-- extended binary
SELECT count(*) FROM types WHERE f8_a = $1
-- $ 0 binary 0000000100000000000002bd0000000000000001
-- columns count:20
-- row \x0000000000000000
-- end
-- extended binary
INSERT INTO types (f8_a) VALUES ($1)
-- $ 0 binary 0000000100000000000002bd0000000000000001
-- end
-- simple
COPY (SELECT f8_a FROM types WHERE f8_a IS NULL LIMIT 1) TO STDOUT (FORMAT 'binary')
-- end
-- extended binary
INSERT INTO types (f8_a) VALUES ($1)
-- $ 0 binary 0000000100000000000002bd0000000000000001
-- end
-- extended binary
INSERT INTO types (f8_a) VALUES ($1)
-- $ 0 NULL
-- end
-- simple
COPY (SELECT '{"1.5","-0","NaN","Infinity","-Infinity","1.7976931348623157e308","0.1",NULL}'::double precision[]) TO STDOUT (FORMAT 'text')
-- end
-- simple
COPY (SELECT '{"1.5","-0","NaN","Infinity","-Infinity","1.7976931348623157e308","0.1",NULL}'::double precision[]) TO STDOUT (FORMAT 'csv')
-- end
-- simple
COPY (SELECT '{"1.5","-0","NaN","Infinity","-Infinity","1.7976931348623157e308","0.1",NULL}'::double precision[]) TO STDOUT (FORMAT 'binary')
-- end
-- extended binary
SELECT '{"1.5","-0","NaN","Infinity","-Infinity","1.7976931348623157e308","0.1",NULL}'::double precision[]
-- columns float8:1022
-- row \x0000000100000001000002bd0000000800000001000000083ff8000000000000000000088000000000000000000000087ff8000000000000000000087ff000000000000000000008fff0000000000000000000087fefffffffffffff000000083fb999999999999affffffff
-- end
-- extended binary
SELECT '{"1.5","-0","NaN","Infinity","-Infinity","1.7976931348623157e308","0.1",NULL}'::double precision[]
-- columns float8:1022
-- row \x0000000100000001000002bd0000000800000001000000083ff8000000000000000000088000000000000000000000087ff8000000000000000000087ff000000000000000000008fff0000000000000000000087fefffffffffffff000000083fb999999999999affffffff
-- end
-- extended binary
SELECT $1::double precision[], ($1::double precision[])::text
-- $ 0 binary 0000000100000000000002bd0000000800000001000000083ff8000000000000000000088000000000000000000000087ff8000000000000000000087ff000000000000000000008fff0000000000000000000087fefffffffffffff000000083fb999999999999affffffff
-- columns float8:1022	text:25
-- row \x0000000100000001000002bd0000000800000001000000083ff8000000000000000000088000000000000000000000087ff8000000000000000000087ff000000000000000000008fff0000000000000000000087fefffffffffffff000000083fb999999999999affffffff	{1.5,-0,NaN,Infinity,-Infinity,1.7976931348623157e+308,0.1,NULL}
-- end
-- extended binary
SELECT count(*) FROM types WHERE f8_a = $1
-- $ 0 binary 0000000100000000000002bd0000000800000001000000083ff8000000000000000000088000000000000000000000087ff8000000000000000000087ff000000000000000000008fff0000000000000000000087fefffffffffffff000000083fb999999999999affffffff
-- columns count:20
-- row \x0000000000000000
-- end
-- extended binary
INSERT INTO types (f8_a) VALUES ($1)
-- $ 0 binary 0000000100000000000002bd0000000800000001000000083ff8000000000000000000088000000000000000000000087ff8000000000000000000087ff000000000000000000008fff0000000000000000000087fefffffffffffff000000083fb999999999999affffffff
-- end
-- simple
COPY (SELECT f8_a FROM types WHERE f8_a IS NULL LIMIT 1) TO STDOUT (FORMAT 'binary')
-- end
-- extended binary
INSERT INTO types (f8_a) VALUES ($1)
-- $ 0 binary 0000000100000000000002bd0000000800000001000000083ff8000000000000000000088000000000000000000000087ff8000000000000000000087ff000000000000000000008fff0000000000000000000087fefffffffffffff000000083fb999999999999affffffff
-- end
-- extended binary
INSERT INTO types (f8_a) VALUES ($1)
-- $ 0 NULL
-- end
-- extended binary
SELECT f8_a::text FROM types WHERE f8_a IS NOT NULL
-- columns f8_a:25
-- row {}
-- end
-- simple
COPY (SELECT '0'::numeric) TO STDOUT (FORMAT 'text')
-- end
-- simple
COPY (SELECT '0'::numeric) TO STDOUT (FORMAT 'csv')
-- end
-- simple
COPY (SELECT '0'::numeric) TO STDOUT (FORMAT 'binary')
-- end
-- extended binary
SELECT '0'::numeric
-- columns numeric:1700
-- row \x0000000000000000
-- end
-- extended binary
SELECT '0'::numeric
-- columns numeric:1700
-- row \x0000000000000000
-- end
-- extended binary
SELECT $1::numeric, ($1::numeric)::text
-- $ 0 binary 00010000000000000000
-- columns numeric:1700	text:25
-- row \x0000000000000000	0
-- end
-- extended binary
SELECT count(*) FROM types WHERE num = $1
-- $ 0 binary 00010000000000000000
-- columns count:20
-- row \x0000000000000000
-- end
-- extended binary
INSERT INTO types (num) VALUES ($1)
-- $ 0 binary 00010000000000000000
-- end
-- simple
COPY (SELECT num FROM types WHERE num IS NULL LIMIT 1) TO STDOUT (FORMAT 'binary')
-- end
-- extended binary
INSERT INTO types (num) VALUES ($1)
-- $ 0 binary 00010000000000000000
-- end
-- extended binary
INSERT INTO types (num) VALUES ($1)
-- $ 0 NULL
-- end
-- simple
COPY (SELECT '1.0'::numeric) TO STDOUT (FORMAT 'text')
-- end
-- simple
COPY (SELECT '1.0'::numeric) TO STDOUT (FORMAT 'csv')
-- end
-- simple
COPY (SELECT '1.0'::numeric) TO STDOUT (FORMAT 'binary')
-- end
-- extended binary
SELECT '1.0'::numeric
-- columns numeric:1700
-- row \x00010000000000010001
-- end
-- extended binary
SELECT '1.0'::numeric
-- columns numeric:1700
-- row \x00010000000000010001
-- end
-- extended binary
SELECT $1::numeric, ($1::numeric)::text
-- $ 0 binary 000200000000000100010000
-- columns numeric:1700	text:25
-- row \x00010000000000010001	1.0
-- end
-- extended binary
SELECT count(*) FROM types WHERE num = $1
-- $ 0 binary 000200000000000100010000
-- columns count:20
-- row \x0000000000000000
-- end
-- extended binary
INSERT INTO types (num) VALUES ($1)
-- $ 0 binary 000200000000000100010000
-- end
-- simple
COPY (SELECT num FROM types WHERE num IS NULL LIMIT 1) TO STDOUT (FORMAT 'binary')
-- end
-- extended binary
INSERT INTO types (num) VALUES ($1)
-- $ 0 binary 000200000000000100010000
-- end
-- extended binary
INSERT INTO types (num) VALUES ($1)
-- $ 0 NULL
-- end
-- simple
COPY (SELECT '1.10'::numeric) TO STDOUT (FORMAT 'text')
-- end
-- simple
COPY (SELECT '1.10'::numeric) TO STDOUT (FORMAT 'csv')
-- end
-- simple
COPY (SELECT '1.10'::numeric) TO STDOUT (FORMAT 'binary')
-- end
-- extended binary
SELECT '1.10'::numeric
-- columns numeric:1700
-- row \x0002000000000002000103e8
-- end
-- extended binary
SELECT '1.10'::numeric
-- columns numeric:1700
-- row \x0002000000000002000103e8
-- end
-- extended binary
SELECT $1::numeric, ($1::numeric)::text
-- $ 0 binary 0002000000000002000103e8
-- columns numeric:1700	text:25
-- row \x0002000000000002000103e8	1.10
-- end
-- extended binary
SELECT count(*) FROM types WHERE num = $1
-- $ 0 binary 0002000000000002000103e8
-- columns count:20
-- row \x0000000000000000
-- end
-- extended binary
INSERT INTO types (num) VALUES ($1)
-- $ 0 binary 0002000000000002000103e8
-- end
-- simple
COPY (SELECT num FROM types WHERE num IS NULL LIMIT 1) TO STDOUT (FORMAT 'binary')
-- end
-- extended binary
INSERT INTO types (num) VALUES ($1)
-- $ 0 binary 0002000000000002000103e8
-- end
-- extended binary
INSERT INTO types (num) VALUES ($1)
-- $ 0 NULL
-- end
-- simple
COPY (SELECT '-12345678901234567890123456789012345678901234567890.00000000000000000001'::numeric) TO STDOUT (FORMAT 'text')
-- end
-- simple
COPY (SELECT '-12345678901234567890123456789012345678901234567890.00000000000000000001'::numeric) TO STDOUT (FORMAT 'csv')
-- end
-- simple
COPY (SELECT '-12345678901234567890123456789012345678901234567890.00000000000000000001'::numeric) TO STDOUT (FORMAT 'binary')
-- end
-- extended binary
SELECT '-12345678901234567890123456789012345678901234567890.00000000000000000001'::numeric
-- columns numeric:1700
-- row \x0012000c40000014000c0d801ed204d2162e23340d801ed204d2162e23340d801ed200000000000000000001
-- end
-- extended binary
SELECT '-12345678901234567890123456789012345678901234567890.00000000000000000001'::numeric
-- columns numeric:1700
-- row \x0012000c40000014000c0d801ed204d2162e23340d801ed204d2162e23340d801ed200000000000000000001
-- end
-- extended binary
SELECT $1::numeric, ($1::numeric)::text
-- $ 0 binary 0012000c40000014000c0d801ed204d2162e23340d801ed204d2162e23340d801ed200000000000000000001
-- columns numeric:1700	text:25
-- row \x0012000c40000014000c0d801ed204d2162e23340d801ed204d2162e23340d801ed200000000000000000001	-12345678901234567890123456789012345678901234567890.00000000000000000001
-- end
-- extended binary
SELECT count(*) FROM types WHERE num = $1
-- $ 0 binary 0012000c40000014000c0d801ed204d2162e23340d801ed204d2162e23340d801ed200000000000000000001
-- columns count:20
-- row \x0000000000000000
-- end
-- extended binary
INSERT INTO types (num) VALUES ($1)
-- $ 0 binary 0012000c40000014000c0d801ed204d2162e23340d801ed204d2162e23340d801ed200000000000000000001
-- end
-- simple
COPY (SELECT num FROM types WHERE num IS NULL LIMIT 1) TO STDOUT (FORMAT 'binary')
-- end
-- extended binary
INSERT INTO types (num) VALUES ($1)
-- $ 0 binary 0012000c40000014000c0d801ed204d2162e23340d801ed204d2162e23340d801ed200000000000000000001
-- end
-- extended binary
INSERT INTO types (num) VALUES ($1)
-- $ 0 NULL
-- end
-- simple
COPY (SELECT 'NaN'::numeric) TO STDOUT (FORMAT 'text')
-- end
-- simple
COPY (SELECT 'NaN'::numeric) TO STDOUT (FORMAT 'csv')
-- end
-- simple
COPY (SELECT 'NaN'::numeric) TO STDOUT (FORMAT 'binary')
-- end
-- extended binary
SELECT 'NaN'::numeric
-- columns numeric:1700
-- row \x00000000c0000000
-- end
-- extended binary
SELECT 'NaN'::numeric
-- columns numeric:1700
-- row \x00000000c0000000
-- end
-- extended binary
SELECT $1::numeric, ($1::numeric)::text
-- $ 0 binary 00000000c0000000
-- columns numeric:1700	text:25
-- row \x00000000c0000000	NaN
-- end
-- extended binary
SELECT count(*) FROM types WHERE num = $1
-- $ 0 binary 00000000c0000000
-- columns count:20
-- row \x0000000000000000
-- end
-- extended binary
INSERT INTO types (num) VALUES ($1)
-- $ 0 binary 00000000c0000000
-- end
-- simple
COPY (SELECT num FROM types WHERE num IS NULL LIMIT 1) TO STDOUT (FORMAT 'binary')
-- end
-- extended binary
INSERT INTO types (num) VALUES ($1)
-- $ 0 binary 00000000c0000000
-- end
-- extended binary
INSERT INTO types (num) VALUES ($1)
-- $ 0 NULL
-- end
-- simple
COPY (SELECT 'Infinity'::numeric) TO STDOUT (FORMAT 'text')
-- end
-- simple
COPY (SELECT 'Infinity'::numeric) TO STDOUT (FORMAT 'csv')
-- end
-- simple
COPY (SELECT 'Infinity'::numeric) TO STDOUT (FORMAT 'binary')
-- end
-- extended binary
SELECT 'Infinity'::numeric
-- columns numeric:1700
-- row \x00000000d0000020
-- end
-- extended binary
SELECT 'Infinity'::numeric
-- columns numeric:1700
-- row \x00000000d0000020
-- end
-- extended binary
SELECT $1::numeric, ($1::numeric)::text
-- $ 0 binary 00000000d0000000
-- columns numeric:1700	text:25
-- row \x00000000d0000020	Infinity
-- end
-- extended binary
SELECT count(*) FROM types WHERE num = $1
-- $ 0 binary 00000000d0000000
-- columns count:20
-- row \x0000000000000000
-- end
-- extended binary
INSERT INTO types (num) VALUES ($1)
-- $ 0 binary 00000000d0000000
-- end
-- simple
COPY (SELECT num FROM types WHERE num IS NULL LIMIT 1) TO STDOUT (FORMAT 'binary')
-- end
-- extended binary
INSERT INTO types (num) VALUES ($1)
-- $ 0 binary 00000000d0000000
-- end
-- extended binary
INSERT INTO types (num) VALUES ($1)
-- $ 0 NULL
-- end
-- simple
COPY (SELECT '-Infinity'::numeric) TO STDOUT (FORMAT 'text')
-- end
-- simple
COPY (SELECT '-Infinity'::numeric) TO STDOUT (FORMAT 'csv')
-- end
-- simple
COPY (SELECT '-Infinity'::numeric) TO STDOUT (FORMAT 'binary')
-- end
-- extended binary
SELECT '-Infinity'::numeric
-- columns numeric:1700
-- row \x00000000f0000020
-- end
-- extended binary
SELECT '-Infinity'::numeric
-- columns numeric:1700
-- row \x00000000f0000020
-- end
-- extended binary
SELECT $1::numeric, ($1::numeric)::text
-- $ 0 binary 00000000f0000000
-- columns numeric:1700	text:25
-- row \x00000000f0000020	-Infinity
-- end
-- extended binary
SELECT count(*) FROM types WHERE num = $1
-- $ 0 binary 00000000f0000000
-- columns count:20
-- row \x0000000000000000
-- end
-- extended binary
INSERT INTO types (num) VALUES ($1)
-- $ 0 binary 00000000f0000000
-- end
-- simple
COPY (SELECT num FROM types WHERE num IS NULL LIMIT 1) TO STDOUT (FORMAT 'binary')
-- end
-- extended binary
INSERT INTO types (num) VALUES ($1)
-- $ 0 binary 00000000f0000000
-- end
-- extended binary
INSERT INTO types (num) VALUES ($1)
-- $ 0 NULL
-- end
-- simple
COPY (SELECT '1e30'::numeric) TO STDOUT (FORMAT 'text')
-- end
-- simple
COPY (SELECT '1e30'::numeric) TO STDOUT (FORMAT 'csv')
-- end
-- simple
COPY (SELECT '1e30'::numeric) TO STDOUT (FORMAT 'binary')
-- end
-- extended binary
SELECT '1e30'::numeric
-- columns numeric:1700
-- row \x00010007000000000064
-- end
-- extended binary
SELECT '1e30'::numeric
-- columns numeric:1700
-- row \x00010007000000000064
-- end
-- extended binary
SELECT $1::numeric, ($1::numeric)::text
-- $ 0 binary 00010007000000000064
-- columns numeric:1700	text:25
-- row \x00010007000000000064	1000000000000000000000000000000
-- end
-- extended binary
SELECT count(*) FROM types WHERE num = $1
-- $ 0 binary 00010007000000000064
-- columns count:20
-- row \x0000000000000000
-- end
-- extended binary
INSERT INTO types (num) VALUES ($1)
-- $ 0 binary 00010007000000000064
-- end
-- simple
COPY (SELECT num FROM types WHERE num IS NULL LIMIT 1) TO STDOUT (FORMAT 'binary')
-- end
-- extended binary
INSERT INTO types (num) VALUES ($1)
-- $ 0 binary 00010007000000000064
-- end
-- extended binary
INSERT INTO types (num) VALUES ($1)
-- $ 0 NULL
-- end
-- simple
COPY (SELECT '1e-20'::numeric) TO STDOUT (FORMAT 'text')
-- end
-- simple
COPY (SELECT '1e-20'::numeric) TO STDOUT (FORMAT 'csv')
-- end
-- simple
COPY (SELECT '1e-20'::numeric) TO STDOUT (FORMAT 'binary')
-- end
-- extended binary
SELECT '1e-20'::numeric
-- columns numeric:1700
-- row \x0001fffb000000140001
-- end
-- extended binary
SELECT '1e-20'::numeric
-- columns numeric:1700
-- row \x0001fffb000000140001
-- end
-- extended binary
SELECT $1::numeric, ($1::numeric)::text
-- $ 0 binary 0001fffb000000140001
-- columns numeric:1700	text:25
-- row \x0001fffb000000140001	0.00000000000000000001
-- end
-- extended binary
SELECT count(*) FROM types WHERE num = $1
-- $ 0 binary 0001fffb000000140001
-- columns count:20
-- row \x0000000000000000
-- end
-- extended binary
INSERT INTO types (num) VALUES ($1)
-- $ 0 binary 0001fffb000000140001
-- end
-- simple
COPY (SELECT num FROM types WHERE num IS NULL LIMIT 1) TO STDOUT (FORMAT 'binary')
-- end
-- extended binary
INSERT INTO types (num) VALUES ($1)
-- $ 0 binary 0001fffb000000140001
-- end
-- extended binary
INSERT INTO types (num) VALUES ($1)
-- $ 0 NULL
-- end
-- simple
COPY (SELECT NULL::numeric) TO STDOUT (FORMAT 'text')
-- end
-- simple
COPY (SELECT NULL::numeric) TO STDOUT (FORMAT 'csv')
-- end
-- simple
COPY (SELECT NULL::numeric) TO STDOUT (FORMAT 'binary')
-- end
-- extended binary
SELECT NULL::numeric
-- columns numeric:1700
-- row \N
-- end
-- extended binary
SELECT NULL::numeric
-- columns numeric:1700
-- row \N
-- end
-- extended binary
SELECT $1::numeric, ($1::numeric)::text
-- $ 0 NULL
-- columns numeric:1700	text:25
-- row \N	\N
-- end
-- extended binary
SELECT count(*) FROM types WHERE num = $1
-- $ 0 NULL
-- columns count:20
-- row \x0000000000000000
-- end
-- extended binary
INSERT INTO types (num) VALUES ($1)
-- $ 0 NULL
-- end
-- simple
COPY (SELECT num FROM types WHERE num IS NULL LIMIT 1) TO STDOUT (FORMAT 'binary')
-- end
-- extended binary
INSERT INTO types (num) VALUES ($1)
-- $ 0 NULL
-- end
-- extended binary
INSERT INTO types (num) VALUES ($1)
-- $ 0 NULL
-- end
-- extended binary
SELECT num::text FROM types WHERE num IS NOT NULL
-- columns num:25
-- end
-- extended binary

                    SELECT
                        current_setting('jit') AS cur,
                        set_config('jit', 'off', false) AS new
-- columns cur:25	new:25
-- row off	off
-- end
-- simple
COPY (SELECT '{}'::numeric[]) TO STDOUT (FORMAT 'text')
-- end
-- simple
COPY (SELECT '{}'::numeric[]) TO STDOUT (FORMAT 'csv')
-- end
-- simple
COPY (SELECT '{}'::numeric[]) TO STDOUT (FORMAT 'binary')
-- end
-- extended binary
SELECT '{}'::numeric[]
-- columns numeric:1231
-- row \x0000000000000000000006a4
-- end
-- extended binary
SELECT '{}'::numeric[]
-- columns numeric:1231
-- row \x0000000000000000000006a4
-- end
-- extended binary
SELECT $1::numeric[], ($1::numeric[])::text
-- $ 0 binary 0000000100000000000006a40000000000000001
-- columns numeric:1231	text:25
-- row \x0000000000000000000006a4	{}
-- end
-- extended binary
SELECT count(*) FROM types WHERE num_a = $1
-- $ 0 binary 0000000100000000000006a40000000000000001
-- columns count:20
-- row \x0000000000000000
-- end
-- extended binary
INSERT INTO types (num_a) VALUES ($1)
-- $ 0 binary 0000000100000000000006a40000000000000001
-- end
-- simple
COPY (SELECT num_a FROM types WHERE num_a IS NULL LIMIT 1) TO STDOUT (FORMAT 'binary')
-- end
-- extended binary
INSERT INTO types (num_a) VALUES ($1)
-- $ 0 binary 0000000100000000000006a40000000000000001
-- end
-- extended binary
INSERT INTO types (num_a) VALUES ($1)
-- $ 0 NULL
-- end
-- simple
COPY (SELECT '{"0","1.0","1.10","-12345678901234567890123456789012345678901234567890.00000000000000000001","NaN","Infinity","-Infinity","1e30","1e-20",NULL}'::numeric[]) TO STDOUT (FORMAT 'text')
-- end
-- simple
COPY (SELECT '{"0","1.0","1.10","-12345678901234567890123456789012345678901234567890.00000000000000000001","NaN","Infinity","-Infinity","1e30","1e-20",NULL}'::numeric[]) TO STDOUT (FORMAT 'csv')
-- end
-- simple
COPY (SELECT '{"0","1.0","1.10","-12345678901234567890123456789012345678901234567890.00000000000000000001","NaN","Infinity","-Infinity","1e30","1e-20",NULL}'::numeric[]) TO STDOUT (FORMAT 'binary')
-- end
-- extended binary
SELECT '{"0","1.0","1.10","-12345678901234567890123456789012345678901234567890.00000000000000000001","NaN","Infinity","-Infinity","1e30","1e-20",NULL}'::numeric[]
-- columns numeric:1231
-- row \x0000000100000001000006a40000000a000000010000000800000000000000000000000a000100000000000100010000000c0002000000000002000103e80000002c0012000c40000014000c0d801ed204d2162e23340d801ed204d2162e23340d801ed2000000000000000000010000000800000000c00000000000000800000000d00000200000000800000000f00000200000000a000100070000000000640000000a0001fffb000000140001ffffffff
-- end
-- extended binary
SELECT '{"0","1.0","1.10","-12345678901234567890123456789012345678901234567890.00000000000000000001","NaN","Infinity","-Infinity","1e30","1e-20",NULL}'::numeric[]
-- columns numeric:1231
-- row \x0000000100000001000006a40000000a000000010000000800000000000000000000000a000100000000000100010000000c0002000000000002000103e80000002c0012000c40000014000c0d801ed204d2162e23340d801ed204d2162e23340d801ed2000000000000000000010000000800000000c00000000000000800000000d00000200000000800000000f00000200000000a000100070000000000640000000a0001fffb000000140001ffffffff
-- end
-- extended binary
SELECT $1::numeric[], ($1::numeric[])::text
-- $ 0 binary 0000000100000000000006a40000000a000000010000000a000100000000000000000000000c0002000000000001000100000000000c0002000000000002000103e80000002c0012000c40000014000c0d801ed204d2162e23340d801ed204d2162e23340d801ed2000000000000000000010000000800000000c00000000000000800000000d00000000000000800000000f00000000000000a000100070000000000640000000a0001fffb000000140001ffffffff
-- columns numeric:1231	text:25
-- row \x0000000100000001000006a40000000a000000010000000800000000000000000000000a000100000000000100010000000c0002000000000002000103e80000002c0012000c40000014000c0d801ed204d2162e23340d801ed204d2162e23340d801ed2000000000000000000010000000800000000c00000000000000800000000d00000200000000800000000f00000200000000a000100070000000000640000000a0001fffb000000140001ffffffff	{0,1.0,1.10,-12345678901234567890123456789012345678901234567890.00000000000000000001,NaN,Infinity,-Infinity,1000000000000000000000000000000,0.00000000000000000001,NULL}
-- end
-- extended binary
SELECT count(*) FROM types WHERE num_a = $1
-- $ 0 binary 0000000100000000000006a40000000a000000010000000a000100000000000000000000000c0002000000000001000100000000000c0002000000000002000103e80000002c0012000c40000014000c0d801ed204d2162e23340d801ed204d2162e23340d801ed2000000000000000000010000000800000000c00000000000000800000000d00000000000000800000000f00000000000000a000100070000000000640000000a0001fffb000000140001ffffffff
-- columns count:20
-- row \x0000000000000000
-- end
-- extended binary
INSERT INTO types (num_a) VALUES ($1)
-- $ 0 binary 0000000100000000000006a40000000a000000010000000a000100000000000000000000000c0002000000000001000100000000000c0002000000000002000103e80000002c0012000c40000014000c0d801ed204d2162e23340d801ed204d2162e23340d801ed2000000000000000000010000000800000000c00000000000000800000000d00000000000000800000000f00000000000000a000100070000000000640000000a0001fffb000000140001ffffffff
-- end
-- simple
COPY (SELECT num_a FROM types WHERE num_a IS NULL LIMIT 1) TO STDOUT (FORMAT 'binary')
-- end
-- extended binary
INSERT INTO types (num_a) VALUES ($1)
-- $ 0 binary 0000000100000000000006a40000000a000000010000000a000100000000000000000000000c0002000000000001000100000000000c0002000000000002000103e80000002c0012000c40000014000c0d801ed204d2162e23340d801ed204d2162e23340d801ed2000000000000000000010000000800000000c00000000000000800000000d00000000000000800000000f00000000000000a000100070000000000640000000a0001fffb000000140001ffffffff
-- end
-- extended binary
INSERT INTO types (num_a) VALUES ($1)
-- $ 0 NULL
-- end
-- extended binary
SELECT num_a::text FROM types WHERE num_a IS NOT NULL
-- columns num_a:25
-- row {}
-- end
-- simple
COPY (SELECT '0'::numeric(10,2)) TO STDOUT (FORMAT 'text')
-- end
-- simple
COPY (SELECT '0'::numeric(10,2)) TO STDOUT (FORMAT 'csv')
-- end
-- simple
COPY (SELECT '0'::numeric(10,2)) TO STDOUT (FORMAT 'binary')
-- end
-- extended binary
SELECT '0'::numeric(10,2)
-- columns numeric:1700
-- row \x0000000000000002
-- end
-- extended binary
SELECT '0'::numeric(10,2)
-- columns numeric:1700
-- row \x0000000000000002
-- end
-- extended binary
SELECT $1::numeric(10,2), ($1::numeric(10,2))::text
-- $ 0 binary 0001ffff000000020000
-- columns numeric:1700	text:25
-- row \x0000000000000002	0.00
-- end
-- extended binary
SELECT count(*) FROM types WHERE num_10_2 = $1
-- $ 0 binary 0001ffff000000020000
-- columns count:20
-- row \x0000000000000000
-- end
-- extended binary
INSERT INTO types (num_10_2) VALUES ($1)
-- $ 0 binary 0001ffff000000020000
-- end
-- simple
COPY (SELECT num_10_2 FROM types WHERE num_10_2 IS NULL LIMIT 1) TO STDOUT (FORMAT 'binary')
-- end
-- extended binary
INSERT INTO types (num_10_2) VALUES ($1)
-- $ 0 binary 0001ffff000000020000
-- end
-- extended binary
INSERT INTO types (num_10_2) VALUES ($1)
-- $ 0 NULL
-- end
-- simple
COPY (SELECT '1.10'::numeric(10,2)) TO STDOUT (FORMAT 'text')
-- end
-- simple
COPY (SELECT '1.10'::numeric(10,2)) TO STDOUT (FORMAT 'csv')
-- end
-- simple
COPY (SELECT '1.10'::numeric(10,2)) TO STDOUT (FORMAT 'binary')
-- end
-- extended binary
SELECT '1.10'::numeric(10,2)
-- columns numeric:1700
-- row \x0002000000000002000103e8
-- end
-- extended binary
SELECT '1.10'::numeric(10,2)
-- columns numeric:1700
-- row \x0002000000000002000103e8
-- end
-- extended binary
SELECT $1::numeric(10,2), ($1::numeric(10,2))::text
-- $ 0 binary 0002000000000002000103e8
-- columns numeric:1700	text:25
-- row \x0002000000000002000103e8	1.10
-- end
-- extended binary
SELECT count(*) FROM types WHERE num_10_2 = $1
-- $ 0 binary 0002000000000002000103e8
-- columns count:20
-- row \x0000000000000000
-- end
-- extended binary
INSERT INTO types (num_10_2) VALUES ($1)
-- $ 0 binary 0002000000000002000103e8
-- end
-- simple
COPY (SELECT num_10_2 FROM types WHERE num_10_2 IS NULL LIMIT 1) TO STDOUT (FORMAT 'binary')
-- end
-- extended binary
INSERT INTO types (num_10_2) VALUES ($1)
-- $ 0 binary 0002000000000002000103e8
-- end
-- extended binary
INSERT INTO types (num_10_2) VALUES ($1)
-- $ 0 NULL
-- end
-- simple
COPY (SELECT '-99999999.99'::numeric(10,2)) TO STDOUT (FORMAT 'text')
-- end
-- simple
COPY (SELECT '-99999999.99'::numeric(10,2)) TO STDOUT (FORMAT 'csv')
-- end
-- simple
COPY (SELECT '-99999999.99'::numeric(10,2)) TO STDOUT (FORMAT 'binary')
-- end
-- extended binary
SELECT '-99999999.99'::numeric(10,2)
-- columns numeric:1700
-- row \x0003000140000002270f270f26ac
-- end
-- extended binary
SELECT '-99999999.99'::numeric(10,2)
-- columns numeric:1700
-- row \x0003000140000002270f270f26ac
-- end
-- extended binary
SELECT $1::numeric(10,2), ($1::numeric(10,2))::text
-- $ 0 binary 0003000140000002270f270f26ac
-- columns numeric:1700	text:25
-- row \x0003000140000002270f270f26ac	-99999999.99
-- end
-- extended binary
SELECT count(*) FROM types WHERE num_10_2 = $1
-- $ 0 binary 0003000140000002270f270f26ac
-- columns count:20
-- row \x0000000000000000
-- end
-- extended binary
INSERT INTO types (num_10_2) VALUES ($1)
-- $ 0 binary 0003000140000002270f270f26ac
-- end
-- simple
COPY (SELECT num_10_2 FROM types WHERE num_10_2 IS NULL LIMIT 1) TO STDOUT (FORMAT 'binary')
-- end
-- extended binary
INSERT INTO types (num_10_2) VALUES ($1)
-- $ 0 binary 0003000140000002270f270f26ac
-- end
-- extended binary
INSERT INTO types (num_10_2) VALUES ($1)
-- $ 0 NULL
-- end
-- simple
COPY (SELECT '12345678.90'::numeric(10,2)) TO STDOUT (FORMAT 'text')
-- end
-- simple
COPY (SELECT '12345678.90'::numeric(10,2)) TO STDOUT (FORMAT 'csv')
-- end
-- simple
COPY (SELECT '12345678.90'::numeric(10,2)) TO STDOUT (FORMAT 'binary')
-- end
-- extended binary
SELECT '12345678.90'::numeric(10,2)
-- columns numeric:1700
-- row \x000300010000000204d2162e2328
-- end
-- extended binary
SELECT '12345678.90'::numeric(10,2)
-- columns numeric:1700
-- row \x000300010000000204d2162e2328
-- end
-- extended binary
SELECT $1::numeric(10,2), ($1::numeric(10,2))::text
-- $ 0 binary 000300010000000204d2162e2328
-- columns numeric:1700	text:25
-- row \x000300010000000204d2162e2328	12345678.90
-- end
-- extended binary
SELECT count(*) FROM types WHERE num_10_2 = $1
-- $ 0 binary 000300010000000204d2162e2328
-- columns count:20
-- row \x0000000000000000
-- end
-- extended binary
INSERT INTO types (num_10_2) VALUES ($1)
-- $ 0 binary 000300010000000204d2162e2328
-- end
-- simple
COPY (SELECT num_10_2 FROM types WHERE num_10_2 IS NULL LIMIT 1) TO STDOUT (FORMAT 'binary')
-- end
-- extended binary
INSERT INTO types (num_10_2) VALUES ($1)
-- $ 0 binary 000300010000000204d2162e2328
-- end
-- extended binary
INSERT INTO types (num_10_2) VALUES ($1)
-- $ 0 NULL
-- end
-- simple
COPY (SELECT NULL::numeric(10,2)) TO STDOUT (FORMAT 'text')
-- end
-- simple
COPY (SELECT NULL::numeric(10,2)) TO STDOUT (FORMAT 'csv')
-- end
-- simple
COPY (SELECT NULL::numeric(10,2)) TO STDOUT (FORMAT 'binary')
-- end
-- extended binary
SELECT NULL::numeric(10,2)
-- columns numeric:1700
-- row \N
-- end
-- extended binary
SELECT NULL::numeric(10,2)
-- columns numeric:1700
-- row \N
-- end
-- extended binary
SELECT $1::numeric(10,2), ($1::numeric(10,2))::text
-- $ 0 NULL
-- columns numeric:1700	text:25
-- row \N	\N
-- end
-- extended binary
SELECT count(*) FROM types WHERE num_10_2 = $1
-- $ 0 NULL
-- columns count:20
-- row \x0000000000000000
-- end
-- extended binary
INSERT INTO types (num_10_2) VALUES ($1)
-- $ 0 NULL
-- end
-- simple
COPY (SELECT num_10_2 FROM types WHERE num_10_2 IS NULL LIMIT 1) TO STDOUT (FORMAT 'binary')
-- end
-- extended binary
INSERT INTO types (num_10_2) VALUES ($1)
-- $ 0 NULL
-- end
-- extended binary
INSERT INTO types (num_10_2) VALUES ($1)
-- $ 0 NULL
-- end
-- extended binary
SELECT num_10_2::text FROM types WHERE num_10_2 IS NOT NULL
-- columns num_10_2:25
-- row 0.00
-- end
-- simple
COPY (SELECT '{}'::numeric(10,2)[]) TO STDOUT (FORMAT 'text')
-- end
-- simple
COPY (SELECT '{}'::numeric(10,2)[]) TO STDOUT (FORMAT 'csv')
-- end
-- simple
COPY (SELECT '{}'::numeric(10,2)[]) TO STDOUT (FORMAT 'binary')
-- end
-- extended binary
SELECT '{}'::numeric(10,2)[]
-- columns numeric:1231
-- row \x0000000000000000000006a4
-- end
-- extended binary
SELECT '{}'::numeric(10,2)[]
-- columns numeric:1231
-- row \x0000000000000000000006a4
-- end
-- extended binary
SELECT $1::numeric(10,2)[], ($1::numeric(10,2)[])::text
-- $ 0 binary 0000000100000000000006a40000000000000001
-- columns numeric:1231	text:25
-- row \x0000000000000000000006a4	{}
-- end
-- extended binary
SELECT count(*) FROM types WHERE num_10_2_a = $1
-- $ 0 binary 0000000100000000000006a40000000000000001
-- columns count:20
-- row \x0000000000000000
-- end
-- extended binary
INSERT INTO types (num_10_2_a) VALUES ($1)
-- $ 0 binary 0000000100000000000006a40000000000000001
-- end
-- simple
COPY (SELECT num_10_2_a FROM types WHERE num_10_2_a IS NULL LIMIT 1) TO STDOUT (FORMAT 'binary')
-- end
-- extended binary
INSERT INTO types (num_10_2_a) VALUES ($1)
-- $ 0 binary 0000000100000000000006a40000000000000001
-- end
-- extended binary
INSERT INTO types (num_10_2_a) VALUES ($1)
-- $ 0 NULL
-- end
-- simple
COPY (SELECT '{"0","1.10","-99999999.99","12345678.90",NULL}'::numeric(10,2)[]) TO STDOUT (FORMAT 'text')
-- end
-- simple
COPY (SELECT '{"0","1.10","-99999999.99","12345678.90",NULL}'::numeric(10,2)[]) TO STDOUT (FORMAT 'csv')
-- end
-- simple
COPY (SELECT '{"0","1.10","-99999999.99","12345678.90",NULL}'::numeric(10,2)[]) TO STDOUT (FORMAT 'binary')
-- end
-- extended binary
SELECT '{"0","1.10","-99999999.99","12345678.90",NULL}'::numeric(10,2)[]
-- columns numeric:1231
-- row \x0000000100000001000006a400000005000000010000000800000000000000020000000c0002000000000002000103e80000000e0003000140000002270f270f26ac0000000e000300010000000204d2162e2328ffffffff
-- end
-- extended binary
SELECT '{"0","1.10","-99999999.99","12345678.90",NULL}'::numeric(10,2)[]
-- columns numeric:1231
-- row \x0000000100000001000006a400000005000000010000000800000000000000020000000c0002000000000002000103e80000000e0003000140000002270f270f26ac0000000e000300010000000204d2162e2328ffffffff
-- end
-- extended binary
SELECT $1::numeric(10,2)[], ($1::numeric(10,2)[])::text
-- $ 0 binary 0000000100000000000006a400000005000000010000000a0001ffff0000000200000000000c0002000000000002000103e80000000e0003000140000002270f270f26ac0000000e000300010000000204d2162e2328ffffffff
-- columns numeric:1231	text:25
-- row \x0000000100000001000006a400000005000000010000000800000000000000020000000c0002000000000002000103e80000000e0003000140000002270f270f26ac0000000e000300010000000204d2162e2328ffffffff	{0.00,1.10,-99999999.99,12345678.90,NULL}
-- end
-- extended binary
SELECT count(*) FROM types WHERE num_10_2_a = $1
-- $ 0 binary 0000000100000000000006a400000005000000010000000a0001ffff0000000200000000000c0002000000000002000103e80000000e0003000140000002270f270f26ac0000000e000300010000000204d2162e2328ffffffff
-- columns count:20
-- row \x0000000000000000
-- end
-- extended binary
INSERT INTO types (num_10_2_a) VALUES ($1)
-- $ 0 binary 0000000100000000000006a400000005000000010000000a0001ffff0000000200000000000c0002000000000002000103e80000000e0003000140000002270f270f26ac0000000e000300010000000204d2162e2328ffffffff
-- end
-- simple
COPY (SELECT num_10_2_a FROM types WHERE num_10_2_a IS NULL LIMIT 1) TO STDOUT (FORMAT 'binary')
-- end
-- extended binary
INSERT INTO types (num_10_2_a) VALUES ($1)
-- $ 0 binary 0000000100000000000006a400000005000000010000000a0001ffff0000000200000000000c0002000000000002000103e80000000e0003000140000002270f270f26ac0000000e000300010000000204d2162e2328ffffffff
-- end
-- extended binary
INSERT INTO types (num_10_2_a) VALUES ($1)
-- $ 0 NULL
-- end
-- extended binary
SELECT num_10_2_a::text FROM types WHERE num_10_2_a IS NOT NULL
-- columns num_10_2_a:25
-- end
-- simple
COPY (SELECT '1'::numeric(38,10)) TO STDOUT (FORMAT 'text')
-- end
-- simple
COPY (SELECT '1'::numeric(38,10)) TO STDOUT (FORMAT 'csv')
-- end
-- simple
COPY (SELECT '1'::numeric(38,10)) TO STDOUT (FORMAT 'binary')
-- end
-- extended binary
SELECT '1'::numeric(38,10)
-- columns numeric:1700
-- row \x000100000000000a0001
-- end
-- extended binary
SELECT '1'::numeric(38,10)
-- columns numeric:1700
-- row \x000100000000000a0001
-- end
-- extended binary
SELECT $1::numeric(38,10), ($1::numeric(38,10))::text
-- $ 0 binary 000400000000000a0001000000000000
-- columns numeric:1700	text:25
-- row \x000100000000000a0001	1.0000000000
-- end
-- extended binary
SELECT count(*) FROM types WHERE num_38_10 = $1
-- $ 0 binary 000400000000000a0001000000000000
-- columns count:20
-- row \x0000000000000000
-- end
-- extended binary
INSERT INTO types (num_38_10) VALUES ($1)
-- $ 0 binary 000400000000000a0001000000000000
-- end
-- simple
COPY (SELECT num_38_10 FROM types WHERE num_38_10 IS NULL LIMIT 1) TO STDOUT (FORMAT 'binary')
-- end
-- extended binary
INSERT INTO types (num_38_10) VALUES ($1)
-- $ 0 binary 000400000000000a0001000000000000
-- end
-- extended binary
INSERT INTO types (num_38_10) VALUES ($1)
-- $ 0 NULL
-- end
-- simple
COPY (SELECT '-1234567890123456789012345678.0123456789'::numeric(38,10)) TO STDOUT (FORMAT 'text')
-- end
-- simple
COPY (SELECT '-1234567890123456789012345678.0123456789'::numeric(38,10)) TO STDOUT (FORMAT 'csv')
-- end
-- simple
COPY (SELECT '-1234567890123456789012345678.0123456789'::numeric(38,10)) TO STDOUT (FORMAT 'binary')
-- end
-- extended binary
SELECT '-1234567890123456789012345678.0123456789'::numeric(38,10)
-- columns numeric:1700
-- row \x000a00064000000a04d2162e23340d801ed204d2162e007b11d722c4
-- end
-- extended binary
SELECT '-1234567890123456789012345678.0123456789'::numeric(38,10)
-- columns numeric:1700
-- row \x000a00064000000a04d2162e23340d801ed204d2162e007b11d722c4
-- end
-- extended binary
SELECT $1::numeric(38,10), ($1::numeric(38,10))::text
-- $ 0 binary 000a00064000000a04d2162e23340d801ed204d2162e007b11d722c4
-- columns numeric:1700	text:25
-- row \x000a00064000000a04d2162e23340d801ed204d2162e007b11d722c4	-1234567890123456789012345678.0123456789
-- end
-- extended binary
SELECT count(*) FROM types WHERE num_38_10 = $1
-- $ 0 binary 000a00064000000a04d2162e23340d801ed204d2162e007b11d722c4
-- columns count:20
-- row \x0000000000000000
-- end
-- extended binary
INSERT INTO types (num_38_10) VALUES ($1)
-- $ 0 binary 000a00064000000a04d2162e23340d801ed204d2162e007b11d722c4
-- end
-- simple
COPY (SELECT num_38_10 FROM types WHERE num_38_10 IS NULL LIMIT 1) TO STDOUT (FORMAT 'binary')
-- end
-- extended binary
INSERT INTO types (num_38_10) VALUES ($1)
-- $ 0 binary 000a00064000000a04d2162e23340d801ed204d2162e007b11d722c4
-- end
-- extended binary
INSERT INTO types (num_38_10) VALUES ($1)
-- $ 0 NULL
-- end
-- simple
COPY (SELECT NULL::numeric(38,10)) TO STDOUT (FORMAT 'text')
-- end
-- simple
COPY (SELECT NULL::numeric(38,10)) TO STDOUT (FORMAT 'csv')
-- end
-- simple
COPY (SELECT NULL::numeric(38,10)) TO STDOUT (FORMAT 'binary')
-- end
-- extended binary
SELECT NULL::numeric(38,10)
-- columns numeric:1700
-- row \N
-- end
-- extended binary
SELECT NULL::numeric(38,10)
-- columns numeric:1700
-- row \N
-- end
-- extended binary
SELECT $1::numeric(38,10), ($1::numeric(38,10))::text
-- $ 0 NULL
-- columns numeric:1700	text:25
-- row \N	\N
-- end
-- extended binary
SELECT count(*) FROM types WHERE num_38_10 = $1
-- $ 0 NULL
-- columns count:20
-- row \x0000000000000000
-- end
-- extended binary
INSERT INTO types (num_38_10) VALUES ($1)
-- $ 0 NULL
-- end
-- simple
COPY (SELECT num_38_10 FROM types WHERE num_38_10 IS NULL LIMIT 1) TO STDOUT (FORMAT 'binary')
-- end
-- extended binary
INSERT INTO types (num_38_10) VALUES ($1)
-- $ 0 NULL
-- end
-- extended binary
INSERT INTO types (num_38_10) VALUES ($1)
-- $ 0 NULL
-- end
-- extended binary
SELECT num_38_10::text FROM types WHERE num_38_10 IS NOT NULL
-- columns num_38_10:25
-- row 1.0000000000
-- end
-- simple
COPY (SELECT '{}'::numeric(38,10)[]) TO STDOUT (FORMAT 'text')
-- end
-- simple
COPY (SELECT '{}'::numeric(38,10)[]) TO STDOUT (FORMAT 'csv')
-- end
-- simple
COPY (SELECT '{}'::numeric(38,10)[]) TO STDOUT (FORMAT 'binary')
-- end
-- extended binary
SELECT '{}'::numeric(38,10)[]
-- columns numeric:1231
-- row \x0000000000000000000006a4
-- end
-- extended binary
SELECT '{}'::numeric(38,10)[]
-- columns numeric:1231
-- row \x0000000000000000000006a4
-- end
-- extended binary
SELECT $1::numeric(38,10)[], ($1::numeric(38,10)[])::text
-- $ 0 binary 0000000100000000000006a40000000000000001
-- columns numeric:1231	text:25
-- row \x0000000000000000000006a4	{}
-- end
-- extended binary
SELECT count(*) FROM types WHERE num_38_10_a = $1
-- $ 0 binary 0000000100000000000006a40000000000000001
-- columns count:20
-- row \x0000000000000000
-- end
-- extended binary
INSERT INTO types (num_38_10_a) VALUES ($1)
-- $ 0 binary 0000000100000000000006a40000000000000001
-- end
-- simple
COPY (SELECT num_38_10_a FROM types WHERE num_38_10_a IS NULL LIMIT 1) TO STDOUT (FORMAT 'binary')
-- end
-- extended binary
INSERT INTO types (num_38_10_a) VALUES ($1)
-- $ 0 binary 0000000100000000000006a40000000000000001
-- end
-- extended binary
INSERT INTO types (num_38_10_a) VALUES ($1)
-- $ 0 NULL
-- end
-- simple
COPY (SELECT '{"1","-1234567890123456789012345678.0123456789",NULL}'::numeric(38,10)[]) TO STDOUT (FORMAT 'text')
-- end
-- simple
COPY (SELECT '{"1","-1234567890123456789012345678.0123456789",NULL}'::numeric(38,10)[]) TO STDOUT (FORMAT 'csv')
-- end
-- simple
COPY (SELECT '{"1","-1234567890123456789012345678.0123456789",NULL}'::numeric(38,10)[]) TO STDOUT (FORMAT 'binary')
-- end
-- extended binary
SELECT '{"1","-1234567890123456789012345678.0123456789",NULL}'::numeric(38,10)[]
-- columns numeric:1231
-- row \x0000000100000001000006a400000003000000010000000a000100000000000a00010000001c000a00064000000a04d2162e23340d801ed204d2162e007b11d722c4ffffffff
-- end
-- extended binary
SELECT '{"1","-1234567890123456789012345678.0123456789",NULL}'::numeric(38,10)[]
-- columns numeric:1231
-- row \x0000000100000001000006a400000003000000010000000a000100000000000a00010000001c000a00064000000a04d2162e23340d801ed204d2162e007b11d722c4ffffffff
-- end
-- extended binary
SELECT $1::numeric(38,10)[], ($1::numeric(38,10)[])::text
-- $ 0 binary 0000000100000000000006a4000000030000000100000010000400000000000a00010000000000000000001c000a00064000000a04d2162e23340d801ed204d2162e007b11d722c4ffffffff
-- columns numeric:1231	text:25
-- row \x0000000100000001000006a400000003000000010000000a000100000000000a00010000001c000a00064000000a04d2162e23340d801ed204d2162e007b11d722c4ffffffff	{1.0000000000,-1234567890123456789012345678.0123456789,NULL}
-- end
-- extended binary
SELECT count(*) FROM types WHERE num_38_10_a = $1
-- $ 0 binary 0000000100000000000006a4000000030000000100000010000400000000000a00010000000000000000001c000a00064000000a04d2162e23340d801ed204d2162e007b11d722c4ffffffff
-- columns count:20
-- row \x0000000000000000
-- end
-- extended binary
INSERT INTO types (num_38_10_a) VALUES ($1)
-- $ 0 binary 0000000100000000000006a4000000030000000100000010000400000000000a00010000000000000000001c000a00064000000a04d2162e23340d801ed204d2162e007b11d722c4ffffffff
-- end
-- simple
COPY (SELECT num_38_10_a FROM types WHERE num_38_10_a IS NULL LIMIT 1) TO STDOUT (FORMAT 'binary')
-- end
-- extended binary
INSERT INTO types (num_38_10_a) VALUES ($1)
-- $ 0 binary 0000000100000000000006a4000000030000000100000010000400000000000a00010000000000000000001c000a00064000000a04d2162e23340d801ed204d2162e007b11d722c4ffffffff
-- end
-- extended binary
INSERT INTO types (num_38_10_a) VALUES ($1)
-- $ 0 NULL
-- end
-- extended binary
SELECT num_38_10_a::text FROM types WHERE num_38_10_a IS NOT NULL
-- columns num_38_10_a:25
-- row {}
-- end
-- simple
COPY (SELECT ''::text) TO STDOUT (FORMAT 'text')
-- end
-- simple
COPY (SELECT ''::text) TO STDOUT (FORMAT 'csv')
-- end
-- simple
COPY (SELECT ''::text) TO STDOUT (FORMAT 'binary')
-- end
-- extended binary
SELECT ''::text
-- columns text:25
-- row 
-- end
-- extended binary
SELECT ''::text
-- columns text:25
-- row 
-- end
-- extended binary
SELECT $1::text, ($1::text)::text
-- $ 0 binary 
-- columns text:25	text:25
-- row 	
-- end
-- extended binary
SELECT count(*) FROM types WHERE txt = $1
-- $ 0 binary 
-- columns count:20
-- row \x0000000000000000
-- end
-- extended binary
INSERT INTO types (txt) VALUES ($1)
-- $ 0 binary 
-- end
-- simple
COPY (SELECT txt FROM types WHERE txt IS NULL LIMIT 1) TO STDOUT (FORMAT 'binary')
-- end
-- extended binary
INSERT INTO types (txt) VALUES ($1)
-- $ 0 binary 
-- end
-- extended binary
INSERT INTO types (txt) VALUES ($1)
-- $ 0 NULL
-- end
-- simple
COPY (SELECT 'a'::text) TO STDOUT (FORMAT 'text')
-- end
-- simple
COPY (SELECT 'a'::text) TO STDOUT (FORMAT 'csv')
-- end
-- simple
COPY (SELECT 'a'::text) TO STDOUT (FORMAT 'binary')
-- end
-- extended binary
SELECT 'a'::text
-- columns text:25
-- row a
-- end
-- extended binary
SELECT 'a'::text
-- columns text:25
-- row a
-- end
-- extended binary
SELECT $1::text, ($1::text)::text
-- $ 0 binary 61
-- columns text:25	text:25
-- row a	a
-- end
-- extended binary
SELECT count(*) FROM types WHERE txt = $1
-- $ 0 binary 61
-- columns count:20
-- row \x0000000000000000
-- end
-- extended binary
INSERT INTO types (txt) VALUES ($1)
-- $ 0 binary 61
-- end
-- simple
COPY (SELECT txt FROM types WHERE txt IS NULL LIMIT 1) TO STDOUT (FORMAT 'binary')
-- end
-- extended binary
INSERT INTO types (txt) VALUES ($1)
-- $ 0 binary 61
-- end
-- extended binary
INSERT INTO types (txt) VALUES ($1)
-- $ 0 NULL
-- end
-- simple
COPY (SELECT 'it''s "quoted", \ and'::text) TO STDOUT (FORMAT 'text')
-- end
-- simple
COPY (SELECT 'it''s "quoted", \ and'::text) TO STDOUT (FORMAT 'csv')
-- end
-- simple
COPY (SELECT 'it''s "quoted", \ and'::text) TO STDOUT (FORMAT 'binary')
-- end
-- extended binary
SELECT 'it''s "quoted", \ and'::text
-- columns text:25
-- row it's "quoted", \\ and
-- end
-- extended binary
SELECT 'it''s "quoted", \ and'::text
-- columns text:25
-- row it's "quoted", \\ and
-- end
-- extended binary
SELECT $1::text, ($1::text)::text
-- $ 0 binary 69742773202271756f746564222c205c20616e64
-- columns text:25	text:25
-- row it's "quoted", \\ and	it's "quoted", \\ and
-- end
-- extended binary
SELECT count(*) FROM types WHERE txt = $1
-- $ 0 binary 69742773202271756f746564222c205c20616e64
-- columns count:20
-- row \x0000000000000000
-- end
-- extended binary
INSERT INTO types (txt) VALUES ($1)
-- $ 0 binary 69742773202271756f746564222c205c20616e64
-- end
-- simple
COPY (SELECT txt FROM types WHERE txt IS NULL LIMIT 1) TO STDOUT (FORMAT 'binary')
-- end
-- extended binary
INSERT INTO types (txt) VALUES ($1)
-- $ 0 binary 69742773202271756f746564222c205c20616e64
-- end
-- extended binary
INSERT INTO types (txt) VALUES ($1)
-- $ 0 NULL
-- end
-- simple
COPY (SELECT ' ü→日本 '::text) TO STDOUT (FORMAT 'text')
-- end
-- simple
COPY (SELECT ' ü→日本 '::text) TO STDOUT (FORMAT 'csv')
-- end
-- simple
COPY (SELECT ' ü→日本 '::text) TO STDOUT (FORMAT 'binary')
-- end
-- extended binary
SELECT ' ü→日本 '::text
-- columns text:25
-- row  ü→日本 
-- end
-- extended binary
SELECT ' ü→日本 '::text
-- columns text:25
-- row  ü→日本 
-- end
-- extended binary
SELECT $1::text, ($1::text)::text
-- $ 0 binary 20c3bce28692e697a5e69cac20
-- columns text:25	text:25
-- row  ü→日本 	 ü→日本 
-- end
-- extended binary
SELECT count(*) FROM types WHERE txt = $1
-- $ 0 binary 20c3bce28692e697a5e69cac20
-- columns count:20
-- row \x0000000000000000
-- end
-- extended binary
INSERT INTO types (txt) VALUES ($1)
-- $ 0 binary 20c3bce28692e697a5e69cac20
-- end
-- simple
COPY (SELECT txt FROM types WHERE txt IS NULL LIMIT 1) TO STDOUT (FORMAT 'binary')
-- end
-- extended binary
INSERT INTO types (txt) VALUES ($1)
-- $ 0 binary 20c3bce28692e697a5e69cac20
-- end
-- extended binary
INSERT INTO types (txt) VALUES ($1)
-- $ 0 NULL
-- end
-- simple
COPY (SELECT 'NULL'::text) TO STDOUT (FORMAT 'text')
-- end
-- simple
COPY (SELECT 'NULL'::text) TO STDOUT (FORMAT 'csv')
-- end
-- simple
COPY (SELECT 'NULL'::text) TO STDOUT (FORMAT 'binary')
-- end
-- extended binary
SELECT 'NULL'::text
-- columns text:25
-- row NULL
-- end
-- extended binary
SELECT 'NULL'::text
-- columns text:25
-- row NULL
-- end
-- extended binary
SELECT $1::text, ($1::text)::text
-- $ 0 binary 4e554c4c
-- columns text:25	text:25
-- row NULL	NULL
-- end
-- extended binary
SELECT count(*) FROM types WHERE txt = $1
-- $ 0 binary 4e554c4c
-- columns count:20
-- row \x0000000000000000
-- end
-- extended binary
INSERT INTO types (txt) VALUES ($1)
-- $ 0 binary 4e554c4c
-- end
-- simple
COPY (SELECT txt FROM types WHERE txt IS NULL LIMIT 1) TO STDOUT (FORMAT 'binary')
-- end
-- extended binary
INSERT INTO types (txt) VALUES ($1)
-- $ 0 binary 4e554c4c
-- end
-- extended binary
INSERT INTO types (txt) VALUES ($1)
-- $ 0 NULL
-- end
-- simple
COPY (SELECT NULL::text) TO STDOUT (FORMAT 'text')
-- end
-- simple
COPY (SELECT NULL::text) TO STDOUT (FORMAT 'csv')
-- end
-- simple
COPY (SELECT NULL::text) TO STDOUT (FORMAT 'binary')
-- end
-- extended binary
SELECT NULL::text
-- columns text:25
-- row \N
-- end
-- extended binary
SELECT NULL::text
-- columns text:25
-- row \N
-- end
-- extended binary
SELECT $1::text, ($1::text)::text
-- $ 0 NULL
-- columns text:25	text:25
-- row \N	\N
-- end
-- extended binary
SELECT count(*) FROM types WHERE txt = $1
-- $ 0 NULL
-- columns count:20
-- row \x0000000000000000
-- end
-- extended binary
INSERT INTO types (txt) VALUES ($1)
-- $ 0 NULL
-- end
-- simple
COPY (SELECT txt FROM types WHERE txt IS NULL LIMIT 1) TO STDOUT (FORMAT 'binary')
-- end
-- extended binary
INSERT INTO types (txt) VALUES ($1)
-- $ 0 NULL
-- end
-- extended binary
INSERT INTO types (txt) VALUES ($1)
-- $ 0 NULL
-- end
-- extended binary
SELECT txt::text FROM types WHERE txt IS NOT NULL
-- columns txt:25
-- row 
-- end
-- simple
COPY (SELECT '{}'::text[]) TO STDOUT (FORMAT 'text')
-- end
-- simple
COPY (SELECT '{}'::text[]) TO STDOUT (FORMAT 'csv')
-- end
-- simple
COPY (SELECT '{}'::text[]) TO STDOUT (FORMAT 'binary')
-- end
-- extended binary
SELECT '{}'::text[]
-- columns text:1009
-- row \x000000000000000000000019
-- end
-- extended binary
SELECT '{}'::text[]
-- columns text:1009
-- row \x000000000000000000000019
-- end
-- extended binary
SELECT $1::text[], ($1::text[])::text
-- $ 0 binary 0000000100000000000000190000000000000001
-- columns text:1009	text:25
-- row \x000000000000000000000019	{}
-- end
-- extended binary
SELECT count(*) FROM types WHERE txt_a = $1
-- $ 0 binary 0000000100000000000000190000000000000001
-- columns count:20
-- row \x0000000000000000
-- end
-- extended binary
INSERT INTO types (txt_a) VALUES ($1)
-- $ 0 binary 0000000100000000000000190000000000000001
-- end
-- simple
COPY (SELECT txt_a FROM types WHERE txt_a IS NULL LIMIT 1) TO STDOUT (FORMAT 'binary')
-- end
-- extended binary
INSERT INTO types (txt_a) VALUES ($1)
-- $ 0 binary 0000000100000000000000190000000000000001
-- end
-- extended binary
INSERT INTO types (txt_a) VALUES ($1)
-- $ 0 NULL
-- end
-- simple
COPY (SELECT '{"","a","it''s \"quoted\", \\ and"," ü→日本 ","NULL",NULL}'::text[]) TO STDOUT (FORMAT 'text')
-- end
-- simple
COPY (SELECT '{"","a","it''s \"quoted\", \\ and"," ü→日本 ","NULL",NULL}'::text[]) TO STDOUT (FORMAT 'csv')
-- end
-- simple
COPY (SELECT '{"","a","it''s \"quoted\", \\ and"," ü→日本 ","NULL",NULL}'::text[]) TO STDOUT (FORMAT 'binary')
-- end
-- extended binary
SELECT '{"","a","it''s \"quoted\", \\ and"," ü→日本 ","NULL",NULL}'::text[]
-- columns text:1009
-- row \x00000001000000010000001900000006000000010000000000000001610000001469742773202271756f746564222c205c20616e640000000d20c3bce28692e697a5e69cac20000000044e554c4cffffffff
-- end
-- extended binary
SELECT '{"","a","it''s \"quoted\", \\ and"," ü→日本 ","NULL",NULL}'::text[]
-- columns text:1009
-- row \x00000001000000010000001900000006000000010000000000000001610000001469742773202271756f746564222c205c20616e640000000d20c3bce28692e697a5e69cac20000000044e554c4cffffffff
-- end
-- extended binary
SELECT $1::text[], ($1::text[])::text
-- $ 0 binary 00000001000000000000001900000006000000010000000000000001610000001469742773202271756f746564222c205c20616e640000000d20c3bce28692e697a5e69cac20000000044e554c4cffffffff
-- columns text:1009	text:25
-- row \x00000001000000010000001900000006000000010000000000000001610000001469742773202271756f746564222c205c20616e640000000d20c3bce28692e697a5e69cac20000000044e554c4cffffffff	{"",a,"it's \\"quoted\\", \\\\ and"," ü→日本 ","NULL",NULL}
-- end
-- extended binary
SELECT count(*) FROM types WHERE txt_a = $1
-- $ 0 binary 00000001000000000000001900000006000000010000000000000001610000001469742773202271756f746564222c205c20616e640000000d20c3bce28692e697a5e69cac20000000044e554c4cffffffff
-- columns count:20
-- row \x0000000000000000
-- end
-- extended binary
INSERT INTO types (txt_a) VALUES ($1)
-- $ 0 binary 00000001000000000000001900000006000000010000000000000001610000001469742773202271756f746564222c205c20616e640000000d20c3bce28692e697a5e69cac20000000044e554c4cffffffff
-- end
-- simple
COPY (SELECT txt_a FROM types WHERE txt_a IS NULL LIMIT 1) TO STDOUT (FORMAT 'binary')
-- end
-- extended binary
INSERT INTO types (txt_a) VALUES ($1)
-- $ 0 binary 00000001000000000000001900000006000000010000000000000001610000001469742773202271756f746564222c205c20616e640000000d20c3bce28692e697a5e69cac20000000044e554c4cffffffff
-- end
-- extended binary
INSERT INTO types (txt_a) VALUES ($1)
-- $ 0 NULL
-- end
-- extended binary
SELECT txt_a::text FROM types WHERE txt_a IS NOT NULL
-- columns txt_a:25
-- row {}
-- end
-- simple
COPY (SELECT ''::varchar) TO STDOUT (FORMAT 'text')
-- end
-- simple
COPY (SELECT ''::varchar) TO STDOUT (FORMAT 'csv')
-- end
-- simple
COPY (SELECT ''::varchar) TO STDOUT (FORMAT 'binary')
-- end
-- extended binary
SELECT ''::varchar
-- columns varchar:1043
-- row 
-- end
-- extended binary
SELECT ''::varchar
-- columns varchar:1043
-- row 
-- end
-- extended binary
SELECT $1::varchar, ($1::varchar)::text
-- $ 0 binary 
-- columns varchar:1043	text:25
-- row 	
-- end
-- extended binary
SELECT count(*) FROM types WHERE vc = $1
-- $ 0 binary 
-- columns count:20
-- row \x0000000000000000
-- end
-- extended binary
INSERT INTO types (vc) VALUES ($1)
-- $ 0 binary 
-- end
-- simple
COPY (SELECT vc FROM types WHERE vc IS NULL LIMIT 1) TO STDOUT (FORMAT 'binary')
-- end
-- extended binary
INSERT INTO types (vc) VALUES ($1)
-- $ 0 binary 
-- end
-- extended binary
INSERT INTO types (vc) VALUES ($1)
-- $ 0 NULL
-- end
-- simple
COPY (SELECT 'a'::varchar) TO STDOUT (FORMAT 'text')
-- end
-- simple
COPY (SELECT 'a'::varchar) TO STDOUT (FORMAT 'csv')
-- end
-- simple
COPY (SELECT 'a'::varchar) TO STDOUT (FORMAT 'binary')
-- end
-- extended binary
SELECT 'a'::varchar
-- columns varchar:1043
-- row a
-- end
-- extended binary
SELECT 'a'::varchar
-- columns varchar:1043
-- row a
-- end
-- extended binary
SELECT $1::varchar, ($1::varchar)::text
-- $ 0 binary 61
-- columns varchar:1043	text:25
-- row a	a
-- end
-- extended binary
SELECT count(*) FROM types WHERE vc = $1
-- $ 0 binary 61
-- columns count:20
-- row \x0000000000000000
-- end
-- extended binary
INSERT INTO types (vc) VALUES ($1)
-- $ 0 binary 61
-- end
-- simple
COPY (SELECT vc FROM types WHERE vc IS NULL LIMIT 1) TO STDOUT (FORMAT 'binary')
-- end
-- extended binary
INSERT INTO types (vc) VALUES ($1)
-- $ 0 binary 61
-- end
-- extended binary
INSERT INTO types (vc) VALUES ($1)
-- $ 0 NULL
-- end
-- simple
COPY (SELECT 'b c'::varchar) TO STDOUT (FORMAT 'text')
-- end
-- simple
COPY (SELECT 'b c'::varchar) TO STDOUT (FORMAT 'csv')
-- end
-- simple
COPY (SELECT 'b c'::varchar) TO STDOUT (FORMAT 'binary')
-- end
-- extended binary
SELECT 'b c'::varchar
-- columns varchar:1043
-- row b c
-- end
-- extended binary
SELECT 'b c'::varchar
-- columns varchar:1043
-- row b c
-- end
-- extended binary
SELECT $1::varchar, ($1::varchar)::text
-- $ 0 binary 622063
-- columns varchar:1043	text:25
-- row b c	b c
-- end
-- extended binary
SELECT count(*) FROM types WHERE vc = $1
-- $ 0 binary 622063
-- columns count:20
-- row \x0000000000000000
-- end
-- extended binary
INSERT INTO types (vc) VALUES ($1)
-- $ 0 binary 622063
-- end
-- simple
COPY (SELECT vc FROM types WHERE vc IS NULL LIMIT 1) TO STDOUT (FORMAT 'binary')
-- end
-- extended binary
INSERT INTO types (vc) VALUES ($1)
-- $ 0 binary 622063
-- end
-- extended binary
INSERT INTO types (vc) VALUES ($1)
-- $ 0 NULL
-- end
-- simple
COPY (SELECT NULL::varchar) TO STDOUT (FORMAT 'text')
-- end
-- simple
COPY (SELECT NULL::varchar) TO STDOUT (FORMAT 'csv')
-- end
-- simple
COPY (SELECT NULL::varchar) TO STDOUT (FORMAT 'binary')
-- end
-- extended binary
SELECT NULL::varchar
-- columns varchar:1043
-- row \N
-- end
-- extended binary
SELECT NULL::varchar
-- columns varchar:1043
-- row \N
-- end
-- extended binary
SELECT $1::varchar, ($1::varchar)::text
-- $ 0 NULL
-- columns varchar:1043	text:25
-- row \N	\N
-- end
-- extended binary
SELECT count(*) FROM types WHERE vc = $1
-- $ 0 NULL
-- columns count:20
-- row \x0000000000000000
-- end
-- extended binary
INSERT INTO types (vc) VALUES ($1)
-- $ 0 NULL
-- end
-- simple
COPY (SELECT vc FROM types WHERE vc IS NULL LIMIT 1) TO STDOUT (FORMAT 'binary')
-- end
-- extended binary
INSERT INTO types (vc) VALUES ($1)
-- $ 0 NULL
-- end
-- extended binary
INSERT INTO types (vc) VALUES ($1)
-- $ 0 NULL
-- end
-- extended binary
SELECT vc::text FROM types WHERE vc IS NOT NULL
-- columns vc:25
-- end
-- extended binary

                    SELECT
                        current_setting('jit') AS cur,
                        set_config('jit', 'off', false) AS new
-- columns cur:25	new:25
-- row off	off
-- end
-- simple
COPY (SELECT '{}'::varchar[]) TO STDOUT (FORMAT 'text')
-- end
-- simple
COPY (SELECT '{}'::varchar[]) TO STDOUT (FORMAT 'csv')
-- end
-- simple
COPY (SELECT '{}'::varchar[]) TO STDOUT (FORMAT 'binary')
-- end
-- extended binary
SELECT '{}'::varchar[]
-- columns varchar:1015
-- row \x000000000000000000000413
-- end
-- extended binary
SELECT '{}'::varchar[]
-- columns varchar:1015
-- row \x000000000000000000000413
-- end
-- extended binary
SELECT $1::varchar[], ($1::varchar[])::text
-- $ 0 binary 0000000100000000000004130000000000000001
-- columns varchar:1015	text:25
-- row \x000000000000000000000413	{}
-- end
-- extended binary
SELECT count(*) FROM types WHERE vc_a = $1
-- $ 0 binary 0000000100000000000004130000000000000001
-- columns count:20
-- row \x0000000000000000
-- end
-- extended binary
INSERT INTO types (vc_a) VALUES ($1)
-- $ 0 binary 0000000100000000000004130000000000000001
-- end
-- simple
COPY (SELECT vc_a FROM types WHERE vc_a IS NULL LIMIT 1) TO STDOUT (FORMAT 'binary')
-- end
-- extended binary
INSERT INTO types (vc_a) VALUES ($1)
-- $ 0 binary 0000000100000000000004130000000000000001
-- end
-- extended binary
INSERT INTO types (vc_a) VALUES ($1)
-- $ 0 NULL
-- end
-- simple
COPY (SELECT '{"","a","b c",NULL}'::varchar[]) TO STDOUT (FORMAT 'text')
-- end
-- simple
COPY (SELECT '{"","a","b c",NULL}'::varchar[]) TO STDOUT (FORMAT 'csv')
-- end
-- simple
COPY (SELECT '{"","a","b c",NULL}'::varchar[]) TO STDOUT (FORMAT 'binary')
-- end
-- extended binary
SELECT '{"","a","b c",NULL}'::varchar[]
-- columns varchar:1015
-- row \x000000010000000100000413000000040000000100000000000000016100000003622063ffffffff
-- end
-- extended binary
SELECT '{"","a","b c",NULL}'::varchar[]
-- columns varchar:1015
-- row \x000000010000000100000413000000040000000100000000000000016100000003622063ffffffff
-- end
-- extended binary
SELECT $1::varchar[], ($1::varchar[])::text
-- $ 0 binary 000000010000000000000413000000040000000100000000000000016100000003622063ffffffff
-- columns varchar:1015	text:25
-- row \x000000010000000100000413000000040000000100000000000000016100000003622063ffffffff	{"",a,"b c",NULL}
-- end
-- extended binary
SELECT count(*) FROM types WHERE vc_a = $1
-- $ 0 binary 000000010000000000000413000000040000000100000000000000016100000003622063ffffffff
-- columns count:20
-- row \x0000000000000000
-- end
-- extended binary
INSERT INTO types (vc_a) VALUES ($1)
-- $ 0 binary 000000010000000000000413000000040000000100000000000000016100000003622063ffffffff
-- end
-- simple
COPY (SELECT vc_a FROM types WHERE vc_a IS NULL LIMIT 1) TO STDOUT (FORMAT 'binary')
-- end
-- extended binary
INSERT INTO types (vc_a) VALUES ($1)
-- $ 0 binary 000000010000000000000413000000040000000100000000000000016100000003622063ffffffff
-- end
-- extended binary
INSERT INTO types (vc_a) VALUES ($1)
-- $ 0 NULL
-- end
-- extended binary
SELECT vc_a::text FROM types WHERE vc_a IS NOT NULL
-- columns vc_a:25
-- row {}
-- end
-- simple
COPY (SELECT ''::varchar(3)) TO STDOUT (FORMAT 'text')
-- end
-- simple
COPY (SELECT ''::varchar(3)) TO STDOUT (FORMAT 'csv')
-- end
-- simple
COPY (SELECT ''::varchar(3)) TO STDOUT (FORMAT 'binary')
-- end
-- extended binary
SELECT ''::varchar(3)
-- columns varchar:1043
-- row 
-- end
-- extended binary
SELECT ''::varchar(3)
-- columns varchar:1043
-- row 
-- end
-- extended binary
SELECT $1::varchar(3), ($1::varchar(3))::text
-- $ 0 binary 
-- columns varchar:1043	text:25
-- row 	
-- end
-- extended binary
SELECT count(*) FROM types WHERE vc3 = $1
-- $ 0 binary 
-- columns count:20
-- row \x0000000000000000
-- end
-- extended binary
INSERT INTO types (vc3) VALUES ($1)
-- $ 0 binary 
-- end
-- simple
COPY (SELECT vc3 FROM types WHERE vc3 IS NULL LIMIT 1) TO STDOUT (FORMAT 'binary')
-- end
-- extended binary
INSERT INTO types (vc3) VALUES ($1)
-- $ 0 binary 
-- end
-- extended binary
INSERT INTO types (vc3) VALUES ($1)
-- $ 0 NULL
-- end
-- simple
COPY (SELECT 'ab'::varchar(3)) TO STDOUT (FORMAT 'text')
-- end
-- simple
COPY (SELECT 'ab'::varchar(3)) TO STDOUT (FORMAT 'csv')
-- end
-- simple
COPY (SELECT 'ab'::varchar(3)) TO STDOUT (FORMAT 'binary')
-- end
-- extended binary
SELECT 'ab'::varchar(3)
-- columns varchar:1043
-- row ab
-- end
-- extended binary
SELECT 'ab'::varchar(3)
-- columns varchar:1043
-- row ab
-- end
-- extended binary
SELECT $1::varchar(3), ($1::varchar(3))::text
-- $ 0 binary 6162
-- columns varchar:1043	text:25
-- row ab	ab
-- end
-- extended binary
SELECT count(*) FROM types WHERE vc3 = $1
-- $ 0 binary 6162
-- columns count:20
-- row \x0000000000000000
-- end
-- extended binary
INSERT INTO types (vc3) VALUES ($1)
-- $ 0 binary 6162
-- end
-- simple
COPY (SELECT vc3 FROM types WHERE vc3 IS NULL LIMIT 1) TO STDOUT (FORMAT 'binary')
-- end
-- extended binary
INSERT INTO types (vc3) VALUES ($1)
-- $ 0 binary 6162
-- end
-- extended binary
INSERT INTO types (vc3) VALUES ($1)
-- $ 0 NULL
-- end
-- simple
COPY (SELECT 'a '::varchar(3)) TO STDOUT (FORMAT 'text')
-- end
-- simple
COPY (SELECT 'a '::varchar(3)) TO STDOUT (FORMAT 'csv')
-- end
-- simple
COPY (SELECT 'a '::varchar(3)) TO STDOUT (FORMAT 'binary')
-- end
-- extended binary
SELECT 'a '::varchar(3)
-- columns varchar:1043
-- row a 
-- end
-- extended binary
SELECT 'a '::varchar(3)
-- columns varchar:1043
-- row a 
-- end
-- extended binary
SELECT $1::varchar(3), ($1::varchar(3))::text
-- $ 0 binary 6120
-- columns varchar:1043	text:25
-- row a 	a 
-- end
-- extended binary
SELECT count(*) FROM types WHERE vc3 = $1
-- $ 0 binary 6120
-- columns count:20
-- row \x0000000000000000
-- end
-- extended binary
INSERT INTO types (vc3) VALUES ($1)
-- $ 0 binary 6120
-- end
-- simple
COPY (SELECT vc3 FROM types WHERE vc3 IS NULL LIMIT 1) TO STDOUT (FORMAT 'binary')
-- end
-- extended binary
INSERT INTO types (vc3) VALUES ($1)
-- $ 0 binary 6120
-- end
-- extended binary
INSERT INTO types (vc3) VALUES ($1)
-- $ 0 NULL
-- end
-- simple
COPY (SELECT NULL::varchar(3)) TO STDOUT (FORMAT 'text')
-- end
-- simple
COPY (SELECT NULL::varchar(3)) TO STDOUT (FORMAT 'csv')
-- end
-- simple
COPY (SELECT NULL::varchar(3)) TO STDOUT (FORMAT 'binary')
-- end
-- extended binary
SELECT NULL::varchar(3)
-- columns varchar:1043
-- row \N
-- end
-- extended binary
SELECT NULL::varchar(3)
-- columns varchar:1043
-- row \N
-- end
-- extended binary
SELECT $1::varchar(3), ($1::varchar(3))::text
-- $ 0 NULL
-- columns varchar:1043	text:25
-- row \N	\N
-- end
-- extended binary
SELECT count(*) FROM types WHERE vc3 = $1
-- $ 0 NULL
-- columns count:20
-- row \x0000000000000000
-- end
-- extended binary
INSERT INTO types (vc3) VALUES ($1)
-- $ 0 NULL
-- end
-- simple
COPY (SELECT vc3 FROM types WHERE vc3 IS NULL LIMIT 1) TO STDOUT (FORMAT 'binary')
-- end
-- extended binary
INSERT INTO types (vc3) VALUES ($1)
-- $ 0 NULL
-- end
-- extended binary
INSERT INTO types (vc3) VALUES ($1)
-- $ 0 NULL
-- end
-- extended binary
SELECT vc3::text FROM types WHERE vc3 IS NOT NULL
-- columns vc3:25
-- row 
-- end
-- simple
COPY (SELECT '{}'::varchar(3)[]) TO STDOUT (FORMAT 'text')
-- end
-- simple
COPY (SELECT '{}'::varchar(3)[]) TO STDOUT (FORMAT 'csv')
-- end
-- simple
COPY (SELECT '{}'::varchar(3)[]) TO STDOUT (FORMAT 'binary')
-- end
-- extended binary
SELECT '{}'::varchar(3)[]
-- columns varchar:1015
-- row \x000000000000000000000413
-- end
-- extended binary
SELECT '{}'::varchar(3)[]
-- columns varchar:1015
-- row \x000000000000000000000413
-- end
-- extended binary
SELECT $1::varchar(3)[], ($1::varchar(3)[])::text
-- $ 0 binary 0000000100000000000004130000000000000001
-- columns varchar:1015	text:25
-- row \x000000000000000000000413	{}
-- end
-- extended binary
SELECT count(*) FROM types WHERE vc3_a = $1
-- $ 0 binary 0000000100000000000004130000000000000001
-- columns count:20
-- row \x0000000000000000
-- end
-- extended binary
INSERT INTO types (vc3_a) VALUES ($1)
-- $ 0 binary 0000000100000000000004130000000000000001
-- end
-- simple
COPY (SELECT vc3_a FROM types WHERE vc3_a IS NULL LIMIT 1) TO STDOUT (FORMAT 'binary')
-- end
-- extended binary
INSERT INTO types (vc3_a) VALUES ($1)
-- $ 0 binary 0000000100000000000004130000000000000001
-- end
-- extended binary
INSERT INTO types (vc3_a) VALUES ($1)
-- $ 0 NULL
-- end
-- simple
COPY (SELECT '{"","ab","a ",NULL}'::varchar(3)[]) TO STDOUT (FORMAT 'text')
-- end
-- simple
COPY (SELECT '{"","ab","a ",NULL}'::varchar(3)[]) TO STDOUT (FORMAT 'csv')
-- end
-- simple
COPY (SELECT '{"","ab","a ",NULL}'::varchar(3)[]) TO STDOUT (FORMAT 'binary')
-- end
-- extended binary
SELECT '{"","ab","a ",NULL}'::varchar(3)[]
-- columns varchar:1015
-- row \x000000010000000100000413000000040000000100000000000000026162000000026120ffffffff
-- end
-- extended binary
SELECT '{"","ab","a ",NULL}'::varchar(3)[]
-- columns varchar:1015
-- row \x000000010000000100000413000000040000000100000000000000026162000000026120ffffffff
-- end
-- extended binary
SELECT $1::varchar(3)[], ($1::varchar(3)[])::text
-- $ 0 binary 000000010000000000000413000000040000000100000000000000026162000000026120ffffffff
-- columns varchar:1015	text:25
-- row \x000000010000000100000413000000040000000100000000000000026162000000026120ffffffff	{"",ab,"a ",NULL}
-- end
-- extended binary
SELECT count(*) FROM types WHERE vc3_a = $1
-- $ 0 binary 000000010000000000000413000000040000000100000000000000026162000000026120ffffffff
-- columns count:20
-- row \x0000000000000000
-- end
-- extended binary
INSERT INTO types (vc3_a) VALUES ($1)
-- $ 0 binary 000000010000000000000413000000040000000100000000000000026162000000026120ffffffff
-- end
-- simple
COPY (SELECT vc3_a FROM types WHERE vc3_a IS NULL LIMIT 1) TO STDOUT (FORMAT 'binary')
-- end
-- extended binary
INSERT INTO types (vc3_a) VALUES ($1)
-- $ 0 binary 000000010000000000000413000000040000000100000000000000026162000000026120ffffffff
-- end
-- extended binary
INSERT INTO types (vc3_a) VALUES ($1)
-- $ 0 NULL
-- end
-- extended binary
SELECT vc3_a::text FROM types WHERE vc3_a IS NOT NULL
-- columns vc3_a:25
-- row {}
-- end
-- simple
COPY (SELECT ''::char) TO STDOUT (FORMAT 'text')
-- end
-- simple
COPY (SELECT ''::char) TO STDOUT (FORMAT 'csv')
-- end
-- simple
COPY (SELECT ''::char) TO STDOUT (FORMAT 'binary')
-- end
-- extended binary
SELECT ''::char
-- columns bpchar:1042
-- row  
-- end
-- extended binary
SELECT ''::char
-- columns bpchar:1042
-- row  
-- end
-- extended binary
SELECT $1::char, ($1::char)::text
-- $ 0 binary 20
-- columns bpchar:1042	text:25
-- row  	
-- end
-- extended binary
SELECT count(*) FROM types WHERE ch = $1
-- $ 0 binary 20
-- columns count:20
-- row \x0000000000000000
-- end
-- extended binary
INSERT INTO types (ch) VALUES ($1)
-- $ 0 binary 20
-- end
-- simple
COPY (SELECT ch FROM types WHERE ch IS NULL LIMIT 1) TO STDOUT (FORMAT 'binary')
-- end
-- extended binary
INSERT INTO types (ch) VALUES ($1)
-- $ 0 binary 20
-- end
-- extended binary
INSERT INTO types (ch) VALUES ($1)
-- $ 0 NULL
-- end
-- simple
COPY (SELECT 'x'::char) TO STDOUT (FORMAT 'text')
-- end
-- simple
COPY (SELECT 'x'::char) TO STDOUT (FORMAT 'csv')
-- end
-- simple
COPY (SELECT 'x'::char) TO STDOUT (FORMAT 'binary')
-- end
-- extended binary
SELECT 'x'::char
-- columns bpchar:1042
-- row x
-- end
-- extended binary
SELECT 'x'::char
-- columns bpchar:1042
-- row x
-- end
-- extended binary
SELECT $1::char, ($1::char)::text
-- $ 0 binary 78
-- columns bpchar:1042	text:25
-- row x	x
-- end
-- extended binary
SELECT count(*) FROM types WHERE ch = $1
-- $ 0 binary 78
-- columns count:20
-- row \x0000000000000000
-- end
-- extended binary
INSERT INTO types (ch) VALUES ($1)
-- $ 0 binary 78
-- end
-- simple
COPY (SELECT ch FROM types WHERE ch IS NULL LIMIT 1) TO STDOUT (FORMAT 'binary')
-- end
-- extended binary
INSERT INTO types (ch) VALUES ($1)
-- $ 0 binary 78
-- end
-- extended binary
INSERT INTO types (ch) VALUES ($1)
-- $ 0 NULL
-- end
-- simple
COPY (SELECT NULL::char) TO STDOUT (FORMAT 'text')
-- end
-- simple
COPY (SELECT NULL::char) TO STDOUT (FORMAT 'csv')
-- end
-- simple
COPY (SELECT NULL::char) TO STDOUT (FORMAT 'binary')
-- end
-- extended binary
SELECT NULL::char
-- columns bpchar:1042
-- row \N
-- end
-- extended binary
SELECT NULL::char
-- columns bpchar:1042
-- row \N
-- end
-- extended binary
SELECT $1::char, ($1::char)::text
-- $ 0 NULL
-- columns bpchar:1042	text:25
-- row \N	\N
-- end
-- extended binary
SELECT count(*) FROM types WHERE ch = $1
-- $ 0 NULL
-- columns count:20
-- row \x0000000000000000
-- end
-- extended binary
INSERT INTO types (ch) VALUES ($1)
-- $ 0 NULL
-- end
-- simple
COPY (SELECT ch FROM types WHERE ch IS NULL LIMIT 1) TO STDOUT (FORMAT 'binary')
-- end
-- extended binary
INSERT INTO types (ch) VALUES ($1)
-- $ 0 NULL
-- end
-- extended binary
INSERT INTO types (ch) VALUES ($1)
-- $ 0 NULL
-- end
-- extended binary
SELECT ch::text FROM types WHERE ch IS NOT NULL
-- columns ch:25
-- end
-- extended binary

                    SELECT
                        current_setting('jit') AS cur,
                        set_config('jit', 'off', false) AS new
-- columns cur:25	new:25
-- row off	off
-- end
-- simple
COPY (SELECT '{}'::char[]) TO STDOUT (FORMAT 'text')
-- end
-- simple
COPY (SELECT '{}'::char[]) TO STDOUT (FORMAT 'csv')
-- end
-- simple
COPY (SELECT '{}'::char[]) TO STDOUT (FORMAT 'binary')
-- end
-- extended binary
SELECT '{}'::char[]
-- columns bpchar:1014
-- row \x000000000000000000000412
-- end
-- extended binary
SELECT '{}'::char[]
-- columns bpchar:1014
-- row \x000000000000000000000412
-- end
-- extended binary
SELECT $1::char[], ($1::char[])::text
-- $ 0 binary 0000000100000000000004120000000000000001
-- columns bpchar:1014	text:25
-- row \x000000000000000000000412	{}
-- end
-- extended binary
SELECT count(*) FROM types WHERE ch_a = $1
-- $ 0 binary 0000000100000000000004120000000000000001
-- columns count:20
-- row \x0000000000000000
-- end
-- extended binary
INSERT INTO types (ch_a) VALUES ($1)
-- $ 0 binary 0000000100000000000004120000000000000001
-- end
-- simple
COPY (SELECT ch_a FROM types WHERE ch_a IS NULL LIMIT 1) TO STDOUT (FORMAT 'binary')
-- end
-- extended binary
INSERT INTO types (ch_a) VALUES ($1)
-- $ 0 binary 0000000100000000000004120000000000000001
-- end
-- extended binary
INSERT INTO types (ch_a) VALUES ($1)
-- $ 0 NULL
-- end
-- simple
COPY (SELECT '{"","x",NULL}'::char[]) TO STDOUT (FORMAT 'text')
-- end
-- simple
COPY (SELECT '{"","x",NULL}'::char[]) TO STDOUT (FORMAT 'csv')
-- end
-- simple
COPY (SELECT '{"","x",NULL}'::char[]) TO STDOUT (FORMAT 'binary')
-- end
-- extended binary
SELECT '{"","x",NULL}'::char[]
-- columns bpchar:1014
-- row \x000000010000000100000412000000030000000100000001200000000178ffffffff
-- end
-- extended binary
SELECT '{"","x",NULL}'::char[]
-- columns bpchar:1014
-- row \x000000010000000100000412000000030000000100000001200000000178ffffffff
-- end
-- extended binary
SELECT $1::char[], ($1::char[])::text
-- $ 0 binary 000000010000000000000412000000030000000100000001200000000178ffffffff
-- columns bpchar:1014	text:25
-- row \x000000010000000100000412000000030000000100000001200000000178ffffffff	{" ",x,NULL}
-- end
-- extended binary
SELECT count(*) FROM types WHERE ch_a = $1
-- $ 0 binary 000000010000000000000412000000030000000100000001200000000178ffffffff
-- columns count:20
-- row \x0000000000000000
-- end
-- extended binary
INSERT INTO types (ch_a) VALUES ($1)
-- $ 0 binary 000000010000000000000412000000030000000100000001200000000178ffffffff
-- end
-- simple
COPY (SELECT ch_a FROM types WHERE ch_a IS NULL LIMIT 1) TO STDOUT (FORMAT 'binary')
-- end
-- extended binary
INSERT INTO types (ch_a) VALUES ($1)
-- $ 0 binary 000000010000000000000412000000030000000100000001200000000178ffffffff
-- end
-- extended binary
INSERT INTO types (ch_a) VALUES ($1)
-- $ 0 NULL
-- end
-- extended binary
SELECT ch_a::text FROM types WHERE ch_a IS NOT NULL
-- columns ch_a:25
-- end
-- simple
COPY (SELECT ''::char(5)) TO STDOUT (FORMAT 'text')
-- end
-- simple
COPY (SELECT ''::char(5)) TO STDOUT (FORMAT 'csv')
-- end
-- simple
COPY (SELECT ''::char(5)) TO STDOUT (FORMAT 'binary')
-- end
-- extended binary
SELECT ''::char(5)
-- columns bpchar:1042
-- row      
-- end
-- extended binary
SELECT ''::char(5)
-- columns bpchar:1042
-- row      
-- end
-- extended binary
SELECT $1::char(5), ($1::char(5))::text
-- $ 0 binary 2020202020
-- columns bpchar:1042	text:25
-- row      	
-- end
-- extended binary
SELECT count(*) FROM types WHERE ch5 = $1
-- $ 0 binary 2020202020
-- columns count:20
-- row \x0000000000000000
-- end
-- extended binary
INSERT INTO types (ch5) VALUES ($1)
-- $ 0 binary 2020202020
-- end
-- simple
COPY (SELECT ch5 FROM types WHERE ch5 IS NULL LIMIT 1) TO STDOUT (FORMAT 'binary')
-- end
-- extended binary
INSERT INTO types (ch5) VALUES ($1)
-- $ 0 binary 2020202020
-- end
-- extended binary
INSERT INTO types (ch5) VALUES ($1)
-- $ 0 NULL
-- end
-- simple
COPY (SELECT 'ab'::char(5)) TO STDOUT (FORMAT 'text')
-- end
-- simple
COPY (SELECT 'ab'::char(5)) TO STDOUT (FORMAT 'csv')
-- end
-- simple
COPY (SELECT 'ab'::char(5)) TO STDOUT (FORMAT 'binary')
-- end
-- extended binary
SELECT 'ab'::char(5)
-- columns bpchar:1042
-- row ab   
-- end
-- extended binary
SELECT 'ab'::char(5)
-- columns bpchar:1042
-- row ab   
-- end
-- extended binary
SELECT $1::char(5), ($1::char(5))::text
-- $ 0 binary 6162202020
-- columns bpchar:1042	text:25
-- row ab   	ab
-- end
-- extended binary
SELECT count(*) FROM types WHERE ch5 = $1
-- $ 0 binary 6162202020
-- columns count:20
-- row \x0000000000000000
-- end
-- extended binary
INSERT INTO types (ch5) VALUES ($1)
-- $ 0 binary 6162202020
-- end
-- simple
COPY (SELECT ch5 FROM types WHERE ch5 IS NULL LIMIT 1) TO STDOUT (FORMAT 'binary')
-- end
-- extended binary
INSERT INTO types (ch5) VALUES ($1)
-- $ 0 binary 6162202020
-- end
-- extended binary
INSERT INTO types (ch5) VALUES ($1)
-- $ 0 NULL
-- end
-- simple
COPY (SELECT 'abcde'::char(5)) TO STDOUT (FORMAT 'text')
-- end
-- simple
COPY (SELECT 'abcde'::char(5)) TO STDOUT (FORMAT 'csv')
-- end
-- simple
COPY (SELECT 'abcde'::char(5)) TO STDOUT (FORMAT 'binary')
-- end
-- extended binary
SELECT 'abcde'::char(5)
-- columns bpchar:1042
-- row abcde
-- end
-- extended binary
SELECT 'abcde'::char(5)
-- columns bpchar:1042
-- row abcde
-- end
-- extended binary
SELECT $1::char(5), ($1::char(5))::text
-- $ 0 binary 6162636465
-- columns bpchar:1042	text:25
-- row abcde	abcde
-- end
-- extended binary
SELECT count(*) FROM types WHERE ch5 = $1
-- $ 0 binary 6162636465
-- columns count:20
-- row \x0000000000000000
-- end
-- extended binary
INSERT INTO types (ch5) VALUES ($1)
-- $ 0 binary 6162636465
-- end
-- simple
COPY (SELECT ch5 FROM types WHERE ch5 IS NULL LIMIT 1) TO STDOUT (FORMAT 'binary')
-- end
-- extended binary
INSERT INTO types (ch5) VALUES ($1)
-- $ 0 binary 6162636465
-- end
-- extended binary
INSERT INTO types (ch5) VALUES ($1)
-- $ 0 NULL
-- end
-- simple
COPY (SELECT NULL::char(5)) TO STDOUT (FORMAT 'text')
-- end
-- simple
COPY (SELECT NULL::char(5)) TO STDOUT (FORMAT 'csv')
-- end
-- simple
COPY (SELECT NULL::char(5)) TO STDOUT (FORMAT 'binary')
-- end
-- extended binary
SELECT NULL::char(5)
-- columns bpchar:1042
-- row \N
-- end
-- extended binary
SELECT NULL::char(5)
-- columns bpchar:1042
-- row \N
-- end
-- extended binary
SELECT $1::char(5), ($1::char(5))::text
-- $ 0 NULL
-- columns bpchar:1042	text:25
-- row \N	\N
-- end
-- extended binary
SELECT count(*) FROM types WHERE ch5 = $1
-- $ 0 NULL
-- columns count:20
-- row \x0000000000000000
-- end
-- extended binary
INSERT INTO types (ch5) VALUES ($1)
-- $ 0 NULL
-- end
-- simple
COPY (SELECT ch5 FROM types WHERE ch5 IS NULL LIMIT 1) TO STDOUT (FORMAT 'binary')
-- end
-- extended binary
INSERT INTO types (ch5) VALUES ($1)
-- $ 0 NULL
-- end
-- extended binary
INSERT INTO types (ch5) VALUES ($1)
-- $ 0 NULL
-- end
-- extended binary
SELECT ch5::text FROM types WHERE ch5 IS NOT NULL
-- columns ch5:25
-- row 
-- end
-- simple
COPY (SELECT '{}'::char(5)[]) TO STDOUT (FORMAT 'text')
-- end
-- simple
COPY (SELECT '{}'::char(5)[]) TO STDOUT (FORMAT 'csv')
-- end
-- simple
COPY (SELECT '{}'::char(5)[]) TO STDOUT (FORMAT 'binary')
-- end
-- extended binary
SELECT '{}'::char(5)[]
-- columns bpchar:1014
-- row \x000000000000000000000412
-- end
-- extended binary
SELECT '{}'::char(5)[]
-- columns bpchar:1014
-- row \x000000000000000000000412
-- end
-- extended binary
SELECT $1::char(5)[], ($1::char(5)[])::text
-- $ 0 binary 0000000100000000000004120000000000000001
-- columns bpchar:1014	text:25
-- row \x000000000000000000000412	{}
-- end
-- extended binary
SELECT count(*) FROM types WHERE ch5_a = $1
-- $ 0 binary 0000000100000000000004120000000000000001
-- columns count:20
-- row \x0000000000000000
-- end
-- extended binary
INSERT INTO types (ch5_a) VALUES ($1)
-- $ 0 binary 0000000100000000000004120000000000000001
-- end
-- simple
COPY (SELECT ch5_a FROM types WHERE ch5_a IS NULL LIMIT 1) TO STDOUT (FORMAT 'binary')
-- end
-- extended binary
INSERT INTO types (ch5_a) VALUES ($1)
-- $ 0 binary 0000000100000000000004120000000000000001
-- end
-- extended binary
INSERT INTO types (ch5_a) VALUES ($1)
-- $ 0 NULL
-- end
-- simple
COPY (SELECT '{"","ab","abcde",NULL}'::char(5)[]) TO STDOUT (FORMAT 'text')
-- end
-- simple
COPY (SELECT '{"","ab","abcde",NULL}'::char(5)[]) TO STDOUT (FORMAT 'csv')
-- end
-- simple
COPY (SELECT '{"","ab","abcde",NULL}'::char(5)[]) TO STDOUT (FORMAT 'binary')
-- end
-- extended binary
SELECT '{"","ab","abcde",NULL}'::char(5)[]
-- columns bpchar:1014
-- row \x0000000100000001000004120000000400000001000000052020202020000000056162202020000000056162636465ffffffff
-- end
-- extended binary
SELECT '{"","ab","abcde",NULL}'::char(5)[]
-- columns bpchar:1014
-- row \x0000000100000001000004120000000400000001000000052020202020000000056162202020000000056162636465ffffffff
-- end
-- extended binary
SELECT $1::char(5)[], ($1::char(5)[])::text
-- $ 0 binary 0000000100000000000004120000000400000001000000052020202020000000056162202020000000056162636465ffffffff
-- columns bpchar:1014	text:25
-- row \x0000000100000001000004120000000400000001000000052020202020000000056162202020000000056162636465ffffffff	{"     ","ab   ",abcde,NULL}
-- end
-- extended binary
SELECT count(*) FROM types WHERE ch5_a = $1
-- $ 0 binary 0000000100000000000004120000000400000001000000052020202020000000056162202020000000056162636465ffffffff
-- columns count:20
-- row \x0000000000000000
-- end
-- extended binary
INSERT INTO types (ch5_a) VALUES ($1)
-- $ 0 binary 0000000100000000000004120000000400000001000000052020202020000000056162202020000000056162636465ffffffff
-- end
-- simple
COPY (SELECT ch5_a FROM types WHERE ch5_a IS NULL LIMIT 1) TO STDOUT (FORMAT 'binary')
-- end
-- extended binary
INSERT INTO types (ch5_a) VALUES ($1)
-- $ 0 binary 0000000100000000000004120000000400000001000000052020202020000000056162202020000000056162636465ffffffff
-- end
-- extended binary
INSERT INTO types (ch5_a) VALUES ($1)
-- $ 0 NULL
-- end
-- extended binary
SELECT ch5_a::text FROM types WHERE ch5_a IS NOT NULL
-- columns ch5_a:25
-- end
-- simple
COPY (SELECT 'a'::"char") TO STDOUT (FORMAT 'text')
-- end
-- simple
COPY (SELECT 'a'::"char") TO STDOUT (FORMAT 'csv')
-- end
-- simple
COPY (SELECT 'a'::"char") TO STDOUT (FORMAT 'binary')
-- end
-- extended binary
SELECT 'a'::"char"
-- columns char:18
-- row a
-- end
-- extended binary
SELECT 'a'::"char"
-- columns char:18
-- row a
-- end
-- extended binary
SELECT $1::"char", ($1::"char")::text
-- $ 0 binary 61
-- columns char:18	text:25
-- row a	a
-- end
-- extended binary
SELECT count(*) FROM types WHERE qch = $1
-- $ 0 binary 61
-- columns count:20
-- row \x0000000000000000
-- end
-- extended binary
INSERT INTO types (qch) VALUES ($1)
-- $ 0 binary 61
-- end
-- simple
COPY (SELECT qch FROM types WHERE qch IS NULL LIMIT 1) TO STDOUT (FORMAT 'binary')
-- end
-- extended binary
INSERT INTO types (qch) VALUES ($1)
-- $ 0 binary 61
-- end
-- extended binary
INSERT INTO types (qch) VALUES ($1)
-- $ 0 NULL
-- end
-- simple
COPY (SELECT '~'::"char") TO STDOUT (FORMAT 'text')
-- end
-- simple
COPY (SELECT '~'::"char") TO STDOUT (FORMAT 'csv')
-- end
-- simple
COPY (SELECT '~'::"char") TO STDOUT (FORMAT 'binary')
-- end
-- extended binary
SELECT '~'::"char"
-- columns char:18
-- row ~
-- end
-- extended binary
SELECT '~'::"char"
-- columns char:18
-- row ~
-- end
-- extended binary
SELECT $1::"char", ($1::"char")::text
-- $ 0 binary 7e
-- columns char:18	text:25
-- row ~	~
-- end
-- extended binary
SELECT count(*) FROM types WHERE qch = $1
-- $ 0 binary 7e
-- columns count:20
-- row \x0000000000000000
-- end
-- extended binary
INSERT INTO types (qch) VALUES ($1)
-- $ 0 binary 7e
-- end
-- simple
COPY (SELECT qch FROM types WHERE qch IS NULL LIMIT 1) TO STDOUT (FORMAT 'binary')
-- end
-- extended binary
INSERT INTO types (qch) VALUES ($1)
-- $ 0 binary 7e
-- end
-- extended binary
INSERT INTO types (qch) VALUES ($1)
-- $ 0 NULL
-- end
-- simple
COPY (SELECT NULL::"char") TO STDOUT (FORMAT 'text')
-- end
-- simple
COPY (SELECT NULL::"char") TO STDOUT (FORMAT 'csv')
-- end
-- simple
COPY (SELECT NULL::"char") TO STDOUT (FORMAT 'binary')
-- end
-- extended binary
SELECT NULL::"char"
-- columns char:18
-- row \N
-- end
-- extended binary
SELECT NULL::"char"
-- columns char:18
-- row \N
-- end
-- extended binary
SELECT $1::"char", ($1::"char")::text
-- $ 0 NULL
-- columns char:18	text:25
-- row \N	\N
-- end
-- extended binary
SELECT count(*) FROM types WHERE qch = $1
-- $ 0 NULL
-- columns count:20
-- row \x0000000000000000
-- end
-- extended binary
INSERT INTO types (qch) VALUES ($1)
-- $ 0 NULL
-- end
-- simple
COPY (SELECT qch FROM types WHERE qch IS NULL LIMIT 1) TO STDOUT (FORMAT 'binary')
-- end
-- extended binary
INSERT INTO types (qch) VALUES ($1)
-- $ 0 NULL
-- end
-- extended binary
INSERT INTO types (qch) VALUES ($1)
-- $ 0 NULL
-- end
-- extended binary
SELECT qch::text FROM types WHERE qch IS NOT NULL
-- columns qch:25
-- row a
-- end
-- extended binary

                    SELECT
                        current_setting('jit') AS cur,
                        set_config('jit', 'off', false) AS new
-- columns cur:25	new:25
-- row off	off
-- end
-- simple
COPY (SELECT '{}'::"char"[]) TO STDOUT (FORMAT 'text')
-- end
-- simple
COPY (SELECT '{}'::"char"[]) TO STDOUT (FORMAT 'csv')
-- end
-- simple
COPY (SELECT '{}'::"char"[]) TO STDOUT (FORMAT 'binary')
-- end
-- extended binary
SELECT '{}'::"char"[]
-- columns char:1002
-- row \x000000000000000000000012
-- end
-- extended binary
SELECT '{}'::"char"[]
-- columns char:1002
-- row \x000000000000000000000012
-- end
-- extended binary
SELECT $1::"char"[], ($1::"char"[])::text
-- $ 0 binary 0000000100000000000000120000000000000001
-- columns char:1002	text:25
-- row \x000000000000000000000012	{}
-- end
-- extended binary
SELECT count(*) FROM types WHERE qch_a = $1
-- $ 0 binary 0000000100000000000000120000000000000001
-- columns count:20
-- row \x0000000000000000
-- end
-- extended binary
INSERT INTO types (qch_a) VALUES ($1)
-- $ 0 binary 0000000100000000000000120000000000000001
-- end
-- simple
COPY (SELECT qch_a FROM types WHERE qch_a IS NULL LIMIT 1) TO STDOUT (FORMAT 'binary')
-- end
-- extended binary
INSERT INTO types (qch_a) VALUES ($1)
-- $ 0 binary 0000000100000000000000120000000000000001
-- end
-- extended binary
INSERT INTO types (qch_a) VALUES ($1)
-- $ 0 NULL
-- end
-- simple
COPY (SELECT '{"a","~",NULL}'::"char"[]) TO STDOUT (FORMAT 'text')
-- end
-- simple
COPY (SELECT '{"a","~",NULL}'::"char"[]) TO STDOUT (FORMAT 'csv')
-- end
-- simple
COPY (SELECT '{"a","~",NULL}'::"char"[]) TO STDOUT (FORMAT 'binary')
-- end
-- extended binary
SELECT '{"a","~",NULL}'::"char"[]
-- columns char:1002
-- row \x00000001000000010000001200000003000000010000000161000000017effffffff
-- end
-- extended binary
SELECT '{"a","~",NULL}'::"char"[]
-- columns char:1002
-- row \x00000001000000010000001200000003000000010000000161000000017effffffff
-- end
-- extended binary
SELECT $1::"char"[], ($1::"char"[])::text
-- $ 0 binary 00000001000000000000001200000003000000010000000161000000017effffffff
-- columns char:1002	text:25
-- row \x00000001000000010000001200000003000000010000000161000000017effffffff	{a,~,NULL}
-- end
-- extended binary
SELECT count(*) FROM types WHERE qch_a = $1
-- $ 0 binary 00000001000000000000001200000003000000010000000161000000017effffffff
-- columns count:20
-- row \x0000000000000000
-- end
-- extended binary
INSERT INTO types (qch_a) VALUES ($1)
-- $ 0 binary 00000001000000000000001200000003000000010000000161000000017effffffff
-- end
-- simple
COPY (SELECT qch_a FROM types WHERE qch_a IS NULL LIMIT 1) TO STDOUT (FORMAT 'binary')
-- end
-- extended binary
INSERT INTO types (qch_a) VALUES ($1)
-- $ 0 binary 00000001000000000000001200000003000000010000000161000000017effffffff
-- end
-- extended binary
INSERT INTO types (qch_a) VALUES ($1)
-- $ 0 NULL
-- end
-- extended binary
SELECT qch_a::text FROM types WHERE qch_a IS NOT NULL
-- columns qch_a:25
-- row {}
-- end
-- simple
COPY (SELECT 'a'::name) TO STDOUT (FORMAT 'text')
-- end
-- simple
COPY (SELECT 'a'::name) TO STDOUT (FORMAT 'csv')
-- end
-- simple
COPY (SELECT 'a'::name) TO STDOUT (FORMAT 'binary')
-- end
-- extended binary
SELECT 'a'::name
-- columns name:19
-- row a
-- end
-- extended binary
SELECT 'a'::name
-- columns name:19
-- row a
-- end
-- extended binary
SELECT $1::name, ($1::name)::text
-- $ 0 binary 61
-- columns name:19	text:25
-- row a	a
-- end
-- extended binary
SELECT count(*) FROM types WHERE nm = $1
-- $ 0 binary 61
-- columns count:20
-- row \x0000000000000000
-- end
-- extended binary
INSERT INTO types (nm) VALUES ($1)
-- $ 0 binary 61
-- end
-- simple
COPY (SELECT nm FROM types WHERE nm IS NULL LIMIT 1) TO STDOUT (FORMAT 'binary')
-- end
-- extended binary
INSERT INTO types (nm) VALUES ($1)
-- $ 0 binary 61
-- end
-- extended binary
INSERT INTO types (nm) VALUES ($1)
-- $ 0 NULL
-- end
-- simple
COPY (SELECT 'a_name'::name) TO STDOUT (FORMAT 'text')
-- end
-- simple
COPY (SELECT 'a_name'::name) TO STDOUT (FORMAT 'csv')
-- end
-- simple
COPY (SELECT 'a_name'::name) TO STDOUT (FORMAT 'binary')
-- end
-- extended binary
SELECT 'a_name'::name
-- columns name:19
-- row a_name
-- end
-- extended binary
SELECT 'a_name'::name
-- columns name:19
-- row a_name
-- end
-- extended binary
SELECT $1::name, ($1::name)::text
-- $ 0 binary 615f6e616d65
-- columns name:19	text:25
-- row a_name	a_name
-- end
-- extended binary
SELECT count(*) FROM types WHERE nm = $1
-- $ 0 binary 615f6e616d65
-- columns count:20
-- row \x0000000000000000
-- end
-- extended binary
INSERT INTO types (nm) VALUES ($1)
-- $ 0 binary 615f6e616d65
-- end
-- simple
COPY (SELECT nm FROM types WHERE nm IS NULL LIMIT 1) TO STDOUT (FORMAT 'binary')
-- end
-- extended binary
INSERT INTO types (nm) VALUES ($1)
-- $ 0 binary 615f6e616d65
-- end
-- extended binary
INSERT INTO types (nm) VALUES ($1)
-- $ 0 NULL
-- end
-- simple
COPY (SELECT NULL::name) TO STDOUT (FORMAT 'text')
-- end
-- simple
COPY (SELECT NULL::name) TO STDOUT (FORMAT 'csv')
-- end
-- simple
COPY (SELECT NULL::name) TO STDOUT (FORMAT 'binary')
-- end
-- extended binary
SELECT NULL::name
-- columns name:19
-- row \N
-- end
-- extended binary
SELECT NULL::name
-- columns name:19
-- row \N
-- end
-- extended binary
SELECT $1::name, ($1::name)::text
-- $ 0 NULL
-- columns name:19	text:25
-- row \N	\N
-- end
-- extended binary
SELECT count(*) FROM types WHERE nm = $1
-- $ 0 NULL
-- columns count:20
-- row \x0000000000000000
-- end
-- extended binary
INSERT INTO types (nm) VALUES ($1)
-- $ 0 NULL
-- end
-- simple
COPY (SELECT nm FROM types WHERE nm IS NULL LIMIT 1) TO STDOUT (FORMAT 'binary')
-- end
-- extended binary
INSERT INTO types (nm) VALUES ($1)
-- $ 0 NULL
-- end
-- extended binary
INSERT INTO types (nm) VALUES ($1)
-- $ 0 NULL
-- end
-- extended binary
SELECT nm::text FROM types WHERE nm IS NOT NULL
-- columns nm:25
-- end
-- extended binary

                    SELECT
                        current_setting('jit') AS cur,
                        set_config('jit', 'off', false) AS new
-- columns cur:25	new:25
-- row off	off
-- end
-- simple
COPY (SELECT '{}'::name[]) TO STDOUT (FORMAT 'text')
-- end
-- simple
COPY (SELECT '{}'::name[]) TO STDOUT (FORMAT 'csv')
-- end
-- simple
COPY (SELECT '{}'::name[]) TO STDOUT (FORMAT 'binary')
-- end
-- extended binary
SELECT '{}'::name[]
-- columns name:1003
-- row \x000000000000000000000013
-- end
-- extended binary
SELECT '{}'::name[]
-- columns name:1003
-- row \x000000000000000000000013
-- end
-- extended binary
SELECT $1::name[], ($1::name[])::text
-- $ 0 binary 0000000100000000000000130000000000000001
-- columns name:1003	text:25
-- row \x000000000000000000000013	{}
-- end
-- extended binary
SELECT count(*) FROM types WHERE nm_a = $1
-- $ 0 binary 0000000100000000000000130000000000000001
-- columns count:20
-- row \x0000000000000000
-- end
-- extended binary
INSERT INTO types (nm_a) VALUES ($1)
-- $ 0 binary 0000000100000000000000130000000000000001
-- end
-- simple
COPY (SELECT nm_a FROM types WHERE nm_a IS NULL LIMIT 1) TO STDOUT (FORMAT 'binary')
-- end
-- extended binary
INSERT INTO types (nm_a) VALUES ($1)
-- $ 0 binary 0000000100000000000000130000000000000001
-- end
-- extended binary
INSERT INTO types (nm_a) VALUES ($1)
-- $ 0 NULL
-- end
-- simple
COPY (SELECT '{"a","a_name",NULL}'::name[]) TO STDOUT (FORMAT 'text')
-- end
-- simple
COPY (SELECT '{"a","a_name",NULL}'::name[]) TO STDOUT (FORMAT 'csv')
-- end
-- simple
COPY (SELECT '{"a","a_name",NULL}'::name[]) TO STDOUT (FORMAT 'binary')
-- end
-- extended binary
SELECT '{"a","a_name",NULL}'::name[]
-- columns name:1003
-- row \x0000000100000001000000130000000300000001000000016100000006615f6e616d65ffffffff
-- end
-- extended binary
SELECT '{"a","a_name",NULL}'::name[]
-- columns name:1003
-- row \x0000000100000001000000130000000300000001000000016100000006615f6e616d65ffffffff
-- end
-- extended binary
SELECT $1::name[], ($1::name[])::text
-- $ 0 binary 0000000100000000000000130000000300000001000000016100000006615f6e616d65ffffffff
-- columns name:1003	text:25
-- row \x0000000100000001000000130000000300000001000000016100000006615f6e616d65ffffffff	{a,a_name,NULL}
-- end
-- extended binary
SELECT count(*) FROM types WHERE nm_a = $1
-- $ 0 binary 0000000100000000000000130000000300000001000000016100000006615f6e616d65ffffffff
-- columns count:20
-- row \x0000000000000000
-- end
-- extended binary
INSERT INTO types (nm_a) VALUES ($1)
-- $ 0 binary 0000000100000000000000130000000300000001000000016100000006615f6e616d65ffffffff
-- end
-- simple
COPY (SELECT nm_a FROM types WHERE nm_a IS NULL LIMIT 1) TO STDOUT (FORMAT 'binary')
-- end
-- extended binary
INSERT INTO types (nm_a) VALUES ($1)
-- $ 0 binary 0000000100000000000000130000000300000001000000016100000006615f6e616d65ffffffff
-- end
-- extended binary
INSERT INTO types (nm_a) VALUES ($1)
-- $ 0 NULL
-- end
-- extended binary
SELECT nm_a::text FROM types WHERE nm_a IS NOT NULL
-- columns nm_a:25
-- end
-- simple
COPY (SELECT ''::bytea) TO STDOUT (FORMAT 'text')
-- end
-- simple
COPY (SELECT ''::bytea) TO STDOUT (FORMAT 'csv')
-- end
-- simple
COPY (SELECT ''::bytea) TO STDOUT (FORMAT 'binary')
-- end
-- extended binary
SELECT ''::bytea
-- columns bytea:17
-- row 
-- end
-- extended binary
SELECT ''::bytea
-- columns bytea:17
-- row 
-- end
-- extended binary
SELECT $1::bytea, ($1::bytea)::text
-- $ 0 binary 
-- columns bytea:17	text:25
-- row 	\\x
-- end
-- extended binary
SELECT count(*) FROM types WHERE ba = $1
-- $ 0 binary 
-- columns count:20
-- row \x0000000000000000
-- end
-- extended binary
INSERT INTO types (ba) VALUES ($1)
-- $ 0 binary 
-- end
-- simple
COPY (SELECT ba FROM types WHERE ba IS NULL LIMIT 1) TO STDOUT (FORMAT 'binary')
-- end
-- extended binary
INSERT INTO types (ba) VALUES ($1)
-- $ 0 binary 
-- end
-- extended binary
INSERT INTO types (ba) VALUES ($1)
-- $ 0 NULL
-- end
-- simple
COPY (SELECT '\x00ff10'::bytea) TO STDOUT (FORMAT 'text')
-- end
-- simple
COPY (SELECT '\x00ff10'::bytea) TO STDOUT (FORMAT 'csv')
-- end
-- simple
COPY (SELECT '\x00ff10'::bytea) TO STDOUT (FORMAT 'binary')
-- end
-- extended binary
SELECT '\x00ff10'::bytea
-- columns bytea:17
-- row \x00ff10
-- end
-- extended binary
SELECT '\x00ff10'::bytea
-- columns bytea:17
-- row \x00ff10
-- end
-- extended binary
SELECT $1::bytea, ($1::bytea)::text
-- $ 0 binary 00ff10
-- columns bytea:17	text:25
-- row \x00ff10	\\x00ff10
-- end
-- extended binary
SELECT count(*) FROM types WHERE ba = $1
-- $ 0 binary 00ff10
-- columns count:20
-- row \x0000000000000000
-- end
-- extended binary
INSERT INTO types (ba) VALUES ($1)
-- $ 0 binary 00ff10
-- end
-- simple
COPY (SELECT ba FROM types WHERE ba IS NULL LIMIT 1) TO STDOUT (FORMAT 'binary')
-- end
-- extended binary
INSERT INTO types (ba) VALUES ($1)
-- $ 0 binary 00ff10
-- end
-- extended binary
INSERT INTO types (ba) VALUES ($1)
-- $ 0 NULL
-- end
-- simple
COPY (SELECT '\x5c27'::bytea) TO STDOUT (FORMAT 'text')
-- end
-- simple
COPY (SELECT '\x5c27'::bytea) TO STDOUT (FORMAT 'csv')
-- end
-- simple
COPY (SELECT '\x5c27'::bytea) TO STDOUT (FORMAT 'binary')
-- end
-- extended binary
SELECT '\x5c27'::bytea
-- columns bytea:17
-- row \\'
-- end
-- extended binary
SELECT '\x5c27'::bytea
-- columns bytea:17
-- row \\'
-- end
-- extended binary
SELECT $1::bytea, ($1::bytea)::text
-- $ 0 binary 5c27
-- columns bytea:17	text:25
-- row \\'	\\x5c27
-- end
-- extended binary
SELECT count(*) FROM types WHERE ba = $1
-- $ 0 binary 5c27
-- columns count:20
-- row \x0000000000000000
-- end
-- extended binary
INSERT INTO types (ba) VALUES ($1)
-- $ 0 binary 5c27
-- end
-- simple
COPY (SELECT ba FROM types WHERE ba IS NULL LIMIT 1) TO STDOUT (FORMAT 'binary')
-- end
-- extended binary
INSERT INTO types (ba) VALUES ($1)
-- $ 0 binary 5c27
-- end
-- extended binary
INSERT INTO types (ba) VALUES ($1)
-- $ 0 NULL
-- end
-- simple
COPY (SELECT NULL::bytea) TO STDOUT (FORMAT 'text')
-- end
-- simple
COPY (SELECT NULL::bytea) TO STDOUT (FORMAT 'csv')
-- end
-- simple
COPY (SELECT NULL::bytea) TO STDOUT (FORMAT 'binary')
-- end
-- extended binary
SELECT NULL::bytea
-- columns bytea:17
-- row \N
-- end
-- extended binary
SELECT NULL::bytea
-- columns bytea:17
-- row \N
-- end
-- extended binary
SELECT $1::bytea, ($1::bytea)::text
-- $ 0 NULL
-- columns bytea:17	text:25
-- row \N	\N
-- end
-- extended binary
SELECT count(*) FROM types WHERE ba = $1
-- $ 0 NULL
-- columns count:20
-- row \x0000000000000000
-- end
-- extended binary
INSERT INTO types (ba) VALUES ($1)
-- $ 0 NULL
-- end
-- simple
COPY (SELECT ba FROM types WHERE ba IS NULL LIMIT 1) TO STDOUT (FORMAT 'binary')
-- end
-- extended binary
INSERT INTO types (ba) VALUES ($1)
-- $ 0 NULL
-- end
-- extended binary
INSERT INTO types (ba) VALUES ($1)
-- $ 0 NULL
-- end
-- extended binary
SELECT ba::text FROM types WHERE ba IS NOT NULL
-- columns ba:25
-- row \\x
-- end
-- extended binary

                    SELECT
                        current_setting('jit') AS cur,
                        set_config('jit', 'off', false) AS new
-- columns cur:25	new:25
-- row off	off
-- end
-- simple
COPY (SELECT '{}'::bytea[]) TO STDOUT (FORMAT 'text')
-- end
-- simple
COPY (SELECT '{}'::bytea[]) TO STDOUT (FORMAT 'csv')
-- end
-- simple
COPY (SELECT '{}'::bytea[]) TO STDOUT (FORMAT 'binary')
-- end
-- extended binary
SELECT '{}'::bytea[]
-- columns bytea:1001
-- row \x000000000000000000000011
-- end
-- extended binary
SELECT '{}'::bytea[]
-- columns bytea:1001
-- row \x000000000000000000000011
-- end
-- extended binary
SELECT $1::bytea[], ($1::bytea[])::text
-- $ 0 binary 0000000100000000000000110000000000000001
-- columns bytea:1001	text:25
-- row \x000000000000000000000011	{}
-- end
-- extended binary
SELECT count(*) FROM types WHERE ba_a = $1
-- $ 0 binary 0000000100000000000000110000000000000001
-- columns count:20
-- row \x0000000000000000
-- end
-- extended binary
INSERT INTO types (ba_a) VALUES ($1)
-- $ 0 binary 0000000100000000000000110000000000000001
-- end
-- simple
COPY (SELECT ba_a FROM types WHERE ba_a IS NULL LIMIT 1) TO STDOUT (FORMAT 'binary')
-- end
-- extended binary
INSERT INTO types (ba_a) VALUES ($1)
-- $ 0 binary 0000000100000000000000110000000000000001
-- end
-- extended binary
INSERT INTO types (ba_a) VALUES ($1)
-- $ 0 NULL
-- end
-- simple
COPY (SELECT '{"","\\x00ff10","\\x5c27",NULL}'::bytea[]) TO STDOUT (FORMAT 'text')
-- end
-- simple
COPY (SELECT '{"","\\x00ff10","\\x5c27",NULL}'::bytea[]) TO STDOUT (FORMAT 'csv')
-- end
-- simple
COPY (SELECT '{"","\\x00ff10","\\x5c27",NULL}'::bytea[]) TO STDOUT (FORMAT 'binary')
-- end
-- extended binary
SELECT '{"","\\x00ff10","\\x5c27",NULL}'::bytea[]
-- columns bytea:1001
-- row \x0000000100000001000000110000000400000001000000000000000300ff10000000025c27ffffffff
-- end
-- extended binary
SELECT '{"","\\x00ff10","\\x5c27",NULL}'::bytea[]
-- columns bytea:1001
-- row \x0000000100000001000000110000000400000001000000000000000300ff10000000025c27ffffffff
-- end
-- extended binary
SELECT $1::bytea[], ($1::bytea[])::text
-- $ 0 binary 0000000100000000000000110000000400000001000000000000000300ff10000000025c27ffffffff
-- columns bytea:1001	text:25
-- row \x0000000100000001000000110000000400000001000000000000000300ff10000000025c27ffffffff	{"\\\\x","\\\\x00ff10","\\\\x5c27",NULL}
-- end
-- extended binary
SELECT count(*) FROM types WHERE ba_a = $1
-- $ 0 binary 0000000100000000000000110000000400000001000000000000000300ff10000000025c27ffffffff
-- columns count:20
-- row \x0000000000000000
-- end
-- extended binary
INSERT INTO types (ba_a) VALUES ($1)
-- $ 0 binary 0000000100000000000000110000000400000001000000000000000300ff10000000025c27ffffffff
-- end
-- simple
COPY (SELECT ba_a FROM types WHERE ba_a IS NULL LIMIT 1) TO STDOUT (FORMAT 'binary')
-- end
-- extended binary
INSERT INTO types (ba_a) VALUES ($1)
-- $ 0 binary 0000000100000000000000110000000400000001000000000000000300ff10000000025c27ffffffff
-- end
-- extended binary
INSERT INTO types (ba_a) VALUES ($1)
-- $ 0 NULL
-- end
-- extended binary
SELECT ba_a::text FROM types WHERE ba_a IS NOT NULL
-- columns ba_a:25
-- end
-- simple
COPY (SELECT '2024-02-29'::date) TO STDOUT (FORMAT 'text')
-- end
-- simple
COPY (SELECT '2024-02-29'::date) TO STDOUT (FORMAT 'csv')
-- end
-- simple
COPY (SELECT '2024-02-29'::date) TO STDOUT (FORMAT 'binary')
-- end
-- extended binary
SELECT '2024-02-29'::date
-- columns date:1082
-- row \x00002279
-- end
-- extended binary
SELECT '2024-02-29'::date
-- columns date:1082
-- row \x00002279
-- end
-- extended binary
SELECT $1::date, ($1::date)::text
-- $ 0 binary 00002279
-- columns date:1082	text:25
-- row \x00002279	2024-02-29
-- end
-- extended binary
SELECT count(*) FROM types WHERE dt = $1
-- $ 0 binary 00002279
-- columns count:20
-- row \x0000000000000000
-- end
-- extended binary
INSERT INTO types (dt) VALUES ($1)
-- $ 0 binary 00002279
-- end
-- simple
COPY (SELECT dt FROM types WHERE dt IS NULL LIMIT 1) TO STDOUT (FORMAT 'binary')
-- end
-- extended binary
INSERT INTO types (dt) VALUES ($1)
-- $ 0 binary 00002279
-- end
-- extended binary
INSERT INTO types (dt) VALUES ($1)
-- $ 0 NULL
-- end
-- simple
COPY (SELECT '0001-01-01'::date) TO STDOUT (FORMAT 'text')
-- end
-- simple
COPY (SELECT '0001-01-01'::date) TO STDOUT (FORMAT 'csv')
-- end
-- simple
COPY (SELECT '0001-01-01'::date) TO STDOUT (FORMAT 'binary')
-- end
-- extended binary
SELECT '0001-01-01'::date
-- columns date:1082
-- row \xfff4dbf9
-- end
-- extended binary
SELECT '0001-01-01'::date
-- columns date:1082
-- row \xfff4dbf9
-- end
-- extended binary
SELECT $1::date, ($1::date)::text
-- $ 0 binary 80000000
-- columns date:1082	text:25
-- row \x80000000	-infinity
-- end
-- extended binary
SELECT count(*) FROM types WHERE dt = $1
-- $ 0 binary 80000000
-- columns count:20
-- row \x0000000000000000
-- end
-- extended binary
INSERT INTO types (dt) VALUES ($1)
-- $ 0 binary 80000000
-- end
-- simple
COPY (SELECT dt FROM types WHERE dt IS NULL LIMIT 1) TO STDOUT (FORMAT 'binary')
-- end
-- extended binary
INSERT INTO types (dt) VALUES ($1)
-- $ 0 binary 80000000
-- end
-- extended binary
INSERT INTO types (dt) VALUES ($1)
-- $ 0 NULL
-- end
-- simple
COPY (SELECT '9999-12-31'::date) TO STDOUT (FORMAT 'text')
-- end
-- simple
COPY (SELECT '9999-12-31'::date) TO STDOUT (FORMAT 'csv')
-- end
-- simple
COPY (SELECT '9999-12-31'::date) TO STDOUT (FORMAT 'binary')
-- end
-- extended binary
SELECT '9999-12-31'::date
-- columns date:1082
-- row \x002c95d3
-- end
-- extended binary
SELECT '9999-12-31'::date
-- columns date:1082
-- row \x002c95d3
-- end
-- extended binary
SELECT $1::date, ($1::date)::text
-- $ 0 binary 7fffffff
-- columns date:1082	text:25
-- row \x7fffffff	infinity
-- end
-- extended binary
SELECT count(*) FROM types WHERE dt = $1
-- $ 0 binary 7fffffff
-- columns count:20
-- row \x0000000000000000
-- end
-- extended binary
INSERT INTO types (dt) VALUES ($1)
-- $ 0 binary 7fffffff
-- end
-- simple
COPY (SELECT dt FROM types WHERE dt IS NULL LIMIT 1) TO STDOUT (FORMAT 'binary')
-- end
-- extended binary
INSERT INTO types (dt) VALUES ($1)
-- $ 0 binary 7fffffff
-- end
-- extended binary
INSERT INTO types (dt) VALUES ($1)
-- $ 0 NULL
-- end
-- simple
COPY (SELECT 'infinity'::date) TO STDOUT (FORMAT 'text')
-- end
-- simple
COPY (SELECT 'infinity'::date) TO STDOUT (FORMAT 'csv')
-- end
-- simple
COPY (SELECT 'infinity'::date) TO STDOUT (FORMAT 'binary')
-- end
-- extended binary
SELECT 'infinity'::date
-- columns date:1082
-- row \x7fffffff
-- end
-- extended binary
SELECT 'infinity'::date
-- columns date:1082
-- row \x7fffffff
-- end
-- extended binary
SELECT $1::date, ($1::date)::text
-- $ 0 binary 7fffffff
-- columns date:1082	text:25
-- row \x7fffffff	infinity
-- end
-- extended binary
SELECT count(*) FROM types WHERE dt = $1
-- $ 0 binary 7fffffff
-- columns count:20
-- row \x0000000000000002
-- end
-- extended binary
INSERT INTO types (dt) VALUES ($1)
-- $ 0 binary 7fffffff
-- end
-- simple
COPY (SELECT dt FROM types WHERE dt IS NULL LIMIT 1) TO STDOUT (FORMAT 'binary')
-- end
-- extended binary
INSERT INTO types (dt) VALUES ($1)
-- $ 0 binary 7fffffff
-- end
-- extended binary
INSERT INTO types (dt) VALUES ($1)
-- $ 0 NULL
-- end
-- simple
COPY (SELECT '-infinity'::date) TO STDOUT (FORMAT 'text')
-- end
-- simple
COPY (SELECT '-infinity'::date) TO STDOUT (FORMAT 'csv')
-- end
-- simple
COPY (SELECT '-infinity'::date) TO STDOUT (FORMAT 'binary')
-- end
-- extended binary
SELECT '-infinity'::date
-- columns date:1082
-- row \x80000000
-- end
-- extended binary
SELECT '-infinity'::date
-- columns date:1082
-- row \x80000000
-- end
-- extended binary
SELECT $1::date, ($1::date)::text
-- $ 0 binary 80000000
-- columns date:1082	text:25
-- row \x80000000	-infinity
-- end
-- extended binary
SELECT count(*) FROM types WHERE dt = $1
-- $ 0 binary 80000000
-- columns count:20
-- row \x0000000000000002
-- end
-- extended binary
INSERT INTO types (dt) VALUES ($1)
-- $ 0 binary 80000000
-- end
-- simple
COPY (SELECT dt FROM types WHERE dt IS NULL LIMIT 1) TO STDOUT (FORMAT 'binary')
-- end
-- extended binary
INSERT INTO types (dt) VALUES ($1)
-- $ 0 binary 80000000
-- end
-- extended binary
INSERT INTO types (dt) VALUES ($1)
-- $ 0 NULL
-- end
-- simple
COPY (SELECT '0044-03-15 BC'::date) TO STDOUT (FORMAT 'text')
-- end
-- simple
COPY (SELECT '0044-03-15 BC'::date) TO STDOUT (FORMAT 'csv')
-- end
-- simple
COPY (SELECT '0044-03-15 BC'::date) TO STDOUT (FORMAT 'binary')
-- end
-- extended binary
SELECT '0044-03-15 BC'::date
-- columns date:1082
-- row \xfff49d7b
-- end
-- simple
COPY (SELECT '20000-01-01'::date) TO STDOUT (FORMAT 'text')
-- end
-- simple
COPY (SELECT '20000-01-01'::date) TO STDOUT (FORMAT 'csv')
-- end
-- simple
COPY (SELECT '20000-01-01'::date) TO STDOUT (FORMAT 'binary')
-- end
-- extended binary
SELECT '20000-01-01'::date
-- columns date:1082
-- row \x0064511d
-- end
-- simple
COPY (SELECT NULL::date) TO STDOUT (FORMAT 'text')
-- end
-- simple
COPY (SELECT NULL::date) TO STDOUT (FORMAT 'csv')
-- end
-- simple
COPY (SELECT NULL::date) TO STDOUT (FORMAT 'binary')
-- end
-- extended binary
SELECT NULL::date
-- columns date:1082
-- row \N
-- end
-- extended binary
SELECT NULL::date
-- columns date:1082
-- row \N
-- end
-- extended binary
SELECT $1::date, ($1::date)::text
-- $ 0 NULL
-- columns date:1082	text:25
-- row \N	\N
-- end
-- extended binary
SELECT count(*) FROM types WHERE dt = $1
-- $ 0 NULL
-- columns count:20
-- row \x0000000000000000
-- end
-- extended binary
INSERT INTO types (dt) VALUES ($1)
-- $ 0 NULL
-- end
-- simple
COPY (SELECT dt FROM types WHERE dt IS NULL LIMIT 1) TO STDOUT (FORMAT 'binary')
-- end
-- extended binary
INSERT INTO types (dt) VALUES ($1)
-- $ 0 NULL
-- end
-- extended binary
INSERT INTO types (dt) VALUES ($1)
-- $ 0 NULL
-- end
-- extended binary
SELECT dt::text FROM types WHERE dt IS NOT NULL
-- columns dt:25
-- row 2024-02-29
-- end
-- extended binary

                    SELECT
                        current_setting('jit') AS cur,
                        set_config('jit', 'off', false) AS new
-- columns cur:25	new:25
-- row off	off
-- end
-- simple
COPY (SELECT '{}'::date[]) TO STDOUT (FORMAT 'text')
-- end
-- simple
COPY (SELECT '{}'::date[]) TO STDOUT (FORMAT 'csv')
-- end
-- simple
COPY (SELECT '{}'::date[]) TO STDOUT (FORMAT 'binary')
-- end
-- extended binary
SELECT '{}'::date[]
-- columns date:1182
-- row \x00000000000000000000043a
-- end
-- extended binary
SELECT '{}'::date[]
-- columns date:1182
-- row \x00000000000000000000043a
-- end
-- extended binary
SELECT $1::date[], ($1::date[])::text
-- $ 0 binary 00000001000000000000043a0000000000000001
-- columns date:1182	text:25
-- row \x00000000000000000000043a	{}
-- end
-- extended binary
SELECT count(*) FROM types WHERE dt_a = $1
-- $ 0 binary 00000001000000000000043a0000000000000001
-- columns count:20
-- row \x0000000000000000
-- end
-- extended binary
INSERT INTO types (dt_a) VALUES ($1)
-- $ 0 binary 00000001000000000000043a0000000000000001
-- end
-- simple
COPY (SELECT dt_a FROM types WHERE dt_a IS NULL LIMIT 1) TO STDOUT (FORMAT 'binary')
-- end
-- extended binary
INSERT INTO types (dt_a) VALUES ($1)
-- $ 0 binary 00000001000000000000043a0000000000000001
-- end
-- extended binary
INSERT INTO types (dt_a) VALUES ($1)
-- $ 0 NULL
-- end
-- simple
COPY (SELECT '{"2024-02-29","0001-01-01","9999-12-31","infinity","-infinity","0044-03-15 BC","20000-01-01",NULL}'::date[]) TO STDOUT (FORMAT 'text')
-- end
-- simple
COPY (SELECT '{"2024-02-29","0001-01-01","9999-12-31","infinity","-infinity","0044-03-15 BC","20000-01-01",NULL}'::date[]) TO STDOUT (FORMAT 'csv')
-- end
-- simple
COPY (SELECT '{"2024-02-29","0001-01-01","9999-12-31","infinity","-infinity","0044-03-15 BC","20000-01-01",NULL}'::date[]) TO STDOUT (FORMAT 'binary')
-- end
-- extended binary
SELECT '{"2024-02-29","0001-01-01","9999-12-31","infinity","-infinity","0044-03-15 BC","20000-01-01",NULL}'::date[]
-- columns date:1182
-- row \x00000001000000010000043a0000000800000001000000040000227900000004fff4dbf900000004002c95d3000000047fffffff000000048000000000000004fff49d7b000000040064511dffffffff
-- end
-- extended binary
SELECT dt_a::text FROM types WHERE dt_a IS NOT NULL
-- columns dt_a:25
-- row {}
-- end
-- simple
COPY (SELECT '00:00:00'::time) TO STDOUT (FORMAT 'text')
-- end
-- simple
COPY (SELECT '00:00:00'::time) TO STDOUT (FORMAT 'csv')
-- end
-- simple
COPY (SELECT '00:00:00'::time) TO STDOUT (FORMAT 'binary')
-- end
-- extended binary
SELECT '00:00:00'::time
-- columns time:1083
-- row \x0000000000000000
-- end
-- extended binary
SELECT '00:00:00'::time
-- columns time:1083
-- row \x0000000000000000
-- end
-- extended binary
SELECT $1::time, ($1::time)::text
-- $ 0 binary 0000000000000000
-- columns time:1083	text:25
-- row \x0000000000000000	00:00:00
-- end
-- extended binary
SELECT count(*) FROM types WHERE tm = $1
-- $ 0 binary 0000000000000000
-- columns count:20
-- row \x0000000000000000
-- end
-- extended binary
INSERT INTO types (tm) VALUES ($1)
-- $ 0 binary 0000000000000000
-- end
-- simple
COPY (SELECT tm FROM types WHERE tm IS NULL LIMIT 1) TO STDOUT (FORMAT 'binary')
-- end
-- extended binary
INSERT INTO types (tm) VALUES ($1)
-- $ 0 binary 0000000000000000
-- end
-- extended binary
INSERT INTO types (tm) VALUES ($1)
-- $ 0 NULL
-- end
-- simple
COPY (SELECT '23:59:59.999999'::time) TO STDOUT (FORMAT 'text')
-- end
-- simple
COPY (SELECT '23:59:59.999999'::time) TO STDOUT (FORMAT 'csv')
-- end
-- simple
COPY (SELECT '23:59:59.999999'::time) TO STDOUT (FORMAT 'binary')
-- end
-- extended binary
SELECT '23:59:59.999999'::time
-- columns time:1083
-- row \x000000141dd75fff
-- end
-- extended binary
SELECT '23:59:59.999999'::time
-- columns time:1083
-- row \x000000141dd75fff
-- end
-- extended binary
SELECT $1::time, ($1::time)::text
-- $ 0 binary 000000141dd75fff
-- columns time:1083	text:25
-- row \x000000141dd75fff	23:59:59.999999
-- end
-- extended binary
SELECT count(*) FROM types WHERE tm = $1
-- $ 0 binary 000000141dd75fff
-- columns count:20
-- row \x0000000000000000
-- end
-- extended binary
INSERT INTO types (tm) VALUES ($1)
-- $ 0 binary 000000141dd75fff
-- end
-- simple
COPY (SELECT tm FROM types WHERE tm IS NULL LIMIT 1) TO STDOUT (FORMAT 'binary')
-- end
-- extended binary
INSERT INTO types (tm) VALUES ($1)
-- $ 0 binary 000000141dd75fff
-- end
-- extended binary
INSERT INTO types (tm) VALUES ($1)
-- $ 0 NULL
-- end
-- simple
COPY (SELECT '24:00:00'::time) TO STDOUT (FORMAT 'text')
-- end
-- simple
COPY (SELECT '24:00:00'::time) TO STDOUT (FORMAT 'csv')
-- end
-- simple
COPY (SELECT '24:00:00'::time) TO STDOUT (FORMAT 'binary')
-- end
-- extended binary
SELECT '24:00:00'::time
-- columns time:1083
-- row \x000000141dd76000
-- end
-- simple
COPY (SELECT '01:02:03.4'::time) TO STDOUT (FORMAT 'text')
-- end
-- simple
COPY (SELECT '01:02:03.4'::time) TO STDOUT (FORMAT 'csv')
-- end
-- simple
COPY (SELECT '01:02:03.4'::time) TO STDOUT (FORMAT 'binary')
-- end
-- extended binary
SELECT '01:02:03.4'::time
-- columns time:1083
-- row \x00000000ddee9340
-- end
-- extended binary
SELECT '01:02:03.4'::time
-- columns time:1083
-- row \x00000000ddee9340
-- end
-- extended binary
SELECT $1::time, ($1::time)::text
-- $ 0 binary 00000000ddee9340
-- columns time:1083	text:25
-- row \x00000000ddee9340	01:02:03.4
-- end
-- extended binary
SELECT count(*) FROM types WHERE tm = $1
-- $ 0 binary 00000000ddee9340
-- columns count:20
-- row \x0000000000000000
-- end
-- extended binary
INSERT INTO types (tm) VALUES ($1)
-- $ 0 binary 00000000ddee9340
-- end
-- simple
COPY (SELECT tm FROM types WHERE tm IS NULL LIMIT 1) TO STDOUT (FORMAT 'binary')
-- end
-- extended binary
INSERT INTO types (tm) VALUES ($1)
-- $ 0 binary 00000000ddee9340
-- end
-- extended binary
INSERT INTO types (tm) VALUES ($1)
-- $ 0 NULL
-- end
-- simple
COPY (SELECT NULL::time) TO STDOUT (FORMAT 'text')
-- end
-- simple
COPY (SELECT NULL::time) TO STDOUT (FORMAT 'csv')
-- end
-- simple
COPY (SELECT NULL::time) TO STDOUT (FORMAT 'binary')
-- end
-- extended binary
SELECT NULL::time
-- columns time:1083
-- row \N
-- end
-- extended binary
SELECT NULL::time
-- columns time:1083
-- row \N
-- end
-- extended binary
SELECT $1::time, ($1::time)::text
-- $ 0 NULL
-- columns time:1083	text:25
-- row \N	\N
-- end
-- extended binary
SELECT count(*) FROM types WHERE tm = $1
-- $ 0 NULL
-- columns count:20
-- row \x0000000000000000
-- end
-- extended binary
INSERT INTO types (tm) VALUES ($1)
-- $ 0 NULL
-- end
-- simple
COPY (SELECT tm FROM types WHERE tm IS NULL LIMIT 1) TO STDOUT (FORMAT 'binary')
-- end
-- extended binary
INSERT INTO types (tm) VALUES ($1)
-- $ 0 NULL
-- end
-- extended binary
INSERT INTO types (tm) VALUES ($1)
-- $ 0 NULL
-- end
-- extended binary
SELECT tm::text FROM types WHERE tm IS NOT NULL
-- columns tm:25
-- row 00:00:00
-- end
-- extended binary

                    SELECT
                        current_setting('jit') AS cur,
                        set_config('jit', 'off', false) AS new
-- columns cur:25	new:25
-- row off	off
-- end
-- simple
COPY (SELECT '{}'::time[]) TO STDOUT (FORMAT 'text')
-- end
-- simple
COPY (SELECT '{}'::time[]) TO STDOUT (FORMAT 'csv')
-- end
-- simple
COPY (SELECT '{}'::time[]) TO STDOUT (FORMAT 'binary')
-- end
-- extended binary
SELECT '{}'::time[]
-- columns time:1183
-- row \x00000000000000000000043b
-- end
-- extended binary
SELECT '{}'::time[]
-- columns time:1183
-- row \x00000000000000000000043b
-- end
-- extended binary
SELECT $1::time[], ($1::time[])::text
-- $ 0 binary 00000001000000000000043b0000000000000001
-- columns time:1183	text:25
-- row \x00000000000000000000043b	{}
-- end
-- extended binary
SELECT count(*) FROM types WHERE tm_a = $1
-- $ 0 binary 00000001000000000000043b0000000000000001
-- columns count:20
-- row \x0000000000000000
-- end
-- extended binary
INSERT INTO types (tm_a) VALUES ($1)
-- $ 0 binary 00000001000000000000043b0000000000000001
-- end
-- simple
COPY (SELECT tm_a FROM types WHERE tm_a IS NULL LIMIT 1) TO STDOUT (FORMAT 'binary')
-- end
-- extended binary
INSERT INTO types (tm_a) VALUES ($1)
-- $ 0 binary 00000001000000000000043b0000000000000001
-- end
-- extended binary
INSERT INTO types (tm_a) VALUES ($1)
-- $ 0 NULL
-- end
-- simple
COPY (SELECT '{"00:00:00","23:59:59.999999","24:00:00","01:02:03.4",NULL}'::time[]) TO STDOUT (FORMAT 'text')
-- end
-- simple
COPY (SELECT '{"00:00:00","23:59:59.999999","24:00:00","01:02:03.4",NULL}'::time[]) TO STDOUT (FORMAT 'csv')
-- end
-- simple
COPY (SELECT '{"00:00:00","23:59:59.999999","24:00:00","01:02:03.4",NULL}'::time[]) TO STDOUT (FORMAT 'binary')
-- end
-- extended binary
SELECT '{"00:00:00","23:59:59.999999","24:00:00","01:02:03.4",NULL}'::time[]
-- columns time:1183
-- row \x00000001000000010000043b000000050000000100000008000000000000000000000008000000141dd75fff00000008000000141dd760000000000800000000ddee9340ffffffff
-- end
-- extended binary
SELECT tm_a::text FROM types WHERE tm_a IS NOT NULL
-- columns tm_a:25
-- row {}
-- end
-- simple
COPY (SELECT '01:02:03'::time(0)) TO STDOUT (FORMAT 'text')
-- end
-- simple
COPY (SELECT '01:02:03'::time(0)) TO STDOUT (FORMAT 'csv')
-- end
-- simple
COPY (SELECT '01:02:03'::time(0)) TO STDOUT (FORMAT 'binary')
-- end
-- extended binary
SELECT '01:02:03'::time(0)
-- columns time:1083
-- row \x00000000dde878c0
-- end
-- extended binary
SELECT '01:02:03'::time(0)
-- columns time:1083
-- row \x00000000dde878c0
-- end
-- extended binary
SELECT $1::time(0), ($1::time(0))::text
-- $ 0 binary 00000000dde878c0
-- columns time:1083	text:25
-- row \x00000000dde878c0	01:02:03
-- end
-- extended binary
SELECT count(*) FROM types WHERE tm0 = $1
-- $ 0 binary 00000000dde878c0
-- columns count:20
-- row \x0000000000000000
-- end
-- extended binary
INSERT INTO types (tm0) VALUES ($1)
-- $ 0 binary 00000000dde878c0
-- end
-- simple
COPY (SELECT tm0 FROM types WHERE tm0 IS NULL LIMIT 1) TO STDOUT (FORMAT 'binary')
-- end
-- extended binary
INSERT INTO types (tm0) VALUES ($1)
-- $ 0 binary 00000000dde878c0
-- end
-- extended binary
INSERT INTO types (tm0) VALUES ($1)
-- $ 0 NULL
-- end
-- simple
COPY (SELECT NULL::time(0)) TO STDOUT (FORMAT 'text')
-- end
-- simple
COPY (SELECT NULL::time(0)) TO STDOUT (FORMAT 'csv')
-- end
-- simple
COPY (SELECT NULL::time(0)) TO STDOUT (FORMAT 'binary')
-- end
-- extended binary
SELECT NULL::time(0)
-- columns time:1083
-- row \N
-- end
-- extended binary
SELECT NULL::time(0)
-- columns time:1083
-- row \N
-- end
-- extended binary
SELECT $1::time(0), ($1::time(0))::text
-- $ 0 NULL
-- columns time:1083	text:25
-- row \N	\N
-- end
-- extended binary
SELECT count(*) FROM types WHERE tm0 = $1
-- $ 0 NULL
-- columns count:20
-- row \x0000000000000000
-- end
-- extended binary
INSERT INTO types (tm0) VALUES ($1)
-- $ 0 NULL
-- end
-- simple
COPY (SELECT tm0 FROM types WHERE tm0 IS NULL LIMIT 1) TO STDOUT (FORMAT 'binary')
-- end
-- extended binary
INSERT INTO types (tm0) VALUES ($1)
-- $ 0 NULL
-- end
-- extended binary
INSERT INTO types (tm0) VALUES ($1)
-- $ 0 NULL
-- end
-- extended binary
SELECT tm0::text FROM types WHERE tm0 IS NOT NULL
-- columns tm0:25
-- row 01:02:03
-- end
-- simple
COPY (SELECT '{}'::time(0)[]) TO STDOUT (FORMAT 'text')
-- end
-- simple
COPY (SELECT '{}'::time(0)[]) TO STDOUT (FORMAT 'csv')
-- end
-- simple
COPY (SELECT '{}'::time(0)[]) TO STDOUT (FORMAT 'binary')
-- end
-- extended binary
SELECT '{}'::time(0)[]
-- columns time:1183
-- row \x00000000000000000000043b
-- end
-- extended binary
SELECT '{}'::time(0)[]
-- columns time:1183
-- row \x00000000000000000000043b
-- end
-- extended binary
SELECT $1::time(0)[], ($1::time(0)[])::text
-- $ 0 binary 00000001000000000000043b0000000000000001
-- columns time:1183	text:25
-- row \x00000000000000000000043b	{}
-- end
-- extended binary
SELECT count(*) FROM types WHERE tm0_a = $1
-- $ 0 binary 00000001000000000000043b0000000000000001
-- columns count:20
-- row \x0000000000000000
-- end
-- extended binary
INSERT INTO types (tm0_a) VALUES ($1)
-- $ 0 binary 00000001000000000000043b0000000000000001
-- end
-- simple
COPY (SELECT tm0_a FROM types WHERE tm0_a IS NULL LIMIT 1) TO STDOUT (FORMAT 'binary')
-- end
-- extended binary
INSERT INTO types (tm0_a) VALUES ($1)
-- $ 0 binary 00000001000000000000043b0000000000000001
-- end
-- extended binary
INSERT INTO types (tm0_a) VALUES ($1)
-- $ 0 NULL
-- end
-- simple
COPY (SELECT '{"01:02:03",NULL}'::time(0)[]) TO STDOUT (FORMAT 'text')
-- end
-- simple
COPY (SELECT '{"01:02:03",NULL}'::time(0)[]) TO STDOUT (FORMAT 'csv')
-- end
-- simple
COPY (SELECT '{"01:02:03",NULL}'::time(0)[]) TO STDOUT (FORMAT 'binary')
-- end
-- extended binary
SELECT '{"01:02:03",NULL}'::time(0)[]
-- columns time:1183
-- row \x00000001000000010000043b00000002000000010000000800000000dde878c0ffffffff
-- end
-- extended binary
SELECT '{"01:02:03",NULL}'::time(0)[]
-- columns time:1183
-- row \x00000001000000010000043b00000002000000010000000800000000dde878c0ffffffff
-- end
-- extended binary
SELECT $1::time(0)[], ($1::time(0)[])::text
-- $ 0 binary 00000001000000000000043b00000002000000010000000800000000dde878c0ffffffff
-- columns time:1183	text:25
-- row \x00000001000000010000043b00000002000000010000000800000000dde878c0ffffffff	{01:02:03,NULL}
-- end
-- extended binary
SELECT count(*) FROM types WHERE tm0_a = $1
-- $ 0 binary 00000001000000000000043b00000002000000010000000800000000dde878c0ffffffff
-- columns count:20
-- row \x0000000000000000
-- end
-- extended binary
INSERT INTO types (tm0_a) VALUES ($1)
-- $ 0 binary 00000001000000000000043b00000002000000010000000800000000dde878c0ffffffff
-- end
-- simple
COPY (SELECT tm0_a FROM types WHERE tm0_a IS NULL LIMIT 1) TO STDOUT (FORMAT 'binary')
-- end
-- extended binary
INSERT INTO types (tm0_a) VALUES ($1)
-- $ 0 binary 00000001000000000000043b00000002000000010000000800000000dde878c0ffffffff
-- end
-- extended binary
INSERT INTO types (tm0_a) VALUES ($1)
-- $ 0 NULL
-- end
-- extended binary
SELECT tm0_a::text FROM types WHERE tm0_a IS NOT NULL
-- columns tm0_a:25
-- row {}
-- end
-- simple
COPY (SELECT '01:02:03+00'::timetz) TO STDOUT (FORMAT 'text')
-- end
-- simple
COPY (SELECT '01:02:03+00'::timetz) TO STDOUT (FORMAT 'csv')
-- end
-- simple
COPY (SELECT '01:02:03+00'::timetz) TO STDOUT (FORMAT 'binary')
-- end
-- extended binary
SELECT '01:02:03+00'::timetz
-- columns timetz:1266
-- row \x00000000dde878c000000000
-- end
-- extended binary
SELECT '01:02:03+00'::timetz
-- columns timetz:1266
-- row \x00000000dde878c000000000
-- end
-- extended binary
SELECT $1::timetz, ($1::timetz)::text
-- $ 0 binary 00000000dde878c000000000
-- columns timetz:1266	text:25
-- row \x00000000dde878c000000000	01:02:03+00
-- end
-- extended binary
SELECT count(*) FROM types WHERE tmz = $1
-- $ 0 binary 00000000dde878c000000000
-- columns count:20
-- row \x0000000000000000
-- end
-- extended binary
INSERT INTO types (tmz) VALUES ($1)
-- $ 0 binary 00000000dde878c000000000
-- end
-- simple
COPY (SELECT tmz FROM types WHERE tmz IS NULL LIMIT 1) TO STDOUT (FORMAT 'binary')
-- end
-- extended binary
INSERT INTO types (tmz) VALUES ($1)
-- $ 0 binary 00000000dde878c000000000
-- end
-- extended binary
INSERT INTO types (tmz) VALUES ($1)
-- $ 0 NULL
-- end
-- simple
COPY (SELECT '23:59:59.999999-11:30'::timetz) TO STDOUT (FORMAT 'text')
-- end
-- simple
COPY (SELECT '23:59:59.999999-11:30'::timetz) TO STDOUT (FORMAT 'csv')
-- end
-- simple
COPY (SELECT '23:59:59.999999-11:30'::timetz) TO STDOUT (FORMAT 'binary')
-- end
-- extended binary
SELECT '23:59:59.999999-11:30'::timetz
-- columns timetz:1266
-- row \x000000141dd75fff0000a1b8
-- end
-- extended binary
SELECT '23:59:59.999999-11:30'::timetz
-- columns timetz:1266
-- row \x000000141dd75fff0000a1b8
-- end
-- extended binary
SELECT $1::timetz, ($1::timetz)::text
-- $ 0 binary 000000141dd75fff0000a1b8
-- columns timetz:1266	text:25
-- row \x000000141dd75fff0000a1b8	23:59:59.999999-11:30
-- end
-- extended binary
SELECT count(*) FROM types WHERE tmz = $1
-- $ 0 binary 000000141dd75fff0000a1b8
-- columns count:20
-- row \x0000000000000000
-- end
-- extended binary
INSERT INTO types (tmz) VALUES ($1)
-- $ 0 binary 000000141dd75fff0000a1b8
-- end
-- simple
COPY (SELECT tmz FROM types WHERE tmz IS NULL LIMIT 1) TO STDOUT (FORMAT 'binary')
-- end
-- extended binary
INSERT INTO types (tmz) VALUES ($1)
-- $ 0 binary 000000141dd75fff0000a1b8
-- end
-- extended binary
INSERT INTO types (tmz) VALUES ($1)
-- $ 0 NULL
-- end
-- simple
COPY (SELECT '24:00:00+05:45'::timetz) TO STDOUT (FORMAT 'text')
-- end
-- simple
COPY (SELECT '24:00:00+05:45'::timetz) TO STDOUT (FORMAT 'csv')
-- end
-- simple
COPY (SELECT '24:00:00+05:45'::timetz) TO STDOUT (FORMAT 'binary')
-- end
-- extended binary
SELECT '24:00:00+05:45'::timetz
-- columns timetz:1266
-- row \x000000141dd76000ffffaf24
-- end
-- simple
COPY (SELECT NULL::timetz) TO STDOUT (FORMAT 'text')
-- end
-- simple
COPY (SELECT NULL::timetz) TO STDOUT (FORMAT 'csv')
-- end
-- simple
COPY (SELECT NULL::timetz) TO STDOUT (FORMAT 'binary')
-- end
-- extended binary
SELECT NULL::timetz
-- columns timetz:1266
-- row \N
-- end
-- extended binary
SELECT NULL::timetz
-- columns timetz:1266
-- row \N
-- end
-- extended binary
SELECT $1::timetz, ($1::timetz)::text
-- $ 0 NULL
-- columns timetz:1266	text:25
-- row \N	\N
-- end
-- extended binary
SELECT count(*) FROM types WHERE tmz = $1
-- $ 0 NULL
-- columns count:20
-- row \x0000000000000000
-- end
-- extended binary
INSERT INTO types (tmz) VALUES ($1)
-- $ 0 NULL
-- end
-- simple
COPY (SELECT tmz FROM types WHERE tmz IS NULL LIMIT 1) TO STDOUT (FORMAT 'binary')
-- end
-- extended binary
INSERT INTO types (tmz) VALUES ($1)
-- $ 0 NULL
-- end
-- extended binary
INSERT INTO types (tmz) VALUES ($1)
-- $ 0 NULL
-- end
-- extended binary
SELECT tmz::text FROM types WHERE tmz IS NOT NULL
-- columns tmz:25
-- row 01:02:03+00
-- end
-- extended binary

                    SELECT
                        current_setting('jit') AS cur,
                        set_config('jit', 'off', false) AS new
-- columns cur:25	new:25
-- row off	off
-- end
-- simple
COPY (SELECT '{}'::timetz[]) TO STDOUT (FORMAT 'text')
-- end
-- simple
COPY (SELECT '{}'::timetz[]) TO STDOUT (FORMAT 'csv')
-- end
-- simple
COPY (SELECT '{}'::timetz[]) TO STDOUT (FORMAT 'binary')
-- end
-- extended binary
SELECT '{}'::timetz[]
-- columns timetz:1270
-- row \x0000000000000000000004f2
-- end
-- extended binary
SELECT '{}'::timetz[]
-- columns timetz:1270
-- row \x0000000000000000000004f2
-- end
-- extended binary
SELECT $1::timetz[], ($1::timetz[])::text
-- $ 0 binary 0000000100000000000004f20000000000000001
-- columns timetz:1270	text:25
-- row \x0000000000000000000004f2	{}
-- end
-- extended binary
SELECT count(*) FROM types WHERE tmz_a = $1
-- $ 0 binary 0000000100000000000004f20000000000000001
-- columns count:20
-- row \x0000000000000000
-- end
-- extended binary
INSERT INTO types (tmz_a) VALUES ($1)
-- $ 0 binary 0000000100000000000004f20000000000000001
-- end
-- simple
COPY (SELECT tmz_a FROM types WHERE tmz_a IS NULL LIMIT 1) TO STDOUT (FORMAT 'binary')
-- end
-- extended binary
INSERT INTO types (tmz_a) VALUES ($1)
-- $ 0 binary 0000000100000000000004f20000000000000001
-- end
-- extended binary
INSERT INTO types (tmz_a) VALUES ($1)
-- $ 0 NULL
-- end
-- simple
COPY (SELECT '{"01:02:03+00","23:59:59.999999-11:30","24:00:00+05:45",NULL}'::timetz[]) TO STDOUT (FORMAT 'text')
-- end
-- simple
COPY (SELECT '{"01:02:03+00","23:59:59.999999-11:30","24:00:00+05:45",NULL}'::timetz[]) TO STDOUT (FORMAT 'csv')
-- end
-- simple
COPY (SELECT '{"01:02:03+00","23:59:59.999999-11:30","24:00:00+05:45",NULL}'::timetz[]) TO STDOUT (FORMAT 'binary')
-- end
-- extended binary
SELECT '{"01:02:03+00","23:59:59.999999-11:30","24:00:00+05:45",NULL}'::timetz[]
-- columns timetz:1270
-- row \x0000000100000001000004f200000004000000010000000c00000000dde878c0000000000000000c000000141dd75fff0000a1b80000000c000000141dd76000ffffaf24ffffffff
-- end
-- extended binary
SELECT tmz_a::text FROM types WHERE tmz_a IS NOT NULL
-- columns tmz_a:25
-- row {}
-- end
-- simple
COPY (SELECT '2024-02-29 01:02:03.000004'::timestamp) TO STDOUT (FORMAT 'text')
-- end
-- simple
COPY (SELECT '2024-02-29 01:02:03.000004'::timestamp) TO STDOUT (FORMAT 'csv')
-- end
-- simple
COPY (SELECT '2024-02-29 01:02:03.000004'::timestamp) TO STDOUT (FORMAT 'binary')
-- end
-- extended binary
SELECT '2024-02-29 01:02:03.000004'::timestamp
-- columns timestamp:1114
-- row \x0002b5799374d8c4
-- end
-- extended binary
SELECT '2024-02-29 01:02:03.000004'::timestamp
-- columns timestamp:1114
-- row \x0002b5799374d8c4
-- end
-- extended binary
SELECT $1::timestamp, ($1::timestamp)::text
-- $ 0 binary 0002b5799374d8c4
-- columns timestamp:1114	text:25
-- row \x0002b5799374d8c4	2024-02-29 01:02:03.000004
-- end
-- extended binary
SELECT count(*) FROM types WHERE ts = $1
-- $ 0 binary 0002b5799374d8c4
-- columns count:20
-- row \x0000000000000000
-- end
-- extended binary
INSERT INTO types (ts) VALUES ($1)
-- $ 0 binary 0002b5799374d8c4
-- end
-- simple
COPY (SELECT ts FROM types WHERE ts IS NULL LIMIT 1) TO STDOUT (FORMAT 'binary')
-- end
-- extended binary
INSERT INTO types (ts) VALUES ($1)
-- $ 0 binary 0002b5799374d8c4
-- end
-- extended binary
INSERT INTO types (ts) VALUES ($1)
-- $ 0 NULL
-- end
-- simple
COPY (SELECT '0001-01-01 00:00:00'::timestamp) TO STDOUT (FORMAT 'text')
-- end
-- simple
COPY (SELECT '0001-01-01 00:00:00'::timestamp) TO STDOUT (FORMAT 'csv')
-- end
-- simple
COPY (SELECT '0001-01-01 00:00:00'::timestamp) TO STDOUT (FORMAT 'binary')
-- end
-- extended binary
SELECT '0001-01-01 00:00:00'::timestamp
-- columns timestamp:1114
-- row \xff1fe2ffc59c6000
-- end
-- extended binary
SELECT '0001-01-01 00:00:00'::timestamp
-- columns timestamp:1114
-- row \xff1fe2ffc59c6000
-- end
-- extended binary
SELECT $1::timestamp, ($1::timestamp)::text
-- $ 0 binary 8000000000000000
-- columns timestamp:1114	text:25
-- row \x8000000000000000	-infinity
-- end
-- extended binary
SELECT count(*) FROM types WHERE ts = $1
-- $ 0 binary 8000000000000000
-- columns count:20
-- row \x0000000000000000
-- end
-- extended binary
INSERT INTO types (ts) VALUES ($1)
-- $ 0 binary 8000000000000000
-- end
-- simple
COPY (SELECT ts FROM types WHERE ts IS NULL LIMIT 1) TO STDOUT (FORMAT 'binary')
-- end
-- extended binary
INSERT INTO types (ts) VALUES ($1)
-- $ 0 binary 8000000000000000
-- end
-- extended binary
INSERT INTO types (ts) VALUES ($1)
-- $ 0 NULL
-- end
-- simple
COPY (SELECT '9999-12-31 23:59:59.999999'::timestamp) TO STDOUT (FORMAT 'text')
-- end
-- simple
COPY (SELECT '9999-12-31 23:59:59.999999'::timestamp) TO STDOUT (FORMAT 'csv')
-- end
-- simple
COPY (SELECT '9999-12-31 23:59:59.999999'::timestamp) TO STDOUT (FORMAT 'binary')
-- end
-- extended binary
SELECT '9999-12-31 23:59:59.999999'::timestamp
-- columns timestamp:1114
-- row \x0380e70b913b7fff
-- end
-- extended binary
SELECT '9999-12-31 23:59:59.999999'::timestamp
-- columns timestamp:1114
-- row \x0380e70b913b7fff
-- end
-- extended binary
SELECT $1::timestamp, ($1::timestamp)::text
-- $ 0 binary 7fffffffffffffff
-- columns timestamp:1114	text:25
-- row \x7fffffffffffffff	infinity
-- end
-- extended binary
SELECT count(*) FROM types WHERE ts = $1
-- $ 0 binary 7fffffffffffffff
-- columns count:20
-- row \x0000000000000000
-- end
-- extended binary
INSERT INTO types (ts) VALUES ($1)
-- $ 0 binary 7fffffffffffffff
-- end
-- simple
COPY (SELECT ts FROM types WHERE ts IS NULL LIMIT 1) TO STDOUT (FORMAT 'binary')
-- end
-- extended binary
INSERT INTO types (ts) VALUES ($1)
-- $ 0 binary 7fffffffffffffff
-- end
-- extended binary
INSERT INTO types (ts) VALUES ($1)
-- $ 0 NULL
-- end
-- simple
COPY (SELECT 'infinity'::timestamp) TO STDOUT (FORMAT 'text')
-- end
-- simple
COPY (SELECT 'infinity'::timestamp) TO STDOUT (FORMAT 'csv')
-- end
-- simple
COPY (SELECT 'infinity'::timestamp) TO STDOUT (FORMAT 'binary')
-- end
-- extended binary
SELECT 'infinity'::timestamp
-- columns timestamp:1114
-- row \x7fffffffffffffff
-- end
-- extended binary
SELECT 'infinity'::timestamp
-- columns timestamp:1114
-- row \x7fffffffffffffff
-- end
-- extended binary
SELECT $1::timestamp, ($1::timestamp)::text
-- $ 0 binary 7fffffffffffffff
-- columns timestamp:1114	text:25
-- row \x7fffffffffffffff	infinity
-- end
-- extended binary
SELECT count(*) FROM types WHERE ts = $1
-- $ 0 binary 7fffffffffffffff
-- columns count:20
-- row \x0000000000000002
-- end
-- extended binary
INSERT INTO types (ts) VALUES ($1)
-- $ 0 binary 7fffffffffffffff
-- end
-- simple
COPY (SELECT ts FROM types WHERE ts IS NULL LIMIT 1) TO STDOUT (FORMAT 'binary')
-- end
-- extended binary
INSERT INTO types (ts) VALUES ($1)
-- $ 0 binary 7fffffffffffffff
-- end
-- extended binary
INSERT INTO types (ts) VALUES ($1)
-- $ 0 NULL
-- end
-- simple
COPY (SELECT '-infinity'::timestamp) TO STDOUT (FORMAT 'text')
-- end
-- simple
COPY (SELECT '-infinity'::timestamp) TO STDOUT (FORMAT 'csv')
-- end
-- simple
COPY (SELECT '-infinity'::timestamp) TO STDOUT (FORMAT 'binary')
-- end
-- extended binary
SELECT '-infinity'::timestamp
-- columns timestamp:1114
-- row \x8000000000000000
-- end
-- extended binary
SELECT '-infinity'::timestamp
-- columns timestamp:1114
-- row \x8000000000000000
-- end
-- extended binary
SELECT $1::timestamp, ($1::timestamp)::text
-- $ 0 binary 8000000000000000
-- columns timestamp:1114	text:25
-- row \x8000000000000000	-infinity
-- end
-- extended binary
SELECT count(*) FROM types WHERE ts = $1
-- $ 0 binary 8000000000000000
-- columns count:20
-- row \x0000000000000002
-- end
-- extended binary
INSERT INTO types (ts) VALUES ($1)
-- $ 0 binary 8000000000000000
-- end
-- simple
COPY (SELECT ts FROM types WHERE ts IS NULL LIMIT 1) TO STDOUT (FORMAT 'binary')
-- end
-- extended binary
INSERT INTO types (ts) VALUES ($1)
-- $ 0 binary 8000000000000000
-- end
-- extended binary
INSERT INTO types (ts) VALUES ($1)
-- $ 0 NULL
-- end
-- simple
COPY (SELECT '0044-03-15 00:00:00 BC'::timestamp) TO STDOUT (FORMAT 'text')
-- end
-- simple
COPY (SELECT '0044-03-15 00:00:00 BC'::timestamp) TO STDOUT (FORMAT 'csv')
-- end
-- simple
COPY (SELECT '0044-03-15 00:00:00 BC'::timestamp) TO STDOUT (FORMAT 'binary')
-- end
-- extended binary
SELECT '0044-03-15 00:00:00 BC'::timestamp
-- columns timestamp:1114
-- row \xff1af9deec5b2000
-- end
-- simple
COPY (SELECT NULL::timestamp) TO STDOUT (FORMAT 'text')
-- end
-- simple
COPY (SELECT NULL::timestamp) TO STDOUT (FORMAT 'csv')
-- end
-- simple
COPY (SELECT NULL::timestamp) TO STDOUT (FORMAT 'binary')
-- end
-- extended binary
SELECT NULL::timestamp
-- columns timestamp:1114
-- row \N
-- end
-- extended binary
SELECT NULL::timestamp
-- columns timestamp:1114
-- row \N
-- end
-- extended binary
SELECT $1::timestamp, ($1::timestamp)::text
-- $ 0 NULL
-- columns timestamp:1114	text:25
-- row \N	\N
-- end
-- extended binary
SELECT count(*) FROM types WHERE ts = $1
-- $ 0 NULL
-- columns count:20
-- row \x0000000000000000
-- end
-- extended binary
INSERT INTO types (ts) VALUES ($1)
-- $ 0 NULL
-- end
-- simple
COPY (SELECT ts FROM types WHERE ts IS NULL LIMIT 1) TO STDOUT (FORMAT 'binary')
-- end
-- extended binary
INSERT INTO types (ts) VALUES ($1)
-- $ 0 NULL
-- end
-- extended binary
INSERT INTO types (ts) VALUES ($1)
-- $ 0 NULL
-- end
-- extended binary
SELECT ts::text FROM types WHERE ts IS NOT NULL
-- columns ts:25
-- row 2024-02-29 01:02:03.000004
-- end
-- extended binary

                    SELECT
                        current_setting('jit') AS cur,
                        set_config('jit', 'off', false) AS new
-- columns cur:25	new:25
-- row off	off
-- end
-- simple
COPY (SELECT '{}'::timestamp[]) TO STDOUT (FORMAT 'text')
-- end
-- simple
COPY (SELECT '{}'::timestamp[]) TO STDOUT (FORMAT 'csv')
-- end
-- simple
COPY (SELECT '{}'::timestamp[]) TO STDOUT (FORMAT 'binary')
-- end
-- extended binary
SELECT '{}'::timestamp[]
-- columns timestamp:1115
-- row \x00000000000000000000045a
-- end
-- extended binary
SELECT '{}'::timestamp[]
-- columns timestamp:1115
-- row \x00000000000000000000045a
-- end
-- extended binary
SELECT $1::timestamp[], ($1::timestamp[])::text
-- $ 0 binary 00000001000000000000045a0000000000000001
-- columns timestamp:1115	text:25
-- row \x00000000000000000000045a	{}
-- end
-- extended binary
SELECT count(*) FROM types WHERE ts_a = $1
-- $ 0 binary 00000001000000000000045a0000000000000001
-- columns count:20
-- row \x0000000000000000
-- end
-- extended binary
INSERT INTO types (ts_a) VALUES ($1)
-- $ 0 binary 00000001000000000000045a0000000000000001
-- end
-- simple
COPY (SELECT ts_a FROM types WHERE ts_a IS NULL LIMIT 1) TO STDOUT (FORMAT 'binary')
-- end
-- extended binary
INSERT INTO types (ts_a) VALUES ($1)
-- $ 0 binary 00000001000000000000045a0000000000000001
-- end
-- extended binary
INSERT INTO types (ts_a) VALUES ($1)
-- $ 0 NULL
-- end
-- simple
COPY (SELECT '{"2024-02-29 01:02:03.000004","0001-01-01 00:00:00","9999-12-31 23:59:59.999999","infinity","-infinity","0044-03-15 00:00:00 BC",NULL}'::timestamp[]) TO STDOUT (FORMAT 'text')
-- end
-- simple
COPY (SELECT '{"2024-02-29 01:02:03.000004","0001-01-01 00:00:00","9999-12-31 23:59:59.999999","infinity","-infinity","0044-03-15 00:00:00 BC",NULL}'::timestamp[]) TO STDOUT (FORMAT 'csv')
-- end
-- simple
COPY (SELECT '{"2024-02-29 01:02:03.000004","0001-01-01 00:00:00","9999-12-31 23:59:59.999999","infinity","-infinity","0044-03-15 00:00:00 BC",NULL}'::timestamp[]) TO STDOUT (FORMAT 'binary')
-- end
-- extended binary
SELECT '{"2024-02-29 01:02:03.000004","0001-01-01 00:00:00","9999-12-31 23:59:59.999999","infinity","-infinity","0044-03-15 00:00:00 BC",NULL}'::timestamp[]
-- columns timestamp:1115
-- row \x00000001000000010000045a0000000700000001000000080002b5799374d8c400000008ff1fe2ffc59c6000000000080380e70b913b7fff000000087fffffffffffffff00000008800000000000000000000008ff1af9deec5b2000ffffffff
-- end
-- extended binary
SELECT ts_a::text FROM types WHERE ts_a IS NOT NULL
-- columns ts_a:25
-- row {}
-- end
-- simple
COPY (SELECT '2024-02-29 01:02:03.123'::timestamp(3)) TO STDOUT (FORMAT 'text')
-- end
-- simple
COPY (SELECT '2024-02-29 01:02:03.123'::timestamp(3)) TO STDOUT (FORMAT 'csv')
-- end
-- simple
COPY (SELECT '2024-02-29 01:02:03.123'::timestamp(3)) TO STDOUT (FORMAT 'binary')
-- end
-- extended binary
SELECT '2024-02-29 01:02:03.123'::timestamp(3)
-- columns timestamp:1114
-- row \x0002b5799376b938
-- end
-- extended binary
SELECT '2024-02-29 01:02:03.123'::timestamp(3)
-- columns timestamp:1114
-- row \x0002b5799376b938
-- end
-- extended binary
SELECT $1::timestamp(3), ($1::timestamp(3))::text
-- $ 0 binary 0002b5799376b938
-- columns timestamp:1114	text:25
-- row \x0002b5799376b938	2024-02-29 01:02:03.123
-- end
-- extended binary
SELECT count(*) FROM types WHERE ts3 = $1
-- $ 0 binary 0002b5799376b938
-- columns count:20
-- row \x0000000000000000
-- end
-- extended binary
INSERT INTO types (ts3) VALUES ($1)
-- $ 0 binary 0002b5799376b938
-- end
-- simple
COPY (SELECT ts3 FROM types WHERE ts3 IS NULL LIMIT 1) TO STDOUT (FORMAT 'binary')
-- end
-- extended binary
INSERT INTO types (ts3) VALUES ($1)
-- $ 0 binary 0002b5799376b938
-- end
-- extended binary
INSERT INTO types (ts3) VALUES ($1)
-- $ 0 NULL
-- end
-- simple
COPY (SELECT NULL::timestamp(3)) TO STDOUT (FORMAT 'text')
-- end
-- simple
COPY (SELECT NULL::timestamp(3)) TO STDOUT (FORMAT 'csv')
-- end
-- simple
COPY (SELECT NULL::timestamp(3)) TO STDOUT (FORMAT 'binary')
-- end
-- extended binary
SELECT NULL::timestamp(3)
-- columns timestamp:1114
-- row \N
-- end
-- extended binary
SELECT NULL::timestamp(3)
-- columns timestamp:1114
-- row \N
-- end
-- extended binary
SELECT $1::timestamp(3), ($1::timestamp(3))::text
-- $ 0 NULL
-- columns timestamp:1114	text:25
-- row \N	\N
-- end
-- extended binary
SELECT count(*) FROM types WHERE ts3 = $1
-- $ 0 NULL
-- columns count:20
-- row \x0000000000000000
-- end
-- extended binary
INSERT INTO types (ts3) VALUES ($1)
-- $ 0 NULL
-- end
-- simple
COPY (SELECT ts3 FROM types WHERE ts3 IS NULL LIMIT 1) TO STDOUT (FORMAT 'binary')
-- end
-- extended binary
INSERT INTO types (ts3) VALUES ($1)
-- $ 0 NULL
-- end
-- extended binary
INSERT INTO types (ts3) VALUES ($1)
-- $ 0 NULL
-- end
-- extended binary
SELECT ts3::text FROM types WHERE ts3 IS NOT NULL
-- columns ts3:25
-- row 2024-02-29 01:02:03.123
-- end
-- simple
COPY (SELECT '{}'::timestamp(3)[]) TO STDOUT (FORMAT 'text')
-- end
-- simple
COPY (SELECT '{}'::timestamp(3)[]) TO STDOUT (FORMAT 'csv')
-- end
-- simple
COPY (SELECT '{}'::timestamp(3)[]) TO STDOUT (FORMAT 'binary')
-- end
-- extended binary
SELECT '{}'::timestamp(3)[]
-- columns timestamp:1115
-- row \x00000000000000000000045a
-- end
-- extended binary
SELECT '{}'::timestamp(3)[]
-- columns timestamp:1115
-- row \x00000000000000000000045a
-- end
-- extended binary
SELECT $1::timestamp(3)[], ($1::timestamp(3)[])::text
-- $ 0 binary 00000001000000000000045a0000000000000001
-- columns timestamp:1115	text:25
-- row \x00000000000000000000045a	{}
-- end
-- extended binary
SELECT count(*) FROM types WHERE ts3_a = $1
-- $ 0 binary 00000001000000000000045a0000000000000001
-- columns count:20
-- row \x0000000000000000
-- end
-- extended binary
INSERT INTO types (ts3_a) VALUES ($1)
-- $ 0 binary 00000001000000000000045a0000000000000001
-- end
-- simple
COPY (SELECT ts3_a FROM types WHERE ts3_a IS NULL LIMIT 1) TO STDOUT (FORMAT 'binary')
-- end
-- extended binary
INSERT INTO types (ts3_a) VALUES ($1)
-- $ 0 binary 00000001000000000000045a0000000000000001
-- end
-- extended binary
INSERT INTO types (ts3_a) VALUES ($1)
-- $ 0 NULL
-- end
-- simple
COPY (SELECT '{"2024-02-29 01:02:03.123",NULL}'::timestamp(3)[]) TO STDOUT (FORMAT 'text')
-- end
-- simple
COPY (SELECT '{"2024-02-29 01:02:03.123",NULL}'::timestamp(3)[]) TO STDOUT (FORMAT 'csv')
-- end
-- simple
COPY (SELECT '{"2024-02-29 01:02:03.123",NULL}'::timestamp(3)[]) TO STDOUT (FORMAT 'binary')
-- end
-- extended binary
SELECT '{"2024-02-29 01:02:03.123",NULL}'::timestamp(3)[]
-- columns timestamp:1115
-- row \x00000001000000010000045a0000000200000001000000080002b5799376b938ffffffff
-- end
-- extended binary
SELECT '{"2024-02-29 01:02:03.123",NULL}'::timestamp(3)[]
-- columns timestamp:1115
-- row \x00000001000000010000045a0000000200000001000000080002b5799376b938ffffffff
-- end
-- extended binary
SELECT $1::timestamp(3)[], ($1::timestamp(3)[])::text
-- $ 0 binary 00000001000000000000045a0000000200000001000000080002b5799376b938ffffffff
-- columns timestamp:1115	text:25
-- row \x00000001000000010000045a0000000200000001000000080002b5799376b938ffffffff	{"2024-02-29 01:02:03.123",NULL}
-- end
-- extended binary
SELECT count(*) FROM types WHERE ts3_a = $1
-- $ 0 binary 00000001000000000000045a0000000200000001000000080002b5799376b938ffffffff
-- columns count:20
-- row \x0000000000000000
-- end
-- extended binary
INSERT INTO types (ts3_a) VALUES ($1)
-- $ 0 binary 00000001000000000000045a0000000200000001000000080002b5799376b938ffffffff
-- end
-- simple
COPY (SELECT ts3_a FROM types WHERE ts3_a IS NULL LIMIT 1) TO STDOUT (FORMAT 'binary')
-- end
-- extended binary
INSERT INTO types (ts3_a) VALUES ($1)
-- $ 0 binary 00000001000000000000045a0000000200000001000000080002b5799376b938ffffffff
-- end
-- extended binary
INSERT INTO types (ts3_a) VALUES ($1)
-- $ 0 NULL
-- end
-- extended binary
SELECT ts3_a::text FROM types WHERE ts3_a IS NOT NULL
-- columns ts3_a:25
-- end
-- simple
COPY (SELECT '2024-02-29 01:02:03.000004+00'::timestamptz) TO STDOUT (FORMAT 'text')
-- end
-- simple
COPY (SELECT '2024-02-29 01:02:03.000004+00'::timestamptz) TO STDOUT (FORMAT 'csv')
-- end
-- simple
COPY (SELECT '2024-02-29 01:02:03.000004+00'::timestamptz) TO STDOUT (FORMAT 'binary')
-- end
-- extended binary
SELECT '2024-02-29 01:02:03.000004+00'::timestamptz
-- columns timestamptz:1184
-- row \x0002b5799374d8c4
-- end
-- extended binary
SELECT '2024-02-29 01:02:03.000004+00'::timestamptz
-- columns timestamptz:1184
-- row \x0002b5799374d8c4
-- end
-- extended binary
SELECT $1::timestamptz, ($1::timestamptz)::text
-- $ 0 binary 0002b5799374d8c4
-- columns timestamptz:1184	text:25
-- row \x0002b5799374d8c4	2024-02-29 01:02:03.000004+00
-- end
-- extended binary
SELECT count(*) FROM types WHERE tsz = $1
-- $ 0 binary 0002b5799374d8c4
-- columns count:20
-- row \x0000000000000000
-- end
-- extended binary
INSERT INTO types (tsz) VALUES ($1)
-- $ 0 binary 0002b5799374d8c4
-- end
-- simple
COPY (SELECT tsz FROM types WHERE tsz IS NULL LIMIT 1) TO STDOUT (FORMAT 'binary')
-- end
-- extended binary
INSERT INTO types (tsz) VALUES ($1)
-- $ 0 binary 0002b5799374d8c4
-- end
-- extended binary
INSERT INTO types (tsz) VALUES ($1)
-- $ 0 NULL
-- end
-- simple
COPY (SELECT '0001-01-01 00:00:00+00'::timestamptz) TO STDOUT (FORMAT 'text')
-- end
-- simple
COPY (SELECT '0001-01-01 00:00:00+00'::timestamptz) TO STDOUT (FORMAT 'csv')
-- end
-- simple
COPY (SELECT '0001-01-01 00:00:00+00'::timestamptz) TO STDOUT (FORMAT 'binary')
-- end
-- extended binary
SELECT '0001-01-01 00:00:00+00'::timestamptz
-- columns timestamptz:1184
-- row \xff1fe2ffc59c6000
-- end
-- extended binary
SELECT '0001-01-01 00:00:00+00'::timestamptz
-- columns timestamptz:1184
-- row \xff1fe2ffc59c6000
-- end
-- extended binary
SELECT $1::timestamptz, ($1::timestamptz)::text
-- $ 0 binary 8000000000000000
-- columns timestamptz:1184	text:25
-- row \x8000000000000000	-infinity
-- end
-- extended binary
SELECT count(*) FROM types WHERE tsz = $1
-- $ 0 binary 8000000000000000
-- columns count:20
-- row \x0000000000000000
-- end
-- extended binary
INSERT INTO types (tsz) VALUES ($1)
-- $ 0 binary 8000000000000000
-- end
-- simple
COPY (SELECT tsz FROM types WHERE tsz IS NULL LIMIT 1) TO STDOUT (FORMAT 'binary')
-- end
-- extended binary
INSERT INTO types (tsz) VALUES ($1)
-- $ 0 binary 8000000000000000
-- end
-- extended binary
INSERT INTO types (tsz) VALUES ($1)
-- $ 0 NULL
-- end
-- simple
COPY (SELECT '9999-12-31 23:59:59.999999+00'::timestamptz) TO STDOUT (FORMAT 'text')
-- end
-- simple
COPY (SELECT '9999-12-31 23:59:59.999999+00'::timestamptz) TO STDOUT (FORMAT 'csv')
-- end
-- simple
COPY (SELECT '9999-12-31 23:59:59.999999+00'::timestamptz) TO STDOUT (FORMAT 'binary')
-- end
-- extended binary
SELECT '9999-12-31 23:59:59.999999+00'::timestamptz
-- columns timestamptz:1184
-- row \x0380e70b913b7fff
-- end
-- extended binary
SELECT '9999-12-31 23:59:59.999999+00'::timestamptz
-- columns timestamptz:1184
-- row \x0380e70b913b7fff
-- end
-- extended binary
SELECT $1::timestamptz, ($1::timestamptz)::text
-- $ 0 binary 7fffffffffffffff
-- columns timestamptz:1184	text:25
-- row \x7fffffffffffffff	infinity
-- end
-- extended binary
SELECT count(*) FROM types WHERE tsz = $1
-- $ 0 binary 7fffffffffffffff
-- columns count:20
-- row \x0000000000000000
-- end
-- extended binary
INSERT INTO types (tsz) VALUES ($1)
-- $ 0 binary 7fffffffffffffff
-- end
-- simple
COPY (SELECT tsz FROM types WHERE tsz IS NULL LIMIT 1) TO STDOUT (FORMAT 'binary')
-- end
-- extended binary
INSERT INTO types (tsz) VALUES ($1)
-- $ 0 binary 7fffffffffffffff
-- end
-- extended binary
INSERT INTO types (tsz) VALUES ($1)
-- $ 0 NULL
-- end
-- simple
COPY (SELECT 'infinity'::timestamptz) TO STDOUT (FORMAT 'text')
-- end
-- simple
COPY (SELECT 'infinity'::timestamptz) TO STDOUT (FORMAT 'csv')
-- end
-- simple
COPY (SELECT 'infinity'::timestamptz) TO STDOUT (FORMAT 'binary')
-- end
-- extended binary
SELECT 'infinity'::timestamptz
-- columns timestamptz:1184
-- row \x7fffffffffffffff
-- end
-- extended binary
SELECT 'infinity'::timestamptz
-- columns timestamptz:1184
-- row \x7fffffffffffffff
-- end
-- extended binary
SELECT $1::timestamptz, ($1::timestamptz)::text
-- $ 0 binary 7fffffffffffffff
-- columns timestamptz:1184	text:25
-- row \x7fffffffffffffff	infinity
-- end
-- extended binary
SELECT count(*) FROM types WHERE tsz = $1
-- $ 0 binary 7fffffffffffffff
-- columns count:20
-- row \x0000000000000002
-- end
-- extended binary
INSERT INTO types (tsz) VALUES ($1)
-- $ 0 binary 7fffffffffffffff
-- end
-- simple
COPY (SELECT tsz FROM types WHERE tsz IS NULL LIMIT 1) TO STDOUT (FORMAT 'binary')
-- end
-- extended binary
INSERT INTO types (tsz) VALUES ($1)
-- $ 0 binary 7fffffffffffffff
-- end
-- extended binary
INSERT INTO types (tsz) VALUES ($1)
-- $ 0 NULL
-- end
-- simple
COPY (SELECT '-infinity'::timestamptz) TO STDOUT (FORMAT 'text')
-- end
-- simple
COPY (SELECT '-infinity'::timestamptz) TO STDOUT (FORMAT 'csv')
-- end
-- simple
COPY (SELECT '-infinity'::timestamptz) TO STDOUT (FORMAT 'binary')
-- end
-- extended binary
SELECT '-infinity'::timestamptz
-- columns timestamptz:1184
-- row \x8000000000000000
-- end
-- extended binary
SELECT '-infinity'::timestamptz
-- columns timestamptz:1184
-- row \x8000000000000000
-- end
-- extended binary
SELECT $1::timestamptz, ($1::timestamptz)::text
-- $ 0 binary 8000000000000000
-- columns timestamptz:1184	text:25
-- row \x8000000000000000	-infinity
-- end
-- extended binary
SELECT count(*) FROM types WHERE tsz = $1
-- $ 0 binary 8000000000000000
-- columns count:20
-- row \x0000000000000002
-- end
-- extended binary
INSERT INTO types (tsz) VALUES ($1)
-- $ 0 binary 8000000000000000
-- end
-- simple
COPY (SELECT tsz FROM types WHERE tsz IS NULL LIMIT 1) TO STDOUT (FORMAT 'binary')
-- end
-- extended binary
INSERT INTO types (tsz) VALUES ($1)
-- $ 0 binary 8000000000000000
-- end
-- extended binary
INSERT INTO types (tsz) VALUES ($1)
-- $ 0 NULL
-- end
-- simple
COPY (SELECT NULL::timestamptz) TO STDOUT (FORMAT 'text')
-- end
-- simple
COPY (SELECT NULL::timestamptz) TO STDOUT (FORMAT 'csv')
-- end
-- simple
COPY (SELECT NULL::timestamptz) TO STDOUT (FORMAT 'binary')
-- end
-- extended binary
SELECT NULL::timestamptz
-- columns timestamptz:1184
-- row \N
-- end
-- extended binary
SELECT NULL::timestamptz
-- columns timestamptz:1184
-- row \N
-- end
-- extended binary
SELECT $1::timestamptz, ($1::timestamptz)::text
-- $ 0 NULL
-- columns timestamptz:1184	text:25
-- row \N	\N
-- end
-- extended binary
SELECT count(*) FROM types WHERE tsz = $1
-- $ 0 NULL
-- columns count:20
-- row \x0000000000000000
-- end
-- extended binary
INSERT INTO types (tsz) VALUES ($1)
-- $ 0 NULL
-- end
-- simple
COPY (SELECT tsz FROM types WHERE tsz IS NULL LIMIT 1) TO STDOUT (FORMAT 'binary')
-- end
-- extended binary
INSERT INTO types (tsz) VALUES ($1)
-- $ 0 NULL
-- end
-- extended binary
INSERT INTO types (tsz) VALUES ($1)
-- $ 0 NULL
-- end
-- extended binary
SELECT tsz::text FROM types WHERE tsz IS NOT NULL
-- columns tsz:25
-- row 2024-02-29 01:02:03.000004+00
-- end
-- extended binary

                    SELECT
                        current_setting('jit') AS cur,
                        set_config('jit', 'off', false) AS new
-- columns cur:25	new:25
-- row off	off
-- end
-- simple
COPY (SELECT '{}'::timestamptz[]) TO STDOUT (FORMAT 'text')
-- end
-- simple
COPY (SELECT '{}'::timestamptz[]) TO STDOUT (FORMAT 'csv')
-- end
-- simple
COPY (SELECT '{}'::timestamptz[]) TO STDOUT (FORMAT 'binary')
-- end
-- extended binary
SELECT '{}'::timestamptz[]
-- columns timestamptz:1185
-- row \x0000000000000000000004a0
-- end
-- extended binary
SELECT '{}'::timestamptz[]
-- columns timestamptz:1185
-- row \x0000000000000000000004a0
-- end
-- extended binary
SELECT $1::timestamptz[], ($1::timestamptz[])::text
-- $ 0 binary 0000000100000000000004a00000000000000001
-- columns timestamptz:1185	text:25
-- row \x0000000000000000000004a0	{}
-- end
-- extended binary
SELECT count(*) FROM types WHERE tsz_a = $1
-- $ 0 binary 0000000100000000000004a00000000000000001
-- columns count:20
-- row \x0000000000000000
-- end
-- extended binary
INSERT INTO types (tsz_a) VALUES ($1)
-- $ 0 binary 0000000100000000000004a00000000000000001
-- end
-- simple
COPY (SELECT tsz_a FROM types WHERE tsz_a IS NULL LIMIT 1) TO STDOUT (FORMAT 'binary')
-- end
-- extended binary
INSERT INTO types (tsz_a) VALUES ($1)
-- $ 0 binary 0000000100000000000004a00000000000000001
-- end
-- extended binary
INSERT INTO types (tsz_a) VALUES ($1)
-- $ 0 NULL
-- end
-- simple
COPY (SELECT '{"2024-02-29 01:02:03.000004+00","0001-01-01 00:00:00+00","9999-12-31 23:59:59.999999+00","infinity","-infinity",NULL}'::timestamptz[]) TO STDOUT (FORMAT 'text')
-- end
-- simple
COPY (SELECT '{"2024-02-29 01:02:03.000004+00","0001-01-01 00:00:00+00","9999-12-31 23:59:59.999999+00","infinity","-infinity",NULL}'::timestamptz[]) TO STDOUT (FORMAT 'csv')
-- end
-- simple
COPY (SELECT '{"2024-02-29 01:02:03.000004+00","0001-01-01 00:00:00+00","9999-12-31 23:59:59.999999+00","infinity","-infinity",NULL}'::timestamptz[]) TO STDOUT (FORMAT 'binary')
-- end
-- extended binary
SELECT '{"2024-02-29 01:02:03.000004+00","0001-01-01 00:00:00+00","9999-12-31 23:59:59.999999+00","infinity","-infinity",NULL}'::timestamptz[]
-- columns timestamptz:1185
-- row \x0000000100000001000004a00000000600000001000000080002b5799374d8c400000008ff1fe2ffc59c6000000000080380e70b913b7fff000000087fffffffffffffff000000088000000000000000ffffffff
-- end
-- extended binary
SELECT '{"2024-02-29 01:02:03.000004+00","0001-01-01 00:00:00+00","9999-12-31 23:59:59.999999+00","infinity","-infinity",NULL}'::timestamptz[]
-- columns timestamptz:1185
-- row \x0000000100000001000004a00000000600000001000000080002b5799374d8c400000008ff1fe2ffc59c6000000000080380e70b913b7fff000000087fffffffffffffff000000088000000000000000ffffffff
-- end
-- extended binary
SELECT $1::timestamptz[], ($1::timestamptz[])::text
-- $ 0 binary 0000000100000000000004a00000000600000001000000080002b5799374d8c4000000088000000000000000000000087fffffffffffffff000000087fffffffffffffff000000088000000000000000ffffffff
-- columns timestamptz:1185	text:25
-- row \x0000000100000001000004a00000000600000001000000080002b5799374d8c4000000088000000000000000000000087fffffffffffffff000000087fffffffffffffff000000088000000000000000ffffffff	{"2024-02-29 01:02:03.000004+00",-infinity,infinity,infinity,-infinity,NULL}
-- end
-- extended binary
SELECT count(*) FROM types WHERE tsz_a = $1
-- $ 0 binary 0000000100000000000004a00000000600000001000000080002b5799374d8c4000000088000000000000000000000087fffffffffffffff000000087fffffffffffffff000000088000000000000000ffffffff
-- columns count:20
-- row \x0000000000000000
-- end
-- extended binary
INSERT INTO types (tsz_a) VALUES ($1)
-- $ 0 binary 0000000100000000000004a00000000600000001000000080002b5799374d8c4000000088000000000000000000000087fffffffffffffff000000087fffffffffffffff000000088000000000000000ffffffff
-- end
-- simple
COPY (SELECT tsz_a FROM types WHERE tsz_a IS NULL LIMIT 1) TO STDOUT (FORMAT 'binary')
-- end
-- extended binary
INSERT INTO types (tsz_a) VALUES ($1)
-- $ 0 binary 0000000100000000000004a00000000600000001000000080002b5799374d8c4000000088000000000000000000000087fffffffffffffff000000087fffffffffffffff000000088000000000000000ffffffff
-- end
-- extended binary
INSERT INTO types (tsz_a) VALUES ($1)
-- $ 0 NULL
-- end
-- extended binary
SELECT tsz_a::text FROM types WHERE tsz_a IS NOT NULL
-- columns tsz_a:25
-- end
-- simple
COPY (SELECT '00:00:00'::interval) TO STDOUT (FORMAT 'text')
-- end
-- simple
COPY (SELECT '00:00:00'::interval) TO STDOUT (FORMAT 'csv')
-- end
-- simple
COPY (SELECT '00:00:00'::interval) TO STDOUT (FORMAT 'binary')
-- end
-- extended binary
SELECT '00:00:00'::interval
-- columns interval:1186
-- row \x00000000000000000000000000000000
-- end
-- extended binary
SELECT '00:00:00'::interval
-- columns interval:1186
-- row \x00000000000000000000000000000000
-- end
-- extended binary
SELECT $1::interval, ($1::interval)::text
-- $ 0 binary 00000000000000000000000000000000
-- columns interval:1186	text:25
-- row \x00000000000000000000000000000000	00:00:00
-- end
-- extended binary
SELECT count(*) FROM types WHERE iv = $1
-- $ 0 binary 00000000000000000000000000000000
-- columns count:20
-- row \x0000000000000000
-- end
-- extended binary
INSERT INTO types (iv) VALUES ($1)
-- $ 0 binary 00000000000000000000000000000000
-- end
-- simple
COPY (SELECT iv FROM types WHERE iv IS NULL LIMIT 1) TO STDOUT (FORMAT 'binary')
-- end
-- extended binary
INSERT INTO types (iv) VALUES ($1)
-- $ 0 binary 00000000000000000000000000000000
-- end
-- extended binary
INSERT INTO types (iv) VALUES ($1)
-- $ 0 NULL
-- end
-- simple
COPY (SELECT '1 day'::interval) TO STDOUT (FORMAT 'text')
-- end
-- simple
COPY (SELECT '1 day'::interval) TO STDOUT (FORMAT 'csv')
-- end
-- simple
COPY (SELECT '1 day'::interval) TO STDOUT (FORMAT 'binary')
-- end
-- extended binary
SELECT '1 day'::interval
-- columns interval:1186
-- row \x00000000000000000000000100000000
-- end
-- extended binary
SELECT '1 day'::interval
-- columns interval:1186
-- row \x00000000000000000000000100000000
-- end
-- extended binary
SELECT $1::interval, ($1::interval)::text
-- $ 0 binary 00000000000000000000000100000000
-- columns interval:1186	text:25
-- row \x00000000000000000000000100000000	1 day
-- end
-- extended binary
SELECT count(*) FROM types WHERE iv = $1
-- $ 0 binary 00000000000000000000000100000000
-- columns count:20
-- row \x0000000000000000
-- end
-- extended binary
INSERT INTO types (iv) VALUES ($1)
-- $ 0 binary 00000000000000000000000100000000
-- end
-- simple
COPY (SELECT iv FROM types WHERE iv IS NULL LIMIT 1) TO STDOUT (FORMAT 'binary')
-- end
-- extended binary
INSERT INTO types (iv) VALUES ($1)
-- $ 0 binary 00000000000000000000000100000000
-- end
-- extended binary
INSERT INTO types (iv) VALUES ($1)
-- $ 0 NULL
-- end
-- simple
COPY (SELECT '-1 days +02:03:04.000005'::interval) TO STDOUT (FORMAT 'text')
-- end
-- simple
COPY (SELECT '-1 days +02:03:04.000005'::interval) TO STDOUT (FORMAT 'csv')
-- end
-- simple
COPY (SELECT '-1 days +02:03:04.000005'::interval) TO STDOUT (FORMAT 'binary')
-- end
-- extended binary
SELECT '-1 days +02:03:04.000005'::interval
-- columns interval:1186
-- row \x00000001b81ee605ffffffff00000000
-- end
-- extended binary
SELECT '-1 days +02:03:04.000005'::interval
-- columns interval:1186
-- row \x00000001b81ee605ffffffff00000000
-- end
-- extended binary
SELECT $1::interval, ($1::interval)::text
-- $ 0 binary 00000001b81ee605ffffffff00000000
-- columns interval:1186	text:25
-- row \x00000001b81ee605ffffffff00000000	-1 days +02:03:04.000005
-- end
-- extended binary
SELECT count(*) FROM types WHERE iv = $1
-- $ 0 binary 00000001b81ee605ffffffff00000000
-- columns count:20
-- row \x0000000000000000
-- end
-- extended binary
INSERT INTO types (iv) VALUES ($1)
-- $ 0 binary 00000001b81ee605ffffffff00000000
-- end
-- simple
COPY (SELECT iv FROM types WHERE iv IS NULL LIMIT 1) TO STDOUT (FORMAT 'binary')
-- end
-- extended binary
INSERT INTO types (iv) VALUES ($1)
-- $ 0 binary 00000001b81ee605ffffffff00000000
-- end
-- extended binary
INSERT INTO types (iv) VALUES ($1)
-- $ 0 NULL
-- end
-- simple
COPY (SELECT '1 year 2 mons -3 days -00:00:01'::interval) TO STDOUT (FORMAT 'text')
-- end
-- simple
COPY (SELECT '1 year 2 mons -3 days -00:00:01'::interval) TO STDOUT (FORMAT 'csv')
-- end
-- simple
COPY (SELECT '1 year 2 mons -3 days -00:00:01'::interval) TO STDOUT (FORMAT 'binary')
-- end
-- extended binary
SELECT '1 year 2 mons -3 days -00:00:01'::interval
-- columns interval:1186
-- row \xfffffffffff0bdc0fffffffd0000000e
-- end
-- extended binary
SELECT '1 year 2 mons -3 days -00:00:01'::interval
-- columns interval:1186
-- row \xfffffffffff0bdc0fffffffd0000000e
-- end
-- extended binary
SELECT $1::interval, ($1::interval)::text
-- $ 0 binary 000000141dc81dc0000001a500000000
-- columns interval:1186	text:25
-- row \x000000141dc81dc0000001a500000000	421 days 23:59:59
-- end
-- extended binary
SELECT count(*) FROM types WHERE iv = $1
-- $ 0 binary 000000141dc81dc0000001a500000000
-- columns count:20
-- row \x0000000000000000
-- end
-- extended binary
INSERT INTO types (iv) VALUES ($1)
-- $ 0 binary 000000141dc81dc0000001a500000000
-- end
-- simple
COPY (SELECT iv FROM types WHERE iv IS NULL LIMIT 1) TO STDOUT (FORMAT 'binary')
-- end
-- extended binary
INSERT INTO types (iv) VALUES ($1)
-- $ 0 binary 000000141dc81dc0000001a500000000
-- end
-- extended binary
INSERT INTO types (iv) VALUES ($1)
-- $ 0 NULL
-- end
-- simple
COPY (SELECT '-178000 mons'::interval) TO STDOUT (FORMAT 'text')
-- end
-- simple
COPY (SELECT '-178000 mons'::interval) TO STDOUT (FORMAT 'csv')
-- end
-- simple
COPY (SELECT '-178000 mons'::interval) TO STDOUT (FORMAT 'binary')
-- end
-- extended binary
SELECT '-178000 mons'::interval
-- columns interval:1186
-- row \x000000000000000000000000fffd48b0
-- end
-- extended binary
SELECT '-178000 mons'::interval
-- columns interval:1186
-- row \x000000000000000000000000fffd48b0
-- end
-- extended binary
SELECT $1::interval, ($1::interval)::text
-- $ 0 binary 0000000000000000ffad62eb00000000
-- columns interval:1186	text:25
-- row \x0000000000000000ffad62eb00000000	-5414165 days
-- end
-- extended binary
SELECT count(*) FROM types WHERE iv = $1
-- $ 0 binary 0000000000000000ffad62eb00000000
-- columns count:20
-- row \x0000000000000000
-- end
-- extended binary
INSERT INTO types (iv) VALUES ($1)
-- $ 0 binary 0000000000000000ffad62eb00000000
-- end
-- simple
COPY (SELECT iv FROM types WHERE iv IS NULL LIMIT 1) TO STDOUT (FORMAT 'binary')
-- end
-- extended binary
INSERT INTO types (iv) VALUES ($1)
-- $ 0 binary 0000000000000000ffad62eb00000000
-- end
-- extended binary
INSERT INTO types (iv) VALUES ($1)
-- $ 0 NULL
-- end
-- simple
COPY (SELECT NULL::interval) TO STDOUT (FORMAT 'text')
-- end
-- simple
COPY (SELECT NULL::interval) TO STDOUT (FORMAT 'csv')
-- end
-- simple
COPY (SELECT NULL::interval) TO STDOUT (FORMAT 'binary')
-- end
-- extended binary
SELECT NULL::interval
-- columns interval:1186
-- row \N
-- end
-- extended binary
SELECT NULL::interval
-- columns interval:1186
-- row \N
-- end
-- extended binary
SELECT $1::interval, ($1::interval)::text
-- $ 0 NULL
-- columns interval:1186	text:25
-- row \N	\N
-- end
-- extended binary
SELECT count(*) FROM types WHERE iv = $1
-- $ 0 NULL
-- columns count:20
-- row \x0000000000000000
-- end
-- extended binary
INSERT INTO types (iv) VALUES ($1)
-- $ 0 NULL
-- end
-- simple
COPY (SELECT iv FROM types WHERE iv IS NULL LIMIT 1) TO STDOUT (FORMAT 'binary')
-- end
-- extended binary
INSERT INTO types (iv) VALUES ($1)
-- $ 0 NULL
-- end
-- extended binary
INSERT INTO types (iv) VALUES ($1)
-- $ 0 NULL
-- end
-- extended binary
SELECT iv::text FROM types WHERE iv IS NOT NULL
-- columns iv:25
-- end
-- extended binary

                    SELECT
                        current_setting('jit') AS cur,
                        set_config('jit', 'off', false) AS new
-- columns cur:25	new:25
-- row off	off
-- end
-- simple
COPY (SELECT '{}'::interval[]) TO STDOUT (FORMAT 'text')
-- end
-- simple
COPY (SELECT '{}'::interval[]) TO STDOUT (FORMAT 'csv')
-- end
-- simple
COPY (SELECT '{}'::interval[]) TO STDOUT (FORMAT 'binary')
-- end
-- extended binary
SELECT '{}'::interval[]
-- columns interval:1187
-- row \x0000000000000000000004a2
-- end
-- extended binary
SELECT '{}'::interval[]
-- columns interval:1187
-- row \x0000000000000000000004a2
-- end
-- extended binary
SELECT $1::interval[], ($1::interval[])::text
-- $ 0 binary 0000000100000000000004a20000000000000001
-- columns interval:1187	text:25
-- row \x0000000000000000000004a2	{}
-- end
-- extended binary
SELECT count(*) FROM types WHERE iv_a = $1
-- $ 0 binary 0000000100000000000004a20000000000000001
-- columns count:20
-- row \x0000000000000000
-- end
-- extended binary
INSERT INTO types (iv_a) VALUES ($1)
-- $ 0 binary 0000000100000000000004a20000000000000001
-- end
-- simple
COPY (SELECT iv_a FROM types WHERE iv_a IS NULL LIMIT 1) TO STDOUT (FORMAT 'binary')
-- end
-- extended binary
INSERT INTO types (iv_a) VALUES ($1)
-- $ 0 binary 0000000100000000000004a20000000000000001
-- end
-- extended binary
INSERT INTO types (iv_a) VALUES ($1)
-- $ 0 NULL
-- end
-- simple
COPY (SELECT '{"00:00:00","1 day","-1 days +02:03:04.000005","1 year 2 mons -3 days -00:00:01","-178000 mons",NULL}'::interval[]) TO STDOUT (FORMAT 'text')
-- end
-- simple
COPY (SELECT '{"00:00:00","1 day","-1 days +02:03:04.000005","1 year 2 mons -3 days -00:00:01","-178000 mons",NULL}'::interval[]) TO STDOUT (FORMAT 'csv')
-- end
-- simple
COPY (SELECT '{"00:00:00","1 day","-1 days +02:03:04.000005","1 year 2 mons -3 days -00:00:01","-178000 mons",NULL}'::interval[]) TO STDOUT (FORMAT 'binary')
-- end
-- extended binary
SELECT '{"00:00:00","1 day","-1 days +02:03:04.000005","1 year 2 mons -3 days -00:00:01","-178000 mons",NULL}'::interval[]
-- columns interval:1187
-- row \x0000000100000001000004a20000000600000001000000100000000000000000000000000000000000000010000000000000000000000001000000000000001000000001b81ee605ffffffff0000000000000010fffffffffff0bdc0fffffffd0000000e00000010000000000000000000000000fffd48b0ffffffff
-- end
-- extended binary
SELECT '{"00:00:00","1 day","-1 days +02:03:04.000005","1 year 2 mons -3 days -00:00:01","-178000 mons",NULL}'::interval[]
-- columns interval:1187
-- row \x0000000100000001000004a20000000600000001000000100000000000000000000000000000000000000010000000000000000000000001000000000000001000000001b81ee605ffffffff0000000000000010fffffffffff0bdc0fffffffd0000000e00000010000000000000000000000000fffd48b0ffffffff
-- end
-- extended binary
SELECT $1::interval[], ($1::interval[])::text
-- $ 0 binary 0000000100000000000004a20000000600000001000000100000000000000000000000000000000000000010000000000000000000000001000000000000001000000001b81ee605ffffffff0000000000000010000000141dc81dc0000001a500000000000000100000000000000000ffad62eb00000000ffffffff
-- columns interval:1187	text:25
-- row \x0000000100000001000004a20000000600000001000000100000000000000000000000000000000000000010000000000000000000000001000000000000001000000001b81ee605ffffffff0000000000000010000000141dc81dc0000001a500000000000000100000000000000000ffad62eb00000000ffffffff	{00:00:00,"1 day","-1 days +02:03:04.000005","421 days 23:59:59","-5414165 days",NULL}
-- end
-- extended binary
SELECT count(*) FROM types WHERE iv_a = $1
-- $ 0 binary 0000000100000000000004a20000000600000001000000100000000000000000000000000000000000000010000000000000000000000001000000000000001000000001b81ee605ffffffff0000000000000010000000141dc81dc0000001a500000000000000100000000000000000ffad62eb00000000ffffffff
-- columns count:20
-- row \x0000000000000000
-- end
-- extended binary
INSERT INTO types (iv_a) VALUES ($1)
-- $ 0 binary 0000000100000000000004a20000000600000001000000100000000000000000000000000000000000000010000000000000000000000001000000000000001000000001b81ee605ffffffff0000000000000010000000141dc81dc0000001a500000000000000100000000000000000ffad62eb00000000ffffffff
-- end
-- simple
COPY (SELECT iv_a FROM types WHERE iv_a IS NULL LIMIT 1) TO STDOUT (FORMAT 'binary')
-- end
-- extended binary
INSERT INTO types (iv_a) VALUES ($1)
-- $ 0 binary 0000000100000000000004a20000000600000001000000100000000000000000000000000000000000000010000000000000000000000001000000000000001000000001b81ee605ffffffff0000000000000010000000141dc81dc0000001a500000000000000100000000000000000ffad62eb00000000ffffffff
-- end
-- extended binary
INSERT INTO types (iv_a) VALUES ($1)
-- $ 0 NULL
-- end
-- extended binary
SELECT iv_a::text FROM types WHERE iv_a IS NOT NULL
-- columns iv_a:25
-- row {}
-- end
-- simple
COPY (SELECT '00000000-0000-0000-0000-000000000000'::uuid) TO STDOUT (FORMAT 'text')
-- end
-- simple
COPY (SELECT '00000000-0000-0000-0000-000000000000'::uuid) TO STDOUT (FORMAT 'csv')
-- end
-- simple
COPY (SELECT '00000000-0000-0000-0000-000000000000'::uuid) TO STDOUT (FORMAT 'binary')
-- end
-- extended binary
SELECT '00000000-0000-0000-0000-000000000000'::uuid
-- columns uuid:2950
-- row \x00000000000000000000000000000000
-- end
-- extended binary
SELECT '00000000-0000-0000-0000-000000000000'::uuid
-- columns uuid:2950
-- row \x00000000000000000000000000000000
-- end
-- extended binary
SELECT $1::uuid, ($1::uuid)::text
-- $ 0 binary 00000000000000000000000000000000
-- columns uuid:2950	text:25
-- row \x00000000000000000000000000000000	00000000-0000-0000-0000-000000000000
-- end
-- extended binary
SELECT count(*) FROM types WHERE uu = $1
-- $ 0 binary 00000000000000000000000000000000
-- columns count:20
-- row \x0000000000000000
-- end
-- extended binary
INSERT INTO types (uu) VALUES ($1)
-- $ 0 binary 00000000000000000000000000000000
-- end
-- simple
COPY (SELECT uu FROM types WHERE uu IS NULL LIMIT 1) TO STDOUT (FORMAT 'binary')
-- end
-- extended binary
INSERT INTO types (uu) VALUES ($1)
-- $ 0 binary 00000000000000000000000000000000
-- end
-- extended binary
INSERT INTO types (uu) VALUES ($1)
-- $ 0 NULL
-- end
-- simple
COPY (SELECT 'a0eebc99-9c0b-4ef8-bb6d-6bb9bd380a11'::uuid) TO STDOUT (FORMAT 'text')
-- end
-- simple
COPY (SELECT 'a0eebc99-9c0b-4ef8-bb6d-6bb9bd380a11'::uuid) TO STDOUT (FORMAT 'csv')
-- end
-- simple
COPY (SELECT 'a0eebc99-9c0b-4ef8-bb6d-6bb9bd380a11'::uuid) TO STDOUT (FORMAT 'binary')
-- end
-- extended binary
SELECT 'a0eebc99-9c0b-4ef8-bb6d-6bb9bd380a11'::uuid
-- columns uuid:2950
-- row \xa0eebc999c0b4ef8bb6d6bb9bd380a11
-- end
-- extended binary
SELECT 'a0eebc99-9c0b-4ef8-bb6d-6bb9bd380a11'::uuid
-- columns uuid:2950
-- row \xa0eebc999c0b4ef8bb6d6bb9bd380a11
-- end
-- extended binary
SELECT $1::uuid, ($1::uuid)::text
-- $ 0 binary a0eebc999c0b4ef8bb6d6bb9bd380a11
-- columns uuid:2950	text:25
-- row \xa0eebc999c0b4ef8bb6d6bb9bd380a11	a0eebc99-9c0b-4ef8-bb6d-6bb9bd380a11
-- end
-- extended binary
SELECT count(*) FROM types WHERE uu = $1
-- $ 0 binary a0eebc999c0b4ef8bb6d6bb9bd380a11
-- columns count:20
-- row \x0000000000000000
-- end
-- extended binary
INSERT INTO types (uu) VALUES ($1)
-- $ 0 binary a0eebc999c0b4ef8bb6d6bb9bd380a11
-- end
-- simple
COPY (SELECT uu FROM types WHERE uu IS NULL LIMIT 1) TO STDOUT (FORMAT 'binary')
-- end
-- extended binary
INSERT INTO types (uu) VALUES ($1)
-- $ 0 binary a0eebc999c0b4ef8bb6d6bb9bd380a11
-- end
-- extended binary
INSERT INTO types (uu) VALUES ($1)
-- $ 0 NULL
-- end
-- simple
COPY (SELECT NULL::uuid) TO STDOUT (FORMAT 'text')
-- end
-- simple
COPY (SELECT NULL::uuid) TO STDOUT (FORMAT 'csv')
-- end
-- simple
COPY (SELECT NULL::uuid) TO STDOUT (FORMAT 'binary')
-- end
-- extended binary
SELECT NULL::uuid
-- columns uuid:2950
-- row \N
-- end
-- extended binary
SELECT NULL::uuid
-- columns uuid:2950
-- row \N
-- end
-- extended binary
SELECT $1::uuid, ($1::uuid)::text
-- $ 0 NULL
-- columns uuid:2950	text:25
-- row \N	\N
-- end
-- extended binary
SELECT count(*) FROM types WHERE uu = $1
-- $ 0 NULL
-- columns count:20
-- row \x0000000000000000
-- end
-- extended binary
INSERT INTO types (uu) VALUES ($1)
-- $ 0 NULL
-- end
-- simple
COPY (SELECT uu FROM types WHERE uu IS NULL LIMIT 1) TO STDOUT (FORMAT 'binary')
-- end
-- extended binary
INSERT INTO types (uu) VALUES ($1)
-- $ 0 NULL
-- end
-- extended binary
INSERT INTO types (uu) VALUES ($1)
-- $ 0 NULL
-- end
-- extended binary
SELECT uu::text FROM types WHERE uu IS NOT NULL
-- columns uu:25
-- row 00000000-0000-0000-0000-000000000000
-- end
-- extended binary

                    SELECT
                        current_setting('jit') AS cur,
                        set_config('jit', 'off', false) AS new
-- columns cur:25	new:25
-- row off	off
-- end
-- simple
COPY (SELECT '{}'::uuid[]) TO STDOUT (FORMAT 'text')
-- end
-- simple
COPY (SELECT '{}'::uuid[]) TO STDOUT (FORMAT 'csv')
-- end
-- simple
COPY (SELECT '{}'::uuid[]) TO STDOUT (FORMAT 'binary')
-- end
-- extended binary
SELECT '{}'::uuid[]
-- columns uuid:2951
-- row \x000000000000000000000b86
-- end
-- extended binary
SELECT '{}'::uuid[]
-- columns uuid:2951
-- row \x000000000000000000000b86
-- end
-- extended binary
SELECT $1::uuid[], ($1::uuid[])::text
-- $ 0 binary 000000010000000000000b860000000000000001
-- columns uuid:2951	text:25
-- row \x000000000000000000000b86	{}
-- end
-- extended binary
SELECT count(*) FROM types WHERE uu_a = $1
-- $ 0 binary 000000010000000000000b860000000000000001
-- columns count:20
-- row \x0000000000000000
-- end
-- extended binary
INSERT INTO types (uu_a) VALUES ($1)
-- $ 0 binary 000000010000000000000b860000000000000001
-- end
-- simple
COPY (SELECT uu_a FROM types WHERE uu_a IS NULL LIMIT 1) TO STDOUT (FORMAT 'binary')
-- end
-- extended binary
INSERT INTO types (uu_a) VALUES ($1)
-- $ 0 binary 000000010000000000000b860000000000000001
-- end
-- extended binary
INSERT INTO types (uu_a) VALUES ($1)
-- $ 0 NULL
-- end
-- simple
COPY (SELECT '{"00000000-0000-0000-0000-000000000000","a0eebc99-9c0b-4ef8-bb6d-6bb9bd380a11",NULL}'::uuid[]) TO STDOUT (FORMAT 'text')
-- end
-- simple
COPY (SELECT '{"00000000-0000-0000-0000-000000000000","a0eebc99-9c0b-4ef8-bb6d-6bb9bd380a11",NULL}'::uuid[]) TO STDOUT (FORMAT 'csv')
-- end
-- simple
COPY (SELECT '{"00000000-0000-0000-0000-000000000000","a0eebc99-9c0b-4ef8-bb6d-6bb9bd380a11",NULL}'::uuid[]) TO STDOUT (FORMAT 'binary')
-- end
-- extended binary
SELECT '{"00000000-0000-0000-0000-000000000000","a0eebc99-9c0b-4ef8-bb6d-6bb9bd380a11",NULL}'::uuid[]
-- columns uuid:2951
-- row \x000000010000000100000b860000000300000001000000100000000000000000000000000000000000000010a0eebc999c0b4ef8bb6d6bb9bd380a11ffffffff
-- end
-- extended binary
SELECT '{"00000000-0000-0000-0000-000000000000","a0eebc99-9c0b-4ef8-bb6d-6bb9bd380a11",NULL}'::uuid[]
-- columns uuid:2951
-- row \x000000010000000100000b860000000300000001000000100000000000000000000000000000000000000010a0eebc999c0b4ef8bb6d6bb9bd380a11ffffffff
-- end
-- extended binary
SELECT $1::uuid[], ($1::uuid[])::text
-- $ 0 binary 000000010000000000000b860000000300000001000000100000000000000000000000000000000000000010a0eebc999c0b4ef8bb6d6bb9bd380a11ffffffff
-- columns uuid:2951	text:25
-- row \x000000010000000100000b860000000300000001000000100000000000000000000000000000000000000010a0eebc999c0b4ef8bb6d6bb9bd380a11ffffffff	{00000000-0000-0000-0000-000000000000,a0eebc99-9c0b-4ef8-bb6d-6bb9bd380a11,NULL}
-- end
-- extended binary
SELECT count(*) FROM types WHERE uu_a = $1
-- $ 0 binary 000000010000000000000b860000000300000001000000100000000000000000000000000000000000000010a0eebc999c0b4ef8bb6d6bb9bd380a11ffffffff
-- columns count:20
-- row \x0000000000000000
-- end
-- extended binary
INSERT INTO types (uu_a) VALUES ($1)
-- $ 0 binary 000000010000000000000b860000000300000001000000100000000000000000000000000000000000000010a0eebc999c0b4ef8bb6d6bb9bd380a11ffffffff
-- end
-- simple
COPY (SELECT uu_a FROM types WHERE uu_a IS NULL LIMIT 1) TO STDOUT (FORMAT 'binary')
-- end
-- extended binary
INSERT INTO types (uu_a) VALUES ($1)
-- $ 0 binary 000000010000000000000b860000000300000001000000100000000000000000000000000000000000000010a0eebc999c0b4ef8bb6d6bb9bd380a11ffffffff
-- end
-- extended binary
INSERT INTO types (uu_a) VALUES ($1)
-- $ 0 NULL
-- end
-- extended binary
SELECT uu_a::text FROM types WHERE uu_a IS NOT NULL
-- columns uu_a:25
-- end
-- simple
COPY (SELECT 'null'::json) TO STDOUT (FORMAT 'text')
-- end
-- simple
COPY (SELECT 'null'::json) TO STDOUT (FORMAT 'csv')
-- end
-- simple
COPY (SELECT 'null'::json) TO STDOUT (FORMAT 'binary')
-- end
-- extended binary
SELECT 'null'::json
-- columns json:114
-- row null
-- end
-- extended binary
SELECT 'null'::json
-- columns json:114
-- row null
-- end
-- extended binary
SELECT $1::json, ($1::json)::text
-- $ 0 binary 6e756c6c
-- columns json:114	text:25
-- row null	null
-- end
-- extended binary
INSERT INTO types (js) VALUES ($1)
-- $ 0 binary 6e756c6c
-- end
-- simple
COPY (SELECT js FROM types WHERE js IS NULL LIMIT 1) TO STDOUT (FORMAT 'binary')
-- end
-- extended binary
INSERT INTO types (js) VALUES ($1)
-- $ 0 binary 6e756c6c
-- end
-- extended binary
INSERT INTO types (js) VALUES ($1)
-- $ 0 NULL
-- end
-- simple
COPY (SELECT '1'::json) TO STDOUT (FORMAT 'text')
-- end
-- simple
COPY (SELECT '1'::json) TO STDOUT (FORMAT 'csv')
-- end
-- simple
COPY (SELECT '1'::json) TO STDOUT (FORMAT 'binary')
-- end
-- extended binary
SELECT '1'::json
-- columns json:114
-- row 1
-- end
-- extended binary
SELECT '1'::json
-- columns json:114
-- row 1
-- end
-- extended binary
SELECT $1::json, ($1::json)::text
-- $ 0 binary 31
-- columns json:114	text:25
-- row 1	1
-- end
-- extended binary
INSERT INTO types (js) VALUES ($1)
-- $ 0 binary 31
-- end
-- simple
COPY (SELECT js FROM types WHERE js IS NULL LIMIT 1) TO STDOUT (FORMAT 'binary')
-- end
-- extended binary
INSERT INTO types (js) VALUES ($1)
-- $ 0 binary 31
-- end
-- extended binary
INSERT INTO types (js) VALUES ($1)
-- $ 0 NULL
-- end
-- simple
COPY (SELECT '{"b": 1,  "a": [1, 2.50, null, "x"]}'::json) TO STDOUT (FORMAT 'text')
-- end
-- simple
COPY (SELECT '{"b": 1,  "a": [1, 2.50, null, "x"]}'::json) TO STDOUT (FORMAT 'csv')
-- end
-- simple
COPY (SELECT '{"b": 1,  "a": [1, 2.50, null, "x"]}'::json) TO STDOUT (FORMAT 'binary')
-- end
-- extended binary
SELECT '{"b": 1,  "a": [1, 2.50, null, "x"]}'::json
-- columns json:114
-- row {"b": 1,  "a": [1, 2.50, null, "x"]}
-- end
-- extended binary
SELECT '{"b": 1,  "a": [1, 2.50, null, "x"]}'::json
-- columns json:114
-- row {"b": 1,  "a": [1, 2.50, null, "x"]}
-- end
-- extended binary
SELECT $1::json, ($1::json)::text
-- $ 0 binary 7b2262223a20312c20202261223a205b312c20322e35302c206e756c6c2c202278225d7d
-- columns json:114	text:25
-- row {"b": 1,  "a": [1, 2.50, null, "x"]}	{"b": 1,  "a": [1, 2.50, null, "x"]}
-- end
-- extended binary
INSERT INTO types (js) VALUES ($1)
-- $ 0 binary 7b2262223a20312c20202261223a205b312c20322e35302c206e756c6c2c202278225d7d
-- end
-- simple
COPY (SELECT js FROM types WHERE js IS NULL LIMIT 1) TO STDOUT (FORMAT 'binary')
-- end
-- extended binary
INSERT INTO types (js) VALUES ($1)
-- $ 0 binary 7b2262223a20312c20202261223a205b312c20322e35302c206e756c6c2c202278225d7d
-- end
-- extended binary
INSERT INTO types (js) VALUES ($1)
-- $ 0 NULL
-- end
-- simple
COPY (SELECT '"ü"'::json) TO STDOUT (FORMAT 'text')
-- end
-- simple
COPY (SELECT '"ü"'::json) TO STDOUT (FORMAT 'csv')
-- end
-- simple
COPY (SELECT '"ü"'::json) TO STDOUT (FORMAT 'binary')
-- end
-- extended binary
SELECT '"ü"'::json
-- columns json:114
-- row "ü"
-- end
-- extended binary
SELECT '"ü"'::json
-- columns json:114
-- row "ü"
-- end
-- extended binary
SELECT $1::json, ($1::json)::text
-- $ 0 binary 22c3bc22
-- columns json:114	text:25
-- row "ü"	"ü"
-- end
-- extended binary
INSERT INTO types (js) VALUES ($1)
-- $ 0 binary 22c3bc22
-- end
-- simple
COPY (SELECT js FROM types WHERE js IS NULL LIMIT 1) TO STDOUT (FORMAT 'binary')
-- end
-- extended binary
INSERT INTO types (js) VALUES ($1)
-- $ 0 binary 22c3bc22
-- end
-- extended binary
INSERT INTO types (js) VALUES ($1)
-- $ 0 NULL
-- end
-- simple
COPY (SELECT NULL::json) TO STDOUT (FORMAT 'text')
-- end
-- simple
COPY (SELECT NULL::json) TO STDOUT (FORMAT 'csv')
-- end
-- simple
COPY (SELECT NULL::json) TO STDOUT (FORMAT 'binary')
-- end
-- extended binary
SELECT NULL::json
-- columns json:114
-- row \N
-- end
-- extended binary
SELECT NULL::json
-- columns json:114
-- row \N
-- end
-- extended binary
SELECT $1::json, ($1::json)::text
-- $ 0 NULL
-- columns json:114	text:25
-- row \N	\N
-- end
-- extended binary
INSERT INTO types (js) VALUES ($1)
-- $ 0 NULL
-- end
-- simple
COPY (SELECT js FROM types WHERE js IS NULL LIMIT 1) TO STDOUT (FORMAT 'binary')
-- end
-- extended binary
INSERT INTO types (js) VALUES ($1)
-- $ 0 NULL
-- end
-- extended binary
INSERT INTO types (js) VALUES ($1)
-- $ 0 NULL
-- end
-- extended binary
SELECT js::text FROM types WHERE js IS NOT NULL
-- columns js:25
-- row null
-- end
-- extended binary

                    SELECT
                        current_setting('jit') AS cur,
                        set_config('jit', 'off', false) AS new
-- columns cur:25	new:25
-- row off	off
-- end
-- simple
COPY (SELECT '{}'::json[]) TO STDOUT (FORMAT 'text')
-- end
-- simple
COPY (SELECT '{}'::json[]) TO STDOUT (FORMAT 'csv')
-- end
-- simple
COPY (SELECT '{}'::json[]) TO STDOUT (FORMAT 'binary')
-- end
-- extended binary
SELECT '{}'::json[]
-- columns json:199
-- row \x000000000000000000000072
-- end
-- extended binary
SELECT '{}'::json[]
-- columns json:199
-- row \x000000000000000000000072
-- end
-- extended binary
SELECT $1::json[], ($1::json[])::text
-- $ 0 binary 0000000100000000000000720000000000000001
-- columns json:199	text:25
-- row \x000000000000000000000072	{}
-- end
-- extended binary
INSERT INTO types (js_a) VALUES ($1)
-- $ 0 binary 0000000100000000000000720000000000000001
-- end
-- simple
COPY (SELECT js_a FROM types WHERE js_a IS NULL LIMIT 1) TO STDOUT (FORMAT 'binary')
-- end
-- extended binary
INSERT INTO types (js_a) VALUES ($1)
-- $ 0 binary 0000000100000000000000720000000000000001
-- end
-- extended binary
INSERT INTO types (js_a) VALUES ($1)
-- $ 0 NULL
-- end
-- simple
COPY (SELECT '{"null","1","{\"b\": 1,  \"a\": [1, 2.50, null, \"x\"]}","\"ü\"",NULL}'::json[]) TO STDOUT (FORMAT 'text')
-- end
-- simple
COPY (SELECT '{"null","1","{\"b\": 1,  \"a\": [1, 2.50, null, \"x\"]}","\"ü\"",NULL}'::json[]) TO STDOUT (FORMAT 'csv')
-- end
-- simple
COPY (SELECT '{"null","1","{\"b\": 1,  \"a\": [1, 2.50, null, \"x\"]}","\"ü\"",NULL}'::json[]) TO STDOUT (FORMAT 'binary')
-- end
-- extended binary
SELECT '{"null","1","{\"b\": 1,  \"a\": [1, 2.50, null, \"x\"]}","\"ü\"",NULL}'::json[]
-- columns json:199
-- row \x0000000100000001000000720000000500000001000000046e756c6c0000000131000000247b2262223a20312c20202261223a205b312c20322e35302c206e756c6c2c202278225d7d0000000422c3bc22ffffffff
-- end
-- extended binary
SELECT '{"null","1","{\"b\": 1,  \"a\": [1, 2.50, null, \"x\"]}","\"ü\"",NULL}'::json[]
-- columns json:199
-- row \x0000000100000001000000720000000500000001000000046e756c6c0000000131000000247b2262223a20312c20202261223a205b312c20322e35302c206e756c6c2c202278225d7d0000000422c3bc22ffffffff
-- end
-- extended binary
SELECT $1::json[], ($1::json[])::text
-- $ 0 binary 0000000100000000000000720000000500000001000000046e756c6c0000000131000000247b2262223a20312c20202261223a205b312c20322e35302c206e756c6c2c202278225d7d0000000422c3bc22ffffffff
-- columns json:199	text:25
-- row \x0000000100000001000000720000000500000001000000046e756c6c0000000131000000247b2262223a20312c20202261223a205b312c20322e35302c206e756c6c2c202278225d7d0000000422c3bc22ffffffff	{"null",1,"{\\"b\\": 1,  \\"a\\": [1, 2.50, null, \\"x\\"]}","\\"ü\\"",NULL}
-- end
-- extended binary
INSERT INTO types (js_a) VALUES ($1)
-- $ 0 binary 0000000100000000000000720000000500000001000000046e756c6c0000000131000000247b2262223a20312c20202261223a205b312c20322e35302c206e756c6c2c202278225d7d0000000422c3bc22ffffffff
-- end
-- simple
COPY (SELECT js_a FROM types WHERE js_a IS NULL LIMIT 1) TO STDOUT (FORMAT 'binary')
-- end
-- extended binary
INSERT INTO types (js_a) VALUES ($1)
-- $ 0 binary 0000000100000000000000720000000500000001000000046e756c6c0000000131000000247b2262223a20312c20202261223a205b312c20322e35302c206e756c6c2c202278225d7d0000000422c3bc22ffffffff
-- end
-- extended binary
INSERT INTO types (js_a) VALUES ($1)
-- $ 0 NULL
-- end
-- extended binary
SELECT js_a::text FROM types WHERE js_a IS NOT NULL
-- columns js_a:25
-- row {}
-- end
-- simple
COPY (SELECT 'null'::jsonb) TO STDOUT (FORMAT 'text')
-- end
-- simple
COPY (SELECT 'null'::jsonb) TO STDOUT (FORMAT 'csv')
-- end
-- simple
COPY (SELECT 'null'::jsonb) TO STDOUT (FORMAT 'binary')
-- end
-- extended binary
SELECT 'null'::jsonb
-- columns jsonb:3802
-- row \x016e756c6c
-- end
-- extended binary
SELECT 'null'::jsonb
-- columns jsonb:3802
-- row \x016e756c6c
-- end
-- extended binary
SELECT $1::jsonb, ($1::jsonb)::text
-- $ 0 binary 016e756c6c
-- columns jsonb:3802	text:25
-- row \x016e756c6c	null
-- end
-- extended binary
SELECT count(*) FROM types WHERE jb = $1
-- $ 0 binary 016e756c6c
-- columns count:20
-- row \x0000000000000000
-- end
-- extended binary
INSERT INTO types (jb) VALUES ($1)
-- $ 0 binary 016e756c6c
-- end
-- simple
COPY (SELECT jb FROM types WHERE jb IS NULL LIMIT 1) TO STDOUT (FORMAT 'binary')
-- end
-- extended binary
INSERT INTO types (jb) VALUES ($1)
-- $ 0 binary 016e756c6c
-- end
-- extended binary
INSERT INTO types (jb) VALUES ($1)
-- $ 0 NULL
-- end
-- simple
COPY (SELECT '1'::jsonb) TO STDOUT (FORMAT 'text')
-- end
-- simple
COPY (SELECT '1'::jsonb) TO STDOUT (FORMAT 'csv')
-- end
-- simple
COPY (SELECT '1'::jsonb) TO STDOUT (FORMAT 'binary')
-- end
-- extended binary
SELECT '1'::jsonb
-- columns jsonb:3802
-- row \x0131
-- end
-- extended binary
SELECT '1'::jsonb
-- columns jsonb:3802
-- row \x0131
-- end
-- extended binary
SELECT $1::jsonb, ($1::jsonb)::text
-- $ 0 binary 0131
-- columns jsonb:3802	text:25
-- row \x0131	1
-- end
-- extended binary
SELECT count(*) FROM types WHERE jb = $1
-- $ 0 binary 0131
-- columns count:20
-- row \x0000000000000000
-- end
-- extended binary
INSERT INTO types (jb) VALUES ($1)
-- $ 0 binary 0131
-- end
-- simple
COPY (SELECT jb FROM types WHERE jb IS NULL LIMIT 1) TO STDOUT (FORMAT 'binary')
-- end
-- extended binary
INSERT INTO types (jb) VALUES ($1)
-- $ 0 binary 0131
-- end
-- extended binary
INSERT INTO types (jb) VALUES ($1)
-- $ 0 NULL
-- end
-- simple
COPY (SELECT '{"b": 1,  "a": [1, 2.50, null, "x"]}'::jsonb) TO STDOUT (FORMAT 'text')
-- end
-- simple
COPY (SELECT '{"b": 1,  "a": [1, 2.50, null, "x"]}'::jsonb) TO STDOUT (FORMAT 'csv')
-- end
-- simple
COPY (SELECT '{"b": 1,  "a": [1, 2.50, null, "x"]}'::jsonb) TO STDOUT (FORMAT 'binary')
-- end
-- extended binary
SELECT '{"b": 1,  "a": [1, 2.50, null, "x"]}'::jsonb
-- columns jsonb:3802
-- row \x017b2261223a205b312c20322e35302c206e756c6c2c202278225d2c202262223a20317d
-- end
-- extended binary
SELECT '{"b": 1,  "a": [1, 2.50, null, "x"]}'::jsonb
-- columns jsonb:3802
-- row \x017b2261223a205b312c20322e35302c206e756c6c2c202278225d2c202262223a20317d
-- end
-- extended binary
SELECT $1::jsonb, ($1::jsonb)::text
-- $ 0 binary 017b2261223a205b312c20322e35302c206e756c6c2c202278225d2c202262223a20317d
-- columns jsonb:3802	text:25
-- row \x017b2261223a205b312c20322e35302c206e756c6c2c202278225d2c202262223a20317d	{"a": [1, 2.50, null, "x"], "b": 1}
-- end
-- extended binary
SELECT count(*) FROM types WHERE jb = $1
-- $ 0 binary 017b2261223a205b312c20322e35302c206e756c6c2c202278225d2c202262223a20317d
-- columns count:20
-- row \x0000000000000000
-- end
-- extended binary
INSERT INTO types (jb) VALUES ($1)
-- $ 0 binary 017b2261223a205b312c20322e35302c206e756c6c2c202278225d2c202262223a20317d
-- end
-- simple
COPY (SELECT jb FROM types WHERE jb IS NULL LIMIT 1) TO STDOUT (FORMAT 'binary')
-- end
-- extended binary
INSERT INTO types (jb) VALUES ($1)
-- $ 0 binary 017b2261223a205b312c20322e35302c206e756c6c2c202278225d2c202262223a20317d
-- end
-- extended binary
INSERT INTO types (jb) VALUES ($1)
-- $ 0 NULL
-- end
-- simple
COPY (SELECT '"ü"'::jsonb) TO STDOUT (FORMAT 'text')
-- end
-- simple
COPY (SELECT '"ü"'::jsonb) TO STDOUT (FORMAT 'csv')
-- end
-- simple
COPY (SELECT '"ü"'::jsonb) TO STDOUT (FORMAT 'binary')
-- end
-- extended binary
SELECT '"ü"'::jsonb
-- columns jsonb:3802
-- row \x0122c3bc22
-- end
-- extended binary
SELECT '"ü"'::jsonb
-- columns jsonb:3802
-- row \x0122c3bc22
-- end
-- extended binary
SELECT $1::jsonb, ($1::jsonb)::text
-- $ 0 binary 0122c3bc22
-- columns jsonb:3802	text:25
-- row \x0122c3bc22	"ü"
-- end
-- extended binary
SELECT count(*) FROM types WHERE jb = $1
-- $ 0 binary 0122c3bc22
-- columns count:20
-- row \x0000000000000000
-- end
-- extended binary
INSERT INTO types (jb) VALUES ($1)
-- $ 0 binary 0122c3bc22
-- end
-- simple
COPY (SELECT jb FROM types WHERE jb IS NULL LIMIT 1) TO STDOUT (FORMAT 'binary')
-- end
-- extended binary
INSERT INTO types (jb) VALUES ($1)
-- $ 0 binary 0122c3bc22
-- end
-- extended binary
INSERT INTO types (jb) VALUES ($1)
-- $ 0 NULL
-- end
-- simple
COPY (SELECT '1e3'::jsonb) TO STDOUT (FORMAT 'text')
-- end
-- simple
COPY (SELECT '1e3'::jsonb) TO STDOUT (FORMAT 'csv')
-- end
-- simple
COPY (SELECT '1e3'::jsonb) TO STDOUT (FORMAT 'binary')
-- end
-- extended binary
SELECT '1e3'::jsonb
-- columns jsonb:3802
-- row \x0131303030
-- end
-- extended binary
SELECT '1e3'::jsonb
-- columns jsonb:3802
-- row \x0131303030
-- end
-- extended binary
SELECT $1::jsonb, ($1::jsonb)::text
-- $ 0 binary 0131303030
-- columns jsonb:3802	text:25
-- row \x0131303030	1000
-- end
-- extended binary
SELECT count(*) FROM types WHERE jb = $1
-- $ 0 binary 0131303030
-- columns count:20
-- row \x0000000000000000
-- end
-- extended binary
INSERT INTO types (jb) VALUES ($1)
-- $ 0 binary 0131303030
-- end
-- simple
COPY (SELECT jb FROM types WHERE jb IS NULL LIMIT 1) TO STDOUT (FORMAT 'binary')
-- end
-- extended binary
INSERT INTO types (jb) VALUES ($1)
-- $ 0 binary 0131303030
-- end
-- extended binary
INSERT INTO types (jb) VALUES ($1)
-- $ 0 NULL
-- end
-- simple
COPY (SELECT NULL::jsonb) TO STDOUT (FORMAT 'text')
-- end
-- simple
COPY (SELECT NULL::jsonb) TO STDOUT (FORMAT 'csv')
-- end
-- simple
COPY (SELECT NULL::jsonb) TO STDOUT (FORMAT 'binary')
-- end
-- extended binary
SELECT NULL::jsonb
-- columns jsonb:3802
-- row \N
-- end
-- extended binary
SELECT NULL::jsonb
-- columns jsonb:3802
-- row \N
-- end
-- extended binary
SELECT $1::jsonb, ($1::jsonb)::text
-- $ 0 NULL
-- columns jsonb:3802	text:25
-- row \N	\N
-- end
-- extended binary
SELECT count(*) FROM types WHERE jb = $1
-- $ 0 NULL
-- columns count:20
-- row \x0000000000000000
-- end
-- extended binary
INSERT INTO types (jb) VALUES ($1)
-- $ 0 NULL
-- end
-- simple
COPY (SELECT jb FROM types WHERE jb IS NULL LIMIT 1) TO STDOUT (FORMAT 'binary')
-- end
-- extended binary
INSERT INTO types (jb) VALUES ($1)
-- $ 0 NULL
-- end
-- extended binary
INSERT INTO types (jb) VALUES ($1)
-- $ 0 NULL
-- end
-- extended binary
SELECT jb::text FROM types WHERE jb IS NOT NULL
-- columns jb:25
-- end
-- extended binary

                    SELECT
                        current_setting('jit') AS cur,
                        set_config('jit', 'off', false) AS new
-- columns cur:25	new:25
-- row off	off
-- end
-- simple
COPY (SELECT '{}'::jsonb[]) TO STDOUT (FORMAT 'text')
-- end
-- simple
COPY (SELECT '{}'::jsonb[]) TO STDOUT (FORMAT 'csv')
-- end
-- simple
COPY (SELECT '{}'::jsonb[]) TO STDOUT (FORMAT 'binary')
-- end
-- extended binary
SELECT '{}'::jsonb[]
-- columns jsonb:3807
-- row \x000000000000000000000eda
-- end
-- extended binary
SELECT '{}'::jsonb[]
-- columns jsonb:3807
-- row \x000000000000000000000eda
-- end
-- extended binary
SELECT $1::jsonb[], ($1::jsonb[])::text
-- $ 0 binary 000000010000000000000eda0000000000000001
-- columns jsonb:3807	text:25
-- row \x000000000000000000000eda	{}
-- end
-- extended binary
SELECT count(*) FROM types WHERE jb_a = $1
-- $ 0 binary 000000010000000000000eda0000000000000001
-- columns count:20
-- row \x0000000000000000
-- end
-- extended binary
INSERT INTO types (jb_a) VALUES ($1)
-- $ 0 binary 000000010000000000000eda0000000000000001
-- end
-- simple
COPY (SELECT jb_a FROM types WHERE jb_a IS NULL LIMIT 1) TO STDOUT (FORMAT 'binary')
-- end
-- extended binary
INSERT INTO types (jb_a) VALUES ($1)
-- $ 0 binary 000000010000000000000eda0000000000000001
-- end
-- extended binary
INSERT INTO types (jb_a) VALUES ($1)
-- $ 0 NULL
-- end
-- simple
COPY (SELECT '{"null","1","{\"b\": 1,  \"a\": [1, 2.50, null, \"x\"]}","\"ü\"","1e3",NULL}'::jsonb[]) TO STDOUT (FORMAT 'text')
-- end
-- simple
COPY (SELECT '{"null","1","{\"b\": 1,  \"a\": [1, 2.50, null, \"x\"]}","\"ü\"","1e3",NULL}'::jsonb[]) TO STDOUT (FORMAT 'csv')
-- end
-- simple
COPY (SELECT '{"null","1","{\"b\": 1,  \"a\": [1, 2.50, null, \"x\"]}","\"ü\"","1e3",NULL}'::jsonb[]) TO STDOUT (FORMAT 'binary')
-- end
-- extended binary
SELECT '{"null","1","{\"b\": 1,  \"a\": [1, 2.50, null, \"x\"]}","\"ü\"","1e3",NULL}'::jsonb[]
-- columns jsonb:3807
-- row \x000000010000000100000eda000000060000000100000005016e756c6c00000002013100000024017b2261223a205b312c20322e35302c206e756c6c2c202278225d2c202262223a20317d000000050122c3bc22000000050131303030ffffffff
-- end
-- extended binary
SELECT '{"null","1","{\"b\": 1,  \"a\": [1, 2.50, null, \"x\"]}","\"ü\"","1e3",NULL}'::jsonb[]
-- columns jsonb:3807
-- row \x000000010000000100000eda000000060000000100000005016e756c6c00000002013100000024017b2261223a205b312c20322e35302c206e756c6c2c202278225d2c202262223a20317d000000050122c3bc22000000050131303030ffffffff
-- end
-- extended binary
SELECT $1::jsonb[], ($1::jsonb[])::text
-- $ 0 binary 000000010000000000000eda000000060000000100000005016e756c6c00000002013100000024017b2261223a205b312c20322e35302c206e756c6c2c202278225d2c202262223a20317d000000050122c3bc22000000050131303030ffffffff
-- columns jsonb:3807	text:25
-- row \x000000010000000100000eda000000060000000100000005016e756c6c00000002013100000024017b2261223a205b312c20322e35302c206e756c6c2c202278225d2c202262223a20317d000000050122c3bc22000000050131303030ffffffff	{"null",1,"{\\"a\\": [1, 2.50, null, \\"x\\"], \\"b\\": 1}","\\"ü\\"",1000,NULL}
-- end
-- extended binary
SELECT count(*) FROM types WHERE jb_a = $1
-- $ 0 binary 000000010000000000000eda000000060000000100000005016e756c6c00000002013100000024017b2261223a205b312c20322e35302c206e756c6c2c202278225d2c202262223a20317d000000050122c3bc22000000050131303030ffffffff
-- columns count:20
-- row \x0000000000000000
-- end
-- extended binary
INSERT INTO types (jb_a) VALUES ($1)
-- $ 0 binary 000000010000000000000eda000000060000000100000005016e756c6c00000002013100000024017b2261223a205b312c20322e35302c206e756c6c2c202278225d2c202262223a20317d000000050122c3bc22000000050131303030ffffffff
-- end
-- simple
COPY (SELECT jb_a FROM types WHERE jb_a IS NULL LIMIT 1) TO STDOUT (FORMAT 'binary')
-- end
-- extended binary
INSERT INTO types (jb_a) VALUES ($1)
-- $ 0 binary 000000010000000000000eda000000060000000100000005016e756c6c00000002013100000024017b2261223a205b312c20322e35302c206e756c6c2c202278225d2c202262223a20317d000000050122c3bc22000000050131303030ffffffff
-- end
-- extended binary
INSERT INTO types (jb_a) VALUES ($1)
-- $ 0 NULL
-- end
-- extended binary
SELECT jb_a::text FROM types WHERE jb_a IS NOT NULL
-- columns jb_a:25
-- end
-- simple
COPY (SELECT '0'::oid) TO STDOUT (FORMAT 'text')
-- end
-- simple
COPY (SELECT '0'::oid) TO STDOUT (FORMAT 'csv')
-- end
-- simple
COPY (SELECT '0'::oid) TO STDOUT (FORMAT 'binary')
-- end
-- extended binary
SELECT '0'::oid
-- columns oid:26
-- row \x00000000
-- end
-- extended binary
SELECT '0'::oid
-- columns oid:26
-- row \x00000000
-- end
-- extended binary
SELECT $1::oid, ($1::oid)::text
-- $ 0 binary 00000000
-- columns oid:26	text:25
-- row \x00000000	0
-- end
-- extended binary
SELECT count(*) FROM types WHERE od = $1
-- $ 0 binary 00000000
-- columns count:20
-- row \x0000000000000000
-- end
-- extended binary
INSERT INTO types (od) VALUES ($1)
-- $ 0 binary 00000000
-- end
-- simple
COPY (SELECT od FROM types WHERE od IS NULL LIMIT 1) TO STDOUT (FORMAT 'binary')
-- end
-- extended binary
INSERT INTO types (od) VALUES ($1)
-- $ 0 binary 00000000
-- end
-- extended binary
INSERT INTO types (od) VALUES ($1)
-- $ 0 NULL
-- end
-- simple
COPY (SELECT '26'::oid) TO STDOUT (FORMAT 'text')
-- end
-- simple
COPY (SELECT '26'::oid) TO STDOUT (FORMAT 'csv')
-- end
-- simple
COPY (SELECT '26'::oid) TO STDOUT (FORMAT 'binary')
-- end
-- extended binary
SELECT '26'::oid
-- columns oid:26
-- row \x0000001a
-- end
-- extended binary
SELECT '26'::oid
-- columns oid:26
-- row \x0000001a
-- end
-- extended binary
SELECT $1::oid, ($1::oid)::text
-- $ 0 binary 0000001a
-- columns oid:26	text:25
-- row \x0000001a	26
-- end
-- extended binary
SELECT count(*) FROM types WHERE od = $1
-- $ 0 binary 0000001a
-- columns count:20
-- row \x0000000000000000
-- end
-- extended binary
INSERT INTO types (od) VALUES ($1)
-- $ 0 binary 0000001a
-- end
-- simple
COPY (SELECT od FROM types WHERE od IS NULL LIMIT 1) TO STDOUT (FORMAT 'binary')
-- end
-- extended binary
INSERT INTO types (od) VALUES ($1)
-- $ 0 binary 0000001a
-- end
-- extended binary
INSERT INTO types (od) VALUES ($1)
-- $ 0 NULL
-- end
-- simple
COPY (SELECT '4294967295'::oid) TO STDOUT (FORMAT 'text')
-- end
-- simple
COPY (SELECT '4294967295'::oid) TO STDOUT (FORMAT 'csv')
-- end
-- simple
COPY (SELECT '4294967295'::oid) TO STDOUT (FORMAT 'binary')
-- end
-- extended binary
SELECT '4294967295'::oid
-- columns oid:26
-- row \xffffffff
-- end
-- extended binary
SELECT '4294967295'::oid
-- columns oid:26
-- row \xffffffff
-- end
-- extended binary
SELECT $1::oid, ($1::oid)::text
-- $ 0 binary ffffffff
-- columns oid:26	text:25
-- row \xffffffff	4294967295
-- end
-- extended binary
SELECT count(*) FROM types WHERE od = $1
-- $ 0 binary ffffffff
-- columns count:20
-- row \x0000000000000000
-- end
-- extended binary
INSERT INTO types (od) VALUES ($1)
-- $ 0 binary ffffffff
-- end
-- simple
COPY (SELECT od FROM types WHERE od IS NULL LIMIT 1) TO STDOUT (FORMAT 'binary')
-- end
-- extended binary
INSERT INTO types (od) VALUES ($1)
-- $ 0 binary ffffffff
-- end
-- extended binary
INSERT INTO types (od) VALUES ($1)
-- $ 0 NULL
-- end
-- simple
COPY (SELECT NULL::oid) TO STDOUT (FORMAT 'text')
-- end
-- simple
COPY (SELECT NULL::oid) TO STDOUT (FORMAT 'csv')
-- end
-- simple
COPY (SELECT NULL::oid) TO STDOUT (FORMAT 'binary')
-- end
-- extended binary
SELECT NULL::oid
-- columns oid:26
-- row \N
-- end
-- extended binary
SELECT NULL::oid
-- columns oid:26
-- row \N
-- end
-- extended binary
SELECT $1::oid, ($1::oid)::text
-- $ 0 NULL
-- columns oid:26	text:25
-- row \N	\N
-- end
-- extended binary
SELECT count(*) FROM types WHERE od = $1
-- $ 0 NULL
-- columns count:20
-- row \x0000000000000000
-- end
-- extended binary
INSERT INTO types (od) VALUES ($1)
-- $ 0 NULL
-- end
-- simple
COPY (SELECT od FROM types WHERE od IS NULL LIMIT 1) TO STDOUT (FORMAT 'binary')
-- end
-- extended binary
INSERT INTO types (od) VALUES ($1)
-- $ 0 NULL
-- end
-- extended binary
INSERT INTO types (od) VALUES ($1)
-- $ 0 NULL
-- end
-- extended binary
SELECT od::text FROM types WHERE od IS NOT NULL
-- columns od:25
-- row 0
-- end
-- simple
COPY (SELECT '{}'::oid[]) TO STDOUT (FORMAT 'text')
-- end
-- simple
COPY (SELECT '{}'::oid[]) TO STDOUT (FORMAT 'csv')
-- end
-- simple
COPY (SELECT '{}'::oid[]) TO STDOUT (FORMAT 'binary')
-- end
-- extended binary
SELECT '{}'::oid[]
-- columns oid:1028
-- row \x00000000000000000000001a
-- end
-- extended binary
SELECT '{}'::oid[]
-- columns oid:1028
-- row \x00000000000000000000001a
-- end
-- extended binary
SELECT $1::oid[], ($1::oid[])::text
-- $ 0 binary 00000001000000000000001a0000000000000001
-- columns oid:1028	text:25
-- row \x00000000000000000000001a	{}
-- end
-- extended binary
SELECT count(*) FROM types WHERE od_a = $1
-- $ 0 binary 00000001000000000000001a0000000000000001
-- columns count:20
-- row \x0000000000000000
-- end
-- extended binary
INSERT INTO types (od_a) VALUES ($1)
-- $ 0 binary 00000001000000000000001a0000000000000001
-- end
-- simple
COPY (SELECT od_a FROM types WHERE od_a IS NULL LIMIT 1) TO STDOUT (FORMAT 'binary')
-- end
-- extended binary
INSERT INTO types (od_a) VALUES ($1)
-- $ 0 binary 00000001000000000000001a0000000000000001
-- end
-- extended binary
INSERT INTO types (od_a) VALUES ($1)
-- $ 0 NULL
-- end
-- simple
COPY (SELECT '{"0","26","4294967295",NULL}'::oid[]) TO STDOUT (FORMAT 'text')
-- end
-- simple
COPY (SELECT '{"0","26","4294967295",NULL}'::oid[]) TO STDOUT (FORMAT 'csv')
-- end
-- simple
COPY (SELECT '{"0","26","4294967295",NULL}'::oid[]) TO STDOUT (FORMAT 'binary')
-- end
-- extended binary
SELECT '{"0","26","4294967295",NULL}'::oid[]
-- columns oid:1028
-- row \x00000001000000010000001a00000004000000010000000400000000000000040000001a00000004ffffffffffffffff
-- end
-- extended binary
SELECT '{"0","26","4294967295",NULL}'::oid[]
-- columns oid:1028
-- row \x00000001000000010000001a00000004000000010000000400000000000000040000001a00000004ffffffffffffffff
-- end
-- extended binary
SELECT $1::oid[], ($1::oid[])::text
-- $ 0 binary 00000001000000000000001a00000004000000010000000400000000000000040000001a00000004ffffffffffffffff
-- columns oid:1028	text:25
-- row \x00000001000000010000001a00000004000000010000000400000000000000040000001a00000004ffffffffffffffff	{0,26,4294967295,NULL}
-- end
-- extended binary
SELECT count(*) FROM types WHERE od_a = $1
-- $ 0 binary 00000001000000000000001a00000004000000010000000400000000000000040000001a00000004ffffffffffffffff
-- columns count:20
-- row \x0000000000000000
-- end
-- extended binary
INSERT INTO types (od_a) VALUES ($1)
-- $ 0 binary 00000001000000000000001a00000004000000010000000400000000000000040000001a00000004ffffffffffffffff
-- end
-- simple
COPY (SELECT od_a FROM types WHERE od_a IS NULL LIMIT 1) TO STDOUT (FORMAT 'binary')
-- end
-- extended binary
INSERT INTO types (od_a) VALUES ($1)
-- $ 0 binary 00000001000000000000001a00000004000000010000000400000000000000040000001a00000004ffffffffffffffff
-- end
-- extended binary
INSERT INTO types (od_a) VALUES ($1)
-- $ 0 NULL
-- end
-- extended binary
SELECT od_a::text FROM types WHERE od_a IS NOT NULL
-- columns od_a:25
-- row {}
-- end
