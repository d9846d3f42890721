// IdentityKeys: which values of identity keys ids have, and whom they join.
//
// A claim says that an id has a value of a key from an instant on. Claims wait until settle(),
// which applies them in an order of their own (instant, strength of the key, value, id), so that
// the order of arrival makes no difference. A value joins its new holder with the first one, unless
// a stronger key tells them apart: where both customers' newest values of it differ.
//
//   keys.add(claims);                                         // they wait
//   keys.settle(now, customers, ids, links, token, met);      // links those who meet
//   met[0].done;                                              // false: a stronger key forbade it
//
// Thread class: serial.
#pragma once

#include <cstdint>
#include <set>
#include <span>
#include <string>
#include <utility>
#include <vector>

#include "lib/base/id_map.h"
#include "lib/base/wiped.h"
#include "lib/book/customer_ids.h"
#include "lib/book/links.h"

namespace patron::internal {

class BookByteReader;
class SectionWriter;

struct KeyClaim {
  Micros time = 0;
  uint32_t key = 0;  ///< the smaller, the stronger
  uint32_t row = 0;
  WipedText value;  ///< in its normal form
};

class IdentityKeys {
 public:
  explicit IdentityKeys(size_t keys) : own_(keys), newest_(keys) {}

  /// Adds claims that wait. Strong guarantee.
  void add(std::vector<KeyClaim>& claims);
  /// Applies the claims that are due. Links get the tokens first_token, first_token + 1, ... What
  /// became of a claim that met another holder is added to `met`. Where memory runs out (throws
  /// std::bad_alloc) the claims before have been applied and are in `met`; the others wait.
  void settle(Micros now, uint32_t customers, const CustomerIds& ids, Links& links,
              uint64_t first_token, std::vector<BookKeyLink>& met);
  /// After two were linked who had been apart. A customer's value of a key is the newest of her
  /// ids; of two from the same instant the one whose bytes come first.
  void joined(uint32_t survivor, uint32_t other);
  /// After customers were taken apart: for the survivor of each side.
  void parted(uint32_t survivor, const Links& links);
  /// The values that an id has or had.
  void values_of(uint32_t row, std::set<uint32_t>& values) const;
  /// Removes the values of ids, those that wait too. `values` is what values_of says of all of
  /// them; its nodes are taken. Does not fail.
  void forget(std::span<const uint32_t> rows, std::set<uint32_t>& values);
  /// The first instant of the claims that wait; kEndTime where none does. Cost: linear in those.
  Micros next_claim() const;
  /// The rows of ids that claims which wait will find to have one value, each with the first
  /// instant at which that is so, not before `now`. Cost: n log n in those claims.
  std::vector<std::pair<uint32_t, Micros>> meetings_ahead(Micros now, const CustomerIds& ids) const;
  /// The value by which a customer is told apart, and its instant; empty where there is none.
  std::string_view value(uint32_t key, uint32_t survivor) const;
  size_t waiting() const { return waiting_.size(); }
  size_t memory() const;

  /// saved/saved_keys.cc has the form. Loading goes section by section into keys that are empty,
  /// and gives what is wrong with one, or null.
  Status save(SectionWriter& out) const;
  const char* load_values(BookByteReader& in, const CustomerIds& ids);
  const char* load_holders(BookByteReader& in, const CustomerIds& ids);
  const char* load_newest(BookByteReader& in, const CustomerIds& ids);
  const char* load_claims(BookByteReader& in, const CustomerIds& ids);
  const char* finish_loading(const Links* links);
  /// What there is, by value and in no order: saved/state_hash.cc.
  WipedVector<WipedString> state_lines(const CustomerIds& ids) const;

 private:
  struct Held {
    uint32_t value = kNoRow;  ///< kNoRow: none
    Micros time = kMinTime;
  };
  struct Holding {
    uint32_t row, value;
  };

  void apply(const KeyClaim& claim, const CustomerIds& ids, Links& links, uint64_t& token,
             std::vector<BookKeyLink>& met);
  Status save_values(SectionWriter& out) const;
  Status save_claims(SectionWriter& out) const;
  bool newer(const Held& a, const Held& b) const;
  void forget_one(uint32_t row);
  int told_apart(uint32_t a, uint32_t b, uint32_t key) const;

  std::vector<KeyClaim> waiting_;
  StringIdMap values_;                     ///< the key in four bytes, then the value
  std::vector<uint32_t> holder_;           ///< the first, of each value
  std::vector<Holding> held_;              ///< every value of every id
  std::vector<std::vector<Held>> own_;     ///< by key and row: the newest of the id
  std::vector<std::vector<Held>> newest_;  ///< by key and survivor: that of the customer
  uint32_t loaded_ = 0;                    ///< while loading: rows of the key that comes in pieces
};

}  // namespace patron::internal
