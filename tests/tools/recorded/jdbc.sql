-- connection
-- extended

-- end
-- extended
select string_agg(word, ',') from pg_catalog.pg_get_keywords() where word <> ALL ('{a,abs,absolute,action,ada,add,admin,after,all,allocate,alter,always,and,any,are,array,as,asc,asensitive,assertion,assignment,asymmetric,at,atomic,attribute,attributes,authorization,avg,before,begin,bernoulli,between,bigint,binary,blob,boolean,both,breadth,by,c,call,called,cardinality,cascade,cascaded,case,cast,catalog,catalog_name,ceil,ceiling,chain,char,char_length,character,character_length,character_set_catalog,character_set_name,character_set_schema,characteristics,characters,check,checked,class_origin,clob,close,coalesce,cobol,code_units,collate,collation,collation_catalog,collation_name,collation_schema,collect,column,column_name,command_function,command_function_code,commit,committed,condition,condition_number,connect,connection_name,constraint,constraint_catalog,constraint_name,constraint_schema,constraints,constructors,contains,continue,convert,corr,corresponding,count,covar_pop,covar_samp,create,cross,cube,cume_dist,current,current_collation,current_date,current_default_transform_group,current_path,current_role,current_time,current_timestamp,current_transform_group_for_type,current_user,cursor,cursor_name,cycle,data,date,datetime_interval_code,datetime_interval_precision,day,deallocate,dec,decimal,declare,default,defaults,deferrable,deferred,defined,definer,degree,delete,dense_rank,depth,deref,derived,desc,describe,descriptor,deterministic,diagnostics,disconnect,dispatch,distinct,domain,double,drop,dynamic,dynamic_function,dynamic_function_code,each,element,else,end,end-exec,equals,escape,every,except,exception,exclude,excluding,exec,execute,exists,exp,external,extract,false,fetch,filter,final,first,float,floor,following,for,foreign,fortran,found,free,from,full,function,fusion,g,general,get,global,go,goto,grant,granted,group,grouping,having,hierarchy,hold,hour,identity,immediate,implementation,in,including,increment,indicator,initially,inner,inout,input,insensitive,insert,instance,instantiable,int,integer,intersect,intersection,interval,into,invoker,is,isolation,join,k,key,key_member,key_type,language,large,last,lateral,leading,left,length,level,like,ln,local,localtime,localtimestamp,locator,lower,m,map,match,matched,max,maxvalue,member,merge,message_length,message_octet_length,message_text,method,min,minute,minvalue,mod,modifies,module,month,more,multiset,mumps,name,names,national,natural,nchar,nclob,nesting,new,next,no,none,normalize,normalized,not,"null",nullable,nullif,nulls,number,numeric,object,octet_length,octets,of,old,on,only,open,option,options,or,order,ordering,ordinality,others,out,outer,output,over,overlaps,overlay,overriding,pad,parameter,parameter_mode,parameter_name,parameter_ordinal_position,parameter_specific_catalog,parameter_specific_name,parameter_specific_schema,partial,partition,pascal,path,percent_rank,percentile_cont,percentile_disc,placing,pli,position,power,preceding,precision,prepare,preserve,primary,prior,privileges,procedure,public,range,rank,read,reads,real,recursive,ref,references,referencing,regr_avgx,regr_avgy,regr_count,regr_intercept,regr_r2,regr_slope,regr_sxx,regr_sxy,regr_syy,relative,release,repeatable,restart,result,return,returned_cardinality,returned_length,returned_octet_length,returned_sqlstate,returns,revoke,right,role,rollback,rollup,routine,routine_catalog,routine_name,routine_schema,row,row_count,row_number,rows,savepoint,scale,schema,schema_name,scope_catalog,scope_name,scope_schema,scroll,search,second,section,security,select,self,sensitive,sequence,serializable,server_name,session,session_user,set,sets,similar,simple,size,smallint,some,source,space,specific,specific_name,specifictype,sql,sqlexception,sqlstate,sqlwarning,sqrt,start,state,statement,static,stddev_pop,stddev_samp,structure,style,subclass_origin,submultiset,substring,sum,symmetric,system,system_user,table,table_name,tablesample,temporary,then,ties,time,timestamp,timezone_hour,timezone_minute,to,top_level_count,trailing,transaction,transaction_active,transactions_committed,transactions_rolled_back,transform,transforms,translate,translation,treat,trigger,trigger_catalog,trigger_name,trigger_schema,trim,true,type,uescape,unbounded,uncommitted,under,union,unique,unknown,unnamed,unnest,update,upper,usage,user,user_defined_type_catalog,user_defined_type_code,user_defined_type_name,user_defined_type_schema,using,value,values,var_pop,var_samp,varchar,varying,view,when,whenever,where,width_bucket,window,with,within,without,work,write,year,zone}'::text[])
-- columns string_agg:25
-- row abort,access,aggregate,also,analyse,analyze,attach,backward,bit,cache,checkpoint,class,cluster,columns,comment,comments,compression,concurrently,configuration,conflict,connection,content,conversion,copy,cost,csv,current_catalog,current_schema,database,delimiter,delimiters,depends,detach,dictionary,disable,discard,do,document,enable,encoding,encrypted,enum,event,exclusive,explain,expression,extension,family,finalize,force,forward,freeze,functions,generated,greatest,groups,handler,header,if,ilike,immutable,implicit,import,include,index,indexes,inherit,inherits,inline,instead,isnull,label,leakproof,least,limit,listen,load,location,lock,locked,logged,mapping,materialized,mode,move,nfc,nfd,nfkc,nfkd,nothing,notify,notnull,nowait,off,offset,oids,operator,owned,owner,parallel,parser,passing,password,plans,policy,prepared,procedural,procedures,program,publication,quote,reassign,recheck,refresh,reindex,rename,replace,replica,reset,restrict,returning,routines,rule,schemas,sequences,server,setof,share,show,skip,snapshot,stable,standalone,statistics,stdin,stdout,storage,stored,strict,strip,subscription,support,sysid,tables,tablespace,temp,template,text,truncate,trusted,types,unencrypted,unlisten,unlogged,until,vacuum,valid,validate,validator,variadic,verbose,version,views,volatile,whitespace,wrapper,xml,xmlattributes,xmlconcat,xmlelement,xmlexists,xmlforest,xmlnamespaces,xmlparse,xmlpi,xmlroot,xmlserialize,xmltable,yes
-- end
-- extended
SELECT t.typlen FROM pg_catalog.pg_type t, pg_catalog.pg_namespace n WHERE t.typnamespace=n.oid AND t.typname='name' AND n.nspname='pg_catalog'
-- columns typlen:21
-- row 64
-- end
-- extended
SELECT setting FROM pg_catalog.pg_settings WHERE name='max_index_keys'
-- columns setting:25
-- row 32
-- end
-- extended
SELECT NULL AS TABLE_CAT, n.nspname AS TABLE_SCHEM, c.relname AS TABLE_NAME,  CASE n.nspname ~ '^pg_' OR n.nspname = 'information_schema'  WHEN true THEN CASE  WHEN n.nspname = 'pg_catalog' OR n.nspname = 'information_schema' THEN CASE c.relkind   WHEN 'r' THEN 'SYSTEM TABLE'   WHEN 'v' THEN 'SYSTEM VIEW'   WHEN 'i' THEN 'SYSTEM INDEX'   ELSE NULL   END  WHEN n.nspname = 'pg_toast' THEN CASE c.relkind   WHEN 'r' THEN 'SYSTEM TOAST TABLE'   WHEN 'i' THEN 'SYSTEM TOAST INDEX'   ELSE NULL   END  ELSE CASE c.relkind   WHEN 'r' THEN 'TEMPORARY TABLE'   WHEN 'p' THEN 'TEMPORARY TABLE'   WHEN 'i' THEN 'TEMPORARY INDEX'   WHEN 'S' THEN 'TEMPORARY SEQUENCE'   WHEN 'v' THEN 'TEMPORARY VIEW'   ELSE NULL   END  END  WHEN false THEN CASE c.relkind  WHEN 'r' THEN 'TABLE'  WHEN 'p' THEN 'PARTITIONED TABLE'  WHEN 'i' THEN 'INDEX'  WHEN 'P' then 'PARTITIONED INDEX'  WHEN 'S' THEN 'SEQUENCE'  WHEN 'v' THEN 'VIEW'  WHEN 'c' THEN 'TYPE'  WHEN 'f' THEN 'FOREIGN TABLE'  WHEN 'm' THEN 'MATERIALIZED VIEW'  ELSE NULL  END  ELSE NULL  END  AS TABLE_TYPE, d.description AS REMARKS,  '' as TYPE_CAT, '' as TYPE_SCHEM, '' as TYPE_NAME, '' AS SELF_REFERENCING_COL_NAME, '' AS REF_GENERATION  FROM pg_catalog.pg_namespace n, pg_catalog.pg_class c  LEFT JOIN pg_catalog.pg_description d ON (c.oid = d.objoid AND d.objsubid = 0  and d.classoid = 'pg_class'::regclass)  WHERE c.relnamespace = n.oid  AND n.nspname LIKE 'public' AND c.relname LIKE '%' ORDER BY TABLE_TYPE,TABLE_SCHEM,TABLE_NAME
-- columns table_cat:25	table_schem:19	table_name:19	table_type:25	remarks:25	type_cat:25	type_schem:25	type_name:25	self_referencing_col_name:25	ref_generation:25
-- row \N	public	totals	MATERIALIZED VIEW	\N					
-- end
-- extended
SELECT NULL AS TABLE_CAT, n.nspname AS TABLE_SCHEM, c.relname AS TABLE_NAME,  CASE n.nspname ~ '^pg_' OR n.nspname = 'information_schema'  WHEN true THEN CASE  WHEN n.nspname = 'pg_catalog' OR n.nspname = 'information_schema' THEN CASE c.relkind   WHEN 'r' THEN 'SYSTEM TABLE'   WHEN 'v' THEN 'SYSTEM VIEW'   WHEN 'i' THEN 'SYSTEM INDEX'   ELSE NULL   END  WHEN n.nspname = 'pg_toast' THEN CASE c.relkind   WHEN 'r' THEN 'SYSTEM TOAST TABLE'   WHEN 'i' THEN 'SYSTEM TOAST INDEX'   ELSE NULL   END  ELSE CASE c.relkind   WHEN 'r' THEN 'TEMPORARY TABLE'   WHEN 'p' THEN 'TEMPORARY TABLE'   WHEN 'i' THEN 'TEMPORARY INDEX'   WHEN 'S' THEN 'TEMPORARY SEQUENCE'   WHEN 'v' THEN 'TEMPORARY VIEW'   ELSE NULL   END  END  WHEN false THEN CASE c.relkind  WHEN 'r' THEN 'TABLE'  WHEN 'p' THEN 'PARTITIONED TABLE'  WHEN 'i' THEN 'INDEX'  WHEN 'P' then 'PARTITIONED INDEX'  WHEN 'S' THEN 'SEQUENCE'  WHEN 'v' THEN 'VIEW'  WHEN 'c' THEN 'TYPE'  WHEN 'f' THEN 'FOREIGN TABLE'  WHEN 'm' THEN 'MATERIALIZED VIEW'  ELSE NULL  END  ELSE NULL  END  AS TABLE_TYPE, d.description AS REMARKS,  '' as TYPE_CAT, '' as TYPE_SCHEM, '' as TYPE_NAME, '' AS SELF_REFERENCING_COL_NAME, '' AS REF_GENERATION  FROM pg_catalog.pg_namespace n, pg_catalog.pg_class c  LEFT JOIN pg_catalog.pg_description d ON (c.oid = d.objoid AND d.objsubid = 0  and d.classoid = 'pg_class'::regclass)  WHERE c.relnamespace = n.oid  AND n.nspname LIKE 'public' AND c.relname LIKE '%' AND (false  OR ( c.relkind = 'v' AND n.nspname <> 'pg_catalog' AND n.nspname <> 'information_schema' )  OR ( c.relkind = 'm' ) )  ORDER BY TABLE_TYPE,TABLE_SCHEM,TABLE_NAME
-- columns table_cat:25	table_schem:19	table_name:19	table_type:25	remarks:25	type_cat:25	type_schem:25	type_name:25	self_referencing_col_name:25	ref_generation:25
-- row \N	public	totals	MATERIALIZED VIEW	\N					
-- end
-- extended
SELECT * FROM (SELECT n.nspname,c.relname,a.attname,a.atttypid,a.attnotnull OR (t.typtype = 'd' AND t.typnotnull) AS attnotnull,a.atttypmod,a.attlen,t.typtypmod,row_number() OVER (PARTITION BY a.attrelid ORDER BY a.attnum) AS attnum, nullif(a.attidentity, '') as attidentity,nullif(a.attgenerated, '') as attgenerated,pg_catalog.pg_get_expr(def.adbin, def.adrelid) AS adsrc,dsc.description,t.typbasetype,t.typtype  FROM pg_catalog.pg_namespace n  JOIN pg_catalog.pg_class c ON (c.relnamespace = n.oid)  JOIN pg_catalog.pg_attribute a ON (a.attrelid=c.oid)  JOIN pg_catalog.pg_type t ON (a.atttypid = t.oid)  LEFT JOIN pg_catalog.pg_attrdef def ON (a.attrelid=def.adrelid AND a.attnum = def.adnum)  LEFT JOIN pg_catalog.pg_description dsc ON (c.oid=dsc.objoid AND a.attnum = dsc.objsubid)  LEFT JOIN pg_catalog.pg_class dc ON (dc.oid=dsc.classoid AND dc.relname='pg_class')  LEFT JOIN pg_catalog.pg_namespace dn ON (dc.relnamespace=dn.oid AND dn.nspname='pg_catalog')  WHERE c.relkind in ('r','p','v','f','m') and a.attnum > 0 AND NOT a.attisdropped  AND n.nspname LIKE 'public' AND c.relname LIKE '%') c WHERE true  AND attname LIKE '%' ORDER BY nspname,c.relname,attnum
-- columns nspname:19	relname:19	attname:19	atttypid:26	attnotnull:16	atttypmod:23	attlen:21	typtypmod:23	attnum:20	attidentity:18	attgenerated:18	adsrc:25	description:25	typbasetype:26	typtype:18
-- row public	bids	auction	20	t	-1	8	-1	1	\N	\N	\N	\N	0	b
-- end
-- extended
SELECT        result.TABLE_CAT,        result.TABLE_SCHEM,        result.TABLE_NAME,        result.COLUMN_NAME,        result.KEY_SEQ,        result.PK_NAME FROM      (SELECT NULL AS TABLE_CAT, n.nspname AS TABLE_SCHEM,   ct.relname AS TABLE_NAME, a.attname AS COLUMN_NAME,   (information_schema._pg_expandarray(i.indkey)).n AS KEY_SEQ, ci.relname AS PK_NAME,   information_schema._pg_expandarray(i.indkey) AS KEYS, a.attnum AS A_ATTNUM FROM pg_catalog.pg_class ct   JOIN pg_catalog.pg_attribute a ON (ct.oid = a.attrelid)   JOIN pg_catalog.pg_namespace n ON (ct.relnamespace = n.oid)   JOIN pg_catalog.pg_index i ON ( a.attrelid = i.indrelid)   JOIN pg_catalog.pg_class ci ON (ci.oid = i.indexrelid) WHERE true  AND n.nspname = 'public' AND ct.relname = 'bids' AND i.indisprimary  ) result where  result.A_ATTNUM = (result.KEYS).x  ORDER BY result.table_name, result.pk_name, result.key_seq
-- columns table_cat:25	table_schem:19	table_name:19	column_name:19	key_seq:23	pk_name:19
-- end
-- extended
SELECT NULL::text AS PKTABLE_CAT, pkn.nspname AS PKTABLE_SCHEM, pkc.relname AS PKTABLE_NAME, pka.attname AS PKCOLUMN_NAME, NULL::text AS FKTABLE_CAT, fkn.nspname AS FKTABLE_SCHEM, fkc.relname AS FKTABLE_NAME, fka.attname AS FKCOLUMN_NAME, pos.n AS KEY_SEQ, CASE con.confupdtype  WHEN 'c' THEN 0 WHEN 'n' THEN 2 WHEN 'd' THEN 4 WHEN 'r' THEN 1 WHEN 'p' THEN 1 WHEN 'a' THEN 3 ELSE NULL END AS UPDATE_RULE, CASE con.confdeltype  WHEN 'c' THEN 0 WHEN 'n' THEN 2 WHEN 'd' THEN 4 WHEN 'r' THEN 1 WHEN 'p' THEN 1 WHEN 'a' THEN 3 ELSE NULL END AS DELETE_RULE, con.conname AS FK_NAME, pkic.relname AS PK_NAME, CASE  WHEN con.condeferrable AND con.condeferred THEN 5 WHEN con.condeferrable THEN 6 ELSE 7 END AS DEFERRABILITY  FROM  pg_catalog.pg_namespace pkn, pg_catalog.pg_class pkc, pg_catalog.pg_attribute pka,  pg_catalog.pg_namespace fkn, pg_catalog.pg_class fkc, pg_catalog.pg_attribute fka,  pg_catalog.pg_constraint con,  pg_catalog.generate_series(1, 32) pos(n),  pg_catalog.pg_class pkic WHERE pkn.oid = pkc.relnamespace AND pkc.oid = pka.attrelid AND pka.attnum = con.confkey[pos.n] AND con.confrelid = pkc.oid  AND fkn.oid = fkc.relnamespace AND fkc.oid = fka.attrelid AND fka.attnum = con.conkey[pos.n] AND con.conrelid = fkc.oid  AND con.contype = 'f' AND (pkic.relkind = 'i' OR pkic.relkind = 'I') AND pkic.oid = con.conindid  AND fkn.nspname = 'public' AND fkc.relname = 'bids' ORDER BY pkn.nspname,pkc.relname, con.conname,pos.n
-- columns pktable_cat:25	pktable_schem:19	pktable_name:19	pkcolumn_name:19	fktable_cat:25	fktable_schem:19	fktable_name:19	fkcolumn_name:19	key_seq:23	update_rule:23	delete_rule:23	fk_name:19	pk_name:19	deferrability:23
-- end
-- extended
SELECT NULL::text AS PKTABLE_CAT, pkn.nspname AS PKTABLE_SCHEM, pkc.relname AS PKTABLE_NAME, pka.attname AS PKCOLUMN_NAME, NULL::text AS FKTABLE_CAT, fkn.nspname AS FKTABLE_SCHEM, fkc.relname AS FKTABLE_NAME, fka.attname AS FKCOLUMN_NAME, pos.n AS KEY_SEQ, CASE con.confupdtype  WHEN 'c' THEN 0 WHEN 'n' THEN 2 WHEN 'd' THEN 4 WHEN 'r' THEN 1 WHEN 'p' THEN 1 WHEN 'a' THEN 3 ELSE NULL END AS UPDATE_RULE, CASE con.confdeltype  WHEN 'c' THEN 0 WHEN 'n' THEN 2 WHEN 'd' THEN 4 WHEN 'r' THEN 1 WHEN 'p' THEN 1 WHEN 'a' THEN 3 ELSE NULL END AS DELETE_RULE, con.conname AS FK_NAME, pkic.relname AS PK_NAME, CASE  WHEN con.condeferrable AND con.condeferred THEN 5 WHEN con.condeferrable THEN 6 ELSE 7 END AS DEFERRABILITY  FROM  pg_catalog.pg_namespace pkn, pg_catalog.pg_class pkc, pg_catalog.pg_attribute pka,  pg_catalog.pg_namespace fkn, pg_catalog.pg_class fkc, pg_catalog.pg_attribute fka,  pg_catalog.pg_constraint con,  pg_catalog.generate_series(1, 32) pos(n),  pg_catalog.pg_class pkic WHERE pkn.oid = pkc.relnamespace AND pkc.oid = pka.attrelid AND pka.attnum = con.confkey[pos.n] AND con.confrelid = pkc.oid  AND fkn.oid = fkc.relnamespace AND fkc.oid = fka.attrelid AND fka.attnum = con.conkey[pos.n] AND con.conrelid = fkc.oid  AND con.contype = 'f' AND (pkic.relkind = 'i' OR pkic.relkind = 'I') AND pkic.oid = con.conindid  AND pkn.nspname = 'public' AND pkc.relname = 'bids' ORDER BY fkn.nspname,fkc.relname,con.conname,pos.n
-- columns pktable_cat:25	pktable_schem:19	pktable_name:19	pkcolumn_name:19	fktable_cat:25	fktable_schem:19	fktable_name:19	fkcolumn_name:19	key_seq:23	update_rule:23	delete_rule:23	fk_name:19	pk_name:19	deferrability:23
-- end
-- extended
SELECT     tmp.TABLE_CAT,     tmp.TABLE_SCHEM,     tmp.TABLE_NAME,     tmp.NON_UNIQUE,     tmp.INDEX_QUALIFIER,     tmp.INDEX_NAME,     tmp.TYPE,     tmp.ORDINAL_POSITION,     trim(both '"' from pg_catalog.pg_get_indexdef(tmp.CI_OID, tmp.ORDINAL_POSITION, false)) AS COLUMN_NAME,   CASE tmp.AM_NAME     WHEN 'btree' THEN CASE tmp.I_INDOPTION[tmp.ORDINAL_POSITION - 1] & 1::smallint       WHEN 1 THEN 'D'       ELSE 'A'     END     ELSE NULL   END AS ASC_OR_DESC,     tmp.CARDINALITY,     tmp.PAGES,     tmp.FILTER_CONDITION FROM (SELECT NULL AS TABLE_CAT, n.nspname AS TABLE_SCHEM,   ct.relname AS TABLE_NAME, NOT i.indisunique AS NON_UNIQUE,   NULL AS INDEX_QUALIFIER, ci.relname AS INDEX_NAME,   CASE i.indisclustered     WHEN true THEN 1    ELSE CASE am.amname       WHEN 'hash' THEN 2      ELSE 3    END   END AS TYPE,   (information_schema._pg_expandarray(i.indkey)).n AS ORDINAL_POSITION,   ci.reltuples AS CARDINALITY,   ci.relpages AS PAGES,   pg_catalog.pg_get_expr(i.indpred, i.indrelid) AS FILTER_CONDITION,   ci.oid AS CI_OID,   i.indoption AS I_INDOPTION,   am.amname AS AM_NAME FROM pg_catalog.pg_class ct   JOIN pg_catalog.pg_namespace n ON (ct.relnamespace = n.oid)   JOIN pg_catalog.pg_index i ON (ct.oid = i.indrelid)   JOIN pg_catalog.pg_class ci ON (ci.oid = i.indexrelid)   JOIN pg_catalog.pg_am am ON (ci.relam = am.oid) WHERE true  AND n.nspname = 'public' AND ct.relname = 'bids') AS tmp ORDER BY NON_UNIQUE, TYPE, INDEX_NAME, ORDINAL_POSITION
-- columns table_cat:25	table_schem:19	table_name:19	non_unique:16	index_qualifier:25	index_name:19	type:23	ordinal_position:23	column_name:25	asc_or_desc:25	cardinality:700	pages:23	filter_condition:25
-- end
-- extended
SELECT a.attname, a.atttypid, atttypmod FROM pg_catalog.pg_class ct   JOIN pg_catalog.pg_attribute a ON (ct.oid = a.attrelid)   JOIN pg_catalog.pg_namespace n ON (ct.relnamespace = n.oid)   JOIN (SELECT i.indexrelid, i.indrelid, i.indisprimary,              information_schema._pg_expandarray(i.indkey) AS keys         FROM pg_catalog.pg_index i) i     ON (a.attnum = (i.keys).x AND a.attrelid = i.indrelid) WHERE true  AND n.nspname = 'public' AND ct.relname = 'bids' AND i.indisprimary  ORDER BY a.attnum
-- columns attname:19	atttypid:26	atttypmod:23
-- end
-- extended
SELECT t.typname,t.oid FROM pg_catalog.pg_type t JOIN pg_catalog.pg_namespace n ON (t.typnamespace = n.oid)  WHERE n.nspname  != 'pg_toast' AND  (t.typrelid = 0 OR (SELECT c.relkind = 'c' FROM pg_catalog.pg_class c WHERE c.oid = t.typrelid))
-- columns typname:19	oid:26
-- row bool	16
-- end
-- extended
SELECT typinput='pg_catalog.array_in'::regproc as is_array, typtype, typname, pg_type.oid   FROM pg_catalog.pg_type   LEFT JOIN (select ns.oid as nspoid, ns.nspname, r.r           from pg_namespace as ns           join ( select s.r, (current_schemas(false))[s.r] as nspname                    from generate_series(1, array_upper(current_schemas(false), 1)) as s(r) ) as r          using ( nspname )        ) as sp     ON sp.nspoid = typnamespace  ORDER BY sp.r, pg_type.oid DESC
-- columns is_array:16	typtype:18	typname:19	oid:26
-- end
-- extended
SELECT nspname AS TABLE_SCHEM, NULL AS TABLE_CATALOG FROM pg_catalog.pg_namespace  WHERE nspname <> 'pg_toast' AND (nspname !~ '^pg_temp_'  OR nspname = (pg_catalog.current_schemas(true))[1]) AND (nspname !~ '^pg_toast_temp_'  OR nspname = replace((pg_catalog.current_schemas(true))[1], 'pg_temp_', 'pg_toast_temp_'))  ORDER BY TABLE_SCHEM
-- columns table_schem:19	table_catalog:25
-- row information_schema	\N
-- end
-- extended
SELECT datname AS TABLE_CAT FROM pg_catalog.pg_database WHERE datallowconn = true ORDER BY datname
-- columns table_cat:19
-- end
-- extended
SELECT NULL AS PROCEDURE_CAT, n.nspname AS PROCEDURE_SCHEM, p.proname AS PROCEDURE_NAME, NULL, NULL, NULL, d.description AS REMARKS, 2 AS PROCEDURE_TYPE,  p.proname || '_' || p.oid AS SPECIFIC_NAME  FROM pg_catalog.pg_namespace n, pg_catalog.pg_proc p  LEFT JOIN pg_catalog.pg_description d ON (p.oid=d.objoid)  LEFT JOIN pg_catalog.pg_class c ON (d.classoid=c.oid AND c.relname='pg_proc')  LEFT JOIN pg_catalog.pg_namespace pn ON (c.relnamespace=pn.oid AND pn.nspname='pg_catalog')  WHERE p.pronamespace=n.oid  AND p.prokind='p' AND n.nspname LIKE 'pg_catalog' AND p.proname LIKE '%' ORDER BY PROCEDURE_SCHEM, PROCEDURE_NAME, p.oid::text
-- columns procedure_cat:25	procedure_schem:19	procedure_name:19	?column?:25	?column?:25	?column?:25	remarks:25	procedure_type:23	specific_name:25
-- end
-- extended
SELECT current_database() AS FUNCTION_CAT, n.nspname AS FUNCTION_SCHEM, p.proname AS FUNCTION_NAME,  d.description AS REMARKS,  CASE    WHEN (format_type(p.prorettype, null) = 'unknown') THEN 0   WHEN      (substring(pg_get_function_result(p.oid) from 0 for 6) = 'TABLE') OR      (substring(pg_get_function_result(p.oid) from 0 for 6) = 'SETOF') THEN 2   ELSE 1 END  AS FUNCTION_TYPE,  p.proname || '_' || p.oid AS SPECIFIC_NAME FROM pg_catalog.pg_proc p INNER JOIN pg_catalog.pg_namespace n ON p.pronamespace=n.oid LEFT JOIN pg_catalog.pg_description d ON p.oid=d.objoid WHERE true   AND p.prokind='f' AND n.nspname LIKE 'pg_catalog' AND p.proname LIKE 'a%' ORDER BY FUNCTION_SCHEM, FUNCTION_NAME, p.oid::text
-- columns function_cat:19	function_schem:19	function_name:19	remarks:25	function_type:23	specific_name:25
-- end
-- extended
SELECT n.nspname,p.proname,p.prorettype,p.proargtypes, t.typtype,t.typrelid,  p.proargnames, p.proargmodes, p.proallargtypes, p.oid  FROM pg_catalog.pg_proc p, pg_catalog.pg_namespace n, pg_catalog.pg_type t  WHERE p.pronamespace=n.oid AND p.prorettype=t.oid  AND n.nspname LIKE 'pg_catalog' AND p.proname LIKE 'array%' ORDER BY n.nspname, p.proname, p.oid::text
-- columns nspname:19	proname:19	prorettype:26	proargtypes:30	typtype:18	typrelid:26	proargnames:1009	proargmodes:1002	proallargtypes:1028	oid:26
-- row pg_catalog	array_agg	2277	2776	p	0	\N	\N	\N	2335
-- end
-- extended
SELECT n.nspname = ANY(current_schemas(true)), n.nspname, t.typname FROM pg_catalog.pg_type t JOIN pg_catalog.pg_namespace n ON t.typnamespace = n.oid WHERE t.oid = $1
-- $ 23 binary 000008e5
-- columns ?column?:16	nspname:19	typname:19
-- row t	pg_catalog	anyarray
-- end
-- extended
SELECT n.nspname = ANY(current_schemas(true)), n.nspname, t.typname FROM pg_catalog.pg_type t JOIN pg_catalog.pg_namespace n ON t.typnamespace = n.oid WHERE t.oid = $1
-- $ 23 binary 00000ad8
-- columns ?column?:16	nspname:19	typname:19
-- row t	pg_catalog	anynonarray
-- end
-- extended
SELECT n.nspname = ANY(current_schemas(true)), n.nspname, t.typname FROM pg_catalog.pg_type t JOIN pg_catalog.pg_namespace n ON t.typnamespace = n.oid WHERE t.oid = $1
-- $ 23 binary 000008e9
-- columns ?column?:16	nspname:19	typname:19
-- row t	pg_catalog	internal
-- end
-- extended
SELECT n.nspname = ANY(current_schemas(true)), n.nspname, t.typname FROM pg_catalog.pg_type t JOIN pg_catalog.pg_namespace n ON t.typnamespace = n.oid WHERE t.oid = $1
-- $ 23 binary 000013d6
-- columns ?column?:16	nspname:19	typname:19
-- row t	pg_catalog	anycompatiblearray
-- end
-- extended
SELECT n.nspname = ANY(current_schemas(true)), n.nspname, t.typname FROM pg_catalog.pg_type t JOIN pg_catalog.pg_namespace n ON t.typnamespace = n.oid WHERE t.oid = $1
-- $ 23 binary 000013d5
-- columns ?column?:16	nspname:19	typname:19
-- row t	pg_catalog	anycompatible
-- end
-- extended
SELECT n.nspname = ANY(current_schemas(true)), n.nspname, t.typname FROM pg_catalog.pg_type t JOIN pg_catalog.pg_namespace n ON t.typnamespace = n.oid WHERE t.oid = $1
-- $ 23 binary 000008eb
-- columns ?column?:16	nspname:19	typname:19
-- row t	pg_catalog	anyelement
-- end
-- extended
SELECT n.nspname = ANY(current_schemas(true)), n.nspname, t.typname FROM pg_catalog.pg_type t JOIN pg_catalog.pg_namespace n ON t.typnamespace = n.oid WHERE t.oid = $1
-- $ 23 binary 000008e3
-- columns ?column?:16	nspname:19	typname:19
-- row t	pg_catalog	cstring
-- end
-- extended
SELECT n.nspname = ANY(current_schemas(true)), n.nspname, t.typname FROM pg_catalog.pg_type t JOIN pg_catalog.pg_namespace n ON t.typnamespace = n.oid WHERE t.oid = $1
-- $ 23 binary 00000e1e
-- columns ?column?:16	nspname:19	typname:19
-- row t	pg_catalog	tsvector
-- end
-- extended
SELECT n.nspname,p.proname,p.prorettype,p.proargtypes, t.typtype,t.typrelid,  p.proargnames, p.proargmodes, p.proallargtypes, p.oid  FROM pg_catalog.pg_proc p, pg_catalog.pg_namespace n, pg_catalog.pg_type t  WHERE p.pronamespace=n.oid AND p.prorettype=t.oid  AND n.nspname LIKE 'pg_catalog' AND p.proname LIKE 'array%' ORDER BY n.nspname, p.proname, p.oid::text
-- columns nspname:19	proname:19	prorettype:26	proargtypes:30	typtype:18	typrelid:26	proargnames:1009	proargmodes:1002	proallargtypes:1028	oid:26
-- row pg_catalog	array_agg	2277	2776	p	0	\N	\N	\N	2335
-- end
-- extended
SELECT n.nspname,c.relname,r.rolname,c.relacl  FROM pg_catalog.pg_namespace n, pg_catalog.pg_class c, pg_catalog.pg_roles r  WHERE c.relnamespace = n.oid  AND c.relowner = r.oid  AND c.relkind IN ('r','p','v','m','f')  AND n.nspname LIKE 'public' AND c.relname LIKE 'bids' ORDER BY nspname, relname
-- columns nspname:19	relname:19	rolname:19	relacl:1034
-- end
-- extended
SELECT n.nspname,c.relname,r.rolname,c.relacl, a.attacl,  a.attname  FROM pg_catalog.pg_namespace n, pg_catalog.pg_class c,  pg_catalog.pg_roles r, pg_catalog.pg_attribute a  WHERE c.relnamespace = n.oid  AND c.relowner = r.oid  AND c.oid = a.attrelid  AND c.relkind = 'r'  AND a.attnum > 0 AND NOT a.attisdropped  AND n.nspname = 'public' AND c.relname = 'bids' AND a.attname LIKE '%' ORDER BY attname
-- columns nspname:19	relname:19	rolname:19	relacl:1034	attacl:1034	attname:19
-- end
-- extended
select null as type_cat, n.nspname as type_schem, t.typname as type_name,  null as class_name, CASE WHEN t.typtype='c' then 2002 else 2001 end as data_type, pg_catalog.obj_description(t.oid, 'pg_type')  as remarks, CASE WHEN t.typtype = 'd' then  (select CASE when base_type.oid = 13312 then 2002 when base_type.oid = 4096 then 1111 when base_type.oid = 16385 then 2003 when base_type.oid = 4097 then 2003 when base_type.oid = 16386 then 2002 when base_type.oid = 12290 then 2003 when base_type.oid = 12291 then 2002 when base_type.oid = 1027 then 2003 when base_type.oid = 1028 then 2003 when base_type.oid = 13316 then 2003 when base_type.oid = 16389 then 2003 when base_type.oid = 13317 then 2002 when base_type.oid = 16390 then 2002 when base_type.oid = 12294 then 2003 when base_type.oid = 6150 then 2003 when base_type.oid = 12295 then 2002 when base_type.oid = 6151 then 2003 when base_type.oid = 6152 then 2003 when base_type.oid = 16393 then 2003 when base_type.oid = 13321 then 2003 when base_type.oid = 6153 then 2003 when base_type.oid = 1033 then 1111 when base_type.oid = 16394 then 2002 when base_type.oid = 13322 then 2002 when base_type.oid = 12298 then 2003 when base_type.oid = 1034 then 2003 when base_type.oid = 12299 then 2002 when base_type.oid = 6155 then 2003 when base_type.oid = 6157 then 2003 when base_type.oid = 13326 then 2003 when base_type.oid = 13327 then 2002 when base_type.oid = 12303 then 2003 when base_type.oid = 16 then -7 when base_type.oid = 12304 then 2002 when base_type.oid = 1040 then 2003 when base_type.oid = 17 then -2 when base_type.oid = 1041 then 2003 when base_type.oid = 18 then 1 when base_type.oid = 1042 then 1 when base_type.oid = 13330 then 2003 when base_type.oid = 1043 then 12 when base_type.oid = 19 then 12 when base_type.oid = 13331 then 2002 when base_type.oid = 20 then -5 when base_type.oid = 12308 then 2003 when base_type.oid = 21 then 5 when base_type.oid = 12309 then 2002 when base_type.oid = 22 then 1111 when base_type.oid = 23 then 4 when base_type.oid = 13335 then 2003 when base_type.oid = 13336 then 2002 when base_type.oid = 24 then 1111 when base_type.oid = 25 then 12 when base_type.oid = 12313 then 2003 when base_type.oid = 26 then -5 when base_type.oid = 12314 then 2002 when base_type.oid = 27 then 1111 when base_type.oid = 13340 then 2003 when base_type.oid = 28 then 1111 when base_type.oid = 13341 then 2002 when base_type.oid = 29 then 1111 when base_type.oid = 12318 then 2003 when base_type.oid = 30 then 1111 when base_type.oid = 12319 then 2002 when base_type.oid = 32 then 1111 when base_type.oid = 13345 then 2003 when base_type.oid = 13346 then 2002 when base_type.oid = 12323 then 2003 when base_type.oid = 12324 then 2002 when base_type.oid = 13349 then 2003 when base_type.oid = 13350 then 2002 when base_type.oid = 12328 then 2003 when base_type.oid = 12329 then 2002 when base_type.oid = 13354 then 2003 when base_type.oid = 13355 then 2002 when base_type.oid = 3115 then 1111 when base_type.oid = 12333 then 2003 when base_type.oid = 12334 then 2002 when base_type.oid = 13359 then 2003 when base_type.oid = 13360 then 2002 when base_type.oid = 12337 then 2003 when base_type.oid = 12338 then 2002 when base_type.oid = 13363 then 2003 when base_type.oid = 13364 then 2002 when base_type.oid = 13368 then 2003 when base_type.oid = 13369 then 2002 when base_type.oid = 1082 then 91 when base_type.oid = 1083 then 92 when base_type.oid = 13373 then 2003 when base_type.oid = 13374 then 2002 when base_type.oid = 13378 then 2003 when base_type.oid = 13379 then 2002 when base_type.oid = 13383 then 2003 when base_type.oid = 71 then 2002 when base_type.oid = 13384 then 2002 when base_type.oid = 13387 then 2003 when base_type.oid = 75 then 2002 when base_type.oid = 13388 then 2002 when base_type.oid = 13392 then 2003 when base_type.oid = 13393 then 2002 when base_type.oid = 81 then 2002 when base_type.oid = 83 then 2002 when base_type.oid = 13397 then 2003 when base_type.oid = 13398 then 2002 when base_type.oid = 1114 then 93 when base_type.oid = 13402 then 2003 when base_type.oid = 1115 then 2003 when base_type.oid = 13403 then 2002 when base_type.oid = 13407 then 2003 when base_type.oid = 4191 then 1111 when base_type.oid = 13408 then 2002 when base_type.oid = 4192 then 2003 when base_type.oid = 13412 then 2003 when base_type.oid = 13413 then 2002 when base_type.oid = 13417 then 2003 when base_type.oid = 13418 then 2002 when base_type.oid = 13422 then 2003 when base_type.oid = 13423 then 2002 when base_type.oid = 114 then 1111 when base_type.oid = 13426 then 2003 when base_type.oid = 13427 then 2002 when base_type.oid = 13431 then 2003 when base_type.oid = 13432 then 2002 when base_type.oid = 13436 then 2003 when base_type.oid = 13437 then 2002 when base_type.oid = 13441 then 2003 when base_type.oid = 13442 then 2002 when base_type.oid = 13446 then 2003 when base_type.oid = 13447 then 2002 when base_type.oid = 13451 then 2003 when base_type.oid = 13452 then 2002 when base_type.oid = 142 then 2009 when base_type.oid = 143 then 2003 when base_type.oid = 13455 then 2003 when base_type.oid = 13456 then 2002 when base_type.oid = 13460 then 2003 when base_type.oid = 3220 then 1111 when base_type.oid = 13461 then 2002 when base_type.oid = 3221 then 2003 when base_type.oid = 13464 then 2003 when base_type.oid = 2201 then 2003 when base_type.oid = 13465 then 2002 when base_type.oid = 2202 then 1111 when base_type.oid = 2203 then 1111 when base_type.oid = 2204 then 1111 when base_type.oid = 13469 then 2003 when base_type.oid = 2205 then 1111 when base_type.oid = 1182 then 2003 when base_type.oid = 13470 then 2002 when base_type.oid = 2206 then 1111 when base_type.oid = 1183 then 2003 when base_type.oid = 2207 then 2003 when base_type.oid = 1184 then 93 when base_type.oid = 2208 then 2003 when base_type.oid = 1185 then 2003 when base_type.oid = 2209 then 2003 when base_type.oid = 13474 then 2003 when base_type.oid = 2210 then 2003 when base_type.oid = 1186 then 1111 when base_type.oid = 13475 then 2002 when base_type.oid = 2211 then 2003 when base_type.oid = 1187 then 2003 when base_type.oid = 13479 then 2003 when base_type.oid = 13480 then 2002 when base_type.oid = 13484 then 2003 when base_type.oid = 13485 then 2002 when base_type.oid = 13489 then 2003 when base_type.oid = 13490 then 2002 when base_type.oid = 13494 then 2003 when base_type.oid = 13495 then 2002 when base_type.oid = 13499 then 2003 when base_type.oid = 13500 then 2002 when base_type.oid = 13504 then 2003 when base_type.oid = 13505 then 2002 when base_type.oid = 194 then 1111 when base_type.oid = 13508 then 2003 when base_type.oid = 13509 then 2002 when base_type.oid = 199 then 2003 when base_type.oid = 13512 then 2003 when base_type.oid = 13513 then 2002 when base_type.oid = 2249 then 1111 when base_type.oid = 13516 then 2003 when base_type.oid = 13517 then 2002 when base_type.oid = 1231 then 2003 when base_type.oid = 13520 then 2003 when base_type.oid = 13521 then 2002 when base_type.oid = 210 then 2003 when base_type.oid = 13525 then 2003 when base_type.oid = 13526 then 2002 when base_type.oid = 13529 then 2003 when base_type.oid = 13530 then 2002 when base_type.oid = 13533 then 2003 when base_type.oid = 13534 then 2002 when base_type.oid = 1248 then 2002 when base_type.oid = 13538 then 2003 when base_type.oid = 13539 then 2002 when base_type.oid = 2275 then 1111 when base_type.oid = 2276 then 1111 when base_type.oid = 2277 then 1111 when base_type.oid = 13542 then 2003 when base_type.oid = 2278 then 1111 when base_type.oid = 13543 then 2002 when base_type.oid = 2279 then 1111 when base_type.oid = 2280 then 1111 when base_type.oid = 2281 then 1111 when base_type.oid = 13546 then 2003 when base_type.oid = 13547 then 2002 when base_type.oid = 2283 then 1111 when base_type.oid = 3310 then 1111 when base_type.oid = 13551 then 2003 when base_type.oid = 2287 then 2003 when base_type.oid = 1263 then 2003 when base_type.oid = 13552 then 2002 when base_type.oid = 1266 then 92 when base_type.oid = 13556 then 2003 when base_type.oid = 13557 then 2002 when base_type.oid = 1270 then 2003 when base_type.oid = 269 then 1111 when base_type.oid = 270 then 2003 when base_type.oid = 271 then 2003 when base_type.oid = 272 then 2003 when base_type.oid = 273 then 2003 when base_type.oid = 3361 then 1111 when base_type.oid = 325 then 1111 when base_type.oid = 3402 then 1111 when base_type.oid = 4451 then 1111 when base_type.oid = 3500 then 1111 when base_type.oid = 4532 then 1111 when base_type.oid = 4533 then 1111 when base_type.oid = 4534 then 1111 when base_type.oid = 4535 then 1111 when base_type.oid = 4536 then 1111 when base_type.oid = 4537 then 1111 when base_type.oid = 4538 then 1111 when base_type.oid = 4600 then 1111 when base_type.oid = 4601 then 1111 when base_type.oid = 1560 then -7 when base_type.oid = 1561 then 2003 when base_type.oid = 1562 then 1111 when base_type.oid = 1563 then 2003 when base_type.oid = 3614 then 1111 when base_type.oid = 3615 then 1111 when base_type.oid = 3642 then 1111 when base_type.oid = 3643 then 2003 when base_type.oid = 3644 then 2003 when base_type.oid = 3645 then 2003 when base_type.oid = 600 then 1111 when base_type.oid = 601 then 1111 when base_type.oid = 602 then 1111 when base_type.oid = 603 then 1111 when base_type.oid = 604 then 1111 when base_type.oid = 628 then 1111 when base_type.oid = 629 then 2003 when base_type.oid = 650 then 1111 when base_type.oid = 651 then 2003 when base_type.oid = 3734 then 1111 when base_type.oid = 3735 then 2003 when base_type.oid = 1700 then 2 when base_type.oid = 3769 then 1111 when base_type.oid = 3770 then 2003 when base_type.oid = 700 then 7 when base_type.oid = 701 then 8 when base_type.oid = 705 then 1111 when base_type.oid = 718 then 1111 when base_type.oid = 719 then 2003 when base_type.oid = 2776 then 1111 when base_type.oid = 3802 then 1111 when base_type.oid = 3807 then 2003 when base_type.oid = 12001 then 2003 when base_type.oid = 12002 then 2002 when base_type.oid = 12006 then 2003 when base_type.oid = 12007 then 2002 when base_type.oid = 12011 then 2003 when base_type.oid = 12012 then 2002 when base_type.oid = 12015 then 2003 when base_type.oid = 12016 then 2002 when base_type.oid = 12019 then 2003 when base_type.oid = 12020 then 2002 when base_type.oid = 3831 then 1111 when base_type.oid = 12024 then 2003 when base_type.oid = 12025 then 2002 when base_type.oid = 12029 then 2003 when base_type.oid = 1790 then 2012 when base_type.oid = 12030 then 2002 when base_type.oid = 3838 then 1111 when base_type.oid = 12034 then 2003 when base_type.oid = 12035 then 2002 when base_type.oid = 774 then 1111 when base_type.oid = 12039 then 2003 when base_type.oid = 775 then 2003 when base_type.oid = 12040 then 2002 when base_type.oid = 12044 then 2003 when base_type.oid = 12045 then 2002 when base_type.oid = 10000 then 2003 when base_type.oid = 12049 then 2003 when base_type.oid = 10001 then 2002 when base_type.oid = 12050 then 2002 when base_type.oid = 10002 then 2003 when base_type.oid = 10003 then 2002 when base_type.oid = 10004 then 2003 when base_type.oid = 10005 then 2002 when base_type.oid = 790 then 8 when base_type.oid = 12054 then 2003 when base_type.oid = 10006 then 2003 when base_type.oid = 791 then 2003 when base_type.oid = 12055 then 2002 when base_type.oid = 10007 then 2002 when base_type.oid = 10008 then 2003 when base_type.oid = 10009 then 2002 when base_type.oid = 10010 then 2003 when base_type.oid = 2842 then 2002 when base_type.oid = 12059 then 2003 when base_type.oid = 10011 then 2002 when base_type.oid = 2843 then 2002 when base_type.oid = 12060 then 2002 when base_type.oid = 10012 then 2003 when base_type.oid = 10013 then 2002 when base_type.oid = 10014 then 2003 when base_type.oid = 10015 then 2002 when base_type.oid = 12064 then 2003 when base_type.oid = 10016 then 2003 when base_type.oid = 12065 then 2002 when base_type.oid = 10017 then 2002 when base_type.oid = 10018 then 2003 when base_type.oid = 10019 then 2002 when base_type.oid = 10020 then 2003 when base_type.oid = 12069 then 2003 when base_type.oid = 10021 then 2002 when base_type.oid = 12070 then 2002 when base_type.oid = 10022 then 2003 when base_type.oid = 10023 then 2002 when base_type.oid = 10024 then 2003 when base_type.oid = 10025 then 2002 when base_type.oid = 12074 then 2003 when base_type.oid = 10026 then 2003 when base_type.oid = 12075 then 2002 when base_type.oid = 10027 then 2002 when base_type.oid = 10028 then 2003 when base_type.oid = 10029 then 2002 when base_type.oid = 12078 then 2003 when base_type.oid = 10030 then 2003 when base_type.oid = 12079 then 2002 when base_type.oid = 10031 then 2002 when base_type.oid = 10032 then 2003 when base_type.oid = 10033 then 2002 when base_type.oid = 12082 then 2003 when base_type.oid = 10034 then 2003 when base_type.oid = 12083 then 2002 when base_type.oid = 10035 then 2002 when base_type.oid = 10036 then 2003 when base_type.oid = 10037 then 2002 when base_type.oid = 12086 then 2003 when base_type.oid = 10038 then 2003 when base_type.oid = 12087 then 2002 when base_type.oid = 10039 then 2002 when base_type.oid = 10040 then 2003 when base_type.oid = 10041 then 2002 when base_type.oid = 10042 then 2003 when base_type.oid = 12091 then 2003 when base_type.oid = 10043 then 2002 when base_type.oid = 12092 then 2002 when base_type.oid = 10044 then 2003 when base_type.oid = 10045 then 2002 when base_type.oid = 829 then 1111 when base_type.oid = 10046 then 2003 when base_type.oid = 10047 then 2002 when base_type.oid = 12096 then 2003 when base_type.oid = 10048 then 2003 when base_type.oid = 3904 then 1111 when base_type.oid = 12097 then 2002 when base_type.oid = 10049 then 2002 when base_type.oid = 3905 then 2003 when base_type.oid = 10050 then 2003 when base_type.oid = 3906 then 1111 when base_type.oid = 10051 then 2002 when base_type.oid = 3907 then 2003 when base_type.oid = 12100 then 2003 when base_type.oid = 10052 then 2003 when base_type.oid = 3908 then 1111 when base_type.oid = 12101 then 2002 when base_type.oid = 10053 then 2003 when base_type.oid = 3909 then 2003 when base_type.oid = 10054 then 2002 when base_type.oid = 3910 then 1111 when base_type.oid = 10055 then 2003 when base_type.oid = 3911 then 2003 when base_type.oid = 10056 then 2002 when base_type.oid = 3912 then 1111 when base_type.oid = 12105 then 2003 when base_type.oid = 10057 then 2003 when base_type.oid = 3913 then 2003 when base_type.oid = 12106 then 2002 when base_type.oid = 10058 then 2003 when base_type.oid = 10059 then 2003 when base_type.oid = 10060 then 2002 when base_type.oid = 10061 then 2003 when base_type.oid = 10062 then 2002 when base_type.oid = 12111 then 2003 when base_type.oid = 10063 then 2003 when base_type.oid = 12112 then 2002 when base_type.oid = 10064 then 2002 when base_type.oid = 10065 then 2003 when base_type.oid = 10066 then 2002 when base_type.oid = 12115 then 2003 when base_type.oid = 10067 then 2003 when base_type.oid = 12116 then 2002 when base_type.oid = 10068 then 2002 when base_type.oid = 10069 then 2003 when base_type.oid = 10070 then 2002 when base_type.oid = 3926 then 1111 when base_type.oid = 12119 then 2003 when base_type.oid = 10071 then 2003 when base_type.oid = 3927 then 2003 when base_type.oid = 12120 then 2002 when base_type.oid = 10072 then 2002 when base_type.oid = 10073 then 2003 when base_type.oid = 10074 then 2002 when base_type.oid = 12123 then 2003 when base_type.oid = 10075 then 2003 when base_type.oid = 12124 then 2002 when base_type.oid = 10076 then 2002 when base_type.oid = 10077 then 2003 when base_type.oid = 10078 then 2002 when base_type.oid = 12127 then 2003 when base_type.oid = 10079 then 2003 when base_type.oid = 12128 then 2002 when base_type.oid = 10080 then 2002 when base_type.oid = 10081 then 2003 when base_type.oid = 10082 then 2002 when base_type.oid = 12131 then 2003 when base_type.oid = 10083 then 2003 when base_type.oid = 12132 then 2002 when base_type.oid = 10084 then 2002 when base_type.oid = 10085 then 2003 when base_type.oid = 869 then 1111 when base_type.oid = 10086 then 2002 when base_type.oid = 12135 then 2003 when base_type.oid = 10087 then 2003 when base_type.oid = 12136 then 2002 when base_type.oid = 10088 then 2002 when base_type.oid = 10089 then 2003 when base_type.oid = 10090 then 2002 when base_type.oid = 12139 then 2003 when base_type.oid = 10091 then 2003 when base_type.oid = 12140 then 2002 when base_type.oid = 10092 then 2002 when base_type.oid = 10093 then 2003 when base_type.oid = 10094 then 2003 when base_type.oid = 12143 then 2003 when base_type.oid = 10095 then 2002 when base_type.oid = 12144 then 2002 when base_type.oid = 10096 then 2003 when base_type.oid = 10097 then 2002 when base_type.oid = 10098 then 2003 when base_type.oid = 10099 then 2002 when base_type.oid = 12148 then 2003 when base_type.oid = 10100 then 2003 when base_type.oid = 12149 then 2002 when base_type.oid = 10101 then 2002 when base_type.oid = 10102 then 2003 when base_type.oid = 10103 then 2002 when base_type.oid = 10104 then 2003 when base_type.oid = 12153 then 2003 when base_type.oid = 10105 then 2002 when base_type.oid = 12154 then 2002 when base_type.oid = 10106 then 2003 when base_type.oid = 10107 then 2002 when base_type.oid = 10108 then 2003 when base_type.oid = 10109 then 2002 when base_type.oid = 12158 then 2003 when base_type.oid = 10110 then 2003 when base_type.oid = 12159 then 2002 when base_type.oid = 10111 then 2002 when base_type.oid = 10112 then 2003 when base_type.oid = 10113 then 2003 when base_type.oid = 12162 then 2003 when base_type.oid = 10114 then 2002 when base_type.oid = 12163 then 2002 when base_type.oid = 2949 then 2003 when base_type.oid = 2950 then 1111 when base_type.oid = 2951 then 2003 when base_type.oid = 12167 then 2003 when base_type.oid = 12168 then 2002 when base_type.oid = 12171 then 2003 when base_type.oid = 12172 then 2002 when base_type.oid = 12176 then 2003 when base_type.oid = 12177 then 2002 when base_type.oid = 12180 then 2003 when base_type.oid = 12181 then 2002 when base_type.oid = 12184 then 2003 when base_type.oid = 12185 then 2002 when base_type.oid = 5017 then 1111 when base_type.oid = 2970 then 1111 when base_type.oid = 12189 then 2003 when base_type.oid = 12190 then 2002 when base_type.oid = 12193 then 2003 when base_type.oid = 12194 then 2002 when base_type.oid = 13220 then 2003 when base_type.oid = 13221 then 2001 when base_type.oid = 12197 then 2003 when base_type.oid = 12198 then 2002 when base_type.oid = 13223 then 2003 when base_type.oid = 13224 then 2001 when base_type.oid = 13225 then 2003 when base_type.oid = 13226 then 2001 when base_type.oid = 12202 then 2003 when base_type.oid = 12203 then 2002 when base_type.oid = 13228 then 2003 when base_type.oid = 13229 then 2002 when base_type.oid = 12206 then 2003 when base_type.oid = 5038 then 1111 when base_type.oid = 13231 then 2003 when base_type.oid = 12207 then 2002 when base_type.oid = 5039 then 2003 when base_type.oid = 13232 then 2001 when base_type.oid = 13233 then 2003 when base_type.oid = 13234 then 2001 when base_type.oid = 12210 then 2003 when base_type.oid = 12211 then 2002 when base_type.oid = 13237 then 2003 when base_type.oid = 13238 then 2002 when base_type.oid = 12215 then 2003 when base_type.oid = 12216 then 2002 when base_type.oid = 13242 then 2003 when base_type.oid = 13243 then 2002 when base_type.oid = 12219 then 2003 when base_type.oid = 12220 then 2002 when base_type.oid = 13246 then 2003 when base_type.oid = 13247 then 2002 when base_type.oid = 12223 then 2003 when base_type.oid = 12224 then 2002 when base_type.oid = 13251 then 2003 when base_type.oid = 13252 then 2002 when base_type.oid = 12228 then 2003 when base_type.oid = 12229 then 2002 when base_type.oid = 13256 then 2003 when base_type.oid = 13257 then 2002 when base_type.oid = 12233 then 2003 when base_type.oid = 12234 then 2002 when base_type.oid = 13261 then 2003 when base_type.oid = 12237 then 2003 when base_type.oid = 5069 then 1111 when base_type.oid = 13262 then 2002 when base_type.oid = 12238 then 2002 when base_type.oid = 12241 then 2003 when base_type.oid = 13266 then 2003 when base_type.oid = 12242 then 2002 when base_type.oid = 13267 then 2002 when base_type.oid = 12245 then 2003 when base_type.oid = 6101 then 2002 when base_type.oid = 5077 then 1111 when base_type.oid = 12246 then 2002 when base_type.oid = 5078 then 1111 when base_type.oid = 13271 then 2003 when base_type.oid = 5079 then 1111 when base_type.oid = 13272 then 2002 when base_type.oid = 5080 then 1111 when base_type.oid = 12250 then 2003 when base_type.oid = 12251 then 2002 when base_type.oid = 13276 then 2003 when base_type.oid = 13277 then 2002 when base_type.oid = 12254 then 2003 when base_type.oid = 12255 then 2002 when base_type.oid = 13281 then 2003 when base_type.oid = 13282 then 2002 when base_type.oid = 12258 then 2003 when base_type.oid = 4066 then 2002 when base_type.oid = 12259 then 2002 when base_type.oid = 13286 then 2003 when base_type.oid = 13287 then 2002 when base_type.oid = 12263 then 2003 when base_type.oid = 1000 then 2003 when base_type.oid = 12264 then 2002 when base_type.oid = 4072 then 1111 when base_type.oid = 1001 then 2003 when base_type.oid = 4073 then 2003 when base_type.oid = 1002 then 2003 when base_type.oid = 1003 then 2003 when base_type.oid = 13291 then 2003 when base_type.oid = 12267 then 2003 when base_type.oid = 13292 then 2002 when base_type.oid = 12268 then 2002 when base_type.oid = 1005 then 2003 when base_type.oid = 1006 then 2003 when base_type.oid = 1007 then 2003 when base_type.oid = 13296 then 2003 when base_type.oid = 12272 then 2003 when base_type.oid = 1008 then 2003 when base_type.oid = 1009 then 2003 when base_type.oid = 13297 then 2002 when base_type.oid = 12273 then 2002 when base_type.oid = 1010 then 2003 when base_type.oid = 1011 then 2003 when base_type.oid = 12276 then 2003 when base_type.oid = 1012 then 2003 when base_type.oid = 13301 then 2003 when base_type.oid = 12277 then 2002 when base_type.oid = 1013 then 2003 when base_type.oid = 1014 then 2003 when base_type.oid = 13302 then 2002 when base_type.oid = 1015 then 2003 when base_type.oid = 1016 then 2003 when base_type.oid = 1017 then 2003 when base_type.oid = 12281 then 2003 when base_type.oid = 4089 then 1111 when base_type.oid = 13306 then 2003 when base_type.oid = 12282 then 2002 when base_type.oid = 4090 then 2003 when base_type.oid = 1018 then 2003 when base_type.oid = 13307 then 2002 when base_type.oid = 1019 then 2003 when base_type.oid = 1020 then 2003 when base_type.oid = 1021 then 2003 when base_type.oid = 1022 then 2003 when base_type.oid = 12286 then 2003 when base_type.oid = 13311 then 2003 when base_type.oid = 12287 then 2002 else 1111 end from pg_type base_type where base_type.oid=t.typbasetype) else null end as base_type from pg_catalog.pg_type t, pg_catalog.pg_namespace n where t.typnamespace = n.oid and n.nspname != 'pg_catalog' and n.nspname != 'pg_toast' and t.typtype IN ('c','d')  and t.typname like '%' and n.nspname like 'public' order by data_type, type_schem, type_name
-- columns type_cat:25	type_schem:19	type_name:19	class_name:25	data_type:23	remarks:25	base_type:23
-- row \N	public	bids	\N	2002	\N	\N
-- end
-- extended
BEGIN
-- end
-- extended
INSERT INTO bids (auction, price, at) VALUES ($1, $2, $3)
-- $ 20 binary 000000000000000a
-- $ 1700 binary 0002000000000002000103e8
-- $ 0 text 2024-01-03 00:00:00+00
-- end
-- extended
INSERT INTO bids (auction, price, at) VALUES ($1, $2, $3)
-- $ 20 binary 000000000000000b
-- $ 1700 binary 0002000000000002000103e8
-- $ 0 text 2024-01-03 00:00:00+00
-- end
-- extended
INSERT INTO bids (auction, price, at) VALUES ($1, $2, $3)
-- $ 20 binary 000000000000000c
-- $ 1700 binary 0002000000000002000103e8
-- $ 0 text 2024-01-03 00:00:00+00
-- end
-- extended
INSERT INTO bids (auction, price, at) VALUES ($1, $2, $3)
-- $ 20 binary 000000000000000d
-- $ 1700 binary 0002000000000002000103e8
-- $ 0 text 2024-01-03 00:00:00+00
-- end
-- extended
INSERT INTO bids (auction, price, at) VALUES ($1, $2, $3)
-- $ 20 binary 000000000000000e
-- $ 1700 binary 0002000000000002000103e8
-- $ 0 text 2024-01-03 00:00:00+00
-- end
-- extended
INSERT INTO bids (auction, price, at) VALUES ($1, $2, $3)
-- $ 20 binary 000000000000000f
-- $ 1700 binary 0002000000000002000103e8
-- $ 0 text 2024-01-03 00:00:00+00
-- end
-- extended
INSERT INTO bids (auction, price, at) VALUES ($1, $2, $3)
-- $ 20 binary 0000000000000010
-- $ 1700 binary 0002000000000002000103e8
-- $ 0 text 2024-01-03 00:00:00+00
-- end
-- extended
INSERT INTO bids (auction, price, at) VALUES ($1, $2, $3)
-- $ 20 binary 0000000000000011
-- $ 1700 binary 0002000000000002000103e8
-- $ 0 text 2024-01-03 00:00:00+00
-- end
-- extended
INSERT INTO bids (auction, price, at) VALUES ($1, $2, $3)
-- $ 20 binary 0000000000000012
-- $ 1700 binary 0002000000000002000103e8
-- $ 0 text 2024-01-03 00:00:00+00
-- end
-- extended
INSERT INTO bids (auction, price, at) VALUES ($1, $2, $3)
-- $ 20 binary 0000000000000013
-- $ 1700 binary 0002000000000002000103e8
-- $ 0 text 2024-01-03 00:00:00+00
-- end
-- extended
INSERT INTO bids (auction, price, at) VALUES ($1, $2, $3)
-- $ 20 binary 0000000000000014
-- $ 1700 binary 0002000000000002000103e8
-- $ 0 text 2024-01-03 00:00:00+00
-- end
-- extended
INSERT INTO bids (auction, price, at) VALUES ($1, $2, $3)
-- $ 20 binary 0000000000000015
-- $ 1700 binary 0002000000000002000103e8
-- $ 0 text 2024-01-03 00:00:00+00
-- end
-- extended
INSERT INTO bids (auction, price, at) VALUES ($1, $2, $3)
-- $ 20 binary 0000000000000016
-- $ 1700 binary 0002000000000002000103e8
-- $ 0 text 2024-01-03 00:00:00+00
-- end
-- extended
INSERT INTO bids (auction, price, at) VALUES ($1, $2, $3)
-- $ 20 binary 0000000000000017
-- $ 1700 binary 0002000000000002000103e8
-- $ 0 text 2024-01-03 00:00:00+00
-- end
-- extended
INSERT INTO bids (auction, price, at) VALUES ($1, $2, $3)
-- $ 20 binary 0000000000000018
-- $ 1700 binary 0002000000000002000103e8
-- $ 0 text 2024-01-03 00:00:00+00
-- end
-- extended
INSERT INTO bids (auction, price, at) VALUES ($1, $2, $3)
-- $ 20 binary 0000000000000019
-- $ 1700 binary 0002000000000002000103e8
-- $ 0 text 2024-01-03 00:00:00+00
-- end
-- extended
INSERT INTO bids (auction, price, at) VALUES ($1, $2, $3)
-- $ 20 binary 000000000000001a
-- $ 1700 binary 0002000000000002000103e8
-- $ 0 text 2024-01-03 00:00:00+00
-- end
-- extended
INSERT INTO bids (auction, price, at) VALUES ($1, $2, $3)
-- $ 20 binary 000000000000001b
-- $ 1700 binary 0002000000000002000103e8
-- $ 0 text 2024-01-03 00:00:00+00
-- end
-- extended
INSERT INTO bids (auction, price, at) VALUES ($1, $2, $3)
-- $ 20 binary 000000000000001c
-- $ 1700 binary 0002000000000002000103e8
-- $ 0 text 2024-01-03 00:00:00+00
-- end
-- extended
INSERT INTO bids (auction, price, at) VALUES ($1, $2, $3)
-- $ 20 binary 000000000000001d
-- $ 1700 binary 0002000000000002000103e8
-- $ 0 text 2024-01-03 00:00:00+00
-- end
-- extended
INSERT INTO bids (auction, price, at) VALUES ($1, $2, $3)
-- $ 20 binary 000000000000001e
-- $ 1700 binary 0002000000000002000103e8
-- $ 0 text 2024-01-03 00:00:00+00
-- end
-- extended
INSERT INTO bids (auction, price, at) VALUES ($1, $2, $3)
-- $ 20 binary 000000000000001f
-- $ 1700 binary 0002000000000002000103e8
-- $ 0 text 2024-01-03 00:00:00+00
-- end
-- extended
INSERT INTO bids (auction, price, at) VALUES ($1, $2, $3)
-- $ 20 binary 0000000000000020
-- $ 1700 binary 0002000000000002000103e8
-- $ 0 text 2024-01-03 00:00:00+00
-- end
-- extended
INSERT INTO bids (auction, price, at) VALUES ($1, $2, $3)
-- $ 20 binary 0000000000000021
-- $ 1700 binary 0002000000000002000103e8
-- $ 0 text 2024-01-03 00:00:00+00
-- end
-- extended
INSERT INTO bids (auction, price, at) VALUES ($1, $2, $3)
-- $ 20 binary 0000000000000022
-- $ 1700 binary 0002000000000002000103e8
-- $ 0 text 2024-01-03 00:00:00+00
-- end
-- extended
INSERT INTO bids (auction, price, at) VALUES ($1, $2, $3)
-- $ 20 binary 0000000000000023
-- $ 1700 binary 0002000000000002000103e8
-- $ 0 text 2024-01-03 00:00:00+00
-- end
-- extended
INSERT INTO bids (auction, price, at) VALUES ($1, $2, $3)
-- $ 20 binary 0000000000000024
-- $ 1700 binary 0002000000000002000103e8
-- $ 0 text 2024-01-03 00:00:00+00
-- end
-- extended
INSERT INTO bids (auction, price, at) VALUES ($1, $2, $3)
-- $ 20 binary 0000000000000025
-- $ 1700 binary 0002000000000002000103e8
-- $ 0 text 2024-01-03 00:00:00+00
-- end
-- extended
INSERT INTO bids (auction, price, at) VALUES ($1, $2, $3)
-- $ 20 binary 0000000000000026
-- $ 1700 binary 0002000000000002000103e8
-- $ 0 text 2024-01-03 00:00:00+00
-- end
-- extended
INSERT INTO bids (auction, price, at) VALUES ($1, $2, $3)
-- $ 20 binary 0000000000000027
-- $ 1700 binary 0002000000000002000103e8
-- $ 0 text 2024-01-03 00:00:00+00
-- end
-- extended
INSERT INTO bids (auction, price, at) VALUES ($1, $2, $3)
-- $ 20 binary 0000000000000028
-- $ 1700 binary 0002000000000002000103e8
-- $ 0 text 2024-01-03 00:00:00+00
-- end
-- extended
INSERT INTO bids (auction, price, at) VALUES ($1, $2, $3)
-- $ 20 binary 0000000000000029
-- $ 1700 binary 0002000000000002000103e8
-- $ 0 text 2024-01-03 00:00:00+00
-- end
-- extended
INSERT INTO bids (auction, price, at) VALUES ($1, $2, $3)
-- $ 20 binary 000000000000002a
-- $ 1700 binary 0002000000000002000103e8
-- $ 0 text 2024-01-03 00:00:00+00
-- end
-- extended
INSERT INTO bids (auction, price, at) VALUES ($1, $2, $3)
-- $ 20 binary 000000000000002b
-- $ 1700 binary 0002000000000002000103e8
-- $ 0 text 2024-01-03 00:00:00+00
-- end
-- extended
INSERT INTO bids (auction, price, at) VALUES ($1, $2, $3)
-- $ 20 binary 000000000000002c
-- $ 1700 binary 0002000000000002000103e8
-- $ 0 text 2024-01-03 00:00:00+00
-- end
-- extended
INSERT INTO bids (auction, price, at) VALUES ($1, $2, $3)
-- $ 20 binary 000000000000002d
-- $ 1700 binary 0002000000000002000103e8
-- $ 0 text 2024-01-03 00:00:00+00
-- end
-- extended
INSERT INTO bids (auction, price, at) VALUES ($1, $2, $3)
-- $ 20 binary 000000000000002e
-- $ 1700 binary 0002000000000002000103e8
-- $ 0 text 2024-01-03 00:00:00+00
-- end
-- extended
INSERT INTO bids (auction, price, at) VALUES ($1, $2, $3)
-- $ 20 binary 000000000000002f
-- $ 1700 binary 0002000000000002000103e8
-- $ 0 text 2024-01-03 00:00:00+00
-- end
-- extended
INSERT INTO bids (auction, price, at) VALUES ($1, $2, $3)
-- $ 20 binary 0000000000000030
-- $ 1700 binary 0002000000000002000103e8
-- $ 0 text 2024-01-03 00:00:00+00
-- end
-- extended
INSERT INTO bids (auction, price, at) VALUES ($1, $2, $3)
-- $ 20 binary 0000000000000031
-- $ 1700 binary 0002000000000002000103e8
-- $ 0 text 2024-01-03 00:00:00+00
-- end
-- extended
INSERT INTO bids (auction, price, at) VALUES ($1, $2, $3)
-- $ 20 binary 0000000000000032
-- $ 1700 binary 0002000000000002000103e8
-- $ 0 text 2024-01-03 00:00:00+00
-- end
-- extended
INSERT INTO bids (auction, price, at) VALUES ($1, $2, $3)
-- $ 20 binary 0000000000000033
-- $ 1700 binary 0002000000000002000103e8
-- $ 0 text 2024-01-03 00:00:00+00
-- end
-- extended
INSERT INTO bids (auction, price, at) VALUES ($1, $2, $3)
-- $ 20 binary 0000000000000034
-- $ 1700 binary 0002000000000002000103e8
-- $ 0 text 2024-01-03 00:00:00+00
-- end
-- extended
INSERT INTO bids (auction, price, at) VALUES ($1, $2, $3)
-- $ 20 binary 0000000000000035
-- $ 1700 binary 0002000000000002000103e8
-- $ 0 text 2024-01-03 00:00:00+00
-- end
-- extended
INSERT INTO bids (auction, price, at) VALUES ($1, $2, $3)
-- $ 20 binary 0000000000000036
-- $ 1700 binary 0002000000000002000103e8
-- $ 0 text 2024-01-03 00:00:00+00
-- end
-- extended
INSERT INTO bids (auction, price, at) VALUES ($1, $2, $3)
-- $ 20 binary 0000000000000037
-- $ 1700 binary 0002000000000002000103e8
-- $ 0 text 2024-01-03 00:00:00+00
-- end
-- extended
INSERT INTO bids (auction, price, at) VALUES ($1, $2, $3)
-- $ 20 binary 0000000000000038
-- $ 1700 binary 0002000000000002000103e8
-- $ 0 text 2024-01-03 00:00:00+00
-- end
-- extended
INSERT INTO bids (auction, price, at) VALUES ($1, $2, $3)
-- $ 20 binary 0000000000000039
-- $ 1700 binary 0002000000000002000103e8
-- $ 0 text 2024-01-03 00:00:00+00
-- end
-- extended
INSERT INTO bids (auction, price, at) VALUES ($1, $2, $3)
-- $ 20 binary 000000000000003a
-- $ 1700 binary 0002000000000002000103e8
-- $ 0 text 2024-01-03 00:00:00+00
-- end
-- extended
INSERT INTO bids (auction, price, at) VALUES ($1, $2, $3)
-- $ 20 binary 000000000000003b
-- $ 1700 binary 0002000000000002000103e8
-- $ 0 text 2024-01-03 00:00:00+00
-- end
-- extended
INSERT INTO bids (auction, price, at) VALUES ($1, $2, $3)
-- $ 20 binary 000000000000003c
-- $ 1700 binary 0002000000000002000103e8
-- $ 0 text 2024-01-03 00:00:00+00
-- end
-- extended
INSERT INTO bids (auction, price, at) VALUES ($1, $2, $3)
-- $ 20 binary 000000000000003d
-- $ 1700 binary 0002000000000002000103e8
-- $ 0 text 2024-01-03 00:00:00+00
-- end
-- extended
INSERT INTO bids (auction, price, at) VALUES ($1, $2, $3)
-- $ 20 binary 000000000000003e
-- $ 1700 binary 0002000000000002000103e8
-- $ 0 text 2024-01-03 00:00:00+00
-- end
-- extended
INSERT INTO bids (auction, price, at) VALUES ($1, $2, $3)
-- $ 20 binary 000000000000003f
-- $ 1700 binary 0002000000000002000103e8
-- $ 0 text 2024-01-03 00:00:00+00
-- end
-- extended
INSERT INTO bids (auction, price, at) VALUES ($1, $2, $3)
-- $ 20 binary 0000000000000040
-- $ 1700 binary 0002000000000002000103e8
-- $ 0 text 2024-01-03 00:00:00+00
-- end
-- extended
INSERT INTO bids (auction, price, at) VALUES ($1, $2, $3)
-- $ 20 binary 0000000000000041
-- $ 1700 binary 0002000000000002000103e8
-- $ 0 text 2024-01-03 00:00:00+00
-- end
-- extended
INSERT INTO bids (auction, price, at) VALUES ($1, $2, $3)
-- $ 20 binary 0000000000000042
-- $ 1700 binary 0002000000000002000103e8
-- $ 0 text 2024-01-03 00:00:00+00
-- end
-- extended
INSERT INTO bids (auction, price, at) VALUES ($1, $2, $3)
-- $ 20 binary 0000000000000043
-- $ 1700 binary 0002000000000002000103e8
-- $ 0 text 2024-01-03 00:00:00+00
-- end
-- extended
INSERT INTO bids (auction, price, at) VALUES ($1, $2, $3)
-- $ 20 binary 0000000000000044
-- $ 1700 binary 0002000000000002000103e8
-- $ 0 text 2024-01-03 00:00:00+00
-- end
-- extended
INSERT INTO bids (auction, price, at) VALUES ($1, $2, $3)
-- $ 20 binary 0000000000000045
-- $ 1700 binary 0002000000000002000103e8
-- $ 0 text 2024-01-03 00:00:00+00
-- end
-- extended
INSERT INTO bids (auction, price, at) VALUES ($1, $2, $3)
-- $ 20 binary 0000000000000046
-- $ 1700 binary 0002000000000002000103e8
-- $ 0 text 2024-01-03 00:00:00+00
-- end
-- extended
INSERT INTO bids (auction, price, at) VALUES ($1, $2, $3)
-- $ 20 binary 0000000000000047
-- $ 1700 binary 0002000000000002000103e8
-- $ 0 text 2024-01-03 00:00:00+00
-- end
-- extended
INSERT INTO bids (auction, price, at) VALUES ($1, $2, $3)
-- $ 20 binary 0000000000000048
-- $ 1700 binary 0002000000000002000103e8
-- $ 0 text 2024-01-03 00:00:00+00
-- end
-- extended
INSERT INTO bids (auction, price, at) VALUES ($1, $2, $3)
-- $ 20 binary 0000000000000049
-- $ 1700 binary 0002000000000002000103e8
-- $ 0 text 2024-01-03 00:00:00+00
-- end
-- extended
INSERT INTO bids (auction, price, at) VALUES ($1, $2, $3)
-- $ 20 binary 000000000000004a
-- $ 1700 binary 0002000000000002000103e8
-- $ 0 text 2024-01-03 00:00:00+00
-- end
-- extended
INSERT INTO bids (auction, price, at) VALUES ($1, $2, $3)
-- $ 20 binary 000000000000004b
-- $ 1700 binary 0002000000000002000103e8
-- $ 0 text 2024-01-03 00:00:00+00
-- end
-- extended
INSERT INTO bids (auction, price, at) VALUES ($1, $2, $3)
-- $ 20 binary 000000000000004c
-- $ 1700 binary 0002000000000002000103e8
-- $ 0 text 2024-01-03 00:00:00+00
-- end
-- extended
INSERT INTO bids (auction, price, at) VALUES ($1, $2, $3)
-- $ 20 binary 000000000000004d
-- $ 1700 binary 0002000000000002000103e8
-- $ 0 text 2024-01-03 00:00:00+00
-- end
-- extended
INSERT INTO bids (auction, price, at) VALUES ($1, $2, $3)
-- $ 20 binary 000000000000004e
-- $ 1700 binary 0002000000000002000103e8
-- $ 0 text 2024-01-03 00:00:00+00
-- end
-- extended
INSERT INTO bids (auction, price, at) VALUES ($1, $2, $3)
-- $ 20 binary 000000000000004f
-- $ 1700 binary 0002000000000002000103e8
-- $ 0 text 2024-01-03 00:00:00+00
-- end
-- extended
INSERT INTO bids (auction, price, at) VALUES ($1, $2, $3)
-- $ 20 binary 0000000000000050
-- $ 1700 binary 0002000000000002000103e8
-- $ 0 text 2024-01-03 00:00:00+00
-- end
-- extended
INSERT INTO bids (auction, price, at) VALUES ($1, $2, $3)
-- $ 20 binary 0000000000000051
-- $ 1700 binary 0002000000000002000103e8
-- $ 0 text 2024-01-03 00:00:00+00
-- end
-- extended
INSERT INTO bids (auction, price, at) VALUES ($1, $2, $3)
-- $ 20 binary 0000000000000052
-- $ 1700 binary 0002000000000002000103e8
-- $ 0 text 2024-01-03 00:00:00+00
-- end
-- extended
INSERT INTO bids (auction, price, at) VALUES ($1, $2, $3)
-- $ 20 binary 0000000000000053
-- $ 1700 binary 0002000000000002000103e8
-- $ 0 text 2024-01-03 00:00:00+00
-- end
-- extended
INSERT INTO bids (auction, price, at) VALUES ($1, $2, $3)
-- $ 20 binary 0000000000000054
-- $ 1700 binary 0002000000000002000103e8
-- $ 0 text 2024-01-03 00:00:00+00
-- end
-- extended
INSERT INTO bids (auction, price, at) VALUES ($1, $2, $3)
-- $ 20 binary 0000000000000055
-- $ 1700 binary 0002000000000002000103e8
-- $ 0 text 2024-01-03 00:00:00+00
-- end
-- extended
INSERT INTO bids (auction, price, at) VALUES ($1, $2, $3)
-- $ 20 binary 0000000000000056
-- $ 1700 binary 0002000000000002000103e8
-- $ 0 text 2024-01-03 00:00:00+00
-- end
-- extended
INSERT INTO bids (auction, price, at) VALUES ($1, $2, $3)
-- $ 20 binary 0000000000000057
-- $ 1700 binary 0002000000000002000103e8
-- $ 0 text 2024-01-03 00:00:00+00
-- end
-- extended
INSERT INTO bids (auction, price, at) VALUES ($1, $2, $3)
-- $ 20 binary 0000000000000058
-- $ 1700 binary 0002000000000002000103e8
-- $ 0 text 2024-01-03 00:00:00+00
-- end
-- extended
INSERT INTO bids (auction, price, at) VALUES ($1, $2, $3)
-- $ 20 binary 0000000000000059
-- $ 1700 binary 0002000000000002000103e8
-- $ 0 text 2024-01-03 00:00:00+00
-- end
-- extended
INSERT INTO bids (auction, price, at) VALUES ($1, $2, $3)
-- $ 20 binary 000000000000005a
-- $ 1700 binary 0002000000000002000103e8
-- $ 0 text 2024-01-03 00:00:00+00
-- end
-- extended
INSERT INTO bids (auction, price, at) VALUES ($1, $2, $3)
-- $ 20 binary 000000000000005b
-- $ 1700 binary 0002000000000002000103e8
-- $ 0 text 2024-01-03 00:00:00+00
-- end
-- extended
INSERT INTO bids (auction, price, at) VALUES ($1, $2, $3)
-- $ 20 binary 000000000000005c
-- $ 1700 binary 0002000000000002000103e8
-- $ 0 text 2024-01-03 00:00:00+00
-- end
-- extended
INSERT INTO bids (auction, price, at) VALUES ($1, $2, $3)
-- $ 20 binary 000000000000005d
-- $ 1700 binary 0002000000000002000103e8
-- $ 0 text 2024-01-03 00:00:00+00
-- end
-- extended
INSERT INTO bids (auction, price, at) VALUES ($1, $2, $3)
-- $ 20 binary 000000000000005e
-- $ 1700 binary 0002000000000002000103e8
-- $ 0 text 2024-01-03 00:00:00+00
-- end
-- extended
INSERT INTO bids (auction, price, at) VALUES ($1, $2, $3)
-- $ 20 binary 000000000000005f
-- $ 1700 binary 0002000000000002000103e8
-- $ 0 text 2024-01-03 00:00:00+00
-- end
-- extended
INSERT INTO bids (auction, price, at) VALUES ($1, $2, $3)
-- $ 20 binary 0000000000000060
-- $ 1700 binary 0002000000000002000103e8
-- $ 0 text 2024-01-03 00:00:00+00
-- end
-- extended
INSERT INTO bids (auction, price, at) VALUES ($1, $2, $3)
-- $ 20 binary 0000000000000061
-- $ 1700 binary 0002000000000002000103e8
-- $ 0 text 2024-01-03 00:00:00+00
-- end
-- extended
INSERT INTO bids (auction, price, at) VALUES ($1, $2, $3)
-- $ 20 binary 0000000000000062
-- $ 1700 binary 0002000000000002000103e8
-- $ 0 text 2024-01-03 00:00:00+00
-- end
-- extended
INSERT INTO bids (auction, price, at) VALUES ($1, $2, $3)
-- $ 20 binary 0000000000000063
-- $ 1700 binary 0002000000000002000103e8
-- $ 0 text 2024-01-03 00:00:00+00
-- end
-- extended
INSERT INTO bids (auction, price, at) VALUES ($1, $2, $3)
-- $ 20 binary 0000000000000064
-- $ 1700 binary 0002000000000002000103e8
-- $ 0 text 2024-01-03 00:00:00+00
-- end
-- extended
INSERT INTO bids (auction, price, at) VALUES ($1, $2, $3)
-- $ 20 binary 0000000000000065
-- $ 1700 binary 0002000000000002000103e8
-- $ 0 text 2024-01-03 00:00:00+00
-- end
-- extended
INSERT INTO bids (auction, price, at) VALUES ($1, $2, $3)
-- $ 20 binary 0000000000000066
-- $ 1700 binary 0002000000000002000103e8
-- $ 0 text 2024-01-03 00:00:00+00
-- end
-- extended
INSERT INTO bids (auction, price, at) VALUES ($1, $2, $3)
-- $ 20 binary 0000000000000067
-- $ 1700 binary 0002000000000002000103e8
-- $ 0 text 2024-01-03 00:00:00+00
-- end
-- extended
INSERT INTO bids (auction, price, at) VALUES ($1, $2, $3)
-- $ 20 binary 0000000000000068
-- $ 1700 binary 0002000000000002000103e8
-- $ 0 text 2024-01-03 00:00:00+00
-- end
-- extended
INSERT INTO bids (auction, price, at) VALUES ($1, $2, $3)
-- $ 20 binary 0000000000000069
-- $ 1700 binary 0002000000000002000103e8
-- $ 0 text 2024-01-03 00:00:00+00
-- end
-- extended
INSERT INTO bids (auction, price, at) VALUES ($1, $2, $3)
-- $ 20 binary 000000000000006a
-- $ 1700 binary 0002000000000002000103e8
-- $ 0 text 2024-01-03 00:00:00+00
-- end
-- extended
INSERT INTO bids (auction, price, at) VALUES ($1, $2, $3)
-- $ 20 binary 000000000000006b
-- $ 1700 binary 0002000000000002000103e8
-- $ 0 text 2024-01-03 00:00:00+00
-- end
-- extended
INSERT INTO bids (auction, price, at) VALUES ($1, $2, $3)
-- $ 20 binary 000000000000006c
-- $ 1700 binary 0002000000000002000103e8
-- $ 0 text 2024-01-03 00:00:00+00
-- end
-- extended
INSERT INTO bids (auction, price, at) VALUES ($1, $2, $3)
-- $ 20 binary 000000000000006d
-- $ 1700 binary 0002000000000002000103e8
-- $ 0 text 2024-01-03 00:00:00+00
-- end
-- extended
COMMIT
-- end
-- extended
BEGIN
-- end
-- extended
SELECT auction FROM bids WHERE auction >= $1 ORDER BY 1
-- $ 20 binary 000000000000000a
-- columns auction:20
-- row 10
-- end
-- extended
SAVEPOINT "one"
-- end
-- extended
ROLLBACK TO SAVEPOINT "one"
-- end
-- extended
SELECT 1
-- columns ?column?:23
-- row 1
-- end
-- extended
INSERT INTO bids (auction, at) VALUES ($1, '2024-01-04')
RETURNING *
-- $ 20 binary 00000000000000c8
-- columns auction:20	price:1700	tag:1043	at:1114
-- row 200	\N	none	2024-01-04 00:00:00
-- end
-- extended
ROLLBACK
-- end
-- extended
SET SESSION CHARACTERISTICS AS TRANSACTION ISOLATION LEVEL REPEATABLE READ
-- end
-- extended
BEGIN READ ONLY
-- end
-- extended
select current_schema()
-- columns current_schema:19
-- row public
-- end
