#include "lib/book/page_sort.h"

#include <algorithm>
#include <array>

#include "lib/base/parallel.h"
#include "lib/book/event_page.h"

namespace patron::internal {
namespace {

// A cache line of each is written to in turn, column by column: few enough for a core's first-level
// cache.
constexpr uint32_t kMostGroups = 256;

struct Text {
  uint64_t words[2];
};

template <typename T>
void scatter(const uint8_t* from, std::span<const uint32_t> places, uint8_t* to) {
  const T* in = reinterpret_cast<const T*>(from);
  T* out = reinterpret_cast<T*>(to);
  for (size_t i = 0; i < places.size(); ++i) out[places[i]] = in[i];
}

}  // namespace

PagePlan::PagePlan(std::span<const uint32_t> customers, std::span<const size_t> ends, int threads)
    : next_(ends.size()) {
  uint32_t last = 0;
  for (const uint32_t customer : customers) last = std::max(last, customer);
  while (last / kPageCustomers >> shift_ >= kMostGroups) ++shift_;
  const uint32_t groups = (last / kPageCustomers >> shift_) + 1;
  for (std::vector<uint32_t>& next : next_) next.resize(groups);
  // Without a watch there is nothing to report.
  (void)parallel_for(static_cast<int64_t>(ends.size()), threads, nullptr, [&](int64_t task, int) {
    const auto range = static_cast<size_t>(task);
    std::vector<uint32_t>& next = next_[range];
    for (size_t i = range == 0 ? 0 : ends[range - 1]; i < ends[range]; ++i) {
      ++next[customers[i] / kPageCustomers >> shift_];
    }
  });
  ends_.resize(groups);
  uint32_t place = 0;
  for (uint32_t g = 0; g < groups; ++g) {
    for (std::vector<uint32_t>& next : next_) {
      const uint32_t rows = next[g];
      next[g] = place;
      place += rows;
    }
    ends_[g] = place;
  }
}

void PagePlan::place(size_t range, std::span<const uint32_t> customers, uint32_t* places) {
  uint32_t* next = next_[range].data();
  for (size_t i = 0; i < customers.size(); ++i) {
    places[i] = next[customers[i] / kPageCustomers >> shift_]++;
  }
}

PageSort::PageSort(std::span<const uint32_t> customers)
    : plan_(customers, std::array{customers.size()}, 1), places_(customers.size()) {
  plan_.place(0, customers, places_.data());
}

void PageSort::scatter(const uint8_t* from, size_t width, uint8_t* to) const {
  scatter_cells(from, {places_.data(), places_.size()}, width, to);
}

void scatter_cells(const uint8_t* from, std::span<const uint32_t> places, size_t width,
                   uint8_t* to) {
  switch (width) {
    case sizeof(Text):
      return scatter<Text>(from, places, to);
    case sizeof(uint64_t):
      return scatter<uint64_t>(from, places, to);
    case sizeof(uint32_t):
      return scatter<uint32_t>(from, places, to);
    default:
      return scatter<uint8_t>(from, places, to);
  }
}

}  // namespace patron::internal
