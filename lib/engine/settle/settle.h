// Settling: one customer at one instant, from her facts to her tags and classes.
//
//   Settler settler(policy.data(), book.state());
//   const Settled now = settler.settle(customer, state, t);   // steps her machines, in `state`
//   now.values[i].cell;                                       // the i-th value of the policy
//   now.moves;                                                // one a classification at the most
//   now.next;                                                 // until then time changes nothing
//
// Values are computed in the order of the policy, in which each stands behind what it reads; a
// reader of a classification sees the class of the same instant (rule 29). What models and ranks
// need of the population are constants that are frozen (use()): before the first calibration grids
// and what needs constants are null, and a rank is its last class (rule 25).
//
// This is the plain way: every tag from every fact, each time; move_quickly() gives the same moves
// by a plan that is made of the policy (quick_pass.h). Thread class: serial; any number of settlers
// read one snapshot.
#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "lib/base/small_vector.h"
#include "lib/base/wiped.h"
#include "lib/book/book_state.h"
#include "lib/engine/calibration/calibration_data.h"
#include "lib/engine/settle/model_values.h"
#include "lib/engine/settle/overrides.h"
#include "lib/engine/settle/tier_machine.h"
#include "lib/metrics/metric_value.h"
#include "lib/policy/policy_data.h"

namespace patron::internal {

/// ShownClass::said, where it is the class that is shown.
inline constexpr int16_t kAsShown = -2;

/// What a customer is seen to be by one machine: its class, or what an override put in its place.
struct ShownClass {
  int current = kNoClass;  ///< of the machine
  /// What the last transition said, until a settling says what an unlink gave back.
  int16_t said = kAsShown;
  /// An unlink gave back a seat that is somebody else's by now: `previous` is that class, and its
  /// loss is counted already.
  bool unseated = false;
  Micros since = 0;
  // Of what is no flag: the class before, the best ever (the earliest of the machine), and how
  // often she was moved.
  int16_t previous = kNoClass, highest = kNoClass;
  int32_t moves = 0;
  bool operator==(const ShownClass&) const = default;
  int last_said() const { return said == kAsShown ? current : said; }
};

/// Where a customer stands: all that settling needs to know of her past.
struct CustomerState {
  /// One for each classification; of flags one for each class. Grids and ranks have no timers:
  /// theirs say the class, and since when.
  SmallVector<TierState, 1> machines;
  /// Of each machine of a rank with seats: the calibration whose seat she lost. Empty: none.
  SmallVector<int64_t> seats_lost;
  /// Of each machine.
  SmallVector<ShownClass, 1> shown;
  SmallVector<StandingOverride> overrides;
  bool seen = false;  ///< she was settled: she is one of the population
  // Until she is settled: a link gave her another's class, which comes with its own since; an
  // unlink gave back what she was before the link.
  bool linked = false, parted = false;
  /// The last known value of each tag whose null keeps it.
  SmallVector<MetricValue> kept;
};

/// A change of class. Of flags `from` or `to` is kNoClass, and the other is the flag.
struct SettledMove {
  int classification = 0;
  int from = kNoClass;
  int to = kNoClass;
  bool by_override = false;  ///< without the change of an override there would be no move
};

/// Whose machine it is.
struct MachineName {
  int classification = 0;
  int flag = -1;  ///< of flags: which class
};

/// Texts one after the other, in memory that is kept, and zeroed when it goes.
class TextList {
 public:
  size_t size() const { return ends_.size(); }
  bool empty() const { return ends_.empty(); }
  /// Of all of them.
  size_t bytes() const { return text_.size(); }
  /// Good until the next change.
  std::string_view operator[](size_t i) const {
    const size_t begin = i == 0 ? 0 : ends_[i - 1];
    return std::string_view(text_).substr(begin, ends_[i] - begin);
  }
  /// What is handed over is zeroed.
  void add(std::string text) {
    open() += std::string_view(text);
    close();
    wipe_bytes(text.data(), text.size());
  }
  /// The same in two halves: what is written at the end in between is a text.
  WipedString& open() {
    if (text_.capacity() < kRoom) text_.reserve(kRoom);  // nothing stands in the object itself
    return text_;
  }
  void close() { ends_.push_back(text_.size()); }
  void clear() { text_.clear(), ends_.clear(); }
  /// The same, and what was there is zeroed. Does not fail.
  void wipe() {
    text_.resize(text_.capacity());
    wipe_bytes(text_.data(), text_.size());
    clear();
  }

