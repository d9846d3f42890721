#include <algorithm>
#include <cmath>
#include <random>
#include <set>
#include <stdexcept>

#include "tests/engine/oracle/case.h"
#include "tests/engine/oracle/drive.h"
#include "tests/engine/oracle/explained.h"
#include "tests/engine/oracle/sharded.h"

namespace patron::oracle {
namespace {

std::string shown(const Value& value) {
  if (!value.known()) return "null";
  const std::string number =
      value.is == Is::kReal ? std::to_string(value.d) : std::to_string(value.i);
  return value.is == Is::kText || value.is == Is::kSet ? "'" + value.s + "'" : number;
}

// The oracle's b of money may say what was rounded.
bool alike(const Value& a, const Value& b, double close = 1e-12) {
  if (a.is == Is::kMoney && b.is == Is::kMoney && b.d != 0) {
    return std::fabs(static_cast<double>(a.i) - b.d) <= 0.5 + close * std::fabs(b.d);
  }
  if (a.is == Is::kReal && b.is == Is::kReal) {
    return std::fabs(a.d - b.d) <= close * std::max(std::fabs(a.d), 1.0);
  }
  return a.is == b.is && a.i == b.i && a.s == b.s;
}

// Classifications that do not read one another are in either order.
void sort_within_instants(std::vector<Move>& moves) {
  for (auto from = moves.begin(); from != moves.end();) {
    auto to = from;
    while (to != moves.end() && to->at == from->at && to->customer == from->customer) ++to;
    std::stable_sort(
        from, to, [](const Move& a, const Move& b) { return a.classification < b.classification; });
    from = to;
  }
}

void compare(std::vector<Move> engine, std::vector<Move> oracle, const char* what) {
  sort_within_instants(engine);
  sort_within_instants(oracle);
  for (size_t k = 0; k < std::max(engine.size(), oracle.size()); ++k) {
    const std::string left = k < engine.size() ? engine[k].said() : "nothing";
    const std::string right = k < oracle.size() ? oracle[k].said() : "nothing";
    if (left == right) continue;
    std::string message = what;
    message += "\n  the engine says ";
    message += left;
    message += "\n  the oracle says ";
    message += right;
    throw std::runtime_error(message);
  }
}

void compare_values(const Oracle& oracle, const std::string& customer, const char* how,
                    const std::map<std::string, Value>& engine,
                    const std::map<std::string, Value>& facts) {
  for (const auto& [name, value] : facts) {
    const auto found = engine.find(name);
    const double close = name.starts_with("ltv.") ? 1e-9 : 1e-12;  // an integral by another rule
    if (found == engine.end() || alike(found->second, value, close)) continue;
    std::string message = "values: ";
    message += how;
    message += " of " + customer;
    for (const auto& [who, said] : {std::pair("engine", found->second), {"oracle", value}}) {
      message += "\n  at " + format_time(oracle.clock()) + " the ";
      message += who;
      message += " says " + name + " = ";
      message += shown(said);
    }
    throw std::runtime_error(message);
  }
}

// Who meets a condition of the policy, found by any number of threads (L3).
void compare_found(const Driver& driver, const Oracle& oracle) {
  const std::vector<std::string>& conditions = oracle.rules().conditions;
  if (conditions.empty()) return;
  const size_t turn = static_cast<size_t>(oracle.clock() / kMicrosPerHour) + oracle.moves().size();
  const std::string& where = conditions[turn % conditions.size()];
  ProfilesOptions options;
  options.where = where;
  const std::vector<std::string> all = oracle.customers();  // whose first fact does not wait
  const std::set<std::string> those = oracle.those_with(Condition::read(where));
  for (const int threads : {1, 2, 4}) {
    if (all.size() < 250 && turn / 7 % 3 != static_cast<size_t>(threads) / 2) continue;  // one page
    options.threads = threads;
    std::set<std::string> found;
    const auto table = driver.profiles(options);
    for (const std::string& id : all) {
      if (table.contains(id)) found.insert(id);
    }
    if (found == those) continue;
    std::string message = "found: " + where + "\n  the engine finds";
    for (const std::string& id : found) message += " '" + id + "'";
    message += "\n  the oracle finds";
    for (const std::string& id : those) message += " '" + id + "'";
    throw std::runtime_error(message);
  }
}

// One customer alone is what she is among all (L4).
void compare_profiles(const Driver& driver, const Oracle& oracle) {
  const auto table = driver.profiles();
  for (const std::string& customer : oracle.customers()) {
    auto facts = oracle.profile(customer);
    auto shown_facts = facts;  // a set is a text there
    for (auto& [name, value] : shown_facts) {
      if (value.is == Is::kSet) value = Value::text(value.s.substr(0, value.s.rfind(',')));
    }
    compare_values(oracle, customer, "in the table", table.at(customer), shown_facts);
    for (const auto& [name, value] : oracle.classes(customer)) {
      facts[name] = value;
    }
    facts.merge(oracle.history(customer));
    const auto engine = driver.profile(customer);
    compare_values(oracle, customer, "alone", engine, facts);
    // What the oracle does not know is at least the same both ways.
    for (const auto& [name, value] : table.at(customer)) {
      if (facts.contains(name) || !engine.contains(name) || value == engine.at(name)) continue;
      std::string message = "values: one by one and in the table another " + name;
      message += " of " + customer;
      message += " at " + format_time(oracle.clock());
      throw std::runtime_error(message);
    }
    // Names that are there for both.
    for (const auto& [name, value] : facts) {
      if (!engine.contains(name)) throw std::runtime_error("values: no " + name);
    }
  }
}

// The moves behind those that are known, as they are told before they happen.
std::vector<Move> ahead(const Oracle& oracle, size_t known) {
  std::vector<Move> out(oracle.moves().begin() + static_cast<long>(known), oracle.moves().end());
  for (Move& move : out) {
    move.fact_time.reset();
    move.quiet = false;
  }
  return out;
}

void forecast(const Driver& driver, Oracle oracle, Micros until) {
  const size_t known = oracle.moves().size();
  oracle.freeze();
  oracle.advance(until);
  const std::string before = driver.engine.state_hash();
  compare(driver.forecast(until), ahead(oracle, known), "forecast");
  if (driver.engine.state_hash() != before)
    throw std::runtime_error("a forecast changed the state");
}

class Play {
 public:
  Play(const Case& what, const Policy& policy, const Rules& rules)
      : what_(what), policy_(policy), rules_(rules) {}

