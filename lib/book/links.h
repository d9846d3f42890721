// Links: which ids are one customer, and how to take them apart again.
//
// A link is an edge between two ids; the links of a group form a tree, for a link between two that
// are one already is none. Uniting relabels the smaller group, so a chain of a million links costs
// n log n; taking a link out searches from both its ends at once and relabels the side that ends
// first. Facts never move: who reads a customer reads all her ids.
//
//   links.link(ann, bob, 7);         // Ann is the survivor; 7 is the caller's
//   links.survivor(bob) == ann;
//   links.unlink(ann, bob);          // gives back the 7
//
// The survivor of a group is what its links, in the order in which they were made, say.
//
// Thread class: const is shared; changing is serial.
#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <vector>

#include "patron/book.h"

namespace patron::internal {

class Links {
 public:
  static constexpr uint32_t kNone = 0xFFFFFFFF;

  /// Room for customers' rows 0 to `customers` - 1, and for one more link. Strong guarantee.
  void reserve(uint32_t customers);

  bool linked(uint32_t row) const { return row < group_.size() && group_[row] != kNone; }
  /// The row itself where it is not linked.
  uint32_t survivor(uint32_t row) const {
    return linked(row) ? groups_[group_[row]].survivor : row;
  }
  bool same(uint32_t a, uint32_t b) const {
    return a == b || (linked(a) && linked(b) && group_[a] == group_[b]);
  }
  /// How many ids are one with this.
  uint32_t size(uint32_t row) const { return linked(row) ? groups_[group_[row]].size : 1; }
  /// Calls with each row of the group, herself included.
  template <typename Each>
  void for_each(uint32_t row, const Each& each) const {
    if (!linked(row)) return each(row);
    uint32_t at = row;
    do {
      each(at);
      at = next_[at];
    } while (at != row);
  }

  struct Split {
    uint32_t first = 0, second = 0;  ///< the survivors of both sides
    uint64_t token = 0;
  };
  /// Unites; false where they are one already. Needs reserve(); does not fail.
  bool link(uint32_t first, uint32_t second, uint64_t token);
  /// Takes the link between these two ids out; nothing where there is none. Strong guarantee.
  std::optional<Split> unlink(uint32_t first, uint32_t second);

  /// Takes all links of a customer out; does not fail.
  void dissolve(uint32_t row);

  /// Every link there is, in the order in which they were made: first, second, token.
  template <typename Each>
  void for_each_link(const Each& each) const {
    for (const Link& link : links_) {
      if (link.alive) each(link.ends[0], link.ends[1], link.token);
    }
  }
  size_t count() const { return alive_; }
  size_t memory() const;

 private:
  struct Link {
    uint32_t ends[2];
    uint32_t next[2], previous[2];  ///< among the links of that end
    uint32_t survivors[2];          ///< of both groups, before
    uint32_t newest[2];             ///< the newest link of both groups, before
    uint64_t token;
    bool alive;
  };
  struct Group {
    uint32_t survivor, size, newest;
  };
  struct Side;

  uint32_t new_group(uint32_t row);
  uint32_t new_group_of(const std::vector<uint32_t>& rows, uint32_t old);
  void reunite(uint32_t number, uint32_t made, uint32_t old, const Group& before,
               const std::vector<uint32_t>& rows);
  void insert_behind(uint32_t at, uint32_t row);
  uint32_t survivor_of_group(uint32_t group) const { return groups_[group].survivor; }
  uint32_t find_link(uint32_t a, uint32_t b) const;
  void attach(uint32_t link);
  void detach(uint32_t link);
  uint32_t end_of(uint32_t link, uint32_t row) const { return links_[link].ends[0] == row ? 0 : 1; }
  bool grow(Side& side) const;
  uint32_t replay(uint32_t row, std::vector<uint32_t>& links) const;
  void settle_side(uint32_t row, uint32_t removed, uint32_t end);
  std::vector<uint32_t> links_of_group(uint32_t row) const;

  std::vector<uint32_t> group_;        ///< of each row, or kNone
  std::vector<uint32_t> next_, back_;  ///< the rows of a group, in a ring
  std::vector<uint32_t> first_;        ///< the first link of each row
  std::vector<Group> groups_;
  std::vector<uint32_t> free_;
  std::vector<Link> links_;
  size_t alive_ = 0;
};

}  // namespace patron::internal
