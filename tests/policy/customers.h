// Random conditions over a few values, and every customer who could make a difference to them.
#pragma once

#include <array>
#include <random>
#include <span>
#include <string>

#include "patron/expression.h"

namespace patron::test {

inline FieldSpec small_field(const char* name, Kind kind) {
  FieldSpec made;
  made.name = name;
  made.kind = kind;
  return made;
}

inline Schema small_schema() {
  FieldSpec always = small_field("b", Kind::kInt64);
  always.nullable = false;
  FieldSpec level = small_field("e", Kind::kEnum);
  level.values = {"low", "mid", "high"};
  level.ordered = true;
  return *Schema::make(
      {small_field("a", Kind::kInt64), always, small_field("c", Kind::kBool), level});
}

inline std::string random_condition(std::mt19937& random, int depth) {
  const auto pick = [&](uint32_t n) { return static_cast<int>(random() % n); };
  constexpr std::array<const char*, 6> kOps{"<", "<=", "==", "!=", ">", ">="};
  const std::string op = kOps[static_cast<size_t>(pick(6))];
  if (depth == 0) {
    constexpr std::array<const char*, 3> kLevels{"'low'", "'mid'", "'high'"};
    switch (pick(8)) {
      case 0:
        return pick(2) == 0 ? "c" : "has(a)";
      case 1:
        return "e " + op + " " + kLevels[static_cast<size_t>(pick(3))];
      case 2:
        return "a in [" + std::to_string(pick(4)) + ", " + std::to_string(pick(4)) + "]";
      case 3:
        return pick(2) == 0 ? "e in ['low', 'high']" : "e == null";
      default:
        return std::string(pick(2) == 0 ? "a " : "b ") + op + " " + std::to_string(pick(4));
    }
  }
  if (pick(4) == 0) return "!(" + random_condition(random, depth - 1) + ")";
  return "(" + random_condition(random, depth - 1) + (pick(2) == 0 ? " && " : " || ") +
         random_condition(random, depth - 1) + ")";
}

// Every customer that could make a difference: a of -1 to 4 or unknown, b likewise, c all three, e
// all four.
template <typename Visit>
void for_each_customer(const Visit& visit) {
  constexpr std::array<const char*, 3> kLevels{"low", "mid", "high"};
  for (int a = -2; a <= 4; ++a) {
    for (int b = -1; b <= 4; ++b) {
      for (int c = 0; c < 3; ++c) {
        for (size_t e = 0; e < 4; ++e) {
          visit(std::array<Cell, 4>{a == -2 ? Cell() : Cell::of(a), Cell::of(b),
                                    c == 2 ? Cell() : Cell::of(c),
                                    e == 3 ? Cell() : Cell::of_text(kLevels[e])});
        }
      }
    }
  }
}

inline bool holds(const Expression& condition, std::span<const Cell> row) {
  const Cell value = *condition.evaluate_row(row);
  return value.known && value.integer != 0;
}

}  // namespace patron::test
