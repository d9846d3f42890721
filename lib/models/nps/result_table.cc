#include "lib/models/nps/result_table.h"

#include <algorithm>
#include <cmath>
#include <limits>
#include <utility>

#include "lib/base/bitmap.h"
#include "lib/base/refused_rows.h"
#include "lib/base/table_data.h"

namespace patron::internal {
namespace {

OwnedColumn make_column(const char* name, Type type, size_t rows, size_t width) {
  OwnedColumn column;
  column.field.name = name;
  column.field.type.type = type;
  column.length = static_cast<int64_t>(rows);
  column.values = Buffer(rows * width);
  return column;
}

/// Collects the columns of a table of `rows` rows.
class Columns {
 public:
  explicit Columns(size_t rows) : rows_(rows) {}

  template <typename Value>
  void add_ints(const char* name, const Value& value) {
    OwnedColumn column = make_column(name, Type::kInt64, rows_, sizeof(int64_t));
    for (size_t i = 0; i < rows_; i++) column.values.as<int64_t>()[i] = value(i);
    columns_.push_back(std::move(column));
  }

  /// value(i) is a double; NaN stands for null.
  template <typename Value>
  void add_doubles(const char* name, const Value& value) {
    OwnedColumn column = make_column(name, Type::kDouble, rows_, sizeof(double));
    for (size_t i = 0; i < rows_; i++) {
      const double number = value(i);
      column.values.as<double>()[i] = std::isnan(number) ? 0 : number;
      if (std::isnan(number)) set_null(i, &column);
    }
    columns_.push_back(std::move(column));
  }

  /// value(i) is a Label, which may be null.
  template <typename Value>
  void add_labels(const char* name, bool text, const Value& value) {
    if (text) return add_texts(name, value);
    OwnedColumn column = make_column(name, Type::kInt64, rows_, sizeof(int64_t));
    for (size_t i = 0; i < rows_; i++) {
      const Label label = value(i);
      column.values.as<int64_t>()[i] = label.null ? 0 : label.number;
      if (label.null) set_null(i, &column);
    }
    columns_.push_back(std::move(column));
  }

  template <typename Value>
  void add_texts(const char* name, const Value& value) {
    int64_t bytes = 0;
    for (size_t i = 0; i < rows_; i++) bytes += static_cast<int64_t>(value(i).text.size());
    const bool large = bytes > INT32_MAX;
    OwnedColumn column = make_column(name, large ? Type::kLargeString : Type::kString,
                                     static_cast<size_t>(bytes), 1);
    column.length = static_cast<int64_t>(rows_);
    column.offsets = Buffer((rows_ + 1) * (large ? sizeof(int64_t) : sizeof(int32_t)));
    size_t end = 0;
    for (size_t i = 0; i <= rows_; i++) {
      if (large)
        column.offsets.as<int64_t>()[i] = static_cast<int64_t>(end);
      else
        column.offsets.as<int32_t>()[i] = static_cast<int32_t>(end);
      if (i == rows_) break;
      const Label label = value(i);
      if (label.null) set_null(i, &column);
      std::copy(label.text.begin(), label.text.end(), column.values.data() + end);
      end += label.text.size();
    }
    columns_.push_back(std::move(column));
  }

  Table finish() { return make_owned_table(std::move(columns_)); }

 private:
  void set_null(size_t row, OwnedColumn* column) const {
    if (column->null_count++ == 0) {
      column->validity = Buffer((rows_ + 7) / 8);
      std::fill_n(column->validity.data(), column->validity.size(), uint8_t{0xFF});
    }
    clear_bit(column->validity.data(), static_cast<int64_t>(row));
  }

  size_t rows_;
  std::vector<OwnedColumn> columns_;
};

Label text_label(std::string_view text) {
  Label label;
  label.null = false;
  label.is_text = true;
  label.text = text;
  return label;
}

double or_nan(const std::optional<double>& value) {
  return value ? *value : std::numeric_limits<double>::quiet_NaN();
}

}  // namespace

Table estimates_table(const std::vector<Count>& counts, const std::vector<Estimate>& estimates,
                      const NpsOptions& options, bool text_groups) {
  Columns columns(counts.size());
  std::vector<std::string> kinds;
  if (options.kind) {
    for (const Count& count : counts) kinds.push_back(count.kind.to_string());
    columns.add_texts("kind", [&](size_t i) { return text_label(kinds[i]); });
  }
  if (options.group)
    columns.add_labels("group", text_groups, [&](size_t i) { return counts[i].label; });
  columns.add_ints("count", [&](size_t i) { return estimates[i].count; });
  if (options.method.question == Question::kNps) {
    columns.add_ints("promoters", [&](size_t i) { return estimates[i].promoters; });
    columns.add_ints("passives", [&](size_t i) { return estimates[i].passives; });
    columns.add_ints("detractors", [&](size_t i) { return estimates[i].detractors; });
  } else if (options.method.question == Question::kCsat) {
    columns.add_ints("satisfied", [&](size_t i) { return estimates[i].promoters; });
  }
  columns.add_doubles("score", [&](size_t i) { return estimates[i].score; });
  columns.add_doubles("standard_error", [&](size_t i) { return estimates[i].standard_error; });
  columns.add_doubles("low", [&](size_t i) { return estimates[i].low; });
  columns.add_doubles("high", [&](size_t i) { return estimates[i].high; });
  return columns.finish();
}

Table drivers_table(const std::vector<Driver>& drivers, const NpsOptions& options) {
  Columns columns(drivers.size());
  if (options.kind)
    columns.add_texts("kind", [&](size_t i) { return text_label(drivers[i].kind); });
  columns.add_texts("topic", [&](size_t i) { return text_label(drivers[i].topic); });
  columns.add_ints("mentions", [&](size_t i) { return drivers[i].mentions; });
  columns.add_doubles("score_with", [&](size_t i) { return drivers[i].score_with; });
  columns.add_doubles("score_without", [&](size_t i) { return or_nan(drivers[i].score_without); });
  columns.add_doubles("effect", [&](size_t i) { return or_nan(drivers[i].effect); });
  columns.add_doubles("low", [&](size_t i) { return or_nan(drivers[i].low); });
  columns.add_doubles("high", [&](size_t i) { return or_nan(drivers[i].high); });
  return columns.finish();
}

const std::string& refused_column(ResponseRefusal reason, const NpsOptions& options) {
  switch (reason) {
    case ResponseRefusal::kNullKind:
    case ResponseRefusal::kKindOutOfRange:
      return *options.kind;
    case ResponseRefusal::kGroupOutOfRange:
      return *options.group;
    case ResponseRefusal::kNullTime:
    case ResponseRefusal::kTimeOutOfRange:
    case ResponseRefusal::kTimeNotUnderstood:
      return *options.time;
    case ResponseRefusal::kNullCustomer:
    case ResponseRefusal::kCustomerOutOfRange:
      return *options.customer;
    default:
      return options.score;
  }
}

Result<Table> refused_table(const std::vector<BadRow>& bad, const NpsOptions& options,
                            Watch* watch) {
  return refused_rows_table(
      bad, watch, [&](ResponseRefusal reason) { return refused_column(reason, options); });
}

}  // namespace patron::internal
