#!/usr/bin/env python3
"""Writes deviance.txt: the functions of lib/models/ltv/math/deviance.h, and negative binomial ones, by mpmath.

    tests/models/ltv/reference/deviance.py [SEED] > tests/models/ltv/reference/deviance.txt
"""

from mpmath import mp, mpf

from highprecision import decades, line, write


def log_poisson(n, mean):
    return n * mp.log(mean) - mean - mp.loggamma(n + 1)


def log_negative_binomial(n, r, p, q):
    return (mp.loggamma(r + n) - mp.loggamma(r) - mp.loggamma(n + 1) + r * mp.log(p / (p + q)) +
            n * mp.log(q / (p + q)))


def shares(draw):
    """p and q in doubles, from alpha / (alpha + t) and t / (alpha + t)."""
    alpha, t = decades(draw), decades(draw)
    return alpha / (alpha + t), t / (alpha + t)


def rows(draw):
    for _ in range(150):
        x = draw.choice((-1, 1)) * decades(draw, -9, 1)
        if x > -1:
            yield line("log1p_deficit", lambda y: y - mp.log1p(y), (x,))
        yield line("expm1_excess", lambda y: mp.expm1(y) - y, (x,))
    for i in range(150):
        n = float(round(decades(draw, 0, 6)))
        mean = decades(draw) if i % 2 else n * (1 + draw.uniform(-3, 3) / n ** 0.5)
        if mean > 0:
            yield line("log_poisson", log_poisson, (n, mean))
    for i in range(250):
        n, r = float(round(decades(draw, 0, 6))), decades(draw)
        p, q = shares(draw)
        if i % 2:  # near the mode
            p, q = r / (n + r), n / (n + r)
        yield line("log_negative_binomial", log_negative_binomial, (n, r, p, q))


if __name__ == "__main__":
    write(rows, "name arguments value sensitivity: tests/models/ltv/reference/deviance.py")
