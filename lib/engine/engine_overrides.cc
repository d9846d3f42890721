// Overrides of a customer: given, ended, listed (docs/classifications.md).
#include <algorithm>
#include <utility>

#include "lib/base/nearest.h"
#include "lib/base/utf8.h"
#include "lib/engine/calibration/rank_keys.h"
#include "lib/engine/engine_data.h"
#include "lib/engine/settle/tier_rules.h"
#include "lib/policy/cursor.h"

namespace patron::internal {
namespace {

int place_of(std::span<const std::string> names, std::string_view name) {
  const auto found = std::find(names.begin(), names.end(), name);
  return found == names.end() ? -1 : static_cast<int>(found - names.begin());
}

Status unknown(const std::string& what, std::string_view name, std::string_view noun,
               std::span<const std::string> names) {
  const std::vector<std::string_view> known(names.begin(), names.end());
  return {Code::kColumn,
          "there is no " + what + " " + quoted(name) + known_names(name, noun, known)};
}

bool has_order(ClassificationKind kind) {
  return kind == ClassificationKind::kLadder || kind == ClassificationKind::kBands;
}

}  // namespace

Result<int> EngineData::classification(std::string_view name) const {
  std::vector<std::string> names;
  for (const auto& one : policy.data().classifications) names.push_back(one.seen.name);
  const int found = place_of(names, name);
  if (found < 0) return unknown("classification", name, "classifications", names);
  return found;
}

// The customer's row; Code::kArgument where she is not there.
Result<uint32_t> EngineData::row_of(CustomerId id) const {
  const uint32_t row = find(id);
  if (row != kNoCustomer) return row;
  return Status(Code::kArgument, "there is no customer " + (policy.data().customer == Kind::kInt64
                                                                ? std::to_string(id.number)
                                                                : quoted(id.text)));
}

std::string_view EngineData::shown_class(uint32_t row, int classification) const {
  const auto& what = policy.data().classifications[static_cast<size_t>(classification)];
  const auto machines = settler.machines();
  const SmallVector<ShownClass, 1>& shown = members[row].state.shown;
  for (size_t m = 0; m < shown.size(); ++m) {
    if (machines[m].classification != classification) continue;
    return class_name(classification, document_class(what, shown[m].current));
  }
  return {};
}

Result<StandingOverride> EngineData::check_override(uint32_t row, const Override& what) const {
  const Result<int> which = classification(what.classification);
  if (!which.ok()) return which.status();
  const auto& seen = policy.data().classifications[static_cast<size_t>(*which)];
  StandingOverride out;
  out.kind = what.kind;
  out.classification = *which;
  out.at = std::max(what.at, clock);
  out.until = what.until;
  out.reason = what.reason;
  out.author = what.author;
  const std::string name(override_kind_name(what.kind));
  if (what.kind == OverrideKind::kHold) {
    if (!what.to.empty()) {
      return Status(Code::kArgument,
                    "a hold keeps the class that she has; leave out " + quoted(what.to));
    }
  } else {
    if (what.to.empty()) {
      const std::vector<std::string_view> classes(seen.seen.classes.begin(),
                                                  seen.seen.classes.end());
      return Status(Code::kColumn, "a " + name + " names a class of " + seen.seen.name + ": give " +
                                       policy::listed(classes));
    }
    out.to = place_of(seen.seen.classes, what.to);
    if (out.to < 0)
      return unknown("class of " + seen.seen.name, what.to, "classes", seen.seen.classes);
  }
  const bool bound = what.kind == OverrideKind::kFloor || what.kind == OverrideKind::kCeiling;
  if (bound && !has_order(seen.seen.kind)) {
    return Status(Code::kArgument, "a " + name + " needs classes in an order, a ladder or bands; " +
                                       quoted(seen.seen.name) + " is of kind " +
                                       std::string(classification_kind_name(seen.seen.kind)));
  }
  if (out.until > kEndTime) {
    return Status(Code::kArgument, "the " + name + " ends after all time, " +
                                       format_time(kEndTime) +
                                       "; one that stays until it is cleared has no end");
  }
  if (out.until <= out.at) {
    return Status(Code::kArgument, "the " + name + " ends at " + format_time(out.until) +
                                       ", which is not after " + format_time(out.at) +
                                       ", when it begins");
  }
  const bool seat = what.kind == OverrideKind::kPin &&
                    seen.seen.kind == ClassificationKind::kRank &&
                    seen.classes[static_cast<size_t>(out.to)].top.has_value();
  if (seat && shown_class(row, *which) != what.to) {
    return Status(Code::kArgument, "class " + quoted(what.to) +
                                       " has a limited number of seats, and she has none; seats "
                                       "are given by a calibration");
  }
  return out;
}

// Ends what there is of that kind; true where there was one.
bool EngineData::end_override(CustomerState& state, int classification, OverrideKind kind) {
  bool any = false;
  for (StandingOverride& one : state.overrides) {
    if (one.kind != kind || one.classification != classification || one.removed) continue;
    any = one.removed = true;
  }
  erase_if(state.overrides, [](const StandingOverride& one) { return one.removed && !one.begun; });
  return any;
}

bool is_unseated(const PolicyData& policy, const Settler& settler, CustomerId id,
                 const StandingOverride& one) {
  const CalibrationData* constants = settler.constants().get();
  const auto which = static_cast<size_t>(one.classification);
  const PolicyClassificationData& what = policy.classifications[which];
  if (what.seen.kind != ClassificationKind::kRank) return false;
  const size_t machine = settler.machine_of(which);
  const bool held = one.kind == OverrideKind::kHold;
  const int in = !held ? one.to : machine < one.held.size() ? one.held[machine] : kNoClass;
  if (in == kNoClass || !what.classes[static_cast<size_t>(in)].top) return false;
  const auto* found =
      constants == nullptr ? nullptr : constants->find<RankConstants>(what.seen.name);
  if (found != nullptr && found->classes.size() != what.classes.size()) found = nullptr;
  return found == nullptr || !has_seat(found->classes[static_cast<size_t>(in)], id);
}

void EngineData::end_unseated(uint32_t row) {
  erase_if(members[row].state.overrides, [&](const StandingOverride& one) {
    return is_unseated(policy.data(), settler, book.id(row), one);
  });
}

Status EngineData::set_override(CustomerId id, const Override& what) {
  drain();
  const Result<uint32_t> row = row_of(id);
  if (!row.ok()) return row.status();
  Result<StandingOverride> one = check_override(*row, what);
  if (!one.ok()) return one.status();
  leave_idle();
  EngineMember& member = members[*row];
  CustomerState next = member.state;
  end_override(next, one->classification, one->kind);
  const Micros at = one->at;
  next.overrides.push_back(*std::move(one));
  // Whoever was never settled has nothing that it could change yet.
  const bool noted = next.seen;
  if (noted) notes_.ready(clock, 2), notes_.ready(at, 2);
  std::swap(member.state, next);
  if (!noted) return {};
  note_override(clock, *row);
  if (at != clock) note_override(at, *row);
  return {};
}

Status EngineData::clear_override(CustomerId id, std::string_view name, OverrideKind kind) {
  drain();
  const Result<uint32_t> row = row_of(id);
  if (!row.ok()) return row.status();
  const Result<int> which = classification(name);
  if (!which.ok()) return which.status();
  leave_idle();
  EngineMember& member = members[*row];
  CustomerState next = member.state;
  if (!end_override(next, *which, kind)) {
    return {Code::kState,
            "she has no " + std::string(override_kind_name(kind)) + " in " + quoted(name)};
  }
  const bool noted = next.seen;
  if (noted) notes_.ready(clock);
  std::swap(member.state, next);
  if (noted) note_override(clock, *row);
  return {};
}

std::vector<OverrideView> EngineData::overrides(CustomerId id) const {
  std::vector<OverrideView> out;
  const uint32_t row = find(id);
  if (row == kNoCustomer) return out;
  const CustomerState& state = members[row].state;
  const auto machines = settler.machines();
  for (const StandingOverride& one : state.overrides) {
    if (one.removed) continue;
    const auto& seen = policy.data().classifications[static_cast<size_t>(one.classification)];
    OverrideView& view = out.emplace_back();
    view.what = {one.kind, seen.seen.name, {}, one.at, one.until, one.reason, one.author};
    if (one.kind != OverrideKind::kHold) view.what.to = class_name(one.classification, one.to);
    view.in_force = one.begun;
    for (size_t m = 0; m < state.machines.size(); ++m) {
      if (machines[m].classification != one.classification) continue;
      if (machines[m].flag < 0) {
        view.own = class_name(one.classification, document_class(seen, state.machines[m].current));
        view.effective =
            class_name(one.classification, document_class(seen, state.shown[m].current));
      } else if (one.kind == OverrideKind::kPin && machines[m].flag == one.to) {
        if (state.machines[m].current == kFlagIn) view.own = class_name(one.classification, one.to);
        if (state.shown[m].current == kFlagIn)
          view.effective = class_name(one.classification, one.to);
      }
    }
  }
  return out;
}

}  // namespace patron::internal

namespace patron {
inline namespace v0 {

std::string_view override_kind_name(OverrideKind kind) {
  switch (kind) {
    case OverrideKind::kPin:
      return "pin";
    case OverrideKind::kHold:
      return "hold";
    case OverrideKind::kCeiling:
      return "ceiling";
    case OverrideKind::kFloor:
      break;
  }
  return "floor";
}

Status Engine::set_override(CustomerId customer, const Override& what) {
  return data_->set_override(customer, what);
}
Status Engine::clear_override(CustomerId customer, std::string_view classification,
                              OverrideKind kind) {
  return data_->clear_override(customer, classification, kind);
}
std::vector<OverrideView> Engine::overrides(CustomerId customer) const {
  return data_->overrides(customer);
}

}  // namespace v0
}  // namespace patron
