// DecisionWriter: what decided between two classes, written as decision.h describes, from the
// values of the moment.
//
//   DecisionWriter write(policy, atoms, reads, cells, t, because);
//   write.change(classification, from, to);                       // "e0.0T=i120000\n"
//
// Thread class: serial.
#pragma once

#include <functional>
#include <span>
#include <string>
#include <vector>

#include "lib/engine/settle/decision.h"

namespace patron::internal {

class DecisionWriter {
 public:
  /// Of each field of an expression's schema the value of that name.
  using ReadsOf = std::function<const std::vector<size_t>&(const Expression&)>;

  /// `cells`: of each value of the policy. All is kept by reference.
  DecisionWriter(const PolicyData& policy, AtomCache& atoms, const ReadsOf& reads,
                 std::span<const Cell> cells, Micros t, std::string& out);

  /// Of a ladder or a first match: classes of the document, or kNoClass.
  void change(const PolicyClassificationData& what, int from, int to);
  /// Of flags: whether she came into that class, or left it.
  void flag(const PolicyClassificationData& what, size_t flag, bool in);
  /// The atoms that make a condition what it is, where that is what is wanted.
  void decided_by(char part, size_t place, const Expression& expression, Kleene wanted,
                  int depth = 0);

 private:
  void enter(const PolicyClass& one, size_t place);
  void leave(const PolicyClass& one, size_t place);

  const PolicyData& policy_;
  AtomCache& atoms_;
  const ReadsOf& reads_;
  std::span<const Cell> cells_;
  Micros t_;
  std::string& out_;
  std::vector<Cell> row_;  ///< by the schema of an expression
};

}  // namespace patron::internal
