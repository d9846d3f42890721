// Scores, intervals and tests from counts: the arithmetic of feedback scores, without any rows.
//
//   Result<Estimator> estimator = Estimator::make({Question::kNps});
//   Result<Estimate> nps = estimator->estimate(counts);
//
// docs/nps.md has the formulas. Thread class: a const Estimator is shared.
#pragma once

#include <string>

#include "patron/nps.h"

namespace patron::internal {

/// The points of a scale, 2 to 11.
inline int points_of(const Scale& scale) { return scale.highest - scale.lowest + 1; }

/// How the responses to one question become a score.
class Estimator {
 public:
  /// Fills in what kAuto means, and the scale of NPS. Code::kArgument.
  static Result<Estimator> make(const NpsMethod& method);
  const NpsMethod& method() const { return method_; }

  Result<Estimate> estimate(const Counts& counts) const;
  Result<Change> difference(const Counts& a, const Counts& b) const;

 private:
  struct Sample;
  struct Bounds {
    double low, high;
  };
  /// A score and its standard error, in the unit of the score.
  struct Spread {
    double score, error;
  };

  Result<Sample> sample(const Counts& counts) const;
  double score_of(const Sample& s) const;
  double standard_error(const Sample& s) const;
  /// The score of the sample with `pseudo` responses spread evenly over its classes.
  Spread adjusted(const Sample& s, double pseudo) const;
  Bounds score_bounds(const Sample& s, double z) const;
  Bounds bounds(const Sample& s) const;
  Bounds square_and_add(const Sample& a, const Sample& b, double z) const;
  double square_and_add_test(const Sample& a, const Sample& b) const;
  Change student(const Sample& a, const Sample& b, Change change) const;
  double lowest_score() const;
  double highest_score() const;

  NpsMethod method_;
  double z_ = 0;  ///< normal_quantile of the confidence
};

}  // namespace patron::internal
