#include "lib/models/referral/referral_options.h"

#include "lib/base/number_text.h"

namespace patron::internal {

Status check_referral_options(const ReferralOptions& options) {
  if (options.depth < 1 || options.depth > kMaxReferralDepth) {
    return {Code::kArgument, "depth: " + std::to_string(options.depth) +
                                 " generations; a chain has 1 to 10 of them"};
  }
  if (!(options.decay >= 0 && options.decay <= 1)) {
    return {Code::kArgument, "decay: " + number_text(options.decay) +
                                 " is no share; want 0 to 1, for one 0.5 for the half"};
  }
  if (!(options.confidence > 0 && options.confidence < 1)) {
    return {Code::kArgument, "confidence: " + number_text(options.confidence) +
                                 " is out of range; want above 0 and below 1, for one 0.95"};
  }
  return {};
}

}  // namespace patron::internal
