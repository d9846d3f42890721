#!/usr/bin/env python3
"""Writes incomplete_beta.txt: both tails of beta distributions as logarithms, by mpmath.

    tests/models/ltv/reference/incomplete_beta.py [SEED] > tests/models/ltv/reference/incomplete_beta.txt

A line is: log_lower or log_upper, a, b, z, 1 - z (both as doubles; the one that is not exact follows from the
other), value, sensitivity.
"""

from mpmath import mp, mpf

from highprecision import decades, line, write


def fraction(a, b, z):
    """ln I_z(a, b) by the continued fraction DLMF 8.17.22, modified Lentz."""
    tiny = mpf(10) ** -400
    value, c, d = mpf(1), mpf(1), mpf(0)
    for n in range(1, 200_000):
        m = n // 2
        if n % 2 == 0:
            term = m * (b - m) * z / ((a + 2 * m - 1) * (a + 2 * m))
        else:
            term = -(a + m) * (a + b + m) * z / ((a + 2 * m) * (a + 2 * m + 1))
        d = 1 / (1 + term * d or tiny)
        c = 1 + term / c or tiny
        value *= c * d
        if abs(c * d - 1) < mpf(10) ** -(mp.dps - 5):
            break
    else:
        raise ArithmeticError("the continued fraction is too long")
    log_beta = mp.loggamma(a) + mp.loggamma(b) - mp.loggamma(a + b)
    return a * mp.log(z) + b * mp.log1p(-z) - mp.log(a) - log_beta - mp.log(value)


def lower(a, b, z):
    """The side where the fraction is quick, and 1 less it for the other."""
    if z <= (a + 1) / (a + b + 2):
        return fraction(a, b, z)
    upper = fraction(b, a, 1 - z)
    if upper < -40:  # 1 less nothing
        raise ArithmeticError
    return mp.log(-mp.expm1(upper))


def rows(draw):
    count = 0
    while count < 260:
        a, b = decades(draw), decades(draw)
        if count % 4 == 3:  # a tail within a few deviations of the mean
            a, b = decades(draw, 0, 6), decades(draw, 0, 6)
            mean = a / (a + b)
            z = mean + draw.uniform(-6, 6) * (mean * (1 - mean) / (a + b + 1)) ** 0.5
        elif count % 4 == 2:
            z = draw.random()
        else:
            z = decades(draw, -12, 0)
            if draw.random() < 0.3:
                z = 1 - z
        if not 1e-300 < z < 1:
            continue
        count += 1
        yield from both(a, b, z)


def both(a, b, z):
    for name, function in (("log_lower", lower),
                           ("log_upper", lambda p, q, x: lower(q, p, 1 - x))):
        try:
            words = line(name, function, (a, b, z)).split(" ")
        except ArithmeticError:
            continue
        words.insert(4, float(1 - mpf(z)).hex())
        yield " ".join(words)


if __name__ == "__main__":
    write(rows, "name a b z 1-z value sensitivity: tests/models/ltv/reference/incomplete_beta.py")
