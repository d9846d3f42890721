#!/usr/bin/env python3
"""Predictions of lifetime value models in high precision, for the tests to compare with.

    predictions.py MODEL ROWS SEED > FILE      MODEL: nbd, bg_nbd, mbg_nbd, pareto_nbd, gamma_gamma

Needs mpmath and gmpy2. The formulas are those of the papers, or integrals over the
unobserved rates; none is how the library works them out. Each number is worked out at two precisions,
the second half as many digits again; rows where they do not agree to 15 digits, or take longer than
some seconds, are drawn again, and counted on standard error.

A line: quantity, the fields of the query and the customer that count, the parameters, the expected
value, and the condition number: the sum of |d ln value / d ln input| over the inputs. Numbers are in
hexadecimal ("1.8p-3"), whole ones decimal; nan where the value does not exist.

  alive h | purchases h | pmf n h | next probability | discounted h rate (continuous) | spend
  then frequency recency T (gamma_gamma: frequency monetary), then the parameters
"""

import functools
import math
import random
import signal
import sys

import gmpy2
import mpmath
from mpmath import mp, mpf

DIGITS = 30
CONDITION_DIGITS = 24
SECONDS = 3  # of the processor, for a row
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


def log_nb(n, r, u, v):
    return (mp.loggamma(r + n) - mp.loggamma(r) - mp.loggamma(n + 1) + n * mp.log(u) + r * mp.log(v))


def fast(x):
    """An mpf as a number of MPFR: the same arithmetic in a tenth of the time, for integrands."""
    sign, mantissa, exponent, _ = mpf(x)._mpf_
    return gmpy2.mul_2exp(gmpy2.mpfr(-mantissa if sign else mantissa), exponent) if exponent >= 0 else (
        gmpy2.div_2exp(gmpy2.mpfr(-mantissa if sign else mantissa), -exponent))


def inputs(*values):
    gmpy2.get_context().precision = mp.prec
    return [fast(x) for x in values]


def slow(x):
    mantissa, exponent = x.as_mantissa_exp()
    return mpmath.ldexp(mpf(int(mantissa)), int(exponent))


@functools.lru_cache(maxsize=None)
def fast_rule(n, precision):
    return [(fast(x), fast(w)) for x, w in legendre_rule(n)]


@functools.lru_cache(maxsize=None)
def legendre_rule(n):
    """Gauss and Legendre's nodes and weights on (0, 1), with 60 digits."""
    with mp.workdps(60):
        rule = []
        for k in range(n):
            x = mp.cos(mp.pi * (4 * k + 3) / (4 * n + 2))
            for _ in range(8):
                low, high = mpf(1), x
                for j in range(2, n + 1):
                    low, high = high, ((2 * j - 1) * x * high - (j - 1) * low) / j
                slope = n * (x * high - low) / (x * x - 1)
                x -= high / slope
            rule.append(((1 + x) / 2, 1 / ((1 - x * x) * slope * slope)))
        return rule


def peak_of(log_f, low, high):
    """Where a function with one peak has it, roughly; low and high may be far away from it."""
    for _ in range(90):
        left, right = low + (high - low) * 0.45, low + (high - low) * 0.55
        if log_f(left) < log_f(right):
            low = left
        else:
            high = right
    return (low + high) / 2


def line_integral(f, low, high, guide):
    """The integral of f, which has one peak, over a line on which its singularities are pi away.

    Gauss-Legendre panels from the peak of exp(guide) outwards to where nothing is left of f, a
    function of MPFR's numbers; within one the guide, a double that need not be f's logarithm but
    must vary as much, changes by little.
    """
    precise = mp.dps > DIGITS
    with gmpy2.context(gmpy2.get_context(), precision=mp.prec):
        rule, widest = fast_rule(34 if precise else 24, mp.prec), 1.8 if precise else 2.4
        least = fast(mpf(10) ** -(mp.dps + 2))
        start, total = peak_of(guide, float(low), float(high)), gmpy2.mpfr(0)
        for sign, end in ((1, fast(high) - start), (-1, start - fast(low))):
            at, width, here = gmpy2.mpfr(0), widest, guide(start)
            while at < end:
                width = min(2 * width, widest)
                while True:
                    ahead = [guide(start + sign * float(at + width * part)) for part in (0.5, 1)]
                    if max(abs(there - here) for there in ahead) < 7:
                        break
                    width /= 2
                    if width < 1e-13:
                        raise Fails
                step = min(gmpy2.mpfr(width), end - at)
                part = sum(w * f(start + sign * (at + step * x)) for x, w in rule) * step
                total += part
                at, here = at + step, ahead[1]
                if part < least * total:
                    break
        return slow(total)


