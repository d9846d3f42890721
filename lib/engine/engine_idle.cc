// Engines of policies with tags alone: nothing that happens moves anybody, and what customers are
// is made of their facts when somebody asks. All that is noted of a fact is that it took effect.
//
// Facts that come as nearly all do, each later than the one before and none of them a correction,
// wait in fresh_, in their order. Passing their time moves a mark in it; who they are of is told
// when somebody wants to know, or when there are many of them (drain()), and what is left is
// brought where all else waits. The late facts of a large batch wait in inbox_, as the book gave
// them: listed, or a bit for each customer.
#include <algorithm>
#include <array>
#include <bit>
#include <span>

#include "lib/base/parallel.h"
#include "lib/base/prefetch.h"
#include "lib/engine/engine_data.h"

namespace patron::internal {
namespace {

// Fresh facts that are kept: of an engine whose clock stands still the others are brought to
// their places, so that no call has to do that for very many.
constexpr size_t kMostFresh = 8192;

bool is_plain(const CustomerState& state) {
  return !state.linked && !state.parted && state.overrides.empty();
}

// What marking her, and seeing whether she is plain, looks at: one line.
void fetch_marks(const EngineMember& member) { fetch_line_to_write(&member.epoch); }

}  // namespace

// Without classes all that settling leaves in a state is what nulls keep.
bool EngineData::is_undecided(const PolicyData& data) {
  return data.classifications.empty() &&
         std::none_of(data.values.begin(), data.values.end(),
                      [](const PolicyValue& value) { return value.on_null == OnNull::kKeep; });
}

// False, and nothing is done, where one of them is not as fresh_ has them. Strong guarantee.
bool EngineData::keep_fresh(const std::vector<BookEffect>& effects, int stream) {
  if (!decides_nothing() || !inbox_.empty() || effects.size() > kMostFresh) return false;
  if (members.size() != book.customers()) members.resize(book.customers());
  if (fresh_.size() + effects.size() > kMostFresh) drain();
  grow(fresh_, effects.size());
  const size_t before = fresh_.size();
  Micros at = before == 0 ? FreshFact().at : fresh_.back().at;
  uint32_t row = before == 0 ? FreshFact().row : fresh_.back().row;
  for (const BookEffect& effect : effects) {
    const bool comes_next = effect.at > at || (effect.at == at && effect.customer > row);
    if (!comes_next || effect.late || effect.corrected) {
      fresh_.resize(before);
      return false;
    }
    at = effect.at;
    row = effect.customer;
    fresh_.push_back({at, row, effect.quiet, static_cast<int16_t>(stream)});
  }
  return true;
}

// keep_fresh() of one event that is later than all of them, which is filed here.
inline bool EngineData::take_fresh(int stream, const BookEvent& event, bool quiet) {
  if (fresh_.size() >= kMostFresh) drain();
  grow(fresh_);
  const uint32_t row = book.add_one(stream, event);
  if (row != kNoCustomer) {
    fresh_.push_back({event.time, row, quiet, static_cast<int16_t>(stream)});
  }
  return row != kNoCustomer;
}

bool EngineData::take_one(int stream, const BookEvent& event, bool quiet) {
  if (!inbox_.empty()) return false;
  if (measured_ != nullptr) measured_.reset();
  const bool waits = event.time > clock;
  if (decides_nothing() && waits && (fresh_.empty() || event.time > fresh_.back().at)) {
    return take_fresh(stream, event, quiet);
  }
  // All that may fail comes first.
  drain();
  const Micros at = waits ? event.time : clock;
  notes_.ready(at);
  members.reserve(size_t{book.customers()} + 1);
  const uint32_t row = book.add_one(stream, event);
  if (row == kNoCustomer) return false;
  members.resize(book.customers());
  notes_.push(note_of({row, at, event.time, !waits, false, quiet}, stream));
  return true;
}

// drain() of fresh_: those that have taken effect are marked, the others become notes.
void EngineData::drain_fresh() {
  const size_t passed = fresh_passed_;
  std::array<EngineMember*, kAhead> next;  // those whose turn comes next, in a ring
  const auto fetch = [&](size_t i) {
    next[i % kAhead] = &members[fresh_[i].row];
    fetch_marks(*next[i % kAhead]);
  };
  for (size_t i = 0; i < std::min(passed, kAhead); ++i) fetch(i);
  for (size_t i = 0; i < passed; ++i) {
    mark_settled(*next[i % kAhead]);
    if (i + kAhead < passed) fetch(i + kAhead);
  }
  fresh_.erase(fresh_.begin(), fresh_.begin() + static_cast<std::ptrdiff_t>(fresh_passed_));
  fresh_passed_ = 0;
  for (; !fresh_.empty(); fresh_.pop_back()) {
    const FreshFact& fact = fresh_.back();
    notes_.ready(fact.at);
    notes_.push(note_of({fact.row, fact.at, fact.at, false, false, fact.quiet}, fact.stream));
  }
}

// Whether until then nothing happens but what waits in fresh_ and inbox_. What waits there is of a
// policy that decides nothing.
inline bool EngineData::is_idle_until(Micros until) {
  if (!only_queues() || calibration_due_ <= until) return false;
  if (due_.size() > 0 || book.state().links != nullptr) return false;
  return notes_.size() == 0 || notes_.first([](const EngineNote&) { return true; }) > until;
}

inline bool EngineData::is_fresh_alone(Micros until) {
  return inbox_.empty() && is_idle_until(until);
}

// Where a load brings the past of many, they wait as they came in. False, and nothing is done,
// where one of them is not late, or a correction; nor where there are few, or the inbox has others.
// Does not fail: take() has made room.
bool EngineData::keep_late(IngestReport& report, int stream, bool quiet) {
  std::vector<BookEffect>& effects = report.effects;
  if (!decides_nothing() || !fresh_.empty()) return false;
  if (report.late_rows.empty() && effects.size() < many_late) return false;
  const auto is_kept = [](const Arrived& arrived) { return arrived.late_alone; };
  if (!std::all_of(inbox_.begin(), inbox_.end(), is_kept)) return false;
  const auto is_late = [this](const BookEffect& effect) {
    return effect.late && !effect.corrected && effect.at == clock;
  };
  if (!std::all_of(effects.begin(), effects.end(), is_late)) return false;
  inbox_.push_back({std::move(effects), std::move(report.late_rows), {clock, stream, quiet}, true});
  effects.clear();
  report.late_rows.clear();
  return true;
}

bool EngineData::is_late_alone(Micros until) {
  if (inbox_.empty() || !fresh_.empty() || !idle_ || !decides_nothing()) return false;
  for (const Arrived& arrived : inbox_) {
    if (!arrived.late_alone) return false;
  }
  return is_idle_until(until);
}

// Settles whose late facts came in, each of them once, for all take effect at one instant: the
// clock's. Where the watch stops it, those who are not settled wait still.
Status EngineData::settle_late(Watch& watch) {
  const size_t customers = book.customers();
  members.reserve(customers);
  std::vector<uint64_t> settled((customers + 63) / 64);
  // From here on nothing fails. Where that goes from front to back new members are made just before
  // they are marked, while they are in the cache.
  const auto make_until = [&](size_t end) {
    if (end > members.size()) members.resize(std::min(end, customers));
  };
  const auto settle_run = [&](std::span<const BookEffect> run) {
    for (size_t i = 0; i < run.size(); ++i) {
      if (i + kAhead < run.size()) fetch_marks(members[run[i + kAhead].customer]);
      const uint32_t row = run[i].customer;
      const uint64_t bit = uint64_t{1} << row % 64;
      if ((settled[row / 64] & bit) == 0) mark_settled(members[row]);
      settled[row / 64] |= bit;
    }
  };
  const auto settle_rows = [&](std::span<const uint64_t> rows, size_t first) {
    for (size_t w = first; w < first + rows.size(); ++w) {
      make_until((w + 1) * 64);
      for (uint64_t left = rows[w - first] & ~settled[w]; left != 0; left &= left - 1) {
        mark_settled(members[w * 64 + static_cast<size_t>(std::countr_zero(left))]);
      }
      settled[w] |= rows[w - first];
    }
  };
  // body(begin, count) of pieces of a list.
  const auto in_pieces = [&](size_t size, size_t most, double share, const auto& body) {
    Status stopped;
    for (size_t begin = 0; begin < size && stopped.ok(); begin += most) {
      stopped = watch.poll(share);
      if (stopped.ok()) body(begin, std::min(most, size - begin));
    }
    return stopped;
  };
  Status stopped;
  for (size_t k = 0; k < inbox_.size() && stopped.ok(); ++k) {
    const std::span<const BookEffect> effects = inbox_[k].effects;
    const std::span<const uint64_t> rows = inbox_[k].late_rows;
    const double share = static_cast<double>(k) / static_cast<double>(inbox_.size());
    if (!effects.empty()) make_until(customers);
    stopped = in_pieces(effects.size(), Pause::kRows, share, [&](size_t begin, size_t count) {
      settle_run(effects.subspan(begin, count));
    });
    if (!stopped.ok()) break;
    stopped = in_pieces(rows.size(), Pause::kRows / 64, share, [&](size_t begin, size_t count) {
      settle_rows(rows.subspan(begin, count), begin);
    });
  }
  make_until(customers);
  if (stopped.ok()) {
    inbox_.clear();
    return {};
  }
  for (Arrived& arrived : inbox_) {
    std::erase_if(arrived.effects, [&](const BookEffect& effect) {
      return (settled[effect.customer / 64] >> effect.customer % 64 & 1) != 0;
    });
    for (size_t w = 0; w < arrived.late_rows.size(); ++w) arrived.late_rows[w] &= ~settled[w];
  }
  return stopped;
}

// Lets time pass over the fresh facts, up to the first of one who has more than facts; whether
// there is none such, and the clock is there. Does not fail.
inline bool EngineData::pass_fresh(Micros until) {
  const FreshFact* const end = fresh_.data() + fresh_.size();
  const FreshFact* next = fresh_.data() + fresh_passed_;
  for (; next < end && next->at <= until; ++next) {
    if (!idle_ && next->row < members.size() && !is_plain(members[next->row].state)) break;
  }
  const bool done = next == end || next->at > until;
  const auto passed = static_cast<size_t>(next - fresh_.data());
  clock = done ? until : passed > fresh_passed_ ? next[-1].at : clock;
  fresh_passed_ = passed;
  return done;
}

// Nearly always nobody watches, and nothing is to be done but to let time pass.
Status EngineData::pass(Micros t, const Control& control) {
  if (measured_ != nullptr) measured_.reset();
  if (control.cancel == nullptr && !control.progress && is_fresh_alone(t) && pass_fresh(t)) {
    return {};
  }
  return pass_by_stops(t, control);
}

// As settle_singly(), of a policy that decides nothing: of all that comes until the first
// that is no plain fact of one who is not linked. `done` as there.
Status EngineData::settle_idle(const PassTime& time, Watch& watch, bool& done) {
  if (!inbox_.empty() || due_.size() > 0 || !only_queues()) return {};
  corrections_ = corrections_ && notes_.size() > 0;
  Status stopped;
  uint32_t last = kNoCustomer;
  const auto plain = [](const EngineNote& note) { return note.fact && !note.corrected; };
  const auto fetch = [this](const EngineNote* note) {
    if (note != nullptr && note->row < members.size()) fetch_marks(members[note->row]);
  };
  const auto mark_one = [&](const EngineNote& note, const EngineNote* ahead) {
    EngineMember& member = members[note.row];
    const CustomerState& state = member.state;
    if (!plain(note) || !is_plain(state)) return false;
    if (book.state().linked(note.row)) return false;
    // Another note may say that what was to bring her is gone: is_nobody_yet() looks at all of
    // them.
    if (!state.seen && corrections_) return false;
    // Nobody is settled twice at an instant: it stops between customers.
    const bool again = note.row == last && note.at == clock;
    if (!again && settles_++ % kPollEvery == 0) {
      stopped = watch.poll(time.share(note.at));
      if (!stopped.ok()) return false;
    }
    fetch(ahead);
    if (!again) mark_settled(member);
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

// What she missed.
void EngineData::catch_up(EngineMember& member) {
  for (size_t i = 0; i < put_off_ && member.state.seen; ++i) {
    if (everyones_[i] <= member.epoch) continue;
    ++member.settlings;
    member.epoch = everyones_[i];
  }
}

void EngineData::catch_up() {
  if (put_off_ == 0) return;
  for (EngineMember& member : members) catch_up(member);
  put_off_ = 0;
}

// Everyone who was seen under other constants: noted once, and told to each when somebody asks, so
// that a calibration does not walk over all members. Whether there is anybody. Does not fail.
bool EngineData::mark_everyone() {
  if (idle_) {
    if (put_off_ == everyones_.size()) catch_up();
    if (seen_ > 0) everyones_[put_off_++] = epoch_;
    return seen_ > 0;
  }
  bool any = false;
  for (EngineMember& member : members) {
    if (!member.state.seen || member.epoch == epoch_) continue;
    mark_settled(member);
    any = true;
  }
  look_for_idle();
  return any;
}

void EngineData::look_for_idle() {
  idle_ = true;
  seen_ = 0;
  for (const EngineMember& member : members) {
    idle_ = idle_ && is_plain(member.state) && member.due == kEndTime;
    seen_ += member.state.seen ? 1 : 0;
  }
}

// Settles the customers of plain facts, each by herself, where there is nothing to settle: in any
// order, for nobody moves. Whether there are any; absent, and nothing is done, where something else
// is on the agenda.
std::optional<bool> EngineData::mark_agenda(bool everyone) {
  if (!decides_nothing() || book.state().links != nullptr || !agenda_.due.empty()) return {};
  const auto plain = [this](const EngineNote& note) {
    return note.fact && !note.corrected && is_plain(members[note.row].state);
  };
  const auto strange = [this](const EngineMember& member) {
    return member.state.seen && member.epoch != epoch_ && !is_plain(member.state);
  };
  if (everyone && !idle_ && std::any_of(members.begin(), members.end(), strange)) return {};
  std::vector<EngineNote>& noted = agenda_.notes;
  if (!std::all_of(noted.begin(), noted.end(), plain)) return {};
  const auto by_row = [](const EngineNote& a, const EngineNote& b) { return a.row < b.row; };
  if (!std::is_sorted(noted.begin(), noted.end(), by_row)) {
    std::sort(noted.begin(), noted.end(), by_row);
  }
  uint32_t last = kNoCustomer;
  for (EngineNote& note : noted) {
    if (note.row != last) mark_settled(members[note.row]);
    last = note.row;
    note.done = true;
  }
  const bool others = everyone && mark_everyone();
  return others || !noted.empty();
}

}  // namespace patron::internal
