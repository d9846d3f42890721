#include <cmath>
#include <cstddef>
#include <string>
#include <vector>

#include "lib/base/exact_sum.h"
#include "lib/base/number_text.h"
#include "patron/weights.h"

namespace patron {
inline namespace v0 {
namespace {

using DoubleSum = internal::ExactSum<36>;

// Weights whose sum is this close to 1 are normalised already: each may be off by half a unit in
// the last place because it was written in decimals, or by two because it is a quotient.
constexpr double kAlreadyOne = 0x1p-51;

Status check(double weight, size_t at) {
  if (weight >= 0 && std::isfinite(weight)) return Status();
  const bool number = std::isfinite(weight);
  return Status(number ? Code::kArgument : Code::kNumber,
                "weights/" + std::to_string(at) + ": " + internal::number_text(weight) +
                    " is no weight; give numbers of 0 or more",
                static_cast<int64_t>(at));
}

internal::ScaledDouble scaled(double weight) {
  DoubleSum one;
  one.add(internal::magnitude_of(weight));
  return one.rounded();
}

}  // namespace

Result<std::vector<double>> manual_weights(std::span<const double> given) {
  if (given.empty()) return Status(Code::kEmpty, "weights: there are none; give one or more");
  DoubleSum sum;
  for (size_t i = 0; i < given.size(); ++i) {
    if (Status status = check(given[i], i); !status.ok()) return status;
    sum.add(internal::magnitude_of(given[i]));
  }
  const internal::ScaledDouble total = sum.rounded();
  if (total.fraction == 0) {
    return Status(Code::kArgument, "weights: all are zero; give at least one above zero");
  }
  std::vector<double> weights(given.begin(), given.end());
  const bool normalised =
      std::fabs(ratio(total, internal::ScaledDouble{1, 1074}) - 1) <= kAlreadyOne;
  for (double& weight : weights) {
    weight = normalised ? weight + 0.0 : ratio(scaled(weight), total);  // -0 + 0 is 0
  }
  return weights;
}

}  // namespace v0
}  // namespace patron
