#include "tests/engine/oracle/look.h"

#include <algorithm>
#include <cmath>
#include <tuple>

namespace patron::oracle {

Oracle::Look::Look(const Oracle& oracle, const std::string& id, Customer& customer, Micros t,
                   bool moves, Micros until, const Frozen& frozen)
    : rules_(*oracle.rules_),
      id_(id),
      ids_(oracle.group(id)),
      customer_(customer),
      frozen_(frozen),
      before_(customer.shown),
      moves_(moves) {
  now = t;
  zone = &rules_.zone;
  scale = rules_.scale;
  if (moves) flips = &later;
  const auto see = [&](const auto& all, auto& seen) {
    for (const std::string& one : ids_) {
      const auto hers = all.find(one);
      if (hers == all.end()) continue;
      for (const auto& fact : hers->second) {
        if (fact.effective <= until) seen.push_back(&fact);
      }
    }
  };
  see(oracle.events_, events_);
  see(oracle.values_, values_);
  std::stable_sort(events_.begin(), events_.end(),
                   [](const Event* a, const Event* b) { return earlier(*a, *b); });
  anchors_.now = t;
  anchors_.zone = zone;
  anchors_.scale = scale;
  anchors_.ids = &ids_;
  anchors_.joined = joined();
  if (!rules_.refund_of.empty()) net_refunds();
  stepped_.resize(rules_.classifications.size());
  for (size_t c = 0; moves && c < stepped_.size(); ++c) step_machine(c);
  for (const auto& [name, tag] : rules_.tags) {
    if (moves && tag.keep) value(name);
  }
  for (const auto& [name, attribute] : rules_.attributes) {
    if (moves && attribute.keep) value(name);
  }
}

// A refund counts when the order did that it names: her first of that key.
void Oracle::Look::net_refunds() {
  const std::vector<const Event*> all = events_;
  const auto is_refund = [](const Event& event) {
    return event.stream == "orders" && event.cell("amount").i < 0;
  };
  for (const Event*& event : events_) {
    if (!is_refund(*event) || event->time > now) continue;
    const Value named = event->cell(rules_.refund_of);
    const auto order = std::find_if(all.begin(), all.end(), [&](const Event* other) {
      return other->stream == "orders" && !is_refund(*other) && other->time <= now &&
             named.known() && other->key == named.s;
    });
    if (order == all.end()) continue;
    Event& moved = netted_.emplace_back(*event);
    moved.time = (*order)->time;
    event = &moved;
  }
  std::stable_sort(events_.begin(), events_.end(),
                   [](const Event* a, const Event* b) { return a->time < b->time; });
}

// From the settling on that saw it.
Value Oracle::Look::kept(const std::string& name, const Value& found) {
  if (found.known() && moves_) customer_.kept[name] = found;
  if (found.known() || !customer_.kept.contains(name)) return found;
  return customer_.kept.at(name);
}

// Of an event's points half are left after each half-life; its age steps at local midnight.
Value Oracle::Look::score(const std::vector<Rules::ScoreRow>& rows) {
  double sum = 0;
  for (const Rules::ScoreRow& row : rows) {
    if (!row.when.empty()) {
      if (row.when.value(*this).truth()) sum += row.points;
      continue;
    }
    double part = 0;
    for (const Event* event : events_) {
      if (!counts_of(row, *event)) continue;
      double points = row.points;
      if (row.half_life) {
        const double life = row.half_life->months * (365.2425 / 12) +
                            static_cast<double>(row.half_life->micros) / kMicrosPerDay;
        const auto age = static_cast<double>(zone->local_day(now) - zone->local_day(event->time));
        points *= std::pow(0.5, age / life);
        later.insert(zone->start_of_day(zone->local_day(now) + 1));
      }
      part += points;
    }
    if (row.cap) part = *row.cap < 0 ? std::max(part, *row.cap) : std::min(part, *row.cap);
    sum += part;
  }
  return Value::real(sum);
}

bool Oracle::Look::counts_of(const Rules::ScoreRow& row, const Event& event) const {
  if (event.stream != row.stream || event.time > now) return false;
  if (event.stream == "orders") {
    const int64_t amount = event.cell("amount").i;
    if (amount < 0 || (amount == 0 && !rules_.zero_counts)) return false;
  }
  return holds_of(row.where, event, anchors_);
}

Value Oracle::Look::value(const std::string& name) {
  const auto at = memo_.find(name);
  if (at != memo_.end()) return at->second;
  return memo_[name] = work_out(name);
}

// Pin before hold before ceiling before floor (rule 37).
template <typename InForce>
int Oracle::Look::overridden(size_t c, size_t m, int own, const InForce& in_force) const {
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

Value Oracle::Look::work_out(const std::string& name) {
  if (const auto at = rules_.attributes.find(name); at != rules_.attributes.end()) {
    Value newest = attribute(name);
    if (at->second.keep) return kept(name, newest);
    return !newest.known() && at->second.instead ? *at->second.instead : newest;
  }
  if (const auto at = rules_.tags.find(name); at != rules_.tags.end()) {
    const Rules::Tag& tag = at->second;
    Value found = tag.metric              ? metric(*tag.metric)
                  : tag.scorecard.empty() ? tag.expression.value(*this)
                                          : score(tag.scorecard);
    if (tag.keep) return kept(name, found);
    return !found.known() && at->second.instead ? *at->second.instead : found;
  }
  if (const Rules::Model* model = rules_.model_of(name)) return of_model(*model, name);
  for (size_t c = 0; c < rules_.classifications.size(); ++c) {
    if (rules_.classifications[c].name == name) return class_of(c);
  }
  return {};
}

Value Oracle::Look::attribute(const std::string& name) const {
  const AttributeValue* newest = nullptr;
  for (const AttributeValue* value : values_) {
    if (value->name != name || value->from > now) continue;
    // Of one instant, as two ids of hers may have them, the greater value is the newer.
    const auto order = [](const AttributeValue* v) {
      return std::tuple(v->from, v->value.known(), v->value.i, v->value.d, v->value.s);
    };
    if (newest == nullptr || order(value) > order(newest)) newest = value;
  }
  return newest == nullptr ? Value() : newest->value;
}

Value Oracle::Look::joined() const {
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

Value Oracle::Look::metric(const Metric& metric) {
  if (metric.verb == "ratio") {
    const std::optional<double> a = number(metric.a), b = number(metric.b);
    if (!a || !b || *b == 0) return {};
    const double ratio = *a / *b;
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
  metric.next_period(events_, anchors, found, later);
  return found;
}

Value Oracle::Look::class_of(size_t c) {
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

void Oracle::Look::step_machine(size_t c) {
  if (stepped_[c]) return;
  stepped_[c] = true;
  const Rules::Classification& what = rules_.classifications[c];
  std::optional<Micros> joined;
  if (anchors_.joined.known()) joined = anchors_.joined.i;
  for (size_t m = 0; m < what.machines.size(); ++m) {
    const MachineRules& rules = what.machines[m];
    Standing& own = customer_.standing[c][m];
    if (what.kind == "rank" || what.kind == "grid") {
      const int to = what.kind == "rank" ? rank_class(c) : grid_class(what);
      if (to != own.current) own.current = to, own.since = now;
    } else {
      Conditions conditions;
      conditions.enter = [&](int k) { return holds(what, rules, k, false); };
      conditions.keep = [&](int k) { return holds(what, rules, k, true); };
      step(rules, own, conditions, now, *zone, joined, later);
    }
    announce(c, m);
  }
}

// What she is by her machine under the overrides in force.
void Oracle::Look::announce(size_t c, size_t m) {
  const Standing& own = customer_.standing[c][m];
  Shown& shown = customer_.shown[c][m];
  const int to = overridden(c, m, own.current, [this](const StandingOverride& one) {
    return !one.removed && one.at <= now && now < one.until;
  });
  if (to == shown.current && to == shown.said) return;
  by_override[c].resize(rules_.classifications[c].machines.size());
  by_override[c][m] = overridden(c, m, own.current, [](const StandingOverride& one) {
                        return one.begun;
                      }) == shown.said;
  later.insert(now + 1);
  shown.said = to;
  if (to == shown.current && !shown.unseated) return;
  if (!shown.unseated) shown.previous = shown.current, ++shown.moves;
  shown.unseated = false;
  if (to >= 0 && (shown.highest < 0 || to < shown.highest)) shown.highest = to;
  shown.current = to;
  shown.since = customer_.linked && to == own.current ? own.since : now;
}

Truth Oracle::Look::holds(const Rules::Classification& what, const MachineRules& rules, int k,
                          bool keep) {
  const ClassRules& rule = rules.classes[static_cast<size_t>(k)];
  if (!rules.bands) {
    const Condition& condition = keep ? rule.keep : rule.enter;
    return condition.empty() ? Truth::kFalse : truth_of(condition.value(*this));
  }
  const std::optional<double> value = number(what.of);
  if (!value) return Truth::kUnknown;
  if (!rule.cut) return Truth::kTrue;
  const double least = keep ? *rule.cut - what.hysteresis * std::fabs(*rule.cut) : *rule.cut;
  return *value >= least ? Truth::kTrue : Truth::kFalse;
}

std::optional<double> Oracle::Look::number(const std::string& name) {
  const Value value = this->value(name);
  if (!value.known()) return std::nullopt;
  double number = value.is == Is::kReal ? value.d : static_cast<double>(value.i);
  if (value.is == Is::kMoney) number /= std::pow(10.0, scale);
  return number;
}

}  // namespace patron::oracle
