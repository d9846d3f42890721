#!/usr/bin/env python3
"""Writes beta_mixture.txt: the functions of lib/models/ltv/math/beta_mixture.h by mpmath.

    tests/models/ltv/reference/beta_mixture.py [SEED] > tests/models/ltv/reference/beta_mixture.txt

purchases is the published form with its 2F1 (Fader, Hardie and Lee 2005, equation 10) at enough digits for
what cancels in it; discounted the integral over time of the published rate.
"""

import signal

import highprecision
from mpmath import mp, mpf

from highprecision import decades, line, write


class TooLong(Exception):
    """Some huge parameters keep mpmath busy for minutes; other draws take their place."""


def give_up(_signal, _frame):
    raise TooLong


def purchases(r, alpha, a, b, h):
    z = h / (alpha + h)
    f = mp.hyp2f1(r, b, a + b - 1, z)
    return (a + b - 1) / (a - 1) * (1 - (1 - z) ** r * f)


def rate(r, alpha, a, b, tau):
    z = tau / (alpha + tau)
    return r / alpha * (1 - z) ** (r + 1) * mp.hyp2f1(r + 1, b, a + b, z)


def discounted(r, alpha, a, b, delta, h):
    def present(y):  # tau = e^y
        tau = mp.exp(y)
        return mp.exp(-delta * tau) * rate(r, alpha, a, b, tau) * tau
    end = min(mp.log(h), mp.log(70 / delta))
    low = min(mp.log(alpha / (r + 1)), mp.log(1 / delta), end) - 60
    return mp.quad(present, mp.linspace(low, end, 25))


def drawn(draw):
    """Ordinary parameters a third of the time, else twelve decades."""
    if draw.randrange(3) == 0:
        x = draw.randrange(0, 80)
        return (0.243 + x, 4.414 + draw.uniform(27, 39), draw.uniform(0.1, 3), 2.426 + x, draw.uniform(1, 80))
    return tuple(decades(draw) for _ in range(5))


def rows(draw):
    for name, function in (("purchases", purchases), ("rate", rate)):
        count = 0
        while count < 200:
            arguments = drawn(draw)
            signal.setitimer(signal.ITIMER_VIRTUAL, 2)  # of its own processor time
            try:
                text = line(name, function, arguments)
            except (TooLong, mp.NoConvergence, ValueError, ZeroDivisionError, OverflowError):
                continue
            finally:
                signal.setitimer(signal.ITIMER_VIRTUAL, 0)
            value = float.fromhex(text.split(" ")[6])
            if value < 1e-300:
                continue
            count += 1
            yield text
    highprecision.DIGITS = (30, 34)
    for i in range(16):
        r, alpha, a, b, h = drawn(draw)
        r, b, a, alpha, h = (min(max(v, 1e-3), 1e3) for v in (r, b, a, alpha, h))
        delta = decades(draw, -4, 1) / alpha
        yield line("discounted", discounted, (r, alpha, a, b, delta, h if i % 2 else float("inf")))


if __name__ == "__main__":
    signal.signal(signal.SIGVTALRM, give_up)
    write(rows, "name R A a b h value sensitivity (discounted: R A a b delta h): "
                "tests/models/ltv/reference/beta_mixture.py")
