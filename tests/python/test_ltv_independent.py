"""Fits beside a second program: customers drawn by Python's own generator, likelihoods as the papers print them,
and a simplex that climbs them without derivatives. Nothing here is patron's but the fit under test."""

import math
import random

import pytest

from patron import ltv

lgamma = math.lgamma


def log_beta(a, b):
    return lgamma(a) + lgamma(b) - lgamma(a + b)


def log_sum(*logs):
    top = max(logs)
    return top + math.log(sum(math.exp(value - top) for value in logs))


# -- Customers -------------------------------------------------------------------------------------


def buyer(draw, rate, T, may_stay):
    """x, t_x and T of one who buys at this rate until a purchase after which she does not stay."""
    x, t, at = 0, 0.0, 0.0
    while True:
        at += draw.expovariate(rate)
        if at > T:
            return x, t, T
        x, t = x + 1, at
        if not may_stay():
            return x, t, T


def of_bg_nbd(draw, r, alpha, a, b):
    p = draw.betavariate(a, b)
    return buyer(draw, draw.gammavariate(r, 1 / alpha), draw.randint(140, 420) / 7, lambda: draw.random() >= p)


def of_mbg_nbd(draw, r, alpha, a, b):
    p, T = draw.betavariate(a, b), draw.randint(140, 420) / 7
    if draw.random() < p:
        return 0, 0.0, T
    return buyer(draw, draw.gammavariate(r, 1 / alpha), T, lambda: draw.random() >= p)


def of_pareto_nbd(draw, r, alpha, s, beta):
    T = draw.randint(140, 420) / 7
    end = min(T, draw.expovariate(draw.gammavariate(s, 1 / beta)))
    x, t, _ = buyer(draw, draw.gammavariate(r, 1 / alpha), end, lambda: True)
    return x, t, T


def of_gamma_gamma(draw, p, q, v):
    x, nu = draw.randint(1, 6), draw.gammavariate(q, 1 / v)
    return x, round(sum(draw.gammavariate(p, 1 / nu) for _ in range(x)) / x, 2) + 0.01


def of_bg_bb(draw, alpha, beta, gamma, delta):
    p, theta, n = draw.betavariate(alpha, beta), draw.betavariate(gamma, delta), draw.randint(4, 9)
    x = t = 0
    for k in range(1, n + 1):
        if draw.random() < theta:
            break
        if draw.random() < p:
            x, t = x + 1, k
    return x, t, n


def of_sbg(draw, alpha, beta):
    theta, n = draw.betavariate(alpha, beta), draw.randint(3, 8)
    for k in range(1, n + 1):
        if draw.random() < theta:
            return k, True
    return n, False


# -- Likelihoods -----------------------------------------------------------------------------------


def bg_nbd(x, t, T, r, alpha, a, b):
    """Fader, Hardie and Lee (2005), equation 6."""
    stays = log_beta(a, b + x) - log_beta(a, b) - (r + x) * math.log(alpha + T)
    leaves = [] if x == 0 else [log_beta(a + 1, b + x - 1) - log_beta(a, b) - (r + x) * math.log(alpha + t)]
    return lgamma(r + x) - lgamma(r) + r * math.log(alpha) + log_sum(stays, *leaves)


def mbg_nbd(x, t, T, r, alpha, a, b):
    """Batislam, Denizel and Filiztekin (2007)."""
    stays = log_beta(a, b + x + 1) - log_beta(a, b) - (r + x) * math.log(alpha + T)
    leaves = log_beta(a + 1, b + x) - log_beta(a, b) - (r + x) * math.log(alpha + t)
    return lgamma(r + x) - lgamma(r) + r * math.log(alpha) + log_sum(stays, leaves)


# Gauss and Legendre's rule of 8 nodes (Abramowitz and Stegun, table 25.4).
NODES = [0.1834346424956498, 0.5255324099163290, 0.7966664774136267, 0.9602898564975363]
WEIGHTS = [0.3626837833783620, 0.3137066458778873, 0.2223810344533745, 0.1012285362903763]
RULE = [(side * x, w) for x, w in zip(NODES, WEIGHTS, strict=True) for side in (-1, 1)]


def pareto_nbd(x, t, T, r, alpha, s, beta):
    """Fader and Hardie (2005), note 009: over when she left, in the logarithm of the nearer singularity."""
    near, panels = min(alpha, beta), 4
    low, width = math.log(near + t), math.log((near + T) / (near + t)) / panels
    logs = [-(r + x) * math.log(alpha + T) - s * math.log(beta + T)]
    for panel in range(panels if T > t else 0):
        for node, weight in RULE:
            y = low + width * (panel + (1 + node) / 2)
            u = math.exp(y) - near
            density = y - (r + x) * math.log(alpha + u) - (s + 1) * math.log(beta + u)
            logs.append(math.log(s * weight * width / 2) + density)
    return lgamma(r + x) - lgamma(r) + r * math.log(alpha) + s * math.log(beta) + log_sum(*logs)


