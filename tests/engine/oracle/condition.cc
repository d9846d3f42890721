#include "tests/engine/oracle/condition.h"

#include <algorithm>
#include <cctype>
#include <cmath>
#include <cstdlib>
#include <optional>
#include <stdexcept>

namespace patron::oracle {

class ConditionReader {
 public:
  explicit ConditionReader(std::string_view text) : text_(text) {}

  Condition all() {
    Condition out = choice();
    blanks();
    if (at_ != text_.size()) fail("nothing more");
    return out;
  }

 private:
  [[noreturn]] void fail(const std::string& wanted) const {
    throw std::runtime_error("expected " + wanted + " at " + std::to_string(at_) + " of " +
                             std::string(text_));
  }
  void blanks() {
    while (at_ < text_.size() && std::isspace(static_cast<unsigned char>(text_[at_]))) ++at_;
  }
  bool take(std::string_view token) {
    blanks();
    if (text_.substr(at_, token.size()) != token) return false;
    if (std::isalpha(static_cast<unsigned char>(token[0])) && at_ + token.size() < text_.size() &&
        std::isalnum(static_cast<unsigned char>(text_[at_ + token.size()]))) {
      return false;
    }
    at_ += token.size();
    return true;
  }
  static Condition make(std::string op, std::vector<Condition> parts) {
    Condition out;
    out.op_ = std::move(op);
    out.parts_ = std::move(parts);
    return out;
  }
  Condition choice() {
    Condition left = any();
    if (!take("?")) return left;
    Condition yes = any();
    if (!take(":")) fail(":");
    return make("?", {left, yes, choice()});
  }
  Condition any() {
    Condition left = both();
    while (take("||")) left = make("||", {left, both()});
    return left;
  }
  Condition both() {
    Condition left = relation();
    while (take("&&")) left = make("&&", {left, relation()});
    return left;
  }
  Condition relation() {
    Condition left = sum();
    for (const char* op : {"==", "!=", "<=", ">=", "<", ">", "in"}) {
      if (take(op)) return make(op, {left, sum()});
    }
    return left;
  }
  Condition sum() {
    Condition left = product();
    for (;;) {
      if (take("+")) {
        left = make("+", {left, product()});
      } else if (take("-")) {
        left = make("-", {left, product()});
      } else {
        return left;
      }
    }
  }
  Condition product() {
    Condition left = sign();
    for (;;) {
      if (take("*")) {
        left = make("*", {left, sign()});
      } else if (take("/")) {
        left = make("/", {left, sign()});
      } else if (take("%")) {
        left = make("%", {left, sign()});
      } else {
        return left;
      }
    }
  }
  Condition sign() {
    blanks();
    if (at_ < text_.size() && text_[at_] == '!' && text_.substr(at_, 2) != "!=") {
      ++at_;
      return make("!", {sign()});
    }
    if (take("-")) {
      Condition part = sign();
      if (part.op_ != "literal" || !part.literal_.literal) return make("neg", {part});
      part.literal_.i = -part.literal_.i;
      part.literal_.d = -part.literal_.d;
      part.literal_.s = "-" + part.literal_.s;
      return part;
    }
    return primary();
  }
  Condition primary() {
    blanks();
    if (at_ >= text_.size()) fail("a value");
    const char c = text_[at_];
    if (take("(")) {
      Condition out = choice();
      if (!take(")")) fail(")");
      return out;
    }
    if (take("[")) return make("list", list("]"));
    if (c == '\'' || c == '"') return quoted(c);
    if (std::isdigit(static_cast<unsigned char>(c))) return number();
    return word();
  }
  std::vector<Condition> list(std::string_view end) {
    std::vector<Condition> out;
    if (take(end)) return out;
    do {
      out.push_back(choice());
    } while (take(","));
    if (!take(end)) fail(std::string(end));
    return out;
  }
  static Condition literal(Value value) {
    Condition out;
    out.op_ = "literal";
    out.literal_ = std::move(value);
    return out;
  }
  Condition quoted(char quote) {
    const size_t end = text_.find(quote, at_ + 1);
    if (end == std::string_view::npos) fail("a closing quote");
    const std::string inside(text_.substr(at_ + 1, end - at_ - 1));
    at_ = end + 1;
    return literal(Value::text(inside));
  }
  Condition number() {
    size_t end = at_;
    while (end < text_.size() &&
           (std::isdigit(static_cast<unsigned char>(text_[end])) || text_[end] == '.')) {
      ++end;
    }
    const std::string digits(text_.substr(at_, end - at_));
    at_ = end;
    Value value = digits.find('.') == std::string::npos
                      ? Value::of(Is::kInt, std::strtoll(digits.c_str(), nullptr, 10))
                      : Value::real(std::strtod(digits.c_str(), nullptr));
    value.literal = true;
    value.s = digits;
    return literal(value);
  }
  Condition word() {
    size_t end = at_;
    while (end < text_.size() && (std::isalnum(static_cast<unsigned char>(text_[end])) ||
                                  text_[end] == '_' || text_[end] == '.')) {
      ++end;
    }
    if (end == at_) fail("a value");
    Condition out;
    out.name_ = text_.substr(at_, end - at_);
    at_ = end;
    if (out.name_ == "true" || out.name_ == "false") return literal(Value::of(out.name_ == "true"));
    if (out.name_ == "null") return make("null", {});
    if (take("(")) return make(out.name_, list(")"));
    out.op_ = out.name_ == "now" ? "now" : "name";
    return out;
  }

