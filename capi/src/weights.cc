#include "patron/weights.h"

#include <algorithm>
#include <span>

#include "capi/src/guard.h"
#include "capi/src/handles.h"

using namespace patron::capi;  // NOLINT
using patron::Result;
using patron::Status;

namespace {

constexpr uint64_t kMaxCriteria = 15;  // beyond, the C++ function is given enough to say so

Status read_options(const patron_ahp_options* in, patron::AhpOptions& out) {
  patron_ahp_options options = {};
  Status status = read_struct(in, "options", options);
  if (!status.ok()) return status;
  status = require_array(options.names, options.name_count, sizeof(patron_str), "options.names");
  if (!status.ok()) return status;
  out.max_consistency_ratio = options.max_consistency_ratio;
  for (const patron_str& name : std::span(options.names, options.name_count)) {
    const Result<std::string_view> text = read_text(name, "options.names");
    if (!text.ok()) return text.status();
    out.names.emplace_back(*text);
  }
  return {};
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
                    patron::EntropyScaling& scaling) {
  patron_entropy_options options = {};
  Status status = read_struct(in, "options", options);
  if (!status.ok()) return status;
  status = first_error(
      {require_array(options.columns, options.column_count, sizeof(patron_str), "options.columns"),
       require_choice(options.scaling, PATRON_SCALING_SHARE, "options.scaling")});
  if (!status.ok()) return status;
  scaling = static_cast<patron::EntropyScaling>(options.scaling);
  for (uint64_t i = 0; i < options.column_count; ++i) {
    const Result<std::string_view> name = read_text(options.columns[i], "options.columns");
    if (!name.ok()) return name.status();
    const int32_t direction =
        options.directions == nullptr ? PATRON_DIRECTION_BENEFIT : options.directions[i];
    status = require_choice(direction, PATRON_DIRECTION_COST, "options.directions");
    if (!status.ok()) return status;
    criteria.push_back({std::string(*name), static_cast<patron::Direction>(direction)});
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
    Status status =
        first_error({require_array(comparisons, rows * rows, sizeof(double), "comparisons"),
                     require(weights, "weights"),
                     consistency == nullptr ? Status() : check_output(consistency, "consistency")});
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
    status = read_options(options, criteria, scaling);
    if (!status.ok()) return status;
    const Result<patron::EntropyWeights> found =
        patron::entropy_weights(table->table, criteria, scaling);
    if (!found.ok()) return found.status();
    std::copy(found->weights.begin(), found->weights.end(), weights);
    if (entropies != nullptr) {
      std::copy(found->entropies.begin(), found->entropies.end(), entropies);
    }
    return {};
  });
}
