#include "lib/models/ltv/repeats.h"

#include <bit>
#include <cmath>
#include <cstddef>
#include <limits>

namespace patron::internal::ltv {
namespace {

/// After so many rows at least a quarter must have been met before.
constexpr int64_t kTrialRows = 16384;
/// Places at which a customer may stand.
constexpr size_t kProbes = 4;

size_t slot_of(double a, double b, double c, int bits) {
  uint64_t hash = std::bit_cast<uint64_t>(a) * 0x9e3779b97f4a7c15U;
  hash = (hash ^ hash >> 32 ^ std::bit_cast<uint64_t>(b)) * 0xbf58476d1ce4e5b9U;
  hash = (hash ^ hash >> 32 ^ std::bit_cast<uint64_t>(c)) * 0x94d049bb133111ebU;
  return static_cast<size_t>(hash >> (64 - bits));
}

}  // namespace

Repeats::Repeats(int outputs, int bits)
    : outputs_(static_cast<size_t>(outputs)),
      bits_(bits),
      slots_(size_t{1} << bits, Slot{{std::numeric_limits<double>::quiet_NaN(), 0, 0}, -1}),
      values_(slots_.size() * outputs_) {}

/// The slot of the customer, else an empty one, else the one that is to be given up.
size_t Repeats::find(const std::array<double, 3>& key) const {
  const size_t home = slot_of(key[0], key[1], key[2], bits_);
  for (size_t k = 0; k < kProbes; ++k) {
    const size_t at = (home + k) & (slots_.size() - 1);
    if (slots_[at].key == key || std::isnan(slots_[at].key[0])) return at;
  }
  return home;
}

int64_t Repeats::look_up(const RepeatKeys& keys, int64_t n, const RepeatOutputs& out) {
  fresh_ = 0;
  for (int64_t i = 0; i < n; ++i) {
    const std::array<double, 3> key{keys[0][i], keys[1][i], keys[2][i]};
    const size_t at = find(key);
    Slot& slot = slots_[at];
    int32_t& source = source_[static_cast<size_t>(i)];
    if (slot.key == key) {
      source = slot.fresh;
      if (source >= 0) continue;
      for (size_t k = 0; k < outputs_; ++k) out[k][i] = values_[at * outputs_ + k];
      continue;
    }
    const auto row = static_cast<size_t>(fresh_);
    source = static_cast<int32_t>(fresh_++);
    slot = {key, source};
    fresh_slot_[row] = static_cast<uint32_t>(at);
    for (size_t k = 0; k < key.size(); ++k) fresh_keys_[k][row] = key[k];
  }
  seen_ += n;
  found_ += n - fresh_;
  if (seen_ >= kTrialRows && found_ < seen_ / 4) searching_ = false;
  return fresh_;
}

RepeatKeys Repeats::fresh_keys() const {
  return {fresh_keys_[0].data(), fresh_keys_[1].data(), fresh_keys_[2].data()};
}

RepeatOutputs Repeats::fresh_values() {
  return {fresh_values_[0].data(), fresh_values_[1].data(), fresh_values_[2].data(),
          fresh_values_[3].data()};
}

void Repeats::spread(int64_t n, const RepeatOutputs& out) {
  for (size_t row = 0; row < static_cast<size_t>(fresh_); ++row) {
    const size_t at = fresh_slot_[row];
    // A slot that two fresh customers wanted belongs to the later one.
    if (slots_[at].fresh != static_cast<int32_t>(row)) continue;
    slots_[at].fresh = -1;
    for (size_t k = 0; k < outputs_; ++k) values_[at * outputs_ + k] = fresh_values_[k][row];
  }
  for (int64_t i = 0; i < n; ++i) {
    const int32_t source = source_[static_cast<size_t>(i)];
    if (source < 0) continue;
    for (size_t k = 0; k < outputs_; ++k) out[k][i] = fresh_values_[k][static_cast<size_t>(source)];
  }
}

}  // namespace patron::internal::ltv
