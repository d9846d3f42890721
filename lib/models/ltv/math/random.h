// Seeded random numbers that are the same everywhere, for every customer apart.
//
//   RandomStream random(seed, kSimulatePurchases, customer);
//   const double rate = random.gamma(r) / alpha;
//   const double wait = random.exponential() / rate;
//
// A stream is a counter that is encrypted: number n of customer i of stream s is a function of
// (seed, s, i, n) alone, so work can be split among threads and machines in any way, and customer i
// drawn alone gets what she gets among a million. The cipher is Philox 4x32-10 (Salmon, Moraes,
// Dror and Shaw 2011, "Parallel random numbers: as easy as 1, 2, 3"). Variates are made of its
// integers with elementary.h, so a seed gives the same bytes on every processor.
//
// The variates are exact: transformations and rejections, no tables that are fitted. Where a value
// may be too small for a double (gamma and beta of shapes near 0) there is its logarithm.
//
// Thread class: a RandomStream belongs to one thread; making one is cheap.
#pragma once

#include <array>
#include <cstdint>

#include "lib/models/ltv/math/tails.h"

namespace patron::internal::ltv {

/// The cipher: ten rounds over a counter of four words with a key of two.
std::array<uint32_t, 4> philox(std::array<uint32_t, 4> counter, std::array<uint32_t, 2> key);

class RandomStream {
 public:
  /// The numbers of one item (a customer) of one stream (a purpose); 2^34 words of 32 bits, then
  /// again.
  RandomStream(uint64_t seed, uint32_t stream, uint64_t item)
      : seed_(seed), item_(item), stream_(stream) {}

  uint64_t bits();
  /// Uniform in (0, 1), the middle of one of 2^52 equal parts: never 0 or 1.
  double uniform();
  /// Mean 1.
  double exponential();
  /// Standard normal, by the polar method (Marsaglia and Bray 1964).
  double normal();

  /// Gamma(shape, 1), shape > 0 (Marsaglia and Tsang 2000; for shape < 1 their section 6).
  double gamma(double shape);
  /// Its logarithm, finite where the variate underflows: for shape 1e-6 it is about -1e6.
  double log_gamma(double shape);
  /// Beta(a, b), a, b > 0, from the logarithms of two gammas: not 0 / 0 however small a and b are.
  UnitPoint beta(double a, double b);

  /// Poisson with the given mean, 0 to 1e15: counting exponentials below 10, above it the
  /// transformed rejection PTRS (Hoermann 1993, "The transformed rejection method for generating
  /// Poisson random variables").
  double poisson(double mean);
  /// How many failures come before the first success, whose probability is p.value in (0, 1].
  double geometric(UnitPoint p);
  /// scale E^(1 / shape), E exponential.
  double weibull(double shape, double scale);

 private:
  uint32_t word();
  double gamma_from_one(double shape);

  uint64_t seed_, item_;
  uint32_t stream_;
  uint32_t block_ = 0;
  int used_ = 4;
  std::array<uint32_t, 4> words_{};
};

}  // namespace patron::internal::ltv
