#include "lib/models/ltv/frequency_order.h"

#include <algorithm>
#include <cstddef>
#include <utility>

namespace patron::internal::ltv {

CustomerSpan FrequencyOrder::sort(const CustomerSpan& customers) {
  constexpr double kLast = kOrderedFrequencies - 1;
  const auto n = static_cast<size_t>(customers.size);
  std::array<uint16_t, kOrderedFrequencies> start{};
  for (size_t i = 0; i < n; ++i) {
    place_[i] =
        static_cast<uint16_t>(static_cast<int32_t>(std::min(customers.frequency[i], kLast)));
    ++start[place_[i]];
  }
  uint16_t sum = 0;
  for (uint16_t& begin : start) begin = std::exchange(sum, static_cast<uint16_t>(sum + begin));
  for (size_t i = 0; i < n; ++i) {
    const uint16_t at = start[place_[i]]++;
    place_[i] = at;
    frequency_[at] = customers.frequency[i];
    recency_[at] = customers.recency[i];
    T_[at] = customers.T[i];
  }
  return {customers.size, frequency_.data(), recency_.data(), T_.data(), nullptr};
}

void FrequencyOrder::restore(const double* sorted, int64_t n, double* out) const {
  for (int64_t i = 0; i < n; ++i) out[i] = sorted[place_[static_cast<size_t>(i)]];
}

}  // namespace patron::internal::ltv
