// Money: an exact int64 count of minor units (cents, fen) with a scale and a currency.
//
// The scale is the number of decimal digits of the minor unit: 2 for EUR and CNY, 0 for JPY, 3 for
// KWD. A MoneyUnit (scale and currency) is declared once; amounts of one unit are plain int64
// counts and every sum of them is exact and checked. Floating point comes in rounded half to even
// and never goes back (docs/money-and-time.md).
//
//   patron::Rounded price = *patron::money_from_double(19.99, 2);       // minor 1999, not rounded
//   patron::Result<int64_t> sum = patron::money_add(price.minor, 1);    // 2000
//   patron::format_money(2000, {2, {'E', 'U', 'R'}});                   // "20.00 EUR"
//
// Thread class of everything here: pure.
#pragma once

#include <array>
#include <cstdint>
#include <span>
#include <string>
#include <string_view>

#include "patron/status.h"

namespace patron {
inline namespace v0 {

inline constexpr int kMaxMoneyScale = 9;

/// What one minor unit is worth. `currency` is an ISO 4217 code, or all zero where none is
/// declared.
struct MoneyUnit {
  int scale = 2;  ///< 0 to kMaxMoneyScale
  std::array<char, 3> currency{};
  bool operator==(const MoneyUnit&) const = default;
};

/// Code::kArgument where the scale is out of range or the currency is not three letters A-Z.
Status check(const MoneyUnit& unit);

/// An amount with its unit.
struct Money {
  int64_t minor = 0;
  MoneyUnit unit;
  bool operator==(const Money&) const = default;
};

/// Sum and difference; Code::kArgument where the units differ, Code::kOverflow.
Result<Money> add(const Money& a, const Money& b);
Result<Money> subtract(const Money& a, const Money& b);

/// Checked int64 arithmetic on minor units of one unit; Code::kOverflow.
Result<int64_t> money_add(int64_t a, int64_t b);
Result<int64_t> money_subtract(int64_t a, int64_t b);
Result<int64_t> money_multiply(int64_t a, int64_t factor);
/// a x factor, rounded half to even on the exact product of a and the double. Code::kNumber where
/// factor is not finite, Code::kOverflow.
Result<int64_t> money_scale_by(int64_t a, double factor);
/// a / divisor, half to even. Code::kArgument where divisor is 0.
Result<int64_t> money_divide(int64_t a, int64_t divisor);
/// The exact sum, whatever overflows on the way; Code::kOverflow only where the total does.
Result<int64_t> money_sum(std::span<const int64_t> amounts);

/// A double brought to minor units.
struct Rounded {
  int64_t minor;
  bool rounded;  ///< it lay more than 1e-6 of a minor unit away from a whole one
};

/// value x 10^scale, as a double, to the nearest whole number, half to even. Code::kNumber for NaN
/// and infinity, Code::kOverflow outside int64, Code::kArgument for a scale out of range. Needs the
/// default rounding mode.
Result<Rounded> money_from_double(double value, int scale);
/// "1234.5", "-0.07": a sign or none, digits, at most one point; no exponent, no separators, no
/// locale. The exact decimal number is rounded half to even. Code::kSyntax, Code::kOverflow,
/// Code::kArgument for a scale out of range.
Result<Rounded> money_from_text(std::string_view text, int scale);
/// The nearest double, in major units; scale is 0 to kMaxMoneyScale.
double money_to_double(int64_t minor, int scale);
/// "-1234.50", and with the currency behind it where the unit has one.
std::string format_money(int64_t minor, const MoneyUnit& unit);

}  // namespace v0
}  // namespace patron
