#include "tests/engine/oracle/tree.h"

#include <stdexcept>

#include "lib/base/json.h"
#include "lib/base/json_writer.h"

namespace patron::oracle {
namespace {

using internal::JsonKind;
using internal::JsonValue;
using internal::JsonWriter;

void put(JsonWriter& out, const Tree& tree, int depth) {
  const auto layout = depth < 2 ? JsonWriter::Layout::kLines : JsonWriter::Layout::kInline;
  switch (tree.is) {
    case Tree::Is::kNull:
      out.null();
      break;
    case Tree::Is::kBool:
      out.boolean(tree.truth);
      break;
    case Tree::Is::kInt:
      out.integer(tree.integer);
      break;
    case Tree::Is::kReal:
      out.number(tree.real);
      break;
    case Tree::Is::kText:
      out.string(tree.text);
      break;
    case Tree::Is::kList:
      out.begin_array(layout);
      for (const auto& [name, value] : tree.members) put(out, value, depth + 1);
      out.end_array();
      break;
    case Tree::Is::kObject:
      out.begin_object(layout);
      for (const auto& [name, value] : tree.members) put(out.key(name), value, depth + 1);
      out.end_object();
  }
}

Tree get(JsonValue value) {
  switch (value.kind()) {
    case JsonKind::kNull:
      return {};
    case JsonKind::kBool:
      return Tree::of(value.boolean());
    case JsonKind::kInt:
      return Tree::of(value.integer());
    case JsonKind::kNumber:
      return Tree::of(value.number());
    case JsonKind::kString:
      return Tree::of(std::string(value.string()));
    case JsonKind::kArray:
    case JsonKind::kObject:
      break;
  }
  Tree out = value.is(JsonKind::kArray) ? Tree::list() : Tree::object();
  for (const JsonValue item : value.items()) out.set(std::string(item.key()), get(item));
  return out;
}

}  // namespace

Tree Tree::of(bool value) {
  Tree out;
  out.is = Is::kBool;
  out.truth = value;
  return out;
}

Tree Tree::of(int64_t value) {
  Tree out;
  out.is = Is::kInt;
  out.integer = value;
  return out;
}

Tree Tree::of(int value) { return of(int64_t{value}); }

Tree Tree::of(const char* value) { return of(std::string(value)); }

double Tree::number() const { return is == Is::kInt ? static_cast<double>(integer) : real; }

Tree Tree::of(double value) {
  Tree out;
  out.is = Is::kReal;
  out.real = value;
  return out;
}

Tree Tree::of(std::string value) {
  Tree out;
  out.is = Is::kText;
  out.text = std::move(value);
  return out;
}

Tree Tree::list() {
  Tree out;
  out.is = Is::kList;
  return out;
}

Tree Tree::object() {
  Tree out;
  out.is = Is::kObject;
  return out;
}

const Tree* Tree::find(std::string_view name) const {
  for (const auto& [key, value] : members) {
    if (key == name) return &value;
  }
  return nullptr;
}

std::string_view Tree::text_of(std::string_view name) const {
  const Tree* found = find(name);
  return found == nullptr ? std::string_view() : std::string_view(found->text);
}

std::string Tree::write() const {
  JsonWriter out;
  put(out, *this, 0);
  return out.take();
}

Tree Tree::read(std::string_view json) {
  const auto document = internal::JsonDocument::parse(json);
  if (!document.ok()) throw std::runtime_error(document.status().message());
  return get(document->root());
}

}  // namespace patron::oracle
