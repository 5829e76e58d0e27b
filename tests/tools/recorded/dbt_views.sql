-- connection
-- simple
BEGIN
-- end
-- simple
select 1 as id
-- columns id:23
-- row 1
-- end
-- connection
-- simple
BEGIN
-- end
-- simple
/* {"app": "dbt", "dbt_version": "1.9.11", "profile_name": "shop", "target_name": "dev", "connection_name": "list_postgres"} */

    select distinct nspname from pg_namespace
-- columns nspname:19
-- end
-- connection
-- simple
BEGIN
-- end
-- simple
BEGIN
-- end
-- simple
/* {"app": "dbt", "dbt_version": "1.9.11", "profile_name": "shop", "target_name": "dev", "connection_name": "list_postgres_public"} */
select
      'postgres' as database,
      tablename as name,
      schemaname as schema,
      'table' as type
    from pg_tables
    where schemaname ilike 'public'
    union all
    select
      'postgres' as database,
      viewname as name,
      schemaname as schema,
      'view' as type
    from pg_views
    where schemaname ilike 'public'
    union all
    select
      'postgres' as database,
      matviewname as name,
      schemaname as schema,
      'materialized_view' as type
    from pg_matviews
    where schemaname ilike 'public'
-- columns database:25	name:19	schema:19	type:25
-- end
-- simple
ROLLBACK
-- end
-- connection
-- simple
BEGIN
-- end
-- simple
BEGIN
-- end
-- simple
/* {"app": "dbt", "dbt_version": "1.9.11", "profile_name": "shop", "target_name": "dev", "connection_name": "master"} */
select distinct
        dependent_namespace.nspname as dependent_schema,
        dependent_class.relname as dependent_name,
        referenced_namespace.nspname as referenced_schema,
        referenced_class.relname as referenced_name

    -- Query for views: views are entries in pg_class with an entry in pg_rewrite, but we avoid
    -- a seq scan on pg_rewrite by leveraging the fact there is an "internal" row in pg_depend for
    -- the view...
    from pg_class as dependent_class
    join pg_namespace as dependent_namespace on dependent_namespace.oid = dependent_class.relnamespace
    join pg_depend as dependent_depend on dependent_depend.refobjid = dependent_class.oid
        and dependent_depend.classid = 'pg_rewrite'::regclass
        and dependent_depend.refclassid = 'pg_class'::regclass
        and dependent_depend.deptype = 'i'

    -- ... and via pg_depend (that has a row per column, hence the need for "distinct" above, and
    -- making sure to exclude the internal row to avoid a view appearing to depend on itself)...
    join pg_depend as joining_depend on joining_depend.objid = dependent_depend.objid
        and joining_depend.classid = 'pg_rewrite'::regclass
        and joining_depend.refclassid = 'pg_class'::regclass
        and joining_depend.refobjid != dependent_depend.refobjid

    -- ... we can find the tables they query from in pg_class, but excluding system tables. Note we
    -- don't need need to exclude _dependent_ system tables, because they only query from other
    -- system tables, and so are automatically excluded by excluding _referenced_ system tables
    join pg_class as referenced_class on referenced_class.oid = joining_depend.refobjid
    join pg_namespace as referenced_namespace on referenced_namespace.oid = referenced_class.relnamespace
        and referenced_namespace.nspname != 'information_schema'
        and referenced_namespace.nspname not like 'pg\_%'

    order by
        dependent_schema, dependent_name, referenced_schema, referenced_name;
-- columns dependent_schema:19	dependent_name:19	referenced_schema:19	referenced_name:19
-- row public	dear	public	bids
-- end
-- simple
ROLLBACK
-- end
-- simple
BEGIN
-- end
-- simple
BEGIN
-- end
-- simple
COMMIT
-- end
-- connection
-- simple
BEGIN
-- end
-- simple
BEGIN
-- end
-- simple
/* {"app": "dbt", "dbt_version": "1.9.11", "profile_name": "shop", "target_name": "dev", "node_id": "model.shop.costly"} */

  create view "postgres"."public"."costly__dbt_tmp"
    
    
  as (
    SELECT auction, price FROM "postgres"."public"."bids" WHERE price > 1
  );
