// Random texts of expressions over world(), of a wanted type, and all of them sound.
#pragma once

#include <string>

#include "tests/expr/world.h"

namespace patron::test {

class TextMaker {
 public:
  explicit TextMaker(Dice& dice) : dice_(dice) {}

  std::string of(Kind kind, int depth) {
    switch (kind) {
      case Kind::kBool:
        return condition(depth);
      case Kind::kInt64:
        return whole(depth);
      case Kind::kDouble:
        return real(depth);
      case Kind::kMoney:
        return money(depth);
      case Kind::kTimestamp:
        return time(depth);
      case Kind::kDate:
        return date(depth);
      case Kind::kDuration:
        return duration(depth);
      default:
        return text(depth);
    }
  }

  std::string condition(int depth) {
    if (depth <= 0) {
      return pick({"b", "c", "true", "false", "has(i)", "m == null", "null != s", "e >= 'middle'",
                   "i > 2", "m < 1.005", "d <= 2", "'a' in st", "s == 'ab'", "r in ['a', 'b']"});
    }
    const int d = depth - 1;
    switch (dice_.below(18)) {
      case 0:
      case 1:
        return "(" + condition(d) + " && " + condition(d) + ")";
      case 2:
      case 3:
        return "(" + condition(d) + " || " + condition(d) + ")";
      case 4:
        return "!(" + condition(d) + ")";
      case 5:
        return "(" + condition(d) + " ? " + condition(d) + " : " + condition(d) + ")";
      case 6:
        return "or_else(" + condition(d) + ", " + condition(d) + ")";
      case 7:
        return "(" + whole(d) + cmp() + whole(d) + ")";
      case 8:
        return "(" + whole(d) + cmp() + real(d) + ")";
      case 9:
        return "(" + real(d) + cmp() + pick({"2", "-1", "2.5", "9007199254740993", "0"}) + ")";
      case 10:
        return "(" + money(d) + cmp() +
               pick({"0", "1.005", "-2.5", "3", "92233720368547758.07", "1e30", "-1e30", "0x10"}) +
               ")";
      case 11:
        return "(" + money(d) + cmp() + money(d) + ")";
      case 12:
        return "(" + moment(d) + cmp() + moment(d) + ")";
      case 13:
        return "(" + duration(d) + cmp() + duration(d) + ")";
      case 14:
        return "(" + text(d) + pick({" == ", " != "}) + text(d) + ")";
      case 15:
        return pick({"(s" + cmp() + "'ab')", "('b'" + cmp() + "s)", "(e" + cmp() + "'middle')",
                     "(e" + cmp() + "g)", "('low'" + cmp() + "g)", "(b" + cmp() + "c)", "(e in st)",
                     "(s in st)"});
      case 16:
        return pick({"(" + whole(d) + " in [1, 2, 2.5, -3, 7, 8, 9, 10, 11, 12])",
                     "(" + real(d) + " in [0, 1.5, 2])", "(m in [1.5, 2, 1.005])",
                     "(" + condition(d) + " in [true])", "(i in [])", "(e in ['low', 'high'])",
                     "(s in ['a', 'ab', 'low'])"});
      default:
        return text(d) + pick({".startsWith(", ".endsWith(", ".contains("}) + text(d) + ")";
    }
  }

  std::string whole(int depth) {
    if (depth <= 0) return pick({"i", "j", "k.x", "3", "-2", "0", "9223372036854775807"});
    const int d = depth - 1;
    switch (dice_.below(11)) {
      case 0:
      case 1:
        return "(" + whole(d) + pick({" + ", " - ", " * "}) + whole(d) + ")";
      case 2:
        return "(" + whole(d) + pick({" / ", " % "}) + whole(d) + ")";
      case 3:
        return "-(" + whole(d) + ")";
      case 4:
        return "abs(" + whole(d) + ")";
      case 5:
        return pick({"min", "max"}) + "(" + whole(d) + ", " + whole(d) + ")";
      case 6:
        return "int(" + pick({real(d), time(d), "s"}) + ")";
      case 7:
        return pick({"size(" + text(d) + ")", "st.size()"});
      case 8:
        return time(d) + part(true) + "(" + pick({"", "'Asia/Kathmandu'", "'-02:30'"}) + ")";
      case 9:
        return dice_.one_in(2) ? date(d) + part(false) + "()"
                               : duration(d) + pick({".getHours()", ".getMinutes()",
                                                     ".getSeconds()", ".getMilliseconds()"});
      default:
        return "(" + condition(d) + " ? " + whole(d) + " : " + whole(d) + ")";
    }
  }

