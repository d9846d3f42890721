// Arrow streams and arrays on their way in: consumed whatever fails.
#include <cerrno>

#include "tests/allocation/attempt.h"
#include "tests/base/arrow_producer.h"

namespace patron::test {
namespace {

FakeArray ids() { return column("l", "id", 3, {std::nullopt, bytes_of<int64_t>({7, 8, 9})}); }

FakeArray names(const char* format = "u") {
  const bool large = format[0] == 'U';
  return column(
      format, "name", 3,
      {std::nullopt, large ? bytes_of<int64_t>({0, 3, 3, 4}) : bytes_of<int32_t>({0, 3, 3, 4}),
       Bytes("a\xC3\xA9"
             "b")});
}

FakeArray views() {
  return column("vu", "view", 3,
                {std::nullopt, inline_view("short") + view_into(14, "in a", 0, 2) + inline_view(""),
                 Bytes("--in a buffer o--"), bytes_of<int64_t>({17})});
}

FakeArray kinds() {
  FakeArray out = column("c", "kind", 3, {std::nullopt, bytes_of<int8_t>({0, 1, 0})});
  out.dictionary = {column("u", "", 2, {std::nullopt, bytes_of<int32_t>({0, 1, 2}), Bytes("xy")})};
  return out;
}

FakeArray kinds_with_a_null_value() {
  FakeArray out = kinds();
  out.dictionary[0].buffers[0] = bits("10");
  out.dictionary[0].null_count = 1;
  return out;
}

FakeArray misaligned(FakeArray fake) {
  fake.misalign = 1;
  return fake;
}

FakeArray masked(FakeArray fake) {
  fake.buffers[0] = bits("101");
  fake.null_count = 1;
  return fake;
}

Case stream(const char* name, std::vector<FakeArray> batches, StreamKnobs knobs = {},
            patron_status expected = PATRON_OK) {
  return {"patron_table_import_stream", name,
          [batches, knobs](Attempt& attempt) {
            Counts counts;
            ArrowArrayStream source = fake_stream(batches, counts, knobs);
            attempt.hand_out<patron_table>([&](patron_table** out, patron_error* error) {
              return patron_table_import_stream(&source, out, error);
            });
            EXPECT_EQ(source.release, nullptr) << "the stream was not consumed";
            EXPECT_TRUE(counts.balanced()) << "not all was released exactly once";
          },
          expected};
}

Case array(const char* name, FakeArray fake, patron_status expected = PATRON_OK) {
  return {"patron_table_import_array", name,
          [fake](Attempt& attempt) {
            Counts counts;
            ArrowSchema schema = producer::schema(fake, counts);
            ArrowArray rows = producer::array(fake, counts);
            attempt.hand_out<patron_table>([&](patron_table** out, patron_error* error) {
              return patron_table_import_array(&rows, &schema, out, error);
            });
            EXPECT_EQ(rows.release, nullptr) << "the array was not consumed";
            EXPECT_EQ(schema.release, nullptr) << "the schema was not consumed";
            EXPECT_TRUE(counts.balanced()) << "not all was released exactly once";
          },
          expected};
}

StreamKnobs failing(int schema_error, int next_error, const char* message) {
  StreamKnobs knobs;
  knobs.schema_error = schema_error;
  knobs.next_error = next_error;
  knobs.message = message;
  return knobs;
}

FakeArray with_a_bad_offset() {
  FakeArray text = names();
  text.buffers[1] = bytes_of<int32_t>({0, 3, 2, 4});
  return batch(3, {ids(), text});
}

FakeArray with_bad_text() {
  FakeArray text = names();
  text.buffers[2] = Bytes("a\xC3\xC3\xC3");
  return batch(3, {ids(), text});
}

FakeArray with_a_mask() {
  FakeArray out = batch(3, {ids(), masked(names())});
  out.buffers[0] = bits("011");
  out.null_count = 1;
  return out;
}

FakeArray with_many_columns() {
  FakeArray out = batch(3, {});
  for (int i = 0; i < 20; ++i) {
    FakeArray one = ids();
    one.name = "a column with a name that is long " + std::to_string(i);
    out.children.push_back(one);
  }
  return out;
}

FakeArray unread() {
  FakeArray out = column("+l", "basket", 3, {});
  return batch(3, {ids(), out});
}

}  // namespace

std::vector<Case> import_cases() {
  return {
      stream("integers", {batch(3, {ids()})}),
      stream("no rows", {batch(0, {ids()})}),
      stream("text", {batch(3, {names()})}),
      stream("large text", {batch(3, {names("U")})}),
      stream("text views", {batch(3, {views()})}),
      stream("a dictionary", {batch(3, {kinds()})}),
      stream("a dictionary with a null value", {batch(3, {kinds_with_a_null_value()})}),
      stream("buffers off their alignment",
             {batch(3, {misaligned(ids()), misaligned(names()), misaligned(kinds())})}),
      stream("null rows of the batch", {with_a_mask()}),
      stream("twenty columns", {with_many_columns()}),
      stream("a column that is not read", {unread()}),
      stream("ten batches", std::vector<FakeArray>(10, batch(3, {ids(), names(), kinds()}))),
      stream("offsets that decrease", {batch(3, {ids(), names()}), with_a_bad_offset()}, {},
             PATRON_E_ARROW),
      stream("text that is no UTF-8", {with_bad_text()}, {}, PATRON_E_UTF8),
      stream("no schema", {batch(3, {ids()})}, failing(EIO, 0, "the disk is on fire"),
             PATRON_E_ARROW),
      stream("an error after two batches", {batch(3, {ids()}), batch(3, {ids()})},
             failing(0, EIO, "the disk is on fire"), PATRON_E_ARROW),
      array("integers, text and a dictionary", batch(3, {ids(), names(), kinds()})),
      array("offsets that decrease", with_a_bad_offset(), PATRON_E_ARROW),
      array("no record batch", ids(), PATRON_E_ARROW),
  };
}

}  // namespace patron::test
