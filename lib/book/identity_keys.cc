#include "lib/book/identity_keys.h"

#include <algorithm>
#include <cstring>
#include <iterator>

namespace patron::internal {
namespace {

// The key's number comes before the value: the same text may be a value of two keys.
WipedText stored(uint32_t key, const WipedText& value) {
  WipedText text(std::string_view("\0\0\0\0", sizeof key));
  std::memcpy(text.data(), &key, sizeof key);
  text.append(value.view());
  return text;
}

}  // namespace

void IdentityKeys::add(std::vector<KeyClaim>& claims) {
  waiting_.reserve(waiting_.size() + claims.size());
  std::move(claims.begin(), claims.end(), std::back_inserter(waiting_));
}

std::string_view IdentityKeys::value(uint32_t key, uint32_t survivor) const {
  if (survivor >= newest_[key].size() || newest_[key][survivor].value == kNoRow) return {};
  return values_.id(newest_[key][survivor].value).substr(sizeof key);
}

// The strongest key above `key` of which both have different values, or -1.
int IdentityKeys::told_apart(uint32_t a, uint32_t b, uint32_t key) const {
  for (uint32_t stronger = 0; stronger < key; ++stronger) {
    const uint32_t x = newest_[stronger][a].value;
    const uint32_t y = newest_[stronger][b].value;
    if (x != kNoRow && y != kNoRow && x != y) return static_cast<int>(stronger);
  }
  return -1;
}

void IdentityKeys::settle(Micros now, uint32_t customers, const CustomerIds& ids, Links& links,
                          uint64_t first_token, std::vector<BookKeyLink>& met) {
  const size_t before = own_.empty() ? 0 : newest_.back().size();
  for (size_t key = 0; key < own_.size(); ++key) {
    own_[key].resize(customers);
    newest_[key].resize(customers);
  }
  // Who came since may stand for others who have values already.
  for (auto row = static_cast<uint32_t>(before); row < customers; ++row) {
    if (links.linked(row) && links.survivor(row) == row) parted(row, links);
  }
  const auto later = std::partition(waiting_.begin(), waiting_.end(),
                                    [&](const KeyClaim& claim) { return claim.time > now; });
  // Back to front, so that what is applied can go from the end.
  std::sort(later, waiting_.end(), [&](const KeyClaim& a, const KeyClaim& b) {
    if (a.time != b.time) return a.time > b.time;
    if (a.key != b.key) return a.key > b.key;
    if (a.value.view() != b.value.view()) return a.value.view() > b.value.view();
    return ids.compare_own(a.row, b.row) > 0;
  });
  const auto kept = static_cast<size_t>(later - waiting_.begin());
  uint64_t token = first_token;
  while (waiting_.size() > kept) {
    apply(waiting_.back(), ids, links, token, met);
    waiting_.pop_back();
  }
}

void IdentityKeys::apply(const KeyClaim& claim, const CustomerIds& ids, Links& links,
                         uint64_t& token, std::vector<BookKeyLink>& met) {
  links.reserve(static_cast<uint32_t>(own_[0].size()));
  if (met.size() == met.capacity()) met.reserve(met.size() * 2 + 8);
  if (held_.size() == held_.capacity()) held_.reserve(held_.size() * 2 + 8);
  if (holder_.size() == holder_.capacity()) holder_.reserve(holder_.size() * 2 + 8);
  const uint32_t value = values_.find_or_insert(stored(claim.key, claim.value).view());
  if (value == kNoRow) throw std::bad_alloc();
  // From here on nothing fails.
  const bool first = value == holder_.size();
  if (first) holder_.push_back(claim.row);
  const Held held{value, claim.time};
  Held& own = own_[claim.key][claim.row];
  if (own.value != value) held_.push_back({claim.row, value});
  if (newer(held, own)) own = held;
  const uint32_t mine = links.survivor(claim.row);
  Held& hers = newest_[claim.key][mine];
  if (newer(held, hers)) hers = held;
  if (first) return;
  const uint32_t other = links.survivor(holder_[value]);
  if (other == mine) return;
  const int apart = told_apart(mine, other, claim.key);
  BookKeyLink link;
  link.key = static_cast<int>(claim.key);
  link.stronger = apart;
  link.done = apart < 0;
  const bool mine_first = ids.compare_own(mine, other) < 0;
  link.survivor = mine_first ? mine : other;
  link.other = mine_first ? other : mine;
  link.first = mine_first ? claim.row : holder_[value];
  link.second = mine_first ? holder_[value] : claim.row;
  if (link.done) {
    link.token = token++;
    links.link(link.first, link.second, link.token);
    joined(link.survivor, link.other);
  }
  met.push_back(link);
}

bool IdentityKeys::newer(const Held& a, const Held& b) const {
  if (a.value == kNoRow || b.value == kNoRow) return a.value != kNoRow;
  if (a.time != b.time) return a.time > b.time;
  return values_.id(a.value) < values_.id(b.value);
}

void IdentityKeys::joined(uint32_t survivor, uint32_t other) {
  for (std::vector<Held>& newest : newest_) {
    if (std::max(survivor, other) >= newest.size()) continue;
    if (newer(newest[other], newest[survivor])) newest[survivor] = newest[other];
  }
}

void IdentityKeys::parted(uint32_t survivor, const Links& links) {
  for (size_t key = 0; key < own_.size(); ++key) {
    if (survivor >= own_[key].size()) continue;
    Held found;
    links.for_each(survivor, [&](uint32_t row) {
      if (row < own_[key].size() && newer(own_[key][row], found)) found = own_[key][row];
    });
    newest_[key][survivor] = found;
  }
}

void IdentityKeys::values_of(uint32_t row, std::set<uint32_t>& values) const {
  for (const Holding& holding : held_) {
    if (holding.row == row) values.insert(holding.value);
  }
}

Micros IdentityKeys::next_claim() const {
  Micros first = kEndTime;
  for (const KeyClaim& claim : waiting_) first = std::min(first, claim.time);
  return first;
}

std::vector<std::pair<uint32_t, Micros>> IdentityKeys::meetings_ahead(
    Micros now, const CustomerIds& ids) const {
  std::vector<const KeyClaim*> by_value;
  for (const KeyClaim& claim : waiting_) by_value.push_back(&claim);
  std::sort(by_value.begin(), by_value.end(), [&](const KeyClaim* a, const KeyClaim* b) {
    if (a->key != b->key) return a->key < b->key;
    if (a->value.view() != b->value.view()) return a->value.view() < b->value.view();
    if (a->time != b->time) return a->time < b->time;
    return ids.compare_own(a->row, b->row) < 0;
  });
  std::vector<std::pair<uint32_t, Micros>> out;
  const KeyClaim* before = nullptr;
  uint32_t holder = kNoRow;
  for (const KeyClaim* claim : by_value) {
    const bool same = before != nullptr && before->key == claim->key &&
                      before->value.view() == claim->value.view();
    if (!same) {
      const uint32_t value = values_.find(stored(claim->key, claim->value).view());
      holder = value < holder_.size() ? holder_[value] : kNoRow;
      if (holder == kNoRow) holder = claim->row;
    }
    before = claim;
    if (holder == claim->row) continue;
    const Micros t = std::max(now, claim->time);
    out.emplace_back(claim->row, t);
    out.emplace_back(holder, t);
  }
  return out;
}

void IdentityKeys::forget(std::span<const uint32_t> rows, std::set<uint32_t>& values) {
  for (const uint32_t row : rows) forget_one(row);
  std::erase_if(values, [this](uint32_t value) { return holder_[value] != kNoRow; });
  values_.erase(values);
}

// A value that nobody has any more is left with no holder.
void IdentityKeys::forget_one(uint32_t row) {
  std::erase_if(waiting_, [&](const KeyClaim& claim) { return claim.row == row; });
  for (size_t key = 0; key < own_.size(); ++key) {
    if (row < own_[key].size()) own_[key][row] = newest_[key][row] = Held();
  }
  for (const Holding& lost : held_) {
    if (lost.row != row || holder_[lost.value] != row) continue;
    const auto next = std::find_if(held_.begin(), held_.end(), [&](const Holding& holding) {
      return holding.value == lost.value && holding.row != row;
    });
    holder_[lost.value] = next == held_.end() ? kNoRow : next->row;
  }
  std::erase_if(held_, [&](const Holding& holding) { return holding.row == row; });
}

size_t IdentityKeys::memory() const {
  size_t bytes = waiting_.capacity() * sizeof(KeyClaim) + values_.memory() +
                 holder_.capacity() * sizeof(uint32_t) + held_.capacity() * sizeof(Holding);
  for (size_t key = 0; key < own_.size(); ++key) {
    bytes += (own_[key].capacity() + newest_[key].capacity()) * sizeof(Held);
  }
  return bytes;
}

}  // namespace patron::internal
