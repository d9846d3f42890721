// What an Engine holds: its book, where every customer stands, who is due when, and what happened.
//
// Facts that have not taken effect lie by (instant, customer); every customer has at most one
// instant at which time alone may change her. Settling takes them in the order of instants, and at
// one instant in the order of customers' ids, so that rows and arrival reach no result.
//
// Thread class: serial.
#pragma once

#include <map>
#include <optional>
#include <set>
#include <span>
#include <string_view>
#include <utility>
#include <vector>

#include "lib/base/parallel.h"
#include "lib/engine/calibration_data.h"
#include "lib/engine/calibration_summary.h"
#include "lib/engine/settle.h"
#include "patron/engine.h"

namespace patron::internal {

/// What facts take effect for one customer at one instant.
struct EnginePending {
  Micros fact_time = kEndTime;  ///< of the earliest late fact
  bool late = false;
  bool corrected = false;
  bool quiet = true;
  void add(const BookEffect& effect);
};

struct EngineMember {
  CustomerState state;
  Micros due = kEndTime;        ///< as the last settling said
  bool seen = false;            ///< she was settled: she is one of the population
  std::vector<size_t> history;  ///< indices of moves
};

struct EngineMove {
  uint32_t customer = kNoCustomer;
  int64_t sequence = 0;
  SettledMove move;
  Micros at = 0;
  std::optional<Micros> fact_time;
  Cause cause = Cause::kTime;
  bool quiet = false;
  int64_t calibration = 0;  ///< the number of that in force
};

class EngineData {
 public:
  EngineData(Policy of, BookLayout layout, const EngineOptions& options);

  /// What a batch of facts will change, and when.
  void note(const std::vector<BookEffect>& effects);
  /// The earliest instant at which somebody is to be settled, or everybody to be calibrated;
  /// kEndTime where there is none.
  Micros next() const;
  /// Settles everyone who is due at that instant; where constants changed, everyone. Where the
  /// watch stops it, which is told that this share of the call is done, the rest of them are due
  /// still.
  Status settle_all(Micros t, Watch& watch, double share);
  /// The same without anybody who may stop it.
  Status settle_all(Micros t);
  /// Lets time pass until t, calibrating where the policy says so. A shard stops before the first
  /// calibration that is due, at the last instant before it: Code::kState. Where the control stops
  /// it, the clock stands before what is left.
  Status pass(Micros t, const Control& control);

  /// Customers of the facts that have taken effect, or do so at or before this instant.
  std::vector<uint32_t> population(Micros until) const;
  /// The summary of the next stage of a calibration: as of `at`, on facts with time <= until.
  CalibrationSummary summarise(Micros at, Micros until);
  /// All stages of a calibration of the customers who are here. Nothing is changed.
  Result<std::shared_ptr<const CalibrationData>> calibrated(Micros at, Micros until);
  /// From now on these are the constants; at t everyone is settled under them.
  Status install(std::shared_ptr<const CalibrationData> constants, Micros t);
  /// When the policy wants the next calibration; kEndTime: never, or nobody is there yet.
  Micros calibration_due() const { return calibration_due_; }
  /// The one that is due is done.
  void reschedule() { schedule(calibration_due_); }
  /// Everyone's moves from now to `until` without more facts, changing nothing.
  Result<std::vector<EngineMove>> foresee(Micros until, Watch& watch);

  /// Customers' rows in the order of their ids.
  std::vector<uint32_t> in_order() const;
  /// Those of them that there are, in the same order, each once.
  std::vector<uint32_t> in_order(std::span<const CustomerId> customers) const;
  /// What is held here; the book aside.
  EngineMemory memory() const;
  Transition show(const EngineMove& move) const;
  Cell id_cell(uint32_t row) const;

  /// Runs a change that may throw std::bad_alloc in its middle; what did leaves the engine torn,
  /// and every later change is refused. Code::kState.
  template <typename Change>
  Status attempt(Change change) {
    if (torn_) return torn();
    torn_ = true;
    const Status status = change();
    torn_ = false;
    return status;
  }

  Policy policy;
  Book book;
  Settler settler;
  Micros clock = kMinTime;
  std::vector<EngineMember> members;   ///< by row
  std::vector<EngineMove> moves;       ///< in the order in which they came
  std::vector<CalibrationNote> notes;  ///< of each calibration
  /// A calibration some of whose stages are done; null: none.
  std::shared_ptr<const CalibrationData> draft;
  const bool shard;

 private:
  static Status torn();
  bool before(uint32_t a, uint32_t b) const;
  void settle(uint32_t row, Micros t, bool calibrated);
  void schedule(Micros after);
  std::string_view class_name(int classification, int c) const;

  static constexpr int kPollEvery = 64;  // settles, each of microseconds

  bool torn_ = false;
  int settles_ = 0;
  Micros calibration_due_ = kEndTime;
  Micros everyone_at_ = kEndTime;  ///< when everyone is to be settled under new constants
  std::vector<uint32_t> rest_;     ///< of everyone, who is left where that was stopped
  std::map<std::pair<Micros, uint32_t>, EnginePending> pending_;
  std::set<std::pair<Micros, uint32_t>> due_;  ///< EngineMember::due of everyone who has one
};

}  // namespace patron::internal
