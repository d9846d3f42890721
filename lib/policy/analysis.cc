#include "lib/policy/analysis.h"

#include <algorithm>
#include <string>
#include <string_view>
#include <utility>

#include "lib/policy/first_match.h"
#include "lib/policy/search.h"
#include "lib/policy/terrain.h"

namespace patron::internal::policy {
namespace {

/// Comparisons for the whole policy, and what one classification may take of them.
constexpr int64_t kBudget = 60'000'000;
constexpr int64_t kMostOfOne = 30'000'000;
/// Notes of one kind in one classification; more are counted.
constexpr int kMostNotes = 25;

/// A classification's classes with conditions, in order.
class ClassAnalysis {
 public:
  ClassAnalysis(const PolicyClassificationData& all, size_t index, Knowledge& knowledge,
                std::vector<PolicyFinding>& found)
      : all_(all),
        place_("/classifications/" + std::to_string(index) + "/classes/"),
        terrain_(knowledge),
        found_(found) {
    for (const PolicyClass& one : all.classes) {
      if (!one.enter) continue;
      classes_.push_back(&one);
      enter_.push_back(terrain_.add(*one.enter));
      keep_.push_back(one.keep ? terrain_.add(*one.keep) : -1);
    }
    terrain_.settle();
    dead_.assign(classes_.size(), false);
  }

  /// What is left of the budget.
  int64_t run(int64_t budget) {
    if (classes_.empty()) return budget;
    Search search(terrain_, std::min(budget, kMostOfOne));
    const int64_t given = search.left();
    for (size_t i = 0; i < classes_.size(); ++i) look_at_one(i, search);
    const bool ladder = all_.seen.kind == ClassificationKind::kLadder;
    if (ladder || all_.seen.kind == ClassificationKind::kFirstMatch) look_at_order(search);
    if (ladder) look_at_bounds();
    if (!ladder && all_.seen.kind == ClassificationKind::kFirstMatch) look_at_overlaps(search);
    if (search.left() < 0 || !decided_) {
      say(Severity::kWarning, *classes_[0], "", "not_decided",
          "and the classes beside it are too many to be compared within the budget; what is not "
          "said of them is not decided");
    }
    return budget - (given - std::max<int64_t>(search.left(), 0));
  }

 private:
  // About a class, or its part "/enter" or "/keep".
  void say(Severity severity, const PolicyClass& one, std::string_view part, const char* code,
           std::string message) {
    PolicyFinding finding;
    finding.code = code;
    finding.severity = severity;
    finding.pointer = place_ + std::to_string(one.position) + std::string(part);
    finding.offset = part == "/enter"  ? one.enter_offset
                     : part == "/keep" ? one.keep_offset
                                       : one.offset;
    finding.message = '"' + one.name + "\" " + std::move(message);
    found_.push_back(std::move(finding));
  }
  void warn(size_t i, const char* part, const char* code, std::string message) {
    say(Severity::kWarning, *classes_[i], part, code, std::move(message));
  }
  void note(size_t i, const char* part, const char* code, std::string message) {
    say(Severity::kNote, *classes_[i], part, code, std::move(message));
  }
  std::string quoted(size_t i) const { return '"' + classes_[i]->name + '"'; }
  bool never(Search& search, int holds, int fails) const {
    return search.find({{holds, true}, {fails, false}}) == Answer::kNone;
  }

  // How a class is come into that its condition lets nobody into: who leaves another one comes into
  // the last, or into the one that it names.
  std::string entered(size_t i) const {
    bool left_to = false;
    for (size_t c = 0; c < all_.classes.size(); ++c) {
      const PolicyClass& from = all_.classes[c];
      if (&from == classes_[i]) break;
      const bool next = c + 1 < all_.classes.size() && &all_.classes[c + 1] == classes_[i];
      left_to = left_to ||
                (from.leave.to == PolicyLeave::To::kFirst && classes_[i] == &all_.classes.back()) ||
                (from.leave.to == PolicyLeave::To::kNext && next) ||
                (from.leave.to == PolicyLeave::To::kNamed && from.leave.name == classes_[i]->name);
    }
    const bool flags = all_.seen.kind == ClassificationKind::kFlags;
    return left_to && !flags ? "can be entered only by who leaves an earlier class"
                             : "can never be entered";
  }

