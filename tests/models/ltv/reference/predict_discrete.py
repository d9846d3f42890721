#!/usr/bin/env python3
"""Writes predict_bg_bb.txt or predict_contract.txt: predictions of the discrete models by mpmath.

    tests/models/ltv/reference/predict_discrete.py bg_bb|contract [SEED [ROWS]] > tests/models/ltv/reference/predict_bg_bb.txt

Parameters are log-uniform over twelve decades; the first rows, but not where ROWS are asked for, are those of edges:
parameters that are equal, 1 or nearly 1, a million purchases, a horizon of 1. Finite sums are added term by term,
infinite discounted ones are hypergeometric functions by their continued fraction, infinite undiscounted ones Euler and
Maclaurin's formula with an integral by quadrature. Two precisions agree to 25 digits.
"""

import itertools
import random
import sys

from mpmath import inf, mp, mpf

from discrete import log_beta, log_survival
from highprecision import agreed, decades


def series(y, buy, passed, leave, stay, last):
    """The sum over m of C(y + m, y) B(buy, passed + m) B(leave, stay + m), by the ratio of terms."""
    term, total = mpf(1), mpf(0)
    for m in range(int(last) + 1):
        total += term
        term *= (passed + m) / (buy + passed + m) * (stay + m) / (leave + stay + m) * (y + 1 + m) / (1 + m)
    return total


def beta_ratio(a, b, i, j):
    return mp.exp(log_beta(a + i, b + j) - log_beta(a, b))


def gone(buy, passed, leave, stay, y, h):
    """Left within h opportunities, after y purchases."""
    return (beta_ratio(buy, passed, y, 0) * beta_ratio(leave, stay, 1, y)
            * series(y, buy + y, passed, leave + 1, stay + y, h - 1 - y)) if h > y else mpf(0)


def odds(alpha, beta, gamma, delta, x, t_x, n):
    """Fader, Hardie and Shang (2010): alive at n against gone, of one who was alive at t_x."""
    state = (alpha + x, beta + t_x - x, gamma, delta + t_x)
    silent = beta_ratio(state[0], state[1], 0, n - t_x) * beta_ratio(state[2], state[3], 0, n - t_x)
    return mp.log(silent / gone(*state, mpf(0), n - t_x))


def probability(buy, passed, leave, stay, y, h):
    digits = mp.dps
    mp.dps = digits + 40  # it may be nearly 1
    try:
        alive = (mp.binomial(h, y) * beta_ratio(buy, passed, y, h - y) * beta_ratio(leave, stay, 0, h))
        return mp.log(alive + gone(buy, passed, leave, stay, y, h))
    finally:
        mp.dps = digits


def at_least(buy, passed, leave, stay, y, h):
    digits = mp.dps
    mp.dps = digits + 40
    try:
        return mp.log(beta_ratio(buy, passed, y, 0) * beta_ratio(leave, stay, 0, y)
                      * series(y - 1, buy + y, passed, leave, stay + y, h - y))
    finally:
        mp.dps = digits


def hypergeometric(b, c, z):
    """2F1(1, b; c; z) by Gauss's continued fraction (DLMF 15.7.5), evaluated from the front (Lentz)."""
    value = ahead = mpf(1)
    behind = mpf(0)
    k, step = 0, 0
    while abs(step - 1) > mp.eps:
        k += 1
        half = k // 2
        if k % 2:
            u = (b + half) * (c - 1 + half) / ((c + k - 2) * (c + k - 1)) if k > 1 else b / c
        else:
            u = half * (c - b + half - 1) / ((c + k - 2) * (c + k - 1))
        behind = 1 / (1 - u * z * behind)
        ahead = 1 - u * z / ahead
        step = ahead * behind
        value *= step
    return 1 / value


def perpetuity(alpha, beta, rate):
    """The sum over k of z^k S(k): a hypergeometric function (Fader and Hardie 2010, equation 6)."""
    z = mp.exp(-rate)
    return z * beta / (alpha + beta) * hypergeometric(beta + 1, alpha + beta + 1, z)


