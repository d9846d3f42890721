#include "lib/models/ltv/purchase_predictor.h"

#include <algorithm>
#include <array>
#include <cmath>
#include <cstddef>
#include <utility>

#include "lib/models/ltv/customers.h"
#include "lib/models/ltv/logistic.h"
#include "lib/models/ltv/math/elementary.h"
#include "lib/models/ltv/whole_search.h"

namespace patron::internal::ltv {
namespace {

/// Of no purchase: she has left, or is there and buys nothing. Never above 1, and 1 in no time.
double chance_of_none(double log_odds, double log_none) {
  const double alive = logistic(log_odds), bought = -expm1(log_none) * alive;
  return bought < 0.5 ? 1 - bought : logistic(-log_odds) + alive * exp(log_none);
}

}  // namespace

PurchasePredictor::PurchasePredictor(std::unique_ptr<PurchaseModel> model, const LtvQuery& query,
                                     double discount)
    : model_(std::move(model)),
      query_(query),
      discount_(discount),
      count_(static_cast<double>(query.count)) {}

Cost PurchasePredictor::cost() const {
  switch (query_.quantity) {
    case LtvQuantity::kProbabilityAlive:
      return query_.horizon == 0 ? model_->odds_cost() : Cost::kMuch;
    case LtvQuantity::kExpectedPurchases:
      return std::max(model_->odds_cost(), model_->purchases_cost());
    default:
      return Cost::kMuch;
  }
}

/// Whether what is to come counts the more the later it comes, beyond any double perhaps.
bool PurchasePredictor::grows() const {
  return query_.quantity == LtvQuantity::kDiscountedPurchases && discount_ < 0;
}

/// Of who is alive; the logarithm where that is a probability, or grows().
void PurchasePredictor::given(const CustomerSpan& customers, double* out) const {
  switch (query_.quantity) {
    case LtvQuantity::kProbabilityAlive:
      if (query_.horizon == 0) return void(std::fill_n(out, customers.size, 0.0));
      return model_->log_survival(customers, query_.horizon, out);
    case LtvQuantity::kDiscountedPurchases:
      if (grows()) return model_->log_discounted(customers, query_.horizon, discount_, out);
      return model_->discounted(customers, query_.horizon, discount_, out);
    case LtvQuantity::kPurchaseProbability:
      return model_->log_probability(customers, count_, query_.horizon, out);
    default:
      return model_->purchases(customers, query_.horizon, out);
  }
}

void PurchasePredictor::combine(const CustomerSpan& customers, double* values) const {
  std::array<double, kCustomerRows> log_odds;
  model_->log_odds_alive(customers, log_odds.data());
  if (kind() == ValueKind::kComplement) {
    for (int64_t i = 0; i < customers.size; ++i)
      values[i] = chance_of_none(log_odds[static_cast<size_t>(i)], values[i]);
    return;
  }
  if (grows()) {
    for (int64_t i = 0; i < customers.size; ++i)
      values[i] = exp(values[i] + log_logistic(log_odds[static_cast<size_t>(i)]));
    return;
  }
  if (query_.quantity == LtvQuantity::kProbabilityAlive && query_.horizon == 0) {
    std::fill_n(values, customers.size, 1.0);
  } else if (kind() == ValueKind::kProbability) {
    for (int64_t i = 0; i < customers.size; ++i) values[i] = exp(values[i]);
  }
  multiply_by_logistic(log_odds.data(), customers.size, values);
}

bool PurchasePredictor::by_frequency() const {
  return query_.quantity == LtvQuantity::kExpectedPurchases && model_->purchases_by_frequency();
}

void PurchasePredictor::prepare() {
  if (by_frequency()) model_->prepare_purchases(query_.horizon);
}

bool PurchasePredictor::splits() const {
  return query_.quantity != LtvQuantity::kNextPurchase && model_->odds_cost() == Cost::kLittle &&
         cost() != Cost::kLittle;
}

void PurchasePredictor::next_purchases(const CustomerSpan& customers, double* out) const {
  std::array<double, kCustomerRows> log_odds;
  model_->log_odds_alive(customers, log_odds.data());
  for (int64_t i = 0; i < customers.size; ++i) {
    const double alive = logistic(log_odds[static_cast<size_t>(i)]);
    out[i] = query_.probability < alive
                 ? model_->next_purchase(customers.history(i), query_.probability / alive)
                 : kInfinity;
  }
}

void PurchasePredictor::values(const CustomerSpan& customers, double* out) const {
  if (query_.quantity == LtvQuantity::kNextPurchase) return next_purchases(customers, out);
  given(customers, out);
  combine(customers, out);
}

ValueKind PurchasePredictor::kind() const {
  switch (query_.quantity) {
    case LtvQuantity::kProbabilityAlive:
      return ValueKind::kProbability;
    case LtvQuantity::kPurchaseProbability:
      return query_.count == 0 ? ValueKind::kComplement : ValueKind::kProbability;
    case LtvQuantity::kNextPurchase:
      return ValueKind::kTime;
    default:
      return ValueKind::kPositive;
  }
}

void PurchasePredictor::terms(const CustomerSpan& customers, const double* at, double* log_odds,
                              double* log_given) const {
  model_->log_odds_alive(customers, log_odds);
  if (query_.quantity == LtvQuantity::kNextPurchase) {
    for (int64_t i = 0; i < customers.size; ++i)
      log_given[i] = model_->log_at_least(customers.history(i), 1, at[i]);
    return;
  }
  if (kind() == ValueKind::kComplement) {
    given(customers, log_given);
    for (int64_t i = 0; i < customers.size; ++i) {
      if (!is_small_complement(at[i]))
        log_given[i] = model_->log_at_least(customers.history(i), 1, query_.horizon);
    }
    return;
  }
  given(customers, log_given);
  if (kind() == ValueKind::kProbability || grows()) return;
  for (int64_t i = 0; i < customers.size; ++i) log_given[i] = log(log_given[i]);
}

void PurchasePredictor::slopes(const CustomerSpan& customers, const double* at, double* out) const {
  for (int64_t i = 0; i < customers.size; ++i) {
    out[i] = model_->next_purchase_slope(customers.history(i), at[i]);
  }
}

double PurchasePredictor::room() const {
  const bool endless = query_.horizon == kInfinity && kind() == ValueKind::kPositive;
  return endless && discount_ == 0 ? model_->room() : kInfinity;
}

/// The smallest n with P(N > n) <= tail.
double PurchasePredictor::count_above(const LtvCustomer& customer, double log_alive,
                                      double log_tail) const {
  return smallest_whole([&](double n) {
    return log_alive + model_->log_at_least(customer, n + 1, query_.horizon) <= log_tail;
  });
}

/// The smallest n with P(N <= n) >= tail.
double PurchasePredictor::count_reaching(const LtvCustomer& customer, double alive,
                                         double tail) const {
  return smallest_whole([&](double n) {
    const double above = alive * exp(model_->log_at_least(customer, n + 1, query_.horizon));
    return 1 - above >= tail;
  });
}

void PurchasePredictor::interval(const CustomerSpan& customers, double tail, double* low,
                                 double* high) const {
  std::array<double, kCustomerRows> log_odds;
  model_->log_odds_alive(customers, log_odds.data());
  for (int64_t i = 0; i < customers.size; ++i) {
    const LtvCustomer customer = customers.history(i);
    const double alive = logistic(log_odds[static_cast<size_t>(i)]);
    if (query_.quantity == LtvQuantity::kNextPurchase) {
      const auto time = [&](double probability) {
        return probability < alive ? model_->next_purchase(customer, probability / alive)
                                   : kInfinity;
      };
      low[i] = time(tail);
      high[i] = time(1 - tail);
    } else {
      low[i] = count_reaching(customer, alive, tail);
      high[i] = count_above(customer, log(alive), log(tail));
    }
  }
}

}  // namespace patron::internal::ltv
