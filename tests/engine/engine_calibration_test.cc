// Calibrations by hand, against the models over the whole population, and by their laws.
#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>

#include "lib/engine/calibration/calibration_data.h"
#include "lib/engine/calibration/calibration_names.h"
#include "patron/engine.h"
#include "patron/engine_snapshot.h"
#include "patron/ltv.h"
#include "patron/ltv_summary.h"
#include "patron/rank.h"
#include "patron/rfm.h"
#include "patron/time.h"
#include "patron/weights.h"
#include "tests/engine/population.h"

namespace patron {
namespace {

using population::Answer;
using population::at;
using population::Cells;
using population::expect_ok;
using population::random_sales;
using population::said;
using population::Sale;
using population::shop;
using population::table_of;

Engine living(const Policy& policy, const std::vector<Sale>& sales, Micros now) {
  Engine engine = *Engine::open(policy);
  expect_ok(engine.ingest("orders", table_of(sales)));
  expect_ok(engine.advance(now));
  return engine;
}

TEST(EngineCalibration, ScoresOfRecencyFrequencyAndMoneyAreThoseOfTheModelOverEverybody) {
  const Policy policy = shop(R"("models": {"rfm": {"window": "180d"}},
    "classifications": [{"name": "segment", "kind": "grid", "table": "rfm.eleven"}])");
  for (uint64_t seed = 0; seed < 4; ++seed) {
    const std::vector<Sale> sales = random_sales(seed, 200, at("2026-01-01"), 300);
    const Micros now = at("2026-10-20T15:00");
    Engine engine = living(policy, sales, now);
    const Calibration found = *engine.calibrate();
    EXPECT_EQ(found.number(), 1);
    EXPECT_EQ(found.at(), now);
    ASSERT_EQ(found.report().size(), 1u);
    EXPECT_EQ(found.report()[0].verdict, ModelVerdict::kCalibrated) << found.report()[0].message;

    // The batch model knows everybody who bought in the window as its sample, like the engine.
    RfmOptions options;
    options.customer = "customer", options.time = "time", options.amount = "amount";
    options.as_of = now, options.timezone = "Europe/Berlin",
    options.window = Period{0, 180 * kMicrosPerDay};
    options.refunds = Refunds::kOwnTime;
    options.table = *SegmentTable::named("eleven");
    RfmResult batch = *rfm(table_of(sales), options);
    // Its own sample has who bought before the window too; cuts of the sample alone come first.
    std::vector<int64_t> r, f, m;
    const Cells all(batch.table);
    for (const auto& [customer, row] : all.rows()) {
      if (all.number(customer, "frequency") == 0) continue;
      r.push_back(static_cast<int64_t>(*all.number(customer, "recency_days")));
      f.push_back(static_cast<int64_t>(*all.number(customer, "frequency")));
      m.push_back(static_cast<int64_t>(*all.number(customer, "monetary_minor")));
    }
    options.cuts = *rfm_calibrate({r, f, m}, {});
    batch = *rfm(table_of(sales), options);
    const Cells expected(batch.table), profiles(*engine.profiles());
    ASSERT_EQ(expected.size(), profiles.size());
    for (const auto& [customer, row] : expected.rows()) {
      SCOPED_TRACE("seed " + std::to_string(seed) + " customer " + std::to_string(customer));
      for (const char* axis : {"r", "f", "m", "recency_days", "frequency"}) {
        EXPECT_EQ(profiles.number(customer, std::string("rfm.") + axis),
                  expected.number(customer, axis))
            << axis;
      }
      EXPECT_EQ(profiles.number(customer, "rfm.monetary"),
                expected.number(customer, "monetary_minor"));
      EXPECT_EQ(profiles.text(customer, "rfm.segment"), expected.text(customer, "segment"));
      EXPECT_EQ(profiles.text(customer, "segment"), expected.text(customer, "segment"));
      EXPECT_EQ(profiles.text(customer, "rfm.octant"), expected.text(customer, "octant"));
    }
  }
}

LtvSummaryOptions weeks_until(Micros now) {
  LtvSummaryOptions options;
  options.customer = "customer", options.time = "time", options.amount = "amount";
  options.timezone = "Europe/Berlin", options.unit = LtvUnit::kWeek, options.observation_end = now;
  return options;
}

LtvFitOptions fit_of_histories() {
  LtvFitOptions options;
  options.columns.frequency = "frequency", options.columns.recency = "recency";
  options.columns.T = "T", options.columns.monetary = "monetary";
  return options;
}

TEST(EngineCalibration, LifetimeValueIsThatOfTheModelsFittedToEverybody) {
  const Policy policy = shop(R"("models": {"ltv": {"model": "mbg_nbd", "spend": "gamma_gamma",
    "unit": "week", "horizon": "365d", "discount_per_year": 0.1}})");
  std::vector<Sale> sales = random_sales(5, 400, at("2026-01-01"), 350);
  std::erase_if(sales, [](const Sale& sale) { return sale.amount < 0; });
  const Micros now = at("2026-12-20T10:00");
  Engine engine = living(policy, sales, now);
  const Calibration found = *engine.calibrate();
  ASSERT_EQ(found.report()[0].verdict, ModelVerdict::kCalibrated) << found.report()[0].message;

