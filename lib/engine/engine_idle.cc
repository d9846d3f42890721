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

// As settle_singly(), of a policy that decides nothing: of all that comes until the first
// that is no plain fact of one who is not linked. `done` as there.
Status EngineData::settle_idle(const PassTime& time, Watch& watch, bool& done) {
  if (!inbox_.empty() || claim_due_ < kEndTime || everyone_at_ < kEndTime) return {};
  if (due_.size() > 0 || met_done_ < met_.size()) return {};
  if (calibration_due_ == kEndTime && policy.data().calibrate != CalibrateEvery::kNever) return {};
  Status stopped;
  uint32_t last = kNoCustomer;
  const auto plain = [](const EngineNote& note) { return note.fact && !note.corrected; };
  const auto fetch = [this](const EngineNote* note) {
    if (note == nullptr || note->row >= members.size()) return;
    __builtin_prefetch(&members[note->row].state.overrides, 1);
    __builtin_prefetch(&members[note->row].epoch, 1);
  };
  const auto mark_one = [&](const EngineNote& note, const EngineNote* ahead) {
    EngineMember& member = members[note.row];
    const CustomerState& state = member.state;
    if (!plain(note) || state.linked || state.parted || !state.overrides.empty()) return false;
    if (book.state().linked(note.row)) return false;
    if (settles_++ % kPollEvery == 0) {
      stopped = watch.poll(time.share(note.at));
      if (!stopped.ok()) return false;
    }
    fetch(ahead);
    if (note.row != last || note.at != clock) mark_settled(member);
    last = note.row;
    clock = std::max(clock, note.at);
    return true;
  };
  const auto all = [](const EngineNote&) { return true; };
  const Micros until = std::min(time.until, calibration_due_ - 1);
  bool whole = true;
  notes_.take_while(until, kAhead, all, [&](const EngineNote& note, const EngineNote* ahead) {
    return whole = mark_one(note, ahead);
  });
  done = whole && until == time.until;
  return stopped;
}

}  // namespace patron::internal
