#include "lib/policy/search.h"

#include <utility>

namespace patron::internal::policy {

Answer Search::find(const std::vector<Wanted>& wanted) {
  return find(wanted, terrain_.everywhere());
}

// Each step halves the cells of one thing, so the depth is at most the number of all cells.
Answer Search::find(const std::vector<Wanted>& wanted, Region region) {
  if (--left_ < 0) return Answer::kNotDecided;
  const Wanted* open = nullptr;
  for (const Wanted& one : wanted) {
    const Truth truth = terrain_.truth(one.condition, region);
    if ((truth & one.truth) == 0) return Answer::kNone;
    if ((truth & ~one.truth) != 0 && open == nullptr) open = &one;
  }
  if (open == nullptr) {
    region_ = std::move(region);
    return Answer::kFound;
  }
  uint64_t cells = 0;
  const int thing = terrain_.split(open->condition, region, cells);
  if (thing < 0) return Answer::kNone;
  const auto at = static_cast<size_t>(thing);
  Region rest = region;
  region[at] = cells;
  rest[at] &= ~cells;
  const Answer first = find(wanted, std::move(region));
  return first == Answer::kNone ? find(wanted, std::move(rest)) : first;
}

Search::Reach Search::first_match(const std::vector<int>& conditions) {
  Reach out;
  out.reached.assign(conditions.size(), false);
  walk(conditions, terrain_.everywhere(), 0, out);
  return out;
}

void Search::walk(const std::vector<int>& conditions, Region region, size_t from, Reach& out) {
  if (--left_ < 0) {
    out.answer = Answer::kNotDecided;
    return;
  }
  for (; from < conditions.size(); ++from) {
    const Truth truth = terrain_.truth(conditions[from], region);
    if (truth == kTrue) {
      out.reached[from] = true;
      return;
    }
    if ((truth & kTrue) == 0) continue;
    uint64_t cells = 0;
    const int thing = terrain_.split(conditions[from], region, cells);
    if (thing < 0) continue;
    const auto at = static_cast<size_t>(thing);
    Region part = region;
    part[at] = cells;
    region[at] &= ~cells;
    walk(conditions, std::move(part), from, out);
    if (out.answer == Answer::kNotDecided) return;
    walk(conditions, std::move(region), from, out);
    return;
  }
  if (out.gap) return;
  out.gap = true;
  out.gap_region = std::move(region);
}

}  // namespace patron::internal::policy