  std::string as_it_stands() const {
    Driver driver(policy_, rules_);
    Oracle oracle(std::make_shared<const Rules>(rules_));
    for (const Call& call : what_.calls) {
      if (call.is == Call::Is::kPublish) compared(driver, oracle, call);
      if (hand(driver, call) != tell(driver, oracle, call)) {
        throw std::runtime_error("call " + std::to_string(&call - what_.calls.data()) +
                                 ": one of the engine and the oracle refuses it");
      }
      if (call.is == Call::Is::kAdvance || call.is == Call::Is::kCalibrate ||
          call.is == Call::Is::kLearn)
        compare(driver.moves(), oracle.moves(), "moves");
      if (call.is == Call::Is::kForecast) forecast(driver, oracle, call.to);
      if (call.is == Call::Is::kLook) {
        compare_profiles(driver, oracle);
        compare_found(driver, oracle);
        compare_explained(driver, oracle, what_.calls.size());
      }
    }
    in_parts(driver);
    return driver.engine.state_hash();
  }

  // One engine, or three or eight with a part of the customers each (L3, L8). A publication that
  // one part refuses and another does not is the host's to think of.
  void in_parts(const Driver& whole) const {
    const bool publishes =
        std::any_of(what_.calls.begin(), what_.calls.end(), [](const Call& call) {
          return call.is == Call::Is::kPublish || call.is == Call::Is::kLearn;
        });
    const size_t turn = what_.calls.size();
    if (publishes || turn % (rules_.calibrates() ? 5 : 8) != 0) return;
    Sharded parts(policy_, rules_, what_.calls, turn / 2 % 2 == 0 ? 3 : 8);
    for (const Call& call : what_.calls) parts.hand(call);
    parts.compare(whole);
  }

