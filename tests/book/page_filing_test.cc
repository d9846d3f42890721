// Large batches, which are sorted by pages and filed a page at a time, beside the same rows in
// small ones, which are filed row by row.
#include <gtest/gtest.h>

#include <algorithm>
#include <span>

#include "tests/book/book_oracle.h"

namespace patron::book_test {
namespace {

constexpr size_t kLarge = 20'000, kSmall = 100;

BookSpec wide(const std::string& key) {
  BookSpec spec;
  spec.customer = Kind::kInt64;
  spec.streams = {wide_stream(key)};
  return spec;
}

struct Added {
  int64_t accepted = 0, duplicates = 0, corrected = 0, late = 0, waiting = 0;
  bool operator==(const Added&) const = default;
};

Added add_in_batches(Book& book, const std::vector<Event>& events, size_t size) {
  Added all;
  BookReport report;
  for (size_t begin = 0; begin < events.size(); begin += size) {
    const size_t end = std::min(begin + size, events.size());
    const std::vector<Event> some(events.begin() + static_cast<std::ptrdiff_t>(begin),
                                  events.begin() + static_cast<std::ptrdiff_t>(end));
    EXPECT_TRUE(give(book, 0, some, {.clock = 100'000}, report).ok());
    all.accepted += report.accepted;
    all.duplicates += report.duplicates;
    all.corrected += report.corrected;
    all.late += report.late;
    all.waiting += report.waiting;
  }
  return all;
}

// Without keys every row is new; a key that comes once makes them new too; keys that come again let
// whole slices be filed row by row.
TEST(PageFiling, LargeBatchesHoldWhatSmallOnesHold) {
  struct Case {
    const char* key;
    int keys;
    bool repeats;
  };
  for (const Case& one : {Case{"", 50, false}, Case{"number", 50, true}, Case{"text", 50, true},
                          Case{"number", 1'000'000'000, false}}) {
    RandomFacts random(7, 2000, one.keys);
    std::vector<Event> events(kLarge);
    for (Event& event : events) event = random.event();
    Book large(*BookLayout::make(wide(one.key))), small(*BookLayout::make(wide(one.key)));
    const Added want = add_in_batches(small, events, kSmall);
    EXPECT_EQ(want.corrected + want.duplicates > 0, one.repeats);
    EXPECT_EQ(add_in_batches(large, events, kLarge), want);
    EXPECT_EQ(large.state_hash(), small.state_hash());
    // Once more on top of what is there, beside a snapshot that shares it.
    const BookSnapshot before = large.snapshot();
    EXPECT_EQ(add_in_batches(large, events, kLarge), add_in_batches(small, events, kSmall));
    EXPECT_EQ(large.state_hash(), small.state_hash());
  }
}

}  // namespace
}  // namespace patron::book_test
