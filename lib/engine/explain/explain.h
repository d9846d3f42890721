// ClassExplainer: why a customer is in her class, and what would bring her into each better one.
//
//   ClassExplainer explainer(data, row, classification);
//   ClassExplanation why = explainer.run();
//   why.text = explanation_text(why, policy, ExplainLanguage::kEnglish);
//
// Conditions are taken apart into leaves: their atoms, and those of tags that are conditions. The
// smallest sets of leaves that would make a condition true are realised as facts at the clock, and
// a set counts only where a copy of the customer, settled with these facts, is in the class
// (docs/explain.md). What no fact brings is followed along the instants at which time alone changes
// her values.
//
// Thread class: serial, as the engine is.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "lib/engine/engine_data.h"
#include "lib/engine/explain/supposed_facts.h"
#include "patron/explain.h"

namespace patron::internal {

enum class ExplainLanguage : uint8_t { kEnglish, kChinese };

struct ExplanationFrame {
  bool stays = true;  ///< her class is hers by its conditions
  /// Where nothing is to come: before this instant her class does not change by itself.
  Micros unchanged_until = kEndTime;
};

/// The labels of the classification and of its better classes in a language: "zh".
void label_explanation(const PolicyClassificationData& what, std::string_view language,
                       ClassExplanation& why);

/// In lines, each ended.
std::string explanation_text(const ClassExplanation& why, const PolicyData& policy,
                             ExplainLanguage language, const ExplanationFrame& frame);

class ClassExplainer {
 public:
  /// All is kept by reference; the row stands for its customer.
  ClassExplainer(EngineData& data, uint32_t row, size_t classification);
  ~ClassExplainer() {
    parts_.scope = nullptr;
    parts_.told_of.reset();
  }
  ClassExplainer(const ClassExplainer&) = delete;
  ClassExplainer& operator=(const ClassExplainer&) = delete;
  ClassExplanation run();
  /// After run(). Where she does not meet the conditions of the class that she has, its reasons are
  /// those that fail.
  ExplanationFrame frame() const { return {stays_, unchanged_until_}; }

 private:
  const CustomerState& state_of(uint32_t row);
  /// Whether facts can bring a leaf about.
  enum class Lever : uint8_t { kNone, kFacts, kUnsure };
  struct Leaf {
    Reason reason;
    Kleene now = Kleene::kUnknown;
    Lever up = Lever::kNone, down = Lever::kNone;  ///< to make it true, to make it false
    size_t value = SIZE_MAX;                       ///< of the policy: what facts would move
    bool newest = false;                           ///< it asks how long ago the newest event was
    Cmp cmp = Cmp::kEq;
    Cell have, threshold;                    ///< in the value's own kind; text is kept in `text`
    std::string text;                        ///< of a threshold
    std::optional<Expression> alone;         ///< of a condition that reads the clock
    const Expression* expression = nullptr;  ///< null: a cut
    size_t atom = 0;
  };
  /// An expression as it is for the customer now.
  struct Look {
    const Expression& expression;
    const Atoms& atoms;
    const std::vector<size_t>& reads;  ///< the value of each field
    AtomValues values;
    std::vector<Cell> row;
    const std::string &of, &part;  ///< the class or tag, and the part of it, that it is of
  };
  /// A condition: atoms of an expression, each a leaf or a condition of its own; or all of a list.
  struct Tree {
    const Atoms* atoms = nullptr;
    std::vector<int> leaves, trees;  ///< of each atom, or -1; without atoms: all of them
  };
  struct Change {
    size_t leaf = 0;
    bool wanted = true;
  };
  /// Facts that would meet a leaf.
  struct Facts {
    bool attribute = false;
    int number = 0;  ///< of the stream or the attribute
    int64_t count = 1;
    Supposed::Cells cells;
  };
  struct Proposal {
    std::vector<Change> changes;
    std::vector<std::optional<Facts>> facts;  ///< of each change
  };
  static constexpr size_t kMostLeaves = 12;  ///< a condition of more is not solved
  static constexpr size_t kMostTries = 24;   ///< sets of conditions that are tried for one class

