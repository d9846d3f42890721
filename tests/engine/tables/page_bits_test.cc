// Bits of pages in tables: in the order of the book, with gaps, and in any order.
#include "lib/engine/tables/page_bits.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <numeric>
#include <random>
#include <vector>

#include "lib/base/bitmap.h"

namespace patron::internal {
namespace {

// Random bits of so many customers, of whom the table has those in `rows`.
void check(const std::vector<uint32_t>& rows, uint32_t customers, uint64_t seed) {
  std::mt19937_64 random(seed);
  const TableOrder order(rows, customers);
  PageBits of_bytes(order.pages()), of_numbers(order.pages());
  std::vector<uint8_t> bytes(customers);
  std::vector<int64_t> numbers(customers);
  for (uint32_t page = 0; page < order.pages(); ++page) {
    const uint32_t first = page * kPageCustomers;
    const uint32_t n = std::min(kPageCustomers, customers - first);
    const uint64_t many = random() % 3;  // no bits, some, or all
    for (uint32_t k = first; k < first + n; ++k) {
      bytes[k] = many == 0 ? 0 : many == 2 ? 1 : static_cast<uint8_t>(random() % 2);
      numbers[k] = bytes[k];
    }
    of_bytes.put(page, &bytes[first], n);
    of_numbers.put(page, &numbers[first], n);
  }
  const Buffer out = of_bytes.packed(order, rows.size());
  const Buffer same = of_numbers.packed(order, rows.size());
  ASSERT_EQ(out.size(), (rows.size() + 7) / 8);
  ASSERT_EQ(same.size(), out.size());
  ASSERT_TRUE(std::equal(out.data(), out.data() + out.size(), same.data()));
  for (size_t i = 0; i < rows.size(); ++i) {
    ASSERT_EQ(get_bit(out.data(), static_cast<int64_t>(i)), bytes[rows[i]] != 0)
        << "row " << i << " of " << rows.size() << ", seed " << seed;
  }
  for (size_t i = rows.size(); i < 8 * out.size(); ++i) {
    ASSERT_FALSE(get_bit(out.data(), static_cast<int64_t>(i)));
  }
}

TEST(PageBits, HasTheBitOfEveryRow) {
  for (const uint32_t customers : {1U, 63U, 64U, 255U, 256U, 257U, 1500U, 3000U}) {
    for (const uint64_t seed : {1, 2, 3}) {
      std::vector<uint32_t> rows(customers);
      std::iota(rows.begin(), rows.end(), 0U);
      check(rows, customers, seed);
      std::vector<uint32_t> some = rows;
      std::erase_if(some, [](uint32_t row) { return row % 300 == 37; });
      check(some, customers, seed);
      std::shuffle(rows.begin(), rows.end(), std::mt19937_64(seed));
      check(rows, customers, seed);
      rows.resize(customers / 2);
      check(rows, customers, seed);
    }
  }
}

TEST(PageBits, PagesThatAreNotPutAreZero) {
  const std::vector<uint32_t> rows{400, 3};
  const TableOrder order(rows, 500);
  EXPECT_EQ(PageBits(order.pages()).packed(order, 2).data()[0], 0);
}

}  // namespace
}  // namespace patron::internal
