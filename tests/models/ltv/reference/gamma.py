#!/usr/bin/env python3
"""Writes gamma.txt: the functions of lib/models/ltv/math/gamma.h by mpmath.

    tests/models/ltv/reference/gamma.py [SEED] > tests/models/ltv/reference/gamma.txt
"""

from mpmath import mp, mpf

from highprecision import decades, line, write


def log_rising(a, n):
    return mp.loggamma(a + n) - mp.loggamma(a)


def log_beta(a, b):
    return mp.loggamma(a) + mp.loggamma(b) - mp.loggamma(a + b)


def log_beta_ratio(a, b, i, j):
    return log_beta(a + i, b + j) - log_beta(a, b)


def stirling_rest(x):
    return mp.loggamma(x) - ((x - mpf(1) / 2) * mp.log(x) - x + mp.log(2 * mp.pi) / 2)


ONE = {
    "log_gamma": mp.loggamma,
    "digamma": mp.digamma,
    "trigamma": lambda a: mp.psi(1, a),
    "stirling_rest": stirling_rest,
}
TWO = {
    "log_rising": log_rising,
    "log_rising_first": lambda a, n: mp.digamma(a + n) - mp.digamma(a),
    "log_rising_second": lambda a, n: mp.psi(1, a + n) - mp.psi(1, a),
}


def steps(draw):
    """A count or a real number of steps."""
    kind = draw.randrange(4)
    if kind == 0:
        return float(draw.randrange(1, 20))
    if kind == 1:
        return float(round(decades(draw, 0, 6)))
    return decades(draw)


def rows(draw):
    for name, function in ONE.items():
        points = [decades(draw) for _ in range(120)] + [draw.uniform(0.1, 12) for _ in range(60)]
        if name == "log_gamma":
            points += [zero + draw.choice((-1, 1)) * decades(draw, -12, -1) for zero in (1, 2)
                       for _ in range(20)]
            points += [1e300, 1e-300, 1e15]
        if name == "digamma":
            points += [1.4616321449683623 + draw.choice((-1, 1)) * decades(draw, -15, -1)
                       for _ in range(30)] + [1.4616321449683623, 1.4616321449683622]
        for a in points:
            yield line(name, function, (a,))
    for name, function in TWO.items():
        for _ in range(200):
            yield line(name, function, (decades(draw), steps(draw)))
        for _ in range(30):
            yield line(name, function, (draw.uniform(0.1, 12), steps(draw)))
    for _ in range(30):  # near the zeros of ln a and ln a (a + 1)
        zero, n = draw.choice(((1.0, 1.0), ((5 ** 0.5 - 1) / 2, 2.0)))
        yield line("log_rising", log_rising, (zero * (1 + draw.choice((-1, 1)) * decades(draw, -15, -1)), n))
    for _ in range(200):
        yield line("log_beta", log_beta, (decades(draw), decades(draw)))
    for _ in range(40):
        yield line("log_beta", log_beta, (draw.uniform(0.1, 12), draw.uniform(0.1, 12)))
    for _ in range(200):
        yield line("log_beta_ratio", log_beta_ratio,
                   (decades(draw), decades(draw), steps(draw), draw.choice((0.0, 1.0, steps(draw)))))
    for _ in range(40):
        yield line("log_beta_ratio", log_beta_ratio,
                   (decades(draw), decades(draw), decades(draw, -6, -1), decades(draw, -6, -1)))
    for _ in range(60):
        n = round(decades(draw, 0, 6))
        yield line("log_choose", lambda m, k: mp.loggamma(m + 1) - mp.loggamma(k + 1) -
                   mp.loggamma(m - k + 1), (float(n), float(draw.randint(0, n))))


if __name__ == "__main__":
    write(rows, "name arguments value sensitivity: tests/models/ltv/reference/gamma.py")
