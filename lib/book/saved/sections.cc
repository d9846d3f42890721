#include "lib/book/saved/sections.h"

#include <cstring>

#include "lib/base/crc32c.h"

namespace patron::internal {
namespace {

constexpr size_t kSectionHead = 16;

uint32_t section_sum(uint32_t tag, std::string_view payload) {
  BookByteWriter head;
  head.put(tag);
  head.put(static_cast<uint64_t>(payload.size()));
  return crc32c(payload, crc32c(head.bytes));
}

}  // namespace

Status damaged(int64_t offset, std::string_view what, std::string_view noun) {
  return {Code::kSyntax,
          "the saved " + std::string(noun) + " is damaged at byte " + std::to_string(offset) +
              ": " + std::string(what),
          -1, offset};
}

Status SectionWriter::begin() {
  BookByteWriter head;
  head.bytes = format_->magic;
  head.put(format_->version);
  return (*sink_)(head.bytes);
}

Status SectionWriter::end_numbered(uint32_t tag) {
  BookByteWriter head;
  head.put(tag);
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
  return end_numbered(format_->end);
}

Result<SectionReader> SectionReader::open(std::string_view bytes, const SavedFormat& format) {
  const std::string noun(format.noun);
  if (bytes.substr(0, format.magic.size()) != format.magic) {
    return Status(Code::kSyntax,
                  "these bytes are no saved " + noun + ": they do not begin with " +
                      std::string(format.magic),
                  -1, 0);
  }
  SectionReader reader(bytes, format);
  BookByteReader head(bytes.substr(format.magic.size()));
  const auto version = head.take<uint32_t>();
  if (!head.sound()) {
    return damaged(static_cast<int64_t>(bytes.size()), "it ends in its head", noun);
  }
  if (version != format.version) {
    return Status(Code::kUnsupported, "the " + noun + " was saved in format " +
                                          std::to_string(version) + "; this patron reads format " +
                                          std::to_string(format.version));
  }
  reader.at_ = format.magic.size() + sizeof version;
  return reader;
}

Result<Section> SectionReader::next() {
  const auto offset = static_cast<int64_t>(at_);
  const auto wrong = [&](int64_t at, std::string_view what) {
    return damaged(at, what, format_->noun);
  };
  if (before_ == format_->end) return Section{static_cast<SectionTag>(format_->end), {}, offset};
  BookByteReader in(bytes_.substr(at_));
  const auto tag = in.take<uint32_t>();
  const auto sum = in.take<uint32_t>();
  const auto size = in.take<uint64_t>();
  if (!in.sound()) return wrong(offset, "it ends before its last section");
  if (size > in.left()) {
    return wrong(offset, "a section of " + std::to_string(size) + " bytes, and " +
                             std::to_string(in.left()) + " are left");
  }
  Section section{static_cast<SectionTag>(tag), in.take_bytes(size), offset};
  if (section_sum(tag, section.payload) != sum) {
    return wrong(offset, "the checksum of a section does not match its bytes");
  }
  if (tag < before_ || tag == 0 || tag > format_->end) {
    return wrong(offset, "a section that does not belong here");
  }
  before_ = tag;
  at_ += kSectionHead + size;
  if (tag == format_->end) {
    BookByteReader end(section.payload);
    if (end.take<uint64_t>() != count_ || !end.done()) {
      return wrong(offset, "sections are missing before its end");
    }
    if (at_ != bytes_.size() && !format_->more) {
      return wrong(static_cast<int64_t>(at_), "bytes behind its last section");
    }
  }
  ++count_;
  return section;
}

}  // namespace patron::internal
