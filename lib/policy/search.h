// Whether a customer can be such that given conditions hold and others do not: branch and bound
// over the cells of a terrain, exact within a budget.
//
//   Search search(terrain, 100'000);
//   search.find({{gold, kTrue}, {silver, kNotTrue}});   // kFound, with search.region()
//
// Thread class: serial.
#pragma once

#include <cstdint>
#include <vector>

#include "lib/policy/terrain.h"

namespace patron::internal::policy {

enum class Answer : uint8_t { kFound, kNone, kNotDecided };

/// A condition and what it may be.
struct Wanted {
  int condition = 0;
  Truth truth = kTrue;
};

class Search {
 public:
  /// `budget`: regions that are looked at in all calls together.
  Search(const Terrain& terrain, int64_t budget) : terrain_(terrain), left_(budget) {}

  /// A region in which all of it certainly holds.
  Answer find(const std::vector<Wanted>& wanted);
  const Region& region() const { return region_; }

  /// First match: which of the conditions, tested in order, anybody reaches, and a region that none
  /// takes. kNotDecided where the budget ran out.
  struct Reach {
    std::vector<bool> reached;
    bool gap = false;
    Region gap_region;
    Answer answer = Answer::kFound;
  };
  Reach first_match(const std::vector<int>& conditions);

 private:
  Answer find(const std::vector<Wanted>& wanted, Region region);
  void walk(const std::vector<int>& conditions, Region region, size_t from, Reach& out);

  const Terrain& terrain_;
  int64_t left_;
  Region region_;
};

}  // namespace patron::internal::policy
