// Answers with their intervals: what predict() says of columns of customers.
//
//   Result<Answers> answers = Answers::make(model, query);       // checks the query
//   answers->of(customers, {value, low, high});
//
// Confidence: the delta method. The logarithm of an expectation, or the logit of a probability, is
// taken for normal with the variance g' V g, V being the covariance of the logarithms of the
// parameters and g the gradient, by central differences of order 6, accurate to 1e-8 or better.
// Prediction: quantiles of what the customer will do, (1 - level) / 2 cut off on either side.
// Thread class: a const Answers is shared.
#pragma once

#include <array>
#include <cstdint>
#include <memory>
#include <vector>

#include "lib/models/ltv/predictor.h"
#include "patron/ltv.h"
#include "patron/status.h"

namespace patron::internal::ltv {

/// Values with their bounds; low and high are not written, and may be null, without an interval.
struct AnswerColumns {
  double* value = nullptr;
  double* low = nullptr;
  double* high = nullptr;
};

/// Gradients of a predictor's terms, for blocks of customers.
class DeltaMethod {
 public:
  /// `fit` converged.
  DeltaMethod(const Ltv& model, const LtvQuery& query);

  /// The standard error of ln value, or of its logit where it is a probability, for each customer
  /// with this value; 0 for a value of 0, or 1 of a probability.
  void errors(const Predictor& predictor, const CustomerSpan& customers, const double* values,
              double* out) const;

 private:
  void gradients(const CustomerSpan& customers, const double* values,
                 std::vector<LtvParameters>* log_odds, std::vector<LtvParameters>* log_given) const;

  struct Shifted {
    int parameter;
    double weight;  ///< of its terms in the derivative
    std::unique_ptr<Predictor> predictor;
  };
  std::vector<Shifted> shifted_;
  std::array<LtvParameters, kLtvParameters> covariance_{};  ///< of the logarithms
};

class Answers {
 public:
  /// Code::kArgument as check_query.
  static Result<Answers> make(const Ltv& model, const LtvQuery& query);

  bool has_interval() const { return interval_ != LtvInterval::kNone; }
  /// Whether a customer takes so little time that to look for her twin takes longer.
  bool cheap() const { return cost() == Cost::kLittle; }
  /// Whether a thousand take less than some ms.
  bool fast() const { return cost() != Cost::kMuch; }
  /// Without an interval: what Predictor says of splits(), given() and combine().
  const Predictor& predictor() const { return *predictor_; }
  bool splits() const { return interval_ == LtvInterval::kNone && predictor_->splits(); }
  /// The same of by_frequency(); prepare() for many customers.
  bool by_frequency() const {
    return interval_ == LtvInterval::kNone && predictor_->by_frequency();
  }
  void prepare() { predictor_->prepare(); }
  /// Up to kCustomerRows sound customers.
  void of(const CustomerSpan& customers, const AnswerColumns& out) const;

 private:
  Cost cost() const { return interval_ == LtvInterval::kNone ? predictor_->cost() : Cost::kMuch; }

  std::unique_ptr<Predictor> predictor_;
  std::unique_ptr<DeltaMethod> delta_;
  LtvInterval interval_ = LtvInterval::kNone;
  double tail_ = 0;  ///< (1 - level) / 2
  double z_ = 0;     ///< the normal quantile of 1 - tail
};

/// value e^(-+ z error), on the logit scale where it is a probability.
void confidence_bounds(ValueKind kind, double value, double z_error, double* low, double* high);

}  // namespace patron::internal::ltv
