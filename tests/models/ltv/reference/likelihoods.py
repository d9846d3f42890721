#!/usr/bin/env python3
"""Log-likelihoods of single customers, by mpmath, for tests/models/ltv/likelihood_test.cc.

    likelihoods.py MODEL [--rows 2000] [--seed 1] > likelihood_MODEL.txt
    likelihoods.py all --folder FRESH --rows 200 --seed 2
    PATRON_LTV_REFERENCE=FRESH build/release/tests/ltv_tests --gtest_filter='Likelihood.*'

Parameters are log-uniform over twelve decades, frequencies go up to 1e6, times from 1e-3 to 1e4, and
some of the last purchases were just now. Each value is computed at two precisions, which must agree
to 20 digits, from the formula as the paper prints it; of the Pareto/NBD, from its integral, and where
it converges from the hypergeometric form too.

A line has the name of the model, the parameters, what the model reads of the customer, the log-likelihood, and its condition:
the sum of |d value / d ln input| over parameters and times.
"""

import argparse
import pathlib
import random

import mpmath
from mpmath import mpf

PARAMETERS = {"nbd": 2, "bg_nbd": 4, "mbg_nbd": 4, "pareto_nbd": 4, "gamma_gamma": 3}


def nbd(theta, row):
    (r, alpha), (x, T) = theta, row
    return (mpmath.loggamma(r + x) - mpmath.loggamma(r) - mpmath.loggamma(x + 1)
            + r * mpmath.log(alpha / (alpha + T)) + (x * mpmath.log(T / (alpha + T)) if x else 0))


def log_beta(a, b):
    return mpmath.loggamma(a) + mpmath.loggamma(b) - mpmath.loggamma(a + b)


def bg_nbd(theta, row):
    """Fader, Hardie and Lee 2005, equation 6."""
    (r, alpha, a, b), (x, t, T) = theta, row
    stays = mpmath.exp(log_beta(a, b + x) - log_beta(a, b) - (r + x) * mpmath.log((alpha + T) / (alpha + t)))
    leaves = mpmath.exp(log_beta(a + 1, b + x - 1) - log_beta(a, b)) if x else mpf(0)
    return (mpmath.loggamma(r + x) - mpmath.loggamma(r) + r * mpmath.log(alpha)
            - (r + x) * mpmath.log(alpha + t) + mpmath.log(stays + leaves))


def mbg_nbd(theta, row):
    """Batislam, Denizel and Filiztekin 2007."""
    (r, alpha, a, b), (x, t, T) = theta, row
    stays = mpmath.exp(log_beta(a, b + x + 1) - log_beta(a, b)
                       - (r + x) * mpmath.log((alpha + T) / (alpha + t)))
    leaves = mpmath.exp(log_beta(a + 1, b + x) - log_beta(a, b))
    return (mpmath.loggamma(r + x) - mpmath.loggamma(r) + r * mpmath.log(alpha)
            - (r + x) * mpmath.log(alpha + t) + mpmath.log(stays + leaves))


RULES = {}


def rule(n):
    """Gauss-Legendre nodes and weights on [0, 1]."""
    if n not in RULES:
        nodes = []
        for k in range(n):
            z = mpmath.cos(mpmath.pi * (k + mpf(3) / 4) / (n + mpf(1) / 2))
            for _ in range(12):
                p, before = mpf(1), mpf(0)
                for j in range(n):
                    p, before = ((2 * j + 1) * z * p - j * before) / (j + 1), p
                slope = n * (z * p - before) / (z * z - 1)
                z -= p / slope
            nodes.append(((z + 1) / 2, 1 / ((1 - z * z) * slope * slope)))
        RULES[n] = nodes
    return RULES[n]


def pareto_nbd(theta, row):
    """Fader and Hardie 2005, "A note on deriving the Pareto/NBD model", equation 13."""
    (r, alpha, s, beta), (x, t, T) = theta, row
    c = r + x

    def fall(u):
        return c * mpmath.log1p((u - t) / (alpha + t)) + s * mpmath.log1p((u - t) / (beta + t))

    total, u = mpmath.exp(-fall(T)), t
    nodes = rule(24 if mpmath.mp.dps < 50 else 36)
    while u < T and fall(u) < 80:
        slope = c / (alpha + u) + s / (beta + u)
        width = min(2 / slope, (min(alpha, beta) + u) / 2, T - u)
        total += width * sum(w * s / (beta + u + width * y) * mpmath.exp(-fall(u + width * y))
                             for y, w in nodes)
        u += width
    return (mpmath.loggamma(r + x) - mpmath.loggamma(r) - x * mpmath.log(alpha + t)
            + r * mpmath.log(alpha / (alpha + t)) + s * mpmath.log(beta / (beta + t)) + mpmath.log(total))


