#include "lib/engine/calibration/calibration_plan.h"

#include <gtest/gtest.h>

#include "tests/engine/population.h"

namespace patron::internal {
namespace {

TEST(CalibrationPlan, WhoReadsAModelComesAStageBehindIt) {
  const Policy policy = population::shop(R"("tags": [
      {"name": "spend", "metric": {"sum": "orders.amount"}},
      {"name": "safe", "expression": "or_else(ltv.p_alive, 0.0) * 2.0"}],
    "models": {"score": {"weights": [1, 1], "of": ["spend", "safe"]},
      "again": {"weights": [1], "of": ["score"], "min_customers": 7},
      "ltv": {"model": "bg_nbd", "horizon": "90d"}, "rfm": {}},
    "calibrate": {"every": "month", "min_customers": 5},
    "classifications": [
      {"name": "by_spend", "kind": "rank", "by": "spend", "classes": [
        {"name": "A", "share": 0.8}, {"name": "C"}]},
      {"name": "by_score", "kind": "rank", "by": "score", "where": "by_spend == 'A'", "classes": [
        {"name": "top", "top": 3}, {"name": "rest"}]}])");
  const std::vector<CalibrationItem> plan = calibration_plan(policy.data());
  std::map<std::string, int64_t> stages;
  for (const CalibrationItem& item : plan) stages[item.name] = item.stage;
  // A class that is read is the one that is held, so that it needs no stage of its own.
  EXPECT_EQ(
      stages,
      (std::map<std::string, int64_t>{
          {"ltv", 0}, {"rfm", 0}, {"score", 1}, {"again", 2}, {"by_spend", 0}, {"by_score", 2}}));
  EXPECT_EQ(calibration_stages(plan), 3);
  for (const CalibrationItem& item : plan) {
    EXPECT_EQ(least_customers(policy.data(), item), item.name == "again" ? 7 : 5);
  }
}

TEST(CalibrationPlan, OfAPolicyWithoutModelsIsEmpty) {
  EXPECT_TRUE(calibration_plan(population::shop(R"("tags": [])").data()).empty());
  EXPECT_EQ(calibration_stages({}), 0);
}

}  // namespace
}  // namespace patron::internal
