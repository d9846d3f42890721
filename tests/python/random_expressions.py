"""Random sound expressions and random rows, for the tests that ask a database for the same.

A failure prints the expression, which repeats it alone.
"""

import datetime as dt
import math
import random
from decimal import Decimal

import patron

ROWS = 400
NOW = dt.datetime(2026, 3, 1, 8, 30, 0, 123456, tzinfo=dt.timezone.utc)
SCHEMA = patron.Schema(
    {
        "b": "bool",
        "c": {"type": "bool", "nullable": False},
        "i": "int64",
        "j": {"type": "int64", "nullable": False},
        "d": "double",
        "x": "double",
        "m": "money",
        "n": "money",
        "s": "string",
        "u": "string",
        "e": {"type": "enum", "values": ["low", "middle", "high"], "ordered": True},
        "tags": {"type": "enum_set", "values": ["a", "b", "c"]},
        "t": "timestamp",
        "day": "date",
        "span": "duration",
    },
    timezone="Europe/Berlin",
)

#: Months are added to instants in SQL where no local time is skipped.
UTC = patron.Schema({"t": "timestamp", "i": "int64", "j": "int64", "day": "date"})
MONTHS = ["t + months(j)", "t - months(1)", "t + years(i)", "timestamp(day) + months(13)", "t + months(1) <= now",
          "day + months(j) + days(i)", "day - years(1) == date('2023-03-01')"]


class Maker:
    """Random expressions of a kind, all of them sound. Numbers stay small, for SQL fails where they overflow."""

    def __init__(self, seed):
        self.dice = random.Random(seed)

    def pick(self, *choices):
        return self.dice.choice(choices)

    def of(self, kind, depth):
        return getattr(self, kind)(depth)

    def bool(self, depth):
        if depth <= 0:
            return self.pick("b", "c", "true", "false", "has(i)", "m == null", "null != s", "s == 'ab'", "'a' in tags",
                             "e >= 'middle'", "i > 2", "m < 1.005", "d <= 2", "u in ['a', 'ab']", "i in [1, 2, -3]")
        d = depth - 1
        compare = self.pick(" == ", " != ", " < ", " <= ", " > ", " >= ")
        same = self.pick("int", "double", "money", "timestamp", "span", "day")
        ways = [
            lambda: f"({self.bool(d)} && {self.bool(d)})",
            lambda: f"({self.bool(d)} || {self.bool(d)})",
            lambda: f"!({self.bool(d)})",
            lambda: f"({self.bool(d)} ? {self.bool(d)} : {self.bool(d)})",
            lambda: f"or_else({self.bool(d)}, {self.bool(d)})",
            lambda: f"({self.of(same, d)}{compare}{self.of(same, d)})",
            lambda: f"({self.of(same, d)}{compare}{self.of(same, d)})",
            lambda: f"({self.text(d)}{compare}{self.text(d)})",
            lambda: f"(e{compare}'middle')",
            lambda: f"({self.money(d)}{compare}{self.pick('0', '1.005', '-2.5', '3', '100')})",
            lambda: f"{self.text(d)}.{self.pick('startsWith', 'endsWith', 'contains')}({self.text(d)})",
            lambda: f"({self.int(d)} in [1, 2, -3, 7])",
        ]
        return self.dice.choice(ways)()

    def int(self, depth):
        if depth <= 0:
            return self.pick("i", "j", "3", "-2", "0", "7")
        d = depth - 1
        ways = [
            lambda: f"({self.int(d)} {self.pick('+', '-', '*', '/', '%')} {self.int(d)})",
            lambda: f"-({self.int(d)})",
            lambda: f"abs({self.int(d)})",
            lambda: f"{self.pick('min', 'max')}({self.int(d)}, {self.int(d)})",
            lambda: f"size({self.text(d)})",
            lambda: "size(tags)",
            lambda: f"({self.bool(d)} ? {self.int(d)} : {self.int(d)})",
            lambda: f"({self.timestamp(d)}).{self.part()}({self.pick('', chr(39) + 'Asia/Tokyo' + chr(39))})",
            lambda: f"({self.day(d)}).{self.pick('getFullYear', 'getMonth', 'getDayOfWeek', 'getDayOfYear', 'getDate')}()",
            lambda: f"or_else({self.int(d)}, {self.int(d)})",
        ]
        return self.dice.choice(ways)()

    def part(self):
        return self.pick("getFullYear", "getMonth", "getDate", "getDayOfMonth", "getDayOfWeek", "getDayOfYear",
                         "getHours", "getMinutes", "getSeconds", "getMilliseconds")

    def double(self, depth):
        if depth <= 0:
            return self.pick("d", "x", "1.5", "-0.25", "2.0")
        d = depth - 1
        ways = [
            lambda: f"({self.double(d)} {self.pick('+', '-', '*', '/')} {self.double(d)})",
            lambda: f"-({self.double(d)})",
            lambda: f"abs({self.double(d)})",
            lambda: f"double({self.int(d)})",
            lambda: f"{self.pick('min', 'max')}({self.double(d)}, {self.double(d)})",
            lambda: f"({self.bool(d)} ? {self.double(d)} : {self.double(d)})",
        ]
        return self.dice.choice(ways)()

    def money(self, depth):
        if depth <= 0:
            return self.pick("m", "n")
        d = depth - 1
        ways = [
            lambda: f"({self.money(d)} {self.pick('+', '-')} {self.money(d)})",
            lambda: f"-({self.money(d)})",
            lambda: f"abs({self.money(d)})",
            lambda: f"{self.pick('min', 'max')}({self.money(d)}, {self.money(d)})",
            lambda: f"({self.money(d)} * {self.pick('2', '-3', 'j')})",
            lambda: f"({self.bool(d)} ? {self.money(d)} : {self.money(d)})",
        ]
        return self.dice.choice(ways)()

    def timestamp(self, depth):
        if depth <= 0:
            return self.pick("t", "now", "timestamp('2026-03-29T00:59:59.999999Z')")
        d = depth - 1
        ways = [
            lambda: f"({self.timestamp(d)} {self.pick('+', '-')} {self.span(d)})",
            lambda: f"timestamp({self.day(d)})",
            lambda: f"({self.bool(d)} ? {self.timestamp(d)} : {self.timestamp(d)})",
        ]
        return self.dice.choice(ways)()

    def day(self, depth):
        if depth <= 0:
            return self.pick("day", "date('2026-03-29')")
        d = depth - 1
        ways = [
            lambda: f"({self.day(d)} {self.pick('+', '-')} days({self.pick(1, 30, 400)}))",
            lambda: f"({self.day(d)} {self.pick('+', '-')} {self.pick('months', 'years')}({self.pick(1, 11, -1, 'j')}))",
            lambda: f"({self.day(d)} {self.pick('+', '-')} days(j))",
            lambda: f"date({self.timestamp(d)})",
            lambda: f"({self.bool(d)} ? {self.day(d)} : {self.day(d)})",
        ]
        return self.dice.choice(ways)()

    def span(self, depth):
        if depth <= 0:
            return self.pick("span", "days(2)", "duration('1h30m')", "duration('-1.5s')")
        d = depth - 1
        ways = [
            lambda: f"({self.span(d)} {self.pick('+', '-')} {self.span(d)})",
            lambda: f"({self.timestamp(d)} - {self.timestamp(d)})",
            lambda: f"age({self.timestamp(d)})",
            lambda: f"-({self.span(d)})",
            lambda: f"days({self.pick('j', '3', '0')})",
        ]
        return self.dice.choice(ways)()

    def text(self, depth):
        if depth <= 0:
            return self.pick("s", "u", "'ab'", "''", "'\u5ba2'", "'it''s'".replace("''", "\\'"))
        return f"({self.bool(depth - 1)} ? {self.text(depth - 1)} : {self.text(depth - 1)})"


