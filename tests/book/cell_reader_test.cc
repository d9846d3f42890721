#include "lib/book/cell_reader.h"

#include <gtest/gtest.h>

#include <cmath>
#include <cstring>
#include <limits>

#include "tests/book/book_oracle.h"

namespace patron::book_test {
namespace {

using internal::CellBlock;
using internal::CellReader;

// One column of a table, read as a column of a stream.
class Cells {
 public:
  explicit Cells(const BookColumn& column) {
    BookSpec spec;
    spec.customer = Kind::kInt64;
    spec.streams = {{"s", {column}, ""}};
    layout_ = std::make_unique<BookLayout>(*BookLayout::make(spec));
    block.make_room();
  }
  explicit Cells(Kind kind) : Cells(column_of(kind)) {}

  Status read(const Table& table) {
    Result<CellReader> reader =
        CellReader::open(table, 0, layout_->data().streams[0].columns[0], layout_->data());
    if (!reader.ok()) return reader.status();
    if (table.rows() > 0) reader->read(0, 0, table.rows(), block);
    return {};
  }
  // Where cells stand in the table, if they are all good; null where read() has to be asked.
  const uint8_t* direct(const Table& table, int64_t begin, int64_t n) const {
    return CellReader::open(table, 0, layout_->data().streams[0].columns[0], layout_->data())
        ->direct(0, begin, n);
  }
  template <typename T>
  std::vector<T> values(size_t n) const {
    std::vector<T> all(n);
    std::memcpy(all.data(), block.cells.data(), n * sizeof(T));
    return all;
  }
  std::string reason(size_t i) const { return block.reasons[i] == nullptr ? "" : block.reasons[i]; }
  CellBlock block;