  const LtvSummaryResult histories = *ltv_summary(table_of(sales), weeks_until(now));
  const LtvFitOptions fit = fit_of_histories();
  const Ltv purchases = *Ltv::fit(histories.table, LtvModel::kMbgNbd, fit);
  const Ltv spend = *Ltv::fit(histories.table, LtvModel::kGammaGamma, fit);
  LtvValueOptions options;
  options.columns = fit.columns, options.horizon = 365.0 / 7, options.rate_per_year = 0.1;
  const LtvPredictions values = *ltv_value(purchases, spend, histories.table, options);
  const auto column = [&](const char* name) {
    return static_cast<const double*>(values.table.chunks(values.table.find(name))[0].values);
  };
  const Cells ids(histories.table), profiles(*engine.profiles());
  ASSERT_GT(ids.size(), 390u);  // the others have only refunds
  for (const auto& [customer, row] : ids.rows()) {
    SCOPED_TRACE(customer);
    EXPECT_EQ(profiles.number(customer, "ltv.p_alive"), column("probability_alive")[row]);
    EXPECT_EQ(profiles.number(customer, "ltv.expected_purchases"),
              column("expected_purchases")[row]);
    EXPECT_NEAR(*profiles.number(customer, "ltv.expected_spend"),
                100 * column("expected_spend")[row], 0.5);
    EXPECT_NEAR(*profiles.number(customer, "ltv.value"), 100 * column("value")[row], 0.5);
    LtvQuery next;
    next.quantity = LtvQuantity::kNextPurchase;
    const LtvCustomer her{*ids.number(customer, "frequency"), *ids.number(customer, "recency"),
                          *ids.number(customer, "T"), 0};
    const double weeks = purchases.predict(her, next)->value;
    const std::optional<double> due = profiles.number(customer, "ltv.next_order");
    ASSERT_EQ(due.has_value(), std::isfinite(weeks));
    if (due) {
      EXPECT_NEAR(*due, static_cast<double>(at("2026-12-19T23:00")) + weeks * 7 * kMicrosPerDay, 1);
    }
  }
}

// Customers who differ in nothing have no best fit, and the message says what policies can do: a
// penalty.
TEST(EngineCalibration, APenaltyFitsCustomersWhoAreAllAlike) {
  std::vector<Sale> sales;
  for (int64_t customer = 0; customer < 60; ++customer) {
    for (int64_t order = 0; order < 12; ++order) {
      const Micros day = at("2026-01-05T12:00") + (customer % 9 + 20 * order) * kMicrosPerDay;
      sales.push_back(
          {customer, day, 20 + 20 * static_cast<double>((7 * customer + 3 * order) % 5)});
    }
  }
  const Micros now = at("2026-12-20T10:00");
  const auto with = [&](const std::string& penalty) {
    return living(shop(R"("models": {"ltv": {"model": "mbg_nbd", "spend": "gamma_gamma",
      "unit": "week", "horizon": "365d")" +
                       penalty + "}}"),
                  sales, now);
  };
  Engine plain = with("");
  const ModelReport failed = plain.calibrate()->report()[0];
  EXPECT_EQ(failed.verdict, ModelVerdict::kNotFitted);
  EXPECT_NE(failed.message.find("Give a penalty"), std::string::npos) << failed.message;

  Engine engine = with(R"(, "penalty": 0.01)");
  const ModelReport found = engine.calibrate()->report()[0];
  ASSERT_EQ(found.verdict, ModelVerdict::kCalibrated) << found.message;
  const LtvSummaryResult histories = *ltv_summary(table_of(sales), weeks_until(now));
  LtvFitOptions options = fit_of_histories();
  options.penalty = 0.01;
  const Ltv purchases = *Ltv::fit(histories.table, LtvModel::kMbgNbd, options);
  const Ltv spend = *Ltv::fit(histories.table, LtvModel::kGammaGamma, options);
  LtvValueOptions to_come;
  to_come.columns = options.columns, to_come.horizon = 365.0 / 7;
  const LtvPredictions values = *ltv_value(purchases, spend, histories.table, to_come);
  const auto* value =
      static_cast<const double*>(values.table.chunks(values.table.find("value"))[0].values);
  const Cells ids(histories.table), profiles(*engine.profiles());
  EXPECT_EQ(ids.size(), 60u);
  for (const auto& [customer, row] : ids.rows()) {
    EXPECT_NEAR(*profiles.number(customer, "ltv.value"), 100 * value[row], 0.5) << customer;
  }
}

