#include "lib/book/batch_filler.h"

#include <gtest/gtest.h>

#include <cmath>
#include <limits>
#include <optional>
#include <string>
#include <vector>

#include "tests/book/batch_reading.h"

namespace patron::book_test {
namespace {

TEST_F(Batches, BadRowsAreListedAndGoodOnesStay) {
  const std::vector<std::optional<std::string>> ids{"a", "b", std::nullopt, "d", "e"};
  const std::vector<std::optional<std::string>> categories{"tea", "milk", "tea", std::nullopt,
                                                           "coffee"};
  const Table table = *TableBuilder()
                           .int64("customer", {1, 2, 3, 4, 5})
                           .timestamps("time", {10, 20, 30, 400, 50}, "UTC")
                           .doubles("amount", {1.5, 2, 3, 4, std::nan("")})
                           .strings("category", categories)
                           .strings("id", ids)
                           .finish();
  ASSERT_TRUE(read(table, 0, 300).ok());
  EXPECT_EQ(refusals(), (std::vector<std::string>{
                            "1 category: category: none of its values: \"milk\"", "2 id: null id",
                            "3 time: time after 1970-01-01T00:00:00.000300Z",
                            "4 amount: amount: NaN or infinite"}))
      << "in the order of the rows, whatever is looked at first";
  EXPECT_EQ(report_.rows, 5);
  EXPECT_EQ(report_.refused_rows, 4);
  EXPECT_EQ(plain(batch_.source), std::vector<int64_t>{0});
  EXPECT_EQ(plain(batch_.times), std::vector<Micros>{10});
  EXPECT_EQ(ints(0), std::vector<int64_t>{150});
  EXPECT_FALSE(batch_.columns[1].given);
}

// The first that are listed are those of the first rows, where nearly all are bad and the last of
// the columns says so of the first rows.
TEST_F(Batches, OfManyBadRowsTheFirstAreListed) {
  constexpr size_t kRows = 3 * BookReport::kMaxRefusals;
  std::vector<std::optional<std::string>> ids(kRows, "a");
  ids[0] = ids[7] = std::nullopt;
  std::vector<int64_t> times(kRows, 400);
  times[0] = times[7] = 10;
  const Table table = *TableBuilder()
                           .int64("customer", std::vector<int64_t>(kRows, 1))
                           .timestamps("time", times, "UTC")
                           .doubles("amount", std::vector<double>(kRows, 1))
                           .strings("id", ids)
                           .finish();
  ASSERT_TRUE(read(table, 0, 300).ok());
  EXPECT_EQ(report_.refused_rows, static_cast<int64_t>(kRows));
  ASSERT_EQ(report_.refused.size(), BookReport::kMaxRefusals);
  for (size_t i = 0; i < report_.refused.size(); ++i) {
    ASSERT_EQ(report_.refused[i].row, static_cast<int64_t>(i));
    ASSERT_EQ(report_.refused[i].column, i == 0 || i == 7 ? "id" : "time");
  }
}

TEST_F(Batches, TextsThatAreNoTimesAreShown) {
  const std::vector<std::string> ids{"a", "b", "c", "d"};
  const std::vector<std::string> times{"2026-01-01", "31.12.2026", "2026-13-01",
                                       "1" + std::string(200, '0')};
  const Table table = *TableBuilder()
                           .int64("customer", {1, 1, 1, 1})
                           .strings("time", times)
                           .doubles("amount", {1, std::nan(""), 1, 1})
                           .strings("id", ids)
                           .finish();
  ASSERT_TRUE(read(table).ok());
  const std::vector<std::string> said = refusals();
  ASSERT_EQ(said.size(), 3u);
  EXPECT_EQ(said[0],
            "1 time: time: text that is no time: \"31.12.2026\"; want ISO "
            "8601, such as 2026-10-01 or 2026-10-01T09:30:00");
  EXPECT_EQ(said[1],
            "2 time: time: text that is no time: \"2026-13-01\" has a month that is not 01 to 12");
  EXPECT_LT(said[2].size(), 150u) << said[2];
}

TEST_F(Batches, ForeignCurrenciesNeedARate) {
  const std::vector<std::optional<std::string>> currencies{"EUR", "USD", "USD", std::nullopt,
                                                           "USD", "GBP", "USD"};
  const std::vector<std::string> ids{"a", "b", "c", "d", "e", "f", "g"};
  const Table table = *TableBuilder()
                           .int64("customer", {1, 1, 1, 1, 1, 1, 1})
                           .timestamps("time", {1, 2, 3, 4, 5, 6, 7}, "UTC")
                           .doubles("amount", {1, 1.01, 1, 1, 1, 1, 1})
                           .strings("currency", currencies)
                           .doubles("rate", {9, 0.5, -1, 9, 0.25, std::nan(""), 0})
                           .strings("id", ids)
                           .finish();
  ASSERT_TRUE(read(table).ok());
  // 101 x 0.5 = 50.5, half to even.
  EXPECT_EQ(ints(0), (std::vector<int64_t>{100, 50, 100, 25}));
  EXPECT_EQ(refusals(), (std::vector<std::string>{"2 rate: rate: want one above 0, not -1",
                                                  "5 rate: rate: NaN or infinite",
                                                  "6 rate: rate: want one above 0, not 0"}));
  const Table bare = *TableBuilder()
                          .int64("customer", {1, 1})
                          .timestamps("time", {1, 2}, "UTC")
                          .doubles("amount", {1, 1})
                          .strings("currency", std::vector<std::string>{"EUR", "GBP"})
                          .strings("id", std::vector<std::string>{"a", "b"})
                          .finish();
  ASSERT_TRUE(read(bare).ok());
  EXPECT_EQ(refusals(),
            std::vector<std::string>{"1 rate: a foreign currency without a rate: \"GBP\"; give EUR "
                                     "for 1 GBP in the column rate"});
}

TEST_F(Batches, ACurrencyIsThreeCapitals) {
  const std::vector<std::string> currencies{"EUR", "eur", "euro", "US1", "", "USD"};
  const Table table = *TableBuilder()
                           .int64("customer", {1, 1, 1, 1, 1, 1})
                           .timestamps("time", {1, 2, 3, 4, 5, 6}, "UTC")
                           .doubles("amount", {1, 1, 1, 1, 1, 1})
                           .strings("currency", currencies)
                           .doubles("rate", {1, 0.9, 0.9, 0.9, 0.9, 0.5})
                           .strings("id", std::vector<std::string>{"a", "b", "c", "d", "e", "f"})
                           .finish();
  ASSERT_TRUE(read(table).ok());
  EXPECT_EQ(ints(0), (std::vector<int64_t>{100, 50}));
  const std::vector<std::string> said = refusals();
  ASSERT_EQ(said.size(), 4u);
  EXPECT_EQ(
      said[0],
      "1 currency: currency: \"eur\" is no ISO 4217 code; want three capital letters, such as "
      "EUR");
}

TEST_F(Batches, EventsOneByOneAreCheckedAsTablesAre) {
  std::vector<BookValue> good{
      int64_t{5}, {}, 1.5, std::string_view("tea"), {}, std::string_view("key")};
  std::vector<BookValue> bad_enum = good;
  std::vector<BookValue> no_key = good;
  std::vector<BookValue> infinite = good;
  bad_enum[3] = std::string_view("milk");
  no_key[5] = {};
  infinite[2] = std::numeric_limits<double>::infinity();
  std::vector<BookEvent> events;
  for (const std::vector<BookValue>* values : {&good, &bad_enum, &no_key, &infinite, &good}) {
    events.push_back({{7, {}}, 3, *values});
  }
  events.back().time = kEndTime;
  report_ = {};
  const internal::StreamLayout& stream = layout_.data().streams[0];
  ASSERT_TRUE(internal::read_batch(events, stream, layout_.data(), kEndTime, batch_, report_).ok());
  EXPECT_EQ(refusals(), (std::vector<std::string>{
                            "1 category: category: none of its values: \"milk\"", "2 id: null id",
                            "3 quantity: quantity: NaN or infinite", "4 time: time out of range"}));
  EXPECT_EQ(plain(batch_.int_ids), std::vector<int64_t>{7});
  EXPECT_EQ(plain(batch_.columns[5].texts), std::vector<std::string_view>{"key"});
  std::vector<BookValue> wrong = good;
  wrong[0] = 5.0;
  events = {{{7, {}}, 3, wrong}};
  EXPECT_EQ(internal::read_batch(events, stream, layout_.data(), kEndTime, batch_, report_).code(),
            Code::kType);
  events = {{{7, {}}, 3, std::span(good).first(2)}};
  EXPECT_EQ(internal::read_batch(events, stream, layout_.data(), kEndTime, batch_, report_).code(),
            Code::kLength);
}

}  // namespace
}  // namespace patron::book_test
