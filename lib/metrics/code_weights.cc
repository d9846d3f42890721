#include "lib/metrics/code_weights.h"

#include <algorithm>
#include <numeric>
#include <utility>

namespace patron::internal {

CodeWeights::CodeWeights(std::vector<std::string_view> texts) : names_(std::move(texts)) {
  std::vector<uint32_t> order(names_.size());
  std::iota(order.begin(), order.end(), 0U);
  std::sort(order.begin(), order.end(),
            [&](uint32_t a, uint32_t b) { return names_.text(a) < names_.text(b); });
  entries_.assign(order.size(), {0, 0, 0});
  touched_.resize(order.size() + 1);
  ranks_.resize(order.size());
  for (uint32_t rank = 0; rank < order.size(); ++rank) ranks_[order[rank]] = rank;
}

std::span<const uint32_t> CodeWeights::order() {
  const auto end = touched_.begin() + static_cast<std::ptrdiff_t>(count_);
  std::sort(touched_.begin(), end, [&](uint32_t a, uint32_t b) { return before(a, b); });
  return {touched_.data(), count_};
}

}  // namespace patron::internal
