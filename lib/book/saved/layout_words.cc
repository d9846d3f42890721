#include "lib/book/saved/layout_words.h"

#include "lib/base/utf8.h"
#include "lib/book/saved/sections.h"

namespace patron::internal {
namespace {

std::string describe(const FieldSpec& field) {
  std::string text = field.name + ": " + kind_name(field.kind);
  if (field.kind == Kind::kMoney) {
    text += " (scale " + std::to_string(field.unit.scale);
    if (field.unit.currency[0] != '\0') {
      text += ", " + std::string(field.unit.currency.data(), field.unit.currency.size());
    }
    text += ")";
  }
  if (!field.nullable) text += ", needed";
  if (field.ordered) text += ", ordered";
  return text;
}

// Values stand one by one, so that a name cannot look like two.
void add_values(const std::string& thing, const FieldSpec& field, std::vector<LayoutWord>& words) {
  for (size_t v = 0; v < field.values.size(); ++v) {
    words.push_back({thing + ", value " + std::to_string(v), field.values[v]});
  }
}

const char* form_name(KeyForm form) {
  switch (form) {
    case KeyForm::kPhone:
      return "phone";
    case KeyForm::kEmail:
      return "email";
    case KeyForm::kExact:
      break;
  }
  return "exact";
}

}  // namespace

std::vector<LayoutWord> words_of(const BookSpec& spec) {
  std::vector<LayoutWord> words;
  words.push_back({"the ids of customers", kind_name(spec.customer)});
  words.push_back({"the time zone", spec.zone.name()});
  FieldSpec money;
  money.name = "money";
  money.kind = Kind::kMoney;
  money.unit = spec.money;
  words.push_back({"the money", describe(money)});
  words.push_back({"the country code", spec.country_code});
  for (size_t s = 0; s < spec.streams.size(); ++s) {
    const BookStream& stream = spec.streams[s];
    words.push_back({"stream " + std::to_string(s), stream.name});
    const std::string name = "stream " + quoted(stream.name);
    words.push_back({"the event key of " + name, stream.key});
    for (size_t c = 0; c < stream.columns.size(); ++c) {
      const BookColumn& column = stream.columns[c];
      const std::string thing = name + ", column " + std::to_string(c);
      words.push_back({thing, describe(column.field) + (column.customer ? ", a customer" : "") +
                                  (column.sums ? ", sums" : "")});
      add_values(thing, column.field, words);
    }
  }
  for (size_t a = 0; a < spec.attributes.size(); ++a) {
    const std::string thing = "attribute " + std::to_string(a);
    words.push_back({thing, describe(spec.attributes[a].field)});
    add_values(thing, spec.attributes[a].field, words);
  }
  for (size_t k = 0; k < spec.keys.size(); ++k) {
    words.push_back({"identity key " + std::to_string(k),
                     spec.keys[k].name + ": " + form_name(spec.keys[k].form)});
  }
  return words;
}

void put_layout(const BookSpec& spec, BookByteWriter& out) {
  const std::vector<LayoutWord> words = words_of(spec);
  out.put(static_cast<uint32_t>(words.size()));
  for (const LayoutWord& word : words) {
    out.put_text(word.thing);
    out.put_text(word.value);
  }
}

Status check_layout(BookByteReader in, const BookSpec& spec, int64_t offset) {
  const std::vector<LayoutWord> words = words_of(spec);
  const auto count = in.take<uint32_t>();
  const auto differs = [](std::string_view thing, std::string_view there, std::string_view here) {
    return Status(Code::kDocument,
                  "the book was saved with another layout: " + printable(thing, 200) + " is " +
                      quoted(there) + " there and " + quoted(here) + " here");
  };
  for (uint32_t i = 0; i < count; ++i) {
    const std::string_view thing = in.take_text();
    const std::string_view value = in.take_text();
    if (!in.sound()) return damaged(offset, "a layout that ends too early");
    if (i >= words.size()) return differs(thing, value, "not there");
    if (thing != words[i].thing) {
      return Status(Code::kDocument, "the book was saved with another layout: it has " +
                                         printable(thing, 200) + " (" + quoted(value) +
                                         ") where this one has " + printable(words[i].thing, 200) +
                                         " (" + quoted(words[i].value) + ")");
    }
    if (value != words[i].value) return differs(thing, value, words[i].value);
  }
  if (!in.done()) return damaged(offset, "bytes behind a layout");
  if (count < words.size()) return differs(words[count].thing, "not there", words[count].value);
  return {};
}

}  // namespace patron::internal
