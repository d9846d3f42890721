#include "lib/engine/engine_data.h"

#include <algorithm>
#include <tuple>

#include "lib/engine/value_table.h"

namespace patron::internal {
namespace {

// Of what takes effect at an instant: links, then facts, then new constants and policies, then
// time.
Cause cause_of(const EnginePending& what, Cause of_the_rest) {
  if (what.merges > 0) return Cause::kMerge;
  if (!what.facts) return of_the_rest;
  return what.corrected ? Cause::kCorrection : Cause::kEvent;
}

BookOptions book_options(const EngineOptions& options) {
  BookOptions book;
  book.memory_limit = options.memory_limit;
  book.refuse_after = options.refuse_after;
  return book;
}

}  // namespace

void EnginePending::add(const BookEffect& effect) {
  facts = true;
  if (effect.late) fact_time = std::min(fact_time, effect.fact_time);
  late = late || effect.late;
  corrected = corrected || effect.corrected;
  quiet = quiet && effect.quiet;
}

void EnginePending::add(const EnginePending& other) {
  facts = facts || other.facts;
  fact_time = std::min(fact_time, other.fact_time);
  late = late || other.late;
  corrected = corrected || other.corrected;
  quiet = quiet && other.quiet;
  overridden = overridden || other.overridden;
  merges += other.merges;
}

EngineData::EngineData(Policy of, BookLayout layout, const EngineOptions& options)
    : policy(std::move(of)),
      book(std::move(layout), book_options(options)),
      settler(policy.data(), book.state()),
      shard(options.shard) {}

// What finds no memory now waits in the inbox.
void EngineData::note(std::vector<BookEffect>& effects) {
  try {
    drain();
    drain(effects);
  } catch (const std::bad_alloc&) {
    inbox_.push_back(std::move(effects));
    effects.clear();
  }
}

// Takes from the end, and what was taken is gone: the order makes no difference.
void EngineData::drain(std::vector<BookEffect>& effects) {
  members.resize(book.customers());
  size_t left = effects.size();
  try {
    for (; left > 0; --left) {
      const BookEffect& effect = effects[left - 1];
      pending(effect.at, effect.customer).add(effect);
    }
  } catch (const std::bad_alloc&) {
    effects.resize(left);
    throw;
  }
}

void EngineData::drain() {
  members.resize(book.customers());
  while (!inbox_.empty()) {
    drain(inbox_.back());
    inbox_.pop_back();
  }
  take_met();
}

bool EngineData::before(uint32_t a, uint32_t b) const {
  const CustomerId x = book.id(a), y = book.id(b);
  return std::tie(x.number, x.text) < std::tie(y.number, y.text);
}

std::vector<uint32_t> EngineData::in_order(std::span<const CustomerId> customers) {
  drain();
  std::vector<uint32_t> rows;
  rows.reserve(customers.size());
  for (const CustomerId& id : customers) {
    if (const uint32_t row = find(id); row != kNoCustomer) rows.push_back(row);
  }
  std::sort(rows.begin(), rows.end(), [this](uint32_t a, uint32_t b) { return before(a, b); });
  rows.erase(std::unique(rows.begin(), rows.end()), rows.end());
  return rows;
}

std::vector<uint32_t> EngineData::in_order() {
  drain();
  return rows_by_id(book.state(), static_cast<uint32_t>(members.size()));
}

int64_t EngineData::customers() const {
  return int64_t{book.customers()} - int64_t{hidden_} - int64_t{gone_};
}

uint32_t EngineData::find(CustomerId id) const {
  const uint32_t row = book.find(id);
  return row < members.size() ? book.survivor(row) : kNoCustomer;
}

Micros EngineData::next() {
  drain();
  Micros t = kEndTime;
  if (!pending_.empty()) t = pending_.begin()->first.first;
  if (!due_.empty()) t = std::min(t, due_.begin()->first);
  if (claim_due_ < kEndTime) t = std::min(t, std::max(claim_due_, clock));
  return std::min({t, calibration_due_, everyone_at_});
}

Status EngineData::settle_all(Micros t, Watch& watch, double share) {
  // Whoever is due, and the ids of hers for which something takes effect.
  std::vector<uint32_t> order;
  std::vector<std::pair<uint32_t, uint32_t>> noted;
  for (auto it = pending_.lower_bound({t, 0}); it != pending_.end() && it->first.first == t; ++it) {
    order.push_back(book.survivor(it->first.second));
    noted.emplace_back(order.back(), it->first.second);
  }
  for (auto it = due_.lower_bound({t, 0}); it != due_.end() && it->first == t; ++it) {
    order.push_back(it->second);
  }
  const bool everyone = everyone_at_ == t;
  if (everyone) {
    std::vector<bool> concerned(members.size(), false);
    for (const uint32_t row : order) concerned[row] = true;
    for (uint32_t row = 0; row < members.size(); ++row) {
      if (members[row].state.seen && members[row].epoch != epoch_) concerned[row] = true;
    }
    order = in_order();
    std::erase_if(order, [&](uint32_t row) { return !concerned[row]; });
  } else if (order.size() > 1) {
    std::sort(order.begin(), order.end(), [this](uint32_t a, uint32_t b) { return before(a, b); });
    order.erase(std::unique(order.begin(), order.end()), order.end());
  }
  if (!order.empty() && calibration_due_ == kEndTime) calibration_due_ = calibration_after(t);
  std::sort(noted.begin(), noted.end());
  std::vector<uint32_t> ids;
  for (const uint32_t row : order) {
    if (settles_++ % kPollEvery == 0) {
      if (Status status = watch.poll(share); !status.ok()) return status;
    }
    ids.clear();
    for (auto it = std::lower_bound(noted.begin(), noted.end(), std::pair(row, uint32_t{0}));
         it != noted.end() && it->first == row; ++it) {
      ids.push_back(it->second);
    }
    settle(row, t, ids);
    clock = std::max(clock, t);
  }
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

Cause EngineData::cause_at(Micros t) const {
  if (everyone_at_ != t) return Cause::kTime;
  return published_ ? Cause::kPolicy : Cause::kCalibration;
}

// In a copy first; what follows takes all its memory before it changes anything.
void EngineData::settle(uint32_t row, Micros t, std::span<const uint32_t> noted) {
  EnginePending what;
  for (const uint32_t id : noted) what.add(pending_.find({t, id})->second);
  EngineMember& member = members[row];
  scratch_ = member.state;
  const Settled& settled = settler.move(row, scratch_, t);
  scratch_.seen = true;
  const Cause cause = cause_of(what, cause_at(t));
  grow(member.history, settled.moves.size());
  grow(moves, settled.moves.size());
  std::set<std::pair<Micros, uint32_t>> room;
  if (settled.next < kEndTime) room.emplace(settled.next, row);
  for (const SettledMove& move : settled.moves) {
    EngineMove moved;
    moved.customer = row;
    moved.sequence = static_cast<int64_t>(member.history.size()) + 1;
    moved.move = move;
    moved.at = t;
    moved.cause = move.by_override ? Cause::kOverride : cause;
    moved.quiet = !move.by_override && what.facts && what.quiet && what.merges == 0;
    moved.calibration = settler.constants()->number;
    if (what.late) moved.fact_time = what.fact_time;
    member.history.push_back(moves.size());
    moves.push_back(moved);
  }
  if (cause == Cause::kCalibration && !settled.moves.empty() && !notes.empty()) {
    ++notes.back().moved;
  }
  std::swap(member.state, scratch_);
  ++member.settlings;
  member.epoch = epoch_;
  set_due(row, settled.next, room);
  for (const uint32_t id : noted) pending_.erase({t, id});
}

// `room` has the one entry that is needed, where there is to be one.
void EngineData::set_due(uint32_t row, Micros due, std::set<std::pair<Micros, uint32_t>>& room) {
  if (members[row].due < kEndTime) due_.erase({members[row].due, row});
  members[row].due = due;
  due_.merge(room);
}

Result<std::vector<EngineMove>> EngineData::foresee(Micros until, Watch& watch) {
  std::map<std::pair<uint32_t, Micros>, EnginePending> waiting;
  for (const auto& [key, pending] : pending_) {
    waiting[{book.survivor(key.second), key.first}].add(pending);
  }
  std::vector<EngineMove> out;
  for (uint32_t row = 0; row < members.size(); ++row) {
    if (row % kPollEvery == 0) {
      Status status = watch.poll(static_cast<double>(row) / static_cast<double>(members.size()));
      if (!status.ok()) return status;
    }
    CustomerState state = members[row].state;
    Micros due = members[row].due;
    auto fact = waiting.lower_bound({row, kMinTime});
    Micros everyone = state.seen && members[row].epoch != epoch_ ? everyone_at_ : kEndTime;
    for (;;) {
      const bool any = fact != waiting.end() && fact->first.first == row;
      const Micros t = std::min({due, everyone, any ? fact->first.second : kEndTime});
      if (t > until || t >= kEndTime) break;
      EnginePending what;
      if (any && fact->first.second == t) what = (fact++)->second;
      const Settled& settled = settler.move(row, state, t);
      for (const SettledMove& move : settled.moves) {
        EngineMove moved;
        moved.customer = row;
        moved.move = move;
        moved.at = t;
        moved.cause = move.by_override ? Cause::kOverride : cause_of(what, cause_at(t));
        out.push_back(moved);
      }
      due = settled.next;
      everyone = kEndTime;
    }
  }
  std::stable_sort(out.begin(), out.end(), [this](const EngineMove& a, const EngineMove& b) {
    return a.at != b.at ? a.at < b.at : before(a.customer, b.customer);
  });
  return out;
}

EngineMemory EngineData::memory() const {
  // A node of std::map and std::set is its value behind three pointers and a colour.
  constexpr size_t kNode = 4 * sizeof(void*);
  const auto bytes = [](const auto& vector) { return vector.capacity() * sizeof(vector[0]); };
  size_t classes = bytes(members) + due_.size() * (kNode + sizeof(*due_.begin()));
  size_t history = bytes(moves);
  for (const EngineMember& member : members) {
    classes += bytes(member.state.machines) + bytes(member.state.seats_lost) +
               bytes(member.state.kept) + bytes(member.state.shown) + bytes(member.state.overrides);
    for (const TierState& machine : member.state.machines) {
      classes += bytes(machine.cool_until) + bytes(machine.downs);
    }
    history += bytes(member.history);
  }
  EngineMemory out;
  out.book = book.memory();
  out.classes = static_cast<int64_t>(classes);
  out.waiting = static_cast<int64_t>(pending_.size() * (kNode + sizeof(*pending_.begin())));
  out.transitions = static_cast<int64_t>(history);
  out.total = out.book.total + out.classes + out.waiting + out.transitions;
  return out;
}

std::string_view EngineData::class_name(int classification, int c) const {
  if (c == kNoClass) return {};
  const auto& all = policy.data().classifications;
  return all[static_cast<size_t>(classification)].classes[static_cast<size_t>(c)].name;
}

Transition EngineData::show(const EngineMove& move) const {
  const int which = move.move.classification;
  Transition out;
  out.sequence = move.sequence;
  out.customer = book.id(move.customer);
  out.classification = policy.data().classifications[static_cast<size_t>(which)].seen.name;
  out.from = class_name(which, move.move.from);
  out.to = class_name(which, move.move.to);
  out.at = move.at;
  out.fact_time = move.fact_time;
  out.cause = move.cause;
  out.quiet = move.quiet;
  out.calibration = move.calibration;
  return out;
}

Cell EngineData::id_cell(uint32_t row) const {
  const CustomerId id = book.id(row);
  return policy.data().customer == Kind::kInt64 ? Cell::of(id.number) : Cell::of_text(id.text);
}

}  // namespace patron::internal
