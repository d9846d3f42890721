// PageBits: a bit for each customer of a book, taken page by page, and in the end one for each row
// of a table, as Arrow has them.
//
//   PageBits known(order.pages());
//   known.put(page, block.known(), n);             // of one page, by any thread
//   Buffer validity = known.packed(order, rows);
//
// Thread class: put() of different pages may run side by side.
#pragma once

#include <array>
#include <cstdint>
#include <vector>

#include "lib/base/buffer.h"
#include "lib/book/event_page.h"
#include "lib/engine/tables/table_places.h"

namespace patron::internal {

class PageBits {
 public:
  /// Bits of pages that are not put are 0. Throws std::bad_alloc.
  explicit PageBits(uint32_t pages) : pages_(pages) {}

  /// Bytes, or whole numbers, of 0 and 1 of n <= 256 customers.
  void put(uint32_t page, const uint8_t* bytes, uint32_t n);
  void put(uint32_t page, const int64_t* values, uint32_t n);
  /// A bitmap of so many rows. Throws std::bad_alloc.
  Buffer packed(const TableOrder& order, size_t rows) const;

 private:
  using Page = std::array<uint64_t, kPageCustomers / 64>;
  std::vector<Page> pages_;
};

}  // namespace patron::internal
