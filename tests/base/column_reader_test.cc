#include "lib/base/column_reader.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <cstring>
#include <limits>
#include <string>
#include <vector>

#include "lib/base/int128.h"
#include "lib/base/table_data.h"

namespace patron::internal {
namespace {

constexpr auto kOk = CellState::kOk;
constexpr auto kNull = CellState::kNull;
using States = std::vector<CellState>;
using Ints = std::vector<int64_t>;

DataType data_type_of(Type type) {
  DataType result;
  result.type = type;
  return result;
}

DataType timestamp(TimeUnit unit, std::string zone) {
  DataType type = data_type_of(Type::kTimestamp);
  type.unit = unit;
  type.zone = std::move(zone);
  return type;
}

DataType decimal(int32_t scale) {
  DataType type = data_type_of(Type::kDecimal128);
  type.precision = 38;
  type.scale = scale;
  return type;
}

/// A table of one column "x" in one chunk, behind two values that are not its own. `present` has a
/// digit for each row, '0' for a null; empty where nothing is null.
class Column {
 public:
  template <typename T>
  static Table fixed(const DataType& type, const std::vector<T>& values,
                     const std::string& present = "", const Chunk* dictionary = nullptr) {
    auto bytes = std::make_shared<std::vector<uint8_t>>((values.size() + 2) * sizeof(T), 0x7f);
    std::memcpy(bytes->data() + 2 * sizeof(T), values.data(), values.size() * sizeof(T));
    Chunk chunk;
    chunk.values = bytes->data();
    chunk.dictionary = dictionary;
    return finish(type, chunk, values.size(), present, {bytes});
  }
  static Table text(const std::vector<std::string>& values, const std::string& present = "",
                    Type type = Type::kString) {
    auto bytes = std::make_shared<std::string>("beforehand");
    auto large = std::make_shared<std::vector<int64_t>>(Ints{0, 4, 10});
    for (const std::string& value : values) {
      *bytes += value;
      large->push_back(static_cast<int64_t>(bytes->size()));
    }
    auto small = std::make_shared<std::vector<int32_t>>(large->begin(), large->end());
    Chunk chunk;
    chunk.bytes = reinterpret_cast<const uint8_t*>(bytes->data());
    chunk.offsets = type == Type::kString ? static_cast<const void*>(small->data()) : large->data();
    return finish(data_type_of(type), chunk, values.size(), present, {bytes, large, small});
  }

