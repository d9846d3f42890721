// Ids crafted to collide in the tables of aggregation: the results are right, and a call stays far
// from quadratic (each of these would take minutes if it were not).
#include "lib/models/rfm/aggregate.h"

#include <gtest/gtest.h>

#include <string>
#include <vector>

#include "lib/models/orders/order_row.h"
#include "patron/rfm.h"
#include "tests/models/rfm/oracle.h"

namespace patron::internal {
namespace {

using test::Id;
using test::lines;
using test::OrderLog;

/// The inverse of the factor of IntKey::hash() modulo 2^64, by Newton's iteration.
uint64_t inverse_factor() {
  const uint64_t factor = 0x9e3779b97f4a7c15u;
  uint64_t inverse = factor;
  for (int i = 0; i < 6; i++) inverse *= 2 - factor * inverse;
  return inverse;
}

/// The n-th id whose hash is 0 in the bits 20 to 43, which choose the slot in a table.
int64_t colliding_id(uint64_t n) {
  const uint64_t hash = n >> 20 << 44 | (n & 0xfffff);
  const uint64_t folded = hash * inverse_factor();  // id ^ id >> 32
  IntKey key;
  key.id = folded ^ folded >> 32;
  EXPECT_EQ(key.hash() >> 20 & 0xffffff, 0u);
  return key.value();
}

std::string eight(uint64_t word) { return std::string(reinterpret_cast<const char*>(&word), 8); }

/// Text of 16 bytes: the first eight make the product in TextKey::hash() zero.
std::string colliding_text(uint64_t n) { return eight(0x2d358dccaa6c78a5u) + eight(n); }

/// Text of 25 bytes whose unseeded_hash() is equal: bytes 8 to 15 are multiplied by 0.
std::string colliding_long_text(uint64_t n) { return colliding_text(n) + "and a tail"; }

OrderLog log_of(std::vector<Id> ids) {
  OrderLog log;
  log.options.customer = "customer", log.options.time = "time", log.options.amount = "amount";
  log.text_ids = std::holds_alternative<std::string>(ids[0]);
  int64_t i = 0;
  for (Id& id : ids) {
    log.lines.push_back({std::move(id), i % 1000 * kMicrosPerDay, 1 + i % 7, Id(i % 3), false, {}});
    i++;
  }
  return log;
}

void expect_right(const OrderLog& log) {
  const Result<RfmResult> result = rfm(to_table(log), log.options);
  ASSERT_TRUE(result.ok()) << result.status().message();
  EXPECT_EQ(test::difference(test::oracle(log).rows, lines(result->table)), "");
}

TEST(Aggregate, TheIdsOfTheseTestsDoCollide) {
  uint32_t code;
  const TextKey a = TextKey::of(colliding_text(1), &code),
                b = TextKey::of(colliding_text(2), &code);
  EXPECT_EQ(a.hash(code), b.hash(code));
  EXPECT_FALSE(a.same(b, code));
  const std::string text_c = colliding_long_text(1), text_d = colliding_long_text(2);
  const TextKey c = TextKey::of(text_c, &code), d = TextKey::of(text_d, &code);
  EXPECT_EQ(c.a, d.a);
  EXPECT_FALSE(c.same(d, code));
}

constexpr uint64_t kIds = 60'000;

TEST(Aggregate, IntegersThatCollideAreToldApartWithoutQuadraticCost) {
  std::vector<Id> ids;
  for (uint64_t i = 0; i < 2 * kIds; i++) ids.emplace_back(colliding_id(i * 7 % kIds));
  OrderLog log = log_of(std::move(ids));
  expect_right(log);
  log.options.order = "order";
  expect_right(log);
}

TEST(Aggregate, TextThatCollidesIsToldApartWithoutQuadraticCost) {
  std::vector<Id> ids, long_ids;
  for (uint64_t i = 0; i < 2 * kIds; i++) {
    ids.emplace_back(colliding_text(i * 7 % kIds));
    long_ids.emplace_back(colliding_long_text(i * 7 % kIds));
  }
  OrderLog log = log_of(std::move(ids));
  expect_right(log);
  log.options.order = "order";
  expect_right(log);
  expect_right(log_of(std::move(long_ids)));
}

TEST(Aggregate, AGiantBehindIdsThatCollideDoesNotPayForThemInEveryRow) {
  // Few enough colliding customers that adding them costs little, then very many rows of one that
  // stands behind them all.
  std::vector<Id> ids;
  for (uint64_t i = 0; i < 3000; i++) ids.emplace_back(colliding_text(i));
  for (int i = 0; i < 600'000; i++) ids.emplace_back(colliding_text(2999));
  expect_right(log_of(std::move(ids)));
}

}  // namespace
}  // namespace patron::internal
