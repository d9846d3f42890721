#include "lib/base/json.h"

#include <gtest/gtest.h>

#include <array>
#include <cstdint>
#include <limits>
#include <string>
#include <vector>

namespace patron::internal {
namespace {

using std::string_view_literals::operator""sv;

JsonDocument parsed(std::string_view text) {
  Result<JsonDocument> document = JsonDocument::parse(text);
  EXPECT_TRUE(document.ok()) << text << ": " << document.status().message();
  return document.ok() ? *std::move(document) : *JsonDocument::parse("null");
}

Status refused(std::string_view text) {
  Result<JsonDocument> document = JsonDocument::parse(text);
  EXPECT_FALSE(document.ok()) << text;
  return document.status();
}

TEST(Json, EachKindOfValueIsReadWithItsByteOffset) {
  //                                   0123456789012345678901234567890123456
  const JsonDocument document = parsed(R"([null, true,  -12, 2.50, "aé", {}, []])");
  const JsonValue root = document.root();
  ASSERT_TRUE(root.is(JsonKind::kArray));
  ASSERT_EQ(root.size(), 7u);
  std::vector<JsonKind> kinds;
  std::vector<int64_t> offsets;
  for (JsonValue value : root.items()) {
    kinds.push_back(value.kind());
    offsets.push_back(value.offset());
  }
  EXPECT_EQ(kinds, (std::vector<JsonKind>{JsonKind::kNull, JsonKind::kBool, JsonKind::kInt,
                                          JsonKind::kNumber, JsonKind::kString, JsonKind::kObject,
                                          JsonKind::kArray}));
  EXPECT_EQ(offsets, (std::vector<int64_t>{1, 7, 14, 19, 25, 32, 36}));
}

TEST(Json, MembersCarryTheirKeysAndTheOffsetsOfTheirKeys) {
  const JsonDocument document = parsed("{ \"a\" : {\"b\": [1, 2]},\n\"c\": \"x\\ty\"}");
  const JsonValue root = document.root();
  ASSERT_EQ(root.size(), 2u);
  const JsonValue a = *root.find("a");
  EXPECT_EQ(a.key_offset(), 2);
  EXPECT_EQ(a.offset(), 8);
  EXPECT_EQ(a.find("b")->source(), "[1, 2]");
  const JsonValue c = *root.find("c");
  EXPECT_EQ(c.key(), "c");
  EXPECT_EQ(c.string(), "x\ty");
  EXPECT_EQ(c.source(), "\"x\\ty\"");
  EXPECT_FALSE(root.find("b").has_value());
}

TEST(Json, WholeNumbersAreExactToTheEndsOfInt64) {
  const JsonDocument document = parsed("[9223372036854775807, -9223372036854775808, -0]");
  std::vector<int64_t> values;
  for (JsonValue value : document.root().items()) {
    EXPECT_TRUE(value.is(JsonKind::kInt));
    values.push_back(value.integer());
  }
  EXPECT_EQ(values, (std::vector<int64_t>{std::numeric_limits<int64_t>::max(),
                                          std::numeric_limits<int64_t>::min(), 0}));
}

TEST(Json, AWholeNumberBeyondInt64IsANumberThatIsNotWhole) {
  const JsonDocument document = parsed("9223372036854775808");
  EXPECT_TRUE(document.root().is(JsonKind::kNumber));
  EXPECT_EQ(document.root().number(), 9223372036854775808.0);
}

TEST(Json, DoublesAreTheNearestToTheText) {
  // 5e-324 is the smallest double; 1.7976931348623157e308 the largest; the third lies a hair above
  // the middle of 1 and the next double, and so is 1 + 2^-52.
  const JsonDocument document =
      parsed("[5e-324, 1.7976931348623157e308, 1.00000000000000011102230246251565404236316680909]");
  std::vector<double> values;
  for (JsonValue value : document.root().items()) values.push_back(value.number());
  EXPECT_EQ(values[0], std::numeric_limits<double>::denorm_min());
  EXPECT_EQ(values[1], std::numeric_limits<double>::max());
  EXPECT_EQ(values[2], 1.0 + std::numeric_limits<double>::epsilon());
}

TEST(Json, EscapesAreDecoded) {
  const JsonDocument document = parsed(R"("\"\\\/\b\f\n\r\té\u4e2d\ud83d\ude00")");
  EXPECT_EQ(document.root().string(), "\"\\/\b\f\n\r\t\u00e9\u4e2d\U0001F600");
}

TEST(Json, AZeroInAStringIsPartOfIt) {
  EXPECT_EQ(parsed(R"("a\u0000b")").root().string(), "a\0b"sv);
}

struct Bad {
  std::string_view text;
  int64_t offset;
  std::string_view message;
};

TEST(Json, WhatIsNoJsonIsRefusedWhereItGoesWrong) {
  const std::array<Bad, 26> cases{{
      {"", 0, "the text is empty"},
      {"  ", 2, "the text is empty"},
      {"[1, 2", 5, "a comma or ] belongs after the element"},
      {"[1, 2,]", 6, "a comma before ] is no JSON; leave it out"},
      {"[1 2]", 3, "a comma or ] belongs"},
      {"{\"a\" 1}", 5, "a colon belongs after the key"},
      {"{\"a\": 1,}", 8, "a comma before } is no JSON; leave it out"},
      {"{'a': 1}", 1, "JSON has double quotes alone; write \" for '"},
      {"{\"a\": 'b'}", 6, "JSON has double quotes alone"},
      {"{a: 1}", 1, "a key in double quotes belongs here"},
      {"{// a\n\"a\": 1}", 1, "JSON has no comments; leave it out"},
      {"{\"a\": 1 // b\n}", 8, "JSON has no comments"},
      {"{\"a\": 1", 7, "a comma or } belongs"},
      {"{\"a\":}", 5, "a value belongs here"},
      {"[tru]", 4, "a value belongs here"},
      {"[01]", 2, "a comma or ] belongs"},
      {"[1.]", 3, "a digit belongs after the decimal point"},
      {"[1e]", 3, "a digit belongs in the exponent"},
      {"[1e999]", 1, "the number does not fit a double"},
      {"[NaN]", 1, "a value belongs here"},
      {"1 2", 2, "the value ended, and more text follows"},
      {"\"abc", 4, "the string has no closing quote"},
      {"[\"a\\qb\"]", 3, "no such escape"},
      {"[\"\\ud83d\"]", 2, "a \\u surrogate stands alone"},
      {"[1, \"\\ude00\"]", 4, "a \\u surrogate stands alone"},
      {"[\"\\u12g4\"]", 2, "\\u takes four hexadecimal digits"},
  }};
  for (const Bad& bad : cases) {
    const Status status = refused(bad.text);
    EXPECT_EQ(status.code(), Code::kSyntax) << bad.text;
    EXPECT_EQ(status.byte_offset(), bad.offset) << bad.text;
    EXPECT_NE(status.message().find(bad.message), std::string::npos)
        << bad.text << ": " << status.message();
  }
}

TEST(Json, TheMessageHasTheByteAndTheRemedy) {
  EXPECT_EQ(refused("[1 2]").message(), "JSON, byte 3: a comma or ] belongs after the element");
}

TEST(Json, BytesThatAreNoUtf8AreRefused) {
  for (std::string_view text : {"\"a\xFF\"", "\"\xC0\x80\"", "\"\xED\xA0\x80\"", "\"\xE4\xB8\""}) {
    const Status status = refused(text);
    EXPECT_EQ(status.code(), Code::kSyntax);
    EXPECT_NE(status.message().find("UTF-8"), std::string::npos) << status.message();
  }
}

TEST(Json, AZeroByteDoesNotHideWhatFollows) {
  const Status status = refused("[1]\0, garbage"sv);
  EXPECT_EQ(status.byte_offset(), 3);
  EXPECT_EQ(status.message(), "JSON, byte 3: a zero byte stands in the text");
}

TEST(Json, AByteOrderMarkIsNamed) {
  EXPECT_EQ(refused("\xEF\xBB\xBF[1]").message(),
            "JSON, byte 0: the text begins with a byte order mark; leave it out");
}

TEST(Json, AKeyThatComesTwiceIsRefusedAtItsSecondPlace) {
  const Status status = refused(R"({"a": 1, "b": {"x": 1, "y": 2, "\u0078": 3}})");
  EXPECT_EQ(status.code(), Code::kDocument);
  EXPECT_EQ(status.byte_offset(), 31);
  EXPECT_EQ(status.message(), "JSON, byte 31: the key \"x\" comes twice; keep one");
}

TEST(Json, OfTwoDuplicateKeysTheFirstInTheTextIsReported) {
  EXPECT_EQ(refused(R"([{"a": 1, "a": 2}, {"b": 1, "b": 2}])").byte_offset(), 10);
  EXPECT_EQ(refused(R"({"z": {"a": 1, "a": 2}, "z": 3})").byte_offset(), 15);
}

TEST(Json, TheSameKeyInTwoObjectsIsNoDuplicate) { parsed(R"([{"a": {"a": 1}}, {"a": 2}])"); }

TEST(Json, NestingIsBounded) {
  const std::string deep(64, '[');
  EXPECT_TRUE(JsonDocument::parse(deep + std::string(64, ']')).ok());
  const Status status = refused(deep + "[" + std::string(65, ']'));
  EXPECT_EQ(status.code(), Code::kLimit);
  EXPECT_EQ(status.message(), "JSON, byte 64: nested deeper than 64 levels");
  EXPECT_EQ(refused(std::string(1000000, '[')).code(), Code::kLimit);
}

TEST(Json, SizeIsBounded) {
  JsonLimits limits;
  limits.bytes = 4;
  EXPECT_TRUE(JsonDocument::parse("[12]", limits).ok());
  Result<JsonDocument> document = JsonDocument::parse("[123]", limits);
  ASSERT_FALSE(document.ok());
  EXPECT_EQ(document.status().code(), Code::kLimit);
  EXPECT_EQ(document.status().message(), "the JSON text has 5 bytes; at most 4 are read");
}

TEST(Json, UnknownKeysAreRefusedWithTheNearestOne) {
  static constexpr std::array<std::string_view, 2> kKeys{"label", "codes"};
  const JsonDocument near = parsed(R"({"codes": 1, "lable": 2})");
  const Status status = near.root().require_object("row 3", kKeys);
  EXPECT_EQ(status.code(), Code::kDocument);
  EXPECT_EQ(status.byte_offset(), 13);
  EXPECT_EQ(status.message(), "row 3: \"lable\" is no key here; did you mean \"label\"?");
  const JsonDocument far = parsed(R"({"zzz": 2})");
  EXPECT_EQ(far.root().require_object("row 3", kKeys).message(),
            "row 3: \"zzz\" is no key here; the keys are label, codes");
  EXPECT_TRUE(parsed(R"({"codes": 1})").root().require_object("row 3", kKeys).ok());
}

TEST(Json, AValueOfTheWrongKindIsNamedWithItsText) {
  const JsonDocument document = parsed(R"({"a": 12, "b": null})");
  const Status a = document.root().find("a")->require("rows", JsonKind::kArray);
  EXPECT_EQ(a.message(), "rows: 12 is a whole number where an array belongs");
  EXPECT_EQ(a.byte_offset(), 6);
  EXPECT_EQ(document.root().find("b")->require("rows", JsonKind::kArray).message(),
            "rows: null stands where an array belongs");
  EXPECT_TRUE(document.root().find("a")->require("a", JsonKind::kNumber).ok());
}

TEST(Json, TheSourceOfALongValueIsCutAtALetter) {
  const JsonDocument document = parsed("\"" + std::string(35, 'x') + "中中中\"");
  EXPECT_EQ(document.root().source(), "\"" + std::string(35, 'x') + "...");
}

}  // namespace
}  // namespace patron::internal
