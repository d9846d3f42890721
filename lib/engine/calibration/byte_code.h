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

#include <bit>
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
    if (at_ < bytes_.size() && static_cast<unsigned char>(bytes_[at_]) < 0x80) {
      out = static_cast<unsigned char>(bytes_[at_++]);
      return true;
    }
    const bool word = std::endian::native == std::endian::little && left() >= sizeof(uint64_t);
    return word ? number_by_word(out) : number_by_bytes(out);
  }
  bool whole(int64_t& out) {
    uint64_t folded = 0;
    if (!number(folded)) return false;
    out = static_cast<int64_t>(folded >> 1 ^ (~(folded & 1) + 1));
    return true;
  }
  /// The text lies where it is read.
  bool text(std::string_view& out) {
    uint64_t size = 0;
    if (!number(size) || size > left()) return false;
    out = bytes_.substr(at_, size);
    at_ += size;
    return true;
  }
  bool text(std::string& out) {
    std::string_view there;
    if (!text(there)) return false;
    out = there;
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
  // The plain way.
  bool number_by_bytes(uint64_t& out) {
    out = 0;
    for (unsigned shift = 0; shift < 64 && at_ < bytes_.size(); shift += 7) {
      const auto byte = static_cast<unsigned char>(bytes_[at_++]);
      if (shift == 63 && byte > 1) return false;
      out |= static_cast<uint64_t>(byte & 0x7F) << shift;
      if (byte < 0x80) return shift == 0 || byte != 0;  // the shortest way to write it alone
    }
    return false;
  }
  // Up to eight bytes at once, of which there are as many.
  bool number_by_word(uint64_t& out) {
    uint64_t word = 0;
    std::memcpy(&word, bytes_.data() + at_, sizeof word);
    const uint64_t last = ~word & 0x8080'8080'8080'8080;
    if (last == 0) return number_by_bytes(out);
    const int bits = std::countr_zero(last) + 1;
    word &= ~uint64_t{0} >> (64 - bits);
    at_ += static_cast<size_t>(bits) / 8;
    if (word >> (bits - 8) == 0) return false;  // the shortest way to write it alone
    word = (word & 0x007F'007F'007F'007F) | (word & 0x7F00'7F00'7F00'7F00) >> 1;
    word = (word & 0x0000'3FFF'0000'3FFF) | (word & 0x3FFF'0000'3FFF'0000) >> 2;
    out = (word & 0x0000'0000'0FFF'FFFF) | (word & 0x0FFF'FFFF'0000'0000) >> 4;
    return true;
  }

  std::string_view bytes_;
  size_t at_ = 0;
};

}  // namespace patron::internal
