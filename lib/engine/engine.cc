#include "patron/engine.h"

#include <algorithm>
#include <utility>

#include "lib/base/nearest.h"
#include "lib/base/sha256.h"
#include "lib/base/utf8.h"
#include "lib/engine/book_spec.h"
#include "lib/engine/cell_table.h"
#include "lib/engine/engine_data.h"
#include "patron/time.h"

namespace patron {
inline namespace v0 {

using internal::EngineData;
using internal::EngineMove;
using internal::MetricValue;
using internal::Settled;

namespace {

// What users see of a value: its text, or the members of a set with commas between them.
std::string joined(const std::vector<std::string>& set) {
  std::string out;
  for (const std::string& member : set) {
    if (!out.empty()) out += ',';
    out += member;
  }
  return out;
}

Status late_clock(Micros t, Micros clock) {
  return {Code::kArgument, format_time(t) + " is before the clock, " + format_time(clock) +
                               "; time does not go back"};
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
      break;
  }
  return "calibration";
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
int64_t Engine::customers() const { return data_->book.customers(); }

Status Engine::ingest(std::string_view stream, const Table& events, const IngestOptions& options,
                      IngestReport* report) {
  IngestReport own;
  IngestReport& out = report != nullptr ? *report : own;
  return data_->attempt([&] {
    const Status status = data_->book.add(stream, events, {data_->clock, options.quiet}, &out);
    if (status.ok()) data_->note(out.effects);
    return status;
  });
}

Status Engine::set_attributes(const Table& values, const IngestOptions& options,
                              IngestReport* report) {
  IngestReport own;
  IngestReport& out = report != nullptr ? *report : own;
  return data_->attempt([&] {
    const Status status = data_->book.set(values, {data_->clock, options.quiet}, &out);
    if (status.ok()) data_->note(out.effects);
    return status;
  });
}

Status Engine::remove(std::string_view stream, const Table& keys, const IngestOptions& options,
                      IngestReport* report) {
  IngestReport own;
  IngestReport& out = report != nullptr ? *report : own;
  return data_->attempt([&] {
    const Status status = data_->book.remove(stream, keys, {data_->clock, options.quiet}, &out);
    if (status.ok()) data_->note(out.effects);
    return status;
  });
}

Status Engine::advance(Micros t) {
  if (t < kMinTime || t >= kEndTime) {
    return {Code::kArgument, "the clock can be from " + format_time(kMinTime) + " to before " +
                                 format_time(kEndTime)};
  }
  if (t < data_->clock) return late_clock(t, data_->clock);
  return data_->attempt([&] { return data_->pass(t); });
}

std::vector<Transition> Engine::transitions(int64_t after, int64_t limit) const {
  std::vector<Transition> out;
  const auto count = static_cast<int64_t>(data_->moves.size());
  for (int64_t i = std::max<int64_t>(0, after); i < count && limit > 0; ++i, --limit) {
    out.push_back(data_->show(data_->moves[static_cast<size_t>(i)]));
  }
  return out;
}

int64_t Engine::transition_count() const { return static_cast<int64_t>(data_->moves.size()); }

std::vector<Transition> Engine::history(CustomerId customer) const {
  std::vector<Transition> out;
  const uint32_t row = data_->book.find(customer);
  if (row >= data_->members.size()) return out;
  for (const size_t move : data_->members[row].history)
    out.push_back(data_->show(data_->moves[move]));
  return out;
}

Result<Table> Engine::classes() const {
  const auto& policy = data_->policy.data();
  internal::CellTable out;
  const size_t id = out.column("customer", policy.customer);
  std::vector<size_t> names, since;
  for (const auto& one : policy.classifications) {
    names.push_back(out.column(one.seen.name, Kind::kString));
    since.push_back(out.column(one.seen.name + "_since", Kind::kTimestamp));
  }
  const size_t next = out.column("next_change", Kind::kTimestamp);
  for (const uint32_t row : data_->in_order()) {
    const internal::EngineMember& member = data_->members[row];
    const Settled now = data_->settler.look(row, member.state, data_->clock);
    out.push(id, data_->id_cell(row));
    for (size_t c = 0; c < policy.classifications.size(); ++c) {
      const MetricValue& held = now.values[data_->settler.value_of(c)];
      const std::string text = held.is_set ? joined(held.set) : held.text;
      const bool in_one = held.known() && !text.empty();
      out.push(names[c], in_one ? Cell::of_text(text) : Cell());
      out.push(since[c], in_one && now.since[c] ? Cell::of(*now.since[c]) : Cell());
    }
    out.push(next, member.due < kEndTime ? Cell::of(member.due) : Cell());
  }
  return out.finish();
}

Result<Table> Engine::profiles() const {
  const auto& policy = data_->policy.data();
  internal::CellTable out;
  const size_t id = out.column("customer", policy.customer);
  std::vector<size_t> columns;
  for (const auto& value : policy.values) {
    const Kind kind = value.tag.kind == Kind::kEnumSet ? Kind::kString : value.tag.kind;
    columns.push_back(out.column(value.tag.name, kind, value.unit));
  }
  for (const uint32_t row : data_->in_order()) {
    const Settled now = data_->settler.look(row, data_->members[row].state, data_->clock);
    out.push(id, data_->id_cell(row));
    for (size_t i = 0; i < policy.values.size(); ++i) {
      Cell cell = now.values[i].cell;
      const std::string set = joined(now.values[i].set);
      if (now.values[i].is_set) {
        cell = Cell::of_text(set);
      } else if (!now.values[i].text.empty()) {
        cell.text = now.values[i].text;
      }
      out.push(columns[i], cell);
    }
  }
  return out.finish();
}

Result<std::vector<ClassCount>> Engine::distribution(std::string_view classification) const {
  const auto& policy = data_->policy.data();
  std::vector<std::string_view> known;
  for (const auto& one : policy.classifications) known.push_back(one.seen.name);
  const auto found = std::find(known.begin(), known.end(), classification);
  if (found == known.end()) {
    return Status(Code::kColumn, "there is no classification " + internal::quoted(classification) +
                                     internal::did_you_mean(classification, known));
  }
  const auto& what = policy.classifications[static_cast<size_t>(found - known.begin())];
  const size_t index = data_->settler.value_of(static_cast<size_t>(found - known.begin()));
  std::vector<ClassCount> counts;
  for (const auto& one : what.classes) counts.push_back({one.name, 0});
  int64_t nowhere = 0;
  for (uint32_t row = 0; row < data_->members.size(); ++row) {
    const Settled now = data_->settler.look(row, data_->members[row].state, data_->clock);
    const MetricValue& held = now.values[index];
    bool in_one = false;
    for (ClassCount& count : counts) {
      const bool here =
          held.is_set ? std::find(held.set.begin(), held.set.end(), count.name) != held.set.end()
                      : held.known() && held.text == count.name;
      count.customers += here ? 1 : 0;
      in_one = in_one || here;
    }
    nowhere += in_one ? 0 : 1;
  }
  if (nowhere > 0) counts.push_back({{}, nowhere});
  return counts;
}

Result<std::vector<Forecast>> Engine::forecast(Micros until) const {
  if (until < data_->clock) return late_clock(until, data_->clock);
  std::vector<Forecast> out;
  for (const EngineMove& moved : data_->foresee(until)) {
    const Transition seen = data_->show(moved);
    out.push_back({seen.customer, seen.classification, seen.from, seen.to, seen.at, seen.cause});
  }
  return out;
}

std::string Engine::state_hash() const {
  std::string bytes;
  const auto put = [&bytes](int64_t value) {
    for (int shift = 0; shift < 64; shift += 8) bytes += static_cast<char>(value >> shift & 0xFF);
  };
  put(data_->clock);
  if (data_->settler.constants()->number > 0) {
    bytes += internal::calibration_hash(*data_->settler.constants());
  }
  for (const uint32_t row : data_->in_order()) {
    const CustomerId id = data_->book.id(row);
    const internal::EngineMember& member = data_->members[row];
    put(id.number), put(static_cast<int64_t>(id.text.size()));
    bytes += id.text;
    put(static_cast<int64_t>(member.state.machines.size()));
    for (const internal::TierState& machine : member.state.machines) {
      put(machine.current), put(machine.since), put(machine.false_since.value_or(kEndTime));
      for (const Micros t : machine.cool_until) put(t);
      for (const Micros t : machine.downs) put(t);
    }
    for (const int64_t lost : member.state.seats_lost) put(lost);
    put(static_cast<int64_t>(member.history.size()));
    for (const size_t index : member.history) {
      const EngineMove& moved = data_->moves[index];
      put(moved.move.classification), put(moved.move.from), put(moved.move.to), put(moved.at);
      put(moved.fact_time.value_or(kEndTime)), put(static_cast<int64_t>(moved.cause));
      put(moved.quiet ? 1 : 0);
    }
  }
  return internal::sha256_hex(bytes);
}

}  // namespace v0
}  // namespace patron
