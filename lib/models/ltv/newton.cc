#include "lib/models/ltv/newton.h"

#include <algorithm>
#include <cmath>
#include <utility>
#include <vector>

namespace patron::internal::ltv {
namespace {

// An eigenvalue of less is rounding, against the largest.
constexpr double kRelativeFloor = 1e-11;
// A direction in which the data leave a log parameter open by more than e^10 is flat.
constexpr double kWidest = 10;
constexpr double kFirstRadius = 2, kLargestRadius = 8;
// A log parameter beyond this ran there: nothing starts so far out.
constexpr double kRan = 9;
constexpr double kFarthestOptimum = 18;
// So many steps in a row that each raise the log-likelihood of all customers by less than kSeen: at
// an optimum three do.
constexpr int kMostStalled = 6;
constexpr double kSeen = 1e-7;
// What one evaluation may be off, relative to the objective.
constexpr double kNoise = 1e-14;

double dot(const LtvParameters& a, const LtvParameters& b) {
  double sum = 0;
  for (size_t i = 0; i < a.size(); ++i) sum += a[i] * b[i];
  return sum;
}

double largest(const LtvParameters& a) {
  double result = 0;
  for (const double x : a) result = std::max(result, std::abs(x));
  return result;
}

LtvParameters from_eigenbasis(const Eigen& eigen, const LtvParameters& coordinates, int n) {
  LtvParameters result{};
  for (int k = 0; k < n; ++k) {
    for (int i = 0; i < n; ++i)
      result[static_cast<size_t>(i)] +=
          coordinates[static_cast<size_t>(k)] *
          eigen.vectors[static_cast<size_t>(k)][static_cast<size_t>(i)];
  }
  return result;
}

/// The point of the ball where g's - s'As/2 is largest, A = -Hessian, in the basis of eigenvectors.
class TrustRegionStep {
 public:
  TrustRegionStep(const Eigen& eigen, const LtvParameters& gradient, int n) : n_(n) {
    for (size_t k = 0; k < static_cast<size_t>(n); ++k) {
      g_[k] = dot(gradient, eigen.vectors[k]);
      lambda_[k] = eigen.values[k];
    }
  }

  LtvParameters solve(double radius) const {
    const double floor = kRelativeFloor * std::max(std::abs(lambda_[0]), std::abs(lambda_[last()]));
    if (lambda_[0] > floor) {
      const LtvParameters newton = step(0);
      if (norm(newton) <= radius) return newton;
    }
    // The step shrinks as the shift grows: bisection, on a scale where it may be anything.
    double low = std::max(0.0, -lambda_[0]);
    double high = std::max(low, 1e-300) + norm(g_) / radius + floor;
    for (int k = 0; k < 200 && high - low > 1e-15 * high; ++k) {
      const double middle = low + (high - low) / 2;
      (norm(step(middle)) > radius ? low : high) = middle;
    }
    LtvParameters result = step(high);
    // The gradient has nothing along the steepest curvature: any way along it is as good.
    const double missing = radius * radius - dot(result, result);
    if (lambda_[0] < -floor && missing > 0.01 * radius * radius)
      result[0] += std::copysign(std::sqrt(missing), g_[0]);
    return result;
  }

  double gain(const LtvParameters& s) const {
    double sum = 0;
    for (size_t k = 0; k < static_cast<size_t>(n_); ++k)
      sum += g_[k] * s[k] - lambda_[k] * s[k] * s[k] / 2;
    return sum;
  }

 private:
  size_t last() const { return static_cast<size_t>(n_ - 1); }
  static double norm(const LtvParameters& s) { return std::sqrt(dot(s, s)); }
  LtvParameters step(double shift) const {
    LtvParameters result{};
    for (size_t k = 0; k < static_cast<size_t>(n_); ++k) {
      const double divisor = lambda_[k] + shift;
      if (divisor > 0) result[k] = std::clamp(g_[k] / divisor, -1e100, 1e100);
    }
    return result;
  }

  int n_;
  LtvParameters g_{}, lambda_{};
};

/// Rows worth a thread of their own.
constexpr int64_t kThreadRows = 2 * kLikelihoodRows;

class Climber {
 public:
  Climber(Objective& objective, const ClimbOptions& options)
      : objective_(objective), options_(options), n_(objective.parameters()) {}

