// RfmMeasures: the measures of RFM of everybody at one instant, as a calibration found them, for
// the tables that are asked for before anything else happens.
//
//   RfmMeasures kept(now, book.customers());
//   kept.put(3, page);                        // of rows 768 and on; each page once
//   kept.get(3, page);                        // the same again, without a look at any fact
//
// Thread class: const is shared; put() is serial.
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>

#include "lib/base/buffer.h"
#include "lib/base/wiped.h"
#include "lib/book/event_page.h"
#include "patron/time.h"

namespace patron::internal {

/// The measures of the customers of a page, as columns. Flags are 0 or 1.
struct RfmPage {
  template <typename T>
  using Column = std::array<T, kPageCustomers>;

  uint32_t customers = 0;
  Column<uint8_t> has{};        ///< whether she is there; of the others nothing counts
  Column<uint8_t> bought{};     ///< ever
  Column<uint8_t> has_money{};  ///< whether it is within 64 bits
  Column<int64_t> recency{};    ///< whole local days since the last order; 0: she never bought
  Column<int64_t> frequency{};  ///< days with an order
  Column<int64_t> monetary{};   ///< minor units; good where has_money
};

class RfmMeasures {
 public:
  /// Of so many customers, whose pages are all to be put. Throws std::bad_alloc.
  RfmMeasures(Micros at, uint32_t customers);
  /// Zeroes the money: of one who is to be forgotten, too.
  ~RfmMeasures() { wipe_buffer(monetary_); }
  RfmMeasures(const RfmMeasures&) = delete;
  RfmMeasures& operator=(const RfmMeasures&) = delete;

  Micros at() const { return at_; }
  uint32_t customers() const { return customers_; }
  size_t bytes() const { return days_.size() + monetary_.size() + flags_.size(); }
  void put(uint32_t page, const RfmPage& from);
  void get(uint32_t page, RfmPage& to) const;

 private:
  Micros at_;
  uint32_t customers_;
  Buffer days_;  ///< of each page the recency, then the frequency: int32, which has all days
  Buffer monetary_, flags_;
};

}  // namespace patron::internal
