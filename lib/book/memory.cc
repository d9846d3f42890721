// What a book holds, by what holds it.
#include <algorithm>

#include "lib/book/book_data.h"

namespace patron::internal {
namespace {

// Adds up pieces of rows.
class RowsCount {
 public:
  void add(const EventRows& rows) {
    const StreamLayout& layout = rows.layout();
    const auto size = static_cast<int64_t>(rows.size());
    const int64_t width = static_cast<int64_t>(rows.row_bytes());
    int64_t key = 0;
    if (layout.key >= 0 && rows.column(layout.key) != nullptr) {
      key = layout.columns[static_cast<size_t>(layout.key)].width;
    }
    events += size * (width - key);
    keys += size * key;
    texts += static_cast<int64_t>(rows.heap_used());
    slack += static_cast<int64_t>(rows.cell_bytes()) - size * width +
             static_cast<int64_t>(rows.heap_bytes() - rows.heap_used());
  }

  int64_t events = 0, keys = 0, texts = 0, slack = 0, pages = 0;
  int64_t metered = 0;  // of pages
};

void count_page(const EventPage& page, RowsCount& count) {
  count.pages += static_cast<int64_t>(sizeof page + sizeof(void*));
  count.metered += static_cast<int64_t>(sizeof page);
  if (page.base != nullptr) {
    count.pages += static_cast<int64_t>(sizeof(PageBase));
    count.metered += static_cast<int64_t>(sizeof(PageBase));
    count.add(page.base->rows);
  }
  count.add(page.tail);
  count.slack += static_cast<int64_t>(page.local_of.size());
  for (const EventPage::Apart& apart : page.apart) {
    count.pages += static_cast<int64_t>(sizeof apart + sizeof(LongLog));
    for (const std::shared_ptr<LogChunk>& chunk : apart.log->chunks) {
      count.pages += static_cast<int64_t>(sizeof chunk + sizeof(LogChunk) +
                                          chunk->totals.size() * sizeof(CellTotals));
      count.add(chunk->rows);
    }
  }
}

RowsCount count_logs(const std::vector<LogState>& logs) {
  RowsCount count;
  for (const LogState& log : logs) {
    for (const std::shared_ptr<EventPage>& page : log.pages) {
      if (page != nullptr) count_page(*page, count);
    }
    for (const EnumTexts& texts : log.texts) count.texts += static_cast<int64_t>(texts.memory());
  }
  return count;
}

// A tail keeps no row of an event that was deleted, and a base and a log neither.
int64_t count_rows(const std::vector<LogState>& logs) {
  int64_t rows = 0;
  for (const LogState& log : logs) {
    for (const std::shared_ptr<EventPage>& page : log.pages) {
      if (page == nullptr) continue;
      rows += static_cast<int64_t>(page->base_rows()) + static_cast<int64_t>(page->tail.size());
      for (const EventPage::Apart& apart : page->apart)
        rows += static_cast<int64_t>(apart.log->size);
    }
  }
  return rows;
}

}  // namespace

BookFacts BookData::facts() const {
  return {count_rows(state.streams), count_rows(state.attributes)};
}

BookMemory BookData::memory() const {
  const RowsCount events = count_logs(state.streams);
  const RowsCount values = count_logs(state.attributes);
  BookMemory memory;
  memory.customers = static_cast<int64_t>(state.ids->memory()) + events.pages + values.pages +
                     static_cast<int64_t>(effect_of_.capacity() * sizeof(uint32_t));
  memory.events = events.events;
  memory.event_keys = events.keys;
  for (const LogWriter& writer : streams) {
    memory.event_keys += static_cast<int64_t>(writer.memory());
  }
  memory.attributes = values.events + values.keys;
  for (const LogWriter& writer : attributes) {
    memory.attributes += static_cast<int64_t>(writer.memory());
  }
  memory.texts = events.texts + values.texts;
  memory.identities = static_cast<int64_t>(referrals.memory()) +
                      (links_ == nullptr ? 0 : static_cast<int64_t>(links_->memory())) +
                      static_cast<int64_t>(keys.memory());
  const int64_t rows = events.events + events.keys + events.texts + events.slack + values.events +
                       values.keys + values.texts + values.slack + events.metered + values.metered;
  int64_t enums = 0;
  for (const std::vector<LogState>* logs : {&state.streams, &state.attributes}) {
    for (const LogState& log : *logs) {
      for (const EnumTexts& texts : log.texts) enums += static_cast<int64_t>(texts.memory());
    }
  }
  const int64_t held_by_snapshots = std::max<int64_t>(0, meter->bytes() - (rows - enums));
  memory.slack = events.slack + values.slack + held_by_snapshots;
  memory.total = memory.customers + memory.events + memory.event_keys + memory.attributes +
                 memory.texts + memory.identities + memory.slack;
  return memory;
}

}  // namespace patron::internal