  std::string real(int depth) {
    if (depth <= 0) return pick({"d", "f", "1.5", "-0.25", "1e300"});
    const int d = depth - 1;
    switch (dice_.below(8)) {
      case 0:
      case 1:
        return "(" + real(d) + pick({" + ", " - ", " * ", " / "}) + real(d) + ")";
      case 2:
        return "(" + real(d) + pick({" + ", " * "}) + "2)";
      case 3:
        return pick({"-", "abs"}) + "(" + real(d) + ")";
      case 4:
        return pick({"min", "max"}) + "(" + real(d) + ", " + pick({real(d), "1"}) + ")";
      case 5:
        return "double(" + pick({whole(d), money(d), "s"}) + ")";
      case 6:
        return "(" + money(d) + " / " + money(d) + ")";
      default:
        return "or_else(" + real(d) + ", " + pick({real(d), "0"}) + ")";
    }
  }

  std::string money(int depth) {
    if (depth <= 0) return pick({"m", "n"});
    const int d = depth - 1;
    switch (dice_.below(7)) {
      case 0:
        return "(" + money(d) + pick({" + ", " - "}) + money(d) + ")";
      case 1:
        return "(" + money(d) + pick({" + ", " - "}) + pick({"2", "0.5", "-1.25"}) + ")";
      case 2:
        return "(" + money(d) + " * " + pick({whole(d), real(d), "3", "0.125"}) + ")";
      case 3:
        return pick({"-", "abs"}) + "(" + money(d) + ")";
      case 4:
        return pick({"min", "max"}) + "(" + money(d) + ", " + pick({money(d), "0"}) + ")";
      case 5:
        return "or_else(" + money(d) + ", 0)";
      default:
        return "(" + condition(d) + " ? " + money(d) + " : " + pick({money(d), "1.5"}) + ")";
    }
  }

  std::string time(int depth) {
    if (depth <= 0) return pick({"t", "u", "now", "timestamp('2026-03-08T05:00:00Z')"});
    const int d = depth - 1;
    switch (dice_.below(7)) {
      case 0:
        return "(" + time(d) + pick({" + ", " - "}) + duration(d) + ")";
      case 1:
        return "(" + time(d) + pick({" + ", " - "}) + period() + ")";
      case 2:
        return "(" + duration(d) + " + " + time(d) + ")";
      case 3:
        return "timestamp(" + pick({whole(d), date(d)}) + ")";
      case 4:
        return "(" + date(d) + " + duration('90m'))";
      case 5:
        return pick({"min", "max"}) + "(" + time(d) + ", " + time(d) + ")";
      default:
        return "or_else(" + time(d) + ", " + moment(d) + ")";
    }
  }

  std::string date(int depth) {
    if (depth <= 0) return pick({"dt", "bd", "date('2024-02-29')"});
    const int d = depth - 1;
    switch (dice_.below(4)) {
      case 0:
        return "(" + date(d) + pick({" + ", " - "}) + period() + ")";
      case 1:
        return "(" + date(d) + pick({" + ", " - "}) + "days(" + pick({"i", "3", "-400"}) + "))";
      case 2:
        return "date(" + time(d) + ")";
      default:
        return pick({"min", "max"}) + "(" + date(d) + ", " + date(d) + ")";
    }
  }

  std::string duration(int depth) {
    if (depth <= 0) return pick({"du", "v", "days(2)", "duration('1h30m')", "age(t)"});
    const int d = depth - 1;
    switch (dice_.below(7)) {
      case 0:
        return "(" + duration(d) + pick({" + ", " - "}) + duration(d) + ")";
      case 1:
        return "(" + duration(d) + " * " + whole(d) + ")";
      case 2:
        return "(" + moment(d) + " - " + moment(d) + ")";
      case 3:
        return "age(" + moment(d) + ")";
      case 4:
        return pick({"-", "abs"}) + "(" + duration(d) + ")";
      case 5:
        return "days(" + whole(d) + ")";
      default:
        return "max(" + duration(d) + ", " + duration(d) + ")";
    }
  }

  std::string text(int depth) {
    if (depth <= 0 || dice_.one_in(2)) {
      return pick({"s", "r", "s", "r", "'ab'", "'\xC3\xA9'", "('a' + 'b')"});
    }
    const int d = depth - 1;
    return dice_.one_in(2) ? "(" + condition(d) + " ? " + text(d) + " : " + text(d) + ")"
                           : "or_else(" + text(d) + ", " + text(d) + ")";
  }

 private:
  std::string pick(std::initializer_list<std::string> choices) {
    return *(choices.begin() + dice_.below(static_cast<int64_t>(choices.size())));
  }
  std::string cmp() { return pick({" < ", " <= ", " > ", " >= ", " == ", " != "}); }
  std::string moment(int depth) { return dice_.one_in(2) ? time(depth) : date(depth); }
  std::string period() {
    return pick({"months(1)", "months(i)", "years(1)", "months(-13)", "years(j)"});
  }
  std::string part(bool clock) {
    return clock ? pick({".getFullYear", ".getMonth", ".getDate", ".getDayOfMonth", ".getDayOfWeek",
                         ".getDayOfYear", ".getHours", ".getMinutes", ".getSeconds",
                         ".getMilliseconds"})
                 : pick({".getFullYear", ".getMonth", ".getDate", ".getDayOfMonth", ".getDayOfWeek",
                         ".getDayOfYear"});
  }

  Dice& dice_;
};

}  // namespace patron::test
