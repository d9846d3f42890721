// What an Expression holds: the text, its graph, and the program of its root.
#pragma once

#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "lib/expr/graph.h"
#include "lib/expr/program.h"
#include "patron/expression.h"

namespace patron::internal {

struct CompiledExpression {
  std::string text;
  Schema schema;
  Graph graph;
  std::optional<Program> program;  ///< of graph.root
  std::vector<int> fields;         ///< that it reads, increasing

  const Node& root() const { return graph.at(graph.root); }
};

/// What all calls on one row check: as many cells as fields, and an instant where `now` is read.
Status check_row(const CompiledExpression& compiled, size_t cells, std::optional<Micros> now);

/// Where the clock moves the value in a way that breakpoints() does not solve, whatever the row;
/// absent where it does solve it. A value that is no bool counts as solved where comparing it would
/// be. Thread class: pure. Cost: linear in the expression.
std::optional<Breakpoints> unsolved_time(const CompiledExpression& compiled);

/// Expression::evaluate at a given level, for the tests.
Result<Table> evaluate_table(const CompiledExpression& compiled, const Table& table,
                             const ExpressionOptions& options, SimdLevel level,
                             ExpressionCounts* counts);

}  // namespace patron::internal
