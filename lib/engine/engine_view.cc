#include "lib/engine/engine_view.h"

#include <algorithm>
#include <deque>
#include <optional>
#include <string>
#include <utility>

#include "lib/base/nearest.h"
#include "lib/base/parallel.h"
#include "lib/base/utf8.h"
#include "lib/book/log_view.h"
#include "lib/engine/settle/held_classes.h"
#include "lib/engine/settle/settle_parts.h"
#include "lib/engine/tables/cell_table.h"
#include "lib/engine/tables/profile_frame.h"

namespace patron::internal {
namespace {

Cell id_cell(const BookState& book, uint32_t row) {
  const CustomerId id = book.ids->id_own(row);
  return book.ids->text() ? Cell::of_text(id.text) : Cell::of(id.number);
}

// Where these values stand in the policy, in its order, each once. Code::kColumn.
Result<std::vector<size_t>> places_of(const PolicyData& policy,
                                      const std::vector<std::string>& tags) {
  std::vector<std::string_view> known;
  for (const auto& value : policy.values) known.push_back(value.tag.name);
  std::vector<size_t> places;
  for (const std::string& tag : tags) {
    const auto found = std::find(known.begin(), known.end(), tag);
    if (found == known.end()) {
      return Status(Code::kColumn,
                    "there is no tag " + quoted(tag) + known_names(tag, "tags", known));
    }
    places.push_back(static_cast<size_t>(found - known.begin()));
  }
  std::sort(places.begin(), places.end());
  places.erase(std::unique(places.begin(), places.end()), places.end());
  return places;
}

// A condition over the policy's tags. Code::kSyntax, kDocument, kLimit.
Result<Expression> condition_of(const PolicyData& policy, std::string_view text) {
  Result<Expression> condition = Expression::parse(text, policy.schema);
  if (!condition.ok() || condition->kind() == Kind::kBool) return condition;
  return Status(Code::kDocument, "a condition is true or false; " + quoted(text) + " is of type " +
                                     std::string(kind_name(condition->kind())));
}

// The values of the policy that an expression reads; one that it does not, where it reads none.
std::vector<size_t> places_read(const PolicyData& policy, const Expression& condition) {
  std::vector<size_t> places;
  for (size_t i = 0; i < policy.values.size(); ++i) {
    const auto reads = [&](int field) {
      return condition.schema().fields()[static_cast<size_t>(field)].name ==
             policy.values[i].tag.name;
    };
    if (std::any_of(condition.fields().begin(), condition.fields().end(), reads))
      places.push_back(i);
  }
  if (places.empty() && !policy.values.empty()) places.push_back(0);
  return places;
}

}  // namespace

uint32_t EngineView::find(CustomerId id) const {
  const uint32_t row = book.ids->find_own(id);
  return row < book.customers ? book.survivor(row) : kNoCustomer;
}

std::vector<uint32_t> EngineView::find(std::span<const CustomerId> ids) const {
  std::vector<uint32_t> rows;
  rows.reserve(ids.size());
  for (const CustomerId& id : ids) {
    if (const uint32_t row = find(id); row != kNoCustomer) rows.push_back(row);
  }
  std::sort(rows.begin(), rows.end(),
            [this](uint32_t a, uint32_t b) { return book.ids->compare_own(a, b) < 0; });
  rows.erase(std::unique(rows.begin(), rows.end()), rows.end());
  return rows;
}

// A row for each of these customers: her classes, since when, and when that may change.
Result<Table> EngineView::classes(std::span<const uint32_t> rows,
                                  std::span<const Micros> changes) const {
  const HeldClasses held(policy());
  const std::vector<PolicyClassificationData>& all = policy().classifications;
  CellTable out;
  const size_t id = out.column("customer", policy().customer);
  std::vector<size_t> names, since;
  for (const auto& one : all) {
    names.push_back(out.column(one.seen.name, Kind::kString));
    since.push_back(out.column(one.seen.name + "_since", Kind::kTimestamp));
  }
  const size_t next = out.column("next_change", Kind::kTimestamp);
  for (size_t i = 0; i < rows.size(); ++i) {
    const CustomerState& state = states(rows[i]);
    out.push(id, id_cell(book, rows[i]));
    for (size_t c = 0; c < all.size(); ++c) {
      std::string text;
      std::optional<Micros> from;
      if (held.is_flags(c)) {
        text = joined_members(held.flags(c, state));
      } else if (const int now_in = held.of(c, state); now_in != kNoClass) {
        text = held.what(c).classes[static_cast<size_t>(now_in)].name;
        from = held.since(c, state);
      }
      out.push(names[c], text.empty() ? Cell() : Cell::of_text(text));
      out.push(since[c], from ? Cell::of(*from) : Cell());
    }
    const Micros at = changes[i];
    out.push(next, at < kEndTime ? Cell::of(at) : Cell());
  }
  return out.finish();
}

Result<Table> EngineView::profiles(std::vector<uint32_t> rows,
                                   const ProfilesOptions& options) const {
  const Result<std::vector<size_t>> wanted = places_of(policy(), options.tags);
  if (!wanted.ok()) return wanted.status();
  if (options.where) {
    Result<std::vector<uint32_t>> some =
        rows_where(*this, std::move(rows), *options.where, options.threads, options.control);
    if (!some.ok()) return std::move(some).status();
    rows = *std::move(some);
  }
  std::vector<size_t> places = *wanted;
  for (size_t i = 0; options.tags.empty() && i < policy().values.size(); ++i) {
    if (!policy().values[i].aside) places.push_back(i);
  }
  return value_table({policy(), book, states, constants, now, measured}, rows, places,
                     options.threads, options.control);
}

Result<std::vector<ClassCount>> EngineView::distribution(std::string_view classification,
                                                         std::span<const uint32_t> rows) const {
  std::vector<std::string_view> known;
  for (const auto& one : policy().classifications) known.push_back(one.seen.name);
  const auto found = std::find(known.begin(), known.end(), classification);
  if (found == known.end()) {
    return Status(Code::kColumn, "there is no classification " + quoted(classification) +
                                     known_names(classification, "classifications", known));
  }
  const auto c = static_cast<size_t>(found - known.begin());
  const HeldClasses held(policy());
  std::vector<ClassCount> counts;
  for (const auto& one : held.what(c).classes) counts.push_back({one.name, 0});
  int64_t nowhere = 0;
  for (const uint32_t row : rows) {
    const CustomerState& state = states(row);
    bool in_one = false;
    if (held.is_flags(c)) {
      for (size_t flag = 0; flag < counts.size(); ++flag) {
        const bool in = held.has_flag(c, flag, state);
        counts[flag].customers += in ? 1 : 0;
        in_one = in_one || in;
      }
    } else if (const int now_in = held.of(c, state); now_in != kNoClass) {
      ++counts[static_cast<size_t>(now_in)].customers;
      in_one = true;
    }
    nowhere += in_one ? 0 : 1;
  }
  if (nowhere > 0) counts.push_back({{}, nowhere});
  return counts;
}

Result<EngineView::Looked> EngineView::look(Settler& settler, CustomerId customer) const {
  const uint32_t row = find(customer);
  if (row == kNoCustomer) {
    const std::string id =
        policy().customer == Kind::kInt64 ? std::to_string(customer.number) : quoted(customer.text);
    return Status(Code::kArgument, "there is no customer " + id);
  }
  SettleParts& parts = settler.parts();
  if (parts.profile == nullptr) parts.profile = std::make_shared<const ProfileFrame>(policy());
  Looked out{row, settler.values(row, states(row), now), {}};
  const auto newest = [&](int stream) -> std::optional<Micros> {
    LogView log = parts.readers[static_cast<size_t>(stream)].read(row);
    const LogView until = log.until(now);
    if (until.empty()) return std::nullopt;
    const LogRun& last = until.runs().back();
    return last.times()[last.size - 1];
  };
  out.as_of = parts.profile->sources().as_of(out.values, newest);
  return out;
}

Result<Profile> EngineView::profile(Settler& settler, CustomerId customer) const {
  const Result<Looked> seen = look(settler, customer);
  if (!seen.ok()) return seen.status();
  const ProfileFrame& frame = *settler.parts().profile;
  Profile out;
  out.customer = book.ids->id_own(seen->row);
  out.at = now;
  out.policy = policy().name;
  out.version = policy().version;
  out.values.reserve(frame.places().size());
  for (const size_t i : frame.places()) {
    const PolicyValue& value = policy().values[i];
    const MetricValue& held = seen->values[i];
    ProfileValue& one = out.values.emplace_back();
    one.name = value.tag.name;
    one.label = value.tag.label.empty() ? value.tag.name : value.tag.label;
    one.category = value.tag.category;
    one.kind = value.tag.kind;
    one.unit = value.unit;
    one.source = value.tag.source;
    const auto names = frame.sources().names(i);
    one.from.assign(names.begin(), names.end());
    one.known = held.known();
    one.integer = held.cell.integer;
    one.number = held.cell.number;
    one.text = held.text.empty() ? held.cell.text : std::string_view(held.text);
    one.set = held.set;
    if (one.known) one.as_of = seen->as_of[i];
  }
  return out;
}

Result<Table> EngineView::profile_table(Settler& settler, CustomerId customer) const {
  const Result<Looked> seen = look(settler, customer);
  if (!seen.ok()) return seen.status();
  return settler.parts().profile->table(seen->values, seen->as_of);
}

Result<std::vector<uint32_t>> rows_where(const EngineView& view, std::vector<uint32_t> rows,
                                         std::string_view condition, int threads,
                                         const Control& control) {
  const Result<Expression> where = condition_of(view.policy(), condition);
  if (!where.ok()) return where.status();
  const std::vector<size_t> places = places_read(view.policy(), *where);
  std::vector<uint8_t> keeps(view.book.customers, 0);  // first who is asked for, then who it is
  for (const uint32_t row : rows) keeps[row] = 1;
  const int64_t pages = (int64_t{view.book.customers} + kPageCustomers - 1) / kPageCustomers;
  const int used = static_cast<int>(std::clamp<int64_t>(pages, 1, thread_count(threads)));
  std::deque<ValuePages> workers;
  for (int i = 0; i < used; ++i) {
    workers.emplace_back(view.policy(), view.book, view.constants, places, &*where);
  }
  Watch watch(control);
  const Status status = parallel_for(pages, used, &watch, [&](int64_t page, int worker) {
    const int64_t begin = page * kPageCustomers;
    const int64_t end = std::min<int64_t>(begin + kPageCustomers, view.book.customers);
    uint8_t* keep = keeps.data() + begin;
    if (std::find(keep, keep + (end - begin), 1) == keep + (end - begin)) return;
    ValuePages& mine = workers[static_cast<size_t>(worker)];
    mine.read(static_cast<uint32_t>(page), view.now, view.states);
    for (int64_t k = 0; k < end - begin; ++k) keep[k] &= mine.holds(static_cast<uint32_t>(k));
  });
  if (!status.ok()) return status;
  std::erase_if(rows, [&](uint32_t row) { return keeps[row] == 0; });
  return rows;
}

}  // namespace patron::internal
