// The checker: from syntax to a typed graph, or findings that say what to do.
//
// Each node of the syntax becomes a Typed value: a type and the node that computes it. A literal
// number keeps the text it was written as until it stands beside something: beside money it is
// money, beside a double a double.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "lib/expr/ast.h"
#include "lib/expr/graph.h"
#include "lib/expr/graph_builder.h"

namespace patron::internal {

/// What a node of the syntax means.
struct Typed {
  ExprType type;
  int32_t node = -1;     ///< -1: kError, kNull, kList
  uint32_t syntax = 0;   ///< the node of the syntax it came from
  bool literal = false;  ///< a number as written, not yet beside anything
};

class Checker {
 public:
  Checker(const Syntax& syntax, const Schema& schema, Graph& graph, Findings& findings)
      : syntax_(syntax),
        schema_(schema),
        graph_(graph),
        findings_(findings),
        build_(graph, schema) {}

  /// Fills the graph; false where there are errors.
  bool run();

 private:
  using Base = internal::Base;

  // checker.cc
  Typed check(uint32_t index);
  Typed check_literal(const SyntaxNode& node, uint32_t index);
  Typed check_name(const SyntaxNode& node, uint32_t index);
  Typed check_age(int field, Span span, uint32_t index);
  Typed check_list(const SyntaxNode& node, uint32_t index);
  Typed check_unary(const SyntaxNode& node, uint32_t index);
  Typed check_ternary(const SyntaxNode& node, uint32_t index);
  Typed check_logic(const SyntaxNode& node, uint32_t index);
  void finish_root();

  // check_compare.cc
  Typed check_compare(const SyntaxNode& node, uint32_t index);
  Typed compare_null(const SyntaxNode& node, uint32_t index, Cmp cmp, Typed a, Typed b);
  Typed compare_money_literal(const SyntaxNode& node, uint32_t index, Cmp cmp, Typed money,
                              const Typed& literal);
  Typed compare_numbers(const SyntaxNode& node, uint32_t index, Cmp cmp, Typed a, Typed b);
  Typed compare_texts(const SyntaxNode& node, uint32_t index, Cmp cmp, Typed a, Typed b);
  bool check_enum_value(const FieldSpec& field, const Typed& text);
  Typed check_in(const SyntaxNode& node, uint32_t index);
  Typed check_in_set(const SyntaxNode& node, uint32_t index, const Typed& item, const Typed& set);
  template <typename T>
  void collect(const SyntaxNode& list, const Typed& item, std::vector<T>& out);

  // check_arithmetic.cc
  Typed check_arithmetic(const SyntaxNode& node, uint32_t index);
  Typed arithmetic_of_times(const SyntaxNode& node, uint32_t index, char op, Typed a, Typed b);
  Typed arithmetic_of_money(const SyntaxNode& node, uint32_t index, char op, Typed a, Typed b);
  Typed arithmetic_of_numbers(const SyntaxNode& node, uint32_t index, char op, Typed a, Typed b);
  Typed add_period(const SyntaxNode& node, uint32_t index, char op, const Typed& date,
                   const Typed& period);

  // check_call.cc
  Typed check_call(const SyntaxNode& node, uint32_t index);
  Typed check_method(const SyntaxNode& node, uint32_t index);
  Typed call_has(const SyntaxNode& node, uint32_t index);
  Typed call_or_else(const SyntaxNode& node, uint32_t index);
  Typed call_min_max(const SyntaxNode& node, uint32_t index);
  Typed call_abs(const SyntaxNode& node, uint32_t index);
  Typed call_size(const SyntaxNode& node, uint32_t index);
  Typed call_period(const SyntaxNode& node, uint32_t index);
  Typed call_age(const SyntaxNode& node, uint32_t index);
  Typed call_convert(const SyntaxNode& node, uint32_t index);
  Typed convert_text(const SyntaxNode& node, uint32_t index, const Typed& text);
  Typed convert_to_string(const SyntaxNode& node, uint32_t index, const Typed& value);
  Typed method_predicate(const SyntaxNode& node, uint32_t index);
  Typed method_part(const SyntaxNode& node, uint32_t index);
  bool arity(const SyntaxNode& node, uint32_t least, uint32_t most, const char* form);

  // Shared.
  const Typed& arg(const SyntaxNode& node, uint32_t i) const {
    return values_[syntax_.arg(node, i)];
  }
  const SyntaxNode& syntax_of(const Typed& value) const { return syntax_.nodes[value.syntax]; }
  Typed error(const char* code, Span span, std::string message) {
    findings_.error(code, span, std::move(message));
    return {};
  }
  Typed type_error(const SyntaxNode& node, const std::string& message) {
    return error("type", node.span, message);
  }
  Typed make(uint32_t index, Node node);
  Typed made(uint32_t index, int32_t node) const {
    return {graph_.at(node).type, node, index, false};
  }
  bool any_error(const SyntaxNode& node) const;
  /// A literal as a constant of that type; false where it cannot be, which is reported.
  bool adapt(Typed& value, const ExprType& type);
  /// Brings two values to one type; false where there is none. Does not report, but for literals.
  bool unify(Typed& a, Typed& b);
  Typed to_time(const Typed& date);
  /// "spend_12m (money)": a value in a message.
  std::string describe(const Typed& value) const;
  bool is_text(const Typed& v) const {
    return v.type.base == Base::kString || v.type.base == Base::kEnum;
  }
  bool is_time(const Typed& v) const {
    return v.type.base == Base::kTimestamp || v.type.base == Base::kDate;
  }
  bool is_number(const Typed& v) const {
    return v.type.base == Base::kInt64 || v.type.base == Base::kDouble;
  }
  bool text_literal(const Typed& v, std::string_view& out) const;
  std::string nearest_field(std::string_view name) const;
  std::string names_there() const;

  const Syntax& syntax_;
  const Schema& schema_;
  Graph& graph_;
  Findings& findings_;
  GraphBuilder build_;
  std::vector<Typed> values_;
};

}  // namespace patron::internal
