// Measures that are kept beside those that are read of the facts.
#include "lib/engine/tables/rfm_measures.h"

#include <gtest/gtest.h>

#include <random>

#include "lib/engine/settle/settle_parts.h"
#include "lib/engine/tables/rfm_pages.h"
#include "tests/engine/settling.h"

namespace patron::internal {
namespace {

TEST(RfmMeasures, GivesBackWhatItWasGiven) {
  std::mt19937_64 random(5);
  constexpr uint32_t kCustomers = 3 * kPageCustomers - 40;
  RfmMeasures kept(1234, kCustomers);
  EXPECT_EQ(kept.at(), 1234);
  EXPECT_EQ(kept.customers(), kCustomers);
  EXPECT_GE(kept.bytes(), size_t{17} * kCustomers);
  std::vector<RfmPage> pages(3);
  for (const uint32_t page : {2U, 0U, 1U}) {
    RfmPage& one = pages[page];
    for (uint32_t k = 0; k < kPageCustomers; ++k) {
      if (page * kPageCustomers + k < kCustomers) {
        one.has[k] = random() % 2, one.bought[k] = random() % 2, one.has_money[k] = random() % 2;
      }
      one.recency[k] = static_cast<int64_t>(random() % 4'000'000);
      one.frequency[k] = static_cast<int64_t>(random() % 4'000'000);
      one.monetary[k] = static_cast<int64_t>(random());
    }
    kept.put(page, one);
  }
  for (uint32_t page = 0; page < 3; ++page) {
    RfmPage got;
    kept.get(page, got);
    EXPECT_EQ(got.customers, page < 2 ? kPageCustomers : kPageCustomers - 40);
    EXPECT_EQ(got.has, pages[page].has);
    EXPECT_EQ(got.bought, pages[page].bought);
    EXPECT_EQ(got.has_money, pages[page].has_money);
    EXPECT_EQ(got.recency, pages[page].recency);
    EXPECT_EQ(got.frequency, pages[page].frequency);
    EXPECT_EQ(got.monetary, pages[page].monetary);
  }
}

TEST(RfmMeasures, AreTakenAtTheirInstantAlone) {
  const Policy of = *Policy::parse(R"({"patron": 1, "name": "p", "money": {"scale": 2},
    "customer": {"id": "int64"}, "streams": {"orders": {}}, "models": {"rfm": {}}})");
  population::Shelf shelf(of, {{1, 0, 5}, {2, 0, 7}});
  const auto& streams = shelf.settler.parts().streams;
  const auto pages = make_rfm_pages(of.data(), streams, shelf.book.state());
  RfmMeasures kept(kMicrosPerDay, shelf.book.customers());
  RfmPage made;
  made.has[0] = made.has[1] = 1;
  made.frequency[0] = 77;
  kept.put(0, made);
  pages->use(&kept);
  pages->read(0, kMicrosPerDay);
  EXPECT_EQ(pages->frequency()[0], 77) << "which no fact says";
  pages->read(0, 2 * kMicrosPerDay);
  EXPECT_EQ(pages->frequency()[0], 1);
  pages->use(nullptr);
  pages->read(0, kMicrosPerDay);
  EXPECT_EQ(pages->frequency()[0], 1);
}

}  // namespace
}  // namespace patron::internal
