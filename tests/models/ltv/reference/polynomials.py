#!/usr/bin/env python3
"""The polynomial coefficients of lib/models/ltv/math/elementary.h and gamma.cc.

    tests/models/ltv/reference/polynomials.py

prints them as hexadecimal floating-point numbers: near-minimax polynomials by interpolation in
Chebyshev nodes at 60 digits, with their largest error beside them.
"""

from mpmath import mp, mpf

mp.dps = 60


def interpolate(function, low, high, degree):
    """Coefficients, lowest first, of the polynomial through the Chebyshev nodes of [low, high]."""
    nodes = [(low + high) / 2 + (high - low) / 2 * mp.cos(mp.pi * (2 * i + 1) / (2 * degree + 2))
             for i in range(degree + 1)]
    matrix = mp.matrix(degree + 1, degree + 1)
    for row, node in enumerate(nodes):
        for column in range(degree + 1):
            matrix[row, column] = node ** column
    return list(mp.lu_solve(matrix, mp.matrix([function(node) for node in nodes])))


def show(name, function, low, high, degree):
    coefficients = [mpf(float(c)) for c in interpolate(function, low, high, degree)]
    worst = max(abs(function(x) - mp.polyval(coefficients[::-1], x))
                for x in (low + (high - low) * mpf(i) / 400 for i in range(401)) if x != 0)
    print(f"{name}: largest error {mp.nstr(worst, 3)}")
    for coefficient in coefficients:
        print("   ", float(coefficient).hex(), "//", repr(float(coefficient)))


def split(name, value, bits):
    """A leading part of so many bits and the rest."""
    shift = mpf(2) ** (bits - 1 - int(mp.floor(mp.log(value, 2))))
    high = mp.floor(value * shift) / shift
    print(f"{name}: {float(high).hex()} + {float(value - high).hex()}")


def main():
    half = mp.log(2) / 2 + mpf(2) ** -20
    show("exp: (e^r - 1 - r) / r^2, |r| <= ln 2 / 2",
         lambda r: mp.nsum(lambda k: r ** k / mp.factorial(k + 2), [0, 40]), -half, half, 10)
    root = (mp.sqrt(2) - 1) / (mp.sqrt(2) + 1)
    show("log: (2 atanh(s) - 2 s) / s^3 as a polynomial in s^2, 0 <= s^2 <= 0.0295",
         lambda z: (2 * mp.atanh(mp.sqrt(z)) / mp.sqrt(z) - 2) / z if z else mpf(2) / 3,
         mpf(0), root ** 2, 7)
    split("ln 2", mp.log(2), 32)
    print("1 / ln 2:", float(1 / mp.log(2)).hex())
    print("ln sqrt(2 pi):", float(mp.log(2 * mp.pi) / 2).hex())
    print("Stirling, ln Gamma: B(2k) / (2k (2k - 1))")
    for k in range(1, 12):
        print("   ", float(mp.bernoulli(2 * k) / (2 * k * (2 * k - 1))).hex())
    split("the zero of digamma", mp.findroot(mp.digamma, mpf("1.4616321449683623")), 53)


if __name__ == "__main__":
    main()
