// Arrow producers that lie, through the C interface: each lie is refused with a message that names
// the thing, nothing is handed out, and what came in is released exactly once.
#include <cerrno>
#include <cstring>
#include <functional>

#include "tests/base/arrow_producer.h"
#include "tests/capi/world.h"

namespace patron::test {
namespace {

using Bend = std::function<void(ArrowSchema& schema, ArrowArray& batch)>;

enum At { kId, kName, kLarge, kKind, kView };

// Three rows of an integer, a text, a large text, a dictionary and a view: "id" to "view".
FakeArray good() {
  const Bytes text(
      "a\xC3\xA9"
      "b");
  FakeArray kind = column("c", "kind", 3, {std::nullopt, bytes_of<int8_t>({0, 1, 0})});
  kind.dictionary = {column("u", "", 2, {std::nullopt, bytes_of<int32_t>({0, 1, 2}), Bytes("xy")})};
  return batch(
      3,
      {column("l", "id", 3, {std::nullopt, bytes_of<int64_t>({7, 8, 9})}),
       column("u", "name", 3, {std::nullopt, bytes_of<int32_t>({0, 3, 3, 4}), text}),
       column("U", "large", 3, {std::nullopt, bytes_of<int64_t>({0, 3, 3, 4}), text}), kind,
       column("vu", "view", 3,
              {std::nullopt, inline_view("short") + view_into(14, "in a", 0, 2) + inline_view(""),
               Bytes("--in a buffer o--"), bytes_of<int64_t>({17})})});
}

// What a call makes of the batch, as a stream's second one or on its own.
struct Outcome {
  patron_status status = PATRON_OK;
  patron_error error = PATRON_ERROR_INIT;
  Table table;
};

Outcome import_second(const FakeArray& fake, const Bend& bend, int64_t* first_row) {
  Counts counts;
  Outcome out;
  // A bend of the schema is seen by the first batch already.
  ArrowArrayStream stream = fake_stream(good(), {good(), fake}, counts);
  auto* node = static_cast<producer::StreamNode*>(stream.private_data);
  bend(node->schema, node->batches[1]);
  patron_table* table = nullptr;
  out.status = patron_table_import_stream(&stream, &table, &out.error);
  out.table.reset(table);
  EXPECT_EQ(stream.release, nullptr) << "the stream was not consumed";
  if (out.status != PATRON_OK) {
    EXPECT_TRUE(counts.balanced()) << "not all was released exactly once";
  } else {
    out.table.reset();
    EXPECT_TRUE(counts.balanced()) << "not all was released exactly once";
  }
  *first_row = 3;
  return out;
}

Outcome import_alone(const FakeArray& fake, const Bend& bend) {
  Counts counts;
  Outcome out;
  ArrowSchema schema = producer::schema(good(), counts);
  ArrowArray array = producer::array(fake, counts);
  bend(schema, array);
  patron_table* table = nullptr;
  out.status = patron_table_import_array(&array, &schema, &table, &out.error);
  EXPECT_EQ(table == nullptr, out.status != PATRON_OK);
  patron_table_close(table);
  EXPECT_EQ(array.release, nullptr) << "the array was not consumed";
  EXPECT_EQ(schema.release, nullptr) << "the schema was not consumed";
  EXPECT_TRUE(counts.balanced()) << "not all was released exactly once";
  return out;
}

struct Lie {
  const char* name;
  patron_status status;
  const char* says;  // a part of the message
  Bend bend;
  int64_t row = -1;  // of the batch
};

ArrowArray& child(ArrowArray& batch, At at) { return *batch.children[at]; }

void expect_refused(const Lie& lie, const FakeArray& fake = good()) {
  SCOPED_TRACE(lie.name);
  int64_t first_row = 0;
  const Outcome alone = import_alone(fake, lie.bend);
  const Outcome second = import_second(fake, lie.bend, &first_row);
  for (const Outcome* out : {&alone, &second}) {
    EXPECT_EQ(out->status, lie.status) << out->error.message;
    EXPECT_NE(std::strstr(out->error.message, lie.says), nullptr) << out->error.message;
    const int64_t before = out == &second ? first_row : 0;
    EXPECT_EQ(out->error.row, lie.row < 0 ? -1 : before + lie.row) << out->error.message;
  }
}

TEST(HostileArrow, SchemasThatLieAreRefused) {
  for (const Lie& lie : {
           Lie{"not a table", PATRON_E_ARROW, "\"+l\"",
               [](ArrowSchema&s, ArrowArray&) { s.format = "+l"; }},
           Lie{"a format without letters", PATRON_E_ARROW, "the format \"\"",
               [](ArrowSchema&s, ArrowArray&) { s.format = ""; }},
           Lie{"no format", PATRON_E_ARROW, "no format",
               [](ArrowSchema&s, ArrowArray&) { s.format = nullptr; }},
           Lie{"fewer than no columns", PATRON_E_ARROW, "-1 columns",
               [](ArrowSchema&s, ArrowArray&) { s.n_children = -1; }},
           Lie{"more columns than can be", PATRON_E_ARROW, "9223372036854775807 columns",
               [](ArrowSchema&s, ArrowArray&) { s.n_children = INT64_MAX; }},
           Lie{"more columns than an int counts", PATRON_E_ARROW, "2147483648 columns",
               [](ArrowSchema&s, ArrowArray&) { s.n_children = int64_t{1} << 31; }},
           Lie{"no list of columns", PATRON_E_ARROW, "5 columns",
               [](ArrowSchema&s, ArrowArray&) { s.children = nullptr; }},
           Lie{"a column that is missing", PATRON_E_ARROW,
               "column 1 of the Arrow schema is missing",
               [](ArrowSchema&s, ArrowArray&) { s.children[1] = nullptr; }},
           Lie{"a column without a format", PATRON_E_ARROW, "column 2 of the Arrow schema",
               [](ArrowSchema&s, ArrowArray&) { s.children[2]->format = nullptr; }},
           Lie{"a name that is no UTF-8", PATRON_E_UTF8, "column 0",
               [](ArrowSchema&s, ArrowArray&) { s.children[0]->name = "\xC0\x80"; }},
           Lie{"a zone that is no UTF-8", PATRON_E_UTF8, "time zone",
               [](ArrowSchema&s, ArrowArray&) { s.children[0]->format = "tsu:\xFF"; }},
           Lie{"indices that are no integers", PATRON_E_ARROW, "must be integers",
               [](ArrowSchema&s, ArrowArray&) { s.children[kKind]->format = "g"; }},
           Lie{"a dictionary without a format", PATRON_E_ARROW, "no value format",
               [](ArrowSchema&s, ArrowArray&) { s.children[kKind]->dictionary->format = nullptr; }},
           Lie{"a dictionary where the arrays have none", PATRON_E_ARROW,
               "\"id\": the dictionary is missing",
               [](ArrowSchema&s, ArrowArray&) {
                 s.children[kId]->dictionary = s.children[kKind]->dictionary;
               }},
           Lie{"text where the arrays have integers", PATRON_E_ARROW, "\"id\" has 2 buffers",
               [](ArrowSchema&s, ArrowArray&) { s.children[kId]->format = "u"; }},
           Lie{"integers where the arrays have text", PATRON_E_ARROW, "\"name\" has 3 buffers",
               [](ArrowSchema&s, ArrowArray&) { s.children[kName]->format = "l"; }},
       }) {
    expect_refused(lie);
  }
}

TEST(HostileArrow, WhatNobodyNeedsToReadMayBeAnything) {
  const auto garbage = [](ArrowSchema& schema, ArrowArray& array) {
    char* const nowhere = reinterpret_cast<char*>(uintptr_t{16});  // reading it would crash
    schema.metadata = schema.children[kId]->metadata = nowhere;
    schema.flags = schema.children[kKind]->flags = -1;
    schema.children[kId]->n_children = INT64_MAX;
    schema.children[kId]->children = reinterpret_cast<ArrowSchema**>(nowhere);
    schema.children[kId]->name = nullptr;
    child(array, kId).n_children = -5;
    child(array, kId).children = reinterpret_cast<ArrowArray**>(nowhere);
    child(array, kName).dictionary = reinterpret_cast<ArrowArray*>(nowhere);
    array.dictionary = reinterpret_cast<ArrowArray*>(nowhere);
  };
  int64_t first_row = 0;
  const Outcome alone = import_alone(good(), garbage);
  EXPECT_EQ(alone.status, PATRON_OK) << alone.error.message;
  const Outcome second = import_second(good(), garbage, &first_row);
  EXPECT_EQ(second.status, PATRON_OK) << second.error.message;
}

TEST(HostileArrow, BatchesThatLieAreRefused) {
  for (const Lie& lie : {
           Lie{"a negative length", PATRON_E_ARROW, "length -1",
               [](ArrowSchema&, ArrowArray& a) { a.length = -1; }},
           Lie{"the longest length", PATRON_E_ARROW, "length 9223372036854775807",
               [](ArrowSchema&, ArrowArray& a) { a.length = INT64_MAX; }},
           Lie{"a negative offset", PATRON_E_ARROW, "offset -9223372036854775808",
               [](ArrowSchema&, ArrowArray& a) { a.offset = INT64_MIN; }},
           Lie{"length and offset that overflow", PATRON_E_ARROW, "record batch of length",
               [](ArrowSchema&, ArrowArray& a) { a.length = a.offset = INT64_MAX / 2 + 1; }},
           Lie{"more rows than its columns", PATRON_E_ARROW, "\"id\" has 3 rows",
               [](ArrowSchema&, ArrowArray& a) { a.length = 4; }},
           Lie{"an offset beyond its columns", PATRON_E_ARROW, "needs 1000003",
               [](ArrowSchema&, ArrowArray& a) { a.offset = 1'000'000; }},
           Lie{"no columns", PATRON_E_ARROW, "0 columns",
               [](ArrowSchema&, ArrowArray& a) { a.n_children = 0; }},
           Lie{"another number of columns", PATRON_E_ARROW, "schema has 5",
               [](ArrowSchema&, ArrowArray& a) { a.n_children = 4; }},
           Lie{"a negative number of columns", PATRON_E_ARROW, "-5 columns",
               [](ArrowSchema&, ArrowArray& a) { a.n_children = -5; }},
           Lie{"no list of columns", PATRON_E_ARROW, "or none where it says so",
               [](ArrowSchema&, ArrowArray& a) { a.children = nullptr; }},
           Lie{"a column that is missing", PATRON_E_ARROW, "\"large\" is missing",
               [](ArrowSchema&, ArrowArray& a) { a.children[kLarge] = nullptr; }},
           Lie{"no buffers", PATRON_E_ARROW, "0 buffers of its own",
               [](ArrowSchema&, ArrowArray& a) { a.n_buffers = 0; }},
           Lie{"too many buffers", PATRON_E_ARROW, "2 buffers of its own",
               [](ArrowSchema&, ArrowArray& a) { a.n_buffers = 2; }},
           Lie{"no list of buffers", PATRON_E_ARROW, "buffers of its own",
               [](ArrowSchema&, ArrowArray& a) { a.buffers = nullptr; }},
           Lie{"null rows without saying which", PATRON_E_ARROW, "3 null rows",
               [](ArrowSchema&, ArrowArray& a) { a.null_count = 3; }},
           Lie{"fewer null rows than unknown", PATRON_E_ARROW, "-2 null rows",
               [](ArrowSchema&, ArrowArray& a) { a.null_count = -2; }},
       }) {
    expect_refused(lie);
  }
}

// Column by column, since each kind has buffers of its own.
TEST(HostileArrow, ColumnsThatLieAreRefused) {
  const struct {
    At at;
    const char* name;
    int64_t buffers;
  } kinds[] = {
      {kId, "\"id\"", 2}, {kName, "\"name\"", 3}, {kLarge, "\"large\"", 3}, {kKind, "\"kind\"", 2}};
  for (const auto& kind : kinds) {
    for (const int64_t wrong :
         {int64_t{0}, kind.buffers - 1, kind.buffers + 1, int64_t{-1}, INT64_MAX, INT64_MIN}) {
      expect_refused({kind.name, PATRON_E_ARROW, kind.name,
                      [&](ArrowSchema&, ArrowArray& a) { child(a, kind.at).n_buffers = wrong; }});
    }
  }
  for (const At at : {kId, kName, kLarge, kKind, kView}) {
    const struct {
      int64_t length, offset, nulls;
    } wrong[] = {{-1, 0, 0}, {2, 0, 0},         {INT64_MAX, 0, 0},        {INT64_MIN, 0, 0},
                 {3, -1, 0}, {3, INT64_MAX, 0}, {3, int64_t{1} << 55, 0}, {3, 0, -2},
                 {3, 0, 1},  {3, 0, INT64_MAX}};
    for (const auto& [length, offset, nulls] : wrong) {
      const auto bend = [&, at = at](ArrowSchema&, ArrowArray& a) {
        child(a, at).length = length;
        child(a, at).offset = offset;
        child(a, at).null_count = nulls;
      };
      expect_refused({"length, offset or nulls", PATRON_E_ARROW, "column ", bend});
    }
    expect_refused({"no list of buffers", PATRON_E_ARROW, "or none where it says so",
                    [at](ArrowSchema&, ArrowArray& a) { child(a, at).buffers = nullptr; }});
    expect_refused({"a missing buffer", PATRON_E_ARROW, "is missing",
                    [at](ArrowSchema&, ArrowArray& a) { child(a, at).buffers[1] = nullptr; }});
  }
  expect_refused({"no bytes", PATRON_E_ARROW, "string bytes is missing",
                  [](ArrowSchema&, ArrowArray& a) { child(a, kName).buffers[2] = nullptr; }});
  expect_refused({"no sizes", PATRON_E_ARROW, "sizes of the view buffers",
                  [](ArrowSchema&, ArrowArray& a) { child(a, kView).buffers[3] = nullptr; }});
  expect_refused({"no view buffer", PATRON_E_ARROW, "view buffer 0 is missing",
                  [](ArrowSchema&, ArrowArray& a) { child(a, kView).buffers[2] = nullptr; }});
  expect_refused({"no view buffers", PATRON_E_ARROW, "buffer 0 of 0",
                  [](ArrowSchema&, ArrowArray& a) { child(a, kView).n_buffers = 3; }, 1},
                 good());
  expect_refused({"too few for views", PATRON_E_ARROW, "at least 3",
                  [](ArrowSchema&, ArrowArray& a) { child(a, kView).n_buffers = 2; }});
}

TEST(HostileArrow, DictionariesThatLieAreRefused) {
  const auto words = [](ArrowArray& a) -> ArrowArray& { return *child(a, kKind).dictionary; };
  for (const Lie& lie : {
           Lie{"no dictionary", PATRON_E_ARROW, "the dictionary is missing",
               [](ArrowSchema&, ArrowArray& a) { child(a, kKind).dictionary = nullptr; }},
           Lie{"a negative length", PATRON_E_ARROW, "dictionary: length -1",
               [&](ArrowSchema&, ArrowArray& a) { words(a).length = -1; }},
           Lie{"the longest length", PATRON_E_ARROW, "dictionary: length 9223372036854775807",
               [&](ArrowSchema&, ArrowArray& a) { words(a).length = INT64_MAX; }},
           Lie{"a negative offset", PATRON_E_ARROW, "offset -1",
               [&](ArrowSchema&, ArrowArray& a) { words(a).offset = -1; }},
           Lie{"too short", PATRON_E_ARROW, "dictionary index 1 of 1",
               [&](ArrowSchema&, ArrowArray& a) { words(a).length = 1; }, 1},
           Lie{"empty", PATRON_E_ARROW, "dictionary index 0 of 0",
               [&](ArrowSchema&, ArrowArray& a) { words(a).length = 0; }, 0},
           Lie{"nulls without a bitmap", PATRON_E_ARROW, "nulls are announced",
               [&](ArrowSchema&, ArrowArray& a) { words(a).null_count = 1; }},
           Lie{"too few buffers", PATRON_E_ARROW, "dictionary, has 2 buffers",
               [&](ArrowSchema&, ArrowArray& a) { words(a).n_buffers = 2; }},
           Lie{"no list of buffers", PATRON_E_ARROW, "or none where it says so",
               [&](ArrowSchema&, ArrowArray& a) { words(a).buffers = nullptr; }},
       }) {
    expect_refused(lie);
  }
  for (const int8_t index : std::vector<int8_t>{2, -1, INT8_MIN, INT8_MAX}) {
    FakeArray fake = good();
    fake.children[kKind].buffers[1] = bytes_of<int8_t>({0, index, 1});
    expect_refused(
        {"an index outside", PATRON_E_ARROW, "of 2 values", [](ArrowSchema&, ArrowArray&) {}, 1},
        fake);
  }
}

TEST(HostileArrow, TextThatLiesIsRefusedWithItsRow) {
  const auto unbent = [](ArrowSchema&, ArrowArray&) {};
  const std::vector<std::vector<int64_t>> offsets{
      {0, 3, 2, 4}, {-1, 3, 3, 4}, {0, INT32_MAX, 3, 4}, {0, 0, 4, 3}, {4, 3, 3, 4}};
  const int64_t rows[] = {1, 0, 1, 2, 0};
  for (size_t i = 0; i < offsets.size(); ++i) {
    FakeArray fake = good();
    fake.children[kLarge].buffers[1] = bytes_of(offsets[i]);
    expect_refused({"large offsets", PATRON_E_ARROW, "\"large\", row", unbent, rows[i]}, fake);
    fake = good();
    fake.children[kName].buffers[1] =
        bytes_of(std::vector<int32_t>(offsets[i].begin(), offsets[i].end()));
    expect_refused({"offsets", PATRON_E_ARROW, "\"name\", row", unbent, rows[i]}, fake);
  }
  // RFC 3629: overlong, a surrogate, above U+10FFFF, cut short, a continuation alone, no byte of
  // it.
  for (const char* bad : {"\xC0\x80", "\xE0\x80\x80", "\xED\xA0\x80", "\xF4\x90\x80\x80",
                          "\xF0\x80\x80\x80", "\xE5\xAE", "\x80", "\xFF", "\xC3"}) {
    const std::string text(bad);
    const auto size = static_cast<int32_t>(text.size());
    FakeArray fake = good();
    fake.children[kName].buffers = {std::nullopt, bytes_of<int32_t>({0, 0, size, size}), text};
    expect_refused({bad, PATRON_E_UTF8, "\"name\", row", unbent, 1}, fake);
    fake = good();
    fake.children[kView].buffers[1] = inline_view("good") + inline_view(text) + inline_view("good");
    expect_refused({bad, PATRON_E_UTF8, "\"view\", row", unbent, 1}, fake);
    fake = good();
    fake.children[kKind].dictionary[0].buffers = {std::nullopt, bytes_of<int32_t>({0, 0, size}),
                                                  text};
    expect_refused({bad, PATRON_E_UTF8, "\"kind\", dictionary value 1", unbent}, fake);
  }
}

TEST(HostileArrow, ViewsThatLieAreRefusedWithTheirRow) {
  const struct {
    Bytes view;
    const char* says;
  } lies[] = {{view_into(-1, "in a", 0, 2), "length -1"},
              {view_into(INT32_MIN, "in a", 0, 2), "length -2147483648"},
              {view_into(14, "in a", 1, 2), "buffer 1 of 1"},
              {view_into(14, "in a", INT32_MIN, 2), "buffer -2147483648 of 1"},
              {view_into(14, "in a", 0, INT32_MIN), "bytes -2147483648"},
              {view_into(16, "in a", 0, 2), "bytes 2 to 18 of a buffer of 17"},
              {view_into(INT32_MAX, "in a", 0, INT32_MAX), "of a buffer of 17"},
              {view_into(14, "else", 0, 2), "prefix"}};
  for (const auto& [view, says] : lies) {
    FakeArray fake = good();
    fake.children[kView].buffers[1] = inline_view("good") + view + inline_view("good");
    expect_refused({says, PATRON_E_ARROW, says, [](ArrowSchema&, ArrowArray&) {}, 1}, fake);
  }
  FakeArray fake = good();
  fake.children[kView].buffers[3] = bytes_of<int64_t>({INT64_MIN});
  expect_refused({"sizes", PATRON_E_ARROW, "negative size", [](ArrowSchema&, ArrowArray&) {}},
                 fake);
}

// A struct inside a struct may have been moved out by its producer: its release is NULL then, and
// whoever moved it releases it.
TEST(HostileArrow, PartsThatWereMovedAwayAreRefusedAndNotReleased) {
  using Part = std::function<ArrowArray*(ArrowArray&)>;
  for (const Part& part : {Part([](ArrowArray& a) { return a.children[kName]; }),
                           Part([](ArrowArray& a) { return a.children[kKind]->dictionary; })}) {
    ArrowArray moved{};
    expect_refused({"moved away", PATRON_E_STATE, "released", [&](ArrowSchema&, ArrowArray& batch) {
                      if (moved.release != nullptr) moved.release(&moved);
                      moved = *part(batch);
                      part(batch)->release = nullptr;
                      // Released at once: the call must not look at it any more.
                      moved.release(&moved);
                    }});
  }
}

TEST(HostileArrow, BuffersMayBeTheSameMemory) {
  Counts counts;
  ArrowSchema schema = producer::schema(good(), counts);
  ArrowArray array = producer::array(good(), counts);
  // The values 7, 8, 9 as their own validity bits: 7 is bits 0, 1 and 2.
  child(array, kId).buffers[0] = child(array, kId).buffers[1];
  child(array, kId).null_count = -1;
  // The offsets 0, 3, 3, 4 as the bytes of the text: control characters.
  child(array, kName).buffers[2] = child(array, kName).buffers[1];
  child(array, kLarge).buffers[2] = child(array, kLarge).buffers[1];
  patron_table* table = nullptr;
  patron_error error = PATRON_ERROR_INIT;
  ASSERT_EQ(patron_table_import_array(&array, &schema, &table, &error), PATRON_OK) << error.message;
  EXPECT_EQ(values_of<int64_t>(table, "id"), (std::vector<int64_t>{7, 8, 9}));
  EXPECT_EQ(texts_of(table, "name")[0], std::string("\0\0\0", 3));
  patron_table_close(table);
  EXPECT_TRUE(counts.balanced());
}

}  // namespace
}  // namespace patron::test
