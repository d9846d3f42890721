"""to_sql against PostgreSQL: random expressions over random rows mean the same, NULL being unknown.

PostgreSQL shares nothing with patron or with DuckDB. The tests need psql and a server: that of the connection string
in PATRON_POSTGRESQL ("host=... dbname=..."), whose user may make temporary tables, or one of their own, which they
start where initdb and pg_ctl are found (Debian: postgresql), in a folder that is removed again. Without either they
skip. PATRON_CASES multiplies the number of expressions.
"""

from __future__ import annotations

import json
import os
import pwd
import re
import shutil
import subprocess
import tempfile
from collections.abc import Iterator
from decimal import Decimal
from pathlib import Path
from typing import Any

import patron
import pytest
from random_expressions import KINDS, MONTHS, NOW, SCHEMA, TRUTH, UTC, Maker, in_micros, random_rows, same

pyarrow = pytest.importorskip("pyarrow", reason="pyarrow, which carries the rows, is not installed")

#: What the columns of the rows are in PostgreSQL.
TYPES = {"bool": "boolean", "int64": "bigint", "double": "float8", "money": "numeric(19, 2)", "string": "text",
         "enum": "text", "enum_set": "bigint", "date": "date", "timestamp": "timestamptz", "duration": "interval"}


def programs() -> Path | None:
    """The folder of initdb and pg_ctl: the newest of Debian's, or where the path leads."""
    found = sorted(Path("/usr/lib/postgresql").glob("*/bin/initdb"), key=lambda p: float(p.parts[-3]))
    on_path = shutil.which("initdb")
    if found:
        return found[-1].parent
    return Path(on_path).parent if on_path else None


def nobody_special() -> dict[str, Any]:
    """PostgreSQL does not run as root: then as the user that Debian's package makes."""
    if os.geteuid() != 0:
        return {}
    try:
        user = pwd.getpwnam("postgres")
    except KeyError:
        pytest.skip("PostgreSQL does not run as root, and there is no user postgres")
    return {"user": user.pw_uid, "group": user.pw_gid, "extra_groups": []}


@pytest.fixture(scope="module")
def connection() -> Iterator[str]:
    if shutil.which("psql") is None:
        pytest.skip("psql is not installed (Debian: postgresql)")
    if os.environ.get("PATRON_POSTGRESQL"):
        yield os.environ["PATRON_POSTGRESQL"]
        return
    where = programs()
    if where is None:
        pytest.skip("no PATRON_POSTGRESQL, and no initdb to start a server with (Debian: postgresql)")
    user = nobody_special()
    folder = Path(tempfile.mkdtemp(prefix="patron-pg-"))
    try:
        if user:
            os.chown(folder, user["user"], user["group"])
        run = {"check": True, "stdout": subprocess.DEVNULL, "cwd": folder, **user}
        data = folder / "data"
        subprocess.run([where / "initdb", "-D", data, "-U", "patron", "-A", "trust", "-E", "UTF8", "--no-sync",
                        "--locale=C.UTF-8"], **run)
        options = f"-c listen_addresses='' -c unix_socket_directories='{folder}' -c fsync=off"
        subprocess.run([where / "pg_ctl", "-D", data, "-w", "-l", folder / "log", "-o", options, "start"], **run)
        try:
            yield f"host={folder} user=patron dbname=postgres"
        finally:
            subprocess.run([where / "pg_ctl", "-D", data, "-m", "immediate", "stop"], **run)
    finally:
        shutil.rmtree(folder, ignore_errors=True)


def cell(value: Any) -> str:
    if value is None:
        return r"\N"
    if hasattr(value, "total_seconds"):
        return f"{in_micros(value)} microseconds"
    return {True: "t", False: "f"}[value] if isinstance(value, bool) else str(value)


def as_rows(columns: list[list[Any]]) -> str:
    """As COPY reads them; no text of the rows has a tab, a line end or a backslash."""
    return "".join("\t".join(map(cell, row)) + "\n" for row in zip(*columns, strict=True))


