// A fitted model, from the inside: what fit and parse fill, and small facts about each model.
#pragma once

#include <utility>

#include "patron/ltv.h"

namespace patron {
inline namespace v0 {

/// Makes a model of its parts.
struct LtvAccess {
  static Ltv make(LtvModel model, LtvUnit unit, const LtvParameters& parameters,
                  std::optional<LtvFit> fit, Table excluded) {
    Ltv result;
    result.model_ = model;
    result.unit_ = unit;
    result.parameters_ = parameters;
    result.fit_ = std::move(fit);
    result.excluded_ = std::move(excluded);
    return result;
  }
};

}  // namespace v0

namespace internal::ltv {

/// Code::kArgument where the number is no LtvModel.
Status check_model(LtvModel model);

}  // namespace internal::ltv
}  // namespace patron
