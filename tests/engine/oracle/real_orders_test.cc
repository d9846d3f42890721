// Real orders from the first to the last: under shipped policies every customer is what the oracle
// says. Skipped where ../shared/data is absent.
#include <gtest/gtest.h>

#include <algorithm>
#include <cstdlib>
#include <fstream>
#include <map>
#include <sstream>
#include <string>
#include <vector>

#include "tests/engine/oracle/drive.h"

namespace patron::oracle {
namespace {

struct Orders {
  std::map<std::string, std::vector<Row>> of;  ///< by customer
  Micros last = 0;
};

std::vector<std::string> fields(const std::string& line) {
  std::vector<std::string> out;
  std::istringstream rest(line);
  for (std::string field; std::getline(rest, field, ',');) out.push_back(field);
  return out;
}

void add(Orders& orders, const std::string& customer, const std::string& time, double amount,
         const std::string& key) {
  Row row;
  row.id = customer;
  row.time = *parse_time(time, TimeZone());
  row.key = key;
  row.cells.emplace_back("amount", Value::of(Is::kMoney, static_cast<int64_t>(amount * 100 + 0.5)));
  orders.last = std::max(orders.last, row.time);
  orders.of[customer].push_back(row);
}

// customer_id,date,quantity,amount
Orders cdnow() {
  Orders out;
  std::ifstream file("../shared/data/cdnow/orders.csv");
  std::string line;
  std::getline(file, line);
  for (int k = 0; std::getline(file, line); ++k) {
    const std::vector<std::string> cells = fields(line);
    add(out, cells[0], cells[1], std::stod(cells[3]), "o" + std::to_string(k));
  }
  return out;
}

// household_id,basket_id,timestamp,...,sales_value: a basket is an order.
Orders complete_journey() {
  Orders out;
  std::ifstream file("../shared/data/completejourney/order_lines.csv");
  std::string line;
  std::getline(file, line);
  struct Basket {
    std::string household, time;
    double amount = 0;
  };
  std::map<std::string, Basket> baskets;
  while (std::getline(file, line)) {
    const std::vector<std::string> cells = fields(line);
    Basket& basket = baskets[cells[1]];
    basket.household = cells[0];
    if (basket.time.empty() || cells[2] < basket.time) basket.time = cells[2];
    basket.amount += std::stod(cells[7]);
  }
  for (const auto& [key, basket] : baskets) {
    add(out, basket.household, basket.time, basket.amount, key);
  }
  return out;
}

// A shipped policy without what models say, which the oracle does not know.
Tree without_models(const std::string& name) {
  std::ifstream file("examples/policies/" + name + ".json");
  std::ostringstream text;
  text << file.rdbuf();
  const auto reads_a_model = [](const Tree& tree) {
    const std::string written = tree.write();
    return written.find("ltv.") != std::string::npos ||
           written.find("value ==") != std::string::npos;
  };
  const Tree whole = Tree::read(text.str());
  Tree out = Tree::object();
  for (const auto& [key, part] : whole.members) {
    if (key == "models" || key == "calibrate") continue;
    if (key != "classifications") {
      out.set(key, part);
      continue;
    }
    Tree all = Tree::list();
    for (const auto& [none, classification] : part.members) {
      Tree kept = Tree::object();
      for (const auto& [word, what] : classification.members) {
        Tree classes = Tree::list();
        for (const auto& [no_name, one] : what.members) {
          if (!reads_a_model(one)) classes.add(one);
        }
        kept.set(word, word == "classes" ? classes : what);
      }
      if (!reads_a_model(kept)) all.add(kept);
    }
    out.set(key, all);
  }
  return out;
}

void expect_the_same(const Orders& orders, const Tree& document, size_t least_moves) {
  const CheckedPolicy policy = Policy::check(document.write());
  ASSERT_TRUE(policy.policy.has_value()) << document.write();
  const auto rules = std::make_shared<const Rules>(document);
  Driver driver(*policy.policy, *rules);
  for (const auto& [customer, rows] : orders.of) driver.add("orders", rows, false);
  const Micros end = orders.last + 500 * kMicrosPerDay;
  driver.advance(end);
  std::map<std::string, std::vector<std::string>> said;
  size_t moves = 0;
  for (const Move& move : driver.moves()) said[move.customer].push_back(move.said()), ++moves;
  EXPECT_GE(moves, least_moves);
  // Every customer; where the tests are to be fewer, as under a sanitizer, that share of them.
  const char* asked = std::getenv("PATRON_CASES");
  const double share = asked != nullptr ? std::min(std::atof(asked), 1.0) : 1.0;
  double turn = 1;
  int different = 0;
  for (const auto& [customer, rows] : orders.of) {
    if ((turn += share) < 1) continue;
    turn -= 1;
    Oracle oracle(rules);
    for (const Row& row : rows) oracle.add(driver.event("orders", row), false);
    oracle.advance(end);
    std::vector<std::string> expected;
    for (const Move& move : oracle.moves()) expected.push_back(move.said());
    EXPECT_EQ(said[customer], expected);
    if (said[customer] != expected && ++different > 3) return;
  }
}

TEST(RealOrders, CdnowFromFirstToLastIsWhatTheOracleSays) {
  const Orders orders = cdnow();
  if (orders.of.empty()) GTEST_SKIP() << "../shared/data/cdnow is not there";
  EXPECT_EQ(orders.of.size(), 23'570u);
  expect_the_same(orders, without_models("ecommerce"), 70'000);
}

TEST(RealOrders, CompleteJourneyFromFirstToLastIsWhatTheOracleSays) {
  const Orders orders = complete_journey();
  if (orders.of.empty()) GTEST_SKIP() << "../shared/data/completejourney is not there";
  expect_the_same(orders, without_models("baby"), orders.of.size());
  expect_the_same(orders, without_models("ecommerce"), orders.of.size());
}

}  // namespace
}  // namespace patron::oracle
