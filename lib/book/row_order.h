// RowOrder: the order of facts within a log, by time, event key, and then every column by value.
//
//   const RowOrder order = log.order(ids);
//   order.compare(rows, 0, others, 3);      // -1, 0, 1: of two facts of this log
//
// Never by code, row or arrival, so that facts which arrive in another order lie in the same one.
// Rows that compare equal are the same fact. Nulls come first; texts go by their bytes.
//
// Thread class: shared.
#pragma once

#include <cstddef>
#include <string_view>
#include <vector>

#include "lib/book/customer_ids.h"
#include "lib/book/enum_texts.h"
#include "lib/book/event_rows.h"

namespace patron::internal {

class RowOrder {
 public:
  /// `texts` of each column. What is given must outlive it.
  RowOrder(const StreamLayout& layout, const std::vector<EnumTexts>& texts, const CustomerIds& ids)
      : layout_(&layout), texts_(&texts), ids_(&ids) {}

  /// -1, 0, 1.
  int compare(const EventRows& a, size_t i, const EventRows& b, size_t j) const {
    if (a.times()[i] != b.times()[j]) return a.times()[i] < b.times()[j] ? -1 : 1;
    return compare_values(a, i, b, j);
  }
  bool less(const EventRows& a, size_t i, const EventRows& b, size_t j) const {
    return compare(a, i, b, j) < 0;
  }
  /// The text of an enum's code.
  std::string_view enum_text(int column, uint32_t code) const;

 private:
  int compare_values(const EventRows& a, size_t i, const EventRows& b, size_t j) const;
  int compare_cells(int c, const EventRows& a, size_t i, const EventRows& b, size_t j) const;

  const StreamLayout* layout_;
  const std::vector<EnumTexts>* texts_;
  const CustomerIds* ids_;
};

}  // namespace patron::internal