-- end
-- simple
/* {"app": "dbt", "dbt_version": "1.9.11", "profile_name": "shop", "target_name": "dev", "node_id": "model.shop.costly"} */
alter table "postgres"."public"."costly__dbt_tmp" rename to "costly"
-- end
-- simple
COMMIT
-- end
-- simple
/* {"app": "dbt", "dbt_version": "1.9.11", "profile_name": "shop", "target_name": "dev", "node_id": "model.shop.costly"} */
drop view if exists "postgres"."public"."costly__dbt_backup" cascade
-- end
-- connection
-- simple
BEGIN
-- end
-- simple
BEGIN
-- end
-- simple
/* {"app": "dbt", "dbt_version": "1.9.11", "profile_name": "shop", "target_name": "dev", "node_id": "model.shop.summary"} */

  create view "postgres"."public"."summary__dbt_tmp"
    
    
  as (
    SELECT count(*) AS n, sum(price) AS total FROM "postgres"."public"."costly"
  );
-- end
-- simple
/* {"app": "dbt", "dbt_version": "1.9.11", "profile_name": "shop", "target_name": "dev", "node_id": "model.shop.summary"} */
alter table "postgres"."public"."summary__dbt_tmp" rename to "summary"
-- end
-- simple
COMMIT
-- end
-- simple
/* {"app": "dbt", "dbt_version": "1.9.11", "profile_name": "shop", "target_name": "dev", "node_id": "model.shop.summary"} */
drop view if exists "postgres"."public"."summary__dbt_backup" cascade
-- end
-- connection
-- simple
BEGIN
-- end
-- simple
BEGIN
-- end
-- simple
COMMIT
-- end
-- connection
-- simple
BEGIN
-- end
-- simple
/* {"app": "dbt", "dbt_version": "1.9.11", "profile_name": "shop", "target_name": "dev", "connection_name": "list_postgres"} */

    select distinct nspname from pg_namespace
-- columns nspname:19
-- end
-- connection
-- simple
BEGIN
-- end
-- simple
BEGIN
-- end
-- simple
/* {"app": "dbt", "dbt_version": "1.9.11", "profile_name": "shop", "target_name": "dev", "connection_name": "list_postgres_public"} */
select
      'postgres' as database,
      tablename as name,
      schemaname as schema,
      'table' as type
    from pg_tables
    where schemaname ilike 'public'
    union all
    select
      'postgres' as database,
      viewname as name,
      schemaname as schema,
      'view' as type
    from pg_views
    where schemaname ilike 'public'
    union all
    select
      'postgres' as database,
      matviewname as name,
      schemaname as schema,
      'materialized_view' as type
    from pg_matviews
    where schemaname ilike 'public'
-- columns database:25	name:19	schema:19	type:25
-- row postgres	bids	public	table
-- end
-- simple
ROLLBACK
-- end
-- connection
-- simple
BEGIN
-- end
-- simple
BEGIN
-- end
-- simple
/* {"app": "dbt", "dbt_version": "1.9.11", "profile_name": "shop", "target_name": "dev", "connection_name": "master"} */
select distinct
        dependent_namespace.nspname as dependent_schema,
        dependent_class.relname as dependent_name,
        referenced_namespace.nspname as referenced_schema,
        referenced_class.relname as referenced_name

    -- Query for views: views are entries in pg_class with an entry in pg_rewrite, but we avoid
    -- a seq scan on pg_rewrite by leveraging the fact there is an "internal" row in pg_depend for
    -- the view...
    from pg_class as dependent_class
    join pg_namespace as dependent_namespace on dependent_namespace.oid = dependent_class.relnamespace
    join pg_depend as dependent_depend on dependent_depend.refobjid = dependent_class.oid
        and dependent_depend.classid = 'pg_rewrite'::regclass
        and dependent_depend.refclassid = 'pg_class'::regclass
        and dependent_depend.deptype = 'i'

    -- ... and via pg_depend (that has a row per column, hence the need for "distinct" above, and
    -- making sure to exclude the internal row to avoid a view appearing to depend on itself)...
    join pg_depend as joining_depend on joining_depend.objid = dependent_depend.objid
        and joining_depend.classid = 'pg_rewrite'::regclass
        and joining_depend.refclassid = 'pg_class'::regclass
        and joining_depend.refobjid != dependent_depend.refobjid

    -- ... we can find the tables they query from in pg_class, but excluding system tables. Note we
    -- don't need need to exclude _dependent_ system tables, because they only query from other
    -- system tables, and so are automatically excluded by excluding _referenced_ system tables
    join pg_class as referenced_class on referenced_class.oid = joining_depend.refobjid
    join pg_namespace as referenced_namespace on referenced_namespace.oid = referenced_class.relnamespace
        and referenced_namespace.nspname != 'information_schema'
        and referenced_namespace.nspname not like 'pg\_%'

    order by
        dependent_schema, dependent_name, referenced_schema, referenced_name;
