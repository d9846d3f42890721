// The maximiser of a likelihood: Newton's method in a trust region, on log parameters, with the
// exact Hessian.
//
//   Objective objective(make_likelihood(model, rows), rows, penalty, centre, threads, &watch);
//   Result<Climb> climb = climb_from(objective, {0, 0, 0, 0}, {});
//   climb->verdict == LtvVerdict::kConverged
//
// Where the climb ends, the eigenvalues of the Hessian decide what it is: an optimum has a gradient
// of nothing, a Hessian that is negative definite beyond its rounding, and a next step too short to
// matter. Anything else is named, and never taken for one. The step is that of the trust region
// problem itself, solved by its secular equation (Moré and Sorensen 1983; Nocedal and Wright,
// Numerical Optimization, 2nd ed., section 4.3).
#pragma once

#include <memory>

#include "lib/base/parallel.h"
#include "lib/models/ltv/likelihood.h"
#include "patron/ltv.h"

namespace patron::internal::ltv {

/// Log-likelihood per customer less the penalty, with its derivatives.
class Objective {
 public:
  /// penalty * sum (log parameter - centre)^2 is taken away. `rows` and `watch` outlive the
  /// objective.
  Objective(std::unique_ptr<LogLikelihood> likelihood, const UniqueRows& rows, double penalty,
            const LtvParameters& centre, int threads, Watch* watch);

  int parameters() const { return likelihood_->parameters(); }
  double customers() const { return rows_.total_weight; }
  /// Sums of blocks in the order of the rows, whatever the threads. Code::kCancelled, kCallback.
  Result<Derivatives> evaluate(const LtvParameters& log_parameters);

 private:
  std::unique_ptr<LogLikelihood> likelihood_;
  const UniqueRows& rows_;
  double penalty_;
  LtvParameters centre_;
  int threads_;
  Watch* watch_;
};

/// A symmetric matrix: values ascending, vectors[i] belongs to values[i]. Jacobi's rotations.
struct Eigen {
  LtvParameters values{};
  std::array<LtvParameters, kLtvParameters> vectors{};
};
Eigen eigen_of_negative(const Derivatives& at, int parameters);

struct ClimbOptions {
  int max_iterations = 200;
  double enough = 1e-8;   ///< an optimum once no log parameter would move by more
  double least_gain = 0;  ///< where no step promises more per customer, the climb is given up
};

/// Where a climb ended.
struct Climb {
  LtvVerdict verdict = LtvVerdict::kIterations;
  LtvParameters log_parameters{};
  Derivatives at;  ///< of the objective, there
  Eigen eigen;     ///< of the negative Hessian, there
  int iterations = 0;
  /// kFlatRidge: the line along which nothing changes; kBoundary: which log parameters ran off, and
  /// to which end; the largest is 1 or -1.
  LtvParameters direction{};
};

/// Climbs from a point. Errors of Objective::evaluate.
Result<Climb> climb_from(Objective& objective, const LtvParameters& start,
                         const ClimbOptions& options);

/// Log parameters stay within this of 0.
inline constexpr double kFarthest = 34;

}  // namespace patron::internal::ltv
