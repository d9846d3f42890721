#include "lib/models/ltv/summary/historic_customer.h"

#include <algorithm>
#include <cmath>
#include <limits>
#include <type_traits>

#include "lib/base/int128.h"
#include "lib/models/ltv/math/elementary.h"

namespace patron::internal {
namespace {

int64_t margin_of(const CustomerRow&) { return 0; }
int64_t margin_of(const CustomerMarginRow& row) { return row.margin; }

/// A sum of doubles that carries its rounding along (Neumaier 1974).
class CarriedSum {
 public:
  void add(double value) {
    const double next = sum_ + value;
    carry_ += std::fabs(sum_) >= std::fabs(value) ? (sum_ - next) + value : (value - next) + sum_;
    sum_ = next;
  }
  /// Infinite where the sum is; the carry is then no number.
  double value() const { return std::isfinite(sum_) ? sum_ + carry_ : sum_; }

 private:
  double sum_ = 0, carry_ = 0;
};

/// One kind of money, with and without interest.
class Purse {
 public:
  void add(int64_t minor, double interest) {
    exact_ += minor;
    at_.add(static_cast<double>(minor) * interest);
  }
  bool overflow() const {
    return exact_ > std::numeric_limits<int64_t>::max() ||
           exact_ < std::numeric_limits<int64_t>::min();
  }
  int64_t exact() const { return static_cast<int64_t>(exact_); }
  double at() const { return at_.value(); }

 private:
  Int128 exact_ = 0;
  CarriedSum at_;
};

/// Adds up one customer's money and orders.
template <typename Mine>
class Tally {
 public:
  explicit Tally(const HistoricRules& rules) : rules_(rules) {}

  void add_order(std::span<const Mine> rows) {
    uint64_t time = HistoricMeasures::kNever;
    bool positive = false;
    for (const Mine& row : rows) {
      if (row.minor < 0) continue;
      time = std::min(time, row.time);
      positive |= row.minor > 0;
    }
    const bool has_order = time != HistoricMeasures::kNever;
    const bool named = has_order && rules_.refunds == Refunds::kNet;
    for (const Mine& row : rows) {
      if (row.minor >= 0 || named)
        money(time, row);
      else if (rules_.refunds != Refunds::kIgnore)
        money(row.time, row);
    }
    if (!has_order || (!positive && rules_.zero != ZeroAmounts::kCount)) return;
    found_.orders++;
    found_.first = std::min(found_.first, time);
    found_.last = std::max(found_.last, time);
  }

  HistoricMeasures finish() {
    found_.overflow = revenue_.overflow() || margin_.overflow();
    found_.revenue = revenue_.exact(), found_.margin = margin_.exact();
    const bool interest = rules_.log_rate != 0;
    found_.revenue_at = interest ? revenue_.at() : static_cast<double>(found_.revenue);
    found_.margin_at = interest ? margin_.at() : static_cast<double>(found_.margin);
    return found_;
  }

 private:
  void money(uint64_t time, const Mine& row) {
    double interest = 1;
    if (rules_.log_rate != 0) {
      const double years =
          static_cast<double>(rules_.as_of - time) / static_cast<double>(kMicrosPerYear);
      interest = ltv::exp(rules_.log_rate * years);
    }
    revenue_.add(row.minor, interest);
    margin_.add(margin_of(row), interest);
  }

  const HistoricRules& rules_;
  HistoricMeasures found_;
  Purse revenue_, margin_;
};

}  // namespace

template <typename Mine>
HistoricMeasures value_customer(std::span<Mine> rows, bool by_order, const HistoricRules& rules,
                                const Pause& pause) {
  sort_with_pauses(rows, pause, [](const Mine& a, const Mine& b) {
    if (a.order != b.order) return a.order < b.order;
    if (a.time != b.time) return a.time < b.time;
    return a.minor != b.minor ? a.minor < b.minor : margin_of(a) < margin_of(b);
  });
  Tally<Mine> tally(rules);
  size_t ask_at = Pause::kRows;
  for (size_t begin = 0, end; begin < rows.size(); begin = end) {
    if (begin >= ask_at) {
      if (pause.stop()) break;
      ask_at = begin + Pause::kRows;
    }
    end = begin + 1;
    while (by_order && end < rows.size() && rows[end].order == rows[begin].order) end++;
    tally.add_order(std::span<const Mine>(rows.data() + begin, end - begin));
  }
  return tally.finish();
}

template HistoricMeasures value_customer(std::span<CustomerRow> rows, bool by_order,
                                         const HistoricRules& rules, const Pause& pause);
template HistoricMeasures value_customer(std::span<CustomerMarginRow> rows, bool by_order,
                                         const HistoricRules& rules, const Pause& pause);

}  // namespace patron::internal
