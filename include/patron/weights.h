// Weights: how much each criterion of a combined score counts.
//
// Given by hand, judged by comparing two criteria at a time (AHP), or found in the data (entropy);
// in every case one number for each criterion, none negative, adding up to 1. docs/weights.md has
// the rules, the formulas and their sources.
//
//   const std::vector<double> points = {50, 30, 20};
//   patron::Result<std::vector<double>> given = patron::manual_weights(points);   // 0.5, 0.3, 0.2
//   const std::vector<double> pairs = {1, 2, 4, 0.5, 1, 2, 0.25, 0.5, 1};
//   patron::Result<patron::AhpWeights> judged = patron::ahp_weights(pairs);
//   const std::vector<patron::Criterion> criteria = {{"orders"}, {"days", Direction::kCost}};
//   patron::Result<patron::EntropyWeights> found = patron::entropy_weights(customers, criteria);
//
// Thread class of everything here: pure.
#pragma once

#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <vector>

#include "patron/status.h"
#include "patron/table.h"

namespace patron {
inline namespace v0 {

/// Each weight divided by the exact sum of all, to less than 2 units in the last place; weights
/// whose sum is within 2^-51 of 1 come back as they are. Code::kNumber (NaN or infinite) and
/// kArgument (negative, with the number of the weight as its row; or all zero), kEmpty.
Result<std::vector<double>> manual_weights(std::span<const double> given);

struct AhpOptions {
  /// A consistency ratio above this is refused; 0 or more, infinity for no limit.
  double max_consistency_ratio = 0.1;
  /// What the criteria are called in messages: none, or one for each.
  std::vector<std::string> names;
};

/// One comparison of a matrix beside what the others say about it. `given` is 1 or more.
struct Comparison {
  int row = 0;
  int column = 0;
  double given = 1;
  double implied = 1;  ///< the geometric mean of given(row, k) x given(k, column) over all other k
};

struct AhpWeights {
  std::vector<double> weights;   ///< the principal eigenvector, adding up to 1
  double lambda_max = 0;         ///< its eigenvalue: the number of criteria n, or more
  double consistency_index = 0;  ///< (lambda_max - n) / (n - 1)
  double random_index = 0;       ///< of n: Saaty (1980)
  double consistency_ratio = 0;  ///< consistency_index / random_index; 0 for n of 1 and 2
  /// The comparison that stands most against the others; none for n of 1 and 2.
  std::optional<Comparison> worst;
};

/// Weights from comparisons of 1 to 15 criteria (Saaty 1977). `comparisons` is a square matrix, row
/// by row: how many times as important the criterion of the row is as that of the column, in
/// [1/100, 100], 1 in the diagonal; a pair must multiply to 1 within 0.05, and counts as its
/// greater number and one over that. lambda_max is exact to 1e-13 of itself. Code::kArgument with
/// the row (a number outside its range, a pair that is not reciprocal, a consistency ratio above
/// the limit, with the comparison to judge again), kNumber (NaN or infinite, with the row), kLength
/// (no square; names of another number), kLimit (more than 15 criteria), kEmpty. Cost: some tens of
/// products of the matrix with a vector, at most 170,000.
Result<AhpWeights> ahp_weights(std::span<const double> comparisons, const AhpOptions& options = {});

/// Whether more is better (a benefit) or worse (a cost). The numbers are those of the C ABI.
enum class Direction : int32_t { kBenefit = 0, kCost = 1 };

/// How the values of a criterion are made comparable. The numbers are those of the C ABI.
enum class EntropyScaling : int32_t {
  kMinMax = 0,  ///< to [0, 1] by the range of the column, costs turned around
  kShare = 1,   ///< as they are, 0 or more; benefits only
};

/// What becomes of a row in which one of the columns is null. The numbers are those of the C ABI.
enum class NullRows : int32_t {
  kRefuse = 0,    ///< it is an error
  kLeaveOut = 1,  ///< it is left out, for all columns
};

struct Criterion {
  std::string column;
  Direction direction = Direction::kBenefit;
};

/// In the order of the criteria.
struct EntropyWeights {
  std::vector<double> weights;    ///< divergence 1 - entropy, divided by the sum of all
  std::vector<double> entropies;  ///< in [0, 1]: 1 where all values are equal
};

/// Weights from the spread of the criteria over the rows (Hwang and Yoon 1981). The order of rows
/// changes no bit. Code::kColumn, kType (no numbers), kEmpty (no criteria, or fewer than 2 rows),
/// kNull (with NullRows::kRefuse) and kNumber (NaN or infinite) with the row, kArgument (a negative
/// value with kShare, with the row; a column of zeros with kShare, or of equal values with kMinMax;
/// no spread in any column; a cost with kShare; a column named twice). Cost: two passes over each
/// column, about 80 ns a value; 8 bytes of scratch a row, and one more where rows are left out.
Result<EntropyWeights> entropy_weights(const Table& table, std::span<const Criterion> criteria,
                                       EntropyScaling scaling = EntropyScaling::kMinMax,
                                       NullRows nulls = NullRows::kRefuse);

}  // namespace v0
}  // namespace patron