-- columns dependent_schema:19	dependent_name:19	referenced_schema:19	referenced_name:19
-- end
-- simple
ROLLBACK
-- end
-- simple
BEGIN
-- end
-- simple
BEGIN
-- end
-- simple
COMMIT
-- end
-- connection
-- simple
BEGIN
-- end
-- simple
BEGIN
-- end
-- simple
/* {"app": "dbt", "dbt_version": "1.9.11", "profile_name": "shop", "target_name": "dev", "node_id": "model.shop.costly"} */

  create view "postgres"."public"."costly__dbt_tmp"
    
    
  as (
    SELECT auction, price FROM "postgres"."public"."bids" WHERE price > 1
  );
-- end
-- simple
/* {"app": "dbt", "dbt_version": "1.9.11", "profile_name": "shop", "target_name": "dev", "node_id": "model.shop.costly"} */
alter table "postgres"."public"."costly" rename to "costly__dbt_backup"
-- end
-- simple
/* {"app": "dbt", "dbt_version": "1.9.11", "profile_name": "shop", "target_name": "dev", "node_id": "model.shop.costly"} */
alter table "postgres"."public"."costly__dbt_tmp" rename to "costly"
-- end
-- simple
COMMIT
-- end
-- simple
/* {"app": "dbt", "dbt_version": "1.9.11", "profile_name": "shop", "target_name": "dev", "node_id": "model.shop.costly"} */
drop view if exists "postgres"."public"."costly__dbt_backup" cascade
-- end
-- connection
-- simple
BEGIN
-- end
-- simple
BEGIN
-- end
-- simple
/* {"app": "dbt", "dbt_version": "1.9.11", "profile_name": "shop", "target_name": "dev", "node_id": "model.shop.summary"} */

  create view "postgres"."public"."summary__dbt_tmp"
    
    
  as (
    SELECT count(*) AS n, sum(price) AS total FROM "postgres"."public"."costly"
  );
-- end
-- simple
/* {"app": "dbt", "dbt_version": "1.9.11", "profile_name": "shop", "target_name": "dev", "node_id": "model.shop.summary"} */
alter table "postgres"."public"."summary__dbt_tmp" rename to "summary"
-- end
-- simple
COMMIT
-- end
-- simple
/* {"app": "dbt", "dbt_version": "1.9.11", "profile_name": "shop", "target_name": "dev", "node_id": "model.shop.summary"} */
drop view if exists "postgres"."public"."summary__dbt_backup" cascade
-- end
-- connection
-- simple
BEGIN
-- end
-- simple
BEGIN
-- end
-- simple
COMMIT
-- end
-- connection
-- simple
BEGIN
-- end
-- simple
BEGIN
-- end
-- simple
/* {"app": "dbt", "dbt_version": "1.9.11", "profile_name": "shop", "target_name": "dev", "connection_name": "list_postgres_public"} */
select
      'postgres' as database,
      tablename as name,
      schemaname as schema,
      'table' as type
    from pg_tables
    where schemaname ilike 'public'
    union all
    select
      'postgres' as database,
      viewname as name,
      schemaname as schema,
      'view' as type
    from pg_views
    where schemaname ilike 'public'
    union all
    select
      'postgres' as database,
      matviewname as name,
      schemaname as schema,
      'materialized_view' as type
    from pg_matviews
    where schemaname ilike 'public'
