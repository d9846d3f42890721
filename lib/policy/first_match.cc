#include "lib/policy/first_match.h"

#include <algorithm>
#include <bit>
#include <utility>

#include "lib/base/simd.h"

namespace patron::internal::policy {
namespace {

/// Words of all tables together, and ranges that wait.
constexpr size_t kMostWords = size_t{1} << 22;
constexpr size_t kMostRanges = size_t{1} << 22;

/// Conditions of which the one that takes most of a region is chosen.
constexpr int kMostTried = 8;

constexpr size_t kNone = SIZE_MAX;

/// What one thing says of a word of conditions: rows of its tables, and which of them count.
struct Rows {
  const uint64_t *begun_low, *begun_last, *lasting_low, *lasting_last, *null;
  uint64_t cells, is_null;
};

PATRON_SIMD_INLINE void join(const Rows rows, size_t words, uint64_t* __restrict can,
                             uint64_t* __restrict certain, uint64_t* __restrict one,
                             uint64_t* __restrict many) {
  for (size_t w = 0; w < words; ++w) {
    const uint64_t in =
        (rows.begun_last[w] & rows.lasting_low[w] & rows.cells) | (rows.null[w] & rows.is_null);
    const uint64_t all =
        ((rows.begun_low[w] & rows.lasting_last[w]) | ~rows.cells) & (rows.null[w] | ~rows.is_null);
    can[w] &= in;
    certain[w] &= all;
    many[w] |= one[w] & ~all;
    one[w] |= ~all;
  }
}

void set(std::vector<uint64_t>& bits, size_t i) { bits[i / 64] |= uint64_t{1} << i % 64; }
void clear(std::vector<uint64_t>& bits, size_t i) { bits[i / 64] &= ~(uint64_t{1} << i % 64); }
bool has(const std::vector<uint64_t>& bits, size_t i) { return (bits[i / 64] >> i % 64 & 1) != 0; }

}  // namespace

FirstMatch::FirstMatch(const Terrain& terrain, std::vector<int> conditions)
    : terrain_(terrain),
      conditions_(std::move(conditions)),
      words_((conditions_.size() + 63) / 64),
      plain_(words_),
      can_(words_),
      certain_(words_),
      one_(words_),
      many_(words_),
      fresh_(words_) {
  size_t cells = 0;
  for (const Range& range : terrain_.everywhere()) cells += static_cast<size_t>(range.high) + 1;
  too_large_ = cells > kMostWords / std::max<size_t>(words_, 1) / 2;
  if (too_large_) return;
  for (size_t i = 0; i < conditions_.size(); ++i) {
    if (terrain_.is_plain_box(conditions_[i])) set(plain_, i);
  }
  tables_.resize(terrain_.everywhere().size());
  for (size_t thing = 0; thing < tables_.size(); ++thing) fill(thing);
}

void FirstMatch::fill(size_t thing) {
  Tables& tables = tables_[thing];
  const auto cells = static_cast<size_t>(terrain_.everywhere()[thing].high);
  tables.begun.assign(std::max<size_t>(cells, 1) * words_, 0);
  tables.lasting = tables.begun;
  tables.null.assign(words_, 0);
  for (size_t i = 0; i < conditions_.size(); ++i) {
    const Range side = terrain_.side_of(conditions_[i], static_cast<int>(thing));
    if (side.null) set(tables.null, i);
    const uint64_t bit = uint64_t{1} << i % 64;
    if (side.low >= side.high || cells == 0) continue;
    if (static_cast<size_t>(side.low) < cells) {
      tables.begun[static_cast<size_t>(side.low) * words_ + i / 64] |= bit;
    }
    const size_t last = std::min(static_cast<size_t>(side.high), cells) - 1;
    tables.lasting[last * words_ + i / 64] |= bit;
  }
  for (size_t k = words_; k < tables.begun.size(); ++k) tables.begun[k] |= tables.begun[k - words_];
  for (size_t k = tables.lasting.size() - std::min(tables.lasting.size(), words_); k-- > 0;) {
    tables.lasting[k] |= tables.lasting[k + words_];
  }
}

// What can be, and what is, in all of the region: in each thing, and so in all of them.
void FirstMatch::look(const Region& region) {
  std::fill(can_.begin(), can_.end(), ~uint64_t{0});
  if (conditions_.size() % 64 != 0) can_.back() = (uint64_t{1} << conditions_.size() % 64) - 1;
  certain_ = plain_;
  std::fill(one_.begin(), one_.end(), 0);
  std::fill(many_.begin(), many_.end(), 0);
  run_with_best_simd([&]() __attribute__((always_inline)) {
    for (size_t thing = 0; thing < tables_.size(); ++thing) {
      const Tables& tables = tables_[thing];
      const Range& range = region[thing];
      const bool some = range.low < range.high;
      const size_t low = static_cast<size_t>(some ? range.low : 0) * words_;
      const size_t last = static_cast<size_t>(some ? range.high - 1 : 0) * words_;
      const Rows rows{tables.begun.data() + low,    tables.begun.data() + last,
                      tables.lasting.data() + low,  tables.lasting.data() + last,
                      tables.null.data(),           some ? ~uint64_t{0} : 0,
                      range.null ? ~uint64_t{0} : 0};
      join(rows, words_, can_.data(), certain_.data(), one_.data(), many_.data());
    }
  });
}

size_t FirstMatch::first_of(const Bits& bits) const {
  for (size_t w = 0; w < words_; ++w) {
    if (bits[w] != 0) return w * 64 + static_cast<size_t>(std::countr_zero(bits[w]));
  }
  return kNone;
}

size_t FirstMatch::first_fresh() const {
  for (size_t w = 0; w < words_; ++w) {
    const uint64_t both = can_[w] & fresh_[w];
    if (both != 0) return w * 64 + static_cast<size_t>(std::countr_zero(both));
  }
  return kNone;
}

// Where only one condition is of interest, so is only the part of the region where it can be.
bool FirstMatch::narrow_to_fresh() {
  size_t only = kNone;
  for (size_t w = 0; w < words_; ++w) {
    const uint64_t both = can_[w] & fresh_[w];
    if (both == 0) continue;
    if (only != kNone || (both & (both - 1)) != 0) return false;
    only = w * 64 + static_cast<size_t>(std::countr_zero(both));
  }
  return only != kNone && terrain_.narrow(conditions_[only], region_);
}

void FirstMatch::reach(size_t which, Reach& out) {
  if (!has(fresh_, which)) return;
  clear(fresh_, which);
  out.reached[which] = true;
  --missing_;
}

// One that takes a whole half of the region, if there is one before all that are not reached yet:
// of that half nothing is left to be looked at. Else the first.
size_t FirstMatch::pivot(size_t first) const {
  const size_t end = std::min(first_fresh(), conditions_.size());
  size_t best = first;
  double most = 0;
  int tried = 0;
  for (size_t w = 0; w * 64 < end; ++w) {
    for (uint64_t takes = can_[w] & plain_[w] & one_[w] & ~many_[w]; takes != 0;
         takes &= takes - 1) {
      const size_t found = w * 64 + static_cast<size_t>(std::countr_zero(takes));
      if (found >= end || tried++ == kMostTried) return best;
      const double part = terrain_.part(conditions_[found], region_);
      if (part > most) most = part, best = found;
    }
  }
  return best;
}

bool FirstMatch::halve(size_t which) {
  const Cut cut = terrain_.cut(conditions_[which], region_);
  if (cut.thing < 0) return false;
  const auto thing = static_cast<size_t>(cut.thing);
  region_[thing] = cut.second;
  waiting_.insert(waiting_.end(), region_.begin(), region_.end());
  region_[thing] = cut.first;
  return true;
}

FirstMatch::Next FirstMatch::step(bool gap, Reach& out) {
  look(region_);
  const size_t taken = first_of(certain_);
  if (taken != kNone) {
    // Whoever is in the region goes no further than that one.
    can_[taken / 64] &= ~uint64_t{0} >> (63 - taken % 64);
    std::fill(can_.begin() + static_cast<ptrdiff_t>(taken / 64) + 1, can_.end(), 0);
  }
  const bool covered = taken != kNone || !gap || out.gap;
  if (covered && narrow_to_fresh()) return Next::kStay;
  for (;;) {
    if (covered && first_fresh() == kNone) return Next::kPop;
    const size_t first = first_of(can_);
    if (first == kNone) {
      if (gap && !out.gap) out.gap_region = region_;
      out.gap = out.gap || gap;
      return Next::kPop;
    }
    spent_ += terrain_.weight(conditions_[first]);
    const int doubt = first == taken ? 0 : terrain_.doubt(conditions_[first], region_);
    if (doubt < 0) {
      clear(can_, first);
      continue;
    }
    // What a box can be in a region it is somewhere.
    if (doubt == 0 || terrain_.is_box(conditions_[first])) reach(first, out);
    if (doubt == 0 || (covered && first_fresh() == kNone)) return Next::kPop;
    if (waiting_.size() > kMostRanges) return Next::kStop;
    return halve(pivot(first)) ? Next::kStay : Next::kPop;
  }
}

FirstMatch::Reach FirstMatch::run(bool gap, int64_t& budget) {
  Reach out;
  out.reached.assign(conditions_.size(), false);
  missing_ = conditions_.size();
  for (size_t i = 0; i < conditions_.size(); ++i) set(fresh_, i);
  if (too_large_) {
    out.decided = false;
    return out;
  }
  region_ = terrain_.everywhere();
  waiting_.clear();
  const auto price = static_cast<int64_t>(1 + tables_.size() * words_ / 2);
  while (missing_ > 0 || (gap && !out.gap)) {
    budget -= price + std::exchange(spent_, 0);
    const Next next = budget < 0 ? Next::kStop : step(gap, out);
    if (next == Next::kStop) {
      out.decided = false;
      return out;
    }
    if (next == Next::kStay) continue;
    if (waiting_.empty()) return out;
    const auto begin = waiting_.end() - static_cast<ptrdiff_t>(region_.size());
    std::copy(begin, waiting_.end(), region_.begin());
    waiting_.erase(begin, waiting_.end());
  }
  return out;
}

}  // namespace patron::internal::policy
