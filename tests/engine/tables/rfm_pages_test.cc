// The measures of RFM of whole pages beside those of one customer at a time.
#include "lib/engine/tables/rfm_pages.h"

#include <gtest/gtest.h>

#include <random>

#include "lib/engine/settle/settle_parts.h"
#include "tests/engine/settling.h"

namespace patron::internal {
namespace {

Policy policy(const char* zone, const char* window, const char* orders) {
  return *Policy::parse(std::string(R"({"patron": 1, "name": "p", "timezone": ")") + zone +
                        R"(", "money": {"scale": 2}, "customer": {"id": "int64"},
    "streams": {"orders": )" +
                        orders + R"(}, "models": {"rfm": {)" +
                        (*window == '\0' ? "" : R"("window": ")" + std::string(window) + "\"") +
                        "}}}");
}

// Of the amounts the least is `least`, in cents; a few customers have very many sales.
std::vector<population::Sale> random_sales(uint64_t seed, Micros begin, int64_t least = -400) {
  std::mt19937_64 random(seed);
  const auto below = [&](uint64_t n) { return static_cast<int64_t>(random() % n); };
  std::vector<population::Sale> sales;
  for (int i = 0; i < 2500; ++i) {
    // A few have very many: their logs are long.
    const int64_t who = below(20) == 0 ? 7 : below(4) == 0 ? below(30) : below(600);
    const Micros step = below(3) == 0 ? below(3'600'000'000) : below(200 * kMicrosPerDay);
    sales.push_back({who, begin + step, static_cast<double>(below(2600) + least) / 100});
  }
  for (int i = 0; i < 700; ++i) {
    sales.push_back({11, begin + below(200 * kMicrosPerDay),
                     static_cast<double>(below(9) + std::max<int64_t>(least, 0)) / 100});
  }
  return sales;
}

struct Compared {
  int64_t customers = 0, apart = 0;
};

// Holds the measures of pages beside the plain way's, in zones and windows of all sorts.
void compare(int64_t least, Compared& out) {
  for (const char* zone : {"UTC", "Asia/Shanghai", "America/St_Johns"}) {
    for (const char* window : {"", "90d", "2mo"}) {
      for (const char* stream : {"{}", R"({"zero_amounts": "count"})"}) {
        const Policy of = policy(zone, window, stream);
        const Micros begin = of.data().zone.start_of_day(19'000);
        population::Shelf shelf(of, random_sales(3, begin, least));
        if (*window == '9') {
          ASSERT_TRUE(shelf.book.link({5, {}}, {6, {}}, 1).ok());
        }
        const auto& streams = shelf.settler.parts().streams;
        LogReader reader(shelf.book.state(), 0);
        EventSource source(streams[0].schema, reader, streams[0].rules);
        const int amount = reader.layout().find("amount");
        const auto pages = make_rfm_pages(of.data(), streams, shelf.book.state());
        ASSERT_NE(pages, nullptr);
        for (const int64_t days : {0, 40, 120, 300}) {
          const Micros now = begin + days * kMicrosPerDay + 12'345;
          for (uint32_t row = 0; row < shelf.book.customers(); ++row) {
            if (row % kPageCustomers == 0) pages->read(row / kPageCustomers, now);
            const uint32_t k = row % kPageCustomers;
            if (!pages->has(k)) {
              ++out.apart;
              continue;
            }
            const RfmMeasured want =
                rfm_measured(source, amount, row, now, shelf.model().window, of.data().zone);
            const RfmMeasured got = pages->measured(k);
            ASSERT_EQ(got.last_day, want.last_day) << row;
            ASSERT_EQ(got.frequency, want.frequency) << row;
            ASSERT_EQ(got.monetary, want.monetary) << row;
            ++out.customers;
          }
        }
      }
    }
  }
}

TEST(RfmPages, MeasuresWhatThePlainWayDoes) {
  for (const int64_t least : {-400, 0, 1}) {  // with refunds; with free orders; sales alone
    Compared found;
    compare(least, found);
    EXPECT_GT(found.customers, 10'000);
    EXPECT_GT(found.apart, 0);
    EXPECT_LT(found.apart, found.customers / 10);
  }
}

TEST(RfmPages, MoneyWhoseSumLeaves64BitsIsUnknown) {
  const Policy of = policy("UTC", "", "{}");
  const double most = 9e16 / 100;  // 9e16 cents; 102 of them are 9.18e18, 103 are beyond 2^63
  std::vector<population::Sale> sales;
  for (int i = 0; i < 103; ++i) {
    if (i < 102) sales.push_back({1, i * kMicrosPerHour, most});
    sales.push_back({2, i * kMicrosPerHour, most});
  }
  population::Shelf shelf(of, sales);
  const auto pages = make_rfm_pages(of.data(), shelf.settler.parts().streams, shelf.book.state());
  pages->read(0, 200 * kMicrosPerHour);
  for (const int64_t id : {1, 2}) {
    const uint32_t k = shelf.book.find({id, {}});
    ASSERT_TRUE(pages->has(k));
    EXPECT_EQ(pages->has_money(k), id == 1);
  }
  const uint32_t first = shelf.book.find({1, {}});
  EXPECT_EQ(pages->measured(first).monetary, 102 * int64_t{90'000'000'000'000'000});
}

TEST(RfmPages, ScoresAreThoseOfEachCustomer) {
  const Policy of = policy("UTC", "90d", "{}");
  const Micros begin = of.data().zone.start_of_day(19'000);
  population::Shelf shelf(of, random_sales(4, begin));
  const auto pages = make_rfm_pages(of.data(), shelf.settler.parts().streams, shelf.book.state());
  RfmCuts cuts;
  cuts.recency.cuts = {5, 20, 60};
  cuts.frequency.cuts = {1, 2, 4};
  cuts.monetary.cuts = {500, 3000, 9000};
  pages->read(0, begin + 100 * kMicrosPerDay);
  pages->score(cuts);
  for (uint32_t k = 0; k < kPageCustomers; ++k) {
    if (!pages->has(k) || !pages->bought(k)) continue;
    const Scores want =
        rfm_score(pages->recency()[k], pages->frequency()[k], *pages->measured(k).monetary, cuts);
    ASSERT_EQ(pages->scores(k).r, want.r);
    ASSERT_EQ(pages->scores(k).f, want.f);
    ASSERT_EQ(pages->scores(k).m, want.m);
  }
}

TEST(RfmPages, NobodyIsThereWhereRefundsNameTheirOrders) {
  const Policy of = policy("UTC", "", "{}");
  population::Shelf shelf(of, {{1, 0, 5}, {2, 0, 5}});
  const MetricStream& orders = shelf.settler.parts().streams[0];
  StreamRules rules = orders.rules;
  for (const bool named : {false, true}) {
    if (named) rules.refund_of = "order_id";
    RfmPages pages(of.data(), shelf.model(), 0, orders.schema, rules, shelf.book.state());
    pages.read(0, kMicrosPerDay);
    EXPECT_EQ(pages.has(0), !named);
  }
}

}  // namespace
}  // namespace patron::internal
