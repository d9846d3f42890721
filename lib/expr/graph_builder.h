// Builds a graph: equal nodes become one, constants are computed, and what is certain is left out.
//
// Folding changes no meaning: constants go through the kernels that rows go through; `false && x`
// is false whatever x is, in Kleene's logic too.
#pragma once

#include <string>
#include <string_view>
#include <unordered_map>

#include "lib/expr/graph.h"

namespace patron::internal {

class GraphBuilder {
 public:
  GraphBuilder(Graph& graph, const Schema& schema) : graph_(graph), schema_(schema) {}

  int32_t bool_const(bool value, Span span);
  /// Of any type of the lane kI64.
  int32_t i64_const(const ExprType& type, int64_t value, Span span);
  int32_t f64_const(double value, Span span);
  int32_t text_const(std::string_view value, Span span);
  int32_t unknown_const(const ExprType& type, Span span);
  /// A node whose arguments are there; fills in what follows from them. It may come back as another
  /// node that means the same, or as a constant.
  int32_t add(Node node);

  int32_t add_list(std::vector<int64_t> values);
  int32_t add_list(std::vector<double> values);
  int32_t add_text_list(std::vector<std::string_view> values);
  int32_t add_text(std::string_view value);
  /// The zone of the schema, for what the calendar decides.
  int32_t schema_zone();
  int32_t add_zone(ZoneChoice zone);

  bool is_const(int32_t node) const { return graph_.at(node).op == Op::kConst; }

 private:
  int32_t intern(Node node);
  bool simplify(const Node& node, int32_t& out);
  Node fold(const Node& node);
  bool total(const Node& node) const;

  Graph& graph_;
  const Schema& schema_;
  std::unordered_map<std::string, int32_t> known_;
  std::unordered_map<std::string, int32_t> texts_;
  int32_t schema_zone_ = -1;
};

}  // namespace patron::internal
