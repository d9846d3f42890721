// Rows of tests/models/ltv/reference/predictions.py, which says how they were made.
#pragma once

#include <cstdint>
#include <cstdlib>
#include <fstream>
#include <limits>
#include <sstream>
#include <string>
#include <vector>

namespace patron_test {

/// A number as the script writes it: decimal, nan, inf, or hexadecimal without "0x".
inline double reference_number(const std::string& text) {
  if (text == "nan") return std::numeric_limits<double>::quiet_NaN();
  if (text == "inf") return std::numeric_limits<double>::infinity();
  return std::strtod(text.find('p') == std::string::npos ? text.c_str() : ("0x" + text).c_str(),
                     nullptr);
}

struct ReferenceRow {
  std::string quantity, text;
  std::vector<double> numbers;  ///< of the query, the customer, the parameters
  double value = 0, condition = 0;
};

/// The rows of a file; none where it is absent.
inline std::vector<ReferenceRow> reference_rows(const std::string& path) {
  std::vector<ReferenceRow> rows;
  std::ifstream file(path);
  for (std::string line; std::getline(file, line);) {
    std::istringstream words(line);
    ReferenceRow row;
    row.text = line;
    words >> row.quantity;
    std::vector<std::string> fields;
    for (std::string word; words >> word;) fields.push_back(word);
    row.condition = std::strtod(fields.back().c_str(), nullptr);
    row.value = reference_number(fields[fields.size() - 2]);
    for (size_t i = 0; i + 2 < fields.size(); ++i)
      row.numbers.push_back(reference_number(fields[i]));
    rows.push_back(row);
  }
  return rows;
}

}  // namespace patron_test