class Database:
    """The rows as a table, and a psql for each list of questions."""

    def __init__(self, connection: str) -> None:
        self.connection = connection
        self.table = pyarrow.table(random_rows(pyarrow, 7))
        kinds = {name: SCHEMA.kind(name) for name in SCHEMA}
        columns = [self.table[name].to_pylist() for name in kinds]
        columns.insert(0, list(range(self.table.num_rows)))
        types = ", ".join(f'"{name}" {TYPES[kind]}' for name, kind in kinds.items())
        self.setup = (f"SET TimeZone = 'UTC';\nCREATE TEMPORARY TABLE facts (row bigint, {types});\n"
                      f"COPY facts FROM STDIN;\n{as_rows(columns)}\\.\n")

    def ask(self, wanted: list[str]) -> list[list[str | None] | str]:
        """The values of each select list over the facts, as text; or the error."""
        script = [self.setup]
        for number, sql in enumerate(wanted):
            script.append(f"\\warn @@{number}\n\\echo @@{number}\n"
                          f"COPY (SELECT to_json(value)::text FROM (SELECT row, {sql} AS value FROM facts) AS one ORDER BY row)"
                          f" TO STDOUT;\n")
        done = subprocess.run(["psql", "-X", "-q", "-v", "VERBOSITY=terse", self.connection], input="".join(script),
                              capture_output=True, text=True, encoding="utf-8", check=False)
        assert done.returncode == 0, done.stderr
        said, failed = (re.split(r"^@@\d+\n", text, flags=re.MULTILINE) for text in (done.stdout, done.stderr))
        assert len(said) == len(failed) == len(wanted) + 1, done.stderr
        assert not failed[0].strip(), failed[0]
        return [error.strip() or [unescaped(line) for line in rows.split("\n")[:-1]]
                for rows, error in zip(said[1:], failed[1:], strict=True)]


def unescaped(line: str) -> str | None:
    return None if line == r"\N" else line.replace("\\\\", "\\")


def as_sql(expression: patron.Expression, sql: str) -> str:
    """A form that says everything: instants and lengths in microseconds."""
    if expression.kind in ("timestamp", "duration"):
        return f"CAST(EXTRACT(EPOCH FROM {sql}) * 1000000 AS bigint)"
    return sql


def read(expression: patron.Expression, text: str | None) -> Any:
    if text is None:
        return None
    value = json.loads(text, parse_float=str, parse_int=str)
    match expression.kind:
        case "double":
            return None if value in ("Infinity", "-Infinity", "NaN") else float(value)
        case "int64" | "enum_set" | "timestamp" | "duration":
            return int(value)
        case "money":
            return Decimal(value)
        case _:
            return value


def disagreements(database: Database, texts: list[str], schema: patron.Schema = SCHEMA) -> list[str | None]:
    """For each text where PostgreSQL says otherwise; None: it agrees; "refused", "overflow"."""
    out: list[str | None] = [None] * len(texts)
    asked: list[tuple[int, patron.Expression, str]] = []
    for number, text in enumerate(texts):
        expression = patron.Expression(text, schema)
        try:
            asked.append((number, expression, expression.to_sql("postgresql", now=NOW)))
        except patron.ArgumentError as error:
            assert error.code_name == "unsupported" and error.byte_offset is not None
            out[number] = "refused"
    answers = database.ask([as_sql(expression, sql) for _, expression, sql in asked])
    for (number, expression, sql), answer in zip(asked, answers, strict=True):
        out[number] = compare(database, expression, sql, answer)
    return out


