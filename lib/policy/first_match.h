// First match: which of many conditions, tested in order, anybody reaches, and whether some
// customer meets none.
//
//   FirstMatch match(terrain, {gold, silver, bronze});
//   FirstMatch::Reach reach = match.run(true, budget);
//   reach.reached[1];                          // whether some customer is silver
//   terrain.witness(reach.gap_region, ...);    // a customer who is nothing
//
// Branch and bound over the cells of a terrain. For each region all conditions are looked at
// together, as bits: tables say, cell by cell, which of them begin and end there, so that what can
// be true in a region, and what is, are a few words. Exact within the budget. Thread class: serial.
#pragma once

#include <cstdint>
#include <vector>

#include "lib/policy/terrain.h"

namespace patron::internal::policy {

class FirstMatch {
 public:
  struct Reach {
    bool decided = true;        ///< else the budget ran out: what is reached by then is
    std::vector<bool> reached;  ///< of each condition
    bool gap = false;           ///< some customer meets none
    Region gap_region;
  };

  FirstMatch(const Terrain& terrain, std::vector<int> conditions);

  /// `gap`: whether one is looked for. `budget`: comparisons, a few nanoseconds each; what is used
  /// is taken from it.
  Reach run(bool gap, int64_t& budget);

 private:
  using Bits = std::vector<uint64_t>;
  /// Of one thing: the conditions that hold in a cell or an earlier one, in it or a later one, at
  /// null; cell by cell.
  struct Tables {
    Bits begun, lasting, null;
  };
  enum class Next : uint8_t { kStay, kPop, kStop };

  void fill(size_t thing);
  void look(const Region& region);
  Next step(bool gap, Reach& out);
  void reach(size_t which, Reach& out);
  size_t first_of(const Bits& bits) const;
  size_t first_fresh() const;
  bool narrow_to_fresh();
  size_t pivot(size_t first) const;
  bool halve(size_t which);

  const Terrain& terrain_;
  std::vector<int> conditions_;
  size_t words_;
  bool too_large_ = false;
  std::vector<Tables> tables_;
  Bits plain_;    ///< conditions whose bits say all: boxes without holes
  Bits can_;      ///< conditions that can be true in the region, and perhaps some that cannot
  Bits certain_;  ///< those that surely are
  Bits one_;      ///< those that are not decided in one thing, or in two and more
  Bits many_;
  Bits fresh_;  ///< those that nobody is known to reach
  size_t missing_ = 0;
  int64_t spent_ = 0;  ///< comparisons of conditions one by one
  Region region_;
  std::vector<Range> waiting_;  ///< regions, one behind the other
};

}  // namespace patron::internal::policy
