#include "lib/models/rfm/customer.h"

#include <algorithm>
#include <functional>
#include <limits>
#include <vector>

#include "lib/base/int128.h"

namespace patron::internal {
namespace {

/// Adds up one customer's orders and money.
class Tally {
 public:
  Tally(const MeasureRules& rules, std::vector<int64_t>* days) : rules_(rules), days_(*days) {
    days_.clear();
  }

  void money(uint64_t time, int64_t minor) {
    if (inside(time)) money_ += minor;
  }

  void order(uint64_t time) {
    measures_.orders++;
    measures_.first = std::min(measures_.first, time);
    measures_.last = std::max(measures_.last, time);
    // Twice the day, odd where the order is in the window: so one sort serves both day counts.
    days_.push_back(rules_.clock->day_of(rules_.origin + static_cast<int64_t>(time)) * 2 +
                    (inside(time) ? 1 : 0));
  }

  Measures finish(const Pause& pause) {
    sort_with_pauses(std::span(days_), pause, std::less<>());
    days_.erase(std::unique(days_.begin(), days_.end()), days_.end());
    for (size_t i = 0; i < days_.size(); i++) {
      measures_.order_days += i == 0 || days_[i - 1] >> 1 != days_[i] >> 1;
      measures_.frequency += static_cast<uint32_t>(days_[i] & 1);
    }
    measures_.overflow = money_ > std::numeric_limits<int64_t>::max() ||
                         money_ < std::numeric_limits<int64_t>::min();
    measures_.money = static_cast<int64_t>(money_);
    return measures_;
  }

 private:
  bool inside(uint64_t time) const { return !rules_.has_window || time >= rules_.window_start; }

  const MeasureRules& rules_;
  std::vector<int64_t>& days_;
  Measures measures_;
  Int128 money_ = 0;
};

}  // namespace

Measures measure_customer(std::span<CustomerRow> rows, bool by_order, const MeasureRules& rules,
                          std::vector<int64_t>* days, const Pause& pause) {
  Tally tally(rules, days);
  sort_with_pauses(rows, pause, [](const CustomerRow& a, const CustomerRow& b) {
    if (a.order != b.order) return a.order < b.order;
    return a.time != b.time ? a.time < b.time : a.minor < b.minor;
  });
  size_t ask_at = Pause::kRows;
  for (size_t begin = 0, end; begin < rows.size(); begin = end) {
    if (begin >= ask_at) {
      if (pause.stop()) break;
      ask_at = begin + Pause::kRows;
    }
    end = begin + 1;
    while (by_order && end < rows.size() && rows[end].order == rows[begin].order) end++;

    uint64_t order_time = kNever;
    bool positive = false;
    for (size_t i = begin; i < end; i++) {
      if (rows[i].minor < 0) continue;
      order_time = std::min(order_time, rows[i].time);
      positive |= rows[i].minor > 0;
    }
    const bool has_order = order_time != kNever;
    for (size_t i = begin; i < end; i++) {
      if (rows[i].minor >= 0) {
        tally.money(order_time, rows[i].minor);
      } else if (rules.refunds != Refunds::kIgnore) {
        const bool named = rules.refunds == Refunds::kNet && has_order;
        tally.money(named ? order_time : rows[i].time, rows[i].minor);
      }
    }
    if (has_order && (positive || rules.zero == ZeroAmounts::kCount)) tally.order(order_time);
  }
  return tally.finish(pause);
}

}  // namespace patron::internal