  // What becomes of who stays no more.
  static std::string afterwards(const PolicyClass& one) {
    std::string timers;
    const auto add = [&](bool given, const char* key) {
      if (given) timers += (timers.empty() ? "" : " and ") + ('"' + std::string(key) + '"');
    };
    add(one.min_dwell.has_value(), "min_dwell");
    add(one.grace.has_value(), "grace");
    add(one.leave.at != PolicyLeave::At::kNow, "leave");
    if (timers.empty()) return "leave at once when it does not";
    return "when it does not, only " + timers + " hold" +
           (timers.find(" and ") == std::string::npos ? "s" : "") + " them";
  }

  // Conditions that are always or never true, and stays that do not cover their own entry.
  void look_at_one(size_t i, Search& search) {
    const int enter = enter_[i], keep = keep_[i];
    if (search.find({{enter, true}}) == Answer::kNone) {
      warn(i, "/enter", "always_false", entered(i) + ": its condition is never true");
      dead_[i] = true;
      return;
    }
    if (search.find({{enter, false}}) == Answer::kNone) {
      warn(i, "/enter", "always_true", "takes everybody: its condition is always true");
    }
    if (keep < 0) {
      look_at_threshold(i);
      return;
    }
    if (search.find({{keep, true}}) == Answer::kNone) {
      warn(i, "/keep", "always_false", "keeps nobody: its condition to stay is never true");
      return;
    }
    const Answer answer = search.find({{enter, true}, {keep, false}});
    if (answer == Answer::kFound && terrain_.exact(enter) && terrain_.exact(keep)) {
      const bool may = terrain_.related({enter, keep});
      say(may ? Severity::kNote : Severity::kWarning, *classes_[i], "/keep", "keep_not_implied",
          std::string(may ? "may be" : "is") +
              " entered by some whom \"keep\" alone would not hold (" +
              terrain_.witness(search.region(), {enter, keep}) +
              "); they stay as long as \"enter\" holds, and " + afterwards(*classes_[i]));
    }
    if (never(search, keep, enter)) {
      warn(i, "/keep", "flapping",
           "has a \"keep\" that holds nobody whom \"enter\" does not; make it weaker, so that "
           "small changes do not move customers back and forth");
    }
  }

  // A tier whose one threshold lets in and out.
  void look_at_threshold(size_t i) {
    const PolicyClass& one = *classes_[i];
    if (all_.seen.kind != ClassificationKind::kLadder || all_.cap) return;
    if (one.min_dwell || one.grace || one.cool_down || one.leave.at != PolicyLeave::At::kNow) {
      return;
    }
    if (!terrain_.moves(enter_[i])) return;
    note(i, "/enter", "flapping",
         "is entered and left at the same threshold, so small changes move customers back and "
         "forth; a weaker \"keep\", \"grace\" or \"min_dwell\" prevents it");
  }

  void look_at_order(Search& search) {
    const bool rest = !all_.classes.back().enter;
    const FirstMatch::Reach reach = FirstMatch(terrain_, enter_).run(!rest, search.left());
    for (size_t i = 0; i < classes_.size(); ++i) {
      if (reach.reached[i] || dead_[i] || !reach.decided) continue;
      dead_[i] = true;
      say_unreachable(i, search);
    }
    decided_ = reach.decided;
    const bool exact =
        std::all_of(enter_.begin(), enter_.end(), [&](int one) { return terrain_.exact(one); });
    if (reach.gap && exact) {
      const bool may = terrain_.related(enter_);
      say(may ? Severity::kNote : Severity::kWarning, *classes_.back(), "", "gap",
          std::string("is the last class, and some ") + (may ? "may " : "") + "match none (" +
              terrain_.witness(reach.gap_region, enter_) + "); add a class without \"enter\"");
    }
  }

  // Whom the class is hidden by: the one that alone does it, where there is one.
  void say_unreachable(size_t i, Search& search) {
    const bool ladder = all_.seen.kind == ClassificationKind::kLadder;
    for (size_t k = 0; k < i; ++k) {
      if (!never(search, enter_[i], enter_[k])) continue;
      if (never(search, enter_[k], enter_[i])) {
        warn(i, "/enter", "unreachable",
             entered(i) + ": its condition says the same as that of " + quoted(k) +
                 ", which comes first; give one of them another");
      } else if (ladder) {
        warn(i, "/enter", "order",
             entered(i) + ": it asks for more than " + quoted(k) +
                 ", which is listed as better; tiers stand from best to worst");
      } else {
        warn(i, "/enter", "unreachable",
             entered(i) + ": whoever meets its condition meets that of an earlier class, " +
                 quoted(k) + "; list it before that, or make one of them narrower");
      }
      return;
    }
    warn(i, "/enter", "unreachable",
         entered(i) +
             ": whoever meets its condition meets that of an earlier class; the classes before it "
             "leave nobody to it");
  }

