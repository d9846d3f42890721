// GlanceMetric: the metrics of WindowMetric from a glance at a log, and the first instant at which
// time alone brings one out of a range.
//
//   if (GlanceMetric::takes(spec, streams)) metric.emplace(spec, streams, zone);
//   LogGlance glance(state, metric->stream(), metric->columns());
//   glance.read(customer, metric->reads_from(now, anchors), now);
//   GlanceValue value;
//   if (metric->measure(glance, now, anchors, value)) ... value.cell, value.next_change
//   metric->leaves_range(value.cell.integer, {100, 500}, anchors);   // while the glance is read
//
// The value is that of MetricEvaluator, bit for bit, and so is its next change, but for first and
// last times: there it is that of the value, and no sooner than that of all that counts.
//
// Thread class: serial.
#pragma once

#include <optional>
#include <span>
#include <string>
#include <vector>

#include "lib/base/wiped.h"
#include "lib/book/log_glance.h"
#include "lib/expr/graph.h"
#include "lib/metrics/evaluator.h"
#include "lib/metrics/value_range.h"

namespace patron::internal {

struct GlanceValue {
  Cell cell;
  Micros next_change = TimeRange::kNever;
};

/// Whether an amount, of that column of the glance, is below zero.
bool has_refunds(const LogGlance& log, size_t amount_at);

class GlanceMetric {
 public:
  /// What WindowMetric takes, and sums that refunds are netted in, where its `where` is a
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
  bool measure(const LogGlance& log, Micros now, const Anchors& anchors, GlanceValue& out);
  /// Of a count or a sum that was measured last, and is known: the first instant at which it is
  /// outside a range that it is in, as what is oldest leaves. Good as long as that glance is.
  Micros leaves_range(int64_t value, const ValueRange& range, const Anchors& anchors) const;
  /// Whether leaves_range() says so; else only its next change is known.
  bool adds_up() const { return spec_.verb == Verb::kCount || spec_.verb == Verb::kSum; }

 private:
  struct Test {
    size_t at = 0;  // among the columns of the glance
    Cmp cmp = Cmp::kEq;
    int64_t number = 0;
    bool is_text = false;
    std::string text;
    uint32_t code = 0;  // of the text, as far as is known
  };

  static constexpr size_t kNone = SIZE_MAX;

  static std::optional<std::vector<Test>> tests_of(const MetricSpec& spec, const MetricStream& from,
                                                   std::vector<int>* columns);
  TimeRange window(Micros now, const Anchors& anchors) const;
  bool passes(const LogGlance& log, size_t row);
  void filter(const LogGlance& log, size_t begin, size_t end);
  void count(const LogGlance& log, const TimeRange& inside);
  void add_up(Cell& out);
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
  // What counts, in the order of time: in the glance, or a copy of it.
  const Micros* times_ = nullptr;
  const int64_t* values_ = nullptr;  // null: each is 1, or where there are nulls one of them
  size_t found_ = 0;                 // how many
  bool nulls_ = false;               // some are null
  WipedVector<int64_t> copied_;      // times, then values
};

}  // namespace patron::internal
