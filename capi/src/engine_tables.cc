#include "capi/src/engine_tables.h"

#include <algorithm>
#include <string>

#include "capi/src/input.h"
#include "capi/src/policy_names.h"
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

template <typename Texts>
std::string joined(const Texts& texts, char between) {
  std::string out;
  for (const auto& one : texts) {
    if (!out.empty()) out += between;
    out += one;
  }
  return out;
}

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

Table profile_table(const Profile& profile) {
  CellTable out;
  const size_t name = out.column("name", Kind::kString);
  const size_t label = out.column("label", Kind::kString);
  const size_t category = out.column("category", Kind::kString);
  const size_t kind = out.column("kind", Kind::kString);
  const size_t source = out.column("source", Kind::kString);
  const size_t from = out.column("from", Kind::kString);
  const size_t known = out.column("known", Kind::kBool);
  const size_t integer = out.column("integer", Kind::kInt64);
  const size_t number = out.column("number", Kind::kDouble);
  const size_t text = out.column("text", Kind::kString);
  const size_t scale = out.column("scale", Kind::kInt64);
  const size_t currency = out.column("currency", Kind::kString);
  const size_t as_of = out.column("as_of", Kind::kTimestamp);
  for (const ProfileValue& one : profile.values) {
    const bool is_set = one.kind == Kind::kEnumSet;
    const bool is_text = is_set || one.kind == Kind::kString || one.kind == Kind::kEnum;
    const bool is_number = one.kind == Kind::kDouble;
    const bool is_money = one.kind == Kind::kMoney;
    out.push(name, Cell::of_text(one.name));
    out.push(label, Cell::of_text(one.label));
    out.push(category, Cell::of_text(one.category));
    out.push(kind, Cell::of_text(kind_name(one.kind)));
    out.push(source, Cell::of_text(tag_source_name(one.source)));
    const std::string sources = joined(one.from, ' ');
    out.push(from, Cell::of_text(sources));
    out.push(known, truth(one.known));
    out.push(integer, one.known && !is_text && !is_number ? Cell::of(one.integer) : Cell());
    out.push(number, one.known && is_number ? Cell::of_double(one.number) : Cell());
    const std::string words = is_set ? joined(one.set, ',') : one.text;
    out.push(text, one.known && is_text ? Cell::of_text(words) : Cell());
    out.push(scale, is_money ? Cell::of(one.unit.scale) : Cell());
    const patron_str unit = currency_view(one.unit);
    out.push(currency, is_money ? Cell::of_text({unit.data, unit.size}) : Cell());
    out.push(as_of, one.as_of ? Cell::of(*one.as_of) : Cell());
  }
  return out.finish();
}

Table model_reports_table(std::span<const ModelReport> reports) {
  CellTable out;
  const size_t model = out.column("model", Kind::kString);
  const size_t verdict = out.column("verdict", Kind::kString);
  const size_t message = out.column("message", Kind::kString);
  const size_t customers = out.column("customers", Kind::kInt64);
  const size_t drift = out.column("drift", Kind::kString);
  const size_t index = out.column("stability_index", Kind::kDouble);
  const size_t movers = out.column("movers", Kind::kDouble);
  for (const ModelReport& one : reports) {
    const auto most = std::max_element(
        one.drift.begin(), one.drift.end(),
        [](const Drift& a, const Drift& b) { return a.stability_index < b.stability_index; });
    const bool any = most != one.drift.end();
    out.push(model, Cell::of_text(one.model));
    out.push(verdict, Cell::of_text(model_verdict_name(one.verdict)));
    out.push(message, Cell::of_text(one.message));
    out.push(customers, Cell::of(one.customers));
    out.push(drift, any ? Cell::of_text(most->of) : Cell());
    out.push(index, any ? Cell::of_double(most->stability_index) : Cell());
    out.push(movers, any ? Cell::of_double(most->movers) : Cell());
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
