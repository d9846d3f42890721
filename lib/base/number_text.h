// A double as people and messages write it: the shortest text that reads back the same.
#pragma once

#include <array>
#include <charconv>
#include <string>

namespace patron::internal {

/// "0.8", "1e+300", "nan", "-inf"; never a matter of the locale. Thread class: pure.
inline std::string number_text(double value) {
  std::array<char, 32> digits;
  const auto end = std::to_chars(digits.data(), digits.data() + digits.size(), value).ptr;
  return std::string(digits.data(), end);
}

}  // namespace patron::internal