TEST(EngineCalibration, AnswersOfSurveysAreScoredAndCountedForAll) {
  const Policy policy = shop(R"("models": {"nps": {"window": "90d"}},
    "classifications": [{"name": "audience", "kind": "flags", "classes": [
      {"name": "promoters", "enter": "nps.class == 'promoter'"}]}])");
  Engine engine = *Engine::open(policy);
  const Micros day = at("2026-03-01T12:00");
  expect_ok(
      engine.ingest("surveys", table_of(std::vector<Answer>{{1, day, 9},
                                                            {2, day, 10},
                                                            {2, day + kMicrosPerDay, 7},
                                                            {3, day, 6},
                                                            {4, day - 100 * kMicrosPerDay, 10}})));
  expect_ok(engine.advance(at("2026-03-10")));
  const Calibration found = *engine.calibrate();
  // One promoter, one passive, one detractor: 0; the fourth answer is too old.
  EXPECT_EQ(found.report()[0].customers, 3);
  EXPECT_EQ(found.report()[0].message.substr(0, 6), "NPS 0 ") << found.report()[0].message;
  const Cells profiles(*engine.profiles());
  EXPECT_EQ(profiles.text(1, "nps.class"), "promoter");
  EXPECT_EQ(profiles.text(2, "nps.class"), "passive");
  EXPECT_EQ(profiles.text(3, "nps.class"), "detractor");
  EXPECT_EQ(profiles.text(4, "nps.class"), "null");
  expect_ok(engine.advance(at("2026-07-01")));
  EXPECT_EQ(
      said(engine.transitions()),
      (std::vector<std::string>{"4 audience:  -> promoters at 2025-11-21T12:00:00Z, event 0",
                                "4 audience: promoters ->  at 2026-02-19T12:00:00Z, time 0",
                                "1 audience:  -> promoters at 2026-03-01T12:00:00Z, event 0",
                                "2 audience:  -> promoters at 2026-03-01T12:00:00Z, event 0",
                                "2 audience: promoters ->  at 2026-03-02T12:00:00Z, event 0",
                                "1 audience: promoters ->  at 2026-05-30T12:00:00Z, time 1"}));
}

TEST(EngineCalibration, ACombinedScoreHasTheWeightsOfItsSpread) {
  const Policy policy = shop(R"("tags": [
      {"name": "spend", "metric": {"sum": "orders.amount"}},
      {"name": "orders", "metric": {"count": "orders"}},
      {"name": "last_answer", "metric": {"last": "surveys.score"}}],
    "models": {"score": {"weights": "entropy", "of": ["spend", "orders", "last_answer"]},
               "given": {"weights": [3, 1, 1], "of": ["spend", "orders", "last_answer"]}})");
  Engine engine = *Engine::open(policy);
  const Micros day = at("2026-03-01T12:00");
  expect_ok(engine.ingest("orders", table_of(std::vector<Sale>{{1, day, 10},
                                                               {2, day, 60},
                                                               {2, day + kMicrosPerDay, 50},
                                                               {3, day, 30},
                                                               {3, day + kMicrosPerDay, 30},
                                                               {3, day + 2 * kMicrosPerDay, 30}})));
  expect_ok(engine.ingest("surveys", table_of(std::vector<Answer>{{1, day, 8}})));
  expect_ok(engine.advance(at("2026-03-10")));
  const Calibration found = *engine.calibrate();
  // Spend 10, 110, 90 and orders 1, 2, 3, by the model; one answer has no spread, so it counts for
  // nothing.
  const Table two =
      *TableBuilder().doubles("spend", {10, 110, 90}).doubles("orders", {1, 2, 3}).finish();
  const std::vector<Criterion> criteria{{"spend"}, {"orders"}};
  const std::vector<double> weights = entropy_weights(two, criteria)->weights;
  const Cells profiles(*engine.profiles());
  EXPECT_EQ(profiles.number(1, "score"), 0.0);
  EXPECT_NEAR(*profiles.number(2, "score"), weights[0] * 1 + weights[1] * 0.5, 1e-15);
  EXPECT_NEAR(*profiles.number(3, "score"), weights[0] * 0.8 + weights[1] * 1, 1e-15);
  EXPECT_NEAR(*profiles.number(3, "score.coverage"), 1, 1e-15);
  // Given weights 3 and 1 are 0.75 and 0.25 where the third value is the same for everybody.
  EXPECT_NEAR(*profiles.number(3, "given"), 0.75 * 0.8 + 0.25, 1e-15);
  EXPECT_NE(found.report()[0].message.find("last_answer 0 (all alike)"), std::string::npos)
      << found.report()[0].message;
  // Bounds are frozen: who goes beyond them is clipped.
  expect_ok(
      engine.ingest("orders", table_of(std::vector<Sale>{{1, day + 20 * kMicrosPerDay, 5000}})));
  expect_ok(engine.advance(at("2026-04-01")));
  EXPECT_NEAR(*Cells(*engine.profiles()).number(1, "given"), 0.75 + 0.25 * 0.5, 1e-15);
}

