// Random order logs, and what a failing one comes to when rows are dropped while it still fails.
//
//   check_random_logs(300, 1, [](const OrderLog& log) -> std::string { ... what is wrong, or "" });
//
// Everything follows from the seed, which a failure prints with the rows that are left. The
// environment variable PATRON_CASES multiplies the number of cases (0.2, 10).
#pragma once

#include <gtest/gtest.h>

#include <cstdlib>
#include <functional>
#include <random>
#include <string>
#include <vector>

#include "tests/models/rfm/order_log.h"

namespace patron::test {

class Random {
 public:
  explicit Random(uint64_t seed) : engine_(seed * 0x9e3779b97f4a7c15u + 1) {}
  int64_t below(int64_t n) { return static_cast<int64_t>(engine_() % static_cast<uint64_t>(n)); }
  int64_t between(int64_t low, int64_t high) { return low + below(high - low + 1); }
  bool one_in(int64_t n) { return below(n) == 0; }
  uint64_t bits() { return engine_(); }
  template <typename T>
  T one_of(std::initializer_list<T> values) {
    return *(values.begin() + below(static_cast<int64_t>(values.size())));
  }

 private:
  std::mt19937_64 engine_;
};

class LogMaker {
 public:
  LogMaker(uint64_t seed, int64_t rows) : random_(seed), rows_(rows) { log_.seed = seed; }

  OrderLog make() {
    choose_options();
    choose_times();
    choose_ids();
    const int64_t half = random_.one_in(4) ? 2 : 1;
    const bool bad_rows = random_.one_in(2);
    for (int64_t i = 0; i < rows_; i++) {
      OrderLine line;
      const bool giant = half == 2 && random_.one_in(2);
      line.customer = ids_[giant ? 0 : static_cast<size_t>(random_.below(count(ids_)))];
      line.order = orders_[static_cast<size_t>(random_.below(count(orders_)))];
      line.time = instant();
      line.minor = minor();
      line.rounded = rounding_ && random_.one_in(4);
      if (bad_rows && random_.one_in(12)) line.defect = defect();
      log_.lines.push_back(std::move(line));
    }
    if (random_.one_in(2))
      std::stable_sort(log_.lines.begin(), log_.lines.end(),
                       [](const OrderLine& a, const OrderLine& b) { return a.time < b.time; });
    choose_as_of();
    return log_;
  }

 private:
  template <typename T>
  static int64_t count(const std::vector<T>& values) {
    return static_cast<int64_t>(values.size());
  }

  RfmAxis axis(size_t at, bool five) {
    RfmAxis axis;
    axis.bins = five ? 5 : static_cast<int>(random_.between(2, 10));
    axis.method =
        random_.one_of({RfmMethod::kQuantile, RfmMethod::kNearestRank, RfmMethod::kFixed});
    if (axis.method != RfmMethod::kFixed) return axis;
    for (int i = 1; i < axis.bins; i++)
      log_.cut_quarters[at].push_back(random_.between(-40, at == 1 ? 40 : 4000));
    std::sort(log_.cut_quarters[at].begin(), log_.cut_quarters[at].end());
    for (const int64_t cut : log_.cut_quarters[at])
      axis.cuts.push_back(static_cast<double>(cut) / 4);
    return axis;
  }

  void choose_options() {
    RfmOptions& o = log_.options;
    o.customer = "customer", o.time = "time", o.amount = "amount";
    o.timezone = random_.one_of<const char*>({"UTC", "UTC", "Asia/Shanghai", "America/New_York",
                                              "Pacific/Apia", "Asia/Kathmandu", "America/St_Johns",
                                              "Pacific/Kwajalein"});
    o.refunds = random_.one_of({Refunds::kNet, Refunds::kOwnTime, Refunds::kIgnore});
    o.zero = random_.one_of({ZeroAmounts::kIgnore, ZeroAmounts::kCount});
    o.scale = random_.one_of({0, 2, 2, 3, 6});
    const bool five = random_.one_in(2);
    o.recency = axis(0, five), o.frequency = axis(1, five), o.monetary = axis(2, five);
    for (size_t a = 0; a < 3; a++) {
      o.octant_split[a].kind = random_.one_of(
          {OctantSplit::Kind::kMean, OctantSplit::Kind::kMedian, OctantSplit::Kind::kValue});
      log_.split_quarters[a] = random_.between(0, a == 1 ? 20 : 4000);
      o.octant_split[a].value = static_cast<double>(log_.split_quarters[a]) / 4;
    }
    if (five && random_.one_in(2)) {
      o.table = *SegmentTable::named(random_.one_of<const char*>({"eleven", "rfm_r_0_2", "regex"}));
      o.on_gap = OnGap::kNull, o.on_overlap = OnOverlap::kFirst;
    }
    o.octant_names = random_.one_of({OctantNames::kClassic, OctantNames::kVe});
    log_.time = random_.one_of(
        {TimeColumn::kInstants, TimeColumn::kInstants, TimeColumn::kWalls, TimeColumn::kText});
    log_.amount = random_.one_of({AmountColumn::kDoubles, AmountColumn::kDecimals});
    rounding_ = random_.one_in(3);
    money_ = random_.one_in(12) && log_.amount == AmountColumn::kDecimals ? INT64_MAX : 5000;
    for (int64_t i = random_.below(4); i > 0; i--) log_.chunk_rows.push_back(random_.between(1, 9));
  }

