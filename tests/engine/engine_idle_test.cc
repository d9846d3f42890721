// Engines with tags alone beside engines that settle everybody in the plain way.
#include <gtest/gtest.h>

#include <random>
#include <set>
#include <string>
#include <vector>

#include "lib/engine/engine_data.h"
#include "patron/time.h"
#include "tests/engine/engine_world.h"

namespace patron::internal {
namespace {

Policy policy_of(const std::string& more) {
  return *Policy::parse(R"json({"patron": 1, "name": "tags alone", "money": {"scale": 2},
    "streams": {"orders": {}, "interactions": {}}, "attributes": {"city": {"type": "string"}},
    "tags": [{"name": "spend", "metric": {"sum": "orders.amount", "window": "90d"}},
             {"name": "orders", "metric": {"count": "orders"}},
             {"name": "local", "expression": "city == 'Ulm'"})json" +
                        more + "}");
}

class Twins {
 public:
  Twins(const Policy& policy, uint64_t seed)
      : idle_(policy, *BookLayout::make(book_spec(policy.data())), {}),
        plain_(policy, *BookLayout::make(book_spec(policy.data())), {}),
        random_(seed) {
    plain_.plainly = true;
    idle_.many_late = 1 + seed % 3 * 1000;
  }

  void live() {
    Micros now = follow(EngineFacts::kBegin - 200 * kMicrosPerDay);
    load(now);
    facts();
    now = std::max(now, EngineFacts::kBegin);
    for (int step = 0; step < 25; ++step) {
      now += static_cast<Micros>(random_() % 60) * kMicrosPerDay +
             static_cast<Micros>(random_() % 1000);
      for (EngineData* data : {&idle_, &plain_}) ASSERT_TRUE(data->pass(now, {}).ok());
      compare();
      if (step % 8 == 6) facts();  // some of them late
      if (step % 8 == 2) load(now);
      command();
      compare();
      if (step % 3 == 1) now = follow(now);
      if (testing::Test::HasFatalFailure()) return;
    }
  }

  // The past of many, in a few calls.
  void load(Micros now) {
    for (auto left = 1 + random_() % 3; left > 0; --left) facts(true);
    for (EngineData* data : {&idle_, &plain_}) ASSERT_TRUE(data->pass(now, {}).ok());
    compare(true);
  }

  // Orders a few at a time, most of them in the order of time and ahead of the clock, which follows
  // now and then; nothing is read until the end.
  Micros follow(Micros now) {
    Micros last = now;
    for (int step = 0; step < 40; ++step) {
      std::vector<std::string> ids;
      std::vector<Micros> times;
      for (auto left = 1 + random_() % 3; left > 0; --left) {
        ids.push_back("s" + std::to_string(random_() % 30));
        const auto what = random_() % 20;
        if (what > 2) last += static_cast<Micros>(random_() % 2) * kMicrosPerDay;
        times.push_back(what == 0   ? last - kMicrosPerDay
                        : what == 1 ? last + 90 * kMicrosPerDay
                                    : last);
      }
      const size_t columns = idle_.book.layout().spec().streams[0].columns.size();
      std::vector<BookValue> values(columns);
      for (size_t c = 0; c < columns; ++c) {
        if (idle_.book.layout().spec().streams[0].columns[c].field.name == "amount") {
          values[c] = static_cast<int64_t>(random_() % 500);
        }
      }
      std::vector<BookEvent> events;
      for (size_t i = 0; i < ids.size(); ++i) events.push_back({{0, ids[i]}, times[i], values});
      const bool passes = random_() % 3 != 0;
      const bool quiet = random_() % 4 == 0;
      now = std::max(now, last - (random_() % 4 == 0 ? kMicrosPerDay : 0));
      for (EngineData* data : {&idle_, &plain_}) {
        // Where the facts of a load wait, an event by itself goes the long way.
        if (data == &idle_ && events.size() == 1 && data->take_one(0, events[0], quiet)) {
          ++short_ways_;
        } else {
          IngestReport report;
          const auto file = [&] {
            return data->book.add(0, events, {data->clock, quiet}, &report);
          };
          EXPECT_TRUE(data->take(report, file, 0, false).ok());
          EXPECT_EQ(report.accepted, static_cast<int64_t>(events.size()));
        }
        if (passes) {
          EXPECT_TRUE(data->pass(now, {}).ok());
        }
      }
      EXPECT_EQ(idle_.clock, plain_.clock);
    }
    for (EngineData* data : {&idle_, &plain_}) EXPECT_TRUE(data->pass(now, {}).ok());
    EXPECT_GT(short_ways_, 0);
    compare();
    return now;
  }

