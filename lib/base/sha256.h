// SHA-256 (FIPS 180-4): the name of a document by its content. Not for passwords.
//
//   sha256_hex("abc");   // "ba7816bf 8f01cfea ..." without blanks
#pragma once

#include <string>
#include <string_view>

namespace patron::internal {

/// 64 hexadecimal digits, lower case. Thread class: pure. Cost: linear.
std::string sha256_hex(std::string_view bytes);

}  // namespace patron::internal