def compare(database: Database, expression: patron.Expression, sql: str, answer: list[str | None] | str) -> str | None:
    result = expression.evaluate(database.table, now=NOW)
    if isinstance(answer, str):
        return "overflow" if result.overflows > 0 else f"{expression.text}\n{sql}\n{answer}"
    for row, (mine, text) in enumerate(zip(result["value"].to_list(), answer, strict=True)):
        if expression.kind in ("timestamp", "duration"):
            mine = in_micros(mine)
        elif expression.kind == "date" and mine is not None:
            mine = str(mine)
        other = read(expression, text)
        if not same(mine, other):
            facts = {name: database.table[name][row].as_py() for name in expression.fields}
            return f"{expression.text}\n{sql}\nrow {row} {facts}: patron {mine!r}, PostgreSQL {other!r}"
    return None


@pytest.fixture(scope="module")
def database(connection: str) -> Database:
    return Database(connection)


CASES = int(24 * float(os.environ.get("PATRON_CASES", "1"))) or 1


@pytest.mark.parametrize("seed", range(10))
def test_random_expressions_mean_the_same_in_postgresql(database: Database, seed: int) -> None:
    maker = Maker(1000 + seed)
    texts = [maker.of(KINDS[(seed + case) % len(KINDS)], case % 5) for case in range(CASES)]
    outcomes = disagreements(database, texts)
    for said in outcomes:
        assert said in (None, "refused", "overflow"), said
    assert outcomes.count(None) >= CASES // 2, "most of them must have been compared"


def test_each_operator_of_logic_means_the_same(database: Database) -> None:
    for said in disagreements(database, [text for text, _ in TRUTH]):
        assert said is None, said


def test_months_end_on_the_same_days(database: Database) -> None:
    for said in disagreements(database, MONTHS, UTC):
        assert said is None, said


POLICY = {
    "patron": 1, "name": "random", "timezone": "Europe/Berlin",
    "attributes": {name: {"type": SCHEMA.kind(name)} for name in ("b", "i", "m", "n", "s", "u", "t", "day", "span")}
    | {"d": {"type": "double"}, "x": {"type": "double"}, "c": {"type": "bool"}, "j": {"type": "int64"},
       "e": {"type": "enum", "values": ["low", "middle", "high"], "ordered": True},
       "tags": {"type": "enum_set", "values": ["a", "b", "c"]}},
    "money": {"currency": "EUR", "scale": 2},
}


def random_policy(seed: int) -> patron.Policy:
    maker = Maker(seed)
    while True:
        enters = [maker.bool(2) for _ in range(4)]
        classes = [{"name": f"class {k}", "enter": text} for k, text in enumerate(enters)]
        policy = patron.Policy({**POLICY, "classifications": [
            {"name": "tier", "kind": "first_match", "classes": [*classes, {"name": "it's the rest"}]},
            {"name": "marks", "kind": "flags", "classes": classes}]})
        assert not policy.check().errors, str(policy.check())
        try:
            policy.to_sql("tier", "postgresql", now=NOW)
        except patron.ArgumentError:
            continue
        return policy


@pytest.mark.parametrize("seed", range(6))
def test_random_policies_call_customers_the_same_in_postgresql(database: Database, seed: int) -> None:
    policy = random_policy(seed)
    tier, marks = (policy.classify(database.table, name, now=NOW) for name in ("tier", "marks"))
    sql = {name: policy.to_sql(name, "postgresql", now=NOW) for name in ("tier", "marks")}
    asked = [f'(SELECT one."tier" FROM (SELECT {sql["tier"]}) AS one)',
             f'(SELECT array_to_json(ARRAY[{", ".join(f"one.{chr(34)}class {k}{chr(34)}" for k in range(4))}])'
             f' FROM (SELECT {sql["marks"]}) AS one)']
    names, flags = database.ask(asked)
    if isinstance(names, str) or isinstance(flags, str):
        assert tier.overflows + marks.overflows > 0, (names, flags)
        return
    assert [json.loads(name or "null") for name in names] == tier["class"].to_list()
    held = [sum(flag << k for k, flag in enumerate(json.loads(row or "[]"))) for row in flags]
    assert held == marks["held"].to_list()
