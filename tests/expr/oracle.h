// The oracle of expressions: a walk over the syntax tree, one row at a time, slowly and plainly.
//
// Nothing here is shared with the checker, the graph or the kernels. Whole numbers are computed in
// 128 bits and then asked whether they fit; numbers of different types are compared as fractions.
// A value knows its type even where it is not known, as CEL's errors do.
#pragma once

#include <cmath>
#include <string>

#include "lib/base/int128.h"
#include "lib/expr/ast.h"
#include "tests/expr/world.h"

namespace patron::test {

class Walker {
 public:
  using Wide = internal::Int128;
  enum class T {
    kNull,
    kBool,
    kInt,
    kDouble,
    kText,
    kSet,
    kDate,
    kTime,
    kDuration,
    kMoney,
    kPeriod
  };
  struct Value {
    T type = T::kNull;
    bool known = false;
    Wide whole = 0;  ///< kBool, kInt, kSet, kDate, kTime, kDuration, kMoney, kPeriod
    double real = 0;
    std::string text;
    bool literal = false;
    std::string digits;  ///< of a literal
    bool days = false;   ///< kDuration made of days()
    const FieldSpec* field = nullptr;
  };

  Walker(const internal::Syntax& syntax, const Row& row, Micros now)
      : syntax_(syntax), row_(row), now_(now) {}

  Value run() { return value(static_cast<uint32_t>(syntax_.nodes.size()) - 1); }

 private:
  using Node = internal::SyntaxNode;
  using Kind_ = internal::SyntaxKind;

