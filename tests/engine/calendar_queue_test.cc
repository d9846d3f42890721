#include "lib/engine/calendar_queue.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <random>
#include <set>
#include <utility>
#include <vector>

#include "tests/base/fail_alloc.h"

namespace patron::internal {
namespace {

struct Due {
  Micros at = 0;
  uint32_t row = 0;
};
using Queue = CalendarQueue<Due>;
using Entry = std::pair<Micros, uint32_t>;

const auto kAll = [](const Due&) { return true; };

TEST(CalendarQueue, AgreesWithASetOfWhatIsLive) {
  for (uint64_t seed = 1; seed <= 30; ++seed) {
    std::mt19937_64 random(seed);
    Queue queue;
    std::vector<Micros> due(50, kEndTime);  // of each row; what is pushed for another is void
    std::set<Entry> model;
    const auto live = [&](const Due& entry) { return due[entry.row] == entry.at; };
    const auto put = [&](uint32_t row, Micros at) {
      if (due[row] < kEndTime) model.erase({due[row], row});
      if (due[row] == at) return model.insert({at, row}), void();
      queue.ready(at);
      queue.push({at, row});
      due[row] = at;
      model.emplace(at, row);
    };
    const Micros width = seed % 3 == 0 ? 40 : (seed % 3 == 1 ? 30 : 2000) * kMicrosPerDay;
    Micros now = kMinTime;
    for (int step = 0; step < 3000; ++step) {
      const auto row = static_cast<uint32_t>(random() % due.size());
      const auto ahead = static_cast<Micros>(random() % static_cast<uint64_t>(width));
      if (random() % 3 != 0 || model.empty()) {
        put(row, (now == kMinTime ? 0 : now) + (random() % 4 == 0 ? ahead % 50 : ahead));
        continue;
      }
      now = queue.first(live);
      ASSERT_EQ(now, model.begin()->first);
      std::vector<Due> taken;
      queue.take(now, live, taken);
      std::set<Entry> seen;
      for (const Due& entry : taken) seen.emplace(entry.at, entry.row);
      std::set<Entry> expected;
      while (!model.empty() && model.begin()->first == now) {
        expected.insert(*model.begin());
        model.erase(model.begin());
      }
      ASSERT_EQ(seen, expected);
      for (const Due& entry : taken) {
        if (entry.row % 3 == 0) {
          queue.give_back(entry);
          model.emplace(entry.at, entry.row);
        } else {
          due[entry.row] = kEndTime;
        }
      }
      queue.finish();
    }
    std::set<Entry> rest;
    queue.for_each([&](const Due& entry) {
      if (live(entry)) rest.emplace(entry.at, entry.row);
    });
    EXPECT_EQ(rest, model);
  }
}

// Against a sorted list: entries come in order, and the first that is not wanted stays with all
// that comes after it.
TEST(CalendarQueue, TakesUntilAnInstantOrUntilOneIsNotWanted) {
  for (uint64_t seed = 1; seed <= 200; ++seed) {
    std::mt19937_64 random(seed);
    Queue queue;
    std::multiset<Entry> model;
    const auto live = [](const Due& entry) { return entry.row % 5 != 0; };
    Micros now = 0;
    for (int round = 0; round < 30; ++round) {
      for (uint64_t count = random() % 40; count > 0; --count) {
        const Micros at = now + static_cast<Micros>(random() % 60) * (kMicrosPerDay / 20);
        queue.ready(at);
        const auto row = static_cast<uint32_t>(random() % 1000);
        queue.push({at, row});
        if (live({at, row})) model.emplace(at, row);
      }
      const Micros until = now + static_cast<Micros>(random() % (2 * kMicrosPerDay));
      uint64_t wanted = random() % 60;
      bool refused = false;
      Micros last = now;
      queue.take_while(until, 2, live, [&](const Due& entry, const Due*) {
        EXPECT_GE(entry.at, last);
        EXPECT_LE(entry.at, until);
        last = entry.at;
        if (wanted == 0) return refused = true, false;
        --wanted;
        EXPECT_EQ(Entry(entry.at, entry.row), *model.begin());
        model.erase(model.begin());
        return true;
      });
      const Micros first = model.empty() ? kEndTime : model.begin()->first;
      EXPECT_EQ(queue.first(live), first);
      EXPECT_TRUE(refused || first > until);
      now = refused ? last : until;
    }
  }
}

TEST(CalendarQueue, WhatIsErasedIsGoneWhereverItLies) {
  Queue queue;
  for (uint32_t row = 0; row < 300; ++row) {
    const Micros at = row % 100 * kMicrosPerDay;
    queue.ready(at);
    queue.push({at, row});
  }
  std::vector<Due> taken;
  EXPECT_EQ(queue.first(kAll), 0);
  queue.take(0, kAll, taken);
  EXPECT_EQ(taken.size(), 3u);
  queue.finish();
  queue.ready(5);
  queue.push({5, 7});
  EXPECT_EQ(queue.size(), 298u);
  queue.erase_if([](const Due& entry) { return entry.row % 2 == 1; });
  EXPECT_EQ(queue.size(), 147u);  // the later entry of row 7 is gone as well
  EXPECT_EQ(queue.first(kAll), 2 * kMicrosPerDay);
}

void push_all(const std::vector<Entry>& entries, Queue& queue, std::multiset<Entry>& model) {
  for (const Entry& entry : entries) {
    queue.ready(entry.first);
    queue.push({entry.first, entry.second});
    model.insert(entry);
  }
}

// All until an instant, as the queue gives it: in order, which is said where it is not.
std::multiset<Entry> taken_from(Queue& queue, Micros until) {
  std::vector<Entry> taken;
  queue.take_while(until, 1, kAll, [&](const Due& entry, const Due*) {
    taken.emplace_back(entry.at, entry.row);
    return true;
  });
  EXPECT_TRUE(std::is_sorted(taken.begin(), taken.end()));
  return {taken.begin(), taken.end()};
}

TEST(CalendarQueue, WhatCameInRunsIsInOrder) {
  std::mt19937_64 random(9);
  for (int runs = 0; runs <= 12; ++runs) {
    Queue queue;
    std::multiset<Entry> model;
    for (int run = 0; run < runs; ++run) {
      std::vector<Entry> entries(random() % 50);
      for (Entry& entry : entries)
        entry = {10 + random() % 5, static_cast<uint32_t>(random() % 99)};
      std::sort(entries.begin(), entries.end());
      if (run % 2 == 1) std::reverse(entries.begin(), entries.end());
      push_all(entries, queue, model);
    }
    EXPECT_EQ(taken_from(queue, 100), model) << runs;
  }
}

// Long runs upwards and downwards, and between them what is in no order.
TEST(CalendarQueue, WhatIsUnorderedBetweenLongRunsIsInOrder) {
  for (uint64_t seed = 1; seed <= 60; ++seed) {
    std::mt19937_64 random(seed);
    Queue queue;
    std::multiset<Entry> model;
    const size_t pieces = 1 + seed % 11;
    for (size_t piece = 0; piece < pieces; ++piece) {
      std::vector<Entry> entries(random() % 3 == 0 ? random() % 6 : random() % 300);
      for (Entry& entry : entries) {
        entry = {10 + random() % 5, static_cast<uint32_t>(random() % 999)};
      }
      const auto kind = random() % 3;
      if (kind < 2) std::sort(entries.begin(), entries.end());
      if (kind == 1) std::reverse(entries.begin(), entries.end());
      push_all(entries, queue, model);
    }
    EXPECT_EQ(taken_from(queue, 100), model) << seed;
  }
}

// Thousands of entries of few days, one by one and many at once, some of them void.
TEST(CalendarQueue, ABucketMayHaveManyBlocks) {
  for (uint64_t seed = 1; seed <= 12; ++seed) {
    std::mt19937_64 random(seed);
    Queue queue;
    std::multiset<Entry> model;
    const auto put = [&](Micros at, uint32_t row) {
      queue.push({at, row});
      model.emplace(at, row);
    };
    for (uint32_t row = 0; row < 12'000;) {
      const bool instant = random() % 2 == 0;
      const auto at = static_cast<Micros>(random() % 4) * kMicrosPerDay +
                      (instant ? 0 : static_cast<Micros>(random() % kMicrosPerDay));
      const size_t count = random() % 200 == 0 ? random() % 2000 : 1;
      queue.ready(at, count);
      for (size_t i = 0; i < count; ++i) put(at, row++ * 7919 % 100'003);
    }
    std::multiset<Entry> early, seen;
    const Micros until = kMicrosPerDay * 3 / 2;
    queue.for_each_until(until, [&](const Due& entry) { early.emplace(entry.at, entry.row); });
    queue.for_each([&](const Due& entry) { seen.emplace(entry.at, entry.row); });
    EXPECT_EQ(seen, model);
    EXPECT_EQ(early, std::multiset<Entry>(model.begin(), model.lower_bound({until + 1, 0})));
    EXPECT_EQ(queue.size(), model.size());
    const auto goes = [&](uint32_t row) { return row % seed == 0; };
    std::erase_if(model, [&](const Entry& entry) { return goes(entry.second); });
    if (seed % 2 == 0) {
      queue.erase_if([&](const Due& entry) { return goes(entry.row); });
      EXPECT_EQ(queue.size(), model.size());
    } else {
      // As many as are void are dropped when their bucket is opened.
      (void)queue.first([&](const Due& entry) { return !goes(entry.row); });
      std::multiset<Entry> rest;
      const auto live = [&](const Due& entry) { return !goes(entry.row); };
      queue.take_while(kEndTime - 1, 1, live, [&](const Due& entry, const Due*) {
        rest.emplace(entry.at, entry.row);
        return true;
      });
      EXPECT_EQ(rest, model);
      EXPECT_EQ(queue.size(), 0u);
      continue;
    }
    EXPECT_EQ(taken_from(queue, kEndTime - 1), model);
  }
}

// Where there is room everything else is done without memory.
TEST(CalendarQueue, WhatIsReadyNeedsNoMemory) {
  for (int64_t k = 0;; ++k) {
    Queue queue;
    bool failed = false;
    size_t pushed = 0;
    {
      const test::FailAllocation failing(k);
      try {
        for (uint32_t row = 0; row < 3000; ++row) {
          queue.ready(10 + row % 3 * kMicrosPerDay);
          queue.push({10 + row % 3 * kMicrosPerDay, row}), ++pushed;
        }
      } catch (const std::bad_alloc&) {
        failed = true;
      }
    }
    const test::FailAllocation failing(0);
    EXPECT_EQ(queue.size(), pushed);
    EXPECT_EQ(queue.first(kAll), pushed == 0 ? kEndTime : 10);
    if (!failed) break;
  }
}

// What is taken may be given back, and the room for it must not be asked for one by one.
TEST(CalendarQueue, ManyOfOneInstantTakeFewAllocations) {
  Queue queue;
  queue.ready(10, 100'000);
  for (uint32_t row = 0; row < 100'000; ++row) queue.push({10, row});
  std::vector<Due> taken;
  const test::FailAllocation failing(60);
  EXPECT_EQ(queue.first(kAll), 10);
  queue.take(10, kAll, taken);
  EXPECT_FALSE(failing.happened());
  EXPECT_EQ(taken.size(), 100'000u);
}

TEST(CalendarQueue, KnowsWhoComesNextOfManyThatWereAddedToo) {
  Queue queue;
  queue.ready(0, 40);
  for (uint32_t i = 0; i < 40; ++i) queue.push({Micros{i}, i});
  EXPECT_EQ(queue.first(kAll), 0);  // opens the bucket
  for (uint32_t i = 0; i < 40; ++i) {
    ASSERT_EQ(queue.first(kAll), i);
    ASSERT_NE(queue.alone(i, kAll), nullptr);
    queue.drop(i);
  }
  for (uint32_t i = 139; i >= 100; --i) queue.ready(i), queue.push({Micros{i}, i});
  queue.ready(99, 7);
  EXPECT_EQ(queue.first(kAll), 100);
  ASSERT_NE(queue.coming(5), nullptr);
  EXPECT_EQ(queue.coming(5)->row, 105u);
  {
    const test::FailAllocation none(0);  // the room is there still
    for (uint32_t i = 0; i < 7; ++i) queue.push({99, i});
    EXPECT_FALSE(none.happened());
  }
  EXPECT_EQ(queue.first(kAll), 99);
  EXPECT_EQ(queue.size(), 47u);
  std::vector<Due> taken;
  queue.take(99, kAll, taken);
  EXPECT_EQ(taken.size(), 7u);
  queue.finish();
  EXPECT_EQ(queue.first(kAll), 100);
}

TEST(CalendarQueue, KeepsTheRoomThatWasMadeWhereManyAreAdded) {
  Queue queue;
  queue.ready(0), queue.push({0, 0});
  EXPECT_EQ(queue.first(kAll), 0);
  ASSERT_NE(queue.alone(0, kAll), nullptr);
  queue.drop(0);
  for (uint32_t i = 100; i < 140; ++i) queue.ready(i), queue.push({Micros{i}, i});
  queue.ready(99, 20);
  EXPECT_EQ(queue.first(kAll), 100);
  const test::FailAllocation none(0);
  for (uint32_t i = 0; i < 20; ++i) queue.push({99, i});
  EXPECT_FALSE(none.happened());
  EXPECT_EQ(queue.size(), 60u);
}

TEST(CalendarQueue, AnEmptyOneHasNothing) {
  Queue queue;
  EXPECT_EQ(queue.first(kAll), kEndTime);
  std::vector<Due> taken;
  queue.take(10, kAll, taken);
  EXPECT_TRUE(taken.empty());
  EXPECT_EQ(queue.size(), 0u);
  EXPECT_EQ(queue.bytes(), 0u);
}

// Of a bucket that is opened each entry is asked about once, and all but the first were fetched
// before.
TEST(CalendarQueue, WhatSaysWhatIsLiveIsFetchedAheadOfTheQuestion) {
  struct Live {
    std::vector<uint32_t>& asked;
    std::set<uint32_t>& fetched;
    size_t& in_time;
    bool operator()(const Due& entry) const {
      asked.push_back(entry.row);
      in_time += fetched.count(entry.row);
      return entry.row > 0;
    }
    void fetch(const Due& entry) const { fetched.insert(entry.row); }
  };
  Queue queue;
  for (uint32_t row = 0; row < 100; ++row) queue.ready(1000), queue.push({1000, row});
  std::vector<uint32_t> asked;
  std::set<uint32_t> fetched;
  size_t in_time = 0;
  EXPECT_EQ(queue.first(Live{asked, fetched, in_time}), 1000);
  EXPECT_EQ(queue.size(), 99u);
  EXPECT_EQ(in_time, 84u);
  // The one that comes first is asked about once more.
  EXPECT_EQ(asked.size(), 101u);
  EXPECT_EQ(std::set<uint32_t>(asked.begin(), asked.end()).size(), 100u);
}

}  // namespace
}  // namespace patron::internal
