#include "lib/models/ltv/fit_report.h"

#include <array>
#include <cmath>
#include <cstddef>
#include <vector>

namespace patron::internal::ltv {
namespace {

constexpr std::array<std::string_view, 5> kNames{"converged", "flat_ridge", "boundary",
                                                 "too_little_data", "iterations"};

/// "r", "r and alpha", "r, alpha and a"
std::string list_of(const std::vector<std::string>& names) {
  std::string text;
  for (size_t i = 0; i < names.size(); ++i) {
    if (i > 0) text += i + 1 == names.size() ? " and " : ", ";
    text += names[i];
  }
  return text;
}

/// The parameters that change along the line of a ridge, or run to one of the ends.
std::vector<std::string> along(LtvModel model, const Climb& climb, int sign) {
  std::vector<std::string> names;
  const auto all = ltv_parameter_names(model);
  for (size_t i = 0; i < all.size(); ++i) {
    const double share = climb.direction[i];
    if (std::abs(share) > 0.1 && share * sign >= 0) names.emplace_back(all[i]);
  }
  return names;
}

std::string runs_to(LtvModel model, const Climb& climb) {
  const std::vector<std::string> up = along(model, climb, 1), down = along(model, climb, -1);
  std::string text;
  if (!up.empty()) text += list_of(up) + (up.size() > 1 ? " grow" : " grows") + " without bound";
  if (!down.empty()) {
    if (!text.empty()) text += " and ";
    text += list_of(down) + (down.size() > 1 ? " go" : " goes") + " to 0";
  }
  return text;
}

/// What the end that was run to means, where it has a meaning.
std::string limit_of(LtvModel model, const Climb& climb) {
  const bool gamma_of_rates = model == LtvModel::kNbd || model == LtvModel::kBgNbd ||
                              model == LtvModel::kMbgNbd || model == LtvModel::kParetoNbd;
  if (gamma_of_rates && climb.direction[0] > 0.1 && climb.direction[1] > 0.1)
    return " (customers differ in nothing: all buy at the same rate)";
  if (model == LtvModel::kParetoNbd && climb.direction[2] < -0.1)
    return " (nobody seems to leave: the NBD says the same)";
  if ((model == LtvModel::kBgNbd || model == LtvModel::kMbgNbd) && climb.direction[2] < -0.1)
    return " (nobody seems to leave: the NBD says the same)";
  return "";
}

}  // namespace

std::string_view verdict_name(LtvVerdict verdict) { return kNames[static_cast<size_t>(verdict)]; }

std::string fit_message(LtvModel model, const LtvFit& fit, const Climb& climb) {
  switch (fit.verdict) {
    case LtvVerdict::kConverged:
      return "converged: the gradient is 0 to rounding and the log-likelihood curves down in every "
             "direction";
    case LtvVerdict::kFlatRidge:
      return "not an optimum: these data do not tell " + list_of(along(model, climb, 0)) +
             " apart; the log-likelihood is flat along a line on which they change. Give a penalty "
             "(0.001 is a gentle one), more customers or a longer observation, or take a model "
             "with fewer parameters";
    case LtvVerdict::kBoundary:
      return "not an optimum: the log-likelihood still rises where " + runs_to(model, climb) +
             limit_of(model, climb) +
             ". Give a penalty (0.001 is a gentle one), or take a model with fewer parameters";
    case LtvVerdict::kTooLittleData:
      return "not an optimum: " + std::to_string(fit.unique_rows) +
             (fit.unique_rows == 1 ? " distinct customer is" : " distinct customers are") +
             " too few for " + std::to_string(ltv_parameter_names(model).size()) +
             " parameters, which are as they were before any step; give more customers";
    default:
      return "not an optimum: stopped after " + std::to_string(fit.iterations) +
             " iterations; raise max_iterations, and where that does not help give a penalty "
             "(0.001 is a gentle one)";
  }
}

}  // namespace patron::internal::ltv
