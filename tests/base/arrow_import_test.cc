#include <gtest/gtest.h>

#include <cerrno>
#include <cstring>
#include <functional>
#include <string>
#include <vector>

#include "patron/table.h"
#include "tests/base/arrow_producer.h"
#include "tests/base/fail_alloc.h"

namespace patron::test {
namespace {

FakeArray ids(const std::vector<int64_t>& values) {
  return column("l", "id", static_cast<int64_t>(values.size()), {std::nullopt, bytes_of(values)});
}

// "aé", "", "b"
FakeArray names() {
  return column("u", "name", 3,
                {std::nullopt, bytes_of<int32_t>({0, 3, 3, 4}),
                 Bytes("a\xC3\xA9"
                       "b")});
}

// rows "x", "y", "x" over the values "x", "y"
FakeArray kinds() {
  FakeArray out = column("c", "kind", 3, {std::nullopt, bytes_of<int8_t>({0, 1, 0})});
  out.dictionary = {column("u", "", 2, {std::nullopt, bytes_of<int32_t>({0, 1, 2}), Bytes("xy")})};
  return out;
}

// "short", and 14 bytes of a data buffer
FakeArray views() {
  return column("vu", "view", 2,
                {std::nullopt, inline_view("short") + view_into(14, "in a", 0, 2),
                 Bytes("--in a buffer o--"), bytes_of<int64_t>({17})});
}

Result<Table> import(const std::vector<FakeArray>& batches, Counts& counts,
                     const StreamKnobs& knobs = {}) {
  ArrowArrayStream stream = fake_stream(batches, counts, knobs);
  Result<Table> table = Table::import(&stream);
  EXPECT_EQ(stream.release, nullptr) << "the stream was not consumed";
  return table;
}

int64_t int_at(const Table& table, int column, size_t chunk, int64_t row) {
  const Chunk& c = table.chunks(column)[chunk];
  return static_cast<const int64_t*>(c.values)[c.offset + row];
}

std::string text_at(const Chunk& chunk, int64_t row) {
  const auto* offsets = static_cast<const int32_t*>(chunk.offsets) + chunk.offset + row;
  return {reinterpret_cast<const char*>(chunk.bytes) + offsets[0],
          static_cast<size_t>(offsets[1] - offsets[0])};
}

// The import of the batch fails with that code and a message that has all the parts in it.
void expect_refused(const FakeArray& fake, Code code, const std::vector<std::string>& parts,
                    int64_t row = -1) {
  Counts counts;
  {
    const Result<Table> table = import({fake}, counts);
    ASSERT_FALSE(table.ok());
    EXPECT_EQ(code_name(table.status().code()), std::string(code_name(code)))
        << table.status().message();
    EXPECT_EQ(table.status().row(), row);
    for (const std::string& part : parts) {
      EXPECT_NE(table.status().message().find(part), std::string::npos)
          << table.status().message() << " lacks " << part;
    }
  }
  EXPECT_TRUE(counts.balanced());
}

void expect_column_refused(const FakeArray& good, const std::function<void(FakeArray&)>& bend,
                           Code code, const std::vector<std::string>& parts, int64_t row = -1) {
  FakeArray bent = good;
  bend(bent);
  expect_refused(batch(good.length, {bent}), code, parts, row);
}

TEST(ArrowImport, ColumnsAreReadInPlaceAndReleasedWithTheTable) {
  Counts counts;
  ArrowSchema schema = producer::schema(batch(3, {ids({7, 8, 9}), names()}), counts);
  ArrowArray array = producer::array(batch(3, {ids({7, 8, 9}), names()}), counts);
  const void* values = array.children[0]->buffers[1];
  const void* bytes = array.children[1]->buffers[2];
  {
    const Result<Table> table = Table::import(&array, &schema);
    ASSERT_TRUE(table.ok()) << table.status().message();
    EXPECT_EQ(array.release, nullptr);
    EXPECT_EQ(schema.release, nullptr);
    EXPECT_EQ(table->rows(), 3);
    EXPECT_EQ(table->chunks(0)[0].values, values);
    EXPECT_EQ(table->chunks(1)[0].bytes, bytes);
    EXPECT_EQ(int_at(*table, 0, 0, 2), 9);
    EXPECT_EQ(text_at(table->chunks(1)[0], 0), "a\xC3\xA9");
    EXPECT_EQ(text_at(table->chunks(1)[0], 2), "b");
    EXPECT_LT(counts.released, counts.produced);
  }
  EXPECT_TRUE(counts.balanced());
}

TEST(ArrowImport, ACopyOfATableKeepsTheMemoryAlive) {
  Counts counts;
  Table copy;
  {
    const Result<Table> table = import({batch(1, {ids({42})})}, counts);
    ASSERT_TRUE(table.ok());
    copy = *table->select(std::vector<std::string>{"id"});
  }
  EXPECT_FALSE(counts.balanced());
  EXPECT_EQ(int_at(copy, 0, 0, 0), 42);
  copy = Table();
  EXPECT_TRUE(counts.balanced());
}

TEST(ArrowImport, BatchesBecomeChunksAndEmptyOnesLeaveNone) {
  Counts counts;
  const Result<Table> table =
      import({batch(2, {ids({1, 2})}), batch(0, {ids({})}), batch(1, {ids({3})})}, counts);
  ASSERT_TRUE(table.ok()) << table.status().message();
  EXPECT_EQ(table->rows(), 3);
  ASSERT_EQ(table->chunks(0).size(), 2U);
  EXPECT_EQ(int_at(*table, 0, 1, 0), 3);
}

TEST(ArrowImport, AStreamWithoutBatchesIsATableWithoutRows) {
  Counts counts;
  ArrowArrayStream stream = fake_stream(batch(0, {ids({}), kinds()}), {}, counts);
  const Result<Table> table = Table::import(&stream);
  ASSERT_TRUE(table.ok()) << table.status().message();
  EXPECT_EQ(table->rows(), 0);
  EXPECT_EQ(table->columns(), 2);
  EXPECT_EQ(type_name(table->field(1).type), "dictionary<int8, utf8>");
  EXPECT_TRUE(table->chunks(0).empty());
}

TEST(ArrowImport, OffsetsOfParentAndChildAddUp) {
  Counts counts;
  FakeArray child = ids({0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15, 16, 17, 18, 19});
  child.offset = 3;
  child.length = 17;
  FakeArray parent = batch(4, {child});
  parent.offset = 9;
  const Result<Table> table = import({parent}, counts);
  ASSERT_TRUE(table.ok()) << table.status().message();
  EXPECT_EQ(table->rows(), 4);
  EXPECT_EQ(int_at(*table, 0, 0, 0), 12);
  EXPECT_EQ(int_at(*table, 0, 0, 3), 15);
  EXPECT_LT(table->chunks(0)[0].offset, 8);
}

TEST(ArrowImport, SlicedBoolsAndStringsKeepTheirNulls) {
  Counts counts;
  FakeArray flags = column("b", "flag", 12, {bits("111111111101"), bits("000000000011")});
  flags.null_count = -1;
  FakeArray text =
      column("u", "text", 12,
             {bits("111111111101"), bytes_of<int32_t>({0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 10, 12}),
              Bytes("abcdefghijkl")});
  text.null_count = 1;
  FakeArray parent = batch(3, {flags, text});
  parent.offset = 9;
  const Result<Table> table = import({parent}, counts);
  ASSERT_TRUE(table.ok()) << table.status().message();
  for (int i = 0; i < 2; ++i) {
    const Chunk& chunk = table->chunks(i)[0];
    EXPECT_EQ(chunk.null_count, 1);
    EXPECT_TRUE(chunk.valid(0));
    EXPECT_FALSE(chunk.valid(1));
    EXPECT_TRUE(chunk.valid(2));
  }
  const Chunk& flag = table->chunks(0)[0];
  EXPECT_TRUE(static_cast<const uint8_t*>(flag.values)[(flag.offset + 2) / 8] >>
                  ((flag.offset + 2) % 8) &
              1);
  EXPECT_EQ(text_at(table->chunks(1)[0], 0), "j");
  EXPECT_EQ(text_at(table->chunks(1)[0], 2), "kl");
}

TEST(ArrowImport, ANullRowOfTheBatchIsNullInEveryColumn) {
  Counts counts;
  FakeArray values = ids({1, 2, 3});
  values.buffers[0] = bits("110");
  values.null_count = 1;
  FakeArray parent = batch(3, {values, names()});
  parent.buffers[0] = bits("011");
  parent.null_count = 1;
  const Result<Table> table = import({parent}, counts);
  ASSERT_TRUE(table.ok()) << table.status().message();
  const Chunk& id = table->chunks(0)[0];
  EXPECT_EQ(id.null_count, 2);
  EXPECT_FALSE(id.valid(0));
  EXPECT_TRUE(id.valid(1));
  EXPECT_FALSE(id.valid(2));
  EXPECT_EQ(table->chunks(1)[0].null_count, 1);
  EXPECT_FALSE(table->chunks(1)[0].valid(0));
}

TEST(ArrowImport, NullsAreCountedAndNotBelieved) {
  for (const int64_t claimed : {-1, 0, 1, 3}) {
    Counts counts;
    FakeArray values = ids({1, 2, 3});
    values.buffers[0] = bits("101");
    values.null_count = claimed;
    const Result<Table> table = import({batch(3, {values})}, counts);
    ASSERT_TRUE(table.ok());
    EXPECT_EQ(table->chunks(0)[0].null_count, 1) << claimed;
    EXPECT_FALSE(table->chunks(0)[0].valid(1)) << claimed;
  }
  Counts counts;
  FakeArray values = ids({1, 2, 3});
  values.buffers[0] = bits("111");
  values.null_count = 2;
  const Result<Table> table = import({batch(3, {values})}, counts);
  ASSERT_TRUE(table.ok());
  EXPECT_EQ(table->chunks(0)[0].null_count, 0);
  EXPECT_EQ(table->chunks(0)[0].validity, nullptr);
}

TEST(ArrowImport, ANullColumnIsAllNullWithOrWithoutItsOldBuffer) {
  for (const bool old : {false, true}) {
    Counts counts;
    FakeArray nothing = column("n", "nothing", 2, {});
    if (old) nothing.buffers.push_back(std::nullopt);
    nothing.null_count = 2;
    const Result<Table> table = import({batch(2, {nothing})}, counts);
    ASSERT_TRUE(table.ok()) << table.status().message();
    EXPECT_EQ(table->chunks(0)[0].null_count, 2);
    EXPECT_EQ(table->chunks(0)[0].length, 2);
  }
}

TEST(ArrowImport, ARowWhoseDictionaryValueIsNullIsNull) {
  Counts counts;
  FakeArray kind = kinds();
  kind.dictionary[0].buffers[0] = bits("10");
  kind.dictionary[0].null_count = 1;
  const Result<Table> table = import({batch(3, {kind})}, counts);
  ASSERT_TRUE(table.ok()) << table.status().message();
  const Chunk& chunk = table->chunks(0)[0];
  EXPECT_EQ(chunk.null_count, 1);
  EXPECT_TRUE(chunk.valid(0));
  EXPECT_FALSE(chunk.valid(1));
  ASSERT_NE(chunk.dictionary, nullptr);
  EXPECT_EQ(text_at(*chunk.dictionary, 0), "x");
}

TEST(ArrowImport, ASlicedDictionaryCountsFromItsOffset) {
  Counts counts;
  FakeArray kind = kinds();
  kind.dictionary = {
      column("u", "", 2, {std::nullopt, bytes_of<int32_t>({0, 4, 5, 6}), Bytes("skipxy")})};
  kind.dictionary[0].offset = 1;
  const Result<Table> table = import({batch(3, {kind})}, counts);
  ASSERT_TRUE(table.ok()) << table.status().message();
  EXPECT_EQ(text_at(*table->chunks(0)[0].dictionary, 1), "y");
}

TEST(ArrowImport, TheSameDictionaryIsCheckedOnceForAllBatches) {
  Counts counts;
  const FakeArray fake = batch(3, {kinds()});
  ArrowArrayStream stream = fake_stream({fake, fake}, counts);
  auto* node = static_cast<producer::StreamNode*>(stream.private_data);
  node->batches[1].children[0]->dictionary->buffers =
      node->batches[0].children[0]->dictionary->buffers;
  const Result<Table> table = Table::import(&stream);
  ASSERT_TRUE(table.ok()) << table.status().message();
  EXPECT_EQ(table->chunks(0)[0].dictionary, table->chunks(0)[1].dictionary);
}

TEST(ArrowImport, ADictionaryThatShrinksInPlaceIsCheckedAnew) {
  Counts counts;
  const FakeArray fake = batch(3, {kinds()});
  ArrowArrayStream stream = fake_stream({fake, fake}, counts);
  auto* node = static_cast<producer::StreamNode*>(stream.private_data);
  ArrowArray& again = *node->batches[1].children[0]->dictionary;
  again.buffers = node->batches[0].children[0]->dictionary->buffers;
  again.length = 1;
  const Status status = Table::import(&stream).status();
  EXPECT_EQ(status.code(), Code::kArrow);
  EXPECT_EQ(status.row(), 4);
}

TEST(ArrowImport, EachBatchMayBringItsOwnDictionary) {
  Counts counts;
  FakeArray other = kinds();
  other.dictionary[0].buffers[2] = Bytes("zw");
  const Result<Table> table = import({batch(3, {kinds()}), batch(3, {other})}, counts);
  ASSERT_TRUE(table.ok()) << table.status().message();
  EXPECT_EQ(text_at(*table->chunks(0)[0].dictionary, 0), "x");
  EXPECT_EQ(text_at(*table->chunks(0)[1].dictionary, 0), "z");
}

TEST(ArrowImport, ViewsAreReadInlineAndFromTheirBuffers) {
  Counts counts;
  const Result<Table> table = import({batch(2, {views()})}, counts);
  ASSERT_TRUE(table.ok()) << table.status().message();
  const Chunk& chunk = table->chunks(0)[0];
  EXPECT_EQ(type_name(table->field(0).type), "utf8_view");
  ASSERT_EQ(chunk.view_buffers.size(), 1U);
  EXPECT_EQ(std::memcmp(chunk.view_buffers[0] + 2, "in a buffer o", 13), 0);
  EXPECT_EQ(chunk.view_sizes[0], 17);
}

TEST(ArrowImport, MisalignedBuffersAreCopied) {
  Counts counts;
  FakeArray id = ids({5, 6, 7});
  FakeArray text = names();
  id.misalign = 3;
  text.misalign = 1;
  const Result<Table> table = import({batch(3, {id, text})}, counts);
  ASSERT_TRUE(table.ok()) << table.status().message();
  EXPECT_EQ(reinterpret_cast<uintptr_t>(table->chunks(0)[0].values) % 8, 0U);
  EXPECT_EQ(int_at(*table, 0, 0, 2), 7);
  EXPECT_EQ(text_at(table->chunks(1)[0], 2), "b");
}

TEST(ArrowImport, WhatANullRowHoldsDoesNotMatter) {
  Counts counts;
  FakeArray text = names();
  text.buffers = {bits("011"), bytes_of<int32_t>({0, 2, 2, 3}),
                  Bytes("\xFF\xC3"
                        "b")};
  text.null_count = 1;
  FakeArray kind = kinds();
  kind.buffers = {bits("101"), bytes_of<int8_t>({0, -7, 1})};
  kind.null_count = 1;
  FakeArray view =
      column("vu", "view", 3,
             {bits("101"), inline_view("a") + view_into(99, "none", 7, -1) + inline_view("b"),
              bytes_of<int64_t>({})});
  view.null_count = 1;
  const Result<Table> table = import({batch(3, {text, kind, view})}, counts);
  EXPECT_TRUE(table.ok()) << table.status().message();
}

TEST(ArrowImport, AColumnOfAnotherTypeIsListedAndNeverRead) {
  Counts counts;
  FakeArray list = column("+l", "basket", 3, {});
  list.n_buffers = 17;
  list.null_buffers = true;
  list.null_children = true;
  FakeArray coded = kinds();
  coded.name = "blobs";
  coded.dictionary[0].format = "z";
  const Result<Table> table = import({batch(3, {list, ids({1, 2, 3}), coded})}, counts);
  ASSERT_TRUE(table.ok()) << table.status().message();
  EXPECT_EQ(table->columns(), 3);
  EXPECT_EQ(table->field(0).type.type, Type::kUnsupported);
  EXPECT_EQ(table->field(0).type.format, "+l");
  EXPECT_EQ(type_name(table->field(0).type), "list (Arrow format \"+l\")");
  EXPECT_EQ(type_name(table->field(2).type), "dictionary of binary (Arrow format \"z\")");
  EXPECT_EQ(table->chunks(0)[0].length, 3);
  EXPECT_EQ(table->chunks(0)[0].values, nullptr);
  EXPECT_EQ(int_at(*table, 1, 0, 0), 1);
}

TEST(ArrowImport, ReleasedAndMissingStructsAreRefused) {
  ArrowArrayStream stream{};
  EXPECT_EQ(Table::import(&stream).status().code(), Code::kState);
  EXPECT_EQ(Table::import(nullptr).status().code(), Code::kState);
  ArrowArray array{};
  ArrowSchema schema{};
  EXPECT_EQ(Table::import(&array, &schema).status().code(), Code::kState);
  EXPECT_EQ(Table::import(nullptr, nullptr).status().code(), Code::kState);
  Counts counts;
  schema = producer::schema(batch(1, {ids({1})}), counts);
  const Status status = Table::import(&array, &schema).status();
  EXPECT_EQ(status.code(), Code::kState);
  EXPECT_NE(status.message().find("Arrow array has been released"), std::string::npos);
  EXPECT_TRUE(counts.balanced());
}

TEST(ArrowImport, WhatTheProducerSaysOfItsErrorIsPassedOn) {
  StreamKnobs knobs;
  knobs.schema_error = EIO;
  knobs.message = "the disk is on fire\n";
  Counts counts;
  Status status = import({batch(1, {ids({1})})}, counts, knobs).status();
  EXPECT_EQ(status.code(), Code::kArrow);
  EXPECT_NE(status.message().find("the disk is on fire?"), std::string::npos) << status.message();
  EXPECT_TRUE(counts.balanced());

  knobs.schema_error = 0;
  knobs.next_error = ENOMEM;
  knobs.message = nullptr;
  Counts more;
  status = import({batch(1, {ids({1})})}, more, knobs).status();
  EXPECT_EQ(status.code(), Code::kMemory);
  EXPECT_TRUE(more.balanced());

  knobs.no_get_last_error = true;
  knobs.next_error = EINVAL;
  Counts last;
  EXPECT_EQ(import({batch(1, {ids({1})})}, last, knobs).status().code(), Code::kArrow);
  EXPECT_TRUE(last.balanced());
}

TEST(ArrowImport, AStreamWithoutItsCallbacksIsRefused) {
  StreamKnobs knobs;
  knobs.no_get_schema = true;
  Counts counts;
  EXPECT_EQ(import({batch(1, {ids({1})})}, counts, knobs).status().code(), Code::kArrow);
  knobs = {};
  knobs.no_get_next = true;
  EXPECT_EQ(import({batch(1, {ids({1})})}, counts, knobs).status().code(), Code::kArrow);
  EXPECT_TRUE(counts.balanced());
}

TEST(ArrowImport, ABrokenSchemaIsRefused) {
  const auto refused = [](const std::function<void(FakeArray&)>& bend, Code code,
                          const std::vector<std::string>& parts) {
    FakeArray fake = batch(3, {ids({1, 2, 3}), names()});
    bend(fake);
    expect_refused(fake, code, parts);
  };
  refused([](FakeArray& f) { f.format = "l"; }, Code::kArrow, {"\"l\"", "record batches"});
  refused([](FakeArray& f) { f.no_format = true; }, Code::kArrow, {"no format"});
  refused([](FakeArray& f) { f.children[1].no_format = true; }, Code::kArrow, {"column 1"});
  refused([](FakeArray& f) { f.children[1].schema_released = true; }, Code::kState, {"column 1"});
  refused([](FakeArray& f) { f.children[1].name = "a\xFF"; }, Code::kUtf8, {"column 1"});
  refused([](FakeArray& f) { f.children[0].dictionary = {names()}, f.children[0].format = "g"; },
          Code::kArrow, {"\"id\"", "double", "integers"});
}

TEST(ArrowImport, ANamelessColumnHasTheEmptyName) {
  Counts counts;
  FakeArray id = ids({1});
  id.no_name = true;
  const Result<Table> table = import({batch(1, {id})}, counts);
  ASSERT_TRUE(table.ok());
  EXPECT_EQ(table->field(0).name, "");
}

TEST(ArrowImport, ABrokenBatchIsRefused) {
  const auto refused = [](const std::function<void(FakeArray&)>& bend, Code code,
                          const std::vector<std::string>& parts) {
    FakeArray fake = batch(3, {ids({1, 2, 3})});
    bend(fake);
    expect_refused(fake, code, parts);
  };
  refused([](FakeArray& f) { f.length = -1; }, Code::kArrow, {"length -1"});
  refused([](FakeArray& f) { f.offset = -1; }, Code::kArrow, {"offset -1"});
  refused([](FakeArray& f) { f.offset = INT64_MAX; }, Code::kArrow, {"offset 9223372036854775807"});
  refused([](FakeArray& f) { f.n_children = 2; }, Code::kArrow, {"2 columns", "schema has 1"});
  refused([](FakeArray& f) { f.n_children = -1; }, Code::kArrow, {"-1 columns"});
  refused([](FakeArray& f) { f.null_children = true; }, Code::kArrow, {"columns"});
  refused([](FakeArray& f) { f.n_buffers = 0; }, Code::kArrow, {"0 buffers"});
  refused([](FakeArray& f) { f.null_buffers = true; }, Code::kArrow, {"buffers"});
  refused([](FakeArray& f) { f.null_count = 1; }, Code::kArrow, {"1 null rows"});
  refused([](FakeArray& f) { f.null_count = -2; }, Code::kArrow, {"-2 null rows"});
  refused([](FakeArray& f) { f.children[0].missing = true; }, Code::kArrow, {"\"id\" is missing"});
  refused([](FakeArray& f) { f.children[0].released = true; }, Code::kState, {"\"id\""});
  refused([](FakeArray& f) { f.offset = 1; }, Code::kArrow, {"\"id\" has 3 rows", "needs 4"});
}

TEST(ArrowImport, ABrokenColumnIsRefused) {
  const FakeArray id = ids({1, 2, 3});
  const auto refused = [&](const std::function<void(FakeArray&)>& bend,
                           const std::vector<std::string>& parts) {
    expect_column_refused(id, bend, Code::kArrow, parts);
  };
  refused([](FakeArray& f) { f.length = -1; }, {"\"id\"", "length -1"});
  refused([](FakeArray& f) { f.length = 2; }, {"\"id\" has 2 rows", "needs 3"});
  refused([](FakeArray& f) { f.length = INT64_MAX; }, {"\"id\"", "9223372036854775807"});
  refused([](FakeArray& f) { f.offset = -1; }, {"\"id\"", "offset -1"});
  refused([](FakeArray& f) { f.offset = INT64_MAX; }, {"\"id\"", "offset 9223372036854775807"});
  refused([](FakeArray& f) { f.null_count = -2; }, {"\"id\"", "-2 nulls"});
  refused([](FakeArray& f) { f.null_count = 1; }, {"\"id\"", "1 nulls", "bitmap"});
  refused([](FakeArray& f) { f.n_buffers = 1; }, {"\"id\" has 1 buffers", "int64 must have 2"});
  refused([](FakeArray& f) { f.n_buffers = -1; }, {"\"id\" has -1 buffers"});
  refused([](FakeArray& f) { f.n_buffers = 3; }, {"\"id\" has 3 buffers"});
  refused([](FakeArray& f) { f.null_buffers = true; }, {"\"id\" has 2 buffers"});
  refused([](FakeArray& f) { f.buffers[1] = std::nullopt; }, {"\"id\"", "values is missing"});
}

TEST(ArrowImport, BrokenStringOffsetsAreRefusedWithTheirRow) {
  const auto refused = [](const std::vector<int32_t>& offsets, int64_t row,
                          const std::vector<std::string>& parts) {
    expect_column_refused(
        names(), [&](FakeArray& f) { f.buffers[1] = bytes_of(offsets); }, Code::kArrow, parts, row);
  };
  refused({0, 3, 2, 4}, 1, {"\"name\", row 1", "from 3 to 2"});
  refused({-1, 3, 3, 4}, 0, {"row 0", "from -1 to 3"});
  refused({0, 3, 3, INT32_MIN}, 2, {"row 2"});
  expect_column_refused(names(), [](FakeArray& f) { f.buffers[1] = std::nullopt; }, Code::kArrow,
                        {"offsets is missing"});
  expect_column_refused(names(), [](FakeArray& f) { f.buffers[2] = std::nullopt; }, Code::kArrow,
                        {"string bytes is missing"});
  expect_column_refused(
      column("U", "name", 2,
             {std::nullopt, bytes_of<int64_t>({0, int64_t{1} << 40, 1}), Bytes("ab")}),
      [](FakeArray&) {}, Code::kArrow, {"row 1", "from 1099511627776 to 1"}, 1);
}

TEST(ArrowImport, TextThatIsNoUtf8IsRefusedWithColumnAndRow) {
  // Row 1000 of the second batch holds a lone continuation byte behind much sound text.
  Bytes bytes(1000, 'a');
  std::vector<int32_t> offsets;
  for (int32_t i = 0; i <= 1000; ++i) offsets.push_back(i);
  offsets.push_back(1002);
  bytes += "x\x80";
  const FakeArray bad = column("u", "name", 1001, {std::nullopt, bytes_of(offsets), bytes});
  Counts counts;
  const Status status = import({batch(3, {names()}), batch(1001, {bad})}, counts).status();
  EXPECT_EQ(status.code(), Code::kUtf8);
  EXPECT_EQ(status.row(), 1003);
  EXPECT_NE(status.message().find("column \"name\", row 1003"), std::string::npos);
  EXPECT_NE(status.message().find("from byte 1 on"), std::string::npos);
}

TEST(ArrowImport, ACharacterCutInTwoByTheOffsetsIsNoUtf8) {
  FakeArray text = names();
  text.buffers[1] = bytes_of<int32_t>({0, 2, 3, 4});
  expect_refused(batch(3, {text}), Code::kUtf8, {"row 0", "from byte 1 on"}, 0);
}

TEST(ArrowImport, BrokenViewsAreRefusedWithTheirRow) {
  const auto refused = [](const Bytes& view, const std::vector<std::string>& parts,
                          Code code = Code::kArrow) {
    expect_column_refused(
        views(), [&](FakeArray& f) { f.buffers[1] = inline_view("good") + view; }, code, parts, 1);
  };
  refused(view_into(-1, "in a", 0, 2), {"\"view\", row 1", "length -1"});
  refused(view_into(14, "in a", 1, 2), {"buffer 1 of 1"});
  refused(view_into(14, "in a", -1, 2), {"buffer -1 of 1"});
  refused(view_into(14, "in a", 0, -1), {"bytes -1 to 13"});
  refused(view_into(14, "in a", 0, 4), {"bytes 4 to 18 of a buffer of 17"});
  refused(view_into(INT32_MAX, "in a", 0, INT32_MAX), {"of a buffer of 17"});
  refused(view_into(14, "of a", 0, 2), {"prefix"});
  refused(inline_view("\xE4\xB8"), {"row 1", "UTF-8"}, Code::kUtf8);
  const auto broken = [](const std::function<void(FakeArray&)>& bend, const std::string& part) {
    expect_column_refused(views(), bend, Code::kArrow, {part});
  };
  broken([](FakeArray& f) { f.buffers[3] = std::nullopt; }, "sizes of the view buffers");
  broken([](FakeArray& f) { f.buffers[3] = bytes_of<int64_t>({-1}); }, "negative size");
  broken([](FakeArray& f) { f.buffers[2] = std::nullopt; }, "view buffer 0 is missing");
  broken([](FakeArray& f) { f.n_buffers = 2; }, "at least 3");
  broken([](FakeArray& f) { f.n_buffers = INT64_MAX; }, "9223372036854775807 buffers");
}

TEST(ArrowImport, BrokenDictionariesAreRefused) {
  const auto refused = [](const std::function<void(FakeArray&)>& bend,
                          const std::vector<std::string>& parts, int64_t row = -1,
                          Code code = Code::kArrow) {
    expect_column_refused(kinds(), bend, code, parts, row);
  };
  refused(
      [](FakeArray& f) {
        f.buffers[1] = bytes_of<int8_t>({0, 2, 0});
      },
      {"\"kind\", row 1", "index 2 of 2"}, 1);
  refused([](FakeArray& f) { f.buffers[1] = bytes_of<int8_t>({0, 1, -1}); }, {"index -1 of 2"}, 2);
  refused([](FakeArray& f) { f.missing_dictionary = true; }, {"\"kind\"", "dictionary is missing"});
  refused([](FakeArray& f) { f.dictionary[0].released = true; }, {"\"kind\"", "dictionary"}, -1,
          Code::kState);
  refused([](FakeArray& f) { f.dictionary[0].length = -1; }, {"\"kind\", dictionary", "length -1"});
  refused([](FakeArray& f) { f.dictionary[0].n_buffers = 2; },
          {"\"kind\", dictionary", "2 buffers"});
  refused([](FakeArray& f) { f.dictionary[0].buffers[2] = Bytes("x\xFF"); },
          {"\"kind\", dictionary value 1", "UTF-8"}, -1, Code::kUtf8);
  refused([](FakeArray& f) { f.dictionary[0].length = 0; }, {"index 0 of 0"}, 0);
}

TEST(ArrowImport, AnUnsignedIndexAboveTheSignedRangeIsRefused) {
  FakeArray kind = kinds();
  kind.format = "L";
  kind.buffers[1] = bytes_of<uint64_t>({0, UINT64_MAX, 1});
  expect_refused(batch(3, {kind}), Code::kArrow, {"index 18446744073709551615 of 2"}, 1);
}

TEST(ArrowImport, AFailedAllocationReleasesEverythingOnce) {
  FakeArray id = ids({1, 2, 3});
  id.misalign = 1;
  const std::vector<FakeArray> batches(2, batch(3, {id, names(), kinds()}));
  int failures = 0;
  for (int64_t k = 0;; ++k) {
    Counts counts;
    ArrowArrayStream stream = fake_stream(batches, counts);
    bool thrown = false;
    {
      const FailAllocation failing(k);
      try {
        EXPECT_TRUE(Table::import(&stream).ok());
      } catch (const std::bad_alloc&) {
        thrown = true;
      }
    }
    EXPECT_EQ(stream.release, nullptr) << "allocation " << k;
    EXPECT_TRUE(counts.balanced()) << "allocation " << k;
    if (!thrown) break;
    ++failures;
  }
  EXPECT_GT(failures, 10);
}

}  // namespace
}  // namespace patron::test
