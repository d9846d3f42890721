#include "lib/metrics/row_condition.h"

#include <limits>

#include "lib/expr/compiled.h"
#include "lib/expr/graph.h"

namespace patron::internal {
namespace {

// A field beside a constant.
struct Comparison {
  const FieldSpec* field;
  const Node* constant;
  Cmp cmp;
};

bool lies_as(CellType cell, int column, const StreamLayout& layout) {
  return column >= 0 && layout.columns[static_cast<size_t>(column)].cell == cell;
}

std::optional<Comparison> comparison(const Expression& where) {
  const Graph& graph = where.compiled().graph;
  const Node& root = graph.at(graph.root);
  if (root.op != Op::kCompare) return std::nullopt;
  const bool swapped = graph.at(root.args[0]).op == Op::kConst;
  const Node& field = graph.at(root.args[swapped ? 1 : 0]);
  const Node& constant = graph.at(root.args[swapped ? 0 : 1]);
  if (field.op != Op::kField || constant.op != Op::kConst || !constant.known) return std::nullopt;
  return Comparison{&where.schema().fields()[static_cast<size_t>(field.index)], &constant,
                    swapped ? mirrored(root.cmp) : root.cmp};
}

}  // namespace

std::optional<AtLeast> at_least(const Expression& where, const StreamLayout& layout) {
  const std::optional<Comparison> of = comparison(where);
  if (!of || (of->field->kind != Kind::kInt64 && of->field->kind != Kind::kMoney)) {
    return std::nullopt;
  }
  const int64_t number = of->constant->integer;
  const int column = layout.find(of->field->name);
  if (!lies_as(CellType::kInt, column, layout)) return std::nullopt;
  if (of->cmp == Cmp::kGe && number > kNullInt) return AtLeast{column, number};
  if (of->cmp == Cmp::kGt && number < std::numeric_limits<int64_t>::max())
    return AtLeast{column, number + 1};
  return std::nullopt;
}

std::optional<IsWord> is_word(const Expression& where, const StreamLayout& layout) {
  const std::optional<Comparison> of = comparison(where);
  if (!of || of->field->kind != Kind::kEnum || of->cmp != Cmp::kEq) return std::nullopt;
  const int column = layout.find(of->field->name);
  if (!lies_as(CellType::kCode, column, layout)) return std::nullopt;
  return IsWord{column, where.compiled().graph.text(of->constant->index)};
}

}  // namespace patron::internal
