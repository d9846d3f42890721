#include "patron/policy.h"

#include <optional>
#include <span>
#include <string>
#include <vector>

#include "capi/src/expression_options.h"
#include "capi/src/findings.h"
#include "lib/policy/tag_source_name.h"

using namespace patron::capi;  // NOLINT
using patron::CheckedPolicy;
using patron::Policy;
using patron::PolicyFinding;
using patron::Result;
using patron::Status;
using patron::TableBuilder;

namespace {

using Texts = std::vector<std::string>;

// The bytes of a document, of which the check says what is wrong, bad UTF-8 included.
Result<std::string_view> read_document(const char* json, uint64_t size) {
  if (size == 0) return std::string_view();
  Status status = require_array(json, size, 1, "json");
  if (!status.ok()) return status;
  return std::string_view(json, size);
}

Result<patron::Table> tags_of(const Policy& policy) {
  Texts name, type, source, category, label, description, reads;
  for (const patron::PolicyTag& tag : policy.tags()) {
    name.push_back(tag.name);
    type.emplace_back(patron::kind_name(tag.kind));
    source.emplace_back(patron::internal::tag_source_name(tag.source));
    category.push_back(tag.category);
    label.push_back(tag.label);
    description.push_back(tag.description);
    std::string all;
    for (const std::string& one : tag.reads) all += (all.empty() ? "" : " ") + one;
    reads.push_back(std::move(all));
  }
  return TableBuilder()
      .strings("name", name)
      .strings("type", type)
      .strings("source", source)
      .strings("category", category)
      .strings("label", label)
      .strings("description", description)
      .strings("reads", reads)
      .finish();
}

}  // namespace

patron_status patron_policy_check(const char* json, uint64_t json_size, patron_table** findings,
                                  patron_error* error) noexcept {
  clear(findings);
  return guard(error, [&]() -> Status {
    Status status = require(findings, "findings");
    if (!status.ok()) return status;
    const Result<std::string_view> text = read_document(json, json_size);
    if (!text.ok()) return text.status();
    const CheckedPolicy checked = Policy::check(*text);
    return hand_out_table(findings_table(std::span<const PolicyFinding>(checked.findings)),
                          findings);
  });
}

patron_status patron_policy_format(const char* file, uint64_t file_size, const char* json,
                                   uint64_t json_size, patron_buffer** text,
                                   patron_error* error) noexcept {
  clear(text);
  return guard(error, [&]() -> Status {
    Status status = require(text, "text");
    if (!status.ok()) return status;
    const Result<std::string_view> name = read_text(file, file_size, "file");
    if (!name.ok()) return name.status();
    const Result<std::string_view> document = read_document(json, json_size);
    if (!document.ok()) return document.status();
    const CheckedPolicy checked = Policy::check(*document);
    return hand_out_text(patron::format_findings(*name, *document, checked.findings), text);
  });
}

patron_status patron_policy_parse(const char* json, uint64_t json_size, patron_policy** policy,
                                  patron_error* error) noexcept {
  clear(policy);
  return guard(error, [&]() -> Status {
    Status status = require(policy, "policy");
    if (!status.ok()) return status;
    const Result<std::string_view> text = read_document(json, json_size);
    if (!text.ok()) return text.status();
    Result<Policy> read = Policy::parse(*text);
    return read.ok() ? hand_out(*std::move(read), policy) : std::move(read).status();
  });
}

patron_status patron_policy_describe(const patron_policy* policy, patron_policy_info* info,
                                     patron_error* error) noexcept {
  return guard(error, [&]() -> Status {
    Status status = first_error({check_handle(policy, "policy"), check_output(info, "info")});
    if (!status.ok()) return status;
    patron_policy_info value = PATRON_POLICY_INFO_INIT;
    value.name = view(policy->policy.name());
    value.version = view(policy->policy.version());
    value.timezone = view(policy->policy.zone().name());
    value.hash = view(policy->policy.hash());
    value.tags = static_cast<int64_t>(policy->policy.tags().size());
    value.classifications = static_cast<int64_t>(policy->policy.classifications().size());
    write_struct(value, info);
    return {};
  });
}

