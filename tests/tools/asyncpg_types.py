"""Every type through asyncpg, which sends and reads all in binary.

Run as: asyncpg_types.py HOST PORT USER DATABASE KIND, KIND being TABLE or STREAM. It prints one line for each value;
two servers agree if their lines are equal.
"""

import asyncio
import io
import sys

import asyncpg

from types_table import columns, connect_arguments, shown

ERRORS = (asyncpg.PostgresError, asyncpg.InterfaceError, asyncpg.InternalClientError, OverflowError, ValueError)


async def attempt(answer):
    """What is awaited, or the error that it ends with."""
    try:
        return await answer
    except ERRORS as error:
        return f"{type(error).__name__} {getattr(error, 'sqlstate', '')} {str(error).splitlines()[0]}"


async def described(connection, query):
    """The types of a statement's parameters and columns, as asyncpg looks them up."""
    statement = await connection.prepare(query)
    names = [(part.oid, part.name, part.kind, part.schema) for part in statement.get_parameters()]
    return names, [(part.name, part.type.oid, part.type.name, part.type.kind) for part in statement.get_attributes()]


async def read(connection, query, *parameters):
    return ", ".join(shown(value) for value in await connection.fetchrow(query, *parameters))


async def copied(connection, column, value):
    """Binary COPY both ways."""
    status = await connection.copy_records_to_table("types", columns=[column.name], records=[(value,), (None,)])
    out = io.BytesIO()
    query = f"SELECT {column.name} FROM types WHERE {column.name} IS NULL LIMIT 1"
    await connection.copy_from_query(query, output=out, format="binary")
    return status, out.getvalue().hex()


async def both_ways(connection, column, literal):
    out = io.BytesIO()
    for format in ("text", "csv", "binary"):
        await connection.copy_from_query(f"SELECT {literal}::{column.type}", output=out, format=format)
    print("  copy out", out.getvalue())
    print("  read", await read(connection, f"SELECT {literal}::{column.type}"))
    value = await connection.fetchval(f"SELECT {literal}::{column.type}")
    print("  sent", await attempt(read(connection, f"SELECT $1::{column.type}, ($1::{column.type})::text", value)))
    if column.type not in ("json", "json[]"):
        query = f"SELECT count(*) FROM types WHERE {column.name} = $1"
        print("  where", await attempt(connection.fetchval(query, value)))
    print("  insert", await attempt(connection.execute(f"INSERT INTO types ({column.name}) VALUES ($1)", value)))
    print("  copy in", await attempt(copied(connection, column, value)))
    many = connection.executemany(f"INSERT INTO types ({column.name}) VALUES ($1)", [(value,), (None,)])
    print("  many", await attempt(many))


async def main():
    settings = connect_arguments()
    settings["database"] = settings.pop("dbname")
    connection = await asyncpg.connect(**settings)
    every = list(columns())
    declared = ", ".join(f"{column.name} {column.type}" for column in every)
    await connection.execute(f"CREATE {sys.argv[5]} types ({declared})")
    print("1:", await read(connection, "SELECT 1, 1.0, 'a', NULL, 3000000000, 1.5e0, TRUE, ROW(1, 'x', NULL)"))
    for column in every:
        print(column.name, column.type)
        query = f"SELECT {column.name} FROM types WHERE $1::{column.type} IS NULL"
        print(" described", await attempt(described(connection, query)))
        for literal in column.literals:
            print(" ", literal)
            print("  done", await attempt(both_ways(connection, column, literal)))
        query = f"SELECT {column.name}::text FROM types WHERE {column.name} IS NOT NULL"
        print(" stored", sorted(row[0] for row in await connection.fetch(query)))
    await connection.close()


asyncio.run(main())
