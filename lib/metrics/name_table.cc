#include "lib/metrics/name_table.h"

#include <algorithm>
#include <utility>

namespace patron::internal {

NameTable::NameTable(std::vector<std::string_view> texts) : texts_(std::move(texts)) {
  const bool are_short =
      texts_.size() <= kMostSlots &&
      std::all_of(texts_.begin(), texts_.end(), [](auto text) { return text.size() <= kSlot; });
  if (!are_short) return;
  slots_.resize(std::max<size_t>(texts_.size(), 1));
  for (size_t code = 0; code < texts_.size(); ++code) {
    slots_[code].size = texts_[code].size();
    std::copy(texts_[code].begin(), texts_[code].end(), slots_[code].bytes);
  }
}

}  // namespace patron::internal
