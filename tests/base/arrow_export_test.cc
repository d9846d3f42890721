#include <gtest/gtest.h>

#include <cerrno>
#include <cstring>
#include <string>
#include <vector>

#include "patron/table.h"
#include "tests/base/arrow_producer.h"
#include "tests/base/fail_alloc.h"

namespace patron::test {
namespace {

// Every type that patron reads, two rows each, sliced at row 1 of 3 and with a null in the last
// row.
std::vector<FakeArray> all_types() {
  std::vector<FakeArray> out;
  const auto add = [&](const std::string& format, size_t width) {
    Bytes values;
    for (size_t i = 0; i < 3 * width; ++i) values.push_back(static_cast<char>(i % 50));
    out.push_back(column(format, format, 2, {bits("110"), values}));
  };
  for (const char* one : {"c", "C"}) add(one, 1);
  for (const char* two : {"s", "S"}) add(two, 2);
  for (const char* four : {"i", "I", "f", "tdD"}) add(four, 4);
  for (const char* eight : {"l", "L", "g", "tdm", "tss:", "tsm:UTC", "tsu:Asia/Tokyo",
                            "tsn:", "tDs", "tDm", "tDu", "tDn"}) {
    add(eight, 8);
  }
  add("d:12,3", 16);
  out.push_back(column("b", "b", 2, {bits("110"), bits("010")}));
  out.push_back(column("u", "u", 2, {bits("110"), bytes_of<int32_t>({0, 1, 3, 3}), Bytes("abc")}));
  out.push_back(column("U", "U", 2, {bits("110"), bytes_of<int64_t>({0, 1, 3, 3}), Bytes("abc")}));
  out.push_back(
      column("vu", "vu", 2,
             {bits("110"), inline_view("a") + view_into(13, "0123", 0, 1) + inline_view("b"),
              Bytes("-0123456789ABC"), bytes_of<int64_t>({14})}));
  FakeArray coded = column("s", "coded", 2, {bits("110"), bytes_of<int16_t>({0, 1, 0})});
  coded.dictionary = {column(
      "vu", "", 2, {std::nullopt, inline_view("x") + inline_view("y"), bytes_of<int64_t>({})})};
  coded.flags |= ARROW_FLAG_DICTIONARY_ORDERED;
  out.push_back(coded);
  for (FakeArray& fake : out) {
    fake.offset = 1;
    fake.null_count = 1;
  }
  FakeArray nothing = column("n", "n", 2, {});
  nothing.null_count = 2;
  out.push_back(nothing);
  return out;
}

Table read(const std::vector<FakeArray>& batches, Counts& counts) {
  ArrowArrayStream stream = fake_stream(batches, counts);
  Result<Table> table = Table::import(&stream);
  EXPECT_TRUE(table.ok()) << table.status().message();
  return *table;
}

// What the two columns show a reader is the same.
void expect_same_chunk(const DataType& type, const Chunk& a, const Chunk& b) {
  ASSERT_EQ(a.length, b.length);
  EXPECT_EQ(a.null_count, b.null_count);
  EXPECT_EQ(a.offset, b.offset);
  EXPECT_EQ(a.values, b.values) << type_name(type);
  EXPECT_EQ(a.offsets, b.offsets);
  EXPECT_EQ(a.validity, b.validity);
  ASSERT_EQ(a.view_buffers.size(), b.view_buffers.size());
  for (size_t i = 0; i < a.view_buffers.size(); ++i) {
    EXPECT_EQ(a.view_buffers[i], b.view_buffers[i]);
    EXPECT_EQ(a.view_sizes[i], b.view_sizes[i]);
  }
  for (int64_t i = 0; i < a.length; ++i) EXPECT_EQ(a.valid(i), b.valid(i));
  if (a.dictionary != nullptr) {
    DataType values;
    values.type = type.value;
    expect_same_chunk(values, *a.dictionary, *b.dictionary);
  }
}

TEST(ArrowExport, WhatGoesOutAndComesBackIsTheSameMemory) {
  Counts counts;
  {
    const Table table = read({batch(2, all_types()), batch(2, all_types())}, counts);
    ArrowArrayStream stream;
    ASSERT_TRUE(table.export_stream(&stream).ok());
    const Result<Table> again = Table::import(&stream);
    ASSERT_TRUE(again.ok()) << again.status().message();
    ASSERT_EQ(again->columns(), table.columns());
    EXPECT_EQ(again->rows(), 4);
    for (int i = 0; i < table.columns(); ++i) {
      EXPECT_EQ(again->field(i).name, table.field(i).name);
      EXPECT_EQ(again->field(i).type, table.field(i).type) << type_name(table.field(i).type);
      ASSERT_EQ(again->chunks(i).size(), 2U);
      for (size_t k = 0; k < 2; ++k) {
        expect_same_chunk(table.field(i).type, table.chunks(i)[k], again->chunks(i)[k]);
      }
    }
  }
  EXPECT_TRUE(counts.balanced());
}

// The layout table of the Arrow columnar format, and the rules of the C data interface.
TEST(ArrowExport, TheStructsFollowTheRulesOfArrow) {
  Counts counts;
  const std::vector<FakeArray> columns = all_types();
  const Table table = read({batch(2, columns)}, counts);
  ArrowArrayStream stream;
  ASSERT_TRUE(table.export_stream(&stream).ok());
  ArrowSchema schema;
  ASSERT_EQ(stream.get_schema(&stream, &schema), 0);
  EXPECT_STREQ(schema.format, "+s");
  EXPECT_EQ(schema.metadata, nullptr);
  EXPECT_EQ(schema.dictionary, nullptr);
  ASSERT_EQ(schema.n_children, static_cast<int64_t>(columns.size()));
  ArrowArray array;
  ASSERT_EQ(stream.get_next(&stream, &array), 0);
  EXPECT_EQ(array.length, 2);
  EXPECT_EQ(array.offset, 0);
  EXPECT_EQ(array.null_count, 0);
  EXPECT_EQ(array.n_buffers, 1);
  EXPECT_EQ(array.buffers[0], nullptr);
  ASSERT_EQ(array.n_children, schema.n_children);
  for (size_t i = 0; i < columns.size(); ++i) {
    const ArrowSchema& field = *schema.children[i];
    const ArrowArray& child = *array.children[i];
    EXPECT_STREQ(field.format, columns[i].format.c_str());
    EXPECT_STREQ(field.name, columns[i].name.c_str());
    EXPECT_EQ(field.flags, columns[i].flags);
    EXPECT_EQ(field.n_children, 0);
    EXPECT_NE(field.release, nullptr);
    EXPECT_EQ(child.length, 2);
    EXPECT_EQ(child.null_count, columns[i].null_count);
    EXPECT_EQ(child.n_buffers, static_cast<int64_t>(columns[i].buffers.size())) << field.format;
    EXPECT_EQ(child.n_children, 0);
    EXPECT_EQ(field.dictionary != nullptr, !columns[i].dictionary.empty());
    EXPECT_EQ(child.dictionary != nullptr, !columns[i].dictionary.empty());
  }
  array.release(&array);
  EXPECT_EQ(array.release, nullptr);
  ASSERT_EQ(stream.get_next(&stream, &array), 0);
  EXPECT_EQ(array.release, nullptr) << "the end of the stream";
  schema.release(&schema);
  EXPECT_EQ(schema.release, nullptr);
  stream.release(&stream);
  EXPECT_EQ(stream.release, nullptr);
}

TEST(ArrowExport, WhatIsHandedOutOutlivesTableStreamAndParent) {
  Counts counts;
  ArrowArray child{};
  ArrowSchema field{};
  {
    ArrowArrayStream stream;
    {
      const Table table = read({batch(2, all_types())}, counts);
      ASSERT_TRUE(table.export_stream(&stream).ok());
    }
    ArrowSchema schema;
    ArrowArray array;
    ASSERT_EQ(stream.get_schema(&stream, &schema), 0);
    ASSERT_EQ(stream.get_next(&stream, &array), 0);
    stream.release(&stream);
    // Moving a child out, as the specification allows it.
    child = *array.children[8];
    array.children[8]->release = nullptr;
    field = *schema.children[8];
    schema.children[8]->release = nullptr;
    array.release(&array);
    schema.release(&schema);
  }
  EXPECT_FALSE(counts.balanced());
  EXPECT_STREQ(field.format, "l");
  int64_t value;
  std::memcpy(&value, static_cast<const int64_t*>(child.buffers[1]) + child.offset, 8);
  EXPECT_EQ(value, 0x0F0E0D0C0B0A0908);  // bytes 8 to 15 of the counting bytes above
  child.release(&child);
  field.release(&field);
  EXPECT_TRUE(counts.balanced());
}

TEST(ArrowExport, NoTextAtAllStillHasItsBuffers) {
  ArrowArrayStream stream;
  ASSERT_TRUE(TableBuilder()
                  .strings("s", std::vector<std::string>{"", ""})
                  .finish()
                  ->export_stream(&stream)
                  .ok());
  ArrowArray array;
  ASSERT_EQ(stream.get_next(&stream, &array), 0);
  ASSERT_EQ(array.children[0]->n_buffers, 3);
  EXPECT_NE(array.children[0]->buffers[1], nullptr);
  EXPECT_NE(array.children[0]->buffers[2], nullptr);
  array.release(&array);
  stream.release(&stream);
}

TEST(ArrowExport, AnEmptyTableIsAStreamWithoutBatches) {
  for (const Table& table : {Table(), *TableBuilder().int64("a", {}).finish()}) {
    ArrowArrayStream stream;
    ASSERT_TRUE(table.export_stream(&stream).ok());
    const Result<Table> again = Table::import(&stream);
    ASSERT_TRUE(again.ok()) << again.status().message();
    EXPECT_EQ(again->columns(), table.columns());
    EXPECT_EQ(again->rows(), 0);
  }
}

TEST(ArrowExport, AColumnThatPatronDoesNotReadIsRefusedByName) {
  Counts counts;
  const Table table =
      read({batch(2, {column("z", "photo", 2, {}), column("n", "n", 2, {})})}, counts);
  ArrowArrayStream stream;
  const Status status = table.export_stream(&stream);
  EXPECT_EQ(status.code(), Code::kType);
  EXPECT_NE(status.message().find("\"photo\" is binary"), std::string::npos) << status.message();
  EXPECT_EQ(stream.release, nullptr);
  ASSERT_TRUE(table.select(std::vector<std::string>{"n"})->export_stream(&stream).ok());
  stream.release(&stream);
  EXPECT_EQ(table.export_stream(nullptr).code(), Code::kArgument);
}

TEST(ArrowExport, AFailedAllocationIsAnErrnoAndTheNextTryGoesOn) {
  Counts counts;
  {
    const Table table = read({batch(2, all_types())}, counts);
    ArrowArrayStream stream;
    ASSERT_TRUE(table.export_stream(&stream).ok());
    int failures = 0;
    for (int64_t k = 0;; ++k) {
      ArrowSchema schema{};
      int error;
      {
        const FailAllocation failing(k);
        error = stream.get_schema(&stream, &schema);
      }
      if (error == 0) {
        schema.release(&schema);
        break;
      }
      EXPECT_EQ(error, ENOMEM);
      EXPECT_STREQ(stream.get_last_error(&stream), "out of memory");
      ++failures;
    }
    EXPECT_GT(failures, 20);
    failures = 0;
    for (int64_t k = 0;; ++k) {
      ArrowArray array{};
      int error;
      {
        const FailAllocation failing(k);
        error = stream.get_next(&stream, &array);
      }
      if (error == 0) {
        EXPECT_EQ(array.length, 2);
        array.release(&array);
        break;
      }
      EXPECT_EQ(error, ENOMEM);
      ++failures;
    }
    EXPECT_GT(failures, 20);
    stream.release(&stream);
  }
  EXPECT_TRUE(counts.balanced());
}

TEST(ArrowExport, AReleasedStreamAnswersWithAnError) {
  ArrowArrayStream stream;
  ASSERT_TRUE(Table().export_stream(&stream).ok());
  const ArrowArrayStream callbacks = stream;
  stream.release(&stream);
  ArrowSchema schema;
  ArrowArray array;
  EXPECT_EQ(callbacks.get_schema(&stream, &schema), EINVAL);
  EXPECT_EQ(callbacks.get_next(&stream, &array), EINVAL);
  EXPECT_EQ(callbacks.get_last_error(&stream), nullptr);
  callbacks.release(&stream);
}

}  // namespace
}  // namespace patron::test
