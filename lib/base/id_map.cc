#include "lib/base/id_map.h"

#include <algorithm>
#include <array>
#include <bit>
#include <cstring>
#include <new>
#include <string>
#include <utility>

#include "lib/base/prefetch.h"
#include "lib/base/wiped.h"

namespace patron::internal {
namespace {

constexpr size_t kFirstSlots = 16;
constexpr size_t kFirstRows = 8;
// Ids hashed and prefetched together. Enough to hide the latency of memory, few enough for the
// cache.
constexpr size_t kBatch = 128;
// Rows ahead whose slots are prefetched while a larger table is filled.
constexpr uint32_t kAhead = 16;
// Tables from so many slots on are filled before they are needed, from half full on: until they are
// 5/8 full, there is an eighth of their slots of new ids, in which twice as many slots are cleared
// and the rows moved.
constexpr size_t kGradualFrom = size_t{1} << 16;
constexpr size_t kClearedAtOnce = 512;
constexpr uint32_t kMovedAtOnce = 12;
constexpr size_t kFirstBlock = size_t{16} << 10;
constexpr size_t kLargestBlock = size_t{4} << 20;

// The least power of two that keeps `rows` at a load of at most 5/8.
size_t slots_for(size_t rows) {
  return std::max(kFirstSlots, std::bit_ceil(rows + rows * 3 / 5 + 1));
}

bool crowded(size_t rows, size_t slots) { return rows * 8 > slots * 5; }

size_t next_capacity(size_t rows, size_t now) {
  return std::max({rows, now + now / 2, kFirstRows});
}

// The capacity of a buffer that holds `now` and grows a row at a time until it holds `rows`.
size_t capacity_with(size_t rows, size_t now) {
  while (now < rows) now = next_capacity(now + 1, now);
  return now;
}

// The slots of both tables, of `now` slots and of the one that is filled before it is needed.
size_t slots_with(size_t rows, size_t now) {
  if (rows > 0) now = std::max(now, kFirstSlots);
  while (crowded(rows, now)) now *= 2;
  return now >= kGradualFrom && rows * 2 >= now ? now * 3 : now;
}

// A copy of the first `used` bytes in a larger buffer, swapped in only when it is complete.
void grow(Buffer& buffer, size_t used, size_t bytes) {
  Buffer larger(bytes);
  if (used > 0) std::memcpy(larger.data(), buffer.data(), used);
  buffer = std::move(larger);  // swaps them
  wipe_buffer(larger);
}

Status full(uint32_t max_rows) {
  return {Code::kLimit, "more than " + std::to_string(max_rows) +
                            " different ids; split the data or raise the limit"};
}

// All or nothing. find() has just brought their slots into the cache.
template <typename Map, typename Id>
Status insert_missing(Map& map, uint32_t max_rows, std::span<const Id> ids,
                      std::span<uint32_t> rows) {
  const uint32_t before = map.size();
  try {
    for (size_t i = 0; i < ids.size(); ++i) {
      if (rows[i] != kNoRow) continue;
      rows[i] = map.find_or_insert(ids[i]);
      if (rows[i] != kNoRow) continue;
      map.truncate(before);
      return full(max_rows);
    }
  } catch (...) {
    map.truncate(before);
    throw;
  }
  return {};
}

}  // namespace

bool NextTable::prepare(size_t bytes) {
  if (slots.size() == 0) {
    try {
      slots = Buffer(bytes);
    } catch (const std::bad_alloc&) {
      return false;  // Where it is needed, it is asked for again.
    }
    cleared = 0;
    moved = 0;
  }
  if (cleared == slots.size()) return true;
  const size_t some = std::min(kClearedAtOnce, slots.size() - cleared);
  std::memset(slots.data() + cleared, 0xFF, some);
  cleared += some;
  return false;
}

void NextTable::complete(size_t bytes) {
  if (slots.size() != bytes) {
    Buffer larger(bytes);
    drop();
    slots = std::move(larger);
  }
  std::memset(slots.data() + cleared, 0xFF, slots.size() - cleared);
  cleared = slots.size();
}

void NextTable::drop() {
  wipe_buffer(slots);
  Buffer none;
  std::swap(slots, none);
  cleared = 0;
  moved = 0;
}

IntIdMap::IntIdMap(uint32_t max_rows)
    : seed_(HashSeed::unpredictable()), max_rows_(std::min(max_rows, kMaxRows)) {}

uint32_t IntIdMap::find(int64_t id, uint64_t hash) const {
  if (slots_.data() == nullptr) return kNoRow;
  const Slot* slots = slots_.as<Slot>();
  for (size_t i = hash & mask_;; i = (i + 1) & mask_) {
    if (slots[i].row == kNoRow || (slots[i].id == id && slots[i].row != kErasedRow)) {
      return slots[i].row;
    }
  }
}

uint32_t IntIdMap::find(int64_t id) const { return find(id, hash_id(id, seed_)); }

void IntIdMap::find(std::span<const int64_t> ids, std::span<uint32_t> rows) const {
  std::array<uint64_t, kBatch> hashes;
  for (size_t begin = 0; begin < ids.size(); begin += kBatch) {
    const size_t count = std::min(kBatch, ids.size() - begin);
    for (size_t i = 0; i < count; ++i) {
      hashes[i] = hash_id(ids[begin + i], seed_);
      if (size_ > 0) fetch_line(slots_.as<Slot>() + (hashes[i] & mask_));
    }
    for (size_t i = 0; i < count; ++i) rows[begin + i] = find(ids[begin + i], hashes[i]);
  }
}

uint32_t IntIdMap::find_or_insert(int64_t id, uint64_t hash) {
  const uint32_t found = find(id, hash);
  if (found != kNoRow) return found;
  if (size_ >= max_rows_) return kNoRow;
  if ((size_ + size_t{1}) * sizeof(int64_t) > ids_.size()) grow_ids(size_ + size_t{1});
  if (crowded(size_ + size_t{1}, slots_.size() / sizeof(Slot))) {
    grow_slots(slots_for(size_ + size_t{1}));
  }
  Slot* slots = slots_.as<Slot>();
  size_t i = hash & mask_;
  while (slots[i].row != kNoRow) i = (i + 1) & mask_;
  slots[i] = {id, size_, 0};
  ids_.as<int64_t>()[size_] = id;
  ++size_;
  if (size_ >= kGradualFrom / 2) prepare_next();
  return size_ - 1;
}

void IntIdMap::prepare_next() {
  const size_t bytes = slots_.size();
  if (bytes < kGradualFrom * sizeof(Slot) || size_ * size_t{2} * sizeof(Slot) < bytes) return;
  if (next_.prepare(bytes * 2)) move_to_next(std::min(size_, next_.moved + kMovedAtOnce));
}

void IntIdMap::move_to_next(uint32_t end) {
  Slot* to = next_.slots.as<Slot>();
  const size_t mask = next_.slots.size() / sizeof(Slot) - 1;
  for (uint32_t& row = next_.moved; row < end; ++row) {
    if (row + kAhead < size_) {
      fetch_line_to_write(to + (hash_id(id(row + kAhead), seed_) & mask));
    }
    if (!erased_.empty() && erased(row)) continue;
    size_t i = hash_id(id(row), seed_) & mask;
    while (to[i].row != kNoRow) i = (i + 1) & mask;
    to[i] = {id(row), row, 0};
  }
}

uint32_t IntIdMap::find_or_insert(int64_t id) { return find_or_insert(id, hash_id(id, seed_)); }

Status IntIdMap::resolve(std::span<const int64_t> ids, std::span<uint32_t> rows) {
  const uint32_t before = size_;
  std::array<uint64_t, kBatch> hashes;
  try {
    for (size_t begin = 0; begin < ids.size(); begin += kBatch) {
      const size_t count = std::min(kBatch, ids.size() - begin);
      for (size_t i = 0; i < count; ++i) {
        hashes[i] = hash_id(ids[begin + i], seed_);
        if (size_ > 0) fetch_line_to_write(slots_.as<Slot>() + (hashes[i] & mask_));
      }
      for (size_t i = 0; i < count; ++i) {
        const uint32_t row = find_or_insert(ids[begin + i], hashes[i]);
        if (row == kNoRow) {
          truncate(before);
          return full(max_rows_);
        }
        rows[begin + i] = row;
      }
    }
  } catch (...) {
    truncate(before);
    throw;
  }
  return {};
}

Status IntIdMap::resolve_missing(std::span<const int64_t> ids, std::span<uint32_t> rows) {
  return insert_missing(*this, max_rows_, ids, rows);
}

Status IntIdMap::append_new(std::span<const int64_t> ids) {
  if (ids.size() > max_rows_ - size_) return full(max_rows_);
  const uint32_t before = size_;
  reserve(size_ + static_cast<uint32_t>(ids.size()));
  // From here on nothing fails.
  if (!ids.empty()) std::memcpy(ids_.as<int64_t>() + size_, ids.data(), ids.size_bytes());
  size_ += static_cast<uint32_t>(ids.size());
  Slot* slots = slots_.as<Slot>();
  for (uint32_t row = before; row < size_; ++row) {
    if (row + kAhead < size_) {
      fetch_line_to_write(slots + (hash_id(id(row + kAhead), seed_) & mask_));
    }
    size_t i = hash_id(id(row), seed_) & mask_;
    while (slots[i].row != kNoRow) i = (i + 1) & mask_;
    slots[i] = {id(row), row, 0};
  }
  // As if they had come one by one.
  for (size_t rows = std::max<size_t>(before, (mask_ + 1) / 2); rows < size_; ++rows)
    prepare_next();
  return {};
}

void IntIdMap::reserve(uint32_t rows) {
  rows = std::min(rows, max_rows_);
  if (rows * sizeof(int64_t) > ids_.size()) grow_ids(rows);
  if (crowded(rows, slots_.size() / sizeof(Slot))) grow_slots(slots_for(rows));
}

// Rows are placed in their order, here and in find_or_insert, so the newest is always the last of
// its run of slots and can be taken out without moving another.
void IntIdMap::truncate(uint32_t rows) {
  if (next_.moved > rows) next_.drop();
  Slot* slots = slots_.as<Slot>();
  while (size_ > rows) {
    const int64_t last = id(--size_);
    if (erased_.erase(size_) != 0) continue;
    size_t i = hash_id(last, seed_) & mask_;
    while (slots[i].row != size_) i = (i + 1) & mask_;
    slots[i] = {0, kNoRow, 0};
    ids_.as<int64_t>()[size_] = 0;
  }
}

void IntIdMap::wipe_all() {
  wipe_buffer(next_.slots);
  wipe_buffer(slots_);
  wipe_buffer(ids_);
}

void IntIdMap::erase(std::set<uint32_t>& rows) {
  next_.drop();
  for (const uint32_t row : rows) {
    if (!erased(row)) wipe(row);
  }
  erased_.merge(rows);
}

void IntIdMap::wipe(uint32_t row) {
  Slot* slots = slots_.as<Slot>();
  size_t i = hash_id(id(row), seed_) & mask_;
  while (slots[i].row != row) i = (i + 1) & mask_;
  slots[i] = {0, kErasedRow, 0};
  ids_.as<int64_t>()[row] = 0;
}

uint32_t IntIdMap::append_erased() {
  if (size_ >= max_rows_) return kNoRow;
  if ((size_ + size_t{1}) * sizeof(int64_t) > ids_.size()) grow_ids(size_ + size_t{1});
  erased_.insert(size_);
  ids_.as<int64_t>()[size_] = 0;
  return size_++;
}

size_t IntIdMap::memory_with(size_t more) const {
  const size_t rows = size_ + more;
  const size_t slots = slots_with(rows, slots_.size() / sizeof(Slot)) * sizeof(Slot);
  const size_t ids = capacity_with(rows, ids_.size() / sizeof(int64_t)) * sizeof(int64_t);
  return std::max(memory(), slots + ids);
}

size_t IntIdMap::longest_probe() const {
  size_t longest = 0;
  for (uint32_t row = 0; row < size_; ++row) {
    if (erased(row)) continue;
    const size_t home = hash_id(id(row), seed_) & mask_;
    size_t steps = 0;
    while (slots_.as<Slot>()[(home + steps) & mask_].row != row) ++steps;
    longest = std::max(longest, steps + 1);
  }
  return longest;
}

void IntIdMap::grow_slots(size_t slots) {
  next_.complete(slots * sizeof(Slot));
  move_to_next(size_);
  std::swap(slots_, next_.slots);
  mask_ = slots - 1;
  next_.drop();
}

void IntIdMap::grow_ids(size_t rows) {
  grow(ids_, size_ * sizeof(int64_t),
       next_capacity(rows, ids_.size() / sizeof(int64_t)) * sizeof(int64_t));
}

StringIdMap::StringIdMap(uint32_t max_rows)
    : seed_(HashSeed::unpredictable()), max_rows_(std::min(max_rows, kMaxRows)) {}

namespace {

uint64_t hash_text(std::string_view text, const HashSeed& seed) {
  return hash_bytes(reinterpret_cast<const uint8_t*>(text.data()), text.size(), seed);
}

uint32_t tag_of(uint64_t hash) { return static_cast<uint32_t>(hash >> 32); }

}  // namespace

uint32_t StringIdMap::find(std::string_view text, uint64_t hash) const {
  if (slots_.data() == nullptr) return kNoRow;
  const Slot* slots = slots_.as<Slot>();
  const uint32_t tag = tag_of(hash);
  for (size_t i = hash & mask_;; i = (i + 1) & mask_) {
    const Slot slot = slots[i];
    if (slot.row == kNoRow) return kNoRow;
    if (slot.row != kErasedRow && slot.tag == tag && id(slot.row) == text) return slot.row;
  }
}

uint32_t StringIdMap::find(std::string_view text) const {
  return find(text, hash_text(text, seed_));
}

// First the slots of all, then the entries that the first slots name.
void StringIdMap::prefetch(const uint64_t* hashes, size_t count) const {
  if (size_ == 0) return;
  const Slot* slots = slots_.as<Slot>();
  for (size_t i = 0; i < count; ++i) fetch_line(slots + (hashes[i] & mask_));
  for (size_t i = 0; i < count; ++i) {
    const Slot slot = slots[hashes[i] & mask_];
    if (slot.row < size_) fetch_line(&entry_of(slot.row));
  }
}

void StringIdMap::find(std::span<const std::string_view> ids, std::span<uint32_t> rows) const {
  std::array<uint64_t, kBatch> hashes;
  for (size_t begin = 0; begin < ids.size(); begin += kBatch) {
    const size_t count = std::min(kBatch, ids.size() - begin);
    for (size_t i = 0; i < count; ++i) hashes[i] = hash_text(ids[begin + i], seed_);
    prefetch(hashes.data(), count);
    for (size_t i = 0; i < count; ++i) rows[begin + i] = find(ids[begin + i], hashes[i]);
  }
}

uint32_t StringIdMap::find_or_insert(std::string_view text, uint64_t hash) {
  const uint32_t found = find(text, hash);
  if (found != kNoRow) return found;
  if (size_ >= max_rows_) return kNoRow;
  make_entries(size_ + size_t{1});
  if (crowded(size_ + size_t{1}, slots_.size() / sizeof(Slot))) {
    grow_slots(slots_for(size_ + size_t{1}));
  }
  uint8_t* bytes = room_for(text.size());
  if (!text.empty()) std::memcpy(bytes, text.data(), text.size());
  blocks_.back().used += text.size();
  Slot* slots = slots_.as<Slot>();
  size_t i = hash & mask_;
  while (slots[i].row != kNoRow) i = (i + 1) & mask_;
  slots[i] = {tag_of(hash), size_};
  entry_of(size_) = {hash, bytes, text.size()};
  ++size_;
  if (size_ >= kGradualFrom / 2) prepare_next();
  return size_ - 1;
}

void StringIdMap::prepare_next() {
  const size_t bytes = slots_.size();
  if (bytes < kGradualFrom * sizeof(Slot) || size_ * size_t{2} * sizeof(Slot) < bytes) return;
  if (next_.prepare(bytes * 2)) move_to_next(std::min(size_, next_.moved + kMovedAtOnce));
}

void StringIdMap::move_to_next(uint32_t end) {
  Slot* to = next_.slots.as<Slot>();
  const size_t mask = next_.slots.size() / sizeof(Slot) - 1;
  for (uint32_t& row = next_.moved; row < end; ++row) {
    if (row + kAhead < size_) {
      fetch_line_to_write(to + (entry_of(row + kAhead).hash & mask));
    }
    if (!erased_.empty() && erased(row)) continue;
    const uint64_t hash = entry_of(row).hash;
    size_t i = hash & mask;
    while (to[i].row != kNoRow) i = (i + 1) & mask;
    to[i] = {tag_of(hash), row};
  }
}

uint32_t StringIdMap::find_or_insert(std::string_view text) {
  return find_or_insert(text, hash_text(text, seed_));
}

Status StringIdMap::resolve(std::span<const std::string_view> ids, std::span<uint32_t> rows) {
  const uint32_t before = size_;
  std::array<uint64_t, kBatch> hashes;
  try {
    for (size_t begin = 0; begin < ids.size(); begin += kBatch) {
      const size_t count = std::min(kBatch, ids.size() - begin);
      for (size_t i = 0; i < count; ++i) hashes[i] = hash_text(ids[begin + i], seed_);
      prefetch(hashes.data(), count);
      for (size_t i = 0; i < count; ++i) {
        const uint32_t row = find_or_insert(ids[begin + i], hashes[i]);
        if (row == kNoRow) {
          truncate(before);
          return full(max_rows_);
        }
        rows[begin + i] = row;
      }
    }
  } catch (...) {
    truncate(before);
    throw;
  }
  return {};
}

Status StringIdMap::resolve_missing(std::span<const std::string_view> ids,
                                    std::span<uint32_t> rows) {
  return insert_missing(*this, max_rows_, ids, rows);
}

void StringIdMap::reserve(uint32_t rows) {
  rows = std::min(rows, max_rows_);
  make_entries(rows);
  if (crowded(rows, slots_.size() / sizeof(Slot))) grow_slots(slots_for(rows));
}

// As in IntIdMap; the bytes of the newest row are the last of the last block that has any.
void StringIdMap::truncate(uint32_t rows) {
  if (next_.moved > rows) next_.drop();
  Slot* slots = slots_.as<Slot>();
  while (size_ > rows) {
    Entry& last = entry_of(--size_);
    if (erased_.erase(size_) != 0) continue;
    size_t i = last.hash & mask_;
    while (slots[i].row != size_) i = (i + 1) & mask_;
    slots[i] = {0, kNoRow};
    if (last.size > 0) {
      while (blocks_.back().used == 0) blocks_.pop_back();
      blocks_.back().used -= last.size;
      wipe_bytes(blocks_.back().buffer.data() + blocks_.back().used, last.size);
    }
    last = {0, nullptr, 0};
  }
}

void StringIdMap::erase(std::set<uint32_t>& rows) {
  next_.drop();
  for (const uint32_t row : rows) {
    if (!erased(row)) wipe(row);
  }
  erased_.merge(rows);
}

// The bytes stay taken in their block, zeroed.
void StringIdMap::wipe(uint32_t row) {
  Entry& entry = entry_of(row);
  Slot* slots = slots_.as<Slot>();
  size_t i = entry.hash & mask_;
  while (slots[i].row != row) i = (i + 1) & mask_;
  slots[i] = {0, kErasedRow};
  if (entry.size > 0) std::memset(const_cast<uint8_t*>(entry.bytes), 0, entry.size);
  entry = {0, entry.bytes, 0};
}

uint32_t StringIdMap::append_erased() {
  if (size_ >= max_rows_) return kNoRow;
  make_entries(size_ + size_t{1});
  erased_.insert(size_);
  static constexpr uint8_t kNothing = 0;
  entry_of(size_) = {0, &kNothing, 0};
  return size_++;
}

size_t StringIdMap::memory() const {
  size_t bytes = slots_.size() + next_.slots.size() + pieces_.capacity() * sizeof(Buffer) +
                 blocks_.capacity() * sizeof(Block);
  for (const Buffer& piece : pieces_) bytes += piece.size();
  for (const Block& block : blocks_) bytes += block.buffer.size();
  return bytes;
}

size_t StringIdMap::memory_with(size_t more, size_t bytes, size_t longest) const {
  const size_t rows = size_ + more;
  size_t all = slots_with(rows, slots_.size() / sizeof(Slot)) * sizeof(Slot);
  const size_t first = pieces_.empty() ? 0 : pieces_.front().size() / sizeof(Entry);
  const size_t pieces = (rows + kPiece - 1) / kPiece;
  all += std::min<size_t>(capacity_with(std::min<size_t>(rows, kPiece), first), kPiece) *
         sizeof(Entry);
  if (pieces > 1) all += (pieces - 1) * kPiece * sizeof(Entry);
  all += std::max(std::bit_ceil(pieces), pieces_.capacity()) * sizeof(Buffer);
  // Blocks: what is left at the end of one may be too short for the next text.
  size_t blocks = blocks_.size(), held = 0, last = kFirstBlock / 2, room = 0;
  for (const Block& block : blocks_) held += block.buffer.size();
  if (!blocks_.empty()) {
    last = blocks_.back().buffer.size();
    room = last - blocks_.back().used;
  }
  for (size_t left = bytes; left > room; ++blocks) {
    left -= room >= longest ? room - longest + 1 : 0;
    last = room = std::max(std::min(kLargestBlock, last * 2), longest);
    held += last;
  }
  all += std::max(std::bit_ceil(blocks), blocks_.capacity()) * sizeof(Block);
  return std::max(memory(), all + held);
}

size_t StringIdMap::longest_probe() const {
  size_t longest = 0;
  for (uint32_t row = 0; row < size_; ++row) {
    if (erased(row)) continue;
    const size_t home = entry_of(row).hash & mask_;
    size_t steps = 0;
    while (slots_.as<Slot>()[(home + steps) & mask_].row != row) ++steps;
    longest = std::max(longest, steps + 1);
  }
  return longest;
}

void StringIdMap::grow_slots(size_t slots) {
  next_.complete(slots * sizeof(Slot));
  move_to_next(size_);
  std::swap(slots_, next_.slots);
  mask_ = slots - 1;
  next_.drop();
}

void StringIdMap::make_entries(size_t rows) {
  const size_t whole = kPiece * sizeof(Entry);
  if (pieces_.empty()) pieces_.emplace_back();
  Buffer& first = pieces_.front();
  const size_t in_first = std::min<size_t>(rows, kPiece) * sizeof(Entry);
  if (first.size() < in_first) {
    const size_t capacity = next_capacity(in_first / sizeof(Entry), first.size() / sizeof(Entry));
    grow(first, std::min(size_, kPiece) * sizeof(Entry), std::min(capacity * sizeof(Entry), whole));
  }
  while (pieces_.size() * kPiece < rows) pieces_.emplace_back(whole);
}

// Where the next `bytes` bytes go; nothing is used up yet.
uint8_t* StringIdMap::room_for(size_t bytes) {
  if (blocks_.empty() || blocks_.back().buffer.size() - blocks_.back().used < bytes) {
    const size_t wanted =
        blocks_.empty() ? kFirstBlock : std::min(kLargestBlock, blocks_.back().buffer.size() * 2);
    Block block;
    block.buffer = Buffer(std::max(wanted, bytes));
    blocks_.push_back(std::move(block));
  }
  return blocks_.back().buffer.data() + blocks_.back().used;
}

}  // namespace patron::internal
