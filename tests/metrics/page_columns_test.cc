// Columns of pages beside the cells of one event at a time.
#include "lib/metrics/page_columns.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>

#include "lib/metrics/event_source.h"
#include "tests/metrics/page_world.h"

namespace patron::internal {
namespace {

TEST(PageColumns, RunningSumsAreThoseOfTheRowsBefore) {
  for (const bool huge : {false, true}) {
    PageWorldOptions options;
    options.huge_amounts = huge;
    options.customers = 300;
    const PageWorld world(options);
    PageColumns columns(world.state(), {kSales, false});
    const int amount = columns.find("amount");
    for (uint32_t page = 0; page < columns.pages(); ++page) {
      columns.read(page);
      EXPECT_EQ(columns.adds_up(amount), !huge);
      const int64_t* const sums = columns.running_sums(amount);
      ASSERT_EQ(sums != nullptr, !huge) << "four of 2^61 are 2^63";
      int64_t sum = 0;
      for (size_t row = 0; sums != nullptr && row < columns.rows(); ++row) {
        ASSERT_EQ(sums[row], sum);
        sum += columns.ints(amount)[row];
      }
      if (sums != nullptr) {
        EXPECT_EQ(sums[columns.rows()], sum);
      }
      // Some margins are null: they add up where they are there.
      EXPECT_EQ(columns.adds_up(columns.find("margin")), !huge);
      EXPECT_EQ(columns.running_sums(columns.find("margin")), nullptr);
      EXPECT_FALSE(columns.adds_up(kTimeColumn));
    }
  }
}

// Every cell of customers whose rows are all in the page.
TEST(PageColumns, HaveTheCellsThatAReaderOfOneCustomerHas) {
  PageWorldOptions options;
  options.links = false;
  const PageWorld world(options);
  LogReader reader(world.state(), kSales);
  const Schema schema = world.schema();
  EventSource source(schema, reader, {});
  PageColumns columns(world.state(), {kSales, false});
  size_t cells = 0;
  for (uint32_t p = 0; p < columns.pages(); ++p) {
    const LogPage& page = columns.read(p);
    for (uint32_t i = 0; i + 1 < page.offsets.size(); ++i) {
      if (std::binary_search(page.apart.begin(), page.apart.end(), i)) continue;
      const std::vector<EventRef> events = source.read(page.first + i, kEndTime - 1);
      ASSERT_EQ(events.size(), page.offsets[i + 1] - page.offsets[i]);
      for (size_t k = 0; k < events.size(); ++k) {
        const size_t row = page.offsets[i] + k;
        const auto cell = [&](PageColumn column) {
          ++cells;
          return source.cell(events[k], source.column(PageWorld::names()[column]));
        };
        const auto place = [&](PageColumn column) {
          return columns.find(PageWorld::names()[column]);
        };
        ASSERT_EQ(columns.times()[row], events[k].time());
        for (const PageColumn column :
             {kAmountOf, kPiecesOf, kDueOf, kSeenOf, kGiftOf, kNothingOf}) {
          const Cell wanted = cell(column);
          const int64_t got = columns.ints(place(column))[row];
          ASSERT_EQ(got, wanted.known ? wanted.integer : kNullInt) << PageWorld::names()[column];
        }
        const double ratio = columns.doubles(place(kRatioOf))[row];
        ASSERT_EQ(std::isnan(ratio), !cell(kRatioOf).known);
        if (!std::isnan(ratio)) {
          ASSERT_EQ(ratio, cell(kRatioOf).number);
        }
        const uint32_t word = columns.codes(place(kWordOf))[row];
        ASSERT_EQ(word == kNullEnum, !cell(kWordOf).known);
        if (word != kNullEnum) {
          ASSERT_EQ(columns.code_text(place(kWordOf), word), cell(kWordOf).text);
        }
        const uint64_t traits = columns.bits(place(kTraitsOf))[row];
        ASSERT_EQ(traits == kNullBits, !cell(kTraitsOf).known);
        ASSERT_EQ(columns.null(place(kNoteOf), row), !cell(kNoteOf).known);
        if (cell(kNoteOf).known) {
          ASSERT_EQ(columns.text(place(kNoteOf), row), cell(kNoteOf).text);
        }
      }
    }
  }
  EXPECT_GT(cells, 10'000u);
}

TEST(PageColumns, AClosedEnumHasTheCodesOfItsValues) {
  const PageWorld world({});
  PageColumns columns(world.state(), {kSales, false});
  const int size = columns.find("size");
  ASSERT_EQ(columns.code_count(size), 3u);
  EXPECT_EQ(columns.code_text(size, 1), "large");
  EXPECT_EQ(columns.dictionary(size)->texts.size(), 3u);
  EXPECT_EQ(columns.find("time"), kTimeColumn);
}

}  // namespace
}  // namespace patron::internal