TEST(EngineCalibration, AScoreOfModelsIsWeighedUnderTheirNewConstants) {
  // The first calibration knows lifetime values already: the score comes a stage behind them.
  const Policy policy = shop(R"("tags": [{"name": "spend", "metric": {"sum": "orders.amount"}}],
    "models": {"ltv": {"model": "mbg_nbd", "unit": "week", "horizon": "90d"},
               "score": {"weights": [1, 1], "of": ["spend", "ltv.p_alive"]}})");
  Engine engine = living(policy, random_sales(5, 400, at("2026-01-01"), 350), at("2026-12-20"));
  const Calibration found = *engine.calibrate();
  ASSERT_EQ(found.report().size(), 2u);
  for (const ModelReport& report : found.report()) {
    EXPECT_EQ(report.verdict, ModelVerdict::kCalibrated) << report.message;
  }
  double low = 1, high = 0, least = 1e300, most = -1e300;
  const Cells profiles(*engine.profiles());
  for (const auto& [customer, row] : profiles.rows()) {
    const double alive = profiles.number(customer, "ltv.p_alive").value_or(NAN);
    if (std::isnan(alive)) continue;  // only refunds
    low = std::min(low, alive), high = std::max(high, alive);
  }
  for (const auto& [customer, row] : profiles.rows()) {
    const double spend = *profiles.number(customer, "spend");
    least = std::min(least, spend), most = std::max(most, spend);
  }
  for (const auto& [customer, row] : profiles.rows()) {
    const double spend = (*profiles.number(customer, "spend") - least) / (most - least);
    const std::optional<double> alive = profiles.number(customer, "ltv.p_alive");
    const double expected = alive ? (spend + (*alive - low) / (high - low)) / 2 : spend;
    EXPECT_NEAR(*profiles.number(customer, "score"), expected, 1e-12) << customer;
    EXPECT_EQ(profiles.number(customer, "score.coverage"), alive ? 1.0 : 0.5) << customer;
  }
}

TEST(EngineCalibration, SharesOfARankAreFrozenCutsThatAreComparedLive) {
  const Policy policy = shop(R"("tags": [{"name": "spend", "metric": {"sum": "orders.amount"}}],
    "classifications": [{"name": "abc", "kind": "rank", "by": "spend", "classes": [
      {"name": "A", "share": 0.8}, {"name": "B", "share": 0.95}, {"name": "C"}]}])");
  Engine engine = *Engine::open(policy);
  const Micros day = at("2026-03-01T12:00");
  // Of 100: 60, 80 (crossed), 92, 97 (crossed), 100.
  expect_ok(engine.ingest(
      "orders", table_of(std::vector<Sale>{
                    {1, day, 60}, {2, day, 20}, {3, day, 12}, {4, day, 5}, {5, day, 3}})));
  expect_ok(engine.advance(at("2026-03-10")));
  ASSERT_TRUE(engine.calibrate().ok());
  const Cells classes(*engine.classes());
  const char* expected[] = {"A", "A", "B", "B", "C"};
  for (int64_t c = 1; c <= 5; ++c) EXPECT_EQ(classes.text(c, "abc"), expected[c - 1]) << c;
  // Now 5 has 20.00, what the last of A had; the others keep their places.
  expect_ok(engine.ingest("orders", table_of(std::vector<Sale>{{5, at("2026-03-11"), 17}})));
  expect_ok(engine.advance(at("2026-03-12")));
  const std::vector<std::string> moves = said(engine.transitions());
  ASSERT_EQ(moves.size(), 10u);
  EXPECT_EQ(moves[0], "1 abc:  -> C at 2026-03-01T12:00:00Z, event 0");
  EXPECT_EQ(moves[5], "1 abc: C -> A at 2026-03-10T00:00:00Z, calibration 1");
  EXPECT_EQ(moves[8], "4 abc: C -> B at 2026-03-10T00:00:00Z, calibration 1");
  EXPECT_EQ(moves[9], "5 abc: C -> A at 2026-03-11T00:00:00Z, event 1");
  EXPECT_EQ(engine.calibrations()[0].moved, 4);
}

Table consents(const std::vector<std::pair<int64_t, bool>>& rows, Micros time) {
  std::vector<int64_t> customers, times, values;
  for (const auto& [customer, value] : rows) {
    customers.push_back(customer), times.push_back(time), values.push_back(value ? 1 : 0);
  }
  return *TableBuilder()
              .int64("customer", customers)
              .timestamps("time", times, "UTC")
              .int64("consent", values)
              .finish();
}

TEST(EngineCalibration, SeatsGoToWhoDwellsThenByRankAndAreNotRefilled) {
  const Policy policy = shop(R"("tags": [{"name": "spend", "metric": {"sum": "orders.amount"}},
      {"name": "willing", "expression": "!has(consent) || consent == 1"}],
    "classifications": [{"name": "seats", "kind": "rank", "by": "spend", "where": "willing",
      "classes": [{"name": "manager", "top": 2, "min_dwell": "60d"}, {"name": "others"}]}])");
  Engine engine = *Engine::open(policy);
  const Micros day = at("2026-03-01T12:00");
  expect_ok(engine.ingest("orders", table_of(std::vector<Sale>{
                                        {1, day, 50}, {2, day, 40}, {3, day, 30}, {4, day, 30}})));
  expect_ok(engine.advance(at("2026-03-10")));
  ASSERT_TRUE(engine.calibrate().ok());
  const auto managers = [&] {
    std::string out;
    const Cells classes(*engine.classes());
    for (const auto& [customer, row] : classes.rows()) {
      if (classes.text(customer, "seats") == "manager") out += std::to_string(customer);
    }
    return out;
  };
  EXPECT_EQ(managers(), "12");
  // 3 overtakes 2, who dwells until 9 May: no seat for her.
  expect_ok(engine.ingest("orders", table_of(std::vector<Sale>{{3, at("2026-03-20"), 500}})));
  expect_ok(engine.advance(at("2026-04-01")));
  EXPECT_EQ(managers(), "12");
  ASSERT_TRUE(engine.calibrate().ok());
  EXPECT_EQ(managers(), "12");
  // 1 withdraws her consent: her seat is lost at once, nobody gets it, and she has it no more when
  // she changes her mind.
  expect_ok(engine.set_attributes(consents({{1, false}}, at("2026-04-02"))));
  expect_ok(engine.set_attributes(consents({{1, true}}, at("2026-04-04"))));
  expect_ok(engine.advance(at("2026-04-03")));
  EXPECT_EQ(managers(), "2");
  expect_ok(engine.advance(at("2026-04-05")));
  EXPECT_EQ(managers(), "2");
  ASSERT_TRUE(engine.calibrate().ok());
  EXPECT_EQ(managers(), "23");
  // After the dwelling of both, the two highest: 3 with 530, and 1 with 50 before 2 with 40.
  expect_ok(engine.advance(at("2026-06-20")));
  EXPECT_EQ(managers(), "23") << "seats change at calibrations only";
  ASSERT_TRUE(engine.calibrate().ok());
  EXPECT_EQ(managers(), "13");
}

