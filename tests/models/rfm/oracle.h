// The oracle of RFM: every column by its definition, slowly and plainly.
//
// Nothing here is shared with lib/models/rfm. Customers and orders are kept in std::map, days in
// std::set, sums in 128 bits; windows are tested row by row (exact: e > as_of - w; months:
// as_of < e + w); quantiles are fractions, and a score counts the fractions strictly below.
#pragma once

#include <algorithm>
#include <cstdlib>
#include <limits>
#include <map>
#include <set>
#include <string>
#include <vector>

#include "tests/models/rfm/order_log.h"
#include "tests/models/rfm/table_lines.h"

namespace patron::test {

struct OracleResult {
  Code error = Code::kOk;
  Lines rows;     ///< all columns of the result
  Lines refused;  ///< row and reason
  int64_t rounded = 0, waiting = 0, zero = 0, refund = 0;
  Micros as_of = 0;
};

class Oracle {
 public:
  explicit Oracle(const OrderLog& log)
      : log_(log), options_(log.options), zone_(*TimeZone::load(log.options.timezone)) {}

  OracleResult run() {
    const std::vector<OrderLine> lines = accepted();
    if (result_.error != Code::kOk) return result_;
    std::map<Id, std::vector<OrderLine>> customers;
    for (const OrderLine& line : lines) customers[line.customer].push_back(line);
    std::vector<Person> people;
    for (const auto& [id, mine] : customers) people.push_back(measure(id, mine));
    for (const Person& person : people) {
      if (person.money > std::numeric_limits<int64_t>::max() ||
          person.money < std::numeric_limits<int64_t>::min())
        result_.error = Code::kOverflow;
    }
    if (result_.error != Code::kOk) return result_;
    score(&people);
    return result_;
  }

 private:
  using Wide = internal::Int128;
  struct Person {
    Id id;
    std::optional<Micros> first, last;
    int64_t orders = 0;
    std::set<Day> days, window_days;
    Wide money = 0;
    int64_t recency = 0;
  };
  /// num / den, den > 0.
  struct Fraction {
    Wide num, den;
    bool below(Wide value) const { return num < value * den; }
  };

  std::vector<OrderLine> accepted() {
    std::vector<OrderLine> good, result;
    for (size_t i = 0; i < log_.lines.size(); i++) {
      const OrderLine& line = log_.lines[i];
      if (line.defect)
        result_.refused.push_back(std::to_string(i) + " \"" +
                                  std::string(refusal_reason(*line.defect)) + '"');
      else
        good.push_back(line);
    }
    for (const OrderLine& line : good) {
      if (options_.as_of && line.time > *options_.as_of) {
        result_.waiting++;
        continue;
      }
      result_.rounded += line.rounded;
      result_.zero += line.minor == 0;
      result_.refund += line.minor < 0;
      result_.as_of = result.empty() ? line.time : std::max(result_.as_of, line.time);
      result.push_back(line);
    }
    if (options_.as_of) result_.as_of = *options_.as_of;
    if (good.empty())
      result_.error = Code::kEmpty;
    else if (result.empty())
      result_.error = Code::kTime;
    return result;
  }

  bool inside(Micros time) const {
    if (!options_.window) return true;
    if (options_.window->months == 0) return time > result_.as_of - options_.window->micros;
    return result_.as_of < zone_.add(time, *options_.window);
  }

  Person measure(const Id& id, const std::vector<OrderLine>& mine) const {
    Person person{id, {}, {}, 0, {}, {}, 0, 0};
    std::map<Id, std::vector<OrderLine>> orders;
    for (size_t i = 0; i < mine.size(); i++)
      orders[options_.order ? mine[i].order : Id(static_cast<int64_t>(i))].push_back(mine[i]);
    for (const auto& [name, lines] : orders) {
      std::optional<Micros> time;
      Wide amount = 0;
      for (const OrderLine& line : lines) {
        if (line.minor < 0) continue;
        time = time ? std::min(*time, line.time) : line.time;
        amount += line.minor;
      }
      if (time && inside(*time)) person.money += amount;
      for (const OrderLine& line : lines) {
        if (line.minor >= 0 || options_.refunds == Refunds::kIgnore) continue;
        const bool at_order = time && options_.refunds == Refunds::kNet;
        if (inside(at_order ? *time : line.time)) person.money += line.minor;
      }
      if (!time || (amount == 0 && options_.zero == ZeroAmounts::kIgnore)) continue;
      person.orders++;
      person.first = person.first ? std::min(*person.first, *time) : *time;
      person.last = person.last ? std::max(*person.last, *time) : *time;
      person.days.insert(zone_.local_day(*time));
      if (inside(*time)) person.window_days.insert(zone_.local_day(*time));
    }
    if (person.last)
      person.recency =
          std::max<int64_t>(0, zone_.local_day(result_.as_of) - zone_.local_day(*person.last));
    return person;
  }

