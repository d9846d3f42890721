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

#include <span>

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

  /// As MetricEvaluator::evaluate. Cost: logarithmic in her events, and linear in those in the
  /// window for counts and sums.
  MetricValue evaluate(uint32_t customer, Micros now, const Anchors& anchors, bool timed = true);

 private:
  bool counts(const LogRun& run, size_t row);
  void add_up(const LogView& log, MetricValue& out, std::optional<Micros>& first);
  void find_edge(const LogView& log, MetricValue& out);
  std::optional<Micros> first_time(const LogView& log);

  const MetricSpec& spec_;
  LogReader* reader_;
  TimeZone zone_;
  EventSource source_;
  int column_;
  bool sales_;
};

}  // namespace patron::internal
