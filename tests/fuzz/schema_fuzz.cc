// Schemas: any document gives a schema whose fields are found by their names, or an error with a
// place in it; what is accepted means the same when it is made from its fields, and when it is
// written as a document and read again.
#include <string>
#include <vector>

#include "lib/base/json_writer.h"
#include "lib/base/utf8.h"
#include "patron/expression.h"
#include "patron/schema.h"
#include "tests/fuzz/fuzz.h"

namespace {

using patron::FieldSpec;
using patron::Kind;
using patron::Schema;

bool same(const FieldSpec& a, const FieldSpec& b) {
  return a.name == b.name && a.kind == b.kind && a.nullable == b.nullable && a.values == b.values &&
         a.ordered == b.ordered && a.unit == b.unit;
}

bool same(const Schema& a, const Schema& b) {
  if (a.fields().size() != b.fields().size() || a.zone().name() != b.zone().name()) return false;
  for (size_t i = 0; i < a.fields().size(); ++i) {
    if (!same(a.fields()[i], b.fields()[i])) return false;
  }
  return true;
}

// All money of a document has one unit.
void write_unit(patron::internal::JsonWriter& to, const Schema& schema) {
  for (const FieldSpec& field : schema.fields()) {
    if (field.kind != Kind::kMoney) continue;
    to.key("money");
    to.begin_object();
    to.key("scale");
    to.integer(field.unit.scale);
    if (field.unit.currency[0] != '\0') {
      to.key("currency");
      to.string({field.unit.currency.data(), field.unit.currency.size()});
    }
    to.end_object();
    return;
  }
}

std::string document_of(const Schema& schema) {
  patron::internal::JsonWriter to;
  to.begin_object();
  write_unit(to, schema);
  to.key("timezone");
  to.string(schema.zone().name());
  to.key("fields");
  to.begin_object();
  for (const FieldSpec& field : schema.fields()) {
    to.key(field.name);
    to.begin_object();
    to.key("type");
    to.string(patron::kind_name(field.kind));
    to.key("nullable");
    to.boolean(field.nullable);
    if (field.ordered) {
      to.key("ordered");
      to.boolean(true);
    }
    if (!field.values.empty()) {
      to.key("values");
      to.begin_array();
      for (const std::string& value : field.values) to.string(value);
      to.end_array();
    }
    to.end_object();
  }
  to.end_object();
  to.end_object();
  return to.take();
}

void check_fields(const Schema& schema) {
  FUZZ_CHECK(schema.find("") == -1 && schema.find("no name") == -1);
  for (size_t i = 0; i < schema.fields().size(); ++i) {
    const FieldSpec& field = schema.fields()[i];
    FUZZ_CHECK(schema.find(field.name) == static_cast<int>(i));
    // What a schema calls a field, an expression can read.
    const auto read = patron::Expression::parse(field.name, schema);
    FUZZ_CHECK(read.ok() && read->kind() == field.kind && read->nullable() == field.nullable);
    FUZZ_CHECK(read->fields().size() == 1 && read->fields()[0] == static_cast<int>(i));
  }
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  if (size > 8192) return 0;
  const std::string_view text(reinterpret_cast<const char*>(data), size);
  const patron::Result<Schema> schema = Schema::from_json(text);
  if (!schema.ok()) {
    const patron::Status& status = schema.status();
    FUZZ_CHECK(!status.message().empty());
    FUZZ_CHECK(status.byte_offset() >= 0 && status.byte_offset() <= static_cast<int64_t>(size));
    FUZZ_CHECK(patron::internal::is_utf8(status.message()));
    return 0;
  }
  check_fields(*schema);
  const auto fields = schema->fields();
  const patron::Result<Schema> made =
      Schema::make(std::vector<FieldSpec>(fields.begin(), fields.end()), schema->zone());
  FUZZ_CHECK(made.ok() && same(*made, *schema));
  const std::string document = document_of(*schema);
  const patron::Result<Schema> again = Schema::from_json(document);
  FUZZ_CHECK(again.ok() && same(*again, *schema));
  return 0;
}
