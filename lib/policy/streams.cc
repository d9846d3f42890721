// Streams of events: the built-in ones with the columns they always have, declared columns, and
// streams of one's own.
#include <algorithm>
#include <array>

#include "lib/base/nearest.h"
#include "lib/policy/draft.h"
#include "lib/schema/given_columns.h"
#include "lib/schema/names.h"

namespace patron::internal::policy {
namespace {

PolicyColumn column_of(const std::string& name, Kind kind, const MoneyUnit& money) {
  PolicyColumn column;
  column.field.name = name;
  column.field.kind = kind;
  if (kind == Kind::kMoney) column.field.unit = money;
  return column;
}

void add_given(PolicyStream& stream, const Draft& draft) {
  PolicyColumn time = column_of("time", Kind::kTimestamp, {});
  time.field.nullable = false;
  stream.columns.push_back(std::move(time));
  for (const GivenColumn& given : kGivenColumns) {
    if (stream.name != given.stream) continue;
    const Kind kind = given.customer ? draft.data.customer : given.kind;
    PolicyColumn column = column_of(std::string(given.name), kind, draft.data.money);
    column.field.nullable = !given.needed;
    stream.columns.push_back(std::move(column));
  }
}

// What is wrong with the name of a column; empty: nothing.
std::string wrong_column_name(const PolicyStream& stream, const std::string& name) {
  if (const Status status = check_field_name(name); !status.ok()) return status.message();
  if (name.find('.') != std::string::npos) return "a column has no points in its name";
  if (name != "customer") return {};
  return stream.name +
         ".customer is there without being declared, and is whose event it is; give "
         "yours another name";
}

// A declared column takes the place of a given one of the same kind.
void read_column(const Cursor& at, PolicyStream& stream, Draft& draft) {
  static constexpr std::array<std::string_view, 6> kKeys{"type",     "values", "ordered",
                                                         "personal", "label",  "description"};
  PolicyColumn column;
  column.field.name = at.value.key();
  if (const std::string wrong = wrong_column_name(stream, column.field.name); !wrong.empty()) {
    draft.findings.error_at_key(at, "name", wrong);
    return;
  }
  if (at.is(JsonKind::kObject)) {
    if (!draft.findings.object(at, kKeys, {"type"})) return;
    draft.findings.boolean(at, "personal", column.personal);
    std::string ignored;
    read_words(at, draft, ignored, ignored);
  }
  if (!read_field(at, draft, column.field)) return;
  const auto same = std::find_if(
      stream.columns.begin(), stream.columns.end(),
      [&](const PolicyColumn& known) { return known.field.name == column.field.name; });
  if (same == stream.columns.end()) {
    stream.columns.push_back(std::move(column));
  } else if (same->field.kind == column.field.kind) {
    column.field.nullable = same->field.nullable;
    *same = std::move(column);
  } else {
    draft.findings.error(at, "type",
                         stream.name + "." + column.field.name + " is always " +
                             kind_name(same->field.kind) + "; give yours another name");
  }
}

// The column of event keys is there without being declared, as text.
void read_key(const Cursor& at, PolicyStream& stream, Draft& draft) {
  draft.findings.text(at, "key", stream.key);
  if (stream.key.empty()) return;
  const auto same =
      std::find_if(stream.columns.begin(), stream.columns.end(),
                   [&](const PolicyColumn& known) { return known.field.name == stream.key; });
  const Cursor here = *at.find("key");
  if (stream.name == "referrals") {
    draft.findings.error(here, "value", "a customer has one referrer; referrals need no key");
    return;
  }
  if (same != stream.columns.end()) {
    if (same->field.kind == Kind::kString || same->field.kind == Kind::kInt64) return;
    draft.findings.error(here, "type",
                         stream.name + "." + stream.key + " is " + kind_name(same->field.kind) +
                             "; event keys are string or int64");
    return;
  }
  if (const std::string wrong = wrong_column_name(stream, stream.key); !wrong.empty()) {
    draft.findings.error(here, "name", wrong);
    return;
  }
  stream.columns.push_back(column_of(stream.key, Kind::kString, {}));
}

// The column that names a refund's order is of the type of the keys.
void read_refund_of(const Cursor& at, PolicyStream& stream, Draft& draft) {
  draft.findings.text(at, "refund_of", stream.refund_of);
  if (stream.refund_of.empty()) return;
  const auto find = [&](const std::string& name) {
    return std::find_if(stream.columns.begin(), stream.columns.end(),
                        [&](const PolicyColumn& known) { return known.field.name == name; });
  };
  const auto key = find(stream.key), same = find(stream.refund_of);
  const Cursor here = *at.find("refund_of");
  if (stream.name != "orders") {
    draft.findings.error(here, "value", "only orders have refunds; leave it out");
  } else if (stream.key.empty() || key == stream.columns.end()) {
    draft.findings.error(here, "value",
                         "a refund names its order by the event key: say \"key\" too");
  } else if (stream.refund_of == stream.key) {
    draft.findings.error(here, "value",
                         "this is the key of the refund itself; the order's stands in a column of "
                         "its own");
  } else if (same != stream.columns.end()) {
    if (same->field.kind == key->field.kind) return;
    draft.findings.error(here, "type",
                         "the key is " + std::string(kind_name(key->field.kind)) + ", and " +
                             stream.refund_of + " is " + kind_name(same->field.kind));
  } else if (const std::string wrong = wrong_column_name(stream, stream.refund_of);
             !wrong.empty()) {
    draft.findings.error(here, "name", wrong);
  } else {
    stream.columns.push_back(column_of(stream.refund_of, key->field.kind, {}));
  }
}

void read_stream(const Cursor& at, Draft& draft) {
  static constexpr std::array<std::string_view, 6> kKeys{"key",       "columns", "zero_amounts",
                                                         "refund_of", "label",   "description"};
  PolicyStream stream;
  stream.name = at.value.key();
  stream.built_in =
      std::find(kGivenStreams.begin(), kGivenStreams.end(), stream.name) != kGivenStreams.end();
  if (const Status status = check_field_name(stream.name);
      !status.ok() || stream.name.find('.') != std::string::npos) {
    draft.findings.error_at_key(
        at, "name", status.ok() ? "a stream has no points in its name" : status.message());
    return;
  }
  if (!at.is(JsonKind::kObject)) {
    draft.findings.object(at, kKeys);
    return;
  }
  draft.findings.object(at, kKeys);
  add_given(stream, draft);
  std::string ignored;
  read_words(at, draft, ignored, ignored);
  static constexpr std::array<std::string_view, 2> kZero{"ignore", "count"};
  std::optional<size_t> zero;
  draft.findings.choice(at, "zero_amounts", kZero, zero);
  stream.count_zero_amounts = zero == 1U;
  if (const std::optional<Cursor> columns = at.find("columns")) {
    if (columns->is(JsonKind::kObject) && columns->value.size() <= kMaxColumns) {
      for (const Cursor& column : columns->items()) read_column(column, stream, draft);
    } else if (columns->is(JsonKind::kObject)) {
      draft.findings.error(*columns, "limit", "at most 256 columns can be declared");
    } else {
      draft.findings.object(*columns, {});
    }
  }
  read_key(at, stream, draft);
  read_refund_of(at, stream, draft);
  if (stream.columns.size() > kMaxColumns + 1) {  // the time aside
    draft.findings.error(at, "limit",
                         "a stream has at most 256 columns, those included that are there without "
                         "being declared; " +
                             stream.name + " has " + std::to_string(stream.columns.size() - 1));
  }
  std::vector<FieldSpec> fields;
  for (const PolicyColumn& column : stream.columns) {
    const bool open_set = column.field.kind == Kind::kEnumSet && column.field.values.empty();
    if (!open_set) fields.push_back(column.field);
  }
  Result<Schema> schema = Schema::make(std::move(fields), draft.data.zone);
  if (schema.ok()) {
    stream.schema = *std::move(schema);
  } else {
    draft.findings.error(at, "value", schema.status().message());
  }
  draft.data.streams.push_back(std::move(stream));
}

}  // namespace

void read_streams(const Cursor& root, Draft& draft) {
  const std::optional<Cursor> streams = root.find("streams");
  if (!streams) return;
  if (!streams->is(JsonKind::kObject)) {
    draft.findings.object(*streams, {});
    return;
  }
  if (streams->value.size() > kMaxStreams) {
    draft.findings.error(*streams, "limit", "at most 64 streams can be declared");
    return;
  }
  for (const Cursor& stream : streams->items()) read_stream(stream, draft);
}

}  // namespace patron::internal::policy
