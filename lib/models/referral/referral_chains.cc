#include <algorithm>
#include <array>
#include <cmath>
#include <limits>
#include <string>

#include "lib/base/int128.h"
#include "lib/models/referral/referral_options.h"
#include "patron/referral.h"

namespace patron {
inline namespace v0 {
namespace {

using internal::Int128;
using internal::kMaxReferralDepth;

// Whole minor units that a double may be rounded to.
constexpr double kMost = 9.2e18;

Status check(std::span<const ReferralNode> nodes) {
  const auto n = static_cast<int64_t>(nodes.size());
  for (int64_t i = 0; i < n; ++i) {
    const int64_t referrer = nodes[static_cast<size_t>(i)].referrer;
    if (referrer >= -1 && referrer < n) continue;
    return {Code::kArgument,
            "row " + std::to_string(i) + ": the referrer " + std::to_string(referrer) +
                " is no row; there are 0 to " + std::to_string(n - 1) + ", and -1 for nobody",
            i};
  }
  return {};
}

Status overflow(size_t row) {
  return {Code::kOverflow,
          "row " + std::to_string(row) +
              ": the value of those whom she brought exceeds 64-bit minor units",
          static_cast<int64_t>(row)};
}

// Her ancestors from the nearest on, at most `depth`, each once and never herself.
int ancestors(std::span<const ReferralNode> nodes, size_t row, int depth,
              std::array<size_t, kMaxReferralDepth>& out) {
  int found = 0;
  for (int64_t at = nodes[row].referrer; at >= 0 && found < depth;) {
    const auto ancestor = static_cast<size_t>(at);
    if (ancestor == row) break;
    for (int i = 0; i < found; ++i) {
      if (out[static_cast<size_t>(i)] == ancestor) return found;
    }
    out[static_cast<size_t>(found++)] = ancestor;
    at = nodes[ancestor].referrer;
  }
  return found;
}

}  // namespace

Result<std::vector<ReferrerValue>> referral_chains(std::span<const ReferralNode> nodes,
                                                   const ReferralOptions& options) {
  Status status = internal::check_referral_options(options);
  if (status.ok()) status = check(nodes);
  if (!status.ok()) return status;
  std::vector<ReferrerValue> out(nodes.size());
  const auto depth = static_cast<size_t>(options.depth);
  std::vector<Int128> money(nodes.size() * depth, 0);  // of each generation
  std::array<size_t, kMaxReferralDepth> above{};
  for (size_t row = 0; row < nodes.size(); ++row) {
    const ReferralFacts& facts = nodes[row].facts;
    const int found = ancestors(nodes, row, options.depth, above);
    for (int k = 0; k < found; ++k) {
      const size_t ancestor = above[static_cast<size_t>(k)];
      money[ancestor * depth + static_cast<size_t>(k)] += facts.value;
      ReferrerValue& value = out[ancestor];
      value.generations = std::max<int64_t>(value.generations, k + 1);
      if (k > 0) continue;
      ++value.referred;
      value.converted += facts.bought ? 1 : 0;
      value.repeated += facts.bought && facts.repeated ? 1 : 0;
      value.retained += facts.due && facts.retained ? 1 : 0;
    }
  }
  for (size_t row = 0; row < nodes.size(); ++row) {
    const Int128 direct = money[row * depth];
    if (direct > std::numeric_limits<int64_t>::max() ||
        direct < std::numeric_limits<int64_t>::min()) {
      return overflow(row);
    }
    out[row].value = static_cast<int64_t>(direct);
    // The first generation counts in full, so that it stays exact.
    double rest = 0, share = 1;
    for (size_t k = 1; k < depth; ++k) {
      share *= options.decay;
      rest += share * static_cast<double>(money[row * depth + k]);
    }
    if (!(std::fabs(rest) < kMost)) return overflow(row);
    // Half to even of the whole, so to the side that makes both together even.
    auto more = static_cast<int64_t>(std::floor(rest));
    const double part = rest - std::floor(rest);
    if (part > 0.5 || (part == 0.5 && (direct + more) % 2 != 0)) ++more;
    const Int128 chain = direct + more;
    if (chain > std::numeric_limits<int64_t>::max() ||
        chain < std::numeric_limits<int64_t>::min()) {
      return overflow(row);
    }
    out[row].chain_value = static_cast<int64_t>(chain);
  }
  return out;
}

}  // namespace v0
}  // namespace patron
