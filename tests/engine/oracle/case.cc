#include "tests/engine/oracle/case.h"

#include <algorithm>
#include <stdexcept>

#include "tests/engine/oracle/oracle.h"

namespace patron::oracle {
namespace {

const std::vector<std::string> kNames{"add",   "set",       "remove",  "advance", "forecast",
                                      "look",  "link",      "unlink",  "forget",  "override",
                                      "clear", "calibrate", "publish", "claim",   "learn"};

Micros time_of(const Tree& tree, std::string_view name) {
  const Result<Micros> t = parse_time(tree.text_of(name), TimeZone());
  if (!t.ok()) throw std::runtime_error(t.status().message());
  return *t;
}

Tree written(const Value& value) {
  if (!value.known()) return {};
  if (value.is == Is::kBool) return Tree::of(value.i != 0);
  if (value.is == Is::kReal) return Tree::of(value.d);
  if (value.is == Is::kText) return Tree::of(value.s);
  return Tree::of(value.i);
}

Value read_value(const Tree& tree, Is kind) {
  if (tree.is == Tree::Is::kNull) return {};
  if (kind == Is::kReal) return Value::real(tree.number());
  if (kind == Is::kText) return Value::text(tree.text);
  return Value::of(kind, tree.is == Tree::Is::kBool ? int64_t{tree.truth} : tree.integer);
}

Tree written(const Row& row, bool event) {
  Tree out = Tree::object();
  out.set("id", row.id);
  if (!row.key.empty()) out.set("key", row.key);
  if (event) out.set("time", format_time(row.time));
  Tree cells = Tree::object();
  for (const auto& [name, value] : row.cells) cells.set(name, written(value));
  if (!row.cells.empty()) out.set("cells", cells);
  return out;
}

Tree written(const PublishMapping& mapping) {
  Tree out = Tree::list();
  for (const ClassMapping& one : mapping) {
    Tree classes = Tree::object(), to = Tree::object();
    for (const auto& [from, becomes] : one.classes) classes.set(from, becomes);
    to.set("classification", one.classification);
    if (!one.to.empty()) to.set("to", one.to);
    if (!one.classes.empty()) to.set("classes", classes);
    if (one.ends) to.set("ends", true);
    out.add(to);
  }
  return out;
}

PublishMapping read_mapping(const Tree& from) {
  PublishMapping out;
  for (const auto& [none, one] : from.members) {
    ClassMapping to;
    to.classification = one.text_of("classification");
    to.to = one.text_of("to");
    to.ends = one.has("ends");
    if (const Tree* classes = one.find("classes")) {
      for (const auto& [name, becomes] : classes->members)
        to.classes.emplace_back(name, becomes.text);
    }
    out.push_back(to);
  }
  return out;
}

}  // namespace

std::string Case::write() const {
  Tree list = Tree::list();
  for (const Call& call : calls) {
    Tree out = Tree::object();
    out.set("call", kNames[static_cast<size_t>(call.is)]);
    if (!call.stream.empty()) out.set("stream", call.stream);
    if (call.quiet) out.set("quiet", true);
    if (call.is == Call::Is::kAdvance || call.is == Call::Is::kForecast) {
      out.set("to", format_time(call.to));
    }
    const auto text = [&](const char* name, const std::string& value) {
      if (!value.empty()) out.set(name, value);
    };
    // The empty text is an id, too.
    if (call.is >= Call::Is::kLink && call.is < Call::Is::kCalibrate) out.set("first", call.first);
    if (call.is == Call::Is::kLink || call.is == Call::Is::kUnlink) out.set("second", call.second);
    text("kind", call.kind);
    text("classification", call.classification);
    text("class", call.to_class);
    if (call.at > kMinTime) out.set("at", format_time(call.at));
    if (call.until < kEndTime) out.set("until", format_time(call.until));
    if (call.is == Call::Is::kPublish) {
      out.set("policy", call.policy);
      if (!call.mapping.empty()) out.set("mapping", written(call.mapping));
    }
    if (call.is == Call::Is::kLearn) out.set("constants", call.policy);
    Tree rows = Tree::list();
    for (const Row& row : call.rows) rows.add(written(row, call.is != Call::Is::kRemove));
    if (!call.rows.empty()) out.set("rows", rows);
    list.add(out);
  }
  Tree out = Tree::object();
  out.set("policy", policy).set("calls", list);
  return out.write() + "\n";
}

Case Case::read(std::string_view json) {
  const Tree tree = Tree::read(json);
  Case out;
  out.policy = *tree.find("policy");
  const Rules rules(out.policy);
  for (const auto& [none, from] : tree.find("calls")->members) {
    Call call;
    const auto name = std::find(kNames.begin(), kNames.end(), from.text_of("call"));
    if (name == kNames.end()) throw std::runtime_error("no such call");
    call.is = static_cast<Call::Is>(name - kNames.begin());
    call.stream = from.text_of("stream");
    call.quiet = from.has("quiet");
    if (from.has("to")) call.to = time_of(from, "to");
    if (from.has("at")) call.at = time_of(from, "at");
    if (from.has("until")) call.until = time_of(from, "until");
    call.first = from.text_of("first");
    call.second = from.text_of("second");
    call.kind = from.text_of("kind");
    call.classification = from.text_of("classification");
    call.to_class = from.text_of("class");
    if (from.has("constants")) call.policy = *from.find("constants");
    if (from.has("policy")) call.policy = *from.find("policy");
    if (from.has("mapping")) call.mapping = read_mapping(*from.find("mapping"));
    if (from.has("rows")) {
      for (const auto& [no_name, row] : from.find("rows")->members) {
        Row to;
        to.id = row.text_of("id");
        to.key = row.text_of("key");
        if (row.has("time")) to.time = time_of(row, "time");
        if (row.has("cells")) {
          for (const auto& [column, cell] : row.find("cells")->members) {
            const Is kind = call.is == Call::Is::kClaim ? Is::kText
                            : call.is == Call::Is::kSet
                                ? rules.attributes.at(column).kind
                                : column_kind(out.policy, call.stream, column);
            to.cells.emplace_back(column, read_value(cell, kind));
          }
        }
        call.rows.push_back(to);
      }
    }
    out.calls.push_back(call);
  }
  return out;
}

}  // namespace patron::oracle
