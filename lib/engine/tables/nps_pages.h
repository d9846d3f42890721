// NpsPages: the answers that NPS counts of all customers of a page.
//
//   const auto nps = make_nps_pages(policy, streams, book.state());  // null: not by pages
//   nps->read(page, now);
//   if (nps->has(k)) score = nps->score(k);           // else by nps_measured()
//   nps->put_scores(customers, out);                  // the outputs of the model, as columns
//
// They are those of nps_measured() (customer_history.h), but for next_change, which nobody asks for
// of a page. Customers who are linked or whose log is long are not there.
//
// Thread class: serial; any number of them read one snapshot.
#pragma once

#include <array>
#include <cstdint>
#include <memory>
#include <optional>
#include <span>
#include <string_view>

#include "lib/engine/settle/customer_history.h"
#include "lib/metrics/evaluator.h"
#include "lib/metrics/page_stream.h"
#include "lib/metrics/value_block.h"
#include "lib/policy/policy_data.h"

namespace patron::internal {

class NpsPages {
 public:
  /// Of the policy's stream of surveys, with this number, schema and rules, whose kinds are words
  /// of an enum and whose scores are whole numbers. All is kept by reference.
  NpsPages(const PolicyData& policy, const PolicyModel& model, int stream, const Schema& schema,
           const StreamRules& rules, const BookState& book);

  /// The customers of rows page x 256 and on. Facts later than now are not seen.
  void read(uint32_t page, Micros now);
  /// Whether the k-th of them is there.
  bool has(uint32_t k) const { return has_[k] != 0; }
  bool has_everybody() const { return stream_.page().apart.empty(); }

  // Of those that are there.

  std::optional<int64_t> score(uint32_t k) const {
    return known_[k] != 0 ? std::optional(scores_[k]) : std::nullopt;
  }
  /// The scores of all customers, or the names of their classes. `out` has the shape of the output
  /// and is all unknown, and stays so of who is not there.
  void put_scores(uint32_t customers, ValueBlock& out) const;
  void put_classes(uint32_t customers, ValueBlock& out) const;

 private:
  template <typename T>
  using Column = std::array<T, kPageCustomers>;

  PageStream stream_;
  PageAnchors nobody_;
  int kind_, score_, window_;
  uint32_t nps_;  ///< the code of the word "nps"; kNullEnum: no row has it
  Column<uint8_t> has_{}, known_{};
  Column<int64_t> scores_{};
  NameTable classes_{{kNpsClasses.begin(), kNpsClasses.end()}};
};

enum class NpsOutput : uint8_t { kNone, kScore, kClass };
/// Which output of a model of NPS a value of the policy is.
NpsOutput nps_output(const PolicyData& policy, const PolicyValue& value);

/// What reads pages of a policy that has a model of NPS and surveys as NpsPages wants them; else
/// null. `streams` are those of the policy.
std::unique_ptr<NpsPages> make_nps_pages(const PolicyData& policy,
                                         std::span<const MetricStream> streams,
                                         const BookState& book);

}  // namespace patron::internal
