#include "lib/engine/engine_data.h"

#include <algorithm>
#include <tuple>

#include "lib/engine/value_table.h"

namespace patron::internal {
namespace {

Cause cause_of(const EnginePending* facts, bool calibrated) {
  if (facts == nullptr) return calibrated ? Cause::kCalibration : Cause::kTime;
  return facts->corrected ? Cause::kCorrection : Cause::kEvent;
}

BookOptions book_options(const EngineOptions& options) {
  BookOptions book;
  book.memory_limit = options.memory_limit;
  book.refuse_after = options.refuse_after;
  return book;
}

}  // namespace

void EnginePending::add(const BookEffect& effect) {
  if (effect.late) fact_time = std::min(fact_time, effect.fact_time);
  late = late || effect.late;
  corrected = corrected || effect.corrected;
  quiet = quiet && effect.quiet;
}

EngineData::EngineData(Policy of, BookLayout layout, const EngineOptions& options)
    : policy(std::move(of)),
      book(std::move(layout), book_options(options)),
      settler(policy.data(), book.state()),
      shard(options.shard) {}

Status EngineData::torn() {
  return {Code::kState,
          "memory ran out in the middle of an earlier call; replay the facts into a new engine"};
}

void EngineData::note(const std::vector<BookEffect>& effects) {
  for (const BookEffect& effect : effects) pending_[{effect.at, effect.customer}].add(effect);
  members.resize(book.customers());
}

bool EngineData::before(uint32_t a, uint32_t b) const {
  const CustomerId x = book.id(a), y = book.id(b);
  return std::tie(x.number, x.text) < std::tie(y.number, y.text);
}

std::vector<uint32_t> EngineData::in_order(std::span<const CustomerId> customers) const {
  std::vector<uint32_t> rows;
  rows.reserve(customers.size());
  for (const CustomerId& id : customers) {
    const uint32_t row = book.find(id);
    if (row < members.size()) rows.push_back(row);
  }
  std::sort(rows.begin(), rows.end(), [this](uint32_t a, uint32_t b) { return before(a, b); });
  rows.erase(std::unique(rows.begin(), rows.end()), rows.end());
  return rows;
}

std::vector<uint32_t> EngineData::in_order() const {
  return rows_by_id(book.state(), static_cast<uint32_t>(members.size()));
}

Micros EngineData::next() const {
  Micros t = kEndTime;
  if (!pending_.empty()) t = pending_.begin()->first.first;
  if (!due_.empty()) t = std::min(t, due_.begin()->first);
  return std::min({t, calibration_due_, everyone_at_});
}

Status EngineData::settle_all(Micros t, Watch& watch, double share) {
  std::vector<uint32_t> order;
  for (auto it = pending_.lower_bound({t, 0}); it != pending_.end() && it->first.first == t; ++it) {
    order.push_back(it->first.second);
  }
  for (auto it = due_.lower_bound({t, 0}); it != due_.end() && it->first == t; ++it) {
    order.push_back(it->second);
  }
  const bool calibrated = everyone_at_ == t;
  if (calibrated) {
    std::vector<bool> concerned(members.size(), false);
    for (const uint32_t row : order) concerned[row] = true;
    for (const uint32_t row : rest_) concerned[row] = true;
    for (uint32_t row = 0; row < members.size() && rest_.empty(); ++row) {
      if (members[row].seen && book.survivor(row) == row) concerned[row] = true;
    }
    order = in_order();
    std::erase_if(order, [&](uint32_t row) { return !concerned[row]; });
    rest_.clear();
    everyone_at_ = kEndTime;
  } else if (order.size() > 1) {
    std::sort(order.begin(), order.end(), [this](uint32_t a, uint32_t b) { return before(a, b); });
    order.erase(std::unique(order.begin(), order.end()), order.end());
  }
  const size_t known = moves.size();
  Status status;
  for (size_t i = 0; i < order.size() && status.ok(); ++i) {
    if (settles_++ % kPollEvery == 0) status = watch.poll(share);
    if (status.ok()) {
      settle(order[i], t, calibrated);
    } else if (calibrated) {
      everyone_at_ = t;
      rest_.assign(order.begin() + static_cast<ptrdiff_t>(i), order.end());
    }
  }
  if (!order.empty() && calibration_due_ == kEndTime) schedule(t);
  if (!calibrated || notes.empty()) return status;
  uint32_t last = kNoCustomer;
  for (size_t i = known; i < moves.size(); ++i) {
    if (moves[i].cause == Cause::kCalibration && moves[i].customer != last) {
      last = moves[i].customer;
      ++notes.back().moved;
    }
  }
  return status;
}

Status EngineData::settle_all(Micros t) {
  const Control nobody;
  Watch watch(nobody);
  return settle_all(t, watch, 0);
}

void EngineData::settle(uint32_t row, Micros t, bool calibrated) {
  const auto found = pending_.find({t, row});
  const EnginePending* facts = found == pending_.end() ? nullptr : &found->second;
  EngineMember& member = members[row];
  const Settled& settled = settler.move(row, member.state, t);
  member.seen = true;
  for (const SettledMove& move : settled.moves) {
    EngineMove moved;
    moved.calibration = settler.constants()->number;
    moved.customer = row;
    moved.sequence = static_cast<int64_t>(member.history.size()) + 1;
    moved.move = move;
    moved.at = t;
    moved.cause = cause_of(facts, calibrated);
    moved.quiet = facts != nullptr && facts->quiet;
    if (facts != nullptr && facts->late) moved.fact_time = facts->fact_time;
    member.history.push_back(moves.size());
    moves.push_back(moved);
  }
  if (found != pending_.end()) pending_.erase(found);
  due_.erase({member.due, row});
  member.due = settled.next;
  if (member.due < kEndTime) due_.insert({member.due, row});
}

Result<std::vector<EngineMove>> EngineData::foresee(Micros until, Watch& watch) {
  std::vector<std::vector<std::pair<Micros, const EnginePending*>>> facts(members.size());
  for (const auto& [key, pending] : pending_) {
    facts[key.second].emplace_back(key.first, &pending);
  }
  std::vector<EngineMove> out;
  for (uint32_t row = 0; row < members.size(); ++row) {
    if (row % kPollEvery == 0) {
      Status status = watch.poll(static_cast<double>(row) / static_cast<double>(members.size()));
      if (!status.ok()) return status;
    }
    CustomerState state = members[row].state;
    Micros due = members[row].due;
    for (size_t waiting = 0;;) {
      const bool any = waiting < facts[row].size();
      const Micros t = any ? std::min(due, facts[row][waiting].first) : due;
      if (t > until || t >= kEndTime) break;
      const bool fact = any && facts[row][waiting].first == t;
      const Settled& settled = settler.move(row, state, t);
      for (const SettledMove& move : settled.moves) {
        EngineMove moved;
        moved.customer = row;
        moved.move = move;
        moved.at = t;
        moved.cause = cause_of(fact ? facts[row][waiting].second : nullptr, false);
        out.push_back(moved);
      }
      waiting += fact ? 1 : 0;
      due = settled.next;
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
    classes +=
        bytes(member.state.machines) + bytes(member.state.seats_lost) + bytes(member.state.kept);
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
