// The laws of RFM on random orders: the definition, and what may not change the result (L1, L3, L4,
// L6).
#include <gtest/gtest.h>

#include <algorithm>
#include <random>
#include <string>
#include <vector>

#include "patron/rfm.h"
#include "tests/models/rfm/oracle.h"
#include "tests/models/rfm/random_log.h"

namespace patron {
namespace {

using test::lines;
using test::Lines;
using test::OrderLog;

std::string differs(const char* what, int64_t expected, int64_t found) {
  if (expected == found) return {};
  return std::string(what) + ": expected " + std::to_string(expected) + ", found " +
         std::to_string(found);
}

std::string against_the_oracle(const OrderLog& log) {
  const test::OracleResult expected = test::oracle(log);
  const Result<RfmResult> found = rfm(to_table(log), log.options);
  if (found.status().code() != expected.error)
    return std::string("expected code ") + code_name(expected.error) + ", found " +
           code_name(found.status().code()) + ": " + found.status().message();
  if (!found.ok()) return {};
  std::string why = test::difference(expected.rows, lines(found->table));
  if (why.empty())
    why = test::difference(expected.refused, lines(found->refused, {"row", "reason"}));
  const int64_t refused = static_cast<int64_t>(expected.refused.size());
  if (why.empty()) why = differs("rows", static_cast<int64_t>(log.lines.size()), found->rows);
  if (why.empty()) why = differs("refused rows", refused, found->refused_rows);
  if (why.empty()) why = differs("rounded rows", expected.rounded, found->rounded_rows);
  if (why.empty()) why = differs("waiting rows", expected.waiting, found->waiting_rows);
  if (why.empty()) why = differs("zero rows", expected.zero, found->zero_rows);
  if (why.empty()) why = differs("refund rows", expected.refund, found->refund_rows);
  if (why.empty()) why = differs("as_of", expected.as_of, found->as_of);
  return why;
}

TEST(RfmProperty, EveryColumnIsWhatTheDefinitionSays) {
  test::check_random_logs(600, 1, against_the_oracle);
}

TEST(RfmProperty, ManyRowsInManyPartitionsAreWhatTheDefinitionSays) {
  const int cases = std::max(1, static_cast<int>(6 * test::case_factor()));
  for (int i = 0; i < cases; i++) {
    const OrderLog log = test::LogMaker(5000 + static_cast<uint64_t>(i), 70'000).make();
    const std::string why = against_the_oracle(log);
    ASSERT_EQ(why, "") << describe(log);
  }
}

/// Table, refused rows and cuts of a call, or its failure, as text.
Lines everything(const OrderLog& log, int threads) {
  RfmOptions options = log.options;
  options.threads = threads;
  const Result<RfmResult> result = rfm(to_table(log), options);
  if (!result.ok()) return {code_name(result.status().code()), result.status().message()};
  Lines all = lines(result->table);
  all.push_back(result->cuts.to_json());
  for (const int64_t count : {result->rows, result->refused_rows, result->rounded_rows,
                              result->waiting_rows, result->zero_rows, result->refund_rows})
    all.push_back(std::to_string(count));
  return all;
}

TEST(RfmProperty, NeitherTheOrderOfRowsNorTheirChunksChangeTheResult) {
  test::check_random_logs(300, 10'000, [](const OrderLog& log) {
    OrderLog other = log;
    // Without refused rows no message names a row, and the tables must be equal to the last byte.
    std::erase_if(other.lines, [](const test::OrderLine& line) { return line.defect.has_value(); });
    const Lines expected = everything(other, 1);
    std::mt19937_64 random(log.seed);
    std::shuffle(other.lines.begin(), other.lines.end(), random);
    other.chunk_rows = {static_cast<int64_t>(random() % 7 + 1)};
    if (std::string why = test::difference(expected, everything(other, 1)); !why.empty())
      return why;
    std::stable_sort(
        other.lines.begin(), other.lines.end(),
        [](const test::OrderLine& a, const test::OrderLine& b) { return a.time < b.time; });
    other.chunk_rows.clear();
    return test::difference(expected, everything(other, 1));
  });
}

TEST(RfmProperty, ThreadsDoNotChangeTheResult) {
  test::check_random_logs(60, 20'000, [](const OrderLog& log) {
    const Lines expected = everything(log, 1);
    for (const int threads : {2, 3}) {
      std::string why = test::difference(expected, everything(log, threads));
      if (!why.empty()) return why;
    }
    return std::string();
  });
  const OrderLog large = test::LogMaker(20'500, 80'000).make();
  const Lines expected = everything(large, 1);
  EXPECT_EQ(test::difference(expected, everything(large, 2)), "");
  EXPECT_EQ(test::difference(expected, everything(large, 3)), "");
}

TEST(RfmProperty, OneCustomerAloneGetsTheMeasuresAndByFrozenCutsTheScoresSheHasAmongAll) {
  test::check_random_logs(200, 30'000, [](const OrderLog& log) {
    const Result<RfmResult> all = rfm(to_table(log), log.options);
    if (!all.ok()) return std::string();
    const Lines among_all = lines(all->table);
    OrderLog alone = log;
    alone.options.as_of = all->as_of;
    alone.options.cuts = all->cuts;
    const Lines names = lines(all->table, {"customer"});
    for (size_t i = 0; i < names.size(); i += 1 + names.size() / 5) {
      alone.lines.clear();
      for (const test::OrderLine& line : log.lines) {
        if (test::id_text(line.customer) == names[i]) alone.lines.push_back(line);
      }
      const Result<RfmResult> one = rfm(to_table(alone), alone.options);
      if (!one.ok()) return one.status().message();
      const std::string why = test::difference({among_all[i]}, lines(one->table));
      if (!why.empty()) return why;
    }
    return std::string();
  });
}

TEST(RfmProperty, EqualMeasuresGetEqualScores) {
  test::check_random_logs(100, 40'000, [](const OrderLog& log) {
    const Result<RfmResult> result = rfm(to_table(log), log.options);
    if (!result.ok()) return std::string();
    const char* const pairs[][2] = {
        {"recency_days", "r"}, {"frequency", "f"}, {"monetary_minor", "m"}};
    for (const auto& [measure, score] : pairs) {
      std::map<std::string, std::string> scores;
      const Lines values = lines(result->table, {"orders", measure});
      const Lines found = lines(result->table, {score});
      for (size_t i = 0; i < values.size(); i++) {
        // Who never bought has score 0 whatever the measure.
        const std::string key =
            (values[i].starts_with("0 ") ? "0" : "n") + values[i].substr(values[i].find(' '));
        if (scores.try_emplace(key, found[i]).first->second != found[i])
          return std::string(score) + " differs for " + values[i];
      }
    }
    return std::string();
  });
}

}  // namespace
}  // namespace patron
