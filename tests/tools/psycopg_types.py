"""Every type through psycopg: read, sent back, inserted and copied, in text and in binary.

Run as: psycopg_types.py HOST PORT USER DATABASE KIND, KIND being TABLE or STREAM. It prints one line for each value;
two servers agree if their lines are equal.
"""

import sys

import psycopg
from psycopg.types.json import Json, Jsonb

from types_table import columns, connect_arguments, shown


def attempt(action):
    """What an action gives, or the error that it ends with."""
    try:
        return action()
    except psycopg.Error as error:
        return f"{type(error).__name__} {error.sqlstate or ''} {str(error).splitlines()[0]}"


def described(cursor):
    """Type numbers and sizes of an answer's columns."""
    return " ".join(
        f"{column.type_code}/{column.display_size}/{column.precision}/{column.scale}" for column in cursor.description
    )


def read(connection, query, binary, parameters=None):
    with connection.cursor(binary=binary) as cursor:
        cursor.execute(query, parameters)
        return described(cursor) + " " + ", ".join(shown(value) for value in cursor.fetchone())


def value_of(connection, query):
    with connection.cursor() as cursor:
        return cursor.execute(query).fetchone()[0]


def python_value(connection, column, literal):
    """The value as Python has it, ready to be sent; its text where Python has no such value."""
    try:
        value = value_of(connection, f"SELECT {literal}::{column.type}")
    except psycopg.DataError:
        return value_of(connection, f"SELECT {literal}::{column.type}::text")
    wrap = {"json": Json, "jsonb": Jsonb}.get(column.type.removesuffix("[]"))
    if wrap is None or value is None:
        return value
    if column.type.endswith("[]"):
        return [None if part is None else wrap(part) for part in value]
    return wrap(value)


def sent_back(connection, column, literal):
    """The value as a parameter of each format, with and without a cast."""
    value = python_value(connection, column, literal)
    for format in ("t", "b"):
        query = f"SELECT (%{format}::{column.type})::text, pg_typeof(%{format}::{column.type})::text"
        print(" ", format, attempt(lambda: read(connection, query, False, [value, value])))
        query = f"SELECT %{format}"
        print(" ", format, "bare", attempt(lambda: read(connection, query, True, [value])))
        query = f"SELECT count(*) FROM types WHERE {column.name} = %{format}"
        if column.type not in ("json", "json[]"):
            print(" ", format, "where", attempt(lambda: read(connection, query, True, [value])))
        query = f"INSERT INTO types ({column.name}) VALUES (%{format})"
        print(" ", format, "insert", attempt(lambda: connection.execute(query, [value]).statusmessage))


def copied_in(connection, column, literal, binary):
    """The value as Python has it through COPY … FROM STDIN, if Python has one."""
    value = python_value(connection, column, literal)
    if isinstance(value, str) and column.plain_type[:4] in ("date", "time"):
        return "no such value in Python"
    format = "WITH (FORMAT binary)" if binary else ""

    def copy():
        with connection.cursor() as cursor:
            with cursor.copy(f"COPY types ({column.name}) FROM STDIN {format}") as copy:
                # psycopg writes texts of every kind in the same form.
                base = column.plain_type.removesuffix("[]")
                known = column.plain_type.replace(base, "text") if base in ("bpchar", '"char"') else column.plain_type
                copy.set_types([known])
                copy.write_row([value])
                copy.write_row([None])
            return cursor.statusmessage

    return attempt(copy)


def copied_out(connection, column, literal, binary):
    """The value through COPY … TO STDOUT: its bytes, and what psycopg reads in them."""
    format = "WITH (FORMAT binary)" if binary else ""

    def copy():
        with connection.cursor() as cursor:
            with cursor.copy(f"COPY (SELECT {literal}::{column.type}) TO STDOUT {format}") as copy:
                copy.set_types([column.plain_type])
                return ", ".join(shown(value) for row in copy.rows() for value in row)

    return attempt(copy)


def main():
    connection = psycopg.connect(**connect_arguments(), autocommit=True)
    kind = sys.argv[5]
    every = list(columns())
    declared = ", ".join(f"{column.name} {column.type}" for column in every)
    connection.execute(f"CREATE {kind} types ({declared})")
    print("1:", read(connection, "SELECT 1, 1.0, 'a', NULL, 3000000000, 1.5e0, TRUE, now() - now()", True))
    for column in every:
        print(column.name, column.type)
        print(" described", attempt(lambda: described(connection.execute(f"SELECT {column.name} FROM types"))))
        for literal in column.literals:
            print(" ", literal)
            for binary in (False, True):
                print("  read", attempt(lambda: read(connection, f"SELECT {literal}::{column.type}", binary)))
                print("  copy out", copied_out(connection, column, literal, binary))
                print("  copy in", attempt(lambda: copied_in(connection, column, literal, binary)))
            failed = attempt(lambda: sent_back(connection, column, literal))
            if failed:
                print("  not sent back:", failed)
        query = f"SELECT {column.name}::text FROM types WHERE {column.name} IS NOT NULL"
        print(" stored", attempt(lambda: sorted(row[0] for row in connection.execute(query).fetchall())))


main()
