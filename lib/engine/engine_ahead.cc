// What is to come: when each customer may change, how everybody will, which is seen on copies of
// their states, and what claims of identity keys that wait will do, which is seen on a copy of all.
#include <algorithm>
#include <bit>
#include <deque>
#include <numeric>
#include <optional>
#include <utility>

#include "lib/base/wiped.h"
#include "lib/engine/engine_data.h"
#include "lib/engine/explain/explain.h"
#include "lib/engine/settle/unite.h"

namespace patron::internal {

std::vector<Micros> EngineData::next_changes(std::span<const uint32_t> rows) const {
  std::vector<Micros> out;
  out.reserve(rows.size());
  for (const uint32_t row : rows) {
    const EngineMember& member = members[row];
    const bool everyone = member.state.seen && member.epoch != epoch_;
    out.push_back(std::min(member.due, everyone ? everyone_at_ : kEndTime));
  }
  const bool claims = claim_due_ < kEndTime;
  if (notes_.size() == 0 && !claims) return out;
  // Where each row stands: of few in their order, of many by row.
  const bool few = rows.size() < members.size() / 16;
  std::vector<std::pair<uint32_t, size_t>> places;
  std::vector<size_t> place_of(few ? 0 : members.size(), SIZE_MAX);
  for (size_t i = 0; i < rows.size(); ++i) {
    if (few) {
      places.emplace_back(rows[i], i);
    } else {
      place_of[rows[i]] = i;
    }
  }
  std::sort(places.begin(), places.end());
  const auto find_place = [&](uint32_t row) {
    if (!few) return place_of[row];
    const auto at = std::lower_bound(places.begin(), places.end(), std::pair(row, size_t{0}));
    return at != places.end() && at->first == row ? at->second : SIZE_MAX;
  };
  const auto sooner = [&](uint32_t id, Micros t) {
    const size_t place = find_place(book.survivor(id));
    if (place != SIZE_MAX) out[place] = std::min(out[place], t);
  };
  notes_.for_each([&](const EngineNote& note) { sooner(note.row, note.at); });
  if (!claims) return out;
  for (const auto& [id, t] : book.meetings_ahead(clock)) sooner(id, t);
  return out;
}

Micros EngineData::next_stop(uint32_t row) const {
  const EngineMember& member = members[row];
  const bool everyone = member.state.seen && member.epoch != epoch_;
  Micros next = std::min(member.due, everyone ? everyone_at_ : kEndTime);
  notes_.for_each_until(clock, [&](const EngineNote& note) {
    if (book.survivor(note.row) == row) next = std::min(next, note.at);
  });
  return next;
}

// The rows of whoever may have something ahead until then: nearly everybody has not. Entries that
// are void are among them.
std::vector<uint32_t> EngineData::rows_ahead(Micros until) const {
  std::vector<uint32_t> rows;
  if (everyone_at_ <= until) {
    rows.resize(members.size());
    std::iota(rows.begin(), rows.end(), uint32_t{0});
    return rows;
  }
  std::vector<uint64_t> marks((members.size() + 63) / 64);
  size_t count = 0;
  const auto mark = [&](uint32_t row) { marks[row / 64] |= uint64_t{1} << row % 64, ++count; };
  notes_.for_each_until(until, [&](const EngineNote& note) { mark(book.survivor(note.row)); });
  due_.for_each_until(until, [&](const EngineDue& due) { mark(due.row); });
  rows.reserve(std::min(count, members.size()));
  for (size_t i = 0; i < marks.size(); ++i) {
    for (uint64_t left = marks[i]; left != 0; left &= left - 1) {
      rows.push_back(static_cast<uint32_t>(i * 64) + static_cast<uint32_t>(std::countr_zero(left)));
    }
  }
  return rows;
}

// What one worker of a forecast has for itself.
struct EngineData::Foreseer {
  explicit Foreseer(Settler& of) : settler(of) {}
  Foreseer(const PolicyData& policy, const BookState& book,
           std::shared_ptr<const CalibrationData> constants)
      : own(std::in_place, policy, book), settler(*own) {
    own->use(std::move(constants));
  }
  ~Foreseer() {
    wipe(state);
    if (own) own->let_go();
  }
  Foreseer(const Foreseer&) = delete;
  Foreseer& operator=(const Foreseer&) = delete;
  std::optional<Settler> own;
  Settler& settler;
  CustomerState state;  // of the customer who is looked at
};

// foresee_one() of somebody whom time alone may change, where the settler says it in one go; false,
// and nothing is found, where it does not.
template <typename Found>
bool EngineData::foresee_by_time(uint32_t row, Micros until, Settler& by,
                                 const Found& found) const {
  const EngineMember& member = members[row];
  if (plainly || !member.state.seen || everyone_at_ < kEndTime) return false;
  if (member.due > until) return true;
  const Settled* settled = by.foresee(row, member.state, member.due, until);
  for (size_t i = 0; settled != nullptr && i < settled->moves.size(); ++i) {
    found({row, settled->moves[i], settled->at[i], Cause::kTime}, settled->because[i]);
  }
  return settled != nullptr;
}

// Settles a copy of her again and again until nothing is left; `waiting` are her notes by then.
template <typename Found>
void EngineData::foresee_one(uint32_t row, Micros until, std::span<const RowNote> waiting,
                             Foreseer& by, const Found& found) const {
  if (waiting.empty() && foresee_by_time(row, until, by.settler, found)) return;
  const EngineMember& member = members[row];
  Micros due = member.due;
  Micros everyone = member.state.seen && member.epoch != epoch_ ? everyone_at_ : kEndTime;
  auto fact = waiting.begin();
  bool copied = false;
  for (;;) {
    const Micros noted = fact != waiting.end() ? fact->second.at : kEndTime;
    const Micros t = std::min({due, everyone, noted});
    if (t > until || t >= kEndTime) return;
    if (!std::exchange(copied, true)) by.state = member.state;
    EnginePending what;
    for (; fact != waiting.end() && fact->second.at == t; ++fact) what.add(fact->second);
    if (is_nobody_yet(row, by.state, what, t)) continue;
    by.state.seen = true;
    const Settled& settled =
        plainly ? by.settler.move(row, by.state, t) : by.settler.move_quickly(row, by.state, t);
    for (size_t i = 0; i < settled.moves.size(); ++i) {
      const SettledMove& move = settled.moves[i];
      const Cause cause = move.by_override ? Cause::kOverride : cause_of(what, cause_at(t, move));
      found({row, move, t, cause}, settled.because[i]);
    }
    due = settled.next;
    everyone = kEndTime;
  }
}

Result<ComingMoves> EngineData::foresee(Micros until, Watch& watch, int threads) {
  constexpr size_t kOfTask = 256;
  const UnderWay here(under_way);
  if (Status status = watch.poll(0); !status.ok()) return status;
  std::vector<RowNote> waiting;  // by who stands for the id, and instant
  notes_.for_each_until(
      until, [&](const EngineNote& note) { waiting.emplace_back(book.survivor(note.row), note); });
  std::sort(waiting.begin(), waiting.end(), [](const auto& a, const auto& b) {
    return a.first != b.first ? a.first < b.first : a.second.at < b.second.at;
  });
  const std::vector<uint32_t> rows = rows_ahead(until);
  const size_t tasks = (rows.size() + kOfTask - 1) / kOfTask;
  const auto asked = static_cast<size_t>(thread_count(threads));
  const size_t workers = std::min(std::clamp<size_t>(tasks, 1, asked), ComingMoves::kMostWorkers);
  std::deque<Foreseer> foreseers;
  foreseers.emplace_back(settler);
  while (foreseers.size() < workers) {
    foreseers.emplace_back(policy.data(), book.state(), settler.constants());
  }
  ComingMoves out(workers, rows.size());
  const auto look = [&](int64_t task, int worker) {
    const auto mine = static_cast<size_t>(worker);
    const size_t begin = static_cast<size_t>(task) * kOfTask;
    const size_t end = std::min(begin + kOfTask, rows.size());
    Foreseer& by = foreseers[mine];
    auto fact = std::lower_bound(waiting.begin(), waiting.end(), rows[begin],
                                 [](const RowNote& a, uint32_t row) { return a.first < row; });
    const auto found = [&](const ComingMove& move, std::string_view because) {
      out.add(mine, move, id_rank(move.customer), because);
    };
    for (size_t k = begin; k < end; ++k) {
      fetch_ahead(rows, k, by.settler);
      if (k + kSettlerAhead < end) book.state().ids->fetch_own(rows[k + kSettlerAhead]);
      const auto first = fact;
      while (fact != waiting.end() && fact->first == rows[k]) ++fact;
      foresee_one(rows[k], until, std::span(first, fact), by, found);
    }
  };
  const Status status =
      parallel_for(static_cast<int64_t>(tasks), static_cast<int>(workers), &watch, look);
  if (!status.ok()) return status;
  out.put_in_order([this](uint32_t a, uint32_t b) { return before(a, b); });
  return out;
}

Result<std::unique_ptr<EngineData>> EngineData::copy() {
  WipedString bytes;
  const Status status = save([&](std::string_view piece) {
    bytes.append(piece);
    return Status();
  });
  if (!status.ok()) return status;
  Result<std::unique_ptr<EngineData>> out = load(bytes, {}, &policy);
  if (out.ok()) (*out)->freeze();
  return out;
}

Result<ComingMoves> EngineData::foresee_on_copy(Micros until, const Control& control) {
  const UnderWay here(under_way);
  Result<std::unique_ptr<EngineData>> other = copy();
  if (!other.ok()) return std::move(other).status();
  if (Status status = (*other)->pass(until, control); !status.ok()) return status;
  return ComingMoves((*other)->moves, moves.size(), [this](uint32_t row) { return id_rank(row); });
}

bool EngineData::meets_somebody(uint32_t row) const {
  if (claim_due_ == kEndTime) return false;
  const auto ahead = book.meetings_ahead(clock);
  return std::any_of(ahead.begin(), ahead.end(),
                     [&](const auto& one) { return book.survivor(one.first) == row; });
}

// From one instant at which claims are applied to the next, as long as they bring her together
// with somebody; then time alone is followed.
Result<std::optional<ComingChange>> EngineData::next_on_copy(CustomerId id, size_t classification) {
  Result<std::unique_ptr<EngineData>> other = copy();
  if (!other.ok()) return std::move(other).status();
  EngineData& ahead = **other;
  const PolicyClassificationData& what = policy.data().classifications[classification];
  size_t looked = ahead.moves.size();
  uint32_t row = ahead.find(id);
  while (ahead.meets_somebody(row)) {
    if (Status status = ahead.pass(std::max(ahead.clock, ahead.claim_due_), {}); !status.ok()) {
      return status;
    }
    const uint32_t then = ahead.find(id);
    for (; looked < ahead.moves.size(); ++looked) {
      const EngineMove moved = ahead.moves[looked];
      // Until the claims of that instant she is who she was.
      const bool hers = moved.customer == (moved.at < ahead.clock ? row : then);
      if (!hers || moved.move.classification != static_cast<int>(classification)) continue;
      Transition seen = show(moved);  // its policy is this one
      return std::optional(ComingChange{seen.from, seen.to, seen.at, std::move(seen.because)});
    }
    row = then;
  }
  std::optional<ComingChange> next = ClassExplainer(ahead, row, classification).run().next;
  if (!next) return next;
  // In words of this engine's policy.
  for (std::string_view* one : {&next->from, &next->to}) {
    for (const PolicyClass& of : what.classes) {
      if (of.name == *one) *one = of.name;
    }
  }
  return next;
}

}  // namespace patron::internal
