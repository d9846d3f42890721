"""to_sql against DuckDB: random expressions over random rows mean the same, NULL being unknown.

DuckDB shares nothing with patron: it parses the text that to_sql writes, and has a three-valued logic of its own.
PATRON_CASES multiplies the number of expressions; a failure prints the expression, which repeats it alone.
"""

import math
import os

import pytest

import patron
from random_expressions import KINDS, MONTHS, NOW, SCHEMA, TRUTH, UTC, Maker, in_micros, random_rows, same

duckdb = pytest.importorskip("duckdb", reason="DuckDB is not installed in this environment")
pyarrow = pytest.importorskip("pyarrow", reason="pyarrow, which carries the rows, is not installed")


@pytest.fixture(scope="module")
def world():
    table = pyarrow.table(random_rows(pyarrow, 7))
    db = duckdb.connect(":memory:", config={"threads": 1})
    db.execute("SET TimeZone = 'UTC'")
    try:
        db.execute("LOAD icu")
    except duckdb.Error as error:
        pytest.skip(f"this DuckDB has no ICU, which time zones need: {error}")
    db.register("arrow", table)
    db.execute("CREATE TABLE facts AS SELECT row_number() OVER () AS row, * FROM arrow")
    return table, db


def disagreement(world, text, schema=SCHEMA):
    """Where DuckDB says otherwise; None where it agrees, "refused" where SQL has no counterpart."""
    table, db = world
    expression = patron.Expression(text, schema)
    try:
        sql = expression.to_sql("duckdb", now=NOW)
    except patron.ArgumentError as error:
        assert error.code_name == "unsupported" and error.byte_offset is not None
        return "refused"
    result = expression.evaluate(table, now=NOW)
    # Instants and lengths as microseconds, which DuckDB gives without a library of time zones.
    micros = expression.kind in ("timestamp", "duration")
    wanted = f"epoch_us({sql})" if micros else sql
    try:
        theirs = [row[0] for row in db.execute(f"SELECT {wanted} FROM facts ORDER BY row").fetchall()]
    except (duckdb.OutOfRangeException, duckdb.ConversionException, duckdb.InvalidInputException) as error:
        assert result.overflows > 0, f"{text}\n{sql}\n{error}"
        return "overflow"
    ours = [in_micros(v) if micros else v for v in result["value"].to_list()]
    for row, (mine, other) in enumerate(zip(ours, theirs, strict=True)):
        if isinstance(other, float) and not math.isfinite(other):
            other = None  # where a double overflows SQL gives infinity
        if not same(mine, other):
            facts = {name: table[name][row].as_py() for name in expression.fields}
            return f"{text}\n{sql}\nrow {row} {facts}: patron {mine!r}, DuckDB {other!r}"
    return None


CASES = int(24 * float(os.environ.get("PATRON_CASES", "1"))) or 1


@pytest.mark.parametrize("seed", range(10))
def test_random_expressions_mean_the_same_in_duckdb(world, seed):
    maker = Maker(1000 + seed)
    outcomes = []
    for case in range(CASES):
        text = maker.of(KINDS[(seed + case) % len(KINDS)], case % 5)
        said = disagreement(world, text)
        outcomes.append(said)
        assert said in (None, "refused", "overflow"), said
    assert outcomes.count(None) >= CASES // 2, "most of them must have been compared"


@pytest.mark.parametrize("text", [text for text, _ in TRUTH], ids=[name for _, name in TRUTH])
def test_each_operator_of_logic_means_the_same(world, text):
    assert disagreement(world, text) is None


@pytest.mark.parametrize("text", MONTHS)
def test_months_end_on_the_same_days(world, text):
    assert disagreement(world, text, UTC) is None
