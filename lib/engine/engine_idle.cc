// Engines of policies with tags alone: nothing that happens moves anybody, and what customers are
// is made of their facts when somebody asks. All that is noted of a fact is that it took effect.
#include <algorithm>

#include "lib/engine/engine_data.h"

namespace patron::internal {

// Without classes all that settling leaves in a state is what nulls keep.
bool EngineData::decides_nothing() const {
  const PolicyData& data = policy.data();
  return !plainly && data.classifications.empty() &&
         std::none_of(data.values.begin(), data.values.end(),
                      [](const PolicyValue& value) { return value.on_null == OnNull::kKeep; });
}

// As settle_alone(), of a policy that decides nothing.
bool EngineData::settle_idle(Micros until) {
  if (!inbox_.empty() || claim_due_ < kEndTime || everyone_at_ < kEndTime) return false;
  if (due_.size() > 0 || met_done_ < met_.size()) return false;
  const auto all = [](const EngineNote&) { return true; };
  const Micros t = notes_.first(all);
  if (t > until || t >= calibration_due_) return false;
  if (calibration_due_ == kEndTime && policy.data().calibrate != CalibrateEvery::kNever) {
    return false;
  }
  const EngineNote* note = notes_.alone(t, all);
  if (note == nullptr) return false;
  const uint32_t row = note->row;
  EngineMember& member = members[row];
  if (member.state.linked || member.state.parted || !member.state.overrides.empty() ||
      book.state().linked(row)) {
    return false;
  }
  if (const EngineNote* ahead = notes_.coming(kAhead);
      ahead != nullptr && ahead->row < members.size()) {
    __builtin_prefetch(&members[ahead->row].state.overrides, 1);
    __builtin_prefetch(&members[ahead->row].epoch, 1);
  }
  EnginePending what;
  what.add(*note);
  if (!is_nobody_yet(row, member.state, what, t)) {
    member.state.seen = true;
    ++member.settlings;
    member.epoch = epoch_;
  }
  notes_.drop(note);
  clock = std::max(clock, t);
  return true;
}

}  // namespace patron::internal
