#include "tests/engine/oracle/oracle.h"

#include <algorithm>
#include <cmath>
#include <tuple>

namespace patron::oracle {

std::string Move::said() const {
  return customer + " " + classification + ": " + from + " -> " + to + " at " + format_time(at) +
         ", " + cause + (fact_time ? " of " + format_time(*fact_time) : "") +
         (quiet ? ", quiet" : "");
}

// One customer at one instant: every name is worked out when it is asked for, classifications by
// their step, so that whoever reads one sees the class of this instant.
class Oracle::Look : public Names {
 public:
  Look(const Oracle& oracle, const std::string& id, Customer& customer, Micros t, bool moves)
      : rules_(*oracle.rules_), customer_(customer), before_(customer.shown), moves_(moves) {
    now = t;
    zone = &rules_.zone;
    scale = rules_.scale;
    if (moves) flips = &later;
    const std::set<std::string> ids = oracle.group(id);
    for (const Event& event : oracle.events_) {
      if (ids.contains(event.id) && event.effective <= t) events_.push_back(&event);
    }
    std::stable_sort(events_.begin(), events_.end(),
                     [](const Event* a, const Event* b) { return earlier(*a, *b); });
    for (const AttributeValue& value : oracle.values_) {
      if (ids.contains(value.id) && value.effective <= t) values_.push_back(&value);
    }
    anchors_.now = t;
    anchors_.zone = zone;
    anchors_.scale = scale;
    anchors_.joined = joined();
    stepped_.resize(rules_.classifications.size());
    for (size_t c = 0; moves && c < stepped_.size(); ++c) step_machine(c);
  }

  Value value(const std::string& name) override {
    const auto at = memo_.find(name);
    if (at != memo_.end()) return at->second;
    return memo_[name] = work_out(name);
  }

  std::set<Micros> later;
  /// Of each machine that changed: whether it would not have without the change of an override.
  std::map<size_t, std::vector<bool>> by_override;

 private:
  // Pin before hold before ceiling before floor (rule 37).
  template <typename InForce>
  int overridden(size_t c, size_t m, int own, const InForce& in_force) const {
    const bool flags = rules_.classifications[c].kind == "flags";
    std::map<std::string, const StandingOverride*> by;
    for (const StandingOverride& one : customer_.overrides) {
      if (one.classification == c && in_force(one)) by[one.kind] = &one;
    }
    if (by.contains("pin") && (!flags || by["pin"]->to == static_cast<int>(m))) {
      return flags ? 0 : by["pin"]->to;
    }
    if (by.contains("hold") && m < by["hold"]->held.size() && by["hold"]->held[m] >= 0) {
      return by["hold"]->held[m];
    }
    // Whoever has no class is below all.
    if (by.contains("floor") && (own < 0 || own > by["floor"]->to)) own = by["floor"]->to;
    if (by.contains("ceiling") && own >= 0) own = std::max(own, by["ceiling"]->to);
    return own;
  }

  Value work_out(const std::string& name) {
    if (const auto at = rules_.attributes.find(name); at != rules_.attributes.end()) {
      Value newest = attribute(name);
      return !newest.known() && at->second.instead ? *at->second.instead : newest;
    }
    if (const auto at = rules_.tags.find(name); at != rules_.tags.end()) {
      Value found =
          at->second.metric ? metric(*at->second.metric) : at->second.expression.value(*this);
      return !found.known() && at->second.instead ? *at->second.instead : found;
    }
    for (size_t c = 0; c < rules_.classifications.size(); ++c) {
      if (rules_.classifications[c].name == name) return class_of(c);
    }
    return {};
  }

  Value attribute(const std::string& name) const {
    const AttributeValue* newest = nullptr;
    for (const AttributeValue* value : values_) {
      if (value->name != name || value->from > now) continue;
      // Of one instant, as two ids of hers may have them, the greater value is the newer.
      const auto order = [](const AttributeValue* v) {
        return std::tie(v->from, v->value.i, v->value.d, v->value.s);
      };
      if (newest == nullptr || order(value) > order(newest)) newest = value;
    }
    return newest == nullptr ? Value() : newest->value;
  }

  Value joined() const {
    if (!rules_.joined.empty()) {
      const Value said = attribute(rules_.joined);
      if (!said.known()) return {};
      return Value::of(Is::kTime, said.is == Is::kDay ? zone->start_of_day(said.i) : said.i);
    }
    Micros first = kEndTime;
    for (const Event* event : events_) first = std::min(first, event->time);
    for (const AttributeValue* value : values_) first = std::min(first, value->from);
    return first < kEndTime ? Value::of(Is::kTime, first) : Value();
  }

