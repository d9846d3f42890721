// Every option reaches the computation, and every result comes back. What the numbers mean in depth
// is tested with lib/models/nps.
#include <cmath>
#include <cstring>

#include "tests/capi/stops.h"
#include "tests/capi/world.h"

namespace patron::test {
namespace {

using Numbers = std::vector<int64_t>;
using Texts = std::vector<std::string>;

/// Eight responses: 10, 9, 3, 8, 0, 9, 11 (which is no score) and 7, of two branches, two kinds and
/// four customers on the days 20454 to 20461.
struct Survey {
  std::vector<int64_t> score{10, 9, 3, 8, 0, 9, 11, 7};
  std::vector<int32_t> branch{2, 1, 1, 2, 1, 2, 2, 1};
  std::vector<int64_t> kind{0, 0, 1, 0, 1, 0, 0, 1};
  std::vector<int64_t> customer{1, 2, 3, 4, 1, 2, 3, 4};
  std::vector<int32_t> day{20454, 20455, 20456, 20457, 20458, 20459, 20460, 20461};
  std::vector<uint8_t> late{0b0001'0100};
  Table table() const {
    patron_column flags = column("late", PATRON_TYPE_BOOL, late);
    flags.length = 8;
    return make_table(
        {column("score", PATRON_TYPE_INT64, score), column("branch", PATRON_TYPE_INT32, branch),
         column("kind", PATRON_TYPE_INT64, kind), column("customer", PATRON_TYPE_INT64, customer),
         column("day", PATRON_TYPE_DATE32, day), flags});
  }
};

class NpsCompute : public testing::Test {
 protected:
  NpsCompute() { options_.score = patron_str_of("score"); }
  Nps compute() {
    const Table table = survey_.table();
    patron_error error = PATRON_ERROR_INIT;
    patron_nps* out = nullptr;
    EXPECT_EQ(patron_nps_compute(table.get(), &options_, &out, &error), PATRON_OK) << error.message;
    return Nps(out);
  }
  patron_status refused() {
    const Table table = survey_.table();
    patron_nps* out = reinterpret_cast<patron_nps*>(-1);
    error_ = PATRON_ERROR_INIT;
    const patron_status status = patron_nps_compute(table.get(), &options_, &out, &error_);
    EXPECT_EQ(out, nullptr);
    return status;
  }
  void expect_refused(patron_status wanted, const char* says) {
    EXPECT_EQ(refused(), wanted) << error_.message;
    EXPECT_NE(std::strstr(error_.message, says), nullptr) << error_.message;
  }
  static patron_nps_score overall(const Nps& nps, int32_t kind = 0) {
    patron_nps_score score = PATRON_NPS_SCORE_INIT;
    EXPECT_EQ(patron_nps_overall(nps.get(), kind, &score, nullptr), PATRON_OK);
    return score;
  }
  static patron_nps_summary counts(const Nps& nps) {
    patron_nps_summary summary = PATRON_NPS_SUMMARY_INIT;
    EXPECT_EQ(patron_nps_counts(nps.get(), &summary, nullptr), PATRON_OK);
    return summary;
  }
  static Table table_of(const Nps& nps) {
    patron_table* table = nullptr;
    EXPECT_EQ(patron_nps_table(nps.get(), &table, nullptr), PATRON_OK);
    return Table(table);
  }
  Survey survey_;
  patron_nps_options options_ = PATRON_NPS_OPTIONS_INIT;
  patron_error error_ = PATRON_ERROR_INIT;
};

TEST_F(NpsCompute, ScoresEverybody) {
  const Nps nps = compute();
  const patron_nps_score score = overall(nps);
  EXPECT_EQ(score.count, 7);
  EXPECT_EQ(score.promoters, 3);
  EXPECT_EQ(score.passives, 2);
  EXPECT_EQ(score.detractors, 2);
  EXPECT_NEAR(score.score, 100.0 / 7, 1e-12);
  EXPECT_LT(score.low, score.score);
  EXPECT_GT(score.high, score.score);
  EXPECT_EQ(score.kind.size, 0U);
  EXPECT_EQ(counts(nps).rows, 8);
  EXPECT_EQ(counts(nps).kinds, 1);
  EXPECT_EQ(counts(nps).refused_rows, 1);
  EXPECT_EQ(counts(nps).as_of, 0);
  patron_table* bad = nullptr;
  ASSERT_EQ(patron_nps_refused(nps.get(), &bad, nullptr), PATRON_OK);
  EXPECT_EQ(values_of<int64_t>(bad, "row"), Numbers{6});
  EXPECT_EQ(texts_of(bad, "reason"), Texts{"score outside the scale"});
  patron_table_close(bad);
}

TEST_F(NpsCompute, ScoresEachGroupAndKind) {
  options_.group = patron_str_of("branch");
  options_.kind = patron_str_of("kind");
  const Nps nps = compute();
  const Table table = table_of(nps);
  EXPECT_EQ(texts_of(table.get(), "kind"), (Texts{"0", "0", "1"}));
  EXPECT_EQ(values_of<int64_t>(table.get(), "group"), (Numbers{1, 2, 1}));
  EXPECT_EQ(values_of<int64_t>(table.get(), "count"), (Numbers{1, 3, 3}));
  EXPECT_EQ(counts(nps).kinds, 2);
  EXPECT_EQ(text(overall(nps, 1).kind), "1");
  EXPECT_NEAR(overall(nps, 1).score, -200.0 / 3, 1e-12);
  patron_nps_score score = PATRON_NPS_SCORE_INIT;
  EXPECT_EQ(patron_nps_overall(nps.get(), 2, &score, nullptr), PATRON_E_ARGUMENT);
  EXPECT_EQ(patron_nps_overall(nps.get(), -1, &score, nullptr), PATRON_E_ARGUMENT);
  options_.only = patron_str_of("1");
  const Nps one = compute();
  EXPECT_EQ(counts(one).kinds, 1);
  EXPECT_EQ(counts(one).other_rows, 4);
}

TEST_F(NpsCompute, KeepsTheLastResponseInTheWindow) {
  options_.customer = patron_str_of("customer");
  options_.time = patron_str_of("day");
  const int64_t as_of = int64_t{20460} * 86'400'000'000;
  patron_period window = PATRON_PERIOD_INIT;
  window.micros = int64_t{5} * 86'400'000'000;
  options_.as_of = &as_of;
  options_.window = &window;
  options_.threads = 2;
  const Nps nps = compute();
  // In the days 20456 to 20460: 3 of customer 3, 8 of 4, 0 of 1, 9 of 2.
  EXPECT_EQ(overall(nps).count, 4);
  EXPECT_EQ(overall(nps).score, -25);
  EXPECT_EQ(counts(nps).waiting_rows, 1);
  EXPECT_EQ(counts(nps).old_rows, 2);
  EXPECT_EQ(counts(nps).superseded_rows, 0);
  EXPECT_EQ(counts(nps).as_of, as_of);
  options_.window = nullptr;
  EXPECT_EQ(counts(compute()).superseded_rows, 2);
}

TEST_F(NpsCompute, TellsWhatATopicDoes) {
  const patron_str topics[1] = {patron_str_of("late")};
  options_.topics = topics;
  options_.topic_count = 1;
  const Nps nps = compute();
  patron_table* drivers = nullptr;
  ASSERT_EQ(patron_nps_drivers(nps.get(), &drivers, nullptr), PATRON_OK);
  EXPECT_EQ(texts_of(drivers, "topic"), Texts{"late"});
  EXPECT_EQ(values_of<int64_t>(drivers, "mentions"), Numbers{2});
  EXPECT_EQ(values_of<double>(drivers, "score_with")[0], -100);
  EXPECT_EQ(values_of<double>(drivers, "score_without")[0], 60);
  EXPECT_NEAR(values_of<double>(drivers, "effect")[0], 100.0 / 7 - 60, 1e-12);
  patron_table_close(drivers);
}

TEST_F(NpsCompute, TakesTheMethodAndThePopulation) {
  patron_nps_method method = PATRON_NPS_METHOD_INIT;
  method.question = PATRON_QUESTION_CES;
  method.lowest = 0;
  method.highest = 10;
  method.confidence = 0.9;
  options_.method = &method;
  EXPECT_NEAR(overall(compute()).score, 46.0 / 7, 1e-12);
  method.question = PATRON_QUESTION_CSAT;
  method.top_boxes = 4;
  method.interval = PATRON_INTERVAL_WALD;
  const patron_nps_score csat = overall(compute());
  EXPECT_EQ(csat.promoters, 5);
  EXPECT_EQ(csat.detractors, 2);
  EXPECT_NEAR(csat.low, csat.score - 1.6448536269514722 * csat.standard_error, 1e-9);
  const int64_t population = 7;
  options_.population = &population;
  EXPECT_EQ(overall(compute()).high, csat.score);
}

TEST_F(NpsCompute, RefusesWhatItCannotDo) {
  options_.on_bad_row = PATRON_BAD_ROW_FAIL;
  expect_refused(PATRON_E_ARGUMENT, "row 6: score outside the scale");
  EXPECT_EQ(error_.row, 6);
  options_.on_bad_row = 2;
  expect_refused(PATRON_E_ARGUMENT, "options.on_bad_row");
  options_.on_bad_row = 0;
  options_.threads = -1;
  expect_refused(PATRON_E_ARGUMENT, "options.threads is -1");
  options_.threads = 1;
  options_.topic_count = 1;
  expect_refused(PATRON_E_ARGUMENT, "options.topics is NULL");
  const patron_str topics[1] = {{"\xFF", 1}};
  options_.topics = topics;
  expect_refused(PATRON_E_UTF8, "options.topics[0]");
  options_.topic_count = 0;
  patron_nps_method method = PATRON_NPS_METHOD_INIT;
  options_.method = &method;
  method.question = 3;
  expect_refused(PATRON_E_ARGUMENT, "options.method.question");
  method.question = 0;
  method.interval = 5;
  expect_refused(PATRON_E_ARGUMENT, "options.method.interval");
  method.interval = PATRON_INTERVAL_STUDENT;
  expect_refused(PATRON_E_ARGUMENT, "mean");
  options_.method = nullptr;
  patron_period window = PATRON_PERIOD_INIT;
  options_.window = &window;
  expect_refused(PATRON_E_ARGUMENT, "options.window has 0 months");
  options_.window = nullptr;
  options_.score = patron_str_of("skore");
  expect_refused(PATRON_E_COLUMN, "skore");
  options_.score = {nullptr, 0};
  expect_refused(PATRON_E_ARGUMENT, "name the score column");
}

TEST_F(NpsCompute, StopsWhereTheCallerSays) {
  expect_stops(&options_, error_, [this] { return refused(); });
}

TEST_F(NpsCompute, ComparesTwoResults) {
  const Nps first = compute();
  survey_.score = {1, 2, 3, 4, 5, 6, 9, 0};
  const Nps second = compute();
  patron_nps_change change = PATRON_NPS_CHANGE_INIT;
  ASSERT_EQ(patron_nps_difference(first.get(), second.get(), PATRON_INTERVAL_WALD, 0.95, &change,
                                  nullptr),
            PATRON_OK);
  // 1/7 and -6/8 with variances (5/7 - 1/49) / 7 and (1 - 9/16) / 8.
  const double error = std::sqrt((5.0 / 7 - 1.0 / 49) / 7 + (1 - 9.0 / 16) / 8);
  EXPECT_NEAR(change.difference, 100.0 / 7 + 75, 1e-12);
  EXPECT_NEAR(change.standard_error, 100 * error, 1e-9);
  EXPECT_NEAR(change.z, (1.0 / 7 + 0.75) / error, 1e-9);
  EXPECT_NEAR(change.p, std::erfc(change.z / std::sqrt(2.0)), 1e-12);

  patron_error error_struct = PATRON_ERROR_INIT;
  EXPECT_EQ(patron_nps_difference(first.get(), second.get(), 7, 0.95, &change, nullptr),
            PATRON_E_ARGUMENT);
  EXPECT_EQ(patron_nps_difference(first.get(), second.get(), 0, 95, &change, nullptr),
            PATRON_E_ARGUMENT);
  options_.kind = patron_str_of("kind");
  const Nps kinds = compute();
  EXPECT_EQ(patron_nps_difference(first.get(), kinds.get(), 0, 0.95, &change, &error_struct),
            PATRON_E_ARGUMENT);
  EXPECT_STREQ(error_struct.message, "b holds responses of 2 kinds; compute it with options.only");
  options_.kind = {nullptr, 0};
  patron_nps_method method = PATRON_NPS_METHOD_INIT;
  method.question = PATRON_QUESTION_CSAT;
  options_.method = &method;
  const Nps satisfied = compute();
  EXPECT_EQ(patron_nps_difference(first.get(), satisfied.get(), 0, 0.95, &change, &error_struct),
            PATRON_E_ARGUMENT);
  EXPECT_NE(std::strstr(error_struct.message, "different questions"), nullptr);
  Nps closed = compute();
  patron_nps_close(closed.release());
  patron_nps_close(nullptr);
}

TEST(NpsEstimate, ScoresCounts) {
  const int64_t counts[11] = {20, 0, 0, 0, 0, 0, 0, 0, 30, 0, 50};
  patron_nps_method method = PATRON_NPS_METHOD_INIT;
  patron_nps_score score = PATRON_NPS_SCORE_INIT;
  ASSERT_EQ(patron_nps_estimate(counts, 11, nullptr, &method, &score, nullptr), PATRON_OK);
  EXPECT_EQ(score.score, 30);
  EXPECT_NEAR(score.standard_error, 100 * std::sqrt(0.61 / 100), 1e-12);
  const int64_t population = 100;
  ASSERT_EQ(patron_nps_estimate(counts, 11, &population, &method, &score, nullptr), PATRON_OK);
  EXPECT_EQ(score.standard_error, 0);
  const int64_t stars[5] = {1, 0, 2, 3, 4};
  method.question = PATRON_QUESTION_CSAT;
  ASSERT_EQ(patron_nps_estimate(stars, 5, nullptr, &method, &score, nullptr), PATRON_OK);
  EXPECT_EQ(score.score, 70);
}

TEST(NpsEstimate, RefusesWhatIsNoSample) {
  const int64_t counts[12] = {};
  const patron_nps_method method = PATRON_NPS_METHOD_INIT;
  patron_nps_score score = PATRON_NPS_SCORE_INIT;
  patron_error error = PATRON_ERROR_INIT;
  EXPECT_EQ(patron_nps_estimate(counts, 11, nullptr, &method, &score, &error), PATRON_E_EMPTY);
  EXPECT_EQ(patron_nps_estimate(counts, 12, nullptr, &method, &score, &error), PATRON_E_ARGUMENT);
  EXPECT_STREQ(error.message, "count_size is 12; a scale has at most 11 scores");
  EXPECT_EQ(patron_nps_estimate(nullptr, 3, nullptr, &method, &score, &error), PATRON_E_ARGUMENT);
  const int64_t many[2] = {INT64_MAX, 1};
  EXPECT_EQ(patron_nps_estimate(many, 2, nullptr, &method, &score, &error), PATRON_E_OVERFLOW);
  EXPECT_EQ(patron_nps_estimate(counts, 1, nullptr, nullptr, &score, &error), PATRON_E_ARGUMENT);
}

}  // namespace
}  // namespace patron::test
