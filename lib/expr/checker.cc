#include "lib/expr/checker.h"

#include <algorithm>
#include <utility>

#include "lib/base/nearest.h"
#include "lib/base/utf8.h"
#include "lib/expr/texts.h"

namespace patron::internal {

bool Checker::run() {
  values_.resize(syntax_.nodes.size());
  for (uint32_t i = 0; i < syntax_.nodes.size(); ++i) {
    values_[i] = check(i);
    values_[i].syntax = i;
  }
  if (!findings_.has_errors()) finish_root();
  return !findings_.has_errors();
}

void Checker::finish_root() {
  Typed root = values_.back();
  const SyntaxNode& node = syntax_.nodes.back();
  if (root.node < 0 || root.type.base == Base::kPeriod) {
    type_error(node, "the expression is " + type_text(root.type) +
                         ", which is no value of its own; compare it, or add it to a date");
    return;
  }
  graph_.root = root.node;
  const Node& result = graph_.at(root.node);
  if (result.op != Op::kConst || node.kind <= SyntaxKind::kString) return;
  if (!result.known) {
    findings_.warning("always_unknown", node.span,
                      "this is unknown for every row: it divides by zero or overflows");
  } else if (result.type.base == Base::kBool) {
    findings_.warning(
        "always", node.span,
        std::string("this is ") + (result.integer != 0 ? "true" : "false") + " for every row");
  }
}

Typed Checker::check(uint32_t index) {
  const SyntaxNode& node = syntax_.nodes[index];
  switch (node.kind) {
    case SyntaxKind::kNull:
    case SyntaxKind::kBool:
    case SyntaxKind::kInt:
    case SyntaxKind::kDouble:
    case SyntaxKind::kString:
      return check_literal(node, index);
    case SyntaxKind::kName:
      return check_name(node, index);
    case SyntaxKind::kNot:
    case SyntaxKind::kNegate:
      return check_unary(node, index);
    case SyntaxKind::kTernary:
      return check_ternary(node, index);
    case SyntaxKind::kList:
      return check_list(node, index);
    case SyntaxKind::kCall:
      return check_call(node, index);
    case SyntaxKind::kMethod:
      return check_method(node, index);
    case SyntaxKind::kBinary:
      break;
  }
  if (node.text == "&&" || node.text == "||") return check_logic(node, index);
  if (node.text == "in") return check_in(node, index);
  if (node.text.find_first_of("<>=") != std::string::npos) return check_compare(node, index);
  return check_arithmetic(node, index);
}

Typed Checker::check_literal(const SyntaxNode& node, uint32_t index) {
  Typed out;
  switch (node.kind) {
    case SyntaxKind::kBool:
      return made(index, build_.bool_const(node.integer != 0, node.span));
    case SyntaxKind::kString:
      return made(index, build_.text_const(node.text, node.span));
    case SyntaxKind::kInt:
      out = made(index, build_.i64_const(plain_type(Base::kInt64), node.integer, node.span));
      out.literal = true;
      return out;
    case SyntaxKind::kDouble:
      out = made(index, build_.f64_const(node.number, node.span));
      out.literal = true;
      return out;
    default:
      out.type.base = Base::kNull;
      return out;
  }
}

std::string Checker::nearest_field(std::string_view name) const {
  std::vector<std::string_view> known{"now"};
  known.reserve(schema_.fields().size() + 1);
  for (const FieldSpec& field : schema_.fields()) known.emplace_back(field.name);
  return std::string(nearest_name(name, known));
}

// age() of a field that is a timestamp.
Typed Checker::check_age(int field, Span span, uint32_t index) {
  Node now, since, out;
  now.op = Op::kNow;
  since.op = Op::kField;
  since.index = field;
  now.type.base = since.type.base = Base::kTimestamp;
  out.op = Op::kTimeDiff;
  out.type.base = Base::kDuration;
  now.span = since.span = out.span = span;
  out.args = {build_.add(now), build_.add(since), -1};
  return make(index, out);
}

// The longest beginning of the name that the schema has; what is behind it would be a field of a
// value, and no value has any.
Typed Checker::check_name(const SyntaxNode& node, uint32_t index) {
  const std::string_view name = node.text;
  if (name == "now") {
    Node now;
    now.op = Op::kNow;
    now.type.base = Base::kTimestamp;
    now.span = node.span;
    return made(index, build_.add(now));
  }
  const int field = schema_.find(name);
  if (field >= 0) {
    const FieldSpec& spec = schema_.fields()[static_cast<size_t>(field)];
    Node read;
    read.op = Op::kField;
    read.index = field;
    if (!spec.age_of.empty()) return check_age(schema_.find(spec.age_of), node.span, index);
    read.span = node.span;
    read.type.base = base_of(spec.kind);
    if (spec.kind == Kind::kMoney) read.type.unit = spec.unit;
    if (spec.kind == Kind::kEnum || spec.kind == Kind::kEnumSet) read.type.domain = &spec;
    return made(index, build_.add(read));
  }
  for (size_t point = name.rfind('.'); point != std::string_view::npos && point > 0;
       point = name.rfind('.', point - 1)) {
    const int prefix = schema_.find(name.substr(0, point));
    if (prefix < 0) continue;
    return error("type", node.span,
                 quoted(name.substr(0, point)) + " is " +
                     kind_name(schema_.fields()[static_cast<size_t>(prefix)].kind) +
                     " and has no field " + quoted(name.substr(point + 1)));
  }
  const std::string nearest = nearest_field(name);
  return error("unknown_name", node.span,
               quoted(name) + " is no field of the schema" +
                   (nearest.empty() ? "; the names are " + names_there()
                                    : "; did you mean " + quoted(nearest) + "?"));
}

// Of many the first: a document may have thousands of wrong names.
std::string Checker::names_there() const {
  constexpr size_t kShown = 12;
  const std::span<const FieldSpec> fields = schema_.fields();
  std::string out;
  for (size_t i = 0; i < std::min(fields.size(), kShown); ++i) out += quoted(fields[i].name) + ", ";
  if (fields.size() > kShown) out += std::to_string(fields.size() - kShown) + " more, ";
  return out + "`now`";
}

Typed Checker::check_list(const SyntaxNode& node, uint32_t) {
  Typed out;
  if (any_error(node)) return out;
  for (uint32_t i = 0; i < node.arg_count; ++i) {
    const Typed& item = arg(node, i);
    if (item.type.base == Base::kNull) {
      return error("type", syntax_of(item).span,
                   "null is no element of a list; write x == null || x in [...]");
    }
    if (item.node < 0 || !build_.is_const(item.node) || !graph_.at(item.node).known) {
      return error(
          "refused", syntax_of(item).span,
          "the elements of a list are constants; write x == " + std::string("a || x == b"));
    }
  }
  out.type.base = Base::kList;
  return out;
}

Typed Checker::check_unary(const SyntaxNode& node, uint32_t index) {
  if (any_error(node)) return {};
  Typed value = arg(node, 0);
  Node out;
  out.span = node.span;
  out.type = value.type;
  out.args[0] = value.node;
  if (node.kind == SyntaxKind::kNot) {
    if (value.type.base != Base::kBool) {
      return type_error(node, "! wants a bool, and " + describe(value) + " is none");
    }
    out.op = Op::kNot;
    return make(index, out);
  }
  switch (value.type.base) {
    case Base::kInt64:
    case Base::kDouble:
    case Base::kMoney:
      out.op = Op::kNeg;
      return make(index, out);
    case Base::kDuration:
      out.op = Op::kDurationNeg;
      return make(index, out);
    default:
      return type_error(node, "- wants a number, and " + describe(value) + " is none");
  }
}

Typed Checker::check_logic(const SyntaxNode& node, uint32_t index) {
  if (any_error(node)) return {};
  for (uint32_t i = 0; i < 2; ++i) {
    const Typed& side = arg(node, i);
    if (side.type.base != Base::kBool) {
      return error("type", syntax_of(side).span,
                   node.text + " wants conditions, and " + describe(side) + " is none" +
                       (is_number(side) || side.type.base == Base::kMoney ? "; compare it, as in "
                                                                            "x > 0"
                                                                          : ""));
    }
  }
  Node out;
  out.op = node.text == "&&" ? Op::kAnd : Op::kOr;
  out.type.base = Base::kBool;
  out.span = node.span;
  out.args = {arg(node, 0).node, arg(node, 1).node, -1};
  return make(index, out);
}

Typed Checker::check_ternary(const SyntaxNode& node, uint32_t index) {
  if (any_error(node)) return {};
  Typed condition = arg(node, 0), yes = arg(node, 1), no = arg(node, 2);
  if (condition.type.base != Base::kBool) {
    return error("type", syntax_of(condition).span,
                 "a condition stands before ?, and " + describe(condition) + " is none");
  }
  if (!unify(yes, no)) {
    return type_error(
        node, "both sides of : must be of one type, not " + describe(yes) + " and " + describe(no));
  }
  if (yes.node < 0) return {};
  Node out;
  out.op = Op::kSelect;
  out.type = yes.type;
  out.type.whole_days = yes.type.whole_days && no.type.whole_days;
  out.span = node.span;
  out.args = {condition.node, yes.node, no.node};
  return make(index, out);
}

// -- Shared ---------------------------------------------------------------------------------------

Typed Checker::make(uint32_t index, Node node) { return made(index, build_.add(node)); }

bool Checker::any_error(const SyntaxNode& node) const {
  for (uint32_t i = 0; i < node.arg_count; ++i) {
    if (arg(node, i).type.base == Base::kError) return true;
  }
  return false;
}

std::string Checker::describe(const Typed& value) const {
  const SyntaxNode& node = syntax_of(value);
  if (node.kind == SyntaxKind::kName) return node.text + " (" + type_text(value.type) + ")";
  if (node.kind == SyntaxKind::kInt || node.kind == SyntaxKind::kDouble) {
    return node.text + " (" + type_text(value.type) + ")";
  }
  if (node.kind == SyntaxKind::kString) return quoted(node.text, 40) + " (string)";
  return type_text(value.type);
}

bool Checker::text_literal(const Typed& value, std::string_view& out) const {
  if (value.node < 0 || value.type.base != Base::kString || !build_.is_const(value.node)) {
    return false;
  }
  const Node& node = graph_.at(value.node);
  if (!node.known) return false;
  out = graph_.text(node.index);
  return true;
}

bool Checker::adapt(Typed& value, const ExprType& type) {
  const SyntaxNode& node = syntax_of(value);
  if (type.base == Base::kDouble && value.type.base == Base::kInt64) {
    const auto number = static_cast<double>(node.integer);
    if (node.integer == INT64_MAX || static_cast<int64_t>(number) != node.integer) {
      type_error(node, node.text + " beside a double would be rounded; write " + node.text +
                           ".0 if that is meant");
      return false;
    }
    value.node = build_.f64_const(number, node.span);
  } else if (type.base == Base::kMoney && is_number(value)) {
    const ScaledDecimal minor = scale_decimal(node.text, type.unit.scale);
    if (!minor.exact) {
      type_error(node, node.text + (minor.above || minor.below
                                        ? " is more than money can hold"
                                        : " is finer than a minor unit of " + type_text(type)));
      return false;
    }
    value.node = build_.i64_const(type, minor.floor, node.span);
  } else {
    return value.type == type;
  }
  value.type = type;
  value.literal = false;
  return true;
}

Typed Checker::to_time(const Typed& date) {
  if (date.type.base != Base::kDate) return date;
  Node out;
  out.op = Op::kDateToTime;
  out.type.base = Base::kTimestamp;
  out.span = graph_.at(date.node).span;
  out.args[0] = date.node;
  out.index = build_.schema_zone();
  return make(date.syntax, out);
}

bool Checker::unify(Typed& a, Typed& b) {
  if (a.node < 0 || b.node < 0) return false;
  if (a.literal != b.literal || (a.literal && a.type.base != b.type.base)) {
    // A literal takes the type of the other side.
    Typed& literal = a.literal && (!b.literal || a.type.base == Base::kInt64) ? a : b;
    const Typed& other = &literal == &a ? b : a;
    const bool fits = (other.type.base == Base::kDouble && literal.type.base == Base::kInt64) ||
                      other.type.base == Base::kMoney;
    if (fits && !adapt(literal, other.type)) {
      a = b = Typed();  // reported
      return true;
    }
  }
  if (a.type.base == Base::kPeriod || b.type.base == Base::kPeriod) return false;
  if (is_text(a) && is_text(b)) {
    if (a.type.domain != b.type.domain || a.type.base != b.type.base) {
      a.type = b.type = plain_type(Base::kString);
    }
    return true;
  }
  if (is_time(a) && is_time(b) && a.type.base != b.type.base) {
    a = to_time(a);
    b = to_time(b);
    return true;
  }
  if (a.type.base != b.type.base) return false;
  return a.type.unit == b.type.unit && a.type.domain == b.type.domain;
}

}  // namespace patron::internal
