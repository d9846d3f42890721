// BookByteWriter and BookByteReader: numbers and texts, little-endian, back to back.
//
// A reader is given bytes that may be hostile: past their end it gives zeros and says so once
// asked.
//
//   BookByteWriter out;
//   out.put<uint32_t>(7);
//   out.put_text("ann");                 // its length in four bytes, then its bytes
//   BookByteReader in(out.bytes);
//   in.take<uint32_t>() == 7; in.take_text() == "ann"; in.sound();
//
// Thread class: serial.
#pragma once

#include <bit>
#include <cstdint>
#include <cstring>
#include <string>
#include <string_view>

#include "lib/base/wiped.h"

namespace patron::internal {

static_assert(std::endian::native == std::endian::little, "numbers are written as they stand");

struct BookByteWriter {
  template <typename T>
  void put(T value) {
    bytes.append(reinterpret_cast<const char*>(&value), sizeof value);
  }
  void put_text(std::string_view text) {
    put(static_cast<uint32_t>(text.size()));
    bytes.append(text);
  }
  WipedString bytes;  ///< what is saved is somebody's
};

class BookByteReader {
 public:
  explicit BookByteReader(std::string_view bytes) : bytes_(bytes) {}

  template <typename T>
  T take() {
    T value{};
    const std::string_view bytes = take_bytes(sizeof value);
    if (!bytes.empty()) std::memcpy(&value, bytes.data(), sizeof value);
    return value;
  }
  /// Empty where there are not so many.
  std::string_view take_bytes(uint64_t size) {
    if (size > left()) {
      sound_ = false;
      bytes_ = {};
      return {};
    }
    const std::string_view taken = bytes_.substr(0, size);
    bytes_.remove_prefix(size);
    return taken;
  }
  std::string_view take_text() { return take_bytes(take<uint32_t>()); }

  size_t left() const { return bytes_.size(); }
  /// Whether all that was taken was there.
  bool sound() const { return sound_; }
  /// Sound, and nothing is left.
  bool done() const { return sound_ && bytes_.empty(); }

 private:
  std::string_view bytes_;
  bool sound_ = true;
};

}  // namespace patron::internal
