// Id maps: customers' own ids to dense rows 0 .. n - 1, in the order in which they were first seen.
//
//   IntIdMap map;
//   std::vector<uint32_t> rows(ids.size());
//   Status status = map.resolve(ids, rows);       // new ids get the next rows
//   map.id(rows[0]) == ids[0];
//
// A failed allocation (std::bad_alloc) leaves a map exactly as it was: the larger table is built
// beside the old one and then swapped in. That of many ids is filled before it is needed, a few
// rows with each new id, so that no single one waits for all. Ids cannot be crafted to make it
// slow (lib/base/hash.h); neither the seed nor the size of the table reaches a row number.
//
// Thread class: a const map is shared; changing one is serial.
#pragma once

#include <cstddef>
#include <cstdint>
#include <limits>
#include <set>
#include <span>
#include <string_view>
#include <vector>

#include "lib/base/buffer.h"
#include "lib/base/hash.h"
#include "lib/base/prefetch.h"
#include "patron/status.h"

namespace patron::internal {

/// What find() gives for an id that is not there, and find_or_insert() where no row is left.
inline constexpr uint32_t kNoRow = std::numeric_limits<uint32_t>::max();
/// The most rows a map can have.
inline constexpr uint32_t kMaxRows = kNoRow - 1;
/// The row of a slot whose id was erased: no row of a map.
inline constexpr uint32_t kErasedRow = kNoRow - 1;

/// The table of twice the size of an id map, as it is filled before it is needed.
struct NextTable {
  /// Whether it has no empty slots to make any more: rows can be moved. Makes the next 512 bytes of
  /// them where it has; and a table where there is none, if there is memory for it.
  bool prepare(size_t bytes);
  /// A table of so many bytes, all of it empty slots and rows that were moved. Throws
  /// std::bad_alloc before it begins.
  void complete(size_t bytes);
  /// Zeroes it and gives it back.
  void drop();

  Buffer slots;
  size_t cleared = 0;  ///< bytes of it
  uint32_t moved = 0;  ///< rows that it has
};

/// int64 ids. 16 bytes a slot at a load of at most 5/8, and 8 bytes a row for the way back.
class IntIdMap {
 public:
  /// `max_rows` is at most kMaxRows. No memory is taken before the first id.
  explicit IntIdMap(uint32_t max_rows = kMaxRows);

  uint32_t size() const { return size_; }
  int64_t id(uint32_t row) const { return ids_.as<int64_t>()[row]; }
  /// Brings the id of a row into the cache.
  void fetch(uint32_t row) const { fetch_line(ids_.as<int64_t>() + row); }
  /// All ids by row.
  std::span<const int64_t> ids() const { return {ids_.as<int64_t>(), size_}; }

  /// The row, or kNoRow.
  uint32_t find(int64_t id) const;
  /// The rows of many ids, kNoRow for those that are not there. `rows` is as long as `ids`.
  void find(std::span<const int64_t> ids, std::span<uint32_t> rows) const;

  /// The row of an id, a new one where it was not there; kNoRow where the map is full.
  uint32_t find_or_insert(int64_t id);
  /// The same for many. All or nothing: after Code::kLimit and after std::bad_alloc the map holds
  /// what it held before, and `rows` means nothing.
  Status resolve(std::span<const int64_t> ids, std::span<uint32_t> rows);
  /// The same after find(), of those alone that were not there. What find() gave stays.
  Status resolve_missing(std::span<const int64_t> ids, std::span<uint32_t> rows);
  /// Adds ids that are not there and differ from each other, in their order. All or nothing, as
  /// resolve().
  Status append_new(std::span<const int64_t> ids);

  /// Room for `rows` rows in all.
  void reserve(uint32_t rows);
  /// Forgets the newest rows, from `rows` on, every byte of them. The memory stays.
  void truncate(uint32_t rows);
  /// Forgets an id for good, every byte of it. Its row stays taken; id() of it is 0, and find() of
  /// the id gives kNoRow, until it comes back as a new row. Throws std::bad_alloc before it begins.
  void erase(uint32_t row) {
    std::set<uint32_t> one{row};
    erase(one);
  }
  /// Many at once: takes the nodes of the set, and so does not fail.
  void erase(std::set<uint32_t>& rows);
  /// Zeroes all memory: the map is then only good to be destroyed.
  void wipe_all();
  bool erased(uint32_t row) const { return erased_.count(row) != 0; }
  bool any_erased() const { return !erased_.empty(); }
  /// A row of an id that is forgotten already; kNoRow where the map is full. Strong guarantee.
  uint32_t append_erased();
  /// Bytes held.
  size_t memory() const { return slots_.size() + ids_.size() + next_.slots.size(); }
  /// The same once `more` other ids have been added, one call or many; at most.
  size_t memory_with(size_t more) const;
  /// The most slots that a find of an id in the map looks at: how well the ids spread. Cost: all
  /// rows.
  size_t longest_probe() const;

