#include "capi/src/engine_tables.h"

#include <algorithm>
#include <string>

#include "capi/src/explain_json.h"
#include "capi/src/input.h"
#include "capi/src/table_of.h"
#include "lib/engine/tables/id_column.h"

namespace patron::capi {
namespace {

Cell id_cell(const CustomerId& id, Kind kind) {
  return kind == Kind::kInt64 ? Cell::of(id.number) : Cell::of_text(id.text);
}

// What moved most, where anything was compared.
const Drift* most_moved(const ModelReport& report) {
  const auto most = std::max_element(
      report.drift.begin(), report.drift.end(),
      [](const Drift& a, const Drift& b) { return a.stability_index < b.stability_index; });
  return most == report.drift.end() ? nullptr : &*most;
}

// The conditions that decided a move, where any did.
std::optional<std::string> because(const std::vector<Reason>& reasons) {
  if (reasons.empty()) return std::nullopt;
  return reasons_json(reasons);
}

// An instant that stands for none is null.
template <Micros none>
std::optional<Micros> unless(Micros t) {
  return t == none ? std::nullopt : std::optional(t);
}

}  // namespace

Table refused_table(std::span<const BookRefusal> refused) {
  return table_of<BookRefusal>(refused, {{"row", Kind::kInt64, &BookRefusal::row},
                                         {"column", Kind::kString, &BookRefusal::column},
                                         {"reason", Kind::kString, &BookRefusal::reason}});
}

Table columns_table(const BookStream& stream) {
  using Column = BookColumn;
  return table_of<Column>(
      stream.columns,
      {{"name", Kind::kString, [](const Column& one) { return one.field.name; }},
       {"kind", Kind::kString, [](const Column& one) { return kind_name(one.field.kind); }},
       {"key", Kind::kBool, [&](const Column& one) { return one.field.name == stream.key; }},
       {"personal", Kind::kBool, &Column::personal},
       {"customer", Kind::kBool, &Column::customer}});
}

Table transitions_table(std::span<const Transition> transitions, Kind customer) {
  using Row = Transition;
  return table_of<Row>(
      transitions,
      {{"number", Kind::kInt64, &Row::number},
       {"sequence", Kind::kInt64, &Row::sequence},
       {"customer", customer, [=](const Row& one) { return id_cell(one.customer, customer); }},
       {"classification", Kind::kString, &Row::classification},
       {"from", Kind::kString, [](const Row& one) { return named(one.from); }},
       {"to", Kind::kString, [](const Row& one) { return named(one.to); }},
       {"at", Kind::kTimestamp, &Row::at},
       {"fact_time", Kind::kTimestamp, &Row::fact_time},
       {"cause", Kind::kString, [](const Row& one) { return cause_name(one.cause); }},
       {"quiet", Kind::kBool, &Row::quiet},
       {"calibration", Kind::kInt64, &Row::calibration},
       {"policy", Kind::kInt64, &Row::policy},
       {"because", Kind::kString, [](const Row& one) { return because(one.because); }}});
}

Table model_reports_table(std::span<const ModelReport> reports) {
  using Row = ModelReport;
  const auto of_most = [](auto member) {
    return [member](const Row& one) {
      const Drift* most = most_moved(one);
      return most == nullptr ? Cell() : cell_of(most->*member);
    };
  };
  return table_of<Row>(
      reports,
      {{"model", Kind::kString, &Row::model},
       {"verdict", Kind::kString, [](const Row& one) { return model_verdict_name(one.verdict); }},
       {"message", Kind::kString, &Row::message},
       {"customers", Kind::kInt64, &Row::customers},
       {"drift", Kind::kString, of_most(&Drift::of)},
       {"stability_index", Kind::kDouble, of_most(&Drift::stability_index)},
       {"movers", Kind::kDouble, of_most(&Drift::movers)}});
}

Table calibrations_table(std::span<const CalibrationNote> notes) {
  struct Row {
    const CalibrationNote* of;
    const ModelReport* model;  // null: it came without a report
  };
  std::vector<Row> rows;
  for (const CalibrationNote& note : notes) {
    for (const ModelReport& model : note.report) rows.push_back({&note, &model});
    if (note.report.empty()) rows.push_back({&note, nullptr});
  }
  const auto of_note = [](auto member) {
    return [member](const Row& one) { return one.of->*member; };
  };
  const auto text_of_model = [](auto get) {
    return [get](const Row& one) {
      return one.model == nullptr ? std::optional<std::string>() : std::string(get(*one.model));
    };
  };
  const auto of_most = [](auto member) {
    return [member](const Row& one) {
      const Drift* most = one.model == nullptr ? nullptr : most_moved(*one.model);
      return most == nullptr ? Cell() : cell_of(most->*member);
    };
  };
  return table_of<Row>(
      rows,
      {{"number", Kind::kInt64, of_note(&CalibrationNote::number)},
       {"at", Kind::kTimestamp, of_note(&CalibrationNote::at)},
       {"customers", Kind::kInt64, of_note(&CalibrationNote::customers)},
       {"moved", Kind::kInt64, of_note(&CalibrationNote::moved)},
       {"model", Kind::kString, text_of_model([](const ModelReport& of) { return of.model; })},
       {"verdict", Kind::kString,
        text_of_model([](const ModelReport& of) { return model_verdict_name(of.verdict); })},
       {"message", Kind::kString, text_of_model([](const ModelReport& of) { return of.message; })},
       {"model_customers", Kind::kInt64,
        [](const Row& one) {
          return one.model == nullptr ? std::optional<int64_t>() : one.model->customers;
        }},
       {"drift", Kind::kString, of_most(&Drift::of)},
       {"stability_index", Kind::kDouble, of_most(&Drift::stability_index)},
       {"movers", Kind::kDouble, of_most(&Drift::movers)}});
}

Table distribution_table(std::span<const ClassCount> counts) {
  return table_of<ClassCount>(
      counts, {{"class", Kind::kString, [](const ClassCount& one) { return named(one.name); }},
               {"customers", Kind::kInt64, &ClassCount::customers}});
}

Table meetings_table(std::span<const KeyMeeting> meetings, Kind customer) {
  using Row = KeyMeeting;
  return table_of<Row>(
      meetings,
      {{"at", Kind::kTimestamp, &Row::at},
       {"key", Kind::kString, &Row::key},
       {"first", customer, [=](const Row& one) { return id_cell(one.first, customer); }},
       {"second", customer, [=](const Row& one) { return id_cell(one.second, customer); }},
       {"linked", Kind::kBool, &Row::linked},
       {"because", Kind::kString, [](const Row& one) { return named(one.because); }}});
}

Table overrides_table(std::span<const OverrideView> overrides) {
  using Row = OverrideView;
  const auto text = [](auto member) {
    return [member](const Row& one) { return std::string_view(one.what.*member); };
  };
  return table_of<Row>(
      overrides,
      {{"classification", Kind::kString, text(&Override::classification)},
       {"kind", Kind::kString, [](const Row& one) { return override_kind_name(one.what.kind); }},
       {"to", Kind::kString, [](const Row& one) { return named(one.what.to); }},
       {"at", Kind::kTimestamp, [](const Row& one) { return unless<kMinTime>(one.what.at); }},
       {"until", Kind::kTimestamp, [](const Row& one) { return unless<kEndTime>(one.what.until); }},
       {"reason", Kind::kString, text(&Override::reason)},
       {"author", Kind::kString, text(&Override::author)},
       {"in_force", Kind::kBool, &Row::in_force},
       {"own", Kind::kString, [](const Row& one) { return named(one.own); }},
       {"effective", Kind::kString, [](const Row& one) { return named(one.effective); }}});
}

Result<std::vector<CustomerId>> read_customers(const Table& table, Kind customer, Impossible what) {
  const Result<std::vector<internal::GivenId>> given =
      internal::read_ids(table, "customer", customer);
  if (!given.ok()) return given.status();
  std::vector<CustomerId> ids;
  ids.reserve(given->size());
  for (size_t row = 0; row < given->size(); ++row) {
    const internal::GivenId& one = (*given)[row];
    if (one.wrong == "null") {
      return Status(Code::kNull, "column \"customer\" is null; leave out who has no id",
                    static_cast<int64_t>(row));
    }
    if (one.wrong.empty()) {
      ids.push_back(one.id);
    } else if (what == Impossible::kRefused) {
      return Status(Code::kArgument, "column \"customer\": " + std::string(one.wrong),
                    static_cast<int64_t>(row));
    }
  }
  return ids;
}

}  // namespace patron::capi
