#include "lib/book/batch_vector.h"

#include <gtest/gtest.h>

#include <new>
#include <vector>

namespace patron::book_test {
namespace {

using internal::BatchMemory;
using internal::BatchVector;

TEST(BatchVector, HoldsWhatAVectorDoes) {
  BatchVector<int64_t> values;
  std::vector<int64_t> want;
  for (int64_t i = 0; i < 1'500'000; ++i) {
    values.push_back(i * 3);
    want.push_back(i * 3);
  }
  const int64_t more[] = {7, 8, 9};
  values.insert_end(more, more + 3);
  values.insert_end(2, 5);
  want.insert(want.end(), {7, 8, 9, 5, 5});
  EXPECT_TRUE(std::equal(want.begin(), want.end(), values.begin(), values.end()));
  BatchVector<int64_t> copy = values;
  values[0] = 1;
  EXPECT_EQ(copy[0], 0);
  copy.resize(2);
  EXPECT_EQ(copy.size(), 2u);
  EXPECT_EQ(copy.back(), 3);
}

TEST(BatchVector, HandsItsMemoryOn) {
  BatchVector<int64_t> ids(1000);
  const void* memory = ids.data();
  BatchVector<uint8_t> cells;
  cells.take_memory(ids);
  EXPECT_TRUE(cells.empty() && ids.empty());
  cells.resize(8000);
  EXPECT_EQ(cells.data(), memory);
  ids.push_back(1);
  EXPECT_NE(static_cast<const void*>(ids.data()), memory);
}

TEST(BatchVector, MoreThanThereCanBeIsNoMemory) {
  EXPECT_THROW(BatchMemory(size_t{1} << 63), std::bad_alloc);
}

}  // namespace
}  // namespace patron::book_test
