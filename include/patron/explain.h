// Reasons: why a customer is in her class, what would bring her into a better one, what holds her
// there, and when she loses it by time alone.
//
//   patron::Result<patron::ClassExplanation> why = engine.explain(customer, "tier", "en");
//   std::cout << why->text;
//   for (const patron::BetterClass& better : why->better)
//     for (const patron::MissingCondition& missing : better.missing)
//       std::cout << missing.condition.text << ": " << missing.more << " more\n";
//
// docs/explain.md says what each part means. Everything here is a plain value.
#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "patron/book.h"
#include "patron/policy.h"
#include "patron/time.h"

namespace patron {
namespace internal {
struct DecisionWords;
struct SettledMove;
}  // namespace internal
inline namespace v0 {

/// One condition as it is written, and what stood on its sides.
struct Reason {
  std::string of;             ///< the class whose condition it is, or the tag that it is a part of
  std::string part;           ///< "enter", "keep", "where", "tag", "cut", "score", "seat"
  std::string text;           ///< "spend_12m >= 1000"
  std::optional<bool> holds;  ///< absent: unknown
  /// Of a comparison its sides as people read them: "1200.00 EUR", ">=", "1000.00 EUR". Where a
  /// side is personal it is "(personal)". Of a seat "2", "of", "3": taken, and how many there are.
  std::string left, op, right;
  std::optional<double> distance;    ///< right - left: money in major units, times in seconds
  std::vector<std::string> unknown;  ///< the values it reads that are null
};

/// What decided a change of class, kept as the values of that moment: the words are made when they
/// are asked for. A plain value that borrows nothing. Thread class: a const one is shared.
class Decision {
 public:
  Decision() = default;
  Decision(std::shared_ptr<const internal::DecisionWords> words, const internal::SettledMove& move,
           std::string kept);

  /// The conditions, as Transition::because says; empty where an override decided. Cost: some 3 us.
  std::vector<Reason> reasons() const;

 private:
  std::shared_ptr<const internal::DecisionWords> words_;
  int16_t classification_ = 0, from_ = 0, to_ = 0;  // places in the policy
  bool by_override_ = false;
  std::string kept_;
};

/// How a better class can be had. The numbers are those of the C ABI, frozen once released.
enum class Attainable : int32_t {
  kByFacts = 0,        ///< by the facts that are named
  kNotBefore = 1,      ///< what is missing cannot be before an instant, whatever she does
  kByTime = 2,         ///< by itself, at an instant, if nothing happens
  kNotAttainable = 3,  ///< by no fact of hers, and not by time as far as was looked
  kNotDecided = 4,     ///< too much to be looked through; the conditions that fail are named
  kNoSeat = 5,         ///< she takes part and has no seat; no calibration is due that gives some
};
/// "by_facts", "not_before", "by_time", "not_attainable", "not_decided", "no_seat".
std::string_view attainable_name(Attainable how);

/// Facts at the clock that meet a condition: `count` events of a stream, or a value of an
/// attribute.
struct MissingFact {
  std::string name;  ///< the stream, or the attribute
  bool attribute = false;
  int64_t count = 1;
  /// Columns that matter and what stands in them, as people read it.
  std::vector<std::string> columns, values;
};

/// A condition that has to become true (or false) for a better class.
struct MissingCondition {
  Reason condition;
  bool wanted = true;
  std::string more;  ///< how much is missing, in its unit: "1240.00 EUR", "2"; empty: no amount
  std::vector<MissingFact> facts;    ///< that meet it; empty: met by those of another, or by none
  std::optional<Micros> not_before;  ///< of one that only time meets
};

struct BetterClass {
  std::string_view name, label;  ///< borrow from the policy
  Attainable how = Attainable::kNotDecided;
  /// The least that is missing: these, in the order of the text. Of kNotDecided and kNotAttainable
  /// all conditions that fail.
  std::vector<MissingCondition> missing;
  /// Of kByFacts: the facts are enough before this instant, and at it they are not; absent: as far
  /// as was looked.
  std::optional<Micros> before;
  std::optional<Micros> at;  ///< of kNotBefore and kByTime
};

/// What holds her where she is.
struct Hold {
  /// "min_dwell", "grace", "leave_at", "cool_down", "cap", "pin", "hold", "ceiling", "floor",
  /// "seat".
  std::string what;
  std::string of;               ///< the class that it is about
  std::optional<Micros> until;  ///< it holds before this instant; absent: until somebody ends it
  std::string reason = {}, author = {};  ///< of an override; empty: not said
};

/// The next change of class by time alone.
struct ComingChange {
  std::string_view from, to;  ///< borrow from the policy; empty: no class
  Micros at = 0;
  std::vector<Reason> because;  ///< the conditions that decide it
};

struct ClassExplanation {
  CustomerId customer;  ///< who stands for her; text borrows from the engine
  std::string_view classification, label;
  ClassificationKind kind = ClassificationKind::kLadder;
  Micros at = 0;                          ///< the clock
  std::vector<std::string_view> classes;  ///< those she has: one, or of flags any number
  std::optional<Micros> since;            ///< of one class
  std::string_view own;                   ///< the machine's, where an override puts another
  std::vector<Reason> reasons;            ///< why she has them
  std::vector<BetterClass> better;        ///< from the best; of flags those she has not
  std::vector<Hold> holds;
  std::optional<ComingChange> next;
  /// Where `next` takes her class away by her values alone: what keeps it, at the clock and up to
  /// `before`, which is when she would lose it; right behind the clock where that is now. The
  /// values are those of that instant. Absent: it is not lost, or nothing that can be proved keeps
  /// it. `name` is the class.
  std::optional<BetterClass> to_stay;
  /// Until when time alone was followed for `better`: before this instant nothing else comes by
  /// itself. `next` is looked for further on.
  Micros looked_until = kEndTime;
  std::vector<std::string> unknown;  ///< values that are null and were asked for
  std::string text;                  ///< all of it as people read it, in lines
};

}  // namespace v0
}  // namespace patron
