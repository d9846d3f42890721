// The oracle of summaries: every column by its definition, slowly and plainly.
//
// Nothing here is shared with lib/models. Customers and orders are kept in std::map, periods in
// std::map from period to money, sums in 128 bits, quotients in 113-bit floating point; months are
// counted one after the other.
#pragma once

#include <algorithm>
#include <cfloat>
#include <limits>
#include <map>
#include <optional>
#include <set>
#include <string>
#include <vector>

#include "patron/ltv_summary.h"
#include "tests/models/rfm/random_log.h"
#include "tests/models/rfm/table_lines.h"

namespace patron::test {

#if LDBL_MANT_DIG == 113
using Quad = long double;
#else
__extension__ typedef __float128 Quad;
#endif

/// The options of an order log as a summary has them, and more that follow from its seed.
inline LtvSummaryOptions summary_options(const OrderLog& log) {
  Random random(log.seed + 77);
  LtvSummaryOptions o;
  o.customer = "customer", o.time = "time";
  if (!random.one_in(6)) o.amount = "amount";
  o.order = log.options.order;
  o.unit = random.one_of({LtvUnit::kHour, LtvUnit::kDay, LtvUnit::kWeek, LtvUnit::kWeek,
                          LtvUnit::kMonth, LtvUnit::kQuarter, LtvUnit::kYear});
  o.collapse = random.one_of({LtvCollapse::kDay, LtvCollapse::kDay, LtvCollapse::kUnit,
                              LtvCollapse::kUnit, LtvCollapse::kNone});
  o.first_order = random.one_of({LtvFirstOrder::kDrop, LtvFirstOrder::kKeep});
  o.money = random.one_of({LtvMoney::kMean, LtvMoney::kTotal});
  o.refunds = log.options.refunds;
  o.zero = log.options.zero;
  o.timezone = log.options.timezone;
  o.scale = log.options.scale;
  o.observation_end = log.options.as_of;
  if (log.lines.empty() || random.one_in(3)) return o;
  Micros end =
      log.lines[static_cast<size_t>(random.below(static_cast<int64_t>(log.lines.size())))].time;
  if (random.one_in(2)) end += random.between(-3, 3) * kMicrosPerHour;
  o.calibration_end = end;
  return o;
}

struct SummaryExpected {
  Code error = Code::kOk;
  Lines rows;     ///< all columns of the result
  Lines refused;  ///< row and reason
  int64_t rounded = 0, waiting = 0, zero = 0, refund = 0, later = 0, without = 0;
  Micros calibration_end = 0, observation_end = 0;
};

class SummaryOracle {
 public:
  SummaryOracle(const OrderLog& log, const LtvSummaryOptions& options)
      : log_(log), options_(options), zone_(*TimeZone::load(options.timezone)) {}

  SummaryExpected run() {
    const std::vector<OrderLine> lines = accepted();
    if (result_.error != Code::kOk) return result_;
    std::map<Id, std::vector<OrderLine>> customers;
    for (const OrderLine& line : lines) customers[line.customer].push_back(line);
    for (const auto& [id, mine] : customers) add(id, mine);
    if (result_.error == Code::kOk && result_.rows.empty()) result_.error = Code::kEmpty;
    return result_;
  }

 private:
  using Wide = internal::Int128;
  /// What happens in a period.
  struct Period1 {
    bool order = false;
    Wide money = 0;
  };
  using Periods = std::map<int64_t, Period1>;

