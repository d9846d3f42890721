// When a Pareto/NBD customer left, given her purchases: the integral over the time u of leaving in
// (t, T), and its moments.
//
//   LeavingMoments<Pack> m = leaving_moments(density, t, T);     // inside run_with_best_simd()
//   m.log_sum, m.probability, m.la, m.wa_wb, ...
//
// With L(u) = c ln((alpha + u) / (alpha + t)) + s ln((beta + u) / (beta + t)) it is
//
//   sum = e^-L(T) + integral over (t, T) of s / (beta + u) e^-L(u) du
//       = 1 - integral over (t, T) of c / (alpha + u) e^-L(u) du
//
// (by parts), and the second form keeps the logarithm exact where the sum is nearly 1. Moments are
// those of the integrand as a density of u, of la = ln((alpha + u) / (alpha + t)), lb likewise, wa
// = (u - t) / (alpha + u), wb likewise: all measured from t, so that their covariances do not
// cancel where the density is narrow.
//
// Thread class of everything here: pure.
#pragma once

#include <cmath>
#include <cstddef>

#include "lib/models/ltv/gauss_legendre.h"
#include "lib/models/ltv/math/elementary.h"
#include "lib/models/ltv/math/lanes.h"
#include "lib/models/ltv/run_sums.h"

namespace patron::internal::ltv {

struct LeavingDensity {
  double c = 1, alpha = 1, s = 1, beta = 1;
};

/// Sums over nodes, not yet divided by their weight.
template <typename V>
struct LeavingSums {
  V left{}, bought{};  ///< the two integrals above
  V la{}, lb{}, wa{}, wb{};
  V la_la{}, la_lb{}, la_wa{}, la_wb{}, lb_lb{}, lb_wa{}, lb_wb{}, wa_wa{}, wa_wb{}, wb_wb{};

