#include "lib/book/key_index.h"

namespace patron::internal {

void KeyIndex::add(uint64_t hash, Micros time) {
  const uint32_t known = first_.find(static_cast<int64_t>(hash));
  if (known != kNoRow) {
    if (times_[known] != time) more_.emplace_back(hash, time);
    return;
  }
  times_.push_back(time);
  try {
    first_.find_or_insert(static_cast<int64_t>(hash));
  } catch (...) {
    times_.pop_back();
    throw;
  }
}

}  // namespace patron::internal
