// Engine::save and Engine::load: same hash, same future.
#include <gtest/gtest.h>

#include <new>

#include "lib/base/crc32c.h"
#include "tests/base/fail_alloc.h"
#include "tests/engine/population.h"
#include "tests/engine/random_engine_calls.h"

namespace patron {
namespace {

using namespace test;  // NOLINT(google-build-using-namespace): the shop's words

Engine loaded(const std::string& bytes, const EngineOptions& options = {}) {
  Result<Engine> engine = Engine::load(bytes, options);
  EXPECT_TRUE(engine.ok()) << engine.status().message();
  return engine.ok() ? *std::move(engine) : *Engine::open(shop());
}

std::vector<std::string> foretold(const Engine& engine) {
  std::vector<std::string> out;
  const auto moves = engine.forecast(std::max(engine.clock(), at("2026-01-01")) + 100 * kDay);
  if (!moves.ok()) return {moves.status().message()};
  for (const Forecast& move : *moves) {
    out.push_back(std::to_string(move.customer.number) + " " + std::string(move.classification) +
                  " " + std::string(move.to) + " " + format_time(move.at));
  }
  return out;
}

void expect_same_profiles(const Engine& a, const Engine& b) {
  const Table one = *a.profiles(), other = *b.profiles();
  ASSERT_EQ(one.rows(), other.rows());
  if (one.rows() == 0) return;
  const population::Cells cells(one), others(other);
  for (const char* name : {"spend", "best", "rfm.r", "rfm.f"}) {
    for (const auto& [customer, row] : cells.rows()) {
      ASSERT_EQ(cells.number(customer, name), others.number(customer, name)) << name;
    }
  }
  for (const auto& [customer, row] : cells.rows()) {
    ASSERT_EQ(cells.text(customer, "home"), others.text(customer, "home"));
    ASSERT_EQ(cells.text(customer, "tier"), others.text(customer, "tier"));
  }
}

// Calls before and after: an engine that was saved and loaded again on the way does the same.
TEST(SavedEngines, GoOnAsTheyWouldHave) {
  const Policy policy = checked_policy(full_shop_text());
  for (int round = 0; round < engine_cases(40); ++round) {
    SCOPED_TRACE("round " + std::to_string(round));
    std::mt19937_64 random(static_cast<uint64_t>(round) + 1);
    Engine engine = *Engine::open(policy);
    for (size_t calls = random() % 60; calls > 0; --calls) {
      RandomEngineCall(random(), 8).apply(engine);
    }
    const std::string bytes = engine.save();
    Engine again = loaded(bytes);
    ASSERT_EQ(told(again), told(engine));
    ASSERT_EQ(again.save(), bytes);
    for (int call = 0; call < 40; ++call) {
      const RandomEngineCall next(random(), 8);
      ASSERT_EQ(next.apply(again), next.apply(engine)) << "call " << call;
      ASSERT_EQ(told(again), told(engine)) << "call " << call;
      if (call % 8 != 0) continue;
      ASSERT_EQ(foretold(again), foretold(engine)) << "call " << call;
      expect_same_profiles(again, engine);
      for (int64_t who = 0; who < 8; ++who) {
        ASSERT_EQ(said(again.history(id(who))), said(engine.history(id(who))));
      }
    }
    ASSERT_EQ(again.save(), engine.save());
  }
}

TEST(SavedEngines, AnEmptyOneIsSavedToo) {
  const Engine engine = *Engine::open(shop());
  const Engine again = loaded(engine.save());
  EXPECT_EQ(again.customers(), 0);
  EXPECT_EQ(again.state_hash(), engine.state_hash());
  EXPECT_EQ(again.policy().hash(), engine.policy().hash());
}

// Keys of a document in another order are the same policy, and the book's columns follow them.
TEST(SavedEngines, KeepThePolicyAsItWasGiven) {
  const std::string text = R"({"patron": 1, "name": "x", "streams": {"orders": {},
      "interactions": {"columns": {"z": {"type": "string"}, "a": {"type": "string"}}}}})";
  const Engine engine = *Engine::open(checked_policy(text));
  const Engine again = loaded(engine.save());
  EXPECT_EQ(again.layout().spec().streams[0].name, "orders");
  EXPECT_EQ(again.layout().find_stream("interactions"), 1);
}

const internal::PolicyData* address_of(const Policy& policy) { return &policy.data(); }

