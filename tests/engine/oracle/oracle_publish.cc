// Another policy, by rule 41: classes, timers, overrides and seats go on by their names.
#include <algorithm>

#include "tests/engine/oracle/oracle.h"

namespace patron::oracle {
namespace {

using Classification = Rules::Classification;

int number_of(const std::vector<Classification>& all, const std::string& name) {
  for (size_t c = 0; c < all.size(); ++c) {
    if (all[c].name == name) return static_cast<int>(c);
  }
  return -1;
}

const std::string& class_name(const Classification& of, size_t machine, int c) {
  return of.machines[machine].classes[static_cast<size_t>(c)].name;
}

bool is_flags(const Classification& of) { return of.kind == "flags"; }
bool has_order(const Classification& of) { return of.kind == "ladder" || of.kind == "bands"; }

// What becomes of one classification and of its classes.
struct Carried {
  int to = -1;
  std::map<std::string, std::string> classes;  ///< those that have a place
  std::set<std::string> may_end;
};

// Whether all names of a mapping are those of something, and nothing becomes one that was two.
bool is_sound(const Rules& before, const Rules& after, const PublishMapping& mapping,
              const std::vector<Carried>& carried) {
  for (const ClassMapping& one : mapping) {
    const int c = number_of(before.classifications, one.classification);
    if (c < 0) return false;
    if (!one.ends && !one.to.empty() && number_of(after.classifications, one.to) < 0) return false;
    const auto at = static_cast<size_t>(c);
    for (const auto& [from, becomes] : one.classes) {
      if (before.classifications[at].number_of(from) < 0) return false;
      if (becomes.empty() || carried[at].to < 0) continue;
      const auto to = static_cast<size_t>(carried[at].to);
      if (after.classifications[to].number_of(becomes) < 0) return false;
    }
  }
  std::set<int> taken;
  for (size_t c = 0; c < carried.size(); ++c) {
    if (carried[c].to >= 0 && !taken.insert(carried[c].to).second) return false;
    std::set<std::string> flags;
    for (const auto& [from, becomes] : carried[c].classes) {
      if (is_flags(before.classifications[c]) && !flags.insert(becomes).second) return false;
    }
  }
  return true;
}

std::vector<Carried> carried_of(const Rules& before, const Rules& after,
                                const PublishMapping& mapping) {
  std::vector<Carried> out(before.classifications.size());
  for (size_t c = 0; c < out.size(); ++c) {
    const Classification& here = before.classifications[c];
    const ClassMapping* said = nullptr;
    for (const ClassMapping& one : mapping) {
      if (one.classification == here.name) said = &one;
    }
    const bool renamed = said != nullptr && !said->to.empty();
    out[c].to = number_of(after.classifications, renamed ? said->to : here.name);
    if (said != nullptr && said->ends) out[c].to = -1;
    if (out[c].to >= 0 &&
        is_flags(here) != is_flags(after.classifications[static_cast<size_t>(out[c].to)])) {
      out[c].to = -1;
    }
    for (size_t m = 0; m < here.machines.size(); ++m) {
      for (const ClassRules& one : here.machines[m].classes) {
        if (one.name.empty()) continue;  // out of a flag
        std::string name = one.name;
        bool ends = said != nullptr && said->ends;
        if (said != nullptr) {
          for (const auto& [from, becomes] : said->classes) {
            if (from == one.name) name = becomes, ends = becomes.empty();
          }
        }
        if (ends) out[c].may_end.insert(one.name);
        if (out[c].to < 0 || name.empty()) continue;
        const Classification& there = after.classifications[static_cast<size_t>(out[c].to)];
        if (there.number_of(name) >= 0) out[c].classes[one.name] = name;
      }
    }
  }
  return out;
}

class Carrier {
 public:
  Carrier(const Rules& before, const Rules& after, const PublishMapping& mapping)
      : before_(before), after_(after), carried_(carried_of(before, after, mapping)) {}

  bool is_sound(const PublishMapping& mapping) const {
    return oracle::is_sound(before_, after_, mapping, carried_);
  }

