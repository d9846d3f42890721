// EnumTexts: the texts of an open enum column by code, in the order of arrival. A code reaches no
// result: facts are ordered and compared by text.
//
//   uint32_t code = texts.code("view");   // a new one where it was not there
//   texts.text(code);                     // "view"
//
// A copy shares the texts and keeps those it had: texts are only added behind its end.
//
// Thread class: const is shared, also while a copy of it is added to; adding is serial.
#pragma once

#include <array>
#include <cstdint>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

namespace patron::internal {

class EnumTexts {
 public:
  uint32_t size() const { return size_; }
  std::string_view text(uint32_t code) const { return (*blocks_[code / kBlock])[code % kBlock]; }
  /// Adds a text as the next code. Strong guarantee.
  uint32_t add(std::string_view text);
  /// Forgets codes from `size` on.
  void truncate(uint32_t size);
  /// The text becomes empty, here and in what is copied later, not in copies made before.
  void blank(uint32_t code);
  size_t memory() const;

 private:
  static constexpr uint32_t kBlock = 64;
  using Block = std::array<std::string, kBlock>;
  std::vector<std::shared_ptr<Block>> blocks_;
  uint32_t size_ = 0;
};

}  // namespace patron::internal
