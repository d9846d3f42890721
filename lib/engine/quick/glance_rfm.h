// GlanceRfm: the measures of RFM from a glance at a customer's orders, and the first instant at
// which rows that leave the window bring her above more or fewer cuts.
//
//   GlanceRfm rfm(model, rules, amount, zone);
//   LogGlance orders(state, stream, {amount});
//   RfmMeasured measured;
//   if (rfm.measure(orders, customer, now, cuts, measured)) ... measured.frequency ...
//   if (rfm.measure(sums.rows(spend), money, days, measured)) ...     // of rows that are read
//
// They are those of rfm_measured() (customer_history.h), but for next_change: while scores are all
// that is asked for, rows may leave unseen that change none.
//
// Thread class: serial.
#pragma once

#include <optional>
#include <vector>

#include "lib/base/wiped.h"
#include "lib/book/log_glance.h"
#include "lib/engine/settle/customer_history.h"
#include "lib/engine/settle/known_days.h"
#include "lib/metrics/value_range.h"
#include "lib/metrics/window_sums.h"
#include "lib/policy/policy_data.h"
#include "patron/rfm.h"

namespace patron::internal {

class GlanceRfm {
 public:
  /// `amount_at`: among the columns of the glance.
  GlanceRfm(const std::optional<Period>& window, const StreamRules& rules, size_t amount_at,
            const TimeZone& zone);

  /// As of now, under cuts; null: there are no scores. False where her orders are to be read in
  /// another way, where a local day came twice, and where a refund may count at the time of another
  /// order.
  bool measure(LogGlance& orders, uint32_t customer, Micros now, const RfmCuts* cuts,
               RfmMeasured& out);
  /// The same of the rows of the window where each has an amount, and of what these add up to.
  /// False, too, where no sale is among them: there may be one before the window.
  bool measure(const WindowSums::Rows& rows, int64_t money, KnownDays& days, RfmMeasured& out);
  /// Of the rows that were measured last the first instant at which so many have left that the
  /// frequency or the money, which are in these ranges, no longer are.
  Micros leaves_ranges(const WindowSums::Rows& rows, const RfmMeasured& now,
                       const ValueRange& frequency, const ValueRange& money) const;
  /// Zeroes what is left of the last customer. Does not fail.
  void let_go();

 private:
  struct Row {
    Micros time = 0;
    int64_t amount = 0;
    bool last_of_day = false;  // the last sale of its local day
  };
  bool count(const LogGlance& orders, const TimeRange& inside, RfmMeasured& out);
  bool count_by_days(const WindowSums::Rows& rows, KnownDays& days, RfmMeasured& out);
  bool find_last_day(const LogGlance& orders, RfmMeasured& out) const;
  Micros next_change(const RfmMeasured& now, const RfmCuts* cuts) const;
  bool is_sale(int64_t amount) const { return amount >= least_sale_; }

  Window window_;
  int64_t least_sale_;
  bool nets_;  // refunds may name their orders
  size_t amount_at_;
  TimeZone zone_;
  WipedVector<Row> rows_;             // of the window, those that have an amount
  bool apart_ = true;                 // of other rows: each sale is the only one of its day
  std::vector<uint8_t> last_of_day_;  // else, of each: Row::last_of_day
};

/// Values that lie above the same cuts as this one.
ValueRange same_score(int64_t value, const RfmAxisCuts& cuts);

}  // namespace patron::internal