// Rule 43: constants stay until the next calibration, but for her name; who comes with the same id
// is somebody else. Parts of one population still go together.
TEST(EngineCalibration, AForgottenSeatIsNobodysUntilTheNextCalibration) {
  const Policy policy = shop(R"("tags": [{"name": "spend", "metric": {"sum": "orders.amount"}}],
    "classifications": [{"name": "seats", "kind": "rank", "by": "spend",
      "classes": [{"name": "manager", "top": 1}, {"name": "others"}]}])");
  const Micros day = at("2026-03-01T12:00");
  Engine engine = living(policy, {{1, day, 50}, {2, day, 40}}, at("2026-03-10"));
  ASSERT_TRUE(engine.calibrate().ok());
  const Calibration before = engine.calibration();
  ASSERT_NE(before.to_json().find("\"seats\": [1]"), std::string::npos) << before.to_json();
  CustomerId first;
  first.number = 1;
  ASSERT_TRUE(engine.forget(first));
  const Calibration after = engine.calibration();
  EXPECT_EQ(after.to_json().find("\"seats\": [1]"), std::string::npos) << after.to_json();
  EXPECT_NE(internal::calibration_hash(after.data()), internal::calibration_hash(before.data()));
  EXPECT_EQ(internal::calibration_basis(after.data()), internal::calibration_basis(before.data()));
  expect_ok(engine.ingest("orders", table_of(std::vector<Sale>{{1, at("2026-03-11"), 9}})));
  expect_ok(engine.advance(at("2026-03-12")));
  EXPECT_EQ(Cells(*engine.classes()).text(1, "seats"), "others");
  EXPECT_EQ(Cells(*engine.classes()).text(2, "seats"), "others");
  ASSERT_TRUE(engine.calibrate().ok());
  EXPECT_EQ(Cells(*engine.classes()).text(2, "seats"), "manager");
}

// Law L14: whoever an override keeps in a seat has it at the next calibration too, so nobody else
// gets it.
TEST(EngineCalibration, PinsAndHoldsKeepTheirSeats) {
  for (const OverrideKind kind : {OverrideKind::kPin, OverrideKind::kHold}) {
    const Policy policy = shop(R"("tags": [{"name": "spend", "metric": {"sum": "orders.amount"}},
      {"name": "willing", "expression": "!has(consent) || consent == 1"}],
    "classifications": [{"name": "seats", "kind": "rank", "by": "spend", "where": "willing",
      "classes": [{"name": "manager", "top": 1}, {"name": "others"}]}])");
    const Micros day = at("2026-03-01T12:00");
    Engine engine = living(policy, {{1, day, 50}, {2, day, 40}}, at("2026-03-10"));
    const auto managers = [&] {
      std::string out;
      const Cells classes(*engine.classes());
      for (const auto& [customer, row] : classes.rows()) {
        if (classes.text(customer, "seats") == "manager") out += std::to_string(customer);
      }
      return out;
    };
    ASSERT_TRUE(engine.calibrate().ok());
    EXPECT_EQ(managers(), "1");
    Override keep;
    keep.kind = kind, keep.classification = "seats";
    if (kind == OverrideKind::kPin) keep.to = "manager";
    keep.until = at("2026-05-01"), keep.reason = "contract", keep.author = "sales";
    CustomerId first;
    first.number = 1;
    expect_ok(engine.set_override(first, keep));
    expect_ok(engine.ingest("orders", table_of(std::vector<Sale>{{2, at("2026-03-20"), 500}})));
    expect_ok(engine.advance(at("2026-04-01")));
    ASSERT_TRUE(engine.calibrate().ok());
    EXPECT_EQ(managers(), "1") << "2 is better, and there is one seat";
    // Not even eligible: the override keeps her, and nobody else may sit there.
    expect_ok(engine.set_attributes(consents({{1, false}}, at("2026-04-02"))));
    expect_ok(engine.advance(at("2026-04-03")));
    ASSERT_TRUE(engine.calibrate().ok());
    EXPECT_EQ(managers(), "1");
    expect_ok(engine.advance(at("2026-05-02")));
    EXPECT_EQ(managers(), "") << "the override is over, and with it the seat";
    ASSERT_TRUE(engine.calibrate().ok());
    EXPECT_EQ(managers(), "2");
  }
}

