// What is read of an engine at the clock: profiles of those for whom a condition holds.
#include "lib/engine/engine_view.h"

#include <gtest/gtest.h>

#include <random>
#include <string>
#include <vector>

#include "tests/engine/shop.h"

namespace patron {
namespace {

using namespace test;  // NOLINT(google-build-using-namespace): the shop's words

std::vector<int64_t> ids_of(const Result<Table>& table) {
  EXPECT_TRUE(table.ok()) << table.status().message();
  std::vector<int64_t> out;
  if (!table.ok() || table->rows() == 0) return out;
  const Chunk& chunk = table->chunks(0)[0];
  const auto* values = static_cast<const int64_t*>(chunk.values) + chunk.offset;
  return {values, values + chunk.length};
}

ProfilesOptions where(std::string condition, int threads = 1) {
  ProfilesOptions out;
  out.where = std::move(condition);
  out.threads = threads;
  return out;
}

// 300.00 of customer 1 and 1,200.00 of 2 in January; customer 3 only looks.
Engine living() {
  Engine engine = *Engine::open(shop());
  expect_ok(engine.ingest(
      "orders", orders({{1, at("2026-01-10"), 300, "a"}, {2, at("2026-01-20"), 1200, "b"}})));
  expect_ok(engine.ingest("interactions", visits({{3, at("2026-01-21")}, {3, at("2026-01-22")}})));
  expect_ok(engine.advance(at("2026-02-01")));
  return engine;
}

TEST(EngineView, ProfilesAreOfThoseForWhomAConditionIsTrue) {
  const Engine engine = living();
  EXPECT_EQ(ids_of(engine.profiles(where("spend >= 300"))), (std::vector<int64_t>{1, 2}));
  EXPECT_EQ(ids_of(engine.profiles(where("tier == 'gold'"))), (std::vector<int64_t>{2}));
  EXPECT_EQ(ids_of(engine.profiles(where("'browsers' in audience"))), (std::vector<int64_t>{3}));
  EXPECT_EQ(ids_of(engine.profiles(where("age(last_order) > days(12)"))),
            (std::vector<int64_t>{1}));
  EXPECT_EQ(ids_of(engine.profiles(where("true"))), (std::vector<int64_t>{1, 2, 3}));
  EXPECT_EQ(ids_of(engine.profiles(where("false"))), (std::vector<int64_t>{}));
}

// Nobody's `blocked` is known: neither the condition nor its opposite is true.
TEST(EngineView, UnknownIsNotTrue) {
  const Engine engine = living();
  EXPECT_EQ(ids_of(engine.profiles(where("blocked"))), (std::vector<int64_t>{}));
  EXPECT_EQ(ids_of(engine.profiles(where("!blocked"))), (std::vector<int64_t>{}));
  EXPECT_EQ(ids_of(engine.profiles(where("!has(blocked)"))), (std::vector<int64_t>{1, 2, 3}));
}

TEST(EngineView, AConditionGoesWithTagsAndCustomers) {
  const Engine engine = living();
  ProfilesOptions options = where("spend > 0");
  options.tags = {"views"};
  const std::vector<CustomerId> some{id(3), id(2), id(2), id(77)};
  options.customers = some;
  const Result<Table> found = engine.profiles(options);
  EXPECT_EQ(ids_of(found), (std::vector<int64_t>{2}));
  EXPECT_EQ(found->columns(), 2);
}

TEST(EngineView, ABadConditionSaysWhereItIsBad) {
  const Engine engine = living();
  const Status unknown = engine.profiles(where("spned > 5")).status();
  EXPECT_EQ(unknown.code(), Code::kDocument);
  EXPECT_NE(unknown.message().find("spend"), std::string::npos) << unknown.message();
  EXPECT_EQ(engine.profiles(where("spend >")).status().code(), Code::kSyntax);
  const Status number = engine.profiles(where("views + 1")).status();
  EXPECT_EQ(number.code(), Code::kDocument);
  EXPECT_EQ(number.message(), "a condition is true or false; \"views + 1\" is of type int64");
}

// A column of the profiles says the same of each customer, on any number of threads.
TEST(EngineView, AConditionAgreesWithTheTagsOfEachCustomer) {
  std::mt19937_64 random(20260101);
  Engine engine = *Engine::open(shop());
  live(engine, random_lives(random, 2000, 6000));
  expect_ok(engine.advance(at("2026-07-01")));
  ProfilesOptions all;
  all.tags = {"idle"};
  const Result<Table> table = engine.profiles(all);
  ASSERT_TRUE(table.ok());
  const std::vector<int64_t> everybody = ids_of(table);
  std::vector<int64_t> wanted;
  const Chunk& idle = table->chunks(1)[0];
  const auto* bits = static_cast<const uint8_t*>(idle.values);
  for (int64_t i = 0; i < idle.length; ++i) {
    if (idle.valid(i) && (bits[i / 8] >> i % 8 & 1) != 0) {
      wanted.push_back(everybody[static_cast<size_t>(i)]);
    }
  }
  ASSERT_GT(wanted.size(), 100u);
  ASSERT_LT(wanted.size(), everybody.size());
  EXPECT_EQ(ids_of(engine.profiles(where("idle"))), wanted);
  EXPECT_EQ(ids_of(engine.profiles(where("idle", 4))), wanted);
}

}  // namespace
}  // namespace patron
