#include "lib/engine/tables/rfm_measures.h"

#include <algorithm>

#include "lib/base/simd.h"

namespace patron::internal {
namespace {

constexpr uint8_t kHas = 1, kBought = 2, kHasMoney = 4;

size_t room_of(uint32_t customers) {
  return (size_t{customers} + kPageCustomers - 1) / kPageCustomers * kPageCustomers;
}

}  // namespace

RfmMeasures::RfmMeasures(Micros at, uint32_t customers)
    : at_(at),
      customers_(customers),
      days_(room_of(customers) * 2 * sizeof(int32_t)),
      monetary_(room_of(customers) * sizeof(int64_t)),
      flags_(room_of(customers)) {}

void RfmMeasures::put(uint32_t page, const RfmPage& from) {
  const size_t first = size_t{page} * kPageCustomers;
  auto* const days = days_.as<int32_t>() + 2 * first;
  std::copy_n(from.monetary.data(), kPageCustomers, monetary_.as<int64_t>() + first);
  uint8_t* const flags = flags_.data() + first;
  run_with_best_simd([&]() __attribute__((always_inline)) {
    const RfmPage& in = from;
    int32_t* const recency = days;
    int32_t* const frequency = days + kPageCustomers;
    uint8_t* const to = flags;
    for (uint32_t k = 0; k < kPageCustomers; ++k) {
      recency[k] = static_cast<int32_t>(in.recency[k]);
    }
    for (uint32_t k = 0; k < kPageCustomers; ++k) {
      frequency[k] = static_cast<int32_t>(in.frequency[k]);
    }
    for (uint32_t k = 0; k < kPageCustomers; ++k) {
      to[k] = static_cast<uint8_t>(in.has[k] * kHas | in.bought[k] * kBought |
                                   in.has_money[k] * kHasMoney);
    }
    return 0;
  });
  const size_t there = std::min<size_t>(kPageCustomers, customers_ - first);
  std::fill(flags + there, flags + kPageCustomers, uint8_t{0});
}

void RfmMeasures::get(uint32_t page, RfmPage& to) const {
  const uint32_t first = page * kPageCustomers;
  to.customers = std::min(kPageCustomers, customers_ - first);
  const auto* const days = days_.as<int32_t>() + 2 * size_t{first};
  std::copy_n(monetary_.as<int64_t>() + first, kPageCustomers, to.monetary.data());
  const uint8_t* const flags = flags_.data() + first;
  run_with_best_simd([&]() __attribute__((always_inline)) {
    RfmPage& out = to;
    const int32_t* const recency = days;
    const int32_t* const frequency = days + kPageCustomers;
    const uint8_t* const from = flags;
    for (uint32_t k = 0; k < kPageCustomers; ++k) out.recency[k] = recency[k];
    for (uint32_t k = 0; k < kPageCustomers; ++k) out.frequency[k] = frequency[k];
    for (uint32_t k = 0; k < kPageCustomers; ++k) {
      out.has[k] = from[k] & kHas;
      out.bought[k] = (from[k] & kBought) / kBought;
      out.has_money[k] = (from[k] & kHasMoney) / kHasMoney;
    }
    return 0;
  });
}

}  // namespace patron::internal