  // Whether somebody is in a class, or an override says one, that has no place and does not end.
  bool loses(const Customer& her) const {
    for (size_t c = 0; c < carried_.size(); ++c) {
      for (size_t m = 0; m < her.standing[c].size(); ++m) {
        if (lost(c, m, her.standing[c][m].current) || lost(c, m, her.shown[c][m].current)) {
          return true;
        }
      }
    }
    return std::any_of(her.overrides.begin(), her.overrides.end(),
                       [&](const StandingOverride& one) { return loses(one); });
  }

  Customer carry(const Customer& her) const {
    Customer out;
    out.instants = her.instants;
    out.seen = her.seen;
    out.settles = her.settles;
    out.linked = her.linked;
    for (const Classification& one : after_.classifications) {
      out.standing.emplace_back(one.machines.size());
      out.shown.emplace_back(one.machines.size());
    }
    for (size_t c = 0; c < carried_.size() && !her.standing.empty(); ++c) {
      if (carried_[c].to < 0) continue;
      const auto to = static_cast<size_t>(carried_[c].to);
      for (size_t m = 0; m < her.standing[c].size(); ++m) {
        const int into = machine_of(c, m);
        if (into < 0) continue;
        const auto place = static_cast<size_t>(into);
        out.standing[to][place] = standing(c, m, her.standing[c][m]);
        out.shown[to][place] = shown(c, m, her.shown[c][m]);
      }
      const auto lost_seat = her.seat_lost.find(c);
      if (lost_seat != her.seat_lost.end()) out.seat_lost[to] = lost_seat->second;
    }
    for (const auto& [name, value] : her.kept) {
      if (keeps(before_, name) && keeps(after_, name)) out.kept[name] = value;
    }
    for (const StandingOverride& one : her.overrides) put(one, out);
    return out;
  }

 private:
  static bool keeps(const Rules& rules, const std::string& name) {
    const auto tag = rules.tags.find(name);
    if (tag != rules.tags.end()) return tag->second.keep;
    const auto attribute = rules.attributes.find(name);
    return attribute != rules.attributes.end() && attribute->second.keep;
  }
  const Classification& here(size_t c) const { return before_.classifications[c]; }
  const Classification& there(size_t c) const {
    return after_.classifications[static_cast<size_t>(carried_[c].to)];
  }
  // Of a flag which one it becomes; else 0.
  int machine_of(size_t c, size_t m) const {
    if (!is_flags(here(c))) return 0;
    const auto found = carried_[c].classes.find(class_name(here(c), m, 0));
    return found == carried_[c].classes.end() ? -1 : there(c).number_of(found->second);
  }
  int class_of(size_t c, size_t m, int k) const {
    if (k < 0 || is_flags(here(c))) return k;
    const auto found = carried_[c].classes.find(class_name(here(c), m, k));
    return found == carried_[c].classes.end() ? -1 : there(c).number_of(found->second);
  }
  bool lost(size_t c, size_t m, int k) const {
    if (k < 0 || class_name(here(c), m, k).empty()) return false;
    return lost(c, class_name(here(c), m, k));
  }
  bool lost(size_t c, const std::string& name) const {
    return !carried_[c].classes.contains(name) && !carried_[c].may_end.contains(name);
  }
  std::string said(const StandingOverride& one) const {
    if (is_flags(here(one.classification))) {
      return class_name(here(one.classification), static_cast<size_t>(one.to), 0);
    }
    return class_name(here(one.classification), 0, one.to);
  }
  bool loses(const StandingOverride& one) const {
    const size_t c = one.classification;
    for (size_t m = 0; m < one.held.size(); ++m) {
      if (lost(c, m, one.held[m])) return true;
    }
    if (one.kind == "hold") return false;
    if (lost(c, said(one))) return true;
    return one.kind != "pin" && carried_[c].to >= 0 && !has_order(there(c));
  }

