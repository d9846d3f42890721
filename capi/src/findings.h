// What a check found in a text, as a table: the same shape for expressions and policies.
//
//   const CheckedExpression checked = Expression::check(text, schema);
//   Result<Table> findings = findings_table(std::span(checked.diagnostics));
//
// Thread class of everything here: pure.
#pragma once

#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <utility>
#include <vector>

#include "patron/expression.h"
#include "patron/table.h"

namespace patron::capi {

/// One row for each finding, in the order given: code utf8, severity utf8, where a Finding has
/// them pointer utf8 and offset int64 (of the document), then begin and end int64 (bytes of the
/// expression; -1 where there is none), message utf8. A Finding is patron::Diagnostic or
/// patron::PolicyFinding. Cost: linear.
template <typename Finding>
Result<Table> findings_table(std::span<const Finding> findings) {
  constexpr bool kInDocument = requires(const Finding& one) { one.pointer; };
  std::vector<std::string> code, severity, pointer, message;
  std::vector<int64_t> offset, begin, end;
  for (const Finding& one : findings) {
    code.push_back(one.code);
    severity.emplace_back(severity_name(one.severity));
    if constexpr (kInDocument) {
      pointer.push_back(one.pointer);
      offset.push_back(one.offset);
    }
    begin.push_back(one.begin);
    end.push_back(one.end);
    message.push_back(one.message);
  }
  TableBuilder builder;
  builder.strings("code", code).strings("severity", severity);
  if constexpr (kInDocument) builder.strings("pointer", pointer).int64("offset", std::move(offset));
  return builder.int64("begin", std::move(begin))
      .int64("end", std::move(end))
      .strings("message", message)
      .finish();
}

}  // namespace patron::capi
