#include "lib/models/ltv/math/random.h"

#include <cmath>

#include "lib/models/ltv/math/deviance.h"
#include "lib/models/ltv/math/elementary.h"

namespace patron::internal::ltv {

std::array<uint32_t, 4> philox(std::array<uint32_t, 4> counter, std::array<uint32_t, 2> key) {
  for (int round = 0; round < 10; round++) {
    const uint64_t first = uint64_t{0xD2511F53} * counter[0];
    const uint64_t second = uint64_t{0xCD9E8D57} * counter[2];
    counter = {
        static_cast<uint32_t>(second >> 32) ^ counter[1] ^ key[0], static_cast<uint32_t>(second),
        static_cast<uint32_t>(first >> 32) ^ counter[3] ^ key[1], static_cast<uint32_t>(first)};
    key[0] += 0x9E3779B9;  // the golden ratio
    key[1] += 0xBB67AE85;  // sqrt(3) - 1
  }
  return counter;
}

uint32_t RandomStream::word() {
  if (used_ == 4) {
    words_ = philox(
        {block_++, stream_, static_cast<uint32_t>(item_), static_cast<uint32_t>(item_ >> 32)},
        {static_cast<uint32_t>(seed_), static_cast<uint32_t>(seed_ >> 32)});
    used_ = 0;
  }
  return words_[static_cast<size_t>(used_++)];
}

uint64_t RandomStream::bits() {
  const uint64_t low = word();
  return low | uint64_t{word()} << 32;
}

double RandomStream::uniform() { return (static_cast<double>(bits() >> 12) + 0.5) * 0x1p-52; }

double RandomStream::exponential() { return -log(uniform()); }

double RandomStream::normal() {
  for (;;) {
    const double x = 2 * uniform() - 1, y = 2 * uniform() - 1;
    const double square = x * x + y * y;
    if (square < 1 && square > 0) return x * std::sqrt(-2 * log(square) / square);
  }
}

double RandomStream::gamma_from_one(double shape) {
  const double d = shape - 1.0 / 3, c = 1 / std::sqrt(9 * d);
  for (;;) {
    const double x = normal();
    const double root = 1 + c * x;
    if (root <= 0) continue;
    const double v = root * root * root;
    // ln U < x^2 / 2 + d - d v + d ln v.
    if (log(uniform()) < 0.5 * x * x + d * (1 - v + log(v))) return d * v;
  }
}

double RandomStream::log_gamma(double shape) {
  if (shape >= 1) return log(gamma_from_one(shape));
  const double larger = log(gamma_from_one(shape + 1));
  return larger - exponential() / shape;
}

double RandomStream::gamma(double shape) {
  return shape >= 1 ? gamma_from_one(shape) : exp(log_gamma(shape));
}

UnitPoint RandomStream::beta(double a, double b) {
  const double x = log_gamma(a);
  const double logit = x - log_gamma(b);
  const double e = exp(-std::fabs(logit));
  const double near = e / (1 + e), far = 1 / (1 + e);
  return logit < 0 ? UnitPoint{near, far} : UnitPoint{far, near};
}

double RandomStream::poisson(double mean) {
  if (!(mean > 0)) return mean == 0 ? 0 : kNaN;
  if (mean < 10) {
    double count = 0, time = exponential();
    while (time <= mean) {
      count += 1;
      time += exponential();
    }
    return count;
  }
  const double b = 0.931 + 2.53 * std::sqrt(mean);
  const double a = -0.059 + 0.02483 * b;
  const double inverse_alpha = 1.1239 + 1.1328 / (b - 3.4);
  const double v_r = 0.9277 - 3.6224 / (b - 2);
  for (;;) {
    const double u = uniform() - 0.5, v = uniform();
    const double us = 0.5 - std::fabs(u);
    const double k = std::floor((2 * a / us + b) * u + mean + 0.43);
    if (us >= 0.07 && v <= v_r) return k;
    if (k < 0 || (us < 0.013 && v > us)) continue;
    if (log(v * inverse_alpha / (a / (us * us) + b)) <= log_poisson(k, mean)) return k;
  }
}

double RandomStream::geometric(UnitPoint p) {
  if (p.complement == 0) return 0;
  const double log_failure = p.value < 0.5 ? log1p(-p.value) : log(p.complement);
  return std::floor(-exponential() / log_failure);
}

double RandomStream::weibull(double shape, double scale) {
  return scale * exp(log(exponential()) / shape);
}

}  // namespace patron::internal::ltv