def random_rows(pyarrow, seed):
    """A dict of pyarrow arrays, a column for each field."""
    dice = random.Random(seed)

    def column(draw, nullable=True):
        return [None if nullable and dice.random() < 0.25 else draw() for _ in range(ROWS)]

    def moment():
        odd = [dt.datetime(2026, 3, 29, 0, 59, 59, 999999), dt.datetime(2025, 10, 26, 1), dt.datetime(2024, 2, 29)]
        some = dt.datetime(2026, 3, 1) + dt.timedelta(microseconds=dice.randrange(-4 * 10**13, 4 * 10**13))
        return dice.choice([some, some, *odd]).replace(tzinfo=dt.timezone.utc)

    def flag():
        return dice.random() < 0.5

    def small():
        return dice.choice([0, 1, -1, 2, 3, -7, 12, 100])

    def real():
        return dice.choice([0.0, -0.0, 0.5, 1.5, 2.0, -3.25, 1e6, 0.1])

    def amount():
        return Decimal(dice.choice([0, 1, -1, 100, 101, -250, 12345, 99999])) / 100

    def word():
        return dice.choice(["", "a", "ab", "abc", "b", "\u5ba2", "it's", "AB", "\u00e9"])

    return {
        "b": pyarrow.array(column(flag)),
        "c": pyarrow.array(column(flag, nullable=False)),
        "i": pyarrow.array(column(small), pyarrow.int64()),
        "j": pyarrow.array(column(small, nullable=False), pyarrow.int64()),
        "d": pyarrow.array(column(real), pyarrow.float64()),
        "x": pyarrow.array(column(real), pyarrow.float64()),
        "m": pyarrow.array(column(amount), pyarrow.decimal128(19, 2)),
        "n": pyarrow.array(column(amount), pyarrow.decimal128(19, 2)),
        "s": pyarrow.array(column(word), pyarrow.string()),
        "u": pyarrow.array(column(word), pyarrow.string()),
        "e": pyarrow.array(column(lambda: dice.choice(["low", "middle", "high"]))),
        "tags": pyarrow.array(column(lambda: dice.randrange(8)), pyarrow.int64()),
        "t": pyarrow.array(column(moment), pyarrow.timestamp("us", "UTC")),
        "day": pyarrow.array(column(lambda: moment().date()), pyarrow.date32()),
        "span": pyarrow.array(column(lambda: dt.timedelta(microseconds=dice.randrange(-(10**12), 10**12))),
                              pyarrow.duration("us")),
    }


def in_micros(value):
    if isinstance(value, dt.datetime):
        value -= dt.datetime(1970, 1, 1, tzinfo=dt.timezone.utc)
    return value if value is None else value // dt.timedelta(microseconds=1)


def same(ours, theirs):
    if ours is None or theirs is None:
        return ours is theirs
    if isinstance(ours, float) and math.isfinite(ours):
        return math.isclose(ours, theirs, rel_tol=1e-12, abs_tol=1e-300)
    return ours == theirs


KINDS = ("bool", "bool", "bool", "int", "double", "money", "timestamp", "day", "span", "text")

TRUTH = [("b && c", "AND"), ("b || c", "OR"), ("!b", "NOT"), ("b ? c : !c", "?:"), ("or_else(b, c)", "COALESCE"),
         ("i in [1, 2]", "IN"), ("has(i) && i > 1", "IS NOT NULL"), ("i / j > 1", "NULLIF"), ("i % j == 0", "%")]  # fmt: skip
