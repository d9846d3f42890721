// The boundaries that a caller asks rank() for, checked and made exact.
#pragma once

#include <cstdint>
#include <vector>

#include "lib/base/exact_sum.h"
#include "patron/rank.h"

namespace patron::internal {

/// digits / 10^places: the decimal that a person wrote.
struct Decimal {
  uint64_t digits = 0;
  int places = 0;
};

/// The shortest decimal that reads back as `value` (positive, finite, at most 1e15): 0.8 is 8 / 10,
/// not the binary number nearest to it.
Decimal shortest_decimal(double value);

/// ok, or Code::kArgument: which option, its value, and what would be right.
Status check_rank_options(const RankOptions& options);

/// ceiling(total x digits / 10^places): a sum of whole units has reached that share of the total
/// exactly when it is not below this.
template <size_t N>
ExactSum<N> reached_from(ExactSum<N> total, Decimal share) {
  constexpr int kStep = 19;  // 10^19 is the greatest power in 64 bits
  total.multiply(share.digits);
  for (int places = share.places; places > 0; places -= kStep) {
    uint64_t power = 1;
    for (int i = 0; i < (places < kStep ? places : kStep); ++i) power *= 10;
    total.divide_up(power);
  }
  return total;
}

}  // namespace patron::internal
