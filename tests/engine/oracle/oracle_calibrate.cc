// Calibration by rules 23 to 28 and 35: everybody's values in lists, which are sorted.
#include <algorithm>
#include <cmath>
#include <stdexcept>

#include "tests/engine/oracle/look.h"

namespace patron::oracle {
namespace {

bool stands_before(const Value& a, const Value& b) { return a.i != b.i ? a.i > b.i : a.d > b.d; }
bool equal(const Value& a, const Value& b) { return a.i == b.i && a.d == b.d; }

int64_t floor_of(internal::Int128 a, int64_t b) {
  const internal::Int128 q = a / b;
  return static_cast<int64_t>(q - (q * b > a ? 1 : 0));
}

// Hyndman and Fan's type 7, the value k / bins of the way, rounded down.
int64_t quantile(const std::vector<int64_t>& sorted, int64_t k, int64_t bins) {
  const int64_t place = (static_cast<int64_t>(sorted.size()) - 1) * k;  // in bins
  const auto low = static_cast<size_t>(place / bins);
  if (low + 1 == sorted.size()) return sorted[low];
  return sorted[low] +
         floor_of(internal::Int128{sorted[low + 1] - sorted[low]} * (place % bins), bins);
}

RfmCutPoints cut_points(std::array<std::vector<int64_t>, 3> values, const Rules::Model& model) {
  RfmCutPoints out;
  constexpr int64_t kBins = 5;
  for (size_t axis = 0; axis < 3; ++axis) {
    std::vector<int64_t>& sorted = values[axis];
    std::sort(sorted.begin(), sorted.end());
    const auto n = static_cast<int64_t>(sorted.size());
    for (int64_t k = 1; k < kBins; ++k) {
      const auto nearest = static_cast<size_t>((n * k + kBins - 1) / kBins - 1);
      out.cuts[axis].push_back(model.nearest_rank ? sorted[nearest] : quantile(sorted, k, kBins));
    }
    internal::Int128 sum = 0;
    for (const int64_t value : sorted) sum += value;
    out.split[axis] = model.octant_mean ? floor_of(sum, n) : quantile(sorted, 1, 2);
  }
  return out;
}

// 1 - entropy of the shares, up to a factor that all criteria have (docs/weights.md).
double spread(const std::vector<double>& values, double low, double high) {
  const auto n = static_cast<double>(values.size());
  double total = 0, entropy = 0;
  for (const double value : values) total += (value - low) / (high - low);
  for (const double value : values) {
    const double share = (value - low) / (high - low) / total;
    if (share > 0) entropy -= share * std::log(share);
  }
  return 1 - entropy / std::log(n);
}

}  // namespace

// From the top: the least value of those before whom the limit was not reached.
std::optional<Value> Oracle::cut_of(std::vector<Value> values, const Rules::Place& limit) {
  std::sort(values.begin(), values.end(), stands_before);
  const auto counted = [](const Value& value) {
    return std::max<long double>(0, static_cast<long double>(value.i) + value.d);
  };
  long double total = 0, before = 0;
  for (const Value& value : values) total += counted(value);
  std::optional<Value> cut;
  for (size_t k = 0; k < values.size(); ++k) {
    // Refunds can make a sum negative; as a share of the total that is nothing.
    const bool same = k > 0 && (equal(values[k], values[k - 1]) ||
                                (limit.share > 0 && counted(values[k - 1]) == 0));
    const auto place = static_cast<int64_t>(k);
    const auto n = static_cast<int64_t>(values.size());
    const bool inside = same ? cut.has_value() && equal(*cut, values[k - 1])
                        : limit.share > 0
                            ? before * 1'000'000 < total * static_cast<long double>(limit.share)
                            : place * 100'000'000 < n * limit.percent;
    if (inside) cut = values[k];
    before += counted(values[k]);
  }
  return cut;
}

// Who sits where: in each class those who are kept in theirs, then those in dwell, then by value.
void Oracle::seat(const Rules::Classification& rank, std::vector<Candidate> all, RankPlaces& out) {
  for (size_t c = 0; c < rank.places.size(); ++c) {
    const int64_t seats = rank.places[c].top;
    if (seats == 0) continue;
    const auto mine = static_cast<int>(c);
    std::vector<Candidate> order[3];
    for (const Candidate& one : all) {
      if (one.kept_in >= 0 && one.kept_in != mine) continue;
      if (one.kept_in < 0 && !one.takes_part) continue;
      order[one.kept_in == mine ? 0 : one.dwells_in == mine ? 1 : 2].push_back(one);
    }
    auto free = seats;
    for (int claim = 0; claim < 3; ++claim) {
      std::vector<Candidate>& list = order[claim];
      std::sort(list.begin(), list.end(), [](const Candidate& a, const Candidate& b) {
        return stands_before(a.value, b.value);
      });
      for (size_t k = 0; k < list.size();) {
        size_t end = k + 1;
        while (end < list.size() && equal(list[end].value, list[k].value)) ++end;
        if (claim == 0) end = list.size();
        const auto many = static_cast<int64_t>(end - k);
        if (many > free && claim > 0) {
          free = 0;
          break;
        }
        free -= many;
        for (; k < end; ++k) out.seated[c].insert(list[k].id);
      }
    }
    std::erase_if(all, [&](const Candidate& one) { return out.seated[c].contains(one.id); });
  }
}

Oracle::Candidate Oracle::candidate(const std::string& id, size_t c, const Value& value,
                                    bool takes_part, Micros t) const {
  const Rules::Classification& rank = rules_->classifications[c];
  const Customer& her = customers_.at(id);
  Candidate out;
  out.id = id;
  out.value = value;
  out.takes_part = takes_part;
  // Who is not ranked stands behind all who are.
  if (!takes_part) out.value.i = INT64_MIN;
  for (const StandingOverride& one : her.overrides) {
    if (one.classification != c || one.removed || one.until <= t) continue;
    int in = -1;
    if (one.kind == "pin") in = one.to;
    if (one.kind == "hold" && one.at <= t) {
      in = !one.held.empty() && one.held[0] >= 0 ? one.held[0] : her.shown[c][0].current;
    }
    if (one.kind == "pin" || out.kept_in < 0) out.kept_in = in;
    if (one.kind == "pin") break;
  }
  if (!rank.seated(out.kept_in)) out.kept_in = -1;
  const Standing& own = her.standing[c][0];
  if (rank.seated(own.current)) {
    const ClassRules& of = rank.machines[0].classes[static_cast<size_t>(own.current)];
    if (rules_->zone.add(own.since, of.min_dwell) > t) out.dwells_in = own.current;
  }
  return out;
}

// As of t, on facts until then. True where anything was found anew.
bool Oracle::find_constants(Micros t, Micros until) {
  bool any = false;
  Frozen next = frozen_;
  ++next.number;
  std::vector<std::string> population;
  for (const auto& [id, customer] : customers_) {
    if (survivor(id) == id && (customer.seen || known(id, until))) population.push_back(id);
  }
  int last = 0;
  const std::vector<std::string> items = rules_->calibrated_items();
  for (const std::string& item : items) last = std::max(last, rules_->stage_of(item));
  for (int stage = 0; stage <= last; ++stage) {
    const Frozen before = next;  // what earlier stages found is in force for this one
    for (const std::string& item : items) {
      if (rules_->stage_of(item) != stage) continue;
      any = calibrate_item(item, population, t, until, before, next) || any;
    }
  }
  frozen_ = next;
  return any;
}

bool Oracle::calibrate_item(const std::string& item, const std::vector<std::string>& population,
                            Micros t, Micros until, const Frozen& before, Frozen& next) const {
  const auto each = [&](const auto& see) {
    for (const std::string& id : population) {
      Customer copy = customers_.at(id);
      Look look(*this, id, copy, t, false, until, before);
      see(id, look);
    }
  };
  const auto at_least = [](size_t n, int64_t least) {
    return static_cast<int64_t>(n) >= std::max<int64_t>(1, least);
  };
  const Rules::Model* model = rules_->model_of(item);
  if (model != nullptr && model->kind == "ltv") throw std::runtime_error("the oracle fits no ltv");
  if (model != nullptr && model->kind == "nps") {
    size_t answers = 0;
    each([&](const std::string&, Look& look) { answers += look.answer(*model) ? 1 : 0; });
    return at_least(answers, model->least);
  }
  if (model != nullptr && model->kind == "rfm") {
    std::array<std::vector<int64_t>, 3> sample;
    each([&](const std::string&, Look& look) {
      const RfmMeasures her = look.rfm(*model);
      if (her.frequency == 0) return;
      sample[0].push_back(rules_->zone.local_day(t) - *her.last_day);
      sample[1].push_back(her.frequency), sample[2].push_back(her.money);
    });
    if (!at_least(sample[0].size(), model->least)) return false;
    next.rfm = cut_points(sample, *model);
    return true;
  }
  if (model != nullptr && model->kind == "referral") {
    std::map<std::string, ReferralFacts> all;
    each([&](const std::string& id, Look& look) { all[id] = look.referral(*model); });
    if (!at_least(all.size(), model->least)) return false;
    find_referrers(*model, all, next);
    return true;
  }
  if (model != nullptr) return weigh(*model, each, next);
  size_t c = 0;
  while (rules_->classifications[c].name != item) ++c;
  const Rules::Classification& rank = rules_->classifications[c];
  std::vector<Value> values;
  std::vector<Candidate> candidates;
  each([&](const std::string& id, Look& look) {
    const Value value = look.value(rank.of);
    const bool in = value.known() && look.takes_part(rank);
    if (in) values.push_back(value);
    candidates.push_back(candidate(id, c, value, in, t));
  });
  if (!at_least(values.size(), rules_->least_customers)) return false;
  RankPlaces places;
  places.number = next.number;
  places.seated.resize(rank.places.size());
  int64_t share = 0, percent = 0;
  for (const Rules::Place& place : rank.places) {
    share = std::max(share, place.share), percent = std::max(percent, place.percent);
    const bool cut = place.share > 0 || place.percent > 0;
    places.cuts.push_back(cut ? cut_of(values, place) : std::nullopt);
  }
  seat(rank, candidates, places);
  next.ranks[item] = places;
  return true;
}

template <typename Each>
bool Oracle::weigh(const Rules::Model& model, const Each& each, Frozen& next) const {
  std::vector<std::vector<double>> values(model.of.size());
  each([&](const std::string&, Look& look) {
    for (size_t k = 0; k < model.of.size(); ++k) {
      if (const std::optional<double> one = look.number(model.of[k])) values[k].push_back(*one);
    }
  });
  size_t most = 0;
  for (const auto& list : values) most = std::max(most, list.size());
  if (static_cast<int64_t>(most) < std::max<int64_t>(1, model.least)) return false;
  ScoreWeights out;
  double total = 0;
  for (size_t k = 0; k < model.of.size(); ++k) {
    const auto [low, high] = std::minmax_element(values[k].begin(), values[k].end());
    out.low.push_back(values[k].empty() ? 0 : *low);
    out.high.push_back(values[k].empty() ? 0 : *high);
    double weight = 0;
    if (out.low[k] < out.high[k]) {
      weight = model.given.empty() ? spread(values[k], out.low[k], out.high[k]) : model.given[k];
    }
    out.weights.push_back(weight);
    total += weight;
  }
  if (total == 0) return false;
  for (double& weight : out.weights) weight /= total;
  next.weights[model.name] = out;
  return true;
}

Micros Oracle::calibration_after(Micros t) const {
  const std::string& every = rules_->calibrate_every;
  if (every.empty() || !rules_->calibrates() || frozen_for_good_) return kEndTime;
  for (Day day = rules_->zone.local_day(t);; ++day) {
    const Micros start = rules_->zone.start_of_day(day);
    const CivilDate date = civil_from_day(day);
    const bool first = every == "day"     ? true
                       : every == "week"  ? (day % 7 + 7) % 7 == 4  // 1 January 1970 was a Thursday
                       : every == "month" ? date.day == 1
                       : every == "quarter" ? date.day == 1 && date.month % 3 == 1
                                            : date.day == 1 && date.month == 1;
    if (first && start > t) return start;
  }
}

bool Oracle::calibrate() {
  if (clock_ == kMinTime || !rules_->calibrates()) return false;
  calibrate_at(clock_, clock_);
  advance(clock_);
  return true;
}

void Oracle::calibrate_at(Micros t, Micros until) {
  if (find_constants(t, until)) settle_everyone_at(t);
}

void Oracle::settle_everyone_at(Micros t) {
  everyone_at_ = t;
  for (auto& [id, customer] : customers_) {
    if (customer.seen && survivor(id) == id) customer.instants.insert(t);
  }
}

}  // namespace patron::oracle