TEST(SavedEngines, ShareThePolicyThatTheHostHas) {
  const Policy policy = checked_policy(full_shop_text());
  for (int round = 0; round < engine_cases(10); ++round) {
    SCOPED_TRACE("round " + std::to_string(round));
    std::mt19937_64 random(static_cast<uint64_t>(round) + 100);
    Engine engine = *Engine::open(policy);
    for (int call = 0; call < 40; ++call) RandomEngineCall(random(), 8).apply(engine);
    const std::string bytes = engine.save();
    Result<Engine> again = Engine::load(bytes, policy);
    ASSERT_TRUE(again.ok()) << again.status().message();
    EXPECT_EQ(address_of(again->policy()), address_of(policy));
    EXPECT_NE(address_of(loaded(bytes).policy()), address_of(policy));
    EXPECT_EQ(again->save(), bytes);
    for (int call = 0; call < 20; ++call) {
      const RandomEngineCall next(random(), 8);
      ASSERT_EQ(next.apply(*again), next.apply(engine)) << "call " << call;
      ASSERT_EQ(told(*again), told(engine)) << "call " << call;
    }
  }
}

// What is saved then has the blanks of the other document.
TEST(SavedEngines, ShareAPolicyThatDiffersInBlanks) {
  Engine engine = *Engine::open(shop());
  std::mt19937_64 random(3);
  live(engine, random_lives(random, 5, 40));
  expect_ok(engine.advance(at("2026-06-01")));
  const Policy spaced = checked_policy("\n" + shop_text() + " ");
  const Result<Engine> again = Engine::load(engine.save(), spaced);
  ASSERT_TRUE(again.ok()) << again.status().message();
  EXPECT_EQ(address_of(again->policy()), address_of(spaced));
  EXPECT_EQ(again->state_hash(), engine.state_hash());
  EXPECT_EQ(again->save().size(), engine.save().size() + 2);
}

TEST(SavedEngines, RefuseAnotherPolicyThanTheirs) {
  const Engine engine = *Engine::open(shop());
  const Policy other = checked_policy(full_shop_text());
  const Status status = Engine::load(engine.save(), other).status();
  EXPECT_EQ(status.code(), Code::kArgument);
  EXPECT_NE(status.message().find("\"shop\""), std::string::npos) << status.message();
  EXPECT_NE(status.message().find("\"full shop\""), std::string::npos) << status.message();
}

// It is the one in force that has to be given; one of before that is the same is shared as well.
TEST(SavedEngines, ShareThePolicyInForceWhateverWasBefore) {
  const Policy first = checked_policy(full_shop_text()),
               second = checked_policy(full_shop_text("quarter"));
  Engine engine = *Engine::open(first);
  std::mt19937_64 random(8);
  for (int call = 0; call < 30; ++call) RandomEngineCall(random(), 8).apply(engine);
  ASSERT_TRUE(engine.publish(second).ok());
  const std::string bytes = engine.save();
  EXPECT_EQ(Engine::load(bytes, first).status().code(), Code::kArgument);
  Result<Engine> again = Engine::load(bytes, second);
  ASSERT_TRUE(again.ok()) << again.status().message();
  EXPECT_EQ(address_of(again->policy()), address_of(second));
  EXPECT_EQ(again->save(), bytes);
  ASSERT_TRUE(engine.publish(first).ok());
  again = Engine::load(engine.save(), first);
  ASSERT_TRUE(again.ok()) << again.status().message();
  ASSERT_EQ(again->policies().size(), 3U);
  EXPECT_EQ(again->policies()[0].hash.data(), first.hash().data());
  EXPECT_EQ(again->policies()[2].hash.data(), first.hash().data());
  EXPECT_EQ(again->state_hash(), engine.state_hash());
}

TEST(SavedEngines, MayWaitForTheCalibrationOfAShard) {
  EngineOptions options;
  options.shard = true;
  Engine shard = *Engine::open(checked_policy(full_shop_text()), options);
  std::mt19937_64 random(5);
  live(shard, random_lives(random, 9, 60));
  EXPECT_EQ(shard.advance(at("2026-05-01")).code(), Code::kState);
  Engine again = loaded(shard.save(), options);
  EXPECT_EQ(again.advance(at("2026-05-01")).code(), Code::kState);
  const Calibration found = *shard.learn(*shard.summary_for_merge());
  expect_ok(shard.set_calibration(found));
  again = loaded(again.save(), options);
  expect_ok(again.set_calibration(found));
  again = loaded(again.save(), options);
  EXPECT_EQ(shard.advance(at("2026-05-01")).code(), again.advance(at("2026-05-01")).code());
  EXPECT_EQ(told(again), told(shard));
}

TEST(SavedEngines, TheMemoryLimitHoldsForWhatIsLoaded) {
  std::mt19937_64 random(6);
  Engine engine = *Engine::open(shop());
  live(engine, random_lives(random, 500, 3000));
  EngineOptions options;
  options.memory_limit = 4096;
  EXPECT_EQ(Engine::load(engine.save(), options).status().code(), Code::kLimit);
}

