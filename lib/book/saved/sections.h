// Sections: the pieces of a saved book, each with its own checksum.
//
//   magic  "patronBK"  8 bytes
//   version            uint32
//   then sections:     tag uint32, CRC-32C of tag, size and payload uint32, size uint64, payload
//   the last is kEnd, whose payload is the number of sections before it, uint64
//
// Everything is little-endian. docs/book.md says what is in each.
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

inline constexpr std::string_view kSavedMagic = "patronBK";
inline constexpr uint32_t kSavedVersion = 1;
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

class SectionWriter {
 public:
  explicit SectionWriter(const BookSink& sink) : sink_(&sink) {}
  Status begin();
  /// What goes into the next section.
  BookByteWriter& body() { return body_; }
  bool full() const { return body_.bytes.size() >= kSectionBytes; }
  /// Hands the section on.
  Status end_section(SectionTag tag);
  Status end();

 private:
  const BookSink* sink_;
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
  /// Code::kSyntax for bytes that are no saved book, Code::kUnsupported for a later version.
  static Result<SectionReader> open(std::string_view bytes);
  /// The next, checked; kEnd again and again at the end. Code::kSyntax, with the offset.
  Result<Section> next();

 private:
  explicit SectionReader(std::string_view bytes) : bytes_(bytes) {}
  std::string_view bytes_;
  size_t at_ = 0;
  uint64_t count_ = 0;
  uint32_t before_ = 0;
};

/// "the saved book is damaged at byte 1234: ..."
Status damaged(int64_t offset, std::string_view what);

}  // namespace patron::internal
