// Splitter: which partition a customer's rows go to.
//
// Ordered: every id has a 64-bit sort key, which for integers is the id, and for text the eight
// bytes behind what nearly all ids begin with; partitions are ranges of sort keys with about equal
// shares of a sample. So a result that is sorted within each partition is sorted as a whole. Ids
// too clustered for that go by hash, and the result is sorted at the end.
#pragma once

#include <algorithm>
#include <bit>
#include <cstdint>
#include <cstring>
#include <string>
#include <string_view>
#include <vector>

#include "lib/models/orders/row_source.h"

namespace patron::internal {

/// The eight bytes of a text from `skip` on, with zeros behind the end, so that unsigned order is
/// the order of bytes.
inline uint64_t eight_bytes(std::string_view text, size_t skip) {
  uint64_t bytes = 0;
  if (text.size() >= skip + 8)
    std::memcpy(&bytes, text.data() + skip, sizeof bytes);
  else if (text.size() > skip)
    std::memcpy(&bytes, text.data() + skip, text.size() - skip);
  if constexpr (std::endian::native == std::endian::little) bytes = __builtin_bswap64(bytes);
  return bytes;
}

/// Which rows of a table are looked at: one of every so many, at no regular distance, or a pattern
/// in the order of the rows would hide what is between.
class SampledRows {
 public:
  explicit SampledRows(int64_t rows)
      : every_(std::max<int64_t>(1, rows / std::clamp(rows / 256, kLeast, kMost))) {}
  /// The i-th, which may be behind the last row of the table.
  int64_t operator[](int64_t i) const {
    const uint64_t bits = fold_product(static_cast<uint64_t>(i) + 1, 0x9e3779b97f4a7c15u);
    return i * every_ + static_cast<int64_t>(bits % static_cast<uint64_t>(every_));
  }

 private:
  static constexpr int64_t kLeast = 2048, kMost = 16'384;
  int64_t every_;
};

/// The customer of a row, for choosing.
struct SampledId {
  uint64_t sort_key;
  uint64_t identity;  ///< another for every other customer, or nearly
};

class Splitter {
 public:
  /// Chooses ranges from a sample; hashed where the sort keys are too clustered.
  static Splitter ordered(std::vector<SampledId> sample, int log2_partitions);
  static Splitter hashed(int log2_partitions);
  /// Samples the customers of the rows.
  static Splitter choose(const RowSource& source, const std::vector<Batch>& batches,
                         int log2_partitions);

  bool is_ordered() const { return ordered_; }
  int partitions() const { return 1 << log2_; }
  /// How many bytes of a text its sort key leaves out.
  size_t skipped_bytes() const { return prefix_.size(); }

  /// The sort key of a text.
  uint64_t sort_key(std::string_view text) const {
    if (text.size() >= prefix_.size() + 8 && begins_with_prefix(text.data())) [[likely]]
      return eight_bytes(text, prefix_.size());
    return odd_sort_key(text);
  }

  /// The partition of a sort key (where ordered) or a hash (where not); a small value to keep in
  /// registers. The splitter must outlive it.
  class Place {
   public:
    explicit Place(const Splitter& splitter)
        : fine_(splitter.fine_.data()),
          last_(splitter.fine_.size() - 1),
          low_(splitter.low_),
          shift_(splitter.shift_),
          hash_shift_(63 - splitter.log2_) {}
    uint16_t of_sort_key(uint64_t key) const {
      const uint64_t fine = key < low_ ? 0 : (key - low_) >> shift_;
      return fine_[std::min(fine, last_)];
    }
    uint16_t of_hash(uint64_t hash) const {
      return static_cast<uint16_t>(hash >> hash_shift_ >> 1);
    }

   private:
    const uint16_t* fine_;
    uint64_t last_;
    uint64_t low_;
    int shift_;
    int hash_shift_;
  };

 private:
  static constexpr int kLog2Fine = 13;

  static uint64_t load8(const char* bytes) {
    uint64_t word;
    std::memcpy(&word, bytes, sizeof word);
    return word;
  }
  /// Of a text of eight bytes or more; its first and the prefix's last eight without a call.
  bool begins_with_prefix(const char* text) const {
    if ((load8(text) & head_mask_) != head_) return false;
    const size_t size = prefix_.size();
    if (size <= 8) return true;
    return load8(text + size - 8) == tail_ &&
           (size <= 16 || std::memcmp(text, prefix_.data(), size) == 0);
  }
  void set_prefix(std::string prefix);
  /// Of a text that is shorter or begins with something else.
  uint64_t odd_sort_key(std::string_view text) const;

  bool ordered_ = false;
  int log2_ = 0;
  std::string prefix_;
  uint64_t head_ = 0;  ///< the prefix's first bytes, up to eight, and which bytes these are
  uint64_t head_mask_ = 0;
  uint64_t tail_ = 0;  ///< its last eight, where it has more
  uint64_t low_ = 0;
  int shift_ = 0;
  std::vector<uint16_t> fine_;  ///< partition of each of 2^13 equal ranges of the sort keys
};

/// Finds the partitions of runs of rows.
template <typename Key>
class PlaceFinder {
 public:
  PlaceFinder(const RowSource& source, const Splitter& splitter)
      : source_(source), splitter_(splitter) {}
  /// Fills places[0 .. n); a row whose customer cannot be read gets splitter.partitions(). n is at
  /// most kBlockRows.
  void find(int chunk, int64_t begin, int64_t n, uint16_t* places);

 private:
  const RowSource& source_;
  const Splitter& splitter_;
  KeyBlock<Key> keys_;
  CellState states_[kBlockRows];
};

}  // namespace patron::internal