 private:
  static constexpr size_t kRoom = 64;
  WipedString text_;
  std::vector<size_t> ends_;
};

struct Settled {
  /// One for each value of the policy. Where she is moved, an output of a model on which no class
  /// depends is left null: some take microseconds.
  std::vector<MetricValue> values;
  std::vector<SettledMove> moves;  ///< in the order of the classifications' values
  TextList because;                ///< of each move what decided it; see decision.h
  std::vector<Micros> at;          ///< of each move, of Settler::foresee() alone
  /// Of each classification but flags: since when she is in her class.
  std::vector<std::optional<Micros>> since;
  std::vector<bool> eligible;  ///< of each rank: whether its `where` holds
  /// The next instant at which to settle her if no fact arrives: no later than the first at which
  /// anything differs; kEndTime where nothing ever will.
  Micros next = kEndTime;
};

/// Facts of a customer that may be others than when she was settled before: a bit for each stream
/// and one for attributes.
using ChangedFacts = uint64_t;
inline constexpr ChangedFacts kNoFacts = 0, kAnyFacts = ~ChangedFacts{0};
inline constexpr ChangedFacts kAttributeFacts = ChangedFacts{1} << 63;
/// Of a stream; -1: any. Streams from kBitStreams on are no less than any.
inline constexpr int kBitStreams = 62;
inline ChangedFacts facts_of_stream(int stream) {
  return stream < 0 || stream >= kBitStreams ? kAnyFacts : ChangedFacts{1} << stream;
}

struct SettleParts;
struct QuickParts;

class Settler {
 public:
  /// Both are kept by reference. Throws std::bad_alloc.
  Settler(const PolicyData& policy, const BookState& book);
  ~Settler();
  Settler(Settler&&) noexcept;
  Settler& operator=(Settler&&) noexcept;

  /// Settles her: moves her machines in `state`. Facts later than t are not seen.
  Settled settle(uint32_t customer, CustomerState& state, Micros t);
  /// As settle(), looking only at what her classes depend on, or `on_null` keeps: nothing is said
  /// of other values, `next` does not heed them, nor facts that wait. Good until the next call.
  const Settled& move(uint32_t customer, CustomerState& state, Micros t);
  /// As move(), for following one customer along time: what decided a move is not said, but where
  /// SettleParts::told_of asks for it. `same`: the call before was a move() or follow() of hers, at
  /// no later an instant, and no fact of hers has taken effect since; values that cannot have
  /// changed are not computed again.
  const Settled& follow(uint32_t customer, CustomerState& state, Micros t, bool same);
  /// As move(): her classes in `state`, and nothing of when anything changes and what decided it.
  void try_move(uint32_t customer, CustomerState& state, Micros t);
  /// The moves of move(), by the plan of the policy, and a `next` that stops only where a class may
  /// change: no sooner than that of move(). The rest of Settled is not given. What the settling
  /// before found is used, as far as facts are the same, and this one is remembered; without
  /// `changed` it stands aside, and does neither.
  const Settled& move_quickly(uint32_t customer, CustomerState& state, Micros t,
                              std::optional<ChangedFacts> changed = std::nullopt);
  /// What quick settlings remember of her is zeroed. Does not fail.
  void forget(uint32_t customer);
  /// Bytes of what they remember.
  size_t bytes() const;
  /// As move_quickly(), where she can be settled by the plan and take_back() can undo it; else
  /// null, and nothing is done.
  const Settled* move_lightly(uint32_t customer, CustomerState& state, Micros t,
                              ChangedFacts changed);
  /// Puts what the last move_lightly() has changed in her state back, however far it came. Does not
  /// fail.
  void take_back(CustomerState& state);
  /// The moves that time alone will make of her from `due` on, where she is to be settled next,
  /// until then, and when (Settled::at): as move_quickly() of a copy of her state at `due`, and at
  /// each `next`. Null where that is not known in one go. Good until the settler is asked again.
  const Settled* foresee(uint32_t customer, const CustomerState& state, Micros due, Micros until);
  /// Brings what move_quickly() will look at of a customer into the cache: her newest rows, and
  /// then what is read besides them.
  void fetch_log(uint32_t customer) const;
  void fetch(uint32_t customer) const;
  /// What holds at t, without a move: her values with the classes that `state` says.
  Settled look(uint32_t customer, const CustomerState& state, Micros t);
  /// The values of look() alone, without when anything changes. Good until the next call.
  std::span<const MetricValue> values(uint32_t customer, const CustomerState& state, Micros t);
  /// As look() of what her classes depend on. Good until the next call.
  const Settled& glimpse(uint32_t customer, const CustomerState& state, Micros t);
  /// What the last call saw and made; good until the next.
  SettleParts& parts() { return *parts_; }

  /// The constants that hold from now on; null: nothing is calibrated. Strong guarantee.
  void use(std::shared_ptr<const CalibrationData> constants);
  /// Puts others in their place, which ModelValues::ready() made ready. Does not fail.
  void exchange(ModelValues::InForce& constants);
  const std::shared_ptr<const CalibrationData>& constants() const;
  /// From now on facts later than this are not there, whatever t says; kEndTime: all are.
  void hide_after(Micros last);
  /// Gives back what was copied of the customer who was read last.
  void let_go();
  /// The outputs of models, and what they read of a customer; begin() says of whom.
  ModelValues& models();
  CustomerId id_of(uint32_t row) const;
  /// The machine of a classification; of flags that of the first class.
  size_t machine_of(size_t classification) const;

  /// Which of the policy's values is that classification.
  size_t value_of(size_t classification) const;
  /// Whether what a calibration finds has a part in it.
  bool calibrated(size_t classification) const;
  /// Of each of CustomerState::machines.
  std::span<const MachineName> machines() const;

 private:
  std::unique_ptr<SettleParts> parts_;
  std::unique_ptr<QuickParts> quick_;  ///< made when it is first used
};

/// A number of the profile in the unit people read: money in major units.
std::optional<double> number_of(const Cell& cell, const PolicyValue& value);

/// The class of a machine as a class of the document: bands count from the other end.
int document_class(const PolicyClassificationData& classification, int machine_class);

}  // namespace patron::internal
