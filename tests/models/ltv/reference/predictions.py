#!/usr/bin/env python3
"""Predictions of lifetime value models in high precision, for the tests to compare with.

    predictions.py MODEL ROWS SEED > FILE      MODEL: nbd, bg_nbd, mbg_nbd, pareto_nbd, gamma_gamma

Needs mpmath (and gmpy2, else it is slow). The formulas are those of the papers, or integrals over the
unobserved rates; none is how the library works them out. Each number is worked out at two precisions,
the second half as many digits again; rows where they do not agree to 15 digits, or take longer than
some seconds, are drawn again, and counted on standard error.

A line: quantity, the fields of the query and the customer that count, the parameters, the expected
value, and the condition number: the sum of |d ln value / d ln input| over the inputs. Numbers are in
hexadecimal ("1.8p-3"), whole ones decimal; nan where the value does not exist.

  alive h | purchases h | pmf n h | next probability | discounted h rate (continuous) | spend
  then frequency recency T (gamma_gamma: frequency monetary), then the parameters
"""

import random
import signal
import sys

import mpmath
from mpmath import mp, mpf

DIGITS = 22
SECONDS = 15  # for a row
AGREE = mpf(10) ** -15


class Fails(Exception):
    pass


def hex_of(x):
    if x != x:
        return "nan"
    if x == float("inf"):
        return "inf"
    if x == int(x) and abs(x) < 2**53:
        return str(int(x))
    text = float(x).hex().replace("0x", "")
    mantissa, exponent = text.split("p")
    mantissa = mantissa.rstrip("0").rstrip(".") if "." in mantissa else mantissa
    return f"{mantissa}p{int(exponent)}"


# ------------------------------------------------------------------------------ pieces


def hyp2f1(a, b, c, z):
    """Gauss's function for z <= 0 or in (0, 1), by the transformation whose series is short."""
    if z < 0:
        # Pfaff: both forms have their argument in (0, 1).
        w = z / (z - 1)
        if abs(a) <= abs(b):
            return (1 - z) ** -a * hyp2f1(a, c - b, c, w)
        return (1 - z) ** -b * hyp2f1(c - a, b, c, w)
    try:
        return mp.hyp2f1(a, b, c, z, maxterms=6000)
    except (mp.NoConvergence, ValueError, ZeroDivisionError):
        try:
            return (1 - z) ** (c - a - b) * mp.hyp2f1(c - a, c - b, c, z, maxterms=6000)
        except (mp.NoConvergence, ValueError, ZeroDivisionError):
            raise Fails


def beta_tail(n, r, u, v):
    """P(negative binomial >= n) = I_u(n, r), v = 1 - u."""
    # Abramowitz and Stegun 26.5.23 with Euler's transformation: a series of positive terms.
    return mp.exp(n * mp.log(u) + r * mp.log(v) - mp.log(n) - mp.loggamma(n) - mp.loggamma(r)
                  + mp.loggamma(n + r)) * hyp2f1(n + r, mpf(1), n + 1, u)


def log_nb(n, r, u, v):
    return (mp.loggamma(r + n) - mp.loggamma(r) - mp.loggamma(n + 1) + n * mp.log(u) + r * mp.log(v))


def line_integral(f, points):
    """The integral of f over a line, in Gauss-Legendre pieces between the points."""
    points = sorted(set(points))
    return mp.quad(f, points, maxdegree=7)


def log_grid(lo, hi, extra=()):
    """From lo to hi (logarithms) in steps of at most 3, with more points."""
    n = max(2, int((hi - lo) / 3) + 2)
    grid = [lo + (hi - lo) * i / (n - 1) for i in range(n)]
    return grid + [e for e in extra if lo < e < hi]


# ------------------------------------------------------------------------------ models


