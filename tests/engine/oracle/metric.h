// Metric: one verb over a customer's events, worked out from all of them each time, as
// docs/metrics.md defines it.
#pragma once

#include <optional>
#include <set>
#include <string>
#include <vector>

#include "tests/engine/oracle/condition.h"
#include "tests/engine/oracle/facts.h"
#include "tests/engine/oracle/tree.h"

namespace patron::oracle {

/// What a column of a stream holds.
Is column_kind(const Tree& policy, const std::string& stream, const std::string& column);

/// "90d", "12mo".
Period period_of(std::string_view text);

struct Window {
  enum class Kind : uint8_t { kAll, kRolling, kCalendar, kJoin, kClass, kDays };
  Kind kind = Kind::kAll;
  Period length, offset;   ///< kRolling
  int months = 0;          ///< kCalendar: of a period
  int previous = 0;        ///< kCalendar
  std::string of_class;    ///< kClass: which classification
  Micros from = kMinTime;  ///< kDays
  Micros to = kEndTime;
};

/// What a window may look at besides the events.
struct Anchors {
  Micros now = 0;
  const TimeZone* zone = nullptr;
  int scale = 2;
  Value joined;                                ///< an instant
  const std::set<std::string>* ids = nullptr;  ///< all of hers
  Value class_entry;  ///< an instant: when she came into the class that she had before
};

/// Whether a condition over the columns of an event holds, for sure.
bool holds_of(const Condition& condition, const Event& event, const Anchors& anchors);

struct Follower {
  std::string stream, same;
  Condition where;
  Period within;
  bool wanted = true;  ///< false: not_followed_by
};

/// Points that events earn and spend.
struct PointsPlan {
  Condition each;
  std::optional<double> cap;
  Period per;
  std::optional<Period> expires;
  std::optional<Period> after;  ///< of idleness; nothing: it costs nothing
  double lose = 0;
};

struct FunnelStep {
  std::string name, stream;
  Condition where;
};

struct Metric {
  static Metric read(const Tree& tree, const Tree& policy, const TimeZone& zone);
  /// `events`: of all her streams, those that have taken effect, in order.
  Value value(const std::vector<const Event*>& events, const Anchors& anchors) const;
  /// The instants at which time alone may change what this event does to the value.
  void instants(const Event& event, const TimeZone& zone, std::set<Micros>& out) const;
  /// Where the value may fall at the end of a period, when that is.
  void next_period(const std::vector<const Event*>& events, const Anchors& anchors,
                   const Value& value, std::set<Micros>& out) const;

  std::string verb, stream, column, by;
  Is kind = Is::kUnknown;  ///< of the column
  Window window;
  Condition where, closed_by;
  std::vector<Follower> followers;
  Period every;
  int n = 0;
  std::string a, b;  ///< ratio
  bool zero_counts = false;
  bool as_referred = false;  ///< of referrals: those by which she came
  PointsPlan plan;
  std::vector<FunnelStep> steps;
  std::optional<Period> within;  ///< of a funnel

 private:
  Value points(const std::vector<const Event*>& rows, const Anchors& anchors) const;
  Value trend(const std::vector<const Event*>& rows, const Anchors& anchors) const;
  Value funnel(const std::vector<const Event*>& events, const Anchors& anchors) const;
  int furthest(const std::vector<const Event*>& events, const Anchors& anchors,
               std::vector<const Event*>& chain) const;
  bool reads(const std::string& stream) const;
  Value open(const std::vector<const Event*>& events, const Anchors& anchors) const;
  bool inside(Micros t, const Anchors& anchors) const;
  bool is_sale(const Event& event) const;
  bool on_side(const Event& event, const Anchors& anchors) const;
  bool counts(const Event& event, const std::vector<const Event*>& events,
              const Anchors& anchors) const;
};

}  // namespace patron::oracle
