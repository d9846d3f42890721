#include "lib/models/rfm/aggregate.h"

#include <algorithm>
#include <bit>
#include <numeric>

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
    : plan_(plan), pause_(pause), days_(plan.rules.clock->days()) {
  const bool window = plan_.rules.has_window;
  // In time order a word holds the last order day and the last one in the window; else a bit for
  // each day, and a word that says whether the window's first day has an order inside the window.
  if (window) window_day_ = ZoneDay(plan_.rules)(plan_.rules.window_start);
  state_words_ = plan_.sorted ? 1 : static_cast<size_t>((days_ + 63) / 64) + (window ? 1 : 0);
}

/// Counts rows, and asks `pause_` once they are many.
template <typename Row>
bool Aggregator<Row>::stop_after(int64_t rows) {
  constexpr int64_t kMany = 1 << 18;
  if ((unasked_ += rows) >= kMany) {
    unasked_ = 0;
    stopped_ |= pause_.stop();
  }
  return stopped_;
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
  kinds->zero += mine.zero;
  kinds->refund += mine.refund;
  return {customers_.data(), count_};
}

template <typename Row>
void Aggregator<Row>::start_table(int64_t rows, size_t state_words) {
  const size_t capacity = std::bit_ceil(static_cast<uint64_t>(std::max<int64_t>(rows / 3, 64)));
  slots_.assign(capacity, 0);
  mask_ = capacity - 1;
  probe_limit_ = 16 * rows + 1024;
  count_ = 0;
  table_words_ = state_words;
  day_state_.resize(customers_.size() * table_words_);
}

template <typename Row>
bool Aggregator<Row>::grow_table(int64_t* probes) {
  slots_.assign(slots_.size() * 2, 0);
  mask_ = slots_.size() - 1;
  for (size_t i = 0; i < count_; i++) {
    Row row{};
    row.key = customers_[i].key;
    row.when = customers_[i].code;
    uint64_t at = (hash_of(row) >> 20) & mask_;
    for (; slots_[at] != 0; at = (at + 1) & mask_) ++*probes;
    if (*probes > probe_limit_) return false;
    slots_[at] = static_cast<uint32_t>(i + 1);
  }
  return true;
}

/// 1 + the index of a new customer: that of the row.
template <typename Row>
uint32_t Aggregator<Row>::add_customer(const Row& row) {
  if (count_ == customers_.size()) {
    customers_.resize(std::max<size_t>(2 * count_, 256));
    day_state_.resize(customers_.size() * table_words_);
  }
  Customer<Key>& customer = customers_[count_];
  static_cast<Measures&>(customer) = Measures();
  customer.code = static_cast<uint8_t>(When::code(row.when));
  customer.key = row.key;
  std::fill_n(day_state_.data() + count_ * table_words_, table_words_, uint64_t{0});
  return static_cast<uint32_t>(++count_);
}

/// The table for a loop: local copies of its parts, or every store of the loop would reload them.
template <typename Row>
struct Aggregator<Row>::Lookup {
  uint32_t* slots;
  uint64_t mask;
  Customer<Key>* customers;
  uint64_t* day_state;
  int64_t probes;
  int64_t limit;

  /// 1 + the index of the row's customer, or 0; `at` is her slot, or the one that is free for her.
  /// Also 0 once the limit of probes is reached: then insert() gives up.
  uint32_t find(const Row& row, uint64_t* at) {
    uint64_t slot = (hash_of(row) >> 20) & mask;
    uint32_t index;
    while ((index = slots[slot]) != 0 &&
           !same_customer(row, customers[index - 1].key, customers[index - 1].code)) {
      slot = (slot + 1) & mask;
      if (++probes > limit) {
        index = 0;
        break;
      }
    }
    *at = slot;
    return index;
  }
};

template <typename Row>
typename Aggregator<Row>::Lookup Aggregator<Row>::lookup(int64_t probes) {
  return {slots_.data(), mask_, customers_.data(), day_state_.data(), probes, probe_limit_};
}

template <typename Row>
uint32_t Aggregator<Row>::insert(const Row& row, uint64_t at, Lookup* table) {
  const uint32_t index = add_customer(row);
  slots_[at] = index;
  if (table->probes > probe_limit_) return 0;
  if (count_ * 2 > slots_.size() && !grow_table(&table->probes)) return 0;
  *table = lookup(table->probes);
  return index;
}

