// Historic value on random orders: the definition, in 113-bit floating point, and what may not
// change the result; and what it refuses.
#include "patron/ltv_historic.h"

#include <gtest/gtest.h>

#include <cmath>
#include <map>
#include <random>
#include <string>
#include <vector>

#include "tests/models/ltv/summary/summary_oracle.h"

namespace patron {
namespace {

using test::Id;
using test::lines;
using test::Lines;
using test::OrderLine;
using test::OrderLog;

LtvHistoricOptions options_of(const OrderLog& log) {
  test::Random random(log.seed + 5);
  LtvHistoricOptions o;
  o.customer = "customer", o.time = "time", o.amount = "amount";
  o.order = log.options.order;
  if (random.one_in(2)) o.margin = "amount";
  o.as_of = log.options.as_of;
  o.rate_per_year = random.one_of({0.0, 0.0, 0.08, -0.02, 0.5});
  o.refunds = log.options.refunds, o.zero = log.options.zero;
  o.timezone = log.options.timezone, o.scale = log.options.scale;
  return o;
}

/// What one customer's rows come to.
struct Person {
  internal::Int128 revenue = 0;
  long double at = 0;
  long double size = 0;  ///< sum of the magnitudes of what `at` adds up
  int64_t orders = 0;
  std::optional<Micros> first, last;
};

Person value(const std::vector<OrderLine>& rows, const LtvHistoricOptions& o, Micros as_of) {
  Person person;
  std::map<Id, std::vector<OrderLine>> orders;
  for (size_t i = 0; i < rows.size(); i++)
    orders[o.order ? rows[i].order : Id(static_cast<int64_t>(i))].push_back(rows[i]);
  for (const auto& [name, mine] : orders) {
    std::optional<Micros> time;
    bool positive = false;
    for (const OrderLine& line : mine) {
      if (line.minor < 0) continue;
      time = time ? std::min(*time, line.time) : line.time;
      positive |= line.minor > 0;
    }
    for (const OrderLine& line : mine) {
      if (line.minor < 0 && o.refunds == Refunds::kIgnore) continue;
      const bool own = line.minor < 0 && (!time || o.refunds == Refunds::kOwnTime);
      const long double years =
          static_cast<long double>(as_of - (own ? line.time : *time)) / 31'556'952e6L;
      const long double part = static_cast<long double>(line.minor) *
                               std::pow(1 + static_cast<long double>(o.rate_per_year), years);
      person.revenue += line.minor;
      person.at += part;
      person.size += std::fabs(part) * (1 + std::fabs(years));
    }
    if (!time || (!positive && o.zero != ZeroAmounts::kCount)) continue;
    person.orders++;
    person.first = person.first ? std::min(*person.first, *time) : *time;
    person.last = person.last ? std::max(*person.last, *time) : *time;
  }
  return person;
}

std::string check(const OrderLog& log) {
  const LtvHistoricOptions o = options_of(log);
  const Result<LtvHistoricResult> found = ltv_historic(to_table(log), o);
  std::map<Id, std::vector<OrderLine>> customers;
  for (const OrderLine& line : log.lines) {
    if (!line.defect && (!o.as_of || line.time <= *o.as_of))
      customers[line.customer].push_back(line);
  }
  if (!found.ok()) {
    if (customers.empty() || found.status().code() == Code::kOverflow) return {};
    return found.status().message();
  }
  const Lines exact =
      lines(found->table, {"customer", "first_order", "last_order", "orders", "revenue"});
  const Lines years = lines(found->table, {"years"}),
              annual = lines(found->table, {"annual_spend"});
  const Lines at = lines(found->table, {"revenue_at_as_of"});
  if (o.margin && (lines(found->table, {"margin", "margin_at_as_of"}) !=
                   lines(found->table, {"revenue", "revenue_at_as_of"})))
    return "a margin that is the amount differs from the revenue";
  if (exact.size() != customers.size()) return "another number of customers";
  size_t row = 0;
  for (const auto& [id, mine] : customers) {
    const Person p = value(mine, o, found->as_of);
    const auto known = [&](const std::optional<Micros>& t) {
      return t ? std::to_string(*t) : std::string("null");
    };
    const std::string revenue = std::to_string(static_cast<int64_t>(p.revenue)) + "e-" +
                                std::to_string(o.scale);  // strtod rounds correctly
    const std::string expected = test::id_text(id) + ' ' + known(p.first) + ' ' + known(p.last) +
                                 ' ' + std::to_string(p.orders) + ' ' +
                                 test::number_line(std::strtod(revenue.c_str(), nullptr));
    if (expected != exact[row]) return "expected " + expected + ", found " + exact[row];
    const double unit = std::pow(10.0, o.scale);
    const double got = std::strtod(at[row].c_str(), nullptr);
    if (std::fabs(got - static_cast<double>(p.at / unit)) >
        4e-16 * static_cast<double>(p.size / unit))
      return "with interest: expected " + test::number_line(static_cast<double>(p.at / unit)) +
             ", found " + at[row];
    const double length =
        p.first ? static_cast<double>(static_cast<test::Quad>(found->as_of - *p.first) /
                                      static_cast<test::Quad>(31'556'952'000'000))
                : 0;
    const std::string wanted = p.first ? test::number_line(length) : "null";
    if (years[row] != wanted) return "years: expected " + wanted + ", found " + years[row];
    const std::string spend =
        length > 0 ? test::number_line(std::strtod(revenue.c_str(), nullptr) / length) : "null";
    if (annual[row] != spend) return "annual: expected " + spend + ", found " + annual[row];
    row++;
  }
  return {};
}

TEST(LtvHistoric, EveryColumnIsWhatTheDefinitionSays) { test::check_random_logs(600, 1, check); }

TEST(LtvHistoric, ManyRowsInManyPartitionsAreWhatTheDefinitionSays) {
  for (uint64_t seed = 5000; seed < 5003; seed++)
    ASSERT_EQ(check(test::LogMaker(seed, 70'000).make()), "") << seed;
}

Lines everything(const OrderLog& log, const LtvHistoricOptions& options) {
  const Result<LtvHistoricResult> result = ltv_historic(to_table(log), options);
  if (!result.ok()) return {code_name(result.status().code()), result.status().message()};
  Lines all = lines(result->table);
  for (const std::string& line : lines(result->refused)) all.push_back(line);
  for (const int64_t count : {result->rows, result->refused_rows, result->rounded_rows,
                              result->waiting_rows, result->zero_rows, result->refund_rows})
    all.push_back(std::to_string(count));
  return all;
}

TEST(LtvHistoric, NeitherThreadsNorTheOrderOfRowsChangeTheResult) {
  test::check_random_logs(100, 10'000, [](const OrderLog& log) {
    LtvHistoricOptions options = options_of(log);
    OrderLog other = log;
    std::erase_if(other.lines, [](const OrderLine& line) { return line.defect.has_value(); });
    const Lines expected = everything(other, options);
    std::mt19937_64 random(log.seed);
    std::shuffle(other.lines.begin(), other.lines.end(), random);
    other.chunk_rows = {static_cast<int64_t>(random() % 7 + 1)};
    options.threads = 3;
    return test::difference(expected, everything(other, options));
  });
}

Table orders(double amount, double margin) {
  return *TableBuilder()
              .int64("customer", {7, 7})
              .strings("time", std::vector<std::string>{"2020-01-01", "2021-01-01"})
              .doubles("amount", {1, amount})
              .doubles("margin", {1, margin})
              .finish();
}

LtvHistoricOptions named() {
  LtvHistoricOptions options;
  options.customer = "customer", options.time = "time", options.amount = "amount";
  options.margin = "margin";
  return options;
}

TEST(LtvHistoric, RefusesRowsWithoutAMargin) {
  LtvHistoricOptions options = named();
  Result<LtvHistoricResult> result = ltv_historic(orders(5, std::nan("")), options);
  ASSERT_TRUE(result.ok());
  EXPECT_EQ(lines(result->refused), Lines{"1 \"margin\" \"margin is NaN or infinite\""});
  EXPECT_EQ(lines(result->table, {"revenue", "margin", "years", "annual_spend"}),
            Lines{"1 1 0 null"});
  options.refuse_bad_rows = false;
  EXPECT_EQ(ltv_historic(orders(5, 1e300), options).status().message(),
            "row 1: margin exceeds 64-bit minor units");
  options.margin = "profit";
  EXPECT_EQ(ltv_historic(orders(5, 5), options).status().code(), Code::kColumn);
}

TEST(LtvHistoric, ChecksItsOptions) {
  const auto message = [](const LtvHistoricOptions& options) {
    return ltv_historic(orders(5, 5), options).status().message();
  };
  LtvHistoricOptions options = named();
  options.rate_per_year = -1;
  EXPECT_EQ(message(options), "rate_per_year is -1; it must be finite and above -1");
  options.rate_per_year = 1e307;
  EXPECT_EQ(message(options),
            "the money of customer 7 with interest exceeds the largest double; use a "
            "rate_per_year nearer to 0");
  options = named();
  options.amount = "";
  EXPECT_EQ(message(options), "name the customer, time and amount columns");
  options = named();
  options.scale = -1;
  EXPECT_EQ(message(options), "scale is -1; it must be 0 to 9");
  options = named();
  options.threads = -2;
  EXPECT_EQ(message(options),
            "threads is -2; give a number above zero, or 0 for one for each core");
  options = named();
  options.as_of = kEndTime;
  EXPECT_EQ(message(options), "as_of is outside the years 0001 to 9999");
  options.as_of = 0;
  EXPECT_EQ(message(options),
            "as_of 1970-01-01T00:00:00Z is before the first order (2020-01-01T00:00:00Z); give a "
            "later as_of");
  options = named();
  options.timezone = "Mars";
  EXPECT_EQ(ltv_historic(orders(5, 5), options).status().code(), Code::kZone);
  EXPECT_EQ(ltv_historic(*TableBuilder()
                              .int64("customer", {})
                              .strings("time", std::vector<std::string>{})
                              .doubles("amount", {})
                              .doubles("margin", {})
                              .finish(),
                         named())
                .status()
                .message(),
            "the orders have no rows; historic value needs at least one");
  EXPECT_EQ(ltv_historic(orders(9e18, 5), named()).status().code(), Code::kOk);  // 9e20 is refused
}

}  // namespace
}  // namespace patron
