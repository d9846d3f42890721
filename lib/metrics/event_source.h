// EventSource: the events of one customer in one stream, as metrics see them.
//
//   EventSource orders(stream, schema, reader);
//   std::vector<EventRef> events = orders.read(customer, now);
//   std::erase_if(events, [&](const EventRef& e) { return !orders.holds(where, e); });
//
// Thread class: serial.
#pragma once

#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "lib/book/log_view.h"
#include "lib/metrics/metric.h"
#include "patron/expression.h"
#include "patron/schema.h"

namespace patron::internal {

/// Stands for the time of an event among the columns of its stream.
inline constexpr int kTimeColumn = -1;

/// An event of a log that has been read.
struct EventRef {
  EventRef(const LogRun& in, uint32_t at, uint32_t in_log)
      : run(&in), row(at), place(in_log), counts_at(in.times()[at]) {}
  const LogRun* run;
  uint32_t row;      ///< in that run
  uint32_t place;    ///< in the log
  Micros counts_at;  ///< its own time; of a refund that names its order, the order's
  Micros time() const { return counts_at; }
  /// When it happened.
  Micros own_time() const { return run->times()[row]; }
};

/// What a policy says of a stream.
struct StreamRules {
  bool refunds =
      false;  ///< `orders`: an amount below zero is a refund, and enters sums of money only
  bool count_zero_amounts = false;
  /// The columns of event keys, and of the key of the order that a refund gives back; both empty
  /// where refunds name no orders.
  std::string key, refund_of;
  /// Columns whose texts are sets: "fast,friendly" has two members.
  std::vector<std::string> open_sets;
};

class EventSource {
 public:
  /// The fields of the schema, which `where` reads, are columns of the reader's stream or "time".
  /// All is kept by reference.
  EventSource(const Schema& schema, LogReader& reader, StreamRules rules);

  /// Her events that are not later than now, in the order in which they count: that of the log, but
  /// that a refund stands at the time of the order that it names (rule 10), where that is there.
  /// What it gives, and the cells of it, are good until the next read.
  std::vector<EventRef> read(uint32_t customer, Micros now);

  /// The column of that name: an index, or kTimeColumn.
  int column(std::string_view name) const;
  Kind kind(int column) const;
  /// Whether these are the values of an attribute, where a null withdraws the one before.
  bool of_attribute() const { return reader_.layout().attribute; }
  /// Whether a cell is a set of texts: of an enum_set, or of a column of StreamRules::open_sets.
  bool of_sets(int column) const;
  /// The members of such a cell, each once: those of an enum_set in the order of its values, others
  /// as they stand in the text, without the blanks around them.
  std::vector<std::string> members(const Cell& cell, int column) const;
  /// The value at an event; text borrows from the log or from the book.
  Cell cell(const EventRef& event, int column) const;

  /// Whether a condition is true of an event; without one, yes. Unknown is no.
  bool holds(const std::optional<Expression>& where, const EventRef& event);
  /// The value of an expression at an event.
  Cell value(const Expression& expression, const EventRef& event);
  /// Whether an event is what verbs other than sums of money look at (rule 10).
  bool is_sale(const EventRef& event) const;
  /// Whether she is on that side of a referral, and somebody else on the other; of other streams'
  /// events always.
  bool on_side(const EventRef& event, ReferralSide side) const;

 private:
  Cell customer(uint32_t row, int column) const;
  void net_refunds(std::vector<EventRef>& events) const;

  LogReader& reader_;
  StreamRules rules_;
  std::vector<int> fields_;  // the column of each field
  int amount_ = kTimeColumn;
  int key_ = kTimeColumn, refund_of_ = kTimeColumn;
  uint32_t customer_ = 0;  // who was read
  std::vector<LogRun> runs_;
  std::vector<Cell> cells_;
};

}  // namespace patron::internal
