#include "lib/engine/frozen_links.h"

#include "lib/engine/settle/unite.h"

namespace patron::internal {

FrozenLinks::Prepared FrozenLinks::prepare(uint64_t token, FrozenLink link) {
  Prepared out;
  for (const FrozenSide& side : link.sides) out.ends.insert({side.end, token});
  out.links.emplace(token, std::move(link));
  return out;
}

void FrozenLinks::add(Prepared& prepared) {
  links_.merge(prepared.links);
  ends_.merge(prepared.ends);
}

std::optional<uint64_t> FrozenLinks::find(uint32_t a, uint32_t b) const {
  for (auto it = ends_.lower_bound({a, 0}); it != ends_.end() && it->first == a; ++it) {
    const FrozenLink& link = links_.find(it->second)->second;
    if (link.sides[0].end == b || link.sides[1].end == b) return it->second;
  }
  return std::nullopt;
}

// The ids that hang together with `row` by links older than `below`; those in `rows` are left out.
void FrozenLinks::collect(uint32_t row, uint64_t below, std::set<uint32_t>& rows) const {
  std::vector<uint32_t> open;
  if (rows.insert(row).second) open.push_back(row);
  while (!open.empty()) {
    const uint32_t next = open.back();
    open.pop_back();
    for (auto it = ends_.lower_bound({next, 0}); it != ends_.end() && it->first == next; ++it) {
      if (it->second >= below) break;
      for (const FrozenSide& side : links_.find(it->second)->second.sides) {
        if (rows.insert(side.end).second) open.push_back(side.end);
      }
    }
  }
}

FrozenLinks::Parted FrozenLinks::part(uint64_t token, const Unite& unite) {
  FrozenLink& removed = links_.find(token)->second;
  Parted out;
  out.token = token;
  std::set<uint32_t> sides[2];
  for (int s = 0; s < 2; ++s) {
    out.states[s] = removed.sides[s].state;
    collect(removed.sides[s].end, token, sides[s]);
  }
  // Links that came later, oldest first, so far as they joined what the link had made one.
  std::set<uint64_t> later;
  const auto look_at = [&](uint32_t row) {
    for (auto it = ends_.upper_bound({row, token}); it != ends_.end() && it->first == row; ++it) {
      later.insert(it->second);
    }
  };
  for (const std::set<uint32_t>& side : sides) {
    for (const uint32_t row : side) look_at(row);
  }
  out.newest = later.empty();
  while (!later.empty()) {
    const uint64_t next = *later.begin();
    later.erase(later.begin());
    FrozenLink& link = links_.find(next)->second;
    for (int x = 0; x < 2; ++x) {
      for (int s = 0; s < 2; ++s) {
        if (sides[s].count(link.sides[x].end) == 0) continue;
        if (sides[s].count(link.sides[1 - x].end) != 0) continue;
        out.kept.push_back({&link, x, out.states[s]});
        const CustomerState& joined = link.sides[1 - x].state;
        out.states[s] = x == 0 ? unite(out.states[s], joined) : unite(joined, out.states[s]);
        std::set<uint32_t> rows;
        collect(link.sides[1 - x].end, next, rows);
        for (const uint32_t row : rows) look_at(row);
        sides[s].merge(rows);
        x = s = 2;
      }
    }
  }
  for (int s = 0; s < 2; ++s) out.ids[s].assign(sides[s].begin(), sides[s].end());
  return out;
}

void FrozenLinks::remove(Parted& parted) {
  for (Parted::Kept& kept : parted.kept) {
    std::swap(kept.link->sides[kept.side].state, kept.state);
    kept.link->settlings.reset();
  }
  const auto found = links_.find(parted.token);
  for (const FrozenSide& side : found->second.sides) ends_.erase({side.end, parted.token});
  links_.erase(found);
}

void FrozenLinks::note_settled(std::span<const uint32_t> rows) {
  for (const uint32_t row : rows) {
    for (auto it = ends_.lower_bound({row, 0}); it != ends_.end() && it->first == row; ++it) {
      links_.find(it->second)->second.settlings.reset();
    }
  }
}

void FrozenLinks::forget(std::span<const uint32_t> rows) {
  for (const uint32_t row : rows) {
    for (auto it = ends_.lower_bound({row, 0}); it != ends_.end() && it->first == row;) {
      if (const auto found = links_.find(it->second); found != links_.end()) {
        for (FrozenSide& side : found->second.sides) wipe(side.state);
        links_.erase(found);
      }
      it = ends_.erase(it);
    }
  }
}

}  // namespace patron::internal
