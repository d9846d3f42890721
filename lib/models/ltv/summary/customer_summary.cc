#include "lib/models/ltv/summary/customer_summary.h"

#include <algorithm>

#include "lib/base/int128.h"

namespace patron::internal {
namespace {

/// Money and orders, as events.
class EventNotes {
 public:
  EventNotes(const SummaryRules& rules, std::vector<PeriodEvent>* events)
      : rules_(rules), events_(*events) {}

  void note(uint64_t time, int64_t minor, bool order) {
    const Micros instant = rules_.origin + static_cast<Micros>(time);
    events_.push_back({rules_.clock->period_of(instant), minor, order});
  }

 private:
  const SummaryRules& rules_;
  std::vector<PeriodEvent>& events_;
};

/// Notes what the rows of one order come to, of what has its time at `begin` or later.
void add_order(std::span<const CustomerRow> rows, const SummaryRules& rules, uint64_t begin,
               EventNotes notes) {
  constexpr uint64_t kNever = ~uint64_t{0};
  uint64_t order_time = kNever;
  bool positive = false;
  for (const CustomerRow& row : rows) {
    if (row.minor < 0) continue;
    order_time = std::min(order_time, row.time);
    positive |= row.minor > 0;
  }
  const bool has_order = order_time != kNever;
  const bool named = rules.refunds == Refunds::kNet && has_order;
  int64_t sum = 0;  // of the order
  for (const CustomerRow& row : rows) {
    if (row.minor < 0 && rules.refunds == Refunds::kIgnore) continue;
    if (row.minor < 0 && !named) {
      if (row.time >= begin) notes.note(row.time, row.minor, false);
    } else if (int64_t next; !__builtin_add_overflow(sum, row.minor, &next)) {
      sum = next;
    } else {
      if (order_time >= begin) notes.note(order_time, sum, false);
      sum = row.minor;
    }
  }
  const bool counts = positive || rules.zero == ZeroAmounts::kCount;
  if (has_order && order_time >= begin) notes.note(order_time, sum, counts);
}

bool before(const PeriodEvent& a, const PeriodEvent& b) { return a.period < b.period; }

/// The periods with an order, of events in order of their periods.
uint32_t count_periods(const std::vector<PeriodEvent>& events, int64_t* first, int64_t* last) {
  uint32_t periods = 0;
  for (const PeriodEvent& event : events) {
    if (!event.order || event.period == *last) continue;
    periods++;
    *first = std::min(*first, event.period);
    *last = event.period;
  }
  return periods;
}

/// The money from a period on.
int64_t money_from(const std::vector<PeriodEvent>& events, int64_t period, bool* overflow) {
  Int128 sum = 0;
  for (const PeriodEvent& event : events) {
    if (event.period >= period) sum += event.minor;
  }
  *overflow |=
      sum > std::numeric_limits<int64_t>::max() || sum < std::numeric_limits<int64_t>::min();
  return static_cast<int64_t>(sum);
}

}  // namespace

SummaryMeasures summarise_customer(std::span<CustomerRow> rows, bool by_order,
                                   const SummaryRules& rules, SummaryScratch* scratch,
                                   const Pause& pause) {
  scratch->calibration.clear();
  scratch->holdout.clear();
  sort_with_pauses(rows, pause, [](const CustomerRow& a, const CustomerRow& b) {
    if (a.order != b.order) return a.order < b.order;
    return a.time != b.time ? a.time < b.time : a.minor < b.minor;
  });
  size_t ask_at = Pause::kRows;
  for (size_t begin = 0, end; begin < rows.size(); begin = end) {
    if (begin >= ask_at) {
      if (pause.stop()) return {};
      ask_at = begin + Pause::kRows;
    }
    end = begin + 1;
    while (by_order && end < rows.size() && rows[end].order == rows[begin].order) end++;
    const std::span<const CustomerRow> order(rows.data() + begin, end - begin);
    const auto later =
        std::partition_point(order.begin(), order.end(),
                             [&](const CustomerRow& row) { return row.time < rules.holdout; });
    const size_t known = static_cast<size_t>(later - order.begin());
    if (known > 0)
      add_order(order.first(known), rules, 0, EventNotes(rules, &scratch->calibration));
    if (known < order.size())
      add_order(order, rules, rules.holdout, EventNotes(rules, &scratch->holdout));
  }
  for (std::vector<PeriodEvent>* events : {&scratch->calibration, &scratch->holdout}) {
    if (!std::is_sorted(events->begin(), events->end(), before))
      sort_with_pauses(std::span(*events), pause, before);
  }
  if (pause.stop()) return {};

  SummaryMeasures measures;
  int64_t first = kNoPeriod, last = kFirstPeriod;
  measures.periods = count_periods(scratch->calibration, &measures.first, &measures.last);
  measures.holdout_periods = count_periods(scratch->holdout, &first, &last);
  if (!rules.has_money || measures.periods == 0) return measures;
  measures.money = money_from(scratch->calibration, measures.first + (rules.keep_first ? 0 : 1),
                              &measures.overflow);
  measures.holdout_money = money_from(scratch->holdout, kFirstPeriod, &measures.overflow);
  return measures;
}

}  // namespace patron::internal