// A seat that went to both as one customer is not there twice when they are two again.
TEST(EngineCalibration, APinWithoutASeatDoesNotComeBackWithAnUnlink) {
  const Policy policy = shop(R"("tags": [{"name": "spend", "metric": {"sum": "orders.amount"}}],
    "classifications": [{"name": "seats", "kind": "rank", "by": "spend",
      "classes": [{"name": "manager", "top": 1}, {"name": "others"}]}])");
  const Micros day = at("2026-03-01T12:00");
  Engine engine = living(policy, {{1, day, 10}, {2, day, 500}}, at("2026-03-10"));
  ASSERT_TRUE(engine.calibrate().ok());
  CustomerId one, two;
  one.number = 1, two.number = 2;
  Override pin;
  pin.classification = "seats", pin.to = "manager", pin.until = at("2027-01-01");
  expect_ok(engine.set_override(two, pin));
  expect_ok(engine.advance(at("2026-03-11")));
  ASSERT_TRUE(engine.link(one, two).ok());
  expect_ok(engine.advance(at("2026-03-12")));
  ASSERT_TRUE(engine.calibrate().ok());
  EXPECT_EQ(Cells(*engine.classes()).text(1, "seats"), "manager") << "the pin of the other holds";
  expect_ok(engine.unlink(one, two));
  expect_ok(engine.advance(at("2026-03-13")));
  const Cells classes(*engine.classes());
  EXPECT_EQ(classes.text(1, "seats"), "manager") << "hers since the calibration";
  EXPECT_EQ(classes.text(2, "seats"), "others") << "one seat, and it is taken";
  EXPECT_TRUE(engine.overrides(two).empty());
}

// The seat of 2 went to both, then to 3: between the unlink and the next advance, too, it is one.
TEST(EngineCalibration, ASeatThatIsSomebodyElsesDoesNotComeBackWithAnUnlink) {
  const Policy policy = shop(R"("tags": [{"name": "spend", "metric": {"sum": "orders.amount"}}],
    "classifications": [{"name": "seats", "kind": "rank", "by": "spend",
      "classes": [{"name": "manager", "top": 1}, {"name": "others"}]}])");
  const Micros day = at("2026-03-01T12:00");
  Engine engine = living(policy, {{1, day, 10}, {2, day, 500}, {3, day, 50}}, at("2026-03-10"));
  ASSERT_TRUE(engine.calibrate().ok());
  EXPECT_EQ(Cells(*engine.classes()).text(2, "seats"), "manager");
  CustomerId one, two;
  one.number = 1, two.number = 2;
  ASSERT_TRUE(engine.link(one, two).ok());
  expect_ok(engine.ingest("orders", table_of(std::vector<Sale>{{3, at("2026-03-11"), 900}})));
  expect_ok(engine.advance(at("2026-03-12")));
  ASSERT_TRUE(engine.calibrate().ok());
  const auto managers = [&] { return (*engine.distribution("seats"))[0].customers; };
  EXPECT_EQ(managers(), 1);
  expect_ok(engine.unlink(one, two));
  EXPECT_EQ(managers(), 1) << "before anybody is settled";
  EXPECT_EQ(engine.snapshot().distribution("seats")->at(0).customers, 1);
  Engine restarted = *Engine::load(engine.save());
  for (Engine* each : {&engine, &restarted}) {
    expect_ok(each->advance(at("2026-03-13")));
    const Cells classes(*each->classes());
    EXPECT_EQ(classes.text(1, "seats"), "others");
    EXPECT_EQ(classes.text(2, "seats"), "others");
    EXPECT_EQ(classes.text(3, "seats"), "manager");
    const Cells history(*each->history_table());
    EXPECT_EQ(history.text(2, "seats.previous"), "manager");
    EXPECT_EQ(history.number(2, "seats.moves"), 3) << "the rest, the seat, the rest";
    EXPECT_EQ(history.number(2, "seats.since"), static_cast<double>(at("2026-03-12")));
  }
  EXPECT_EQ(engine.state_hash(), restarted.state_hash());
}

TEST(EngineCalibration, EqualsThatDoNotFitWholeStayOut) {
  const Policy policy = shop(R"("tags": [{"name": "spend", "metric": {"sum": "orders.amount"}}],
    "classifications": [{"name": "seats", "kind": "rank", "by": "spend", "classes": [
      {"name": "first", "top": 2}, {"name": "second", "top": 2}, {"name": "rest"}]}])");
  const Micros day = at("2026-03-01T12:00");
  Engine engine =
      living(policy, {{1, day, 50}, {2, day, 40}, {3, day, 40}, {4, day, 30}, {5, day, 20}},
             at("2026-03-10"));
  ASSERT_TRUE(engine.calibrate().ok());
  const Cells classes(*engine.classes());
  EXPECT_EQ(classes.text(1, "seats"), "first");
  EXPECT_EQ(classes.text(2, "seats"), "second") << "two who are equal and one seat";
  EXPECT_EQ(classes.text(3, "seats"), "second");
  EXPECT_EQ(classes.text(4, "seats"), "rest");
}

