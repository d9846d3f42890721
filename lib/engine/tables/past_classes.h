// PastClasses: who was in which class at an instant, by the transitions up to then.
//
//   PastClasses tiers(data, 0, 1, t);       // the first classification of the first policy, at t
//   tiers.of(row);                          // a class of the document, or kNoClass
//
// Transitions under earlier policies count as what became of their classes. Linked ids are one
// customer, who was where the id was that stands for her. Thread class: shared.
#pragma once

#include <cstdint>
#include <vector>

#include "lib/engine/engine_data.h"

namespace patron::internal {

class PastClasses {
 public:
  /// Of a classification of a version of the policy that is in force at t. Cost: linear in the
  /// transitions and the customers.
  PastClasses(const EngineData& data, int classification, int32_t version, Micros t);

  size_t classes() const { return classes_; }
  /// Not of flags.
  int of(uint32_t row) const { return row < held_.size() ? held_[row] : kNoClass; }
  bool has_flag(uint32_t row, size_t flag) const { return flags_[row * classes_ + flag]; }
  /// How many are in each class, and behind them those who are in none.
  std::vector<int64_t> count() const;

 private:
  const EngineData& data_;
  size_t classes_ = 0;
  bool is_flags_ = false;
  std::vector<int> held_;    // of each row
  std::vector<bool> flags_;  // of each row and flag
};

}  // namespace patron::internal
