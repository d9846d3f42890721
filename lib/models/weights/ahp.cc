#include <algorithm>
#include <array>
#include <charconv>
#include <cmath>
#include <cstddef>
#include <limits>
#include <string>
#include <vector>

#include "lib/base/number_text.h"
#include "lib/base/utf8.h"
#include "patron/weights.h"

namespace patron {
inline namespace v0 {
namespace {

// The mean consistency index of random matrices of each size: Saaty (1980), chapter 1.
constexpr std::array<double, 16> kRandomIndex = {0,    0,    0,    0.58, 0.90, 1.12, 1.24, 1.32,
                                                 1.41, 1.45, 1.49, 1.51, 1.48, 1.56, 1.57, 1.59};
constexpr size_t kMaxCriteria = kRandomIndex.size() - 1;
constexpr double kLargest = 100;      // and one over it the smallest comparison
constexpr double kReciprocal = 0.05;  // people write 0.33 for a third, and 0.14 for a seventh
constexpr double kBracket = 1e-13;    // of lambda_max, where the iteration ends

// A square matrix, row by row.
class Matrix {
 public:
  Matrix(size_t size, std::vector<double> values) : size_(size), values_(std::move(values)) {}
  size_t size() const { return size_; }
  double& at(size_t row, size_t column) { return values_[row * size_ + column]; }
  double at(size_t row, size_t column) const { return values_[row * size_ + column]; }

 private:
  size_t size_;
  std::vector<double> values_;
};

// A number of a message: three digits tell enough.
std::string short_text(double value) {
  std::array<char, 32> digits;
  char* const end = std::to_chars(digits.data(), digits.data() + digits.size(), value,
                                  std::chars_format::general, 3)
                        .ptr;
  return std::string(digits.data(), end);
}

std::string place(size_t row, size_t column) {
  return "row " + std::to_string(row) + ", column " + std::to_string(column);
}

Status mistake(size_t row, size_t column, const std::string& message) {
  return Status(Code::kArgument, "comparisons, " + place(row, column) + ": " + message,
                static_cast<int64_t>(row));
}

Status check_value(const Matrix& matrix, size_t row, size_t column) {
  const double value = matrix.at(row, column);
  const std::string text = internal::number_text(value);
  if (!std::isfinite(value)) {
    return Status(Code::kNumber,
                  "comparisons, " + place(row, column) + ": " + text +
                      " is no comparison; every pair needs one, such as 3, or 1/3 the other way",
                  static_cast<int64_t>(row));
  }
  if (row == column && value != 1) {
    return mistake(row, column, text + " in the diagonal; each criterion is 1 against itself");
  }
  if (value < 1 / kLargest || value > kLargest) {
    return mistake(row, column,
                   text +
                       " lies outside 1/100 to 100 (Saaty's scale is 1/9 to 9); criteria that "
                       "differ more belong into groups");
  }
  if (column >= row) return Status();  // the pair is judged at its second number
  const double product = value * matrix.at(column, row);
  if (std::fabs(product - 1) <= kReciprocal) return Status();
  return mistake(row, column,
                 text + ", but " + place(column, row) + " is " +
                     internal::number_text(matrix.at(column, row)) + "; want one over it here, " +
                     short_text(1 / matrix.at(column, row)));
}

Status check(const Matrix& matrix, const AhpOptions& options) {
  if (!(options.max_consistency_ratio >= 0)) {
    return Status(Code::kArgument,
                  "max_consistency_ratio: " + internal::number_text(options.max_consistency_ratio) +
                      " is no limit; give 0 or more, usually 0.1");
  }
  if (!options.names.empty() && options.names.size() != matrix.size()) {
    return Status(Code::kLength, "names: " + std::to_string(options.names.size()) + " for " +
                                     std::to_string(matrix.size()) +
                                     " criteria; give one for each, or none");
  }
  for (size_t row = 0; row < matrix.size(); ++row) {
    for (size_t column = 0; column < matrix.size(); ++column) {
      if (Status status = check_value(matrix, row, column); !status.ok()) return status;
    }
  }
  return Status();
}

// The greater number of each pair is what was meant; the other is one over it.
void make_reciprocal(Matrix& matrix) {
  for (size_t row = 0; row < matrix.size(); ++row) {
    for (size_t column = row + 1; column < matrix.size(); ++column) {
      double& upper = matrix.at(row, column);
      double& lower = matrix.at(column, row);
      if (upper >= lower) {
        lower = 1 / upper;
      } else {
        upper = 1 / lower;
      }
    }
  }
}

// The logarithms of each row, added up.
std::vector<double> log_sums(const Matrix& matrix) {
  std::vector<double> sums(matrix.size());
  for (size_t row = 0; row < matrix.size(); ++row) {
    for (size_t column = 0; column < matrix.size(); ++column) {
      sums[row] += std::log(matrix.at(row, column));
    }
  }
  return sums;
}

void scale_to_one(std::vector<double>& weights) {
  double sum = 0;
  for (double weight : weights) sum += weight;
  for (double& weight : weights) weight /= sum;
}

// Power iteration from `weights`, which become the principal eigenvector; gives its eigenvalue.
// Ends always: see Birkhoff (1957) in docs/weights.md.
double iterate(const Matrix& matrix, std::vector<double>& weights) {
  scale_to_one(weights);
  std::vector<double> next(weights.size());
  for (;;) {
    double low = std::numeric_limits<double>::infinity();
    double high = 0;
    double lambda = 0;
    for (size_t row = 0; row < matrix.size(); ++row) {
      next[row] = 0;
      for (size_t column = 0; column < matrix.size(); ++column) {
        next[row] += matrix.at(row, column) * weights[column];
      }
      low = std::min(low, next[row] / weights[row]);
      high = std::max(high, next[row] / weights[row]);
      lambda += next[row];
    }
    weights = next;
    scale_to_one(weights);
    if (high - low <= kBracket * high) return lambda;
  }
}

// The comparison that the detours by the other criteria contradict most.
Comparison worst_of(const Matrix& matrix, const std::vector<double>& sums) {
  constexpr double kClearly = 1e-9;  // with three criteria all contradict equally: take the first
  Comparison worst;
  double most = -1;
  for (size_t row = 0; row < matrix.size(); ++row) {
    for (size_t column = row + 1; column < matrix.size(); ++column) {
      const double given = std::log(matrix.at(row, column));
      const double implied =
          (sums[row] - sums[column] - 2 * given) / static_cast<double>(matrix.size() - 2);
      if (std::fabs(given - implied) <= most + kClearly) continue;
      most = std::fabs(given - implied);
      worst = {static_cast<int>(row), static_cast<int>(column), matrix.at(row, column),
               std::exp(implied)};
    }
  }
  if (worst.given >= 1) return worst;
  return {worst.column, worst.row,
          matrix.at(static_cast<size_t>(worst.column), static_cast<size_t>(worst.row)),
          1 / worst.implied};
}

Status too_inconsistent(const AhpWeights& found, const AhpOptions& options) {
  const Comparison& worst = *found.worst;
  const auto name = [&](int criterion) {
    return options.names.empty() ? "criterion " + std::to_string(criterion)
                                 : internal::quoted(options.names[static_cast<size_t>(criterion)]);
  };
  return Status(Code::kArgument,
                "comparisons: the consistency ratio is " + short_text(found.consistency_ratio) +
                    ", above " + internal::number_text(options.max_consistency_ratio) + "; " +
                    name(worst.row) + " against " + name(worst.column) + " (" +
                    place(static_cast<size_t>(worst.row), static_cast<size_t>(worst.column)) +
                    ") is " + short_text(worst.given) + ", but the other comparisons imply " +
                    short_text(worst.implied) +
                    ": judge it again, or allow more with max_consistency_ratio",
                worst.row);
}

}  // namespace

Result<AhpWeights> ahp_weights(std::span<const double> comparisons, const AhpOptions& options) {
  if (comparisons.empty()) {
    return Status(Code::kEmpty, "comparisons: there are none; give a square matrix");
  }
  if (comparisons.size() > kMaxCriteria * kMaxCriteria) {
    return Status(Code::kLimit, "comparisons: " + std::to_string(comparisons.size()) +
                                    " numbers; at most 15 criteria can be compared, 225 numbers: "
                                    "put them into groups");
  }
  size_t size = 1;
  while (size * size < comparisons.size()) ++size;
  if (size * size != comparisons.size()) {
    return Status(Code::kLength, "comparisons: " + std::to_string(comparisons.size()) +
                                     " numbers make no square; give n x n of them, row by row");
  }
  Matrix matrix(size, {comparisons.begin(), comparisons.end()});
  if (Status status = check(matrix, options); !status.ok()) return status;
  make_reciprocal(matrix);
  const std::vector<double> sums = log_sums(matrix);

  AhpWeights found;
  for (double sum : sums) found.weights.push_back(std::exp(sum / static_cast<double>(size)));
  found.lambda_max = iterate(matrix, found.weights);
  found.random_index = kRandomIndex[size];
  if (size < 3) {
    found.lambda_max = static_cast<double>(size);
    return found;
  }
  found.consistency_index =
      std::max(0.0, (found.lambda_max - static_cast<double>(size)) / static_cast<double>(size - 1));
  found.consistency_ratio = found.consistency_index / found.random_index;
  found.worst = worst_of(matrix, sums);
  if (found.consistency_ratio > options.max_consistency_ratio) {
    return too_inconsistent(found, options);
  }
  return found;
}

}  // namespace v0
}  // namespace patron
