-- connection
-- simple
SELECT version()
-- columns version:25
-- end
-- simple
SELECT * FROM current_schema()
-- columns current_schema:19
-- row public
-- end
-- simple
SELECT * FROM current_database()
-- columns current_database:19
-- end
-- simple
SELECT * FROM current_schema()
-- columns current_schema:19
-- row public
-- end
-- extended
SELECT * FROM "information_schema"."tables" WHERE "table_schema" = $1 AND "table_name" = $2
-- $ 0 text public
-- $ 0 text bids
-- columns table_catalog:19	table_schema:19	table_name:19	table_type:1043	self_referencing_column_name:19	reference_generation:1043	user_defined_type_catalog:19	user_defined_type_schema:19	user_defined_type_name:19	is_insertable_into:1043	is_typed:1043	commit_action:1043
-- end
-- extended
SELECT * FROM "information_schema"."tables" WHERE "table_schema" = $1 AND "table_name" = $2
-- $ 0 text public
-- $ 0 text nowhere
-- columns table_catalog:19	table_schema:19	table_name:19	table_type:1043	self_referencing_column_name:19	reference_generation:1043	user_defined_type_catalog:19	user_defined_type_schema:19	user_defined_type_name:19	is_insertable_into:1043	is_typed:1043	commit_action:1043
-- end
-- extended
SELECT * FROM "information_schema"."columns" WHERE "table_schema" = $1 AND "table_name" = $2 AND "column_name" = $3
-- $ 0 text public
-- $ 0 text bids
-- $ 0 text tag
-- columns table_catalog:19	table_schema:19	table_name:19	column_name:19	ordinal_position:23	column_default:1043	is_nullable:1043	data_type:1043	character_maximum_length:23	character_octet_length:23	numeric_precision:23	numeric_precision_radix:23	numeric_scale:23	datetime_precision:23	interval_type:1043	interval_precision:23	character_set_catalog:19	character_set_schema:19	character_set_name:19	collation_catalog:19	collation_schema:19	collation_name:19	domain_catalog:19	domain_schema:19	domain_name:19	udt_catalog:19	udt_schema:19	udt_name:19	scope_catalog:19	scope_schema:19	scope_name:19	maximum_cardinality:23	dtd_identifier:19	is_self_referencing:1043	is_identity:1043	identity_generation:1043	identity_start:1043	identity_increment:1043	identity_maximum:1043	identity_minimum:1043	identity_cycle:1043	is_generated:1043	generation_expression:1043	is_updatable:1043
-- end
-- simple
SELECT * FROM current_schema()
-- columns current_schema:19
-- row public
-- end
-- simple
SELECT * FROM current_database()
-- columns current_database:19
-- end
-- simple
SELECT "table_schema", "table_name", obj_description((quote_ident("table_schema") || '.' || quote_ident("table_name"))::regclass, 'pg_class') AS table_comment FROM "information_schema"."tables" WHERE ("table_schema" = 'public' AND "table_name" = 'bids')
-- columns table_schema:19	table_name:19	table_comment:25
-- row public	bids	\N
-- end
-- simple
SELECT TRUE FROM information_schema.columns WHERE table_name = 'pg_class' and column_name = 'relispartition'
-- columns ?column?:16
-- row t
-- end
-- simple
SELECT columns.*, pg_catalog.col_description((quote_ident(table_catalog) || '.' || quote_ident(table_schema) || '.' || quote_ident(table_name))::regclass::oid, ordinal_position) AS description, ('"' || "udt_schema" || '"."' || "udt_name" || '"')::"regtype"::text AS "regtype", pg_catalog.format_type("col_attr"."atttypid", "col_attr"."atttypmod") AS "format_type" FROM "information_schema"."columns" LEFT JOIN "pg_catalog"."pg_attribute" AS "col_attr" ON "col_attr"."attname" = "columns"."column_name" AND "col_attr"."attrelid" = ( SELECT "cls"."oid" FROM "pg_catalog"."pg_class" AS "cls" LEFT JOIN "pg_catalog"."pg_namespace" AS "ns" ON "ns"."oid" = "cls"."relnamespace" WHERE "cls"."relname" = "columns"."table_name" AND "ns"."nspname" = "columns"."table_schema" ) WHERE ("table_schema" = 'public' AND "table_name" = 'bids')
-- columns table_catalog:19	table_schema:19	table_name:19	column_name:19	ordinal_position:23	column_default:1043	is_nullable:1043	data_type:1043	character_maximum_length:23	character_octet_length:23	numeric_precision:23	numeric_precision_radix:23	numeric_scale:23	datetime_precision:23	interval_type:1043	interval_precision:23	character_set_catalog:19	character_set_schema:19	character_set_name:19	collation_catalog:19	collation_schema:19	collation_name:19	domain_catalog:19	domain_schema:19	domain_name:19	udt_catalog:19	udt_schema:19	udt_name:19	scope_catalog:19	scope_schema:19	scope_name:19	maximum_cardinality:23	dtd_identifier:19	is_self_referencing:1043	is_identity:1043	identity_generation:1043	identity_start:1043	identity_increment:1043	identity_maximum:1043	identity_minimum:1043	identity_cycle:1043	is_generated:1043	generation_expression:1043	is_updatable:1043	description:25	regtype:25	format_type:25
-- end
-- simple
SELECT "ns"."nspname" AS "table_schema", "t"."relname" AS "table_name", "cnst"."conname" AS "constraint_name", pg_get_constraintdef("cnst"."oid") AS "expression", CASE "cnst"."contype" WHEN 'p' THEN 'PRIMARY' WHEN 'u' THEN 'UNIQUE' WHEN 'c' THEN 'CHECK' WHEN 'x' THEN 'EXCLUDE' END AS "constraint_type", "a"."attname" AS "column_name" FROM "pg_constraint" "cnst" INNER JOIN "pg_class" "t" ON "t"."oid" = "cnst"."conrelid" INNER JOIN "pg_namespace" "ns" ON "ns"."oid" = "cnst"."connamespace" LEFT JOIN "pg_attribute" "a" ON "a"."attrelid" = "cnst"."conrelid" AND "a"."attnum" = ANY ("cnst"."conkey") WHERE "t"."relkind" IN ('r', 'p') AND (("ns"."nspname" = 'public' AND "t"."relname" = 'bids'))
-- columns table_schema:19	table_name:19	constraint_name:19	expression:25	constraint_type:25	column_name:19
-- end
-- simple
SELECT "ns"."nspname" AS "table_schema", "t"."relname" AS "table_name", "i"."relname" AS "constraint_name", "a"."attname" AS "column_name", CASE "ix"."indisunique" WHEN 't' THEN 'TRUE' ELSE'FALSE' END AS "is_unique", pg_get_expr("ix"."indpred", "ix"."indrelid") AS "condition", "types"."typname" AS "type_name", "am"."amname" AS "index_type" FROM "pg_class" "t" INNER JOIN "pg_index" "ix" ON "ix"."indrelid" = "t"."oid" INNER JOIN "pg_attribute" "a" ON "a"."attrelid" = "t"."oid"  AND "a"."attnum" = ANY ("ix"."indkey") INNER JOIN "pg_namespace" "ns" ON "ns"."oid" = "t"."relnamespace" INNER JOIN "pg_class" "i" ON "i"."oid" = "ix"."indexrelid" INNER JOIN "pg_type" "types" ON "types"."oid" = "a"."atttypid" INNER JOIN "pg_am" "am" ON "i"."relam" = "am"."oid" LEFT JOIN "pg_constraint" "cnst" ON "cnst"."conname" = "i"."relname" WHERE "t"."relkind" IN ('r', 'p') AND "cnst"."contype" IS NULL AND (("ns"."nspname" = 'public' AND "t"."relname" = 'bids'))
-- columns table_schema:19	table_name:19	constraint_name:19	column_name:19	is_unique:25	condition:25	type_name:19	index_type:19
-- end
-- simple
SELECT "con"."conname" AS "constraint_name", "con"."nspname" AS "table_schema", "con"."relname" AS "table_name", "att2"."attname" AS "column_name", "ns"."nspname" AS "referenced_table_schema", "cl"."relname" AS "referenced_table_name", "att"."attname" AS "referenced_column_name", "con"."confdeltype" AS "on_delete", "con"."confupdtype" AS "on_update", "con"."condeferrable" AS "deferrable", "con"."condeferred" AS "deferred" FROM ( SELECT UNNEST ("con1"."conkey") AS "parent", UNNEST ("con1"."confkey") AS "child", "con1"."confrelid", "con1"."conrelid", "con1"."conname", "con1"."contype", "ns"."nspname", "cl"."relname", "con1"."condeferrable", CASE WHEN "con1"."condeferred" THEN 'INITIALLY DEFERRED' ELSE 'INITIALLY IMMEDIATE' END as condeferred, CASE "con1"."confdeltype" WHEN 'a' THEN 'NO ACTION' WHEN 'r' THEN 'RESTRICT' WHEN 'c' THEN 'CASCADE' WHEN 'n' THEN 'SET NULL' WHEN 'd' THEN 'SET DEFAULT' END as "confdeltype", CASE "con1"."confupdtype" WHEN 'a' THEN 'NO ACTION' WHEN 'r' THEN 'RESTRICT' WHEN 'c' THEN 'CASCADE' WHEN 'n' THEN 'SET NULL' WHEN 'd' THEN 'SET DEFAULT' END as "confupdtype" FROM "pg_class" "cl" INNER JOIN "pg_namespace" "ns" ON "cl"."relnamespace" = "ns"."oid" INNER JOIN "pg_constraint" "con1" ON "con1"."conrelid" = "cl"."oid" WHERE "con1"."contype" = 'f' AND (("ns"."nspname" = 'public' AND "cl"."relname" = 'bids')) ) "con" INNER JOIN "pg_attribute" "att" ON "att"."attrelid" = "con"."confrelid" AND "att"."attnum" = "con"."child" INNER JOIN "pg_class" "cl" ON "cl"."oid" = "con"."confrelid"  AND "cl"."relispartition" = 'f'INNER JOIN "pg_namespace" "ns" ON "cl"."relnamespace" = "ns"."oid" INNER JOIN "pg_attribute" "att2" ON "att2"."attrelid" = "con"."conrelid" AND "att2"."attnum" = "con"."parent"
-- columns constraint_name:19	table_schema:19	table_name:19	column_name:19	referenced_table_schema:19	referenced_table_name:19	referenced_column_name:19	on_delete:25	on_update:25	deferrable:16	deferred:25
-- end
-- extended
SELECT * FROM "information_schema"."tables" WHERE "table_schema" = $1 AND "table_name" = $2
-- $ 0 text public
-- $ 0 text typeorm_metadata
-- columns table_catalog:19	table_schema:19	table_name:19	table_type:1043	self_referencing_column_name:19	reference_generation:1043	user_defined_type_catalog:19	user_defined_type_schema:19	user_defined_type_name:19	is_insertable_into:1043	is_typed:1043	commit_action:1043
-- end
-- simple
SELECT COUNT(1) AS "cnt" FROM "bids" "bids"
-- columns cnt:20
-- row 2
-- end
-- extended
SELECT "bids"."auction" AS "bids_auction", "bids"."price" AS "bids_price", "bids"."tag" AS "bids_tag", "bids"."at" AS "bids_at" FROM "bids" "bids" WHERE (("bids"."auction" = $1))
-- $ 0 text 1
-- columns bids_auction:20	bids_price:1700	bids_tag:1043	bids_at:1114
-- row 1	1.50	a	2024-01-02 03:04:05
-- end
-- extended
INSERT INTO "bids"("auction", "price", "tag", "at") VALUES ($1, $2, $3, $4)
-- $ 0 text 3
-- $ 0 text 2.50
-- $ 0 text c
-- $ 0 text 2024-01-03T00:00:00.000+00:00
-- end
-- extended
INSERT INTO "bids"("auction", "price", "tag", "at") VALUES ($1, DEFAULT, DEFAULT, $2)
-- $ 0 text 9
-- $ 0 text 2024-01-09T00:00:00.000+00:00
-- end
-- simple
START TRANSACTION
-- end
-- extended
INSERT INTO bids (auction, at) VALUES ($1, $2)
-- $ 0 text 4
-- $ 0 text 2024-01-04T00:00:00.000+00:00
-- end
-- simple
COMMIT
-- end
-- simple
SELECT max("b"."auction") AS "m" FROM "bids" "b"
-- columns m:20
-- row 9
-- end
-- connection
-- simple
SELECT * FROM current_schema()
-- columns current_schema:19
-- row public
-- end
-- simple
SELECT * FROM current_database()
-- columns current_database:19
-- end
-- simple
SELECT "table_schema", "table_name", obj_description((quote_ident("table_schema") || '.' || quote_ident("table_name"))::regclass, 'pg_class') AS table_comment FROM "information_schema"."tables" WHERE ("table_schema" = 'public' AND "table_name" = 'bids')
-- columns table_schema:19	table_name:19	table_comment:25
-- row public	bids	\N
-- end
-- simple
SELECT TRUE FROM information_schema.columns WHERE table_name = 'pg_class' and column_name = 'relispartition'
-- columns ?column?:16
-- row t
-- end
-- simple
SELECT columns.*, pg_catalog.col_description((quote_ident(table_catalog) || '.' || quote_ident(table_schema) || '.' || quote_ident(table_name))::regclass::oid, ordinal_position) AS description, ('"' || "udt_schema" || '"."' || "udt_name" || '"')::"regtype"::text AS "regtype", pg_catalog.format_type("col_attr"."atttypid", "col_attr"."atttypmod") AS "format_type" FROM "information_schema"."columns" LEFT JOIN "pg_catalog"."pg_attribute" AS "col_attr" ON "col_attr"."attname" = "columns"."column_name" AND "col_attr"."attrelid" = ( SELECT "cls"."oid" FROM "pg_catalog"."pg_class" AS "cls" LEFT JOIN "pg_catalog"."pg_namespace" AS "ns" ON "ns"."oid" = "cls"."relnamespace" WHERE "cls"."relname" = "columns"."table_name" AND "ns"."nspname" = "columns"."table_schema" ) WHERE ("table_schema" = 'public' AND "table_name" = 'bids')
-- columns table_catalog:19	table_schema:19	table_name:19	column_name:19	ordinal_position:23	column_default:1043	is_nullable:1043	data_type:1043	character_maximum_length:23	character_octet_length:23	numeric_precision:23	numeric_precision_radix:23	numeric_scale:23	datetime_precision:23	interval_type:1043	interval_precision:23	character_set_catalog:19	character_set_schema:19	character_set_name:19	collation_catalog:19	collation_schema:19	collation_name:19	domain_catalog:19	domain_schema:19	domain_name:19	udt_catalog:19	udt_schema:19	udt_name:19	scope_catalog:19	scope_schema:19	scope_name:19	maximum_cardinality:23	dtd_identifier:19	is_self_referencing:1043	is_identity:1043	identity_generation:1043	identity_start:1043	identity_increment:1043	identity_maximum:1043	identity_minimum:1043	identity_cycle:1043	is_generated:1043	generation_expression:1043	is_updatable:1043	description:25	regtype:25	format_type:25
-- end
-- simple
SELECT "ns"."nspname" AS "table_schema", "t"."relname" AS "table_name", "cnst"."conname" AS "constraint_name", pg_get_constraintdef("cnst"."oid") AS "expression", CASE "cnst"."contype" WHEN 'p' THEN 'PRIMARY' WHEN 'u' THEN 'UNIQUE' WHEN 'c' THEN 'CHECK' WHEN 'x' THEN 'EXCLUDE' END AS "constraint_type", "a"."attname" AS "column_name" FROM "pg_constraint" "cnst" INNER JOIN "pg_class" "t" ON "t"."oid" = "cnst"."conrelid" INNER JOIN "pg_namespace" "ns" ON "ns"."oid" = "cnst"."connamespace" LEFT JOIN "pg_attribute" "a" ON "a"."attrelid" = "cnst"."conrelid" AND "a"."attnum" = ANY ("cnst"."conkey") WHERE "t"."relkind" IN ('r', 'p') AND (("ns"."nspname" = 'public' AND "t"."relname" = 'bids'))
-- columns table_schema:19	table_name:19	constraint_name:19	expression:25	constraint_type:25	column_name:19
-- end
-- simple
SELECT "ns"."nspname" AS "table_schema", "t"."relname" AS "table_name", "i"."relname" AS "constraint_name", "a"."attname" AS "column_name", CASE "ix"."indisunique" WHEN 't' THEN 'TRUE' ELSE'FALSE' END AS "is_unique", pg_get_expr("ix"."indpred", "ix"."indrelid") AS "condition", "types"."typname" AS "type_name", "am"."amname" AS "index_type" FROM "pg_class" "t" INNER JOIN "pg_index" "ix" ON "ix"."indrelid" = "t"."oid" INNER JOIN "pg_attribute" "a" ON "a"."attrelid" = "t"."oid"  AND "a"."attnum" = ANY ("ix"."indkey") INNER JOIN "pg_namespace" "ns" ON "ns"."oid" = "t"."relnamespace" INNER JOIN "pg_class" "i" ON "i"."oid" = "ix"."indexrelid" INNER JOIN "pg_type" "types" ON "types"."oid" = "a"."atttypid" INNER JOIN "pg_am" "am" ON "i"."relam" = "am"."oid" LEFT JOIN "pg_constraint" "cnst" ON "cnst"."conname" = "i"."relname" WHERE "t"."relkind" IN ('r', 'p') AND "cnst"."contype" IS NULL AND (("ns"."nspname" = 'public' AND "t"."relname" = 'bids'))
-- columns table_schema:19	table_name:19	constraint_name:19	column_name:19	is_unique:25	condition:25	type_name:19	index_type:19
-- end
-- simple
SELECT "con"."conname" AS "constraint_name", "con"."nspname" AS "table_schema", "con"."relname" AS "table_name", "att2"."attname" AS "column_name", "ns"."nspname" AS "referenced_table_schema", "cl"."relname" AS "referenced_table_name", "att"."attname" AS "referenced_column_name", "con"."confdeltype" AS "on_delete", "con"."confupdtype" AS "on_update", "con"."condeferrable" AS "deferrable", "con"."condeferred" AS "deferred" FROM ( SELECT UNNEST ("con1"."conkey") AS "parent", UNNEST ("con1"."confkey") AS "child", "con1"."confrelid", "con1"."conrelid", "con1"."conname", "con1"."contype", "ns"."nspname", "cl"."relname", "con1"."condeferrable", CASE WHEN "con1"."condeferred" THEN 'INITIALLY DEFERRED' ELSE 'INITIALLY IMMEDIATE' END as condeferred, CASE "con1"."confdeltype" WHEN 'a' THEN 'NO ACTION' WHEN 'r' THEN 'RESTRICT' WHEN 'c' THEN 'CASCADE' WHEN 'n' THEN 'SET NULL' WHEN 'd' THEN 'SET DEFAULT' END as "confdeltype", CASE "con1"."confupdtype" WHEN 'a' THEN 'NO ACTION' WHEN 'r' THEN 'RESTRICT' WHEN 'c' THEN 'CASCADE' WHEN 'n' THEN 'SET NULL' WHEN 'd' THEN 'SET DEFAULT' END as "confupdtype" FROM "pg_class" "cl" INNER JOIN "pg_namespace" "ns" ON "cl"."relnamespace" = "ns"."oid" INNER JOIN "pg_constraint" "con1" ON "con1"."conrelid" = "cl"."oid" WHERE "con1"."contype" = 'f' AND (("ns"."nspname" = 'public' AND "cl"."relname" = 'bids')) ) "con" INNER JOIN "pg_attribute" "att" ON "att"."attrelid" = "con"."confrelid" AND "att"."attnum" = "con"."child" INNER JOIN "pg_class" "cl" ON "cl"."oid" = "con"."confrelid"  AND "cl"."relispartition" = 'f'INNER JOIN "pg_namespace" "ns" ON "cl"."relnamespace" = "ns"."oid" INNER JOIN "pg_attribute" "att2" ON "att2"."attrelid" = "con"."conrelid" AND "att2"."attnum" = "con"."parent"
-- columns constraint_name:19	table_schema:19	table_name:19	column_name:19	referenced_table_schema:19	referenced_table_name:19	referenced_column_name:19	on_delete:25	on_update:25	deferrable:16	deferred:25
-- end
-- extended
SELECT * FROM "information_schema"."tables" WHERE "table_schema" = $1 AND "table_name" = $2
-- $ 0 text public
-- $ 0 text typeorm_metadata
-- columns table_catalog:19	table_schema:19	table_name:19	table_type:1043	self_referencing_column_name:19	reference_generation:1043	user_defined_type_catalog:19	user_defined_type_schema:19	user_defined_type_name:19	is_insertable_into:1043	is_typed:1043	commit_action:1043
-- end
