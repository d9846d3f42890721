// Ltv::fit: rows, a clock in which they are near 1, the maximum, and what to say about it.
#include <algorithm>
#include <cmath>
#include <limits>
#include <string>
#include <utility>
#include <vector>

#include "lib/base/number_text.h"
#include "lib/models/ltv/fit_report.h"
#include "lib/models/ltv/math/elementary.h"
#include "lib/models/ltv/maximum.h"
#include "lib/models/ltv/model.h"
#include "lib/models/ltv/rows.h"

namespace patron {
inline namespace v0 {
namespace {

using internal::ltv::Climb;
using internal::ltv::FitRows;
using internal::ltv::UniqueRows;

Status check_options(LtvModel model, const LtvFitOptions& options) {
  if (Status status = internal::ltv::check_model(model); !status.ok()) return status;
  if (options.threads < 0)
    return {Code::kArgument, "threads is " + std::to_string(options.threads) +
                                 "; give a number above zero, or 0 for one for each core"};
  if (options.max_iterations < 1)
    return {Code::kArgument, "max_iterations is " + std::to_string(options.max_iterations) +
                                 "; it must be at least 1"};
  if (!(options.penalty >= 0) || !std::isfinite(options.penalty))
    return {Code::kArgument, "penalty is " + internal::number_text(options.penalty) +
                                 "; it must be 0 or more, and finite; 0.01 is a gentle one"};
  if (static_cast<int>(options.unit) < 0 || options.unit > LtvUnit::kYear)
    return {Code::kArgument, "unit: " + std::to_string(static_cast<int>(options.unit)) +
                                 " is none; want 0 (hour) to 5 (year)"};
  return {};
}

/// The clock of a fit: times (of Gamma-Gamma: money) divided by 2^exponent, which rounds nothing.
struct Clock {
  int exponent = 0;
  double log_mean = 0;       ///< of the mean time or money, in this clock
  double density_power = 0;  ///< the likelihood is a density of so many times or amounts
};

/// Which parameters are measured in the clock.
bool is_scaled(LtvModel model, size_t parameter) {
  switch (model) {
    case LtvModel::kNbd:
    case LtvModel::kBgNbd:
    case LtvModel::kMbgNbd:
      return parameter == 1;
    case LtvModel::kParetoNbd:
      return parameter == 1 || parameter == 3;
    case LtvModel::kGammaGamma:
      return parameter == 2;
    default:
      return false;
  }
}

constexpr int64_t kScaleRows = 32 * internal::ltv::kLikelihoodRows;

/// What the model measures in time or money: one column or two.
bool has_recency(LtvModel model) {
  return model == LtvModel::kBgNbd || model == LtvModel::kMbgNbd || model == LtvModel::kParetoNbd;
}

/// Chooses the clock, and measures the rows in it. Sums are of blocks, in their order.
Status scale_rows(LtvModel model, int threads, internal::Watch* watch, UniqueRows* rows,
                  Clock* clock) {
  const bool recency = has_recency(model);
  if (!recency && model != LtvModel::kNbd && model != LtvModel::kGammaGamma) return {};
  struct Sums {
    double mean = 0, power = 0;
  };
  const int64_t blocks = (rows->size() + kScaleRows - 1) / kScaleRows;
  std::vector<Sums> parts(static_cast<size_t>(blocks));
  const auto rows_of = [&](int64_t block, const auto& visit) {
    const int64_t end = std::min(rows->size(), (block + 1) * kScaleRows);
    for (int64_t i = block * kScaleRows; i < end; ++i) visit(static_cast<size_t>(i));
  };
  const internal::ltv::Column& measured = recency ? rows->third : rows->second;
  Status status = internal::parallel_for(blocks, threads, watch, [&](int64_t block, int) {
    Sums sums;
    rows_of(block, [&](size_t i) {
      sums.mean += measured[i] * (rows->weight[i] / rows->total_weight);
      if (recency) sums.power += rows->weight[i] * rows->first[i];
    });
    parts[static_cast<size_t>(block)] = sums;
  });
  if (!status.ok()) return status;
  double mean = 0;
  for (const Sums& sums : parts) {
    mean += sums.mean;
    clock->density_power += sums.power;
  }
  if (model == LtvModel::kGammaGamma) clock->density_power = rows->total_weight;
  clock->log_mean = internal::ltv::log(std::frexp(mean, &clock->exponent));
  // In two factors: one of 2^1074 is no double.
  const double half = std::ldexp(1.0, -(clock->exponent / 2));
  const double rest = std::ldexp(1.0, -(clock->exponent - clock->exponent / 2));
  return internal::parallel_for(blocks, threads, watch, [&](int64_t block, int) {
    rows_of(block, [&](size_t i) { rows->second[i] = rows->second[i] * half * rest; });
    if (recency) rows_of(block, [&](size_t i) { rows->third[i] = rows->third[i] * half * rest; });
  });
}

/// Code::kEmpty where there is nothing to fit.
Status check_rows(LtvModel model, const FitRows& rows, const LtvFitOptions& options) {
  if (rows.rows == 0) return {Code::kEmpty, "the customers have no rows; a fit needs at least one"};
  if (rows.unique.size() == 0) {
    const internal::ltv::FaultyRow& first = rows.faults.front();
    return {Code::kEmpty,
            "no row of " + std::to_string(rows.rows) + " can be used; the first: " +
                internal::ltv::fault_status(first, options.columns).message(),
            first.row};
  }
  const bool purchases = model != LtvModel::kSbg && model != LtvModel::kBdw;
  if (purchases && rows.unique.first.back() == 0)
    return {Code::kEmpty,
            "nobody has a repeat purchase: column \"" + options.columns.frequency +
                "\" is 0 in all rows, and says nothing about how often customers buy"};
  return {};
}

class Fitting {
 public:
  Fitting(LtvModel model, const LtvFitOptions& options)
      : model_(model),
        options_(options),
        names_(ltv_parameter_names(model)),
        watch_(options.control) {}

  Result<Ltv> run(const Table& customers) {
    watch_.phase(0.5);
    Result<FitRows> rows = internal::ltv::read_rows(customers, model_, options_, &watch_);
    if (!rows.ok()) return rows.status();
    if (Status status = check_rows(model_, *rows, options_); !status.ok()) return status;
    const int threads = internal::thread_count(options_.threads);
    if (Status status = scale_rows(model_, threads, &watch_, &rows->unique, &clock_); !status.ok())
      return status;
    fit_.rows = rows->rows;
    fit_.excluded_rows = static_cast<int64_t>(rows->faults.size());
    fit_.unique_rows = rows->unique.size();
    fit_.customers = rows->unique.total_weight;
    watch_.phase(1);
    Climb climb;
    if (fit_.unique_rows < static_cast<int64_t>(names_.size())) {
      fit_.verdict = LtvVerdict::kTooLittleData;
    } else {
      Result<Climb> best = maximum(rows->unique);
      if (!best.ok()) return best.status();
      climb = *best;
      fit_.verdict = climb.verdict;
    }
    if (Status status = evaluate(rows->unique, climb); !status.ok()) return status;
    report(climb);
    Result<Table> excluded = internal::ltv::faults_table(rows->faults, options_.columns);
    if (!excluded.ok()) return excluded.status();
    if (Status status = watch_.poll(1); !status.ok()) return status;
    return LtvAccess::make(model_, options_.unit, parameters_, std::move(fit_),
                           *std::move(excluded));
  }

 private:
  Result<Climb> maximum(const UniqueRows& rows) {
    internal::ltv::MaximumSettings settings;
    settings.penalty = options_.penalty;
    for (size_t i = 0; i < names_.size(); ++i)
      settings.centre[i] = is_scaled(model_, i) ? clock_.log_mean : 0;
    settings.max_iterations = options_.max_iterations;
    settings.threads = internal::thread_count(options_.threads);
    return internal::ltv::find_maximum(model_, rows, settings, &watch_);
  }

  /// Parameters and likelihood in the caller's clock.
  Status evaluate(const UniqueRows& rows, const Climb& climb) {
    double distance = 0;
    for (size_t i = 0; i < names_.size(); ++i) {
      const bool scaled = is_scaled(model_, i);
      const double theta = climb.log_parameters[i];
      const double value = internal::ltv::exp(theta);
      parameters_[i] = scaled ? std::ldexp(value, clock_.exponent) : value;
      parameters_[i] = std::max(parameters_[i], std::numeric_limits<double>::denorm_min());
      const double past = theta - (scaled ? clock_.log_mean : 0);
      distance += past * past;
      fit_.gradient_norm = std::max(fit_.gradient_norm, std::abs(climb.at.gradient[i]));
    }
    double value = climb.at.value * fit_.customers;
    fit_.penalty = options_.penalty * fit_.customers * distance;
    if (fit_.verdict == LtvVerdict::kTooLittleData) {
      internal::ltv::Objective objective(internal::ltv::make_likelihood(model_, rows), rows, 0, {},
                                         1, &watch_);
      const Result<internal::ltv::Derivatives> at = objective.evaluate(climb.log_parameters);
      if (!at.ok()) return at.status();
      value = at->value * fit_.customers - fit_.penalty;
      for (size_t i = 0; i < names_.size(); ++i)
        fit_.gradient_norm = std::max(fit_.gradient_norm, std::abs(at->gradient[i]));
    }
    fit_.log_likelihood =
        value + fit_.penalty - clock_.density_power * (clock_.exponent * internal::ltv::kLn2);
    const auto k = static_cast<double>(names_.size());
    fit_.aic = 2 * k - 2 * fit_.log_likelihood;
    fit_.bic = k * internal::ltv::log(fit_.customers) - 2 * fit_.log_likelihood;
    return {};
  }

  /// Covariance and message.
  void report(const Climb& climb) {
    fit_.iterations = climb.iterations;
    fit_.message = internal::ltv::fit_message(model_, fit_, climb);
    const double nan = std::numeric_limits<double>::quiet_NaN();
    fit_.covariance.fill(nan);
    fit_.standard_errors.fill(nan);
    if (!fit_.converged()) return;
    // Of log parameters the inverse of the Hessian; of parameters, by the chain rule at a point
    // where the gradient is 0, each entry times both parameters.
    for (size_t i = 0; i < kLtvParameters; ++i) {
      for (size_t j = 0; j <= i; ++j) {
        double sum = 0;
        for (size_t k = 0; k < names_.size(); ++k) {
          sum += climb.eigen.vectors[k][i] * climb.eigen.vectors[k][j] /
                 (climb.eigen.values[k] * fit_.customers);
        }
        sum *= parameters_[i] * parameters_[j];
        fit_.covariance[i * kLtvParameters + j] = fit_.covariance[j * kLtvParameters + i] = sum;
      }
      fit_.standard_errors[i] = std::sqrt(fit_.covariance[i * kLtvParameters + i]);
    }
  }

  const LtvModel model_;
  const LtvFitOptions& options_;
  const std::span<const std::string_view> names_;
  internal::Watch watch_;
  Clock clock_;
  LtvFit fit_;
  LtvParameters parameters_{};
};

}  // namespace

Result<Ltv> Ltv::fit(const Table& customers, LtvModel model, const LtvFitOptions& options) {
  if (Status status = check_options(model, options); !status.ok()) return status;
  return Fitting(model, options).run(customers);
}

}  // namespace v0
}  // namespace patron
