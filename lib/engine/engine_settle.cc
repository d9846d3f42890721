// Settling an engine's customers in the order of time: whoever is due at an instant, and what takes
// effect there.
#include <algorithm>
#include <tuple>
#include <utility>

#include "lib/base/prefetch.h"
#include "lib/base/radix_sort.h"
#include "lib/engine/engine_data.h"

namespace patron::internal {

Cause cause_of(const EnginePending& what, Cause of_the_rest) {
  if (what.merged) return Cause::kMerge;
  if (!what.facts) return of_the_rest;
  return what.corrected ? Cause::kCorrection : Cause::kEvent;
}

// Takes what is to be done at an instant into agenda_. What of it is not done when it goes is to be
// done still.
class EngineData::AgendaInHand {
 public:
  explicit AgendaInHand(EngineData& data) : data_(data) {
    data.agenda_.notes.clear();
    data.agenda_.due.clear();
  }
  ~AgendaInHand() {
    for (const EngineDue& due : data_.agenda_.due) {
      if (data_.is_due(due)) data_.due_.give_back(due);
    }
    for (const EngineNote& note : data_.agenda_.notes) {
      if (!note.done) data_.notes_.give_back(note);
    }
    data_.due_.finish();
    data_.notes_.finish();
  }
  AgendaInHand(const AgendaInHand&) = delete;
  AgendaInHand& operator=(const AgendaInHand&) = delete;

  void take(Micros t) {
    EngineData& data = data_;
    const auto all = [](const EngineNote&) { return true; };
    data.notes_.take(t, all, data.agenda_.notes);
    const EngineData::LiveDue live{data};
    data.due_.take(t, live, data.agenda_.due);
  }

