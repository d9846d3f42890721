#include "tests/engine/oracle/metric.h"

#include <algorithm>
#include <cmath>
#include <map>
#include <optional>
#include <stdexcept>

namespace patron::oracle {
namespace {

// A row of a stream, as its conditions see it.
class RowNames : public Names {
 public:
  RowNames(const Event& event, const Anchors& anchors) : event_(event) {
    now = anchors.now;
    zone = anchors.zone;
    scale = anchors.scale;
  }
  Value value(const std::string& name) override { return event_.cell(name); }

 private:
  const Event& event_;
};

bool holds(const Condition& condition, const Event& event, const Anchors& anchors) {
  if (condition.empty()) return true;
  RowNames names(event, anchors);
  return condition.value(names).truth();
}

bool less(const Value& a, const Value& b) {
  return a.i != b.i ? a.i < b.i : a.d != b.d ? a.d < b.d : a.s < b.s;
}

// Which period of the calendar: days together from Monday 1970-01-05 on, so that 7 are the weeks,
// or months from the first on.
int64_t period_number(Micros t, Period every, const TimeZone& zone) {
  const Day day = zone.local_day(t);
  if (every.months == 0) {
    const int64_t days = every.micros / kMicrosPerDay;
    const int64_t shifted = day - 4;
    return shifted >= 0 ? shifted / days : -((-shifted + days - 1) / days);
  }
  const CivilDate date = civil_from_day(day);
  return (date.year * int64_t{12} + date.month - 1) / every.months;
}

Micros period_start(int64_t number, Period every, const TimeZone& zone) {
  if (every.months == 0) {
    const int64_t days = every.micros / kMicrosPerDay;
    return zone.start_of_day(number * days + 4);
  }
  const int64_t month = number * every.months;
  return zone.start_of_day(
      day_from_civil({static_cast<int32_t>(month / 12), static_cast<int32_t>(month % 12 + 1), 1}));
}

// Length and offset together: months come before days.
Period both(Period a, Period b) { return {a.months + b.months, a.micros + b.micros}; }

Value sum(const std::vector<Value>& cells, Is kind, bool rows) {
  if (cells.empty() && rows) return {};
  internal::Int128 whole = 0;
  double real = 0;
  for (const Value& cell : cells) whole += cell.i, real += cell.d;
  return kind == Is::kReal ? Value::real(real) : Value::of(kind, static_cast<int64_t>(whole));
}

Value mean(const std::vector<Value>& cells, Is kind) {
  if (cells.empty()) return {};
  const Value total = sum(cells, kind, true);
  const auto n = static_cast<int64_t>(cells.size());
  if (kind == Is::kReal) return Value::real(total.d / static_cast<double>(n));
  if (kind == Is::kInt) return Value::real(static_cast<double>(total.i) / static_cast<double>(n));
  return Value::of(kind, half_even(total.i, n));
}

Value gaps(const std::string& verb, const std::set<Day>& days) {
  std::vector<int64_t> gaps;
  for (auto it = days.begin(); it != days.end() && std::next(it) != days.end(); ++it) {
    gaps.push_back((*std::next(it) - *it) * kMicrosPerDay);
  }
  if (gaps.empty()) return {};
  const auto n = static_cast<int64_t>(gaps.size());
  if (verb == "gap_last") return Value::of(Is::kSpan, gaps.back());
  int64_t total = 0;
  for (const int64_t gap : gaps) total += gap;
  if (verb == "gap_mean") return Value::of(Is::kSpan, half_even(total, n));
  if (verb == "gap_median") {
    std::sort(gaps.begin(), gaps.end());
    const auto middle = static_cast<size_t>(n / 2);
    if (n % 2 != 0) return Value::of(Is::kSpan, gaps[middle]);
    return Value::of(Is::kSpan, (gaps[middle - 1] + gaps[middle]) / 2);
  }
  if (n < 2) return {};
  const double mean = static_cast<double>(total) / static_cast<double>(n);
  double squares = 0;
  for (const int64_t gap : gaps) {
    const double off = static_cast<double>(gap) - mean;
    squares += off * off;
  }
  return Value::real(std::sqrt(squares / static_cast<double>(n - 1)) / mean);
}

// The heaviest first; of equals the one that is less.
Value top(const std::vector<const Event*>& rows, const std::string& column, const std::string& by,
          int n) {
  std::map<std::string, double> weights;
  for (const Event* row : rows) {
    const Value value = row->cell(column);
    const Value weight = by.empty() ? Value::of(Is::kInt, 1) : row->cell(by);
    if (!value.known() || !weight.known()) continue;
    weights[value.s] += weight.is == Is::kReal ? weight.d : static_cast<double>(weight.i);
  }
  std::vector<std::pair<std::string, double>> order(weights.begin(), weights.end());
  std::stable_sort(order.begin(), order.end(),
                   [](const auto& x, const auto& y) { return x.second > y.second; });
  if (order.empty()) return {};
  if (n < 2) return Value::text(order[0].first);
  Value set = Value::text({}, Is::kSet);
  for (size_t k = 0; k < std::min(order.size(), static_cast<size_t>(n)); ++k) {
    set.s += order[k].first + ",";
  }
  return set;
}

Window window_of(const Tree& metric, const TimeZone& zone) {
  Window out;
  const Tree* window = metric.find("window");
  if (window == nullptr) return out;
  if (window->is == Tree::Is::kText) {
    out.kind = Window::Kind::kRolling;
    out.length = period_of(window->text);
    if (metric.has("offset")) out.offset = period_of(metric.text_of("offset"));
  } else if (window->has("calendar")) {
    out.kind = Window::Kind::kCalendar;
    const std::string_view what = window->text_of("calendar");
    out.months = what == "month" ? 1 : what == "quarter" ? 3 : 12;
    if (window->has("previous")) out.previous = static_cast<int>(window->find("previous")->integer);
  } else if (window->has("since")) {
    const Tree& since = *window->find("since");
    out.kind = since.is == Tree::Is::kText ? Window::Kind::kJoin : Window::Kind::kClass;
    out.of_class = since.text_of("class");
  } else {
    out.kind = Window::Kind::kDays;
    if (window->has("from")) out.from = *parse_time(window->text_of("from"), zone);
    if (window->has("to")) out.to = *parse_time(window->text_of("to"), zone);
  }
  return out;
}

}  // namespace

bool holds_of(const Condition& condition, const Event& event, const Anchors& anchors) {
  return holds(condition, event, anchors);
}

Is column_kind(const Tree& policy, const std::string& stream, const std::string& column) {
  if (column == "time") return Is::kTime;
  const Tree* streams = policy.find("streams");
  if (streams != nullptr && streams->find(stream) != nullptr) {
    const Tree* columns = streams->find(stream)->find("columns");
    if (columns != nullptr && columns->find(column) != nullptr) {
      const Tree& said = *columns->find(column);
      const std::string_view type = said.is == Tree::Is::kText ? said.text : said.text_of("type");
      if (type == "int64") return Is::kInt;
      if (type == "double") return Is::kReal;
      if (type == "money") return Is::kMoney;
      if (type == "bool") return Is::kBool;
      if (type == "duration") return Is::kSpan;
      return Is::kText;
    }
  }
  if (column == "amount" || column == "margin") return Is::kMoney;
  if (column == "quantity") return Is::kReal;
  if (column == "score") return Is::kInt;
  if (column == "duration") return Is::kSpan;
  return Is::kText;
}

Period period_of(std::string_view text) {
  const Result<Period> period = parse_period(text);
  if (!period.ok()) throw std::runtime_error("no period: " + std::string(text));
  return *period;
}

Metric Metric::read(const Tree& tree, const Tree& policy, const TimeZone& zone) {
  Metric out;
  for (const auto& [name, value] : tree.members) {
    if (name == "window" || name == "offset") continue;
    if (name == "where") {
      out.where = Condition::read(value.text);
    } else if (name == "followed_by" || name == "not_followed_by") {
      Follower follower;
      follower.stream = value.text_of("stream");
      follower.same = value.text_of("same");
      follower.within = period_of(value.text_of("within"));
      follower.wanted = name == "followed_by";
      if (value.has("where")) follower.where = Condition::read(value.text_of("where"));
      out.followers.push_back(follower);
    } else if (name == "side") {
      out.as_referred = value.text == "referred";
    } else if (name == "closed_by") {
      out.closed_by = Condition::read(value.text);
    } else if (name == "key") {
      out.column = value.text;
    } else if (name == "every") {
      out.every = period_of(value.text);
    } else if (name == "by") {
      out.by = value.text.substr(value.text.find('.') + 1);
    } else if (name == "n") {
      out.n = static_cast<int>(value.integer);
    } else if (name == "each") {
      out.plan.each = Condition::read(value.text);
    } else if (name == "cap") {
      out.plan.cap = value.find("points")->number();
      out.plan.per = period_of(value.text_of("per"));
    } else if (name == "expires") {
      out.plan.expires = period_of(value.text);
    } else if (name == "inactivity") {
      out.plan.after = period_of(value.text_of("after"));
      out.plan.lose = value.find("lose")->number();
    } else if (name == "within") {
      out.within = period_of(value.text);
    } else if (name == "funnel") {
      out.verb = name;
      for (const auto& [none, step] : value.members) {
        FunnelStep one;
        one.name = step.text_of("name");
        one.stream = step.text_of("stream");
        if (step.has("where")) one.where = Condition::read(step.text_of("where"));
        out.steps.push_back(one);
      }
    } else if (name == "ratio") {
      out.verb = name;
      out.a = value.members[0].value.text;
      out.b = value.members[1].value.text;
      return out;
    } else {
      out.verb = name;
      const size_t dot = value.text.find('.');
      out.stream = value.text.substr(0, dot);
      if (dot != std::string::npos) out.column = value.text.substr(dot + 1);
    }
  }
  static const std::set<std::string> kKnown{
      "count",    "sum",  "mean",        "min",      "max",        "first",  "last",
      "distinct", "open", "gap_last",    "gap_mean", "gap_median", "gap_cv", "share",
      "streak",   "top",  "days_active", "points",   "trend",      "path",   "funnel"};
  if (!kKnown.contains(out.verb)) throw std::runtime_error("the oracle knows no " + out.verb);
  if (out.verb == "trend" && out.n == 0) out.n = 6;
  if (out.verb == "path" && out.n == 0) out.n = 5;
  if (!out.column.empty()) out.kind = column_kind(policy, out.stream, out.column);
  out.window = window_of(tree, zone);
  const Tree* streams = policy.find("streams");
  const Tree* orders = streams == nullptr ? nullptr : streams->find("orders");
  out.zero_counts = orders != nullptr && orders->text_of("zero_amounts") == "count";
  return out;
}

bool Metric::inside(Micros t, const Anchors& at) const {
  const TimeZone& zone = *at.zone;
  if (t > at.now) return false;
  switch (window.kind) {
    case Window::Kind::kAll:
      return true;
    case Window::Kind::kRolling: {
      // e <= now - offset < e + length.
      return zone.add(t, window.offset) <= at.now &&
             at.now < zone.add(t, both(window.length, window.offset));
    }
    case Window::Kind::kCalendar: {
      const Period month{window.months, 0};
      return period_number(t, month, zone) == period_number(at.now, month, zone) - window.previous;
    }
    case Window::Kind::kJoin:
      return at.joined.known() && t >= at.joined.i;
    case Window::Kind::kClass:
      return at.class_entry.known() && t > at.class_entry.i;
    case Window::Kind::kDays:
      return window.from <= t && t < window.to;
  }
  return false;
}

bool Metric::is_sale(const Event& event) const {
  if (event.stream != "orders") return true;
  const int64_t amount = event.cell("amount").i;
  return amount > 0 || (amount == 0 && zero_counts);
}

// What two ids of one customer referred to each other is none.
bool Metric::on_side(const Event& event, const Anchors& at) const {
  if (event.stream != "referrals") return true;
  const bool brings = at.ids->contains(event.cell("referrer").s);
  const bool is_brought = at.ids->contains(event.cell("referred").s);
  return brings != is_brought && is_brought == as_referred;
}

bool Metric::counts(const Event& event, const std::vector<const Event*>& events,
                    const Anchors& at) const {
  if (event.stream != stream || event.time > at.now || !on_side(event, at)) return false;
  const bool money = kind == Is::kMoney && (verb == "sum" || verb == "share" || verb == "trend");
  if (!money && !is_sale(event)) return false;
  if (verb != "share" && !holds(where, event, at)) return false;
  for (const Follower& follower : followers) {
    const Micros end = at.zone->add(event.time, follower.within);
    // An event does not follow itself, nor one of its own stream and instant that is behind it.
    auto from = events.begin();
    if (follower.stream == stream) from = std::find(from, events.end(), &event) + 1;
    const bool found = std::any_of(from, events.end(), [&](const Event* other) {
      return other->stream == follower.stream && is_sale(*other) && other->time >= event.time &&
             other->time < end && holds(follower.where, *other, at) &&
             (follower.same.empty() || (other->cell(follower.same).known() &&
                                        other->cell(follower.same) == event.cell(follower.same)));
    });
    if (follower.wanted ? !found : (found || at.now < end)) return false;
  }
  return inside(event.time, at);
}

// Of each key the newest event that opens or closes it; one that does both closes.
Value Metric::open(const std::vector<const Event*>& events, const Anchors& at) const {
  std::map<std::string, bool> opened;
  for (const Event* event : events) {
    const Value key = event->cell(column);
    if (event->stream != stream || !key.known() || event->time > at.now) continue;
    if (holds(closed_by, *event, at)) {
      opened[key.s] = false;
    } else if (holds(where, *event, at)) {
      opened[key.s] = inside(event->time, at);
    }
  }
  return Value::of(Is::kInt, std::count_if(opened.begin(), opened.end(),
                                           [](const auto& key) { return key.second; }));
}

Value Metric::value(const std::vector<const Event*>& events, const Anchors& at) const {
  if (verb == "open") return open(events, at);
  if (verb == "funnel") return funnel(events, at);
  std::vector<const Event*> rows;
  for (const Event* event : events) {
    if (counts(*event, events, at)) rows.push_back(event);
  }
  if (verb == "points") return points(rows, at);
  if (verb == "trend") return trend(rows, at);
  std::vector<Value> cells;
  std::set<Day> days;
  for (const Event* row : rows) {
    days.insert(at.zone->local_day(row->time));
    if (!column.empty() && row->cell(column).known()) cells.push_back(row->cell(column));
  }
  const auto number = [](size_t count) { return Value::of(Is::kInt, static_cast<int64_t>(count)); };
  if (verb == "count") return number(rows.size());
  if (verb == "days_active") return number(days.size());
  if (verb == "sum") return sum(cells, kind, !rows.empty());
  if (verb == "mean") return mean(cells, kind);
  if (verb.starts_with("gap")) return gaps(verb, days);
  if (verb == "top") return top(rows, column, by, n);
  if (verb == "share") {
    std::vector<Value> part;
    for (const Event* row : rows) {
      if (row->cell(column).known() && holds(where, *row, at)) part.push_back(row->cell(column));
    }
    const Value all = sum(cells, kind, false), some = sum(part, kind, false);
    const double below = kind == Is::kReal ? all.d : static_cast<double>(all.i);
    if (below == 0) return {};
    return Value::real((kind == Is::kReal ? some.d : static_cast<double>(some.i)) / below);
  }
  if (verb == "streak") {
    std::set<int64_t> held;
    for (const Event* row : rows) held.insert(period_number(row->time, every, *at.zone));
    int64_t period = period_number(at.now, every, *at.zone);
    if (!held.contains(period)) --period;
    int64_t length = 0;
    while (held.contains(period - length)) ++length;
    return Value::of(Is::kInt, length);
  }
  if (verb == "distinct") {
    std::vector<Value> found;
    for (const Value& cell : cells) {
      if (std::find(found.begin(), found.end(), cell) == found.end()) found.push_back(cell);
    }
    return number(found.size());
  }
  if (cells.empty()) return {};
  if (verb == "path") {
    std::string out;
    const size_t from = cells.size() - std::min(cells.size(), static_cast<size_t>(n));
    for (size_t k = from; k < cells.size(); ++k) out += (k == from ? "" : ">") + cells[k].s;
    return Value::text(out);
  }
  if (verb == "first") return cells.front();
  if (verb == "last") return cells.back();
  return verb == "min" ? *std::min_element(cells.begin(), cells.end(), less)
                       : *std::max_element(cells.begin(), cells.end(), less);
}

// One event after the other: idleness and expiry first, then what it earns or spends.
Value Metric::points(const std::vector<const Event*>& rows, const Anchors& at) const {
  struct Lot {
    double points;
    Micros until;
  };
  std::vector<Lot> lots;
  double owed = 0;
  Micros last = 0;
  const auto pass = [&](Micros t, bool in_time) {
    if (plan.after) {
      // Counted again from each time that it has passed; an event at that instant is in time.
      Micros idle = at.zone->add(last, *plan.after);
      for (; in_time ? idle < t : idle <= t; idle = at.zone->add(idle, *plan.after)) {
        for (Lot& lot : lots) lot.points *= 1 - plan.lose;
      }
    }
    std::erase_if(lots, [&](const Lot& lot) { return lot.until <= t; });
  };
  std::map<int64_t, double> earned;
  for (const Event* row : rows) {
    if (last != 0) pass(row->time, true);
    last = row->time;
    RowNames names(*row, at);
    const Value each = plan.each.value(names);
    double x = !each.known() ? 0 : each.is == Is::kReal ? each.d : static_cast<double>(each.i);
    if (x > 0 && plan.cap) {
      double& before = earned[period_number(row->time, plan.per, *at.zone)];
      const double allowed = std::max(0.0, std::min(*plan.cap, before + x) - before);
      before += x;
      x = allowed;
    }
    if (x > 0) {
      const double paid = std::min(owed, x);
      owed -= paid;
      const Micros until = plan.expires ? at.zone->add(row->time, *plan.expires) : kEndTime;
      if (x > paid) lots.push_back({x - paid, until});
      continue;
    }
    double spent = -x;
    for (Lot& lot : lots) {
      const double taken = std::min(lot.points, spent);
      lot.points -= taken;
      spent -= taken;
    }
    owed += spent;
  }
  if (last != 0) pass(at.now, false);
  double balance = -owed;
  for (const Lot& lot : lots) balance += lot.points;
  return Value::real(balance == 0 ? 0 : balance);
}

// The slope of the least squares line through what each whole period holds, over the mean.
Value Metric::trend(const std::vector<const Event*>& rows, const Anchors& at) const {
  std::vector<double> y(static_cast<size_t>(n), 0);
  const int64_t now = period_number(at.now, every, *at.zone);
  for (const Event* row : rows) {
    const int64_t k = period_number(row->time, every, *at.zone) - (now - n);
    if (k < 0 || k >= n) continue;
    const Value cell = column.empty() ? Value::of(Is::kInt, 1) : row->cell(column);
    if (!cell.known()) continue;
    y[static_cast<size_t>(k)] += cell.is == Is::kReal ? cell.d : static_cast<double>(cell.i);
  }
  double mean = 0, above = 0, below = 0;
  for (const double one : y) mean += one / n;
  for (int k = 0; k < n; ++k) {
    const double off = k - (n - 1) / 2.0;
    above += off * (y[static_cast<size_t>(k)] - mean);
    below += off * off;
  }
  if (n < 2 || std::fabs(mean) < 1e-9) return {};
  return Value::real(above / below / mean);
}

// Every chain of events is tried.
int Metric::furthest(const std::vector<const Event*>& events, const Anchors& at,
                     std::vector<const Event*>& chain) const {
  const size_t step = chain.size();
  int best = static_cast<int>(step);
  if (step == steps.size()) return best;
  for (const Event* event : events) {
    if (event->stream != steps[step].stream || event->time > at.now || !is_sale(*event)) continue;
    if (!holds(steps[step].where, *event, at) || !inside(event->time, at)) continue;
    if (std::find(chain.begin(), chain.end(), event) != chain.end()) continue;
    if (!chain.empty() && event->time < chain.back()->time) continue;
    if (!chain.empty() && within && event->time >= at.zone->add(chain[0]->time, *within)) continue;
    chain.push_back(event);
    best = std::max(best, furthest(events, at, chain));
    chain.pop_back();
  }
  return best;
}

Value Metric::funnel(const std::vector<const Event*>& events, const Anchors& at) const {
  std::vector<const Event*> chain;
  const int reached = furthest(events, at, chain);
  return reached == 0 ? Value() : Value::text(steps[static_cast<size_t>(reached) - 1].name);
}

bool Metric::reads(const std::string& of) const {
  return of == stream || std::any_of(steps.begin(), steps.end(),
                                     [&](const FunnelStep& step) { return step.stream == of; });
}

void Metric::instants(const Event& event, const TimeZone& zone, std::set<Micros>& out) const {
  const auto add = [&](Micros t) { out.insert({t, t + 1}); };
  for (const Follower& follower : followers) add(zone.add(event.time, follower.within));
  if (!reads(event.stream)) return;
  if (plan.expires) add(zone.add(event.time, *plan.expires));
  if (window.kind == Window::Kind::kRolling) {
    add(zone.add(event.time, window.offset));
    add(zone.add(event.time, both(window.length, window.offset)));
  }
  if (window.kind == Window::Kind::kCalendar) {
    const Period months{window.months, 0};
    const int64_t number = period_number(event.time, months, zone);
    for (const int later : {0, 1, window.previous, window.previous + 1}) {
      add(period_start(number + later, months, zone));
    }
  }
}

void Metric::next_period(const std::vector<const Event*>& events, const Anchors& at,
                         const Value& value, std::set<Micros>& out) const {
  Micros last = kMinTime;
  for (const Event* event : events) {
    if (event->stream == stream && event->time <= at.now) last = std::max(last, event->time);
  }
  if (last == kMinTime) return;
  // Any event of hers may be the last that counts.
  if (plan.after && value.d != 0) {
    for (const Event* event : events) {
      if (event->stream != stream || event->time > at.now) continue;
      Micros next = at.zone->add(event->time, *plan.after);
      while (next <= at.now) next = at.zone->add(next, *plan.after);
      out.insert({next, next + 1});
    }
  }
  if (verb != "trend" && (verb != "streak" || value.i == 0)) return;
  const int64_t now = period_number(at.now, every, *at.zone);
  if (verb == "trend" && now - period_number(last, every, *at.zone) > n + 1) return;
  const Micros next = period_start(now + 1, every, *at.zone);
  out.insert({next, next + 1});
}

}  // namespace patron::oracle