def gamma_gamma(x, m, p, q, v):
    """Fader and Hardie (2013), note 025, equation 1a."""
    return (lgamma(p * x + q) - lgamma(p * x) - lgamma(q) + q * math.log(v) + (p * x - 1) * math.log(m)
            + p * x * math.log(x) - (p * x + q) * math.log(x * m + v))


def bg_bb(x, t, n, alpha, beta, gamma, delta):
    """Fader, Hardie and Shang (2010), equation 5."""
    logs = [log_beta(alpha + x, beta + n - x) + log_beta(gamma, delta + n)]
    logs += [log_beta(alpha + x, beta + i - x) + log_beta(gamma + 1, delta + i) for i in range(t, n)]
    return log_sum(*logs) - log_beta(alpha, beta) - log_beta(gamma, delta)


def sbg(T, churned, alpha, beta):
    """Fader and Hardie (2007), equations 5 and 6."""
    ended = log_beta(alpha + 1, beta + T - 1) if churned else log_beta(alpha, beta + T)
    return ended - log_beta(alpha, beta)


# -- The comparison --------------------------------------------------------------------------------


def climb(f, start, evaluations):
    """The highest f of Nelder and Mead's simplex (1965)."""
    n = len(start)
    simplex = [start] + [[v + (0.3 if i == j else 0) for j, v in enumerate(start)] for i in range(n)]
    points = sorted(((f(p), p) for p in simplex), reverse=True)
    for _ in range(evaluations):
        middle = [sum(p[j] for _, p in points[:n]) / n for j in range(n)]
        worst = points[n][1]

        def beside(factor, middle=middle, worst=worst):
            p = [m + factor * (m - w) for m, w in zip(middle, worst, strict=True)]
            return f(p), p

        new = beside(1)
        if new[0] > points[0][0]:
            new = max(new, beside(2))
        elif new[0] <= points[n - 1][0]:
            new = beside(0.5 if new[0] > points[n][0] else -0.5)
        if new[0] > points[n][0]:
            points[n] = new
        else:
            best = points[0][1]
            nearer = [[(a + b) / 2 for a, b in zip(best, p, strict=True)] for _, p in points[1:]]
            points[1:] = [(f(p), p) for p in nearer]
        points.sort(reverse=True)
    return points[0]


CASES = [
    (ltv.BgNbd, of_bg_nbd, bg_nbd, [0.3, 5, 0.8, 2.5], 250),
    (ltv.BgNbd, of_bg_nbd, bg_nbd, [1.2, 9, 0.4, 3], 250),
    (ltv.MbgNbd, of_mbg_nbd, mbg_nbd, [0.8, 6, 0.9, 1.6], 250),
    (ltv.MbgNbd, of_mbg_nbd, mbg_nbd, [2, 30, 0.5, 2], 400),
    (ltv.ParetoNbd, of_pareto_nbd, pareto_nbd, [0.8, 10, 0.9, 15], 120),
    (ltv.GammaGamma, of_gamma_gamma, gamma_gamma, [6.25, 3.74, 15.44], 250),
    (ltv.GammaGamma, of_gamma_gamma, gamma_gamma, [1.2, 2.5, 80], 250),
    (ltv.BgBb, of_bg_bb, bg_bb, [1.2, 0.75, 0.66, 2.78], 250),
    (ltv.Sbg, of_sbg, sbg, [0.704, 1.182], 250),
    (ltv.Sbg, of_sbg, sbg, [2, 9], 400),
]


@pytest.mark.parametrize(("kind", "of_model", "log_likelihood", "truth", "n"), CASES)
def test_no_other_climber_gets_higher(kind, of_model, log_likelihood, truth, n):
    draw = random.Random(f"{kind.__name__} {truth}")
    customers = [of_model(draw, *truth) for _ in range(n)]
    model = kind().fit(*map(list, zip(*customers, strict=True)))
    assert model.converged_, model.message_

    def total(logs):
        if max(map(abs, logs)) > 30:
            return -math.inf
        return math.fsum(log_likelihood(*row, *map(math.exp, logs)) for row in customers)

    found = [math.log(value) for value in model.params_.values()]
    here = total(found)
    assert model.log_likelihood_ == pytest.approx(here, rel=1e-12)
    height, place = climb(total, [math.log(value) for value in truth], 220)
    assert height <= here + 1e-9
    # The climber is worth its name: from the parameters that the customers were drawn with to the same hill.
    assert height > here - 1e-5
    assert place == pytest.approx(found, abs=0.05)
