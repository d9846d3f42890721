// Comparisons and membership: what may stand beside what, and what it means.
#include <algorithm>
#include <cmath>
#include <utility>

#include "lib/base/nearest.h"
#include "lib/base/utf8.h"
#include "lib/expr/checker.h"
#include "lib/expr/texts.h"

namespace patron::internal {
namespace {

Cmp cmp_of(std::string_view op) {
  for (const Cmp cmp : {Cmp::kEq, Cmp::kNe, Cmp::kLt, Cmp::kLe, Cmp::kGt, Cmp::kGe}) {
    if (cmp_text(cmp) == op) return cmp;
  }
  return Cmp::kEq;
}

bool is_order(Cmp cmp) { return cmp != Cmp::kEq && cmp != Cmp::kNe; }

// x cmp v, where v lies in [floor, floor + 1), as a comparison of whole numbers with `floor`; a
// v that is no whole number equals none.
struct WholeComparison {
  Cmp cmp;
  int64_t bound;
};
WholeComparison whole_comparison(Cmp cmp, const ScaledDecimal& v) {
  if (v.exact) return {cmp, v.floor};
  const WholeComparison never{Cmp::kLt, INT64_MIN}, always{Cmp::kGe, INT64_MIN};
  if (cmp == Cmp::kEq) return never;
  if (cmp == Cmp::kNe) return always;
  const bool less = cmp == Cmp::kLt || cmp == Cmp::kLe;
  if (v.below) return less ? never : always;
  return {less ? Cmp::kLe : Cmp::kGt, v.floor};
}

ScaledDecimal floor_of(double value) {
  ScaledDecimal out;
  out.above = value >= 0x1p63;
  out.below = value < -0x1p63;
  if (out.above || out.below) {
    out.floor = out.above ? INT64_MAX : INT64_MIN;
    return out;
  }
  const double whole = std::floor(value);
  out.floor = static_cast<int64_t>(whole);
  out.exact = whole == value;
  return out;
}

bool as_double(int64_t value, double& out) {
  out = static_cast<double>(value);
  return value != INT64_MAX && static_cast<int64_t>(out) == value;
}

}  // namespace

Typed Checker::compare_null(const SyntaxNode& node, uint32_t index, Cmp cmp, Typed a, Typed b) {
  if (is_order(cmp)) return type_error(node, "null has no order; compare it with == or !=");
  if (a.type.base == Base::kNull && b.type.base == Base::kNull) {
    return made(index, build_.bool_const(cmp == Cmp::kEq, node.span));
  }
  const Typed& value = a.type.base == Base::kNull ? b : a;
  if (value.node < 0 || graph_.at(value.node).op != Op::kField) {
    return type_error(node, "only a field can be null, and " + describe(value) +
                                " is none; ask of the fields it is made of, or give a default with "
                                "or_else(x, d)");
  }
  const Node& field = graph_.at(value.node);
  if (field.total) {
    findings_.warning("always", node.span,
                      syntax_of(value).text + " is never null: this is " +
                          (cmp == Cmp::kNe ? "true" : "false") + " for every row");
  }
  Node out;
  out.op = cmp == Cmp::kEq ? Op::kIsNull : Op::kHas;
  out.index = field.index;
  out.type.base = Base::kBool;
  out.span = node.span;
  return make(index, out);
}

Typed Checker::compare_money_literal(const SyntaxNode& node, uint32_t index, Cmp cmp, Typed money,
                                     const Typed& literal) {
  const ScaledDecimal minor = scale_decimal(syntax_of(literal).text, money.type.unit.scale);
  const WholeComparison whole = whole_comparison(cmp, minor);
  Node out;
  out.op = Op::kCompare;
  out.cmp = whole.cmp;
  out.type.base = Base::kBool;
  out.span = node.span;
  out.args = {money.node, build_.i64_const(money.type, whole.bound, syntax_of(literal).span), -1};
  return make(index, out);
}

Typed Checker::compare_numbers(const SyntaxNode& node, uint32_t index, Cmp cmp, Typed a, Typed b) {
  Node out;
  out.op = Op::kCompare;
  out.cmp = cmp;
  out.type.base = Base::kBool;
  out.span = node.span;
  if (a.type.base != b.type.base) {
    // The whole number first; a constant takes the other's type where that is exact.
    if (a.type.base == Base::kDouble) {
      std::swap(a, b);
      out.cmp = mirrored(cmp);
    }
    double number = 0;
    const bool const_int = build_.is_const(a.node) && graph_.at(a.node).known;
    const bool const_double = build_.is_const(b.node) && graph_.at(b.node).known;
    if (const_double && !const_int) {
      const WholeComparison whole = whole_comparison(out.cmp, floor_of(graph_.at(b.node).number));
      out.cmp = whole.cmp;
      b.node = build_.i64_const(a.type, whole.bound, graph_.at(b.node).span);
    } else if (const_int && as_double(graph_.at(a.node).integer, number)) {
      a.node = build_.f64_const(number, graph_.at(a.node).span);
      std::swap(a, b);
      out.cmp = mirrored(out.cmp);
    } else {
      out.op = Op::kCompareIntDouble;
    }
  }
  out.args = {a.node, b.node, -1};
  return make(index, out);
}

bool Checker::check_enum_value(const FieldSpec& field, const Typed& text) {
  std::string_view value;
  if (field.values.empty() || !text_literal(text, value)) return true;
  if (std::find(field.values.begin(), field.values.end(), value) != field.values.end()) return true;
  std::vector<std::string_view> known(field.values.begin(), field.values.end());
  const std::string_view nearest = nearest_name(value, known);
  std::string message = quoted(value) + " is no value of " + field.name;
  if (!nearest.empty()) {
    message += "; did you mean " + quoted(nearest) + "?";
  } else {
    message += "; its values are ";
    for (size_t i = 0; i < known.size() && i < 8; ++i) {
      message += (i == 0 ? "" : ", ") + quoted(known[i], 40);
    }
    if (known.size() > 8) message += " ...";
  }
  findings_.error("unknown_value", syntax_of(text).span, message);
  return false;
}

Typed Checker::compare_texts(const SyntaxNode& node, uint32_t index, Cmp cmp, Typed a, Typed b) {
  Node out;
  out.op = Op::kCompare;
  out.cmp = cmp;
  out.type.base = Base::kBool;
  out.span = node.span;
  for (const auto& [field, other] : {std::pair(&a, &b), std::pair(&b, &a)}) {
    if (field->type.domain != nullptr && !check_enum_value(*field->type.domain, *other)) return {};
  }
  const FieldSpec* domain = a.type.domain != nullptr ? a.type.domain : b.type.domain;
  if (is_order(cmp) && domain != nullptr) {
    std::string_view literal;
    const bool same =
        a.type.domain == b.type.domain || (a.type.domain != nullptr && b.type.domain != nullptr &&
                                           a.type.domain->values == b.type.domain->values);
    const bool beside_literal = text_literal(a, literal) || text_literal(b, literal);
    if (!domain->ordered) {
      return type_error(node, domain->name +
                                  " has no order; give it \"ordered\": true and values "
                                  "from the lowest to the highest, or use in [...]");
    }
    if (!same && !beside_literal) {
      return type_error(node, describe(a) + " and " + describe(b) +
                                  " have no order in common: their values differ");
    }
    out.op = Op::kCompareRank;
    out.domain = domain;
  }
  out.args = {a.node, b.node, -1};
  return make(index, out);
}

Typed Checker::check_compare(const SyntaxNode& node, uint32_t index) {
  if (any_error(node)) return {};
  const Cmp cmp = cmp_of(node.text);
  Typed a = arg(node, 0), b = arg(node, 1);
  if (a.type.base == Base::kNull || b.type.base == Base::kNull) {
    return compare_null(node, index, cmp, a, b);
  }
  for (const Typed* side : {&a, &b}) {
    switch (side->type.base) {
      case Base::kPeriod:
        return type_error(node,
                          "a calendar period has no length; add it to a date, as in "
                          "birth_date + years(18) <= now");
      case Base::kList:
        return type_error(node, "lists are compared with nothing; write x in [...]");
      case Base::kEnumSet:
        return type_error(
            node, "sets are compared with nothing; write 'x' in " +
                      (syntax_of(*side).kind == SyntaxKind::kName ? syntax_of(*side).text
                                                                  : std::string("the set")));
      default:
        break;
    }
  }
  const bool money_a = a.type.base == Base::kMoney, money_b = b.type.base == Base::kMoney;
  if (money_a && b.literal) return compare_money_literal(node, index, cmp, a, b);
  if (money_b && a.literal) return compare_money_literal(node, index, mirrored(cmp), b, a);
  if (is_number(a) && is_number(b)) return compare_numbers(node, index, cmp, a, b);
  if (is_text(a) && is_text(b)) return compare_texts(node, index, cmp, a, b);
  if (!unify(a, b)) {
    const Typed& other = is_text(a) ? b : a;
    std::string hint;
    if ((money_a && is_number(b)) || (money_b && is_number(a))) {
      hint = "; write double(" + (money_a ? syntax_of(a).text : syntax_of(b).text) + ")";
    } else if ((is_text(a) || is_text(b)) &&
               (is_time(other) || other.type.base == Base::kDuration)) {
      hint = other.type.base == Base::kDate        ? "; write date('2026-03-01')"
             : other.type.base == Base::kTimestamp ? "; write timestamp('2026-03-01T00:00:00Z')"
                                                   : "; write duration('36h') or days(30)";
    } else if (a.type.base == Base::kDuration || b.type.base == Base::kDuration) {
      hint = "; write days(30) for a length of time";
    }
    return type_error(node, describe(a) + " and " + describe(b) + " cannot be compared" + hint);
  }
  if (a.node < 0) return {};
  Node out;
  out.op = Op::kCompare;
  out.cmp = cmp;
  out.type.base = Base::kBool;
  out.span = node.span;
  out.args = {a.node, b.node, -1};
  return make(index, out);
}

Typed Checker::check_in_set(const SyntaxNode& node, uint32_t index, const Typed& item,
                            const Typed& set) {
  const FieldSpec& field = *set.type.domain;
  if (!is_text(item)) {
    return type_error(node, "a set holds texts, and " + describe(item) + " is none");
  }
  if (!check_enum_value(field, item)) return {};
  Node out;
  out.type.base = Base::kBool;
  out.span = node.span;
  std::string_view value;
  if (text_literal(item, value)) {
    out.op = Op::kSetHas;
    out.args[0] = set.node;
    out.integer = std::find(field.values.begin(), field.values.end(), value) - field.values.begin();
  } else {
    out.op = Op::kSetHasText;
    out.args = {item.node, set.node, -1};
    out.domain = &field;
  }
  return make(index, out);
}

// The elements of a list as values of the item's type; those that no item can equal are left out.
template <typename T>
void Checker::collect(const SyntaxNode& list, const Typed& item, std::vector<T>& out) {
  for (uint32_t i = 0; i < list.arg_count; ++i) {
    const Typed& element = arg(list, i);
    const Node& node = graph_.at(element.node);
    if constexpr (std::is_same_v<T, std::string_view>) {
      out.push_back(graph_.text(node.index));
    } else if constexpr (std::is_same_v<T, double>) {
      double number = node.number;
      if (element.type.base == Base::kInt64 && !as_double(node.integer, number)) continue;
      out.push_back(number);
    } else {
      ScaledDecimal whole;
      whole.floor = node.integer;
      whole.exact = true;
      if (item.type.base == Base::kMoney && element.type.base != Base::kMoney) {
        whole = scale_decimal(syntax_of(element).text, item.type.unit.scale);
      } else if (element.type.base == Base::kDouble) {
        whole = floor_of(node.number);
      }
      if (whole.exact) out.push_back(whole.floor);
    }
  }
}

Typed Checker::check_in(const SyntaxNode& node, uint32_t index) {
  if (any_error(node)) return {};
  Typed item = arg(node, 0);
  const Typed set = arg(node, 1);
  if (item.node < 0 || item.type.base == Base::kPeriod) {
    return type_error(node, type_text(item.type) + " is in no list");
  }
  if (set.type.base == Base::kEnumSet) return check_in_set(node, index, item, set);
  if (set.type.base != Base::kList) {
    return type_error(
        node, "right of in stands a list or an enum_set, and " + describe(set) + " is neither");
  }
  const SyntaxNode& list = syntax_of(set);
  for (uint32_t i = 0; i < list.arg_count; ++i) {
    const Typed& element = arg(list, i);
    const bool fits = (is_number(item) && is_number(element)) ||
                      (is_text(item) && is_text(element)) ||
                      (item.type.base == Base::kMoney && element.literal) ||
                      (item.type.base == element.type.base && item.type.unit == element.type.unit);
    if (!fits || item.type.base == Base::kEnumSet) {
      return error("type", syntax_of(element).span,
                   describe(element) + " is compared with " + describe(item) +
                       "; all elements must be of its type");
    }
    if (item.type.domain != nullptr && !check_enum_value(*item.type.domain, element)) return {};
  }
  Node out;
  out.op = Op::kInList;
  out.type.base = Base::kBool;
  out.span = node.span;
  out.args[0] = item.node;
  switch (lane_of(item.type.base)) {
    case LaneKind::kBool:
      for (uint32_t i = 0; i < list.arg_count; ++i) {
        out.integer |= graph_.at(arg(list, i).node).integer != 0 ? 2 : 1;
      }
      break;
    case LaneKind::kI64: {
      std::vector<int64_t> values;
      collect(list, item, values);
      out.index = build_.add_list(std::move(values));
      break;
    }
    case LaneKind::kF64: {
      std::vector<double> values;
      collect(list, item, values);
      out.index = build_.add_list(std::move(values));
      break;
    }
    case LaneKind::kText: {
      std::vector<std::string_view> values;
      collect(list, item, values);
      out.index = build_.add_text_list(std::move(values));
      break;
    }
  }
  return make(index, out);
}

}  // namespace patron::internal
