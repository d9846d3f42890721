#include "patron/policy.h"

#include <algorithm>
#include <utility>

#include "lib/base/json.h"
#include "lib/base/json_writer.h"
#include "lib/base/sha256.h"
#include "lib/policy/analysis.h"
#include "lib/policy/draft.h"
#include "lib/policy/policy_data.h"

namespace patron {
namespace internal::policy {
namespace {

void write(JsonWriter& to, JsonValue value) {
  switch (value.kind()) {
    case JsonKind::kNull:
      to.null();
      return;
    case JsonKind::kBool:
      to.boolean(value.boolean());
      return;
    case JsonKind::kInt:
      to.integer(value.integer());
      return;
    case JsonKind::kNumber:
      to.number(value.number());
      return;
    case JsonKind::kString:
      to.string(value.string());
      return;
    case JsonKind::kArray:
      to.begin_array();
      for (const JsonValue item : value.items()) write(to, item);
      to.end_array();
      return;
    case JsonKind::kObject:
      break;
  }
  std::vector<JsonValue> members;
  for (const JsonValue member : value.items()) members.push_back(member);
  std::sort(members.begin(), members.end(),
            [](const JsonValue& a, const JsonValue& b) { return a.key() < b.key(); });
  to.begin_object();
  for (const JsonValue member : members) {
    to.key(member.key());
    write(to, member);
  }
  to.end_object();
}

// The findings of a text that is no JSON, or too much of it: there can be just one.
CheckedPolicy refused(const Status& status) {
  PolicyFinding finding;
  finding.code = status.code() == Code::kLimit      ? "limit"
                 : status.code() == Code::kDocument ? "duplicate_key"
                                                    : "syntax";
  finding.offset = std::max<int64_t>(status.byte_offset(), 0);
  finding.message = status.message();
  return {std::nullopt, {std::move(finding)}};
}

}  // namespace

std::string canonical_json(JsonValue value) {
  JsonWriter writer;
  write(writer, value);
  return writer.take();
}

}  // namespace internal::policy

inline namespace v0 {
namespace {

using internal::JsonDocument;
using internal::PolicyData;
using internal::policy::Draft;

void note_calibration(const internal::policy::Cursor& root, Draft& draft) {
  const std::optional<internal::policy::Cursor> at = root.find("calibrate");
  const auto& classifications = draft.data.classifications;
  const bool ranks =
      std::any_of(classifications.begin(), classifications.end(),
                  [](const auto& one) { return one.seen.kind == ClassificationKind::kRank; });
  if (!at || ranks || !draft.data.models.empty() || draft.findings.errors() > 0) return;
  draft.findings.warning(*at, "unused_calibrate",
                         "there is no model and no rank, so that there is nothing to calibrate");
}

}  // namespace

CheckedPolicy Policy::check(std::string_view document) {
  if (document.size() > internal::kMaxPolicyBytes) {
    return internal::policy::refused(
        Status(Code::kLimit, "the document has " + std::to_string(document.size()) +
                                 " bytes; a policy has at most 1,048,576"));
  }
  const Result<JsonDocument> parsed =
      JsonDocument::parse(document, {internal::kMaxPolicyBytes, internal::kMaxPolicyDepth});
  if (!parsed.ok()) return internal::policy::refused(parsed.status());
  Draft draft;
  const internal::policy::Cursor root(parsed->root());
  if (root.is(internal::JsonKind::kObject)) {
    read_head(root, draft);
    read_streams(root, draft);
    read_attributes(root, draft);
    read_tags(root, draft);
    read_models(root, draft);
    read_classifications(root, draft);
    note_calibration(root, draft);
    read_actions(root, draft);
    resolve(draft);
  } else {
    draft.findings.object(root, {});
  }
  CheckedPolicy out;
  const bool sound = draft.findings.errors() == 0;
  if (sound) {
    internal::policy::Knowledge knowledge(draft.data);
    for (PolicyFinding& one : analyse_classes(draft.data, knowledge)) {
      draft.findings.add(std::move(one));
    }
    for (PolicyFinding& one : analyse_texts(draft.compiled, knowledge)) {
      draft.findings.add(std::move(one));
    }
  }
  out.findings = draft.findings.take();
  if (!sound) return out;
  draft.data.canonical = internal::policy::canonical_json(root.value);
  draft.data.hash = internal::sha256_hex(draft.data.canonical);
  draft.data.document = document;
  for (internal::PolicyClassificationData& one : draft.data.classifications) {
    for (const internal::PolicyClass& each : one.classes) {
      one.seen.class_labels.push_back(each.label);
    }
    draft.data.seen_classifications.push_back(one.seen);
  }
  out.policy = Policy(std::make_shared<const PolicyData>(std::move(draft.data)));
  return out;
}

Result<Policy> Policy::parse(std::string_view document) {
  CheckedPolicy checked = check(document);
  if (checked.policy) return *std::move(checked.policy);
  for (const PolicyFinding& finding : checked.findings) {
    if (finding.severity != Severity::kError) continue;
    const Code code = finding.code == "syntax"  ? Code::kSyntax
                      : finding.code == "limit" ? Code::kLimit
                      : finding.code == "zone"  ? Code::kZone
                                                : Code::kDocument;
    const bool of_text = code == Code::kSyntax || finding.code == "duplicate_key";
    const std::string where =
        of_text ? internal::policy::line_and_column(document, finding.offset) : finding.pointer;
    const auto errors =
        std::count_if(checked.findings.begin(), checked.findings.end(),
                      [](const PolicyFinding& each) { return each.severity == Severity::kError; });
    const std::string more = errors == 1 ? ""
                                         : "; and " + std::to_string(errors - 1) +
                                               " more, which a check of the policy lists";
    return Status(code, where + (where.empty() ? "" : ": ") + finding.message + more, -1,
                  finding.offset);
  }
  return Status(Code::kInternal, "a policy without errors was not made");
}

Policy::Policy(std::shared_ptr<const PolicyData> data) : data_(std::move(data)) {}

const std::string& Policy::name() const { return data_->name; }
const std::string& Policy::version() const { return data_->version; }
const TimeZone& Policy::zone() const { return data_->zone; }
const MoneyUnit& Policy::money() const { return data_->money; }
const std::string& Policy::hash() const { return data_->hash; }
const std::string& Policy::to_json() const { return data_->canonical; }
std::span<const PolicyTag> Policy::tags() const { return data_->tags; }
std::span<const PolicyClassification> Policy::classifications() const {
  return data_->seen_classifications;
}
const Schema& Policy::schema() const { return data_->schema; }

}  // namespace v0
}  // namespace patron