  /// An instant at which time alone may change something.
  struct Stop {
    Micros at = 0;
    CustomerState before;        ///< not yet settled there
    std::vector<int> classes;    ///< of each machine, once it is
    std::vector<Kleene> leaves;  ///< likewise, after follow_leaves()
  };

  int tree_of(const Expression& expression, const std::string& of, const std::string& part,
              int depth);
  int cut_tree(size_t value, double cut, const std::string& of);
  void fill_leaf(const Look& look, size_t atom, Leaf& leaf);
  void find_lever(const Atoms& atoms, const AtomValues& values, const std::vector<size_t>& reads,
                  Leaf& leaf) const;
  void judge_lever(Leaf& leaf) const;
  std::vector<Kleene> truths_now() const;  ///< of all leaves
  Kleene whole(int tree, std::span<const Kleene> truths) const;
  void collect_leaves(int tree, std::vector<size_t>& out) const;
  void collect_deciding(int tree, std::span<const Kleene> truths, std::vector<size_t>& out) const;

  void explain_tiers();
  void explain_flags();
  void explain_rank();
  void explain_grid();
  void note_class(int tree, bool wanted);
  void note_holds(const SettleParts::Machine& machine);
  void note_overrides();
  Micros next_flip(Micros t) const;
  Micros waiting_after(Micros t) const;
  void note_next(const Settled& settled, Micros t);
  Kleene truth_of(const Leaf& leaf, Micros t) const;
  void follow_time();
  Micros step_on(CustomerState& state, Micros t, bool same);
  void follow_leaves();

  void bring(const SettleParts::Machine& machine, int machine_class, int tree, BetterClass& out);
  Micros blocked_until(const SettleParts::Machine& machine, int machine_class) const;
  void name_blocked(const SettleParts::Machine& machine, int machine_class, BetterClass& out) const;
  void name_unmet(size_t c, int where, BetterClass& out) const;
  void name_seat(size_t c, int where, BetterClass& out) const;
  void name_cut(size_t c, BetterClass& out) const;
  void name_failing(int tree, BetterClass& out) const;
  int64_t seats_taken(size_t c) const;
  std::vector<std::vector<Change>> smallest(int tree, std::span<const size_t> leaves) const;
  void choose(int tree, std::span<const size_t> leaves, std::vector<Kleene>& truths, size_t from,
              size_t left, std::vector<Change>& chosen,
              std::vector<std::vector<Change>>& found) const;
  double cost(const std::vector<Change>& changes) const;
  std::optional<Facts> facts_for(const Change& change) const;
  bool fits(const MetricSpec& metric, Supposed::Cells& cells) const;
  bool refers(const StreamLayout& layout, Supposed::Cells& cells) const;
  bool reaches(const Proposal& proposal, const CustomerState& from, Micros t, size_t machine,
               int machine_class);
  bool suppose(const Proposal& proposal, Micros t);
  bool prove(Proposal& proposal, size_t machine, int machine_class);
  void find_end(const Proposal& proposal, size_t machine, int machine_class, BetterClass& out);
  void by_time(const std::vector<Change>& changes, size_t machine, int machine_class,
               BetterClass& out);
  void name_stay();
  void keep(size_t machine, int had, int place, const Stop& stop);
  bool prove_stay(Proposal& proposal, size_t machine, int had, const Stop& stop);
  bool stays(const Proposal& proposal, size_t machine, int had, const Stop& stop);
  MissingCondition missing_of(const Change& change, const std::optional<Facts>& facts) const;

  EngineData& data_;
  SettleParts& parts_;
  const PolicyData& policy_;
  const PolicyClassificationData& what_;
  uint32_t row_;
  size_t index_;
  Micros now_;
  CustomerState padded_;  ///< hers, where she is shown in no class yet
  const CustomerState& state_;
  Micros first_stop_ = kEndTime;
  TierCalendar calendar_;
  std::vector<Leaf> leaves_;
  std::vector<Tree> trees_;
  std::vector<Stop> stops_;
  CustomerState last_;  ///< behind the last of them
  bool followed_ = false;
  Supposed supposed_;    ///< of the trial that is under way
  CustomerState trial_;  ///< scratch: who is settled in it
  bool stays_ = true;
  Micros unchanged_until_ = kEndTime;
  ClassExplanation out_;
};

}  // namespace patron::internal
