// Selection: which responses count, where time says so: those in the window, and of each customer
// (and kind) the last one.
//
// Of two responses of one customer at one instant the one with the lower score counts, then the one
// with the smaller group, then that with the smaller topics; so neither the order nor the chunking
// of the rows reaches the result.
#pragma once

#include <vector>

#include "lib/base/buffer.h"
#include "lib/base/parallel.h"
#include "lib/models/nps/labels.h"
#include "lib/models/nps/score_reader.h"
#include "lib/models/nps/tally.h"
#include "patron/nps.h"

namespace patron::internal {

/// What a selection looks at.
struct SelectionColumns {
  const ScoreReader* scores = nullptr;
  const Labels* kinds = nullptr;  ///< may be null
  const Labels* groups = nullptr;
  const std::vector<Labels>* topics = nullptr;
  TimeReader time;
  bool has_customer = false;
  bool text_customer = false;
  IntReader int_customer;
  TextReader text_customers;
};

struct Selection {
  Buffer left_out;          ///< a byte for each row: 0 for those that count
  std::vector<BadRow> bad;  ///< in row order
  int64_t waiting = 0, old = 0, superseded = 0;
  Micros as_of = 0;
};

/// Code::kLimit, kCancelled, kCallback. Cost: two passes over the rows, and one more for each
/// thread where there is a customer column.
Result<Selection> select_responses(const Table& table, const SelectionColumns& columns,
                                   const NpsOptions& options, const TimeZone& zone, Watch* watch);

}  // namespace patron::internal
