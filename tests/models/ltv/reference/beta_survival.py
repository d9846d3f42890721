#!/usr/bin/env python3
"""Writes beta_survival.txt: lib/models/ltv/beta_survival.h by mpmath.

    tests/models/ltv/reference/beta_survival.py [SEED] > tests/models/ltv/reference/beta_survival.txt

A line: a b h, then ln S and its derivatives by a, b, h, aa, ah, bb, hh; and "sum" a b h, the sum of S(1) to S(h).
"""

from mpmath import mp, mpf

from highprecision import agreed, decades, write


def deep(f):
    """With 60 digits more: what cancels."""
    def computed(*arguments):
        mp.dps += 60
        try:
            return f(*arguments)
        finally:
            mp.dps -= 60
    return computed


def corners(f, a, b, h):
    return f(b + h) + f(b + a) - f(b) - f(a + b + h)


def psi(k):
    return lambda z: mp.psi(k, z)


VALUES = (
    lambda a, b, h: corners(mp.loggamma, a, b, h),
    lambda a, b, h: psi(0)(a + b) - psi(0)(a + b + h),
    lambda a, b, h: corners(psi(0), a, b, h),
    lambda a, b, h: psi(0)(b + h) - psi(0)(a + b + h),
    lambda a, b, h: psi(1)(a + b) - psi(1)(a + b + h),
    lambda a, b, h: -psi(1)(a + b + h),
    lambda a, b, h: corners(psi(1), a, b, h),
    lambda a, b, h: psi(1)(b + h) - psi(1)(a + b + h),
)


def total(a, b, h):
    """Term by term."""
    term, result = mpf(1), mpf(0)
    for k in range(int(h)):
        term *= (b + k) / (a + b + k)
        result += term
    return result


def rows(draw):
    for i in range(400):
        a, b = decades(draw, -8, 8), decades(draw, -8, 8)
        h = decades(draw, -8, 8) if i % 2 else float(round(decades(draw, 0, 6)))
        if i % 20 == 0:
            a, b = a * 1e10, b * draw.choice((1e-9, 1, 1e12))
        values = (agreed("survival", deep(f), (a, b, h)) for f in VALUES)
        yield " ".join(["survival", *(float(x).hex() for x in (a, b, h, *values))])
    for i in range(100):
        a = draw.choice((decades(draw, -6, 6), 1 + draw.choice((-1, 1)) * decades(draw, -14, -2), 1.0))
        b, h = decades(draw, -6, 6), float(round(decades(draw, 0, 3)))
        yield " ".join(["sum", *(float(x).hex() for x in (a, b, h, agreed("sum", total, (a, b, h))))])


if __name__ == "__main__":
    write(rows, "tests/models/ltv/reference/beta_survival.py")
