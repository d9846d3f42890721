// Classifications by conditions as the select list of an SQL query.
#include <string>

#include "lib/policy/classify.h"
#include "lib/policy/policy_data.h"

namespace patron {
inline namespace v0 {
namespace {

using internal::PolicyClass;
using internal::PolicyClassificationData;

std::string quoted(std::string_view text, char quote) {
  std::string out(1, quote);
  for (const char c : text) {
    if (c == quote) out += quote;
    out += c;
  }
  return out + quote;
}

Result<std::string> condition(const PolicyClass& one, SqlDialect dialect,
                              std::optional<Micros> now) {
  Result<std::string> sql = one.enter->to_sql(dialect, now);
  if (sql.ok()) return sql;
  return Status(sql.status().code(), "the class \"" + one.name + "\": " + sql.status().message(),
                -1, sql.status().byte_offset());
}

Result<std::string> first_of(const PolicyClassificationData& all, SqlDialect dialect,
                             std::optional<Micros> now) {
  std::string out = "CASE";
  if (!all.classes[0].enter) out += " WHEN FALSE THEN NULL";  // a CASE has a WHEN
  for (const PolicyClass& one : all.classes) {
    if (!one.enter) {
      out += " ELSE " + quoted(one.name, '\'');
      break;
    }
    const Result<std::string> when = condition(one, dialect, now);
    if (!when.ok()) return when.status();
    out += " WHEN " + *when + " THEN " + quoted(one.name, '\'');
  }
  return out + " END AS " + quoted(all.seen.name, '"');
}

Result<std::string> each_of(const PolicyClassificationData& all, SqlDialect dialect,
                            std::optional<Micros> now) {
  std::string out;
  for (const PolicyClass& one : all.classes) {
    const Result<std::string> when = condition(one, dialect, now);
    if (!when.ok()) return when.status();
    out +=
        (out.empty() ? "" : ", ") + ("COALESCE(" + *when) + ", FALSE) AS " + quoted(one.name, '"');
  }
  return out;
}

}  // namespace

Result<std::string> Policy::to_sql(std::string_view classification, SqlDialect dialect,
                                   std::optional<Micros> now) const {
  const auto found = internal::policy::classification_by_conditions(*data_, classification);
  if (!found.ok()) return found.status();
  const bool flags = (*found)->seen.kind == ClassificationKind::kFlags;
  return flags ? each_of(**found, dialect, now) : first_of(**found, dialect, now);
}

}  // namespace v0
}  // namespace patron
