// Customers and columns for tests of the models of lifetime value.
#pragma once

#include <string>
#include <vector>

#include "tests/capi/world.h"

namespace patron::test {

using Numbers = std::vector<int64_t>;
using Texts = std::vector<std::string>;

/// Twelve customers, by weeks.
struct Customers {
  std::vector<double> frequency{0, 1, 2, 0, 4, 3, 0, 1, 7, 2, 0, 5};
  std::vector<double> recency{0, 9, 30.5, 0, 35.25, 12.5, 0, 2, 38, 21, 0, 30};
  std::vector<double> age{38, 38.5, 38.75, 30, 37, 36.5, 39, 33, 38.25, 31, 27.5, 34};
  std::vector<double> money{0, 22.5, 40, 0, 35.25, 18.75, 0, 61, 29.5, 44, 0, 33.25};
  std::vector<double> weight{1, 2, 1, 1, 1, 1, 1, 3, 1, 1, 1, 0.5};
  std::vector<int64_t> periods{1, 2, 3, 4, 4, 4, 1, 1, 2, 1, 1, 4};
  std::vector<uint8_t> ended{0b1111'1111, 0b0000'0001};
  Table table() const {
    patron_column churned = column("churned", PATRON_TYPE_BOOL, ended);
    churned.length = 12;
    return make_table({column("frequency", PATRON_TYPE_DOUBLE, frequency),
                       column("recency", PATRON_TYPE_DOUBLE, recency),
                       column("T", PATRON_TYPE_DOUBLE, age),
                       column("monetary", PATRON_TYPE_DOUBLE, money),
                       column("weight", PATRON_TYPE_DOUBLE, weight),
                       column("periods", PATRON_TYPE_INT64, periods), churned});
  }
};

/// Of CDNOW in weeks, as published: r, alpha, a, b.
inline const std::vector<double> kBgNbd{0.243, 4.414, 0.793, 2.426};

inline patron_ltv_columns purchase_columns() {
  patron_ltv_columns columns = PATRON_LTV_COLUMNS_INIT;
  columns.frequency = patron_str_of("frequency");
  columns.recency = patron_str_of("recency");
  columns.T = patron_str_of("T");
  columns.monetary = patron_str_of("monetary");
  return columns;
}

inline patron_ltv_customer customer(double frequency, double recency, double T) {
  patron_ltv_customer out = PATRON_LTV_CUSTOMER_INIT;
  out.frequency = frequency, out.recency = recency, out.T = T;
  return out;
}

}  // namespace patron::test
