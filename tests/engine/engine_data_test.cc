// The bookkeeping of who is due; what comes of it is in engine_test.cc.
#include "lib/engine/engine_data.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <random>
#include <vector>

#include "lib/engine/book_spec.h"

namespace patron::internal {
namespace {

BookEffect fact(Micros at, Micros time, bool late, bool quiet) {
  BookEffect out;
  out.at = at, out.fact_time = time, out.late = late, out.quiet = quiet;
  return out;
}

TEST(EnginePending, IsQuietWhereAllFactsAreAndKnowsTheEarliestThatCameLate) {
  EnginePending what;
  EXPECT_FALSE(what.facts);
  what.add(note_of(fact(100, 60, true, true)));
  EXPECT_TRUE(what.quiet);
  what.add(note_of(fact(100, 40, true, true)));
  what.add(note_of(fact(100, 100, false, false)));
  EXPECT_FALSE(what.quiet);
  EXPECT_TRUE(what.facts);
  EXPECT_TRUE(what.late);
  EXPECT_EQ(what.fact_time, 40);
  EXPECT_FALSE(what.corrected);
  BookEffect corrected = fact(100, 90, true, false);
  corrected.corrected = true;
  what.add(note_of(corrected));
  EXPECT_TRUE(what.corrected);
}

TEST(EnginePending, ACommandIsNoFact) {
  EnginePending what;
  EngineNote link;
  link.merge = true;
  what.add(link);
  what.add(EngineNote());  // an override
  EXPECT_FALSE(what.facts);
  EXPECT_TRUE(what.quiet);
  EXPECT_TRUE(what.merged);
}

TEST(EngineData, NobodyIsDueBeforeAnyFact) {
  const CheckedPolicy checked =
      Policy::check(R"({"patron": 1, "name": "p", "streams": {"orders": {}}})");
  ASSERT_TRUE(checked.policy.has_value());
  Result<Engine> engine = Engine::open(*checked.policy);
  ASSERT_TRUE(engine.ok());
  EXPECT_TRUE(engine->advance(0).ok());
  EXPECT_EQ(engine->clock(), 0);
  EXPECT_TRUE(engine->forecast(kEndTime - 1)->empty());
}

// Without a report an event goes a short way where it can.
TEST(EngineData, OneEventIsTakenAsABatchOfOne) {
  const Result<Policy> policy = Policy::parse(R"json({"patron": 1, "name": "tiers",
    "customer": {"id": "int64"}, "money": {"scale": 2}, "streams": {"orders": {}},
    "tags": [{"name": "spend", "metric": {"sum": "orders.amount", "window": "30d"}}],
    "classifications": [{"name": "tier", "kind": "ladder", "classes": [
      {"name": "gold", "enter": "spend >= 5", "grace": "3d"}, {"name": "guest"}]}]})json");
  ASSERT_TRUE(policy.ok());
  Result<Engine> alone = Engine::open(*policy), batch = Engine::open(*policy);
  const std::vector<BookColumn>& columns = alone->layout().spec().streams[0].columns;
  std::vector<BookValue> values(columns.size());
  std::mt19937_64 random(7);
  Micros now = 0;
  for (int step = 0; step < 3000; ++step) {
    for (size_t c = 0; c < columns.size(); ++c) {
      if (columns[c].field.name == "amount") values[c] = static_cast<int64_t>(random() % 400);
    }
    if (random() % 3 != 0) now += static_cast<Micros>(random() % 50'000) * kMicrosPerSecond;
    BookEvent event{{static_cast<int64_t>(random() % 40), {}}, now, values};
    const auto what = random() % 20;
    if (what == 0) event.time -= 5 * kMicrosPerDay;
    if (what == 1) event.values = event.values.first(1);
    if (what == 2) event.time = kMinTime - 1;
    IngestReport report;
    const IngestOptions options{.quiet = random() % 5 == 0};
    const Status status = alone->ingest(0, {&event, 1}, options);
    const Status same = batch->ingest(0, {&event, 1}, options, &report);
    ASSERT_EQ(status.message(), same.message());
    if (random() % 4 != 0) {
      ASSERT_TRUE(alone->advance(std::max(now, alone->clock())).ok());
      ASSERT_TRUE(batch->advance(std::max(now, batch->clock())).ok());
    }
    if (step % 50 == 49) {
      ASSERT_EQ(alone->state_hash(), batch->state_hash()) << "step " << step;
      ASSERT_EQ(alone->next_due(), batch->next_due());
    }
  }
  EXPECT_GT(alone->transition_count(), 100);
  EXPECT_EQ(alone->facts().events, batch->facts().events);
}

// Which the test above cannot see.
TEST(EngineData, OneGoodEventGoesTheShortWay) {
  const Policy policy = *Policy::parse(R"json({"patron": 1, "name": "tiers",
    "customer": {"id": "int64"}, "money": {"scale": 2}, "streams": {"orders": {}},
    "tags": [{"name": "spend", "metric": {"sum": "orders.amount", "window": "30d"}}],
    "classifications": [{"name": "tier", "kind": "ladder", "classes": [
      {"name": "gold", "enter": "spend >= 5"}, {"name": "guest"}]}]})json");
  EngineData data(policy, *BookLayout::make(book_spec(policy.data())), {});
  const std::vector<BookColumn>& columns = data.book.layout().spec().streams[0].columns;
  std::vector<BookValue> values(columns.size());
  for (size_t c = 0; c < columns.size(); ++c) {
    if (columns[c].field.name == "amount") values[c] = int64_t{400};
  }
  ASSERT_TRUE(data.pass(5, {}).ok());
  for (const Micros time : {7, 5, 3}) {
    EXPECT_TRUE(data.take_one(0, {{1, {}}, time, values}, false)) << time;
  }
  EXPECT_FALSE(data.take_one(0, {{1, {}}, kMinTime - 1, values}, false));
  EXPECT_EQ(data.book.facts().events, 3);
}

}  // namespace
}  // namespace patron::internal
