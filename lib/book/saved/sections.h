// Sections: the pieces of a saved book or engine, each with its own checksum.
//
//   magic              8 bytes, "patronBK" of a book
//   version            uint32
//   then sections:     tag uint32, CRC-32C of tag, size and payload uint32, size uint64, payload
//   the last is the format's end, whose payload is the number of sections before it, uint64
//
// Everything is little-endian. docs/book.md says what is in each of a book.
//
// Thread class: serial.
#pragma once

#include <cstdint>
#include <functional>
#include <string>
#include <string_view>

#include "lib/book/saved/bytes.h"
#include "patron/book.h"
#include "patron/status.h"

namespace patron::internal {

/// Sections are cut where they have grown to this.
inline constexpr size_t kSectionBytes = size_t{1} << 20;

/// In the order in which they stand.
enum class SectionTag : uint32_t {
  kLayout = 1,     ///< what the book can hold
  kCustomers = 2,  ///< ids
  kLinks = 3,
  kEnums = 4,  ///< texts of open enums
  kEvents = 5,
  kAttributes = 6,
  kKeyValues = 7,   ///< values of identity keys, and who had them first
  kKeyHolders = 8,  ///< whose they are
  kKeyNewest = 9,   ///< the newest of each id
  kClaims = 10,     ///< that wait
  kEnd = 11,
};

/// What is saved in sections.
struct SavedFormat {
  std::string_view magic;  ///< 8 bytes
  uint32_t version = 1;
  std::string_view noun;  ///< for messages: "book"
  uint32_t end = 0;       ///< the greatest tag, of the last section
  bool more = false;      ///< something else may follow behind it
};
inline constexpr SavedFormat kSavedBook{"patronBK", 1, "book",
                                        static_cast<uint32_t>(SectionTag::kEnd), false};

class SectionWriter {
 public:
  explicit SectionWriter(const BookSink& sink, const SavedFormat& format = kSavedBook)
      : sink_(&sink), format_(&format) {}
  Status begin();
  /// What goes into the next section.
  BookByteWriter& body() { return body_; }
  bool full() const { return body_.bytes.size() >= kSectionBytes; }
  /// Hands the section on. Tags are those of the format.
  template <typename Tag>
  Status end_section(Tag tag) {
    return end_numbered(static_cast<uint32_t>(tag));
  }
  Status end();

 private:
  Status end_numbered(uint32_t tag);

  const BookSink* sink_;
  const SavedFormat* format_;
  BookByteWriter body_;
  uint64_t count_ = 0;
};

struct Section {
  SectionTag tag = SectionTag::kEnd;
  std::string_view payload;
  int64_t offset = 0;  ///< of the section, for messages
};

class SectionReader {
 public:
  /// Code::kSyntax for bytes that are none of the format, Code::kUnsupported for a later version.
  static Result<SectionReader> open(std::string_view bytes, const SavedFormat& format = kSavedBook);
  /// The next, checked; the end again and again at the end. Code::kSyntax, with the offset.
  Result<Section> next();
  /// What stands behind the sections that were read.
  std::string_view rest() const { return bytes_.substr(at_); }

 private:
  SectionReader(std::string_view bytes, const SavedFormat& format)
      : bytes_(bytes), format_(&format) {}
  std::string_view bytes_;
  const SavedFormat* format_;
  size_t at_ = 0;
  uint64_t count_ = 0;
  uint32_t before_ = 0;
};

/// "the saved book is damaged at byte 1234: ..."
Status damaged(int64_t offset, std::string_view what, std::string_view noun = "book");

}  // namespace patron::internal
