// Lifetime value: how much a customer will still buy, and what that is worth.
//
// A model is a small immutable value: which one it is, its parameters, the unit of its clock and,
// where it was fitted, how that went. It comes from customers (fit), from published numbers
// (from_parameters) or from its JSON document (parse), and predicts for one customer or for a
// column of them, with the same bits.
//
//   patron::LtvFitOptions options;
//   options.columns = {.frequency = "frequency", .recency = "recency", .T = "T"};
//   patron::Result<patron::Ltv> model = patron::Ltv::fit(customers, patron::LtvModel::kBgNbd,
//                                                        options);
//   model->fit()->message;                                    // "converged ..." or what is wrong
//   patron::LtvQuery query{.quantity = patron::LtvQuantity::kExpectedPurchases, .horizon = 39};
//   model->predict({.frequency = 2, .recency = 30.43, .T = 38.86}, query)->value;       // 1.226
//
// Where customers come from: ltv_summary.h. What every number means, when to use which model and
// where the formulas come from: docs/ltv.md. Results are the same bytes for any number of threads.
#pragma once

#include <array>
#include <cstdint>
#include <limits>
#include <optional>
#include <span>
#include <string>
#include <string_view>

#include "patron/control.h"
#include "patron/ltv_unit.h"
#include "patron/status.h"
#include "patron/table.h"

