// From summaries to constants: drift by hand, constants that are kept, summaries that lie.
#include "lib/engine/calibration/calibration_fit.h"

#include <gtest/gtest.h>

#include <cmath>

#include "lib/engine/calibration/calibration_names.h"
#include "tests/engine/population.h"

namespace patron::internal {
namespace {

using population::shop;

CalibrationSummary summary_of(const PolicyData& policy, const CalibrationData& former,
                              const std::vector<std::pair<std::string, std::vector<int64_t>>>& of) {
  CalibrationSummary out;
  out.policy = policy.hash;
  out.basis = calibration_basis(former);
  out.stage = former.stage == former.stages ? 0 : former.stage;
  for (const auto& [name, values] : of) {
    SummarySection section{name, Multiset(1), {}};
    for (const int64_t value : values) section.rows.add({value});
    section.rows.seal();
    out.sections.push_back(section);
    out.customers = std::max<int64_t>(out.customers, static_cast<int64_t>(values.size()));
  }
  return out;
}

using Axes = std::vector<std::pair<std::string, std::vector<int64_t>>>;

Axes axes(std::vector<int64_t> recency, std::vector<int64_t> money) {
  const std::vector<int64_t> once(recency.size(), 1);
  return {{"rfm.recency", std::move(recency)},
          {"rfm.frequency", once},
          {"rfm.monetary", std::move(money)}};
}

TEST(CalibrationFit, ReportsHowFarThePopulationMovedAndWhomNewCutsMove) {
  const Policy two = shop(R"("models": {"rfm": {"scores": 5}})");
  const PolicyData& of = two.data();
  const CalibrationData first =
      *calibrate_stage(of, summary_of(of, {}, axes({1, 2, 3, 4, 5}, {10, 20, 30, 40, 50})), {});
  EXPECT_EQ(first.number, 1);
  EXPECT_TRUE(first.report[0].drift.empty()) << "there is nothing to compare with";
  const auto* rfm = first.find<RfmConstants>("rfm");
  ASSERT_NE(rfm, nullptr);
  // Type 7 of 1 .. 5 at fifths: 1.8, 2.6, 3.4, 4.2.
  EXPECT_EQ(rfm->cuts.recency.cuts, (std::vector<int64_t>{1, 2, 3, 4}));
  EXPECT_EQ(rfm->members[0], (std::vector<int64_t>{1, 1, 1, 1, 1}));
  // Everybody comes a day later: the five lie in the bins 0, 1, 1, 1, 2 of the former cuts, and
  // again one in each of the new ones, which are 2, 3, 4, 5.
  const CalibrationData second = *calibrate_stage(
      of, summary_of(of, first, axes({2, 3, 4, 5, 6}, {10, 20, 30, 40, 50})), first);
  EXPECT_EQ(second.number, 2);
  const std::vector<Drift>& drift = second.report[0].drift;
  ASSERT_EQ(drift.size(), 3u);
  EXPECT_EQ(drift[0].of, "recency");
  // Shares 0, 1/5, 1/5, 1/5, 2/5 against fifths.
  const double expected = (1e-4 - 0.2) * std::log(1e-4 / 0.2) + (0.4 - 0.2) * std::log(0.4 / 0.2);
  EXPECT_NEAR(drift[0].stability_index, expected, 1e-14);
  EXPECT_NEAR(drift[0].movers, 0.8, 1e-15) << "all but the last, whom no cut lies above";
  EXPECT_EQ(drift[2].of, "monetary");
  EXPECT_EQ(drift[2].stability_index, 0);
  EXPECT_EQ(drift[2].movers, 0);
}

TEST(CalibrationFit, WhatFailsKeepsTheFormerConstantsAndSaysSo) {
  const Policy policy = shop(R"("models": {"rfm": {"min_customers": 3}, "nps": {}})");
  const PolicyData& of = policy.data();
  const auto with = [](Axes rfm, std::vector<int64_t> scores) {
    rfm.emplace_back("nps.score", std::move(scores));
    return rfm;
  };
  const CalibrationData first =
      *calibrate_stage(of, summary_of(of, {}, with(axes({1, 2, 3}, {1, 2, 3}), {10, 0})), {});
  const CalibrationData second =
      *calibrate_stage(of, summary_of(of, first, with(axes({8, 9}, {1, 2}), {9})), first);
  EXPECT_EQ(second.report[0].verdict, ModelVerdict::kTooFew);
  EXPECT_EQ(second.report[0].message,
            "2 customers, of the 3 it needs; it keeps the constants of calibration 1");
  EXPECT_EQ(*second.find<RfmConstants>("rfm"), *first.find<RfmConstants>("rfm"));
  EXPECT_EQ(second.models.at("rfm").from, 1);
  EXPECT_EQ(second.report[1].verdict, ModelVerdict::kCalibrated);
  EXPECT_EQ(second.models.at("nps").from, 2);
}

TEST(CalibrationFit, SummariesThatDoNotFitAreRefused) {
  const Policy policy = shop(R"("models": {"rfm": {}})");
  const PolicyData& of = policy.data();
  const CalibrationSummary good = summary_of(of, {}, axes({1, 2}, {1, 2}));
  CalibrationSummary bad = good;
  bad.policy = "another";
  EXPECT_EQ(calibrate_stage(of, bad, {}).status().code(), Code::kArgument);
  bad = good, bad.stage = 1;
  EXPECT_EQ(calibrate_stage(of, bad, {}).status().code(), Code::kArgument);
  bad = good, bad.basis = "another";
  EXPECT_EQ(calibrate_stage(of, bad, {}).status().code(), Code::kArgument);
  bad = good, bad.sections.pop_back();
  EXPECT_EQ(calibrate_stage(of, bad, {}).status().code(), Code::kArgument);
  bad = good, bad.sections[1].name = "rfm.frequence";
  EXPECT_EQ(calibrate_stage(of, bad, {}).status().code(), Code::kArgument);
  EXPECT_TRUE(calibrate_stage(of, good, {}).ok());
}

TEST(CalibrationFit, HistoriesThatCannotBeAreNoFit) {
  const Policy policy = shop(R"("models": {"ltv": {"model": "bg_nbd", "horizon": "90d"}})");
  const PolicyData& of = policy.data();
  for (const std::array<int64_t, 3>& row :
       {std::array<int64_t, 3>{-1, 0, 0}, {1, 5, 4}, {1, INT64_MIN, 0}, {1, 0, 99'999'999}}) {
    CalibrationSummary summary = summary_of(of, {}, {});
    SummarySection section{"ltv.purchases", Multiset(3), {}};
    section.rows.append(row, 1);
    summary.sections.push_back(section);
    const CalibrationData found = *calibrate_stage(of, summary, {});
    EXPECT_EQ(found.report[0].verdict, ModelVerdict::kNotFitted);
    EXPECT_NE(found.report[0].message.find("no history"), std::string::npos)
        << found.report[0].message;
  }
}

}  // namespace
}  // namespace patron::internal
