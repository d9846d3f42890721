#include "lib/models/weights/criterion_values.h"

#include <gtest/gtest.h>

#include <array>
#include <cmath>
#include <cstdint>
#include <limits>
#include <string>
#include <vector>

namespace patron::internal {
namespace {

template <typename T>
Result<CriterionValues> read(Type type, const std::vector<T>& values,
                             const uint8_t* validity = nullptr) {
  ColumnView column;
  column.name = "value";
  column.type.type = type;
  column.type.precision = type == Type::kDecimal128 ? 38 : 0;
  column.type.scale = type == Type::kDecimal128 ? 2 : 0;
  column.chunk.length = static_cast<int64_t>(values.size());
  column.chunk.values = values.data();
  column.chunk.validity = validity;
  const Result<Table> table = make_table({&column, 1});
  EXPECT_TRUE(table.ok()) << table.status().message();
  return criterion_values(*table, "value");
}

template <typename T>
std::vector<double> values_of(Type type, const std::vector<T>& values) {
  Result<CriterionValues> found = read(type, values);
  EXPECT_TRUE(found.ok()) << found.status().message();
  const std::span<double> span = found->values();
  return {span.begin(), span.end()};
}

TEST(CriterionValues, AreReadFromEveryKindOfNumber) {
  const std::vector<double> want = {3, 0, 2};
  EXPECT_EQ(values_of<int8_t>(Type::kInt8, {3, 0, 2}), want);
  EXPECT_EQ(values_of<int16_t>(Type::kInt16, {3, 0, 2}), want);
  EXPECT_EQ(values_of<int32_t>(Type::kInt32, {3, 0, 2}), want);
  EXPECT_EQ(values_of<int64_t>(Type::kInt64, {3, 0, 2}), want);
  EXPECT_EQ(values_of<uint8_t>(Type::kUint8, {3, 0, 2}), want);
  EXPECT_EQ(values_of<uint16_t>(Type::kUint16, {3, 0, 2}), want);
  EXPECT_EQ(values_of<uint32_t>(Type::kUint32, {3, 0, 2}), want);
  EXPECT_EQ(values_of<uint64_t>(Type::kUint64, {3, 0, 2}), want);
  EXPECT_EQ(values_of<float>(Type::kFloat, {3, 0, 2}), want);
  EXPECT_EQ(values_of<double>(Type::kDouble, {3, 0, 2}), want);
}

TEST(CriterionValues, KeepTheirSign) {
  EXPECT_EQ(values_of<int8_t>(Type::kInt8, {-3, 127}), (std::vector<double>{-3, 127}));
  EXPECT_EQ(values_of<uint64_t>(Type::kUint64, {0, ~uint64_t{0}}),
            (std::vector<double>{0, 0x1p64}));
  EXPECT_EQ(values_of<double>(Type::kDouble, {-0.5, 1e308}), (std::vector<double>{-0.5, 1e308}));
}

// 1.50, -0.01 and 2^64 / 100, as whole numbers of hundredths.
TEST(CriterionValues, OfDecimalsAreTheirWholeNumbers) {
  const std::vector<std::array<uint64_t, 2>> bits = {
      {150, 0}, {~uint64_t{0}, ~uint64_t{0}}, {0, 1}};
  EXPECT_EQ(values_of(Type::kDecimal128, bits), (std::vector<double>{150, -1, 0x1p64}));
}

TEST(CriterionValues, RefuseNullWithItsRow) {
  const uint8_t validity = 0b101;
  const std::vector<int64_t> values = {1, 2, 3};
  const Status status = read(Type::kInt64, values, &validity).status();
  EXPECT_EQ(status.code(), Code::kNull);
  EXPECT_EQ(status.row(), 1);
  EXPECT_EQ(status.message(),
            "column \"value\", row 1: null has no place in an entropy; leave the row out, or fill "
            "the value");
  EXPECT_EQ(read<int64_t>(Type::kNull, {0, 0}).status().code(), Code::kNull);
}

TEST(CriterionValues, RefuseWhatIsNotFiniteWithItsRow) {
  const std::vector<double> values = {1, std::nan(""), std::numeric_limits<double>::infinity()};
  const Status status = read(Type::kDouble, values).status();
  EXPECT_EQ(status.code(), Code::kNumber);
  EXPECT_EQ(status.row(), 1);
  const std::vector<float> floats = {1, 2, -std::numeric_limits<float>::infinity()};
  EXPECT_EQ(read(Type::kFloat, floats).status().row(), 2);
}

TEST(CriterionValues, RefuseFewerThanTwoRowsAndWhatIsNoNumber) {
  EXPECT_EQ(read<double>(Type::kDouble, {1}).status().code(), Code::kEmpty);
  EXPECT_EQ(read<double>(Type::kDouble, {}).status().code(), Code::kEmpty);
  EXPECT_TRUE(read<double>(Type::kDouble, {1, 2}).ok());
  const std::vector<std::string> texts = {"a", "b"};
  const Table words = *TableBuilder().strings("value", texts).finish();
  const Status status = criterion_values(words, "value").status();
  EXPECT_EQ(status.code(), Code::kType);
  EXPECT_EQ(status.message(),
            "column \"value\" is utf8; entropy takes integers, decimals, float and double");
  EXPECT_EQ(criterion_values(words, "values").status().code(), Code::kColumn);
}

TEST(CriterionValues, AreThoseOfTheRowsWithoutANull) {
  const std::vector<double> first = {1, 2, 3, 4, std::nan("")};
  const std::vector<int64_t> second = {10, 20, 30, 40, 50}, whole = {6, 7, 8, 9, 10};
  const uint8_t one_out = 0b11101, two_out = 0b01011;
  ColumnView columns[3];
  columns[0].name = "first";
  columns[0].type.type = Type::kDouble;
  columns[0].chunk.values = first.data();
  columns[0].chunk.validity = &one_out;
  columns[1].name = "second";
  columns[1].type.type = Type::kInt64;
  columns[1].chunk.values = second.data();
  columns[1].chunk.validity = &two_out;
  columns[2].name = "whole";
  columns[2].type.type = Type::kInt64;
  columns[2].chunk.values = whole.data();
  for (ColumnView& column : columns) column.chunk.length = 5;
  const Table table = *make_table(columns);

  const std::string_view all[] = {"whole", "first", "second"};
  const Result<std::vector<uint8_t>> rows = rows_with_null(table, all);
  ASSERT_TRUE(rows.ok());
  EXPECT_EQ(*rows, (std::vector<uint8_t>{0, 1, 1, 0, 1}));
  EXPECT_TRUE(rows_with_null(table, {all, 1})->empty());
  const std::string_view unknown[] = {"third"};
  EXPECT_EQ(rows_with_null(table, unknown).status().code(), Code::kColumn);

  // The NaN of a row that is left out is nobody's.
  Result<CriterionValues> values = criterion_values(table, "first", *rows);
  ASSERT_TRUE(values.ok()) << values.status().message();
  EXPECT_EQ(std::vector<double>(values->values().begin(), values->values().end()),
            (std::vector<double>{1, 4}));
  const std::vector<uint8_t> only_second = *rows_with_null(table, {all + 2, 1});
  const Status nan = criterion_values(table, "whole", only_second).status();
  EXPECT_TRUE(nan.ok());
  EXPECT_EQ(criterion_values(table, "first", only_second).status().row(), 1);
  const std::vector<uint8_t> nearly_all = {1, 1, 0, 1, 1};
  const Status few = criterion_values(table, "whole", nearly_all).status();
  EXPECT_EQ(few.code(), Code::kEmpty);
  EXPECT_EQ(few.message(), "column \"whole\": 1 rows without a null; entropy compares 2 or more");
}

}  // namespace
}  // namespace patron::internal