  int64_t month_of(Day day) const {
    const CivilDate date = civil_from_day(day);
    return int64_t{date.year} * 12 + date.month - 1;
  }
  int64_t months() const {
    if (options_.unit == LtvUnit::kMonth) return 1;
    if (options_.unit == LtvUnit::kQuarter) return 3;
    return options_.unit == LtvUnit::kYear ? 12 : 0;
  }
  static int64_t floored(int64_t a, int64_t b) {
    int64_t quotient = a / b;
    while (quotient * b > a) quotient--;
    return quotient;
  }
  int64_t period(Micros t) const {
    const Day day = zone_.local_day(t);
    if (options_.collapse == LtvCollapse::kNone) return t;
    if (options_.collapse == LtvCollapse::kDay || options_.unit == LtvUnit::kDay) return day;
    if (options_.unit == LtvUnit::kHour) return floored(zone_.to_wall(t), kMicrosPerHour);
    if (options_.unit == LtvUnit::kWeek)
      return floored(day - day_from_civil({2024, 1, 1}), 7);  // a Monday
    return floored(month_of(day), months());
  }
  /// The first instant of the period after the one that holds t.
  Micros after(Micros t) const {
    if (options_.collapse == LtvCollapse::kNone) return t + 1;
    if (options_.collapse == LtvCollapse::kUnit && options_.unit == LtvUnit::kHour)
      return zone_.from_wall((period(t) + 1) * kMicrosPerHour);
    Day day = zone_.local_day(t);
    const int64_t mine = period_of_day(day);
    while (period_of_day(day) == mine) day++;
    return zone_.start_of_day(day);
  }
  int64_t period_of_day(Day day) const {
    if (options_.collapse == LtvCollapse::kDay || options_.unit == LtvUnit::kDay) return day;
    if (options_.unit == LtvUnit::kWeek) return floored(day - day_from_civil({2024, 1, 1}), 7);
    return floored(month_of(day), months());
  }
  static double divide(Wide a, Wide b) {
    return static_cast<double>(static_cast<Quad>(a) / static_cast<Quad>(b));
  }
  double span(int64_t from, int64_t to) const {
    if (options_.collapse == LtvCollapse::kUnit) return static_cast<double>(to - from);
    const bool days = options_.collapse == LtvCollapse::kDay;
    const Wide scale = days ? kMicrosPerDay : 1;
    if (options_.unit == LtvUnit::kHour) return divide((to - from) * scale, kMicrosPerHour);
    if (options_.unit == LtvUnit::kDay) return divide((to - from) * scale, kMicrosPerDay);
    if (options_.unit == LtvUnit::kWeek) return divide((to - from) * scale, 7 * kMicrosPerDay);
    const TimeZone zone = days ? TimeZone() : zone_;
    const Micros factor = days ? kMicrosPerDay : 1;
    const auto later = [&](int64_t units) {
      return zone.add(from * factor, {static_cast<int32_t>(units * months()), 0});
    };
    int64_t units = 0;
    while (later(units + 1) <= to * factor) units++;
    const Wide begin = later(units), end = later(units + 1);
    return divide(units * (end - begin) + (to * factor - begin), end - begin);
  }

  std::vector<OrderLine> accepted() {
    std::vector<OrderLine> good, result;
    for (size_t i = 0; i < log_.lines.size(); i++) {
      OrderLine line = log_.lines[i];
      const bool money = line.defect == Refusal::kNullAmount ||
                         line.defect == Refusal::kAmountNotFinite ||
                         line.defect == Refusal::kAmountOverflow;
      if (!options_.amount) line.minor = 1, line.rounded = false;
      if (line.defect && !(money && !options_.amount))
        result_.refused.push_back(std::to_string(i) + " \"" +
                                  std::string(refusal_reason(*line.defect)) + '"');
      else
        good.push_back(line);
    }
    const Micros behind = options_.observation_end ? after(*options_.observation_end) : kEndTime;
    for (const OrderLine& line : good) {
      if (line.time >= behind) {
        result_.waiting++;
        continue;
      }
      result_.rounded += line.rounded;
      result_.zero += line.minor == 0;
      result_.refund += line.minor < 0;
      result_.observation_end =
          result.empty() ? line.time : std::max(result_.observation_end, line.time);
      first_ = result.empty() ? line.time : std::min(first_, line.time);
      result.push_back(line);
    }
    if (options_.observation_end) result_.observation_end = *options_.observation_end;
    result_.calibration_end = options_.calibration_end.value_or(result_.observation_end);
    if (options_.calibration_end) holdout_ = after(*options_.calibration_end);
    if (good.empty())
      result_.error = Code::kEmpty;
    else if (result.empty())
      result_.error = Code::kTime;
    else if (result_.calibration_end > result_.observation_end)
      result_.error = Code::kArgument;
    else if (first_ >= holdout_)
      result_.error = Code::kTime;
    return result;
  }