  /// A node at `past` = u - t, with the length of u it stands for.
  PATRON_SIMD_INLINE void add(const LeavingDensity& d, V t, V past, V length) {
    const V end_a = d.alpha + t, end_b = d.beta + t;
    add_logs(d, t, past, length, log1p(past / end_a), log1p(past / end_b));
  }
  PATRON_SIMD_INLINE void add_logs(const LeavingDensity& d, V t, V past, V length, V a, V b) {
    const V one_a = 1.0 / (d.alpha + t + past), one_b = 1.0 / (d.beta + t + past);
    const V e = length * exp(-(d.c * a + d.s * b));
    const V j = e * (d.s * one_b);
    const V x = past * one_a, y = past * one_b;
    left += j;
    bought += e * (d.c * one_a);
    const V ja = j * a, jb = j * b, jx = j * x, jy = j * y;
    la += ja;
    lb += jb;
    wa += jx;
    wb += jy;
    la_la += ja * a;
    la_lb += ja * b;
    la_wa += ja * x;
    la_wb += ja * y;
    lb_lb += jb * b;
    lb_wa += jb * x;
    lb_wb += jb * y;
    wa_wa += jx * x;
    wa_wb += jx * y;
    wb_wb += jy * y;
  }
};

template <typename V>
struct LeavingMoments {
  V log_sum;      ///< ln of the sum above, at most 0
  V probability;  ///< of having left by T
  V la, lb, wa, wb;
  V la_la, la_lb, la_wa, la_wb, lb_lb, lb_wa, lb_wb, wa_wa, wa_wb, wb_wb;
  V end_la, end_lb, end_wa, end_wb;  ///< at u = T
};

/// Any customer: panels in u, each with little of the density and no factor of 2 in min(alpha,
/// beta) + u, until e^-50 of it is left.
LeavingSums<double> leaving_sums_by_panels(const LeavingDensity& density, double t, double T);

/// Bounds of the one rule; beyond them the panels are better.
inline constexpr double kWidestRange = 3.5, kLargestGrowth = 18;
/// Below this width the nodes are in u itself.
inline constexpr double kNarrowRange = 0.25;
/// Nodes enough for a relative error of 1e-14 on a range of `width` in ln(min(alpha, beta) + u)
/// over which L grows by `growth`: fitted to the least that give 3e-14, with one or two to spare.
inline int nodes_for(double width, double growth) {
  const double by_width = 2.3 * width, by_growth = 0.75 * growth;
  const double more = std::sqrt(by_width * by_width + by_growth * by_growth);
  return static_cast<int>(more + (width < kNarrowRange ? 9.5 : 8.5));
}

PATRON_SIMD_INLINE double largest_lane(Pack x) {
  const double low = x[0] > x[1] ? x[0] : x[1], high = x[2] > x[3] ? x[2] : x[3];
  return low > high ? low : high;
}

/// One rule over all of (t, T), for lanes within the bounds above.
PATRON_SIMD_INLINE LeavingSums<Pack> leaving_sums_by_rule(const LeavingDensity& d, Pack t, Pack T,
                                                          Pack width, int nodes) {
  LeavingSums<Pack> sums;
  const bool alpha_least = d.alpha <= d.beta;
  const Pack least = (alpha_least ? d.alpha : d.beta) + t;
  const Pack most = 1.0 / ((alpha_least ? d.beta : d.alpha) + t);
  const bool narrow = largest_lane(width) < kNarrowRange;
  with_gauss_rule(nodes, [&](const auto& rule) PATRON_SIMD_LAMBDA {
    for (size_t k = 0; k < rule.node.size(); ++k) {
      const double node = rule.node[k], weight = rule.weight[k];
      if (narrow) {
        sums.add(d, t, (T - t) * node, (T - t) * weight);
        continue;
      }
      const Pack y = width * node, grown = least * expm1(y);
      const Pack other = log1p(grown * most), length = width * (least + grown) * weight;
      sums.add_logs(d, t, grown, length, alpha_least ? y : other, alpha_least ? other : y);
    }
  });
  return sums;
}

PATRON_SIMD_INLINE void set_lane(const LeavingSums<double>& from, int lane, LeavingSums<Pack>* to) {
  const auto* values = reinterpret_cast<const double*>(&from);
  auto* packs = reinterpret_cast<Pack*>(to);
  for (size_t k = 0; k < sizeof from / sizeof(double); ++k) packs[k][lane] = values[k];
}

PATRON_SIMD_INLINE LeavingMoments<Pack> leaving_moments(const LeavingDensity& d, Pack t, Pack T) {
  LeavingMoments<Pack> m;
  const Pack past = T - t;
  m.end_la = log1p(past / (d.alpha + t));
  m.end_lb = log1p(past / (d.beta + t));
  m.end_wa = past / (d.alpha + T);
  m.end_wb = past / (d.beta + T);
  const Pack width = d.alpha <= d.beta ? m.end_la : m.end_lb;
  const Pack growth = d.c * m.end_la + d.s * m.end_lb;
  const PackMask hard = (width > kWidestRange) | (growth > kLargestGrowth);
  const Pack easy_width = select(hard, Pack{}, width);
  const Pack easy_T = select(hard, t, T);
  LeavingSums<Pack> sums = leaving_sums_by_rule(
      d, t, easy_T, easy_width,
      nodes_for(largest_lane(easy_width), largest_lane(select(hard, Pack{}, growth))));
  for (int lane = 0; lane < kPackLanes && any(hard); ++lane) {
    if (hard[lane] != 0) set_lane(leaving_sums_by_panels(d, t[lane], T[lane]), lane, &sums);
  }
  const Pack stayed = exp(-growth), sum = stayed + sums.left;
  m.log_sum = select(sums.bought < 0.5, log1p(-sums.bought), log(sum));
  m.probability = sums.left / sum;
  const Pack scale = 1.0 / select(sums.left > 1e-290, sums.left, all_lanes<Pack>(1e-290));
  m.la = sums.la * scale;
  m.lb = sums.lb * scale;
  m.wa = sums.wa * scale;
  m.wb = sums.wb * scale;
  m.la_la = sums.la_la * scale;
  m.la_lb = sums.la_lb * scale;
  m.la_wa = sums.la_wa * scale;
  m.la_wb = sums.la_wb * scale;
  m.lb_lb = sums.lb_lb * scale;
  m.lb_wa = sums.lb_wa * scale;
  m.lb_wb = sums.lb_wb * scale;
  m.wa_wa = sums.wa_wa * scale;
  m.wa_wb = sums.wa_wb * scale;
  m.wb_wb = sums.wb_wb * scale;
  return m;
}

}  // namespace patron::internal::ltv
