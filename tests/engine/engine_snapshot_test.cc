// Snapshots: an engine as it stood, whatever it does afterwards, read while it is written.
#include "patron/engine_snapshot.h"

#include <gtest/gtest.h>

#include <atomic>
#include <mutex>
#include <optional>
#include <random>
#include <string>
#include <thread>
#include <vector>

#include "tests/engine/shop.h"

namespace patron {
namespace {

using namespace test;  // NOLINT(google-build-using-namespace): the shop's words

// All bytes of a table's fixed-width values and texts, row by row.
std::string bytes_of(const Result<Table>& table) {
  EXPECT_TRUE(table.ok()) << table.status().message();
  std::string out;
  if (!table.ok()) return out;
  for (int c = 0; c < table->columns(); ++c) {
    const Type type = table->field(c).type.type;
    for (const Chunk& chunk : table->chunks(c)) {
      for (int64_t i = 0; i < chunk.length; ++i) {
        out += chunk.valid(i) ? 'v' : '-';
        if (!chunk.valid(i)) continue;
        if (type == Type::kLargeString) {
          const auto* ends = static_cast<const int64_t*>(chunk.offsets) + chunk.offset;
          out.append(reinterpret_cast<const char*>(chunk.bytes) + ends[i],
                     static_cast<size_t>(ends[i + 1] - ends[i]));
        } else if (type == Type::kInt64 || type == Type::kTimestamp) {
          out += std::to_string(static_cast<const int64_t*>(chunk.values)[chunk.offset + i]);
        } else if (type == Type::kDecimal128) {
          out += std::to_string(static_cast<const int64_t*>(chunk.values)[2 * (chunk.offset + i)]);
        }
      }
    }
  }
  return out;
}

template <typename Read>  // an engine or a snapshot
std::string all_of(const Read& from) {
  std::string out = bytes_of(from.classes()) + bytes_of(from.profiles());
  const Result<std::vector<ClassCount>> counts = from.distribution("tier");
  EXPECT_TRUE(counts.ok());
  for (const ClassCount& one : *counts) {
    out += std::string(one.name) + std::to_string(one.customers);
  }
  const Result<Profile> profile = from.profile(id(3));
  EXPECT_TRUE(profile.ok()) << profile.status().message();
  for (const ProfileValue& value : profile->values) {
    out += std::to_string(value.integer) + value.text + std::to_string(value.as_of.value_or(0));
  }
  return out;
}

Engine living(uint64_t seed, int64_t customers = 40) {
  std::mt19937_64 random(seed);
  Engine engine = *Engine::open(shop());
  live(engine, random_lives(random, customers, static_cast<int>(customers) * 8));
  expect_ok(engine.ingest("orders", orders({{3, at("2026-01-02"), 500, "third"}})));
  expect_ok(engine.advance(at("2026-05-01")));
  return engine;
}

TEST(EngineSnapshot, SaysWhatItsEngineSaid) {
  const Engine engine = living(1);
  const EngineSnapshot seen = engine.snapshot();
  EXPECT_EQ(all_of(seen), all_of(engine));
  EXPECT_EQ(seen.clock(), engine.clock());
  EXPECT_EQ(seen.customers(), engine.customers());
  EXPECT_EQ(seen.calibration().number(), 0);
  EXPECT_EQ(&seen.policy().classifications()[0], &engine.policy().classifications()[0]);
  const std::vector<CustomerId> some{id(7), id(3), id(4000)};
  EXPECT_EQ(bytes_of(seen.classes(some)), bytes_of(engine.classes(some)));
  ProfilesOptions options;
  options.customers = some;
  options.where = "spend > 0";
  EXPECT_EQ(bytes_of(seen.profiles(options)), bytes_of(engine.profiles(options)));
  EXPECT_EQ(seen.profile(id(4000)).status().code(), Code::kArgument);
  EXPECT_EQ(seen.distribution("teir").status().code(), Code::kColumn);
}

TEST(EngineSnapshot, StaysAsItWasWhateverTheEngineDoes) {
  std::optional<Engine> engine = living(2);
  const EngineSnapshot before = engine->snapshot();
  const std::string was = all_of(before);
  ASSERT_TRUE(engine->link(id(1), id(2)).ok());
  expect_ok(engine->ingest("orders", orders({{3, at("2026-05-02"), 5000, "new"},
                                             {4444, at("2026-05-03"), 10, "first"}})));
  EXPECT_TRUE(engine->forget(id(3)));
  expect_ok(engine->advance(at("2026-12-01")));
  EXPECT_EQ(all_of(before), was);
  EXPECT_FALSE(engine->profile(id(3)).ok()) << "forgotten";
  const EngineSnapshot after = engine->snapshot();
  EXPECT_EQ(bytes_of(after.classes()), bytes_of(engine->classes()));
  EXPECT_FALSE(after.profile(id(3)).ok());
  EXPECT_EQ(after.profile(id(2))->customer.number, 1) << "who stands for her";
  engine.reset();
  EXPECT_EQ(all_of(before), was) << "it outlives its engine";
}

TEST(EngineSnapshot, OfAnEngineThatWaitsForItsFirstAdvanceHasNobodyInAClass) {
  Engine engine = *Engine::open(shop());
  EXPECT_EQ(engine.snapshot().customers(), 0);
  EXPECT_EQ(engine.snapshot().classes()->rows(), 0);
  expect_ok(engine.ingest("orders", orders({{3, at("2026-01-02"), 500, "third"}})));
  EXPECT_EQ(engine.snapshot().clock(), kMinTime);
  EXPECT_EQ(bytes_of(engine.snapshot().classes()), bytes_of(engine.classes()));
}

// One thread writes and takes snapshots, three read the newest; each reads the same twice.
TEST(EngineSnapshotThreads, IsReadByManyThreadsWhileOneWrites) {
  Engine engine = living(3, 600);
  std::mutex mutex;
  EngineSnapshot newest = engine.snapshot();
  std::atomic<bool> done{false};
  std::atomic<int> reads{0};
  const auto read = [&] {
    do {
      std::unique_lock<std::mutex> lock(mutex);
      const EngineSnapshot mine = newest;
      lock.unlock();
      EXPECT_EQ(all_of(mine), all_of(mine));
      ++reads;
    } while (!done);
  };
  std::vector<std::thread> readers;
  for (int i = 0; i < 3; ++i) readers.emplace_back(read);
  std::mt19937_64 random(4);
  for (int day = 0; day < 12; ++day) {
    const Micros now = at("2026-06-01") + day * kDay;
    std::vector<Order> rows;
    for (int i = 0; i < 50; ++i) {
      rows.push_back({10 + static_cast<int64_t>(random() % 700), now, 250,
                      "d" + std::to_string(day) + "-" + std::to_string(i)});
    }
    expect_ok(engine.ingest("orders", orders(rows)));
    if (day % 3 == 0) {
      EXPECT_TRUE(engine.forget(id(20 + day)));
    }
    ASSERT_TRUE(engine.link(id(100 + day), id(200 + day)).ok());
    expect_ok(engine.advance(now));
    EngineSnapshot taken = engine.snapshot();
    const std::lock_guard<std::mutex> lock(mutex);
    newest = std::move(taken);
  }
  done = true;
  for (std::thread& reader : readers) reader.join();
  EXPECT_GE(reads, 3);
  EXPECT_EQ(all_of(newest), all_of(engine));
}

}  // namespace
}  // namespace patron
