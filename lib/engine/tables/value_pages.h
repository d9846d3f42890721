// ValuePages: every value of a policy for the customers of a page at once, as a look at each of
// them would say.
//
//   ValuePages pages(policy, book.state(), constants);   // one for each thread
//   for (uint32_t page = 0; page < pages.pages(); ++page) {
//     pages.read(page, now, states);
//     pages.value(i).integers()[k];                    // the i-th value of customer 256 page + k
//   }
//
// Metrics are computed by PageMetrics, expressions by the column kernels of lib/expr over the
// blocks of the values that they read, classes are read from where the customers stand: bit for bit
// what Settler::look gives of each customer alone.
//
// Thread class: serial; any number of them read one snapshot.
#pragma once

#include <cstdint>
#include <functional>
#include <memory>
#include <span>
#include <vector>

#include "lib/engine/settle/settle.h"
#include "lib/metrics/page_metrics.h"
#include "lib/metrics/value_block.h"

namespace patron::internal {

class RfmMeasures;

/// Where the customer of a row stands; kept by reference while a page is read.
using StateOf = std::function<const CustomerState&(uint32_t row)>;

class ValuePages {
 public:
  /// The values at these places of the policy, and what they read, of an empty span all; under
  /// constants, or null; and a condition over such values. All is kept by reference. Throws
  /// std::bad_alloc.
  ValuePages(const PolicyData& policy, const BookState& book,
             std::shared_ptr<const CalibrationData> constants, std::span<const size_t> wanted = {},
             const Expression* where = nullptr);
  ~ValuePages();

  /// Measures of RFM that are known, as RfmPages::use().
  void use(const RfmMeasures* measured);

  uint32_t pages() const;
  /// Computes the values of rows page x 256 and on. Facts later than now are not seen.
  void read(uint32_t page, Micros now, const StateOf& states);
  uint32_t first() const { return first_; }
  uint32_t customers() const { return customers_; }
  /// Good until the next read; of values that were asked for or are read by such.
  const ValueBlock& value(size_t i) const { return *blocks_[i]; }
  /// Whether the condition is true of customer first() + k.
  bool holds(uint32_t k) const;

 private:
  struct Parts;
  struct Formula;
  bool is_model(size_t i) const;
  void models(size_t begin, size_t end);
  void compute(size_t i);
  void evaluate(Formula& formula, ValueBlock& out);
  void ratio(const MetricSpec& metric, ValueBlock& out);
  void plain_ltv(const PolicyPlainLtv& plain, ValueBlock& out);
  void scorecard(size_t i, ValueBlock& out);
  void classify(size_t i, ValueBlock& out);
  void history(size_t i, ValueBlock& out);
  void heed_null(size_t i, ValueBlock& out);
  std::optional<Micros> joined(uint32_t row);

  std::unique_ptr<Parts> parts_;
  std::vector<std::unique_ptr<ValueBlock>> blocks_;  ///< null: not asked for
  PageAnchors anchors_;
  const StateOf* states_ = nullptr;
  Micros now_ = 0;
  uint32_t first_ = 0, customers_ = 0;
};

/// What users see of a set: its members with commas between them.
std::string joined_members(std::span<const std::string> set);

}  // namespace patron::internal