patron_status patron_policy_to_json(const patron_policy* policy, patron_buffer** json,
                                    patron_error* error) noexcept {
  clear(json);
  return guard(error, [&]() -> Status {
    Status status = first_error({check_handle(policy, "policy"), require(json, "json")});
    return status.ok() ? hand_out_text(policy->policy.to_json(), json) : status;
  });
}

patron_status patron_policy_tags(const patron_policy* policy, patron_table** tags,
                                 patron_error* error) noexcept {
  clear(tags);
  return guard(error, [&]() -> Status {
    Status status = first_error({check_handle(policy, "policy"), require(tags, "tags")});
    return status.ok() ? hand_out_table(tags_of(policy->policy), tags) : status;
  });
}

patron_status patron_policy_classes(const patron_policy* policy, patron_table** classes,
                                    patron_error* error) noexcept {
  clear(classes);
  return guard(error, [&]() -> Status {
    Status status = first_error({check_handle(policy, "policy"), require(classes, "classes")});
    if (!status.ok()) return status;
    Texts classification, kind, name, label;
    for (const patron::PolicyClassification& one : policy->policy.classifications()) {
      for (size_t i = 0; i < one.classes.size(); ++i) {
        classification.push_back(one.name);
        kind.emplace_back(patron::classification_kind_name(one.kind));
        name.push_back(one.classes[i]);
        label.push_back(one.class_labels[i]);
      }
    }
    return hand_out_table(TableBuilder()
                              .strings("classification", classification)
                              .strings("kind", kind)
                              .strings("class", name)
                              .strings("label", label)
                              .finish(),
                          classes);
  });
}

patron_status patron_policy_to_sql(const patron_policy* policy, const char* classification,
                                   uint64_t classification_size, int32_t dialect,
                                   const int64_t* now, patron_buffer** sql,
                                   patron_error* error) noexcept {
  clear(sql);
  return guard(error, [&]() -> Status {
    patron::SqlDialect wanted = patron::SqlDialect::kDuckdb;
    Status status =
        first_error({check_handle(policy, "policy"), require(sql, "sql"),
                     read_choice(dialect, patron::SqlDialect::kPostgresql, "dialect", wanted)});
    if (!status.ok()) return status;
    const Result<std::string_view> name =
        read_text(classification, classification_size, "classification");
    if (!name.ok()) return name.status();
    std::optional<patron::Micros> at;
    read_pointed(now, at);
    Result<std::string> text = policy->policy.to_sql(*name, wanted, at);
    return text.ok() ? hand_out_text(*std::move(text), sql) : std::move(text).status();
  });
}

patron_status patron_policy_classify(const patron_policy* policy, const char* classification,
                                     uint64_t classification_size, const patron_table* table,
                                     const patron_expression_options* options,
                                     patron_table** result, patron_expression_counts* counts,
                                     patron_error* error) noexcept {
  clear(result);
  return guard_call(error, [&](Call& call) -> Status {
    Status status =
        first_error({check_handle(policy, "policy"), check_handle(table, "table"),
                     require(result, "result"), check_optional_output(counts, "counts")});
    if (!status.ok()) return status;
    const Result<std::string_view> name =
        read_text(classification, classification_size, "classification");
    if (!name.ok()) return name.status();
    patron::ExpressionOptions wanted;
    status = read_expression_options(options, wanted, call);
    if (!status.ok()) return status;
    patron::ExpressionCounts met;
    Result<patron::Table> classes = policy->policy.classify(*name, table->table, wanted, &met);
    if (!classes.ok()) return std::move(classes).status();
    status = hand_out(*std::move(classes), result);
    if (status.ok()) write_counts(met, counts);
    return status;
  });
}

void patron_policy_close(patron_policy* policy) noexcept { close(policy); }
