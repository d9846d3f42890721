#include "lib/models/ltv/model.h"

#include <cmath>
#include <string>

#include "lib/base/number_text.h"

namespace patron {
inline namespace v0 {
namespace {

struct ModelFacts {
  std::string_view name;
  int parameters;
  std::array<std::string_view, kLtvParameters> names;
};

constexpr std::array<ModelFacts, kLtvModels> kFacts{{
    {"nbd", 2, {"r", "alpha"}},
    {"bg_nbd", 4, {"r", "alpha", "a", "b"}},
    {"mbg_nbd", 4, {"r", "alpha", "a", "b"}},
    {"pareto_nbd", 4, {"r", "alpha", "s", "beta"}},
    {"bg_bb", 4, {"alpha", "beta", "gamma", "delta"}},
    {"sbg", 2, {"alpha", "beta"}},
    {"bdw", 3, {"alpha", "beta", "c"}},
    {"gamma_gamma", 3, {"p", "q", "v"}},
}};

const ModelFacts& facts_of(LtvModel model) { return kFacts[static_cast<size_t>(model)]; }

}  // namespace

std::string_view ltv_model_name(LtvModel model) { return facts_of(model).name; }

std::span<const std::string_view> ltv_parameter_names(LtvModel model) {
  const ModelFacts& facts = facts_of(model);
  return {facts.names.data(), static_cast<size_t>(facts.parameters)};
}

Result<Ltv> Ltv::from_parameters(LtvModel model, std::span<const double> parameters, LtvUnit unit) {
  if (Status status = internal::ltv::check_model(model); !status.ok()) return status;
  const auto names = ltv_parameter_names(model);
  if (parameters.size() != names.size()) {
    std::string all;
    for (const std::string_view name : names) all += (all.empty() ? "" : ", ") + std::string(name);
    return Status(Code::kArgument, "parameters: " + std::to_string(parameters.size()) +
                                       " are given; " + std::string(ltv_model_name(model)) +
                                       " has " + std::to_string(names.size()) + ": " + all);
  }
  LtvParameters values{};
  for (size_t i = 0; i < names.size(); ++i) {
    if (!(parameters[i] > 0) || !std::isfinite(parameters[i])) {
      return Status(Code::kArgument, "parameters: " + std::string(names[i]) + " is " +
                                         internal::number_text(parameters[i]) +
                                         "; it must be above 0 and finite");
    }
    values[i] = parameters[i];
  }
  if (static_cast<int>(unit) < 0 || static_cast<int>(unit) > static_cast<int>(LtvUnit::kYear)) {
    return Status(Code::kArgument, "unit: " + std::to_string(static_cast<int>(unit)) +
                                       " is none; want 0 (hour) to 5 (year)");
  }
  return LtvAccess::make(model, unit, values, std::nullopt, Table());
}

}  // namespace v0

namespace internal::ltv {

Status check_model(LtvModel model) {
  const int number = static_cast<int>(model);
  if (number >= 0 && number < kLtvModels) return {};
  return {Code::kArgument, "model: " + std::to_string(number) + " is none; want 0 to " +
                               std::to_string(kLtvModels - 1)};
}

}  // namespace internal::ltv
}  // namespace patron
