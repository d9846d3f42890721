#include "lib/models/ltv/summary/summary_aggregate.h"

#include <algorithm>

namespace patron::internal {
namespace {

/// Beyond so many periods a bitmap for each customer would leave the cache.
constexpr int64_t kMaxBitmapPeriods = 4096;
/// The numbers of so many fit 32 bits.
constexpr int64_t kMaxPeriods = int64_t{1} << 32;

}  // namespace

template <typename Row>
bool SummaryAggregator<Row>::fast_possible() const {
  if (Row::kOrders || !plan_.fast || !plan_.clock->ascending()) return false;
  return plan_.clock->count() <= (plan_.sorted ? kMaxPeriods : kMaxBitmapPeriods);
}

template <typename Row>
std::span<const SummaryCustomer<typename Row::KeyType>> SummaryAggregator<Row>::aggregate(
    const std::vector<RowRun<Row>>& runs, SummaryKinds* kinds) {
  int64_t rows = 0;
  for (const RowRun<Row>& run : runs) rows += run.end - run.begin;
  RowKinds mine;
  if (!fast_possible() || !fast(runs, rows, &mine)) {
    mine = {};
    by_runs(runs, rows, &mine);
  }
  kinds->RowKinds::add(mine);
  return sample(kinds);
}

/// Moves the customers of the sample to the front.
template <typename Row>
std::span<const SummaryCustomer<typename Row::KeyType>> SummaryAggregator<Row>::sample(
    SummaryKinds* kinds) {
  const std::span<CustomerType> all = table_.customers();
  size_t n = 0;
  for (const CustomerType& c : all) {
    if (c.periods > 0)
      all[n++] = c;
    else
      (c.holdout_periods > 0 ? kinds->later : kinds->without)++;
  }
  return all.first(n);
}

template <typename Row>
bool SummaryAggregator<Row>::fast(const std::vector<RowRun<Row>>& runs, int64_t rows,
                                  RowKinds* kinds) {
  period_of_row_.resize(static_cast<size_t>(rows));
  customer_of_row_.resize(static_cast<size_t>(rows));
  uint32_t* periods = period_of_row_.data();
  for (const RowRun<Row>& run : runs) {
    const int64_t n = run.end - run.begin;
    if (pause_.stop_after(n)) return true;
    plan_.clock->read(
        n, plan_.rules.origin, [&run](int64_t i) { return When::micros(run.begin[i].when); },
        periods);
    periods += n;
  }
  // In time order a word holds 1 + the last period of the hold-out; else a bit for each period.
  table_.start(rows, plan_.sorted ? 1 : static_cast<size_t>((plan_.clock->count() + 63) / 64));
  if (!(plan_.sorted ? mark_periods<true>(runs, kinds) : mark_periods<false>(runs, kinds)))
    return false;
  // Where money overflows, by_runs adds up in 128 bits and tells for certain.
  if (plan_.rules.has_money && !add_money(runs)) return false;
  for (CustomerType& c : table_.customers()) {
    if (c.periods == 0) continue;
    c.first += plan_.clock->first();
    c.last += plan_.clock->first();
  }
  return true;
}

/// Finds each row's customer, and marks the periods of orders. Until all are marked, first and last
/// are numbers of the clock.
template <typename Row>
template <bool kSorted>
bool SummaryAggregator<Row>::mark_periods(const std::vector<RowRun<Row>>& runs, RowKinds* kinds) {
  const bool count_zero = plan_.rules.zero == ZeroAmounts::kCount;
  const uint64_t last_calibration = plan_.last_calibration;
  const size_t words = kSorted ? 1 : static_cast<size_t>((plan_.clock->count() + 63) / 64);
  const uint32_t* period_of_row = period_of_row_.data();
  uint32_t* customer_of_row = customer_of_row_.data();
  auto table = table_.lookup();
  for (const RowRun<Row>& run : runs) {
    if (pause_.stop_after(run.end - run.begin)) return true;
    for (const Row* row = run.begin; row != run.end; row++) {
      uint64_t at;
      uint32_t index = table.find(*row, &at);
      if (index == 0) [[unlikely]] {
        index = table_.insert(*row, at, &table);
        if (index == 0) return false;
      }
      *customer_of_row++ = index - 1;
      const uint32_t period = *period_of_row++;
      if (row->minor <= 0) [[unlikely]] {
        (row->minor < 0 ? kinds->refund : kinds->zero)++;
        if (row->minor < 0 || !count_zero) continue;
      }
      SummaryMeasures& m = table.customers[index - 1];
      uint64_t* const state = table.state + (index - 1) * words;
      const bool calibration = period <= last_calibration;
      bool fresh;
      if constexpr (kSorted) {
        fresh = calibration ? m.last != period : *state != uint64_t{period} + 1;
        if (!calibration) *state = uint64_t{period} + 1;
      } else {
        uint64_t& word = state[period >> 6];
        const uint64_t bit = uint64_t{1} << (period & 63);
        fresh = (word & bit) == 0;
        word |= bit;
      }
      if (!calibration) {
        m.holdout_periods += fresh;
        continue;
      }
      m.last = std::max<int64_t>(m.last, period);
      m.first = std::min<int64_t>(m.first, period);
      m.periods += fresh;
    }
  }
  return !table.gave_up();
}

/// Adds up the money, once it is known where each customer's first period is. False where some
/// overflows.
template <typename Row>
bool SummaryAggregator<Row>::add_money(const std::vector<RowRun<Row>>& runs) {
  const bool ignore_refunds = plan_.rules.refunds == Refunds::kIgnore;
  const int64_t skipped = plan_.rules.keep_first ? 0 : 1;
  const uint64_t last_calibration = plan_.last_calibration;
  const uint32_t* period_of_row = period_of_row_.data();
  const uint32_t* customer_of_row = customer_of_row_.data();
  CustomerType* const customers = table_.customers().data();
  bool overflow = false;
  for (const RowRun<Row>& run : runs) {
    if (pause_.stop_after(run.end - run.begin)) return true;
    for (const Row* row = run.begin; row != run.end; row++) {
      SummaryMeasures& m = customers[*customer_of_row++];
      const uint32_t period = *period_of_row++;
      const int64_t minor = row->minor < 0 && ignore_refunds ? 0 : row->minor;
      if (period > last_calibration)
        overflow |= __builtin_add_overflow(m.holdout_money, minor, &m.holdout_money);
      else if (m.periods > 0 && period >= m.first + skipped)
        overflow |= __builtin_add_overflow(m.money, minor, &m.money);
    }
  }
  return !overflow;
}

template <typename Row>
void SummaryAggregator<Row>::by_runs(const std::vector<RowRun<Row>>& runs, int64_t rows,
                                     RowKinds* kinds) {
  const bool done =
      grouper_.each_customer(runs, rows, &table_, &pause_, kinds,
                             [this](CustomerType& customer, std::span<CustomerRow> mine) {
                               static_cast<SummaryMeasures&>(customer) = summarise_customer(
                                   mine, Row::kOrders, plan_.rules, &scratch_, pause_.pause());
                             });
  if (!done) table_.clear();
}

template class SummaryAggregator<PlainRow<IntKey>>;
template class SummaryAggregator<PlainRow<TextKey>>;
template class SummaryAggregator<OrderRow<IntKey>>;
template class SummaryAggregator<OrderRow<TextKey>>;

}  // namespace patron::internal
