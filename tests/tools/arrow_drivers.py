"""ADBC and connectorx, which read in COPY's binary form: connect, look at the schema, query, parameters, ingest."""

import datetime
import sys

import adbc_driver_postgresql.dbapi
import connectorx
import polars
import pyarrow

host, port, user, database = sys.argv[1:5]
address = f"postgresql://{user}@{host}:{port}/{database}"
EVERY = (
    "SELECT true AS b, 1::int2 AS i2, 1 AS i4, 1::int8 AS i8, 1.5::float4 AS f4, 1.5::float8 AS f8, 1.10 AS n, 'a' AS t, "
    "'ab'::varchar(3) AS vc, 'ab'::char(3) AS ch, 'nm'::name AS nm, '\\x00ff'::bytea AS ba, date '2024-02-29' AS d, "
    "time '01:02:03' AS tm, timestamp '2024-02-29 01:02:03' AS ts, timestamptz '2024-02-29 01:02:03+00' AS tz, "
    "'a0eebc99-9c0b-4ef8-bb6d-6bb9bd380a11'::uuid AS u, '{\"a\": 1}'::json AS j, '{\"a\": 1}'::jsonb AS jb"
)
MORE = ", interval '1 mon 2 days 3 s' AS iv, 5::oid AS o, '{1,2,NULL}'::int[] AS ia, '{a,NULL}'::text[] AS ta, '{1.5}'::float8[] AS fa"


def adbc():
    with adbc_driver_postgresql.dbapi.connect(address, autocommit=True) as connection, connection.cursor() as cursor:
        for copy in ("true", "false"):
            cursor.adbc_statement.set_options(**{"adbc.postgresql.use_copy": copy})
            cursor.execute(EVERY + MORE)
            table = cursor.fetch_arrow_table()
            for name, column in zip(table.schema.names, table.columns):
                print("adbc", copy, name, column.type, column.to_pylist())
        cursor.execute("SELECT * FROM bids ORDER BY auction")
        print("adbc bids", cursor.fetch_arrow_table().to_pylist())
        cursor.execute("SELECT $1::int8 + 1, $2::text, $3::float8", (1, "x", 1.5))
        print("adbc parameters", cursor.fetchall())
        cursor.executemany("INSERT INTO bids (auction, at) VALUES ($1, $2)", [(3, datetime.datetime(2024, 1, 3))])
        at = pyarrow.array([datetime.datetime(2024, 1, 4)], pyarrow.timestamp("us"))
        rows = pyarrow.table({"auction": pyarrow.array([4], pyarrow.int64()), "tag": ["x"], "at": at})
        print("adbc ingest", cursor.adbc_ingest("bids", rows, mode="append"))
        cursor.execute("SELECT auction, tag FROM bids ORDER BY auction")
        print("adbc after", cursor.fetchall())
        print("adbc schema", connection.adbc_get_table_schema("bids"))
        objects = connection.adbc_get_objects(depth="all", catalog_filter=database, db_schema_filter="public").read_all()
        for catalog in objects.to_pylist():
            for schema in catalog["catalog_db_schemas"]:
                for relation in sorted(schema["db_schema_tables"], key=lambda one: one["table_name"]):
                    columns = sorted((one["ordinal_position"], one["column_name"]) for one in relation["table_columns"])
                    print("adbc object", relation["table_name"], relation["table_type"], columns)
        print("adbc info", connection.adbc_get_info()["vendor_name"])
        print("adbc types", connection.adbc_get_table_types())


def connectorx_all():
    for protocol in ("binary", "csv", "cursor", "simple"):
        # Simple queries of connectorx know fewer types.
        query = "SELECT 1 AS i4, 1::int8 AS i8, 1.5::float8 AS f8, 'a' AS t" if protocol == "simple" else EVERY
        table = connectorx.read_sql(address, query, protocol=protocol, return_type="arrow")
        print("connectorx", protocol, table.schema.types, table.to_pylist())
        bids = connectorx.read_sql(address, "SELECT auction, price, tag, at FROM bids", protocol=protocol, return_type="arrow")
        print("connectorx", protocol, sorted(bids.column("auction").to_pylist()))
    parts = connectorx.read_sql(address, "SELECT auction FROM bids", partition_on="auction", partition_num=2, return_type="arrow")
    print("connectorx partitions", sorted(parts.column("auction").to_pylist()))
    arrays = "SELECT '{1,2}'::int4[] AS a, '{1.5}'::float8[] AS f, '{a,b}'::text[] AS t, '{t}'::bool[] AS b"
    print("connectorx arrays", connectorx.read_sql(address, arrays, return_type="arrow").to_pylist())


def with_polars():
    read = polars.read_database_uri("SELECT auction, price, at FROM bids ORDER BY auction", address)
    print("polars", read.to_dict(as_series=False))
    read = polars.read_database_uri("SELECT auction, price FROM bids ORDER BY auction", address, engine="adbc")
    print("polars adbc", read.to_dict(as_series=False))
    frame = polars.DataFrame({"auction": [11], "at": [datetime.datetime(2024, 1, 11)]})
    print("polars write", frame.write_database("bids", address, if_table_exists="append", engine="adbc"))


adbc()
connectorx_all()
with_polars()
