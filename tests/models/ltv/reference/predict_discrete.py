#!/usr/bin/env python3
"""Writes predict_bg_bb.txt or predict_contract.txt: predictions of the discrete models by mpmath.

    tests/models/ltv/reference/predict_discrete.py bg_bb|contract [SEED] > tests/models/ltv/reference/predict_bg_bb.txt

Parameters are log-uniform over twelve decades. Finite sums are added term by term, infinite discounted ones are
hypergeometric functions by their continued fraction. Two precisions agree to 25 digits.
"""

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
    alive = (mp.binomial(h, y) * beta_ratio(buy, passed, y, h - y) * beta_ratio(leave, stay, 0, h))
    return mp.log(alive + gone(buy, passed, leave, stay, y, h))


def at_least(buy, passed, leave, stay, y, h):
    return mp.log(beta_ratio(buy, passed, y, 0) * beta_ratio(leave, stay, 0, y)
                  * series(y - 1, buy + y, passed, leave, stay + y, h - y))


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


def show(name, function, arguments):
    value = agreed(name, function, arguments)
    print(name, *(f"{float(x):.17g}" for x in arguments), mp.nstr(value, 18))


def bg_bb_rows(draw):
    for i in range(350):
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


def contract_rows(draw):
    for i in range(300):
        alpha, beta = (float(f"{decades(draw):.4g}") for _ in range(2))
        T = draw.choice((0, 0, 1, 5, 100, 10 ** 5))
        c = 1 if i % 2 else float(f"{decades(draw, -2, 1):.4g}")
        h = draw.choice((1, 2, 7, 40)) if i % 10 else draw.randint(1000, 3000 if c == 1 else 1200)
        rate = float(f"{decades(draw, -4, 0):.4g}")
        yield "survival", survival, (alpha, beta, c, T, h)
        yield "lifetime", lifetime, (alpha, beta, c, T, h, draw.choice((0, rate, -rate / 10)))
        if c == 1:
            yield "lifetime", lifetime, (alpha, beta, c, T, inf, rate)


def main():
    draw = random.Random(int(sys.argv[2]) if len(sys.argv) > 2 else 1)
    print(f"# arguments and value: tests/models/ltv/reference/predict_discrete.py {sys.argv[1]}")
    for row in {"bg_bb": bg_bb_rows, "contract": contract_rows}[sys.argv[1]](draw):
        show(*row)


if __name__ == "__main__":
    main()
