#include <gtest/gtest.h>

#include <cstring>
#include <optional>
#include <string>
#include <vector>

#include "lib/base/table_data.h"
#include "patron/table.h"
#include "tests/base/fail_alloc.h"

namespace patron {
namespace {

using internal::Buffer;
using internal::OwnedColumn;

std::string text_at(const Chunk& chunk, int64_t row) {
  const auto* offsets = static_cast<const int32_t*>(chunk.offsets) + chunk.offset + row;
  return {reinterpret_cast<const char*>(chunk.bytes) + offsets[0],
          static_cast<size_t>(offsets[1] - offsets[0])};
}

TEST(TableBuilder, EveryKindOfColumnHoldsWhatItWasGiven) {
  const std::vector<std::optional<std::string>> notes{"first", std::nullopt, ""};
  const Result<Table> table = TableBuilder()
                                  .int64("id", {1, 2, 3})
                                  .doubles("amount", {0.5, -1, 2})
                                  .strings("name", std::vector<std::string>{"a", "", "\xC3\xA9"})
                                  .strings("note", notes)
                                  .timestamps("at", {0, 1, 2}, "Europe/Berlin")
                                  .dates("day", {10, 11, 12})
                                  .finish();
  ASSERT_TRUE(table.ok()) << table.status().message();
  EXPECT_EQ(table->rows(), 3);
  const std::vector<std::string> types{
      "int64", "double", "utf8", "utf8", "timestamp[us, tz=Europe/Berlin]", "date32"};
  for (int i = 0; i < 6; ++i) {
    EXPECT_EQ(type_name(table->field(i).type), types[static_cast<size_t>(i)]);
  }
  EXPECT_EQ(static_cast<const int64_t*>(table->chunks(0)[0].values)[2], 3);
  EXPECT_EQ(static_cast<const double*>(table->chunks(1)[0].values)[1], -1);
  EXPECT_EQ(text_at(table->chunks(2)[0], 0), "a");
  EXPECT_EQ(text_at(table->chunks(2)[0], 1), "");
  EXPECT_EQ(text_at(table->chunks(2)[0], 2), "\xC3\xA9");
  const Chunk& note = table->chunks(3)[0];
  EXPECT_EQ(note.null_count, 1);
  EXPECT_TRUE(note.valid(0));
  EXPECT_FALSE(note.valid(1));
  EXPECT_TRUE(note.valid(2));
  EXPECT_EQ(static_cast<const int32_t*>(table->chunks(5)[0].values)[0], 10);
}

TEST(TableBuilder, LengthsThatDifferAndNamesTwiceAreRefused) {
  Status status = TableBuilder().int64("a", {1}).doubles("b", {}).finish().status();
  EXPECT_EQ(status.code(), Code::kLength);
  EXPECT_EQ(status.message(), "column \"b\" has 0 rows; column \"a\" has 1");
  status = TableBuilder().int64("a", {}).doubles("b", {1}).finish().status();
  EXPECT_EQ(status.code(), Code::kLength);
  status = TableBuilder().int64("a", {1}).doubles("a", {1}).finish().status();
  EXPECT_EQ(status.code(), Code::kArgument);
  EXPECT_NE(status.message().find("\"a\""), std::string::npos);
  EXPECT_EQ(TableBuilder().int64("\xFF", {1}).finish().status().code(), Code::kUtf8);
}

TEST(TableBuilder, TextThatIsNoUtf8IsRefusedWithItsRow) {
  const Status status =
      TableBuilder().strings("name", std::vector<std::string>{"a", "\xC3"}).finish().status();
  EXPECT_EQ(status.code(), Code::kUtf8);
  EXPECT_EQ(status.row(), 1);
}

TEST(TableBuilder, AfterFinishItBeginsAnew) {
  TableBuilder builder;
  builder.int64("a", {1, 2});
  EXPECT_EQ(builder.finish()->rows(), 2);
  const Result<Table> empty = builder.finish();
  EXPECT_EQ(empty->columns(), 0);
  EXPECT_EQ(builder.int64("a", {1}).finish()->rows(), 1);
}

TEST(TableBuilder, AFailedAllocationLeavesTheColumnsThereWere) {
  const std::vector<std::string> texts{"one", "two"};
  for (int64_t k = 0;; ++k) {
    TableBuilder builder;
    builder.int64("a", {1, 2});
    std::string name = "b";
    bool thrown = false;
    {
      const test::FailAllocation failing(k);
      try {
        builder.strings(std::move(name), texts);
      } catch (const std::bad_alloc&) {
        thrown = true;
      }
    }
    const Result<Table> table = builder.finish();
    ASSERT_TRUE(table.ok());
    EXPECT_EQ(table->columns(), thrown ? 1 : 2);
    if (!thrown) {
      EXPECT_GT(k, 3);
      break;
    }
  }
}

TEST(OwnedTable, PointsIntoTheBuffersItWasGiven) {
  std::vector<OwnedColumn> columns(3);
  columns[0].field.name = "n";
  columns[0].field.type.type = Type::kInt64;
  columns[0].values = Buffer(16);
  columns[0].values.as<int64_t>()[0] = 5;
  columns[0].values.as<int64_t>()[1] = 6;
  columns[0].validity = Buffer(1);
  columns[0].validity.data()[0] = 0b01;
  columns[0].null_count = 1;
  columns[1].field.name = "s";
  columns[1].field.type.type = Type::kString;
  columns[1].values = Buffer(3);
  std::memcpy(columns[1].values.data(), "abc", 3);
  columns[1].offsets = Buffer(12);
  columns[1].offsets.as<int32_t>()[0] = 0;
  columns[1].offsets.as<int32_t>()[1] = 1;
  columns[1].offsets.as<int32_t>()[2] = 3;
  columns[2].field.name = "d";
  columns[2].field.type.type = Type::kDictionary;
  columns[2].field.type.index = Type::kInt8;
  columns[2].values = Buffer(2);
  columns[2].values.data()[0] = 1;
  columns[2].values.data()[1] = 0;
  columns[2].dictionary = {"low", "high"};
  for (OwnedColumn& column : columns) column.length = 2;
  const uint8_t* values = columns[0].values.data();
  const Table table = internal::make_owned_table(std::move(columns));
  EXPECT_EQ(table.rows(), 2);
  EXPECT_EQ(table.chunks(0)[0].values, values);
  EXPECT_FALSE(table.chunks(0)[0].valid(1));
  EXPECT_EQ(text_at(table.chunks(1)[0], 1), "bc");
  const Chunk& coded = table.chunks(2)[0];
  EXPECT_EQ(text_at(*coded.dictionary, static_cast<const int8_t*>(coded.values)[0]), "high");
}

TEST(OwnedTable, NoRowsAreNoChunks) {
  std::vector<OwnedColumn> columns(1);
  columns[0].field.name = "n";
  columns[0].field.type.type = Type::kDouble;
  const Table table = internal::make_owned_table(std::move(columns));
  EXPECT_EQ(table.rows(), 0);
  EXPECT_EQ(table.columns(), 1);
  EXPECT_TRUE(table.chunks(0).empty());
}

}  // namespace
}  // namespace patron
