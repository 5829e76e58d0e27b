"""pgcli in a terminal: it starts without a word, and its backslash commands list what is there.

Run as: pgcli_session.py HOST PORT USER DATABASE. It prints what was on the screen, and ends with 1 where a command did not
show what it should.
"""

import os
import re
import shutil
import sys
import tempfile

import pexpect

host, port, user, database = sys.argv[1:5]
COMMANDS = [
    ("SELECT 1 AS ok;", r"\| 1 +\|"),
    ("SELECT auction, tag FROM bids ORDER BY 1;", r"\| 1 +\| a +\|"),
    (r"\dt", r"public +\| bids +\| table"),
    (r"\dv", r"public +\| dear +\| view"),
    (r"\dm", r"public +\| totals +\| materialized view"),
    (r"\d bids", r"price +\| numeric\(10,2\)"),
    (r"\d+ dear", r"auction +\| bigint"),
    (r"\dn", r"public"),
    (r"\l", r"UTF8"),
    (r"\du", user),
    (r"\df", r"SELECT \d+|Time"),
    (r"\dT", r"SELECT \d+|Time"),
    (r"\di", r"SELECT \d+|Time"),
    (r"\ds", r"SELECT \d+|Time"),
    (r"\dx", r"SELECT \d+|Time"),
    ("SELECT * FROM totals ORDER BY 1;", r"SELECT 2"),
]


def screen(text):
    return re.sub(r"\x1b\[[0-9;?]*[a-zA-Z]", "", text).replace("\r", "")


def main():
    home = tempfile.mkdtemp()
    environment = {**os.environ, "HOME": home, "XDG_CONFIG_HOME": home, "PAGER": "cat", "TERM": "dumb"}
    program = os.path.join(os.path.dirname(sys.executable), "pgcli")
    arguments = ["-h", host, "-p", port, "-U", user, "-d", database, "--less-chatty"]
    pgcli = pexpect.spawn(
        program, arguments, env=environment, timeout=30, encoding="utf-8", dimensions=(60, 200)
    )
    seen = []
    try:
        pgcli.expect(re.escape(database) + "> ")
        for command, shows in COMMANDS:
            pgcli.send(command + "\r")
            pgcli.expect(shows)
            seen.append(screen(pgcli.before + pgcli.after))
        pgcli.send("\\q\r")
        pgcli.expect(pexpect.EOF)
        seen.append(screen(pgcli.before))
    except (pexpect.TIMEOUT, pexpect.EOF):
        seen.append(screen(pgcli.before))
        print("".join(seen))
        sys.exit(f"not shown: {command} {shows}")
    finally:
        shutil.rmtree(home)
    print("".join(seen))
    if "Traceback" in "".join(seen):
        sys.exit("a traceback is on the screen")


main()
