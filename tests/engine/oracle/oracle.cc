#include "tests/engine/oracle/oracle.h"

#include <algorithm>
#include <stdexcept>

#include "tests/engine/oracle/look.h"

namespace patron::oracle {

std::string Move::said() const {
  return customer + " " + classification + ": " + from + " -> " + to + " at " + format_time(at) +
         ", " + cause + (fact_time ? " of " + format_time(*fact_time) : "") +
         (quiet ? ", quiet" : "");
}

bool Oracle::before(const std::string& a, const std::string& b) const {
  return rules_->number_ids ? std::stoll(a) < std::stoll(b) : a < b;
}

Customer& Oracle::customer(const std::string& id) {
  Customer& out = customers_[id];
  if (out.shown.empty()) {
    for (const Rules::Classification& c : rules_->classifications) {
      out.standing.emplace_back(c.machines.size());
      out.shown.emplace_back(c.machines.size());
    }
  }
  return out;
}

// A fact that came: it settles her at the clock, where it is late, else at its own time. So does
// one that was there before a correction.
void Oracle::concern(const std::string& id, Micros time, std::optional<Micros> old_time,
                     bool corrected, bool quiet) {
  customer(id);
  const auto add = [&](Micros when, bool mends) {
    Pending pending;
    pending.id = id;
    pending.at = std::max(when, clock_);
    pending.fact_time = when;
    pending.late = when <= clock_;
    pending.corrected = mends;
    pending.quiet = quiet;
    pending_[id].push_back(pending);
    customer(survivor(id)).instants.insert(pending.at);
  };
  if (old_time && *old_time != time) add(*old_time, true);
  add(time, corrected);
}

void Oracle::watch(Customer& customer, const Event& event) const {
  std::set<Micros> all;
  for (const auto& [name, tag] : rules_->tags) {
    if (tag.metric) tag.metric->instants(event, rules_->zone, all);
  }
  for (const Rules::Model& model : rules_->models) {
    const std::string_view stream = model.kind == "rfm" ? "orders" : "surveys";
    if (!model.window || model.kind == "referral" || model.kind == "ltv" || event.stream != stream)
      continue;
    const Micros end = rules_->zone.add(event.time, *model.window);
    all.insert({end, end + 1});
  }
  customer.instants.insert(all.upper_bound(clock_), all.end());
}

bool Oracle::add(Event event, bool quiet) {
  if (event.stream == "referrals") return refer(event, quiet);
  event.effective = std::max(event.time, clock_);
  std::optional<Micros> old_time;
  if (!event.key.empty()) {
    std::vector<Event>& hers = events_[event.id];
    const auto old = std::find_if(hers.begin(), hers.end(), [&](const Event& e) {
      return e.stream == event.stream && e.key == event.key;
    });
    if (old != hers.end()) {
      if (old->same_content(event)) return true;
      old_time = old->time;
      hers.erase(old);
    }
  }
  const bool corrected = old_time && *old_time <= clock_;  // else it never took effect
  concern(event.id, event.time, old_time, corrected, quiet);
  watch(customer(survivor(event.id)), event);
  events_[event.id].push_back(event);
  return true;
}

void Oracle::set(AttributeValue value, bool quiet) {
  value.effective = std::max(value.from, clock_);
  bool corrected = false;
  std::vector<AttributeValue>& hers = values_[value.id];
  const auto old = std::find_if(hers.begin(), hers.end(), [&](const AttributeValue& v) {
    return v.name == value.name && v.from == value.from;
  });
  if (old != hers.end()) {
    if (old->value == value.value) return;
    corrected = value.from <= clock_;
    hers.erase(old);
  }
  concern(value.id, value.from, std::nullopt, corrected, quiet);
  hers.push_back(std::move(value));
}

void Oracle::remove(const std::string& id, const std::string& stream, const std::string& key,
                    bool quiet) {
  std::vector<Event>& hers = events_[id];
  const auto old = std::find_if(hers.begin(), hers.end(),
                                [&](const Event& e) { return e.stream == stream && e.key == key; });
  if (old == hers.end()) return;
  const Micros time = old->time;
  hers.erase(old);
  concern(id, time, std::nullopt, true, quiet);
}

bool Oracle::known(const std::string& id, Micros t) const {
  const auto effective = [&](const auto& facts, const std::string& one) {
    const auto hers = facts.find(one);
    return hers != facts.end() &&
           std::any_of(hers->second.begin(), hers->second.end(),
                       [&](const auto& fact) { return fact.effective <= t; });
  };
  const std::set<std::string> ids = group(id);
  return std::any_of(ids.begin(), ids.end(), [&](const std::string& one) {
    return effective(events_, one) || effective(values_, one);
  });
}

void Oracle::settle(const std::string& id, Micros t) {
  Customer& her = customer(id);
  const std::set<std::string> ids = group(id);
  Pending what;
  bool any = false;
  what.quiet = true;
  what.fact_time = kEndTime;
  for (const std::string& one : ids) {
    for (const Pending& pending : pending_[one]) {
      if (pending.at != t) continue;
      what.merge = what.merge || pending.merge;
      if (!pending.fact) continue;
      any = true;
      what.late = what.late || pending.late;
      if (pending.late) what.fact_time = std::min(what.fact_time, pending.fact_time);
      what.corrected = what.corrected || pending.corrected;
      what.quiet = what.quiet && pending.quiet;
    }
    std::erase_if(pending_[one], [&](const Pending& pending) { return pending.at == t; });
  }
  her.instants.erase(her.instants.begin(), her.instants.upper_bound(t));
  if (!her.seen && !known(id, t)) return;
  if (calibration_due_ == kEndTime) calibration_due_ = calibration_after(t);
  her.seen = true;
  ++her.settles;
  // A hold takes the class that she has when it begins, else the first that she gets.
  const auto hold = [&] {
    for (StandingOverride& one : her.overrides) {
      if (one.kind != "hold" || one.removed || one.at > t || t >= one.until) continue;
      const auto& shown = her.shown[one.classification];
      one.held.resize(shown.size(), -1);
      for (size_t m = 0; m < shown.size(); ++m) {
        if (one.held[m] < 0) one.held[m] = shown[m].current;
      }
    }
  };
  hold();
  announce(id, what, any, t);
  hold();
  std::erase_if(her.overrides,
                [&](const StandingOverride& one) { return one.removed || one.until <= t; });
  for (StandingOverride& one : her.overrides) {
    one.begun = one.at <= t;
    her.instants.insert(one.begun ? one.until : one.at);
  }
}

// Settles her, and says what became of it.
void Oracle::announce(const std::string& id, const Pending& what, bool any, Micros t) {
  Customer& her = customer(id);
  const auto before = her.shown;
  Look look(*this, id, her, t, true, t, frozen_);
  her.linked = false;
  her.instants.insert(look.later.upper_bound(t), look.later.end());
  for (size_t c = 0; c < before.size(); ++c) {
    const Rules::Classification& of = rules_->classifications[c];
    for (size_t m = 0; m < before[c].size(); ++m) {
      const int from = before[c][m].said, to = her.shown[c][m].said;
      if (from == to) continue;
      const auto name = [&](int k) {
        return k < 0 ? std::string() : of.machines[m].classes[static_cast<size_t>(k)].name;
      };
      if (of.kind == "flags" && name(from).empty() && name(to).empty()) continue;
      const bool by_override = look.by_override[c][m];
      Move move;
      move.customer = id;
      move.classification = of.name;
      move.from = name(from);
      move.to = name(to);
      move.at = t;
      move.cause = by_override      ? "override"
                   : what.merge     ? "merge"
                   : !any           ? (everyone_at_ != t             ? "time"
                                       : published_                  ? "policy"
                                       : rules_->calibrated(of.name) ? "calibration"
                                                                     : "time")
                   : what.corrected ? "correction"
                                    : "event";
      if (what.late) move.fact_time = what.fact_time;
      move.quiet = !by_override && any && what.quiet && !what.merge;
      moves_.push_back(move);
    }
  }
}

// Seats are never more than there are (L14).
void Oracle::check_seats() const {
  for (size_t c = 0; c < rules_->classifications.size(); ++c) {
    const Rules::Classification& rank = rules_->classifications[c];
    for (size_t k = 0; k < rank.places.size(); ++k) {
      const int64_t seats = rank.places[k].top;
      if (seats == 0) continue;
      const auto taken = std::count_if(customers_.begin(), customers_.end(), [&](const auto& one) {
        const auto& [id, her] = one;
        return survivor(id) == id && her.seen && her.shown[c][0].current == static_cast<int>(k);
      });
      if (taken <= seats) continue;
      throw std::runtime_error("seats: " + std::to_string(taken) + " have those of " + rank.name +
                               " at " + format_time(settled_at_));
    }
  }
}

void Oracle::advance(Micros to) {
  const auto order = [this](const auto& a, const auto& b) {
    return a.first != b.first ? a.first < b.first : before(a.second, b.second);
  };
  std::set<std::pair<Micros, std::string>, decltype(order)> line(order);
  const auto line_up = [&](const std::string& id, const Customer& her) {
    if (her.instants.empty() || *her.instants.begin() > to) return;
    line.emplace(*her.instants.begin(), id);
  };
  const auto all_line_up = [&] {
    line.clear();
    for (const auto& [id, her] : customers_) {
      if (survivor(id) == id) line_up(id, her);
    }
  };
  bool settled = false;
  for (all_line_up();;) {
    const Micros when = line.empty() ? kEndTime : line.begin()->first;
    if (when != everyone_at_) everyone_at_ = kEndTime, published_ = false;
    if (calibration_due_ <= std::min({when, to, next_claim()})) {
      const Micros due = calibration_due_;
      calibrate_at(due, due - 1);
      calibration_due_ = calibration_after(due);
      all_line_up();
      continue;
    }
    if (const Micros claim = next_claim(); claim <= std::min(when, to)) {
      apply_claims(claim);
      all_line_up();
      continue;
    }
    if (settled && when != settled_at_) check_seats();
    if (when == kEndTime) break;
    const std::string who = line.begin()->second;
    line.erase(line.begin());
    settle(who, when);
    line_up(who, customers_.at(who));
    settled_at_ = when;
    settled = true;
  }
  clock_ = std::max(clock_, to);
}

std::vector<std::string> Oracle::customers() const {
  std::vector<std::string> out;
  for (const auto& [id, customer] : customers_) {
    if (customer.seen && survivor(id) == id) out.push_back(id);
  }
  std::sort(out.begin(), out.end(),
            [this](const std::string& a, const std::string& b) { return before(a, b); });
  return out;
}

std::map<std::string, Value> Oracle::profile(const std::string& customer) const {
  std::map<std::string, Value> out;
  Customer copy = customers_.at(customer);
  Look look(*this, customer, copy, clock_, false, clock_, frozen_);
  for (const auto& [name, attribute] : rules_->attributes) out[name] = look.value(name);
  for (const auto& [name, tag] : rules_->tags) out[name] = look.value(name);
  for (const Rules::Model& model : rules_->models) {
    static const std::map<std::string, std::vector<std::string>> kOutputs{
        {"rfm",
         {".r", ".f", ".m", ".recency_days", ".frequency", ".monetary", ".segment", ".octant"}},
        {"nps", {".score", ".class"}},
        {"weights", {"", ".coverage"}},
        {"referral",
         {".referred", ".converted", ".repeated", ".retained", ".conversion", ".value",
          ".chain_value", ".generations"}}};
    if (model.kind == "ltv") {
      for (const char* output : {"ltv.p_alive", "ltv.expected_purchases"}) {
        out[output] = look.value(output);
      }
      if (model.spend) out["ltv.expected_spend"] = look.value("ltv.expected_spend");
      continue;
    }
    for (const std::string& output : kOutputs.at(model.kind)) {
      out[model.name + output] = look.value(model.name + output);
    }
  }
  return out;
}

std::set<std::string> Oracle::those_with(const Condition& condition) const {
  std::set<std::string> out;
  for (const std::string& id : customers()) {
    Customer copy = customers_.at(id);
    Look look(*this, id, copy, clock_, false, clock_, frozen_);
    if (condition.value(look).truth()) out.insert(id);
  }
  return out;
}

std::map<std::string, Value> Oracle::history(const std::string& customer) const {
  std::map<std::string, Value> out;
  for (size_t c = 0; c < rules_->classifications.size(); ++c) {
    const Rules::Classification& of = rules_->classifications[c];
    if (of.kind == "flags") continue;
    const Shown& shown = customers_.at(customer).shown[c][0];
    const auto name = [&](int k) {
      return k < 0 ? Value() : Value::text(of.machines[0].classes[static_cast<size_t>(k)].name);
    };
    out[of.name + ".previous"] = name(shown.previous);
    out[of.name + ".since"] = shown.current < 0 ? Value() : Value::of(Is::kTime, shown.since);
    const bool ordered = of.kind == "ladder" || of.kind == "bands";
    if (ordered) out[of.name + ".highest"] = name(shown.highest);
    out[of.name + ".moves"] = Value::of(Is::kInt, shown.moves);
  }
  return out;
}

std::map<std::string, Value> Oracle::classes(const std::string& customer) const {
  std::map<std::string, Value> out;
  Customer copy = customers_.at(customer);
  Look look(*this, customer, copy, clock_, false, clock_, frozen_);
  for (const Rules::Classification& c : rules_->classifications) {
    out[c.name] = look.value(c.name);
  }
  return out;
}

}  // namespace patron::oracle
