#include "lib/engine/tables/rfm_pages.h"

#include <algorithm>
#include <bit>

#include "lib/base/int128.h"
#include "lib/base/simd.h"

namespace patron::internal {

RfmPages::RfmPages(const PolicyData& policy, const PolicyModel& model, int stream,
                   const Schema& schema, const StreamRules& rules, const BookState& book)
    : zone_(policy.zone),
      nets_(!rules.refund_of.empty()),
      least_(rules.count_zero_amounts ? 0 : 1),
      stream_(book, LogName{stream, false}, schema, rules, policy.zone),
      amount_(stream_.columns().find("amount")),
      all_(stream_.add_selection(false, -1)),
      sales_(stream_.add_selection(true, -1)),
      window_(stream_.add_window(model_window(model.window))),
      ever_(stream_.add_window({})) {}

namespace {

// Whether all amounts are at least so much, and so small that no sum of them leaves 64 bits.
bool are_plain_sales(const int64_t* amounts, size_t rows, int64_t least) {
  uint64_t bits = 0;
  int64_t below = 0;
  run_with_best_simd([&]() __attribute__((always_inline)) {
    const int64_t* const of = amounts;
    const size_t n = rows;
    const auto low = static_cast<uint64_t>(least);
    uint64_t all = 0, less = 0;
    for (size_t i = 0; i < n; ++i) {
      const auto amount = static_cast<uint64_t>(of[i]);
      all |= amount;
      less |= amount - low;
    }
    bits = all, below = static_cast<int64_t>(less);
    return 0;
  });
  // Null is less than 0, too.
  return below >= 0 && std::bit_width(bits) + std::bit_width(rows) < 64;
}

}  // namespace

void RfmPages::read(uint32_t page, Micros now) {
  scored_ = nullptr;
  today_ = zone_.local_day(now);
  if (kept_ != nullptr && kept_->at() == now && page * kPageCustomers < kept_->customers()) {
    kept_->get(page, in_);
  } else {
    read_facts(page, now);
  }
  for (uint32_t k = 0; k < kPageCustomers; ++k) {
    buyers_[k] = in_.has[k] & in_.bought[k];
    with_money_[k] = in_.has[k] & in_.has_money[k];
  }
}

void RfmPages::read_facts(uint32_t page, Micros now) {
  stream_.read(page, now, &nobody_);
  in_.customers = stream_.customers();
  Columns in;
  in.days = stream_.days();
  const bool able = !nets_ && amount_ >= 0 && stream_.days_ascend();
  std::fill_n(in_.has.data(), in_.customers, able ? 1 : 0);
  if (!able) return;
  for (const uint16_t k : stream_.page().apart) in_.has[k] = 0;
  in.inside = stream_.rows(window_);
  in.ever = stream_.rows(ever_);
  in.amounts = stream_.columns().ints(amount_);
  if (are_plain_sales(in.amounts, stream_.columns().rows(), least_)) {
    measure_sales(in);
  } else {
    measure(in, stream_.selected(sales_).view());
  }
}

void RfmPages::measure_sales(const Columns& columns) {
  const size_t rows = stream_.columns().rows();
  if (rows == 0) {
    std::fill_n(in_.bought.data(), in_.customers, 0);
    std::fill_n(in_.has_money.data(), in_.customers, 1);
    for (Column<int64_t>* const one : {&in_.recency, &in_.frequency, &in_.monetary}) {
      std::fill_n(one->data(), in_.customers, 0);
    }
    return;
  }
  sums_.resize(rows + 1);
  days_begin_.pack_changes(columns.days, rows);
  run_with_best_simd([&]() __attribute__((always_inline)) {
    // Copies, which what is written is known not to change.
    const Columns in = columns;
    const RowBitsView begins = days_begin_.view();
    const Day today = today_;
    int64_t* const sums = sums_.data();
    uint8_t* const bought = in_.bought.data();
    uint8_t* const has_money = in_.has_money.data();
    int64_t* const recency = in_.recency.data();
    int64_t* const frequencies = in_.frequency.data();
    int64_t* const monetary = in_.monetary.data();
    const uint32_t count = in_.customers;
    const size_t n = rows;
    int64_t sum = 0;
    for (size_t i = 0; i < n; ++i) sums[i] = sum, sum += in.amounts[i];
    sums[n] = sum;
    for (uint32_t k = 0; k < count; ++k) {
      const uint32_t begin = in.inside.begin[k], end = in.inside.end[k];
      const uint32_t last = in.ever.end[k];
      const bool any = last > in.ever.begin[k];
      bought[k] = any ? 1 : 0;
      recency[k] = any ? today - in.days[last - 1] : 0;
      // The first row of hers begins a day, whatever stands before it.
      const uint32_t some = end > begin ? 1 : 0;
      frequencies[k] = some + begins.count(begin + some, end);
      monetary[k] = sums[end] - sums[begin];
      has_money[k] = 1;
    }
    return 0;
  });
}

void RfmPages::measure(const Columns& columns, RowBitsView sales) {
  run_with_best_simd([&]() __attribute__((always_inline)) {
    const Columns in = columns;
    const RowBitsView sold = sales;
    const Day today = today_;
    uint8_t* const bought = in_.bought.data();
    uint8_t* const has_money = in_.has_money.data();
    int64_t* const recency = in_.recency.data();
    int64_t* const frequencies = in_.frequency.data();
    int64_t* const monetary = in_.monetary.data();
    const uint32_t count = in_.customers;
    for (uint32_t k = 0; k < count; ++k) {
      const uint32_t begin = in.inside.begin[k], end = in.inside.end[k];
      Int128 money = 0;
      for (uint32_t row = begin; row < end; ++row) {
        money += in.amounts[row] == kNullInt ? 0 : in.amounts[row];
      }
      int64_t frequency = 0;
      Day before = INT64_MIN;
      sold.each(
          begin, end, [&](uint32_t row) __attribute__((always_inline)) {
            frequency += in.days[row] != before ? 1 : 0;
            before = in.days[row];
          });
      const uint32_t last =
          sold.last(in.ever.begin[k], in.ever.end[k], [](uint32_t) { return true; });
      const bool any = last != in.ever.end[k];
      bought[k] = any ? 1 : 0;
      recency[k] = any ? today - in.days[last] : 0;
      frequencies[k] = frequency;
      monetary[k] = static_cast<int64_t>(money);
      has_money[k] = static_cast<int64_t>(money) == money ? 1 : 0;
    }
    return 0;
  });
}

bool RfmPages::has_everybody() const {
  return std::all_of(in_.has.begin(), in_.has.begin() + in_.customers,
                     [](uint8_t has) { return has != 0; });
}

RfmMeasured RfmPages::measured(uint32_t k) const {
  RfmMeasured out;
  if (bought(k)) out.last_day = today_ - in_.recency[k];
  out.frequency = in_.frequency[k];
  if (has_money(k)) out.monetary = in_.monetary[k];
  return out;
}

namespace {

// How many cuts are below each value, of those who are to be scored.
PATRON_SIMD_INLINE void count_below(const std::vector<int64_t>& cuts, const int64_t* values,
                                    uint32_t n, int64_t* out) {
  std::fill_n(out, n, int64_t{0});
  for (const int64_t cut : cuts) {
    for (uint32_t k = 0; k < n; ++k) out[k] += cut < values[k] ? 1 : 0;
  }
}

}  // namespace

// As rfm_score() of each.
void RfmPages::score(const RfmCuts& cuts) {
  if (scored_ == &cuts) return;
  scored_ = &cuts;
  run_with_best_simd([&]() __attribute__((always_inline)) {
    const uint32_t n = in_.customers;
    Column<int64_t> r, f, m;
    count_below(cuts.recency.cuts, in_.recency.data(), n, r.data());
    count_below(cuts.frequency.cuts, in_.frequency.data(), n, f.data());
    count_below(cuts.monetary.cuts, in_.monetary.data(), n, m.data());
    const int64_t best = cuts.recency.bins();
    for (uint32_t k = 0; k < n; ++k) {
      const int64_t scored = in_.bought[k] & in_.has_money[k];
      r_[k] = static_cast<int8_t>((best - r[k]) & -scored);
      f_[k] = static_cast<int8_t>((1 + f[k]) & -scored);
      m_[k] = static_cast<int8_t>((1 + m[k]) & -scored);
    }
    return 0;
  });
}

std::unique_ptr<RfmPages> make_rfm_pages(const PolicyData& policy,
                                         std::span<const MetricStream> streams,
                                         const BookState& book) {
  const auto model =
      std::find_if(policy.models.begin(), policy.models.end(),
                   [](const PolicyModel& one) { return one.kind == PolicyModel::Kind::kRfm; });
  const auto orders = std::find_if(streams.begin(), streams.end(),
                                   [](const MetricStream& one) { return one.name == "orders"; });
  if (model == policy.models.end() || orders == streams.end()) return nullptr;
  return std::make_unique<RfmPages>(policy, *model, static_cast<int>(orders - streams.begin()),
                                    orders->schema, orders->rules, book);
}

}  // namespace patron::internal