  // A better tier that asks for less of one thing than the tier below it.
  void look_at_bounds() {
    for (size_t i = 0; i + 1 < classes_.size(); ++i) {
      if (dead_[i] || dead_[i + 1]) continue;
      const int thing = terrain_.weaker_bound(enter_[i], enter_[i + 1]);
      if (thing < 0) continue;
      warn(i, "/enter", "order",
           "asks for less of " + terrain_.things()[static_cast<size_t>(thing)].text + " than " +
               quoted(i + 1) + ", which is listed as less");
    }
  }

  // Classes of which either has customers that the other has not, and both have some: there the
  // order of the list decides. A narrower class before a wider one is how exceptions are written.
  void look_at_overlaps(Search& search) {
    int more = 0;
    for (size_t i = 1; i < classes_.size() && search.left() >= 0; ++i) {
      for (size_t k = 0; k < i && !dead_[i]; ++k) {
        if (dead_[k] || !overlap(search, enter_[k], enter_[i])) continue;
        if (search.find({{enter_[k], true}, {enter_[i], true}}) != Answer::kFound) break;
        if (more++ >= kMostNotes) break;
        note(i, "/enter", "overlap",
             "shares customers with " + quoted(k) + " (" +
                 terrain_.witness(search.region(), {enter_[k], enter_[i]}) +
                 "), who go there, because it comes first");
        break;
      }
    }
    if (more <= kMostNotes) return;
    note(0, "", "overlap",
         "and the classes beside it: " + std::to_string(more - kMostNotes) +
             " more classes share customers with earlier ones");
  }

  bool overlap(Search& search, int earlier, int later) const {
    return terrain_.exact(earlier) && terrain_.exact(later) &&
           !terrain_.related({earlier, later}) &&
           search.find({{earlier, true}, {later, true}}) == Answer::kFound &&
           search.find({{earlier, true}, {later, false}}) == Answer::kFound &&
           search.find({{later, true}, {earlier, false}}) == Answer::kFound;
  }

  const PolicyClassificationData& all_;
  std::string place_;
  Terrain terrain_;
  std::vector<PolicyFinding>& found_;
  std::vector<const PolicyClass*> classes_;
  std::vector<int> enter_, keep_;
  std::vector<bool> dead_;  ///< can never be entered
  bool decided_ = true;
};

// A band that is left so late that the one below it has no customers of its own going down.
void look_at_bands(const PolicyClassificationData& all, size_t index,
                   std::vector<PolicyFinding>& found) {
  PolicyFinding finding;
  finding.pointer = "/classifications/" + std::to_string(index) + "/hysteresis";
  finding.offset = all.hysteresis_offset;
  finding.code = "flapping";
  if (all.hysteresis == 0 && !all.min_dwell && !all.grace) {
    finding.severity = Severity::kNote;
    finding.pointer = "/classifications/" + std::to_string(index);
    finding.message = '"' + all.seen.name +
                      "\" has bands that are entered and left at the same cut, so small changes "
                      "move customers back and forth; \"hysteresis\": 0.1, say, prevents it";
    found.push_back(std::move(finding));
    return;
  }
  for (size_t i = 1; i < all.cuts.size(); ++i) {
    const double cut = all.cuts[i];
    if (cut - all.hysteresis * (cut < 0 ? -cut : cut) > all.cuts[i - 1]) continue;
    finding.severity = Severity::kWarning;
    finding.message = "this hysteresis is wider than the band \"" + all.seen.classes[i] +
                      "\": who was above it stays there down to the band below";
    found.push_back(std::move(finding));
    return;
  }
}

}  // namespace

std::vector<PolicyFinding> analyse_classes(const PolicyData& data, Knowledge& knowledge) {
  std::vector<PolicyFinding> found;
  int64_t budget = kBudget;
  for (size_t i = 0; i < data.classifications.size(); ++i) {
    const PolicyClassificationData& all = data.classifications[i];
    switch (all.seen.kind) {
      case ClassificationKind::kLadder:
      case ClassificationKind::kFirstMatch:
      case ClassificationKind::kFlags:
        budget = ClassAnalysis(all, i, knowledge, found).run(budget);
        break;
      case ClassificationKind::kBands:
        look_at_bands(all, i, found);
        break;
      case ClassificationKind::kGrid:
      case ClassificationKind::kRank:
        break;
    }
  }
  return found;
}

}  // namespace patron::internal::policy