 private:
  void facts(bool all_late = false) {
    const uint64_t seed = random_();
    for (EngineData* data : {&idle_, &plain_}) {
      const EngineFacts made(data->book, seed, 20);
      IngestReport report;
      report.effects = made.effects;
      for (BookEffect& effect : report.effects) {
        if (all_late) effect.at = std::min(effect.at, data->clock);
        if (effect.at > data->clock) continue;
        effect.fact_time = effect.at, effect.late = true;
        effect.at = data->clock;
      }
      ASSERT_TRUE(data->take(
                          report, [] { return Status(); }, -1, false)
                      .ok());
    }
  }
  void command() {
    const auto somebody = [&] { return static_cast<uint32_t>(random_() % idle_.book.customers()); };
    const std::string texts[2] = {std::string(idle_.book.id(somebody()).text),
                                  std::string(idle_.book.id(somebody()).text)};
    const CustomerId first{0, texts[0]}, second{0, texts[1]};
    const auto what = random_() % 5;
    for (EngineData* data : {&idle_, &plain_}) {
      if (what == 0) (void)data->link(first, second);
      if (what == 1) (void)data->unlink(first, second);
      if (what == 2) data->forget(first);
    }
  }
  void compare(bool everything = false) {
    ASSERT_EQ(idle_.clock, plain_.clock);
    ASSERT_EQ(idle_.next(), plain_.next());
    ASSERT_EQ(idle_.customers(), plain_.customers());
    ASSERT_EQ(idle_.notes.size(), plain_.notes.size());
    ASSERT_EQ(idle_.in_order(), plain_.in_order());
    if (!everything && random_() % 4 != 0) return;  // so that there is something that was put off
    idle_.catch_up();
    for (size_t row = 0; row < idle_.members.size(); ++row) {
      const EngineMember &a = idle_.members[row], &b = plain_.members[row];
      ASSERT_EQ(a.state.seen, b.state.seen) << row;
      ASSERT_EQ(a.state.linked, b.state.linked) << row;
      ASSERT_EQ(a.state.parted, b.state.parted) << row;
      ASSERT_EQ(a.due, b.due) << row;
      ASSERT_EQ(a.settlings, b.settlings) << row;
      ASSERT_EQ(a.epoch, b.epoch) << row;
    }
  }

