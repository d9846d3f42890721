#include "lib/book/referral_forest.h"

#include <cstddef>
#include <numeric>

#include "patron/book.h"

namespace patron::internal {

void ReferralForest::reserve(uint32_t customers) {
  if (customers <= top_.size()) return;
  referrer_.reserve(customers);
  top_.reserve(customers);
  // From here on nothing fails.
  const size_t before = top_.size();
  top_.resize(customers);
  std::iota(top_.begin() + static_cast<std::ptrdiff_t>(before), top_.end(),
            static_cast<uint32_t>(before));
  referrer_.resize(customers, kNoCustomer);
}

uint32_t ReferralForest::root(uint32_t customer) {
  while (top_[customer] != customer) {
    top_[customer] = top_[top_[customer]];
    customer = top_[customer];
  }
  return customer;
}

void ReferralForest::rebuild() {
  for (uint32_t row = 0; row < top_.size(); ++row) {
    top_[row] = referrer_[row] == kNoCustomer ? row : referrer_[row];
  }
  stale_ = false;
}

ReferralVerdict ReferralForest::add(uint32_t referred, uint32_t referrer) {
  if (referred == referrer) return ReferralVerdict::kSelf;
  if (referrer_[referred] == referrer) return ReferralVerdict::kKnown;
  if (referrer_[referred] != kNoCustomer) return ReferralVerdict::kOther;
  if (stale_) rebuild();
  const uint32_t oldest = root(referrer);
  if (oldest == referred) return ReferralVerdict::kCircle;
  referrer_[referred] = referrer;
  top_[referred] = oldest;
  return ReferralVerdict::kNew;
}

void ReferralForest::remove(uint32_t referred) {
  if (referred >= referrer_.size() || referrer_[referred] == kNoCustomer) return;
  referrer_[referred] = kNoCustomer;
  stale_ = true;
}

uint32_t ReferralForest::referrer(uint32_t referred) const {
  return referred < referrer_.size() ? referrer_[referred] : kNoCustomer;
}

}  // namespace patron::internal
