// Verbs of local days, for all customers of a page: on how many something counts, and the gaps
// between them.
#include <algorithm>
#include <array>
#include <cstring>
#include <optional>
#include <utility>
#include <vector>

#include "lib/base/simd.h"
#include "lib/metrics/gaps.h"
#include "lib/metrics/page_verbs.h"
#include "lib/metrics/page_walk.h"

namespace patron::internal {
namespace {

// The distinct local days on which something counts, ascending.
class DaysOf {
 public:
  explicit DaysOf(const PageEvents& events)
      : walk_(events), days_(events.stream.days()), ascend_(events.stream.days_ascend()) {}
  const std::vector<Day>& of(uint32_t i) {
    found_.clear();
    each_row(walk_, i, [&](uint32_t row) {
      if (found_.empty() || days_[row] != found_.back()) found_.push_back(days_[row]);
    });
    if (!ascend_) {
      std::sort(found_.begin(), found_.end());
      found_.erase(std::unique(found_.begin(), found_.end()), found_.end());
    }
    return found_;
  }

 private:
  Walk walk_;
  const Day* days_;
  bool ascend_;
  std::vector<Day> found_;
};

}  // namespace

void page_days_active(const PageEvents& events, ValueBlock& out) {
  DaysOf days(events);
  for (uint32_t i = 0; i < events.stream.customers(); ++i) {
    out.set(i, static_cast<int64_t>(days.of(i).size()));
  }
}

namespace {

// Rows of a customer whose gaps are sorted beside those of others: the gaps before her days, the
// first of which is none, one column of `gaps` for each customer.
constexpr size_t kFewRows = 16;
using GapLanes = int32_t __attribute__((vector_size(32)));
constexpr size_t kLanes = sizeof(GapLanes) / sizeof(int32_t);
struct Exchange {
  size_t a, b;
};

// Batcher's odd-even merge sort of 16 values ("Sorting networks and their applications", AFIPS
// 1968), as Knuth has it in Algorithm 5.2.2M.
constexpr auto network() {
  std::array<Exchange, 63> out{};
  size_t count = 0;
  for (size_t p = kFewRows / 2; p > 0; p /= 2) {
    size_t r = 0, d = p;
    for (size_t q = kFewRows / 2; q >= p; q /= 2) {
      for (size_t i = 0; i + d < kFewRows; ++i) {
        if ((i & p) == r) out[count++] = {i, i + d};
      }
      d = q - p;
      r = p;
    }
  }
  return out;
}

template <size_t... I>
PATRON_SIMD_INLINE void sort_lanes(GapLanes* lanes, std::index_sequence<I...>) {
  constexpr auto kNetwork = network();
  const auto exchange = [&](Exchange one) __attribute__((always_inline)) {
    const GapLanes a = lanes[one.a], b = lanes[one.b];
    lanes[one.a] = a < b ? a : b;
    lanes[one.b] = a < b ? b : a;
  };
  (exchange(kNetwork[I]), ...);
}

struct PageGaps {
  alignas(64) std::array<int32_t, (kFewRows + 1) * kPageCustomers> gaps;  ///< a row for each gap
  std::array<uint32_t, kPageCustomers> days;  ///< how many, of those with a few rows
};

// gap_median of every customer, where local days never come again.
void median_gaps(const Walk& walk, const Day* days, PageGaps& page, ValueBlock& out) {
  page.gaps.fill(INT32_MAX);
  std::vector<Day> many;
  run_with_best_simd([&]() __attribute__((always_inline)) {
    const Walk mine = walk;
    const Day* const day_of = days;
    for (uint32_t i = 0; i < mine.customers; ++i) {
      page.days[i] = 0;
      const uint32_t begin = mine.rows.begin[i], end = mine.rows.end[i];
      if (end - begin > kFewRows) continue;
      int32_t* const gaps = page.gaps.data() + i;
      size_t n = 0;
      Day before = -1'000'000'000;
      mine.selected.each(
          begin, end, [&](uint32_t row) __attribute__((always_inline)) {
            const Day day = day_of[row];
            gaps[n] = static_cast<int32_t>(day - before);
            n += day != before ? kPageCustomers : 0;
            before = day;
          });
      gaps[n] = INT32_MAX;  // what stands there is of the same day again
      page.days[i] = static_cast<uint32_t>(n / kPageCustomers);
    }
    for (size_t i = 0; i < mine.customers; i += kLanes) {
      GapLanes lanes[kFewRows];
      int32_t* const gaps = page.gaps.data() + kPageCustomers + i;
      for (size_t k = 0; k < kFewRows; ++k) {
        std::memcpy(&lanes[k], gaps + k * kPageCustomers, sizeof lanes[k]);
      }
      sort_lanes(lanes, std::make_index_sequence<63>());
      for (size_t k = 0; k < kFewRows; ++k) {
        std::memcpy(gaps + k * kPageCustomers, &lanes[k], sizeof lanes[k]);
      }
    }
    for (uint32_t i = 0; i < walk.customers; ++i) {
      const size_t n = page.days[i];
      if (n < 2) continue;
      // Of n - 1 gaps, from row 1 on.
      const int32_t* const gaps = page.gaps.data() + i;
      const int64_t twice =
          int64_t{gaps[n / 2 * kPageCustomers]} + gaps[(n + 1) / 2 * kPageCustomers];
      out.set(i, twice * (kMicrosPerDay / 2));
    }
    return 0;
  });
  for (uint32_t i = 0; i < walk.customers; ++i) {
    if (walk.rows.end[i] - walk.rows.begin[i] <= kFewRows) continue;
    many.clear();
    each_row(walk, i, [&](uint32_t row) {
      if (many.empty() || days[row] != many.back()) many.push_back(days[row]);
    });
    if (const std::optional<int64_t> gap = gap_median(many)) out.set(i, *gap);
  }
}

}  // namespace

void page_gap(const PageEvents& events, Verb verb, ValueBlock& out) {
  if (verb == Verb::kGapMedian) {
    const Day* days = events.stream.days();
    if (events.stream.days_ascend()) {
      PageGaps page;
      return median_gaps(Walk(events), days, page, out);
    }
  }
  DaysOf days(events);
  for (uint32_t i = 0; i < events.stream.customers(); ++i) {
    const std::vector<Day>& mine = days.of(i);
    if (verb == Verb::kGapCv) {
      if (const std::optional<double> cv = gap_cv(mine)) out.set(i, *cv);
      continue;
    }
    const std::optional<int64_t> gap = verb == Verb::kGapLast   ? gap_last(mine)
                                       : verb == Verb::kGapMean ? gap_mean(mine)
                                                                : gap_median(mine);
    if (gap) out.set(i, *gap);
  }
}

}  // namespace patron::internal