 private:
  static BookColumn column_of(Kind kind) {
    BookColumn column = book_column("c", kind);
    if (kind == Kind::kEnumSet) column.field.values = {"a", "b"};
    return column;
  }
  std::unique_ptr<BookLayout> layout_;
};

Table view(Type type, const void* values, int64_t n, const uint8_t* validity = nullptr,
           TimeUnit unit = TimeUnit::kMicro) {
  ColumnView column;
  column.name = "c";
  column.type.type = type;
  column.type.unit = unit;
  column.chunk.length = n;
  column.chunk.values = values;
  column.chunk.validity = validity;
  column.chunk.null_count = -1;
  Result<Table> table = make_table(std::span(&column, 1));
  EXPECT_TRUE(table.ok()) << table.status().message();
  return *table;
}

constexpr uint8_t kNotTheSecond = 0b11111101;

TEST(CellReader, ReadsBoolsWithNulls) {
  Cells cells(Kind::kBool);
  const uint8_t bits = 0b011;
  ASSERT_TRUE(cells.read(view(Type::kBool, &bits, 3, &kNotTheSecond)).ok());
  EXPECT_EQ(cells.values<uint8_t>(3), (std::vector<uint8_t>{1, internal::kNullByte, 0}));
}

TEST(CellReader, ReadsIntegersAndKeepsTheLeastForNull) {
  Cells cells(Kind::kInt64);
  const std::vector<int64_t> values{5, 1, internal::kNullInt};
  ASSERT_TRUE(cells.read(view(Type::kInt64, values.data(), 3, &kNotTheSecond)).ok());
  EXPECT_EQ(cells.values<int64_t>(2), (std::vector<int64_t>{5, internal::kNullInt}));
  EXPECT_EQ(cells.reason(0) + cells.reason(1), "");
  EXPECT_EQ(cells.reason(2), "out of range");
  const std::vector<uint64_t> large{uint64_t{1} << 63};
  ASSERT_TRUE(cells.read(view(Type::kUint64, large.data(), 1)).ok());
  EXPECT_EQ(cells.reason(0), "out of range");
  EXPECT_EQ(cells.read(view(Type::kDouble, values.data(), 3)).message(),
            "column \"c\" is double; it must be of integers");
}

TEST(CellReader, ReadsDoublesThatAreFinite) {
  Cells cells(Kind::kDouble);
  const std::vector<double> values{0.5, 1, std::numeric_limits<double>::infinity()};
  ASSERT_TRUE(cells.read(view(Type::kDouble, values.data(), 3, &kNotTheSecond)).ok());
  EXPECT_EQ(cells.values<double>(1)[0], 0.5);
  EXPECT_TRUE(std::isnan(cells.values<double>(2)[1]));
  EXPECT_EQ(cells.reason(2), "NaN or infinite");
}

TEST(CellReader, ReadsDatesOfEveryType) {
  Cells cells(Kind::kDate);
  const std::vector<int32_t> days{20513, 0, std::numeric_limits<int32_t>::max()};
  ASSERT_TRUE(cells.read(view(Type::kDate32, days.data(), 3, &kNotTheSecond)).ok());
  EXPECT_EQ(cells.values<int32_t>(2), (std::vector<int32_t>{20513, internal::kNullDay}));
  EXPECT_EQ(cells.reason(2), "out of range");
  const std::vector<int64_t> millis{-1, 86'400'000};
  ASSERT_TRUE(cells.read(view(Type::kDate64, millis.data(), 2)).ok());
  EXPECT_EQ(cells.values<int32_t>(2), (std::vector<int32_t>{-1, 1}));
  const std::vector<std::string> texts{"2026-03-01", "2026-03-01T10:00", "1970-01-02"};
  ASSERT_TRUE(cells.read(*TableBuilder().strings("c", texts).finish()).ok());
  EXPECT_EQ(cells.values<int32_t>(1)[0], 20513);
  EXPECT_EQ(cells.reason(1), "text that is no date");
  EXPECT_EQ(cells.values<int32_t>(3)[2], 1);
}

TEST(CellReader, ReadsDurationsOfEveryUnit) {
  Cells cells(Kind::kDuration);
  const std::vector<int64_t> values{-3, 7, INT64_MAX};
  ASSERT_TRUE(
      cells.read(view(Type::kDuration, values.data(), 3, &kNotTheSecond, TimeUnit::kSecond)).ok());
  EXPECT_EQ(cells.values<int64_t>(2), (std::vector<int64_t>{-3'000'000, internal::kNullInt}));
  EXPECT_EQ(cells.reason(2), "out of range");
  ASSERT_TRUE(cells.read(view(Type::kDuration, values.data(), 2, nullptr, TimeUnit::kNano)).ok());
  EXPECT_EQ(cells.values<int64_t>(2), (std::vector<int64_t>{-1, 0}));
  ASSERT_TRUE(cells.read(view(Type::kDuration, values.data(), 2, nullptr, TimeUnit::kMilli)).ok());
  EXPECT_EQ(cells.values<int64_t>(2), (std::vector<int64_t>{-3000, 7000}));
}

TEST(CellReader, ReadsMoneyInMajorUnits) {
  Cells cells(Kind::kMoney);
  const std::vector<double> values{19.99, 1e300, std::nan("")};
  ASSERT_TRUE(cells.read(view(Type::kDouble, values.data(), 3)).ok());
  EXPECT_EQ(cells.values<int64_t>(1)[0], 1999);
  EXPECT_EQ(cells.reason(1), "out of range");
  EXPECT_EQ(cells.reason(2), "NaN or infinite");
}

TEST(CellReader, ReadsSetsOfKnownValues) {
  Cells cells(Kind::kEnumSet);
  const std::vector<int64_t> values{3, 1, 4};
  ASSERT_TRUE(cells.read(view(Type::kInt64, values.data(), 3, &kNotTheSecond)).ok());
  EXPECT_EQ(cells.values<uint64_t>(2), (std::vector<uint64_t>{3, internal::kNullBits}));
  EXPECT_EQ(cells.reason(2), "a bit for which there is no value");
}

TEST(CellReader, TextsAreNullOrEmptyOrTooLong) {
  Cells cells(Kind::kString);
  const std::vector<std::optional<std::string>> texts{std::nullopt, "", "abc",
                                                      std::string(65'536, 'x')};
  const Table table = *TableBuilder().strings("c", texts).finish();
  ASSERT_TRUE(cells.read(table).ok());
  EXPECT_EQ(cells.block.texts[0].data(), nullptr);
  EXPECT_NE(cells.block.texts[1].data(), nullptr);
  EXPECT_EQ(cells.block.texts[2], "abc");
  EXPECT_EQ(cells.reason(3), "text of more than 65,535 bytes");
}

TEST(CellReader, TimesAreRead) {
  Cells cells(Kind::kTimestamp);
  const std::vector<std::string> texts{"1970-01-01T00:00:01Z", "noon"};
  ASSERT_TRUE(cells.read(*TableBuilder().strings("c", texts).finish()).ok());
  EXPECT_EQ(cells.values<int64_t>(1)[0], 1'000'000);
  EXPECT_EQ(cells.reason(1), "text that is no time");
}

TEST(CellReader, MidnightsOfWallClocksAreDates) {
  Cells cells(Kind::kDate);
  constexpr int64_t kSeconds = 20513 * int64_t{86'400};
  int64_t scale = 1;
  for (const TimeUnit unit :
       {TimeUnit::kSecond, TimeUnit::kMilli, TimeUnit::kMicro, TimeUnit::kNano}) {
    const std::vector<int64_t> values{kSeconds * scale, 7, (kSeconds + 1) * scale, -86'400 * scale};
    ASSERT_TRUE(cells.read(view(Type::kTimestamp, values.data(), 4, &kNotTheSecond, unit)).ok());
    EXPECT_EQ(cells.values<int32_t>(2), (std::vector<int32_t>{20513, internal::kNullDay}));
    EXPECT_EQ(cells.reason(2), "a time of day where a date is wanted");
    EXPECT_EQ(cells.values<int32_t>(4)[3], -1);
    scale *= 1000;
  }
  ColumnView zoned;
  zoned.name = "c";
  zoned.type.type = Type::kTimestamp;
  zoned.type.zone = "UTC";
  const int64_t value = 0;
  zoned.chunk.length = 1;
  zoned.chunk.values = &value;
  EXPECT_EQ(cells.read(*make_table(std::span(&zoned, 1))).code(), Code::kType);
}

TEST(CellReader, TextsAreShownButWhereTheyArePersonal) {
  const std::vector<std::string> texts{"1970-01-01T00:00:01Z", "noon"};
  const Table table = *TableBuilder().strings("c", texts).finish();
  for (const bool personal : {false, true}) {
    for (const Kind kind : {Kind::kTimestamp, Kind::kDate, Kind::kString}) {
      BookColumn column;
      column.field.name = "c";
      column.field.kind = kind;
      column.personal = personal;
      BookSpec spec;
      spec.customer = Kind::kInt64;
      spec.streams = {{"s", {column}, ""}};
      const BookLayout layout = *BookLayout::make(spec);
      const internal::LayoutData& data = layout.data();
      const Result<CellReader> reader =
          CellReader::open(table, 0, data.streams[0].columns[0], data);
      ASSERT_TRUE(reader.ok());
      EXPECT_EQ(reader->message("no", 0, 1), personal ? "no" : "no: \"noon\"");
    }
  }
}

TEST(CellReader, MessagesSayWhatIsWrongWithATime) {
  const auto told = [](Kind kind, const std::string& text) {
    BookSpec spec;
    spec.customer = Kind::kInt64;
    spec.streams = {{"s", {book_column("c", kind)}, ""}};
    const BookLayout layout = *BookLayout::make(spec);
    const internal::LayoutData& data = layout.data();
    const std::vector<std::string> texts{text};
    const Table table = *TableBuilder().strings("c", texts).finish();
    const CellReader reader = *CellReader::open(table, 0, data.streams[0].columns[0], data);
    CellBlock block;
    block.make_room();
    reader.read(0, 0, 1, block);
    return reader.message(block.reasons[0], 0, 0);
  };
  EXPECT_EQ(told(Kind::kTimestamp, "noon"),
            "text that is no time: \"noon\"; want ISO 8601, such as 2026-10-01 or "
            "2026-10-01T09:30:00");
  EXPECT_EQ(told(Kind::kTimestamp, "2026-02-30"),
            "text that is no time: \"2026-02-30\" has a day that 2026-02 does not have");
  EXPECT_EQ(told(Kind::kDate, "2026-13-01"),
            "text that is no date: \"2026-13-01\" has a month that is not 01 to 12");
  EXPECT_EQ(told(Kind::kDate, "2026-03-01T10:00"),
            "text that is no date: \"2026-03-01T10:00\"; want ISO 8601, such as 2026-10-01");
}

TEST(CellReader, WhatHasNoValueGoesWithEveryKind) {
  const double nan = std::numeric_limits<double>::quiet_NaN();
  const int64_t seven = 7;
  for (const Kind kind : {Kind::kBool, Kind::kString, Kind::kEnum, Kind::kDate, Kind::kDuration}) {
    Cells cells(kind);
    EXPECT_TRUE(cells.read(view(Type::kDouble, &nan, 1)).ok()) << kind_name(kind);
    EXPECT_FALSE(cells.block.any_cell);
    const uint8_t none = 0;
    EXPECT_TRUE(cells.read(view(Type::kInt64, &seven, 1, &none)).ok()) << kind_name(kind);
    EXPECT_FALSE(cells.block.any_cell);
    EXPECT_TRUE(cells.read(view(Type::kInt64, nullptr, 0)).ok()) << kind_name(kind);
  }
}

TEST(CellReader, AColumnOfNullsHasNullsOfEveryKind) {
  const auto null_of = [](Kind kind) {
    auto cells = std::make_unique<Cells>(kind);
    EXPECT_TRUE(cells->read(view(Type::kNull, nullptr, 1)).ok());
    EXPECT_FALSE(cells->block.any_cell);
    return cells;
  };
  EXPECT_EQ(null_of(Kind::kBool)->values<uint8_t>(1)[0], internal::kNullByte);
  EXPECT_EQ(null_of(Kind::kDate)->values<int32_t>(1)[0], internal::kNullDay);
  EXPECT_EQ(null_of(Kind::kMoney)->values<int64_t>(1)[0], internal::kNullInt);
  EXPECT_EQ(null_of(Kind::kEnumSet)->values<uint64_t>(1)[0], internal::kNullBits);
  EXPECT_TRUE(std::isnan(null_of(Kind::kDouble)->values<double>(1)[0]));
  EXPECT_EQ(null_of(Kind::kString)->block.texts[0].data(), nullptr);
}

TEST(CellReader, WrongTypesAreNamed) {
  const std::vector<int64_t> values{1};
  for (const Kind kind : {Kind::kBool, Kind::kString, Kind::kEnum, Kind::kDate, Kind::kDuration}) {
    Cells cells(kind);
    const Status status = cells.read(view(Type::kInt64, values.data(), 1));
    EXPECT_EQ(status.code(), Code::kType) << kind_name(kind);
    EXPECT_NE(status.message().find("column \"c\" is int64; it must be "), std::string::npos);
  }
  BookColumn other = book_column("c", Kind::kInt64);
  other.customer = true;
  Cells cells(other);
  EXPECT_EQ(cells.read(*TableBuilder().doubles("c", {1}).finish()).message(),
            "column \"c\" is double; it must be of integers");
}

TEST(CellReader, HandsOutGoodCellsWhereTheyStand) {
  constexpr int64_t kLeast = std::numeric_limits<int64_t>::min();
  const int64_t values[] = {5, -7, 9, kLeast};
  const auto* at = reinterpret_cast<const uint8_t*>(values);
  EXPECT_EQ(Cells(Kind::kInt64).direct(view(Type::kInt64, values, 4), 1, 2), at + 8);
  EXPECT_EQ(Cells(Kind::kInt64).direct(view(Type::kInt64, values, 4), 1, 3), nullptr) << "null";
  EXPECT_EQ(Cells(Kind::kInt64).direct(view(Type::kInt64, values, 3, &kNotTheSecond), 0, 3),
            nullptr);
  EXPECT_EQ(Cells(Kind::kEnumSet).direct(view(Type::kInt64, values, 3), 0, 3), nullptr);
  EXPECT_EQ(Cells(Kind::kMoney).direct(view(Type::kInt64, values, 3), 0, 3), nullptr);
  EXPECT_EQ(Cells(Kind::kTimestamp).direct(view(Type::kTimestamp, values, 3), 0, 3), at);
  EXPECT_EQ(Cells(Kind::kTimestamp).direct(view(Type::kTimestamp, values, 4), 0, 4), nullptr);
  EXPECT_EQ(Cells(Kind::kDuration).direct(view(Type::kDuration, values, 3), 2, 1), at + 16);
  EXPECT_EQ(Cells(Kind::kDuration).direct(view(Type::kDuration, values, 4), 3, 1), nullptr);
  EXPECT_EQ(Cells(Kind::kDuration)
                .direct(view(Type::kDuration, values, 3, nullptr, TimeUnit::kMilli), 0, 3),
            nullptr);
}

}  // namespace
}  // namespace patron::book_test
