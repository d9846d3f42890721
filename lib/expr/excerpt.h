// A line of a text with marks under a part of it, as compilers show where something is wrong.
//
//   excerpt("spned > 10", 0, 5, '^')    ->    "  spned > 10\n  ^^^^^\n"
//
// Long lines are shown around the part. Characters that terminals give two columns have two below
// them, so that the marks stand where they should. Thread class: pure.
#pragma once

#include <string>
#include <string_view>

namespace patron::internal {

/// Marks bytes [begin, end) of a line, at least one; what is beyond the line is left out. `rest` is
/// the mark of all columns but the first, which is '^'.
std::string excerpt(std::string_view line, size_t begin, size_t end, char rest);

}  // namespace patron::internal
