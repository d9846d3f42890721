#!/usr/bin/env python3
"""Writes discrete_optima.txt: maximum likelihood of the published tables, to 20 digits, by mpmath.

    tests/models/ltv/reference/discrete_optima.py > tests/models/ltv/reference/discrete_optima.txt

Newton's method on log parameters with derivatives by differences at 60 digits, from the published values. A line:
the data, the parameters, ln L. The data are those of tests/models/ltv/donations.h and subscribers.h.
"""

from mpmath import mp, mpf

from discrete import bdw, bg_bb, sbg

DONATIONS = [(0, 0, 3464), (1, 1, 1091), (1, 2, 277), (1, 3, 129), (1, 4, 78), (1, 5, 119), (1, 6, 129),
             (2, 2, 613), (2, 3, 255), (2, 4, 155), (2, 5, 173), (2, 6, 234), (3, 3, 322), (3, 4, 181),
             (3, 5, 225), (3, 6, 357), (4, 4, 240), (4, 5, 284), (4, 6, 512), (5, 5, 335), (5, 6, 728),
             (6, 6, 1203)]
REGULAR = [1000, 631, 468, 382, 326, 289, 262, 241]
HIGH_END = [1000, 869, 743, 653, 593, 551, 517, 491]


def of_donations(*theta):
    return sum(count * bg_bb(*theta, mpf(x), mpf(t), mpf(6)) for x, t, count in DONATIONS)


def of_subscribers(model, survivors):
    last = len(survivors) - 1

    def total(*theta):
        ended = sum((survivors[t - 1] - survivors[t]) * model(*theta, mpf(t), 1) for t in range(1, last + 1))
        return ended + survivors[last] * model(*theta, mpf(last), 0)

    return total


def maximum(function, start):
    mp.dps = 60
    step = mpf(10) ** -12
    at = [mp.log(mpf(x)) for x in start]
    n = len(at)

    def value(*moves):
        point = list(at)
        for i, size in moves:
            point[i] += size * step
        return function(*map(mp.exp, point))

    for _ in range(30):
        middle = value()
        gradient = mp.matrix([(value((i, 1)) - value((i, -1))) / (2 * step) for i in range(n)])
        hessian = mp.matrix(n, n)
        for i in range(n):
            for j in range(i + 1):
                if i == j:
                    h = (value((i, 1)) - 2 * middle + value((i, -1))) / step ** 2
                else:
                    h = (value((i, 1), (j, 1)) - value((i, 1), (j, -1)) - value((i, -1), (j, 1))
                         + value((i, -1), (j, -1))) / (4 * step ** 2)
                hessian[i, j] = hessian[j, i] = h
        move = mp.lu_solve(hessian, -gradient)
        at = [x + d for x, d in zip(at, move)]
        if max(abs(d) for d in move) < mpf(10) ** -21:
            return [mp.exp(x) for x in at], middle
    raise SystemExit("no maximum")


def show(name, function, start):
    theta, value = maximum(function, start)
    print(name, *(mp.nstr(x, 20) for x in theta), mp.nstr(value, 20))


def main():
    print("# data, parameters, ln L: tests/models/ltv/reference/discrete_optima.py")
    show("donations_bg_bb", of_donations, (1.2035, 0.7497, 0.6567, 2.7836))
    show("regular_sbg", of_subscribers(sbg, REGULAR), (0.704, 1.182))
    show("high_end_sbg", of_subscribers(sbg, HIGH_END), (0.668, 3.806))
    show("regular_bdw", of_subscribers(bdw, REGULAR), (0.704, 1.182, 1))
    show("high_end_bdw", of_subscribers(bdw, HIGH_END), (0.26, 1.7, 1.5))


if __name__ == "__main__":
    main()