def beta_mean(f, a, b, turn, guide):
    """E[f(p)] for p ~ Beta(a, b), over ln(p / (1-p)); f is f(0) for p far below `turn`."""
    far = mp.log(10) * (mp.dps + 3)
    low, high = mp.log(min(turn, mpf(1))) - far, far
    norm = mp.loggamma(a) + mp.loggamma(b) - mp.loggamma(a + b)
    a_, b_, norm_ = inputs(a, b, norm)

    def density(y):
        left, right = -gmpy2.log1p(gmpy2.exp(-y)), -gmpy2.log1p(gmpy2.exp(y))
        return f(gmpy2.exp(left)) * gmpy2.exp(a_ * left + b_ * right - norm_)

    def log_density(y):
        left = -math.log1p(math.exp(-y)) if y > -700 else y
        right = -math.log1p(math.exp(y)) if y < 700 else -y
        return float(a) * left + float(b) * right + guide(math.exp(left))

    at_0, at_1 = (slow(f(gmpy2.mpfr(p))) for p in (0, 1))
    ends = at_0 * mp.exp(a * low - norm) / a + at_1 * mp.exp(-b * high - norm) / b
    return ends + line_integral(density, low, high, log_density)


def beta_tail(n, r, u, v):
    """P(negative binomial >= n) = I_u(n, r), v = 1 - u: the integral that it is, over a logit."""
    end = mp.log(u) - mp.log(v)
    n_, r_, norm = inputs(n, r, mp.loggamma(n + r) - mp.loggamma(n) - mp.loggamma(r))

    def f(y):
        return gmpy2.exp(norm - n_ * gmpy2.log1p(gmpy2.exp(-y)) - r_ * gmpy2.log1p(gmpy2.exp(y)))

    def guide(y):
        left = -math.log1p(math.exp(-y)) if y > -700 else y
        return float(n) * left + float(r) * (left - y)

    start = min(end, mp.log(n / r)) - mp.log(10) * (mp.dps + 3)
    return line_integral(f, start, end, guide)


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
        return R / A * (1 / d if h == mp.inf else -mp.expm1(-d * h) / d)
    if q == "pmf":
        n, h = aux
        return mp.exp(log_nb(n, R, h / (A + h), A / (A + h)))
    return A * ((1 - aux[0]) ** (-1 / R) - 1)


def mixed_power(R, a, b, z):
    """E[(1 + p z)^-R] for p ~ Beta(a, b)."""
    if z == 0:
        return mpf(1)
    R_, z_ = inputs(R, z)
    f = lambda p: gmpy2.exp(-R_ * gmpy2.log1p(p * z_))
    return beta_mean(f, a, b, 1 / (R * z), lambda p: -float(R) * math.log1p(p * float(z)))


