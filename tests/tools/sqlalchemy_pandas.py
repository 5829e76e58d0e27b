"""SQLAlchemy with psycopg and psycopg2, and pandas and polars on top of it: reflect, query, insert."""

import datetime
import decimal
import sys

import pandas
import polars
import sqlalchemy
from sqlalchemy import orm

host, port, user, database = sys.argv[1:5]


def reflect(engine):
    inspector = sqlalchemy.inspect(engine)
    print("schemas", sorted(set(inspector.get_schema_names()) & {"public", "information_schema"}))
    print("tables", sorted(inspector.get_table_names()), sorted(inspector.get_view_names()))
    print("materialized", inspector.get_materialized_view_names())
    for relation in ("bids", "dear", "totals"):
        for column in inspector.get_columns(relation):
            print("column", relation, column["name"], repr(column["type"]), column["nullable"], column["default"])
        print("keys", inspector.get_pk_constraint(relation), inspector.get_foreign_keys(relation))
        print("others", inspector.get_indexes(relation), inspector.get_unique_constraints(relation))
        print("checks", inspector.get_check_constraints(relation))
    print("comment", inspector.get_table_comment("bids"))
    print("definition", bool(inspector.get_view_definition("dear")))
    print("has", inspector.has_table("bids"), inspector.has_table("nowhere"))


def query(engine):
    class Base(orm.DeclarativeBase):
        pass

    class Bid(Base):
        __table__ = sqlalchemy.Table("bids", Base.metadata, autoload_with=engine)
        __mapper_args__ = {"primary_key": [__table__.c.auction]}

    with orm.Session(engine) as session:
        session.add(Bid(auction=7, price=decimal.Decimal("1.10"), tag="o", at=datetime.datetime(2024, 1, 7)))
        session.commit()
        bid = session.get(Bid, 7)
        print("orm", bid.auction, bid.price, bid.tag, bid.at)
        statement = sqlalchemy.select(sqlalchemy.func.count()).where(Bid.auction.in_([1, 7]))
        print("orm in", session.scalar(statement))
    with engine.connect().execution_options(stream_results=True) as connection:
        rows = connection.execute(sqlalchemy.select(Bid.auction).order_by(Bid.auction))
        print("streamed", [row[0] for row in rows])


def frames(engine):
    frame = pandas.DataFrame({"auction": [8, 9], "at": pandas.to_datetime(["2024-01-08", "2024-01-09"])})
    print("to_sql", frame.to_sql("bids", engine, if_exists="append", index=False))
    print("read_sql", pandas.read_sql("SELECT * FROM bids ORDER BY auction", engine).to_dict("list"))
    print("read_sql_table", pandas.read_sql_table("dear", engine).dtypes.to_dict())
    chunks = pandas.read_sql("SELECT auction FROM bids ORDER BY 1", engine, chunksize=2)
    print("chunks", [len(chunk) for chunk in chunks])
    print("polars", polars.read_database("SELECT * FROM bids ORDER BY auction", engine).to_dict(as_series=False))
    more = polars.DataFrame({"auction": [10], "at": [datetime.datetime(2024, 1, 10)]})
    print("polars write", more.write_database("bids", engine, if_table_exists="append"))


for driver in ("psycopg", "psycopg2"):
    engine = sqlalchemy.create_engine(f"postgresql+{driver}://{user}@{host}:{port}/{database}")
    print(driver)
    reflect(engine)
    query(engine)
    frames(engine)
