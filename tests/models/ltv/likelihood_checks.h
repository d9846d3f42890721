// What the tests of discrete likelihoods share: rows by hand, values, derivatives by differences.
#pragma once

#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <limits>
#include <memory>
#include <vector>

#include "lib/models/ltv/likelihood.h"
#include "lib/models/ltv/math/elementary.h"

namespace patron::internal::ltv {

struct TestRow {
  double first = 0, second = 0, third = 0, weight = 1;
};

inline UniqueRows rows_of(const std::vector<TestRow>& rows) {
  UniqueRows unique;
  for (const TestRow& row : rows) {
    unique.first.push_back(row.first);
    unique.second.push_back(row.second);
    unique.third.push_back(row.third);
    unique.weight.push_back(row.weight);
    unique.total_weight += row.weight;
  }
  return unique;
}

using MakeLikelihood = std::unique_ptr<LogLikelihood> (*)(const UniqueRows&);

inline Derivatives derivatives_at(MakeLikelihood make, const UniqueRows& rows,
                                  const LtvParameters& log_parameters) {
  const std::unique_ptr<LogLikelihood> likelihood = make(rows);
  likelihood->set_parameters(log_parameters);
  return likelihood->block(0, rows.size());
}

inline LtvParameters logs_of(std::initializer_list<double> parameters) {
  LtvParameters logs{};
  size_t i = 0;
  for (const double value : parameters) logs[i++] = log(value);
  return logs;
}

/// |want - the slope of f at 0|, the least over steps of several sizes (fourth order).
template <typename F>
double slope_error(const F& f, double want) {
  double least = std::numeric_limits<double>::infinity();
  double h = 3e-2;
  for (int i = 0; i < 8; i++, h /= 5) {
    const double slope = (8 * (f(h) - f(-h)) - (f(2 * h) - f(-2 * h))) / (12 * h);
    least = std::min(least, std::fabs(slope - want));
  }
  return least;
}

/// The gradient is the slope of the value and the Hessian that of the gradient, to `relative` of
/// the largest of what is differenced.
inline void expect_derivatives_fit(MakeLikelihood make, const UniqueRows& rows,
                                   const LtvParameters& at, double relative) {
  const Derivatives d = derivatives_at(make, rows, at);
  const int n = make(rows)->parameters();
  const auto moved = [&](int i, double h) {
    LtvParameters there = at;
    there[static_cast<size_t>(i)] += h;
    return derivatives_at(make, rows, there);
  };
  double size = std::fabs(d.value);
  for (const double g : d.gradient) size = std::max(size, std::fabs(g));
  for (const double h : d.hessian) size = std::max(size, std::fabs(h));
  for (int i = 0; i < n; i++) {
    EXPECT_LE(slope_error([&](double h) { return moved(i, h).value; },
                          d.gradient[static_cast<size_t>(i)]),
              relative * size)
        << "gradient " << i << " at " << at[0] << " " << at[1] << " " << at[2] << " " << at[3];
    for (int j = 0; j <= i; j++) {
      const auto gradient = [&](double h) { return moved(j, h).gradient[static_cast<size_t>(i)]; };
      EXPECT_LE(slope_error(gradient, d.at(i, j)), relative * size)
          << "Hessian " << i << " " << j << " at " << at[0] << " " << at[1] << " " << at[2] << " "
          << at[3];
    }
  }
}

inline bool all_finite(const Derivatives& d) {
  bool finite = std::isfinite(d.value);
  for (const double g : d.gradient) finite &= std::isfinite(g);
  for (const double h : d.hessian) finite &= std::isfinite(h);
  return finite;
}

}  // namespace patron::internal::ltv
