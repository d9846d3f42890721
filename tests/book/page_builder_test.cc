// Pages that are built at once, beside pages whose tail got the same rows one by one and was
// merged.
#include "lib/book/page_builder.h"

#include <gtest/gtest.h>

#include <new>

#include "tests/base/fail_alloc.h"
#include "tests/book/small_rows.h"

namespace patron::book_test {
namespace {

using internal::BuiltColumn;
using internal::BuiltRows;
using internal::EventPage;
using internal::kPageCustomers;
using internal::LogState;
using internal::PageBuilder;

constexpr uint32_t kFirst = 2, kPages = 4;
constexpr const char* kLong = "a text longer than a cell holds ";

// Rows of the pages kFirst .. kFirst + kPages - 1, the third of which has none.
class BuiltPages : public testing::Test {
 protected:
  void make_up(uint64_t seed, size_t count) {
    RandomFacts random(seed, 1, 1);
    for (size_t i = 0; i < count; ++i) {
      uint32_t page = static_cast<uint32_t>(random.below(kPages - 1));
      page += page == 2 ? 1 : 0;
      // Every fourth customer is rare, so that some have one row and some have none.
      uint32_t local = static_cast<uint32_t>(random.below(kPageCustomers));
      if (local % 4 == 0 && random.below(8) > 0) ++local;
      customers_.push_back((kFirst + page) * kPageCustomers + local);
      // Half of them come in the order of time; several of a customer have one instant.
      const auto jump = static_cast<Micros>(local % 2 == 0 ? random.below(40) : 0);
      times_.push_back(static_cast<Micros>(i / 50) - jump);
      amounts_.push_back(static_cast<int64_t>(random.below(1000)) - 100);
      texts_.push_back((random.below(3) == 0 ? kLong : "t") + std::to_string(random.below(20)));
    }
    for (size_t i = 0; i < count; ++i) views_.emplace_back(texts_[i]);
    for (size_t i = 0; i < count; i += 7) views_[i] = {};  // null
    const auto* amounts = reinterpret_cast<const uint8_t*>(amounts_.data());
    columns_ = {{0, amounts, nullptr}, {1, nullptr, views_.data()}, {3, amounts, nullptr}};
  }
  BuiltRows rows() const { return {customers_, times_.data(), columns_}; }

  // One by one into tails.
  LogState one_by_one() {
    LogState log(small_.stream());
    log.pages.resize(kFirst + kPages);
    const std::vector<uint8_t> wanted{1, 1, 0, 1};
    for (size_t i = 0; i < customers_.size(); ++i) {
      auto& page = log.pages[customers_[i] / kPageCustomers];
      if (page == nullptr) page = std::make_shared<EventPage>(small_.stream(), small_.meter, 1);
      page->reserve_tail(page->tail.size() + 1, views_[i].size(), wanted.data());
      const uint32_t row = page->append_tail(customers_[i] % kPageCustomers, times_[i]);
      page->tail.set(0, row, &amounts_[i]);
      if (views_[i].data() != nullptr) page->tail.set_text(1, row, views_[i]);
      page->tail.set(3, row, &amounts_[i]);
    }
    for (auto& page : log.pages) {
      if (page != nullptr) page->merge(small_.order(), 1);
    }
    return log;
  }
  static std::string line(const internal::PageBase& base, size_t i) {
    std::string text = base.rows.null(1, i) ? "null" : std::string(base.rows.text(1, i));
    return std::to_string(base.rows.times()[i]) + " " +
           std::to_string(static_cast<const int64_t*>(base.rows.column(0))[i]) + " " + text + " " +
           std::to_string(static_cast<const int64_t*>(base.rows.column(3))[i]);
  }
  static void expect_equal(const LogState& built, const LogState& want) {
    for (size_t p = 0; p < want.pages.size(); ++p) {
      ASSERT_EQ(built.pages[p] == nullptr, want.pages[p] == nullptr) << p;
      if (want.pages[p] == nullptr) continue;
      const internal::PageBase &a = *built.pages[p]->base, &b = *want.pages[p]->base;
      ASSERT_EQ(a.offsets, b.offsets);
      EXPECT_EQ(built.pages[p]->tail.size(), 0u);
      EXPECT_EQ(built.pages[p]->full, want.pages[p]->full);
      for (size_t i = 0; i < b.rows.size(); ++i) ASSERT_EQ(line(a, i), line(b, i)) << p << " " << i;
      EXPECT_EQ(a.rows.column(2), nullptr);  // which nobody gave
    }
  }

