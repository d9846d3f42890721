#!/usr/bin/env python3
"""Optima of the likelihoods over 400 made-up customers, by other means than the library's.

    optima.py > optima.txt

The customers follow from SplitMix64 and whole-number arithmetic, so that tests/models/ltv/fit_test.cc
makes the same ones. The likelihoods are the printed formulas of likelihoods.py at 30 digits (Pareto/NBD:
the integral by 120 Gauss-Legendre nodes in extended precision, with NumPy); their derivatives are
differences; the steps are Newton's from where Nelder and Mead's method, of SciPy, ends.

A line: model, parameters, log-likelihood, standard errors. Needs mpmath, NumPy and SciPy.
"""

import math

import mpmath
import numpy as np
from mpmath import mpf
from scipy.optimize import minimize
from scipy.special import betaln, gammaln

import likelihoods

MASK = (1 << 64) - 1


def split_mix(state):
    """Steele, Lea and Flood 2014."""
    z = (state * 0x9E3779B97F4A7C15) & MASK
    z = ((z ^ (z >> 30)) * 0xBF58476D1CE4E5B9) & MASK
    z = ((z ^ (z >> 27)) * 0x94D049BB133111EB) & MASK
    return z ^ (z >> 31)


def customers(count=400):
    """(x, t, T, m): all multiples of 1/8 or 1/64. Gaps are uniform, of six classes of customers; the
    chance to leave after each purchase, the first too, is one of six."""
    rows = []
    for i in range(count):
        a, b, d = (split_mix(4 * i + k) for k in (1, 2, 4))
        end, gap, leaves = 200 + a % 200, 4 << b % 6, [0, 8, 32, 96, 160, 240][(b >> 8) % 6]
        x = time = last = 0
        while split_mix(1000000 + 1000 * i + 2 * x + 1) % 256 >= leaves and x < 400:
            time += 1 + split_mix(1000000 + 1000 * i + 2 * x) % (2 * gap)
            if time > end:
                break
            x, last = x + 1, time
        m = (64 + d % 1024 + (d >> 20) % 1024 * ((d >> 40) % 3)) / 64
        rows.append((x, last / 8, end / 8, m))
    return rows


def mp_objective(model, rows):
    formula = likelihoods.FORMULAS[model]
    counts = {}
    for row in rows:
        counts[row] = counts.get(row, 0) + 1

    def total(theta):
        natural = [mpmath.exp(v) for v in theta]
        return mpmath.fsum(w * formula(natural, [mpf(v) for v in row]) for row, w in counts.items())
    return total


def long_objective(rows):
    """Pareto/NBD in extended precision."""
    wide = np.longdouble
    with mpmath.workdps(30):
        nodes = [(wide(str(y)), wide(str(w))) for y, w in likelihoods.rule(120)]
    x, t, T = (np.array([wide(row[k]) for row in rows]) for k in range(3))

    def total(theta):
        r, alpha, s, beta = (np.exp(wide(v)) for v in theta)
        c = r + x
        integral = np.zeros(len(rows), dtype=wide)
        width = np.log((beta + T) / (beta + t))
        for y, w in nodes:  # in ln(beta + u)
            u = (beta + t) * np.exp(width * y) - beta
            integral += w * width * s * np.exp(-c * np.log((alpha + u) / (alpha + t))
                                               - s * np.log((beta + u) / (beta + t)))
        stays = np.exp(-c * np.log((alpha + T) / (alpha + t)) - s * np.log((beta + T) / (beta + t)))
        value = np.log(stays + integral) - c * np.log(alpha + t) + r * np.log(alpha)
        value += s * np.log(beta / (beta + t))
        for k in range(int(max(x))):
            value += np.where(x > k, np.log(r + k), wide(0))
        return value.sum()
    return total


