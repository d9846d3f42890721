// The part of a quick settling that RFM has: its measures, scores and grids, remembered and made.
#include <utility>

#include "lib/engine/quick_pass.h"

namespace patron::internal {

// Whether the scores are those of the settling before.
bool QuickPass::scores_stand() const {
  if (scored_ != kNotLooked || (flags_ & kRfmKept) == 0) return false;
  return (quick_.rfm->made_of & ~same_) == 0 && memory_[quick_.rfm_at + 5] > t_;
}

// Her measures and scores. False where they are to be had in the plain way.
bool QuickPass::scores() {
  if (scored_ != kNotLooked) return scored_ == kScored;
  QuickRfm& rfm = *quick_.rfm;
  const RfmCuts* cuts = rfm.constants == nullptr ? nullptr : &rfm.constants->cuts;
  int64_t* kept = memory_ == nullptr ? nullptr : memory_ + quick_.rfm_at;
  RfmMeasured& measured = rfm.measured;
  const bool stand = scores_stand();
  if ((flags_ & kRfmKept) != 0 && (rfm.made_of & ~same_) == 0 && kept[3] > t_) {
    measured = RfmMeasured();
    if ((flags_ & kRfmBought) != 0) measured.last_day = kept[0];
    measured.frequency = kept[1];
    if ((flags_ & kRfmMoney) != 0) measured.monetary = kept[2];
    measured.next_change = kept[3];
  } else if (!rfm.measures.measure(rfm.orders, customer_, t_, cuts, measured)) {
    scored_ = kNotScored;
    flags_ &= ~(kRfmKept | kRfmBought | kRfmMoney);
    return false;
  }
  scored_ = kScored;
  rfm.known = cuts != nullptr && measured.monetary.has_value();
  if (stand) {
    rfm.scores = {static_cast<int>(kept[4] & 0xFF), static_cast<int>(kept[4] >> 8 & 0xFF),
                  static_cast<int>(kept[4] >> 16)};
    rfm.next_r = kept[5];
    return true;
  }
  rfm.scores = Scores();
  rfm.next_r = measured.next_change;
  if (rfm.known && measured.last_day) {
    const Day today = rfm.days.of(t_);
    rfm.scores =
        rfm_score(today - *measured.last_day, measured.frequency, *measured.monetary, *cuts);
    const std::optional<Day> next = next_recency_day(measured, *cuts, today);
    if (next) rfm.next_r = std::min(rfm.next_r, rfm.days.begin(*next));
  }
  if (kept == nullptr) return true;
  kept[0] = measured.last_day.value_or(0), kept[1] = measured.frequency;
  kept[2] = measured.monetary.value_or(0), kept[3] = measured.next_change;
  kept[4] = rfm.scores.r | rfm.scores.f << 8 | rfm.scores.m << 16;
  kept[5] = rfm.next_r;
  flags_ &= ~(kRfmBought | kRfmMoney);
  flags_ |= kRfmKept | (measured.last_day ? kRfmBought : 0) | (measured.monetary ? kRfmMoney : 0);
  return true;
}

void QuickPass::score(size_t i, QuickRfm::Part part) {
  if (!scores()) return plain(i);
  const QuickRfm& rfm = *quick_.rfm;
  const int score = part == QuickRfm::Part::kR   ? rfm.scores.r
                    : part == QuickRfm::Part::kF ? rfm.scores.f
                                                 : rfm.scores.m;
  parts_.cells[i] = rfm.known ? Cell::of(score) : Cell();
  quick_.found[i] = QuickParts::Found::kMade;
}

// The class of a grid over the scores of RFM, as ModelValues::grid_class().
void QuickPass::grid(size_t i) {
  const size_t c = parts_.classification_of[i];
  if (!scores()) return plain(i);
  const QuickRfm& rfm = *quick_.rfm;
  const PolicyClassificationData& what = parts_.policy.classifications[c];
  int to = kNoClass;
  if (rfm.constants != nullptr) {
    if (!rfm.measured.last_day) {
      to = static_cast<int>(what.classes.size()) - 1;
    } else {
      sooner(rfm.next_r);
      if (rfm.known) to = rfm.tables[c]->segment_of(rfm.scores);
    }
  }
  const size_t machine = parts_.machines[c].front().state;
  TierState& state = state_.machines[machine];
  if (state.current != to || state_.shown[machine].current != to) keep_before(machine);
  if (state.current != to) {
    state.current = to;
    state.since = t_;
  }
  if (to != state_.shown[machine].current) show_change(machine);
  show_class(i, to);
}

}  // namespace patron::internal