  // The best class ever is at least as good as the one she is in.
  Shown shown(size_t c, size_t m, const Shown& from) const {
    Shown out = from;
    out.current = class_of(c, m, from.current);
    out.said = class_of(c, m, from.said);
    if (out.current < 0 && !out.unseated) out.since = 0;
    if (is_flags(here(c))) return out;
    out.previous = class_of(c, m, from.previous);
    out.highest = class_of(c, m, from.highest);
    const bool better = out.highest < 0 || out.highest > out.current;
    if (out.current >= 0 && better) out.highest = out.current;
    return out;
  }

  Standing standing(size_t c, size_t m, const Standing& from) const {
    Standing out;
    out.current = class_of(c, m, from.current);
    if (out.current >= 0) out.since = from.since;
    if (there(c).kind == "rank" || there(c).kind == "grid") return out;
    if (out.current >= 0) out.false_since = from.false_since;
    const auto place = static_cast<size_t>(machine_of(c, m));
    out.cool_until.assign(there(c).machines[place].classes.size(), kMinTime);
    for (size_t k = 0; k < from.cool_until.size(); ++k) {
      const int to = class_of(c, m, static_cast<int>(k));
      if (to < 0) continue;
      Micros& until = out.cool_until[static_cast<size_t>(to)];
      until = std::max(until, from.cool_until[k]);
    }
    // Moves down are known as far as a cap counted them.
    const auto known =
        std::min(from.downs.size(), static_cast<size_t>(here(c).machines[m].cap_moves));
    out.downs.assign(from.downs.end() - static_cast<long>(known), from.downs.end());
    return out;
  }

  void put(const StandingOverride& one, Customer& to) const {
    const size_t c = one.classification;
    if (carried_[c].to < 0) return;
    StandingOverride out = one;
    out.classification = static_cast<size_t>(carried_[c].to);
    if (one.kind != "hold") {
      const auto found = carried_[c].classes.find(said(one));
      if (found == carried_[c].classes.end()) return;
      out.to = there(c).number_of(found->second);
      if (one.kind != "pin" && !has_order(there(c))) return;
    }
    if (!one.held.empty()) out.held.assign(there(c).machines.size(), -1);
    for (size_t m = 0; m < one.held.size(); ++m) {
      const int into = machine_of(c, m);
      if (into >= 0) out.held[static_cast<size_t>(into)] = class_of(c, m, one.held[m]);
    }
    to.overrides.push_back(out);
  }

  const Rules& before_;
  const Rules& after_;
  std::vector<Carried> carried_;
};

}  // namespace

bool Oracle::publish(std::shared_ptr<const Rules> next, const PublishMapping& mapping) {
  const std::shared_ptr<const Rules> before = rules_;
  const Carrier carrier(*before, *next, mapping);
  if (!carrier.is_sound(mapping)) return false;
  if (next->text == rules_->text) return true;
  for (const auto& [id, her] : customers_) {
    if (survivor(id) == id && carrier.loses(her)) return false;
  }
  for (const std::string& name : rules_->calibrated_items()) {
    if (rules_->definition(name) == next->definition(name)) continue;
    frozen_.ranks.erase(name);
    frozen_.weights.erase(name);
    if (name == "rfm") frozen_.rfm.reset();
    if (name == "ltv") frozen_.ltv.reset();
    if (name == "referral") frozen_.referrers.clear(), frozen_.referrals_known = false;
  }
  rules_ = std::move(next);
  bool anybody = false;
  for (auto& [id, her] : customers_) {
    her = carrier.carry(her);
    end_unseated(her, id);
    anybody = anybody || her.seen;
    if (her.seen && survivor(id) == id) her.instants.insert(clock_);
  }
  for (Link& link : links_) {
    for (Customer& side : link.frozen) side = carrier.carry(side);
  }
  for (const auto& [id, events] : events_) {
    for (const Event& event : events) watch(customer(survivor(id)), event);
  }
  everyone_at_ = anybody ? clock_ : kEndTime;
  published_ = anybody;
  calibration_due_ = anybody ? calibration_after(clock_) : kEndTime;
  return true;
}

}  // namespace patron::oracle
