// Customers for tests of fits: 400 made-up ones, the same as in
// tests/models/ltv/reference/optima.py, and those of the CDNOW sample where the optional folder
// ../shared/data has them.
#pragma once

#include <cstdint>
#include <fstream>
#include <map>
#include <set>
#include <sstream>
#include <string>
#include <vector>

#include "patron/ltv.h"

namespace patron::test {

struct TestCustomer {
  double x = 0, t = 0, T = 0, m = 0;
};

inline Table table_of(const std::vector<TestCustomer>& customers) {
  std::vector<double> x, t, T, m;
  for (const TestCustomer& c : customers) {
    x.push_back(c.x);
    t.push_back(c.t);
    T.push_back(c.T);
    m.push_back(c.m);
  }
  return *TableBuilder().doubles("x", x).doubles("t", t).doubles("T", T).doubles("m", m).finish();
}

inline LtvFitOptions fit_options() {
  LtvFitOptions options;
  options.columns = {.frequency = "x", .recency = "t", .T = "T", .monetary = "m"};
  return options;
}

/// Steele, Lea and Flood 2014.
inline uint64_t split_mix(uint64_t state) {
  uint64_t z = state * 0x9E3779B97F4A7C15U;
  z = (z ^ z >> 30) * 0xBF58476D1CE4E5B9U;
  z = (z ^ z >> 27) * 0x94D049BB133111EBU;
  return z ^ z >> 31;
}

inline std::vector<TestCustomer> made_up_customers() {
  constexpr uint64_t kLeaves[] = {0, 8, 32, 96, 160, 240};
  std::vector<TestCustomer> customers;
  for (uint64_t i = 0; i < 400; ++i) {
    const uint64_t a = split_mix(4 * i + 1), b = split_mix(4 * i + 2), d = split_mix(4 * i + 4);
    const uint64_t end = 200 + a % 200, gap = 4U << b % 6;
    const uint64_t leaves = kLeaves[(b >> 8) % 6], stream = 1000000 + 1000 * i;
    uint64_t x = 0, time = 0, last = 0;
    while (split_mix(stream + 2 * x + 1) % 256 >= leaves && x < 400) {
      time += 1 + split_mix(stream + 2 * x) % (2 * gap);
      if (time > end) break;
      ++x;
      last = time;
    }
    TestCustomer customer;
    customer.x = static_cast<double>(x);
    customer.t = static_cast<double>(last) / 8;
    customer.T = static_cast<double>(end) / 8;
    customer.m = static_cast<double>(64 + d % 1024 + (d >> 20) % 1024 * ((d >> 40) % 3)) / 64;
    customers.push_back(customer);
  }
  return customers;
}

/// The made-up customers again and again, each time in another clock: nearly all distinct.
inline std::vector<TestCustomer> stretched_customers(size_t count) {
  const std::vector<TestCustomer> models = made_up_customers();
  std::vector<TestCustomer> customers;
  for (size_t i = 0; i < count; ++i) {
    TestCustomer c = models[i % models.size()];
    const double stretch = 0.8 + 0.4 * static_cast<double>(split_mix(i) >> 11) / 0x1p53;
    c.t *= stretch;
    c.T *= stretch;
    customers.push_back(c);
  }
  return customers;
}

/// Days since 1970-01-01 of "1997-01-31": Hinnant's days_from_civil.
inline int64_t day_of(const std::string& date) {
  int64_t y = std::stoll(date.substr(0, 4));
  const int64_t m = std::stoll(date.substr(5, 2)), d = std::stoll(date.substr(8, 2));
  y -= m <= 2;
  const int64_t era = y / 400, yoe = y - era * 400;
  const int64_t doy = (153 * (m + (m > 2 ? -3 : 9)) + 2) / 5 + d - 1;
  return era * 146097 + yoe * 365 + yoe / 4 - yoe / 100 + doy - 719468;
}

/// The 2,357 customers of the CDNOW sample in the 39 weeks to 1997-09-30, one order a day, in
/// weeks; money is the mean of repeat days. Empty where the folder is absent.
inline std::vector<TestCustomer> cdnow_customers() {
  const std::string folder = "../shared/data/cdnow/";
  std::ifstream sample(folder + "sample_customers.csv"), orders(folder + "orders.csv");
  if (!sample || !orders) return {};
  std::string line;
  std::set<std::string> chosen;
  std::getline(sample, line);
  while (std::getline(sample, line)) chosen.insert(line);
  std::map<std::string, std::map<int64_t, int64_t>> cents;  // of each customer and day
  std::getline(orders, line);
  const int64_t end = day_of("1997-09-30");
  while (std::getline(orders, line)) {
    std::istringstream fields(line);
    std::string customer, date, quantity, amount;
    std::getline(fields, customer, ',');
    std::getline(fields, date, ',');
    std::getline(fields, quantity, ',');
    std::getline(fields, amount, ',');
    if (chosen.count(customer) == 0 || day_of(date) > end) continue;
    const auto value = static_cast<int64_t>(std::stod(amount) * 100 + 0.5);
    cents[customer][day_of(date)] += value;
  }
  std::vector<TestCustomer> customers;
  for (const auto& [customer, days] : cents) {
    TestCustomer c;
    const int64_t first = days.begin()->first;
    c.x = static_cast<double>(days.size() - 1);
    c.t = static_cast<double>(days.rbegin()->first - first) / 7;
    c.T = static_cast<double>(end - first) / 7;
    int64_t sum = -days.begin()->second;
    for (const auto& [day, value] : days) sum += value;
    c.m = c.x > 0 ? static_cast<double>(sum) / 100 / c.x : 0;
    customers.push_back(c);
  }
  return customers;
}

}  // namespace patron::test
