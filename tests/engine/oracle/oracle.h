// Oracle: what every customer is at every instant, recomputed from her raw facts by the rules of
// docs/engine.md, docs/metrics.md and docs/expressions.md; slow, plain, and no part of patron.
//
//   Oracle oracle(rules);                 // Rules(Tree::read(policy))
//   oracle.add(event, false);
//   oracle.advance(now);
//   for (const Move& move : oracle.moves()) ...
//
// It knows no indices, no due times and no values that were kept: it lists the instants at which
// anything could happen to a customer (facts, ends of windows and timers, boundaries of the
// calendar, and the microsecond after each) and settles her at every one of them. Of lib it uses
// time zones and the printed tables of segments alone.
#pragma once

#include <map>
#include <memory>
#include <optional>
#include <set>
#include <string>
#include <vector>

#include "patron/engine.h"
#include "tests/engine/oracle/frozen.h"
#include "tests/engine/oracle/rules.h"

namespace patron::oracle {

struct Move {
  std::string customer, classification, from, to;
  Micros at = 0;
  std::string cause;
  std::optional<Micros> fact_time;
  bool quiet = false;

  std::string said() const;
};

/// Of one machine: what she is seen to be, with her way there, and what the last move said, which
/// after an unlink is another until she is settled.
struct Shown {
  int current = -1;
  Micros since = 0;
  int previous = -1, highest = -1, moves = 0;
  int said = -1;
  bool unseated = false;  ///< an unlink gave back a seat that is gone; its loss is counted
};

struct StandingOverride {
  std::string kind;  ///< "pin", "hold", "ceiling", "floor"
  size_t classification = 0;
  int to = -1;  ///< a class of the machine; of flags which flag
  Micros at = 0, until = kEndTime;
  bool begun = false;     ///< it was in force when she was last settled
  bool removed = false;   ///< it ends with the next settle
  std::vector<int> held;  ///< of a hold: her class by each machine when it began
};

/// All that is remembered of a customer besides her facts.
struct Customer {
  std::vector<std::vector<Standing>> standing;  ///< of each classification's machines
  std::vector<std::vector<Shown>> shown;
  std::vector<StandingOverride> overrides;
  std::map<size_t, int> seat_lost;    ///< of a rank: the calibration whose seat she lost
  std::map<std::string, Value> kept;  ///< of tags whose null keeps it: the last that was known
  std::set<Micros> instants;
  bool seen = false;
  int settles = 0;
  bool linked = false;  ///< a link gave her another's class, and she was not settled since
};

/// What a calibration sees of her: who brought her, and what she is worth.
struct ReferralFacts {
  bool referred = false, bought = false, repeated = false, retained = false;
  std::string referrer;
  int64_t value = 0;
};

class Oracle {
 public:
  explicit Oracle(std::shared_ptr<const Rules> rules) : rules_(std::move(rules)) {}

  /// False where it is a referral that is refused.
  bool add(Event event, bool quiet);
  void set(AttributeValue value, bool quiet);
  void remove(const std::string& id, const std::string& stream, const std::string& key, bool quiet);
  /// What cannot be done is false, and changes nothing.
  bool link(const std::string& first, const std::string& second);
  bool unlink(const std::string& first, const std::string& second);
  bool forget(const std::string& id);
  /// That an id has a value of an identity key from an instant on.
  void claim(const std::string& id, const std::string& key, const std::string& value, Micros from);
  /// Whether claims wait that are to be applied at the clock.
  bool claims_wait() const { return next_claim() <= clock_; }
  bool put(const std::string& id, StandingOverride what);
  /// Whether overrides stand, or will.
  bool overridden(const std::string& id) const {
    return !customers_.at(survivor(id)).overrides.empty();
  }
  bool clear(const std::string& id, size_t classification, const std::string& kind);
  void advance(Micros to);
  bool publish(std::shared_ptr<const Rules> next, const PublishMapping& mapping);
  bool calibrate();
  /// New parameters of lifetime value: the document of a model of purchases, and of one of spend.
  bool learn(const Tree& constants);
  /// From now on nothing is calibrated any more, as in a forecast.
  void freeze() {
    frozen_for_good_ = true;
    calibration_due_ = kEndTime;
  }

