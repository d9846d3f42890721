// What models read of one customer's orders and surveys: the measures of RFM, of lifetime value and
// of NPS, at one instant, in the plainest form.
//
//   EventSource orders(...);
//   RfmMeasured rfm = rfm_measured(orders, amount, customer, now, window, zone);
//   rfm.last_day, rfm.frequency, rfm.monetary
//
// They are those of patron::rfm and patron::ltv_summary where every row is an order of its own and
// refunds count at their own time. Thread class of everything here: serial, as the source is.
#pragma once

#include <array>
#include <cstdint>
#include <optional>
#include <string_view>

#include "lib/book/book_state.h"
#include "lib/metrics/event_source.h"
#include "lib/metrics/window.h"
#include "lib/models/ltv/summary/period_grid.h"
#include "patron/referral.h"
#include "patron/time.h"

namespace patron::internal {

/// The window of a model; without a length, all time.
Window model_window(const std::optional<Period>& length);

struct RfmMeasured {
  std::optional<Day> last_day;      ///< local day of the newest order; absent: she never bought
  int64_t frequency = 0;            ///< local days with an order in the window
  std::optional<int64_t> monetary;  ///< net minor units in the window; absent beyond int64
  Micros next_change = TimeRange::kNever;  ///< when a row leaves the window
};

/// `amount`: its column. Without a window, all time.
RfmMeasured rfm_measured(EventSource& orders, int amount, uint32_t customer, Micros now,
                         const std::optional<Period>& window, const TimeZone& zone);

/// Periods as PeriodGrid numbers them.
struct LtvMeasured {
  int64_t frequency = 0;         ///< periods with an order after the first
  int64_t first = 0;             ///< the period of the first order
  int64_t last = 0;              ///< of the last one
  std::optional<int64_t> money;  ///< net minor units after the first period; absent beyond int64
};

/// Nothing for who never bought. With `whole`, rows of the running period wait until it is over.
std::optional<LtvMeasured> ltv_measured(EventSource& orders, int amount, uint32_t customer,
                                        Micros now, const PeriodGrid& grid, bool whole);

/// Whether an answer to the question of NPS is one: 0 to 10.
inline bool is_nps_score(int64_t score) { return score >= 0 && score <= 10; }
/// Which class such a score is: 9 and 10, 7 and 8, or less (Reichheld 2003).
inline constexpr std::array<std::string_view, 3> kNpsClasses{"detractor", "passive", "promoter"};
inline uint32_t nps_class_number(int64_t score) {
  return (score >= 7 ? 1U : 0U) + (score >= 9 ? 1U : 0U);
}
inline std::string_view nps_class(int64_t score) { return kNpsClasses[nps_class_number(score)]; }

struct NpsMeasured {
  std::optional<int64_t> score;            ///< 0 to 10, of the newest answer in the window
  Micros next_change = TimeRange::kNever;  ///< when it leaves the window
};

/// `kind` and `score`: columns of surveys. Of one instant the last in the order of the log.
NpsMeasured nps_measured(EventSource& surveys, int kind, int score, uint32_t customer, Micros now,
                         const std::optional<Period>& window, const TimeZone& zone);

struct ReferralMeasured {
  bool referred = false;
  uint32_t referrer = kNoCustomer;  ///< the row of who stands for her; kNoCustomer: forgotten
  ReferralFacts facts;              ///< value: net minor units of all orders, or the nearest int64
};

/// `orders`, `referrals`: null where there is no such stream; `referrer` and `referred` are its
/// columns. She is retained who bought in the window, and due where her first order is older. Who
/// is linked with whom brought her was brought by nobody.
ReferralMeasured referral_measured(EventSource* orders, int amount, EventSource* referrals,
                                   int referrer, int referred, const BookState& book,
                                   uint32_t customer, Micros now, const Period& window,
                                   const TimeZone& zone);

}  // namespace patron::internal
