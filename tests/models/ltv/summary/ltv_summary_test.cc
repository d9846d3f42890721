// The laws of summaries on random orders: the definition, and what may not change the result.
#include "lib/models/ltv/summary/ltv_summary.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <random>
#include <string>
#include <vector>

#include "tests/models/ltv/summary/summary_oracle.h"

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

/// What a log is held against.
using OptionsOf = LtvSummaryOptions (*)(const OrderLog&);

std::string against_the_oracle(const OrderLog& log, OptionsOf options_of) {
  const LtvSummaryOptions options = options_of(log);
  const test::SummaryExpected expected = test::SummaryOracle(log, options).run();
  const Result<LtvSummaryResult> found = ltv_summary(to_table(log), options);
  const std::string how = "\n  " + test::describe(options);
  if (found.status().code() != expected.error)
    return std::string("expected code ") + code_name(expected.error) + ", found " +
           code_name(found.status().code()) + ": " + found.status().message() + how;
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
  if (why.empty()) why = differs("later customers", expected.later, found->later_customers);
  if (why.empty()) why = differs("without orders", expected.without, found->without_orders);
  if (why.empty())
    why = differs("calibration_end", expected.calibration_end, found->calibration_end);
  if (why.empty())
    why = differs("observation_end", expected.observation_end, found->observation_end);
  return why.empty() ? why : why + how;
}

TEST(LtvSummaryProperty, EveryColumnIsWhatTheDefinitionSays) {
  test::check_random_logs(
      1500, 1, [](const OrderLog& log) { return against_the_oracle(log, test::summary_options); });
}

TEST(LtvSummaryProperty, ManyRowsInManyPartitionsAreWhatTheDefinitionSays) {
  const int cases = std::max(1, static_cast<int>(6 * test::case_factor()));
  for (int i = 0; i < cases; i++) {
    const OrderLog log = test::LogMaker(5000 + static_cast<uint64_t>(i), 70'000).make();
    const std::string why = against_the_oracle(log, test::summary_options);
    ASSERT_EQ(why, "") << describe(log);
  }
}

/// Table, refused rows and counts of a call, or its failure, as text.
Lines everything(const OrderLog& log, const LtvSummaryOptions& options,
                 const internal::SummaryTuning& tuning = {}) {
  const Result<LtvSummaryResult> result = internal::summarise(to_table(log), options, tuning);
  if (!result.ok()) return {code_name(result.status().code()), result.status().message()};
  Lines all = lines(result->table);
  for (const std::string& line : lines(result->refused)) all.push_back(line);
  for (const int64_t count :
       {result->rows, result->refused_rows, result->rounded_rows, result->waiting_rows,
        result->zero_rows, result->refund_rows, result->later_customers, result->without_orders})
    all.push_back(std::to_string(count));
  return all;
}

TEST(LtvSummaryProperty, TheFastPathComesToWhatThePlainOneDoes) {
  test::check_random_logs(600, 50'000, [](const OrderLog& log) {
    const LtvSummaryOptions options = test::summary_options(log);
    return test::difference(everything(log, options, {.batch_rows = 7, .fast = false}),
                            everything(log, options));
  });
}

TEST(LtvSummaryProperty, NeitherTheOrderOfRowsNorTheirChunksChangeTheResult) {
  test::check_random_logs(300, 10'000, [](const OrderLog& log) {
    const LtvSummaryOptions options = test::summary_options(log);
    OrderLog other = log;
    // Without refused rows no message names a row, and the tables must be equal to the last byte.
    std::erase_if(other.lines, [](const test::OrderLine& line) { return line.defect.has_value(); });
    const Lines expected = everything(other, options);
    std::mt19937_64 random(log.seed);
    std::shuffle(other.lines.begin(), other.lines.end(), random);
    other.chunk_rows = {static_cast<int64_t>(random() % 7 + 1)};
    if (std::string why = test::difference(expected, everything(other, options)); !why.empty())
      return why;
    std::stable_sort(
        other.lines.begin(), other.lines.end(),
        [](const test::OrderLine& a, const test::OrderLine& b) { return a.time < b.time; });
    other.chunk_rows.clear();
    return test::difference(expected, everything(other, options));
  });
}

TEST(LtvSummaryProperty, ThreadsDoNotChangeTheResult) {
  test::check_random_logs(60, 20'000, [](const OrderLog& log) {
    LtvSummaryOptions options = test::summary_options(log);
    const Lines expected = everything(log, options);
    for (const int threads : {2, 3}) {
      options.threads = threads;
      std::string why = test::difference(expected, everything(log, options));
      if (!why.empty()) return why;
    }
    return std::string();
  });
  const OrderLog large = test::LogMaker(20'500, 80'000).make();
  LtvSummaryOptions options = test::summary_options(large);
  const Lines expected = everything(large, options);
  options.threads = 3;
  EXPECT_EQ(test::difference(expected, everything(large, options)), "");
}

TEST(LtvSummaryProperty, OneCustomerAloneGetsWhatSheHasAmongAll) {
  test::check_random_logs(200, 30'000, [](const OrderLog& log) {
    LtvSummaryOptions options = test::summary_options(log);
    const Result<LtvSummaryResult> all = ltv_summary(to_table(log), options);
    if (!all.ok()) return std::string();
    const Lines among_all = lines(all->table), names = lines(all->table, {"customer"});
    options.observation_end = all->observation_end;
    OrderLog alone = log;
    for (size_t i = 0; i < names.size(); i += 1 + names.size() / 5) {
      alone.lines.clear();
      for (const test::OrderLine& line : log.lines) {
        if (test::id_text(line.customer) == names[i]) alone.lines.push_back(line);
      }
      const Result<LtvSummaryResult> one = ltv_summary(to_table(alone), options);
      if (!one.ok()) return one.status().message();
      const std::string why = test::difference({among_all[i]}, lines(one->table));
      if (!why.empty()) return why;
    }
    return std::string();
  });
}

TEST(LtvSummaryProperty, TheCalibrationIsWhatAnObservationThatEndsWithItSees) {
  int compared = 0;
  test::check_random_logs(400, 60'000, [&compared](const OrderLog& log) {
    const LtvSummaryOptions options = test::summary_options(log);
    const Result<LtvSummaryResult> both = ltv_summary(to_table(log), options);
    if (!options.calibration_end || !both.ok()) return std::string();
    LtvSummaryOptions only = options;
    only.observation_end = options.calibration_end;
    only.calibration_end.reset();
    const Result<LtvSummaryResult> seen = ltv_summary(to_table(log), only);
    if (!seen.ok()) return seen.status().message();
    std::vector<std::string> columns = {"customer", "frequency", "recency", "T"};
    if (options.amount) columns.emplace_back("monetary");
    compared++;
    return test::difference(lines(both->table, columns), lines(seen->table, columns));
  });
  EXPECT_GE(compared, static_cast<int>(40 * std::min(1.0, test::case_factor())));
}

}  // namespace
}  // namespace patron
