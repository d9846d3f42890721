#include "lib/engine/tables/past_classes.h"

#include <algorithm>
#include <optional>

#include "lib/base/nearest.h"
#include "lib/base/utf8.h"
#include "lib/engine/tables/cell_table.h"
#include "patron/engine.h"

namespace patron {
namespace internal {

PastClasses::PastClasses(const EngineData& data, int classification, int32_t version, Micros t)
    : data_(data) {
  const std::span<const PolicyVersion> versions(data.versions);
  const PolicyData& policy = versions[static_cast<size_t>(version - 1)].policy.data();
  const auto& what = policy.classifications[static_cast<size_t>(classification)];
  classes_ = what.classes.size();
  is_flags_ = what.seen.kind == ClassificationKind::kFlags;
  is_flags_ ? flags_.resize(data.members.size() * classes_) : held_.resize(data.members.size());
  std::fill(held_.begin(), held_.end(), kNoClass);
  // Of each version the classification that became this one, and what its classes became.
  std::vector<int> origins;
  std::vector<std::vector<int>> became;
  for (int32_t of = 1; of <= version; ++of) {
    const int origin = came_from(versions, of, version, classification);
    origins.push_back(origin);
    std::vector<int>& classes = became.emplace_back();
    if (origin < 0) continue;
    const PolicyData& words = versions[static_cast<size_t>(of - 1)].policy.data();
    const size_t count = words.classifications[static_cast<size_t>(origin)].classes.size();
    for (size_t c = 0; c < count; ++c) {
      classes.push_back(carried(versions, of, version, {origin, static_cast<int>(c)}).c);
    }
  }
  for (size_t i = 0; i < data.moves.size(); ++i) {
    const EngineMove move = data.moves.plain(i);
    if (move.customer == kNoCustomer || move.at > t || move.policy > version) continue;
    const auto of = static_cast<size_t>(move.policy - 1);
    if (origins[of] != move.move.classification) continue;
    const auto now = [&](int c) {
      return c == kNoClass ? kNoClass : became[of][static_cast<size_t>(c)];
    };
    if (!is_flags_) {
      held_[move.customer] = now(move.move.to);
      continue;
    }
    const bool in = move.move.to != kNoClass;
    const int flag = now(in ? move.move.to : move.move.from);
    if (flag != kNoClass) flags_[move.customer * classes_ + static_cast<size_t>(flag)] = in;
  }
}

std::vector<int64_t> PastClasses::count() const {
  std::vector<int64_t> counts(classes_ + 1, 0);
  data_.for_each_customer([&](uint32_t row) {
    bool in_one = false;
    for (size_t c = 0; c < classes_; ++c) {
      const bool in = is_flags_ ? has_flag(row, c) : of(row) == static_cast<int>(c);
      counts[c] += in ? 1 : 0;
      in_one = in_one || in;
    }
    counts[classes_] += in_one ? 0 : 1;
  });
  return counts;
}

namespace {

// Where a classification of that name stands in a policy. Code::kColumn.
Result<int> place_in(const PolicyData& policy, std::string_view name) {
  std::vector<std::string_view> known;
  for (const auto& one : policy.classifications) known.push_back(one.seen.name);
  const auto found = std::find(known.begin(), known.end(), name);
  if (found != known.end()) return static_cast<int>(found - known.begin());
  return Status(Code::kColumn, "there is no classification " + quoted(name) +
                                   known_names(name, "classifications", known));
}

Status not_yet(Micros t, Micros clock) {
  return {Code::kArgument, format_time(t) + " is after the clock, " + format_time(clock) +
                               "; what will be, forecast() says"};
}

const PolicyData& words_of_version(const EngineData& data, int32_t version) {
  return data.versions[static_cast<size_t>(version - 1)].policy.data();
}

// The names of the classes, and "" for none.
std::vector<std::string_view> names_of(const PolicyData& words, int classification) {
  std::vector<std::string_view> names;
  if (classification >= 0) {
    const auto& what = words.classifications[static_cast<size_t>(classification)];
    for (const PolicyClass& one : what.classes) names.push_back(one.name);
  }
  names.emplace_back();
  return names;
}

}  // namespace
}  // namespace internal

inline namespace v0 {

using internal::EngineData;

Result<std::vector<ClassCount>> Engine::distribution(std::string_view classification,
                                                     Micros at) const {
  EngineData& data = *data_;
  if (at > data.clock) return internal::not_yet(at, data.clock);
  data.drain();
  const int32_t version = internal::version_at(data.versions, at);
  const internal::PolicyData& words = internal::words_of_version(data, version);
  const Result<int> which = internal::place_in(words, classification);
  if (!which.ok()) return which.status();
  const std::vector<int64_t> counts = internal::PastClasses(data, *which, version, at).count();
  const std::vector<std::string_view> names = internal::names_of(words, *which);
  std::vector<ClassCount> out;
  for (size_t c = 0; c < counts.size(); ++c) {
    if (!names[c].empty() || counts[c] > 0) out.push_back({names[c], counts[c]});
  }
  return out;
}

Result<Migration> Engine::migration(std::string_view classification, Micros start,
                                    Micros end) const {
  EngineData& data = *data_;
  if (end > data.clock) return internal::not_yet(end, data.clock);
  if (end < start) {
    return Status(Code::kArgument,
                  "the end, " + format_time(end) + ", is before the start, " + format_time(start));
  }
  data.drain();
  const int32_t first = internal::version_at(data.versions, start);
  const int32_t last = internal::version_at(data.versions, end);
  const internal::PolicyData& words = internal::words_of_version(data, last);
  const Result<int> which = internal::place_in(words, classification);
  if (!which.ok()) return which.status();
  const auto& what = words.classifications[static_cast<size_t>(*which)];
  if (what.seen.kind == ClassificationKind::kFlags) {
    return Status(Code::kUnsupported, internal::quoted(classification) +
                                          " are flags, which overlap: nobody goes from one to "
                                          "another");
  }
  const int before = internal::came_from(data.versions, first, last, *which);
  Migration out;
  out.from = internal::names_of(internal::words_of_version(data, first), before);
  out.to = internal::names_of(words, *which);
  out.customers.assign(out.from.size() * out.to.size(), 0);
  std::optional<internal::PastClasses> started;
  if (before >= 0) started.emplace(data, before, first, start);
  const internal::PastClasses ended(data, *which, last, end);
  const auto place = [](int c, size_t classes) {
    return c == internal::kNoClass ? classes - 1 : static_cast<size_t>(c);
  };
  data.for_each_customer([&](uint32_t row) {
    const size_t from = place(started ? started->of(row) : internal::kNoClass, out.from.size());
    ++out.customers[from * out.to.size() + place(ended.of(row), out.to.size())];
  });
  return out;
}

Result<Table> Migration::to_table() const {
  internal::CellTable table;
  const size_t from_column = table.column("from", Kind::kString);
  const size_t to_column = table.column("to", Kind::kString);
  const size_t count_column = table.column("customers", Kind::kInt64);
  const auto name = [](std::string_view text) {
    return text.empty() ? Cell() : Cell::of_text(text);
  };
  for (size_t f = 0; f < from.size(); ++f) {
    for (size_t t = 0; t < to.size(); ++t) {
      table.push(from_column, name(from[f]));
      table.push(to_column, name(to[t]));
      table.push(count_column, Cell::of(count(f, t)));
    }
  }
  return table.finish();
}

}  // namespace v0
}  // namespace patron