  void choose_times() {
    zone_ = *TimeZone::load(log_.options.timezone);
    const int64_t days = random_.one_of<int64_t>({1, 3, 40, 400, 4090, 4100, 73'000});
    // Around the years in which these zones repeat or skip days, or anywhere.
    begin_ = random_.between(-50'000, 20'000) * kMicrosPerDay;
    if (days < 100) {
      if (log_.options.timezone == "Pacific/Apia") begin_ = 15'335 * kMicrosPerDay;
      if (log_.options.timezone == "Pacific/Kwajalein") begin_ = -94 * kMicrosPerDay;
    }
    span_ = days * kMicrosPerDay;
    grain_ = random_.one_of<int64_t>({1, kMicrosPerHour / 4, kMicrosPerHour, kMicrosPerDay / 2});
    if (days < 100 && log_.options.timezone == "America/St_Johns") {
      // On 1993-10-31 at 00:01 clocks went back to 23:01: a day comes, goes, and comes again.
      begin_ = 8'704 * kMicrosPerDay + 2 * kMicrosPerHour;
      span_ = 3 * kMicrosPerHour;
      grain_ = kMicrosPerHour / 120;
    }
    window();
  }

  void window() {
    std::optional<Period>& window = log_.options.window;
    if (random_.one_in(3)) return;
    window = Period{};
    if (random_.one_in(2))
      window->months = static_cast<int32_t>(random_.between(1, 30));
    else
      window->micros = std::max<int64_t>(1, random_.below(span_ + 2) / grain_ * grain_);
  }

  Micros instant() {
    Micros t = begin_ + random_.below(span_) / grain_ * grain_;
    if (random_.one_in(8)) t = zone_.start_of_day(zone_.local_day(t)) + random_.between(-1, 1);
    if (log_.time == TimeColumn::kWalls) t = zone_.from_wall(zone_.to_wall(t));
    return t;
  }

  void choose_as_of() {
    if (random_.one_in(3)) return;
    Micros t = instant();
    if (!log_.lines.empty() && random_.one_in(2))
      t = log_.lines[static_cast<size_t>(random_.below(count(log_.lines)))].time;
    log_.options.as_of = t + (random_.one_in(2) ? span_ / 3 : 0);
  }

  int64_t minor() {
    switch (random_.below(8)) {
      case 0:
        return 0;
      case 1:
        return -random_.between(1, money_);
      case 2:
        return random_.between(1, 3);
      case 3:
        return 700;
      default:
        return random_.between(1, money_);
    }
  }

  std::optional<Refusal> defect() {
    const bool doubles = log_.amount == AmountColumn::kDoubles;
    const bool orders = log_.options.order.has_value();
    switch (const int64_t kind = random_.between(1, 12); static_cast<Refusal>(kind)) {
      case Refusal::kAmountNotFinite:
        return doubles ? Refusal::kAmountNotFinite : Refusal::kNullAmount;
      case Refusal::kTimeOutOfRange:
      case Refusal::kTimeNotUnderstood:
        return log_.time == TimeColumn::kText ? Refusal::kTimeNotUnderstood
                                              : Refusal::kTimeOutOfRange;
      case Refusal::kCustomerOutOfRange:
      case Refusal::kCustomerTooLong:
        if (log_.text_ids) return Refusal::kCustomerTooLong;
        return log_.unsigned_ids ? Refusal::kCustomerOutOfRange : Refusal::kNullCustomer;
      case Refusal::kNullOrder:
      case Refusal::kOrderOutOfRange:
      case Refusal::kOrderTooLong:
        if (!orders) return Refusal::kNullTime;
        if (kind == static_cast<int64_t>(Refusal::kNullOrder)) return Refusal::kNullOrder;
        if (log_.text_orders) return Refusal::kOrderTooLong;
        return log_.unsigned_ids ? Refusal::kOrderOutOfRange : Refusal::kNullOrder;
      default:
        return static_cast<Refusal>(kind);
    }
  }

  std::string text() {
    std::string result = prefix_;
    for (int64_t i = random_.below(random_.one_in(3) ? 40 : 4); i > 0; i--)
      result += random_.one_of<std::string>({"a", "b", std::string(1, '\0'), "é", "客", "~"});
    return result;
  }

  int64_t number(int64_t kind) {
    switch (kind) {
      case 0:
        return random_.below(2 * people_);
      case 1:
        return static_cast<int64_t>(random_.bits() >> 1);
      case 2:
        return random_.one_in(2) ? INT64_MIN + random_.below(people_)
                                 : INT64_MAX - random_.below(people_);
      case 3:
        return -random_.below(1000) * 1'000'003;
      default:
        return static_cast<int64_t>(random_.bits());
    }
  }

  void choose_ids() {
    people_ = random_.one_of<int64_t>({1, 3, 12, std::max<int64_t>(4, rows_ / 2)});
    log_.text_ids = random_.one_in(2), log_.text_orders = random_.one_in(2);
    log_.unsigned_ids = random_.one_in(3);
    if (random_.one_in(2)) log_.options.order = "order";
    const int64_t kind = log_.unsigned_ids ? random_.below(2) : random_.below(5);
    if (random_.one_in(2))
      prefix_ = std::string("customer-0000001234").substr(0, random_.bits() % 20);
    for (int64_t i = 0; i < people_; i++)
      ids_.push_back(log_.text_ids ? Id(text()) : Id(number(kind)));
    for (int64_t i = std::max<int64_t>(1, rows_ / random_.between(1, 4)); i > 0; i--)
      orders_.push_back(log_.text_orders ? Id(text()) : Id(number(kind)));
  }

  Random random_;
  const int64_t rows_;
  OrderLog log_;
  TimeZone zone_;
  Micros begin_ = 0, span_ = 1, grain_ = 1;
  int64_t people_ = 1;
  bool rounding_ = false;
  int64_t money_ = 1;
  std::string prefix_;
  std::vector<Id> ids_, orders_;
};

/// Mostly small: what goes wrong goes wrong with few rows.
inline OrderLog random_log(uint64_t seed) {
  Random random(seed);
  const int64_t rows = random.one_in(5) ? random.between(60, 400) : random.between(0, 40);
  return LogMaker(seed, rows).make();
}

inline double case_factor() {
  const char* text = std::getenv("PATRON_CASES");
  const double factor = text == nullptr ? 1 : std::atof(text);
  return factor > 0 ? factor : 1;
}

using LogCheck = std::function<std::string(const OrderLog&)>;

/// Drops runs of rows, then single ones, while the check still fails.
inline OrderLog shrink(OrderLog log, const LogCheck& check) {
  for (size_t run = log.lines.size(); run > 0; run /= 2) {
    for (size_t at = 0; at < log.lines.size();) {
      OrderLog smaller = log;
      const auto begin = smaller.lines.begin() + static_cast<ptrdiff_t>(at);
      smaller.lines.erase(begin,
                          begin + static_cast<ptrdiff_t>(std::min(run, log.lines.size() - at)));
      if (check(smaller).empty())
        at += run;
      else
        log = std::move(smaller);
    }
  }
  return log;
}

inline std::string describe(const OrderLog& log) {
  const RfmOptions& o = log.options;
  std::string text = "seed " + std::to_string(log.seed) + ", zone " + o.timezone + ", refunds " +
                     std::to_string(static_cast<int>(o.refunds)) + ", zero " +
                     std::to_string(static_cast<int>(o.zero)) + ", scale " +
                     std::to_string(o.scale);
  if (o.as_of) text += ", as_of " + std::to_string(*o.as_of);
  if (o.window)
    text += ", window " + std::to_string(o.window->months) + " mo " +
            std::to_string(o.window->micros) + " us";
  for (size_t i = 0; i < std::min<size_t>(log.lines.size(), 20); i++) {
    const OrderLine& line = log.lines[i];
    text += "\n  customer " + id_text(line.customer) + " at " + std::to_string(line.time) + " (" +
            format_time(line.time) + ") minor " + std::to_string(line.minor);
    if (o.order) text += " order " + id_text(line.order);
    if (line.defect) text += " defect " + std::string(refusal_reason(*line.defect));
  }
  return text + "\n  " + std::to_string(log.lines.size()) + " rows";
}

/// Runs the check on the logs of `cases` seeds and reports the first that fails, shrunk.
inline void check_random_logs(int cases, uint64_t first_seed, const LogCheck& check) {
  const int n = std::max(1, static_cast<int>(cases * case_factor()));
  for (int i = 0; i < n; i++) {
    const OrderLog log = random_log(first_seed + static_cast<uint64_t>(i));
    if (check(log).empty()) continue;
    const OrderLog small = shrink(log, check);
    ADD_FAILURE() << check(small) << '\n' << describe(small);
    return;
  }
}

}  // namespace patron::test
