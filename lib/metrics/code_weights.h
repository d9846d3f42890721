// CodeWeights: what each of some texts weighs, where the texts are codes; reused from customer to
// customer without clearing what nobody touched.
//
//   CodeWeights weights(texts);
//   weights.add(code, 1, 0);
//   weights.text(weights.best());     // the heaviest; of equals the one whose text is less
//   weights.clear();
//
// Thread class: serial.
#pragma once

#include <cstddef>
#include <cstdint>
#include <span>
#include <string_view>
#include <vector>

#include "lib/base/int128.h"
#include "lib/metrics/name_table.h"

namespace patron::internal {

class CodeWeights {
 public:
  explicit CodeWeights(std::vector<std::string_view> texts);

  void clear() {
    for (size_t k = 0; k < count_; ++k) {
      Entry& entry = entries_[touched_[k]];
      entry.whole = 0, entry.number = 0, entry.touched = 0;
    }
    count_ = 0;
  }
  /// Sums of whole numbers and of doubles; a caller uses one of them.
  void add(uint32_t code, int64_t whole, double number) {
    add_whole(code, whole);
    entries_[code].number += number;
  }
  void add_whole(uint32_t code, int64_t whole) {
    Entry& entry = entries_[code];
    touched_[count_] = code;
    count_ += 1 - entry.touched;
    entry.touched = 1;
    entry.whole += whole;
  }
  /// How many different codes were added.
  size_t size() const { return count_; }
  /// The heaviest; there is one.
  uint32_t best() const {
    uint32_t best = touched_[0];
    for (size_t k = 1; k < count_; ++k) {
      if (before(touched_[k], best)) best = touched_[k];
    }
    return best;
  }
  /// All that were added, the heaviest first.
  std::span<const uint32_t> order();
  const NameTable& names() const { return names_; }
  std::string_view text(uint32_t code) const { return names_.text(code); }
  size_t codes() const { return names_.size(); }
  /// Of each code where its text stands among all, by their bytes.
  const uint32_t* ranks() const { return ranks_.data(); }

 private:
  struct Entry {
    Int128 whole;
    double number;
    uint32_t touched;  ///< 1: it was added
  };
  bool before(uint32_t a, uint32_t b) const {
    const Entry& x = entries_[a];
    const Entry& y = entries_[b];
    if (x.whole != y.whole) return x.whole > y.whole;
    if (x.number != y.number) return x.number > y.number;
    return ranks_[a] < ranks_[b];
  }
  NameTable names_;
  std::vector<Entry> entries_;
  std::vector<uint32_t> ranks_;
  std::vector<uint32_t> touched_;  ///< one more than there are codes
  size_t count_ = 0;               ///< of those that were added
};

}  // namespace patron::internal
