#include "capi/src/engine_tables.h"

#include <string>

#include "lib/base/column_reader.h"
#include "lib/engine/cell_table.h"

namespace patron::capi {
namespace {

using internal::CellTable;

Cell id_cell(const CustomerId& id, Kind kind) {
  return kind == Kind::kInt64 ? Cell::of(id.number) : Cell::of_text(id.text);
}

// A class, or null for none.
Cell class_cell(std::string_view name) { return name.empty() ? Cell() : Cell::of_text(name); }

Cell truth(bool value) { return Cell::of(value ? 1 : 0); }

}  // namespace

Table refused_table(std::span<const BookRefusal> refused) {
  CellTable out;
  const size_t row = out.column("row", Kind::kInt64);
  const size_t column = out.column("column", Kind::kString);
  const size_t reason = out.column("reason", Kind::kString);
  for (const BookRefusal& one : refused) {
    out.push(row, Cell::of(one.row));
    out.push(column, Cell::of_text(one.column));
    out.push(reason, Cell::of_text(one.reason));
  }
  return out.finish();
}

Table columns_table(const BookStream& stream) {
  CellTable out;
  const size_t name = out.column("name", Kind::kString);
  const size_t kind = out.column("kind", Kind::kString);
  const size_t key = out.column("key", Kind::kBool);
  const size_t personal = out.column("personal", Kind::kBool);
  const size_t customer = out.column("customer", Kind::kBool);
  for (const BookColumn& column : stream.columns) {
    out.push(name, Cell::of_text(column.field.name));
    out.push(kind, Cell::of_text(kind_name(column.field.kind)));
    out.push(key, truth(column.field.name == stream.key));
    out.push(personal, truth(column.personal));
    out.push(customer, truth(column.customer));
  }
  return out.finish();
}

Table transitions_table(std::span<const Transition> transitions, Kind customer,
                        std::optional<int64_t> first) {
  CellTable out;
  const size_t number = first ? out.column("number", Kind::kInt64) : 0;
  const size_t sequence = out.column("sequence", Kind::kInt64);
  const size_t id = out.column("customer", customer);
  const size_t classification = out.column("classification", Kind::kString);
  const size_t from = out.column("from", Kind::kString);
  const size_t to = out.column("to", Kind::kString);
  const size_t at = out.column("at", Kind::kTimestamp);
  const size_t fact_time = out.column("fact_time", Kind::kTimestamp);
  const size_t cause = out.column("cause", Kind::kString);
  const size_t quiet = out.column("quiet", Kind::kBool);
  const size_t calibration = out.column("calibration", Kind::kInt64);
  for (const Transition& one : transitions) {
    if (first) out.push(number, Cell::of((*first)++));
    out.push(sequence, Cell::of(one.sequence));
    out.push(id, id_cell(one.customer, customer));
    out.push(classification, Cell::of_text(one.classification));
    out.push(from, class_cell(one.from));
    out.push(to, class_cell(one.to));
    out.push(at, Cell::of(one.at));
    out.push(fact_time, one.fact_time ? Cell::of(*one.fact_time) : Cell());
    out.push(cause, Cell::of_text(cause_name(one.cause)));
    out.push(quiet, truth(one.quiet));
    out.push(calibration, Cell::of(one.calibration));
  }
  return out.finish();
}

Table forecast_table(std::span<const Forecast> forecast, Kind customer,
                     std::string_view classification) {
  CellTable out;
  const size_t id = out.column("customer", customer);
  const size_t name = out.column("classification", Kind::kString);
  const size_t from = out.column("from", Kind::kString);
  const size_t to = out.column("to", Kind::kString);
  const size_t at = out.column("at", Kind::kTimestamp);
  const size_t cause = out.column("cause", Kind::kString);
  for (const Forecast& one : forecast) {
    if (!classification.empty() && one.classification != classification) continue;
    out.push(id, id_cell(one.customer, customer));
    out.push(name, Cell::of_text(one.classification));
    out.push(from, class_cell(one.from));
    out.push(to, class_cell(one.to));
    out.push(at, Cell::of(one.at));
    out.push(cause, Cell::of_text(cause_name(one.cause)));
  }
  return out.finish();
}

Table distribution_table(std::span<const ClassCount> counts) {
  CellTable out;
  const size_t name = out.column("class", Kind::kString);
  const size_t customers = out.column("customers", Kind::kInt64);
  for (const ClassCount& one : counts) {
    out.push(name, class_cell(one.name));
    out.push(customers, Cell::of(one.customers));
  }
  return out.finish();
}

Result<std::vector<CustomerId>> read_customers(const Table& table, Kind customer) {
  const Result<int> column = table.require("customer");
  if (!column.ok()) return column.status();
  const DataType& type = table.field(*column).type;
  const auto rows = static_cast<size_t>(table.rows());
  std::vector<CustomerId> ids;
  ids.reserve(rows);
  std::vector<internal::CellState> states;
  const auto wrong = [&](const char* wanted) {
    return Status(Code::kType, "column \"customer\" is " + type_name(type) +
                                   "; customers of this policy are " + wanted);
  };
  const auto gather = [&](const auto& reader, auto values, auto make) -> Status {
    for (size_t chunk = 0; chunk < table.chunks(*column).size(); ++chunk) {
      const int64_t n = table.chunks(*column)[chunk].length;
      values.resize(static_cast<size_t>(n));
      states.assign(static_cast<size_t>(n), internal::CellState::kOk);
      (void)reader.read(static_cast<int>(chunk), 0, n, values.data(), states.data());
      for (size_t i = 0; i < values.size(); ++i) {
        const auto row = static_cast<int64_t>(ids.size());
        if (states[i] == internal::CellState::kNull) {
          return {Code::kNull, "column \"customer\" is null; leave out who has no id", row};
        }
        // Ids that cannot be are nobody's.
        ids.push_back(states[i] == internal::CellState::kOk ? make(values[i]) : CustomerId{});
      }
    }
    return {};
  };
  Status status;
  if (customer == Kind::kInt64) {
    if (!internal::IntReader::reads(type)) return wrong("whole numbers");
    const Result<internal::IntReader> reader = internal::IntReader::open(table, *column);
    if (!reader.ok()) return reader.status();
    status = gather(*reader, std::vector<int64_t>(), [](int64_t id) { return CustomerId{id, {}}; });
  } else {
    if (!internal::TextReader::reads(type)) return wrong("texts");
    const Result<internal::TextReader> reader = internal::TextReader::open(table, *column);
    if (!reader.ok()) return reader.status();
    status = gather(*reader, std::vector<std::string_view>(), [](std::string_view id) {
      return CustomerId{0, id};
    });
  }
  if (!status.ok()) return status;
  return ids;
}

}  // namespace patron::capi
