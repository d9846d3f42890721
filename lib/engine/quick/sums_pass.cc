#include "lib/engine/quick/sums_pass.h"

#include <algorithm>
#include <bit>

#include "lib/engine/settle/packed_number.h"
#include "lib/engine/settle/settle_pass.h"
#include "lib/engine/settle/tier_rules.h"
#include "lib/engine/settle/tier_steps.h"
#include "lib/engine/settle/unite.h"

namespace patron::internal {

// All of them stand in the plan's table, and no sum is unknown.
struct SumsPass::Conditions {
  const QuickParts::Standing* of;
  uint64_t holds;

  static Truth is(bool holds) { return holds ? Truth::kTrue : Truth::kFalse; }
  Truth enter(int c) const { return is((of[c].enter & holds) != 0); }
  Truth keep(int c) const { return is((of[c].keep & holds) != 0); }
  bool nothing_above(int c) const { return c == kNoClass || (of[c].before & holds) == 0; }
};

std::unique_ptr<SumsPass> SumsPass::of(SettleParts& parts, QuickParts& quick) {
  const auto any = [](const std::vector<uint64_t>& bits) {
    return std::any_of(bits.begin(), bits.end(), [](uint64_t word) { return word != 0; });
  };
  const bool plain = quick.plan.whole && quick.all_simple && quick.rfm == nullptr &&
                     quick.sided.empty() && !any(quick.always) && !parts.joining_matters;
  if (!plain) return nullptr;
  std::unique_ptr<SumsPass> out(new SumsPass(parts, quick));
  for (const QuickParts::Step& step : quick.steps) {
    if (!out->take(step)) return nullptr;
  }
  const size_t sums = out->sums_.size();
  if (sums == 0 || sums > kMostSums || sums != quick.plan.table.tables().size()) return nullptr;
  uint64_t keys = 1;  // as wanted() makes them
  bool many = false;
  for (Sum& sum : out->sums_) {
    sum.rows = sum.places->rows();
    many = many || __builtin_mul_overflow(keys, sum.rows, &keys);
  }
  for (const Machine& machine : out->machines_) {
    many = many || __builtin_mul_overflow(keys, uint64_t{machine.classes} + 1, &keys);
  }
  if (many) return nullptr;
  // They are asked in the order of the tables, as QuickPass does.
  std::sort(out->sums_.begin(), out->sums_.end(),
            [](const Sum& a, const Sum& b) { return a.places < b.places; });
  std::vector<uint32_t> place(parts.policy.values.size());
  for (uint32_t s = 0; s < out->sums_.size(); ++s) {
    (out->sums_[s].falls ? out->falling_ : out->moving_).push_back(s);
    place[out->sums_[s].value] = s;
  }
  for (int bit = 0; bit < quick.plan.table.clauses(); ++bit) {
    std::vector<Need>& needs = out->needs_.emplace_back();
    for (const auto& need : quick.plan.table.needs(bit)) {
      needs.push_back({place[need.value], need.range});
    }
  }
  out->machine_count_ = parts.names.size();
  return out->find_deciders() ? std::move(out) : nullptr;
}

bool SumsPass::take(const QuickParts::Step& step) {
  constexpr size_t kMostStreams = 2;  // each is read each time
  switch (step.kind) {
    case QuickParts::Step::Kind::kSlot: {
      if (step.window == nullptr || step.places == nullptr || !step.places->is_whole())
        return false;
      sums_.push_back(
          {step.window, step.places, step.value, step.sum, step.falls, 0, {}, 0, nullptr});
      if (std::find(windows_.begin(), windows_.end(), step.window) == windows_.end()) {
        windows_.push_back(step.window);
      }
      return windows_.size() <= kMostStreams;
    }
    case QuickParts::Step::Kind::kCondition:
      shown_.push_back({step.value, -1, quick_.plan.values[step.value].condition.clauses});
      return step.table < 0;
    case QuickParts::Step::Kind::kMachines:
      return step.table < 0 && take_machines(step.value);
    default:
      return false;
  }
}

// They are all in the table.
bool SumsPass::take_machines(size_t value) {
  const size_t c = parts_.classification_of[value];
  if (quick_.tabled[c] == 0) return false;
  for (const SettleParts::Machine& machine : parts_.machines[c]) {
    const std::vector<QuickParts::Standing>& standings = quick_.standings[machine.state];
    const int flag = parts_.names[machine.state].flag;
    machines_.push_back({&machine, standings.data(), standings.size() - 1, c, flag});
  }
  return true;
}

// Which values decide each move: it has to be these alone, as PackedDecisions keeps them.
bool SumsPass::find_deciders() {
  for (size_t s = 0; s < sums_.size(); ++s) {
    shown_.push_back({sums_[s].value, static_cast<int>(s), 0});
  }
  std::sort(shown_.begin(), shown_.end(),
            [](const Shown& a, const Shown& b) { return a.value < b.value; });
  if (shown_.size() > kMostShown) return false;
  decided_.resize(parts_.policy.classifications.size());
  for (Machine& machine : machines_) {
    std::vector<Decided>& of = decided_[machine.classification];
    const auto which = static_cast<int>(machine.classification);
    of.resize(parts_.policy.classifications[machine.classification].classes.size());
    for (int c = 0; c < static_cast<int>(of.size()); ++c) {
      const auto left = quick_.decisions.parts_of({which, c, kNoClass});
      const auto entered = quick_.decisions.parts_of({which, kNoClass, c});
      if (!left.packs() || !entered.packs()) return false;
      of[static_cast<size_t>(c)] = {shown_bits(left.left), shown_bits(entered.entered)};
    }
    machine.decided = of.data();
  }
  return true;
}

uint32_t SumsPass::shown_bits(const PackedDecisions::Reads* reads) const {
  uint32_t bits = 0;
  for (size_t k = 0; reads != nullptr && k < shown_.size(); ++k) {
    const std::vector<uint32_t>& all = reads->values;
    if (std::find(all.begin(), all.end(), shown_[k].value) != all.end()) bits |= uint32_t{1} << k;
  }
  return bits;
}

// Where her sums stand as of t.
bool SumsPass::measure(uint32_t customer, Micros t) {
  for (QuickParts::SumWindow* window : windows_) {
    if (!window->sums.read(customer, t)) return false;
  }
  holds_ = ~uint64_t{0};
  change_ = TimeRange::kNever;
  for (Sum& sum : sums_) {
    if (!sum.window->sums.measure(sum.which, sum.now)) return false;
    sum.place = sum.places->place_of(sum.now.value);
    sum.row = &sum.places->at(sum.place);
    holds_ &= sum.row->holds;
    change_ = std::min(change_, sum.now.next_change);
  }
  return true;
}

// All that nearly every settling comes by is inline.
[[gnu::flatten]] bool SumsPass::run(uint32_t customer, CustomerState& state, Micros t) {
  quick_.begin(
      state);  // first: where memory runs out from here on, nothing of others is taken back
  if (!measure(customer, t)) return false;
  if (state.machines.size() != machine_count_) state.machines.resize(machine_count_);
  if (state.shown.size() != machine_count_) state.shown.resize(machine_count_);
  parts_.out.moves.clear();
  parts_.out.because.clear();
  until_ = kEndTime;
  settle(state, t);
  parts_.out.next = next_;
  return true;
}

bool SumsPass::foresee(uint32_t customer, const CustomerState& state, Micros due, Micros until) {
  const bool settled =
      state.machines.size() == machine_count_ && state.shown.size() == machine_count_;
  const auto cools = [](const TierState& own) { return !own.cool_until.empty(); };
  if (!settled || std::any_of(state.machines.begin(), state.machines.end(), cools)) return false;
  Settled& out = parts_.out;
  out.moves.clear();
  out.because.clear();
  out.at.clear();
  if (ahead_.machines.size() != machine_count_) {
    ahead_.machines.resize(machine_count_);
    ahead_.shown.resize(machine_count_);
  }
  for (size_t at = 0; at < machine_count_; ++at) {
    const TierState& own = state.machines[at];
    TierState& copy = ahead_.machines[at];  // without a cap, and where nothing cools, that is all
    copy.current = own.current, copy.since = own.since, copy.false_since = own.false_since;
    ahead_.shown[at] = state.shown[at];
  }
  until_ = until;
  change_ = kMinTime;
  for (Micros t = due; t <= until && t < kEndTime; t = next_) {
    if (t >= change_ && !measure(customer, t)) return false;
    quick_.before.clear();
    settle(ahead_, t);
    out.at.resize(out.moves.size(), t);
  }
  return true;
}

// Her machines, whose sums have been measured.
void SumsPass::settle(CustomerState& state, Micros t) {
  t_ = t, next_ = kEndTime;
  for (const Machine& machine : machines_) {
    const size_t at = machine.of->state;
    if (!stays(machine, state.machines[at], state.shown[at])) move(machine, state);
  }
  if (change_ > until_ || change_ >= kEndTime) return;
  const Wanted& stay = wanted(state);
  for (uint32_t left = stay.asked; left != 0; left &= left - 1) {
    const auto s = static_cast<size_t>(std::countr_zero(left));
    sooner(leaves(sums_[s], stay.ranges[s]));
  }
}

// Where nothing takes her up or lets her go: as the machine would step.
bool SumsPass::stays(const Machine& machine, const TierState& own, const ShownClass& shown) const {
  if (own.current == kNoClass || own.false_since || shown.current != own.current) return false;
  const QuickParts::Standing& standing = machine.standings[own.current];
  return (standing.before & holds_) == 0 && (standing.rests || (standing.stay & holds_) != 0);
}

void SumsPass::move(const Machine& machine, CustomerState& state) {
  const TierRules& rules = machine.of->rules;
  const size_t at = machine.of->state;
  TierState& own = state.machines[at];
  quick_.keep_before(at, state);
  const Conditions conditions{machine.standings, holds_};
  const bool moved = tier_steps::step(rules, own, conditions, t_, quick_.calendar).has_value();
  sooner(tier_steps::next_of_simple(rules, own, conditions, moved, t_, quick_.calendar));
  if (own.current != state.shown[at].current) show_change(machine, state);
}

// What it was decided by are values of the moment.
int64_t SumsPass::shown_value(size_t which) const {
  const Shown& shown = shown_[which];
  if (shown.sum >= 0) return sums_[static_cast<size_t>(shown.sum)].now.value;
  return (shown.clauses & holds_) != 0 ? 1 : 0;
}

// As PackedDecisions::parts_of() and pack(), of whole numbers that are known.
void SumsPass::write_because(const Machine& machine, const SettledMove& move) {
  uint32_t left = 0, entered = 0;
  if (machine.flag >= 0 ? move.to == kNoClass : !is_way_up(move.from, move.to)) {
    left = machine.decided[move.from].left;
  }
  if (move.to != kNoClass) entered = machine.decided[move.to].entered & ~left;
  TextList& because = parts_.out.because;
  PackedWholes packed(because.open());
  for (uint32_t bits : {left, entered}) {
    for (; bits != 0; bits &= bits - 1) {
      packed.add(shown_value(static_cast<size_t>(std::countr_zero(bits))));
    }
  }
  packed.finish();
  because.close();
}

void SumsPass::show_change(const Machine& machine, CustomerState& state) {
  const size_t at = machine.of->state;
  const int flag = machine.flag;
  const int current = state.machines[at].current;
  ShownClass& shown = state.shown[at];
  SettledMove move;
  move.classification = static_cast<int>(machine.classification);
  if (flag < 0) {
    move.from = shown.current, move.to = current;
  } else {
    (current == kFlagIn ? move.to : move.from) = flag;
  }
  if (flag < 0 || current == kFlagIn || shown.current == kFlagIn) {
    write_because(machine, move);
    parts_.out.moves.push_back(move);
  }
  SettlePass::note_move(shown, current);
  shown.current = current;
  shown.since = t_;
}

// It follows from where the sums and the machines stand.
const SumsPass::Wanted& SumsPass::wanted(const CustomerState& state) {
  uint64_t key = 0;
  for (const Sum& sum : sums_) key = key * sum.rows + sum.place;
  for (const Machine& machine : machines_) {
    const auto current = static_cast<uint64_t>(state.machines[machine.of->state].current) + 1;
    key = key * (machine.classes + 1) + current;
  }
  if (known_.empty()) known_.resize(size_t{1} << kKnownBits);
  Wanted& out = known_[place_of_key(key, kKnownBits)];
  if (out.key != key) find_wanted(state, key, out);
  return out;
}

void SumsPass::find_wanted(const CustomerState& state, uint64_t key, Wanted& out) {
  out = Wanted();
  holding_ = avoided_ = 0;
  for (const Machine& machine : machines_) {
    hold_on(machine, state.machines[machine.of->state].current, out);
  }
  want_ranges(out);
  out.key = key;
}

// As in quick_next.cc from here on.
void SumsPass::hold_on(const QuickParts::Standing& standing) {
  avoided_ |= standing.before;
  holding_ |= standing.held_by(holds_);
}

void SumsPass::hold_on(const Machine& machine, int current, Wanted& out) {
  if (current == kNoClass) {
    avoided_ |= machine.standings[machine.classes].before;
    return;
  }
  const QuickParts::Standing& standing = machine.standings[current];
  hold_on(standing);
  if (standing.rests || (standing.stay & holds_) != 0) return;
  avoided_ |= standing.stay;
  if (!machine.of->rules.hold_unknown) return;
  for (uint64_t left = standing.stay; left != 0; left &= left - 1) {
    for (const Need& need : needs_[static_cast<size_t>(std::countr_zero(left))]) {
      want(out, need.sum, ValueRange::none());
    }
  }
}

void SumsPass::want(Wanted& out, size_t sum, const ValueRange& range) {
  out.asked |= uint32_t{1} << sum;
  out.ranges[sum].cut(range);
}

void SumsPass::want_ranges(Wanted& out) const {
  for (uint64_t left = holding_; left != 0; left &= left - 1) {
    for (const Need& need : needs_[static_cast<size_t>(std::countr_zero(left))]) {
      want(out, need.sum, need.range);
    }
  }
  uint64_t open = avoided_ & ~holds_;
  for (const uint32_t s : falling_) open &= ~sums_[s].row->below;
  const auto keep = [&](uint32_t s, uint64_t kept, const ValueRange& range) {
    if ((open & kept) == 0) return;
    want(out, s, range);
    open &= ~kept;
  };
  constexpr ValueRange kAll;
  for (const uint32_t s : moving_) {
    if (open == 0) return;
    keep(s, sums_[s].row->below, {kAll.low, sums_[s].row->range.high});
  }
  for (const auto* list : {&falling_, &moving_}) {
    for (const uint32_t s : *list) {
      keep(s, sums_[s].row->above, {sums_[s].row->range.low, kAll.high});
    }
  }
  for (const auto* list : {&falling_, &moving_}) {
    for (const uint32_t s : *list) keep(s, ~sums_[s].row->holds, ValueRange::none());
  }
}

Micros SumsPass::leaves(const Sum& sum, const ValueRange& range) const {
  if (sum.falls && range.low <= 0) return TimeRange::kNever;
  const Micros until = sum.now.next_change;
  if (until >= kEndTime || !range.has(sum.now.value)) return until;
  return sum.window->sums.leaves_range(sum.which, range);
}

void SumsPass::let_go() {
  wipe(ahead_);
  for (Sum& sum : sums_) sum.now = WindowSum(), sum.place = 0, sum.row = nullptr;
}

}  // namespace patron::internal
