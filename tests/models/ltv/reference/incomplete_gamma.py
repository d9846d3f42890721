#!/usr/bin/env python3
"""Writes incomplete_gamma.txt: both tails of gamma distributions as logarithms, by mpmath.

    tests/models/ltv/reference/incomplete_gamma.py [SEED] > tests/models/ltv/reference/incomplete_gamma.txt
"""

from mpmath import mp, mpf

from highprecision import decades, line, write


def log_lower(a, x):
    """Below the mean its series, above it 1 less the other."""
    if x > a + 1:
        return mp.log(-mp.expm1(log_upper(a, x)))
    term, total, n = 1 / a, 1 / a, 0
    while term > total * mpf(10) ** -(mp.dps + 3):
        n += 1
        term *= x / (a + n)
        total += term
    return a * mp.log(x) - x - mp.loggamma(a) + mp.log(total)


def log_upper(a, x):
    """Above the mean by Legendre's continued fraction, from its far end; below it 1 less the other."""
    if x <= a + 1:
        return mp.log(-mp.expm1(log_lower(a, x)))
    before, length = None, 200
    while True:
        value = mpf(0)
        for n in range(length, 0, -1):
            value = n * (a - n) / (x + 2 * n + 1 - a + value)
        value += x + 1 - a
        if before is not None and abs(value - before) < abs(value) * mpf(10) ** -(mp.dps - 3):
            return a * mp.log(x) - x - mp.loggamma(a) - mp.log(value)
        before, length = value, length * 2


def rows(draw):
    for i in range(200):
        a = decades(draw)
        if i % 2:
            x = a * (1 + draw.uniform(-5, 5) / a ** 0.5)
        else:
            x = decades(draw)
        if not 0 < x < 40 * a + 2000:
            continue
        for name, function in (("log_lower", log_lower), ("log_upper", log_upper)):
            if abs(function(mpf(a), mpf(x))) < mpf(10) ** -15:
                continue
            yield line(name, function, (a, x))


if __name__ == "__main__":
    write(rows, "name a x value sensitivity: tests/models/ltv/reference/incomplete_gamma.py")
