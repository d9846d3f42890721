#include <cstring>

#include "tests/capi/world.h"

namespace patron::test {
namespace {

patron_status create(const std::vector<patron_column>& columns, patron_error* error) {
  patron_table* table = nullptr;
  const patron_status status = patron_table_create(columns.data(), columns.size(), &table, error);
  EXPECT_EQ(table == nullptr, status != PATRON_OK);
  patron_table_close(table);
  return status;
}

void expect_refused(const patron_column& wrong, patron_status status, const char* says) {
  patron_error error = PATRON_ERROR_INIT;
  EXPECT_EQ(create({wrong}, &error), status) << error.message;
  EXPECT_NE(std::strstr(error.message, says), nullptr) << error.message;
}

TEST(TableCreate, ReadsPlainMemoryInPlace) {
  const Orders orders;
  const Table table = orders.table();
  EXPECT_EQ(patron_table_rows(table.get()), 6);
  EXPECT_EQ(patron_table_columns(table.get()), 3);
  EXPECT_EQ(patron_table_chunks(table.get()), 1);
  const patron_column view = view_of(table.get(), "amount");
  EXPECT_EQ(view.type, PATRON_TYPE_DOUBLE);
  EXPECT_EQ(view.length, 6);
  EXPECT_EQ(view.null_count, 0);
  EXPECT_EQ(view.values, orders.amount.data());
  EXPECT_EQ(text(view.name), "amount");
}

TEST(TableCreate, HasNoChunkWhereThereIsNoRow) {
  const std::vector<int64_t> none;
  const Table table = make_table({column("x", PATRON_TYPE_INT64, none)});
  EXPECT_EQ(patron_table_rows(table.get()), 0);
  EXPECT_EQ(patron_table_columns(table.get()), 1);
  EXPECT_EQ(patron_table_chunks(table.get()), 0);
  patron_table* empty = nullptr;
  ASSERT_EQ(patron_table_create(nullptr, 0, &empty, nullptr), PATRON_OK);
  EXPECT_EQ(patron_table_columns(empty), 0);
  EXPECT_EQ(patron_table_chunks(empty), 0);
  patron_table_close(empty);
}

TEST(TableCreate, CountsNullsFromTheValidity) {
  const std::vector<int64_t> values{1, 2, 3};
  const uint8_t validity[1] = {0x05};  // the middle one is null
  patron_column some = column("x", PATRON_TYPE_INT64, values);
  some.validity = validity;
  some.null_count = 77;  // not looked at
  const Table table = make_table({some});
  EXPECT_EQ(view_of(table.get(), "x").null_count, 1);
}

TEST(TableCreate, StartsAtTheOffset) {
  const std::vector<int64_t> values{1, 2, 3, 4};
  patron_column some = column("x", PATRON_TYPE_INT64, values);
  some.offset = 1;
  some.length = 2;
  const Table table = make_table({some});
  EXPECT_EQ(values_of<int64_t>(table.get(), "x"), (std::vector<int64_t>{2, 3}));
}

TEST(TableCreate, TakesTextAndDictionaries) {
  const std::string bytes = "greenred";
  const std::vector<int32_t> offsets{0, 5, 8};
  patron_column words = PATRON_COLUMN_INIT;
  words.name = patron_str_of("word");
  words.type = PATRON_TYPE_STRING;
  words.length = 2;
  words.offsets = offsets.data();
  words.bytes = reinterpret_cast<const uint8_t*>(bytes.data());
  const std::vector<int8_t> indices{1, 0};
  patron_column coded = column("coded", PATRON_TYPE_DICTIONARY, indices);
  coded.index = PATRON_TYPE_INT8;
  coded.value = PATRON_TYPE_STRING;
  coded.ordered = 1;
  coded.dictionary = &words;
  const Table table = make_table({words, coded});
  EXPECT_EQ(texts_of(table.get(), "word"), (std::vector<std::string>{"green", "red"}));
  EXPECT_EQ(texts_of(table.get(), "coded"), (std::vector<std::string>{"red", "green"}));
  patron_field field = PATRON_FIELD_INIT;
  ASSERT_EQ(patron_table_field(table.get(), 1, &field, nullptr), PATRON_OK);
  EXPECT_EQ(field.index, PATRON_TYPE_INT8);
  EXPECT_EQ(field.value, PATRON_TYPE_STRING);
  EXPECT_EQ(field.ordered, 1);
  EXPECT_EQ(text(field.type_name), "dictionary<int8, utf8>");
}

TEST(TableCreate, TakesStringViews) {
  const std::string data = "a text of more than twelve bytes";
  struct View {
    int32_t length;
    char prefix[4];
    int32_t buffer, offset;
  };
  const View view{32, {'a', ' ', 't', 'e'}, 0, 0};
  const auto* buffer = reinterpret_cast<const uint8_t*>(data.data());
  const int64_t size = static_cast<int64_t>(data.size());
  patron_column views = PATRON_COLUMN_INIT;
  views.name = patron_str_of("x");
  views.type = PATRON_TYPE_STRING_VIEW;
  views.length = 1;
  views.values = &view;
  views.view_buffers = &buffer;
  views.view_sizes = &size;
  views.view_buffer_count = 1;
  const Table table = make_table({views});
  const patron_column got = view_of(table.get(), "x");
  EXPECT_EQ(got.view_buffer_count, 1U);
  EXPECT_EQ(got.view_buffers[0], buffer);
  EXPECT_EQ(got.view_sizes[0], 32);
  views.view_sizes = nullptr;
  expect_refused(views, PATRON_E_ARGUMENT, "columns[0].view_sizes is NULL");
  views.view_buffers = nullptr;
  expect_refused(views, PATRON_E_ARGUMENT, "columns[0].view_buffers is NULL");
}

TEST(TableCreate, RefusesTypesThatThereAreNot) {
  const std::vector<int64_t> values{1};
  for (const int32_t type : {PATRON_TYPE_UNSUPPORTED, 21, INT32_MAX}) {
    expect_refused(column("x", type, values), PATRON_E_ARGUMENT, "columns[0].type");
  }
  patron_column wrong = column("x", PATRON_TYPE_TIMESTAMP, values);
  wrong.unit = 4;
  expect_refused(wrong, PATRON_E_ARGUMENT, "columns[0].unit is 4");
  wrong = column("x", PATRON_TYPE_TIMESTAMP, values);
  wrong.zone = str("\xFF");
  expect_refused(wrong, PATRON_E_UTF8, "columns[0].zone");
  wrong = column("x", PATRON_TYPE_DECIMAL128, values);
  expect_refused(wrong, PATRON_E_ARGUMENT, "precision 0");
  wrong.precision = 39;
  expect_refused(wrong, PATRON_E_ARGUMENT, "precision 39");
  wrong.precision = 10;
  wrong.scale = 39;
  expect_refused(wrong, PATRON_E_ARGUMENT, "scale 39");
}

TEST(TableCreate, RefusesDictionariesThatDoNotFit) {
  const std::vector<int64_t> values{0};
  const std::vector<double> numbers{1};
  const patron_column inner = column("", PATRON_TYPE_INT64, values);
  patron_column wrong = column("x", PATRON_TYPE_DICTIONARY, values);
  wrong.value = PATRON_TYPE_INT64;
  wrong.dictionary = &inner;
  wrong.index = PATRON_TYPE_DOUBLE;
  expect_refused(wrong, PATRON_E_TYPE, "columns[0].index");
  wrong.index = PATRON_TYPE_INT64;
  wrong.value = PATRON_TYPE_STRING;
  expect_refused(wrong, PATRON_E_TYPE, "columns[0].dictionary.type");
  const patron_column floats = column("", PATRON_TYPE_DOUBLE, numbers);
  wrong.value = PATRON_TYPE_DOUBLE;
  wrong.dictionary = &floats;
  expect_refused(wrong, PATRON_E_TYPE, "columns[0].dictionary.type");
  wrong.dictionary = nullptr;
  expect_refused(wrong, PATRON_E_ARGUMENT, "columns[0].dictionary is NULL");
}

TEST(TableCreate, RefusesNamesAndLengthsThatCannotBe) {
  const std::vector<int64_t> values{1, 2};
  patron_column wrong = column("x", PATRON_TYPE_INT64, values);
  wrong.name = str("\xC3(");
  expect_refused(wrong, PATRON_E_UTF8, "columns[0].name");
  wrong.name = {nullptr, 3};
  expect_refused(wrong, PATRON_E_ARGUMENT, "columns[0].name is NULL");
  wrong = column("x", PATRON_TYPE_INT64, values);
  wrong.length = -1;
  expect_refused(wrong, PATRON_E_ARROW, "length");
  wrong = column("x", PATRON_TYPE_INT64, values);
  wrong.offset = INT64_MAX;
  expect_refused(wrong, PATRON_E_ARROW, "");
  wrong = column("x", PATRON_TYPE_INT64, values);
  wrong.values = nullptr;
  expect_refused(wrong, PATRON_E_ARROW, "missing");

  patron_column one = column("y", PATRON_TYPE_INT64, values);
  one.length = 1;
  patron_error error = PATRON_ERROR_INIT;
  EXPECT_EQ(create({column("x", PATRON_TYPE_INT64, values), one}, &error), PATRON_E_LENGTH);
  EXPECT_NE(std::strstr(error.message, "\"y\" has 1 rows"), nullptr) << error.message;
}

TEST(TableCreate, RefusesNullAndCountsBeyondMemory) {
  patron_table* table = nullptr;
  const patron_column any = PATRON_COLUMN_INIT;
  EXPECT_EQ(patron_table_create(nullptr, 1, &table, nullptr), PATRON_E_ARGUMENT);
  EXPECT_EQ(patron_table_create(&any, UINT64_MAX, &table, nullptr), PATRON_E_ARGUMENT);
  EXPECT_EQ(patron_table_create(&any, 1, nullptr, nullptr), PATRON_E_ARGUMENT);
}

TEST(TableCreate, RefusesTextThatIsNoUtf8WithItsRow) {
  const std::string bytes = "ab\xFF";
  const std::vector<int32_t> offsets{0, 1, 3};
  patron_column wrong = PATRON_COLUMN_INIT;
  wrong.name = patron_str_of("x");
  wrong.type = PATRON_TYPE_STRING;
  wrong.length = 2;
  wrong.offsets = offsets.data();
  wrong.bytes = reinterpret_cast<const uint8_t*>(bytes.data());
  patron_error error = PATRON_ERROR_INIT;
  EXPECT_EQ(create({wrong}, &error), PATRON_E_UTF8);
  EXPECT_EQ(error.row, 1);
}

TEST(TableField, DescribesTimestampsAndDecimals) {
  const std::vector<int64_t> values{1, 2};
  patron_column stamp = column("t", PATRON_TYPE_TIMESTAMP, values);
  stamp.length = 1;
  stamp.zone = patron_str_of("Asia/Tokyo");
  stamp.unit = PATRON_UNIT_NANO;
  patron_column decimal = column("d", PATRON_TYPE_DECIMAL128, values);
  decimal.length = 1;
  decimal.precision = 12;
  decimal.scale = 3;
  const Table table = make_table({stamp, decimal});
  patron_field field = PATRON_FIELD_INIT;
  ASSERT_EQ(patron_table_field(table.get(), 0, &field, nullptr), PATRON_OK);
  EXPECT_EQ(field.type, PATRON_TYPE_TIMESTAMP);
  EXPECT_EQ(text(field.name), "t");
  EXPECT_EQ(field.unit, PATRON_UNIT_NANO);
  EXPECT_EQ(text(field.zone), "Asia/Tokyo");
  EXPECT_EQ(text(field.type_name), "timestamp[ns, tz=Asia/Tokyo]");
  ASSERT_EQ(patron_table_field(table.get(), 1, &field, nullptr), PATRON_OK);
  EXPECT_EQ(field.precision, 12);
  EXPECT_EQ(field.scale, 3);
}

TEST(TableAccess, RefusesPlacesThatThereAreNot) {
  const World world;
  patron_field field = PATRON_FIELD_INIT;
  patron_column view = PATRON_COLUMN_INIT;
  patron_error error = PATRON_ERROR_INIT;
  for (const int32_t wrong : {-1, 3, INT32_MAX}) {
    EXPECT_EQ(patron_table_field(world.table.get(), wrong, &field, &error), PATRON_E_ARGUMENT);
    EXPECT_NE(std::strstr(error.message, "there are 3"), nullptr) << error.message;
    EXPECT_EQ(patron_table_column(world.table.get(), wrong, 0, &view, nullptr), PATRON_E_ARGUMENT);
  }
  for (const int64_t wrong : {int64_t{-1}, int64_t{1}, INT64_MAX}) {
    EXPECT_EQ(patron_table_column(world.table.get(), 0, wrong, &view, &error), PATRON_E_ARGUMENT);
    EXPECT_NE(std::strstr(error.message, "chunk is"), nullptr) << error.message;
  }
}

TEST(TableFind, NamesTheNearestColumn) {
  const World world;
  int32_t index = 7;
  patron_error error = PATRON_ERROR_INIT;
  EXPECT_EQ(patron_table_find(world.table.get(), "amuont", 6, &index, &error), PATRON_E_COLUMN);
  EXPECT_NE(std::strstr(error.message, "\"amount\""), nullptr) << error.message;
  EXPECT_EQ(patron_table_find(world.table.get(), "\xFF", 1, &index, nullptr), PATRON_E_UTF8);
  EXPECT_EQ(patron_table_find(world.table.get(), "day", 3, nullptr, nullptr), PATRON_E_ARGUMENT);
  EXPECT_EQ(index, 7);
  EXPECT_EQ(patron_table_find(world.table.get(), "amount", 6, &index, nullptr), PATRON_OK);
  EXPECT_EQ(index, 2);
}

TEST(TableSelect, KeepsTheOrderOfTheNames) {
  const World world;
  const patron_str names[2] = {patron_str_of("amount"), patron_str_of("customer")};
  patron_table* table = nullptr;
  ASSERT_EQ(patron_table_select(world.table.get(), names, 2, &table, nullptr), PATRON_OK);
  int32_t index = -1;
  EXPECT_EQ(patron_table_find(table, "customer", 8, &index, nullptr), PATRON_OK);
  EXPECT_EQ(index, 1);
  EXPECT_EQ(patron_table_columns(table), 2);
  patron_table_close(table);
}

TEST(TableSelect, RefusesNamesThatThereAreNot) {
  const World world;
  patron_table* table = nullptr;
  patron_error error = PATRON_ERROR_INIT;
  patron_str names[2] = {patron_str_of("amount"), patron_str_of("customers")};
  EXPECT_EQ(patron_table_select(world.table.get(), names, 2, &table, &error), PATRON_E_COLUMN);
  EXPECT_EQ(table, nullptr);
  names[1] = str("\xFF");
  EXPECT_EQ(patron_table_select(world.table.get(), names, 2, &table, &error), PATRON_E_UTF8);
  EXPECT_NE(std::strstr(error.message, "names[1]"), nullptr) << error.message;
  EXPECT_EQ(patron_table_select(world.table.get(), nullptr, 2, &table, nullptr), PATRON_E_ARGUMENT);
  EXPECT_EQ(patron_table_select(world.table.get(), names, 1, nullptr, nullptr), PATRON_E_ARGUMENT);
}

}  // namespace
}  // namespace patron::test