  EngineData idle_, plain_;
  std::mt19937_64 random_;
  int short_ways_ = 0;
};

TEST(EngineIdle, LeavesWhatSettlingEverybodyLeaves) {
  const Policy policies[] = {
      policy_of("]"),
      policy_of(R"(], "models": {"rfm": {}}, "calibrate": {"every": "month", "min_customers": 2})"),
      policy_of(R"(, {"name": "last_city", "expression": "city", "on_null": "keep"}])")};
  for (const Policy& policy : policies) {
    for (uint64_t seed = 0; seed < 8; ++seed) {
      SCOPED_TRACE("seed " + std::to_string(seed));
      Twins(policy, seed).live();
      if (testing::Test::HasFatalFailure()) return;
    }
  }
}

// Orders and visits of a thousand, most of them in the past, as a table.
Table many_events(uint64_t seed, Micros clock, bool orders, bool wait) {
  std::mt19937_64 random(seed);
  constexpr size_t kRows = 6000;
  std::vector<std::string> ids(kRows);
  std::vector<int64_t> times(kRows);
  for (size_t i = 0; i < kRows; ++i) {
    ids[i] = "m" + std::to_string(random() % 1000);
    const auto back = static_cast<Micros>(random() % 300) * kMicrosPerDay;
    times[i] = wait && random() % 500 == 0 ? clock + back + 1 : clock - back;
  }
  TableBuilder out;
  out.strings("customer", ids).timestamps("time", times, "UTC");
  if (orders) out.doubles("amount", std::vector<double>(kRows, 2));
  if (!orders) out.strings("kind", std::vector<std::string>(kRows, "view"));
  return *out.finish();
}

// Whose late facts the book has marked, beside settling everybody: where they are settled as they
// are, where a command or an event by itself comes first, where some facts wait, and saved.
TEST(EngineIdle, RowsThatAreMarkedAreSettledAsIfTheyWereListed) {
  const Policy policy = policy_of("]");
  for (int between = 0; between < 6; ++between) {
    SCOPED_TRACE(between);
    EngineData idle(policy, *BookLayout::make(book_spec(policy.data())), {});
    EngineData plain(policy, *BookLayout::make(book_spec(policy.data())), {});
    plain.plainly = true;
    std::string bytes[2];
    for (EngineData* data : {&idle, &plain}) {
      ASSERT_TRUE(data->pass(EngineFacts::kBegin, {}).ok());
      for (const int stream : {0, 1, 0}) {
        const Table table = many_events(stream + 1, data->clock, stream == 0, between == 5);
        const bool quiet = stream == 1;
        IngestReport report;
        const auto file = [&] {
          return data->book.add(
              stream == 0 ? "orders" : "interactions", table,
              {.clock = data->clock, .quiet = quiet, .mark_late = data->marks_late()}, &report);
        };
        ASSERT_TRUE(data->take(report, file, stream, quiet).ok());
        EXPECT_TRUE(report.late_rows.empty());
      }
      const CustomerId one{0, "m1"}, two{0, "m2"};
      if (between == 1) {
        EXPECT_TRUE(data->link(one, two).ok());
      }
      if (between == 2) data->forget(one);
      if (between == 3) {
        EXPECT_EQ(data->next(), data->clock);
      }
      if (between == 4) {
        const auto sink = [&](std::string_view piece) {
          bytes[data == &idle ? 0 : 1] += piece;
          return Status();
        };
        EXPECT_TRUE(data->save(sink).ok());
      }
      ASSERT_TRUE(data->pass(EngineFacts::kBegin + 7, {}).ok());
      ASSERT_TRUE(data->pass(EngineFacts::kBegin + 400 * kMicrosPerDay, {}).ok());
      data->catch_up();
    }
    EXPECT_EQ(bytes[0], bytes[1]);
    ASSERT_EQ(idle.members.size(), plain.members.size());
    EXPECT_GT(idle.members.size(), 900U);
    for (size_t row = 0; row < idle.members.size(); ++row) {
      const EngineMember &a = idle.members[row], &b = plain.members[row];
      ASSERT_EQ(a.state.seen, b.state.seen) << row;
      ASSERT_EQ(a.due, b.due) << row;
      ASSERT_EQ(a.settlings, b.settlings) << row;
      ASSERT_EQ(a.epoch, b.epoch) << row;
    }
  }
}

// Three loads of the same customers, which are settled at one instant.
TEST(EngineIdle, WhoWasSettledWhenALoadWasStoppedIsNotSettledAgain) {
  const Policy policy = policy_of("]");
  for (int stop = 0; stop < 5; ++stop) {
    EngineData data(policy, *BookLayout::make(book_spec(policy.data())), {});
    data.many_late = 1;
    ASSERT_TRUE(data.pass(EngineFacts::kBegin, {}).ok());
    std::set<uint32_t> whose;
    for (uint64_t seed = 1; seed <= 3; ++seed) {
      IngestReport report;
      report.effects = EngineFacts(data.book, seed, 20).effects;
      for (BookEffect& effect : report.effects) {
        effect.fact_time = effect.at, effect.late = true;
        effect.at = data.clock;
        whose.insert(effect.customer);
      }
      ASSERT_TRUE(data.take(
                          report, [] { return Status(); }, -1, false)
                      .ok());
    }
    int polls = stop;
    Control stops;
    stops.progress = [&](double) { return polls-- == 0 ? 1 : 0; };
    EXPECT_EQ(data.pass(EngineFacts::kBegin + 5, stops).ok(), stop == 4) << stop;
    EXPECT_EQ(data.clock, EngineFacts::kBegin + (stop == 4 ? 5 : 0));
    ASSERT_TRUE(data.pass(EngineFacts::kBegin + 9, {}).ok());
    EXPECT_EQ(data.clock, EngineFacts::kBegin + 9);
    for (uint32_t row = 0; row < data.members.size(); ++row) {
      EXPECT_EQ(data.members[row].settlings, whose.count(row)) << row << " stop " << stop;
    }
  }
}

// Two orders of nearly each at one instant, which came in two calls, and a call that is stopped
// there.
TEST(EngineIdle, StopsBetweenCustomers) {
  const Policy policy = policy_of("]");
  int stopped = 0;
  for (int stop = 1; stop < 8; ++stop) {
    EngineData data(policy, *BookLayout::make(book_spec(policy.data())), {});
    ASSERT_TRUE(data.pass(EngineFacts::kBegin, {}).ok());
    const auto& columns = data.book.layout().spec().streams[0].columns;
    std::vector<BookValue> values(columns.size());
    for (size_t c = 0; c < columns.size(); ++c) {
      if (columns[c].field.name == "amount") values[c] = int64_t{100};
    }
    std::vector<std::string> ids;
    for (int i = 0; i < 100; ++i) ids.push_back("s" + std::to_string(i));
    std::vector<BookEvent> events;
    for (const std::string& id : ids) events.push_back({{0, id}, EngineFacts::kBegin + 5, values});
    for (const size_t first : {0, 1}) {
      const std::span<const BookEvent> some = std::span(events).subspan(first);
      IngestReport report;
      const auto file = [&] { return data.book.add(0, some, {data.clock}, &report); };
      ASSERT_TRUE(data.take(report, file, 0, false).ok());
    }
    int polls = stop;
    Control stops;
    stops.progress = [&](double) { return polls-- == 0 ? 1 : 0; };
    stopped += data.pass(EngineFacts::kBegin + 9, stops).ok() ? 0 : 1;
    ASSERT_TRUE(data.pass(EngineFacts::kBegin + 9, {}).ok());
    data.catch_up();
    for (const EngineMember& member : data.members) EXPECT_EQ(member.settlings, 1u) << stop;
  }
  EXPECT_GT(stopped, 1);
}

}  // namespace
}  // namespace patron::internal
