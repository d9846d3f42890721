// What the six comparisons say of two values that are known, and the comparison that says the
// opposite.
//
//   compares(3, Cmp::kLt, 4);    // true
//   negated(Cmp::kLt);           // Cmp::kGe
#pragma once

#include "lib/expr/graph.h"

namespace patron::internal {

template <typename T>
bool compares(const T& a, Cmp cmp, const T& b) {
  switch (cmp) {
    case Cmp::kEq:
      return a == b;
    case Cmp::kNe:
      return a != b;
    case Cmp::kLt:
      return a < b;
    case Cmp::kLe:
      return a <= b;
    case Cmp::kGt:
      return a > b;
    case Cmp::kGe:
      break;
  }
  return a >= b;
}

/// True where the other is false. Of doubles only where neither is NaN.
constexpr Cmp negated(Cmp cmp) {
  switch (cmp) {
    case Cmp::kEq:
      return Cmp::kNe;
    case Cmp::kNe:
      return Cmp::kEq;
    case Cmp::kLt:
      return Cmp::kGe;
    case Cmp::kLe:
      return Cmp::kGt;
    case Cmp::kGt:
      return Cmp::kLe;
    case Cmp::kGe:
      break;
  }
  return Cmp::kLt;
}

}  // namespace patron::internal
