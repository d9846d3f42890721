#include "patron/table.h"

#include <gtest/gtest.h>

#include <cstring>
#include <string>
#include <vector>

namespace patron {
namespace {

Table small() {
  return *TableBuilder()
              .int64("customer", {7, 8})
              .doubles("amount", {1.5, 2})
              .dates("day", {0, 1})
              .finish();
}

bool contains(const Status& status, const std::string& part) {
  return status.message().find(part) != std::string::npos;
}

ColumnView view_of(const std::string& name, Type type, int64_t length, const void* values) {
  ColumnView view;
  view.name = name;
  view.type.type = type;
  view.chunk.length = length;
  view.chunk.values = values;
  return view;
}

TEST(Table, ADefaultOneHasNoColumnsAndNoRows) {
  const Table table;
  EXPECT_EQ(table.rows(), 0);
  EXPECT_EQ(table.columns(), 0);
  EXPECT_EQ(table.find("a"), -1);
  EXPECT_TRUE(contains(table.require("a").status(), "the table has no columns"));
}

TEST(Table, AnUnknownColumnIsAnsweredWithTheNearestNameAndAllNames) {
  const Table table = small();
  EXPECT_EQ(*table.require("amount"), 1);
  const Status status = table.require("custmer").status();
  EXPECT_EQ(status.code(), Code::kColumn);
  EXPECT_EQ(status.message(),
            "no column \"custmer\"; did you mean \"customer\"? The columns are \"customer\", "
            "\"amount\", \"day\"");
  EXPECT_EQ(table.require("xyz").status().message(),
            "no column \"xyz\"; the columns are \"customer\", \"amount\", \"day\"");
}

TEST(Table, ALongListOfColumnsIsCutShort) {
  TableBuilder builder;
  for (int i = 0; i < 50; ++i) builder.int64("column " + std::to_string(i), {1});
  const Status status = (*builder.finish()).require("zzz").status();
  EXPECT_TRUE(contains(status, "\"column 19\" and 30 more")) << status.message();
  EXPECT_FALSE(contains(status, "column 20"));
}

TEST(Table, ANameThatTwoColumnsHaveCannotBeUsed) {
  const int64_t value = 1;
  const Result<Table> table = make_table(std::vector{view_of("id", Type::kInt64, 1, &value),
                                                     view_of("id", Type::kInt64, 1, &value),
                                                     view_of("x", Type::kInt64, 1, &value)});
  ASSERT_TRUE(table.ok());
  EXPECT_EQ(table->find("id"), 0);
  EXPECT_EQ(*table->require("x"), 2);
  const Status status = table->require("id").status();
  EXPECT_EQ(status.code(), Code::kColumn);
  EXPECT_TRUE(contains(status, "2 columns are named \"id\""));
}

TEST(Table, SelectKeepsRowsOrderAndMemory) {
  const Table table = small();
  const Result<Table> picked = table.select(std::vector<std::string>{"day", "customer"});
  ASSERT_TRUE(picked.ok());
  EXPECT_EQ(picked->columns(), 2);
  EXPECT_EQ(picked->rows(), 2);
  EXPECT_EQ(picked->field(0).name, "day");
  EXPECT_EQ(picked->chunks(1)[0].values, table.chunks(0)[0].values);
  EXPECT_EQ(table.select(std::vector<std::string>{"amuont"}).status().code(), Code::kColumn);
  EXPECT_EQ(Table().select({})->columns(), 0);
}

TEST(MakeTable, ReadsTheCallersMemoryInPlace) {
  const std::vector<int64_t> ids{4, 5, 6};
  const std::vector<double> amounts{1, 2, 3};
  const std::vector<uint8_t> validity{0b101};
  std::vector<ColumnView> views{view_of("id", Type::kInt64, 3, ids.data()),
                                view_of("amount", Type::kDouble, 3, amounts.data())};
  views[1].chunk.validity = validity.data();
  const Result<Table> table = make_table(views);
  ASSERT_TRUE(table.ok()) << table.status().message();
  EXPECT_EQ(table->rows(), 3);
  EXPECT_EQ(table->chunks(0)[0].values, ids.data());
  EXPECT_EQ(table->chunks(1)[0].null_count, 1);
  EXPECT_FALSE(table->chunks(1)[0].valid(1));
}

TEST(MakeTable, AnOffsetSkipsRowsOfTheMemory) {
  const std::vector<int64_t> ids{4, 5, 6};
  ColumnView view = view_of("id", Type::kInt64, 2, ids.data());
  view.chunk.offset = 1;
  const Result<Table> table = make_table(std::vector{view});
  ASSERT_TRUE(table.ok());
  const Chunk& chunk = table->chunks(0)[0];
  EXPECT_EQ(static_cast<const int64_t*>(chunk.values)[chunk.offset], 5);
}

TEST(MakeTable, TheCheckedDictionaryIsTheTablesOwnChunk) {
  const std::vector<int8_t> indices{1, 0};
  const std::vector<int64_t> values{100, 200};
  Table table;
  {
    Chunk dictionary;
    dictionary.length = 2;
    dictionary.values = values.data();
    ColumnView view = view_of("kind", Type::kDictionary, 2, indices.data());
    view.type.index = Type::kInt8;
    view.type.value = Type::kInt64;
    view.chunk.dictionary = &dictionary;
    table = *make_table(std::vector{view});
    dictionary.values = nullptr;
  }
  EXPECT_EQ(static_cast<const int64_t*>(table.chunks(0)[0].dictionary->values)[1], 200);
}

TEST(MakeTable, FaultsAreNamedWithTheirColumn) {
  const std::vector<int64_t> ids{4, 5, 6};
  const auto refused = [&](const ColumnView& view, Code code, const std::string& part) {
    const Result<Table> table =
        make_table(std::vector{view_of("a", Type::kInt64, 3, ids.data()), view});
    ASSERT_FALSE(table.ok()) << part;
    EXPECT_EQ(table.status().code(), code) << table.status().message();
    EXPECT_TRUE(contains(table.status(), part)) << table.status().message();
  };
  refused(view_of("b", Type::kInt64, 2, ids.data()), Code::kLength,
          "column \"b\" has 2 rows; column \"a\" has 3");
  refused(view_of("b", Type::kInt64, 3, nullptr), Code::kArrow, "column \"b\"");
  refused(view_of("b\xFF", Type::kInt64, 3, ids.data()), Code::kUtf8, "column 1");
  refused(view_of(std::string("b\0c", 3), Type::kInt64, 3, ids.data()), Code::kArgument, "NUL");
  refused(view_of("b", Type::kUnsupported, 3, ids.data()), Code::kType,
          "column \"b\" has the type number -1");
  refused(view_of("b", static_cast<Type>(21), 3, ids.data()), Code::kType, "type number 21");
  refused(view_of("b", Type::kDictionary, 3, ids.data()), Code::kArrow, "dictionary is missing");
  refused(view_of("b", Type::kString, 3, ids.data()), Code::kArrow, "offsets is missing");

  Chunk values;
  ColumnView view = view_of("b", Type::kDictionary, 3, ids.data());
  view.chunk.dictionary = &values;
  view.type.value = Type::kDouble;
  refused(view, Code::kType, "dictionary<int32, double>");
  view.type.value = Type::kString;
  view.type.index = Type::kFloat;
  refused(view, Code::kArrow, "no integers");

  ColumnView views = view_of("b", Type::kStringView, 3, ids.data());
  const uint8_t* buffer = nullptr;
  views.chunk.view_buffers = {&buffer, 1};
  refused(views, Code::kArrow, "sizes of the view buffers are missing");
}

TEST(MakeTable, NoRowsAreATableWithColumns) {
  const Result<Table> table = make_table(std::vector{view_of("id", Type::kInt64, 0, nullptr)});
  ASSERT_TRUE(table.ok());
  EXPECT_EQ(table->rows(), 0);
  EXPECT_EQ(table->columns(), 1);
  EXPECT_TRUE(table->chunks(0).empty());
  EXPECT_EQ(make_table({})->columns(), 0);
}

}  // namespace
}  // namespace patron
