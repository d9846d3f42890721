// Pages that a table's rows are brought to, beside those that PageBuilder makes of a batch.
#include "lib/book/fresh_pages.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <cstring>
#include <limits>
#include <optional>
#include <random>
#include <string>
#include <vector>

#include "lib/book/page_builder.h"
#include "tests/book/small_rows.h"

namespace patron::book_test {
namespace {

using internal::CellBlock;
using internal::EventPage;
using internal::FreshPages;
using internal::kPageCustomers;
using internal::kTimesOfRows;
using internal::LogState;
using internal::PageBuilder;

constexpr size_t kRows = 30'000;
constexpr int kAmount = 0, kKind = 2, kNumber = 3;

// Rows in the order of a table.
struct Rows {
  std::vector<uint32_t> customers, codes;
  std::vector<int64_t> times, amounts;
};

Rows some_rows(uint32_t customers, bool disorder) {
  std::mt19937_64 random(3);
  Rows rows;
  for (size_t i = 0; i < kRows; ++i) {
    uint32_t who = static_cast<uint32_t>(random() % customers);
    if (who / kPageCustomers == 3) who -= kPageCustomers;  // a page without rows
    rows.customers.push_back(who);
    rows.times.push_back(disorder ? static_cast<int64_t>(random() % 900) : static_cast<int64_t>(i));
    rows.amounts.push_back(static_cast<int64_t>(random() % 999) - 9);
    rows.codes.push_back(static_cast<uint32_t>(random() % 7));
  }
  return rows;
}

class FreshRows : public testing::Test {
 protected:
  FreshPages fresh() const { return {small_.stream(), small_.meter, {1, 0, 1, 1}, 1}; }

  // Writes all rows, the ranges one after the other from the last on.
  static void write(const Rows& rows, const std::vector<size_t>& ends, FreshPages& to) {
    for (size_t r = ends.size(); r-- > 0;) {
      FreshPages::Range range(to, r);
      size_t end = r == 0 ? 0 : ends[r - 1];
      while (end < ends[r]) {
        const size_t begin = end;
        end = std::min(begin + static_cast<size_t>(CellBlock::kMost), ends[r]);
        const auto set = [&](int column, const auto& cells) {
          range.set(column, reinterpret_cast<const uint8_t*>(cells.data() + begin), end - begin);
        };
        set(kTimesOfRows, rows.times);
        set(kAmount, rows.amounts);
        set(kKind, rows.codes);
        set(kNumber, rows.amounts);
        // Of every other block places are wanted.
        const bool wanted = begin / static_cast<size_t>(CellBlock::kMost) % 2 == 0;
        range.move(std::span(rows.customers).subspan(begin, end - begin), wanted);
        if (!wanted) continue;
        uint32_t code = 0;
        std::memcpy(&code, range.cell(kKind, end - begin - 1), sizeof code);
        EXPECT_EQ(code, rows.codes[end - 1]);
      }
    }
  }

  // The page of all rows of a page's customers, in the way of a batch.
  LogState built(const Rows& rows, uint32_t pages) {
    LogState log(small_.stream());
    log.pages.resize(pages);
    for (uint32_t page = 0; page < pages; ++page) {
      Rows own;
      for (size_t i = 0; i < kRows; ++i) {
        if (rows.customers[i] / kPageCustomers != page) continue;
        own.customers.push_back(rows.customers[i]);
        own.times.push_back(rows.times[i]);
        own.amounts.push_back(rows.amounts[i]);
        own.codes.push_back(rows.codes[i]);
      }
      const auto* amounts = reinterpret_cast<const uint8_t*>(own.amounts.data());
      const auto* codes = reinterpret_cast<const uint8_t*>(own.codes.data());
      const std::vector<internal::BuiltColumn> columns{
          {kAmount, amounts, nullptr}, {kKind, codes, nullptr}, {kNumber, amounts, nullptr}};
      PageBuilder builder(small_.stream(), small_.meter);
      if (own.customers.empty()) continue;
      EXPECT_TRUE(builder.can_build(own.customers, page, 1, log));
      builder.build({own.customers, own.times.data(), columns}, page, 1, log, small_.order(), 1);
    }
    return log;
  }

  static std::string line(const internal::EventRows& rows, size_t i) {
    return std::to_string(rows.times()[i]) + " " +
           std::to_string(static_cast<const int64_t*>(rows.column(kAmount))[i]) + " " +
           std::to_string(static_cast<const uint32_t*>(rows.column(kKind))[i]) + " " +
           std::to_string(static_cast<const int64_t*>(rows.column(kNumber))[i]);
  }