def discounted(buy, passed, leave, stay, h, rate):
    return buy / (buy + passed) * lifetime(leave, stay, mpf(1), mpf(0), h, rate)


def lifetime(alpha, beta, c, T, h, rate):
    if h == inf:
        return perpetuity(alpha, beta + T, rate)
    start = log_survival(alpha, beta, T ** c) if T > 0 else mpf(0)
    if c == 1:
        term, total = mpf(1), mpf(0)
        for k in range(int(h)):
            term *= (beta + T + k) / (alpha + beta + T + k) * mp.exp(-rate)
            total += term
        return total
    return sum(mp.exp(log_survival(alpha, beta, (T + k) ** c) - start - rate * k) for k in range(1, int(h) + 1))


def survival(alpha, beta, c, T, h):
    digits = mp.dps
    mp.dps = digits + 80
    try:
        start = log_survival(alpha, beta, T ** c) if T > 0 else mpf(0)
        return log_survival(alpha, beta, (T + h) ** c) - start
    finally:
        mp.dps = digits


def endless(alpha, beta, c, T):
    """The sum over all k of S(T + k) / S(T), c alpha > 1: 300 terms, an integral, and the ends of the formula."""
    digits, first, terms = mp.dps, 300, 24
    mp.dps = digits + 30
    try:
        start = log_survival(alpha, beta, T ** c) if T > 0 else mpf(0)
        log_term = lambda k: log_survival(alpha, beta, (T + k) ** c) - start
        total = mp.fsum(mp.exp(log_term(mpf(k))) for k in range(1, first))
        end = T + first
        # In v = ln(T + k), where in the end it falls by c alpha - 1 in a unit.
        integrand = lambda v: mp.exp(v + log_survival(alpha, beta, mp.exp(c * v)) - start)
        # Panels that fall by e^4, until nothing is left.
        v, least = mp.log(end), mpf(10) ** -(digits + 25)
        here, width = integrand(v), mpf(1)
        while here > least * (c * alpha - 1) * total:
            there = integrand(v + width)
            while abs(mp.log(there / here)) > 4 and width > mpf(10) ** -6:
                width /= 2
                there = integrand(v + width)
            total += mp.quad(integrand, [v, v + width])
            v, here, width = v + width, there, width * mpf(1.5)
        taylor = mp.taylor(lambda k: mp.exp(log_term(k)), mpf(first), 2 * terms)
        total += taylor[0] / 2
        for j in range(1, terms + 1):
            total -= mp.bernoulli(2 * j) / (2 * j) * taylor[2 * j - 1]
        return total
    finally:
        mp.dps = digits


def quantile(alpha, beta, c, T, p):
    """The first k with 1 - S(T + k + 1) / S(T) >= p."""
    reached = lambda k: -mp.expm1(survival(alpha, beta, c, T, mpf(k + 1))) >= p
    if reached(0):
        return mpf(0)
    low, high = 0, 1
    while not reached(high):
        low, high = high, 2 * high
        if high > 2 ** 40:
            return inf
    while high - low > 1:
        middle = (low + high) // 2
        low, high = (low, middle) if reached(middle) else (middle, high)
    return mpf(high)


def show(name, function, arguments):
    value = function(*map(mpf, arguments)) if name == "quantile" else agreed(name, function, arguments)
    print(name, *(f"{float(x):.17g}" for x in arguments), mp.nstr(value, 18))


NEAR = (1, 1 + 2.0 ** -30, 1 - 2.0 ** -30, 2, 0.5)


def bg_bb_edges():
    for state in itertools.product((1, 2.0 ** -20, 2.0 ** 20), repeat=4):
        for y, h in ((0, 1), (1, 1), (3, 7)):
            yield "probability", probability, (*state, y, h)
        yield "at_least", at_least, (*state, 10_000, 10_050)
        yield "odds", odds, (*state, 1, 1, 2)
    for leave in NEAR:
        yield "discounted", discounted, (2, 3, leave, 5, 1000, 0)
        yield "discounted", discounted, (2, 3, leave, 5, 1000, 1e-9)
    # Nearly everybody buys nearly always: a million purchases, some hundreds of opportunities passed by.
    for buy, passed, leave in itertools.product((0.3, 40, 5e4), (0.01, 1, 30), (1e-4, 0.7, 20)):
        for count in (10 ** 4, 10 ** 6):
            yield "at_least", at_least, (buy, passed, leave, 9, count, count + 700)
            yield "probability", probability, (buy, passed, leave, 9, count, count + 700)


