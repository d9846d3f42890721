#!/usr/bin/env python3
"""Writes elementary.txt: exp, expm1, log and log1p at arguments of every size, by mpmath.

    tests/models/ltv/reference/elementary.py [SEED] > tests/models/ltv/reference/elementary.txt

A line is: function, argument, value rounded to double, and the value's remainder in units of the last
place of that double, so that errors well below one unit can be seen. Computed at 40 and at 70 digits,
which must agree.
"""

import math
import random
import sys

from mpmath import mp, mpf

FUNCTIONS = {"exp": mp.exp, "expm1": mp.expm1, "log": mp.log, "log1p": mp.log1p}


def arguments(name, draw):
    if name in ("exp", "expm1"):
        yield from (0.5, -0.5, 1.0, -1.0, 709.782712893384, -745.0, 0.34657359027997264,
                    -0.34657359027997264, 0.3465735902799727, 1e-300, 5e-324, -37.5, 44.0)
        for _ in range(250):
            yield draw.choice((-1, 1)) * 2.0 ** draw.uniform(-60, 9.4)
        for _ in range(150):
            yield draw.uniform(-2, 2)
    elif name == "log":
        yield from (0.5, 2.0, 0.7071067811865475, 0.7071067811865476, 1.4142135623730951, 5e-324,
                    1e-310, 1.7976931348623157e308, math.nextafter(1, 0), math.nextafter(1, 2))
        for _ in range(150):
            yield 2.0 ** draw.uniform(-1074, 1024)
        for _ in range(250):
            yield 2.0 ** draw.uniform(-2, 2)
    else:
        yield from (-0.5, 1.0, -0.2928932188134524, 0.41421356237309503, 0.4142135623730951, 5e-324,
                    -1e-310, 1.7976931348623157e308, math.nextafter(-1, 0), 1e16, 9007199254740993.0)
        for _ in range(250):
            yield draw.choice((-0.5, 1)) * 2.0 ** draw.uniform(-60, 1)
        for _ in range(150):
            yield 2.0 ** draw.uniform(0, 70)


def line(name, x):
    values = []
    for digits in (70, 40):
        mp.dps = digits
        values.append(FUNCTIONS[name](mpf(x)))
    if abs(values[0] - values[1]) > abs(values[0]) * mpf(10) ** -36:
        sys.exit(f"{name}({x!r}): 40 and 70 digits differ")
    value = float(values[0])
    rest = (values[0] - mpf(value)) / mpf(math.ulp(value))
    return f"{name} {x.hex()} {value.hex()} {float(rest):.4f}"


def main():
    draw = random.Random(int(sys.argv[1]) if len(sys.argv) > 1 else 1)
    for name in FUNCTIONS:
        for x in arguments(name, draw):
            if FUNCTIONS[name](mpf(x)) < mpf(2) ** 1024:
                print(line(name, x))


if __name__ == "__main__":
    main()
