// The sums over opportunities that the BG/BB model (bg_bb_predict.h) is made of.
//
//   t(m) = C(y + m, y)  B(buy, pass + m) / B(buy, pass)  B(leave, stay + m) / B(leave, stay):
//
// y purchases somewhere among y + m opportunities, m others passed by, all survived.
//
//   // ln of the sum of t(0) ... t(9): no purchase among 0, 1, ..., 9 opportunities
//   log_sum_of_passes({.y = 0, .buy = 1, .excess = 1, .pass = 1, .leave = 2, .stay = 3, .fall = 2},
//   9);
//
// Terms are added one by one while they change fast, and by smooth_sum.h from where they change
// slowly; a peak far out is looked for, so that a billion purchases take as long as ten thousand.
//
// Thread class of everything here: pure.
#pragma once

#include <array>

namespace patron::internal::ltv {

/// All above 0 but y, which is whole and at least 0; up to 1e16.
struct Passes {
  double y;
  double buy, excess, pass;  ///< excess = buy - y to full precision, above 0
  double leave, stay;
  double fall;  ///< excess + leave - 1, above 0: in the end t(m) goes like m^(-1 - fall)
};

/// ln of the sum of t(m) over m = 0..last, last whole or infinite; relative error of the sum some
/// 1e-13. Cost: at most some 50,000 steps and 1,000 evaluations of ln t.
double log_sum_of_passes(const Passes& passes, double last);

}  // namespace patron::internal::ltv
