// BookState: everything a reader of a book sees, at one moment. A snapshot is a copy of it, which
// shares the pages, the texts and the ids.
#pragma once

#include <cstdint>
#include <memory>
#include <vector>

#include "lib/base/prefetch.h"
#include "lib/book/customer_ids.h"
#include "lib/book/enum_texts.h"
#include "lib/book/event_page.h"
#include "lib/book/layout.h"
#include "lib/book/links.h"
#include "lib/book/row_order.h"

namespace patron::internal {

/// The logs of one stream, or the values of one attribute.
struct LogState {
  explicit LogState(const StreamLayout& of) : layout(&of), texts(of.columns.size()) {}

  RowOrder order(const CustomerIds& ids) const { return {*layout, texts, ids}; }
  /// The page of a customer, or null where it has no facts.
  const EventPage* page_of(uint32_t customer) const {
    const size_t page = customer / kPageCustomers;
    return page < pages.size() ? pages[page].get() : nullptr;
  }

  const StreamLayout* layout;
  std::vector<std::shared_ptr<EventPage>> pages;  ///< null: none of these customers has facts
  std::vector<EnumTexts> texts;                   ///< of each column that is an open enum
};

struct BookState {
  std::shared_ptr<const LayoutData> layout;
  std::shared_ptr<CustomerIds> ids;
  uint32_t customers = 0;
  std::shared_ptr<const Links> links;  ///< null: nobody is linked
  std::vector<LogState> streams;
  std::vector<LogState> attributes;

  /// Brings what leads to a customer's logs into the cache, then the heads of their bases, and then
  /// the logs: of each what is read first, the newest rows of the base. Each reads what the one
  /// before has brought.
  void fetch_page(uint32_t row) const {
    for (const LogState& log : streams) {
      const auto* page = reinterpret_cast<const char*>(log.page_of(row));
      if (page != nullptr) fetch_line(page), fetch_line(page + 64);
    }
  }
  void fetch_base(uint32_t row) const {
    for (const LogState& log : streams) {
      const EventPage* page = log.page_of(row);
      if (page != nullptr && page->base != nullptr) page->base->fetch_head(row % kPageCustomers);
    }
  }
  void fetch_log(uint32_t row) const {
    for (const LogState& log : streams) {
      const EventPage* page = log.page_of(row);
      if (page == nullptr || page->base == nullptr) continue;
      page->base->rows.fetch_places();
      page->base->fetch_newest(page->base->rows.times(), row % kPageCustomers);
      for (const int column : log.layout->summed) {
        const auto* cells = static_cast<const int64_t*>(page->base->rows.column(column));
        if (cells != nullptr) page->base->fetch_newest(cells, row % kPageCustomers);
      }
    }
  }

  bool linked(uint32_t row) const { return links != nullptr && links->linked(row); }
  uint32_t survivor(uint32_t row) const { return links == nullptr ? row : links->survivor(row); }
};

}  // namespace patron::internal
