-- connection
-- simple
select version();
-- columns version:25
-- end
-- extended
select * from information_schema.columns where table_name = $1 and table_catalog = current_database() and table_schema = current_schema()
-- $ 0 text bids
-- columns table_catalog:19	table_schema:19	table_name:19	column_name:19	ordinal_position:23	column_default:1043	is_nullable:1043	data_type:1043	character_maximum_length:23	character_octet_length:23	numeric_precision:23	numeric_precision_radix:23	numeric_scale:23	datetime_precision:23	interval_type:1043	interval_precision:23	character_set_catalog:19	character_set_schema:19	character_set_name:19	collation_catalog:19	collation_schema:19	collation_name:19	domain_catalog:19	domain_schema:19	domain_name:19	udt_catalog:19	udt_schema:19	udt_name:19	scope_catalog:19	scope_schema:19	scope_name:19	maximum_cardinality:23	dtd_identifier:19	is_self_referencing:1043	is_identity:1043	identity_generation:1043	identity_start:1043	identity_increment:1043	identity_maximum:1043	identity_minimum:1043	identity_cycle:1043	is_generated:1043	generation_expression:1043	is_updatable:1043
-- end
-- extended
select * from information_schema.tables where table_name = $1 and table_schema = current_schema()
-- $ 0 text bids
-- columns table_catalog:19	table_schema:19	table_name:19	table_type:1043	self_referencing_column_name:19	reference_generation:1043	user_defined_type_catalog:19	user_defined_type_schema:19	user_defined_type_name:19	is_insertable_into:1043	is_typed:1043	commit_action:1043
-- end
-- extended
select * from information_schema.tables where table_name = $1 and table_schema = current_schema()
-- $ 0 text nowhere
-- columns table_catalog:19	table_schema:19	table_name:19	table_type:1043	self_referencing_column_name:19	reference_generation:1043	user_defined_type_catalog:19	user_defined_type_schema:19	user_defined_type_name:19	is_insertable_into:1043	is_typed:1043	commit_action:1043
-- end
-- extended
select * from information_schema.columns where table_name = $1 and column_name = $2 and table_schema = current_schema()
-- $ 0 text bids
-- $ 0 text tag
-- columns table_catalog:19	table_schema:19	table_name:19	column_name:19	ordinal_position:23	column_default:1043	is_nullable:1043	data_type:1043	character_maximum_length:23	character_octet_length:23	numeric_precision:23	numeric_precision_radix:23	numeric_scale:23	datetime_precision:23	interval_type:1043	interval_precision:23	character_set_catalog:19	character_set_schema:19	character_set_name:19	collation_catalog:19	collation_schema:19	collation_name:19	domain_catalog:19	domain_schema:19	domain_name:19	udt_catalog:19	udt_schema:19	udt_name:19	scope_catalog:19	scope_schema:19	scope_name:19	maximum_cardinality:23	dtd_identifier:19	is_self_referencing:1043	is_identity:1043	identity_generation:1043	identity_start:1043	identity_increment:1043	identity_maximum:1043	identity_minimum:1043	identity_cycle:1043	is_generated:1043	generation_expression:1043	is_updatable:1043
-- end
-- extended
select * from information_schema.columns where table_name = $1 and column_name = $2 and table_schema = current_schema()
-- $ 0 text bids
-- $ 0 text no
-- columns table_catalog:19	table_schema:19	table_name:19	column_name:19	ordinal_position:23	column_default:1043	is_nullable:1043	data_type:1043	character_maximum_length:23	character_octet_length:23	numeric_precision:23	numeric_precision_radix:23	numeric_scale:23	datetime_precision:23	interval_type:1043	interval_precision:23	character_set_catalog:19	character_set_schema:19	character_set_name:19	collation_catalog:19	collation_schema:19	collation_name:19	domain_catalog:19	domain_schema:19	domain_name:19	udt_catalog:19	udt_schema:19	udt_name:19	scope_catalog:19	scope_schema:19	scope_name:19	maximum_cardinality:23	dtd_identifier:19	is_self_referencing:1043	is_identity:1043	identity_generation:1043	identity_start:1043	identity_increment:1043	identity_maximum:1043	identity_minimum:1043	identity_cycle:1043	is_generated:1043	generation_expression:1043	is_updatable:1043
-- end
-- extended
insert into "bids" ("at", "auction") values ($1, $2), ($3, $4)
-- $ 0 text 2024-01-03
-- $ 0 text 3
-- $ 0 text 2024-01-04
-- $ 0 text 4
-- end
-- simple
BEGIN;
-- end
-- extended
insert into "bids" ("at", "auction") values ($1, $2)
-- $ 0 text 2024-01-05
-- $ 0 text 5
-- end
-- simple
COMMIT;
-- end
-- extended
insert into "bids" ("at", "auction") values ($1, $2) returning "auction", "tag"
-- $ 0 text 2024-01-09
-- $ 0 text 9
-- columns auction:20	tag:1043
-- row 9	none
-- end
-- extended
select "auction" from "bids" order by "auction" asc limit $1 offset $2
-- $ 0 text 2
-- $ 0 text 1
-- columns auction:20
-- row 2
-- end
-- extended
select count(*) as "n" from "bids" limit $1
-- $ 0 text 1
-- columns n:20
-- row 6
-- end
-- connection
-- extended
insert into "bids" ("auction", "price", "tag", "at") values ($1, $2, $3, $4)
-- $ 0 text 6
-- $ 0 text 1.10
-- $ 0 text d
-- $ 0 text 2024-01-06T00:00:00.000Z
-- end
-- extended
select "auction", "price", "tag", "at" from "bids" where "bids"."auction" = $1 order by "bids"."at" asc
-- $ 0 text 6
-- columns auction:20	price:1700	tag:1043	at:1114
-- row 6	1.10	d	2024-01-06 00:00:00
-- end
-- extended
insert into "bids" ("auction", "price", "tag", "at") values ($1, default, default, $2) returning "auction", "price", "tag", "at"
-- $ 0 text 10
-- $ 0 text 2024-01-10T00:00:00.000Z
-- columns auction:20	price:1700	tag:1043	at:1114
-- row 10	\N	none	2024-01-10 00:00:00
-- end
-- simple
select count(*) as count from "bids";
-- columns count:20
-- row 8
-- end
-- connection
-- extended

      select b.oid, b.typarray
      from pg_catalog.pg_type a
      left join pg_catalog.pg_type b on b.oid = a.typelem
      where a.typcategory = 'A'
      group by b.oid, b.typarray
      order by b.oid
