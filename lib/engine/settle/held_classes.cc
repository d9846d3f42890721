#include "lib/engine/settle/held_classes.h"

#include "lib/engine/settle/tier_rules.h"

namespace patron::internal {

HeldClasses::HeldClasses(const PolicyData& policy) : policy_(policy) {
  size_t next = 0;
  for (const PolicyClassificationData& one : policy.classifications) {
    machines_.push_back(next);
    next += one.seen.kind == ClassificationKind::kFlags ? one.classes.size() : 1;
  }
}

const ShownClass* HeldClasses::machine(size_t classification, size_t flag,
                                       const CustomerState& state) const {
  const size_t at = machines_[classification] + flag;
  if (at >= state.shown.size() || state.shown[at].current == kNoClass) return nullptr;
  return &state.shown[at];
}

int HeldClasses::of(size_t classification, const CustomerState& state) const {
  const ShownClass* held = machine(classification, 0, state);
  return held == nullptr ? kNoClass : document_class(what(classification), held->current);
}

std::optional<Micros> HeldClasses::since(size_t classification, const CustomerState& state) const {
  const ShownClass* held = machine(classification, 0, state);
  return held == nullptr ? std::nullopt : std::optional(held->since);
}

MetricValue HeldClasses::history(const PolicyHistory& of, const CustomerState& state,
                                 Micros now) const {
  MetricValue out;
  const size_t at = machines_[of.classification];
  const ShownClass none;
  const ShownClass& held = at < state.shown.size() ? state.shown[at] : none;
  const auto put_class = [&](int c) {
    out.cell.known = c != kNoClass;
    if (!out.cell.known) return;
    const PolicyClassificationData& classes = what(of.classification);
    out.text = classes.classes[static_cast<size_t>(document_class(classes, c))].name;
  };
  switch (of.what) {
    case PolicyHistory::What::kPrevious:
      put_class(held.previous);
      break;
    case PolicyHistory::What::kHighest:
      put_class(held.highest);
      break;
    case PolicyHistory::What::kSince:
      if (held.current != kNoClass) out.cell = Cell::of(held.since);
      break;
    case PolicyHistory::What::kTimeIn:
      if (held.current != kNoClass) out.cell = Cell::of(now - held.since);
      break;
    case PolicyHistory::What::kMoves:
      out.cell = Cell::of(held.moves);
  }
  return out;
}

bool HeldClasses::has_flag(size_t classification, size_t flag, const CustomerState& state) const {
  const ShownClass* held = machine(classification, flag, state);
  return held != nullptr && held->current == kFlagIn;
}

std::vector<std::string> HeldClasses::flags(size_t classification,
                                            const CustomerState& state) const {
  std::vector<std::string> out;
  const std::vector<PolicyClass>& classes = what(classification).classes;
  for (size_t flag = 0; flag < classes.size(); ++flag) {
    if (has_flag(classification, flag, state)) out.push_back(classes[flag].name);
  }
  return out;
}

}  // namespace patron::internal
