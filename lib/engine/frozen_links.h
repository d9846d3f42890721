// FrozenLinks: where both sides of every link stood when it was made, to be given back by unlink.
//
// The links of a customer form a tree over her ids. Taking one out gives each side what was kept
// for it, and then unites it again with what joined it since, link by link in the order in which
// they were made. So a link that is taken out leaves what the other links alone would have made.
//
//   FrozenLinks::Prepared link = frozen.prepare(token, std::move(both));   // may throw
//   frozen.add(link);                                                      // does not
//
// Thread class: serial.
#pragma once

#include <cstdint>
#include <functional>
#include <map>
#include <optional>
#include <set>
#include <span>
#include <utility>
#include <vector>

#include "lib/engine/settle/settle.h"

namespace patron::internal {

/// One of the two customers whom a link made one.
struct FrozenSide {
  uint32_t end = 0;  ///< the row of the id that was linked
  uint32_t row = 0;  ///< who stood for her
  CustomerState state;
  Micros due = kEndTime;
};

struct FrozenLink {
  FrozenSide sides[2];  ///< the survivor's first
  /// How often the survivor had been settled before; nothing where that is of no use any more.
  std::optional<uint64_t> settlings;
  bool marked = false;  ///< it made her due
};

class FrozenLinks {
 public:
  using Unite = std::function<CustomerState(const CustomerState&, const CustomerState&)>;
  struct Prepared {
    std::map<uint64_t, FrozenLink> links;
    std::set<std::pair<uint32_t, uint64_t>> ends;
  };
  /// What taking a link out gives.
  struct Parted {
    uint64_t token = 0;
    bool newest = false;           ///< nothing joined her since
    CustomerState states[2];       ///< of the survivor's side, and of the other's
    std::vector<uint32_t> ids[2];  ///< the rows of each side's ids
    /// Of links that joined her since: what is now kept for the side that the link was in.
    struct Kept {
      FrozenLink* link;
      int side;
      CustomerState state;
    };
    std::vector<Kept> kept;
  };

  static Prepared prepare(uint64_t token, FrozenLink link);
  /// Does not fail.
  void add(Prepared& prepared);
  /// The token of the link between these two ids' rows.
  std::optional<uint64_t> find(uint32_t a, uint32_t b) const;
  const FrozenLink& at(uint64_t token) const { return links_.find(token)->second; }
  /// What taking it out will give; nothing is changed. Cost: linear in the customer's ids.
  Parted part(uint64_t token, const Unite& unite);
  /// Does it. Does not fail.
  void remove(Parted& parted);
  /// These ids were settled while another stood for them: no link of theirs goes unnoticed any
  /// more. Does not fail.
  void note_settled(std::span<const uint32_t> rows);
  /// Removes all links of these ids. Does not fail.
  void forget(std::span<const uint32_t> rows);
  /// Every state that is kept, in the order of the links.
  template <typename Each>
  void for_each(const Each& each) {
    for (auto& [token, link] : links_) {
      for (FrozenSide& side : link.sides) each(side);
    }
  }
  const std::map<uint64_t, FrozenLink>& links() const { return links_; }

 private:
  void collect(uint32_t row, uint64_t below, std::set<uint32_t>& rows) const;

  std::map<uint64_t, FrozenLink> links_;          // by token, which is the order of making
  std::set<std::pair<uint32_t, uint64_t>> ends_;  // the links of each id
};

}  // namespace patron::internal
