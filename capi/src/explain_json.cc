#include "capi/src/explain_json.h"

#include <optional>
#include <string_view>

#include "lib/base/json_writer.h"

namespace patron::capi {
namespace {

using internal::JsonName;
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

template <size_t kSize, typename Value>
void member(JsonWriter& out, const JsonName<kSize>& name, const Value& value) {
  out.key(name);
  put(out, value);
}

// A text, or null where it is empty.
template <size_t kSize>
void text_or_null(JsonWriter& out, const JsonName<kSize>& name, std::string_view value) {
  member(out, name, value.empty() ? std::nullopt : std::optional(value));
}

// An instant, or null where it is the one that stands for none.
template <size_t kSize>
void instant(JsonWriter& out, const JsonName<kSize>& name, Micros value, Micros none) {
  member(out, name, value == none ? std::nullopt : std::optional(value));
}

template <size_t kSize, typename Texts>
void texts(JsonWriter& out, const JsonName<kSize>& name, const Texts& values) {
  out.key(name).begin_array();
  for (const auto& value : values) out.string(value);
  out.end_array();
}

template <size_t kSize, typename List, typename Put>
void list(JsonWriter& out, const JsonName<kSize>& name, const List& values, const Put& put_one) {
  out.key(name).begin_array();
  for (const auto& value : values) {
    out.begin_object();
    put_one(value);
    out.end_object();
  }
  out.end_array();
}

void put_reason(JsonWriter& out, const Reason& reason) {
  member(out, JsonName("of"), std::string_view(reason.of));
  member(out, JsonName("part"), std::string_view(reason.part));
  member(out, JsonName("text"), std::string_view(reason.text));
  member(out, JsonName("holds"), reason.holds);
  text_or_null(out, JsonName("left"), reason.left);
  text_or_null(out, JsonName("op"), reason.op);
  text_or_null(out, JsonName("right"), reason.right);
  member(out, JsonName("distance"), reason.distance);
  texts(out, JsonName("unknown"), reason.unknown);
}

template <size_t kSize>
void put_reasons(JsonWriter& out, const JsonName<kSize>& name, std::span<const Reason> reasons) {
  list(out, name, reasons, [&](const Reason& one) { put_reason(out, one); });
}

void put_fact(JsonWriter& out, const MissingFact& fact) {
  member(out, JsonName("name"), std::string_view(fact.name));
  member(out, JsonName("attribute"), fact.attribute);
  member(out, JsonName("count"), fact.count);
  texts(out, JsonName("columns"), fact.columns);
  texts(out, JsonName("values"), fact.values);
}

void put_missing(JsonWriter& out, const MissingCondition& missing) {
  out.key(JsonName("condition")).begin_object();
  put_reason(out, missing.condition);
  out.end_object();
  member(out, JsonName("wanted"), missing.wanted);
  text_or_null(out, JsonName("more"), missing.more);
  list(out, JsonName("facts"), missing.facts, [&](const MissingFact& one) { put_fact(out, one); });
  member(out, JsonName("not_before"), missing.not_before);
}

void put_better(JsonWriter& out, const BetterClass& better) {
  member(out, JsonName("name"), better.name);
  member(out, JsonName("label"), better.label);
  member(out, JsonName("how"), attainable_name(better.how));
  list(out, JsonName("missing"), better.missing,
       [&](const MissingCondition& one) { put_missing(out, one); });
  member(out, JsonName("before"), better.before);
  member(out, JsonName("at"), better.at);
}

void put_hold(JsonWriter& out, const Hold& hold) {
  member(out, JsonName("what"), std::string_view(hold.what));
  member(out, JsonName("of"), std::string_view(hold.of));
  member(out, JsonName("until"), hold.until);
  text_or_null(out, JsonName("reason"), hold.reason);
  text_or_null(out, JsonName("author"), hold.author);
}

void put_next(JsonWriter& out, const std::optional<ComingChange>& next) {
  out.key(JsonName("next"));
  if (!next) {
    out.null();
    return;
  }
  out.begin_object();
  text_or_null(out, JsonName("from"), next->from);
  text_or_null(out, JsonName("to"), next->to);
  member(out, JsonName("at"), next->at);
  put_reasons(out, JsonName("because"), next->because);
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
  out.begin_object().key(JsonName("customer"));
  if (customer == Kind::kInt64) {
    out.integer(explanation.customer.number);
  } else {
    out.string(explanation.customer.text);
  }
  member(out, JsonName("classification"), explanation.classification);
  member(out, JsonName("label"), explanation.label);
  member(out, JsonName("kind"), classification_kind_name(explanation.kind));
  instant(out, JsonName("at"), explanation.at, kMinTime);
  texts(out, JsonName("classes"), explanation.classes);
  member(out, JsonName("since"), explanation.since);
  text_or_null(out, JsonName("own"), explanation.own);
  put_reasons(out, JsonName("reasons"), explanation.reasons);
  list(out, JsonName("better"), explanation.better,
       [&](const BetterClass& one) { put_better(out, one); });
  list(out, JsonName("holds"), explanation.holds, [&](const Hold& one) { put_hold(out, one); });
  put_next(out, explanation.next);
  out.key(JsonName("to_stay"));
  if (explanation.to_stay) {
    out.begin_object();
    put_better(out, *explanation.to_stay);
    out.end_object();
  } else {
    out.null();
  }
  instant(out, JsonName("looked_until"), explanation.looked_until, kEndTime);
  texts(out, JsonName("unknown"), explanation.unknown);
  member(out, JsonName("text"), std::string_view(explanation.text));
  return out.end_object().take();
}

}  // namespace patron::capi
