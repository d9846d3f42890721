#include "lib/book/sum_guard.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <string>
#include <vector>

#include "tests/book/book_oracle.h"

namespace patron::book_test {
namespace {

BookSpec spec_of_visits() {
  BookSpec spec;
  spec.customer = Kind::kInt64;
  spec.streams = {wide_stream("")};
  return spec;
}

// Sums of absolute amounts stay within int64, to the last unit.
TEST(SumGuard, RefusesWhatWouldOverflowASum) {
  Book book(*BookLayout::make(spec_of_visits()));
  BookReport report;
  const auto event = [](int customer, int64_t amount) {
    Event made;
    made.customer = std::to_string(customer);
    made.fact.values.resize(11);
    made.fact.values[0] = amount;
    made.fact.values[2] = int64_t{1};
    return made;
  };
  constexpr int64_t kHalf = INT64_MAX / 2;  // INT64_MAX = 2 kHalf + 1
  ASSERT_TRUE(
      give(book, 0,
           {event(1, kHalf), event(1, -kHalf), event(1, 2), event(1, 1), event(2, 5), event(1, 1)},
           {}, report)
          .ok());
  EXPECT_EQ(report.accepted, 4);
  ASSERT_EQ(report.refused.size(), 2u);
  EXPECT_EQ(report.refused[0].row, 2);
  EXPECT_EQ(report.refused[1].row, 5);
  EXPECT_EQ(report.refused[1].reason,
            "with this amount a sum over the customer's events could overflow");
  ASSERT_TRUE(give(book, 0, {event(1, -1), event(2, kHalf)}, {}, report).ok());
  EXPECT_EQ(report.accepted, 1);
  EXPECT_EQ(report.refused[0].row, 0);
}

// Rows with keys, and sums of amounts and of numbers.
class SumGuardOfKeys : public testing::Test {
 protected:
  static constexpr int64_t kHalf = INT64_MAX / 2;

  static BookSpec spec(const std::string& key) {
    BookSpec spec;
    spec.customer = Kind::kInt64;
    spec.streams = {wide_stream(key)};
    spec.streams[0].columns[2].sums = true;
    return spec;
  }
  static Event event(int64_t key, int64_t amount, int64_t number = 0) {
    Event made;
    made.customer = "7";
    made.fact.values.resize(11);
    made.fact.values[0] = amount;
    made.fact.values[1] = "a key of some length " + std::to_string(key);
    made.fact.values[2] = number;
    return made;
  }
  // "row column" of what is refused, with the rows cut into batches of that many.
  static std::vector<std::string> refused(Book& book, const std::vector<Event>& events,
                                          size_t batch) {
    std::vector<std::string> all;
    for (size_t begin = 0; begin < events.size(); begin += batch) {
      const size_t end = std::min(begin + batch, events.size());
      BookReport report;
      EXPECT_TRUE(give(book, 0,
                       {events.begin() + static_cast<std::ptrdiff_t>(begin),
                        events.begin() + static_cast<std::ptrdiff_t>(end)},
                       {}, report)
                      .ok());
      for (const BookRefusal& one : report.refused) {
        all.push_back(std::to_string(begin + static_cast<size_t>(one.row)) + " " + one.column);
      }
    }
    return all;
  }
};

TEST_F(SumGuardOfKeys, CountsWhatTheLogHasOnceEachRowIsFiled) {
  using Rows = std::vector<std::string>;
  const std::vector<Event> twice{event(1, kHalf), event(1, kHalf), event(2, kHalf)};
  const std::vector<Event> corrected{event(1, 2 * kHalf), event(1, 5), event(2, kHalf),
                                     event(2, -2 * kHalf), event(3, kHalf)};
  const std::vector<Event> other_column{event(1, 2, kHalf), event(2, kHalf, kHalf + 2),
                                        event(3, kHalf), event(4, kHalf - 1), event(5, 2)};
  for (const size_t batch : {1, 2, 9}) {
    Book one(*BookLayout::make(spec("text")));
    EXPECT_EQ(refused(one, twice, batch), Rows{}) << batch;
    Book two(*BookLayout::make(spec("text")));
    EXPECT_EQ(refused(two, corrected, batch), (Rows{"3 amount", "4 amount"})) << batch;
    Book three(*BookLayout::make(spec("text")));
    EXPECT_EQ(refused(three, other_column, batch), (Rows{"1 number", "4 amount"})) << batch;
  }
}

TEST_F(SumGuardOfKeys, WhatIsRefusedDoesNotDependOnHowRowsAreCut) {
  for (uint64_t seed = 1; seed <= 40; ++seed) {
    RandomFacts random(seed, 1, 1);
    const std::string key = seed % 3 == 0 ? "" : seed % 3 == 1 ? "text" : "number";
    std::vector<Event> events;
    for (int i = 0; i < 60; ++i) {
      const auto some = [&] {
        return static_cast<int64_t>(random.below(6)) * (INT64_MAX / 16) *
               (random.below(2) == 0 ? 1 : -1);
      };
      const auto number = static_cast<int64_t>(random.below(12));
      Event& made = events.emplace_back(event(number, some(), some()));
      made.customer = random.below(4) == 0 ? "8" : "7";
      if (key == "number") made.fact.values[2] = number;
    }
    Book whole(*BookLayout::make(spec(key)));
    const std::vector<std::string> want = refused(whole, events, events.size());
    ASSERT_FALSE(want.empty());
    for (const size_t batch : {1, 7, 20}) {
      Book cut(*BookLayout::make(spec(key)));
      ASSERT_EQ(refused(cut, events, batch), want) << "seed " << seed << ", batches of " << batch;
      ASSERT_EQ(cut.state_hash(), whole.state_hash()) << "seed " << seed;
    }
  }
}

}  // namespace
}  // namespace patron::book_test