 private:
  static Table finish(const DataType& type, Chunk chunk, size_t rows, const std::string& present,
                      std::vector<std::shared_ptr<const void>> owners) {
    auto validity = std::make_shared<std::vector<uint8_t>>((rows + 9) / 8, 0);
    for (size_t i = 0; i < present.size(); i++) {
      if (present[i] == '1')
        (*validity)[(i + 2) / 8] =
            static_cast<uint8_t>((*validity)[(i + 2) / 8] | 1 << (i + 2) % 8);
      else
        chunk.null_count++;
    }
    chunk.length = static_cast<int64_t>(rows);
    chunk.offset = 2;
    if (!present.empty()) chunk.validity = validity->data();
    owners.push_back(validity);
    auto data = std::make_shared<TableData>();
    data->rows = chunk.length;
    data->fields = {{"x", type}};
    data->chunks = {{chunk}};
    data->owners = std::move(owners);
    return Table(data);
  }
};

/// What a reader says about every row; values only of the good ones (others are -1).
struct Read {
  bool clean = false;
  Ints values;
  States states;
};

template <typename Reader>
Read read(const Reader& reader, const Table& table, int64_t begin = 0) {
  Read result;
  const int64_t n = table.rows() - begin;
  result.values.resize(static_cast<size_t>(n));
  result.states.assign(static_cast<size_t>(n), CellState::kTooLong);
  result.clean = reader.read(0, begin, n, result.values.data(), result.states.data());
  for (size_t i = 0; i < result.values.size(); i++) {
    if (result.states[i] != kOk && result.states[i] != CellState::kRounded) result.values[i] = -1;
  }
  return result;
}

Read ints(const Table& table) { return read(*IntReader::open(table, 0), table); }
Read amounts(const Table& table, int scale) {
  return read(*AmountReader::open(table, 0, scale), table);
}
Read times(const Table& table, const char* zone = "UTC") {
  return read(*TimeReader::open(table, 0, *TimeZone::load(zone)), table);
}

template <typename T>
void expect_widened(Type type) {
  const std::vector<T> values = {0, 1, std::numeric_limits<T>::max(),
                                 std::numeric_limits<T>::min()};
  const Read r = ints(Column::fixed(data_type_of(type), values));
  EXPECT_TRUE(r.clean);
  EXPECT_EQ(r.values, Ints(values.begin(), values.end()));
  EXPECT_EQ(r.states, States(4, kOk));
}

TEST(IntReader, ReadsEveryWidth) {
  expect_widened<int8_t>(Type::kInt8);
  expect_widened<int16_t>(Type::kInt16);
  expect_widened<int32_t>(Type::kInt32);
  expect_widened<int64_t>(Type::kInt64);
  expect_widened<uint8_t>(Type::kUint8);
  expect_widened<uint16_t>(Type::kUint16);
  expect_widened<uint32_t>(Type::kUint32);
}

TEST(IntReader, RefusesUnsignedValuesAboveTheRangeOfInt64) {
  const uint64_t limit = uint64_t{1} << 63;
  const Read r =
      ints(Column::fixed<uint64_t>(data_type_of(Type::kUint64), {limit - 1, limit, limit}, "110"));
  EXPECT_FALSE(r.clean);
  EXPECT_EQ(r.states, (States{kOk, CellState::kOverflow, kNull}));
  EXPECT_EQ(r.values[0], std::numeric_limits<int64_t>::max());
}

TEST(IntReader, MarksNulls) {
  const Read r = ints(Column::fixed<int32_t>(data_type_of(Type::kInt32), {5, 6, 7}, "101"));
  EXPECT_FALSE(r.clean);
  EXPECT_EQ(r.states, (States{kOk, kNull, kOk}));
  EXPECT_EQ(r.values, (Ints{5, -1, 7}));
}

TEST(IntReader, StartsWhereItIsAsked) {
  const Table table = Column::fixed<int16_t>(data_type_of(Type::kInt16), {5, 6, 7, 8});
  EXPECT_EQ(read(*IntReader::open(table, 0), table, 2).values, (Ints{7, 8}));
}

TEST(IntReader, HandsOutPlainInt64AsTheyAre) {
  const Table plain = Column::fixed<int64_t>(data_type_of(Type::kInt64), {5, 6});
  const int64_t* direct = IntReader::open(plain, 0)->direct(0);
  ASSERT_NE(direct, nullptr);
  EXPECT_EQ(direct[0], 5);
  EXPECT_EQ(direct[1], 6);
  const Table nulls = Column::fixed<int64_t>(data_type_of(Type::kInt64), {5, 6}, "10");
  EXPECT_EQ(IntReader::open(nulls, 0)->direct(0), nullptr);
  const Table narrow = Column::fixed<int32_t>(data_type_of(Type::kInt32), {5, 6});
  EXPECT_EQ(IntReader::open(narrow, 0)->direct(0), nullptr);
}

/// A dictionary column of int64 values {100, null, 300} and these indices.
template <typename Index>
Table int_dictionary(Type index, const std::vector<Index>& indices, const std::string& present) {
  static const int64_t kValues[] = {100, 200, 300};
  static const uint8_t kValid = 0b101;
  static const Chunk kDictionary = [] {
    Chunk chunk;
    chunk.length = 3;
    chunk.null_count = 1;
    chunk.validity = &kValid;
    chunk.values = kValues;
    return chunk;
  }();
  DataType type = data_type_of(Type::kDictionary);
  type.index = index;
  type.value = Type::kInt64;
  return Column::fixed(type, indices, present, &kDictionary);
}

template <typename Index>
void expect_dictionary_read(Type index) {
  const Read r = ints(int_dictionary<Index>(index, {2, 0, 1, 2}, "1110"));
  EXPECT_FALSE(r.clean);
  EXPECT_EQ(r.states, (States{kOk, kOk, kNull, kNull}));
  EXPECT_EQ(r.values, (Ints{300, 100, -1, -1}));
}

TEST(IntReader, ReadsDictionariesWithIndicesOfEveryWidth) {
  expect_dictionary_read<int8_t>(Type::kInt8);
  expect_dictionary_read<int16_t>(Type::kInt16);
  expect_dictionary_read<int32_t>(Type::kInt32);
  expect_dictionary_read<int64_t>(Type::kInt64);
  expect_dictionary_read<uint8_t>(Type::kUint8);
  expect_dictionary_read<uint16_t>(Type::kUint16);
  expect_dictionary_read<uint32_t>(Type::kUint32);
  expect_dictionary_read<uint64_t>(Type::kUint64);
}

TEST(IntReader, TakesOnlyIntegers) {
  const Table table = Column::fixed<double>(data_type_of(Type::kDouble), {1});
  const Status status = IntReader::open(table, 0).status();
  EXPECT_EQ(status.code(), Code::kType);
  EXPECT_EQ(status.message(), "column \"x\" is double; it must be an integer");
}

std::vector<std::string> texts(const Table& table) {
  const TextReader reader = *TextReader::open(table, 0);
  std::vector<std::string> result;
  const Chunk& chunk = reader.chunks()[0];
  for (int64_t i = 0; i < table.rows(); i++)
    result.emplace_back(reader.null(chunk, i) ? "(null)" : reader.at(chunk, i));

  // One after the other or as a block: the same.
  const size_t n = result.size();
  std::vector<std::string_view> block(n, "unread");
  std::vector<CellState> states(n);
  const bool clean = reader.read(0, 0, table.rows(), block.data(), states.data());
  EXPECT_EQ(clean, std::count(result.begin(), result.end(), "(null)") == 0);
  for (size_t i = 0; i < n; i++) {
    const bool null = result[i] == "(null)";
    EXPECT_EQ(states[i], null ? CellState::kNull : CellState::kOk);
    EXPECT_EQ(block[i], null ? "" : result[i]);
  }
  return result;
}

TEST(TextReader, ReadsTextWithOffsetsOfBothWidths) {
  const std::vector<std::string> values = {"one", "", std::string("t\0o", 3), "客"};
  EXPECT_EQ(texts(Column::text(values)), values);
  EXPECT_EQ(texts(Column::text(values, "", Type::kLargeString)), values);
  EXPECT_EQ(texts(Column::text({"a", "b"}, "01")), (std::vector<std::string>{"(null)", "b"}));
}

TEST(TextReader, ReadsViews) {
  // Inline up to 12 bytes; longer ones name a buffer and an offset in it.
  const std::string buffer = "..thirteen bytes";
  const uint8_t* buffers[] = {nullptr, reinterpret_cast<const uint8_t*>(buffer.data())};
  std::vector<uint8_t> views(32, 0);
  const int32_t twelve = 12, fourteen = 14, second = 1, offset = 2;
  std::memcpy(views.data(), &twelve, 4);
  std::memcpy(views.data() + 4, "twelve bytes", 12);
  std::memcpy(views.data() + 16, &fourteen, 4);
  std::memcpy(views.data() + 20, "thir", 4);
  std::memcpy(views.data() + 24, &second, 4);
  std::memcpy(views.data() + 28, &offset, 4);
  auto data = std::make_shared<TableData>();
  Chunk chunk;
  chunk.length = data->rows = 2;
  chunk.values = views.data();
  chunk.view_buffers = buffers;
  data->fields = {{"x", data_type_of(Type::kStringView)}};
  data->chunks = {{chunk}};
  EXPECT_EQ(texts(Table(data)), (std::vector<std::string>{"twelve bytes", "thirteen bytes"}));
}

TEST(TextReader, EmptyTextsNeedNoBytes) {
  const std::vector<int32_t> offsets{2, 2, 2};
  auto data = std::make_shared<TableData>();
  Chunk chunk;
  chunk.length = data->rows = 2;
  chunk.offsets = offsets.data();
  data->fields = {{"x", data_type_of(Type::kString)}};
  data->chunks = {{chunk}};
  // That nothing is added to a null pointer, UndefinedBehaviorSanitizer sees.
  EXPECT_EQ(texts(Table(data)), (std::vector<std::string>{"", ""}));
}

TEST(TextReader, ReadsDictionariesAndTheirNulls) {
  const Table values = Column::text({"red", "blue"}, "01");
  DataType type = data_type_of(Type::kDictionary);
  type.index = Type::kUint8;
  const Table table = Column::fixed<uint8_t>(type, {1, 0, 1}, "110", &values.chunks(0)[0]);
  EXPECT_EQ(texts(table), (std::vector<std::string>{"blue", "(null)", "(null)"}));
}

TEST(TextReader, FindsTheTextOfARowInAnyChunk) {
  const Table first = Column::text({"a", "b"}), second = Column::text({"c", "d", "e"}, "101");
  auto data = std::make_shared<TableData>();
  data->rows = 5;
  data->fields = {{"x", data_type_of(Type::kString)}};
  data->chunks = {{first.chunks(0)[0], second.chunks(0)[0]}};
  const Table table(data);
  const TextReader reader = *TextReader::open(table, 0);
  std::vector<std::string> found;
  for (int64_t row = 0; row < 6; row++) found.emplace_back(reader.of_row(row));
  EXPECT_EQ(found, (std::vector<std::string>{"a", "b", "c", "", "e", ""}));
}

TEST(TextReader, TakesOnlyText) {
  const Table table = Column::fixed<int64_t>(data_type_of(Type::kInt64), {1});
  EXPECT_EQ(TextReader::open(table, 0).status().message(),
            "column \"x\" is int64; it must be text");
}

TEST(TimeReader, BringsEveryUnitToMicroseconds) {
  EXPECT_EQ(times(Column::fixed<int64_t>(timestamp(TimeUnit::kSecond, "UTC"), {-1, 2})).values,
            (Ints{-1'000'000, 2'000'000}));
  EXPECT_EQ(times(Column::fixed<int64_t>(timestamp(TimeUnit::kMilli, "UTC"), {-1, 2})).values,
            (Ints{-1000, 2000}));
  EXPECT_EQ(times(Column::fixed<int64_t>(timestamp(TimeUnit::kMicro, "UTC"), {-1, 2})).values,
            (Ints{-1, 2}));
  EXPECT_EQ(times(Column::fixed<int32_t>(data_type_of(Type::kDate32), {-1, 2})).values,
            (Ints{-kMicrosPerDay, 2 * kMicrosPerDay}));
  EXPECT_EQ(times(Column::fixed<int64_t>(data_type_of(Type::kDate64), {86'400'000})).values,
            (Ints{kMicrosPerDay}));
}

TEST(TimeReader, RoundsNanosecondsTowardsThePast) {
  EXPECT_EQ(
      times(Column::fixed<int64_t>(timestamp(TimeUnit::kNano, "UTC"), {1999, -1, -1000, -1001, 0}))
          .values,
      (Ints{1, -1, -1, -2, 0}));
}

TEST(TimeReader, ReadsDatesAndWallClocksInTheZone) {
  const Micros shanghai = -8 * kMicrosPerHour;
  EXPECT_EQ(times(Column::fixed<int32_t>(data_type_of(Type::kDate32), {0}), "Asia/Shanghai").values,
            (Ints{shanghai}));
  const Table wall = Column::fixed<int64_t>(timestamp(TimeUnit::kSecond, ""), {60});
  EXPECT_EQ(times(wall, "Asia/Shanghai").values, (Ints{shanghai + 60'000'000}));
  EXPECT_EQ(times(wall).values, (Ints{60'000'000}));
}

TEST(TimeReader, LeavesInstantsAloneWhateverTheZones) {
  const Table table = Column::fixed<int64_t>(timestamp(TimeUnit::kSecond, "Europe/Paris"), {60});
  EXPECT_EQ(times(table, "Asia/Shanghai").values, (Ints{60'000'000}));
}

TEST(TimeReader, ReadsText) {
  const Read r = times(Column::text({"1970-01-02", "1970-01-01T00:01:00", "1970-01-01T00:01:00Z",
                                     "soon", "0001-01-01", "x"},
                                    "111110"),
                       "Asia/Shanghai");
  EXPECT_FALSE(r.clean);
  EXPECT_EQ(r.values,
            (Ints{16 * kMicrosPerHour, -8 * kMicrosPerHour + 60'000'000, 60'000'000, -1, -1, -1}));
  EXPECT_EQ(r.states, (States{kOk, kOk, kOk, CellState::kText, CellState::kRange, kNull}));
}

TEST(TimeReader, RefusesTimesOutsideTheYears) {
  const auto range = CellState::kRange;
  EXPECT_EQ(times(Column::fixed<int64_t>(timestamp(TimeUnit::kMicro, "UTC"),
                                         {kMinTime, kMinTime - 1, kEndTime - 1, kEndTime}))
                .states,
            (States{kOk, range, kOk, range}));
}

TEST(TimeReader, RefusesTimesThatOverflowOnTheWay) {
  const int64_t most = std::numeric_limits<int64_t>::max();
  // 2^58 s x 1,000,000 is a multiple of 2^64: what is left of the product would be 0.
  for (const TimeUnit unit : {TimeUnit::kSecond, TimeUnit::kMilli}) {
    const Read r = times(
        Column::fixed<int64_t>(timestamp(unit, "UTC"), {most, -most, int64_t{1} << 58, 7}, "1111"));
    EXPECT_FALSE(r.clean);
    for (int i = 0; i < 3; i++) EXPECT_NE(r.states[static_cast<size_t>(i)], kOk);
    EXPECT_EQ(r.states[3], kOk);
  }
  const Read wall =
      times(Column::fixed<int64_t>(timestamp(TimeUnit::kSecond, ""), {most, int64_t{1} << 58}),
            "Asia/Shanghai");
  EXPECT_EQ(wall.states, (States{CellState::kRange, CellState::kRange}));
}

TEST(TimeReader, WhatANullCellHoldsDoesNotMatter) {
  const Read r = times(Column::fixed<int64_t>(timestamp(TimeUnit::kSecond, ""),
                                              {std::numeric_limits<int64_t>::min(), 7}, "01"),
                       "America/New_York");
  EXPECT_EQ(r.states, (States{kNull, kOk}));
}

TEST(TimeReader, WallClocksAreInRangeWhereTheirInstantsAre) {
  // 9999-12-31 begins in Shanghai on 9999-12-30T16:00Z, and 0001-01-01 20:00 in New York is the
  // second of January in UTC.
  const int32_t last = static_cast<int32_t>(kEndTime / kMicrosPerDay);
  Read r =
      times(Column::fixed<int32_t>(data_type_of(Type::kDate32), {last, last + 1}), "Asia/Shanghai");
  EXPECT_EQ(r.states, (States{kOk, CellState::kRange}));
  EXPECT_EQ(r.values[0], kEndTime - 8 * kMicrosPerHour);
  EXPECT_EQ(times(Column::text({"9999-12-31"}), "Asia/Shanghai").values[0], r.values[0]);

  const int64_t evening = kMinTime - 4 * kMicrosPerHour;
  r = times(Column::fixed<int64_t>(timestamp(TimeUnit::kMicro, ""), {evening}), "America/New_York");
  EXPECT_EQ(r.states, (States{kOk}));
  EXPECT_EQ(times(Column::text({"0001-01-01T20:00:00"}), "America/New_York").values, r.values);
}

TEST(TimeReader, HandsOutInstantsInMicrosecondsAsTheyAre) {
  const TimeZone shanghai = *TimeZone::load("Asia/Shanghai");
  const auto direct = [](const Table& table, const TimeZone& zone) {
    return TimeReader::open(table, 0, zone)->direct(0) != nullptr;
  };
  EXPECT_TRUE(direct(Column::fixed<int64_t>(timestamp(TimeUnit::kMicro, "UTC"), {1}), shanghai));
  EXPECT_TRUE(direct(Column::fixed<int64_t>(timestamp(TimeUnit::kMicro, ""), {1}), TimeZone()));
  EXPECT_FALSE(direct(Column::fixed<int64_t>(timestamp(TimeUnit::kMicro, ""), {1}), shanghai));
  EXPECT_FALSE(direct(Column::fixed<int64_t>(timestamp(TimeUnit::kMilli, "UTC"), {1}), shanghai));
  EXPECT_FALSE(
      direct(Column::fixed<int64_t>(timestamp(TimeUnit::kMicro, "UTC"), {1}, "0"), shanghai));
}

TEST(TimeReader, TakesOnlyTimes) {
  const Table table = Column::fixed<int64_t>(data_type_of(Type::kInt64), {1});
  EXPECT_EQ(TimeReader::open(table, 0, TimeZone()).status().message(),
            "column \"x\" is int64; it must be a date, a time stamp or ISO 8601 text");
}

TEST(AmountReader, RoundsDoublesHalfToEvenAndSaysSo) {
  // Eighths are exact in binary: 0.125 and 0.375 are true halves of a cent.
  const Read r = amounts(Column::fixed<double>(data_type_of(Type::kDouble),
                                               {19.99, 0.125, 0.375, -0.125, 0.29, 1.001}),
                         2);
  EXPECT_FALSE(r.clean);
  EXPECT_EQ(r.values, (Ints{1999, 12, 38, -12, 29, 100}));
  const auto rounded = CellState::kRounded;
  EXPECT_EQ(r.states, (States{kOk, rounded, rounded, rounded, kOk, rounded}));
}

TEST(AmountReader, RefusesWhatIsNotFiniteOrTooLarge) {
  const Read r = amounts(Column::fixed<double>(data_type_of(Type::kDouble),
                                               {NAN, HUGE_VAL, -HUGE_VAL, 9.3e16, -9.3e16, 9.2e16}),
                         2);
  const auto nan = CellState::kNotFinite, over = CellState::kOverflow;
  EXPECT_EQ(r.states, (States{nan, nan, nan, over, over, kOk}));
  EXPECT_EQ(r.values[5], 9'200'000'000'000'000'000);
}

TEST(AmountReader, ANullCellMayHoldAnything) {
  const Read r =
      amounts(Column::fixed<double>(data_type_of(Type::kDouble), {NAN, 1, 1e300}, "010"), 2);
  EXPECT_EQ(r.states, (States{kNull, kOk, kNull}));
  EXPECT_EQ(r.values, (Ints{-1, 100, -1}));
}

TEST(AmountReader, ReadsFloats) {
  const Read r =
      amounts(Column::fixed<float>(data_type_of(Type::kFloat), {1.5f, -0.25f, 19.99f}), 2);
  EXPECT_EQ(r.values, (Ints{150, -25, 1999}));
  // The float next to 19.99 is 19.9899997711.
  EXPECT_EQ(r.states, (States{kOk, kOk, CellState::kRounded}));
}

TEST(AmountReader, ReadsLongRunsWithOneBadCellAnywhere) {
  for (const size_t bad : {0u, 255u, 256u, 511u, 512u, 700u, 1299u}) {
    std::vector<double> values(1300);
    for (size_t i = 0; i < values.size(); i++) values[i] = static_cast<double>(i) / 4;
    values[bad] = NAN;
    const Read r = amounts(Column::fixed<double>(data_type_of(Type::kDouble), values), 2);
    EXPECT_FALSE(r.clean);
    for (size_t i = 0; i < values.size(); i++) {
      ASSERT_EQ(r.states[i], i == bad ? CellState::kNotFinite : kOk) << i;
      ASSERT_EQ(r.values[i], i == bad ? -1 : static_cast<int64_t>(i) * 25) << i;
    }
  }
}

TEST(AmountReader, ReadsIntegersAsMajorUnits) {
  const Read r = amounts(Column::fixed<int32_t>(data_type_of(Type::kInt32), {7, -3, 0}, "111"), 2);
  EXPECT_TRUE(r.clean);
  EXPECT_EQ(r.values, (Ints{700, -300, 0}));
  const int64_t limit = std::numeric_limits<int64_t>::max() / 100;
  const Read large = amounts(
      Column::fixed<int64_t>(data_type_of(Type::kInt64), {limit, limit + 1, -limit, -limit - 1}),
      2);
  const auto over = CellState::kOverflow;
  EXPECT_EQ(large.states, (States{kOk, over, kOk, over}));
  EXPECT_EQ(large.values[2], -limit * 100);
  EXPECT_EQ(
      amounts(Column::fixed<uint64_t>(data_type_of(Type::kUint64), {~uint64_t{0}, 3}), 0).states,
      (States{over, kOk}));
}

TEST(AmountReader, ReadsDecimalsOfMoreAndFewerDigits) {
  using Decimals = std::vector<Int128>;
  EXPECT_EQ(amounts(Column::fixed(decimal(2), Decimals{1999, -5}), 2).values, (Ints{1999, -5}));
  EXPECT_EQ(amounts(Column::fixed(decimal(0), Decimals{7, -7}), 2).values, (Ints{700, -700}));
  EXPECT_EQ(amounts(Column::fixed(decimal(-3), Decimals{7}), 2).values, (Ints{700'000}));
  const Read r = amounts(Column::fixed(decimal(4), Decimals{150, 250, 251, -150, -250, 300}), 2);
  EXPECT_EQ(r.values, (Ints{2, 2, 3, -2, -2, 3}));  // half to even
  EXPECT_EQ(r.states[0], CellState::kRounded);
  EXPECT_EQ(r.states[5], kOk);
}

TEST(AmountReader, RefusesDecimalsBeyondInt64) {
  using Decimals = std::vector<Int128>;
  const Int128 most = std::numeric_limits<int64_t>::max();
  const auto over = CellState::kOverflow;
  EXPECT_EQ(
      amounts(Column::fixed(decimal(2), Decimals{most, most + 1, -most - 1, -most - 2}), 2).states,
      (States{kOk, over, kOk, over}));
  EXPECT_EQ(amounts(Column::fixed(decimal(0), Decimals{most * most}), 9).states, (States{over}));
  EXPECT_EQ(amounts(Column::fixed(decimal(-120), Decimals{1, 0}), 2).states, (States{over, kOk}));
}

TEST(AmountReader, ADecimalOfManyDigitsAfterThePointIsNextToNothing) {
  // 38 nines behind 60 and 127 digits after the point.
  Int128 nines = 0;
  for (int i = 0; i < 38; i++) nines = nines * 10 + 9;
  for (const int32_t scale : {40, 48, 60, 127}) {
    const Read r = amounts(Column::fixed(decimal(scale), std::vector<Int128>{nines, -nines, 0}), 0);
    EXPECT_EQ(r.values, (Ints{0, 0, 0})) << scale;
    EXPECT_EQ(r.states, (States{CellState::kRounded, CellState::kRounded, kOk})) << scale;
  }
  // 0.99... of 38 digits does round up.
  EXPECT_EQ(amounts(Column::fixed(decimal(38), std::vector<Int128>{nines}), 0).values, (Ints{1}));
}

TEST(AmountReader, TakesOnlyNumbers) {
  EXPECT_EQ(AmountReader::open(Column::text({"1"}), 0, 2).status().message(),
            "column \"x\" is utf8; it must be a number: an integer, a decimal or a double");
}

}  // namespace
}  // namespace patron::internal
