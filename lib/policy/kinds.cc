// What each kind of classification asks for: conditions and a class for the rest, cuts that rise,
// shares that rise, a table.
#include <algorithm>
#include <array>
#include <utility>

#include "lib/base/nearest.h"
#include "lib/base/number_text.h"
#include "lib/policy/classifications.h"
#include "patron/segments.h"

namespace patron::internal::policy {
namespace {

// The places of the classes, by their position in the document.
std::vector<Cursor> classes_at(const Cursor& at) {
  const std::optional<Cursor> classes = at.find("classes");
  return classes ? classes->items() : std::vector<Cursor>();
}

// A place that a class names must be there, and later in the list. `at` is that of the class.
void check_leave(const Cursor& at, Draft& draft, const PolicyClassificationData& all, size_t i) {
  const PolicyClass& one = all.classes[i];
  if (one.leave.to != PolicyLeave::To::kNamed) return;
  const std::vector<std::string>& names = all.seen.classes;
  const auto found = std::find(names.begin(), names.end(), one.leave.name);
  const Cursor place = *at.find("leave")->find("to");
  if (found == names.end()) {
    const std::vector<std::string_view> known(names.begin(), names.end());
    draft.findings.error(place, "unknown_class",
                         '"' + one.leave.name + "\" is no class of " + all.seen.name +
                             did_you_mean(one.leave.name, known));
  } else if (static_cast<size_t>(found - names.begin()) <= i) {
    draft.findings.error(place, "order",
                         '"' + one.leave.name + "\" stands before \"" + one.name +
                             "\"; who leaves a class goes to a later one");
  }
}

void check_ordered(const Cursor& at, Draft& draft, const PolicyClassificationData& all) {
  const bool ladder = all.seen.kind == ClassificationKind::kLadder;
  bool rest = false;
  const std::vector<Cursor> places = classes_at(at);
  for (size_t i = 0; i < all.classes.size(); ++i) {
    const PolicyClass& one = all.classes[i];
    const Cursor& place = places[one.position];
    const bool last = i + 1 == all.classes.size();
    if (!place.find("enter")) {
      if (!last) {
        draft.findings.error(place, "missing_key",
                             '"' + one.name +
                                 "\" has no \"enter\", so it takes everybody and the "
                                 "classes behind it nobody; only the last class may go without");
      }
      rest = last;
      for (const char* key : {"keep", "grace", "min_dwell", "leave", "cool_down"}) {
        const std::optional<Cursor> other = place.find(key);
        if (!other || !last) continue;
        draft.findings.error_at_key(*other, "key_not_allowed",
                                    '"' + std::string(key) +
                                        "\" says nothing of the class that takes "
                                        "the rest: nobody leaves it for a later one");
      }
    }
    check_leave(place, draft, all, i);
    if (one.leave.to == PolicyLeave::To::kNext && !one.grace && !one.min_dwell &&
        one.leave.at == PolicyLeave::At::kNow && i + 2 < all.classes.size()) {
      draft.findings.warning(*place.find("leave"), "one_step",
                             "without grace or min_dwell, one step follows the other at once; give "
                             "the class one of them");
    }
  }
  if (!rest && !all.classes.empty()) {
    draft.findings.warning(
        at, "no_rest",
        std::string("no class takes the rest: who comes and matches none has none, and who leaves "
                    "a class and matches none goes to the last; add ") +
            (ladder ? "a last class without \"enter\"" : "one without \"enter\""));
  }
}

void read_flags(const Cursor& at, Draft& draft, const PolicyClassificationData& all) {
  const std::vector<Cursor> places = classes_at(at);
  for (const PolicyClass& one : all.classes) {
    const Cursor& place = places[one.position];
    if (place.find("enter")) continue;
    draft.findings.error(place, "missing_key",
                         "a flag needs \"enter\": \"" + one.name +
                             "\" would be on for "
                             "everybody");
  }
}

void read_bands(const Cursor& at, const std::string& name, Draft& draft,
                PolicyClassificationData& out) {
  for (const char* key : {"of", "cuts", "classes"}) {
    if (!at.find(key)) {
      draft.findings.error(at, "missing_key", "bands need the key \"" + std::string(key) + '"');
    }
  }
  draft.findings.period(at, "min_dwell", out.min_dwell);
  draft.findings.period(at, "grace", out.grace);
  std::optional<double> hysteresis;
  draft.findings.number(at, "hysteresis", hysteresis);
  out.hysteresis = hysteresis.value_or(0);
  const std::optional<Cursor> place = at.find("hysteresis");
  out.hysteresis_offset = (place ? *place : at).value.offset();
  if (!(out.hysteresis >= 0 && out.hysteresis < 1)) {
    draft.findings.error(*at.find("hysteresis"), "value",
                         "hysteresis is a share of the cut, 0 or more and below 1");
  }
  if (const std::optional<Cursor> of = at.find("of"); of && draft.findings.text(*of, out.of)) {
    draft.names.push_back({out.of, *of, name, PendingName::Wanted::kNumber});
  }
  const std::optional<Cursor> cuts = at.find("cuts");
  if (!cuts || !draft.findings.array(*cuts, kMaxClasses)) return;
  for (const Cursor& one : cuts->items()) {
    if (!one.value.is_number()) {
      draft.findings.error(one, "type", one.value.source() + " is no number");
      return;
    }
    if (!out.cuts.empty() && one.value.number() <= out.cuts.back()) {
      draft.findings.error(one, "order",
                           one.value.source() +
                               " is not above the cut before it; "
                               "cuts rise, and classes stand low to high");
      return;
    }
    out.cuts.push_back(one.value.number());
  }
  if (out.cuts.size() + 1 == out.classes.size()) return;
  draft.findings.error(*cuts, "value",
                       std::to_string(out.cuts.size()) + " cuts make " +
                           std::to_string(out.cuts.size() + 1) + " classes, not " +
                           std::to_string(out.classes.size()));
}

void check_seats(const Cursor& at, Draft& draft, const PolicyClassificationData& all) {
  double share = 0, percent = 0;
  const std::vector<Cursor> places = classes_at(at);
  for (size_t i = 0; i < all.classes.size(); ++i) {
    const PolicyClass& one = all.classes[i];
    const Cursor& place = places[one.position];
    const int given = (place.find("share") ? 1 : 0) + (place.find("top") ? 1 : 0) +
                      (place.find("top_percent") ? 1 : 0);
    const bool last = i + 1 == all.classes.size();
    if (given > 1) {
      draft.findings.error(place, "value",
                           "a class has one of \"share\", \"top\" and \"top_percent\"");
    } else if (given == 0 && !last) {
      draft.findings.error(place, "missing_key",
                           '"' + one.name +
                               "\" has no \"share\", \"top\" or \"top_percent\"; only the "
                               "last class, which takes the rest, may go without");
    }
    if (one.share && *one.share <= share) {
      draft.findings.error(*place.find("share"), "order",
                           "shares are cumulative from the top, so each is above the one before");
    }
    if (one.top_percent && *one.top_percent <= percent) {
      draft.findings.error(*place.find("top_percent"), "order",
                           "percents are cumulative from the top, so each is above the one before");
    }
    if ((one.share && percent > 0) || (one.top_percent && share > 0)) {
      draft.findings.warning(*place.find(one.share ? "share" : "top_percent"), "mixed_shares",
                             "\"share\" is of the sum and \"top_percent\" of the customers, so "
                             "which of two reaches further is known at calibrations alone; use one "
                             "of them for all classes");
    }
    share = std::max(share, one.share.value_or(0));
    percent = std::max(percent, one.top_percent.value_or(0));
    if (one.min_dwell && !place.find("top")) {
      draft.findings.error_at_key(*place.find("min_dwell"), "key_not_allowed",
                                  "\"min_dwell\" goes with seats (\"top\")");
    }
  }
}

void read_rank(const Cursor& at, const std::string& name, Draft& draft, size_t which) {
  PolicyClassificationData& out = draft.data.classifications[which];
  for (const char* key : {"by", "classes"}) {
    if (!at.find(key)) {
      draft.findings.error(at, "missing_key", "a rank needs the key \"" + std::string(key) + '"');
    }
  }
  if (const std::optional<Cursor> by = at.find("by"); by && draft.findings.text(*by, out.by)) {
    draft.names.push_back({out.by, *by, name, PendingName::Wanted::kNumber});
  }
  read_text(at, "where", name, draft, [&draft, which](Expression read) {
    draft.data.classifications[which].where = std::move(read);
  });
  check_seats(at, draft, out);
}

// "R 3, F 1, M 2": the cell that shows a finding.
std::string cell_text(const SegmentLint::Finding& finding, SegmentGrid grid) {
  std::string out = "R " + std::to_string(finding.witness.r);
  if (grid == SegmentGrid::kRxFM) return out + ", FM " + number_text(finding.fm);
  out += ", F " + std::to_string(finding.witness.f);
  return grid == SegmentGrid::kRFM ? out + ", M " + std::to_string(finding.witness.m) : out;
}

// What is wrong with a table of segments, with a cell that shows it, and the rows nobody reaches.
std::string table_faults(const SegmentTable& table, const SegmentLint& lint) {
  using Kind = SegmentLint::Finding::Kind;
  const auto name = [&](int row) {
    return '"' + table.rows()[static_cast<size_t>(row)].name + '"';
  };
  std::string gap, overlap, hidden;
  for (const SegmentLint::Finding& one : lint.findings) {
    const std::string cell = cell_text(one, table.grid());
    if (one.kind == Kind::kGap && gap.empty()) gap = " (such as " + cell + ")";
    if (one.kind == Kind::kOverlap && overlap.empty()) {
      overlap = " (such as " + cell + ": " + name(one.row) + ", which comes first, and " +
                name(one.other) + ")";
    }
    if (one.kind == Kind::kUnreachable) hidden += (hidden.empty() ? "" : ", ") + name(one.row);
  }
  return "of the " + std::to_string(lint.cells) + " cells of this table " +
         std::to_string(lint.gaps) + " have no segment" + gap + " and " +
         std::to_string(lint.overlaps) + " have two" + overlap +
         (hidden.empty() ? "" : "; nobody can ever be " + hidden) +
         "; \"rfm.eleven\" has neither fault";
}

// "rfm.eleven": a named table over the scores of the model rfm.
void read_grid(const Cursor& at, Draft& draft, PolicyClassificationData& out) {
  if (!at.find("table")) {
    draft.findings.error(at, "missing_key",
                         "a grid needs the key \"table\", such as \"rfm.eleven\"");
    return;
  }
  const Cursor place = *at.find("table");
  if (!draft.findings.text(place, out.table)) return;
  const size_t point = out.table.find('.');
  const std::string model = out.table.substr(0, point);
  const auto rfm =
      std::find_if(draft.data.models.begin(), draft.data.models.end(), [&](const PolicyModel& one) {
        return one.name == model && one.kind == PolicyModel::Kind::kRfm;
      });
  if (point == std::string::npos || rfm == draft.data.models.end()) {
    draft.findings.error(place, "unknown_name",
                         '"' + out.table +
                             "\" is no table; declare the model rfm, and write "
                             "\"rfm.eleven\"");
    return;
  }
  draft.reads[out.seen.name].push_back(model);
  const Result<SegmentTable> table = SegmentTable::named(out.table.substr(point + 1));
  if (!table.ok()) {
    draft.findings.error(place, "unknown_name", table.status().message());
    return;
  }
  const bool own = out.table.substr(point + 1) == rfm->table;  // judged where the model is
  if (table->bins() != rfm->scores && !own) {
    draft.findings.error(place, "value",
                         "this table is for " + std::to_string(table->bins()) +
                             " scores an axis, and rfm has " + std::to_string(rfm->scores));
  }
  const SegmentLint lint = table->lint();
  if (!lint.exact_partition()) {
    draft.findings.warning(place, "table", table_faults(*table, lint));
  }
  std::vector<std::string> names;
  for (const SegmentRow& row : table->rows()) names.push_back(row.name);
  names.emplace_back("prospect");
  for (const PolicyClass& one : out.classes) {
    if (std::find(names.begin(), names.end(), one.name) != names.end()) continue;
    const std::vector<std::string_view> known(names.begin(), names.end());
    draft.findings.error(
        at, "unknown_class",
        '"' + one.name + "\" is no segment of the table" + did_you_mean(one.name, known));
  }
  std::vector<PolicyClass> all;
  for (std::string& name : names) {
    const auto given = std::find_if(out.classes.begin(), out.classes.end(),
                                    [&](const PolicyClass& one) { return one.name == name; });
    all.push_back(given == out.classes.end() ? PolicyClass() : *given);
    all.back().name = name;
    if (all.back().label.empty()) all.back().label = name;
  }
  out.classes = std::move(all);
  out.seen.classes = std::move(names);
}

}  // namespace

void read_kind(const Cursor& at, const std::string& name, Draft& draft, size_t which) {
  PolicyClassificationData& out = draft.data.classifications[which];
  const ClassificationKind kind = out.seen.kind;
  if (kind == ClassificationKind::kGrid) {
    read_grid(at, draft, out);
    return;
  }
  if (!at.find("classes") || out.classes.empty()) {
    draft.findings.error(
        at, at.find("classes") ? "value" : "missing_key",
        "a " + std::string(classification_kind_name(kind)) + " needs \"classes\", one or more");
    if (kind != ClassificationKind::kBands && kind != ClassificationKind::kRank) return;
  }
  switch (kind) {
    case ClassificationKind::kLadder:
    case ClassificationKind::kFirstMatch:
      check_ordered(at, draft, out);
      return;
    case ClassificationKind::kFlags:
      read_flags(at, draft, out);
      return;
    case ClassificationKind::kBands:
      read_bands(at, name, draft, out);
      return;
    case ClassificationKind::kRank:
      read_rank(at, name, draft, which);
      return;
    case ClassificationKind::kGrid:
      return;
  }
}

}  // namespace patron::internal::policy