def derivatives(f, at, step):
    """Gradient and Hessian by differences of the fourth order."""
    n = len(at)

    def shifted(moves):
        point = list(at)
        for i, k in moves:
            point[i] = point[i] + k * step
        return f(point)

    weights = {1: 8, -1: -8, 2: -1, -2: 1}
    gradient = [sum(w * shifted([(i, k)]) for k, w in weights.items()) / (12 * step) for i in range(n)]
    hessian = [[None] * n for _ in range(n)]
    middle = f(at)
    for i in range(n):
        hessian[i][i] = (16 * (shifted([(i, 1)]) + shifted([(i, -1)])) - shifted([(i, 2)])
                         - shifted([(i, -2)]) - 30 * middle) / (12 * step ** 2)
        for j in range(i):
            hessian[i][j] = hessian[j][i] = sum(
                v * w * shifted([(i, k), (j, m)]) for k, v in weights.items()
                for m, w in weights.items()) / (144 * step ** 2)
    return gradient, hessian


def optimum(f, start, step, rough):
    at = [mpf(v) if rough is not f else np.longdouble(v)
          for v in minimize(lambda v: -float(rough(list(v))), start, method="Nelder-Mead",
                            options={"xatol": 1e-6, "fatol": 1e-9, "maxiter": 4000}).x]
    for _ in range(8):
        gradient, hessian = derivatives(f, at, step)
        move = mpmath.lu_solve(mpmath.matrix([[mpf(str(v)) for v in row] for row in hessian]),
                               mpmath.matrix([mpf(str(v)) for v in gradient]))
        at = [v - type(v)(str(m)) for v, m in zip(at, move)]
        if max(abs(m) for m in move) < 1e-11:
            break
    _, hessian = derivatives(f, at, step)
    inverse = mpmath.inverse(mpmath.matrix([[-mpf(str(v)) for v in row] for row in hessian]))
    natural = [mpmath.exp(mpf(str(v))) for v in at]
    errors = [natural[i] * mpmath.sqrt(inverse[i, i]) for i in range(len(at))]
    return natural, f(at), errors


def float_objective(model, rows):
    """Quick and rough, for the start: scipy's log-gamma over all rows at once."""
    x, columns = np.array([row[0] for row in rows]), [np.array(c) for c in zip(*rows)]

    def beta_ratio(a, b, i, j):
        return betaln(a + i, b + j) - betaln(a, b)

    def total(theta):
        v = np.exp(np.clip(theta, -12, 12))
        if model == "nbd":
            T, (r, alpha) = columns[1], v
            return (gammaln(r + x) - gammaln(r) - gammaln(x + 1) + r * np.log(alpha / (alpha + T))
                    + x * np.log(T / (alpha + T))).sum()
        if model == "gamma_gamma":
            m, (p, q, w) = columns[1], v
            return (-betaln(p * x, q) + q * np.log(w) + (p * x - 1) * np.log(m) + p * x * np.log(x)
                    - (p * x + q) * np.log(w + m * x)).sum()
        t, T, (r, alpha, a, b), more = columns[1], columns[2], v, model == "mbg_nbd"
        leaves = np.where((x > 0) | more, np.exp(beta_ratio(a, b, 1, x - 1 + more)), 0)
        stays = np.exp(beta_ratio(a, b, 0, x + more) - (r + x) * np.log((alpha + T) / (alpha + t)))
        return (gammaln(r + x) - gammaln(r) + r * np.log(alpha) - (r + x) * np.log(alpha + t)
                + np.log(stays + leaves)).sum()
    return total


def main():
    rows = customers()
    picks = {"nbd": [(x, T) for x, _, T, _ in rows], "bg_nbd": [row[:3] for row in rows],
             "mbg_nbd": [row[:3] for row in rows],
             "gamma_gamma": [(x, m) for x, _, _, m in rows if x]}
    starts = {"nbd": [-0.5, 2], "bg_nbd": [0, 2, 0, 1], "mbg_nbd": [0, 2, 0, 1],
              "gamma_gamma": [1, 1, 2]}
    with mpmath.workdps(30):
        for model, picked in picks.items():
            f = mp_objective(model, picked)
            show(model, optimum(f, starts[model], mpf("1e-5"), float_objective(model, picked)))
        f = long_objective([row[:3] for row in rows])
        show("pareto_nbd", optimum(f, [0, 2, -1, 2], np.longdouble("3e-4"), f))


def show(model, found):
    natural, value, errors = found
    numbers = list(natural) + [mpf(str(value))] + list(errors)
    print(model, " ".join(mpmath.nstr(v, 15) for v in numbers), flush=True)


if __name__ == "__main__":
    main()
