// Conditions that compare one column with a constant, and so can be read off its cells.
//
//   if (const auto some = at_least(where, layout)) ...   // "amount > 0": cells of 1 and more
//   if (const auto one = is_word(where, layout)) ...      // "kind == 'view'"
//
// A cell that is null meets none of them.
//
// Thread class: pure.
#pragma once

#include <cstdint>
#include <optional>
#include <string_view>

#include "lib/book/layout.h"
#include "patron/expression.h"

namespace patron::internal {

/// The whole number, or the money in minor units, is so much or more; null is less than all.
struct AtLeast {
  int column;
  int64_t number;
};
/// Nothing where the condition is anything else.
std::optional<AtLeast> at_least(const Expression& where, const StreamLayout& layout);

/// The word of an enum is this one, which the expression keeps.
struct IsWord {
  int column;
  std::string_view word;
};
/// Nothing where the condition is anything else.
std::optional<IsWord> is_word(const Expression& where, const StreamLayout& layout);

}  // namespace patron::internal
