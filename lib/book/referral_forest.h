// ReferralForest: who was brought by whom, so that nobody is her own ancestor.
//
// A customer has one referrer. A new referral closes a circle exactly where the referrer's oldest
// ancestor is the one who is referred; the ancestors are found in nearly constant time, by union
// with path compression (Tarjan 1975).
//
//   forest.add(anna, ben);   // kNew: Anna was referred by Ben
//   forest.add(ben, anna);   // kCircle
//
// Thread class: serial.
#pragma once

#include <cstddef>
#include <cstdint>
#include <vector>

namespace patron::internal {

enum class ReferralVerdict : uint8_t { kNew, kKnown, kSelf, kOther, kCircle };

class ReferralForest {
 public:
  /// Room for customers' rows 0 to `customers` - 1. Strong guarantee.
  void reserve(uint32_t customers);
  /// Both rows must have room. kKnown: it is there; kOther: she has another referrer.
  ReferralVerdict add(uint32_t referred, uint32_t referrer);
  /// Takes the newest referral back, or any: then the ancestors are found anew. Strong guarantee.
  void remove(uint32_t referred);
  uint32_t referrer(uint32_t referred) const;
  size_t memory() const { return (referrer_.capacity() + top_.capacity()) * sizeof(uint32_t); }

 private:
  uint32_t root(uint32_t customer);
  void rebuild();

  std::vector<uint32_t> referrer_;  ///< kNoCustomer: none
  std::vector<uint32_t> top_;       ///< some ancestor, or herself
  bool stale_ = false;
};

}  // namespace patron::internal