std::string small_engine() {
  Engine engine = *Engine::open(checked_policy(full_shop_text()));
  std::mt19937_64 random(11);
  for (int call = 0; call < 40; ++call) RandomEngineCall(random(), 4).apply(engine);
  return engine.save();
}

// The same of a policy that is read in no time.
std::string tiny_engine() {
  const std::string text = R"json({"patron": 1, "name": "t", "customer": {"id": "int64"},
      "identities": {"keys": ["email"]}, "streams": {"orders": {"key": "order_id"}},
      "tags": [{"name": "n", "metric": {"count": "orders", "window": "30d"}, "on_null": "keep"}],
      "models": {"rfm": {}}, "calibrate": {"every": "month"},
      "classifications": [{"name": "c", "kind": "ladder",
        "classes": [{"name": "a", "enter": "n > 1"}, {"name": "b"}]}]})json";
  Engine engine = *Engine::open(checked_policy(text));
  std::mt19937_64 random(12);
  expect_ok(engine.ingest("orders", orders(random_lives(random, 5, 20).orders)));
  expect_ok(engine.advance(at("2026-05-01")));
  EXPECT_TRUE(engine.link(id(1), id(2)).ok());
  Override pin;
  pin.classification = "c", pin.to = "a";
  expect_ok(engine.set_override(id(0), pin));
  EXPECT_TRUE(engine.forget(id(4)));
  expect_ok(engine.calibrate().status());
  return engine.save();
}

TEST(SavedEngines, EveryTruncationIsRefused) {
  const std::string bytes = tiny_engine();
  for (size_t size = 0; size < bytes.size(); ++size) {
    const Status status = Engine::load(std::string_view(bytes).substr(0, size)).status();
    ASSERT_EQ(status.code(), Code::kSyntax) << size;
    ASSERT_LE(status.byte_offset(), static_cast<int64_t>(size)) << status.message();
  }
}

TEST(SavedEngines, EveryFlippedBitIsRefused) {
  const std::string bytes = tiny_engine();
  for (size_t at = 0; at < bytes.size(); ++at) {
    std::string flipped = bytes;
    flipped[at] = static_cast<char>(flipped[at] ^ 1 << at % 8);
    ASSERT_FALSE(Engine::load(flipped).ok()) << at;
  }
}

TEST(SavedEngines, WhatIsNoEngineIsSaid) {
  EXPECT_EQ(Engine::load("patronBK").status().message(),
            "these bytes are no saved engine: they do not begin with patronEN");
  EXPECT_EQ(Engine::load("rubbish").status().byte_offset(), 0);
  std::string later = small_engine();
  later[8] = 7;
  EXPECT_EQ(Engine::load(later).status().message(),
            "the engine was saved in format 7; this patron reads format 1");
  EXPECT_EQ(Engine::load(later).status().code(), Code::kUnsupported);
  Book book(*BookLayout::make(BookSpec()));
  EXPECT_EQ(Engine::load(book.save()).status().code(), Code::kSyntax);
}

TEST(SavedEngines, ASinkThatRefusesEndsIt) {
  const Engine engine = loaded(small_engine());
  size_t pieces = 0;
  expect_ok(engine.save([&](std::string_view) { return ++pieces, Status(); }));
  for (size_t most = 0; most < pieces; ++most) {
    size_t count = 0;
    const Status status = engine.save([&](std::string_view) {
      return count++ == most ? Status(Code::kIo, "the disk is full") : Status();
    });
    EXPECT_EQ(status.message(), "the disk is full");
    EXPECT_EQ(count, most + 1);
  }
}

TEST(SavedEngines, MemoryThatRunsOutLeavesNothing) {
  const std::string bytes = small_engine();
  const Engine engine = loaded(bytes);
  for (int64_t k = 0;; k += 1 + k / 50) {
    const FailAllocation failing(k, k % 2 != 0);
    try {
      if (engine.save() != bytes) ADD_FAILURE() << "allocation " << k;
      if (!failing.happened()) break;
    } catch (const std::bad_alloc&) {
    }
  }
  for (int64_t k = 0;; k += 1 + k / 50) {
    std::optional<Result<Engine>> again;
    bool happened = false;
    {
      const FailAllocation failing(k, k % 2 != 0);
      try {
        again.emplace(k % 3 == 0 ? Engine::load(bytes, engine.policy()) : Engine::load(bytes));
      } catch (const std::bad_alloc&) {
      }
      happened = failing.happened();
    }
    ASSERT_TRUE(!again || again->ok()) << k;
    if (!happened) break;
  }
}

}  // namespace
}  // namespace patron
