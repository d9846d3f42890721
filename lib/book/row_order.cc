#include "lib/book/row_order.h"

#include <bit>

namespace patron::internal {
namespace {

template <typename T>
int three_way(T a, T b) {
  return a < b ? -1 : b < a ? 1 : 0;
}

template <typename T>
int compare_as(const EventRows& a, size_t i, const EventRows& b, size_t j, int c) {
  return three_way(static_cast<const T*>(a.column(c))[i], static_cast<const T*>(b.column(c))[j]);
}

// Of what is equal as a number, the bits decide: 0.0 and -0.0 are two values.
int compare_doubles(double a, double b) {
  if (a != b) return three_way(a, b);
  return three_way(std::bit_cast<int64_t>(a), std::bit_cast<int64_t>(b));
}

}  // namespace

std::string_view RowOrder::enum_text(int column, uint32_t code) const {
  const auto c = static_cast<size_t>(column);
  const std::vector<std::string>& values = layout_->columns[c].values;
  return values.empty() ? (*texts_)[c].text(code) : std::string_view(values[code]);
}

int RowOrder::compare_values(const EventRows& a, size_t i, const EventRows& b, size_t j) const {
  if (layout_->key >= 0) {
    const int order = compare_cells(layout_->key, a, i, b, j);
    if (order != 0) return order;
  }
  bool ids = false;
  for (int c = 0; c < static_cast<int>(layout_->columns.size()); ++c) {
    if (layout_->columns[static_cast<size_t>(c)].cell == CellType::kCustomer) {
      ids = true;
      continue;
    }
    const int order = compare_cells(c, a, i, b, j);
    if (order != 0) return order;
  }
  // Ids last: whoever is forgotten leaves the order of all other columns as it was.
  for (int c = 0; ids && c < static_cast<int>(layout_->columns.size()); ++c) {
    if (layout_->columns[static_cast<size_t>(c)].cell != CellType::kCustomer) continue;
    const int order = compare_cells(c, a, i, b, j);
    if (order != 0) return order;
  }
  return 0;
}

int RowOrder::compare_cells(int c, const EventRows& a, size_t i, const EventRows& b,
                            size_t j) const {
  const bool null_a = a.null(c, i);
  const bool null_b = b.null(c, j);
  if (null_a || null_b) return three_way(null_a ? 0 : 1, null_b ? 0 : 1);
  switch (layout_->columns[static_cast<size_t>(c)].cell) {
    case CellType::kByte:
      return compare_as<uint8_t>(a, i, b, j, c);
    case CellType::kDay:
      return compare_as<int32_t>(a, i, b, j, c);
    case CellType::kInt:
      return compare_as<int64_t>(a, i, b, j, c);
    case CellType::kBits:
      return compare_as<uint64_t>(a, i, b, j, c);
    case CellType::kDouble:
      return compare_doubles(static_cast<const double*>(a.column(c))[i],
                             static_cast<const double*>(b.column(c))[j]);
    case CellType::kText:
      return three_way(a.text(c, i).compare(b.text(c, j)), 0);
    case CellType::kCode:
    case CellType::kCustomer:
      break;
  }
  const uint32_t x = static_cast<const uint32_t*>(a.column(c))[i];
  const uint32_t y = static_cast<const uint32_t*>(b.column(c))[j];
  if (x == y) return 0;
  if (layout_->columns[static_cast<size_t>(c)].cell == CellType::kCustomer) {
    const CustomerId left = ids_->id(x);
    const CustomerId right = ids_->id(y);
    return ids_->text() ? three_way(left.text.compare(right.text), 0)
                        : three_way(left.number, right.number);
  }
  return three_way(enum_text(c, x).compare(enum_text(c, y)), 0);
}

}  // namespace patron::internal
