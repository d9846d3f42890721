#include "lib/models/ltv/fit_report.h"

#include <gtest/gtest.h>

#include <string>

namespace patron::internal::ltv {
namespace {

std::string message(LtvModel model, LtvVerdict verdict, const LtvParameters& direction = {}) {
  LtvFit fit;
  fit.verdict = verdict;
  fit.unique_rows = 3;
  fit.iterations = 200;
  Climb climb;
  climb.direction = direction;
  return fit_message(model, fit, climb);
}

bool has(const std::string& text, const std::string& part) {
  return text.find(part) != std::string::npos;
}

TEST(FitMessage, NamesTheParametersAndWhatToDo) {
  EXPECT_EQ(message(LtvModel::kBgNbd, LtvVerdict::kConverged).substr(0, 9), "converged");
  const std::string ridge =
      message(LtvModel::kParetoNbd, LtvVerdict::kFlatRidge, {0, 0.01, 1, 0.9});
  EXPECT_TRUE(has(ridge, "do not tell s and beta apart")) << ridge;
  EXPECT_TRUE(has(ridge, "penalty")) << ridge;
  const std::string poisson = message(LtvModel::kNbd, LtvVerdict::kBoundary, {1, 1});
  EXPECT_TRUE(has(poisson, "r and alpha grow without bound (customers differ in nothing"))
      << poisson;
  const std::string stays = message(LtvModel::kBgNbd, LtvVerdict::kBoundary, {0, 0, -1, 0.3});
  EXPECT_TRUE(has(stays, "b grows without bound and a goes to 0 (nobody seems to leave")) << stays;
  const std::string little = message(LtvModel::kMbgNbd, LtvVerdict::kTooLittleData);
  EXPECT_TRUE(has(little, "3 distinct customers are too few for 4 parameters")) << little;
  const std::string stopped = message(LtvModel::kGammaGamma, LtvVerdict::kIterations);
  EXPECT_TRUE(has(stopped, "stopped after 200 iterations; raise max_iterations")) << stopped;
}

TEST(VerdictName, IsWhatDocumentsSay) {
  EXPECT_EQ(verdict_name(LtvVerdict::kConverged), "converged");
  EXPECT_EQ(verdict_name(LtvVerdict::kFlatRidge), "flat_ridge");
  EXPECT_EQ(verdict_name(LtvVerdict::kBoundary), "boundary");
  EXPECT_EQ(verdict_name(LtvVerdict::kTooLittleData), "too_little_data");
  EXPECT_EQ(verdict_name(LtvVerdict::kIterations), "iterations");
}

}  // namespace
}  // namespace patron::internal::ltv
