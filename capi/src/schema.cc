#include "patron/schema.h"

#include "capi/src/guard.h"
#include "capi/src/handles.h"

using namespace patron::capi;  // NOLINT
using patron::FieldSpec;
using patron::Result;
using patron::Status;

patron_status patron_schema_parse(const char* json, uint64_t json_size, patron_schema** schema,
                                  patron_error* error) noexcept {
  clear(schema);
  return guard(error, [&]() -> Status {
    Status status = require(schema, "schema");
    if (!status.ok()) return status;
    const Result<std::string_view> text = read_text(json, json_size, "json");
    if (!text.ok()) return text.status();
    Result<patron::Schema> parsed = patron::Schema::from_json(*text);
    if (!parsed.ok()) return parsed.status();
    return hand_out(*std::move(parsed), schema);
  });
}

int32_t patron_schema_fields(const patron_schema* schema) noexcept {
  return usable_handle(schema) ? static_cast<int32_t>(schema->schema.fields().size()) : -1;
}

int32_t patron_schema_find(const patron_schema* schema, const char* name,
                           uint64_t name_size) noexcept {
  if (!usable_handle(schema) || name == nullptr) return -1;
  return schema->schema.find({name, name_size});
}

patron_status patron_schema_describe(const patron_schema* schema, int32_t index,
                                     patron_schema_field* field, patron_error* error) noexcept {
  return guard(error, [&]() -> Status {
    Status status = first_error({check_handle(schema, "schema"), check_output(field, "field")});
    if (!status.ok()) return status;
    const auto fields = schema->schema.fields();
    status = require_index(index, static_cast<int64_t>(fields.size()), "index");
    if (!status.ok()) return status;
    const FieldSpec& spec = fields[static_cast<size_t>(index)];
    patron_schema_field value = PATRON_SCHEMA_FIELD_INIT;
    value.kind = static_cast<int32_t>(spec.kind);
    value.name = view(spec.name);
    value.nullable = spec.nullable ? 1 : 0;
    value.ordered = spec.ordered ? 1 : 0;
    value.value_count = static_cast<int32_t>(spec.values.size());
    if (spec.kind == patron::Kind::kMoney) {
      value.scale = spec.unit.scale;
      value.currency = currency_view(spec.unit);
    }
    write_struct(value, field);
    return {};
  });
}

patron_str patron_schema_value(const patron_schema* schema, int32_t index, int32_t value) noexcept {
  if (!usable_handle(schema)) return {nullptr, 0};
  const auto fields = schema->schema.fields();
  if (index < 0 || static_cast<size_t>(index) >= fields.size()) return {nullptr, 0};
  const auto& values = fields[static_cast<size_t>(index)].values;
  if (value < 0 || static_cast<size_t>(value) >= values.size()) return {nullptr, 0};
  return view(values[static_cast<size_t>(value)]);
}

void patron_schema_close(patron_schema* schema) noexcept { close(schema); }
