// Explanations as JSON, for callers of the C interface.
//
// Thread class: pure.
#pragma once

#include <span>
#include <string>

#include "patron/explain.h"
#include "patron/schema.h"

namespace patron::capi {

/// Conditions as an array; "" where there are none.
std::string reasons_json(std::span<const Reason> reasons);

/// The whole of it as an object. `customer` is the kind of ids.
std::string explanation_json(const ClassExplanation& explanation, Kind customer);

}  // namespace patron::capi
