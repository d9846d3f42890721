#include "lib/models/rank/rank_values.h"

#include <gtest/gtest.h>

#include <array>
#include <cmath>
#include <cstdint>
#include <limits>
#include <random>
#include <string>
#include <vector>

namespace patron::internal {
namespace {

constexpr double kInfinity = std::numeric_limits<double>::infinity();

// Over the values, which must outlive the table.
template <typename T>
Table one_column(Type type, const std::vector<T>& values, int32_t scale = 0) {
  ColumnView column;
  column.name = "value";
  column.type.type = type;
  column.type.precision = type == Type::kDecimal128 ? 38 : 0;
  column.type.scale = scale;
  column.chunk.length = static_cast<int64_t>(values.size());
  column.chunk.values = values.data();
  Result<Table> table = make_table({&column, 1});
  EXPECT_TRUE(table.ok()) << table.status().message();
  return *table;
}

// The values in the order that ranked_values() gives, as doubles.
std::vector<double> order_of(const Table& table) {
  Result<AnyRankedValues> values = ranked_values(table, 0);
  EXPECT_TRUE(values.ok()) << values.status().message();
  std::vector<double> order;
  std::visit(
      [&order](const auto& ranked) {
        for (int64_t i = 0; i < ranked.count; ++i) {
          order.push_back(ranked.keys.as_double(ranked.entries()[i].key));
        }
      },
      *values);
  return order;
}

TEST(RankedValues, EveryNumericTypeComesFromTheTop) {
  const std::vector<double> expected{3, 1, 0};
  EXPECT_EQ(order_of(one_column<int8_t>(Type::kInt8, {1, 3, 0})), expected);
  EXPECT_EQ(order_of(one_column<int16_t>(Type::kInt16, {1, 3, 0})), expected);
  EXPECT_EQ(order_of(one_column<int32_t>(Type::kInt32, {1, 3, 0})), expected);
  EXPECT_EQ(order_of(one_column<int64_t>(Type::kInt64, {1, 3, 0})), expected);
  EXPECT_EQ(order_of(one_column<uint8_t>(Type::kUint8, {1, 3, 0})), expected);
  EXPECT_EQ(order_of(one_column<uint16_t>(Type::kUint16, {1, 3, 0})), expected);
  EXPECT_EQ(order_of(one_column<uint32_t>(Type::kUint32, {1, 3, 0})), expected);
  EXPECT_EQ(order_of(one_column<uint64_t>(Type::kUint64, {1, 3, 0})), expected);
  EXPECT_EQ(order_of(one_column<float>(Type::kFloat, {1, 3, 0})), expected);
  EXPECT_EQ(order_of(one_column<double>(Type::kDouble, {1, 3, 0})), expected);
}

TEST(RankedValues, NegativeNumbersComeLast) {
  EXPECT_EQ(order_of(one_column<int64_t>(Type::kInt64, {-1, 5, std::numeric_limits<int64_t>::min(),
                                                        0, std::numeric_limits<int64_t>::max()})),
            (std::vector<double>{9223372036854775807.0, 5, 0, -1, -9223372036854775808.0}));
  EXPECT_EQ(order_of(one_column<double>(Type::kDouble, {-1, 5e-324, -1e308, 0, 2.5, -5e-324})),
            (std::vector<double>{2.5, 5e-324, 0, -5e-324, -1, -1e308}));
}

TEST(RankedValues, UnsignedNumbersAboveInt64KeepTheirPlace) {
  EXPECT_EQ(order_of(one_column<uint64_t>(Type::kUint64, {1, 18446744073709551615u, 2})),
            (std::vector<double>{18446744073709551615.0, 2, 1}));
}

TEST(RankedValues, DecimalsHaveTheirScaleAndAllTheirDigits) {
  using Pair = std::array<uint64_t, 2>;  // low, high
  EXPECT_EQ(
      order_of(one_column<Pair>(Type::kDecimal128, {{1234, 0}, {~uint64_t{4}, ~uint64_t{0}}}, 2)),
      (std::vector<double>{12.34, -0.05}));
  // 2^64 = 18446744073709551616 and its negative.
  EXPECT_EQ(
      order_of(one_column<Pair>(Type::kDecimal128, {{0, ~uint64_t{0}}, {0, 1}, {1, 0}, {0, 0}}, 0)),
      (std::vector<double>{18446744073709551616.0, 1, 0, -18446744073709551616.0}));
}

TEST(RankedValues, MinusZeroIsZero) {
  EXPECT_EQ(DoubleKeys::key(-0.0), DoubleKeys::key(0.0));
  EXPECT_FALSE(std::signbit(DoubleKeys::value(DoubleKeys::key(-0.0))));
}

TEST(RankedValues, ADoubleIsItsDigitsTimesAPowerOfTwo) {
  for (double value : {5e-324, 2.2250738585072014e-308, 1.0, 0.1, 1.7976931348623157e308}) {
    const Magnitude magnitude = DoubleKeys{}.magnitude(DoubleKeys::key(-value));
    EXPECT_TRUE(magnitude.negative);
    EXPECT_EQ(
        std::ldexp(static_cast<double>(magnitude.digits), static_cast<int>(magnitude.shift) - 1074),
        value);
  }
}

TEST(RankedValues, ManyValuesAreSortedAsFewAre) {
  std::mt19937_64 random(7);
  std::vector<double> values(10000);
  for (double& value : values) value = std::ldexp(static_cast<double>(random() % 1000) - 500, -3);
  std::vector<double> expected = values;
  std::sort(expected.begin(), expected.end(), std::greater<>());
  EXPECT_EQ(order_of(one_column<double>(Type::kDouble, values)), expected);
  const std::vector<double> equal(5000, 2.5);
  EXPECT_EQ(order_of(one_column<double>(Type::kDouble, equal)), equal);
}

TEST(RankedValues, NaNAndInfinityAreRefusedWithTheirRow) {
  for (double bad : {std::nan(""), kInfinity, -kInfinity}) {
    const std::vector<double> values{1, bad, 2};
    const Table table = one_column<double>(Type::kDouble, values);
    const Status status = ranked_values(table, 0).status();
    EXPECT_EQ(status.code(), Code::kNumber);
    EXPECT_EQ(status.row(), 1);
    EXPECT_EQ(status.message(), std::string("column \"value\", row 1: ") +
                                    (std::isnan(bad) ? "NaN" : "infinity") +
                                    " has no rank; make it null or leave the row out");
  }
}

TEST(RankedValues, AnEmptyColumnIsRefused) {
  const Status status = ranked_values(one_column<double>(Type::kDouble, {}), 0).status();
  EXPECT_EQ(status.code(), Code::kEmpty);
  EXPECT_EQ(status.message(), "column \"value\" has no rows; there is nobody to rank");
}

TEST(RankedValues, AColumnOfAnotherTypeIsRefused) {
  const std::vector<std::string> names{"a"};
  const Table table = *TableBuilder().strings("name", names).finish();
  const Status status = ranked_values(table, 0).status();
  EXPECT_EQ(status.code(), Code::kType);
  EXPECT_EQ(status.message(),
            "column \"name\" is utf8; rank takes integers, decimals, float and double");
}

}  // namespace
}  // namespace patron::internal
