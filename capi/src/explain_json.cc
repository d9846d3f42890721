#include "capi/src/explain_json.h"

#include <optional>
#include <string_view>

#include "lib/base/json_writer.h"

namespace patron::capi {
namespace {

using internal::JsonWriter;

void put(JsonWriter& out, std::string_view value) { out.string(value); }
void put(JsonWriter& out, bool value) { out.boolean(value); }
void put(JsonWriter& out, int64_t value) { out.integer(value); }
void put(JsonWriter& out, double value) { out.number(value); }
template <typename T>
void put(JsonWriter& out, const std::optional<T>& value) {
  if (value) {
    put(out, *value);
  } else {
    out.null();
  }
}

template <typename Value>
void member(JsonWriter& out, std::string_view name, const Value& value) {
  out.key(name);
  put(out, value);
}

// A text, or null where it is empty.
void text_or_null(JsonWriter& out, std::string_view name, std::string_view value) {
  member(out, name, value.empty() ? std::nullopt : std::optional(value));
}

// An instant, or null where it is the one that stands for none.
void instant(JsonWriter& out, std::string_view name, Micros value, Micros none) {
  member(out, name, value == none ? std::nullopt : std::optional(value));
}

template <typename Texts>
void texts(JsonWriter& out, std::string_view name, const Texts& values) {
  out.key(name).begin_array();
  for (const auto& value : values) out.string(value);
  out.end_array();
}

template <typename List, typename Put>
void list(JsonWriter& out, std::string_view name, const List& values, const Put& put_one) {
  out.key(name).begin_array();
  for (const auto& value : values) {
    out.begin_object();
    put_one(value);
    out.end_object();
  }
  out.end_array();
}

void put_reason(JsonWriter& out, const Reason& reason) {
  member(out, "of", std::string_view(reason.of));
  member(out, "part", std::string_view(reason.part));
  member(out, "text", std::string_view(reason.text));
  member(out, "holds", reason.holds);
  text_or_null(out, "left", reason.left);
  text_or_null(out, "op", reason.op);
  text_or_null(out, "right", reason.right);
  member(out, "distance", reason.distance);
  texts(out, "unknown", reason.unknown);
}

void put_reasons(JsonWriter& out, std::string_view name, std::span<const Reason> reasons) {
  list(out, name, reasons, [&](const Reason& one) { put_reason(out, one); });
}

void put_fact(JsonWriter& out, const MissingFact& fact) {
  member(out, "name", std::string_view(fact.name));
  member(out, "attribute", fact.attribute);
  member(out, "count", fact.count);
  texts(out, "columns", fact.columns);
  texts(out, "values", fact.values);
}

void put_missing(JsonWriter& out, const MissingCondition& missing) {
  out.key("condition").begin_object();
  put_reason(out, missing.condition);
  out.end_object();
  member(out, "wanted", missing.wanted);
  text_or_null(out, "more", missing.more);
  list(out, "facts", missing.facts, [&](const MissingFact& one) { put_fact(out, one); });
  member(out, "not_before", missing.not_before);
}

void put_better(JsonWriter& out, const BetterClass& better) {
  member(out, "name", better.name);
  member(out, "label", better.label);
  member(out, "how", attainable_name(better.how));
  list(out, "missing", better.missing, [&](const MissingCondition& one) { put_missing(out, one); });
  member(out, "before", better.before);
  member(out, "at", better.at);
}

void put_hold(JsonWriter& out, const Hold& hold) {
  member(out, "what", std::string_view(hold.what));
  member(out, "of", std::string_view(hold.of));
  member(out, "until", hold.until);
  text_or_null(out, "reason", hold.reason);
  text_or_null(out, "author", hold.author);
}

void put_next(JsonWriter& out, const std::optional<ComingChange>& next) {
  out.key("next");
  if (!next) {
    out.null();
    return;
  }
  out.begin_object();
  text_or_null(out, "from", next->from);
  text_or_null(out, "to", next->to);
  member(out, "at", next->at);
  put_reasons(out, "because", next->because);
  out.end_object();
}

}  // namespace

std::string reasons_json(std::span<const Reason> reasons) {
  if (reasons.empty()) return {};
  JsonWriter out;
  out.begin_array();
  for (const Reason& one : reasons) {
    out.begin_object();
    put_reason(out, one);
    out.end_object();
  }
  return out.end_array().take();
}

std::string explanation_json(const ClassExplanation& explanation, Kind customer) {
  JsonWriter out;
  out.begin_object().key("customer");
  if (customer == Kind::kInt64) {
    out.integer(explanation.customer.number);
  } else {
    out.string(explanation.customer.text);
  }
  member(out, "classification", explanation.classification);
  member(out, "label", explanation.label);
  member(out, "kind", classification_kind_name(explanation.kind));
  instant(out, "at", explanation.at, kMinTime);
  texts(out, "classes", explanation.classes);
  member(out, "since", explanation.since);
  text_or_null(out, "own", explanation.own);
  put_reasons(out, "reasons", explanation.reasons);
  list(out, "better", explanation.better, [&](const BetterClass& one) { put_better(out, one); });
  list(out, "holds", explanation.holds, [&](const Hold& one) { put_hold(out, one); });
  put_next(out, explanation.next);
  out.key("to_stay");
  if (explanation.to_stay) {
    out.begin_object();
    put_better(out, *explanation.to_stay);
    out.end_object();
  } else {
    out.null();
  }
  instant(out, "looked_until", explanation.looked_until, kEndTime);
  texts(out, "unknown", explanation.unknown);
  member(out, "text", std::string_view(explanation.text));
  return out.end_object().take();
}

}  // namespace patron::capi
