#include "lib/policy/terrain.h"

#include <algorithm>
#include <iterator>
#include <limits>
#include <set>
#include <utility>

#include "lib/expr/compiled.h"
#include "lib/policy/condition_reader.h"

namespace patron::internal::policy {
namespace {

bool is_whole(Base base) {
  return base == Base::kInt64 || base == Base::kMoney || base == Base::kDate ||
         base == Base::kTimestamp || base == Base::kDuration;
}

bool before(const Boundary& a, const Boundary& b, bool whole) {
  if (whole) return a.whole < b.whole;
  return a.at != b.at ? a.at < b.at : a.after < b.after;
}

// All cells, those outside of the domain included; null is none.
int32_t cells_of(const Thing& thing) {
  return thing.ordered ? static_cast<int32_t>(thing.boundaries.size()) + 1 : thing.all.high;
}

// The cell that a value of an ordered thing lies in: how many boundaries it has reached.
int32_t cell_at(const Thing& thing, int64_t value, double number) {
  const bool whole = is_whole(thing.base);
  const auto reached = [&](const Boundary& b) {
    return whole ? value >= b.whole : number > b.at || (number == b.at && !b.after);
  };
  const auto end = std::partition_point(thing.boundaries.begin(), thing.boundaries.end(), reached);
  return static_cast<int32_t>(end - thing.boundaries.begin());
}

// Where a value of cell `at` compares so, in `cells` cells.
std::vector<Piece> pieces(Cmp cmp, int32_t at, int32_t cells) {
  std::vector<Piece> out;
  const auto put = [&](int32_t low, int32_t high) {
    if (low < high) out.push_back({low, high});
  };
  switch (cmp) {
    case Cmp::kEq:
      put(at, at + 1);
      break;
    case Cmp::kNe:
      put(0, at);
      put(at + 1, cells);
      break;
    case Cmp::kLt:
      put(0, at);
      break;
    case Cmp::kLe:
      put(0, at + 1);
      break;
    case Cmp::kGt:
      put(at + 1, cells);
      break;
    case Cmp::kGe:
      put(at, cells);
      break;
  }
  return out;
}

std::vector<Piece> pieces(std::vector<int32_t> cells) {
  std::sort(cells.begin(), cells.end());
  std::vector<Piece> out;
  for (const int32_t cell : cells) {
    if (!out.empty() && cell <= out.back().high) {
      out.back().high = std::max(out.back().high, cell + 1);
    } else {
      out.push_back({cell, cell + 1});
    }
  }
  return out;
}

std::vector<Piece> complement(const std::vector<Piece>& yes, int32_t cells) {
  std::vector<Piece> out;
  int32_t from = 0;
  for (const Piece& piece : yes) {
    if (from < piece.low) out.push_back({from, piece.low});
    from = piece.high;
  }
  if (from < cells) out.push_back({from, cells});
  return out;
}

std::vector<Piece> both(const std::vector<Piece>& a, const std::vector<Piece>& b) {
  std::vector<Piece> out;
  for (size_t i = 0, j = 0; i < a.size() && j < b.size();) {
    const Piece common{std::max(a[i].low, b[j].low), std::min(a[i].high, b[j].high)};
    if (common.low < common.high) out.push_back(common);
    a[i].high < b[j].high ? ++i : ++j;
  }
  return out;
}

// The first piece that has a cell of the range, or none.
const Piece* first_in(const std::vector<Piece>& yes, const Range& range) {
  const auto found = std::partition_point(yes.begin(), yes.end(),
                                          [&](const Piece& p) { return p.high <= range.low; });
  return found == yes.end() || found->low >= range.high ? nullptr : &*found;
}

Truth not_of(Truth a) {
  return static_cast<Truth>((a & kUnknown) | ((a & kTrue) != 0 ? kFalse : 0) |
                            ((a & kFalse) != 0 ? kTrue : 0));
}

// Kleene's and, of all that the two can be.
Truth and_of(Truth a, Truth b) {
  Truth out = 0;
  if ((a & kTrue) != 0 && (b & kTrue) != 0) out |= kTrue;
  if (((a | b) & kFalse) != 0) out |= kFalse;
  if (((a & kUnknown) != 0 && (b & (kTrue | kUnknown)) != 0) ||
      ((b & kUnknown) != 0 && (a & (kTrue | kUnknown)) != 0)) {
    out |= kUnknown;
  }
  return out;
}

// Two halves at the edge of a piece, or of null.
Cut cut_at(int thing, const Range& range, const std::vector<Piece>& yes) {
  const Piece* piece = first_in(yes, range);
  if (piece != nullptr && piece->low > range.low) {
    return {thing, {piece->low, range.high, false}, {range.low, piece->low, range.null}};
  }
  if (piece != nullptr && piece->high < range.high) {
    return {thing, {range.low, piece->high, false}, {piece->high, range.high, range.null}};
  }
  if (range.null && range.low < range.high) {
    return {thing, {range.low, range.high, false}, {range.low, range.low, true}};
  }
  return {};
}

}  // namespace

int Terrain::add(const Expression& condition) {
  Condition out;
  ConditionReader(*this, out).read(condition.compiled());
  conditions_.push_back(std::move(out));
  return static_cast<int>(conditions_.size()) - 1;
}

// `has(x)` asks for the null of what is looked at anyway: x itself, or its age; else of x alone.
void Terrain::find_asked() {
  for (Condition& condition : conditions_) {
    for (Atom& atom : condition.atoms) {
      if (atom.asked.empty()) continue;
      const auto same = by_key_.find(atom.asked);
      if (same != by_key_.end()) {
        atom.thing = same->second;
        continue;
      }
      const Leaves& leaves = knowledge_.leaves(atom.asked);
      int only = -1, users = 0;
      for (size_t i = 0; i < things_.size(); ++i) {
        if (things_[i].leaves.ids != leaves.ids) continue;
        ++users;
        if (things_[i].plain && !things_[i].member) only = static_cast<int>(i);
      }
      if (users == 1 && only >= 0) {
        atom.thing = only;
        continue;
      }
      Thing thing;
      thing.text = atom.asked;
      thing.domain = knowledge_.domain(atom.asked);
      thing.leaves = leaves;
      thing.plain = true;
      thing.ordered = true;  // one cell, and null
      thing.base = Base::kDouble;
      atom.thing = static_cast<int>(things_.size());
      by_key_.emplace(atom.asked, atom.thing);
      things_.push_back(std::move(thing));
    }
  }
}

void Terrain::mark_entangled() {
  std::map<int, int> users, members;
  for (const Thing& thing : things_) {
    for (const int leaf : thing.leaves.ids) ++(thing.member ? members : users)[leaf];
  }
  for (Thing& thing : things_) {
    thing.entangled = !thing.plain || thing.leaves.many;
    for (const int leaf : thing.leaves.ids) {
      const int others = users[leaf] + (thing.member ? 1 : members[leaf]);
      thing.entangled = thing.entangled || others > 1;
    }
  }
}

// The boundaries that a comparison draws.
void Terrain::bound(const Atom& atom) {
  Thing& thing = things_[static_cast<size_t>(atom.thing)];
  if (is_text(thing.base)) {
    for (const std::string& text : atom.texts) {
      const auto [at, fresh] =
          thing.cell_of.try_emplace(text, static_cast<int32_t>(thing.choices.size()));
      if (fresh) thing.choices.push_back(text);
    }
    return;
  }
  const bool whole = is_whole(thing.base);
  const auto below = [&](int64_t value, double number) {
    thing.boundaries.push_back({number, value, false});
  };
  const auto above = [&](int64_t value, double number) {
    if (whole && value == std::numeric_limits<int64_t>::max()) return;
    thing.boundaries.push_back({number, whole ? value + 1 : 0, true});
  };
  for (const int64_t one : atom.wholes) below(one, 0), above(one, 0);
  for (const double one : atom.numbers) below(0, one), above(0, one);
  if (atom.op != Op::kCompare) return;
  const bool at_least = atom.cmp == Cmp::kGe || atom.cmp == Cmp::kLt;
  if (at_least || atom.cmp == Cmp::kEq || atom.cmp == Cmp::kNe) below(atom.whole, atom.number);
  if (!at_least) above(atom.whole, atom.number);
}

void Terrain::number_cells(Thing& thing) {
  thing.all.null = thing.domain.nullable;
  if (is_text(thing.base)) {
    thing.all.high = static_cast<int32_t>(thing.choices.size()) + (thing.closed ? 0 : 1);
    return;
  }
  if (!thing.ordered) {
    thing.all.high = 2;  // of a bool: no, yes
    return;
  }
  const bool whole = is_whole(thing.base);
  // Money is bounded in its own units, and no domain speaks of it.
  const std::optional<int64_t> low = thing.domain.low, high = thing.domain.high;
  const bool bounds = thing.base != Base::kMoney && !thing.boundaries.empty();
  if (bounds && low) thing.boundaries.push_back({static_cast<double>(*low), *low, false});
  if (bounds && high) {
    thing.boundaries.push_back({static_cast<double>(*high), whole ? *high + 1 : 0, true});
  }
  std::sort(thing.boundaries.begin(), thing.boundaries.end(),
            [&](const Boundary& a, const Boundary& b) { return before(a, b, whole); });
  const auto last = std::unique(thing.boundaries.begin(), thing.boundaries.end(),
                                [&](const Boundary& a, const Boundary& b) {
                                  return !before(a, b, whole) && !before(b, a, whole);
                                });
  thing.boundaries.erase(last, thing.boundaries.end());
  thing.all.high = static_cast<int32_t>(thing.boundaries.size()) + 1;
  if (bounds && low) thing.all.low = cell_at(thing, *low, static_cast<double>(*low));
  if (bounds && high) thing.all.high = cell_at(thing, *high, static_cast<double>(*high)) + 1;
}

void Terrain::place(Atom& atom) const {
  const Thing& thing = things_[static_cast<size_t>(atom.thing)];
  // Beyond the bounds of the domain there is nothing, so pieces may reach there.
  const int32_t cells = cells_of(thing);
  const auto cell = [&](const std::string& text) { return thing.cell_of.find(text)->second; };
  std::vector<int32_t> listed;
  switch (atom.op) {
    case Op::kHas:
      atom.yes = pieces(Cmp::kGe, 0, cells);
      atom.of_null = kFalse;
      return;
    case Op::kIsNull:
      atom.of_null = kTrue;
      return;
    case Op::kField:
      atom.yes = {{1, 2}};
      return;
    case Op::kInList:
      for (const int64_t one : atom.wholes) listed.push_back(cell_at(thing, one, 0));
      for (const double one : atom.numbers) listed.push_back(cell_at(thing, 0, one));
      for (const std::string& one : atom.texts) listed.push_back(cell(one));
      atom.yes = pieces(std::move(listed));
      return;
    default:
      atom.yes =
          pieces(atom.cmp,
                 atom.texts.empty() ? cell_at(thing, atom.whole, atom.number) : cell(atom.texts[0]),
                 cells);
      return;
  }
}

// The sides of a conjunction of atoms and negated atoms; false where the condition is something
// else.
bool Terrain::add_box(const Condition& condition) {
  struct Whole {
    int thing;
    std::vector<Piece> yes;
    bool null;
  };
  std::vector<Whole> all;
  std::vector<std::pair<int, bool>> open{{static_cast<int>(condition.steps.size()) - 1, false}};
  std::set<int> seen;
  while (!open.empty()) {
    const auto [at, negated] = open.back();
    open.pop_back();
    const Step& step = condition.steps[static_cast<size_t>(at)];
    if (step.kind == Step::Kind::kNot) {
      open.emplace_back(step.a, !negated);
    } else if (step.kind == (negated ? Step::Kind::kOr : Step::Kind::kAnd)) {
      if (!seen.insert(at).second) continue;
      open.emplace_back(step.a, negated);
      open.emplace_back(step.b, negated);
    } else if (step.kind == Step::Kind::kAtom) {
      const Atom& atom = condition.atoms[static_cast<size_t>(step.atom)];
      const Thing& thing = things_[static_cast<size_t>(atom.thing)];
      Whole one{atom.thing, negated ? complement(atom.yes, cells_of(thing)) : atom.yes,
                atom.of_null == (negated ? kFalse : kTrue)};
      const auto same = std::find_if(all.begin(), all.end(),
                                     [&](const Whole& other) { return other.thing == one.thing; });
      if (same == all.end()) {
        all.push_back(std::move(one));
      } else {
        same->yes = both(same->yes, one.yes);
        same->null = same->null && one.null;
      }
    } else {
      return false;
    }
  }
  for (Whole& one : all) {
    Side side;
    side.thing = one.thing;
    side.null = one.null;
    if (!one.yes.empty()) side.low = one.yes.front().low, side.high = one.yes.back().high;
    if (one.yes.size() > 1) {
      side.pieces = static_cast<int32_t>(pieces_.size());
      pieces_.push_back(std::move(one.yes));
    }
    sides_.push_back(side);
  }
  return true;
}

void Terrain::settle() {
  for (Thing& thing : things_) {
    thing.ordered = is_whole(thing.base) || thing.base == Base::kDouble;
    for (size_t i = 0; i < thing.choices.size(); ++i) {
      thing.cell_of.emplace(thing.choices[i], static_cast<int32_t>(i));
    }
  }
  find_asked();
  mark_entangled();
  for (const Condition& condition : conditions_) {
    for (const Atom& atom : condition.atoms) bound(atom);
  }
  for (Thing& thing : things_) {
    number_cells(thing);
    everywhere_.push_back(thing.all);
  }
  for (Condition& condition : conditions_) {
    for (Atom& atom : condition.atoms) {
      place(atom);
      condition.things.push_back(atom.thing);
    }
    std::sort(condition.things.begin(), condition.things.end());
    const auto last = std::unique(condition.things.begin(), condition.things.end());
    condition.things.erase(last, condition.things.end());
    Shape shape;
    shape.begin = static_cast<int32_t>(sides_.size());
    shape.box = add_box(condition);
    shape.end = static_cast<int32_t>(sides_.size());
    shape.weight =
        (shape.box ? shape.end - shape.begin : static_cast<int32_t>(condition.steps.size())) + 1;
    shapes_.push_back(shape);
  }
}

double Terrain::part(int condition, Ranges region) const {
  double out = 1;
  for (const Side& side : sides_of(condition)) {
    const Range& range = region[static_cast<size_t>(side.thing)];
    const int32_t taken = std::min(range.high, side.high) - std::max(range.low, side.low);
    const int32_t cells = range.high - range.low + (range.null ? 1 : 0);
    out *= static_cast<double>(std::max(taken, 0) + (range.null && side.null ? 1 : 0)) / cells;
  }
  return out;
}

bool Terrain::is_plain_box(int condition) const {
  const std::span<const Side> sides = sides_of(condition);
  return is_box(condition) &&
         std::all_of(sides.begin(), sides.end(), [](const Side& side) { return side.pieces < 0; });
}

Range Terrain::side_of(int condition, int thing) const {
  for (const Side& side : sides_of(condition)) {
    if (side.thing == thing) return {side.low, side.high, side.null};
  }
  return {0, std::numeric_limits<int32_t>::max(), true};
}

Truth Terrain::truth_of(const Atom& atom, const Range& range) {
  Truth out = range.null ? atom.of_null : Truth{0};
  if (range.low == range.high) return out;
  const Piece* piece = first_in(atom.yes, range);
  if (piece == nullptr) return out | kFalse;
  const bool all = piece->low <= range.low && piece->high >= range.high;
  return out | kTrue | (all ? 0 : kFalse);
}

Truth Terrain::truth(int condition, Ranges region) const {
  const Condition& of = conditions_[static_cast<size_t>(condition)];
  scratch_.resize(of.steps.size());
  const auto value = [&](int at) { return scratch_[static_cast<size_t>(at)]; };
  for (size_t i = 0; i < of.steps.size(); ++i) {
    const Step& step = of.steps[i];
    Truth& out = scratch_[i];
    switch (step.kind) {
      case Step::Kind::kConst:
        out = step.constant;
        break;
      case Step::Kind::kNot:
        out = not_of(value(step.a));
        break;
      case Step::Kind::kAnd:
        out = and_of(value(step.a), value(step.b));
        break;
      case Step::Kind::kOr:
        out = not_of(and_of(not_of(value(step.a)), not_of(value(step.b))));
        break;
      case Step::Kind::kAtom: {
        const Atom& atom = of.atoms[static_cast<size_t>(step.atom)];
        out = truth_of(atom, region[static_cast<size_t>(atom.thing)]);
        break;
      }
    }
  }
  return scratch_.back();
}

int Terrain::formula_doubt(int condition, Ranges region) const {
  constexpr int kMuch = 1'000'000;
  const Truth here = truth(condition, region);
  return (here & kTrue) == 0 ? -1 : here == kTrue ? 0 : kMuch;
}

std::vector<Piece> Terrain::pieces_of(const Side& side) const {
  if (side.pieces >= 0) return pieces_[static_cast<size_t>(side.pieces)];
  return side.low < side.high ? std::vector<Piece>{{side.low, side.high}} : std::vector<Piece>();
}

uint8_t Terrain::pieces_verdict(const Side& side, const Range& range) const {
  uint8_t out = !range.null ? 0 : side.null ? kCan : kCannot;
  if (range.low == range.high) return out;
  const Piece* piece = first_in(pieces_[static_cast<size_t>(side.pieces)], range);
  if (piece == nullptr) return out | kCannot;
  const bool all = piece->low <= range.low && piece->high >= range.high;
  return out | kCan | (all ? 0 : kCannot);
}

bool Terrain::narrow(int condition, std::span<Range> region) const {
  bool changed = false;
  for (const Side& side : sides_of(condition)) {
    Range& range = region[static_cast<size_t>(side.thing)];
    const Range before = range;
    range.null = range.null && side.null;
    range.low = std::max(range.low, side.low);
    range.high = std::max(range.low, std::min(range.high, side.high));
    changed = changed || !(range == before);
  }
  return changed;
}

Cut Terrain::cut(int condition, Ranges region) const {
  for (const Side& side : sides_of(condition)) {
    const Range& range = region[static_cast<size_t>(side.thing)];
    if (verdict_of(side, range) == (kCan | kCannot)) {
      return cut_at(side.thing, range, pieces_of(side));
    }
  }
  if (is_box(condition)) return {};
  for (const Atom& atom : conditions_[static_cast<size_t>(condition)].atoms) {
    const Range& range = region[static_cast<size_t>(atom.thing)];
    const Truth here = truth_of(atom, range);
    if ((here & (here - 1)) != 0) return cut_at(atom.thing, range, atom.yes);
  }
  return {};
}

bool Terrain::exact(int condition) const {
  const std::vector<int>& looked = conditions_[static_cast<size_t>(condition)].things;
  return std::none_of(looked.begin(), looked.end(),
                      [&](int thing) { return things_[static_cast<size_t>(thing)].entangled; });
}

bool Terrain::related(const std::vector<int>& conditions) const {
  std::set<int> looked, streams;
  for (const int condition : conditions) {
    const std::vector<int>& things = conditions_[static_cast<size_t>(condition)].things;
    looked.insert(things.begin(), things.end());
  }
  for (const int at : looked) {
    for (const int stream : things_[static_cast<size_t>(at)].leaves.streams) {
      if (!streams.insert(stream).second) return true;
    }
  }
  return false;
}

bool Terrain::moves(int condition) const {
  const std::vector<int>& looked = conditions_[static_cast<size_t>(condition)].things;
  return std::any_of(looked.begin(), looked.end(), [&](int at) {
    const Thing& thing = things_[static_cast<size_t>(at)];
    return thing.ordered && !thing.boundaries.empty();
  });
}

int Terrain::weaker_bound(int better, int worse) const {
  for (const Side& above : sides_of(better)) {
    const Thing& thing = things_[static_cast<size_t>(above.thing)];
    if (!thing.ordered || above.pieces >= 0 || above.low >= above.high) continue;
    for (const Side& below : sides_of(worse)) {
      if (below.thing != above.thing || below.pieces >= 0 || below.low >= below.high) continue;
      const bool at_least = above.high >= thing.all.high && below.high >= thing.all.high;
      const bool at_most = above.low <= thing.all.low && below.low <= thing.all.low;
      if (at_least && above.low < below.low) return above.thing;
      if (at_most && !at_least && above.high > below.high) return above.thing;
    }
  }
  return -1;
}

}  // namespace patron::internal::policy
