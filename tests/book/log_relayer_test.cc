// A book under another layout.
#include "lib/book/log_relayer.h"

#include <gtest/gtest.h>

#include "tests/book/random_calls.h"

namespace patron::book_test {
namespace {

BookLayout made(BookSpec spec) { return *BookLayout::make(std::move(spec)); }

BookColumn column(std::string name, Kind kind, std::vector<std::string> values = {}) {
  BookColumn out;
  out.field.name = std::move(name), out.field.kind = kind, out.field.values = std::move(values);
  return out;
}

// Random calls, then columns and streams are added and taken away again: the same book.
TEST(RelaidBooks, TakeOnAndOffWhatIsEmpty) {
  for (int round = 0; round < cases(20); ++round) {
    std::mt19937_64 random(static_cast<uint64_t>(round) + 1);
    const BookSpec spec =
        full_spec(round % 2 == 0 ? Kind::kInt64 : Kind::kString, round % 3 == 0 ? "" : "text");
    Book book(made(spec));
    const int customers = round % 5 == 0 ? 700 : 12;
    for (size_t calls = random() % 60; calls > 0; --calls) {
      RandomCall(random(), customers).apply(book);
    }
    BookSpec wider = spec;
    wider.streams.insert(wider.streams.begin(),
                         BookStream{"trips", {column("km", Kind::kInt64)}, ""});
    for (BookStream& stream : wider.streams) {
      stream.columns.insert(stream.columns.begin(), column("new_one", Kind::kString));
    }
    BookAttribute attribute;
    attribute.field.name = "new_attribute", attribute.field.kind = Kind::kDouble;
    wider.attributes.insert(wider.attributes.begin(), attribute);
    Result<Book> wide = book.relaid(made(wider));
    ASSERT_TRUE(wide.ok()) << wide.status().message();
    EXPECT_TRUE(wide->has_layout(made(wider)));
    EXPECT_FALSE(wide->has_layout(book.layout()));
    EXPECT_EQ(wide->facts().events, book.facts().events);
    Result<Book> again = wide->relaid(made(spec));
    ASSERT_TRUE(again.ok()) << again.status().message();
    ASSERT_EQ(show_book(*again), show_book(book)) << "round " << round;
    ASSERT_EQ(again->state_hash(), book.state_hash()) << "round " << round;
    // What goes on in one is not seen in the others.
    const std::string before = show_book(*wide);
    for (int call = 0; call < 10; ++call) {
      RandomCall next(random(), customers);
      ASSERT_EQ(next.apply(*again), next.apply(book)) << "round " << round << ", call " << call;
    }
    ASSERT_EQ(show_book(*again), show_book(book)) << "round " << round;
    ASSERT_EQ(show_book(*wide), before) << "round " << round;
  }
}

class RelaidEnums : public testing::Test {
 protected:
  static BookSpec spec(std::vector<std::string> colours, std::vector<std::string> sizes) {
    BookSpec out;
    out.customer = Kind::kInt64;
    out.streams = {{"visits",
                    {column("colour", Kind::kEnum, std::move(colours)),
                     column("sizes", Kind::kEnumSet, std::move(sizes))},
                    ""}};
    return out;
  }
  static Book visited() {
    Book book(made(spec({"red", "green", "blue"}, {"s", "m", "l"})));
    BookReport report;
    const BookValue values[] = {std::string_view("blue"), int64_t{0b101}};
    BookEvent event;
    event.customer.number = 7, event.time = 5, event.values = values;
    EXPECT_TRUE(book.add(0, {&event, 1}, {}, &report).ok());
    EXPECT_EQ(report.accepted, 1);
    return book;
  }
  static std::pair<std::string, uint64_t> cells(const Book& book) {
    internal::LogReader reader(book.state(), 0);
    for (const internal::LogRun& run : reader.read(0)) {
      return {std::string(reader.enum_text(0, run.cells<uint32_t>(0)[0])),
              run.cells<uint64_t>(1)[0]};
    }
    return {};
  }
};

TEST_F(RelaidEnums, WordsGoOnWhereverTheyStand) {
  const Book book = visited();
  const Book other = *book.relaid(made(spec({"blue", "black", "red"}, {"l", "xl", "s"})));
  EXPECT_EQ(cells(other), (std::pair(std::string("blue"), uint64_t{0b101})))
      << "l is first, s third";
  const Book moved = *book.relaid(made(spec({"blue"}, {"m", "s", "l"})));
  EXPECT_EQ(cells(moved), (std::pair(std::string("blue"), uint64_t{0b110})));
  const Book open = *book.relaid(made(spec({}, {"s", "m", "l"})));
  EXPECT_EQ(cells(open), (std::pair(std::string("blue"), uint64_t{0b101})));
  EXPECT_EQ(cells(*open.relaid(made(spec({"red", "blue"}, {"s", "m", "l"})))).first, "blue");
}

TEST_F(RelaidEnums, AWordInUseDoesNotGo) {
  const Book book = visited();
  EXPECT_EQ(
      book.relaid(made(spec({"red"}, {"s", "m", "l"}))).status().message(),
      "the book cannot take this layout: column \"colour\" of stream \"visits\" holds 1 value "
      "that would not be among its values any more");
  EXPECT_EQ(book.relaid(made(spec({"blue"}, {"s", "m"}))).status().code(), Code::kDocument);
}

TEST_F(RelaidEnums, WhatHasFactsDoesNotGoOrChange) {
  const Book book = visited();
  const auto said = [&](const BookSpec& to) { return book.relaid(made(to)).status().message(); };
  BookSpec to = spec({"blue"}, {"s", "l"});
  to.streams[0].columns.pop_back();
  EXPECT_EQ(said(to),
            "the book cannot take this layout: column \"sizes\" of stream \"visits\" holds 1 value "
            "that would have no place; keep it in the policy, or take a new engine");
  to = spec({"blue"}, {"s", "l"});
  to.streams[0].name = "calls";
  EXPECT_EQ(said(to),
            "the book cannot take this layout: stream \"visits\" holds 1 fact, and would be gone");
  to = spec({"blue"}, {"s", "l"});
  to.streams[0].columns.push_back(column("number", Kind::kInt64));
  to.streams[0].key = "number";
  EXPECT_EQ(said(to),
            "the book cannot take this layout: stream \"visits\" holds 1 fact with the event key "
            "none, and would have \"number\"");
  to.streams[0].key.clear();
  to.streams[0].columns.back().field.nullable = false;
  EXPECT_EQ(said(to),
            "the book cannot take this layout: column \"number\" of stream \"visits\" would need a "
            "value, and 1 fact would have none");
  to = spec({"blue"}, {"s", "l"});
  to.customer = Kind::kString;
  EXPECT_EQ(
      said(to),
      "the book cannot take this layout: ids of customers are int64, and would be string; that "
      "takes a new engine");
}

}  // namespace
}  // namespace patron::book_test
