#include "capi/src/input.h"

#include "lib/base/utf8.h"

namespace patron::capi {
namespace {

std::string size_of(const std::string& name, uint32_t size) {
  return name + ": struct_size is " + std::to_string(size);
}

}  // namespace

Status first_error(std::initializer_list<Status> statuses) {
  for (const Status& status : statuses) {
    if (!status.ok()) return status;
  }
  return {};
}

Status require(const void* pointer, const char* name) {
  if (pointer != nullptr) return {};
  return {Code::kArgument, std::string(name) + " is NULL"};
}

Status require_array(const void* pointer, uint64_t count, uint64_t element_size, const char* name) {
  if (pointer == nullptr && count > 0) {
    return {Code::kArgument,
            std::string(name) + " is NULL; " + std::to_string(count) + " elements are announced"};
  }
  if (count > static_cast<uint64_t>(PTRDIFF_MAX) / element_size) {
    return {Code::kArgument, std::string(name) + ": " + std::to_string(count) +
                                 " elements are more than memory can hold"};
  }
  return {};
}

Status require_choice(int32_t value, int32_t last, const char* name) {
  if (value >= 0 && value <= last) return {};
  return {Code::kArgument, std::string(name) + " is " + std::to_string(value) + "; want 0 to " +
                               std::to_string(last)};
}

Status require_index(int64_t index, int64_t count, const char* name) {
  if (index >= 0 && index < count) return {};
  return {Code::kArgument, std::string(name) + " is " + std::to_string(index) + "; there are " +
                               std::to_string(count) + ", counted from 0"};
}

Result<std::string_view> read_text(const char* data, uint64_t size, const char* name) {
  if (size == 0) return std::string_view();
  Status status = require_array(data, size, 1, name);
  if (!status.ok()) return status;
  const std::string_view text(data, size);
  const size_t bad = internal::find_invalid_utf8(reinterpret_cast<const uint8_t*>(data), size);
  if (bad != internal::kValidUtf8) {
    return Status(Code::kUtf8,
                  std::string(name) + ": no UTF-8 at byte " + std::to_string(bad) + " of " +
                      internal::quoted(text),
                  -1, static_cast<int64_t>(bad));
  }
  return text;
}

Status write_text(std::string_view text, char* buffer, uint64_t capacity, uint64_t* needed) {
  const uint64_t size = text.size() + 1;
  if (needed != nullptr) *needed = size;
  if (capacity > 0) {
    Status status = require(buffer, "buffer");
    if (!status.ok()) return status;
  }
  if (capacity < size) {
    return {Code::kBuffer, "the buffer has " + std::to_string(capacity) + " bytes; " +
                               std::to_string(size) + " are needed"};
  }
  std::memcpy(buffer, text.data(), text.size());
  buffer[text.size()] = '\0';
  return {};
}

Status check_size(const void* in, uint32_t ours, uint32_t first, const char* name) {
  uint32_t size = 0;
  std::memcpy(&size, in, sizeof(size));
  if (size < first) {
    return {Code::kUnsupported, size_of(name, size) + "; want at least " + std::to_string(first) +
                                    ": start from the struct's _INIT"};
  }
  if (size > kLargestStruct) {
    return {Code::kUnsupported, size_of(name, size) + ", larger than any struct of patron's"};
  }
  const uint32_t unknown = find_unknown(in, ours, size);
  return unknown == size ? Status() : unknown_field(name, ours, size, unknown);
}

Status unknown_field(const std::string& name, uint32_t ours, uint32_t size, uint32_t at,
                     int64_t row) {
  return {Code::kUnsupported,
          size_of(name, size) + "; this version of patron knows " + std::to_string(ours) +
              " bytes, and byte " + std::to_string(at) + " is not zero: use a newer library",
          row};
}

}  // namespace patron::capi
