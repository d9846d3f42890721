// NameTable: texts by number, for columns that say a few of them over and over.
//
//   const NameTable names({"gold", "silver"});
//   names.text(1);                             // "silver"
//   if (names.in_slots()) at += put_slot(names.slots()[1], at);
//
// A short text lies in a slot of its own as well, which is copied whole, without asking how long
// the text is: what is written behind it is to be overwritten by the next.
//
// Thread class: const is shared.
#pragma once

#include <cstddef>
#include <cstdint>
#include <cstring>
#include <string_view>
#include <vector>

namespace patron::internal {

class NameTable {
 public:
  static constexpr size_t kSlot = 32;
  /// The most texts that have slots.
  static constexpr size_t kMostSlots = 4096;

  /// The texts are borrowed. Throws std::bad_alloc.
  explicit NameTable(std::vector<std::string_view> texts);

  size_t size() const { return texts_.size(); }
  std::string_view text(uint32_t code) const { return texts_[code]; }
  /// Whether every text has a slot.
  bool in_slots() const { return !slots_.empty(); }
  struct Slot {
    uint8_t bytes[kSlot];
    size_t size;
  };
  /// One for each text where there are slots. Of no texts there is one of no bytes.
  const Slot* slots() const { return slots_.data(); }

 private:
  std::vector<std::string_view> texts_;
  std::vector<Slot> slots_;
};

/// Writes kSlot bytes, the text first; how long it is.
inline size_t put_slot(const NameTable::Slot& slot, uint8_t* to) {
  std::memcpy(to, slot.bytes, NameTable::kSlot);
  return slot.size;
}

}  // namespace patron::internal
