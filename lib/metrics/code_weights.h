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

#include <cstdint>
#include <string_view>
#include <vector>

#include "lib/base/int128.h"

namespace patron::internal {

class CodeWeights {
 public:
  explicit CodeWeights(std::vector<std::string_view> texts);

  void clear() {
    for (const uint32_t code : touched_) entries_[code] = {0, 0, entries_[code].rank, false};
    touched_.clear();
  }
  /// Sums of whole numbers and of doubles; a caller uses one of them.
  void add(uint32_t code, int64_t whole, double number) {
    Entry& entry = entries_[code];
    if (!entry.touched) entry.touched = true, touched_.push_back(code);
    entry.whole += whole;
    entry.number += number;
  }
  /// How many different codes were added.
  size_t size() const { return touched_.size(); }
  /// The heaviest; there is one.
  uint32_t best() const;
  /// All that were added, the heaviest first.
  const std::vector<uint32_t>& order();
  std::string_view text(uint32_t code) const { return texts_[code]; }

 private:
  struct Entry {
    Int128 whole;
    double number;
    uint32_t rank;  ///< by the bytes of the text
    bool touched;
  };
  bool before(uint32_t a, uint32_t b) const {
    const Entry& x = entries_[a];
    const Entry& y = entries_[b];
    if (x.whole != y.whole) return x.whole > y.whole;
    if (x.number != y.number) return x.number > y.number;
    return x.rank < y.rank;
  }
  std::vector<std::string_view> texts_;
  std::vector<Entry> entries_;
  std::vector<uint32_t> touched_;
};

}  // namespace patron::internal