template <typename Row>
bool Aggregator<Row>::fast(const std::vector<RowRun<Row>>& runs, int64_t rows, RowKinds* kinds) {
  start_table(rows, state_words_);
  if (!(plan_.sorted ? add_rows_by_day<true>(runs, kinds) : add_rows_by_day<false>(runs, kinds)))
    return false;
  for (const Customer<Key>& c : std::span(customers_).first(count_)) {
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
  Lookup table = lookup(0);
  for (const RowRun<Row>& run : runs) {
    if (stop_after(run.end - run.begin)) return true;
    for (const Row* row = run.begin; row != run.end; row++) {
      uint64_t at;
      uint32_t index = table.find(*row, &at);
      if (index == 0) [[unlikely]] {
        index = insert(*row, at, &table);
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
      uint64_t* const state = table.day_state + (index - 1) * words;
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
  return table.probes <= probe_limit_;
}

template <typename Row>
void Aggregator<Row>::count_window_days() {
  const bool window = plan_.rules.has_window;
  const size_t day_words = state_words_ - (window ? 1 : 0);
  for (size_t i = 0; i < count_; i++) {
    Customer<Key>& c = customers_[i];
    c.frequency = c.order_days;
    if (!window) continue;
    // Days after the window's first day are in it whole; that day only where an order of it is.
    const uint64_t* state = &day_state_[i * state_words_];
    c.frequency = static_cast<uint32_t>(state[day_words]);
    const uint64_t after = window_day_ + 1;
    for (size_t word = after / 64; word < day_words; word++) {
      const uint64_t mask = word == after / 64 ? ~uint64_t{0} << (after % 64) : ~uint64_t{0};
      c.frequency += static_cast<uint32_t>(std::popcount(state[word] & mask));
    }
  }
}

template <typename Row>
bool Aggregator<Row>::group_by_hash(const std::vector<RowRun<Row>>& runs, int64_t rows) {
  start_table(rows, 0);
  Lookup table = lookup(0);
  uint32_t* out = customer_of_row_.data();
  for (const RowRun<Row>& run : runs) {
    if (stop_after(run.end - run.begin)) return true;
    for (const Row* row = run.begin; row != run.end; row++) {
      uint64_t at;
      uint32_t index = table.find(*row, &at);
      if (index == 0) {
        index = insert(*row, at, &table);
        if (index == 0) return false;
      }
      *out++ = index - 1;
    }
  }
  return table.probes <= probe_limit_;
}

template <typename Row>
void Aggregator<Row>::group_by_sort(const std::vector<RowRun<Row>>& runs, int64_t rows) {
  struct Entry {
    const Row* row;
    uint32_t index;
  };
  std::vector<Entry> entries;
  entries.reserve(static_cast<size_t>(rows));
  for (const RowRun<Row>& run : runs) {
    for (const Row* row = run.begin; row != run.end; row++)
      entries.push_back({row, static_cast<uint32_t>(entries.size())});
  }
  const auto less = [](const Entry& a, const Entry& b) {
    if constexpr (Key::kText) {
      const uint32_t code_a = When::code(a.row->when), code_b = When::code(b.row->when);
      return TextKey::text(a.row->key, code_a) < TextKey::text(b.row->key, code_b);
    } else {
      return a.row->key.id < b.row->key.id;
    }
  };
  count_ = 0;
  table_words_ = 0;
  stopped_ |= !sort_with_pauses(std::span(entries), pause_, less);
  if (stopped_) return;
  for (size_t i = 0; i < entries.size(); i++) {
    if (i == 0 || less(entries[i - 1], entries[i])) add_customer(*entries[i].row);
    customer_of_row_[entries[i].index] = static_cast<uint32_t>(count_ - 1);
  }
}

template <typename Row>
void Aggregator<Row>::number_orders(std::span<CustomerRow> rows) {
  constexpr size_t kUnasked = size_t{1} << 17;
  sort_with_pauses(rows, pause_, [](const CustomerRow& a, const CustomerRow& b) {
    return TextRef::unpack(a.order) < TextRef::unpack(b.order);
  });
  uint64_t number = 0;
  std::string_view before;
  for (size_t i = 0; i < rows.size(); i++) {
    const std::string_view order = TextRef::unpack(rows[i].order);
    if (i > 0 && order != before) number++;
    before = order;
    rows[i].order = number;
    if (i % kUnasked == kUnasked - 1 && pause_.stop()) return;
  }
}

template <typename Row>
void Aggregator<Row>::by_runs(const std::vector<RowRun<Row>>& runs, int64_t rows, RowKinds* kinds) {
  customer_of_row_.resize(static_cast<size_t>(rows));
  if (!group_by_hash(runs, rows)) group_by_sort(runs, rows);
  if (stopped_) return give_up();  // not every row has a customer

  // Counting sort: the rows of each customer side by side, in input order.
  run_ends_.assign(count_ + 1, 0);
  for (int64_t i = 0; i < rows; i++) run_ends_[customer_of_row_[static_cast<size_t>(i)] + 1]++;
  std::partial_sum(run_ends_.begin(), run_ends_.end(), run_ends_.begin());
  const size_t bytes = static_cast<size_t>(rows) * sizeof(CustomerRow);
  if (run_rows_.size() < bytes) run_rows_ = Buffer(bytes);
  CustomerRow* const by_customer = run_rows_.as<CustomerRow>();
  size_t i = 0;
  for (const RowRun<Row>& run : runs) {
    if (stop_after(run.end - run.begin)) return give_up();
    for (const Row* row = run.begin; row != run.end; row++) {
      uint64_t order = 0;
      if constexpr (Row::kOrders) order = row->order;
      by_customer[run_ends_[customer_of_row_[i++]]++] = {When::micros(row->when), row->minor,
                                                         order};
      kinds->zero += row->minor == 0;
      kinds->refund += row->minor < 0;
    }
  }
  size_t begin = 0;  // run_ends_[c] is now where the rows of c end
  for (size_t c = 0; c < count_; c++) {
    const std::span<CustomerRow> mine(by_customer + begin, run_ends_[c] - begin);
    if (stop_after(static_cast<int64_t>(mine.size()))) return give_up();
    begin = run_ends_[c];
    if (Row::kOrders && plan_.text_orders) number_orders(mine);
    static_cast<Measures&>(customers_[c]) =
        measure_customer(mine, Row::kOrders, plan_.rules, &day_scratch_, pause_);
  }
}

template class Aggregator<PlainRow<IntKey>>;
template class Aggregator<PlainRow<TextKey>>;
template class Aggregator<OrderRow<IntKey>>;
template class Aggregator<OrderRow<TextKey>>;

}  // namespace patron::internal
