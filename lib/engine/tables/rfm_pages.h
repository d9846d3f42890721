// RfmPages: the measures and scores of RFM of all customers of a page.
//
//   RfmPages rfm(policy, model, orders, book.state());
//   rfm.read(page, now);
//   if (rfm.has(k)) measured = rfm.measured(k);       // else by rfm_measured()
//   rfm.score(cuts);
//   rfm.scores(k).r;
//
// They are those of rfm_measured() (customer_history.h), but for next_change, which nobody asks for
// of a page. Customers who are linked or whose log is long are not there; nobody is where refunds
// name their orders, or where a local day may come twice.
//
// Thread class: serial; any number of them read one snapshot.
#pragma once

#include <array>
#include <cstdint>
#include <memory>
#include <span>
#include <vector>

#include "lib/engine/settle/customer_history.h"
#include "lib/engine/tables/rfm_measures.h"
#include "lib/metrics/evaluator.h"
#include "lib/metrics/page_stream.h"
#include "lib/policy/policy_data.h"
#include "patron/rfm.h"

namespace patron::internal {

class RfmPages {
 public:
  /// Of the policy's stream of orders, with this number, schema and rules. All is kept by
  /// reference.
  RfmPages(const PolicyData& policy, const PolicyModel& model, int stream, const Schema& schema,
           const StreamRules& rules, const BookState& book);

  /// From now on what these have is taken from them. Null: none. Kept by reference; nothing in the
  /// book may have changed since they were made.
  void use(const RfmMeasures* kept) { kept_ = kept; }
  /// The customers of rows page x 256 and on. Facts later than now are not seen.
  void read(uint32_t page, Micros now);
  const RfmPage& page() const { return in_; }
  /// Whether the k-th of them is there.
  bool has(uint32_t k) const { return in_.has[k] != 0; }
  bool has_everybody() const;
  RfmMeasured measured(uint32_t k) const;

  // Columns, of kPageCustomers customers each. 0 or 1: who is there, who of them has bought, and
  // whose money is within 64 bits.
  const uint8_t* there() const { return in_.has.data(); }
  const uint8_t* buyers() const { return buyers_.data(); }
  const uint8_t* with_money() const { return with_money_.data(); }

  // Of those that are there.

  bool bought(uint32_t k) const { return in_.bought[k] != 0; }
  /// Whole local days since the last order, and 0 of who never bought.
  const int64_t* recency() const { return in_.recency.data(); }
  const int64_t* frequency() const { return in_.frequency.data(); }
  /// Good where has_money().
  const int64_t* monetary() const { return in_.monetary.data(); }
  bool has_money(uint32_t k) const { return in_.has_money[k] != 0; }

  /// Scores under these cuts, until the next read or other cuts: of who bought and has money. Of
  /// the others they are 0.
  void score(const RfmCuts& cuts);
  Scores scores(uint32_t k) const { return {r_[k], f_[k], m_[k]}; }
  const int8_t* r() const { return r_.data(); }
  const int8_t* f() const { return f_.data(); }
  const int8_t* m() const { return m_.data(); }

 private:
  template <typename T>
  using Column = RfmPage::Column<T>;

  void read_facts(uint32_t page, Micros now);
  /// What is read of the orders of a page.
  struct Columns {
    PageRows inside, ever;
    const Day* days = nullptr;
    const int64_t* amounts = nullptr;
  };
  /// Where every row is a sale and no sum of amounts leaves 64 bits.
  void measure_sales(const Columns& columns);
  void measure(const Columns& columns, RowBitsView sales);

  const TimeZone& zone_;
  bool nets_;      // refunds name their orders
  int64_t least_;  // of the amount of a sale
  PageStream stream_;
  PageAnchors nobody_;
  int amount_ = -1;
  int all_ = -1, sales_ = -1, window_ = -1, ever_ = -1;
  const RfmMeasures* kept_ = nullptr;
  Day today_ = 0;
  RfmPage in_;
  Column<uint8_t> buyers_{}, with_money_{};
  Column<int8_t> r_{}, f_{}, m_{};
  std::vector<int64_t> sums_;  // scratch: of the amounts of the rows before each
  RowBits days_begin_;         // scratch: rows of another day than the row before
  const RfmCuts* scored_ = nullptr;
};

/// What reads pages of a policy that has a model of RFM and orders; else null. `streams` are those
/// of the policy.
std::unique_ptr<RfmPages> make_rfm_pages(const PolicyData& policy,
                                         std::span<const MetricStream> streams,
                                         const BookState& book);

}  // namespace patron::internal
