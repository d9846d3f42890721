// Values of single customers: what engine_calibration_test.cc does not see of the models.
#include "lib/engine/settle/ltv_scorer.h"

#include <gtest/gtest.h>

#include "tests/engine/population.h"

namespace patron::internal {
namespace {

using population::at;
using population::shop;

Policy with(const std::string& model) { return shop(R"("models": {"ltv": )" + model + "}"); }

double horizon_of(const std::string& model) { return ltv_horizon(with(model).data().models[0]); }

TEST(LtvHorizon, IsInUnitsOfTheClock) {
  const auto model = [](const char* unit, const char* horizon, const char* name = "bg_nbd") {
    return horizon_of(R"({"model": ")" + std::string(name) + R"(", "unit": ")" + unit +
                      R"(", "horizon": ")" + horizon + "\"}");
  };
  EXPECT_EQ(model("week", "364d"), 52);
  EXPECT_EQ(model("day", "2w"), 14);
  EXPECT_EQ(model("hour", "2d"), 48);
  EXPECT_EQ(model("month", "1y"), 12);
  EXPECT_EQ(model("quarter", "6mo"), 2);
  EXPECT_NEAR(model("week", "12mo"), 52.1775, 1e-12);
  EXPECT_NEAR(model("year", "365d"), 365 / 365.2425, 1e-15);
  EXPECT_EQ(model("month", "100d", "bg_bb"), 3) << "whole opportunities";
}

TEST(LtvScorer, WithoutModelOfSpendThereIsNoMoneyAndWithBadMoneyNeither) {
  const Policy policy =
      with(R"({"model": "bg_nbd", "spend": "gamma_gamma", "unit": "week", "horizon": "365d"})");
  const PolicyModel& model = policy.data().models[0];
  LtvConstants constants;
  // Fader, Hardie and Lee (2005): CDNOW.
  constants.purchases = *Ltv::from_parameters(
      LtvModel::kBgNbd, std::vector<double>{0.2426, 4.4136, 0.7929, 2.4259}, LtvUnit::kWeek);
  const TimeZone& zone = policy.data().zone;
  const LtvScorer alone(model, constants, zone, 2);
  const PeriodGrid grid = ltv_grid(model, zone);
  const int64_t today = grid.period_of(at("2026-06-01T12:00"));
  const LtvMeasured her{2, today - 270, today - 60, 5'000};
  EXPECT_TRUE(alone.p_alive(her, today).has_value());
  EXPECT_FALSE(alone.expected_spend(her, today).has_value());
  EXPECT_FALSE(alone.value(her, today).has_value());
  constants.spend = *Ltv::from_parameters(LtvModel::kGammaGamma,
                                          std::vector<double>{6.25, 3.74, 15.45}, LtvUnit::kWeek);
  const LtvScorer both(model, constants, zone, 2);
  // Fader and Hardie (2013): p (x z + v) / (p x + q - 1) with z = 25.00, x = 2.
  const double spend = 6.25 * (2 * 25 + 15.45) / (6.25 * 2 + 3.74 - 1);
  EXPECT_NEAR(static_cast<double>(*both.expected_spend(her, today)), 100 * spend, 0.5);
  for (const LtvMeasured& bad : {LtvMeasured{2, today - 270, today - 60, -100},
                                 LtvMeasured{2, today - 270, today - 60, std::nullopt}}) {
    EXPECT_FALSE(both.value(bad, today).has_value());
    EXPECT_TRUE(both.p_alive(bad, today).has_value());
  }
  const LtvMeasured once{0, today - 270, today - 270, 0};
  EXPECT_TRUE(both.value(once, today).has_value()) << "who bought once spends like the average";
}

TEST(LtvScorer, StepsAtLocalMidnight) {
  const Policy policy = with(R"({"model": "bg_nbd", "unit": "day", "horizon": "90d"})");
  LtvConstants constants;
  constants.purchases =
      *Ltv::from_parameters(LtvModel::kBgNbd, std::vector<double>{0.5, 20, 1, 3}, LtvUnit::kDay);
  const LtvScorer scorer(policy.data().models[0], constants, policy.data().zone, 2);
  // Berlin is two hours ahead in summer.
  EXPECT_EQ(scorer.period_at(at("2026-06-01T21:59")), scorer.period_at(at("2026-05-31T22:00")));
  EXPECT_EQ(scorer.period_at(at("2026-06-01T22:00")), scorer.period_at(at("2026-06-01T21:59")) + 1);
  const int64_t today = scorer.period_at(at("2026-06-01T12:00"));
  const LtvMeasured her{3, today - 80, today - 20, std::nullopt};
  EXPECT_EQ(scorer.next_order(her, today, at("2026-05-31T22:00")),
            scorer.next_order(her, today, at("2026-06-01T21:59")));
}

}  // namespace
}  // namespace patron::internal