  SmallStream small_;
};

TEST_F(FreshRows, BecomeThePagesOfABatch) {
  for (const bool disorder : {false, true}) {
    // One page to a group, and several.
    for (const uint32_t customers : {2000U, 200'000U}) {
      const Rows rows = some_rows(customers, disorder);
      const uint32_t pages = (customers + kPageCustomers - 1) / kPageCustomers;
      const LogState want = built(rows, pages);
      for (const std::vector<size_t>& ends :
           {std::vector<size_t>{kRows}, std::vector<size_t>{999, 1000, 17'000, kRows}}) {
        FreshPages fresh = this->fresh();
        LogState log(small_.stream());
        ASSERT_TRUE(fresh.open(rows.customers, ends, 1, log));
        EXPECT_EQ(fresh.pages(), customers == 2000 ? 1U : 4U);
        write(rows, ends, fresh);
        log.pages.resize(pages);
        FreshPages::Scratch scratch;
        Micros latest = std::numeric_limits<Micros>::min();
        size_t count = 0;
        for (size_t g = 0; g < fresh.groups(); ++g) {
          count += fresh.rows_of(g);
          if (fresh.rows_of(g) == 0) continue;
          const std::optional<Micros> last = fresh.settle(g, scratch, small_.order());
          ASSERT_TRUE(last);
          latest = std::max(latest, *last);
          fresh.give(g, log);
        }
        EXPECT_EQ(count, kRows);
        EXPECT_EQ(latest, *std::max_element(rows.times.begin(), rows.times.end()));
        for (uint32_t page = 0; page < pages; ++page) {
          ASSERT_EQ(log.pages[page] == nullptr, want.pages[page] == nullptr) << page;
          if (want.pages[page] == nullptr) continue;
          const internal::PageBase &a = *log.pages[page]->base, &b = *want.pages[page]->base;
          ASSERT_EQ(a.offsets, b.offsets);
          EXPECT_EQ(log.pages[page]->full, want.pages[page]->full);
          EXPECT_EQ(a.rows.column(1), nullptr);
          for (size_t i = 0; i < b.rows.size(); ++i) {
            ASSERT_EQ(line(a.rows, i), line(b.rows, i)) << page << " " << i;
          }
        }
      }
    }
  }
}

TEST_F(FreshRows, OfALongLogAreGivenBackAsTheyCame) {
  Rows rows = some_rows(2000, true);
  for (size_t i = 0; i < kRows; i += 40) rows.customers[i] = 300;
  const std::vector<size_t> ends{12'345, kRows};
  FreshPages fresh = this->fresh();
  LogState log(small_.stream());
  ASSERT_TRUE(fresh.open(rows.customers, ends, 2, log));
  write(rows, ends, fresh);
  FreshPages::Scratch scratch;
  EXPECT_TRUE(fresh.settle(0, scratch, small_.order()));
  EXPECT_FALSE(fresh.settle(1, scratch, small_.order()));
  const size_t count = fresh.rows_of(1);
  std::vector<uint32_t> customers(count), codes(count);
  std::vector<int64_t> times(count), numbers(count);
  fresh.copy_customers(1, customers.data());
  fresh.copy_cells(1, kTimesOfRows, reinterpret_cast<uint8_t*>(times.data()));
  fresh.copy_cells(1, kKind, reinterpret_cast<uint8_t*>(codes.data()));
  fresh.copy_cells(1, kNumber, reinterpret_cast<uint8_t*>(numbers.data()));
  size_t next = 0;
  for (size_t i = 0; i < kRows; ++i) {
    if (rows.customers[i] / kPageCustomers != 1) continue;
    ASSERT_LT(next, count);
    EXPECT_EQ(customers[next], rows.customers[i]);
    EXPECT_EQ(times[next], rows.times[i]);
    EXPECT_EQ(codes[next], rows.codes[i]);
    EXPECT_EQ(numbers[next], rows.amounts[i]);
    ++next;
  }
  EXPECT_EQ(next, count);
  const int64_t bytes = small_.meter->bytes();
  fresh.drop(1);
  EXPECT_GE(bytes - small_.meter->bytes(), static_cast<int64_t>(count * 28));
}

TEST_F(FreshRows, LeaveNothingBetweenTheColumns) {
  const Rows rows = some_rows(2000, true);
  const std::vector<size_t> ends{kRows};
  FreshPages fresh = this->fresh();
  LogState log(small_.stream());
  ASSERT_TRUE(fresh.open(rows.customers, ends, 1, log));
  write(rows, ends, fresh);
  log.pages.resize(2000 / kPageCustomers + 1);
  FreshPages::Scratch scratch;
  size_t gaps = 0;
  for (size_t g = 0; g < fresh.groups(); ++g) {
    if (fresh.rows_of(g) == 0) continue;
    ASSERT_TRUE(fresh.settle(g, scratch, small_.order()));
    fresh.give(g, log);
    internal::EventRows& page = log.pages[g]->base->rows;
    const auto* const kinds = page.own_cells<uint8_t>(kKind);
    const auto* const numbers = page.own_cells<uint8_t>(kNumber);
    for (const uint8_t* at = kinds + page.size() * sizeof(uint32_t); at < numbers; ++at, ++gaps) {
      EXPECT_EQ(*at, 0);
    }
  }
  EXPECT_GT(gaps, 0U);
}

TEST_F(FreshRows, AreNotOfCustomersWhoHaveFacts) {
  const Rows rows = some_rows(2000, false);
  const std::vector<size_t> ends{kRows};
  LogState log(small_.stream());
  log.pages.resize(4);
  log.pages[3] = std::make_shared<EventPage>(small_.stream(), small_.meter, 1);
  FreshPages beside = this->fresh();
  EXPECT_TRUE(beside.open(rows.customers, ends, 1, log));  // nobody is of page 3
  log.pages[2] = log.pages[3];
  FreshPages over = this->fresh();
  EXPECT_FALSE(over.open(rows.customers, ends, 1, log));
}

}  // namespace
}  // namespace patron::book_test
