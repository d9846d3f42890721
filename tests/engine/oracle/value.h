// What the oracle computes with: a value that may be unknown, and the calendar.
#pragma once

#include <cstdint>
#include <string>
#include <utility>

#include "lib/base/int128.h"
#include "patron/time.h"

namespace patron::oracle {

enum class Is : uint8_t {
  kUnknown,
  kBool,
  kInt,
  kReal,
  kMoney,   ///< minor units
  kTime,    ///< microseconds
  kSpan,    ///< microseconds
  kDay,     ///< days since 1970
  kText,    ///< an enum, a class
  kSet,     ///< names with a comma behind each
  kPeriod,  ///< months
  kScore,   ///< of generators: a real number that is compared with what it never is exactly
};

struct Value {
  Is is = Is::kUnknown;
  bool literal = false;  ///< a number of the text, which takes the kind of what stands beside it
  bool moving = false;   ///< it is made of `now`
  int64_t i = 0;
  double d = 0;
  std::string s;  ///< of a literal number its text

  bool known() const { return is != Is::kUnknown; }
  bool truth() const { return is == Is::kBool && i != 0; }
  bool operator==(const Value& other) const {
    return is == other.is && i == other.i && d == other.d && s == other.s;
  }
  static Value of(Is is, int64_t i) {
    Value out;
    out.is = is;
    out.i = i;
    return out;
  }
  static Value of(bool value) { return of(Is::kBool, value ? 1 : 0); }
  static Value real(double d) {
    Value out;
    out.is = Is::kReal;
    out.d = d;
    return out;
  }
  static Value text(std::string s, Is is = Is::kText) {
    Value out;
    out.is = is;
    out.s = std::move(s);
    return out;
  }
};

/// a / b to the nearest whole number, half to even; b > 0.
inline int64_t half_even(internal::Int128 a, internal::Int128 b) {
  internal::Int128 q = a / b, r = a % b;
  if (r < 0) q -= 1, r += b;
  if (2 * r > b || (2 * r == b && q % 2 != 0)) q += 1;
  return static_cast<int64_t>(q);
}

}  // namespace patron::oracle
