// WindowMetric: the metrics that classes are mostly decided by (counts, sums of whole numbers,
// first and last times) for one customer, looking at no more of her events than those in the
// window.
//
//   if (WindowMetric::takes(spec, streams)) metric.emplace(spec, streams, zone);
//   MetricValue value = metric->evaluate(customer, now, anchors);
//
// Bit for bit what MetricEvaluator says, the next change and the time of the newest fact included.
//
// Thread class: serial.
#pragma once

#include <optional>
#include <span>

#include "lib/base/int128.h"
#include "lib/metrics/evaluator.h"

namespace patron::internal {

/// Whether it adds up money of a stream whose refunds count at the time of the order that they
/// name.
bool nets_refunds(const MetricSpec& spec, std::span<const MetricStream> streams);

class WindowMetric {
 public:
  /// Whether it is one of them: no order of events, and a window whose events only leave, the
  /// oldest first.
  static bool takes(const MetricSpec& spec, std::span<const MetricStream> streams);
  /// Whether it would be, but for refunds that count at the time of the order that they name.
  static bool takes_without_refunds(const MetricSpec& spec, std::span<const MetricStream> streams);

  /// Of a metric that it takes. All is kept by reference.
  WindowMetric(const MetricSpec& spec, std::span<const MetricStream> streams, const TimeZone& zone);

  /// As MetricEvaluator::evaluate. Cost: logarithmic in her events; counts and sums are linear in
  /// those in the window, but of whole chunks of a long log take the totals. They do not with a
  /// `where`, nor where sales of what is no money are added up.
  MetricValue evaluate(uint32_t customer, Micros now, const Anchors& anchors, bool timed = true);

 private:
  /// Of rows that count: how many there are, and of their cells that are known the number and the
  /// sum.
  struct Tally {
    int64_t events = 0, cells = 0;
    Int128 sum = 0;
  };

  bool is_sale(const LogRun& run, size_t row) const;
  bool counts(const LogRun& run, size_t row);
  int64_t sales(const LogRun& run) const;
  void add_cells(const LogRun& run, Tally& out) const;
  std::optional<Tally> tally(const LogRun& run) const;
  const CellTotals* total(const LogRun& run, int column) const;
  bool no_sales(const LogRun& run) const;
  bool no_cells(const LogRun& run) const;
  void add_up(const LogView& log, MetricValue& out, std::optional<Micros>& first);
  void find_edge(const LogView& log, MetricValue& out);
  std::optional<Micros> first_time(const LogRun& run);
  std::optional<Micros> last_time(const LogRun& run);

  const MetricSpec& spec_;
  LogReader* reader_;
  TimeZone zone_;
  EventSource source_;
  int column_;
  bool sales_;              // only sales count
  int amount_ = -1;         // the column that says what is a sale
  int64_t least_sale_ = 0;  // of its amount
};

}  // namespace patron::internal
