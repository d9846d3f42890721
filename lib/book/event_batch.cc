#include "lib/book/event_batch.h"

#include <algorithm>
#include <cstring>
#include <numeric>
#include <string>

#include "lib/base/nearest.h"
#include "lib/base/utf8.h"
#include "lib/book/batch_filler.h"
#include "lib/book/clean_reader.h"

namespace patron::internal {

void RefusalList::add(int64_t row, std::string_view column, std::string_view reason) {
  ++report_->refused_rows;
  if (report_->refused.size() >= 2 * BookReport::kMaxRefusals) put_in_order();
  report_->refused.push_back({row, std::string(column), std::string(reason)});
}

void RefusalList::put_in_order() {
  std::vector<BookRefusal>& all = report_->refused;
  const auto before = [](const BookRefusal& a, const BookRefusal& b) { return a.row < b.row; };
  if (!std::is_sorted(all.begin(), all.end(), before)) {
    std::stable_sort(all.begin(), all.end(), before);
  }
  if (all.size() <= BookReport::kMaxRefusals) return;
  all.erase(all.begin() + static_cast<std::ptrdiff_t>(BookReport::kMaxRefusals), all.end());
}

void EventBatch::clear(const StreamLayout& of) {
  layout = &of;
  marked.clear();
  source.clear();
  times.clear();
  int_ids.clear();
  text_ids.clear();
  customers.clear();
  columns.resize(of.columns.size());
  for (BatchColumn& column : columns) {
    column.given = false;
    column.cells.clear();
    column.texts.clear();
    column.coded = false;
    column.new_words.clear();
  }
}

void EventBatch::drop_ids() {
  source = {};
  int_ids = {};
  text_ids = {};
  marked = {};
}

void EventBatch::leave_out(const std::vector<uint8_t>& out) {
  if (source.empty()) {
    source.resize(size());
    std::iota(source.begin(), source.end(), int64_t{0});
  }
  const auto squeeze = [&](auto& values) {
    if (values.empty()) return;
    size_t kept = 0;
    for (size_t i = 0; i < out.size(); ++i) {
      if (out[i] == 0) values[kept++] = values[i];
    }
    values.resize(kept);
  };
  squeeze(source);
  squeeze(times);
  squeeze(int_ids);
  squeeze(text_ids);
  squeeze(customers);
  for (size_t c = 0; c < columns.size(); ++c) {
    squeeze(columns[c].texts);
    if (columns[c].cells.empty()) continue;
    const size_t width = batch_width(layout->columns[c]);
    size_t kept = 0;
    for (size_t i = 0; i < out.size(); ++i) {
      if (out[i] != 0) continue;
      std::memmove(columns[c].cells.data() + kept * width, columns[c].cells.data() + i * width,
                   width);
      ++kept;
    }
    columns[c].cells.resize(kept * width);
  }
}

namespace {

void read_rows(const Table& table, const TableColumns& columns, BatchFiller& filler) {
  filler.reserve(static_cast<size_t>(table.rows()), columns);
  const std::span<const Chunk> chunks = table.chunks(0);
  for (size_t k = 0; k < chunks.size(); ++k) {
    for (int64_t begin = 0; begin < chunks[k].length; begin += CellBlock::kMost) {
      const int64_t n = std::min(CellBlock::kMost, chunks[k].length - begin);
      filler.read(columns, static_cast<int>(k), begin, n);
    }
  }
}

}  // namespace

Status read_batch(const Table& table, const StreamLayout& stream, const LayoutData& layout,
                  Micros until, EventBatch& batch, BookReport& report) {
  TableColumns columns(stream, layout);
  if (Status status = open_columns(table, columns, layout); !status.ok()) return status;
  BatchFiller filler(stream, layout, std::min(until, kEndTime - 1), batch, report);
  report.rows = table.rows();
  read_rows(table, columns, filler);
  filler.finish();
  return {};
}

Status read_keys(const Table& table, const StreamLayout& stream, const LayoutData& layout,
                 EventBatch& batch, BookReport& report) {
  TableColumns columns(stream, layout);
  const auto key = static_cast<size_t>(stream.key);
  for (int i = 0; i < table.columns(); ++i) {
    const std::string& name = table.field(i).name;
    Status status;
    if (name == kCustomerColumn) {
      status = open_column(table, i, columns.customer_column, layout, columns.customer);
    } else if (name == stream.columns[key].name) {
      status = open_column(table, i, stream.columns[key], layout, columns.cells[key]);
    } else {
      const std::string_view known[] = {kCustomerColumn, stream.columns[key].name};
      status = {Code::kColumn, "column " + quoted(name) + " is not needed to delete from " +
                                   quoted(stream.name) + known_names(name, "columns", known)};
    }
    if (!status.ok()) return status;
  }
  if (!columns.customer) return missing_column(kCustomerColumn, stream);
  if (!columns.cells[key]) return missing_column(stream.columns[key].name, stream);
  BatchFiller filler(stream, layout, kEndTime - 1, batch, report);
  report.rows = table.rows();
  read_rows(table, columns, filler);
  filler.finish_keys();
  return {};
}

Status read_claims(const Table& table, const LayoutData& layout, Micros clock, Micros until,
                   EventBatch& batch, BookReport& report) {
  const StreamLayout& claims = layout.claims;
  TableColumns columns(claims, layout);
  for (int i = 0; i < table.columns(); ++i) {
    const std::string& name = table.field(i).name;
    const int key = claims.find(name);
    Status status;
    if (key >= 0) {
      const auto k = static_cast<size_t>(key);
      status = open_column(table, i, claims.columns[k], layout, columns.cells[k]);
    } else if (name == kCustomerColumn) {
      status = open_column(table, i, columns.customer_column, layout, columns.customer);
    } else if (name == kTimeOfRow) {
      status = open_column(table, i, columns.time_column, layout, columns.time);
    } else {
      std::vector<std::string_view> known{kCustomerColumn, kTimeOfRow};
      for (const CellColumn& column : claims.columns) known.push_back(column.name);
      status = {Code::kColumn, "there is no identity key " + quoted(name) +
                                   known_names(name, "columns", known) +
                                   "; name it under identities.keys of the policy"};
    }
    if (!status.ok()) return status;
  }
  if (!columns.customer) return missing_column(kCustomerColumn, claims);
  BatchFiller filler(claims, layout, std::min(until, kEndTime - 1), batch, report);
  filler.set_default_time(clock);
  report.rows = table.rows();
  read_rows(table, columns, filler);
  filler.finish();
  return {};
}

Status read_values(const Table& table, const StreamLayout& attribute, const LayoutData& layout,
                   const AddOptions& options, Micros until, EventBatch& batch, BookReport& report) {
  TableColumns columns(attribute, layout);
  for (int i = 0; i < table.columns(); ++i) {
    const std::string& name = table.field(i).name;
    Status status;
    if (name == attribute.name) {
      status = open_column(table, i, attribute.columns[0], layout, columns.cells[0]);
    } else if (name == kCustomerColumn) {
      status = open_column(table, i, columns.customer_column, layout, columns.customer);
    } else if (name == kTimeOfRow) {
      status = open_column(table, i, columns.time_column, layout, columns.time);
    }
    if (!status.ok()) return status;
  }
  if (!columns.customer) return missing_column(kCustomerColumn, attribute);
  BatchFiller filler(attribute, layout, std::min(until, kEndTime - 1), batch, report);
  filler.set_default_time(options.clock);
  read_rows(table, columns, filler);
  if (options.nulls == AttributeNulls::kIgnore) filler.skip_nulls();
  filler.finish();
  report.rows += table.rows() - filler.skipped();
  return {};
}

Status read_batch(std::span<const BookEvent> events, const StreamLayout& stream,
                  const LayoutData& layout, Micros until, EventBatch& batch, BookReport& report,
                  std::span<const std::unique_ptr<WordCodes>> words) {
  report.rows = static_cast<int64_t>(events.size());
  const Micros last = std::min(until, kEndTime - 1);
  if (read_clean(events, {stream, layout, last, batch, words})) return {};
  BatchFiller filler(stream, layout, last, batch, report);
  if (Status status = filler.read_events(events); !status.ok()) return status;
  filler.finish();
  return {};
}

}  // namespace patron::internal
