// One question put to one model: what predict() evaluates for columns of customers.
//
//   std::unique_ptr<Predictor> predictor = make_predictor(model, parameters, unit, query);
//   predictor->values(customers, out);
//
// A predictor is worked out once for a query and then asked for any number of customers, a column
// at a time; what it says of a customer depends on her alone, so she gets the same bits by herself
// and among a million. Customers and query were checked before (query.h).
//
// Thread class: a const predictor is shared.
#pragma once

#include <cstdint>
#include <limits>
#include <memory>

#include "patron/ltv.h"

namespace patron::internal::ltv {

/// Customers as columns; those that the model does not read may be null.
struct CustomerSpan {
  int64_t size = 0;
  const double* frequency = nullptr;
  const double* recency = nullptr;
  const double* T = nullptr;
  const double* monetary = nullptr;

  /// Of a model of purchases: its money is not looked at.
  LtvCustomer history(int64_t i) const {
    return {frequency[i], recency == nullptr ? 0 : recency[i], T[i], 0};
  }
};

/// What kind of number a value is, and so how its standard error is worked out.
enum class ValueKind : uint8_t {
  kPositive,     ///< P e^g, above zero: on the log scale
  kProbability,  ///< P e^g: on the logit scale
  kComplement,   ///< 1 - P e^g, or where it is small 1 - P + P e^g: on the logit scale
  kTime,         ///< the t at which P e^g(t) is a given probability: on the log scale
};

/// Whether g is that of 1 - P + P e^g: what is left of 1 - P e^g has no digits where it is small.
constexpr bool is_small_complement(double value) { return value < 0.5; }

/// What a customer takes.
enum class Cost : uint8_t {
  kLittle,  ///< some 10 ns
  kSome,    ///< some 100 ns
  kMuch,    ///< microseconds
};

class Predictor {
 public:
  virtual ~Predictor() = default;
  virtual Cost cost() const { return Cost::kMuch; }

  /// The value for each customer, NaN where it does not exist.
  virtual void values(const CustomerSpan& customers, double* out) const = 0;

  /// Whether values() is given() and then combine(), of which given() takes the longer and depends
  /// on frequency and T alone.
  virtual bool splits() const { return false; }
  virtual void given(const CustomerSpan& customers, double* out) const;
  /// `values` are what given() said, and become the values.
  virtual void combine(const CustomerSpan& customers, double* values) const;

  /// Whether customers take less with those of equal frequency side by side (frequency_order.h),
  /// once prepare() was called.
  virtual bool by_frequency() const { return false; }
  /// For many customers: works out what those of equal frequency share.
  virtual void prepare() {}

  // For the delta method: the value as P = 1 / (1 + e^-log_odds), the chance of being alive, and g,
  // which supposes that. Both are smooth in the logarithms of the parameters, however sharply P
  // itself turns from 0 to 1.

  virtual ValueKind kind() const = 0;
  /// Log odds are infinite where nobody leaves; NaN where the value does not exist. `at` are the
  /// values: the times t where they are times, and which of its two forms a complement has.
  virtual void terms(const CustomerSpan& customers, const double* at, double* log_odds,
                     double* log_given) const = 0;
  /// kTime: d g / d ln t at these times.
  virtual void slopes(const CustomerSpan& customers, const double* at, double* out) const;
  /// The gradients of ln value with respect to the logarithms of the parameters, where they are
  /// known in closed form; false where they are not, and terms() is to be differentiated.
  virtual bool gradients(const CustomerSpan& customers, LtvParameters* out) const;
  /// How far the logarithm of a parameter may move before the value ceases to exist.
  virtual double room() const { return std::numeric_limits<double>::infinity(); }

  /// With Y what the customer will do herself, a count, a time or money: the smallest y with
  /// P(Y <= y) >= tail, and the smallest with P(Y > y) <= tail. Only for quantities that have such
  /// a Y (query.h).
  virtual void interval(const CustomerSpan& customers, double tail, double* low,
                        double* high) const;
};

/// The model has the quantity, and the parameters are above 0 and finite.
std::unique_ptr<Predictor> make_predictor(LtvModel model, const LtvParameters& parameters,
                                          LtvUnit unit, const LtvQuery& query);

}  // namespace patron::internal::ltv
