// Conditions: many of them over one table in one pass, as masks.
//
//   Conditions tiers(schema, {gold, silver, bronze});      // Expressions of kind bool
//   Result<ConditionMasks> masks = tiers.evaluate(table, {}, best_simd(), &counts);
//   masks->first[i];                   // the first that holds in row i: 0 is gold; 3: none
//   masks->held, masks->unknown        // bit 0 of row i: gold holds, gold is not known
//
// They become one program, so what they have in common is computed once. Thread class: shared.
#pragma once

#include <cstdint>
#include <optional>
#include <span>
#include <vector>

#include "lib/base/buffer.h"
#include "lib/expr/graph.h"
#include "lib/expr/program.h"
#include "patron/expression.h"
#include "patron/table.h"

namespace patron::internal {

/// What became of each row.
struct ConditionMasks {
  int first_bytes = 1;  ///< of `first`: 1 for up to 126 conditions, else 2
  Buffer first;         ///< int8 or int16: the first condition that holds, or their number
  int mask_bytes = 0;   ///< of the masks: 1, 2, 4 or 8; 0 for more than 64 conditions
  Buffer held;          ///< bit k: condition k holds
  Buffer unknown;       ///< bit k: condition k is unknown
};

class Conditions {
 public:
  /// Of kind bool, all over this schema.
  Conditions(const Schema& schema, std::span<const Expression* const> conditions);
  Conditions(const Conditions&) = delete;
  Conditions& operator=(const Conditions&) = delete;

  size_t size() const { return roots_.size(); }
  const Program& program() const { return *program_; }

  /// One pass. Errors and counts as those of Expression::evaluate; an unknown row is one in which
  /// some condition is.
  Result<ConditionMasks> evaluate(const Table& table, const ExpressionOptions& options,
                                  SimdLevel level, ExpressionCounts* counts) const;

 private:
  Schema schema_;
  Graph graph_;
  std::vector<int32_t> roots_;
  std::optional<Program> program_;
};

}  // namespace patron::internal
