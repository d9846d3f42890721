#include "lib/engine/tables/id_column.h"

#include <gtest/gtest.h>

#include <cstdint>
#include <limits>
#include <string>

namespace patron::internal {
namespace {

TEST(IdColumn, NumbersAreIdsAndWhatIsNoneSaysWhy) {
  const uint64_t numbers[] = {7, std::numeric_limits<uint64_t>::max(), 0};
  const uint8_t known = 0b011;
  ColumnView view;
  view.name = "first";
  view.type.type = Type::kUint64;
  view.chunk.length = 3;
  view.chunk.validity = &known;
  view.chunk.null_count = 1;
  view.chunk.values = numbers;
  const Result<Table> table = make_table(std::span(&view, 1));
  ASSERT_TRUE(table.ok()) << table.status().message();
  const Result<std::vector<GivenId>> ids = read_ids(*table, "first", Kind::kInt64);
  ASSERT_TRUE(ids.ok()) << ids.status().message();
  ASSERT_EQ(ids->size(), 3u);
  EXPECT_EQ((*ids)[0].id.number, 7);
  EXPECT_EQ((*ids)[0].wrong, "");
  EXPECT_EQ((*ids)[1].wrong, "out of range");
  EXPECT_EQ((*ids)[2].wrong, "null");
}

TEST(IdColumn, TextsAreIds) {
  TableBuilder builder;
  const std::vector<std::string> names{"anna", ""};
  const Table table = *builder.strings("customer", names).finish();
  const Result<std::vector<GivenId>> ids = read_ids(table, "customer", Kind::kString);
  ASSERT_TRUE(ids.ok());
  EXPECT_EQ((*ids)[0].id.text, "anna");
  EXPECT_EQ((*ids)[1].id.text, "");
}

TEST(IdColumn, NullsOfNoTypeAreNullsOfAny) {
  for (const int64_t rows : {0, 2}) {
    ColumnView view;
    view.name = "first";
    view.type.type = Type::kNull;
    view.chunk.length = rows;
    view.chunk.null_count = rows;
    const Result<Table> table = make_table(std::span(&view, 1));
    ASSERT_TRUE(table.ok()) << table.status().message();
    for (const Kind kind : {Kind::kInt64, Kind::kString}) {
      const Result<std::vector<GivenId>> ids = read_ids(*table, "first", kind);
      ASSERT_TRUE(ids.ok()) << ids.status().message();
      ASSERT_EQ(ids->size(), static_cast<size_t>(rows));
      for (const GivenId& id : *ids) EXPECT_EQ(id.wrong, "null");
    }
  }
}

TEST(IdColumn, AnotherTypeOrNameIsRefused) {
  TableBuilder builder;
  const std::vector<std::string> names{"a"};
  const Table table = *builder.doubles("customer", {1.5}).strings("name", names).finish();
  EXPECT_EQ(read_ids(table, "customer", Kind::kInt64).status().code(), Code::kType);
  EXPECT_EQ(read_ids(table, "customer", Kind::kString).status().code(), Code::kType);
  EXPECT_EQ(read_ids(table, "name", Kind::kInt64).status().message(),
            "column \"name\" is utf8; customers of this policy are whole numbers");
  EXPECT_EQ(read_ids(table, "custome", Kind::kInt64).status().code(), Code::kColumn);
}

}  // namespace
}  // namespace patron::internal