TEST(EngineCalibration, IsScheduledAtMidnightOfTheFirstDayOnFactsBeforeIt) {
  const Policy policy = shop(R"("models": {"rfm": {}}, "calibrate": {"every": "month"},
    "classifications": [{"name": "segment", "kind": "grid", "table": "rfm.eleven"}])");
  Engine engine = *Engine::open(policy);
  expect_ok(engine.ingest(
      "orders", table_of(std::vector<Sale>{{1, at("2026-01-15T12:00"), 10},
                                           {2, at("2026-01-20T12:00"), 20},
                                           // Midnight of 1 February in Berlin: not part of January.
                                           {3, at("2026-01-31T23:00"), 30}})));
  expect_ok(engine.advance(at("2026-01-31T22:59")));
  EXPECT_EQ(engine.calibration().number(), 0);
  EXPECT_EQ(engine.calibration_due(), at("2026-01-31T23:00"));
  EXPECT_EQ(engine.transition_count(), 0) << "grids have no class yet";
  expect_ok(engine.advance(at("2026-01-31T23:00")));
  EXPECT_EQ(engine.calibration().number(), 1);
  EXPECT_EQ(engine.calibration().at(), at("2026-01-31T23:00"));
  EXPECT_EQ(engine.calibration().customers(), 2);
  EXPECT_EQ(engine.calibration().report()[0].customers, 2);
  // The order at the very instant is settled under the new constants, once.
  const std::vector<std::string> moves = said(engine.transitions());
  ASSERT_EQ(moves.size(), 3u);
  EXPECT_NE(moves[0].find("at 2026-01-31T23:00:00Z, calibration 1"), std::string::npos) << moves[0];
  EXPECT_NE(moves[2].find("at 2026-01-31T23:00:00Z, event 1"), std::string::npos) << moves[2];
  expect_ok(engine.advance(at("2026-04-15")));
  EXPECT_EQ(engine.calibrations().size(), 3u);
  EXPECT_EQ(engine.calibrations()[1].at, at("2026-02-28T23:00"));
  EXPECT_EQ(engine.calibrations()[2].at, at("2026-03-31T22:00")) << "summer time";
}

// A month ends where a calibration is due, and what the end of the month does is no work of the
// calibration.
TEST(EngineCalibration, IsTheCauseOfWhatReadsItAlone) {
  const Policy policy = shop(R"json("models": {"rfm": {}}, "calibrate": {"every": "month"},
    "tags": [{"name": "spend", "metric": {"sum": "orders.amount", "window": "30d"}}],
    "classifications": [{"name": "tier", "kind": "ladder", "classes": [
        {"name": "gold", "enter": "spend >= 100", "leave": {"at": "month_end"}}, {"name": "rest"}]},
      {"name": "seen", "kind": "first_match", "classes": [
        {"name": "scored", "enter": "has(rfm.r)"}, {"name": "unscored"}]}])json");
  Engine engine = *Engine::open(policy);
  expect_ok(engine.ingest("orders", table_of(std::vector<Sale>{{1, at("2026-02-05T12:00"), 10},
                                                               {2, at("2026-01-20T12:00"), 150}})));
  const Micros midnight = at("2026-02-28T23:00");  // in Berlin
  expect_ok(engine.advance(midnight));
  std::map<std::string, Cause> causes;
  for (const Transition& one : engine.transitions()) {
    if (one.at != midnight || one.customer.number != 2) continue;
    causes[std::string(one.classification)] = one.cause;
  }
  EXPECT_EQ(causes, (std::map<std::string, Cause>{{"tier", Cause::kTime}}));
  causes.clear();
  for (const Transition& one : engine.transitions()) {
    if (one.at != at("2026-01-31T23:00")) continue;
    causes[std::string(one.classification)] = one.cause;
  }
  EXPECT_EQ(causes, (std::map<std::string, Cause>{{"seen", Cause::kCalibration}}));
  ASSERT_EQ(engine.calibrations().size(), 2u);
  EXPECT_EQ(engine.calibrations()[0].moved, 1);
  EXPECT_EQ(engine.calibrations()[1].moved, 0) << "her tier ended with the month";
}

TEST(EngineCalibration, TooFewCustomersAndFitsThatFailKeepTheFormerConstants) {
  const Policy policy = shop(R"("models": {"rfm": {"min_customers": 3},
      "ltv": {"model": "bg_nbd", "unit": "day", "horizon": "90d"}},
    "calibrate": {"every": "month", "min_customers": 1})");
  Engine engine = *Engine::open(policy);
  expect_ok(engine.ingest(
      "orders", table_of(std::vector<Sale>{{1, at("2026-01-15"), 10}, {2, at("2026-01-20"), 20}})));
  expect_ok(engine.advance(at("2026-02-02")));
  Calibration found = engine.calibration();
  EXPECT_EQ(found.number(), 1);
  EXPECT_EQ(found.report()[0].verdict, ModelVerdict::kTooFew);
  EXPECT_EQ(found.report()[0].message, "2 customers, of the 3 it needs; it has no constants yet");
  EXPECT_EQ(found.report()[1].verdict, ModelVerdict::kNotFitted);
  EXPECT_NE(found.report()[1].message.find("nobody has a repeat purchase"), std::string::npos)
      << found.report()[1].message;
  EXPECT_EQ(Cells(*engine.profiles()).text(1, "rfm.segment"), "null");
  expect_ok(engine.ingest("orders", table_of(random_sales(1, 200, at("2026-02-03"), 20))));
  expect_ok(engine.advance(at("2026-03-02")));
  found = engine.calibration();
  EXPECT_EQ(found.report()[0].verdict, ModelVerdict::kCalibrated);
  EXPECT_NE(Cells(*engine.profiles()).text(1, "rfm.segment"), "null");
}

