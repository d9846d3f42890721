#include "lib/models/rank/rank_options.h"

#include <array>
#include <charconv>
#include <string>
#include <string_view>

#include "lib/base/number_text.h"

namespace patron::internal {
namespace {

constexpr size_t kMaxBoundaries = 126;  // with the last class, numbers that int8 holds

Status mistake(std::string message) { return Status(Code::kArgument, std::move(message)); }

Status check_boundaries(const std::vector<double>& values, const std::string& name, double limit,
                        std::string_view remedy) {
  if (values.size() > kMaxBoundaries) {
    return mistake(name + ": " + std::to_string(values.size()) + " boundaries; at most 126");
  }
  for (size_t i = 0; i < values.size(); ++i) {
    const std::string item = name + "/" + std::to_string(i) + ": " + number_text(values[i]);
    if (!(values[i] > 0 && values[i] <= limit)) return mistake(item + std::string(remedy));
    if (i > 0 && values[i] <= values[i - 1]) {
      return mistake(item + " comes after " + number_text(values[i - 1]) +
                     "; write them in rising order, each once");
    }
  }
  return Status();
}

}  // namespace

Status check_rank_options(const RankOptions& options) {
  const int given =
      !options.shares.empty() + !options.top_percents.empty() + options.top.has_value();
  if (given != 1) {
    return mistake(given == 0 ? "say where to cut: give one of shares, top_percents and top"
                              : "shares, top_percents and top exclude one another; give one");
  }
  if (options.top && *options.top < 1) {
    return mistake("top: " + std::to_string(*options.top) +
                   " is no number of seats; give 1 or more");
  }
  Status status = check_boundaries(options.shares, "shares", 1.0,
                                   " is no share; a share lies above 0 and is at most 1 "
                                   "(80 % is 0.8)");
  if (!status.ok()) return status;
  return check_boundaries(options.top_percents, "top_percents", 100.0,
                          " is no percent; a percent lies above 0 and is at most 100");
}

Decimal shortest_decimal(double value) {
  std::array<char, 32> text;
  const auto end =
      std::to_chars(text.data(), text.data() + text.size(), value, std::chars_format::scientific)
          .ptr;
  Decimal decimal;
  const char* at = text.data();
  for (bool fraction = false; at != end && *at != 'e'; ++at) {
    if (*at == '.') {
      fraction = true;
      continue;
    }
    decimal.digits = decimal.digits * 10 + static_cast<uint64_t>(*at - '0');
    decimal.places += fraction;
  }
  int exponent = 0;
  ++at;                  // the 'e'
  if (*at == '+') ++at;  // from_chars takes no plus
  std::from_chars(at, end, exponent);
  decimal.places -= exponent;
  for (; decimal.places < 0; ++decimal.places) decimal.digits *= 10;
  return decimal;
}

}  // namespace patron::internal