  Value metric(const Metric& metric) {
    if (metric.verb == "ratio") {
      const Value a = value(metric.a), b = value(metric.b);
      if (!a.known() || !b.known()) return {};
      const auto real = [](const Value& v) {
        return v.is == Is::kReal ? v.d : static_cast<double>(v.i);
      };
      const double ratio = real(a) / real(b);
      return std::isfinite(ratio) ? Value::real(ratio) : Value();
    }
    Anchors anchors = anchors_;
    for (size_t c = 0; c < rules_.classifications.size(); ++c) {
      if (metric.window.of_class != rules_.classifications[c].name) continue;
      // Of the class that she had before this instant.
      if (c < before_.size() && before_[c][0].current >= 0) {
        anchors.class_entry = Value::of(Is::kTime, before_[c][0].since);
      }
    }
    const Value found = metric.value(events_, anchors);
    metric.next_period(anchors, found, later);
    return found;
  }

  Value class_of(size_t c) {
    if (moves_) step_machine(c);
    if (c >= customer_.shown.size()) return {};
    const Rules::Classification& what = rules_.classifications[c];
    if (what.kind != "flags") {
      const int current = customer_.shown[c][0].current;
      if (current < 0) return {};
      return Value::text(what.machines[0].classes[static_cast<size_t>(current)].name);
    }
    Value set = Value::text({}, Is::kSet);
    for (size_t f = 0; f < what.machines.size(); ++f) {
      if (customer_.shown[c][f].current == 0) set.s += what.machines[f].classes[0].name + ",";
    }
    return set;
  }

  void step_machine(size_t c) {
    if (stepped_[c]) return;
    stepped_[c] = true;
    const Rules::Classification& what = rules_.classifications[c];
    std::optional<Micros> joined;
    if (anchors_.joined.known()) joined = anchors_.joined.i;
    for (size_t m = 0; m < what.machines.size(); ++m) {
      const MachineRules& rules = what.machines[m];
      Conditions conditions;
      conditions.enter = [&](int k) { return holds(what, rules, k, false); };
      conditions.keep = [&](int k) { return holds(what, rules, k, true); };
      Standing& own = customer_.standing[c][m];
      step(rules, own, conditions, now, *zone, joined, later);
      Shown& shown = customer_.shown[c][m];
      const int to = overridden(c, m, own.current, [this](const StandingOverride& one) {
        return !one.removed && one.at <= now && now < one.until;
      });
      if (to == shown.current) continue;
      by_override[c].resize(what.machines.size());
      by_override[c][m] = overridden(c, m, own.current, [](const StandingOverride& one) {
                            return one.begun;
                          }) == shown.current;
      shown = {to, to == own.current ? own.since : now};
      later.insert(now + 1);
    }
  }

  Truth holds(const Rules::Classification& what, const MachineRules& rules, int k, bool keep) {
    const ClassRules& rule = rules.classes[static_cast<size_t>(k)];
    if (!rules.bands) {
      const Condition& condition = keep ? rule.keep : rule.enter;
      return condition.empty() ? Truth::kFalse : truth_of(condition.value(*this));
    }
    const Value value = this->value(what.of);
    if (!value.known()) return Truth::kUnknown;
    if (!rule.cut) return Truth::kTrue;
    double number = value.is == Is::kReal ? value.d : static_cast<double>(value.i);
    if (value.is == Is::kMoney) number /= std::pow(10.0, scale);
    const double least = keep ? *rule.cut - what.hysteresis * std::fabs(*rule.cut) : *rule.cut;
    return number >= least ? Truth::kTrue : Truth::kFalse;
  }

  const Rules& rules_;
  Customer& customer_;
  std::vector<std::vector<Shown>> before_;
  bool moves_;
  std::vector<const Event*> events_;
  std::vector<const AttributeValue*> values_;
  Anchors anchors_;
  std::map<std::string, Value> memo_;
  std::vector<bool> stepped_;
};

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
  const auto add = [&](Micros when) {
    Pending pending;
    pending.id = id;
    pending.at = std::max(when, clock_);
    pending.fact_time = when;
    pending.late = when <= clock_;
    pending.corrected = corrected;
    pending.quiet = quiet;
    pending_.push_back(pending);
    customer(survivor(id)).instants.insert(pending.at);
  };
  if (old_time) add(*old_time);
  add(time);
}

void Oracle::watch(Customer& customer, const Event& event) const {
  std::set<Micros> all;
  for (const auto& [name, tag] : rules_->tags) {
    if (tag.metric) tag.metric->instants(event, rules_->zone, all);
  }
  customer.instants.insert(all.upper_bound(clock_), all.end());
}