def pareto_nbd_closed(theta, row):
    """The same by Gauss's hypergeometric function: ibid., equation 22."""
    (r, alpha, s, beta), (x, t, T) = theta, row
    c, most, least = r + s + x, max(alpha, beta), min(alpha, beta)
    other = s + 1 if alpha >= beta else r + x

    def term(u):
        return mpmath.hyp2f1(c, other, c + 1, (most - least) / (most + u)) / (most + u) ** c

    return (mpmath.loggamma(r + x) - mpmath.loggamma(r) + r * mpmath.log(alpha) + s * mpmath.log(beta)
            + mpmath.log((alpha + T) ** -(r + x) * (beta + T) ** -s + s / c * (term(t) - term(T))))


def gamma_gamma(theta, row):
    """Fader and Hardie 2013, "The gamma-gamma model of monetary value", equation 1a."""
    (p, q, v), (x, m) = theta, row
    return (mpmath.loggamma(p * x + q) - mpmath.loggamma(p * x) - mpmath.loggamma(q) + q * mpmath.log(v)
            + (p * x - 1) * mpmath.log(m) + p * x * mpmath.log(x) - (p * x + q) * mpmath.log(v + m * x))


FORMULAS = {"nbd": nbd, "bg_nbd": bg_nbd, "mbg_nbd": mbg_nbd, "pareto_nbd": pareto_nbd,
            "gamma_gamma": gamma_gamma}


def short(value):
    """A double that four digits write."""
    return float(f"{value:.4g}")


def log_uniform(rng, low, high):
    return short(10 ** rng.uniform(low, high))


def frequency(rng):
    kind = rng.random()
    if kind < 0.2:
        return 0
    return rng.randint(1, 20) if kind < 0.6 else round(10 ** rng.uniform(0, 6))


def customer(model, rng):
    x = frequency(rng)
    if model == "gamma_gamma":
        return [max(1, x), log_uniform(rng, -3, 5)]
    T = log_uniform(rng, -3, 4)
    if model == "nbd":
        return [x, T]
    kind = rng.random()
    t = T if kind < 0.1 else T * (1 - 10 ** rng.uniform(-9, 0)) if kind < 0.3 else T * rng.random()
    return [x, min(T, float(f"{t:.12g}")) if x else 0, T]


def value_at(formula, theta, row, digits):
    with mpmath.workdps(digits):
        return formula([mpf(v) for v in theta], [mpf(v) for v in row])


def condition(formula, theta, row):
    """By differences of the values, at 50 digits and steps of 1e-20."""
    with mpmath.workdps(45):
        inputs, step = [mpf(v) for v in list(theta) + list(row)], mpf(10) ** -20
        at = formula(inputs[:len(theta)], inputs[len(theta):])
        total = mpf(0)
        for i, value in enumerate(inputs):
            if i == len(theta) or value == 0:  # the frequency is a whole number
                continue
            moved = list(inputs)
            moved[i] = value * (1 - step if i == len(theta) + 1 else 1 + step)
            total += abs(formula(moved[:len(theta)], moved[len(theta):]) - at) / step
        return total


def lines(model, rows, seed):
    rng, formula, written = random.Random(seed), FORMULAS[model], 0
    while written < rows:
        theta = [log_uniform(rng, -6, 6) for _ in range(PARAMETERS[model])]
        row = customer(model, rng)
        digits = 40 if model == "pareto_nbd" else 80
        first = value_at(formula, theta, row, digits)
        again = value_at(formula, theta, row, digits + 20)
        assert abs(first - again) <= abs(again) * mpf(10) ** -20, (theta, row, first, again)
        if model == "pareto_nbd" and written % 20 == 0 and max(theta) < 100 and row[0] < 100:
            closed = value_at(pareto_nbd_closed, theta, row, 200)
            assert abs(closed - again) <= abs(again) * mpf(10) ** -20, (theta, row, closed, again)
        inputs = " ".join(f"{v:.12g}" for v in list(theta) + row)
        yield f"{model} {inputs} {mpmath.nstr(again, 19)} {mpmath.nstr(condition(formula, theta, row), 3)}"
        written += 1


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("model", choices=sorted(FORMULAS) + ["all"])
    parser.add_argument("--rows", type=int, default=2000)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--folder", type=pathlib.Path, help="where the files of all models go")
    given = parser.parse_args()
    if given.model != "all":
        for line in lines(given.model, given.rows, given.seed):
            print(line, flush=True)
        return
    given.folder.mkdir(parents=True, exist_ok=True)
    for model in FORMULAS:
        text = "".join(line + "\n" for line in lines(model, given.rows, given.seed))
        (given.folder / f"likelihood_{model}.txt").write_text(text, encoding="utf-8")


if __name__ == "__main__":
    main()
