// Arrow streams that fail, change or never end, and columns of strange types, through the C
// interface.
#include <algorithm>
#include <cerrno>
#include <cstring>
#include <functional>

#include "tests/base/arrow_producer.h"
#include "tests/capi/world.h"

namespace patron::test {
namespace {

FakeArray ids(int64_t first) {
  return column("l", "id", 2, {std::nullopt, bytes_of<int64_t>({first, first + 1})});
}
FakeArray rows(int64_t first) { return batch(2, {ids(first)}); }

struct Imported {
  patron_status status = PATRON_OK;
  patron_error error = PATRON_ERROR_INIT;
  Table table;
};

Imported import(ArrowArrayStream& stream) {
  Imported out;
  patron_table* table = reinterpret_cast<patron_table*>(&stream);  // must be overwritten
  out.status = patron_table_import_stream(&stream, &table, &out.error);
  EXPECT_EQ(table == nullptr, out.status != PATRON_OK);
  EXPECT_EQ(stream.release, nullptr) << "the stream was not consumed";
  out.table.reset(table);
  return out;
}

TEST(HostileStream, ItsErrorsArePassedOnWhereverTheyCome) {
  const struct {
    const char* name;
    StreamKnobs knobs;
    patron_status status;
    const char* says;
  } streams[] = {
      {"no schema",
       {.schema_error = EIO, .message = "the disk is on fire"},
       PATRON_E_ARROW,
       "while giving its schema (errno 5): the disk is on fire"},
      {"no schema, no text", {.schema_error = EIO}, PATRON_E_ARROW, "(errno 5)"},
      {"no schema, no function",
       {.schema_error = EIO, .no_get_last_error = true},
       PATRON_E_ARROW,
       "(errno 5)"},
      {"no memory for the schema", {.schema_error = ENOMEM}, PATRON_E_MEMORY, "errno 12"},
      {"an errno below zero", {.schema_error = -1}, PATRON_E_ARROW, "(errno -1)"},
      {"in the middle",
       {.next_error = EPIPE, .message = "gone"},
       PATRON_E_ARROW,
       "while giving its next record batch (errno 32): gone"},
      {"in the middle, an empty text",
       {.next_error = INT32_MIN, .message = ""},
       PATRON_E_ARROW,
       "(errno -2147483648)"},
      {"no memory in the middle",
       {.next_error = ENOMEM, .message = "no room"},
       PATRON_E_MEMORY,
       "no room"},
      {"a text that is no UTF-8",
       {.next_error = EIO, .message = "\xFF\x1B[31m red"},
       PATRON_E_ARROW,
       "??[31m red"},
  };
  for (const auto& [name, knobs, status, says] : streams) {
    Counts counts;
    ArrowArrayStream stream = fake_stream({rows(1), rows(3), rows(5)}, counts, knobs);
    const Imported got = import(stream);
    EXPECT_EQ(got.status, status) << name << ": " << got.error.message;
    EXPECT_NE(std::strstr(got.error.message, says), nullptr) << name << ": " << got.error.message;
    EXPECT_TRUE(counts.balanced()) << name;
  }
}

TEST(HostileStream, AnEndlessErrorTextIsCut) {
  const std::string endless(1 << 20, 'x');
  StreamKnobs knobs;
  knobs.next_error = EIO;
  knobs.message = endless.c_str();
  Counts counts;
  ArrowArrayStream stream = fake_stream({rows(1)}, counts, knobs);
  const Imported got = import(stream);
  EXPECT_EQ(got.status, PATRON_E_ARROW);
  EXPECT_NE(std::strstr(got.error.message, "xxxx"), nullptr);
  EXPECT_LT(std::strlen(got.error.message), 900U);
}

TEST(HostileStream, AStreamWithoutItsFunctionsIsRefusedAndReleased) {
  for (const StreamKnobs& knobs :
       {StreamKnobs{.no_get_schema = true}, StreamKnobs{.no_get_next = true}}) {
    Counts counts;
    ArrowArrayStream stream = fake_stream({rows(1)}, counts, knobs);
    const Imported got = import(stream);
    EXPECT_EQ(got.status, PATRON_E_ARROW);
    EXPECT_NE(std::strstr(got.error.message, "no get_schema or no get_next"), nullptr);
    EXPECT_TRUE(counts.balanced());
  }
}

// What a failed callback left in its output is nobody's to release.
TEST(HostileStream, WhatAFailedCallbackWroteIsNotTouched) {
  Counts counts;
  ArrowArrayStream stream = fake_stream({rows(1), rows(3)}, counts);
  stream.get_next = [](ArrowArrayStream* self, ArrowArray* out) {
    *out = static_cast<producer::StreamNode*>(self->private_data)->batches[0];
    return EIO;
  };
  EXPECT_EQ(import(stream).status, PATRON_E_ARROW);
  EXPECT_TRUE(counts.balanced());
  Counts more;
  stream = fake_stream({rows(1)}, more);
  stream.get_schema = [](ArrowArrayStream* self, ArrowSchema* out) {
    *out = static_cast<producer::StreamNode*>(self->private_data)->schema;
    return EIO;
  };
  EXPECT_EQ(import(stream).status, PATRON_E_ARROW);
  EXPECT_TRUE(more.balanced());
}

TEST(HostileStream, ASchemaThatWasNotGivenIsRefused) {
  Counts counts;
  ArrowArrayStream stream = fake_stream({rows(1)}, counts);
  stream.get_schema = [](ArrowArrayStream*, ArrowSchema*) { return 0; };
  const Imported got = import(stream);
  EXPECT_EQ(got.status, PATRON_E_STATE);
  EXPECT_NE(std::strstr(got.error.message, "Arrow schema has been released"), nullptr);
  EXPECT_TRUE(counts.balanced());
}

TEST(HostileStream, ARecordBatchWithoutReleaseIsTheEndWhateverElseItSays) {
  Counts counts;
  ArrowArrayStream stream = fake_stream({rows(1), rows(3)}, counts);
  auto* node = static_cast<producer::StreamNode*>(stream.private_data);
  ArrowArray taken = node->batches[1];
  node->batches[1].release = nullptr;
  node->batches[1].length = -1;
  node->batches[1].children = reinterpret_cast<ArrowArray**>(uintptr_t{16});
  const Imported got = import(stream);
  EXPECT_EQ(got.status, PATRON_OK) << got.error.message;
  EXPECT_EQ(patron_table_rows(got.table.get()), 2);
  taken.release(&taken);
}

// Its arrays are not described again, so all that can show is the number of columns and buffers.
TEST(HostileStream, ABatchOfAnotherSchemaIsRefused) {
  const struct {
    FakeArray second;
    const char* says;
  } streams[] = {
      {batch(2, {ids(1), ids(3)}), "2 columns"},
      {batch(2, {}), "0 columns"},
      {batch(2, {column("u", "id", 2, {std::nullopt, bytes_of<int32_t>({0, 1, 2}), Bytes("ab")})}),
       "3 buffers"},
      {ids(1), "0 columns"},
  };
  for (const auto& [second, says] : streams) {
    Counts counts;
    ArrowArrayStream stream = fake_stream({rows(1), second, rows(3)}, counts);
    const Imported got = import(stream);
    EXPECT_EQ(got.status, PATRON_E_ARROW) << got.error.message;
    EXPECT_NE(std::strstr(got.error.message, says), nullptr) << got.error.message;
    EXPECT_TRUE(counts.balanced());
  }
}

// Counts its calls; says that it is through after `batches` of them, never where that is below 0.
struct Endless {
  int64_t calls = 0;
  int64_t after_the_end = 0;
  int64_t batches = -1;
  int64_t living = 0;
  int64_t most_living = 0;
  int64_t released = 0;
  const void* buffers[1] = {nullptr};
  ArrowArray* columns[1] = {nullptr};
  ArrowArray column{};

