// The rules that hold for every function that returns a status.
#include <cstring>

#include "tests/capi/world.h"

namespace patron::test {
namespace {

TEST(Error, IsOptionalInEveryCall) {
  const World world;
  for (const Call& call : calls()) {
    EXPECT_EQ(call.run(world.handle(call.kind), nullptr), PATRON_OK) << call.name;
  }
}

TEST(Error, IsNotTouchedOnSuccess) {
  const World world;
  for (const Call& call : calls()) {
    patron_error error, before;
    std::memset(&error, 0x5A, sizeof(error));
    error.struct_size = sizeof(error);
    std::memcpy(&before, &error, sizeof(error));
    ASSERT_EQ(call.run(world.handle(call.kind), &error), PATRON_OK) << call.name;
    EXPECT_EQ(std::memcmp(&error, &before, sizeof(error)), 0) << call.name;
  }
}

TEST(Error, OfAnotherSizeMakesEveryCallUnsupportedAndIsNotTouched) {
  const World world;
  for (const Call& call : calls()) {
    for (const uint32_t size : {0U, 1023U, 1025U, 0xFFFFFFFFU}) {
      patron_error error = PATRON_ERROR_INIT;
      error.struct_size = size;
      EXPECT_EQ(call.run(world.handle(call.kind), &error), PATRON_E_UNSUPPORTED) << call.name;
      EXPECT_EQ(error.code, 0) << call.name;
    }
  }
}

TEST(Error, HoldsTheReturnedStatusAndAMessage) {
  patron_error error;
  std::memset(&error, 0x5A, sizeof(error));
  error.struct_size = sizeof(error);
  EXPECT_EQ(patron_zone_check("Asia/Shangai", 12, &error), PATRON_E_ZONE);
  EXPECT_EQ(error.code, PATRON_E_ZONE);
  EXPECT_EQ(error.detail, 0);
  EXPECT_EQ(error.reserved, 0U);
  EXPECT_EQ(error.row, -1);
  EXPECT_EQ(error.byte_offset, -1);
  EXPECT_NE(std::strstr(error.message, "Asia/Shanghai"), nullptr) << error.message;
  EXPECT_EQ(error.message[sizeof(error.message) - 1], '\0');
}

TEST(Error, SaysWhereInATextTheMistakeIs) {
  patron_error error = PATRON_ERROR_INIT;
  patron_segments* table = nullptr;
  // Byte 9 is where a value should stand.
  EXPECT_EQ(patron_segments_parse("[{\"name\":}]", 11, 5, &table, &error), PATRON_E_SYNTAX);
  EXPECT_EQ(error.byte_offset, 9);
}

TEST(Error, CutsAMessageBetweenCharacters) {
  // Many columns of long names, in characters of three bytes, give a message of more than 991.
  const std::vector<int64_t> values{1};
  std::vector<std::string> names;
  for (int i = 0; i < 19; ++i) {
    names.push_back(std::to_string(10 + i));
    for (int k = 0; k < 24; ++k) names.back() += "客";
  }
  std::vector<patron_column> columns;
  for (const std::string& name : names) {
    columns.push_back(column(name.c_str(), PATRON_TYPE_INT64, values));
  }
  const Table table = make_table(columns);
  for (int pad = 1; pad <= 3; ++pad) {
    const std::string name(static_cast<size_t>(pad), 'z');
    patron_error error = PATRON_ERROR_INIT;
    int32_t index = 7;
    EXPECT_EQ(patron_table_find(table.get(), name.data(), name.size(), &index, &error),
              PATRON_E_COLUMN);
    EXPECT_EQ(index, 7);
    const size_t size = std::strlen(error.message);
    EXPECT_GE(size, 988U);
    EXPECT_LE(size, 991U);
    // What is left is UTF-8 to its end: the zone check refuses anything else.
    EXPECT_EQ(patron_zone_check(error.message, size, nullptr), PATRON_E_ZONE);
  }
}

TEST(StatusName, IsThatOfEveryCodeAndUnknownForOthers) {
  const std::vector<std::pair<patron_status, const char*>> names{
      {PATRON_OK, "ok"},
      {PATRON_E_ARGUMENT, "argument"},
      {PATRON_E_UNSUPPORTED, "unsupported"},
      {PATRON_E_HANDLE, "handle"},
      {PATRON_E_BUFFER, "buffer"},
      {PATRON_E_SYNTAX, "syntax"},
      {PATRON_E_DOCUMENT, "document"},
      {PATRON_E_ZONE, "zone"},
      {PATRON_E_COLUMN, "column"},
      {PATRON_E_TYPE, "type"},
      {PATRON_E_LENGTH, "length"},
      {PATRON_E_EMPTY, "empty"},
      {PATRON_E_NULL, "null"},
      {PATRON_E_NUMBER, "number"},
      {PATRON_E_OVERFLOW, "overflow"},
      {PATRON_E_TIME, "time"},
      {PATRON_E_UTF8, "utf8"},
      {PATRON_E_ARROW, "arrow"},
      {PATRON_E_STATE, "state"},
      {PATRON_E_IO, "io"},
      {PATRON_E_MEMORY, "memory"},
      {PATRON_E_LIMIT, "limit"},
      {PATRON_E_CANCELLED, "cancelled"},
      {PATRON_E_CALLBACK, "callback"},
      {PATRON_E_INTERNAL, "internal"}};
  for (const auto& [status, name] : names) EXPECT_STREQ(patron_status_name(status), name);
  for (const patron_status none : {-1, 1, 9, 14, 91, 1000000}) {
    EXPECT_STREQ(patron_status_name(none), "unknown");
  }
}

}  // namespace
}  // namespace patron::test
