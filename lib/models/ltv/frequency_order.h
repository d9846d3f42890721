// Customers of a block brought side by side by how often they bought: models share much among
// those.
//
//   FrequencyOrder order;
//   CustomerSpan sorted = order.sort(customers);
//   model.purchases(sorted, 39, values);
//   order.restore(values, sorted.size, out);                  // in the order of `customers`
//
// Thread class: serial.
#pragma once

#include <array>
#include <cstdint>

#include "lib/models/ltv/customers.h"
#include "lib/models/ltv/predictor.h"

namespace patron::internal::ltv {

/// Frequencies below it are told apart, those from it on are not.
inline constexpr int kOrderedFrequencies = 64;

class FrequencyOrder {
 public:
  /// Up to kCustomerRows customers with frequency, recency and T, by frequency and among equals in
  /// the order given; who bought kOrderedFrequencies times or more comes last. What comes back
  /// holds until the next call.
  CustomerSpan sort(const CustomerSpan& customers);

  /// Values of the n sorted customers to those that sort() was given.
  void restore(const double* sorted, int64_t n, double* out) const;

 private:
  std::array<double, kCustomerRows> frequency_, recency_, T_;
  std::array<uint16_t, kCustomerRows> place_;
};

}  // namespace patron::internal::ltv
