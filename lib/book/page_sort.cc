#include "lib/book/page_sort.h"

#include <algorithm>

#include "lib/book/event_page.h"

namespace patron::internal {
namespace {

// A cache line of each is written to in turn: few enough for a core's second-level cache.
constexpr uint32_t kMostGroups = 4096;

struct Text {
  uint64_t words[2];
};

template <typename T>
void scatter_cells(const uint8_t* from, const BatchVector<uint32_t>& places, uint8_t* to) {
  const T* in = reinterpret_cast<const T*>(from);
  T* out = reinterpret_cast<T*>(to);
  for (size_t i = 0; i < places.size(); ++i) out[places[i]] = in[i];
}

}  // namespace

PageSort::PageSort(std::span<const uint32_t> customers) : places_(customers.size()) {
  uint32_t last = 0;
  for (const uint32_t customer : customers) last = std::max(last, customer);
  while (last / kPageCustomers >> shift_ >= kMostGroups) ++shift_;
  const auto group = [shift = shift_](uint32_t customer) {
    return customer / kPageCustomers >> shift;
  };
  std::vector<uint32_t> next(group(last) + size_t{2});
  for (const uint32_t customer : customers) ++next[group(customer) + size_t{1}];
  ends_.resize(next.size() - 1);
  for (size_t g = 1; g < next.size(); ++g) {
    next[g] += next[g - 1];
    ends_[g - 1] = next[g];
  }
  for (size_t i = 0; i < customers.size(); ++i) places_[i] = next[group(customers[i])]++;
}

void PageSort::scatter(const uint8_t* from, size_t width, uint8_t* to) const {
  switch (width) {
    case sizeof(Text):
      return scatter_cells<Text>(from, places_, to);
    case sizeof(uint64_t):
      return scatter_cells<uint64_t>(from, places_, to);
    case sizeof(uint32_t):
      return scatter_cells<uint32_t>(from, places_, to);
    default:
      return scatter_cells<uint8_t>(from, places_, to);
  }
}

}  // namespace patron::internal
