// Arithmetic: which operands go together, and what comes out.
#include <utility>

#include "lib/expr/checker.h"

namespace patron::internal {

Typed Checker::add_period(const SyntaxNode& node, uint32_t index, char op, const Typed& date,
                          const Typed& period) {
  Node out;
  out.op = date.type.base == Base::kDate ? Op::kDateAddMonths : Op::kTimeAddMonths;
  out.type.base = date.type.base;
  out.span = node.span;
  out.args = {date.node, period.node, -1};
  out.integer = op == '+' ? 1 : -1;
  out.index = build_.schema_zone();
  return make(index, out);
}

Typed Checker::arithmetic_of_times(const SyntaxNode& node, uint32_t index, char op, Typed a,
                                   Typed b) {
  const auto none = [&] {
    return type_error(node, describe(a) + " " + op + " " + describe(b) + " has no meaning" +
                                (is_number(b) && (is_time(a) || a.type.base == Base::kDuration)
                                     ? "; write days(n), or a duration such as duration('36h')"
                                     : ""));
  };
  Node out;
  out.span = node.span;
  out.type.base = Base::kDuration;
  const bool a_duration = a.type.base == Base::kDuration,
             b_duration = b.type.base == Base::kDuration;
  if (op == '*') {
    if (b_duration) std::swap(a, b);
    if (a.type.base != Base::kDuration || b.type.base != Base::kInt64) return none();
    out.op = Op::kDurationMul;
    out.type.whole_days = a.type.whole_days;
    out.args = {a.node, b.node, -1};
    return make(index, out);
  }
  if (op != '+' && op != '-') return none();
  if (op == '+' && is_time(b)) std::swap(a, b);  // duration + time
  if (is_time(a) && b.type.base == Base::kPeriod) return add_period(node, index, op, a, b);
  if (is_time(a) && b.type.base == Base::kDuration) {
    if (a.type.base == Base::kDate && b.type.whole_days) {
      out.op = Op::kDateAddDays;
      out.type.base = Base::kDate;
      out.integer = op == '+' ? 1 : -1;
    } else {
      a = to_time(a);
      out.op = op == '+' ? Op::kTimeAdd : Op::kTimeSub;
      out.type.base = Base::kTimestamp;
    }
  } else if (op == '-' && is_time(a) && is_time(b)) {
    a = to_time(a);
    b = to_time(b);
    out.op = Op::kTimeDiff;
  } else if (a_duration && b_duration) {
    out.op = op == '+' ? Op::kDurationAdd : Op::kDurationSub;
    out.type.whole_days = a.type.whole_days && b.type.whole_days;
  } else {
    return none();
  }
  out.args = {a.node, b.node, -1};
  return make(index, out);
}

Typed Checker::arithmetic_of_money(const SyntaxNode& node, uint32_t index, char op, Typed a,
                                   Typed b) {
  Node out;
  out.span = node.span;
  const bool a_money = a.type.base == Base::kMoney, b_money = b.type.base == Base::kMoney;
  const std::string pair = describe(a) + " " + op + " " + describe(b);
  out.type = a_money ? a.type : b.type;
  switch (op) {
    case '*':
      if (b_money) std::swap(a, b);
      if (!is_number(b)) return type_error(node, pair + ": money is multiplied by a number");
      out.op = b.type.base == Base::kDouble ? Op::kMoneyScale : Op::kMul;
      break;
    case '/':
      if (a_money && b_money && a.type.unit == b.type.unit) {
        out.op = Op::kMoneyRatio;
        out.type = plain_type(Base::kDouble);
        break;
      }
      return type_error(node, pair +
                                  " has no meaning; multiply by a double, as in m * 0.5, or "
                                  "divide numbers, as in double(m) / 12.0");
    case '+':
    case '-':
      if (a.literal && !adapt(a, b.type)) return {};
      if (b.literal && !adapt(b, a.type)) return {};
      if (a.type.base != Base::kMoney || b.type.base != Base::kMoney) {
        return type_error(node, pair + " has no meaning; write double(" +
                                    syntax_of(a_money ? a : b).text + ") to leave money");
      }
      if (a.type.unit != b.type.unit) {
        return type_error(node, pair + ": the currencies or scales differ");
      }
      out.op = op == '+' ? Op::kAdd : Op::kSub;
      break;
    default:
      return type_error(node, pair + ": money has no remainder");
  }
  out.args = {a.node, b.node, -1};
  return make(index, out);
}

Typed Checker::arithmetic_of_numbers(const SyntaxNode& node, uint32_t index, char op, Typed a,
                                     Typed b) {
  const bool mixed = a.type.base != b.type.base;
  if (mixed) {
    Typed& literal = a.type.base == Base::kInt64 ? a : b;
    if (!literal.literal) {
      return type_error(node, describe(a) + " " + op + " " + describe(b) +
                                  ": whole numbers and doubles do not mix; write double(" +
                                  syntax_of(literal).text + ")");
    }
    if (!adapt(literal, plain_type(Base::kDouble))) return {};
  }
  Node out;
  out.type = a.type;
  out.span = node.span;
  out.args = {a.node, b.node, -1};
  switch (op) {
    case '+':
      out.op = Op::kAdd;
      break;
    case '-':
      out.op = Op::kSub;
      break;
    case '*':
      out.op = Op::kMul;
      break;
    case '/':
      out.op = Op::kDiv;
      break;
    default:
      if (a.type.base == Base::kDouble) {
        return type_error(node, "% is for whole numbers; doubles have no remainder");
      }
      out.op = Op::kMod;
  }
  return make(index, out);
}

Typed Checker::check_arithmetic(const SyntaxNode& node, uint32_t index) {
  if (any_error(node)) return {};
  const Typed& a = arg(node, 0);
  const Typed& b = arg(node, 1);
  const char op = node.text.front();
  if (a.type.base == Base::kNull || b.type.base == Base::kNull) {
    return type_error(node,
                      "null is only compared with == and !=; give a default with "
                      "or_else(x, 0)");
  }
  if (a.type.base == Base::kList || b.type.base == Base::kList) {
    return error("refused", node.span, "lists stand right of in only");
  }
  if (a.type.base == Base::kMoney || b.type.base == Base::kMoney) {
    return arithmetic_of_money(node, index, op, a, b);
  }
  if (is_number(a) && is_number(b)) return arithmetic_of_numbers(node, index, op, a, b);
  std::string_view left, right;
  if (op == '+' && is_text(a) && is_text(b)) {
    if (text_literal(a, left) && text_literal(b, right)) {
      return made(index, build_.text_const(std::string(left) + std::string(right), node.span));
    }
    return error("refused", node.span,
                 "texts are compared, not put together; compare the parts: a == 'x' && b == 'y'");
  }
  return arithmetic_of_times(node, index, op, a, b);
}

}  // namespace patron::internal
