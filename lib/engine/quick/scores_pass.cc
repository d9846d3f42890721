#include "lib/engine/quick/scores_pass.h"

#include <algorithm>
#include <bit>
#include <utility>

#include "lib/engine/settle/settle_pass.h"
#include "lib/engine/settle/tier_rules.h"
#include "lib/engine/settle/tier_steps.h"

namespace patron::internal {

std::unique_ptr<ScoresPass> ScoresPass::of(SettleParts& parts, QuickParts& quick) {
  const bool always = std::any_of(quick.always.begin(), quick.always.end(),
                                  [](uint64_t word) { return word != 0; });
  const bool plain = quick.plan.whole && quick.all_simple && quick.rfm_window != nullptr &&
                     quick.memory.keeps() && quick.sided.empty() && !always &&
                     !parts.joining_matters && quick.steps.size() <= kMostItems;
  if (!plain) return nullptr;
  std::unique_ptr<ScoresPass> out(new ScoresPass(parts, quick));
  out->item_of_.resize(parts.policy.values.size());
  for (const QuickParts::Step& step : quick.steps) {
    if (!out->take(step)) return nullptr;
  }
  // What is made of orders in another way would have to be found at each of them.
  const bool apart = (out->others_ & out->rfm_.made_of()) == 0;
  return apart && out->weigh_places() ? std::move(out) : nullptr;
}

// Sorts out what stands where, and how. False where keys would be too large.
bool ScoresPass::weigh_places() {
  uint64_t keys = 1;
  bool many = false;
  const auto weigh = [&](uint64_t places) {
    const uint64_t weight = keys;
    many = many || __builtin_mul_overflow(keys, places, &keys);
    return weight;
  };
  for (const uint32_t place : placed_) {
    const Item& item = items_[place];
    const QuickParts::Step& step = *item.step;
    Placed at{static_cast<uint32_t>(step.table), 0};
    if (item.kind == Item::Kind::kFormula) {
      aside_.push_back(at.table);
      continue;
    }
    at.weight = weigh(step.places->rows());
    if (item.kind == Item::Kind::kOther) {
      standing_.push_back(at);
    } else if (item.kind == Item::Kind::kScore) {
      place_score(item, at);
    } else {
      sums_.push_back({at, place, orders_.sums.length(step.sum)});
    }
  }
  for (Machine& machine : machines_) machine.weight = weigh(machine.standings->size());
  return !many;
}

void ScoresPass::place_score(const Item& item, const Placed& at) {
  PlacedScore& score = scores_.emplace_back(PlacedScore{at, item.part, {}});
  for (int value = 0; value <= kMostScore; ++value) {
    score.place_of[static_cast<size_t>(value)] =
        static_cast<uint16_t>(item.step->places->place_of(value));
  }
}

bool ScoresPass::take(const QuickParts::Step& step) {
  using Kind = QuickParts::Step::Kind;
  Item item;
  item.step = &step;
  item.still = quick_.plan.values[step.value].still;
  const auto place = static_cast<uint32_t>(items_.size());
  const bool placed = step.table >= 0;
  switch (step.kind) {
    case Kind::kSlot:
      item.adds_up = step.window != nullptr || (quick_.metrics[step.value] != nullptr &&
                                                quick_.metrics[step.value]->adds_up());
      if (step.window == &orders_) {
        item.kind = Item::Kind::kSum;
        if (placed && !step.places->is_whole()) return false;
        if (!placed) unread_.push_back(step.slot);
      } else {
        others_ |= step.made_of;
        slots_.push_back(step.slot);
      }
      break;
    case Kind::kScore:
      item.kind = Item::Kind::kScore;
      item.part = rfm_.part(step.value);
      if (placed && !step.places->is_whole()) return false;
      break;
    case Kind::kFormula:
      item.kind = Item::Kind::kFormula;
      break;
    case Kind::kCondition:
      item.kind = Item::Kind::kCondition;
      if (placed) return false;
      break;
    case Kind::kMachines:
    case Kind::kAnew:
      if (placed || !take_classes(item)) return false;
      classes_.push_back(place);
      break;
  }
  if (placed) placed_.push_back(place);
  item_of_[step.value] = place;
  items_.push_back(item);
  return true;
}

// Grids over the scores, and machines all of whose conditions are in the table.
bool ScoresPass::take_classes(Item& item) {
  const size_t i = item.step->value;
  if (parts_.policy.values[i].tag.source != TagSource::kClassification) return false;
  const size_t c = parts_.classification_of[i];
  if (item.step->kind == QuickParts::Step::Kind::kAnew) {
    item.kind = Item::Kind::kGrid;
    item.first = static_cast<uint32_t>(grids_.size());
    grids_.push_back({static_cast<uint32_t>(c), parts_.machines[c].front().state});
    return rfm_.has_grid(c);
  }
  item.kind = Item::Kind::kMachines;
  item.first = static_cast<uint32_t>(machines_.size());
  for (const SettleParts::Machine& machine : parts_.machines[c]) {
    const std::vector<QuickParts::Standing>& standings = quick_.standings[machine.state];
    machines_.push_back({&machine, &standings, machine.state});
  }
  item.machines = static_cast<uint32_t>(machines_.size()) - item.first;
  return quick_.tabled[c] != 0;
}

bool ScoresPass::run(uint32_t customer, CustomerState& state, Micros t, ChangedFacts changed) {
  quick_.begin(
      state);  // first: where memory runs out from here on, nothing of others is taken back
  const size_t machines = parts_.names.size();
  if ((changed & others_) != 0 || !rfm_.calibrated()) return false;
  if (state.machines.size() != machines || state.shown.size() != machines) return false;
  if (known_.empty()) known_.resize(size_t{1} << kKnownBits);
  memory_ = quick_.memory.of(customer, parts_.book.customers);
  flags_ = static_cast<uint64_t>(memory_[0]);
  if ((flags_ & QuickParts::kSound) == 0) return false;
  for (const uint32_t slot : slots_) {
    if (memory_[2 + 2 * slot] <= t) return false;
  }
  customer_ = customer;
  t_ = t, next_ = kEndTime;
  same_orders_ = (changed & rfm_.made_of()) == 0;
  memory_[0] = 0;  // until it has come to its end
  const bool settled = settle(state);
  memory_[0] = static_cast<int64_t>(flags_);
  if (!settled) quick_.take_back(state);
  parts_.out.next = next_;
  return settled;
}

// False where QuickPass has to do it. What is remembered then is so nevertheless.
bool ScoresPass::settle(CustomerState& state) {
  parts_.out.moves.clear();
  parts_.out.because.clear();
  if (!same_orders_) {
    for (const uint32_t slot : unread_) memory_[2 + 2 * slot] = kMinTime;  // not known
  }
  uint64_t places = 0;
  if (!find_scores() || !find_places(places)) {
    flags_ &= ~QuickParts::kRfmKept;  // scores may be kept whose places are not
    return false;
  }
  const Known& found = known(state, places + key_of_classes(state));
  if (!found.plain) return false;
  if (!found.stay || waits(state)) {
    holds_ = found.holds, fails_ = found.fails;
    return step_all(state, places);
  }
  for (const Grid& one : grids_) grid(one, state);
  return look_ahead(found);
}

bool ScoresPass::look_ahead(const Known& found) {
  if (found.measures) sooner(rfm_.measured().next_change);
  if (found.falls) sooner(rfm_.leaves(QuickRfm::Part::kR, found.recency));
  for (size_t k = 0; k < found.count; ++k) {
    if (!look_ahead(items_[found.items[k]], found.wanted[k])) return false;
  }
  return true;
}

// Where values stand in their tables.
bool ScoresPass::find_places(uint64_t& key) {
  uint16_t* const all = places();
  for (const auto& [table, weight] : standing_) key += all[table] * weight;
  for (const uint32_t table : aside_) all[table] = QuickParts::kNowhere;
  for (const PlacedScore& one : scores_) {
    const uint16_t place = one.place_of[static_cast<size_t>(rfm_.score(one.part))];
    all[one.table] = place;
    key += place * one.weight;
  }
  for (const PlacedSum& one : sums_) {
    if (!find_sum(one, all[one.table])) return false;
    key += all[one.table] * one.weight;
  }
  return true;
}

// Whether a machine has something to do, whatever conditions say.
bool ScoresPass::waits(const CustomerState& state) const {
  const TierState* const all = state.machines.data();
  const ShownClass* const shown = state.shown.data();
  return std::any_of(machines_.begin(), machines_.end(), [=](const Machine& machine) {
    const TierState& own = all[machine.state];
    return own.current == kNoClass || own.false_since ||
           shown[machine.state].current != own.current;
  });
}

// What of a key is of the classes of machines.
uint64_t ScoresPass::key_of_classes(const CustomerState& state) const {
  uint64_t key = 0;
  for (const Machine& machine : machines_) {
    const auto current = static_cast<uint64_t>(state.machines[machine.state].current) + 1;
    key += current * machine.weight;
  }
  return key;
}

// It follows from the places and the classes.
const ScoresPass::Known& ScoresPass::find_known(const CustomerState& state, uint64_t key) {
  Known& out = known_[slot_of(key)];
  out = Known();
  out.plain = stand();
  out.holds = holds_, out.fails = fails_;
  out.stay = true;
  for (const Machine& machine : machines_) {
    const int current = state.machines[machine.state].current;
    out.stay = out.stay && stays(machine, current);
    hold_on(machine, current);
  }
  if (out.plain) want_ranges();
  out.fits = out.plain && std::popcount(asked_) <= static_cast<int>(Known::kMost);
  out.stay = out.stay && out.fits;
  for (uint64_t left = out.fits ? asked_ : 0; left != 0; left &= left - 1) {
    ask(out, static_cast<size_t>(std::countr_zero(left)));
  }
  out.key = key;
  return out;
}

// That a value stays where it is wanted.
void ScoresPass::ask(Known& out, size_t item) const {
  if (items_[item].still) return;
  if (items_[item].kind != Item::Kind::kScore) {
    out.items[out.count] = static_cast<uint8_t>(item);
    out.wanted[out.count++] = wanted_[item];
  } else if (items_[item].part == QuickRfm::Part::kR) {
    out.falls = true;
    out.recency = wanted_[item];
  } else {
    out.measures = true;
  }
}

// What the clauses are. False where a formula decides some.
bool ScoresPass::stand() {
  holds_ = ~uint64_t{0}, fails_ = holding_ = avoided_ = asked_ = 0;
  for (const uint32_t which : placed_) {
    const QuickParts::Step& step = *items_[which].step;
    const auto table = static_cast<size_t>(step.table);
    if (items_[which].kind == Item::Kind::kFormula) {
      if ((step.part & ~fails_) != 0) return false;
      quick_.rows[table] = &QuickParts::kNoRow;
      continue;
    }
    const ClauseRow& row = step.places->at(places()[table]);
    quick_.rows[table] = &row;
    holds_ &= row.holds;
    fails_ |= row.fails;
  }
  return true;
}

// Clauses are as they are found to be.
bool ScoresPass::step_all(CustomerState& state, uint64_t places) {
  for (const uint32_t place : classes_) {
    const Item& item = items_[place];
    if (item.kind == Item::Kind::kGrid) {
      grid(grids_[item.first], state);
      continue;
    }
    for (uint32_t m = item.first; m < item.first + item.machines; ++m) {
      if (!move(machines_[m], state)) return false;
    }
  }
  const Known& found = known(state, places + key_of_classes(state));
  return found.fits ? look_ahead(found) : look_ahead_anew(state);
}

// Where more has to stay as it is than is kept.
bool ScoresPass::look_ahead_anew(const CustomerState& state) {
  stand();
  for (const Machine& machine : machines_) hold_on(machine, state.machines[machine.state].current);
  want_ranges();
  for (uint64_t left = asked_; left != 0; left &= left - 1) {
    const auto place = static_cast<size_t>(std::countr_zero(left));
    if (!items_[place].still && !look_ahead(items_[place], wanted_[place])) return false;
  }
  return true;
}

// False, too, for who never bought, has no scores, or others than policies know.
bool ScoresPass::find_scores() {
  int64_t* const kept = memory_ + quick_.rfm_at;
  const bool standing = same_orders_ && (flags_ & QuickParts::kRfmKept) != 0;
  if (standing && QuickRfm::measures_stand(kept, t_)) {
    rfm_.fall(t_, kept);
  } else {
    WindowSum spend;
    const bool read =
        quick_.read_window(orders_, customer_, t_) && orders_.sums.measure(quick_.rfm_sum, spend);
    if (!read || !rfm_.find_of(orders_.sums.rows(quick_.rfm_sum), spend.value, t_, kept))
      return false;
    flags_ |= QuickParts::kRfmKept;
  }
  if (!rfm_.known() || !rfm_.measured().last_day) return false;
  const Scores& scores = rfm_.scores();
  return std::max({scores.r, scores.f, scores.m}) <= kMostScore;
}

bool ScoresPass::measure(const Item& item, WindowSum& out) {
  QuickParts::SumWindow& window = *item.step->window;
  return quick_.read_window(window, customer_, t_) && window.sums.measure(item.step->sum, out);
}

// Where she has not ordered for as long as its window lasts the sum is 0, and no order is looked
// at.
bool ScoresPass::find_sum(const PlacedSum& placed, uint16_t& place) {
  Item& item = items_[placed.item];
  int64_t* const kept = slot(item);
  item.read = false;
  if (same_orders_ && kept[1] > t_) return true;
  WindowSum sum;
  if (placed.length == 0 || t_ - rfm_.newest() < placed.length) {
    if (!measure(item, sum)) return false;
    item.read = true;
  }
  kept[0] = sum.value, kept[1] = sum.next_change;
  flags_ |= uint64_t{1} << item.step->slot;
  place = static_cast<uint16_t>(item.step->places->place_of(sum.value));
  return true;
}

// As QuickPass::grid().
void ScoresPass::grid(const Grid& grid, CustomerState& state) {
  const auto [to, until] = rfm_.find_segment(grid.classification);
  sooner(until);
  if (state.machines[grid.state].current != to || state.shown[grid.state].current != to) {
    move_in_grid(grid, to, state);
  }
}

void ScoresPass::move_in_grid(const Grid& grid, int to, CustomerState& state) {
  quick_.keep_before(grid.state, state);
  TierState& own = state.machines[grid.state];
  const int shown = state.shown[grid.state].current;
  if (own.current != to) own.current = to, own.since = t_;
  if (shown == to) return;
  TextList& because = parts_.out.because;
  PackedDecisions::pack_scores(rfm_.scores(), rfm_.shown(), rfm_.known(), because.open());
  because.close();
  SettledMove move;
  move.classification = static_cast<int>(grid.classification);
  move.from = shown, move.to = to;
  note(move, state, grid.state);
}

void ScoresPass::note(const SettledMove& move, CustomerState& state, size_t machine) {
  parts_.out.moves.push_back(move);
  ShownClass& shown = state.shown[machine];
  const int current = state.machines[machine].current;
  SettlePass::note_move(shown, current);
  shown.current = current;
  shown.since = t_;
}

// As QuickPass::stays().
bool ScoresPass::stays(const Machine& machine, int current) const {
  if (current == kNoClass) return false;
  const QuickParts::Standing& standing = (*machine.standings)[static_cast<size_t>(current)];
  return (standing.before & holds_) == 0 && (standing.rests || (standing.stay & holds_) != 0);
}

// As QuickPass::move_by_table().
bool ScoresPass::move(const Machine& machine, CustomerState& state) {
  const size_t at = machine.state;
  const TierRules& rules = machine.of->rules;
  TierState& own = state.machines[at];
  const bool rests = !own.false_since && state.shown[at].current == own.current;
  if (rests && stays(machine, own.current)) return true;
  quick_.keep_before(at, state);
  const TabledConditions conditions{machine.standings->data(), holds_, fails_};
  const bool moved = tier_steps::step(rules, own, conditions, t_, quick_.calendar).has_value();
  sooner(tier_steps::next_of_simple(rules, own, conditions, moved, t_, quick_.calendar));
  return own.current == state.shown[at].current || show_change(at, state);
}

// As QuickPass::show_change(). False where what decided it is not known here.
bool ScoresPass::show_change(size_t machine, CustomerState& state) {
  const MachineName& name = parts_.names[machine];
  const int current = state.machines[machine].current;
  const int shown = state.shown[machine].current;
  SettledMove move;
  move.classification = name.classification;
  if (name.flag < 0) {
    move.from = shown, move.to = current;
  } else {
    (current == kFlagIn ? move.to : move.from) = name.flag;
  }
  const PackedDecisions::Parts decided = quick_.decisions.parts_of(move);
  if (!decided.packs()) return false;
  bool known = true;
  decided.for_each_value([&](uint32_t i) { known = known && show(i); });
  if (!known) return false;
  TextList& because = parts_.out.because;
  quick_.decisions.pack(decided, parts_.cells, because.open());
  because.close();
  note(move, state, machine);
  return true;
}

// The cell of a value.
bool ScoresPass::show(uint32_t value) {
  Cell& cell = parts_.cells[value];
  Item& item = items_[item_of_[value]];
  if (item.step->value != value) return false;  // it is none of the plan's
  switch (item.kind) {
    case Item::Kind::kScore:
      cell = rfm_.cell(item.part);
      return true;
    case Item::Kind::kSum:
      if (slot(item)[1] <= t_ || item.step->table < 0) {
        WindowSum sum;
        if (!measure(item, sum)) return false;
        cell = Cell::of(sum.value);
        return true;
      }
      [[fallthrough]];
    case Item::Kind::kOther:
      if (quick_.slots[value].as != QuickParts::Slot::As::kWhole) return false;
      cell = has_value(item) ? Cell::of(slot(item)[0]) : Cell();
      return true;
    case Item::Kind::kCondition: {
      const TabledConditions all{nullptr, holds_, fails_};
      const Truth now = all.stands(quick_.plan.values[value].condition.clauses);
      cell = now == Truth::kUnknown ? Cell() : Cell::of(now == Truth::kTrue ? 1 : 0);
      return true;
    }
    default:
      return false;
  }
}

// As in quick_next.cc from here on.
void ScoresPass::hold_on(const QuickParts::Standing& standing) {
  avoided_ |= standing.before;
  holding_ |= standing.held_by(holds_);
}

void ScoresPass::hold_on(const Machine& machine, int current) {
  const std::vector<QuickParts::Standing>& standings = *machine.standings;
  if (current == kNoClass) {
    avoided_ |= standings.back().before;
    return;
  }
  const QuickParts::Standing& standing = standings[static_cast<size_t>(current)];
  hold_on(standing);
  if (standing.rests || (standing.stay & holds_) != 0) return;
  avoided_ |= standing.stay;
  if (!machine.of->rules.hold_unknown) return;
  for (uint64_t left = standing.stay; left != 0; left &= left - 1) {
    for (const auto& need : quick_.plan.table.needs(std::countr_zero(left))) {
      want(need.value, ValueRange::none());
    }
  }
}

void ScoresPass::want(uint32_t value, const ValueRange& range) {
  const uint32_t item = item_of_[value];
  const uint64_t bit = uint64_t{1} << item;
  if ((asked_ & bit) == 0) wanted_[item] = ValueRange();
  asked_ |= bit;
  wanted_[item].cut(range);
}

void ScoresPass::want_ranges() {
  for (uint64_t left = holding_; left != 0; left &= left - 1) {
    for (const auto& need : quick_.plan.table.needs(std::countr_zero(left))) {
      want(need.value, need.range);
    }
  }
  if (const uint64_t open = avoided_ & ~holds_; open != 0) {
    quick_.find_excuses(open,
                        [this](uint32_t value, const ValueRange& range) { want(value, range); });
  }
}

bool ScoresPass::look_ahead(const Item& item, const ValueRange& range) {
  switch (item.kind) {
    case Item::Kind::kScore:
      sooner(rfm_.leaves(item.part, range));
      return true;
    case Item::Kind::kSum:
    case Item::Kind::kOther:
      return leaves_range(item, range);
    default:
      return false;
  }
}

// As QuickPass::next_of_sum() and next_of_glance().
bool ScoresPass::leaves_range(const Item& item, const ValueRange& range) {
  const QuickParts::Step& step = *item.step;
  if (quick_.plan.values[step.value].falls && range.low <= 0) return true;
  const int64_t* const kept = slot(item);
  const Micros until = kept[1];
  if (!item.adds_up || until >= kEndTime || !has_value(item) || !range.has(kept[0])) {
    sooner(until);
    return true;
  }
  WindowSum again;
  const bool read = item.kind == Item::Kind::kSum && item.read;
  if (step.window == nullptr || (!read && !measure(item, again))) return false;
  sooner(step.window->sums.leaves_range(step.sum, range));
  return true;
}

}  // namespace patron::internal