def nbd(q, aux, hist, par):
    r, alpha = par
    x, _, T = hist
    R, A = r + x, alpha + T
    if q == "alive":
        return mpf(1)
    if q == "purchases":
        return R * aux[0] / A
    if q == "discounted":
        h, d = aux
        return R / A * (1 / d if h == mp.inf else (1 - mp.exp(-d * h)) / d)
    if q == "pmf":
        n, h = aux
        return mp.exp(log_nb(n, R, h / (A + h), A / (A + h)))
    return A * ((1 - aux[0]) ** (-1 / R) - 1)


def beta_geometric(mbg):
    def f(q, aux, hist, par):
        r, alpha, a, b = par
        x, t, T = hist
        R, A = r + x, alpha + T
        if mbg:
            alive = 1 / (1 + a / (b + x) * ((alpha + T) / (alpha + t)) ** R)
            B = b + x + 1
        else:
            alive = mpf(1)
            if x > 0:
                alive = 1 / (1 + a / (b + x - 1) * ((alpha + T) / (alpha + t)) ** R)
            B = b + x
        if q == "alive":
            return alive * hyp2f1(R, a, a + B, -aux[0] / A)
        if q == "purchases":
            # E[(1 - (1 + p h / A)^-R) / p]; Fader, Hardie and Lee 2005, eq. (10), is this one.
            h = aux[0]
            if h == mp.inf:
                return alive * (a + B - 1) / (a - 1) if a > 1 else mp.nan
            return alive * (a + B - 1) / (a - 1) * (1 - hyp2f1(R, a - 1, a + B - 1, -h / A))
        if q == "discounted":
            h, d = aux
            rate = lambda v: mp.exp(v - d * mp.exp(v)) * hyp2f1(R + 1, a, a + B, -mp.exp(v) / A)
            end = mp.log(min(h, (mp.dps * 2.4 + 8) / d))
            start = min(mp.log(A / R), end) - mp.dps * 2.4
            # What is left of the start is a rate that does not change.
            first = mp.exp(start) * R / A
            return alive * (first + R / A * line_integral(rate, log_grid(start, end)))
        if q == "pmf":
            n, h = aux
            u, v = h / (A + h), A / (A + h)
            stay = mp.exp(mp.loggamma(B + n) - mp.loggamma(B) + mp.loggamma(a + B) - mp.loggamma(a + B + n))
            value = stay * mp.exp(log_nb(n, R, u, v))
            if n > 0:
                value += stay * a / (B + n - 1) * beta_tail(n, R, u, v)
            return alive * value + (1 - alive if n == 0 else 0)
        probability = aux[0] / alive
        return A * ((1 - probability) ** (-1 / R) - 1) if probability < 1 else mp.inf

    return f


def pareto_odds(x, t, T, r, alpha, s, beta):
    """P(left) / P(alive): Fader and Hardie, note 009, equations (18) and (19), with all its digits."""
    if t == T:
        return mpf(0)
    R = r + x
    if R > 3000:
        return pareto_odds_by_quadrature(R, t, T, alpha, s, beta)
    with mp.extradps(mp.dps + 20):
        big, other = max(alpha, beta), (s + 1 if alpha >= beta else R)

        def antiderivative(y):
            z = abs(alpha - beta) / (big + y)
            f = hyp2f1(R + s, other, R + s + 1, z) if z > 0 else mpf(1)
            return f * mp.exp(R * mp.log((alpha + T) / (big + y)) + s * mp.log((beta + T) / (big + y)))

        try:
            return s / (R + s) * (antiderivative(t) - antiderivative(T))
        except Fails:
            return pareto_odds_by_quadrature(R, t, T, alpha, s, beta)


def pareto_odds_by_quadrature(R, t, T, alpha, s, beta):
    """The integral itself, over w = ln((y - t) / (T - t)), y being when she left."""
    length = T - t

    def f(w):
        y = t + length * mp.exp(w)
        return mp.exp(w) * s / (beta + y) * mp.exp(
            R * mp.log((alpha + T) / (alpha + y)) + s * mp.log((beta + T) / (beta + y)))

    turn = mp.log(min(length, 1 / (R / (alpha + t) + (s + 1) / (beta + t))) / length)
    start = turn - DIGITS * 4
    more = [turn + i * mpf(1) / 2 for i in range(-6, 12)]
    return length * (f(start) + line_integral(f, log_grid(start, mpf(0), more)))


