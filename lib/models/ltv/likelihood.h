// What a model is to the one who fits it: a log-likelihood over unique rows, with its gradient and
// Hessian with respect to the logarithms of the parameters.
//
//   UniqueRows rows = ...;                       // sorted, distinct, with weights
//   bg.set_parameters({log_r, log_alpha, log_a, log_b});
//   Derivatives d = bg.block(0, rows.size());
//   d.value, d.gradient[2], d.at(2, 3)
//
// Rows are worked on in blocks of kLikelihoodRows; the sums of blocks are added in their order, so
// that the number of threads reaches no bit.
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <new>
#include <utility>
#include <vector>

#include "patron/ltv.h"

namespace patron::internal::ltv {

inline constexpr int64_t kLikelihoodRows = 2048;

/// Leaves what resize() adds uninitialised, for whoever fills it next, on all threads.
template <typename T>
struct UninitialisedAllocator : std::allocator<T> {
  template <typename U>
  struct rebind {
    using other = UninitialisedAllocator<U>;
  };
  template <typename U, typename... Values>
  void construct(U* place, Values&&... values) {
    if constexpr (sizeof...(Values) == 0) {
      ::new (static_cast<void*>(place)) U;
    } else {
      ::new (static_cast<void*>(place)) U(std::forward<Values>(values)...);
    }
  }
};
using Column = std::vector<double, UninitialisedAllocator<double>>;

/// Distinct customers in ascending order of (first, second, third), one column each. `first` is a
/// whole number; all are at most 1e100. What a model reads of a customer, by model:
///   NBD          frequency, T, -
///   BG, MBG, Pareto, BG/BB   frequency, recency, T
///   sBG, BdW     T, churned (0 or 1), -
///   Gamma-Gamma  frequency, monetary, -
struct UniqueRows {
  Column first, second, third;
  Column weight;  ///< customers that each row stands for
  double total_weight = 0;
  int64_t size() const { return static_cast<int64_t>(first.size()); }
};

/// A sum over rows and its derivatives with respect to log parameters.
struct Derivatives {
  double value = 0;
  std::array<double, kLtvParameters> gradient{};
  std::array<double, kLtvParameters*(kLtvParameters + 1) / 2> hessian{};  ///< lower triangle by row

  double& at(int i, int j) { return hessian[index(i, j)]; }
  double at(int i, int j) const { return hessian[index(i, j)]; }
  Derivatives& operator+=(const Derivatives& other);

 private:
  static size_t index(int i, int j) {
    const auto high = static_cast<size_t>(i > j ? i : j), low = static_cast<size_t>(i > j ? j : i);
    return high * (high + 1) / 2 + low;
  }
};

/// The log-likelihood of one model over the rows it was made for, which outlive it. It may keep
/// tables of what depends on the parameters and, say, the frequency alone.
class LogLikelihood {
 public:
  virtual ~LogLikelihood() = default;
  virtual int parameters() const = 0;
  /// Where the next blocks are evaluated; each logarithm in [-40, 40]. Thread class: serial.
  virtual void set_parameters(const LtvParameters& log_parameters) = 0;
  /// The weighted sum over rows [begin, end), finite. Thread class: shared.
  virtual Derivatives block(int64_t begin, int64_t end) const = 0;
};

/// The log-likelihood of a model; `rows` outlive it.
std::unique_ptr<LogLikelihood> make_likelihood(LtvModel model, const UniqueRows& rows);

}  // namespace patron::internal::ltv
