// Values as people read them, for explanations.
#pragma once

#include <string>

#include "lib/expr/graph.h"
#include "patron/expression.h"

namespace patron::internal {

/// "true", "12", "2.5", "'abc'", "['a', 'b']", "2026-03-01", "5400s", "12.34 CNY"; "unknown".
/// Thread class: pure.
std::string value_text(const ExprType& type, const Cell& cell);

}  // namespace patron::internal
