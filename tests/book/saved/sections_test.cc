#include "lib/book/saved/sections.h"

#include <gtest/gtest.h>

namespace patron::internal {
namespace {

std::string two_sections() {
  std::string bytes;
  const BookSink sink = [&](std::string_view piece) {
    bytes.append(piece);
    return Status();
  };
  SectionWriter out(sink);
  EXPECT_TRUE(out.begin().ok());
  out.body().put_text("ann");
  EXPECT_TRUE(out.end_section(SectionTag::kCustomers).ok());
  EXPECT_TRUE(out.end_section(SectionTag::kLinks).ok());
  EXPECT_TRUE(out.end().ok());
  return bytes;
}

// The first thing that is wrong, or ok.
Status read_all(std::string_view bytes) {
  Result<SectionReader> reader = SectionReader::open(bytes);
  if (!reader.ok()) return reader.status();
  for (;;) {
    const Result<Section> section = reader->next();
    if (!section.ok()) return section.status();
    if (section->tag == SectionTag::kEnd) return {};
  }
}

TEST(Sections, ComeBackInOrder) {
  const std::string bytes = two_sections();
  EXPECT_EQ(bytes.size(), 12u + 16 + 7 + 16 + 16 + 8);
  Result<SectionReader> reader = SectionReader::open(bytes);
  ASSERT_TRUE(reader.ok());
  const Result<Section> first = reader->next();
  ASSERT_TRUE(first.ok());
  EXPECT_EQ(first->tag, SectionTag::kCustomers);
  EXPECT_EQ(first->offset, 12);
  EXPECT_EQ(BookByteReader(first->payload).take_text(), "ann");
  EXPECT_EQ(reader->next()->tag, SectionTag::kLinks);
  EXPECT_EQ(reader->next()->tag, SectionTag::kEnd);
  EXPECT_EQ(reader->next()->tag, SectionTag::kEnd);
}

TEST(Sections, EveryFlippedBitAndEveryCutIsFound) {
  const std::string bytes = two_sections();
  EXPECT_TRUE(read_all(bytes).ok());
  for (size_t size = 0; size < bytes.size(); ++size) {
    EXPECT_FALSE(read_all(std::string_view(bytes).substr(0, size)).ok()) << size;
  }
  for (size_t bit = 0; bit < bytes.size() * 8; ++bit) {
    std::string other = bytes;
    other[bit / 8] = static_cast<char>(other[bit / 8] ^ (1 << bit % 8));
    EXPECT_FALSE(read_all(other).ok()) << bit;
  }
  EXPECT_FALSE(read_all(bytes + "x").ok());
  // A whole section that is missing, or comes in another place.
  EXPECT_EQ(read_all(bytes.substr(0, 35) + bytes.substr(51)).message(),
            "the saved book is damaged at byte 35: sections are missing before its end");
  EXPECT_EQ(
      read_all(bytes.substr(0, 12) + bytes.substr(35, 16) + bytes.substr(12, 23) + bytes.substr(51))
          .message(),
      "the saved book is damaged at byte 28: a section that does not belong here");
}

TEST(Sections, SayWhatTheBytesAreNot) {
  EXPECT_EQ(read_all("hello").message(),
            "these bytes are no saved book: they do not begin with patronBK");
  std::string later = two_sections();
  later[8] = 2;
  EXPECT_EQ(read_all(later).code(), Code::kUnsupported);
  EXPECT_EQ(read_all(later).message(),
            "the book was saved in format 2; this patron reads format 1");
}

}  // namespace
}  // namespace patron::internal
