#include "lib/book/event_batch.h"

#include <algorithm>
#include <cmath>
#include <cstring>
#include <limits>
#include <optional>
#include <string>

#include "lib/base/nearest.h"
#include "lib/base/utf8.h"

namespace patron::internal {
namespace {

constexpr const char* kCustomerColumn = "customer";
constexpr const char* kTimeColumn = "time";
constexpr const char* kCurrencyColumn = "currency";
constexpr const char* kRateColumn = "rate";
constexpr CellReason kNullReason = "null";

size_t batch_width(const CellColumn& column) {
  return column.cell == CellType::kCustomer ? sizeof(int64_t) : column.width;
}

// Whether a cell as it stands in a block or a batch is null.
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

// What a table's columns are to a stream.
struct TableColumns {
  const StreamLayout* stream = nullptr;
  bool text_ids = false;
  std::optional<CellReader> customer, time, currency, rate;
  std::vector<std::optional<CellReader>> cells;
  CellColumn customer_column, time_column, currency_column, rate_column;
};

CellColumn column_named(const char* name, Kind kind, CellType cell) {
  CellColumn column;
  column.name = name;
  column.kind = kind;
  column.cell = cell;
  column.width = static_cast<uint8_t>(cell_width(cell));
  return column;
}

bool has_money(const StreamLayout& stream) {
  return std::any_of(stream.columns.begin(), stream.columns.end(),
                     [](const CellColumn& column) { return column.kind == Kind::kMoney; });
}

Status unknown_column(const Table& table, const StreamLayout& stream, int index) {
  std::vector<std::string_view> known{kTimeColumn};
  if (stream.referrer < 0) known.push_back(kCustomerColumn);
  for (const CellColumn& column : stream.columns) known.push_back(column.name);
  const std::string& name = table.field(index).name;
  return {Code::kColumn, "stream " + quoted(stream.name) + " has no column " + quoted(name) +
                             did_you_mean(name, known)};
}

void name_columns(const StreamLayout& stream, const LayoutData& layout, TableColumns& out) {
  out.stream = &stream;
  out.text_ids = layout.text_customers;
  out.customer_column = column_named(kCustomerColumn, layout.spec.customer, CellType::kCustomer);
  out.time_column = column_named(kTimeColumn, Kind::kTimestamp, CellType::kInt);
  out.currency_column = column_named(kCurrencyColumn, Kind::kString, CellType::kText);
  out.rate_column = column_named(kRateColumn, Kind::kDouble, CellType::kDouble);
  out.cells.resize(stream.columns.size());
}

Status missing_column(std::string_view name, const StreamLayout& stream) {
  return {Code::kColumn, "the table has no column " + quoted(name) + ", which " +
                             (stream.attribute ? "attribute " : "stream ") + quoted(stream.name) +
                             " needs"};
}

Status open_column(const Table& table, int index, const CellColumn& column,
                   const LayoutData& layout, std::optional<CellReader>& to) {
  if (to) {
    return {Code::kColumn,
            "column " + quoted(table.field(index).name) + " stands in the table twice"};
  }
  Result<CellReader> reader = CellReader::open(table, index, column, layout);
  if (!reader.ok()) return std::move(reader).status();
  to = *std::move(reader);
  return {};
}

Status open_columns(const Table& table, const StreamLayout& stream, const LayoutData& layout,
                    TableColumns& out) {
  name_columns(stream, layout, out);
  for (int i = 0; i < table.columns(); ++i) {
    const std::string& name = table.field(i).name;
    const int c = stream.find(name);
    const CellColumn* column = nullptr;
    std::optional<CellReader>* to = nullptr;
    if (c >= 0) {
      column = &stream.columns[static_cast<size_t>(c)];
      to = &out.cells[static_cast<size_t>(c)];
    } else if (name == kTimeColumn) {
      column = &out.time_column;
      to = &out.time;
    } else if (name == kCustomerColumn && stream.referrer < 0) {
      column = &out.customer_column;
      to = &out.customer;
    } else if (name == kCurrencyColumn && has_money(stream)) {
      column = &out.currency_column;
      to = &out.currency;
    } else if (name == kRateColumn && has_money(stream)) {
      column = &out.rate_column;
      to = &out.rate;
    } else {
      return unknown_column(table, stream, i);
    }
    if (Status status = open_column(table, i, *column, layout, *to); !status.ok()) return status;
  }
  if (!out.time) return missing_column(kTimeColumn, stream);
  if (!out.customer && stream.referrer < 0) return missing_column(kCustomerColumn, stream);
  for (size_t c = 0; c < stream.columns.size(); ++c) {
    const bool needed = !stream.columns[c].nullable || static_cast<int>(c) == stream.key;
    if (needed && !out.cells[c]) return missing_column(stream.columns[c].name, stream);
  }
  return {};
}

// Fills a batch block by block, and marks rows that are refused.
class BatchFiller {
 public:
  BatchFiller(const StreamLayout& stream, const LayoutData& layout, Micros until, EventBatch& batch,
              BookReport& report)
      : stream_(&stream),
        layout_(&layout),
        until_(until),
        batch_(&batch),
        report_(&report),
        refusals_(report),
        marked_(batch.marked) {
    batch.clear(stream);
  }

