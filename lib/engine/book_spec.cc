#include "lib/engine/book_spec.h"

namespace patron::internal {

bool is_open_set(Kind kind, const std::vector<std::string>& values) {
  return kind == Kind::kEnumSet && values.empty();
}

BookSpec book_spec(const PolicyData& policy) {
  BookSpec spec;
  spec.customer = policy.customer;
  spec.zone = policy.zone;
  spec.money = policy.money;
  for (const PolicyStream& from : policy.streams) {
    BookStream stream;
    stream.name = from.name;
    stream.key = from.key;
    for (const PolicyColumn& column : from.columns) {
      if (column.field.name == "time") continue;  // every stream of a book has it
      BookColumn out;
      out.field = column.field;
      out.personal = column.personal;
      if (is_open_set(out.field.kind, out.field.values)) out.field.kind = Kind::kString;
      out.customer = from.name == "referrals" &&
                     (column.field.name == "referrer" || column.field.name == "referred");
      stream.columns.push_back(std::move(out));
    }
    spec.streams.push_back(std::move(stream));
  }
  for (const PolicyValue& value : policy.values) {
    if (value.tag.source != TagSource::kAttribute) continue;
    BookAttribute attribute;
    attribute.field.name = value.tag.name;
    attribute.field.kind = value.tag.kind;
    attribute.field.values = value.tag.values;
    attribute.field.ordered = value.ordered;
    attribute.field.unit = value.unit;
    attribute.personal = value.personal;
    if (is_open_set(value.tag.kind, value.tag.values)) attribute.field.kind = Kind::kString;
    spec.attributes.push_back(std::move(attribute));
  }
  for (const std::string& key : policy.identity_keys) {
    BookKey out;
    out.name = key;
    out.form = key == "phone"   ? KeyForm::kPhone
               : key == "email" ? KeyForm::kEmail
                                : KeyForm::kExact;
    spec.keys.push_back(std::move(out));
  }
  return spec;
}

StreamRules stream_rules(const PolicyStream& stream) {
  StreamRules rules;
  rules.refunds = stream.name == "orders";
  rules.count_zero_amounts = stream.count_zero_amounts;
  rules.key = stream.key;
  rules.refund_of = stream.refund_of;
  for (const PolicyColumn& column : stream.columns) {
    if (is_open_set(column.field.kind, column.field.values)) {
      rules.open_sets.push_back(column.field.name);
    }
  }
  return rules;
}

}  // namespace patron::internal
