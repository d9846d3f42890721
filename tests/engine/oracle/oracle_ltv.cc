// Lifetime value by a second way: what a customer does is averaged over the rates and the chances
// of leaving that she may have, given that she is alive. In BG/NBD and MBG/NBD (Fader, Hardie and
// Lee 2005; Batislam, Denizel and Filiztekin 2007) the rate is then gamma with r + x and alpha + T,
// and the chance of leaving beta with a and b + x, in MBG/NBD b + x + 1.
#include <algorithm>
#include <cmath>

#include "tests/engine/oracle/look.h"

namespace patron::oracle {
namespace {

// The mean over beta(a, b) of what is expected in t: (1 - (1 + p t / (alpha + T))^-(r + x)) / p,
// by the rule of Takahasi and Mori (1974), which takes any powers at both ends.
long double expected_alive(long double a, long double b, long double shape, long double t) {
  constexpr long double kStep = 0.125L, kHalfPi = 1.570796326794896619L;
  const long double log_beta = std::lgamma(a) + std::lgamma(b) - std::lgamma(a + b);
  long double sum = 0;
  for (int k = -48; k <= 48; ++k) {
    const long double u = k * kStep, s = kHalfPi * std::sinh(u);
    const long double log_p = -std::log1p(std::exp(-2 * s)), log_q = -std::log1p(std::exp(2 * s));
    const long double p = std::exp(log_p);
    const long double each = p == 0 ? shape * t : -std::expm1(-shape * std::log1p(p * t)) / p;
    const long double weight = std::exp(a * log_p + b * log_q - log_beta);
    sum += weight * each * 2 * kHalfPi * std::cosh(u);
  }
  return sum * kStep;
}

}  // namespace

Value Oracle::Look::of_ltv(const Rules::Model& model, const std::string& output) {
  if (!frozen_.ltv) return {};
  const LtvParameters& by = *frozen_.ltv;
  std::optional<Day> first;
  Day last = 0;
  int64_t x = 0, money = 0;
  for (const Event* event : events_) {
    if (event->stream != "orders" || event->time > now) continue;
    const Day day = zone->local_day(event->time);
    const int64_t amount = event->cell("amount").i;
    if (amount > 0 || (amount == 0 && rules_.zero_counts)) {
      if (first && day > last) ++x;
      if (!first) first = day;
      last = std::max(day, first == day ? day : last);
    }
    if (first && day > *first) money += amount;
  }
  if (!first) return {};
  const double major = static_cast<double>(money) / std::pow(10.0, scale);
  const double mean = x == 0 ? 0 : major / static_cast<double>(x);
  const auto n = static_cast<long double>(x);
  if (output == "expected_spend") {
    if (x > 0 && mean <= 0) return {};
    const long double spend = by.p * (by.v + n * mean) / (by.p * n + by.q - 1);
    const long double minor = spend * std::pow(10.0L, scale);
    Value out = Value::of(Is::kMoney, std::llrint(minor));
    out.d = static_cast<double>(minor);  // which is rounded either way where it is half of a unit
    return out;
  }
  later.insert(zone->start_of_day(zone->local_day(now) + 1));
  const auto units = [&](int64_t days) { return static_cast<long double>(days) / model.unit_days; };
  const long double whole = by.alpha + units(std::max(zone->local_day(now), last) - *first);
  const long double active = by.alpha + units(x == 0 ? 0 : last - *first);
  const bool mbg = by.model == "mbg_nbd";
  long double odds = 0;  // of having left
  if (by.model != "nbd" && (x > 0 || mbg)) {
    odds = by.a / (by.b + n - (mbg ? 0 : 1)) * std::pow(whole / active, by.r + n);
  }
  if (output == "p_alive") return Value::real(static_cast<double>(1 / (1 + odds)));
  const long double days = model.horizon.months / 12.0L * 365.2425L +
                           static_cast<long double>(model.horizon.micros) / kMicrosPerDay;
  const long double t = days / model.unit_days / whole;
  const long double expected = by.model == "nbd"
                                   ? (by.r + n) * t
                                   : expected_alive(by.a, by.b + n + (mbg ? 1 : 0), by.r + n, t);
  return Value::real(static_cast<double>(expected / (1 + odds)));
}

// Constants that a host hands over, as from a journal.
bool Oracle::learn(const Tree& constants) {
  if (clock_ == kMinTime) return false;
  LtvParameters out;
  const auto read = [&](const char* part, const char* name) {
    const Tree* of = constants.find(part);
    const Tree* one = of == nullptr ? nullptr : of->find("parameters")->find(name);
    return one == nullptr ? 0.0 : one->number();
  };
  out.model = constants.find("purchases")->text_of("model");
  out.r = read("purchases", "r"), out.alpha = read("purchases", "alpha");
  out.a = read("purchases", "a"), out.b = read("purchases", "b");
  out.p = read("spend", "p"), out.q = read("spend", "q"), out.v = read("spend", "v");
  ++frozen_.number;
  frozen_.ltv = out;
  settle_everyone_at(clock_);
  advance(clock_);
  return true;
}

}  // namespace patron::oracle
