// TablePlaces: where the customers of a page go in a table.
//
// Thread class: const is shared.
#pragma once

#include <cstdint>

namespace patron::internal {

inline constexpr uint32_t kNoPlace = UINT32_MAX;

struct TablePlaces {
  TablePlaces(const uint32_t* of, uint32_t count) : places(of), n(count) {
    bool next = n > 0 && places[0] != kNoPlace;
    for (uint32_t k = 1; next && k < n; ++k) next = places[k] == places[0] + k;
    if (next) first = places[0];
  }
  const uint32_t* places;  ///< of each; kNoPlace: nowhere
  uint32_t n;
  uint32_t first = kNoPlace;  ///< the place of the first, where the others follow it
};

}  // namespace patron::internal
