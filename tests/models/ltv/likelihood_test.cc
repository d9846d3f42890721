#include "lib/models/ltv/likelihood.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <memory>
#include <string>
#include <vector>

#include "lib/models/ltv/math/elementary.h"
#include "lib/models/ltv/rows.h"
#include "tests/models/ltv/math/reference.h"

namespace patron::internal::ltv {
namespace {

struct Case {
  LtvModel model;
  int columns;  ///< that the model reads
};
const std::vector<Case> kCases{{LtvModel::kNbd, 2},
                               {LtvModel::kBgNbd, 3},
                               {LtvModel::kMbgNbd, 3},
                               {LtvModel::kParetoNbd, 3},
                               {LtvModel::kGammaGamma, 2}};

/// One customer of a value file.
struct Sample {
  LtvParameters log_parameters{};
  UniqueRows row;
  double value = 0, condition = 0;
  std::string text;
};

std::vector<Sample> samples_of(const Case& c) {
  const std::string name(ltv_model_name(c.model));
  const auto n = ltv_parameter_names(c.model).size();
  std::vector<Sample> samples;
  for (const test::ReferenceRow& line : test::reference_rows("likelihood_" + name + ".txt")) {
    Sample sample;
    size_t at = 0;
    for (size_t i = 0; i < n; ++i) sample.log_parameters[i] = log(line.values[at++]);
    WeightedRow row;
    row.first = line.values[at++];
    row.second = line.values[at++];
    if (c.columns == 3) row.third = line.values[at++];
    sample.row = unique_rows({row});
    sample.value = line.values[at++];
    sample.condition = line.values[at];
    sample.text = name;
    for (const double value : line.values) sample.text += " " + std::to_string(value);
    samples.push_back(std::move(sample));
  }
  return samples;
}

Derivatives at(LtvModel model, const UniqueRows& rows, const LtvParameters& log_parameters) {
  const std::unique_ptr<LogLikelihood> likelihood = make_likelihood(model, rows);
  likelihood->set_parameters(log_parameters);
  return likelihood->block(0, rows.size());
}

// The parameters go in as logarithms, so they are off by an ulp or so of the logarithm, up to 14,
// which the condition multiplies: 16 ulp of it beside 1e-12 of the value.
TEST(Likelihood, AgreesWithMpmathOverTwelveDecades) {
  for (const Case& c : kCases) {
    double worst = 0;
    for (const Sample& sample : samples_of(c)) {
      const double got = at(c.model, sample.row, sample.log_parameters).value;
      const double allowed = 1e-12 * std::abs(sample.value) + 16 * 0x1p-52 * sample.condition;
      EXPECT_LE(std::abs(got - sample.value), allowed)
          << sample.text << " got " << got << " want " << sample.value;
      worst = std::max(worst, std::abs(got - sample.value) / allowed);
    }
    RecordProperty(std::string(ltv_model_name(c.model)), std::to_string(worst));
  }
}

/// (f(+h) - f(-h)) / 2h, Richardson's way.
template <typename F>
double slope(const F& f, double h) {
  return (8 * (f(h) - f(-h)) - (f(2 * h) - f(-2 * h))) / (12 * h);
}

/// The smallest error over steps of several sizes: what is wrong is wrong at each of them.
template <typename F>
double slope_error(const F& f, double want) {
  double least = std::numeric_limits<double>::infinity();
  double h = 3e-2;
  for (int i = 0; i < 10; i++, h /= 5) least = std::min(least, std::abs(slope(f, h) - want));
  return least;
}

TEST(Likelihood, GradientsAreTheSlopesOfTheValue) {
  for (const Case& c : kCases) {
    const int n = static_cast<int>(ltv_parameter_names(c.model).size());
    const std::vector<Sample> samples = samples_of(c);
    for (size_t k = 0; k < samples.size(); k += 4) {
      const Sample& sample = samples[k];
      const Derivatives d = at(c.model, sample.row, sample.log_parameters);
      for (int i = 0; i < n; ++i) {
        const auto f = [&](double h) {
          LtvParameters moved = sample.log_parameters;
          moved[static_cast<size_t>(i)] += h;
          return at(c.model, sample.row, moved).value;
        };
        // Terms of size 1 may cancel: 5e-6 allows for their rounding.
        const double scale = sample.condition + std::abs(sample.value) + 5e-6;
        EXPECT_LE(slope_error(f, d.gradient[static_cast<size_t>(i)]), 2e-8 * scale)
            << sample.text << " parameter " << i << " " << d.gradient[static_cast<size_t>(i)];
      }
    }
  }
}

TEST(Likelihood, HessiansAreTheSlopesOfTheGradient) {
  for (const Case& c : kCases) {
    const int n = static_cast<int>(ltv_parameter_names(c.model).size());
    const std::vector<Sample> samples = samples_of(c);
    for (size_t k = 1; k < samples.size(); k += 4) {
      const Sample& sample = samples[k];
      const Derivatives d = at(c.model, sample.row, sample.log_parameters);
      // Terms as large as the parameters may cancel: the last summand allows for their rounding.
      double scale = sample.condition + std::abs(sample.value) + 5e-6;
      for (const double theta : sample.log_parameters) scale += 5e-9 * exp(theta);
      for (const double h : d.hessian) scale = std::max(scale, std::abs(h));
      for (int i = 0; i < n; ++i) {
        for (int j = 0; j <= i; ++j) {
          const auto f = [&](double h) {
            LtvParameters moved = sample.log_parameters;
            moved[static_cast<size_t>(j)] += h;
            return at(c.model, sample.row, moved).gradient[static_cast<size_t>(i)];
          };
          EXPECT_LE(slope_error(f, d.at(i, j)), 2e-8 * scale)
              << sample.text << " entry " << i << " " << j << " is " << d.at(i, j);
        }
      }
    }
  }
}

TEST(Likelihood, IsFiniteAtTheEdgesOfItsDomain) {
  const std::vector<double> logs{-34, -3, 0, 3, 34};
  const std::vector<WeightedRow> histories{
      {0, 0, 0},         {0, 0, 1e-100}, {0, 0, 1e100},    {1, 1e-100, 1e-99},
      {1, 1e100, 1e100}, {1e6, 1, 1},    {1e6, 1e-9, 1e9}, {9007199254740992, 1, 2}};
  const std::vector<WeightedRow> spends{{1, 1e-100, 0}, {1, 1e100, 0}, {1e6, 35, 0}};
  const std::vector<WeightedRow> counts{
      {0, 0, 0}, {0, 1e100, 0}, {1e6, 1e-100, 0}, {1e6, 1e100, 0}};
  for (const Case& c : kCases) {
    const auto& rows = c.columns == 3                     ? histories
                       : c.model == LtvModel::kGammaGamma ? spends
                                                          : counts;
    for (const WeightedRow& row : rows) {
      const UniqueRows unique = unique_rows({row});
      for (int k = 0; k < 625; ++k) {
        const LtvParameters theta{logs[k % 5], logs[k / 5 % 5], logs[k / 25 % 5], logs[k / 125]};
        const Derivatives d = at(c.model, unique, theta);
        bool finite = std::isfinite(d.value);
        for (const double g : d.gradient) finite &= std::isfinite(g);
        for (const double h : d.hessian) finite &= std::isfinite(h);
        ASSERT_TRUE(finite) << ltv_model_name(c.model) << " " << row.first << " " << row.second
                            << " " << row.third << " at " << theta[0] << " " << theta[1] << " "
                            << theta[2] << " " << theta[3] << ": " << d.value;
      }
    }
  }
}

// Published: BG/NBD of one customer, (0, 0) and (200, 38) in T = 40 at (0.25, 4, 0.8, 2.5):
// Hardie's note 027, as a test of PyMC-Marketing has it, to 5 decimals.
TEST(Likelihood, OfTheBgNbdIsThePublishedOne) {
  const LtvParameters theta{log(0.25), log(4.0), log(0.8), log(2.5)};
  EXPECT_NEAR(at(LtvModel::kBgNbd, unique_rows({{0, 0, 40}}), theta).value, -0.59947382, 5e-6);
  EXPECT_NEAR(at(LtvModel::kBgNbd, unique_rows({{200, 38, 40}}), theta).value, 100.7957, 5e-5);
}

TEST(Likelihood, OfManyRowsIsTheWeightedSumWhateverTheBlocks) {
  for (const Case& c : kCases) {
    std::vector<WeightedRow> rows;
    LtvParameters theta{-0.5, 0.7, -0.2, 0.4};
    double sum = 0;
    for (int i = 0; i < 300; ++i) {
      WeightedRow row{static_cast<double>(i % 7), 0, 0, 1.0 + i % 3};
      if (c.columns == 3) row = {row.first, i % 7 == 0 ? 0 : 0.01 * i, 3.0 + 0.01 * i, row.weight};
      if (c.columns == 2) row.second = 1 + 0.01 * i;
      if (c.model == LtvModel::kGammaGamma) row.first += 1;
      sum +=
          row.weight * at(c.model, unique_rows({{row.first, row.second, row.third}}), theta).value;
      rows.push_back(row);
    }
    const UniqueRows unique = unique_rows(rows);
    const std::unique_ptr<LogLikelihood> likelihood = make_likelihood(c.model, unique);
    likelihood->set_parameters(theta);
    EXPECT_NEAR(likelihood->block(0, unique.size()).value / sum, 1, 1e-13);
    Derivatives parts = likelihood->block(0, 101);
    parts += likelihood->block(101, unique.size());
    EXPECT_NEAR(parts.value / sum, 1, 1e-13);
    EXPECT_NEAR(parts.at(1, 0) / likelihood->block(0, unique.size()).at(1, 0), 1, 1e-12);
  }
}

}  // namespace
}  // namespace patron::internal::ltv
