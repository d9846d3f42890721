#include "lib/base/json_writer.h"

#include <gtest/gtest.h>

#include <cstdint>
#include <cstdlib>
#include <cstring>
#include <limits>
#include <random>
#include <string>

#include "lib/base/json.h"

namespace patron::internal {
namespace {

TEST(JsonWriter, ObjectsAndArraysNest) {
  JsonWriter writer;
  writer.begin_object().key("a").integer(1).key("b").begin_array().null().boolean(true).end_array();
  writer.key("c").begin_object().end_object().end_object();
  EXPECT_EQ(writer.text(), R"({"a": 1, "b": [null, true], "c": {}})");
}

TEST(JsonWriter, LinesPutEachElementOnALineOfItsOwn) {
  JsonWriter writer;
  writer.begin_array(JsonWriter::Layout::kLines);
  writer.begin_object().key("a").integer(1).end_object();
  writer.begin_object().key("a").integer(2).end_object();
  writer.end_array();
  EXPECT_EQ(writer.text(), "[\n  {\"a\": 1},\n  {\"a\": 2}\n]");
}

// A name that is known when it is compiled stands where any other would, whatever is around it.
TEST(JsonWriter, ANameThatIsKnownStandsAsAnyOther) {
  for (const auto layout : {JsonWriter::Layout::kInline, JsonWriter::Layout::kLines}) {
    JsonWriter known, any;
    known.begin_object(layout).key(JsonName("a")).integer(1).key(JsonName("long name"));
    known.begin_object().key(JsonName("")).null().end_object().end_object();
    any.begin_object(layout).key("a").integer(1).key("long name");
    any.begin_object().key("").null().end_object().end_object();
    EXPECT_EQ(known.text(), any.text());
  }
}

TEST(JsonWriter, ATextNeedsAsManyBytesAsItHas) {
  for (size_t size = 0; size < 300; ++size) {
    std::string text(size, 'x');
    EXPECT_EQ(JsonWriter().string(text).take(), '"' + text + '"');
    if (size == 0) continue;
    text.back() = '"';
    EXPECT_EQ(JsonWriter().string(text).take(), '"' + text.substr(0, size - 1) + "\\\"\"");
  }
}

TEST(JsonWriter, QuotesBackslashesAndControlCharactersAreEscaped) {
  EXPECT_EQ(JsonWriter().string("a\"b\\c\nd\te\x01\x7F/é中").take(),
            "\"a\\\"b\\\\c\\nd\\te\\u0001\\u007f/é中\"");
}

TEST(JsonWriter, DoublesAreShortestAndNeverNaN) {
  EXPECT_EQ(JsonWriter().number(0.1).take(), "0.1");
  EXPECT_EQ(JsonWriter().number(1e300).take(), "1e+300");
  EXPECT_EQ(JsonWriter().number(std::numeric_limits<double>::quiet_NaN()).take(), "null");
  EXPECT_EQ(JsonWriter().number(std::numeric_limits<double>::infinity()).take(), "null");
}

TEST(JsonWriter, WhatItWritesIsReadBackTheSame) {
  const char* asked = std::getenv("PATRON_CASES");
  const int cases = 200 * (asked == nullptr ? 1 : std::atoi(asked));
  std::mt19937_64 random(20240229);
  for (int i = 0; i < cases; ++i) {
    const uint64_t bits = random();
    double number = 0;
    std::memcpy(&number, &bits, sizeof number);
    if (!(number - number == 0)) continue;  // NaN or infinite
    const auto integer = static_cast<int64_t>(random());
    std::string text;
    for (int k = 0; k < 12; ++k) text += static_cast<char>(random() % 128);
    text += "é中";
    JsonWriter writer;
    writer.begin_array().number(number).integer(integer).string(text).end_array();
    Result<JsonDocument> document = JsonDocument::parse(writer.text());
    ASSERT_TRUE(document.ok()) << "case " << i << ": " << document.status().message();
    auto item = document->root().items().begin();
    EXPECT_EQ((*item).number(), number) << "case " << i;
    EXPECT_EQ((*++item).integer(), integer) << "case " << i;
    EXPECT_EQ((*++item).string(), text) << "case " << i;
  }
}

}  // namespace
}  // namespace patron::internal
