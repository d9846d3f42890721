#!/usr/bin/env python3
"""Writes exponential_integral.txt: e^s E_(R+1)(s) by mpmath.

    tests/models/ltv/reference/exponential_integral.py [SEED] > tests/models/ltv/reference/exponential_integral.txt
"""

from mpmath import mp, mpf

from highprecision import decades, line, write


def scaled(r, s):
    return mp.exp(s) * mp.expint(r + 1, s)


def drawn(draw, i):
    """Twelve decades; R whole, or nearly; s around 2, where the method turns."""
    r = decades(draw) if i % 3 else decades(draw, -2, 2)
    if i % 5 == 0:
        r = float(draw.randrange(1, 30)) * (1 + draw.choice([0, 1e-15, 1e-9, -1e-4]))
    s = decades(draw) if i % 2 else draw.uniform(0.01, 6)
    return (r, s)


def rows(draw):
    for i in range(300):
        yield line("scaled", scaled, drawn(draw, i))


if __name__ == "__main__":
    mp.dps = 30
    write(rows, "name R s value sensitivity: tests/models/ltv/reference/exponential_integral.py")
