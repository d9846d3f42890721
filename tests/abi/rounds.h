// How often a test repeats what may go wrong only now and then: PATRON_CASES multiplies it.
#pragma once

#include <algorithm>
#include <cstdlib>

namespace patron::test {

inline int rounds(int usual) {
  const char* factor = std::getenv("PATRON_CASES");
  return factor == nullptr ? usual : std::max(2, static_cast<int>(usual * std::atof(factor)));
}

}  // namespace patron::test