  // What a publication would do is what it does (L9).
  static void compared(const Driver& driver, Oracle oracle, const Call& call) {
    const std::optional<std::vector<Move>> found = driver.compared(call);
    if (oracle.claims_wait() && !found) return;  // who is one customer is not settled yet
    const size_t known = oracle.moves().size();
    const bool done = oracle.publish(std::make_shared<const Rules>(call.policy), call.mapping);
    if (found.has_value() != done) throw std::runtime_error("a comparison is refused by one");
    if (!done) return;
    oracle.freeze();
    oracle.advance(oracle.clock());
    compare(*found, ahead(oracle, known), "comparison");
  }

  // Between two advances facts come in another order and in other batches, and the clock goes in
  // more steps (L1, L2, L12); the engine is saved and read again; links come and go at once (L11),
  // and so does a stranger (L16).
  std::string otherwise() const {
    Driver driver(policy_, rules_);
    std::mt19937_64 random(what_.calls.size());
    std::vector<Call> waiting;
    std::vector<std::string> ids;
    const bool alone = rules_.calibrates() ||
                       std::any_of(what_.calls.begin(), what_.calls.end(),
                                   [](auto& call) { return call.is == Call::Is::kPublish; });
    for (const Call& call : what_.calls) {
      if (call.is == Call::Is::kForecast || call.is == Call::Is::kLook) continue;
      if (!call.rows.empty()) {
        for (const Row& row : call.rows) {
          waiting.push_back(call);
          waiting.back().rows = {row};
          // Of a referral that is refused there may be nobody.
          if (call.is != Call::Is::kRemove && call.stream != "referrals") ids.push_back(row.id);
        }
        continue;
      }
      shuffle(waiting, random);
      for (const Call& one : waiting) hand(driver, one);
      // Whom a calibration looks at has a part in what everybody else is, and a publication may be
      // refused because of anybody.
      if (!waiting.empty() && call.is == Call::Is::kAdvance && !alone) stranger(driver, waiting);
      waiting.clear();
      if (call.is == Call::Is::kForget) ids.clear();
      if (random() % 4 == 0) publish_again(driver);
      if (random() % 16 == 0) driver.reload();
      if (ids.size() > 1 && random() % 2 == 0) {
        const std::string &a = ids[random() % ids.size()], &b = ids[random() % ids.size()];
        if (driver.link(a, b)) {
          Call back;
          back.is = Call::Is::kUnlink;
          back.first = a;
          back.second = b;
          driver.command(back);
        }
      }
      if (call.is != Call::Is::kAdvance) {
        driver.command(call);
        continue;
      }
      const Micros from = driver.engine.clock();
      for (int k = static_cast<int>(random() % 4); k > 0 && from > kMinTime; --k) {
        const Micros t = from + (call.to - from) / (k + 1);
        driver.advance(std::max(t, driver.engine.clock()));
      }
      driver.advance(call.to);
    }
    for (const Call& one : waiting) hand(driver, one);
    Call forget;
    forget.is = Call::Is::kForget;
    forget.first = kStranger;
    driver.command(forget);
    return driver.engine.state_hash();
  }

 private:
  static constexpr const char* kStranger = "1000";

  // The policy that is in force already (L9).
  static void publish_again(Driver& driver) {
    const Policy same = driver.engine.policy();
    const auto report = driver.engine.publish(same);
    if (!report.ok() || !report->same) throw std::runtime_error("the same policy is another one");
  }

  // Somebody else with the same facts; nobody is the other for her.
  static void stranger(Driver& driver, const std::vector<Call>& calls) {
    for (Call call : calls) {
      if (call.is == Call::Is::kRemove || call.is == Call::Is::kClaim) continue;
      if (call.stream == "referrals") continue;
      call.rows[0].id = kStranger;
      hand(driver, call);
    }
  }

  static bool hand(Driver& driver, const Call& call) {
    if (call.is == Call::Is::kAdd) return driver.add(call.stream, call.rows, call.quiet);
    if (call.is == Call::Is::kSet) {
      for (const Row& row : call.rows) driver.set(row, call.quiet);
    }
    if (call.is == Call::Is::kClaim) {
      for (const Row& row : call.rows) driver.claim(row);
    }
    if (call.is == Call::Is::kRemove) driver.remove(call.stream, call.rows, call.quiet);
    if (call.is == Call::Is::kAdvance) driver.advance(call.to);
    return driver.command(call);
  }

