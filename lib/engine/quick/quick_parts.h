// QuickParts: what quick settling needs of a policy, made once of its plan, and its memory.
//
//   QuickParts quick(parts);
//   for (const QuickParts::Step& step : quick.steps) ...      // each value that matters
//   quick.memory.of(customer, customers);                     // what her last settling found
//
// Thread class: serial.
#pragma once

#include <array>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <utility>
#include <vector>

#include "lib/engine/quick/quick_memory.h"
#include "lib/engine/quick/quick_rfm.h"
#include "lib/engine/settle/packed_decision.h"
#include "lib/engine/settle/settle_parts.h"
#include "lib/engine/settle/settle_plan.h"
#include "lib/metrics/window_sums.h"

namespace patron::internal {

class SumsPass;
class ScoresPass;

/// Fibonacci hashing (Knuth, TAOCP 3, 6.4): where a key goes among 2^bits places.
inline size_t place_of_key(uint64_t key, int bits) {
  return key * 0x9E37'79B9'7F4A'7C15 >> (64 - bits);
}

/// What is made once for quick settling, and its memory.
struct QuickParts {
  explicit QuickParts(SettleParts& parts);
  ~QuickParts();
  QuickParts(const QuickParts&) = delete;
  QuickParts& operator=(const QuickParts&) = delete;
  /// Whether a pass changes nothing of a customer but what `before` keeps.
  bool keeps_before(const CustomerState& state) const {
    return all_simple && state.seats_lost.empty();
  }
  /// A pass of her begins.
  void begin(const CustomerState& state) {
    ++pass;
    before.clear();
    was_new = state.machines.size() != state.shown.size() || state.machines.empty();
  }
  /// Before a pass changes a machine of hers: there is room for each.
  void keep_before(size_t machine, const CustomerState& state) {
    const TierState& own = state.machines[machine];
    MachineBefore& one = before.emplace_back();  // field by field: nothing is written twice
    one.machine = machine;
    one.current = own.current;
    one.since = own.since;
    one.false_since = own.false_since;
    one.shown = state.shown[machine];
  }
  /// Puts what a pass has changed back. Does not fail.
  void take_back(CustomerState& state) const;
  /// Zeroes what is left of the last customer. Does not fail.
  void let_go();
  /// Nothing is asked for of any value. Does not fail.
  void forget_wanted() {
    if (std::exchange(asking, false)) forget_asked();
  }
  void forget_asked();
  /// Other constants hold: forgets what is made of those before. Does not fail.
  void exchange(const CalibrationData& constants);

  struct MachineBefore {
    size_t machine;
    int current;
    Micros since;
    std::optional<Micros> false_since;
    ShownClass shown;
  };
  /// How a value of this pass came about.
  enum class Found : uint8_t {
    kNot,  ///< it is what the memory says, or what clauses or machines do
    kRemembered,
    kSummed,    ///< of the rows of its window
    kMeasured,  ///< its metric has counted the rows
    kPlainly,
    kMade,  ///< of other values
  };

