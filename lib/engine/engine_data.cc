#include "lib/engine/engine_data.h"

#include <algorithm>
#include <numeric>
#include <tuple>

#include "lib/engine/decision.h"
#include "lib/engine/unite.h"
#include "lib/engine/value_table.h"

namespace patron::internal {
namespace {

// Of what takes effect at an instant: links, then facts, then new constants and policies, then
// time.
Cause cause_of(const EnginePending& what, Cause of_the_rest) {
  if (what.merged) return Cause::kMerge;
  if (!what.facts) return of_the_rest;
  return what.corrected ? Cause::kCorrection : Cause::kEvent;
}

std::string_view name_in(const PolicyClassificationData& classification, int c) {
  if (c == kNoClass) return {};
  return classification.classes[static_cast<size_t>(c)].name;
}

}  // namespace

BookOptions book_options(const EngineOptions& options) {
  BookOptions book;
  book.memory_limit = options.memory_limit;
  book.refuse_after = options.refuse_after;
  return book;
}

EngineNote note_of(const BookEffect& effect, int stream) {
  EngineNote note;
  note.at = effect.at;
  note.row = effect.customer;
  note.fact = true;
  note.late = effect.late;
  if (effect.late) note.fact_time = effect.fact_time;
  note.corrected = effect.corrected;
  note.quiet = effect.quiet;
  if (stream < kBitStreams) note.stream = static_cast<int8_t>(stream);
  return note;
}

void EnginePending::add(const EngineNote& note) {
  merged = merged || note.merge;
  if (note.merge) changed = kAnyFacts;
  if (!note.fact) return;
  changed |= facts_of_stream(note.stream);
  facts = true;
  fact_time = std::min(fact_time, note.fact_time);
  late = late || note.late;
  corrected = corrected || note.corrected;
  quiet = quiet && note.quiet;
}

EngineData::EngineData(Policy of, BookLayout layout, const EngineOptions& options)
    : EngineData(std::move(of), Book(std::move(layout), book_options(options)), options) {}

EngineData::EngineData(Policy of, Book facts, const EngineOptions& options)
    : policy(std::move(of)),
      versions{{policy, kMinTime, {}}},
      book(std::move(facts)),
      settler(policy.data(), book.state()),
      shard(options.shard) {}

// What finds no memory now waits in the inbox.
void EngineData::note(std::vector<BookEffect>& effects, int stream) {
  try {
    drain();
    drain(effects, stream);
  } catch (const std::bad_alloc&) {
    inbox_.push_back({std::move(effects), stream});
    effects.clear();
  }
}

// Takes from the end, and what was taken is gone: the order makes no difference.
void EngineData::drain(std::vector<BookEffect>& effects, int stream) {
  members.resize(book.customers());
  size_t left = effects.size();
  try {
    while (left > 0) {
      const Micros at = effects[left - 1].at;
      size_t run = 1;
      while (run < left && notes_.together(effects[left - 1 - run].at, at)) ++run;
      notes_.ready(at, run);
      for (; run > 0; --run, --left) notes_.push(note_of(effects[left - 1], stream));
    }
  } catch (const std::bad_alloc&) {
    effects.resize(left);
    throw;
  }
}

void EngineData::drain() {
  if (members.size() == book.customers() && inbox_.empty() && met_done_ == met_.size()) return;
  members.resize(book.customers());
  while (!inbox_.empty()) {
    drain(inbox_.back().effects, inbox_.back().stream);
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
  return id_order_.standing(book.state(), static_cast<uint32_t>(members.size()));
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
  // What is void goes when it is most of it.
  if (due_.size() > due_limit_) {
    due_.erase_if([this](const EngineDue& due) { return !is_due(due); });
    due_limit_ = 2 * std::max(due_.size(), members.size()) + kSmallQueue;
  }
  Micros t = std::min(notes_.first([](const EngineNote&) { return true; }),
                      due_.first([this](const EngineDue& due) { return is_due(due); }));
  if (claim_due_ < kEndTime) t = std::min(t, std::max(claim_due_, clock));
  return std::min({t, calibration_due_, everyone_at_});
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
    const auto live = [&data](const EngineDue& due) { return data.is_due(due); };
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
    std::sort(rows.begin(), rows.end(), [this](uint32_t a, uint32_t b) { return before(a, b); });
    rows.erase(std::unique(rows.begin(), rows.end()), rows.end());
  }
  std::sort(agenda_.noted.begin(), agenda_.noted.end());
}

// Brings what settling the customers that come next of one queue will need into the cache, each
// step what the one before leads to.
template <typename Entry>
void EngineData::fetch_ahead(const CalendarQueue<Entry>& queue) const {
  const auto coming = [&](size_t ahead) {
    const Entry* entry = queue.coming(ahead);
    return entry != nullptr && entry->row < members.size() ? entry->row : kNoCustomer;
  };
  if (const uint32_t row = coming(kFarAhead); row != kNoCustomer) fetch_member(row);
  if (const uint32_t row = coming(kAhead); row != kNoCustomer) fetch_state(row);
  if (const uint32_t row = coming(kNearAhead); row != kNoCustomer) settler.fetch(row);
}

void EngineData::fetch_member(uint32_t row) const {
  const auto* member = reinterpret_cast<const char*>(&members[row]);
  for (size_t at = 0; at < sizeof(EngineMember); at += 64) __builtin_prefetch(member + at, 1);
  book.state().fetch_page(row);
}

void EngineData::fetch_state(uint32_t row) const {
  const CustomerState& state = members[row].state;
  __builtin_prefetch(state.machines.data(), 1);
  __builtin_prefetch(state.shown.data(), 1);
  book.state().fetch_log(row);
}

// Settles the customer who comes next, where she is the only one of her instant and nothing else
// happens then, no later than `until`: as settle_all() would. False, and nothing is changed, where
// it is not so.
bool EngineData::settle_alone(Micros until) {
  if (!inbox_.empty() || claim_due_ < kEndTime || everyone_at_ < kEndTime) return false;
  if (due_.size() > due_limit_ || met_done_ < met_.size()) return false;
  const auto all = [](const EngineNote&) { return true; };
  const auto live = [this](const EngineDue& due) { return is_due(due); };
  const Micros noted = notes_.first(all), due = due_.first(live);
  const Micros t = std::min(noted, due);
  if (t > until || t >= calibration_due_ || noted == due) return false;
  if (calibration_due_ == kEndTime && policy.data().calibrate != CalibrateEvery::kNever) {
    return false;
  }
  EnginePending what;
  if (noted < due) {
    const EngineNote* note = notes_.alone(t, all);
    if (note == nullptr) return false;
    fetch_ahead(notes_);
    what.add(*note);
    settle(book.survivor(note->row), t, what);
    notes_.drop(note);
  } else {
    const EngineDue* one = due_.alone(t, live);
    if (one == nullptr) return false;
    fetch_ahead(due_);
    const EngineDue entry = *one;
    settle(entry.row, t, what);
    // It may have been pushed anew; what is void goes with the next look.
    if (!is_due(entry)) return clock = std::max(clock, t), true;
    due_.drop(one);
  }
  clock = std::max(clock, t);
  return true;
}

// What settling leaves where there is nothing to settle. Does not fail.
void EngineData::mark_settled(EngineMember& member) {
  member.state.seen = true;
  ++member.settlings;
  member.epoch = epoch_;
  member.due = kEndTime;
}

// Settles the customers of plain facts, each by herself, where there is nothing to settle: in any
// order, for nobody moves. How many they are; absent, and nothing is done, where something else is
// on the agenda.
std::optional<size_t> EngineData::mark_agenda(bool everyone) {
  if (!decides_nothing() || book.state().links != nullptr || !agenda_.due.empty()) return {};
  const auto plain = [this](const EngineNote& note) {
    const CustomerState& state = members[note.row].state;
    return note.fact && !note.corrected && !state.linked && !state.parted &&
           state.overrides.empty();
  };
  const auto old = [this](const EngineMember& member) {
    return member.state.seen && member.epoch != epoch_;
  };
  const auto strange = [&old](const EngineMember& member) {
    const CustomerState& state = member.state;
    return old(member) && (state.linked || state.parted || !state.overrides.empty());
  };
  if (everyone && std::any_of(members.begin(), members.end(), strange)) return {};
  std::vector<EngineNote>& noted = agenda_.notes;
  if (!std::all_of(noted.begin(), noted.end(), plain)) return {};
  const auto by_row = [](const EngineNote& a, const EngineNote& b) { return a.row < b.row; };
  if (!std::is_sorted(noted.begin(), noted.end(), by_row)) {
    std::sort(noted.begin(), noted.end(), by_row);
  }
  size_t count = 0;
  uint32_t last = kNoCustomer;
  for (EngineNote& note : noted) {
    if (note.row != last) mark_settled(members[note.row]), ++count;
    last = note.row;
    note.done = true;
  }
  for (size_t row = 0; everyone && row < members.size(); ++row) {
    EngineMember& member = members[row];
    if (old(member)) mark_settled(member), ++count;
  }
  return count;
}

Status EngineData::settle_all(Micros t, Watch& watch, double share) {
  fetch_ahead(notes_);
  fetch_ahead(due_);
  AgendaInHand in_hand(*this);
  in_hand.take(t);
  const bool everyone = everyone_at_ == t;
  const std::optional<size_t> marked = mark_agenda(everyone);
  if (marked) {
    agenda_.rows.clear();
    if (*marked > 0) clock = std::max(clock, t);
  } else {
    order_agenda(everyone);
  }
  const bool anybody = marked ? *marked > 0 : !agenda_.rows.empty();
  if (anybody && calibration_due_ == kEndTime) calibration_due_ = calibration_after(t);
  for (const uint32_t row : agenda_.rows) {
    if (settles_++ % kPollEvery == 0) {
      if (Status status = watch.poll(share); !status.ok()) return status;
    }
    settle(row, t);
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

Cause EngineData::cause_at(Micros t, const SettledMove& move) const {
  if (everyone_at_ != t) return Cause::kTime;
  if (published_) return Cause::kPolicy;
  const bool read = settler.calibrated(static_cast<size_t>(move.classification));
  return read ? Cause::kCalibration : Cause::kTime;
}

// Settles her in the member's own state, of which scratch_ has a copy: where memory runs out it is
// as it was. Good until the settler is asked again.
const Settled& EngineData::move(EngineMember& member, uint32_t row, Micros t,
                                ChangedFacts changed) {
  const bool light = !plainly && settler.can_take_back(row, member.state);
  if (!light) scratch_ = member.state;
  try {
    const Settled& settled = plainly ? settler.move(row, member.state, t)
                                     : settler.move_quickly(row, member.state, t, changed);
    size_t because = 0;
    for (const std::string& one : settled.because) because += one.size();
    moves.ready(settled.moves.size(), because);
    if (settled.next < kEndTime) due_.ready(settled.next);
    return settled;
  } catch (const std::bad_alloc&) {
    light ? settler.take_back(member.state) : std::swap(member.state, scratch_);
    throw;
  }
}

void EngineData::settle(uint32_t row, Micros t) {
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
  EngineMember& member = members[row];
  if (is_nobody_yet(row, member.state, what, t)) return;
  const Settled& settled = move(member, row, t, what.changed);
  member.state.seen = true;
  bool calibrated = false;
  for (size_t i = 0; i < settled.moves.size(); ++i) {
    const SettledMove& move = settled.moves[i];
    EngineMove moved;
    moved.customer = row;
    moved.sequence = ++member.moves;
    moved.move = move;
    moved.at = t;
    moved.cause = move.by_override ? Cause::kOverride : cause_of(what, cause_at(t, move));
    calibrated = calibrated || moved.cause == Cause::kCalibration;
    moved.quiet = !move.by_override && what.facts && what.quiet && !what.merged;
    moved.calibration = settler.constants()->number;
    moved.policy = version();
    if (what.late) moved.fact_time = what.fact_time;
    moved.before = member.last_move;
    member.last_move = moves.size();
    std::string because = settler.take_because(i);
    moves.push(moved, because);
    std::fill(because.begin(), because.end(), '\0');
  }
  if (calibrated && !notes.empty()) ++notes.back().moved;
  ++member.settlings;
  member.epoch = epoch_;
  set_due(row, settled.next);
}

// There is room for it in due_. Where it stays as it was, it is there already.
void EngineData::set_due(uint32_t row, Micros due) {
  if (members[row].due == due) return;
  members[row].due = due;
  if (due < kEndTime) due_.push({due, row});
}

// There is room for it in notes_.
void EngineData::note_merge(Micros t, uint32_t row) {
  EngineNote note;
  note.at = t;
  note.row = row;
  note.merge = true;
  notes_.push(note);
}

void EngineData::note_override(Micros t, uint32_t row) {
  EngineNote note;
  note.at = t;
  note.row = row;
  notes_.push(note);
}

void EngineData::collect_moves(uint32_t row, std::vector<size_t>& out) const {
  const auto begin = static_cast<std::ptrdiff_t>(out.size());
  for (size_t i = members[row].last_move; i != kNoMove; i = moves.before(i)) out.push_back(i);
  std::reverse(out.begin() + begin, out.end());
}

// The rows of whoever has something ahead until then: nearly everybody has not.
std::vector<uint32_t> EngineData::rows_ahead(Micros until) const {
  std::vector<uint32_t> rows;
  if (everyone_at_ <= until) {
    rows.resize(members.size());
    std::iota(rows.begin(), rows.end(), uint32_t{0});
    return rows;
  }
  notes_.for_each_until(until,
                        [&](const EngineNote& note) { rows.push_back(book.survivor(note.row)); });
  due_.for_each_until(until, [&](const EngineDue& due) {
    if (is_due(due)) rows.push_back(due.row);
  });
  std::sort(rows.begin(), rows.end());
  rows.erase(std::unique(rows.begin(), rows.end()), rows.end());
  return rows;
}

Result<std::vector<EngineMove>> EngineData::foresee(Micros until, Watch& watch) {
  const UnderWay here(under_way);
  if (Status status = watch.poll(0); !status.ok()) return status;
  std::vector<std::pair<uint32_t, EngineNote>> waiting;  // by who stands for the id, and instant
  notes_.for_each_until(
      until, [&](const EngineNote& note) { waiting.emplace_back(book.survivor(note.row), note); });
  std::sort(waiting.begin(), waiting.end(), [](const auto& a, const auto& b) {
    return a.first != b.first ? a.first < b.first : a.second.at < b.second.at;
  });
  auto fact = waiting.begin();
  const std::vector<uint32_t> rows = rows_ahead(until);
  std::vector<EngineMove> found;
  CustomerState state;
  for (size_t k = 0; k < rows.size(); ++k) {
    if (k % kPollEvery == 0) {
      Status status = watch.poll(static_cast<double>(k) / static_cast<double>(rows.size()));
      if (!status.ok()) return status;
    }
    if (k + kAhead < rows.size()) fetch_member(rows[k + kAhead]);
    if (k + kNearAhead < rows.size()) fetch_state(rows[k + kNearAhead]);
    const uint32_t row = rows[k];
    const EngineMember& member = members[row];
    Micros due = member.due;
    while (fact != waiting.end() && fact->first < row) ++fact;
    Micros everyone = member.state.seen && member.epoch != epoch_ ? everyone_at_ : kEndTime;
    state = member.state;
    for (;;) {
      const bool any = fact != waiting.end() && fact->first == row;
      const Micros t = std::min({due, everyone, any ? fact->second.at : kEndTime});
      if (t > until || t >= kEndTime) break;
      EnginePending what;
      while (fact != waiting.end() && fact->first == row && fact->second.at == t) {
        what.add((fact++)->second);
      }
      if (is_nobody_yet(row, state, what, t)) continue;
      state.seen = true;
      const Settled& settled =
          plainly ? settler.move(row, state, t) : settler.move_quickly(row, state, t);
      for (size_t i = 0; i < settled.moves.size(); ++i) {
        const SettledMove& move = settled.moves[i];
        EngineMove moved;
        moved.customer = row;
        moved.move = move;
        moved.because = settler.take_because(i);
        moved.at = t;
        moved.cause = move.by_override ? Cause::kOverride : cause_of(what, cause_at(t, move));
        moved.policy = version();
        found.push_back(std::move(moved));
      }
      due = settled.next;
      everyone = kEndTime;
    }
  }
  wipe(state);
  std::vector<std::pair<Micros, size_t>> order;
  order.reserve(found.size());
  for (size_t i = 0; i < found.size(); ++i) order.emplace_back(found[i].at, i);
  std::sort(order.begin(), order.end(), [&](const auto& a, const auto& b) {
    if (a.first != b.first) return a.first < b.first;
    const uint32_t x = found[a.second].customer, y = found[b.second].customer;
    return x != y ? before(x, y) : a.second < b.second;
  });
  std::vector<EngineMove> out;
  out.reserve(found.size());
  for (const auto& [at, i] : order) out.push_back(std::move(found[i]));
  return out;
}

EngineMemory EngineData::memory() const {
  const auto bytes = [](const auto& vector) { return vector.capacity() * sizeof(vector[0]); };
  size_t classes = bytes(members) + due_.bytes() + settler.bytes() + id_order_.bytes();
  for (const EngineMember& member : members) {
    classes += bytes(member.state.machines) + bytes(member.state.seats_lost) +
               bytes(member.state.kept) + bytes(member.state.shown) + bytes(member.state.overrides);
    for (const TierState& machine : member.state.machines) {
      classes += bytes(machine.cool_until) + bytes(machine.downs);
    }
  }
  EngineMemory out;
  out.book = book.memory();
  out.classes = static_cast<int64_t>(classes);
  out.waiting = static_cast<int64_t>(notes_.bytes());
  out.transitions = static_cast<int64_t>(moves.bytes());
  out.total = out.book.total + out.classes + out.waiting + out.transitions;
  return out;
}

std::string_view EngineData::class_name(int classification, int c) const {
  return name_in(policy.data().classifications[static_cast<size_t>(classification)], c);
}

// In the words of the policy under which she moved.
Transition EngineData::show(const EngineMove& move) const {
  return show(move, versions[static_cast<size_t>(move.policy - 1)].policy, shown_atoms);
}

Transition EngineData::show(const EngineMove& move, const Policy& words, AtomCache& atoms) const {
  const PolicyClassificationData& which =
      words.data().classifications[static_cast<size_t>(move.move.classification)];
  Transition out;
  out.sequence = move.sequence;
  out.customer = book.id(move.customer);
  out.classification = which.seen.name;
  out.from = name_in(which, move.move.from);
  out.to = name_in(which, move.move.to);
  out.at = move.at;
  out.fact_time = move.fact_time;
  out.cause = move.cause;
  out.quiet = move.quiet;
  out.calibration = move.calibration;
  out.policy = move.policy;
  out.because = reasons_of(move.move, move.because, words.data(), atoms);
  return out;
}

std::vector<Forecast> EngineData::forecasts(std::vector<EngineMove> found,
                                            const Policy& words) const {
  std::vector<Forecast> out;
  out.reserve(found.size());
  const auto written = std::make_shared<const DecisionWords>(words);
  for (EngineMove& move : found) {
    const PolicyClassificationData& which =
        words.data().classifications[static_cast<size_t>(move.move.classification)];
    out.push_back({book.id(move.customer), which.seen.name, name_in(which, move.move.from),
                   name_in(which, move.move.to), move.at, move.cause,
                   Decision(written, move.move, std::move(move.because))});
  }
  return out;
}

EngineView EngineData::view() const {
  return {policy, book.state(),
          [this](uint32_t row) -> const CustomerState& { return members[row].state; },
          settler.constants(), clock};
}

Cell EngineData::id_cell(uint32_t row) const {
  const CustomerId id = book.id(row);
  return policy.data().customer == Kind::kInt64 ? Cell::of(id.number) : Cell::of_text(id.text);
}

}  // namespace patron::internal