 private:
  struct Slot {
    int64_t id;
    uint32_t row;  // kNoRow: empty
    uint32_t unused;
  };

  void wipe(uint32_t row);

  uint32_t find(int64_t id, uint64_t hash) const;
  uint32_t find_or_insert(int64_t id, uint64_t hash);
  void prepare_next();
  void move_to_next(uint32_t end);
  void grow_slots(size_t slots);
  void grow_ids(size_t rows);

  HashSeed seed_;
  uint32_t max_rows_;
  uint32_t size_ = 0;
  size_t mask_ = 0;  // slots - 1, where there are slots
  Buffer slots_;
  Buffer ids_;
  std::set<uint32_t> erased_;
  NextTable next_;
};

/// Byte strings of any length. The bytes are copied into blocks that never move, so that views of
/// them hold until truncate() or the end of the map.
class StringIdMap {
 public:
  explicit StringIdMap(uint32_t max_rows = kMaxRows);

  uint32_t size() const { return size_; }
  std::string_view id(uint32_t row) const {
    const Entry& entry = entry_of(row);
    return {reinterpret_cast<const char*>(entry.bytes), entry.size};
  }
  /// Brings where the id of a row is into the cache.
  void fetch(uint32_t row) const { fetch_line(&entry_of(row)); }

  /// As in IntIdMap.
  uint32_t find(std::string_view id) const;
  void find(std::span<const std::string_view> ids, std::span<uint32_t> rows) const;
  uint32_t find_or_insert(std::string_view id);
  Status resolve(std::span<const std::string_view> ids, std::span<uint32_t> rows);
  Status resolve_missing(std::span<const std::string_view> ids, std::span<uint32_t> rows);
  void reserve(uint32_t rows);
  void truncate(uint32_t rows);
  /// id() of the row is empty afterwards.
  void erase(uint32_t row) {
    std::set<uint32_t> one{row};
    erase(one);
  }
  void erase(std::set<uint32_t>& rows);
  bool erased(uint32_t row) const { return erased_.count(row) != 0; }
  bool any_erased() const { return !erased_.empty(); }
  uint32_t append_erased();
  size_t memory() const;
  /// As of IntIdMap, where they are of so many bytes in all, the longest of `longest`.
  size_t memory_with(size_t more, size_t bytes, size_t longest) const;
  size_t longest_probe() const;

 private:
  struct Slot {
    uint32_t tag;  // the upper half of the hash
    uint32_t row;  // kNoRow: empty
  };

  void wipe(uint32_t row);
  struct Entry {
    uint64_t hash;
    const uint8_t* bytes;
    size_t size;
  };
  struct Block {
    Buffer buffer;
    size_t used = 0;
  };

  uint32_t find(std::string_view id, uint64_t hash) const;
  uint32_t find_or_insert(std::string_view id, uint64_t hash);
  // Entries lie in pieces that never move once they are whole: only the first one grows.
  static constexpr uint32_t kPieceBits = 14;
  static constexpr uint32_t kPiece = uint32_t{1} << kPieceBits;
  const Entry& entry_of(uint32_t row) const {
    return pieces_[row >> kPieceBits].as<Entry>()[row % kPiece];
  }
  Entry& entry_of(uint32_t row) { return pieces_[row >> kPieceBits].as<Entry>()[row % kPiece]; }

  void prefetch(const uint64_t* hashes, size_t count) const;
  void prepare_next();
  void move_to_next(uint32_t end);
  void grow_slots(size_t slots);
  void make_entries(size_t rows);
  uint8_t* room_for(size_t bytes);

  HashSeed seed_;
  uint32_t max_rows_;
  uint32_t size_ = 0;
  size_t mask_ = 0;
  Buffer slots_;
  std::vector<Buffer> pieces_;
  std::vector<Block> blocks_;
  std::set<uint32_t> erased_;
  NextTable next_;
};

}  // namespace patron::internal
