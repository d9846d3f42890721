#include "lib/models/nps/selection.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <map>
#include <random>
#include <set>
#include <tuple>

#include "tests/models/nps/survey.h"

namespace patron::internal {
namespace {

/// Responses with a score, a group, a kind, a customer and a time.
struct Log {
  std::vector<int64_t> score, group, kind, customer, time;

  static Log random(int64_t rows, uint64_t seed) {
    std::mt19937_64 random(seed);
    Log log;
    for (int64_t i = 0; i < rows; i++) {
      log.score.push_back(static_cast<int64_t>(random() % 12));  // 11 is bad
      log.group.push_back(static_cast<int64_t>(random() % 3));
      log.kind.push_back(static_cast<int64_t>(random() % 2));
      log.customer.push_back(static_cast<int64_t>(random() % 200));
      log.time.push_back(1'700'000'000'000'000 + static_cast<int64_t>(random() % 30));
    }
    return log;
  }

  Table table(bool text_customers) const {
    ColumnView times = test::view_of("time", Type::kTimestamp, time);
    times.type.zone = "UTC";
    std::vector<ColumnView> views{test::int64_view("score", score),
                                  test::int64_view("group", group), test::int64_view("kind", kind),
                                  times, test::int64_view("customer", customer)};
    if (!text_customers) return test::table_of(views);
    std::vector<std::string> names;
    for (const int64_t id : customer) names.push_back("customer " + std::to_string(id));
    return *TableBuilder()
                .int64("score", score)
                .int64("group", group)
                .int64("kind", kind)
                .timestamps("time", time, "UTC")
                .strings("customer", names)
                .finish();
  }
};

NpsOptions options_of(int threads, int64_t window) {
  NpsOptions options;
  options.score = "score", options.group = "group", options.kind = "kind";
  options.customer = "customer", options.time = "time";
  options.threads = threads;
  if (window != 0) options.window = Period{0, window};
  return options;
}

Selection select(const Table& table, const NpsOptions& options) {
  const ScoreReader scores = *ScoreReader::open(table, 0, {0, 10, 2});
  const Labels groups = *Labels::open(table, 1, false);
  const Labels kinds = *Labels::open(table, 2, false);
  const std::vector<Labels> topics;
  SelectionColumns columns;
  columns.scores = &scores;
  columns.groups = &groups;
  columns.kinds = &kinds;
  columns.topics = &topics;
  const TimeZone zone;
  columns.time = *TimeReader::open(table, 3, zone);
  columns.has_customer = true;
  columns.text_customer = TextReader::reads(table.field(4).type);
  if (columns.text_customer)
    columns.text_customers = *TextReader::open(table, 4);
  else
    columns.int_customer = *IntReader::open(table, 4);
  Watch watch(options.control);
  Result<Selection> selection = select_responses(table, columns, options, zone, &watch);
  EXPECT_TRUE(selection.ok()) << selection.status().message();
  return *std::move(selection);
}

/// What counts, by a plain rule: of each kind and customer the response with the greatest time,
/// then the least score, then the least group.
std::multiset<std::tuple<int64_t, int64_t, int64_t, int64_t, int64_t>> plain(const Log& log,
                                                                             int64_t as_of,
                                                                             int64_t window) {
  std::map<std::pair<int64_t, int64_t>, std::tuple<int64_t, int64_t, int64_t>> last;
  for (size_t i = 0; i < log.score.size(); i++) {
    if (log.score[i] > 10 || log.time[i] > as_of) continue;
    if (window != 0 && log.time[i] <= as_of - window) continue;
    const auto key = std::pair(log.kind[i], log.customer[i]);
    const auto value = std::tuple(-log.time[i], log.score[i], log.group[i]);
    const auto [at, fresh] = last.emplace(key, value);
    if (!fresh) at->second = std::min(at->second, value);
  }
  std::multiset<std::tuple<int64_t, int64_t, int64_t, int64_t, int64_t>> kept;
  for (const auto& [key, value] : last) {
    const auto& [time, score, group] = value;
    kept.emplace(key.first, key.second, -time, score, group);
  }
  return kept;
}

TEST(SelectResponses, KeepsTheLastOfEachCustomerAndKindOnAnyNumberOfThreads) {
  for (uint64_t seed = 1; seed < 6; seed++) {
    const Log log = Log::random(5000, seed);
    for (const bool text : {false, true}) {
      const Table table = log.table(text);
      for (const int threads : {1, 3}) {
        for (const int64_t window : {0, 7}) {
          NpsOptions options = options_of(threads, window);
          if (window != 0) options.as_of = 1'700'000'000'000'020;
          const Selection selection = select(table, options);
          const int64_t as_of = options.as_of.value_or(1'700'000'000'000'029);
          EXPECT_EQ(selection.as_of, as_of);
          std::multiset<std::tuple<int64_t, int64_t, int64_t, int64_t, int64_t>> kept;
          int64_t bad = 0;
          for (size_t i = 0; i < log.score.size(); i++) {
            bad += log.score[i] > 10;
            if (selection.left_out.data()[i] == 0)
              kept.emplace(log.kind[i], log.customer[i], log.time[i], log.score[i], log.group[i]);
          }
          ASSERT_EQ(kept, plain(log, as_of, window)) << seed << text << threads << window;
          EXPECT_EQ(static_cast<int64_t>(selection.bad.size()), bad);
          EXPECT_EQ(bad + selection.waiting + selection.old + selection.superseded +
                        static_cast<int64_t>(kept.size()),
                    5000);
        }
      }
    }
  }
}

TEST(SelectResponses, RefusesRowsWithoutTimeOrCustomer) {
  Log log = Log::random(5, 1);
  log.score = {9, 9, 9, 9, 9};
  log.customer = {1, 2, 3, 4, 5};
  std::vector<uint8_t> no_time, no_customer;
  ColumnView times = test::view_of("time", Type::kTimestamp, log.time);
  times.type.zone = "UTC";
  test::set_nulls({1}, &no_time, &times);
  ColumnView customers = test::int64_view("customer", log.customer);
  test::set_nulls({1, 3}, &no_customer, &customers);
  log.time[4] = INT64_MAX;
  const Table table =
      test::table_of({test::int64_view("score", log.score), test::int64_view("group", log.group),
                      test::int64_view("kind", log.kind), times, customers});
  const Selection selection = select(table, options_of(1, 0));
  ASSERT_EQ(selection.bad.size(), 3U);
  EXPECT_EQ(selection.bad[0].row, 1);
  EXPECT_EQ(selection.bad[0].reason, ResponseRefusal::kNullTime);
  EXPECT_EQ(selection.bad[1].reason, ResponseRefusal::kNullCustomer);
  EXPECT_EQ(selection.bad[2].reason, ResponseRefusal::kTimeOutOfRange);
}

}  // namespace
}  // namespace patron::internal
