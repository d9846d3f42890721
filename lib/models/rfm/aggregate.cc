#include "lib/models/rfm/aggregate.h"

#include <algorithm>
#include <bit>

namespace patron::internal {
namespace {

/// Beyond so many days a bitmap for each customer would leave the cache.
constexpr int64_t kMaxBitmapDays = 4096;

/// The day of a row, counted from the first day of the call: of any zone.
class ZoneDay {
 public:
  explicit ZoneDay(const MeasureRules& rules)
      : clock_(*rules.clock), origin_(rules.origin), first_day_(clock_.first_day()) {}
  uint64_t operator()(uint64_t time) const {
    return static_cast<uint64_t>(clock_.day_of(origin_ + static_cast<int64_t>(time)) - first_day_);
  }

 private:
  const DayClock& clock_;
  const Micros origin_;
  const Day first_day_;
};

/// The same of UTC.
class UtcDay {
 public:
  explicit UtcDay(const MeasureRules& rules)
      : phase_(static_cast<uint64_t>(rules.origin -
                                     rules.clock->start_of(rules.clock->first_day()))) {}
  uint64_t operator()(uint64_t time) const {
    return (time + phase_) / static_cast<uint64_t>(kMicrosPerDay);
  }

 private:
  const uint64_t phase_;
};

}  // namespace

template <typename Row>
Aggregator<Row>::Aggregator(const AggregatePlan& plan, const Pause& pause)
    : plan_(plan), pause_(pause), days_(plan.rules.clock->days()), grouper_(plan.text_orders) {
  const bool window = plan_.rules.has_window;
  // In time order a word holds the last order day and the last one in the window; else a bit for
  // each day, and a word that says whether the window's first day has an order inside the window.
  if (window) window_day_ = ZoneDay(plan_.rules)(plan_.rules.window_start);
  state_words_ = plan_.sorted ? 1 : static_cast<size_t>((days_ + 63) / 64) + (window ? 1 : 0);
}

template <typename Row>
std::span<const Customer<typename Row::KeyType>> Aggregator<Row>::aggregate(
    const std::vector<RowRun<Row>>& runs, RowKinds* kinds) {
  int64_t rows = 0;
  for (const RowRun<Row>& run : runs) rows += run.end - run.begin;
  const bool fast_possible =
      !Row::kOrders && plan_.fast && (plan_.sorted || days_ <= kMaxBitmapDays);
  RowKinds mine;
  if (!fast_possible || !fast(runs, rows, &mine)) {
    mine = {};
    by_runs(runs, rows, &mine);
  }
  kinds->add(mine);
  return table_.customers();
}

template <typename Row>
bool Aggregator<Row>::fast(const std::vector<RowRun<Row>>& runs, int64_t rows, RowKinds* kinds) {
  table_.start(rows, state_words_);
  if (!(plan_.sorted ? add_rows_by_day<true>(runs, kinds) : add_rows_by_day<false>(runs, kinds)))
    return false;
  for (const Customer<Key>& c : table_.customers()) {
    if (c.overflow) return false;  // by_runs adds up in 128 bits and tells for certain
  }
  if (!plan_.sorted) count_window_days();
  return true;
}

template <typename Row>
template <bool kSorted>
bool Aggregator<Row>::add_rows_by_day(const std::vector<RowRun<Row>>& runs, RowKinds* kinds) {
  const MeasureRules& rules = plan_.rules;
  if (rules.clock->is_utc())
    return rules.has_window ? add_rows<kSorted, true>(UtcDay(rules), runs, kinds)
                            : add_rows<kSorted, false>(UtcDay(rules), runs, kinds);
  return rules.has_window ? add_rows<kSorted, true>(ZoneDay(rules), runs, kinds)
                          : add_rows<kSorted, false>(ZoneDay(rules), runs, kinds);
}

template <typename Row>
template <bool kSorted, bool kWindow, typename DayOfRow>
bool Aggregator<Row>::add_rows(const DayOfRow& day_of, const std::vector<RowRun<Row>>& runs,
                               RowKinds* kinds) {
  const MeasureRules& rules = plan_.rules;
  const bool count_zero = rules.zero == ZeroAmounts::kCount;
  const bool ignore_refunds = rules.refunds == Refunds::kIgnore;
  const uint64_t window_start = rules.window_start;
  const uint64_t window_day = window_day_;
  const size_t words = state_words_;
  Lookup table = table_.lookup();
  for (const RowRun<Row>& run : runs) {
    if (pause_.stop_after(run.end - run.begin)) return true;
    for (const Row* row = run.begin; row != run.end; row++) {
      uint64_t at;
      uint32_t index = table.find(*row, &at);
      if (index == 0) [[unlikely]] {
        index = table_.insert(*row, at, &table);
        if (index == 0) return false;
      }
      const int64_t minor = row->minor;
      const uint64_t time = When::micros(row->when);
      const bool inside = !kWindow || time >= window_start;
      Measures& m = table.customers[index - 1];
      if (minor <= 0) [[unlikely]] {
        (minor < 0 ? kinds->refund : kinds->zero)++;
        if (minor < 0 && inside && !ignore_refunds)
          m.overflow |= __builtin_add_overflow(m.money, minor, &m.money);
        if (minor < 0 || !count_zero) continue;
      }
      if (inside && __builtin_add_overflow(m.money, minor, &m.money)) [[unlikely]]
        m.overflow = true;
      m.orders++;
      m.first = std::min(m.first, time);
      m.last = std::max(m.last, time);
      const uint64_t day = day_of(time);
      uint64_t* const state = table.state + (index - 1) * words;
      if constexpr (kSorted) {
        const uint64_t mark = day + 1;  // 0 means none yet
        const uint64_t seen = inside ? mark : *state & 0xffff'ffffu;
        m.order_days += *state >> 32 != mark;
        m.frequency += (*state & 0xffff'ffffu) != seen;
        *state = mark << 32 | seen;
      } else {
        const uint64_t bit = uint64_t{1} << (day & 63);
        uint64_t& word = state[day >> 6];
        m.order_days += (word & bit) == 0;
        word |= bit;
        if (kWindow && inside && day == window_day) state[words - 1] = 1;
      }
    }
  }
  return !table.gave_up();
}

template <typename Row>
void Aggregator<Row>::count_window_days() {
  const bool window = plan_.rules.has_window;
  const size_t day_words = state_words_ - (window ? 1 : 0);
  for (size_t i = 0; i < table_.size(); i++) {
    Customer<Key>& c = table_.customers()[i];
    c.frequency = c.order_days;
    if (!window) continue;
    // Days after the window's first day are in it whole; that day only where an order of it is.
    const uint64_t* state = table_.state(i);
    c.frequency = static_cast<uint32_t>(state[day_words]);
    const uint64_t after = window_day_ + 1;
    for (size_t word = after / 64; word < day_words; word++) {
      const uint64_t mask = word == after / 64 ? ~uint64_t{0} << (after % 64) : ~uint64_t{0};
      c.frequency += static_cast<uint32_t>(std::popcount(state[word] & mask));
    }
  }
}

template <typename Row>
void Aggregator<Row>::by_runs(const std::vector<RowRun<Row>>& runs, int64_t rows, RowKinds* kinds) {
  const bool done =
      grouper_.each_customer(runs, rows, &table_, &pause_, kinds,
                             [this](Customer<Key>& customer, std::span<CustomerRow> mine) {
                               static_cast<Measures&>(customer) = measure_customer(
                                   mine, Row::kOrders, plan_.rules, &day_scratch_, pause_.pause());
                             });
  if (!done) table_.clear();
}

template class Aggregator<PlainRow<IntKey>>;
template class Aggregator<PlainRow<TextKey>>;
template class Aggregator<OrderRow<IntKey>>;
template class Aggregator<OrderRow<TextKey>>;

}  // namespace patron::internal