  void reserve(size_t rows, const TableColumns& columns) {
    block_.make_room();
    marked_.reserve(rows);
    batch_->source.reserve(rows);
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

  void read(const TableColumns& columns, int chunk, int64_t begin, int64_t n, int64_t first_row) {
    const size_t base = batch_->size();
    for (int64_t i = 0; i < n; ++i) batch_->source.push_back(first_row + i);
    marked_.resize(base + static_cast<size_t>(n));
    if (columns.time) {
      columns.time->read(chunk, begin, n, block_);
      const auto* times = reinterpret_cast<const Micros*>(block_.cells.data());
      batch_->times.insert(batch_->times.end(), times, times + n);
      take_reasons(kTimeColumn, base, n);
    } else {
      batch_->times.insert(batch_->times.end(), static_cast<size_t>(n), default_time_);
    }
    check_times(base, n);
    if (columns.customer) read_customers(*columns.customer, chunk, begin, n, base);
    for (size_t c = 0; c < stream_->columns.size(); ++c) {
      if (columns.cells[c]) read_column(c, *columns.cells[c], chunk, begin, n, base);
    }
    if (columns.currency) convert(columns, chunk, begin, n, base);
  }

  Status read_events(std::span<const BookEvent> events) {
    for (size_t i = 0; i < events.size(); ++i) {
      const BookEvent& event = events[i];
      if (event.values.size() != stream_->columns.size()) {
        return {Code::kLength,
                "event " + std::to_string(i) + " has " + std::to_string(event.values.size()) +
                    " values; stream " + quoted(stream_->name) + " has " +
                    std::to_string(stream_->columns.size()) + " columns",
                static_cast<int64_t>(i)};
      }
      batch_->source.push_back(static_cast<int64_t>(i));
      marked_.push_back(0);
      batch_->times.push_back(event.time);
      if (event.time < kMinTime || event.time >= kEndTime) {
        refuse(i, kTimeColumn, "time out of range");
      }
      if (stream_->referrer < 0) add_id(i, event.customer);
      for (size_t c = 0; c < stream_->columns.size(); ++c) add_value(i, c, event.values[c]);
      if (!bad_value_.ok()) return bad_value_;
    }
    check_times(0, static_cast<int64_t>(events.size()));
    return {};
  }

  void set_default_time(Micros time) { default_time_ = time; }

  // Rows without a value of the only column are none, good or bad.
  void skip_nulls() {
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
  int64_t skipped() const { return skipped_; }

  // Of keys that are to be deleted.
  void finish_keys() {
    if (any_marked_) batch_->leave_out(marked_);
  }

  // Columns of which nothing is given go, and so do the rows that are refused.
  void finish() {
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

 private:
  void refuse(size_t row, std::string_view column, std::string_view reason) {
    if (marked_[row] != 0) return;
    marked_[row] = 1;
    any_marked_ = true;
    refusals_.add(batch_->source[row], column, reason);
  }
  void refuse_null(size_t row, std::string_view column) {
    refuse(row, column, std::string(kNullReason) + " " + std::string(column));
  }

  void take_reasons(std::string_view column, size_t base, int64_t n) {
    for (int64_t i = 0; block_.any_reason && i < n; ++i) {
      const CellReason reason = block_.reasons[static_cast<size_t>(i)];
      if (reason == nullptr) continue;
      refuse(base + static_cast<size_t>(i), column, std::string(column) + ": " + reason);
    }
  }

  void check_times(size_t base, int64_t n) {
    const Micros* times = batch_->times.data() + base;
    for (int64_t i = 0; i < n; ++i) {
      if (times[i] >= kMinTime && times[i] <= until_) continue;
      const size_t row = base + static_cast<size_t>(i);
      if (times[i] == kNullInt) {
        refuse_null(row, kTimeColumn);
      } else {
        refuse(row, kTimeColumn,
               times[i] < kMinTime || until_ == kEndTime - 1 ? "time out of range"
                                                             : "time after " + format_time(until_));
      }
    }
  }

  void read_customers(const CellReader& reader, int chunk, int64_t begin, int64_t n, size_t base) {
    reader.read(chunk, begin, n, block_);
    if (layout_->text_customers) {
      batch_->text_ids.insert(batch_->text_ids.end(), block_.texts.begin(),
                              block_.texts.begin() + n);
      for (int64_t i = 0; i < n; ++i) {
        if (block_.texts[static_cast<size_t>(i)].data() == nullptr) {
          refuse_null(base + static_cast<size_t>(i), kCustomerColumn);
        }
      }
    } else {
      const auto* ids = reinterpret_cast<const int64_t*>(block_.cells.data());
      batch_->int_ids.insert(batch_->int_ids.end(), ids, ids + n);
      for (int64_t i = 0; i < n; ++i) {
        if (ids[i] == kNullInt) refuse_null(base + static_cast<size_t>(i), kCustomerColumn);
      }
    }
    take_reasons(kCustomerColumn, base, n);
  }

  void add_id(size_t row, CustomerId id) {
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
      if (id.number == kNullInt) refuse_null(row, kCustomerColumn);
      batch_->int_ids.push_back(id.number);
    }
  }

  void read_column(size_t c, const CellReader& reader, int chunk, int64_t begin, int64_t n,
                   size_t base) {
    const CellColumn& column = stream_->columns[c];
    BatchColumn& to = batch_->columns[c];
    reader.read(chunk, begin, n, block_);
    const bool text = reads_text(column, layout_->text_customers);
    const bool needed = !column.nullable || static_cast<int>(c) == stream_->key;
    if (text) {
      to.texts.insert(to.texts.end(), block_.texts.begin(), block_.texts.begin() + n);
    } else {
      const auto* cells = reinterpret_cast<const uint8_t*>(block_.cells.data());
      to.cells.insert(to.cells.end(), cells, cells + static_cast<size_t>(n) * batch_width(column));
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
    take_reasons(column.name, base, n);
    if (column.cell == CellType::kCode && !column.values.empty()) check_enum(c, base, n);
  }

  void check_enum(size_t c, size_t base, int64_t n) {
    const CellColumn& column = stream_->columns[c];
    for (size_t row = base; row < base + static_cast<size_t>(n); ++row) {
      const std::string_view text = batch_->columns[c].texts[row];
      if (text.data() == nullptr) continue;
      if (std::find(column.values.begin(), column.values.end(), text) == column.values.end()) {
        refuse(row, column.name, column.name + ": none of its values");
      }
    }
  }

  void convert(const TableColumns& columns, int chunk, int64_t begin, int64_t n, size_t base) {
    columns.currency->read(chunk, begin, n, block_);
    const std::vector<std::string_view> currencies(block_.texts.begin(), block_.texts.begin() + n);
    std::vector<double> rates(static_cast<size_t>(n), std::numeric_limits<double>::quiet_NaN());
    if (columns.rate) {
      columns.rate->read(chunk, begin, n, block_);
      std::memcpy(rates.data(), block_.cells.data(), rates.size() * sizeof(double));
      take_reasons(kRateColumn, base, n);
    }
    const auto& own = layout_->spec.money.currency;
    for (size_t i = 0; i < currencies.size(); ++i) {
      if (currencies[i].data() == nullptr || currencies[i] == std::string_view(own.data(), 3)) {
        continue;
      }
      if (!(rates[i] > 0)) {
        refuse(base + i, kRateColumn, "a foreign currency without a rate");
        continue;
      }
      for (size_t c = 0; c < stream_->columns.size(); ++c) {
        if (stream_->columns[c].kind == Kind::kMoney && columns.cells[c]) {
          convert_cell(c, base + i, rates[i]);
        }
      }
    }
  }

  void convert_cell(size_t c, size_t row, double rate) {
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

  void add_value(size_t row, size_t c, const BookValue& value);
  void start_column(size_t row, size_t c);
  void name_referred();

  const StreamLayout* stream_;
  const LayoutData* layout_;
  Micros until_;
  EventBatch* batch_;
  BookReport* report_;
  RefusalList refusals_;
  std::vector<uint8_t>& marked_;
  bool any_marked_ = false;
  Micros default_time_ = 0;
  int64_t skipped_ = 0;
  Status bad_value_;
  CellBlock block_;
};

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
    to.cells.insert(to.cells.end(), bytes, bytes + sizeof cell);
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
    if (!null && kept.data() == nullptr) kept = std::string_view("", 0);
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
    to.texts.resize(row);
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

}  // namespace

void RefusalList::add(int64_t row, std::string_view column, std::string_view reason) {
  ++report_->refused_rows;
  if (report_->refused.size() >= BookReport::kMaxRefusals) return;
  report_->refused.push_back({row, std::string(column), std::string(reason)});
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
  }
}

void EventBatch::leave_out(const std::vector<uint8_t>& out) {
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
  int64_t first = 0;
  const std::span<const Chunk> chunks = table.chunks(0);
  for (size_t k = 0; k < chunks.size(); ++k) {
    for (int64_t begin = 0; begin < chunks[k].length; begin += CellBlock::kMost) {
      const int64_t n = std::min(CellBlock::kMost, chunks[k].length - begin);
      filler.read(columns, static_cast<int>(k), begin, n, first + begin);
    }
    first += chunks[k].length;
  }
}

}  // namespace

Status read_batch(const Table& table, const StreamLayout& stream, const LayoutData& layout,
                  Micros until, EventBatch& batch, BookReport& report) {
  TableColumns columns;
  if (Status status = open_columns(table, stream, layout, columns); !status.ok()) return status;
  BatchFiller filler(stream, layout, std::min(until, kEndTime - 1), batch, report);
  report.rows = table.rows();
  read_rows(table, columns, filler);
  filler.finish();
  return {};
}

Status read_keys(const Table& table, const StreamLayout& stream, const LayoutData& layout,
                 EventBatch& batch, BookReport& report) {
  TableColumns columns;
  name_columns(stream, layout, columns);
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
                                   quoted(stream.name) + did_you_mean(name, known)};
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
  TableColumns columns;
  const StreamLayout& claims = layout.claims;
  name_columns(claims, layout, columns);
  for (int i = 0; i < table.columns(); ++i) {
    const std::string& name = table.field(i).name;
    const int key = claims.find(name);
    Status status;
    if (key >= 0) {
      const auto k = static_cast<size_t>(key);
      status = open_column(table, i, claims.columns[k], layout, columns.cells[k]);
    } else if (name == kCustomerColumn) {
      status = open_column(table, i, columns.customer_column, layout, columns.customer);
    } else if (name == kTimeColumn) {
      status = open_column(table, i, columns.time_column, layout, columns.time);
    } else {
      std::vector<std::string_view> known{kCustomerColumn, kTimeColumn};
      for (const CellColumn& column : claims.columns) known.push_back(column.name);
      status = {Code::kColumn,
                "there is no identity key " + quoted(name) + did_you_mean(name, known)};
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
  TableColumns columns;
  name_columns(attribute, layout, columns);
  for (int i = 0; i < table.columns(); ++i) {
    const std::string& name = table.field(i).name;
    Status status;
    if (name == attribute.name) {
      status = open_column(table, i, attribute.columns[0], layout, columns.cells[0]);
    } else if (name == kCustomerColumn) {
      status = open_column(table, i, columns.customer_column, layout, columns.customer);
    } else if (name == kTimeColumn) {
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
                  const LayoutData& layout, Micros until, EventBatch& batch, BookReport& report) {
  BatchFiller filler(stream, layout, std::min(until, kEndTime - 1), batch, report);
  report.rows = static_cast<int64_t>(events.size());
  if (Status status = filler.read_events(events); !status.ok()) return status;
  filler.finish();
  return {};
}

}  // namespace patron::internal
