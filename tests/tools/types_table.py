"""What the Python programs share: the table of types, and how a value is shown."""

import pathlib
import sys
from dataclasses import dataclass


@dataclass
class Column:
    """A column of a type, and SQL literals of its values."""

    name: str
    type: str
    literals: list

    @property
    def plain_type(self):
        """The type without its parameters, as drivers know it."""
        base, array = (self.type[:-2], "[]") if self.type.endswith("[]") else (self.type, "")
        base = base.split("(")[0]
        base = {"double precision": "float8", "char": "bpchar"}.get(base, base)
        return base + array


def quoted(text):
    return "'" + text.replace("'", "''") + "'"


def array_of(values):
    """An array literal of values and a NULL."""
    parts = ['"' + value.replace("\\", "\\\\").replace('"', '\\"') + '"' for value in values]
    return "{" + ",".join(parts + ["NULL"]) + "}"


def columns():
    """The columns of types.tsv, and after each scalar the array of it."""
    path = pathlib.Path(__file__).parent / "types.tsv"
    for line in path.read_text(encoding="utf-8").splitlines():
        if line.startswith("#"):
            continue
        name, type, *values = line.split("\t")
        values = [value.replace("\\\\", "\\") if type == "text" else value for value in values]
        yield Column(name, type, [quoted(value) for value in values] + ["NULL"])
        yield Column(name + "_a", type + "[]", [quoted("{}"), quoted(array_of(values))])


def connect_arguments():
    host, port, user, database = sys.argv[1:5]
    return {"host": host, "port": int(port), "user": user, "dbname": database}


def shown(value):
    """The value as Python prints it, with its type; long ones are cut."""
    if isinstance(value, list):
        return "[" + ", ".join(shown(part) for part in value) + "]"
    text = value.hex() if isinstance(value, bytes) else repr(value)
    return f"{type(value).__name__}:{text}"