def mixed_growth(R, a, b, z):
    """E[(1 - (1 + p z)^-R) / p] for p ~ Beta(a, b)."""
    R_, z_ = inputs(R, z)

    def f(p):
        return R_ * z_ if p == 0 else -gmpy2.expm1(-R_ * gmpy2.log1p(p * z_)) / p

    def guide(p):
        y = float(R) * math.log1p(p * float(z))
        return math.log(float(R * z)) if y < 1e-300 else math.log(-math.expm1(-y) / p)

    return beta_mean(f, a, b, 1 / (R * z + z), guide)


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
            return alive * mixed_power(R, a, B, aux[0] / A)
        if q == "purchases":
            # E[(1 - (1 + p h / A)^-R) / p]; Fader, Hardie and Lee 2005, eq. (10), is this one.
            h = aux[0]
            if h == mp.inf:
                return alive * (a + B - 1) / (a - 1) if a > 1 else mp.nan
            return alive * mixed_growth(R, a, B, h / A)
        if q == "discounted":
            h, d = aux

            # In t where little happens, beyond that in ln t; the integrand's singularity is at -A.
            rate = lambda t: mp.exp(-d * t) * hyp2f1(R + 1, a, a + B, -t / A)
            k = float(min(R + 1, a))
            grows = float((R + 1) * a / (a + B) / k / A)
            guide = lambda v: v - float(d) * math.exp(v) - k * math.log1p(grows * math.exp(v))
            end = min(h, (mp.dps * 2.4 + 8) / d)
            first = min(end, A / 2, 5 / d, 5 * A / (R + 1))
            total = first * sum(w * rate(first * x) for x, w in legendre_rule(30))
            if first < end:
                rest = lambda v: fast(mp.exp(slow(v)) * rate(mp.exp(slow(v))))
                total += line_integral(rest, mp.log(first), mp.log(end), guide)
            return alive * R / A * total
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
    """P(left) / P(alive): Fader and Hardie, note 009, what equations (18) and (19) are the value of."""
    if t == T:
        return mpf(0)
    R, length = r + x, T - t
    # The integral that the equations solve, over w = ln(y - t), y being when she left.
    fall_a, fall_b = length / (alpha + t), length / (beta + t)
    most = R * mp.log1p(fall_a) + s * mp.log1p(fall_b)
    A, B, powers = float(alpha + t), float(beta + t), (float(R), float(s))

    R_, s_, A_, B_, most_ = inputs(R, s, alpha + t, beta + t, most)

    def f(w):
        past = gmpy2.exp(w)
        stay = R_ * gmpy2.log1p(past / A_) + s_ * gmpy2.log1p(past / B_)
        return gmpy2.exp(w + most_ - stay) * s_ / (B_ + past)

    def guide(w):
        past = math.exp(w)
        return w - powers[0] * math.log1p(past / A) - (powers[1] + 1) * math.log1p(past / B)

    turn = mp.log(min(length, 1 / (R / (alpha + t) + (s + 1) / (beta + t))))
    start = turn - mp.dps * 2.4
    return slow(f(fast(start))) + line_integral(f, start, mp.log(length), guide)


