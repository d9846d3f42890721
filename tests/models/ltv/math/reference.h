// Reads the value files of tests/models/ltv/reference, which scripts beside them write with mpmath:
// lines of words, numbers in hexadecimal; and measures errors.
#pragma once

#include <gtest/gtest.h>

#include <cmath>
#include <cstdlib>
#include <fstream>
#include <limits>
#include <sstream>
#include <string>
#include <vector>

namespace patron::test {

struct ReferenceRow {
  std::string name;
  std::vector<double> values;
};

/// The rows of tests/models/ltv/reference/<file>; lines that begin with # are comments. The
/// environment variable PATRON_LTV_REFERENCE names another folder, with values drawn afresh.
inline std::vector<ReferenceRow> reference_rows(const std::string& file) {
  const char* folder = std::getenv("PATRON_LTV_REFERENCE");
  std::ifstream in((folder == nullptr ? "tests/models/ltv/reference" : folder) + ("/" + file));
  EXPECT_TRUE(in.good()) << "no file " << file;
  std::vector<ReferenceRow> rows;
  for (std::string line; std::getline(in, line);) {
    if (line.empty() || line[0] == '#') continue;
    std::istringstream words(line);
    ReferenceRow row;
    words >> row.name;
    for (std::string word; words >> word;) row.values.push_back(std::strtod(word.c_str(), nullptr));
    rows.push_back(row);
  }
  EXPECT_FALSE(rows.empty()) << file;
  return rows;
}

/// The distance to the next double away from zero.
inline double ulp_of(double x) {
  const double size = std::fabs(x);
  if (size == std::numeric_limits<double>::max()) return size - std::nextafter(size, 0.0);
  return std::nextafter(size, std::numeric_limits<double>::infinity()) - size;
}

/// |got - want| / |want|; 0 where they are equal, infinity where only one is a number.
inline double relative_error(double got, double want) {
  if (got == want || (std::isnan(got) && std::isnan(want))) return 0;
  const double error = std::fabs(got - want) / std::fabs(want);
  return std::isnan(error) ? std::numeric_limits<double>::infinity() : error;
}

/// How many times more cases a property test takes: the environment variable PATRON_CASES.
inline int cases(int usual) {
  const char* asked = std::getenv("PATRON_CASES");
  const double factor = asked == nullptr ? 1.0 : std::atof(asked);
  return std::max(1, static_cast<int>(usual * factor));
}

}  // namespace patron::test
