// The part of a quick settling that RFM has: its measures, scores and grids, remembered and made.
#include <utility>

#include "lib/engine/quick/quick_pass.h"

namespace patron::internal {

// Whether what is kept of RFM is made of the orders that she has.
bool QuickPass::orders_stand() const {
  return (flags_ & kRfmKept) != 0 && (quick_.rfm->made_of() & ~same_) == 0;
}

// Whether the scores are those of the settling before.
bool QuickPass::scores_stand() const {
  return scored_ == kNotLooked && orders_stand() && QuickRfm::stand(memory_ + quick_.rfm_at, t_);
}

// Her measures and scores. False where they are to be had in the plain way.
bool QuickPass::scores() {
  if (scored_ != kNotLooked) return scored_ == kScored;
  int64_t* kept = memory_ == nullptr ? nullptr : memory_ + quick_.rfm_at;
  const bool found = find_scores(kept);
  scored_ = found ? kScored : kNotScored;
  flags_ = found && kept != nullptr ? flags_ | kRfmKept : flags_ & ~kRfmKept;
  return found;
}

// Her orders are read with the sums of the same stream.
bool QuickPass::find_scores(int64_t* kept) {
  QuickRfm& rfm = *quick_.rfm;
  const bool standing = orders_stand();
  if (quick_.rfm_window != nullptr && !(standing && QuickRfm::measures_stand(kept, t_))) {
    WindowSums& sums = quick_.rfm_window->sums;
    WindowSum spend;
    const bool read = quick_.read_window(*quick_.rfm_window, customer_, t_) &&
                      sums.measure(quick_.rfm_sum, spend);
    if (read && rfm.find_of(sums.rows(quick_.rfm_sum), spend.value, t_, kept)) return true;
  }
  return rfm.find(customer_, t_, kept, standing);
}

void QuickPass::score(size_t i, QuickRfm::Part part) {
  if (!scores()) return plain(i);
  parts_.cells[i] = quick_.rfm->cell(part);
  quick_.found[i] = QuickParts::Found::kMade;
}

// The class of a grid over the scores of RFM, as ModelValues::grid_class().
void QuickPass::grid(size_t i) {
  const size_t c = parts_.classification_of[i];
  if (!scores()) return plain(i);
  const auto [to, until] = quick_.rfm->find_segment(c);
  sooner(until);
  const size_t machine = parts_.machines[c].front().state;
  TierState& state = state_.machines[machine];
  if (state.current != to || state_.shown[machine].current != to)
    quick_.keep_before(machine, state_);
  if (state.current != to) {
    state.current = to;
    state.since = t_;
  }
  if (to != state_.shown[machine].current) show_change(machine);
  show_class(i, to);
}

}  // namespace patron::internal
