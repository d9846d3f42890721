// JsonDocument: whatever the bytes, every value lies in the text and can be walked.
#include <string>

#include "lib/base/json.h"
#include "tests/fuzz/fuzz.h"

namespace {

using patron::internal::JsonKind;
using patron::internal::JsonValue;

uint32_t walk(JsonValue value, size_t text_size) {
  FUZZ_CHECK(value.offset() >= 0 && static_cast<size_t>(value.offset()) < text_size);
  uint32_t seen = 0;
  if (value.is(JsonKind::kArray) || value.is(JsonKind::kObject)) {
    for (JsonValue item : value.items()) {
      if (value.is(JsonKind::kObject)) {
        const auto found = value.find(item.key());
        FUZZ_CHECK(found.has_value() && found->offset() == item.offset());
      }
      walk(item, text_size);
      seen++;
    }
    FUZZ_CHECK(seen == value.size());
  }
  FUZZ_CHECK(value.source().size() <= 40);
  return seen;
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  // Members of an object are searched one by one, so that a large one would only cost time.
  if (size > 4096) return 0;
  const std::string_view text(reinterpret_cast<const char*>(data), size);
  const auto document = patron::internal::JsonDocument::parse(text);
  if (document.ok()) {
    walk(document->root(), size);
  } else {
    const patron::Status status = document.status();
    FUZZ_CHECK(!status.message().empty());
    FUZZ_CHECK(status.byte_offset() >= -1 && status.byte_offset() <= static_cast<int64_t>(size));
  }
  return 0;
}