def pareto_nbd(q, aux, hist, par):
    r, alpha, s, beta = par
    x, t, T = hist
    R, A, B = r + x, alpha + T, beta + T
    alive = 1 / (1 + pareto_odds(x, t, T, r, alpha, s, beta))
    if q == "alive":
        return alive * (B / (B + aux[0])) ** s
    if q == "purchases":
        h = aux[0]
        if h == mp.inf:
            return alive * R * B / A / (s - 1) if s > 1 else mp.nan
        return alive * R * B / A / (s - 1) * (1 - (B / (B + h)) ** (s - 1))
    if q == "discounted":
        h, d = aux
        f = lambda v: mp.exp(v - d * mp.exp(v) - s * mp.log(1 + mp.exp(v) / B))
        end = mp.log(min(h, (mp.dps * 2.4 + 8) / d))
        start = min(mp.log(B / s), end) - mp.dps * 2.4
        turn = mp.log(B / s)
        more = [turn + i * mpf(1) / 2 for i in range(-6, 12)]
        return alive * R / A * (mp.exp(start) + line_integral(f, log_grid(start, end, more)))
    if q == "pmf":
        n, h = aux
        norm = mp.loggamma(R + n) - mp.loggamma(R) - mp.loggamma(n + 1)

        def log_count(t):
            return norm + R * mp.log(A / (A + t)) + (n * mp.log(t / (A + t)) if n > 0 else 0)

        f = lambda v: mp.exp(v + log_count(mp.exp(v)) + mp.log(s / B) - (s + 1) * mp.log(1 + mp.exp(v) / B))
        start = mp.log(min(h, B / (s + 1), A / (R + 1))) - mp.dps * 2.4
        more = []
        for turn, width in ((mp.log(B / (s + 1)), mpf(1) / 2), (mp.log(A * max(n, mpf(1)) / R), 1 / mp.sqrt(n + 4))):
            more += [turn + i * width for i in range(-12, 13)]
        left = line_integral(f, log_grid(start, mp.log(h), more)) + (mp.exp(start) * s / B if n == 0 else 0)
        value = mp.exp(log_count(h)) * (B / (B + h)) ** s + left
        return alive * value + (1 - alive if n == 0 else 0)
    raise Fails


def gamma_gamma(q, aux, hist, par):
    p, qq, v = par
    x, m = hist
    if x == 0:
        return p * v / (qq - 1) if qq > 1 else mp.nan
    return p * (v + x * m) / (p * x + qq - 1) if p * x + qq > 1 else mp.nan


MODELS = {"nbd": (nbd, 2), "bg_nbd": (beta_geometric(False), 4), "mbg_nbd": (beta_geometric(True), 4),
          "pareto_nbd": (pareto_nbd, 4), "gamma_gamma": (gamma_gamma, 3)}


# ------------------------------------------------------------------------------ rows


def rounded(x, bits=18):
    """A double of few bits near x, so that its text is short."""
    if x == 0 or x in (float("inf"),):
        return x
    m, e = mpmath.frexp(mpf(x))
    return float(mpmath.ldexp(mp.nint(m * 2**bits), int(e) - bits))


def spread(rng, low, high):
    return rounded(10 ** rng.uniform(low, high))


