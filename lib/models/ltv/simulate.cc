#include "lib/models/ltv/simulate.h"

#include <algorithm>
#include <cmath>

#include "lib/models/ltv/math/elementary.h"
#include "lib/models/ltv/math/random.h"

namespace patron::internal::ltv {
namespace {

/// Streams of a customer.
enum Stream : uint32_t { kSummaryStream = 0x5e00, kEventStream = 0x5e01 };

constexpr double kMostPurchases = 1e15;  // on average: what RandomStream::poisson takes

/// ln of a rate that is Gamma(shape) / scale.
double log_rate(RandomStream* random, double shape, double scale) {
  return random->log_gamma(shape) - log(scale);
}

/// How many purchases at that rate in the time; infinite where nobody could count them.
double purchases_in(RandomStream* random, double log_of_rate, double time) {
  if (time == 0) return 0;
  const double mean = exp(log_of_rate + log(time));
  return mean <= kMostPurchases ? random->poisson(mean) : kInfinity;
}

/// The last of n uniform times in (0, end).
double last_of(RandomStream* random, double n, double end) {
  return end * exp(-random->exponential() / n);
}

}  // namespace

SimulatedCustomer Simulator::customer(int64_t index, double T) const {
  switch (model_) {
    case LtvModel::kNbd:
    case LtvModel::kBgNbd:
    case LtvModel::kMbgNbd:
      return until_she_leaves(index, T);
    case LtvModel::kParetoNbd:
      return pareto(index, T);
    case LtvModel::kBgBb:
      return bg_bb(index, T, {});
    case LtvModel::kSbg:
    case LtvModel::kBdw:
      return contract(index, T);
    case LtvModel::kGammaGamma:
      return spend(index, T);
  }
  return {};
}

/// NBD, BG/NBD and MBG/NBD: purchases go on at their rate until the one after which she leaves.
SimulatedCustomer Simulator::until_she_leaves(int64_t index, double T) const {
  RandomStream random(seed_, kSummaryStream, static_cast<uint64_t>(index));
  const double rate = log_rate(&random, p_[0], p_[1]);
  double last = kInfinity;  // the purchase after which she leaves; 0 is the first of all
  if (model_ != LtvModel::kNbd) {
    last = random.geometric(random.beta(p_[2], p_[3]));
    if (model_ == LtvModel::kBgNbd) last += 1;
  }
  SimulatedCustomer customer{.T = T};
  const double wanted = purchases_in(&random, rate, T);
  customer.alive = last > wanted;
  customer.frequency = std::min(last, wanted);
  if (customer.frequency == 0 || std::isinf(customer.frequency)) return customer;
  if (customer.alive || last == wanted) {
    customer.recency = last_of(&random, customer.frequency, T);
  } else {
    // The k-th of n uniform times is Beta(k, n + 1 - k).
    const double k = customer.frequency;
    const double after = std::isinf(wanted) ? kInfinity : wanted + 1 - k;
    customer.recency = std::isinf(after) ? std::min(T, exp(random.log_gamma(k) - rate))
                                         : T * random.beta(k, after).value;
  }
  return customer;
}

SimulatedCustomer Simulator::pareto(int64_t index, double T) const {
  RandomStream random(seed_, kSummaryStream, static_cast<uint64_t>(index));
  const double rate = log_rate(&random, p_[0], p_[1]);
  const double log_life = log(random.exponential()) - log_rate(&random, p_[2], p_[3]);
  SimulatedCustomer customer{.T = T};
  customer.alive = !(log_life <= log(T));
  const double end = customer.alive ? T : std::min(T, exp(log_life));
  customer.frequency = purchases_in(&random, rate, end);
  if (customer.frequency > 0 && !std::isinf(customer.frequency))
    customer.recency = last_of(&random, customer.frequency, end);
  return customer;
}

/// Opportunity by purchase: before each she stays, at each she buys.
SimulatedCustomer Simulator::bg_bb(int64_t index, double T, std::span<double> times) const {
  RandomStream random(seed_, kSummaryStream, static_cast<uint64_t>(index));
  const UnitPoint buys = random.beta(p_[0], p_[1]);
  const double stays = random.geometric(random.beta(p_[2], p_[3]));
  SimulatedCustomer customer{.T = T, .alive = stays >= T};
  const double end = std::min(stays, T);
  double at = 0;
  for (;;) {
    at += 1 + random.geometric(buys);
    if (!(at <= end)) return customer;
    if (!times.empty()) times[static_cast<size_t>(customer.frequency)] = at;
    customer.frequency += 1;
    customer.recency = at;
  }
}

/// It ends at the first t with (1 - theta)^(t^c) below a uniform number.
SimulatedCustomer Simulator::contract(int64_t index, double T) const {
  RandomStream random(seed_, kSummaryStream, static_cast<uint64_t>(index));
  const UnitPoint ends = random.beta(p_[0], p_[1]);
  double life = 0;
  if (model_ == LtvModel::kSbg) {
    life = 1 + random.geometric(ends);
  } else {
    const double hazard = ends.value < 0.5 ? -log1p(-ends.value) : -log(ends.complement);
    const double log_life = (log(random.exponential()) - log(hazard)) / p_[2];
    life = std::max(1.0, std::ceil(exp(log_life)));
  }
  SimulatedCustomer customer{.T = std::min(life, T), .alive = life > T};
  customer.frequency = customer.alive ? 0 : 1;
  return customer;
}

/// The mean of x orders, each Gamma(p) / nu, is Gamma(p x) / (nu x), nu = Gamma(q) / v.
SimulatedCustomer Simulator::spend(int64_t index, double orders) const {
  SimulatedCustomer customer{.frequency = orders};
  if (orders == 0) return customer;
  RandomStream random(seed_, kSummaryStream, static_cast<uint64_t>(index));
  const double nu = log_rate(&random, p_[1], p_[2]);
  customer.monetary = exp(random.log_gamma(p_[0] * orders) - nu - log(orders));
  return customer;
}

void Simulator::events(int64_t index, double T, const SimulatedCustomer& customer,
                       std::span<double> times) const {
  if (times.empty()) return;
  if (model_ == LtvModel::kBgBb) {
    bg_bb(index, T, times);
    return;
  }
  // Given the last, the others are uniform before it.
  RandomStream random(seed_, kEventStream, static_cast<uint64_t>(index));
  const std::span<double> others = times.first(times.size() - 1);
  for (double& time : others) time = customer.recency * random.uniform();
  std::sort(others.begin(), others.end());
  times.back() = customer.recency;
}

}  // namespace patron::internal::ltv
