// One customer drawn from a model: what ltv_simulate asks for each of many.
//
//   const Simulator simulator(LtvModel::kBgNbd, {0.243, 4.414, 0.793, 2.426}, seed);
//   SimulatedCustomer customer = simulator.customer(7, 39);      // the eighth, observed for 39
//   weeks std::vector<double> times(customer.frequency); simulator.events(7, 39, customer, times);
//
// Customer i has random streams of her own (random.h), so she is a function of the seed, i, the
// parameters and how long she is observed, whoever else is drawn. Her purchases are drawn as counts
// and orders of uniform times, so a customer who buys a million times costs no more than one who
// buys once; the times themselves come from a second stream, and fit the summary.
//
// Thread class: a const Simulator is shared.
#pragma once

#include <cstdint>
#include <span>

#include "patron/ltv.h"

namespace patron::internal::ltv {

struct SimulatedCustomer {
  double frequency = 0;  ///< contracts: 1 where churned
  double recency = 0;
  double T = 0;         ///< contracts: periods survived, or the one in which it ended
  double monetary = 0;  ///< Gamma-Gamma, 0 without orders
  bool alive = true;    ///< contracts: not churned
};

class Simulator {
 public:
  Simulator(LtvModel model, const LtvParameters& parameters, uint64_t seed)
      : model_(model), p_(parameters), seed_(seed) {}

  /// Customer number `index`, observed until T; Gamma-Gamma: who ordered `T` times. The frequency
  /// may exceed 2^53 where the parameters are extreme: such a customer cannot be counted. Cost:
  /// constant, BG/BB linear in the purchases.
  SimulatedCustomer customer(int64_t index, double T) const;

  /// Her purchases in ascending order, times.size() = customer.frequency of them; the last is at
  /// customer.recency. `customer` is what customer(index, T) gave. Models of purchases alone.
  void events(int64_t index, double T, const SimulatedCustomer& customer,
              std::span<double> times) const;

 private:
  SimulatedCustomer until_she_leaves(int64_t index, double T) const;
  SimulatedCustomer pareto(int64_t index, double T) const;
  SimulatedCustomer bg_bb(int64_t index, double T, std::span<double> times) const;
  SimulatedCustomer contract(int64_t index, double T) const;
  SimulatedCustomer spend(int64_t index, double orders) const;

  LtvModel model_;
  LtvParameters p_;
  uint64_t seed_;
};

}  // namespace patron::internal::ltv
