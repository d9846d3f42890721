// Who is who: links, identity keys and forgetting (docs/identities.md).
#include <algorithm>
#include <utility>

#include "lib/base/wiped.h"
#include "lib/book/log_view.h"
#include "lib/engine/calibration/calibration_names.h"
#include "lib/engine/engine_data.h"
#include "lib/engine/settle/unite.h"

namespace patron::internal {
namespace {

// For whom another stands, she only keeps what she was last seen to be.
void hide(CustomerState& state) {
  state.machines.clear();
  state.kept.clear();
  state.overrides.clear();
  state.seats_lost.clear();
  state.seen = false;
}

// She is what she was before the link; that she is not what was said last, the next settling says.
// There is room.
void give_back(CustomerState& before, std::span<const ShownClass> now) {
  before.parted = true;
  before.shown.resize(std::max(before.shown.size(), now.size()));
  for (size_t m = 0; m < before.shown.size(); ++m) {
    ShownClass& shown = before.shown[m];
    const int said = m < now.size() ? now[m].last_said() : kNoClass;
    shown.said = said == shown.current ? kAsShown : static_cast<int16_t>(said);
  }
}

}  // namespace

CustomerState EngineData::unite(const CustomerState& survivor, const CustomerState& other) const {
  return internal::unite(policy.data(), settler.machines(), survivor, other);
}

// Does an id have facts of its own until then?
bool EngineData::has_facts(std::span<const uint32_t> ids, Micros until) const {
  BookState alone = book.state();
  alone.links = nullptr;
  const auto any = [&](LogReader reader) {
    return std::any_of(ids.begin(), ids.end(), [&](uint32_t id) {
      LogView log = reader.read(id);
      return !log.until(until).empty();
    });
  };
  for (size_t s = 0; s < alone.streams.size(); ++s) {
    if (any(LogReader(alone, static_cast<int>(s)))) return true;
  }
  for (size_t a = 0; a < alone.attributes.size(); ++a) {
    if (any(LogReader::of_attribute(alone, static_cast<int>(a)))) return true;
  }
  return false;
}

// A fact that was to bring her, and was moved or deleted before its time, leaves nothing behind;
// nor does an override of hers while she was linked.
bool EngineData::is_nobody_yet(uint32_t row, const CustomerState& state, const EnginePending& what,
                               Micros t) const {
  if (state.seen || (what.facts && !what.corrected)) return false;
  std::vector<uint32_t> ids{row};
  if (book.state().links != nullptr) {
    ids.clear();
    book.state().links->for_each(row, [&](uint32_t id) { ids.push_back(id); });
  }
  return !has_facts(ids, t);
}

// The book has made the link; both sides are as they were. Does not fail: where she is to be
// settled there is room for a note at t.
void EngineData::make_one(FrozenLink& link, FrozenLinks::Prepared& prepared, CustomerState& united,
                          Micros t) {
  const uint32_t survivor = link.sides[0].row, other = link.sides[1].row;
  set_due(members[other], other, kEndTime);
  hide(members[other].state);
  std::swap(members[survivor].state, united);
  if (link.marked) note_merge(t, survivor);
  frozen_.add(prepared);
  ++hidden_;
}

Result<LinkReport> EngineData::link(CustomerId first, CustomerId second) {
  drain();
  leave_idle();
  measured_.reset();
  FrozenLink link;
  uint32_t fresh = book.customers();
  const CustomerId ids[2] = {first, second};
  members.reserve(size_t{fresh} + 2);
  for (int s = 0; s < 2; ++s) {
    FrozenSide& side = link.sides[s];
    side.end = book.find(ids[s]);
    if (side.end == kNoCustomer) {
      side.end = side.row = fresh++;
      continue;
    }
    side.row = book.survivor(side.end);
    side.state = members[side.row].state;
    side.due = members[side.row].due;
  }
  const uint32_t survivor = link.sides[0].row, other = link.sides[1].row;
  link.settlings = survivor < members.size() ? members[survivor].settlings : 0;
  CustomerState united = unite(link.sides[0].state, link.sides[1].state);
  link.marked = united.seen;  // else her first fact will settle her
  const bool known = survivor == other;
  FrozenLinks::Prepared prepared;
  if (!known) {
    prepared = FrozenLinks::prepare(next_token_, link);
    if (link.marked) notes_.ready(clock);
  }
  const Result<BookLink> made = book.link(first, second, next_token_);
  members.resize(book.customers());
  if (!made.ok()) return made.status();
  if (made->done) {
    ++next_token_;
    make_one(link, prepared, united, clock);
  }
  return LinkReport{book.id(made->survivor), book.id(made->other), made->done};
}

// A seat that she was shown in before the link, and that somebody else has by now, is not shown:
// seats never exceed capacity. Does not fail.
void EngineData::show_unseated(uint32_t row) {
  const auto machines = settler.machines();
  CustomerState& state = members[row].state;
  for (size_t m = 0; m < state.shown.size(); ++m) {
    ShownClass& shown = state.shown[m];
    StandingOverride seat;  // as if she were pinned there
    seat.classification = machines[m].classification;
    seat.to = shown.current;
    const auto& what = policy.data().classifications[static_cast<size_t>(seat.classification)];
    if (what.seen.kind != ClassificationKind::kRank ||
        !is_unseated(policy.data(), settler, book.id(row), seat)) {
      continue;
    }
    shown.said = static_cast<int16_t>(shown.last_said());
    shown.previous = static_cast<int16_t>(shown.current);
    shown.current = kNoClass;
    shown.since = clock;
    ++shown.moves;
    shown.unseated = true;
  }
}

Status EngineData::unlink(CustomerId first, CustomerId second) {
  drain();
  leave_idle();
  measured_.reset();
  const uint32_t a = book.find(first), b = book.find(second);
  const std::optional<uint64_t> token =
      a == kNoCustomer || b == kNoCustomer ? std::nullopt : frozen_.find(a, b);
  if (!token) return {Code::kState, "no link was made between these two ids"};
  FrozenLinks::Parted parted =
      frozen_.part(*token, [this](const auto& x, const auto& y) { return unite(x, y); });
  const FrozenLink& link = frozen_.at(*token);
  const uint32_t survivor = book.survivor(a);
  // Nobody has been settled since: then it has never been.
  const bool never =
      parted.newest && link.settlings && *link.settlings == members[survivor].settlings;
  bool marks[2];
  for (int s = 0; s < 2; ++s) {
    marks[s] = !never && (parted.states[s].seen || has_facts(parted.ids[s], clock));
    parted.states[s].shown.reserve(settler.machines().size());
  }
  const bool marked = never && link.marked;
  const Micros due[2] = {link.sides[0].due, link.sides[1].due};
  // Of one instant there has to be room for both.
  for (int s = 0; s < 2 && never; ++s) {
    if (due[s] < kEndTime) due_.ready(due[s], 2);
  }
  notes_.ready(clock, 2);
  const uint32_t ends[2] = {link.sides[0].end, link.sides[1].end};
  const Result<BookSplit> split = book.unlink(first, second);
  if (!split.ok()) return split.status();
  // From here on nothing fails.
  frozen_.remove(parted);
  for (const std::vector<uint32_t>& ids : parted.ids) {
    if (!never) frozen_.note_settled(ids);
  }
  --hidden_;
  set_due(members[survivor], survivor, kEndTime);
  hide(members[survivor].state);
  for (int s = 0; s < 2; ++s) {
    const uint32_t row = book.survivor(ends[s]);
    CustomerState& state = members[row].state;
    if (never) {
      std::swap(parted.states[s].shown, state.shown);
    } else {
      give_back(parted.states[s], state.shown);
    }
    std::swap(state, parted.states[s]);
    end_unseated(row);
    if (!never) show_unseated(row);
    if (never) {
      set_due(members[row], row, due[s]);
    } else if (marks[s]) {
      note_merge(clock, row);
    }
  }
  if (!marked) return {};
  bool taken = false;  // the link's own note
  notes_.erase_if([&](const EngineNote& note) {
    const bool hers = note.merge && note.row == survivor && note.at == clock;
    return hers && !std::exchange(taken, true);
  });
  return {};
}

Status EngineData::claim(const Table& keys, IngestReport& report) {
  if (Status status = check_dated(keys); !status.ok()) return status;
  drain();
  measured_.reset();  // it may bring ids
  Status status = book.claim(keys, {clock, false}, &report);
  if (status.ok()) claim_due_ = book.next_claim();
  return status;
}

// Where memory runs out, met_ says what the book has done; take_met() does the rest of that.
void EngineData::settle_keys(Micros t) {
  clock = std::max(clock, t);
  met_done_ = 0;
  met_.clear();
  met_at_ = t;
  const Status status = book.settle_keys(t, next_token_, &met_);
  if (status.ok()) claim_due_ = book.next_claim();
  take_met();
}

void EngineData::take_met() {
  if (!met_.empty()) leave_idle(), measured_.reset();
  for (; met_done_ < met_.size(); ++met_done_) {
    const BookKeyLink& met = met_[met_done_];
    grow(meetings_);
    if (met.done) {
      FrozenLink link;
      const uint32_t ends[2] = {met.first, met.second}, rows[2] = {met.survivor, met.other};
      for (int s = 0; s < 2; ++s) {
        link.sides[s] = {ends[s], rows[s], members[rows[s]].state, members[rows[s]].due};
      }
      link.settlings = members[met.survivor].settlings;
      CustomerState united = unite(link.sides[0].state, link.sides[1].state);
      link.marked = united.seen;
      FrozenLinks::Prepared prepared = FrozenLinks::prepare(met.token, link);
      if (link.marked) notes_.ready(met_at_);
      make_one(link, prepared, united, met_at_);
      next_token_ = met.token + 1;
    }
    meetings_.push_back({met, met_at_, version()});
  }
}

std::vector<KeyMeeting> EngineData::meetings() const {
  std::vector<KeyMeeting> out;
  for (const EngineMeeting& met : meetings_) {
    const auto& keys = versions[static_cast<size_t>(met.policy - 1)].policy.data().identity_keys;
    KeyMeeting& one = out.emplace_back();
    one.at = met.at;
    one.key = keys[static_cast<size_t>(met.link.key)];
    one.first = book.id(met.link.first);
    one.second = book.id(met.link.second);
    one.linked = met.link.done;
    if (!met.link.done) one.because = keys[static_cast<size_t>(met.link.stronger)];
  }
  return out;
}

bool EngineData::forget(CustomerId id) {
  drain();
  leave_idle();
  measured_.reset();
  // Constants stay until the next calibration, but for her name in them.
  std::shared_ptr<const CalibrationData> nameless_draft = draft;
  ModelValues::InForce nameless;
  WipedVector<CustomerId> names{id};
  if (const uint32_t found = book.find(id); found != kNoCustomer) {
    const BookState& state = book.state();
    if (state.links != nullptr) {
      state.links->for_each(found, [&](uint32_t row) { names.push_back(book.id(row)); });
    }
  }
  if (auto constants = without(settler.constants(), names); constants != settler.constants()) {
    nameless = settler.models().ready(std::move(constants));
  }
  if (draft != nullptr) nameless_draft = without(draft, names);
  const std::vector<uint32_t> rows = book.forget(id);
  // From here on nothing fails. The constants of shards name customers of others.
  if (nameless.constants != nullptr) settler.exchange(nameless);
  draft = std::move(nameless_draft);
  if (rows.empty()) return false;
  frozen_.forget(rows);
  for (const uint32_t row : rows) {
    EngineMember& member = members[row];
    for (size_t move = member.last_move; move != kNoMove;) {
      const size_t before = moves.before(move);
      moves.forget(move);
      move = before;
    }
    wipe(member.state);
    member = EngineMember();
    settler.forget(row);
  }
  const auto hers = [&](uint32_t row) {
    return std::find(rows.begin(), rows.end(), row) != rows.end();
  };
  notes_.erase_if([&](const EngineNote& note) { return hers(note.row); });
  std::erase_if(meetings_, [&](const EngineMeeting& met) {
    return hers(met.link.first) || hers(met.link.second);
  });
  wipe(scratch_);
  settler.let_go();
  claim_due_ = book.next_claim();
  hidden_ -= static_cast<uint32_t>(rows.size()) - 1;
  gone_ += static_cast<uint32_t>(rows.size());
  return true;
}

}  // namespace patron::internal

namespace patron {
inline namespace v0 {

Result<LinkReport> Engine::link(CustomerId first, CustomerId second) {
  return data_->link(first, second);
}
Status Engine::unlink(CustomerId first, CustomerId second) { return data_->unlink(first, second); }
Status Engine::claim(const Table& keys, IngestReport* report) {
  IngestReport own;
  return data_->claim(keys, report != nullptr ? *report : own);
}
std::vector<KeyMeeting> Engine::key_meetings() const { return data_->meetings(); }
bool Engine::forget(CustomerId customer) { return data_->forget(customer); }

}  // namespace v0
}  // namespace patron
