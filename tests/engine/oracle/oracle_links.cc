// Links, overrides and forgetting, by rules 37, 40 and 43.
#include <algorithm>

#include "tests/engine/oracle/oracle.h"

namespace patron::oracle {

// Who stands for whom: the links one after the other, in the order in which they were made.
std::map<std::string, std::string> Oracle::survivors(const std::vector<Link>& links) {
  std::map<std::string, std::string> out;
  for (const Link& link : links) {
    for (const std::string& end : link.ends) out.emplace(end, end);
    const std::string winner = out[link.ends[0]], loser = out[link.ends[1]];
    for (auto& [id, who] : out) {
      if (who == loser) who = winner;
    }
  }
  return out;
}

void Oracle::links_are(std::vector<Link> links) {
  links_ = std::move(links);
  stands_for_ = survivors(links_);
}

std::string Oracle::survivor(const std::string& id) const {
  const auto found = stands_for_.find(id);
  return found == stands_for_.end() ? id : found->second;
}

std::set<std::string> Oracle::group(const std::string& id) const {
  std::set<std::string> out{id};
  const auto mine = stands_for_.find(id);
  if (mine == stands_for_.end()) return out;
  for (const auto& [other, who] : stands_for_) {
    if (who == mine->second) out.insert(other);
  }
  return out;
}

// What both sides are together: of ladders the better class with its timers, flags unite, else the
// survivor's; marks of cool-downs and moves down unite; an override of the survivor's goes first.
Customer Oracle::united(const Customer& survivor, const Customer& other) const {
  Customer out = survivor;
  for (size_t c = 0; c < out.standing.size(); ++c) {
    const std::string& kind = rules_->classifications[c].kind;
    for (size_t m = 0; m < out.standing[c].size(); ++m) {
      Standing& mine = out.standing[c][m];
      const Standing hers = other.standing[c][m];
      const Standing before = mine;
      const bool better = (kind == "ladder" || kind == "flags") && hers.current < mine.current;
      if (hers.current >= 0 && (mine.current < 0 || better)) mine = hers, out.linked = true;
      mine.cool_until = before.cool_until;
      mine.cool_until.resize(rules_->classifications[c].machines[m].classes.size(), kMinTime);
      for (size_t k = 0; k < hers.cool_until.size(); ++k) {
        mine.cool_until[k] = std::max(mine.cool_until[k], hers.cool_until[k]);
      }
      mine.downs = before.downs;
      mine.downs.insert(mine.downs.end(), hers.downs.begin(), hers.downs.end());
    }
  }
  for (const StandingOverride& one : other.overrides) {
    const bool has = std::any_of(
        survivor.overrides.begin(), survivor.overrides.end(), [&](const StandingOverride& mine) {
          return mine.kind == one.kind && mine.classification == one.classification &&
                 !mine.removed;
        });
    if (!has) out.overrides.push_back(one);
  }
  out.kept.insert(other.kept.begin(), other.kept.end());  // where the survivor has none
  out.instants.insert(other.instants.begin(), other.instants.end());
  out.seen = survivor.seen || other.seen;
  out.linked = out.linked || other.linked;
  return out;
}

void Oracle::merged(const std::string& id) {
  Pending pending;
  pending.id = id;
  pending.at = clock_;
  pending.fact = false;
  pending.merge = true;
  pending_[id].push_back(pending);
  customer(id).instants.insert(clock_);
}

bool Oracle::link(const std::string& first, const std::string& second) {
  customer(first);
  customer(second);
  const std::string winner = survivor(first), loser = survivor(second);
  if (winner == loser) return false;
  Link link;
  link.ends[0] = first;
  link.ends[1] = second;
  link.frozen[0] = customer(winner);
  link.frozen[1] = customer(loser);
  link.settles = customer(winner).settles;
  customer(winner) = united(link.frozen[0], link.frozen[1]);
  link.merge = customer(winner).seen;
  std::vector<Link> links = links_;
  links.push_back(link);
  links_are(std::move(links));
  if (link.merge) merged(winner);
  return true;
}

bool Oracle::unlink(const std::string& first, const std::string& second) {
  const auto found = std::find_if(links_.begin(), links_.end(), [&](const Link& link) {
    return (link.ends[0] == first && link.ends[1] == second) ||
           (link.ends[0] == second && link.ends[1] == first);
  });
  if (found == links_.end()) return false;
  const auto which = static_cast<size_t>(found - links_.begin());
  const Link gone = *found;
  const std::set<std::string> all = group(first);
  const std::string winner = survivor(first);
  const Customer now = customer(winner);
  const bool newest = std::none_of(links_.begin() + static_cast<long>(which) + 1, links_.end(),
                                   [&](const Link& link) { return all.contains(link.ends[0]); });
  // Taken out before anybody was settled: it has never been.
  const bool never = newest && now.settles == gone.settles;
  // Each side as it was when the link was made, then united again with what joined it since.
  Customer parts[2] = {gone.frozen[0], gone.frozen[1]};
  std::vector<Link> others = links_;
  others.erase(others.begin() + static_cast<long>(which));
  const auto parted = survivors(others);
  const auto side_of = [&](const std::string& id) {
    for (int s = 0; s < 2; ++s) {
      const std::string& end = gone.ends[s];
      const std::string who = parted.contains(end) ? parted.at(end) : end;
      if ((parted.contains(id) ? parted.at(id) : id) == who) return s;
    }
    return -1;
  };
  for (size_t k = which; k < others.size(); ++k) {
    // Which of its sides had the link that goes in it, when it was made?
    const std::vector<Link> until(links_.begin(), links_.begin() + static_cast<long>(k) + 1);
    const auto then = survivors(until);
    const auto who = [&](const std::string& id) { return then.contains(id) ? then.at(id) : id; };
    for (int s = 0; s < 2; ++s) {
      if (who(others[k].ends[s]) != who(gone.ends[0])) continue;
      Customer& part = parts[side_of(others[k].ends[s])];
      others[k].frozen[s] = part;
      others[k].settles = -1;  // it joins others than it did, and does not go unnoticed any more
      part = s == 0 ? united(part, others[k].frozen[1]) : united(others[k].frozen[0], part);
      break;
    }
  }
  // Who was settled while another stood for her does not go back unnoticed.
  for (Link& other : others) {
    if (!never && all.contains(other.ends[0])) other.settles = -1;
  }
  links_are(others);
  for (int s = 0; s < 2; ++s) {
    const std::string heir = survivor(gone.ends[s]);
    Customer& her = customer(heir);
    const auto shown = heir == winner ? now.shown : her.shown;
    const int settles = her.settles;
    her = parts[s];
    for (size_t c = 0; c < shown.size(); ++c) {
      for (size_t m = 0; m < shown[c].size(); ++m) her.shown[c][m].said = shown[c][m].said;
    }
    her.settles = settles;
    her.instants.insert(now.instants.begin(), now.instants.end());
    her.instants.insert(gone.frozen[s].instants.upper_bound(clock_), gone.frozen[s].instants.end());
    her.instants.erase(her.instants.begin(), her.instants.lower_bound(clock_));
    end_unseated(her, heir);
    for (size_t c = 0; c < her.shown.size() && !never; ++c) {
      Shown& seat = her.shown[c][0];
      if (!has_no_seat(c, seat.current, heir)) continue;
      seat.previous = seat.current;
      seat.current = -1;
      ++seat.moves;
      seat.unseated = true;
    }
  }
  if (!never) {
    for (const std::string& end : gone.ends) {
      if (customer(survivor(end)).seen || known(end, clock_)) merged(survivor(end));
    }
  } else if (gone.merge) {
    std::vector<Pending>& hers = pending_[winner];
    const auto note = std::find_if(hers.begin(), hers.end(), [&](const Pending& pending) {
      return pending.merge && pending.at == clock_;
    });
    if (note != hers.end()) hers.erase(note);
  }
  return true;
}

// A seat that went to somebody else while she was one with another is not hers.
bool Oracle::has_no_seat(size_t classification, int in, const std::string& id) const {
  const Rules::Classification& of = rules_->classifications[classification];
  if (!of.seated(in)) return false;
  const auto found = frozen_.ranks.find(of.name);
  return found == frozen_.ranks.end() ||
         !found->second.seated[static_cast<size_t>(in)].contains(id);
}

// Nor by an override.
void Oracle::end_unseated(Customer& customer, const std::string& id) const {
  std::erase_if(customer.overrides, [&](const StandingOverride& one) {
    const int in = one.kind != "hold" ? one.to : one.held.empty() ? -1 : one.held[0];
    return has_no_seat(one.classification, in, id);
  });
}

void Oracle::claim(const std::string& id, const std::string& key, const std::string& value,
                   Micros from) {
  customer(id);
  Claim claim;
  claim.id = id;
  claim.value = value;
  claim.from = from;
  while (rules_->keys[claim.key] != key) ++claim.key;
  waiting_claims_.push_back(claim);
}

Micros Oracle::next_claim() const {
  Micros first = kEndTime;
  for (const Claim& claim : waiting_claims_) first = std::min(first, std::max(claim.from, clock_));
  return first;
}

// In an order of their own: instant, strength, value, id.
void Oracle::apply_claims(Micros t) {
  clock_ = std::max(clock_, t);
  std::vector<Claim> due;
  for (const Claim& claim : waiting_claims_) {
    if (claim.from <= t) due.push_back(claim);
  }
  std::erase_if(waiting_claims_, [&](const Claim& claim) { return claim.from <= t; });
  std::sort(due.begin(), due.end(), [this](const Claim& a, const Claim& b) {
    if (a.from != b.from) return a.from < b.from;
    if (a.key != b.key) return a.key < b.key;
    return a.value != b.value ? a.value < b.value : before(a.id, b.id);
  });
  for (const Claim& claim : due) apply(claim);
}

// Joined with the first who had the value, unless a stronger key tells them apart.
void Oracle::apply(const Claim& claim) {
  const auto first = std::find_if(claims_.begin(), claims_.end(), [&](const Claim& other) {
    return other.key == claim.key && other.value == claim.value;
  });
  const std::string holder = first == claims_.end() ? claim.id : first->id;
  claims_.push_back(claim);
  const std::string mine = survivor(claim.id), other = survivor(holder);
  if (mine == other || told_apart(mine, other, claim.key)) return;
  before(mine, other) ? link(claim.id, holder) : link(holder, claim.id);
}

// What a customer has: the newest of her ids, of one instant the one whose bytes come first.
const Oracle::Claim* Oracle::newest(const std::string& id, size_t key) const {
  const std::set<std::string> ids = group(id);
  const Claim* out = nullptr;
  for (const Claim& claim : claims_) {
    if (claim.key != key || !ids.contains(claim.id)) continue;
    const bool newer = out == nullptr || claim.from > out->from ||
                       (claim.from == out->from && claim.value < out->value);
    if (newer) out = &claim;
  }
  return out;
}

bool Oracle::told_apart(const std::string& a, const std::string& b, size_t key) const {
  for (size_t stronger = 0; stronger < key; ++stronger) {
    const Claim *hers = newest(a, stronger), *others = newest(b, stronger);
    if (hers != nullptr && others != nullptr && hers->value != others->value) return true;
  }
  return false;
}

bool Oracle::forget(const std::string& id) {
  if (!customers_.contains(id)) return false;
  const std::set<std::string> ids = group(id);
  std::erase_if(claims_, [&](const Claim& claim) { return ids.contains(claim.id); });
  std::erase_if(waiting_claims_, [&](const Claim& claim) { return ids.contains(claim.id); });
  std::vector<Link> links = links_;
  std::erase_if(links, [&](const Link& link) { return ids.contains(link.ends[0]); });
  links_are(std::move(links));
  std::erase_if(moves_, [&](const Move& move) { return ids.contains(move.customer); });
  for (const std::string& one : ids) {
    events_.erase(one);
    forget_referrals(one);
    values_.erase(one);
    pending_.erase(one);
    customers_.erase(one);
    // Her seats are nobody's until the next calibration.
    for (auto& [name, places] : frozen_.ranks) {
      for (std::set<std::string>& seats : places.seated) seats.erase(one);
    }
  }
  return true;
}

bool Oracle::clear(const std::string& id, size_t classification, const std::string& kind) {
  if (!customers_.contains(id)) return false;
  Customer& her = customer(survivor(id));
  bool any = false;
  for (StandingOverride& one : her.overrides) {
    if (one.kind != kind || one.classification != classification || one.removed) continue;
    any = one.removed = true;
  }
  std::erase_if(her.overrides,
                [](const StandingOverride& one) { return one.removed && !one.begun; });
  if (any && her.seen) her.instants.insert(clock_);
  return any;
}

bool Oracle::put(const std::string& id, StandingOverride what) {
  if (!customers_.contains(id) || what.until <= std::max(what.at, clock_)) return false;
  const std::string& kind = rules_->classifications[what.classification].kind;
  const bool bound = what.kind == "floor" || what.kind == "ceiling";
  if (bound && kind != "ladder" && kind != "bands") return false;
  if (what.kind == "pin" && rules_->classifications[what.classification].seated(what.to) &&
      customer(survivor(id)).shown[what.classification][0].current != what.to) {
    return false;
  }
  clear(id, what.classification, what.kind);
  Customer& her = customer(survivor(id));
  what.at = std::max(what.at, clock_);
  if (her.seen) her.instants.insert({clock_, what.at});
  her.overrides.push_back(std::move(what));
  return true;
}

}  // namespace patron::oracle