void Oracle::add(Event event, bool quiet) {
  event.effective = std::max(event.time, clock_);
  std::optional<Micros> old_time;
  if (!event.key.empty()) {
    const auto old = std::find_if(events_.begin(), events_.end(), [&](const Event& e) {
      return e.id == event.id && e.stream == event.stream && e.key == event.key;
    });
    if (old != events_.end()) {
      if (old->same_content(event)) return;
      old_time = old->time;
      events_.erase(old);
    }
  }
  concern(event.id, event.time, old_time, old_time.has_value(), quiet);
  watch(customer(survivor(event.id)), event);
  events_.push_back(std::move(event));
}

void Oracle::set(AttributeValue value, bool quiet) {
  value.effective = std::max(value.from, clock_);
  bool corrected = false;
  const auto old = std::find_if(values_.begin(), values_.end(), [&](const AttributeValue& v) {
    return v.id == value.id && v.name == value.name && v.from == value.from;
  });
  if (old != values_.end()) {
    if (old->value == value.value) return;
    corrected = true;
    values_.erase(old);
  }
  concern(value.id, value.from, std::nullopt, corrected, quiet);
  values_.push_back(std::move(value));
}

void Oracle::remove(const std::string& id, const std::string& stream, const std::string& key,
                    bool quiet) {
  const auto old = std::find_if(events_.begin(), events_.end(), [&](const Event& e) {
    return e.id == id && e.stream == stream && e.key == key;
  });
  if (old == events_.end()) return;
  const Micros time = old->time;
  events_.erase(old);
  concern(id, time, std::nullopt, true, quiet);
}

bool Oracle::known(const std::string& id, Micros t) const {
  const std::set<std::string> ids = group(id);
  return std::any_of(events_.begin(), events_.end(),
                     [&](const Event& e) { return ids.contains(e.id) && e.effective <= t; }) ||
         std::any_of(values_.begin(), values_.end(), [&](const AttributeValue& v) {
           return ids.contains(v.id) && v.effective <= t;
         });
}

void Oracle::settle(const std::string& id, Micros t) {
  Customer& her = customer(id);
  const std::set<std::string> ids = group(id);
  Pending what;
  bool any = false;
  what.quiet = true;
  what.fact_time = kEndTime;
  for (const Pending& pending : pending_) {
    if (pending.at != t || !ids.contains(pending.id)) continue;
    what.merge = what.merge || pending.merge;
    if (!pending.fact) continue;
    any = true;
    what.late = what.late || pending.late;
    if (pending.late) what.fact_time = std::min(what.fact_time, pending.fact_time);
    what.corrected = what.corrected || pending.corrected;
    what.quiet = what.quiet && pending.quiet;
  }
  std::erase_if(pending_, [&](const Pending& pending) {
    return pending.at == t && ids.contains(pending.id);
  });
  her.instants.erase(her.instants.begin(), her.instants.upper_bound(t));
  if (!her.seen && !known(id, t)) return;
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
  Look look(*this, id, her, t, true);
  her.instants.insert(look.later.upper_bound(t), look.later.end());
  for (size_t c = 0; c < before.size(); ++c) {
    const Rules::Classification& of = rules_->classifications[c];
    for (size_t m = 0; m < before[c].size(); ++m) {
      const int from = before[c][m].current, to = her.shown[c][m].current;
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
                   : !any           ? "time"
                   : what.corrected ? "correction"
                                    : "event";
      if (what.late) move.fact_time = what.fact_time;
      move.quiet = !by_override && any && what.quiet && !what.merge;
      moves_.push_back(move);
    }
  }
}

void Oracle::advance(Micros to) {
  for (;;) {
    std::string who;
    Micros when = kEndTime;
    for (const auto& [id, customer] : customers_) {
      if (customer.instants.empty() || survivor(id) != id) continue;
      const Micros t = *customer.instants.begin();
      if (t > to) continue;
      if (t < when || (t == when && before(id, who))) who = id, when = t;
    }
    if (when == kEndTime) break;
    settle(who, when);
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
  Look look(*this, customer, copy, clock_, false);
  for (const auto& [name, attribute] : rules_->attributes) out[name] = look.value(name);
  for (const auto& [name, tag] : rules_->tags) out[name] = look.value(name);
  return out;
}

std::map<std::string, std::string> Oracle::classes(const std::string& customer) const {
  std::map<std::string, std::string> out;
  Customer copy = customers_.at(customer);
  Look look(*this, customer, copy, clock_, false);
  for (const Rules::Classification& c : rules_->classifications) {
    out[c.name] = look.value(c.name).s;
  }
  return out;
}

}  // namespace patron::oracle