  SettlePlan plan;
  PackedDecisions decisions;
  std::vector<std::unique_ptr<LogGlance>> glances;  ///< of each stream that metrics are read from
  std::vector<std::unique_ptr<GlanceMetric>> metrics;  ///< of each value, where its way is that
  std::vector<std::vector<uint32_t>> read_together;    ///< of each stream the values read from it
  /// Of each stream the metrics that add up plain windows; null: none.
  struct SumWindow {
    SumWindow(const BookState& state, int stream) : sums(state, stream) {}
    uint64_t pass = 0;  ///< that read it last
    bool is_read = false;
    WindowSums sums;
  };
  std::vector<std::unique_ptr<SumWindow>> windows;
  /// Reads her facts as of t, if that pass has not yet.
  bool read_window(SumWindow& window, uint32_t customer, Micros t) const {
    if (window.pass != pass) {
      window.is_read = window.sums.read(customer, t);
      window.pass = pass;
    }
    return window.is_read;
  }
  /// Of each value the slot of `memory` that keeps it, and as what.
  struct Slot {
    enum class As : uint8_t { kNone, kWhole, kDouble, kWord } as = As::kNone;
    uint8_t at = 0;
  };
  std::vector<Slot> slots;
  /// Of a customer: flags, a value and an instant for each slot, where each table stands in two
  /// bytes, and what QuickRfm keeps.
  QuickMemory memory;
  // Her flags are a bit for each slot that has a value, and these two: the settling came to its
  // end, and the words of QuickRfm are good.
  static constexpr uint64_t kSound = uint64_t{1} << 63, kRfmKept = uint64_t{1} << 62;
  static_assert(QuickMemory::kMostSlots < 62);
  size_t rows_at = 0, rfm_at = 0;  ///< in her words
  /// In her words: the value of this table was left aside (QuickPass::stand_aside), where no clause
  /// is decided.
  static constexpr uint16_t kNowhere = UINT16_MAX;
  static_assert(2 * ConditionTable::kMostAtoms + 2 < kNowhere);
  static const ClauseRow kNoRow;
  /// What is done about a value of the plan.
  struct Step {
    enum class Kind : uint8_t {
      kSlot,       ///< it is remembered, or found
      kScore,      ///< of RFM, of its measures
      kFormula,    ///< as before where all it reads is
      kCondition,  ///< its clauses say it, when it is asked for
      kMachines,
      kAnew,  ///< found each time
    };
    uint32_t value = 0;
    Kind kind = Kind::kAnew;
    uint8_t slot = 0;                                 ///< kSlot: of the memory
    uint8_t sum = 0;                                  ///< which of those of `window`
    bool falls = false;                               ///< PlanValue::falls
    int32_t table = -1;                               ///< of the plan's table
    const ConditionTable::OfValue* places = nullptr;  ///< that table
    uint64_t part = 0;                                ///< the clauses that compare the value
    ChangedFacts made_of = kAnyFacts;
    SumWindow* window = nullptr;  ///< of a metric that is one of its sums
  };
  std::vector<Step> steps;         ///< in the order of the plan
  std::vector<uint32_t> place_of;  ///< of each value, among steps
  /// Of formulas that are made of nothing but values with slots: these.
  std::vector<std::vector<uint32_t>> inputs;
  /// Null where more is asked than sums; else nothing is remembered.
  std::unique_ptr<SumsPass> sums;
  std::unique_ptr<ScoresPass> scores;  ///< null where more is asked than it says
  std::unique_ptr<QuickRfm> rfm;       ///< null where more than scores is asked of RFM
  SumWindow* rfm_window = nullptr;  ///< that reads its orders, as one of its sums; null: none does
  size_t rfm_sum = 0;
  TierCalendar calendar;
  std::vector<uint8_t> simple;  ///< of each machine: it has neither a cap nor cool-downs
  /// What a class of a machine depends on, all of it in the plan's table.
  struct Standing {
    uint64_t enter = 0;           ///< clauses of `enter`
    uint64_t before = 0;          ///< of `enter` of the classes before it
    uint64_t stay = 0, keep = 0;  ///< of `enter` and `keep`; of `keep`
    bool rests = false;           ///< it has neither

    /// The clause that holds her, of those that hold; 0: none. Whoever keeps a class nearly always
    /// does so longer than she would enter it.
    uint64_t held_by(uint64_t holds) const {
      const uint64_t kept = keep & holds;
      const uint64_t held = kept != 0 ? kept : stay & holds;
      return held & (~held + 1);
    }
  };
  std::vector<std::vector<Standing>> standings;  ///< of each machine and class; and of no class
  std::vector<uint8_t> tabled;  ///< of each classification: all conditions are in the plan's table
  /// Tables of the plan, of values that time leaves alone, that only fall, and of all others.
  std::vector<uint32_t> still, falling, moving;
  std::vector<uint32_t> sided;  ///< values with PlanValue::cuts
  /// Ranges in which values have to stay, so that certain clauses do not come true (see
  /// QuickPass::find_excuses). They follow from these clauses and from where the tables stand, and
  /// are kept for both.
  struct Excuses {
    static constexpr size_t kMostWords = 4, kMost = 6;
    std::array<int64_t, kMostWords> places{};  ///< where the tables stood, packed as in `memory`
    uint64_t open = 0;                         ///< the clauses; 0: nothing is kept here
    size_t count = 0;
    struct One {
      uint32_t value;
      ValueRange range;
    };
    std::array<One, kMost> all{};
  };
  /// Where they are kept, if they are: others may have the same place, so compare `places` and
  /// `open`. Null where there are too many tables. Throws std::bad_alloc when it is first called.
  Excuses* excuses_of(std::span<const int64_t> places, uint64_t open);
  /// Gives `each` a value and the range that keeps some of the clauses, none of which holds, from
  /// coming true, until all are kept so. What does not hold because of a value that no time
  /// changes, or that only falls, needs nothing.
  template <typename Each>
  void find_excuses(uint64_t open, const Each& each) const;

