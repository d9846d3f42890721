#!/usr/bin/env python3
"""Writes the table of lib/models/ltv/gauss_legendre.h: nodes and weights on [0, 1], by mpmath.

    gauss_legendre.py > lib/models/ltv/gauss_legendre.h
"""

import mpmath

COUNTS = [8, 10, 12, 16, 20, 24]

HEAD = """// Gauss-Legendre rules on [0, 1], from {counts} nodes. Written by
// tests/models/ltv/reference/gauss_legendre.py.
//
//   with_gauss_rule(11, [&](const auto& rule) {{        // the smallest rule of at least 11 nodes
//     for (size_t k = 0; k < rule.node.size(); ++k) sum += rule.weight[k] * f(rule.node[k]);
//   }});
#pragma once

#include <array>
#include <cstddef>

namespace patron::internal::ltv {{

template <size_t N>
struct GaussRule {{
  std::array<double, N> node, weight;
}};
"""

TAIL = """
inline constexpr int kLargestGaussRule = {largest};

/// use(rule) with the smallest rule of at least `nodes` nodes, or with the largest there is.
template <typename Use>
[[gnu::always_inline]] inline void with_gauss_rule(int nodes, const Use& use) {{
{choices}  return use(kGauss{largest});
}}

}}  // namespace patron::internal::ltv
"""


def rule(n):
    """Nodes ascending and their weights on [0, 1]."""
    with mpmath.workdps(40):
        nodes = sorted(mpmath.polyroots(mpmath.taylor(lambda x: mpmath.legendre(n, x), 0, n)[::-1],
                                        maxsteps=500, extraprec=400), key=mpmath.re)
        result = []
        for x in nodes:
            x = mpmath.findroot(lambda y: mpmath.legendre(n, y), mpmath.re(x))
            slope = n * (x * mpmath.legendre(n, x) - mpmath.legendre(n - 1, x)) / (x * x - 1)
            result.append(((x + 1) / 2, 1 / ((1 - x * x) * slope * slope)))
        assert abs(sum(w for _, w in result) - 1) < mpmath.mpf(10) ** -30
        return result


def braces(values):
    return "{" + ",\n     ".join(", ".join(float(v).hex() for v in values[i:i + 3])
                                  for i in range(0, len(values), 3)) + "}"


def main():
    print(HEAD.format(counts=f"{COUNTS[0]} to {COUNTS[-1]}"), end="")
    for n in COUNTS:
        values = rule(n)
        print(f"\ninline constexpr GaussRule<{n}> kGauss{n}{{\n    "
              + braces([x for x, _ in values]) + ",\n    " + braces([w for _, w in values]) + "};")
    choices = "".join(f"  if (nodes <= {n}) return use(kGauss{n});\n" for n in COUNTS[:-1])
    print(TAIL.format(choices=choices, largest=COUNTS[-1]), end="")


if __name__ == "__main__":
    main()
