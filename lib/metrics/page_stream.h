// PageStream: the events of one stream for the customers of a page, at an instant: which rows
// count, as bits, and between which rows each customer's window lies.
//
//   PageStream orders(state, {stream, false}, schema, rules, zone);
//   const int sales = orders.add_selection(true, orders.add_condition(where));
//   const int year = orders.add_window(window);
//   orders.read(page, now, &anchors);
//   const PageRows rows = orders.rows(year);
//   orders.selected(sales).count(rows.begin[i], rows.end[i]);  // how many events customer i has
//
// What several metrics have in common (a condition, a window) is added once and computed once a
// page, the first time that it is asked for.
//
// Thread class: serial; any number of them read one snapshot.
#pragma once

#include <array>
#include <cstdint>
#include <deque>
#include <functional>
#include <map>
#include <optional>
#include <string>
#include <vector>

#include "lib/base/buffer.h"
#include "lib/base/day_clock.h"
#include "lib/metrics/code_weights.h"
#include "lib/metrics/metric.h"
#include "lib/metrics/page_columns.h"
#include "lib/metrics/row_bits.h"
#include "lib/metrics/row_condition.h"
#include "lib/metrics/window.h"
#include "patron/expression.h"

namespace patron::internal {

/// From where windows count that are a customer's own, by her row in the book; absent: nothing is
/// inside.
struct PageAnchors {
  std::function<std::optional<Micros>(uint32_t customer)> joined;
  std::function<std::optional<Micros>(uint32_t customer, const std::string& classification)>
      entered;
  /// Those that a window asks for.
  Anchors of(const Window& window, uint32_t customer) const;
};

/// The rows of each customer that lie in a window: begin[i] to before end[i].
struct PageRows {
  const uint32_t* begin = nullptr;
  const uint32_t* end = nullptr;
};

class PageStream {
 public:
  /// All is kept by reference.
  PageStream(const BookState& state, LogName log, const Schema& schema, const StreamRules& rules,
             const TimeZone& zone);

  /// Numbers for read(): equal ones are given once.
  int add_condition(const Expression& condition);
  /// The rows that are sales, if asked for, and meet a condition, if it is not -1; of referrals
  /// those on whose side the customer is, as EventSource::on_side().
  int add_selection(bool sales, int condition, ReferralSide side = ReferralSide::kReferrer);
  int add_window(const Window& window);

  /// Reads a page. Rows later than now are in no window. The anchors are asked while the page is.
  void read(uint32_t page, Micros now, const PageAnchors* anchors);

  PageColumns& columns() { return columns_; }
  const LogPage& page() const { return *page_; }
  Micros now() const { return now_; }
  uint32_t customers() const { return static_cast<uint32_t>(page_->offsets.size() - 1); }
  const TimeZone& zone() const { return *zone_; }

  /// The rows that are selected.
  const RowBits& selected(int selection);
  /// Whether a selection has every row there is.
  bool selects_all(int selection) const;
  PageRows rows(int window);
  /// The local day of each row; ascending within a customer where days_ascend().
  const Day* days();
  bool days_ascend();
  /// To weigh the codes, or the members of the sets, of a column; made once.
  CodeWeights& weights(int column);
  /// The values of an expression that is a number, as doubles; 0 where unknown.
  void evaluate(const Expression& expression, std::vector<double>& out);

 private:
  struct Condition {
    const Expression* expression;
    Frame frame;
    std::optional<AtLeast> at_least;  ///< what it says where that is one comparison
    int word_column = -1;             ///< the same of an enum, by the code of its word
    uint32_t word = 0;
    std::vector<uint8_t> mask{};
    RowBits bits{};
    bool ready = false;
  };
  struct Selection {
    bool sales;
    int condition;
    std::optional<ReferralSide> side;  ///< of referrals
    RowBits bits;
    bool ready = false;
  };
  struct Place {
    Window window;
    bool anchored = false;
    std::array<uint32_t, kPageCustomers> begin, end;
    bool ready = false;
  };
  const RowBits& condition(int index);
  const RowBits& sales();
  void keep_side(ReferralSide side, RowBits& bits);
  void places_of(const TimeRange& inside, Place& out);
  bool read_off(Condition& one);
  template <typename Take>
  void run(Frame& frame, const Expression& expression, Take take);

  PageColumns columns_;
  const Schema* schema_;
  const StreamRules* rules_;
  const TimeZone* zone_;
  std::vector<int> places_;  ///< the column of each field
  int amount_ = kTimeColumn;
  const LogPage* page_ = nullptr;
  const PageAnchors* anchors_ = nullptr;
  Micros now_ = 0;
  Micros least_ = kEndTime, most_ = kMinTime;  ///< of the times of the page
  std::array<uint32_t, kPageCustomers> seen_;  ///< where her rows end that are not later than now
  std::deque<Condition> conditions_;
  std::deque<Selection> selections_;
  std::deque<Place> windows_;
  RowBits sales_;
  bool has_sales_ = false;
  RowBits later_;                 ///< scratch: rows that are not before an instant
  RowBits sided_;                 ///< scratch: rows on whose side the customer is
  std::vector<uint8_t> on_side_;  ///< scratch: the same as bytes
  std::vector<FieldBlock> blocks_;
  std::map<int, CodeWeights> weights_;
  std::vector<Day> days_;
  bool has_days_ = false;
  std::optional<DayClock> clock_;
  Micros clock_min_ = 0, clock_max_ = 0;
};

}  // namespace patron::internal
