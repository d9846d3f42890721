// MetricEvaluator: one metric of one customer, computed from her logs.
//
//   MetricEvaluator spend(spec, streams, zone);            // {"sum": "orders.amount", ...}
//   MetricValue value = spend.evaluate(customer, now, anchors);
//   value.cell.integer;                                    // minor units
//   value.next_change;                                     // when time alone may change it
//
// It looks at every event of the customer each time: the plain meaning, with which faster ways have
// to agree. docs/metrics.md defines every verb.
//
// Thread class: serial.
#pragma once

#include <map>
#include <optional>
#include <span>
#include <string>
#include <vector>

#include "lib/metrics/column_verbs.h"
#include "lib/metrics/event_source.h"
#include "lib/metrics/metric.h"
#include "lib/metrics/metric_value.h"
#include "lib/metrics/sequence.h"
#include "lib/metrics/window.h"

namespace patron::internal {

/// A stream as MetricSpec numbers it.
struct MetricStream {
  std::string name;
  Schema schema;                     ///< what `where` and `each` read
  std::vector<std::string> columns;  ///< as MetricSpec numbers them; "time" among them
  StreamRules rules;
  LogReader* reader = nullptr;
};

class MetricEvaluator {
 public:
  /// Of every verb but ratio, which reads tags and no events. All is kept by reference.
  MetricEvaluator(const MetricSpec& spec, std::span<const MetricStream> streams,
                  const TimeZone& zone);

  /// Facts later than now are not seen; where joining is no attribute, `anchors.joined` is her
  /// earliest fact. Throws std::bad_alloc. Cost: linear in her events, but for verbs that sort.
  /// Where it is not `timed`, MetricValue::next_change says nothing.
  MetricValue evaluate(uint32_t customer, Micros now, const Anchors& anchors, bool timed = true);

 private:
  using Events = std::vector<EventRef>;

  EventSource source(int stream) const;
  int column(int stream, int column) const;
  bool sees_refunds() const;
  void keep_where(const std::optional<Expression>& where, EventSource& from, Events& events) const;
  void keep_followed(Events& events, uint32_t customer, Micros now, MetricValue& out);
  void keep_window(Events& events, Micros now, const Anchors& anchors, MetricValue& out) const;
  std::vector<KeyedEvent> keyed(const EventSource& from, const Events& events, int column);

  MetricValue apply(const Events& events, Micros now);
  MetricValue share(const Events& events);
  MetricValue gaps(const Events& events) const;
  MetricValue streaks(const Events& events, Micros now) const;
  MetricValue points(const Events& events, Micros now);
  MetricValue open(uint32_t customer, Micros now, const Anchors& anchors);
  MetricValue funnel(uint32_t customer, Micros now, const Anchors& anchors);

  const MetricSpec& spec_;
  std::span<const MetricStream> streams_;
  TimeZone zone_;
  std::optional<EventSource> main_, follower_;
  std::vector<EventSource> steps_;
  int column_ = kTimeColumn, by_ = kTimeColumn;
  std::map<std::string, uint64_t, std::less<>> tokens_;  // of equal keys
  bool timed_ = true;
};

}  // namespace patron::internal
