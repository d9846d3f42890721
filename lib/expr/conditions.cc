#include "lib/expr/conditions.h"

#include <atomic>
#include <vector>

#include "lib/expr/compiled.h"
#include "lib/expr/graph_builder.h"
#include "lib/expr/masks.h"
#include "lib/expr/runs.h"

namespace patron::internal {
namespace {

/// Copies the nodes of graphs into one, in which equal nodes are one again.
class Joiner {
 public:
  Joiner(Graph& to, const Schema& schema) : build_(to, schema) {}

  int32_t add(const Graph& from) {
    std::vector<int32_t> place(from.nodes.size());
    for (size_t i = 0; i < from.nodes.size(); ++i) {
      Node node = from.nodes[i];
      for (int32_t& arg : node.args) {
        if (arg >= 0) arg = place[static_cast<size_t>(arg)];
      }
      if (node.index >= 0) node.index = moved(from, node);
      place[i] = build_.add(node);
    }
    return place[static_cast<size_t>(from.root)];
  }

 private:
  // What the index of a node means is said by its operation: a text, a list, a zone or a field.
  int32_t moved(const Graph& from, const Node& node) {
    const auto at = static_cast<size_t>(node.index);
    switch (node.op) {
      case Op::kConst:
        return build_.add_text(from.text(node.index));
      case Op::kInList:
        if (node.operand == LaneKind::kI64) return build_.add_list(from.int_lists[at]);
        if (node.operand == LaneKind::kF64) return build_.add_list(from.double_lists[at]);
        return build_.add_text_list(from.text_lists[at]);
      case Op::kField:
      case Op::kHas:
      case Op::kIsNull:
        return node.index;
      default:
        return build_.add_zone(from.zones[at]);
    }
  }

  GraphBuilder build_;
};

// The lanes of all results of a frame.
std::vector<Lane> lanes_of(const Frame& frame, size_t count) {
  std::vector<Lane> lanes;
  lanes.reserve(count);
  for (size_t k = 0; k < count; ++k) lanes.push_back(frame.result(k));
  return lanes;
}

}  // namespace

Conditions::Conditions(const Schema& schema, std::span<const Expression* const> conditions)
    : schema_(schema) {
  Joiner joiner(graph_, schema_);
  for (const Expression* condition : conditions) {
    roots_.push_back(joiner.add(condition->compiled().graph));
  }
  program_.emplace(graph_, schema_, roots_);
}

Result<ConditionMasks> Conditions::evaluate(const Table& table, const ExpressionOptions& options,
                                            SimdLevel level, ExpressionCounts* counts) const {
  constexpr size_t kMostInByte = 126;
  ConditionMasks out;
  out.first_bytes = size() <= kMostInByte ? 1 : 2;
  out.mask_bytes = mask_bytes(size());
  const auto rows = static_cast<size_t>(table.rows());
  const auto width = static_cast<size_t>(out.mask_bytes);
  out.first = Buffer(rows * static_cast<size_t>(out.first_bytes));
  out.held = Buffer(rows * width);
  out.unknown = Buffer(rows * width);
  std::atomic<int64_t> unknown_rows{0};
  Status status = run_table(
      *program_, schema_, table, options, level,
      [&](const Frame& frame, int64_t first_row, int64_t n) {
        const std::vector<Lane> lanes = lanes_of(frame, size());
        const auto at = static_cast<size_t>(first_row);
        if (out.first_bytes == 1) {
          first_held(lanes, n, level, out.first.as<int8_t>() + at);
        } else {
          first_held(lanes, n, level, out.first.as<int16_t>() + at);
        }
        if (width > 0) pack_held(lanes, n, level, out.held.data() + at * width);
        unknown_rows += pack_unknown(lanes, n, level, out.unknown.data() + at * width);
      },
      counts);
  if (!status.ok()) return status;
  if (counts != nullptr) counts->unknown_rows = unknown_rows.load();
  return out;
}

}  // namespace patron::internal
