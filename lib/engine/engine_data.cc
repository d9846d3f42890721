#include "lib/engine/engine_data.h"

#include <algorithm>
#include <bit>
#include <tuple>
#include <utility>

#include "lib/engine/forecast_data.h"
#include "lib/engine/settle/decision.h"
#include "lib/engine/settle/unite.h"
#include "lib/engine/tables/value_table.h"

namespace patron::internal {

BookOptions book_options(const EngineOptions& options) {
  BookOptions book;
  book.memory_limit = options.memory_limit;
  book.refuse_after = options.refuse_after;
  return book;
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
      shard(options.shard),
      undecided_(is_undecided(policy.data())) {
  book.keep_long_tails(undecided_);
}

Status EngineData::check_dated(const Table& values) const {
  if (clock > kMinTime || values.find("time") >= 0 || values.rows() == 0) return {};
  return {Code::kState,
          "the clock has not been moved yet, so there is no instant from which these values hold: "
          "give one to each row in a column \"time\", or advance the clock first"};
}

// What finds no memory now waits in the inbox.
void EngineData::note(IngestReport& report, int stream, bool quiet) {
  try {
    if (report.late_rows.empty() && keep_fresh(report.effects, stream)) return;
    if (keep_late(report, stream, quiet)) return;
    drain();
    drain(report.effects, stream);
    drain_rows(report.late_rows, {clock, stream, quiet});
  } catch (const std::bad_alloc&) {
    inbox_.push_back(
        {std::move(report.effects), std::move(report.late_rows), {clock, stream, quiet}});
    report.effects.clear();
    report.late_rows.clear();
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
      for (; run > 0; --run, --left) {
        corrections_ = corrections_ || effects[left - 1].corrected;
        notes_.push(note_of(effects[left - 1], stream));
      }
    }
  } catch (const std::bad_alloc&) {
    effects.resize(left);
    throw;
  }
}

// The same of those whose rows are marked.
void EngineData::drain_rows(std::vector<uint64_t>& rows, const MarkedAs& of) {
  for (; !rows.empty(); rows.pop_back()) {
    const auto first = static_cast<uint32_t>((rows.size() - 1) * 64);
    for (uint64_t& left = rows.back(); left != 0; left &= left - 1) {
      const uint32_t row = first + static_cast<uint32_t>(std::countr_zero(left));
      const EventPage* page = book.state().streams[static_cast<size_t>(of.stream)].page_of(row);
      const Micros earliest = page == nullptr ? kEndTime : page->first_time(row % kPageCustomers);
      notes_.ready(of.at);
      notes_.push(note_of({row, of.at, earliest, true, false, of.quiet}, of.stream));
    }
  }
}

void EngineData::drain_all() {
  members.resize(book.customers());
  drain_fresh();
  while (!inbox_.empty()) {
    Arrived& last = inbox_.back();
    drain(last.effects, last.of.stream);
    drain_rows(last.late_rows, last.of);
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
  Micros t =
      std::min(notes_.first([](const EngineNote&) { return true; }), due_.first(LiveDue{*this}));
  if (claim_due_ < kEndTime) t = std::min(t, std::max(claim_due_, clock));
  return std::min({t, calibration_due_, everyone_at_});
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

EngineMemory EngineData::memory() const {
  const auto bytes = [](const auto& vector) { return vector.capacity() * sizeof(vector[0]); };
  size_t classes = bytes(members) + due_.bytes() + settler.bytes() + id_order_.bytes();
  if (measured_ != nullptr) classes += measured_->bytes();
  for (const EngineMember& member : members) {
    const CustomerState& state = member.state;
    classes += state.machines.heap_bytes() + state.seats_lost.heap_bytes() +
               state.kept.heap_bytes() + state.shown.heap_bytes() + state.overrides.heap_bytes();
    for (const TierState& machine : state.machines) {
      classes += machine.cool_until.heap_bytes() + machine.downs.heap_bytes();
    }
  }
  EngineMemory out;
  out.book = book.memory();
  out.classes = static_cast<int64_t>(classes);
  size_t waiting = notes_.bytes() + bytes(fresh_);
  for (const Arrived& arrived : inbox_)
    waiting += bytes(arrived.effects) + bytes(arrived.late_rows);
  out.waiting = static_cast<int64_t>(waiting);
  out.transitions = static_cast<int64_t>(moves.bytes());
  out.total = out.book.total + out.classes + out.waiting + out.transitions;
  return out;
}

std::string_view EngineData::class_name(int classification, int c) const {
  return internal::class_name(policy.data().classifications[static_cast<size_t>(classification)],
                              c);
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
  out.from = internal::class_name(which, move.move.from);
  out.to = internal::class_name(which, move.move.to);
  out.at = move.at;
  out.fact_time = move.fact_time;
  out.cause = move.cause;
  out.quiet = move.quiet;
  out.calibration = move.calibration;
  out.policy = move.policy;
  out.because = reasons_of(move.move, move.because, words.data(), atoms);
  return out;
}

Forecasts EngineData::forecasts(ComingMoves coming, const Policy& words) const {
  std::vector<std::string_view> texts;
  const bool numbers = policy.data().customer == Kind::kInt64;
  if (!numbers) texts.reserve(coming.size());
  for (size_t i = 0; i < coming.size() && !numbers; ++i) {
    if (i + kAhead < coming.size()) book.state().ids->fetch_own(coming.move(i + kAhead).customer);
    texts.push_back(book.id(coming.move(i).customer).text);
  }
  auto written = std::make_shared<const DecisionWords>(words);
  return Forecasts(std::make_shared<const ForecastData>(
      ForecastData{std::move(coming), std::move(written), std::move(texts)}));
}

EngineView EngineData::view() const {
  return {policy,
          book.state(),
          [this](uint32_t row) -> const CustomerState& { return members[row].state; },
          settler.constants(),
          clock,
          measured_.get()};
}

Cell EngineData::id_cell(uint32_t row) const {
  const CustomerId id = book.id(row);
  return policy.data().customer == Kind::kInt64 ? Cell::of(id.number) : Cell::of_text(id.text);
}

}  // namespace patron::internal
