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
#include <string_view>
#include <utility>
#include <vector>

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
};

class EngineData {
 public:
  EngineData(Policy of, BookLayout layout, const BookOptions& options);

  /// What a batch of facts will change, and when.
  void note(const std::vector<BookEffect>& effects);
  /// The earliest instant at which somebody is to be settled; kEndTime where nobody is.
  Micros next() const;
  /// Settles everyone who is due at that instant.
  void settle_all(Micros t);
  /// Everyone's moves from now to `until` without more facts, changing nothing.
  std::vector<EngineMove> foresee(Micros until);

  /// Customers' rows in the order of their ids.
  std::vector<uint32_t> in_order() const;
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
  std::vector<EngineMember> members;  ///< by row
  std::vector<EngineMove> moves;      ///< in the order in which they came

 private:
  static Status torn();
  bool before(uint32_t a, uint32_t b) const;
  void settle(uint32_t row, Micros t);
  std::string_view class_name(int classification, int c) const;

  bool torn_ = false;
  std::map<std::pair<Micros, uint32_t>, EnginePending> pending_;
  std::set<std::pair<Micros, uint32_t>> due_;  ///< EngineMember::due of everyone who has one
};

}  // namespace patron::internal
