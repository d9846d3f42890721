// The ground on which conditions are compared: every different thing they look at, cut into the few
// cells between which they can tell.
//
//   Knowledge nothing;
//   Terrain terrain(nothing);
//   const int rich = terrain.add(*Expression::parse("spend > 1000 || vip", schema));
//   terrain.settle();          // spend: up to 1000, above, unknown; vip: no, yes, unknown
//   terrain.verdict(rich, terrain.everywhere());   // kCan | kCannot
//
// A thing is a field, or what an expression computes before it compares (`age(last_order)`); two
// things that are made of one field may hang together in a way that is not known here, and are then
// `entangled`. Metrics of one stream hang together too (who has no orders has no last one): they
// are `related`, and a customer who is found by them may not be possible. Thread class: serial.
#pragma once

#include <algorithm>
#include <cstdint>
#include <map>
#include <span>
#include <string>
#include <vector>

#include "lib/expr/graph.h"
#include "lib/policy/knowledge.h"
#include "patron/expression.h"

namespace patron::internal::policy {

/// Which values a condition can take, as bits.
using Truth = uint8_t;
inline constexpr Truth kTrue = 1, kFalse = 2, kUnknown = 4;
inline constexpr Truth kNotTrue = kFalse | kUnknown;

/// Cells [low, high) of a thing, and whether it may be null.
struct Range {
  int32_t low = 0, high = 0;
  bool null = false;
  bool operator==(const Range&) const = default;
};

/// A range of each thing.
using Region = std::vector<Range>;
using Ranges = std::span<const Range>;

/// Cells [low, high).
struct Piece {
  int32_t low = 0, high = 0;
};

/// Whether its cells are texts that are named, and the others.
inline bool is_text(Base base) { return base == Base::kString || base == Base::kEnum; }

/// One boundary of an ordered thing: below it, or not.
struct Boundary {
  double at = 0;       ///< doubles
  int64_t whole = 0;   ///< whole numbers: the first that is not below
  bool after = false;  ///< doubles: `at` itself is below
};

struct Thing {
  std::string text;  ///< as it is written
  Base base = Base::kBool;
  MoneyUnit unit;
  bool ordered = false;  ///< cells are ranges between boundaries
  std::vector<Boundary> boundaries;
  std::vector<std::string> choices;  ///< else: the texts that are named, each a cell, then others
  std::map<std::string, int32_t, std::less<>> cell_of;  ///< of each choice
  bool closed = false;                                  ///< there are no other texts
  bool plain = false;   ///< each of its cells can be met with: a field, or the age of one
  bool member = false;  ///< of a set that is never null: independent of the set's other members
  Domain domain;
  Leaves leaves;
  bool entangled = false;
  Range all;  ///< what it can be
};

/// How a region is divided in two, along one thing; no thing (-1) where it cannot be.
struct Cut {
  int thing = -1;
  Range first, second;
};

class Terrain {
 public:
  /// What a condition can be: true, not true.
  static constexpr uint8_t kCan = 1, kCannot = 2;

  explicit Terrain(Knowledge& knowledge) : knowledge_(knowledge) {}

  /// The number of a condition.
  int add(const Expression& condition);
  /// Ends adding: cuts the things into cells.
  void settle();

  const Region& everywhere() const { return everywhere_; }
  /// What the condition can be in a region; exact where no thing is entangled and the region is one
  /// cell of each.
  Truth truth(int condition, Ranges region) const;
  /// The same as kCan and kCannot; exact of a condition that is a box.
  uint8_t verdict(int condition, Ranges region) const {
    const int here = doubt(condition, region);
    return here < 0 ? kCannot : here == 0 ? kCan : kCan | kCannot;
  }
  /// The same as how far it is from certain: 0 where it is true, -1 where it cannot be, else in how
  /// many things a box is not decided; of other conditions, more than any box.
  int doubt(int condition, Ranges region) const {
    const Shape& shape = shapes_[static_cast<size_t>(condition)];
    if (!shape.box) return formula_doubt(condition, region);
    int out = 0;
    for (int32_t i = shape.begin; i < shape.end; ++i) {
      const Side& side = sides_[static_cast<size_t>(i)];
      const uint8_t one = verdict_of(side, region[static_cast<size_t>(side.thing)]);
      if ((one & kCan) == 0) return -1;
      out += one >> 1;
    }
    return out;
  }
  /// A cut by which a condition that is not decided comes nearer to it; one half of a box's is as
  /// large a part of it as can be.
  Cut cut(int condition, Ranges region) const;
  /// Narrows the region to where a box can be true; other conditions leave it as it is. Whether it
  /// is another now.
  bool narrow(int condition, std::span<Range> region) const;
  /// Whether the condition is a conjunction of what it says of each thing.
  bool is_box(int condition) const { return shapes_[static_cast<size_t>(condition)].box; }
  /// What share of the cells of a region a plain box takes.
  double part(int condition, Ranges region) const;
  /// A box that says one range of each thing, without holes.
  bool is_plain_box(int condition) const;
  /// Where a box can be true in one thing, holes included; other conditions everywhere.
  Range side_of(int condition, int thing) const;
  /// What a verdict costs: the comparisons of the condition.
  int64_t weight(int condition) const { return shapes_[static_cast<size_t>(condition)].weight; }
  /// Whether nothing that the condition looks at is entangled.
  bool exact(int condition) const;

