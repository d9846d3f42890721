#include "patron/engine.h"

#include <algorithm>
#include <utility>

#include "lib/base/sha256.h"
#include "lib/base/wiped.h"
#include "lib/engine/book_spec.h"
#include "lib/engine/calibration/calibration_names.h"
#include "lib/engine/engine_data.h"
#include "patron/time.h"

namespace patron {
inline namespace v0 {

using internal::EngineData;
using internal::EngineMove;

namespace {

// "2026-01-01T00:00:00+01:00"
std::string with_offset(const TimeZone& zone, Micros t) {
  const int32_t offset = zone.offset_at(t);
  std::string text = format_time(zone.to_wall(t));
  if (offset == 0 || !text.ends_with('Z')) return format_time(t);
  const std::string off = format_time((offset < 0 ? -offset : offset) * kMicrosPerSecond);
  text.back() = offset < 0 ? '-' : '+';
  return text + off.substr(off.find('T') + 1, offset % 60 == 0 ? 5 : 8);  // of 1970-01-01T01:00:00Z
}

// Whether time can go there: the clock, or what looks ahead of it.
Status check_ahead(Micros t, std::string_view what, const internal::EngineData& data) {
  if (t < kMinTime || t >= kEndTime) {
    return {Code::kArgument, std::string(what) + " can be from " + format_time(kMinTime) +
                                 " to before " + format_time(kEndTime)};
  }
  if (t >= data.clock) return {};
  const TimeZone& zone = data.policy.zone();
  return {Code::kArgument, with_offset(zone, t) + " is before the clock, " +
                               with_offset(zone, data.clock) + "; time does not go back"};
}

}  // namespace

std::string_view cause_name(Cause cause) {
  switch (cause) {
    case Cause::kEvent:
      return "event";
    case Cause::kTime:
      return "time";
    case Cause::kCorrection:
      return "correction";
    case Cause::kCalibration:
      return "calibration";
    case Cause::kPolicy:
      return "policy";
    case Cause::kOverride:
      return "override";
    case Cause::kMerge:
      break;
  }
  return "merge";
}

Engine::Engine(std::unique_ptr<EngineData> data) : data_(std::move(data)) {}
Engine::~Engine() = default;
Engine::Engine(Engine&&) noexcept = default;
Engine& Engine::operator=(Engine&&) noexcept = default;

Result<Engine> Engine::open(const Policy& policy, const EngineOptions& options) {
  Result<BookLayout> layout = BookLayout::make(internal::book_spec(policy.data()));
  if (!layout.ok()) return layout.status();
  return Engine(std::make_unique<EngineData>(policy, *std::move(layout), options));
}

const Policy& Engine::policy() const { return data_->policy; }
Micros Engine::clock() const { return data_->clock; }
int64_t Engine::customers() const { return data_->customers(); }
const BookLayout& Engine::layout() const { return data_->book.layout(); }
BookFacts Engine::facts() const { return data_->book.facts(); }
Micros Engine::next_due() const { return data_->next(); }
EngineMemory Engine::memory() const { return data_->memory(); }

Status Engine::ingest(std::string_view stream, const Table& events, const IngestOptions& options,
                      IngestReport* report) {
  IngestReport own;
  IngestReport& out = report != nullptr ? *report : own;
  const auto file = [&] {
    return data_->book.add(stream, events,
                           {.clock = data_->clock,
                            .quiet = options.quiet,
                            .threads = options.threads,
                            .mark_late = data_->marks_late()},
                           &out);
  };
  return data_->take(out, file, layout().find_stream(stream), options.quiet);
}

Status Engine::ingest(int stream, std::span<const BookEvent> events, const IngestOptions& options,
                      IngestReport* report) {
  if (report == nullptr) {
    if (events.size() == 1 && data_->take_one(stream, events[0], options.quiet)) return {};
    IngestReport own;
    return ingest(stream, events, options, &own);
  }
  const auto file = [&] {
    return data_->book.add(stream, events, {data_->clock, options.quiet}, report);
  };
  return data_->take(*report, file, stream, options.quiet);
}

Result<bool> Engine::ingest(int stream, const internal::EventFeed& events,
                            const IngestOptions& options, IngestReport* report) {
  if (!data_->book.read(stream, events)) return false;
  IngestReport own;
  IngestReport& out = report != nullptr ? *report : own;
  const auto file = [&] { return data_->book.add_read({data_->clock, options.quiet}, &out); };
  if (Status status = data_->take(out, file, stream, options.quiet); !status.ok()) return status;
  return true;
}

Status Engine::set_attributes(const Table& values, const IngestOptions& options,
                              IngestReport* report) {
  if (Status status = data_->check_dated(values); !status.ok()) return status;
  IngestReport own;
  IngestReport& out = report != nullptr ? *report : own;
  const auto file = [&] {
    return data_->book.set(values, {data_->clock, options.quiet, options.nulls}, &out);
  };
  return data_->take(out, file, -1, options.quiet);
}

Status Engine::remove(std::string_view stream, const Table& keys, const IngestOptions& options,
                      IngestReport* report) {
  IngestReport own;
  IngestReport& out = report != nullptr ? *report : own;
  const auto file = [&] {
    return data_->book.remove(stream, keys, {data_->clock, options.quiet}, &out);
  };
  return data_->take(out, file, -1, options.quiet);
}

Status Engine::advance(Micros t, const Control& control) {
  if (Status status = check_ahead(t, "the clock", *data_); !status.ok()) return status;
  return data_->pass(t, control);
}

std::vector<Transition> Engine::transitions(int64_t after, int64_t limit) const {
  std::vector<Transition> out;
  const auto count = static_cast<int64_t>(data_->moves.size());
  for (int64_t i = std::max<int64_t>(0, after); i < count && limit > 0; ++i) {
    const auto place = static_cast<size_t>(i);
    if (data_->moves.customer(place) == kNoCustomer) continue;
    out.push_back(data_->show(data_->moves[place]));
    out.back().number = i + 1;
    --limit;
  }
  return out;
}

int64_t Engine::transition_count() const { return static_cast<int64_t>(data_->moves.size()); }

std::vector<Transition> Engine::history(CustomerId customer) const {
  std::vector<Transition> out;
  data_->drain();
  const uint32_t row = data_->find(customer);
  if (row == kNoCustomer) return out;
  std::vector<size_t> all;
  const auto collect = [&](uint32_t id) { data_->collect_moves(id, all); };
  const internal::BookState& book = data_->book.state();
  book.linked(row) ? book.links->for_each(row, collect) : collect(row);
  std::sort(all.begin(), all.end());
  for (const size_t move : all) {
    out.push_back(data_->show(data_->moves[move]));
    out.back().number = static_cast<int64_t>(move) + 1;
  }
  return out;
}

Result<Table> Engine::classes() const {
  const std::vector<uint32_t> rows = data_->in_order();
  return data_->view().classes(rows, data_->next_changes(rows));
}

Result<Table> Engine::classes(std::span<const CustomerId> customers) const {
  const std::vector<uint32_t> rows = data_->in_order(customers);
  return data_->view().classes(rows, data_->next_changes(rows));
}

std::optional<CustomerId> Engine::customer_of(CustomerId id) const {
  return data_->view().customer_of(id);
}

Result<Table> Engine::identities() const { return data_->view().identities(data_->in_order()); }

Result<Table> Engine::identities(std::span<const CustomerId> ids) const {
  return data_->view().identities(ids);
}

Result<Table> Engine::profiles(const ProfilesOptions& options) const {
  const internal::UnderWay here(data_->under_way);
  std::vector<uint32_t> rows =
      options.customers ? data_->in_order(*options.customers) : data_->in_order();
  return data_->view().profiles(std::move(rows), options);
}

Result<Profile> Engine::profile(CustomerId customer) const {
  data_->drain();
  return data_->view().profile(data_->settler, customer);
}

Result<Table> Engine::profile_table(CustomerId customer) const {
  data_->drain();
  return data_->view().profile_table(data_->settler, customer);
}

Result<std::vector<ClassCount>> Engine::distribution(std::string_view classification) const {
  const std::vector<uint32_t> rows = data_->in_order();
  return data_->view().distribution(classification, rows);
}

Result<Forecasts> Engine::forecast(Micros until, const Control& control, int threads) const {
  if (Status status = check_ahead(until, "the end of a forecast", *data_); !status.ok()) {
    return status;
  }
  data_->drain();
  internal::Watch watch(control);
  // Identity keys that wait will join customers by then: what happens is seen on a copy.
  Result<internal::ComingMoves> moves = data_->claims_wait(until)
                                            ? data_->foresee_on_copy(until, control)
                                            : data_->foresee(until, watch, threads);
  if (!moves.ok()) return std::move(moves).status();
  return data_->forecasts(*std::move(moves), data_->policy);
}

std::string Engine::state_hash() const {
  internal::WipedString bytes;
  const auto put = [&bytes](int64_t value) {
    for (int shift = 0; shift < 64; shift += 8) bytes += static_cast<char>(value >> shift & 0xFF);
  };
  put(data_->clock);
  for (size_t v = 1; v < data_->versions.size(); ++v) bytes += data_->versions[v].policy.hash();
  if (data_->settler.constants()->number > 0) {
    bytes += std::string_view(internal::calibration_hash(*data_->settler.constants()));
  }
  for (const uint32_t row : data_->in_order()) {
    const CustomerId id = data_->book.id(row);
    const internal::EngineMember& member = data_->members[row];
    put(id.number), put(static_cast<int64_t>(id.text.size()));
    bytes += id.text;
    put(static_cast<int64_t>(member.state.machines.size()));
    const auto put_text = [&](std::string_view text) {
      put(static_cast<int64_t>(text.size()));
      bytes += text;
    };
    std::vector<uint32_t> ids;
    if (data_->book.state().linked(row)) {
      data_->book.state().links->for_each(row, [&](uint32_t other) { ids.push_back(other); });
    }
    internal::WipedVector<internal::WipedString> names;
    for (const uint32_t other : ids) {
      const CustomerId linked = data_->book.id(other);
      internal::WipedString& name = names.emplace_back(linked.text);
      name += '#';
      name += std::string_view(std::to_string(linked.number));
    }
    std::sort(names.begin(), names.end());
    for (const internal::WipedString& name : names) put_text(name);
    for (const internal::ShownClass& shown : member.state.shown) {
      put(shown.current), put(shown.said), put(shown.unseated ? 1 : 0), put(shown.since);
      put(shown.previous), put(shown.highest), put(shown.moves);
    }
    for (const internal::StandingOverride& one : member.state.overrides) {
      put(static_cast<int64_t>(one.kind)), put(one.classification), put(one.to);
      put(one.at), put(one.until), put(one.removed ? 1 : 0), put(one.begun ? 1 : 0);
      put_text(one.reason), put_text(one.author);
      for (const int held : one.held) put(held);
    }
    for (const internal::TierState& machine : member.state.machines) {
      put(machine.current), put(machine.since), put(machine.false_since.value_or(kEndTime));
      for (const Micros t : machine.cool_until) put(t);
      for (const Micros t : machine.downs) put(t);
    }
    for (const int64_t lost : member.state.seats_lost) put(lost);
    put(member.moves);
    std::vector<size_t> moves;
    data_->collect_moves(row, moves);
    for (const size_t index : moves) {
      const EngineMove moved = data_->moves.plain(index);
      put(moved.move.classification), put(moved.move.from), put(moved.move.to), put(moved.at);
      put(moved.fact_time.value_or(kEndTime)), put(static_cast<int64_t>(moved.cause));
      put(moved.quiet ? 1 : 0);
    }
  }
  return internal::sha256_hex(bytes);
}

}  // namespace v0
}  // namespace patron
