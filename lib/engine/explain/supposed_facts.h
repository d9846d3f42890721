// Supposed facts: events and values of attributes that a customer does not have, seen by a settler
// as if she had them, so that what would come of them is what really would.
//
//   Supposed facts(settler.parts());
//   facts.events(orders, now, 1, {{amount, Cell::of(124000)}});  // of customers: rows
//   facts.attribute(vip, now, Cell::of(1));
//   facts.apply();                                    // until withdraw(), or the end of `facts`
//   settler.move(customer, copy, now);
//
// Thread class: serial, as the settler is.
#pragma once

#include <deque>
#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "lib/book/event_rows.h"
#include "lib/engine/settle/settle_parts.h"

namespace patron::internal {

class Supposed {
 public:
  using Cells = std::vector<std::pair<int, Cell>>;  ///< of columns of the layout; others are null

  /// Kept by reference.
  explicit Supposed(SettleParts& parts) : parts_(parts) {}
  ~Supposed() { withdraw(); }
  Supposed(const Supposed&) = delete;
  Supposed& operator=(const Supposed&) = delete;

  /// So many events of a stream at one instant, each with a key of its own. All facts have the same
  /// instant. False where a column cannot hold its cell.
  bool events(int stream, Micros t, int64_t count, const Cells& cells);
  bool attribute(int attribute, Micros t, const Cell& cell);
  /// Forgets them; what room they took stays.
  void clear();

  void apply();
  void withdraw();

 private:
  struct Log {
    int number = 0;
    bool attribute = false;
    EventRows rows;
  };
  bool add(Log& log, Micros t, int64_t count, const Cells& cells);
  void reserve(Log& log, int64_t count);
  // Into the last row. False where the column holds no such cell.
  bool set_key(EventRows& rows, int column);
  bool set_cell(EventRows& rows, int column, const Cell& cell);
  Log& log(int number, bool attribute);
  LogReader& reader(const Log& log);

  SettleParts& parts_;
  std::deque<Log> logs_;
  std::vector<std::string> texts_;  ///< of enums
  int64_t keys_ = 0;
  std::vector<Cell> row_;  ///< scratch: what is added, by the columns
  std::vector<uint8_t> wanted_;
};

}  // namespace patron::internal