  /// Whether two things that the conditions look at are computed from one stream of events.
  bool related(const std::vector<int>& conditions) const;
  /// Whether it compares something that goes up and down: numbers, money, lengths of time.
  bool moves(int condition) const;
  /// One thing that two boxes bound from one side each, the first less than the second although it
  /// is listed as more: the thing, or -1.
  int weaker_bound(int better, int worse) const;

  /// "spend = 1000.01, vip unknown": a customer in the region, by what the conditions look at.
  std::string witness(Ranges region, const std::vector<int>& conditions) const;

  const std::vector<Thing>& things() const { return things_; }

 private:
  friend class ConditionReader;

  /// What a comparison with a constant, a test of membership or a bool says of one thing.
  struct Atom {
    int thing = -1;
    Op op = Op::kCompare;
    Cmp cmp = Cmp::kEq;
    int64_t whole = 0;
    double number = 0;
    std::vector<std::string> texts;
    std::vector<int64_t> wholes;
    std::vector<double> numbers;
    std::string asked;       ///< kHas, kIsNull: the field whose thing is found when all are known
    std::vector<Piece> yes;  ///< where it is true, increasing and apart
    Truth of_null = kUnknown;
  };
  struct Step {
    enum class Kind : uint8_t { kAtom, kNot, kAnd, kOr, kConst } kind = Kind::kConst;
    Truth constant = kUnknown;
    int a = -1, b = -1;  ///< steps
    int atom = -1;       ///< of the condition
  };
  /// All that a box says of one thing.
  struct Side {
    int32_t thing = -1;
    int32_t low = 0, high = 0;  ///< from the first piece to the end of the last
    int32_t pieces = -1;        ///< into pieces_, where there is something between them
    bool null = false;          ///< holds where the thing is null
  };
  /// What of a condition every verdict needs.
  struct Shape {
    int32_t begin = 0, end = 0;  ///< into sides_
    int32_t weight = 1;
    bool box = false;  ///< a conjunction: one side for each thing
  };
  struct Condition {
    std::vector<Step> steps;
    std::vector<Atom> atoms;
    std::vector<int> things;
  };

  void find_asked();
  void mark_entangled();
  void bound(const Atom& atom);
  void number_cells(Thing& thing);
  void place(Atom& atom) const;
  bool add_box(const Condition& condition);
  static Truth truth_of(const Atom& atom, const Range& range);
  int formula_doubt(int condition, Ranges region) const;
  uint8_t pieces_verdict(const Side& side, const Range& range) const;
  std::vector<Piece> pieces_of(const Side& side) const;
  std::span<const Side> sides_of(int condition) const {
    const Shape& shape = shapes_[static_cast<size_t>(condition)];
    return std::span(sides_).subspan(static_cast<size_t>(shape.begin),
                                     static_cast<size_t>(shape.end - shape.begin));
  }
  uint8_t verdict_of(const Side& side, const Range& range) const {
    if (side.pieces >= 0) return pieces_verdict(side, range);
    const bool some = std::max(range.low, side.low) < std::min(range.high, side.high);
    const bool all = side.low <= range.low && range.high <= side.high;
    const bool can = some || (range.null && side.null);
    const bool cannot = (!all && range.low < range.high) || (range.null && !side.null);
    return static_cast<uint8_t>((can ? kCan : 0) | (cannot ? kCannot : 0));
  }

  Knowledge& knowledge_;
  std::vector<Thing> things_;
  std::map<std::string, int, std::less<>> by_key_;
  std::vector<Condition> conditions_;
  std::vector<Shape> shapes_;  ///< of each condition
  std::vector<Side> sides_;
  std::vector<std::vector<Piece>> pieces_;
  Region everywhere_;
  mutable std::vector<Truth> scratch_;
};

}  // namespace patron::internal::policy