-- columns oid:26	typarray:26
-- row 16	1000
-- end
-- extended
INSERT INTO bids ("auction","tag","at")values($1,$2,$3)
-- $ 0 text 7
-- $ 0 text e
-- $ 1184 text 2024-01-07T00:00:00.000Z
-- end
-- extended
SELECT *, $1::int[] AS list FROM bids WHERE auction = $2
-- $ 0 text {"1","2"}
-- $ 0 text 7
-- columns auction:20	price:1700	tag:1043	at:1114	list:1007
-- row 7	\N	e	2024-01-07 00:00:00	{1,2}
-- end
-- extended
SELECT auction FROM bids WHERE auction IN ($1,$2) ORDER BY 1
-- $ 0 text 1
-- $ 0 text 7
-- columns auction:20
-- row 1
-- end
-- extended
SELECT $1::jsonb AS j, $2::bool AS b
-- $ 3802 text {"a":1}
-- $ 16 text t
-- columns j:3802	b:16
-- row {"a": 1}	t
-- end
-- simple
begin
-- end
-- extended
INSERT INTO bids (auction, at) VALUES (8, '2024-01-08')
-- end
-- extended
commit
-- end
-- extended
SELECT auction FROM bids ORDER BY 1
-- columns auction:20
-- row 1
-- end
