// Saved books: any bytes get a reason why they are none, or a book that can be used and saved.
#include <string>

#include "lib/base/crc32c.h"
#include "tests/book/random_calls.h"
#include "tests/fuzz/fuzz.h"

namespace {

// Who changes bytes on purpose also changes the checksum: what stands behind it is to be tried.
void mend_checksums(std::string& bytes) {
  constexpr size_t kHead = 12;
  constexpr size_t kSection = 16;
  for (size_t at = kHead; at + kSection <= bytes.size();) {
    uint64_t size = 0;
    std::memcpy(&size, bytes.data() + at + 8, sizeof size);
    if (size > bytes.size() - at - kSection) return;
    const std::string head = bytes.substr(at, 4) + bytes.substr(at + 8, 8);
    const uint32_t sum = patron::internal::crc32c(
        std::string_view(bytes).substr(at + kSection, size), patron::internal::crc32c(head));
    std::memcpy(bytes.data() + at + 4, &sum, sizeof sum);
    at += kSection + size;
  }
}

const patron::BookLayout& layout(bool text) {
  static const patron::BookLayout kText =
      *patron::BookLayout::make(patron::book_test::full_spec(patron::Kind::kString, "text"));
  static const patron::BookLayout kNumbers =
      *patron::BookLayout::make(patron::book_test::full_spec(patron::Kind::kInt64, "number"));
  return text ? kText : kNumbers;
}

}  // namespace

// The first byte: bit 0 the layout, bit 1 whether checksums stay as they are.
extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  if (size == 0 || size > 65'536) return 0;
  const bool text = (data[0] & 1) != 0;
  std::string bytes(reinterpret_cast<const char*>(data + 1), size - 1);
  if ((data[0] & 2) == 0) mend_checksums(bytes);
  patron::Result<patron::Book> book = patron::Book::load(layout(text), bytes);
  if (!book.ok()) {
    FUZZ_CHECK(!book.status().message().empty());
    FUZZ_CHECK(book.status().byte_offset() <= static_cast<int64_t>(bytes.size()));
    return 0;
  }
  // A row of events costs at least a byte, and a row of these streams takes below 200.
  FUZZ_CHECK(book->memory().total < 100'000 + 400 * static_cast<int64_t>(bytes.size()));
  const std::string saved = book->save();
  patron::Result<patron::Book> again = patron::Book::load(layout(text), saved);
  FUZZ_CHECK(again.ok() && again->save() == saved);
  for (uint64_t call = 0; call < 8; ++call) {
    patron::book_test::RandomCall next(call * 31 + data[size - 1], 6);
    FUZZ_CHECK(next.apply(*book) == next.apply(*again));
  }
  return 0;
}
