#include "lib/models/nps/labels.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <limits>
#include <random>

#include "tests/models/nps/survey.h"

namespace patron::internal {
namespace {

Label number(int64_t value) {
  Label label;
  label.null = false;
  label.number = value;
  return label;
}

Label word(std::string_view text) {
  Label label;
  label.null = false;
  label.is_text = true;
  label.text = text;
  return label;
}

/// Codes all rows in blocks of `block`, and checks that every code stands for the row's label.
void expect_codes_stand_for_labels(const Table& table, int64_t block, bool flags = false) {
  const Result<Labels> labels = Labels::open(table, 0, flags);
  ASSERT_TRUE(labels.ok()) << labels.status().message();
  Coder coder(*labels);
  int index = 0;
  for (const Chunk& chunk : table.chunks(0)) {
    for (int64_t begin = 0; begin < chunk.length; begin += block) {
      const int64_t n = std::min(block, chunk.length - begin);
      uint32_t codes[kBlockResponses];
      if (!coder.code(index, begin, n, codes)) {
        coder.renew();
        ASSERT_TRUE(coder.code(index, begin, n, codes));
      }
      for (int64_t i = 0; i < n; i++) {
        ASSERT_LT(codes[i], coder.size());
        ASSERT_EQ(coder.label(codes[i]), labels->at(index, begin + i)) << begin + i;
      }
    }
    index++;
  }
  EXPECT_FALSE(coder.is_full());
}

template <typename T>
void expect_ints(Type type) {
  std::mt19937_64 random(3);
  for (const uint64_t range : {uint64_t{3}, uint64_t{100}, uint64_t{1} << 40}) {
    std::vector<T> values;
    for (int i = 0; i < 3000; i++) values.push_back(static_cast<T>(random() % range));
    values[2000] = std::numeric_limits<T>::min();
    values[2500] = static_cast<T>(std::numeric_limits<T>::max() / 2);
    values[2900] = std::numeric_limits<T>::max();
    if (type == Type::kUint64) values[2900] = static_cast<T>(uint64_t{1} << 62);
    for (const int64_t block : {7, 512}) {
      expect_codes_stand_for_labels(test::table_of({test::view_of("g", type, values)}), block);
    }
  }
}

TEST(Coder, CodesIntegersOfEveryWidth) {
  expect_ints<int8_t>(Type::kInt8);
  expect_ints<int16_t>(Type::kInt16);
  expect_ints<int32_t>(Type::kInt32);
  expect_ints<int64_t>(Type::kInt64);
  expect_ints<uint8_t>(Type::kUint8);
  expect_ints<uint16_t>(Type::kUint16);
  expect_ints<uint32_t>(Type::kUint32);
  expect_ints<uint64_t>(Type::kUint64);
}

// A window at the end of int32 must not let integers of the other end wrap into it.
TEST(Coder, DoesNotWrapAroundAtTheEndsOfIntegers) {
  constexpr int32_t kLow = std::numeric_limits<int32_t>::min();
  constexpr int32_t kHigh = std::numeric_limits<int32_t>::max();
  const std::vector<int32_t> narrow{kHigh, kHigh - 1, kLow, kLow + 1, kHigh, 0};
  expect_codes_stand_for_labels(test::table_of({test::view_of("g", Type::kInt32, narrow)}), 2);
  const std::vector<int64_t> wide{INT64_MAX, INT64_MAX - 1, INT64_MIN, INT64_MIN + 1, INT64_MAX};
  expect_codes_stand_for_labels(test::table_of({test::int64_view("g", wide)}), 2);
}

TEST(Coder, CodesGrowingIntegersWithFewRenewals) {
  std::vector<int64_t> values;
  for (int64_t i = 0; i < 100'000; i++) values.push_back(i);
  const Table table = test::table_of({test::int64_view("g", values)});
  const Labels labels = *Labels::open(table, 0, false);
  Coder coder(labels);
  int renewals = 0;
  uint32_t codes[kBlockResponses];
  for (int64_t begin = 0; begin < 100'000; begin += 1000) {
    if (coder.code(0, begin, 1000, codes)) continue;
    coder.renew();
    renewals++;
    ASSERT_TRUE(coder.code(0, begin, 1000, codes));
  }
  EXPECT_LE(renewals, 8);
}

TEST(Coder, GivesNullCodeZero) {
  std::vector<int64_t> values{5, 6, 7, 8, 9};
  std::vector<uint8_t> bits;
  ColumnView view = test::int64_view("g", values);
  test::set_nulls({0, 3}, &bits, &view);
  const Table table = test::table_of({view});
  expect_codes_stand_for_labels(table, 2);
  const Labels labels = *Labels::open(table, 0, false);
  Coder coder(labels);
  uint32_t codes[kBlockResponses];
  ASSERT_TRUE(coder.code(0, 0, 5, codes));
  EXPECT_EQ(codes[0], 0U);
  EXPECT_EQ(codes[3], 0U);
  EXPECT_NE(codes[1], 0U);
  EXPECT_TRUE(coder.label(0).null);
}

TEST(Coder, CodesTextAndNullText) {
  std::vector<std::optional<std::string>> texts;
  std::mt19937_64 random(5);
  for (int i = 0; i < 3000; i++) {
    texts.emplace_back(std::string(random() % 40, 'x') + std::to_string(random() % 50));
    if (random() % 9 == 0) texts.back() = std::nullopt;
  }
  const Table table = *TableBuilder().strings("g", texts).finish();
  expect_codes_stand_for_labels(table, 100);
  expect_codes_stand_for_labels(table, 2048);
}

template <typename Index>
void expect_dictionary(Type index) {
  const std::vector<std::string> words{"north", "south", "north", "east"};
  const Table values = *TableBuilder().strings("w", words).finish();
  std::vector<Index> indices;
  for (int i = 0; i < 300; i++) indices.push_back(static_cast<Index>(i * 7 % 4));
  ColumnView view = test::view_of("g", Type::kDictionary, indices);
  view.type.index = index;
  view.chunk.dictionary = values.chunks(0).data();
  std::vector<uint8_t> bits;
  expect_codes_stand_for_labels(test::table_of({view}), 100);
  test::set_nulls({0, 1, 250}, &bits, &view);
  expect_codes_stand_for_labels(test::table_of({view}), 100);
}

TEST(Coder, CodesDictionariesByTheirText) {
  expect_dictionary<int8_t>(Type::kInt8);
  expect_dictionary<int16_t>(Type::kInt16);
  expect_dictionary<int32_t>(Type::kInt32);
  expect_dictionary<int64_t>(Type::kInt64);
  expect_dictionary<uint8_t>(Type::kUint8);
  expect_dictionary<uint16_t>(Type::kUint16);
  expect_dictionary<uint32_t>(Type::kUint32);
}

TEST(Coder, IsFullWhereThereAreMoreValuesThanItMayTake) {
  const std::vector<int64_t> far{0, int64_t{1} << 40, int64_t{1} << 50};
  const std::vector<std::string> words{"north", "south", "east"};
  const Table table = *TableBuilder().int64("far", far).strings("words", words).finish();
  for (int column = 0; column < 2; column++) {
    const Labels labels = *Labels::open(table, column, false);
    uint32_t codes[kBlockResponses];
    Coder enough(labels, false, 3);
    ASSERT_TRUE(enough.code(0, 0, 3, codes));
    EXPECT_FALSE(enough.is_full());
    EXPECT_EQ(enough.size(), 4U);
    Coder few(labels, false, 2);
    ASSERT_TRUE(few.code(0, 0, 2, codes));
    EXPECT_FALSE(few.is_full());
    ASSERT_TRUE(few.code(0, 0, 3, codes));
    EXPECT_TRUE(few.is_full());
    EXPECT_LE(few.size(), 3U);
    for (int i = 0; i < 3; i++) EXPECT_LE(codes[i], 2U);
  }
}

TEST(Coder, CodesFlags) {
  const std::vector<uint8_t> packed{0b1010'0110, 0b1};
  ColumnView view = test::view_of("late", Type::kBool, packed);
  view.chunk.length = 9;
  std::vector<uint8_t> bits;
  test::set_nulls({1}, &bits, &view);
  const Table table = test::table_of({view});
  expect_codes_stand_for_labels(table, 4, /*flags=*/true);
  const Labels labels = *Labels::open(table, 0, true);
  EXPECT_TRUE(labels.at(0, 0).null);
  EXPECT_TRUE(labels.at(0, 1).null);
  EXPECT_FALSE(labels.at(0, 2).null);
}

TEST(Coder, SpreadsRowsWithoutLabels) {
  const Labels none;
  Coder coder(none, /*spread=*/true);
  uint32_t codes[kBlockResponses];
  ASSERT_TRUE(coder.code(0, 0, 100, codes));
  EXPECT_NE(codes[0], codes[1]);
  for (const uint32_t code : codes) EXPECT_TRUE(code >= coder.size() || coder.label(code).null);
}

TEST(Labels, TellsUnsignedNumbersThatAreNoLabels) {
  const std::vector<uint64_t> values{1, uint64_t{1} << 63, 3};
  const Table table = test::table_of({test::view_of("g", Type::kUint64, values)});
  const Labels labels = *Labels::open(table, 0, false);
  EXPECT_TRUE(labels.can_overflow());
  EXPECT_TRUE(labels.can_be_bad(0));
  CellState states[kBlockResponses];
  labels.read_states(0, 0, 3, states);
  EXPECT_EQ(states[0], CellState::kOk);
  EXPECT_EQ(states[1], CellState::kOverflow);
}

TEST(Labels, RefusesOtherColumns) {
  const Table table = *TableBuilder().doubles("g", {1.5}).finish();
  EXPECT_EQ(Labels::open(table, 0, false).status().code(), Code::kType);
  const std::vector<uint8_t> packed{1};
  ColumnView view = test::view_of("g", Type::kBool, packed);
  const Result<Labels> labels = Labels::open(test::table_of({view}), 0, false);
  EXPECT_NE(labels.status().message().find("it must be integers or text"), std::string::npos);
}

TEST(Label, StandsInTheOrderOfItsValues) {
  EXPECT_LT(number(-5), number(3));
  EXPECT_LT(word("B"), word("a"));
  EXPECT_LT(word("a"), word("ab"));
  EXPECT_LT(number(std::numeric_limits<int64_t>::max()), Label());
  EXPECT_EQ(Label(), Label());
  EXPECT_EQ(word("x").to_string(), "x");
  EXPECT_EQ(number(-7).to_string(), "-7");
}

}  // namespace
}  // namespace patron::internal
