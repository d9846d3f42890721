#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <random>
#include <string>
#include <thread>
#include <vector>

#include "patron/ltv.h"
#include "tests/models/ltv/customers_of_tests.h"
#include "tests/models/ltv/math/reference.h"

namespace patron {
namespace {

using test::TestCustomer;

Ltv fitted(const std::vector<TestCustomer>& customers, LtvModel model,
           const LtvFitOptions& options = test::fit_options()) {
  Result<Ltv> result = Ltv::fit(test::table_of(customers), model, options);
  EXPECT_TRUE(result.ok()) << result.status().message();
  return *std::move(result);
}

Status refused(const std::vector<TestCustomer>& customers, LtvModel model,
               const LtvFitOptions& options = test::fit_options()) {
  Result<Ltv> result = Ltv::fit(test::table_of(customers), model, options);
  return result.ok() ? Status() : result.status();
}

LtvModel model_of(const std::string& name) {
  for (int k = 0; k < kLtvModels; ++k) {
    if (ltv_model_name(static_cast<LtvModel>(k)) == name) return static_cast<LtvModel>(k);
  }
  ADD_FAILURE() << name;
  return LtvModel::kNbd;
}

// optima.txt: found by SciPy and Newton's method with numeric derivatives in extended precision.
TEST(LtvFitting, FindsTheOptimaThatOtherMeansFind) {
  const std::vector<TestCustomer> customers = test::made_up_customers();
  for (const test::ReferenceRow& line : test::reference_rows("optima.txt")) {
    const LtvModel model = model_of(line.name);
    const Ltv result = fitted(customers, model);
    const size_t n = ltv_parameter_names(model).size();
    ASSERT_EQ(line.values.size(), 2 * n + 1);
    EXPECT_TRUE(result.fit()->converged()) << result.fit()->message;
    for (size_t i = 0; i < n; ++i) {
      EXPECT_NEAR(result.parameters()[i] / line.values[i], 1, 1e-9) << line.name << " " << i;
      EXPECT_NEAR(result.fit()->standard_errors[i] / line.values[n + 1 + i], 1, 1e-7)
          << line.name << " " << i;
    }
    EXPECT_NEAR(result.fit()->log_likelihood / line.values[n], 1, 1e-12) << line.name;
    EXPECT_LT(result.fit()->gradient_norm, 1e-9) << line.name;
  }
}

struct Published {
  LtvModel model;
  std::vector<double> parameters;
  double log_likelihood;
  std::vector<double> standard_errors;
};

// The sample of Fader, Hardie and Lee 2005; the paper has .243 4.414 .793 2.426 and -9582.4 for
// BG/NBD, .553 10.578 .606 11.669 and -9595.0 for Pareto/NBD; note 025 has 6.25 3.74 15.44 for
// Gamma-Gamma. More digits from an independent program, Newton's steps to 1e-11.
TEST(LtvFitting, FindsThePublishedOptimaOfCdnow) {
  const std::vector<TestCustomer> customers = test::cdnow_customers();
  if (customers.empty()) GTEST_SKIP() << "no folder ../shared/data/cdnow";
  ASSERT_EQ(customers.size(), 2357U);
  const std::vector<Published> published{
      {LtvModel::kNbd, {.384766136, 12.072022845}, -3193.058675160, {.0209854, .8087232}},
      {LtvModel::kBgNbd,
       {.242594522, 4.413602019, .792922017, 2.425906777},
       -9582.429206674,
       {.0125574, .3782240, .1857338, .7054143}},
      {LtvModel::kMbgNbd,
       {.524843159, 6.183085280, .891359391, 1.614002240},
       -9582.135715554,
       {.0832684, .6956215, .1547900, .5374957}},
      {LtvModel::kParetoNbd,
       {.553277047, 10.577683463, .606239989, 11.668735289},
       -9594.976178940,
       {.0476280, .8427230, .1872822, 6.2111461}},
      {LtvModel::kGammaGamma,
       {6.249572271, 3.744224667, 15.443520963},
       -4055.917694802,
       {1.1900699, .2901354, 4.1594778}}};
  for (const Published& want : published) {
    const Ltv result = fitted(customers, want.model);
    const std::string name(ltv_model_name(want.model));
    EXPECT_TRUE(result.fit()->converged()) << name << ": " << result.fit()->message;
    for (size_t i = 0; i < want.parameters.size(); ++i) {
      EXPECT_NEAR(result.parameters()[i] / want.parameters[i], 1, 2e-9) << name << " " << i;
      // The program's own errors come from differences of its gradient.
      EXPECT_NEAR(result.fit()->standard_errors[i] / want.standard_errors[i], 1, 1.5e-5)
          << name << " " << i;
    }
    EXPECT_NEAR(result.fit()->log_likelihood, want.log_likelihood, 2e-9) << name;
    EXPECT_EQ(result.fit()->customers, want.model == LtvModel::kGammaGamma ? 946 : 2357);
  }
  const LtvFit bg = *fitted(customers, LtvModel::kBgNbd).fit();
  EXPECT_NEAR(bg.covariance[1], .003706, 5e-7);
  EXPECT_NEAR(bg.covariance[6], -.002866, 5e-7);
  EXPECT_NEAR(bg.covariance[11], .123216, 5e-6);
  EXPECT_EQ(bg.covariance[1], bg.covariance[4]);
}

TEST(LtvFitting, ReportsInTheCallersClock) {
  std::vector<TestCustomer> customers = test::made_up_customers();
  const Ltv weeks = fitted(customers, LtvModel::kParetoNbd);
  double purchases = 0;
  for (TestCustomer& c : customers) {
    c.t *= 7, c.T *= 7;
    purchases += c.x;
  }
  const Ltv days = fitted(customers, LtvModel::kParetoNbd);
  EXPECT_NEAR(days.parameters()[0] / weeks.parameters()[0], 1, 1e-9);
  EXPECT_NEAR(days.parameters()[1] / weeks.parameters()[1], 7, 1e-8);
  EXPECT_NEAR(days.parameters()[3] / weeks.parameters()[3], 7, 1e-8);
  EXPECT_NEAR(days.fit()->standard_errors[3] / weeks.fit()->standard_errors[3], 7, 1e-6);
  // A density of so many times.
  EXPECT_NEAR(days.fit()->log_likelihood, weeks.fit()->log_likelihood - purchases * std::log(7),
              1e-8);
  for (const double scale : {1e-40, 1e40}) {
    std::vector<TestCustomer> scaled = customers;
    for (TestCustomer& c : scaled) c.t *= scale, c.T *= scale;
    const Ltv far = fitted(scaled, LtvModel::kParetoNbd);
    EXPECT_TRUE(far.fit()->converged());
    EXPECT_NEAR(far.parameters()[1] / days.parameters()[1] / scale, 1, 1e-8);
  }
  // Subnormal times have some 22 bits left here.
  for (TestCustomer& c : customers) c.t *= 0x1p-1060, c.T *= 0x1p-1060;
  const Ltv least = fitted(customers, LtvModel::kParetoNbd);
  EXPECT_TRUE(least.fit()->converged()) << least.fit()->message;
  EXPECT_TRUE(std::isfinite(least.fit()->log_likelihood));
  EXPECT_NEAR(least.parameters()[0] / days.parameters()[0], 1, 1e-4);
}

TEST(LtvFitting, InformationCriteriaAreTheDefinitions) {
  const LtvFit fit = *fitted(test::made_up_customers(), LtvModel::kBgNbd).fit();
  EXPECT_EQ(fit.aic, 8 - 2 * fit.log_likelihood);
  EXPECT_NEAR(fit.bic, 4 * std::log(400) - 2 * fit.log_likelihood, 1e-10);
  EXPECT_EQ(fit.rows, 400);
  EXPECT_EQ(fit.customers, 400);
  EXPECT_LE(fit.unique_rows, 400);
}

TEST(LtvFitting, ThreadsChunksAndTheOrderOfRowsReachNoBit) {
  std::vector<TestCustomer> customers = test::stretched_customers(200000);
  LtvFitOptions options = test::fit_options();
  const Ltv one = fitted(customers, LtvModel::kMbgNbd, options);
  options.threads = 4;
  std::shuffle(customers.begin(), customers.end(), std::mt19937_64(1));
  const Ltv four = fitted(customers, LtvModel::kMbgNbd, options);
  EXPECT_TRUE(one.fit()->converged()) << one.fit()->message;
  EXPECT_EQ(one.parameters(), four.parameters());
  EXPECT_EQ(one.fit()->log_likelihood, four.fit()->log_likelihood);
  EXPECT_EQ(one.fit()->covariance, four.fit()->covariance);
}

TEST(LtvFitting, AWeightIsThatManyCustomers) {
  std::vector<TestCustomer> customers = test::made_up_customers(), repeated;
  std::vector<double> x, t, T, w;
  for (size_t i = 0; i < customers.size(); ++i) {
    const TestCustomer& c = customers[i];
    x.push_back(c.x), t.push_back(c.t), T.push_back(c.T);
    w.push_back(static_cast<double>(1 + i % 3));
    for (size_t k = 0; k <= i % 3; ++k) repeated.push_back(c);
  }
  const Table weighted =
      *TableBuilder().doubles("x", x).doubles("t", t).doubles("T", T).doubles("w", w).finish();
  LtvFitOptions options = test::fit_options();
  options.columns.weight = "w";
  const Result<Ltv> by_weight = Ltv::fit(weighted, LtvModel::kBgNbd, options);
  ASSERT_TRUE(by_weight.ok());
  const Ltv by_rows = fitted(repeated, LtvModel::kBgNbd);
  EXPECT_EQ(by_weight->parameters(), by_rows.parameters());
  EXPECT_EQ(by_weight->fit()->bic, by_rows.fit()->bic);
}

TEST(LtvFitting, APenaltyPullsTowardsTheMeanTime) {
  LtvFitOptions options = test::fit_options();
  const std::vector<TestCustomer> customers = test::made_up_customers();
  const Ltv plain = fitted(customers, LtvModel::kBgNbd, options);
  options.penalty = 1e6;
  const Ltv strong = fitted(customers, LtvModel::kBgNbd, options);
  double mean = 0;
  for (const TestCustomer& c : customers) mean += c.T / 400;
  EXPECT_NEAR(strong.parameters()[0], 1, 1e-4);
  EXPECT_NEAR(strong.parameters()[1], mean, mean * 1e-4);
  options.penalty = 0.01;
  const Ltv gentle = fitted(customers, LtvModel::kBgNbd, options);
  EXPECT_TRUE(gentle.fit()->converged());
  EXPECT_LT(gentle.fit()->log_likelihood, plain.fit()->log_likelihood);
  double distance = 0;
  for (size_t i = 0; i < 4; ++i) {
    const double past = std::log(gentle.parameters()[i] / (i == 1 ? mean : 1));
    distance += past * past;
  }
  EXPECT_NEAR(gentle.fit()->penalty, 0.01 * 400 * distance, 1e-9);
  EXPECT_EQ(plain.fit()->penalty, 0);
}

/// Whatever else a fit is, it is not returned as an optimum.
void expect_not_converged(const Ltv& model, LtvVerdict verdict) {
  EXPECT_EQ(model.fit()->verdict, verdict) << model.fit()->message;
  EXPECT_EQ(model.fit()->message.substr(0, 14), "not an optimum") << model.fit()->message;
  for (const double c : model.fit()->covariance) EXPECT_TRUE(std::isnan(c));
  for (const double s : model.fit()->standard_errors) EXPECT_TRUE(std::isnan(s));
  for (size_t i = 0; i < ltv_parameter_names(model.model()).size(); ++i) {
    EXPECT_TRUE(std::isfinite(model.parameters()[i]) && model.parameters()[i] > 0);
  }
  EXPECT_TRUE(std::isfinite(model.fit()->log_likelihood));
}

TEST(LtvFitting, FewerDistinctCustomersThanParametersAreTooLittle) {
  const std::vector<TestCustomer> three{{2, 30, 38, 10}, {0, 0, 38, 0}, {1, 2, 30, 20}};
  for (const LtvModel model : {LtvModel::kBgNbd, LtvModel::kMbgNbd, LtvModel::kParetoNbd})
    expect_not_converged(fitted(three, model), LtvVerdict::kTooLittleData);
  const std::vector<TestCustomer> equal(1000, {2, 30, 38, 10});
  for (const LtvModel model : {LtvModel::kNbd, LtvModel::kBgNbd, LtvModel::kGammaGamma})
    expect_not_converged(fitted(equal, model), LtvVerdict::kTooLittleData);
}

TEST(LtvFitting, CustomersWhoDifferLessThanByChanceAreOnTheBoundary) {
  // Counts of 9, 10 and 11 in the same time: less spread than Poisson's.
  std::vector<TestCustomer> customers;
  customers.reserve(300);
  for (int i = 0; i < 300; ++i) customers.push_back({9.0 + i % 3, 30, 39, 10});
  const Ltv nbd = fitted(customers, LtvModel::kNbd);
  expect_not_converged(nbd, LtvVerdict::kBoundary);
  EXPECT_NE(nbd.fit()->message.find("all buy at the same rate"), std::string::npos)
      << nbd.fit()->message;
  LtvFitOptions options = test::fit_options();
  options.penalty = 0.001;
  EXPECT_TRUE(fitted(customers, LtvModel::kNbd, options).fit()->converged());
}

TEST(LtvFitting, WhereNobodyLeavesThereIsNoOptimumOfLeaving) {
  // All bought just now.
  std::vector<TestCustomer> customers;
  customers.reserve(300);
  for (int i = 0; i < 300; ++i) {
    const double T = 20 + i % 17;
    customers.push_back({1.0 + i * i % 11, T, T, 10});
  }
  for (const LtvModel model : {LtvModel::kBgNbd, LtvModel::kMbgNbd, LtvModel::kParetoNbd}) {
    const Ltv result = fitted(customers, model);
    EXPECT_FALSE(result.fit()->converged()) << ltv_model_name(model);
    EXPECT_EQ(result.fit()->message.substr(0, 14), "not an optimum") << result.fit()->message;
  }
}

TEST(LtvFitting, StopsAfterAsManyIterationsAsItMay) {
  LtvFitOptions options = test::fit_options();
  options.max_iterations = 1;
  expect_not_converged(fitted(test::made_up_customers(), LtvModel::kBgNbd, options),
                       LtvVerdict::kIterations);
}

TEST(LtvFitting, GammaGammaMayHaveNoMean) {
  // q = 0.8: means of one order are v g / h, with g ~ Gamma(p = 4), h ~ Gamma(q) by sums of
  // squares' kin: quantiles on a grid stand for draws.
  std::vector<TestCustomer> customers;
  customers.reserve(400);
  for (int i = 0; i < 400; ++i) {
    const double u = (i + 0.5) / 400;
    customers.push_back({1.0 + i % 2, 1, 2, 10 * std::pow(u / (1 - u), 1.25)});  // heavy tail
  }
  const Ltv result = fitted(customers, LtvModel::kGammaGamma);
  EXPECT_TRUE(result.fit()->converged()) << result.fit()->message;
  EXPECT_LT(result.parameters()[1], 1);
}

TEST(LtvFitting, BadRowsAreLeftOutAndListed) {
  std::vector<TestCustomer> customers = test::made_up_customers();
  const Ltv clean = fitted(customers, LtvModel::kBgNbd);
  customers.insert(customers.begin() + 5, {1, 50, 39, 10});    // recency above T
  customers.insert(customers.begin() + 9, {-1, 0, 39, 10});    // negative
  customers.insert(customers.begin() + 10, {1.5, 1, 39, 10});  // not whole
  customers.insert(customers.begin() + 20, {0, 1, 39, 10});    // recency without purchase
  customers.push_back({1, std::nan(""), 39, 10});
  const Ltv result = fitted(customers, LtvModel::kBgNbd);
  EXPECT_EQ(result.parameters(), clean.parameters());
  EXPECT_EQ(result.fit()->rows, 405);
  EXPECT_EQ(result.fit()->excluded_rows, 5);
  ASSERT_EQ(result.excluded().rows(), 5);
  const auto* rows = static_cast<const int64_t*>(result.excluded().chunks(0)[0].values);
  EXPECT_EQ(std::vector<int64_t>(rows, rows + 5), (std::vector<int64_t>{5, 9, 10, 20, 404}));
  LtvFitOptions strict = test::fit_options();
  strict.refuse_bad_rows = false;
  const Status status = refused(customers, LtvModel::kBgNbd, strict);
  EXPECT_EQ(status.code(), Code::kArgument);
  EXPECT_EQ(status.row(), 5);
}

TEST(LtvFitting, GammaGammaLeavesOutWhoNeverCameBackWithoutCallingItBad) {
  LtvFitOptions strict = test::fit_options();
  strict.refuse_bad_rows = false;
  std::vector<TestCustomer> customers = test::made_up_customers();
  int64_t once = 0;
  for (const TestCustomer& c : customers) once += c.x == 0;
  EXPECT_EQ(fitted(customers, LtvModel::kGammaGamma, strict).fit()->excluded_rows, once);
  customers[0] = {2, 1, 3, 0};
  EXPECT_EQ(refused(customers, LtvModel::kGammaGamma, strict).code(), Code::kArgument);
  EXPECT_EQ(refused(customers, LtvModel::kGammaGamma, strict).row(), 0);
}

TEST(LtvFitting, NothingToFitIsSaid) {
  EXPECT_EQ(refused({}, LtvModel::kBgNbd).code(), Code::kEmpty);
  const std::vector<TestCustomer> once(50, {0, 0, 39, 0});
  for (const LtvModel model :
       {LtvModel::kNbd, LtvModel::kBgNbd, LtvModel::kMbgNbd, LtvModel::kParetoNbd}) {
    const Status status = refused(once, model);
    EXPECT_EQ(status.code(), Code::kEmpty);
    EXPECT_NE(status.message().find("nobody has a repeat purchase"), std::string::npos);
  }
  const Status spend = refused(once, LtvModel::kGammaGamma);
  EXPECT_EQ(spend.code(), Code::kEmpty);
  EXPECT_NE(spend.message().find("no row of 50 can be used"), std::string::npos) << spend.message();
  const Status bad = refused({{1, 5, 3, 0}}, LtvModel::kBgNbd);
  EXPECT_EQ(bad.code(), Code::kEmpty);
  EXPECT_EQ(bad.row(), 0);
}

TEST(LtvFitting, OptionsOutsideTheirDomainAreRefused) {
  const std::vector<TestCustomer> customers = test::made_up_customers();
  const auto message = [&](auto change) {
    LtvFitOptions options = test::fit_options();
    change(&options);
    const Status status = refused(customers, LtvModel::kBgNbd, options);
    EXPECT_EQ(status.code(), Code::kArgument);
    return status.message();
  };
  EXPECT_EQ(message([](auto* o) { o->threads = -1; }),
            "threads is -1; give a number above zero, or 0 for one for each core");
  EXPECT_EQ(message([](auto* o) { o->max_iterations = 0; }),
            "max_iterations is 0; it must be at least 1");
  EXPECT_EQ(message([](auto* o) { o->penalty = -1; }).substr(0, 13), "penalty is -1");
  EXPECT_EQ(message([](auto* o) { o->penalty = std::nan(""); }).substr(0, 14), "penalty is nan");
  EXPECT_EQ(message([](auto* o) { o->unit = static_cast<LtvUnit>(9); }),
            "unit: 9 is none; want 0 (hour) to 5 (year)");
  EXPECT_EQ(message([](auto* o) { o->columns.recency = ""; }),
            "columns.recency: bg_nbd reads it; name the column");
  EXPECT_EQ(Ltv::fit(test::table_of(customers), static_cast<LtvModel>(99), test::fit_options())
                .status()
                .message(),
            "model: 99 is none; want 0 to 7");
}

TEST(LtvFitting, ProgressRisesToOneAndACallbackStopsIt) {
  LtvFitOptions options = test::fit_options();
  double last = -1;
  bool falls = false;
  options.control.progress = [&](double share) {
    falls |= share < last;
    last = share;
    return 0;
  };
  fitted(test::made_up_customers(), LtvModel::kBgNbd, options);
  EXPECT_FALSE(falls);
  EXPECT_EQ(last, 1);
  options.control.progress = [](double share) { return share > 0.3 ? 7 : 0; };
  const Status status = refused(test::made_up_customers(), LtvModel::kBgNbd, options);
  EXPECT_EQ(status.code(), Code::kCallback);
  CancelToken token;
  token.cancel();
  options.control = {&token, {}};
  EXPECT_EQ(refused(test::made_up_customers(), LtvModel::kBgNbd, options).code(), Code::kCancelled);
}

}  // namespace
}  // namespace patron
