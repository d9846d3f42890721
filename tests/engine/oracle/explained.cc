#include "tests/engine/oracle/explained.h"

#include <algorithm>
#include <cstdlib>
#include <optional>
#include <set>
#include <stdexcept>

namespace patron::oracle {
namespace {

using Classification = Rules::Classification;

// As people read it: "470.00 EUR", "3", "0.25", "true", "2024-02-29". Nothing for other kinds.
std::optional<Value> read_words(const std::string& words, Is kind, int scale) {
  if (kind == Is::kText) return Value::text(words);
  if (kind == Is::kBool) return Value::of(words == "true");
  if (kind == Is::kInt) return Value::of(Is::kInt, std::stoll(words));
  if (kind == Is::kReal) return Value::real(std::strtod(words.c_str(), nullptr));
  if (kind != Is::kMoney) return std::nullopt;
  int64_t minor = 0;
  int digits = -1;
  for (const char c : words) {
    if (c == '.') digits = 0;
    if (c < '0' || c > '9') continue;
    minor = 10 * minor + (c - '0');
    if (digits >= 0) ++digits;
  }
  for (digits = std::max(digits, 0); digits < scale; ++digits) minor *= 10;
  return Value::of(Is::kMoney, words[0] == '-' ? -minor : minor);
}

class Explained {
 public:
  Explained(const Driver& driver, const Oracle& oracle, const std::string& customer)
      : driver_(driver),
        oracle_(oracle),
        rules_(oracle.rules()),
        policy_(Tree::read(rules_.text)),
        customer_(customer) {}

  void look(const Classification& of) {
    const ClassExplanation why = driver_.explain(customer_, of.name);
    next(of, why);
    // What is missing is missing to the machine; an override stands before it.
    static const std::set<std::string> kOverrides{"pin", "hold", "ceiling", "floor"};
    const bool overridden = std::any_of(why.holds.begin(), why.holds.end(), [](const Hold& hold) {
      return kOverrides.contains(hold.what);
    });
    // The next advance joins somebody to her, perhaps with other facts and overrides.
    const bool joined = !rules_.keys.empty() && driver_.engine.next_due() <= oracle_.clock();
    if (why.to_stay && !overridden && !joined && !oracle_.overridden(customer_) &&
        rules_.keys.empty() && (rules_.calibrate_every.empty() || !rules_.calibrates())) {
      bring(of, *why.to_stay, oracle_.clock(), *why.to_stay->before);
      bring(of, *why.to_stay, *why.to_stay->before - 1, *why.to_stay->before);
    }
    for (const BetterClass& better : why.better) {
      if (overridden || joined) break;
      if (better.how != Attainable::kByFacts) continue;
      bring(of, better, oracle_.clock());
      // New constants are beyond what it says.
      const bool calibrates = !rules_.calibrate_every.empty() && rules_.calibrates();
      if (better.before && !calibrates && !oracle_.overridden(customer_) && rules_.keys.empty()) {
        bring(of, better, *better.before - 1);
      }
    }
  }

 private:
  [[noreturn]] void fail(const Classification& of, const std::string& what) const {
    throw std::runtime_error("explained: " + customer_ + " " + of.name + " at " +
                             format_time(oracle_.clock()) + ": " + what);
  }

  // Her first change that the oracle sees come by itself.
  void next(const Classification& of, const ClassExplanation& why) const {
    if (!rules_.keys.empty()) return;  // others may become she
    constexpr Micros kFar = 400 * kMicrosPerDay;
    const Micros until = std::min(why.looked_until - 1, oracle_.clock() + kFar);
    Oracle ahead = oracle_;
    const size_t known = ahead.moves().size();
    ahead.freeze();
    ahead.advance(until);
    const auto first =
        std::find_if(ahead.moves().begin() + static_cast<long>(known), ahead.moves().end(),
                     [&](const Move& move) {
                       return move.customer == customer_ && move.classification == of.name;
                     });
    const bool comes = first != ahead.moves().end(), said = why.next && why.next->at <= until;
    if (!comes && !said) return;
    const std::string told = !said ? "nothing comes" : "next is " + format_time(why.next->at);
    if (!comes) fail(of, told + ", the oracle sees nothing until " + format_time(until));
    const bool flags = of.kind == "flags";  // several may change at once
    if (!said || why.next->at != first->at ||
        (!flags && (why.next->to != first->to || why.next->from != first->from))) {
      fail(of, told + ", the oracle says " + first->said());
    }
  }

  // The facts that are named, on a copy, at that instant.
  void bring(const Classification& of, const BetterClass& better, Micros t, Micros until = 0) {
    Driver copy = driver_.copy();
    if (t > oracle_.clock()) copy.advance(t);
    for (const MissingCondition& missing : better.missing) {
      for (const MissingFact& fact : missing.facts) {
        if (!put(fact, t, copy)) return;
      }
    }
    copy.advance(t);
    if (until > t) copy.advance(until);
    const Value now = copy.profile(customer_).at(of.name);
    const std::string name(better.name);
    const bool has = of.kind == "flags" ? ("," + now.s).find("," + name + ",") != std::string::npos
                                        : now.known() && of.number_of(now.s) <= of.number_of(name);
    if (has) return;
    fail(of, "the facts that were named at " + format_time(t) + " do not give " + name +
                 (now.known() ? ", but " + now.s : ""));
  }

  // False for what cannot be read.
  bool put(const MissingFact& fact, Micros t, Driver& copy) {
    std::vector<Row> rows(static_cast<size_t>(fact.count));
    for (size_t k = 0; k < rows.size(); ++k) {
      Row& row = rows[k];
      row.id = customer_;
      row.time = t;
      row.key = "missing " + std::to_string(++keys_);
      for (size_t c = 0; c < fact.columns.size(); ++c) {
        const Is kind = fact.attribute ? rules_.attributes.at(fact.name).kind
                                       : column_kind(policy_, fact.name, fact.columns[c]);
        const std::optional<Value> value = read_words(fact.values[c], kind, rules_.scale);
        if (!value) return false;
        row.cells.emplace_back(fact.attribute ? fact.name : fact.columns[c], *value);
      }
      if (fact.name != "referrals") continue;
      row.id = rules_.number_ids ? std::to_string(900'000 + k) : row.key;
      row.cells.emplace_back("referrer", Value::text(customer_));
    }
    if (!fact.attribute) return copy.add(fact.name, rows, false);
    for (const Row& row : rows) copy.set(row, false);
    return true;
  }

  const Driver& driver_;
  const Oracle& oracle_;
  const Rules& rules_;
  const Tree policy_;
  const std::string customer_;
  int keys_ = 0;
};

}  // namespace

void compare_explained(const Driver& driver, const Oracle& oracle, size_t turn) {
  const std::vector<std::string> all = oracle.customers();
  if (all.empty()) return;
  const std::vector<Classification>& classifications = oracle.rules().classifications;
  if (classifications.empty()) return;
  const Classification& of = classifications[turn / 4 % classifications.size()];
  if (of.kind == "grid") return;
  Explained(driver, oracle, all[turn % all.size()]).look(of);
}

}  // namespace patron::oracle
