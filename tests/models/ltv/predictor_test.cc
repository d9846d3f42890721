#include "lib/models/ltv/predictor.h"

#include <gtest/gtest.h>

#include <cmath>

#include "lib/models/ltv/logistic.h"
#include "lib/models/ltv/query.h"
#include "lib/models/ltv/whole_search.h"
#include "tests/models/ltv/ltv_models.h"

namespace patron::internal::ltv {
namespace {

// P e^g, or 1 less it, or P e^g and 1 - P, is the value: what the delta method differentiates is
// what predict says.
TEST(Predictor, TermsAreTheValue) {
  const double x = 7, t = 20, T = 38.86, m = 40;
  const CustomerSpan customer{1, &x, &t, &T, &m};
  for (const Ltv& model :
       {patron_test::cdnow_nbd(), patron_test::cdnow_bg(), patron_test::cdnow_mbg(),
        patron_test::cdnow_pareto(), patron_test::cdnow_spend()}) {
    for (int q = 0; q < 9; ++q) {
      const auto quantity = static_cast<LtvQuantity>(q);
      if (!has_quantity(model.model(), quantity)) continue;
      for (int64_t count : {0, 2}) {
        LtvQuery query = patron_test::ltv_query(quantity, 12, count);
        query.probability = 0.05;
        query.rate_per_year = 0.1;
        const auto predictor =
            make_predictor(model.model(), model.parameters(), model.unit(), query);
        double value = 0, log_odds = 0, log_given = 0;
        predictor->values(customer, &value);
        predictor->terms(customer, &value, &log_odds, &log_given);
        const double product = logistic(log_odds) * std::exp(log_given);
        const bool complement = predictor->kind() == ValueKind::kComplement;
        const double expected = complement && is_small_complement(value)
                                    ? value - logistic(-log_odds)
                                : complement                            ? 1 - value
                                : predictor->kind() == ValueKind::kTime ? query.probability
                                                                        : value;
        EXPECT_NEAR(product / expected, 1, 1e-12) << ltv_model_name(model.model()) << " " << q;
      }
    }
  }
}

TEST(Predictor, LogOddsGiveProbabilitiesAtBothEnds) {
  EXPECT_EQ(logistic(0.0), 0.5);
  EXPECT_EQ(logistic(kInfinity), 1);
  EXPECT_EQ(logistic(-kInfinity), 0);
  EXPECT_NEAR(logistic(-700.0) / std::exp(-700.0), 1, 1e-15);
  EXPECT_TRUE(std::isnan(logistic(kNaN)));
}

TEST(Predictor, TheFirstWholeNumberIsFoundHoweverFar) {
  for (double wanted : {0.0, 1.0, 2.0, 3.0, 1000.0, 9007199254740991.0, 0x1p70, 0x1p900}) {
    EXPECT_EQ(smallest_whole([&](double n) { return n >= wanted; }), wanted);
  }
  EXPECT_EQ(smallest_whole([](double) { return false; }), kInfinity);
}

}  // namespace
}  // namespace patron::internal::ltv
