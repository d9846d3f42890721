#include "patron/money.h"

#include <charconv>
#include <cmath>
#include <cstdint>
#include <limits>
#include <string>

#include "lib/base/money_block.h"
#include "lib/base/quotient.h"
#include "lib/base/utf8.h"

namespace patron {
inline namespace v0 {
namespace {

__extension__ typedef __int128 Int128;
__extension__ typedef unsigned __int128 UInt128;

constexpr int64_t kMax = std::numeric_limits<int64_t>::max();
constexpr int64_t kMin = std::numeric_limits<int64_t>::min();

Status overflow(const std::string& what) {
  return {Code::kOverflow, what + " does not fit in 64 bits of minor units"};
}

Result<int64_t> narrow(Int128 value, const char* what) {
  if (value > kMax || value < kMin) return overflow(what);
  return static_cast<int64_t>(value);
}

Status check_scale(int scale) {
  if (scale >= 0 && scale <= kMaxMoneyScale) return {};
  return {Code::kArgument, "the money scale is " + std::to_string(scale) + "; write 0 to " +
                               std::to_string(kMaxMoneyScale)};
}

Status check_same(const MoneyUnit& a, const MoneyUnit& b) {
  if (a == b) return {};
  const auto text = [](const MoneyUnit& unit) {
    return format_money(0, unit) + (unit.currency[0] == '\0' ? " without a currency" : "");
  };
  return {Code::kArgument,
          "money of two units: " + text(a) + " and " + text(b) + "; convert one of them first"};
}

// The shortest text that reads back as the same double.
std::string double_text(double value) {
  if (std::isnan(value)) return "NaN";
  if (std::isinf(value)) return value < 0 ? "-infinity" : "infinity";
  char text[32];
  return std::string(text, std::to_chars(text, text + sizeof text, value).ptr);
}

// Reads "-1234.5678" digit by digit. All arithmetic is on integers, so the locale has no say.
class DecimalReader {
 public:
  DecimalReader(std::string_view text, int scale) : text_(text), scale_(scale) {}

  Result<Rounded> read() {
    size_t i = 0;
    const bool negative = !text_.empty() && text_[0] == '-';
    if (negative || (!text_.empty() && text_[0] == '+')) ++i;
    for (; i < text_.size(); ++i) {
      if (text_[i] == '.' && !point_) {
        point_ = true;
      } else if (text_[i] >= '0' && text_[i] <= '9') {
        digit(text_[i] - '0');
      } else {
        return syntax(i);
      }
    }
    if (digits_ == 0) return syntax(i);
    UInt128 minor = minor_;
    for (int k = decimals_; k < scale_ && minor <= kCap; ++k) minor *= 10;
    const bool up = first_dropped_ > 5 || (first_dropped_ == 5 && (rest_ || (minor & 1) != 0));
    if (up) ++minor;
    if (minor > static_cast<uint64_t>(kMax) + (negative ? 1 : 0)) {
      return overflow("the amount " + internal::quoted(text_));
    }
    const auto bits = static_cast<uint64_t>(minor);
    return Rounded{static_cast<int64_t>(negative ? ~bits + 1 : bits), is_rounded()};
  }

 private:
  static constexpr uint64_t kCap = uint64_t{1} << 63;

  void digit(int d) {
    ++digits_;
    if (!point_ || decimals_ < scale_) {
      if (minor_ <= kCap) minor_ = minor_ * 10 + static_cast<unsigned>(d);
      if (point_) ++decimals_;
      return;
    }
    if (dropped_ == 0) first_dropped_ = d;
    if (dropped_ > 0 && d != 0) rest_ = true;
    if (dropped_ < 6) {
      millionths_ = millionths_ * 10 + d;
    } else if (d != 0) {
      beyond_ = true;
    }
    ++dropped_;
  }

  // Whether the dropped digits are more than 1e-6 away from 0 and from 1.
  bool is_rounded() const {
    int millionths = millionths_;
    for (size_t k = dropped_; k < 6; ++k) millionths *= 10;
    return (millionths > 1 || (millionths == 1 && beyond_)) && millionths < 999'999;
  }

  Status syntax(size_t at) const {
    return {Code::kSyntax,
            internal::quoted(text_) +
                " is no amount; write digits with at most one point, such as "
                "\"1234.50\"",
            -1, static_cast<int64_t>(at)};
  }

  std::string_view text_;
  int scale_;
  bool point_ = false;
  UInt128 minor_ = 0;
  size_t digits_ = 0;
  int decimals_ = 0;       // digits behind the point that are kept
  size_t dropped_ = 0;     // and those beyond the scale,
  int first_dropped_ = 0;  // the first of them,
  bool rest_ = false;      // whether any other is not zero,
  int millionths_ = 0;     // the first six,
  bool beyond_ = false;    // and whether any after the sixth is not zero
};

}  // namespace

Status check(const MoneyUnit& unit) {
  if (Status status = check_scale(unit.scale); !status.ok()) return status;
  if (unit.currency == std::array<char, 3>{}) return {};
  for (char c : unit.currency) {
    if (c < 'A' || c > 'Z') {
      return {Code::kArgument,
              "the currency " +
                  internal::quoted(std::string_view(unit.currency.data(), unit.currency.size())) +
                  " is no ISO 4217 code; write three capital letters, such as \"EUR\""};
    }
  }
  return {};
}

Result<Money> add(const Money& a, const Money& b) {
  if (Status status = check_same(a.unit, b.unit); !status.ok()) return status;
  const Result<int64_t> minor = money_add(a.minor, b.minor);
  if (!minor.ok()) return minor.status();
  return Money{*minor, a.unit};
}

Result<Money> subtract(const Money& a, const Money& b) {
  if (Status status = check_same(a.unit, b.unit); !status.ok()) return status;
  const Result<int64_t> minor = money_subtract(a.minor, b.minor);
  if (!minor.ok()) return minor.status();
  return Money{*minor, a.unit};
}

Result<int64_t> money_add(int64_t a, int64_t b) { return narrow(Int128{a} + b, "the sum"); }

Result<int64_t> money_subtract(int64_t a, int64_t b) {
  return narrow(Int128{a} - b, "the difference");
}

Result<int64_t> money_multiply(int64_t a, int64_t factor) {
  return narrow(Int128{a} * factor, "the product");
}

Result<int64_t> money_scale_by(int64_t a, double factor) {
  if (!std::isfinite(factor)) {
    return Status(Code::kNumber,
                  "the factor is " + double_text(factor) + "; write a finite number");
  }
  // factor = mantissa x 2^exponent with a whole mantissa of 53 bits, so the product is exact.
  int exponent = 0;
  const auto mantissa = static_cast<int64_t>(std::ldexp(std::frexp(factor, &exponent), 53));
  exponent -= 53;
  const Int128 product = Int128{a} * mantissa;  // below 2^116
  if (product == 0) return int64_t{0};
  if (exponent >= 0) {
    // The mantissa alone is 2^52 or more.
    if (exponent > 11 || product > kMax || product < kMin) return overflow("the product");
    return narrow(product * (Int128{1} << exponent), "the product");
  }
  if (exponent < -120) return int64_t{0};  // less than a sixteenth
  return narrow(internal::divide_half_even(product, Int128{1} << -exponent), "the product");
}

Result<int64_t> money_divide(int64_t a, int64_t divisor) {
  if (divisor == 0) return Status(Code::kArgument, "money is divided by 0");
  const Int128 sign = divisor < 0 ? -1 : 1;
  return narrow(internal::divide_half_even(sign * a, sign * divisor), "the quotient");
}

Result<int64_t> money_sum(std::span<const int64_t> amounts) {
  Int128 sum = 0;
  for (int64_t amount : amounts) sum += amount;
  return narrow(sum, "the sum");
}

Result<Rounded> money_from_double(double value, int scale) {
  if (Status status = check_scale(scale); !status.ok()) return status;
  int64_t minor = 0;
  switch (internal::minor_from_double(value, internal::kPowersOfTen[scale], &minor)) {
    case internal::AmountFlag::kOk:
      return Rounded{minor, false};
    case internal::AmountFlag::kRounded:
      return Rounded{minor, true};
    case internal::AmountFlag::kNotFinite:
      return Status(Code::kNumber,
                    "the amount is " + double_text(value) + "; write a finite number");
    case internal::AmountFlag::kOverflow:
      break;
  }
  return overflow("the amount " + double_text(value));
}

Result<Rounded> money_from_text(std::string_view text, int scale) {
  if (Status status = check_scale(scale); !status.ok()) return status;
  return DecimalReader(text, scale).read();
}

double money_to_double(int64_t minor, int scale) {
  const auto power = static_cast<uint64_t>(internal::kPowersOfTen[scale]);
  constexpr int64_t kExact = int64_t{1} << 53;
  if (minor >= -kExact && minor <= kExact) {
    return static_cast<double>(minor) / static_cast<double>(power);  // one rounding
  }
  // The exact amount and the middle between two doubles differ by 1 / (10^9 x 2^30) at least, or
  // not at all. 60 more bits tell that apart, so the conversion to double rounds right.
  const UInt128 magnitude = minor < 0 ? -Int128{minor} : Int128{minor};
  // NOLINTNEXTLINE(bugprone-integer-division): the bits that are cut off are accounted for above.
  const double major = std::ldexp(static_cast<double>((magnitude << 60) / power), -60);
  return minor < 0 ? -major : major;
}

std::string format_money(int64_t minor, const MoneyUnit& unit) {
  const uint64_t magnitude =
      minor < 0 ? ~static_cast<uint64_t>(minor) + 1 : static_cast<uint64_t>(minor);
  std::string digits = std::to_string(magnitude);
  const auto scale = static_cast<size_t>(unit.scale);
  if (scale > 0) {
    if (digits.size() <= scale) digits.insert(0, scale + 1 - digits.size(), '0');
    digits.insert(digits.size() - scale, 1, '.');
  }
  if (minor < 0) digits.insert(0, 1, '-');
  if (unit.currency[0] != '\0') {
    digits += ' ';
    digits.append(unit.currency.data(), unit.currency.size());
  }
  return digits;
}

}  // namespace v0
}  // namespace patron
