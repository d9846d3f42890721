#include "lib/models/ltv/grid_values.h"

#include <algorithm>
#include <bit>
#include <cmath>

#include "lib/models/ltv/math/elementary.h"

namespace patron::internal::ltv {
namespace {

constexpr uint64_t kNobody = ~uint64_t{0};  // of a NaN

}  // namespace

GridValues::GridValues() : keys_(size_t{1} << kBits, kNobody), numbers_(keys_.size()) {}

/// kMostTimes where there is none left, or no place near.
uint32_t GridValues::number_of(double T) {
  const auto key = std::bit_cast<uint64_t>(T);
  size_t place = key * 0x9e3779b97f4a7c15U >> (64 - kBits);
  for (int probe = 0; probe < kMostProbes; ++probe) {
    if (keys_[place] == key) return numbers_[place];
    if (keys_[place] == kNobody) {
      if (times_ == kMostTimes) break;
      keys_[place] = key;
      numbers_[place] = static_cast<uint16_t>(times_);
      return times_++;
    }
    place = (place + 1) & (keys_.size() - 1);
  }
  return kMostTimes;
}

CustomerSpan GridValues::look_up(double frequency, const double* T, int64_t n, double* out) {
  // One more, which stays unknown.
  std::vector<double>& values = values_[static_cast<size_t>(frequency)];
  if (values.empty()) values.assign(kMostTimes + 1, kNaN);
  size_t fresh = 0;
  for (int64_t i = 0; i < n; ++i) {
    const uint32_t number = number_of(T[i]);
    const double value = values[number];
    out[i] = value;
    fresh_row_[fresh] = static_cast<uint16_t>(i);
    fresh_number_[fresh] = static_cast<uint16_t>(number);
    fresh_T_[fresh] = T[i];
    fresh += static_cast<size_t>(std::isnan(value));
  }
  fresh_ = static_cast<int64_t>(fresh);
  std::fill_n(fresh_frequency_.begin(), fresh_, frequency);
  return {fresh_, fresh_frequency_.data(), nullptr, fresh_T_.data(), nullptr};
}

void GridValues::take(double frequency, const double* values, double* out) {
  std::vector<double>& known = values_[static_cast<size_t>(frequency)];
  for (size_t i = 0; i < static_cast<size_t>(fresh_); ++i) {
    out[fresh_row_[i]] = values[i];
    if (fresh_number_[i] < kMostTimes) known[fresh_number_[i]] = values[i];
  }
}

}  // namespace patron::internal::ltv