  std::string_view text_;
  size_t at_ = 0;
};

namespace {

// A decimal of the text in billionths.
internal::Int128 billionths(const Value& literal) {
  const bool negative = literal.s[0] == '-';
  internal::Int128 out = 0;
  int digits = -1;
  for (const char c : literal.s) {
    if (c == '.') digits = 0;
    if (!std::isdigit(static_cast<unsigned char>(c))) continue;
    out = out * 10 + (c - '0');
    if (digits >= 0) ++digits;
  }
  for (digits = std::max(digits, 0); digits < 9; ++digits) out *= 10;
  return negative ? -out : out;
}

internal::Int128 billionths_of_money(int64_t minor, int scale) {
  internal::Int128 out = minor;
  for (; scale < 9; ++scale) out *= 10;
  return out;
}

Micros instant(const Value& value, const TimeZone& zone) {
  return value.is == Is::kDay ? zone.start_of_day(value.i) : value.i;
}

bool is_when(const Value& value) { return value.is == Is::kTime || value.is == Is::kDay; }

int sign_of(internal::Int128 difference) { return difference < 0 ? -1 : difference > 0 ? 1 : 0; }

// -1, 0 or 1.
int order_of(const Value& a, const Value& b, const Names& names) {
  if (a.is == Is::kMoney && b.literal) {
    return sign_of(billionths_of_money(a.i, names.scale) - billionths(b));
  }
  if (b.is == Is::kMoney && a.literal) return -order_of(b, a, names);
  if (a.is == Is::kReal || b.is == Is::kReal) {
    const long double x = a.is == Is::kReal ? a.d : static_cast<long double>(a.i);
    const long double y = b.is == Is::kReal ? b.d : static_cast<long double>(b.i);
    return x < y ? -1 : x > y ? 1 : 0;
  }
  if (a.is == Is::kText) return a.s < b.s ? -1 : a.s > b.s ? 1 : 0;
  if (is_when(a) && a.is != b.is) {
    return sign_of(internal::Int128{instant(a, *names.zone)} - instant(b, *names.zone));
  }
  return sign_of(internal::Int128{a.i} - b.i);
}

Value compared(const std::string& op, const Value& a, const Value& b, Names& names) {
  if (!a.known() || !b.known()) return {};
  if (a.moving != b.moving && names.flips != nullptr) {
    // What moves grows as the clock does: it has yet to meet what stands, or has passed it.
    const Micros grows = instant(a.moving ? a : b, *names.zone);
    const Micros stands = instant(a.moving ? b : a, *names.zone);
    if (grows < stands) names.flips->insert(names.now + (stands - grows));
    if (grows <= stands) names.flips->insert(names.now + (stands - grows) + 1);
  }
  const int order = order_of(a, b, names);
  if (op == "==") return Value::of(order == 0);
  if (op == "!=") return Value::of(order != 0);
  if (op == "<") return Value::of(order < 0);
  if (op == "<=") return Value::of(order <= 0);
  if (op == ">") return Value::of(order > 0);
  return Value::of(order >= 0);
}

Value finite(double d) { return std::isfinite(d) ? Value::real(d) : Value(); }

Value in_64_bits(Is is, internal::Int128 i) {
  if (i > INT64_MAX || i < -INT64_MAX) return {};
  return Value::of(is, static_cast<int64_t>(i));
}

// A day and months: a date that does not exist is the first of the next month.
int64_t day_and_months(int64_t day, int64_t months) {
  const CivilDate from = civil_from_day(day);
  const int64_t month = from.year * int64_t{12} + from.month - 1 + months;
  CivilDate to{static_cast<int32_t>(month / 12), static_cast<int32_t>(month % 12 + 1), 1};
  const Day first = day_from_civil(to);
  const CivilDate next{static_cast<int32_t>((month + 1) / 12),
                       static_cast<int32_t>((month + 1) % 12 + 1), 1};
  return std::min(first + from.day - 1, day_from_civil(next));
}

double as_real(const Value& value) {
  return value.is == Is::kReal ? value.d : static_cast<double>(value.i);
}

Value sum_of(const Value& a, Value b, bool minus, const Names& names) {
  if (minus) b.i = -b.i, b.d = -b.d;
  const internal::Int128 sum = internal::Int128{a.i} + b.i;
  if (a.is == Is::kReal || b.is == Is::kReal) return finite(as_real(a) + as_real(b));
  if (b.is == Is::kPeriod) {
    if (a.is == Is::kDay) return Value::of(Is::kDay, day_and_months(a.i, b.i));
    return Value::of(Is::kTime, names.zone->add(a.i, {static_cast<int32_t>(b.i), 0}));
  }
  if (a.is == Is::kDay && b.is == Is::kSpan) {
    return Value::of(Is::kDay, a.i + b.i / kMicrosPerDay);
  }
  if (is_when(a) && is_when(b)) {
    Value positive = b;
    positive.i = -b.i;
    return in_64_bits(Is::kSpan,
                      internal::Int128{instant(a, *names.zone)} - instant(positive, *names.zone));
  }
  return in_64_bits(a.is == Is::kSpan && is_when(b) ? b.is : a.is, sum);
}

Value product_of(const Value& a, const Value& b) {
  if (a.is == Is::kMoney || b.is == Is::kMoney) {
    const Value& money = a.is == Is::kMoney ? a : b;
    const Value& by = a.is == Is::kMoney ? b : a;
    if (by.is == Is::kInt) return in_64_bits(Is::kMoney, internal::Int128{money.i} * by.i);
    const double minor = std::nearbyint(static_cast<double>(money.i) * by.d);
    return std::fabs(minor) < 9e18 ? Value::of(Is::kMoney, static_cast<int64_t>(minor)) : Value();
  }
  if (a.is == Is::kReal || b.is == Is::kReal) return finite(as_real(a) * as_real(b));
  return in_64_bits(a.is == Is::kSpan ? a.is : b.is, internal::Int128{a.i} * b.i);
}

Value arithmetic(const std::string& op, const Value& a, const Value& b, const Names& names) {
  if (!a.known() || !b.known()) return {};
  if (op == "+" || op == "-") return sum_of(a, b, op == "-", names);
  if (op == "*") return product_of(a, b);
  if (a.is == Is::kMoney || a.is == Is::kReal || b.is == Is::kReal) {
    return finite(as_real(a) / as_real(b));
  }
  if (b.i == 0) return {};
  return Value::of(Is::kInt, op == "/" ? a.i / b.i : a.i % b.i);
}

Value function(const std::string& name, const std::vector<Value>& in, const Names& names) {
  const Value& x = in[0];
  if (!x.known()) return {};
  if (name == "days") return Value::of(Is::kSpan, x.i * kMicrosPerDay);
  if (name == "months") return Value::of(Is::kPeriod, x.i);
  if (name == "years") return Value::of(Is::kPeriod, x.i * 12);
  if (name == "age") {
    Value out = Value::of(Is::kSpan, names.now - instant(x, *names.zone));
    out.moving = true;
    return out;
  }
  if (name == "double") {
    double minor = 1;
    for (int k = 0; x.is == Is::kMoney && k < names.scale; ++k) minor *= 10;
    return Value::real(as_real(x) / minor);
  }
  if (name == "abs") {
    Value out = x;
    out.i = std::abs(x.i);
    out.d = std::fabs(x.d);
    return out;
  }
  if (name == "date") {
    const Result<Micros> t = parse_time(x.s, TimeZone());
    if (t.ok()) return Value::of(Is::kDay, *t / kMicrosPerDay);
  }
  if (name == "timestamp") {
    const Result<Micros> t = parse_time(x.s, TimeZone());
    if (t.ok()) return Value::of(Is::kTime, *t);
  }
  if (name == "duration" && !x.s.empty() && x.s.back() == 'h') {
    return Value::of(Is::kSpan, std::strtoll(x.s.c_str(), nullptr, 10) * kMicrosPerHour);
  }
  throw std::runtime_error("the oracle knows no " + name);
}

}  // namespace

Condition Condition::read(std::string_view text) { return ConditionReader(text).all(); }

void Condition::names(std::set<std::string>& out) const {
  if (op_ == "name") out.insert(name_);
  for (const Condition& part : parts_) part.names(out);
}

Value Condition::value(Names& names) const {
  if (op_ == "literal") return literal_;
  if (op_ == "name") return names.value(name_);
  if (op_ == "now") {
    Value now = Value::of(Is::kTime, names.now);
    now.moving = true;
    return now;
  }
  if (op_ == "has") return Value::of(parts_[0].value(names).known());
  if ((op_ == "==" || op_ == "!=") && (parts_[0].op_ == "null" || parts_[1].op_ == "null")) {
    const Condition& what = parts_[0].op_ == "null" ? parts_[1] : parts_[0];
    return Value::of(what.value(names).known() == (op_ == "!="));
  }
  Value first = parts_.at(0).value(names);
  if (op_ == "?") {
    if (!first.known()) return {};
    return parts_[first.truth() ? 1 : 2].value(names);
  }
  if (op_ == "&&" || op_ == "||") {
    const bool wins = op_ == "||";  // what decides whatever the other side is
    if (first.known() && first.truth() == wins) return first;
    Value second = parts_[1].value(names);
    if (second.known() && second.truth() == wins) return second;
    return first.known() && second.known() ? Value::of(!wins) : Value();
  }
  if (op_ == "!") return first.known() ? Value::of(!first.truth()) : Value();
  if (op_ == "neg") {
    Value out = first;
    out.i = -out.i;
    out.d = -out.d;
    return out;
  }
  if (op_ == "or_else") return first.known() ? first : parts_[1].value(names);
  if (op_ == "in") {
    if (!first.known()) return {};
    if (parts_[1].op_ == "list") {
      for (const Condition& part : parts_[1].parts_) {
        if (order_of(first, part.value(names), names) == 0) return Value::of(true);
      }
      return Value::of(false);
    }
    const Value set = parts_[1].value(names);
    if (!set.known()) return {};
    return Value::of(("," + set.s).find("," + first.s + ",") != std::string::npos);
  }
  if (parts_.size() == 1) return function(op_, {first}, names);
  Value second = parts_.at(1).value(names);
  if (op_ == "min" || op_ == "max") {
    if (!first.known() || !second.known()) return {};
    return (order_of(first, second, names) <= 0) == (op_ == "min") ? first : second;
  }
  if (op_.size() <= 2 && std::string_view("=!<>").find(op_[0]) != std::string_view::npos) {
    return compared(op_, first, second, names);
  }
  Value out = arithmetic(op_, first, second, names);
  // The difference of two things that move stands still.
  out.moving = first.moving != second.moving;
  return out;
}

}  // namespace patron::oracle
