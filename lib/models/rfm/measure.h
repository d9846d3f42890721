// Measure: the first step of RFM, order rows to one row of measures for each customer.
#pragma once

#include <cstdint>
#include <optional>
#include <vector>

#include "lib/base/buffer.h"
#include "lib/base/parallel.h"
#include "lib/models/orders/emit_parts.h"
#include "lib/models/orders/refusal.h"
#include "lib/models/orders/row_source.h"
#include "patron/rfm.h"

namespace patron::internal {

/// One row for each customer, in the order of their ids.
struct CustomerColumns : IdColumn {
  int64_t customers = 0;
  int64_t prospects = 0;  ///< customers without an order: the columns marked * are null for them
  int64_t without_frequency = 0;  ///< customers without an order in the window, prospects included
  Buffer bought;                  ///< validity bits of *; empty where there are no prospects
  Buffer first_order;             ///< * Micros
  Buffer last_order;              ///< * Micros
  Buffer recency_days;            ///< * int64
  Buffer orders;                  ///< int64
  Buffer order_days;              ///< int64
  Buffer frequency;               ///< int64
  Buffer monetary_minor;          ///< int64
};

/// What was read, beside the customers.
struct MeasureReport {
  Micros as_of = 0;
  int64_t rows = 0;
  int64_t rounded = 0;
  int64_t waiting = 0;
  int64_t zero = 0;
  int64_t refund = 0;
  std::vector<RefusedRow> refused;
};

/// How the work is done; the result does not depend on it.
struct MeasureTuning {
  int64_t batch_rows = 0;  ///< rows of a unit of work; 0: chosen
  bool fast = true;        ///< false: every customer goes by measure_customer()
};

/// The columns that the options name.
OrderColumns order_columns(const RfmOptions& options);

/// Errors as patron::rfm.
Result<CustomerColumns> measure(const Table& orders, const RfmOptions& options,
                                const TimeZone& zone, const MeasureTuning& tuning, Watch* watch,
                                MeasureReport* report);

}  // namespace patron::internal
