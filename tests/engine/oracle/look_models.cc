// What models, grids and ranks say of one customer, from her raw facts and what is frozen.
#include <algorithm>
#include <array>
#include <cmath>

#include "tests/engine/oracle/look.h"

namespace patron::oracle {

RfmMeasures Oracle::Look::rfm(const Rules::Model& model) const {
  RfmMeasures out;
  std::set<Day> days;
  for (const Event* event : events_) {
    if (event->stream != "orders" || event->time > now) continue;
    const int64_t amount = event->cell("amount").i;
    const bool inside = !model.window || now < zone->add(event->time, *model.window);
    if (inside) out.money += amount;
    if (amount < 0 || (amount == 0 && !rules_.zero_counts)) continue;
    const Day day = zone->local_day(event->time);
    out.last_day = out.last_day ? std::max(*out.last_day, day) : day;
    if (inside) days.insert(day);
  }
  out.frequency = static_cast<int64_t>(days.size());
  return out;
}

// Her newest in the window.
std::optional<int64_t> Oracle::Look::answer(const Rules::Model& nps) const {
  std::optional<int64_t> out;
  for (const Event* event : events_) {
    if (event->stream != "surveys" || event->time > now || event->cell("kind").s != "nps") continue;
    if (nps.window && now >= zone->add(event->time, *nps.window)) continue;
    const Value score = event->cell("score");
    if (score.known() && score.i >= 0 && score.i <= 10) out = score.i;
  }
  return out;
}

// Rule 26; r steps on the midnights on which she lies above one more cut.
std::array<int, 3> Oracle::Look::scores(const RfmMeasures& her) {
  const auto above = [&](size_t axis, int64_t value) {
    const std::vector<int64_t>& cuts = frozen_.rfm->cuts[axis];
    return static_cast<int>(
        std::count_if(cuts.begin(), cuts.end(), [&](int64_t cut) { return cut < value; }));
  };
  if (!her.last_day) return {};
  for (const int64_t cut : frozen_.rfm->cuts[0]) {
    later.insert(zone->start_of_day(*her.last_day + cut + 1));
  }
  later.insert(zone->start_of_day(*her.last_day + frozen_.rfm->split[0] + 1));
  const auto bins = static_cast<int>(frozen_.rfm->cuts[0].size()) + 1;
  return {bins - above(0, zone->local_day(now) - *her.last_day), 1 + above(1, her.frequency),
          1 + above(2, her.money)};
}

Value Oracle::Look::of_model(const Rules::Model& model, const std::string& name) {
  if (model.kind == "weights") return combined(model, name != model.name);
  const std::string output = name.substr(name.find('.') + 1);
  if (model.kind == "referral") return of_referrals(output);
  if (model.kind == "ltv") return of_ltv(model, output);
  const auto whole = [](int64_t i) { return Value::of(Is::kInt, i); };
  if (model.kind == "nps") {
    const std::optional<int64_t> score = answer(model);
    if (!score) return {};
    if (output == "score") return whole(*score);
    return Value::text(*score >= 9 ? "promoter" : *score >= 7 ? "passive" : "detractor");
  }
  const RfmMeasures her = rfm(model);
  if (output == "frequency") return whole(her.frequency);
  if (output == "monetary") return Value::of(Is::kMoney, her.money);
  const int64_t recency = her.last_day ? zone->local_day(now) - *her.last_day : 0;
  if (output == "recency_days") {
    if (!her.last_day) return {};
    later.insert(zone->start_of_day(zone->local_day(now) + 1));
    return whole(recency);
  }
  if (!frozen_.rfm) return {};
  const std::array<int, 3> score = scores(her);
  if (output == "r") return whole(score[0]);
  if (output == "f") return whole(score[1]);
  if (output == "m") return whole(score[2]);
  if (output == "segment") {
    if (!her.last_day) return Value::text("prospect");
    const SegmentTable& table = rules_.tables.at(model.table);
    const int row = table.segment_of({score[0], score[1], score[2]});
    return row < 0 ? Value() : Value::text(table.rows()[static_cast<size_t>(row)].name);
  }
  if (!her.last_day) return {};
  // docs/rfm.md, the table of octants.
  static const std::array<const char*, 8> kOctants{
      "General win-back",    "Important win-back",    "General retention", "Important retention",
      "General development", "Important development", "General value",     "Important value"};
  const auto& split = frozen_.rfm->split;
  return Value::text(
      kOctants[(recency <= split[0] ? 4U : 0U) + (her.frequency > split[1] ? 2U : 0U) +
               (her.money > split[2] ? 1U : 0U)]);
}

// Rule 28: a missing member drops out, and the rest share its weight.
Value Oracle::Look::combined(const Rules::Model& model, bool coverage) {
  const auto found = frozen_.weights.find(model.name);
  if (found == frozen_.weights.end()) return {};
  const ScoreWeights& by = found->second;
  double sum = 0, known = 0;
  for (size_t k = 0; k < model.of.size(); ++k) {
    const std::optional<double> value = number(model.of[k]);
    if (!value || by.weights[k] == 0) continue;
    const double scaled = (*value - by.low[k]) / (by.high[k] - by.low[k]);
    sum += by.weights[k] * std::clamp(scaled, 0.0, 1.0);
    known += by.weights[k];
  }
  if (coverage) return Value::real(known);
  return known > 0 ? Value::real(sum / known) : Value();
}

int Oracle::Look::grid_class(const Rules::Classification& grid) {
  if (!frozen_.rfm) return -1;
  const RfmMeasures her = rfm(*rules_.model_of("rfm"));
  if (!her.last_day) return static_cast<int>(grid.machines[0].classes.size()) - 1;
  const std::array<int, 3> score = scores(her);
  return rules_.tables.at(grid.table).segment_of({score[0], score[1], score[2]});
}

bool Oracle::Look::takes_part(const Rules::Classification& rank) {
  return rank.where.empty() || rank.where.value(*this).truth();
}

// Rule 35; a seat is lost where `where` is not true, until a calibration gives it anew.
int Oracle::Look::rank_class(size_t c) {
  const Rules::Classification& rank = rules_.classifications[c];
  const int last = static_cast<int>(rank.places.size()) - 1;
  const auto rest = [&](size_t k) {
    const Rules::Place& place = rank.places[k];
    return place.share == 0 && place.percent == 0 && place.top == 0;
  };
  const bool in = takes_part(rank);
  const auto found = frozen_.ranks.find(rank.name);
  if (found == frozen_.ranks.end()) return rank.seated(last) ? -1 : last;
  const RankPlaces& places = found->second;
  if (!in) {
    if (moves_) customer_.seat_lost[c] = places.number;
    return rest(static_cast<size_t>(last)) ? last : -1;
  }
  const auto lost = customer_.seat_lost.find(c);
  const bool has_none = lost != customer_.seat_lost.end() && lost->second == places.number;
  const Value value = this->value(rank.of);
  for (size_t k = 0; k < rank.places.size(); ++k) {
    if (rest(k)) return static_cast<int>(k);
    if (rank.places[k].top > 0) {
      if (!has_none && places.seated[k].contains(id_)) return static_cast<int>(k);
      continue;
    }
    const std::optional<Value>& cut = places.cuts[k];
    if (value.known() && cut && (value.i != cut->i ? value.i > cut->i : value.d >= cut->d)) {
      return static_cast<int>(k);
    }
  }
  return -1;
}

}  // namespace patron::oracle