  const Rules& rules() const { return *rules_; }
  Micros clock() const { return clock_; }
  const std::vector<Move>& moves() const { return moves_; }
  /// Customers who were settled, in the order of their ids.
  std::vector<std::string> customers() const;
  /// Tags and attributes at the clock, of all names.
  std::map<std::string, Value> profile(const std::string& customer) const;
  /// The class of each classification; of flags the names, with a comma behind each.
  std::map<std::string, Value> classes(const std::string& customer) const;
  /// Of whom a condition over her tags is true at the clock.
  std::set<std::string> those_with(const Condition& condition) const;
  /// Her way through each classification that is no flags, as what `tier.previous` and its like
  /// say of it: previous, since, highest (of ladders and bands) and moves.
  std::map<std::string, Value> history(const std::string& customer) const;

 private:
  /// A fact or a link that will settle somebody, and has not yet.
  struct Pending {
    std::string id;
    Micros at = 0, fact_time = 0;
    bool fact = true, late = false, corrected = false, quiet = false, merge = false;
  };
  struct Link {
    std::string ends[2];  ///< the ids that were named
    Customer frozen[2];   ///< each side when it was made
    int settles = 0;      ///< of the survivor then
    bool merge = false;   ///< a note of it waits
  };
  /// For the seats of a rank.
  struct Candidate {
    std::string id;
    Value value;
    bool takes_part = false;
    int kept_in = -1;    ///< the class in which a pin or a hold keeps her
    int dwells_in = -1;  ///< the class that she may not lose yet
  };
  struct Claim {
    std::string id, value;
    size_t key = 0;
    Micros from = 0;
  };
  class Look;
  bool refer(const Event& event, bool quiet);
  void forget_referrals(const std::string& id);
  void find_referrers(const Rules::Model& model, const std::map<std::string, ReferralFacts>& all,
                      Frozen& next) const;

  Customer& customer(const std::string& id);
  std::string survivor(const std::string& id) const;
  std::set<std::string> group(const std::string& id) const;
  /// As if only these links had been made.
  static std::map<std::string, std::string> survivors(const std::vector<Link>& links);
  void concern(const std::string& id, Micros time, std::optional<Micros> old_time, bool corrected,
               bool quiet);
  void merged(const std::string& id);
  void links_are(std::vector<Link> links);
  void watch(Customer& customer, const Event& event) const;
  bool known(const std::string& id, Micros t) const;
  Micros next_claim() const;
  void apply_claims(Micros t);
  void apply(const Claim& claim);
  const Claim* newest(const std::string& id, size_t key) const;
  bool told_apart(const std::string& a, const std::string& b, size_t key) const;
  void settle(const std::string& id, Micros t);
  void check_seats() const;
  void announce(const std::string& id, const Pending& what, bool any, Micros t);
  Customer united(const Customer& survivor, const Customer& other) const;
  bool before(const std::string& a, const std::string& b) const;
  bool has_no_seat(size_t classification, int in, const std::string& id) const;
  void end_unseated(Customer& customer, const std::string& id) const;

  static std::optional<Value> cut_of(std::vector<Value> values, const Rules::Place& limit);
  static void seat(const Rules::Classification& rank, std::vector<Candidate> all, RankPlaces& out);
  Candidate candidate(const std::string& id, size_t c, const Value& value, bool takes_part,
                      Micros t) const;
  bool find_constants(Micros t, Micros until);
  bool calibrate_item(const std::string& item, const std::vector<std::string>& population, Micros t,
                      Micros until, const Frozen& before, Frozen& next) const;
  template <typename Each>
  bool weigh(const Rules::Model& model, const Each& each, Frozen& next) const;
  Micros calibration_after(Micros t) const;
  void calibrate_at(Micros t, Micros until);
  void settle_everyone_at(Micros t);

  std::shared_ptr<const Rules> rules_;
  std::map<std::string, std::vector<Event>> events_;           ///< by the id that they came with
  std::map<std::string, std::vector<AttributeValue>> values_;  ///< likewise
  std::map<std::string, Customer> customers_;                  ///< by id, whoever stands for it
  std::map<std::string, std::string> brought_by_;
  int nobodies_ = 0;  ///< who brought somebody and were forgotten
  std::vector<Link> links_;
  std::map<std::string, std::string> stands_for_;  ///< by these links
  std::vector<Claim> waiting_claims_, claims_;     ///< and those that were applied, in that order
  std::map<std::string, std::vector<Pending>> pending_;  ///< by id
  std::vector<Move> moves_;
  Frozen frozen_;
  bool frozen_for_good_ = false;
  Micros calibration_due_ = kEndTime;
  Micros everyone_at_ = kEndTime;  ///< new constants or a policy settle everyone then
  bool published_ = false;         ///< a policy
  Micros clock_ = kMinTime, settled_at_ = kEndTime;
};

}  // namespace patron::oracle