  // Nothing where there is no such classification or class, as after a publication that was
  // refused.
  static std::optional<StandingOverride> override_of(const Oracle& oracle, const Call& call) {
    const auto& all = oracle.rules().classifications;
    StandingOverride out;
    out.kind = call.kind;
    while (out.classification < all.size() && all[out.classification].name != call.classification) {
      ++out.classification;
    }
    if (out.classification == all.size()) return std::nullopt;
    out.to = all[out.classification].number_of(call.to_class);
    if (out.to < 0 && call.is == Call::Is::kOverride && call.kind != "hold") {
      return std::nullopt;
    }
    out.at = call.at;
    out.until = call.until;
    return out;
  }

  static bool tell(const Driver& driver, Oracle& oracle, const Call& call) {
    bool all = true;
    for (const Row& row : call.rows) {
      if (call.is == Call::Is::kAdd) {
        all = oracle.add(driver.event(call.stream, row), call.quiet) && all;
      }
      if (call.is == Call::Is::kRemove) oracle.remove(row.id, call.stream, row.key, call.quiet);
      if (call.is == Call::Is::kClaim) {
        oracle.claim(row.id, row.cells.at(0).first, row.cells.at(0).second.s, row.time);
      }
      if (call.is != Call::Is::kSet) continue;
      AttributeValue value;
      value.id = row.id;
      value.name = row.cells.at(0).first;
      value.from = row.time;
      value.value = row.cells.at(0).second;
      oracle.set(value, call.quiet);
    }
    if (call.is == Call::Is::kAdd) return all;
    if (call.is == Call::Is::kAdvance) oracle.advance(call.to);
    if (call.is == Call::Is::kCalibrate) return oracle.calibrate();
    if (call.is == Call::Is::kLearn) return oracle.learn(call.policy);
    if (call.is == Call::Is::kPublish) {
      return oracle.publish(std::make_shared<const Rules>(call.policy), call.mapping);
    }
    if (call.is == Call::Is::kLink) return oracle.link(call.first, call.second);
    if (call.is == Call::Is::kUnlink) return oracle.unlink(call.first, call.second);
    if (call.is == Call::Is::kForget) return oracle.forget(call.first);
    if (call.is == Call::Is::kOverride || call.is == Call::Is::kClear) {
      const std::optional<StandingOverride> what = override_of(oracle, call);
      if (!what) return false;
      if (call.is == Call::Is::kOverride) return oracle.put(call.first, *what);
      return oracle.clear(call.first, what->classification, call.kind);
    }
    return true;
  }

  // What says something about one and the same fact stays in its order.
  static std::string subject(const Call& call) {
    const Row& row = call.rows[0];
    if (call.is == Call::Is::kSet) {
      return row.id + "/" + row.cells[0].first + "/" + std::to_string(row.time);
    }
    if (call.stream == "referrals") return call.stream;  // the first of two is taken
    return row.key.empty() ? std::string() : row.id + "/" + call.stream + "/" + row.key;
  }

  static void shuffle(std::vector<Call>& calls, std::mt19937_64& random) {
    std::vector<Call> before = calls;
    std::shuffle(calls.begin(), calls.end(), random);
    std::map<std::string, std::vector<Call>> of;
    for (const Call& call : before) of[subject(call)].push_back(call);
    std::map<std::string, size_t> used;
    for (Call& call : calls) {
      const std::string about = subject(call);
      if (!about.empty()) call = of[about][used[about]++];
    }
  }

  const Case& what_;
  const Policy& policy_;
  const Rules& rules_;
};

}  // namespace

std::optional<std::string> broken(const Case& what) {
  const CheckedPolicy checked = Policy::check(what.policy.write());
  if (!checked.policy) {
    for (const PolicyFinding& finding : checked.findings) {
      if (finding.severity == Severity::kError) {
        return "no policy: " + finding.pointer + ": " + finding.message;
      }
    }
  }
  try {
    const Rules rules(what.policy);
    const Play play(what, *checked.policy, rules);
    const std::string hash = play.as_it_stands();
    if (play.otherwise() != hash) return "another order or other steps end elsewhere";
  } catch (const std::exception& e) {
    return e.what();
  }
  return std::nullopt;
}

}  // namespace patron::oracle
