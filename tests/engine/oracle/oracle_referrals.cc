// Referrals: who brought whom, and what a calibration makes of it (docs/calibration.md).
#include <algorithm>
#include <cmath>

#include "tests/engine/oracle/look.h"

namespace patron::oracle {

// A customer has one referrer, and circles there are none; who refers her again says nothing new.
bool Oracle::refer(const Event& event, bool quiet) {
  const std::string& referred = event.id;
  const Value by = event.cell("referrer");
  const std::string& referrer = by.s;
  if (referrer == referred) return false;
  if (const auto known = brought_by_.find(referred); known != brought_by_.end()) {
    return known->second == referrer;
  }
  for (auto at = brought_by_.find(referrer); at != brought_by_.end();
       at = brought_by_.find(at->second)) {
    if (at->second == referred) return false;
  }
  brought_by_[referred] = referrer;
  for (const std::string& id : {referred, referrer}) {
    Event hers = event;
    hers.id = id;
    hers.effective = std::max(event.time, clock_);
    concern(id, event.time, std::nullopt, false, quiet);
    watch(customer(survivor(id)), hers);
    events_[id].push_back(hers);
  }
  return true;
}

// Whoever she brought was brought by somebody whom nobody knows.
void Oracle::forget_referrals(const std::string& id) {
  brought_by_.erase(id);
  const std::string nobody = "nobody " + std::to_string(++nobodies_);
  for (auto& [referred, referrer] : brought_by_) {
    if (referrer == id) referrer = nobody;
  }
  for (auto& [whose, events] : events_) {
    for (Event& event : events) {
      if (event.stream != "referrals") continue;
      for (auto& [name, cell] : event.columns) {
        if ((name == "referrer" || name == "referred") && cell.s == id) cell.s = nobody;
      }
    }
  }
  frozen_.referrers.erase(id);
}

ReferralFacts Oracle::Look::referral(const Rules::Model& model) {
  ReferralFacts out;
  std::set<Day> days;
  std::optional<Micros> first;
  const Period window = model.window.value_or(Period{0, 365 * kMicrosPerDay});
  const auto lately = [&](Micros t) { return now < zone->add(t, window); };
  for (const Event* event : events_) {
    if (event->time > now) continue;
    if (event->stream == "referrals") {
      const bool brought = ids_.contains(event->cell("referrer").s);
      if (brought || !ids_.contains(event->cell("referred").s)) continue;
      out.referred = true;
      out.referrer = event->cell("referrer").s;
    }
    if (event->stream != "orders") continue;
    const int64_t amount = event->cell("amount").i;
    out.value += amount;
    if (amount < 0 || (amount == 0 && !rules_.zero_counts)) continue;
    days.insert(zone->local_day(event->time));
    if (!first) first = event->time;
    out.retained = out.retained || lately(event->time);
  }
  out.bought = first.has_value();
  out.repeated = days.size() > 1;
  out.retained = out.retained && first && !lately(*first);
  if (!model.of.empty()) out.value = value(model.of[0]).i;
  return out;
}

// Everybody counts for her referrer, for that one's, and so on, once each and never for herself.
void Oracle::find_referrers(const Rules::Model& model,
                            const std::map<std::string, ReferralFacts>& all, Frozen& next) const {
  std::map<std::string, std::vector<long double>> generations;
  std::map<std::string, ReferrerWorth> found;
  for (const auto& [id, facts] : all) {
    std::vector<std::string> above;
    const ReferralFacts* at = &facts;
    while (at->referred && static_cast<int64_t>(above.size()) < model.depth) {
      if (!customers_.contains(at->referrer)) break;  // nobody knows her any more
      const std::string who = survivor(at->referrer);
      if (who == id || std::find(above.begin(), above.end(), who) != above.end()) break;
      above.push_back(who);
      const auto hers = all.find(who);
      if (hers == all.end()) break;
      at = &hers->second;
    }
    for (size_t k = 0; k < above.size(); ++k) {
      ReferrerWorth& worth = found[above[k]];
      std::vector<long double>& money = generations[above[k]];
      money.resize(std::max(money.size(), k + 1));
      money[k] += static_cast<long double>(facts.value);
      worth.generations = std::max(worth.generations, static_cast<int64_t>(k) + 1);
      if (k > 0) continue;
      ++worth.referred;
      worth.converted += facts.bought ? 1 : 0;
      worth.repeated += facts.repeated ? 1 : 0;
      worth.retained += facts.retained ? 1 : 0;
      worth.value += facts.value;
    }
  }
  for (auto& [id, worth] : found) {
    long double chain = 0, share = 1;
    for (const long double money : generations[id]) chain += share * money, share *= model.decay;
    worth.chain_value = static_cast<int64_t>(std::nearbyint(chain));
  }
  next.referrers = found;
  next.referrals_known = true;
}

Value Oracle::Look::of_referrals(const std::string& output) const {
  if (!frozen_.referrals_known) return {};
  const auto found = frozen_.referrers.find(id_);
  const ReferrerWorth worth = found == frozen_.referrers.end() ? ReferrerWorth() : found->second;
  const auto whole = [](int64_t i) { return Value::of(Is::kInt, i); };
  if (output == "referred") return whole(worth.referred);
  if (output == "converted") return whole(worth.converted);
  if (output == "repeated") return whole(worth.repeated);
  if (output == "retained") return whole(worth.retained);
  if (output == "generations") return whole(worth.generations);
  if (output == "value") return Value::of(Is::kMoney, worth.value);
  if (output == "chain_value") return Value::of(Is::kMoney, worth.chain_value);
  if (worth.referred == 0) return {};
  return Value::real(static_cast<double>(worth.converted) / static_cast<double>(worth.referred));
}

}  // namespace patron::oracle
