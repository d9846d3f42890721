// A population for tests of calibrations: orders, answers and policies over them, and profiles that
// can be asked for one value.
#pragma once

#include <gtest/gtest.h>

#include <cmath>
#include <map>
#include <optional>
#include <random>
#include <string>
#include <string_view>
#include <vector>

#include "patron/engine.h"
#include "tests/base/expect_ok.h"
#include "tests/base/instant.h"

namespace patron::population {

using test::at;
using test::expect_ok;

struct Sale {
  int64_t customer;
  Micros time;
  double amount;
};

struct Answer {
  int64_t customer;
  Micros time;
  int64_t score;
};

inline Policy policy(const std::string& text) {
  CheckedPolicy checked = Policy::check(text);
  for (const PolicyFinding& finding : checked.findings) {
    EXPECT_NE(finding.severity, Severity::kError) << finding.pointer << ": " << finding.message;
  }
  return checked.policy.value();
}

/// A policy over orders and surveys with these parts.
inline Policy shop(const std::string& parts) {
  return policy(R"({"patron": 1, "name": "shop", "timezone": "Europe/Berlin",
    "money": {"currency": "EUR", "scale": 2}, "customer": {"id": "int64"},
    "streams": {"orders": {}, "surveys": {}, "interactions": {}},
    "attributes": {"consent": {"type": "int64"}, "need": {"type": "double"}}, )" +
                parts + "}");
}

inline Table table_of(const std::vector<Sale>& rows) {
  std::vector<int64_t> customers, times;
  std::vector<double> amounts;
  for (const Sale& row : rows) {
    customers.push_back(row.customer), times.push_back(row.time), amounts.push_back(row.amount);
  }
  TableBuilder builder;
  builder.int64("customer", customers).timestamps("time", times, "UTC");
  return *builder.doubles("amount", amounts).finish();
}

inline Table table_of(const std::vector<Answer>& rows) {
  std::vector<int64_t> customers, times, scores;
  std::vector<std::string> kinds;
  for (const Answer& row : rows) {
    customers.push_back(row.customer), times.push_back(row.time), scores.push_back(row.score);
    kinds.emplace_back("nps");
  }
  TableBuilder builder;
  builder.int64("customer", customers).timestamps("time", times, "UTC");
  return *builder.int64("score", scores).strings("kind", kinds).finish();
}

/// Customers who come on different days, buy at their own pace for amounts of their own, and may
/// stop; every twentieth row is a refund.
inline std::vector<Sale> random_sales(uint64_t seed, int64_t customers, Micros from, int days) {
  std::mt19937_64 random(seed);
  const auto uniform = [&] { return static_cast<double>(random() >> 11) * 0x1p-53; };
  std::vector<Sale> out;
  for (int64_t c = 0; c < customers; ++c) {
    double day = uniform() * days * 0.4;
    const double pace = 8 + 80 * uniform(), size = 5 + 60 * uniform(),
                 stops = 0.05 + 0.3 * uniform();
    while (day < days) {
      const auto minutes = static_cast<int64_t>(day * 1440);
      const double amount = std::floor(size * (0.5 + uniform()) * 100) / 100;
      const bool refund = random() % 20 == 0;
      out.push_back({c, from + minutes * 60 * kMicrosPerSecond, refund ? -amount / 2 : amount});
      if (uniform() < stops) break;
      day += 0.3 - pace * std::log(1 - uniform());
    }
  }
  return out;
}

/// A table by customer's id and column: cells as text, "null" where there is none.
class Cells {
 public:
  explicit Cells(const Table& table) : table_(table) {
    const auto* ids = static_cast<const int64_t*>(table.chunks(0)[0].values);
    for (int64_t row = 0; row < table.rows(); ++row) rows_[ids[row]] = row;
  }
  size_t size() const { return rows_.size(); }
  const std::map<int64_t, int64_t>& rows() const { return rows_; }

  std::optional<double> number(int64_t customer, std::string_view column) const {
    const int index = table_.find(column);
    EXPECT_GE(index, 0) << column;
    const Chunk& chunk = table_.chunks(index)[0];
    const int64_t row = rows_.at(customer);
    if (!chunk.valid(row)) return std::nullopt;
    switch (table_.field(index).type.type) {
      case Type::kDouble:
        return static_cast<const double*>(chunk.values)[row];
      case Type::kInt8:
        return static_cast<const int8_t*>(chunk.values)[row];
      case Type::kBool:
        return static_cast<const uint8_t*>(chunk.values)[row / 8] >> row % 8 & 1;
      case Type::kDecimal128:  // in minor units
        return static_cast<double>(static_cast<const int64_t*>(chunk.values)[2 * row]);
      default:
        return static_cast<double>(static_cast<const int64_t*>(chunk.values)[row]);
    }
  }
  std::string text(int64_t customer, std::string_view column) const {
    const int index = table_.find(column);
    EXPECT_GE(index, 0) << column;
    const Chunk& chunk = table_.chunks(index)[0];
    const int64_t row = rows_.at(customer);
    if (!chunk.valid(row)) return "null";
    const bool dictionary = table_.field(index).type.type == Type::kDictionary;
    const Chunk& texts = dictionary ? *chunk.dictionary : chunk;
    const int64_t place = dictionary ? static_cast<const int8_t*>(chunk.values)[row] : row;
    const auto* bytes = reinterpret_cast<const char*>(texts.bytes);
    if (table_.field(index).type.type == Type::kLargeString) {
      const auto* ends = static_cast<const int64_t*>(texts.offsets);
      return {bytes + ends[place], bytes + ends[place + 1]};
    }
    const auto* ends = static_cast<const int32_t*>(texts.offsets);
    return {bytes + ends[place], bytes + ends[place + 1]};
  }

 private:
  Table table_;
  std::map<int64_t, int64_t> rows_;
};

inline std::vector<std::string> said(const std::vector<Transition>& moves) {
  std::vector<std::string> out;
  for (const Transition& t : moves) {
    out.push_back(std::to_string(t.customer.number) + " " + std::string(t.classification) + ": " +
                  std::string(t.from) + " -> " + std::string(t.to) + " at " + format_time(t.at) +
                  ", " + std::string(cause_name(t.cause)) + " " + std::to_string(t.calibration));
  }
  return out;
}

}  // namespace patron::population