  static Value make(T type, bool known, Wide whole) {
    Value v;
    v.type = type;
    v.known = known;
    v.whole = known ? whole : 0;
    return v;
  }
  static Value boolean(bool known, bool x) { return make(T::kBool, known, x); }
  static Value unknown(T type) { return make(type, false, 0); }
  static Value in_range(T type, Wide x, Wide low, Wide high) {
    return x < low || x > high ? unknown(type) : make(type, true, x);
  }
  static Value whole(Wide x) { return in_range(T::kInt, x, INT64_MIN, INT64_MAX); }
  static Value money(Wide x) { return in_range(T::kMoney, x, INT64_MIN, INT64_MAX); }
  // A duration is of 10,000 years at most; years of a time are 1 to 9999.
  static Value duration(Wide x) {
    return in_range(T::kDuration, x, -Wide{315'576'000'000'000'000}, Wide{315'576'000'000'000'000});
  }
  static Value time(Wide x) {
    const Wide first = Wide{day_from_civil({1, 1, 1})} * kMicrosPerDay;
    const Wide past = Wide{day_from_civil({10'000, 1, 1})} * kMicrosPerDay;
    return in_range(T::kTime, x, first, past - 1);
  }
  static Value date(Wide x) {
    return in_range(T::kDate, x, day_from_civil({1, 1, 1}), day_from_civil({9999, 12, 31}));
  }
  static Value real(double x) {
    Value v;
    v.type = T::kDouble;
    v.known = std::isfinite(x);
    v.real = v.known ? x : 0;
    return v;
  }
  static Value text(bool known, std::string x) {
    Value v;
    v.type = T::kText;
    v.known = known;
    if (known) v.text = std::move(x);
    return v;
  }

  Value arg(const Node& node, uint32_t i) { return value(syntax_.arg(node, i)); }

  Value value(uint32_t index) {
    const Node& node = syntax_.nodes[index];
    switch (node.kind) {
      case Kind_::kNull:
        return {};
      case Kind_::kBool:
        return boolean(true, node.integer != 0);
      case Kind_::kInt: {
        Value v = whole(node.integer);
        v.literal = true;
        v.digits = node.text;
        return v;
      }
      case Kind_::kDouble: {
        Value v = real(node.number);
        v.literal = true;
        v.digits = node.text;
        return v;
      }
      case Kind_::kString:
        return text(true, node.text);
      case Kind_::kName:
        return name(node.text);
      case Kind_::kNot: {
        const Value v = arg(node, 0);
        return boolean(v.known, v.whole == 0);
      }
      case Kind_::kNegate: {
        const Value v = arg(node, 0);
        if (v.type == T::kDouble) return v.known ? real(-v.real) : v;
        Value out = !v.known                 ? unknown(v.type)
                    : v.type == T::kDuration ? duration(-v.whole)
                    : v.type == T::kMoney    ? money(-v.whole)
                                             : whole(-v.whole);
        out.days = v.days;
        return out;
      }
      case Kind_::kTernary: {
        const Value condition = arg(node, 0);
        Value yes = arg(node, 1), no = arg(node, 2);
        join(yes, no);
        Value out = condition.whole != 0 ? yes : no;
        out.known = out.known && condition.known;
        out.literal = false;
        out.days = yes.days && no.days;
        return out;
      }
      case Kind_::kCall:
        return call(node);
      case Kind_::kMethod:
        return method(node);
      case Kind_::kBinary:
        return binary(node);
      default:
        return {};
    }
  }

  Value name(const std::string& text_of) {
    if (text_of == "now") return time(now_);
    const int field = world().find(text_of);
    const FieldSpec& spec = world().fields()[static_cast<size_t>(field)];
    const Cell& cell = row_.cells[static_cast<size_t>(field)];
    static constexpr T kTypes[] = {T::kBool, T::kInt,  T::kDouble, T::kText,     T::kText,
                                   T::kSet,  T::kDate, T::kTime,   T::kDuration, T::kMoney};
    // A text that is none of an enum's values is no value.
    const bool listed = spec.kind == Kind::kEnum && !spec.values.empty();
    const bool known = cell.known && (!listed || std::count(spec.values.begin(), spec.values.end(),
                                                            cell.text) > 0);
    Value v = make(kTypes[static_cast<size_t>(spec.kind)], known, cell.integer);
    if (known && v.type == T::kDouble) v.real = cell.number;
    if (known && v.type == T::kText) v.text = cell.text;
    if (!spec.values.empty()) v.field = &spec;
    return v;
  }

  // A literal beside a double or money is one; a date beside a time is its midnight.
  void join(Value& a, Value& b) {
    for (auto [x, y] : {std::pair(&a, &b), std::pair(&b, &a)}) {
      if (x->literal && y->type == T::kDouble && x->type == T::kInt) {
        *x = real(static_cast<double>(static_cast<int64_t>(x->whole)));
      }
      if (x->literal && y->type == T::kMoney) *x = money(hundredths(x->digits).first);
      if (x->type == T::kDate && y->type == T::kTime) *x = midnight(*x);
    }
  }

  // The decimal text x 100, rounded down, and whether something was lost.
  static std::pair<Wide, bool> hundredths(std::string digits) {
    const bool negative = digits[0] == '-';
    if (negative) digits.erase(0, 1);
    Wide number = 0;
    int exponent = 2;
    if (digits.starts_with("0x")) {
      number = std::stoll(digits.substr(2), nullptr, 16);
    } else {
      const size_t e = digits.find('e');
      if (e != std::string::npos) {
        exponent += std::stoi(digits.substr(e + 1));
        digits.resize(e);
      }
      const size_t point = digits.find('.');
      if (point != std::string::npos) {
        exponent -= static_cast<int>(digits.size() - point - 1);
        digits.erase(point, 1);
      }
      for (const char c : digits) number = number * 10 + (c - '0');
    }
    bool lost = false;
    for (; exponent > 0; --exponent) number *= 10;
    for (; exponent < 0; ++exponent) {
      lost = lost || number % 10 != 0;
      number /= 10;
    }
    if (negative) number = -number - (lost ? 1 : 0);
    return {number, lost};
  }

  static Value midnight(const Value& day) {
    if (!day.known) return unknown(T::kTime);
    return time(world().zone().start_of_day(static_cast<Day>(day.whole)));
  }

  static int sign(Wide x) { return x < 0 ? -1 : x > 0 ? 1 : 0; }

  // A whole number against a double: the double's whole part, then what is behind the point.
  static int order(Wide a, double b) {
    if (b > 1e20) return -1;
    if (b < -1e20) return 1;
    const double down = std::floor(b);
    if (a != static_cast<Wide>(down)) return sign(a - static_cast<Wide>(down));
    return down < b ? -1 : 0;
  }

  // -1, 0, 1, or 2 where there is no order.
  int order(const Value& a, const Value& b, bool by_place) {
    if (a.type == T::kMoney && b.literal) {
      const auto [down, lost] = hundredths(b.digits);
      if (a.whole != down) return sign(a.whole - down);
      return lost ? -1 : 0;
    }
    if (b.type == T::kMoney && a.literal) return -order(b, a, false);
    if (a.type == T::kInt && b.type == T::kDouble) return order(a.whole, b.real);
    if (a.type == T::kDouble && b.type == T::kInt) return -order(b.whole, a.real);
    if (a.type == T::kDouble) return a.real < b.real ? -1 : a.real > b.real ? 1 : 0;
    if (a.type == T::kText) {
      const FieldSpec* field = a.field != nullptr ? a.field : b.field;
      if (by_place && field != nullptr) {
        const auto place = [&](const std::string& x) {
          return std::find(field->values.begin(), field->values.end(), x) - field->values.begin();
        };
        const auto pa = place(a.text), pb = place(b.text);
        if (pa > 2 || pb > 2) return 2;
        return pa < pb ? -1 : pa > pb ? 1 : 0;
      }
      return sign(a.text.compare(b.text));
    }
    return sign(a.whole - b.whole);
  }

  static bool holds(const std::string& op, int order) {
    if (op == "==") return order == 0;
    if (op == "!=") return order != 0;
    if (op == "<") return order < 0;
    if (op == "<=") return order <= 0;
    if (op == ">") return order > 0;
    return order >= 0;
  }

  Value compare(const Node& node) {
    Value a = arg(node, 0), b = arg(node, 1);
    if (a.type == T::kNull || b.type == T::kNull) {
      const Value& x = a.type == T::kNull ? b : a;
      return boolean(true, x.known == (node.text == "!="));
    }
    if (a.type == T::kDate && b.type == T::kTime) a = midnight(a);
    if (b.type == T::kDate && a.type == T::kTime) b = midnight(b);
    if (!a.known || !b.known) return boolean(false, false);
    const bool equality = node.text == "==" || node.text == "!=";
    const int o = order(a, b, !equality);
    return o == 2 ? boolean(false, false) : boolean(true, holds(node.text, o));
  }

  Value in(const Node& node) {
    const Value item = arg(node, 0);
    const Node& right = syntax_.nodes[syntax_.arg(node, 1)];
    if (right.kind != Kind_::kList) {
      const Value set = arg(node, 1);
      if (!item.known || !set.known) return boolean(false, false);
      const auto& values = set.field->values;
      for (size_t i = 0; i < values.size(); ++i) {
        if (values[i] == item.text) return boolean(true, (set.whole >> i & 1) != 0);
      }
      return boolean(true, false);
    }
    bool found = false;
    for (uint32_t i = 0; i < right.arg_count; ++i) {
      found = found || order(item, arg(right, i), false) == 0;
    }
    return boolean(item.known, found);
  }

  Value binary(const Node& node) {
    const std::string& op = node.text;
    if (op == "&&" || op == "||") {
      const Value a = arg(node, 0), b = arg(node, 1);
      const bool decides = op == "||";
      for (const Value* v : {&a, &b}) {
        if (v->known && (v->whole != 0) == decides) return boolean(true, decides);
      }
      return boolean(a.known && b.known, !decides);
    }
    if (op == "in") return in(node);
    if (op.find_first_of("<>=") != std::string::npos) return compare(node);
    return arithmetic(op[0], arg(node, 0), arg(node, 1));
  }

  Value arithmetic(char op, Value a, Value b) {
    const bool known = a.known && b.known;
    const bool with_money = a.type == T::kMoney || b.type == T::kMoney;
    if (with_money && op == '*') {
      const Value& amount = a.type == T::kMoney ? a : b;
      const Value& factor = a.type == T::kMoney ? b : a;
      if (!known) return unknown(T::kMoney);
      if (factor.type == T::kInt) return times(amount, factor, T::kMoney);
      const Result<int64_t> scaled =
          money_scale_by(static_cast<int64_t>(amount.whole), factor.real);
      return scaled.ok() ? money(*scaled) : unknown(T::kMoney);
    }
    if (op == '+' && (b.type == T::kTime || b.type == T::kDate)) std::swap(a, b);
    if (a.type == T::kDate || a.type == T::kTime || a.type == T::kDuration ||
        b.type == T::kDuration) {
      return of_times(op, a, b);
    }
    join(a, b);
    if (a.type == T::kText) return text(true, a.text + b.text);
    if (a.type == T::kMoney && op == '/') {
      if (!known || b.whole == 0) return unknown(T::kDouble);
      return real(static_cast<double>(static_cast<int64_t>(a.whole)) /
                  static_cast<double>(static_cast<int64_t>(b.whole)));
    }
    if (!known) return unknown(a.type);
    if (a.type == T::kDouble) {
      switch (op) {
        case '+':
          return real(a.real + b.real);
        case '-':
          return real(a.real - b.real);
        case '*':
          return real(a.real * b.real);
        default:
          return real(a.real / b.real);
      }
    }
    const auto fit = a.type == T::kMoney ? money : whole;
    if (op == '+') return fit(a.whole + b.whole);
    if (op == '-') return fit(a.whole - b.whole);
    if (op == '*') return times(a, b, T::kInt);
    if (b.whole == 0) return unknown(a.type);
    return fit(op == '/' ? a.whole / b.whole : a.whole % b.whole);
  }

  static Value times(const Value& a, const Value& b, T type) {
    return in_range(type, a.whole * b.whole, INT64_MIN, INT64_MAX);
  }

  Value of_times(char op, Value a, Value b) {
    const bool known = a.known && b.known;
    if (op == '*') {
      Value out = known ? duration(a.whole * b.whole) : unknown(T::kDuration);
      out.days = a.days || b.days;
      return out;
    }
    const Wide way = op == '+' ? 1 : -1;
    if (b.type == T::kPeriod) {
      if (!known) return unknown(a.type);
      return a.type == T::kDate ? later_date(a.whole, way * b.whole)
                                : later_time(a.whole, way * b.whole);
    }
    if (a.type == T::kDate && b.type == T::kDuration && b.days) {
      return known ? date(a.whole + way * b.whole / kMicrosPerDay) : unknown(T::kDate);
    }
    if (a.type == T::kDate) a = midnight(a);
    if (b.type == T::kDate) b = midnight(b);
    const bool both = a.known && b.known;
    if (a.type == T::kTime && b.type == T::kDuration) {
      return both ? time(a.whole + way * b.whole) : unknown(T::kTime);
    }
    Value out = both ? duration(a.whole + way * b.whole) : unknown(T::kDuration);
    out.days = a.type == T::kDuration && a.days && b.days;
    return out;
  }

  // A month at a time on a calendar written out.
  static Value later_date(Wide day, Wide months) {
    const CivilDate from = civil_from_day(static_cast<Day>(day));
    const Wide month = Wide{from.year} * 12 + from.month - 1 + months;
    if (month < 0 || month > 12 * 10'000) return unknown(T::kDate);
    const auto year = static_cast<int32_t>(month / 12);
    const auto of_year = static_cast<int32_t>(month % 12) + 1;
    Day to = day_from_civil({year, of_year, 1}) + from.day - 1;
    if (civil_from_day(to).month != of_year) {
      to =
          of_year == 12 ? day_from_civil({year + 1, 1, 1}) : day_from_civil({year, of_year + 1, 1});
    }
    return date(to);
  }
  static Value later_time(Wide t, Wide months) {
    const TimeZone& zone = world().zone();
    const int64_t wall = zone.to_wall(static_cast<Micros>(t));
    const int64_t day =
        wall >= 0 ? wall / kMicrosPerDay : -((-wall + kMicrosPerDay - 1) / kMicrosPerDay);
    const Value moved = later_date(day, months);
    if (!moved.known) return unknown(T::kTime);
    const auto to = static_cast<Day>(moved.whole);
    const bool kept = civil_from_day(to).day == civil_from_day(day).day;
    return time(zone.from_wall(to * kMicrosPerDay + (kept ? wall - day * kMicrosPerDay : 0)));
  }

  Value call(const Node& node) {
    const std::string& f = node.text;
    Value a = arg(node, 0);
    if (f == "has") return boolean(true, a.known);
    if (f == "or_else") {
      Value b = arg(node, 1);
      join(a, b);
      Value out = a.known ? a : b;
      out.days = a.days && b.days;
      out.literal = false;
      return out;
    }
    if (f == "min" || f == "max") {
      Value b = arg(node, 1);
      join(a, b);
      Value out = (order(a, b, false) < 0) == (f == "min") ? a : b;
      if (order(a, b, false) == 0) out = a;
      out.known = a.known && b.known;
      out.days = a.days && b.days;
      out.literal = false;
      return out;
    }
    if (f == "abs") {
      if (!a.known) return a;
      if (a.type == T::kDouble) return real(std::fabs(a.real));
      const Wide size = a.whole < 0 ? -a.whole : a.whole;
      Value out = a.type == T::kInt     ? whole(size)
                  : a.type == T::kMoney ? money(size)
                                        : duration(size);
      out.days = a.days;
      return out;
    }
    if (f == "size") return size(a);
    if (f == "age") return of_times('-', time(now_), a);
    if (f == "days") {
      Value out = a.known ? duration(a.whole * kMicrosPerDay) : unknown(T::kDuration);
      out.days = true;
      return out;
    }
    if (f == "months" || f == "years") {
      return a.known ? in_range(T::kPeriod, a.whole * (f == "years" ? 12 : 1), -200'000, 200'000)
                     : unknown(T::kPeriod);
    }
    return convert(f, a);
  }

  static Value size(const Value& a) {
    if (!a.known) return unknown(T::kInt);
    Wide count = 0;
    if (a.type == T::kSet) {
      for (int i = 0; i < 64; ++i) count += (a.whole >> i & 1) != 0;
    } else {
      for (size_t i = 0; i < a.text.size(); ++count) {
        const auto lead = static_cast<uint8_t>(a.text[i]);
        i += lead < 0x80 ? 1 : lead < 0xE0 ? 2 : lead < 0xF0 ? 3 : 4;
      }
    }
    return whole(count);
  }

  static Value convert(const std::string& f, const Value& a) {
    if (f == "int") {
      if (!a.known) return unknown(T::kInt);
      if (a.type == T::kTime) {
        return whole(a.whole >= 0 ? a.whole / 1'000'000 : -((-a.whole + 999'999) / 1'000'000));
      }
      if (a.type == T::kText) return a.text == "1" ? whole(1) : unknown(T::kInt);
      if (a.type == T::kInt) return whole(a.whole);
      if (a.real <= -0x1p63 || a.real >= 0x1p63) return unknown(T::kInt);
      return whole(static_cast<Wide>(a.real));
    }
    if (f == "double") {
      if (!a.known) return unknown(T::kDouble);
      if (a.type == T::kText) {
        return a.text == "1" ? real(1) : a.text == "2.5" ? real(2.5) : unknown(T::kDouble);
      }
      if (a.type == T::kDouble) return real(a.real);
      if (a.type == T::kInt) return real(static_cast<double>(static_cast<int64_t>(a.whole)));
      return real(money_to_double(static_cast<int64_t>(a.whole), 2));
    }
    if (f == "timestamp") {
      if (a.type == T::kDate) return midnight(a);
      if (a.type == T::kTime) return a;
      if (a.type == T::kText) return time(*parse_time(a.text, TimeZone()));
      return a.known ? time(a.whole * 1'000'000) : unknown(T::kTime);
    }
    if (f == "date") {
      if (a.type == T::kDate) return a;
      if (a.type == T::kText) return date(*parse_time(a.text, TimeZone()) / kMicrosPerDay);
      return a.known ? date(world().zone().local_day(static_cast<Micros>(a.whole)))
                     : unknown(T::kDate);
    }
    return duration(a.text == "1h30m" || a.text == "90m" ? 5'400'000'000 : 0);
  }

  Value method(const Node& node) {
    const std::string& f = node.text;
    const Value a = arg(node, 0);
    if (f == "size") return size(a);
    if (!f.starts_with("get")) {
      const Value b = arg(node, 1);
      const bool found = f == "startsWith" ? a.text.rfind(b.text, 0) == 0
                         : f == "contains"
                             ? a.text.find(b.text) != std::string::npos
                             : a.text.size() >= b.text.size() &&
                                   a.text.substr(a.text.size() - b.text.size()) == b.text;
      return boolean(a.known && b.known, found);
    }
    if (!a.known) return unknown(T::kInt);
    if (a.type == T::kDuration) {
      if (f == "getHours") return whole(a.whole / 3'600'000'000);
      if (f == "getMinutes") return whole(a.whole / 60'000'000);
      if (f == "getSeconds") return whole(a.whole / 1'000'000);
      return whole(a.whole / 1000 % 1000);
    }
    Wide wall = a.whole;
    if (a.type == T::kDate) {
      wall = a.whole * kMicrosPerDay;
    } else if (node.arg_count == 2) {
      const std::string zone = arg(node, 1).text;
      wall = zone == "-02:30" ? a.whole - Wide{150} * 60 * 1'000'000
                              : Wide{TimeZone::load(zone)->to_wall(static_cast<Micros>(a.whole))};
    }
    Wide clock = wall % kMicrosPerDay;
    if (clock < 0) clock += kMicrosPerDay;
    const auto day = static_cast<Day>((wall - clock) / kMicrosPerDay);
    const CivilDate civil = civil_from_day(day);
    if (f == "getFullYear") return whole(civil.year);
    if (f == "getMonth") return whole(civil.month - 1);
    if (f == "getDate") return whole(civil.day);
    if (f == "getDayOfMonth") return whole(civil.day - 1);
    if (f == "getDayOfWeek") return whole(((day + 4) % 7 + 7) % 7);  // 1970-01-01 was a Thursday
    if (f == "getDayOfYear") return whole(day - day_from_civil({civil.year, 1, 1}));
    if (f == "getHours") return whole(clock / 3'600'000'000);
    if (f == "getMinutes") return whole(clock / 60'000'000 % 60);
    if (f == "getSeconds") return whole(clock / 1'000'000 % 60);
    return whole(clock / 1000 % 1000);
  }

  const internal::Syntax& syntax_;
  const Row& row_;
  Micros now_;
};

/// The oracle's answer, as cell_text() writes it.
inline std::string walk(const std::string& text, const Row& row, Micros now = kWorldNow) {
  internal::Syntax syntax;
  internal::Findings findings;
  EXPECT_TRUE(internal::parse_syntax(text, syntax, findings)) << text;
  const Walker::Value v = Walker(syntax, row, now).run();
  if (!v.known) return "unknown";
  Cell cell = Cell::of(static_cast<int64_t>(v.whole));
  cell.number = v.real;
  cell.text = v.text;
  return cell_text(cell, v.type == Walker::T::kDouble ? Kind::kDouble
                         : v.type == Walker::T::kText ? Kind::kString
                                                      : Kind::kInt64);
}

}  // namespace patron::test