  SmallStream small_;
  std::vector<uint32_t> customers_;
  std::vector<Micros> times_;
  std::vector<int64_t> amounts_;
  std::vector<std::string> texts_;
  std::vector<std::string_view> views_;
  std::vector<BuiltColumn> columns_;
};

TEST_F(BuiltPages, AreThoseOfRowsOneByOne) {
  make_up(1, 6000);
  LogState built(small_.stream());
  built.pages.resize(kFirst + kPages);
  PageBuilder builder(small_.stream(), small_.meter);
  ASSERT_TRUE(builder.can_build(customers_, kFirst, kPages, built));
  EXPECT_EQ(builder.build(rows(), kFirst, kPages, built, small_.order(), 1),
            *std::max_element(times_.begin(), times_.end()));
  expect_equal(built, one_by_one());
  EXPECT_FALSE(builder.can_build(customers_, kFirst, kPages, built));  // they are there
}

TEST_F(BuiltPages, OfOnePageAlone) {
  make_up(2, 3000);
  size_t kept = 0;
  for (size_t i = 0; i < customers_.size(); ++i) {
    if (customers_[i] / kPageCustomers != kFirst + 1) continue;
    customers_[kept] = customers_[i], times_[kept] = times_[i], amounts_[kept] = amounts_[i];
    views_[kept++] = views_[i];
  }
  customers_.resize(kept);
  LogState built(small_.stream());
  built.pages.resize(kFirst + kPages);
  PageBuilder builder(small_.stream(), small_.meter);
  ASSERT_TRUE(builder.can_build(customers_, kFirst + 1, 1, built));
  builder.build(rows(), kFirst + 1, 1, built, small_.order(), 1);
  expect_equal(built, one_by_one());
}

TEST_F(BuiltPages, ALogThatIsKeptApartIsNotBuilt) {
  const LogState log(small_.stream());
  PageBuilder builder(small_.stream(), small_.meter);
  std::vector<uint32_t> customers(internal::kLongLogRows - 1, kFirst * kPageCustomers + 3);
  EXPECT_TRUE(builder.can_build(customers, kFirst, 1, log));
  customers.push_back(customers[0]);
  EXPECT_FALSE(builder.can_build(customers, kFirst, 1, log));
}

TEST_F(BuiltPages, NoneIsMadeWhereMemoryRunsOut) {
  make_up(3, 2000);
  const LogState want = one_by_one();
  for (int64_t k = 0;; ++k) {
    LogState built(small_.stream());
    built.pages.resize(kFirst + kPages);
    PageBuilder builder(small_.stream(), small_.meter);
    const int64_t before = small_.meter->bytes();
    ASSERT_TRUE(builder.can_build(customers_, kFirst, kPages, built));
    bool made = true;
    try {
      const test::FailAllocation failing(k);
      builder.build(rows(), kFirst, kPages, built, small_.order(), 1);
    } catch (const std::bad_alloc&) {
      made = false;
    }
    if (made) {
      EXPECT_GT(k, 20);
      return expect_equal(built, want);
    }
    for (const auto& page : built.pages) ASSERT_EQ(page, nullptr);
    ASSERT_EQ(small_.meter->bytes(), before);
  }
}

}  // namespace
}  // namespace patron::book_test
