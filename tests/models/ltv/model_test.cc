#include "lib/models/ltv/model.h"

#include <gtest/gtest.h>

#include <limits>
#include <string>
#include <vector>

namespace patron {
namespace {

std::string names_of(LtvModel model) {
  std::string all(ltv_model_name(model));
  for (const std::string_view name : ltv_parameter_names(model)) all += " " + std::string(name);
  return all;
}

TEST(LtvModelNames, AreThoseOfThePapers) {
  EXPECT_EQ(names_of(LtvModel::kNbd), "nbd r alpha");
  EXPECT_EQ(names_of(LtvModel::kBgNbd), "bg_nbd r alpha a b");
  EXPECT_EQ(names_of(LtvModel::kMbgNbd), "mbg_nbd r alpha a b");
  EXPECT_EQ(names_of(LtvModel::kParetoNbd), "pareto_nbd r alpha s beta");
  EXPECT_EQ(names_of(LtvModel::kBgBb), "bg_bb alpha beta gamma delta");
  EXPECT_EQ(names_of(LtvModel::kSbg), "sbg alpha beta");
  EXPECT_EQ(names_of(LtvModel::kBdw), "bdw alpha beta c");
  EXPECT_EQ(names_of(LtvModel::kGammaGamma), "gamma_gamma p q v");
}

TEST(LtvFromParameters, KeepsThemAndTheUnit) {
  const std::vector<double> parameters{0.55, 10.58, 0.61, 11.67};
  const Result<Ltv> model = Ltv::from_parameters(LtvModel::kParetoNbd, parameters, LtvUnit::kWeek);
  ASSERT_TRUE(model.ok()) << model.status().message();
  EXPECT_EQ(model->model(), LtvModel::kParetoNbd);
  EXPECT_EQ(model->unit(), LtvUnit::kWeek);
  EXPECT_EQ(model->parameters(), (LtvParameters{0.55, 10.58, 0.61, 11.67}));
  EXPECT_FALSE(model->fit().has_value());
  EXPECT_EQ(model->excluded().rows(), 0);
}

std::string mistake(LtvModel model, std::vector<double> parameters, LtvUnit unit = LtvUnit::kWeek) {
  const Result<Ltv> result = Ltv::from_parameters(model, parameters, unit);
  if (result.ok()) return "no mistake";
  EXPECT_EQ(result.status().code(), Code::kArgument);
  return result.status().message();
}

TEST(LtvFromParameters, SaysWhichNumberIsWrong) {
  EXPECT_EQ(mistake(LtvModel::kNbd, {1, 2, 3}), "parameters: 3 are given; nbd has 2: r, alpha");
  EXPECT_EQ(mistake(LtvModel::kGammaGamma, {6.25, -3.74, 15.44}),
            "parameters: q is -3.74; it must be above 0 and finite");
  EXPECT_EQ(mistake(LtvModel::kBgNbd, {1, 2, 0, 3}),
            "parameters: a is 0; it must be above 0 and finite");
  EXPECT_EQ(mistake(LtvModel::kNbd, {1, std::numeric_limits<double>::infinity()}),
            "parameters: alpha is inf; it must be above 0 and finite");
  EXPECT_EQ(mistake(LtvModel::kNbd, {std::numeric_limits<double>::quiet_NaN(), 1}),
            "parameters: r is nan; it must be above 0 and finite");
  EXPECT_EQ(mistake(static_cast<LtvModel>(8), {1, 2}), "model: 8 is none; want 0 to 7");
  EXPECT_EQ(mistake(static_cast<LtvModel>(-1), {1, 2}), "model: -1 is none; want 0 to 7");
  EXPECT_EQ(mistake(LtvModel::kNbd, {1, 2}, static_cast<LtvUnit>(6)),
            "unit: 6 is none; want 0 (hour) to 5 (year)");
}

}  // namespace
}  // namespace patron
