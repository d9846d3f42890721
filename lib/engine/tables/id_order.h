// IdOrder: customers' rows in the order of their ids, kept from call to call.
//
//   IdOrder order;
//   std::vector<uint32_t> rows = order.standing(book.state(), customers);
//
// Ids that come in are sorted and merged; nothing is kept where rows are in the order of ids
// anyway, as after a bulk load. Ids that were forgotten leave at the next merge.
//
// Thread class: serial.
#pragma once

#include <cstdint>
#include <vector>

#include "lib/book/book_state.h"

namespace patron::internal {

class IdOrder {
 public:
  /// Of the first `customers` rows those that stand for themselves: not those that are linked to
  /// another, nor those that were forgotten. Strong guarantee. Cost: linear, and n log n in the
  /// rows that are new.
  std::vector<uint32_t> standing(const BookState& book, uint32_t customers);
  /// Bytes held.
  size_t bytes() const { return sorted_.capacity() * sizeof(uint32_t); }

 private:
  void grow(const CustomerIds& ids, uint32_t customers);

  uint32_t size_ = 0;             ///< the rows that are looked at
  bool plain_ = true;             ///< rows are in the order of ids, and sorted_ is empty
  std::vector<uint32_t> sorted_;  ///< else
};

/// Sorts rows by their ids, none of which is forgotten. Cost: n log n.
void sort_by_id(const CustomerIds& ids, std::vector<uint32_t>& rows);

}  // namespace patron::internal