  Result<Climb> run(const LtvParameters& start) {
    Result<Derivatives> first = objective_.evaluate(start);
    if (!first.ok()) return first.status();
    climb_.log_parameters = start;
    climb_.at = *first;
    for (;;) {
      climb_.eigen = eigen_of_negative(climb_.at, n_);
      if (stalled_ == kMostStalled) return finish(name_what_it_is());
      if (is_curved() && !has_run_off() && newton_step_is_short()) {
        take_last_step();
        return finish(LtvVerdict::kConverged);
      }
      if (climb_.iterations >= options_.max_iterations) return finish(LtvVerdict::kIterations);
      ++climb_.iterations;
      const Result<bool> moved = advance();
      if (!moved.ok()) return moved.status();
      if (!*moved) return finish(name_what_it_is());
    }
  }

 private:
  Climb finish(LtvVerdict verdict) {
    climb_.verdict = verdict;
    return climb_;
  }

  double noise() const { return kNoise * std::max(1e-3, std::abs(climb_.at.value)); }

  /// Curved beyond its rounding, and beyond what these customers leave open.
  bool is_curved() const {
    const double lowest = climb_.eigen.values[0];
    const double highest = climb_.eigen.values[static_cast<size_t>(n_ - 1)];
    return lowest > kRelativeFloor * highest &&
           lowest * objective_.customers() * kWidest * kWidest > 1;
  }

  /// In the basis of eigenvectors.
  LtvParameters newton_step() const {
    LtvParameters step{};
    for (size_t k = 0; k < static_cast<size_t>(n_); ++k)
      step[k] = dot(climb_.at.gradient, climb_.eigen.vectors[k]) / climb_.eigen.values[k];
    return step;
  }

  bool newton_step_is_short() const {
    // Rounding of the gradient moves the step by so much, whatever is done.
    const double blur = std::min(1e-5, noise() / climb_.eigen.values[0]);
    return largest(from_eigenbasis(climb_.eigen, newton_step(), n_)) <=
           std::max(options_.enough, blur);
  }

  /// Too short to change the derivatives, so that they need not be computed again.
  void take_last_step() {
    const LtvParameters step = from_eigenbasis(climb_.eigen, newton_step(), n_);
    climb_.at.value += dot(climb_.at.gradient, step) / 2;
    for (size_t i = 0; i < static_cast<size_t>(n_); ++i) climb_.log_parameters[i] += step[i];
  }

  /// One step up. False where none leads higher.
  Result<bool> advance() {
    const TrustRegionStep region(climb_.eigen, climb_.at.gradient, n_);
    for (;;) {
      const LtvParameters coordinates = region.solve(radius_);
      const LtvParameters step = from_eigenbasis(climb_.eigen, coordinates, n_);
      const double gain = region.gain(coordinates), length = std::sqrt(dot(step, step));
      if (!(length > 1e-12)) return false;
      // On a ridge each step gains less than can be seen; near an optimum it is the last ones.
      if (gain < std::max(noise(), options_.least_gain) && !is_curved()) return false;
      LtvParameters next = climb_.log_parameters;
      bool outside = false;
      for (size_t i = 0; i < static_cast<size_t>(n_); ++i) {
        next[i] += step[i];
        outside |= std::abs(next[i]) > kFarthest;
        next[i] = std::clamp(next[i], -kFarthest, kFarthest);
      }
      if (outside && next == climb_.log_parameters) return false;
      Result<Derivatives> at = objective_.evaluate(next);
      if (!at.ok()) return at.status();
      const double reached = at->value - climb_.at.value;
      const double ratio = gain <= noise() && std::abs(reached) <= noise() ? 1 : reached / gain;
      if (ratio < 0.25) radius_ = length / 4;
      if (ratio > 0.75 && length > 0.9 * radius_) radius_ = std::min(2 * radius_, kLargestRadius);
      if (ratio > 1e-3) {
        const double seen = std::max(noise(), kSeen / objective_.customers());
        stalled_ = reached > seen ? 0 : stalled_ + 1;
        climb_.log_parameters = next;
        climb_.at = *at;
        return true;
      }
      if (outside || radius_ < 1e-10) return false;
    }
  }

  /// What a point is that no step leads up from and that is no optimum.
  LtvVerdict name_what_it_is() {
    const double far = largest(climb_.log_parameters);
    if (far > kRan) {
      for (size_t i = 0; i < static_cast<size_t>(n_); ++i) {
        const double theta = climb_.log_parameters[i];
        climb_.direction[i] = std::abs(theta) > kRan ? theta / far : 0;
      }
      return LtvVerdict::kBoundary;
    }
    if (is_curved()) return LtvVerdict::kIterations;
    climb_.direction = climb_.eigen.vectors[0];
    const double scale = 1 / largest(climb_.direction);
    for (double& share : climb_.direction) share *= scale;
    return LtvVerdict::kFlatRidge;
  }

