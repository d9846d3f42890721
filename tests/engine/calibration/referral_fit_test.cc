// Referral value in an engine: whom everybody brought, as of the calibration.
#include "lib/engine/calibration/referral_fit.h"

#include <gtest/gtest.h>

#include "lib/engine/calibration/calibration_gather.h"
#include "patron/time.h"
#include "tests/engine/population.h"

namespace patron::internal {
namespace {

using population::at;
using population::Cells;
using population::expect_ok;
using population::Sale;
using population::table_of;

Policy club(const std::string& model, const std::string& more = "") {
  return population::policy(R"({"patron": 1, "name": "club", "money": {"scale": 2},
    "customer": {"id": "int64"}, "streams": {"orders": {}, "referrals": {}},
    "tags": [{"name": "spend", "metric": {"sum": "orders.amount", "window": "30d"}}],
    "models": {"referral": )" +
                            model + "}" + more + "}");
}

Table referrals(const std::vector<std::pair<int64_t, int64_t>>& rows, Micros time) {
  std::vector<int64_t> referrers, referred, times;
  for (const auto& [by, who] : rows) {
    referrers.push_back(by), referred.push_back(who), times.push_back(time);
  }
  return *TableBuilder()
              .int64("referrer", referrers)
              .int64("referred", referred)
              .timestamps("time", times, "UTC")
              .finish();
}

TEST(Referrals, AreCountedFollowedAndFrozenUntilTheNextCalibration) {
  Engine engine = *Engine::open(club(R"({"window": "30d", "depth": 2, "decay": 0.5})",
                                     R"(, "classifications": [{"name": "star", "kind": "flags",
      "classes": [{"name": "brings", "enter": "referral.converted >= 2"}]}])"));
  const Micros day = at("2026-03-01T12:00");
  expect_ok(engine.ingest("referrals", referrals({{1, 2}, {1, 3}, {1, 4}, {2, 5}, {5, 6}}, day)));
  expect_ok(engine.ingest("orders", table_of(std::vector<Sale>{{1, day, 500},
                                                               {2, day, 10},
                                                               {2, day + 40 * kMicrosPerDay, 20},
                                                               {3, day, 70},
                                                               {5, day + 45 * kMicrosPerDay, 8},
                                                               {6, day, 1000},
                                                               {7, day, 30}})));
  expect_ok(engine.advance(day + 50 * kMicrosPerDay));
  EXPECT_EQ(Cells(*engine.profiles()).number(1, "referral.referred"), std::nullopt);
  const Calibration found = *engine.calibrate();
  ASSERT_EQ(found.report()[0].verdict, ModelVerdict::kCalibrated) << found.report()[0].message;
  // 2, 3, 5, 6 of 2 .. 6 bought, 2 twice; of 2, 3 and 6, who are due, 2 bought in the last 30 days.
  EXPECT_EQ(found.report()[0].message.substr(0, 39), "5 were referred, 2 were not; bought 80 ")
      << found.report()[0].message;
  const Cells profiles(*engine.profiles());
  const auto is = [&](int64_t customer, const char* part, std::optional<double> value) {
    EXPECT_EQ(profiles.number(customer, std::string("referral.") + part), value)
        << customer << " " << part;
  };
  is(1, "referred", 3), is(1, "converted", 2), is(1, "repeated", 1), is(1, "retained", 1);
  is(1, "conversion", 2.0 / 3), is(1, "value", 10'000), is(1, "generations", 2);
  is(1, "chain_value", 10'000 + 400);  // 5 spent 8.00, in the second generation; 6 is the third
  is(2, "referred", 1), is(2, "value", 800), is(2, "chain_value", 800 + 50'000);
  is(7, "referred", 0), is(7, "conversion", std::nullopt), is(7, "chain_value", 0);
  ASSERT_EQ(engine.transition_count(), 1);
  EXPECT_EQ(engine.transitions()[0].cause, Cause::kCalibration);
  EXPECT_EQ(engine.transitions()[0].customer.number, 1);
  // What those whom she brought do counts at the next calibration.
  expect_ok(engine.ingest("orders", table_of(std::vector<Sale>{{4, day + 51 * kMicrosPerDay, 5}})));
  expect_ok(engine.advance(day + 52 * kMicrosPerDay));
  EXPECT_EQ(Cells(*engine.profiles()).number(1, "referral.converted"), 2);
  ASSERT_TRUE(engine.calibrate().ok());
  EXPECT_EQ(Cells(*engine.profiles()).number(1, "referral.converted"), 3);
  const Result<Calibration> read = Calibration::parse(engine.calibration().to_json());
  ASSERT_TRUE(read.ok()) << read.status().message();
  EXPECT_EQ(read->to_json(), engine.calibration().to_json());
}

TEST(Referrals, CanBeWorthAnyMoneyOfTheProfile) {
  Engine engine = *Engine::open(club(R"({"value": "spend"})"));
  const Micros day = at("2026-03-01T12:00");
  expect_ok(engine.ingest("referrals", referrals({{1, 2}}, day)));
  expect_ok(engine.ingest(
      "orders", table_of(std::vector<Sale>{{2, day, 10}, {2, day + 40 * kMicrosPerDay, 20}})));
  expect_ok(engine.advance(day + 50 * kMicrosPerDay));
  ASSERT_TRUE(engine.calibrate().ok());
  EXPECT_EQ(Cells(*engine.profiles()).number(1, "referral.value"), 2'000)
      << "the order of the last 30 days";
}

TEST(Referrals, AreKnownWhereNobodyOrders) {
  Engine engine = *Engine::open(population::policy(R"({"patron": 1, "name": "club",
    "customer": {"id": "int64"}, "streams": {"referrals": {}}, "models": {"referral": {}, "rfm": {}}})"));
  const Micros day = at("2026-03-01T12:00");
  expect_ok(engine.ingest("referrals", referrals({{1, 2}}, day)));
  expect_ok(engine.advance(day + kMicrosPerDay));
  ASSERT_TRUE(engine.calibrate().ok());
  const Cells profiles(*engine.profiles());
  EXPECT_EQ(profiles.number(1, "referral.referred"), 1);
  EXPECT_EQ(profiles.number(1, "referral.converted"), 0);
  EXPECT_EQ(profiles.number(1, "rfm.monetary"), 0) << "as of everybody who never bought";
}

TEST(Referrals, NeedTheirStream) {
  const CheckedPolicy checked = Policy::check(R"({"patron": 1, "name": "p", "streams":
    {"orders": {}}, "models": {"referral": {"decay": 2, "depth": 11, "value": "none"}}})");
  std::string all;
  for (const PolicyFinding& finding : checked.findings) all += finding.message + "\n";
  EXPECT_FALSE(checked.policy.has_value());
  for (const char* part :
       {"declare it under \"streams\"", "a share of the one before", "\"none\" is"}) {
    EXPECT_NE(all.find(part), std::string::npos) << part << " in " << all;
  }
}

// Forgotten referrers, and circles that merged parts could have.
TEST(ReferralFit, TakesWhatIsNotKnownForNobodyAndCirclesForWhatTheyAre) {
  PolicyModel model;
  model.depth = 5, model.decay = 1;
  const auto entry = [](int64_t id, int64_t by, bool known, int64_t value) {
    RollEntry out;
    out.id.number = id, out.other.number = by;
    out.facts[kRollFlags] = kHasBought | (known ? kReferrerKnown : 0);
    out.facts[kRollValue] = value;
    return out;
  };
  std::string message;
  const ReferralConstants found =
      *fit_referral(MoneyUnit(), model,
                    {entry(1, 3, true, 1), entry(2, 1, true, 10), entry(3, 2, true, 100),
                     entry(4, 0, false, 1000), entry(5, 9, true, 7)},
                    Multiset(2), &message);
  ASSERT_EQ(found.ids.size(), 4u);
  EXPECT_EQ(found.find({1, {}})->chain_value, 110);
  EXPECT_EQ(found.find({2, {}})->chain_value, 101);
  EXPECT_EQ(found.find({9, {}})->value, 7);
  EXPECT_EQ(found.find({4, {}}), nullptr);
  EXPECT_EQ(message, "5 were referred, 0 were not");
}

}  // namespace
}  // namespace patron::internal
