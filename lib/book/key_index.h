// KeyIndex: at which instants a long log has an event key, by the hash of the key.
//
//   index.add(hash, time);
//   index.find(hash, [&](Micros at) { return has_key(log, at, key); });   // until that is true
//
// Every instant at which the key stands is named. Others may be named too, where it stood before or
// another key has its hash, so whoever asks looks there.
//
// Thread class: const is shared; adding is serial.
#pragma once

#include <cstdint>
#include <utility>
#include <vector>

#include "lib/base/id_map.h"
#include "lib/base/wiped.h"
#include "patron/time.h"

namespace patron::internal {

class KeyIndex {
 public:
  /// Strong guarantee.
  void add(uint64_t hash, Micros time);
  /// Calls found(time) until it returns true; whether it did.
  template <typename Found>
  bool find(uint64_t hash, const Found& found) const {
    const uint32_t row = first_.find(static_cast<int64_t>(hash));
    if (row == kNoRow) return false;
    if (found(times_[row])) return true;
    for (const auto& [other, time] : more_) {
      if (other == hash && found(time)) return true;
    }
    return false;
  }
  /// Whether so much is out of date that it should be made anew.
  bool worn() const { return more_.size() > 64 + times_.size() / 4; }
  /// Zeroes what it holds: it is then only good to be destroyed.
  void wipe_all() { first_.wipe_all(); }
  size_t memory() const {
    return first_.memory() + times_.capacity() * sizeof(Micros) +
           more_.capacity() * sizeof(more_[0]);
  }

 private:
  IntIdMap first_;
  WipedVector<Micros> times_;
  WipedVector<std::pair<uint64_t, Micros>> more_;
};

}  // namespace patron::internal
