// Divergence: how unevenly a criterion is spread, the raw weight of the entropy method.
//
// Thread class: pure.
#pragma once

#include <cstdint>
#include <span>

namespace patron::internal {

/// 1 - entropy of the shares of the values: sum (r ln r - r + 1) / (n ln n) for r = value / mean
/// (Hwang and Yoon 1981). Values are finite, 0 or more and not all 0; n is 2 or more. `counts`:
/// how often each value stands there; empty: once. The sums are exact, so the order changes no bit,
/// and equal values may be counted instead of repeated.
double divergence(std::span<const double> values, std::span<const int64_t> counts = {});

}  // namespace patron::internal
