// The first whole number of which something is true, where it stays true from there on.
#pragma once

#include <cmath>
#include <limits>

namespace patron::internal::ltv {

/// The smallest whole n >= 0 with holds(n); infinite where that is beyond the doubles. Asks some
/// 2 log2(n) times; beyond 2^53 whole numbers are as far apart as doubles are.
template <typename Holds>
double smallest_whole(const Holds& holds) {
  constexpr double kLargest = std::numeric_limits<double>::max();
  if (holds(0.0)) return 0;
  double below = 0;  // does not hold
  double above = 1;
  while (!holds(above)) {
    below = above;
    if (above == kLargest) return std::numeric_limits<double>::infinity();
    // From 2^64 on the exponent doubles: distributions without a mean reach far.
    above = above < 0x1p64 ? above * 2 : above < 0x1p500 ? above * above : kLargest;
  }
  for (;;) {
    const bool far = above > 0x1p65;
    const double middle =
        std::floor(far ? std::sqrt(below) * std::sqrt(above) : below + (above - below) / 2);
    if (middle <= below || middle >= above) return above;
    (holds(middle) ? above : below) = middle;
  }
}

}  // namespace patron::internal::ltv
