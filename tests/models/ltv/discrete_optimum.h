// The maxima of the published tables by mpmath: tests/models/ltv/reference/discrete_optima.txt.
#pragma once

#include <gtest/gtest.h>

#include <string>
#include <vector>

#include "patron/ltv.h"
#include "tests/models/ltv/math/reference.h"

namespace patron::test {

/// The parameters there, and ln L.
inline std::vector<double> discrete_optimum(const std::string& name) {
  for (const ReferenceRow& row : reference_rows("discrete_optima.txt")) {
    if (row.name == name) return row.values;
  }
  ADD_FAILURE() << name << " is not in discrete_optima.txt";
  return std::vector<double>(kLtvParameters + 1);
}

/// The fit converged there: parameters to 1e-9, ln L to 1e-13.
inline void expect_optimum(const Result<Ltv>& model, const std::string& name) {
  ASSERT_TRUE(model.ok()) << model.status().message();
  EXPECT_TRUE(model->fit()->converged()) << model->fit()->message;
  const std::vector<double> best = discrete_optimum(name);
  const size_t n = ltv_parameter_names(model->model()).size();
  for (size_t i = 0; i < n; i++)
    EXPECT_NEAR(model->parameters()[i] / best[i], 1, 1e-9) << name << " " << i;
  EXPECT_NEAR(model->fit()->log_likelihood / best[n], 1, 1e-13) << name;
}

}  // namespace patron::test
