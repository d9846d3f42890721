#include "lib/metrics/code_weights.h"

#include <algorithm>
#include <numeric>
#include <utility>

namespace patron::internal {

CodeWeights::CodeWeights(std::vector<std::string_view> texts) : texts_(std::move(texts)) {
  std::vector<uint32_t> order(texts_.size());
  std::iota(order.begin(), order.end(), 0U);
  std::sort(order.begin(), order.end(),
            [&](uint32_t a, uint32_t b) { return texts_[a] < texts_[b]; });
  entries_.resize(texts_.size());
  for (uint32_t rank = 0; rank < order.size(); ++rank) {
    entries_[order[rank]] = {0, 0, rank, false};
  }
}

uint32_t CodeWeights::best() const {
  uint32_t best = touched_.front();
  for (const uint32_t code : touched_) {
    if (before(code, best)) best = code;
  }
  return best;
}

const std::vector<uint32_t>& CodeWeights::order() {
  std::sort(touched_.begin(), touched_.end(), [&](uint32_t a, uint32_t b) { return before(a, b); });
  return touched_;
}

}  // namespace patron::internal
