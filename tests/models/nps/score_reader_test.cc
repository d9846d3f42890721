#include "lib/models/nps/score_reader.h"

#include <gtest/gtest.h>

#include <cmath>
#include <limits>

#include "tests/models/nps/survey.h"

namespace patron::internal {
namespace {

using Codes = std::vector<int>;

Codes codes_of(const ColumnView& view, const Scale& scale, bool expect_clean = false) {
  const Table table = test::table_of({view});
  const Result<ScoreReader> reader = ScoreReader::open(table, 0, scale);
  EXPECT_TRUE(reader.ok()) << reader.status().message();
  uint8_t codes[kBlockResponses];
  EXPECT_EQ(reader->read(0, 0, table.rows(), codes), expect_clean);
  return Codes(codes, codes + table.rows());
}

template <typename T>
Codes ints(Type type, const std::vector<T>& values, const Scale& scale) {
  return codes_of(test::view_of("s", type, values), scale);
}

template <typename T>
void expect_all_of(Type type) {
  constexpr T low = std::numeric_limits<T>::min(), high = std::numeric_limits<T>::max();
  const bool is_signed = std::numeric_limits<T>::is_signed;
  EXPECT_EQ(ints<T>(type, {0, 5, 10, 11, low, high, static_cast<T>(high - 1)}, {0, 10, 2}),
            (Codes{0, 5, 10, 13, is_signed ? 13 : 0, 13, 13}));
  // A scale that starts below zero: what is far above must not wrap around into it.
  EXPECT_EQ(ints<T>(type, {0, 3, 4, low, high, static_cast<T>(high - 1)}, {-3, 3, 1}),
            (Codes{3, 6, 13, is_signed ? 13 : 3, 13, 13}));
  EXPECT_EQ(ints<T>(type, {0, 1, 7, 8}, {1, 7, 1}), (Codes{13, 0, 6, 13}));
}

TEST(ScoreReader, ReadsIntegersOfEveryWidth) {
  expect_all_of<int8_t>(Type::kInt8);
  expect_all_of<int16_t>(Type::kInt16);
  expect_all_of<int32_t>(Type::kInt32);
  expect_all_of<int64_t>(Type::kInt64);
  expect_all_of<uint8_t>(Type::kUint8);
  expect_all_of<uint16_t>(Type::kUint16);
  expect_all_of<uint32_t>(Type::kUint32);
  expect_all_of<uint64_t>(Type::kUint64);
}

template <typename T>
void expect_floats(Type type) {
  const std::vector<T> values{0,   T(10), T(9.5),  T(10.5),  -1,
                              NAN, -0.0,  T(1e30), INFINITY, std::nextafter(T(9), T(10))};
  EXPECT_EQ(codes_of(test::view_of("s", type, values), {0, 10, 2}),
            (Codes{0, 10, 14, 13, 13, 12, 0, 13, 12, 14}));
  EXPECT_EQ(codes_of(test::view_of("s", type, std::vector<T>{T(-5), T(1e-20), T(5)}), {-5, 5, 2}),
            (Codes{0, 14, 10}));
}

TEST(ScoreReader, ReadsWholeNumbersOfFloats) {
  expect_floats<double>(Type::kDouble);
  expect_floats<float>(Type::kFloat);
}

TEST(ScoreReader, ReadsDecimalsExactly) {
  const std::vector<int64_t> words{900, 0, 950, 0, -100, -1, 1100, 0, 901, 0};  // low, high words
  ColumnView view;
  view.name = "s";
  view.type.type = Type::kDecimal128;
  view.type.precision = 20;
  view.type.scale = 2;
  view.chunk.length = 5;
  view.chunk.values = words.data();
  EXPECT_EQ(codes_of(view, {0, 10, 2}), (Codes{9, 14, 13, 13, 14}));
  view.type.scale = -1;
  const std::vector<int64_t> tens{1, 0, 0, 0, 2, 0};
  view.chunk.length = 3;
  view.chunk.values = tens.data();
  EXPECT_EQ(codes_of(view, {0, 10, 2}), (Codes{10, 0, 13}));
}

TEST(ScoreReader, TellsNulls) {
  const std::vector<int64_t> values{9, 9, 99, 9};
  std::vector<uint8_t> bits;
  ColumnView view = test::int64_view("s", values);
  test::set_nulls({1, 2}, &bits, &view);
  EXPECT_EQ(codes_of(view, {0, 10, 2}), (Codes{9, 11, 11, 9}));
}

TEST(ScoreReader, ReadsDictionariesOfIntegers) {
  const std::vector<int8_t> indices{2, 0, 1, 2};
  const std::vector<int64_t> values{10, 11, 7};
  Chunk words;
  words.length = 3;
  words.values = values.data();
  ColumnView view;
  view.name = "s";
  view.type.type = Type::kDictionary;
  view.type.index = Type::kInt8;
  view.type.value = Type::kInt64;
  view.chunk.length = 4;
  view.chunk.values = indices.data();
  view.chunk.dictionary = &words;
  EXPECT_EQ(codes_of(view, {0, 10, 2}), (Codes{7, 10, 13, 7}));
}

TEST(ScoreReader, IsCleanWhereAllAreScores) {
  codes_of(test::int64_view("s", std::vector<int64_t>(2048, 10)), {0, 10, 2}, true);
}

TEST(ScoreReader, RefusesColumnsThatAreNoNumbers) {
  const Table table = *TableBuilder().strings("s", std::vector<std::string>{"9"}).finish();
  const Result<ScoreReader> reader = ScoreReader::open(table, 0, {0, 10, 2});
  EXPECT_EQ(reader.status().code(), Code::kType);
  EXPECT_NE(reader.status().message().find("column \"s\" is utf8; scores must be numbers"),
            std::string::npos);
}

}  // namespace
}  // namespace patron::internal
