#include "lib/book/links.h"

#include <algorithm>
#include <unordered_map>
#include <utility>

namespace patron::internal {

// The rows that are reached from one end of a link that was taken out, and the frontier.
struct Links::Side {
  std::vector<uint32_t> rows;
  std::vector<uint32_t> from;  ///< the link by which each was reached
  size_t at = 0;               ///< the row that is looked at
  uint32_t link = kNone;       ///< its next link to follow
  bool begun = false;
};

namespace {

// One more each time would make growing quadratic.
template <typename T>
void make_room(std::vector<T>& values, size_t wanted) {
  if (values.capacity() < wanted) values.reserve(std::max(wanted, values.capacity() * 2));
}

}  // namespace

void Links::reserve(uint32_t customers) {
  make_room(group_, customers);
  make_room(next_, customers);
  make_room(back_, customers);
  make_room(first_, customers);
  make_room(groups_, groups_.size() + 2);
  make_room(free_, groups_.size() + 4);
  make_room(links_, links_.size() + 1);
  if (customers > group_.size()) {
    group_.resize(customers, kNone);
    next_.resize(customers, kNone);
    back_.resize(customers, kNone);
    first_.resize(customers, kNone);
  }
}

// The link between two rows: both rows' links are looked at in turn, so that the fewer decide.
uint32_t Links::find_link(uint32_t a, uint32_t b) const {
  const uint32_t rows[2] = {a, b};
  uint32_t at[2] = {first_[a], first_[b]};
  while (at[0] != kNone && at[1] != kNone) {
    for (uint32_t side = 0; side < 2; ++side) {
      const uint32_t end = end_of(at[side], rows[side]);
      if (links_[at[side]].ends[1 - end] == rows[1 - side]) return at[side];
      at[side] = links_[at[side]].next[end];
    }
  }
  return kNone;
}

uint32_t Links::new_group(uint32_t row) {
  uint32_t number = static_cast<uint32_t>(groups_.size());
  if (free_.empty()) {
    groups_.push_back({});
  } else {
    number = free_.back();
    free_.pop_back();
  }
  groups_[number] = {row, 1, kNone};
  group_[row] = number;
  next_[row] = back_[row] = row;
  return number;
}

void Links::attach(uint32_t number) {
  Link& link = links_[number];
  for (uint32_t end = 0; end < 2; ++end) {
    const uint32_t row = link.ends[end];
    link.previous[end] = kNone;
    link.next[end] = first_[row];
    if (first_[row] != kNone) links_[first_[row]].previous[end_of(first_[row], row)] = number;
    first_[row] = number;
  }
}

void Links::detach(uint32_t number) {
  Link& link = links_[number];
  for (uint32_t end = 0; end < 2; ++end) {
    const uint32_t row = link.ends[end];
    if (link.previous[end] == kNone) {
      first_[row] = link.next[end];
    } else {
      links_[link.previous[end]].next[end_of(link.previous[end], row)] = link.next[end];
    }
    if (link.next[end] != kNone) {
      links_[link.next[end]].previous[end_of(link.next[end], row)] = link.previous[end];
    }
  }
}

bool Links::link(uint32_t first, uint32_t second, uint64_t token) {
  if (same(first, second)) return false;
  const uint32_t a = linked(first) ? group_[first] : new_group(first);
  const uint32_t b = linked(second) ? group_[second] : new_group(second);
  const auto number = static_cast<uint32_t>(links_.size());
  Link link{};
  link.ends[0] = first;
  link.ends[1] = second;
  link.survivors[0] = groups_[a].survivor;
  link.survivors[1] = groups_[b].survivor;
  link.newest[0] = groups_[a].newest;
  link.newest[1] = groups_[b].newest;
  link.token = token;
  link.alive = true;
  links_.push_back(link);
  attach(number);
  ++alive_;
  const uint32_t kept = groups_[a].size >= groups_[b].size ? a : b;
  const uint32_t gone = kept == a ? b : a;
  const uint32_t start = kept == a ? second : first;
  uint32_t row = start;
  do {
    group_[row] = kept;
    row = next_[row];
  } while (row != start);
  // Two rings become one by exchanging what follows.
  std::swap(next_[first], next_[second]);
  back_[next_[first]] = first;
  back_[next_[second]] = second;
  groups_[kept] = {link.survivors[0], groups_[a].size + groups_[b].size, number};
  free_.push_back(gone);
  return true;
}

// Follows one more link; false where the side is complete.
bool Links::grow(Side& side) const {
  for (; side.at < side.rows.size(); ++side.at, side.begun = false) {
    const uint32_t row = side.rows[side.at];
    if (!side.begun) side.link = first_[row];
    side.begun = true;
    while (side.link != kNone) {
      const uint32_t number = side.link;
      const uint32_t end = end_of(number, row);
      side.link = links_[number].next[end];
      if (number == side.from[side.at]) continue;
      side.rows.push_back(links_[number].ends[1 - end]);
      side.from.push_back(number);
      return true;
    }
  }
  return false;
}

std::vector<uint32_t> Links::links_of_group(uint32_t start) const {
  std::vector<uint32_t> all;
  for_each(start, [&](uint32_t row) {
    for (uint32_t number = first_[row]; number != kNone;) {
      const uint32_t end = end_of(number, row);
      if (end == 0) all.push_back(number);
      number = links_[number].next[end];
    }
  });
  std::sort(all.begin(), all.end());
  return all;
}

// The survivor whom these links of one group, in the order in which they were made, say.
uint32_t Links::replay(uint32_t row, std::vector<uint32_t>& numbers) const {
  std::unordered_map<uint32_t, uint32_t> parent;  // towards the survivor's group
  const auto root = [&](uint32_t at) {
    auto found = parent.try_emplace(at, at).first;
    while (found->second != at) {
      at = found->second;
      found = parent.try_emplace(at, at).first;
      const auto above = parent.try_emplace(found->second, found->second).first;
      found->second = above->second;
    }
    return at;
  };
  for (const uint32_t number : numbers) {
    const uint32_t kept = root(links_[number].ends[0]);
    parent[root(links_[number].ends[1])] = kept;
  }
  return root(row);
}

// After its newest link went, a side is what it was before; else its links tell.
void Links::settle_side(uint32_t row, uint32_t removed, uint32_t end) {
  Group& group = groups_[group_[row]];
  const Link& link = links_[removed];
  const bool was_newest = group.newest == removed;
  const uint32_t newest = link.newest[end];
  const bool known_newest =
      newest == kNone ? group.size == 1 : links_[newest].alive && same(links_[newest].ends[0], row);
  const bool keeps = same(group.survivor, row);
  if (was_newest && known_newest && same(link.survivors[end], row)) {
    group.newest = newest;
    group.survivor = link.survivors[end];
    return;
  }
  std::vector<uint32_t> numbers = links_of_group(row);
  group.newest = numbers.empty() ? kNone : numbers.back();
  if (!keeps) group.survivor = replay(row, numbers);
}

std::optional<Links::Split> Links::unlink(uint32_t first, uint32_t second) {
  if (!linked(first) || !linked(second)) return std::nullopt;
  const uint32_t number = first == second ? kNone : find_link(first, second);
  if (number == kNone) return std::nullopt;
  const uint32_t ends[2] = {links_[number].ends[0], links_[number].ends[1]};
  make_room(groups_, groups_.size() + 1);
  Side sides[2];
  for (uint32_t end = 0; end < 2; ++end) {
    sides[end].rows.push_back(ends[end]);
    sides[end].from.push_back(number);
  }
  while (grow(sides[0]) && grow(sides[1])) {
  }
  // The side that has nothing left to follow is the one that moves.
  const uint32_t moving = sides[0].at >= sides[0].rows.size() ? 0 : 1;
  const std::vector<uint32_t>& rows = sides[moving].rows;
  // What follows may run out of memory only while it replays; then the old order is put back.
  detach(number);
  links_[number].alive = false;
  --alive_;
  const uint32_t old = group_[ends[0]];
  const Group before = groups_[old];
  const uint32_t made = new_group_of(rows, old);
  try {
    settle_side(ends[0], number, 0);
    settle_side(ends[1], number, 1);
  } catch (...) {
    reunite(number, made, old, before, rows);
    throw;
  }
  Split split;
  const uint32_t own = links_[number].ends[0] == first ? 0 : 1;
  split.first = survivor_of_group(group_[ends[own]]);
  split.second = survivor_of_group(group_[ends[1 - own]]);
  split.token = links_[number].token;
  for (const uint32_t end : ends) {
    Group& group = groups_[group_[end]];
    if (group.size > 1) continue;
    free_.push_back(group_[end]);
    group_[end] = kNone;
  }
  return split;
}

// These rows, all of one group, become a group of their own.
uint32_t Links::new_group_of(const std::vector<uint32_t>& rows, uint32_t old) {
  for (const uint32_t row : rows) {
    next_[back_[row]] = next_[row];
    back_[next_[row]] = back_[row];
    next_[row] = back_[row] = row;
  }
  const Group whole = groups_[old];
  const uint32_t made = new_group(rows[0]);
  groups_[made].survivor = whole.survivor;
  groups_[made].newest = whole.newest;
  groups_[made].size = static_cast<uint32_t>(rows.size());
  groups_[old].size -= groups_[made].size;
  for (size_t i = 1; i < rows.size(); ++i) {
    group_[rows[i]] = made;
    insert_behind(rows[0], rows[i]);
  }
  return made;
}

void Links::insert_behind(uint32_t at, uint32_t row) {
  next_[row] = next_[at];
  back_[row] = at;
  back_[next_[at]] = row;
  next_[at] = row;
}

void Links::reunite(uint32_t number, uint32_t made, uint32_t old, const Group& before,
                    const std::vector<uint32_t>& rows) {
  const uint32_t other = links_[number].ends[group_[links_[number].ends[0]] == made ? 1 : 0];
  for (const uint32_t row : rows) {
    group_[row] = old;
    next_[row] = back_[row] = row;
    insert_behind(other, row);
  }
  groups_[old] = before;
  free_.push_back(made);
  links_[number].alive = true;
  ++alive_;
  attach(number);
}

void Links::dissolve(uint32_t start) {
  if (!linked(start)) return;
  const uint32_t group = group_[start];
  for (uint32_t row = start; group_[row] != kNone;) {
    for (uint32_t number = first_[row]; number != kNone;) {
      Link& link = links_[number];
      const uint32_t end = end_of(number, row);
      if (link.alive) --alive_;
      link.alive = false;
      link.token = 0;
      number = link.next[end];
    }
    first_[row] = kNone;
    group_[row] = kNone;
    row = next_[row];
  }
  free_.push_back(group);
}

size_t Links::memory() const {
  return (group_.capacity() + next_.capacity() + back_.capacity() + first_.capacity() +
          free_.capacity()) *
             sizeof(uint32_t) +
         groups_.capacity() * sizeof(Group) + links_.capacity() * sizeof(Link);
}

}  // namespace patron::internal
