// What a fit says about itself in words.
#pragma once

#include <string>
#include <string_view>

#include "lib/models/ltv/newton.h"
#include "patron/ltv.h"

namespace patron::internal::ltv {

/// "converged", "flat_ridge", ...: the name in documents.
std::string_view verdict_name(LtvVerdict verdict);

/// What the verdict means for this fit, and what to do. Never empty. Thread class: pure.
std::string fit_message(LtvModel model, const LtvFit& fit, const Climb& climb);

}  // namespace patron::internal::ltv
