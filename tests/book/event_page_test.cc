#include "lib/book/event_page.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <map>

#include "tests/book/small_rows.h"

namespace patron::book_test {
namespace {

using internal::EventPage;
using internal::EventRows;

constexpr const char* kLong = "a text longer than a cell holds";

class Pages : public testing::Test {
 protected:
  void add(EventPage& page, uint32_t local, Micros time, int64_t amount, const std::string& text) {
    const std::vector<uint8_t> wanted{1, 1, 0, 0};
    page.reserve_tail(page.tail.size() + 1, text.size(), wanted.data());
    const uint32_t row = page.append_tail(local, time);
    page.tail.set(0, row, &amount);
    page.tail.set_text(1, row, text);
  }
  // Base, tail and log apart of a customer, in order.
  std::vector<std::string> log(const EventPage& page, uint32_t local) const {
    std::vector<std::string> all;
    for (uint32_t i = page.base_begin(local); i < page.base_end(local); ++i) {
      all.push_back(SmallStream::line(page.base->rows, i));
    }
    std::vector<uint32_t> rows;
    page.tail_rows(local, rows);
    for (const uint32_t row : rows) all.push_back(SmallStream::line(page.tail, row));
    if (const internal::LongLog* apart = page.long_log(local); apart != nullptr) {
      for (const auto& chunk : apart->chunks) {
        for (const std::string& line : SmallStream::lines(chunk->rows)) all.push_back(line);
      }
    }
    return all;
  }
  SmallStream small_;
};

TEST_F(Pages, AMergeBringsEveryCustomerInOrder) {
  EventPage page(small_.stream(), small_.meter, 1);
  RandomFacts random(1, 1, 1);
  std::map<uint32_t, std::multimap<std::pair<Micros, std::string>, std::string>> want;
  for (int round = 0; round < 20; ++round) {
    for (int i = 0; i < 50; ++i) {
      const auto local = static_cast<uint32_t>(random.below(4) * 85);
      const auto time = static_cast<Micros>(random.below(100));
      const std::string text = (i % 5 == 0 ? kLong : "t") + std::to_string(round * 50 + i);
      add(page, local, time, i, text);
      want[local].emplace(std::pair(time, text),
                          std::to_string(time) + " " + std::to_string(i) + " " + text);
    }
    page.merge(small_.order(), 1);
    EXPECT_EQ(page.tail.size(), 0u);
    for (const auto& [local, facts] : want) {
      std::vector<std::string> lines;
      for (const auto& [key, line] : facts) lines.push_back(line);
      ASSERT_EQ(log(page, local), lines) << "customer " << local << ", round " << round;
    }
  }
}

// Nearly all facts are newer than those before of their customers; of some a few are not, or are as
// old.
TEST_F(Pages, AMergeBringsFewThatAreLateInOrder) {
  EventPage page(small_.stream(), small_.meter, 1);
  RandomFacts random(1, 1, 1);
  std::map<uint32_t, std::multimap<std::pair<Micros, std::string>, std::string>> want;
  for (int i = 0; i < 6000; ++i) {
    const auto local = static_cast<uint32_t>(random.below(internal::kPageCustomers));
    const bool late = local % 3 == 0 && random.below(10) == 0;
    const Micros time = late ? static_cast<Micros>(random.below(6000)) : i / 4 * 4;
    const std::string text = "t" + std::to_string(random.below(9)) + "-" + std::to_string(i);
    add(page, local, time, i, text);
    want[local].emplace(std::pair(time, text),
                        std::to_string(time) + " " + std::to_string(i) + " " + text);
    if (!page.tail_is_full()) continue;
    page.merge(small_.order(), 1);
    for (const auto& [one, facts] : want) {
      std::vector<std::string> lines;
      for (const auto& [key, line] : facts) lines.push_back(line);
      ASSERT_EQ(log(page, one), lines) << "customer " << one << ", fact " << i;
    }
  }
}

TEST_F(Pages, ALongLogIsKeptApart) {
  EventPage page(small_.stream(), small_.meter, 1);
  add(page, 4, 3, 1, "other");
  for (uint32_t i = 0; i < internal::kLongLogRows; ++i) add(page, 255, 1000 - i, 1, "k");
  page.merge(small_.order(), 1);
  ASSERT_NE(page.long_log(255), nullptr);
  EXPECT_EQ(page.base_end(255), page.base_begin(255));
  EXPECT_EQ(log(page, 255).size(), internal::kLongLogRows);
  EXPECT_EQ(log(page, 4), std::vector<std::string>{"3 1 other"});
  add(page, 255, 0, 7, kLong);
  add(page, 4, 2, 2, "more");
  page.absorb(small_.order(), 1);
  EXPECT_EQ(page.tail.size(), 1u);
  EXPECT_EQ(log(page, 255).front(), std::string("0 7 ") + kLong);
  EXPECT_EQ(page.first_time(255), 0);
  EXPECT_EQ(page.first_time(4), 2);  // in the tail
  EXPECT_EQ(page.first_time(5), kEndTime);
  EXPECT_FALSE(page.in_tail(255));
  EXPECT_TRUE(page.in_tail(4));
}

TEST_F(Pages, ACopyLeavesTheEarlierPageAlone) {
  EventPage page(small_.stream(), small_.meter, 1);
  for (int i = 0; i < 30; ++i) add(page, 7, i, i, "a" + std::to_string(i));
  page.merge(small_.order(), 1);
  add(page, 7, 50, 50, kLong);
  const std::vector<std::string> then = log(page, 7);
  const std::shared_ptr<EventPage> later = page.copy(2);
  later->own_base(2);
  later->erase_base(7, later->base_begin(7));
  later->erase_tail(0);
  add(*later, 8, 1, 1, "b");
  EXPECT_EQ(log(page, 7), then);
  EXPECT_EQ(log(page, 8).size(), 0u);
  EXPECT_EQ(log(*later, 7).size(), then.size() - 2);
  EXPECT_EQ(log(*later, 8), std::vector<std::string>{"1 1 b"});
}

TEST_F(Pages, MemoryComesBack) {
  {
    EventPage page(small_.stream(), small_.meter, 1);
    for (int i = 0; i < 3000; ++i) add(page, static_cast<uint32_t>(i % 3), i, i, kLong);
    page.merge(small_.order(), 1);
    EXPECT_GT(small_.meter->bytes(), 3000 * 60);
  }
  EXPECT_EQ(small_.meter->bytes(), 0);
}

}  // namespace
}  // namespace patron::book_test