def by_note_009(x, t, T, r, alpha, s, beta):
    """The same by equations (18) and (19) as they stand, with all the digits that it takes."""
    R = r + x
    with mp.extradps(mp.dps + 20):
        big, other = max(alpha, beta), (s + 1 if alpha >= beta else R)

        def antiderivative(y):
            z = abs(alpha - beta) / (big + y)
            f = hyp2f1(R + s, other, R + s + 1, z) if z > 0 else mpf(1)
            return f * mp.exp(R * mp.log((alpha + T) / (big + y)) + s * mp.log((beta + T) / (big + y)))

        return s / (R + s) * (antiderivative(t) - antiderivative(T))


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
        stayed = (s - 1) * mp.log1p(h / B)
        return alive * R * B / A * (-mp.expm1(-stayed) / (s - 1) if stayed != 0 else mp.log1p(h / B))
    if q == "discounted":
        h, d = aux
        d_, s_, B_ = inputs(d, s, B)
        f = lambda v: gmpy2.exp(v - d_ * gmpy2.exp(v) - s_ * gmpy2.log1p(gmpy2.exp(v) / B_))
        guide = lambda v: v - float(d) * math.exp(v) - float(s) * math.log1p(math.exp(v) / float(B))
        end = mp.log(min(h, (mp.dps * 2.4 + 8) / d))
        start = min(mp.log(B / s), end) - mp.dps * 2.4
        return alive * R / A * (mp.exp(start) + line_integral(f, start, end, guide))
    if q == "pmf":
        n, h = aux
        norm = mp.loggamma(R + n) - mp.loggamma(R) - mp.loggamma(n + 1)

        def log_count(t):
            return norm + R * mp.log(A / (A + t)) + (n * mp.log(t / (A + t)) if n > 0 else 0)

        R_, n_, s_, A_, B_, norm_ = inputs(R, n, s, A, B, norm + mp.log(s / B) - n * mp.log(A))

        def f(v):
            t = gmpy2.exp(v)
            power = (R_ + n_) * gmpy2.log1p(t / A_) + (s_ + 1) * gmpy2.log1p(t / B_)
            return gmpy2.exp((n_ + 1) * v + norm_ - power)

        def guide(v):
            t = math.exp(v) / float(A)
            return ((float(n) + 1) * v - float(R + n) * math.log1p(t)
                    - float(s + 1) * math.log1p(math.exp(v) / float(B)))

        start = min(mp.log(h), mp.log(B / (s + 1)), mp.log(A / (R + 1))) - mp.dps * 2.4
        left = line_integral(f, start, mp.log(h), guide) + (mp.exp(start) * s / B if n == 0 else 0)
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
        return condition(model, "alive", [0.0], hist, par, evaluate(model, "alive", [0.0], hist, par, DIGITS)) + 6
    step = mpf(2) ** -30
    total, value = mpf(0), evaluate(model, q, aux, hist, par, CONDITION_DIGITS)
    parts = [list(map(mpf, aux)), list(map(mpf, hist)), list(map(mpf, par))]
    for p, part in enumerate(parts):
        for i, v in enumerate(part):
            if v == 0 or v == mp.inf or (p == 1 and i == 0) or (q == "pmf" and p == 0 and i == 0):
                continue
            moved = [list(other) for other in parts]
            moved[p][i] = v * (1 - step)
            if p == 1 and i == 2 and moved[1][1] > moved[1][2]:
                moved[p][i] = v * (1 + step)
            there = evaluate(model, q, *moved, CONDITION_DIGITS)
            total += abs(there / value - 1) / step
    return total


def check_odds(hist, par):
    """Pareto/NBD's odds by the integral and by the published equations, where those are quick."""
    x, t, T = map(mpf, hist)
    if 0 < t < T and x + par[0] + par[2] < 300:
        with mp.workdps(DIGITS):
            by_integral, published = pareto_odds(x, t, T, *map(mpf, par)), by_note_009(x, t, T, *map(mpf, par))
        if abs(by_integral - published) > AGREE * published:
            sys.exit(f"two methods differ: {hist} {par} {by_integral} {published}")


def row(model, rng, dropped):
    while True:
        q, aux, hist, par = draw(model, rng)
        if model == "pareto_nbd" and q == "next":
            continue
        signal.setitimer(signal.ITIMER_VIRTUAL, SECONDS)
        try:
            value = evaluate(model, q, aux, hist, par, DIGITS)
            second = evaluate(model, q, aux, hist, par, DIGITS * 3 // 2)
            if value != value or value == mp.inf:
                cond = 0
            else:
                if abs(value - second) > AGREE * abs(second):
                    raise Fails
                if model == "pareto_nbd":
                    check_odds(hist, par)
                value = second
                if value < mpf(10) ** -300:
                    continue
                cond = condition(model, q, aux, hist, par, value)
        except Fails:
            dropped[q] = dropped.get(q, 0) + 1
            if "-v" in sys.argv:
                print(q, aux, hist, par, file=sys.stderr)
            continue
        finally:
            signal.setitimer(signal.ITIMER_VIRTUAL, 0)
        fields = [q] + [hex_of(v) for v in aux + hist + par]
        expected = float(value) if value == value else float("nan")
        return " ".join(fields + [hex_of(expected), "%.1e" % float(cond + mpf("0.05"))])


def too_long(*_):
    raise Fails


def main():
    signal.signal(signal.SIGVTALRM, too_long)
    model, rows, seed = sys.argv[1], int(sys.argv[2]), int(sys.argv[3])
    mp.dps = DIGITS
    rng = random.Random(f"{model} {seed}")
    dropped = {}
    for _ in range(rows):
        print(row(model, rng, dropped))
    print(f"{model}: {rows} rows; drawn again: {dropped}", file=sys.stderr)


if __name__ == "__main__":
    main()
