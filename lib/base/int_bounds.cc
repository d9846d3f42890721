#include "lib/base/int_bounds.h"

#include "lib/base/simd.h"

namespace patron::internal {

IntBounds bounds_of(std::span<const int64_t> values) {
  return run_with_best_simd([values] {
    int64_t least = std::numeric_limits<int64_t>::max();
    int64_t most = std::numeric_limits<int64_t>::min();
    for (const int64_t value : values) {
      least = std::min(least, value);
      most = std::max(most, value);
    }
    return IntBounds{least, most};
  });
}

}  // namespace patron::internal
