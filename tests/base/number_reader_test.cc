#include "lib/base/number_reader.h"

#include <gtest/gtest.h>

#include <cmath>
#include <cstring>
#include <limits>
#include <string>
#include <vector>

#include "lib/base/int128.h"

namespace patron::internal {
namespace {

/// A table of one column "x" over memory of the test's.
template <typename T>
Table table_of(Type type, const std::vector<T>& values, const uint8_t* validity = nullptr,
               int64_t nulls = 0, int scale = 0) {
  ColumnView view;
  view.name = "x";
  view.type.type = type;
  view.type.scale = scale;
  if (type == Type::kDecimal128) view.type.precision = 38;
  view.chunk.length = static_cast<int64_t>(values.size());
  view.chunk.values = values.data();
  view.chunk.validity = validity;
  view.chunk.null_count = nulls;
  const Result<Table> table = make_table({&view, 1});
  EXPECT_TRUE(table.ok()) << table.status().message();
  return *table;
}

struct Read {
  bool clean = false;
  std::vector<double> values;
  std::vector<CellState> states;
};

Read read(const Table& table) {
  const auto n = static_cast<size_t>(table.rows());
  const Result<NumberReader> reader = NumberReader::open(table, 0);
  EXPECT_TRUE(reader.ok()) << reader.status().message();
  Read result{false, std::vector<double>(n), std::vector<CellState>(n)};
  result.clean = reader->read(0, 0, table.rows(), result.values.data(), result.states.data());
  return result;
}

template <typename T>
void expect_numbers(Type type, const std::vector<T>& values, const std::vector<double>& want) {
  const Read got = read(table_of(type, values));
  EXPECT_TRUE(got.clean);
  EXPECT_EQ(got.values, want) << static_cast<int>(type);
}

TEST(NumberReader, EveryNumericTypeBecomesDoubles) {
  expect_numbers<int8_t>(Type::kInt8, {-128, 127}, {-128, 127});
  expect_numbers<int16_t>(Type::kInt16, {-32768, 1}, {-32768, 1});
  expect_numbers<int32_t>(Type::kInt32, {-5, 2147483647}, {-5, 2147483647});
  expect_numbers<int64_t>(Type::kInt64, {-5, int64_t{1} << 53}, {-5, 9007199254740992});
  expect_numbers<uint8_t>(Type::kUint8, {0, 255}, {0, 255});
  expect_numbers<uint16_t>(Type::kUint16, {0, 65535}, {0, 65535});
  expect_numbers<uint32_t>(Type::kUint32, {0, 4294967295}, {0, 4294967295});
  expect_numbers<uint64_t>(Type::kUint64, {0, uint64_t{1} << 63}, {0, 9223372036854775808.0});
  expect_numbers<float>(Type::kFloat, {0.5F, -2.25F}, {0.5, -2.25});
  expect_numbers<double>(Type::kDouble, {0.1, -0.0}, {0.1, -0.0});
}

TEST(NumberReader, DecimalsAreTheNearestDoubles) {
  // 0.1 and 123456789.01 as literals, which the compiler rounds once.
  const std::vector<Int128> small{1, -12345678901};
  EXPECT_EQ(read(table_of(Type::kDecimal128, small, nullptr, 0, 1)).values,
            (std::vector<double>{0.1, -1234567890.1}));
  const std::vector<Int128> large{(static_cast<Int128>(1) << 100) + 1};
  EXPECT_EQ(read(table_of(Type::kDecimal128, large, nullptr, 0, 2)).values,
            (std::vector<double>{12676506002282294014967032053.77}));
}

TEST(NumberReader, NullsAndWhatIsNotFiniteAreMarked) {
  const uint8_t validity = 0b1101;
  const Read got = read(table_of<double>(
      Type::kDouble, {1, 2, std::nan(""), std::numeric_limits<double>::infinity()}, &validity, 1));
  EXPECT_FALSE(got.clean);
  EXPECT_EQ(got.states, (std::vector<CellState>{CellState::kOk, CellState::kNull,
                                                CellState::kNotFinite, CellState::kNotFinite}));
  EXPECT_EQ(got.values[1], 0);
}

TEST(NumberReader, DirectHandsOutDoublesWithoutNullsOnly) {
  const std::vector<double> values{1, 2};
  const Table table = table_of(Type::kDouble, values);
  EXPECT_EQ(NumberReader::open(table, 0)->direct(0), values.data());
  const uint8_t validity = 0b01;
  EXPECT_EQ(NumberReader::open(table_of(Type::kDouble, values, &validity, 1), 0)->direct(0),
            nullptr);
  EXPECT_EQ(NumberReader::open(table_of<int64_t>(Type::kInt64, {1}), 0)->direct(0), nullptr);
}

TEST(NumberReader, TextIsNoNumber) {
  const std::vector<std::string> words{"one"};
  const Table table = *TableBuilder().strings("x", words).finish();
  const Result<NumberReader> reader = NumberReader::open(table, 0);
  ASSERT_FALSE(reader.ok());
  EXPECT_EQ(reader.status().code(), Code::kType);
  EXPECT_NE(reader.status().message().find("\"x\" is utf8"), std::string::npos)
      << reader.status().message();
}

}  // namespace
}  // namespace patron::internal
