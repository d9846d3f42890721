// What the options of referral value may be. Thread class: pure.
#pragma once

#include "patron/referral.h"

namespace patron::internal {

inline constexpr int kMaxReferralDepth = 10;

/// Code::kArgument, naming the option, its value and what would be right.
Status check_referral_options(const ReferralOptions& options);

}  // namespace patron::internal
