#include "lib/engine/settle/tier_rules.h"

#include <cmath>
#include <limits>

namespace patron::internal {
namespace {

LeaveAt leave_at(PolicyLeave::At at) {
  switch (at) {
    case PolicyLeave::At::kNow:
      return LeaveAt::kNow;
    case PolicyLeave::At::kMonthEnd:
      return LeaveAt::kMonthEnd;
    case PolicyLeave::At::kYearEnd:
      return LeaveAt::kYearEnd;
    case PolicyLeave::At::kAnniversary:
      return LeaveAt::kAnniversary;
    case PolicyLeave::At::kClassAnniversary:
      break;
  }
  return LeaveAt::kClassAnniversary;
}

LeaveTo leave_to(PolicyLeave::To to) {
  switch (to) {
    case PolicyLeave::To::kFirst:
      return LeaveTo::kFirst;
    case PolicyLeave::To::kNext:
      return LeaveTo::kNext;
    case PolicyLeave::To::kNamed:
      break;
  }
  return LeaveTo::kNamed;
}

TierRules::Class timers_of(const PolicyClass& from) {
  TierRules::Class out;
  out.has_enter = from.enter.has_value();
  out.has_keep = from.keep.has_value();
  out.min_dwell = from.min_dwell.value_or(Period());
  out.grace = from.grace.value_or(Period());
  out.cool_down = from.cool_down.value_or(Period());
  return out;
}

// The lower cut of class c, the highest band being 0; the lowest has none.
double lower_cut(std::span<const double> cuts, int c) {
  const size_t below = cuts.size() - static_cast<size_t>(c);  // cuts below its band
  return below == 0 ? -std::numeric_limits<double>::infinity() : cuts[below - 1];
}

Truth above(std::optional<double> value, double bound) {
  if (!value || !std::isfinite(*value)) return Truth::kUnknown;
  return *value >= bound ? Truth::kTrue : Truth::kFalse;
}

}  // namespace

TierRules ladder_rules(const PolicyClassificationData& classification) {
  TierRules rules;
  rules.hold_unknown = classification.hold_unknown;
  if (classification.cap) {
    rules.cap_moves = classification.cap->moves;
    rules.cap_per = classification.cap->per;
  }
  for (const PolicyClass& from : classification.classes) {
    TierRules::Class out = timers_of(from);
    out.to = leave_to(from.leave.to);
    out.at = leave_at(from.leave.at);
    for (size_t c = 0; c < classification.classes.size() && out.to == LeaveTo::kNamed; ++c) {
      if (classification.classes[c].name == from.leave.name) out.named = static_cast<int>(c);
    }
    rules.classes.push_back(out);
  }
  return rules;
}

TierRules flag_rules(const PolicyClass& flag) {
  TierRules rules;
  rules.classes.resize(2);
  rules.classes[kFlagIn] = timers_of(flag);
  rules.classes[kFlagOut].has_enter = false;
  return rules;
}

TierRules band_rules(const PolicyClassificationData& classification) {
  TierRules rules;
  rules.hold_unknown = classification.hold_unknown;
  for (size_t c = 0; c < classification.classes.size(); ++c) {
    TierRules::Class out;
    out.has_keep = true;
    out.min_dwell = classification.min_dwell.value_or(Period());
    out.grace = classification.grace.value_or(Period());
    rules.classes.push_back(out);
  }
  return rules;
}

Truth enters_band(std::span<const double> cuts, int c, std::optional<double> value) {
  return above(value, lower_cut(cuts, c));
}

Truth keeps_band(std::span<const double> cuts, double hysteresis, int c,
                 std::optional<double> value) {
  const double cut = lower_cut(cuts, c);
  return above(value, std::isfinite(cut) ? cut - hysteresis * std::fabs(cut) : cut);
}

}  // namespace patron::internal
