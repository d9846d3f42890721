// Oracle: what every customer is at every instant, recomputed from her raw facts by the rules of
// docs/engine.md, docs/metrics.md and docs/expressions.md; slow, plain, and no part of patron.
//
//   Oracle oracle(Tree::read(policy));
//   oracle.add("orders", event, false);
//   oracle.advance(now);
//   for (const Move& move : oracle.moves()) ...
//
// It knows no indices, no due times and no constants that were kept: it lists the instants at which
// anything could happen to a customer (facts, ends of windows and timers, boundaries of the
// calendar, and the microsecond after each) and settles her at every one of them. Of lib it uses
// time zones alone.
#pragma once

#include <map>
#include <memory>
#include <optional>
#include <set>
#include <string>
#include <vector>

#include "tests/engine/oracle/facts.h"
#include "tests/engine/oracle/machine.h"
#include "tests/engine/oracle/metric.h"

namespace patron::oracle {

struct Move {
  std::string customer, classification, from, to;
  Micros at = 0;
  std::string cause;
  std::optional<Micros> fact_time;
  bool quiet = false;

  bool operator==(const Move&) const = default;
  std::string said() const;
};

/// What a policy says, as far as the oracle knows the language.
struct Rules {
  explicit Rules(const Tree& policy);

  struct Tag {
    std::string name;
    std::optional<Metric> metric;
    Condition expression;
    std::optional<Value> instead;  ///< of null
  };
  struct Attribute {
    Is kind = Is::kUnknown;
    std::optional<Value> instead;
  };
  struct Classification {
    std::string name, kind;
    std::vector<MachineRules> machines;  ///< of flags one each
    std::string of;                      ///< bands
    double hysteresis = 0;
  };

  TimeZone zone;
  int scale = 2;
  bool number_ids = false;
  std::string joined;
  std::map<std::string, Attribute> attributes;
  std::map<std::string, Tag> tags;
  std::vector<Classification> classifications;
};

class Oracle {
 public:
  explicit Oracle(std::shared_ptr<const Rules> rules) : rules_(std::move(rules)) {}

  void add(Event event, bool quiet);
  void set(AttributeValue value, bool quiet);
  void remove(const std::string& id, const std::string& stream, const std::string& key, bool quiet);
  void advance(Micros to);

  Micros clock() const { return clock_; }
  const std::vector<Move>& moves() const { return moves_; }
  /// Customers who were settled, in the order of their ids.
  std::vector<std::string> customers() const;
  /// Tags and attributes at the clock, of all names.
  std::map<std::string, Value> profile(const std::string& customer) const;
  /// The class of each classification; of flags the names with commas between.
  std::map<std::string, std::string> classes(const std::string& customer) const;

 private:
  /// A fact that will settle her, and has not yet.
  struct Pending {
    Micros at = 0, fact_time = 0;
    bool late = false, corrected = false, quiet = false;
  };
  struct Customer {
    std::vector<std::vector<Standing>> standing;  ///< of each classification's machines
    std::set<Micros> instants;
    std::vector<Pending> pending;
    bool seen = false;
  };
  class Look;

  void concern(const std::string& id, Micros time, std::optional<Micros> old_time, bool corrected,
               bool quiet);
  void watch(Customer& customer, const Event& event) const;
  bool known(const std::string& id, Micros t) const;
  void settle(const std::string& id, Customer& customer, Micros t);
  bool before(const std::string& a, const std::string& b) const;

  std::shared_ptr<const Rules> rules_;
  std::vector<Event> events_;
  std::vector<AttributeValue> values_;
  std::map<std::string, Customer> customers_;
  std::vector<Move> moves_;
  Micros clock_ = kMinTime;
};

}  // namespace patron::oracle
