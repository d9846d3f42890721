// The eight value octants and their names.

#include <array>
#include <cstddef>

#include "patron/segments.h"

namespace patron {
inline namespace v0 {
namespace {

// In the order of the octant: bit 2 = recency is high, bit 1 = frequency, bit 0 = monetary.
constexpr std::array<OctantName, 8> kClassicNames{{
    {"General win-back", "一般挽留"},
    {"Important win-back", "重要挽留"},
    {"General retention", "一般保持"},
    {"Important retention", "重要保持"},
    {"General development", "一般发展"},
    {"Important development", "重要发展"},
    {"General value", "一般价值"},
    {"Important value", "重要价值"},
}};

constexpr std::array<OctantName, 8> kVeNames{{
    {"Lost", "流失"},
    {"Important win-back", "重要挽留"},
    {"General upkeep", "一般维持"},
    {"Important recall", "重要唤回"},
    {"New", "新客户"},
    {"Important cultivation", "重要深耕"},
    {"Potential", "潜力"},
    {"Important value", "重要价值"},
}};

}  // namespace

OctantName octant_name(OctantNames system, int octant) {
  if (octant < 0 || octant > 7) return {};
  return (system == OctantNames::kVe ? kVeNames : kClassicNames)[static_cast<size_t>(octant)];
}

}  // namespace v0
}  // namespace patron
