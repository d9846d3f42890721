// Columns of texts: as names, texts and sets, in runs and one by one.
#include "lib/engine/tables/text_column.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <numeric>
#include <random>
#include <string>
#include <vector>

namespace patron::internal {
namespace {

enum class Way : uint8_t { kNames, kLongNames, kTexts, kSets };

const std::vector<std::string_view> kShort{"tea", "", "a word of more than eight", "milk"};
const std::vector<std::string_view> kLong{"tea",
                                          "a name that has more bytes than there are in a slot"};

// A page of random texts, and what they are to be.
std::vector<std::string> fill(Way way, uint32_t customers, std::mt19937_64& random,
                              const NameTable& names, ValueBlock& block) {
  std::vector<std::string> out(customers);
  block.reset(way == Way::kSets ? Shape::kSet : Shape::kText);
  const bool coded = way == Way::kNames || way == Way::kLongNames;
  uint32_t* const codes = coded ? block.name(names) : nullptr;
  const bool nobody = random() % 8 == 0;
  for (uint32_t k = 0; k < customers; ++k) {
    if (nobody || random() % 4 == 0) continue;
    const auto code = static_cast<uint32_t>(random() % names.size());
    if (coded) {
      codes[k] = code, block.known()[k] = 1;
    } else if (way == Way::kTexts) {
      block.keep_text(k, names.text(code));
    }
    out[k] = names.text(code);
    if (way != Way::kSets) continue;
    block.begin_set(k);
    out[k].clear();
    for (uint32_t i = 0; i < code; ++i) {
      const std::string_view member = names.text((3 * code + i) % names.size());
      block.add_member(k, member);
      if (i > 0) out[k] += ',';
      out[k] += member;
    }
  }
  return out;
}

std::vector<std::string> texts_of(const OwnedColumn& column, size_t rows) {
  const auto* offsets = column.offsets.as<int64_t>();
  std::vector<std::string> out;
  EXPECT_EQ(offsets[0], 0);
  EXPECT_EQ(column.values.size(), static_cast<size_t>(offsets[rows]));
  for (size_t i = 0; i < rows; ++i) {
    out.emplace_back(reinterpret_cast<const char*>(column.values.data()) + offsets[i],
                     static_cast<size_t>(offsets[i + 1] - offsets[i]));
  }
  return out;
}

// Pages in any order, of customers whose places are given.
void check(Way way, bool in_runs, const std::vector<uint32_t>& places, size_t rows, uint64_t seed) {
  std::mt19937_64 random(seed);
  const NameTable names(way == Way::kLongNames ? kLong : kShort);
  ASSERT_EQ(names.in_slots(), way != Way::kLongNames);
  const size_t pages = (places.size() + kPageCustomers - 1) / kPageCustomers;
  TextColumn column(rows, pages, in_runs);
  TextStore store;
  std::vector<std::string> wanted(rows);
  std::vector<uint32_t> order(pages);
  std::iota(order.begin(), order.end(), 0U);
  std::shuffle(order.begin(), order.end(), random);
  ValueBlock block;
  for (const uint32_t page : order) {
    const uint32_t first = page * kPageCustomers;
    const auto n = std::min(kPageCustomers, static_cast<uint32_t>(places.size()) - first);
    const std::vector<std::string> texts = fill(way, n, random, names, block);
    for (uint32_t k = 0; k < n; ++k) {
      if (places[first + k] != kNoPlace) wanted[places[first + k]] = texts[k];
    }
    column.put(page, block, TablePlaces(places.data() + first, n), store);
  }
  OwnedColumn out;
  column.finish(out);
  ASSERT_EQ(texts_of(out, rows), wanted) << "way " << static_cast<int>(way) << ", seed " << seed;
}

// Customers in the order of the book; every tenth page has somebody who has no place, or who stands
// somewhere else in the table.
std::vector<uint32_t> nearly_in_order(uint32_t customers, std::mt19937_64& random, size_t& rows) {
  std::vector<uint32_t> order(customers);
  std::iota(order.begin(), order.end(), 0U);
  for (uint32_t i = 100; i < customers; i += 10 * kPageCustomers) {
    const uint32_t stray = order[i];
    order.erase(order.begin() + i);
    if (i / kPageCustomers % 20 == 0) continue;
    order.insert(order.begin() + static_cast<std::ptrdiff_t>(random() % order.size()), stray);
  }
  std::vector<uint32_t> places(customers, kNoPlace);
  for (uint32_t place = 0; place < order.size(); ++place) places[order[place]] = place;
  rows = order.size();
  return places;
}

TEST(TextColumn, HasTheTextsOfEveryRow) {
  for (const Way way : {Way::kNames, Way::kLongNames, Way::kTexts, Way::kSets}) {
    for (const uint64_t seed : {1, 2, 3}) {
      std::mt19937_64 random(seed);
      std::vector<uint32_t> places(3000);
      std::iota(places.begin(), places.end(), 0U);
      check(way, true, places, places.size(), seed);
      size_t rows = 0;
      const std::vector<uint32_t> nearly = nearly_in_order(6000, random, rows);
      ASSERT_LT(rows, nearly.size());
      check(way, true, nearly, rows, seed);
      check(way, false, nearly, rows, seed);
      std::shuffle(places.begin(), places.end(), random);
      check(way, false, places, places.size(), seed);
      check(way, true, places, places.size(), seed);
    }
  }
}

TEST(TextColumn, OfNobodyHasOneOffset) {
  for (const bool in_runs : {false, true}) {
    TextColumn column(0, 1, in_runs);
    OwnedColumn out;
    column.finish(out);
    ASSERT_EQ(out.offsets.size(), sizeof(int64_t));
    EXPECT_EQ(out.offsets.as<int64_t>()[0], 0);
  }
}

TEST(TextStore, WhatIsTakenStays) {
  TextStore store;
  std::vector<uint8_t*> kept;
  for (int i = 0; i < 20'000; ++i) {
    kept.push_back(store.room(100));
    std::fill_n(kept.back(), 100, static_cast<uint8_t>(i));
    store.take(static_cast<size_t>(i % 50));
  }
  for (int i = 0; i < 20'000; ++i) {
    const uint8_t* const begin = kept[static_cast<size_t>(i)];
    ASSERT_EQ(std::count(begin, begin + i % 50, static_cast<uint8_t>(i)), i % 50);
  }
}

}  // namespace
}  // namespace patron::internal
