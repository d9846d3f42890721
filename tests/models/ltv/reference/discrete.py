#!/usr/bin/env python3
"""Writes likelihood_bg_bb.txt, likelihood_sbg.txt or likelihood_bdw.txt: log-likelihoods of one customer by mpmath.

    tests/models/ltv/reference/discrete.py bg_bb|sbg|bdw [SEED] > tests/models/ltv/reference/likelihood_bg_bb.txt

Parameters are log-uniform over twelve decades, and the formulas are those of the papers: sums over the time of
leaving, differences of survivals. A line: model, parameters, what the model reads of a customer, ln L, and its
sensitivity to the parameters. Two precisions agree to 25 digits of each.
"""

import random
import sys

from mpmath import mp, mpf

from highprecision import agreed, decades, sensitivity

ROWS = 2000


def log_beta(a, b):
    return mp.loggamma(a) + mp.loggamma(b) - mp.loggamma(a + b)


def bg_bb(alpha, beta, gamma, delta, x, t_x, n):
    """Fader, Hardie and Shang (2010), equation 5; successive terms by the recurrence of the gamma function."""
    total = mp.exp(log_beta(alpha + x, beta + n - x) - log_beta(alpha, beta)
                   + log_beta(gamma, delta + n) - log_beta(gamma, delta))
    term = mp.exp(log_beta(alpha + x, beta + t_x - x) - log_beta(alpha, beta)
                  + log_beta(gamma + 1, delta + t_x) - log_beta(gamma, delta))
    for i in range(int(t_x), int(n)):
        total += term
        term *= (beta + i - x) / (alpha + beta + i) * (delta + i) / (gamma + delta + 1 + i)
    return mp.log(total)


def log_survival(alpha, beta, u):
    """ln B(alpha, beta + u) / B(alpha, beta). Where u is beyond any working precision, by Stirling's formula:
    Gamma(beta + u) / Gamma(alpha + beta + u) is u^-alpha (1 + O((alpha + beta)^2 / u)) (DLMF 5.11.12)."""
    if u > mpf(10) ** 120:
        return mp.loggamma(alpha + beta) - mp.loggamma(beta) - alpha * mp.log(u)
    digits = mp.dps
    mp.dps = digits + 2 * max(0, int(mp.log10(1 + u)))
    try:
        return log_beta(alpha, beta + u) - log_beta(alpha, beta)
    finally:
        mp.dps = digits


def bdw(alpha, beta, c, T, churned):
    def survival(t):
        return log_survival(alpha, beta, t ** c) if t > 0 else mpf(0)

    if not churned:
        return survival(T)
    digits = mp.dps
    mp.dps = digits + 80  # S(T - 1) and S(T) share their digits where c is small
    try:
        before = survival(T - 1)
        return before + mp.log(-mp.expm1(survival(T) - before))
    finally:
        mp.dps = digits


def sbg(alpha, beta, T, churned):
    """Fader and Hardie (2007), equations 5 and 6."""
    if not churned:
        return log_beta(alpha, beta + T) - log_beta(alpha, beta)
    return log_beta(alpha + 1, beta + T - 1) - log_beta(alpha, beta)


def opportunities(draw):
    kind = draw.randrange(10)
    n = draw.randint(1, 8) if kind < 5 else draw.randint(5, 60) if kind < 9 else draw.randint(100, 2000)
    t_x = draw.choice((0, n, draw.randint(0, n)))
    x = 0 if t_x == 0 else draw.choice((1, t_x, draw.randint(1, t_x)))
    return x, t_x, n


def renewals(draw):
    T = draw.choice((draw.randint(0, 12), round(decades(draw, 0, 4))))
    churned = draw.randint(0, 1) if T > 0 else 0
    return T, churned


MODELS = {"bg_bb": (bg_bb, 4, opportunities), "sbg": (sbg, 2, renewals), "bdw": (bdw, 3, renewals)}


def main():
    name = sys.argv[1]
    function, parameters, customer = MODELS[name]
    draw = random.Random(int(sys.argv[2]) if len(sys.argv) > 2 else 1)
    print(f"# parameters, customer, ln L, sensitivity: tests/models/ltv/reference/discrete.py {name}")
    for _ in range(ROWS):
        theta = [float(f"{decades(draw):.4g}") for _ in range(parameters)]
        row = customer(draw)
        value = agreed(name, function, (*theta, *row))
        moved = sensitivity(lambda *p: function(*p, *map(mpf, row)), theta)
        print(name, *(f"{p:.4g}" for p in theta), *row, mp.nstr(value, 18), f"{float(moved):.3g}")


if __name__ == "__main__":
    main()
