// TableOrder: which row of a table is whose, and TablePlaces: where the customers of a page go.
//
//   const TableOrder order(rows, customers);       // row k of the table is of customer rows[k]
//   const TablePlaces to = order.of_page(page);    // of customers 256 x page and on
//   to.place(k);                                   // kNoPlace: she has no row
//
// Thread class: const is shared.
#pragma once

#include <algorithm>
#include <cstdint>
#include <span>
#include <vector>

#include "lib/book/event_page.h"

namespace patron::internal {

inline constexpr uint32_t kNoPlace = UINT32_MAX;

struct TablePlaces {
  TablePlaces(const uint32_t* of, uint32_t count) : places(of), n(count), first(first_of(of, n)) {}
  /// Where it is known already: `first` as below.
  TablePlaces(const uint32_t* of, uint32_t count, uint32_t from)
      : places(of), n(count), first(from) {}
  uint32_t place(uint32_t k) const { return first != kNoPlace ? first + k : places[k]; }

  const uint32_t* places;  ///< of each; kNoPlace: nowhere
  uint32_t n;
  uint32_t first;  ///< the place of the first, where the others follow it; else kNoPlace

 private:
  static uint32_t first_of(const uint32_t* of, uint32_t count) {
    bool next = count > 0 && of[0] != kNoPlace;
    for (uint32_t k = 1; next && k < count; ++k) next = of[k] == of[0] + k;
    return next ? of[0] : kNoPlace;
  }
};

class TableOrder {
 public:
  /// No customer comes twice. Throws std::bad_alloc. Cost: linear in rows and customers.
  TableOrder(std::span<const uint32_t> rows, uint32_t customers)
      : customers_(customers), places_(customers, kNoPlace) {
    for (size_t k = 0; k < rows.size(); ++k) places_[rows[k]] = static_cast<uint32_t>(k);
    for (uint32_t page = 0; page < pages(); ++page) {
      firsts_.push_back(TablePlaces(at(page), size(page)).first);
    }
  }
  uint32_t pages() const { return (customers_ + kPageCustomers - 1) / kPageCustomers; }
  TablePlaces of_page(uint32_t page) const { return {at(page), size(page), firsts_[page]}; }

 private:
  const uint32_t* at(uint32_t page) const { return &places_[size_t{page} * kPageCustomers]; }
  uint32_t size(uint32_t page) const {
    return std::min(kPageCustomers, customers_ - page * kPageCustomers);
  }
  uint32_t customers_;
  std::vector<uint32_t> places_;  ///< of each customer
  std::vector<uint32_t> firsts_;  ///< of each page
};

}  // namespace patron::internal