  ArrowArrayStream stream() {
    ArrowArrayStream out{};
    out.private_data = this;
    out.get_schema = [](ArrowArrayStream*, ArrowSchema* schema) {
      static ArrowSchema child{};
      static ArrowSchema* children[1] = {&child};
      child = ArrowSchema{};
      child.format = "n";
      child.name = "nothing";
      child.release = [](ArrowSchema* self) { self->release = nullptr; };
      *schema = ArrowSchema{};
      schema->format = "+s";
      schema->n_children = 1;
      schema->children = children;
      schema->release = [](ArrowSchema* self) { self->release = nullptr; };
      return 0;
    };
    out.get_next = [](ArrowArrayStream* self, ArrowArray* array) {
      return static_cast<Endless*>(self->private_data)->next(array);
    };
    out.release = [](ArrowArrayStream* self) {
      ++static_cast<Endless*>(self->private_data)->released;
      self->release = nullptr;
    };
    return out;
  }

  int next(ArrowArray* array) {
    *array = ArrowArray{};
    if (batches >= 0 && calls >= batches) {
      ++after_the_end;
      return 0;
    }
    ++calls;
    most_living = std::max(most_living, ++living);
    column.release = [](ArrowArray*) {};
    columns[0] = &column;
    array->n_buffers = 1;
    array->buffers = buffers;
    array->n_children = 1;
    array->children = columns;
    array->private_data = this;
    array->release = [](ArrowArray* self) {
      --static_cast<Endless*>(self->private_data)->living;
      self->release = nullptr;
    };
    return 0;
  }
};

TEST(HostileStream, ThatNeverEndsAndHasNoRowsIsGivenUp) {
  Endless endless;
  ArrowArrayStream stream = endless.stream();
  const Imported got = import(stream);
  EXPECT_EQ(got.status, PATRON_E_ARROW);
  EXPECT_NE(std::strstr(got.error.message, "1000000 record batches without a row"), nullptr)
      << got.error.message;
  EXPECT_EQ(endless.calls, 1'000'001);
  EXPECT_EQ(endless.living, 0);
  EXPECT_EQ(endless.released, 1);
}

TEST(HostileStream, EmptyBatchesAreReleasedAtOnceAndTheEndIsAskedForOnce) {
  Endless empty;
  empty.batches = 10'000;
  ArrowArrayStream stream = empty.stream();
  const Imported got = import(stream);
  EXPECT_EQ(got.status, PATRON_OK) << got.error.message;
  EXPECT_EQ(patron_table_rows(got.table.get()), 0);
  EXPECT_LE(empty.most_living, 2);
  EXPECT_EQ(empty.after_the_end, 1);
  EXPECT_EQ(empty.released, 1);
}

// The memory of an empty batch may hold the next one's dictionary.
TEST(HostileStream, TheDictionaryOfAnEmptyBatchIsNotRemembered) {
  FakeArray kind = column("c", "kind", 2, {std::nullopt, bytes_of<int8_t>({0, 1})});
  kind.dictionary = {column("u", "", 2, {std::nullopt, bytes_of<int32_t>({0, 1, 2}), Bytes("xy")})};
  FakeArray none = kind;
  none.length = 0;
  Counts counts;
  ArrowArrayStream stream =
      fake_stream({batch(2, {kind}), batch(0, {none}), batch(2, {kind})}, counts);
  auto* node = static_cast<producer::StreamNode*>(stream.private_data);
  // The third batch's dictionary lies where the second's lay, and by then holds other words.
  static const void* shared[3];
  ArrowArray& third_words = *node->batches[2].children[0]->dictionary;
  std::copy_n(third_words.buffers, 3, shared);
  third_words.buffers = node->batches[1].children[0]->dictionary->buffers = shared;
  static int (*next)(ArrowArrayStream*, ArrowArray*);
  next = stream.get_next;
  stream.get_next = [](ArrowArrayStream* self, ArrowArray* out) {
    const bool third = static_cast<producer::StreamNode*>(self->private_data)->next == 2;
    if (third) std::memcpy(const_cast<void*>(shared[2]), "\xFF\xFF", 2);
    return next(self, out);
  };
  const Imported got = import(stream);
  EXPECT_EQ(got.status, PATRON_E_UTF8) << "the words that were checked are not those that are read";
  EXPECT_TRUE(counts.balanced());
}

TEST(HostileStream, FormatsThatAreNoneAreListedAndRefusedWhereTheyAreUsed) {
  const std::string endless(1 << 16, 'q');
  for (const std::string& format : {std::string("ts"),
                                    std::string("tsu"),
                                    std::string("tsx:UTC"),
                                    std::string("tdX"),
                                    std::string("tDu:"),
                                    std::string("d:"),
                                    std::string("d:0,0"),
                                    std::string("d:39,2"),
                                    std::string("d:12"),
                                    std::string("d:a,b"),
                                    std::string("d:12,2,256"),
                                    std::string("d:12,200"),
                                    std::string("d:99999999999,1"),
                                    std::string("w:-1"),
                                    std::string("+"),
                                    std::string("+w:3"),
                                    std::string("ll"),
                                    std::string("L "),
                                    std::string(""),
                                    std::string("\xFF\x1B"),
                                    std::string("z"),
                                    std::string("+vl"),
                                    endless}) {
    FakeArray strange = ids(1);
    strange.format = format;
    strange.name = "strange";
    Counts counts;
    ArrowArrayStream stream = fake_stream({batch(2, {ids(1), strange})}, counts);
    const Imported got = import(stream);
    ASSERT_EQ(got.status, PATRON_OK) << format << ": " << got.error.message;
    patron_field field = PATRON_FIELD_INIT;
    ASSERT_EQ(patron_table_field(got.table.get(), 1, &field, nullptr), PATRON_OK);
    EXPECT_EQ(field.type, PATRON_TYPE_UNSUPPORTED) << format;
    patron_rfm_options options = PATRON_RFM_OPTIONS_INIT;
    options.customer = patron_str_of("id");
    options.time = patron_str_of("strange");
    options.amount = patron_str_of("id");
    patron_rfm* rfm = nullptr;
    patron_error error = PATRON_ERROR_INIT;
    EXPECT_EQ(patron_rfm_compute(got.table.get(), &options, &rfm, &error), PATRON_E_TYPE) << format;
    EXPECT_NE(std::strstr(error.message, "column \"strange\" is "), nullptr) << error.message;
  }
}

TEST(HostileStream, NestingAsDeepAsItLikesIsNotFollowed) {
  FakeArray deep = column("+s", "deep", 2, {std::nullopt});
  for (int i = 0; i < 2000; ++i) {
    FakeArray outer = column("+s", "deep", 2, {std::nullopt});
    outer.children.push_back(std::move(deep));
    deep = std::move(outer);
  }
  FakeArray coded = column("c", "coded", 2, {std::nullopt, bytes_of<int8_t>({0, 0})});
  for (int i = 0; i < 100; ++i) {
    FakeArray outer = column("c", "coded", 2, {std::nullopt, bytes_of<int8_t>({0, 0})});
    outer.dictionary.push_back(std::move(coded));
    coded = std::move(outer);
  }
  Counts counts;
  ArrowArrayStream stream = fake_stream({batch(2, {ids(1), deep, coded})}, counts);
  const Imported got = import(stream);
  ASSERT_EQ(got.status, PATRON_OK) << got.error.message;
  EXPECT_EQ(values_of<int64_t>(got.table.get(), "id"), (std::vector<int64_t>{1, 2}));
}

// Columns without memory may be as long as they like; nothing may follow their rows one by one.
TEST(HostileStream, AColumnOfNullsMayBeLongerThanAnyMemory) {
  constexpr int64_t kRows = int64_t{1} << 50;
  Counts counts;
  FakeArray nothing = column("n", "nothing", kRows, {});
  ArrowArrayStream stream = fake_stream({batch(kRows, {nothing}), batch(kRows, {nothing})}, counts);
  const Imported got = import(stream);
  ASSERT_EQ(got.status, PATRON_OK) << got.error.message;
  EXPECT_EQ(patron_table_rows(got.table.get()), 2 * kRows);
  patron_rfm_options options = PATRON_RFM_OPTIONS_INIT;
  options.customer = options.time = options.amount = patron_str_of("nothing");
  patron_rfm* rfm = nullptr;
  patron_error error = PATRON_ERROR_INIT;
  EXPECT_EQ(patron_rfm_compute(got.table.get(), &options, &rfm, &error), PATRON_E_TYPE)
      << error.message;
  const int64_t seats = 1;
  patron_rank_options top = PATRON_RANK_OPTIONS_INIT;
  top.top = &seats;
  patron_rank* rank = nullptr;
  EXPECT_EQ(patron_rank_compute(got.table.get(), "nothing", 7, &top, &rank, &error), PATRON_E_EMPTY)
      << error.message;

  stream = fake_stream({batch(int64_t{1} << 55, {column("n", "nothing", int64_t{1} << 55, {})}),
                        batch(1, {column("n", "nothing", 1, {})})},
                       counts);
  EXPECT_EQ(import(stream).status, PATRON_E_ARROW) << "the rows together are too many";
}

}  // namespace
}  // namespace patron::test
