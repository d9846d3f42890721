#include "lib/book/saved/sections.h"

#include <cstring>

#include "lib/base/crc32c.h"

namespace patron::internal {
namespace {

constexpr size_t kSectionHead = 16;

uint32_t section_sum(SectionTag tag, std::string_view payload) {
  BookByteWriter head;
  head.put(static_cast<uint32_t>(tag));
  head.put(static_cast<uint64_t>(payload.size()));
  return crc32c(payload, crc32c(head.bytes));
}

}  // namespace

Status damaged(int64_t offset, std::string_view what) {
  return {Code::kSyntax,
          "the saved book is damaged at byte " + std::to_string(offset) + ": " + std::string(what),
          -1, offset};
}

Status SectionWriter::begin() {
  BookByteWriter head;
  head.bytes = kSavedMagic;
  head.put(kSavedVersion);
  return (*sink_)(head.bytes);
}

Status SectionWriter::end_section(SectionTag tag) {
  BookByteWriter head;
  head.put(static_cast<uint32_t>(tag));
  head.put(section_sum(tag, body_.bytes));
  head.put(static_cast<uint64_t>(body_.bytes.size()));
  if (Status status = (*sink_)(head.bytes); !status.ok()) return status;
  if (Status status = (*sink_)(body_.bytes); !status.ok()) return status;
  body_.bytes.clear();
  ++count_;
  return {};
}

Status SectionWriter::end() {
  body_.put(count_);
  return end_section(SectionTag::kEnd);
}

Result<SectionReader> SectionReader::open(std::string_view bytes) {
  if (bytes.substr(0, kSavedMagic.size()) != kSavedMagic) {
    return Status(Code::kSyntax, "these bytes are no saved book: they do not begin with " +
                                     std::string(kSavedMagic));
  }
  SectionReader reader(bytes);
  BookByteReader head(bytes.substr(kSavedMagic.size()));
  const auto version = head.take<uint32_t>();
  if (!head.sound()) return damaged(static_cast<int64_t>(bytes.size()), "it ends in its head");
  if (version != kSavedVersion) {
    return Status(Code::kUnsupported, "the book was saved in format " + std::to_string(version) +
                                          "; this patron reads format " +
                                          std::to_string(kSavedVersion));
  }
  reader.at_ = kSavedMagic.size() + sizeof version;
  return reader;
}

Result<Section> SectionReader::next() {
  const auto offset = static_cast<int64_t>(at_);
  if (before_ == static_cast<uint32_t>(SectionTag::kEnd)) {
    return Section{SectionTag::kEnd, {}, offset};
  }
  BookByteReader in(bytes_.substr(at_));
  const auto tag = in.take<uint32_t>();
  const auto sum = in.take<uint32_t>();
  const auto size = in.take<uint64_t>();
  if (!in.sound()) return damaged(offset, "it ends before its last section");
  if (size > in.left()) {
    return damaged(offset, "a section of " + std::to_string(size) + " bytes, and " +
                               std::to_string(in.left()) + " are left");
  }
  Section section{static_cast<SectionTag>(tag), in.take_bytes(size), offset};
  if (section_sum(section.tag, section.payload) != sum) {
    return damaged(offset, "the checksum of a section does not match its bytes");
  }
  if (tag < before_ || tag == 0 || tag > static_cast<uint32_t>(SectionTag::kEnd)) {
    return damaged(offset, "a section that does not belong here");
  }
  before_ = tag;
  at_ += kSectionHead + size;
  if (section.tag == SectionTag::kEnd) {
    BookByteReader end(section.payload);
    if (end.take<uint64_t>() != count_ || !end.done()) {
      return damaged(offset, "sections are missing before its end");
    }
    if (at_ != bytes_.size()) {
      return damaged(static_cast<int64_t>(at_), "bytes behind its last section");
    }
  }
  ++count_;
  return section;
}

}  // namespace patron::internal
