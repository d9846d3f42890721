#include <gtest/gtest.h>

#include <algorithm>
#include <set>

#include "tests/book/random_calls.h"

namespace patron::book_test {
namespace {

Book empty_book(Kind customer = Kind::kString, const char* key = "") {
  return Book(*BookLayout::make(full_spec(customer, key)));
}

void add(Book& book, std::vector<Event> events) {
  BookReport report;
  ASSERT_TRUE(give(book, 0, events, {}, report).ok());
}

// L12: any order of arrival, any batches; rows and codes of enums then differ, and some pages are
// merged that are not in the other book.
TEST(StateHash, DoesNotDependOnTheOrderOfArrivalOrBatches) {
  for (int round = 0; round < cases(12); ++round) {
    std::mt19937_64 random(static_cast<uint64_t>(round) + 5);
    const int customers = round % 3 == 0 ? 600 : 8;
    RandomFacts facts(random(), customers, 30);
    std::vector<Event> events;
    for (int i = 0; i < 3000; ++i) events.push_back(facts.event());
    Book first = empty_book();
    add(first, events);
    std::shuffle(events.begin(), events.end(), random);
    Book second = empty_book();
    for (size_t begin = 0; begin < events.size();) {
      const size_t end = std::min(events.size(), begin + 1 + random() % 500);
      add(second, {events.begin() + static_cast<std::ptrdiff_t>(begin),
                   events.begin() + static_cast<std::ptrdiff_t>(end)});
      begin = end;
    }
    ASSERT_NE(show_book(first), show_book(second));  // rows differ
    ASSERT_EQ(first.state_hash(), second.state_hash()) << "round " << round;
    add(second, {events[0]});
    ASSERT_NE(first.state_hash(), second.state_hash());
  }
}

TEST(StateHash, IsThatOfTheSavedBook) {
  for (int round = 0; round < cases(10); ++round) {
    std::mt19937_64 random(static_cast<uint64_t>(round) + 77);
    Book book = empty_book(round % 2 == 0 ? Kind::kInt64 : Kind::kString, "number");
    for (int call = 0; call < 40; ++call) RandomCall(random(), 9).apply(book);
    EXPECT_EQ(Book::load(book.layout(), book.save())->state_hash(), book.state_hash()) << round;
  }
}

// Whatever a reader could see differently changes the hash; what gives back the state, gives it
// back.
TEST(StateHash, ChangesWithEveryPartOfTheState) {
  Book book = empty_book(Kind::kString, "text");
  std::set<std::string> seen{book.state_hash()};
  const auto is_new = [&] { return seen.insert(book.state_hash()).second; };
  RandomFacts facts(1, 3, 30);
  Event event = facts.event();
  event.customer = "0";
  add(book, {event});
  EXPECT_TRUE(is_new());
  event.customer = "7";
  add(book, {event});
  EXPECT_TRUE(is_new());
  event.fact.time += 1;
  add(book, {event});  // a correction
  EXPECT_TRUE(is_new());
  const std::string before = book.state_hash();
  ASSERT_TRUE(book.link({0, "0"}, {0, "7"}, 5).ok());
  EXPECT_TRUE(is_new());
  ASSERT_TRUE(book.unlink({0, "0"}, {0, "7"}).ok());
  EXPECT_EQ(book.state_hash(), before);  // L11
  ASSERT_TRUE(book.link({0, "0"}, {0, "7"}, 6).ok());
  EXPECT_TRUE(is_new());
  ASSERT_TRUE(book.unlink({0, "0"}, {0, "7"}).ok());
  const std::vector<std::string> who{"0"}, phones{"13800000000"}, regions{"north"};
  const auto table = [&](const char* name, const std::vector<std::string>& values) {
    return *TableBuilder().strings("customer", who).strings(name, values).finish();
  };
  BookReport report;
  ASSERT_TRUE(book.claim(table("phone", phones), {.clock = 5, .quiet = false}, &report).ok());
  EXPECT_TRUE(is_new());
  std::vector<BookKeyLink> met;
  ASSERT_TRUE(book.settle_keys(10, 1, &met).ok());
  EXPECT_TRUE(is_new());
  ASSERT_TRUE(book.set(table("region", regions), {.clock = 5, .quiet = false}, &report).ok());
  EXPECT_TRUE(is_new());
  ASSERT_EQ(book.forget({0, "0"}).size(), 1u);
  EXPECT_TRUE(is_new());
  // L16: what is left is as if she had never been.
  Book other = empty_book(Kind::kString, "text");
  event.customer = "7";
  add(other, {event});
  EXPECT_EQ(book.state_hash(), other.state_hash());
}

}  // namespace
}  // namespace patron::book_test
