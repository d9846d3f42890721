// Calls: functions, conversions, and methods of texts, times and durations.
#include <algorithm>
#include <array>
#include <utility>

#include "lib/base/nearest.h"
#include "lib/base/number_text.h"
#include "lib/base/utf8.h"
#include "lib/expr/checker.h"
#include "lib/expr/texts.h"

namespace patron::internal {
namespace {

constexpr std::array<std::string_view, 17> kFunctions{
    "has", "or_else", "min", "max",    "abs",    "size",      "days",     "months", "years",
    "age", "bool",    "int", "double", "string", "timestamp", "duration", "date"};

constexpr std::array<std::string_view, 14> kMethods{
    "startsWith", "endsWith",   "contains",      "size",           "getFullYear",
    "getMonth",   "getDate",    "getDayOfMonth", "getDayOfWeek",   "getDayOfYear",
    "getHours",   "getMinutes", "getSeconds",    "getMilliseconds"};

// In the order of the enumeration CalendarPart.
constexpr std::array<std::string_view, 10> kParts{
    "getFullYear",  "getMonth", "getDate",    "getDayOfMonth", "getDayOfWeek",
    "getDayOfYear", "getHours", "getMinutes", "getSeconds",    "getMilliseconds"};

struct Refusal {
  std::string_view name, message;
};
constexpr std::array<Refusal, 7> kRefused{
    {{"type", "type() is not part of the language: types are known before anything runs"},
     {"dyn", "dyn() is not part of the language: every value has one type"},
     {"uint", "unsigned numbers are not part of the language; use int()"},
     {"bytes", "bytes are not part of the language"},
     {"matches",
      "regular expressions are not part of the language; use startsWith, endsWith, "
      "contains or in [...]"},
     {"list", "lists stand right of in only"},
     {"map", "maps are not part of the language"}}};

std::string_view problem_text(TextProblem problem) {
  switch (problem) {
    case TextProblem::kRange:
      return "lies beyond what the type holds";
    case TextProblem::kFine:
      return "is finer than a microsecond";
    default:
      return "is none";
  }
}

}  // namespace

bool Checker::arity(const SyntaxNode& node, uint32_t least, uint32_t most, const char* form) {
  const uint32_t offset = node.kind == SyntaxKind::kMethod ? 1 : 0;
  const uint32_t count = node.arg_count - offset;
  if (count >= least && count <= most) return true;
  findings_.error("arguments", node.span,
                  node.text + " has " + std::to_string(count) + " arguments; write " + form);
  return false;
}

Typed Checker::check_call(const SyntaxNode& node, uint32_t index) {
  const std::string_view name = node.text;
  for (const Refusal& refusal : kRefused) {
    if (refusal.name == name) return error("refused", node.name, std::string(refusal.message));
  }
  if (std::find(kFunctions.begin(), kFunctions.end(), name) == kFunctions.end()) {
    if (std::find(kMethods.begin(), kMethods.end(), name) != kMethods.end()) {
      return error(
          "unknown_function", node.name,
          std::string(name) + " stands behind what it asks of: x." + std::string(name) + "(...)");
    }
    return error("unknown_function", node.name,
                 quoted(name) + " is no function" + did_you_mean(name, kFunctions));
  }
  if (any_error(node)) return {};
  for (uint32_t i = 0; i < node.arg_count; ++i) {
    const Typed& value = arg(node, i);
    if (value.node < 0 || value.type.base == Base::kPeriod) {
      return error("type", syntax_of(value).span,
                   type_text(value.type) + " is no argument of " + std::string(name));
    }
  }
  if (name == "has") return call_has(node, index);
  if (name == "or_else") return call_or_else(node, index);
  if (name == "min" || name == "max") return call_min_max(node, index);
  if (name == "abs") return call_abs(node, index);
  if (name == "size") return call_size(node, index);
  if (name == "age") return call_age(node, index);
  if (name == "days" || name == "months" || name == "years") return call_period(node, index);
  return call_convert(node, index);
}

Typed Checker::call_has(const SyntaxNode& node, uint32_t index) {
  if (!arity(node, 1, 1, "has(x)")) return {};
  const Typed& value = arg(node, 0);
  const Node field = graph_.at(value.node);
  if (field.op != Op::kField) {
    return type_error(node,
                      "has() asks whether a field is known, and " + describe(value) + " is none");
  }
  if (field.total) {
    findings_.warning("always", node.span,
                      syntax_of(value).text + " is never null: this is true for every row");
  }
  Node out;
  out.op = Op::kHas;
  out.index = field.index;
  out.type.base = Base::kBool;
  out.span = node.span;
  return make(index, out);
}

Typed Checker::call_or_else(const SyntaxNode& node, uint32_t index) {
  if (!arity(node, 2, 2, "or_else(x, 0)")) return {};
  Typed value = arg(node, 0), fallback = arg(node, 1);
  if (value.type.domain != nullptr && value.type.base == Base::kEnum &&
      fallback.type.base == Base::kString) {
    if (!check_enum_value(*value.type.domain, fallback)) return {};
    std::string_view text;
    if (text_literal(fallback, text)) fallback.type = value.type;
  }
  if (!unify(value, fallback)) {
    return type_error(node, "the default must be of the type of " + describe(arg(node, 0)) +
                                ", and " + describe(arg(node, 1)) + " is not");
  }
  if (value.node < 0) return {};
  Node out;
  out.op = Op::kOrElse;
  out.type = value.type;
  out.type.whole_days = value.type.whole_days && fallback.type.whole_days;
  out.span = node.span;
  out.args = {value.node, fallback.node, -1};
  return make(index, out);
}

Typed Checker::call_min_max(const SyntaxNode& node, uint32_t index) {
  const bool least = node.text == "min";
  if (!arity(node, 2, 32, least ? "min(a, b)" : "max(a, b)")) return {};
  Typed result = arg(node, 0);
  for (uint32_t i = 1; i < node.arg_count; ++i) {
    Typed next = arg(node, i);
    if (!unify(result, next)) {
      return type_error(node, node.text + " wants values of one type, not " + describe(result) +
                                  " and " + describe(next));
    }
    if (result.node < 0) return {};
    if (is_text(result) || result.type.base == Base::kBool || result.type.base == Base::kEnumSet) {
      return type_error(node, node.text + " is for numbers, money and times, and " +
                                  describe(result) + " is none");
    }
    Node out;
    out.op = least ? Op::kMin : Op::kMax;
    out.type = result.type;
    out.type.whole_days = result.type.whole_days && next.type.whole_days;
    out.span = node.span;
    out.args = {result.node, next.node, -1};
    const uint32_t syntax = result.syntax;
    result = make(index, out);
    result.syntax = syntax;
  }
  return result;
}

Typed Checker::call_abs(const SyntaxNode& node, uint32_t index) {
  if (!arity(node, 1, 1, "abs(x)")) return {};
  const Typed& value = arg(node, 0);
  Node out;
  out.op = value.type.base == Base::kDuration ? Op::kDurationAbs : Op::kAbs;
  out.type = value.type;
  out.span = node.span;
  out.args[0] = value.node;
  if (!is_number(value) && value.type.base != Base::kMoney && value.type.base != Base::kDuration) {
    return type_error(
        node, "abs() wants a number, money or a duration, and " + describe(value) + " is none");
  }
  return make(index, out);
}

Typed Checker::call_size(const SyntaxNode& node, uint32_t index) {
  if (!arity(node, node.kind == SyntaxKind::kMethod ? 0 : 1,
             node.kind == SyntaxKind::kMethod ? 0 : 1, "size(x) or x.size()")) {
    return {};
  }
  const Typed& value = arg(node, 0);
  Node out;
  out.type.base = Base::kInt64;
  out.span = node.span;
  out.args[0] = value.node;
  if (is_text(value)) {
    out.op = Op::kSize;
  } else if (value.type.base == Base::kEnumSet) {
    out.op = Op::kSetSize;
  } else {
    return type_error(node, "size() counts the characters of a text or the members of a set, and " +
                                describe(value) + " is neither");
  }
  return make(index, out);
}

Typed Checker::call_period(const SyntaxNode& node, uint32_t index) {
  if (!arity(node, 1, 1, "days(30), months(6) or years(3)")) return {};
  const Typed& count = arg(node, 0);
  if (count.type.base != Base::kInt64) {
    return type_error(node,
                      node.text + "() wants a whole number, and " + describe(count) + " is none");
  }
  Node out;
  out.span = node.span;
  out.args[0] = count.node;
  if (node.text == "days") {
    out.op = Op::kDays;
    out.type.base = Base::kDuration;
    out.type.whole_days = true;
  } else {
    out.op = Op::kMonths;
    out.type.base = Base::kPeriod;
    out.integer = node.text == "years" ? 12 : 1;
  }
  return make(index, out);
}

Typed Checker::call_age(const SyntaxNode& node, uint32_t index) {
  if (!arity(node, 1, 1, "age(t)")) return {};
  const Typed& value = arg(node, 0);
  if (!is_time(value)) {
    return type_error(node, "age() wants a time or a date, and " + describe(value) + " is none");
  }
  Node now;
  now.op = Op::kNow;
  now.type.base = Base::kTimestamp;
  now.span = node.span;
  const int32_t now_node = build_.add(now);
  Node out;
  out.op = Op::kTimeDiff;
  out.type.base = Base::kDuration;
  out.span = node.span;
  out.args = {now_node, to_time(value).node, -1};
  return make(index, out);
}

// -- Conversions ----------------------------------------------------------------------------------

Typed Checker::convert_text(const SyntaxNode& node, uint32_t index, const Typed& text) {
  Node out;
  out.span = node.span;
  out.args[0] = text.node;
  TextProblem problem = TextProblem::kNone;
  std::string_view literal;
  const bool is_literal = text_literal(text, literal);
  const char* example = "";
  const auto set = [&](Op op, Base base, auto read, const char* form) {
    out.op = op;
    out.type.base = base;
    example = form;
    if (is_literal) problem = read(literal).problem;
  };
  if (node.text == "bool") set(Op::kTextToBool, Base::kBool, text_to_bool, "bool('true')");
  if (node.text == "int") set(Op::kTextToInt, Base::kInt64, text_to_int, "int('12')");
  if (node.text == "double") set(Op::kTextToDouble, Base::kDouble, text_to_double, "double('1.5')");
  if (node.text == "timestamp") {
    set(Op::kTextToTime, Base::kTimestamp, text_to_time, "timestamp('2026-03-01T08:30:00Z')");
  }
  if (node.text == "duration") {
    set(Op::kTextToDuration, Base::kDuration, text_to_duration,
        "duration('1h30m') (h, m, s, ms, us), or days(n)");
  }
  if (node.text == "date") set(Op::kTextToDate, Base::kDate, text_to_date, "date('2026-03-01')");
  if (problem != TextProblem::kNone) {
    return error("literal", syntax_of(text).span,
                 quoted(literal, 40) + " as " + type_text(out.type) + " " +
                     std::string(problem_text(problem)) + "; write, for one, " + example);
  }
  return make(index, out);
}

Typed Checker::convert_to_string(const SyntaxNode& node, uint32_t index, const Typed& value) {
  if (is_text(value)) return {plain_type(Base::kString), value.node, index, false};
  const Node constant = graph_.at(value.node);
  if (constant.op != Op::kConst || !constant.known) {
    return error("refused", node.span,
                 "texts are compared, not made; compare " + describe(value) + " itself");
  }
  std::string text;
  switch (value.type.base) {
    case Base::kBool:
      text = constant.integer != 0 ? "true" : "false";
      break;
    case Base::kInt64:
      text = std::to_string(constant.integer);
      break;
    case Base::kDouble:
      text = number_text(constant.number);
      break;
    case Base::kTimestamp:
      text = time_text(constant.integer);
      break;
    case Base::kDuration:
      text = duration_text(constant.integer);
      break;
    case Base::kDate:
      text = format_date(constant.integer);
      break;
    default:
      return type_error(node, describe(value) + " has no text");
  }
  return made(index, build_.text_const(text, node.span));
}

Typed Checker::call_convert(const SyntaxNode& node, uint32_t index) {
  if (!arity(node, 1, 1, (node.text + "(x)").c_str())) return {};
  const Typed& value = arg(node, 0);
  const Base from = value.type.base;
  if (node.text == "string") return convert_to_string(node, index, value);
  if (is_text(value)) return convert_text(node, index, value);
  struct Conversion {
    std::string_view name;
    Base from;
    Op op;
    Base to;
  };
  // kConst stands for the identity.
  static constexpr std::array<Conversion, 13> kConversions{{
      {"bool", Base::kBool, Op::kConst, Base::kBool},
      {"int", Base::kInt64, Op::kConst, Base::kInt64},
      {"int", Base::kDouble, Op::kDoubleToInt, Base::kInt64},
      {"int", Base::kTimestamp, Op::kTimeToInt, Base::kInt64},
      {"double", Base::kDouble, Op::kConst, Base::kDouble},
      {"double", Base::kInt64, Op::kIntToDouble, Base::kDouble},
      {"double", Base::kMoney, Op::kMoneyToDouble, Base::kDouble},
      {"timestamp", Base::kTimestamp, Op::kConst, Base::kTimestamp},
      {"timestamp", Base::kInt64, Op::kIntToTime, Base::kTimestamp},
      {"timestamp", Base::kDate, Op::kDateToTime, Base::kTimestamp},
      {"duration", Base::kDuration, Op::kConst, Base::kDuration},
      {"date", Base::kDate, Op::kConst, Base::kDate},
      {"date", Base::kTimestamp, Op::kTimeToDate, Base::kDate},
  }};
  for (const Conversion& conversion : kConversions) {
    if (conversion.name != node.text || conversion.from != from) continue;
    if (conversion.op == Op::kConst) return {value.type, value.node, index, false};
    Node out;
    out.op = conversion.op;
    out.type.base = conversion.to;
    out.span = node.span;
    out.args[0] = value.node;
    if (conversion.op == Op::kMoneyToDouble) out.integer = value.type.unit.scale;
    if (conversion.op == Op::kDateToTime || conversion.op == Op::kTimeToDate) {
      out.index = build_.schema_zone();
    }
    return make(index, out);
  }
  std::string hint;
  if (node.text == "int" && from == Base::kMoney) hint = "; write int(double(m)) for whole units";
  if (node.text == "int" && from == Base::kBool) hint = "; write x ? 1 : 0";
  if (from == Base::kDuration) hint = "; write d.getSeconds(), or compare it with days(n)";
  return type_error(node, node.text + "() has no form for " + describe(value) + hint);
}

// -- Methods --------------------------------------------------------------------------------------

Typed Checker::check_method(const SyntaxNode& node, uint32_t index) {
  const std::string_view name = node.text;
  for (const Refusal& refusal : kRefused) {
    if (refusal.name == name) return error("refused", node.name, std::string(refusal.message));
  }
  if (any_error(node)) return {};
  if (std::find(kMethods.begin(), kMethods.end(), name) == kMethods.end()) {
    if (std::find(kFunctions.begin(), kFunctions.end(), name) != kFunctions.end()) {
      return error("unknown_function", node.name,
                   "write " + std::string(name) + "(x), not x." + std::string(name) + "()");
    }
    return error("unknown_function", node.name,
                 quoted(name) + " is no function of a value" + did_you_mean(name, kMethods));
  }
  for (uint32_t i = 0; i < node.arg_count; ++i) {
    if (arg(node, i).node < 0) {
      return error("type", syntax_of(arg(node, i)).span,
                   type_text(arg(node, i).type) + " is no argument of " + std::string(name));
    }
  }
  if (name == "size") return call_size(node, index);
  if (std::find(kParts.begin(), kParts.end(), name) != kParts.end()) {
    return method_part(node, index);
  }
  return method_predicate(node, index);
}

Typed Checker::method_predicate(const SyntaxNode& node, uint32_t index) {
  if (!arity(node, 1, 1, ("x." + node.text + "('text')").c_str())) return {};
  for (uint32_t i = 0; i < 2; ++i) {
    if (!is_text(arg(node, i))) {
      return type_error(node,
                        node.text + " is for texts, and " + describe(arg(node, i)) + " is none");
    }
  }
  Node out;
  out.op = node.text == "startsWith" ? Op::kStartsWith
           : node.text == "endsWith" ? Op::kEndsWith
                                     : Op::kContains;
  out.type.base = Base::kBool;
  out.span = node.span;
  out.args = {arg(node, 0).node, arg(node, 1).node, -1};
  return make(index, out);
}

Typed Checker::method_part(const SyntaxNode& node, uint32_t index) {
  const Typed& value = arg(node, 0);
  const bool of_time = value.type.base == Base::kTimestamp;
  if (!arity(node, 0, of_time ? 1 : 0,
             of_time ? "t.getHours() or t.getHours('Europe/Paris')"
                     : "x.getHours(), without a zone")) {
    return {};
  }
  Node out;
  out.type.base = Base::kInt64;
  out.span = node.span;
  out.args[0] = value.node;
  const auto part =
      static_cast<size_t>(std::find(kParts.begin(), kParts.end(), node.text) - kParts.begin());
  out.part = static_cast<CalendarPart>(part);
  if (value.type.base == Base::kDate && out.part < CalendarPart::kHours) {
    out.op = Op::kDatePart;
  } else if (value.type.base == Base::kDuration && out.part >= CalendarPart::kHours) {
    out.op = Op::kDurationPart;
  } else if (of_time) {
    out.op = Op::kTimePart;
    std::string_view name = "UTC";
    if (node.arg_count == 2 && !text_literal(arg(node, 1), name)) {
      return type_error(node, "the time zone of " + node.text +
                                  " is a literal text, such as 'Asia/Shanghai' or '+08:00'");
    }
    std::optional<ZoneChoice> zone = zone_choice(name);
    if (!zone) {
      const Status status = TimeZone::load(name).status();
      return error("unknown_zone", syntax_of(arg(node, node.arg_count - 1)).span,
                   status.ok() ? quoted(name) + " is no offset" : status.message());
    }
    out.index = build_.add_zone(*std::move(zone));
  } else {
    return type_error(
        node, node.text + " is for times" +
                  (out.part >= CalendarPart::kHours ? " and durations" : " and dates") + ", and " +
                  describe(value) + " is none");
  }
  return make(index, out);
}

}  // namespace patron::internal
