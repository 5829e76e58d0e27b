-- connection
-- simple
SET client_min_messages TO warning;SET TIME ZONE INTERVAL '+00:00' HOUR TO MINUTE;
-- end
-- simple
WITH ranges AS (  SELECT pg_range.rngtypid, pg_type.typname AS rngtypname,         pg_type.typarray AS rngtyparray, pg_range.rngsubtype    FROM pg_range LEFT OUTER JOIN pg_type ON pg_type.oid = pg_range.rngtypid)SELECT pg_type.typname, pg_type.typtype, pg_type.oid, pg_type.typarray,       ranges.rngtypname, ranges.rngtypid, ranges.rngtyparray  FROM pg_type LEFT OUTER JOIN ranges ON pg_type.oid = ranges.rngsubtype WHERE (pg_type.typtype IN('b', 'e'));
-- columns typname:19	typtype:18	oid:26	typarray:26	rngtypname:19	rngtypid:26	rngtyparray:26
-- end
-- connection
-- simple
SET client_min_messages TO warning;SET TIME ZONE INTERVAL '+00:00' HOUR TO MINUTE;
-- end
-- simple
SELECT 1+1 AS result
-- columns result:23
-- row 2
-- end
-- simple
SELECT table_name FROM information_schema.tables WHERE table_schema = 'public' AND table_type LIKE '%TABLE' AND table_name != 'spatial_ref_sys';
-- columns table_name:19
-- row bids
-- end
-- simple
SHOW SERVER_VERSION
-- columns server_version:25
-- end
-- simple
SELECT pk.constraint_type as "Constraint",c.column_name as "Field", c.column_default as "Default",c.is_nullable as "Null", (CASE WHEN c.udt_name = 'hstore' THEN c.udt_name ELSE c.data_type END) || (CASE WHEN c.character_maximum_length IS NOT NULL THEN '(' || c.character_maximum_length || ')' ELSE '' END) as "Type", (SELECT array_agg(e.enumlabel) FROM pg_catalog.pg_type t JOIN pg_catalog.pg_enum e ON t.oid=e.enumtypid WHERE t.typname=c.udt_name) AS "special", (SELECT pgd.description FROM pg_catalog.pg_statio_all_tables AS st INNER JOIN pg_catalog.pg_description pgd on (pgd.objoid=st.relid) WHERE c.ordinal_position=pgd.objsubid AND c.table_name=st.relname) AS "Comment" FROM information_schema.columns c LEFT JOIN (SELECT tc.table_schema, tc.table_name, cu.column_name, tc.constraint_type FROM information_schema.TABLE_CONSTRAINTS tc JOIN information_schema.KEY_COLUMN_USAGE  cu ON tc.table_schema=cu.table_schema and tc.table_name=cu.table_name and tc.constraint_name=cu.constraint_name and tc.constraint_type='PRIMARY KEY') pk ON pk.table_schema=c.table_schema AND pk.table_name=c.table_name AND pk.column_name=c.column_name WHERE c.table_name = 'bids' AND c.table_schema = 'public'
-- columns Constraint:1043	Field:19	Default:1043	Null:1043	Type:25	special:1003	Comment:25
-- row \N	auction	\N	NO	bigint	\N	\N
-- end
-- simple
SELECT i.relname AS name, ix.indisprimary AS primary, ix.indisunique AS unique, ix.indkey AS indkey, array_agg(a.attnum) as column_indexes, array_agg(a.attname) AS column_names, pg_get_indexdef(ix.indexrelid) AS definition FROM pg_class t, pg_class i, pg_index ix, pg_attribute a WHERE t.oid = ix.indrelid AND i.oid = ix.indexrelid AND a.attrelid = t.oid AND t.relkind = 'r' and t.relname = 'bids' GROUP BY i.relname, ix.indexrelid, ix.indisprimary, ix.indisunique, ix.indkey ORDER BY i.relname;
-- columns name:19	primary:16	unique:16	indkey:22	column_indexes:1005	column_names:1003	definition:25
-- end
-- simple
SELECT DISTINCT tc.constraint_name as constraint_name, tc.constraint_schema as constraint_schema, tc.constraint_catalog as constraint_catalog, tc.table_name as table_name,tc.table_schema as table_schema,tc.table_catalog as table_catalog,tc.initially_deferred as initially_deferred,tc.is_deferrable as is_deferrable,kcu.column_name as column_name,ccu.table_schema  AS referenced_table_schema,ccu.table_catalog  AS referenced_table_catalog,ccu.table_name  AS referenced_table_name,ccu.column_name AS referenced_column_name FROM information_schema.table_constraints AS tc JOIN information_schema.key_column_usage AS kcu ON tc.constraint_name = kcu.constraint_name JOIN information_schema.constraint_column_usage AS ccu ON ccu.constraint_name = tc.constraint_name WHERE constraint_type = 'FOREIGN KEY' AND tc.table_name = 'bids' AND tc.table_catalog = 'postgres'
-- columns constraint_name:19	constraint_schema:19	constraint_catalog:19	table_name:19	table_schema:19	table_catalog:19	initially_deferred:1043	is_deferrable:1043	column_name:19	referenced_table_schema:19	referenced_table_catalog:19	referenced_table_name:19	referenced_column_name:19
-- end
-- simple
SELECT constraint_catalog AS "constraintCatalog", constraint_schema AS "constraintSchema", constraint_name AS "constraintName", table_catalog AS "tableCatalog", table_schema AS "tableSchema", table_name AS "tableName", constraint_type AS "constraintType", is_deferrable AS "isDeferrable", initially_deferred AS "initiallyDeferred" from INFORMATION_SCHEMA.table_constraints WHERE table_name='bids';
-- columns constraintCatalog:19	constraintSchema:19	constraintName:19	tableCatalog:19	tableSchema:19	tableName:19	constraintType:1043	isDeferrable:1043	initiallyDeferred:1043
-- end
-- simple
SELECT schema_name FROM information_schema.schemata WHERE schema_name <> 'information_schema' AND schema_name != 'public' AND schema_name !~ E'^pg_';
-- columns schema_name:19
-- end
-- simple
SELECT count(*) AS "count" FROM "bids" AS "bid";
-- columns count:20
-- row 2
-- end
-- simple
SELECT "auction", "price", "tag", "at" FROM "bids" AS "bid" ORDER BY "bid"."auction";
-- columns auction:20	price:1700	tag:1043	at:1114
-- row 1	1.50	a	2024-01-02 03:04:05
-- end
-- extended
SELECT auction FROM bids WHERE tag = $1
-- $ 0 text a
-- columns auction:20
-- row 1
-- end
-- simple
SELECT 1 AS ok WHERE 1 = 1
-- columns ok:23
-- row 1
-- end
-- extended
INSERT INTO "bids" ("auction","price","tag","at") VALUES ($1,$2,$3,$4);
-- $ 0 text 3
-- $ 0 text 2.50
-- $ 0 text c
-- $ 0 text 2024-01-03 00:00:00.000 +00:00
-- end
-- simple
INSERT INTO "bids" ("auction","at") VALUES (4,'2024-01-04 00:00:00.000 +00:00'),(5,'2024-01-05 00:00:00.000 +00:00');
-- end
-- simple
START TRANSACTION;
-- end
-- extended
INSERT INTO "bids" ("auction","at") VALUES ($1,$2);
-- $ 0 text 6
-- $ 0 text 2024-01-06 00:00:00.000 +00:00
-- end
-- simple
COMMIT;
-- end
-- extended
INSERT INTO "bids" ("auction","tag","at") VALUES ($1,$2,$3) RETURNING "auction","price","tag","at";
-- $ 0 text 7
-- $ 0 text g
-- $ 0 text 2024-01-07 00:00:00.000 +00:00
-- columns auction:20	price:1700	tag:1043	at:1114
-- row 7	\N	g	2024-01-07 00:00:00
-- end
-- simple
INSERT INTO "bids" ("auction","at") VALUES (8,'2024-01-08 00:00:00.000 +00:00') RETURNING "auction","price","tag","at";
-- columns auction:20	price:1700	tag:1043	at:1114
-- row 8	\N	none	2024-01-08 00:00:00
-- end
-- simple
SELECT count(*) AS "count" FROM "bids" AS "bid";
-- columns count:20
-- row 8
-- end
-- simple
SELECT max("auction") AS "max" FROM "bids" AS "bid";
-- columns max:20
-- row 8
-- end
-- simple
SELECT sum("price") AS "sum" FROM "bids" AS "bid";
-- columns sum:1700
-- row 4.00
-- end
