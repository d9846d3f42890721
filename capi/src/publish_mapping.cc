#include "capi/src/publish_mapping.h"

#include <string>
#include <utility>

#include "lib/base/json.h"
#include "lib/base/utf8.h"

namespace patron::capi {
namespace {

using internal::JsonDocument;
using internal::JsonKind;
using internal::JsonValue;

std::string name_of(std::string_view classification) {
  return "mapping of " + internal::quoted(classification);
}

// "classes": each a text, or null.
Status read_classes(const JsonValue& in, const std::string& what, ClassMapping& out) {
  Status status = in.require(what + ": classes", JsonKind::kObject);
  if (!status.ok()) return status;
  for (const JsonValue one : in.items()) {
    if (!one.is(JsonKind::kNull)) {
      status = one.require(what + ": class " + internal::quoted(one.key()), JsonKind::kString);
      if (!status.ok()) return status;
    }
    out.classes.emplace_back(one.key(), one.string());
  }
  return {};
}

Status read_one(const JsonValue& in, ClassMapping& out) {
  out.classification = in.key();
  const std::string what = name_of(in.key());
  out.ends = in.is(JsonKind::kNull);
  if (out.ends) return {};
  if (in.is(JsonKind::kString)) {
    out.to = in.string();
    return {};
  }
  static constexpr std::string_view kKeys[] = {"to", "classes"};
  Status status = in.require_object(what, kKeys);
  if (!status.ok()) return status;
  if (const auto to = in.find("to")) {
    status = to->require(what + ": to", JsonKind::kString);
    if (!status.ok()) return status;
    out.to = to->string();
  }
  const auto classes = in.find("classes");
  return classes ? read_classes(*classes, what, out) : Status();
}

}  // namespace

Result<PublishMapping> read_mapping(std::string_view json) {
  PublishMapping out;
  if (json.empty()) return out;
  const Result<JsonDocument> document = JsonDocument::parse(json);
  if (!document.ok()) return document.status();
  const JsonValue root = document->root();
  Status status = root.require("mapping", JsonKind::kObject);
  if (!status.ok()) return status;
  for (const JsonValue one : root.items()) {
    status = read_one(one, out.emplace_back());
    if (!status.ok()) return status;
  }
  return out;
}

}  // namespace patron::capi