def draw(model, rng):
    par = [spread(rng, -6, 6) for _ in range(MODELS[model][1])]
    x = 0 if rng.random() < 0.2 else int(10 ** rng.uniform(0, rng.choice([1, 3, 6])))
    if model == "gamma_gamma":
        return "spend", [], [x, spread(rng, -6, 6)], par
    T = spread(rng, -6, 6) if rng.random() < 0.5 else spread(rng, 0, 3)
    t = 0.0
    if x > 0:
        kind = rng.random()
        t = T if kind < 0.1 else T * (1 - 2.0 ** -rng.randint(1, 20)) if kind < 0.4 else rounded(T * rng.random(), 12)
        t = min(t, T)
    h = spread(rng, -6, 6) if rng.random() < 0.5 else spread(rng, 0, 2)
    q = rng.choice(["alive", "purchases", "purchases", "discounted", "pmf", "next"])
    if q == "alive":
        aux = [0.0 if rng.random() < 0.6 else h]
    elif q == "purchases":
        aux = [float("inf") if rng.random() < 0.1 and model != "nbd" else h]
    elif q == "discounted":
        aux = [float("inf") if rng.random() < 0.5 else h, spread(rng, -5, 0)]
    elif q == "pmf":
        n = rng.choice([0, 1, int(10 ** rng.uniform(0, 2)), int(10 ** rng.uniform(0, 4)), 10000])
        aux = [n, h]
    else:
        aux = [rounded(rng.random(), 12)]
    return q, aux, [x, t, T], par


def evaluate(model, q, aux, hist, par, digits):
    with mp.workdps(digits):
        inputs = [[mpf(v) for v in part] for part in (aux, hist, par)]
        try:
            value = MODELS[model][0](q, *inputs)
        except (mp.NoConvergence, ZeroDivisionError, ValueError, OverflowError):
            raise Fails from None
        return +mp.re(value)


def condition(model, q, aux, hist, par, value):
    """Sum of |d ln value / d ln input|, by one-sided differences."""
    if q == "discounted":
        # Given that she is alive no elasticity exceeds 1, and there are six.
        return condition(model, "alive", [0.0], hist, par, evaluate(model, "alive", [0.0], hist, par, 22)) + 6
    step = mpf(2) ** -30
    total = mpf(0)
    parts = [list(map(mpf, aux)), list(map(mpf, hist)), list(map(mpf, par))]
    for p, part in enumerate(parts):
        for i, v in enumerate(part):
            if v == 0 or v == mp.inf or (p == 1 and i == 0) or (q == "pmf" and p == 0 and i == 0):
                continue
            moved = [list(other) for other in parts]
            moved[p][i] = v * (1 - step)
            if p == 1 and i == 2 and moved[1][1] > moved[1][2]:
                moved[p][i] = v * (1 + step)
            there = evaluate(model, q, *moved, 22)
            total += abs(there / value - 1) / step
    return total


def row(model, rng, dropped):
    while True:
        q, aux, hist, par = draw(model, rng)
        if model == "pareto_nbd" and q == "next":
            continue
        signal.alarm(SECONDS)
        try:
            value = evaluate(model, q, aux, hist, par, DIGITS)
            second = evaluate(model, q, aux, hist, par, DIGITS * 3 // 2)
            if value != value or value == mp.inf:
                cond = 0
            else:
                if abs(value - second) > AGREE * abs(second):
                    raise Fails
                value = second
                if value < mpf(10) ** -300:
                    continue
                cond = condition(model, q, aux, hist, par, value)
        except Fails:
            dropped[q] = dropped.get(q, 0) + 1
            continue
        finally:
            signal.alarm(0)
        fields = [q] + [hex_of(v) for v in aux + hist + par]
        expected = float(value) if value == value else float("nan")
        return " ".join(fields + [hex_of(expected), "%.1e" % float(cond + mpf("0.05"))])


def too_long(*_):
    raise Fails


def main():
    signal.signal(signal.SIGALRM, too_long)
    model, rows, seed = sys.argv[1], int(sys.argv[2]), int(sys.argv[3])
    mp.dps = DIGITS
    rng = random.Random(f"{model} {seed}")
    dropped = {}
    for _ in range(rows):
        print(row(model, rng, dropped))
    print(f"{model}: {rows} rows; drawn again: {dropped}", file=sys.stderr)


if __name__ == "__main__":
    main()
