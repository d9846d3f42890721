#include "lib/book/saved/log_pages.h"

#include <gtest/gtest.h>

#include "tests/book/book_oracle.h"

namespace patron::internal {
namespace {

using book_test::Event;
using book_test::give;
using book_test::Value;

// A book of one stream: the amount with sums, a closed enum, an optional text.
class SavedPages : public testing::Test {
 protected:
  static BookSpec spec() {
    BookSpec spec;
    spec.customer = Kind::kInt64;
    BookStream stream;
    stream.name = "sales";
    stream.columns = {book_test::book_column("amount", Kind::kMoney),
                      book_test::book_column("kind", Kind::kEnum),
                      book_test::book_column("text", Kind::kString)};
    stream.columns[0].sums = true;
    stream.columns[0].field.nullable = false;
    stream.columns[1].field.values = {"a", "b"};
    spec.streams = {stream};
    return spec;
  }

  void add(int64_t customer, Micros time, int64_t amount, Value kind = {}, Value text = {}) {
    BookReport report;
    const Event event{std::to_string(customer), {time, {amount, std::move(kind), std::move(text)}}};
    ASSERT_TRUE(give(book_, 0, {event}, {}, report).ok());
    ASSERT_EQ(report.accepted, 1);
  }

  std::string saved() {
    std::vector<std::string> pieces;
    const BookSink sink = [&](std::string_view piece) {
      pieces.emplace_back(piece);
      return Status();
    };
    SectionWriter out(sink);
    const LogState& log = book_.state().streams[0];
    EXPECT_TRUE(save_log(log, *book_.state().ids, SectionTag::kEvents, 0, out).ok());
    return pieces.size() < 2 ? "" : pieces[1].substr(sizeof(uint32_t));
  }

  const char* load(std::string_view blocks) {
    again_ = std::make_unique<LogState>(*book_.state().streams[0].layout);
    LogWriter writer(*again_->layout, nullptr);
    LogLoader loader(*again_, writer, *book_.state().ids, nullptr, 1);
    BookByteReader in(blocks);
    return loader.take(in);
  }

  Book book_{*BookLayout::make(spec())};
  std::unique_ptr<LogState> again_;
};

// By hand: the block's head, the counts of 256 customers (1 byte each), three marks, the bytes of
// long texts, and 17 bytes and a code for each column.
TEST_F(SavedPages, ABlockIsWhatTheFormatSays) {
  add(7, 1000, 5, "b", std::string("a text of 21 bytes..."));
  add(7, 3000, 9);
  const std::string bytes = saved();
  const size_t counts = 17 + 256;
  const size_t times = 17 + 2, amounts = 17 + 2, kinds = 17 + 2, texts = 17 + 2 + 21;
  EXPECT_EQ(bytes.size(), 10 + counts + 3 + 8 + times + amounts + kinds + texts);
  ASSERT_EQ(load(bytes), nullptr);
  const EventPage& page = *again_->pages[0];
  ASSERT_EQ(page.base_rows(), 2u);
  EXPECT_EQ(page.base->rows.times()[1], 3000);
  EXPECT_EQ(page.base->rows.text(2, 0), "a text of 21 bytes...");
  EXPECT_TRUE(page.base->rows.null(1, 1));
  EXPECT_EQ(static_cast<const int64_t*>(page.base->rows.column(0))[1], 9);
}

TEST_F(SavedPages, ALongLogIsKeptApart) {
  std::vector<Event> events;
  for (int64_t i = 0; i < 3000; ++i) {
    events.push_back({"1", {i * 10, {i, Value(), Value()}}});
  }
  BookReport report;
  ASSERT_TRUE(give(book_, 0, events, {}, report).ok());
  add(2, 7, 7);
  ASSERT_EQ(load(saved()), nullptr);
  const EventPage& page = *again_->pages[0];
  ASSERT_NE(page.long_log(0), nullptr);
  EXPECT_EQ(page.long_log(0)->size, 3000u);
  EXPECT_EQ(page.base_rows(), 1u);
}

TEST_F(SavedPages, WhatCannotBeIsNamed) {
  add(7, 1000, 5, "b", std::string("short"));
  add(7, 3000, 9);
  const std::string bytes = saved();
  const auto changed = [&](size_t at, char to) {
    std::string other = bytes;
    other[at] = to;
    return std::string(load(other) == nullptr ? "" : load(other));
  };
  EXPECT_EQ(changed(0, 1), "facts of a customer who is not there");
  EXPECT_EQ(changed(4, 2), "a block of facts that does not belong here");
  EXPECT_EQ(changed(6, 3), "counts of facts that do not add up");
  EXPECT_EQ(changed(10 + 17 + 1, 2), "facts of a customer who is not there");
  const size_t marks = 10 + 17 + 256;
  EXPECT_EQ(changed(marks, 0), "a column without values that needs them");
  EXPECT_EQ(changed(marks, 2), "a mark of a column that is none");
  const size_t times = marks + 3 + 8;
  EXPECT_EQ(changed(times + 17 + 1, 0), "");  // both at one instant: their values are in order
  EXPECT_EQ(changed(times + 17, 2), "facts that are not in order");
  EXPECT_EQ(changed(times + 8, '\x80'), "a time out of range");
  const size_t kinds = times + 19 + 19;
  EXPECT_EQ(changed(kinds + 1, 2), "a value that the column cannot have");
  EXPECT_EQ(changed(bytes.size() - 2, '\xFF'), "a text that is no UTF-8");
  for (size_t size = 1; size < bytes.size(); ++size) {
    EXPECT_NE(load(std::string_view(bytes).substr(0, size)), nullptr) << size;
  }
}

}  // namespace
}  // namespace patron::internal
