#include "lib/policy/cursor.h"

#include <gtest/gtest.h>

namespace patron::internal::policy {
namespace {

TEST(Cursor, PointersAreEscapedAsRfc6901Says) {
  const JsonDocument document = *JsonDocument::parse(R"({"a/b": [{"m~n": 1}]})");
  const Cursor root(document.root());
  const Cursor inner = root.find("a/b")->items()[0];
  EXPECT_EQ(inner.pointer, "/a~1b/0");
  EXPECT_EQ(inner.find("m~n")->pointer, "/a~1b/0/m~0n");
  EXPECT_FALSE(inner.find("x"));
}

TEST(FindingList, StopsListingAfterAThousand) {
  const JsonDocument document = *JsonDocument::parse("1");
  const Cursor root(document.root());
  FindingList list;
  for (int i = 0; i < 1500; ++i) list.error(root, "code", "message");
  EXPECT_EQ(list.errors(), 1500U);
  const std::vector<PolicyFinding> found = list.take();
  EXPECT_EQ(found.size(), 1001U);
  EXPECT_EQ(found.back().code, "limit");
}

TEST(FindingList, ReadersSayWhatIsWrongAndGoOn) {
  const JsonDocument document =
      *JsonDocument::parse(R"({"n": 12, "t": "90", "w": "blau", "x": true})");
  const Cursor root(document.root());
  FindingList list;
  std::optional<int64_t> n;
  std::optional<Period> t;
  std::optional<size_t> w;
  std::string x;
  static constexpr std::array<std::string_view, 2> kColours{"blue", "red"};
  EXPECT_FALSE(list.whole(root, "n", 1, 10, n));
  EXPECT_FALSE(list.period(root, "t", t));
  EXPECT_FALSE(list.choice(root, "w", kColours, w));
  EXPECT_FALSE(list.text(root, "x", x));
  EXPECT_TRUE(list.text(root, "absent", x));
  std::string codes;
  for (const PolicyFinding& one : list.take()) codes += one.code + one.pointer + " ";
  EXPECT_EQ(codes, "value/n period/t value/w type/x ");
}

}  // namespace
}  // namespace patron::internal::policy
