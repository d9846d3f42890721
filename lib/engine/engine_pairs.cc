// Links and unlinks by a table of pairs, row by row.
#include <new>
#include <string>

#include "lib/engine/tables/id_column.h"
#include "patron/engine.h"

namespace patron {
inline namespace v0 {
namespace {

using internal::GivenId;

void refuse(int64_t row, std::string column, std::string reason, IngestReport& report) {
  ++report.refused_rows;
  if (report.refused.size() < BookReport::kMaxRefusals) {
    report.refused.push_back({row, std::move(column), std::move(reason)});
  }
}

// Whether an id is one; a row without is refused.
bool has_id(const GivenId& given, const char* column, int64_t row, IngestReport& report) {
  if (given.wrong.empty()) return true;
  const std::string name(column), wrong(given.wrong);
  refuse(row, name, given.wrong == "null" ? "null " + name : name + ": " + wrong, report);
  return false;
}

// `change` takes (first, second, report) and says how it fared: kArgument and kState refuse the
// row, what else there is ends the call.
template <typename Change>
Status for_pairs(const Table& pairs, Kind customer, IngestReport& report, const Change& change) {
  report = {};
  const Result<std::vector<GivenId>> first = internal::read_ids(pairs, "first", customer);
  if (!first.ok()) return first.status();
  const Result<std::vector<GivenId>> second = internal::read_ids(pairs, "second", customer);
  if (!second.ok()) return second.status();
  for (size_t i = 0; i < first->size(); ++i) {
    const auto row = static_cast<int64_t>(i);
    try {
      if (has_id((*first)[i], "first", row, report) &&
          has_id((*second)[i], "second", row, report)) {
        const Status status = change((*first)[i].id, (*second)[i].id, report);
        const bool bad = status.code() == Code::kArgument || status.code() == Code::kState;
        if (!status.ok() && !bad) return {status.code(), status.message(), row};
        if (bad) refuse(row, "", status.message(), report);
      }
      ++report.rows;
    } catch (const std::bad_alloc&) {
      return {Code::kMemory, "memory ran out", row};  // short enough to need none
    }
  }
  return {};
}

}  // namespace

Status Engine::link(const Table& pairs, IngestReport* report) {
  IngestReport own;
  const auto change = [this](CustomerId first, CustomerId second, IngestReport& out) -> Status {
    const Result<LinkReport> made = link(first, second);
    if (!made.ok()) return made.status();
    ++(made->done ? out.accepted : out.duplicates);
    return {};
  };
  return for_pairs(pairs, layout().spec().customer, report != nullptr ? *report : own, change);
}

Status Engine::unlink(const Table& pairs, IngestReport* report) {
  IngestReport own;
  const auto change = [this](CustomerId first, CustomerId second, IngestReport& out) -> Status {
    Status status = unlink(first, second);
    if (status.ok()) ++out.deleted;
    return status;
  };
  return for_pairs(pairs, layout().spec().customer, report != nullptr ? *report : own, change);
}

}  // namespace v0
}  // namespace patron
