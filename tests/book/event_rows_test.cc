#include "lib/book/event_rows.h"

#include <gtest/gtest.h>

#include <algorithm>

#include "tests/book/small_rows.h"

namespace patron::book_test {
namespace {

using internal::EventRows;
using internal::RowPlace;
using Lines = std::vector<std::string>;
constexpr const char* kLongReason = "more than twelve bytes of text";

TEST(EventRows, KeepsCellsAndTextsWhileItGrows) {
  const SmallStream small;
  EventRows rows = small.rows();
  for (int i = 0; i < 100; ++i) {
    small.add(rows, i, i * 2, i % 2 == 0 ? "short" : kLongReason + std::to_string(i));
  }
  ASSERT_EQ(rows.size(), 100u);
  EXPECT_EQ(SmallStream::line(rows, 6), "6 12 short");
  EXPECT_EQ(SmallStream::line(rows, 7), std::string("7 14 ") + kLongReason + "7");
  EXPECT_EQ(rows.column(2), nullptr);
  EXPECT_TRUE(rows.null(2, 5));
  EXPECT_FALSE(rows.null(1, 5));
  EXPECT_EQ(rows.row_bytes(), 8u + 8 + 16 + 8);
  EXPECT_EQ(rows.long_bytes(6), 0u);
  EXPECT_EQ(rows.long_bytes(7), std::string(kLongReason).size() + 1);
}

TEST(EventRows, AColumnThatComesLaterIsNullBefore) {
  const SmallStream small;
  EventRows rows = small.rows();
  small.add(rows, 1, 5, "a");
  const std::vector<uint8_t> kind{0, 0, 1, 0};
  EXPECT_FALSE(rows.has_room(1, 0, kind.data()));
  rows.reserve(2, 0, kind.data());
  rows.append(2);
  const uint32_t code = 3;
  rows.set(2, 1, &code);
  EXPECT_TRUE(rows.null(2, 0));
  EXPECT_FALSE(rows.null(2, 1));
  EXPECT_TRUE(rows.null(0, 1));
  EXPECT_TRUE(rows.null(1, 1));
  EXPECT_EQ(SmallStream::line(rows, 0), "1 5 a");
}

TEST(EventRows, MovesErasesAndDrops) {
  const SmallStream small;
  EventRows rows = small.rows();
  for (const char* text : {"a", "b", kLongReason, "d"}) small.add(rows, 0, text[0], text);
  rows.move_last_to(1);
  EXPECT_EQ(SmallStream::lines(rows),
            (Lines{"0 97 a", "0 100 d", "0 98 b", std::string("0 109 ") + kLongReason}));
  rows.erase(1);
  EXPECT_EQ(SmallStream::lines(rows),
            (Lines{"0 97 a", "0 98 b", std::string("0 109 ") + kLongReason}));
  rows.drop(0);
  EXPECT_EQ(SmallStream::lines(rows), (Lines{std::string("0 109 ") + kLongReason, "0 98 b"}));
  rows.drop(1);
  rows.erase(0);
  EXPECT_EQ(rows.size(), 0u);
}

TEST(EventRows, ErasedTextsAreZeroed) {
  const SmallStream small;
  EventRows rows = small.rows();
  small.add(rows, 0, 1, kLongReason);
  const std::string_view text = rows.text(1, 0);
  rows.erase(0);
  for (const char c : std::string(text)) EXPECT_EQ(c, '\0');
}

TEST(EventRows, MergesTwoPieces) {
  const SmallStream small;
  EventRows a = small.rows();
  EventRows b = small.rows();
  small.add(a, 1, 10, kLongReason);
  small.add(a, 2, 20, "two");
  b.reserve(1, 0, nullptr);
  b.append(3);
  EventRows to = small.rows();
  const std::vector<uint8_t> wanted{1, 1, 0, 1};
  to.reserve(3, a.heap_used(), wanted.data());
  to.merge(a, b, std::vector<RowPlace>{{1, 0}});
  EXPECT_EQ(SmallStream::line(to, 0), std::string("1 10 ") + kLongReason);
  EXPECT_EQ(to.times()[1], 3);
  EXPECT_TRUE(to.null(0, 1));
  EXPECT_TRUE(to.null(1, 1));
  EXPECT_EQ(SmallStream::line(to, 2), "2 20 two");
  EventRows turned = small.rows();
  turned.reserve(4, a.heap_used(), wanted.data());
  turned.append(4);
  turned.merge(b, a, std::vector<RowPlace>{{0, 1}, {1, 0}});
  EXPECT_EQ(turned.times()[0], 4);
  EXPECT_EQ(SmallStream::line(turned, 1), "2 20 two");
  EXPECT_TRUE(turned.null(0, 2));
  EXPECT_EQ(SmallStream::line(turned, 3), std::string("1 10 ") + kLongReason);
}

// Against one cell after the other: runs of no row, of few and of many, of cells of each width, up
// to the last row of the base.
TEST(EventRows, MergesRunsOfAnyLength) {
  BookSpec spec;
  BookStream stream;
  stream.name = "runs";
  stream.columns = {book_column("flag", Kind::kBool), book_column("day", Kind::kDate),
                    book_column("number", Kind::kInt64)};
  spec.streams = {stream};
  const Result<BookLayout> layout = BookLayout::make(spec);
  const std::vector<uint8_t> wanted{1, 1, 1};
  RandomFacts random(1, 1, 1);
  int64_t last = 0;
  const auto fill = [&](EventRows& rows, uint64_t count) {
    rows.reserve(static_cast<uint32_t>(count), 0, wanted.data());
    for (size_t i = 0; i < count; ++i, ++last) {
      const auto flag = static_cast<uint8_t>(last % 2);
      const auto day = static_cast<int32_t>(last);
      rows.append(last);
      rows.set(0, i, &flag);
      rows.set(1, i, &day);
      rows.set(2, i, &last);
    }
  };
  for (int round = 0; round < 400; ++round) {
    EventRows base(layout->data().streams[0], nullptr), more(layout->data().streams[0], nullptr),
        merged(layout->data().streams[0], nullptr);
    fill(base, random.below(round % 2 == 0 ? 40 : 400));
    fill(more, 1 + random.below(60));
    std::vector<RowPlace> places;
    for (uint32_t row = 0; row < more.size(); ++row) {
      places.push_back({static_cast<uint32_t>(random.below(base.size() + 1)), row});
    }
    const auto before = [](const RowPlace& a, const RowPlace& b) { return a.until < b.until; };
    std::stable_sort(places.begin(), places.end(), before);
    merged.reserve(base.size() + more.size(), 0, wanted.data());
    merged.merge(base, more, places);
    std::vector<Micros> want(base.times(), base.times() + base.size());
    for (size_t i = places.size(); i-- > 0;) {
      want.insert(want.begin() + places[i].until, more.times()[places[i].row]);
    }
    ASSERT_EQ(std::vector<Micros>(merged.times(), merged.times() + merged.size()), want);
    for (size_t i = 0; i < want.size(); ++i) {
      ASSERT_EQ(static_cast<const uint8_t*>(merged.column(0))[i], want[i] % 2) << round;
      ASSERT_EQ(static_cast<const int32_t*>(merged.column(1))[i], want[i]) << round;
      ASSERT_EQ(static_cast<const int64_t*>(merged.column(2))[i], want[i]) << round;
    }
  }
}

TEST(EventRows, AMeterCountsWhatIsHeld) {
  const SmallStream small;
  {
    EventRows rows = small.rows();
    for (int i = 0; i < 50; ++i) small.add(rows, i, i, kLongReason);
    EXPECT_EQ(small.meter->bytes(), static_cast<int64_t>(rows.cell_bytes() + rows.heap_bytes()));
    EventRows moved = std::move(rows);
    const EventRows copy = moved.copy(100);
    EXPECT_EQ(SmallStream::lines(copy), SmallStream::lines(moved));
    EXPECT_GE(copy.capacity(), 100u);
    EXPECT_EQ(small.meter->bytes(), static_cast<int64_t>(moved.cell_bytes() + moved.heap_bytes() +
                                                         copy.cell_bytes() + copy.heap_bytes()));
  }
  EXPECT_EQ(small.meter->bytes(), 0);
}

}  // namespace
}  // namespace patron::book_test