  /// So far out the Hessian of these models is rounding, whatever its eigenvalues.
  bool has_run_off() const { return largest(climb_.log_parameters) > kFarthestOptimum; }

  Objective& objective_;
  const ClimbOptions& options_;
  int n_;
  double radius_ = kFirstRadius;
  int stalled_ = 0;  ///< steps in a row that gained next to nothing
  Climb climb_;
};

}  // namespace

Objective::Objective(std::unique_ptr<LogLikelihood> likelihood, const UniqueRows& rows,
                     double penalty, const LtvParameters& centre, int threads, Watch* watch)
    : likelihood_(std::move(likelihood)),
      rows_(rows),
      penalty_(penalty),
      centre_(centre),
      threads_(threads),
      watch_(watch) {}

Result<Derivatives> Objective::evaluate(const LtvParameters& log_parameters) {
  likelihood_->set_parameters(log_parameters);
  const int64_t blocks = (rows_.size() + kLikelihoodRows - 1) / kLikelihoodRows;
  std::vector<Derivatives> parts(static_cast<size_t>(blocks));
  const auto threads = static_cast<int>(
      std::clamp<int64_t>(rows_.size() / kThreadRows, 1, static_cast<int64_t>(threads_)));
  Status status = parallel_for(blocks, threads, watch_, [&](int64_t k, int) {
    const int64_t begin = k * kLikelihoodRows;
    parts[static_cast<size_t>(k)] =
        likelihood_->block(begin, std::min(rows_.size(), begin + kLikelihoodRows));
  });
  if (!status.ok()) return status;
  Derivatives sum;
  for (const Derivatives& part : parts) sum += part;
  const int n = parameters();
  sum.value /= rows_.total_weight;
  for (double& g : sum.gradient) g /= rows_.total_weight;
  for (double& h : sum.hessian) h /= rows_.total_weight;
  for (int i = 0; i < n && penalty_ > 0; ++i) {
    const double theta = log_parameters[static_cast<size_t>(i)] - centre_[static_cast<size_t>(i)];
    sum.value -= penalty_ * theta * theta;
    sum.gradient[static_cast<size_t>(i)] -= 2 * penalty_ * theta;
    sum.at(i, i) -= 2 * penalty_;
  }
  return sum;
}

Eigen eigen_of_negative(const Derivatives& at, int parameters) {
  const auto n = static_cast<size_t>(parameters);
  std::array<LtvParameters, kLtvParameters> a{}, v{};
  for (size_t i = 0; i < n; ++i) {
    for (size_t j = 0; j < n; ++j) a[i][j] = -at.at(static_cast<int>(i), static_cast<int>(j));
    v[i][i] = 1;
  }
  for (int sweep = 0; sweep < 30; ++sweep) {
    double off = 0;
    for (size_t p = 0; p < n; ++p) {
      for (size_t q = p + 1; q < n; ++q) {
        if (a[p][q] == 0) continue;
        off += std::abs(a[p][q]);
        const double theta = (a[q][q] - a[p][p]) / (2 * a[p][q]);
        const double t =
            std::copysign(1.0, theta) / (std::abs(theta) + std::sqrt(theta * theta + 1));
        const double c = 1 / std::sqrt(t * t + 1), s = t * c;
        for (size_t k = 0; k < n; ++k) {
          const double x = a[k][p], y = a[k][q];
          a[k][p] = c * x - s * y;
          a[k][q] = s * x + c * y;
        }
        for (size_t k = 0; k < n; ++k) {
          const double x = a[p][k], y = a[q][k];
          a[p][k] = c * x - s * y;
          a[q][k] = s * x + c * y;
        }
        a[p][q] = a[q][p] = 0;
        for (size_t k = 0; k < n; ++k) {
          const double x = v[p][k], y = v[q][k];
          v[p][k] = c * x - s * y;
          v[q][k] = s * x + c * y;
        }
      }
    }
    if (off == 0) break;
  }
  Eigen eigen;
  for (size_t k = 0; k < n; ++k) {
    size_t place = k;  // insertion keeps them ascending
    for (; place > 0 && eigen.values[place - 1] > a[k][k]; --place) {
      eigen.values[place] = eigen.values[place - 1];
      eigen.vectors[place] = eigen.vectors[place - 1];
    }
    eigen.values[place] = a[k][k];
    eigen.vectors[place] = v[k];
  }
  return eigen;
}

Result<Climb> climb_from(Objective& objective, const LtvParameters& start,
                         const ClimbOptions& options) {
  return Climber(objective, options).run(start);
}

}  // namespace patron::internal::ltv
