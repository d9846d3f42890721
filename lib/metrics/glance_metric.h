// GlanceMetric: the metrics of QuickMetric from a glance at a log, and the first instant at which
// time alone brings one to another level.
//
//   if (GlanceMetric::takes(spec, streams)) metric.emplace(spec, streams, zone);
//   LogGlance glance(state, metric->stream(), metric->columns());
//   glance.read(customer, metric->reads_from(now, anchors), now);
//   GlanceValue value;
//   if (metric->evaluate(glance, now, anchors, levels, value)) ... value.cell, value.next_change
//
// The value is that of MetricEvaluator, bit for bit. Its next change is no sooner than there, and
// no later than the first instant at which the value lies on another side of one of the levels.
//
// Thread class: serial.
#pragma once

#include <optional>
#include <span>
#include <string>
#include <vector>

#include "lib/base/int128.h"
#include "lib/book/log_glance.h"
#include "lib/expr/graph.h"
#include "lib/metrics/evaluator.h"
#include "lib/metrics/levels.h"

namespace patron::internal {

struct GlanceValue {
  Cell cell;
  Micros next_change = TimeRange::kNever;
};

/// Whether an amount, of that column of the glance, is below zero.
bool has_refunds(const LogGlance& log, size_t amount_at);

class GlanceMetric {
 public:
  /// What QuickMetric takes, and sums that refunds are netted in, where its `where` is a
  /// conjunction of comparisons of one column with a number or a text.
  static bool takes(const MetricSpec& spec, std::span<const MetricStream> streams);

  /// Of a metric that it takes. All is kept by reference.
  GlanceMetric(const MetricSpec& spec, std::span<const MetricStream> streams, const TimeZone& zone);

  int stream() const { return spec_.stream; }
  /// The columns that it looks at; and where they are among those of the glance that it will get.
  const std::vector<int>& columns() const { return columns_; }
  void look_among(std::span<const int> columns);
  /// The earliest instant whose facts it looks at.
  Micros reads_from(Micros now, const Anchors& anchors) const;
  /// Zeroes what is left of the last customer. Does not fail.
  void let_go();
  /// From a glance at all of the facts from there on. False where the order of facts of one instant
  /// would decide, and where refunds may count at the time of another order.
  bool evaluate(const LogGlance& log, Micros now, const Anchors& anchors, const Levels& levels,
                GlanceValue& out);

 private:
  struct Test {
    size_t at = 0;  // among the columns of the glance
    Cmp cmp = Cmp::kEq;
    int64_t number = 0;
    bool is_text = false;
    std::string text;
    uint32_t code = 0;  // of the text, as far as is known
  };
  struct Counted {
    Micros time;
    int64_t value;  // kNullInt: none
  };

  static constexpr size_t kNone = SIZE_MAX;

  static std::optional<std::vector<Test>> tests_of(const MetricSpec& spec, const MetricStream& from,
                                                   std::vector<int>* columns);
  TimeRange window(Micros now, const Anchors& anchors) const;
  bool passes(const LogGlance& log, size_t row);
  template <bool kFilters>
  void count(const LogGlance& log, size_t begin, size_t end);
  void count(const LogGlance& log, const TimeRange& inside);
  GlanceValue total(const Anchors& anchors, const Levels& levels) const;
  size_t edge() const;
  Micros leaves(Micros time, const Anchors& anchors) const;

  const MetricSpec& spec_;
  TimeZone zone_;
  std::vector<int> columns_;
  size_t value_at_ = kNone;   // among the columns of the glance; kNone: the time
  size_t amount_at_ = kNone;  // of the one that says what a sale is; kNone: all are
  size_t nets_at_ = kNone;    // of amounts, where refunds may count at the time of another order
  int64_t least_sale_ = 1;    // the least amount of one
  bool moves_ = false;        // events leave the window
  Micros length_ = 0;         // of a rolling window of an exact length; else 0
  std::vector<Test> tests_;
  std::vector<Counted> counted_;  // scratch: what counts, in the order of time
  size_t found_ = 0;              // how many of it
  size_t known_ = 0;              // how many of their values are no nulls
  Int128 sum_ = 0;                // of counts and sums
};

}  // namespace patron::internal