  // Of the pass.
  uint64_t pass = 0;                  ///< counts them
  std::vector<MachineBefore> before;  ///< machines as they were found
  std::vector<uint8_t> asked;         ///< `enter` and `keep` of each class: a Truth, or kNotAsked
  std::vector<uint8_t> read;          ///< of each stream: whether its glance is of this customer
  std::vector<Cell> seen;
  // Of each value: until when it is what it is, and where it has to stay until the next settling.
  std::vector<Micros> until;
  std::vector<Found> found;
  std::vector<ValueRange> wanted;
  std::vector<uint64_t> asked_for, always;  ///< bits of steps: whether `wanted` says something
  std::vector<const ClauseRow*> rows;       ///< of each table: where its value stands
  bool all_simple = true;                   ///< of all machines
  bool was_new = false;                     ///< she had never been settled
  bool any_read = false;                    ///< of some stream
  bool asking = false;                      ///< a pass asks, or did not come to its end

 private:
  static constexpr int kExcusesBits = 8;
  bool keeps_of_constants_ = false;  // of a calibration: some slots keep lifetime values
  std::vector<Excuses> excuses_;     // by a hash of places and clauses; made when first used

  void assign_slots(const SettleParts& parts);
  void look_at_machines(const SettleParts& parts);
  void make_steps(SettleParts& parts);
  SumWindow& window_of(const SettleParts& parts, size_t stream);
  ChangedFacts facts_of(const SettleParts& parts, size_t i) const;
};

template <typename Each>
void QuickParts::find_excuses(uint64_t open, const Each& each) const {
  for (const uint32_t t : still) open &= rows[t]->holds;
  for (const uint32_t t : falling) open &= ~rows[t]->below;
  const auto keep = [&](uint32_t t, uint64_t kept, const ValueRange& range) {
    if ((open & kept) == 0) return;
    each(plan.table.tables()[t].value(), range);
    open &= ~kept;
  };
  if (open == 0) return;
  constexpr ValueRange kAll;
  for (const uint32_t t : moving) {
    keep(t, rows[t]->below, {kAll.low, rows[t]->range.high});
    if (open == 0) return;
  }
  for (const auto* list : {&falling, &moving}) {
    for (const uint32_t t : *list) keep(t, rows[t]->above, {rows[t]->range.low, kAll.high});
  }
  for (const auto* list : {&falling, &moving}) {
    for (const uint32_t t : *list) keep(t, ~rows[t]->holds, ValueRange::none());
  }
}

/// Conditions of the classes of one machine where all of them are in the plan's table.
struct TabledConditions {
  const QuickParts::Standing* of;
  uint64_t holds, fails;

  Truth enter(int c) const { return stands(of[c].enter); }
  Truth keep(int c) const { return stands(of[c].keep); }
  Truth stands(uint64_t clauses) const {
    if ((holds & clauses) != 0) return Truth::kTrue;
    return (fails & clauses) == clauses ? Truth::kFalse : Truth::kUnknown;
  }
  /// Whether no class before one takes anybody.
  bool nothing_above(int c) const { return c == kNoClass || (of[c].before & holds) == 0; }
};

}  // namespace patron::internal
