#include "lib/models/orders/splitter.h"

#include <algorithm>
#include <bit>
#include <iterator>
#include <memory>
#include <span>
#include <utility>

namespace patron::internal {
namespace {

/// A share of 1 / kTrim at each end of a sample must not stretch a range or shorten a prefix.
constexpr size_t kTrim = 256;

/// Calls step(keys) for the readable ids of some rows, each the one row of a KeyBlock.
template <typename Key, typename Step>
void each_sampled(const RowSource& source, const std::vector<Batch>& batches, Step step) {
  int64_t rows = 0;
  for (const Batch& batch : batches) rows += batch.rows;
  const SampledRows sampled(rows);
  const auto keys = std::make_unique<KeyBlock<Key>>();
  int64_t next = 0;
  for (const Batch& batch : batches) {
    for (const Segment& segment : batch.segments) {
      for (int64_t at; (at = sampled[next] - segment.first_row) < segment.rows; next++) {
        CellState state = CellState::kOk;
        keys->read(source, segment.chunk, segment.begin + at, 1, &state);
        if (state == CellState::kOk) step(*keys);
      }
    }
  }
}

/// What nearly all of the texts begin with. Reorders them.
std::string shared_prefix(std::vector<std::string_view>* texts) {
  if (texts->empty()) return {};
  const auto trim = static_cast<ptrdiff_t>(texts->size() / kTrim);
  const auto low = texts->begin() + trim, high = texts->end() - 1 - trim;
  std::nth_element(texts->begin(), low, texts->end());
  if (low != high) std::nth_element(std::next(low), high, texts->end());
  // All between the two begin with what both begin with.
  const auto [a, b] = std::mismatch(low->begin(), low->end(), high->begin(), high->end());
  return std::string(low->begin(), a);
}

/// Whether a range of sort keys holds far more than a partition's share of n, which hashing would
/// spread: leaving out the one customer who has most of it.
bool is_crowded(std::span<const SampledId> range, size_t n, size_t partitions) {
  const size_t most = std::max<size_t>(4 * n / partitions, n / 64);
  if (range.size() <= most) return false;
  size_t longest = 0, run = 0;
  for (size_t i = 0; i < range.size(); i++) {
    run = i > 0 && range[i].identity == range[i - 1].identity ? run + 1 : 1;
    longest = std::max(longest, run);
  }
  return range.size() - longest > most;
}

}  // namespace

Splitter Splitter::hashed(int log2_partitions) {
  Splitter splitter;
  splitter.log2_ = log2_partitions;
  return splitter;
}

Splitter Splitter::ordered(std::vector<SampledId> sample, int log2_partitions) {
  Splitter splitter = hashed(log2_partitions);
  if (sample.empty()) return splitter;
  std::sort(sample.begin(), sample.end(), [](const SampledId& a, const SampledId& b) {
    return std::pair(a.sort_key, a.identity) < std::pair(b.sort_key, b.identity);
  });
  const size_t n = sample.size(), trim = n / kTrim;
  splitter.low_ = sample[trim].sort_key;
  const int width = static_cast<int>(std::bit_width(sample[n - 1 - trim].sort_key - splitter.low_));
  splitter.shift_ = std::max(0, width - kLog2Fine);
  splitter.fine_.resize(size_t{1} << kLog2Fine);

  const size_t partitions = size_t{1} << log2_partitions, last = splitter.fine_.size() - 1;
  const auto fine_of = [&](const SampledId& id) {
    const uint64_t key = std::max(id.sort_key, splitter.low_) - splitter.low_;
    return std::min<size_t>(key >> splitter.shift_, last);
  };
  // A partition for every equal share of the sample.
  size_t before = 0;
  for (size_t fine = 0; fine <= last; fine++) {
    splitter.fine_[fine] = static_cast<uint16_t>(std::min(before * partitions / n, partitions - 1));
    const std::span<const SampledId> rest = std::span(sample).subspan(before);
    const auto end = std::find_if(rest.begin(), rest.end(),
                                  [&](const SampledId& id) { return fine_of(id) != fine; });
    const std::span<const SampledId> here(rest.begin(), end);
    if (is_crowded(here, n, partitions)) return hashed(log2_partitions);
    before += here.size();
  }
  splitter.ordered_ = true;
  return splitter;
}

Splitter Splitter::choose(const RowSource& source, const std::vector<Batch>& batches,
                          int log2_partitions) {
  std::vector<SampledId> sample;
  if (!source.text_customers) {
    each_sampled<IntKey>(source, batches, [&](const KeyBlock<IntKey>& keys) {
      const uint64_t id = keys.view().key(0).id;
      sample.push_back({id, id});
    });
    return ordered(std::move(sample), log2_partitions);
  }
  std::vector<std::string_view> texts;
  each_sampled<TextKey>(source, batches,
                        [&](const KeyBlock<TextKey>& keys) { texts.push_back(keys.text(0)); });
  Splitter prefix;
  prefix.set_prefix(shared_prefix(&texts));
  for (const std::string_view text : texts)
    sample.push_back({prefix.sort_key(text), unseeded_hash(text.data(), text.size())});
  Splitter splitter = ordered(std::move(sample), log2_partitions);
  splitter.set_prefix(std::move(prefix.prefix_));
  return splitter;
}

void Splitter::set_prefix(std::string prefix) {
  prefix_ = std::move(prefix);
  const size_t size = prefix_.size(), head = std::min(size, sizeof head_);
  head_ = head_mask_ = tail_ = 0;
  std::memcpy(&head_, prefix_.data(), head);
  std::memset(&head_mask_, 0xff, head);
  if (size > 8) tail_ = load8(prefix_.data() + size - 8);
}

uint64_t Splitter::odd_sort_key(std::string_view text) const {
  if (text.starts_with(prefix_)) return eight_bytes(text, prefix_.size());
  return text < prefix_ ? 0 : ~uint64_t{0};
}

template <>
void PlaceFinder<IntKey>::find(int chunk, int64_t begin, int64_t n, uint16_t* places) {
  const bool clean = keys_.read(source_, chunk, begin, n, states_);
  const auto keys = keys_.view();
  const Splitter::Place place(splitter_);
  if (splitter_.is_ordered()) {
    for (int64_t i = 0; i < n; i++) places[i] = place.of_sort_key(keys.key(i).id);
  } else {
    for (int64_t i = 0; i < n; i++)
      places[i] = place.of_hash(fold_product(keys.key(i).id, 0x9e3779b97f4a7c15u));
  }
  for (int64_t i = 0; i < n && !clean; i++) {
    if (states_[i] != CellState::kOk) places[i] = static_cast<uint16_t>(splitter_.partitions());
  }
}

template <>
void PlaceFinder<TextKey>::find(int chunk, int64_t begin, int64_t n, uint16_t* places) {
  const bool clean = keys_.read_texts(source_, chunk, begin, n, states_);
  const Splitter::Place place(splitter_);
  if (splitter_.is_ordered()) {
    for (int64_t i = 0; i < n; i++)
      places[i] = place.of_sort_key(splitter_.sort_key(keys_.text(i)));
  } else {
    for (int64_t i = 0; i < n; i++) {
      uint32_t code;
      const TextKey key = TextKey::of(keys_.text(i), &code);
      places[i] = place.of_hash(key.hash(code));
    }
  }
  for (int64_t i = 0; i < n && !clean; i++) {
    if (states_[i] != CellState::kOk) places[i] = static_cast<uint16_t>(splitter_.partitions());
  }
}

}  // namespace patron::internal
