// Whole numbers and texts as few bytes: what a summary of a population is written in.
//
//   ByteWriter out;
//   out.number(300), out.whole(-3), out.text("Anna");
//   ByteReader in(out.bytes());
//   uint64_t n; int64_t i; std::string text;
//   in.number(n) && in.whole(i) && in.text(text) && in.at_end();
//
// Numbers are groups of seven bits, the least first (LEB128); signed ones fold the sign into the
// lowest bit. A reader takes any bytes: what does not fit is false, and never read past the end.
//
// Thread class: serial.
#pragma once

#include <cstddef>
#include <cstdint>
#include <cstring>
#include <string>
#include <string_view>

namespace patron::internal {

class ByteWriter {
 public:
  void number(uint64_t value) {
    for (; value >= 0x80; value >>= 7) bytes_ += static_cast<char>(value | 0x80);
    bytes_ += static_cast<char>(value);
  }
  void whole(int64_t value) {
    number(static_cast<uint64_t>(value) << 1 ^ static_cast<uint64_t>(value >> 63));
  }
  void text(std::string_view value) {
    number(value.size());
    bytes_ += value;
  }
  /// As they are, without a length.
  void raw(std::string_view value) { bytes_ += value; }
  const std::string& bytes() const { return bytes_; }
  std::string take() { return std::move(bytes_); }

 private:
  std::string bytes_;
};

class ByteReader {
 public:
  explicit ByteReader(std::string_view bytes) : bytes_(bytes) {}

  bool number(uint64_t& out) {
    out = 0;
    for (unsigned shift = 0; shift < 64 && at_ < bytes_.size(); shift += 7) {
      const auto byte = static_cast<unsigned char>(bytes_[at_++]);
      if (shift == 63 && byte > 1) return false;
      out |= static_cast<uint64_t>(byte & 0x7F) << shift;
      if (byte < 0x80) return shift == 0 || byte != 0;  // the shortest way to write it alone
    }
    return false;
  }
  bool whole(int64_t& out) {
    uint64_t folded = 0;
    if (!number(folded)) return false;
    out = static_cast<int64_t>(folded >> 1 ^ (~(folded & 1) + 1));
    return true;
  }
  bool text(std::string& out) {
    uint64_t size = 0;
    if (!number(size) || size > left()) return false;
    out = bytes_.substr(at_, size);
    at_ += size;
    return true;
  }
  /// Bytes as they are.
  bool raw(void* out, size_t size) {
    if (size > left()) return false;
    std::memcpy(out, bytes_.data() + at_, size);
    at_ += size;
    return true;
  }
  size_t left() const { return bytes_.size() - at_; }
  size_t at() const { return at_; }
  bool at_end() const { return at_ == bytes_.size(); }

 private:
  std::string_view bytes_;
  size_t at_ = 0;
};

}  // namespace patron::internal
