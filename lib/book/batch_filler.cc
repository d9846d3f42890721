#include "lib/book/batch_filler.h"

#include <algorithm>
#include <cmath>
#include <cstring>
#include <limits>
#include <string>

#include "lib/base/nearest.h"
#include "lib/base/number_text.h"
#include "lib/base/utf8.h"

namespace patron::internal {
namespace {

constexpr CellReason kNullReason = "null";

bool is_currency(std::string_view text) {
  return text.size() == 3 &&
         std::all_of(text.begin(), text.end(), [](char c) { return c >= 'A' && c <= 'Z'; });
}

}  // namespace

bool null_cell(const CellColumn& column, const uint8_t* cells, size_t i) {
  const auto is = [&](auto value) {
    decltype(value) cell;
    std::memcpy(&cell, cells + i * sizeof cell, sizeof cell);
    return cell == value;
  };
  switch (column.cell) {
    case CellType::kByte:
      return is(kNullByte);
    case CellType::kDay:
      return is(kNullDay);
    case CellType::kBits:
      return is(kNullBits);
    case CellType::kDouble: {
      double cell;
      std::memcpy(&cell, cells + i * sizeof cell, sizeof cell);
      return std::isnan(cell);
    }
    default:
      return is(kNullInt);
  }
}

size_t batch_width(const CellColumn& column) {
  return column.cell == CellType::kCustomer ? sizeof(int64_t) : column.width;
}

BatchFiller::BatchFiller(const StreamLayout& stream, const LayoutData& layout, Micros until,
                         EventBatch& batch, BookReport& report)
    : stream_(&stream),
      layout_(&layout),
      until_(until),
      batch_(&batch),
      report_(&report),
      refusals_(report),
      marked_(batch.marked) {
  batch.clear(stream);
}

void BatchFiller::reserve(size_t rows, const TableColumns& columns) {
  block_.make_room();
  marked_.reserve(rows);
  batch_->times.reserve(rows);
  layout_->text_customers ? batch_->text_ids.reserve(rows) : batch_->int_ids.reserve(rows);
  for (size_t c = 0; c < stream_->columns.size(); ++c) {
    if (!columns.cells[c]) continue;
    const CellColumn& column = stream_->columns[c];
    if (reads_text(column, layout_->text_customers)) {
      batch_->columns[c].texts.reserve(rows);
    } else {
      batch_->columns[c].cells.reserve(rows * batch_width(column));
    }
  }
}

void BatchFiller::read(const TableColumns& columns, int chunk, int64_t begin, int64_t n) {
  const size_t base = batch_->size();
  marked_.resize(base + static_cast<size_t>(n));
  if (columns.time) {
    columns.time->read(chunk, begin, n, block_);
    const auto* times = reinterpret_cast<const Micros*>(block_.cells.data());
    batch_->times.insert_end(times, times + n);
    take_reasons(kTimeOfRow, *columns.time, chunk, begin, n, base);
  } else {
    batch_->times.insert_end(static_cast<size_t>(n), default_time_);
  }
  check_times(base, n);
  if (columns.customer) read_customers(*columns.customer, chunk, begin, n, base);
  for (size_t c = 0; c < stream_->columns.size(); ++c) {
    if (columns.cells[c]) read_column(c, *columns.cells[c], chunk, begin, n, base);
  }
  if (columns.currency) convert(columns, chunk, begin, n, base);
}

Status BatchFiller::read_events(std::span<const BookEvent> events) {
  for (size_t i = 0; i < events.size(); ++i) {
    const BookEvent& event = events[i];
    if (event.values.size() != stream_->columns.size()) {
      return {Code::kLength,
              "event " + std::to_string(i) + " has " + std::to_string(event.values.size()) +
                  " values; stream " + quoted(stream_->name) + " has " +
                  std::to_string(stream_->columns.size()) + " columns",
              static_cast<int64_t>(i)};
    }
    marked_.push_back(0);
    batch_->times.push_back(event.time);
    if (event.time < kMinTime || event.time >= kEndTime) {
      refuse(i, kTimeOfRow, "time out of range");
    }
    if (stream_->referrer < 0) add_id(i, event.customer);
    for (size_t c = 0; c < stream_->columns.size(); ++c) add_value(i, c, event.values[c]);
    if (!bad_value_.ok()) return bad_value_;
  }
  check_times(0, static_cast<int64_t>(events.size()));
  return {};
}

// Rows without a value of the only column are none, good or bad.
void BatchFiller::skip_nulls() {
  const CellColumn& column = stream_->columns[0];
  BatchColumn& values = batch_->columns[0];
  skipped_ = 0;
  for (size_t i = 0; i < batch_->size(); ++i) {
    if (marked_[i] != 0) continue;
    const bool null = reads_text(column, layout_->text_customers)
                          ? values.texts[i].data() == nullptr
                          : null_cell(column, values.cells.data(), i);
    if (!null) continue;
    marked_[i] = 1;
    any_marked_ = true;
    ++skipped_;
  }
}

// Of keys that are to be deleted.
void BatchFiller::finish_keys() {
  if (any_marked_) batch_->leave_out(marked_);
}

// Columns of which nothing is given go, and so do the rows that are refused.
void BatchFiller::finish() {
  for (size_t c = 0; c < stream_->columns.size(); ++c) {
    BatchColumn& column = batch_->columns[c];
    if (!column.given) {
      column.cells.clear();
      column.texts.clear();
    }
    const bool needed = !stream_->columns[c].nullable || static_cast<int>(c) == stream_->key;
    if (!column.given && needed) {
      for (size_t i = 0; i < batch_->size(); ++i) refuse_null(i, stream_->columns[c].name);
    }
  }
  if (any_marked_) batch_->leave_out(marked_);
  name_referred();
}

void BatchFiller::refuse(size_t row, std::string_view column, std::string_view reason) {
  if (marked_[row] != 0) return;
  marked_[row] = 1;
  any_marked_ = true;
  refusals_.add(batch_->source_of(row), column, reason);
}

void BatchFiller::refuse_null(size_t row, std::string_view column) {
  refuse(row, column, std::string(kNullReason) + " " + std::string(column));
}

void BatchFiller::take_reasons(std::string_view column, const CellReader& reader, int chunk,
                               int64_t begin, int64_t n, size_t base) {
  for (int64_t i = 0; block_.any_reason && i < n; ++i) {
    const CellReason reason = block_.reasons[static_cast<size_t>(i)];
    if (reason == nullptr) continue;
    refuse(base + static_cast<size_t>(i), column,
           std::string(column) + ": " + reader.message(reason, chunk, begin + i));
  }
}

void BatchFiller::check_times(size_t base, int64_t n) {
  const Micros* times = batch_->times.data() + base;
  for (int64_t i = 0; i < n; ++i) {
    if (times[i] >= kMinTime && times[i] <= until_) continue;
    const size_t row = base + static_cast<size_t>(i);
    if (times[i] == kNullInt) {
      refuse_null(row, kTimeOfRow);
    } else {
      refuse(row, kTimeOfRow,
             times[i] < kMinTime || until_ == kEndTime - 1 ? "time out of range"
                                                           : "time after " + format_time(until_));
    }
  }
}

void BatchFiller::read_customers(const CellReader& reader, int chunk, int64_t begin, int64_t n,
                                 size_t base) {
  reader.read(chunk, begin, n, block_);
  if (layout_->text_customers) {
    batch_->text_ids.insert_end(block_.texts.data(), block_.texts.data() + n);
    for (int64_t i = 0; i < n; ++i) {
      if (block_.texts[static_cast<size_t>(i)].data() == nullptr) {
        refuse_null(base + static_cast<size_t>(i), kCustomerColumn);
      }
    }
  } else {
    const auto* ids = reinterpret_cast<const int64_t*>(block_.cells.data());
    batch_->int_ids.insert_end(ids, ids + n);
    for (int64_t i = 0; i < n; ++i) {
      // The least integer is no id, and is not null.
      const bool null = ids[i] == kNullInt && block_.reasons[static_cast<size_t>(i)] == nullptr;
      if (null) refuse_null(base + static_cast<size_t>(i), kCustomerColumn);
    }
  }
  take_reasons(kCustomerColumn, reader, chunk, begin, n, base);
}

void BatchFiller::add_id(size_t row, CustomerId id) {
  if (layout_->text_customers) {
    if (id.text.data() == nullptr) {
      refuse_null(row, kCustomerColumn);
    } else if (id.text.size() > kMaxTextBytes) {
      refuse(row, kCustomerColumn, "customer: text of more than 65,535 bytes");
    } else if (!is_utf8(id.text)) {
      refuse(row, kCustomerColumn, "customer: bytes that are no UTF-8");
    }
    batch_->text_ids.push_back(id.text);
  } else {
    if (id.number == kNullInt) refuse(row, kCustomerColumn, "customer: out of range");
    batch_->int_ids.push_back(id.number);
  }
}

void BatchFiller::read_column(size_t c, const CellReader& reader, int chunk, int64_t begin,
                              int64_t n, size_t base) {
  const CellColumn& column = stream_->columns[c];
  BatchColumn& to = batch_->columns[c];
  reader.read(chunk, begin, n, block_);
  const bool text = reads_text(column, layout_->text_customers);
  const bool needed = !column.nullable || static_cast<int>(c) == stream_->key;
  if (text) {
    to.texts.insert_end(block_.texts.data(), block_.texts.data() + n);
  } else {
    const auto* cells = reinterpret_cast<const uint8_t*>(block_.cells.data());
    to.cells.insert_end(cells, cells + static_cast<size_t>(n) * batch_width(column));
  }
  if (block_.any_cell && (needed || !to.given)) {
    for (int64_t i = 0; i < n; ++i) {
      const size_t row = base + static_cast<size_t>(i);
      const bool null =
          text ? to.texts[row].data() == nullptr : null_cell(column, to.cells.data(), row);
      if (!null) to.given = true;
      if (!null && !needed) break;
      if (null && needed) refuse_null(row, column.name);
    }
  } else if (needed && !block_.any_cell) {
    for (int64_t i = 0; i < n; ++i) refuse_null(base + static_cast<size_t>(i), column.name);
  }
  take_reasons(column.name, reader, chunk, begin, n, base);
  if (column.cell == CellType::kCode && !column.values.empty()) check_enum(c, base, n);
}

void BatchFiller::check_enum(size_t c, size_t base, int64_t n) {
  const CellColumn& column = stream_->columns[c];
  for (size_t row = base; row < base + static_cast<size_t>(n); ++row) {
    const std::string_view text = batch_->columns[c].texts[row];
    if (text.data() == nullptr) continue;
    if (std::find(column.values.begin(), column.values.end(), text) == column.values.end()) {
      refuse(row, column.name,
             column.name + ": none of its values" +
                 (column.personal ? std::string() : ": " + quoted(text, 40)));
    }
  }
}

void BatchFiller::convert(const TableColumns& columns, int chunk, int64_t begin, int64_t n,
                          size_t base) {
  columns.currency->read(chunk, begin, n, block_);
  const std::vector<std::string_view> currencies(block_.texts.begin(), block_.texts.begin() + n);
  std::vector<double> rates(static_cast<size_t>(n), std::numeric_limits<double>::quiet_NaN());
  if (columns.rate) {
    columns.rate->read(chunk, begin, n, block_);
    std::memcpy(rates.data(), block_.cells.data(), rates.size() * sizeof(double));
    take_reasons(kRateColumn, *columns.rate, chunk, begin, n, base);
  }
  const auto& own = layout_->spec.money.currency;
  for (size_t i = 0; i < currencies.size(); ++i) {
    if (currencies[i].data() == nullptr || currencies[i] == std::string_view(own.data(), 3)) {
      continue;
    }
    if (!is_currency(currencies[i])) {
      refuse(base + i, kCurrencyColumn,
             std::string(kCurrencyColumn) + ": " + quoted(currencies[i], 40) +
                 " is no ISO 4217 code; want three capital letters, such as EUR");
      continue;
    }
    if (!(rates[i] > 0)) {
      refuse(base + i, kRateColumn,
             std::isnan(rates[i])
                 ? "a foreign currency without a rate: " + quoted(currencies[i]) + "; give " +
                       (own[0] == 0 ? "the policy's money" : std::string(own.data(), own.size())) +
                       " for 1 " + std::string(currencies[i]) + " in the column rate"
                 : std::string(kRateColumn) + ": want one above 0, not " + number_text(rates[i]));
      continue;
    }
    for (size_t c = 0; c < stream_->columns.size(); ++c) {
      if (stream_->columns[c].kind == Kind::kMoney && columns.cells[c]) {
        convert_cell(c, base + i, rates[i]);
      }
    }
  }
}

void BatchFiller::convert_cell(size_t c, size_t row, double rate) {
  uint8_t* at = batch_->columns[c].cells.data() + row * sizeof(int64_t);
  int64_t amount = 0;
  std::memcpy(&amount, at, sizeof amount);
  if (amount == kNullInt) return;
  const Result<int64_t> converted = money_scale_by(amount, rate);
  if (!converted.ok() || *converted == kNullInt) {
    refuse(row, stream_->columns[c].name, stream_->columns[c].name + ": out of range");
    return;
  }
  std::memcpy(at, &*converted, sizeof(int64_t));
}
// One value of an event, in the form in which a table's cell stands in the batch.
void BatchFiller::add_value(size_t row, size_t c, const BookValue& value) {
  const CellColumn& column = stream_->columns[c];
  BatchColumn& to = batch_->columns[c];
  const bool null = std::holds_alternative<std::monostate>(value);
  const auto wrong = [&] {
    bad_value_ = Status(Code::kType,
                        "event " + std::to_string(row) + " has a value of the wrong type for " +
                            quoted(stream_->name + "." + column.name),
                        static_cast<int64_t>(row));
  };
  const auto push = [&](const auto& cell) {
    const auto* bytes = reinterpret_cast<const uint8_t*>(&cell);
    to.cells.insert_end(bytes, bytes + sizeof cell);
  };
  if (null && (!column.nullable || static_cast<int>(c) == stream_->key)) {
    refuse_null(row, column.name);
  }
  // A column stays empty until it has a value.
  if (null && !to.given) return;
  if (!null && !to.given) start_column(row, c);
  if (reads_text(column, layout_->text_customers)) {
    const auto* text = std::get_if<std::string_view>(&value);
    if (text == nullptr && !null) return wrong();
    std::string_view kept = null ? std::string_view() : *text;
    if (!null && kept.data() == nullptr) kept = "";
    if (kept.size() > kMaxTextBytes) {
      refuse(row, column.name, column.name + ": text of more than 65,535 bytes");
    } else if (!is_utf8(kept)) {
      refuse(row, column.name, column.name + ": bytes that are no UTF-8");
    }
    to.texts.push_back(kept);
    if (column.cell == CellType::kCode && !column.values.empty()) check_enum(c, row, 1);
    return;
  }
  if (column.cell == CellType::kByte) {
    const bool* flag = std::get_if<bool>(&value);
    if (flag == nullptr && !null) return wrong();
    return push(static_cast<uint8_t>(null ? kNullByte : *flag ? 1 : 0));
  }
  if (column.cell == CellType::kDouble) {
    const double* number = std::get_if<double>(&value);
    if (number == nullptr && !null) return wrong();
    if (!null && !std::isfinite(*number)) {
      refuse(row, column.name, column.name + ": NaN or infinite");
    }
    return push(null ? std::numeric_limits<double>::quiet_NaN() : *number);
  }
  const int64_t* whole = std::get_if<int64_t>(&value);
  if (whole == nullptr && !null) return wrong();
  if (!null) {
    const CellReason reason = check_int_cell(column, *whole);
    if (reason != nullptr) refuse(row, column.name, column.name + ": " + reason);
  }
  if (column.cell == CellType::kDay) {
    return push(null ? kNullDay : static_cast<int32_t>(*whole));
  }
  if (column.cell == CellType::kBits) {
    return push(null ? kNullBits : static_cast<uint64_t>(*whole));
  }
  push(null ? kNullInt : *whole);
}

// Nulls for the rows before the first value of a column.
void BatchFiller::start_column(size_t row, size_t c) {
  const CellColumn& column = stream_->columns[c];
  BatchColumn& to = batch_->columns[c];
  to.given = true;
  if (reads_text(column, layout_->text_customers)) {
    to.texts.insert_end(row, std::string_view());
    return;
  }
  for (size_t i = 0; i < row; ++i) add_value(i, c, BookValue());
}

// A referral is first of all a fact of who is referred.
void BatchFiller::name_referred() {
  if (stream_->referrer < 0) return;
  const BatchColumn& referred = batch_->columns[static_cast<size_t>(stream_->referred)];
  if (layout_->text_customers) {
    batch_->text_ids = referred.texts;
  } else {
    batch_->int_ids.resize(batch_->size());
    if (batch_->size() > 0) {
      std::memcpy(batch_->int_ids.data(), referred.cells.data(), batch_->size() * sizeof(int64_t));
    }
  }
}

}  // namespace patron::internal