namespace patron {
inline namespace v0 {

/// The models; each has a page in docs/ltv/.
enum class LtvModel : int32_t {
  kNbd = 0,         ///< r, alpha: buys for ever (Ehrenberg 1959)
  kBgNbd = 1,       ///< r, alpha, a, b: may leave after each purchase (Fader, Hardie, Lee 2005)
  kMbgNbd = 2,      ///< r, alpha, a, b: after the first one too (Batislam et al. 2007)
  kParetoNbd = 3,   ///< r, alpha, s, beta: may leave at any time (Schmittlein et al. 1987)
  kBgBb = 4,        ///< alpha, beta, gamma, delta: in discrete opportunities (Fader et al. 2010)
  kSbg = 5,         ///< alpha, beta: contracts, renewed or not (Fader and Hardie 2007)
  kBdw = 6,         ///< alpha, beta, c: contracts with duration dependence (Fader et al. 2018)
  kGammaGamma = 7,  ///< p, q, v: money of an order (Fader and Hardie 2013)
};
inline constexpr int kLtvModels = 8;

/// "bg_nbd", ...: the name in documents and messages.
std::string_view ltv_model_name(LtvModel model);
/// The names of its parameters, in the order in which they are given everywhere.
std::span<const std::string_view> ltv_parameter_names(LtvModel model);

/// At most this many parameters.
inline constexpr int kLtvParameters = 4;

/// The parameters of a model in the order of its names; those it has not are 0. All are above 0.
using LtvParameters = std::array<double, kLtvParameters>;

/// One customer (or contract). What the model does not read is not looked at:
///   NBD                       frequency, T
///   BG/NBD, MBG/NBD, Pareto   frequency, recency, T
///   BG/BB                     frequency, recency (the opportunity of the last purchase, 0 for
///                             none), T: the opportunities there were; whole numbers
///   sBG, BdW                  T: whole periods survived, that is, renewals
///   Gamma-Gamma               frequency, monetary: the mean money of an order
struct LtvCustomer {
  double frequency = 0;  ///< repeat purchases: a whole number, 0 to 2^53
  double recency = 0;    ///< from the first to the last purchase, 0 where frequency is 0
  double T = 0;          ///< from the first purchase to now, at least recency
  double monetary = 0;   ///< above 0; of the repeat purchases
};

/// Names of columns; empty: there is none. Numbers of any type; counts must be whole.
struct LtvColumns {
  std::string frequency{}, recency{}, T{}, monetary{};
  /// Contracts: bool, whether it ended; T is then the period in which it did.
  std::string churned{};
  /// How many customers a row stands for: above 0, need not be whole. Fits only.
  std::string weight{};
};

/// How a fit ended. Only kConverged is an optimum.
enum class LtvVerdict : int32_t {
  kConverged = 0,
  kFlatRidge = 1,      ///< the likelihood does not tell the parameters apart
  kBoundary = 2,       ///< it still rises where a parameter runs to 0 or infinity
  kTooLittleData = 3,  ///< fewer distinct customers than parameters
  kIterations = 4,     ///< not there after max_iterations
};

/// What a fit reports.
struct LtvFit {
  LtvVerdict verdict = LtvVerdict::kConverged;
  std::string message;  ///< what it means and what to do; never empty
  bool converged() const { return verdict == LtvVerdict::kConverged; }

  double log_likelihood = 0;  ///< in the caller's clock, without the penalty
  double penalty = 0;         ///< what the penalty took away
  double gradient_norm = 0;   ///< largest |d objective / d log parameter| per customer
  int iterations = 0;
  double aic = 0, bic = 0;  ///< 2k - 2LL; k ln(customers) - 2LL
  /// Of the parameters, row by row, kLtvParameters wide; NaN where the verdict is not kConverged.
  std::array<double, kLtvParameters * kLtvParameters> covariance{};
  LtvParameters standard_errors{};  ///< NaN likewise

  int64_t rows = 0;           ///< rows read
  int64_t excluded_rows = 0;  ///< refused, or stated exclusions (Gamma-Gamma: no repeat purchase)
  int64_t unique_rows = 0;    ///< distinct among those used
  double customers = 0;       ///< sum of weights of those used
};

struct LtvFitOptions {
  LtvColumns columns;
  LtvUnit unit = LtvUnit::kWeek;  ///< of recency and T
  /// L2 penalty on log parameters: the objective is LL - penalty * customers * sum (ln theta)^2,
  /// with times measured in the mean T. 0: maximum likelihood.
  double penalty = 0;
  int max_iterations = 200;
  bool refuse_bad_rows = true;  ///< false: the first bad row fails the call
  int threads = 1;              ///< 0: one for each core
  Control control;
};

enum class LtvQuantity : int32_t {
  kProbabilityAlive = 0,     ///< in `horizon` from now; 0: now. Contracts: of surviving so long
  kExpectedPurchases = 1,    ///< in (now, now + horizon]; a new customer's repeat purchases
  kPurchaseProbability = 2,  ///< of exactly `count` purchases in (now, now + horizon]
  kNextPurchase = 3,         ///< the time until the next purchase, its quantile `probability`
  kDiscountedPurchases = 4,  ///< expected, each discounted to now, in the horizon or for ever
  kExpectedSpend = 5,        ///< Gamma-Gamma: the expected money of an order
  kRetentionRate = 6,        ///< contracts: the chance to renew at the next renewal
  kResidualLifetime = 7,     ///< contracts: expected further renewals, in the horizon or for ever
  kDiscountedLifetime = 8,   ///< contracts: the same, discounted to now
};

enum class LtvInterval : int32_t {
  kNone = 0,
  /// For the expectation: what the data leave open about the parameters (delta method on the log
  /// or logit scale, so that bounds stay in the domain). Needs a fitted model.
  kConfidence = 1,
  /// For this customer, were the parameters known: quantiles of what she will do. Expected
  /// purchases (her own number), next purchase, expected spend (one order), residual and discounted
  /// lifetime.
  kPrediction = 2,
};

/// What to predict.
struct LtvQuery {
  LtvQuantity quantity = LtvQuantity::kExpectedPurchases;
  /// In the unit of the model, at least 0; infinite where the quantity allows it.
  double horizon = std::numeric_limits<double>::infinity();
  int64_t count = 0;         ///< kPurchaseProbability
  double probability = 0.5;  ///< kNextPurchase: in (0, 1)
  double rate_per_year = 0;  ///< kDiscounted*: a year's rate, above -1; 0.1 is ten per cent
  LtvInterval interval = LtvInterval::kNone;
  double level = 0.95;  ///< of the interval, in (0, 1)
};

/// A prediction; low and high are NaN without an interval. What does not exist (a mean of an
/// infinite expectation) is NaN, what never happens (the next purchase of who has left) infinite.
struct LtvPrediction {
  double value = 0, low = 0, high = 0;
};

struct LtvPredictOptions {
  LtvColumns columns;
  LtvQuery query;
  bool refuse_bad_rows = true;  ///< false: the first bad row fails the call
  int threads = 1;              ///< 0: one for each core
  Control control;
};

/// One row for each row of the input, in its order.
struct LtvPredictions {
  Table table;    ///< value double, null where refused or where it does not exist; low, high double
  Table refused;  ///< row int64 (zero-based), column utf8, reason utf8, in row order
};

class Ltv {
 public:
  /// Maximum likelihood. The result says in fit() whether it is an optimum; where it is not, its
  /// parameters are the last ones tried and it has no covariance. Code::kColumn, kType, kEmpty (no
  /// row that can be used, or nobody with a repeat purchase where the model needs one), kArgument
  /// (options; a column that the model needs and that is not named), kCancelled, kCallback; where
  /// refuse_bad_rows is false also kNull, kNumber and kArgument, each with the row. Thread class:
  /// pure. Cost: one pass over the rows to make them unique, then some ten evaluations of the
  /// likelihood on what is left.
  static Result<Ltv> fit(const Table& customers, LtvModel model, const LtvFitOptions& options);

  /// A model by its numbers. Code::kArgument for a count that is not the model's, or a value that
  /// is not above 0 and finite (names the parameter).
  static Result<Ltv> from_parameters(LtvModel model, std::span<const double> parameters,
                                     LtvUnit unit);

  /// The model as a small JSON document, versioned; it holds parameters, unit and the fit.
  std::string to_json() const;
  /// Code::kSyntax with the byte offset, Code::kDocument for what means nothing sound.
  static Result<Ltv> parse(std::string_view json);

  LtvModel model() const { return model_; }
  LtvUnit unit() const { return unit_; }
  const LtvParameters& parameters() const { return parameters_; }
  /// How the fit went; nothing where the model was not fitted.
  const std::optional<LtvFit>& fit() const { return fit_; }
  /// The rows that fit left out: row int64, column utf8, reason utf8. Not in the document.
  const Table& excluded() const { return excluded_; }

  /// One customer. Code::kArgument for a customer or query out of its domain, or a quantity that
  /// the model has not. Thread class: pure.
  Result<LtvPrediction> predict(const LtvCustomer& customer, const LtvQuery& query) const;
  /// A customer of whom nothing is known: at her first purchase, not yet asked to stay. Contracts:
  /// at the start.
  Result<LtvPrediction> predict_new(const LtvQuery& query) const;
  /// Many customers. Code as fit. Thread class: pure. Cost: linear.
  Result<LtvPredictions> predict(const Table& customers, const LtvPredictOptions& options) const;

 private:
  friend struct LtvAccess;
  LtvModel model_ = LtvModel::kBgNbd;
  LtvUnit unit_ = LtvUnit::kWeek;
  LtvParameters parameters_{};
  std::optional<LtvFit> fit_;
  Table excluded_;
};

/// Value of customers: how often (a model of purchases) times how much (Gamma-Gamma).
struct LtvValueOptions {
  LtvColumns columns;
  double horizon = std::numeric_limits<double>::infinity();  ///< in the unit of the purchase model
  double rate_per_year = 0;
  double margin = 1;                          ///< share of the money that is kept, 0 to 1
  LtvInterval interval = LtvInterval::kNone;  ///< or kConfidence: there is no prediction interval
  double level = 0.95;
  bool refuse_bad_rows = true;
  int threads = 1;
  Control control;
};

/// For each customer: probability_alive, expected_purchases (null for an infinite horizon where
/// that is infinite), discounted_purchases, expected_spend, value = margin x expected_spend x
/// discounted_purchases, and with an interval low and high. Errors as Ltv::predict; Code::kArgument
/// where `purchases` is no model of purchases or `spend` not Gamma-Gamma. Thread class: pure.
Result<LtvPredictions> ltv_value(const Ltv& purchases, const Ltv& spend, const Table& customers,
                                 const LtvValueOptions& options);

struct LtvSimulation {
  int64_t customers = 0;  ///< where T is one number
  double T = 0;           ///< observation of each, in the unit; contracts and BG/BB: whole
  std::span<const double> T_each = {};        ///< instead: one for each customer
  std::span<const int64_t> orders_each = {};  ///< Gamma-Gamma: repeat purchases of each
  uint64_t seed = 0;
  bool events = false;  ///< purchases too, not summaries alone
  int threads = 1;
  Control control = {};
};

struct LtvSimulated {
  /// What fit reads: frequency int64, recency, T double; contracts: T int64, churned bool;
  /// Gamma-Gamma: frequency int64, monetary double. And what only a simulation knows: alive bool.
  Table customers;
  /// With `events`: customer int64 (row of `customers`), time double since the first purchase.
  Table events;
};

/// Customers as the model says they are, from a seed: the same bytes everywhere and on any number
/// of threads (a counter-based integer generator, Philox 4x32-10: Salmon et al. 2011).
/// Code::kArgument, kLimit, kCancelled, kCallback. Thread class: pure.
Result<LtvSimulated> ltv_simulate(const Ltv& model, const LtvSimulation& options);

}  // namespace v0
}  // namespace patron
