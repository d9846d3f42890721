// PageBuilder: pages of a log that come out of a large batch all at once.
//
// Where customers had no facts before, their page is made of their rows of the batch alone: counted
// first, then put where they belong, column by column, in memory of just their size. Rows that come
// in the order of time are in order then; those of a customer that do not are sorted afterwards.
//
//   PageBuilder builder(layout, meter);
//   if (builder.can_build(customers, 0, 1, log)) builder.build(rows, 0, 1, log, order, epoch);
//
// What it makes is what the same rows in the tail of a page become when it is merged.
//
// Thread class: serial.
#pragma once

#include <array>
#include <cstdint>
#include <memory>
#include <span>
#include <string_view>
#include <vector>

#include "lib/book/book_state.h"
#include "lib/book/meter.h"

namespace patron::internal {

/// A column that a batch gives: cells as they stand in an EventBatch, of enums as codes.
struct BuiltColumn {
  int column = 0;
  const uint8_t* cells = nullptr;
  const std::string_view* texts = nullptr;
};

/// Rows of a batch, of some pages, in any order.
struct BuiltRows {
  std::span<const uint32_t> customers;
  const Micros* times = nullptr;
  std::span<const BuiltColumn> columns;  ///< from the same row on
};

class PageBuilder {
 public:
  PageBuilder(const StreamLayout& layout, std::shared_ptr<Meter> meter)
      : layout_(&layout), meter_(std::move(meter)) {}

  /// Whether rows of these customers, who are in the `count` pages from `first` on, are all there
  /// will be in them, and no log gets so long that it is kept apart.
  bool can_build(std::span<const uint32_t> customers, uint32_t first, uint32_t count,
                 const LogState& log);
  /// Makes these pages, of which the log has none yet, of rows for which can_build() has just said
  /// so, and for whose customers it has room. Strong guarantee. Cost: linear, but for what does not
  /// come in the order of time. Gives the latest time there is.
  Micros build(const BuiltRows& rows, uint32_t first, uint32_t count, LogState& log,
               const RowOrder& order, uint64_t epoch);

  /// Brings the rows of each customer of a page in order, who has them side by side. Gives the
  /// latest time of the page, which has rows. Cost: linear, but for what does not come in order.
  static Micros bring_in_order(PageBase& base, const RowOrder& order);

 private:
  std::vector<std::shared_ptr<EventPage>> make_pages(const BuiltRows& rows, uint32_t count,
                                                     uint64_t epoch);
  void place(const BuiltRows& rows);
  void fill(const BuiltRows& rows);
  template <typename T, typename From>
  void spread(const From* from, std::span<const uint32_t> customers, int column);
  static void put_in_order(PageBase& base, uint32_t begin, uint32_t end, const RowOrder& order);

  const StreamLayout* layout_;
  std::shared_ptr<Meter> meter_;
  uint32_t first_customer_ = 0;
  std::vector<uint32_t> counts_;  // of each customer of the pages
  std::vector<uint32_t> next_;    // where her next row goes
  std::vector<uint32_t> at_;      // of each row: where in its page it goes
  std::vector<PageBase*> bases_;  // of each page; null: it has no rows
};

}  // namespace patron::internal