  /// What these rows put into periods, of what has its time in [begin, end).
  Periods periods(const std::vector<OrderLine>& rows, Micros begin, Micros end) const {
    Periods found;
    std::map<Id, std::vector<OrderLine>> orders;
    for (size_t i = 0; i < rows.size(); i++)
      orders[options_.order ? rows[i].order : Id(static_cast<int64_t>(i))].push_back(rows[i]);
    const auto inside = [&](Micros t) { return t >= begin && t < end; };
    for (const auto& [name, lines] : orders) {
      std::optional<Micros> time;
      Wide amount = 0;
      for (const OrderLine& line : lines) {
        if (line.minor < 0) continue;
        time = time ? std::min(*time, line.time) : line.time;
        amount += line.minor;
      }
      if (time && inside(*time)) found[period(*time)].money += amount;
      for (const OrderLine& line : lines) {
        if (line.minor >= 0 || options_.refunds == Refunds::kIgnore) continue;
        const Micros at = time && options_.refunds == Refunds::kNet ? *time : line.time;
        if (inside(at)) found[period(at)].money += line.minor;
      }
      const bool counts = amount > 0 || options_.zero == ZeroAmounts::kCount;
      if (time && inside(*time) && counts) found[period(*time)].order = true;
    }
    return found;
  }

  double money(Wide minor, int64_t count) {
    if (count == 0) return 0;
    Wide unit = 1;
    for (int i = 0; i < options_.scale; i++) unit *= 10;
    return divide(minor, options_.money == LtvMoney::kTotal ? unit : unit * count);
  }

  void add(const Id& id, const std::vector<OrderLine>& mine) {
    std::vector<OrderLine> known;
    for (const OrderLine& line : mine) {
      if (line.time < holdout_) known.push_back(line);
    }
    const Periods calibration = periods(known, kMinTime, kEndTime);
    const Periods holdout = periods(mine, holdout_, kEndTime);
    std::set<int64_t> bought, bought_later;
    Wide all = 0, first_money = 0, later_money = 0;
    for (const auto& [at, what] : calibration) {
      if (what.order) bought.insert(at);
    }
    for (const auto& [at, what] : holdout) {
      if (what.order) bought_later.insert(at);
      later_money += what.money;
    }
    if (bought.empty()) {
      (bought_later.empty() ? result_.without : result_.later)++;
      return;
    }
    const int64_t first = *bought.begin(), last = *bought.rbegin();
    for (const auto& [at, what] : calibration) {
      if (at > first) all += what.money;
      if (at == first) first_money = what.money;
    }
    const int64_t repeats = static_cast<int64_t>(bought.size()) - 1;
    const bool keep = options_.first_order == LtvFirstOrder::kKeep;
    const int64_t end = std::max(period(result_.calibration_end), last);
    std::string line = id_text(id) + ' ' + std::to_string(repeats) + ' ' +
                       number_line(span(first, last)) + ' ' + number_line(span(first, end));
    const Wide mean = all + (keep ? first_money : 0);
    if (options_.amount) line += ' ' + number_line(money(mean, repeats + (keep ? 1 : 0)));
    if (options_.calibration_end) {
      const int64_t from = period(*options_.calibration_end);
      line += ' ' + std::to_string(bought_later.size());
      if (options_.amount)
        line += ' ' + number_line(money(later_money, static_cast<int64_t>(bought_later.size())));
      line += ' ' + number_line(span(from, std::max(from, period(result_.observation_end))));
    }
    result_.rows.push_back(line);
    for (const Wide sum : {mean, later_money}) {
      if (options_.amount &&
          (sum > std::numeric_limits<int64_t>::max() || sum < std::numeric_limits<int64_t>::min()))
        result_.error = Code::kOverflow;
    }
  }

  const OrderLog& log_;
  const LtvSummaryOptions options_;
  const TimeZone zone_;
  Micros holdout_ = kEndTime;
  Micros first_ = 0;
  SummaryExpected result_;
};

inline std::string describe(const LtvSummaryOptions& o) {
  const auto number = [](auto value) { return std::to_string(static_cast<int64_t>(value)); };
  std::string text = "unit " + std::string(ltv_unit_name(o.unit)) + ", collapse " +
                     number(o.collapse) + ", first " + number(o.first_order) + ", money " +
                     number(o.money) + (o.amount ? "" : ", no amount");
  if (o.calibration_end) text += ", calibration_end " + format_time(*o.calibration_end);
  if (o.observation_end) text += ", observation_end " + format_time(*o.observation_end);
  return text;
}

}  // namespace patron::test
