#include "patron/weights.h"

#include <algorithm>

#include "capi/src/options.h"

using namespace patron::capi;  // NOLINT
using patron::Result;
using patron::Status;

namespace {

constexpr uint64_t kMaxCriteria = 15;  // beyond, the C++ function is given enough to say so

Status read_options(const patron_ahp_options* in, patron::AhpOptions& out) {
  patron_ahp_options options = {};
  Status status = read_struct(in, "options", options);
  if (!status.ok()) return status;
  out.max_consistency_ratio = options.max_consistency_ratio;
  return read_strings(options.names, options.name_count, "options.names", out.names);
}

void write_consistency(const patron::AhpWeights& found, patron_ahp_consistency* consistency) {
  patron_ahp_consistency value = PATRON_AHP_CONSISTENCY_INIT;
  value.lambda_max = found.lambda_max;
  value.consistency_index = found.consistency_index;
  value.random_index = found.random_index;
  value.consistency_ratio = found.consistency_ratio;
  const patron::Comparison worst = found.worst.value_or(patron::Comparison{-1, -1});
  value.worst_row = worst.row;
  value.worst_column = worst.column;
  value.given = worst.given;
  value.implied = worst.implied;
  write_struct(value, consistency);
}

Status read_options(const patron_entropy_options* in, std::vector<patron::Criterion>& criteria,
                    patron::EntropyScaling& scaling, patron::NullRows& nulls) {
  patron_entropy_options options = {};
  Status status = read_struct(in, "options", options);
  if (!status.ok()) return status;
  std::vector<std::string> columns;
  status = first_error(
      {read_strings(options.columns, options.column_count, "options.columns", columns),
       read_choice(options.scaling, patron::EntropyScaling::kShare, "options.scaling", scaling),
       read_choice(options.null_rows, patron::NullRows::kLeaveOut, "options.null_rows", nulls)});
  if (!status.ok()) return status;
  for (uint64_t i = 0; i < options.column_count; ++i) {
    patron::Direction direction = patron::Direction::kBenefit;
    if (options.directions != nullptr) {
      const std::string name = "options.directions[" + std::to_string(i) + "]";
      status =
          read_choice(options.directions[i], patron::Direction::kCost, name.c_str(), direction);
      if (!status.ok()) return status;
    }
    criteria.push_back({std::move(columns[i]), direction});
  }
  return {};
}

}  // namespace

patron_status patron_weights_manual(const double* given, uint64_t count, double* weights,
                                    patron_error* error) noexcept {
  return guard(error, [&]() -> Status {
    Status status = first_error(
        {require_array(given, count, sizeof(double), "given"), require(weights, "weights")});
    if (!status.ok()) return status;
    const Result<std::vector<double>> result = patron::manual_weights({given, count});
    if (!result.ok()) return result.status();
    std::copy(result->begin(), result->end(), weights);
    return {};
  });
}

patron_status patron_weights_ahp(const double* comparisons, uint64_t size,
                                 const patron_ahp_options* options, double* weights,
                                 patron_ahp_consistency* consistency,
                                 patron_error* error) noexcept {
  return guard(error, [&]() -> Status {
    const uint64_t rows = std::min(size, kMaxCriteria + 1);
    Status status = first_error(
        {require_array(comparisons, rows * rows, sizeof(double), "comparisons"),
         require(weights, "weights"), check_optional_output(consistency, "consistency")});
    if (!status.ok()) return status;
    patron::AhpOptions wanted;
    status = read_options(options, wanted);
    if (!status.ok()) return status;
    const Result<patron::AhpWeights> found =
        patron::ahp_weights({comparisons, rows * rows}, wanted);
    if (!found.ok()) return found.status();
    std::copy(found->weights.begin(), found->weights.end(), weights);
    if (consistency != nullptr) write_consistency(*found, consistency);
    return {};
  });
}

patron_status patron_weights_entropy(const patron_table* table,
                                     const patron_entropy_options* options, double* weights,
                                     double* entropies, patron_error* error) noexcept {
  return guard(error, [&]() -> Status {
    Status status = first_error({check_handle(table, "table"), require(weights, "weights")});
    if (!status.ok()) return status;
    std::vector<patron::Criterion> criteria;
    patron::EntropyScaling scaling = patron::EntropyScaling::kMinMax;
    patron::NullRows nulls = patron::NullRows::kRefuse;
    status = read_options(options, criteria, scaling, nulls);
    if (!status.ok()) return status;
    const Result<patron::EntropyWeights> found =
        patron::entropy_weights(table->table, criteria, scaling, nulls);
    if (!found.ok()) return found.status();
    std::copy(found->weights.begin(), found->weights.end(), weights);
    if (entropies != nullptr) {
      std::copy(found->entropies.begin(), found->entropies.end(), entropies);
    }
    return {};
  });
}