def bg_bb_rows(draw):
    for i in itertools.count():
        state = tuple(float(f"{decades(draw):.4g}") for _ in range(4))
        h = draw.choice((1, 2, 5, 20, 300)) if i % 10 else draw.randint(1000, 4000)
        y = min(h, draw.choice((0, 0, 1, 2, 7, h // 2, h)))
        yield "probability", probability, (*state, y, h)
        yield "at_least", at_least, (*state, max(1, y), h)
        t_x = draw.randint(0, h - 1)
        yield "odds", odds, (*state, draw.randint(1, t_x) if t_x else 0, t_x, h)
        rate = float(f"{decades(draw, -4, 0):.4g}")
        yield "discounted", discounted, (*state, h, draw.choice((0, rate, -rate / 10)))
        if i % 5 == 0:
            yield "discounted", discounted, (*state, inf, rate)


def contract_edges():
    for alpha, beta, c in itertools.product((1, 2.0 ** -20, 2.0 ** 20), (1, 2.0 ** -20, 2.0 ** 20), (1, 0.5, 3)):
        for T, h in ((0, 1), (1, 1), (1000, 1), (3, 2 ** 40)):
            yield "survival", survival, (alpha, beta, c, T, h)
        yield "lifetime", lifetime, (alpha, beta, c, 0, 1, 0)
    for alpha in NEAR:
        for rate in (0, 1e-9, -1e-9, 0.1):
            yield "lifetime", lifetime, (alpha, 5, 1, 2, 1000, rate)
    for row in ((1, 1, 4, 0), (0.5, 100, 3, 100), (0.7, 30, 2.5, 4), (0.02, 1000, 80, 10), (50, 2, 0.3, 0)):
        yield "endless", endless, row


def contract_rows(draw):
    for i in itertools.count():
        alpha, beta = (float(f"{decades(draw):.4g}") for _ in range(2))
        T = draw.choice((0, 0, 1, 5, 100, 10 ** 5))
        c = 1 if i % 2 else float(f"{decades(draw, -2, 1):.4g}")
        h = draw.choice((1, 2, 7, 40)) if i % 10 else draw.randint(1000, 3000 if c == 1 else 1200)
        rate = float(f"{decades(draw, -4, 0):.4g}")
        yield "survival", survival, (alpha, beta, c, T, h)
        yield "survival", survival, (alpha, beta, c, T, draw.choice((1, round(decades(draw, 0, 12)))))
        yield "lifetime", lifetime, (alpha, beta, c, T, h, draw.choice((0, rate, -rate / 10)))
        if c == 1:
            yield "lifetime", lifetime, (alpha, beta, c, T, inf, rate)
        elif 1.2 < c * alpha < 50 and T <= 100 and i % 40 == 0:
            yield "endless", endless, (alpha, beta, c, T)
        p = round(draw.random(), 6)
        if quantile(*map(mpf, (alpha, beta, c, T, p))) < 10 ** 9:
            yield "quantile", quantile, (alpha, beta, c, T, p)


def main():
    draw = random.Random(int(sys.argv[2]) if len(sys.argv) > 2 else 1)
    rows = int(sys.argv[3]) if len(sys.argv) > 3 else 2200
    print(f"# arguments and value: tests/models/ltv/reference/predict_discrete.py {sys.argv[1]}")
    edges, drawn = {"bg_bb": (bg_bb_edges, bg_bb_rows), "contract": (contract_edges, contract_rows)}[sys.argv[1]]
    # Whoever wants rows that nobody has seen wants no edges, which are the same every time.
    for row in itertools.islice(itertools.chain(edges() if len(sys.argv) <= 3 else (), drawn(draw)), rows):
        show(*row)


if __name__ == "__main__":
    main()
