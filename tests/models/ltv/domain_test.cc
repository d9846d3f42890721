// Every model, quantity and interval over the whole of the domain.
#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <random>
#include <vector>

#include "tests/models/ltv/ltv_models.h"
#include "tests/models/ltv/math/reference.h"

namespace {

using patron::Ltv;
using patron::LtvCustomer;
using patron::LtvInterval;
using patron::LtvModel;
using patron::LtvPrediction;
using patron::LtvQuantity;
using patron::LtvQuery;

class Draw {
 public:
  explicit Draw(uint64_t seed) : random_(seed) {}
  bool one_in(uint64_t n) { return random_() % n == 0; }
  uint64_t below(uint64_t n) { return random_() % n; }
  double share() { return std::uniform_real_distribution<>(0, 1)(random_); }
  double decades(double low, double high) { return std::pow(10, low + (high - low) * share()); }

 private:
  std::mt19937_64 random_;
};

/// Twelve decades and the values where formulas have holes.
Ltv random_model(LtvModel model, Draw& draw) {
  std::vector<double> parameters(patron::ltv_parameter_names(model).size());
  for (double& p : parameters) p = draw.one_in(6) ? 1 : draw.decades(-6, 6);
  if (parameters.size() == 4 && draw.one_in(6)) parameters[3] = parameters[1];
  return *Ltv::from_parameters(model, parameters, patron::LtvUnit::kWeek);
}

LtvCustomer random_customer(LtvModel model, Draw& draw) {
  LtvCustomer c;
  const bool whole = model == LtvModel::kBgBb || model == LtvModel::kSbg || model == LtvModel::kBdw;
  c.frequency = draw.one_in(4) ? 0 : std::floor(draw.decades(0, draw.one_in(2) ? 2 : 6));
  c.T = draw.one_in(2) ? draw.decades(-6, 9) : draw.decades(0, 3);
  if (whole) c.T = std::floor(c.T);
  if (model == LtvModel::kBgBb) c.T = std::max(c.T, c.frequency);
  if (c.frequency > 0) c.recency = draw.one_in(3) ? c.T : c.T * draw.share();
  if (model == LtvModel::kBgBb && c.frequency > 0)
    c.recency = std::max(std::floor(c.recency), c.frequency);
  c.monetary = draw.decades(-6, 6);
  return c;
}

LtvQuery random_query(LtvModel model, Draw& draw) {
  LtvQuery query;
  query.quantity = static_cast<LtvQuantity>(draw.below(9));
  query.horizon = draw.one_in(6) ? INFINITY : draw.decades(draw.one_in(2) ? -9 : 0, 12);
  if (model == LtvModel::kBgBb || model == LtvModel::kSbg || model == LtvModel::kBdw)
    query.horizon = std::floor(query.horizon);
  query.count = static_cast<int64_t>(draw.one_in(2) ? draw.below(4) : draw.decades(0, 4));
  query.rate_per_year = draw.one_in(3)   ? 0
                        : draw.one_in(3) ? -draw.decades(-9, -0.01)
                                         : draw.decades(-6, 2);
  query.probability = draw.decades(-3, -0.0005);
  if (draw.one_in(2)) query.interval = LtvInterval::kPrediction;
  return query;
}

bool is_discounted(LtvQuantity quantity) {
  return quantity == LtvQuantity::kDiscountedPurchases ||
         quantity == LtvQuantity::kDiscountedLifetime;
}

/// Where docs/ltv/predictions.md lets a value not exist: endless means, and a mean of money.
bool may_not_exist(const LtvQuery& query) {
  if (query.quantity == LtvQuantity::kExpectedSpend) return true;
  return std::isinf(query.horizon) && (!is_discounted(query.quantity) || query.rate_per_year <= 0);
}

/// Times and endless counts may be infinite, and what grows beyond any double.
bool may_be_infinite(const LtvQuery& query) {
  return query.quantity == LtvQuantity::kNextPurchase || std::isinf(query.horizon) ||
         (is_discounted(query.quantity) && query.rate_per_year < 0);
}

TEST(LtvDomain, NothingIsNoNumberThatExistsAndEveryAnswerComes) {
  Draw draw(20261128);
  int answers = 0;
  for (int i = 0; i < patron::test::cases(6000); ++i) {
    const auto model = static_cast<LtvModel>(draw.below(8));
    const Ltv ltv = random_model(model, draw);
    const LtvCustomer customer = random_customer(model, draw);
    const LtvQuery query = random_query(model, draw);
    const auto result = ltv.predict(customer, query);
    if (!result.ok()) {
      EXPECT_EQ(result.status().code(), patron::Code::kArgument);
      continue;
    }
    ++answers;
    SCOPED_TRACE(testing::Message()
                 << patron::ltv_model_name(model) << testing::PrintToString(ltv.parameters())
                 << " quantity " << static_cast<int>(query.quantity) << " horizon " << query.horizon
                 << " count " << query.count << " rate " << query.rate_per_year << " probability "
                 << query.probability << " of " << customer.frequency << " " << customer.recency
                 << " " << customer.T << " " << customer.monetary);
    const double value = result->value;
    EXPECT_TRUE(value >= 0 || (std::isnan(value) && may_not_exist(query))) << value;
    EXPECT_TRUE(!std::isinf(value) || may_be_infinite(query)) << value;
    const bool chance = query.quantity == LtvQuantity::kProbabilityAlive ||
                        query.quantity == LtvQuantity::kPurchaseProbability ||
                        query.quantity == LtvQuantity::kRetentionRate;
    if (chance) {
      EXPECT_LE(value, 1);
    }
    if (query.interval == LtvInterval::kPrediction) {
      EXPECT_TRUE(result->low >= 0 && result->low <= result->high)
          << result->low << " " << result->high;
    }
  }
  EXPECT_GT(answers, patron::test::cases(6000) / 5);
}

}  // namespace