TEST(EngineCalibration, GoesToTextAndBackAndIntoAnotherEngine) {
  const Policy policy = shop(R"("tags": [{"name": "spend", "metric": {"sum": "orders.amount"}}],
    "models": {"rfm": {"window": "365d"}, "ltv": {"model": "mbg_nbd", "spend": "gamma_gamma",
      "unit": "week", "horizon": "365d"}, "nps": {},
      "score": {"weights": "entropy", "of": ["spend", "ltv.value"]}},
    "classifications": [{"name": "top", "kind": "rank", "by": "spend", "classes": [
      {"name": "seat", "top": 5}, {"name": "half", "top_percent": 50}, {"name": "rest"}]}])");
  const std::vector<Sale> sales = random_sales(9, 300, at("2026-01-01"), 300);
  const Micros now = at("2026-11-01");
  Engine engine = living(policy, sales, now), other = living(policy, sales, now);
  const Calibration found = *engine.calibrate();
  const Result<Calibration> read = Calibration::parse(found.to_json());
  ASSERT_TRUE(read.ok()) << read.status().message();
  EXPECT_EQ(read->to_json(), found.to_json());
  EXPECT_NE(other.state_hash(), engine.state_hash());
  expect_ok(other.set_calibration(*read));
  EXPECT_EQ(other.state_hash(), engine.state_hash());
  EXPECT_EQ(said(other.transitions()), said(engine.transitions()));
  Engine foreign = living(shop(R"("models": {"rfm": {}})"), sales, now);
  EXPECT_EQ(foreign.set_calibration(*read).code(), Code::kArgument);
  // An empty one says whose it is, too; one of nobody is of another policy.
  const std::string before = engine.state_hash();
  for (const Calibration& empty : {foreign.calibration(), Calibration()}) {
    ASSERT_EQ(empty.number(), 0);
    EXPECT_EQ(engine.set_calibration(empty).code(), Code::kArgument);
    EXPECT_EQ(engine.set_calibration(*Calibration::parse(empty.to_json())).code(), Code::kArgument);
  }
  EXPECT_EQ(engine.state_hash(), before);
  expect_ok(foreign.set_calibration(foreign.calibration()));
}

TEST(EngineCalibration, AsksForAClockAndForSomethingToCalibrate) {
  Engine nothing = *Engine::open(shop(R"("tags": [])"));
  expect_ok(nothing.advance(0));
  EXPECT_EQ(nothing.calibrate().status().code(), Code::kState);
  EXPECT_EQ(nothing.calibration_due(), std::nullopt);
  Engine early = *Engine::open(shop(R"("models": {"rfm": {}})"));
  EXPECT_EQ(early.calibrate().status().code(), Code::kState);
}

// What a calibration measured serves the table behind it, and nothing that comes after another
// fact.
TEST(EngineCalibration, TablesAfterItSayWhatTheFactsSay) {
  const Policy policy = shop(R"("models": {"rfm": {"window": "180d"}})");
  const std::vector<Sale> sales = random_sales(3, 700, at("2026-01-01"), 300);
  const Micros now = at("2026-10-20T15:00");
  Engine engine = living(policy, sales, now);
  const auto same = [&](const char* what) {
    // A snapshot reads facts.
    const Table kept = *engine.profiles(), read = *engine.snapshot().profiles();
    const Cells a(kept), b(read);
    ASSERT_EQ(a.rows(), b.rows()) << what;
    for (const auto& [customer, row] : a.rows()) {
      for (const char* name :
           {"rfm.recency_days", "rfm.frequency", "rfm.monetary", "rfm.r", "rfm.f", "rfm.m"}) {
        ASSERT_EQ(a.number(customer, name), b.number(customer, name)) << what << ": " << name;
      }
      ASSERT_EQ(a.text(customer, "rfm.segment"), b.text(customer, "rfm.segment")) << what;
    }
  };
  expect_ok(engine.calibrate().status());
  same("calibrated");
  expect_ok(engine.ingest("orders", table_of(std::vector<Sale>{{5, now - 7 * kMicrosPerDay, 12}})));
  same("a late order");
  expect_ok(engine.calibrate().status());
  expect_ok(engine.link({1, {}}, {2, {}}).status());
  same("linked");
  expect_ok(engine.calibrate().status());
  expect_ok(engine.advance(now + 3 * kMicrosPerDay));
  same("three days later");
  expect_ok(engine.calibrate().status());
  engine.forget({9, {}});
  same("forgotten");
  expect_ok(engine.calibrate().status());
  same("calibrated again");
}

}  // namespace
}  // namespace patron
