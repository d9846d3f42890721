#include <algorithm>
#include <cmath>
#include <cstddef>
#include <span>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "lib/base/number_text.h"
#include "lib/base/utf8.h"
#include "lib/models/weights/criterion_values.h"
#include "lib/models/weights/divergence.h"
#include "patron/weights.h"

namespace patron {
inline namespace v0 {
namespace {

Status mistake(const Criterion& criterion, const std::string& message, int64_t row = -1) {
  return Status(Code::kArgument,
                "column " + internal::quoted(criterion.column) +
                    (row < 0 ? "" : ", row " + std::to_string(row)) + ": " + message,
                row);
}

// To [0, 1] by the range of the column.
Status scale_min_max(std::span<double> values, const Criterion& criterion) {
  const auto [low, high] = std::minmax_element(values.begin(), values.end());
  if (*low == *high) {
    return mistake(criterion,
                   "all values are equal, so there is no range to scale by; leave the "
                   "column out, its weight would be 0");
  }
  // The range of the greatest doubles is no double, so they are halved.
  const double part = std::isfinite(*high - *low) ? 1 : 0.5;
  const double least = *low * part;
  const double most = *high * part;
  const bool cost = criterion.direction == Direction::kCost;
  for (double& value : values) {
    value = (cost ? most - value * part : value * part - least) / (most - least);
  }
  return Status();
}

// The row of the table where a value stands.
int64_t row_of(size_t index, std::span<const uint8_t> left_out) {
  size_t row = 0;
  for (size_t values = 0; !left_out.empty(); ++row) {
    if (left_out[row] == 0 && values++ == index) return static_cast<int64_t>(row);
  }
  return static_cast<int64_t>(index);
}

// Shares are of the values as they are, which must allow it.
Status check_share(std::span<const double> values, const Criterion& criterion,
                   std::span<const uint8_t> left_out) {
  if (criterion.direction == Direction::kCost) {
    return mistake(criterion,
                   "a cost has no effect with shares, for spread has no direction; name "
                   "it as a benefit, or scale by min_max");
  }
  for (size_t i = 0; i < values.size(); ++i) {
    if (values[i] >= 0) continue;
    return mistake(criterion,
                   internal::number_text(values[i]) +
                       " is negative; shares need 0 or more: scale by min_max, or leave it out",
                   row_of(i, left_out));
  }
  if (*std::max_element(values.begin(), values.end()) == 0) {
    return mistake(criterion, "all values are zero, so none has a share; leave the column out");
  }
  return Status();
}

Status check(std::span<const Criterion> criteria) {
  if (criteria.empty()) {
    return Status(Code::kEmpty, "criteria: there are none; name one or more columns");
  }
  for (size_t i = 0; i < criteria.size(); ++i) {
    for (size_t j = 0; j < i; ++j) {
      if (criteria[i].column == criteria[j].column) {
        return mistake(criteria[i], "named twice; name each column once");
      }
    }
  }
  return Status();
}

}  // namespace

Result<EntropyWeights> entropy_weights(const Table& table, std::span<const Criterion> criteria,
                                       EntropyScaling scaling, NullRows nulls) {
  if (Status status = check(criteria); !status.ok()) return status;
  std::vector<uint8_t> left_out;
  if (nulls == NullRows::kLeaveOut) {
    std::vector<std::string_view> columns;
    for (const Criterion& criterion : criteria) columns.push_back(criterion.column);
    Result<std::vector<uint8_t>> found = internal::rows_with_null(table, columns);
    if (!found.ok()) return found.status();
    left_out = *std::move(found);
  }
  EntropyWeights found;
  double sum = 0;
  for (const Criterion& criterion : criteria) {
    Result<internal::CriterionValues> column =
        internal::criterion_values(table, criterion.column, left_out);
    if (!column.ok()) return column.status();
    const std::span<double> values = column->values();
    Status status = scaling == EntropyScaling::kMinMax ? scale_min_max(values, criterion)
                                                       : check_share(values, criterion, left_out);
    if (!status.ok()) return status;
    found.weights.push_back(internal::divergence(values));
    found.entropies.push_back(1 - found.weights.back());
    sum += found.weights.back();
  }
  if (sum == 0) {
    return Status(Code::kArgument,
                  "criteria: in every column all values are equal, so there is no spread to weigh");
  }
  for (double& weight : found.weights) weight /= sum;
  return found;
}

}  // namespace v0
}  // namespace patron
