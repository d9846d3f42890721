#include "lib/models/ltv/math/exponential_integral.h"

#include <cmath>
#include <cstddef>

namespace patron::internal::ltv {

ScaledExponentialIntegral::ScaledExponentialIntegral(double R)
    : R_(R), beyond_(exp(-kTurn) * fraction(R + 1, kTurn, levels(kTurn))) {
  nearest_ = R < kTerms ? static_cast<size_t>(std::lround(R)) : kTerms;
  nearest_coefficient_ = 0;
  double factor = 1;  // (-2)^m / m!
  for (size_t m = 0; m < kTerms; ++m) {
    const double difference = static_cast<double>(m) - R;
    coefficient_[m] = m == nearest_ ? 0 : factor / difference;
    if (m == nearest_) nearest_coefficient_ = factor;
    factor *= -kTurn / (static_cast<double>(m) + 1);
  }
}

}  // namespace patron::internal::ltv