-- columns database:25	name:19	schema:19	type:25
-- end
-- simple
ROLLBACK
-- end
-- connection
-- simple
BEGIN
-- end
-- simple
BEGIN
-- end
-- simple
/* {"app": "dbt", "dbt_version": "1.9.11", "profile_name": "shop", "target_name": "dev", "connection_name": "master"} */
select distinct
        dependent_namespace.nspname as dependent_schema,
        dependent_class.relname as dependent_name,
        referenced_namespace.nspname as referenced_schema,
        referenced_class.relname as referenced_name

    -- Query for views: views are entries in pg_class with an entry in pg_rewrite, but we avoid
    -- a seq scan on pg_rewrite by leveraging the fact there is an "internal" row in pg_depend for
    -- the view...
    from pg_class as dependent_class
    join pg_namespace as dependent_namespace on dependent_namespace.oid = dependent_class.relnamespace
    join pg_depend as dependent_depend on dependent_depend.refobjid = dependent_class.oid
        and dependent_depend.classid = 'pg_rewrite'::regclass
        and dependent_depend.refclassid = 'pg_class'::regclass
        and dependent_depend.deptype = 'i'

    -- ... and via pg_depend (that has a row per column, hence the need for "distinct" above, and
    -- making sure to exclude the internal row to avoid a view appearing to depend on itself)...
    join pg_depend as joining_depend on joining_depend.objid = dependent_depend.objid
        and joining_depend.classid = 'pg_rewrite'::regclass
        and joining_depend.refclassid = 'pg_class'::regclass
        and joining_depend.refobjid != dependent_depend.refobjid

    -- ... we can find the tables they query from in pg_class, but excluding system tables. Note we
    -- don't need need to exclude _dependent_ system tables, because they only query from other
    -- system tables, and so are automatically excluded by excluding _referenced_ system tables
    join pg_class as referenced_class on referenced_class.oid = joining_depend.refobjid
    join pg_namespace as referenced_namespace on referenced_namespace.oid = referenced_class.relnamespace
        and referenced_namespace.nspname != 'information_schema'
        and referenced_namespace.nspname not like 'pg\_%'

    order by
        dependent_schema, dependent_name, referenced_schema, referenced_name;
-- columns dependent_schema:19	dependent_name:19	referenced_schema:19	referenced_name:19
-- end
-- simple
ROLLBACK
-- end
-- simple
BEGIN
-- end
-- simple
BEGIN
-- end
-- simple
COMMIT
-- end
-- connection
-- simple
BEGIN
-- end
-- simple
BEGIN
-- end
-- simple
/* {"app": "dbt", "dbt_version": "1.9.11", "profile_name": "shop", "target_name": "dev", "node_id": "test.shop.unique_costly_auction.f42ea640a7"} */

    
    select
      count(*) as failures,
      count(*) != 0 as should_warn,
      count(*) != 0 as should_error
    from (
      
    
  
    
    

select
    auction as unique_field,
    count(*) as n_records

from "postgres"."public"."costly"
where auction is not null
group by auction
having count(*) > 1



  
  
      
    ) dbt_internal_test
-- columns failures:20	should_warn:16	should_error:16
-- end
-- simple
ROLLBACK
-- end
-- connection
-- simple
BEGIN
-- end
-- simple
BEGIN
-- end
-- simple
/* {"app": "dbt", "dbt_version": "1.9.11", "profile_name": "shop", "target_name": "dev", "node_id": "test.shop.not_null_costly_auction.dfc63e7e92"} */

    
    select
      count(*) as failures,
      count(*) != 0 as should_warn,
      count(*) != 0 as should_error
    from (
      
    
  
    
    



select auction
from "postgres"."public"."costly"
where auction is null



  
  
      
    ) dbt_internal_test
-- columns failures:20	should_warn:16	should_error:16
-- end
-- simple
ROLLBACK
-- end
-- connection
-- simple
BEGIN
-- end
-- simple
BEGIN
-- end
-- simple
COMMIT
-- end
-- connection
-- simple
BEGIN
-- end
-- simple
BEGIN
-- end
-- simple
/* {"app": "dbt", "dbt_version": "1.9.11", "profile_name": "shop", "target_name": "dev", "connection_name": "list_postgres_public"} */
select
      'postgres' as database,
      tablename as name,
      schemaname as schema,
      'table' as type
    from pg_tables
    where schemaname ilike 'public'
    union all
    select
      'postgres' as database,
      viewname as name,
      schemaname as schema,
      'view' as type
    from pg_views
    where schemaname ilike 'public'
    union all
    select
      'postgres' as database,
      matviewname as name,
      schemaname as schema,
      'materialized_view' as type
    from pg_matviews
    where schemaname ilike 'public'
