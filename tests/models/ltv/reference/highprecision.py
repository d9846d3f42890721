"""What the scripts beside it share: arguments over many decades, and values that two precisions agree on.

A line of a value file is a function's name, its arguments, its value, and the value's sensitivity: the sum
over the arguments of |x df/dx|, so that a relative change e of the arguments moves the value by up to e times
that. (The condition number of the value is this divided by the value.)
"""

import random
import sys

from mpmath import mp, mpf

DIGITS = (50, 80)


def decades(draw, low=-6, high=6):
    """A double, log-uniform over the decades."""
    return 10.0 ** draw.uniform(low, high)


def agreed(name, function, arguments):
    """The value at the higher precision; the lower one must have 25 digits of it right."""
    values = []
    for digits in DIGITS:
        mp.dps = digits
        values.append(function(*map(mpf, arguments)))
    low, high = values
    if abs(low - high) > abs(high) * mpf(10) ** -25:
        sys.exit(f"{name}{arguments}: {DIGITS} digits differ: {mp.nstr(low, 30)} {mp.nstr(high, 30)}")
    return high


def sensitivity(function, arguments):
    mp.dps = DIGITS[1]
    total, step = mpf(0), mpf(10) ** -20
    exact = [mpf(x) for x in arguments]
    for i, x in enumerate(exact):
        if x == 0:
            continue
        above, below = list(exact), list(exact)
        above[i], below[i] = x * (1 + step), x * (1 - step)
        total += abs(function(*above) - function(*below)) / (2 * step)
    return total


def line(name, function, arguments, moved=None):
    """One line; `moved` may replace the function where the sensitivity is that of another formula."""
    value = agreed(name, function, arguments)
    size = sensitivity(moved or function, arguments)
    words = [float(x).hex() for x in (*arguments, value)] + [f"{float(size):.4g}"]
    return " ".join([name, *words])


def write(rows, comment):
    """Prints the lines of rows(draw); the seed is the first argument of the command."""
    seed = int(sys.argv[1]) if len(sys.argv) > 1 else 1
    print(f"# {comment}")
    for row in rows(random.Random(seed)):
        print(row, flush=True)
