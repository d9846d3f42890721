#include "capi/src/guard.h"

#include <algorithm>
#include <cstring>
#include <string_view>

namespace patron::capi {
namespace {

// The longest start of the text that fits and does not end inside a character.
size_t cut(std::string_view text, size_t limit) {
  if (text.size() <= limit) return text.size();
  size_t size = limit;
  while (size > 0 && (static_cast<unsigned char>(text[size]) & 0xC0) == 0x80) --size;
  return size;
}

patron_status fill(Code code, std::string_view message, int64_t byte_offset, int64_t row,
                   patron_error* error) noexcept {
  const patron_status status = static_cast<patron_status>(code);
  if (error == nullptr) return status;
  error->code = status;
  error->detail = 0;
  error->reserved = 0;
  error->byte_offset = byte_offset;
  error->row = row;
  const size_t size = cut(message, sizeof(error->message) - 1);
  if (size > 0) std::memcpy(error->message, message.data(), size);
  std::memset(error->message + size, 0, sizeof(error->message) - size);
  return status;
}

}  // namespace

patron_status report(const Status& status, patron_error* error) noexcept {
  return fill(status.code(), status.message(), status.byte_offset(), status.row(), error);
}

patron_status report(Code code, const char* message, patron_error* error) noexcept {
  return fill(code, message, -1, -1, error);
}

}  // namespace patron::capi
