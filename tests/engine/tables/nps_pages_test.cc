// The answers that NPS counts of whole pages beside those of one customer at a time.
#include "lib/engine/tables/nps_pages.h"

#include <gtest/gtest.h>

#include <random>
#include <string>
#include <vector>

#include "lib/engine/settle/settle_parts.h"
#include "tests/engine/settling.h"

namespace patron::internal {
namespace {

Policy asking(const std::string& window, const std::string& surveys = "{}") {
  return population::policy(R"({"patron": 1, "name": "p", "timezone": "Asia/Shanghai",
    "customer": {"id": "int64"}, "money": {"scale": 2},
    "streams": {"orders": {}, "surveys": )" +
                            surveys + R"(}, "models": {"nps": {)" +
                            (window.empty() ? "" : R"("window": ")" + window + "\"") + "}}}");
}

// Answers of two kinds with scores beyond both ends; a few customers have very many.
Table random_answers(uint64_t seed, Micros begin, const char* other) {
  std::mt19937_64 random(seed);
  const auto below = [&](uint64_t n) { return static_cast<int64_t>(random() % n); };
  std::vector<int64_t> customers, times, scores;
  std::vector<std::string> kinds;
  for (int i = 0; i < 3000; ++i) {
    customers.push_back(below(4) == 0 ? 7 + below(2) : below(700));
    times.push_back(begin + below(200) * kMicrosPerDay / (1 + below(3)));
    scores.push_back(below(13) - 1);
    kinds.emplace_back(below(3) == 0 ? other : "nps");
  }
  TableBuilder builder;
  builder.int64("customer", customers).timestamps("time", times, "UTC");
  return *builder.int64("score", scores).strings("kind", kinds).finish();
}

struct Seen {
  int64_t scores = 0, nothing = 0, apart = 0;
};

void compare(const Policy& of, const Table& answers, Micros begin, bool linked, Seen& seen) {
  population::Shelf shelf(of, {{1, begin, 5}});
  BookReport report;
  ASSERT_TRUE(shelf.book.add("surveys", answers, {}, &report).ok());
  if (linked) {
    ASSERT_TRUE(shelf.book.link({5, {}}, {6, {}}, 1).ok());
  }
  const std::vector<MetricStream>& streams = shelf.settler.parts().streams;
  LogReader reader(shelf.book.state(), 1);
  EventSource source(streams[1].schema, reader, streams[1].rules);
  const int kind = source.column("kind"), score = source.column("score");
  const auto pages = make_nps_pages(of.data(), streams, shelf.book.state());
  ASSERT_NE(pages, nullptr);
  for (const int64_t days : {-1, 0, 40, 120, 300, 900}) {
    const Micros now = begin + days * kMicrosPerDay + 12'345;
    for (uint32_t row = 0; row < shelf.book.customers(); ++row) {
      const uint32_t k = row % kPageCustomers;
      if (k == 0) pages->read(row / kPageCustomers, now);
      const NpsMeasured want =
          nps_measured(source, kind, score, row, now, shelf.model().window, of.data().zone);
      if (!pages->has(k)) {
        EXPECT_FALSE(pages->has_everybody());
        EXPECT_EQ(pages->score(k), std::nullopt);
        ++seen.apart;
        continue;
      }
      ASSERT_EQ(pages->score(k), want.score) << row;
      ++(want.score ? seen.scores : seen.nothing);
    }
  }
}

TEST(NpsPages, HaveTheAnswersOfThePlainWay) {
  Seen seen;
  for (const char* window : {"", "90d", "2mo"}) {
    const Policy of = asking(window);
    const Micros begin = of.data().zone.start_of_day(19'000);
    for (const bool linked : {false, true}) {
      for (const char* other : {"csat", "nps"}) {
        compare(of, random_answers(3, begin, other), begin, linked, seen);
      }
    }
  }
  EXPECT_GT(seen.scores, 3'000);
  EXPECT_GT(seen.nothing, 3'000);
  EXPECT_GT(seen.apart, 0);
}

TEST(NpsPages, ColumnsOfThePageHaveScoresAndClasses) {
  const Policy of = asking("");
  const Micros begin = of.data().zone.start_of_day(19'000);
  std::vector<population::Answer> answers;
  for (int64_t score = 0; score <= 10; ++score) answers.push_back({score, begin, score});
  population::Shelf shelf(of, {{99, begin, 5}}, answers);
  const auto pages = make_nps_pages(of.data(), shelf.settler.parts().streams, shelf.book.state());
  pages->read(0, begin);
  ValueBlock scores, classes;
  classes.reset(Shape::kText);
  pages->put_scores(shelf.book.customers(), scores);
  pages->put_classes(shelf.book.customers(), classes);
  for (int64_t score = 0; score <= 10; ++score) {
    const uint32_t k = shelf.book.find({score, {}});
    EXPECT_EQ(scores.at(k).cell.integer, score);
    const MetricValue plain = shelf.value(score, begin, "nps.class");
    EXPECT_EQ(std::string(classes.at(k).text), std::string(plain.text));
    EXPECT_FALSE(plain.text.empty());
  }
  const uint32_t nobody = shelf.book.find({99, {}});
  EXPECT_FALSE(scores.at(nobody).known());
  EXPECT_FALSE(classes.at(nobody).known());
}

TEST(NpsPages, WhereNobodyWasAskedNobodyHasAScore) {
  const Policy of = asking("90d");
  population::Shelf shelf(of, {{1, 0, 5}});
  const auto pages = make_nps_pages(of.data(), shelf.settler.parts().streams, shelf.book.state());
  ASSERT_NE(pages, nullptr);
  pages->read(0, kMicrosPerDay);
  EXPECT_TRUE(pages->has(0));
  EXPECT_EQ(pages->score(0), std::nullopt);
}

}  // namespace
}  // namespace patron::internal