-- columns database:25	name:19	schema:19	type:25
-- end
-- simple
ROLLBACK
-- end
-- connection
-- simple
BEGIN
-- end
-- simple
BEGIN
-- end
-- simple
ROLLBACK
-- end
-- connection
-- simple
BEGIN
-- end
-- simple
BEGIN
-- end
-- simple
/* {"app": "dbt", "dbt_version": "1.9.11", "profile_name": "shop", "target_name": "dev", "connection_name": "postgres.information_schema"} */

    
    

    select
        'postgres' as table_database,
        sch.nspname as table_schema,
        tbl.relname as table_name,
        case tbl.relkind
            when 'v' then 'VIEW'
            when 'm' then 'MATERIALIZED VIEW'
            else 'BASE TABLE'
        end as table_type,
        tbl_desc.description as table_comment,
        col.attname as column_name,
        col.attnum as column_index,
        pg_catalog.format_type(col.atttypid, col.atttypmod) as column_type,
        col_desc.description as column_comment,
        pg_get_userbyid(tbl.relowner) as table_owner

    from pg_catalog.pg_namespace sch
    join pg_catalog.pg_class tbl on tbl.relnamespace = sch.oid
    join pg_catalog.pg_attribute col on col.attrelid = tbl.oid
    left outer join pg_catalog.pg_description tbl_desc on (tbl_desc.objoid = tbl.oid and tbl_desc.objsubid = 0)
    left outer join pg_catalog.pg_description col_desc on (col_desc.objoid = tbl.oid and col_desc.objsubid = col.attnum)
    where ((upper(sch.nspname) = upper('public') and
           upper(tbl.relname) = upper('bids')) or (upper(sch.nspname) = upper('public') and
           upper(tbl.relname) = upper('costly')) or (upper(sch.nspname) = upper('public') and
           upper(tbl.relname) = upper('summary')))
      and not pg_is_other_temp_schema(sch.oid) -- not a temporary schema belonging to another session
      and tbl.relpersistence in ('p', 'u') -- [p]ermanent table or [u]nlogged table. Exclude [t]emporary tables
      and tbl.relkind in ('r', 'v', 'f', 'p', 'm') -- o[r]dinary table, [v]iew, [f]oreign table, [p]artitioned table, [m]aterialized view. Other values are [i]ndex, [S]equence, [c]omposite type, [t]OAST table
      and col.attnum > 0 -- negative numbers are used for system columns such as oid
      and not col.attisdropped -- column as not been dropped

    order by
        sch.nspname,
        tbl.relname,
        col.attnum
-- columns table_database:25	table_schema:19	table_name:19	table_type:25	table_comment:25	column_name:19	column_index:21	column_type:25	column_comment:25	table_owner:19
-- end
-- simple
ROLLBACK
-- end
-- connection
-- simple
BEGIN
-- end
-- simple
BEGIN
-- end
-- simple
/* {"app": "dbt", "dbt_version": "1.9.11", "profile_name": "shop", "target_name": "dev", "connection_name": "list_postgres_public"} */
select
      'postgres' as database,
      tablename as name,
      schemaname as schema,
      'table' as type
    from pg_tables
    where schemaname ilike 'public'
    union all
    select
      'postgres' as database,
      viewname as name,
      schemaname as schema,
      'view' as type
    from pg_views
    where schemaname ilike 'public'
    union all
    select
      'postgres' as database,
      matviewname as name,
      schemaname as schema,
      'materialized_view' as type
    from pg_matviews
    where schemaname ilike 'public'
-- columns database:25	name:19	schema:19	type:25
-- end
-- simple
ROLLBACK
-- end
-- connection
-- simple
BEGIN
-- end
-- simple
BEGIN
-- end
-- simple
ROLLBACK
-- end
-- connection
-- simple
BEGIN
-- end
-- simple
/* {"app": "dbt", "dbt_version": "1.9.11", "profile_name": "shop", "target_name": "dev", "node_id": "sql_operation.shop.inline_query"} */

  
  select * from "postgres"."public"."summary"
  
  limit 5
-- columns n:20	total:1700
-- end
