// What was worked out for a frequency and a T, kept where times come on a grid of days.
//
//   GridValues known;
//   if (known.keeps(x)) {                          // of the customers of frequency x, side by side
//     CustomerSpan fresh = known.look_up(x, T, n, out);
//     model.purchases(fresh, 39, values);
//     known.take(x, values, out);
//   }
//
// A grid has some hundred days. Each gets a number, and each of the lowest frequencies, which most
// customers have, a table of values by number. Where times do not repeat the numbers run out soon,
// and nothing is looked up any more. Answers depend on the customer alone, so none of this reaches
// a result.
//
// Thread class: serial.
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <vector>

#include "lib/models/ltv/customers.h"
#include "lib/models/ltv/predictor.h"

namespace patron::internal::ltv {

class GridValues {
 public:
  GridValues();

  /// Whether values of this frequency are kept, by now.
  bool keeps(double frequency) const { return frequency < kFrequencies && times_ < kMostTimes; }

  /// Writes the values that are known of n customers, up to kCustomerRows, to `out`. Comes back
  /// with the others, until the next call, for whom the caller works out values that depend on
  /// frequency and T alone; recency is null.
  CustomerSpan look_up(double frequency, const double* T, int64_t n, double* out);
  /// Takes the values of those that look_up() gave, and writes them to `out`, too. NaN is not kept.
  void take(double frequency, const double* values, double* out);

 private:
  static constexpr int kFrequencies = 16;
  static constexpr uint32_t kMostTimes = 2048;
  static constexpr int kBits = 13;  ///< of places: four times as many
  static constexpr int kMostProbes = 16;

  uint32_t number_of(double T);

  uint32_t times_ = 0;
  std::vector<uint64_t> keys_;  ///< the bits of a T, or kNobody
  std::vector<uint16_t> numbers_;
  std::array<std::vector<double>, kFrequencies> values_;  ///< by number; NaN: not known
  int64_t fresh_ = 0;
  std::array<double, kCustomerRows> fresh_frequency_, fresh_T_;
  std::array<uint16_t, kCustomerRows> fresh_row_, fresh_number_;
};

}  // namespace patron::internal::ltv
