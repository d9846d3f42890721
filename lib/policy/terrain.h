// The ground on which conditions are compared: every different thing they look at, cut into the few
// cells between which they can tell.
//
//   Terrain terrain;
//   const int rich = terrain.add(*Expression::parse("spend > 1000 || vip", schema));
//   terrain.settle();                    // spend: [..1000], (1000..], unknown; vip: yes, no,
//   unknown Truth t = terrain.truth(rich, terrain.everywhere());
//
// A thing is a field, or what an expression computes before it compares (`age(last_order)`); two
// things of one field may hang together in a way that is not known here, and are then `entangled`.
// Thread class: serial.
#pragma once

#include <cstdint>
#include <map>
#include <string>
#include <vector>

#include "lib/expr/graph.h"
#include "patron/expression.h"

namespace patron::internal::policy {

/// Which values a condition can take, as bits.
using Truth = uint8_t;
inline constexpr Truth kTrue = 1, kFalse = 2, kUnknown = 4;
inline constexpr Truth kNotTrue = kFalse | kUnknown;

/// Which cells of each thing, as bits.
using Region = std::vector<uint64_t>;

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
  std::vector<std::string>
      choices;          ///< else: the texts that are named, each a cell, then the others
  bool closed = false;  ///< there are no other texts
  bool nullable = true;
  std::vector<int32_t> fields;
  bool entangled = false;
  int cells = 0;     ///< without the one of null
  uint64_t all = 0;  ///< all its cells; null is the last one
};

class Terrain {
 public:
  /// The number of a condition.
  int add(const Expression& condition);
  /// Ends adding: cuts the things into cells. False where one has more than 63.
  bool settle();

  Region everywhere() const;
  /// What the condition can be in a region; exact where no thing is entangled and the region is one
  /// cell of each.
  Truth truth(int condition, const Region& region) const;
  /// A thing and the cells of it by which a condition that is not decided can be split; -1 where
  /// there is none.
  int split(int condition, const Region& region, uint64_t& cells) const;
  /// Whether nothing that the condition looks at is entangled.
  bool exact(int condition) const;
  /// "spend = 1000.01, vip unknown": a customer in the region, by what the conditions look at.
  std::string witness(const Region& region, const std::vector<int>& conditions) const;

  const std::vector<Thing>& things() const { return things_; }

 private:
  struct Step {
    enum class Kind : uint8_t { kAtom, kNot, kAnd, kOr, kConst } kind = Kind::kConst;
    Truth constant = kUnknown;
    int a = -1, b = -1;  ///< steps
    int thing = -1;      ///< kAtom
    Op op = Op::kCompare;
    Cmp cmp = Cmp::kEq;
    int64_t whole = 0;
    double number = 0;
    std::vector<std::string> texts;
    std::vector<int64_t> wholes;
    std::vector<double> numbers;
    uint64_t yes = 0, no = 0, unknown = 0;  ///< cells of the thing
  };
  struct Condition {
    std::vector<Step> steps;
    std::vector<int> things;
  };

  int thing_of(const Graph& graph, int32_t node, const std::string& text, const Schema& schema);
  int add_step(Condition& out, const Graph& graph, int32_t node, const std::string& text,
               const Schema& schema, std::vector<int>& done);
  Step atom(const Graph& graph, int32_t node, const std::string& text, const Schema& schema);
  void cut(Thing& thing, const Step& step);
  void place(Step& step) const;
  bool holds(const Step& step, const Thing& thing, int cell) const;
  std::string value_in(const Thing& thing, int cell) const;

  std::vector<Thing> things_;
  std::map<std::string, int> by_key_;
  std::vector<Condition> conditions_;
};

}  // namespace patron::internal::policy
