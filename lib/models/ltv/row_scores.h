// Columns of results for the rows of a table: read, check, score on any number of threads, and say
// which rows were refused.
//
//   RowScores scores;
//   scores.readers = {&reader};
//   scores.names = {"value"};
//   scores.make_scorer = [&] { return std::make_unique<MyScorer>(); };   // one for each worker
//   Result<LtvPredictions> result = score_rows(customers, scores);
//
// Thread class: pure.
#pragma once

#include <cstdint>
#include <functional>
#include <memory>
#include <string>
#include <vector>

#include "lib/models/ltv/customers.h"
#include "lib/models/ltv/predictor.h"
#include "patron/ltv.h"
#include "patron/status.h"

namespace patron::internal::ltv {

/// Scores blocks of customers. Thread class: serial.
class BlockScorer {
 public:
  virtual ~BlockScorer() = default;
  /// Up to kCustomerRows sound customers; out[k] is column k, NaN for null.
  virtual void score(const CustomerSpan& customers, double* const* out) = 0;
};

struct RowScores {
  std::vector<const CustomerReader*> readers;  ///< what one reads the next may read again
  std::vector<std::string> names;              ///< of the columns of doubles that come out
  std::function<std::unique_ptr<BlockScorer>()> make_scorer;
  int64_t task_rows = 0;  ///< rows of a task: a few ms of work
  const LtvColumns* columns = nullptr;
  bool refuse_bad_rows = true;
  int threads = 1;
  const Control* control = nullptr;
};

/// A customer without a repeat purchase is sound: a model of spend takes her for average.
/// Code::kArgument (threads), kCancelled, kCallback, and of the first bad row where
/// refuse_bad_rows is false.
Result<LtvPredictions> score_rows(const Table& customers, const RowScores& scores);

}  // namespace patron::internal::ltv
