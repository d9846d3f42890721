// SHA-256 (FIPS 180-4): the name of a document by its content. Not for passwords.
//
//   sha256_hex("abc");   // "ba7816bf 8f01cfea ..." without blanks
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>

namespace patron::internal {

/// 64 hexadecimal digits, lower case. Thread class: pure. Cost: linear.
std::string sha256_hex(std::string_view bytes);

/// The same of bytes that come piece by piece. Thread class: serial.
class Sha256 {
 public:
  Sha256();
  void update(std::string_view bytes);
  /// Of all that came; nothing comes behind it.
  std::string hex();

 private:
  std::array<uint32_t, 8> state_;
  std::array<uint8_t, 64> block_{};
  size_t used_ = 0;
  uint64_t size_ = 0;
};

}  // namespace patron::internal