 private:
  EngineData& data_;
};

// Whoever is due, and what takes effect for the ids of each.
void EngineData::order_agenda(bool everyone) {
  std::vector<uint32_t>& rows = agenda_.rows;
  rows.clear();
  agenda_.noted.clear();
  for (const EngineNote& note : agenda_.notes) {
    rows.push_back(book.survivor(note.row));
    agenda_.noted.emplace_back(rows.back(), static_cast<uint32_t>(agenda_.noted.size()));
  }
  for (const EngineDue& due : agenda_.due) rows.push_back(due.row);
  if (rows.size() == 1 && !everyone) return;
  // Many are found in the order that is kept.
  const bool many = rows.size() > kPageCustomers && rows.size() > members.size() / 4;
  if (everyone || many) {
    std::vector<bool> concerned(members.size(), false);
    for (const uint32_t row : rows) concerned[row] = true;
    for (uint32_t row = 0; everyone && row < members.size(); ++row) {
      if (members[row].state.seen && members[row].epoch != epoch_) concerned[row] = true;
    }
    rows = in_order();
    std::erase_if(rows, [&](uint32_t row) { return !concerned[row]; });
  } else if (rows.size() > 1) {
    sort_by_id(rows);
    rows.erase(std::unique(rows.begin(), rows.end()), rows.end());
  }
  std::sort(agenda_.noted.begin(), agenda_.noted.end());
}

// Nearly always the first eight bytes of two ids say which comes first, and those of all lie side
// by side.
void EngineData::sort_by_id(std::vector<uint32_t>& rows) {
  auto& ranks = agenda_.ranks;
  ranks.clear();
  for (size_t i = 0; i < rows.size(); ++i) {
    if (i + kAhead < rows.size()) book.state().ids->fetch_own(rows[i + kAhead]);
    ranks.emplace_back(id_rank(rows[i]), rows[i]);
  }
  const auto earlier = [this](const auto& a, const auto& b) {
    if (a.first != b.first) return a.first < b.first;
    return a.second != b.second && before(a.second, b.second);
  };
  if (ranks.size() >= kRadixSortFrom) {
    agenda_.scratch.resize(ranks.size());
    radix_sort(std::span(ranks), std::span(agenda_.scratch),
               [](const auto& one) { return one.first; });
    for (auto from = ranks.begin(), to = from; from != ranks.end(); from = to) {
      while (to != ranks.end() && to->first == from->first) ++to;
      if (to - from > 1) std::sort(from, to, earlier);
    }
  } else {
    std::sort(ranks.begin(), ranks.end(), earlier);
  }
  std::transform(ranks.begin(), ranks.end(), rows.begin(),
                 [](const auto& one) { return one.second; });
}

// Brings what settling the customers that come next of one queue will need into the cache, each
// step what the one before leads to.
template <typename Entry>
void EngineData::fetch_ahead(const CalendarQueue<Entry>& queue) const {
  const auto ahead = [&](size_t places, const auto& fetch) {
    const Entry* entry = queue.coming(places);
    if (entry != nullptr && entry->row < members.size()) fetch(entry->row);
  };
  ahead(kMemberAhead, [this](uint32_t row) { fetch_member(row); });
  ahead(kStateAhead, [this](uint32_t row) { fetch_state(row); });
  ahead(kLogAhead, [this](uint32_t row) { settler.fetch_log(row); });
  ahead(kSettlerAhead, [this](uint32_t row) { settler.fetch(row); });
}

// The same of those whose turn comes after the i-th.
void EngineData::fetch_ahead(std::span<const uint32_t> rows, size_t i, const Settler& by) const {
  if (i + kMemberAhead < rows.size()) fetch_member(rows[i + kMemberAhead]);
  if (i + kStateAhead < rows.size()) fetch_state(rows[i + kStateAhead]);
  if (i + kLogAhead < rows.size()) by.fetch_log(rows[i + kLogAhead]);
  if (i + kSettlerAhead < rows.size()) by.fetch(rows[i + kSettlerAhead]);
}

void EngineData::fetch_member(uint32_t row) const {
  const auto* member = reinterpret_cast<const char*>(&members[row]);
  for (size_t at = 0; at < sizeof(EngineMember); at += 64) fetch_line_to_write(member + at);
  book.state().fetch_page(row);
}

// What lies in the member itself has been fetched with her.
void EngineData::fetch_state(uint32_t row) const {
  const CustomerState& state = members[row].state;
  const auto fetch_apart = [](const auto& list) {
    if (list.size() <= 1) return;
    const auto* bytes = reinterpret_cast<const char*>(list.data());
    for (size_t at = 0; at < list.heap_bytes(); at += 64) fetch_line_to_write(bytes + at);
  };
  fetch_apart(state.machines);
  fetch_apart(state.shown);
  book.state().fetch_base(row);
}

// Settles whoever comes next, one after the other, as long as nothing else happens and each is the
// only one of her instant: as settle_all() would. `done` becomes true where nothing is left until
// then. Who is due next is looked for only where that may have changed.
Status EngineData::settle_singly(const PassTime& time, Watch& watch, bool& done) {
  if (!inbox_.empty() || !only_queues()) return {};
  const Micros until = std::min(time.until, calibration_due_ - 1);
  const auto all = [](const EngineNote&) { return true; };
  const LiveDue live{*this};
  Micros due = due_.first(live);
  while (due_.size() <= due_limit_) {
    const Micros noted = notes_.first(all);
    if (std::min(noted, due) > until) {
      done = until == time.until;
      return {};
    }
    if (noted == due) return {};
    if (settles_++ % kPollEvery == 0) {
      if (Status stopped = watch.poll(time.share(clock)); !stopped.ok()) return stopped;
    }
    if (noted < due) {
      const EngineNote* note = notes_.alone(noted, all);
      if (note == nullptr) return {};
      fetch_ahead(notes_);
      const uint32_t row = book.survivor(note->row);
      const Micros before = members[row].due;
      settle(row, noted, EnginePending(*note));
      notes_.drop(noted);
      clock = std::max(clock, noted);
      if (before == due || members[row].due < due) due = due_.first(live);
      continue;
    }
    const EngineDue* one = due_.alone(due, live);
    if (one == nullptr) return {};
    fetch_ahead(due_);
    const EngineDue entry = *one;
    settle(entry.row, due, EnginePending());
    // It may have been pushed anew; what is void goes with the next look.
    if (is_due(entry)) due_.drop(due);
    clock = std::max(clock, due);
    due = due_.first(live);
  }
  return {};
}

Status EngineData::settle_all(Micros t, Watch& watch, double share) {
  fetch_ahead(notes_);
  fetch_ahead(due_);
  AgendaInHand in_hand(*this);
  in_hand.take(t);
  const bool everyone = everyone_at_ == t;
  const std::optional<bool> marked = mark_agenda(everyone);
  if (marked) {
    agenda_.rows.clear();
    if (*marked) clock = std::max(clock, t);
  } else {
    order_agenda(everyone);
  }
  const bool anybody = marked ? *marked : !agenda_.rows.empty();
  if (anybody && calibration_due_ == kEndTime) calibration_due_ = calibration_after(t);
  const std::vector<uint32_t>& rows = agenda_.rows;
  for (size_t i = 0; i < rows.size(); ++i) {
    if (settles_++ % kPollEvery == 0) {
      if (Status status = watch.poll(share); !status.ok()) return status;
    }
    fetch_ahead(rows, i, settler);
    settle(rows[i], t);
    clock = std::max(clock, t);
  }
  agenda_.due.clear();  // settled: none to give back
  if (!everyone) return {};
  everyone_at_ = kEndTime;
  published_ = false;
  return {};
}

Status EngineData::settle_all(Micros t) {
  const Control nobody;
  Watch watch(nobody);
  return settle_all(t, watch, 0);
}

Cause EngineData::cause_at(Micros t, const SettledMove& move) const {
  if (everyone_at_ != t) return Cause::kTime;
  if (published_) return Cause::kPolicy;
  const bool read = settler.calibrated(static_cast<size_t>(move.classification));
  return read ? Cause::kCalibration : Cause::kTime;
}

// Settles her in the member's own state: where memory runs out it is as it was. Good until the
// settler is asked again.
const Settled& EngineData::move(EngineMember& member, uint32_t row, Micros t,
                                ChangedFacts changed) {
  const auto make_room = [&](const Settled& settled) {
    if (!settled.moves.empty()) moves.ready(settled.moves.size(), settled.because.bytes());
    if (settled.next < kEndTime && settled.next != member.due) due_.ready(settled.next);
  };
  if (!plainly) {
    try {
      const Settled* settled = settler.move_lightly(row, member.state, t, changed);
      if (settled != nullptr) return make_room(*settled), *settled;
    } catch (const std::bad_alloc&) {
      settler.take_back(member.state);
      throw;
    }
  }
  scratch_ = member.state;
  try {
    const Settled& settled = plainly ? settler.move(row, member.state, t)
                                     : settler.move_quickly(row, member.state, t, changed);
    make_room(settled);
    return settled;
  } catch (const std::bad_alloc&) {
    std::swap(member.state, scratch_);
    throw;
  }
}

void EngineData::settle(uint32_t row, Micros t) {
  if (agenda_.noted.empty()) return settle(row, t, EnginePending());
  const auto noted =
      std::equal_range(agenda_.noted.begin(), agenda_.noted.end(), std::pair(row, uint32_t{0}),
                       [](const auto& a, const auto& b) { return a.first < b.first; });
  EnginePending what;
  for (auto it = noted.first; it != noted.second; ++it) what.add(agenda_.notes[it->second]);
  settle(row, t, what);
  for (auto it = noted.first; it != noted.second; ++it) agenda_.notes[it->second].done = true;
}

// All memory is taken by move(); what follows does not fail.
void EngineData::settle(uint32_t row, Micros t, const EnginePending& what) {
  leave_idle();
  EngineMember& member = members[row];
  if (!member.state.seen && is_nobody_yet(row, member.state, what, t)) return;
  const Settled& settled = move(member, row, t, what.changed);
  member.state.seen = true;
  if (!settled.moves.empty()) note_moves(member, row, t, what, settled);
  ++member.settlings;
  member.epoch = epoch_;
  set_due(member, row, settled.next);
}

// There is room for them.
void EngineData::note_moves(EngineMember& member, uint32_t row, Micros t, const EnginePending& what,
                            const Settled& settled) {
  const int64_t calibration = settler.constants()->number;
  const int32_t in_force = version();
  const std::optional<Micros> fact_time = what.late ? std::optional(what.fact_time) : std::nullopt;
  const bool quiet = what.facts && what.quiet && !what.merged;
  const bool by_fact = what.facts || what.merged;
  bool calibrated = false;
  for (size_t i = 0; i < settled.moves.size(); ++i) {
    const SettledMove& move = settled.moves[i];
    const Cause cause = move.by_override
                            ? Cause::kOverride
                            : cause_of(what, by_fact ? Cause::kEvent : cause_at(t, move));
    calibrated = calibrated || cause == Cause::kCalibration;
    const size_t before = std::exchange(member.last_move, moves.size());
    moves.push({.customer = row,
                .sequence = ++member.moves,
                .move = move,
                .at = t,
                .fact_time = fact_time,
                .cause = cause,
                .quiet = !move.by_override && quiet,
                .calibration = calibration,
                .before = before,
                .policy = in_force},
               settled.because[i]);
  }
  if (calibrated && !notes.empty()) ++notes.back().moved;
}

// There is room for it in due_. Where it stays as it was, it is there already.
void EngineData::set_due(EngineMember& member, uint32_t row, Micros due) {
  if (member.due == due) return;
  member.due = due;
  if (due < kEndTime) due_.push({due, row});
}

}  // namespace patron::internal