  static int64_t value_of(const Person& person, int axis) {
    if (axis == 0) return person.recency;
    return axis == 1 ? static_cast<int64_t>(person.window_days.size())
                     : static_cast<int64_t>(person.money);
  }
  Wide unit(int axis) const {
    Wide power = 1;
    for (int i = 0; axis == 2 && i < options_.scale; i++) power *= 10;
    return power;
  }
  static Fraction type7(const std::vector<int64_t>& sorted, int64_t k, int64_t parts) {
    const int64_t h = (static_cast<int64_t>(sorted.size()) - 1) * k;
    const size_t low = static_cast<size_t>(h / parts);
    const size_t high = std::min(low + 1, sorted.size() - 1);
    return {static_cast<Wide>(sorted[low]) * (parts - h % parts) +
                static_cast<Wide>(sorted[high]) * (h % parts),
            parts};
  }

  void score(std::vector<Person>* people) {
    const RfmAxis* axes[] = {&options_.recency, &options_.frequency, &options_.monetary};
    std::array<std::vector<Fraction>, 3> cuts;
    std::array<Fraction, 3> splits;
    for (size_t a = 0; a < 3; a++) {
      const int axis = static_cast<int>(a);
      std::vector<int64_t> sorted;
      Wide sum = 0;
      for (const Person& person : *people) {
        if (person.window_days.empty()) continue;
        sorted.push_back(value_of(person, axis));
        sum += sorted.back();
      }
      std::sort(sorted.begin(), sorted.end());
      const int64_t n = static_cast<int64_t>(sorted.size());
      const OctantSplit::Kind split = options_.octant_split[a].kind;
      if (n == 0 && !(axes[a]->method == RfmMethod::kFixed && split == OctantSplit::Kind::kValue)) {
        result_.error = Code::kEmpty;
        return;
      }
      for (int64_t k = 1; k < axes[a]->bins; k++) {
        if (axes[a]->method == RfmMethod::kQuantile)
          cuts[a].push_back(type7(sorted, k, axes[a]->bins));
        else if (axes[a]->method == RfmMethod::kNearestRank)
          cuts[a].push_back(
              {sorted[static_cast<size_t>((n * k + axes[a]->bins - 1) / axes[a]->bins - 1)], 1});
        else
          cuts[a].push_back({log_.cut_quarters[a][static_cast<size_t>(k - 1)] * unit(axis), 4});
      }
      if (split == OctantSplit::Kind::kMean)
        splits[a] = {sum, n};
      else if (split == OctantSplit::Kind::kMedian)
        splits[a] = type7(sorted, 1, 2);
      else
        splits[a] = {log_.split_quarters[a] * unit(axis), 4};
    }
    const bool wide = std::max({axes[0]->bins, axes[1]->bins, axes[2]->bins}) == 10;
    for (const Person& person : *people) {
      int scores[3] = {0, 0, 0}, octant = 0;
      for (size_t a = 0; a < 3; a++) {
        const int64_t value = value_of(person, static_cast<int>(a));
        int below = 0;
        for (const Fraction& cut : cuts[a]) below += cut.below(value);
        if (person.first) scores[a] = a == 0 ? axes[a]->bins - below : 1 + below;
        const bool high = a == 0 ? !splits[a].below(value) : splits[a].below(value);
        if (high) octant |= 4 >> a;
      }
      result_.rows.push_back(line(person, scores, octant, wide));
    }
  }

  std::string line(const Person& p, const int* s, int octant, bool wide) const {
    const auto text = [](int64_t value) { return std::to_string(value); };
    const auto known = [&](int64_t value) { return p.first ? text(value) : "null"; };
    const std::string money = text(static_cast<int64_t>(p.money));
    const int digit = wide ? 100 : 10;
    std::string segment = "prospect";
    if (p.first) {
      segment = "null";
      const int row = options_.table ? options_.table->segment_of({s[0], s[1], s[2]}) : -1;
      if (row >= 0) segment = options_.table->rows()[static_cast<size_t>(row)].name;
    }
    const std::string major = money + "e-" + text(options_.scale);  // strtod rounds correctly
    return id_text(p.id) + ' ' + known(p.first.value_or(0)) + ' ' + known(p.last.value_or(0)) +
           ' ' + text(p.orders) + ' ' + text(static_cast<int64_t>(p.days.size())) + ' ' +
           known(p.recency) + ' ' + text(static_cast<int64_t>(p.window_days.size())) + ' ' +
           number_line(std::strtod(major.c_str(), nullptr)) + ' ' + money + ' ' + text(s[0]) + ' ' +
           text(s[1]) + ' ' + text(s[2]) + ' ' + text((s[0] * digit + s[1]) * digit + s[2]) + ' ' +
           segment + ' ' +
           (p.first ? std::string(octant_name(options_.octant_names, octant).en) : "null");
  }

  const OrderLog& log_;
  const RfmOptions& options_;
  const TimeZone zone_;
  OracleResult result_;
};

inline OracleResult oracle(const OrderLog& log) { return Oracle(log).run(); }

}  // namespace patron::test
