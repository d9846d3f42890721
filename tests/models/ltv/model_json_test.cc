#include <gtest/gtest.h>

#include <cmath>
#include <string>
#include <vector>

#include "patron/ltv.h"
#include "tests/models/ltv/customers_of_tests.h"

namespace patron {
namespace {

Ltv parsed(const std::string& json) {
  Result<Ltv> model = Ltv::parse(json);
  EXPECT_TRUE(model.ok()) << model.status().message();
  return *std::move(model);
}

const std::vector<double> kBg{0.2426, 4.414, 0.793, 2.426};

TEST(LtvJson, OfAModelByItsNumbersHoldsThemAndTheUnit) {
  const Ltv model = *Ltv::from_parameters(LtvModel::kBgNbd, kBg, LtvUnit::kDay);
  EXPECT_EQ(model.to_json(),
            R"({"patron_ltv_model": 1, "model": "bg_nbd", "unit": "day", )"
            R"("parameters": {"r": 0.2426, "alpha": 4.414, "a": 0.793, "b": 2.426}})");
  const Ltv again = parsed(model.to_json());
  EXPECT_EQ(again.model(), LtvModel::kBgNbd);
  EXPECT_EQ(again.unit(), LtvUnit::kDay);
  EXPECT_EQ(again.parameters(), model.parameters());
  EXPECT_FALSE(again.fit().has_value());
}

TEST(LtvJson, OfAFittedModelReadsBackBitForBit) {
  for (const LtvModel model : {LtvModel::kNbd, LtvModel::kBgNbd, LtvModel::kGammaGamma}) {
    const Ltv fitted =
        *Ltv::fit(test::table_of(test::made_up_customers()), model, test::fit_options());
    const Ltv again = parsed(fitted.to_json());
    EXPECT_EQ(again.to_json(), fitted.to_json());
    EXPECT_EQ(again.parameters(), fitted.parameters());
    EXPECT_EQ(again.fit()->covariance, fitted.fit()->covariance);
    EXPECT_EQ(again.fit()->standard_errors, fitted.fit()->standard_errors);
    EXPECT_EQ(again.fit()->log_likelihood, fitted.fit()->log_likelihood);
    EXPECT_EQ(again.fit()->bic, fitted.fit()->bic);
    EXPECT_EQ(again.fit()->message, fitted.fit()->message);
    EXPECT_EQ(again.fit()->excluded_rows, fitted.fit()->excluded_rows);
  }
}

TEST(LtvJson, OfAFitThatIsNoOptimumHasNoCovariance) {
  const Ltv fitted = *Ltv::fit(test::table_of({{2, 30, 38, 1}, {0, 0, 38, 0}}), LtvModel::kBgNbd,
                               test::fit_options());
  const Ltv again = parsed(fitted.to_json());
  EXPECT_EQ(again.fit()->verdict, LtvVerdict::kTooLittleData);
  EXPECT_TRUE(std::isnan(again.fit()->covariance[0]));
  EXPECT_EQ(again.to_json(), fitted.to_json());
}

std::string replaced(std::string text, const std::string& from, const std::string& to) {
  const size_t at = text.find(from);
  EXPECT_NE(at, std::string::npos) << from;
  return text.replace(at, from.size(), to);
}

TEST(LtvJson, MistakesAreNamedWithTheirPlace) {
  const std::string good = Ltv::from_parameters(LtvModel::kBgNbd, kBg, LtvUnit::kWeek)->to_json();
  const auto message = [](const std::string& json) {
    const Result<Ltv> model = Ltv::parse(json);
    if (model.ok()) return std::string("no mistake");
    EXPECT_GE(model.status().byte_offset(), 0) << model.status().message();
    EXPECT_EQ(model.status().code(), Code::kDocument) << model.status().message();
    return model.status().message();
  };
  EXPECT_EQ(message("[1]"), "model: [1] is an array where an object belongs");
  EXPECT_EQ(message("{}"), "model: the key \"patron_ltv_model\" is missing");
  EXPECT_EQ(message(replaced(good, "\": 1,", "\": 2,")),
            "patron_ltv_model: 2 is a version that this library does not read; it reads 1");
  EXPECT_EQ(message(replaced(good, "\"bg_nbd\"", "\"bg_ndb\"")).substr(0, 34),
            "model: \"bg_ndb\" is none; there are");
  EXPECT_EQ(message(replaced(good, "\"week\"", "7")).substr(0, 24), "unit: 7 is none; there a");
  EXPECT_EQ(message(replaced(good, "0.793", "0")), "parameters/a: 0 is not above 0");
  EXPECT_EQ(message(replaced(good, "0.793", "\"x\"")), "parameters/a: \"x\" is no number");
  EXPECT_EQ(message(replaced(good, "\"a\": 0.793, ", "")), "parameters: the key \"a\" is missing");
  EXPECT_NE(message(replaced(good, "\"alpha\"", "\"alhpa\"")).find("did you mean \"alpha\""),
            std::string::npos);
  EXPECT_NE(message(replaced(good, "{\"patron", "{\"fti\": 1, \"patron")).find("did you mean"),
            std::string::npos);
  EXPECT_EQ(Ltv::parse("{").status().code(), Code::kSyntax);
}

TEST(LtvJson, MistakesOfAFitAreNamed) {
  const std::string good =
      Ltv::fit(test::table_of(test::made_up_customers()), LtvModel::kNbd, test::fit_options())
          ->to_json();
  const auto message = [](const std::string& json) {
    const Result<Ltv> model = Ltv::parse(json);
    return model.ok() ? std::string("no mistake") : model.status().message();
  };
  EXPECT_EQ(message(good), "no mistake");
  EXPECT_EQ(message(replaced(good, "\"converged\"", "\"boundary\"")),
            "fit/covariance: a fit that did not converge has none; write null");
  EXPECT_EQ(message(replaced(good, "\"rows\": 400", "\"rows\": -1")),
            "fit/rows: -1 is no count; write a whole number from 0 on");
  EXPECT_EQ(message(replaced(good, "\"penalty\": 0", "\"penalty\": -2")),
            "fit/penalty: -2 is below 0");
  EXPECT_EQ(message(replaced(good, "\"customers\": 400", "\"customers\": null")),
            "fit/customers: null is no number");
  EXPECT_EQ(message(replaced(good, "[[", "[[1, ")), "fit/covariance: want 2 rows of 2 numbers");
  EXPECT_NE(message(replaced(good, "[[", "[[-")).find("is no variance"), std::string::npos);
  EXPECT_EQ(message(replaced(good, "\"verdict\"", "\"veredict\"")).substr(0, 4), "fit:");
}

TEST(LtvJson, AMatrixThatIsNoCovarianceIsRefused) {
  const std::string good = Ltv::fit(test::table_of(test::made_up_customers()),
                                    LtvModel::kGammaGamma, test::fit_options())
                               ->to_json();
  const auto with = [&](const std::string& matrix) {
    return Ltv::parse(good.substr(0, good.find("\"covariance\": ")) + "\"covariance\": " + matrix +
                      "}}");
  };
  const auto refused = [&](const std::string& matrix) {
    const Result<Ltv> model = with(matrix);
    return !model.ok() && model.status().message().find("no customers have") != std::string::npos;
  };
  // Eigenvalues by hand: 1 and 1 -+ 5; 1 -+ sqrt(2) 0.8 and 1, with every pair of rows sound.
  EXPECT_TRUE(refused("[[1, 5, 0], [5, 1, 0], [0, 0, 1]]"));
  EXPECT_TRUE(refused("[[1, 0.8, 0], [0.8, 1, -0.8], [0, -0.8, 1]]"));
  EXPECT_TRUE(refused("[[0, 1, 0], [1, 1, 0], [0, 0, 1]]"));
  EXPECT_TRUE(with("[[1, 0.7, 0], [0.7, 1, -0.7], [0, -0.7, 1]]").ok());
  EXPECT_TRUE(with("[[4, -2e9, 0], [-2e9, 1e18, 0], [0, 0, 0]]").ok()) << "perfectly correlated";
}

}  // namespace
}  // namespace patron
