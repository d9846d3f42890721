// PageSort: brings the rows of a large batch together by the pages of their customers.
//
// A batch of millions of rows touches every page of the book again and again; page after page it
// touches each of them once, while it is in the cache. Rows of one page stay in their order.
//
//   const PageSort sort(batch.customers);
//   sort.apply(batch.times, sizeof(Micros), spare);
//   for (size_t end : sort.ends()) ...
//
// It is a counting sort by the page, or by a few pages where there are many of them, so that what
// is written to lies in the cache (Satish et al., "Fast sort on CPUs and GPUs", SIGMOD 2010,
// section 3).
//
// Rows that come in ranges, each of which another thread brings where it belongs, are planned first
// (PagePlan): they come out in the same order for any number of ranges.
//
// Thread class: a const one is shared.
#pragma once

#include <cstddef>
#include <cstdint>
#include <span>
#include <utility>
#include <vector>

#include "lib/book/batch_vector.h"

namespace patron::internal {

/// Where the rows of ranges, one behind the other, go.
class PagePlan {
 public:
  /// Of the customers' rows, of which range r is those from ends[r - 1] to before ends[r]. At most
  /// 2^32 - 2 of them. Cost: linear, on a thread for each range.
  PagePlan(std::span<const uint32_t> customers, std::span<const size_t> ends, int threads);

  /// The places of the next rows of a range. Ranges are asked at once by as many threads.
  void place(size_t range, std::span<const uint32_t> customers, uint32_t* places);

  /// The ends of the groups of pages that rows are brought together by: pages 0 .. pages() - 1,
  /// then as many again, and so on.
  const std::vector<size_t>& ends() const { return ends_; }
  uint32_t pages() const { return uint32_t{1} << shift_; }

 private:
  uint32_t shift_ = 0;
  std::vector<std::vector<uint32_t>> next_;  ///< of each range: where its next row of a group goes
  std::vector<size_t> ends_;                 ///< of each group of pages
};

class PageSort {
 public:
  /// Of the customers' rows. At most 2^32 - 2 of them. Cost: linear.
  explicit PageSort(std::span<const uint32_t> customers);

  /// Where each row goes.
  const BatchVector<uint32_t>& places() const { return places_; }
  /// Brings a column of cells of `width` bytes (1, 4, 8 or 16) in order. `spare` is memory of any
  /// content; it gets that of the column. Strong guarantee.
  template <typename T>
  void apply(BatchVector<T>& column, size_t width, BatchVector<uint8_t>& spare) const {
    spare.resize(column.size() * sizeof(T));
    scatter(reinterpret_cast<const uint8_t*>(column.data()), width, spare.data());
    const size_t size = column.size();
    column.take_memory(spare);
    column.resize(size);
  }
  /// As PagePlan has them.
  const std::vector<size_t>& ends() const { return plan_.ends(); }
  uint32_t pages() const { return plan_.pages(); }

 private:
  void scatter(const uint8_t* from, size_t width, uint8_t* to) const;

  PagePlan plan_;
  BatchVector<uint32_t> places_;
};

/// Puts cells of `width` bytes (1, 4, 8 or 16) where they belong.
void scatter_cells(const uint8_t* from, std::span<const uint32_t> places, size_t width,
                   uint8_t* to);

}  // namespace patron::internal
